//! The front door in process, and browsers and programs that call it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use frontdesk_api::{ApiSettings, ApiState, LimitSettings};
use frontdesk_app::brains::Brains;
use frontdesk_app::knowledge::{Library, LibrarySettings};
use frontdesk_app::live::Live;
use frontdesk_app::password::{PasswordSettings, Passwords};
use frontdesk_app::secret::Vault;
use frontdesk_app::{App, AppSettings};
use frontdesk_channel::mail::redeem;
use frontdesk_channel::{ChannelError, Letter, Mail, MailError, Mailer, Post, SentMessage};
use frontdesk_domain::permit::Permit;
use frontdesk_domain::random::{Random, SeededRandom};
use frontdesk_domain::time::{Clock, FixedClock, Timestamp};
use frontdesk_http::{HttpClient, HttpSettings};
use frontdesk_knowledge::worker::ParseWorker;
use frontdesk_queue::{Runner, RunnerSettings};
use frontdesk_store::{Store, StoreSettings};
use frontdesk_testkit::{START, TestStore};
use serde_json::{Value, json};
use tower::ServiceExt;

const DATABASE: &str = "frontdesk.db";
pub const URL: &str = "https://desk.example";
pub const PASSWORD: &str = "correct horse battery";

/// Keeps mails instead of sending them.
#[derive(Debug, Default)]
pub struct Outbox(Mutex<Vec<Mail>>);

#[async_trait]
impl Post for Outbox {
    async fn post(
        &self,
        permit: Permit,
        letter: &Letter,
        now: Timestamp,
    ) -> Result<SentMessage, ChannelError> {
        redeem(permit, letter, now)?;
        self.0.lock().unwrap().push(letter.mail.clone());
        Ok(SentMessage { vendor_id: None })
    }
}

#[async_trait]
impl Mailer for Outbox {
    fn destination(&self) -> String {
        "the test".to_owned()
    }

    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        self.0.lock().unwrap().push(mail.clone());
        Ok(())
    }

    async fn check(&self) -> Result<(), MailError> {
        Ok(())
    }
}

pub struct Desk {
    pub app: Arc<App>,
    pub clock: Arc<FixedClock>,
    router: Router,
    outbox: Arc<Outbox>,
    folder: tempfile::TempDir,
}

impl Desk {
    pub async fn open() -> Self {
        Self::with(LimitSettings::OFF, true).await
    }

    pub async fn with(limits: LimitSettings, open_signup: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::connect(&StoreSettings::sqlite(&folder.path().join(DATABASE))).await.unwrap();
        store.migrate().await.unwrap();
        Self::build(store, Arc::new(FixedClock::new(START)), folder, limits, open_signup)
    }

    /// One of several nodes on the same PostgreSQL.
    pub async fn node(store: &TestStore, limits: LimitSettings) -> Self {
        let clock = Arc::clone(&store.clock);
        Self::build(store.another().await, clock, tempfile::tempdir().unwrap(), limits, true)
    }

    fn build(
        store: Store,
        clock: Arc<FixedClock>,
        folder: tempfile::TempDir,
        limits: LimitSettings,
        open_signup: bool,
    ) -> Self {
        // Nodes of one test must not make the same ids.
        static SEED: AtomicU64 = AtomicU64::new(7);
        let random: Arc<dyn Random> = Arc::new(SeededRandom::new(SEED.fetch_add(1, Ordering::Relaxed)));
        let time = Arc::clone(&clock) as Arc<dyn Clock>;
        let outbox = Arc::new(Outbox::default());
        let passwords = PasswordSettings { memory_kib: 64, passes: 1, concurrency: 4 };
        let http = HttpClient::new(HttpSettings::default(), Arc::clone(&time), Arc::clone(&random)).unwrap();
        let vault = Vault::open(&folder.path().join("keys"), random.as_ref()).unwrap();
        let parser = ParseWorker::InProcess;
        let library = Library::new(LibrarySettings::new(parser, http.clone(), vault.clone()));
        let app = Arc::new(App {
            store,
            clock: time,
            random: Arc::clone(&random),
            settings: AppSettings {
                public_url: URL.to_owned(),
                data_dir: folder.path().to_owned(),
                open_signup,
                calendars: BTreeMap::default(),
            },
            vault,
            passwords: Passwords::new(passwords, random.as_ref()).unwrap(),
            mailer: Arc::clone(&outbox) as Arc<dyn Mailer>,
            http,
            live: Live::default(),
            callees: frontdesk_app::webhook::Callees::default(),
            intake: frontdesk_app::conversation::intake::Intake::default(),
            rulebooks: frontdesk_app::compliance::Rulebooks::default(),
            carriers: frontdesk_app::Carriers::default(),
            brains: Brains::new().unwrap(),
            library,
        });
        let settings = ApiSettings { limits, trusted_proxies: 1, ..ApiSettings::for_url(URL) };
        let router = frontdesk_api::router(ApiState::new(Arc::clone(&app), settings));
        Self { app, clock, router, outbox, folder }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 10 * 1024 * 1024).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// Everything the database's files hold.
    pub fn database_bytes(&self) -> Vec<u8> {
        let path = self.folder.path().join(DATABASE);
        ["", "-wal"]
            .iter()
            .filter_map(|suffix| std::fs::read(format!("{}{suffix}", path.display())).ok())
            .flatten()
            .collect()
    }

