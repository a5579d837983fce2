//! Which browsable trees a disk is to have, given those that are there.

use crate::model::{TreeWanted, TreesFound};

/// What is to be done with a disk's trees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeWork {
    /// These are there and stay, oldest first.
    pub shown: Vec<TreeWanted>,
    /// These are to be made, oldest first.
    pub make: Vec<TreeWanted>,
    /// These go before anything else.
    pub remove: Vec<String>,
    /// This one goes once a newer one is there: until then `latest` points to it.
    pub last: Option<String>,
    /// What a run left that was cut off.
    pub unfinished: Vec<String>,
    /// These are wanted too, and have no room: the oldest.
    pub too_many: Vec<TreeWanted>,
    /// Whether `latest` points elsewhere than it should.
    pub turn_latest: bool,
}

impl TreeWork {
    /// Whether anything is to be changed.
    pub fn is_needed(&self) -> bool {
        !(self.make.is_empty() && self.remove.is_empty() && self.unfinished.is_empty() && self.last.is_none())
            || self.turn_latest
    }

    /// Leaves what is there, but for a tree whose name another one is given.
    pub fn keep_all(&mut self) {
        self.last = None;
        self.remove.retain(|name| self.make.iter().any(|tree| tree.name == *name));
    }
}

/// Decides it. `wanted` are the trees of all snapshots that are held, oldest first; of these the newest
/// are shown, as many as have room.
pub fn trees(wanted: &[TreeWanted], found: &TreesFound, room_for: usize) -> TreeWork {
    let (too_many, fitting) = wanted.split_at(wanted.len().saturating_sub(room_for));
    let is_there = |tree: &&TreeWanted| found.trees.iter().any(|found| tree.is(found));
    let (shown, make): (Vec<_>, Vec<_>) = fitting.iter().partition(is_there);
    let stays = |name: &str| shown.iter().any(|tree| tree.name == name);
    let going: Vec<_> = found.trees.iter().filter(|found| !stays(&found.name)).map(|found| &found.name).collect();
    // A name that is given again must be free.
    let is_last = |name: &&String| Some(*name) == found.latest.as_ref() && make.iter().all(|tree| tree.name != **name);
    let last = going.iter().copied().find(is_last).filter(|_| !make.is_empty()).cloned();
    let newest = fitting.last().map(|tree| &tree.name);
    let owned = |trees: Vec<&TreeWanted>| trees.into_iter().cloned().collect();
    TreeWork {
        remove: going.into_iter().filter(|name| Some(*name) != last.as_ref()).cloned().collect(),
        last,
        unfinished: found.unfinished.clone(),
        too_many: too_many.to_vec(),
        turn_latest: newest != found.latest.as_ref(),
        shown: owned(shown),
        make: owned(make),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SnapshotId, Timestamp, TreeFound};

    fn wanted(ids: &[i64]) -> Vec<TreeWanted> {
        let tree = |id: &i64| TreeWanted { snapshot: SnapshotId(*id), name: id.to_string(), taken: Timestamp(*id) };
        ids.iter().map(tree).collect()
    }

    fn found(ids: &[i64], latest: Option<i64>) -> TreesFound {
        let tree = |id: &i64| TreeFound { name: id.to_string(), stamp: Timestamp(*id) };
        TreesFound {
            trees: ids.iter().map(tree).collect(),
            latest: latest.map(|id| id.to_string()),
            ..TreesFound::default()
        }
    }

    fn ids(trees: &[TreeWanted]) -> Vec<i64> {
        trees.iter().map(|tree| tree.snapshot.0).collect()
    }

    #[test]
    fn what_is_held_is_shown_and_nothing_else() {
        // wanted, found, latest, room for -> shown, make, remove, last, turns latest
        type Case<'c> =
            (&'c [i64], &'c [i64], Option<i64>, usize, &'c [i64], &'c [i64], &'c [&'c str], Option<&'c str>, bool);
        let table: [Case<'_>; 8] = [
            (&[], &[], None, 9, &[], &[], &[], None, false),
            (&[1, 2], &[], None, 9, &[], &[1, 2], &[], None, true),
            (&[1, 2], &[1, 2], Some(2), 9, &[1, 2], &[], &[], None, false),
            (&[2, 3], &[1, 2], Some(2), 9, &[2], &[3], &["1"], None, true),
            // The only one there is stays until the next is made.
            (&[2], &[1], Some(1), 9, &[], &[2], &[], Some("1"), true),
            (&[], &[1, 2], Some(2), 9, &[], &[], &["1", "2"], None, true),
            // The oldest give way.
            (&[1, 2, 3], &[1, 2], Some(2), 2, &[2], &[3], &["1"], None, true),
            (&[1, 2], &[1, 2], Some(1), 0, &[], &[], &["1", "2"], None, true),
        ];
        for (want, there, latest, room, shown, make, remove, last, turns) in table {
            let work = trees(&wanted(want), &found(there, latest), room);
            let case = format!("{want:?} {there:?}");
            assert_eq!((ids(&work.shown), ids(&work.make)), (shown.to_vec(), make.to_vec()), "{case}");
            assert_eq!(
                (work.remove.as_slice(), work.last.as_deref(), work.turn_latest),
                (&*remove.iter().map(ToString::to_string).collect::<Vec<_>>(), last, turns),
                "{case}"
            );
            let is_idle = make.is_empty() && remove.is_empty() && last.is_none() && !turns;
            assert_eq!(work.is_needed(), !is_idle, "{case}");
        }
    }

    #[test]
    fn a_name_given_again_is_another_tree() {
        let mut there = found(&[1], Some(1));
        there.trees[0].stamp = Timestamp(77);
        let work = trees(&wanted(&[1]), &there, 9);
        assert_eq!((ids(&work.make), work.remove, work.last), (vec![1], vec!["1".to_owned()], None));
    }
}
