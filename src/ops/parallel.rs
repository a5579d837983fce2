//! Work that several threads take from one queue.

use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// How many threads a number of jobs asks for; 0: one for each core.
pub fn threads(jobs: usize) -> usize {
    if jobs == 0 { thread::available_parallelism().map_or(1, NonZero::get) } else { jobs }
}

/// How many threads read what is surely not in a cache: where nobody said so, one on a medium that
/// spins. The system reads ahead while it hashes, and nobody has to be woken for each file.
pub fn readers(jobs: usize, spins: bool) -> usize {
    if spins && jobs == 0 { 1 } else { threads(jobs) }
}

/// Hands each item to the next free thread while `goes_on` says so. Each thread has a state of its
/// own, such as a buffer.
pub fn for_each<T: Send, S>(
    threads: usize,
    items: impl Iterator<Item = T> + Send,
    goes_on: impl Fn() -> bool + Sync,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, T) + Sync,
) {
    // This thread is one of them: where no other can be started it does the work alone.
    share(threads.saturating_sub(1), items, goes_on, state, work, |_| true);
}

/// The same, while this thread does something else.
pub fn for_each_while<T: Send, S>(
    threads: usize,
    items: impl Iterator<Item = T> + Send,
    goes_on: impl Fn() -> bool + Sync,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, T) + Sync,
    meanwhile: impl FnOnce(),
) {
    share(threads, items, goes_on, state, work, |started| {
        meanwhile();
        started == 0
    });
}

/// Starts threads, and joins in where that is said, told how many there are.
fn share<T: Send, S>(
    threads: usize,
    items: impl Iterator<Item = T> + Send,
    goes_on: impl Fn() -> bool + Sync,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, T) + Sync,
    joins: impl FnOnce(usize) -> bool,
) {
    let queue = Mutex::new(items);
    let take = || {
        let mut state = state();
        while goes_on() {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(item) = next else { return };
            work(&mut state, item);
        }
    };
    thread::scope(|scope| {
        let start = |_: &usize| thread::Builder::new().spawn_scoped(scope, take).is_ok();
        if joins((0..threads).take_while(start).count()) {
            take();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn every_item_is_taken_once() {
        let sum = AtomicU32::new(0);
        for_each(
            4,
            1..=1000,
            || true,
            || (),
            |(), n| {
                sum.fetch_add(n, Ordering::Relaxed);
            },
        );
        assert_eq!(sum.into_inner(), 500_500);
    }

    #[test]
    fn it_goes_on_beside_something_else() {
        for threads in [0, 1, 3] {
            let (sum, mut was_there) = (AtomicU32::new(0), false);
            let add = |(): &mut (), n: u32| {
                sum.fetch_add(n, Ordering::Relaxed);
            };
            for_each_while(threads, 1..=100, || true, || (), add, || was_there = true);
            assert!(was_there && sum.into_inner() == 5_050);
        }
    }

    #[test]
    fn it_ends_when_told() {
        let seen = AtomicU32::new(0);
        let goes_on = || seen.load(Ordering::Relaxed) < 5;
        for_each(
            1,
            0..1000,
            goes_on,
            || (),
            |(), _: u32| {
                seen.fetch_add(1, Ordering::Relaxed);
            },
        );
        assert_eq!(seen.into_inner(), 5);
    }
}
