//! `NAME.meta-inf` beside a file NAME: what it says of how that file is to be protected.
//!
//! A JSON object, as distbackup reads it: `priority` (0: leave the file out) and `maxcopies` (a
//! number, or "inf"). Everything else in it means nothing here, a `hash` least of all: nothing
//! keeps it true.

use super::scan::{Scan, Tag};
use crate::catalog::SideSettings;
use crate::error::{Result, reason};
use crate::model::{Kind, Name, Problem, Settings, Size};
use crate::source::{Job, Listing};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;

/// What the name of such a file ends with.
pub(super) const SUFFIX: &[u8] = b".meta-inf";
/// A larger one is none.
const LARGEST: Size = Size(64 << 10);

/// What the files of a directory are said to be.
#[derive(Default)]
pub(super) struct Sides {
    settings: SideSettings,
    left_out: BTreeSet<Name>,
}

impl Sides {
    /// Whether a file is to be left out.
    pub(super) fn leave_out(&self, name: &Name) -> bool {
        self.left_out.contains(name)
    }
}

impl Scan<'_, '_> {
    /// Reads what is said in a directory, and records it if it is not what was said before.
    pub(super) fn sides(&mut self, job: &Job<Tag>, listing: &Listing) -> Result<Sides> {
        let mut sides = Sides::default();
        let is_file = |name: &Name| {
            let found = listing.children.binary_search_by(|child| child.name.cmp(name)).ok();
            found.and_then(|at| listing.children.get(at)).is_some_and(|child| child.stat.kind == Kind::File)
        };
        for child in listing.children.iter().filter(|child| child.stat.kind == Kind::File) {
            let of = child.name.as_bytes().strip_suffix(SUFFIX).and_then(Name::new);
            let Some(name) = of.filter(is_file) else { continue };
            match read_side(job, &child.name) {
                Ok((_, true)) => drop(sides.left_out.insert(name)),
                Ok((said, false)) if said != Settings::NONE => drop(sides.settings.insert(name, said)),
                Ok(_) => {}
                Err(why) => {
                    let place = job.root.real_path(&job.path).join(child.name.as_os_str());
                    self.run.problem(&Problem::new(place.as_os_str().as_bytes(), format_args!("{why}; not heeded")));
                }
            }
        }
        let known = self.said.get(&job.tag.id);
        if known.map_or(!sides.settings.is_empty(), |known| *known != sides.settings) {
            self.run.catalog.put_side_settings(job.tag.id, &sides.settings)?;
            self.run.catalog.raise_generation()?;
        }
        Ok(sides)
    }
}

fn read_side(job: &Job<Tag>, name: &Name) -> std::result::Result<(Settings, bool), String> {
    let path = if job.path.is_empty() { Vec::new() } else { [job.path.as_slice(), b"/"].concat() };
    let file = job.root.open_file(&[&path, name.as_bytes()].concat()).map_err(|error| reason(&error))?;
    let mut text = Vec::new();
    file.take(LARGEST.bytes() + 1).read_to_end(&mut text).map_err(|error| reason(&error))?;
    said(&text)
}

/// What such a file says, and whether it leaves its file out.
fn said(text: &[u8]) -> std::result::Result<(Settings, bool), String> {
    if Size(text.len() as u64) > LARGEST {
        return Err(format!("larger than {LARGEST}"));
    }
    let value: Value = serde_json::from_slice(text).map_err(|error| format!("no JSON: {error}"))?;
    let object = value.as_object().ok_or("no JSON object")?;
    let number = |key: &str, least: u64| match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_u64().filter(|number| *number >= least) {
            Some(number) => Ok(Some(u8::try_from(number).unwrap_or(u8::MAX))),
            None => Err(format!("its {key} is no number from {least} on")),
        },
    };
    let priority = number("priority", 0)?;
    let unbounded = object.get("maxcopies").is_some_and(|value| value == "inf");
    let maxcopies = if unbounded { Some(u8::MAX) } else { number("maxcopies", 1)? };
    Ok((Settings { copies: None, priority: priority.filter(|number| *number > 0), maxcopies }, priority == Some(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_read() {
        let of = |priority, maxcopies| Settings { copies: None, priority, maxcopies };
        let table: [(&str, Settings, bool); 7] = [
            ("{}", Settings::NONE, false),
            (r#"{"priority": 5, "maxcopies": 2, "hash": "lies"}"#, of(Some(5), Some(2)), false),
            (r#"{"priority": 0}"#, Settings::NONE, true),
            (r#"{"maxcopies": "inf"}"#, of(None, Some(255)), false),
            (r#"{"priority": 1000, "maxcopies": 1000}"#, of(Some(255), Some(255)), false),
            (r#"{"priority": null}"#, Settings::NONE, false),
            (r#"{"mood": [1, {"a": 2}]}"#, Settings::NONE, false),
        ];
        for (text, settings, leaves_out) in table {
            assert_eq!(said(text.as_bytes()), Ok((settings, leaves_out)), "{text}");
        }
    }

    #[test]
    fn what_means_nothing_is_refused() {
        let table = ["", "[]", "5", "{", r#"{"priority": -1}"#, r#"{"priority": "5"}"#, r#"{"maxcopies": 0}"#, "\u{0}"];
        for text in table.iter().map(|text| text.as_bytes()).chain([&[0xff_u8, 0xfe][..]]) {
            assert!(said(text).is_err(), "{text:?}");
        }
        assert!(said(&vec![b' '; 70_000]).is_err());
    }
}
