//! Whether a workflow makes sense: every flaw with the place it is at, so that a form shows all of them at once.

use std::collections::BTreeSet;

use super::{Action, Goal, OutreachMessage, Step, Test, Trigger, Words, WorkflowSettings};
use crate::compliance::Purpose;
use crate::text;

/// Most steps of a workflow.
pub const MAX_STEPS: usize = 50;
/// Most criteria of a workflow.
pub const MAX_CRITERIA: usize = 10;
/// The longest wait, in minutes: a leap year.
pub const MAX_MINUTES: u32 = 527_040;
/// Most characters of a message's words.
pub const MAX_WORDS: usize = 4_000;

/// A flaw: the place, as a JSON pointer into the settings, and what is wrong in plain words.
pub type Flaw = (String, String);

/// Every flaw of a workflow.
pub fn flaws(settings: &WorkflowSettings) -> Vec<Flaw> {
    let mut found = Flaws(Vec::new());
    found.line("/name", &settings.name, 80);
    found.trigger(&settings.trigger);
    found.ensure("/purpose", settings.purpose != Purpose::Reply, "must be marketing or transactional");
    found.ensure(
        "/again_after_days",
        settings.again_after_days.is_none_or(|days| (1..=3_650).contains(&days)),
        "must be 1 to 3,650 days",
    );
    let count = settings.steps.len();
    found.ensure("/steps", (1..=MAX_STEPS).contains(&count), "must be 1 to 50 steps");
    let mut names = BTreeSet::new();
    for (n, step) in settings.steps.iter().enumerate().take(MAX_STEPS) {
        found.name(&format!("/steps/{n}/id"), &step.id);
        found.ensure(&format!("/steps/{n}/id"), names.insert(&step.id), "is the name of two steps");
        found.action(&format!("/steps/{n}/action"), step, settings.steps.get(n + 1..).unwrap_or_default());
    }
    found.ensure("/criteria", settings.criteria.len() <= MAX_CRITERIA, "must be at most 10");
    found.ensure(
        "/goal",
        settings.goal != Goal::Qualified || !settings.criteria.is_empty(),
        "needs criteria: without them nobody can fit",
    );
    let mut names = BTreeSet::new();
    for (n, criterion) in settings.criteria.iter().enumerate().take(MAX_CRITERIA) {
        found.name(&format!("/criteria/{n}/id"), &criterion.id);
        found.ensure(
            &format!("/criteria/{n}/id"),
            names.insert(&criterion.id),
            "is the name of two criteria",
        );
        found.line(&format!("/criteria/{n}/text"), &criterion.text, 300);
        found.ensure(&format!("/criteria/{n}/words"), criterion.words.len() <= 20, "must be at most 20");
        for (m, word) in criterion.words.iter().enumerate().take(20) {
            found.line(&format!("/criteria/{n}/words/{m}"), word, 60);
        }
    }
    found.0
}

struct Flaws(Vec<Flaw>);

impl Flaws {
    fn ensure(&mut self, at: &str, holds: bool, why: &str) {
        if !holds {
            self.0.push((at.to_owned(), why.to_owned()));
        }
    }

    fn line(&mut self, at: &str, line: &str, most: usize) {
        if let Err(error) = text::line(line, most) {
            self.0.push((at.to_owned(), error.to_string()));
        }
    }

    fn name(&mut self, at: &str, name: &str) {
        let fits = (1..=30).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'));
        self.ensure(at, fits, "must be 1 to 30 lower-case letters, digits, - or _");
    }

    fn trigger(&mut self, trigger: &Trigger) {
        match trigger {
            Trigger::Booking { moments } => {
                self.ensure("/trigger/moments", (1..=6).contains(&moments.len()), "must name 1 to 6");
            }
            Trigger::Date { field, days, at } => {
                self.line("/trigger/field", field, 60);
                self.ensure("/trigger/days", (-366..=366).contains(days), "must be within a year");
                self.ensure("/trigger/at", clock(at).is_some(), "must be a time such as 09:00");
            }
            Trigger::ConversationEnded { channels, .. } => {
                self.ensure("/trigger/channels", channels.len() <= 6, "must be at most 6");
            }
            Trigger::ContactAdded | Trigger::Manual => {}
        }
    }

