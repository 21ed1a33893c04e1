//! Numbers over REST: what the account has, what can be had, and whether a number exists.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::api::{Answer, ApiError, form, is_e164, one, page_of, paged};
use super::calls::Fields;
use super::state::{Number, State as Held, TwilioSim};

/// Most numbers an account has.
const MAX_NUMBERS: usize = 1000;

pub(super) fn router() -> Router<TwilioSim> {
    Router::new()
        .route("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json", get(list).post(buy))
        .route(
            "/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{file}",
            get(fetch).post(update).delete(release),
        )
        .route("/2010-04-01/Accounts/{account}/AvailablePhoneNumbers/{country}/{kind}", get(available))
        .route("/v1/PhoneNumbers/Countries/{country}", get(prices))
        .route("/v2/PhoneNumbers/{number}", get(lookup))
}

fn shown(state: &Held, number: &Number) -> Value {
    let account = &state.account.sid;
    json!({
        "sid": number.sid, "account_sid": account, "phone_number": number.e164, "friendly_name": number.name,
        "capabilities": {"sms": true, "mms": true, "voice": true, "fax": false}, "sms_url": number.sms_url,
        "sms_method": "POST", "sms_fallback_url": number.fallback_url, "status_callback": number.status_callback,
        "voice_url": number.voice_url, "sms_application_sid": number.application, "status": "in-use", "origin": "twilio",
        "beta": false, "api_version": "2010-04-01",
        "uri": format!("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{}.json", number.sid),
    })
}

async fn list(
    State(sim): State<TwilioSim>,
    Path(account): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let (page, size) = page_of(&query)?;
    let state = sim.lock();
    let wanted = query.get("PhoneNumber").map(|text| text.replace('*', ""));
    let found: Vec<Value> = state
        .numbers
        .iter()
        .filter(|number| wanted.as_ref().is_none_or(|wanted| number.e164.contains(wanted.as_str())))
        .map(|number| shown(&state, number))
        .skip(page * size)
        .take(size + 1)
        .collect();
    let path = format!("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json");
    Ok(Json(paged("incoming_phone_numbers", found, &path, &query, page, size)).into_response())
}

async fn buy(State(sim): State<TwilioSim>, headers: HeaderMap, body: Bytes) -> Answer {
    let fields = form(&headers, &body)?;
    let mut state = sim.lock();
    let number = match (one(&fields, "PhoneNumber"), one(&fields, "AreaCode")) {
        (Some(number), _) if is_e164(number) => number.to_owned(),
        (Some(number), _) => {
            return Err(ApiError::new(400, 21421, format!("{number} is not a valid number")));
        }
        (None, Some(area)) => offered(&state, "US", Kind::Local, Some(area))
            .into_iter()
            .next()
            .ok_or_else(|| ApiError::new(400, 21452, "No phone numbers found in this area code"))?,
        (None, None) => return Err(ApiError::new(400, 21404, "PhoneNumber or AreaCode is required")),
    };
    if state.number(&number).is_some() || state.numbers.len() >= MAX_NUMBERS {
        return Err(ApiError::new(400, 21422, format!("{number} is not available")));
    }
    demand_papers(&number, &fields)?;
    let sid = state.new_sid("PN");
    let mut bought = Number {
        sid,
        name: number.clone(),
        e164: number,
        sms_url: String::new(),
        fallback_url: String::new(),
        status_callback: String::new(),
        voice_url: String::new(),
        application: String::new(),
    };
    set(&mut bought, &fields)?;
    let answer = shown(&state, &bought);
    state.numbers.push(bought);
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// Sets what the fields say.
fn set(number: &mut Number, fields: &Fields) -> Result<(), ApiError> {
    for (name, value) in fields {
        let is_address = name.ends_with("Url") || name == "StatusCallback";
        if is_address && !value.is_empty() && !value.starts_with("http://") && !value.starts_with("https://")
        {
            return Err(ApiError::new(400, 21402, format!("{name} is not a valid URL: {value}")));
        }
        match name.as_str() {
            "SmsUrl" => number.sms_url.clone_from(value),
            "SmsFallbackUrl" => number.fallback_url.clone_from(value),
            "StatusCallback" => number.status_callback.clone_from(value),
            "VoiceUrl" => number.voice_url.clone_from(value),
            "SmsApplicationSid" => number.application.clone_from(value),
            "FriendlyName" => number.name.clone_from(value),
            "SmsMethod" | "StatusCallbackMethod" | "VoiceMethod" if value == "POST" => {}
            "PhoneNumber" | "AreaCode" | "AddressSid" | "BundleSid" => {}
            _ => return Err(ApiError::new(400, 20001, format!("{name}={value} is not understood"))),
        }
    }
    Ok(())
}

fn find<'a>(state: &'a Held, file: &str) -> Result<&'a Number, ApiError> {
    let sid = file.strip_suffix(".json").unwrap_or_default();
    state.numbers.iter().find(|number| number.sid == sid).ok_or_else(|| ApiError::not_found(file))
}

async fn fetch(State(sim): State<TwilioSim>, Path((_, file)): Path<(String, String)>) -> Answer {
    let state = sim.lock();
    let number = find(&state, &file)?;
    Ok(Json(shown(&state, number)).into_response())
}

