//! A real CalDAV server: Radicale, started for one test on a free local port and stopped with it.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::FixedClock;
use frontdesk_http::{HttpClient, HttpSettings, Method, Target};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The owner's password.
pub const PASSWORD: &str = "pass word:1";

/// The server with one calendar, `/owner/cal/`, and its owner.
#[derive(Debug)]
pub struct Radicale {
    /// Its address.
    pub url: String,
    folder: tempfile::TempDir,
    _server: Child,
}

impl Radicale {
    /// Starts one; its calendar is empty.
    pub async fn start() -> Self {
        let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/python");
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("users"), format!("owner:{PASSWORD}\n")).unwrap();
        // Made before it starts, as its own files: then nothing has to be asked of it.
        let collection = folder.path().join("data/collection-root/owner/cal");
        std::fs::create_dir_all(&collection).unwrap();
        std::fs::write(
            collection.join(".Radicale.props"),
            r#"{"tag": "VCALENDAR", "D:displayname": "Owner's own"}"#,
        )
        .unwrap();
        // Another program may take the port between our choosing and the server's binding it.
        let mut said = String::new();
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            match launch(&python, folder.path(), port).await {
                Err(words) => said = words,
                Ok(server) => {
                    return Self { url: format!("http://127.0.0.1:{port}"), folder, _server: server };
                }
            }
        }
        panic!("Radicale does not start (scripts/bootstrap installs it):\n{said}");
    }

    fn collection(&self) -> PathBuf {
        self.folder.path().join("data/collection-root/owner/cal")
    }

    /// The files of the calendar, by name.
    pub fn files(&self) -> Vec<(String, String)> {
        let entries = std::fs::read_dir(self.collection()).unwrap().map(|entry| entry.unwrap().path());
        let mut found: Vec<(String, String)> = entries
            .filter(|path| path.extension().is_some_and(|ending| ending == "ics"))
            .map(|path| {
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                (name, std::fs::read_to_string(&path).unwrap())
            })
            .collect();
        found.sort();
        found
    }

    /// What the owner's own calendar program does.
    async fn ask(&self, method: &str, name: &str, file: Option<&str>) {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let clock = Arc::new(FixedClock::new(crate::START));
        let random = Arc::new(SeededRandom::new(1));
        let http = HttpClient::new(HttpSettings::default(), clock, random).unwrap();
        let mut call = http.call(method, Target::Trusted, format!("{}/owner/cal/{name}", self.url));
        if let Some(file) = file {
            call = call.body("text/calendar", file.to_owned());
        }
        // base64 of `owner:pass word:1`
        let answer = call.header("authorization", "Basic b3duZXI6cGFzcyB3b3JkOjE=").send().await.unwrap();
        assert!(answer.is_success(), "{name}: {} {}", answer.status, answer.text());
    }

    /// The owner writes a file with their own calendar program.
    pub async fn put(&self, name: &str, text: &str) {
        self.ask("PUT", name, Some(text)).await;
    }

    /// The owner deletes one.
    pub async fn delete(&self, name: &str) {
        self.ask("DELETE", name, None).await;
    }

    /// An event as a file.
    pub fn event(uid: &str, title: &str, start: &str, end: &str) -> String {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//owner//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
             DTSTAMP:20260101T000000Z\r\nSUMMARY:{title}\r\nDTSTART:{start}\r\nDTEND:{end}\r\nEND:VEVENT\r\n\
             END:VCALENDAR\r\n"
        )
    }

    /// The server forgets all sync tokens, as after a crash.
    pub fn forget(&self) {
        let cache = self.collection().join(".Radicale.cache");
        if cache.exists() {
            std::fs::remove_dir_all(cache).unwrap();
        }
    }

    /// The password is no longer good.
    pub fn lock_out(&self) {
        std::fs::write(self.folder.path().join("users"), "owner:another\n").unwrap();
    }
}

/// The server once it is ready, or what it said before it ended.
async fn launch(python: &Path, folder: &Path, port: u16) -> Result<Child, String> {
    let mut command = Command::new(python);
    command
        .args(["-m", "radicale", "--config", "", "--logging-level", "info"])
        .args(["--server-hosts", &format!("127.0.0.1:{port}")])
        .args(["--storage-filesystem-folder", &folder.join("data").display().to_string()])
        .args(["--auth-type", "htpasswd", "--auth-htpasswd-encryption", "plain", "--auth-delay", "0"])
        .args(["--auth-htpasswd-filename", &folder.join("users").display().to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mut server = command.spawn().unwrap_or_else(|error| {
        panic!("{} cannot be run ({error}); run scripts/bootstrap, which installs Radicale", python.display())
    });
    let mut lines = BufReader::new(server.stderr.take().unwrap()).lines();
    let mut said = String::new();
    while let Ok(Some(line)) = lines.next_line().await {
        assert!(
            !line.contains("No module named radicale"),
            "Radicale is not installed; run scripts/bootstrap"
        );
        if line.contains("server ready") {
            // Goes on reading, or the server would stop when the pipe is full.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(server);
        }
        writeln!(said, "{line}").unwrap();
    }
    Err(said)
}
