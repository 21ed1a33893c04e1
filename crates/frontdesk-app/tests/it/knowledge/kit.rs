//! An application on a test's store, with jobs run when the test says so, and embedders a test can stop.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use frontdesk_app::knowledge::{self, Library, LibrarySettings, NewSource, Question, QuestionAnswer};
use frontdesk_app::{App, jobs};
use frontdesk_domain::context::Context;
use frontdesk_domain::id::SourceId;
use frontdesk_domain::knowledge::{FaqPair, Source};
use frontdesk_http::{HttpClient, HttpSettings, RetrySettings};
use frontdesk_knowledge::worker::ParseWorker;
use frontdesk_llm::embed::{EmbedError, EmbedPurpose, Embedder};
use frontdesk_queue::{Runner, RunnerSettings};
use frontdesk_testkit::{TestApp, TestStore};
use tokio::sync::{Notify, Semaphore};

pub struct Kit {
    pub t: TestStore,
    pub app: Arc<App>,
    _node: TestApp,
}

/// What differs between the applications of tests.
#[derive(Default)]
pub struct Setup {
    pub embedder: Option<Arc<dyn Embedder>>,
    pub private_hosts: Vec<String>,
    pub max_chunks: Option<u64>,
    pub max_chunks_in_memory: Option<usize>,
}

impl Kit {
    pub async fn new(t: TestStore) -> Self {
        Self::with(t, Setup::default()).await
    }

    pub async fn with(t: TestStore, setup: Setup) -> Self {
        let node = TestApp::node(&t).await;
        let usual = App::clone(&node.app);
        let http = HttpSettings {
            allow_private_hosts: setup.private_hosts,
            retry: RetrySettings { retries: 0, ..RetrySettings::default() },
            ..HttpSettings::default()
        };
        let http = HttpClient::new(http, Arc::clone(&usual.clock), Arc::clone(&usual.random)).unwrap();
        let shipped = LibrarySettings::new(ParseWorker::InProcess, http.clone(), usual.vault.clone());
        let library = Library::new(LibrarySettings {
            crawl_pause: Duration::ZERO,
            max_chunks: setup.max_chunks.unwrap_or(shipped.max_chunks),
            max_chunks_in_memory: setup.max_chunks_in_memory.unwrap_or(shipped.max_chunks_in_memory),
            ..shipped.with_embedder(setup.embedder)
        });
        Self { t, app: Arc::new(App { http, library, ..usual }), _node: node }
    }

    pub fn ctx(&self) -> Context {
        self.t.context()
    }

    pub fn runner(&self) -> Runner {
        let (clock, random) = (Arc::clone(&self.app.clock), Arc::clone(&self.app.random));
        let registry = jobs::registry(&self.app).unwrap();
        Runner::new(self.app.store.clone(), clock, random, registry, RunnerSettings::default())
    }

    /// Runs jobs until none is due.
    pub async fn work(&self) {
        self.runner().run_due().await.unwrap();
    }

    /// Runs jobs, those that wait for another try included, until none is left.
    pub async fn work_all(&self) {
        for _ in 0..20 {
            self.work().await;
            self.t.clock.advance(Duration::from_hours(1));
        }
    }

    pub async fn add(&self, source: NewSource) -> SourceId {
        knowledge::create(&self.app, &self.ctx(), source).await.unwrap().id
    }

    pub async fn add_text(&self, title: &str, text: &str) -> SourceId {
        self.add(NewSource::Text { title: title.to_owned(), text: text.to_owned() }).await
    }

    pub async fn add_faq(&self, pairs: &[(&str, &str)]) -> SourceId {
        let pair = |(question, answer): &(&str, &str)| FaqPair {
            question: (*question).to_owned(),
            answer: (*answer).to_owned(),
        };
        self.add(NewSource::Faq { title: "Questions".to_owned(), pairs: pairs.iter().map(pair).collect() })
            .await
    }

    pub async fn source(&self, id: SourceId) -> Source {
        knowledge::get(&self.app, &self.ctx(), id).await.unwrap()
    }

    pub async fn ask(&self, question: &str) -> QuestionAnswer {
        let question = Question { question: question.to_owned(), limit: None, sources: None };
        knowledge::query(&self.app, &self.ctx(), question).await.unwrap()
    }

    /// The passages' texts, joined.
    pub async fn found(&self, question: &str) -> String {
        self.ask(question)
            .await
            .passages
            .into_iter()
            .map(|passage| passage.text)
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// Embeds by hashing words. Its first calls for passages wait until let through.
pub struct Gate {
    pub name: &'static str,
    pub reached: Notify,
    pub open: Semaphore,
}

impl Gate {
    pub fn new(name: &'static str, open: usize) -> Arc<Self> {
        Arc::new(Self { name, reached: Notify::new(), open: Semaphore::new(open) })
    }
}

#[async_trait]
impl Embedder for Gate {
    fn name(&self) -> &str {
        self.name
    }

    fn dimensions(&self) -> usize {
        16
    }

    async fn embed(&self, texts: &[String], purpose: EmbedPurpose) -> Result<Vec<Vec<f32>>, EmbedError> {
        if purpose == EmbedPurpose::Passage {
            self.reached.notify_one();
            self.open.acquire().await.unwrap().forget();
        }
        Ok(texts.iter().map(|text| hashed(text)).collect())
    }
}

fn hashed(text: &str) -> Vec<f32> {
    let mut vector = [0.01_f32; 16];
    for word in text.split_whitespace() {
        let place =
            word.bytes().fold(7_usize, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())) % 16;
        vector[place] += 1.0;
    }
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    vector.iter().map(|value| value / length).collect()
}

/// A model whose server is down.
pub struct Broken;

#[async_trait]
impl Embedder for Broken {
    fn name(&self) -> &'static str {
        "broken"
    }

    fn dimensions(&self) -> usize {
        16
    }

    async fn embed(&self, _: &[String], _: EmbedPurpose) -> Result<Vec<Vec<f32>>, EmbedError> {
        Err(EmbedError::Unavailable("connection refused".to_owned()))
    }
}
