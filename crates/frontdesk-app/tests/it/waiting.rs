//! The waiting list: a freed time goes to who came first, for a while, then to the next.

use std::time::Duration;

use frontdesk_app::AppError;
use frontdesk_app::booking::offer::{self, PublicOfferState};
use frontdesk_app::booking::{self, Cancel, Move, NewBooking, WaitingQuery, WaitingWish};
use frontdesk_channel::Letter;
use frontdesk_domain::booking::{Booking, BookingSource, CancelledBy, WaitingEntry, WaitingStatus};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::time::Timestamp;
use frontdesk_testkit::{START, TestApp, on_both};
use serde_json::json;

use crate::booking::{Practice, guest};

/// A practice whose first time of tomorrow is taken, with people waiting for it.
struct Full<'a> {
    app: &'a TestApp,
    practice: Practice,
    kind: BookingType,
    slot: (Timestamp, String),
    taken: Booking,
}

impl<'a> Full<'a> {
    async fn open(app: &'a TestApp) -> Self {
        let practice = Practice::open(app, &["Maria"]).await;
        let kind = practice.offers("choose", json!({ "durations": [60], "slot_step": 60 })).await;
        let slot = practice.free(&kind, 1).await.remove(0);
        let input = NewBooking { slot: Some(slot.1.clone()), ..guest(1) };
        let taken = practice.book(&input, BookingSource::Page).await.unwrap();
        app.letters().await;
        Self { app, practice, kind, slot, taken }
    }

    /// Waits for exactly the taken time.
    async fn wait(&self, name: &str) -> WaitingEntry {
        let wish = WaitingWish {
            contact_id: None,
            name: Some(name.to_owned()),
            email: Some(format!("{}@example.com", name.to_lowercase())),
            phone: None,
            from: self.slot.0,
            to: self.slot.0.plus(Duration::from_hours(1)),
            staff_id: None,
            zone: None,
            language: None,
        };
        self.app.clock.advance(Duration::from_secs(1));
        booking::join(&self.practice.app, &self.practice.ctx, self.kind.id, &wish, "page").await.unwrap()
    }

    async fn cancel(&self) {
        let why = Cancel { notify: Some(false), ..Cancel::default() };
        let id = self.taken.id;
        booking::cancel(&self.practice.app, &self.practice.ctx, id, &why, CancelledBy::Business)
            .await
            .unwrap();
    }

    /// The letters that left since, by whom they went to.
    async fn told(&self) -> Vec<(String, Letter)> {
        let letters = self.app.letters().await;
        letters.into_iter().map(|letter| (letter.mail.to.clone(), letter)).collect()
    }

    async fn statuses(&self) -> Vec<(String, WaitingStatus)> {
        let all = WaitingQuery::default();
        let page = booking::list_waiting(&self.practice.app, &self.practice.ctx, &all).await;
        page.unwrap().items.into_iter().map(|entry| (entry.name, entry.status)).collect()
    }

    async fn try_to_book(&self, number: usize) -> Result<Booking, AppError> {
        let input = NewBooking { slot: Some(self.slot.1.clone()), ..guest(number) };
        self.practice.book(&input, BookingSource::Page).await
    }
}

fn token(letter: &Letter) -> String {
    let text = &letter.mail.text;
    let rest = text.split("/book/offer/").nth(1).unwrap_or_else(|| panic!("no link in {text}"));
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect()
}

fn names(told: &[(String, Letter)]) -> Vec<&str> {
    told.iter().map(|(to, _)| to.as_str()).collect()
}

