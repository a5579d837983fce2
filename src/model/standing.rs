//! What a policy makes of the snapshots there are, and so of what they need.

use super::{Class, Need, SnapshotId};
use std::collections::{BTreeMap, BTreeSet};

/// The snapshots between the first and the last that an entry stood in; `last` none: it still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The snapshot that first saw it.
    pub first: SnapshotId,
    /// The last that still did.
    pub last: Option<SnapshotId>,
}

impl Span {
    /// Every snapshot there can be.
    pub const ALWAYS: Self = Self { first: SnapshotId(i64::MIN), last: None };

    /// Whether it stood in a snapshot.
    pub fn covers(self, snapshot: SnapshotId) -> bool {
        self.first <= snapshot && self.last.is_none_or(|last| snapshot <= last)
    }

    /// The newest of these snapshots, given newest first, that it stood in.
    pub fn newest_of(self, ids: &[SnapshotId]) -> Option<SnapshotId> {
        let later = ids.partition_point(|id| self.last.is_some_and(|last| *id > last));
        ids.get(later).copied().filter(|id| *id >= self.first)
    }

    /// The snapshots that are in both.
    #[must_use]
    pub fn common(self, other: Self) -> Option<Self> {
        let last = match (self.last, other.last) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let first = self.first.max(other.first);
        last.is_none_or(|last| first <= last).then_some(Self { first, last })
    }
}

/// Snapshots by how firmly they are held, each list newest first.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Standing {
    /// The newest.
    pub live: Vec<SnapshotId>,
    /// Older ones that are guaranteed.
    pub guaranteed: Vec<SnapshotId>,
    /// Held in free room.
    pub kept: Vec<SnapshotId>,
    /// Held by nothing: to be forgotten.
    pub forgotten: Vec<SnapshotId>,
}

impl Standing {
    /// Who needs what stood in the tree over this span. Until an update without a problem has
    /// forgotten it, what nothing holds stays in free room: the first to go, but no orphan.
    pub fn class(&self, span: Span) -> Class {
        let covered = |ids: &[SnapshotId]| span.newest_of(ids);
        if span.last.is_none() || covered(&self.live).is_some() {
            return Class::Live;
        }
        let guaranteed = covered(&self.guaranteed).map(Class::Guaranteed);
        let kept = || covered(&self.kept).or_else(|| covered(&self.forgotten)).map(Class::Kept);
        guaranteed.or_else(kept).unwrap_or(Class::Orphan)
    }
}

impl Standing {
    /// Holds some of those that are to be forgotten in free room.
    pub fn hold_back(&mut self, ids: &BTreeSet<SnapshotId>) {
        self.forgotten.retain(|id| !ids.contains(id));
        self.kept.extend(ids);
        self.kept.sort_unstable_by(|a, b| b.cmp(a));
    }

    /// Snapshots of this standing that make another need there of what is still shown. What is shown
    /// by any is kept at least: those that kept it, and are gone, made no difference.
    pub fn changed_needs(&self, there: &Self) -> Vec<SnapshotId> {
        let now = there.needs();
        let is_changed = |(id, need): &(SnapshotId, Need)| now.get(id).copied().unwrap_or(Need::Kept) != *need;
        self.needs().into_iter().filter(is_changed).map(|(id, _)| id).collect()
    }

    /// What each snapshot makes of what it shows alone.
    fn needs(&self) -> BTreeMap<SnapshotId, Need> {
        let lists = [(&self.live, Need::Live), (&self.guaranteed, Need::Guaranteed), (&self.kept, Need::Kept)];
        let lists = lists.into_iter().chain([(&self.forgotten, Need::Kept)]);
        lists.flat_map(|(ids, need)| ids.iter().map(move |id| (*id, need))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(first: i64, last: Option<i64>) -> Span {
        Span { first: SnapshotId(first), last: last.map(SnapshotId) }
    }

    #[test]
    fn what_two_spans_have_in_common() {
        let table = [
            (span(1, None), span(3, None), Some(span(3, None))),
            (span(1, Some(4)), span(3, None), Some(span(3, Some(4)))),
            (span(1, Some(4)), span(2, Some(3)), Some(span(2, Some(3)))),
            (span(1, Some(2)), span(3, None), None),
            (span(2, Some(2)), span(1, Some(2)), Some(span(2, Some(2)))),
        ];
        for (one, other, both) in table {
            assert_eq!((one.common(other), other.common(one)), (both, both), "{one:?} {other:?}");
        }
    }

    #[test]
    fn an_object_is_what_its_spans_say() {
        let [live, guaranteed, kept, forgotten] =
            [vec![9], vec![8], vec![7, 5], vec![3]].map(|ids| ids.into_iter().map(SnapshotId).collect());
        let standing = Standing { live, guaranteed, kept, forgotten };
        let table = [
            (span(1, None), Class::Live),
            (span(8, Some(9)), Class::Live),
            (span(4, Some(8)), Class::Guaranteed(SnapshotId(8))),
            (span(4, Some(7)), Class::Kept(SnapshotId(7))),
            (span(5, Some(6)), Class::Kept(SnapshotId(5))),
            (span(6, Some(6)), Class::Orphan),
            (span(1, Some(4)), Class::Kept(SnapshotId(3))),
            (span(1, Some(2)), Class::Orphan),
        ];
        for (span, class) in table {
            assert_eq!(standing.class(span), class, "{span:?}");
        }
    }

    #[test]
    fn a_need_changes_where_a_snapshot_is_held_otherwise() {
        let ids = |ids: &[i64]| ids.iter().copied().map(SnapshotId).collect::<Vec<_>>();
        let of = |live: &[i64], guaranteed: &[i64], kept: &[i64], forgotten: &[i64]| Standing {
            live: ids(live),
            guaranteed: ids(guaranteed),
            kept: ids(kept),
            forgotten: ids(forgotten),
        };
        let before = of(&[9], &[8, 7], &[6, 5], &[4]);
        let table = [
            (before.clone(), &[][..]),
            (of(&[10], &[9, 8, 7], &[6, 5], &[4]), &[9]),
            (of(&[10], &[9, 8], &[7, 6], &[5, 4]), &[7, 9]),
            (of(&[9], &[8, 7], &[6], &[]), &[]),
            (of(&[9], &[7], &[6, 5], &[4]), &[8]),
        ];
        for (there, changed) in table {
            assert_eq!(before.changed_needs(&there), ids(changed), "{there:?}");
        }
    }
}
