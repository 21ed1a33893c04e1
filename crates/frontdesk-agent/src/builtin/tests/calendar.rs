//! A small calendar behind the booking tools: a dental practice with three staff, a week that is partly taken, and the
//! customers' bookings. It takes the arguments as the real tools do, and gives and refuses what they would.

use std::collections::BTreeSet;

use jiff::civil::{DateTime, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json, to_value};

use crate::booking::{
    AskedQuestion, Availability, AvailabilityQuestion, Book, BookableStaff, BookableType, BookingDone,
    BookingRefused, BookingView, CancelBooking, EnterCode, HeldSlot, HoldSlot, JoinWaitingList, MoveBooking,
    MyBookings, Need, OfferedSlot, Refusal, SendCode,
};
use crate::port::ToolOutcome;
use crate::session::{Receipt, ReceiptKind};
use crate::tools;

/// The code that is mailed.
pub const CODE: &str = "482913";

/// A booking that exists before the conversation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Existing {
    pub reference: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub start: DateTime,
    pub staff: String,
    pub email: String,
    #[serde(default)]
    pub locked: bool,
}

#[derive(Debug, Clone)]
struct Kept {
    view: BookingView,
    email: String,
    ours: bool,
}

/// The calendar of a conversation.
#[derive(Debug)]
pub struct Calendar {
    now: Timestamp,
    types: Vec<BookableType>,
    /// Times somebody else takes between the offer and the booking.
    snatched: BTreeSet<DateTime>,
    given: BTreeSet<String>,
    holds: Vec<String>,
    bookings: Vec<Kept>,
    mailed: Option<String>,
    verified: Option<String>,
    pub waiting: usize,
}

fn person(id: &str, name: &str) -> BookableStaff {
    BookableStaff { id: id.to_owned(), name: name.to_owned() }
}

/// What the practice offers.
pub fn types() -> Vec<BookableType> {
    let (maria, ben, chen) =
        (person("maria", "Maria Lopez"), person("ben", "Ben Carter"), person("chen", "Dr. Chen"));
    let kind = |id: &str, name: &str, description: &str| BookableType {
        id: id.to_owned(),
        name: name.to_owned(),
        description: description.to_owned(),
        location: "12 Elm Street, Brooklyn".to_owned(),
        seats: 1,
        email: Need::Required,
        ..BookableType::default()
    };
    vec![
        BookableType {
            minutes: vec![45],
            price: Some("$120".to_owned()),
            staff: vec![maria.clone(), ben.clone()],
            ..kind("cleaning", "Cleaning", "Scaling and polishing by our hygienists.")
        },
        BookableType {
            minutes: vec![30, 60],
            price: Some("$80".to_owned()),
            staff: vec![maria, ben.clone(), chen.clone()],
            email: Need::Optional,
            phone: Need::Required,
            ..kind("checkup", "Check-up", "A careful look at your teeth, with x-rays where needed.")
        },
        BookableType {
            minutes: vec![90],
            price: Some("$350".to_owned()),
            staff: vec![ben],
            ..kind("whitening", "Teeth whitening", "Brighter teeth in one visit.")
        },
        BookableType {
            minutes: vec![60],
            staff: vec![chen],
            questions: vec![
                AskedQuestion {
                    key: "insured".to_owned(),
                    label: "Do you have dental insurance?".to_owned(),
                    required: true,
                    choices: vec!["Yes".to_owned(), "No".to_owned()],
                },
                AskedQuestion {
                    key: "concern".to_owned(),
                    label: "What would you like to talk about?".to_owned(),
                    required: true,
                    choices: Vec::new(),
                },
            ],
            confirmation_required: true,
            ..kind("consultation", "Implant consultation", "A talk with our surgeon about replacing teeth.")
        },
        BookableType {
            minutes: vec![60],
            price: Some("$15 each".to_owned()),
            seats: 6,
            ..kind("workshop", "Kids brushing workshop", "Children learn to brush, on Wednesdays.")
        },
    ]
}

fn zone() -> TimeZone {
    TimeZone::get("America/New_York").unwrap()
}

fn said(at: &Zoned) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

