//! The right to send (`Permit`) is minted in one place: app's compliance gate.

use super::Finding;
use crate::repository::Repository;
use crate::rust_source::RustSource;

/// The folder of the gate.
const GATE: &str = "crates/frontdesk-app/src/compliance";

/// Finds minting outside the gate, and a permit that could be copied or read from outside.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository.product_sources() {
        let source = RustSource::new(&file.text);
        let is_gate = file.path == format!("{GATE}.rs") || file.path.starts_with(&format!("{GATE}/"));
        if !is_gate {
            for line in source.lines_with("Permit::mint") {
                findings.push(Finding::at(&file.path, line, format!("mints a permit; only {GATE} may")));
            }
        }
        findings.extend(copyable(&file.path, &source));
    }
    findings
}

/// `struct Permit` with a derive that would let one be doubled or made up.
fn copyable(path: &str, source: &RustSource) -> Vec<Finding> {
    let lines: Vec<(usize, &str)> = source.lines().collect();
    let is_permit = |code: &str| {
        let words: Vec<&str> = code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        words.windows(2).any(|pair| pair == ["struct", "Permit"])
    };
    let Some(at) = lines.iter().position(|(_, code)| is_permit(code)) else {
        return Vec::new();
    };
    lines
        .iter()
        .take(at)
        .rev()
        .take_while(|(_, code)| code.trim().is_empty() || !code.trim_end().ends_with(['}', ';']))
        .filter(|(_, code)| {
            code.contains("derive")
                && ["Clone", "Copy", "Deserialize", "Default"].iter().any(|banned| code.contains(banned))
        })
        .map(|(line, _)| Finding::at(path, *line, "a Permit must not be Clone, Copy, Default or Deserialize"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minting_outside_the_gate_is_found() {
        let text = "fn a() { let p = Permit::mint(x); }";
        let repository = Repository::of(&[
            ("crates/frontdesk-app/src/compliance/gate.rs", text),
            ("crates/frontdesk-app/src/compliance.rs", text),
            ("crates/frontdesk-app/src/complianceish.rs", text),
            ("crates/frontdesk-app/src/message/send.rs", text),
        ]);
        assert_eq!(check(&repository).len(), 2);
    }

    #[test]
    fn a_permit_that_can_be_copied_is_found() {
        let bad =
            "#[derive(Clone)]\nstruct Other;\n/// Doc.\n#[derive(Debug, Clone)]\npub struct Permit { a: u8 }";
        let findings = check(&Repository::of(&[("crates/frontdesk-channel/src/permit.rs", bad)]));
        assert_eq!(findings.iter().map(|finding| finding.line).collect::<Vec<_>>(), [4]);
        let good = "#[derive(Clone)]\nstruct Other;\n/// Doc.\n#[derive(Debug)]\npub struct Permit { a: u8 }";
        assert!(check(&Repository::of(&[("crates/frontdesk-channel/src/permit.rs", good)])).is_empty());
    }
}
