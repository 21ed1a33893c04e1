//! What a message says about an appointment. Reading only: nothing is decided here.

use frontdesk_domain::locale::Language;

use super::catalog;
use super::count;
use super::form::{Ask, BookingForm, Goal};
use super::goal;
use super::wish::{Said, View, Wish};
use crate::booking::{BookableStaff, BookableType};
use crate::builtin::desk::Desk;
use crate::builtin::text::{self, Token};
use crate::builtin::understand::Part;

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
    /// The same as an hour of either half of the day, when it can be no place.
    pub number_as_hour: Option<u16>,
    /// What else was understood.
    pub cues: Vec<&'static str>,
    /// When the booking is that they speak of, rather than when they would like to come.
    pub old: Wish,
    /// Digits that may be a code.
    pub code: Option<String>,
    /// Whether the day is only named by its weekday: "Thursday", not "this Thursday".
    pub weekday: bool,
    /// Side questions, which the documents answer.
    pub questions: Vec<Part>,
}

/// Meanings that are looked for in every message.
pub const MEANINGS: &[&str] = &[
    "first_free",
    "last_free",
    "any_time",
    "earlier",
    "later",
    "later_week",
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

    /// Whether it asks for another time than the one that was agreed.
    pub fn is_relative(&self) -> bool {
        ["earlier", "later", "later_week", "other_day", "other_time", "week_after"]
            .iter()
            .any(|cue| self.says(cue))
    }

    /// Whether it changes when, with whom, what or how.
    pub fn changes_search(&self) -> bool {
        self.changes_time() || self.with.is_some() || self.seats.is_some() || !self.time.lengths.is_empty()
    }

    /// Whether it changes when.
    pub fn changes_time(&self) -> bool {
        !self.time.wish.is_empty()
            || self.time.soonest
            || self.number_as_hour.is_some()
            || [
                "first_free",
                "last_free",
                "any_time",
                "earlier",
                "later",
                "later_week",
                "same_day",
                "other_day",
                "other_time",
                "week_after",
            ]
            .iter()
            .any(|cue| self.says(cue))
    }
}

