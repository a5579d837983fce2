//! What was measured, as a table of 80 columns.

use std::fmt::Write;

/// A measured value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    Seconds(f64),
    Bytes(f64),
}

/// What is aimed at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// So many times what stands beside it, and this on top.
    Times(f64, f64),
    /// Never more.
    Most(Value),
    /// Nothing: only to be seen beside it.
    None,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Row {
    pub job: String,
    pub dsb: Value,
    /// What stands beside it, and its value.
    pub beside: Option<(String, f64)>,
    pub goal: Goal,
}

impl Value {
    fn number(self) -> f64 {
        match self {
            Self::Seconds(number) | Self::Bytes(number) => number,
        }
    }

    /// Another number of the same unit.
    fn with(self, number: f64) -> Self {
        match self {
            Self::Seconds(_) => Self::Seconds(number),
            Self::Bytes(_) => Self::Bytes(number),
        }
    }

    fn shown(self) -> String {
        match self {
            Self::Seconds(seconds) if seconds < 0.1 => format!("{:.1} ms", seconds * 1e3),
            Self::Seconds(seconds) if seconds < 100.0 => format!("{seconds:.2} s"),
            Self::Seconds(seconds) => format!("{seconds:.0} s"),
            Self::Bytes(bytes) if bytes < 1e4 => format!("{bytes:.0} B"),
            Self::Bytes(bytes) => format!("{:.1} MB", bytes / 1e6),
        }
    }
}

impl Row {
    fn ratio(&self) -> String {
        self.beside.as_ref().map_or_else(String::new, |(_, other)| format!("{:.2}", self.dsb.number() / other))
    }

    fn goal(&self) -> String {
        match self.goal {
            Goal::Times(times, more) if more > 0.0 => format!("{times:.2}+{more:.1}s"),
            Goal::Times(times, _) => format!("{times:.2}"),
            Goal::Most(value) => value.shown(),
            Goal::None => String::new(),
        }
    }

    /// Whether the goal is met.
    pub fn is_met(&self) -> Option<bool> {
        // What is printed alike is alike.
        let most = match self.goal {
            Goal::Times(times, more) => self.beside.as_ref().map(|(_, other)| other * (times + 0.005) + more),
            Goal::Most(value) => Some(value.number() * 1.005),
            Goal::None => None,
        };
        most.map(|most| self.dsb.number() <= most)
    }

    fn cells(&self) -> [String; 7] {
        let (name, other) =
            self.beside.clone().map_or_else(Default::default, |(name, other)| (name, self.dsb.with(other).shown()));
        let verdict = self.is_met().map_or("", |met| if met { "ok" } else { "over" });
        [self.job.clone(), self.dsb.shown(), name, other, self.ratio(), self.goal(), verdict.to_owned()]
    }
}

const HEAD: [&str; 7] = ["job", "dsb", "beside", "that", "ratio", "goal", ""];

pub fn table(rows: &[Row], markdown: bool) -> String {
    let cells: Vec<[String; 7]> = rows.iter().map(Row::cells).collect();
    if markdown { as_markdown(&cells) } else { plain(&cells) }
}

fn as_markdown(rows: &[[String; 7]]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head = HEAD.map(str::to_owned);
    let body: String = rows.iter().map(|cells| line(cells)).collect();
    format!("{}|---|---:|---|---:|---:|---:|---|\n{body}", line(&head))
}

fn plain(rows: &[[String; 7]]) -> String {
    let mut out = String::new();
    let head = HEAD.map(str::to_owned);
    for [job, dsb, beside, that, ratio, goal, verdict] in std::iter::once(&head).chain(rows) {
        let line = format!("{job:<24}{dsb:>9}  {beside:<15}{that:>8} {ratio:>5} {goal:>9} {verdict}");
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}
