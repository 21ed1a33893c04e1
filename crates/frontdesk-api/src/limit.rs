//! Rate limits as a layer: the kind of route decides the quota, the caller decides the count.
//!
//! To give a route a limit of its own, add a line to [`class_of`] and, if it is a new kind, a [`Class`] with its
//! default in [`LimitSettings`].

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use frontdesk_app::limit::{Allowance, Quota};

use crate::extract::{Credentials, Identity, client_ip, identify};
use crate::problem::Problem;
use crate::state::ApiState;

/// The kinds of routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Signing in and up, passwords, invitations: per network address. Wrong passwords are counted apart, see app's
    /// lock-out.
    SignIn,
    /// New chat sessions of widgets: per network address.
    ChatSession,
    /// Messages of widgets: per session.
    Chat,
    /// What makes a model work: per caller.
    Ai,
    /// Other changes: per caller.
    Mutation,
    /// Other reads of the API by programs: per caller.
    Api,
    /// The same by a person's dashboard, which reads a dozen things for every conversation it opens.
    Dashboard,
    /// Webhooks of providers: per address of the webhook.
    Webhook,
    /// Everything else: per network address.
    Other,
}

/// How often each kind may be called. A limit of 0 switches it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitSettings {
    /// Sign-ins, sign-ups, password and invitation links per 15 minutes and address.
    pub sign_in: u32,
    /// New chat sessions per minute and address.
    pub chat_session: u32,
    /// Chat messages per minute and session.
    pub chat: u32,
    /// Calls of a model per minute and caller.
    pub ai: u32,
    /// Changes per minute and caller.
    pub mutation: u32,
    /// Reads per minute and program, or person with an access token.
    pub api: u32,
    /// Reads per minute and person in the dashboard.
    pub dashboard: u32,
    /// Provider webhooks per minute and webhook.
    pub webhook: u32,
    /// Anything else per minute and address.
    pub other: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            sign_in: 60,
            chat_session: 10,
            chat: 30,
            ai: 30,
            mutation: 60,
            api: 100,
            dashboard: 1200,
            // Every message causes three calls of its vendor; a forged one costs a signature check.
            webhook: 60_000,
            other: 600,
        }
    }
}

impl LimitSettings {
    /// No limits; for load and fuzz tests.
    pub const OFF: Self = Self {
        sign_in: 0,
        chat_session: 0,
        chat: 0,
        ai: 0,
        mutation: 0,
        api: 0,
        dashboard: 0,
        webhook: 0,
        other: 0,
    };

    const fn quota(self, class: Class) -> Quota {
        let minute = Duration::from_mins(1);
        let (limit, window) = match class {
            Class::SignIn => (self.sign_in, Duration::from_mins(15)),
            Class::ChatSession => (self.chat_session, minute),
            Class::Chat => (self.chat, minute),
            Class::Ai => (self.ai, minute),
            Class::Mutation => (self.mutation, minute),
            Class::Api => (self.api, minute),
            Class::Dashboard => (self.dashboard, minute),
            Class::Webhook => (self.webhook, minute),
            Class::Other => (self.other, minute),
        };
        Quota { limit, window }
    }
}

/// Probes of the platform, never limited: a busy node is not a dead one.
const UNLIMITED: &[&str] = &["/health/live", "/health/ready", "/metrics"];

fn class_of(method: &Method, path: &str) -> Option<Class> {
    // Files of the dashboard and the widget are small and kept by browsers.
    if UNLIMITED.contains(&path) || path.starts_with("/assets/") || path.starts_with("/widget") {
        return None;
    }
    if path.starts_with("/webhooks/") || path.starts_with("/api/v1/hooks/") {
        return Some(Class::Webhook);
    }
    let Some(api) = path.strip_prefix("/api/v1/") else { return Some(Class::Other) };
    let is_read = method.is_safe();
    let mut segments = api.split('/');
    let head = segments.next().unwrap_or_default();
    let tail = segments.next_back().unwrap_or_default();
    Some(match (head, tail) {
        ("auth", "me" | "logout") if is_read => Class::Api,
        ("auth", "me") => Class::Mutation,
        // A lapsed sign-in is renewed by itself every quarter of an hour, by every tab.
        ("auth", "refresh" | "logout") => Class::Other,
        ("auth" | "invitations", _) => Class::SignIn,
        ("widget", "sessions") if !is_read => Class::ChatSession,
        ("widget", "messages") if !is_read => Class::Chat,
        ("widget", _) => Class::Other,
        ("knowledge", "query" | "context") => Class::Ai,
        ("agents", "messages") if !is_read => Class::Ai,
        _ if is_read => Class::Api,
        _ => Class::Mutation,
    })
}

