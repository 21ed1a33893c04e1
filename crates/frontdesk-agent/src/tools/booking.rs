//! The booking tools. What they take and give is typed in [`crate::booking`].

use serde_json::{Value, json};

use super::{email, object, phone, put, text};
use crate::port::ToolSpec;

/// Lists what can be booked.
pub const LIST_BOOKING_TYPES: &str = "list_booking_types";
/// Asks for free times.
pub const CHECK_AVAILABILITY: &str = "check_availability";
/// Keeps a time for some minutes.
pub const HOLD_SLOT: &str = "hold_slot";
/// Makes an appointment.
pub const BOOK: &str = "book";
/// Finds the customer's coming bookings.
pub const FIND_MY_BOOKINGS: &str = "find_my_bookings";
/// Sends a one-time code.
pub const SEND_CODE: &str = "send_code";
/// Checks a one-time code.
pub const ENTER_CODE: &str = "enter_code";
/// Moves an appointment.
pub const RESCHEDULE: &str = "reschedule";
/// Cancels an appointment.
pub const CANCEL: &str = "cancel";
/// Waits for a time to be freed.
pub const JOIN_WAITING_LIST: &str = "join_waiting_list";

/// The booking tools, in the order models see them.
#[expect(clippy::too_many_lines, reason = "a table of tools and their words")]
pub(super) fn specs() -> Vec<ToolSpec> {
    vec![
        ToolSpec {
            name: LIST_BOOKING_TYPES,
            description: "Lists what can be booked: ids, lengths, prices, staff, and the details each one needs.",
            parameters: object(&[], &json!({})),
        },
        ToolSpec {
            name: CHECK_AVAILABILITY,
            description: "Gives free times of a booking type, each with the slot that books it. Never offer, confirm or \
                          rule out a time that this has not given. Ask for the range the customer means. To move a \
                          booking, give its reference as `booking` instead of `type`. When `slots` is empty, `why` \
                          says why and `later` has the next free times.",
            parameters: {
                let mut parameters = object(
                    &[],
                    &json!({
                        "type": id("The booking type."),
                        "booking": text("The reference of a booking that is to be moved.", 1, 20),
                        "from": instant("From this instant; now when left out."),
                        "to": instant("To this instant, exclusive; two weeks after `from` when left out."),
                        "staff": id("Only with this member of staff."),
                        "minutes": { "type": "integer", "minimum": 5, "maximum": 1440, "description": "How long, where the type has several lengths." },
                        "seats": seats(),
                        "limit": { "type": "integer", "minimum": 1, "maximum": 200, "description": "The most slots to give; 12 when left out." },
                    }),
                );
                put(&mut parameters, "anyOf", json!([{ "required": ["type"] }, { "required": ["booking"] }]));
                parameters
            },
        },
        ToolSpec {
            name: HOLD_SLOT,
            description: "Keeps a slot for the customer for some minutes while you ask for what is missing.",
            parameters: object(&["slot"], &json!({ "slot": slot(), "seats": seats() })),
        },
        ToolSpec {
            name: BOOK,
            description: "Makes the appointment. Call it once the customer has agreed to the time and you have read back \
                          what is booked, with a hold or a slot and the details the type needs. Use only what they said \
                          themselves. If the time was taken meanwhile, offer the alternatives it gives.",
            parameters: {
                let mut parameters = object(
                    &[],
                    &json!({
                        "hold": text("What `hold_slot` gave.", 1, 100),
                        "slot": slot(),
                        "name": text("The customer's name.", 1, 120),
                        "email": email(),
                        "phone": phone(),
                        "seats": seats(),
                        "answers": {
                            "type": "array",
                            "description": "Answers to the type's questions.",
                            "maxItems": 20,
                            "items": object(
                                &["key", "value"],
                                &json!({
                                    "key": text("The question's key.", 1, 40),
                                    "value": text("What they answered.", 1, 1000),
                                }),
                            ),
                        },
                        "message": text("What they add, such as a reason for coming.", 1, 1000),
                    }),
                );
                put(&mut parameters, "anyOf", json!([{ "required": ["hold"] }, { "required": ["slot"] }]));
                parameters
            },
        },
        ToolSpec {
            name: FIND_MY_BOOKINGS,
            description: "Lists the customer's coming bookings. Until they have shown who they are with a code, only \
                          bookings made in this conversation are listed.",
            parameters: object(&[], &json!({})),
        },
        ToolSpec {
            name: SEND_CODE,
            description: "Mails a one-time code to the address the customer booked with, to show that the bookings are \
                          theirs. It never tells whether there are any.",
            parameters: object(&["email"], &json!({ "email": email() })),
        },
        ToolSpec {
            name: ENTER_CODE,
            description: "Checks the one-time code that the customer read from the mail.",
            parameters: object(&["code"], &json!({ "code": text("The code.", 4, 20) })),
        },
        ToolSpec {
            name: RESCHEDULE,
            description: "Moves a booking to a slot that `check_availability` gave for that booking. Only after the \
                          customer agreed to the new time.",
            parameters: object(&["booking", "slot"], &json!({ "booking": reference(), "slot": slot() })),
        },
        ToolSpec {
            name: CANCEL,
            description: "Cancels a booking. Only after the customer confirmed that they mean this one.",
            parameters: object(
                &["booking"],
                &json!({ "booking": reference(), "reason": text("Why, if they said so.", 1, 500) }),
            ),
        },
        ToolSpec {
            name: JOIN_WAITING_LIST,
            description: "Puts the customer on the waiting list of a booking type: when a time in the range is freed they \
                          are offered it by mail. Needs their name and e-mail address.",
            parameters: object(
                &["type", "from", "to"],
                &json!({
                    "type": id("The booking type."),
                    "from": instant("They can come from this instant"),
                    "to": instant("to this one, exclusive."),
                    "staff": id("Only with this member of staff."),
                    "name": text("Their name.", 1, 120),
                    "email": email(),
                    "phone": phone(),
                }),
            ),
        },
    ]
}

fn id(description: &str) -> Value {
    text(description, 1, 64)
}

fn reference() -> Value {
    text("The booking's reference.", 1, 20)
}

fn slot() -> Value {
    text("A slot as `check_availability` gave it.", 1, 64)
}

fn seats() -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": 500, "description": "For how many people; 1 when left out." })
}

fn instant(description: &str) -> Value {
    json!({
        "type": "string",
        "maxLength": 40,
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})$",
        "description": format!("{description} RFC 3339 with the offset."),
    })
}
