//! Conversations: the inbox, threads, the floor, replies and notes.

use std::fmt::Write as _;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use frontdesk_app::AppError;
use frontdesk_app::conversation::floor;
use frontdesk_app::conversation::list::{self, Ask, View, ViewCounts};
use frontdesk_app::conversation::reply::{self, NewNote, NewReply};
use frontdesk_app::mailbox;
use frontdesk_app::message::files;
use frontdesk_domain::conversation::{Channel, Conversation, ConversationState};
use frontdesk_domain::id::{AgentId, ContactId, ConversationId, FileId, UserId};
use frontdesk_domain::message::{Message, TurnRecord};
use frontdesk_domain::page::{Page, PageRequest};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, Params, Segments, check_after, check_limit};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_conversations))
        .routes(routes!(counts))
        .routes(routes!(get))
        .routes(routes!(messages, send))
        .routes(routes!(turns))
        .routes(routes!(add_note))
        .routes(routes!(take_over))
        .routes(routes!(hand_back))
        .routes(routes!(resolve))
        .routes(routes!(reopen))
        .routes(routes!(assign))
        .routes(routes!(read))
        .routes(routes!(typing))
        .routes(routes!(transcript))
        .routes(routes!(file))
}

/// What the inbox asks for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// The view; all when absent.
    #[param(inline)]
    view: Option<View>,
    /// The state; any when absent.
    state: Option<ConversationState>,
    /// The channel; any but the sandbox when absent.
    channel: Option<Channel>,
    /// The agent that answers.
    agent: Option<AgentId>,
    /// The contact.
    contact: Option<ContactId>,
    /// Words to look for in names and messages.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Where the previous page ended; opaque.
    #[param(max_length = 400)]
    cursor: Option<String>,
    /// How many rows, 1 to 250; 50 when absent.
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

/// Conversations, newest message first. Sandbox conversations are left out.
#[utoipa::path(get, path = "/conversations", tag = "conversations", operation_id = "list_conversations",
    params(ListParams), responses((status = 200, body = Page<Conversation>), Failures))]
async fn list_conversations(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<ListParams>,
) -> Result<Json<Page<Conversation>>, Problem> {
    check_limit(params.limit)?;
    let ask = Ask {
        view: params.view.unwrap_or_default(),
        state: params.state,
        channel: params.channel,
        agent: params.agent,
        contact: params.contact,
        q: params.q,
    };
    let page = PageRequest { cursor: params.cursor, limit: params.limit };
    Ok(Json(list::list(&state.app, &caller.ctx, &ask, &page).await?))
}

/// How many open conversations each view holds.
#[utoipa::path(get, path = "/conversations/counts", tag = "conversations", operation_id = "count_conversations",
    responses((status = 200, body = ViewCounts), Failures))]
async fn counts(State(state): State<ApiState>, caller: Caller) -> Result<Json<ViewCounts>, Problem> {
    Ok(Json(list::counts(&state.app, &caller.ctx).await?))
}

/// One conversation.
#[utoipa::path(get, path = "/conversations/{id}", tag = "conversations", operation_id = "get_conversation",
    params(("id" = ConversationId, Path)), responses((status = 200, body = Conversation), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConversationId>,
) -> Result<Json<Conversation>, Problem> {
    Ok(Json(list::get(&state.app, &caller.ctx, id).await?))
}

/// Which messages are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MessageParams {
    /// Only messages after this number, to catch up; then there is no paging back.
    after: Option<u64>,
    /// Where the previous page began; opaque.
    #[param(max_length = 400)]
    cursor: Option<String>,
    /// How many rows, 1 to 250; 50 when absent.
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

/// Messages, the newest page first, each page oldest first; its cursor leads further back.
#[utoipa::path(get, path = "/conversations/{id}/messages", tag = "conversations", operation_id = "list_messages",
    params(("id" = ConversationId, Path), MessageParams), responses((status = 200, body = Page<Message>), Failures))]
async fn messages(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConversationId>,
    Params(params): Params<MessageParams>,
) -> Result<Json<Page<Message>>, Problem> {
    check_limit(params.limit)?;
    check_after(params.after)?;
    if let Some(after) = params.after {
        let items = list::messages_after(&state.app, &caller.ctx, id, after).await?;
        return Ok(Json(Page { items, next_cursor: None, total: None }));
    }
    let page = PageRequest { cursor: params.cursor, limit: params.limit };
    Ok(Json(list::messages(&state.app, &caller.ctx, id, &page).await?))
}

/// Reply to the customer. Takes the floor from the agent.
#[utoipa::path(post, path = "/conversations/{id}/messages", tag = "conversations", operation_id = "send_reply",
    params(("id" = ConversationId, Path)), request_body = NewReply,
    responses((status = 201, body = Message), Failures))]
async fn send(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConversationId>,
    Body(new): Body<NewReply, { files::MAX_BODY }>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    Ok((StatusCode::CREATED, Json(reply::send(&state.app, &caller.ctx, id, new).await?)))
}

/// How the agent came to its replies: turns with their tool calls, oldest first, at most the newest 200.
#[utoipa::path(get, path = "/conversations/{id}/turns", tag = "conversations", operation_id = "list_turns",
    params(("id" = ConversationId, Path)), responses((status = 200, body = Vec<TurnRecord>), Failures))]
