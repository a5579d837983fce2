//! Small fixed work for the parts that touch no disk: what is timed and what is counted is the same.

use crate::generate::catalog::{Shelf, make};
use crate::generate::content::Content;
use crate::generate::home::{Home, Spec, What};
use dsb::catalog::Catalog;
use dsb::digest::{BUFFER, hash_stream};
use dsb::model::{DirectoryId, Filter, Filters, Pattern, Rule, Search, Size, VPath, class_of};
use std::path::Path;

/// The paths of a home's files.
pub fn paths(files: u64) -> Vec<VPath> {
    let is_file = |entry: &crate::generate::home::Entry| matches!(entry.what, What::File(_));
    let path = |entry: crate::generate::home::Entry| format!("/home/{}/{}", entry.folder.path, entry.name);
    let entries = Home::new(&Spec::new(1, files, None)).filter(is_file);
    entries.map(|entry| path(entry).parse().expect("generated paths are paths")).collect()
}

/// Lines as people have them in `.gitignore`.
pub fn filters() -> Filters {
    let lines = ["*.o", "build/", "/home/.local/**", "!keep.o", "**/target/", "*~", "node_modules/", "*.tmp"];
    let lines: Vec<_> = lines.iter().map(|line| Filter::new(line, false).expect("a line")).collect();
    Filters::new(&lines).expect("lines that go together")
}

/// Rules as people had them in distbackup.
pub fn rules() -> Vec<Rule> {
    let lines = ["!IMG_0001.jpg", "*.o", ":core", "/^\\.M[0-9]+", "*.[ch]~", "?*.tmp", "thumbs.db", "/S=0:"];
    lines.iter().map(|line| Rule::new(line.as_bytes()).expect("a rule")).collect()
}

/// Patterns as people give them to `restore -f` and to `find`.
pub fn patterns() -> (Pattern, Search) {
    (Pattern::new("/home/Pictures/*/*.jpg").expect("a pattern"), Search::new("*report*.pdf").expect("a pattern"))
}

pub fn left_out_by_filters(filters: &Filters, paths: &[VPath]) -> usize {
    paths.iter().filter(|path| filters.leaves_out(&path.to_bytes()[1..], false) == Some(true)).count()
}

pub fn left_out_by_rules(rules: &[Rule], paths: &[VPath]) -> usize {
    let last = |path: &&VPath| path.names().last().is_some_and(|name| class_of(rules, name.as_bytes()) == Some(0));
    paths.iter().filter(last).count()
}

pub fn found(pattern: &Pattern, search: &Search, paths: &[VPath]) -> usize {
    paths.iter().filter(|path| pattern.matches(path) || search.matches(path)).count()
}

/// Makes a catalog of so many files.
pub fn make_catalog(folder: &Path, files: u64) {
    let (spec, shelf) = (Spec::new(1, files, None), Shelf { disks: 12, copies: 2 });
    make(&spec, shelf, folder, Path::new("/home/me"), Content::name).expect("a new catalog");
}

/// What an update asks of the catalog when nothing has changed: every directory, once.
pub fn children(catalog: &Catalog) -> usize {
    let (mut count, mut open) = (0, vec![DirectoryId::ROOT]);
    while let Some(directory) = open.pop() {
        let known = catalog.children(directory).expect("a sound catalog");
        count += known.len();
        open.extend(known.iter().filter_map(|known| known.directory));
    }
    count
}

/// What a plan begins with: every object, who needs it and where it is.
pub fn census(catalog: &Catalog) -> usize {
    let mut count = 0;
    let standing = catalog.standing().expect("a sound catalog");
    let visited = catalog.census(&standing, |_| {
        count += 1;
        Ok(())
    });
    visited.expect("a sound catalog");
    count
}

/// Hashes bytes as files are hashed.
pub fn hash(bytes: &[u8]) -> Size {
    let mut buffer = vec![0; BUFFER];
    let hashed = hash_stream(&mut &*bytes, Size::MAX, &mut buffer, |_| Ok(()));
    hashed.expect("bytes in memory can be read").1
}
