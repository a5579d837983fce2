//! The figures of many shelves, on average, as a person reads them.

use crate::measured::{Figures, Shelf, Wait};

/// A line's name and its shelves.
type Line<'a> = (String, Vec<&'a Shelf>);

pub fn print(shelves: &[Shelf]) {
    let lines = lines(shelves);
    println!("\n`reached / bound`: bytes at the deciding level (0.9: 1 copy; 1.3, 2.0: 2; above: 3).");
    println!("`short`: most bytes below the bound at any level, % of the data. `visits`: in turn, after the year,");
    println!("until all levels up to 3 are within 0.2 % of the bound; (never). `folder`: disks to fetch for it.\n");
    for (name, of) in [("dsb", (|shelf| &shelf.dsb) as fn(&Shelf) -> &Figures), ("distbackup's rule", |s| &s.peer)] {
        println!("{name:18} reached / bound    short             written visits   folder            subtree objects");
        println!(
            "                   mean    worst      mean   worst  x data  mean     disks  x least    disks   part   loss %"
        );
        lines.iter().for_each(|line| placed(line, of));
        println!();
    }
    println!("planning           ms per 1 M objects, mean and worst shelf");
    for (name, shelves) in &lines {
        let worst = shelves.iter().map(|shelf| shelf.planning).fold(0.0, f64::max);
        println!("{name:18} {:5.0} {worst:7.0}", mean(shelves, |shelf| shelf.planning));
    }
    let waits = ["waiting for a 1st copy, %", "waiting for a 2nd copy, %", "expected loss, %", "of that avoidable, %"];
    println!("\nwhich disk next    {}", waits.map(|name| format!("{name:29} ")).concat());
    println!("                   {}", ["in turn mostly advised  cut    "; 4].concat());
    lines.iter().for_each(waited);
}

/// By capacity, by number of disks, and all.
fn lines(shelves: &[Shelf]) -> Vec<Line<'_>> {
    let names = |of: &dyn Fn(&Shelf) -> String| {
        let mut names: Vec<String> = Vec::new();
        for name in shelves.iter().map(of) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.into_iter().map(|name| (name.clone(), shelves.iter().filter(|s| of(s) == name).collect())).collect()
    };
    let mut lines: Vec<Line<'_>> = names(&|shelf| format!("{:.1} x the data", shelf.spec.capacity));
    lines.extend(names(&|shelf| format!("{} disks", shelf.spec.disks)));
    lines.extend(names(&|shelf| format!("{:?}", shelf.spec.workload).to_lowercase()));
    lines.extend(names(&|_| "all".to_owned()));
    lines
}

fn mean(shelves: &[&Shelf], of: impl Fn(&Shelf) -> f64) -> f64 {
    shelves.iter().map(|shelf| of(shelf)).sum::<f64>() / shelves.len() as f64
}

fn placed((name, shelves): &Line<'_>, of: fn(&Shelf) -> &Figures) {
    let worst = shelves.iter().map(|shelf| of(shelf).reached).fold(f64::MAX, f64::min);
    let shortest = shelves.iter().map(|shelf| of(shelf).short).fold(0.0, f64::max);
    let came: Vec<usize> = shelves.iter().filter_map(|shelf| of(shelf).visits).collect();
    let never = shelves.len() - came.len();
    let visits = came.iter().sum::<usize>() as f64 / came.len().max(1) as f64;
    println!(
        "{name:18} {:.5} {worst:.5}   {:6.3} {:6.3}  {:6.3}  {visits:4.2} ({never:2})  {:6.3} {:6.3}   {:6.3}   {:.3}  {:6.3}",
        mean(shelves, |shelf| of(shelf).reached),
        mean(shelves, |shelf| of(shelf).short * 100.0),
        shortest * 100.0,
        mean(shelves, |shelf| of(shelf).written),
        mean(shelves, |shelf| of(shelf).folder[0]),
        mean(shelves, |shelf| of(shelf).folder[1]),
        mean(shelves, |shelf| of(shelf).subtree),
        mean(shelves, |shelf| of(shelf).objects),
        mean(shelves, |shelf| of(shelf).loss * 100.0),
    );
}

fn waited((name, shelves): &Line<'_>) {
    print!("{name:18}");
    let columns =
        [(|wait| wait.levels[0]) as fn(&Wait) -> f64, |wait| wait.levels[1], |wait| wait.loss, |wait| wait.avoidable];
    for of in columns {
        let [in_turn, mostly, advised] = [0, 1, 2].map(|order| mean(shelves, |s| of(&s.waits[order]) * 100.0));
        let cut = 100.0 * (1.0 - advised / in_turn);
        print!(" {in_turn:7.3} {mostly:6.3} {advised:7.3} {cut:4.0}%  ");
    }
    println!();
}
