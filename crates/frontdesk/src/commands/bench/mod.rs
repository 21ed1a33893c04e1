//! `frontdesk bench [AREA]`: measures what only the inside can: one JSON object per line. `make bench` reads it.
//!
//! To add an area: a file with a function that gives [`Figure`]s, and a line in [`run`].

mod booking;
mod chat;
mod compliance;
mod contacts;
mod knowledge;
mod messaging;
mod turn;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use frontdesk_app::App;
use serde_json::json;

use super::print;
use crate::compose;
use crate::config::Config;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// booking, chat, contacts, turn, compliance, messaging or knowledge; all when absent
    area: Option<String>,
}

/// Name, value, unit, goal, `lower` or `higher`, how it was measured.
pub type Figure = knowledge::Figure;

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let wanted = |area: &str| args.area.as_deref().is_none_or(|only| only == area);
    let known = ["booking", "chat", "contacts", "turn", "compliance", "messaging", "knowledge"];
    if let Some(area) = args.area.as_deref().filter(|area| !known.contains(area)) {
        anyhow::bail!("no figures for `{area}`; there are {}", known.join(", "));
    }
    if wanted("booking") {
        show(booking::engine());
        show(booking::measure().await?);
    }
    if wanted("chat") {
        show(chat::measure().await?);
    }
    if wanted("contacts") {
        show(contacts::measure().await?);
    }
    if wanted("turn") {
        show(turn::measure().await?);
    }
    if wanted("compliance") {
        show(compliance::measure());
    }
    if wanted("messaging") {
        show(messaging::measure().await?);
    }
    if wanted("knowledge") {
        show(knowledge::bench());
    }
    Ok(ExitCode::SUCCESS)
}

fn show(figures: Vec<Figure>) {
    for (name, value, unit, goal, better, note) in figures {
        let figure = json!({ "name": name, "value": value, "unit": unit, "goal": goal, "better": better, "note": note });
        print(&figure.to_string());
    }
}

/// The use cases on a new embedded database in a directory of its own, deleted afterwards; with the demo business.
struct Bench {
    app: Arc<App>,
    background: compose::Background,
    dir: std::path::PathBuf,
}

impl Bench {
    async fn start() -> anyhow::Result<Self> {
        Self::start_with(Config::default()).await
    }

    async fn start_with(config: Config) -> anyhow::Result<Self> {
        let dir = std::env::temp_dir().join(format!("frontdesk-bench-{}", std::process::id()));
        let config = Config { data_dir: dir.clone(), ..config };
        let store = compose::store(&config).await?;
        store.migrate().await?;
        let app = compose::app(&config, store)?;
        let background = compose::Background::start(&config, &app)?;
        frontdesk_app::demo::open(&app).await?;
        Ok(Self { app, background, dir })
    }

    async fn stop(self) {
        self.background.stop().await;
        self.app.store.close().await;
        let _ = std::fs::remove_dir_all(self.dir);
    }
}

/// The value below which this share of the sorted samples lies, in milliseconds.
fn percentile(sorted: &[Duration], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let at = (last as f64 * share).round() as usize;
    sorted.get(at).map_or(0.0, |sample| sample.as_secs_f64() * 1000.0)
}
