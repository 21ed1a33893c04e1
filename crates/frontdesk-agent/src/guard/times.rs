//! The times of a reply against the times the tools gave.
//!
//! Once free times were looked up, a model may speak of them ([`super::claim::Deed::Slot`] is proven); here every clock
//! time it offers is looked for among those it was given, and every time of an appointment among the customer's
//! bookings. What a sentence denies, reports, or names for something else (an opening hour, an end, an arrival) is left
//! alone, as are days without a time and lengths. The reader does not judge which service a time was given for.

use std::sync::LazyLock;

use frontdesk_domain::locale::Language;
use frontdesk_domain::natural_time::{Grain, Kind, Match};
use frontdesk_domain::written;
use jiff::civil::{Date, Time};
use jiff::{Span, Timestamp, Zoned};

use super::claim::{self, Claim, Deed};
use crate::builtin::forms::booking::wish::{View, minute_of};
use crate::builtin::language::Detector;
use crate::session::{Receipt, ReceiptKind, Session};
use crate::shelf::Shelf;

/// Most of the customer's lines that are read.
const MOST_LINES: usize = 8;
/// Most times named in place of a wrong one.
const MOST_RIGHT: usize = 3;
/// Minutes of a day.
const DAY: u16 = 24 * 60;
/// Longest appointment that a bare line may mean, in minutes.
const LONG: u16 = 150;
/// Half a day: "at 3" may be 15:00.
const HALF: u16 = 12 * 60;

/// What a reply may rest on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evidence<'a> {
    /// Receipts of the conversation.
    pub receipts: &'a [Receipt],
    /// Times and bookings the tools named.
    pub shelf: Option<&'a Shelf>,
}

impl<'a> Evidence<'a> {
    /// Receipts and the times that came with them.
    pub fn new(receipts: &'a [Receipt], shelf: &'a Shelf) -> Self {
        Self { receipts, shelf: Some(shelf) }
    }

    pub(super) fn has(&self, kind: ReceiptKind) -> bool {
        self.receipts.iter().any(|receipt| receipt.kind == kind)
    }
}

/// What is wrong with a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// It was offered; else it was told as the time of an appointment.
    pub offered: bool,
    /// The day that was spoken of.
    pub day: Date,
    /// The language of the sentence.
    pub language: Language,
}

/// Reads times as the customer does.
#[derive(Debug, Clone)]
pub struct Reader {
    view: View,
    lines: Vec<String>,
}

/// How a phrase names its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// Not at all: "3 pm".
    Nothing,
    /// By the weekday: "Tuesday".
    Weekday,
    /// By its date, or seen from today.
    Day,
}

/// A time in a text.
#[derive(Debug, Clone)]
struct Spoken {
    /// Where, in characters.
    span: (usize, usize),
    names: Names,
    /// First day, day after the last.
    days: (Date, Date),
    /// First and last minute of the day; none without a time of day.
    clock: Option<(u16, u16)>,
    /// Morning and afternoon are not told apart.
    loose: bool,
}

impl Spoken {
    fn is_on(&self, day: Date) -> bool {
        let single = self.days.0.tomorrow().is_ok_and(|next| next == self.days.1);
        self.names == Names::Nothing
            || (self.days.0 <= day && day < self.days.1)
            || (self.names == Names::Weekday && single && self.days.0.weekday() == day.weekday())
    }

    /// Hours at a stretch: opening hours, not an appointment.
    fn is_long(&self) -> bool {
        self.clock.is_some_and(|(from, to)| to.abs_diff(from) > LONG)
    }

    fn is_at(&self, minute: u16) -> bool {
        let Some((from, to)) = self.clock else { return true };
        let within = |minute: u16| from <= minute && minute <= to;
        within(minute) || (self.loose && (within((minute + HALF) % DAY)))
    }
}

impl Reader {
    /// The reader of a session and what the customer says now.
    pub fn of(session: &Session, input: &str) -> Self {
        use frontdesk_domain::message::Author;
        let theirs = session.history.iter().rev().filter(|line| line.author == Author::Customer);
        let mut lines: Vec<String> = vec![input.to_owned()];
        lines.extend(theirs.take(MOST_LINES).map(|line| line.text.clone()));
        let language = session.state.language.unwrap_or(session.settings.language);
        Self { view: View::of(session, language, None), lines }
    }

