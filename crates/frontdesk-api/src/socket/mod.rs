//! WebSockets: one per open widget, one per dashboard tab.
//!
//! A socket is a cursor into what is stored. Signals wake it, it reads what lies beyond its cursor and sends that, so a
//! reconnect with the last number seen misses nothing and repeats nothing.

pub mod live;
pub mod widget;

use std::time::Duration;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use serde::Serialize;

/// How long a socket may take to say who it is.
const HELLO: Duration = Duration::from_secs(10);
/// A socket that says nothing for this long is gone; clients ping every 25 seconds.
const SILENCE: Duration = Duration::from_secs(90);
/// The largest frame a client may send.
const MAX_FRAME: usize = 32 * 1024;

/// Small buffers: a thousand quiet sockets should cost little.
fn bounded(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .max_message_size(MAX_FRAME)
        .max_frame_size(MAX_FRAME)
        .read_buffer_size(2 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(256 * 1024)
}

/// Sends one JSON frame; false when the socket is gone.
async fn send<T: Serialize + Sync>(socket: &mut WebSocket, frame: &T) -> bool {
    let Ok(text) = serde_json::to_string(frame) else { return true };
    // A client that reads too slowly is cut off; it reconnects and catches up.
    let sent = tokio::time::timeout(Duration::from_secs(10), socket.send(Message::Text(text.into()))).await;
    matches!(sent, Ok(Ok(())))
}

/// The next text frame; `None` when the socket is closed, broken or silent for too long.
async fn next_text(socket: &mut WebSocket, patience: Duration) -> Option<String> {
    let deadline = tokio::time::Instant::now() + patience;
    loop {
        match tokio::time::timeout_at(deadline, socket.recv()).await {
            Ok(Some(Ok(Message::Text(text)))) => return Some(text.to_string()),
            // axum answers pings by itself.
            Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => {}
            Ok(Some(Ok(Message::Binary(_) | Message::Close(_)) | Err(_)) | None) | Err(_) => return None,
        }
    }
}
