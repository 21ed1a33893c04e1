//! Whole conversations with a model.

use frontdesk_app::booking::{self, Door, NewBooking};
use frontdesk_app::contact::{memory, timeline};
use frontdesk_domain::booking::BookingSource;
use frontdesk_domain::message::MessageAction;
use frontdesk_domain::page::PageRequest;
use frontdesk_store::{message, workspace};
use serde_json::json;

use super::kit::{Practice, guest};

#[tokio::test]
async fn from_a_question_to_a_booking_and_its_end() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({})).await;
    let talk = practice.visitor().await;
    let (said, record) = talk
        .say(
            "Hi, can I see the dentist tomorrow morning?",
            &[
                ("list_booking_types", json!({})),
                ("check_availability", json!({ "type": kind.id, "from": "2026-03-19T00:00:00+01:00", "to": "2026-03-19T12:00:00+01:00", "limit": 3 })),
            ],
            "Yes: 9:00, 9:45 or 11:45. Which suits you?",
        )
        .await;
    assert_eq!(record.tool_calls.len(), 2);
    assert!(said.text.contains("Which suits you"), "{said:?}");
    let slot = record.tool_calls[1].result["slots"][0]["slot"].as_str().unwrap().to_owned();
    talk.say(
        "The first one",
        &[("hold_slot", json!({ "slot": slot }))],
        "Your name and e-mail address, please?",
    )
    .await;
    let book = json!({ "hold": slot, "name": "Eva Lang", "email": "eva@example.com" });
    let (said, record) = talk
        .say("Eva Lang, eva@example.com", &[("book", book)], "You are booked for Thursday at 9:00 AM.")
        .await;
    assert_eq!(said.text, "You are booked for Thursday at 9:00 AM.");
    let reference = record.tool_calls[0].result["booking"]["reference"].clone();
    assert_eq!(
        record.tool_calls[0].receipt.as_deref(),
        Some(practice.bookings().await[0].id.to_string().as_str())
    );
    let (said, _) = talk
        .say("Sorry, I cannot come", &[("cancel", json!({ "booking": reference }))], "It is cancelled.")
        .await;
    assert_eq!(said.text, "It is cancelled.");
}

#[tokio::test]
async fn a_model_that_claims_a_booking_it_did_not_make_is_not_heard() {
    let practice = Practice::open().await;
    practice.offers("Check-up", json!({})).await;
    let talk = practice.visitor().await;
    let (said, record) =
        talk.say("Book me in for tomorrow at nine", &[], "You are booked for tomorrow at 9:00.").await;
    assert!(record.guarded > 0, "{said:?}");
    assert!(!said.text.contains("You are booked"), "{said:?}");
}

#[tokio::test]
async fn who_was_told_free_times_may_choose_from_all_of_them_until_something_is_booked() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({})).await;
    let talk = practice.visitor().await;
    let tom = practice.staff[1].id;
    let ask = json!({ "type": "Check-up", "staff": tom, "limit": 3 });
    let (said, record) =
        talk.say("When is Tom free?", &[("check_availability", ask)], "At these times.").await;
    let business = workspace::get(practice.app.store.reader(), practice.ctx.scope()).await.unwrap();
    let picker = MessageAction::Booking {
        type_id: kind.id,
        workspace: business.slug,
        slug: kind.slug.clone(),
        name: "Check-up".to_owned(),
        staff_id: Some(tom),
    };
    assert_eq!(said.actions, [picker]);
    // As everybody reads it who comes later.
    let (reader, scope) = (practice.app.store.reader(), practice.ctx.scope());
    let stored = message::find_by_seq(reader, scope, talk.id, said.seq).await.unwrap().unwrap();
    assert_eq!(stored.actions, said.actions);
    let slot = record.tool_calls[0].result["slots"][0]["slot"].as_str().unwrap().to_owned();
    let calls = [("check_availability", json!({ "type": kind.id })), ("book", guest("Eva", &slot))];
    let (said, _) = talk.say("The first", &calls, "You are booked.").await;
    assert!(said.actions.is_empty(), "{said:?}");
    let (said, _) = talk.say("Thank you", &[], "You are welcome.").await;
    assert!(said.actions.is_empty(), "{said:?}");
}

#[tokio::test]
async fn what_is_booked_with_the_picker_is_the_conversation_s_too() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({})).await;
    let talk = practice.visitor().await;
    let slot = talk.free(&kind, 1).await.slots.remove(0);
    let input = NewBooking {
        slot: Some(slot.slot),
        name: Some("Eva".to_owned()),
        email: Some("eva@example.com".to_owned()),
        ..NewBooking::default()
    };
    let door = Door { conversation_id: Some(talk.id), ..Door::default() };
    let made =
        booking::create(&practice.app, &practice.ctx, &input, BookingSource::Widget, &door).await.unwrap();
    let reference = made.booking.reference;
    assert_eq!(talk.lines().await, [format!("Booked: Check-up, {}, ref {reference}", slot.words)]);
    let found = talk.done("find_my_bookings", json!({})).await;
    assert_eq!(found["bookings"][0]["reference"], json!(reference));
}

#[tokio::test]
async fn the_team_sees_the_bookings_of_a_contact_in_its_memory_and_timeline() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({})).await;
    let talk = practice.visitor().await;
    let booked = talk.book(&kind, 1, "Eva").await;
    talk.book(&kind, 2, "Eva").await;
    talk.done("cancel", json!({ "booking": booked["reference"] })).await;
    let id = practice.bookings().await[0].contact_id;
    let known = memory::get(&practice.app, &practice.ctx, id).await.unwrap();
    assert_eq!(known.upcoming_bookings.len(), 1);
    assert!(known.upcoming_bookings[0].starts_with("Check-up, Friday, March 20, 2026"), "{known:?}");
    let page = PageRequest::default();
    let told = timeline::list(&practice.app, &practice.ctx, id, &page).await.unwrap().items;
    let texts: Vec<&str> =
        told.iter().filter(|entry| entry.kind.starts_with("booking.")).map(|it| it.text.as_str()).collect();
    assert_eq!(texts.iter().filter(|text| text.starts_with("Booked Check-up for")).count(), 2, "{texts:?}");
    let reference = booked["reference"].as_str().unwrap();
    assert!(
        texts.contains(
            &format!("Cancelled Check-up of {} ({reference})", booked["words"].as_str().unwrap()).as_str()
        ),
        "{texts:?}"
    );
    assert!(
        told.iter()
            .all(|entry| !entry.kind.starts_with("booking.") || entry.conversation_id == Some(talk.id))
    );
}
