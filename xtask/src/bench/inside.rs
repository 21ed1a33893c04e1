//! Measures taken inside the product: the binary's own `bench` command prints one JSON object per line.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::Subject;
use super::measure::Measure;
use crate::terminal;

/// Runs `frontdesk bench [AREA]` and reads its figures. A binary that has no such command yet has no figures.
pub fn measure(subject: &Subject, area: Option<&str>) -> Result<Vec<Measure>> {
    terminal::say("measuring inside the binary (frontdesk bench)");
    let output = Command::new(&subject.binary)
        .arg("bench")
        .args(area)
        .current_dir(&subject.root)
        .output()
        .context("running frontdesk bench")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return parse(&String::from_utf8_lossy(&output.stdout));
    }
    if complaint.contains("unrecognized subcommand 'bench'") {
        terminal::complain("this binary has no bench command: its inside was not measured");
        return Ok(Vec::new());
    }
    bail!("frontdesk bench failed: {}", complaint.trim())
}

/// Figures among the lines; lines that are no JSON object are progress and are skipped.
pub fn parse(output: &str) -> Result<Vec<Measure>> {
    output
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| {
            let mut measure: Measure =
                serde_json::from_str(line).with_context(|| format!("not a figure: {line}"))?;
            measure.judge();
            Ok(measure)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_and_judged() {
        let measures = parse(
            "warming up\n{\"name\":\"turn.builtin.p99\",\"value\":4.0,\"unit\":\"ms\",\"goal\":10,\"better\":\"lower\",\"note\":\"x\"}\n",
        )
        .unwrap();
        assert_eq!(measures.first().and_then(|measure| measure.met), Some(true));
        assert!(parse("{\"name\":\"x\"}").is_err());
    }
}
