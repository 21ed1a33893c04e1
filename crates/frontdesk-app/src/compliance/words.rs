//! Words that stop and start messages, heard before anything else is done with a customer's message.

use frontdesk_domain::conversation::Channel;
use frontdesk_domain::message::Message;
use frontdesk_store::Tx;
use frontdesk_store::channel_thread::ChannelThread;

use crate::{App, Result};

/// Acts on words that stop or start messages. True when the message is dealt with and needs no answer of the agent.
pub(crate) async fn hear(
    app: &App,
    tx: &Tx,
    thread: &ChannelThread,
    channel: Channel,
    said: &Message,
    vendor_handled: bool,
) -> Result<bool> {
    let _ = (app, tx, thread, channel, said, vendor_handled);
    Ok(false)
}
