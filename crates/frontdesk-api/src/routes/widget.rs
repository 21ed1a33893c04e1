//! The widget's side of the API: configuration by publishable key, sessions, and messages for browsers without
//! WebSockets.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use frontdesk_app::conversation::start::{self, NewSession};
use frontdesk_app::conversation::{floor, list, receive};
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::{ConversationState, Floor};
use frontdesk_domain::id::ConversationId;
use frontdesk_domain::message::Message;
use frontdesk_domain::widget::{WidgetConfig, WidgetSession};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Credentials, Params, check_after};
use crate::openapi::Failures;
use crate::problem::{Problem, REQUEST_ID};
use crate::socket;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(config))
        .routes(routes!(open_session))
        .routes(routes!(messages, send))
        .routes(routes!(rate))
        .routes(routes!(end))
        .route("/widget/socket", axum::routing::get(socket::widget::open))
}

/// The page's origin when it is another site's; our own pages, under whatever name, may use every key.
pub(crate) fn origin(headers: &HeaderMap) -> Option<&str> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text(header::ORIGIN)?;
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    // Browsers do not let a page choose Host.
    let is_ours =
        authority.zip(text(header::HOST)).is_some_and(|(page, host)| page.eq_ignore_ascii_case(host));
    (!is_ours).then_some(origin)
}

fn request_id() -> String {
    REQUEST_ID.try_with(Clone::clone).unwrap_or_default()
}

/// Which widget asks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ConfigParams {
    /// The publishable key.
    #[param(max_length = 100)]
    key: String,
    /// The visitor's language, BCP 47.
    #[param(max_length = 35)]
    locale: Option<String>,
}

/// What the widget shows before it is opened. Needs no sign-in: the key is public and bound to origins.
#[utoipa::path(get, path = "/widget/config", tag = "widget", operation_id = "get_widget_config",
    params(ConfigParams), security(()), responses((status = 200, body = WidgetConfig), Failures))]
async fn config(
    State(state): State<ApiState>,
    headers: HeaderMap,
    Params(params): Params<ConfigParams>,
) -> Result<Json<WidgetConfig>, Problem> {
    let door = start::open_door(&state.app, &params.key, origin(&headers)).await?;
    Ok(Json(start::config(&state.app, &door, params.locale.as_deref()).await?))
}

/// Open a session, or go on with the one of an earlier token. Needs no sign-in.
#[utoipa::path(post, path = "/widget/sessions", tag = "widget", operation_id = "open_widget_session",
    request_body = NewSession, security(()), responses((status = 201, body = WidgetSession), Failures))]
async fn open_session(
    State(state): State<ApiState>,
    headers: HeaderMap,
    Body(new): Body<NewSession>,
) -> Result<(StatusCode, Json<WidgetSession>), Problem> {
    let door = start::open_door(&state.app, &new.key, origin(&headers)).await?;
    let session = start::open_session(&state.app, &door, new, &request_id()).await?;
    Ok((StatusCode::CREATED, Json(session)))
}

/// The visitor behind the request's session token.
async fn visitor(state: &ApiState, headers: &HeaderMap) -> Result<(Context, ConversationId), Problem> {
    let Credentials::Bearer(token) = Credentials::of(headers) else {
        return Err(Problem::unauthenticated("send the session's token as Authorization: Bearer"));
    };
    let visitor = start::attach(&state.app, &token, origin(headers)).await?;
    let ctx = start::visitor_context(&state.app, visitor.workspace, visitor.conversation, &request_id());
    Ok((ctx, visitor.conversation))
}

/// Which messages are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AfterParams {
    /// Those after this number; all when absent.
    #[serde(default)]
    after: u64,
}

/// What a visitor has not seen yet.
#[derive(Debug, Serialize, ToSchema)]
struct VisitorNews {
    /// Messages, oldest first, at most 100; ask again when there are as many.
    messages: Vec<Message>,
    /// Whether the conversation goes on.
    state: ConversationState,
    /// Who speaks for the business.
    floor: Floor,
}

/// Messages of the session's conversation after a number; how a widget without WebSockets polls.
#[utoipa::path(get, path = "/widget/messages", tag = "widget", operation_id = "list_widget_messages",
    params(AfterParams), security(("visitor" = [])), responses((status = 200, body = VisitorNews), Failures))]
async fn messages(
    State(state): State<ApiState>,
    headers: HeaderMap,
    Params(params): Params<AfterParams>,
) -> Result<Json<VisitorNews>, Problem> {
    let (ctx, id) = visitor(&state, &headers).await?;
    check_after(Some(params.after))?;
    let news = list::public_after(&state.app, &ctx, id, params.after).await?;
    let now = list::standing(&state.app, &ctx, id).await?;
    Ok(Json(VisitorNews { messages: news.messages, state: now.state, floor: now.floor }))
}

/// A visitor's message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VisitorMessage {
    /// The widget's id of the message; sending it again is harmless.
    #[schema(min_length = 1, max_length = 64)]
    client_id: String,
    /// The text.
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
}

/// Say something. The answer comes over the socket or by polling.
#[utoipa::path(post, path = "/widget/messages", tag = "widget", operation_id = "send_widget_message",
    request_body = VisitorMessage, security(("visitor" = [])),
    responses((status = 201, body = Message), Failures))]
async fn send(
    State(state): State<ApiState>,
    headers: HeaderMap,
    Body(new): Body<VisitorMessage>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    let (ctx, id) = visitor(&state, &headers).await?;
    let received = receive::receive(&state.app, &ctx, id, &new.client_id, &new.text).await?;
    if received.answer_due {
        socket::widget::answer(&state.app, &ctx, id);
    }
    Ok((StatusCode::CREATED, Json(received.message)))
}

/// A visitor's rating.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VisitorRating {
    /// 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    score: u8,
    /// What they say with it.
    #[serde(default)]
    #[schema(max_length = 1000)]
    comment: String,
}

/// Rate the conversation.
#[utoipa::path(post, path = "/widget/rating", tag = "widget", operation_id = "rate_conversation",
    request_body = VisitorRating, security(("visitor" = [])),
    responses((status = 204, description = "Recorded."), Failures))]
async fn rate(
    State(state): State<ApiState>,
    headers: HeaderMap,
    Body(rating): Body<VisitorRating>,
) -> Result<StatusCode, Problem> {
    let (ctx, id) = visitor(&state, &headers).await?;
    floor::rate(&state.app, &ctx, id, rating.score, &rating.comment).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End the conversation.
#[utoipa::path(post, path = "/widget/end", tag = "widget", operation_id = "end_conversation",
    security(("visitor" = [])), responses((status = 204, description = "Ended."), Failures))]
async fn end(State(state): State<ApiState>, headers: HeaderMap) -> Result<StatusCode, Problem> {
    let (ctx, id) = visitor(&state, &headers).await?;
    floor::end(&state.app, &ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
