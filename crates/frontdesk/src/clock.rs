//! The wall clock; the only place that reads it.

use frontdesk_domain::time::{Clock, Timestamp};

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one clock everything else is given")]
    fn now(&self) -> Timestamp {
        jiff::Timestamp::now().into()
    }
}