on_both! {
    async fn a_freed_time_is_kept_for_who_came_first(store: TestStore) {
        let app = TestApp::node(&store).await;
        let full = Full::open(&app).await;
        full.wait("Ann").await;
        full.wait("Ben").await;
        full.cancel().await;
        let told = full.told().await;
        assert_eq!(names(&told), ["ann@example.com"]);
        let subject = &told[0].1.mail.subject;
        assert!(subject.starts_with("A time came free"), "{subject}");
        // Nobody else gets it meanwhile, and Ben not either.
        assert!(matches!(full.try_to_book(7).await, Err(AppError::Taken(_))));
        let token = token(&told[0].1);
        let seen = offer::public_offer(&app.app, &token).await.unwrap();
        assert_eq!((seen.state, seen.start), (PublicOfferState::Open, full.slot.0));
        let made = offer::accept(&app.app, &token).await.unwrap();
        assert_eq!(made.start, full.slot.0);
        let again = offer::accept(&app.app, &token).await.unwrap();
        assert_eq!(made.reference, again.reference);
        assert!(offer::decline(&app.app, &token).await.is_err(), "what is booked is not declined");
        let statuses = full.statuses().await;
        assert_eq!(statuses, [("Ann".to_owned(), WaitingStatus::Booked), ("Ben".to_owned(), WaitingStatus::Waiting)]);
        // Ann hears that it is booked; Ben hears nothing.
        assert_eq!(names(&full.told().await), ["ann@example.com"]);
    }

    async fn who_does_not_answer_or_does_not_want_it_makes_room_for_the_next(store: TestStore) {
        let app = TestApp::node(&store).await;
        let full = Full::open(&app).await;
        for name in ["Ann", "Ben", "Cleo"] {
            full.wait(name).await;
        }
        full.cancel().await;
        let first = token(&full.told().await[0].1);
        app.clock.advance(Duration::from_mins(61));
        booking::sweep(&app.app).await.unwrap();
        let told = full.told().await;
        assert_eq!(names(&told), ["ben@example.com"]);
        let seen = offer::public_offer(&app.app, &first).await.unwrap();
        assert_eq!(seen.state, PublicOfferState::Expired);
        let late = offer::accept(&app.app, &first).await;
        assert!(matches!(late, Err(AppError::Conflict(_))), "{late:?}");
        offer::decline(&app.app, &token(&told[0].1)).await.unwrap();
        let told = full.told().await;
        assert_eq!(names(&told), ["cleo@example.com"]);
        assert_eq!(full.statuses().await[2], ("Cleo".to_owned(), WaitingStatus::Offered));
        offer::decline(&app.app, &token(&told[0].1)).await.unwrap();
        // Nobody is offered the same time twice; it is everybody's now.
        assert_eq!(names(&full.told().await), [] as [&str; 0]);
        full.try_to_book(8).await.unwrap();
    }

    async fn a_time_that_was_moved_away_from_is_offered_too(store: TestStore) {
        let app = TestApp::node(&store).await;
        let full = Full::open(&app).await;
        let ann = full.wait("Ann").await;
        let to = Move { start: Some(full.slot.0.plus(Duration::from_hours(2))), ..Move::default() };
        let to = Move { notify: Some(false), ..to };
        booking::reschedule(&app.app, &full.practice.ctx, full.taken.id, &to).await.unwrap();
        assert_eq!(names(&full.told().await), ["ann@example.com"]);
        // Who leaves gives the time back.
        booking::leave(&app.app, &full.practice.ctx, ann.id).await.unwrap();
        full.try_to_book(9).await.unwrap();
        assert_eq!(full.statuses().await, [("Ann".to_owned(), WaitingStatus::Closed)]);
    }
}

#[tokio::test]
async fn who_asks_twice_waits_once_and_what_is_over_is_closed() {
    let app = TestApp::open().await;
    let full = Full::open(&app).await;
    let first = full.wait("Ann").await;
    assert_eq!(full.wait("Ann").await.id, first.id);
    app.clock.advance(full.slot.0.plus(Duration::from_hours(2)).since(START));
    booking::sweep(&app.app).await.unwrap();
    assert_eq!(full.statuses().await, [("Ann".to_owned(), WaitingStatus::Closed)]);
}

#[tokio::test]
async fn waiting_needs_an_address_and_a_time_to_come() {
    let app = TestApp::open().await;
    let full = Full::open(&app).await;
    let wish = json!({ "name": "Ann", "from": full.slot.0, "to": full.slot.0 });
    let wish: WaitingWish = serde_json::from_value(wish).unwrap();
    let refused = booking::join(&app.app, &full.practice.ctx, full.kind.id, &wish, "page").await;
    let Err(AppError::Invalid(errors)) = refused else { panic!("{refused:?}") };
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert!(fields.contains(&"/email") && fields.contains(&"/to"), "{fields:?}");
}
