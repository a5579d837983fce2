//! Running programs, and how much memory they took.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// dsb with one catalog.
#[derive(Clone, Debug)]
pub struct Dsb {
    pub catalog: PathBuf,
}

impl Dsb {
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dsb"));
        command.arg("-q").arg("-d").arg(&self.catalog).env_remove("DISTBACKUP_PATH");
        command
    }

    pub fn run<S: AsRef<OsStr>>(&self, words: &[S]) {
        ok(self.command().args(words));
    }

    /// Begins anew with the catalog of another.
    pub fn copy_of(&self, other: &Self) {
        let _ = std::fs::remove_dir_all(&self.catalog);
        std::fs::create_dir_all(&self.catalog).expect("a folder for the catalog");
        let name = dsb::catalog::FILE_NAME;
        std::fs::copy(other.catalog.join(name), self.catalog.join(name)).expect("a catalog that is at rest");
    }
}

/// Runs a program that must succeed; its output goes nowhere.
pub fn ok(command: &mut Command) {
    let ran = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).output();
    let ran = ran.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(ran.status.success(), "{command:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

/// Runs a line of shell over paths, `$1` and `$2` in it.
pub fn shell(line: &str, paths: &[&Path]) {
    ok(Command::new("sh").arg("-c").arg(line).arg("sh").args(paths));
}

/// Runs a program that must succeed; the most memory it ever had, in bytes.
pub fn memory(command: &mut Command) -> u64 {
    let mut child = command.stdout(Stdio::null()).spawn().expect("a program that can be run");
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut most = 0;
    loop {
        // The kernel keeps the peak; only what comes after the last look is missed.
        most = field(&status, "VmHWM:").unwrap_or(most).max(most);
        if let Some(ended) = child.try_wait().expect("a child that can be waited for") {
            assert!(ended.success(), "{command:?}");
            return most;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// A field of a `status` file of the kernel, in bytes.
pub fn field(status: &Path, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|number| number * 1024)
}

/// Whether a program is installed.
pub fn is_installed(name: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(name).is_file())
}
