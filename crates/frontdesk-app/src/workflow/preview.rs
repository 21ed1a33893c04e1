//! What the next contacts would get, before anything is sent.

use std::time::Duration;

use frontdesk_domain::access::Permission;
use frontdesk_domain::compliance::Verdict;
use frontdesk_domain::contact::Contact;
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{ContactId, WorkflowId};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workflow::{Action, OutreachMessage, Step, WorkflowSettings, path};
use frontdesk_store::contact;
use frontdesk_store::contact::{Order, Place};
use frontdesk_store::workflow::{self, enrolment};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::desk;
use super::send::{self, WrittenBy};
use crate::contact::list;
use crate::message::queue::segments;
use crate::{App, Result};

/// How many contacts are shown.
const SHOWN: u32 = 10;
/// How many messages models write side by side.
const AT_ONCE: usize = 3;

/// A workflow to preview, saved or not.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkflowTrial {
    /// The settings as they are on the screen.
    pub settings: WorkflowSettings,
    /// The workflow they are of: then whoever is in it and due next is shown first.
    pub workflow_id: Option<WorkflowId>,
}

/// What the next contacts would get.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WorkflowPreview {
    /// One line for each contact, at most ten.
    pub items: Vec<PreviewedMessage>,
}

/// The next message of one contact.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PreviewedMessage {
    /// Who.
    pub contact_id: ContactId,
    /// Their name.
    pub contact_name: String,
    /// The step that sends it, by its name.
    pub step: String,
    /// When, if nothing happens before; conditions on the way are taken as met.
    pub at: Timestamp,
    /// Through what.
    pub channel: Option<Channel>,
    /// Where it goes.
    pub to: Option<String>,
    /// The subject of an e-mail.
    pub subject: Option<String>,
    /// What it says.
    pub text: Option<String>,
    /// Who wrote it.
    pub written_by: Option<WrittenBy>,
    /// In how many parts a text message would travel.
    pub segments: Option<u32>,
    /// What the gate says of it, at that time.
    pub verdict: Option<Verdict>,
    /// Why nothing would be sent, in plain words.
    pub problem: Option<String>,
}

/// A contact before a step.
struct Before {
    contact: Contact,
    step: Option<String>,
    due_at: Timestamp,
}

/// Shows what the next ten contacts would get.
pub async fn preview(app: &App, ctx: &Context, trial: WorkflowTrial) -> Result<WorkflowPreview> {
    ctx.require(Permission::WorkflowsWrite)?;
    ctx.require(Permission::ContactsRead)?;
    desk::checked(app, ctx, &trial.settings, "/settings").await?;
    let settings = &trial.settings;
    let next = next(app, ctx, &trial).await?;
    let mut items = Vec::new();
    for some in next.chunks(AT_ONCE) {
        let mut under_way = Vec::new();
        for before in some {
            under_way.push(message(app, ctx, settings, before));
        }
        for shown in join_all(under_way).await {
            items.extend(shown?);
        }
    }
    Ok(WorkflowPreview { items })
}

/// Whoever is due next in the workflow; when nobody is in it, the newest contacts it is for.
async fn next(app: &App, ctx: &Context, trial: &WorkflowTrial) -> Result<Vec<Before>> {
    let (db, scope) = (app.store.reader(), ctx.scope());
    let mut found = Vec::new();
    if let Some(id) = trial.workflow_id {
        workflow::get(db, scope, id).await?;
        for stored in enrolment::list_next(db, scope, id, u64::from(SHOWN)).await? {
            let it = stored.enrolment;
            let Some(contact) = contact::find(db, scope, it.contact_id).await? else { continue };
            found.push(Before { contact, step: it.step, due_at: it.due_at.unwrap_or(ctx.now()) });
        }
    }
    if found.is_empty() {
        let filter = list::check(app, ctx, &trial.settings.filter).await?;
        let page = contact::list(db, scope, &filter, Order::Created, Place::default(), SHOWN).await?;
        let now = ctx.now();
        found.extend(page.items.into_iter().map(|contact| Before { contact, step: None, due_at: now }));
    }
    Ok(found)
}

/// The next step from here that sends something, and when.
fn sender<'a>(
    steps: &'a [Step],
    from: Option<&str>,
    due_at: Timestamp,
) -> Option<(&'a Step, &'a OutreachMessage, Timestamp)> {
    let start = match from {
        Some(id) => steps.iter().position(|step| step.id == id)?,
        None => 0,
    };
    let mut at = due_at;
    for (n, step) in steps.iter().enumerate().skip(start) {
        match &step.action {
            // The wait a contact stands at is in when it is due.
            Action::Wait { minutes } if from.is_none() || n > start => {
                at = at.plus(Duration::from_secs(u64::from(*minutes) * 60));
            }
            Action::End => return None,
            _ => {}
        }
        if let Some(message) = path::message(step) {
            return Some((step, message, at));
        }
    }
    None
}

async fn message(
    app: &App,
    ctx: &Context,
    settings: &WorkflowSettings,
    before: &Before,
) -> Result<Option<PreviewedMessage>> {
    let Some((step, message, at)) = sender(&settings.steps, before.step.as_deref(), before.due_at) else {
        return Ok(None);
    };
    let at = at.max(ctx.now());
    let contact = &before.contact;
    let mut shown = PreviewedMessage {
        contact_id: contact.id,
        contact_name: contact.name.clone(),
        step: step.id.clone(),
        at,
        channel: None,
        to: None,
        subject: None,
        text: None,
        written_by: None,
        segments: None,
        verdict: None,
        problem: None,
    };
    match send::ready(app, ctx.scope(), settings, message, contact, at).await? {
        Ok(ready) => {
            shown.segments = segments(ready.channel, &ready.prepared.content);
            shown.channel = Some(ready.channel);
            shown.to = Some(ready.prepared.to);
            shown.subject = ready.prepared.content.subject;
            shown.text = Some(ready.prepared.content.text);
            shown.written_by = Some(ready.by);
            shown.verdict = Some(ready.verdict);
        }
        Err(problem) => shown.problem = Some(problem),
    }
    Ok(Some(shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_message_is_told_with_the_waits_before_it() {
        let steps: Vec<Step> = serde_json::from_value(serde_json::json!([
            { "id": "day", "action": { "do": "wait", "minutes": 1440 } },
            { "id": "one", "action": { "do": "send", "message": { "words": { "by": "text", "text": "Hi" } } } },
            { "id": "days", "action": { "do": "wait", "minutes": 4320 } },
            { "id": "two", "action": { "do": "send", "message": { "words": { "by": "text", "text": "Hi" } } } },
            { "id": "end", "action": { "do": "end" } },
        ]))
        .unwrap();
        let now = Timestamp::from_millis(0);
        let next = |from: Option<&str>| {
            sender(&steps, from, now).map(|(step, _, at)| (step.id.as_str(), at.as_millis() / 60_000))
        };
        assert_eq!(next(None), Some(("one", 1440)));
        assert_eq!(next(Some("one")), Some(("one", 0)));
        assert_eq!(next(Some("days")), Some(("two", 0)), "the wait is in when it is due");
        assert_eq!(next(Some("end")), None);
    }
}