    /// What is wrong with the times of a sentence, if anything is.
    pub fn wrong(&self, sentence: &str, claims: &[Claim], evidence: Evidence<'_>) -> Option<Wrong> {
        let shelf = evidence.shelf?;
        let language = self.language(sentence, claims);
        let claims_deed = |deed: Deed| claims.iter().any(|claim| claim.deed == deed);
        let spoken = self.spoken(sentence, language);
        if spoken.iter().all(|one| one.clock.is_none()) {
            return None;
        }
        let heard = toned(sentence, &spoken, language);
        let own = self.local(shelf.booked());
        let free = self.local(shelf.given());
        let looked = evidence.has(ReceiptKind::TimesChecked);
        let offers = claims_deed(Deed::Slot) || heard.iter().any(|(_, tone)| tone.offers);
        let is_known = |one: &Spoken, all: &[Zoned]| is_among(&spoken, one, all);
        let told: Vec<&Spoken> =
            heard.iter().filter(|(_, tone)| !tone.excused).map(|(one, _)| *one).collect();
        let first = told.first()?;
        let wrong = |one: &Spoken, offered: bool| {
            Some(Wrong { offered, day: context(&spoken, one).days.0, language })
        };
        let books = claims_deed(Deed::Book) || claims_deed(Deed::Move);
        if books && !own.is_empty() && !told.iter().any(|one| is_known(one, &own)) {
            return wrong(first, false);
        }
        if claims_deed(Deed::Move) || (books && !claims_deed(Deed::Slot)) {
            return None;
        }
        if offers {
            let unknown = told.iter().find(|one| !is_known(one, &free) && !is_known(one, &own));
            return unknown.filter(|_| looked).and_then(|one| wrong(one, true));
        }
        if claim::is_own(sentence, language) {
            let right = own.is_empty() || told.iter().any(|one| is_known(one, &own) || is_known(one, &free));
            return if right { None } else { wrong(first, false) };
        }
        if looked && claim::is_bare(&without(sentence, &spoken, &shelf.staff_names()), language) {
            let listed = sentence.trim_start().starts_with(['-', '*', '•', '–']);
            let unknown = told.iter().find(|one| !is_known(one, &free) && !is_known(one, &own));
            return unknown
                .filter(|one| !one.is_long() && (listed || !self.was_said(one, language)))
                .and_then(|one| wrong(one, true));
        }
        None
    }

    /// Whether a claim of an appointment names the time of one the customer has, as a look-up gave it.
    pub fn is_theirs(&self, sentence: &str, claim: Claim, evidence: Evidence<'_>) -> bool {
        let language = self.language(sentence, &[claim]);
        let own = evidence.shelf.map(|shelf| self.local(shelf.booked())).unwrap_or_default();
        let spoken = self.spoken(sentence, language);
        let mut timed = spoken.iter().filter(|one| one.clock.is_some()).peekable();
        timed.peek().is_some() && timed.all(|one| is_among(&spoken, one, &own))
    }

    /// The times that are right instead, in words: free ones of the same day before others, or the appointments.
    pub fn right(&self, wrong: &Wrong, shelf: &Shelf) -> Vec<String> {
        let mut all = if wrong.offered {
            self.local(shelf.given().filter(|at| *at > self.view.now.timestamp()))
        } else {
            self.local(shelf.booked())
        };
        all.sort_by_key(|at| (at.date() != wrong.day, at.timestamp()));
        all.truncate(MOST_RIGHT);
        all.sort_by_key(Zoned::timestamp);
        let name = self.view.now.time_zone().iana_name().unwrap_or("UTC");
        let at = |at: &Zoned| frontdesk_domain::time::Timestamp::from_millis(at.timestamp().as_millisecond());
        all.iter().map(|one| written::moment(at(one), name, wrong.language)).collect()
    }

    /// The language of a sentence: that of its claims, or of its words.
    fn language(&self, sentence: &str, claims: &[Claim]) -> Language {
        static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::default);
        let claimed = claims.iter().find_map(|claim| claim.language);
        claimed.unwrap_or_else(|| DETECTOR.next(sentence, self.view.language))
    }

    fn local(&self, instants: impl Iterator<Item = Timestamp>) -> Vec<Zoned> {
        instants.map(|at| at.to_zoned(self.view.now.time_zone().clone())).collect()
    }

    /// Whether the customer named the time themselves.
    fn was_said(&self, one: &Spoken, language: Language) -> bool {
        self.lines.iter().any(|line| {
            self.spoken(line, language).iter().any(|said| match (said.clock, one.clock) {
                (Some(said), Some(one)) => said.0 % HALF == one.0 % HALF,
                _ => false,
            })
        })
    }

    fn spoken(&self, text: &str, language: Language) -> Vec<Spoken> {
        let view = View { language, ..self.view.clone() };
        let found = view.read(text, &view.now);
        found
            .iter()
            .flat_map(|found| ends(found).into_iter().filter_map(|found| spoken(&view, &found)))
            .collect()
    }
}

