//! From a file to sections: TOML, or INI as simple scripts have it.

use super::Preset;
use super::values::Values;
use crate::error::{Error, Kind, Result};
use ini::{Ini, ParseOption};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use toml::{Table, Value};

/// A section: a preset, or what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name.
    pub name: String,
    /// What it says.
    pub preset: std::result::Result<Preset, String>,
}

/// The longest file that is read: one that is longer is none of presets.
const LONGEST: u64 = 1 << 20;

/// Reads the sections of a file of presets, in their order.
pub fn read_presets(path: &Path) -> Result<Vec<Section>> {
    let failed = |error: &std::io::Error| Error::io("read the presets in", path, error);
    let mut text = String::new();
    let file = File::open(path).map_err(|error| failed(&error))?;
    file.take(LONGEST + 1).read_to_string(&mut text).map_err(|error| failed(&error))?;
    if text.len() as u64 > LONGEST {
        return Err(wrong(path, "is too long for a file of presets"));
    }
    let sections = sections_of(&text).map_err(|why| wrong(path, &why))?;
    if sections.is_empty() {
        return Err(wrong(path, "has no section: a preset begins with [name]"));
    }
    Ok(sections)
}

fn wrong(path: &Path, why: &str) -> Error {
    let shown = crate::model::escape(std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str())).into_owned();
    Error::new(Kind::Usage, format_args!("{shown}: {why}"))
        .next("two lines are enough: `source = FOLDER` and `destination = FOLDER-ON-A-DISK` below a `[name]`")
}

/// What is not TOML is read as INI; if it is neither, what TOML says is the better help where values
/// are quoted.
fn sections_of(text: &str) -> std::result::Result<Vec<Section>, String> {
    // Editors of other systems put a mark before the first character.
    let text = text.trim_start_matches('\u{feff}');
    let unreadable = match text.parse::<Table>() {
        Ok(table) => return from_toml(table),
        // All of it is TOML but for this.
        Err(error) if error.message().contains("duplicate key") => return Err(error.message().to_owned()),
        Err(error) => error.message().to_owned(),
    };
    // A backslash and a quote are characters like others: paths and commands stand as they are.
    let plain = ParseOption { enabled_quote: false, enabled_escape: false, ..ParseOption::default() };
    Ini::load_from_str_opt(text, plain).map(|ini| from_ini(&ini)).map_err(|error| {
        if text.contains('"') { unreadable } else { format!("line {}: {}", error.line + 1, error.msg) }
    })
}

fn from_toml(table: Table) -> std::result::Result<Vec<Section>, String> {
    let section = |(name, value)| match value {
        Value::Table(keys) => Ok(section_of(name, |values| keys.into_iter().try_for_each(|(k, v)| values.toml(&k, v)))),
        _ => Err(format!("{name} stands before the first section: a preset begins with [name]")),
    };
    table.into_iter().map(section).collect()
}

fn from_ini(ini: &Ini) -> Vec<Section> {
    let sections = ini.iter().filter(|(name, keys)| name.is_some() || !keys.is_empty());
    let read = |(name, keys): (Option<&str>, &ini::Properties)| {
        let lines = keys.iter().map(|(key, value)| (key.to_owned(), value.to_owned()));
        section_of(name.unwrap_or_default().to_owned(), |values| {
            lines.for_each(|(key, value)| values.line(key, value));
            Ok(())
        })
    };
    sections.map(read).collect()
}

fn section_of(name: String, fill: impl FnOnce(&mut Values) -> std::result::Result<(), String>) -> Section {
    let mut values = Values::default();
    let preset = fill(&mut values).and_then(|()| values.preset(&name));
    Section { name, preset }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn only(text: &str) -> std::result::Result<Preset, String> {
        sections_of(text)?.remove(0).preset
    }

    #[test]
    fn two_lines_are_enough() {
        let preset = only("[home]\nsource = /home/me/my \"files\"\ndestination = /mnt/backup\n").unwrap();
        assert_eq!((preset.name.as_str(), preset.sources), ("home", vec![PathBuf::from("/home/me/my \"files\"")]));
        assert_eq!(preset.destinations, [PathBuf::from("/mnt/backup")]);
    }

    #[test]
    fn both_formats_say_the_same() {
        let toml = "[h]\nsource = ['/a', '/b']\ndestination = 'shelf-01'\nexclude = ['*.tmp', '/a/x']\nkeep_daily = 7\n\
                    keep_within = '90d'\nsame_device = true\nbefore = 'mount /a'\nsize = '7T'";
        let ini = "[h]\nsource = /a\nsource = /b\ndestination = shelf-01\nexclude = *.tmp\nexclude = /a/x\n\
                   keep_daily = 7\nkeep_within = 90d\nsame_device = yes\nbefore = mount /a\nsize = 7T";
        let (toml, ini) = (only(toml).unwrap(), only(ini).unwrap());
        assert_eq!(toml, ini);
        assert_eq!(toml.retention.unwrap().keep, [0, 7, 0, 0, 0]);
    }

    #[test]
    fn a_file_of_another_system_is_read() {
        let preset = only("\u{feff}[home]\r\nsource = /home/me\r\ndestination = /mnt/b\r\n").unwrap();
        assert_eq!((preset.name.as_str(), preset.sources), ("home", vec![PathBuf::from("/home/me")]));
        assert_eq!(only("\u{feff}[h]\r\nsource = '/a'\r\ndestination = '/b'\r\n").unwrap().name, "h");
        assert_eq!(read_presets(Path::new("/dev/zero")).unwrap_err().kind(), Kind::Usage);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let table = [
            ("[a]\nsource = '/a'\nsource = '/b'", "duplicate key"),
            ("[a]\nsource = /a", "destination"),
            ("[a]\ndestination = /a", "source"),
            ("[a]\nsource = /a\ndestination = /b\nexcludes = x", "excludes"),
            ("[a]\nsource = relative\ndestination = /b\nkeep_daily = many", "keep_daily"),
            ("[a/b]\nsource = /a\ndestination = /b", "a/b"),
            ("[a]\nsource = /a\ndestination = /b\nexclude_defaults = everything", "everything"),
            ("[a]\nsource = /a\ndestination = /b\nsame_device = perhaps", "same_device"),
            ("[a]\nsource = {x = 1}\ndestination = '/b'", "source"),
            ("x = 1", "[name]"),
        ];
        for (text, word) in table {
            let said = only(text).unwrap_err();
            assert!(said.contains(word), "{text}: {said}");
        }
        assert!(only("[a\nsource").is_err());
    }
}
