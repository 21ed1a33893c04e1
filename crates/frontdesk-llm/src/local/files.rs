//! Reads a sentence-transformers directory. Errors say which file is wrong and what it should hold.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokenizers::{Tokenizer, TruncationParams};

/// Largest files that are read, in bytes.
const MAX_JSON: u64 = 1024 * 1024;
const MAX_TOKENIZER: u64 = 128 * 1024 * 1024;
const MAX_WEIGHTS: u64 = 4 * 1024 * 1024 * 1024;

/// What a directory holds.
pub(super) struct Directory {
    pub config: Config,
    pub tokenizer: Tokenizer,
    /// The bytes of `model.safetensors`.
    pub weights: Vec<u8>,
}

/// The model's shape and use.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Config {
    pub hidden_size: usize,
    pub layers: usize,
    pub heads: usize,
    pub intermediate_size: usize,
    pub vocabulary: usize,
    pub positions: usize,
    pub token_types: usize,
    pub layer_norm_eps: f32,
    /// Longest text in tokens, special ones included; the rest is cut off.
    pub max_tokens: usize,
    pub pooling: Pooling,
    pub query_prefix: String,
    pub passage_prefix: String,
}

/// How the tokens' vectors become the text's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pooling {
    /// Their mean.
    Mean,
    /// The first one.
    Cls,
}

#[derive(Deserialize)]
struct BertConfig {
    #[serde(default = "bert")]
    model_type: String,
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    intermediate_size: usize,
    vocab_size: usize,
    max_position_embeddings: usize,
    #[serde(default = "two")]
    type_vocab_size: usize,
    #[serde(default = "epsilon")]
    layer_norm_eps: f32,
    #[serde(default = "gelu")]
    hidden_act: String,
    #[serde(default = "absolute")]
    position_embedding_type: String,
}

fn bert() -> String {
    "bert".into()
}
fn two() -> usize {
    2
}
fn epsilon() -> f32 {
    1e-12
}
fn gelu() -> String {
    "gelu".into()
}
fn absolute() -> String {
    "absolute".into()
}

