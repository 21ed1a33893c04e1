//! "Adding one more" pages tell the truth, and nothing lies beside its registry unlisted.
//!
//! Every page under `docs/adding/` says in lines of their own where the list is and where the things are:
//!
//! ```text
//! Registry: `crates/frontdesk-channel/src/registry.rs`
//! Folder: `crates/frontdesk-channel/src/vendors`
//! ```
//!
//! `Folder:` is optional; with it, each file or folder directly in it must be named in the registry.

use super::Finding;
use crate::repository::{Repository, SourceFile};

const PAGES: &str = "docs/adding/";

/// Files of a folder that are not one of its things.
const NOT_A_THING: &[&str] = &["mod", "registry", "tests", "contract"];

/// Finds pages without a registry, registries that are gone, and things that no registry lists.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let pages = repository.files.iter().filter(|file| {
        file.path.starts_with(PAGES) && file.is_one_of(&["md"]) && !file.path.ends_with("/README.md")
    });
    pages.flat_map(|page| check_page(repository, page)).collect()
}

fn check_page(repository: &Repository, page: &SourceFile) -> Vec<Finding> {
    let registries: Vec<(usize, &str)> = marked(&page.text, "Registry: `");
    if registries.is_empty() {
        return vec![Finding::of(
            &page.path,
            "does not say where the registry is (a line \"Registry: `path`\")",
        )];
    }
    let mut findings = Vec::new();
    let mut text = String::new();
    for (line, path) in registries {
        match repository.find(path) {
            Some(registry) => text.push_str(&registry.text),
            None => {
                findings.push(Finding::at(&page.path, line, format!("the registry {path} does not exist")));
            }
        }
    }
    for (line, folder) in marked(&page.text, "Folder: `") {
        let things = things(repository, folder);
        if things.is_empty() {
            findings.push(Finding::at(&page.path, line, format!("there is nothing in the folder {folder}")));
        }
        for thing in things.iter().filter(|thing| !has_word(&text, thing)) {
            findings.push(Finding::of(&format!("{folder}/{thing}"), "is in no registry; add its line"));
        }
    }
    findings
}

/// Paths that follow `mark` at the start of a line, up to the closing back-tick.
fn marked<'a>(text: &'a str, mark: &str) -> Vec<(usize, &'a str)> {
    text.lines()
        .enumerate()
        .filter_map(|(index, line)| Some((index + 1, line.trim().strip_prefix(mark)?.split('`').next()?)))
        .collect()
}

/// Names directly in `folder`, without their endings.
fn things(repository: &Repository, folder: &str) -> Vec<String> {
    let start = format!("{}/", folder.trim_end_matches('/'));
    let mut names: Vec<String> = repository
        .paths
        .iter()
        .filter_map(|path| path.strip_prefix(&start)?.split('/').next())
        .filter_map(|name| name.split('.').next())
        .filter(|name| !name.is_empty() && !NOT_A_THING.contains(name))
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|character: char| !character.is_alphanumeric() && character != '_' && character != '-')
        .any(|found| found == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(files: &[(&str, &str)]) -> Vec<String> {
        check(&Repository::of(files))
            .into_iter()
            .map(|finding| format!("{}: {}", finding.path, finding.text))
            .collect()
    }

    #[test]
    fn a_page_must_name_a_registry_that_exists() {
        assert_eq!(texts(&[("docs/adding/a-tool.md", "# Adding a tool")]).len(), 1);
        assert_eq!(texts(&[("docs/adding/a-tool.md", "Registry: `crates/a/src/gone.rs`")]).len(), 1);
        assert!(texts(&[("docs/adding/README.md", "# Index")]).is_empty());
    }

    #[test]
    fn an_unlisted_thing_is_found() {
        let found = texts(&[
            ("docs/adding/a-tool.md", "Registry: `src/registry.rs`\nFolder: `src/tools`"),
            ("src/registry.rs", "pub const ALL: &[Tool] = &[handoff::TOOL];"),
            ("src/tools/handoff.rs", ""),
            ("src/tools/capture_lead.rs", ""),
            ("src/tools/mod.rs", ""),
        ]);
        assert_eq!(found, ["src/tools/capture_lead: is in no registry; add its line"]);
    }
}
