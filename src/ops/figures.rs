//! The set in figures: from the sums that the catalog keeps, and object by object only where a path
//! has a number of copies of its own or many copies are in doubt.

use super::room::{Facts, reserve};
use super::shelf::places;
use super::standards::Standards;
use super::trees::Need;
use crate::catalog::{Catalog, Seen};
use crate::error::Result;
use crate::model::{Amount, Class, Disk, DiskSet, Holding, ObjectKey, Part, Protection, Size, Standing, Sums};
use crate::plan::{self, Gain};
use std::collections::{BTreeMap, HashMap};

/// Copies in doubt that are asked about one by one.
const FEW: u32 = 10_000;

/// All content in parts that are alike, and the shelf.
pub struct Figures {
    /// The sums that the catalog keeps.
    pub sums: Sums,
    /// All disks, by name.
    pub disks: Vec<Disk>,
    /// Sets of disks that may fail together.
    pub groups: Vec<DiskSet>,
    parts: Vec<Part>,
    catalog_size: Size,
    trees: Need,
}

impl Figures {
    /// Those of a catalog.
    pub fn load(catalog: &Catalog) -> Result<Self> {
        let (sums, standards) = (catalog.sums()?, Standards::load(catalog)?);
        let few = catalog.few_doubtful(&sums.proofs, FEW)?;
        let parts = match (standards.uniform(), few) {
            (Some(protection), Some(doubtful)) => summed(catalog, &sums.holdings, &doubtful, protection)?,
            _ => counted(catalog, &standards)?,
        };
        let disks = catalog.disks()?;
        let trees = Need::load(catalog, &disks)?;
        Ok(Self { sums, groups: Disk::groups(&disks), disks, parts, catalog_size: catalog.size()?, trees })
    }

    /// How many objects the catalog knows.
    pub fn objects(&self) -> u64 {
        self.parts.iter().map(|part| part.holding.amount.objects).sum()
    }

    /// What there is in parts like this.
    pub fn amount(&self, is_meant: impl Fn(&Part) -> bool) -> Amount {
        self.parts.iter().filter(|part| is_meant(part)).map(|part| part.holding.amount).sum()
    }

    /// Live content by the number of its copies, none, one, two ..., as far as it is meant.
    pub fn levels(&self, is_meant: impl Fn(&Part) -> bool) -> Vec<Amount> {
        let mut levels = vec![Amount::default()];
        for part in self.parts.iter().filter(|part| part.is_live() && is_meant(part)) {
            let copies = part.certain().count() as usize;
            levels.resize(levels.len().max(copies + 1), Amount::default());
            if let Some(level) = levels.get_mut(copies) {
                *level += part.holding.amount;
            }
        }
        levels
    }

    /// Live content with fewer copies, on disks that fail apart, than are wanted.
    pub fn below_wanted(&self) -> Amount {
        self.amount(|part| part.is_live() && part.certain().apart(&self.groups) < part.wanted.into())
    }

    /// The fewest and the most copies that live content wants.
    pub fn wanted(&self) -> (u8, u8) {
        let live = self.parts.iter().filter(|part| part.is_live() && part.holding.amount.objects > 0);
        let wanted = live.map(|part| part.wanted);
        let usual = Protection::USUAL.copies;
        (wanted.clone().min().unwrap_or(usual), wanted.max().unwrap_or(usual))
    }

    /// What is known of a disk since its last visit.
    pub fn facts(&self, disk: &Disk) -> Facts {
        Facts::since_last_visit(disk, self.sums.taken(disk.index), self.trees)
    }

    /// What will be known of it at its next visit.
    pub fn next_facts(&self, disk: &Disk) -> Facts {
        let reserve = reserve(disk.reserve, self.catalog_size, self.objects(), (disk.footprint, disk.fanout));
        Facts { reserve, ..self.facts(disk) }
    }

    /// What a visit of each disk could bring at most, the best first.
    pub fn gains(&self) -> Vec<Gain> {
        let rooms: Vec<_> = self.disks.iter().map(|disk| (disk.index, self.next_facts(disk).room().bytes())).collect();
        let at_most = |disk: &Disk| {
            let free = self.next_facts(disk).room() - self.sums.taken(disk.index);
            plan::at_most(&self.parts, &rooms, &self.groups, (disk.index, free))
        };
        let mut gains: Vec<_> = self.disks.iter().map(at_most).collect();
        gains.sort_by_key(Gain::order);
        gains
    }

