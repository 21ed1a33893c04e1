//! Mail that no person wrote to us: answers of machines, reports, lists. And the one place that says whether a mail may
//! be answered: [`may_answer`].
//!
//! By RFC 3834 and what mail systems really write. Our own mail carries [`LOOP_HEADER`], so that it is known when it comes
//! back, and so that two desks do not talk to each other for ever.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::fields::Fields;
use super::report::{self, Report};
use super::{IncomingMail, MailAddress};

/// The header that our mail carries; its value is [`loop_token`].
pub const LOOP_HEADER: &str = "X-Frontdesk-Loop";

/// What kind of mail that no person wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Automatic {
    /// A mail of ours did not arrive, or not yet.
    Bounce(Bounce),
    /// Somebody reported a mail of ours as unwanted.
    Complaint(Complaint),
    /// A mail of ours arrived or was opened.
    Receipt,
    /// An answer without a person: out of office, "we got your mail".
    Reply,
    /// Written by a program: a notification, a no-reply box.
    Generated,
    /// To many: a newsletter, a mailing list.
    Bulk,
    /// Written by a desk like this one.
    Desk,
    /// An answer to an invitation, with no words of its own.
    Calendar,
}

/// A mail that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// Who did not get it.
    pub recipient: Option<String>,
    /// Whether nothing sent there will arrive.
    pub permanent: bool,
    /// The code (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
    /// What the receiving server said.
    pub reason: String,
    /// The mail's Message-ID.
    pub original_message_id: Option<String>,
}

/// A mail that somebody reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// As what, such as `abuse`.
    pub kind: String,
    /// Who reported it, when that is told.
    pub recipient: Option<String>,
    /// The mail's Message-ID.
    pub original_message_id: Option<String>,
}

/// What is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk<'a> {
    /// This installation's [`loop_token`].
    pub loop_token: &'a str,
    /// Addresses the business writes from and receives at.
    pub own: &'a [String],
}

/// Why a mail must not be answered by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WhyNot {
    /// We wrote it.
    #[error("it is our own mail")]
    Ours,
    /// It comes from an address of the business.
    #[error("it comes from the business itself")]
    OwnAddress,
    /// There is nobody to answer.
    #[error("it names nobody who could be answered")]
    Nobody,
    /// Only a no-reply box could be answered.
    #[error("its sender's mailbox takes no answers")]
    NoReply,
    /// It reports on a mail.
    #[error("it is a report of a mail system")]
    Report,
    /// A machine answered.
    #[error("it is an automatic answer")]
    AutoReply,
    /// A program wrote it.
    #[error("a program wrote it")]
    Generated,
    /// It went to many.
    #[error("it went to a list of people")]
    Bulk,
    /// Another desk wrote it.
    #[error("another automatic desk wrote it")]
    Desk,
}

