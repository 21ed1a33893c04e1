//! The only place of this crate that writes to the terminal.

use std::io::Write as _;

/// Writes a line for the person who ran the command. A closed pipe is not an error worth a panic.
pub fn say(line: &str) {
    _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Writes a line about what went wrong.
pub fn complain(line: &str) {
    _ = writeln!(std::io::stderr().lock(), "{line}");
}
