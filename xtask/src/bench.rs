//! `xtask bench`: measures the release binary from outside and inside, writes `target/bench/results.json`, prints a table.
//!
//! From outside come start-up time, memory, sizes, sockets and the booking page in a browser (the modules here). From
//! inside come the measures that need the product's own code: `frontdesk bench [AREA]` prints one JSON object per line.
//! One more measure from outside is a function that returns [`Measure`]s and a line in [`AREAS`].

mod inside;
mod measure;
mod page;
mod server;
mod sizes;
mod sockets;
mod start;
mod wire;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use crate::repository::Repository;
use crate::terminal;
use measure::{Better, Measure};

/// What the measuring functions need to know.
#[derive(Debug)]
pub struct Subject {
    /// The release binary.
    pub binary: PathBuf,
    /// The repository's root.
    pub root: PathBuf,
}

struct Area {
    /// First part of the names of its measures.
    name: &'static str,
    measure: fn(&Subject) -> Result<Vec<Measure>>,
}

const AREAS: &[Area] = &[
    Area { name: "size", measure: sizes::measure },
    Area { name: "start", measure: start::measure },
    Area { name: "sockets", measure: sockets::measure },
    Area { name: "page", measure: page::measure },
];

/// Measures everything, or one area; an area that could not be measured fails the run after the others are done.
pub fn run(repository: &Repository, area: Option<&str>) -> Result<()> {
    let target =
        repository.root.join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
    let subject = Subject { binary: target.join("release/frontdesk"), root: repository.root.clone() };
    ensure!(subject.binary.is_file(), "{} is not built; run 'make bench'", subject.binary.display());

    let mut measures = vec![machine()];
    let mut failed = Vec::new();
    for known in AREAS.iter().filter(|known| area.is_none_or(|wanted| wanted == known.name)) {
        terminal::say(&format!("measuring {}", known.name));
        match (known.measure)(&subject) {
            Ok(found) => measures.extend(found),
            Err(error) => failed.push(format!("{}: {error:#}", known.name)),
        }
    }
    if area.is_none_or(|wanted| AREAS.iter().all(|known| known.name != wanted)) {
        match inside::measure(&subject, area) {
            Ok(found) => measures.extend(found),
            Err(error) => failed.push(format!("inside the binary: {error:#}")),
        }
    }

    let file = target.join("bench/results.json");
    if area.is_some() {
        measures = merge(read(&file), measures);
    }
    write(&file, &measures)?;
    terminal::say(&measure::table(&measures));
    terminal::say(&format!("written to {}", file.display()));
    if !failed.is_empty() {
        bail!("could not measure:\n  {}", failed.join("\n  "));
    }
    Ok(())
}

/// The machine, without which no other number means anything.
fn machine() -> Measure {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    Measure::new("machine.cores", cores as f64, "cores", Better::Higher).note(format!(
        "{}, {}",
        std::env::consts::ARCH,
        std::env::consts::OS
    ))
}

/// Results of an earlier run; none when there was none or it cannot be read.
fn read(file: &Path) -> Vec<Measure> {
    std::fs::read(file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// Earlier results with the new ones in their places.
fn merge(earlier: Vec<Measure>, new: Vec<Measure>) -> Vec<Measure> {
    let mut merged: Vec<Measure> =
        earlier.into_iter().filter(|old| new.iter().all(|new| new.name != old.name)).collect();
    merged.extend(new);
    merged.sort_by(|a, b| a.name.cmp(&b.name));
    merged
}

fn write(file: &Path, measures: &[Measure]) -> Result<()> {
    let folder = file.parent().context("the results file has no folder")?;
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    std::fs::write(file, serde_json::to_vec_pretty(measures)?)
        .with_context(|| format!("writing {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_figure_replaces_the_old_one_and_keeps_the_rest() {
        let old = vec![
            Measure::new("size.binary", 1.0, "MB", Better::Lower),
            Measure::new("start.ready", 2.0, "ms", Better::Lower),
        ];
        let new = vec![Measure::new("start.ready", 3.0, "ms", Better::Lower)];
        let merged = merge(old, new);
        let values: Vec<(&str, f64)> =
            merged.iter().map(|measure| (measure.name.as_str(), measure.value)).collect();
        assert_eq!(values, [("size.binary", 1.0), ("start.ready", 3.0)]);
    }

    #[test]
    fn results_survive_a_round_trip() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bench/results.json");
        assert!(read(&file).is_empty());
        let measures = vec![Measure::new("chat.message.p99", 4.5, "ms", Better::Lower).goal(5.0).note("n")];
        write(&file, &measures).unwrap();
        assert_eq!(read(&file), measures);
    }
}
