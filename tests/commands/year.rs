//! A life of daily updates: any day is listed as it was, and costs what changed on it.

use crate::kit::{Random, Sandbox, has, hash, shell};
use std::collections::BTreeMap;
use std::fs;

/// Days and files; `DSB_LONG=1` takes a year of a hundred thousand.
fn extent() -> (u32, usize) {
    let is_long = std::env::var("DSB_LONG").is_ok_and(|long| long == "1");
    if is_long { (365, 100_000) } else { (45, 1_200) }
}

/// The tree as the test knows it: what was written where.
#[derive(Clone, Default)]
struct Model(BTreeMap<String, String>);

impl Model {
    fn write(&mut self, sandbox: &Sandbox, name: &str, content: &str) {
        sandbox.source().file(name, content);
        self.0.insert(name.to_owned(), content.to_owned());
    }

    /// One file changed, made, deleted or moved.
    fn change(&mut self, sandbox: &Sandbox, random: &mut Random, day: u32) {
        let victim = self.0.keys().nth(random.below(self.0.len())).expect("there are some").clone();
        let fresh = format!("d{:02}/new-{day}-{}", random.below(40), random.below(1 << 30));
        match random.below(8) {
            0 => {
                sandbox.source().remove(&victim);
                self.0.remove(&victim);
            }
            1 => self.write(sandbox, &fresh, &fresh),
            2 => {
                sandbox.source().rename(&victim, &fresh);
                let content = self.0.remove(&victim).expect("it is there");
                self.0.insert(fresh, content);
            }
            _ => self.write(sandbox, &victim, &format!("{victim} on day {day}, {}", random.below(1 << 30))),
        }
    }

    /// As `ls` has files: path, and the hash of the content.
    fn listed(&self, sandbox: &Sandbox) -> BTreeMap<String, String> {
        let scratch = sandbox.path("scratch");
        let of = |(name, content): (&String, &String)| {
            fs::write(&scratch, content).expect("room");
            (format!("/s/{name}"), hash(&scratch))
        };
        self.0.iter().map(of).collect()
    }
}

fn date(day: u32) -> String {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let (mut month, mut left) = (0, day);
    while left >= lengths[month] {
        left -= lengths[month];
        month += 1;
    }
    format!("2027-{:02}-{:02}", month + 1, left + 1)
}

fn listed_at(sandbox: &Sandbox, day: u32) -> BTreeMap<String, String> {
    let listed = sandbox.ok(&format!("ls --at {} --json", date(day))).json();
    let files = listed["entries"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "file");
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    files.map(|entry| (text(&entry["path"]), text(&entry["object"]))).collect()
}

#[test]
fn any_day_is_as_it_was_and_costs_what_changed() {
    let sandbox = Sandbox::with_disks("a 60M");
    if !has("faketime") {
        return;
    }
    let (days, files) = extent();
    let (mut model, mut random) = (Model::default(), Random::new(7));
    (0..files).for_each(|n| model.write(&sandbox, &format!("d{:02}/f{n}", n % 40), &format!("file {n}")));
    sandbox.ok("retention set --keep-within 2y");
    let mut remembered = BTreeMap::new();
    let mut changes = 0;
    for day in 0..days {
        shell(&sandbox, &format!("exec faketime '{} 12:00:00' \"$dsb\" update", date(day))).expect(0, "update");
        if day % 9 == 0 || day + 1 == days {
            remembered.insert(day, model.listed(&sandbox));
        }
        for _ in 0..files / 200 {
            model.change(&sandbox, &mut random, day);
            changes += 1;
        }
    }
    for (day, then) in &remembered {
        assert_eq!(listed_at(&sandbox, *day), *then, "day {day}");
    }
    let (first, last) = (listed_at(&sandbox, 0), listed_at(&sandbox, days - 1));
    assert!(first != last && sandbox.sql::<u32>("SELECT count(*) FROM snapshot") == days);
    // Each change is a version more, a move two; and the folder it happened in has another time.
    let rows = sandbox.sql::<i64>("SELECT count(*) FROM entry") as usize;
    assert!(rows <= files + 42 + 3 * changes, "{rows} rows for {files} files and {changes} changes");
    sandbox.ok("catalog check");
}
