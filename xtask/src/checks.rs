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
mod permit;
mod registries;
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
        Self {
            path: path.to_owned(),
            line,
            text: text.into(),
        }
    }

    /// A finding about a whole file.
    pub fn of(path: &str, text: impl Into<String>) -> Self {
        Self::at(path, 0, text)
    }
}

struct Check {
    name: &'static str,
    find: fn(&Repository) -> Vec<Finding>,
}

const ALL: &[Check] = &[
    Check {
        name: "crate edges",
        find: crate_edges::check,
    },
    Check {
        name: "libraries",
        find: libraries::check,
    },
    Check {
        name: "vendors",
        find: vendors::check,
    },
    Check {
        name: "environment",
        find: environment::check,
    },
    Check {
        name: "sql",
        find: sql::check,
    },
    Check {
        name: "permit",
        find: permit::check,
    },
    Check {
        name: "lint escapes",
        find: lint_escapes::check,
    },
    Check {
        name: "file length",
        find: file_length::check,
    },
    Check {
        name: "architecture",
        find: architecture::check,
    },
    Check {
        name: "docs",
        find: docs::check,
    },
    Check {
        name: "registries",
        find: registries::check,
    },
    Check {
        name: "forbidden words",
        find: forbidden_words::check,
    },
];

/// Runs every check; an error when anything was found.
pub fn run(repository: &Repository) -> Result<()> {
    let mut total = 0;
    for check in ALL {
        let findings = (check.find)(repository);
        terminal::say(&format!(
            "{:16} {}",
            check.name,
            if findings.is_empty() { "ok" } else { "FAILED" }
        ));
        for finding in &findings {
            let line = if finding.line > 0 {
                format!(":{}", finding.line)
            } else {
                String::new()
            };
            terminal::say(&format!("  {}{line}: {}", finding.path, finding.text));
        }
        total += findings.len();
    }
    if total > 0 {
        bail!("{total} place(s) break a repository rule");
    }
    Ok(())
}
