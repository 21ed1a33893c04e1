//! Calendars as the team handles them: listed, connected by password, put to use, disconnected.

use frontdesk_connector::calendar::{CalendarAccount, CalendarError, MANIFESTS, RemoteCalendar, caldav};
use frontdesk_connector::manifest::Category;
use frontdesk_domain::access::Permission;
use frontdesk_domain::calendar::{CalendarStatus, ConnectedCalendar};
use frontdesk_domain::connection::{Connection, ConnectionCategory};
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{CalendarId, ConnectionId, StaffId};
use frontdesk_domain::text;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::calendar::{self, Stored};
use frontdesk_store::connection::SealedConnection;
use frontdesk_store::{JobRequest, Tx, booking_settings, calendar_account, connection, staff};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::account::{self, by_password};
use super::back::settle_tentative;
use super::{CHANNEL_JOB, PLACE_JOB, SYNC_JOB, stale_before, with_age};
use crate::validate::{Patch, Validator};
use crate::{App, AppError, Result};

/// The most calendars taken over from one account.
const MOST: usize = 100;

/// A vendor whose calendars can be connected here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendarVendor {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether a person consents on the vendor's page; otherwise address, user and password are asked for.
    pub consent: bool,
    /// Whether the operator set it up.
    pub ready: bool,
}

/// Vendors whose calendars can be connected.
pub fn vendors(app: &App, ctx: &Context) -> Result<Vec<CalendarVendor>> {
    ctx.require(Permission::BookingsRead)?;
    let calendars = MANIFESTS.iter().filter(|manifest| manifest.category == Category::Calendar);
    Ok(calendars
        .map(|manifest| CalendarVendor {
            id: manifest.id.to_owned(),
            name: manifest.name.to_owned(),
            consent: manifest.id != caldav::ID,
            ready: manifest.id == caldav::ID || app.settings.calendars.contains_key(manifest.id),
        })
        .collect())
}

/// The connected calendars, oldest first, each with its age.
pub async fn list(app: &App, ctx: &Context) -> Result<Vec<ConnectedCalendar>> {
    ctx.require(Permission::BookingsRead)?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let minutes = booking_settings::get(db, scope).await?.calendar_stale_minutes;
    let before = stale_before(ctx.now(), minutes);
    Ok(calendar::list(db, scope).await?.into_iter().map(|it| with_age(it.calendar, before)).collect())
}

/// A CalDAV account to connect.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCalDav {
    /// The server's address, or a calendar's.
    #[schema(min_length = 1, max_length = 2000)]
    pub url: String,
    /// The user's name there.
    #[schema(min_length = 1, max_length = 254)]
    pub username: String,
    /// Their password, best one made for this.
    #[schema(format = Password, min_length = 1, max_length = 1000)]
    pub password: String,
    /// Their address in invitations, where the user name is not one.
    #[schema(max_length = 254)]
    pub email: Option<String>,
    /// Whose calendars these are.
    pub staff_id: StaffId,
}

/// Connects a CalDAV account. The server is asked before anything is kept.
pub async fn connect_caldav(app: &App, ctx: &Context, new: NewCalDav) -> Result<Vec<ConnectedCalendar>> {
    ctx.require(Permission::CalendarsWrite)?;
    let mut errors = Validator::new();
    let url = errors.take("/url", text::line(&new.url, 2_000));
    let username = errors.take("/username", text::line(&new.username, 254));
    let email = errors.take_some("/email", new.email.filter(|it| !it.is_empty()), |it| text::email(&it));
    let fits =
        (1..=1_000).contains(&new.password.chars().count()) && !new.password.chars().any(char::is_control);
    errors.ensure("/password", fits, "must be 1 to 1000 characters");
    errors.ensure(
        "/url",
        url.starts_with("https://") || url.starts_with("http://"),
        "must begin with https:// (or http:// in your own network)",
    );
    errors.finish()?;
    staff::get(app.store.reader(), ctx.scope(), new.staff_id).await.map_err(unknown_staff)?;
    let mut settings = json!({ "url": url, "username": username });
    if let (Some(email), Some(fields)) = (email, settings.as_object_mut()) {
        fields.insert("email".to_owned(), json!(email));
    }
    let client = by_password(app, &settings, SecretString::from(new.password.clone()))?;
    let found = client.calendars().await.map_err(|error| refused(&error))?;
    let host = url.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let opened = Opened {
        vendor: caldav::ID,
        account: format!("{username} ({host})"),
        settings,
        secret: account::seal(app, ctx.scope(), &new.password)?,
        expires_at: None,
        staff: new.staff_id,
        found,
    };
    keep(app, ctx, opened).await
}

