//! The tests that the crate doc names exist.

use std::path::Path;

/// The file that holds the module of a test, if there is one: below `tests/` or `src/`.
fn file_of(modules: &[&str]) -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = modules.join("/");
    let places = [
        format!("tests/{path}.rs"),
        format!("tests/{path}/mod.rs"),
        format!("src/{path}.rs"),
        format!("src/{path}/mod.rs"),
    ];
    places.iter().find_map(|place| std::fs::read_to_string(root.join(place)).ok())
}

/// The tests that a text names between backquotes; fails at the first that is not there.
fn named_tests(page: &str, whose: &str) -> usize {
    let is_test = |word: &&str| {
        let last = word.rsplit("::").next().unwrap_or_default();
        word.contains("::") && *word != "module::test" && last.starts_with(|c: char| c.is_ascii_lowercase())
    };
    let quoted = page.split('`').skip(1).step_by(2).filter(is_test);
    let mut count = 0;
    for name in quoted {
        let parts: Vec<&str> = name.split("::").collect();
        let Some((test, modules)) = parts.split_last() else { continue };
        let is_there = file_of(modules).is_some_and(|file| file.contains(&format!("fn {test}(")));
        assert!(is_there, "{whose} names {name}, which is not there");
        count += 1;
    }
    count
}

fn text(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

#[test]
fn every_test_that_the_crate_doc_names_exists() {
    let doc: String = text("src/lib.rs").lines().filter_map(|line| line.strip_prefix("//!")).collect();
    assert!(named_tests(&doc, "the crate doc") >= 10);
}

#[test]
fn every_test_that_the_page_on_reliability_names_exists() {
    let page = text("docs/reliability.md");
    assert!(named_tests(&page, "docs/reliability.md") >= 83);
    let rows =
        ["A", "B", "C", "D", "E"].map(|part| (1..40).filter(|n| page.contains(&format!("\n| {part}{n} |"))).count());
    assert_eq!(rows, [30, 13, 9, 15, 14], "a fault is missing from the table");
}
