//! The real program, driven as a person drives it: each test in a home of its own.
//!
//! `kit` makes a case a few lines; `commands` goes through the command line verb by verb;
//! `distbackup` takes the catalogs and disks of distbackup over, and goes back; `metadata` brings
//! every kind of entry there and back; `disks` walks on real file systems;
//! `crash` kills runs and runs them again; `injection` does so at each call, and with other faults;
//! `power` takes the power away, and gives disks that fail; `damage` harms what dsb stands on;
//! `faults` goes through the table of faults; `random` plays whole lives of a shelf; `migrations`
//! hands in files that are no catalog.

mod commands;
mod crash;
mod damage;
mod disks;
mod distbackup;
mod faults;
mod injection;
mod kit;
mod metadata;
mod migrations;
mod power;
mod random;
