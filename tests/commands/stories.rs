//! What people built their own scripts for, played through on a drive of its own.

use crate::kit::{Sandbox, assert_shows, has, latest, shell, trees};
use std::fs;
use std::process::Command;

/// An ext4 drive at `drive`, and a preset of an rsync script that knows nothing but source and
/// destination, with these lines behind them.
fn preset(sandbox: &Sandbox, lines: &str) {
    sandbox.ok("source unmap /s");
    let at = |name: &str| sandbox.path(name).display().to_string();
    let text = format!("[name]\nsource = {}\ndestination = {}\ntree = yes\n{lines}", at("src"), at("drive"));
    fs::write(sandbox.path("preset"), text).unwrap();
}

fn run_on(sandbox: &Sandbox, date: &str, code: i32) -> crate::kit::Ran {
    shell(sandbox, &format!("exec faketime '{date} 09:00:00' \"$dsb\" run preset")).expect(code, date)
}

fn copy(sandbox: &Sandbox, to: &str) {
    let copied = Command::new("cp").arg("-a").arg(sandbox.path("src")).arg(sandbox.path(to)).status();
    assert!(copied.unwrap().success());
}

#[test]
fn presets_over_dated_folders_with_latest() {
    let sandbox = Sandbox::with_disks("");
    let Some(drive) = sandbox.mount("ext4", 64, "drive") else { return };
    if !has("faketime") {
        return;
    }
    preset(&sandbox, "keep_within = 1y\n");
    let dates = ["2014-01-11", "2014-01-19", "2014-02-13"];
    for date in dates {
        sandbox.source().file("projects/work", date).file(format!("letters/{date}"), "dear all").settle();
        copy(&sandbox, date);
        run_on(&sandbox, date, 0);
    }
    let there = trees(drive.path());
    assert_eq!(there, dates.map(|date| format!("{date}_09-00-00")));
    for (tree, date) in there.iter().zip(dates) {
        assert_shows(&drive.path().join("snapshots").join(tree).join("name"), &sandbox.path(date));
    }
    assert_eq!(latest(drive.path()).file_name().unwrap().to_str(), Some("2014-02-13_09-00-00"));
    // A week in which nothing changed is no new state, and a failed one moves nothing.
    run_on(&sandbox, "2014-02-20", 0);
    fs::rename(sandbox.path("src"), sandbox.path("away")).unwrap();
    run_on(&sandbox, "2014-02-27", 3);
    assert_eq!(trees(drive.path()), there);
    assert!(latest(drive.path()).join("name/projects/work").exists());
}

#[test]
fn a_disk_too_small_for_the_next_state_gives_up_the_oldest_until_it_fits() {
    let sandbox = Sandbox::with_disks("");
    let Some(drive) = sandbox.mount("ext4", 64, "drive") else { return };
    if !has("faketime") {
        return;
    }
    preset(&sandbox, "fill = yes\nsize = 40M\n");
    for week in 0..8 {
        if week > 0 {
            sandbox.source().remove("big");
        }
        sandbox.source().files("big", 4, 1_500_000 + week).file("week", week.to_string()).settle();
        copy(&sandbox, &format!("week{week}"));
        run_on(&sandbox, &format!("2014-01-{:02}", 1 + week), 0);
    }
    let there = trees(drive.path());
    assert!(there.len() > 1 && there.len() < 8, "{there:?}");
    assert_eq!(there.last().map(String::as_str), Some("2014-01-08_09-00-00"));
    let whole = |week: usize| {
        let tree = drive.path().join(format!("snapshots/2014-01-{:02}_09-00-00/name", 1 + week));
        (0..4).all(|n| tree.join(format!("big/{n:04}")).exists())
    };
    let states: Vec<bool> = (0..8).map(whole).collect();
    assert!(states.is_sorted() && states[7], "the oldest go first: {states:?}");
    assert_shows(&latest(drive.path()).join("name"), &sandbox.path("week7"));
    sandbox.ok("verify drive");
}
