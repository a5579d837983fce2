//! `dsb tree` and `dsb du`: two views of the same sums.

use super::args::{DuArguments, SelectionArguments, TreeArguments};
use super::context::Context;
use super::exit::Ending;
use super::json;
use super::pieces::{BEFORE, Pieces};
use super::words::number;
use crate::catalog::Catalog;
use crate::error::Result;
use crate::model::{Amount, DiskSet, VPath};
use crate::ops::{self, Folders, Line, Selection, Sums};
use serde_json::{Value, json};

/// Columns for numbers of copies that a person can compare at a glance, and 80 columns hold.
const COLUMNS: usize = 4;

/// `dsb tree`
pub fn tree(context: &Context, arguments: &TreeArguments) -> Result<Ending> {
    let depth = if arguments.depth == 0 { usize::MAX } else { arguments.depth };
    let paths = [arguments.vpath.clone()];
    let view = View {
        paths: &paths,
        depth,
        skips_first: false,
        names_paths: false,
        files: arguments.files,
        long: arguments.long,
    };
    show(context, &arguments.selection, &view, |line| {
        let (indent, slash) = ("  ".repeat(line.depth), if line.is_folder { "/" } else { "" });
        match line.path.names().last().filter(|_| line.depth > 0) {
            Some(name) => format!("{indent}{name}{slash}"),
            None => line.path.to_string(),
        }
    })
}

/// `dsb du`
pub fn du(context: &Context, arguments: &DuArguments) -> Result<Ending> {
    let root = [VPath::root()];
    let is_whole = arguments.vpaths.is_empty();
    let depth = arguments.depth.unwrap_or(usize::from(is_whole));
    let paths = if is_whole { &root } else { arguments.vpaths.as_slice() };
    let view = View {
        paths,
        depth,
        skips_first: is_whole && depth > 0,
        names_paths: true,
        files: is_whole,
        long: arguments.long,
    };
    show(context, &arguments.selection, &view, |line| line.path.to_string())
}

/// What is shown, and how.
struct View<'v> {
    paths: &'v [VPath],
    depth: usize,
    /// The first line comes last, as the total.
    skips_first: bool,
    /// Whole paths are shown, not names below each other.
    names_paths: bool,
    files: bool,
    long: bool,
}

/// What the arguments select.
pub fn selection(catalog: &Catalog, arguments: &SelectionArguments) -> Result<Selection> {
    let set = |names: &[String]| -> Result<DiskSet> {
        names.iter().map(|name| Ok(ops::named_disk(catalog, name)?.index)).collect()
    };
    Ok(Selection {
        least: arguments.copies.or(arguments.mincopies),
        most: arguments.copies.or(arguments.maxcopies),
        on: set(&arguments.include)?,
        off: set(&arguments.exclude)?,
        dropped: set(&arguments.simulate_drop)?,
    })
}

/// Why there is nothing to show.
pub fn nothing_words(selection: &Selection) -> &'static str {
    if selection.is_all() {
        "There are no files in the catalog yet: `dsb source map` shows it a folder, `dsb update` reads it.\n"
    } else {
        "No file of the newest state is like that.\n"
    }
}

