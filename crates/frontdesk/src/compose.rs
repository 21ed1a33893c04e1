//! Builds everything from the configuration.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use frontdesk_api::state::{ApiSettings, ApiState};
use frontdesk_app::brains::Brains;
use frontdesk_app::compliance::Rulebooks;
use frontdesk_app::conversation::intake::Intake;
use frontdesk_app::knowledge::{Library, LibrarySettings};
use frontdesk_app::live::Live;
use frontdesk_app::password::{PasswordSettings, Passwords};
use frontdesk_app::secret::Vault;
use frontdesk_app::webhook::Callees;
use frontdesk_app::{App, AppSettings, Carriers, jobs, knowledge, subscribers};
use frontdesk_channel::{FileMailer, Mailer, SmtpMailer};
use frontdesk_domain::random::{Random, SecureRandom};
use frontdesk_domain::time::Clock;
use frontdesk_http::{HttpClient, HttpSettings};
use frontdesk_knowledge::worker::{ParseWorker, WorkerProcess};
use frontdesk_llm::embed::Embedder;
use frontdesk_llm::local::LocalEmbedder;
use frontdesk_queue::{Runner, RunnerSettings};
use frontdesk_store::{Store, StoreSettings};
use secrecy::SecretString;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::config::Config;

/// Opens the database named in the configuration; does not migrate.
pub async fn store(config: &Config) -> anyhow::Result<Store> {
    if config.database_url.is_none() {
        std::fs::create_dir_all(&config.data_dir)
            .with_context(|| format!("the data directory {} cannot be made", config.data_dir.display()))?;
    }
    let settings = StoreSettings { url: config.database(), connections: config.database_connections };
    Store::connect(&settings)
        .await
        .with_context(|| format!("the database {} cannot be opened", shown(config)))
}

/// The database's address without a password.
pub fn shown(config: &Config) -> String {
    let url = config.database();
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => url,
    }
}

/// Builds the use cases on an open database.
pub fn app(config: &Config, store: Store) -> anyhow::Result<Arc<App>> {
    let clock: Arc<dyn Clock> = Arc::new(config.clock);
    let random: Arc<dyn Random> = Arc::new(SecureRandom);
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("the data directory {} cannot be made", config.data_dir.display()))?;
    let vault = match &config.key_ring {
        Some(text) => Vault::from_text(text).context("`key_ring` cannot be used")?,
        None => Vault::open(&config.file("keys"), random.as_ref()).context("the key ring cannot be used")?,
    };
    let http = HttpClient::new(
        HttpSettings { allow_private_hosts: config.allow_private_hosts.clone(), ..HttpSettings::default() },
        Arc::clone(&clock),
        Arc::clone(&random),
    )?;
    let library = Library::new(
        LibrarySettings::new(parser()?, http.clone(), vault.clone()).with_embedder(embedder(config)?),
    );
    let app = App {
        store,
        passwords: Passwords::new(PasswordSettings::default(), random.as_ref())?,
        clock,
        random,
        settings: AppSettings {
            public_url: config.address(),
            data_dir: config.data_dir.clone(),
            open_signup: config.open_signup,
            calendars: config.calendars(),
        },
        vault,
        mailer: mailer(config)?,
        http,
        live: Live::default(),
        callees: Callees::default(),
        intake: Intake::default(),
        rulebooks: Rulebooks::default(),
        carriers: Carriers::default(),
        brains: Brains::new()?,
        library,
    };
    Ok(Arc::new(app))
}

fn parser() -> anyhow::Result<ParseWorker> {
    let program = std::env::current_exe().context("this program cannot find itself to parse documents")?;
    Ok(ParseWorker::Process(WorkerProcess::new(program, vec!["parse-worker".to_owned()])))
}

fn embedder(config: &Config) -> anyhow::Result<Option<Arc<dyn Embedder>>> {
    let Some(dir) = &config.embeddings_dir else { return Ok(None) };
    let model = LocalEmbedder::load(dir)
        .with_context(|| format!("the embedding model in {} cannot be used", dir.display()))?;
    Ok(Some(Arc::new(model)))
}

fn mailer(config: &Config) -> anyhow::Result<Arc<dyn Mailer>> {
    match &config.smtp {
        Some(smtp) => {
            let password = smtp.password.clone().map(SecretString::from);
            Ok(Arc::new(SmtpMailer::new(&smtp.settings, password.as_ref()).context("`smtp` cannot be used")?))
        }
        None => Ok(Arc::new(FileMailer::new(config.file("outbox"), "Frontdesk <frontdesk@localhost>")?)),
    }
}

/// What handlers share.
pub fn api_state(
    config: &Config,
    app: &Arc<App>,
    metrics: frontdesk_api::metrics::Metrics,
    demo: bool,
) -> ApiState {
    let settings = ApiSettings {
        limits: config.limits(),
        trusted_proxies: config.trusted_proxies,
        demo,
        ..ApiSettings::for_url(&config.address())
    };
    ApiState::new(Arc::clone(app), settings).with_metrics(metrics)
}

/// Work that goes on in the background until told to stop.
#[derive(Debug)]
pub struct Background {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Background {
    /// Starts what every node needs, and jobs and subscribers where the configuration says so.
    pub fn start(config: &Config, app: &Arc<App>) -> anyhow::Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let (live, store) = (app.live.clone(), app.store.clone());
        let mut until = stopped.clone();
        tasks.spawn(async move {
            tokio::select! {
                () = live.run(store) => {}
                _ = until.changed() => {}
            }
        });
        if config.worker {
            let runner = Arc::new(Runner::new(
                app.store.clone(),
                Arc::clone(&app.clock),
                Arc::clone(&app.random),
                jobs::registry(app)?,
                RunnerSettings {
                    concurrency: config.worker_concurrency,
                    pace: config.clock.speed(),
                    ..RunnerSettings::default()
                },
            ));
            tasks.spawn(runner.run(stopped.clone()));
            tasks.spawn(subscribers::run(Arc::clone(app), stopped));
            let app = Arc::clone(app);
            tasks.spawn(async move {
                // The embedding model of the installation may have changed since the last start.
                if let Err(error) = knowledge::plan_reembedding(&app).await {
                    tracing::error!(%error, "looking for documents to embed again");
                }
            });
        }
        Ok(Self { stop, tasks })
    }

    /// Tells everything to stop and waits until it has.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        let finish = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(Duration::from_secs(25), finish).await.is_err() {
            tracing::warn!("some background work did not stop in time; it goes on at the next start");
        }
    }
}
