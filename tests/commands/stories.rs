//! What people built their own scripts for, played through on a drive of its own.

use crate::kit::{Sandbox, assert_shows, has, latest, objects, shell, trees};
use std::fs;
use std::path::Path;
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

/// The days of the drive's trees, oldest first: how long a run takes to reach its snapshot is no
/// matter of the story.
fn days(drive: &Path) -> Vec<String> {
    trees(drive).iter().map(|tree| day(tree)).collect()
}

fn day(tree: &str) -> String {
    tree.split('_').next().unwrap_or_default().to_owned()
}

fn latest_day(drive: &Path) -> String {
    day(&latest(drive).file_name().unwrap().to_string_lossy())
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
    assert_eq!(days(drive.path()), dates);
    for (tree, date) in there.iter().zip(dates) {
        assert_shows(&drive.path().join("snapshots").join(tree).join("name"), &sandbox.path(date));
    }
    assert_eq!(latest_day(drive.path()), "2014-02-13");
    // A week in which nothing changed is no new state, and a failed one moves nothing.
    run_on(&sandbox, "2014-02-20", 0);
    fs::rename(sandbox.path("src"), sandbox.path("away")).unwrap();
    run_on(&sandbox, "2014-02-27", 3);
    assert_eq!(trees(drive.path()), there);
    assert!(latest(drive.path()).join("name/projects/work").exists());
}

/// The configuration of a router that fetches a whole machine, as it is written there.
const OF_A_ROUTER: &str = "keep_within = 4d2h
exclude = /run/*
exclude = /var/run/*
exclude = /media/*
exclude = /dev/*
exclude = /proc/*
exclude = /sys/*
exclude = /tmp/*
exclude = /home/ben/.gvfs
exclude = /cdrom/*
exclude = /mnt/*
";

#[test]
fn retention_after_a_failed_run_deletes_nothing() {
    let sandbox = Sandbox::with_disks("");
    let Some(drive) = sandbox.mount("ext4", 64, "drive") else { return };
    if !has("faketime") {
        return;
    }
    let told = sandbox.path("told").display().to_string();
    let hooks = ["before", "after", "failed"].map(|hook| format!("{hook} = echo {hook} $DSB_EXIT >> {told}\n"));
    preset(&sandbox, &format!("{OF_A_ROUTER}{}", hooks.concat()));
    sandbox.source().file("etc/fstab", "x").file("proc/1", "x").file("home/ben/.gvfs/x", "x");
    for date in ["2013-08-10", "2013-08-11", "2013-08-12"] {
        sandbox.source().file("home/ben/diary", date).file(format!("home/ben/{date}"), date).settle();
        run_on(&sandbox, date, 0);
        sandbox.source().remove(format!("home/ben/{date}"));
    }
    let (there, held) = (trees(drive.path()), objects(drive.path()));
    assert_eq!(days(drive.path()), ["2013-08-10", "2013-08-11", "2013-08-12"]);
    let newest = latest(drive.path()).join("name");
    assert!(newest.join("proc").exists() && !newest.join("proc/1").exists() && !newest.join("home/ben/.gvfs").exists());
    // By the calendar the first is too old by now; but the machine cannot be reached.
    fs::rename(sandbox.path("src"), sandbox.path("away")).unwrap();
    run_on(&sandbox, "2013-08-15", 3);
    assert_eq!((trees(drive.path()), objects(drive.path())), (there, held));
    assert_eq!(latest_day(drive.path()), "2013-08-12");
    fs::rename(sandbox.path("away"), sandbox.path("src")).unwrap();
    sandbox.source().file("home/ben/diary", "at last").settle();
    run_on(&sandbox, "2013-08-16", 0);
    assert_eq!(days(drive.path()), ["2013-08-12", "2013-08-16"], "what is too old goes after a success");
    assert_eq!(objects(drive.path()).len(), 3, "x, and two days of the diary");
    let told = fs::read_to_string(told).unwrap();
    let hooks: Vec<_> = told.lines().map(str::trim).collect();
    assert_eq!(hooks[..2], ["before", "after 0"]);
    assert_eq!(hooks[6..], ["before", "failed 3", "before", "after 0"]);
    sandbox.ok("verify drive");
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
    assert_eq!(latest_day(drive.path()), "2014-01-08");
    let is_whole = |tree: &String| {
        let big = drive.path().join("snapshots").join(tree).join("name/big");
        (0..4).all(|n| big.join(format!("{n:04}")).exists())
    };
    let states: Vec<bool> = there.iter().map(is_whole).collect();
    assert!(states.is_sorted() && states.last() == Some(&true), "the oldest go first: {states:?}");
    assert_shows(&latest(drive.path()).join("name"), &sandbox.path("week7"));
    sandbox.ok("verify drive");
}

#[test]
fn a_hundred_users_with_the_same_application_take_the_room_of_one() {
    let sandbox = Sandbox::with_disks("");
    let Some(drive) = sandbox.mount("ext4", 64, "drive") else { return };
    sandbox.ok("disk add week drive/dsb --tree");
    for part in 0..9 {
        let content = crate::kit::bytes(part, 1_000_000);
        for user in 0..100 {
            sandbox.source().file(format!("user{user:02}/app/part{part}"), &content);
        }
    }
    for user in 0..100 {
        sandbox.source().file(format!("user{user:02}/config"), format!("of {user}"));
    }
    sandbox.back_up("week");
    let disk = drive.path().join("dsb");
    assert_shows(&latest(&disk).join("s"), &sandbox.path("src"));
    let below = crate::kit::below(&disk);
    let folders = below.iter().filter(|path| path.is_dir()).count() as u64 + 1;
    let is_catalog = |path: &&std::path::PathBuf| path.file_name().unwrap().to_string_lossy().contains("distbackup.");
    let catalogs: u64 = below.iter().filter(is_catalog).map(|path| crate::kit::allocated(path)).sum();
    let whole = crate::kit::allocated(&disk) - catalogs - folders * 4_096;
    // Nine megabytes, and a block for each configuration.
    let unique = 9 * 1_000_000 + 100 * 4_096;
    assert!(whole <= unique * 102 / 100, "{whole} for {unique}");
}
