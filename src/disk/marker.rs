//! The file that says which disk this is.

use crate::error::reason;
use crate::model::{Fanout, Kind, SessionStamp, Size};
use crate::os;
use serde::{Deserialize, Serialize};
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};
use uuid::Uuid;

/// The two names a marker may have. Where files are replaced by renaming only the first is
/// used; elsewhere they take turns, so that no write touches the marker that is good.
pub(super) const NAMES: [&str; 2] = ["distbackup-disk.json", "distbackup-disk.2.json"];

/// The layout of a disk that distbackup reads too.
pub const FORMAT: u32 = 1;

/// The newest layout that this program reads: objects lie in other folders.
pub const NEWEST: u32 = 2;

/// No marker is longer.
const LIMIT: Size = Size(64 * 1024);

/// Whether the last session is known to have ended with everything on the medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It runs, or it was cut off.
    Open,
    /// It ended well.
    Clean,
}

/// Who a disk is, and the last session that changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// The disk's identity, wherever it is mounted.
    pub uuid: Uuid,
    /// What a person calls it; as found, so to be escaped when shown.
    pub name: String,
    /// The catalog it belongs to; nothing if distbackup 1.x wrote it.
    pub catalog: Option<Uuid>,
    /// The generation of the newest catalog copy on it.
    pub generation: u64,
    /// Its last session.
    pub session: SessionStamp,
    /// How that session ended.
    pub state: State,
    /// The version of the layout; 0 if distbackup 1.x wrote it.
    pub format: u32,
    /// In which folders its objects lie.
    pub fanout: Fanout,
    /// In which others some still lie, while that is being changed.
    pub before: Option<Fanout>,
}

impl Marker {
    /// The same with objects in these folders, some perhaps still in others.
    #[must_use]
    pub fn in_folders(self, fanout: Fanout, before: Option<Fanout>) -> Self {
        let is_usual = fanout == Fanout::Three && before.is_none();
        Self { fanout, before, format: if is_usual { FORMAT } else { NEWEST }, ..self }
    }
}

/// A marker as it was read, with the number that tells the newer of two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub marker: Marker,
    /// Counts the writes of the marker.
    pub serial: u64,
    /// Which of [`NAMES`] it has.
    pub slot: usize,
}

/// The JSON of the file. What distbackup 1.x did not write has a default.
#[derive(Serialize, Deserialize)]
struct Json {
    uuid: Uuid,
    name: String,
    catalog: Option<Uuid>,
    #[serde(default)]
    generation: u64,
    #[serde(default)]
    session: u64,
    #[serde(default)]
    nonce: String,
    #[serde(default = "unknown")]
    state: State,
    #[serde(default)]
    format: u32,
    #[serde(default)]
    serial: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fanout: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fanout_before: Option<i64>,
}

/// Stands for the folders of distbackup where others are being given up or taken.
const THREE: i64 = -1;

fn number_of(fanout: Fanout) -> i64 {
    fanout.count().map_or(THREE, i64::from)
}

fn fanout_of(number: i64) -> Result<Fanout, Bad> {
    match number {
        THREE => Ok(Fanout::Three),
        number => Fanout::pairs(number).ok_or_else(|| Bad::Unreadable(format!("it says fanout {number}"))),
    }
}

fn unknown() -> State {
    State::Open
}

/// What is wrong with a marker that is there.
#[derive(Debug)]
pub(super) enum Bad {
    /// It cannot be read, or is no marker.
    Unreadable(String),
    /// It could not be read this time.
    Failed(String),
    /// Its format is newer than this program.
    Newer(u32),
}

/// Reads the newest good marker of a data directory; nothing if there is no marker at all.
pub(super) fn read(root: BorrowedFd<'_>) -> Result<Option<Written>, Bad> {
    let mut newest: Option<Written> = None;
    let mut bad = None;
    for (slot, name) in NAMES.into_iter().enumerate() {
        match read_one(root, name) {
            Ok(Some((marker, serial))) if newest.as_ref().is_none_or(|newest| newest.serial < serial) => {
                newest = Some(Written { marker, serial, slot });
            }
            Ok(_) => {}
            // A newer program may have moved the good one: it is not ours to overrule.
            Err(newer @ Bad::Newer(_)) => return Err(newer),
            Err(unreadable) => bad = Some(unreadable),
        }
    }
    match (newest, bad) {
        (None, Some(bad)) => Err(bad),
        (newest, _) => Ok(newest),
    }
}

fn read_one(root: BorrowedFd<'_>, name: &str) -> Result<Option<(Marker, u64)>, Bad> {
    match read_text(root, name) {
        Ok(text) => parse(&text).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if os::is_passing(&error) => Err(Bad::Failed(reason(&error))),
        Err(error) => Err(Bad::Unreadable(reason(&error))),
    }
}

