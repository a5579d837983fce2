//! A file, or a file descriptor that whoever started the program left open for it.

use crate::error::{Error, Kind, Result};
use crate::os;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::Path;

/// `O_ACCMODE` and `O_CLOEXEC`, as `/proc` prints them.
const ACCESS: u32 = 0o3;
const CLOSED_AT_EXEC: u32 = 0o2_000_000;

/// Opens what is written to: `@N` is a descriptor, anything else a new file. To be asked before
/// anything else is opened.
pub fn open(text: &OsStr) -> Result<File> {
    let Some(number) = text.to_str().and_then(|text| text.strip_prefix('@')) else {
        let path = Path::new(text);
        return File::create(path).map_err(|error| Error::io("write", path, &error));
    };
    let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    let parsed = number.parse::<u32>().ok().filter(|_| is_number);
    let number = parsed.ok_or_else(|| wrong(&format!("@{number} is no file descriptor")))?;
    let flags = flags(number).ok_or_else(|| wrong(&format!("the file descriptor {number} is not open")))?;
    // What the program opened by itself is closed at exec: it was not meant, and may be the catalog.
    if flags & CLOSED_AT_EXEC != 0 {
        return Err(wrong(&format!("the file descriptor {number} was not handed over")));
    }
    if flags & ACCESS == 0 {
        return Err(wrong(&format!("the file descriptor {number} is not open for writing")));
    }
    os::open_by_number(number).map_err(|error| {
        Error::new(Kind::Failed, format_args!("the file descriptor {number}: {}", crate::error::reason(&error)))
    })
}

fn flags(number: u32) -> Option<u32> {
    let info = fs::read_to_string(format!("/proc/self/fdinfo/{number}")).ok()?;
    let flags = info.lines().find_map(|line| line.strip_prefix("flags:"))?;
    u32::from_str_radix(flags.trim(), 8).ok()
}

fn wrong(what: &str) -> Error {
    Error::new(Kind::Usage, what).next("open it in the shell: -e @3 3>FILE")
}
