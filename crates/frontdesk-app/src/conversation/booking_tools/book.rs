//! Making an appointment for the customer of the conversation.

use std::collections::BTreeMap;

use frontdesk_agent::booking::{
    Answer as Said, AskedQuestion, Book, BookableType, BookingDone, BookingView, Need, Refusal,
};
use frontdesk_agent::session::{Receipt, ReceiptKind};
use frontdesk_domain::availability::SlotKey;
use frontdesk_domain::booking::BookingSource;
use frontdesk_domain::booking_type::{BookingType, Location, QuestionKind};
use frontdesk_domain::contact::Contact;
use frontdesk_domain::id::ContactId;
use frontdesk_store::booking::Stored;
use frontdesk_store::identity::{self, Proof};
use frontdesk_store::{booking as bookings, contact, conversation, workspace};

use super::bookable::ADDRESS;
use super::offer::seats;
use super::{Answer, BookingTools, detail, names, receipt, refusal, words};
use crate::Result;
use crate::booking::{self, Door, NewBooking};
use crate::conversation::person::{self, Details};

/// Who books, as far as known.
pub(super) struct Booker {
    /// The contact the conversation is with; none when the customer only claims to be one.
    pub(super) contact: Option<ContactId>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
}

impl BookingTools {
    pub(super) async fn book(&self, wanted: Book) -> Answer<(BookingDone, Receipt)> {
        let Some(text) = wanted.hold.as_deref().or(wanted.slot.as_deref()) else {
            return Err(detail("slot", "is needed, or `hold`"));
        };
        let (key, listed) = self.slot_key(text)?;
        let made = match self.made_here().await {
            Ok(made) => made,
            Err(error) => return Err(self.store_failed(&error)),
        };
        let same = |stored: &&Stored| {
            let booked = &stored.booking;
            booked.status.is_open() && booked.type_id == key.type_id && booked.start == key.start
        };
        if let Some(earlier) = made.iter().find(same) {
            return self.done("the appointment is booked", earlier, ReceiptKind::Booked).await;
        }
        let places = seats(listed, wanted.seats)?;
        let kind = self.kind(listed).await?;
        let booker =
            self.booker([&wanted.name, &wanted.email, &wanted.phone].map(Option::as_deref), listed).await?;
        let (answers, message) = answers(&wanted, &kind, listed)?;
        if self.sandbox {
            return self.rehearse(key, listed, places, &booker).await;
        }
        let booker = self.introduce(booker).await?;
        let input = NewBooking {
            slot: Some(key.to_text()),
            seats: Some(places),
            contact_id: booker.contact,
            name: booker.name,
            email: booker.email,
            phone: booker.phone,
            language: Some(self.language),
            answers,
            message,
            ..NewBooking::default()
        };
        let door = Door {
            conversation_id: Some(self.conversation),
            // The same again in the same conversation is the same booking; after a cancellation it is a new one.
            request_key: Some(format!("{}:{}:{}", self.conversation, key.to_text(), made.len())),
        };
        match booking::create(&self.app, &self.ctx, &input, BookingSource::Agent, &door).await {
            Ok(stored) => {
                let said = if listed.confirmation_required {
                    "the appointment was asked for; the business still has to confirm it"
                } else {
                    "the appointment is booked"
                };
                self.done(said, &stored, ReceiptKind::Booked).await
            }
            Err(error) => Err(self.refused(error).await),
        }
    }

    pub(super) async fn done(
        &self,
        said: &str,
        stored: &Stored,
        kind: ReceiptKind,
    ) -> Answer<(BookingDone, Receipt)> {
        let booking = self.view_of(stored).await?;
        Ok((BookingDone { done: said.to_owned(), booking }, receipt(kind, stored.booking.id)))
    }

    /// The bookings made in this conversation, however they stand.
    pub(super) async fn made_here(&self) -> Result<Vec<Stored>> {
        let (db, scope) = (self.app.store.reader(), self.ctx.scope());
        let proofs = identity::proofs(db, scope, self.conversation, self.ctx.now()).await?;
        let ids: Vec<_> = proofs
            .into_iter()
            .filter_map(|proof| match proof {
                Proof::Made(id) => Some(id),
                _ => None,
            })
            .collect();
        Ok(bookings::list_by_id(db, scope, &ids).await?)
    }

    /// Who books: what they said now, and beside it what is known of the contact they are, checked.
    pub(super) async fn booker(
        &self,
        [name, email, phone]: [Option<&str>; 3],
        listed: &BookableType,
    ) -> Answer<Booker> {
        let given =
            |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let details =
            Details { name: given(name), email: given(email), phone: given(phone), ..Details::default() };
        let (details, known) = match self.checked(details).await {
            Ok(read) => read,
            Err(error) => return Err(self.refused(error).await),
        };
        let of_known = |field: fn(&Contact) -> Option<String>| known.as_ref().and_then(field);
        let booker = Booker {
            contact: known.as_ref().map(|contact| contact.id),
            name: details
                .name
                .or_else(|| of_known(|it| Some(it.name.clone()).filter(|name| !name.is_empty()))),
            email: details.email.or_else(|| of_known(|it| it.email.clone())),
            phone: details.phone.or_else(|| of_known(|it| it.phone.clone())),
        };
        if booker.name.is_none() {
            return Err(detail("name", "is needed"));
        }
        if booker.email.is_none() && listed.email == Need::Required {
            return Err(detail("email", "is needed"));
        }
        if booker.phone.is_none() && listed.phone == Need::Required {
            return Err(detail("phone", "is needed"));
        }
        Ok(booker)
    }

