//! Words that stop and start messages, heard before anything else is done with a customer's message.
//!
//! A stop holds from the unit of work that stores the message on. It is confirmed once, unless the vendor has; the agent is
//! not asked. A bare CANCEL is a stop by the letter of the rule and perhaps about an appointment: the one confirmation asks
//! which (see `question.rs`).

use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::compliance::opt_out::{self, Answer, Business, Heard, How, Scope};
use frontdesk_domain::conversation::Conversation;
use frontdesk_domain::id::ConversationId;
use frontdesk_domain::message::Message;
use frontdesk_store::channel_thread::ChannelThread;
use frontdesk_store::{Tx, workspace};

use super::{opt_in_address, opt_out_address, opt_out_channel, question};
use crate::Result;
use crate::conversation::line::said_by_house;
use crate::message::queue::queue_said;

/// Acts on words that stop or start messages. True when the message is dealt with and needs no answer of the agent.
pub(crate) async fn hear(
    tx: &Tx,
    thread: &ChannelThread,
    talk: &Conversation,
    said: &Message,
    vendor_handled: bool,
) -> Result<bool> {
    let heard = opt_out::classify(&said.text, Some(talk.language));
    if heard == Heard::Nothing {
        return question::hear(tx, thread, talk, said).await;
    }
    let by = format!("\"{}\" in a message", said.text.chars().take(100).collect::<String>());
    // An opt-out is confirmed once.
    let mut answers = !vendor_handled;
    let answer = match heard {
        Heard::OptOut { scope: Scope::ThisChannel, .. } => {
            answers &= opt_out_channel(tx, &thread.peer, talk.channel, &by).await?;
            Answer::OptedOut
        }
        Heard::OptOut { how, ambiguous_cancel, .. } => {
            answers &= opt_out_address(tx, &thread.peer, talk.contact_id, &by).await?;
            metrics::counter!("frontdesk_opt_outs_total", "how" => how_word(how)).increment(1);
            if ambiguous_cancel && question::ask(tx, thread, talk, answers).await? {
                return Ok(true);
            }
            Answer::OptedOut
        }
        Heard::OptIn => {
            opt_in_address(tx, &thread.peer, talk.channel, talk.contact_id, &by).await?;
            question::forget(tx, thread).await?;
            Answer::OptedIn
        }
        Heard::Help => Answer::Help,
        Heard::Nothing => return Ok(false),
    };
    if answers {
        let home = workspace::get(tx, tx.scope()).await?;
        let business = Business { name: &home.name, phone: &home.facts.phone };
        say(tx, thread, opt_out::answer(answer, talk.language, business)).await?;
    }
    Ok(true)
}

const fn how_word(how: How) -> &'static str {
    match how {
        How::Keyword => "keyword",
        How::FreeForm => "sentence",
    }
}

/// Says something in the business's name, as the answer the customer asked for.
pub(crate) async fn say(tx: &Tx, thread: &ChannelThread, text: String) -> Result<()> {
    say_in(tx, thread.conversation_id, text).await
}

/// The same, in a conversation.
pub(crate) async fn say_in(tx: &Tx, id: ConversationId, text: String) -> Result<()> {
    let (line, placed) = said_by_house(tx, id, &text).await?;
    queue_said(tx, &placed.conversation, &line, Purpose::Reply).await?;
    Ok(())
}
