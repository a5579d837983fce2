//! `dsb ncdu`: the tree in the export format of ncdu, into a file or into the program itself.

use super::args::NcduArguments;
use super::context::Context;
use super::exit::Ending;
use super::tree::{nothing_words, selection};
use super::words;
use crate::catalog::{Catalog, FileRow};
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, DiskSet, Kind as EntryKind, Settings, Size, VPath};
use crate::ops::{self, Folders, Item, Selection};
use crate::os;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::process::{Command, Stdio};

/// Runs it.
pub fn run(context: &Context, arguments: &NcduArguments) -> Result<Ending> {
    let catalog = context.catalog()?;
    let selection = selection(&catalog, &arguments.selection)?;
    let folders = Folders::count(&catalog, &selection)?;
    let tree = Tree { catalog: &catalog, folders: &folders, selection: &selection, from: &arguments.vpath };
    let Some(path) = &arguments.output else {
        if folders.total().all.objects == 0 {
            context.show(|| serde_json::json!({}), || nothing_words(&selection).to_owned())?;
            return Ok(Ending::Done);
        }
        return browse(&tree);
    };
    if path.as_os_str() == "-" {
        context.stream(|out| tree.write(out))?;
    } else {
        let file = File::create(path).map_err(|error| Error::io("write", path, &error))?;
        let mut out = BufWriter::new(file);
        let written = tree.write(&mut out)?.and_then(|()| out.flush());
        written.map_err(|error| Error::io("write", path, &error))?;
    }
    Ok(Ending::Done)
}

/// Hands the tree to ncdu on its standard input; the person sits at the terminal.
fn browse(tree: &Tree<'_>) -> Result<Ending> {
    let mut ncdu = Command::new("ncdu").args(["-f", "-"]).stdin(Stdio::piped()).spawn().map_err(|error| {
        let (kind, what) = match error.kind() {
            io::ErrorKind::NotFound => (Kind::NotFound, "the program ncdu is not installed".to_owned()),
            _ => (Kind::Failed, format!("ncdu cannot be run: {}", crate::error::reason(&error))),
        };
        Error::new(kind, what).next("install the package `ncdu`, or write the tree into a file with -o FILE")
    })?;
    let mut written = Ok(Ok(()));
    if let Some(pipe) = ncdu.stdin.take() {
        let mut out = BufWriter::new(pipe);
        written = tree.write(&mut out).map(|done| done.and_then(|()| out.flush()));
    }
    let ended = ncdu.wait().map_err(|error| Error::new(Kind::Failed, format_args!("ncdu: {error}")))?;
    match written? {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::new(Kind::Failed, format_args!("ncdu takes no more: {}", crate::error::reason(&error))))
        }
        _ if ended.success() => Ok(Ending::Done),
        _ => Err(Error::new(Kind::Failed, format_args!("ncdu ended badly ({ended})"))),
    }
}

/// What is written.
struct Tree<'t> {
    catalog: &'t Catalog,
    folders: &'t Folders,
    selection: &'t Selection,
    from: &'t VPath,
}

impl Tree<'_> {
    /// Writes the export: `[1, 2, {about it}, [{folder}, entry, [{folder} ...] ...]]`. An error of the
    /// catalog ends it; one of whoever reads is handed back.
    fn write(&self, out: &mut dyn Write) -> Result<io::Result<()>> {
        let disks = self.catalog.disks()?;
        let mut failed = None;
        let head = format!(
            "[1,2,{{\"progname\":\"dsb\",\"progver\":\"{}\",\"timestamp\":{}}}",
            env!("CARGO_PKG_VERSION"),
            os::now().seconds()
        );
        if let Err(error) = out.write_all(head.as_bytes()) {
            return Ok(Err(error));
        }
        let mut is_first = true;
        let written = ops::visit_items(self.catalog, self.folders, self.selection, self.from, |item| {
            let bytes = self.item(&item, std::mem::take(&mut is_first), &disks);
            out.write_all(&bytes).map_err(|error| {
                failed = Some(error);
                Error::interrupted()
            })
        });
        match (failed, written) {
            (Some(error), _) => Ok(Err(error)),
            (None, written) => written.map(|()| out.write_all(b"]\n")),
        }
    }

    fn item(&self, item: &Item<'_>, is_first: bool, disks: &[Disk]) -> Vec<u8> {
        let mut out = b",\n".to_vec();
        match item {
            Item::Close => return b"]".to_vec(),
            Item::Open(row) => {
                out.push(b'[');
                let whole = self.from.to_bytes();
                // The topmost name is the whole path: ncdu shows it above the list.
                let name = if is_first { whole.as_slice() } else { row.map_or(&b"/"[..], |row| row.name.as_bytes()) };
                push_name(&mut out, name, "");
                if is_first {
                    out.extend(b",\"dev\":1");
                }
                if let Some(row) = row {
                    push_metadata(&mut out, row);
                }
            }
            Item::Entry(row, settings) => {
                // An export is a folder at the top, even if only a file was asked for.
                if is_first {
                    out.extend(b"[{\"name\":\"/\",\"dev\":1},");
                }
                push_name(&mut out, row.name.as_bytes(), &suffix(row, *settings, self.selection, disks));
                push_file(&mut out, row);
                push_metadata(&mut out, row);
                if is_first {
                    out.extend(b"}]");
                    return out;
                }
            }
        }
        out.push(b'}');
        out
    }
}

