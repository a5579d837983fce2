//! A walk in one thread and what is made of its steps in another: a look at everything takes as long
//! as the slower of both, not as both.

use crate::catalog::Catalog;
use crate::error::{Error, Kind, Result};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// Steps handed over at a time, and how often that is done before the walk waits.
const STEPS: usize = 512;
const AHEAD: usize = 8;

/// Takes the steps of a walk in their order.
pub fn relay<T: Send>(
    catalog: &Catalog,
    walk: impl Fn(&Catalog, &mut dyn FnMut(T) -> Result<()>) -> Result<()> + Sync,
    mut take: impl FnMut(&T) -> Result<()>,
) -> Result<()> {
    let Some(second) = catalog.second() else { return walk(catalog, &mut |step| take(&step)) };
    let walk = &walk;
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel(AHEAD);
        let (spent, returned) = channel();
        let send = move || all_steps(&second, walk, &sender, &returned);
        // Where no other thread can be started this one does both.
        let Ok(thread) = thread::Builder::new().spawn_scoped(scope, send) else {
            return walk(catalog, &mut |step| take(&step));
        };
        let taken = take_all(receiver, &spent, &mut take);
        let ended = thread.join().map_err(|_| Error::new(Kind::Failed, "a thread that read the catalog ended"))?;
        taken.and(ended)
    })
}

fn all_steps<T>(
    catalog: &Catalog,
    walk: impl Fn(&Catalog, &mut dyn FnMut(T) -> Result<()>) -> Result<()>,
    sender: &SyncSender<Vec<T>>,
    returned: &Receiver<Vec<T>>,
) -> Result<()> {
    let gone = |_| Error::new(Kind::Failed, "nobody takes what the catalog says");
    let mut steps = Vec::new();
    catalog.begin_reading()?;
    let walked = walk(catalog, &mut |step| {
        steps.push(step);
        if steps.len() < STEPS {
            return Ok(());
        }
        // One transaction for many statements: else both threads wait for each other's locks at each.
        // None while this one waits, maybe for a person who reads: the journal would grow meanwhile.
        catalog.commit()?;
        // What this thread has allocated it frees: where another one does, both wait for each other.
        let mut next = returned.try_recv().unwrap_or_default();
        next.clear();
        sender.send(std::mem::replace(&mut steps, next)).map_err(gone)?;
        catalog.begin_reading()
    });
    catalog.commit()?;
    // What was seen before an error is taken before it is told.
    sender.send(steps).map_err(gone).and(walked)
}

/// Until the walk is done, or one step fails: then the receiver is gone, and the walk ends too.
fn take_all<T>(
    receiver: Receiver<Vec<T>>,
    spent: &Sender<Vec<T>>,
    mut take: impl FnMut(&T) -> Result<()>,
) -> Result<()> {
    receiver.into_iter().try_for_each(|steps| {
        let taken = steps.iter().try_for_each(&mut take);
        // At the end nobody is there to have them back.
        let _ = spent.send(steps);
        taken
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    fn relayed(steps: usize, last: usize) -> (Result<()>, Vec<usize>) {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_or_create(folder.path(), Timestamp::new(0, 0)).unwrap();
        let mut taken = Vec::new();
        let fails = |_: &Catalog, give: &mut dyn FnMut(usize) -> Result<()>| {
            (0..steps).try_for_each(&mut *give)?;
            Err(Error::new(Kind::Damage, "the walk"))
        };
        let result = relay(&catalog, fails, |step| {
            taken.push(*step);
            if *step == last { Err(Error::new(Kind::Usage, "the taker")) } else { Ok(()) }
        });
        (result, taken)
    }

    #[test]
    fn all_steps_before_an_error_are_taken_in_order() {
        for steps in [0, 1, STEPS, STEPS * AHEAD * 3 + 1] {
            let (result, taken) = relayed(steps, usize::MAX);
            assert_eq!((result.unwrap_err().kind(), taken), (Kind::Damage, (0..steps).collect()), "{steps}");
        }
    }

    #[test]
    fn a_step_that_fails_ends_the_walk() {
        let (result, taken) = relayed(STEPS * AHEAD * 3, 700);
        assert_eq!((result.unwrap_err().kind(), taken.len()), (Kind::Usage, 701));
    }
}
