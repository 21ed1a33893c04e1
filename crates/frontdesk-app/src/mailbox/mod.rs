//! Mail that comes in: mailboxes are read by a job ([`look`]), a vendor's call names a mail that another job fetches
//! ([`arrive`]), and both end where a mail becomes a message (`conversation/hear_mail.rs`). Here is also what makes answers
//! find their conversation: the key that signs addresses and links ([`key`]), what a mail of ours carries ([`dress`]), the
//! conversation of a mail ([`find`]), what reports of mail systems change ([`report`]) the way out of a mailing
//! ([`unsubscribe`]) and the picture that tells that one was opened ([`opened`]).

mod arrive;
pub(crate) mod dress;
pub(crate) mod files;
pub(crate) mod find;
pub(crate) mod key;
mod look;
pub mod opened;
pub(crate) mod report;
pub mod unsubscribe;

pub(crate) use arrive::{JOB as ARRIVE_JOB, announce, run as arrive};
pub use files::{File, file};
pub use look::poll;
pub(crate) use look::{LOOK_JOB, POLL_JOB, check, run as look};
