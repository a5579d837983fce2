//! Progress as a person sees it, and Ctrl-C as a person means it.

use super::log::{Log, Severity};
use super::words::{self, counted};
use crate::error::{Error, Kind, Result};
use crate::model::{Problem, Size};
use crate::progress::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;
use signal_hook::iterator::Signals;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Draws on standard error, and only if that is a terminal.
pub struct Terminal {
    bar: ProgressBar,
    quiet: bool,
    verbose: u8,
    stop: Arc<AtomicBool>,
    /// Whether the bar counts bytes, not items.
    by_bytes: AtomicBool,
    log: Log,
}

/// A job that moves more than this is announced: it may take longer than a few minutes.
const LONG: Size = Size(30_000_000_000);
/// What a spinning disk moves in a second.
const SPINNING: u64 = 120_000_000;

impl Terminal {
    /// A terminal that draws nothing if `quiet`.
    pub fn new(quiet: bool, verbose: u8) -> Result<Self> {
        let bar = ProgressBar::hidden();
        if !quiet && io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
        }
        let stop = Arc::new(AtomicBool::new(false));
        listen(&stop).map_err(|error| Error::new(Kind::Failed, format_args!("signals: {error}")))?;
        Ok(Self { bar, quiet, verbose, stop, by_bytes: AtomicBool::new(false), log: Log::default() })
    }

    /// Takes the bar off the screen.
    pub fn clear(&self) {
        self.bar.disable_steady_tick();
        self.bar.finish_and_clear();
    }

    /// The log that it tells the same as the person.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Asks a person to do something; even who wants to hear little has to hear that.
    pub fn ask(&self, text: &str) {
        self.log.line(text);
        self.say(text);
    }

    /// Tells of something that was not done; even who wants to hear little has to hear that.
    pub fn warn(&self, text: &str) {
        self.log.lines(Severity::Warning, text);
        self.say(text);
    }

    fn say(&self, text: &str) {
        self.bar.suspend(|| tell(text));
    }

    fn announce(&self, name: &str, items: u64, bytes: Size) {
        if self.quiet || bytes < LONG {
            return;
        }
        let time = words::duration(Duration::from_secs(bytes.bytes() / SPINNING));
        let what = format!("{name}: {bytes} in {}", counted(items, "file"));
        self.say(&format!("{what}, about {time} on a spinning disk. Ctrl-C is safe: run it again and it goes on."));
    }
}

/// Writes a line to standard error.
pub fn tell(line: &str) {
    put(&format!("{line}\n"));
}

/// Writes to standard error. Where nobody reads, or nothing more fits, that is no failure of the job.
pub fn put(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// The first signal asks for a tidy end and is answered at once; the second ends at once.
fn listen(stop: &Arc<AtomicBool>) -> io::Result<()> {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        flag::register_conditional_shutdown(signal, 130, Arc::clone(stop))?;
        flag::register(signal, Arc::clone(stop))?;
    }
    // A file that may not grow so large is an error of that write, not the end of everything.
    flag::register(SIGXFSZ, Arc::default())?;
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    // Where no thread can be started the run still stops, it only says so later.
    let _ = std::thread::Builder::new().spawn(move || {
        if signals.forever().next().is_some() {
            tell("\ndsb: stopping at the next safe point (once more: stop at once)");
        }
    });
    Ok(())
}

impl Progress for Terminal {
    fn task(&self, name: &str, items: u64, bytes: Size) {
        self.announce(name, items, bytes);
        let template = match (items, bytes) {
            (0, Size::ZERO) => "{spinner} {msg}: {human_pos} {elapsed}",
            (_, Size::ZERO) => "{msg:8} {bar:30} {human_pos}/{human_len} {eta}",
            _ => {
                "{msg:8} {bar:24} {decimal_bytes:>9}/{decimal_total_bytes:<9} {decimal_bytes_per_sec:>11} {eta:>4} left"
            }
        };
        self.bar.reset();
        self.by_bytes.store(bytes != Size::ZERO, Ordering::Relaxed);
        self.bar.set_length(if bytes == Size::ZERO { items } else { bytes.bytes() });
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("=> "));
        }
        self.bar.set_message(name.to_owned());
        if !self.bar.is_hidden() {
            self.bar.enable_steady_tick(Duration::from_millis(200));
        }
    }

    fn advance(&self, items: u64, bytes: Size) {
        self.bar.inc(if self.by_bytes.load(Ordering::Relaxed) { bytes.bytes() } else { items });
    }

    fn note(&self, text: &str) {
        self.log.line(text);
        if !self.quiet {
            self.say(text);
        }
    }

    fn detail(&self, text: &str) {
        if self.verbose > 0 {
            self.log.line(text);
            self.say(text);
        }
    }

    fn problem(&self, problem: &Problem) {
        let line = format!("dsb: {problem}");
        self.log.lines(Severity::Warning, &line);
        self.say(&words::told(line));
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
