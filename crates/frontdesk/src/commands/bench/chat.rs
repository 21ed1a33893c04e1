//! Messages through the whole path to durable: stored, numbered, logged as events, with the turn job, flushed to disk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use frontdesk_app::App;
use frontdesk_app::conversation::start::{self, NewSession};
use frontdesk_app::conversation::{receive, turn};
use frontdesk_domain::context::Context;
use frontdesk_domain::id::ConversationId;
use tokio::task::JoinSet;

use super::{Bench, Figure, percentile};

/// Visitors who write at once.
const VISITORS: usize = 256;
/// Messages of each.
const MESSAGES: usize = 60;
/// Visitors and messages when the agent answers each.
const TALKERS: usize = 64;
const EXCHANGES: usize = 20;

const QUESTIONS: &[&str] = &[
    "How much is a whitening?",
    "Do you take Delta Dental?",
    "Where can I park?",
    "Are you open on Saturday?",
    "What happens if I cancel late?",
];

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let bench = Bench::start().await?;
    let visitors = sessions(&bench.app, VISITORS).await?;
    let (per_second, samples) = rush(&bench.app, &visitors, MESSAGES, false).await?;
    let note = format!(
        "{VISITORS} visitors at once, SQLite, each message durable (fsync) before it counts; the agent's answers left out"
    );
    let mut figures: Vec<Figure> = vec![
        ("chat.message.rate".into(), per_second, "messages/s", Some(2000.0), "higher", note.clone()),
        ("chat.message.p50".into(), percentile(&samples, 0.5), "ms", None, "lower", note.clone()),
        ("chat.message.p99".into(), percentile(&samples, 0.99), "ms", None, "lower", note),
    ];
    let talkers = sessions(&bench.app, TALKERS).await?;
    let (per_second, samples) = rush(&bench.app, &talkers, EXCHANGES, true).await?;
    let note =
        format!("{TALKERS} visitors at once, message and the built-in agent's reply both durable, SQLite");
    figures.push(("chat.exchange.rate".into(), per_second, "exchanges/s", None, "higher", note.clone()));
    figures.push(("chat.exchange.p50".into(), percentile(&samples, 0.5), "ms", None, "lower", note.clone()));
    figures.push(("chat.exchange.p99".into(), percentile(&samples, 0.99), "ms", None, "lower", note));
    bench.stop().await;
    Ok(figures)
}

/// Opens a session per visitor of the demo business.
pub(super) async fn sessions(app: &Arc<App>, count: usize) -> anyhow::Result<Vec<(Context, ConversationId)>> {
    let door = start::open_door(app, frontdesk_app::demo::WIDGET_KEY, None).await?;
    let mut sessions = Vec::with_capacity(count);
    for _ in 0..count {
        let new =
            NewSession { key: door.key.key.clone(), token: None, locale: None, page_url: None, fresh: false };
        let opened = start::open_session(app, &door, new, "bench").await?;
        let ctx = start::visitor_context(app, door.workspace, opened.conversation_id, "bench");
        sessions.push((ctx, opened.conversation_id));
    }
    Ok(sessions)
}

/// Lets every visitor write one message after the other; gives the rate and each one's time, sorted.
async fn rush(
    app: &Arc<App>,
    visitors: &[(Context, ConversationId)],
    messages: usize,
    answered: bool,
) -> anyhow::Result<(f64, Vec<Duration>)> {
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for (visitor, (ctx, id)) in visitors.iter().enumerate() {
        let (app, ctx, id) = (Arc::clone(app), ctx.clone(), *id);
        tasks.spawn(async move {
            let mut samples = Vec::with_capacity(messages);
            for number in 0..messages {
                let text = QUESTIONS.get((visitor + number) % QUESTIONS.len()).copied().unwrap_or("Hello");
                let started = Instant::now();
                receive::receive(&app, &ctx, id, &format!("b{number}"), text).await?;
                if answered {
                    turn::answer(&app, ctx.workspace, id).await?;
                }
                samples.push(started.elapsed());
            }
            Ok::<_, frontdesk_app::AppError>(samples)
        });
    }
    let mut all = Vec::with_capacity(visitors.len() * messages);
    while let Some(samples) = tasks.join_next().await {
        all.extend(samples??);
    }
    let per_second = all.len() as f64 / began.elapsed().as_secs_f64();
    all.sort_unstable();
    Ok((per_second, all))
}
