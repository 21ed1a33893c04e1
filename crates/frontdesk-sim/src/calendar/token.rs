//! The vendors' token addresses (RFC 6749 §4.1.3, §6; RFC 7009; PKCE is checked by the test that plays the person).

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Form, Json, Router};
use serde_json::json;

use super::CalendarSim;
use super::set;

/// Which tokens are good.
#[derive(Debug)]
pub(super) struct Tokens {
    access: Option<String>,
    refresh: Option<String>,
    given: u64,
    /// Whether a refresh gives a new refresh token and ends the old one (Microsoft), or gives none (Google, Zoho).
    rotating: bool,
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            access: Some(CalendarSim::TOKEN.to_owned()),
            refresh: Some(CalendarSim::REFRESH.to_owned()),
            given: 0,
            rotating: false,
        }
    }
}

impl Tokens {
    pub fn accepts(&self, token: &str) -> bool {
        self.access.as_deref() == Some(token)
    }

    pub fn expire(&mut self) {
        self.access = None;
    }

    pub fn withdraw(&mut self) {
        self.access = None;
        self.refresh = None;
    }

    fn give(&mut self) -> String {
        self.given += 1;
        let access = format!("access-{}", self.given);
        self.access = Some(access.clone());
        access
    }
}

impl CalendarSim {
    /// Makes the vendor replace the refresh token with each use.
    pub fn rotate_refresh_tokens(&self) {
        self.lock().tokens.rotating = true;
    }
}

/// `POST /token` and `POST /revoke`. The client is `client-1` with the secret `secret-1`; the code that is good is
/// `code:` and the PKCE verifier it was asked with.
pub(super) fn router() -> Router<CalendarSim> {
    Router::new().route("/token", post(token)).route("/revoke", post(revoke))
}

async fn token(State(sim): State<CalendarSim>, Form(form): Form<HashMap<String, String>>) -> Response {
    sim.record("POST", "/token");
    if let Some(response) = super::fault(&sim).await {
        return response;
    }
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if field("client_id") != "client-1" || field("client_secret") != "secret-1" {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let mut state = sim.lock();
    match field("grant_type") {
        "authorization_code" => {
            let verifier = field("code_verifier");
            if verifier.len() < 43
                || field("redirect_uri").is_empty()
                || field("code") != format!("code:{verifier}")
            {
                return refuse(StatusCode::BAD_REQUEST, "invalid_grant");
            }
            state.tokens.refresh = Some(CalendarSim::REFRESH.to_owned());
            let access = state.tokens.give();
            Json(json!({"access_token": access, "refresh_token": CalendarSim::REFRESH, "expires_in": 3599,
                "token_type": "Bearer", "scope": "calendar"}))
            .into_response()
        }
        "refresh_token" => {
            if state.tokens.refresh.as_deref() != Some(field("refresh_token")) {
                return refuse(StatusCode::BAD_REQUEST, "invalid_grant");
            }
            let access = state.tokens.give();
            let mut answer = json!({"access_token": access, "expires_in": 3599, "token_type": "Bearer"});
            if state.tokens.rotating {
                let next = format!("refresh-{}", state.tokens.given);
                set(&mut answer, "refresh_token", json!(next));
                state.tokens.refresh = Some(next);
            }
            Json(answer).into_response()
        }
        _ => refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type"),
    }
}

async fn revoke(State(sim): State<CalendarSim>, Form(form): Form<HashMap<String, String>>) -> Response {
    sim.record("POST", "/revoke");
    let mut state = sim.lock();
    let token = form.get("token").cloned();
    if token.is_some() && (token == state.tokens.refresh || token == state.tokens.access) {
        state.tokens.withdraw();
        return Json(json!({})).into_response();
    }
    refuse(StatusCode::BAD_REQUEST, "invalid_token")
}

fn refuse(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({"error": error, "error_description": "refused by the simulator"}))).into_response()
}
