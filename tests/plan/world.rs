//! A naive shelf: it carries plans out one step at a time and checks each step by itself.

use dsb::model::{Class, DiskIndex, DiskSet};
use dsb::plan::{Item, Plan, Reason, Request, Shelf, Step, plan};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One object with the truth about its copies.
#[derive(Clone, Debug)]
pub struct Object {
    pub footprint: u64,
    pub directory: u32,
    pub priority: u8,
    pub wanted: u8,
    pub maxcopies: u8,
    pub class: Class,
    pub obtainable: bool,
    pub holders: DiskSet,
}

/// Disks with their rooms, and what each holds.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub rooms: BTreeMap<DiskIndex, u64>,
    pub objects: Vec<Object>,
    /// Disks whose copies license no eviction.
    pub doubted: DiskSet,
    /// Disks that may fail together.
    pub groups: Vec<DiskSet>,
}

/// How a copy ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Done,
    /// It could not even be opened: nothing was evicted for it.
    Unreadable,
    /// It broke off after its victims were gone.
    BrokenOff,
}

/// What a visit did.
pub struct Visit {
    pub plan: Plan,
    pub written: u64,
}

pub fn disk(index: usize) -> DiskIndex {
    DiskIndex::new(index as i64).unwrap()
}

/// Groups, and disks without one, that are touched.
fn apart(disks: DiskSet, groups: &[DiskSet]) -> u32 {
    let group_of = |disk| groups.iter().position(|group| group.contains(disk)).ok_or(disk);
    disks.iter().map(group_of).collect::<BTreeSet<_>>().len() as u32
}

impl World {
    pub fn items(&self, attached: DiskIndex) -> Vec<Item> {
        let doubted = self.doubted.without(attached).0;
        let item = |object: &Object| Item {
            footprint: object.footprint,
            disks: DiskSet(object.holders.0 & !doubted),
            untrusted: DiskSet(object.holders.0 & doubted),
            directory: object.directory,
            priority: object.priority,
            wanted: object.wanted,
            maxcopies: object.maxcopies,
            class: object.class,
            obtainable: object.obtainable,
        };
        self.objects.iter().map(item).collect()
    }

    pub fn plan(&self, attached: DiskIndex, request: &Request) -> Plan {
        let rooms: Vec<_> = self.rooms.iter().map(|(disk, room)| (*disk, *room)).collect();
        plan(&self.items(attached), &Shelf { attached, rooms: &rooms, groups: &self.groups }, request)
    }

    /// The groups that tell disks apart.
    fn telling(&self) -> &[DiskSet] {
        let all = |group: &DiskSet| self.rooms.keys().all(|disk| group.contains(*disk));
        if self.groups.iter().any(all) { &[] } else { &self.groups }
    }

    pub fn used(&self, disk: DiskIndex) -> u64 {
        self.objects.iter().filter(|object| object.holders.contains(disk)).map(|object| object.footprint).sum()
    }

    /// By what a copy is for, then copies, then priority downwards: live bytes with at least so many
    /// trusted copies. First those that fail apart, of which the wanted ones first.
    pub fn profile(&self) -> Vec<u64> {
        let mut bytes = BTreeMap::new();
        for object in self.objects.iter().filter(|object| object.class == Class::Live) {
            let holders = DiskSet(object.holders.0 & !self.doubted.0);
            for (together, copies) in [(false, apart(holders, self.telling())), (true, holders.count())] {
                for copy in 1..=copies.min(object.maxcopies.into()) {
                    let beyond = copy > object.wanted.into();
                    *bytes.entry((together, beyond, copy, 255 - object.priority)).or_insert(0) += object.footprint;
                }
            }
        }
        let priorities: BTreeSet<u8> = self.objects.iter().map(|o| 255 - o.priority).collect();
        let ranks = [(false, false), (false, true), (true, false), (true, true)].into_iter();
        let cells = ranks.flat_map(|(together, beyond)| (1..=64).map(move |copy| (together, beyond, copy)));
        let cells = cells.flat_map(|(t, b, copy)| priorities.iter().map(move |priority| (t, b, copy, *priority)));
        cells.map(|cell| bytes.get(&cell).copied().unwrap_or(0)).collect()
    }

    /// Bytes and number of live objects with at least so many copies.
    pub fn level(&self, copies: u32) -> (u64, u64) {
        let live = self.objects.iter().filter(|object| object.class == Class::Live);
        live.filter(|object| object.holders.count() >= copies).fold((0, 0), |(b, n), o| (b + o.footprint, n + 1))
    }

    pub fn visit(&mut self, attached: DiskIndex, request: &Request) -> Visit {
        self.visit_with(attached, request, |_| Ending::Done)
    }

    /// Plans and carries out; every step is held against the invariants.
    pub fn visit_with(&mut self, attached: DiskIndex, request: &Request, ending: impl Fn(u32) -> Ending) -> Visit {
        let plan = self.plan(attached, request);
        assert_eq!(plan, self.plan(attached, request), "the same plan twice");
        let mut run = Run { room: self.rooms[&attached], attached, queue: VecDeque::new(), failed: false, world: self };
        let mut written = 0;
        for (position, step) in plan.steps.iter().enumerate() {
            match step {
                Step::Remove { item, reason } => run.remove(*item, *reason),
                Step::Copy { item, reason, exchange, evict } => {
                    let pays = position < plan.fill;
                    written += run.copy((*item, *reason), (exchange, evict), pays, ending(*item));
                }
            }
        }
        assert!(run.failed || run.queue.is_empty(), "victims that nobody needed");
        assert_eq!(plan.over_budget, run.used().saturating_sub(run.room));
        Visit { plan, written }
    }
}

