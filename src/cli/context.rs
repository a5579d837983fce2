//! What every command has: where the catalog is, how much to say, where to say it.

use super::args::{Arguments, Command};
use super::exit::Ending;
use super::log::{self, Severity};
use super::terminal::{Terminal, tell};
use super::words;
use crate::catalog::{Catalog, Explained, FILE_NAME, Statements};
use crate::disk::Attached;
use crate::error::{Error, Kind, Result};
use crate::model::escape;
use crate::progress::Progress;
use crate::{ops, os};
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::io::{self, BufWriter, Stdout, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Output that is written at a time: standard output by itself has little more than a page.
const BUFFER: usize = 1 << 16;

/// One run of the program.
pub struct Context {
    /// Without a home there is none; a disk alone needs none.
    folder: Result<PathBuf>,
    /// The folder is a backup disk: its catalog copy is only read.
    on_disk: bool,
    json: bool,
    quiet: bool,
    verbose: u8,
    /// Nothing is to be changed; what would be is tried out in a scratch copy of the catalog.
    rehearses: bool,
    /// Whether the command may change something.
    changes: bool,
    /// Where that is logged.
    log: Option<PathBuf>,
    /// The person said where: then it must be possible.
    must_log: bool,
    /// What catalogs were asked, if the person wants to know.
    statements: Option<Statements>,
    terminal: Terminal,
    out: RefCell<BufWriter<Stdout>>,
    /// Whoever read our output has left: nothing more is written, and that is no failure.
    closed: Cell<bool>,
}

impl Context {
    /// From the arguments and the environment.
    pub fn new(arguments: &Arguments) -> Result<Self> {
        let folder = folder(arguments.folder.as_deref());
        let known = folder.as_deref().ok();
        let changes = arguments.command.changes();
        let on_disk = known.is_some_and(|folder| Attached::open(folder).is_ok());
        if let (Some(folder), true) = (known, on_disk && changes && !matches!(arguments.command, Command::Restore(_))) {
            let folder = shown(folder);
            let what = format!("{folder} is a backup disk: the catalog copy on it is only read");
            return Err(Error::new(Kind::Refused, what).next(format_args!(
                "to go on with what it knows, make a catalog of it: `dsb catalog recover --from {folder}`"
            )));
        }
        let is_logged = changes && !arguments.noaction && !on_disk;
        Ok(Self {
            log: known.filter(|_| is_logged).and_then(|folder| log_of(arguments, folder)),
            must_log: arguments.log.is_some(),
            folder,
            on_disk,
            json: arguments.json,
            quiet: arguments.quiet,
            verbose: arguments.verbose,
            rehearses: arguments.noaction,
            changes,
            statements: arguments.explain.then(Statements::default),
            terminal: Terminal::new(arguments.quiet || arguments.json, arguments.verbose)?,
            out: RefCell::new(BufWriter::with_capacity(BUFFER, io::stdout())),
            closed: Cell::new(false),
        })
    }

    /// The catalog, which must be there.
    pub fn catalog(&self) -> Result<Catalog> {
        let catalog = match (self.on_disk, self.rehearses) {
            (true, _) => ops::catalog_on(&Attached::open(self.folder()?)?)?,
            (false, true) => Catalog::open_scratch(self.folder()?)?,
            (false, false) => Catalog::open(self.folder()?)?,
        };
        self.opened(catalog)
    }

    /// The catalog, made if it is the first time.
    pub fn new_catalog(&self) -> Result<Catalog> {
        let open = if self.rehearses { Catalog::open_or_create_scratch } else { Catalog::open_or_create };
        self.opened(open(self.folder()?, os::now())?)
    }

    /// The log begins only here: a folder that is refused is left as it was.
    fn opened(&self, mut catalog: Catalog) -> Result<Catalog> {
        if let Some(log) = self.log.as_ref().filter(|_| !self.terminal.log().has_file()) {
            let typed = std::env::args_os().skip(1);
            let typed: Vec<_> = typed.map(|word| escape(word.as_bytes()).into_owned()).collect();
            match self.terminal.log().begin(log, &format!("dsb {}", typed.join(" "))) {
                Err(error) if !self.must_log => {
                    self.terminal.note(&format!("dsb: warning: {error}; going on without a log"));
                }
                begun => begun?,
            }
        }
        if self.changes
            && !self.on_disk
            && let Some(frail) = catalog.frail_home()
        {
            self.terminal.note(&words::wrapped(&format!("dsb: warning: {frail}")));
        }
        if let Some(statements) = &self.statements {
            catalog.gather(Statements::clone(statements))?;
        }
        Ok(catalog)
    }

    /// Says of options that are taken for distbackup's sake that they do nothing.
    pub fn tell_dead(&self, options: &[&str]) {
        options.iter().for_each(|option| self.terminal.note(&format!("dsb: {option} does nothing")));
    }

    /// Whether nothing is to be changed, only told.
    pub fn rehearses(&self) -> bool {
        self.rehearses
    }

    /// Whether the catalog is the copy on a disk that may be a stranger's.
    pub fn is_on_disk(&self) -> bool {
        self.on_disk
    }

    /// Where the catalog is.
    pub fn folder(&self) -> Result<&Path> {
        let again = |error: &Error| Error::new(error.kind(), error.what()).next(error.next_step().unwrap_or_default());
        self.folder.as_deref().map_err(again)
    }

    /// Where long jobs tell of themselves.
    pub fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    /// Whether only what went wrong is told.
    pub fn is_quiet(&self) -> bool {
        self.quiet
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
        let words = (self.terminal.log().is_open() || !(self.json || self.quiet)).then(words).unwrap_or_default();
        self.terminal.log().line(&words);
        if self.json {
            self.print(&format!("{:#}\n", json()))
        } else if self.quiet {
            Ok(())
        } else {
            self.print(&words)
        }
    }

    /// Writes one line of very many to standard output; fails once nobody reads there.
    pub fn list(&self, text: &str) -> Result<()> {
        self.print(text)?;
        if self.closed.get() { Err(Error::new(Kind::Interrupted, "nobody reads standard output")) } else { Ok(()) }
    }

    /// Writes to standard output. That nobody reads there is no failure.
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

    /// The end: the bar leaves the screen, and what was asked for beside the result is told.
    pub fn finish(&self, ending: &Result<Ending>) {
        self.terminal.clear();
        if let Some(statements) = &self.statements {
            self.explain(statements);
        }
        if self.rehearses && self.changes && ending.is_ok() && !self.quiet {
            tell("dsb: nothing was changed (-n)");
        }
        let (severity, how) = match ending {
            Ok(Ending::Done) => (Severity::Information, Ending::Done.word().to_owned()),
            Ok(Ending::Incomplete) => (Severity::Warning, Ending::Incomplete.word().to_owned()),
            Ok(Ending::Damage) => (Severity::Error, Ending::Damage.word().to_owned()),
            Err(error) => (Severity::Error, error.to_string()),
        };
        self.terminal.log().lines(severity, &format!("ended: {how}"));
    }

    fn explain(&self, statements: &Statements) {
        let catalog = self.folder().and_then(Catalog::open_scratch);
        match catalog.and_then(|catalog| catalog.explain(statements)) {
            Ok(explained) => explained.iter().for_each(|Explained { sql, steps }| {
                tell(sql);
                steps.iter().for_each(|step| tell(&format!("    {step}")));
            }),
            Err(error) => tell(&format!("dsb: --explain: {error}")),
        }
    }

    /// How a command ended: whoever closed the pipe that a list goes into has read enough.
    pub fn ended(&self, ending: Result<Ending>) -> Result<Ending> {
        let has_read_enough = |error: &Error| self.closed.get() && error.kind() == Kind::Interrupted;
        ending.or_else(|error| if has_read_enough(&error) { Ok(Ending::Done) } else { Err(error) })
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

/// Where a command that changes something is logged, if it is.
fn log_of(arguments: &Arguments, folder: &Path) -> Option<PathBuf> {
    let standard = || folder.join("log/log-@@.txt").into_os_string();
    let pattern = arguments.log.clone().unwrap_or_else(standard);
    (!arguments.nolog && !pattern.is_empty()).then(|| log::path_of(&pattern))
}

fn shown(path: &Path) -> String {
    escape(path.as_os_str().as_bytes()).into_owned()
}

/// The catalog's folder: the one given, else what the environment says.
pub fn folder(given: Option<&Path>) -> Result<PathBuf> {
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
    let folder = std::path::absolute(&folder).map_err(|error| Error::io("find", &folder, &error))?;
    match (
        given.is_some() && folder.is_file(),
        folder.file_name().is_some_and(|name| name == FILE_NAME),
        folder.parent(),
    ) {
        (false, ..) => Ok(folder),
        (true, true, Some(parent)) => Ok(parent.to_owned()),
        _ => Err(Error::new(
            Kind::Usage,
            format_args!("{} is a file; a catalog is a folder's {FILE_NAME}", shown(&folder)),
        )
        .next("give the folder with -d")),
    }
}
