//! Booking through the front doors: the public page, the link, and the team's calendar.

use axum::http::{Method, StatusCode};
use frontdesk_testkit::{TestApp, on_both};
use serde_json::{Value, json};

/// A workspace with one type that Maria and Tom do, and its public path.
async fn open_practice(app: &TestApp) -> (frontdesk_testkit::Browser<'_>, Value, String) {
    let owner = app.signed_up("owner").await;
    let hours: Vec<Value> = ["mon", "tue", "wed", "thu", "fri"]
        .iter()
        .map(|day| json!({ "day": day, "hours": { "from": 540, "to": 1020 } }))
        .collect();
    let mut members = Vec::new();
    for name in ["Maria", "Tom"] {
        let staff = json!({ "name": name, "active": true, "schedule": { "weekly": hours } });
        let staff = owner.post("/staff", staff).await.expect_status(StatusCode::CREATED).json();
        members.push(json!({ "staff_id": staff["id"] }));
    }
    let kind = json!({ "name": "Check-up", "staff": { "mode": "round_robin", "members": members },
        "questions": [{ "key": "reason", "label": "What is it about?", "kind": "text", "required": true }] });
    let kind = owner.post("/booking-types", kind).await.expect_status(StatusCode::CREATED).json();
    let slug = owner.get("/workspace").await.json()["slug"].as_str().unwrap().to_owned();
    let path = format!("/public/booking/{slug}/{}", kind["slug"].as_str().unwrap());
    (owner, kind, path)
}

async fn post_with(
    who: &frontdesk_testkit::Browser<'_>,
    path: &str,
    body: Value,
    key: &str,
) -> frontdesk_testkit::Answer {
    who.call_with(Method::POST, path, Some(body), &[("idempotency-key", key)]).await
}

fn guest(hold: &Value) -> Value {
    json!({ "hold": hold["token"], "name": "Ana Diaz", "email": "ana@example.com", "zone": "Europe/Madrid",
        "answers": { "reason": "a crown" } })
}

