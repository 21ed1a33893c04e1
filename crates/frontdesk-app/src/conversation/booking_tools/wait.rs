//! Waiting for a time to be freed.

use frontdesk_agent::booking::JoinWaitingList;
use frontdesk_agent::session::{Receipt, ReceiptKind};
use serde_json::{Value, json};

use super::offer::{choice, instant};
use super::{Answer, BookingTools, detail, receipt};
use crate::booking::{self, WaitingWish};

impl BookingTools {
    pub(super) async fn wait(&self, wanted: JoinWaitingList) -> Answer<(Value, Receipt)> {
        let listed = self.bookable(&wanted.type_id)?;
        let kind = self.kind(listed).await?;
        let at =
            |field: &str, text: &str| instant(field, Some(text))?.ok_or_else(|| detail(field, "is needed"));
        let (from, to) = (at("from", &wanted.from)?, at("to", &wanted.to)?);
        let staff_id = wanted.staff.as_deref().map(|named| choice(Some(listed), named)).transpose()?;
        let given = [&wanted.name, &wanted.email, &wanted.phone].map(Option::as_deref);
        let booker = self.booker(given, listed).await?;
        if to <= from.max(self.ctx.now()) {
            return Err(detail("to", "must be after `from`, and still to come"));
        }
        let done =
            json!({ "done": "the customer is on the waiting list and gets a mail when a time is freed" });
        if self.sandbox {
            return Ok((done, receipt(ReceiptKind::WaitingListJoined, "sandbox")));
        }
        let booker = self.introduce(booker).await?;
        let wish = WaitingWish {
            contact_id: booker.contact,
            name: booker.name,
            email: booker.email,
            phone: booker.phone,
            from,
            to,
            staff_id,
            zone: None,
            language: Some(self.language),
        };
        match booking::join(&self.app, &self.ctx, kind.id, &wish, "agent").await {
            Ok(entry) => Ok((done, receipt(ReceiptKind::WaitingListJoined, entry.id))),
            Err(error) => Err(self.refused(error).await),
        }
    }
}
