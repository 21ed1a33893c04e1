//! The other side of each vendor: where it listens, and what its owner does in their own calendar program.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use frontdesk_connector::calendar::{Access, CalendarAccount, Credential, build};
use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::{FixedClock, Timestamp};
use frontdesk_http::{HttpClient, HttpSettings, Target};
use frontdesk_sim::Running;
use frontdesk_sim::calendar::{self, Blocks, CalendarSim, Event, Fault, Series};
use serde_json::{Value, json};

use crate::contract::radicale::Radicale;

/// An event the owner makes: title, start, end and the rest.
#[derive(Clone)]
pub struct Made {
    pub name: &'static str,
    pub start: &'static str,
    pub end: &'static str,
    pub all_day: bool,
    pub blocks: Blocks,
}

/// What the owner of the calendar does, and what goes wrong.
#[async_trait]
pub trait World: Send + Sync {
    /// A client for the account.
    fn account(&self) -> Arc<dyn CalendarAccount>;
    /// A calendar that may be written.
    fn calendar(&self) -> String;
    /// The owner makes an event, or writes over the one of that name.
    async fn make(&self, event: &Made);
    /// The owner makes a series of Mondays from March 2nd, 9 to 10 on the wall in Berlin, four times, and then deletes
    /// the second and moves the third one to 14:00.
    async fn make_series(&self, name: &'static str);
    /// The owner deletes an event by its name.
    async fn delete(&self, name: &str);
    /// How many events the vendor holds.
    async fn count(&self) -> usize;
    /// The vendor forgets all cursors; false when it has none to forget.
    async fn forget_cursors(&self) -> bool;
    /// The token (or password) is no longer good.
    async fn lock_out(&self);
    /// The next calls fail so; false when the world is a real server that cannot be told to.
    fn fail(&self, faults: Vec<Fault>) -> bool;
}

pub fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::new(Timestamp::from_millis(1_774_000_000_000)))
}

/// An HTTP client that waits no longer than a test likes to.
pub fn http() -> HttpClient {
    let mut settings = HttpSettings {
        attempt_timeout: Duration::from_millis(800),
        total_timeout: Duration::from_secs(3),
        ..HttpSettings::default()
    };
    settings.retry.first_wait = Duration::from_millis(1);
    HttpClient::new(settings, clock(), Arc::new(SeededRandom::new(1))).unwrap()
}

pub fn access(credential: Credential) -> Access {
    Access { http: http(), target: Target::Trusted, credential }
}

/// A world of a simulator.
pub struct Simulated {
    pub vendor: &'static str,
    pub sim: CalendarSim,
    pub running: Running,
    pub base: String,
}

impl Simulated {
    pub async fn new(vendor: &'static str) -> Self {
        let sim = CalendarSim::default();
        let (running, path) = match vendor {
            "google_calendar" => (calendar::google::spawn(sim.clone()).await.unwrap(), "/calendar/v3"),
            "microsoft_calendar" => (calendar::graph::spawn(sim.clone()).await.unwrap(), "/v1.0"),
            "zoho_calendar" => (calendar::zoho::spawn(sim.clone()).await.unwrap(), "/api/v1"),
            other => panic!("give {other} a simulator"),
        };
        let base = format!("{}{path}", running.url);
        Self { vendor, sim, running, base }
    }

    pub fn settings(&self) -> Value {
        json!({
            "client_id": "client-1", "base_url": self.base, "auth_url": format!("{}/auth", self.running.url),
            "token_url": format!("{}/token", self.running.url), "revoke_url": format!("{}/revoke", self.running.url),
        })
    }

    pub fn account_with(&self, token: &str) -> Arc<dyn CalendarAccount> {
        build(self.vendor, &self.settings(), access(Credential::Bearer(token.into()))).unwrap()
    }
}

#[async_trait]
impl World for Simulated {
    fn account(&self) -> Arc<dyn CalendarAccount> {
        self.account_with(CalendarSim::TOKEN)
    }

    fn calendar(&self) -> String {
        CalendarSim::PRIMARY.to_owned()
    }

    async fn make(&self, event: &Made) {
        let event = Event {
            id: format!("their{}", event.name),
            summary: event.name.into(),
            start: event.start.into(),
            end: event.end.into(),
            all_day: event.all_day,
            blocks: event.blocks,
            ..Event::default()
        };
        self.sim.add(CalendarSim::PRIMARY, event);
    }

    async fn make_series(&self, name: &'static str) {
        let pair =
            |start: &str, end: &str| (format!("2026-03-{start}:00:00Z"), format!("2026-03-{end}:00:00Z"));
        let times = vec![
            pair("02T08", "02T09"),
            pair("09T08", "09T09"),
            pair("16T08", "16T09"),
            // The clocks have gone forward.
            pair("30T07", "30T08"),
        ];
        self.sim
            .add_series(CalendarSim::PRIMARY, &Series { id: "series".into(), summary: name.into(), times });
        assert!(self.sim.change(CalendarSim::PRIMARY, "series_1", |event| event.deleted = true));
        assert!(self.sim.change(CalendarSim::PRIMARY, "series_2", |event| {
            event.start = "2026-03-16T13:00:00Z".into();
            event.end = "2026-03-16T14:00:00Z".into();
        }));
    }

    async fn delete(&self, name: &str) {
        let found =
            self.sim.events(CalendarSim::PRIMARY).into_iter().find(|event| event.summary == name).unwrap();
        assert!(self.sim.change(CalendarSim::PRIMARY, &found.id, |event| event.deleted = true));
    }

    async fn count(&self) -> usize {
        self.sim.events(CalendarSim::PRIMARY).len()
    }

    async fn forget_cursors(&self) -> bool {
        self.sim.forget_cursors();
        self.vendor != "zoho_calendar"
    }

    async fn lock_out(&self) {
        self.sim.expire_token();
    }

    fn fail(&self, faults: Vec<Fault>) -> bool {
        self.sim.fail_next(faults);
        true
    }
}

/// Every vendor of the registry that is a calendar.
pub async fn all() -> Vec<(&'static str, Box<dyn World>)> {
    let mut worlds: Vec<(&'static str, Box<dyn World>)> = Vec::new();
    for manifest in frontdesk_connector::calendar::MANIFESTS {
        if manifest.category != frontdesk_connector::manifest::Category::Calendar {
            continue;
        }
        let world: Box<dyn World> = match manifest.id {
            "caldav" => Box::new(Radicale::start().await),
            vendor => Box::new(Simulated::new(vendor).await),
        };
        worlds.push((manifest.id, world));
    }
    assert!(worlds.len() >= 4);
    worlds
}
