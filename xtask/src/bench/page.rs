//! The public booking page in a real browser: `npm run bench` of the browser tests prints one JSON object per line.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::measure::Measure;
use super::{Subject, inside};

/// Has Chromium load the page from the binary and reads the figures.
pub fn measure(subject: &Subject) -> Result<Vec<Measure>> {
    let output = Command::new("npm")
        .args(["run", "--silent", "bench", "--workspace", "e2e"])
        .current_dir(subject.root.join("web"))
        .env("FRONTDESK_BIN", &subject.binary)
        .output()
        .context("running npm")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "'npm run bench' in web/e2e failed:\n{said}\n{complaint}");
    inside::parse(&said)
}
