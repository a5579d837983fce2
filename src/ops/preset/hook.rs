//! Commands around a preset: a shell runs each, with the facts in its environment.

use crate::error::{Error, Kind, Result};
use std::io::{self, PipeReader, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// What a hook finds in its environment: name and value.
pub type Facts = Vec<(&'static str, std::ffi::OsString)>;

/// How a hook ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookOutput {
    /// Its exit code; none: a signal ended it.
    pub code: Option<i32>,
    /// What it printed, both streams as they came, as far as it is read.
    pub text: String,
}

impl HookOutput {
    /// Whether it says that all is well.
    pub fn is_ok(&self) -> bool {
        self.code == Some(0)
    }
}

/// Of what a hook prints so much is kept; the rest is read and let go, so that it never waits.
const KEPT: usize = 64 << 10;

/// How long a hook that has ended may still be heard: what it left running in the background, such as
/// a mount, may hold its output open for ever.
const ECHO: Duration = Duration::from_millis(300);

/// Runs a line of shell to its end. Its output comes back, its input is empty.
pub fn run_hook(line: &str, facts: &Facts) -> Result<HookOutput> {
    let failed = |error: &io::Error| {
        Error::new(Kind::Failed, format_args!("a hook cannot be run: {}", crate::error::reason(error)))
    };
    let (output, ours) = io::pipe().map_err(|error| failed(&error))?;
    let both = ours.try_clone().map_err(|error| failed(&error))?;
    let mut command = Command::new("sh");
    command.arg("-c").arg(line).envs(facts.iter().map(|(name, value)| (name, value)));
    let spawned = command.stdin(Stdio::null()).stdout(ours).stderr(both).spawn();
    // It holds the ends of the pipe that the hook writes into.
    drop(command);
    let mut child = spawned.map_err(|error| failed(&error))?;
    let (heard, ended) = listen(output).map_err(|error| failed(&error))?;
    let status = child.wait().map_err(|error| failed(&error))?;
    let _ = ended.recv_timeout(ECHO);
    let bytes = heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(HookOutput { code: status.code(), text: String::from_utf8_lossy(&bytes).into_owned() })
}

/// What was heard so far, and who says when there is no more.
type Heard = (Arc<Mutex<Vec<u8>>>, Receiver<()>);

/// Reads to the end on a thread of its own.
fn listen(mut output: PipeReader) -> io::Result<Heard> {
    let (heard, (end, ended)) = (Arc::new(Mutex::new(Vec::new())), channel());
    let ours = Arc::clone(&heard);
    thread::Builder::new().spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = output.read(&mut buffer) {
            let mut heard = ours.lock().unwrap_or_else(PoisonError::into_inner);
            let room = KEPT.saturating_sub(heard.len()).min(count);
            heard.extend_from_slice(buffer.get(..room).unwrap_or_default());
        }
        let _ = end.send(());
    })?;
    Ok((heard, ended))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_has_its_facts_and_its_say() {
        let facts = vec![("DSB_DISK", "shelf 01".into())];
        let ran = run_hook("echo \"to $DSB_DISK\"; echo oops >&2; exit 3", &facts).unwrap();
        assert_eq!((ran.code, ran.text.as_str(), ran.is_ok()), (Some(3), "to shelf 01\noops\n", false));
        assert!(run_hook("true", &Vec::new()).unwrap().is_ok());
        assert_eq!(run_hook("kill -9 $$", &Vec::new()).unwrap().code, None);
    }

    #[test]
    fn one_that_never_stops_talking_is_heard_to_its_end() {
        let ran = run_hook("yes | head -c 3000000", &Vec::new()).unwrap();
        assert!(ran.is_ok() && ran.text.len() == KEPT);
    }

    #[test]
    fn what_stays_in_the_background_holds_nothing_up() {
        let began = std::time::Instant::now();
        let ran = run_hook("echo mounted; sleep 30 &", &Vec::new()).unwrap();
        assert_eq!(ran.text, "mounted\n");
        assert!(began.elapsed() < Duration::from_secs(20));
    }
}
