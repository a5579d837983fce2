//! Shelves like a person's, carried through a year in memory: what a bench prints of them, and what
//! a test claims.

pub mod advice;
pub mod figures;
pub mod history;
pub mod peer;
pub mod random;
pub mod run;
pub mod tree;