    /// Live content without a copy that fits on no disk.
    pub fn too_large(&self, catalog: &Catalog) -> Result<Vec<ObjectKey>> {
        let homeless = self.amount(|part| part.is_live() && part.holding.disks == DiskSet::EMPTY).bytes;
        let fits = |size: Size, data: Size| {
            let fits = |disk: &Disk| disk.footprint.of(size, data) <= self.facts(disk).room();
            self.disks.iter().any(fits)
        };
        // Nothing is larger than all of it together.
        if self.disks.is_empty() || homeless == Size::ZERO || fits(homeless, homeless) {
            return Ok(Vec::new());
        }
        let standing = catalog.standing()?;
        let mut keys = Vec::new();
        for (key, size, data) in catalog.homeless(self.surely_fits())? {
            if !fits(size, data) && catalog.class_of(&standing, key)? == Class::Live {
                keys.push(key);
            }
        }
        Ok(keys)
    }

    /// What is no longer than this fits on the roomiest disk, whatever it takes there.
    fn surely_fits(&self) -> Size {
        let longest = |disk: &Disk| {
            let room = self.facts(disk).room() - disk.footprint.of(Size(1), Size(1));
            Size(room.bytes() / 513 * 512)
        };
        self.disks.iter().map(longest).max().unwrap_or(Size::ZERO)
    }
}

/// Parts by the sums, what is in doubt taken out of them.
fn summed(
    catalog: &Catalog,
    holdings: &[Holding],
    doubtful: &BTreeMap<ObjectKey, DiskSet>,
    Protection { copies: wanted, maxcopies, .. }: Protection,
) -> Result<Vec<Part>> {
    let part = |holding| Part { holding, doubtful: DiskSet::EMPTY, wanted, maxcopies };
    let mut parts: Vec<_> = holdings.iter().copied().map(part).collect();
    let standing = if doubtful.is_empty() { Standing::default() } else { catalog.standing()? };
    for (key, doubtful) in doubtful {
        let (need, amount) = (catalog.class_of(&standing, *key)?.need(), Amount::one(catalog.object(*key)?.1));
        let holding = Holding { need, disks: catalog.disks_of(*key)?, amount };
        let alike = |part: &&mut Part| Holding { amount, ..part.holding } == holding && part.doubtful == DiskSet::EMPTY;
        if let Some(part) = parts.iter_mut().find(alike) {
            let sum = &mut part.holding.amount;
            *sum = Amount { objects: sum.objects.saturating_sub(1), bytes: sum.bytes - amount.bytes };
        }
        parts.push(Part { doubtful: *doubtful, ..part(holding) });
    }
    Ok(parts)
}

/// Parts, counted object by object; memory holds the directories, never the files.
fn counted(catalog: &Catalog, standards: &Standards) -> Result<Vec<Part>> {
    let everywhere = standards.root()?.settings;
    let uniform = standards.uniform();
    let places = if uniform.is_some() { HashMap::new() } else { places(catalog, standards)? };
    let mut sums: BTreeMap<_, Amount> = BTreeMap::new();
    let mut protection = None::<Protection>;
    catalog.census_by_name(&catalog.standing()?, |seen| {
        match seen {
            Seen::Name(parent, name) if uniform.is_none() => {
                let settings = places.get(&parent).map_or(everywhere, |place| place.settings_of(name));
                let here = settings.protection();
                protection = Some(protection.map_or(here, |there| there.max(here)));
            }
            Seen::Name(..) => {}
            Seen::Object(item) => {
                let protection = protection.take().or(uniform).unwrap_or(everywhere.protection());
                let key = (item.class.need(), item.disks, item.doubtful, protection.copies, protection.maxcopies);
                *sums.entry(key).or_default() += Amount::one(item.size);
            }
        }
        Ok(())
    })?;
    let part = |((need, disks, doubtful, wanted, maxcopies), amount)| Part {
        holding: Holding { need, disks, amount },
        doubtful,
        wanted,
        maxcopies,
    };
    Ok(sums.into_iter().map(part).collect())
}
