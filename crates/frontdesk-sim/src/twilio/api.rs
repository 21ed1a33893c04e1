//! Messages and the account over REST: who may ask, faults that are due, what is refused and by which code.

use std::collections::HashMap;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_domain::time::Timestamp;
use serde_json::{Value, json};

use super::calls::{Fields, steps, vendor_form};
use super::state::{Direction, Fault, Message, State as Held, TwilioSim};
use super::{contents, numbers};

/// Largest request.
const MAX_BODY: usize = 64 * 1024;
/// Fields of a new message, by the vendor's description.
const FIELDS: [&str; 25] = [
    "To",
    "From",
    "MessagingServiceSid",
    "Body",
    "MediaUrl",
    "ContentSid",
    "ContentVariables",
    "StatusCallback",
    "ApplicationSid",
    "MaxPrice",
    "ProvideFeedback",
    "Attempt",
    "ValidityPeriod",
    "ForceDelivery",
    "ContentRetention",
    "AddressRetention",
    "SmartEncoded",
    "PersistentAction",
    "TrafficType",
    "ShortenUrls",
    "ScheduleType",
    "SendAt",
    "SendAsMms",
    "RiskCheck",
    "FallbackFrom",
];

/// An error as the vendor words it.
#[derive(Debug)]
pub(super) struct ApiError {
    pub status: u16,
    pub code: u32,
    pub message: String,
    pub retry_after: Option<u32>,
}

impl ApiError {
    pub fn new(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after: None }
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(404, 20404, format!("The requested resource {what} was not found"))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = json!({
            "code": self.code, "message": self.message, "status": self.status,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", self.code),
        });
        let mut response = (status, axum::Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

pub(super) type Answer = Result<Response, ApiError>;

pub(super) fn router(sim: &TwilioSim) -> Router<TwilioSim> {
    Router::new()
        .route("/2010-04-01/Accounts/{account}", get(account))
        .route("/2010-04-01/Accounts/{account}/Messages.json", get(list).post(create))
        .route("/2010-04-01/Accounts/{account}/Messages/{file}", get(fetch))
        .route("/2010-04-01/Accounts/{account}/Messages/{message}/Media/{media}", get(media))
        .merge(numbers::router())
        .merge(contents::router())
        .layer(from_fn_with_state(sim.clone(), door))
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

/// What every request passes first: it is written down, may fail by plan, and needs the account's token.
async fn door(State(sim): State<TwilioSim>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let is_message = request.method() == Method::POST && path.ends_with("/Messages.json");
    let fault = {
        let mut state = sim.lock();
        state.log_request(format!("{} {}", request.method(), request.uri()));
        // A failure afterwards is the next message's, who takes it off the list itself.
        let is_now = state.faults.front().is_some_and(|fault| !matches!(fault, Fault::Fails { .. }));
        let planned = if is_now { state.faults.pop_front() } else { None };
        planned.or_else(|| {
            let of_numbers = path.contains("/IncomingPhoneNumbers");
            match *request.method() {
                Method::POST if of_numbers && path.ends_with("/IncomingPhoneNumbers.json") => {
                    state.purchase_fault.take()
                }
                Method::DELETE if of_numbers => state.release_fault.take(),
                _ => None,
            }
        })
    };
    let fault = fault.or_else(|| by_chance(&sim, is_message));
    let mut response = match &fault {
        Some(Fault::Error { status, code, message, retry_after }) => {
            let error =
                ApiError { retry_after: *retry_after, ..ApiError::new(*status, *code, message.clone()) };
            error.into_response()
        }
        Some(Fault::Down) => {
            (StatusCode::SERVICE_UNAVAILABLE, "<html>Service Unavailable</html>").into_response()
        }
        Some(Fault::Garbage) => "<html>Welcome</html>".into_response(),
        Some(Fault::Stall) => std::future::pending().await,
        _ => match check(&sim, request.headers(), &path) {
            Ok(()) => next.run(request).await,
            Err(error) => error.into_response(),
        },
    };
    match fault {
        Some(Fault::Lost) => response = StatusCode::BAD_GATEWAY.into_response(),
        Some(Fault::LostStall) => response = std::future::pending().await,
        _ => {}
    }
    if let Ok(date) = HeaderValue::from_str(&http_date(sim.now())) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// What goes wrong as often as the vendor's conduct says.
fn by_chance(sim: &TwilioSim, is_message: bool) -> Option<Fault> {
    let conduct = sim.lock().conduct.clone();
    if conduct.down {
        return Some(Fault::Down);
    }
    if is_message && sim.happens(conduct.limited) {
        let message = "Too many requests".to_owned();
        return Some(Fault::Error { status: 429, code: 20429, message, retry_after: Some(1) });
    }
    (is_message && sim.happens(conduct.unanswered)).then_some(Fault::Lost)
}

/// Whether the request carries the account's id and token, and is about this account.
fn check(sim: &TwilioSim, headers: &HeaderMap, path: &str) -> Result<(), ApiError> {
    let state = sim.lock();
    let pair = STANDARD.encode(format!("{}:{}", state.account.sid, state.account.token));
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if given != Some(&format!("Basic {pair}")) {
        return Err(ApiError::new(401, 20003, "Authenticate"));
    }
    let account = path.strip_prefix("/2010-04-01/Accounts/").and_then(|rest| rest.split(['/', '.']).next());
    if account.is_some_and(|account| account != state.account.sid) {
        return Err(ApiError::not_found(path));
    }
    if state.account.status != "active" && !path.ends_with(&format!("/{}.json", state.account.sid)) {
        return Err(ApiError::new(401, 20005, "Account is not active"));
    }
    Ok(())
}

/// An instant as the vendor writes it in answers (RFC 2822).
pub(super) fn date(at: Timestamp) -> String {
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    printer.timestamp_to_string(&at.to_jiff()).unwrap_or_default().replace("-0000", "+0000")
}

fn http_date(at: Timestamp) -> String {
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at.to_jiff()).unwrap_or_default()
}

/// The fields of a form, refused when it is none.
pub(super) fn form(headers: &HeaderMap, body: &Bytes) -> Result<Fields, ApiError> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(ApiError::new(415, 20415, format!("Unsupported media type {kind:?}")));
    }
    Ok(form_urlencoded::parse(body).map(|(name, value)| (name.into(), value.into())).collect())
}

pub(super) fn one<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.is_empty())
}

