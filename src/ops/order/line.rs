//! The line of tasks and of what came of them.

use super::task::{Outcome, Task};
use crate::error::{Error, Kind, Result};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Bytes that wait for being told before the threads wait, too.
pub(super) const AHEAD: usize = 8 << 20;

/// Texts that are kept, and how long they may have become.
const KEPT: usize = 16;
const LONGEST: usize = 1 << 20;

/// Where a task is.
enum Stage<P> {
    Waiting(Task<P>),
    /// A thread has it, which knows it by this number.
    Running(u64),
    Done(String, Result<()>),
}

struct State<P> {
    stages: VecDeque<Stage<P>>,
    /// Texts that were told: what threads take from each other's heaps they wait for.
    told: Vec<String>,
    /// Tasks taken so far.
    taken: u64,
    /// Bytes that wait for being told.
    ahead: usize,
    /// Whether the one who tells waits for the front.
    is_awaited: bool,
    /// Threads that wait for a task.
    idle: usize,
    is_over: bool,
}

/// Tasks in their order, shared by those who do them and the one who tells.
pub(super) struct Line<P> {
    state: Mutex<State<P>>,
    /// There may be a task to take.
    task: Condvar,
    /// There may be something to tell.
    front: Condvar,
}

/// A task that a thread has.
struct Taken<'l, P> {
    line: &'l Line<P>,
    number: u64,
}

impl<P> Line<P> {
    pub(super) fn new(first: Task<P>) -> Self {
        let stages = VecDeque::from([Stage::Waiting(first)]);
        Self {
            state: Mutex::new(State {
                stages,
                told: Vec::new(),
                taken: 0,
                ahead: 0,
                is_awaited: false,
                idle: 0,
                is_over: false,
            }),
            task: Condvar::new(),
            front: Condvar::new(),
        }
    }

    /// Does the first task that waits; false: there is none and there will be none.
    pub(super) fn work_on(&self, work: impl FnOnce(Task<P>, String) -> Outcome<P>) -> bool {
        let Some((taken, task, text)) = self.take() else { return false };
        let outcome = work(task, text);
        self.put(taken.number, outcome);
        true
    }

    fn take(&self) -> Option<(Taken<'_, P>, Task<P>, String)> {
        let mut state = self.lock();
        while !state.is_over && state.stages.iter().any(|stage| !matches!(stage, Stage::Done(..))) {
            if let Some((number, task)) = state.take() {
                let text = state.told.pop().unwrap_or_default();
                return Some((Taken { line: self, number }, task, text));
            }
            state.idle += 1;
            state = self.task.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
        None
    }

    fn put(&self, number: u64, outcome: Outcome<P>) {
        let mut state = self.lock();
        state.put(number, outcome);
        self.wake(&state);
        if state.is_awaited && matches!(state.stages.front(), Some(Stage::Done(..)) | None) {
            self.front.notify_one();
        }
    }

    /// Wakes those who wait for a task: to wake nobody would cost as much.
    fn wake(&self, state: &State<P>) {
        if state.idle > 0 {
            self.task.notify_all();
        }
    }

    /// Whether all is done and told.
    pub(super) fn is_empty(&self) -> bool {
        self.lock().stages.is_empty()
    }

    /// Tells what stands at the front.
    pub(super) fn tell_ready(&self, tell: &mut impl FnMut(&str) -> Result<()>) -> Result<()> {
        let ready = self.take_ready();
        ready.into_iter().try_for_each(|(text, result)| {
            if !text.is_empty() {
                tell(&text)?;
            }
            self.lock().keep(text);
            result
        })
    }

    fn take_ready(&self) -> Vec<(String, Result<()>)> {
        let mut state = self.lock();
        let ready = state.ready();
        self.wake(&state);
        ready
    }

    /// Tells everything in its order, doing a task whenever there is nothing to tell.
    pub(super) fn tell_between(
        &self,
        mut work: impl FnMut() -> bool,
        tell: &mut impl FnMut(&str) -> Result<()>,
    ) -> Result<()> {
        while work() {
            self.tell_ready(tell)?;
        }
        Ok(())
    }

    /// Tells everything in its order, while others do the tasks.
    pub(super) fn tell_all(&self, tell: &mut impl FnMut(&str) -> Result<()>) -> Result<()> {
        while self.await_front() {
            self.tell_ready(tell)?;
        }
        Ok(())
    }

    /// Waits until something can be told; false: all is.
    fn await_front(&self) -> bool {
        let mut state = self.lock();
        state.is_awaited = true;
        self.wake(&state);
        while matches!(state.stages.front(), Some(Stage::Waiting(_) | Stage::Running(_))) {
            state = self.front.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.is_awaited = false;
        !state.stages.is_empty()
    }

    /// Nothing more is told.
    pub(super) fn end(&self) {
        self.lock().is_over = true;
        self.task.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<P>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P> State<P> {
    /// The first task that waits. Where much waits for being told, only what comes next is done, and
    /// only if the one who tells has nothing else to do.
    fn take(&mut self) -> Option<(u64, Task<P>)> {
        let at = self.stages.iter().position(|stage| matches!(stage, Stage::Waiting(_)))?;
        let is_next = at == 0 && self.is_awaited;
        let stage = self.stages.get_mut(at).filter(|_| is_next || self.ahead < AHEAD)?;
        self.taken += 1;
        match std::mem::replace(stage, Stage::Running(self.taken)) {
            Stage::Waiting(task) => Some((self.taken, task)),
            _ => None,
        }
    }

    /// Puts what came of a task in its place.
    fn put(&mut self, number: u64, outcome: Outcome<P>) {
        let is_it = |stage: &Stage<P>| matches!(stage, Stage::Running(other) if *other == number);
        // Behind what failed nothing is told, and so nothing is there any more.
        let Some(at) = self.stages.iter().position(is_it) else { return };
        self.ahead += outcome.text.len();
        let goes_on = outcome.result.is_ok();
        let behind = self.stages.split_off(at).into_iter().skip(1).filter(|_| goes_on);
        self.stages.push_back(Stage::Done(outcome.text, outcome.result));
        self.stages.extend(outcome.rest.into_iter().map(Stage::Waiting));
        self.stages.extend(behind);
    }

    /// Keeps a text for another task; a few of usual length are enough.
    fn keep(&mut self, mut text: String) {
        if self.told.len() < KEPT && text.capacity() <= LONGEST {
            text.clear();
            self.told.push(text);
        }
    }

    fn ready(&mut self) -> Vec<(String, Result<()>)> {
        let mut ready = Vec::new();
        while let Some(stage) = self.stages.pop_front() {
            match stage {
                Stage::Done(text, result) => {
                    self.ahead -= text.len();
                    ready.push((text, result));
                }
                other => {
                    self.stages.push_front(other);
                    break;
                }
            }
        }
        ready
    }
}

impl<P> Drop for Taken<'_, P> {
    /// A thread that ends amid a task is waited for no more.
    fn drop(&mut self) {
        if thread::panicking() {
            let result = Err(Error::new(Kind::Failed, "a thread that read the catalog ended"));
            self.line.put(self.number, Outcome { text: String::new(), result, rest: Vec::new() });
        }
    }
}
