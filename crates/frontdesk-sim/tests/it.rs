//! The mail simulator spoken to by hand, and the control routes.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::net::SocketAddr;
use std::sync::Arc;

use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::{FixedClock, Timestamp};
use frontdesk_http::{HttpClient, HttpSettings};
use frontdesk_sim::mail::{self, MailFaults, MailSim};
use frontdesk_sim::model::{ModelSim, Step, Turn};
use frontdesk_sim::{SimSettings, anthropic, openai, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

struct Client(BufReader<TcpStream>);

impl Client {
    async fn connect(address: SocketAddr) -> Self {
        let mut client = Self(BufReader::new(TcpStream::connect(address).await.unwrap()));
        assert_eq!(client.code().await, 220);
        client
    }

    /// The code of the next reply, its last line; 0 when the connection ended.
    async fn code(&mut self) -> u16 {
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).await.unwrap_or(0) == 0 {
                return 0;
            }
            if line.as_bytes()[3] == b' ' {
                return line[..3].parse().unwrap();
            }
        }
    }

    async fn say(&mut self, line: &str) -> u16 {
        self.0.get_mut().write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
        self.code().await
    }

    async fn begin(&mut self, to: &[&str]) {
        assert_eq!(self.say("EHLO test").await, 250);
        assert_eq!(self.say("MAIL FROM:<front@desk.example> SIZE=100").await, 250);
        for to in to {
            assert_eq!(self.say(&format!("RCPT TO:<{to}>")).await, 250);
        }
    }
}

#[tokio::test]
async fn a_message_is_stored_as_it_was_sent() {
    let sim = MailSim::default();
    let running = mail::spawn(sim.clone()).await.unwrap();
    let mut client = Client::connect(running.smtp.address).await;
    assert_eq!(client.say("MAIL FROM:<early@x.example>").await, 503);
    assert_eq!(client.say("EHLO test").await, 250);
    // user "ada", password "secret"
    assert_eq!(client.say("AUTH PLAIN AGFkYQBzZWNyZXQ=").await, 235);
    client.begin(&["a@x.example", "b@x.example"]).await;
    assert_eq!(client.say("DATA").await, 354);
    let text = "Subject: Dots\r\n\r\n..hidden dot\r\nsee https://x.example/reset/1.\r\n.";
    assert_eq!(client.say(text).await, 250);
    let received = sim.wait_for("B@x.example").await;
    assert_eq!(received.envelope_from, "front@desk.example");
    assert_eq!(received.to, ["a@x.example", "b@x.example"]);
    assert_eq!((received.subject.as_str(), received.user.as_deref()), ("Dots", Some("ada")));
    assert!(received.text.starts_with(".hidden dot"), "{}", received.text);
    assert_eq!(received.links(), ["https://x.example/reset/1"]);
    // A second message on the same connection, after a reset.
    assert_eq!(client.say("MAIL FROM:<>").await, 250);
    assert_eq!(client.say("RSET").await, 250);
    client.begin(&["c@x.example"]).await;
    assert_eq!(client.say("DATA").await, 354);
    assert_eq!(client.say("Subject: Two\r\n\r\nhi\r\n.").await, 250);
    assert_eq!(client.say("QUIT").await, 221);
    assert_eq!(sim.messages().len(), 2);
}

#[tokio::test]
async fn login_in_steps_is_accepted_and_can_be_refused() {
    let sim = MailSim::default();
    let running = mail::spawn(sim.clone()).await.unwrap();
    for (refuse, code) in [(false, 235), (true, 535)] {
        sim.set_faults(MailFaults { refuse_login: refuse, ..MailFaults::default() });
        let mut client = Client::connect(running.smtp.address).await;
        assert_eq!(client.say("AUTH LOGIN").await, 334);
        assert_eq!(client.say("YWRh").await, 334);
        assert_eq!(client.say("c2VjcmV0").await, code);
    }
}

#[tokio::test]
async fn recipients_can_be_refused_for_good_or_for_now_and_connections_dropped() {
    let sim = MailSim::default();
    let running = mail::spawn(sim.clone()).await.unwrap();
    sim.set_faults(MailFaults {
        reject: vec!["gone@x.example".into()],
        defer: vec!["later@x.example".into()],
        drop_after_data: 1,
        refuse_login: false,
    });
    let mut client = Client::connect(running.smtp.address).await;
    client.begin(&[]).await;
    assert_eq!(client.say("RCPT TO:<Gone@x.example>").await, 550);
    assert_eq!(client.say("RCPT TO:<later@x.example>").await, 451);
    assert_eq!(client.say("DATA").await, 503);
    assert_eq!(client.say("RCPT TO:<ok@x.example>").await, 250);
    assert_eq!(client.say("DATA").await, 354);
    assert_eq!(client.say("Subject: x\r\n\r\nx\r\n.").await, 0, "the connection was not dropped");
    assert!(sim.messages().is_empty());
    let mut client = Client::connect(running.smtp.address).await;
    assert_eq!(client.say("EHLO test").await, 250);
    assert_eq!(client.say("MAIL FROM:<a@x.example> SIZE=999999999").await, 552);
    assert_eq!(client.say("RCPT FOR nonsense").await, 503);
    assert_eq!(client.say("NONSENSE").await, 502);
}

