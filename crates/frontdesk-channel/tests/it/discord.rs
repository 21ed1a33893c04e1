//! Discord against its simulator: a notification is posted once, mentions nobody, and failures say what to do.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_channel::{ChannelError, DiscordNotifier, DiscordSettings};
use frontdesk_domain::time::FixedClock;
use frontdesk_http::Target;
use frontdesk_sim::discord::{DiscordSim, spawn};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::contract::{self, NOW};

const TOKEN: &str = "s3cr3t-Token_1";

fn notifier(base: &str, webhook: &str) -> Result<DiscordNotifier, ChannelError> {
    let http = contract::http(&Arc::new(FixedClock::new(NOW)));
    let settings = DiscordSettings { base_url: base.to_owned(), ..DiscordSettings::default() };
    DiscordNotifier::new(&settings, &SecretString::from(webhook), http, Target::Trusted)
}

#[tokio::test]
async fn a_notification_is_posted_and_mentions_nobody() {
    let sim = DiscordSim::new("123", TOKEN);
    let running = spawn(sim.clone()).await.unwrap();
    let discord = notifier(&running.url, &format!("{}/api/webhooks/123/{TOKEN}", running.url)).unwrap();
    let text = format!("@everyone {}", "x".repeat(5_000));
    discord.notify("Ana asks for a person", &text, Some("https://desk.example/inbox/1")).await.unwrap();
    discord.notify("No link", "", None).await.unwrap();
    let posts = sim.posts();
    assert_eq!((posts.len(), &posts[0]["allowed_mentions"]), (2, &json!({"parse": []})));
    assert_eq!(posts[0]["embeds"][0]["url"], "https://desk.example/inbox/1");
    assert_eq!(posts[0]["content"], "Ana asks for a person");
    assert_eq!(discord.check().await.unwrap(), "The webhook is there: Front desk.");
    assert_eq!(sim.posts().len(), 2);
    assert!(!format!("{discord:?}").contains(TOKEN));
}

#[tokio::test]
async fn failures_are_told_apart_and_keep_the_address_secret() {
    let sim = DiscordSim::new("123", TOKEN);
    let running = spawn(sim.clone()).await.unwrap();
    let address = format!("{}/api/webhooks/123/{TOKEN}", running.url);
    let discord = notifier(&running.url, &address).unwrap();
    let mut failures = Vec::new();
    for (status, body) in [
        (429, json!({"message": "You are being rate limited.", "retry_after": 1.5, "global": false})),
        (429, Value::Null),
        (404, json!({"message": "Unknown Webhook", "code": 10015})),
        (400, json!({"message": format!("{TOKEN} {}", "x".repeat(2_000))})),
        (502, json!(TOKEN)),
    ] {
        sim.fail_next(status, body);
        failures.push(discord.notify("Hello", "there", None).await.unwrap_err());
    }
    let wait = Some(Duration::from_millis(1500));
    assert_eq!(failures[0], ChannelError::Limited { vendor: "discord", after: wait });
    assert_eq!(failures[1], ChannelError::Limited { vendor: "discord", after: None });
    assert!(failures[2].to_string().contains("make a new one"));
    assert!(matches!(failures[3], ChannelError::Refused { .. }));
    assert!(matches!(failures[4], ChannelError::Uncertain { .. }));
    assert!(sim.posts().is_empty());
    let away =
        notifier("http://127.0.0.1:1", &format!("http://127.0.0.1:1/api/webhooks/123/{TOKEN}")).unwrap();
    failures.push(away.notify("Hello", "there", None).await.unwrap_err());
    assert!(matches!(failures[5], ChannelError::Unavailable { .. }));
    failures.push(away.check().await.unwrap_err());
    let other = notifier(&running.url, &format!("{}/api/webhooks/9/{TOKEN}", running.url)).unwrap();
    failures.push(other.check().await.unwrap_err());
    assert!(matches!(failures[7], ChannelError::Refused { .. }));
    for said in failures.iter().map(ToString::to_string) {
        assert!(!said.contains(TOKEN) && said.len() < 600, "{said}");
    }
}

#[test]
fn only_a_webhook_at_discord_is_one() {
    let base = "https://discord.com";
    assert!(notifier(base, "https://discord.com/api/webhooks/1/a-b_c").is_ok());
    assert!(notifier(base, "https://discord.com/api/v10/webhooks/1/a-b_c?wait=true").is_ok());
    assert!(notifier(base, "https://discordapp.com/api/webhooks/1/a").is_ok());
    for wrong in [
        "",
        "https://discord.com/api/webhooks/1",
        "https://discord.com/api/webhooks/x/a",
        "https://discord.com/api/webhooks/1/a%2F..",
        "https://discord.com.evil.example/api/webhooks/1/a",
        "http://discord.com/api/webhooks/1/a",
        "http://169.254.169.254/api/webhooks/1/a",
    ] {
        assert!(notifier(base, wrong).is_err(), "{wrong}");
    }
}
