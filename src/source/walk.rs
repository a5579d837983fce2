//! Many directories at once: threads look at them, one thread makes something of it.

use super::root::Root;
use crate::error::{Error, Result};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// A directory to look at; `tag` comes back with what was seen.
#[derive(Clone, Debug)]
pub struct Job<T> {
    /// The mapped directory it is below.
    pub root: Arc<Root>,
    /// Its path below that, empty for the root itself.
    pub path: Vec<u8>,
    /// What the caller wants to know then.
    pub tag: T,
}

/// A walk that hears nothing for so long says so: time to let others have their turn.
const PATIENCE: Duration = Duration::from_secs(1);

/// Directories under way for each thread: enough to keep it busy while one is looked at.
const AHEAD: usize = 16;

/// Looks at directories on so many threads, at least one: at the jobs given and at all that
/// `visit` adds, last added first. `look` works on those threads, each with a `state` of its own;
/// `visit` gets what it made of each on this one, or nothing when nothing came for a while. So what
/// waits grows with the depth and the largest directory, not with the tree.
pub fn walk<T: Send, S, R: Send>(
    threads: usize,
    jobs: Vec<Job<T>>,
    state: impl Fn() -> S + Sync,
    look: impl Fn(&mut S, &Job<T>) -> R + Sync,
    mut visit: impl FnMut(Option<(Job<T>, R)>, &mut Vec<Job<T>>) -> Result<()>,
) -> Result<()> {
    let threads = threads.max(1);
    thread::scope(|scope| {
        let (give, jobs_in) = unbounded::<Job<T>>();
        let (looks_out, take) = unbounded();
        let (state, look) = (&state, &look);
        let start = |_: &usize| {
            let (jobs_in, looks_out) = (jobs_in.clone(), looks_out.clone());
            let work = move || work(&jobs_in, &looks_out, state(), look);
            thread::Builder::new().spawn_scoped(scope, work).is_ok()
        };
        if (0..threads).filter(start).count() == 0 {
            return Err(Error::no_thread());
        }
        drop(looks_out);
        let mut waiting = jobs;
        let mut under_way = 0;
        loop {
            while under_way < threads * AHEAD {
                let Some(job) = waiting.pop() else { break };
                under_way += usize::from(give.send(job).is_ok());
            }
            if under_way == 0 {
                return Ok(());
            }
            let looked = match take.recv_timeout(PATIENCE) {
                Ok(looked) => Some(looked),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            };
            under_way -= usize::from(looked.is_some());
            visit(looked, &mut waiting)?;
        }
    })
}

fn work<T, S, R>(
    jobs: &Receiver<Job<T>>,
    looks: &Sender<(Job<T>, R)>,
    mut state: S,
    look: &(impl Fn(&mut S, &Job<T>) -> R + Sync),
) {
    for job in jobs {
        let looked = look(&mut state, &job);
        if looks.send((job, looked)).is_err() {
            return;
        }
    }
}
