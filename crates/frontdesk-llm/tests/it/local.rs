//! The local embedder, on a tiny model with random weights.

use frontdesk_llm::embed::{EmbedPurpose, Embedder};
use frontdesk_llm::local::LocalEmbedder;
use safetensors::tensor::Dtype;
use serde_json::json;
use tempfile::TempDir;

use crate::fixture::{Fixture, HIDDEN, MAX_TOKENS, config, write_json};

fn directory(dtype: Dtype) -> (TempDir, Fixture) {
    let directory = tempfile::tempdir().unwrap();
    let fixture = Fixture::new();
    fixture.write(directory.path(), dtype);
    (directory, fixture)
}

fn cosine(ours: &[f32], reference: &[f64]) -> f64 {
    ours.iter().zip(reference).map(|(a, b)| f64::from(*a) * b).sum()
}

async fn one(embedder: &LocalEmbedder, text: &str) -> Vec<f32> {
    embedder.embed(&[text.to_owned()], EmbedPurpose::Passage).await.unwrap().remove(0)
}

#[tokio::test]
async fn vectors_equal_the_plain_computation() {
    let (directory, fixture) = directory(Dtype::F32);
    let embedder = LocalEmbedder::load(directory.path()).unwrap();
    assert_eq!(embedder.dimensions(), HIDDEN);
    for (text, ids) in [
        ("We open at nine.", vec![2, 4, 5, 6, 7, 15, 3]),
        ("the doors", vec![2, 8, 9, 10, 3]),
        ("unknown", vec![2, 1, 3]),
        ("", vec![2, 3]),
    ] {
        let (ours, reference) = (one(&embedder, text).await, fixture.reference(&ids));
        assert!(cosine(&ours, &reference) > 0.999_999, "{text}: {}", cosine(&ours, &reference));
        let furthest =
            ours.iter().zip(&reference).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max);
        assert!(furthest < 1e-5, "{text}: off by {furthest}");
    }
}

#[tokio::test]
async fn a_text_has_the_same_vector_alone_and_in_company_and_keeps_its_place() {
    let (directory, _) = directory(Dtype::F32);
    let embedder = LocalEmbedder::with_threads(directory.path(), 2).unwrap();
    let texts: Vec<String> = (0..90)
        .map(|number| {
            ["we open", "parking is free", "the door?", "at nine. "][number % 4].repeat(number % 7 + 1)
        })
        .collect();
    let together = embedder.embed(&texts, EmbedPurpose::Passage).await.unwrap();
    for (text, vector) in texts.iter().zip(&together) {
        let alone: Vec<f64> = one(&embedder, text).await.into_iter().map(f64::from).collect();
        assert!(cosine(vector, &alone) > 0.999_999, "{text}");
    }
    assert!(embedder.embed(&[], EmbedPurpose::Query).await.unwrap().is_empty());
}

#[tokio::test]
async fn long_texts_are_cut_at_the_models_limit() {
    let (directory, fixture) = directory(Dtype::F32);
    let embedder = LocalEmbedder::load(directory.path()).unwrap();
    let mut ids = vec![2];
    ids.extend(vec![4; MAX_TOKENS - 2]);
    ids.push(3);
    let ours = one(&embedder, &"we ".repeat(10_000)).await;
    assert!(cosine(&ours, &fixture.reference(&ids)) > 0.999_999);
}

#[tokio::test]
async fn half_precision_weights_give_nearly_the_same_vectors() {
    let (full, fixture) = directory(Dtype::F32);
    let name = LocalEmbedder::load(full.path()).unwrap().name().to_owned();
    for (dtype, least) in [(Dtype::F16, 0.9999), (Dtype::BF16, 0.99)] {
        let (directory, _) = directory(dtype);
        let embedder = LocalEmbedder::load(directory.path()).unwrap();
        let ours = one(&embedder, "We open at nine.").await;
        let likeness = cosine(&ours, &fixture.reference(&[2, 4, 5, 6, 7, 15, 3]));
        assert!(likeness > least, "{dtype:?}: {likeness}");
        assert_ne!(embedder.name(), name, "vectors of different weights must not mix");
    }
}