pub(super) fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (8..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn is_web(url: &str) -> bool {
    url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).is_some_and(|rest| !rest.is_empty())
}

async fn account(State(sim): State<TwilioSim>, Path(file): Path<String>) -> Answer {
    let state = sim.lock();
    let account = &state.account;
    if file != format!("{}.json", account.sid) {
        return Err(ApiError::not_found(&file));
    }
    let uri = format!("/2010-04-01/Accounts/{}.json", account.sid);
    let at = date(Timestamp::from_millis(1_700_000_000_000));
    Ok(axum::Json(json!({
        "sid": account.sid, "friendly_name": account.name, "status": account.status, "type": "Full",
        "owner_account_sid": account.sid, "auth_token": account.token, "uri": uri, "date_created": at,
        "date_updated": at, "subresource_uris": {},
    }))
    .into_response())
}

/// A message as the vendor shows it.
fn shown(state: &Held, message: &Message) -> Value {
    let account = &state.account.sid;
    let is_out = message.direction == Direction::Out;
    let customer = vendor_form(message.channel, &message.phone);
    let business = vendor_form(message.channel, &message.business);
    let (from, to) = if is_out { (business, customer) } else { (customer, business) };
    // What still waits was not sent yet.
    let sent = (!matches!(message.status, "queued" | "accepted")).then(|| date(message.at));
    json!({
        "sid": message.sid, "account_sid": account, "body": message.text, "from": from, "to": to,
        "direction": if is_out { "outbound-api" } else { "inbound" }, "status": message.status,
        "error_code": message.code, "error_message": null, "num_media": message.media.len().to_string(),
        "num_segments": message.text.chars().count().div_ceil(153).max(1).to_string(), "price": null,
        "price_unit": "USD", "api_version": "2010-04-01", "date_created": date(message.at),
        "date_updated": date(message.at), "date_sent": sent,
        "messaging_service_sid": message.by_service.then_some(&state.account.messaging_service_sid),
        "uri": format!("/2010-04-01/Accounts/{account}/Messages/{}.json", message.sid), "subresource_uris": {},
    })
}

