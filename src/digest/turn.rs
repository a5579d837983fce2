//! One reader at a time of what spins: a second one would send the head to and fro. Each mapped folder and
//! each disk has a turn of its own; files of several folders on one drive come in the order of their
//! inodes anyway.

use crate::model::Size;
use crate::os;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::BorrowedFd;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Whose turn it is to read from a medium; everybody's where it does not spin.
#[derive(Debug, Default)]
pub struct Turn(Option<Queue>);

/// Who comes first is served first: files are asked for in the order in which they lie.
#[derive(Debug, Default)]
struct Queue {
    counts: Mutex<Counts>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct Counts {
    come: u64,
    gone: u64,
}

/// A turn that somebody has, until it is dropped.
#[derive(Debug)]
struct Held<'t>(&'t Queue);

impl Queue {
    fn wait(&self) -> Held<'_> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let own = counts.come;
        counts.come += 1;
        let before = |counts: &mut Counts| counts.gone != own;
        drop(self.moved.wait_while(counts, before).unwrap_or_else(PoisonError::into_inner));
        Held(self)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.counts.lock().unwrap_or_else(PoisonError::into_inner).gone += 1;
        self.0.moved.notify_all();
    }
}

impl Turn {
    /// The turn on the medium that holds something open.
    pub fn on(file: BorrowedFd<'_>) -> Self {
        Self(os::is_rotational(file).then(Queue::default))
    }

    /// Whether the medium spins.
    pub fn spins(&self) -> bool {
        self.0.is_some()
    }

    /// Reads a file of about this size in turn, from its beginning.
    pub fn reader<'t>(&'t self, file: &'t File, size: Size) -> InTurn<'t> {
        InTurn { turn: self, file, at: 0, size: size.bytes(), held: None }
    }
}

/// A file that is read in turn. It keeps its turn until all of it was read, for the medium would have
/// to go elsewhere and come back; but not while its bytes come so fast that no platter can have given
/// them. Then they were in a cache, and others need not wait until they are hashed.
#[derive(Debug)]
pub struct InTurn<'t> {
    turn: &'t Turn,
    file: &'t File,
    at: u64,
    size: u64,
    held: Option<Held<'t>>,
}

impl Read for InTurn<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let (Some(queue), None, true) = (&self.turn.0, &self.held, self.at < self.size) {
            self.held = Some(queue.wait());
        }
        let (mut file, began) = (self.file, Instant::now());
        let count = file.read(buffer)?;
        self.at += count as u64;
        if count == 0 || self.at >= self.size || began.elapsed() < platter_time(count) {
            self.held = None;
        }
        Ok(count)
    }
}

/// What the fastest platter takes for so many bytes: a nanosecond each is four times too fast.
fn platter_time(bytes: usize) -> Duration {
    Duration::from_nanos(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        std::io::Seek::rewind(&mut file).unwrap();
        file
    }

    #[test]
    fn all_is_read_whatever_size_was_said() {
        for turn in [Turn::default(), Turn(Some(Queue::default()))] {
            for size in [0, 5, 10, 99] {
                let file = file(b"0123456789");
                let mut bytes = Vec::new();
                turn.reader(&file, Size(size)).read_to_end(&mut bytes).unwrap();
                assert_eq!(bytes, b"0123456789", "{size}");
                // Nobody has the turn any more.
                drop(turn.0.as_ref().map(Queue::wait));
            }
        }
    }

    #[test]
    fn who_comes_first_is_first() {
        let queue = Queue::default();
        let order = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            let held = queue.wait();
            for number in 0..8_u64 {
                let (queue, order) = (&queue, &order);
                scope.spawn(move || {
                    let _held = queue.wait();
                    order.lock().unwrap().push(number);
                });
                while queue.counts.lock().unwrap().come < number + 2 {
                    std::thread::yield_now();
                }
            }
            drop(held);
        });
        assert_eq!(order.into_inner().unwrap(), (0..8).collect::<Vec<_>>());
    }
}
