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
    /// What dsb did not make and that stands where a wanted tree is to be: that one is not made.
    pub blocked: Vec<String>,
    /// Whether `latest` points elsewhere than it should once all went well.
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

    /// The newest that is to be there.
    pub fn newest(&self) -> Option<&TreeWanted> {
        self.shown.last().into_iter().chain(self.make.last()).max_by_key(|tree| tree.snapshot)
    }
}

/// Decides it. `wanted` are the trees of all snapshots that are held, oldest first; of these the newest
/// are shown, as many as have room. The one that `latest` points to stays until `latest` may move.
pub fn trees(wanted: &[TreeWanted], found: &TreesFound, room_for: usize) -> TreeWork {
    let is_there = |tree: &&TreeWanted| found.trees.iter().any(|found| tree.is(found));
    let (blocked, wanted): (Vec<_>, Vec<_>) = wanted.iter().partition(|tree| found.in_the_way_of(&tree.name).is_some());
    let (too_many, fitting) = wanted.split_at(wanted.len().saturating_sub(room_for));
    let is_latest = |tree: &&TreeWanted| found.latest.as_ref() == Some(&tree.name) && is_there(tree) && tree.is_whole;
    let (led_to, too_many): (Vec<_>, Vec<_>) =
        too_many.iter().copied().partition(|tree| room_for > 0 && is_latest(tree));
    let fitting: Vec<_> = led_to.into_iter().chain(fitting.iter().copied()).collect();
    let newest = fitting.iter().rev().find(|tree| tree.is_whole).map(|tree| &tree.name);
    let (shown, make): (Vec<_>, Vec<_>) = fitting.iter().copied().partition(is_there);
    let going = going(&shown, found);
    // A name that is given again must be free.
    let is_last = |name: &&String| Some(*name) == found.latest.as_ref() && make.iter().all(|tree| tree.name != **name);
    let last = going.iter().copied().find(is_last).filter(|_| !make.is_empty()).cloned();
    let loses_its_tree = found.latest.as_ref().is_some_and(|latest| shown.iter().all(|tree| tree.name != *latest));
    let turns = loses_its_tree || newest.is_some() && newest != found.latest.as_ref();
    let owned = |trees: Vec<&TreeWanted>| trees.into_iter().cloned().collect();
    TreeWork {
        remove: going.into_iter().filter(|name| Some(*name) != last.as_ref()).cloned().collect(),
        last,
        unfinished: found.unfinished.clone(),
        blocked: blocked.iter().filter_map(|tree| found.in_the_way_of(&tree.name)).map(str::to_owned).collect(),
        turn_latest: turns && !found.foreign_latest,
        too_many: owned(too_many),
        shown: owned(shown),
        make: owned(make),
    }
}

/// What is there and stays not.
fn going<'f>(shown: &[&TreeWanted], found: &'f TreesFound) -> Vec<&'f String> {
    let stays = |name: &str| shown.iter().any(|tree| tree.name == name);
    found.trees.iter().map(|found| &found.name).filter(|name| !stays(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SnapshotId, Timestamp, TreeFound};

    /// Negative ones were interrupted.
    fn wanted(ids: &[i64]) -> Vec<TreeWanted> {
        let tree = |id: &i64| TreeWanted {
            snapshot: SnapshotId(id.abs()),
            name: id.abs().to_string(),
            taken: Timestamp(id.abs()),
            is_whole: *id > 0,
        };
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
        let table: [Case<'_>; 14] = [
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
            // One that was interrupted is shown, and not the latest.
            (&[1, -2], &[1], Some(1), 9, &[1], &[2], &[], None, false),
            (&[-1], &[], None, 9, &[], &[1], &[], None, false),
            (&[1, -2, 3], &[1, 2], Some(1), 9, &[1, 2], &[3], &[], None, true),
            // The latest stays until another may be it.
            (&[1, -2], &[1], Some(1), 1, &[1], &[2], &[], None, false),
            (&[1, 2], &[1, 2], Some(1), 1, &[1, 2], &[], &[], None, true),
            (&[-1], &[1, 2], Some(2), 9, &[1], &[], &["2"], None, true),
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
    fn what_somebody_else_made_stays() {
        let there = TreesFound {
            foreign: vec!["2".to_owned(), ".3.partial".to_owned(), "7".to_owned()],
            foreign_latest: true,
            ..found(&[1], None)
        };
        let work = trees(&wanted(&[1, 2, 3, 4]), &there, 9);
        assert_eq!((ids(&work.shown), ids(&work.make)), (vec![1], vec![4]));
        assert_eq!(work.blocked, ["2", ".3.partial"]);
        assert!(work.remove.is_empty() && !work.turn_latest);
    }

    #[test]
    fn a_name_given_again_is_another_tree() {
        let mut there = found(&[1], Some(1));
        there.trees[0].stamp = Timestamp(77);
        let work = trees(&wanted(&[1]), &there, 9);
        assert_eq!((ids(&work.make), work.remove, work.last), (vec![1], vec!["1".to_owned()], None));
    }
}
