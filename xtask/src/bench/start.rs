//! Start-up time on an existing database, and memory of a server that has nothing to do.

use anyhow::Result;

use super::Subject;
use super::measure::{Better, Measure, percentile};
use super::server::{Scratch, Server};

/// Starts that are timed after the one that makes the database.
const STARTS: usize = 15;

/// Times starts, then lets one server idle and reads its memory.
pub fn measure(subject: &Subject) -> Result<Vec<Measure>> {
    let scratch = Scratch::new("start")?;
    let first = Server::start(&subject.binary, scratch.path())?;
    let with_migrations = first.ready_after.as_secs_f64() * 1000.0;
    first.stop()?;

    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let server = Server::start(&subject.binary, scratch.path())?;
        starts.push(server.ready_after.as_secs_f64() * 1000.0);
        server.stop()?;
    }
    let median = percentile(&mut starts, 0.5);
    let worst = percentile(&mut starts, 1.0);

    let idle = Server::start(&subject.binary, scratch.path())?;
    let resident = idle.settled_memory("VmRSS")? as f64 / 1024.0;
    let own = idle.memory("RssAnon")? as f64 / 1024.0;
    idle.stop()?;
    Ok(vec![
        Measure::new("start.ready", median, "ms", Better::Lower).goal(150.0).note(format!(
            "process start to first 200 of /health/ready, existing database, median of {STARTS}, worst {worst:.0} ms"
        )),
        Measure::new("start.first", with_migrations, "ms", Better::Lower).note("the same on an empty data folder, with all migrations"),
        Measure::new("start.idle.memory", resident, "MB", Better::Lower)
            .goal(60.0)
            .note(format!("resident once steady, no embeddings; {own:.0} MB of it is its own, the rest is the program file")),
    ])
}
