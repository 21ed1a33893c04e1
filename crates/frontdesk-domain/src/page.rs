//! Pages of a list: keyset cursors, bounded sizes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The largest page a list gives.
pub const MAX_PAGE: u32 = 250;
/// The page a list gives when none is asked for.
pub const DEFAULT_PAGE: u32 = 50;

/// Which part of a list is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct PageRequest {
    /// Where the previous page ended; opaque.
    pub cursor: Option<String>,
    /// How many rows, 1 to 250.
    pub limit: Option<u32>,
}

impl PageRequest {
    /// The number of rows, within bounds.
    pub fn size(&self) -> u32 {
        self.limit.unwrap_or(DEFAULT_PAGE).clamp(1, MAX_PAGE)
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Ask with this cursor for the next page; absent on the last one.
    pub next_cursor: Option<String>,
    /// How many rows there are in all, when counted.
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// A page cut from rows fetched with one row too many, so that a next page is known without counting.
    pub fn cut(mut rows: Vec<T>, size: u32, cursor_of: impl Fn(&T) -> String) -> Self {
        let more = rows.len() > size as usize;
        rows.truncate(size as usize);
        let next_cursor = if more { rows.last().map(cursor_of) } else { None };
        Self { items: rows, next_cursor, total: None }
    }

    /// The same page with the total filled in.
    #[must_use]
    pub fn with_total(mut self, total: u64) -> Self {
        self.total = Some(total);
        self
    }

    /// The same page with every row changed.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            next_cursor: self.next_cursor,
            total: self.total,
        }
    }
}
