//! Every workspace's rules, made ready once for as long as what they are made from stays the same.
//!
//! The texts they are made from are read with every message, so a change holds at once, on every node, and one that was
//! rolled back never does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use frontdesk_domain::compliance::settings::RuleSettings;
use frontdesk_domain::compliance::{Home, Rulebook};
use frontdesk_domain::id::WorkspaceId;
use frontdesk_domain::schedule::BookingSettings;
use frontdesk_store::standing::RuleTexts;
use serde::de::DeserializeOwned;

use crate::{AppError, Result};

/// The most workspaces whose rules are kept; a few kilobytes each.
const MOST: usize = 2_000;

/// Rules made from texts. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Rulebooks(Arc<Mutex<HashMap<WorkspaceId, Made>>>);

#[derive(Debug)]
struct Made {
    from: RuleTexts,
    book: Arc<Rulebook>,
}

impl Rulebooks {
    /// The rules these texts make.
    pub(crate) fn of(&self, workspace: WorkspaceId, texts: &RuleTexts) -> Result<Arc<Rulebook>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = known.get(&workspace).filter(|made| made.from == *texts) {
            return Ok(Arc::clone(&made.book));
        }
        drop(known);
        let book = Arc::new(make(texts)?);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains_key(&workspace) {
            known.clear();
        }
        known.insert(workspace, Made { from: texts.clone(), book: Arc::clone(&book) });
        Ok(book)
    }
}

/// The rules these texts make, made anew.
pub(super) fn make(texts: &RuleTexts) -> Result<Rulebook> {
    let settings: RuleSettings = read(texts.compliance.as_deref())?;
    let booking: BookingSettings = read(texts.booking.as_deref())?;
    let home = Home {
        country: texts.country.clone(),
        zone: texts.zone.clone(),
        hours: serde_json::from_str(&texts.hours).map_err(|error| damaged(&error))?,
        holidays: booking.holidays,
    };
    Rulebook::new(&settings, &home).map_err(|errors| {
        let why = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        AppError::Internal(format!("the compliance settings cannot be used: {why}"))
    })
}

fn read<T: DeserializeOwned + Default>(text: Option<&str>) -> Result<T> {
    text.map_or_else(|| Ok(T::default()), |text| serde_json::from_str(text).map_err(|error| damaged(&error)))
}

fn damaged(error: &serde_json::Error) -> AppError {
    AppError::Internal(format!("what the rules are made from cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_texts_are_made_once_and_changed_ones_anew() {
        let books = Rulebooks::default();
        let workspace = WorkspaceId::from_uuid(uuid::Uuid::from_u128(7));
        let texts = RuleTexts {
            country: "US".to_owned(),
            zone: "America/New_York".to_owned(),
            hours: serde_json::to_string(&Home::default().hours).unwrap(),
            compliance: None,
            booking: None,
        };
        let first = books.of(workspace, &texts).unwrap();
        assert!(Arc::ptr_eq(&first, &books.of(workspace, &texts).unwrap()));
        let moved = RuleTexts { zone: "America/Denver".to_owned(), ..texts.clone() };
        assert!(!Arc::ptr_eq(&first, &books.of(workspace, &moved).unwrap()));
        let broken = RuleTexts { compliance: Some("{".to_owned()), ..texts };
        assert!(books.of(workspace, &broken).is_err());
    }
}
