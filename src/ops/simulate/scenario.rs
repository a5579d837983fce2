//! Scenarios as they are written down: `dsb-placement-scenario/1`, from JSON into values.

use crate::model::{DiskIndex, DiskSet, escape};
use serde::Deserialize;
use serde_json::Value;
use std::fmt;
use std::ops::Range;

/// What such a file says of itself.
const FORMAT: &str = "dsb-placement-scenario/1";

/// The one rule for what an object takes on a disk, as the file writes it.
const FOOTPRINT: &str = "4096 + round_up(size,4096)";
const BLOCK: u64 = 4096;

/// A shelf, and what happens to it.
#[derive(Debug)]
pub struct Scenario {
    /// Every disk that is ever on the shelf.
    pub disks: Vec<ScenarioDisk>,
    /// In the order of their paths.
    pub objects: Vec<ScenarioObject>,
    /// In order.
    pub events: Vec<Event>,
}

/// A disk of a scenario.
#[derive(Clone, Debug)]
pub struct ScenarioDisk {
    /// Its place in every set of disks.
    pub index: DiskIndex,
    /// What to call it.
    pub name: String,
    /// Its room for objects in bytes.
    pub room: u64,
    /// Whether it is on the shelf from the start.
    pub initial: bool,
}

/// An object of a scenario.
#[derive(Clone, Copy, Debug)]
pub struct ScenarioObject {
    /// Bytes it takes on every disk.
    pub footprint: u64,
    /// Its folder, by rank.
    pub directory: u32,
    /// Higher is more important.
    pub priority: u8,
    /// Copies at most; `u8::MAX`: no bound.
    pub maxcopies: u8,
}

/// Something that happens to a shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Objects become live.
    Add(Range<usize>),
    /// Objects are needed no longer.
    Delete(Vec<Range<usize>>),
    /// A disk is brought up to date.
    Attach(DiskIndex),
    /// A disk joins the shelf, empty.
    AddDisk(DiskIndex),
    /// A disk is lost with all that it holds.
    LoseDisk(DiskIndex),
    /// Disk after disk is attached until nothing changes.
    Settle,
}

/// Why a file is no scenario: what is wrong with it and where.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAScenario(String);

impl fmt::Display for NotAScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotAScenario {}

type Result<T> = std::result::Result<T, NotAScenario>;

/// An error with these words.
fn wrong<T>(what: impl fmt::Display) -> Result<T> {
    Err(NotAScenario(what.to_string()))
}

/// Says of which format a file is.
#[derive(Deserialize)]
#[serde(expecting = "an object with a format")]
struct Head {
    format: String,
    #[serde(default)]
    alloc_rule: Option<String>,
}

#[derive(Deserialize)]
#[serde(expecting = "a scenario")]
struct Body {
    disks: Vec<DiskLine>,
    dirs: Vec<String>,
    objects: Vec<(u64, u64, u64, u64)>,
    events: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(expecting = "a disk")]
struct DiskLine {
    id: i64,
    #[serde(default)]
    name: String,
    size: u64,
    initial: bool,
}

impl Scenario {
    /// Reads one; everything in it is checked.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let head: Head = read(bytes)?;
        if head.format != FORMAT {
            return wrong(format_args!("its format is {:?}, and only {FORMAT:?} is known", head.format));
        }
        if head.alloc_rule.as_ref().is_some_and(|rule| rule != FOOTPRINT) {
            return wrong(format_args!("its alloc_rule is not {FOOTPRINT:?}, the only one that is known"));
        }
        let body: Body = read(bytes)?;
        let disks = disks(body.disks)?;
        let objects = objects(&body.objects, body.dirs.len())?;
        let events = Reader::new(&disks, objects.len()).events(&body.events)?;
        Ok(Self { disks, objects, events })
    }

    /// Bytes that an object takes on a disk.
    pub fn footprint(&self, object: u32) -> u64 {
        self.objects.get(object as usize).map_or(0, |object| object.footprint)
    }
}

fn read<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| NotAScenario(error.to_string()))
}

fn disks(lines: Vec<DiskLine>) -> Result<Vec<ScenarioDisk>> {
    if lines.len() > usize::from(DiskIndex::COUNT) {
        return wrong(format_args!("it has {} disks, and a shelf has {} at most", lines.len(), DiskIndex::COUNT));
    }
    let mut known = DiskSet::EMPTY;
    let mut disks = Vec::new();
    for line in lines {
        let Some(index) = DiskIndex::new(line.id) else {
            return wrong(format_args!("disk {}: an id is a number from 0 to {}", line.id, DiskIndex::COUNT - 1));
        };
        if known.contains(index) {
            return wrong(format_args!("disk {}: two disks have this id", line.id));
        }
        known = known.with(index);
        let name = if line.name.is_empty() { format!("disk {}", line.id) } else { line.name };
        disks.push(ScenarioDisk { index, name, room: line.size, initial: line.initial });
    }
    disks.sort_by_key(|disk| disk.index);
    Ok(disks)
}

