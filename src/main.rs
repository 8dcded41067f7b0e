//! The program `starface-calendar`.

use std::process::ExitCode;

fn main() -> ExitCode {
    starface_calendar::cli::main()
}
