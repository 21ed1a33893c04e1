//! Only the store writes SQL: statements in string literals anywhere else are found.

use super::Finding;
use crate::repository::{Repository, crate_of};
use crate::rust_source::RustSource;

/// The store, and the test kit that makes databases.
const WRITERS: &[&str] = &["frontdesk-store", "frontdesk-testkit"];

/// How a statement starts, and a word that must follow somewhere for it to be one (prose says "Select all", too).
const STATEMENTS: &[(&str, &str)] = &[
    ("SELECT ", " FROM "),
    ("SELECT ", "("),
    ("INSERT INTO ", ""),
    ("UPDATE ", " SET "),
    ("DELETE FROM ", ""),
    ("WITH ", " AS ("),
    ("CREATE TABLE ", ""),
    ("CREATE INDEX ", ""),
    ("ALTER TABLE ", ""),
    ("DROP TABLE ", ""),
    ("PRAGMA ", ""),
];

/// Finds SQL statements in string literals outside the store.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository.product_sources().filter(|file| !WRITERS.contains(&crate_of(&file.path))) {
        for literal in RustSource::new(&file.text).literals() {
            if is_statement(&literal.text) {
                findings.push(Finding::at(
                    &file.path,
                    literal.line,
                    "writes SQL; move the query into frontdesk-store",
                ));
            }
        }
    }
    findings
}

fn is_statement(text: &str) -> bool {
    let flat = text.replace("\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ");
    STATEMENTS.iter().any(|(start, inside)| flat.starts_with(start) && flat.contains(inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_outside_the_store_are_found() {
        let text = "let a = \"SELECT id\\n FROM lead\";\nlet b = r#\"\n  UPDATE lead\n  SET name = ?\"#;\nlet c = \"SELECT 1\";";
        let repository = Repository::of(&[
            ("crates/frontdesk-app/src/lead.rs", text),
            ("crates/frontdesk-store/src/lead.rs", text),
        ]);
        let lines: Vec<usize> = check(&repository).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [1, 2]);
    }

    #[test]
    fn prose_is_not_sql() {
        for prose in
            ["Select a time", "UPDATE your card", "SELECT ALL", "with regards AS (ever)", "delete from list"]
        {
            assert!(!is_statement(prose), "{prose}");
        }
        assert!(is_statement("INSERT INTO lead VALUES (1)"));
        assert!(is_statement("PRAGMA journal_mode"));
    }
}
