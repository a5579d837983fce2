//! The rules, each a function from a file to what breaks it.

use crate::text::{Token, closing_line, paths, stripped, tokens, without_tests};
use crate::{CRATES, FILE, FUNCTION, PURE, ROOMS, SUPPORT};

/// Everything in one file, named by its path below `src/`, that breaks a rule.
pub fn violations(path: &str, text: &str) -> Vec<String> {
    let code = without_tests(&stripped(text));
    let tokens = tokens(&code);
    let file = File { path, tokens: &tokens };
    let mut found = file.uses();
    found.extend(file.calls());
    found.extend(long_functions(path, &code));
    found.extend(long_file(path, &code));
    found.extend(left_to_do(path, text));
    found
}

struct File<'f> {
    path: &'f str,
    tokens: &'f [Token<'f>],
}

/// The room that a file belongs to.
fn room(path: &str) -> &str {
    let first = path.split('/').next().unwrap_or(path);
    first.strip_suffix(".rs").unwrap_or(first)
}

/// How many `super` lead from a file's module to the crate's root.
fn depth(path: &str) -> usize {
    let parts = path.split('/').count();
    match path.rsplit('/').next() {
        Some("main.rs" | "lib.rs") => 0,
        Some("mod.rs") => parts - 1,
        _ => parts,
    }
}

impl File<'_> {
    fn at(&self, line: usize, what: &str) -> String {
        format!("src/{}:{}: {what}", self.path, line + 1)
    }

    /// The text of the token so many places from one.
    fn near(&self, at: usize, by: isize) -> &str {
        at.checked_add_signed(by).and_then(|at| self.tokens.get(at)).map_or("", |token| token.text)
    }

    /// Paths into rooms, crates and modules that this room has no business with.
    fn uses(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            let begins = self.near(at, -1) != "::" && self.near(at, -1) != ".";
            let is_path = self.near(at, 1) == "::" || self.near(at, -1) == "use";
            if begins && is_path {
                let broken = paths(self.tokens, at).into_iter().filter_map(|path| self.forbidden(&path));
                found.extend(broken.map(|what| self.at(token.line, &what)));
            }
        }
        found.dedup();
        found
    }

    /// What is wrong with a path, if anything.
    fn forbidden(&self, path: &[&str]) -> Option<String> {
        let here = room(self.path);
        if let Some(there) = self.room_of(path) {
            let may = ROOMS.iter().find(|(known, _)| *known == here).is_some_and(|(_, may)| may.contains(&there));
            let helps = SUPPORT.contains(&there) && !PURE.contains(&here) && here != "main";
            return (there != here && !may && !helps).then(|| format!("{here} may not use {there}"));
        }
        let first = path.first()?;
        if let Some((known, rooms)) = CRATES.iter().find(|(known, _)| known == first) {
            return (!rooms.contains(&here)).then(|| format!("{known} belongs to {}", rooms.join(" and ")));
        }
        let pair = |a, b| path.windows(2).any(|pair| pair == [a, b]);
        if pair("std", "env") || path.starts_with(&["env"]) {
            (here != "cli").then(|| "std::env belongs to cli".to_owned())
        } else if pair("process", "exit") || pair("process", "abort") {
            Some("nothing ends the process but main's own end".to_owned())
        } else if (pair("io", "stdout") || pair("io", "stderr")) && here != "cli" {
            Some("only cli speaks".to_owned())
        } else {
            None
        }
    }

    /// The room that a path leads into, if it leads into the crate from its root.
    fn room_of<'p>(&self, path: &[&'p str]) -> Option<&'p str> {
        let ups = path.iter().take_while(|part| **part == "super").count();
        let next = match path.first()? {
            &"crate" | &"dsb" => 1,
            &"super" if ups >= depth(self.path) => ups,
            _ => return None,
        };
        path.get(next).filter(|name| ROOMS.iter().any(|(known, _)| known == *name)).copied()
    }

    /// Macros and methods that have no place here.
    fn calls(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            let what = match (token.text, self.near(at, 1)) {
                ("print" | "println" | "eprint" | "eprintln", "!") => "ends everything where nobody reads",
                ("dbg" | "todo" | "unimplemented", "!") => "unfinished",
                ("unwrap", "(") if self.near(at, -1) == "." && self.near(at, 2) == ")" => "unwrap() outside tests",
                ("expect", "(") if self.near(at, -1) == "." => "expect() outside tests",
                _ => continue,
            };
            found.push(self.at(token.line, what));
        }
        found
    }
}

fn long_functions(path: &str, code: &str) -> Vec<String> {
    let lines: Vec<String> = code.lines().map(str::to_owned).collect();
    let begins = |line: &str| line.split(|c: char| c != '_' && !c.is_alphanumeric()).any(|word| word == "fn");
    let mut found = Vec::new();
    for (at, _) in lines.iter().enumerate().filter(|(_, line)| begins(line) && line.contains('(')) {
        let length = closing_line(&lines, at).map_or(0, |end| end + 1 - at);
        if length > FUNCTION {
            found.push(format!("src/{path}:{}: a function of {length} lines, {FUNCTION} at most", at + 1));
        }
    }
    found
}

