//! How mail ends: by the word, by the link, by the button of mail programs.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use frontdesk_app::mailbox::opened;
use frontdesk_app::message::short_link::Follow;
use frontdesk_store::suppression;
use frontdesk_testkit::on_both;
use serde_json::{Value, json};

use super::kit::{ANA, House, mail};

impl House {
    async fn lists(&self) -> Vec<String> {
        let found = suppression::find(self.app.app.store.reader(), self.ctx.scope(), ANA).await.unwrap();
        found.into_iter().map(|on| on.list).collect()
    }

    async fn market(&self, client_id: &str) -> frontdesk_testkit::Answer {
        let body = json!({
            "channel": "email", "to": ANA, "subject": "Spring offer", "text": "Whitening at half price.",
            "purpose": "marketing", "client_id": client_id,
        });
        let answer = self.owner().await.post("/messages", body).await;
        self.app.run_jobs().await;
        answer
    }

    /// Opens a link, or presses its button.
    async fn follow(&self, method: &str, url: &str) -> frontdesk_testkit::Answer {
        let path = url.strip_prefix("https://desk.example").unwrap();
        let body = if method == "POST" { "List-Unsubscribe=One-Click" } else { "" };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "desk.example")
            .header("content-type", "application/x-www-form-urlencoded");
        self.app.send(request.body(Body::from(body)).unwrap()).await
    }

    /// The business may write to Ana.
    async fn agreed(&self) {
        let owner = self.owner().await;
        let ana =
            owner.post("/contacts", json!({ "name": "Ana", "email": ANA, "country": "US" })).await.json();
        let path = format!("/contacts/{}/consents", ana["id"].as_str().unwrap());
        let consent = json!({
            "channel": "email", "purpose": "marketing", "source": "form", "shown": "Yes, send me offers",
        });
        assert!(owner.post(&path, consent).await.status.is_success());
    }

    async fn settings(&self, change: Value) {
        let mut settings = self.owner().await.get("/compliance/rules").await.json()["settings"].clone();
        settings.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let put = self.owner().await.put("/compliance/rules", settings).await;
        assert!(put.status.is_success(), "{}", put.text);
    }
}

fn path_id(queued: &Value) -> String {
    queued["message"]["id"].as_str().or(queued["id"].as_str()).unwrap().to_owned()
}

