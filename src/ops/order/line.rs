//! The line of tasks and of what came of them.

use super::task::{Outcome, Task};
use crate::error::{Error, Kind, Result};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Bytes that wait for being told before the threads wait, too; those that are being told come on top.
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
    /// Threads that wait for something to do.
    idle: usize,
    is_over: bool,
}

/// Tasks in their order, shared by those who do them; one of them tells what came of them.
pub(super) struct Line<P> {
    state: Mutex<State<P>>,
    /// There may be something to do.
    change: Condvar,
}

/// Ends all work when it is dropped.
pub(super) struct Ends<'l, P>(&'l Line<P>);

/// What a thread is to do.
enum Next<'l, P> {
    /// What is at the front can be told.
    Telling,
    Task(Taken<'l, P>, Task<P>, String),
}

/// A task that a thread has.
struct Taken<'l, P> {
    line: &'l Line<P>,
    number: u64,
}

impl<P> Line<P> {
    pub(super) fn new(first: Task<P>) -> Self {
        let stages = VecDeque::from([Stage::Waiting(first)]);
        let state = State { stages, told: Vec::new(), taken: 0, ahead: 0, idle: 0, is_over: false };
        Self { state: Mutex::new(state), change: Condvar::new() }
    }

    /// Does the first task that waits; false: there is none and there will be none.
    pub(super) fn work_on(&self, work: impl FnOnce(Task<P>, String) -> Outcome<P>) -> bool {
        let Some(Next::Task(taken, task, text)) = self.next(|_| false) else { return false };
        self.put(taken.number, work(task, text));
        true
    }

    /// Tells everything in its order; whenever there is nothing to tell, does a task as others do. So none
    /// has to be woken for each.
    pub(super) fn tell_all(
        &self,
        mut work: impl FnMut(Task<P>, String) -> Outcome<P>,
        tell: &mut impl FnMut(&str) -> Result<()>,
    ) -> Result<()> {
        while let Some(next) = self.next(State::is_ready) {
            match next {
                Next::Telling => self.tell_ready(tell)?,
                Next::Task(taken, task, text) => self.put(taken.number, work(task, text)),
            }
        }
        Ok(())
    }

    /// Waits for something to do: for who tells what can be told, as `tells` says, for others tasks only.
    /// Nothing: all is done, or nothing more is told.
    fn next(&self, tells: impl Fn(&State<P>) -> bool) -> Option<Next<'_, P>> {
        let mut state = self.lock();
        while !state.is_over {
            if tells(&state) {
                return Some(Next::Telling);
            }
            if state.is_done() {
                return None;
            }
            if let Some((number, task)) = state.take() {
                let text = state.told.pop().unwrap_or_default();
                return Some(Next::Task(Taken { line: self, number }, task, text));
            }
            state.idle += 1;
            state = self.change.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
        None
    }

    fn put(&self, number: u64, outcome: Outcome<P>) {
        let mut state = self.lock();
        state.put(number, outcome);
        self.wake(state);
    }

    /// Wakes those who wait, once they need not wait for the lock: to wake nobody would cost as much.
    fn wake(&self, state: MutexGuard<'_, State<P>>) {
        let is_awaited = state.idle > 0;
        drop(state);
        if is_awaited {
            self.change.notify_all();
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
        self.wake(state);
        ready
    }

    /// Nothing more is told once this is dropped.
    pub(super) fn end_when_dropped(&self) -> Ends<'_, P> {
        Ends(self)
    }

    fn lock(&self) -> MutexGuard<'_, State<P>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P> State<P> {
    /// Whether there is something to tell.
    fn is_ready(&self) -> bool {
        matches!(self.stages.front(), Some(Stage::Done(..)))
    }

    /// Whether there is nothing left but to tell it.
    fn is_done(&self) -> bool {
        self.stages.iter().all(|stage| matches!(stage, Stage::Done(..)))
    }

    /// The first task that waits. Where much waits for being told, only what is to be told next.
    fn take(&mut self) -> Option<(u64, Task<P>)> {
        let at = self.stages.iter().position(|stage| matches!(stage, Stage::Waiting(_)))?;
        let stage = self.stages.get_mut(at).filter(|_| at == 0 || self.ahead < AHEAD)?;
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

impl<P> Drop for Ends<'_, P> {
    fn drop(&mut self) {
        self.0.lock().is_over = true;
        self.0.change.notify_all();
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
