//! Calendly: what its pages say its answers look like, served page by page.

use frontdesk_connector::calendar::calendly::Calendly;
use frontdesk_connector::calendar::{CalendarError, Credential};
use frontdesk_sim::calendar::calendly;
use serde_json::json;

use crate::cache::{at, window};
use crate::world::access;

#[tokio::test]
async fn kinds_hours_and_appointments_are_taken_over_with_all_pages() {
    let running = calendly::spawn("token-1").await.unwrap();
    let settings = json!({"client_id": "c", "base_url": running.url});
    let client = Calendly::new(&settings, access(Credential::Bearer("token-1".into()))).unwrap();
    let me = client.me().await.unwrap();
    let types = client.types(&me).await.unwrap();
    let shown: Vec<(&str, u32, bool)> =
        types.iter().map(|kind| (kind.name.as_str(), kind.minutes, kind.active)).collect();
    assert_eq!(shown, [("Intro", 30, true), ("Long", 60, true), ("Old", 15, false), ("Retreat", 2880, true)]);
    assert!(types[0].listed && !types[1].listed, "a secret one is not listed");
    let hours = client.hours(&me).await.unwrap();
    assert_eq!((hours[0].zone.as_str(), hours[0].default), ("Europe/Berlin", true));
    assert_eq!(hours[0].rules[0].day, "monday");
    assert_eq!(hours[0].rules[0].intervals, [("09:00".to_owned(), "17:00".to_owned())]);
    assert_eq!((hours[0].rules[1].day.as_str(), hours[0].rules[1].intervals.len()), ("2026-12-24", 0));
    let bookings = client.bookings(&me, window(), 100).await.unwrap();
    let starts: Vec<String> = bookings.iter().map(|booking| booking.start.to_jiff().to_string()).collect();
    let all = [
        "2026-03-12T09:00:00Z",
        "2026-03-19T09:00:00Z",
        "2026-03-20T13:00:00Z",
        "2026-03-23T09:00:00Z",
        "2026-03-24T10:00:00Z",
    ];
    assert_eq!(starts, all, "in order, over all pages, without the cancelled one");
    assert_eq!(bookings[0].end, at("2026-03-12T09:30:00Z"));
    assert_eq!(bookings[0].kind.as_deref(), Some(types[0].uri.as_str()));
    assert_eq!(client.invitees(&bookings[0]).await.unwrap()[0].email, "ann@example.com");
    assert_eq!(client.invitees(&bookings[2]).await.unwrap().len(), 2);
    assert_eq!(client.bookings(&me, window(), 2).await.unwrap().len(), 2, "no more pages than asked for");

    let stranger = Calendly::new(&settings, access(Credential::Bearer("token-2".into()))).unwrap();
    assert_eq!(stranger.me().await, Err(CalendarError::Unauthorized));
}