/// From where the message is read; `previous`: the instant proposed last.
pub fn view(desk: &Desk<'_, '_>, previous: Option<jiff::Timestamp>) -> View {
    View::of(desk.session, desk.language, previous)
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
    blank_articles(&words, &tokens, &mut blank);
    if let Some((place, first, length)) = count::place(&words).filter(|_| !heard.says("last_free")) {
        heard.place = Some(place);
        blank_tokens(&mut blank, &tokens, first, length);
    }
    // "Is there parking? 10 works."
    let beside = desk.heard.parts.iter().any(|part| part.asks);
    let parts = desk.heard.parts.iter().filter(|part| beside && !part.asks);
    let parts = parts.filter_map(|part| raw.get(part.span.clone()));
    heard.number = count::alone(&words).or_else(|| parts.map(text::words).find_map(|own| count::alone(&own)));
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
    blank_taken_back(&view, &mut blank);
    blank_told(desk, &view, &mut blank);
    heard.time = view.hear(&spelled(&blank));
    // "Something later" is understood from what was offered; "an hour later" is a time.
    for meaning in ["later_week", "earlier", "later", "week_after"] {
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
    catalog::drop_refused(
        &mut heard.types,
        |said| catalog::types(cues, &desk.session.bookable, said),
        &words,
    );
    heard.weekday = names_weekday(&blank, &heard.time);
    heard.number_as_hour = hour(&heard, form);
    heard.goal = goal::goal(desk, form, &heard);
    let again =
        (heard.says("instead") || heard.is_relative()) && form.is_some_and(|form| form.booking.is_some());
    if matches!(heard.goal, Some(Goal::Move | Goal::Cancel | Goal::LookUp))
        && form.is_none_or(|form| form.done)
        && !again
    {
        let text = spelled(&blank);
        let (to, old) = split_old(&text, &heard.time);
        heard.old = view.hear(&old).wish;
        heard.time = view.hear(&to);
    }
    heard.questions =
        desk.heard.parts.iter().filter(|part| goal::is_side_question(desk, part, &heard)).cloned().collect();
    heard
}

/// A number that is an hour: "10 works", where no tenth was offered; "2", where the day was asked.
fn hour(heard: &Heard, form: Option<&BookingForm>) -> Option<u16> {
    let form = form?;
    let number = heard.number.filter(|number| (1..=12).contains(number))?;
    let beyond = form.is_picking() && usize::try_from(number).is_ok_and(|number| number > form.offered.len());
    let asked = matches!(form.asking, Some(Ask::When));
    let free = heard.time.wish.is_empty() && heard.seats.is_none();
    (free && (beyond || asked)).then(|| u16::try_from(number % 12).ok()).flatten()
}

/// "Monday, no wait, Friday": a day before words that take it back goes, when another comes after them.
fn blank_taken_back(view: &View, blank: &mut String) {
    const BACK: &[&str] = &[
        "no wait",
        "wait no",
        "wait, no",
        "scratch that",
        "actually no",
        "no actually",
        "no sorry",
        "sorry no",
        "i mean ",
        "mejor dicho",
        "no espera",
        "perdón, ",
        "nein doch",
        "nein, doch",
        "ach nein",
        "quatsch",
        "non plutôt",
        "non pardon",
    ];
    let lower = blank.to_lowercase();
    let Some(at) = BACK.iter().filter_map(|back| lower.rfind(back)).max() else { return };
    let (Some(before), Some(after)) = (blank.get(..at), blank.get(at..)) else { return };
    let (old, new) = (view.hear(&spelled(before)).wish, view.hear(&spelled(after)).wish);
    if old.days.is_empty() || new.days.is_empty() {
        return;
    }
    let spaces = " ".repeat(at);
    blank.replace_range(..at, &spaces);
}

/// Blanks times that are only told ("I fly on the 27th") beside those that are asked for.
fn blank_told(desk: &Desk<'_, '_>, view: &View, blank: &mut String) {
    let asks = |part: &&Part, own: &str| {
        part.asks
            || ["available", "book", "wish", "move", "instead"]
                .iter()
                .any(|m| says(desk, m, own, desk.language))
    };
    let timed: Vec<(&Part, bool)> = desk
        .heard
        .parts
        .iter()
        .filter_map(|part| {
            let own = blank.get(part.span.clone())?;
            (!view.hear(&spelled(own)).wish.is_empty()).then(|| (part, asks(&part, own)))
        })
        .collect();
    // "den 25. März" is one time, even where the full stop ends a part.
    let ends: Vec<usize> = timed
        .iter()
        .map(|(part, _)| blank.get(..part.span.end).unwrap_or_default().chars().count())
        .collect();
    let crosses = view
        .hear(&spelled(blank))
        .spans
        .iter()
        .any(|(from, to)| ends.iter().any(|end| from < end && end < to));
    if crosses || timed.len() < 2 || !timed.iter().any(|(_, asks)| *asks) {
        return;
    }
    for (part, _) in timed.iter().filter(|(_, asks)| !*asks) {
        if blank.is_char_boundary(part.span.start) && blank.is_char_boundary(part.span.end) {
            let spaces = " ".repeat(part.span.len());
            blank.replace_range(part.span.clone(), &spaces);
        }
    }
}

/// Which times are those of the booking they have ("my Tuesday appointment"), and which are where it should go ("to
/// Friday"): the text with only the new ones, and with only the old ones.
fn split_old(text: &str, said: &Said) -> (String, String) {
    const TO: &[&str] =
        &["to", "for", "until", "till", "auf", "al", "a", "para", "au", "to:", "on", "at", "instead"];
    let chars: Vec<char> = text.chars().collect();
    let (mut new, mut old) = (chars.clone(), chars.clone());
    for (at, (from, to)) in said.spans.iter().enumerate() {
        let before: String = chars.iter().take(*from).collect();
        let inside: String = chars.iter().skip(*from).take(to - from).collect();
        let last = text::words(&before).pop().unwrap_or_default();
        let first = text::words(&inside).into_iter().next().unwrap_or_default();
        let strong = |word: &str| TO.contains(&word) && !matches!(word, "on" | "at" | "for" | "a");
        let goes = strong(&last)
            || strong(&first)
            || (at > 0 && (TO.contains(&last.as_str()) || TO.contains(&first.as_str())));
        let side = if goes { &mut old } else { &mut new };
        side.iter_mut().skip(*from).take(to - from).for_each(|c| *c = ' ');
    }
    (new.into_iter().collect(), old.into_iter().collect())
}

/// "einen Termin", "für eine Zahnreinigung": an article is not one o'clock.
fn blank_articles(words: &[&str], tokens: &[Token], blank: &mut String) {
    for (at, pair) in words.windows(2).enumerate() {
        let article = matches!(
            pair,
            ["fur" | "para" | "pour" | "for", "eine" | "einen" | "ein" | "una" | "un" | "une" | "a"]
        );
        if article {
            blank_tokens(blank, tokens, at, 2);
        }
    }
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).copied().unwrap_or_default();
        let article = matches!(*word, "ein" | "eine" | "einen" | "einem")
            && !matches!(next, "uhr" | "stunde" | "woche" | "tag" | "halbe" | "minute" | "monat");
        if article {
            blank_tokens(blank, tokens, at, 1);
        }
    }
}

/// Whether what was said of the day is a weekday alone.
fn names_weekday(text: &str, said: &Said) -> bool {
    const DAYS: &str = "monday tuesday wednesday thursday friday saturday sunday lunes martes miercoles jueves viernes \
                        sabado domingo montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi \
                        jeudi vendredi samedi dimanche";
    const NEAR: &str = "this next coming last week today tomorrow diesen diese nachsten kommenden woche heute morgen este \
                        esta proximo que hoy manana ce prochain semaine demain";
    let is_in = |list: &str, word: &str| list.split_whitespace().any(|one| one == word);
    let days = said.spans.iter().filter_map(|(from, to)| {
        let own: String = text.chars().skip(*from).take(to - from).collect();
        let own = text::words(&own);
        own.iter().any(|word| is_in(DAYS, word)).then_some(own)
    });
    let mut days = days.peekable();
    days.peek().is_some()
        && days.all(|own| {
            own.iter().all(|word| !is_in(NEAR, word))
                && !own.iter().any(|word| word.parse::<u32>().is_ok_and(|n| n > 24))
        })
        && !text::words(text).iter().any(|word| matches!(word.as_str(), "this" | "diesen" | "este" | "ce"))
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

/// The language's patterns of a meaning, for one text.
pub fn says(desk: &Desk<'_, '_>, meaning: &str, text: &str, language: Language) -> bool {
    let words = text::words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    desk.models.cues.says(meaning, &words, language)
}
