//! Bytes that people download: the binary and the widget.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::Subject;
use super::measure::{Better, Measure};

/// What a page loads before the customer opens the widget.
const WIDGET: &str = "web/widget/dist/widget.js";
/// Bytes the widget may have, compressed.
const WIDGET_BUDGET: f64 = 10_240.0;

/// Reads the sizes.
pub fn measure(subject: &Subject) -> Result<Vec<Measure>> {
    let binary = std::fs::metadata(&subject.binary).context("reading the binary's size")?.len();
    let widget = subject.root.join(WIDGET);
    ensure!(widget.is_file(), "{WIDGET} is not built");
    let packed =
        Command::new("gzip").args(["-9", "-n", "-c"]).arg(&widget).output().context("running gzip")?;
    ensure!(packed.status.success(), "gzip failed");
    Ok(vec![
        Measure::new("size.binary", binary as f64 / 1_048_576.0, "MB", Better::Lower)
            .note("release, with the web pages in it"),
        Measure::new("size.widget", packed.stdout.len() as f64, "bytes", Better::Lower)
            .goal(WIDGET_BUDGET)
            .note("widget.js, gzip -9, before first open"),
    ])
}
