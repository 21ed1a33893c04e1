//! Memory of a thousand visitors who keep the widget open.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::Subject;
use super::measure::{Better, Measure};
use super::server::{Scratch, Server};
use super::wire::{Socket, request_ok};

const VISITORS: usize = 1000;
const API: &str = "/api/v1";

/// Opens the sockets, each its own visitor with its own session, and divides the growth of memory by their number.
pub fn measure(subject: &Subject) -> Result<Vec<Measure>> {
    let scratch = Scratch::new("sockets")?;
    let server = Server::start(&subject.binary, scratch.path())?;
    let site = Site::open(server.port)?;

    // A few visitors first, so that lazily made things (caches, pools) are not billed to the thousand.
    let mut sockets = site.visitors(20)?;
    let before = server.settled_memory("VmRSS")?;
    sockets.extend(site.visitors(VISITORS)?);
    let after = server.settled_memory("VmRSS")?;
    for socket in &mut sockets {
        socket.send(&json!({"type": "ping"}))?;
    }
    let connected = sockets.len();
    drop(sockets);
    server.stop()?;

    let each = after.saturating_sub(before) as f64 / VISITORS as f64;
    Ok(vec![
        Measure::new("sockets.memory.each", each, "KB", Better::Lower)
            .note(format!("growth of resident memory over {VISITORS} open widget sockets, by their number")),
        Measure::new("sockets.memory.total", after as f64 / 1024.0, "MB", Better::Lower)
            .note(format!("resident with {connected} open widget sockets")),
    ])
}

/// A business whose widget key works on one page.
struct Site {
    port: u16,
    origin: String,
    key: String,
}

impl Site {
    fn open(port: u16) -> Result<Self> {
        let origin = format!("http://127.0.0.1:{port}");
        let (email, password) = ("bench@example.com", "a long enough passphrase 42");
        let account = json!({"email": email, "password": password, "name": "Bench", "business": "Bench"});
        request_ok(port, "POST", &format!("{API}/auth/signup"), &[], Some(&account))?;
        let login = json!({"email": email, "password": password, "token": true});
        let login = request_ok(port, "POST", &format!("{API}/auth/login"), &[], Some(&login))?;
        let bearer = format!("Bearer {}", text(&login, "access_token")?);
        let key = json!({"name": "Bench", "origins": [origin]});
        let key = request_ok(
            port,
            "POST",
            &format!("{API}/widget-keys"),
            &[("Authorization", &bearer)],
            Some(&key),
        )?;
        Ok(Self { port, key: text(&key, "key")?, origin })
    }

    fn visitors(&self, count: usize) -> Result<Vec<Socket>> {
        (0..count).map(|_| self.visitor()).collect()
    }

    /// A visitor who has opened the widget and is greeted.
    fn visitor(&self) -> Result<Socket> {
        let headers = [("Origin", self.origin.as_str())];
        let wanted = json!({"key": self.key});
        let session =
            request_ok(self.port, "POST", &format!("{API}/widget/sessions"), &headers, Some(&wanted))?;
        let mut socket = Socket::open(self.port, &format!("{API}/widget/socket"), &self.origin)?;
        socket.send(&json!({"type": "hello", "token": text(&session, "token")?, "after": 0}))?;
        let answer = socket.receive()?;
        ensure!(
            answer.get("type").and_then(Value::as_str) == Some("ready"),
            "the widget was not let in: {answer}"
        );
        Ok(socket)
    }
}

fn text(answer: &Value, field: &str) -> Result<String> {
    let value = answer.get(field).and_then(Value::as_str);
    Ok(value.with_context(|| format!("the answer has no {field}: {answer}"))?.to_owned())
}