    fn action(&mut self, at: &str, step: &Step, later: &[Step]) {
        match &step.action {
            Action::Wait { minutes } => self.minutes(&format!("{at}/minutes"), *minutes),
            Action::Send { message } => self.message(&format!("{at}/message"), message),
            Action::FollowUp { message, times, every_minutes } => {
                self.message(&format!("{at}/message"), message);
                self.ensure(&format!("{at}/times"), (1..=10).contains(times), "must be 1 to 10");
                self.minutes(&format!("{at}/every_minutes"), *every_minutes);
            }
            Action::Condition { test, otherwise } => {
                self.test(&format!("{at}/test"), test);
                let leads_on = otherwise.as_ref().is_none_or(|id| later.iter().any(|step| step.id == *id));
                self.ensure(&format!("{at}/otherwise"), leads_on, "must be the name of a later step");
            }
            Action::Tag { add, remove } => {
                self.ensure(at, !add.is_empty() || !remove.is_empty(), "names no tag");
                self.ensure(&format!("{at}/add"), add.len() <= 10, "must be at most 10 tags");
                self.ensure(&format!("{at}/remove"), remove.len() <= 10, "must be at most 10 tags");
                for (n, tag) in add.iter().enumerate().take(10) {
                    self.line(&format!("{at}/add/{n}/name"), &tag.name, 40);
                }
                for (n, name) in remove.iter().enumerate().take(10) {
                    self.line(&format!("{at}/remove/{n}"), name, 40);
                }
            }
            Action::Task { title, due_in_days } => {
                self.line(&format!("{at}/title"), title, 200);
                self.ensure(&format!("{at}/due_in_days"), *due_in_days <= 365, "must be at most 365");
            }
            Action::Webhook { url } => {
                let fits = url.len() <= 1_000 && (url.starts_with("https://") || url.starts_with("http://"));
                self.ensure(&format!("{at}/url"), fits, "must begin with https://");
            }
            Action::SetStatus { .. } | Action::End => {}
        }
    }

    fn minutes(&mut self, at: &str, minutes: u32) {
        self.ensure(at, (1..=MAX_MINUTES).contains(&minutes), "must be from a minute to a year");
    }

    fn message(&mut self, at: &str, message: &OutreachMessage) {
        if let Some(subject) = &message.subject {
            self.line(&format!("{at}/subject"), subject, 300);
        }
        let mut words = |at: String, words: &str, most: usize| match text::lines(words, most) {
            Ok(words) => self.ensure(&at, !words.is_empty(), "must not be empty"),
            Err(error) => self.ensure(&at, false, &error.to_string()),
        };
        match &message.words {
            Words::Text { text } => words(format!("{at}/words/text"), text, MAX_WORDS),
            Words::Ai { instruction, fallback } => {
                words(format!("{at}/words/instruction"), instruction, 2_000);
                words(format!("{at}/words/fallback"), fallback, MAX_WORDS);
            }
        }
    }

    fn test(&mut self, at: &str, test: &Test) {
        match test {
            Test::HasTag { name } => self.line(&format!("{at}/name"), name, 40),
            Test::Status { statuses } => {
                self.ensure(&format!("{at}/statuses"), !statuses.is_empty(), "must name at least one");
            }
            Test::Field { field } => self.line(&format!("{at}/field/key"), &field.key, 60),
            Test::Replied | Test::Booked | Test::Qualified => {}
        }
    }
}

/// A time of day, `09:00`, as minutes since midnight.
pub fn clock(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(json: serde_json::Value) -> WorkflowSettings {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn every_flaw_is_named_with_its_place() {
        let bad = settings(serde_json::json!({
            "name": " ", "trigger": { "on": "date", "field": "renewal", "days": 900, "at": "9:00" },
            "goal": "qualified", "purpose": "reply",
            "steps": [
                { "id": "ask", "action": { "do": "condition", "test": { "if": "replied" }, "otherwise": "before" } },
                { "id": "ask", "action": { "do": "wait", "minutes": 0 } },
                { "id": "Say it", "action": { "do": "send", "message": { "words": { "by": "text", "text": " " } } } },
            ],
        }));
        let found = flaws(&bad);
        let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(
            places,
            [
                "/name",
                "/trigger/days",
                "/trigger/at",
                "/purpose",
                "/steps/0/action/otherwise",
                "/steps/1/id",
                "/steps/1/action/minutes",
                "/steps/2/id",
                "/steps/2/action/message/words/text",
                "/goal"
            ]
        );
    }

    #[test]
    fn a_condition_leads_forward_only_so_that_every_way_ends() {
        let good = settings(serde_json::json!({
            "name": "Nurture", "trigger": { "on": "contact_added" },
            "steps": [
                { "id": "fork", "action": { "do": "condition", "test": { "if": "booked" }, "otherwise": "end" } },
                { "id": "thank", "action": { "do": "tag", "add": [{ "name": "customer", "color": "green" }] } },
                { "id": "end", "action": { "do": "end" } },
            ],
        }));
        assert_eq!(flaws(&good), []);
    }

    #[test]
    fn a_time_of_day_is_read() {
        assert_eq!(clock("09:30"), Some(570));
        assert_eq!(clock("24:00"), None);
        assert_eq!(clock("9:00"), None);
    }
}
