//! Short links in marketing messages: made where that is wanted, followed, counted.

use std::time::Duration;

use axum::http::{Method, Request};
use frontdesk_testkit::{Answer, on_both};
use serde_json::json;

use super::kit::{ANA, Line};

const PHONE: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1";

async fn follow(line: &Line, method: Method, path: &str, agent: &str) -> Answer {
    let request = Request::builder().method(method).uri(path).header("user-agent", agent);
    line.app.send(request.body(axum::body::Body::empty()).unwrap()).await
}

/// A marketing message with a link, sent to somebody who agreed; what the phone shows.
async fn news(line: &Line, text: &str) -> String {
    line.text(ANA, "Hello").await;
    let owner = line.owner().await;
    let contact = owner.get("/contacts").await.json()["items"][0]["id"].clone();
    let agreed = json!({ "channel": "sms", "purpose": "marketing", "source": "form", "shown": "I agree to offers by text." });
    let noted = owner.post(&format!("/contacts/{}/consents", contact.as_str().unwrap()), agreed).await;
    assert!(noted.status.is_success(), "{}", noted.text);
    let before = line.phone(ANA).len();
    let new = json!({ "channel": "sms", "to": ANA, "text": text, "purpose": "marketing", "client_id": "n1" });
    let sent = owner.post("/messages", new).await;
    assert!(sent.status.is_success(), "{}", sent.text);
    line.settle().await;
    for _ in 0..72 {
        if line.phone(ANA).len() > before {
            break;
        }
        // Marketing waits for the hours that are open to it.
        line.later(Duration::from_hours(1)).await;
    }
    line.phone(ANA)[before].clone()
}

on_both! {
    async fn links_of_marketing_become_short_ones_lead_on_and_people_are_counted(t: TestStore) {
        let line = Line::on(t).await;
        let on = json!({ "read_receipts": true, "short_links": true, "short_link_days": 30 });
        assert!(line.owner().await.put("/message-settings", on).await.status.is_success());
        let said = news(&line, "Half price: https://shop.example/sale?a=1&b=2.").await;
        let short = said.split_whitespace().last().unwrap().trim_end_matches('.');
        assert!(!said.contains("shop.example") && short.contains("/l/"), "{said}");
        let path = format!("/l/{}", short.rsplit('/').next().unwrap());

        let at_once = follow(&line, Method::GET, &path, PHONE).await;
        assert_eq!((at_once.status.as_u16(), at_once.header("location")), (302, "https://shop.example/sale?a=1&b=2"));
        line.app.clock.advance(Duration::from_mins(2));
        follow(&line, Method::HEAD, &path, PHONE).await;
        follow(&line, Method::GET, &path, "facebookexternalhit/1.1").await;
        for _ in 0..2 {
            follow(&line, Method::GET, &path, PHONE).await;
        }
        let owner = line.owner().await;
        let messages = owner.get("/messages?q=Half").await.json();
        let links = owner.get(&format!("/messages/{}/links", messages["items"][0]["id"].as_str().unwrap())).await.json();
        assert_eq!((&links[0]["clicks"], &links[0]["machine_clicks"]), (&json!(2), &json!(3)), "{links}");
        let figures = owner.get("/messages/figures?from=2026-03-01T00:00:00.000Z&to=2026-04-15T00:00:00.000Z").await.json();
        let clicks: u64 = figures["items"].as_array().unwrap().iter().map(|it| it["clicks"].as_u64().unwrap()).sum();
        assert_eq!(clicks, 2, "{figures}");

        line.app.clock.advance(Duration::from_hours(31 * 24));
        assert_eq!(follow(&line, Method::GET, &path, PHONE).await.status, 410);
    }

    async fn links_stay_as_they_are_where_short_ones_are_not_wanted_and_unknown_ones_lead_nowhere(t: TestStore) {
        let line = Line::on(t).await;
        let said = news(&line, "Half price: https://shop.example/sale").await;
        assert!(said.contains("https://shop.example/sale"), "{said}");
        for path in ["/l/abcdEFGH", "/l/x", "/l/https%3A%2F%2Fevil.example"] {
            assert_eq!(follow(&line, Method::GET, path, PHONE).await.status, 404, "{path}");
        }
    }
}
