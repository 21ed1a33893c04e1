//! Orders of contacts, and places in them.

use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::Result;

/// What a list of contacts is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// Name.
    Name,
    /// When they were first seen.
    #[default]
    Created,
    /// When they were last seen; those never seen count as earliest.
    Seen,
    /// When they were last contacted; those never contacted count as earliest.
    Contacted,
    /// Status.
    Status,
}

impl Order {
    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::Name => "name_key",
            Self::Created => "id",
            Self::Seen => "seen_key",
            Self::Contacted => "contacted_key",
            Self::Status => "status",
        }
    }

    pub(super) const fn index(self) -> &'static str {
        match self {
            Self::Name => "contact_by_name",
            Self::Created => "contact_of_workspace",
            Self::Seen => "contact_by_visit",
            Self::Contacted => "contact_by_contact",
            Self::Status => "contact_by_status",
        }
    }

    const fn letter(self) -> &'static str {
        match self {
            Self::Name => "n",
            Self::Created => "c",
            Self::Seen => "s",
            Self::Contacted => "l",
            Self::Status => "t",
        }
    }
}

/// An order and its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: Order,
    /// The largest first.
    pub descending: bool,
}

impl From<Order> for Sort {
    /// Names and states go up, times go down.
    fn from(by: Order) -> Self {
        Self { by, descending: !matches!(by, Order::Name | Order::Status) }
    }
}

impl Sort {
    pub(super) fn order_by(self, column: &str) -> String {
        let way = if self.descending { "DESC" } else { "ASC" };
        match self.by {
            Order::Created => format!("ORDER BY id {way}"),
            _ => format!("ORDER BY {column} {way}, id {way}"),
        }
    }

    pub(super) fn reversed(self) -> Self {
        Self { descending: !self.descending, ..self }
    }
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place<'a> {
    /// Where the page before ended, as its [`Listed::next`] said; one of another order is not followed.
    pub cursor: Option<&'a str>,
    /// How many are left out after that.
    pub skip: u64,
}

/// What a contact is sorted by.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Key {
    Id,
    Text(String),
    At(i64),
}

impl Key {
    pub(super) fn read(by: Order, row: &QueryResult) -> Result<Self> {
        Ok(match by {
            Order::Created => Self::Id,
            Order::Name | Order::Status => Self::Text(row.try_get_by_index(1)?),
            Order::Seen | Order::Contacted => Self::At(row.try_get_by_index(1)?),
        })
    }

    pub(super) fn value(&self) -> Value {
        match self {
            Self::Id => 0_i64.into(),
            Self::Text(text) => text.clone().into(),
            Self::At(at) => (*at).into(),
        }
    }
}

/// Where a page ended: order, id and key, such as `n.ID.NAME`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cursor {
    pub(super) id: Uuid,
    pub(super) key: Key,
}

impl Cursor {
    pub(super) fn text(&self, by: Order) -> String {
        let id = self.id.simple();
        match &self.key {
            Key::Id => format!("{}.{id}.", by.letter()),
            Key::Text(text) => format!("{}.{id}.{text}", by.letter()),
            Key::At(at) => format!("{}.{id}.{at}", by.letter()),
        }
    }

    pub(super) fn parse(by: Order, text: &str) -> Option<Self> {
        let (letter, rest) = text.split_once('.')?;
        let (id, key) = rest.split_once('.')?;
        if letter != by.letter() {
            return None;
        }
        let key = match by {
            Order::Created => Key::Id,
            Order::Name | Order::Status => Key::Text(key.to_owned()),
            Order::Seen | Order::Contacted => Key::At(key.parse().ok()?),
        };
        Some(Self { id: Uuid::try_parse(id).ok()?, key })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_of_another_order_is_not_followed() {
        let cursor = Cursor { id: Uuid::nil(), key: Key::Text("ana".to_owned()) };
        let text = cursor.text(Order::Name);
        assert_eq!(Cursor::parse(Order::Name, &text), Some(cursor));
        assert!(Cursor::parse(Order::Created, &text).is_none());
        assert!(Cursor::parse(Order::Name, "nonsense").is_none());
    }
}
