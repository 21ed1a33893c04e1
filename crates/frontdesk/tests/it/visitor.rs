//! Visitors of the web chat, who do what the widget does: they repeat a message under the same id until it is
//! acknowledged, and say after a reconnect what they have seen.

use std::time::Duration;

use frontdesk_domain::random::{Random, SeededRandom};
use futures_util::{SinkExt, StreamExt};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::header::AUTHORIZATION;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::server::{Server, client};

/// What the business can answer, so that no conversation is handed to a person.
pub const QUESTIONS: &[(&str, &str)] = &[
    ("When are you open?", "We are open from nine to five on weekdays."),
    ("Where can I park?", "There is free parking behind the building."),
    ("Do you take credit cards?", "Yes, we take every major credit card."),
    ("How much is a cleaning?", "A cleaning costs ninety dollars."),
];

/// A pause before trying a server again that may just be starting.
const AGAIN: Duration = Duration::from_millis(30);
/// How long something may take to come over a socket.
const PATIENCE: Duration = Duration::from_mins(1);
/// The longest a visitor waits between two messages.
const BREATH_MS: u64 = 60;

/// Counts acknowledged messages, and tells everybody when it is time to stop.
#[derive(Debug)]
pub struct Load {
    /// Acknowledged messages of all visitors.
    pub acknowledged: watch::Sender<u64>,
    /// True when nobody is to begin another message.
    pub over: watch::Sender<bool>,
}

impl Load {
    pub fn new() -> Self {
        Self { acknowledged: watch::Sender::new(0), over: watch::Sender::new(false) }
    }

    fn is_over(&self) -> bool {
        *self.over.borrow()
    }
}

/// A message that the server acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    pub client_id: String,
    pub seq: u64,
    pub text: String,
}

/// What a visitor knows in the end.
#[derive(Debug)]
pub struct Story {
    pub conversation: String,
    pub acknowledged: Vec<Acknowledged>,
    /// Whether they waited for each answer before saying more.
    pub patient: bool,
}

/// A visitor with an open session.
#[derive(Debug)]
pub struct Visitor {
    client: Client,
    url: String,
    /// The session's token.
    pub token: String,
    /// The session's conversation.
    pub conversation: String,
    random: SeededRandom,
    number: u64,
    sent: u64,
}

impl Visitor {
    /// Opens a session, trying until it works.
    pub async fn arrive(url: &str, key: &str, number: u64) -> Self {
        let client = client();
        let session: Value = loop {
            let asked = client
                .post(format!("{url}/api/v1/widget/sessions"))
                .json(&json!({ "key": key }))
                .send()
                .await;
            match asked {
                Ok(answer) if answer.status() == StatusCode::CREATED => {
                    if let Ok(session) = answer.json().await {
                        break session;
                    }
                }
                Ok(answer) => panic!("opening a session: {}", answer.text().await.unwrap_or_default()),
                Err(_) => sleep(AGAIN).await,
            }
        };
        let text = |name: &str| session[name].as_str().unwrap().to_owned();
        Self {
            client,
            url: url.to_owned(),
            token: text("token"),
            conversation: text("conversation_id"),
            random: SeededRandom::new(number),
            number,
            sent: 0,
        }
    }

    fn next_message(&mut self) -> (String, String) {
        self.sent += 1;
        let question = QUESTIONS[(self.random.next_u64() % QUESTIONS.len() as u64) as usize].0;
        (format!("v{}-{}", self.number, self.sent), question.to_owned())
    }

    /// Sends messages over HTTP without waiting for answers, each until it is acknowledged.
    pub async fn chatter(mut self, load: &Load) -> Story {
        let mut acknowledged = Vec::new();
        while !load.is_over() {
            let (client_id, text) = self.next_message();
            let seq = self.post(&client_id, &text).await;
            acknowledged.push(Acknowledged { client_id, seq, text });
            load.acknowledged.send_modify(|count| *count += 1);
            sleep(Duration::from_millis(self.random.next_u64() % BREATH_MS)).await;
        }
        Story { conversation: self.conversation, acknowledged, patient: false }
    }

