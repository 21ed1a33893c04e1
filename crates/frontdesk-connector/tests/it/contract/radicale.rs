//! A real CalDAV server: Radicale, started for one test on a free local port and stopped with it.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use async_trait::async_trait;
use frontdesk_connector::calendar::{CalendarAccount, Credential, build};
use frontdesk_http::{Method, Target};
use frontdesk_sim::calendar::{Blocks, Fault};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::world::{Made, World, access, http};

const PASSWORD: &str = "pass word:1";

/// The server and its owner.
pub struct Radicale {
    url: String,
    folder: tempfile::TempDir,
    _server: Child,
}

impl Radicale {
    /// Starts one with an empty calendar `/owner/cal/`.
    pub async fn start() -> Self {
        let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/python");
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("users"), format!("owner:{PASSWORD}\n")).unwrap();
        // Another program may take the port between our choosing and the server's binding it.
        let mut said = String::new();
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            match launch(&python, folder.path(), port).await {
                Err(words) => said = words,
                Ok(server) => {
                    let radicale = Self { url: format!("http://127.0.0.1:{port}"), folder, _server: server };
                    radicale.ask("MKCALENDAR", "/owner/cal/", None).await;
                    return radicale;
                }
            }
        }
        panic!("Radicale does not start (scripts/bootstrap installs it):\n{said}");
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn account_at(url: &str) -> Arc<dyn CalendarAccount> {
        let settings = json!({"url": url, "username": "owner", "email": "owner@example.com"});
        let credential = Credential::Basic { user: "owner".into(), password: PASSWORD.into() };
        build("caldav", &settings, access(credential)).unwrap()
    }

    /// What the owner's own calendar program does.
    pub async fn ask(&self, method: &str, path: &str, file: Option<String>) {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut call = http().call(method, Target::Trusted, format!("{}{path}", self.url));
        if let Some(file) = file {
            call = call.body("text/calendar", file.replace('\n', "\r\n"));
        }
        // base64 of `owner:pass word:1`
        let answer = call.header("authorization", "Basic b3duZXI6cGFzcyB3b3JkOjE=").send().await.unwrap();
        assert!(answer.is_success(), "{path}: {} {}", answer.status, answer.text());
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.collection()).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "ics")).collect()
    }

    fn collection(&self) -> PathBuf {
        self.folder.path().join("data/collection-root/owner/cal")
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
        let missing = line.contains("No module named radicale");
        assert!(!missing, "Radicale is not installed; run scripts/bootstrap");
        if line.contains("server ready") {
            // Goes on reading, or the server would stop when the pipe is full.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(server);
        }
        writeln!(said, "{line}").unwrap();
    }
    Err(said)
}

fn file(events: &str) -> String {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//owner//EN\n{events}END:VCALENDAR\n")
}

fn basic(text: &str) -> String {
    text.replace(['-', ':'], "")
}

#[async_trait]
impl World for Radicale {
    fn account(&self) -> Arc<dyn CalendarAccount> {
        Self::account_at(&self.url)
    }

    fn calendar(&self) -> String {
        "/owner/cal/".to_owned()
    }

    async fn make(&self, event: &Made) {
        let mut text = format!("BEGIN:VEVENT\nUID:{0}\nDTSTAMP:20260101T000000Z\nSUMMARY:{0}\n", event.name);
        if event.all_day {
            writeln!(text, "DTSTART;VALUE=DATE:{}", &basic(event.start)[..8]).unwrap();
            writeln!(text, "DTEND;VALUE=DATE:{}", &basic(event.end)[..8]).unwrap();
        } else {
            writeln!(text, "DTSTART:{}\nDTEND:{}", basic(event.start), basic(event.end)).unwrap();
        }
        match event.blocks {
            Blocks::Busy => {}
            Blocks::Free => text.push_str("TRANSP:TRANSPARENT\n"),
            Blocks::Declined => text.push_str("ATTENDEE;PARTSTAT=DECLINED:mailto:owner@example.com\n"),
        }
        text.push_str("END:VEVENT\n");
        self.ask("PUT", &format!("/owner/cal/{}.ics", event.name), Some(file(&text))).await;
    }

