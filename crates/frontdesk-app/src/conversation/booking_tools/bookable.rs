//! What a conversation can book: read beside everything else a turn needs.

use frontdesk_agent::booking::{AskedQuestion, BookableStaff, BookableType, Need};
use frontdesk_domain::booking::Booking;
use frontdesk_domain::booking_type::{BookingType, Location, Question, QuestionKind, StaffMode};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::ConversationId;
use frontdesk_domain::locale::Language;
use frontdesk_domain::message::MessageAction;
use frontdesk_domain::schedule::{Place, Staff};
use frontdesk_domain::workspace::Workspace;
use frontdesk_domain::written;
use frontdesk_store::{booking_type, place, staff};

use super::change::mine;
use super::words;
use crate::booking::public::location_text;
use crate::{App, Result};

/// Most booking types a conversation is offered.
const MOST: usize = 50;
/// The key of the address, where the business comes to the customer.
pub(super) const ADDRESS: &str = "address";

/// What is on offer, as it is stored.
#[derive(Debug, Default)]
pub(in crate::conversation) struct Shelf {
    kinds: Vec<BookingType>,
    staff: Vec<Staff>,
    places: Vec<Place>,
    /// Bookings to come that the conversation has shown to be its customer's.
    coming: Vec<Booking>,
}

/// Reads what is on offer: one question where nothing is.
pub(in crate::conversation) async fn load(
    app: &App,
    scope: Scope,
    conversation: ConversationId,
) -> Result<Shelf> {
    let db = app.store.reader();
    let mut kinds = booking_type::list(db, scope).await?;
    kinds.retain(|kind| kind.settings.active && kind.settings.listed);
    kinds.truncate(MOST);
    if kinds.is_empty() {
        return Ok(Shelf::default());
    }
    let now = app.clock.now();
    let staff = async { Ok(staff::list(db, scope).await?) };
    let places = async { Ok(place::list(db, scope).await?) };
    let (staff, places, mine) = tokio::try_join!(staff, places, mine(app, scope, conversation, now))?;
    let coming = mine.bookings.into_iter().map(|stored| stored.booking);
    let coming = coming.filter(|booked| booked.status.is_open() && booked.end > now).collect();
    kinds.retain(|kind| {
        let members = &kind.settings.staff.members;
        members.is_empty() || members.iter().any(|member| is_active(&staff, member.staff_id))
    });
    Ok(Shelf { kinds, staff, places, coming })
}

fn is_active(staff: &[Staff], id: frontdesk_domain::id::StaffId) -> bool {
    staff.iter().any(|member| member.id == id && member.settings.active)
}

impl Shelf {
    /// The same as the brains see it.
    pub(in crate::conversation) fn bookable(
        &self,
        business: &Workspace,
        language: Language,
    ) -> Vec<BookableType> {
        self.kinds.iter().map(|kind| self.show(kind, business, language)).collect()
    }

    /// The customer's bookings to come, in words.
    pub(in crate::conversation) fn coming(&self, zone: &str, language: Language) -> Vec<String> {
        let words = |booked: &Booking| {
            let with = super::names(&booked.staff, &self.staff);
            let with: Vec<String> = with.into_iter().map(|one| format!(" ({})", one.name)).collect();
            let when = written::moment(booked.start, zone, language);
            format!("{}{}, {when}, {}", booked.type_name, with.concat(), booked.reference)
        };
        self.coming.iter().map(words).collect()
    }

    /// What a customer who was told free times of a type can do beside answering: choose from all of them.
    pub(in crate::conversation) fn picker(
        &self,
        type_id: &str,
        staff: Option<&str>,
        business: &Workspace,
    ) -> Option<MessageAction> {
        let kind = self.kinds.iter().find(|kind| kind.id.to_string() == type_id)?;
        let chosen = self.choice(kind).into_iter().find(|one| Some(one.id.as_str()) == staff);
        Some(MessageAction::Booking {
            type_id: kind.id,
            workspace: business.slug.clone(),
            slug: kind.slug.clone(),
            name: kind.settings.name.clone(),
            staff_id: chosen.and_then(|one| one.id.parse().ok()),
        })
    }

    fn show(&self, kind: &BookingType, business: &Workspace, language: Language) -> BookableType {
        let settings = &kind.settings;
        let location = match &settings.location {
            Location::Phone | Location::Video { .. } | Location::Customer => {
                words::place(&settings.location, language).to_owned()
            }
            other => location_text(other, business, &self.places),
        };
        let mut questions: Vec<AskedQuestion> =
            settings.questions.iter().map(|question| asked(question, language)).collect();
        if settings.location == Location::Customer && !questions.iter().any(|it| it.key == ADDRESS) {
            questions.insert(
                0,
                AskedQuestion {
                    key: ADDRESS.to_owned(),
                    label: words::address_question(language).to_owned(),
                    required: true,
                    choices: Vec::new(),
                },
            );
        }
        BookableType {
            id: kind.id.to_string(),
            name: settings.name.clone(),
            description: settings.description.chars().take(500).collect(),
            minutes: settings.durations.clone(),
            price: settings.price.as_ref().map(|price| written::price(price, language)),
            location,
            staff: self.choice(kind),
            seats: settings.capacity,
            email: Need::Required,
            phone: if settings.location == Location::Phone { Need::Required } else { Need::Optional },
            questions,
            confirmation_required: settings.confirmation_required,
        }
    }

    fn choice(&self, kind: &BookingType) -> Vec<BookableStaff> {
        if kind.settings.staff.mode != StaffMode::Choose {
            return Vec::new();
        }
        let members = &kind.settings.staff.members;
        self.staff
            .iter()
            .filter(|one| one.settings.active && members.iter().any(|member| member.staff_id == one.id))
            .map(|one| BookableStaff { id: one.id.to_string(), name: one.settings.name.clone() })
            .collect()
    }
}

fn asked(question: &Question, language: Language) -> AskedQuestion {
    let choices = match question.kind {
        QuestionKind::Checkbox => words::yes_and_no(language).map(str::to_owned).to_vec(),
        QuestionKind::Select | QuestionKind::MultiSelect => question.choices.clone(),
        QuestionKind::Text | QuestionKind::LongText | QuestionKind::Number | QuestionKind::Phone => {
            Vec::new()
        }
    };
    AskedQuestion {
        key: question.key.clone(),
        label: question.label.clone(),
        required: question.required,
        choices,
    }
}