#[tokio::test]
async fn pooling_and_prefixes_of_the_directory_are_followed() {
    let (directory, fixture) = directory(Dtype::F32);
    let mean = one(&LocalEmbedder::load(directory.path()).unwrap(), "the door").await;
    let prompts = json!({"prompts": {"query": "we open ", "passage": "at "}});
    write_json(directory.path(), "config_sentence_transformers.json", &prompts);
    let embedder = LocalEmbedder::load(directory.path()).unwrap();
    let query = embedder.embed(&["the door".into()], EmbedPurpose::Query).await.unwrap().remove(0);
    assert!(cosine(&query, &fixture.reference(&[2, 4, 5, 8, 9, 3])) > 0.999_999);
    assert!(cosine(&one(&embedder, "the door").await, &fixture.reference(&[2, 6, 8, 9, 3])) > 0.999_999);
    std::fs::remove_file(directory.path().join("config_sentence_transformers.json")).unwrap();
    write_json(directory.path(), "1_Pooling/config.json", &json!({"pooling_mode_cls_token": true}));
    let cls = LocalEmbedder::load(directory.path()).unwrap();
    assert!(cls.name().contains(":cls:"));
    assert_ne!(one(&cls, "the door").await, mean);
}

#[tokio::test]
async fn a_directory_that_cannot_be_used_says_why() {
    let reason = |spoil: &dyn Fn(&std::path::Path, &mut Fixture)| {
        let (directory, mut fixture) = directory(Dtype::F32);
        spoil(directory.path(), &mut fixture);
        LocalEmbedder::load(directory.path()).err().expect("the directory was accepted").to_string()
    };
    let with = |key: &'static str, value: serde_json::Value| {
        move |directory: &std::path::Path, _: &mut Fixture| {
            let mut config = config();
            config[key] = value.clone();
            write_json(directory, "config.json", &config);
        }
    };
    let remove = |name: &'static str| {
        move |directory: &std::path::Path, _: &mut Fixture| {
            std::fs::remove_file(directory.join(name)).unwrap();
        }
    };
    let expect = |found: String, words: &[&str]| {
        for word in words {
            assert!(found.contains(word), "{found:?} does not say {word:?}");
        }
    };
    expect(reason(&remove("config.json")), &["config.json is missing"]);
    expect(reason(&remove("tokenizer.json")), &["tokenizer.json is missing"]);
    expect(reason(&remove("model.safetensors")), &["model.safetensors is missing"]);
    expect(reason(&with("model_type", json!("roberta"))), &["roberta", "bert"]);
    expect(reason(&with("hidden_act", json!("relu"))), &["hidden_act", "relu"]);
    expect(reason(&with("hidden_size", json!(0))), &["hidden_size"]);
    expect(reason(&with("num_attention_heads", json!(3))), &["multiple"]);
    expect(
        reason(&with("intermediate_size", json!(38))),
        &["encoder.layer.0.intermediate.dense.weight", "[37, 20]", "[38, 20]"],
    );
    expect(reason(&with("num_hidden_layers", json!(3))), &["has no encoder.layer.2"]);
    expect(reason(&with("vocab_size", json!(9))), &["tokenizer.json has 16 words", "9"]);
    let garbage = |directory: &std::path::Path, _: &mut Fixture| {
        std::fs::write(directory.join("model.safetensors"), b"\xff\xff\xff\xff\xff\xff\xff\x7fgarbage")
            .unwrap();
    };
    expect(reason(&garbage), &["model.safetensors"]);
    let cut = |directory: &std::path::Path, _: &mut Fixture| {
        let path = directory.join("model.safetensors");
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    };
    expect(reason(&cut), &["model.safetensors"]);
    let infinite = |directory: &std::path::Path, fixture: &mut Fixture| {
        fixture.tensors.get_mut("embeddings.LayerNorm.bias").unwrap().1[0] = f32::NAN;
        fixture.write_weights(directory, Dtype::F32);
    };
    expect(reason(&infinite), &["embeddings.LayerNorm.bias", "not finite"]);
    let dense = |directory: &std::path::Path, _: &mut Fixture| {
        write_json(
            directory,
            "modules.json",
            &json!([{"type": "sentence_transformers.models.Dense", "path": "2_Dense"}]),
        );
    };
    expect(reason(&dense), &["Dense"]);
    let outside = |directory: &std::path::Path, _: &mut Fixture| {
        write_json(
            directory,
            "modules.json",
            &json!([{"type": "sentence_transformers.models.Pooling", "path": "../x"}]),
        );
    };
    expect(reason(&outside), &["leaves the directory"]);
    let max = |directory: &std::path::Path, _: &mut Fixture| {
        write_json(directory, "1_Pooling/config.json", &json!({"pooling_mode_max_tokens": true}));
    };
    expect(reason(&max), &["max_tokens", "mean or cls"]);
    assert!(LocalEmbedder::load("/nowhere/at/all").err().unwrap().to_string().contains("not a directory"));
}
