//! Names as people, cameras, compilers and mail servers give them. The number in each keeps the names
//! of a directory apart.

use super::random::Random;

const WORDS: [&str; 24] = [
    "report", "invoice", "letter", "garden", "lake", "wedding", "draft", "final", "notes", "tax", "house", "trip",
    "winter", "Grüße", "budget", "school", "family", "scan", "offer", "contract", "recipe", "plan", "old", "backup",
];

const CODE: [&str; 16] = [
    "main", "parser", "util", "config", "driver", "test", "index", "core", "mod", "net", "view", "model", "cache",
    "queue", "handler", "types",
];

fn of<'w>(random: &mut Random, words: &[&'w str]) -> &'w str {
    words[random.below(words.len())]
}

/// The name of the file so many in a directory of an area.
pub fn file(area: usize, number: u64, random: &mut Random) -> String {
    let word = |random: &mut Random| of(random, &WORDS);
    match area {
        0 => format!("IMG_{:04}.{}", number + 1, of(random, &["jpg", "jpg", "jpg", "jpg", "CR2", "mp4"])),
        1 => {
            let ending = of(random, &["pdf", "odt", "docx", "txt", "xlsx", "jpg"]);
            format!("{} {} {number}.{ending}", word(random), word(random))
        }
        2 => format!("{}_{number}.{}", of(random, &CODE), of(random, &["c", "h", "rs", "py", "js", "o", "md", "json"])),
        3 => {
            let (second, micro) = (1_300_000_000 + random.below(400_000_000), random.below(1_000_000));
            format!("{second}.M{micro}P{}V{number}.host,S={}:2,S", random.below(30_000), random.below(90_000))
        }
        4 => format!("{:02} - {} {}.{}", number + 1, word(random), word(random), of(random, &["flac", "mp3", "ogg"])),
        _ => format!("{:016x}-{number}", random.next()),
    }
}

/// The name of the directory so many in a directory of an area.
pub fn directory(area: usize, number: usize, random: &mut Random) -> String {
    let word = of(random, &WORDS);
    match area {
        0 => format!("{}-{:02}-{:02} {word} {number}", 2005 + random.below(20), 1 + random.below(12), random.below(28)),
        1 => format!("{word} {number}"),
        2 => format!("{}{number}", of(random, &CODE)),
        3 => format!(".{word}-{number}"),
        4 => format!("{word} and the {}s {number}", of(random, &WORDS)),
        _ => format!("{:02x}-{number}", random.below(256)),
    }
}
