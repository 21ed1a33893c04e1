//! Embeddings over `/v1/embeddings`: OpenAI and compatible servers (Ollama, vLLM, text-embeddings-inference).

use async_trait::async_trait;
use frontdesk_domain::connection::ConnectionCategory;
use frontdesk_http::{HttpError, Response};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Access, BuildError, base_url};
use crate::embed::{EmbedError, EmbedPurpose, Embedder};
use crate::manifest::{AuthKind, Manifest};

/// The vendor's id.
pub(super) const ID: &str = "openai_embeddings";

/// Largest answer for one batch, in bytes; a number takes about 12 bytes.
const MAX_ANSWER: usize = 64 * 1024 * 1024;

/// Longest text that is sent, in characters; models read at most about 8,000 tokens.
const MAX_TEXT: usize = 24_000;

/// What the vendor says about itself.
pub(super) const MANIFEST: Manifest = Manifest {
    id: ID,
    name: "OpenAI or compatible embeddings",
    category: ConnectionCategory::Embedding,
    settings_schema,
    auth: AuthKind::OptionalApiKey,
    docs: "https://platform.openai.com/docs/api-reference/embeddings",
};

/// Settings of a connection.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    model: String,
    dimensions: usize,
    #[serde(default = "default_base_url")]
    base_url: String,
    #[serde(default)]
    send_dimensions: bool,
    #[serde(default = "default_batch")]
    batch: usize,
    #[serde(default)]
    query_prefix: String,
    #[serde(default)]
    passage_prefix: String,
}

fn default_base_url() -> String {
    "https://api.openai.com/v1".into()
}

fn default_batch() -> usize {
    64
}

fn settings_schema() -> Value {
    json!({
        "type": "object", "additionalProperties": false, "required": ["model", "dimensions"],
        "properties": {
            "model": {"type": "string", "minLength": 1, "maxLength": 200, "title": "Model", "examples": ["text-embedding-3-small"]},
            "dimensions": {"type": "integer", "minimum": 1, "maximum": 4096, "title": "Length of the vectors", "examples": [1536]},
            "base_url": {"type": "string", "format": "uri", "title": "Address of the API", "default": default_base_url()},
            "send_dimensions": {"type": "boolean", "default": false, "title": "Ask for this length",
                "description": "For models that can shorten their vectors, such as text-embedding-3."},
            "batch": {"type": "integer", "minimum": 1, "maximum": 2048, "default": default_batch(), "title": "Texts per request"},
            "query_prefix": {"type": "string", "maxLength": 200, "default": "", "title": "Text put before questions",
                "description": "Some models want it, such as \"query: \" for E5."},
            "passage_prefix": {"type": "string", "maxLength": 200, "default": "", "title": "Text put before passages"},
        },
    })
}

/// The client.
pub(super) struct OpenAiEmbeddings {
    settings: Settings,
    name: String,
    url: String,
    access: Access,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    index: usize,
    embedding: Vec<f32>,
}

impl OpenAiEmbeddings {
    pub(super) fn new(settings: Settings, access: Access) -> Result<Self, BuildError> {
        let base = base_url(ID, &settings.base_url)?;
        if !(1..=4096).contains(&settings.dimensions) || !(1..=2048).contains(&settings.batch) {
            let reason = "dimensions must be 1 to 4096 and batch 1 to 2048".to_owned();
            return Err(BuildError::Settings { vendor: ID, reason });
        }
        let name = format!("{ID}:{}:{}", settings.model, settings.dimensions);
        Ok(Self { name, url: format!("{base}/embeddings"), settings, access })
    }

    async fn batch(&self, texts: &[String], prefix: &str) -> Result<Vec<Vec<f32>>, EmbedError> {
        let input: Vec<String> = texts.iter().map(|text| prepared(prefix, text)).collect();
        let mut body = json!({"model": self.settings.model, "input": input, "encoding_format": "float"});
        if let (true, Some(fields)) = (self.settings.send_dimensions, body.as_object_mut()) {
            fields.insert("dimensions".into(), json!(self.settings.dimensions));
        }
        let mut call = self
            .access
            .http
            .post(self.access.target, &self.url)
            .label("openai.embeddings")
            .json(&body)
            .idempotent()
            .timeout(std::time::Duration::from_mins(1))
            .max_body(MAX_ANSWER);
        if let Some(secret) = &self.access.secret {
            call = call.bearer(secret.expose_secret());
        }
        let response = call.send().await.map_err(|error| self.unreachable(&error))?;
        self.read(&response, texts.len())
    }

    fn read(&self, response: &Response, wanted: usize) -> Result<Vec<Vec<f32>>, EmbedError> {
        let status = response.status.as_u16();
        if status == 429 || response.status.is_server_error() {
            return Err(EmbedError::Unavailable(format!("HTTP {status}")));
        }
        if !response.is_success() {
            let document: Value = response.json().unwrap_or(Value::Null);
            let message =
                document.pointer("/error/message").and_then(Value::as_str).unwrap_or("no explanation");
            return Err(
                self.unusable(format!("HTTP {status}: {}", message.chars().take(300).collect::<String>()))
            );
        }
        let answer: Answer = response.json().map_err(|error| self.unusable(error.to_string()))?;
        if answer.data.len() != wanted {
            return Err(self.unusable(format!("{} vectors for {wanted} texts", answer.data.len())));
        }
        let mut vectors: Vec<Vec<f32>> = vec![Vec::new(); wanted];
        for row in answer.data {
            let length = row.embedding.len();
            if length != self.settings.dimensions {
                let wanted = self.settings.dimensions;
                return Err(
                    self.unusable(format!("vectors have {length} numbers, the settings say {wanted}"))
                );
            }
            let place = vectors.get_mut(row.index).filter(|place| place.is_empty());
            *place.ok_or_else(|| self.unusable(format!("index {} is wrong or repeated", row.index)))? =
                row.embedding;
        }
        for vector in &mut vectors {
            normalise(vector).ok_or_else(|| self.unusable("a vector is zero or not finite".into()))?;
        }
        Ok(vectors)
    }

    fn unusable(&self, reason: String) -> EmbedError {
        EmbedError::Unusable { model: self.name.clone(), reason }
    }

    fn unreachable(&self, error: &HttpError) -> EmbedError {
        if error.is_transient() {
            EmbedError::Unavailable(error.to_string())
        } else {
            self.unusable(error.to_string())
        }
    }
}

#[async_trait]
impl Embedder for OpenAiEmbeddings {
    fn name(&self) -> &str {
        &self.name
    }

    fn dimensions(&self) -> usize {
        self.settings.dimensions
    }

    async fn embed(&self, texts: &[String], purpose: EmbedPurpose) -> Result<Vec<Vec<f32>>, EmbedError> {
        let prefix = match purpose {
            EmbedPurpose::Passage => &self.settings.passage_prefix,
            EmbedPurpose::Query => &self.settings.query_prefix,
        };
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(self.settings.batch) {
            vectors.extend(self.batch(batch, prefix).await?);
        }
        Ok(vectors)
    }
}

/// The text as sent: with its prefix, not empty (the API refuses that), not longer than a model reads.
fn prepared(prefix: &str, text: &str) -> String {
    let text: String = prefix.chars().chain(text.chars()).take(MAX_TEXT).collect();
    if text.trim().is_empty() { "-".into() } else { text }
}

/// Makes the vector's length one; nothing when that cannot be done.
fn normalise(vector: &mut [f32]) -> Option<()> {
    let norm = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if !norm.is_finite() || norm <= f32::EPSILON {
        return None;
    }
    for value in vector.iter_mut() {
        *value /= norm;
    }
    Some(())
}
