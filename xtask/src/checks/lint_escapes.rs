//! A lint is silenced with `#[expect(.., reason = "..")]`, which complains once it is no longer needed, never with `allow`.

use super::Finding;
use crate::repository::Repository;

/// Finds `allow` attributes in any Rust file and switched-off checks in any TypeScript file, tests included.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &repository.files {
        let (needles, advice): (&[String], &str) = if file.is_one_of(&["rs"]) {
            (&rust_needles(), "use #[expect(.., reason = \"..\")]")
        } else if file.is_one_of(&["ts", "tsx"]) {
            (&typescript_needles(), "fix the type, or say why with @ts-expect-error")
        } else {
            continue;
        };
        for (index, line) in file.text.lines().enumerate() {
            let code = line.trim_start();
            if code.starts_with("//") && !code.contains("@ts-") {
                continue;
            }
            let packed: String = line.split_whitespace().collect();
            if needles.iter().any(|needle| packed.contains(needle.as_str())) && !is_generated(&file.text) {
                findings.push(Finding::at(&file.path, index + 1, format!("silences a check; {advice}")));
            }
        }
    }
    findings
}

// Put together so that this file is not its own finding.
fn rust_needles() -> [String; 2] {
    [format!("#[{}(", "allow"), format!("#![{}(", "allow")]
}

fn typescript_needles() -> [String; 2] {
    [format!("@ts-{}", "ignore"), format!("@ts-{}", "nocheck")]
}

/// Does the file say in its first lines that a program wrote it?
pub fn is_generated(text: &str) -> bool {
    text.lines().take(6).any(|line| line.contains("auto-generated") || line.contains("@generated"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silenced_lints_are_found() {
        let rust = format!("// #[{0}(x)] in words\n#[{0}(dead_code)]\n# ! [{0} (x)]\nfn a() {{}}", "allow");
        let script = format!("// @ts-{}\nconst a = 1;", "ignore");
        let repository = Repository::of(&[
            ("crates/frontdesk-app/tests/a.rs", &rust),
            ("web/dashboard/src/a.tsx", &script),
            ("web/dashboard/src/b.ts", "// @ts-expect-error the library's types lag behind\n"),
        ]);
        let found: Vec<(String, usize)> =
            check(&repository).into_iter().map(|finding| (finding.path, finding.line)).collect();
        assert_eq!(
            found,
            [
                ("crates/frontdesk-app/tests/a.rs".to_owned(), 2),
                ("crates/frontdesk-app/tests/a.rs".to_owned(), 3),
                ("web/dashboard/src/a.tsx".to_owned(), 1)
            ]
        );
    }
}
