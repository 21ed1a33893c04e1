//! A tiny sentence-transformers directory with random weights, and the plain way to compute its vectors.

use std::collections::BTreeMap;
use std::path::Path;

use safetensors::tensor::{Dtype, TensorView};
use serde_json::{Value, json};

/// Sizes that are no multiple of any block size of the kernel.
pub const HIDDEN: usize = 20;
const HEADS: usize = 4;
const WIDE: usize = 37;
const LAYERS: usize = 2;
const POSITIONS: usize = 40;
pub const MAX_TOKENS: usize = 24;
const EPSILON: f64 = 1e-12;

const WORDS: [&str; 16] = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "we", "open", "at", "nine", "the", "door", "##s", "is", "free",
    "parking", "?", ".",
];

/// The model.
pub struct Fixture {
    pub tensors: BTreeMap<String, (Vec<usize>, Vec<f32>)>,
}

impl Fixture {
    /// The same model every time.
    pub fn new() -> Self {
        let mut fixture = Self { tensors: BTreeMap::new() };
        let mut seed = 7_u32;
        let mut add = |name: String, shape: &[usize], centre: f32, spread: f32| {
            let mut next = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 8) as f32 / 8_388_608.0 - 1.0
            };
            let values = (0..shape.iter().product()).map(|_| centre + spread * next()).collect();
            fixture.tensors.insert(name, (shape.to_vec(), values));
        };
        for (name, rows) in [("word", WORDS.len()), ("position", POSITIONS), ("token_type", 2)] {
            add(format!("embeddings.{name}_embeddings.weight"), &[rows, HIDDEN], 0.0, 0.6);
        }
        let mut norms = vec!["embeddings.LayerNorm".to_owned()];
        for layer in 0..LAYERS {
            let layer = format!("encoder.layer.{layer}");
            let linears = [
                ("attention.self.query", HIDDEN, HIDDEN),
                ("attention.self.key", HIDDEN, HIDDEN),
                ("attention.self.value", HIDDEN, HIDDEN),
                ("attention.output.dense", HIDDEN, HIDDEN),
                ("intermediate.dense", WIDE, HIDDEN),
                ("output.dense", HIDDEN, WIDE),
            ];
            for (name, outputs, inputs) in linears {
                add(format!("{layer}.{name}.weight"), &[outputs, inputs], 0.0, 0.5);
                add(format!("{layer}.{name}.bias"), &[outputs], 0.0, 0.2);
            }
            norms
                .extend([format!("{layer}.attention.output.LayerNorm"), format!("{layer}.output.LayerNorm")]);
        }
        for norm in norms {
            add(format!("{norm}.weight"), &[HIDDEN], 1.0, 0.3);
            add(format!("{norm}.bias"), &[HIDDEN], 0.0, 0.3);
        }
        fixture
    }

    /// Writes the directory; weights as `dtype`.
    pub fn write(&self, directory: &Path, dtype: Dtype) {
        write_json(directory, "config.json", &config());
        write_json(
            directory,
            "sentence_bert_config.json",
            &json!({"max_seq_length": MAX_TOKENS, "do_lower_case": false}),
        );
        write_json(
            directory,
            "modules.json",
            &json!([
                {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
            ]),
        );
        std::fs::create_dir_all(directory.join("1_Pooling")).unwrap();
        write_json(
            directory,
            "1_Pooling/config.json",
            &json!({"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": false}),
        );
        write_json(directory, "tokenizer.json", &tokenizer());
        self.write_weights(directory, dtype);
    }

    /// Writes only the weights.
    pub fn write_weights(&self, directory: &Path, dtype: Dtype) {
        let bytes: Vec<(String, Vec<usize>, Vec<u8>)> = self
            .tensors
            .iter()
            .map(|(name, (shape, values))| {
                (name.clone(), shape.clone(), values.iter().flat_map(|value| encode(*value, dtype)).collect())
            })
            .collect();
        let views = bytes
            .iter()
            .map(|(name, shape, bytes)| (name, TensorView::new(dtype, shape.clone(), bytes).unwrap()));
        let file = safetensors::serialize(views, None).unwrap();
        std::fs::write(directory.join("model.safetensors"), file).unwrap();
    }

    /// The vector of token ids, computed in the plainest way in double precision.
    pub fn reference(&self, ids: &[usize]) -> Vec<f64> {
        let word = self.rows("embeddings.word_embeddings.weight");
        let position = self.rows("embeddings.position_embeddings.weight");
        let kind = self.rows("embeddings.token_type_embeddings.weight");
        let sum = |(place, id): (usize, &usize)| {
            (0..HIDDEN).map(|k| word[*id][k] + position[place][k] + kind[0][k]).collect::<Vec<f64>>()
        };
        let mut hidden: Vec<Vec<f64>> = ids.iter().enumerate().map(sum).collect();
        self.normalise("embeddings.LayerNorm", &mut hidden);
        for layer in 0..LAYERS {
            let name = |part: &str| format!("encoder.layer.{layer}.{part}");
            let [query, key, value] = ["query", "key", "value"]
                .map(|part| self.linear(&name(&format!("attention.self.{part}")), &hidden));
            let size = HIDDEN / HEADS;
            let mut context = vec![vec![0.0; HIDDEN]; ids.len()];
            for head in 0..HEADS {
                let band = head * size..(head + 1) * size;
                for (row, context) in context.iter_mut().enumerate() {
                    let scores: Vec<f64> = key
                        .iter()
                        .map(|key| {
                            band.clone().map(|k| query[row][k] * key[k]).sum::<f64>() / (size as f64).sqrt()
                        })
                        .collect();
                    let most = scores.iter().copied().fold(f64::MIN, f64::max);
                    let total: f64 = scores.iter().map(|score| (score - most).exp()).sum();
                    for (score, value) in scores.iter().zip(&value) {
                        for k in band.clone() {
                            context[k] += (score - most).exp() / total * value[k];
                        }
                    }
                }
            }
            add(&mut hidden, &self.linear(&name("attention.output.dense"), &context));
            self.normalise(&name("attention.output.LayerNorm"), &mut hidden);
            let mut wide = self.linear(&name("intermediate.dense"), &hidden);
            wide.iter_mut().flatten().for_each(|value| *value = *value * normal_distribution(*value));
            add(&mut hidden, &self.linear(&name("output.dense"), &wide));
            self.normalise(&name("output.LayerNorm"), &mut hidden);
        }
        let mean: Vec<f64> = (0..HIDDEN).map(|k| hidden.iter().map(|row| row[k]).sum::<f64>()).collect();
        let norm = mean.iter().map(|value| value * value).sum::<f64>().sqrt();
        mean.iter().map(|value| value / norm).collect()
    }

    fn rows(&self, name: &str) -> Vec<Vec<f64>> {
        let (shape, values) = &self.tensors[name];
        values
            .chunks(shape[shape.len() - 1])
            .map(|row| row.iter().map(|value| f64::from(*value)).collect())
            .collect()
    }

    fn linear(&self, name: &str, input: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let (weight, bias) = (self.rows(&format!("{name}.weight")), self.rows(&format!("{name}.bias")));
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let one = |row: &Vec<f64>| {
            weight.iter().zip(&bias[0]).map(|(weight, bias)| dot(weight, row) + bias).collect()
        };
        input.iter().map(one).collect()
    }

    fn normalise(&self, name: &str, rows: &mut [Vec<f64>]) {
        let (weight, bias) = (self.rows(&format!("{name}.weight")), self.rows(&format!("{name}.bias")));
        for row in rows {
            let mean = row.iter().sum::<f64>() / HIDDEN as f64;
            let variance = row.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / HIDDEN as f64;
            for (k, value) in row.iter_mut().enumerate() {
                *value = (*value - mean) / (variance + EPSILON).sqrt() * weight[0][k] + bias[0][k];
            }
        }
    }
}

