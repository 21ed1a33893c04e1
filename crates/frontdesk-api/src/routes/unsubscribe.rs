//! The page behind the link of every mailing. Opening it changes nothing, because programs open links before people do; its
//! button, and the button of mail programs (RFC 8058), end mail at once, without signing in.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use frontdesk_app::mailbox::unsubscribe::{self, Subscription};
use frontdesk_app::{AppError, Result};
use frontdesk_domain::locale::Language;

use crate::state::ApiState;

/// Most bytes of a call: mail programs send `List-Unsubscribe=One-Click`.
const MOST: usize = 4 * 1024;
/// The page has no script and loads nothing.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";

/// The routes. They are for mail programs and browsers and no part of the API's description.
pub fn routes() -> Router<ApiState> {
    Router::new().route("/unsubscribe/{token}", get(look).post(end)).layer(DefaultBodyLimit::max(MOST))
}

async fn look(State(state): State<ApiState>, Path(token): Path<String>) -> Response {
    page(unsubscribe::look(&state.app, &token).await)
}

async fn end(State(state): State<ApiState>, Path(token): Path<String>) -> Response {
    page(unsubscribe::end(&state.app, &token).await)
}

/// What stands on the page.
struct Words {
    title: &'static str,
    /// With `{business}` and `{address}`.
    text: &'static str,
    button: Option<&'static str>,
}

const fn words(language: Language, ended: bool) -> Words {
    match (language, ended) {
        (Language::En, false) => Words {
            title: "Unsubscribe",
            text: "{business} will send no more mail to {address}.",
            button: Some("Unsubscribe"),
        },
        (Language::En, true) => {
            Words { title: "Done", text: "{business} sends no more mail to {address}.", button: None }
        }
        (Language::Es, false) => Words {
            title: "Cancelar la suscripción",
            text: "{business} no enviará más correos a {address}.",
            button: Some("Cancelar la suscripción"),
        },
        (Language::Es, true) => {
            Words { title: "Hecho", text: "{business} ya no envía correos a {address}.", button: None }
        }
        (Language::De, false) => Words {
            title: "Abmelden",
            text: "{business} schickt dann keine Mails mehr an {address}.",
            button: Some("Abmelden"),
        },
        (Language::De, true) => Words {
            title: "Erledigt",
            text: "{business} schickt keine Mails mehr an {address}.",
            button: None,
        },
        (Language::Fr, false) => Words {
            title: "Se désinscrire",
            text: "{business} n'enverra plus d'e-mails à {address}.",
            button: Some("Se désinscrire"),
        },
        (Language::Fr, true) => Words {
            title: "C'est fait",
            text: "{business} n'envoie plus d'e-mails à {address}.",
            button: None,
        },
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn page(found: Result<Subscription>) -> Response {
    let (status, language, title, text, button) = match found {
        Ok(found) => {
            let words = words(found.language, found.ended);
            let text = words.text.replace("{business}", &found.business).replace("{address}", &found.address);
            (StatusCode::OK, found.language.code(), words.title, text, words.button)
        }
        Err(AppError::NotFound(_)) => {
            let text = "This link is not complete. Open it from the mail again, or answer the mail with the word \
                        unsubscribe.";
            (StatusCode::NOT_FOUND, "en", "Unknown link", text.to_owned(), None)
        }
        Err(error) => {
            tracing::error!(%error, "an unsubscribe link could not be followed");
            let text =
                "Something went wrong on our side, and nothing was changed. Please try again in a minute.";
            (StatusCode::SERVICE_UNAVAILABLE, "en", "Not done", text.to_owned(), None)
        }
    };
    let button = button.map_or_else(String::new, |button| {
        format!("<form method=\"post\"><button type=\"submit\">{}</button></form>", escaped(button))
    });
    let html = format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\"><title>{title}</title><style>\
         :root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;\
         padding:0 1rem}}button{{font:inherit;padding:.75rem 1.25rem;border-radius:.5rem;border:0;cursor:pointer;\
         background:#1f4fd8;color:#fff}}button:focus-visible{{outline:3px solid;outline-offset:2px}}</style></head>\
         <body><main><h1>{title}</h1><p>{text}</p>{button}</main></body></html>",
        title = escaped(title),
        text = escaped(&text),
    );
    let headers = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
    ];
    (status, headers, Html(html)).into_response()
}
