//! Sign-up, sign-in, refresh, sign-out, passwords, `me`.

use axum::Json;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use frontdesk_app::account::{self, ForgotInput, LoginInput, MePatch, ResetInput, Session, SignupInput};
use frontdesk_domain::user::Me;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cookie;
use crate::extract::{
    ACCESS_COOKIE, Anyone, Body, Caller, Client, Credentials, REFRESH_COOKIE, guard_cookies,
};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(signup))
        .routes(routes!(login))
        .routes(routes!(logout))
        .routes(routes!(refresh))
        .routes(routes!(forgot))
        .routes(routes!(reset))
        .routes(routes!(me, update_me))
}

/// Tokens of a sign-in, for programs.
#[derive(Serialize, ToSchema)]
struct TokenPair {
    /// Opens the API as `Authorization: Bearer`.
    access_token: String,
    /// Gives the next pair, once.
    refresh_token: String,
    /// Seconds until the access token lapses.
    expires_in: u64,
}

/// Who signed in; with the tokens when they were asked for.
#[derive(Serialize, ToSchema)]
pub(super) struct SignedInAnswer {
    #[serde(flatten)]
    me: Me,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    tokens: Option<TokenPair>,
}

fn pair(state: &ApiState, session: &Session) -> TokenPair {
    TokenPair {
        access_token: session.tokens.access.clone(),
        refresh_token: session.tokens.refresh.clone(),
        expires_in: cookie::lifetime(state, session.tokens.access_expires_at),
    }
}

/// Answers with the person and sets their cookies.
pub(super) fn with_cookies(state: &ApiState, status: StatusCode, session: Session) -> Response {
    let mut headers = HeaderMap::new();
    cookie::set(&mut headers, state, &session.tokens);
    (status, headers, Json(session.me)).into_response()
}

/// Sign up: a person, their first workspace, a sign-in.
#[utoipa::path(post, path = "/auth/signup", tag = "auth", operation_id = "signup", security(()), request_body = SignupInput,
    responses((status = 201, body = Me, description = "Signed up and in; cookies are set."), Failures))]
async fn signup(
    State(state): State<ApiState>,
    anyone: Anyone,
    Body(input): Body<SignupInput>,
) -> Result<Response, Problem> {
    let session = account::signup(&state.app, &anyone.ctx, input, anyone.agent.as_deref()).await?;
    Ok(with_cookies(&state, StatusCode::CREATED, session))
}

/// Sign in. With `token: true` the answer holds tokens and no cookie is set.
#[utoipa::path(post, path = "/auth/login", tag = "auth", security(()), request_body = LoginInput,
    responses((status = 200, body = SignedInAnswer), Failures))]
async fn login(
    State(state): State<ApiState>,
    anyone: Anyone,
    Body(input): Body<LoginInput>,
) -> Result<Response, Problem> {
    let session = account::login(&state.app, &anyone.ctx, &input, anyone.agent.as_deref()).await?;
    if !input.token {
        return Ok(with_cookies(&state, StatusCode::OK, session));
    }
    let tokens = Some(pair(&state, &session));
    Ok(Json(SignedInAnswer { me: session.me, tokens }).into_response())
}

/// Sign out. Fine when nobody is signed in.
#[utoipa::path(post, path = "/auth/logout", tag = "auth", security(()),
    responses((status = 204, description = "Signed out; cookies are cleared."), Failures))]
async fn logout(State(state): State<ApiState>, client: Client, parts: Parts) -> Result<Response, Problem> {
    let (access, refresh) = match Credentials::of(&parts.headers) {
        Credentials::Bearer(token) => (Some(token), None),
        Credentials::Cookie(_) | Credentials::None => {
            guard_cookies(&parts, &state)?;
            (cookie::get(&parts.headers, ACCESS_COOKIE), cookie::get(&parts.headers, REFRESH_COOKIE))
        }
    };
    let ctx = account::stranger(&state.app, client.request_id, client.ip);
    account::logout(&state.app, &ctx, access.as_deref(), refresh.as_deref()).await?;
    let mut headers = HeaderMap::new();
    cookie::clear(&mut headers, &state);
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// The refresh token, for programs; browsers show their cookie instead.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefreshInput {
    /// The refresh token.
    #[schema(max_length = 128)]
    refresh_token: String,
}

/// Spend the refresh token for the next pair. Spending one twice ends the sign-in.
#[utoipa::path(post, path = "/auth/refresh", tag = "auth", security(()), request_body = Option<RefreshInput>,
    responses(
        (status = 200, body = TokenPair, description = "The next pair, for programs."),
        (status = 204, description = "The cookies are renewed."),
        Failures
    ))]
async fn refresh(
    State(state): State<ApiState>,
    client: Client,
    parts: Parts,
    input: Option<Body<RefreshInput>>,
) -> Result<Response, Problem> {
    let ctx = account::stranger(&state.app, client.request_id, client.ip);
    if let Some(Body(input)) = input {
        let session = account::refresh(&state.app, &ctx, &input.refresh_token).await?;
        return Ok(Json(pair(&state, &session)).into_response());
    }
    guard_cookies(&parts, &state)?;
    let token = cookie::get(&parts.headers, REFRESH_COOKIE).unwrap_or_default();
    match account::refresh(&state.app, &ctx, &token).await {
        Ok(session) => {
            let mut headers = HeaderMap::new();
            cookie::set(&mut headers, &state, &session.tokens);
            Ok((StatusCode::NO_CONTENT, headers).into_response())
        }
        Err(error @ frontdesk_app::AppError::Unauthenticated(_)) => {
            let mut response = Problem::from(error).into_response();
            cookie::clear(response.headers_mut(), &state);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// Ask for a link to choose a new password. The answer is the same for unknown addresses.
#[utoipa::path(post, path = "/auth/password/forgot", tag = "auth", security(()), request_body = ForgotInput,
    responses((status = 202, description = "If the address has an account, a mail is on its way."), Failures))]
async fn forgot(
    State(state): State<ApiState>,
    anyone: Anyone,
    Body(input): Body<ForgotInput>,
) -> Result<StatusCode, Problem> {
    account::forgot(&state.app, &anyone.ctx, input).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Choose a new password with the token from the mail. Every sign-in of the person ends.
#[utoipa::path(post, path = "/auth/password/reset", tag = "auth", security(()), request_body = ResetInput,
    responses((status = 204, description = "The password is changed; sign in with it."), Failures))]
async fn reset(
    State(state): State<ApiState>,
    anyone: Anyone,
    Body(input): Body<ResetInput>,
) -> Result<StatusCode, Problem> {
    account::reset(&state.app, &anyone.ctx, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The signed-in person and their workspaces.
#[utoipa::path(get, path = "/auth/me", tag = "auth", operation_id = "get_me", responses((status = 200, body = Me), Failures))]
async fn me(State(state): State<ApiState>, caller: Caller) -> Result<Json<Me>, Problem> {
    Ok(Json(account::me(&state.app, &caller.ctx).await?))
}

/// Change the signed-in person. A new password ends their other sign-ins.
#[utoipa::path(patch, path = "/auth/me", tag = "auth", request_body = MePatch,
    responses((status = 200, body = Me), Failures))]
async fn update_me(
    State(state): State<ApiState>,
    caller: Caller,
    Body(input): Body<MePatch>,
) -> Result<Json<Me>, Problem> {
    Ok(Json(account::update(&state.app, &caller.ctx, caller.login, input).await?))
}
