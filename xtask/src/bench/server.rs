//! A `frontdesk serve` process under measurement.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use super::wire;

/// How long a start and a stop may take before the measurement is given up.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Server {
    process: Child,
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    /// From starting the process to the first 200 of `/health/ready`.
    pub ready_after: Duration,
}

impl Server {
    /// Starts the binary on `data` without rate limits and waits until it is ready.
    pub fn start(binary: &Path, data: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = std::fs::File::create(data.join("bench.log")).context("making the server's log")?;
        let mut command = Command::new(binary);
        for (name, _) in
            std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("FRONTDESK_"))
        {
            command.env_remove(name);
        }
        let started = Instant::now();
        let process = command
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data-dir"])
            .arg(data)
            .env("FRONTDESK_RATE_LIMITS", "off")
            .current_dir(data)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("starting {}", binary.display()))?;
        let mut server = Self { process, port, ready_after: Duration::ZERO };
        server.wait_until_ready(started, data)?;
        Ok(server)
    }

    fn wait_until_ready(&mut self, started: Instant, data: &Path) -> Result<()> {
        loop {
            if let Ok((200, _)) = wire::request(self.port, "GET", "/health/ready", &[], None) {
                self.ready_after = started.elapsed();
                return Ok(());
            }
            let gave_up = started.elapsed() > PATIENCE;
            let ended = self.process.try_wait()?;
            if gave_up || ended.is_some() {
                let log = std::fs::read_to_string(data.join("bench.log")).unwrap_or_default();
                let tail: Vec<&str> = log.lines().rev().take(10).collect();
                let tail: Vec<&str> = tail.into_iter().rev().collect();
                bail!("the server did not get ready ({ended:?}); its last words:\n{}", tail.join("\n"));
            }
            pause(Duration::from_millis(1));
        }
    }

    /// Memory of the process in KiB, by the name of a line of its status (`VmRSS`, `RssAnon`).
    pub fn memory(&self, line: &str) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))
            .context("reading the server's memory (this needs Linux)")?;
        field(&status, line).with_context(|| format!("the process status has no {line}"))
    }

    /// Memory once it has stopped changing: three equal readings (to 1 %), a second apart, or 15 seconds.
    pub fn settled_memory(&self, line: &str) -> Result<u64> {
        let mut last = self.memory(line)?;
        let mut steady = 0;
        for _ in 0..15 {
            pause(Duration::from_secs(1));
            let now = self.memory(line)?;
            steady = if now.abs_diff(last) * 100 <= last { steady + 1 } else { 0 };
            last = now;
            if steady == 3 {
                break;
            }
        }
        Ok(last)
    }

    /// Asks the server to stop and waits for it.
    pub fn stop(mut self) -> Result<()> {
        let asked = Command::new("kill").arg("-TERM").arg(self.process.id().to_string()).status()?;
        ensure!(asked.success(), "the server could not be told to stop");
        let since = Instant::now();
        while self.process.try_wait()?.is_none() {
            ensure!(since.elapsed() < PATIENCE, "the server did not stop");
            pause(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// The number after `name:` in a process status.
fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}

/// A folder for the server's data that is removed when dropped.
#[derive(Debug)]
pub struct Scratch(std::path::PathBuf);

impl Scratch {
    /// Makes an empty folder under the system's temporary folder.
    pub fn new(purpose: &str) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("frontdesk-bench-{purpose}-{}", std::process::id()));
        _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

#[expect(clippy::disallowed_methods, reason = "polls another process, which announces nothing")]
fn pause(time: Duration) {
    std::thread::sleep(time);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_by_the_whole_name() {
        let status = "VmRSSX:\t1 kB\nVmRSS:\t   2048 kB\nRssAnon:\t  512 kB\n";
        assert_eq!(field(status, "VmRSS"), Some(2048));
        assert_eq!(field(status, "RssAnon"), Some(512));
        assert_eq!(field(status, "RssFile"), None);
    }

    #[test]
    fn a_binary_that_fails_shows_its_last_words() {
        let scratch = Scratch::new("test").unwrap();
        let binary = scratch.path().join("fails");
        std::fs::write(&binary, "#!/bin/sh\necho no database here\nexit 3\n").unwrap();
        Command::new("chmod").arg("+x").arg(&binary).status().unwrap();
        let error = Server::start(&binary, scratch.path()).unwrap_err().to_string();
        assert!(error.contains("no database here"), "{error}");
    }
}
