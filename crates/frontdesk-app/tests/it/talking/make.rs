//! Asking for times, keeping one, booking it.

use frontdesk_app::booking::{self, Door, NewBooking};
use frontdesk_domain::booking::{BookingSource, BookingStatus};
use frontdesk_store::contact;
use frontdesk_testkit::START;
use serde_json::json;

use super::kit::{DAY, Practice, guest};

#[tokio::test]
async fn without_anything_to_book_no_booking_tool_is_offered() {
    let practice = Practice::open().await;
    let talk = practice.visitor().await;
    talk.say("Hello", &[], "Hello!").await;
    let offered = practice.model.requests()[0].body["tools"].to_string();
    assert!(offered.contains("capture_lead") && !offered.contains("check_availability"), "{offered}");

    practice.offers("Check-up", json!({})).await;
    talk.say("Hello again", &[], "Hello!").await;
    let offered = practice.model.requests()[1].body["tools"].to_string();
    assert!(offered.contains("check_availability") && offered.contains("reschedule"), "{offered}");
}

#[tokio::test]
async fn types_are_listed_with_what_they_need() {
    let practice = Practice::open().await;
    practice
        .offers(
            "Check-up",
            json!({ "durations": [30, 60], "price": { "minor": 4500, "currency": "EUR" }, "location": { "kind": "phone" },
                "questions": [{ "key": "first", "label": "Is it your first visit?", "kind": "checkbox", "required": true }] }),
        )
        .await;
    practice.offers("Hidden", json!({ "listed": false })).await;
    let talk = practice.visitor().await;
    let types = talk.done("list_booking_types", json!({})).await["types"].clone();
    assert_eq!(types.as_array().unwrap().len(), 1, "{types}");
    let checkup = &types[0];
    assert_eq!(checkup["minutes"], json!([30, 60]));
    assert_eq!(checkup["price"], "45.00 EUR");
    assert_eq!((&checkup["email"], &checkup["phone"]), (&json!("required"), &json!("required")));
    assert_eq!(checkup["location"], "by phone");
    assert_eq!(checkup["questions"][0]["choices"], json!(["yes", "no"]));
    let names: Vec<_> =
        checkup["staff"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"Maria"), "{names:?}");
}

#[tokio::test]
async fn times_are_said_in_the_zone_of_the_business_and_spread_over_an_over_full_range() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({})).await;
    let talk = practice.visitor().await;
    let range = json!({ "type": "check-up", "from": START, "to": START.plus(DAY * 7), "limit": 5 });
    let found = talk.done("check_availability", range).await;
    assert_eq!(found["zone"], "Europe/Berlin");
    assert_eq!(found["more"], true);
    let slots = found["slots"].as_array().unwrap();
    assert_eq!(slots.len(), 5);
    // Wednesday, March 18, 2026 at 14:30 in Berlin, plus the notice.
    assert_eq!(slots[0]["words"], "Wednesday, March 18, 2026 at 4:30 PM");
    assert_eq!(slots[0]["start"], "2026-03-18T16:30:00+01:00");
    assert!(slots[4]["words"].as_str().unwrap().starts_with("Wednesday, March 25"), "{found}");
    // With somebody in particular, and with nobody of that name.
    let tom = json!({ "type": kind.id, "staff": "tom", "limit": 1 });
    let found = talk.done("check_availability", tom).await;
    assert_eq!(found["slots"][0]["staff"], json!([{ "id": practice.staff[1].id, "name": "Tom" }]));
    let nobody = json!({ "type": kind.id, "staff": "staff_1" });
    assert_eq!(talk.refused("check_availability", nobody).await["code"], "unknown");
    let backwards = json!({ "type": kind.id, "from": START.plus(DAY * 2), "to": START.plus(DAY) });
    assert_eq!(talk.refused("check_availability", backwards).await["field"], "to");
}

#[tokio::test]
async fn a_full_or_closed_range_says_why_and_what_is_next() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({ "limits": { "per_day": 1 } })).await;
    let talk = practice.visitor().await;
    talk.book(&kind, 1, "Eva").await;
    // Thursday, the rest of it: no more than one a day.
    let day =
        json!({ "type": kind.id, "from": "2026-03-19T13:00:00+01:00", "to": "2026-03-19T17:00:00+01:00" });
    let found = talk.done("check_availability", day).await;
    assert_eq!(found["why"], json!(["that day is fully booked"]));
    assert_eq!(found["later"].as_array().unwrap().len(), 3);
    assert_eq!(found["later"][0]["words"], "Friday, March 20, 2026 at 9:00 AM");
    let night =
        json!({ "type": kind.id, "from": "2026-03-20T20:00:00+01:00", "to": "2026-03-20T23:00:00+01:00" });
    let found = talk.done("check_availability", night).await;
    assert_eq!(found["why"], json!(["we are closed then"]));
    let past =
        json!({ "type": kind.id, "from": "2026-03-10T09:00:00+01:00", "to": "2026-03-10T12:00:00+01:00" });
    let found = talk.done("check_availability", past).await;
    assert_eq!(found["why"], json!(["that time is in the past"]));
    assert!(!found["later"].as_array().unwrap().is_empty());
    let soon = json!({ "type": kind.id, "from": START, "to": START.plus(DAY / 24) });
    let found = talk.done("check_availability", soon).await;
    assert_eq!(
        found["why"],
        json!(["that is too soon; the earliest is Wednesday, March 18, 2026 at 4:30 PM"])
    );
}

