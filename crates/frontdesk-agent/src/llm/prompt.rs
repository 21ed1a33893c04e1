//! The system prompt: files under `prompts/`, filled with what the session knows.
//!
//! What stays the same comes first, so that vendors can cache it; the time, the customer and what was done come last.
//! To change the words, change the files and look at the snapshots.

use std::sync::LazyLock;

use frontdesk_domain::agent::LeadField;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::locale::Language;
use frontdesk_domain::persona::{PersonaVoice, Tone};
use frontdesk_domain::workspace::{Weekday, WeeklyHours};
use minijinja::{Environment, UndefinedBehavior, context};

use super::history::defused;
use crate::builtin::answers::hours;
use crate::session::{Receipt, ReceiptKind, Session};
use crate::tools;

/// Instructions a template may execute; a prompt takes some thousands.
const FUEL: u64 = 200_000;

/// A prompt that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// A template is broken.
    #[error("prompt template: {0}")]
    Template(#[from] minijinja::Error),
}

/// A filled system prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// The whole.
    pub system: String,
    /// The fixed part, which no reply may quote.
    pub rules: String,
    /// A word that no reply may contain.
    pub marker: String,
}

static TEMPLATES: LazyLock<Result<Environment<'static>, String>> = LazyLock::new(|| {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(FUEL));
    env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    env.add_filter("data", |text: &str, max: usize| one_line(text, max));
    env.add_filter("block", |text: &str, max: usize| defused(text).chars().take(max).collect::<String>());
    let files = [
        ("system", include_str!("../../prompts/system.md")),
        ("rules", include_str!("../../prompts/rules.md")),
        ("manner_web", include_str!("../../prompts/manner_web.md")),
        ("manner_text", include_str!("../../prompts/manner_text.md")),
        ("manner_email", include_str!("../../prompts/manner_email.md")),
    ];
    for (name, source) in files {
        env.add_template(name, source).map_err(|fault| fault.to_string())?;
    }
    Ok(env)
});

/// The system prompt of a turn; `receipts` those of the conversation, `said` what the turn has shown already.
pub fn system(session: &Session, receipts: &[Receipt], said: &str) -> Result<Prompt, PromptError> {
    let env = TEMPLATES
        .as_ref()
        .map_err(|fault| minijinja::Error::new(minijinja::ErrorKind::SyntaxError, fault.clone()))?;
    let manner = match session.channel {
        Channel::Web | Channel::Sandbox => "manner_web",
        Channel::Sms | Channel::Whatsapp | Channel::Telegram => "manner_text",
        Channel::Email => "manner_email",
    };
    let manner = env.get_template(manner)?.render(context! {})?;
    let marker = marker(session.seed);
    let rules = env
        .get_template("rules")?
        .render(context! { marker => &marker, manner => manner.trim_end(), books => books(session) })?;
    let rules = rules.trim_end().to_owned();
    let zone = session.business.zone.as_str();
    let now = session.now.to_jiff();
    let local = now.in_tz(zone).unwrap_or_else(|_| now.to_zoned(jiff::tz::TimeZone::UTC));
    let tomorrow = local.tomorrow().unwrap_or_else(|_| local.clone());
    let facts = &session.business.facts;
    let settings = &session.settings;
    let voice: PersonaVoice = settings.persona.clone().unwrap_or_default();
    let system = env.get_template("system")?.render(context! {
        rules => &rules,
        agent_name => &session.agent_name,
        tone => tone(voice.tone),
        style => voice.style,
        dos => voice.dos,
        donts => voice.donts,
        examples => voice.examples,
        instructions => settings.instructions.trim(),
        off_topics => settings.off_topics.clone(),
        business => &session.business.name,
        description => &facts.description,
        address => &facts.address,
        phone => &facts.phone,
        email => &facts.email,
        website => &facts.website,
        zone => if zone.is_empty() { "UTC" } else { zone },
        hours => hours(&session.business.hours),
        weekday => local.strftime("%A").to_string(),
        date => local.strftime("%-d %B %Y").to_string(),
        time => local.strftime("%H:%M").to_string(),
        tomorrow => tomorrow.strftime("%A, %-d %B").to_string(),
        open => session.business.hours.is_open(session.now, zone),
        team => session.team_available,
        customer => customer(session),
        memory => memory(session),
        receipts => receipts.iter().map(|receipt| deed(receipt.kind).to_owned()).collect::<Vec<_>>(),
        wanted => wanted(session),
        agenda => agenda(session),
        shelf => session.state.shelf.lines(),
        said => said.trim(),
    })?;
    Ok(Prompt { system: system.trim_end().to_owned(), rules, marker })
}

