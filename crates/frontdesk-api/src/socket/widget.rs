//! The widget's socket: messages in, messages and words being written out. The frames are in
//! `frontdesk_domain::widget`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::Response;
use frontdesk_app::conversation::{floor, list, receive, start, turn};
use frontdesk_app::limit::Quota;
use frontdesk_app::live::{ConversationSignal, Passing};
use frontdesk_app::{App, AppError};
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::{ConversationState, Floor};
use frontdesk_domain::id::{ConversationId, TurnId};
use frontdesk_domain::message::MAX_MESSAGE;
use frontdesk_domain::widget::{WidgetEvent, WidgetFrame};

use super::{HELLO, SILENCE, bounded, next_text, send};
use crate::state::ApiState;

/// Opens the socket; who it is comes with the first frame.
pub async fn open(State(state): State<ApiState>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    let origin = crate::routes::page_origin(&headers).map(str::to_owned);
    bounded(upgrade).on_upgrade(move |socket| serve(state, socket, origin))
}

/// One visitor's socket.
struct Session {
    state: ApiState,
    ctx: Context,
    id: ConversationId,
    /// For the rate limit.
    token: String,
    /// The last message sent.
    seq: u64,
    floor: Floor,
    conversation_state: ConversationState,
    /// The reply whose first words were sent here.
    writing: Option<TurnId>,
}

async fn serve(state: ApiState, mut socket: WebSocket, origin: Option<String>) {
    let Some(hello) = next_text(&mut socket, HELLO).await else { return };
    let Ok(WidgetFrame::Hello { token, after }) = serde_json::from_str(&hello) else {
        send(&mut socket, &fatal("protocol", "the first frame must be hello")).await;
        return;
    };
    let visitor = match start::attach(&state.app, &token, origin.as_deref()).await {
        Ok(visitor) => visitor,
        Err(error) => {
            send(&mut socket, &fatal("unauthorized", &error.to_string())).await;
            return;
        }
    };
    let request_id = format!("ws_{:016x}", state.app.random.next_u64());
    let ctx = start::visitor_context(&state.app, visitor.workspace, visitor.conversation, &request_id);
    // Watching begins before the first look, so that nothing falls between.
    let mut watch = state.app.live.watch_conversation(visitor.conversation);
    let Ok(now) = list::standing(&state.app, &ctx, visitor.conversation).await else {
        send(&mut socket, &fatal("unauthorized", "this conversation is gone")).await;
        return;
    };
    let mut session = Session {
        state,
        ctx,
        id: visitor.conversation,
        token,
        seq: after,
        floor: now.floor,
        conversation_state: now.state,
        writing: None,
    };
    let ready = WidgetEvent::Ready { state: now.state, floor: now.floor, seq: now.seq };
    if !send(&mut socket, &ready).await || !session.catch_up(&mut socket).await {
        return;
    }
    loop {
        let goes_on = tokio::select! {
            signal = watch.next() => session.hear(&mut socket, signal).await,
            frame = next_text(&mut socket, SILENCE) => match frame {
                Some(frame) => session.handle(&mut socket, &frame).await,
                None => false,
            },
        };
        if !goes_on {
            return;
        }
    }
}

impl Session {
    /// Sends everything beyond the cursor, then floor and state when they changed.
    async fn catch_up(&mut self, socket: &mut WebSocket) -> bool {
        loop {
            let Ok(news) = list::public_after(&self.state.app, &self.ctx, self.id, self.seq).await else {
                return false;
            };
            for message in news.messages {
                self.seq = message.seq;
                if message.turn_id.is_some() && message.turn_id == self.writing {
                    self.writing = None;
                }
                if !send(socket, &WidgetEvent::Message { message }).await {
                    return false;
                }
            }
            self.seq = self.seq.max(news.through);
            if !news.more {
                break;
            }
        }
        let Ok(now) = list::standing(&self.state.app, &self.ctx, self.id).await else { return false };
        if now.floor != self.floor {
            self.floor = now.floor;
            if !send(socket, &WidgetEvent::Floor { floor: now.floor, name: now.person }).await {
                return false;
            }
        }
        if now.state != self.conversation_state {
            self.conversation_state = now.state;
            return send(socket, &WidgetEvent::State { state: now.state }).await;
        }
        true
    }

