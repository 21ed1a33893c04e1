//! The customers' phones: what a person does with one, as methods and as routes under `/__sim/` for a page with a phone on
//! it. Pages on this machine may use them from any port.

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::calls::{Fields, steps, vendor_form};
use super::state::{Conduct, Direction, Fault, Message, OptOut, StoredFile, TwilioSim};

/// Largest request: a few pictures.
const MAX_BODY: usize = 16 * 1024 * 1024;
/// Longest text a phone sends.
const MAX_TEXT: usize = 1600;

/// Something a customer sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texted {
    /// The business's number.
    pub to: String,
    /// The words.
    #[serde(default)]
    pub body: String,
    /// Files.
    #[serde(default)]
    pub media: Vec<TextedFile>,
    /// Whether it is sent by WhatsApp.
    #[serde(default)]
    pub whatsapp: bool,
    /// The customer's name on WhatsApp.
    #[serde(default)]
    pub name: Option<String>,
    /// What a tapped button brings back.
    #[serde(default)]
    pub choice: Option<String>,
    /// The message it answers.
    #[serde(default)]
    pub reply_to: Option<String>,
}

/// A file a customer sends.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextedFile {
    /// Its media type.
    pub media_type: String,
    /// Its content, base64.
    pub data: String,
}

/// What goes wrong from now on, as a page or a program asks for it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Plan {
    /// How the vendor behaves.
    conduct: Option<Conduct>,
    /// What goes wrong with the next requests.
    next: Vec<Fault>,
    /// Numbers every message to which is refused with a code.
    refuse: std::collections::BTreeMap<String, u32>,
    /// Numbers every message to which is taken and not delivered, with a code.
    undeliver: std::collections::BTreeMap<String, u32>,
    /// Forgets what was planned before.
    clear: bool,
}

impl TwilioSim {
    /// A customer sends a text message; gives the vendor's id of it.
    ///
    /// # Errors
    /// When the account has no such number.
    pub fn text(&self, from: &str, to: &str, body: &str) -> Result<String, String> {
        self.send_from(from, &Texted { to: to.to_owned(), body: body.to_owned(), ..Texted::default() })
    }

    /// A customer sends something; gives the vendor's id of it.
    ///
    /// # Errors
    /// When the account has no such number, or a file is not base64.
    pub fn send_from(&self, from: &str, texted: &Texted) -> Result<String, String> {
        let mut files = Vec::new();
        for file in &texted.media {
            let content = STANDARD.decode(&file.data).map_err(|_| "the file is not base64".to_owned())?;
            files.push(StoredFile { media_type: file.media_type.clone(), content: Bytes::from(content) });
        }
        let now = self.now();
        let mut state = self.lock();
        let Some(number) = state.number(&texted.to).cloned() else {
            return Err(format!("the account has no number {}", texted.to));
        };
        let channel = if texted.whatsapp { "whatsapp" } else { "sms" };
        let sid = state.new_sid(if files.is_empty() { "SM" } else { "MM" });
        let mut media = Vec::new();
        for file in files {
            let media_type = file.media_type.clone();
            let file_sid = state.keep_file(file);
            let path = format!("/2010-04-01/Accounts/{}/Messages/{sid}/Media/{file_sid}", state.account.sid);
            media.push((format!("{}{path}", state.base_url), media_type));
        }
        let body: String = texted.body.chars().take(MAX_TEXT).collect();
        state.keep(Message {
            sid: sid.clone(),
            direction: Direction::In,
            phone: from.to_owned(),
            business: number.e164.clone(),
            channel,
            text: body.clone(),
            media: media.iter().map(|(url, _)| url.clone()).collect(),
            status: "received",
            code: None,
            at: now,
            callback: None,
            by_service: false,
        });
        if texted.whatsapp {
            state.last_wrote.insert((from.to_owned(), number.e164.clone()), now);
        }
        let mut fields: Vec<(String, String)> = [
            ("ToCountry", "US".to_owned()),
            ("SmsMessageSid", sid.clone()),
            ("NumMedia", media.len().to_string()),
            ("SmsSid", sid.clone()),
            ("SmsStatus", "received".to_owned()),
            ("FromCity", String::new()),
            ("Body", body.clone()),
            ("FromCountry", "US".to_owned()),
            ("To", vendor_form(channel, &number.e164)),
            ("NumSegments", "1".to_owned()),
            ("MessageSid", sid.clone()),
            ("AccountSid", state.account.sid.clone()),
            ("From", vendor_form(channel, from)),
            ("ApiVersion", "2010-04-01".to_owned()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        extra(&mut fields, from, texted, &media);
        let handled = opt_out(&body).filter(|_| !texted.whatsapp && state.conduct.opt_out != OptOut::Off);
        if let Some((kind, is_out)) = handled {
            let pair = (from.to_owned(), number.e164.clone());
            match is_out {
                Some(true) => drop(state.opted_out.insert(pair)),
                Some(false) => drop(state.opted_out.remove(&pair)),
                None => {}
            }
            if state.conduct.opt_out == OptOut::Advanced {
                fields.push(("OptOutType".to_owned(), kind.to_owned()));
            }
        }
        drop(state);
        if let Some((kind, _)) = handled {
            self.answer_itself(from, &number.e164, kind);
        }
        if !number.sms_url.is_empty() {
            self.bring(number.sms_url, number.fallback_url, fields);
        }
        Ok(sid)
    }

    /// The vendor's own words after STOP, START or HELP.
    fn answer_itself(&self, phone: &str, business: &str, kind: &str) {
        let words = match kind {
            "STOP" => {
                "You have successfully been unsubscribed. You will not receive any more messages from this number. \
                 Reply START to resubscribe."
            }
            "START" => {
                "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply \
                 STOP to unsubscribe. Msg&Data Rates May Apply."
            }
            _ => "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
        };
        let mut state = self.lock();
        let sid = state.new_sid("SM");
        let at = self.now();
        state.keep(Message {
            sid: sid.clone(),
            direction: Direction::Out,
            phone: phone.to_owned(),
            business: business.to_owned(),
            channel: "sms",
            text: words.to_owned(),
            media: Vec::new(),
            status: "queued",
            code: None,
            at,
            callback: None,
            by_service: false,
        });
        drop(state);
        self.begin_delivery(&sid, steps(None, false));
    }
}

/// Fields that only some messages have.
fn extra(fields: &mut Fields, from: &str, texted: &Texted, media: &[(String, String)]) {
    let mut add = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
    for (at, (url, media_type)) in media.iter().enumerate() {
        add(&format!("MediaUrl{at}"), url);
        add(&format!("MediaContentType{at}"), media_type);
    }
    if texted.whatsapp {
        add("WaId", from.trim_start_matches('+'));
        add("ProfileName", texted.name.as_deref().unwrap_or("Sim Customer"));
        add("MessageType", if texted.choice.is_some() { "button" } else { "text" });
    }
    if let Some(choice) = &texted.choice {
        add("ButtonPayload", choice);
        add("ButtonText", &texted.body);
    }
    if let Some(reply_to) = &texted.reply_to {
        add("OriginalRepliedMessageSid", reply_to);
    }
}

/// The vendor's own words for stopping, starting and help, and whether the customer is out after it.
fn opt_out(body: &str) -> Option<(&'static str, Option<bool>)> {
    match body.trim().to_ascii_uppercase().as_str() {
        "STOP" | "STOPALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" | "REVOKE" | "OPTOUT" => {
            Some(("STOP", Some(true)))
        }
        "START" | "YES" | "UNSTOP" => Some(("START", Some(false))),
        "HELP" | "INFO" => Some(("HELP", None)),
        _ => None,
    }
}

pub(super) fn router() -> Router<TwilioSim> {
    let methods = [Method::GET, Method::POST];
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(|origin: &HeaderValue, _| is_here(origin)))
        .allow_headers([HeaderName::from_static("content-type")])
        .allow_methods(methods);
    Router::new()
        .route("/__sim/numbers", get(numbers).post(add))
        .route("/__sim/taken", get(taken))
        .route("/__sim/phones/{number}", get(phone))
        .route("/__sim/phones/{number}/messages", post(message))
        .route("/__sim/faults", post(faults))
        .route("/__sim/calls", get(calls))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(cors)
}

/// Whether a page comes from this machine.
fn is_here(origin: &HeaderValue) -> bool {
    let origin = origin.to_str().unwrap_or_default();
    let host = origin.split_once("://").map(|(_, rest)| rest.rsplit_once(':').map_or(rest, |(host, _)| host));
    matches!(host, Some("localhost" | "127.0.0.1" | "[::1]"))
}

async fn numbers(State(sim): State<TwilioSim>) -> Json<Value> {
    let state = sim.lock();
    let shown = state
        .numbers
        .iter()
        .map(|number| json!({"number": number.e164, "name": number.name, "sms_url": number.sms_url}));
    Json(json!({"numbers": shown.collect::<Vec<Value>>()}))
}

/// A number the business buys in the vendor's console.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bought {
    number: String,
    #[serde(default)]
    name: String,
    /// Where messages to it are brought.
    sms_url: String,
}

