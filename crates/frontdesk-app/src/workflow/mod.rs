//! Workflows: contacts enter, steps are done one after another, and an answer, an appointment or an opt-out ends it.
//!
//! Every minute [`enter`] looks for contacts that enter by being added or by a date, and [`advance`] does what is due, one
//! step of one contact in one unit of work; what happens to conversations and appointments is heard by [`hear`]. Messages
//! go through the outbox and its gate like any other, and are looked at again before they leave ([`outdated`]). To add a
//! step see `frontdesk_domain::workflow`; to add a trigger, its place is `enter` or `hear`.

pub mod advance;
pub mod desk;
pub mod enter;
pub mod hear;
pub mod hook;
pub mod preview;
pub mod qualify;
pub mod recipe;
mod send;
pub mod view;
mod write;

use frontdesk_domain::id::EnrolmentId;
use frontdesk_domain::workflow::{EndReason, EnrolmentState, WorkflowState};
use frontdesk_store::workflow::enrolment;
use frontdesk_store::{Tx, workflow};

pub use advance::{ADVANCE_JOB, TICK_JOB, tick};
pub use enter::ENTER_JOB;
pub use hook::HOOK_JOB;
pub use qualify::QUALIFY_JOB;

use crate::Result;

/// Why a message of a workflow has nothing to say any more; `None` while it has.
pub(crate) async fn outdated(tx: &Tx, id: EnrolmentId) -> Result<Option<&'static str>> {
    let scope = tx.scope();
    let Some(stored) = enrolment::find(tx, scope, id).await? else {
        return Ok(Some("its workflow, or the contact's place in it, is gone"));
    };
    let it = &stored.enrolment;
    let Some(flow) = workflow::find(tx, scope, it.workflow_id).await? else {
        return Ok(Some("its workflow is gone"));
    };
    let settings = &flow.workflow.settings;
    Ok(match (it.state, it.reason) {
        (EnrolmentState::Won | EnrolmentState::Stopped, Some(reason)) => Some(ended(reason)),
        _ if flow.workflow.state == WorkflowState::Paused => Some("its workflow was paused"),
        // The news of it may not have been worked through yet.
        _ if settings.stop_on_reply
            && enrolment::heard_since(tx, scope, it.contact_id, it.entered_at).await? =>
        {
            Some(ended(EndReason::Replied))
        }
        _ => None,
    })
}

/// Why a workflow ended for somebody, as the reason for what is not done any more.
const fn ended(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Finished => "the workflow was over for them",
        EndReason::Replied => "they answered before it left",
        EndReason::Booked => "they made an appointment before it left",
        EndReason::Qualified => "they were found to fit before it left",
        EndReason::OptedOut => "they opted out before it left",
        EndReason::Unresponsive => "they were given up before it left",
        EndReason::ByHand => "a team member ended the workflow for them",
        EndReason::ContactGone => "the contact is gone",
    }
}
