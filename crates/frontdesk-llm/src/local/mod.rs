//! Embeddings on this machine from a sentence-transformers directory (BERT family, such as all-MiniLM-L6-v2).
//!
//! The forward pass is our own: a small matrix kernel over packed weights (`kernel`), the encoder (`forward`), and strict
//! reading of the directory (`files`, `weights`). That keeps the binary small and the build short. It is not a general
//! inference engine: other architectures are refused by name.

mod files;
mod forward;
mod kernel;
mod ops;
mod weights;

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokenizers::Tokenizer;
use tokio::sync::Semaphore;

use crate::embed::{EmbedError, EmbedPurpose, Embedder};
use files::{Config, Directory, Pooling};
use forward::{Encoder, Scratch};

/// Most tokens that go through the encoder together; more only grow the buffers.
const MAX_GROUP_TOKENS: usize = 512;

/// An embedder whose model lives in this process.
pub struct LocalEmbedder {
    name: String,
    model: Arc<Model>,
    permits: Arc<Semaphore>,
    threads: usize,
}

struct Model {
    name: String,
    config: Config,
    tokenizer: Tokenizer,
    encoder: Encoder,
    /// Buffers of earlier calls, to be used again.
    scratch: Mutex<Vec<Scratch>>,
}

impl LocalEmbedder {
    /// Reads a sentence-transformers directory: `config.json`, `tokenizer.json`, `model.safetensors`, and the optional
    /// `modules.json`, `1_Pooling/config.json`, `sentence_bert_config.json`, `config_sentence_transformers.json`.
    ///
    /// Blocks for as long as reading the weights takes (about 0.2 s for 90 MB). Uses all cores; see
    /// [`LocalEmbedder::with_threads`].
    pub fn load(directory: impl AsRef<Path>) -> Result<Self, EmbedError> {
        let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self::with_threads(directory, threads)
    }

    /// Like [`LocalEmbedder::load`], computing on at most this many threads at once.
    pub fn with_threads(directory: impl AsRef<Path>, threads: usize) -> Result<Self, EmbedError> {
        let label = directory.as_ref().display().to_string();
        let unusable = |reason: String| EmbedError::Unusable { model: label.clone(), reason };
        let Directory { config, tokenizer, weights } = files::read(directory.as_ref()).map_err(unusable)?;
        let encoder = weights::load(&config, &weights).map_err(unusable)?;
        let pooling = match config.pooling {
            Pooling::Mean => "mean",
            Pooling::Cls => "cls",
        };
        let name = format!("local-bert-{}:{pooling}:{:08x}", config.hidden_size, fingerprint(&weights));
        let model = Model { name: name.clone(), config, tokenizer, encoder, scratch: Mutex::new(Vec::new()) };
        let threads = threads.max(1);
        Ok(Self { name, model: Arc::new(model), permits: Arc::new(Semaphore::new(threads)), threads })
    }
}

#[async_trait]
impl Embedder for LocalEmbedder {
    fn name(&self) -> &str {
        &self.name
    }

    fn dimensions(&self) -> usize {
        self.model.config.hidden_size
    }

    async fn embed(&self, texts: &[String], purpose: EmbedPurpose) -> Result<Vec<Vec<f32>>, EmbedError> {
        let stopped =
            |error: &dyn std::fmt::Display| EmbedError::Unavailable(format!("embedding stopped: {error}"));
        let mut vectors = vec![Vec::new(); texts.len()];
        if let [text] = texts {
            // The question of a search: one hop to a worker thread instead of two.
            let permit = self.permits.clone().acquire_owned().await.map_err(|error| stopped(&error))?;
            let (model, text) = (Arc::clone(&self.model), text.clone());
            let work = move || {
                let _permit = permit;
                let tokens = model.tokens(&text, purpose)?;
                Ok::<_, EmbedError>(model.embed_group(&[(0, tokens)]))
            };
            let rows = tokio::task::spawn_blocking(work).await.map_err(|error| stopped(&error))??;
            return Ok(rows.into_iter().map(|(_, vector)| vector).collect());
        }
        let (model, owned) = (Arc::clone(&self.model), texts.to_vec());
        let tokenise =
            move || owned.iter().map(|text| model.tokens(text, purpose)).collect::<Result<Vec<_>, _>>();
        let tokens = tokio::task::spawn_blocking(tokenise).await.map_err(|error| stopped(&error))??;
        let mut running = Vec::new();
        for group in groups(tokens, self.threads) {
            let permit = self.permits.clone().acquire_owned().await.map_err(|error| stopped(&error))?;
            let model = Arc::clone(&self.model);
            running.push(tokio::task::spawn_blocking(move || {
                let _permit = permit;
                model.embed_group(&group)
            }));
        }
        for group in running {
            for (place, vector) in group.await.map_err(|error| stopped(&error))? {
                if let Some(slot) = vectors.get_mut(place) {
                    *slot = vector;
                }
            }
        }
        Ok(vectors)
    }
}

impl Model {
    fn tokens(&self, text: &str, purpose: EmbedPurpose) -> Result<Vec<u32>, EmbedError> {
        let prefix = match purpose {
            EmbedPurpose::Passage => &self.config.passage_prefix,
            EmbedPurpose::Query => &self.config.query_prefix,
        };
        // A token is rarely longer than this; the rest would be cut off after being tokenised for nothing.
        let longest = self.config.max_tokens * 64;
        let text: String = prefix.chars().chain(text.chars()).take(longest).collect();
        let encoding = self.tokenizer.encode_fast(text, true).map_err(|error| EmbedError::Unusable {
            model: self.name.clone(),
            reason: format!("tokenizer: {error}"),
        })?;
        Ok(encoding.get_ids().to_vec())
    }

    fn embed_group(&self, group: &[(usize, Vec<u32>)]) -> Vec<(usize, Vec<f32>)> {
        let mut scratch =
            self.scratch.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let sequences: Vec<&[u32]> = group.iter().map(|(_, tokens)| tokens.as_slice()).collect();
        let vectors = self.encoder.embed(&sequences, self.config.pooling, &mut scratch);
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
        group.iter().map(|(place, _)| *place).zip(vectors).collect()
    }
}

/// Texts of like length together, so that threads finish together; each group at most [`MAX_GROUP_TOKENS`] long unless
/// one text alone is longer.
fn groups(tokens: Vec<Vec<u32>>, threads: usize) -> Vec<Vec<(usize, Vec<u32>)>> {
    let total: usize = tokens.iter().map(Vec::len).sum();
    let limit = total.div_ceil(threads).min(MAX_GROUP_TOKENS);
    let mut placed: Vec<(usize, Vec<u32>)> = tokens.into_iter().enumerate().collect();
    placed.sort_by_key(|(_, tokens)| std::cmp::Reverse(tokens.len()));
    let mut groups: Vec<Vec<(usize, Vec<u32>)>> = Vec::new();
    let mut filled = usize::MAX;
    for (place, tokens) in placed {
        let length = tokens.len();
        if let Some(group) = groups.last_mut().filter(|_| filled.saturating_add(length) <= limit) {
            group.push((place, tokens));
            filled += length;
        } else {
            groups.push(vec![(place, tokens)]);
            filled = length;
        }
    }
    groups
}

/// A short name for exactly these weights: FNV-1a over samples of the file and its length.
fn fingerprint(weights: &[u8]) -> u32 {
    let step = (weights.len() / 65_536).max(1);
    let samples = weights.iter().step_by(step).chain(weights.iter().take(4096)).copied();
    let hash = samples.chain(weights.len().to_le_bytes()).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 32)) as u32
}
