//! Files that are written by a program and committed: `openapi.json` from the binary, the TypeScript client from it.

use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::repository::Repository;
use crate::terminal;

const DESCRIPTION: &str = "openapi.json";

/// Writes `openapi.json` and has `web/` generate its client.
pub fn write(repository: &Repository) -> Result<()> {
    let described = describe(repository)?;
    std::fs::write(repository.root.join(DESCRIPTION), described)
        .with_context(|| format!("writing {DESCRIPTION}"))?;
    let generated = Command::new("npm")
        .args(["--prefix", "web", "run", "--silent", "generate"])
        .current_dir(&repository.root)
        .status()
        .context("running npm")?;
    ensure!(generated.success(), "'npm run generate' in web/ failed");
    terminal::say("wrote openapi.json and the TypeScript client");
    Ok(())
}

/// Fails when the committed `openapi.json` is not what the binary says of itself.
pub fn check(repository: &Repository) -> Result<()> {
    let committed = std::fs::read_to_string(repository.root.join(DESCRIPTION))
        .with_context(|| format!("reading {DESCRIPTION}; 'make gen' writes it"))?;
    if let Some(difference) = first_difference(&committed, &describe(repository)?) {
        bail!("{DESCRIPTION} is not what the binary describes; run 'make gen' and commit. {difference}");
    }
    terminal::say("openapi.json is up to date");
    Ok(())
}

/// The API's description, as the binary built from this source prints it.
fn describe(repository: &Repository) -> Result<String> {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", "frontdesk", "--", "openapi"])
        .current_dir(&repository.root)
        .output()
        .context("running cargo")?;
    ensure!(
        output.status.success(),
        "'frontdesk openapi' failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    let text = String::from_utf8(output.stdout)
        .context("'frontdesk openapi' printed something that is not UTF-8")?;
    serde_json::from_str::<serde_json::Value>(&text)
        .context("'frontdesk openapi' printed something that is not JSON")?;
    Ok(format!("{}\n", text.trim_end()))
}

/// Where two texts part, in words; None when they are the same.
fn first_difference(committed: &str, described: &str) -> Option<String> {
    if committed == described {
        return None;
    }
    let differing = committed
        .lines()
        .zip(described.lines())
        .enumerate()
        .find(|(_, (committed, described))| committed != described);
    Some(match differing {
        Some((index, (committed, described))) => format!(
            "First difference in line {}: committed '{}', described '{}'",
            index + 1,
            committed.trim(),
            described.trim()
        ),
        None => {
            format!("One has {} lines, the other {}", committed.lines().count(), described.lines().count())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drift_is_found_and_named() {
        assert_eq!(first_difference("{\n}\n", "{\n}\n"), None);
        let changed = first_difference("{\n \"a\": 1\n}\n", "{\n \"a\": 2\n}\n").unwrap();
        assert!(changed.contains("line 2"), "{changed}");
        let longer = first_difference("{\n", "{\n}\n").unwrap();
        assert!(longer.contains("1 lines"), "{longer}");
    }
}