impl Calendar {
    pub fn new(now: Timestamp, only: &[String], snatched: &[DateTime], existing: &[Existing]) -> Self {
        let types: Vec<BookableType> =
            types().into_iter().filter(|kind| only.is_empty() || only.contains(&kind.id)).collect();
        let mut calendar = Self {
            now,
            types,
            snatched: snatched.iter().copied().collect(),
            given: BTreeSet::new(),
            holds: Vec::new(),
            bookings: Vec::new(),
            mailed: None,
            verified: None,
            waiting: 0,
        };
        for booking in existing {
            let slot =
                format!("{}/{}/{}", booking.kind, booking.staff, booking.start.strftime("%Y-%m-%dT%H:%M"));
            let minutes = calendar.kind(&booking.kind).unwrap().minutes[0];
            let view = calendar.view(&slot, minutes, &booking.reference, !booking.locked);
            calendar.bookings.push(Kept { view, email: booking.email.clone(), ours: false });
        }
        calendar
    }

    pub fn types(&self) -> Vec<BookableType> {
        self.types.clone()
    }

    fn kind(&self, id: &str) -> Option<&BookableType> {
        self.types.iter().find(|kind| kind.id == id)
    }

    fn parse(slot: &str) -> Option<(String, String, DateTime, u32)> {
        let parts: Vec<&str> = slot.split('/').collect();
        let minutes = parts.get(3).and_then(|part| part.parse().ok()).unwrap_or(0);
        Some((parts[0].to_owned(), (*parts.get(1)?).to_owned(), parts.get(2)?.parse().ok()?, minutes))
    }

    fn view(&self, slot: &str, minutes: u32, reference: &str, may_change: bool) -> BookingView {
        let (kind, staff, start, _) = Self::parse(slot).unwrap();
        let kind = self.kind(&kind).unwrap();
        let at = start.to_zoned(zone()).unwrap();
        BookingView {
            reference: reference.to_owned(),
            type_id: kind.id.clone(),
            type_name: kind.name.clone(),
            start: said(&at),
            words: at.strftime("%A, %B %-d at %-I:%M %p").to_string(),
            minutes,
            staff: kind.staff.iter().filter(|person| person.id == staff).cloned().collect(),
            status: if kind.confirmation_required { "pending" } else { "confirmed" }.to_owned(),
            tentative: kind.confirmation_required,
            may_change,
        }
    }

    /// Who works when: Maria not on Mondays, Dr. Chen on Tuesdays and Thursdays; nobody at lunch; this Thursday is full,
    /// this Friday has only Ben in the afternoon, and some of next Tuesday is taken.
    fn works(staff: &str, start: DateTime, minutes: u32) -> bool {
        let end = start.checked_add(jiff::Span::new().minutes(i64::from(minutes))).unwrap();
        let (from, to) = (start.hour(), end);
        let minute = |at: DateTime| i32::from(at.hour()) * 60 + i32::from(at.minute());
        let (first, last) = (minute(start), minute(to));
        let day = start.date();
        let weekday = day.weekday();
        if matches!(weekday, Weekday::Saturday | Weekday::Sunday)
            || from < 9
            || last > 17 * 60
            || to.date() != day
        {
            return false;
        }
        if first < 13 * 60 && last > 12 * 60 {
            return false;
        }
        if day == date(2026, 3, 19) {
            return false;
        }
        if day == date(2026, 3, 20) && !(staff == "ben" && first >= 13 * 60) {
            return false;
        }
        let busy = |from: i32, to: i32| first < to && last > from;
        match staff {
            "maria" => {
                weekday != Weekday::Monday
                    && !(day == date(2026, 3, 24) && (busy(9 * 60, 10 * 60) || busy(14 * 60, 15 * 60)))
            }
            "ben" => !(day == date(2026, 3, 24) && busy(9 * 60, 15 * 60)),
            "chen" => matches!(weekday, Weekday::Tuesday | Weekday::Thursday),
            _ => weekday == Weekday::Wednesday && first == 16 * 60,
        }
    }

    fn is_free(&self, staff: &str, start: DateTime, minutes: u32, except: Option<&str>) -> bool {
        let at = start.to_zoned(zone()).unwrap().timestamp();
        let soon = self.now.checked_add(jiff::SignedDuration::from_hours(2)).unwrap();
        let last = self.now.checked_add(jiff::SignedDuration::from_hours(24 * 60)).unwrap();
        at >= soon
            && at <= last
            && Self::works(staff, start, minutes)
            && !self.bookings.iter().any(|kept| {
                let other: Timestamp = kept.view.start.parse().unwrap();
                let other_end =
                    other.checked_add(jiff::SignedDuration::from_mins(i64::from(kept.view.minutes))).unwrap();
                let end = at.checked_add(jiff::SignedDuration::from_mins(i64::from(minutes))).unwrap();
                kept.view.status != "cancelled"
                    && Some(kept.view.reference.as_str()) != except
                    && kept.view.staff.iter().any(|person| person.id == staff)
                    && at < other_end
                    && other < end
            })
    }

