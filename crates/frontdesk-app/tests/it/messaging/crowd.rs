//! Many customers who write at the same moment: each is heard once, in order, and none for another's sake in vain.

use frontdesk_app::webhook::{self, Answer, Call};
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Conversation;
use frontdesk_domain::id::{ConnectionId, ConversationId};
use frontdesk_http::header::{HeaderMap, HeaderName, HeaderValue};
use frontdesk_sim::whatsapp::{self, WhatsappAccount};
use frontdesk_store::{channel_thread, conversation, message};
use frontdesk_testkit::on_both;
use futures_util::future::join_all;
use serde_json::json;

use super::chat::Chat;

/// The nth customer's number, as the vendor writes it.
fn number(n: usize) -> String {
    format!("1415{:07}", 2_000_000 + n)
}

/// What the vendor calls with when a customer writes.
fn call(from: &str, id: &str, words: &str) -> (String, HeaderMap) {
    let account = WhatsappAccount::default();
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": account.number, "phone_number_id": account.phone_number_id },
        "contacts": [{ "profile": { "name": "A customer" }, "wa_id": from }],
        "messages": [{ "from": from, "id": id, "timestamp": "1790000000", "type": "text", "text": { "body": words } }],
    });
    let body = json!({ "object": "whatsapp_business_account",
        "entry": [{ "id": account.business_account_id, "changes": [{ "field": "messages", "value": value }] }] });
    let body = body.to_string();
    let mut headers = HeaderMap::new();
    let signature = HeaderValue::from_str(&whatsapp::sign(&account.app_secret, &body)).unwrap();
    headers.insert(HeaderName::from_static("x-hub-signature-256"), signature);
    (body, headers)
}

/// The vendor calls for one message.
async fn hear(chat: &Chat, from: &str, id: &str, words: &str) -> frontdesk_app::Result<Answer> {
    let (body, headers) = call(from, id, words);
    let call = Call {
        vendor: "whatsapp",
        connection: &chat.connection,
        asks: false,
        query: "",
        headers: &headers,
        body: body.as_bytes(),
    };
    webhook::receive(&chat.app.app, call).await
}

/// All conversations with their customers' words.
async fn talks(chat: &Chat) -> Vec<(Conversation, Vec<String>)> {
    let (db, scope) = (chat.app.app.store.reader(), chat.ctx.scope());
    let listed = chat.owner().await.get("/conversations?channel=whatsapp&limit=100").await.json();
    let mut all = Vec::new();
    for listed in listed["items"].as_array().unwrap() {
        let id = listed["id"].as_str().unwrap().parse().unwrap();
        let said = message::list_after(db, scope, id, 0, 100).await.unwrap();
        let said = said.into_iter().filter(|line| line.author.as_str() == "customer").map(|line| line.text);
        all.push((conversation::get(db, scope, id).await.unwrap(), said.collect()));
    }
    all
}

