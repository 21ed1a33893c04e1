//! CalDAV servers without sync tokens: changes by comparing versions, against the same real server.

use frontdesk_connector::calendar::SyncCursor;
use frontdesk_sim::calendar::Blocks;
use serde_json::{Value, json};

use super::radicale::Radicale;
use crate::cache::Cache;
use crate::world::{Made, World};

fn made(name: &'static str, start: &'static str, end: &'static str) -> Made {
    Made { name, start, end, all_day: false, blocks: Blocks::Busy }
}

/// The cursor as a server without tokens would have led to.
fn without_token(cursor: &SyncCursor) -> SyncCursor {
    let text: String = serde_json::from_value(serde_json::to_value(cursor).unwrap()).unwrap();
    let mut inner: Value = serde_json::from_str(&text).unwrap();
    assert!(inner["token"]["sync"].is_string(), "Radicale has sync tokens");
    inner["token"] = json!({"sync": null, "etags": {}});
    serde_json::from_value(json!(inner.to_string())).unwrap()
}

#[tokio::test]
async fn changes_and_deletions_are_seen_by_versions_alone() {
    let radicale = Radicale::start().await;
    let (account, calendar) = (radicale.account(), radicale.calendar());
    let mut cache = Cache::default();
    cache.sync(&*account, &calendar).await.unwrap();
    cache.cursor = Some(without_token(cache.cursor.as_ref().unwrap()));
    radicale.make(&made("Dentist", "2026-03-10T09:00:00Z", "2026-03-10T10:00:00Z")).await;
    radicale.make(&made("School", "2026-03-11T09:00:00Z", "2026-03-11T10:00:00Z")).await;
    cache.sync(&*account, &calendar).await.unwrap();
    assert_eq!(cache.all().len(), 2);
    radicale.make(&made("Dentist", "2026-03-12T09:00:00Z", "2026-03-12T10:00:00Z")).await;
    radicale.delete("School").await;
    cache.sync(&*account, &calendar).await.unwrap();
    assert_eq!(cache.all().len(), 1);
    assert_eq!(cache.titled("Dentist")[0].start, crate::cache::at("2026-03-12T09:00:00Z"));
    let before = cache.events.clone();
    cache.sync(&*account, &calendar).await.unwrap();
    assert_eq!(cache.events, before);
}
