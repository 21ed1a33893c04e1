//! Push channels: opened, believed, ended.

use frontdesk_connector::calendar::{PushState, google, graph};
use frontdesk_sim::calendar::{self, CalendarSim};

use crate::world::{Simulated, World};

const CALLBACK: &str = "https://desk.example/webhooks/calendar/1";

#[tokio::test]
async fn google_pushes_name_the_channel_and_its_secret_and_end_with_it() {
    let world = Simulated::new("google_calendar").await;
    let account = world.account();
    let channel = account.watch(&world.calendar(), "ch-1", CALLBACK, "s3cret").await.unwrap().unwrap();
    assert_eq!(channel.id, "ch-1");
    assert!(channel.expires_at.as_millis() > 1_774_000_000_000);
    let opened = google::push(&calendar::google::pushes(&world.sim, "sync")[0]).unwrap();
    assert_eq!(opened.state, PushState::Opened);
    let pushes = calendar::google::pushes(&world.sim, "exists");
    let push = google::push(&pushes[0]).unwrap();
    assert_eq!(
        (push.state, push.channel.as_str(), push.token.as_str()),
        (PushState::Changed, "ch-1", "s3cret")
    );
    assert_eq!(push.resource, channel.resource);
    assert!(google::push(&frontdesk_http::header::HeaderMap::new()).is_none());
    account.unwatch(&channel).await.unwrap();
    account.unwatch(&channel).await.unwrap();
    assert!(calendar::google::pushes(&world.sim, "exists").is_empty());
    assert!(account.watch(&world.calendar(), "ch-2", "http://desk.example/", "t").await.is_err());
}

#[tokio::test]
async fn microsoft_pushes_name_the_subscription_and_its_secret_and_end_with_it() {
    let world = Simulated::new("microsoft_calendar").await;
    let account = world.account();
    let channel = account.watch(&world.calendar(), "ch-1", CALLBACK, "s3cret").await.unwrap().unwrap();
    let body = calendar::graph::push(&world.sim);
    let Some(graph::GraphPush::Pushes(pushes)) = graph::push(None, body.as_bytes()) else { panic!("{body}") };
    assert_eq!(pushes[0].channel, channel.id);
    assert_eq!((pushes[0].token.as_str(), pushes[0].state), ("s3cret", PushState::Changed));
    account.unwatch(&channel).await.unwrap();
    account.unwatch(&channel).await.unwrap();
    assert!(world.sim.channels().is_empty());
    let primary = CalendarSim::PRIMARY;
    assert!(account.watch(primary, "ch-2", "http://desk.example/", "t").await.is_err());
}

#[tokio::test]
async fn vendors_without_push_say_so() {
    let world = Simulated::new("zoho_calendar").await;
    assert_eq!(world.account().watch(&world.calendar(), "c", CALLBACK, "t").await.unwrap(), None);
}