async fn create(State(sim): State<TwilioSim>, headers: HeaderMap, body: Bytes) -> Answer {
    let fields = form(&headers, &body)?;
    let now = sim.now();
    let (sid, answer, steps) = {
        let mut state = sim.lock();
        let (mut message, failure) = judge(&state, &fields, now)?;
        let scripted = match state.faults.front() {
            Some(Fault::Fails { code }) => Some(*code),
            _ => None,
        };
        if scripted.is_some() {
            state.faults.pop_front();
        }
        message.sid = state.new_sid(if message.media.is_empty() { "SM" } else { "MM" });
        let answer = shown(&state, &message);
        let sid = message.sid.clone();
        let is_read = message.channel == "whatsapp";
        state.keep(message);
        (sid, answer, steps(failure.or(scripted), is_read))
    };
    sim.begin_delivery(&sid, steps);
    Ok((StatusCode::CREATED, axum::Json(answer)).into_response())
}

/// The message these fields make, and the code it will fail with after it was taken; or why it is refused.
fn judge(state: &Held, fields: &Fields, now: Timestamp) -> Result<(Message, Option<u32>), ApiError> {
    if let Some((unknown, _)) = fields.iter().find(|(name, _)| !FIELDS.contains(&name.as_str())) {
        return Err(ApiError::new(400, 20001, format!("Unknown parameter {unknown}")));
    }
    let refuse = |code: u32, message: String| Err(ApiError::new(400, code, message));
    let Some(to) = one(fields, "To") else { return refuse(21604, "A 'To' phone number is required.".into()) };
    let (channel, phone) = split(to);
    if let Some(code) = magic_to(phone).or_else(|| state.refuse.get(phone).copied()) {
        return refuse(code, format!("The number {phone} is refused"));
    }
    if !is_e164(phone) {
        return refuse(21211, format!("Invalid 'To' Phone Number: {phone}"));
    }
    let (business, by_service) = sender(state, fields, channel)?;
    if business == phone {
        return refuse(21266, "'To' and 'From' number cannot be the same".into());
    }
    if state.opted_out.contains(&(phone.to_owned(), business.clone())) {
        return refuse(21610, "Attempt to send to unsubscribed recipient".into());
    }
    let media: Vec<String> =
        fields.iter().filter(|(name, _)| name == "MediaUrl").map(|(_, url)| url.clone()).collect();
    if media.len() > 10 {
        return refuse(21623, "Number of media files exceeds allowed limit.".into());
    }
    if let Some(url) = media.iter().find(|url| !is_web(url)) {
        return refuse(21620, format!("Invalid media URL: {url}"));
    }
    let callback = one(fields, "StatusCallback");
    if callback.is_some_and(|url| !is_web(url)) {
        return refuse(21609, "Invalid 'StatusCallback' URL".into());
    }
    let template = one(fields, "ContentSid");
    let text = words(state, fields, template)?;
    if text.trim().is_empty() && media.is_empty() {
        return refuse(21619, "A text message body or media urls must be specified.".into());
    }
    if text.chars().count() > 1600 {
        return refuse(21617, "The concatenated message body exceeds the 1600 character limit".into());
    }
    let is_approved = template.and_then(|sid| state.contents.get(sid)).is_some_and(contents::is_approved);
    let is_late = channel == "whatsapp" && !is_approved && !state.window_is_open(phone, &business, now);
    let failure = if is_late { Some(63016) } else { state.undeliver.get(phone).copied() };
    let own_callback = state.number(&business).map(|number| number.status_callback.clone());
    let message = Message {
        sid: String::new(),
        direction: Direction::Out,
        phone: phone.to_owned(),
        business,
        channel,
        text,
        media,
        status: if by_service { "accepted" } else { "queued" },
        code: None,
        at: now,
        callback: callback.map(str::to_owned).or(own_callback).filter(|url| !url.is_empty()),
        by_service,
    };
    Ok((message, failure))
}

