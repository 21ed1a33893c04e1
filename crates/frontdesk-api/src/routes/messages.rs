//! Messages that leave through vendors: the queue, what became of each, and writing to somebody first.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::message::compose::{self, ComposedMessage, NewMessage};
use frontdesk_app::message::desk::{self, Ask, Decision, MessageCounts, Reschedule, Retry};
use frontdesk_app::message::files;
use frontdesk_app::message::short_link::{self, MessageLink};
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{ContactId, ConversationId, MessageId};
use frontdesk_domain::outbox::{OutboxMessage, Status};
use frontdesk_domain::page::{Page, PageRequest};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, Params, Segments, check_limit};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, send))
        .routes(routes!(counts))
        .routes(routes!(preview))
        .routes(routes!(get))
        .routes(routes!(cancel))
        .routes(routes!(retry))
        .routes(routes!(decide))
        .routes(routes!(reschedule))
        .routes(routes!(links))
}

/// Which messages are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// In this state.
    #[param(inline)]
    status: Option<Status>,
    /// Through this channel.
    #[param(inline)]
    channel: Option<Channel>,
    /// To this contact.
    contact: Option<ContactId>,
    /// In this conversation.
    conversation: Option<ConversationId>,
    /// Part of a name, an address or the words.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Where the previous page ended; opaque.
    #[param(max_length = 400)]
    cursor: Option<String>,
    /// How many rows, 1 to 250; 50 when absent.
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

/// Messages that leave through vendors, newest first.
#[utoipa::path(get, path = "/messages", tag = "messages", operation_id = "list_outbox",
    params(ListParams), responses((status = 200, body = Page<OutboxMessage>), Failures))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<ListParams>,
) -> Result<Json<Page<OutboxMessage>>, Problem> {
    check_limit(params.limit)?;
    let ask = Ask {
        statuses: params.status.into_iter().collect(),
        channel: params.channel,
        contact: params.contact,
        conversation: params.conversation,
        q: params.q,
    };
    let page = PageRequest { cursor: params.cursor, limit: params.limit };
    Ok(Json(desk::list(&state.app, &caller.ctx, &ask, &page).await?))
}

/// Write to somebody, at once or later. It stands in the conversation with them.
#[utoipa::path(post, path = "/messages", tag = "messages", operation_id = "send_message",
    request_body = NewMessage, responses((status = 201, body = OutboxMessage), Failures))]
async fn send(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewMessage, { files::MAX_BODY }>,
) -> Result<(StatusCode, Json<OutboxMessage>), Problem> {
    Ok((StatusCode::CREATED, Json(compose::send(&state.app, &caller.ctx, new).await?)))
}

/// How many messages are in each state.
#[utoipa::path(get, path = "/messages/counts", tag = "messages", operation_id = "count_messages",
    responses((status = 200, body = MessageCounts), Failures))]
async fn counts(State(state): State<ApiState>, caller: Caller) -> Result<Json<MessageCounts>, Problem> {
    Ok(Json(desk::counts(&state.app, &caller.ctx).await?))
}

/// Show a message as it would leave, with what the compliance gate would say now.
#[utoipa::path(post, path = "/messages/preview", tag = "messages", operation_id = "preview_message",
    request_body = NewMessage, responses((status = 200, body = ComposedMessage), Failures))]
async fn preview(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewMessage>,
) -> Result<Json<ComposedMessage>, Problem> {
    Ok(Json(compose::preview(&state.app, &caller.ctx, &new).await?))
}

/// One message.
#[utoipa::path(get, path = "/messages/{id}", tag = "messages", operation_id = "get_message",
    params(("id" = MessageId, Path)), responses((status = 200, body = OutboxMessage), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<MessageId>,
) -> Result<Json<OutboxMessage>, Problem> {
    Ok(Json(desk::get(&state.app, &caller.ctx, id).await?))
}

/// Call a message off that has not left.
#[utoipa::path(post, path = "/messages/{id}/cancel", tag = "messages", operation_id = "cancel_message",
    params(("id" = MessageId, Path)), responses((status = 200, body = OutboxMessage), Failures))]
async fn cancel(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<MessageId>,
) -> Result<Json<OutboxMessage>, Problem> {
    Ok(Json(desk::cancel(&state.app, &caller.ctx, id).await?))
}

/// Send a message again that did not arrive, as it is or with other words.
#[utoipa::path(post, path = "/messages/{id}/retry", tag = "messages", operation_id = "retry_message",
    params(("id" = MessageId, Path)), request_body = Retry,
    responses((status = 200, body = OutboxMessage), Failures))]
async fn retry(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<MessageId>,
    Body(how): Body<Retry>,
) -> Result<Json<OutboxMessage>, Problem> {
    Ok(Json(desk::retry(&state.app, &caller.ctx, id, how).await?))
}

/// Say whether a message in doubt arrived; if not, it is sent again.
#[utoipa::path(post, path = "/messages/{id}/decide", tag = "messages", operation_id = "decide_message",
    params(("id" = MessageId, Path)), request_body = Decision,
    responses((status = 200, body = OutboxMessage), Failures))]
async fn decide(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<MessageId>,
    Body(decision): Body<Decision>,
) -> Result<Json<OutboxMessage>, Problem> {
    Ok(Json(desk::decide(&state.app, &caller.ctx, id, decision).await?))
}

/// Have a waiting message leave at another time.
#[utoipa::path(post, path = "/messages/{id}/reschedule", tag = "messages", operation_id = "reschedule_message",
    params(("id" = MessageId, Path)), request_body = Reschedule,
    responses((status = 200, body = OutboxMessage), Failures))]
async fn reschedule(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<MessageId>,
    Body(to): Body<Reschedule>,
) -> Result<Json<OutboxMessage>, Problem> {
    Ok(Json(desk::reschedule(&state.app, &caller.ctx, id, to).await?))
}

/// The short links in a message, and how often they were followed.
#[utoipa::path(get, path = "/messages/{id}/links", tag = "messages", operation_id = "list_message_links",
    params(("id" = MessageId, Path)), responses((status = 200, body = [MessageLink]), Failures))]
async fn links(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<MessageId>,
) -> Result<Json<Vec<MessageLink>>, Problem> {
    Ok(Json(short_link::list(&state.app, &caller.ctx, id).await?))
}
