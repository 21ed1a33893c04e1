//! Search over everything, for the command palette.

use frontdesk_domain::access::Permission;
use frontdesk_domain::agent::Agent;
use frontdesk_domain::contact::Contact;
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::Conversation;
use frontdesk_domain::knowledge::Source;
use frontdesk_domain::page::PageRequest;
use frontdesk_domain::text;
use frontdesk_store::contact::Order;
use frontdesk_store::{agent, contact, conversation, knowledge};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{App, AppError, Result};

/// Rows of each kind.
const ROWS: u32 = 5;

/// What was found; a kind the actor may not see is empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SearchResults {
    /// Contacts.
    pub contacts: Vec<Contact>,
    /// Conversations.
    pub conversations: Vec<Conversation>,
    /// Knowledge sources.
    pub sources: Vec<Source>,
    /// Agents.
    pub agents: Vec<Agent>,
}

/// The first few of each kind whose text contains `q`.
pub async fn search(app: &App, ctx: &Context, q: &str) -> Result<SearchResults> {
    let allowed = |permission| ctx.require(permission).is_ok();
    let kinds = [
        Permission::ContactsRead,
        Permission::ConversationsRead,
        Permission::KnowledgeRead,
        Permission::AgentsRead,
    ];
    if !kinds.into_iter().any(allowed) {
        ctx.require(Permission::ContactsRead)?;
    }
    let text = text::line(q, 200).map_err(|error| AppError::invalid("/q", error.to_string()))?;
    let (db, scope, names_only) = (app.store.reader(), ctx.scope(), crate::contact::finds_names_only(ctx));
    let rows = PageRequest { cursor: None, limit: Some(ROWS) };
    let contacts = if allowed(Permission::ContactsRead) {
        let filter = contact::Filter { text: Some(text.clone()), names_only, ..contact::Filter::default() };
        contact::list(db, scope, &filter, Order::Seen, contact::Place::default(), ROWS).await?.items
    } else {
        Vec::new()
    };
    let conversations = if allowed(Permission::ConversationsRead) {
        let filter =
            conversation::Filter { text: Some(text.clone()), names_only, ..conversation::Filter::default() };
        conversation::list(db, scope, &filter, &rows).await?.items
    } else {
        Vec::new()
    };
    let sources = if allowed(Permission::KnowledgeRead) {
        let filter = knowledge::Filter { text: Some(text.clone()), ..knowledge::Filter::default() };
        knowledge::list(db, scope, &filter, &rows).await?.items
    } else {
        Vec::new()
    };
    let agents = if allowed(Permission::AgentsRead) {
        let wanted = text.to_lowercase();
        let all = agent::list(db, scope, false).await?;
        let named = all.into_iter().filter(|agent| agent.name.to_lowercase().contains(&wanted));
        named.take(ROWS as usize).collect()
    } else {
        Vec::new()
    };
    Ok(SearchResults { contacts, conversations, sources, agents })
}
