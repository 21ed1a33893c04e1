//! Home: what needs you, what happened, how the week went.

use std::collections::HashMap;

use frontdesk_domain::access::Permission;
use frontdesk_domain::contact::TimelineEntry;
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::{Channel, Conversation, ConversationState, Floor};
use frontdesk_domain::event::{Event, LoggedEvent};
use frontdesk_domain::id::{ConversationId, LeadId};
use frontdesk_domain::lead::Lead;
use frontdesk_domain::page::PageRequest;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::{conversation, event, home, lead, turn, workspace};
use jiff::ToSpan;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{App, Result};

/// Rows of each list.
const ROWS: u32 = 8;
/// Lines of activity.
const LINES: u64 = 20;
/// How many events back activity is looked for.
const LOOK_BACK: u64 = 2_000;
/// What counts as activity.
const KINDS: &[&str] = &[
    "conversation.started",
    "human_handoff.requested",
    "conversation.floor_changed",
    "conversation.state_changed",
    "lead.created",
];

/// Everything on the home page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Home {
    /// Conversations that wait for a person, newest message first.
    pub needs_you: Vec<Conversation>,
    /// Figures.
    pub counts: HomeCounts,
    /// The newest leads.
    pub recent_leads: Vec<Lead>,
    /// What happened, newest first.
    pub activity: Vec<TimelineEntry>,
    /// The newest questions the documents could not answer.
    pub unanswered: Vec<UnansweredQuestion>,
    /// The last seven days, today last.
    pub week: Vec<WeekDay>,
}

/// The figures of the home page; days are the business's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HomeCounts {
    /// Conversations that started today.
    pub conversations_today: u64,
    /// Messages of customers, agents and people today.
    pub messages_today: u64,
    /// Of the last seven days' conversations in which the customer wrote, how many needed no person; 0 when there
    /// were none.
    #[schema(maximum = 100)]
    pub answered_by_ai_percent: u8,
    /// Leads captured in the last seven days.
    pub leads_this_week: u64,
    /// Conversations that wait for a person.
    pub waiting: u64,
}

/// A question the documents could not answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnansweredQuestion {
    /// The question, in the customer's words.
    pub question: String,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// Where.
    pub conversation_id: ConversationId,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WeekDay {
    /// The date in the business's zone, such as `2026-03-18`.
    #[schema(format = Date)]
    pub day: String,
    /// Conversations that started.
    pub conversations: u64,
    /// Leads captured.
    pub leads: u64,
}

/// The home page, as far as the actor may see it: leads only with the permission to read them.
pub async fn get(app: &App, ctx: &Context) -> Result<Home> {
    ctx.require(Permission::ConversationsRead)?;
    let sees_leads = ctx.require(Permission::LeadsRead).is_ok();
    let (db, scope) = (app.store.reader(), ctx.scope());
    let zone = workspace::get(db, scope).await?.zone;
    let (days, bounds) = last_days(ctx.now(), &zone);
    let [first, .., today, _tomorrow] = bounds.as_slice() else {
        return Err(crate::AppError::Internal("a week without days".to_owned()));
    };

    let waiting = conversation::Filter { waiting: true, ..conversation::Filter::default() };
    let rows = PageRequest { cursor: None, limit: Some(ROWS) };
    let since_today = home::conversations_since(db, scope, *today).await?;
    let this_week = home::conversations_since(db, scope, *first).await?;
    let per_day = home::counts_between(db, scope, &bounds).await?;
    let leads = if sees_leads {
        lead::list(db, scope, &lead::Filter::default(), None, ROWS).await?.items
    } else {
        Vec::new()
    };
    let week: Vec<WeekDay> = days
        .into_iter()
        .zip(per_day)
        .map(|(day, (conversations, leads))| WeekDay {
            day,
            conversations,
            leads: if sees_leads { leads } else { 0 },
        })
        .collect();
    let unanswered = turn::list_unanswered(db, scope, u64::from(ROWS)).await?;
    Ok(Home {
        needs_you: conversation::list(db, scope, &waiting, &rows).await?.items,
        counts: HomeCounts {
            conversations_today: since_today.conversations,
            messages_today: home::messages_since(db, scope, *today).await?,
            answered_by_ai_percent: percent(this_week.answered_by_ai, this_week.asked),
            leads_this_week: week.iter().map(|day| day.leads).sum(),
            waiting: conversation::count(db, scope, &waiting).await?,
        },
        recent_leads: leads,
        activity: activity(app, ctx, sees_leads).await?,
        unanswered: unanswered
            .into_iter()
            .map(|asked| UnansweredQuestion {
                question: asked.question,
                asked_at: asked.asked_at,
                conversation_id: asked.conversation_id,
            })
            .collect(),
        week,
    })
}

fn percent(part: u64, whole: u64) -> u8 {
    let rounded = (part * 100 + whole / 2).checked_div(whole).unwrap_or(0);
    u8::try_from(rounded.min(100)).unwrap_or(100)
}

