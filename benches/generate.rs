//! Makes homes and catalogs of any size, the same from the same seed:
//!
//! ```text
//! cargo bench --bench generate -- catalog FILES FOLDER    a catalog in FOLDER, without any file
//! cargo bench --bench generate -- tree FILES FOLDER       a home in FOLDER
//! cargo bench --bench generate -- check FILES FOLDER      both, and whether an update records the same
//!     --seed N             another home (1)
//!     --bytes-a-file N     the mean length (as in homes; for a tree 16,000)
//!     --disks N            on which the content is (12)
//!     --copies N           of each object (2)
//! ```

#[path = "generate/mod.rs"]
mod generate;

use generate::catalog::Shelf;
use generate::content::Content;
use generate::home::Spec;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

/// The value behind an option.
fn option(arguments: &[String], name: &str) -> Option<u64> {
    let at = arguments.iter().position(|argument| argument == name)?;
    Some(arguments.get(at + 1).and_then(|text| text.parse().ok()).expect("a number behind the option"))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [what, files, folder, ..] = arguments.as_slice() else {
        println!("catalog|tree|check FILES FOLDER [--seed N] [--bytes-a-file N] [--disks N] [--copies N]");
        return ExitCode::SUCCESS;
    };
    let files = files.parse().expect("a number of files");
    let number = |name, usual| option(&arguments, name).unwrap_or(usual);
    let spec = |usual| Spec::new(number("--seed", 1), files, option(&arguments, "--bytes-a-file").or(usual));
    let shelf = Shelf { disks: number("--disks", 12).min(64) as u8, copies: number("--copies", 2).min(64) as u8 };
    let (folder, began) = (Path::new(folder), Instant::now());
    match what.as_str() {
        "catalog" => {
            let home = Path::new("/home/me");
            let made = generate::catalog::make(&spec(None), shelf, folder, home, Content::name);
            println!("{:?}", made.expect("a folder without a catalog"));
        }
        "tree" => println!("{:?}", generate::tree::write(&spec(Some(16_000)), folder).expect("an empty folder")),
        "check" => {
            let alike = generate::check::check(&spec(Some(2000)), folder).expect("an empty folder");
            println!("{alike} entries alike");
        }
        _ => return ExitCode::from(2),
    }
    println!("{:.1} s", began.elapsed().as_secs_f64());
    ExitCode::SUCCESS
}
