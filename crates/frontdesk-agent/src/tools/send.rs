//! The tools that send the customer something in writing: by text message, WhatsApp or e-mail, from the business's own
//! templates. Who receives it is the customer of the conversation; a number or an address they give becomes theirs.

use serde_json::{Value, json};

use super::{email, object, phone};
use crate::port::ToolSpec;

/// Sends a text message.
pub const SEND_SMS: &str = "send_sms";
/// Sends a WhatsApp message.
pub const SEND_WHATSAPP: &str = "send_whatsapp";
/// Sends an e-mail.
pub const SEND_EMAIL: &str = "send_email";
/// Looks up what became of what was sent.
pub const CHECK_MESSAGE: &str = "check_message";

/// What can be sent: the kinds of the business's templates.
pub const SENDABLE: [&str; 3] = ["business_details", "booking_link", "booking_confirmed"];

/// The tools, in the order models see them.
pub(super) fn specs() -> Vec<ToolSpec> {
    vec![
        ToolSpec {
            name: SEND_SMS,
            description: "Texts the customer something they asked to have by text message. It goes to their phone \
                          number; pass `to` only when they just gave one. Say that it was sent only when the result \
                          says so; when it fails, say so and tell them here instead.",
            parameters: send(&phone()),
        },
        ToolSpec {
            name: SEND_WHATSAPP,
            description: "Sends the customer something they asked to have on WhatsApp. As `send_sms` otherwise.",
            parameters: send(&phone()),
        },
        ToolSpec {
            name: SEND_EMAIL,
            description: "E-mails the customer something they asked to have by e-mail. As `send_sms` otherwise.",
            parameters: send(&email()),
        },
        ToolSpec {
            name: CHECK_MESSAGE,
            description: "Looks up what became of the messages that were sent with send_sms, send_whatsapp or \
                          send_email in this conversation. Call it when the customer says that nothing arrived.",
            parameters: object(&[], &json!({})),
        },
    ]
}

fn send(to: &Value) -> Value {
    object(
        &["template"],
        &json!({
            "template": {
                "type": "string",
                "enum": SENDABLE,
                "description": "What to send: `business_details` (address, phone number, e-mail address, web site), \
                                `booking_link` (where an appointment is booked online), `booking_confirmed` (their \
                                next appointment, made in this conversation or shown to be theirs).",
            },
            "to": to,
        }),
    )
}
