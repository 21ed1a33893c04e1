//! Documentation describes what is there: paths, links and make targets in the pages exist.

use std::collections::BTreeSet;

use super::Finding;
use crate::repository::{Repository, SourceFile};

/// Top-level names that make a back-ticked word a path of this repository.
const ROOTS: &[&str] = &["crates/", "web/", "xtask/", "docs/", "scripts/", ".ci/"];

/// Finds paths in back-ticks, relative links and `make` targets that do not exist.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let targets = make_targets(repository);
    let mut findings = Vec::new();
    for required in ["README.md", "docs/README.md"] {
        if repository.find(required).is_none() {
            findings.push(Finding::of(required, "is missing"));
        }
    }
    for page in repository.files.iter().filter(|file| is_page(file)) {
        for (index, line) in page.text.lines().enumerate() {
            let mut report = |text: String| findings.push(Finding::at(&page.path, index + 1, text));
            for code in spans(line) {
                if is_path(code) && !exists(repository, code) {
                    report(format!("`{code}` does not exist"));
                }
                if let Some(target) = make_target(code).filter(|target| !targets.contains(target)) {
                    report(format!("`make {target}` is not in the Makefile"));
                }
            }
            for link in links(line) {
                if !repository.has(&resolve(page, link)) {
                    report(format!("links to {link}, which does not exist"));
                }
            }
        }
    }
    findings
}

fn is_page(file: &SourceFile) -> bool {
    file.is_one_of(&["md"]) && (file.path.starts_with("docs/") || !file.path.contains('/'))
}

/// What stands between single back-ticks on the line.
fn spans(line: &str) -> Vec<&str> {
    if line.trim_start().starts_with("```") {
        return Vec::new();
    }
    line.split('`').skip(1).step_by(2).collect()
}

fn is_path(code: &str) -> bool {
    let is_plain = code.chars().all(|c| c.is_alphanumeric() || "/._-*:".contains(c));
    is_plain && ROOTS.iter().any(|root| code.starts_with(root))
}

fn exists(repository: &Repository, code: &str) -> bool {
    let path = code.split(':').next().unwrap_or(code);
    let Some(star) = path.find('*') else {
        // Written by the build, so not among the repository's files.
        return repository.has(path) || path.ends_with("/dist") || path.contains("/dist/");
    };
    let (before, after) = path.split_at(star);
    let after = after.trim_start_matches('*');
    repository.paths.iter().any(|known| known.starts_with(before) && known.ends_with(after))
}

fn make_target(code: &str) -> Option<&str> {
    let target = code.strip_prefix("make ")?.split_whitespace().next()?;
    target.chars().all(|c| c.is_ascii_lowercase() || c == '-').then_some(target)
}

fn make_targets(repository: &Repository) -> BTreeSet<&str> {
    let makefile = repository.find("Makefile").map_or("", |file| file.text.as_str());
    makefile
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(target, rest)| !rest.starts_with('=') && !target.starts_with(['\t', '#', '.', ' ']))
        .map(|(target, _)| target.trim())
        .collect()
}

/// Targets of markdown links that stay inside the repository.
fn links(line: &str) -> Vec<&str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .map(|link| link.split('#').next().unwrap_or_default())
        .filter(|link| {
            !link.is_empty()
                && !link.contains("://")
                && !link.starts_with("mailto:")
                && !link.starts_with('/')
        })
        .collect()
}

/// `link`, seen from `page`, as a path from the repository's root.
fn resolve(page: &SourceFile, link: &str) -> String {
    let mut parts: Vec<&str> = page.path.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop(),
            other => parts.push(other),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: [(&str, &str); 3] = [
        ("README.md", "`make run`"),
        ("docs/README.md", ""),
        ("Makefile", "X := 1\nrun: build ## Run\n\tcargo run"),
    ];

    fn texts(page: &str) -> Vec<String> {
        let mut files = BASE.to_vec();
        files.push(("docs/guide/page.md", page));
        files.push(("crates/frontdesk-app/src/lib.rs", ""));
        check(&Repository::of(&files)).into_iter().map(|finding| finding.text).collect()
    }

    #[test]
    fn paths_that_are_gone_are_found() {
        assert!(
            texts("`crates/frontdesk-app/src/` `crates/*/src/lib.rs` `crates/frontdesk-app/src/lib.rs:12`")
                .is_empty()
        );
        assert_eq!(
            texts("see `crates/frontdesk-app/src/gone.rs`"),
            ["`crates/frontdesk-app/src/gone.rs` does not exist"]
        );
        assert_eq!(texts("`crates/*/gone.rs`").len(), 1);
        assert!(texts("`and/or` `crates/{name}/x` `web/dashboard/dist`").is_empty());
    }

    #[test]
    fn links_and_make_targets_that_are_gone_are_found() {
        assert!(texts("[a](../README.md#top) [b](https://example.com/x) `make run`").is_empty());
        assert_eq!(texts("[a](other.md)"), ["links to other.md, which does not exist"]);
        assert_eq!(texts("`make coffee`"), ["`make coffee` is not in the Makefile"]);
    }

    #[test]
    fn the_index_pages_are_required() {
        assert_eq!(check(&Repository::of(&[])).len(), 2);
    }
}