    async fn make_series(&self, name: &'static str) {
        let zone = "TZID=W. Europe Standard Time";
        let event = |extra: &str, start: &str, end: &str| {
            format!(
                "BEGIN:VEVENT\nUID:series\nDTSTAMP:20260101T000000Z\nSUMMARY:{name}\n{extra}DTSTART;{zone}:{start}\nDTEND;{zone}:{end}\nEND:VEVENT\n"
            )
        };
        let rule = format!("RRULE:FREQ=WEEKLY;COUNT=5\nEXDATE;{zone}:20260309T090000,20260323T090000\n");
        let moved = format!("SEQUENCE:2\nRECURRENCE-ID;{zone}:20260316T090000\n");
        // As Outlook writes it: its own name for the zone, and a definition.
        let zones = "BEGIN:VTIMEZONE\nTZID:W. Europe Standard Time\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
        let text = zones.to_owned()
            + &event(&rule, "20260302T090000", "20260302T100000")
            + &event(&moved, "20260316T140000", "20260316T150000");
        self.ask("PUT", "/owner/cal/series.ics", Some(file(&text))).await;
    }

    async fn delete(&self, name: &str) {
        let start: String = name.chars().take(10).collect();
        let line = format!("SUMMARY:{start}");
        let found =
            self.files().into_iter().find(|path| std::fs::read_to_string(path).unwrap().contains(&line));
        let file = found.unwrap_or_else(|| panic!("no {line}"));
        let file = file.file_name().unwrap().to_str().unwrap().to_owned();
        self.ask("DELETE", &format!("/owner/cal/{file}"), None).await;
    }

    async fn count(&self) -> usize {
        self.files().len()
    }

    async fn forget_cursors(&self) -> bool {
        std::fs::remove_dir_all(self.collection().join(".Radicale.cache")).unwrap();
        true
    }

    async fn lock_out(&self) {
        std::fs::write(self.folder.path().join("users"), "owner:another\n").unwrap();
    }

    fn fail(&self, _faults: Vec<Fault>) -> bool {
        false
    }
}

#[tokio::test]
async fn calendars_are_found_from_the_server_the_well_known_address_and_the_calendar_itself() {
    let radicale = Radicale::start().await;
    for path in ["", "/", "/owner/", "/owner/cal/", "/.well-known/caldav"] {
        let account = Radicale::account_at(&format!("{}{path}", radicale.url()));
        let found = account.calendars().await.unwrap_or_else(|error| panic!("{path}: {error}"));
        let ids: Vec<&str> = found.iter().map(|calendar| calendar.id.as_str()).collect();
        assert_eq!(ids, ["/owner/cal/"], "{path}");
    }
}

#[tokio::test]
async fn a_change_by_the_owner_is_not_written_over_unseen() {
    use frontdesk_connector::calendar::CalendarError;
    let radicale = Radicale::start().await;
    let (account, ours) = (radicale.account(), super::ours());
    let made = account.put("/owner/cal/", &ours, None).await.unwrap();
    let theirs = "BEGIN:VEVENT\nUID:0192f0c1a2b37cde8f00112233445566@frontdesk\nDTSTAMP:20260305T000000Z\nSEQUENCE:1\nSUMMARY:Mine now\nDTSTART:20260312T090000Z\nDTEND:20260312T100000Z\nEND:VEVENT\n";
    radicale.ask("PUT", &made.id, Some(file(theirs))).await;
    let moved = frontdesk_connector::calendar::OutgoingEvent { sequence: 1, ..ours };
    assert_eq!(account.put("/owner/cal/", &moved, Some(&made)).await, Err(CalendarError::Conflict));
    assert_eq!(radicale.count().await, 1);
}
