//! A look into very many places by several threads, told in the order in which one thread would tell it.
//!
//! What is still to be looked into stands in one line, in its order. A thread takes the first task that
//! waits there, and puts in its place what it found and what it left; what is found at the front of the
//! line is told. So the threads stay near each other, and little waits for being told.

mod line;
mod task;

pub use task::Found;

use super::parallel::threads;
use crate::catalog::Catalog;
use crate::error::Result;
use line::Line;
use std::thread;
use task::{Outcome, Task};

/// What is done with each place.
pub trait Look: Sync {
    /// Where to look.
    type Place: Send;
    /// What a thread remembers from one place to the next.
    type Memory;

    /// What a thread begins with.
    fn memory(&self) -> Self::Memory;

    /// Says what is there, and where to look next.
    fn look(
        &self,
        catalog: &Catalog,
        memory: &mut Self::Memory,
        place: Self::Place,
        found: &mut Found<'_, Self::Place>,
    ) -> Result<()>;
}

/// Looks into a place and all that is found there, and tells it in pieces, one after the other. What was
/// found in other places before something failed is told before that. A place that is found twice is told
/// where a thread first comes to it.
pub fn in_order<L: Look>(
    catalog: &Catalog,
    look: &L,
    first: L::Place,
    mut tell: impl FnMut(&str) -> Result<()>,
) -> Result<()> {
    let line = Line::new(Task::of(first));
    line.work_on(worker(catalog, look));
    line.tell_ready(&mut tell)?;
    // Most looks are done before another thread would have begun.
    if line.is_empty() {
        return Ok(());
    }
    // A connection that only reads keeps few pages, which stay near the processor.
    let own = catalog.second();
    let others: Vec<_> = (1..threads(0)).map_while(|_| catalog.second()).collect();
    thread::scope(|scope| {
        let line = &line;
        let start = |other: Catalog| {
            let work = move || {
                let mut work = worker(&other, look);
                while line.work_on(&mut work) {}
            };
            thread::Builder::new().spawn_scoped(scope, work).ok()
        };
        let started: Vec<_> = others.into_iter().filter_map(start).collect();
        // Also if this thread ends amid a task: else the others would wait to be told.
        let ends = line.end_when_dropped();
        let told = line.tell_all(worker(own.as_ref().unwrap_or(catalog), look), &mut tell);
        drop(ends);
        // One that ended amid a task has said so in the line.
        started.into_iter().for_each(|thread| drop(thread.join()));
        told
    })
}

/// Does tasks with what a thread has of its own.
fn worker<'w, L: Look>(
    catalog: &'w Catalog,
    look: &'w L,
) -> impl FnMut(Task<L::Place>, String) -> Outcome<L::Place> + 'w {
    let mut memory = look.memory();
    move |task, text| one_task(catalog, look, &mut memory, (task, text))
}

