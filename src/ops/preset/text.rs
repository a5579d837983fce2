//! From a file to sections: TOML, or INI as simple scripts have it.

use super::Preset;
use super::values::{Said, Values};
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
    pub preset: Said<Preset>,
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
    let is_toml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    let sections = sections_of(&text, is_toml).map_err(|why| wrong(path, &why))?;
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

/// What is not TOML is read as INI, unless it was meant to be TOML.
fn sections_of(text: &str, is_toml: bool) -> Said<Vec<Section>> {
    // Editors of other systems put a mark before the first character.
    let text = text.trim_start_matches('\u{feff}');
    let unreadable = match text.parse::<Table>() {
        Ok(table) => return from_toml(table),
        Err(error) => error,
    };
    // With a key that is there twice all of it is TOML but for this.
    if is_toml || looks_like_toml(text) || unreadable.message().contains("duplicate key") {
        return Err(words_of(&unreadable, text));
    }
    // A backslash and a quote are characters like others: paths and commands stand as they are.
    let plain = ParseOption { enabled_quote: false, enabled_escape: false, ..ParseOption::default() };
    let ini = Ini::load_from_str_opt(text, plain);
    ini.map(|ini| from_ini(&ini)).map_err(|error| format!("line {}: {}", error.line + 1, error.msg))
}

/// Whether a folder stands in quotes or in a list: no path in an INI file does.
fn looks_like_toml(text: &str) -> bool {
    let is_folder = |key: &str| ["source", "destination"].iter().any(|folder| key.eq_ignore_ascii_case(folder));
    let is_quoted =
        |(key, value): (&str, &str)| is_folder(key.trim()) && value.trim_start().starts_with(['"', '\'', '[']);
    text.lines().filter_map(|line| line.split_once('=')).any(is_quoted)
}

fn words_of(error: &toml::de::Error, text: &str) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    format!("line {}: {}", before.matches('\n').count() + 1, error.message().replace('\n', ", "))
}

/// What a section says, by its name.
type Spoken = (String, Said<Values>);

fn from_toml(table: Table) -> Said<Vec<Section>> {
    let section = |(name, value)| match value {
        Value::Table(keys) => Ok((name, values_of(keys))),
        _ => Err(format!("{name} stands before the first section: a preset begins with [name]")),
    };
    Ok(sections(table.into_iter().map(section).collect::<Said<_>>()?))
}

fn values_of(keys: Table) -> Said<Values> {
    let mut values = Values::default();
    keys.into_iter().try_for_each(|(key, value)| values.toml(&key, value))?;
    Ok(values)
}

fn from_ini(ini: &Ini) -> Vec<Section> {
    let written = ini.iter().filter(|(name, keys)| name.is_some() || !keys.is_empty());
    let read = |(name, keys): (Option<&str>, &ini::Properties)| {
        let mut values = Values::default();
        keys.iter().for_each(|(key, value)| values.line(key, value.to_owned()));
        (name.unwrap_or_default().to_owned(), Ok(values))
    };
    sections(written.map(read).collect())
}

/// The section whose lines are those of all others, for who has none of its own: Python's word.
const COMMON: &str = "DEFAULT";

/// Presets, each with what is said for all of them.
fn sections(read: Vec<Spoken>) -> Vec<Section> {
    let (common, own): (Vec<_>, Vec<_>) = read.into_iter().partition(|(name, _)| name == COMMON);
    let common = common.into_iter().try_fold(Values::default(), |all, (_, values)| Ok(all.or(&values?)));
    let section = |(name, values): Spoken| {
        let whole = common.as_ref().map_err(|why: &String| format!("[{COMMON}]: {why}"));
        let preset = whole.and_then(|common| values?.or(common).preset(&name));
        Section { name, preset }
    };
    own.into_iter().map(section).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn only(text: &str) -> Said<Preset> {
        sections_of(text, false)?.remove(0).preset
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
    fn what_python_reads_is_read() {
        let text =
            "[DEFAULT]\nDestination = /b\nexclude = *.tmp\n\n[one]\nSource: /a\n[two]\nSOURCE = /c\ndestination = /d\n";
        let read: Vec<_> = sections_of(text, false).unwrap().into_iter().map(|one| one.preset.unwrap()).collect();
        let names: Vec<_> = read.iter().map(|preset| preset.name.as_str()).collect();
        assert_eq!(names, ["one", "two"]);
        assert_eq!((&read[0].sources, &read[0].destinations), (&vec!["/a".into()], &vec!["/b".into()]));
        assert_eq!((&read[1].destinations, read[1].exclude.len()), (&vec![PathBuf::from("/d")], 1));
        let said = only("[DEFAULT]\nsource = 3\n[one]\ndestination = '/b'").unwrap_err();
        assert!(said.contains("[DEFAULT]: source is a text in quotes"), "{said}");
    }

    #[test]
    fn what_was_meant_to_be_toml_is_told_what_toml_says() {
        let table = [
            ("[a]\nsource = '/a'\ndestination = '/b\n", "line 3: "),
            ("[a]\nsource = [\n  '/a',\n  '/b'\ndestination = '/c'\n", "line 5: "),
            ("[a]\nsource = \"/a\"\ndestination = /b\n", "line 3: "),
            ("[a]\nsource = '/a'\ndestination = '/b'\nkeep_daily = seven\n", "line 4: "),
        ];
        for (text, line) in table {
            let said = only(text).unwrap_err();
            assert!(said.starts_with(line) && !said.contains("it has no"), "{text}: {said}");
        }
        let said = sections_of("[a]\nsource = /a\n", true).unwrap_err();
        assert!(said.starts_with("line 2: "), "{said}");
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
            ("[a]\nsource = 3\ndestination = '/b'", "source is a text in quotes"),
            ("[a]\nsource = '/a'\ndestination = '/b'\nexclude = [1]", "exclude is a text in quotes"),
            ("x = 1", "[name]"),
        ];
        for (text, word) in table {
            let said = only(text).unwrap_err();
            assert!(said.contains(word), "{text}: {said}");
        }
        assert!(only("[a\nsource").is_err());
    }
}
