//! Customers who ask the agent to have something in writing; the built-in brain answers.

use frontdesk_app::conversation::{receive, turn};
use frontdesk_domain::context::{Actor, Context};
use frontdesk_domain::conversation::Conversation;
use frontdesk_domain::id::{AgentId, ConversationId};
use frontdesk_domain::message::Author;
use frontdesk_store::{conversation, message};
use frontdesk_testkit::on_both;
use serde_json::json;

use super::kit::{ANA, Line};

const ADDRESS: &str = "12 River Street, Portland";

/// The practice says where it is.
async fn at_river_street(line: &Line) {
    let facts = json!({ "description": "", "address": ADDRESS, "phone": "+1 503 555 0142", "email": "", "website": "" });
    let done = line.owner().await.patch("/workspace", json!({ "facts": facts })).await;
    assert!(done.status.is_success(), "{}", done.text);
}

/// A chat on the web site with the practice's agent.
struct Chat<'a> {
    line: &'a Line,
    id: ConversationId,
    said: u32,
}

impl<'a> Chat<'a> {
    async fn begin(line: &'a Line) -> Self {
        let agents = line.owner().await.get("/agents").await.json();
        let agent: AgentId = agents[0]["id"].as_str().unwrap().parse().unwrap();
        let begun = line.app.conversation(line.ctx.workspace).await;
        let tx = line.app.app.store.begin(&line.ctx).await.unwrap();
        let id = ConversationId::new(tx.now(), tx.random());
        let own = Conversation { id, agent_id: Some(agent), ..begun };
        conversation::insert(&tx, line.ctx.scope(), &own).await.unwrap();
        tx.commit().await.unwrap();
        Self { line, id, said: 0 }
    }

    /// The visitor writes; the agent's answer.
    async fn say(&mut self, words: &str) -> String {
        let visitor = Context { actor: Actor::Visitor(self.id, None), ..line_ctx(self.line) };
        self.said += 1;
        let client = self.said.to_string();
        receive::receive(&self.line.app.app, &visitor, self.id, &client, words).await.unwrap();
        turn::answer(&self.line.app.app, self.line.ctx.workspace, self.id).await.unwrap();
        self.line.settle().await;
        let db = self.line.app.app.store.reader();
        let all = message::list_newest(db, self.line.ctx.scope(), self.id, None, true, 10).await.unwrap();
        all.into_iter().rfind(|message| message.author == Author::Ai).unwrap().text
    }
}

fn line_ctx(line: &Line) -> Context {
    line.app.system(line.ctx.workspace)
}

on_both! {
    async fn a_visitor_asks_for_the_address_by_text_gives_a_number_and_gets_it(t: TestStore) {
        let line = Line::on(t).await;
        at_river_street(&line).await;
        let mut chat = Chat::begin(&line).await;
        let asked = chat.say("Can you text me your address?").await;
        assert!(asked.contains("number"), "{asked}");
        assert!(line.phone(ANA).is_empty());
        let done = chat.say("Sure, it's +1 415 555 2671").await;
        assert!(done.contains("texted it to you"), "{done}");
        let heard = line.phone(ANA);
        assert!(heard.len() == 1 && heard[0].contains(ADDRESS), "{heard:?}");
        // It stands in the conversation by text with the same customer, and in the figures.
        let owner = line.owner().await;
        let talks = owner.get("/conversations?channel=sms").await.json();
        assert_eq!(talks["items"].as_array().unwrap().len(), 1);
        let range = "from=2026-03-01T00:00:00.000Z&to=2026-04-01T00:00:00.000Z";
        let figures = owner.get(&format!("/messages/figures?{range}")).await.json();
        let figure = &figures["items"][0];
        assert_eq!((figure["channel"].as_str(), figure["template"].as_str()), (Some("sms"), Some("business_details")), "{figures}");
        assert_eq!((figure["sent"].as_u64(), figure["delivered"].as_u64(), figure["replied"].as_u64()), (Some(1), Some(1), Some(0)), "{figures}");
        line.text(ANA, "Thanks, where can I park?").await;
        let figures = owner.get(&format!("/messages/figures?{range}")).await.json();
        let sent = figures["items"].as_array().unwrap().iter().find(|it| it["template"] == "business_details").unwrap();
        assert_eq!(sent["replied"], 1, "{figures}");
    }

    async fn the_booking_link_goes_by_mail_to_who_asks_for_it_by_text(t: TestStore) {
        let line = Line::on(t).await;
        line.text(ANA, "Can you email me the booking link?").await;
        assert!(line.phone(ANA).last().unwrap().contains("e-mail address"), "{:?}", line.phone(ANA));
        line.text(ANA, "ana@example.com").await;
        assert!(line.phone(ANA).last().unwrap().contains("e-mailed it to you"), "{:?}", line.phone(ANA));
        let letters = line.app.letters().await;
        let sent = letters.iter().find(|letter| letter.mail.to.contains("ana@example.com")).unwrap();
        assert!(sent.mail.subject.contains("Book an appointment"), "{}", sent.mail.subject);
        assert!(sent.mail.text.contains("/book/"), "{}", sent.mail.text);
    }

    async fn nothing_is_said_to_be_sent_that_was_not(t: TestStore) {
        let line = Line::on(t).await;
        // No appointment was made.
        line.text(ANA, "Please text me the confirmation of my appointment").await;
        let heard = line.phone(ANA);
        assert_eq!(heard.len(), 1, "{heard:?}");
        assert!(heard[0].contains("nothing to send"), "{heard:?}");
        // The vendor has nothing connected for WhatsApp: the agent does not offer what it cannot do.
        line.text(ANA, "Can you send me the booking link on WhatsApp?").await;
        assert!(!line.phone(ANA).last().unwrap().contains("on WhatsApp."), "{:?}", line.phone(ANA));
    }
}