on_both! {
    async fn a_mailing_needs_a_postal_address_and_its_link_ends_it_at_once(t: TestStore) {
        let house = House::open(t).await;
        house.agreed().await;
        house.settings(json!({ "outside_business_hours": true })).await;
        let refused = house.market("1").await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
        assert!(refused.text.contains("postal address"), "{}", refused.text);
        house.settings(json!({ "postal_address": "1 Main Street\nSpringfield, IL 62701" })).await;
        let queued = house.market("1").await;
        assert!(queued.status.is_success(), "{}", queued.text);
        let sent = house.last();
        let text = sent["text"].as_str().unwrap();
        assert!(text.contains("1 Main Street, Springfield, IL 62701\nNo more of these mails: https://"), "{text}");
        assert_eq!(sent["headers"]["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click");
        let list = sent["headers"]["List-Unsubscribe"].as_str().unwrap();
        let (link, mailto) = list.split_once(", ").unwrap();
        assert!(mailto.starts_with("<mailto:reply+") && mailto.ends_with("?subject=unsubscribe>"), "{mailto}");
        let link = link.trim_matches(['<', '>']);
        assert!(text.contains(link), "{text}");

        // Programs that look at links before their reader does change nothing.
        let page = house.follow("GET", link).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("<form method=\"post\">") && !page.text.contains(ANA), "{}", page.text);
        assert_eq!(house.follow("HEAD", link).await.status, StatusCode::OK);
        assert_eq!(house.lists().await, Vec::<String>::new());
        // Nobody else's link, and no link that was changed.
        let wrong = format!("{}A", &link[..link.len() - 1]);
        for wrong in [wrong.as_str(), "https://desk.example/unsubscribe/abc"] {
            assert_eq!(house.follow("POST", wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
        }
        assert_eq!(house.lists().await, Vec::<String>::new());
        // A new key ring knows the links of old mails.
        let rotation = frontdesk_app::secret::rotate(&house.app.app).await.unwrap();
        assert_eq!((rotation.resealed, rotation.unreadable), (3, 0));
        for _ in 0..2 {
            let done = house.follow("POST", link).await;
            assert_eq!(done.status, StatusCode::OK);
            assert!(!done.text.contains("<form"), "{}", done.text);
        }
        assert_eq!(house.lists().await, ["opt-out-email"]);
        let refused = house.market("2").await;
        assert!(refused.text.contains("asked not to be contacted on this channel"), "{}", refused.text);
        // Who asks something is answered all the same.
        house.comes(&mail(ANA, "1", "A question", "", "When are you open?")).await;
        assert_eq!(house.last()["subject"], "Re: A question");
    }

    async fn whether_a_mailing_is_opened_is_known_only_to_who_asked_for_it_and_never_of_programs(t: TestStore) {
        let house = House::open(t).await;
        house.agreed().await;
        house.settings(json!({ "outside_business_hours": true, "postal_address": "1 Main Street" })).await;
        house.market("1").await;
        assert!(!house.last()["html"].as_str().unwrap().contains("<img"));
        let owner = house.owner().await;
        let mut handling = owner.get("/message-settings").await.json();
        assert_eq!(handling["track_opens"], false);
        handling["track_opens"] = json!(true);
        assert!(owner.put("/message-settings", handling).await.status.is_success());
        let queued = house.market("2").await.json();
        let path = format!("/messages/{}", path_id(&queued));
        let page = house.last()["html"].as_str().unwrap().to_owned();
        let picture = page.split("src=\"https://desk.example").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let ask = async |picture: &str, agent: &str| {
            let code = picture.strip_prefix("/o/").unwrap();
            let asked = Follow { code, head: false, agent, ahead: false };
            opened::hear(&house.app.app, asked).await.unwrap();
            owner.get(&path).await.json()["status"].clone()
        };
        // Within moments of sending, by a program, with another mail's token: the picture, and nothing is noted.
        assert_eq!(ask(&picture, "Mozilla/5.0").await, "sent");
        house.app.clock.advance(std::time::Duration::from_mins(5));
        assert_eq!(ask(&picture, "curl/8").await, "sent");
        let wrong = format!("{}A", &picture[..picture.len() - 1]);
        assert_eq!(ask(&wrong, "Mozilla/5.0").await, "sent");
        assert_eq!(ask("/o/abc", "Mozilla/5.0").await, "sent");
        // The link that ends mailings is no picture.
        let list = house.last()["headers"]["List-Unsubscribe"].as_str().unwrap().to_owned();
        let link = list.split("/unsubscribe/").nth(1).unwrap().split('>').next().unwrap().to_owned();
        assert_eq!(ask(&format!("/o/{link}"), "Mozilla/5.0").await, "sent");
        assert_eq!(ask(&picture, "Mozilla/5.0 (via ggpht.com GoogleImageProxy)").await, "read");
        let read = owner.get(&path).await.json();
        assert!(read["read_at"].is_string(), "{read}");
    }

    async fn a_mail_that_says_unsubscribe_ends_mail_and_is_confirmed_once(t: TestStore) {
        let house = House::open(t).await;
        house.comes(&mail(ANA, "1", "Whitening", "", "When are you open?")).await;
        house.comes(&mail(ANA, "2", "unsubscribe", "", "Sent from my phone")).await;
        assert_eq!(house.lists().await, ["opt-out-email"]);
        let confirmed = house.last();
        assert!(confirmed["text"].as_str().unwrap().contains("unsubscribed"), "{confirmed}");
        house.comes(&mail(ANA, "3", "Re: Whitening", "", "STOP")).await;
        assert_eq!(house.sent().len(), 2);
        // What lists write by themselves counts, and is not confirmed.
        let bo = mail("bo@example.net", "4", "unsubscribe", "Auto-Submitted: auto-generated\r\n", "");
        house.comes(&bo).await;
        let db = house.app.app.store.reader();
        let lists = suppression::find(db, house.ctx.scope(), "bo@example.net").await.unwrap();
        assert_eq!(lists[0].list, "opt-out-email");
        assert_eq!(house.sent().len(), 2);
    }
}
