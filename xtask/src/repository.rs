//! The repository's files, as the checks see them: what git tracks or would track, with their text.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

/// A text file of the repository.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path from the repository's root, with `/` between its parts.
    pub path: String,
    /// Content. Files that are not UTF-8 are not text and are left out of [`Repository::files`].
    pub text: String,
}

impl SourceFile {
    /// Does the file's name end with a dot and one of these endings?
    pub fn is_one_of(&self, endings: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
    }

    /// Is it a file of Rust tests: in a folder `tests`, or a module of that name?
    pub fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }
}

/// All text files of the repository, read once.
#[derive(Debug)]
pub struct Repository {
    /// Where it lies on disk.
    pub root: PathBuf,
    /// Text files, by path.
    pub files: Vec<SourceFile>,
    /// Paths of all files, text or not.
    pub paths: Vec<String>,
}

impl Repository {
    /// Reads the repository this program was built from.
    pub fn open() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in no repository")?;
        let listed = Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
            .current_dir(root)
            .output()
            .context("running git ls-files")?;
        ensure!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr).trim());
        let names = String::from_utf8(listed.stdout).context("a file name is not UTF-8")?;

        let mut paths: Vec<String> = names
            .split('\0')
            .filter(|name| !name.is_empty() && root.join(name).is_file())
            .map(str::to_owned)
            .collect();
        paths.sort();
        paths.dedup();
        let files = paths
            .iter()
            .filter_map(|path| {
                let text = std::fs::read_to_string(root.join(path)).ok()?;
                Some(SourceFile { path: path.clone(), text })
            })
            .collect();
        Ok(Self { root: root.to_path_buf(), files, paths })
    }

    /// The file at `path`, when it is there and is text.
    pub fn find(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Is there a file or a folder at `path`?
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        self.paths.iter().any(|known| known == path || known.starts_with(&folder))
    }

    /// Rust files of the product's crates: `crates/*/src/**` without modules of tests.
    pub fn product_sources(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().filter(|file| {
            let is_source = file.path.split('/').nth(2) == Some("src") && file.is_one_of(&["rs"]);
            file.path.starts_with("crates/") && is_source && !file.is_test()
        })
    }

    /// Crate manifests, as (crate name by its folder, path, text).
    pub fn crate_manifests(&self) -> impl Iterator<Item = (&str, &SourceFile)> {
        self.files.iter().filter_map(|file| {
            let mut parts = file.path.split('/');
            match (parts.next(), parts.next(), parts.next(), parts.next()) {
                (Some("crates"), Some(name), Some("Cargo.toml"), None) => Some((name, file)),
                _ => None,
            }
        })
    }

    /// A repository made of the given files, for tests of the checks.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let files: Vec<SourceFile> = files
            .iter()
            .map(|(path, text)| SourceFile { path: (*path).to_owned(), text: (*text).to_owned() })
            .collect();
        let paths = files.iter().map(|file| file.path.clone()).collect();
        Self { root: PathBuf::from("/nowhere"), files, paths }
    }
}

/// The crate a product path belongs to: `crates/frontdesk-app/src/lib.rs` is of `frontdesk-app`.
pub fn crate_of(path: &str) -> &str {
    path.strip_prefix("crates/").and_then(|rest| rest.split('/').next()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_repository_has_its_own_manifest() {
        let repository = Repository::open().unwrap();
        assert!(repository.find("xtask/Cargo.toml").is_some());
        assert!(repository.has("xtask/src"));
        assert!(!repository.has("xtask/sr"));
        assert!(repository.paths.iter().all(|path| !path.starts_with("target/")));
    }

    #[test]
    fn product_sources_are_not_tests() {
        let repository = Repository::of(&[
            ("crates/a/src/lib.rs", ""),
            ("crates/a/tests/it.rs", ""),
            ("crates/a/src/lead/tests.rs", ""),
            ("xtask/src/main.rs", ""),
        ]);
        let paths: Vec<&str> = repository.product_sources().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["crates/a/src/lib.rs"]);
        assert_eq!(crate_of("crates/a/src/lib.rs"), "a");
    }
}
