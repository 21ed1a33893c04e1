//! Checks of rules as people write them; every refused field is named.

use frontdesk_domain::availability::recurrence;
use frontdesk_domain::booking_type::{BookingTypeSettings, Location, QuestionKind};
use frontdesk_domain::context::Scope;
use frontdesk_domain::holiday;
use frontdesk_domain::id::PlaceId;
use frontdesk_domain::schedule::{BookingSettings, Schedule};
use frontdesk_domain::text;
use frontdesk_domain::workspace::Stretch;
use frontdesk_store::{Db, place, resource, staff};

use crate::Result;
use crate::validate::Validator;

fn is_color(text: &str) -> bool {
    text.len() == 7 && text.starts_with('#') && text.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit())
}

/// Checks a colour, if there is one.
pub(super) fn color(errors: &mut Validator, field: &str, text: Option<&str>) {
    errors.ensure(field, text.is_none_or(is_color), "must be a colour such as #4f46e5");
}

/// A line that may be empty.
pub(super) fn line(errors: &mut Validator, field: &str, text: &str, most: usize) -> String {
    if text.trim().is_empty() { String::new() } else { errors.take(field, text::line(text, most)) }
}

fn stretch(errors: &mut Validator, field: &str, hours: Stretch) {
    errors.ensure(
        field,
        hours.from < hours.to && hours.to <= 1440,
        "must start before it ends, within the day",
    );
}

/// Checks a schedule; `places` are those of the workspace.
pub(super) fn schedule(errors: &mut Validator, base: &str, schedule: &Schedule, places: &[PlaceId]) {
    let at = |field: &str| format!("{base}/{field}");
    errors.ensure(
        &at("zone"),
        schedule.zone.is_empty() || jiff::tz::TimeZone::get(&schedule.zone).is_ok(),
        "is no IANA time zone, such as Europe/Berlin",
    );
    let bounds = [
        ("weekly", schedule.weekly.len(), 100),
        ("overrides", schedule.overrides.len(), 1000),
        ("recurring", schedule.recurring.len(), 50),
        ("blocked", schedule.blocked.len(), 1000),
    ];
    for (field, count, most) in bounds {
        errors.ensure(&at(field), count <= most, &format!("may hold at most {most} entries"));
    }
    let known = |place: Option<PlaceId>| place.is_none_or(|place| places.contains(&place));
    for (index, rule) in schedule.weekly.iter().enumerate().take(100) {
        stretch(errors, &at(&format!("weekly/{index}/hours")), rule.hours);
        errors.ensure(&at(&format!("weekly/{index}/place_id")), known(rule.place_id), "is no place of yours");
    }
    for (index, different) in schedule.overrides.iter().enumerate().take(1000) {
        errors.ensure(
            &at(&format!("overrides/{index}/hours")),
            different.hours.len() <= 12,
            "may hold at most 12 entries",
        );
        for (number, hours) in different.hours.iter().enumerate().take(12) {
            stretch(errors, &at(&format!("overrides/{index}/hours/{number}")), *hours);
        }
        errors.ensure(
            &at(&format!("overrides/{index}/place_id")),
            known(different.place_id),
            "is no place of yours",
        );
        line(errors, &at(&format!("overrides/{index}/reason")), &different.reason, 200);
    }
    for (index, rule) in schedule.recurring.iter().enumerate().take(50) {
        errors.ensure(
            &at(&format!("recurring/{index}/minutes")),
            (5..=10_080).contains(&rule.minutes),
            "must be 5 to 10,080",
        );
        errors.ensure(&at(&format!("recurring/{index}/rrule")), rule.rrule.len() <= 500, "is too long");
        errors.ensure(
            &at(&format!("recurring/{index}/except")),
            rule.except.len() <= 500 && rule.extra.len() <= 500,
            "may hold at most 500 entries",
        );
        if rule.rrule.len() <= 500
            && let Err(error) = recurrence::check(rule)
        {
            errors.refuse(&at(&format!("recurring/{index}/rrule")), error.to_string());
        }
    }
    for (index, time) in schedule.blocked.iter().enumerate().take(1000) {
        errors.ensure(&at(&format!("blocked/{index}/to")), time.from < time.to, "must be after `from`");
        line(errors, &at(&format!("blocked/{index}/reason")), &time.reason, 200);
    }
}

