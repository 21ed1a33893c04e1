//! What a message says about an appointment. Reading only: nothing is decided here.

use frontdesk_domain::locale::Language;
use frontdesk_domain::workspace::WeeklyHours;
use jiff::tz::TimeZone;

use super::catalog;
use super::count;
use super::form::{BookingForm, Goal};
use super::wish::{Said, View};
use crate::booking::{BookableStaff, BookableType};
use crate::builtin::desk::Desk;
use crate::builtin::text::{self, Token};
use crate::builtin::understand::{Intent, Part};

/// With whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum With {
    /// This one.
    Named(BookableStaff),
    /// Somebody nobody here knows.
    Unknown,
    /// Somebody else than proposed.
    Other,
    /// Anybody.
    Anybody,
}

/// What a message says about an appointment.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// What is wanted.
    pub goal: Option<Goal>,
    /// Types it may mean.
    pub types: Vec<usize>,
    /// With whom.
    pub with: Option<With>,
    /// When, and lengths.
    pub time: Said,
    /// For so many.
    pub seats: Option<u32>,
    /// A place among offers: `usize::MAX` is the last.
    pub place: Option<usize>,
    /// A bare number, which may be a place or an hour.
    pub number: Option<u32>,
    /// What else was understood.
    pub cues: Vec<&'static str>,
    /// Digits that may be a code.
    pub code: Option<String>,
    /// Side questions, which the documents answer.
    pub questions: Vec<Part>,
}

/// Meanings that are looked for in every message.
const MEANINGS: &[&str] = &[
    "first_free",
    "any_time",
    "earlier",
    "later",
    "same_day",
    "other_day",
    "other_time",
    "week_after",
    "none",
    "waiting",
    "resend",
    "keep",
    "other_booking",
    "accept",
    "either",
    "again",
    "instead",
];

impl Heard {
    /// Whether a meaning was found.
    pub fn says(&self, meaning: &str) -> bool {
        self.cues.contains(&meaning)
    }

    /// Whether it changes when, with whom, what or how.
    pub fn changes_search(&self) -> bool {
        self.changes_time() || self.with.is_some() || self.seats.is_some() || !self.time.lengths.is_empty()
    }

    /// Whether it changes when.
    pub fn changes_time(&self) -> bool {
        !self.time.wish.is_empty()
            || self.time.soonest
            || [
                "first_free",
                "any_time",
                "earlier",
                "later",
                "same_day",
                "other_day",
                "other_time",
                "week_after",
            ]
            .iter()
            .any(|cue| self.says(cue))
    }
}

/// Opening and closing hour over the week.
pub fn business_hours(hours: &WeeklyHours) -> Option<(u8, u8)> {
    let all = || hours.0.values().flatten();
    let from = all().map(|stretch| stretch.from).min()?;
    let to = all().map(|stretch| stretch.to).max()?;
    let (from, to) = (u8::try_from(from / 60).ok()?, u8::try_from(to.div_ceil(60)).ok()?);
    (from < to && to <= 24).then_some((from, to))
}

/// From where the message is read; `previous`: the instant proposed last.
pub fn view(desk: &Desk<'_, '_>, previous: Option<jiff::Timestamp>) -> View {
    let business = &desk.session.business;
    let zone = TimeZone::get(&business.zone).unwrap_or(TimeZone::UTC);
    View {
        now: desk.session.now.to_jiff().to_zoned(zone),
        language: desk.language,
        country: business.country.clone(),
        hours: business_hours(&business.hours),
        previous,
    }
}

