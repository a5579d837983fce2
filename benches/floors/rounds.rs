//! Taking turns: A B A B, and of each the median.

use std::time::Instant;

/// One of those that are compared.
pub struct Runner<'r> {
    pub name: String,
    prepare: Box<dyn FnMut() + 'r>,
    run: Box<dyn FnMut() + 'r>,
}

impl<'r> Runner<'r> {
    /// `prepare` is not timed.
    pub fn new(name: &str, prepare: impl FnMut() + 'r, run: impl FnMut() + 'r) -> Self {
        Self { name: name.to_owned(), prepare: Box::new(prepare), run: Box::new(run) }
    }

    fn seconds(&mut self) -> f64 {
        (self.prepare)();
        let began = Instant::now();
        (self.run)();
        began.elapsed().as_secs_f64()
    }
}

/// The median seconds of each, with its name.
pub fn take_turns(rounds: usize, mut runners: Vec<Runner<'_>>) -> Vec<(String, f64)> {
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); runners.len()];
    for _ in 0..rounds {
        for (runner, times) in runners.iter_mut().zip(&mut times) {
            times.push(runner.seconds());
        }
    }
    runners.into_iter().map(|runner| runner.name).zip(times.into_iter().map(median)).collect()
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) { f64::midpoint(values[middle - 1], values[middle]) } else { values[middle] }
}
