//! What was read once, and is not read again soon, leaves the page cache.

use super::{Advice, advise};
use std::collections::VecDeque;
use std::fs::File;
use std::sync::{Mutex, PoisonError};

/// Files kept open until others were read: a page that was just read is still on its way into the
/// system's lists, and to drop it at once makes every processor hand over its own first.
const KEPT: usize = 64;

/// Files that were read once, by one thread or several.
#[derive(Default)]
pub struct ReadOnce(Mutex<VecDeque<File>>);

impl ReadOnce {
    /// Drops soon what the system keeps of a file.
    pub fn add(&self, file: File) {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.push_back(file);
        let oldest = if files.len() > KEPT { files.pop_front() } else { None };
        drop(files);
        oldest.iter().for_each(forget);
    }
}

impl Drop for ReadOnce {
    fn drop(&mut self) {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).iter().for_each(forget);
    }
}

fn forget(file: &File) {
    advise(file, Advice::DontNeed);
}