    async fn hear(&mut self, socket: &mut WebSocket, signal: Option<ConversationSignal>) -> bool {
        let Some(ConversationSignal::Passing(passing)) = signal else {
            return self.catch_up(socket).await;
        };
        match passing.as_ref() {
            Passing::Delta { turn_id, text, first, .. } => {
                if *first {
                    self.writing = Some(*turn_id);
                }
                if self.writing != Some(*turn_id) {
                    return true;
                }
                send(socket, &WidgetEvent::Delta { turn_id: *turn_id, text: text.clone() }).await
            }
            Passing::Aborted { turn_id, .. } => {
                self.writing = None;
                send(socket, &WidgetEvent::Aborted { turn_id: *turn_id }).await
            }
            Passing::Typing { name: Some(name), .. } => {
                send(socket, &WidgetEvent::Typing { name: name.clone() }).await
            }
            Passing::Typing { name: None, .. } => true,
        }
    }

    async fn handle(&mut self, socket: &mut WebSocket, frame: &str) -> bool {
        let frame = match serde_json::from_str::<WidgetFrame>(frame) {
            Ok(frame) => frame,
            Err(error) => return send(socket, &refusal("protocol", &error.to_string(), None, None)).await,
        };
        match frame {
            WidgetFrame::Hello { .. } => {
                send(socket, &refusal("protocol", "hello comes first", None, None)).await
            }
            WidgetFrame::Ping => send(socket, &WidgetEvent::Pong).await,
            WidgetFrame::Typing => {
                let passing = Passing::Typing { conversation_id: self.id, name: None };
                self.state.app.live.show(&self.state.app.store, self.ctx.workspace, passing).await;
                true
            }
            WidgetFrame::Message { client_id, text } => self.message(socket, client_id, &text).await,
            WidgetFrame::End => match floor::end(&self.state.app, &self.ctx, self.id).await {
                Ok(_) => self.catch_up(socket).await,
                Err(error) => send(socket, &said(&error, None)).await,
            },
            WidgetFrame::Rate { score, comment } => {
                match floor::rate(&self.state.app, &self.ctx, self.id, score, &comment).await {
                    Ok(()) => true,
                    Err(error) => send(socket, &said(&error, None)).await,
                }
            }
        }
    }

    async fn message(&mut self, socket: &mut WebSocket, client_id: String, text: &str) -> bool {
        let limit = self.state.settings.limits.chat;
        if limit > 0 {
            let quota = Quota { limit, window: Duration::from_mins(1) };
            let who = format!("Chat:{}", self.token);
            let allowance = self.state.limiter.count(&self.state.app, &who, quota).await;
            if !allowance.allowed {
                let words = "you are writing faster than we can read; wait a moment";
                let wait = allowance.reset_secs.max(1) * 1000;
                return send(socket, &refusal("rate_limited", words, Some(client_id), Some(wait))).await;
            }
        }
        if text.chars().count() > MAX_MESSAGE {
            let words = format!("a message may have at most {MAX_MESSAGE} characters");
            return send(socket, &refusal("too_long", &words, Some(client_id), None)).await;
        }
        match receive::receive(&self.state.app, &self.ctx, self.id, &client_id, text).await {
            Ok(received) => {
                if received.answer_due {
                    answer(&self.state.app, &self.ctx, self.id);
                }
                // A repeated message lies behind the cursor.
                if received.message.seq <= self.seq {
                    return send(socket, &WidgetEvent::Message { message: received.message }).await;
                }
                self.catch_up(socket).await
            }
            Err(error) => send(socket, &said(&error, Some(client_id))).await,
        }
    }
}

/// Lets the agent answer, in a task of its own: the visitor may leave meanwhile.
pub fn answer(app: &Arc<App>, ctx: &Context, id: ConversationId) {
    let (app, workspace) = (Arc::clone(app), ctx.workspace);
    tokio::spawn(async move {
        if let Err(error) = turn::answer(&app, workspace, id).await {
            // The turn job tries again.
            tracing::error!(%error, conversation = %id, "answering");
        }
    });
}

fn refusal(code: &str, words: &str, client_id: Option<String>, retry_after_ms: Option<u64>) -> WidgetEvent {
    WidgetEvent::Error {
        code: code.to_owned(),
        message: words.to_owned(),
        client_id,
        retry_after_ms,
        fatal: false,
    }
}

fn fatal(code: &str, words: &str) -> WidgetEvent {
    WidgetEvent::Error {
        code: code.to_owned(),
        message: words.to_owned(),
        client_id: None,
        retry_after_ms: None,
        fatal: true,
    }
}

fn said(error: &AppError, client_id: Option<String>) -> WidgetEvent {
    let (code, words) = match error {
        AppError::Internal(cause) => {
            tracing::error!(cause, "a widget's frame");
            ("internal", "something went wrong on our side; try again".to_owned())
        }
        AppError::Invalid(_) => ("invalid", error.to_string()),
        _ => ("refused", error.to_string()),
    };
    refusal(code, &words, client_id, None)
}
