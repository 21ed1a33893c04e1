//! Commands for people who work on Frontdesk: `cargo run -p xtask -- check | gen [--check] | bench [AREA]`.
//!
//! It is not part of the product and nothing of the product depends on it. One more command is one more module and one
//! more arm in [`main`]; one more repository rule is one more file under `checks/`.

mod bench;
mod checks;
mod generate;
mod repository;
mod rust_source;
mod terminal;

use std::process::ExitCode;

use repository::Repository;

const USAGE: &str = "usage: cargo run -p xtask -- COMMAND
  check          repository rules: crate edges, budgets, docs, forbidden words
  gen            write openapi.json and the TypeScript client
  gen --check    fail when openapi.json is not what the binary describes
  bench [AREA]   measure, write target/bench/results.json, print a table";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = Repository::open().and_then(|repository| match words.as_slice() {
        ["check"] => checks::run(&repository),
        ["gen"] => generate::write(&repository),
        ["gen", "--check"] => generate::check(&repository),
        ["bench"] => bench::run(&repository, None),
        ["bench", area] => bench::run(&repository, Some(area)),
        _ => anyhow::bail!("{USAGE}"),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
