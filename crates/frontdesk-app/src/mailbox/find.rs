//! Which conversation a mail belongs to. By the signed address it went to, then by our mails that it answers, then by mails
//! of others that were heard before. Never by its subject.

use frontdesk_channel::mail_in::{IncomingMail, MailAddress, sent_ids, thread};
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::ConversationId;
use frontdesk_store::mail_thread::{self, MailThread};
use frontdesk_store::{Db, conversation, outbox};

use super::key::MailKey;
use crate::Result;

/// How a mail found its conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// By an address that only who got our mail knows.
    Address,
    /// By a mail of ours that it answers.
    Ours,
    /// By a mail that was heard before; anybody may know its id.
    Heard,
}

/// Most characters of a subject that are kept.
const MAX_SUBJECT: usize = 200;
/// What mail programs put before the subject of answers and forwarded mail.
const PREFIXES: [&str; 14] =
    ["re", "aw", "antw", "sv", "vs", "ref", "rif", "r", "odp", "fw", "fwd", "wg", "tr", "rv"];

/// The conversation of a mail, when it has one already.
pub(crate) async fn conversation_of(
    db: &impl Db,
    scope: Scope,
    key: &MailKey,
    mail: &IncomingMail,
) -> Result<Option<(MailThread, By)>> {
    if let Some(id) = thread::conversation(&key.reply(), mail)
        && let Some(found) = of_mail(db, scope, id).await?
    {
        return Ok(Some((found, By::Address)));
    }
    let answered = sent_ids(mail);
    for message in answered.iter().filter_map(|id| id.message) {
        let known = outbox::find(db, scope, message).await?;
        if let Some(id) = known.and_then(|known| known.message.conversation_id)
            && let Some(found) = of_mail(db, scope, id).await?
        {
            return Ok(Some((found, By::Ours)));
        }
    }
    let ids: Vec<String> = answered.into_iter().map(|id| id.whole).collect();
    let Some(id) = mail_thread::find_reference(db, scope, &ids).await? else { return Ok(None) };
    Ok(of_mail(db, scope, id).await?.map(|found| (found, By::Heard)))
}

async fn of_mail(db: &impl Db, scope: Scope, id: ConversationId) -> Result<Option<MailThread>> {
    let Some(found) = mail_thread::find(db, scope, id).await? else { return Ok(None) };
    let is_mail = conversation::find(db, scope, id).await?.is_some_and(|it| it.channel == Channel::Email);
    Ok(Some(found).filter(|_| is_mail))
}

/// Whether a mail comes from the person a conversation is with.
pub(crate) fn is_theirs(found: &MailThread, mail: &IncomingMail) -> bool {
    let is = |it: &MailAddress| it.address.eq_ignore_ascii_case(&found.peer);
    mail.answer_to().is_some_and(is) || mail.reply_to.is_none() && mail.from.as_ref().is_some_and(is)
}

/// A subject without what answers put before it.
pub(crate) fn bare(subject: &str) -> String {
    let mut rest = subject.trim();
    while let Some((before, after)) = rest.split_once(':') {
        let word = before.trim().to_lowercase();
        // `Re[2]:`, `Re(2):`.
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit() || "[]()".contains(c));
        if !PREFIXES.contains(&word) {
            break;
        }
        rest = after.trim();
    }
    let line: String = rest.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_SUBJECT).collect()
}

/// Whether a subject says that the mail answers or passes on another.
pub(crate) fn answers(subject: &str) -> bool {
    let folded = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    bare(subject).chars().count() < folded.chars().count().min(MAX_SUBJECT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_loses_what_answers_put_before_it_and_nothing_else() {
        for (subject, expected) in [
            ("Re: Your visit", "Your visit"),
            ("RE: AW: Re[2]: Fwd:  Your   visit", "Your visit"),
            ("Report: sales", "Report: sales"),
            ("Rent: when?", "Rent: when?"),
            ("re:", ""),
            ("", ""),
        ] {
            assert_eq!(bare(subject), expected, "{subject}");
        }
        assert!(answers("Re: stop") && !answers("stop"));
    }
}
