//! A fault at one call after the other, and what must hold after each.

use super::facts::{Facts, broken};
use super::injector::{self, FAULTS, Fault, KILL};
use super::scene::{Scene, Subject, tree};
use crate::kit::{Ran, Random, Sandbox, assert_same, temporary_files};
use serde_json::json;
use std::fmt;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

/// Runs disturbed twice in an ordinary run.
const TWICE: usize = 3;

/// Where runs are disturbed: one after the other.
struct Point(Vec<(Fault, u64)>);

impl Point {
    /// As it is displayed.
    fn parse(text: &str) -> Option<Self> {
        let one = |text: &str| {
            let (name, at) = text.rsplit_once(" at ")?;
            Some((*FAULTS.iter().find(|fault| fault.to_string() == name)?, at.parse().ok()?))
        };
        text.split(", then ").map(one).collect::<Option<_>>().map(Self)
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<_> = self.0.iter().map(|(fault, at)| format!("{fault} at {at}")).collect();
        f.write_str(&texts.join(", then "))
    }
}

/// Disturbs a command everywhere, or at a sample of places: `DSB_LONG=1` is everywhere,
/// `DSB_SEED` chooses the sample, `DSB_POINT` takes one place as a failure named it.
pub fn sweep(subject: &Subject) {
    if !injector::is_there() {
        return;
    }
    let (scene, seed) = (Scene::new(subject), seed());
    let points = points(&scene, subject, seed);
    let mut failures = Vec::new();
    for point in &points {
        scene.reset();
        let mut story = Vec::new();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| disturb(&scene, subject, point, &mut story))) {
            let text = panic.downcast_ref::<String>().cloned().unwrap_or_default();
            failures.push(format!("{point}:\n{}{text}\n", story.concat()));
        }
    }
    let _ = writeln!(std::io::stderr(), "{}: {} runs disturbed, DSB_SEED={seed}", subject.line, points.len());
    let told = format!("dsb {}, DSB_SEED={seed}, {} of {} runs", subject.line, failures.len(), points.len());
    assert!(failures.is_empty(), "{told}:\n{}", failures.join("\n"));
}

fn seed() -> u64 {
    let given = std::env::var("DSB_SEED").ok().map(|seed| seed.parse().expect("DSB_SEED is a number"));
    given.unwrap_or(1)
}

/// The places of a sweep: of each fault some calls or all, and pairs, of which the second disturbs
/// the recovery from the first.
fn points(scene: &Scene, subject: &Subject, seed: u64) -> Vec<Point> {
    if let Ok(text) = std::env::var("DSB_POINT") {
        return Point::parse(&text).into_iter().collect();
    }
    let is_long = std::env::var_os("DSB_LONG").is_some_and(|value| !value.is_empty());
    let mut random = Random::new(seed);
    let mut points = Vec::new();
    let mut pairs = Vec::new();
    for fault in FAULTS {
        scene.reset();
        let calls = injector::calls(&scene.sandbox, subject.line, fault);
        assert!(calls > 0 || fault != KILL, "nothing was injected into");
        if calls == 0 {
            continue;
        }
        let places: Vec<_> =
            if is_long { (1..=calls).collect() } else { vec![1 + random.below(calls as usize) as u64] };
        pairs.extend(places.iter().map(|at| (fault, *at)));
        points.extend(places.into_iter().map(|at| Point(vec![(fault, at)])));
    }
    let firsts: Vec<_> = pairs.iter().filter(|(fault, _)| *fault == KILL).copied().collect();
    let count = if is_long { firsts.len() } else { TWICE };
    points.extend((0..count).map(|_| Point(vec![any(&firsts, &mut random), any(&pairs, &mut random)])));
    points
}

/// Any of these.
fn any<T: Copy>(all: &[T], random: &mut Random) -> T {
    all[random.below(all.len())]
}

/// One disturbed run after the other, then one that nothing disturbs.
fn disturb(scene: &Scene, subject: &Subject, point: &Point, story: &mut Vec<String>) {
    let sandbox = &scene.sandbox;
    for (fault, at) in &point.0 {
        let ran = injector::run(sandbox, subject.line, *fault, *at);
        story.push(format!("{}: {}\n", ran.code, ran.err));
        ended_in_order(&ran, *fault);
        let facts = is_sound(scene);
        if ran.code == subject.code {
            is_done(scene, subject, &facts);
        }
    }
    let ran = sandbox.run(subject.line);
    story.push(format!("again, {}: {}\n", ran.code, ran.err));
    assert!([subject.code, subject.again].contains(&ran.code), "again: {}\n{}{}", ran.code, ran.out, ran.err);
    is_done(scene, subject, &is_sound(scene));
    is_as_if_nothing_happened(scene);
}

/// Killed, or ended with a code that says what is the matter, and words.
fn ended_in_order(ran: &Ran, fault: Fault) {
    if ran.code == 11 {
        // SQLite cannot tell a lock that others hold from one that fails, and the words say both.
        return assert!(ran.err.contains("or its folder answers with errors"), "{}", ran.err);
    }
    let codes: &[i32] = if fault == KILL { &[-9, 0, 3, 4] } else { &[0, 1, 3, 4] };
    assert!(codes.contains(&ran.code) && !ran.err.contains("panicked"), "{}\n{}{}", ran.code, ran.out, ran.err);
    assert!(ran.code == 0 || fault == KILL || ran.err.contains("dsb: "), "{} without a word", ran.code);
}

/// What must hold at any instant.
fn is_sound(scene: &Scene) -> Facts {
    let facts = Facts::of(&scene.sandbox);
    facts.claims_are_true(&scene.before);
    assert!(broken(&scene.sandbox).len() <= scene.broken, "an object in its place is not whole");
    facts.no_last_copy_went(&scene.before);
    facts.catalogs_are_there(&scene.before);
    scene.is_left_alone();
    facts
}

/// A run that says that it did what was asked for did it.
fn is_done(scene: &Scene, subject: &Subject, facts: &Facts) {
    (subject.done)(&scene.sandbox);
    assert_eq!(tree(&scene.sandbox), scene.tree, "the newest state is another one");
    let (found, expected) = (facts.counts(), &scene.expected);
    let fewer = found.len() != expected.len() || found.iter().zip(expected).any(|(found, expected)| found < expected);
    assert!(!fewer, "copies of each object: {found:?}, undisturbed {expected:?}");
}

/// Nothing is left of any disturbance once each disk was seen again.
fn is_as_if_nothing_happened(scene: &Scene) {
    let sandbox = &scene.sandbox;
    sandbox.ok("update");
    for disk in ["a", "b"] {
        sandbox.ok(&format!("backup {disk}"));
        has_nothing_left(sandbox, disk);
    }
    assert_eq!(broken(sandbox), Vec::<PathBuf>::new());
    sandbox.ok("restore out/whole");
    assert_same(&sandbox.path("src"), &sandbox.path("out/whole/s"));
}

fn has_nothing_left(sandbox: &Sandbox, disk: &str) {
    let plan = sandbox.ok(&format!("backup {disk} --simulate --json")).json();
    assert_eq!(plan["steps"], json!([]), "disk {disk}");
    assert_eq!(temporary_files(&sandbox.disk(disk)), Vec::<PathBuf>::new());
    sandbox.ok(&format!("verify {disk}"));
}
