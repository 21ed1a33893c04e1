//! The built-in agent's turn, and loading what a turn remembers of a contact.

use std::time::{Duration, Instant};

use frontdesk_app::conversation::{receive, start, turn};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::ContactId;
use frontdesk_store::{contact, fact};

use super::{Bench, Figure, chat, percentile};

/// Turns measured, one after the other.
const TURNS: usize = 400;
/// Memories loaded.
const LOADS: usize = 2_000;

const TALK: &[&str] = &[
    "hi there",
    "How much is a whitening?",
    "and do you take Delta Dental?",
    "can someone call me back? I'm Ana, 415 555 2671",
    "no, I meant 415 555 2672",
    "do you sell bicycles?",
    "are you open on Saturday?",
    "thanks, bye",
];

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let bench = Bench::start().await?;
    let app = &bench.app;
    let mut thinking = Vec::with_capacity(TURNS);
    for (ctx, id) in chat::sessions(app, TURNS / TALK.len() + 1).await? {
        for (number, text) in TALK.iter().enumerate() {
            receive::receive(app, &ctx, id, &format!("t{number}"), text).await?;
            let started = Instant::now();
            turn::answer(app, ctx.workspace, id).await?;
            thinking.push(started.elapsed());
        }
    }
    thinking.sort_unstable();
    let mut loads = Vec::with_capacity(LOADS);
    let door = start::open_door(app, frontdesk_app::demo::WIDGET_KEY, None).await?;
    let scope = Scope::system(door.workspace);
    let everyone = contact::Filter::default();
    let page = contact::list(
        app.store.reader(),
        scope,
        &everyone,
        contact::Order::Name,
        contact::Place::default(),
        50,
    )
    .await?;
    let contacts: Vec<ContactId> = page.items.iter().map(|contact| contact.id).collect();
    for id in contacts.iter().cycle().take(LOADS) {
        let started = Instant::now();
        fact::memory(app.store.reader(), scope, *id).await?;
        loads.push(started.elapsed());
    }
    loads.sort_unstable();
    bench.stop().await;
    Ok(figures(&thinking, &loads))
}

fn figures(thinking: &[Duration], loads: &[Duration]) -> Vec<Figure> {
    let turn = format!(
        "{} turns of a mixed talk with the demo business: memory, documents, tools, reply stored durably",
        thinking.len()
    );
    let memory = "facts, last summary and counts of a contact, one round trip, SQLite".to_owned();
    vec![
        ("turn.builtin.p50".into(), percentile(thinking, 0.5), "ms", None, "lower", turn.clone()),
        ("turn.builtin.p99".into(), percentile(thinking, 0.99), "ms", Some(10.0), "lower", turn),
        ("memory.load.p99".into(), percentile(loads, 0.99), "ms", Some(5.0), "lower", memory),
    ]
}