/// Whether appointments can be made here at all.
fn books(session: &Session) -> bool {
    !session.bookable.is_empty()
        && session.settings.tools.iter().any(|name| name == tools::CHECK_AVAILABILITY)
}

/// A word that occurs nowhere else; the same for the same seed.
fn marker(seed: u64) -> String {
    format!("fd-{:08x}", seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32)
}

/// Outside text on one line: no line ends, no marks, bounded.
fn one_line(text: &str, max: usize) -> String {
    let text = defused(text);
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(max).collect()
}

const fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Friendly => "warm and brief",
        Tone::Professional => "polite and exact",
        Tone::Casual => "relaxed",
    }
}

/// One line a day, Monday first; nothing when no hours are known.
fn hours(hours: &WeeklyHours) -> Vec<String> {
    if hours.0.values().all(Vec::is_empty) {
        return Vec::new();
    }
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let line = |day: &Weekday| {
        let stretches = hours.0.get(day).map(Vec::as_slice).unwrap_or_default();
        let times: Vec<String> =
            stretches.iter().map(|s| format!("{} to {}", clock(s.from), clock(s.to))).collect();
        format!(
            "{}: {}",
            hours::day_name(Language::En, *day),
            if times.is_empty() { "closed".to_owned() } else { times.join(", ") }
        )
    };
    Weekday::ALL.iter().map(line).collect()
}

fn customer(session: &Session) -> Vec<String> {
    let customer = &session.customer;
    let named = [("Name", &customer.name), ("E-mail", &customer.email), ("Phone", &customer.phone)];
    let mut lines: Vec<String> = named
        .iter()
        .filter_map(|(label, value)| value.as_ref().map(|value| format!("{label}: {value}")))
        .collect();
    if customer.opted_out {
        lines.push(
            "They asked not to be contacted; answer here, but offer no call-back or message.".to_owned(),
        );
    }
    lines
}

fn memory(session: &Session) -> Vec<String> {
    let memory = &session.memory;
    let mut lines: Vec<String> =
        memory.facts.iter().take(20).map(|fact| format!("{}: {}", fact.key, fact.value)).collect();
    lines.extend(memory.last_summary.iter().map(|summary| format!("Last conversation: {summary}")));
    lines.extend(memory.upcoming_bookings.iter().take(5).map(|booking| format!("Upcoming: {booking}")));
    lines
}

/// A receipt in words.
const fn deed(kind: ReceiptKind) -> &'static str {
    match kind {
        ReceiptKind::LeadCaptured => "the customer's details were saved as a lead for the team",
        ReceiptKind::ContactUpdated => "the customer's details were updated",
        ReceiptKind::HandedOff => "a person of the team was asked to take over",
        ReceiptKind::ConversationEnded => "the conversation was ended",
        ReceiptKind::OptedOut => "the customer was taken off all further contact",
        ReceiptKind::TimesChecked => "free times were looked up",
        ReceiptKind::Held => "a time was kept for the customer for some minutes",
        ReceiptKind::WaitingListJoined => "the customer was put on the waiting list",
        ReceiptKind::CodeSent => "a one-time code was mailed to the customer",
        ReceiptKind::Verified => "the customer showed with a code who they are",
        ReceiptKind::Booked => "an appointment was booked",
        ReceiptKind::Rescheduled => "an appointment was moved",
        ReceiptKind::Cancelled => "an appointment was cancelled",
        ReceiptKind::MessageSent => "a message was sent to the customer",
    }
}

fn wanted(session: &Session) -> String {
    let word = |field: &LeadField| match field {
        LeadField::Name => "name",
        LeadField::Email => "e-mail address",
        LeadField::Phone => "phone number",
        LeadField::Need => "what they need",
    };
    session.settings.lead_fields.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// Forms the built-in brain left open, as data.
fn agenda(session: &Session) -> String {
    if session.state.agenda.is_empty() {
        return String::new();
    }
    serde_json::to_string(&session.state.agenda).unwrap_or_default()
}
