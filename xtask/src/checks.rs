//! Repository rules: each file under `checks/` enforces one rule of the design that the compiler cannot.
//!
//! One more rule: a file with `pub fn check(&Repository) -> Vec<Finding>`, its tests showing that it fails on a bad
//! sample, and a line in [`ALL`].

mod architecture;
mod crate_edges;
mod docs;
mod environment;
mod file_length;
mod forbidden_words;
mod libraries;
mod lint_escapes;
mod manifests;
mod module_docs;
mod names;
mod permit;
mod registries;
mod sleeps;
mod sql;
mod vendors;

use anyhow::{Result, bail};

use crate::repository::Repository;
use crate::terminal;

/// A place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// File, from the repository's root.
    pub path: String,
    /// Line from 1; 0 means the file as a whole.
    pub line: usize,
    /// What is wrong and what to do instead.
    pub text: String,
}

impl Finding {
    /// A finding at a line.
    pub fn at(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, text: text.into() }
    }

    /// A finding about a whole file.
    pub fn of(path: &str, text: impl Into<String>) -> Self {
        Self::at(path, 0, text)
    }
}

type Check = (&'static str, fn(&Repository) -> Vec<Finding>);

/// Name and function of every check, in the order in which they are reported.
const ALL: &[Check] = &[
    ("crate edges", crate_edges::check),
    ("manifests", manifests::check),
    ("libraries", libraries::check),
    ("vendors", vendors::check),
    ("environment", environment::check),
    ("sql", sql::check),
    ("permit", permit::check),
    ("lint escapes", lint_escapes::check),
    ("sleeps", sleeps::check),
    ("module docs", module_docs::check),
    ("names", names::check),
    ("file length", file_length::check),
    ("architecture", architecture::check),
    ("docs", docs::check),
    ("registries", registries::check),
    ("forbidden words", forbidden_words::check),
];

/// Runs every check; an error when anything was found.
pub fn run(repository: &Repository) -> Result<()> {
    let mut total = 0;
    for (name, find) in ALL {
        let findings = find(repository);
        let verdict = if findings.is_empty() { "ok" } else { "FAILED" };
        terminal::say(&format!("{name:16} {verdict}"));
        for finding in &findings {
            let line = if finding.line > 0 { format!(":{}", finding.line) } else { String::new() };
            terminal::say(&format!("  {}{line}: {}", finding.path, finding.text));
        }
        total += findings.len();
    }
    if total > 0 {
        bail!("{total} place(s) break a repository rule");
    }
    Ok(())
}
