//! Asking a person to take over.

use serde_json::json;

use crate::builtin::answers::hours::Opening;
use crate::builtin::desk::Desk;
use crate::builtin::forms::lead::{self, LeadKind};
use crate::builtin::summary;
use crate::builtin::text::clip;
use crate::session::ReceiptKind;
use crate::tools;

/// Asks for a person. When none is there it says until when, and offers to take the customer's details.
pub async fn run(desk: &mut Desk<'_, '_>, reason: &str) {
    desk.mind.pending = None;
    if !desk.turn.may_use(tools::HANDOFF) {
        desk.say("handoff.none", &[]);
        contact(desk, "handoff.failed.contact");
        return;
    }
    let reason = if reason.trim().is_empty() { "asked for a person" } else { reason };
    let asked_before = desk.session.receipts.iter().any(|receipt| receipt.kind == ReceiptKind::HandedOff);
    let summary = desk.summary();
    let outcome = desk.call(tools::HANDOFF, json!({ "reason": clip(reason, 300), "summary": summary })).await;
    if !(outcome.ok && outcome.receipt.is_some()) {
        desk.say("handoff.failed", &[]);
        if !contact(desk, "handoff.failed.contact") {
            desk.offer_lead(None);
        }
        return;
    }
    desk.mind.misses = 0;
    if desk.session.team_available {
        let key = if asked_before { "handoff.again" } else { "handoff.done" };
        desk.say(key, &[]);
        return;
    }
    away(desk, reason).await;
}

async fn away(desk: &mut Desk<'_, '_>, reason: &str) {
    // The team wrote it in the agent's language; a chat in another one gets our own words.
    let closed = desk.session.settings.handoff.closed_message.trim();
    let closed =
        if desk.language == desk.session.settings.language { closed.to_owned() } else { String::new() };
    let next = desk.opening().next_open().filter(|_| !is_open(desk));
    if !closed.is_empty() {
        desk.tell(&closed);
    } else if let Some(next) = next {
        desk.say("handoff.away", &[("next", &next)]);
    } else {
        desk.say("handoff.away_unknown", &[]);
    }
    let need = desk
        .mind
        .lead()
        .and_then(|form| form.need.clone())
        .unwrap_or_else(|| summary::reason_as_need(reason));
    match lead::known_reach(desk) {
        Some(reach) => desk.say("handoff.away_known", &[("reach", &reach)]),
        None => lead::start(desk, LeadKind::Contact, Some(need), false).await,
    }
}

fn is_open(desk: &Desk<'_, '_>) -> bool {
    let business = &desk.session.business;
    business.hours.is_open(desk.session.now, &business.zone)
}

/// Says how to reach the business without us, when it is known.
pub fn contact(desk: &mut Desk<'_, '_>, key: &str) -> bool {
    let facts = &desk.session.business.facts;
    let ways: Vec<String> = [&facts.phone, &facts.email]
        .into_iter()
        .map(|way| way.trim().to_owned())
        .filter(|way| !way.is_empty())
        .collect();
    if ways.is_empty() {
        return false;
    }
    let ways = ways.join(", ");
    desk.say(key, &[("contact", &ways)]);
    true
}

impl<'a> Desk<'_, 'a> {
    /// The business's hours now.
    pub fn opening(&self) -> Opening<'a> {
        let business = &self.session.business;
        Opening::new(&business.hours, &business.zone, &business.country, self.session.now, self.language)
    }
}
