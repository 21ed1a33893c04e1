//! Values as columns hold them: structured values as JSON text, enums as their wire word.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Result, StoreError};

/// A structured value as JSON text.
pub(crate) fn to_json<T: Serialize>(table: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::damaged(table, error))
}

/// A structured value from JSON text.
pub(crate) fn from_json<T: DeserializeOwned>(table: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::damaged(table, error))
}

/// An enum without data as its wire word.
pub(crate) fn to_word<T: Serialize>(table: &'static str, value: &T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        Ok(other) => Err(StoreError::damaged(table, format!("{other} is not a word"))),
        Err(error) => Err(StoreError::damaged(table, error)),
    }
}

/// An enum without data from its wire word.
pub(crate) fn from_word<T: DeserializeOwned>(table: &'static str, word: &str) -> Result<T> {
    serde_json::from_value(Value::String(word.to_owned())).map_err(|error| StoreError::damaged(table, error))
}