    fn slots(
        &self,
        kind: &BookableType,
        staff: Option<&str>,
        minutes: u32,
        from: Timestamp,
        to: Timestamp,
        except: Option<&str>,
    ) -> Vec<OfferedSlot> {
        let mut slots = Vec::new();
        let nobody = [person("room", "")];
        let people: Vec<BookableStaff> =
            if kind.staff.is_empty() { nobody.to_vec() } else { kind.staff.clone() };
        let mut day = from.to_zoned(zone()).date();
        let last = to.to_zoned(zone()).date();
        while day <= last {
            for half in 0..48 {
                let start = day.at(half / 2, (half % 2) * 30, 0, 0);
                let at = start.to_zoned(zone()).unwrap();
                if at.timestamp() < from || at.timestamp() >= to {
                    continue;
                }
                let free: Vec<BookableStaff> = people
                    .iter()
                    .filter(|person| staff.is_none_or(|staff| staff == person.id))
                    .filter(|person| self.is_free(&person.id, start, minutes, except))
                    .cloned()
                    .collect();
                if let Some(first) = free.first() {
                    slots.push(OfferedSlot {
                        slot: format!(
                            "{}/{}/{}/{minutes}",
                            kind.id,
                            first.id,
                            start.strftime("%Y-%m-%dT%H:%M")
                        ),
                        start: said(&at),
                        words: at.strftime("%A, %B %-d at %-I:%M %p").to_string(),
                        minutes,
                        staff: if kind.staff.is_empty() { Vec::new() } else { free },
                    });
                }
            }
            day = day.tomorrow().unwrap();
        }
        slots
    }

    /// Runs a booking tool.
    pub fn call(&mut self, name: &str, arguments: Value) -> ToolOutcome {
        let result = match name {
            tools::LIST_BOOKING_TYPES => Ok((json!({ "types": self.types }), None)),
            tools::CHECK_AVAILABILITY => self.check(&read(arguments)),
            tools::HOLD_SLOT => self.hold(&read(arguments)),
            tools::BOOK => self.book(read(arguments)),
            tools::FIND_MY_BOOKINGS => Ok((to_value(self.mine()).unwrap(), None)),
            tools::SEND_CODE => {
                let SendCode { email } = read(arguments);
                self.mailed = Some(email);
                Ok((json!({ "done": "sent" }), Some((ReceiptKind::CodeSent, "code".to_owned()))))
            }
            tools::ENTER_CODE => {
                let EnterCode { code } = read(arguments);
                if code == CODE && self.mailed.is_some() {
                    self.verified = self.mailed.clone();
                    Ok((json!({ "done": "verified" }), Some((ReceiptKind::Verified, "v".to_owned()))))
                } else {
                    Err(refusal(Refusal::Code, "The code is wrong."))
                }
            }
            tools::RESCHEDULE => self.reschedule(&read(arguments)),
            tools::CANCEL => self.cancel(&read(arguments)),
            tools::JOIN_WAITING_LIST => {
                let join: JoinWaitingList = read(arguments);
                if join.email.is_none() || join.name.is_none() {
                    Err(BookingRefused {
                        field: Some("email".to_owned()),
                        ..refusal(Refusal::Detail, "missing")
                    })
                } else {
                    self.waiting += 1;
                    Ok((
                        json!({ "done": "waiting" }),
                        Some((ReceiptKind::WaitingListJoined, "w1".to_owned())),
                    ))
                }
            }
            other => panic!("{other} is no booking tool"),
        };
        match result {
            Ok((result, receipt)) => ToolOutcome {
                ok: true,
                result,
                receipt: receipt.map(|(kind, id)| Receipt { kind, id }),
                citations: Vec::new(),
            },
            Err(refused) => ToolOutcome {
                ok: false,
                result: to_value(refused).unwrap(),
                receipt: None,
                citations: Vec::new(),
            },
        }
    }

