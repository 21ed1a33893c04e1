//! The vendors. To add one: a file here, a line in [`MANIFESTS`], a line in [`build_chat`] or [`build_embedder`], and
//! its simulator in the contract suite (`tests/it.rs`).

mod anthropic;
#[cfg(test)]
mod hostile;
mod openai;
mod openai_embeddings;
mod prompt;
mod wire;

use std::sync::Arc;

use frontdesk_http::{HttpClient, Target};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::chat::ChatModel;
use crate::embed::Embedder;
use crate::manifest::Manifest;

/// Every vendor, in the order lists show them.
pub const MANIFESTS: &[Manifest] = &[openai::MANIFEST, anthropic::MANIFEST, openai_embeddings::MANIFEST];

/// Why a vendor's client could not be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// No such vendor, or not of this kind.
    #[error("no vendor {0:?} of this kind")]
    UnknownVendor(String),
    /// The settings are not what the vendor's schema asks for.
    #[error("settings of {vendor}: {reason}")]
    Settings {
        /// The vendor.
        vendor: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The vendor needs a secret and none was given.
    #[error("{0} needs an API key")]
    MissingSecret(&'static str),
}

/// Where a client sends and as whom.
#[derive(Clone)]
pub struct Access {
    /// The HTTP client.
    pub http: HttpClient,
    /// Who chose the base URL: the operator, or a user whose URL may not reach private addresses.
    pub target: Target,
    /// The vendor's secret, if any.
    pub secret: Option<SecretString>,
}

/// The chat model of a vendor with these settings.
pub fn build_chat(id: &str, settings: &Value, access: Access) -> Result<Arc<dyn ChatModel>, BuildError> {
    match id {
        openai::ID => Ok(Arc::new(openai::OpenAi::new(read(openai::ID, settings)?, access)?)),
        anthropic::ID => Ok(Arc::new(anthropic::Anthropic::new(read(anthropic::ID, settings)?, access)?)),
        other => Err(BuildError::UnknownVendor(other.to_owned())),
    }
}

/// The embedder of a vendor with these settings.
pub fn build_embedder(id: &str, settings: &Value, access: Access) -> Result<Arc<dyn Embedder>, BuildError> {
    match id {
        openai_embeddings::ID => {
            let settings = read(openai_embeddings::ID, settings)?;
            Ok(Arc::new(openai_embeddings::OpenAiEmbeddings::new(settings, access)?))
        }
        other => Err(BuildError::UnknownVendor(other.to_owned())),
    }
}

fn read<T: DeserializeOwned>(vendor: &'static str, settings: &Value) -> Result<T, BuildError> {
    T::deserialize(settings).map_err(|error| BuildError::Settings { vendor, reason: error.to_string() })
}

/// Refuses a base URL that could not be used, and drops its trailing slash.
fn base_url(vendor: &'static str, url: &str) -> Result<String, BuildError> {
    let parsed = frontdesk_http::Url::parse(url)
        .map_err(|error| BuildError::Settings { vendor, reason: format!("base_url: {error}") })?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.query().is_some() || parsed.fragment().is_some()
    {
        let reason = "base_url must be an http or https address without query".to_owned();
        return Err(BuildError::Settings { vendor, reason });
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// Refuses sampling settings that no vendor accepts.
fn check_numbers(
    vendor: &'static str,
    temperature: Option<f32>,
    max_tokens: Option<u32>,
) -> Result<(), BuildError> {
    let problem = if temperature.is_some_and(|value| !(0.0..=2.0).contains(&value)) {
        "temperature must be between 0 and 2"
    } else if max_tokens == Some(0) {
        "max_tokens must be at least 1"
    } else {
        return Ok(());
    };
    Err(BuildError::Settings { vendor, reason: problem.to_owned() })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_vendor_has_its_own_id_and_a_schema_that_refuses_unknown_settings() {
        let ids: HashSet<&str> = MANIFESTS.iter().map(|manifest| manifest.id).collect();
        assert_eq!(ids.len(), MANIFESTS.len());
        for manifest in MANIFESTS {
            let shown = serde_json::to_value(manifest).unwrap();
            assert_eq!(shown.pointer("/settings_schema/additionalProperties"), Some(&Value::Bool(false)));
            assert!(manifest.docs.starts_with("https://"), "{}", manifest.id);
        }
    }
}