#[tokio::test]
async fn a_held_time_is_the_customer_s_to_book_and_nobody_else_s() {
    let practice = Practice::open().await;
    let kind = practice
        .offers(
            "Check-up",
            json!({ "staff": { "mode": "collective", "members": [
        { "staff_id": practice.staff[0].id, "weight": 1 }] } }),
        )
        .await;
    let (talk, other) = (practice.visitor().await, practice.visitor().await);
    let slot = talk.free(&kind, 1).await.slots.remove(0);
    let held = talk.done("hold_slot", json!({ "slot": slot.slot })).await;
    assert_eq!(held["held"]["words"], slot.words.as_str());
    assert_eq!(other.refused("book", guest("Eva", &slot.slot)).await["code"], "taken");
    // Who holds it still sees it as free, and may change their mind: one time is kept, not two.
    let again = talk.free(&kind, 1).await.slots;
    assert_eq!(again[0].start, slot.start);
    let second = again.last().unwrap().slot.clone();
    talk.done("hold_slot", json!({ "slot": second })).await;
    assert_eq!(other.done("book", guest("Eva", &slot.slot)).await["booking"]["status"], "confirmed");
    let done = talk.done("book", json!({ "hold": second, "name": "Tim", "email": "tim@example.com" })).await;
    assert_eq!(done["booking"]["status"], "confirmed");
    assert_eq!(practice.bookings().await.len(), 2);
}

#[tokio::test]
async fn a_slot_taken_between_offer_and_booking_is_refused_with_times_near_by() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({})).await;
    let talk = practice.visitor().await;
    let slot = talk.free(&kind, 1).await.slots.remove(0);
    for number in 0..2 {
        let input = NewBooking {
            slot: Some(slot.slot.clone()),
            name: Some("Guest".to_owned()),
            email: Some(format!("guest{number}@example.com")),
            ..NewBooking::default()
        };
        let door = Door::default();
        booking::create(&practice.app, &practice.ctx, &input, BookingSource::Api, &door).await.unwrap();
    }
    let refused = talk.refused("book", guest("Eva", &slot.slot)).await;
    assert_eq!(refused["code"], "taken");
    let alternatives = refused["alternatives"].as_array().unwrap();
    assert_eq!(alternatives.len(), 3);
    let near = alternatives[0]["slot"].as_str().unwrap();
    assert_eq!(talk.done("book", guest("Eva", near)).await["booking"]["words"], alternatives[0]["words"]);
}

#[tokio::test]
async fn a_booking_needs_name_address_and_answers_and_names_the_one_that_is_missing() {
    let practice = Practice::open().await;
    let questions = json!([
        { "key": "first", "label": "First visit?", "kind": "checkbox", "required": true },
        { "key": "reason", "label": "What for?", "kind": "select", "required": true, "choices": ["Cleaning", "Pain"] },
    ]);
    let kind = practice
        .offers("Home visit", json!({ "questions": questions, "location": { "kind": "customer" } }))
        .await;
    let talk = practice.visitor().await;
    let slot = talk.free(&kind, 1).await.slots.remove(0).slot;
    let mut wanted = json!({ "slot": slot });
    let mut missing = Vec::new();
    for (field, value) in [("name", "Eva Lang"), ("email", "eva@example.com")] {
        missing.push(talk.refused("book", wanted.clone()).await["field"].clone());
        wanted[field] = json!(value);
    }
    wanted["answers"] = json!([]);
    for (key, value) in [("address", "Hill Road 1"), ("first", "Yes"), ("reason", "pain")] {
        let refused = talk.refused("book", wanted.clone()).await;
        assert_eq!(refused["code"], "detail");
        missing.push(refused["field"].clone());
        wanted["answers"].as_array_mut().unwrap().push(json!({ "key": key, "value": value }));
    }
    assert_eq!(json!(missing), json!(["name", "email", "address", "first", "reason"]));
    wanted["email"] = json!("eva@example");
    assert_eq!(talk.refused("book", wanted.clone()).await["field"], serde_json::Value::Null);
    wanted["email"] = json!("eva@example.com");
    talk.done("book", wanted).await;
    let booked = practice.bookings().await.remove(0);
    assert_eq!((booked.name.as_str(), booked.message.as_str()), ("Eva Lang", "Hill Road 1"));
    assert_eq!(booked.answers["first"], "true");
    assert_eq!(booked.answers["reason"], "Pain");
    assert_eq!((booked.source, booked.conversation_id), (BookingSource::Agent, Some(talk.id)));
}