    /// A browser without cookies.
    pub fn browser(&self) -> Browser<'_> {
        Browser {
            desk: self,
            cookies: Mutex::default(),
            ip: "192.0.2.1".to_owned(),
            workspace: None,
            bearer: None,
        }
    }

    /// A browser signed up as a new person, with a workspace of their own.
    pub async fn signed_up(&self, name: &str) -> Browser<'_> {
        let browser = self.browser();
        let body = json!({ "email": email(name), "password": PASSWORD, "name": name, "business": format!("{name} Ltd") });
        let answer = browser.post("/auth/signup", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        browser
    }

    /// A browser of a new person who joined the owner's team in this role.
    pub async fn joined<'a>(&'a self, owner: &Browser<'a>, name: &str, role: &str) -> Browser<'a> {
        let answer = owner.post("/team/invitations", json!({ "email": email(name), "role": role })).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let token = self.mailed_token().await;
        let browser = self.browser();
        let body = json!({ "name": name, "password": PASSWORD });
        let answer = browser.post(&format!("/invitations/{token}/accept"), body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        browser
    }

    /// Delivers what is due and takes the mails.
    pub async fn mails(&self) -> Vec<Mail> {
        let registry = frontdesk_app::jobs::registry(&self.app).unwrap();
        let runner = Runner::new(
            self.app.store.clone(),
            Arc::clone(&self.app.clock),
            Arc::clone(&self.app.random),
            registry,
            RunnerSettings::default(),
        );
        runner.run_due().await.unwrap();
        std::mem::take(&mut *self.outbox.0.lock().unwrap())
    }

    /// The token in the link of the one mail that is due.
    pub async fn mailed_token(&self) -> String {
        let mails = self.mails().await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        let link = mails[0].text.lines().find(|line| line.starts_with(URL)).unwrap().to_owned();
        link.rsplit('/').next().unwrap().to_owned()
    }
}

pub fn email(name: &str) -> String {
    format!("{}@example.com", name.to_lowercase())
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// `status /field /field` of a problem.
    pub fn refusal(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        let fields = body["errors"].as_array().cloned().unwrap_or_default();
        let fields = fields.iter().map(|error| format!(" {}", error["field"].as_str().unwrap()));
        format!("{}{}", self.status.as_u16(), fields.collect::<String>())
    }
}

/// Calls the API as a browser (cookies) or, with a bearer token, as a program.
pub struct Browser<'a> {
    pub desk: &'a Desk,
    pub cookies: Mutex<BTreeMap<String, String>>,
    pub ip: String,
    pub workspace: Option<String>,
    pub bearer: Option<String>,
}

impl Browser<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    pub async fn post_empty(&self, path: &str) -> Answer {
        self.call(Method::POST, path, None).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None).await
    }

    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.request(method, path, body);
        self.take(self.desk.send(request).await)
    }

    /// The request this browser would send, to be bent by a test.
    pub fn request(&self, method: Method, path: &str, body: Option<Value>) -> Request<Body> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("host", "desk.example")
            .header("x-forwarded-for", &self.ip);
        if let Some(token) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        } else {
            request = request
                .header("x-frontdesk-request", "1")
                .header("origin", URL)
                .header("sec-fetch-site", "same-origin");
            let jar = self.cookies.lock().unwrap();
            if !jar.is_empty() {
                let cookies: Vec<String> =
                    jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
                request = request.header(header::COOKIE, cookies.join("; "));
            }
        }
        if let Some(workspace) = &self.workspace {
            request = request.header("x-workspace", workspace);
        }
        match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string()))
                .unwrap(),
            None => request.body(Body::empty()).unwrap(),
        }
    }

    /// Keeps the cookies of an answer.
    pub fn take(&self, answer: Answer) -> Answer {
        let mut jar = self.cookies.lock().unwrap();
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        drop(jar);
        answer
    }

    pub fn cookie(&self, name: &str) -> String {
        self.cookies.lock().unwrap().get(name).cloned().unwrap_or_default()
    }

    /// The id of the workspace this browser works in.
    pub async fn workspace_id(&self) -> String {
        self.get("/workspace").await.json()["id"].as_str().unwrap().to_owned()
    }

    /// The id of a member of this browser's workspace.
    pub async fn member_id(&self, name: &str) -> String {
        let team = self.get("/team/members").await.json();
        let members = team["items"].as_array().unwrap();
        let member = members.iter().find(|member| member["email"] == email(name)).unwrap();
        member["id"].as_str().unwrap().to_owned()
    }
}
