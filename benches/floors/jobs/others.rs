//! The whole job, look and copy, beside other backup programs: the first time, and with nothing changed.

use super::beside;
use crate::command::{Dsb, shell};
use crate::ground::{Ground, text};
use crate::others::{Distbackup, REPOSITORIES, Repository};
use crate::rounds::{Runner, take_turns};
use crate::table::{Goal, Row};
use std::cell::RefCell;
use std::path::{Path, PathBuf};

pub fn others(ground: &Ground) -> Vec<Row> {
    let there: Vec<Repository> = REPOSITORIES.into_iter().filter(Repository::is_there).collect();
    let old = Distbackup::is_there();
    let mut rows = first(ground, &there, old);
    rows.extend(again(ground, &there, old));
    rows
}

/// Each round with a new repository, everything on the medium at the end.
fn first(ground: &Ground, there: &[Repository], old: bool) -> Vec<Row> {
    let (tree, room) = (ground.tree(), ground.amount().1 * 2 + (1 << 30));
    let distbackup = RefCell::new(None);
    let home = RefCell::new(None::<PathBuf>);
    let anew = || {
        home.take().iter().for_each(|home| ground.clear(home));
        home.replace(Some(ground.path("first")));
        home.borrow().clone().unwrap_or_default()
    };
    let place = || home.borrow().clone().unwrap_or_default();
    let durable = |home: &Path| shell("sync -f \"$1\"", &[home]);
    let mut runners = vec![Runner::new(
        "dsb",
        || drop(new_dsb(&anew(), tree)),
        || {
            dsb_in(&place()).run(&["backup", "d", "--update"]);
            durable(&place());
        },
    )];
    for program in there {
        let run = move || {
            program.back_up(&place(), tree);
            durable(&place());
        };
        runners.push(Runner::new(program.name, move || program.init(&anew()), run));
    }
    if old {
        let prepare = || {
            let made = Distbackup::mapped(&anew(), &text(tree));
            made.add_disk(room);
            distbackup.replace(Some(made));
        };
        let run = || {
            distbackup.borrow().iter().for_each(|old| ["update", "backup d"].iter().for_each(|line| words(old, line)));
            durable(&place());
        };
        runners.push(Runner::new("distbackup", prepare, run));
    }
    let rows = beside("first: update, backup", &take_turns(ground.options.rounds, runners), &[Goal::None]);
    home.take().iter().for_each(|home| ground.clear(home));
    rows
}

fn again(ground: &Ground, there: &[Repository], old: bool) -> Vec<Row> {
    let (tree, home) = (ground.tree(), ground.path("again"));
    let of = |name: &str| home.join(name);
    let distbackup = old.then(|| Distbackup::mapped(&of("distbackup"), &text(tree)));
    let dsb = new_dsb(&of("dsb"), tree);
    dsb.run(&["backup", "d", "--update"]);
    let mut runners = vec![Runner::new("dsb", || {}, || dsb.run(&["backup", "d", "--update"]))];
    for program in there {
        let home = of(program.name);
        program.init(&home);
        program.back_up(&home, tree);
        runners.push(Runner::new(program.name, || {}, move || program.back_up(&home, tree)));
    }
    if let Some(old) = &distbackup {
        old.add_disk(ground.amount().1 * 2 + (1 << 30));
        let run = || ["update", "backup d"].iter().for_each(|line| words(old, line));
        run();
        runners.push(Runner::new("distbackup", || {}, run));
    }
    let rows = beside("nothing changed: both", &take_turns(ground.options.rounds, runners), &[Goal::None]);
    ground.clear(&home);
    rows
}

fn words(old: &Distbackup, line: &str) {
    old.run(&line.split(' ').collect::<Vec<_>>());
}

fn dsb_in(home: &Path) -> Dsb {
    Dsb { catalog: home.join("catalog") }
}

/// A new catalog with a map and an empty disk, all below one folder.
fn new_dsb(home: &Path, tree: &Path) -> Dsb {
    let (dsb, disk) = (dsb_in(home), home.join("disk"));
    std::fs::create_dir_all(&disk).expect("a new folder");
    dsb.run(&["source", "map", "/s", &text(tree)]);
    dsb.run(&["disk", "add", "d", &text(&disk), "--same-device"]);
    dsb
}
