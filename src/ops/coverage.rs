//! How many copies there are of what, against how many are wanted.

use super::shelf::{Object, Shelf};
use crate::model::{Amount, Class, DiskSet};
use crate::plan::Future;

/// Live content by its copies on disks that fail apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// By the number of copies: none, one, two ...
    pub levels: Vec<Amount>,
    /// What has fewer than are wanted.
    pub below_wanted: Amount,
}

impl Coverage {
    /// What has fewer copies than that.
    pub fn below(&self, copies: usize) -> Amount {
        self.levels.iter().take(copies).copied().sum()
    }

    /// Everything.
    pub fn total(&self) -> Amount {
        self.levels.iter().copied().sum()
    }

    fn add(&mut self, copies: u32, wanted: u8, amount: Amount) {
        let level = copies as usize;
        self.levels.resize(self.levels.len().max(level + 1), Amount::default());
        if let Some(sum) = self.levels.get_mut(level) {
            *sum += amount;
        }
        if copies < wanted.into() {
            self.below_wanted += amount;
        }
    }
}

impl Shelf {
    /// As the catalog knows it.
    pub fn coverage(&self) -> Coverage {
        self.count(&self.groups, |_, doubtful, disks| DiskSet(disks.0 & !doubtful.0))
    }

    /// Copies of an object as they protect: those not in doubt, disks of one group counted once.
    pub fn copies(&self, object: &Object) -> u32 {
        DiskSet(object.census.disks.0 & !object.census.doubtful.0).apart(&self.groups)
    }

    /// As it would become. Copies in doubt count once their disk was visited.
    pub fn coverage_in(&self, future: &Future<'_>) -> Coverage {
        self.count(future.groups(), |index, doubtful, _| {
            let item = future.items().get(index);
            item.map_or(DiskSet::EMPTY, |item| DiskSet(item.disks.0 | item.untrusted.0 & !doubtful.0))
        })
    }

    fn count(&self, groups: &[DiskSet], holders: impl Fn(usize, DiskSet, DiskSet) -> DiskSet) -> Coverage {
        let mut coverage = Coverage { levels: vec![Amount::default()], ..Coverage::default() };
        for (index, object) in self.objects.iter().enumerate() {
            let census = &object.census;
            if census.class == Class::Live {
                let copies = holders(index, census.doubtful, census.disks).apart(groups);
                coverage.add(copies, object.protection.copies, Amount::one(census.size));
            }
        }
        coverage
    }
}