fn show(
    context: &Context,
    arguments: &SelectionArguments,
    view: &View<'_>,
    label: impl Fn(&Line<'_>) -> String,
) -> Result<Ending> {
    let catalog = context.catalog()?;
    let selection = selection(&catalog, arguments)?;
    let folders = Folders::count(&catalog, &selection)?;
    let total = folders.total();
    let is_empty = total.all.objects == 0;
    let columns = Columns::new(&total, view.long);
    let mut is_begun = context.is_json() || is_empty;
    let mut pieces = Pieces::begin(context, "{\"folders\": [")?;
    for path in view.paths {
        ops::walk(&catalog, &folders, &selection, (path, view.depth, view.files), |line| {
            if context.is_json() {
                return pieces.tell(&format!("{BEFORE}{}", to_json(line)));
            }
            if !std::mem::replace(&mut is_begun, true) {
                context.print(&columns.head(if view.names_paths { "path" } else { "" }))?;
            }
            let comes_last = view.skips_first && line.depth == 0;
            if comes_last || is_empty { Ok(()) } else { pieces.tell(&columns.line(line.sums, &label(line))) }
        })?;
    }
    pieces.end()?;
    if !context.is_json() && is_empty {
        context.print(nothing_words(&selection))?;
    } else if !context.is_json() && view.skips_first {
        context.print(&columns.line(&total, "/"))?;
    }
    Ok(Ending::Done)
}

fn to_json(line: &Line<'_>) -> Value {
    json!({
        "path": line.path.to_string(),
        "folder": line.is_folder,
        "depth": line.depth,
        "files": line.sums.all.objects,
        "bytes": line.sums.all.bytes.bytes(),
        "levels": json::amounts(&line.sums.levels),
    })
}

/// How wide each column is: as wide as the sums of everything, which no line exceeds by a digit.
struct Columns {
    files: usize,
    levels: Vec<Level>,
    long: bool,
}

/// One number of copies, or all from there on.
struct Level {
    copies: usize,
    and_more: bool,
    width: usize,
}

/// The widest size, `99.9 GB`.
const SIZE: usize = 7;

impl Columns {
    fn new(total: &Sums, long: bool) -> Self {
        let used: Vec<usize> =
            total.levels.iter().zip(0..).filter(|(sum, _)| sum.objects > 0).map(|(_, copies)| copies).collect();
        let shown = if long { used.len() } else { used.len().min(COLUMNS) };
        let levels = used.iter().take(shown).zip(1..).map(|(copies, nth)| {
            let and_more = nth == shown && used.len() > shown;
            let sum = level(total, *copies, and_more);
            let files = if long { number(sum.objects).len() + 1 } else { 0 };
            let width = (files + SIZE).max(title(*copies, and_more).len());
            Level { copies: *copies, and_more, width }
        });
        let levels = levels.collect();
        Self { files: number(total.all.objects).len().max("files".len()), levels, long }
    }

    fn head(&self, last: &str) -> String {
        let levels =
            self.levels.iter().map(|level| format!("  {:>1$}", title(level.copies, level.and_more), level.width));
        let line = format!("{:>1$}  {2:>SIZE$}{3}  {last}", "files", self.files, "bytes", levels.collect::<String>());
        format!("{}\n", line.trim_end())
    }

    fn line(&self, sums: &Sums, label: &str) -> String {
        let levels = self.levels.iter().map(|column| {
            let sum = level(sums, column.copies, column.and_more);
            let cell = match sum.objects {
                0 => "-".to_owned(),
                count if self.long => format!("{}/{}", number(count), sum.bytes),
                _ => sum.bytes.to_string(),
            };
            format!("  {cell:>0$}", column.width)
        });
        let (files, bytes) = (number(sums.all.objects), sums.all.bytes.to_string());
        format!("{files:>0$}  {bytes:>SIZE$}{1}  {label}\n", self.files, levels.collect::<String>())
    }
}

fn level(sums: &Sums, copies: usize, and_more: bool) -> Amount {
    let count = if and_more { usize::MAX } else { 1 };
    sums.levels.iter().skip(copies).take(count).copied().sum()
}

fn title(copies: usize, and_more: bool) -> String {
    match (copies, and_more) {
        (0, false) => "no copy".to_owned(),
        (1, false) => "1 copy".to_owned(),
        (copies, false) => format!("{copies} copies"),
        (copies, true) => format!("{copies}+"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Size;

    fn sums(levels: &[u64]) -> Sums {
        let levels: Vec<_> = levels.iter().map(|n| Amount { objects: *n, bytes: Size(n * 1_000_000) }).collect();
        Sums { all: levels.iter().copied().sum(), levels }
    }

    #[test]
    fn a_column_for_each_number_of_copies_that_occurs() {
        let total = sums(&[0, 1_500, 20]);
        let columns = Columns::new(&total, false);
        assert_eq!(columns.head(""), "files    bytes   1 copy  2 copies\n");
        assert_eq!(columns.line(&sums(&[0, 3]), "/a"), "    3  3.00 MB  3.00 MB         -  /a\n");
        let long = Columns::new(&total, true);
        assert_eq!(long.line(&total, "/"), "1,520  1.52 GB  1,500/1.50 GB  20/20.0 MB  /\n");
    }

    #[test]
    fn many_numbers_of_copies_share_the_last_column() {
        let total = sums(&[1, 1, 1, 1, 1, 1]);
        assert_eq!(
            Columns::new(&total, false).head("path"),
            "files    bytes  no copy   1 copy  2 copies       3+  path\n"
        );
        assert!(Columns::new(&total, true).head("").contains("5 copies"));
        assert!(Columns::new(&total, false).line(&total, "").contains("  3.00 MB  \n"));
    }
}