/// What a dashboard sends by itself while somebody reads and types.
fn is_sign_of_life(path: &str) -> bool {
    path.starts_with("/api/v1/conversations/") && (path.ends_with("/typing") || path.ends_with("/read"))
}

/// Counts the request and refuses it when its caller had enough; tells what is left either way.
pub async fn layer(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Some(mut class) = class_of(&parts.method, parts.uri.path()) else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let in_dashboard = matches!(Credentials::of(&parts.headers), Credentials::Cookie(_));
    if in_dashboard && (class == Class::Api || is_sign_of_life(parts.uri.path())) {
        class = Class::Dashboard;
    }
    let quota = state.settings.limits.quota(class);
    if quota.limit == 0 || parts.method == Method::OPTIONS {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let ip = client_ip(&parts, &state).unwrap_or_else(|| "unknown".to_owned());
    let who = match class {
        Class::SignIn | Class::ChatSession | Class::Other => ip,
        Class::Webhook => parts.uri.path().to_owned(),
        Class::Chat => match Credentials::of(&parts.headers) {
            Credentials::Bearer(token) => token,
            Credentials::Cookie(_) | Credentials::None => ip,
        },
        Class::Ai | Class::Mutation | Class::Api | Class::Dashboard => {
            match identify(&mut parts, &state).await {
                Ok(Identity::Person(signed_in)) => signed_in.user.to_string(),
                Ok(Identity::Program(ctx)) => ctx.actor.subject(),
                Ok(Identity::Nobody | Identity::Refused) => ip,
                Err(problem) => return problem.into_response(),
            }
        }
    };
    let allowance = state.limiter.count(&state.app, &format!("{class:?}:{who}"), quota).await;
    let mut response = if allowance.allowed {
        next.run(Request::from_parts(parts, body)).await
    } else {
        Problem::rate_limited(allowance.reset_secs.max(1)).into_response()
    };
    tell(&mut response, allowance);
    response
}

/// The headers of the IETF draft "RateLimit header fields for HTTP", in the form clients know.
fn tell(response: &mut Response, allowance: Allowance) {
    let headers = response.headers_mut();
    for (name, value) in [
        (HeaderName::from_static("ratelimit-limit"), u64::from(allowance.limit)),
        (HeaderName::from_static("ratelimit-remaining"), u64::from(allowance.remaining)),
        (HeaderName::from_static("ratelimit-reset"), allowance.reset_secs),
    ] {
        headers.insert(name, HeaderValue::from(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_has_a_class() {
        for (method, path, class) in [
            (Method::POST, "/api/v1/auth/login", Some(Class::SignIn)),
            (Method::POST, "/api/v1/auth/password/forgot", Some(Class::SignIn)),
            (Method::POST, "/api/v1/auth/refresh", Some(Class::Other)),
            (Method::GET, "/api/v1/auth/me", Some(Class::Api)),
            (Method::PATCH, "/api/v1/auth/me", Some(Class::Mutation)),
            (Method::POST, "/api/v1/invitations/x/accept", Some(Class::SignIn)),
            (Method::POST, "/api/v1/widget/sessions", Some(Class::ChatSession)),
            (Method::POST, "/api/v1/widget/messages", Some(Class::Chat)),
            (Method::GET, "/api/v1/widget/messages", Some(Class::Other)),
            (Method::POST, "/api/v1/knowledge/query", Some(Class::Ai)),
            (Method::POST, "/api/v1/agents/a/sandbox/b/messages", Some(Class::Ai)),
            (Method::POST, "/api/v1/conversations/a/messages", Some(Class::Mutation)),
            (Method::GET, "/api/v1/contacts", Some(Class::Api)),
            (Method::GET, "/widget.js", None),
            (Method::GET, "/assets/index-1a2b.js", None),
            (Method::GET, "/inbox", Some(Class::Other)),
            (Method::POST, "/webhooks/twilio/cxn_1", Some(Class::Webhook)),
            (Method::GET, "/health/live", None),
        ] {
            assert_eq!(class_of(&method, path), class, "{method} {path}");
        }
    }
}