/// "From Friday at 4 pm to Monday at 11 am" names two times; anything else is one.
fn ends(found: &Match) -> Vec<Match> {
    let (Some(start), Some(end), true) = (&found.start, &found.end, found.says_time) else {
        return vec![found.clone()];
    };
    if end.date() == start.date() || end.time() == Time::midnight() {
        return vec![found.clone()];
    }
    let middle = found.text.chars().count() / 2;
    let half = |from: usize, to: usize, at: &Zoned| Match {
        text: found.text.chars().skip(from).take(to - from).collect(),
        offset: found.offset + from,
        kind: Kind::Instant,
        start: Some(at.clone()),
        end: None,
        ..found.clone()
    };
    vec![half(0, middle, start), half(middle, found.text.chars().count(), end)]
}

fn spoken(view: &View, found: &Match) -> Option<Spoken> {
    if matches!(found.kind, Kind::Duration | Kind::Set) || (found.grain == Grain::Second && found.says_time) {
        return None;
    }
    let start = found.start.as_ref()?;
    // "The next hours" begin now; that is no time of an appointment.
    let soon = start.timestamp().duration_since(view.now.timestamp()).as_mins().abs() <= 60;
    if soon && found.says_time && !found.text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let clock = match (&found.end, found.says_time) {
        (_, false) => None,
        (None, true) if found.kind == Kind::Instant => Some((minute_of(start), minute_of(start))),
        (None, true) => Some((minute_of(start), DAY)),
        (Some(end), true) if end.date() > start.date() => Some((minute_of(start), DAY)),
        // "De jeudi à 11 h": from the day's begin on means no stretch.
        (Some(end), true) if minute_of(start) == 0 => Some((minute_of(end), minute_of(end))),
        (Some(end), true) => Some((minute_of(start), minute_of(end))),
    };
    let first = start.date();
    let last = match (&found.end, found.grain) {
        _ if found.says_time => first.tomorrow().ok()?,
        (Some(end), _) => end.date().max(first.tomorrow().ok()?),
        (None, Grain::Week) => first.saturating_add(Span::new().days(7)),
        (None, Grain::Month) => first.saturating_add(Span::new().months(1)),
        _ => first.tomorrow().ok()?,
    };
    let marked = found.text.to_lowercase();
    let hour = marked.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<u16>().ok());
    let exact = hour.clone().any(|number| (13..=24).contains(&number) && number == minute_of(start) / 60)
        || ["am", "pm", "a.m", "p.m"].iter().any(|half| {
            marked
                .split(|c: char| c.is_whitespace() || c.is_ascii_digit())
                .any(|word| word.trim_matches(['.', ',']) == *half)
        });
    Some(Spoken {
        span: (found.offset, found.offset + found.text.chars().count()),
        names: names(view, found, start),
        days: (first, last),
        clock,
        loose: !exact,
    })
}

/// How a phrase names its day: a clock time alone moves with today, a weekday by whole weeks, a date not at all.
fn names(view: &View, found: &Match, start: &Zoned) -> Names {
    if found.says_time && view.is_clock_only(found) {
        return Names::Nothing;
    }
    let moves_by = |days: i64| {
        let then = view.now.saturating_add(Span::new().days(days));
        let read = view.read(&found.text, &then);
        read.first()
            .and_then(|one| one.start.as_ref())
            .is_some_and(|there| start.date().saturating_add(Span::new().days(days)) == there.date())
    };
    if !moves_by(3) && moves_by(7) { Names::Weekday } else { Names::Day }
}

/// The time that says which day a clock time is on: itself, the nearest before it, or the first behind it.
fn context<'s>(all: &'s [Spoken], one: &'s Spoken) -> &'s Spoken {
    if one.names != Names::Nothing {
        return one;
    }
    let dated = |other: &&Spoken| other.names != Names::Nothing;
    let before = all.iter().rev().filter(dated).find(|other| other.span.1 <= one.span.0);
    before.or_else(|| all.iter().find(dated)).unwrap_or(one)
}

