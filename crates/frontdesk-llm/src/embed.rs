//! The embedding port: text in, unit vectors out.

use async_trait::async_trait;

/// What a text is embedded for; some models prefix queries and passages differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmbedPurpose {
    /// A passage that is stored and searched.
    Passage,
    /// A question that searches.
    Query,
}

/// Why a text could not be embedded.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// The model directory or endpoint answered something unusable.
    #[error("embedding model {model}: {reason}")]
    Unusable {
        /// The model's name.
        model: String,
        /// What was wrong.
        reason: String,
    },
    /// The endpoint did not answer or refused; trying again later may help.
    #[error("embedding endpoint unavailable: {0}")]
    Unavailable(String),
}

/// Turns texts into L2-normalised vectors of a fixed dimension.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// A stable name of model and pooling; vectors of different names never mix.
    fn name(&self) -> &str;
    /// The length of every vector.
    fn dimensions(&self) -> usize;
    /// One vector per text, in order.
    async fn embed(&self, texts: &[String], purpose: EmbedPurpose) -> Result<Vec<Vec<f32>>, EmbedError>;
}
