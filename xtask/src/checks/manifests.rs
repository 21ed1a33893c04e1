//! Every crate inherits lints, edition and licence, and takes the versions of its dependencies from the root manifest.

use super::Finding;
use crate::repository::Repository;

/// Package fields whose value is the workspace's.
const INHERITED: &[&str] = &["version", "edition", "rust-version", "license", "publish"];

/// Finds crates that set what they should inherit.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let own = repository.files.iter().filter(|file| {
        (file.path.starts_with("crates/") || file.path.starts_with("xtask/"))
            && file.path.ends_with("/Cargo.toml")
    });
    let mut findings = Vec::new();
    for file in own {
        let Ok(manifest) = toml::from_str::<toml::Table>(&file.text) else {
            findings.push(Finding::of(&file.path, "is not a readable manifest"));
            continue;
        };
        if !inherits(manifest.get("lints")) {
            findings.push(Finding::of(&file.path, "must say [lints] workspace = true"));
        }
        for field in INHERITED {
            if !inherits(manifest.get("package").and_then(|package| package.get(field))) {
                findings.push(Finding::of(&file.path, format!("must say {field}.workspace = true")));
            }
        }
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(section) = manifest.get(section).and_then(toml::Value::as_table) else {
                continue;
            };
            for (name, _) in section.iter().filter(|(_, value)| !inherits(Some(value))) {
                let text =
                    format!("{name} must say workspace = true; its version stands in the root manifest");
                findings.push(Finding::of(&file.path, text));
            }
        }
    }
    findings
}

fn inherits(value: Option<&toml::Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(toml::Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[package]\nname = \"a\"\nversion.workspace = true\nedition.workspace = true\n\
        rust-version.workspace = true\nlicense.workspace = true\npublish.workspace = true\n\
        [lints]\nworkspace = true\n[dependencies]\nserde = { workspace = true, features = [\"rc\"] }\n";

    fn count(manifest: &str) -> usize {
        check(&Repository::of(&[("crates/a/Cargo.toml", manifest)])).len()
    }

    #[test]
    fn a_crate_that_goes_its_own_way_is_found() {
        assert_eq!(count(GOOD), 0);
        assert_eq!(count(&GOOD.replace("[lints]\nworkspace = true\n", "")), 1);
        assert_eq!(count(&GOOD.replace("edition.workspace = true", "edition = \"2021\"")), 1);
        assert_eq!(count(&format!("{GOOD}rand = \"1\"\n")), 1);
        assert_eq!(count("not a manifest"), 1);
    }
}