async fn turns(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConversationId>,
) -> Result<Json<Vec<TurnRecord>>, Problem> {
    Ok(Json(list::turns(&state.app, &caller.ctx, id).await?))
}

/// Add a note the customer never sees.
#[utoipa::path(post, path = "/conversations/{id}/notes", tag = "conversations", operation_id = "add_note",
    params(("id" = ConversationId, Path)), request_body = NewNote,
    responses((status = 201, body = Message), Failures))]
async fn add_note(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConversationId>,
    Body(new): Body<NewNote>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    Ok((StatusCode::CREATED, Json(reply::note(&state.app, &caller.ctx, id, new).await?)))
}

/// Take over: from now on only the caller speaks for the business.
#[utoipa::path(post, path = "/conversations/{id}/take-over", tag = "conversations", operation_id = "take_over",
    params(("id" = ConversationId, Path)), responses((status = 200, body = Conversation), Failures))]
async fn take_over(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConversationId>,
) -> Result<Json<Conversation>, Problem> {
    Ok(Json(floor::take_over(&state.app, &caller.ctx, id).await?))
}

/// Hand the conversation back to the agent.
#[utoipa::path(post, path = "/conversations/{id}/hand-back", tag = "conversations", operation_id = "hand_back",
    params(("id" = ConversationId, Path)), responses((status = 200, body = Conversation), Failures))]
async fn hand_back(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConversationId>,
) -> Result<Json<Conversation>, Problem> {
    Ok(Json(floor::hand_back(&state.app, &caller.ctx, id).await?))
}

/// Mark a conversation done.
#[utoipa::path(post, path = "/conversations/{id}/resolve", tag = "conversations", operation_id = "resolve",
    params(("id" = ConversationId, Path)), responses((status = 200, body = Conversation), Failures))]
async fn resolve(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConversationId>,
) -> Result<Json<Conversation>, Problem> {
    Ok(Json(floor::resolve(&state.app, &caller.ctx, id).await?))
}

/// Open a closed conversation again.
#[utoipa::path(post, path = "/conversations/{id}/reopen", tag = "conversations", operation_id = "reopen",
    params(("id" = ConversationId, Path)), responses((status = 200, body = Conversation), Failures))]
async fn reopen(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConversationId>,
) -> Result<Json<Conversation>, Problem> {
    Ok(Json(floor::reopen(&state.app, &caller.ctx, id).await?))
}

/// Whom to assign to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Assignment {
    /// The member, or null for nobody.
    #[serde(deserialize_with = "said")]
    #[schema(required = true)]
    user_id: Option<UserId>,
}

/// Null means nobody; nothing at all is a mistake.
fn said<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<UserId>, D::Error> {
    Option::deserialize(deserializer)
}

/// Assign a conversation to a member of the team, or to nobody.
#[utoipa::path(put, path = "/conversations/{id}/assignee", tag = "conversations", operation_id = "assign",
    params(("id" = ConversationId, Path)), request_body = Assignment,
    responses((status = 200, body = Conversation), Failures))]
async fn assign(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConversationId>,
    Body(to): Body<Assignment>,
) -> Result<Json<Conversation>, Problem> {
    Ok(Json(floor::assign(&state.app, &caller.ctx, id, to.user_id).await?))
}

/// Everything so far has been seen.
#[utoipa::path(post, path = "/conversations/{id}/read", tag = "conversations", operation_id = "mark_read",
    params(("id" = ConversationId, Path)), responses((status = 204, description = "Marked."), Failures))]
async fn read(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConversationId>,
) -> Result<StatusCode, Problem> {
    floor::mark_read(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A file that came along with a message. It is always a download: what it is, only its sender knows.
#[utoipa::path(get, path = "/conversations/{id}/files/{file}", tag = "conversations",
    operation_id = "download_message_file",
    params(("id" = ConversationId, Path), ("file" = FileId, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), Failures))]
async fn file(
    State(state): State<ApiState>,
    caller: Caller,
    Segments((id, file)): Segments<(ConversationId, FileId)>,
) -> Result<Response, Problem> {
    let found = mailbox::file(&state.app, &caller.ctx, id, file).await?;
    let plain: String = found
        .file
        .name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .collect();
    let encoded = percent(&found.file.name);
    let disposition =
        HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"))
            .map_err(|error| AppError::Internal(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, found.bytes).into_response())
}

/// A name as RFC 8187 wants it in a header.
fn percent(name: &str) -> String {
    name.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Show the customer that the caller is writing.
#[utoipa::path(post, path = "/conversations/{id}/typing", tag = "conversations", operation_id = "show_typing",
    params(("id" = ConversationId, Path)), responses((status = 204, description = "Shown."), Failures))]
async fn typing(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConversationId>,
) -> Result<StatusCode, Problem> {
    reply::typing(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The conversation as plain text, notes left out.
#[utoipa::path(get, path = "/conversations/{id}/transcript", tag = "conversations", operation_id = "export_transcript",
    params(("id" = ConversationId, Path)),
    responses((status = 200, body = String, content_type = "text/plain"), Failures))]
async fn transcript(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ConversationId>,
) -> Result<Response, Problem> {
    let text = list::transcript(&state.app, &caller.ctx, id).await?;
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{id}.txt\""))
        .map_err(|error| AppError::Internal(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, text).into_response())
}
