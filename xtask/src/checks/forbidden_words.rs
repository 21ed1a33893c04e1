//! Words that tie the repository to one machine or one mirror: folders of a machine, hosts of package registries.

use super::Finding;
use crate::repository::Repository;

// Each in two halves, so that this file is not its own finding.
const HOSTS: &[(&str, &str)] = &[
    ("registry.", "npmjs.org"),
    ("registry.", "yarnpkg.com"),
    ("pypi.", "org/simple"),
    ("files.", "pythonhosted.org"),
    ("static.", "crates.io"),
    ("index.", "crates.io"),
    ("deb.", "debian.org"),
    ("proxy.", "golang.org"),
];

const FOLDERS: &[(&str, &str)] = &[("/wor", "k/"), ("/roo", "t/"), ("/far", "m/")];

/// Written by tools, with addresses that they need.
const EXEMPT: &[&str] = &["Cargo.lock"];

/// Finds registry hosts and machine folders in any text file.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository.files.iter().filter(|file| !EXEMPT.contains(&file.path.as_str())) {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(host) = HOSTS.iter().map(|(a, b)| format!("{a}{b}")).find(|host| line.contains(host))
            {
                findings.push(Finding::at(
                    &file.path,
                    index + 1,
                    format!("names the package registry {host}"),
                ));
            }
            if let Some(folder) =
                FOLDERS.iter().map(|(a, b)| format!("{a}{b}")).find(|folder| is_folder(line, folder))
            {
                findings.push(Finding::at(
                    &file.path,
                    index + 1,
                    format!("names the machine folder {folder}"),
                ));
            }
        }
    }
    findings
}

/// Is `folder` in `line` as an absolute path, rather than inside a longer one or an address?
fn is_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line.get(..at).and_then(|start| start.chars().next_back());
        before.is_none_or(|before| !before.is_alphanumeric() && !"_.-/}".contains(before))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_machine_folders_are_found() {
        let host = format!("\"resolved\": \"https://{}{}/x\"", "registry.", "npmjs.org");
        let folder = format!("cd {}{}main", "/wor", "k/");
        let repository = Repository::of(&[
            ("web/package-lock.json", &host),
            ("Cargo.lock", &host),
            ("scripts/x", &folder),
            ("docs/x.md", &format!("https://example.com{}{}", "/wor", "k/")),
        ]);
        let paths: Vec<String> = check(&repository).into_iter().map(|finding| finding.path).collect();
        assert_eq!(paths, ["web/package-lock.json", "scripts/x"]);
    }
}
