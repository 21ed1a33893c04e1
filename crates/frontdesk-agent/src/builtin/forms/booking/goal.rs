//! What a message wants of an appointment: to make, move, cancel or look one up, or only to ask something on the side.

use super::catalog;
use super::form::{BookingForm, Goal};
use super::heard::{Heard, MEANINGS, With, all_staff};
use crate::builtin::desk::Desk;
use crate::builtin::text;
use crate::builtin::understand::{Intent, Part};

/// What the message wants of an appointment.
pub fn goal(desk: &Desk<'_, '_>, form: Option<&BookingForm>, heard: &Heard) -> Option<Goal> {
    let mut found = None;
    for part in &desk.heard.parts {
        found = match (found, part_goal(desk, form, heard, part)) {
            (_, Some(goal @ (Goal::Move | Goal::Cancel))) => Some(goal),
            (None, other) => other,
            (found, _) => found,
        };
    }
    found
}

fn part_goal(desk: &Desk<'_, '_>, form: Option<&BookingForm>, heard: &Heard, part: &Part) -> Option<Goal> {
    let (cues, language) = (&desk.models.cues, desk.language);
    let raw = desk.found.blanked(desk.input());
    let own = text::words(raw.get(part.span.clone()).unwrap_or_default());
    let raw_words: Vec<&str> = own.iter().map(String::as_str).collect();
    let fixed = part.word_refs();
    let says =
        |meaning: &str| cues.says(meaning, &raw_words, language) || cues.says(meaning, &fixed, language);
    let how_to = says("how_to");
    if says("policy") && !says("waiting") && !how_to {
        return None;
    }
    let open = form.filter(|form| !form.done);
    let last = form.is_some_and(|form| form.booking.is_some());
    let best = part.best();
    let change = best.intent == Intent::BookingChange && best.score >= 0.45;
    if says("cancel") {
        return Some(Goal::Cancel);
    }
    if (says("look_up") && !how_to) || (last && says("again")) {
        return Some(Goal::LookUp);
    }
    let kinds = catalog::types(cues, &desk.session.bookable, &raw_words);
    // "Change the e-mail to anna@example.com" changes no appointment.
    let detail = desk.has_details()
        && raw_words
            .iter()
            .any(|word| matches!(*word, "email" | "mail" | "phone" | "number" | "name" | "address"));
    let change = change && !detail;
    let timed = heard.changes_time();
    if says("move") && !detail && (open.is_none() || change) {
        return Some(Goal::Move);
    }
    if change && open.is_none() {
        return Some(Goal::Move);
    }
    let instead = (says("instead") && (timed || heard.with.is_some())) || heard.is_relative();
    if form.is_some_and(|form| form.done && form.booking.is_some()) && instead && kinds.is_empty() {
        return Some(Goal::Move);
    }
    if says("not_booking") && !says("book") {
        return None;
    }
    let courtesy =
        matches!(best.intent, Intent::Human | Intent::Complaint | Intent::OptOut | Intent::Emergency);
    if courtesy && best.score >= 0.5 {
        return None;
    }
    let booking = best.intent == Intent::Booking && best.score >= 0.4;
    let named = !kinds.is_empty();
    let staffed = matches!(heard.with, Some(With::Named(_)));
    // "And also a cleaning for my son", after one was booked.
    let another = form.is_some_and(|form| form.done && form.booking.is_some()) && says("another");
    // "How much is a cleaning?" "Let's do that, Monday morning."
    let taken_up = form.is_none_or(|form| form.done)
        && !heard.time.wish.is_empty()
        && (says("accept")
            || says("wish")
            || raw_words.iter().any(|word| matches!(*word, "come" | "kommen" | "venir")))
        && super::talked_about(desk, &desk.session.bookable).is_some();
    (says("book")
        || how_to
        || taken_up
        || (named && another)
        || booking
        || (named && (timed || says("wish") || (says("available") && staffed)))
        || (named && part.words.len() <= 4 && !part.asks && best.intent != Intent::Question)
        || (says("available") && timed && staffed))
        .then_some(Goal::Book)
}

/// A question that is not about when, so that it is for the documents.
pub fn is_side_question(desk: &Desk<'_, '_>, part: &Part, heard: &Heard) -> bool {
    let (cues, language) = (&desk.models.cues, desk.language);
    let raw = desk.found.blanked(desk.input());
    let Some(own) = raw.get(part.span.clone()) else { return false };
    let owned = text::words(own);
    let raw_words: Vec<&str> = owned.iter().map(String::as_str).collect();
    let fixed = part.word_refs();
    let says =
        |meaning: &str| cues.says(meaning, &raw_words, language) || cues.says(meaning, &fixed, language);
    let named = !catalog::types(cues, &desk.session.bookable, &raw_words).is_empty();
    if says("how_to") {
        return false;
    }
    if says("price") || says("length") || says("policy") || (says("who") && named) {
        return true;
    }
    let best = part.best();
    if named && !part.asks && part.words.len() <= 4 {
        return false;
    }
    if says("move") || says("cancel") || says("look_up") || part.score(Intent::BookingChange) >= 0.4 {
        return false;
    }
    if best.intent != Intent::Question || !(part.asks || best.score > 0.5) {
        return false;
    }
    let start = raw.get(..part.span.start).map_or(0, |before| before.chars().count());
    let end = start + own.chars().count();
    let timed = heard.time.spans.iter().any(|(from, _)| (start..end).contains(from));
    let about_time =
        MEANINGS.iter().filter(|meaning| !matches!(**meaning, "keep" | "instead" | "none")).any(|m| says(m));
    let staffed = !catalog::staff(&all_staff(&desk.session.bookable), &raw_words).is_empty();
    let whom = heard.with.is_some() && part.words.len() <= 6;
    if whom || says("other_staff") || says("any_staff") {
        return false;
    }
    !(timed || about_time || says("book") || says("waiting") || (says("available") && staffed))
}