on_both! {
    async fn a_crowd_that_writes_at_once_is_heard_each_once_and_in_order(t: TestStore) {
        let chat = Chat::on(t).await;
        for known in 0..10 {
            hear(&chat, &number(known), &format!("known{known}"), "zero").await.unwrap();
        }
        // Forty customers, ten of them known; each writes twice, and each call comes twice.
        for words in ["one", "two"] {
            let calls: Vec<_> = (0..80).map(|n| (number(n % 40), format!("{words}{}", n % 40))).collect();
            let heard = join_all(calls.iter().map(|(from, id)| hear(&chat, from, id, words))).await;
            assert!(heard.iter().all(Result::is_ok), "{heard:?}");
        }
        let talks = talks(&chat).await;
        assert_eq!(talks.len(), 40);
        for (talk, said) in &talks {
            let last: Vec<&str> = said.iter().rev().take(2).rev().map(String::as_str).collect();
            assert_eq!(last, ["one", "two"], "{}", talk.contact_name);
            assert_eq!(said.len(), if said[0] == "zero" { 3 } else { 2 });
            assert_eq!((talk.preview.as_str(), talk.unread), ("two", said.len() as u32));
        }
        assert_eq!(talks.iter().filter(|(_, said)| said.len() == 3).count(), 10);
        let contacts = chat.owner().await.get("/contacts?limit=100").await.json();
        assert_eq!(contacts["items"].as_array().unwrap().len(), 40);
        assert_eq!(contacts["total"], 40);
    }

    async fn two_addresses_of_one_conversation_do_not_share_a_number(t: TestStore) {
        let chat = Chat::on(t).await;
        let scope = chat.ctx.scope();
        for n in 0..2 {
            hear(&chat, &number(n), &format!("first{n}"), "hello").await.unwrap();
        }
        share_conversation(&chat, scope).await;
        let calls: Vec<_> = (0..4).map(|n| (number(n), format!("second{n}"))).collect();
        let heard = join_all(calls.iter().map(|(from, id)| hear(&chat, from, id, id))).await;
        assert!(heard.iter().all(Result::is_ok), "{heard:?}");
        let talks = talks(&chat).await;
        let shared = talks.iter().find(|(_, said)| said.len() == 3).unwrap();
        assert_eq!(shared.1[0], "hello");
        assert!(shared.1.contains(&"second0".to_owned()) && shared.1.contains(&"second1".to_owned()));
    }

    async fn a_stop_that_is_said_twice_at_once_is_confirmed_once(t: TestStore) {
        let chat = Chat::on(t).await;
        hear(&chat, &number(1), "hello", "hello").await.unwrap();
        chat.settle().await;
        let before = chat.phone(&format!("+{}", number(1))).len();
        // The first takes its turn alone; the others wait together.
        let calls = [(number(0), "a", "hello"), (number(1), "b", "STOP"), (number(1), "c", "STOP")];
        let heard = join_all(calls.iter().map(|(from, id, words)| hear(&chat, from, id, words))).await;
        assert!(heard.iter().all(Result::is_ok), "{heard:?}");
        chat.settle().await;
        let contacts = chat.owner().await.get("/contacts").await.json();
        let out = contacts["items"].as_array().unwrap().iter().filter(|each| each["opted_out"] == true);
        assert_eq!(out.count(), 1, "{contacts}");
        let phone = chat.phone(&format!("+{}", number(1)));
        assert_eq!(phone.len(), before + 1, "{phone:?}");
    }

    async fn a_message_that_cannot_be_stored_holds_up_no_other(t: TestStore) {
        let chat = Chat::on(t).await;
        let scope = chat.ctx.scope();
        hear(&chat, &number(0), "first", "hello").await.unwrap();
        break_off(&chat, scope).await;
        let calls: Vec<_> = (0..6).map(|n| (number(n), format!("second{n}"))).collect();
        let heard = join_all(calls.iter().map(|(from, id)| hear(&chat, from, id, "one"))).await;
        assert!(heard[0].is_err());
        assert!(heard[1..].iter().all(Result::is_ok), "{heard:?}");
        assert_eq!(talks(&chat).await.iter().filter(|(_, said)| *said == ["one"]).count(), 5);
    }

    async fn whoever_stops_waiting_takes_no_other_message_along(t: TestStore) {
        let chat = Chat::on(t).await;
        let (from, to) = (number(0), number(1));
        let mut first = Box::pin(hear(&chat, &from, "first", "one"));
        let mut second = Box::pin(hear(&chat, &to, "second", "one"));
        // Both are under way; then the first caller hangs up.
        assert!(futures_util::poll!(first.as_mut()).is_pending());
        assert!(futures_util::poll!(second.as_mut()).is_pending());
        drop(first);
        second.await.unwrap();
        hear(&chat, &from, "first", "one").await.unwrap();
        let talks = talks(&chat).await;
        assert_eq!(talks.len(), 2);
        assert!(talks.iter().all(|(_, said)| *said == ["one"]), "{talks:?}");
    }

    async fn a_line_that_is_switched_off_or_signs_anew_is_not_remembered_as_it_was(t: TestStore) {
        let chat = Chat::on(t).await;
        hear(&chat, &number(0), "first", "one").await.unwrap();
        let path = format!("/connections/{}", chat.connection);
        let owner = chat.owner().await;
        let off = owner.patch(&path, json!({ "enabled": false })).await;
        assert!(off.status.is_success(), "{}", off.text);
        hear(&chat, &number(0), "second", "two").await.unwrap_err();
        owner.patch(&path, json!({ "enabled": true, "hook_secret": "another" })).await;
        hear(&chat, &number(0), "second", "two").await.unwrap_err();
        owner.patch(&path, json!({ "hook_secret": WhatsappAccount::default().app_secret })).await;
        hear(&chat, &number(0), "second", "two").await.unwrap();
        assert_eq!(talks(&chat).await[0].1, ["one", "two"]);
    }
}

/// The second customer's address leads to the first one's conversation, as after two contacts became one.
async fn share_conversation(chat: &Chat, scope: Scope) {
    let connection: ConnectionId = chat.connection.parse().unwrap();
    let tx = chat.app.app.store.begin(&chat.ctx).await.unwrap();
    let peers = [format!("+{}", number(0)), format!("+{}", number(1))];
    let first = channel_thread::find(&tx, scope, connection, &peers[0]).await.unwrap().unwrap();
    let second = channel_thread::ChannelThread { peer: peers[1].clone(), ..first };
    channel_thread::put(&tx, scope, &second).await.unwrap();
    tx.commit().await.unwrap();
}

/// The first customer's address leads to a conversation that is not there.
async fn break_off(chat: &Chat, scope: Scope) {
    let connection: ConnectionId = chat.connection.parse().unwrap();
    let tx = chat.app.app.store.begin(&chat.ctx).await.unwrap();
    let peer = format!("+{}", number(0));
    let thread = channel_thread::find(&tx, scope, connection, &peer).await.unwrap().unwrap();
    let broken = channel_thread::ChannelThread {
        conversation_id: ConversationId::new(tx.now(), tx.random()),
        ..thread
    };
    channel_thread::put(&tx, scope, &broken).await.unwrap();
    tx.commit().await.unwrap();
}
