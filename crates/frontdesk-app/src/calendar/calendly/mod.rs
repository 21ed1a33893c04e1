//! Bringing over what one person set up at Calendly: kinds of appointment, weekly hours, appointments to come.
//!
//! `preview.rs` says what would be made and what cannot be; `run.rs` makes it, a part at a call. Appointments go through
//! [`crate::booking::create`] like all others. Nothing is made twice: a type's id is made of Calendly's address of it, and
//! an appointment's request key, too, so that an import may be repeated or go on where it stopped. The access token is
//! used for the call it comes with and is not kept. `hours.rs` translates hours.

mod hours;
mod preview;
mod run;

pub use preview::{CalendlyBooking, CalendlyHours, CalendlyPreview, CalendlyState, CalendlyType, preview};
pub use run::{CalendlyCount, CalendlyHoursDone, CalendlyImport, CalendlyLeft, CalendlyReport, import};

use std::time::Duration;

use frontdesk_connector::calendar::calendly::{self, Calendly, ImportedBooking, ImportedType};
use frontdesk_connector::calendar::{Access, CalendarError, Credential, Window};
use frontdesk_domain::access::Permission;
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::id::{BookingTypeId, StaffId};
use frontdesk_domain::schedule::Staff;
use frontdesk_domain::time::Timestamp;
use frontdesk_http::Target;
use frontdesk_store::staff;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::connect::unknown_staff;
use crate::{App, AppError, Result, token};

/// The most kinds of appointment brought over.
const MOST_TYPES: usize = 100;
/// The most appointments a preview shows; more of them are brought over all the same.
const MOST_BOOKINGS: usize = 2_000;
/// How far ahead appointments are brought over.
const AHEAD: Duration = Duration::from_hours(24 * 730);

/// Whose things to look at.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendlyAccess {
    /// A personal access token made at Calendly. It is used for this call and not kept.
    #[schema(format = Password, min_length = 1, max_length = 2000)]
    pub token: String,
    /// Who takes the appointments here.
    pub staff_id: StaffId,
}

/// An open account, and whom it is brought over for.
struct Opened {
    client: Calendly,
    me: String,
    staff: Staff,
}

async fn open(app: &App, ctx: &Context, access: &CalendlyAccess) -> Result<Opened> {
    ctx.require(Permission::CalendarsWrite)?;
    ctx.require(Permission::SchedulesWrite)?;
    ctx.require(Permission::BookingsWrite)?;
    let secret = access.token.trim();
    if secret.is_empty() || secret.len() > 2_000 || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(AppError::invalid(
            "/token",
            "is no access token; copy the whole of it from Calendly, Integrations, API and webhooks",
        ));
    }
    let staff = staff::get(app.store.reader(), ctx.scope(), access.staff_id).await.map_err(unknown_staff)?;
    // The address is Calendly's, or one that the operator registered.
    let settings =
        app.settings.calendars.get(calendly::ID).map_or_else(|| json!({}), |it| it.settings.clone());
    let access = Access {
        http: app.http.clone(),
        target: Target::Trusted,
        credential: Credential::Bearer(SecretString::from(secret.to_owned())),
    };
    let client = Calendly::new(&settings, access).map_err(|error| AppError::Internal(error.to_string()))?;
    let me = client.me().await.map_err(|error| refused(&error))?;
    Ok(Opened { client, me, staff })
}

/// What Calendly's refusal means for the person who asked.
fn refused(error: &CalendarError) -> AppError {
    match error {
        CalendarError::Unauthorized => AppError::invalid(
            "/token",
            "is refused by Calendly: it is mistyped, or was withdrawn there; make a new one and try again",
        ),
        CalendarError::RateLimited { retry_after } => AppError::Unavailable(format!(
            "Calendly asks to slow down; try again in {} seconds",
            retry_after.as_secs()
        )),
        CalendarError::Rejected { text } => {
            AppError::invalid("/token", format!("may not read what is needed; Calendly says: {text}"))
        }
        _ => AppError::Unavailable("Calendly does not answer; try again in a few minutes".to_owned()),
    }
}

/// The id a kind of appointment has here: the same each time it is brought over into this workspace.
fn type_id(scope: Scope, uri: &str) -> BookingTypeId {
    let digest = Sha256::new()
        .chain_update(b"calendly\0")
        .chain_update(scope.workspace().uuid().as_bytes())
        .chain_update(uri.as_bytes())
        .finalize();
    let mut bytes = [0_u8; 16];
    for (byte, from) in bytes.iter_mut().zip(digest) {
        *byte = from;
    }
    let id: Uuid = uuid::Builder::from_custom_bytes(bytes).into_uuid();
    BookingTypeId::from_uuid(id)
}

/// The key under which an appointment is requested.
fn request_key(uri: &str) -> String {
    format!("calendly:{}", token::hash(uri))
}

/// Why a kind of appointment cannot be brought over.
fn misfit(kind: &ImportedType) -> Option<&'static str> {
    if kind.name.trim().is_empty() {
        Some("it has no name")
    } else if !(5..=1440).contains(&kind.minutes) {
        Some("appointments here last 5 minutes to 24 hours")
    } else {
        None
    }
}

/// An appointment's minutes, if it can be booked here.
fn minutes_of(booking: &ImportedBooking) -> Option<u32> {
    let length = booking.end.since(booking.start);
    let whole = length.as_secs().is_multiple_of(60) && booking.start < booking.end;
    u32::try_from(length.as_secs() / 60).ok().filter(|minutes| whole && (5..=1440).contains(minutes))
}

/// Words for an appointment whose type is not here.
const NO_TYPE: &str =
    "its kind of appointment is a team's, or no longer exists, at Calendly; book it by hand";
const BAD_LENGTH: &str = "appointments here last 5 minutes to 24 hours";

/// The person's appointments that begin later than an instant.
async fn bookings(
    opened: &Opened,
    after: Timestamp,
    now: Timestamp,
    most: usize,
) -> Result<Vec<ImportedBooking>> {
    let window = Window { from: after, to: now.plus(AHEAD) };
    let found = opened.client.bookings(&opened.me, window, most).await.map_err(|error| refused(&error))?;
    Ok(found.into_iter().filter(|booking| booking.start > now).collect())
}

/// A line of somebody else's text, cut to fit.
fn line(text: &str, most: usize) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect();
    text.trim().to_owned()
}
