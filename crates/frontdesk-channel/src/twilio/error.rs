//! The vendor's error codes: what each means for the message and for the address, in plain words.
//!
//! From the vendor's list of errors (twilio.com/docs/api/errors). The same codes come as the answer to a request and in
//! reports of what became of a message. To add one, add a line to [`CODES`], in its place by number.

use frontdesk_domain::outbox::Status;

/// What an error means for the message and its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It may pass; trying later may help.
    Retry,
    /// Too many at once; trying later helps.
    Limited,
    /// This message will not be taken; something about it, the sender or the account is wrong.
    Refused,
    /// Nothing sent to this address will arrive.
    Dead,
    /// The customer told the vendor to stop messages from this sender.
    OptedOut,
}

use Fate::{Dead, Limited, OptedOut, Refused, Retry};

/// Code, fate, words.
const CODES: &[(u32, Fate, &str)] = &[
    (
        10001,
        Refused,
        "the Twilio account is not active, perhaps because its balance is used up; look at it in Twilio's console",
    ),
    (14107, Limited, "Twilio gets too many messages at once"),
    (
        20003,
        Refused,
        "Twilio does not accept the account SID and auth token; copy both again from its console",
    ),
    (
        20005,
        Refused,
        "the Twilio account is not active, perhaps because its balance is used up; look at it in Twilio's console",
    ),
    (20006, Refused, "the Twilio account may not do this; look at its permissions in Twilio's console"),
    (20008, Refused, "these are Twilio's test credentials, which cannot do this; use the live ones"),
    (20404, Refused, "Twilio does not know what was asked for; check the account SID and the numbers"),
    (20429, Limited, "Twilio gets too many requests at once"),
    (21211, Dead, "the number does not exist or is not written with + and the country code"),
    (21212, Refused, "the number to send from is not valid; choose one of the account's numbers"),
    (21214, Dead, "the number cannot be reached"),
    (21217, Dead, "the number does not look like a phone number"),
    (21219, Refused, "a Twilio trial account only reaches numbers that were verified in its console"),
    (21265, Dead, "the number is a short code, which cannot receive messages"),
    (21266, Refused, "the message goes to the number it is sent from"),
    (
        21402,
        Refused,
        "Twilio does not take this installation's address; it must be reachable from the internet",
    ),
    (
        21404,
        Refused,
        "a Twilio trial account cannot have this number; upgrade the account in Twilio's console",
    ),
    (
        21408,
        Refused,
        "the account may not send to this country; allow it in Twilio's console under Geo permissions",
    ),
    (21421, Refused, "this is no number that Twilio has"),
    (21422, Refused, "the number is no longer available: somebody else was faster; choose another one"),
    (21451, Refused, "this is no area code"),
    (21452, Refused, "there are no numbers in this area code; choose another one"),
    (21601, Refused, "the number to send from cannot send text messages"),
    (21602, Refused, "the message is empty"),
    (21603, Refused, "no number to send from was given"),
    (21604, Refused, "no number to send to was given"),
    (21605, Refused, "the message is too long for Twilio: at most 1,600 characters"),
    (21606, Refused, "the number to send from is not one of the account's, or cannot send such messages"),
    (21607, Refused, "the number to send from cannot send to this country"),
    (21608, Refused, "a Twilio trial account only reaches numbers that were verified in its console"),
    (21609, Refused, "Twilio cannot call this installation's address; check the public address"),
    (
        21610,
        OptedOut,
        "the customer answered STOP to this number; only their START lets messages through again",
    ),
    (21611, Limited, "too many messages are waiting at the number to send from"),
    (21612, Refused, "this number cannot be reached from the number to send from; try another number"),
    (21614, Dead, "the number is not a mobile number and cannot receive text messages"),
    (
        21615,
        Refused,
        "the number may only go to somebody with an address in its area; add one in Twilio's console under Phone Numbers, \
         Regulatory compliance",
    ),
    (21617, Refused, "the message is too long for Twilio: at most 1,600 characters"),
    (21618, Refused, "Twilio does not take the words of this message"),
    (21619, Refused, "the message is empty"),
    (21620, Refused, "Twilio cannot fetch the file; its address must be public"),
    (21621, Refused, "the number to send from cannot send pictures"),
    (21622, Refused, "the Twilio account cannot send pictures"),
    (21623, Refused, "the message has too many files: at most 10"),
    (
        21631,
        Refused,
        "the number may only go to somebody who has told an address; add one in Twilio's console under Phone Numbers, \
         Regulatory compliance",
    ),
    (21635, Dead, "the number is a landline and cannot receive text messages"),
    (
        21649,
        Refused,
        "the country asks for papers first: have a regulatory bundle approved in Twilio's console, then buy the number there",
    ),
    (21655, Refused, "Twilio does not know the template; check its content SID"),
    (21656, Refused, "the values do not fit the places of the template"),
    (21701, Refused, "Twilio does not know the messaging service"),
    (21703, Refused, "the messaging service has no number; add one in Twilio's console"),
    (21704, Refused, "the messaging service has no number; add one in Twilio's console"),
    (21705, Refused, "Twilio does not know the messaging service; check its SID"),
    (21730, Retry, "Twilio is under maintenance"),
    (21910, Refused, "a WhatsApp sender reaches only WhatsApp, a phone number only text messages"),
    (30001, Limited, "too many messages are waiting at Twilio"),
    (30002, Refused, "Twilio has suspended the account; look at its state in Twilio's console"),
    (30003, Retry, "the phone is switched off or out of reach"),
    (30004, Refused, "the carrier or the customer blocks messages from this number"),
    (30005, Dead, "the number does not exist or is no longer in use"),
    (30006, Dead, "the number is a landline, or its carrier takes no text messages"),
    (30007, Refused, "a carrier took the message for unwanted advertising and stopped it"),
    (30008, Retry, "the carrier gave no reason"),
    (30009, Retry, "a part of the message was lost on the way"),
    (30010, Refused, "the message would cost more than the limit that was set"),
    (30011, Refused, "the customer's phone or carrier cannot receive pictures"),
    (30017, Retry, "the carrier's network is overloaded"),
    (30018, Refused, "the country requires senders to be registered first; do so in Twilio's console"),
    (30019, Refused, "the files are larger than the carrier allows"),
    (30021, Retry, "Twilio's messaging service failed"),
    (30022, Limited, "more messages were sent than the registered campaign may send at once"),
    (30023, Limited, "the registered campaign has reached its number of messages for today"),
    (30024, Refused, "the carrier does not know the number to send from yet; ask Twilio's support"),
    (30027, Limited, "the brand has reached its number of messages to T-Mobile for today"),
    (30032, Refused, "the toll-free number is not verified; verify it in Twilio's console"),
    (30033, Refused, "the registered campaign is suspended; look at it in Twilio's console"),
    (
        30034,
        Refused,
        "the number is not registered for messages to the US (A2P 10DLC); register it in Twilio's console",
    ),
    (30035, Retry, "the number's registration for messages to the US (A2P 10DLC) is still being set up"),
    (30036, Retry, "the message could not be delivered before it lapsed"),
    (30037, Refused, "sending is switched off for the Twilio account"),
    (30038, Refused, "the message looks like a one-time code and was stopped"),
    (30039, Refused, "the messages answer each other in a circle, so Twilio stopped them"),
    (30410, Retry, "the carrier did not answer in time"),
    (30450, Refused, "Twilio suspects that the number runs up charges and stopped the message"),
    (30500, Retry, "Twilio failed"),
    (63001, Refused, "WhatsApp does not accept the sender's registration; look at it in Twilio's console"),
    (63003, Dead, "the customer is not on WhatsApp"),
    (63005, Refused, "WhatsApp does not take what the message holds"),
    (63007, Refused, "Twilio does not know the WhatsApp sender; check the number"),
    (63010, Retry, "WhatsApp failed"),
    (63012, Retry, "WhatsApp failed"),
    (63013, Refused, "WhatsApp says that the message breaks its rules"),
    (63014, OptedOut, "the customer has blocked messages from this sender"),
    (63015, Refused, "the customer has not joined the WhatsApp sandbox; use a registered sender"),
    (
        63016,
        Refused,
        "more than 24 hours have passed since the customer's last message; WhatsApp allows only an approved template",
    ),
    (63018, Limited, "the WhatsApp sender has sent too many messages at once"),
    (63019, Refused, "WhatsApp cannot fetch the file; its address must be public"),
    (63020, Refused, "the business has to accept Twilio's invitation in its WhatsApp Business account first"),
    (63021, Refused, "WhatsApp does not take what the message holds"),
    (63022, Refused, "WhatsApp cannot verify the sender's certificate; ask Twilio's support"),
    (63023, Retry, "WhatsApp failed"),
    (63024, Dead, "WhatsApp cannot bring messages to this number"),
    (63025, Refused, "WhatsApp already has this file"),
    (63027, Refused, "the template does not exist in this language, or is not approved"),
    (63028, Refused, "the values do not fit the places of the template"),
    (63029, Retry, "the customer's WhatsApp did not take the template in time"),
    (63030, Refused, "WhatsApp does not support something in the message"),
    (63032, Refused, "WhatsApp does not let this message through to this customer for now"),
    (63033, OptedOut, "the customer has blocked messages from this sender"),
    (63038, Limited, "the account has reached its number of messages for today"),
    (63049, Refused, "WhatsApp chose not to show this customer another advertisement for now"),
    (63051, Refused, "the WhatsApp Business account is locked; look at it in Meta's business settings"),
];

