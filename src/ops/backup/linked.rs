//! What would free nothing if it went: files that have a name of somebody else on the disk.

use super::carry::Carrier;
use crate::error::Result;
use crate::model::{Amount, Class, Problem};
use std::collections::HashSet;

impl Carrier<'_, '_> {
    /// Of what is to go those whose room becomes free, and what nobody needs anyway. The others keep
    /// their claims: nothing would be won by giving them up.
    pub(super) fn that_free_room(&mut self, items: &[u32]) -> Result<Vec<u32>> {
        let mut named = Vec::new();
        for census in items.iter().filter_map(|item| self.census(*item)).filter(|census| census.class != Class::Orphan)
        {
            named.push((census.key, self.catalog.object(census.key)?.0));
        }
        let linked = self.names.elsewhere(&named).map_err(|error| self.disk_failed(error.what()))?;
        let keys: HashSet<_> = named.iter().filter(|(_, id)| linked.contains(id)).map(|(key, _)| *key).collect();
        let is_linked = |item: &u32| self.census(*item).is_some_and(|census| keys.contains(&census.key));
        let staying: HashSet<u32> = items.iter().copied().filter(is_linked).collect();
        for item in &staying {
            if self.linked.insert(*item) {
                self.carried.linked += Amount::one(self.size(*item));
            }
        }
        Ok(items.iter().copied().filter(|item| !staying.contains(item)).collect())
    }

    /// Says once what did not go, and what to do.
    pub(super) fn tell_linked(&self) {
        let linked = self.carried.linked;
        if linked.objects == 0 {
            return;
        }
        let objects = if linked.objects == 1 { "object" } else { "objects" };
        let what = format!(
            "{} {objects} ({}) were to make way and have other names on the disk, outside of the trees that dsb made: \
             nothing would be won, so they stay. Remove these names: `find {} -xdev -type f -links +1` lists them, \
             below snapshots/ those of the trees as well",
            linked.objects,
            linked.bytes,
            self.place()
        );
        self.progress.problem(&Problem::new(self.planned.disk.name.as_str(), what));
    }

    fn place(&self) -> String {
        let mount_point = crate::disk::place(self.attached.path()).map(|place| place.mount_point);
        let path = mount_point.unwrap_or_else(|_| self.attached.path().to_owned());
        crate::model::escape(std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str())).into_owned()
    }
}
