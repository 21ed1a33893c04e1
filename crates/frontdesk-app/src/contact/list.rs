//! Lists of contacts: what a filter from outside may say, and what the store is asked.

use std::time::Duration;

use frontdesk_domain::access::Permission;
use frontdesk_domain::contact_list::{ContactFilter, ContactPage, FieldComparison, FieldTest};
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::phone;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::contact::field::{Searched, searched};
use frontdesk_store::contact::{Counted, FieldTerm, Filter, Order, Place, Span};
use frontdesk_store::{Db, contact, workspace};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::finds_names_only;
use crate::validate::{Validator, check_query};
use crate::{App, AppError, Result};

const DAY: Duration = Duration::from_hours(24);
/// How many contacts a jump to a page may leave out when a filter is on: what is counted exactly.
const MAX_SKIP: u64 = 10_000;

/// What a list of contacts is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Name, A to Z.
    Name,
    /// First seen, newest first.
    #[default]
    CreatedAt,
    /// Last seen, newest first.
    LastSeenAt,
    /// Last contacted, newest first.
    LastContactedAt,
    /// Status.
    Status,
}

/// Which way a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The smallest first.
    Asc,
    /// The largest first.
    Desc,
}

/// What a list of contacts asks for.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// Which contacts.
    pub filter: ContactFilter,
    /// The order.
    pub sort: Sort,
    /// Its direction; the usual one of the order when absent.
    pub direction: Option<Direction>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// The page that is jumped to, from 1; not looked at beside a cursor.
    pub page: Option<u64>,
    /// How many contacts.
    pub size: u32,
}

/// A page of contacts with their number in all.
pub async fn list(app: &App, ctx: &Context, ask: Ask) -> Result<ContactPage> {
    ctx.require(Permission::ContactsRead)?;
    let filter = check(app, ctx, &ask.filter).await?;
    let by = match ask.sort {
        Sort::Name => Order::Name,
        Sort::CreatedAt => Order::Created,
        Sort::LastSeenAt => Order::Seen,
        Sort::LastContactedAt => Order::Contacted,
        Sort::Status => Order::Status,
    };
    let mut sort = contact::Sort::from(by);
    if let Some(direction) = ask.direction {
        sort.descending = direction == Direction::Desc;
    }
    let skip = match (&ask.cursor, ask.page) {
        (None, Some(page)) => page.saturating_sub(1).saturating_mul(u64::from(ask.size)),
        _ => 0,
    };
    if ask.filter != ContactFilter::default() && skip > MAX_SKIP {
        return Err(crate::AppError::invalid(
            "/page",
            "is too far for a list with a filter: at most 10,000 contacts can be passed over; narrow the filter",
        ));
    }
    let place = Place { cursor: ask.cursor.as_deref(), skip };
    let found = contact::list(app.store.reader(), ctx.scope(), &filter, sort, place, ask.size).await?;
    Ok(ContactPage {
        items: found.items,
        next_cursor: found.next,
        total: found.counted.total,
        total_kind: found.counted.kind,
    })
}

/// How many contacts match.
pub async fn count(app: &App, ctx: &Context, filter: &ContactFilter) -> Result<Counted> {
    ctx.require(Permission::ContactsRead)?;
    let filter = check(app, ctx, filter).await?;
    Ok(contact::count(app.store.reader(), ctx.scope(), &filter).await?)
}

/// A filter as the store takes it.
///
/// # Errors
/// Every part that cannot be meant, by its place in the filter.
pub(crate) async fn check(app: &App, ctx: &Context, filter: &ContactFilter) -> Result<Filter> {
    let names_only = finds_names_only(ctx);
    let known = check_in(app.store.reader(), ctx.scope(), ctx.now(), filter).await?;
    let asks = |value: &serde_json::Value| value.as_str().is_some_and(is_address);
    if names_only && filter.fields.iter().any(|test| test.value.as_ref().is_some_and(asks)) {
        return Err(AppError::invalid(
            "/filter/fields",
            "asks for a number or an address, which you see masked",
        ));
    }
    Ok(Filter { names_only, ..known })
}

/// Whether this could be part of a number or an address.
fn is_address(text: &str) -> bool {
    text.contains('@') || text.chars().filter(char::is_ascii_digit).count() > 4
}

/// As [`check`], in a unit of work.
pub(crate) async fn check_in(
    db: &impl Db,
    scope: Scope,
    now: Timestamp,
    filter: &ContactFilter,
) -> Result<Filter> {
    check_query("/filter/q", filter.q.as_deref())?;
    let mut check = Validator::new();
    check.ensure("/filter/tags", filter.tags.len() <= 10, "names too many tags: at most 10");
    for tag in &filter.tags {
        check.ensure(
            "/filter/tags",
            tag.chars().count() <= 40,
            "names a tag that is too long: at most 40 characters",
        );
    }
    check.ensure("/filter/fields", filter.fields.len() <= 10, "compares too many fields: at most 10");
    check.ensure("/filter/statuses", filter.statuses.len() <= 7, "names a status twice");
    let mut fields = Vec::new();
    for (n, test) in filter.fields.iter().enumerate().take(10) {
        match term(test) {
            Ok(term) => fields.push(term),
            Err(reason) => check.refuse(&format!("/filter/fields/{n}/value"), reason),
        }
    }
    let spans = [
        ("/filter/created_to", filter.created_from, filter.created_to),
        ("/filter/seen_to", filter.seen_from, filter.seen_to),
    ];
    for (place, from, to) in spans {
        let fits = from.zip(to).is_none_or(|(from, to)| from < to);
        check.ensure(place, fits, "must be later than where the time begins");
    }
    check.finish()?;
    let calling_code = match &filter.q {
        Some(q) if q.chars().any(|c| c.is_ascii_digit()) => {
            phone::calling_code(&workspace::get(db, scope).await?.country)
        }
        _ => None,
    };
    Ok(Filter {
        names_only: false,
        text: filter.q.clone(),
        calling_code,
        tags: filter.tags.clone(),
        statuses: filter.statuses.clone(),
        created: Span { from: filter.created_from, to: filter.created_to },
        seen: Span { from: filter.seen_from, to: filter.seen_to },
        contacted_before: filter.days_since_contact.map(|days| now.minus(DAY * days.min(36_500))),
        follow_ups_from: filter.follow_ups_from,
        follow_ups_to: filter.follow_ups_to,
        import: filter.import_id,
        workflow: filter.workflow_id,
        not_in: None,
        fields,
    })
}

fn term(test: &FieldTest) -> std::result::Result<FieldTerm, &'static str> {
    if test.key.chars().count() > 60 {
        return Err("belongs to a key that is too long: at most 60 characters");
    }
    let value = match (test.test, &test.value) {
        (FieldComparison::Set, _) => None,
        (_, None | Some(Value::Null)) => return Err("is missing"),
        (_, Some(Value::Array(_) | Value::Object(_))) => {
            return Err("must be a text, a number, true or false");
        }
        (_, Some(Value::String(text))) if text.trim().is_empty() => return Err("is empty"),
        (FieldComparison::Begins, Some(Value::String(text))) => {
            Some(Searched::Text(text.to_lowercase().chars().take(100).collect()))
        }
        (_, Some(value)) => searched(value),
    };
    Ok(FieldTerm { key: test.key.clone(), test: test.test, value })
}