#[derive(Deserialize)]
struct Module {
    #[serde(default)]
    path: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SentenceConfig {
    max_seq_length: Option<usize>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Prompts {
    prompts: PromptTexts,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PromptTexts {
    query: String,
    passage: String,
    document: String,
}

/// Reads the directory.
pub(super) fn read(directory: &Path) -> Result<Directory, String> {
    if !directory.is_dir() {
        return Err("is not a directory".into());
    }
    let bert: BertConfig = json(directory, "config.json")?.ok_or("config.json is missing")?;
    let sentence: SentenceConfig = json(directory, "sentence_bert_config.json")?.unwrap_or_default();
    let prompts: Prompts = json(directory, "config_sentence_transformers.json")?.unwrap_or_default();
    let pooling = read_pooling(directory)?;
    let config = check(&bert, sentence.max_seq_length, pooling, prompts.prompts)?;
    let tokenizer = read_tokenizer(directory, &config)?;
    let weights = bytes(directory, "model.safetensors", MAX_WEIGHTS)?.ok_or_else(|| {
        if directory.join("pytorch_model.bin").exists() {
            "model.safetensors is missing; pytorch_model.bin cannot be read, convert it to safetensors"
                .to_owned()
        } else {
            "model.safetensors is missing".to_owned()
        }
    })?;
    Ok(Directory { config, tokenizer, weights })
}

fn check(
    bert: &BertConfig,
    max_tokens: Option<usize>,
    pooling: Pooling,
    prompts: PromptTexts,
) -> Result<Config, String> {
    let refuse = |what: &str, found: &str, wanted: &str| {
        Err(format!("config.json: {what} {found:?}, only {wanted:?} works"))
    };
    if bert.model_type != "bert" {
        return refuse("model_type", &bert.model_type, "bert");
    }
    if bert.hidden_act != "gelu" {
        return refuse("hidden_act", &bert.hidden_act, "gelu");
    }
    if bert.position_embedding_type != "absolute" {
        return refuse("position_embedding_type", &bert.position_embedding_type, "absolute");
    }
    let bounds = [
        ("hidden_size", bert.hidden_size, 1, 4096),
        ("num_hidden_layers", bert.num_hidden_layers, 1, 64),
        ("num_attention_heads", bert.num_attention_heads, 1, 128),
        ("intermediate_size", bert.intermediate_size, 1, 16_384),
        ("vocab_size", bert.vocab_size, 1, 1_000_000),
        ("max_position_embeddings", bert.max_position_embeddings, 8, 8192),
        ("type_vocab_size", bert.type_vocab_size, 1, 16),
    ];
    for (what, found, least, most) in bounds {
        if !(least..=most).contains(&found) {
            return Err(format!("config.json: {what} is {found}, must be {least} to {most}"));
        }
    }
    if !bert.hidden_size.is_multiple_of(bert.num_attention_heads) {
        return Err("config.json: hidden_size is not a multiple of num_attention_heads".into());
    }
    let max_tokens = max_tokens.unwrap_or(512).min(bert.max_position_embeddings);
    if max_tokens < 8 {
        return Err(format!("sentence_bert_config.json: max_seq_length is {max_tokens}, must be at least 8"));
    }
    let passage_prefix = if prompts.passage.is_empty() { prompts.document } else { prompts.passage };
    Ok(Config {
        hidden_size: bert.hidden_size,
        layers: bert.num_hidden_layers,
        heads: bert.num_attention_heads,
        intermediate_size: bert.intermediate_size,
        vocabulary: bert.vocab_size,
        positions: bert.max_position_embeddings,
        token_types: bert.type_vocab_size,
        layer_norm_eps: bert.layer_norm_eps,
        max_tokens,
        pooling,
        query_prefix: prompts.query,
        passage_prefix,
    })
}

/// Pooling from the module list; the mean when the directory does not say.
fn read_pooling(directory: &Path) -> Result<Pooling, String> {
    let modules: Vec<Module> = json(directory, "modules.json")?.unwrap_or_default();
    let mut folder = "1_Pooling".to_owned();
    for module in &modules {
        match module.kind.rsplit('.').next().unwrap_or_default() {
            "Transformer" | "Normalize" => {}
            "Pooling" => folder.clone_from(&module.path),
            other => return Err(format!("modules.json: module {other} cannot be computed here")),
        }
    }
    if folder.split('/').any(|part| part == "..") || folder.starts_with('/') {
        return Err(format!("modules.json: path {folder:?} leaves the directory"));
    }
    let file = format!("{folder}/config.json");
    let Some(pooling) = json::<serde_json::Map<String, serde_json::Value>>(directory, &file)? else {
        return Ok(Pooling::Mean);
    };
    let mut modes: Vec<&str> = pooling
        .iter()
        .filter(|(_, value)| value.as_bool() == Some(true))
        .filter_map(|(key, _)| key.strip_prefix("pooling_mode_"))
        .collect();
    modes.extend(pooling.get("pooling_mode").and_then(serde_json::Value::as_str));
    match modes.as_slice() {
        [] | ["mean" | "mean_tokens"] => Ok(Pooling::Mean),
        ["cls" | "cls_token"] => Ok(Pooling::Cls),
        other => Err(format!("{file}: pooling {other:?} cannot be computed here, only mean or cls")),
    }
}

fn read_tokenizer(directory: &Path, config: &Config) -> Result<Tokenizer, String> {
    let bytes = bytes(directory, "tokenizer.json", MAX_TOKENIZER)?.ok_or("tokenizer.json is missing")?;
    let unusable = |error: tokenizers::Error| format!("tokenizer.json: {error}");
    let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(unusable)?;
    let truncation = TruncationParams { max_length: config.max_tokens, ..TruncationParams::default() };
    tokenizer.with_truncation(Some(truncation)).map_err(unusable)?;
    tokenizer.with_padding(None);
    let words = tokenizer.get_vocab(true).into_values().max().map_or(0, |id| id as usize + 1);
    if words > config.vocabulary {
        return Err(format!("tokenizer.json has {words} words, config.json only {}", config.vocabulary));
    }
    if tokenizer.encode_fast("a", true).map_err(unusable)?.get_ids().is_empty() {
        return Err("tokenizer.json makes no token of a word".into());
    }
    Ok(tokenizer)
}

fn json<T: DeserializeOwned>(directory: &Path, name: &str) -> Result<Option<T>, String> {
    let Some(bytes) = bytes(directory, name, MAX_JSON)? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| format!("{name}: {error}"))
}

fn bytes(directory: &Path, name: &str, limit: u64) -> Result<Option<Vec<u8>>, String> {
    let path = directory.join(name);
    match std::fs::metadata(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("{name}: {error}")),
        Ok(metadata) if metadata.len() > limit => return Err(format!("{name} is larger than {limit} bytes")),
        Ok(_) => {}
    }
    std::fs::read(&path).map(Some).map_err(|error| format!("{name}: {error}"))
}
