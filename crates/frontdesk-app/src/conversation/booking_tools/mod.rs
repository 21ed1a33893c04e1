//! Booking by talking: the agent's booking tools over the use cases of `booking`, bound to one conversation.
//!
//! What they take and give is typed in [`frontdesk_agent::booking`]. Times come from availability alone and are said in
//! the business's zone and the conversation's language. A refusal names its kind, so that a brain can act on it. To add a
//! tool: its spec in `frontdesk_agent::tools`, a line in [`BookingTools::call`].

mod book;
mod bookable;
mod change;
mod offer;
mod verify;
mod wait;
mod words;

use std::sync::Arc;

use frontdesk_agent::booking::{
    BookableStaff, BookableType, BookingRefused, BookingView, OfferedSlot, Refusal,
};
use frontdesk_agent::port::ToolOutcome;
use frontdesk_agent::session::{Receipt, ReceiptKind, Session};
use frontdesk_agent::tools;
use frontdesk_domain::availability::{Slot, SlotKey};
use frontdesk_domain::booking::{Booking, BookingStatus};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::{ConversationId, StaffId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::schedule::Staff;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::written;
use frontdesk_store::booking::Stored;
use frontdesk_store::{booking_type, staff};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(super) use self::bookable::{Shelf, load as load_shelf};
pub(super) use self::change::coming;
use crate::{App, AppError};

/// What a tool gives when it is not done.
#[derive(Debug)]
struct Refused(Box<BookingRefused>);

type Answer<T> = Result<T, Refused>;

/// The booking tools of one conversation.
pub(super) struct BookingTools {
    app: Arc<App>,
    ctx: Context,
    conversation: ConversationId,
    sandbox: bool,
    zone: String,
    language: Language,
    bookable: Vec<BookableType>,
}

impl BookingTools {
    pub(super) fn new(app: &Arc<App>, ctx: &Context, session: &Session, sandbox: bool) -> Self {
        Self {
            app: Arc::clone(app),
            ctx: ctx.clone(),
            conversation: session.conversation_id,
            sandbox,
            zone: session.business.zone.clone(),
            language: session.state.language.unwrap_or(session.settings.language),
            bookable: session.bookable.clone(),
        }
    }

    /// Whether this conversation is offered the tool.
    pub(super) fn offers(&self, tool: &str) -> bool {
        !self.bookable.is_empty() && tools::is_booking(tool)
    }

    /// Runs a booking tool; arguments have passed its schema.
    pub(super) async fn call(&self, tool: &str, arguments: Value) -> ToolOutcome {
        let outcome = match tool {
            tools::LIST_BOOKING_TYPES => Ok(shown(&serde_json::json!({ "types": self.bookable }), None)),
            tools::CHECK_AVAILABILITY => self.run(arguments, async |it| self.check(it).await).await,
            tools::HOLD_SLOT => self.run(arguments, async |it| self.hold(it).await).await,
            tools::BOOK => self.run(arguments, async |it| self.book(it).await).await,
            tools::FIND_MY_BOOKINGS => self.find().await.map(|found| shown(&found, None)),
            tools::SEND_CODE => self.run(arguments, async |it| self.send_code(it).await).await,
            tools::ENTER_CODE => self.run(arguments, async |it| self.enter_code(it).await).await,
            tools::RESCHEDULE => self.run(arguments, async |it| self.reschedule(it).await).await,
            tools::JOIN_WAITING_LIST => self.run(arguments, async |it| self.wait(it).await).await,
            tools::CANCEL => self.run(arguments, async |it| self.cancel(it).await).await,
            _ => Err(refusal(Refusal::Failed, "there is no such tool")),
        };
        outcome.unwrap_or_else(|refused| ToolOutcome { ok: false, ..shown(&refused.0, None) })
    }

    async fn run<A: DeserializeOwned, G: Serialize>(
        &self,
        arguments: Value,
        tool: impl AsyncFnOnce(A) -> Answer<(G, Receipt)>,
    ) -> Answer<ToolOutcome> {
        let read = serde_json::from_value(arguments);
        let arguments = read.map_err(|error| refusal(Refusal::Detail, &error.to_string()))?;
        let (given, receipt) = tool(arguments).await?;
        Ok(shown(&given, Some(receipt)))
    }

    /// A failed use case as a refusal.
    async fn refused(&self, error: AppError) -> Refused {
        match error {
            AppError::Taken(slots) => {
                let staff = self.staff().await.unwrap_or_default();
                Refused(Box::new(BookingRefused {
                    error:
                        "that time was just taken; offer one of the alternatives, or check for other times"
                            .to_owned(),
                    code: Refusal::Taken,
                    alternatives: slots.iter().map(|slot| self.offer(slot, &staff)).collect(),
                    field: None,
                }))
            }
            AppError::Invalid(fields) => {
                let Some(first) = fields.first() else { return refusal(Refusal::Failed, "it was refused") };
                let name = first.field.trim_start_matches("/answers").trim_start_matches('/');
                if matches!(name, "slot" | "hold" | "type_id") {
                    return refusal(Refusal::Unknown, NO_SLOT);
                }
                detail(name, &first.message)
            }
            AppError::NotFound(what) => refusal(Refusal::Unknown, &format!("there is no such {what}")),
            AppError::Internal(cause) => {
                tracing::error!(cause, "a booking tool failed");
                refusal(Refusal::Failed, "it did not work; say that it could not be done and offer a person")
            }
            other => refusal(Refusal::Failed, &other.to_string()),
        }
    }

    async fn staff(&self) -> Answer<Vec<Staff>> {
        match staff::list(self.app.store.reader(), self.ctx.scope()).await {
            Ok(staff) => Ok(staff),
            Err(error) => Err(self.store_failed(&error.into())),
        }
    }

    /// A use case that failed for a reason that has no alternatives.
    fn store_failed(&self, error: &AppError) -> Refused {
        tracing::error!(%error, conversation = %self.conversation, "a booking tool failed");
        refusal(Refusal::Failed, "it did not work; say that it could not be done and offer a person")
    }

    fn slot_key(&self, text: &str) -> Answer<(SlotKey, &BookableType)> {
        let key = SlotKey::from_text(text.trim());
        let found = key.and_then(|key| {
            let id = key.type_id.to_string();
            self.bookable.iter().find(|kind| kind.id == id).map(|kind| (key, kind))
        });
        found.ok_or_else(|| refusal(Refusal::Unknown, NO_SLOT))
    }

    /// A type that can be booked, by its id; a model that names it instead is understood.
    fn bookable(&self, named: &str) -> Answer<&BookableType> {
        let named = named.trim();
        self.bookable
            .iter()
            .find(|kind| kind.id == named)
            .or_else(|| self.bookable.iter().find(|kind| kind.name.to_lowercase() == named.to_lowercase()))
            .ok_or_else(|| {
                refusal(
                    Refusal::Unknown,
                    "there is no such booking type; `list_booking_types` has those there are",
                )
            })
    }

    async fn kind(&self, listed: &BookableType) -> Answer<BookingType> {
        let id = listed.id.parse().map_err(|_| refusal(Refusal::Unknown, "there is no such booking type"))?;
        match booking_type::get(self.app.store.reader(), self.ctx.scope(), id).await {
            Ok(kind) => Ok(kind),
            Err(error) => Err(self.refused(error.into()).await),
        }
    }

    /// An instant in the business's zone.
    fn instant(&self, at: Timestamp) -> String {
        let at = at.to_jiff();
        at.in_tz(&self.zone)
            .map_or_else(|_| at.to_string(), |zoned| zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
    }

    fn offer(&self, slot: &Slot, staff: &[Staff]) -> OfferedSlot {
        OfferedSlot {
            slot: slot.slot.clone(),
            start: self.instant(slot.start),
            words: written::moment(slot.start, &self.zone, self.language),
            minutes: minutes_between(slot.start, slot.end),
            staff: names(&slot.staff, staff),
        }
    }

    /// Bookings as their customer may see them.
    async fn views(&self, bookings: &[Stored]) -> Answer<Vec<BookingView>> {
        if bookings.is_empty() {
            return Ok(Vec::new());
        }
        let (db, scope) = (self.app.store.reader(), self.ctx.scope());
        let read = tokio::try_join!(booking_type::list(db, scope), staff::list(db, scope));
        let (kinds, staff) = read.map_err(|error| self.store_failed(&error.into()))?;
        Ok(bookings.iter().map(|stored| self.view(&stored.booking, &kinds, &staff)).collect())
    }

    async fn view_of(&self, stored: &Stored) -> Answer<BookingView> {
        let views = self.views(std::slice::from_ref(stored)).await?;
        views.into_iter().next().ok_or_else(|| refusal(Refusal::Failed, "the booking could not be read"))
    }

    fn view(&self, booked: &Booking, kinds: &[BookingType], staff: &[Staff]) -> BookingView {
        let notice = kinds
            .iter()
            .find(|kind| kind.id == booked.type_id)
            .map_or(0, |kind| u64::from(kind.settings.change_notice));
        let until = booked.start.minus(std::time::Duration::from_secs(notice * 60));
        BookingView {
            reference: booked.reference.clone(),
            type_id: booked.type_id.to_string(),
            type_name: booked.type_name.clone(),
            start: self.instant(booked.start),
            words: written::moment(booked.start, &self.zone, self.language),
            minutes: minutes_between(booked.start, booked.end),
            staff: names(&booked.staff, staff),
            status: match booked.status {
                // That it was moved before says nothing to its customer.
                BookingStatus::Rescheduled => BookingStatus::Confirmed.as_str(),
                status => status.as_str(),
            }
            .to_owned(),
            tentative: booked.tentative || booked.status == BookingStatus::Pending,
            may_change: booked.status.is_open() && self.ctx.now() < until,
        }
    }
}

/// What a rehearsed booking is called.
const REHEARSAL: &str = "SANDBOX";
const NO_SLOT: &str = "this is not a slot that was offered; call `check_availability` and use one it gives";

fn minutes_between(from: Timestamp, to: Timestamp) -> u32 {
    u32::try_from(to.since(from).as_secs() / 60).unwrap_or(u32::MAX)
}

fn names(ids: &[StaffId], staff: &[Staff]) -> Vec<BookableStaff> {
    ids.iter()
        .filter_map(|id| staff.iter().find(|member| member.id == *id))
        .map(|member| BookableStaff { id: member.id.to_string(), name: member.settings.name.clone() })
        .collect()
}

fn shown(given: &impl Serialize, receipt: Option<Receipt>) -> ToolOutcome {
    let result = serde_json::to_value(given).unwrap_or_else(|error| {
        tracing::error!(%error, "a booking tool's answer");
        serde_json::json!({ "error": "the answer could not be shown" })
    });
    ToolOutcome { ok: true, result, receipt, citations: Vec::new() }
}

fn receipt(kind: ReceiptKind, id: impl std::fmt::Display) -> Receipt {
    Receipt { kind, id: id.to_string() }
}

fn refusal(code: Refusal, error: &str) -> Refused {
    Refused(Box::new(BookingRefused { error: error.to_owned(), code, ..BookingRefused::default() }))
}

fn detail(field: &str, message: &str) -> Refused {
    Refused(Box::new(BookingRefused {
        error: format!("{field} {message}; ask the customer"),
        code: Refusal::Detail,
        field: Some(field.to_owned()),
        ..BookingRefused::default()
    }))
}