/// Kept, together with a disk of the group, beyond what is wanted, copies elsewhere, priority downwards.
type Key = (bool, bool, bool, u32, u8);

/// An executor: the free room, and the victims that are not needed yet.
struct Run<'a> {
    world: &'a mut World,
    attached: DiskIndex,
    room: u64,
    queue: VecDeque<u32>,
    failed: bool,
}

impl Run<'_> {
    fn object(&mut self, item: u32) -> &mut Object {
        &mut self.world.objects[item as usize]
    }

    fn used(&self) -> u64 {
        self.world.used(self.attached)
    }

    fn fits(&mut self, item: u32) -> bool {
        self.used() + self.object(item).footprint <= self.room
    }

    fn trusted_elsewhere(&mut self, item: u32) -> u32 {
        let away = self.world.doubted.with(self.attached);
        DiskSet(self.object(item).holders.0 & !away.0).count()
    }

    fn drop_copy(&mut self, item: u32) {
        let attached = self.attached;
        let (elsewhere, failed) = (self.trusted_elsewhere(item), self.failed);
        let object = self.object(item);
        assert!(object.holders.contains(attached) || failed, "{item} is not here");
        assert!(!object.class.is_pinned() || elsewhere >= 1, "the last copy of {item}");
        object.holders = object.holders.without(attached);
    }

    fn remove(&mut self, item: u32, reason: Reason) {
        let elsewhere = self.trusted_elsewhere(item);
        let object = self.object(item).clone();
        match reason {
            Reason::Orphan => assert_eq!(object.class, Class::Orphan),
            Reason::Excess => assert!(elsewhere >= u32::from(object.maxcopies)),
            Reason::OverBudget => assert!(self.used() > self.room),
            _ => panic!("{reason:?} removes nothing"),
        }
        self.drop_copy(item);
    }

    /// Who has the better right to room: smaller first.
    fn key(&mut self, item: u32) -> Key {
        let elsewhere = DiskSet(self.object(item).holders.0 & !self.world.doubted.with(self.attached).0);
        let mates = self.world.telling().iter().find(|group| group.contains(self.attached));
        let doubled = mates.is_some_and(|mates| mates.0 & elsewhere.0 != 0);
        let copies = if doubled { elsewhere.count() } else { apart(elsewhere, self.world.telling()) };
        let object = self.object(item);
        match object.class {
            Class::Live => (false, doubled, copies >= object.wanted.into(), copies, 255 - object.priority),
            _ => (true, false, false, 0, 0),
        }
    }

    fn may_leave_for(&mut self, victim: u32, newcomer: u32, reason: Reason) -> bool {
        let bare =
            self.world.objects.iter().any(|o| o.class == Class::Live && o.holders.0 & !self.world.doubted.0 == 0);
        let is_staged = bare && self.trusted_elsewhere(newcomer) == 1;
        let staged = (false, false, false, 1, 255 - self.object(newcomer).priority);
        let (victim, newcomer) = (self.key(victim), self.key(newcomer));
        victim > newcomer || is_staged && victim >= staged || reason == Reason::Relocation && victim.3 >= 1
    }

    fn copy(&mut self, (item, reason): (u32, Reason), room: (&[u32], &[u32]), pays: bool, ending: Ending) -> u64 {
        let (exchange, evict) = room;
        let attached = self.attached;
        let object = self.object(item).clone();
        assert!(object.obtainable && object.class == Class::Live);
        self.check_exchange(item, exchange);
        if !pays {
            assert!(self.failed || self.queue.is_empty(), "victims that nobody needed");
            self.queue.clear();
        }
        self.queue.extend(evict);
        if object.holders.contains(attached) {
            assert!(self.failed, "{item} is here already");
            return 0;
        }
        let offered: Vec<u32> = exchange.iter().chain(&self.queue).copied().collect();
        let offered: u64 = offered.into_iter().map(|victim| self.object(victim).footprint).sum();
        let possible = self.used().saturating_sub(offered) + object.footprint <= self.room;
        assert!(possible || self.failed, "no room for {item}");
        if ending == Ending::Unreadable || !possible {
            self.failed = true;
            return 0;
        }
        self.make_room((item, reason), exchange);
        if ending == Ending::BrokenOff {
            self.failed = true;
            return 0;
        }
        let object = self.object(item);
        object.holders = object.holders.with(attached);
        object.footprint
    }

    fn make_room(&mut self, (item, reason): (u32, Reason), exchange: &[u32]) {
        for victim in exchange {
            if !self.fits(item) {
                self.drop_copy(*victim);
            }
        }
        while !self.fits(item) {
            let victim = self.queue.pop_front().expect("enough victims");
            assert!(self.may_leave_for(victim, item, reason), "{victim} leaves for {item}");
            self.drop_copy(victim);
        }
    }

    fn check_exchange(&mut self, item: u32, exchange: &[u32]) {
        let key = self.key(item);
        let bytes: u64 = exchange.iter().map(|victim| self.world.objects[*victim as usize].footprint).sum();
        assert!(exchange.iter().all(|victim| self.key(*victim) == key), "{exchange:?} for {item}");
        assert!(bytes <= self.object(item).footprint / 8 * 7 + 7, "{exchange:?} is too much for {item}");
    }
}