/// The channel an address is of, and the address without its prefix.
pub(super) fn split(address: &str) -> (&'static str, &str) {
    address.strip_prefix("whatsapp:").map_or(("sms", address), |bare| ("whatsapp", bare))
}

/// The vendor's test numbers, by its page on test credentials.
fn magic_to(phone: &str) -> Option<u32> {
    Some(match phone {
        "+15005550001" => 21211,
        "+15005550002" => 21612,
        "+15005550003" => 21408,
        "+15005550004" => 21610,
        "+15005550009" => 21614,
        _ => return None,
    })
}

/// The number a message leaves from, and whether the service sends it.
fn sender(state: &Held, fields: &Fields, channel: &str) -> Result<(String, bool), ApiError> {
    let refuse = |code: u32, message: String| Err(ApiError::new(400, code, message));
    let service = one(fields, "MessagingServiceSid");
    if service.is_some_and(|service| service != state.account.messaging_service_sid) {
        return refuse(21705, "The Messaging Service Sid is invalid".into());
    }
    let Some(from) = one(fields, "From") else {
        if service.is_none() {
            return refuse(21603, "A 'From' phone number is required.".into());
        }
        return match state.numbers.first() {
            Some(first) => Ok((first.e164.clone(), true)),
            None => refuse(21704, "The Messaging Service contains no phone numbers.".into()),
        };
    };
    let (from_channel, number) = split(from);
    match number {
        "+15005550001" => return refuse(21212, format!("Invalid 'From' Phone Number: {number}")),
        "+15005550007" => return refuse(21606, format!("{number} is not a Twilio number")),
        "+15005550008" => return refuse(21611, "This 'From' number has exceeded its queue".into()),
        _ => {}
    }
    if from_channel != channel {
        return refuse(21910, "Invalid From and To pair. From and To should be of the same channel".into());
    }
    if state.number(number).is_none() && number != "+15005550006" {
        return if channel == "whatsapp" {
            refuse(63007, "Twilio could not find a Channel with the specified From address".into())
        } else {
            refuse(
                21606,
                format!("The 'From' number {number} is not a valid, SMS-capable number of the account"),
            )
        };
    }
    Ok((number.to_owned(), service.is_some()))
}

/// The words of a message: its body, or its template filled in.
fn words(state: &Held, fields: &Fields, template: Option<&str>) -> Result<String, ApiError> {
    let Some(sid) = template else { return Ok(one(fields, "Body").unwrap_or_default().to_owned()) };
    let Some(template) = state.contents.get(sid).map(contents::words) else {
        return Err(ApiError::new(400, 21655, "The ContentSid is Invalid"));
    };
    let given = one(fields, "ContentVariables").unwrap_or("{}");
    let Ok(given) = serde_json::from_str::<HashMap<String, String>>(given) else {
        return Err(ApiError::new(400, 21656, "The ContentVariables Parameter is invalid"));
    };
    let filled =
        given.iter().fold(template, |text, (at, value)| text.replace(&format!("{{{{{at}}}}}"), value));
    if filled.contains("{{") {
        return Err(ApiError::new(400, 21656, "The ContentVariables Parameter is invalid"));
    }
    Ok(filled)
}

async fn fetch(State(sim): State<TwilioSim>, Path((_, file)): Path<(String, String)>) -> Answer {
    let state = sim.lock();
    let message = file.strip_suffix(".json").and_then(|sid| state.messages.get(sid));
    let message = message.ok_or_else(|| ApiError::not_found(&file))?;
    Ok(axum::Json(shown(&state, message)).into_response())
}

