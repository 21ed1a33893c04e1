//! What a conversation was about, in a few sentences for the team: deterministic, from its lines and what the brain
//! carried. Also right when a model did the talking, because it reads the lines first.

use frontdesk_domain::message::Author;

use crate::session::{Customer, DialogueState, Line, Receipt, ReceiptKind};

use super::mind::Mind;
use super::text::{self, clip};

/// Longest summary, in characters.
pub const MAX_SUMMARY: usize = 600;
/// Longest quotation of one message.
const MAX_QUOTE: usize = 140;

/// What is summarised.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The dialogue, oldest first.
    pub lines: &'a [Line],
    /// What the brain carried.
    pub state: &'a DialogueState,
    /// The customer, as far as known.
    pub customer: &'a Customer,
    /// What was done.
    pub receipts: &'a [Receipt],
}

/// One to four short sentences: what they wanted, what was answered, what is open, which details they left. Empty when
/// the customer said nothing of substance.
pub fn summarize(material: Material<'_>) -> String {
    let mind = Mind::read(material.state);
    let record = mind.record();
    let lead = mind.lead();
    let mut sentences = Vec::new();

    let wanted = lead.and_then(|form| form.need.clone()).or_else(|| first_wish(material.lines, &record.open));
    if let Some(wanted) = &wanted {
        sentences.push(format!("Wanted: {}.", tidy(wanted)));
    }
    let answered: Vec<String> = record
        .answered
        .iter()
        .rev()
        .take(2)
        .rev()
        .map(|q| tidy(q))
        .filter(|q| Some(q) != wanted.as_deref().map(tidy).as_ref())
        .collect();
    if !answered.is_empty() {
        sentences.push(format!("Answered: {}.", answered.join("; ")));
    }
    let open: Vec<String> = record.open.iter().rev().take(2).rev().map(|q| tidy(q)).collect();
    if !open.is_empty() {
        sentences.push(format!("Left open: {}.", open.join("; ")));
    }
    let name = lead.and_then(|form| form.name.clone()).or_else(|| material.customer.name.clone());
    let email = lead.and_then(|form| form.email.clone()).or_else(|| material.customer.email.clone());
    let phone = lead.and_then(|form| form.phone.clone()).or_else(|| material.customer.phone.clone());
    let details: Vec<String> =
        [name, email, phone].into_iter().flatten().filter(|d| !d.trim().is_empty()).collect();
    if !details.is_empty() && !sentences.is_empty() {
        sentences.push(format!("Contact: {}.", details.join(", ")));
    }
    let has = |kind: ReceiptKind| material.receipts.iter().any(|receipt| receipt.kind == kind);
    if has(ReceiptKind::LeadCaptured) {
        sentences.push("Saved as a lead.".to_owned());
    }
    if has(ReceiptKind::OptedOut) {
        sentences.push("Opted out.".to_owned());
    }
    clip(&sentences.join(" "), MAX_SUMMARY)
}

/// The first thing of substance the customer said that is not listed elsewhere.
fn first_wish(lines: &[Line], listed: &[String]) -> Option<String> {
    let said = lines.iter().filter(|line| line.author == Author::Customer).map(|line| line.text.trim());
    let substance =
        |text: &&str| text::words(text).len() >= 3 && !listed.iter().any(|open| text.contains(open.as_str()));
    said.clone()
        .find(substance)
        .or_else(|| said.into_iter().find(|text| !text.is_empty() && text::words(text).len() >= 2))
        .map(str::to_owned)
}

/// On one line, without an end mark, bounded.
fn tidy(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches(['.', '!', ';', ',', ' ']);
    let cut = clip(line, MAX_QUOTE);
    if cut.len() < line.len() { format!("{}…", cut.trim_end()) } else { cut }
}

/// A handoff's reason, as the need of a request.
pub fn reason_as_need(reason: &str) -> String {
    clip(reason.strip_prefix("could not be answered: ").unwrap_or(reason), 300)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(author: Author, text: &str) -> Line {
        Line { author, text: text.to_owned() }
    }

    #[test]
    fn a_summary_says_what_was_wanted_answered_left_open_and_left() {
        let mut mind = Mind::default();
        mind.note_question("how much is a cleaning", true);
        mind.note_question("do you treat cats?", false);
        let state = mind.write();
        let lines = [
            line(Author::Customer, "hi"),
            line(Author::Customer, "I need a new crown soon."),
            line(Author::Ai, "..."),
        ];
        let customer = Customer {
            name: Some("Ana".to_owned()),
            email: Some("ana@example.com".to_owned()),
            ..Customer::default()
        };
        let receipts = [Receipt { kind: ReceiptKind::LeadCaptured, id: "lead_1".to_owned() }];
        let summary =
            summarize(Material { lines: &lines, state: &state, customer: &customer, receipts: &receipts });
        assert_eq!(
            summary,
            "Wanted: I need a new crown soon. Answered: how much is a cleaning. Left open: do you treat cats?. Contact: Ana, ana@example.com. Saved as a lead."
        );
    }

    #[test]
    fn a_summary_is_bounded_and_of_nothing_is_empty() {
        let state = DialogueState::default();
        let customer = Customer::default();
        let long = [line(Author::Customer, &"word ".repeat(2_000))];
        assert!(
            summarize(Material { lines: &long, state: &state, customer: &customer, receipts: &[] })
                .chars()
                .count()
                <= MAX_SUMMARY
        );
        assert_eq!(summarize(Material { lines: &[], state: &state, customer: &customer, receipts: &[] }), "");
    }
}
