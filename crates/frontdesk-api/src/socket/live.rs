//! The dashboard's socket: every event of a workspace in order, and what is shown but not kept.
//!
//! The client says the number of the last event it has, or nothing for a fresh start, and hears everything after it
//! without gaps. When the log no longer reaches back that far, `reset` tells it to read everything anew.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::response::Response;
use frontdesk_app::live::WorkspaceSignal;
use frontdesk_app::{account, events};
use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::LoggedEvent;
use serde::{Deserialize, Serialize};

use super::{HELLO, SILENCE, bounded, next_text, send};
use crate::extract::Caller;
use crate::problem::Problem;
use crate::sight::{hide, is_masked};
use crate::state::ApiState;

/// Events sent per read of the log.
const BATCH: u64 = 200;
/// How far behind a client may be before reading everything anew is cheaper.
const MAX_BEHIND: u64 = 5_000;
/// How often the caller's membership is looked at again.
const RECHECK: Duration = Duration::from_mins(1);

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Frame {
    Hello {
        #[serde(default)]
        after: Option<u64>,
    },
    Ping,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Answer<'a> {
    Ready {
        seq: u64,
    },
    Event {
        #[serde(flatten)]
        event: &'a LoggedEvent,
    },
    /// The log does not reach back to `after`: read everything anew.
    Reset {
        seq: u64,
    },
    Pong,
}

/// The client's end, and whether numbers and addresses are hidden from it.
struct Out {
    socket: WebSocket,
    masked: bool,
}

impl Out {
    async fn send(&mut self, said: &(impl Serialize + Sync)) -> bool {
        if !self.masked {
            return send(&mut self.socket, said).await;
        }
        let Ok(mut said) = serde_json::to_value(said) else { return false };
        hide(&mut said);
        send(&mut self.socket, &said).await
    }
}

/// Opens the socket for a signed-in caller; browsers name the workspace in the query.
pub async fn open(
    State(state): State<ApiState>,
    caller: Caller,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    caller.ctx.require(Permission::ConversationsRead).map_err(frontdesk_app::AppError::from)?;
    Ok(bounded(upgrade).on_upgrade(move |socket| serve(state, socket, caller.ctx)))
}

async fn serve(state: ApiState, mut socket: WebSocket, ctx: Context) {
    let Some(hello) = next_text(&mut socket, HELLO).await else { return };
    let Ok(Frame::Hello { after }) = serde_json::from_str(&hello) else { return };
    let mut out = Out { socket, masked: is_masked(&ctx) };
    let mut watch = state.app.live.watch_workspace(ctx.workspace);
    let Ok(reach) = events::reach(&state.app, &ctx).await else { return };
    let from = after.unwrap_or(reach.last);
    let mut seq = from;
    if from + 1 < reach.first || from > reach.last || reach.last - from > MAX_BEHIND {
        seq = reach.last;
        if !out.send(&Answer::Reset { seq }).await {
            return;
        }
    }
    if !out.send(&Answer::Ready { seq }).await || !catch_up(&state, &ctx, &mut out, &mut seq).await {
        return;
    }
    let mut recheck = tokio::time::interval(RECHECK);
    recheck.tick().await;
    loop {
        let goes_on = tokio::select! {
            signal = watch.next() => match signal {
                Some(WorkspaceSignal::Passing(passing)) => out.send(passing.as_ref()).await,
                Some(WorkspaceSignal::Committed(committed))
                    if committed.events.first().is_some_and(|event| event.seq == seq + 1) =>
                {
                    send_all(&mut out, &committed.events, &mut seq).await
                }
                Some(WorkspaceSignal::Committed(committed)) if committed.last_seq <= seq => true,
                _ => catch_up(&state, &ctx, &mut out, &mut seq).await,
            },
            frame = next_text(&mut out.socket, SILENCE) => match frame.as_deref().map(serde_json::from_str) {
                Some(Ok(Frame::Ping)) => out.send(&Answer::Pong).await,
                Some(Ok(Frame::Hello { .. }) | Err(_)) => true,
                None => false,
            },
            _ = recheck.tick() => still_member(&state, &ctx).await,
        };
        if !goes_on {
            return;
        }
    }
}

async fn still_member(state: &ApiState, ctx: &Context) -> bool {
    match ctx.user() {
        Some(user) => {
            let stranger = account::stranger(&state.app, ctx.request_id.clone(), ctx.ip.clone());
            account::enter(&state.app, &stranger, user, Some(ctx.workspace)).await.is_ok()
        }
        None => true,
    }
}

async fn catch_up(state: &ApiState, ctx: &Context, out: &mut Out, seq: &mut u64) -> bool {
    loop {
        let Ok(events) = events::after(&state.app, ctx, *seq, BATCH).await else { return false };
        let full = events.len() as u64 == BATCH;
        if !send_all(out, &events, seq).await {
            return false;
        }
        if !full {
            return true;
        }
    }
}

async fn send_all(out: &mut Out, events: &[LoggedEvent], seq: &mut u64) -> bool {
    for event in events {
        if !out.send(&Answer::Event { event }).await {
            return false;
        }
        *seq = event.seq;
    }
    true
}
