//! Names say what a thing is in the words of the field; words that fit anything say nothing.

use super::Finding;
use crate::repository::{Repository, SourceFile};
use crate::rust_source::RustSource;

/// Last words of a type's name that say nothing.
const TYPES: &[&str] = &["Manager", "Helper", "Helpers", "Util", "Utils", "Common", "Core", "Engine"];
/// File and folder names that say nothing.
const FILES: &[&str] = &["manager", "helper", "helpers", "util", "utils", "common", "misc", "core", "engine"];

/// Finds such names in the product's crates and web packages.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository.files.iter().filter(|file| file.is_one_of(&["rs", "ts", "tsx"])) {
        let (folders, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let stem = name.split('.').next().unwrap_or_default();
        if folders.split('/').chain([stem]).any(|part| FILES.contains(&part.to_lowercase().as_str())) {
            findings.push(Finding::of(&file.path, "name it for what is in it"));
        }
        if file.is_one_of(&["rs"]) {
            findings.extend(type_names(file));
        }
    }
    findings
}

fn type_names(file: &SourceFile) -> Vec<Finding> {
    let source = RustSource::new(&file.text);
    let mut findings = Vec::new();
    for (line, code) in source.lines() {
        let words: Vec<&str> = code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let declared = words.windows(2).filter_map(|pair| match pair {
            ["struct" | "enum" | "trait" | "type", name] => Some(*name),
            _ => None,
        });
        for name in declared.filter(|name| TYPES.iter().any(|vague| name.ends_with(vague))) {
            findings.push(Finding::at(&file.path, line, format!("{name} says nothing about what it is")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vague_names_are_found() {
        let code = "pub struct LeadManager;\nenum Store {}\nuse base64::Engine;\n// struct FooHelper\ntrait SyncEngine {}\nstruct Score;";
        let found: Vec<(String, usize)> = check(&Repository::of(&[
            ("crates/a/src/lead.rs", code),
            ("crates/a/src/utils.rs", ""),
            ("crates/a/tests/common/mod.rs", ""),
            ("web/dashboard/src/helpers.ts", ""),
            ("docs/common.md", ""),
        ]))
        .into_iter()
        .map(|finding| (finding.path, finding.line))
        .collect();
        let expected = [
            ("crates/a/src/lead.rs", 1),
            ("crates/a/src/lead.rs", 5),
            ("crates/a/src/utils.rs", 0),
            ("crates/a/tests/common/mod.rs", 0),
            ("web/dashboard/src/helpers.ts", 0),
        ];
        assert_eq!(found, expected.map(|(path, line)| (path.to_owned(), line)));
    }
}
