//! Collects every refused field of an input, so that a form shows all its errors at once.

use frontdesk_domain::page::PageRequest;
use serde::{Deserialize, Deserializer};

use crate::error::{AppError, FieldError};

/// The refused fields so far.
#[derive(Debug, Default)]
pub struct Validator(Vec<FieldError>);

impl Validator {
    /// Nothing refused yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Takes a checked value, or notes why the field was refused and goes on with the default.
    pub fn take<T: Default, E: std::fmt::Display>(&mut self, field: &str, checked: Result<T, E>) -> T {
        checked.unwrap_or_else(|error| {
            self.refuse(field, error.to_string());
            T::default()
        })
    }

    /// Takes a checked optional value.
    pub fn take_some<T, U: Default, E: std::fmt::Display>(
        &mut self,
        field: &str,
        value: Option<T>,
        check: impl FnOnce(T) -> Result<U, E>,
    ) -> Option<U> {
        value.map(|value| self.take(field, check(value)))
    }

    /// Notes a refused field unless the condition holds.
    pub fn ensure(&mut self, field: &str, holds: bool, message: &str) {
        if !holds {
            self.refuse(field, message);
        }
    }

    /// Notes a refused field.
    pub fn refuse(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    /// Passes when nothing was refused.
    pub fn finish(self) -> Result<(), AppError> {
        if self.0.is_empty() { Ok(()) } else { Err(AppError::Invalid(self.0)) }
    }
}

/// The place a page goes on from, for lists whose cursor is the last row's id.
pub fn cursor<T: std::str::FromStr>(page: &PageRequest) -> Result<Option<T>, AppError> {
    page.cursor
        .as_deref()
        .map(|cursor| {
            cursor.parse().map_err(|_| AppError::invalid("/cursor", "is not a cursor of this list"))
        })
        .transpose()
}

/// Refuses a search text longer than 200 characters.
pub fn check_query(field: &str, text: Option<&str>) -> Result<(), AppError> {
    if text.is_none_or(|text| text.chars().take(201).count() <= 200) {
        return Ok(());
    }
    Err(AppError::invalid(field, "is too long: at most 200 characters"))
}

/// A field of a patch that may be cleared: absent keeps, null clears, a value sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// The field was absent.
    #[default]
    Keep,
    /// The field was null.
    Clear,
    /// The field held a value.
    Set(T),
}

impl<T> Patch<T> {
    /// Changes the field accordingly.
    pub fn apply(self, field: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}
