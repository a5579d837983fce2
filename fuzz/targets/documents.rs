//! What is read from a disk or handed in as JSON.

use super::folder;
use dsb::catalog::Catalog;
use dsb::disk::{Attached, NEWEST};
use dsb::model::{Disk, Fanout, Footprint, Medium, SessionStamp, Size, Timestamp};
use dsb::ops::{Event, Part, Scenario, export_config, import_config};
use std::fs;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The marker of a disk.
pub fn marker(input: &[u8]) {
    let folder = folder();
    fs::write(folder.path().join("distbackup-disk.json"), input).expect("no room");
    let Ok(mut disk) = Attached::open(folder.path()) else { return };
    let marker = disk.marker().clone();
    assert!(marker.format <= NEWEST);
    disk.write_marker(marker.clone()).expect("no room");
    assert_eq!(Attached::open(folder.path()).expect("it was just written").marker(), &marker);
}

/// The document of `config import`, into a catalog with one disk.
pub fn config(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let catalog = Catalog::create_scratch(Path::new("/nowhere"), Timestamp(0)).expect("no catalog");
    catalog.put_disk(&a_disk()).expect("no disk");
    if import_config(&catalog, text).is_err() {
        return;
    }
    let written = || {
        let document = export_config(&catalog, Part::All, None).expect("what was imported is exported");
        serde_json::to_string_pretty(&document).expect("a document is JSON")
    };
    let exported = written();
    let changes = import_config(&catalog, &exported).unwrap_or_else(|error| panic!("{error}\n{exported}"));
    assert!(changes.is_empty(), "{changes:?}\n{exported}");
    assert_eq!(written(), exported);
}

/// The disk that the documents of the corpus speak of.
fn a_disk() -> Disk {
    Disk {
        index: dsb::model::DiskIndex::new(3).expect("a place"),
        uuid: Uuid::from_u128(7),
        name: "shelf-01".parse().expect("a name"),
        path: PathBuf::from("/mnt/shelf-01/backup"),
        budget: Size(1 << 40),
        reserve: Size(1 << 30),
        reserve_used: Size::ZERO,
        footprint: Footprint::USUAL,
        medium: Medium::default(),
        last_seen: None,
        last_written: None,
        generation: 0,
        session: SessionStamp::default(),
        pending: None,
        closed: true,
        same_device: false,
        group: None,
        tree: false,
        tree_taken: Some(Size::ZERO),
        fanout: Fanout::Three,
        unconfirmed: false,
    }
}

/// A scenario: what is read of it keeps within itself.
pub fn scenario(input: &[u8]) {
    let Ok(scenario) = Scenario::parse(input) else { return };
    let objects = scenario.objects.len();
    let ranges = scenario.events.iter().flat_map(|event| match event {
        Event::Add(range) => vec![range.clone()],
        Event::Delete(ranges) => ranges.clone(),
        _ => Vec::new(),
    });
    assert!(ranges.into_iter().all(|range| range.start <= range.end && range.end <= objects));
    let sum = scenario.objects.iter().try_fold(0_u64, |sum, object| sum.checked_add(object.footprint));
    assert!(sum.is_some() && scenario.disks.len() <= 64);
}
