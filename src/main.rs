//! The `dsb` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    dsb::cli::run()
}
