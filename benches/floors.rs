//! dsb beside the plain tools that nothing can be much faster than, on this machine, now:
//!
//! ```text
//! cargo bench --bench floors                    all jobs: 80,000 files, 4 GB of large ones; half an hour
//! cargo bench --bench floors -- --quick         the same with little data: two minutes, and noise
//!     --jobs update,unchanged,backup,large,restore,verify,memory,catalog,plan,start,looks,others
//!     --rounds N           of each the median (3)
//!     --data FOLDER        where data and targets lie, on the file system that is measured (target/)
//!     --source TREE        an existing tree in place of a generated one, only read
//!     --full               the look-ups with a catalog of ten million files, too
//!     --markdown           tables for a page
//! ```
//!
//! What stands beside each other takes turns, round by round, so that a slow minute of the machine
//! hits both. Everything is made below one folder, which goes at the end. `DSB_DISTBACKUP` names a
//! python that has distbackup 1.0.20; restic, borg and rustic are taken where they are installed.

#[path = "floors/command.rs"]
mod command;
#[allow(dead_code)]
#[path = "generate/mod.rs"]
mod generate;
#[path = "floors/ground.rs"]
mod ground;
#[path = "floors/jobs/mod.rs"]
mod jobs;
#[path = "floors/machine.rs"]
mod machine;
#[path = "floors/options.rs"]
mod options;
#[path = "floors/others.rs"]
mod others;
#[path = "floors/rounds.rs"]
mod rounds;
#[path = "plan/shelf.rs"]
mod shelf;
#[path = "floors/table.rs"]
mod table;

use ground::Ground;
use options::Options;
use std::process::ExitCode;

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    let ground = Ground::new(options);
    println!("{}\n", machine::line(&ground.options.data));
    let mut rows = Vec::new();
    for (name, job) in jobs::ALL.iter().filter(|(name, _)| ground.options.wants(name)) {
        eprintln!("{name} ...");
        rows.extend(job(&ground));
    }
    print!("{}", table::table(&rows, ground.options.markdown));
    ExitCode::SUCCESS
}
