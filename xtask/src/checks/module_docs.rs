//! Every source file of the product begins by saying what it is.

use super::Finding;
use crate::repository::Repository;

/// Finds product files whose first words are not module documentation.
pub fn check(repository: &Repository) -> Vec<Finding> {
    repository
        .product_sources()
        .filter(|file| !begins_with_docs(&file.text))
        .map(|file| {
            Finding::of(&file.path, "must begin with a //! comment: what the file is, what it is not")
        })
        .collect()
}

fn begins_with_docs(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("#!["));
    first.is_some_and(|line| line.starts_with("//!") && line.len() > "//! ".len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_its_story_is_found() {
        let repository = Repository::of(&[
            ("crates/a/src/good.rs", "//! Leads, as the store keeps them.\nuse x;"),
            ("crates/a/src/also.rs", "#![forbid(unsafe_code)]\n\n//! The store.\n"),
            ("crates/a/src/bad.rs", "use x;\n//! Late."),
            ("crates/a/src/empty.rs", "//!\nuse x;"),
        ]);
        let paths: Vec<String> = check(&repository).into_iter().map(|finding| finding.path).collect();
        assert_eq!(paths, ["crates/a/src/bad.rs", "crates/a/src/empty.rs"]);
    }
}
