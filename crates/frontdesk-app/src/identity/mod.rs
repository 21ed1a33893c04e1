//! Who the customer of a conversation is, shown rather than said: by a one-time code sent to their e-mail address, or by
//! the link of a booking. What was shown holds for the conversation and for hours.
//!
//! That a code is on its way says nothing about the address: whether any booking was made with it is looked up by the
//! job that sends the mail, and only its owner learns it.

mod mail;

use std::time::Duration;

use frontdesk_domain::context::Context;
use frontdesk_domain::id::{ConversationId, uuid_v7};
use frontdesk_domain::locale::Language;
use frontdesk_domain::random::Random;
use frontdesk_domain::text;
use frontdesk_store::identity::{self, Code, Proof};
use frontdesk_store::{Tx, rate_window};
use serde_json::json;
use subtle::ConstantTimeEq;
use uuid::Uuid;

pub use mail::{JOB, run};

use crate::{App, AppError, Result, booking, token};

/// How long a code works.
pub const WORKS: Duration = Duration::from_mins(10);
/// Tries at one code.
pub const TRIES: u32 = 5;
/// Codes an hour to one address, and in one conversation.
pub const AN_HOUR: u32 = 3;
/// How long what was shown holds.
pub const HOLDS: Duration = Duration::from_hours(4);

const HOUR: Duration = Duration::from_hours(1);
/// Links read from one message.
const LINKS: usize = 3;
/// What a booking's link holds.
const LINK: &str = "bm_";

/// What came of a code that was read out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// It is the one that was sent.
    Right,
    /// It is not.
    Wrong,
    /// There is none that works: none was sent, it has lapsed, or too many tries were made.
    Lapsed,
}

fn hash(id: Uuid, code: &str) -> String {
    token::hash(&format!("identity-code:{}:{code}", id.simple()))
}

fn six_digits(random: &dyn Random) -> String {
    format!("{:06}", random.next_u64() % 1_000_000)
}

/// Sends a one-time code to an address, for the customer of a conversation to read it out there.
///
/// # Errors
/// [`AppError::Invalid`] when it is no address, [`AppError::RateLimited`] after too many codes.
pub async fn send_code(
    app: &App,
    ctx: &Context,
    conversation: ConversationId,
    email: &str,
    language: Language,
) -> Result<()> {
    let email = text::email(email).map_err(|error| AppError::invalid("/email", error.to_string()))?;
    let tx = app.store.begin(ctx).await?;
    let workspace = ctx.workspace;
    count(&tx, &format!("identity-code:{workspace}:{email}")).await?;
    count(&tx, &format!("identity-code:{workspace}:{conversation}")).await?;
    let (id, digits) = (uuid_v7(tx.now(), tx.random()), six_digits(tx.random()));
    let code = Code {
        id,
        conversation_id: conversation,
        email,
        hash: hash(id, &digits),
        created_at: tx.now(),
        expires_at: tx.now().plus(WORKS),
    };
    identity::put_code(&tx, tx.scope(), &code).await?;
    tx.enqueue(mail::job(app, workspace, id, &digits, language)?);
    tx.audit("identity.send_code", Some(conversation.to_string()), json!({}));
    tx.commit().await?;
    Ok(())
}

async fn count(tx: &Tx, what: &str) -> Result<()> {
    let window = rate_window::add(tx, &token::hash(what), 1, tx.now(), tx.now().plus(HOUR)).await?;
    if window.count > AN_HOUR {
        let retry_after_secs = window.ends_at.since(tx.now()).as_secs().max(1);
        return Err(AppError::RateLimited { retry_after_secs });
    }
    Ok(())
}

/// Checks the code a customer read out; a right one shows that the address is theirs.
pub async fn enter_code(
    app: &App,
    ctx: &Context,
    conversation: ConversationId,
    said: &str,
) -> Result<Entered> {
    let digits: String = said.chars().filter(char::is_ascii_digit).take(20).collect();
    let tx = app.store.begin(ctx).await?;
    let Some(code) = identity::try_code(&tx, tx.scope(), conversation, TRIES, tx.now()).await? else {
        return Ok(Entered::Lapsed);
    };
    let right = bool::from(hash(code.id, &digits).as_bytes().ct_eq(code.hash.as_bytes()));
    if right {
        identity::delete_code(&tx, tx.scope(), code.id).await?;
        show(&tx, conversation, &Proof::Email(code.email)).await?;
    }
    let outcome = if right { Entered::Right } else { Entered::Wrong };
    tx.audit("identity.enter_code", Some(conversation.to_string()), json!({ "right": right }));
    tx.commit().await?;
    Ok(outcome)
}

async fn show(tx: &Tx, conversation: ConversationId, proof: &Proof) -> Result<()> {
    let id = uuid_v7(tx.now(), tx.random());
    let until = Some(tx.now().plus(HOLDS));
    Ok(identity::put_proof(tx, tx.scope(), (id, conversation), proof, tx.now(), until).await?)
}

/// Takes in the links of bookings that a customer put into a message: whoever has one may change that booking.
pub async fn show_links(app: &App, ctx: &Context, conversation: ConversationId, said: &str) -> Result<()> {
    let mut shown = Vec::new();
    for link in links(said).take(LINKS) {
        match booking::public::open(app, link).await {
            Ok((theirs, stored)) if theirs.workspace == ctx.workspace => shown.push(stored.booking.id),
            Ok(_) | Err(AppError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    if shown.is_empty() {
        return Ok(());
    }
    let tx = app.store.begin(ctx).await?;
    for id in shown {
        show(&tx, conversation, &Proof::Link(id)).await?;
    }
    tx.commit().await?;
    Ok(())
}

const fn is_of_link(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// The tokens of bookings' links in a text.
fn links(said: &str) -> impl Iterator<Item = &str> {
    said.split(|c: char| !is_of_link(c)).filter(|word| word.starts_with(LINK) && word.len() > 40)
}

/// A text without the tokens of links, for whoever need not know them.
pub fn without_links(said: &str) -> String {
    let mut text = said.to_owned();
    for link in links(said) {
        text = text.replace(link, "(link)");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_in_what_people_paste_and_hidden_from_models() {
        let token = format!("bm_{}", "aB3-_".repeat(16));
        let said = format!("here: https://desk.example/book/manage/{token}. Please move it, bm_ is not one");
        assert_eq!(links(&said).collect::<Vec<_>>(), [token.as_str()]);
        assert_eq!(
            without_links(&said),
            "here: https://desk.example/book/manage/(link). Please move it, bm_ is not one"
        );
    }
}
