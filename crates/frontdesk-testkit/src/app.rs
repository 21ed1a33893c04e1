//! The whole application in process: real SQLite, a clock that stands still, mail kept instead of sent.
//!
//! [`TestApp`] calls use cases through [`TestApp::app`] and routes through a [`Browser`]; [`TestApp::run_jobs`] does what
//! workers would. When `App` gets a part, [`TestApp::build`] is the one place to give it one.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use frontdesk_api::{ApiSettings, ApiState, LimitSettings};
use frontdesk_app::brains::Brains;
use frontdesk_app::calendar::Registrations;
use frontdesk_app::knowledge::{Library, LibrarySettings};
use frontdesk_app::live::Live;
use frontdesk_app::password::{PasswordSettings, Passwords};
use frontdesk_app::secret::Vault;
use frontdesk_app::{App, AppSettings, jobs, subscribers};
use frontdesk_channel::mail::redeem;
use frontdesk_channel::{ChannelError, Letter, Mail, MailError, Mailer, Post, SentMessage};
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::{Channel, Conversation, ConversationState, Floor};
use frontdesk_domain::id::{ConversationId, WorkspaceId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::permit::Permit;
use frontdesk_domain::random::{Random, SeededRandom};
use frontdesk_domain::time::{Clock, FixedClock, Timestamp};
use frontdesk_http::{HttpClient, HttpSettings};
use frontdesk_knowledge::worker::ParseWorker;
use frontdesk_queue::{Runner, RunnerSettings};
use frontdesk_store::Store;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::TestStore;

/// The address the application believes it is reached under.
pub const URL: &str = "https://desk.example";
/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

/// Keeps mails instead of sending them.
#[derive(Debug, Default)]
struct Outbox(Mutex<Vec<Mail>>, Mutex<Vec<Letter>>);

#[async_trait]
impl Post for Outbox {
    async fn post(
        &self,
        permit: Permit,
        letter: &Letter,
        now: Timestamp,
    ) -> Result<SentMessage, ChannelError> {
        redeem(permit, letter, now)?;
        self.1.lock().unwrap().push(letter.clone());
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

/// What is outside and who may be reached.
#[derive(Debug, Default)]
struct Outside {
    calendars: Registrations,
    private_hosts: Vec<String>,
    /// Where it listens, when vendors call it.
    url: Option<String>,
}

/// A server that ends with the test.
#[derive(Debug)]
struct Listening(tokio::task::JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The application in process.
#[derive(Debug)]
pub struct TestApp {
    /// The use cases.
    pub app: Arc<App>,
    /// Stands at [`crate::START`] until moved.
    pub clock: Arc<FixedClock>,
    router: Router,
    outbox: Arc<Outbox>,
    listening: Option<Listening>,
    // Last, so that they outlive everything on them.
    _folder: tempfile::TempDir,
    _store: Option<TestStore>,
}

impl TestApp {
    /// On SQLite, without rate limits, open to strangers.
    pub async fn open() -> Self {
        let t = TestStore::sqlite().await;
        let (store, clock) = (t.store.clone(), Arc::clone(&t.clock));
        Self::build(store, clock, Some(t), Outside::default())
    }

    /// On SQLite, with calendar vendors where simulators or local servers stand in.
    pub async fn with_calendars(calendars: Registrations) -> Self {
        let t = TestStore::sqlite().await;
        let (store, clock) = (t.store.clone(), Arc::clone(&t.clock));
        let private_hosts = vec!["127.0.0.1".to_owned()];
        Self::build(store, clock, Some(t), Outside { calendars, private_hosts, ..Outside::default() })
    }

    /// On this database, with servers on this machine in reach.
    pub fn on(t: TestStore) -> Self {
        let (store, clock) = (t.store.clone(), Arc::clone(&t.clock));
        let outside = Outside { private_hosts: vec!["127.0.0.1".to_owned()], ..Outside::default() };
        Self::build(store, clock, Some(t), outside)
    }

    /// On this database, listening on this machine, so that simulated vendors can call it.
    pub async fn listening(t: TestStore) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("a port"));
        let (store, clock) = (t.store.clone(), Arc::clone(&t.clock));
        let private_hosts = vec!["127.0.0.1".to_owned()];
        let outside = Outside { private_hosts, url: Some(url), ..Outside::default() };
        let mut app = Self::build(store, clock, Some(t), outside);
        let service = app.router.clone().into_make_service_with_connect_info::<std::net::SocketAddr>();
        app.listening = Some(Listening(tokio::spawn(async move {
            axum::serve(listener, service).await.expect("a server that goes on");
        })));
        app
    }

    /// What time it is, as RFC 3339.
    pub fn clock_text(&self) -> String {
        self.app.clock.now().to_string()
    }

    /// One of several nodes on one database, each with a store of its own.
    pub async fn node(store: &TestStore) -> Self {
        Self::build(store.another().await, Arc::clone(&store.clock), None, Outside::default())
    }

    fn build(store: Store, clock: Arc<FixedClock>, own: Option<TestStore>, outside: Outside) -> Self {
        // Nodes of one test must not make the same ids.
        static SEED: AtomicU64 = AtomicU64::new(7);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let random: Arc<dyn Random> = Arc::new(SeededRandom::new(SEED.fetch_add(1, Ordering::Relaxed)));
        let time = Arc::clone(&clock) as Arc<dyn Clock>;
        let outbox = Arc::new(Outbox::default());
        // Strong hashes are tested where hashes are tested.
        let passwords = PasswordSettings { memory_kib: 64, passes: 1, concurrency: 4 };
        let mut settings =
            HttpSettings { allow_private_hosts: outside.private_hosts, ..HttpSettings::default() };
        settings.retry.first_wait = std::time::Duration::from_millis(1);
        let http = HttpClient::new(settings, Arc::clone(&time), Arc::clone(&random)).unwrap();
        let vault = Vault::open(&folder.path().join("keys"), random.as_ref()).unwrap();
        let library = Library::new(LibrarySettings::new(ParseWorker::InProcess, http.clone(), vault.clone()));
        let app = Arc::new(App {
            store,
            clock: time,
            random: Arc::clone(&random),
            settings: AppSettings {
                public_url: outside.url.clone().unwrap_or_else(|| URL.to_owned()),
                data_dir: folder.path().to_owned(),
                open_signup: true,
                calendars: outside.calendars,
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
        let settings =
            ApiSettings { limits: LimitSettings::OFF, trusted_proxies: 1, ..ApiSettings::for_url(URL) };
        let listening = None;
        let router = frontdesk_api::router(ApiState::new(Arc::clone(&app), settings));
        Self { app, clock, router, outbox, listening, _folder: folder, _store: own }
    }

    /// Handles every event and runs every job that is due, until nothing is left to do; says how many jobs ran.
    pub async fn run_jobs(&self) -> usize {
        let registry = jobs::registry(&self.app).expect("schedules that can be read");
        let runner = Runner::new(
            self.app.store.clone(),
            Arc::clone(&self.app.clock),
            Arc::clone(&self.app.random),
            registry,
            RunnerSettings::default(),
        );
        let mut count = 0;
        loop {
            subscribers::catch_up(&self.app).await.expect("handling events");
            match runner.run_due().await.expect("running jobs") {
                0 => return count,
                some => count += some,
            }
        }
    }

    /// Runs what is due and takes the mails it sent.
    pub async fn mails(&self) -> Vec<Mail> {
        self.run_jobs().await;
        std::mem::take(&mut *self.outbox.0.lock().unwrap())
    }

    /// Runs what is due and takes the letters to customers it sent.
    pub async fn letters(&self) -> Vec<Letter> {
        self.run_jobs().await;
        std::mem::take(&mut *self.outbox.1.lock().unwrap())
    }

    /// The token in the link of the one mail that is due.
    pub async fn mailed_token(&self) -> String {
        let mails = self.mails().await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        let link = mails[0].text.lines().find(|line| line.starts_with(URL)).expect("a link").to_owned();
        link.rsplit('/').next().unwrap_or_default().to_owned()
    }

    /// A browser without cookies.
    pub fn browser(&self) -> Browser<'_> {
        Browser { app: self, cookies: Mutex::default(), workspace: None, bearer: None }
    }

    /// A browser of a new person, who owns a workspace named `NAME Ltd` and is `name@example.com`.
    pub async fn signed_up(&self, name: &str) -> Browser<'_> {
        let browser = self.browser();
        let body = json!({ "email": email(name), "password": PASSWORD, "name": name, "business": format!("{name} Ltd") });
        browser.post("/auth/signup", body).await.expect_status(StatusCode::CREATED);
        browser
    }

    /// A browser of a new person who joined the owner's team in this role.
    pub async fn joined<'a>(&'a self, owner: &Browser<'a>, name: &str, role: &str) -> Browser<'a> {
        let body = json!({ "email": email(name), "role": role });
        owner.post("/team/invitations", body).await.expect_status(StatusCode::CREATED);
        let token = self.mailed_token().await;
        let browser = self.browser();
        let body = json!({ "name": name, "password": PASSWORD });
        browser.post(&format!("/invitations/{token}/accept"), body).await.expect_status(StatusCode::OK);
        browser
    }

    /// A program with an API key of these scopes.
    pub async fn program<'a>(&'a self, owner: &Browser<'a>, scopes: &[&str]) -> Browser<'a> {
        let made = owner.post("/keys", json!({ "name": "program", "scopes": scopes })).await;
        let secret = made.json()["secret"].as_str().expect("a secret").to_owned();
        Browser { bearer: Some(secret), ..self.browser() }
    }

    /// A context with every permission in a workspace.
    pub fn system(&self, workspace: WorkspaceId) -> Context {
        self.app.system(workspace, "test")
    }

    /// A conversation that a visitor of the web chat just began.
    pub async fn conversation(&self, workspace: WorkspaceId) -> Conversation {
        let ctx = self.system(workspace);
        let tx = self.app.store.begin(&ctx).await.unwrap();
        let begun = Conversation {
            id: ConversationId::new(tx.now(), tx.random()),
            channel: Channel::Web,
            contact_id: None,
            contact_name: "Visitor 1".to_owned(),
            agent_id: None,
            state: ConversationState::Open,
            floor: Floor::Ai,
            epoch: 0,
            handoff_reason: None,
            waiting_since: None,
            assignee: None,
            language: Language::En,
            page_url: None,
            preview: String::new(),
            unread: 0,
            rating: None,
            rating_comment: None,
            summary: None,
            cost_micros: 0,
            created_at: tx.now(),
            last_message_at: tx.now(),
            closed_at: None,
        };
        frontdesk_store::conversation::insert(&tx, ctx.scope(), &begun).await.unwrap();
        tx.emit(frontdesk_domain::event::Event::ConversationStarted { conversation_id: begun.id });
        tx.commit().await.unwrap();
        begun
    }

    /// Answers one request, whatever it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 10 * 1024 * 1024).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).expect("an answer in UTF-8");
        Answer { status: parts.status, headers: parts.headers, text }
    }
}

/// `name@example.com`.
pub fn email(name: &str) -> String {
    format!("{}@example.com", name.to_lowercase())
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// A header; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Fails the test, showing the body, unless the status is this one.
    #[track_caller]
    pub fn expect_status(self, status: StatusCode) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// A refusal as `STATUS /field /field`; fails unless it is a problem document.
    #[track_caller]
    pub fn refusal(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{} {}", self.status, self.text);
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        let fields = body["errors"].as_array().cloned().unwrap_or_default();
        let fields = fields.iter().map(|error| format!(" {}", error["field"].as_str().unwrap()));
        format!("{}{}", self.status.as_u16(), fields.collect::<String>())
    }
}

/// Calls the API as a browser (cookies) or, with a bearer token, as a program.
#[derive(Debug)]
pub struct Browser<'a> {
    /// Whom it calls.
    pub app: &'a TestApp,
    /// Its cookies.
    pub cookies: Mutex<BTreeMap<String, String>>,
    /// The workspace it names; the caller's only one when absent.
    pub workspace: Option<String>,
    /// An API key or access token.
    pub bearer: Option<String>,
}

impl Browser<'_> {
    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    /// POST.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    /// PUT.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PUT, path, Some(body)).await
    }

    /// PATCH.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PATCH, path, Some(body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None).await
    }

    /// Sends a request to a path under `/api/v1` and keeps the cookies of the answer.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.call_with(method, path, body, &[]).await
    }

    /// The same with more headers.
    pub async fn call_with(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("host", "desk.example")
            .header("x-forwarded-for", "192.0.2.1");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
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
        let request = match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string()))
                .unwrap(),
            None => request.body(Body::empty()).unwrap(),
        };
        let answer = self.app.send(request).await;
        let mut jar = self.cookies.lock().unwrap();
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let pair = text.split(';').next().and_then(|pair| pair.split_once('='));
            let (name, value) = pair.expect("a cookie");
            if value.is_empty() {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        drop(jar);
        answer
    }

    /// Signs in again, for tests that outlive the access token's quarter of an hour.
    pub async fn sign_in(&self, name: &str) {
        let body = json!({ "email": email(name), "password": PASSWORD });
        self.post("/auth/login", body).await.expect_status(StatusCode::OK);
    }

    /// The workspace this browser works in.
    pub async fn workspace_id(&self) -> WorkspaceId {
        let workspace = self.get("/workspace").await.expect_status(StatusCode::OK).json();
        workspace["id"].as_str().unwrap().parse().unwrap()
    }
}
