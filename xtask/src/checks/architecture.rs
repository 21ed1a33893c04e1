//! The architecture page exists, stays readable in one sitting and names every crate.

use super::Finding;
use crate::repository::Repository;

const PAGE: &str = "docs/ARCHITECTURE.md";
const BUDGET: usize = 150;

/// Finds a missing or overlong architecture page and crates it does not mention.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let Some(page) = repository.find(PAGE) else {
        return vec![Finding::of(PAGE, "is missing")];
    };
    let mut findings = Vec::new();
    let lines = page.text.lines().count();
    if lines > BUDGET {
        findings.push(Finding::of(PAGE, format!("has {lines} lines, {BUDGET} at most")));
    }
    for (name, _) in repository.crate_manifests() {
        if !page.text.contains(&format!("`{name}`")) {
            findings.push(Finding::of(PAGE, format!("does not mention the crate `{name}`")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_long_or_incomplete_page_is_found() {
        assert_eq!(check(&Repository::of(&[])).len(), 1);
        let long = "x\n".repeat(BUDGET + 1);
        assert_eq!(check(&Repository::of(&[(PAGE, &long)])).len(), 1);
        let short = "`frontdesk-app` and more";
        let manifests =
            [("crates/frontdesk-app/Cargo.toml", ""), ("crates/frontdesk-api/Cargo.toml", ""), (PAGE, short)];
        let findings = check(&Repository::of(&manifests));
        assert_eq!(findings.len(), 1, "{findings:?}");
    }
}