    fn check(&mut self, question: &AvailabilityQuestion) -> Done {
        let moved = question.booking.as_ref().map(|reference| {
            self.bookings.iter().find(|kept| kept.view.reference == *reference && self.may_see(kept)).cloned()
        });
        let (kind_id, minutes) = match &moved {
            Some(Some(kept)) => (kept.view.type_id.clone(), Some(kept.view.minutes)),
            Some(None) => {
                return Err(refusal(Refusal::Unverified, "That booking is not shown to be theirs."));
            }
            None => (question.type_id.clone().unwrap(), question.minutes),
        };
        let Some(kind) = self.kind(&kind_id).cloned() else {
            return Err(refusal(Refusal::Unknown, "There is no such type."));
        };
        let minutes = minutes.unwrap_or(kind.minutes[0]);
        assert!(kind.minutes.contains(&minutes), "{minutes} minutes of {kind_id}");
        assert!(question.seats.unwrap_or(1) <= kind.seats, "{:?} seats", question.seats);
        if let Some(staff) = &question.staff {
            assert!(kind.staff.iter().any(|person| person.id == *staff), "{staff} does not do {kind_id}");
        }
        let from: Timestamp = question.from.as_ref().map_or(self.now, |from| from.parse().unwrap());
        let two_weeks = from.checked_add(jiff::SignedDuration::from_hours(14 * 24)).unwrap();
        let to: Timestamp = question.to.as_ref().map_or(two_weeks, |to| to.parse().unwrap());
        assert!(from < to, "{question:?}");
        assert!(
            to.since(from).unwrap().total(jiff::Unit::Hour).unwrap() <= 62.0 * 24.0 + 1.0,
            "{question:?}"
        );
        let except = question.booking.as_deref();
        let staff = question.staff.as_deref();
        let mut slots = self.slots(&kind, staff, minutes, from, to, except);
        let limit = question.limit.unwrap_or(12);
        let more = slots.len() > limit;
        if more {
            let step = slots.len() as f64 / limit as f64;
            slots = (0..limit).map(|at| slots[(at as f64 * step) as usize].clone()).collect();
        }
        let later = if slots.is_empty() {
            let end = to.checked_add(jiff::SignedDuration::from_hours(30 * 24)).unwrap();
            self.slots(&kind, staff, minutes, to, end, except).into_iter().take(3).collect()
        } else {
            Vec::new()
        };
        let why = if slots.is_empty() {
            vec!["Everything is taken or closed then.".to_owned()]
        } else {
            Vec::new()
        };
        self.given.extend(slots.iter().chain(&later).map(|slot| slot.slot.clone()));
        let found =
            Availability { zone: "America/New_York".to_owned(), slots, more, later, why, tentative: false };
        Ok((to_value(found).unwrap(), Some((ReceiptKind::TimesChecked, "times".to_owned()))))
    }

    /// Refuses a slot nobody gave or somebody has taken.
    fn claim(&mut self, slot: &str) -> Result<OfferedSlot, BookingRefused> {
        assert!(self.given.contains(slot), "{slot} was never given");
        let (kind_id, staff, start, minutes) = Self::parse(slot).unwrap();
        let kind = self.kind(&kind_id).unwrap().clone();
        if self.snatched.contains(&start) || !self.is_free(&staff, start, minutes, None) {
            self.snatched.remove(&start);
            let from = start.to_zoned(zone()).unwrap().timestamp();
            let end = from.checked_add(jiff::SignedDuration::from_hours(72)).unwrap();
            let alternatives: Vec<OfferedSlot> = self
                .slots(&kind, None, minutes, from, end, None)
                .into_iter()
                .filter(|other| other.slot != slot)
                .take(3)
                .collect();
            self.given.extend(alternatives.iter().map(|slot| slot.slot.clone()));
            return Err(BookingRefused {
                alternatives,
                ..refusal(Refusal::Taken, "Somebody else has that time.")
            });
        }
        let at = start.to_zoned(zone()).unwrap();
        Ok(OfferedSlot {
            slot: slot.to_owned(),
            start: said(&at),
            words: String::new(),
            minutes,
            staff: kind.staff.into_iter().filter(|person| person.id == staff).collect(),
        })
    }

    fn hold(&mut self, hold: &HoldSlot) -> Done {
        let held = self.claim(&hold.slot)?;
        self.holds.push(hold.slot.clone());
        let held = HeldSlot {
            hold: format!("hold:{}", hold.slot),
            expires_at: "2026-03-18T10:00:00-04:00".to_owned(),
            held,
        };
        Ok((to_value(held).unwrap(), Some((ReceiptKind::Held, "h1".to_owned()))))
    }

