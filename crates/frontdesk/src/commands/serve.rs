//! `frontdesk serve`: API, dashboard, widget and jobs in one process.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;

use super::{asked_to_stop, print};
use crate::compose::{self, Background};
use crate::config::{Config, ConfigArgs};
use crate::lines::Lines;
use crate::telemetry;

/// How long requests under way get to finish.
const GRACE: Duration = Duration::from_secs(10);

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Open a demo business with documents, contacts and a history of conversations
    #[arg(long)]
    demo: bool,
    /// Leave jobs to other processes
    #[arg(long)]
    no_worker: bool,
}

pub async fn run(config: &ConfigArgs, args: Args) -> anyhow::Result<ExitCode> {
    let mut config = Config::read(config)?;
    if let Some(listen) = args.listen {
        config.listen = listen;
    }
    config.worker &= !args.no_worker;
    let telemetry = telemetry::start(&config)?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}; is another server running there?", config.listen))?;
    // Port 0 lets the system choose.
    config.listen = listener.local_addr()?;
    let lines = if args.demo { Some(Lines::start(&mut config).await?) } else { None };
    let store = compose::store(&config).await?;
    store.migrate().await.context("the database schema cannot be brought up to date")?;
    let app = compose::app(&config, store)?;
    let background = Background::start(&config, &app)?;
    let state = compose::api_state(&config, &app, telemetry.metrics.clone(), args.demo);
    let mut router = frontdesk_api::router(state);
    if let Some(lines) = &lines {
        router = lines.phones().merge(router);
    }
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    if args.demo {
        let opened = frontdesk_app::demo::open(&app).await.context("the demo business cannot be opened")?;
        if let Some(lines) = &lines {
            lines.connect(&app).await.context("the demo's phone lines cannot be connected")?;
        }
        print(&format!(
            "\n  {business} is open.\n\n  Chat as a customer   {url}/demo\n  Text as a customer   {url}/demo/phone\n  Dashboard            {url}\n  \
             Sign in as           {email}\n  Password             {password}\n",
            business = opened.business,
            url = config.address(),
            email = opened.email,
            password = opened.password,
        ));
    }
    tracing::info!(listen = %config.listen, database = compose::shown(&config), "ready");
    let (closing, closed) = tokio::sync::oneshot::channel::<()>();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        asked_to_stop().await;
        tracing::info!("stopping");
        let _ = closing.send(());
    });
    tokio::select! {
        served = server => served?,
        // Sockets of open widgets and dashboards would keep the server waiting for ever; they reconnect.
        () = async { if closed.await.is_ok() { tokio::time::sleep(GRACE).await } else { std::future::pending().await } } => {}
    }
    background.stop().await;
    app.store.close().await;
    telemetry.finish();
    Ok(ExitCode::SUCCESS)
}