/// Reads the message.
pub fn message(desk: &Desk<'_, '_>, form: Option<&BookingForm>) -> Heard {
    let raw = desk.found.blanked(desk.input());
    let mut blank = raw.clone();
    let tokens = text::tokens(&raw);
    let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    let fixed: Vec<String> = desk.heard.parts.iter().flat_map(|part| part.words.clone()).collect();
    let fixed: Vec<&str> = fixed.iter().map(String::as_str).collect();
    let cues = &desk.models.cues;
    let says = |meaning: &str| {
        cues.says(meaning, &words, desk.language) || cues.says(meaning, &fixed, desk.language)
    };
    let mut heard =
        Heard { cues: MEANINGS.iter().copied().filter(|m| says(m)).collect(), ..Heard::default() };

    let own_names: Vec<&str> = desk.found.names.iter().map(|found| found.value.as_str()).collect();
    if let Some((count, first, length)) = count::seats(&words) {
        heard.seats = Some(count);
        blank_tokens(&mut blank, &tokens, first, length);
    }
    if let Some((place, first, length)) = count::place(&words) {
        heard.place = Some(place);
        blank_tokens(&mut blank, &tokens, first, length);
    }
    heard.number = match words.as_slice() {
        [] => None,
        some if some.len() <= 4 => {
            let numbers: Vec<u32> = some.iter().filter_map(|word| word.parse().ok()).collect();
            match numbers.as_slice() {
                [one] => Some(*one),
                _ => None,
            }
        }
        _ => None,
    };
    heard.code = count::code(desk.input());

    let previous = form.and_then(|form| {
        form.chosen
            .as_ref()
            .or_else(|| form.offered.first())
            .or(None)
            .and_then(|offer| offer.start.parse().ok())
    });
    let previous = previous.or_else(|| form.and_then(|form| form.booking.as_ref()?.start.parse().ok()));
    let view = view(desk, previous);
    heard.time = view.hear(&spelled(&blank));
    // "Something later" is understood from what was offered; "an hour later" is a time.
    for meaning in ["earlier", "later", "week_after"] {
        if heard.says(meaning)
            && heard.time.wish.exact.is_none()
            && let Some((first, length)) = cues.find(meaning, &words, desk.language)
        {
            blank_tokens(&mut blank, &tokens, first, length);
            heard.time = view.hear(&spelled(&blank));
        }
    }

    let staff = all_staff(&desk.session.bookable);
    let named: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !own_names.iter().any(|name| text::words(name).iter().any(|own| own == word)))
        .collect();
    heard.with = match catalog::staff(&staff, &named).as_slice() {
        [one, ..] if !refuses(&words, one) => Some(With::Named((*one).clone())),
        [_, ..] => Some(With::Other),
        [] if says("other_staff") => Some(With::Other),
        [] if says("any_staff") => Some(With::Anybody),
        [] if !staff.is_empty() && asks_for_stranger(&raw, &tokens) => Some(With::Unknown),
        [] => None,
    };
    let mut named = named;
    named.extend(fixed.iter().copied());
    heard.types = catalog::types(cues, &desk.session.bookable, &named);
    heard.goal = goal(desk, form, &heard);
    heard.questions =
        desk.heard.parts.iter().filter(|part| is_side_question(desk, part, &heard)).cloned().collect();
    heard
}

/// "not with Maria"
fn refuses(words: &[&str], person: &BookableStaff) -> bool {
    let name = text::words(&person.name);
    words.iter().enumerate().any(|(at, word)| {
        name.iter().any(|part| part == word)
            && words.get(at.saturating_sub(3)..at).unwrap_or_default().iter().any(|before| {
                matches!(
                    *before,
                    "not" | "no" | "nicht" | "pas" | "except" | "besides" | "instead" | "than" | "sin"
                )
            })
    })
}

/// Everybody a customer may ask for, once each.
pub fn all_staff(types: &[BookableType]) -> Vec<BookableStaff> {
    let mut all: Vec<BookableStaff> = Vec::new();
    for person in types.iter().flat_map(|kind| &kind.staff) {
        if !all.iter().any(|known| known.id == person.id) {
            all.push(person.clone());
        }
    }
    all
}

/// "with Sandra", where nobody has that name.
fn asks_for_stranger(raw: &str, tokens: &[Token]) -> bool {
    tokens.windows(2).any(|pair| {
        let [with, name] = pair else { return false };
        matches!(with.text.as_str(), "with" | "con" | "bei" | "avec")
            && raw.get(name.span.clone()).is_some_and(|raw| {
                raw.chars().next().is_some_and(char::is_uppercase)
                    && raw.chars().skip(1).any(char::is_lowercase)
            })
            && crate::builtin::extract::person::bare(name.text.as_str()).is_some()
    })
}

fn blank_tokens(text: &mut String, tokens: &[Token], first: usize, length: usize) {
    let (Some(from), Some(to)) = (tokens.get(first), tokens.get((first + length).saturating_sub(1))) else {
        return;
    };
    let span = from.span.start..to.span.end;
    if span.start < span.end && text.is_char_boundary(span.start) && text.is_char_boundary(span.end) {
        let spaces = " ".repeat(span.len().saturating_sub(1));
        text.replace_range(span, &format!(",{spaces}"));
    }
}

