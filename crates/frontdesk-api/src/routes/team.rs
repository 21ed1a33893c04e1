//! The team: members, roles, invitations, ownership.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use frontdesk_app::team::{self, AcceptInput, InvitationPreview, NewInvitation, RolePatch};
use frontdesk_domain::id::{InvitationId, MemberId};
use frontdesk_domain::page::Page;
use frontdesk_domain::user::Me;
use frontdesk_domain::workspace::{Invitation, Member};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::auth::with_cookies;
use crate::extract::{Anyone, Body, Caller, PageParams, Params, Segments};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(members))
        .routes(routes!(set_role, remove))
        .routes(routes!(transfer))
        .routes(routes!(invitations, invite))
        .routes(routes!(revoke))
        .routes(routes!(resend))
        .routes(routes!(preview))
        .routes(routes!(accept))
}

/// The team, oldest member first.
#[utoipa::path(get, path = "/team/members", tag = "team", operation_id = "list_members", params(PageParams),
    responses((status = 200, body = Page<Member>), Failures))]
async fn members(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<PageParams>,
) -> Result<Json<Page<Member>>, Problem> {
    Ok(Json(team::members(&state.app, &caller.ctx, &params.page()?).await?))
}

/// Change a member's role.
#[utoipa::path(patch, path = "/team/members/{id}", tag = "team", operation_id = "set_member_role", params(("id" = MemberId, Path)),
    request_body = RolePatch, responses((status = 200, body = Member), Failures))]
async fn set_role(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<MemberId>,
    Body(input): Body<RolePatch>,
) -> Result<Json<Member>, Problem> {
    Ok(Json(team::set_role(&state.app, &caller.ctx, id, input).await?))
}

/// Remove a member, or leave.
#[utoipa::path(delete, path = "/team/members/{id}", tag = "team", operation_id = "remove_member", params(("id" = MemberId, Path)),
    responses((status = 204, description = "Not in the team any more."), Failures))]
async fn remove(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<MemberId>,
) -> Result<StatusCode, Problem> {
    team::remove(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a member the owner; the caller stays as an admin.
#[utoipa::path(post, path = "/team/members/{id}/transfer-ownership", tag = "team", operation_id = "transfer_ownership",
    params(("id" = MemberId, Path)), responses((status = 200, body = Member), Failures))]
async fn transfer(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<MemberId>,
) -> Result<Json<Member>, Problem> {
    Ok(Json(team::transfer_ownership(&state.app, &caller.ctx, id).await?))
}

/// Invitations that were not accepted yet.
#[utoipa::path(get, path = "/team/invitations", tag = "team", operation_id = "list_invitations", params(PageParams),
    responses((status = 200, body = Page<Invitation>), Failures))]
async fn invitations(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<PageParams>,
) -> Result<Json<Page<Invitation>>, Problem> {
    Ok(Json(team::invitations(&state.app, &caller.ctx, &params.page()?).await?))
}

/// Invite somebody by mail.
#[utoipa::path(post, path = "/team/invitations", tag = "team", operation_id = "create_invitation", request_body = NewInvitation,
    responses((status = 201, body = Invitation), Failures))]
async fn invite(
    State(state): State<ApiState>,
    caller: Caller,
    Body(input): Body<NewInvitation>,
) -> Result<(StatusCode, Json<Invitation>), Problem> {
    Ok((StatusCode::CREATED, Json(team::invite(&state.app, &caller.ctx, input).await?)))
}

/// Take an invitation back.
#[utoipa::path(delete, path = "/team/invitations/{id}", tag = "team", operation_id = "revoke_invitation", params(("id" = InvitationId, Path)),
    responses((status = 204, description = "Its link does not work any more."), Failures))]
async fn revoke(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<InvitationId>,
) -> Result<StatusCode, Problem> {
    team::revoke_invitation(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send an invitation again, with a new link.
#[utoipa::path(post, path = "/team/invitations/{id}/resend", tag = "team", operation_id = "resend_invitation",
    params(("id" = InvitationId, Path)), responses((status = 200, body = Invitation), Failures))]
async fn resend(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<InvitationId>,
) -> Result<Json<Invitation>, Problem> {
    Ok(Json(team::send_again(&state.app, &caller.ctx, id).await?))
}

/// What an invitation's link shows. The token is the permission.
#[utoipa::path(get, path = "/invitations/{token}", tag = "team", operation_id = "preview_invitation", security(()),
    params(("token" = String, Path, max_length = 128)),
    responses((status = 200, body = InvitationPreview), Failures))]
async fn preview(
    State(state): State<ApiState>,
    anyone: Anyone,
    Segments(token): Segments<String>,
) -> Result<Json<InvitationPreview>, Problem> {
    Ok(Json(team::preview(&state.app, &anyone.ctx, &token).await?))
}

/// Join the team. Somebody who is not signed in gives their password, or a name and a new one, and is signed in.
#[utoipa::path(post, path = "/invitations/{token}/accept", tag = "team", operation_id = "accept_invitation", security(()),
    params(("token" = String, Path, max_length = 128)), request_body = AcceptInput,
    responses((status = 200, body = Me, description = "Joined; cookies are set unless there was a sign-in."), Failures))]
async fn accept(
    State(state): State<ApiState>,
    anyone: Anyone,
    Segments(token): Segments<String>,
    Body(input): Body<AcceptInput>,
) -> Result<Response, Problem> {
    let (me, session) = team::accept(&state.app, &anyone.ctx, &token, input, anyone.agent.as_deref()).await?;
    Ok(match session {
        Some(session) => with_cookies(&state, StatusCode::OK, session),
        None => Json(me).into_response(),
    })
}
