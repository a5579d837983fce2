//! Verb by verb, what the program promises.

mod backup;
mod disks;
mod find;
mod foresight;
mod guards;
mod history;
mod identity;
mod link;
mod minset;
mod protect;
mod protection;
mod restore;
mod rules;
mod shelf;
mod simulate;
mod sources;
mod stranger;
mod suspects;
mod terminal;
mod tree;
mod update;
mod verify;
mod walk;