async fn update(
    State(sim): State<TwilioSim>,
    Path((_, file)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let fields = form(&headers, &body)?;
    let mut state = sim.lock();
    let mut changed = find(&state, &file)?.clone();
    set(&mut changed, &fields)?;
    let answer = shown(&state, &changed);
    if let Some(number) = state.numbers.iter_mut().find(|number| number.sid == changed.sid) {
        *number = changed;
    }
    Ok(Json(answer).into_response())
}

async fn release(State(sim): State<TwilioSim>, Path((_, file)): Path<(String, String)>) -> Answer {
    let mut state = sim.lock();
    let sid = find(&state, &file)?.sid.clone();
    state.numbers.retain(|number| number.sid != sid);
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Local,
    TollFree,
    Mobile,
}

impl Kind {
    /// The kind an address asks for, where the country has numbers of it.
    fn of(country: &str, file: &str) -> Option<Self> {
        match (country, file) {
            ("US" | "CA" | "GB", "Local.json") => Some(Self::Local),
            ("US" | "CA", "TollFree.json") => Some(Self::TollFree),
            ("GB", "Mobile.json") => Some(Self::Mobile),
            _ => None,
        }
    }
}

/// Some countries' numbers go only to somebody who has told who they are.
fn demand_papers(number: &str, fields: &Fields) -> Result<(), ApiError> {
    if number.starts_with("+447") && one(fields, "BundleSid").is_none() {
        return Err(ApiError::new(400, 21649, "Bundle required"));
    }
    if number.starts_with("+442") && one(fields, "AddressSid").is_none() {
        return Err(ApiError::new(
            400,
            21631,
            "Phone Number Requires an Address but the 'AddressSid' is empty",
        ));
    }
    Ok(())
}

/// Numbers that can be had: the numbers of films and books.
fn offered(state: &Held, country: &str, kind: Kind, area: Option<&str>) -> Vec<String> {
    let area = area.unwrap_or("415");
    let all = (0..40).map(|at| match (country, kind) {
        ("GB", Kind::Mobile) => format!("+4477009001{at:02}"),
        ("GB", _) => format!("+4420794600{at:02}"),
        (_, Kind::TollFree) => format!("+180055501{at:02}"),
        _ => format!("+1{area}55501{at:02}"),
    });
    all.filter(|number| state.number(number).is_none()).collect()
}

/// As people write it, where the vendor does.
fn written(number: &str) -> String {
    let parts =
        number.strip_prefix("+1").and_then(|rest| Some((rest.get(..3)?, rest.get(3..6)?, rest.get(6..)?)));
    match parts {
        Some((area, exchange, line)) => format!("({area}) {exchange}-{line}"),
        None => number.to_owned(),
    }
}

/// What numbers cost each month.
async fn prices(Path(country): Path<String>) -> Answer {
    let (unit, local, other, price) = match country.as_str() {
        "US" | "CA" => ("USD", "1.15", "toll free", "2.15"),
        "GB" => ("GBP", "0.90", "mobile", "1.00"),
        _ => return Err(ApiError::not_found(&format!("/v1/PhoneNumbers/Countries/{country}"))),
    };
    Ok(Json(json!({
        "country": country, "iso_country": country, "price_unit": unit,
        "phone_number_prices": [
            {"number_type": "local", "base_price": local, "current_price": local},
            {"number_type": other, "base_price": price, "current_price": price},
        ],
    }))
    .into_response())
}

async fn available(
    State(sim): State<TwilioSim>,
    Path((_, country, kind)): Path<(String, String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let Some(of) = Kind::of(&country, &kind) else {
        return Err(ApiError::not_found(&format!("/AvailablePhoneNumbers/{country}/{kind}")));
    };
    let flags = ["SmsEnabled", "MmsEnabled", "VoiceEnabled"];
    for (name, value) in &query {
        let is_known = match name.as_str() {
            "AreaCode" => value.len() == 3 && value.bytes().all(|byte| byte.is_ascii_digit()),
            "Contains" => (2..=16).contains(&value.len()),
            "PageSize" | "Page" => true,
            other => flags.contains(&other) && matches!(value.as_str(), "true" | "false"),
        };
        if !is_known {
            return Err(ApiError::new(400, 20001, format!("{name}={value} is not understood")));
        }
    }
    let (_, size) = page_of(&query)?;
    let state = sim.lock();
    let area = query.get("AreaCode").map(String::as_str);
    let contains = query.get("Contains").map(|text| text.replace(['*', '+'], "")).unwrap_or_default();
    let papers = if country == "GB" { "any" } else { "none" };
    let found: Vec<Value> = offered(&state, &country, of, area)
        .into_iter()
        .filter(|number| number.contains(&contains))
        .take(size)
        .map(|number| {
            json!({
                "phone_number": number, "friendly_name": written(&number),
                "locality": (of == Kind::Local).then_some("Riverside"),
                "region": (of == Kind::Local && country != "GB").then_some("CA"),
                "iso_country": country, "beta": false, "address_requirements": papers,
                "capabilities": {"voice": true, "SMS": true, "MMS": true},
            })
        })
        .collect();
    Ok(Json(json!({"available_phone_numbers": found, "uri": ""})).into_response())
}

async fn lookup(State(_): State<TwilioSim>, Path(number): Path<String>) -> Answer {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let error = match digits {
        _ if !number.starts_with('+') => Some("NOT_A_NUMBER"),
        0..=7 => Some("TOO_SHORT"),
        16.. => Some("TOO_LONG"),
        // Not a number anybody in North America can have.
        _ if number.starts_with("+1") && digits != 11 => Some("INVALID_LENGTH"),
        _ => None,
    };
    let errors: Vec<&str> = error.into_iter().collect();
    Ok(Json(json!({
        "phone_number": number, "valid": errors.is_empty(), "validation_errors": errors, "country_code": "US",
        "calling_country_code": "1", "national_format": number,
    }))
    .into_response())
}