pub(super) fn unknown_staff(error: frontdesk_store::StoreError) -> AppError {
    match error {
        frontdesk_store::StoreError::NotFound(_) => {
            AppError::invalid("/staff_id", "is no staff member of yours")
        }
        other => other.into(),
    }
}

fn refused(error: &CalendarError) -> AppError {
    match error {
        CalendarError::Unauthorized => {
            AppError::invalid("/password", "is refused by the server, or the user name is; check both")
        }
        CalendarError::NotFound => {
            AppError::invalid("/url", "leads to no calendar; give the server's CalDAV address")
        }
        other => AppError::invalid("/url", format!("cannot be used: {other}")),
    }
}

/// An account that was just opened.
pub(super) struct Opened {
    pub vendor: &'static str,
    pub account: String,
    pub settings: Value,
    /// Sealed.
    pub secret: String,
    pub expires_at: Option<Timestamp>,
    pub staff: StaffId,
    pub found: Vec<RemoteCalendar>,
}

/// Asks an account what it holds, and what it is called.
pub(super) async fn look(
    client: &dyn CalendarAccount,
) -> Result<(String, Vec<RemoteCalendar>), CalendarError> {
    let found = client.calendars().await?;
    let main = found.iter().find(|it| it.primary).or_else(|| found.first());
    let name = main.map_or_else(String::new, |main| {
        if main.id.contains('@') && main.id.len() <= 254 { main.id.clone() } else { main.name.clone() }
    });
    Ok((name, found))
}

/// Keeps an account with its calendars. The main one blocks time and takes appointments from the start; an account that was
/// connected before gets its new access and keeps what was chosen.
pub(super) async fn keep(app: &App, ctx: &Context, opened: Opened) -> Result<Vec<ConnectedCalendar>> {
    if opened.found.is_empty() {
        return Err(AppError::Conflict("the account holds no calendar; make one there first".to_owned()));
    }
    let tx = app.store.begin(ctx).await?;
    let scope = tx.scope();
    staff::get(&tx, scope, opened.staff).await.map_err(unknown_staff)?;
    let all = calendar::list(&tx, scope).await?;
    let same = |it: &&Stored| {
        it.calendar.vendor == opened.vendor
            && it.calendar.account == opened.account
            && it.calendar.staff_id == Some(opened.staff)
            && opened.found.iter().any(|found| found.id == it.remote_id)
    };
    let known = all.iter().find(same).map(|it| it.calendar.connection_id);
    let id = match known {
        Some(id) => {
            let mut stored = connection::get(&tx, scope, id).await?;
            (stored.connection.settings, stored.secret) =
                (opened.settings.clone(), Some(opened.secret.clone()));
            stored.connection.updated_at = tx.now();
            connection::update(&tx, scope, &stored).await?;
            calendar_account::settle(&tx, scope, id, opened.expires_at).await?;
            id
        }
        None => open_connection(&tx, &opened).await?,
    };
    let mut count = all.len() as u64;
    let mut has_target =
        all.iter().any(|it| it.calendar.writes && it.calendar.staff_id == Some(opened.staff));
    let main = main_of(&opened.found);
    for (place, found) in opened.found.iter().take(MOST).enumerate() {
        let earlier = all.iter().find(|it| it.calendar.connection_id == id && it.remote_id == found.id);
        if let Some(earlier) = earlier {
            let mut again = calendar::get_for_update(&tx, scope, earlier.calendar.id).await?;
            again.calendar.writable = found.writable;
            again.calendar.name = shown(&found.name);
            if again.calendar.status == CalendarStatus::Disconnected {
                again.calendar.status = CalendarStatus::Waiting;
                again.calendar.error = None;
            }
            again.next_sync_at = tx.now();
            calendar::update(&tx, scope, &again).await?;
            start(&tx, &again);
            continue;
        }
        if count >= calendar::MAX {
            return Err(AppError::Conflict("1000 calendars are the most; disconnect some first".to_owned()));
        }
        count += 1;
        let is_main = main == Some(place);
        let made = Stored {
            calendar: ConnectedCalendar {
                id: CalendarId::new(tx.now(), tx.random()),
                connection_id: id,
                vendor: opened.vendor.to_owned(),
                account: opened.account.clone(),
                staff_id: Some(opened.staff),
                name: shown(&found.name),
                color: found.color.clone().filter(|color| color.len() <= 9),
                blocks: is_main,
                writes: is_main && found.writable && !has_target,
                writable: found.writable,
                status: CalendarStatus::Waiting,
                synced_at: None,
                stale: is_main,
                error: None,
            },
            remote_id: found.id.clone(),
            zone: found.zone.clone(),
            cursor: None,
            failures: 0,
            next_sync_at: tx.now(),
            requested_at: None,
            channel: None,
            created_at: tx.now(),
        };
        has_target |= made.calendar.writes;
        calendar::insert(&tx, scope, &made).await?;
        tx.emit(Event::CalendarUpdated { calendar_id: made.calendar.id });
        start(&tx, &made);
    }
    place_again(&tx, opened.staff);
    tx.audit(
        "calendar.connect",
        Some(id.to_string()),
        json!({ "vendor": opened.vendor, "account": opened.account }),
    );
    tx.commit().await?;
    let listed = list(app, ctx).await?;
    Ok(listed.into_iter().filter(|it| it.connection_id == id).collect())
}

