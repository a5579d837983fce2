//! The arguments of `dsb verify`.

use crate::cli::complete;
use crate::model::Portion;
use clap::Args;
use std::ffi::OsString;
use std::time::Duration;

/// `verify`
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The disk: name, uuid or path
    #[arg(add = complete::disks())]
    pub disk: String,
    /// Only copies that were never read since they were written
    #[arg(long, group = "which")]
    pub new: bool,
    /// Only copies that could not be read, or were seen only by name and size
    #[arg(long, group = "which")]
    pub bad: bool,
    /// Only those that were read longest ago: this part of what the disk holds, as `10%` or `50G`
    #[arg(long, group = "which", value_name = "PART")]
    pub oldest: Option<Portion>,
    /// Begin no copy after so long, as `30m` or `2h`; the next run goes on with what is older
    #[arg(long = "for", value_name = "TIME", value_parser = time)]
    pub most: Option<Duration>,
    /// Begin with objects whose names begin so
    #[arg(short, long, value_name = "PREFIX", default_value = "", hide_default_value = true)]
    pub start: String,
    /// Report only: nothing on the disk or in the catalog is changed
    #[arg(short, long)]
    pub check: bool,
    /// Delete damaged objects instead of moving them to bad-objects/; not with --check, which changes
    /// nothing
    #[arg(short, long, conflicts_with = "check")]
    pub delete: bool,
    /// Write a line for each damaged copy as it is found: disk, place on it, size, path, what (tabs
    /// between); @N: to the open file descriptor N, as in `-e @3 3>FILE`
    #[arg(short, long, value_name = "FILE|@N")]
    pub errors: Option<OsString>,
    /// Objects read at once [default: one for each core, or one where the disk spins]
    #[arg(short, long, default_value_t = 0, hide_default_value = true)]
    pub jobs: usize,
}

/// A span of time as people write it: `90s`, `30m`, `1h 30m`.
fn time(text: &str) -> Result<Duration, String> {
    let span: Option<jiff::SignedDuration> = text.parse().ok();
    span.and_then(|span| Duration::try_from(span).ok()).ok_or_else(|| "a time such as 30m or 2h is wanted".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_write_them() {
        let table = [("90s", 90), ("30m", 1_800), ("1h 30m", 5_400), ("1h30m", 5_400), ("2 hours", 7_200)];
        for (text, seconds) in table {
            assert_eq!(time(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "30", "-1m", "soon"] {
            assert!(time(text).is_err(), "{text}");
        }
    }
}
