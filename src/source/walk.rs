//! Many directories at once: threads list, one thread looks at the listings.

use super::list::{Lister, Listing};
use super::root::Root;
use crate::error::{Error, Result};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// A directory to list; `tag` comes back with its listing.
#[derive(Clone, Debug)]
pub struct Job<T> {
    /// The mapped directory it is below.
    pub root: Arc<Root>,
    /// Its path below that, empty for the root itself.
    pub path: Vec<u8>,
    /// What the caller wants to know when the listing comes.
    pub tag: T,
}

/// A directory and what was found in it.
pub type Listed<T> = (Job<T>, io::Result<Listing>);

/// A walk that hears nothing for so long says so: time to let others have their turn.
const PATIENCE: Duration = Duration::from_secs(1);

/// Lists directories on several threads.
#[derive(Debug)]
pub struct Walker {
    lister: Lister,
    threads: usize,
}

/// Listings under way for each thread: enough to keep it busy while one is looked at.
const AHEAD: usize = 8;

impl Walker {
    /// A walker with so many threads, at least one, that leaves out the directory `own`.
    pub fn new(threads: usize, own: Option<&crate::model::Stat>) -> Self {
        Self { lister: Lister::new(own), threads: threads.max(1) }
    }

    /// Lists the jobs given and all that `visit` adds, last added first; it is
    /// given nothing when nothing came for a while. So what waits grows with
    /// the depth and the largest directory, not with the tree.
    pub fn walk<T: Send>(
        &self,
        jobs: Vec<Job<T>>,
        mut visit: impl FnMut(Option<Listed<T>>, &mut Vec<Job<T>>) -> Result<()>,
    ) -> Result<()> {
        thread::scope(|scope| {
            let (give, jobs_in) = unbounded::<Job<T>>();
            let (listings_out, take) = unbounded();
            let mut started = 0;
            for _ in 0..self.threads {
                let (jobs_in, listings_out) = (jobs_in.clone(), listings_out.clone());
                let work = move || self.work(&jobs_in, &listings_out);
                started += usize::from(thread::Builder::new().spawn_scoped(scope, work).is_ok());
            }
            if started == 0 {
                return Err(Error::no_thread());
            }
            drop(listings_out);
            let mut waiting = jobs;
            let mut under_way = 0;
            loop {
                while under_way < self.threads * AHEAD {
                    let Some(job) = waiting.pop() else { break };
                    under_way += usize::from(give.send(job).is_ok());
                }
                if under_way == 0 {
                    return Ok(());
                }
                let listed = match take.recv_timeout(PATIENCE) {
                    Ok(listed) => Some(listed),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => return Ok(()),
                };
                under_way -= usize::from(listed.is_some());
                visit(listed, &mut waiting)?;
            }
        })
    }

    fn work<T>(&self, jobs: &Receiver<Job<T>>, listings: &Sender<Listed<T>>) {
        for job in jobs {
            let listing = self.lister.list(&job.root, &job.path);
            if listings.send((job, listing)).is_err() {
                return;
            }
        }
    }
}
