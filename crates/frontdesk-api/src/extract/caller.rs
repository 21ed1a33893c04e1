//! The caller of an endpoint: signed in and in a workspace, or anyone.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use frontdesk_app::{AppError, account};
use frontdesk_domain::context::{Actor, Context};
use frontdesk_domain::id::{LoginId, WorkspaceId};

use super::client::Client;
use super::identity::{Credentials, Identity, guard_cookies, identify, is_ours};
use crate::problem::Problem;
use crate::sight::Sight;
use crate::state::ApiState;

/// A caller who is known and in a workspace. The workspace is the one `X-Workspace` names, an API key's own, or the
/// person's first.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The circumstances for use cases.
    pub ctx: Context,
    /// The sign-in, when a person calls.
    pub login: Option<LoginId>,
}

fn sign_in() -> Problem {
    Problem::unauthenticated("sign in, or show an API key or access token as Authorization: Bearer")
}

impl FromRequestParts<ApiState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let caller = Self::known(parts, state).await?;
        if let Some(sight) = parts.extensions.get::<Sight>() {
            sight.of(&caller.ctx);
        }
        Ok(caller)
    }
}

impl Caller {
    async fn known(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let identity = identify(parts, state).await?;
        if matches!(identity, Identity::Nobody | Identity::Refused) {
            return Err(sign_in());
        }
        if matches!(Credentials::of(&parts.headers), Credentials::Cookie(_)) {
            guard_cookies(parts, state)?;
        }
        let wanted = wanted_workspace(parts)?;
        match identity {
            Identity::Person(signed_in) => {
                let client = Client::of(parts, state);
                let stranger = account::stranger(&state.app, client.request_id, client.ip);
                let ctx = account::enter(&state.app, &stranger, signed_in.user, wanted).await?;
                Ok(Self { ctx, login: Some(signed_in.login) })
            }
            Identity::Program(ctx) => {
                if wanted.is_some_and(|wanted| wanted != ctx.workspace) {
                    return Err(AppError::NotFound("workspace").into());
                }
                Ok(Self { ctx: *ctx, login: None })
            }
            Identity::Nobody | Identity::Refused => Err(sign_in()),
        }
    }
}

/// A browser cannot add headers to a WebSocket, so there the query names the workspace.
fn wanted_workspace(parts: &Parts) -> Result<Option<WorkspaceId>, Problem> {
    let upgrades = parts.headers.contains_key(axum::http::header::UPGRADE);
    let named = match parts.headers.get("x-workspace") {
        Some(value) => Some(value.to_str().unwrap_or_default().to_owned()),
        None if upgrades => form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .find(|(key, _)| key == "workspace")
            .map(|(_, value)| value.into_owned()),
        None => None,
    };
    named.map(|text| text.parse().map_err(|_| AppError::NotFound("workspace").into())).transpose()
}

/// Anyone: a stranger, or a person who happens to be signed in. In no workspace and without any permission.
#[derive(Debug, Clone)]
pub struct Anyone {
    /// The circumstances for use cases.
    pub ctx: Context,
    /// The browser or program.
    pub agent: Option<String>,
}

impl FromRequestParts<ApiState> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let identity = identify(parts, state).await?;
        let client = Client::of(parts, state);
        let mut ctx = account::stranger(&state.app, client.request_id, client.ip);
        if let Identity::Person(signed_in) = identity {
            if matches!(Credentials::of(&parts.headers), Credentials::Cookie(_)) {
                guard_cookies(parts, state)?;
            }
            ctx.actor = Actor::User(signed_in.user);
        } else if !parts.method.is_safe() && !is_ours(&parts.headers, state) {
            // No cookie to abuse, but the answer may set one: nobody is to be signed in by another site.
            return Err(Problem::new(
                axum::http::StatusCode::FORBIDDEN,
                "forbidden",
                "Not allowed",
                "this request came from another web site",
            ));
        }
        Ok(Self { ctx, agent: client.agent })
    }
}
