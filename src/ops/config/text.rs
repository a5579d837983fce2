//! The words of the model as they stand in the document.
//!
//! Paths are escaped as everywhere in JSON; patterns stand as they are written, since backslashes
//! mean something in them.

use super::document::Document;
use crate::model::{DiskName, Fanout, Filter, Rule, Size, VPath, Within, escape, unescape};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::marker::PhantomData;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::str::FromStr;
use uuid::Uuid;

/// A word of the model, written as text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text<T>(pub T);

/// What can be written as text and read back.
pub trait Written: Sized {
    /// As text.
    fn write(&self) -> String;
    /// From text, or why not.
    fn read(text: &str) -> Result<Self, String>;
}

impl<T> From<T> for Text<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: Written> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.write())
    }
}

impl<'de, T: Written> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);
        impl<T: Written> Visitor<'_> for Reader<T> {
            type Value = Text<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Text<T>, E> {
                T::read(text).map(Text).map_err(E::custom)
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Text<T>, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Reader(PhantomData))
    }
}

impl Written for VPath {
    fn write(&self) -> String {
        // With a slash at the end, as distbackup writes folders.
        let text = self.to_string();
        if text.ends_with('/') { text } else { text + "/" }
    }

    fn read(text: &str) -> Result<Self, String> {
        let bytes = unescape(text).ok_or_else(|| format!("{text}: a backslash that means nothing"))?;
        Self::from_bytes(&bytes).map_err(|error| format!("{text}: {error}"))
    }
}

impl Written for PathBuf {
    fn write(&self) -> String {
        escape(self.as_os_str().as_bytes()).into_owned()
    }

    fn read(text: &str) -> Result<Self, String> {
        let bytes = unescape(text).ok_or_else(|| format!("{text}: a backslash that means nothing"))?;
        let path = Self::from(OsString::from_vec(bytes));
        if path.is_absolute() { Ok(path) } else { Err(format!("{text}: a real folder is written from / on")) }
    }
}

impl Written for Uuid {
    fn write(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Result<Self, String> {
        Self::from_str(text).map_err(|_| format!("{text} is no uuid"))
    }
}

impl Written for DiskName {
    fn write(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error| format!("{text}: {error}"))
    }
}

impl Written for Fanout {
    fn write(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error| format!("{text}: {error}"))
    }
}

impl Written for Within {
    fn write(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error| format!("{text}: {error}"))
    }
}

impl Written for Size {
    fn write(&self) -> String {
        let digits = self.bytes().to_string();
        let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group));
        groups.collect::<Vec<_>>().join(",")
    }

    fn read(text: &str) -> Result<Self, String> {
        text.replace(',', "").parse().map_err(|error| format!("{text}: {error}"))
    }
}

/// A rule, as it is written; one that is not text as a list of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleText(pub Rule);

impl Serialize for RuleText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(self.0.text()) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => serializer.collect_seq(self.0.text()),
        }
    }
}

impl<'de> Deserialize<'de> for RuleText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = RuleText;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a rule")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<RuleText, E> {
                Rule::new(text.as_bytes()).map(RuleText).map_err(E::custom)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RuleText, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = seq.next_element::<u8>()? {
                    bytes.push(byte);
                }
                Rule::new(&bytes).map(RuleText).map_err(A::Error::custom)
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// A line as `.gitignore` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line(String);

impl Written for Line {
    fn write(&self) -> String {
        self.0.clone()
    }

    fn read(text: &str) -> Result<Self, String> {
        Filter::new(text, false).map(|_| Self(text.to_owned())).map_err(|error| error.to_string())
    }
}

/// A filter: `{"exclude": "*.o"}` or `{"include": "keep.o"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FilterText {
    /// Leaves out.
    Exclude(Text<Line>),
    /// Takes in.
    Include(Text<Line>),
}

impl FilterText {
    /// Of a filter.
    pub fn of(filter: &Filter) -> Self {
        let pattern = Text(Line(filter.pattern().to_owned()));
        if filter.includes() { Self::Include(pattern) } else { Self::Exclude(pattern) }
    }

    /// The filter.
    pub fn filter(&self) -> Result<Filter, String> {
        let (Self::Exclude(pattern) | Self::Include(pattern)) = self;
        Filter::new(&pattern.0.0, matches!(self, Self::Include(_))).map_err(|error| error.to_string())
    }
}

/// A value that may be missing, null, or there.
#[expect(clippy::option_option, reason = "null takes away what is set, a key that is missing does not")]
pub fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// A map in which no key stands twice: the second would silently win.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unique<K, V>(pub BTreeMap<K, V>);

impl<K: Ord, V> FromIterator<(K, V)> for Unique<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl<K: Serialize, V: Serialize> Serialize for Unique<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, K: Ord + Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Unique<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<K, V>(PhantomData<(K, V)>);
        impl<'de, K: Ord + Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for Reader<K, V> {
            type Value = Unique<K, V>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut found = BTreeMap::new();
                while let Some(key) = map.next_key()? {
                    if found.contains_key(&key) {
                        return Err(A::Error::custom("this is said twice"));
                    }
                    found.insert(key, map.next_value()?);
                }
                Ok(Unique(found))
            }
        }
        deserializer.deserialize_map(Reader(PhantomData))
    }
}

/// A document that cannot be: what is wrong, and on which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadDocument {
    /// The line at fault, from 1 on.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for BadDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl BadDocument {
    /// What is wrong with something of this name, at the first line that names it.
    pub(super) fn of(text: &str, name: &str, what: impl fmt::Display) -> Self {
        let line = text.lines().position(|line| line.contains(name)).map_or(1, |line| line + 1);
        Self { line, what: what.to_string() }
    }
}

impl FromStr for Document {
    type Err = BadDocument;

    fn from_str(text: &str) -> Result<Self, BadDocument> {
        serde_json::from_str(text).map_err(|error| {
            let (what, line) = (error.to_string(), error.line().max(1));
            let end = what.rfind(" at line ").unwrap_or(what.len());
            BadDocument { line, what: what.get(..end).unwrap_or_default().to_owned() }
        })
    }
}