fn read_text(root: BorrowedFd<'_>, name: &str) -> io::Result<Vec<u8>> {
    let file = os::open_file_beneath(root, name.as_bytes())?;
    if os::stat(file.as_fd())?.kind != Kind::File {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut text = Vec::new();
    file.take(LIMIT.bytes() + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LIMIT.bytes() {
        return Err(io::Error::other("it is longer than any marker"));
    }
    Ok(text)
}

fn parse(text: &[u8]) -> Result<(Marker, u64), Bad> {
    let wrong = |what: String| Bad::Unreadable(what);
    let json: Json = serde_json::from_slice(text).map_err(|error| wrong(format!("it is no marker: {error}")))?;
    if json.format > NEWEST {
        return Err(Bad::Newer(json.format));
    }
    let nonce = if json.nonce.is_empty() { "0" } else { &json.nonce };
    let nonce = u64::from_str_radix(nonce, 16).map_err(|_| wrong("its nonce is no hexadecimal number".to_owned()))?;
    let marker = Marker {
        uuid: json.uuid,
        name: json.name,
        catalog: json.catalog,
        generation: json.generation,
        session: SessionStamp { number: json.session, nonce },
        state: json.state,
        format: json.format,
        fanout: json.fanout.map_or(Ok(Fanout::Three), fanout_of)?,
        before: json.fanout_before.map(fanout_of).transpose()?,
    };
    Ok((marker, json.serial))
}

/// The text of a marker's file.
pub(super) fn print(marker: &Marker, serial: u64) -> io::Result<Vec<u8>> {
    let json = Json {
        uuid: marker.uuid,
        name: marker.name.clone(),
        catalog: marker.catalog,
        generation: marker.generation,
        session: marker.session.number,
        nonce: format!("{:016x}", marker.session.nonce),
        state: marker.state,
        format: marker.format,
        serial,
        fanout: (marker.fanout != Fanout::Three).then(|| number_of(marker.fanout)),
        fanout_before: marker.before.map(number_of),
    };
    let mut text = serde_json::to_vec_pretty(&json)?;
    text.push(b'\n');
    Ok(text)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::path::Path;

    pub fn example() -> Marker {
        Marker {
            uuid: Uuid::from_u128(7),
            name: "shelf-01".to_owned(),
            catalog: Some(Uuid::from_u128(8)),
            generation: 3,
            session: SessionStamp { number: 2, nonce: u64::MAX },
            state: State::Clean,
            format: FORMAT,
            fanout: Fanout::Three,
            before: None,
        }
    }

    fn read_in(directory: &Path) -> Result<Option<Written>, Bad> {
        read(os::open_dir(directory).unwrap().as_fd())
    }

    #[test]
    fn what_is_printed_is_read() {
        let fanouts = [(Fanout::Three, None), (Fanout::Pairs(2), None), (Fanout::Pairs(0), Some(Fanout::Three))];
        for (fanout, before) in fanouts.into_iter().chain([(Fanout::Three, Some(Fanout::Pairs(4)))]) {
            let marker = example().in_folders(fanout, before);
            assert_eq!(parse(&print(&marker, 5).unwrap()).unwrap(), (marker, 5));
        }
    }

    #[test]
    fn distbackup_1_markers_are_read() {
        let text = br#"{"uuid": "00000000-0000-0000-0000-000000000007", "name": "a", "extra": [1]}"#;
        let (marker, serial) = parse(text).unwrap();
        assert_eq!((marker.catalog, marker.format, marker.state, serial), (None, 0, State::Open, 0));
    }

    #[test]
    fn a_newer_format_is_not_overruled() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(NAMES[0]), print(&example(), 9).unwrap()).unwrap();
        let newer = Marker { format: NEWEST + 1, ..example() };
        std::fs::write(directory.path().join(NAMES[1]), print(&newer, 1).unwrap()).unwrap();
        assert!(matches!(read_in(directory.path()), Err(Bad::Newer(3))));
    }

    #[test]
    fn the_newest_good_one_counts() {
        let directory = tempfile::tempdir().unwrap();
        assert!(matches!(read_in(directory.path()), Ok(None)));
        std::fs::write(directory.path().join(NAMES[0]), print(&example(), 1).unwrap()).unwrap();
        std::fs::write(directory.path().join(NAMES[1]), print(&example(), 2).unwrap()).unwrap();
        assert_eq!(read_in(directory.path()).unwrap().unwrap().slot, 1);
        std::fs::write(directory.path().join(NAMES[1]), "").unwrap();
        assert_eq!(read_in(directory.path()).unwrap().unwrap().slot, 0);
    }

    #[test]
    fn what_is_no_marker_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(NAMES[0]);
        let long = "[".repeat(70_000);
        for text in ["", "{", "[]", "{\"uuid\": 1}", &long, "\0"] {
            std::fs::write(&path, text).unwrap();
            assert!(matches!(read_in(directory.path()), Err(Bad::Unreadable(_))));
        }
        std::fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", &path).unwrap();
        assert!(matches!(read_in(directory.path()), Err(Bad::Unreadable(_))));
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        assert!(matches!(read_in(directory.path()), Err(Bad::Unreadable(_))));
    }
}