async fn list(
    State(sim): State<TwilioSim>,
    Path(account): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    const KNOWN: [&str; 8] =
        ["To", "From", "DateSent", "DateSent<", "DateSent>", "PageSize", "Page", "PageToken"];
    if let Some(unknown) = query.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        return Err(ApiError::new(400, 20001, format!("Unknown parameter {unknown}")));
    }
    let (page, size) = page_of(&query)?;
    let state = sim.lock();
    let newest_first = state.order.iter().rev().filter_map(|sid| state.messages.get(sid));
    let found: Vec<Value> = newest_first
        .map(|message| shown(&state, message))
        .filter(|message| {
            ["To", "From"].iter().all(|name| {
                query.get(*name).is_none_or(|wanted| {
                    message.get(name.to_lowercase()).and_then(Value::as_str) == Some(wanted)
                })
            })
        })
        .filter(|message| is_in_days(&query, message))
        .skip(page * size)
        .take(size + 1)
        .collect();
    let path = format!("/2010-04-01/Accounts/{account}/Messages.json");
    Ok(axum::Json(paged("messages", found, &path, &query, page, size)).into_response())
}

/// Whether a message was sent on the days that are asked for. What was not sent yet was on none.
fn is_in_days(query: &HashMap<String, String>, message: &Value) -> bool {
    let asked = |name: &str| query.get(name).map(|day| day.chars().take(10).collect::<String>());
    let bounds = (asked("DateSent"), asked("DateSent<"), asked("DateSent>"));
    if bounds == (None, None, None) {
        return true;
    }
    let sent = message
        .get("date_sent")
        .and_then(Value::as_str)
        .and_then(|text| jiff::fmt::rfc2822::parse(text).ok());
    let Some(day) = sent.map(|at| at.date().to_string()) else { return false };
    let (on, before, after) = bounds;
    on.is_none_or(|on| day == on)
        && before.is_none_or(|before| day <= before)
        && after.is_none_or(|after| day >= after)
}

/// Which page is asked for, and of what size.
pub(super) fn page_of(query: &HashMap<String, String>) -> Result<(usize, usize), ApiError> {
    let number = |name: &str, usual: usize| match query.get(name) {
        None => Ok(usual),
        Some(text) => text.parse().map_err(|_| ApiError::new(400, 20001, format!("{name} is not a number"))),
    };
    let size = number("PageSize", 50)?;
    if !(1..=1000).contains(&size) {
        return Err(ApiError::new(400, 20007, "Page size must be between 1 and 1000"));
    }
    Ok((number("Page", 0)?, size))
}

/// A page as the vendor shows it; `found` is one longer when another follows.
pub(super) fn paged(
    name: &str,
    mut found: Vec<Value>,
    path: &str,
    query: &HashMap<String, String>,
    page: usize,
    size: usize,
) -> Value {
    let next = (found.len() > size).then(|| {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        for (key, value) in query.iter().filter(|(key, _)| !key.starts_with("Page")) {
            pairs.append_pair(key, value);
        }
        let pairs = pairs
            .append_pair("PageSize", &size.to_string())
            .append_pair("Page", &(page + 1).to_string())
            .append_pair("PageToken", &format!("PA{page}"))
            .finish();
        format!("{path}?{pairs}")
    });
    found.truncate(size);
    json!({
        name: found, "page": page, "page_size": size, "start": page * size, "end": page * size + found.len(),
        "uri": path, "first_page_uri": path, "next_page_uri": next, "previous_page_uri": null,
    })
}

async fn media(State(sim): State<TwilioSim>, Path((_, _, sid)): Path<(String, String, String)>) -> Answer {
    let state = sim.lock();
    let file = state.files.iter().find(|(known, _)| *known == sid).map(|(_, file)| file.clone());
    let file = file.ok_or_else(|| ApiError::not_found(&sid))?;
    Ok(([(header::CONTENT_TYPE, file.media_type)], file.content).into_response())
}