/// Whether a time of a text, on the day its context gives it, is one of these.
fn is_among(spoken: &[Spoken], one: &Spoken, all: &[Zoned]) -> bool {
    let day = context(spoken, one);
    all.iter().any(|at| one.is_at(minute_of(at)) && day.is_on(at.date()))
}

/// Each clock time with what the words around it say of it.
fn toned<'s>(sentence: &str, all: &'s [Spoken], language: Language) -> Vec<(&'s Spoken, claim::Tone)> {
    let blank = blanked(sentence, all);
    let text = |from: usize, to: usize| -> String {
        blank.iter().take(to).skip(from).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let cuts = cuts(&blank);
    let turns = |cut: usize| blank.get(cut).is_some_and(|c| c.is_alphabetic());
    let timed: Vec<&Spoken> = all.iter().filter(|one| one.clock.is_some()).collect();
    let mut toned: Vec<(&Spoken, claim::Tone)> = Vec::new();
    for (at, one) in timed.iter().enumerate() {
        let (from, strong) =
            cuts.iter().rev().find(|(cut, _)| *cut <= one.span.0).copied().unwrap_or((0, true));
        let before = text(from, one.span.0);
        // "3 pm or 4 pm is taken": what is said of the last is said of all.
        let (mut end, mut limit) = (one.span.1, blank.len());
        for next in timed.iter().skip(at + 1) {
            if !claim::is_bare(&text(end, next.span.0), language) {
                limit = next.span.0;
                break;
            }
            end = next.span.1;
        }
        let to = cuts.iter().map(|(cut, _)| *cut).find(|cut| *cut >= end).unwrap_or(blank.len());
        let mut tone = claim::tone(&before, &text(one.span.1, to.min(limit)), language);
        // "Tuesday at 3, would that be all right?": what follows without a time of its own.
        let next = timed.iter().map(|other| other.span.0).find(|from| *from >= end).unwrap_or(blank.len());
        let last = cuts.iter().rev().map(|(cut, _)| *cut).find(|cut| *cut <= next && next < blank.len());
        tone.offers |= !tone.excused && claim::proposes(&text(to, last.unwrap_or(blank.len())), language);
        let inherits = !strong && !tone.offers && claim::is_bare(&before, language);
        if let Some((_, last)) = toned.last() {
            tone.excused |= inherits && last.excused;
            // "3 pm is gone, but 4 pm": what is not denied after the turn is offered.
            tone.offers |= strong && turns(from) && last.excused && !tone.excused;
        }
        toned.push((one, tone));
    }
    toned
}

/// Where clauses begin, and whether with a word that turns ("but") or only with a comma.
fn cuts(chars: &[char]) -> Vec<(usize, bool)> {
    const TURNS: &[&str] = &[
        "but",
        "however",
        "instead",
        "though",
        "although",
        "aber",
        "jedoch",
        "sondern",
        "dafür",
        "pero",
        "sino",
        "mais",
        "cependant",
        "while",
        "whereas",
        "während",
        "mientras",
        "tandis",
    ];
    let mut cuts: Vec<(usize, bool)> = Vec::new();
    let mut word = String::new();
    for (at, c) in chars.iter().chain([&' ']).enumerate() {
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
            continue;
        }
        if TURNS.contains(&word.as_str()) {
            cuts.push((at - word.chars().count(), true));
        }
        word.clear();
        if matches!(c, ',' | ';' | '–' | '—' | '(' | ')' | '!' | '?' | '.' | '\n') {
            cuts.push((at, !matches!(c, ',')));
        }
    }
    cuts
}

/// The characters of a sentence, spaces where its times stand.
fn blanked(sentence: &str, spoken: &[Spoken]) -> Vec<char> {
    let mut chars: Vec<char> = sentence.chars().collect();
    for one in spoken {
        chars.iter_mut().take(one.span.1).skip(one.span.0).for_each(|c| *c = ' ');
    }
    chars
}

/// The sentence without its times and these names.
fn without(sentence: &str, spoken: &[Spoken], names: &[String]) -> String {
    let text: String = blanked(sentence, spoken).into_iter().collect();
    names.iter().fold(text, |text, name| text.replace(name.as_str(), " "))
}