/// Sums of footprints stay within what a number holds, as sums of sizes on a real shelf do.
fn objects(lines: &[(u64, u64, u64, u64)], directories: usize) -> Result<Vec<ScenarioObject>> {
    if u32::try_from(lines.len()).is_err() {
        return wrong(format_args!("it has {} objects, which is too many", lines.len()));
    }
    let mut total = 0_u64;
    let mut objects = Vec::with_capacity(lines.len());
    for (position, line) in lines.iter().enumerate() {
        let object = object(line, directories).map_err(|what| NotAScenario(format!("object {position}: {what}")))?;
        let Some(sum) = total.checked_add(object.footprint) else {
            return wrong(format_args!("object {position}: up to it the objects take more than {} bytes", u64::MAX));
        };
        total = sum;
        objects.push(object);
    }
    Ok(objects)
}

fn object(line: &(u64, u64, u64, u64), directories: usize) -> Result<ScenarioObject> {
    let (size, directory, priority, maxcopies) = *line;
    let Some(footprint) = size.checked_next_multiple_of(BLOCK).and_then(|size| size.checked_add(BLOCK)) else {
        return wrong(format_args!("a size of {size} bytes is too large"));
    };
    let folder = u32::try_from(directory).ok().filter(|folder| (*folder as usize) < directories);
    let Some(directory) = folder else {
        return wrong(format_args!("folder {directory} is not among the {directories} dirs"));
    };
    let Ok(priority) = u8::try_from(priority) else {
        return wrong(format_args!("a priority of {priority} is above {}", u8::MAX));
    };
    let maxcopies = match u8::try_from(maxcopies) {
        Ok(0) => u8::MAX,
        Ok(maxcopies) => maxcopies,
        Err(_) => return wrong(format_args!("maxcopies of {maxcopies} is above {}", u8::MAX)),
    };
    Ok(ScenarioObject { footprint, directory, priority, maxcopies })
}

/// The beginning of what stands there, fit for a terminal.
fn short(value: &Value) -> String {
    let text: String = value.to_string().chars().take(40).collect();
    escape(text.as_bytes()).into_owned()
}

/// Reads events, and follows which disks are on the shelf.
struct Reader {
    all: DiskSet,
    known: DiskSet,
    objects: usize,
}

impl Reader {
    fn new(disks: &[ScenarioDisk], objects: usize) -> Self {
        let all = disks.iter().map(|disk| disk.index).collect();
        let known = disks.iter().filter(|disk| disk.initial).map(|disk| disk.index).collect();
        Self { all, known, objects }
    }

    fn events(mut self, lines: &[Value]) -> Result<Vec<Event>> {
        let event = |(position, line): (usize, &Value)| {
            self.event(line).map_err(|what| NotAScenario(format!("event {position}, {}: {what}", short(line))))
        };
        lines.iter().enumerate().map(event).collect()
    }

    fn event(&mut self, line: &Value) -> Result<Event> {
        let words: &[Value] = line.as_array().map_or(&[], Vec::as_slice);
        let name = words.first().and_then(Value::as_str);
        match (name, words.get(1..).unwrap_or_default()) {
            (Some("add"), [from, to]) => Ok(Event::Add(self.range(from, to)?)),
            (Some("delete"), [ranges]) => self.delete(ranges),
            (Some("attach"), [disk]) => Ok(Event::Attach(self.disk(disk, true)?)),
            (Some("add_disk"), [disk]) => {
                let disk = self.disk(disk, false)?;
                self.known = self.known.with(disk);
                Ok(Event::AddDisk(disk))
            }
            (Some("lose_disk"), [disk]) => {
                let disk = self.disk(disk, true)?;
                self.known = self.known.without(disk);
                Ok(Event::LoseDisk(disk))
            }
            (Some("settle"), []) => Ok(Event::Settle),
            _ => wrong("no such event"),
        }
    }

    fn delete(&self, ranges: &Value) -> Result<Event> {
        let Some(ranges) = ranges.as_array() else { return wrong("a list of ranges is wanted") };
        let range = |range: &Value| match range.as_array().map(Vec::as_slice) {
            Some([from, to]) => self.range(from, to),
            _ => wrong(format_args!("{} is no range: a range is [from, to]", short(range))),
        };
        Ok(Event::Delete(ranges.iter().map(range).collect::<Result<_>>()?))
    }

    /// Objects from one up to, not including, another.
    fn range(&self, from: &Value, to: &Value) -> Result<Range<usize>> {
        let number = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok());
        match (number(from), number(to)) {
            (Some(from), Some(to)) if from <= to && to <= self.objects => Ok(from..to),
            _ => wrong(format_args!("{} to {} is no range of its {} objects", short(from), short(to), self.objects)),
        }
    }

    /// A disk that has to be on the shelf at this point, or must not be.
    fn disk(&self, id: &Value, on_the_shelf: bool) -> Result<DiskIndex> {
        let Some(disk) = id.as_i64().and_then(DiskIndex::new).filter(|disk| self.all.contains(*disk)) else {
            return wrong(format_args!("there is no disk {}", short(id)));
        };
        match (self.known.contains(disk), on_the_shelf) {
            (true, false) => wrong(format_args!("disk {id} is on the shelf already")),
            (false, true) => wrong(format_args!("disk {id} is not on the shelf then")),
            _ => Ok(disk),
        }
    }
}