async fn open_connection(tx: &Tx, opened: &Opened) -> Result<ConnectionId> {
    let made = Connection {
        id: ConnectionId::new(tx.now(), tx.random()),
        vendor: opened.vendor.to_owned(),
        category: ConnectionCategory::Calendar,
        name: shown(&opened.account),
        settings: opened.settings.clone(),
        has_secret: true,
        has_hook_secret: false,
        enabled: true,
        last_test: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    let id = made.id;
    let sealed =
        SealedConnection { connection: made, secret: Some(opened.secret.clone()), hook_secret: None };
    connection::insert(tx, tx.scope(), &sealed).await?;
    calendar_account::insert(tx, tx.scope(), id, opened.expires_at).await?;
    Ok(id)
}

/// The place of the calendar that is put to use at once.
fn main_of(found: &[RemoteCalendar]) -> Option<usize> {
    let primary = found.iter().position(|it| it.primary);
    primary.or_else(|| found.iter().position(|it| it.writable)).or((!found.is_empty()).then_some(0))
}

fn shown(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).take(120).collect();
    if name.trim().is_empty() { "Calendar".to_owned() } else { name }
}

/// Has a calendar in use read and watched.
fn start(tx: &Tx, stored: &Stored) {
    if !stored.is_used() {
        return;
    }
    let id = stored.calendar.id;
    tx.enqueue(JobRequest::new(SYNC_JOB, json!({ "calendar": id })).unique(id.to_string()).attempts(20));
    tx.enqueue(JobRequest::new(CHANNEL_JOB, json!({ "calendar": id })).unique(id.to_string()).attempts(20));
}

/// Has a staff member's appointments written where they belong now.
fn place_again(tx: &Tx, staff: StaffId) {
    let key = format!("{staff}:{}", tx.now().as_millis());
    tx.enqueue(JobRequest::new(PLACE_JOB, json!({ "staff": staff })).unique(key));
}

/// What may be changed of a calendar; absent fields stay.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarPatch {
    /// Whether what is busy in it blocks times.
    pub blocks: Option<bool>,
    /// Whether appointments are written into it; then no other calendar of the same person takes them.
    pub writes: Option<bool>,
    /// Whose it is.
    #[schema(value_type = Option<StaffId>)]
    #[serde(default)]
    pub staff_id: Patch<StaffId>,
}

