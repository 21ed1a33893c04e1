//! E-mail as a channel like any other: messages of the outbox as letters, over whatever carries letters.

use std::sync::Arc;

use async_trait::async_trait;
use frontdesk_domain::outbox::Content;
use frontdesk_domain::permit::Permit;
use frontdesk_domain::time::Timestamp;

use super::Mail;
use super::extra::{AutoSubmitted, LetterExtra, Unsubscribe};
use super::letter::{CalendarPart, EMAIL, Letter, Post};
use crate::channel::{Channel, ChannelError, Once, Outbound, SentMessage};
use crate::mail_in::thread::mail_id;

/// Most characters of a subject that is taken from the words.
const MAX_SUBJECT: usize = 70;

/// What a letter has besides the message: set for each conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailDress {
    /// The sender's name: the business.
    pub from_name: String,
    /// The subject of messages that have none of their own: the conversation's, with `Re: ` before it.
    pub subject: Option<String>,
    /// When the message was due: a mail sent twice keeps its date. The moment of sending when absent.
    pub date: Option<Timestamp>,
    /// Where answers go: the conversation's signed address.
    pub reply_to: Option<String>,
    /// The Message-IDs of the thread, oldest first.
    pub references: Vec<String>,
    /// How its reader stops such letters; marketing must have it.
    pub unsubscribe: Option<Unsubscribe>,
    /// What stands below the words: who writes, from where, and how to stop such letters.
    pub footer: Option<String>,
    /// The words set on a page of their own; simple paragraphs when absent.
    pub html: Option<String>,
    /// The calendar file that goes along.
    pub calendar: Option<CalendarPart>,
    /// The address of a picture that nobody sees, which tells that the letter was opened.
    pub picture: Option<String>,
    /// Set when no person wrote it.
    pub automatic: Option<AutoSubmitted>,
    /// This installation's [`loop_token`](crate::mail_in::loop_token).
    pub loop_token: Option<String>,
}

/// Carries messages as letters.
#[derive(Debug)]
pub struct MailChannel {
    post: Arc<dyn Post>,
    dress: MailDress,
}

impl MailChannel {
    /// A channel over this post. It is cheap: make one for each message.
    pub fn new(post: Arc<dyn Post>, dress: MailDress) -> Self {
        Self { post, dress }
    }

    /// The message as a letter.
    pub fn letter(&self, outbound: &Outbound, now: Timestamp) -> Letter {
        let content = &outbound.content;
        let mut text = words(content);
        let mut page = self.dress.html.clone();
        if let Some(footer) = self.dress.footer.as_deref().map(str::trim).filter(|it| !it.is_empty()) {
            text.push_str("\n\n");
            text.push_str(footer);
            page = page.map(|page| ended(page, &html(footer)));
        }
        let mut page = page.unwrap_or_else(|| html(&text));
        if let Some(picture) = &self.dress.picture {
            let picture = escaped(picture);
            page = ended(page, &format!("<img src=\"{picture}\" width=\"1\" height=\"1\" alt=\"\">"));
        }
        let answered = content.reply_to.as_deref().filter(|id| id.contains('@')).map(str::to_owned);
        let mut references = self.dress.references.clone();
        if let Some(answered) = answered.clone().filter(|id| !references.contains(id)) {
            references.push(answered);
        }
        Letter {
            message: outbound.message,
            mail: Mail {
                id: mail_id(outbound.message),
                date: self.dress.date.unwrap_or(now),
                to: outbound.address.clone(),
                subject: self.subject(content),
                html: page,
                text,
            },
            from_name: self.dress.from_name.clone(),
            reply_to: self.dress.reply_to.clone(),
            calendar: self.dress.calendar.clone(),
            extra: LetterExtra {
                in_reply_to: answered,
                references,
                unsubscribe: self.dress.unsubscribe.clone(),
                automatic: self.dress.automatic,
                loop_token: self.dress.loop_token.clone(),
                files: Vec::new(),
            },
        }
    }

