//! A business with one staff member, who works all week from nine to five, and a calendar.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_app::booking::{self, Ask, Door, NewBooking};
use frontdesk_app::calendar::{self, NewCalDav};
use frontdesk_app::schedule::{kind, things};
use frontdesk_app::{App, AppError};
use frontdesk_domain::booking::{Booking, BookingSource};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::calendar::ConnectedCalendar;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::BookingId;
use frontdesk_domain::schedule::Staff;
use frontdesk_domain::time::Timestamp;
use frontdesk_testkit::TestApp;
use frontdesk_testkit::radicale::{PASSWORD, Radicale};
use serde_json::{Value, json};

pub struct Practice<'a> {
    pub test: &'a TestApp,
    pub app: Arc<App>,
    pub ctx: Context,
    pub maria: Staff,
    pub visit: BookingType,
}

pub fn at(text: &str) -> Timestamp {
    text.parse::<jiff::Timestamp>().unwrap().into()
}

impl<'a> Practice<'a> {
    pub async fn open(test: &'a TestApp) -> Self {
        let ctx = test.system(test.signed_up("ana").await.workspace_id().await);
        let app = Arc::clone(&test.app);
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let weekly: Vec<Value> =
            days.iter().map(|day| json!({ "day": day, "hours": { "from": 540, "to": 1020 } })).collect();
        let settings = json!({ "name": "Maria", "active": true, "schedule": { "weekly": weekly } });
        let maria =
            things::create_staff(&app, &ctx, serde_json::from_value(settings).unwrap()).await.unwrap();
        let settings = json!({ "name": "Visit", "durations": [60],
            "staff": { "mode": "choose", "members": [{ "staff_id": maria.id, "weight": 1 }] } });
        let visit = kind::create(&app, &ctx, &serde_json::from_value(settings).unwrap()).await.unwrap();
        Self { test, app, ctx, maria, visit }
    }

    pub async fn connect(&self, radicale: &Radicale) -> Result<Vec<ConnectedCalendar>, AppError> {
        let new = json!({ "url": radicale.url, "username": "owner", "password": PASSWORD,
            "staff_id": self.maria.id });
        let new: NewCalDav = serde_json::from_value(new).unwrap();
        let made = calendar::connect_caldav(&self.app, &self.ctx, new).await?;
        self.test.run_jobs().await;
        Ok(made)
    }

    /// Lets minutes pass and does what is due then.
    pub async fn later(&self, minutes: u64) {
        self.test.clock.advance(Duration::from_secs(minutes * 60));
        calendar::poll(&self.app).await.unwrap();
        self.test.run_jobs().await;
    }

    pub async fn calendars(&self) -> Vec<ConnectedCalendar> {
        calendar::list(&self.app, &self.ctx).await.unwrap()
    }

    /// Starts of the free times of a day, as `HH:MM` in UTC.
    pub async fn free(&self, day: &str) -> Vec<String> {
        let from = at(&format!("{day}T00:00:00Z"));
        let to = from.plus(Duration::from_hours(24));
        let ask = Ask { type_id: self.visit.id, from, to, duration: None, staff: None, seats: None };
        let found = booking::slots(&self.app, &self.ctx, &ask).await.unwrap();
        found.slots.iter().map(|slot| slot.start.to_jiff().strftime("%H:%M").to_string()).collect()
    }

    pub async fn book(&self, start: &str, source: BookingSource) -> Result<Booking, AppError> {
        let new = NewBooking {
            type_id: Some(self.visit.id),
            start: Some(at(start)),
            name: Some("Bea Guest".to_owned()),
            email: Some("bea@example.com".to_owned()),
            ..NewBooking::default()
        };
        let made = booking::create(&self.app, &self.ctx, &new, source, &Door::default()).await?;
        self.test.run_jobs().await;
        Ok(made.booking)
    }

    pub async fn look(&self, id: BookingId) -> Booking {
        booking::get(&self.app, &self.ctx, id).await.unwrap()
    }
}