/// Changes what a calendar is used for.
pub async fn update(
    app: &App,
    ctx: &Context,
    id: CalendarId,
    patch: CalendarPatch,
) -> Result<ConnectedCalendar> {
    ctx.require(Permission::CalendarsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let scope = tx.scope();
    let mut changed = calendar::get_for_update(&tx, scope, id).await?;
    let before = changed.clone();
    let shown = &mut changed.calendar;
    if let Patch::Set(staff_id) = &patch.staff_id {
        staff::get(&tx, scope, *staff_id).await.map_err(unknown_staff)?;
    }
    patch.staff_id.apply(&mut shown.staff_id);
    shown.blocks = patch.blocks.unwrap_or(shown.blocks);
    shown.writes = patch.writes.unwrap_or(shown.writes);
    let mut errors = Validator::new();
    errors.ensure("/writes", !shown.writes || shown.writable, "is not possible: the calendar is read-only");
    let is_used = shown.blocks || shown.writes;
    errors.ensure("/staff_id", !is_used || shown.staff_id.is_some(), "is needed while it is in use");
    errors.finish()?;
    if let (true, Some(staff_id)) = (shown.writes, shown.staff_id) {
        for other in calendar::list(&tx, scope).await? {
            if other.calendar.id != id && other.calendar.writes && other.calendar.staff_id == Some(staff_id) {
                let mut other = calendar::get_for_update(&tx, scope, other.calendar.id).await?;
                other.calendar.writes = false;
                calendar::update(&tx, scope, &other).await?;
                tx.emit(Event::CalendarUpdated { calendar_id: other.calendar.id });
            }
        }
    }
    if changed.is_used() && !before.is_used() {
        // What changed meanwhile was not followed.
        changed.next_sync_at = tx.now();
        start(&tx, &changed);
    }
    calendar::update(&tx, scope, &changed).await?;
    let moved = changed.calendar.staff_id != before.calendar.staff_id;
    if moved || changed.calendar.writes != before.calendar.writes {
        for staff_id in [before.calendar.staff_id, changed.calendar.staff_id].into_iter().flatten() {
            place_again(&tx, staff_id);
        }
    }
    tx.emit(Event::CalendarUpdated { calendar_id: id });
    tx.audit(
        "calendar.update",
        Some(id.to_string()),
        json!({ "blocks": changed.calendar.blocks, "writes": changed.calendar.writes }),
    );
    let minutes = booking_settings::get(&tx, scope).await?.calendar_stale_minutes;
    let (was, before) = (before.calendar, stale_before(tx.now(), minutes));
    tx.commit().await?;
    if let (Some(owner), true) = (was.staff_id, was.blocks) {
        // Who waited for this calendar waits no longer.
        settle_tentative(app, scope, owner).await?;
    }
    Ok(with_age(changed.calendar, before))
}

/// Has a calendar read now.
pub async fn request_sync(app: &App, ctx: &Context, id: CalendarId) -> Result<()> {
    ctx.require(Permission::CalendarsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let stored = calendar::get(&tx, tx.scope(), id).await?;
    if stored.calendar.status == CalendarStatus::Disconnected {
        return Err(AppError::Conflict("access was withdrawn; connect the account again".to_owned()));
    }
    ask_for(&tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Has a calendar read as soon as possible, also when it is being read right now.
pub(super) async fn ask_for(tx: &Tx, id: CalendarId) -> Result<()> {
    calendar::request(tx, tx.scope(), id, tx.now()).await?;
    tx.enqueue(JobRequest::new(SYNC_JOB, json!({ "calendar": id })).unique(id.to_string()).attempts(20));
    Ok(())
}

/// Disconnects the account of a calendar, with all its calendars. Appointments already written stay in them.
pub async fn delete(app: &App, ctx: &Context, id: CalendarId) -> Result<()> {
    ctx.require(Permission::CalendarsWrite)?;
    let stored = calendar::get(app.store.reader(), ctx.scope(), id).await?;
    let account = stored.calendar.connection_id;
    let all = calendar::list_of_connection(app.store.reader(), ctx.scope(), account).await?;
    super::push::stop(app, ctx.scope(), account).await;
    account::revoke(app, ctx.scope(), account).await;
    let tx = app.store.begin(ctx).await?;
    disconnect_all(&tx, account).await?;
    connection::delete(&tx, tx.scope(), account).await?;
    tx.audit(
        "calendar.disconnect",
        Some(account.to_string()),
        json!({ "vendor": stored.calendar.vendor, "account": stored.calendar.account }),
    );
    tx.commit().await?;
    for owner in all.iter().filter(|it| it.calendar.blocks).filter_map(|it| it.calendar.staff_id) {
        settle_tentative(app, ctx.scope(), owner).await?;
    }
    Ok(())
}

/// Forgets an account's calendars and everything known of them.
pub async fn disconnect_all(tx: &Tx, account: ConnectionId) -> Result<()> {
    let scope: Scope = tx.scope();
    for stored in calendar::list_of_connection(tx, scope, account).await? {
        calendar::delete(tx, scope, stored.calendar.id).await?;
        tx.emit(Event::CalendarUpdated { calendar_id: stored.calendar.id });
    }
    Ok(calendar_account::delete(tx, scope, account).await?)
}
