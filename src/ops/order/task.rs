//! Places of a task, and what becomes of them.

use crate::error::Result;
use std::vec;

/// A task is over after so many places, or so many bytes to tell.
const PLACES: usize = 128;
const BYTES: usize = 64 << 10;

/// Room for a few lines, so that it need not grow by each.
const LINES: usize = 512;

/// Of what it leaves so many parts are a task of their own, so that there is one for another thread.
const PARTS: usize = PLACES / 2;

/// A part of what is found, in its order.
enum Part<P> {
    Text(String),
    Place(P),
}

/// What is found in a place.
pub struct Found<'t, P> {
    /// What stands before the first place that is found.
    text: &'t mut String,
    behind: Vec<Part<P>>,
    /// Bytes of texts between places.
    bytes: usize,
}

impl<P> Found<'_, P> {
    /// Where to write what is to be told here.
    pub fn text(&mut self) -> &mut String {
        if matches!(self.behind.last(), Some(Part::Place(_))) {
            self.behind.push(Part::Text(String::with_capacity(LINES)));
        }
        match self.behind.last_mut() {
            Some(Part::Text(text)) => text,
            _ => self.text,
        }
    }

    /// Whether there is so much to tell, with the places before in the same task, that the rest is to be a
    /// place of its own: a path may be as long as a catalog.
    pub fn is_enough(&self) -> bool {
        let last = if let Some(Part::Text(text)) = self.behind.last() { text.len() } else { 0 };
        self.text.len() + self.bytes + last >= BYTES
    }

    /// What is found in another place is told here.
    pub fn place(&mut self, place: P) {
        if let Some(Part::Text(text)) = self.behind.last() {
            self.bytes += text.len();
        }
        self.behind.push(Part::Place(place));
    }
}

/// Places to look into, and what is told between them.
pub(super) struct Task<P> {
    /// Each behind the ones that follow.
    levels: Vec<vec::IntoIter<Part<P>>>,
}

/// What came of a task.
pub(super) struct Outcome<P> {
    /// What is to be told.
    pub(super) text: String,
    /// Whether what follows can be told too.
    pub(super) result: Result<()>,
    /// What follows.
    pub(super) rest: Vec<Task<P>>,
}

impl<P> Task<P> {
    pub(super) fn of(place: P) -> Self {
        Self { levels: vec![vec![Part::Place(place)].into_iter()] }
    }

    /// Looks until there is enough to tell, which is written into an empty text.
    pub(super) fn run(
        mut self,
        mut text: String,
        mut look: impl FnMut(P, &mut Found<'_, P>) -> Result<()>,
    ) -> Outcome<P> {
        let mut looked = 0;
        while let Some(level) = self.levels.last_mut()
            && looked < PLACES
            && text.len() < BYTES
        {
            match level.next() {
                None => drop(self.levels.pop()),
                Some(Part::Text(more)) => text.push_str(&more),
                Some(Part::Place(place)) => {
                    looked += 1;
                    let mut found = Found { text: &mut text, behind: Vec::new(), bytes: 0 };
                    let result = look(place, &mut found);
                    self.levels.push(found.behind.into_iter());
                    if result.is_err() {
                        return Outcome { text, result, rest: Vec::new() };
                    }
                }
            }
        }
        Outcome { text, result: Ok(()), rest: self.split() }
    }

    fn split(mut self) -> Vec<Self> {
        let mut near = Vec::new();
        while near.len() < PARTS
            && let Some(mut level) = self.levels.pop()
        {
            near.extend(level.by_ref().take(PARTS - near.len()));
            if level.len() > 0 {
                self.levels.push(level);
            }
        }
        let tasks = [Self { levels: vec![near.into_iter()] }, self];
        tasks.into_iter().filter(|task| task.levels.iter().any(|level| level.len() > 0)).collect()
    }
}