/// What names this installation to itself, in the loop header. Without the key it cannot be told apart from another's.
pub fn loop_token(key: &[u8]) -> String {
    let mac =
        Hmac::<Sha256>::new_from_slice(key).map(|mac| mac.chain_update(b"frontdesk mail loop v1").finalize());
    // Any length is a key to HMAC.
    let bytes = mac.map(|mac| mac.into_bytes().to_vec()).unwrap_or_default();
    bytes.iter().take(10).fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// Whether this installation wrote the mail.
pub fn is_ours(mail: &IncomingMail, token: &str) -> bool {
    mail.loop_token.as_deref() == Some(token)
}

/// Whether a mail may be answered without a person.
///
/// # Errors
/// Why not.
pub fn may_answer(mail: &IncomingMail, desk: &Desk<'_>) -> Result<(), WhyNot> {
    if is_ours(mail, desk.loop_token) {
        return Err(WhyNot::Ours);
    }
    match &mail.automatic {
        Some(Automatic::Bounce(_) | Automatic::Complaint(_) | Automatic::Receipt) => {
            return Err(WhyNot::Report);
        }
        Some(Automatic::Reply | Automatic::Calendar) => return Err(WhyNot::AutoReply),
        Some(Automatic::Generated) => return Err(WhyNot::Generated),
        Some(Automatic::Bulk) => return Err(WhyNot::Bulk),
        Some(Automatic::Desk) => return Err(WhyNot::Desk),
        None => {}
    }
    if mail.list {
        return Err(WhyNot::Bulk);
    }
    let Some(answered) = mail.answer_to() else { return Err(WhyNot::Nobody) };
    let is_own =
        |address: &MailAddress| desk.own.iter().any(|own| own.eq_ignore_ascii_case(&address.address));
    // Mail that claims to come from us and is not ours is a loop through somebody else, or forged.
    if is_own(answered) || mail.from.as_ref().is_some_and(is_own) && mail.reply_to.is_none() {
        return Err(WhyNot::OwnAddress);
    }
    if is_no_reply(&answered.address) {
        return Err(WhyNot::NoReply);
    }
    Ok(())
}

/// Mailboxes of machines.
fn is_daemon(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    matches!(local, "mailer-daemon" | "mailerdaemon" | "postmaster" | "mail-daemon" | "maildaemon")
}

/// Mailboxes that nobody reads, without signs between their words.
const NO_REPLY: &[&str] = &[
    "noreply",
    "donotreply",
    "dontreply",
    "noresponse",
    "nepasrepondre",
    "noresponder",
    "nichtantworten",
    "keineantwort",
    "naoresponda",
    "nonrispondere",
    "nietbeantwoorden",
    "autoreply",
    "autoresponder",
    "bounce",
    "bounces",
];

fn is_no_reply(address: &str) -> bool {
    let local: String = address
        .split('@')
        .next()
        .unwrap_or_default()
        .split('+')
        .next()
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    is_daemon(address)
        || NO_REPLY.contains(&local.as_str())
        || local.starts_with("noreply")
        || local.ends_with("noreply")
}

/// How subjects of automatic answers begin.
const SUBJECTS: &[&str] = &[
    "auto",
    "autoreply",
    "auto-reply",
    "auto reply",
    "automatic reply",
    "automatic response",
    "auto response",
    "autoresponse",
    "auto-response",
    "out of office",
    "out of the office",
    "out-of-office",
    "ooo",
    "vacation reply",
    "abwesenheitsnotiz",
    "abwesenheitsmeldung",
    "automatische antwort",
    "automatische abwesenheitsnotiz",
    "abwesend",
    "ich bin nicht im büro",
    "réponse automatique",
    "absence du bureau",
    "message d'absence",
    "absent du bureau",
    "respuesta automática",
    "respuesta automatica",
    "fuera de la oficina",
    "fuera de oficina",
    "resposta automática",
    "ausência temporária",
    "fora do escritório",
    "risposta automatica",
    "fuori sede",
    "automatisch antwoord",
    "afwezig",
    "afwezigheidsbericht",
    "autosvar",
    "automatiskt svar",
    "automatisk svar",
    "frånvaro",
    "automatyczna odpowiedź",
    "nieobecność",
    "automatická odpověď",
    "automaattinen vastaus",
    "otomatik yanıt",
    "автоответ",
    "автоматический ответ",
    "自动回复",
    "自動返信",
    "自動応答",
    "자동 회신",
];

fn is_automatic_subject(subject: &str) -> bool {
    let subject = subject.trim().trim_start_matches('[').to_lowercase();
    SUBJECTS.iter().any(|start| {
        subject.strip_prefix(start).is_some_and(|rest| {
            let rest = rest.trim_start().trim_start_matches(']');
            // "Auto" is a car in some languages, "Abwesend am Freitag?" is a question.
            let is_short_word =
                matches!(*start, "auto" | "ooo" | "abwesend" | "afwezig" | "fuori sede" | "frånvaro");
            if is_short_word {
                rest.starts_with(':')
            } else {
                !rest.starts_with(char::is_alphanumeric) || rest.starts_with("re:")
            }
        })
    })
}

/// What kind of mail it is, from its header, its report and its words.
pub(super) fn kind(
    fields: &Fields,
    mail: &IncomingMail,
    report: Option<&Report>,
    only_calendar: bool,
) -> Option<Automatic> {
    if let Some(report) = report {
        if let Some(complaint) = report.complaint() {
            return Some(Automatic::Complaint(complaint));
        }
        if let Some(bounce) = report.bounce() {
            return Some(Automatic::Bounce(bounce));
        }
        if matches!(report.kind.as_str(), "delivery-status" | "disposition-notification" | "feedback-report")
        {
            return Some(Automatic::Receipt);
        }
    }
    let from = mail.from.as_ref().map(|from| from.address.as_str()).unwrap_or_default();
    let sender = fields.addresses("sender", 1).into_iter().next().map(|it| it.address).unwrap_or_default();
    let no_return = fields.raw("return-path").is_some_and(|path| path.replace(' ', "") == "<>");
    let is_from_daemon = is_daemon(from) || is_daemon(&sender);
    if is_from_daemon || fields.has("x-failed-recipients") {
        let all = format!("{}\n{}\n{}", mail.subject, mail.text, mail.quoted);
        if let Some(bounce) = report::told_in_words(fields, &all) {
            return Some(Automatic::Bounce(bounce));
        }
    }
    if mail.loop_token.is_some() {
        return Some(Automatic::Desk);
    }
    let says = |name: &str| fields.raw(name).unwrap_or_default().to_lowercase();
    let submitted = says("auto-submitted");
    match submitted.split(';').next().unwrap_or_default().trim() {
        "" | "no" => {}
        it if it.starts_with("auto-replied") => return Some(Automatic::Reply),
        _ => return Some(Automatic::Generated),
    }
    if fields.has("x-autoreply") || fields.has("x-autorespond") || fields.has("x-autoresponder") {
        return Some(Automatic::Reply);
    }
    let precedence = says("precedence");
    if precedence.starts_with("auto") || is_automatic_subject(&mail.subject) {
        return Some(Automatic::Reply);
    }
    if matches!(precedence.as_str(), "bulk" | "junk" | "list") || mail.list || fields.has("list-unsubscribe")
    {
        return Some(Automatic::Bulk);
    }
    let suppressed = says("x-auto-response-suppress");
    let suppresses = |what: &str| suppressed.split([',', ' ', ';']).any(|word| word == what);
    if no_return || is_from_daemon || suppresses("all") || suppresses("autoreply") || suppresses("oof") {
        return Some(Automatic::Generated);
    }
    // Forms on web sites write from such a box and say whom to answer.
    let is_form = mail.reply_to.as_ref().is_some_and(|reply_to| !is_no_reply(&reply_to.address));
    if is_no_reply(from) && !is_form {
        return Some(Automatic::Generated);
    }
    only_calendar.then_some(Automatic::Calendar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_of_absence_are_told_from_subjects_about_it() {
        for subject in [
            "Automatic reply: Your appointment",
            "Out of Office Re: Your appointment",
            "[Auto-Reply] Thanks",
            "Abwesenheitsnotiz: Termin",
            "Réponse automatique : Rendez-vous",
            "Respuesta automática: Cita",
            "Auto: hello",
            "自动回复: 你好",
        ] {
            assert!(is_automatic_subject(subject), "{subject}");
        }
        for subject in [
            "Re: Out of office",
            "Automatic doors are broken",
            "Auto kaufen",
            "Out of officer training",
            "Vacation plans",
        ] {
            assert!(!is_automatic_subject(subject), "{subject}");
        }
    }

    #[test]
    fn boxes_that_nobody_reads_are_known_by_name() {
        for address in [
            "no-reply@a.example",
            "DoNotReply@a.example",
            "noreply+12@a.example",
            "orders-noreply@a.example",
            "MAILER-DAEMON@a.example",
            "ne_pas_repondre@a.example",
        ] {
            assert!(is_no_reply(&address.to_lowercase()), "{address}");
        }
        for address in ["nora.reply@a.example", "ana@noreply.example", "reply@a.example"] {
            assert!(!is_no_reply(address), "{address}");
        }
    }

    #[test]
    fn the_loop_token_hangs_on_the_key() {
        assert_eq!(loop_token(b"a").len(), 20);
        assert_ne!(loop_token(b"a"), loop_token(b"b"));
    }
}