async fn add(State(sim): State<TwilioSim>, Json(bought): Json<Bought>) -> Response {
    if !super::api::is_e164(&bought.number) {
        return refusal("a number is written with + and the country code");
    }
    sim.add_number(&bought.number, &bought.name, &bought.sms_url);
    StatusCode::CREATED.into_response()
}

async fn taken(State(sim): State<TwilioSim>) -> Json<Value> {
    let shown = sim.taken().into_iter().map(|message| {
        json!({"id": message.sid, "phone": message.phone, "text": message.text, "status": message.status,
            "about": message.callback})
    });
    Json(json!({"messages": shown.collect::<Vec<Value>>()}))
}

async fn phone(State(sim): State<TwilioSim>, Path(number): Path<String>) -> Json<Value> {
    Json(json!({"phone": number, "messages": sim.thread(&number)}))
}

async fn message(
    State(sim): State<TwilioSim>,
    Path(number): Path<String>,
    Json(texted): Json<Texted>,
) -> Response {
    if !super::api::is_e164(&number) {
        return refusal("a phone's number is written with + and the country code");
    }
    match sim.send_from(&number, &texted) {
        Ok(id) => (StatusCode::CREATED, Json(json!({"id": id}))).into_response(),
        Err(reason) => refusal(&reason),
    }
}

async fn faults(State(sim): State<TwilioSim>, Json(plan): Json<Plan>) -> StatusCode {
    let mut state = sim.lock();
    if plan.clear {
        state.faults.clear();
        state.refuse.clear();
        state.undeliver.clear();
        state.conduct = Conduct::default();
    }
    if let Some(conduct) = plan.conduct {
        state.conduct = conduct;
    }
    state.faults.extend(plan.next);
    state.refuse.extend(plan.refuse);
    state.undeliver.extend(plan.undeliver);
    StatusCode::NO_CONTENT
}

async fn calls(State(sim): State<TwilioSim>) -> Json<Value> {
    let calls = sim.calls();
    let shown = calls.iter().rev().take(200).map(|call| {
        let fields: serde_json::Map<String, Value> =
            call.fields.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        json!({"url": call.url, "fields": fields, "status": call.status})
    });
    Json(json!({"calls": shown.collect::<Vec<Value>>(), "alerts": sim.alerts()}))
}

fn refusal(reason: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": reason}))).into_response()
}