/// The workspace's places.
pub(super) async fn places(db: &impl Db, scope: Scope) -> Result<Vec<PlaceId>> {
    Ok(place::list(db, scope).await?.into_iter().map(|place| place.id).collect())
}

/// Checks a booking type's settings and gives them back trimmed.
pub(super) async fn kind(
    db: &impl Db,
    scope: Scope,
    mut settings: BookingTypeSettings,
) -> Result<BookingTypeSettings> {
    let mut errors = Validator::new();
    settings.name = errors.take("/name", text::line(&settings.name, 120));
    settings.description = errors.take("/description", text::lines(&settings.description, 2_000));
    color(&mut errors, "/color", Some(&settings.color));
    let durations = &settings.durations;
    errors.ensure("/durations", (1..=8).contains(&durations.len()), "must hold 1 to 8 durations");
    errors.ensure(
        "/durations",
        durations.iter().all(|it| (5..=1440).contains(it)),
        "must each be 5 to 1,440 minutes",
    );
    let mut sorted = durations.clone();
    sorted.sort_unstable();
    sorted.dedup();
    errors.ensure("/durations", sorted.len() == durations.len(), "holds one twice");
    let ranges = [
        ("/buffer_before", settings.buffer_before, 0, 720),
        ("/buffer_after", settings.buffer_after, 0, 720),
        ("/minimum_notice", settings.minimum_notice, 0, 129_600),
        ("/horizon_days", settings.horizon_days, 1, 730),
        ("/slot_step", settings.slot_step, 5, 720),
        ("/capacity", settings.capacity, 1, 500),
        ("/change_notice", settings.change_notice, 0, 129_600),
    ];
    for (field, value, least, most) in ranges {
        errors.ensure(field, (least..=most).contains(&value), &format!("must be {least} to {most}"));
    }
    if let Some(price) = &settings.price {
        errors.ensure("/price/minor", price.minor <= 100_000_000, "is too much");
        let is_code =
            price.currency.len() == 3 && price.currency.bytes().all(|byte| byte.is_ascii_uppercase());
        errors.ensure("/price/currency", is_code, "must be an ISO 4217 code such as EUR");
    }
    questions(&mut errors, &settings);
    let limits = &settings.limits;
    let counts = [
        ("/limits/per_day", limits.per_day, 1000),
        ("/limits/per_week", limits.per_week, 5000),
        ("/limits/per_staff_day", limits.per_staff_day, 1000),
        ("/limits/per_staff_week", limits.per_staff_week, 5000),
    ];
    for (field, count, most) in counts {
        errors.ensure(
            field,
            count.is_none_or(|it| (1..=most).contains(&it)),
            &format!("must be 1 to {most}"),
        );
    }
    if let Some(reminders) = &settings.reminders {
        check_reminders(&mut errors, reminders);
    }
    location(&mut errors, &settings.location, &places(db, scope).await?);
    let staff = staff::list(db, scope).await?;
    let members = &settings.staff.members;
    errors.ensure("/staff/members", members.len() <= 200, "may hold at most 200 people");
    for (index, member) in members.iter().enumerate().take(200) {
        let field = format!("/staff/members/{index}");
        errors.ensure(
            &format!("{field}/staff_id"),
            staff.iter().any(|it| it.id == member.staff_id),
            "is nobody of yours",
        );
        let twice = members.iter().take(index).any(|other| other.staff_id == member.staff_id);
        errors.ensure(&format!("{field}/staff_id"), !twice, "is there twice");
        errors.ensure(&format!("{field}/weight"), (1..=100).contains(&member.weight), "must be 1 to 100");
    }
    let resources = resource::list(db, scope).await?;
    errors.ensure("/resources", settings.resources.len() <= 10, "may hold at most 10 resources");
    for (index, need) in settings.resources.iter().enumerate().take(10) {
        let field = format!("/resources/{index}");
        let found = resources.iter().find(|it| it.id == need.resource_id);
        errors.ensure(&format!("{field}/resource_id"), found.is_some(), "is no resource of yours");
        let units = found.map_or(100, |it| it.settings.units);
        errors.ensure(
            &format!("{field}/units"),
            (1..=units).contains(&need.units),
            &format!("must be 1 to {units}"),
        );
    }
    errors.finish()?;
    Ok(settings)
}

