//! A `frontdesk serve` process on a data folder and database of a test's choosing, and an owner who calls its API.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::{Instant, interval};

/// A cold start of the unoptimised binary on a busy machine.
const READY_WITHIN: Duration = Duration::from_mins(1);
/// Between two looks at something that another process does.
const LOOK: Duration = Duration::from_millis(25);

/// A server process; killed when dropped.
#[derive(Debug)]
pub struct Server {
    /// Where it answers, without a slash at the end.
    pub url: String,
    folder: PathBuf,
    database: Option<String>,
    options: Vec<(&'static str, String)>,
    process: Option<Child>,
}

impl Server {
    /// A server that is not running yet, on the embedded database of the folder unless another one is named.
    pub fn on(folder: &Path, database: Option<String>) -> Self {
        let probe = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", probe.local_addr().unwrap());
        Self { url, folder: folder.to_owned(), database, options: Vec::new(), process: None }
    }

    /// The same with an option of the environment.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.options.push((name, value.to_owned()));
        self
    }

    /// Starts the process and waits until it says that it is ready.
    pub async fn start(&mut self) {
        let log = File::options().create(true).append(true).open(self.log_file()).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
        // A developer's own settings stay out of tests.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("FRONTDESK_")) {
            command.env_remove(name);
        }
        command
            .args(["serve", "--listen", self.url.trim_start_matches("http://"), "--data-dir"])
            .arg(&self.folder)
            .env("FRONTDESK_RATE_LIMITS", "off")
            .env("FRONTDESK_ALLOW_PRIVATE_HOSTS", r#"["127.0.0.1"]"#)
            .envs(self.options.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        if let Some(database) = &self.database {
            command.args(["--database-url", database]);
        }
        self.process = Some(command.spawn().unwrap());
        let client = client();
        let deadline = Instant::now() + READY_WITHIN;
        let mut look = interval(LOOK);
        loop {
            look.tick().await;
            let ready = client.get(format!("{}/health/ready", self.url)).send().await;
            if ready.is_ok_and(|answer| answer.status() == StatusCode::OK) {
                return;
            }
            if let Some(status) = self.process.as_mut().unwrap().try_wait().unwrap() {
                panic!("the server ended by itself ({status}):\n{}", self.log());
            }
            assert!(Instant::now() < deadline, "the server did not get ready:\n{}", self.log());
        }
    }

    /// Ends the process as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            // SIGKILL on Unix.
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Everything the process wrote to its log.
    pub fn whole_log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// The end of it.
    pub fn log(&self) -> String {
        let log = self.whole_log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn log_file(&self) -> PathBuf {
        // Several servers may share a folder.
        self.folder.join(format!("{}.log", self.url.rsplit(':').next().unwrap_or_default()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// A client of the servers under test.
#[expect(clippy::disallowed_methods, reason = "a client of the server under test, not of the world")]
pub fn client() -> Client {
    // Built without a TLS provider of its own; a second call finds one installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().timeout(Duration::from_secs(30)).build().unwrap()
}

/// The owner of a business, as a program.
#[derive(Debug, Clone)]
pub struct Owner {
    client: Client,
    token: String,
    /// The business.
    pub workspace: String,
}

impl Owner {
    /// Signs up on a running server.
    pub async fn sign_up(server: &Server) -> Self {
        let client = client();
        let person = json!({ "email": "ada@example.com", "password": "correct horse battery", "name": "Ada",
            "business": "Harbour Dental" });
        let url = format!("{}/api/v1/auth/signup", server.url);
        let answer = client.post(url).json(&person).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED, "{}", answer.text().await.unwrap());
        let login = json!({ "email": "ada@example.com", "password": "correct horse battery", "token": true });
        let url = format!("{}/api/v1/auth/login", server.url);
        let signed_in: Value = client.post(url).json(&login).send().await.unwrap().json().await.unwrap();
        let token = signed_in["access_token"].as_str().expect("an access token").to_owned();
        let stranger = Self { client, token, workspace: String::new() };
        let workspace = stranger.get(server, "/workspace").await["id"].as_str().unwrap().to_owned();
        Self { workspace, ..stranger }
    }

    /// The same person with a key that does not expire.
    pub async fn with_key(self, server: &Server, scopes: &[&str]) -> Self {
        let made = self.post(server, "/keys", json!({ "name": "Storm", "scopes": scopes })).await;
        Self { token: made["secret"].as_str().unwrap().to_owned(), ..self }
    }

    /// What opens the API.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// GET.
    pub async fn get(&self, server: &Server, path: &str) -> Value {
        self.call(server, Method::GET, path, None).await
    }

    /// POST.
    pub async fn post(&self, server: &Server, path: &str, body: Value) -> Value {
        self.call(server, Method::POST, path, Some(body)).await
    }

    /// Calls the API; anything but success fails the test.
    pub async fn call(&self, server: &Server, method: Method, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}/api/v1{path}", server.url);
        let mut request = self.client.request(method, url).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}\n{}", server.log());
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// Adds questions with answers to the business's documents and waits until they can be found.
    pub async fn teach(&self, server: &Server, pairs: &[(&str, &str)]) {
        let pairs: Vec<Value> = pairs
            .iter()
            .map(|(question, answer)| json!({ "question": question, "answer": answer }))
            .collect();
        let body = json!({ "kind": "faq", "title": "Questions", "pairs": pairs });
        let source = self.post(server, "/knowledge/sources", body).await;
        let path = format!("/knowledge/sources/{}", source["id"].as_str().unwrap());
        let mut look = interval(LOOK);
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            look.tick().await;
            match self.get(server, &path).await["status"].as_str() {
                Some("ready") => return,
                Some("failed") => panic!("the documents could not be read:\n{}", server.log()),
                _ => assert!(Instant::now() < deadline, "the documents were not read:\n{}", server.log()),
            }
        }
    }

    /// The publishable key every new business has.
    pub async fn widget_key(&self, server: &Server) -> String {
        let keys = self.get(server, "/widget-keys").await;
        keys["items"][0]["key"].as_str().expect("a widget key").to_owned()
    }
}
