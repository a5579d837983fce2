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

#[test]
fn every_test_that_the_crate_doc_names_exists() {
    let library = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let doc: String = library.lines().filter_map(|line| line.strip_prefix("//!")).collect();
    let is_test = |word: &&str| {
        let last = word.rsplit("::").next().unwrap_or_default();
        word.contains("::") && *word != "module::test" && last.starts_with(|c: char| c.is_ascii_lowercase())
    };
    let quoted = doc.split('`').skip(1).step_by(2).filter(is_test);
    let mut count = 0;
    for name in quoted {
        let parts: Vec<&str> = name.split("::").collect();
        let Some((test, modules)) = parts.split_last() else { continue };
        let is_there = file_of(modules).is_some_and(|file| file.contains(&format!("fn {test}(")));
        assert!(is_there, "the crate doc names {name}, which is not there");
        count += 1;
    }
    assert!(count >= 10, "only {count} tests are named");
}