fn long_file(path: &str, code: &str) -> Option<String> {
    let lines = code.lines().filter(|line| !line.trim().is_empty()).count();
    (lines > FILE).then(|| format!("src/{path}:1: {lines} lines of code, {FILE} at most"))
}

fn left_to_do(path: &str, text: &str) -> Vec<String> {
    let marked = |line: &&str| ["TODO", "FIXME"].iter().any(|word| line.contains(word));
    let lines = text.lines().enumerate().filter(|(_, line)| marked(line));
    lines.map(|(at, _)| format!("src/{path}:{}: left to do", at + 1)).collect()
}

#[test]
fn what_breaks_a_rule_is_named_with_its_line() {
    let table = [
        ("model/a.rs", "use crate::error::Result;", "src/model/a.rs:1: model may not use error"),
        ("plan/mod.rs", "\nuse super::catalog;", "src/plan/mod.rs:2: plan may not use catalog"),
        ("disk/a.rs", "use crate::{model::Size, plan};", "src/disk/a.rs:1: disk may not use plan"),
        ("catalog/a.rs", "fn f() { super::super::source::g() }", "src/catalog/a.rs:1: catalog may not use source"),
        ("ops/update/a.rs", "use super::super::super::cli;", "src/ops/update/a.rs:1: ops may not use cli"),
        ("os/mod.rs", "use crate::disk::Found;", "src/os/mod.rs:1: os may not use disk"),
        ("main.rs", "fn main() { dsb::ops::info() }", "src/main.rs:1: main may not use ops"),
        ("ops/a.rs", "fn f(c: &rusqlite::Connection) {}", "src/ops/a.rs:1: rusqlite belongs to catalog"),
        ("ops/a.rs", "use clap;", "src/ops/a.rs:1: clap belongs to cli"),
        ("disk/a.rs", "use std::{env, fs};", "src/disk/a.rs:1: std::env belongs to cli"),
        ("cli/a.rs", "std::process::exit(1)", "src/cli/a.rs:1: nothing ends the process but main's own end"),
        ("ops/a.rs", "\n\nprintln!(_)", "src/ops/a.rs:3: ends everything where nobody reads"),
        ("cli/a.rs", "eprintln!(_)", "src/cli/a.rs:1: ends everything where nobody reads"),
        ("source/a.rs", "std::io::stderr()", "src/source/a.rs:1: only cli speaks"),
        ("cli/a.rs", "todo!()", "src/cli/a.rs:1: unfinished"),
        ("os/a.rs", "x\n  .unwrap()", "src/os/a.rs:2: unwrap() outside tests"),
        ("os/a.rs", "x.expect(\"y\")", "src/os/a.rs:1: expect() outside tests"),
        ("os/a.rs", "// TODO: more", "src/os/a.rs:1: left to do"),
    ];
    for (path, text, expected) in table {
        assert_eq!(violations(path, text), [expected], "{text}");
    }
}

#[test]
fn what_keeps_to_the_rules_is_let_be() {
    let table = [
        ("ops/a.rs", "use crate::{catalog::Catalog, error::Result, os};\nuse super::room;"),
        ("plan/a.rs", "use super::view::View;\nuse crate::model::{Size, Class};"),
        ("cli/a.rs", "use std::env;\nfn f() { f(\"TODAY\"); clap::f() }"),
        ("disk/a.rs", "// rusqlite::Connection, println!(), .unwrap()\nlet a = \"crate::plan::x\";"),
        ("disk/a.rs", "#[cfg(test)]\nmod tests { use crate::plan; fn f() { a.unwrap(); } }"),
        ("error.rs", "use crate::model::escape;\nx.unwrap_or_default();\noption_env!(\"A\");"),
        ("main.rs", "fn main() -> ExitCode { dsb::cli::run() }"),
    ];
    for (path, text) in table {
        assert_eq!(violations(path, text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn long_functions_and_files_are_named() {
    let function = |lines| format!("fn f() {{\n{}}}\n", "x;\n".repeat(lines - 2));
    assert_eq!(violations("os/a.rs", &function(FUNCTION)), Vec::<String>::new());
    assert_eq!(violations("os/a.rs", &function(61)), ["src/os/a.rs:1: a function of 61 lines, 60 at most"]);
    let file = |lines| "a;\n\n// b\n".repeat(lines);
    assert_eq!(violations("os/a.rs", &file(FILE)), Vec::<String>::new());
    assert_eq!(violations("os/a.rs", &file(301)), ["src/os/a.rs:1: 301 lines of code, 300 at most"]);
}
