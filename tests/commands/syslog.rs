//! `run --syslog`: what the system's log hears, and that a backup does not depend on it.

use super::run::{TWO_LINES, with, write};
use crate::kit::{Ran, Sandbox, has, is_root, objects, shell, skipped};
use std::fs;
use std::os::unix::net::UnixDatagram;
use std::thread;
use std::time::Duration;

/// Runs the presets where `/dev` is the folder `dev` with the few devices that a program needs.
fn run(sandbox: &Sandbox) -> Option<Ran> {
    if !is_root() || !has("unshare") {
        return None;
    }
    let devices = "for name in null zero random urandom; do touch dev/$name; mount --bind /dev/$name dev/$name; done";
    let inside = format!("{devices}; mount --rbind dev /dev || exit 77; exec \"$dsb\" run presets --syslog");
    let ran = shell(sandbox, &format!("exec unshare -m sh -c '{inside}'"));
    if ran.code == 77 || ran.err.contains("unshare failed") {
        skipped("/dev cannot be another folder here");
        return None;
    }
    Some(ran)
}

/// The same, and what the log hears meanwhile. It takes a few lines at a time.
fn hear(sandbox: &Sandbox, log: &UnixDatagram) -> Option<(Ran, Vec<String>)> {
    let reader = log.try_clone().unwrap();
    let hearing = thread::spawn(move || {
        let (mut lines, mut buffer) = (Vec::<String>::new(), [0; 4096]);
        while !lines.last().is_some_and(|line| line.contains(": ended: ") || line.is_empty()) {
            let Ok(count) = reader.recv(&mut buffer) else { break };
            lines.push(String::from_utf8_lossy(&buffer[..count]).into_owned());
        }
        lines
    });
    let ran = run(sandbox);
    if ran.is_none() {
        // Nobody said anything: an empty line ends the hearing.
        UnixDatagram::unbound().unwrap().send_to(b"", sandbox.path("dev/log")).unwrap();
    }
    let lines = hearing.join().unwrap();
    ran.map(|ran| (ran, lines))
}

#[test]
fn without_a_log_of_the_system_the_backup_is_done() {
    let sandbox = with(TWO_LINES);
    fs::create_dir(sandbox.path("dev")).unwrap();
    let Some(ran) = run(&sandbox) else { return };
    let ran = ran.expect(3, "run").says("copied for the first time");
    assert!(ran.err.contains("dsb: --syslog: cannot reach the system's log at /dev/log"), "{}", ran.err);
    assert_eq!(objects(&sandbox.path("drive")).len(), 2);
}

#[test]
fn a_log_of_the_system_hears_what_was_grave() {
    let sandbox = with(TWO_LINES);
    fs::create_dir(sandbox.path("dev")).unwrap();
    let log = UnixDatagram::bind(sandbox.path("dev/log")).unwrap();
    log.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let Some((ran, lines)) = hear(&sandbox, &log) else { return };
    ran.expect(0, "run");
    assert!(!lines.is_empty() && lines.iter().all(|line| line.starts_with("<14>dsb[")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("copied for the first time")), "{lines:#?}");
    write(&sandbox, "presets", &format!("{TWO_LINES}destination = @/not-mounted\n"));
    let (ran, lines) = hear(&sandbox, &log).unwrap();
    ran.expect(3, "run");
    for what in ["[name]: ", "ended: done, but"] {
        let warned = lines.iter().any(|line| line.starts_with("<12>dsb[") && line.contains(what));
        assert!(warned, "{what}: {lines:#?}");
    }
}
