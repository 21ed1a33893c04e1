//! Mails the team when a lead was captured and when a customer asked for a person.

use frontdesk_domain::access::Role;
use frontdesk_domain::event::{Event, LoggedEvent};
use frontdesk_store::{Tx, member};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::Subscriber;
use crate::Result;
use crate::notification::{About, TeamMail};

/// The subscriber.
pub const SUBSCRIBER: Subscriber =
    Subscriber { name: "team_mail", kinds: &["lead.created", "human_handoff.requested"], handle };

fn handle<'a>(tx: &'a Tx, logged: &'a LoggedEvent) -> BoxFuture<'a, Result<()>> {
    enqueue(tx, logged).boxed()
}

/// One job per recipient: a refused address must not keep the others from their mail.
async fn enqueue(tx: &Tx, logged: &LoggedEvent) -> Result<()> {
    let (about, weakest) = match &logged.event {
        Event::LeadCreated { lead_id } => (About::Lead { lead_id: *lead_id }, Role::Manager),
        Event::HandoffRequested { conversation_id, .. } => {
            (About::Handoff { conversation_id: *conversation_id }, Role::Agent)
        }
        _ => return Ok(()),
    };
    let team = member::list(tx, tx.scope(), None, frontdesk_domain::page::MAX_PAGE).await?;
    for member in team.items.into_iter().filter(|member| member.role <= weakest) {
        let mail = TeamMail { about: about.clone(), to: member.user_id, event: logged.seq };
        tx.enqueue(mail.job()?);
    }
    Ok(())
}