    fn book(&mut self, book: Book) -> Done {
        let slot = match (&book.hold, &book.slot) {
            (Some(hold), _) => {
                let slot = hold.strip_prefix("hold:").unwrap().to_owned();
                assert!(self.holds.contains(&slot), "{slot} is not held");
                slot
            }
            (None, Some(slot)) => slot.clone(),
            (None, None) => panic!("neither hold nor slot"),
        };
        let (kind_id, _, _, minutes) = Self::parse(&slot).unwrap();
        let kind = self.kind(&kind_id).unwrap().clone();
        let missing = |field: &str| {
            Err(BookingRefused {
                field: Some(field.to_owned()),
                ..refusal(Refusal::Detail, "A detail is missing.")
            })
        };
        if book.name.is_none() {
            return missing("name");
        }
        if kind.email == Need::Required && book.email.is_none() {
            return missing("email");
        }
        if kind.phone == Need::Required && book.phone.is_none() {
            return missing("phone");
        }
        for question in kind.questions.iter().filter(|question| question.required) {
            let Some(answer) = book.answers.iter().find(|answer| answer.key == question.key) else {
                return missing(&question.key);
            };
            if !question.choices.is_empty() && !question.choices.contains(&answer.value) {
                return missing(&question.key);
            }
        }
        assert!(book.seats.unwrap_or(1) <= kind.seats);
        self.claim(&slot)?;
        let reference = format!("REF{}", self.bookings.len() + 1);
        let view = self.view(&slot, minutes, &reference, true);
        self.bookings.push(Kept { view: view.clone(), email: book.email.unwrap_or_default(), ours: true });
        let done = BookingDone { done: "booked".to_owned(), booking: view };
        Ok((to_value(done).unwrap(), Some((ReceiptKind::Booked, reference))))
    }

    fn may_see(&self, kept: &Kept) -> bool {
        kept.ours || self.verified.as_ref().is_some_and(|email| *email == kept.email)
    }

    fn mine(&self) -> MyBookings {
        let mut bookings: Vec<BookingView> = self
            .bookings
            .iter()
            .filter(|kept| self.may_see(kept) && kept.view.status != "cancelled")
            .map(|kept| kept.view.clone())
            .collect();
        bookings.sort_by(|a, b| a.start.cmp(&b.start));
        MyBookings { verified: self.verified.is_some(), bookings }
    }

    fn changeable(&self, reference: &str) -> Result<usize, BookingRefused> {
        let at = self
            .bookings
            .iter()
            .position(|kept| kept.view.reference == reference)
            .ok_or_else(|| refusal(Refusal::Unknown, "There is no such booking."))?;
        if !self.may_see(&self.bookings[at]) {
            return Err(refusal(Refusal::Unverified, "They have not shown that it is theirs."));
        }
        if !self.bookings[at].view.may_change {
            return Err(refusal(Refusal::TooLate, "It is too late."));
        }
        Ok(at)
    }

    fn reschedule(&mut self, moved: &MoveBooking) -> Done {
        let at = self.changeable(&moved.booking)?;
        let old = self.bookings[at].view.clone();
        self.bookings[at].view.status = "cancelled".to_owned();
        let claimed = self.claim(&moved.slot);
        self.bookings[at].view = old;
        let slot = claimed?;
        let view = BookingView { start: slot.start, staff: slot.staff, ..self.bookings[at].view.clone() };
        self.bookings[at].view = view.clone();
        let done = BookingDone { done: "moved".to_owned(), booking: view };
        Ok((to_value(done).unwrap(), Some((ReceiptKind::Rescheduled, moved.booking.clone()))))
    }

    fn cancel(&mut self, cancel: &CancelBooking) -> Done {
        let at = self.changeable(&cancel.booking)?;
        self.bookings[at].view.status = "cancelled".to_owned();
        let done = BookingDone { done: "cancelled".to_owned(), booking: self.bookings[at].view.clone() };
        Ok((to_value(done).unwrap(), Some((ReceiptKind::Cancelled, cancel.booking.clone()))))
    }
}

type Done = Result<(Value, Option<(ReceiptKind, String)>), BookingRefused>;

fn read<T: DeserializeOwned>(arguments: Value) -> T {
    serde_json::from_value(arguments).unwrap()
}

fn refusal(code: Refusal, error: &str) -> BookingRefused {
    BookingRefused { error: error.to_owned(), code, ..BookingRefused::default() }
}