/// The disks that have a file, and how well it is set to be protected if that is not the usual.
fn suffix(row: &FileRow, settings: Settings, selection: &Selection, disks: &[Disk]) -> String {
    let names = words::names(DiskSet(row.disks.0 & !selection.dropped.0), disks);
    let mut suffix = if names.is_empty() { String::new() } else { format!(" ({})", names.join(",")) };
    if let Some(priority) = settings.priority.filter(|priority| *priority != 1) {
        suffix += &format!(" (P{priority})");
    }
    if let Some(most) = settings.maxcopies {
        suffix += &format!(" (M{most})");
    }
    suffix
}

/// `{"name":"..."`, bytes that are no text as they are: so ncdu itself writes them.
fn push_name(out: &mut Vec<u8>, name: &[u8], suffix: &str) {
    out.extend(b"{\"name\":\"");
    for byte in name.iter().chain(suffix.as_bytes()) {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', *byte]),
            0..=31 | 127 => out.extend(format!("\\u{byte:04x}").bytes()),
            byte => out.push(*byte),
        }
    }
    out.push(b'"');
}

/// A file with several names counts once in each folder: to ncdu they are hard links.
fn push_file(out: &mut Vec<u8>, row: &FileRow) {
    if row.kind != EntryKind::File {
        out.extend(b",\"notreg\":true");
        return;
    }
    let on_disk = if row.object.is_some() { row.data.round_up(4096) } else { Size::ZERO };
    out.extend(format!(",\"asize\":{},\"dsize\":{}", row.size.bytes(), on_disk.bytes()).bytes());
    if let Some(key) = row.object {
        out.extend(format!(",\"ino\":{}", key.0).bytes());
    }
    if row.names > 1 {
        out.extend(format!(",\"hlnkc\":true,\"nlink\":{}", row.names).bytes());
    }
}

fn push_metadata(out: &mut Vec<u8>, row: &FileRow) {
    let kind = match row.kind {
        EntryKind::File => 0o100_000,
        EntryKind::Directory => 0o040_000,
        EntryKind::Symlink => 0o120_000,
        EntryKind::Fifo => 0o010_000,
        EntryKind::Socket => 0o140_000,
        EntryKind::CharDevice => 0o020_000,
        EntryKind::BlockDevice => 0o060_000,
    };
    let (owner, mtime) = (&row.owner, row.mtime.seconds().max(0));
    let (uid, gid, mode) = (owner.uid, owner.gid, owner.mode | kind);
    out.extend(format!(",\"uid\":{uid},\"gid\":{gid},\"mode\":{mode},\"mtime\":{mtime}").bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_ncdu_writes_them() {
        let table: [(&[u8], &str, &[u8]); 4] = [
            (b"plain", " (a,b)", b"{\"name\":\"plain (a,b)\""),
            (b"a\"b\\c", "", b"{\"name\":\"a\\\"b\\\\c\""),
            (b"n\nl\x7f", "", b"{\"name\":\"n\\u000al\\u007f\""),
            (b"\xff\xc3\xbc", "", b"{\"name\":\"\xff\xc3\xbc\""),
        ];
        for (name, suffix, expected) in table {
            let mut out = Vec::new();
            push_name(&mut out, name, suffix);
            assert_eq!(out, expected, "{name:?}");
        }
    }
}
