//! What every command has: where the catalog is, how much to say, where to say it.

use super::args::Arguments;
use super::terminal::Terminal;
use crate::catalog::Catalog;
use crate::error::{Error, Kind, Result};
use crate::os;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::io::{self, BufWriter, Stdout, Write};
use std::path::{Path, PathBuf};

/// One run of the program.
pub struct Context {
    folder: PathBuf,
    json: bool,
    quiet: bool,
    verbose: u8,
    terminal: Terminal,
    out: RefCell<BufWriter<Stdout>>,
    /// Whoever read our output has left: nothing more is written, and that is no failure.
    closed: Cell<bool>,
}

impl Context {
    /// From the arguments and the environment.
    pub fn new(arguments: &Arguments) -> Result<Self> {
        Ok(Self {
            folder: folder(arguments.folder.as_deref())?,
            json: arguments.json,
            quiet: arguments.quiet,
            verbose: arguments.verbose,
            terminal: Terminal::new(arguments.quiet || arguments.json, arguments.verbose)?,
            out: RefCell::new(BufWriter::new(io::stdout())),
            closed: Cell::new(false),
        })
    }

    /// The catalog, which must be there.
    pub fn catalog(&self) -> Result<Catalog> {
        Catalog::open(&self.folder)
    }

    /// The catalog, made if it is the first time.
    pub fn new_catalog(&self) -> Result<Catalog> {
        Catalog::open_or_create(&self.folder, os::now())
    }

    /// Where the catalog is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where long jobs tell of themselves.
    pub fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    /// Whether a program reads the output.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Whether the person wants details.
    pub fn is_verbose(&self) -> bool {
        self.verbose > 0
    }

    /// Prints a command's result: JSON for a program, words for a person.
    pub fn show(&self, json: impl FnOnce() -> Value, words: impl FnOnce() -> String) -> Result<()> {
        self.terminal.clear();
        if self.json {
            self.print(&format!("{:#}\n", json()))
        } else if self.quiet {
            Ok(())
        } else {
            self.print(&words())
        }
    }

    /// Writes to standard output.
    pub fn print(&self, text: &str) -> Result<()> {
        if self.closed.get() {
            return Ok(());
        }
        let written = self.out.borrow_mut().write_all(text.as_bytes());
        self.told(written)
    }

    /// Lets work write bytes to standard output as it goes.
    pub fn stream(&self, work: impl FnOnce(&mut dyn Write) -> Result<io::Result<()>>) -> Result<()> {
        let written = work(&mut *self.out.borrow_mut())?;
        self.told(written)
    }

    /// Writes out what waits.
    pub fn flush(&self) -> Result<()> {
        if self.closed.get() {
            return Ok(());
        }
        let flushed = self.out.borrow_mut().flush();
        self.told(flushed)
    }

    /// Takes the progress bar off the screen.
    pub fn finish(&self) {
        self.terminal.clear();
    }

    fn told(&self, written: io::Result<()>) -> Result<()> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed.set(true);
                Ok(())
            }
            written => written.map_err(|error| {
                Error::new(Kind::Failed, format_args!("standard output: {}", crate::error::reason(&error)))
            }),
        }
    }
}

fn folder(given: Option<&Path>) -> Result<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let standard = || {
        let configuration = variable("XDG_CONFIG_HOME").or_else(|| Some(variable("HOME")?.join(".config")))?;
        Some(configuration.join("distbackup"))
    };
    let folder = given.map(Path::to_owned).or_else(|| variable("DISTBACKUP_PATH")).or_else(standard);
    let folder = folder.ok_or_else(|| {
        Error::new(Kind::Usage, "no home directory is set, so the catalog has no place")
            .next("give it one with -d FOLDER")
    })?;
    std::path::absolute(&folder).map_err(|error| Error::io("find", &folder, &error))
}
