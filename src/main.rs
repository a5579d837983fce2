//! The `dsb` program.

fn main() {}