    async fn checked(&self, details: Details) -> Result<(Details, Option<Contact>)> {
        let (db, scope) = (self.app.store.reader(), self.ctx.scope());
        let country = workspace::get(db, scope).await?.country;
        let details = details.checked(&country)?;
        let thread = conversation::get_thread(db, scope, self.conversation).await?;
        let known = match thread.conversation.contact_id.filter(|_| !thread.claimed) {
            Some(id) => contact::find(db, scope, id).await?,
            None => None,
        };
        Ok((details, known))
    }

    /// Makes the conversation's customer a contact, or learns what was not known of them. What a contact is called is
    /// not changed by a booking: it may be for somebody else.
    pub(super) async fn introduce(&self, booker: Booker) -> Answer<Booker> {
        match self.introduced(booker).await {
            Ok(booker) => Ok(booker),
            Err(error) => Err(self.refused(error).await),
        }
    }

    async fn introduced(&self, booker: Booker) -> Result<Booker> {
        let known = match booker.contact {
            Some(id) => contact::find(self.app.store.reader(), self.ctx.scope(), id).await?,
            None => None,
        };
        let missing = |own: &Option<String>, is_known: bool| own.clone().filter(|_| !is_known);
        let new = Details {
            name: missing(&booker.name, known.as_ref().is_some_and(|it| !it.name.is_empty())),
            email: missing(&booker.email, known.as_ref().is_some_and(|it| it.email.is_some())),
            phone: missing(&booker.phone, known.as_ref().is_some_and(|it| it.phone.is_some())),
            ..Details::default()
        };
        if new == Details::default() {
            return Ok(booker);
        }
        let learned = person::learn(&self.app, &self.ctx, self.conversation, new).await?;
        Ok(Booker { contact: Some(learned.contact.id).filter(|_| !learned.claimed), ..booker })
    }

    async fn rehearse(
        &self,
        key: SlotKey,
        listed: &BookableType,
        places: u32,
        booker: &Booker,
    ) -> Answer<(BookingDone, Receipt)> {
        let free = self.free(key, listed, places).await?;
        let staff = self.staff().await?;
        let offered = self.offer(&free, &staff);
        let booking = BookingView {
            reference: super::REHEARSAL.to_owned(),
            type_id: listed.id.clone(),
            type_name: listed.name.clone(),
            start: offered.start,
            words: offered.words,
            minutes: offered.minutes,
            staff: names(&free.staff, &staff).into_iter().take(1).collect(),
            status: if listed.confirmation_required { "pending" } else { "confirmed" }.to_owned(),
            tentative: listed.confirmation_required,
            may_change: true,
        };
        tracing::debug!(named = booker.name.is_some(), "a booking was rehearsed");
        let done = format!("rehearsal: {} would be booked", listed.name);
        Ok((BookingDone { done, booking }, receipt(ReceiptKind::Booked, "sandbox")))
    }
}

/// The answers as the type keeps them, and the message, led by the address where the business comes to the customer.
fn answers(
    wanted: &Book,
    kind: &BookingType,
    listed: &BookableType,
) -> Answer<(BTreeMap<String, String>, String)> {
    let mut message = wanted.message.clone().unwrap_or_default();
    let mut kept = BTreeMap::new();
    for Said { key, value } in &wanted.answers {
        if value.trim().is_empty() {
            continue;
        }
        let question = kind.settings.questions.iter().find(|question| question.key == *key);
        match (question, listed.questions.iter().find(|question| question.key == *key)) {
            (Some(question), Some(asked)) => {
                kept.insert(key.clone(), normal(question.kind, asked, value.trim()));
            }
            (None, Some(_)) if key == ADDRESS => {
                let parts = [value.trim(), message.trim()];
                message = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
            }
            _ => {
                let known: Vec<&str> =
                    listed.questions.iter().map(|question| question.key.as_str()).collect();
                let error =
                    format!("`{key}` is no question of this booking type; there are: {}", known.join(", "));
                return Err(refusal(Refusal::Detail, &error));
            }
        }
    }
    let asks_address = kind.settings.location == Location::Customer
        && !kind.settings.questions.iter().any(|question| question.key == ADDRESS);
    if asks_address && !wanted.answers.iter().any(|said| said.key == ADDRESS && !said.value.trim().is_empty())
    {
        return Err(detail(ADDRESS, "is needed"));
    }
    Ok((kept, message))
}

/// An answer in words as the question takes it; one that does not fit stays as it is and is refused with the reason.
fn normal(kind: QuestionKind, asked: &AskedQuestion, said: &str) -> String {
    let choice = |said: &str| {
        let wanted = said.trim().to_lowercase();
        asked.choices.iter().find(|choice| choice.to_lowercase() == wanted).cloned()
    };
    match kind {
        QuestionKind::Checkbox => words::is_yes(said).map_or_else(|| said.to_owned(), |yes| yes.to_string()),
        QuestionKind::Select => choice(said).unwrap_or_else(|| said.to_owned()),
        QuestionKind::MultiSelect => {
            if let Some(one) = choice(said) {
                return one;
            }
            let parts = said.split(['\n', ',', ';']).map(str::trim).filter(|part| !part.is_empty());
            parts.map(|part| choice(part).unwrap_or_else(|| part.to_owned())).collect::<Vec<_>>().join("\n")
        }
        QuestionKind::Number => said.replace(',', "."),
        QuestionKind::Text | QuestionKind::LongText | QuestionKind::Phone => said.to_owned(),
    }
}
