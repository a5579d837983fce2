//! To which tree `latest` leads: the newest that was backed up without any problem.

use crate::disk::Trees;
use crate::model::TreeWanted;
use std::fmt;
use std::io;

/// Why `latest` does not lead to the newest tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stays {
    /// Where it leads; none: there is none.
    pub at: Option<String>,
    /// The newest tree.
    pub newest: String,
    /// Whether the update that recorded the newest saw everything: then the backup did not.
    pub is_whole: bool,
}

impl Stays {
    /// Why it is here, if it is not at the newest.
    pub(super) fn of(newest: Option<&TreeWanted>, at: Option<&str>) -> Option<Self> {
        let newest = newest.filter(|newest| Some(newest.name.as_str()) != at)?;
        let (at, name) = (at.map(str::to_owned), newest.name.clone());
        Some(Self { at, newest: name, is_whole: newest.is_whole })
    }
}

impl fmt::Display for Stays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            Some(at) => write!(f, "snapshots/latest stays at {at}: ")?,
            None => f.write_str("In snapshots/ there is no latest yet: ")?,
        }
        if self.is_whole {
            write!(f, "a backup of {} without problems moves it, and this backup had problems.", self.newest)
        } else {
            write!(f, "the update of {} was interrupted or could not read everything.", self.newest)
        }
    }
}

/// Has `latest` lead to none that goes.
pub(super) fn leave(trees: &Trees<'_>, going: &[String], staying: &[TreeWanted]) -> io::Result<()> {
    if !trees.list()?.latest.is_some_and(|latest| going.contains(&latest)) {
        return Ok(());
    }
    trees.point_latest(staying.iter().rev().find(|tree| tree.is_whole).map(|tree| tree.name.as_str()))
}

/// The trees that are there while others are made.
pub(super) struct There<'w> {
    /// All, oldest first.
    pub trees: Vec<&'w TreeWanted>,
    /// The one that `latest` leads to and whose snapshot is forgotten, until another is made.
    pub last: Option<&'w str>,
    /// Whether others may go for the one that is made: only for the newest, and only if it has room then.
    pub displaces: bool,
    /// Whether all that was to be copied was.
    pub is_well: bool,
    /// Those that were there before.
    pub before: &'w [TreeWanted],
}

impl<'w> There<'w> {
    /// The newest that `latest` may lead to: after a backup with problems none that it made.
    pub fn lead(&self) -> Option<&'w TreeWanted> {
        let may_lead = |tree: &&&TreeWanted| tree.is_whole && (self.is_well || self.before.contains(tree));
        self.trees.iter().rev().find(may_lead).copied()
    }

    /// Which one goes first where another has no room, if any may: not the one that `latest` leads to,
    /// as long as it may not lead to the other.
    pub fn give_way(&mut self, to: &TreeWanted, latest: Option<&str>) -> Option<&'w str> {
        if let Some(last) = self.last.take() {
            return Some(last);
        }
        let may_go = |tree: &&TreeWanted| {
            tree.snapshot < to.snapshot && (Some(tree.name.as_str()) != latest || self.is_well && to.is_whole)
        };
        let at = self.trees.iter().position(may_go).filter(|_| self.displaces)?;
        Some(self.trees.remove(at).name.as_str())
    }

    /// Turns `latest` if it may turn, or has to. Returns why it is not at the newest tree.
    pub fn turn(&self, trees: &Trees<'_>) -> io::Result<Option<Stays>> {
        let found = trees.list()?;
        let stays =
            |name: &String| found.trees.iter().any(|tree| tree.name == *name) && self.last != Some(name.as_str());
        let has_to = !found.latest.as_ref().is_some_and(stays);
        let lead = self.lead().map(|tree| tree.name.as_str());
        if has_to || self.is_well && lead.is_some() {
            trees.point_latest(lead)?;
        }
        let found = trees.list()?;
        Ok(if found.foreign_latest { None } else { Stays::of(self.trees.last().copied(), found.latest.as_deref()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SnapshotId, Timestamp};

    /// Negative ones were interrupted.
    fn tree(id: i64) -> TreeWanted {
        let at = id.abs();
        TreeWanted { snapshot: SnapshotId(at), name: at.to_string(), taken: Timestamp(at), is_whole: id > 0 }
    }

    #[test]
    fn it_leads_to_what_was_backed_up_without_problems() {
        // there, those of before, well -> where to
        type Case<'c> = (&'c [i64], &'c [i64], bool, Option<&'c str>);
        let table: [Case<'_>; 6] = [
            (&[1, 2], &[1], true, Some("2")),
            (&[1, 2], &[1], false, Some("1")),
            (&[1, -2], &[1], true, Some("1")),
            (&[1, 2], &[], false, None),
            (&[-1], &[-1], true, None),
            (&[], &[], true, None),
        ];
        for (all, before, is_well, expected) in table {
            let (all, before): (Vec<_>, Vec<_>) =
                (all.iter().map(|id| tree(*id)).collect(), before.iter().map(|id| tree(*id)).collect());
            let there = There { trees: all.iter().collect(), last: None, displaces: true, is_well, before: &before };
            assert_eq!(there.lead().map(|tree| tree.name.as_str()), expected, "{all:?} {is_well}");
        }
    }

    #[test]
    fn the_oldest_gives_way_and_the_latest_only_to_another() {
        let all = [tree(1), tree(2)];
        // to, well, latest -> who goes
        let table = [
            (3, true, "2", Some("1")),
            (3, false, "1", Some("2")),
            (3, true, "1", Some("1")),
            (-3, true, "1", Some("2")),
            (1, true, "2", None),
        ];
        for (to, is_well, latest, expected) in table {
            let mut there = There { trees: all.iter().collect(), last: None, displaces: true, is_well, before: &all };
            assert_eq!(there.give_way(&tree(to), Some(latest)), expected, "{to} {latest}");
        }
        let mut there =
            There { trees: all.iter().collect(), last: Some("0"), displaces: false, is_well: false, before: &all };
        assert_eq!(there.give_way(&tree(3), Some("0")), Some("0"));
        assert_eq!(there.give_way(&tree(3), None), None, "what has no room in any case displaces none");
    }

    #[test]
    fn says_where_it_stays_and_why() {
        assert_eq!(Stays::of(Some(&tree(2)), Some("2")), None);
        let said =
            |newest: i64, at| Stays::of(Some(&tree(newest)), at).map(|stays| stays.to_string()).unwrap_or_default();
        assert!(said(-2, Some("1")).contains("latest stays at 1: the update of 2 was interrupted"));
        assert!(said(2, Some("1")).contains("this backup had problems"));
        assert!(said(2, None).contains("no latest yet"));
    }
}
