//! WhatsApp against its simulator: the account's templates, and files that customers sent.

use frontdesk_channel::media::MediaError;
use frontdesk_channel::whatsapp::hook::{TemplateChange, read_template_updates};
use frontdesk_channel::whatsapp::{NewTemplate, TemplateButton};
use frontdesk_channel::{ChannelError, WhatsappChannel, WhatsappSettings};
use frontdesk_http::Target;
use frontdesk_sim::whatsapp::Template;
use secrecy::SecretString;
use serde_json::json;

use crate::whatsapp::{ANA, World, template};

#[tokio::test]
async fn templates_are_listed_handed_in_reviewed_and_deleted() {
    let world = World::new().await;
    for number in 0..230 {
        let id = format!("{number}");
        world.sim.set_template(Template { id, ..template(&format!("t{number}"), "APPROVED") });
    }
    let channel = world.channel();
    let all = channel.templates().await.unwrap();
    assert_eq!(all.len(), 230);
    assert!(all[0].is_usable());
    assert_eq!((all[0].places(), all[0].quality.as_deref()), (2, Some("GREEN")));
    assert_eq!(all[0].buttons, [TemplateButton::QuickReply { text: "Stop".to_owned() }]);
    let filled = all[0].filled(&["Ana".to_owned(), "today".to_owned()]);
    assert_eq!(filled, "Riverside Dental\nHi Ana, see you today!");
    let new = NewTemplate {
        name: "reminder".to_owned(),
        language: "en_US".to_owned(),
        category: "UTILITY".to_owned(),
        header: None,
        body: "Your visit is on {{1}}. See you!".to_owned(),
        examples: vec!["Monday".to_owned()],
        footer: Some("Riverside Dental".to_owned()),
        buttons: vec![TemplateButton::QuickReply { text: "Cancel".to_owned() }],
    };
    let made = channel.create_template(&new).await.unwrap();
    assert_eq!((made.status.as_str(), made.is_usable()), ("PENDING", false));
    let again = channel.create_template(&new).await.unwrap_err().to_string();
    assert!(again.contains("already content in this language"), "{again}");
    for wrong in [
        NewTemplate { name: "Big".to_owned(), ..new.clone() },
        NewTemplate { body: "{{1}} it is".to_owned(), ..new.clone() },
        NewTemplate { body: "See you {{2}} then".to_owned(), ..new.clone() },
        NewTemplate { examples: Vec::new(), ..new.clone() },
        NewTemplate { footer: Some("x".repeat(61)), ..new.clone() },
    ] {
        let refused = channel.create_template(&wrong).await.unwrap_err();
        assert!(matches!(refused, ChannelError::Refused { code: None, .. }), "{refused}");
    }
    assert!(world.sim.review("reminder", "en_US", "REJECTED", "PROMOTIONAL"));
    assert!(world.sim.rate("t1", "en_US", "RED"));
    world.sim.settled().await;
    let calls = world.sim.calls();
    let updates = calls.iter().flat_map(|(body, _)| {
        read_template_updates(body.as_bytes(), &world.account.business_account_id).unwrap()
    });
    let mut updates: Vec<(String, TemplateChange)> =
        updates.map(|update| (update.name, update.change)).collect();
    updates.sort_by(|a, b| a.0.cmp(&b.0));
    let status =
        TemplateChange::Status { status: "REJECTED".to_owned(), reason: Some("PROMOTIONAL".to_owned()) };
    let rated = TemplateChange::Quality(Some("RED".to_owned()));
    assert_eq!(updates, [("reminder".to_owned(), status), ("t1".to_owned(), rated)]);
    let held = channel.templates().await.unwrap();
    let rejected = held.iter().find(|known| known.name == "reminder").unwrap();
    assert_eq!(rejected.rejected_reason.as_deref(), Some("PROMOTIONAL"));
    channel.delete_template("reminder", Some(&made.id)).await.unwrap();
    assert!(channel.delete_template("reminder", None).await.is_err());
}

#[tokio::test]
async fn a_file_is_fetched_within_its_limits() {
    let world = World::new().await;
    world.sim.send_file(ANA, "image/jpeg", vec![7_u8; 3000], "My tooth");
    let heard = world.messages().await;
    assert_eq!((heard[0].text.as_str(), heard[0].media.len()), ("My tooth", 1));
    let channel = world.channel();
    let file = channel.media(&heard[0].media[0].url, 1 << 20).await.unwrap();
    assert_eq!((file.media_type.as_str(), file.content.len()), ("image/jpeg", 3000));
    let small = channel.media(&heard[0].media[0].url, 2999).await.unwrap_err();
    assert_eq!(small, MediaError::TooLarge { limit: 2999 });
    for address in ["https://evil.example/x", "whatsapp-media:", "whatsapp-media:../me", "whatsapp-media:1?x"]
    {
        assert!(matches!(channel.media(address, 100).await, Err(MediaError::Address(_))), "{address}");
    }
    assert!(matches!(channel.media("whatsapp-media:1", 100).await, Err(MediaError::Refused(_))));
    world.sim.send_file(ANA, "image/jpeg", vec![7_u8; 5 * 1024 * 1024 + 1], "");
    world.sim.send_file(ANA, "model/obj", vec![7_u8], "");
    let mut heard = world.messages().await.into_iter().skip(1);
    let mut next = || heard.next().unwrap().media[0].url.clone();
    let (large, strange) = (next(), next());
    let limit = 5 * 1024 * 1024;
    assert_eq!(channel.media(&large, usize::MAX).await.unwrap_err(), MediaError::TooLarge { limit });
    assert!(matches!(channel.media(&strange, 100).await, Err(MediaError::Type(_))));
}

#[tokio::test]
async fn the_token_is_shown_to_the_vendor_alone() {
    let world = World::new().await;
    for address in [
        "http://lookaside.fbsbx.com/x",
        "https://evilfbsbx.com/x",
        "https://fbsbx.com.evil.example/x",
        "https://evil.example/?fbsbx.com",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
    ] {
        let answer = json!({"url": address, "mime_type": "image/png"});
        let app = axum::Router::new().fallback(move || async move { axum::Json(answer) });
        let running = frontdesk_sim::spawn(app).await.unwrap();
        let settings = WhatsappSettings { base_url: running.url.clone(), ..world.settings() };
        let channel =
            WhatsappChannel::new(&settings, SecretString::from("t"), world.http.clone(), Target::Trusted)
                .unwrap();
        let failed = channel.media("whatsapp-media:1", 100).await;
        assert!(matches!(failed, Err(MediaError::Elsewhere(_))), "{address}: {failed:?}");
    }
}