/// The text with weekdays, months and times of day spelled as they should be.
fn spelled(text: &str) -> String {
    const WORDS: &[&str] = &[
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "tomorrow",
        "tonight",
        "today",
        "afternoon",
        "morning",
        "evening",
        "weekend",
        "january",
        "february",
        "april",
        "august",
        "september",
        "october",
        "november",
        "december",
        "martes",
        "miercoles",
        "jueves",
        "viernes",
        "sabado",
        "domingo",
        "lunes",
        "manana",
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
        "nachmittag",
        "vormittag",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "demain",
        "matin",
    ];
    let mut fixed = String::with_capacity(text.len());
    let mut at = 0;
    for token in text::tokens(text) {
        if token.span.start < at {
            continue;
        }
        let length = token.text.chars().count();
        let better = (length >= 5 && !WORDS.contains(&token.text.as_str()))
            .then(|| {
                let most = if length >= 8 { 2 } else { 1 };
                let near = |word: &&&str| {
                    word.chars().next() == token.text.chars().next()
                        && !token.text.strip_prefix(**word).is_some_and(|rest| matches!(rest, "s" | "ish"))
                        && text::distance(&token.text, word, most).is_some()
                };
                WORDS.iter().find(near)
            })
            .flatten();
        if let Some(better) = better {
            fixed.push_str(text.get(at..token.span.start).unwrap_or_default());
            fixed.push_str(better);
            at = token.span.end;
        }
    }
    fixed.push_str(text.get(at..).unwrap_or_default());
    fixed
}

/// What the message wants of an appointment.
fn goal(desk: &Desk<'_, '_>, form: Option<&BookingForm>, heard: &Heard) -> Option<Goal> {
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
    if says("policy") && !says("waiting") {
        return None;
    }
    let open = form.filter(|form| !form.done);
    let last = form.is_some_and(|form| form.booking.is_some());
    let best = part.best();
    let change = best.intent == Intent::BookingChange && best.score >= 0.45;
    if says("cancel") {
        return Some(Goal::Cancel);
    }
    if says("look_up") || (last && says("again")) {
        return Some(Goal::LookUp);
    }
    let kinds = catalog::types(cues, &desk.session.bookable, &raw_words);
    let timed = heard.changes_time();
    if says("move") && (open.is_none() || change) {
        return Some(Goal::Move);
    }
    if change && open.is_none() {
        return Some(Goal::Move);
    }
    if form.is_some_and(|form| form.done && form.booking.is_some())
        && says("instead")
        && (timed || heard.with.is_some())
        && kinds.is_empty()
    {
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
    (says("book")
        || booking
        || (named && (timed || says("wish") || (says("available") && staffed)))
        || (named && part.words.len() <= 4 && !part.asks && best.intent != Intent::Question)
        || (says("available") && timed && staffed))
        .then_some(Goal::Book)
}

/// A question that is not about when, so that it is for the documents.
fn is_side_question(desk: &Desk<'_, '_>, part: &Part, heard: &Heard) -> bool {
    let (cues, language) = (&desk.models.cues, desk.language);
    let raw = desk.found.blanked(desk.input());
    let Some(own) = raw.get(part.span.clone()) else { return false };
    let owned = text::words(own);
    let raw_words: Vec<&str> = owned.iter().map(String::as_str).collect();
    let fixed = part.word_refs();
    let says =
        |meaning: &str| cues.says(meaning, &raw_words, language) || cues.says(meaning, &fixed, language);
    if says("price") || says("length") || says("policy") {
        return true;
    }
    let best = part.best();
    if best.intent != Intent::Question || !(part.asks || best.score > 0.5) {
        return false;
    }
    let start = raw.get(..part.span.start).map_or(0, |before| before.chars().count());
    let end = start + own.chars().count();
    let timed = heard.time.spans.iter().any(|(from, _)| (start..end).contains(from));
    let about_time =
        MEANINGS.iter().filter(|meaning| !matches!(**meaning, "keep" | "instead" | "none")).any(|m| says(m));
    let staffed = !catalog::staff(&all_staff(&desk.session.bookable), &raw_words).is_empty();
    !(timed || about_time || says("book") || says("waiting") || (says("available") && staffed))
}

/// The language's patterns of a meaning, for one text.
pub fn says(desk: &Desk<'_, '_>, meaning: &str, text: &str, language: Language) -> bool {
    let words = text::words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    desk.models.cues.says(meaning, &words, language)
}
