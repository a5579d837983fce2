//! Verb by verb, what the program promises.

mod backup;
mod completion;
mod config;
mod disks;
mod foresight;
mod guards;
mod history;
mod identity;
mod protect;
mod protection;
pub use protection::apart;
mod rehearsal;
mod restore;
mod rules;
mod shelf;
mod sides;
mod simulate;
mod sources;
mod stranger;
mod suspects;
mod terminal;
mod update;
mod verify;
mod walk;
