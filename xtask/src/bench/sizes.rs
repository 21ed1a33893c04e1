//! Bytes that people download: the binary, the widget and the booking page.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::Subject;
use super::measure::{Better, Measure};

/// What a page loads before the customer opens the widget.
const WIDGET: &str = "web/widget/dist/widget.js";
/// Bytes the widget may have, compressed.
const WIDGET_BUDGET: f64 = 10_240.0;

/// The public booking page, whole.
const BOOKING: &str = "web/booking/dist/index.html";
/// Bytes it may have, compressed.
const BOOKING_BUDGET: f64 = 60_000.0;

fn packed(root: &Path, name: &str) -> Result<f64> {
    let file = root.join(name);
    ensure!(file.is_file(), "{name} is not built");
    let packed = Command::new("gzip").args(["-9", "-n", "-c"]).arg(&file).output().context("running gzip")?;
    ensure!(packed.status.success(), "gzip failed");
    Ok(packed.stdout.len() as f64)
}

/// Reads the sizes.
pub fn measure(subject: &Subject) -> Result<Vec<Measure>> {
    let binary = std::fs::metadata(&subject.binary).context("reading the binary's size")?.len();
    Ok(vec![
        Measure::new("size.binary", binary as f64 / 1_048_576.0, "MB", Better::Lower)
            .note("release, with the web pages in it"),
        Measure::new("size.widget", packed(&subject.root, WIDGET)?, "bytes", Better::Lower)
            .goal(WIDGET_BUDGET)
            .note("widget.js, gzip -9, before first open"),
        Measure::new("size.booking", packed(&subject.root, BOOKING)?, "bytes", Better::Lower)
            .goal(BOOKING_BUDGET)
            .note("the booking page with script and styles, gzip -9, without the first answer"),
    ])
}
