//! Which of our crates may use which: the table of the design, read from the manifests.

use super::Finding;
use crate::repository::Repository;

/// Crate, and the crates of ours it may depend on. `&["*"]` means any.
const EDGES: &[(&str, &[&str])] = &[
    ("frontdesk-domain", &[]),
    ("frontdesk-store", &["frontdesk-domain"]),
    ("frontdesk-queue", &["frontdesk-store", "frontdesk-domain"]),
    ("frontdesk-http", &["frontdesk-domain"]),
    ("frontdesk-llm", &["frontdesk-http", "frontdesk-domain"]),
    ("frontdesk-knowledge", &["frontdesk-llm", "frontdesk-domain"]),
    ("frontdesk-agent", &["frontdesk-llm", "frontdesk-knowledge", "frontdesk-domain"]),
    ("frontdesk-channel", &["frontdesk-http", "frontdesk-domain"]),
    ("frontdesk-voice", &["frontdesk-http", "frontdesk-domain"]),
    ("frontdesk-connector", &["frontdesk-http", "frontdesk-domain"]),
    (
        "frontdesk-app",
        &[
            "frontdesk-domain",
            "frontdesk-store",
            "frontdesk-queue",
            "frontdesk-http",
            "frontdesk-llm",
            "frontdesk-knowledge",
            "frontdesk-agent",
            "frontdesk-channel",
            "frontdesk-voice",
            "frontdesk-connector",
        ],
    ),
    ("frontdesk-api", &["frontdesk-app", "frontdesk-domain"]),
    ("frontdesk-sim", &["frontdesk-http", "frontdesk-domain"]),
    ("frontdesk-testkit", &["*"]),
    ("frontdesk", &["*"]),
];

/// Only tests may use it, whatever the table says.
const TESTS_ONLY: &str = "frontdesk-testkit";

/// Finds crates outside the table and dependencies it does not allow. Development dependencies are free.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, manifest) in repository.crate_manifests() {
        let Some((_, allowed)) = EDGES.iter().find(|(known, _)| *known == name) else {
            findings.push(Finding::of(
                &manifest.path,
                format!("{name} is not in the table of crates; add it to crate_edges.rs and to the architecture page"),
            ));
            continue;
        };
        let Some(dependencies) = dependencies(&manifest.text) else {
            findings.push(Finding::of(&manifest.path, "is not a readable manifest"));
            continue;
        };
        for used in dependencies.iter().filter(|used| used.starts_with("frontdesk")) {
            if used == TESTS_ONLY {
                findings.push(Finding::of(&manifest.path, format!("{used} is for [dev-dependencies] only")));
            } else if !allowed.contains(&"*") && !allowed.contains(&used.as_str()) {
                findings.push(Finding::of(&manifest.path, format!("{name} must not use {used}")));
            }
        }
    }
    findings
}

/// Names under `[dependencies]`, `[build-dependencies]` and the same of every target; `package = ".."` renames are
/// followed. None when the text is not TOML.
pub fn dependencies(manifest: &str) -> Option<Vec<String>> {
    let manifest: toml::Table = toml::from_str(manifest).ok()?;
    let mut names = Vec::new();
    let mut tables = vec![&manifest];
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        tables.extend(targets.values().filter_map(toml::Value::as_table));
    }
    for table in tables {
        for section in ["dependencies", "build-dependencies"] {
            let Some(section) = table.get(section).and_then(toml::Value::as_table) else {
                continue;
            };
            names.extend(section.iter().map(|(name, value)| {
                let renamed = value.get("package").and_then(toml::Value::as_str);
                renamed.unwrap_or(name).to_owned()
            }));
        }
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(files: &[(&str, &str)]) -> Vec<String> {
        check(&Repository::of(files)).into_iter().map(|finding| finding.text).collect()
    }

    #[test]
    fn an_edge_outside_the_table_is_found() {
        let found = texts(&[
            (
                "crates/frontdesk-api/Cargo.toml",
                "[dependencies]\nfrontdesk-store.workspace = true\nfrontdesk-app.workspace = true",
            ),
            (
                "crates/frontdesk-agent/Cargo.toml",
                "[target.'cfg(unix)'.dependencies]\nx = { package = \"frontdesk-store\", path = \"../x\" }",
            ),
        ]);
        assert_eq!(
            found,
            ["frontdesk-api must not use frontdesk-store", "frontdesk-agent must not use frontdesk-store"]
        );
    }

    #[test]
    fn the_test_kit_is_for_tests() {
        let manifest = "[dependencies]\nfrontdesk-testkit.workspace = true";
        assert_eq!(texts(&[("crates/frontdesk/Cargo.toml", manifest)]).len(), 1);
        let manifest = "[dev-dependencies]\nfrontdesk-testkit.workspace = true";
        assert!(texts(&[("crates/frontdesk-domain/Cargo.toml", manifest)]).is_empty());
    }

    #[test]
    fn an_unknown_crate_and_a_broken_manifest_are_found() {
        assert_eq!(texts(&[("crates/frontdesk-misc/Cargo.toml", "")]).len(), 1);
        assert_eq!(texts(&[("crates/frontdesk-app/Cargo.toml", "[dependencies")]).len(), 1);
    }
}
