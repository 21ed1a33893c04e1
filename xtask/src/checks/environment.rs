//! Only the binary reads the environment; everything else is handed its settings.

use super::Finding;
use crate::repository::{Repository, crate_of};
use crate::rust_source::RustSource;

/// The binary, and the test kit that finds the machine's database server.
const READERS: &[&str] = &["frontdesk", "frontdesk-testkit"];

/// `env::var`, `env::var_os`, `env::vars`.
const NEEDLES: &[&str] = &["env::var", "env::set_var", "env::remove_var"];

/// Finds code outside the binary that reads or changes the environment.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository.product_sources().filter(|file| !READERS.contains(&crate_of(&file.path))) {
        let source = RustSource::new(&file.text);
        for needle in NEEDLES {
            for line in source.lines_with(needle) {
                let text = "reads the environment; take the setting as a parameter from the binary";
                findings.push(Finding::at(&file.path, line, text));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_outside_the_binary_is_found() {
        let text =
            "fn a() { std::env::var(\"X\"); }\n#[cfg(test)]\nmod tests { fn b() { std::env::var(\"Y\"); } }";
        let repository = Repository::of(&[
            ("crates/frontdesk-app/src/lib.rs", text),
            ("crates/frontdesk/src/main.rs", text),
            ("crates/frontdesk-app/tests/it.rs", text),
        ]);
        assert_eq!(check(&repository).len(), 1);
    }

    #[test]
    fn compile_time_values_are_fine() {
        let repository = Repository::of(&[(
            "crates/frontdesk-app/src/lib.rs",
            "const V: &str = env!(\"CARGO_PKG_VERSION\");",
        )]);
        assert!(check(&repository).is_empty());
    }
}