/// Many questions as one: else the threads wait for each other's locks at each. None while something is
/// told, maybe to a person who reads, and threads wait for that: the journal would grow meanwhile.
fn one_task<L: Look>(
    catalog: &Catalog,
    look: &L,
    memory: &mut L::Memory,
    (task, text): (Task<L::Place>, String),
) -> Outcome<L::Place> {
    let begun = catalog.begin_reading();
    let outcome = task.run(text, |place, found| look.look(catalog, memory, place, found));
    match begun.and_then(|()| catalog.commit()) {
        Err(error) if outcome.result.is_ok() => Outcome { result: Err(error), rest: Vec::new(), ..outcome },
        _ => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, Kind};
    use crate::model::Timestamp;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A tree that is made of numbers alone: a place is a number and how deep it may go.
    struct Tree {
        seed: u64,
        /// What stands in a place, at most.
        widest: u64,
        fails_at: Option<u64>,
        /// Bytes that were written, told or not.
        written: AtomicUsize,
    }

    impl Look for Tree {
        type Place = (u64, u32);
        type Memory = ();

        fn memory(&self) {}

        fn look(&self, _: &Catalog, (): &mut (), place: (u64, u32), found: &mut Found<'_, (u64, u32)>) -> Result<()> {
            self.parts(place).into_iter().try_for_each(|(number, is_place)| {
                if self.fails_at == Some(number) {
                    return Err(Error::new(Kind::Damage, "here"));
                }
                let line = format!("{number}\n");
                self.written.fetch_add(line.len(), Ordering::Relaxed);
                *found.text() += &line;
                if is_place {
                    found.place((number, place.1 - 1));
                }
                Ok(())
            })
        }
    }

    impl Tree {
        fn of(seed: u64, widest: u64) -> Self {
            Self { seed, widest, fails_at: None, written: AtomicUsize::new(0) }
        }

        /// Numbers that stand in a place, and whether each is one.
        fn parts(&self, (number, depth): (u64, u32)) -> Vec<(u64, bool)> {
            let mixed = |number: u64| (number ^ self.seed).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
            let count = mixed(number) % (self.widest + 1);
            (0..count)
                .map(|at| number.wrapping_mul(self.widest + 1).wrapping_add(at + 1))
                .map(|n| (n, depth > 0 && mixed(n) % 3 > 0))
                .collect()
        }

        /// What one thread tells.
        fn told(&self, place: (u64, u32), told: &mut String) {
            for (number, is_place) in self.parts(place) {
                *told += &format!("{number}\n");
                if is_place {
                    self.told((number, place.1 - 1), told);
                }
            }
        }

        fn tell(&self, depth: u32, tell: impl FnMut(&str) -> Result<()>) -> Result<()> {
            let folder = tempfile::tempdir().unwrap();
            let catalog = Catalog::open_or_create(folder.path(), Timestamp::new(0, 0)).unwrap();
            in_order(&catalog, self, (0, depth), tell)
        }

        /// By one thread: of such a catalog there is no second one.
        fn tell_alone(&self, depth: u32) -> String {
            let folder = tempfile::tempdir().unwrap();
            let catalog = Catalog::create_scratch(folder.path(), Timestamp::new(0, 0)).unwrap();
            let mut told = String::new();
            let tell = |text: &str| {
                told += text;
                Ok(())
            };
            in_order(&catalog, self, (0, depth), tell).unwrap();
            told
        }
    }

    fn expected(tree: &Tree, depth: u32) -> String {
        let mut told = String::new();
        tree.told((0, depth), &mut told);
        told
    }

    #[test]
    fn it_is_told_as_one_thread_would() {
        for (seed, widest, depth) in
            (0..40).flat_map(|seed| [(seed, 3, 40), (seed, 12, 5), (seed, 900, 1), (seed, 40, 2)])
        {
            let (tree, mut told) = (Tree::of(seed, widest), String::new());
            tree.tell(depth, |text| {
                told += text;
                Ok(())
            })
            .unwrap();
            assert!(told == expected(&tree, depth), "{seed} {widest} {depth}");
            assert!(tree.tell_alone(depth) == told, "{seed} {widest} {depth}");
        }
    }

    #[test]
    fn what_stands_before_a_failure_is_told_before_it() {
        let expected = expected(&Tree::of(7, 12), 6);
        let lines: Vec<_> = expected.lines().collect();
        for at in [0, 1, lines.len() / 3, lines.len() - 1] {
            let (before, number) = (lines[..at].iter().map(|line| format!("{line}\n")), lines[at].parse().unwrap());
            let (tree, mut told) = (Tree { fails_at: Some(number), ..Tree::of(7, 12) }, String::new());
            let result = tree.tell(6, |text| {
                told += text;
                Ok(())
            });
            assert_eq!(result.unwrap_err().kind(), Kind::Damage, "{at}");
            // What stands in the same place behind another one is told with it or not at all.
            assert!(before.collect::<String>().starts_with(&told), "{at}");
        }
    }

    #[test]
    fn who_hears_no_more_ends_it() {
        let (tree, mut pieces) = (Tree::of(3, 60), 0);
        let result = tree.tell(9, |_| {
            pieces += 1;
            if pieces > 3 { Err(Error::new(Kind::Interrupted, "enough")) } else { Ok(()) }
        });
        assert_eq!((result.unwrap_err().kind(), pieces), (Kind::Interrupted, 4));
        // Nine levels of sixty would be told for years.
        assert!(tree.written.into_inner() < 1 << 30);
    }

    #[test]
    fn who_ends_amid_telling_is_waited_for_by_none() {
        let (tree, mut pieces) = (Tree::of(3, 60), 0);
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            tree.tell(9, |_| {
                pieces += 1;
                assert!(pieces < 3, "as intended");
                Ok(())
            })
        }));
        assert!(ended.is_err() && tree.written.into_inner() < 1 << 30);
    }

    #[test]
    fn who_listens_slowly_is_not_drowned() {
        let (tree, mut told) = (Tree::of(5, 60), 0);
        let result = tree.tell(9, |text| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            told += text.len();
            if told > 1 << 20 { Err(Error::new(Kind::Interrupted, "enough")) } else { Ok(()) }
        });
        assert_eq!(result.unwrap_err().kind(), Kind::Interrupted);
        let written = tree.written.into_inner();
        assert!(written < 2 * line::AHEAD + told, "{written}");
    }
}
