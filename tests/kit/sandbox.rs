//! A home of its own, and the real binary run in it.

use super::{Tree, is_root};
use rustix::fs::FlockOperation;
use serde_json::Value;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The binary under test.
const DSB: &str = env!("CARGO_BIN_EXE_dsb");

/// A run that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(180);

/// A temporary directory that is home, working directory and everything else of its test.
pub struct Sandbox {
    dir: TempDir,
}

/// What a run left behind.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Sandbox {
    pub fn new() -> Self {
        Self::below(&std::env::temp_dir())
    }

    /// The same in memory, where the system has a folder for that.
    pub fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { Self::below(memory) } else { Self::new() }
    }

    fn below(folder: &Path) -> Self {
        let dir = tempfile::Builder::new().prefix("dsb-test-").tempdir_in(folder).expect("no temporary directory");
        fs::create_dir(dir.path().join("home")).expect("no home");
        Self { dir }
    }

    /// One source, mapped at `/s`, and these folder disks with budgets, `"a 30M b 40M"`.
    pub fn with_disks(disks: &str) -> Self {
        let sandbox = Self::new();
        sandbox.tree("src");
        sandbox.ok("source map /s src");
        for pair in words(disks).chunks(2) {
            sandbox.add_disk(&pair[0], &pair[1]);
        }
        sandbox
    }

    /// Adds a folder disk `disks/NAME`.
    pub fn add_disk(&self, name: &str, size: &str) -> Ran {
        fs::create_dir_all(self.path("disks")).expect("no folder for disks");
        self.ok(&format!("disk add {name} disks/{name} --size {size}"))
    }

    pub fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.dir.path().join(below)
    }

    /// The data directory of a folder disk.
    pub fn disk(&self, name: &str) -> PathBuf {
        self.path("disks").join(name)
    }

    /// The file of the catalog.
    pub fn catalog(&self) -> PathBuf {
        self.path("home/.config/distbackup/distbackup.sqlite")
    }

    /// A tree to fill.
    pub fn tree(&self, below: &str) -> Tree {
        Tree::new(self.path(below))
    }

    /// The tree that is mapped at `/s`.
    pub fn source(&self) -> Tree {
        self.tree("src")
    }

    /// The binary, with nothing of the tester's environment around it.
    pub fn command(&self) -> Command {
        self.surround(Command::new(DSB))
    }

    /// Makes everything here belong to a user without any rights.
    pub fn give_to_nobody(&self) {
        let changed = Command::new("chown").args(["-R", "65534:65534"]).arg(self.dir.path()).status();
        assert!(changed.expect("no chown").success());
        fs::set_permissions(self.dir.path(), fs::Permissions::from_mode(0o755)).expect("cannot set the mode");
    }

    /// Runs dsb as a user without any rights: whoever is not root is one already.
    pub fn as_nobody(&self, line: &str) -> Ran {
        loop {
            let mut command = if is_root() { self.command_as_nobody() } else { self.command() };
            command.args(words(line));
            let ran = Ran::of(command);
            // A test beside this one that starts a program holds the fresh copy open for an instant.
            if !ran.err.contains("Text file busy") {
                return ran;
            }
        }
    }

    fn command_as_nobody(&self) -> Command {
        let own = self.path("dsb");
        if !own.exists() {
            fs::copy(DSB, &own).expect("cannot copy the binary");
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(own);
        self.surround(command)
    }

    fn surround(&self, mut command: Command) -> Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path).env("HOME", self.path("home")).env("TZ", "UTC");
        command.current_dir(self.dir.path()).stdin(Stdio::null());
        command
    }

    /// Runs dsb with arguments that stand between spaces, and waits.
    pub fn run(&self, line: &str) -> Ran {
        let mut command = self.command();
        command.args(words(line));
        Ran::of(command)
    }

    /// The same, and it must end with 0.
    pub fn ok(&self, line: &str) -> Ran {
        self.code(0, line)
    }

    /// The same, and it must end with this code.
    #[track_caller]
    pub fn code(&self, code: i32, line: &str) -> Ran {
        self.run(line).expect(code, line)
    }

    /// Update and backup of each of these disks, all well.
    pub fn back_up(&self, disks: &str) {
        self.ok("update");
        words(disks).iter().for_each(|disk| drop(self.ok(&format!("backup {disk}"))));
    }

    /// Starts dsb and leaves it running.
    pub fn spawn(&self, line: &str) -> std::process::Child {
        let mut command = self.command();
        command.args(words(line)).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("cannot start dsb")
    }

    /// Takes the lock of a run, as another dsb would, until it is dropped.
    pub fn hold_lock(&self) -> File {
        let path = self.catalog().with_file_name("distbackup.lock");
        let file = File::options().create(true).truncate(false).write(true).open(path).expect("no lock file");
        rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).expect("the lock is taken");
        file
    }

    /// Questions the catalog behind the program's back.
    pub fn sql<T: rusqlite::types::FromSql>(&self, question: &str) -> T {
        let catalog = rusqlite::Connection::open(self.catalog()).expect("no catalog");
        catalog.query_row(question, [], |row| row.get(0)).expect(question)
    }

    /// Changes the catalog behind the program's back.
    pub fn tamper(&self, sql: &str) {
        let catalog = rusqlite::Connection::open(self.catalog()).expect("no catalog");
        catalog.execute_batch(sql).expect(sql);
    }
}

impl Ran {
    /// Runs a command to its end.
    pub fn of(mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().expect("cannot start the command");
        let id = i32::try_from(child.id()).expect("a process id");
        let (done, waiting) = std::sync::mpsc::channel::<()>();
        let watchdog = thread::spawn(move || {
            if waiting.recv_timeout(PATIENCE) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                let id = rustix::process::Pid::from_raw(id).expect("a process id");
                rustix::process::kill_process(id, rustix::process::Signal::KILL).expect("cannot end it");
            }
        });
        let output = child.wait_with_output().expect("cannot wait");
        drop(done);
        watchdog.join().expect("the watchdog");
        Self::from(output)
    }

    /// The code must be this one.
    #[track_caller]
    pub fn expect(self, code: i32, line: &str) -> Self {
        assert_eq!(self.code, code, "dsb {line}\n{}{}", self.out, self.err);
        self
    }

    /// The object on standard output.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in {}", self.out))
    }

    /// Whether a person is told this.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.out.contains(text) || self.err.contains(text), "no {text:?} in\n{}{}", self.out, self.err);
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let code = output.status.code().unwrap_or_else(|| -output.status.signal().unwrap_or_default());
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Self { code, out: text(&output.stdout), err: text(&output.stderr) }
    }
}

/// The words of a line.
pub fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

/// Waits until something holds.
pub fn wait_until(mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain");
        thread::sleep(Duration::from_millis(1));
    }
}