/// What a code means, and why in plain words; of a code that is not in the list the vendor's own words are taken.
pub fn explain(code: u32, vendor_words: &str) -> (Fate, String) {
    let found = CODES.binary_search_by_key(&code, |(known, _, _)| *known).ok().and_then(|at| CODES.get(at));
    if let Some((_, fate, words)) = found {
        return (*fate, (*words).to_owned());
    }
    // 305xx are the vendor's own failures; what else is new is a refusal until somebody reads about it.
    let fate = if (30500..30600).contains(&code) { Retry } else { Refused };
    let words = vendor_words.trim();
    let words = if words.is_empty() { "Twilio gives no reason" } else { words };
    (fate, format!("{words} (Twilio's error {code})"))
}

/// Where a message is, by the vendor's word; `None` for words that are not about a message on its way.
pub(super) fn status(word: &str) -> Option<Status> {
    Some(match word {
        // The vendor has it; that is all these say.
        "accepted" | "scheduled" | "queued" | "sending" | "sent" => Status::Sent,
        "delivered" | "partially_delivered" => Status::Delivered,
        "read" => Status::Read,
        "undelivered" => Status::Undelivered,
        "failed" | "canceled" => Status::Failed,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_speaks_to_people() {
        assert!(CODES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (code, _, words) in CODES {
            assert!(words.len() > 10 && !words.ends_with('.'), "{code}");
        }
    }

    #[test]
    fn codes_mean_what_the_vendor_says() {
        assert_eq!(explain(21610, "").0, OptedOut);
        assert_eq!(explain(21614, "").0, Dead);
        assert_eq!(explain(30034, "").0, Refused);
        assert_eq!(explain(30003, "").0, Retry);
        assert_eq!(explain(20429, "").0, Limited);
        assert_eq!(explain(63016, "").0, Refused);
        let (fate, words) = explain(29_999, " Something new ");
        assert_eq!((fate, words.as_str()), (Refused, "Something new (Twilio's error 29999)"));
        assert_eq!(explain(30510, "").0, Retry);
    }
}