/// The share of a normal distribution below `x`, by adding up its density (midpoint rule).
fn normal_distribution(x: f64) -> f64 {
    let steps = 4000;
    let width = x / f64::from(steps);
    let density = |at: f64| (-at * at / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    0.5 + (0..steps).map(|step| density((f64::from(step) + 0.5) * width) * width).sum::<f64>()
}

fn add(rows: &mut [Vec<f64>], added: &[Vec<f64>]) {
    for (row, added) in rows.iter_mut().zip(added) {
        row.iter_mut().zip(added).for_each(|(value, added)| *value += added);
    }
}

fn encode(value: f32, dtype: Dtype) -> Vec<u8> {
    match dtype {
        Dtype::F32 => value.to_le_bytes().to_vec(),
        Dtype::BF16 => ((value.to_bits() >> 16) as u16).to_le_bytes().to_vec(),
        // Truncates; numbers of the fixture are neither huge nor subnormal.
        Dtype::F16 => {
            let bits = value.to_bits();
            let exponent = ((bits >> 23) & 0xff) as i32 - 112;
            let sign = (bits >> 16) & 0x8000;
            let half =
                if exponent <= 0 { sign } else { sign | ((exponent as u32) << 10) | ((bits >> 13) & 0x3ff) };
            (half as u16).to_le_bytes().to_vec()
        }
        other => panic!("{other:?}"),
    }
}

/// The model's `config.json`.
pub fn config() -> Value {
    json!({
        "model_type": "bert", "hidden_size": HIDDEN, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
        "intermediate_size": WIDE, "vocab_size": WORDS.len(), "max_position_embeddings": POSITIONS, "type_vocab_size": 2,
        "layer_norm_eps": EPSILON, "hidden_act": "gelu", "pad_token_id": 0,
    })
}

fn tokenizer() -> Value {
    let vocabulary: serde_json::Map<String, Value> =
        WORDS.iter().enumerate().map(|(id, word)| ((*word).to_owned(), json!(id))).collect();
    let special = |id: usize| json!({"id": id, "content": WORDS[id], "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true});
    let token = |text: &str| json!({"SpecialToken": {"id": text, "type_id": 0}});
    let sequence = |id: &str, kind: u32| json!({"Sequence": {"id": id, "type_id": kind}});
    json!({
        "version": "1.0",
        // As published models have it: both must be overridden by the loader.
        "truncation": {"direction": "Right", "max_length": 5, "strategy": "LongestFirst", "stride": 0},
        "padding": {"strategy": {"Fixed": 12}, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"},
        "added_tokens": [special(0), special(1), special(2), special(3)],
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [token("[CLS]"), sequence("A", 0), token("[SEP]")],
            "pair": [token("[CLS]"), sequence("A", 0), token("[SEP]"), sequence("B", 1), token("[SEP]")],
            "special_tokens": {
                "[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]},
            },
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocabulary},
    })
}

/// Writes a JSON file into the directory.
pub fn write_json(directory: &Path, name: &str, value: &Value) {
    std::fs::write(directory.join(name), serde_json::to_vec(value).unwrap()).unwrap();
}
