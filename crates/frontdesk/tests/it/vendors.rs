//! `frontdesk sim` in a process of its own: customers who write, and what reached them, whatever the product says.

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use frontdesk_sim::twilio::TwilioAccount;
use frontdesk_sim::whatsapp::WhatsappAccount;
use reqwest::{Client, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, interval};

use crate::server::{Owner, Server, client};

/// The business's number for text messages.
const NUMBER: &str = "+19735550142";
const READY_WITHIN: Duration = Duration::from_secs(30);

/// Simulated vendors; killed when dropped.
#[derive(Debug)]
pub struct Vendors {
    twilio: String,
    whatsapp: String,
    client: Client,
    process: Child,
}

/// A message of the business that a vendor took.
#[derive(Debug, Clone, Deserialize)]
pub struct Taken {
    pub phone: String,
    pub text: String,
    pub status: String,
    /// What the product said it is: its own id, alone or in an address.
    pub about: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Record {
    messages: Vec<Taken>,
}

impl Vendors {
    /// Starts the process and waits until it answers.
    pub async fn start(folder: &Path, clock: &str) -> Self {
        let ports: Vec<TcpListener> = (0..6).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let at: Vec<String> = ports.iter().map(|port| port.local_addr().unwrap().to_string()).collect();
        drop(ports);
        let log = File::create(folder.join("vendors.log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
        command.args(["sim", "--clock", clock]);
        for (name, at) in
            ["--twilio", "--whatsapp", "--openai", "--anthropic", "--smtp", "--mail"].iter().zip(&at)
        {
            command.args([name, at.as_str()]);
        }
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let started = Self {
            twilio: format!("http://{}", at[0]),
            whatsapp: format!("http://{}", at[1]),
            client: client(),
            process: command.spawn().unwrap(),
        };
        let deadline = Instant::now() + READY_WITHIN;
        let mut look = interval(Duration::from_millis(25));
        loop {
            look.tick().await;
            let url = format!("{}/__sim/numbers", started.whatsapp);
            if started.client.get(url).send().await.is_ok_and(|it| it.status() == StatusCode::OK) {
                return started;
            }
            assert!(Instant::now() < deadline, "the simulators did not start");
        }
    }

    /// Connects a business to them, as its owner would.
    pub async fn connect(&self, owner: &Owner, server: &Server) {
        let account = TwilioAccount::default();
        let settings = json!({ "account_sid": account.sid, "numbers": [NUMBER], "base_url": self.twilio,
            "lookup_url": self.twilio });
        let made =
            json!({ "vendor": "twilio", "name": "Line", "settings": settings, "secret": account.token });
        let id = owner.post(server, "/connections", made).await["id"].as_str().unwrap().to_owned();
        let hook = format!("{}/webhooks/twilio/{id}", server.url);
        self.post(&self.twilio, "numbers", json!({ "number": NUMBER, "name": "Harbour", "sms_url": hook }))
            .await;
        let account = WhatsappAccount::default();
        let settings = json!({ "phone_number_id": account.phone_number_id, "verify_token": "as agreed",
            "business_account_id": account.business_account_id, "base_url": self.whatsapp });
        let made = json!({ "vendor": "whatsapp", "name": "Chat", "settings": settings, "secret": account.token,
            "hook_secret": account.app_secret });
        let id = owner.post(server, "/connections", made).await["id"].as_str().unwrap().to_owned();
        let hook = format!("{}/webhooks/whatsapp/{id}", server.url);
        self.post(&self.whatsapp, "webhook", json!({ "url": hook })).await;
    }

    /// How they behave from now on; both bring what customers write until it is taken.
    pub async fn behave(&self, conduct: Value) {
        for (vendor, retries) in [(&self.twilio, 255), (&self.whatsapp, 1_000)] {
            let mut conduct = conduct.clone();
            conduct["retries"] = json!(retries);
            conduct["retry_ms"] = json!(250);
            self.post(vendor, "faults", json!({ "conduct": conduct })).await;
        }
    }

    /// Messages to these numbers are refused, or taken and never delivered.
    pub async fn cannot_reach(&self, refused: Value, undelivered: Value) {
        self.post(&self.twilio, "faults", json!({ "refuse": refused, "undeliver": undelivered })).await;
    }

    /// A customer texts.
    pub async fn text(&self, phone: &str, words: &str) {
        let said = json!({ "to": NUMBER, "body": words });
        self.post(&self.twilio, &format!("phones/{phone}/messages"), said).await;
    }

    /// A customer writes over WhatsApp.
    pub async fn chat(&self, phone: &str, words: &str) {
        self.post(&self.whatsapp, &format!("phones/{phone}/messages"), json!({ "body": words })).await;
    }

    /// Everything they took from the business.
    pub async fn taken(&self) -> Vec<Taken> {
        let mut all = Vec::new();
        for vendor in [&self.twilio, &self.whatsapp] {
            let answer = self.client.get(format!("{vendor}/__sim/taken")).send().await.unwrap();
            all.extend(answer.json::<Record>().await.unwrap().messages);
        }
        all
    }

    async fn post(&self, vendor: &str, path: &str, body: Value) {
        let answer = self.client.post(format!("{vendor}/__sim/{path}")).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
    }
}

impl Drop for Vendors {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