/// The last seven days in the business's zone, today last, and the eight midnights around them. A day is as long as it
/// is there: 23 or 25 hours when clocks change.
fn last_days(now: Timestamp, zone: &str) -> (Vec<String>, Vec<Timestamp>) {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let today = now.to_jiff().to_zoned(zone.clone()).date();
    let mut days = Vec::with_capacity(7);
    let mut bounds = Vec::with_capacity(8);
    for offset in -6..=1_i64 {
        let date = today.checked_add(offset.days()).unwrap_or(today);
        let midnight = date.to_zoned(zone.clone()).map_or(now, |start| start.timestamp().into());
        bounds.push(midnight);
        if offset < 1 {
            days.push(date.to_string());
        }
    }
    (days, bounds)
}

async fn activity(app: &App, ctx: &Context, sees_leads: bool) -> Result<Vec<TimelineEntry>> {
    let (db, scope) = (app.store.reader(), ctx.scope());
    let last = event::last_seq(db, scope).await?;
    let newest =
        event::list_newest_after(db, scope, KINDS, last.saturating_sub(LOOK_BACK), LINES * 2).await?;
    let mut names: HashMap<ConversationId, Option<String>> = HashMap::new();
    let mut lines = Vec::new();
    for logged in newest {
        if lines.len() as u64 >= LINES {
            break;
        }
        let line = match &logged.event {
            Event::LeadCreated { lead_id } if sees_leads => of_lead(app, ctx, &logged, *lead_id).await?,
            Event::ConversationStarted { conversation_id }
            | Event::HandoffRequested { conversation_id, .. }
            | Event::FloorChanged { conversation_id, .. }
            | Event::ConversationStateChanged { conversation_id, .. } => {
                let name = if let Some(known) = names.get(conversation_id) {
                    known.clone()
                } else {
                    let found = conversation::find(db, scope, *conversation_id).await?;
                    // Rehearsals are nobody's news.
                    let name = found
                        .filter(|found| found.channel != Channel::Sandbox)
                        .map(|found| found.contact_name);
                    names.insert(*conversation_id, name.clone());
                    name
                };
                name.and_then(|name| of_conversation(&logged, *conversation_id, &name))
            }
            _ => None,
        };
        lines.extend(line);
    }
    Ok(lines)
}

async fn of_lead(
    app: &App,
    ctx: &Context,
    logged: &LoggedEvent,
    id: LeadId,
) -> Result<Option<TimelineEntry>> {
    let Some(lead) = lead::find(app.store.reader(), ctx.scope(), id).await? else { return Ok(None) };
    let name = if lead.name.is_empty() { "A visitor" } else { &lead.name };
    let text = if lead.need.is_empty() {
        format!("{name} left their details")
    } else {
        format!("{name} left their details: {}", lead.need.lines().next().unwrap_or_default())
    };
    let kind = logged.event.kind().to_owned();
    Ok(Some(TimelineEntry { at: logged.at, kind, text, conversation_id: lead.conversation_id }))
}

fn of_conversation(logged: &LoggedEvent, id: ConversationId, name: &str) -> Option<TimelineEntry> {
    let text = match &logged.event {
        Event::ConversationStarted { .. } => format!("{name} started a conversation"),
        Event::HandoffRequested { .. } => format!("{name} asked for a person"),
        Event::FloorChanged { floor: Floor::Person { .. }, .. } => {
            format!("The team took over from the AI with {name}")
        }
        Event::ConversationStateChanged { state: ConversationState::Resolved, .. } => {
            format!("The conversation with {name} was resolved")
        }
        _ => return None,
    };
    Some(TimelineEntry {
        at: logged.at,
        kind: logged.event.kind().to_owned(),
        text,
        conversation_id: Some(id),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_week_ends_today_in_the_business_zone() {
        // Thursday 2026-03-19, 03:00 UTC is still Wednesday evening in New York.
        let now = Timestamp::from_millis(1_773_889_200_000);
        let (days, bounds) = last_days(now, "America/New_York");
        assert_eq!(days.first().map(String::as_str), Some("2026-03-12"));
        assert_eq!(days.last().map(String::as_str), Some("2026-03-18"));
        assert_eq!((days.len(), bounds.len()), (7, 8));
        assert!(bounds[6] <= now && now < bounds[7]);
    }

    #[test]
    fn a_day_has_23_hours_when_clocks_go_forward() {
        // The week before Monday 2026-03-30 in Berlin holds the 29th, a day of 23 hours.
        let (days, bounds) = last_days(Timestamp::from_millis(1_774_864_800_000), "Europe/Berlin");
        assert_eq!(days[5], "2026-03-29");
        assert_eq!(bounds[6].since(bounds[5]), std::time::Duration::from_hours(23));
    }

    #[test]
    fn a_share_of_nothing_is_nothing() {
        assert_eq!(percent(0, 0), 0);
        assert_eq!(percent(2, 3), 67);
    }
}