on_both! {
    async fn a_stranger_books_moves_and_cancels(store: TestStore) {
        let app = TestApp::node(&store).await;
        let (owner, _, path) = open_practice(&app).await;
        let stranger = app.browser();
        let page = stranger.get(&path).await.expect_status(StatusCode::OK).json();
        let slots = page["slots"].as_array().unwrap();
        assert!(slots.len() > 20, "{page}");
        let hold = stranger.post(&format!("{path}/holds"), json!({ "slot": slots[0]["slot"] })).await;
        let hold = hold.expect_status(StatusCode::CREATED).json();

        let wrong = json!({ "hold": hold["token"], "name": "", "zone": "Mars/Base", "answers": { "colour": "x" } });
        let refused = stranger.post(&format!("{path}/bookings"), wrong).await;
        let fields = refused.expect_status(StatusCode::UNPROCESSABLE_ENTITY).json();
        let fields: Vec<&str> = fields["errors"].as_array().unwrap().iter().filter_map(|it| it["field"].as_str()).collect();
        for field in ["/name", "/email", "/zone", "/answers/colour", "/answers/reason"] {
            assert!(fields.contains(&field), "{field} is not among {fields:?}");
        }

        let booked = stranger.post(&format!("{path}/bookings"), guest(&hold)).await;
        let booked = booked.expect_status(StatusCode::CREATED).json();
        assert_eq!(booked["status"], "confirmed");
        assert_eq!(booked["start"], slots[0]["start"]);
        let link = format!("/public/booking/manage/{}", booked["manage_token"].as_str().unwrap());
        let list = owner.get("/bookings").await.json();
        assert_eq!(list["total"], 1);
        assert_eq!(list["items"][0]["name"], "Ana Diaz");

        // Its own time is no obstacle: a quarter of an hour later with the same person overlaps it.
        let own = format!("{link}/slots?staff={}", booked["staff"][0]["id"].as_str().unwrap());
        let free = stranger.get(&own).await.expect_status(StatusCode::OK).json();
        let starts: Vec<&Value> = free["slots"].as_array().unwrap().iter().map(|slot| &slot["start"]).collect();
        assert!(!starts.contains(&&slots[0]["start"]) && starts.contains(&&slots[1]["start"]), "{free}");

        let moved = stranger.post(&format!("{link}/reschedule"), json!({ "slot": slots[9]["slot"] })).await;
        let moved = moved.expect_status(StatusCode::OK).json();
        assert_eq!((&moved["status"], &moved["start"]), (&json!("rescheduled"), &slots[9]["start"]));
        let cancelled = stranger.post(&format!("{link}/cancel"), json!({ "reason": "ill" })).await;
        assert_eq!(cancelled.expect_status(StatusCode::OK).json()["status"], "cancelled");
        stranger.post(&format!("{link}/reschedule"), json!({ "slot": slots[3]["slot"] })).await.expect_status(StatusCode::CONFLICT);

        let id = list["items"][0]["id"].as_str().unwrap();
        let history = owner.get(&format!("/bookings/{id}/history")).await.json();
        let kinds: Vec<&str> = history.as_array().unwrap().iter().filter_map(|it| it["kind"].as_str()).collect();
        assert_eq!(kinds, ["created", "moved", "cancelled"]);
        // Both times are free again.
        let page = stranger.get(&path).await.json();
        assert_eq!(page["slots"].as_array().unwrap().len(), slots.len());
    }

    async fn two_people_are_never_put_into_one_slot(store: TestStore) {
        let app = TestApp::node(&store).await;
        let (owner, kind, path) = open_practice(&app).await;
        let page = app.browser().get(&path).await.json();
        let slot = &page["slots"][0];
        // Two members of staff: two winners, whoever asks how.
        let tries = (0..24).map(|number| {
            let (owner, kind, path, app) = (&owner, &kind, &path, &app);
            async move {
                if number % 2 == 0 {
                    let guest = json!({ "type_id": kind["id"], "start": slot["start"], "name": "By hand",
                        "email": format!("g{number}@example.com"), "outside_hours": number % 4 == 0 });
                    owner.post("/bookings", guest).await.status
                } else {
                    let stranger = app.browser();
                    let hold = stranger.post(&format!("{path}/holds"), json!({ "slot": slot["slot"] })).await;
                    if hold.status != StatusCode::CREATED {
                        return hold.status;
                    }
                    stranger.post(&format!("{path}/bookings"), guest(&hold.json())).await.status
                }
            }
        });
        let outcomes = futures_util::future::join_all(tries).await;
        let won = outcomes.iter().filter(|status| **status == StatusCode::CREATED).count();
        assert_eq!(won, 2, "{outcomes:?}");
        assert!(outcomes.iter().all(|status| matches!(*status, StatusCode::CREATED | StatusCode::CONFLICT)), "{outcomes:?}");
        let list = owner.get("/bookings").await.json();
        let staff: std::collections::BTreeSet<&str> =
            list["items"].as_array().unwrap().iter().filter_map(|it| it["staff"][0].as_str()).collect();
        assert_eq!(staff.len(), 2, "{list}");
    }

    async fn a_hold_that_lapses_frees_its_slot_and_cannot_be_booked(store: TestStore) {
        let app = TestApp::node(&store).await;
        let (_, _, path) = open_practice(&app).await;
        let stranger = app.browser();
        let slot = stranger.get(&path).await.json()["slots"][9]["slot"].clone();
        let hold = stranger.post(&format!("{path}/holds"), json!({ "slot": slot })).await.json();
        let again = stranger.post(&format!("/public/booking/holds/{}/extend", hold["token"].as_str().unwrap()), json!({})).await;
        again.expect_status(StatusCode::OK);
        app.clock.advance(std::time::Duration::from_mins(11));
        let late = stranger.post(&format!("{path}/bookings"), guest(&hold)).await;
        late.expect_status(StatusCode::UNPROCESSABLE_ENTITY);
        for _ in 0..2 {
            let hold = stranger.post(&format!("{path}/holds"), json!({ "slot": slot })).await;
            hold.expect_status(StatusCode::CREATED);
        }
        let taken = stranger.post(&format!("{path}/holds"), json!({ "slot": slot })).await;
        let problem = taken.expect_status(StatusCode::CONFLICT).json();
        assert!(problem["type"].as_str().unwrap().ends_with("/slot-taken"), "{problem}");
        assert_eq!(problem["alternatives"].as_array().unwrap().len(), 3, "{problem}");
    }

    async fn the_same_request_twice_is_one_booking(store: TestStore) {
        let app = TestApp::node(&store).await;
        let (owner, _, path) = open_practice(&app).await;
        let stranger = app.browser();
        let slot = stranger.get(&path).await.json()["slots"][0]["slot"].clone();
        let hold = stranger.post(&format!("{path}/holds"), json!({ "slot": slot })).await.json();
        let first = post_with(&stranger, &format!("{path}/bookings"), guest(&hold), "k1").await;
        let second = post_with(&stranger, &format!("{path}/bookings"), guest(&hold), "k1").await;
        let (first, second) = (first.expect_status(StatusCode::CREATED).json(), second.expect_status(StatusCode::CREATED).json());
        assert_eq!(first["reference"], second["reference"]);
        let mut other = guest(&hold);
        other["name"] = json!("Somebody else");
        post_with(&stranger, &format!("{path}/bookings"), other, "k1").await.expect_status(StatusCode::CONFLICT);
        assert_eq!(owner.get("/bookings").await.json()["total"], 1);
    }
}
