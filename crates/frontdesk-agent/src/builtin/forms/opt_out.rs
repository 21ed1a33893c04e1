//! No more messages: done at once, confirmed once.

use serde_json::json;

use crate::builtin::desk::Desk;
use crate::builtin::mind::Pending;
use crate::session::ReceiptKind;
use crate::tools;

/// Opts the customer out.
pub async fn run(desk: &mut Desk<'_, '_>) {
    desk.mind.drop_lead();
    desk.mind.drop_booking();
    desk.mind.pending = None;
    let done_before = desk.session.customer.opted_out
        || desk.session.receipts.iter().any(|receipt| receipt.kind == ReceiptKind::OptedOut);
    if done_before {
        desk.say("opt_out.already", &[]);
        return;
    }
    let outcome = desk.call(tools::OPT_OUT, json!({})).await;
    let proven = outcome.ok && outcome.receipt.is_some();
    desk.say(if proven { "opt_out.done" } else { "opt_out.failed" }, &[]);
}

/// Messages again: there is no tool for it, so it is said plainly and a person is offered.
pub fn back_in(desk: &mut Desk<'_, '_>) {
    desk.say("opt_in", &[]);
    desk.mind.pending = Some(Pending::Handoff { reason: "wants to receive messages again".to_owned() });
}
