//! Bookings made in the conversation: found, moved, called off there.

use frontdesk_domain::booking::{BookingStatus, CancelledBy};
use serde_json::json;

use super::kit::Practice;

#[tokio::test]
async fn a_booking_of_the_conversation_is_found_moved_and_cancelled_in_it_and_lines_say_so() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({})).await;
    let talk = practice.visitor().await;
    let booked = talk.book(&kind, 1, "Eva").await;
    let reference = booked["reference"].as_str().unwrap();
    let found = talk.done("find_my_bookings", json!({})).await;
    assert_eq!((&found["verified"], &found["bookings"][0]), (&json!(false), &booked));

    // Its own time counts as free for moving, by a quarter of an hour too.
    let around = json!({ "booking": reference, "from": "2026-03-19T00:00:00+01:00", "to": "2026-03-20T00:00:00+01:00", "limit": 200 });
    let free = talk.done("check_availability", around).await;
    assert!(free["slots"].as_array().unwrap().iter().any(|slot| slot["start"] == booked["start"]), "{free}");
    let slot = free["slots"][1]["slot"].clone();
    assert_ne!(free["slots"][1]["start"], booked["start"]);
    let moved = talk.done("reschedule", json!({ "booking": reference.to_lowercase(), "slot": slot })).await;
    assert_eq!(moved["booking"]["start"], free["slots"][1]["start"]);
    assert_eq!(moved["booking"]["status"], "confirmed");
    // The same again changes nothing.
    talk.done("reschedule", json!({ "booking": reference, "slot": slot })).await;
    assert_eq!(practice.bookings().await[0].moves, 1);

    let cancelled = talk.done("cancel", json!({ "booking": reference, "reason": "I am ill" })).await;
    assert_eq!(cancelled["booking"]["status"], "cancelled");
    talk.done("cancel", json!({ "booking": reference })).await;
    let stored = practice.bookings().await.remove(0);
    let why = stored.cancellation.unwrap();
    assert_eq!(
        (stored.status, why.by, why.reason.as_str()),
        (BookingStatus::Cancelled, CancelledBy::Customer, "I am ill")
    );
    assert_eq!(
        talk.refused("reschedule", json!({ "booking": reference, "slot": slot })).await["code"],
        "too_late"
    );
    assert_eq!(talk.done("find_my_bookings", json!({})).await["bookings"], json!([]));
    assert_eq!(
        talk.lines().await,
        [
            format!("Booked: Check-up, Thursday, March 19, 2026 at 2:30 PM, ref {reference}"),
            format!("Moved: Check-up, {}, ref {reference}", free["slots"][1]["words"].as_str().unwrap()),
            format!("Cancelled: Check-up, {}, ref {reference}", free["slots"][1]["words"].as_str().unwrap()),
        ]
    );
    // After a cancellation the same time is a new booking, not the old one.
    let again = talk.book(&kind, 1, "Eva").await;
    assert_ne!(again["reference"], reference);
}

#[tokio::test]
async fn nobody_else_s_booking_is_seen_or_touched_and_whether_there_is_one_is_not_told() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({})).await;
    let (eva, mallory) = (practice.visitor().await, practice.visitor().await);
    let booked = eva.book(&kind, 1, "Eva").await;
    let slot = mallory.free(&kind, 2).await.slots.remove(0).slot;
    let there = mallory.refused("cancel", json!({ "booking": booked["reference"] })).await;
    let not_there = mallory.refused("cancel", json!({ "booking": "ZZZZZZ" })).await;
    assert_eq!(there, not_there);
    assert_eq!(there["code"], "unverified");
    let moving = json!({ "booking": booked["reference"], "slot": slot });
    assert_eq!(mallory.refused("reschedule", moving).await["code"], "unverified");
    let asking = json!({ "booking": booked["reference"] });
    assert_eq!(mallory.refused("check_availability", asking).await["code"], "unverified");
    assert_eq!(mallory.done("find_my_bookings", json!({})).await["bookings"], json!([]));
    // Nor does typing her address make her bookings theirs.
    mallory.book(&kind, 3, "Eva").await;
    let found = mallory.done("find_my_bookings", json!({})).await;
    assert_eq!(found["bookings"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(practice.bookings().await[0].status, BookingStatus::Confirmed);
}

#[tokio::test]
async fn within_the_notice_the_customer_cannot_change_it_by_themselves() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({ "change_notice": 60 * 48 })).await;
    let talk = practice.visitor().await;
    let booked = talk.book(&kind, 1, "Eva").await;
    assert_eq!(booked["may_change"], false);
    let slot = talk.free(&kind, 3).await.slots.remove(0).slot;
    let moving = json!({ "booking": booked["reference"], "slot": slot });
    assert_eq!(talk.refused("reschedule", moving).await["code"], "too_late");
    assert_eq!(talk.refused("cancel", json!({ "booking": booked["reference"] })).await["code"], "too_late");
}
