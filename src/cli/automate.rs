//! `dsb automate`: what is in contrib/, filled in for this machine.

use super::args::{AutomateArguments, Automation};
use super::context::Context;
use super::disk::warn;
use super::exit::Ending;
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, escape};
use crate::os;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// All there is, and the text of each.
const ALL: [(Automation, &str); 6] = [
    (Automation::Service, include_str!("../../contrib/dsb.service")),
    (Automation::Timer, include_str!("../../contrib/dsb.timer")),
    (Automation::Udev, include_str!("../../contrib/90-dsb.rules")),
    (Automation::Plugged, include_str!("../../contrib/dsb-plugged@.service")),
    (Automation::Script, include_str!("../../contrib/dsb-plugged")),
    (Automation::Cron, include_str!("../../contrib/crontab")),
];

/// Runs it.
pub fn run(context: &Context, arguments: &AutomateArguments) -> Result<Ending> {
    let words = Words::here(context, arguments)?;
    let wanted = ALL.iter().filter(|(what, _)| arguments.what.is_none_or(|wanted| wanted == *what));
    let texts: Vec<String> = wanted.map(|(what, text)| words.fill(*what, text)).collect::<Result<_>>()?;
    context.print(&texts.join("\n"))?;
    let left_out = words.left_out();
    if arguments.what.is_none_or(|what| what == Automation::Udev) && !left_out.is_empty() {
        warn(&format!("no rule for {}: the system did not say the UUID of its file system", left_out.join(", ")));
    }
    Ok(Ending::Done)
}

/// What stands for the signs in the texts.
struct Words {
    user: String,
    dsb: String,
    catalog: String,
    presets: String,
    disks: Vec<Disk>,
}

impl Words {
    fn here(context: &Context, arguments: &AutomateArguments) -> Result<Self> {
        let program = std::env::current_exe().map_err(|error| {
            Error::new(Kind::Failed, format_args!("where dsb is: {}", crate::error::reason(&error)))
        })?;
        let absolute = |path: &Path| std::path::absolute(path).map_err(|error| Error::io("find", path, &error));
        let presets = arguments.presets.iter().map(|path| plain(&absolute(path)?)).collect::<Result<Vec<_>>>()?;
        Ok(Self {
            user: os::own_name(),
            dsb: plain(&program)?,
            catalog: plain(context.folder()?)?,
            presets: presets.join(" "),
            disks: context.catalog().and_then(|catalog| catalog.disks()).unwrap_or_default(),
        })
    }

    fn fill(&self, what: Automation, text: &str) -> Result<String> {
        let text = text.replace("@USER@", &self.user).replace("@DSB@", &self.dsb);
        let text = text.replace("@CATALOG@", &self.catalog).replace("@PRESETS@", &self.presets);
        if what == Automation::Udev { self.rules(&text) } else { Ok(text) }
    }

    /// What no rule can know when it is plugged in.
    fn left_out(&self) -> Vec<&str> {
        let unknown = self.disks.iter().filter(|disk| disk.medium.fs_uuid.is_empty());
        unknown.map(|disk| disk.name.as_str()).collect()
    }

    /// The line that stands for all disks, once for each of them.
    fn rules(&self, text: &str) -> Result<String> {
        let mut out = String::new();
        let known: Vec<&Disk> = self.disks.iter().filter(|disk| !disk.medium.fs_uuid.is_empty()).collect();
        for line in text.lines() {
            if !line.contains("@FS_UUID@") {
                out += &format!("{line}\n");
                continue;
            }
            for disk in &known {
                let line = line.replace("@FS_UUID@", &disk.medium.fs_uuid);
                out += &format!("{}\n", line.replace("@DISK@", &unit_name(disk.name.as_str())));
            }
        }
        if known.is_empty() {
            let what = "no disk of the shelf has a file system that can be known when it is plugged in";
            return Err(Error::new(Kind::NotFound, what).next("add the disks first: `dsb disk add NAME PATH`"));
        }
        Ok(out)
    }
}

/// A path that needs no quoting in any of the formats.
fn plain(path: &Path) -> Result<String> {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+,:=@".contains(byte);
    let bytes = path.as_os_str().as_bytes();
    match path.to_str() {
        Some(text) if bytes.iter().all(is_plain) => Ok(text.to_owned()),
        _ => Err(Error::new(
            Kind::Usage,
            format_args!("{}: a unit or a line of cron cannot hold this path", escape(bytes)),
        )
        .next("use one of letters, digits and . _ - for what runs by itself")),
    }
}

/// As systemd writes a name in the name of a unit.
fn unit_name(name: &str) -> String {
    let written = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b':' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("\\x{other:02x}"),
    };
    name.bytes().map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_systemd_does() {
        assert_eq!(unit_name("shelf-01"), "shelf\\x2d01");
        assert_eq!(unit_name("große"), "gro\\xc3\\x9fe");
    }

    #[test]
    fn a_path_that_would_need_quotes_is_refused() {
        assert!(plain(Path::new("/etc/dsb/presets.ini")).is_ok());
        for path in ["/a b", "/a'b", "/a%b", "/ä", "/a\"b"] {
            assert_eq!(plain(Path::new(path)).unwrap_err().kind(), Kind::Usage, "{path}");
        }
    }
}
