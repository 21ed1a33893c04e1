//! Cursors: the vendor's token and the window it covers.
//!
//! A vendor's token holds for the window of the first listing. The first listing therefore looks further ahead than
//! asked, and a cursor whose window has been left behind is gone, as if the vendor had forgotten it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{CalendarError, SyncCursor, Window};
use frontdesk_domain::time::Timestamp;

/// How much further ahead a first listing looks, so that windows that move day by day need one a month.
const AHEAD: Duration = Duration::from_hours(31 * 24);

/// A vendor's token and what it covers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Covered<T> {
    from: i64,
    to: i64,
    /// The vendor's part.
    pub token: T,
}

/// The window of a first listing.
pub fn wide(window: Window) -> Window {
    Window { from: window.from, to: window.to.plus(AHEAD) }
}

impl<T: Serialize + for<'de> Deserialize<'de>> Covered<T> {
    /// A token for a window.
    pub fn new(window: Window, token: T) -> Self {
        Self { from: window.from.as_millis(), to: window.to.as_millis(), token }
    }

    /// The window it covers.
    pub fn window(&self) -> Window {
        Window { from: Timestamp::from_millis(self.from), to: Timestamp::from_millis(self.to) }
    }

    /// As the caller stores it.
    pub fn cursor(&self) -> SyncCursor {
        SyncCursor(serde_json::to_string(self).unwrap_or_default())
    }

    /// What the caller stored, as long as it covers the window.
    pub fn read(cursor: Option<&SyncCursor>, window: Window) -> Result<Option<Self>, CalendarError> {
        let Some(cursor) = cursor else { return Ok(None) };
        let covered: Self = serde_json::from_str(&cursor.0).map_err(|_| CalendarError::CursorGone)?;
        let covers = covered.from <= window.from.as_millis() && covered.to >= window.to.as_millis();
        if covers { Ok(Some(covered)) } else { Err(CalendarError::CursorGone) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: i64, to: i64) -> Window {
        Window { from: Timestamp::from_millis(from), to: Timestamp::from_millis(to) }
    }

    #[test]
    fn a_cursor_holds_while_the_window_moves_within_what_it_covers() {
        let day = 86_400_000;
        let cursor = Covered::new(wide(window(0, day)), "t".to_owned()).cursor();
        let read = |from, to| Covered::<String>::read(Some(&cursor), window(from, to));
        assert_eq!(read(5 * day, 20 * day).unwrap().unwrap().token, "t");
        assert_eq!(read(5 * day, 33 * day), Err(CalendarError::CursorGone));
        assert_eq!(read(-1, day), Err(CalendarError::CursorGone));
        let garbage = SyncCursor("zzz".into());
        assert_eq!(Covered::<String>::read(Some(&garbage), window(0, 1)), Err(CalendarError::CursorGone));
    }
}
