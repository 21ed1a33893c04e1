//! Whose bookings are whose: shown by a code or a link, never by saying so.

use std::time::Duration;

use frontdesk_app::booking;
use frontdesk_app::booking::public::manage_token;
use frontdesk_domain::booking::BookingStatus;
use frontdesk_store::booking as bookings;
use serde_json::{Value, json};

use super::kit::{Practice, Talk};

/// The code in the one letter that is due to this address.
async fn mailed_code(practice: &Practice, to: &str) -> String {
    let mut letters = practice.test.letters().await;
    letters.retain(|letter| letter.mail.subject.contains("code") || letter.mail.subject.contains("Code"));
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert_eq!(letters[0].mail.to, to);
    let subject = &letters[0].mail.subject;
    let code: String = subject.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(code.len(), 6, "{subject}");
    assert!(letters[0].mail.text.contains("10 minutes"), "{}", letters[0].mail.text);
    code
}

async fn wrong(talk: &Talk<'_>, code: &str) -> Value {
    talk.refused("enter_code", json!({ "code": code })).await
}

#[tokio::test]
async fn a_code_from_the_mail_opens_the_bookings_of_its_address_for_a_while() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({})).await;
    let booked = practice.visitor().await.book(&kind, 1, "Eva").await;
    practice.visitor().await.book(&kind, 2, "Max").await;
    let later = practice.visitor().await;
    later.done("send_code", json!({ "email": "Eva@Example.com" })).await;
    let code = mailed_code(&practice, "eva@example.com").await;
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    later.done("enter_code", json!({ "code": spaced })).await;
    let found = later.done("find_my_bookings", json!({})).await;
    assert_eq!(found["verified"], true);
    assert_eq!(found["bookings"], json!([booked]));
    // What the model is told at the start of a turn.
    later.say("And?", &[], "Here you are.").await;
    let prompt = practice.model.requests().last().unwrap().body.to_string();
    assert!(prompt.contains("Upcoming: Check-up"), "{prompt}");
    // A code is used up; what it showed is not.
    assert_eq!(wrong(&later, &code).await["code"], "code");
    let slot = later.free(&kind, 3).await.slots.remove(0).slot;
    later.done("reschedule", json!({ "booking": booked["reference"], "slot": slot })).await;
    later.done("cancel", json!({ "booking": booked["reference"] })).await;
    let lines = later.lines().await;
    assert!(
        lines[0].starts_with("Moved: Check-up") && lines[1].starts_with("Cancelled: Check-up"),
        "{lines:?}"
    );
    assert_eq!(later.refused("cancel", json!({ "booking": "ZZZZZZ" })).await["code"], "unknown");
    // Not in another conversation, and not for ever.
    let other = practice.visitor().await;
    assert_eq!(other.done("find_my_bookings", json!({})).await["verified"], false);
    practice.test.clock.advance(Duration::from_hours(5));
    assert_eq!(later.done("find_my_bookings", json!({})).await["verified"], false);
}

#[tokio::test]
async fn an_address_without_bookings_gets_no_mail_and_the_same_answer() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({})).await;
    practice.visitor().await.book(&kind, 1, "Eva").await;
    practice.test.letters().await;
    let talk = practice.visitor().await;
    let unknown = talk.done("send_code", json!({ "email": "nobody@example.com" })).await;
    assert!(practice.test.letters().await.is_empty());
    let known = talk.done("send_code", json!({ "email": "eva@example.com" })).await;
    assert_eq!(unknown, known);
    assert_eq!(practice.test.letters().await.len(), 1);
}

#[tokio::test]
async fn five_tries_ten_minutes_and_three_codes_an_hour_are_the_limits() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({})).await;
    practice.visitor().await.book(&kind, 1, "Eva").await;
    practice.test.letters().await;
    let talk = practice.visitor().await;
    let send = json!({ "email": "eva@example.com" });
    assert_eq!(wrong(&talk, "123456").await["code"], "code");

    // Five wrong tries, and the right one comes too late.
    talk.done("send_code", send.clone()).await;
    let code = mailed_code(&practice, "eva@example.com").await;
    let other = if code == "000000" { "111111" } else { "000000" };
    for _ in 0..5 {
        assert!(wrong(&talk, other).await["error"].as_str().unwrap().contains("not the code"));
    }
    assert!(wrong(&talk, &code).await["error"].as_str().unwrap().contains("no code works"));

    // A newer code takes the place of the older; each works for ten minutes.
    talk.done("send_code", send.clone()).await;
    let second = mailed_code(&practice, "eva@example.com").await;
    practice.test.clock.advance(Duration::from_mins(10));
    assert!(wrong(&talk, &second).await["error"].as_str().unwrap().contains("no code works"));

    // Three an hour to an address, whoever asks; three an hour in a conversation, whatever the address.
    talk.done("send_code", send.clone()).await;
    let third = mailed_code(&practice, "eva@example.com").await;
    let stranger = practice.visitor().await;
    assert_eq!(stranger.refused("send_code", send.clone()).await["code"], "code");
    let another = json!({ "email": "max@example.com" });
    assert_eq!(talk.refused("send_code", another).await["code"], "code");
    assert!(practice.test.letters().await.is_empty());
    // Only where it was asked for.
    assert_eq!(wrong(&stranger, &third).await["code"], "code");
    talk.done("enter_code", json!({ "code": third })).await;
    practice.test.clock.advance(Duration::from_mins(61));
    stranger.done("send_code", send).await;
}

#[tokio::test]
async fn the_link_of_a_booking_pasted_into_the_chat_opens_that_booking_alone() {
    let practice = Practice::open().await;
    let kind = practice.offers("Check-up", json!({})).await;
    let eva = practice.visitor().await;
    let booked = eva.book(&kind, 1, "Eva").await;
    eva.book(&kind, 2, "Eva").await;
    let stored = practice.bookings().await.remove(0);
    let stored = bookings::get(practice.app.store.reader(), practice.ctx.scope(), stored.id).await.unwrap();
    let token = manage_token(&stored);
    let talk = practice.visitor().await;
    let forged = format!("{}AAAA", &token[..token.len() - 4]);
    talk.say(&format!("https://desk.example/book/manage/{forged}"), &[], "Hm.").await;
    assert_eq!(talk.done("find_my_bookings", json!({})).await["bookings"], json!([]));
    let line = format!("I cannot come: https://desk.example/book/manage/{token}.");
    talk.say(&line, &[], "Shall I cancel it?").await;
    let found = talk.done("find_my_bookings", json!({})).await;
    assert_eq!((&found["verified"], &found["bookings"]), (&json!(false), &json!([booked])));
    talk.done("cancel", json!({ "booking": booked["reference"] })).await;
    let status = booking::get(&practice.app, &practice.ctx, stored.booking.id).await.unwrap().status;
    assert_eq!(status, BookingStatus::Cancelled);
    // The model never saw what opens it.
    let seen = practice.model.requests().iter().any(|request| request.body.to_string().contains(&token));
    assert!(!seen);
}
