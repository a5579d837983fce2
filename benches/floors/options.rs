//! What is asked for.

use super::jobs;
use std::path::PathBuf;

pub struct Options {
    pub quick: bool,
    pub full: bool,
    pub markdown: bool,
    pub rounds: usize,
    pub data: PathBuf,
    pub source: Option<PathBuf>,
    jobs: Vec<String>,
}

impl Options {
    pub fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let data = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let mut options =
            Self { quick: false, full: false, markdown: false, rounds: 3, data, source: None, jobs: Vec::new() };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} wants a value"));
            match word.as_str() {
                "--bench" => {}
                "--quick" => options.quick = true,
                "--full" => options.full = true,
                "--markdown" => options.markdown = true,
                "--rounds" => options.rounds = value()?.parse().map_err(|_| "--rounds wants a number")?,
                "--data" => options.data = value()?.into(),
                "--source" => options.source = Some(value()?.into()),
                "--jobs" => options.jobs = known(&value()?)?,
                other => return Err(format!("{other} means nothing here; the first lines of benches/floors.rs help")),
            }
        }
        options.rounds = options.rounds.max(1);
        Ok(options)
    }

    /// Whether a job is to be done.
    pub fn wants(&self, job: &str) -> bool {
        self.jobs.is_empty() || self.jobs.iter().any(|wanted| wanted == job)
    }

    /// A number for real, or one for a quick look.
    pub fn size(&self, real: u64, quick: u64) -> u64 {
        if self.quick { quick } else { real }
    }
}

fn known(list: &str) -> Result<Vec<String>, String> {
    let jobs: Vec<String> = list.split(',').map(str::to_owned).collect();
    match jobs.iter().find(|job| jobs::ALL.iter().all(|(name, _)| name != job)) {
        Some(unknown) => Err(format!("there is no job {unknown}")),
        None => Ok(jobs),
    }
}