    fn subject(&self, content: &Content) -> String {
        let given = content.subject.as_ref().or(self.dress.subject.as_ref()).map(|it| it.trim());
        if let Some(subject) = given.filter(|it| !it.is_empty()) {
            return subject.to_owned();
        }
        let line = content.text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        if line.chars().count() <= MAX_SUBJECT {
            return line.to_owned();
        }
        let cut: String = line.chars().take(MAX_SUBJECT).collect();
        format!("{}...", cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words))
    }
}

/// The words, with what only other channels can show written out.
fn words(content: &Content) -> String {
    let mut text = content.text.trim_end().to_owned();
    if !content.choices.is_empty() {
        text.push('\n');
    }
    for choice in &content.choices {
        text.push_str("\n- ");
        text.push_str(&choice.title);
    }
    if !content.media.is_empty() {
        text.push('\n');
    }
    for file in &content.media {
        text.push('\n');
        if let Some(name) = &file.name {
            text.push_str(name);
            text.push_str(": ");
        }
        text.push_str(&file.url);
    }
    text
}

/// Plain words as simple HTML: paragraphs, line breaks, web addresses to click.
pub fn html(text: &str) -> String {
    let mut out = String::from("<div style=\"font-family:sans-serif;font-size:15px;line-height:1.5\">");
    let text = text.replace("\r\n", "\n");
    for paragraph in text.split("\n\n").filter(|it| !it.trim().is_empty()) {
        out.push_str("<p>");
        for (at, line) in paragraph.trim_matches('\n').lines().enumerate() {
            if at > 0 {
                out.push_str("<br>");
            }
            for word in line.split_inclusive(' ') {
                linked(word, &mut out);
            }
        }
        out.push_str("</p>");
    }
    out.push_str("</div>");
    out
}

/// A page that ends with this.
fn ended(mut page: String, last: &str) -> String {
    let end = page.rfind("</body>").unwrap_or(page.len());
    page.insert_str(end, last);
    page
}

fn linked(word: &str, out: &mut String) {
    let bare = word.trim_end().trim_end_matches(['.', ',', ';', '!', '?', ')', '"', '\'']);
    if bare.starts_with("https://") || bare.starts_with("http://") {
        let address = escaped(bare);
        for piece in ["<a href=\"", &address, "\">", &address, "</a>"] {
            out.push_str(piece);
        }
        out.push_str(&escaped(word.get(bare.len()..).unwrap_or_default()));
    } else {
        out.push_str(&escaped(word));
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[async_trait]
impl Channel for MailChannel {
    fn name(&self) -> &'static str {
        EMAIL
    }

    fn once(&self) -> Once {
        if self.post.sends_once() { Once::Keyed } else { Once::Never }
    }

    async fn send(
        &self,
        permit: Permit,
        outbound: &Outbound,
        now: Timestamp,
    ) -> Result<SentMessage, ChannelError> {
        let letter = self.letter(outbound, now);
        let sent = self.post.post(permit, &letter, now).await?;
        // Servers give no id of their own; answers name the mail by its Message-ID, which begins so.
        Ok(SentMessage { vendor_id: Some(sent.vendor_id.unwrap_or(letter.mail.id)) })
    }

    async fn check(&self) -> Result<String, ChannelError> {
        self.post.ready().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_simple_html_and_nothing_else() {
        let made = html("Hello <b>Ana</b> & co,\nsee https://a.example/?a=1&b=\"2\".\n\n\nBye");
        assert!(made.contains("<p>Hello &lt;b&gt;Ana&lt;/b&gt; &amp; co,<br>see "), "{made}");
        assert!(made.contains("<a href=\"https://a.example/?a=1&amp;b=&quot;2\">"), "{made}");
        assert!(made.ends_with("<p>Bye</p></div>"), "{made}");
    }
}
