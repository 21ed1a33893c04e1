//! Whole conversations with a model.

use serde_json::json;

use super::kit::Practice;

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
