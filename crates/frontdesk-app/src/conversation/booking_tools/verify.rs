//! Showing who one is: a one-time code, asked for and read out.

use frontdesk_agent::booking::{EnterCode, Refusal, SendCode};
use frontdesk_agent::session::{Receipt, ReceiptKind};
use serde_json::{Value, json};

use super::{Answer, BookingTools, receipt, refusal};
use crate::AppError;
use crate::identity::{self, Entered};

impl BookingTools {
    pub(super) async fn send_code(&self, wanted: SendCode) -> Answer<(Value, Receipt)> {
        let done = json!({
            "done": "if anything is booked under this address, a mail with a code of six digits is on its way to it; \
                     it works for 10 minutes",
        });
        if self.sandbox {
            return Ok((done, receipt(ReceiptKind::CodeSent, "sandbox")));
        }
        let sent =
            identity::send_code(&self.app, &self.ctx, self.conversation, &wanted.email, self.language).await;
        match sent {
            Ok(()) => Ok((done, receipt(ReceiptKind::CodeSent, self.conversation))),
            Err(AppError::RateLimited { retry_after_secs }) => {
                let minutes = retry_after_secs.div_ceil(60);
                let error = format!(
                    "too many codes were asked for; another one can be sent in {minutes} minutes, or a person can help"
                );
                Err(refusal(Refusal::Code, &error))
            }
            Err(error) => Err(self.refused(error).await),
        }
    }

    pub(super) async fn enter_code(&self, entered: EnterCode) -> Answer<(Value, Receipt)> {
        let done = json!({ "done": "the customer showed who they are; `find_my_bookings` now lists their bookings" });
        if self.sandbox {
            return Ok((done, receipt(ReceiptKind::Verified, "sandbox")));
        }
        match identity::enter_code(&self.app, &self.ctx, self.conversation, &entered.code).await {
            Ok(Entered::Right) => Ok((done, receipt(ReceiptKind::Verified, self.conversation))),
            Ok(Entered::Wrong) => {
                Err(refusal(Refusal::Code, "that is not the code; ask the customer to read it again"))
            }
            Ok(Entered::Lapsed) => Err(refusal(
                Refusal::Code,
                "no code works any more: none was sent, it is too old, or too many tries were made; send a new one",
            )),
            Err(error) => Err(self.refused(error).await),
        }
    }
}
