//! A person's own editor, and what becomes of what they wrote.

use super::terminal;
use crate::error::{Error, Kind, Result};
use std::env;
use std::fs::{self, OpenOptions};
use std::io::{IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::Command;

/// How texts are edited.
pub struct Editor {
    command: String,
    file: PathBuf,
}

impl Editor {
    /// The editor asked for, else that of the environment.
    pub fn new(asked: Option<&str>) -> Self {
        let variable = |name| env::var(name).ok().filter(|text| !text.trim().is_empty());
        let command = asked.map(str::to_owned).or_else(|| variable("VISUAL")).or_else(|| variable("EDITOR"));
        let file = env::temp_dir().join(format!("dsb-edit-{}.json", std::process::id()));
        Self { command: command.unwrap_or_else(|| "editor".to_owned()), file }
    }

    /// Lets the person change a text. The editor may have options of its own: a shell reads it.
    pub fn edit(&self, text: &str) -> Result<String> {
        self.write(text)?;
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("{} \"$1\"", self.command)).arg("sh").arg(&self.file);
        let status = shell.status().map_err(|error| Error::io("run", "sh".as_ref(), &error))?;
        let edited = fs::read(&self.file).map_err(|error| Error::io("read", &self.file, &error))?;
        if !status.success() {
            let what = format!("the editor {} ended with an error", self.command);
            let next = format!("nothing was changed; what was written is in {}", self.file.display());
            return Err(Error::new(Kind::Failed, what).next(next));
        }
        let _ = fs::remove_file(&self.file);
        Ok(String::from_utf8_lossy(&edited).into_owned())
    }

    /// Asks what to do with a text that is wrong; says whether to edit again. `text` becomes `before`
    /// if the person wants to begin anew.
    pub fn again(error: &Error, text: &mut String, before: &str) -> bool {
        if !std::io::stdin().is_terminal() {
            return false;
        }
        terminal::tell(&format!("dsb: {}", error.what()));
        loop {
            terminal::put("(e)dit again, (r)evert and edit, (c)ancel? ");
            let mut answer = String::new();
            let read = std::io::stdin().read_line(&mut answer);
            match answer.trim().to_lowercase().as_str() {
                "e" => return true,
                "r" => {
                    before.clone_into(text);
                    return true;
                }
                "c" => return false,
                _ if matches!(read, Ok(0) | Err(_)) => return false,
                _ => {}
            }
        }
    }

    /// Leaves a text where the person finds it, and says where.
    pub fn keep(&self, text: &str) -> Result<String> {
        self.write(text)?;
        Ok(self.file.display().to_string())
    }

    /// The file is the person's alone: names of theirs are in it.
    fn write(&self, text: &str) -> Result<()> {
        let _ = fs::remove_file(&self.file);
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.file);
        made.and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| Error::io("write", &self.file, &error))
    }
}
