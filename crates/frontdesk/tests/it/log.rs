//! What the log tells of customers: nothing that reaches them, however much is logged.

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, interval};

use crate::server::{Owner, Server};
use crate::vendors::Vendors;

const TEXTED: &str = "+14155552671";
const CHATTED: &str = "+14155553822";
const WRITTEN: &str = "+14155554933";
const REFUSED: &str = "+14155556044";
const MAILED: &str = "jane.doe@customer.example";

#[tokio::test(flavor = "multi_thread")]
async fn no_number_and_no_address_of_a_customer_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::on(folder.path(), None).with("FRONTDESK_LOG", "debug");
    server.start().await;
    let owner = Owner::sign_up(&server).await;
    let vendors = Vendors::start(folder.path(), "1@2026-01-01T00:00:00Z").await;
    vendors.connect(&owner, &server).await;
    vendors.cannot_reach(json!({ REFUSED: 21211 }), json!({})).await;
    vendors.text(TEXTED, "Hello, this is Jane, jane.doe@customer.example. When are you open?").await;
    vendors.chat(CHATTED, "Please call me at (415) 555-7155").await;
    let write = async |channel: &str, to: &str| {
        let new = json!({ "to": to, "channel": channel, "subject": "Your order", "text": "It is ready.",
            "purpose": "transactional", "client_id": to });
        owner.post(&server, "/messages", new).await
    };
    for number in [WRITTEN, REFUSED] {
        write("sms", number).await;
    }
    write("email", MAILED).await;
    let deadline = Instant::now() + Duration::from_mins(1);
    let mut look = interval(Duration::from_millis(100));
    loop {
        look.tick().await;
        let found = owner.get(&server, "/messages").await;
        let open = |it: &serde_json::Value| matches!(it["status"].as_str(), Some("queued" | "sending"));
        let items = found["items"].as_array().unwrap();
        // Three that were written, and two answers.
        if items.len() >= 5 && !items.iter().any(open) {
            break;
        }
        assert!(Instant::now() < deadline, "{found}\n{}", server.log());
    }
    server.kill();
    let log = server.whole_log();
    assert!(log.contains("DEBUG") && log.contains("http.request"), "the log tells much");
    for secret in ["4155552671", "4155553822", "4155554933", "4155556044", "555-7155", "jane.doe", "Jane"] {
        let line = log.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret} is in the log: {line:?}");
    }
}
