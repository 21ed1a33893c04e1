//! Libraries that belong to one crate: SQL to the store, HTTP clients to the HTTP crate, nothing that does I/O to the
//! domain.

use super::Finding;
use super::crate_edges::dependencies;
use crate::repository::Repository;

struct Rule {
    /// A library, or with a trailing `*` all whose name starts so.
    library: &'static str,
    /// Crates that may use it.
    owners: &'static [&'static str],
    reason: &'static str,
}

const SQL: &str = "only the store writes SQL";
const HTTP_CLIENT: &str = "only frontdesk-http builds HTTP clients";
const SETTINGS: &str = "only the binary reads settings";

const RULES: &[Rule] = &[
    Rule { library: "sea-orm*", owners: &["frontdesk-store", "frontdesk-testkit"], reason: SQL },
    Rule { library: "sea-query*", owners: &["frontdesk-store"], reason: SQL },
    Rule { library: "sqlx*", owners: &["frontdesk-store", "frontdesk-testkit"], reason: SQL },
    Rule { library: "rusqlite", owners: &["frontdesk-store"], reason: SQL },
    Rule { library: "tokio-postgres", owners: &["frontdesk-store"], reason: SQL },
    Rule { library: "reqwest*", owners: &["frontdesk-http", "frontdesk-testkit"], reason: HTTP_CLIENT },
    Rule { library: "hyper*", owners: &["frontdesk-http"], reason: HTTP_CLIENT },
    Rule { library: "ureq", owners: &[], reason: HTTP_CLIENT },
    Rule {
        library: "axum*",
        owners: &["frontdesk-api", "frontdesk-sim", "frontdesk-testkit", "frontdesk"],
        reason: "only the API and the simulators serve HTTP",
    },
    Rule {
        library: "async-imap",
        owners: &["frontdesk-channel"],
        reason: "only the channels read mailboxes",
    },
    Rule { library: "clap", owners: &["frontdesk"], reason: SETTINGS },
    Rule { library: "figment", owners: &["frontdesk"], reason: SETTINGS },
    Rule { library: "dotenv*", owners: &[], reason: SETTINGS },
    Rule { library: "lazy_static", owners: &[], reason: "std::sync::LazyLock does it" },
    Rule { library: "once_cell", owners: &[], reason: "std::sync::LazyLock does it" },
    Rule {
        library: "chrono*",
        // Cron expressions are read by croner and recurrence rules by rrule; both speak chrono.
        owners: &["frontdesk-connector", "frontdesk-domain", "frontdesk-queue"],
        reason: "time is jiff's here",
    },
];

/// What the domain must not have: it is types and pure rules, without I/O and without async.
const NOT_IN_DOMAIN: &[&str] = &[
    "tokio",
    "async-",
    "futures",
    "tower",
    "lettre",
    "object_store",
    "tracing-",
    "opentelemetry",
    "metrics",
];

/// Finds a library in a crate that does not own it. Development dependencies are free.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, manifest) in repository.crate_manifests() {
        for library in dependencies(&manifest.text).unwrap_or_default() {
            for rule in RULES.iter().filter(|rule| matches(rule.library, &library)) {
                if !rule.owners.contains(&name) {
                    let text = format!("{name} must not use {library}: {}", rule.reason);
                    findings.push(Finding::of(&manifest.path, text));
                }
            }
            if name == "frontdesk-domain" && NOT_IN_DOMAIN.iter().any(|start| library.starts_with(start)) {
                let text = format!("{name} must not use {library}: the domain does no I/O and nothing async");
                findings.push(Finding::of(&manifest.path, text));
            }
        }
    }
    findings
}

fn matches(pattern: &str, library: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == library, |start| library.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, manifest: &str) -> Vec<String> {
        let path = format!("crates/{name}/Cargo.toml");
        check(&Repository::of(&[(&path, manifest)])).into_iter().map(|finding| finding.text).collect()
    }

    #[test]
    fn sql_and_http_clients_have_one_owner() {
        assert!(found("frontdesk-store", "[dependencies]\nsea-orm-migration = \"2\"").is_empty());
        assert_eq!(found("frontdesk-app", "[dependencies]\nsea-orm = \"2\"\nreqwest = \"1\"").len(), 2);
        assert!(found("frontdesk", "[dev-dependencies]\nreqwest = \"1\"").is_empty());
    }

    #[test]
    fn the_domain_does_no_input_or_output() {
        assert_eq!(
            found("frontdesk-domain", "[dependencies]\ntokio = \"1\"\nasync-trait = \"1\"\naxum = \"1\"")
                .len(),
            3
        );
        assert!(found("frontdesk-domain", "[dependencies]\nserde = \"1\"").is_empty());
    }
}
