//! What it was measured on.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Processors, kernel, and what the data lies on.
pub fn line(data: &Path) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let processors = read("/proc/cpuinfo");
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("an unknown processor", |(_, model)| model.trim());
    let kernel = read("/proc/sys/kernel/osrelease");
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or_default();
    let (kind, disk) = (file_system(data), rotation(data));
    format!("{cores} x {model}, Linux {}\ndata on {kind}, {disk}; load {load} before it began", kernel.trim())
}

/// The type of the file system of a folder.
fn file_system(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let place = |line: &str| {
        let (left, right) = line.split_once(" - ")?;
        Some((left.split(' ').nth(4)?.to_owned(), right.split(' ').next()?.to_owned()))
    };
    let around = mounts.lines().filter_map(place).filter(|(point, _)| folder.starts_with(point));
    // Of two at one place the later hides the earlier.
    around.max_by_key(|(point, _)| point.len()).map_or_else(|| "an unknown file system".to_owned(), |(_, kind)| kind)
}

fn rotation(folder: &Path) -> &'static str {
    let device = std::fs::metadata(folder).map_or(0, |found| found.dev());
    let (major, minor) = ((device >> 8) & 0xfff, device & 0xff);
    let of = |up: &str| std::fs::read_to_string(format!("/sys/dev/block/{major}:{minor}/{up}queue/rotational")).ok();
    match of("").or_else(|| of("../")).as_deref().map(str::trim) {
        Some("0") => "flash",
        Some("1") => "said to rotate",
        _ => "of which nothing is said",
    }
}
