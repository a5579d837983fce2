//! What homes are made of: photos, documents, code, mail, music, and what programs leave behind.

use super::random::Random;

/// A top folder, and how it looks below.
pub struct Area {
    pub name: &'static str,
    /// Per mille of all files.
    pub share: u64,
    /// Directories below each other, the home's own counted.
    pub deepest: u32,
    /// Files of a directory: the fewest usual, and how heavy the tail is (less is heavier).
    pub files: (f64, f64),
    /// Directories of a directory that has any.
    pub fan: f64,
    /// Length of a file: median, spread of the logarithm.
    pub size: (f64, f64),
    /// Whether its bytes are text, which packs well.
    pub text: bool,
    pub mode: u32,
}

pub const AREAS: [Area; 6] = [
    Area {
        name: "Pictures",
        share: 230,
        deepest: 5,
        files: (18.0, 1.1),
        fan: 9.0,
        size: (2.4e6, 0.9),
        text: false,
        mode: 0o644,
    },
    Area {
        name: "Documents",
        share: 150,
        deepest: 7,
        files: (4.5, 1.1),
        fan: 5.0,
        size: (5e4, 1.9),
        text: false,
        mode: 0o644,
    },
    Area {
        name: "src",
        share: 400,
        deepest: 12,
        files: (4.5, 1.2),
        fan: 5.0,
        size: (4e3, 1.6),
        text: true,
        mode: 0o644,
    },
    Area {
        name: "Mail",
        share: 150,
        deepest: 4,
        files: (60.0, 0.9),
        fan: 7.0,
        size: (1e4, 1.6),
        text: true,
        mode: 0o600,
    },
    Area {
        name: "Music",
        share: 30,
        deepest: 4,
        files: (8.0, 1.8),
        fan: 8.0,
        size: (6e6, 0.6),
        text: false,
        mode: 0o644,
    },
    Area {
        name: ".local",
        share: 40,
        deepest: 8,
        files: (4.0, 1.0),
        fan: 6.0,
        size: (2e3, 2.4),
        text: false,
        mode: 0o600,
    },
];

/// No file is longer, before all are scaled: films, disk images.
const LONGEST: f64 = 4e9;

impl Area {
    /// The length of a file, before all are scaled.
    pub fn size(&self, random: &mut Random) -> f64 {
        let (median, spread) = self.size;
        random.lognormal(median, spread).clamp(1.0, LONGEST)
    }
}

/// How lengths are made shorter so that a tree stays small: those above an edge lose a part of what
/// they have beyond it, and stay as unequal as lengths are.
#[derive(Clone, Copy, Debug)]
pub struct Shrink {
    edge: f64,
    power: f64,
}

impl Shrink {
    pub const NONE: Self = Self { edge: f64::INFINITY, power: 1.0 };

    pub fn of(self, size: f64) -> u64 {
        let size = if size <= self.edge { size } else { self.edge * (size / self.edge).powf(self.power) };
        size.round().max(1.0) as u64
    }

    /// What makes the mean of all areas so many bytes.
    pub fn to(mean: u64) -> Self {
        const EDGE: f64 = 4096.0;
        let (sample, mean) = (sample(), mean as f64);
        let fits =
            |shrink: Self| sample.iter().map(|size| shrink.of(*size) as f64).sum::<f64>() <= mean * sample.len() as f64;
        if fits(Self { edge: EDGE, power: 0.0 }) {
            let power = largest(0.0, 1.0, |power| fits(Self { edge: EDGE, power }));
            return Self { edge: EDGE, power };
        }
        Self { edge: largest(1.0, EDGE, |edge| fits(Self { edge, power: 0.0 })), power: 0.0 }
    }
}

/// The largest number that still holds, if all below it do.
fn largest(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..30 {
        let middle = f64::midpoint(low, high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Lengths of all areas, each as often as it has files.
fn sample() -> Vec<f64> {
    let mut random = Random::new(7);
    let draws = AREAS.iter().flat_map(|area| (0..area.share * 20).map(move |_| area));
    draws.map(|area| area.size(&mut random)).collect()
}