/// Asks over plain HTTP/1.1; the simulators have no HTTP client of their own.
async fn http(address: SocketAddr, method: &str, path: &str, headers: &str, body: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n{headers}\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let status = answer[9..12].parse().unwrap();
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn all_simulators_start_together_and_show_what_they_hold_over_http() {
    let free = SocketAddr::from(([127, 0, 0, 1], 0));
    let settings = SimSettings {
        openai: free,
        anthropic: free,
        smtp: free,
        mail: free,
        twilio: free,
        whatsapp: free,
        reach: None,
    };
    let clock = Arc::new(FixedClock::new(Timestamp::from_millis(1_790_000_000_000)));
    let client = HttpClient::new(HttpSettings::default(), clock, Arc::new(SeededRandom::new(1))).unwrap();
    let sims = serve(&settings, &client).await.unwrap();
    assert_eq!(sims.addresses().len(), 6);
    let number = r#"{"number": "+19735550142", "sms_url": ""}"#;
    assert_eq!(http(sims.twilio.address, "POST", "/__sim/numbers", "", number).await.0, 201);
    let (_, taken) = http(sims.whatsapp.address, "GET", "/__sim/taken", "", "").await;
    assert_eq!(taken, serde_json::json!({ "messages": [] }));
    let web = sims.mail.web.address;
    let (status, _) = http(web, "POST", "/__sim/faults", "", r#"{"reject": ["no@x.example"]}"#).await;
    assert_eq!(status, 204);
    let mut client = Client::connect(sims.mail.smtp.address).await;
    client.begin(&["yes@x.example"]).await;
    assert_eq!(client.say("RCPT TO:<no@x.example>").await, 550);
    assert_eq!(client.say("DATA").await, 354);
    assert_eq!(client.say("Subject: Hi\r\n\r\nhello\r\n.").await, 250);
    let (_, mail) = http(web, "GET", "/__sim/mail", "", "").await;
    assert_eq!(mail[0]["subject"], "Hi");
    assert_eq!(http(web, "DELETE", "/__sim/mail", "", "").await.0, 204);
    assert_eq!(http(web, "GET", "/__sim/mail", "", "").await.1, json!([]));
}

#[tokio::test]
async fn answers_that_are_not_streamed_are_whole_documents() {
    let sim = ModelSim::default();
    let turn = || {
        Turn::from(vec![
            Step::pieces(["We ", "open."]),
            Step::call("search_knowledge", &json!({"query": "x"})),
        ])
    };
    sim.then(turn()).then(turn());
    let question = json!({"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "When?"}]})
        .to_string();
    let (openai, anthropic) =
        (openai::spawn(sim.clone()).await.unwrap(), anthropic::spawn(sim.clone()).await.unwrap());
    let (status, answer) = http(openai.address, "POST", "/v1/chat/completions", "", &question).await;
    assert_eq!(status, 200);
    assert_eq!(answer["choices"][0]["message"]["content"], "We open.");
    assert_eq!(answer["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"], r#"{"query":"x"}"#);
    let version = "anthropic-version: 2023-06-01\r\n";
    let (status, answer) = http(anthropic.address, "POST", "/v1/messages", version, &question).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["content"][1]["input"], json!({"query": "x"}));
    assert_eq!(answer["stop_reason"], "tool_use");
    assert_eq!(sim.requests().len(), 2);
}

#[tokio::test]
async fn requests_a_vendor_would_refuse_are_refused() {
    let sim = ModelSim::with_key("k");
    let (openai, anthropic) =
        (openai::spawn(sim.clone()).await.unwrap(), anthropic::spawn(sim.clone()).await.unwrap());
    let user = json!({"role": "user", "content": "a"});
    let lone_result = json!({"role": "tool", "tool_call_id": "c", "content": "x"});
    let open_call = json!({"role": "assistant", "content": null, "tool_calls": [
        {"id": "c", "type": "function", "function": {"name": "t", "arguments": "{}"}}]});
    for (messages, wanted) in [
        (json!([]), 400),
        (json!([user, lone_result]), 400),
        (json!([user, open_call, user]), 400),
        (json!([user, open_call, lone_result]), 200),
    ] {
        let body = json!({"model": "m", "messages": messages}).to_string();
        let key = "authorization: Bearer k\r\n";
        assert_eq!(
            http(openai.address, "POST", "/v1/chat/completions", key, &body).await.0,
            wanted,
            "{body}"
        );
        assert_eq!(http(openai.address, "POST", "/v1/chat/completions", "", &body).await.0, 401);
    }
    for (body, headers, wanted) in [
        (json!({"model": "m", "messages": [user]}), "x-api-key: k\r\nanthropic-version: 2023-06-01\r\n", 400),
        (json!({"model": "m", "max_tokens": 5, "messages": [user]}), "x-api-key: k\r\n", 400),
        (
            json!({"model": "m", "max_tokens": 5, "messages": [user, user]}),
            "x-api-key: k\r\nanthropic-version: 2023-06-01\r\n",
            400,
        ),
        (
            json!({"model": "m", "max_tokens": 5, "messages": [user]}),
            "x-api-key: no\r\nanthropic-version: 2023-06-01\r\n",
            401,
        ),
        (
            json!({"model": "m", "max_tokens": 5, "messages": [user]}),
            "x-api-key: k\r\nanthropic-version: 2023-06-01\r\n",
            200,
        ),
    ] {
        let (status, answer) =
            http(anthropic.address, "POST", "/v1/messages", headers, &body.to_string()).await;
        assert_eq!(status, wanted, "{body} {answer}");
    }
}