#[tokio::test]
async fn the_same_booking_twice_in_a_conversation_is_one_and_its_contact_is_learned() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({ "confirmation_required": true })).await;
    let talk = practice.visitor().await;
    let slot = talk.free(&kind, 1).await.slots.remove(0).slot;
    let first = talk.done("book", guest("Eva", &slot)).await;
    let mut again = guest("Eva", &slot);
    again["message"] = json!("I am looking forward to it");
    let second = talk.done("book", again).await;
    assert_eq!(first["booking"], second["booking"]);
    assert_eq!(first["booking"]["status"], "pending");
    assert_eq!(first["booking"]["tentative"], true);
    let booked = practice.bookings().await;
    assert_eq!(booked.len(), 1);
    assert_eq!(booked[0].status, BookingStatus::Pending);
    let known = contact::get(practice.app.store.reader(), practice.ctx.scope(), booked[0].contact_id).await;
    assert_eq!(known.unwrap().email.as_deref(), Some("eva@example.com"));
    // A second booking needs nothing asked again; for somebody else it does not rename the contact.
    let slot = talk.free(&kind, 2).await.slots.remove(0).slot;
    talk.done("book", json!({ "slot": slot, "name": "Her son Max" })).await;
    let booked = practice.bookings().await;
    assert_eq!(
        (booked[1].name.as_str(), booked[1].email.as_deref()),
        ("Her son Max", Some("eva@example.com"))
    );
    assert_eq!(booked[0].contact_id, booked[1].contact_id);
    let known = contact::get(practice.app.store.reader(), practice.ctx.scope(), booked[0].contact_id).await;
    assert_eq!(known.unwrap().name, "Eva");
}

#[tokio::test]
async fn made_up_slots_types_and_references_are_refused() {
    let practice = Practice::open().await;
    practice.offers("Check-up", json!({})).await;
    let talk = practice.visitor().await;
    assert_eq!(talk.refused("book", guest("Eva", "tuesday-at-three")).await["code"], "unknown");
    assert_eq!(talk.refused("hold_slot", json!({ "slot": "x" })).await["code"], "unknown");
    assert_eq!(talk.refused("check_availability", json!({ "type": "btype_1" })).await["code"], "unknown");
    assert_eq!(talk.refused("cancel", json!({ "booking": "ABC234" })).await["code"], "unverified");
    assert!(practice.bookings().await.is_empty());
}

#[tokio::test]
async fn a_rehearsal_answers_as_it_would_and_leaves_nothing_behind() {
    use frontdesk_app::conversation::sandbox::{self, SandboxMessage};
    use frontdesk_sim::model::Step;

    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({})).await;
    let visitor = practice.visitor().await;
    let slot = visitor.free(&kind, 1).await.slots.remove(0).slot;
    let rehearsal = sandbox::open(&practice.app, &practice.ctx, practice.agent).await.unwrap();
    let calls = [
        ("hold_slot", json!({ "slot": slot })),
        ("book", guest("Eva", &slot)),
        ("reschedule", json!({ "booking": "SANDBOX", "slot": slot })),
        ("cancel", json!({ "booking": "SANDBOX" })),
    ];
    for (tool, arguments) in &calls {
        practice.model.then(Step::call(tool, arguments));
    }
    practice.model.then(Step::say("All done."));
    let said = SandboxMessage { text: "Book me in".to_owned() };
    let reply =
        sandbox::say(&practice.app, &practice.ctx, practice.agent, rehearsal.conversation_id, said).await;
    let record = reply.unwrap().turn.unwrap();
    assert_eq!(record.tool_calls.len(), 4);
    assert!(record.tool_calls.iter().all(|call| call.ok), "{:?}", record.tool_calls);
    assert!(practice.bookings().await.is_empty());
    // The time is still free, for everybody.
    assert_eq!(visitor.free(&kind, 1).await.slots.remove(0).slot, slot);
}

#[tokio::test]
async fn who_finds_nothing_joins_the_waiting_list() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({})).await;
    let talk = practice.visitor().await;
    let mut wish =
        json!({ "type": kind.id, "from": START.plus(DAY), "to": START.plus(DAY * 3), "staff": "Tom" });
    assert_eq!(talk.refused("join_waiting_list", wish.clone()).await["field"], "name");
    wish["name"] = json!("Eva");
    wish["email"] = json!("eva@example.com");
    talk.done("join_waiting_list", wish.clone()).await;
    talk.done("join_waiting_list", wish).await;
    let all = booking::WaitingQuery::default();
    let waiting = booking::list_waiting(&practice.app, &practice.ctx, &all).await.unwrap().items;
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].name.as_str(), waiting[0].staff_id), ("Eva", Some(practice.staff[1].id)));
}