fn location(errors: &mut Validator, location: &Location, places: &[PlaceId]) {
    match location {
        Location::Place { place_id } => {
            errors.ensure("/location/place_id", places.contains(place_id), "is no place of yours");
        }
        Location::Address { address } => {
            line(errors, "/location/address", address, 500);
        }
        Location::Video { url } => {
            let fits = url.len() <= 500 && (url.starts_with("https://") || url.is_empty());
            errors.ensure("/location/url", fits, "must be a link that begins with https://");
        }
        Location::Business | Location::Phone | Location::Customer => {}
    }
}

fn questions(errors: &mut Validator, settings: &BookingTypeSettings) {
    errors.ensure("/questions", settings.questions.len() <= 20, "may hold at most 20 questions");
    for (index, question) in settings.questions.iter().enumerate().take(20) {
        let field = format!("/questions/{index}");
        let key = &question.key;
        let fits = (1..=40).contains(&key.len())
            && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        errors.ensure(&format!("{field}/key"), fits, "must be 1 to 40 of a-z, 0-9 and _");
        let twice = settings.questions.iter().take(index).any(|other| other.key == *key);
        errors.ensure(&format!("{field}/key"), !twice, "is there twice");
        errors.take(&format!("{field}/label"), text::line(&question.label, 300));
        let chooses = matches!(question.kind, QuestionKind::Select | QuestionKind::MultiSelect);
        let count = question.choices.len();
        errors.ensure(
            &format!("{field}/choices"),
            if chooses { (1..=30).contains(&count) } else { count == 0 },
            if chooses { "must hold 1 to 30 choices" } else { "are for select questions only" },
        );
        for (number, choice) in question.choices.iter().enumerate().take(30) {
            errors.take(&format!("{field}/choices/{number}"), text::line(choice, 120));
        }
    }
}

fn check_reminders(errors: &mut Validator, reminders: &[u32]) {
    errors.ensure("/reminders", reminders.len() <= 5, "may hold at most 5");
    errors.ensure(
        "/reminders",
        reminders.iter().all(|it| (5..=43_200).contains(it)),
        "must each be 5 minutes to 30 days",
    );
}

/// Checks a workspace's booking settings.
pub(super) fn settings(settings: &BookingSettings) -> Result<()> {
    let mut errors = Validator::new();
    let holidays = &settings.holidays;
    let known = |code: &String| holiday::countries().any(|country| country.code == code);
    errors.ensure(
        "/holidays/country",
        holidays.country.as_ref().is_none_or(known),
        "is a country whose holidays are not known",
    );
    errors.ensure("/holidays/working", holidays.working.len() <= 60, "may hold at most 60 entries");
    errors.ensure("/holidays/own", holidays.own.len() <= 200, "may hold at most 200 entries");
    for (index, own) in holidays.own.iter().enumerate().take(200) {
        errors.take(&format!("/holidays/own/{index}/name"), text::line(&own.name, 120));
    }
    let ranges = [
        ("/hold_minutes", settings.hold_minutes, 2, 60),
        ("/offer_minutes", settings.offer_minutes, 5, 1440),
        ("/no_show_follow_up", settings.no_show_follow_up.unwrap_or(0), 0, 168),
        ("/calendar_stale_minutes", settings.calendar_stale_minutes, 5, 10_080),
    ];
    for (field, value, least, most) in ranges {
        errors.ensure(field, (least..=most).contains(&value), &format!("must be {least} to {most}"));
    }
    check_reminders(&mut errors, &settings.reminders);
    errors.finish()
}