    async fn post(&self, client_id: &str, text: &str) -> u64 {
        loop {
            let request =
                self.client.post(format!("{}/api/v1/widget/messages", self.url)).bearer_auth(&self.token);
            let Ok(answer) = request.json(&json!({ "client_id": client_id, "text": text })).send().await
            else {
                sleep(AGAIN).await;
                continue;
            };
            let status = answer.status();
            assert_eq!(status, StatusCode::CREATED, "{}", answer.text().await.unwrap_or_default());
            // Cut off while reading: the widget cannot know either, so it asks again.
            if let Ok(message) = answer.json::<Value>().await {
                return message["seq"].as_u64().unwrap();
            }
        }
    }

    /// Sends messages over the socket, each after the answer to the one before. Fails when a message is missing or
    /// comes twice on the wire.
    pub async fn converse(mut self, load: &Load) -> Story {
        let mut story =
            Story { conversation: self.conversation.clone(), acknowledged: Vec::new(), patient: true };
        let mut seen = 0;
        // The message under way, and whether it was acknowledged and now waits for its answer.
        let mut under_way: Option<(String, String, bool)> = None;
        'reconnect: loop {
            let Some(mut socket) = Socket::open(&self.url, &self.token, seen).await else {
                sleep(AGAIN).await;
                continue;
            };
            if let Some((client_id, text, false)) = &under_way {
                socket.say(client_id, text).await;
            }
            loop {
                if under_way.is_none() {
                    if load.is_over() {
                        return story;
                    }
                    sleep(Duration::from_millis(self.random.next_u64() % BREATH_MS)).await;
                    let (client_id, text) = self.next_message();
                    socket.say(&client_id, &text).await;
                    under_way = Some((client_id, text, false));
                }
                let Some(event) = socket.next().await else {
                    sleep(AGAIN).await;
                    continue 'reconnect;
                };
                assert_ne!(event["type"], "error", "{event}");
                if event["type"] != "message" {
                    continue;
                }
                let message = &event["message"];
                let seq = message["seq"].as_u64().unwrap();
                let again = seq <= seen;
                assert!(again || seq == seen + 1, "after {seen} came {message}");
                seen = seen.max(seq);
                let own = message["client_id"].as_str();
                if let Some((client_id, text, acknowledged)) = &mut under_way
                    && own == Some(client_id)
                {
                    if !*acknowledged {
                        *acknowledged = true;
                        let (client_id, text) = (client_id.clone(), text.clone());
                        story.acknowledged.push(Acknowledged { client_id, seq, text });
                        load.acknowledged.send_modify(|count| *count += 1);
                    }
                    continue;
                }
                assert!(!again, "{message} came twice");
                if message["author"] == "ai" {
                    assert!(matches!(under_way, Some((_, _, true))), "an answer to nothing: {message}");
                    under_way = None;
                }
            }
        }
    }
}

/// A widget's socket.
#[derive(Debug)]
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Connects and says who it is; `None` when the server is not there.
    pub async fn open(url: &str, token: &str, after: u64) -> Option<Self> {
        let url = format!("{}/api/v1/widget/socket", url.replacen("http", "ws", 1));
        let (stream, _) = connect_async(url).await.ok()?;
        let mut socket = Self(stream);
        socket.send(&json!({ "type": "hello", "token": token, "after": after })).await;
        let ready = socket.next().await?;
        assert_eq!(ready["type"], "ready", "{ready}");
        Some(socket)
    }

    /// Connects to the live events of the dashboard; `None` when the server is not there.
    pub async fn live(server: &Server, token: &str, after: Option<u64>) -> Option<Self> {
        let url = format!("{}/api/v1/live", server.url.replacen("http", "ws", 1));
        let mut request = url.into_client_request().ok()?;
        request.headers_mut().insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        let (stream, _) = connect_async(request).await.ok()?;
        let mut socket = Self(stream);
        socket.send(&json!({ "type": "hello", "after": after })).await;
        Some(socket)
    }

    /// Sends a message; when the connection is broken, the next read says so.
    pub async fn say(&mut self, client_id: &str, text: &str) {
        self.send(&json!({ "type": "message", "client_id": client_id, "text": text })).await;
    }

    async fn send(&mut self, frame: &Value) {
        let _ = self.0.send(Frame::text(frame.to_string())).await;
    }

    /// The next event; `None` when the connection is broken.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            match self.0.next().await? {
                Ok(Frame::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Frame::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The next event that fits.
    pub async fn until(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let next = timeout(PATIENCE, self.next()).await.unwrap_or_else(|_| panic!("never came: {what}"));
            let event = next.unwrap_or_else(|| panic!("the socket closed before {what}"));
            if fits(&event) {
                return event;
            }
        }
    }
}
