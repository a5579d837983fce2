//! A naive shelf: it carries plans out one step at a time and checks each step by itself.

use dsb::model::{Class, DiskIndex, DiskSet};
use dsb::plan::{Item, Plan, Reason, Request, Shelf, Step, plan};
use std::collections::{BTreeMap, VecDeque};

/// One object with the truth about its copies.
#[derive(Clone, Debug)]
pub struct Object {
    pub footprint: u64,
    pub directory: u32,
    pub priority: u8,
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

impl World {
    pub fn items(&self, attached: DiskIndex) -> Vec<Item> {
        let doubted = self.doubted.without(attached).0;
        let item = |object: &Object| Item {
            footprint: object.footprint,
            disks: DiskSet(object.holders.0 & !doubted),
            untrusted: DiskSet(object.holders.0 & doubted),
            directory: object.directory,
            priority: object.priority,
            wanted: 2,
            maxcopies: object.maxcopies,
            class: object.class,
            obtainable: object.obtainable,
        };
        self.objects.iter().map(item).collect()
    }

    pub fn plan(&self, attached: DiskIndex, request: &Request) -> Plan {
        let rooms: Vec<_> = self.rooms.iter().map(|(disk, room)| (*disk, *room)).collect();
        plan(&self.items(attached), &Shelf { attached, rooms: &rooms, groups: &[] }, request)
    }

    pub fn used(&self, disk: DiskIndex) -> u64 {
        self.objects.iter().filter(|object| object.holders.contains(disk)).map(|object| object.footprint).sum()
    }

    /// By copies, then priority downwards: live bytes with at least so many trusted copies.
    pub fn profile(&self) -> Vec<u64> {
        let mut bytes = BTreeMap::new();
        for object in self.objects.iter().filter(|object| object.class == Class::Live) {
            let copies = DiskSet(object.holders.0 & !self.doubted.0).count().min(u32::from(object.maxcopies));
            for copy in 1..=copies {
                *bytes.entry((copy, 255 - object.priority)).or_insert(0) += object.footprint;
            }
        }
        let priorities: std::collections::BTreeSet<u8> = self.objects.iter().map(|o| 255 - o.priority).collect();
        let cells = (1..=64).flat_map(|copy| priorities.iter().map(move |priority| (copy, *priority)));
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
        assert!(object.class != Class::Live || elsewhere >= 1, "the last copy of {item}");
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

    /// (live first, copies elsewhere, priority downwards)
    fn key(&mut self, item: u32) -> (bool, u32, u8) {
        let elsewhere = self.trusted_elsewhere(item);
        let object = self.object(item);
        match object.class {
            Class::Live => (false, elsewhere, 255 - object.priority),
            _ => (true, 0, 0),
        }
    }

    fn may_leave_for(&mut self, victim: u32, newcomer: u32, reason: Reason) -> bool {
        let (victim, newcomer) = (self.key(victim), self.key(newcomer));
        let bare =
            self.world.objects.iter().any(|o| o.class == Class::Live && o.holders.0 & !self.world.doubted.0 == 0);
        let staged = victim == newcomer && victim.1 == 1 && bare;
        victim > newcomer || staged || reason == Reason::Relocation && victim.1 >= 1
    }

    fn copy(&mut self, (item, reason): (u32, Reason), room: (&[u32], &[u32]), pays: bool, ending: Ending) -> u64 {
        let (exchange, evict) = room;
        let attached = self.attached;
        let object = self.object(item).clone();
        assert!(!object.holders.contains(attached) && object.obtainable && object.class == Class::Live);
        self.check_exchange(item, exchange);
        if !pays {
            assert!(self.failed || self.queue.is_empty(), "victims that nobody needed");
            self.queue.clear();
        }
        self.queue.extend(evict);
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
