//! Embeddings over HTTP, against the simulator.

use std::sync::Arc;

use frontdesk_llm::embed::{EmbedError, EmbedPurpose, Embedder};
use frontdesk_llm::vendor::build_embedder;
use frontdesk_sim::Running;
use frontdesk_sim::model::ModelSim;
use frontdesk_sim::openai;
use serde_json::{Value, json};

use crate::access;

async fn start(settings: Value) -> (ModelSim, Arc<dyn Embedder>, Running) {
    let sim = ModelSim::with_key("k");
    let running = openai::spawn(sim.clone()).await.unwrap();
    let mut all = json!({"model": "e-1", "dimensions": 256, "base_url": format!("{}/v1/", running.url)});
    all.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    let embedder = build_embedder("openai_embeddings", &all, access(Some("k"))).unwrap();
    (sim, embedder, running)
}

fn texts(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("text number {number}")).collect()
}

#[tokio::test]
async fn many_texts_go_in_batches_and_come_back_in_order() {
    let (sim, embedder, _running) = start(json!({"batch": 4})).await;
    let together = embedder.embed(&texts(10), EmbedPurpose::Passage).await.unwrap();
    assert_eq!((together.len(), sim.requests().len()), (10, 3));
    for (number, text) in texts(10).into_iter().enumerate() {
        let alone = embedder.embed(&[text], EmbedPurpose::Passage).await.unwrap();
        assert_eq!(alone[0], together[number]);
        assert!((alone[0].iter().map(|value| value * value).sum::<f32>() - 1.0).abs() < 1e-4);
    }
    assert!(embedder.embed(&[], EmbedPurpose::Query).await.unwrap().is_empty());
    assert_eq!(embedder.embed(&[" ".into()], EmbedPurpose::Query).await.unwrap().len(), 1);
}

#[tokio::test]
async fn prefixes_and_dimensions_are_sent_when_the_model_wants_them() {
    let settings = json!({"dimensions": 64, "send_dimensions": true, "query_prefix": "query: ", "passage_prefix": "passage: "});
    let (sim, embedder, _running) = start(settings).await;
    let vectors = embedder.embed(&["hours".into()], EmbedPurpose::Query).await.unwrap();
    assert_eq!((vectors[0].len(), embedder.dimensions()), (64, 64));
    let body = sim.requests().pop().unwrap().body;
    assert_eq!((&body["input"], &body["dimensions"]), (&json!(["query: hours"]), &json!(64)));
}

#[tokio::test]
async fn vectors_of_another_length_are_refused() {
    let (_sim, embedder, _running) = start(json!({"dimensions": 100})).await;
    let error = embedder.embed(&texts(1), EmbedPurpose::Query).await.unwrap_err();
    assert!(
        matches!(&error, EmbedError::Unusable { reason, .. } if reason.contains("256") && reason.contains("100")),
        "{error}"
    );
}

#[tokio::test]
async fn a_wrong_key_is_told_from_an_absent_server() {
    let (_sim, embedder, running) = start(json!({})).await;
    let settings = json!({"model": "e-1", "dimensions": 256, "base_url": format!("{}/v1", running.url)});
    let wrong = build_embedder("openai_embeddings", &settings, access(Some("wrong"))).unwrap();
    assert!(matches!(wrong.embed(&texts(1), EmbedPurpose::Query).await, Err(EmbedError::Unusable { .. })));
    drop(running);
    assert!(matches!(embedder.embed(&texts(1), EmbedPurpose::Query).await, Err(EmbedError::Unavailable(_))));
    assert!(build_embedder("openai", &settings, access(None)).is_err());
    assert!(
        build_embedder("openai_embeddings", &json!({"model": "m", "dimensions": 0}), access(None)).is_err()
    );
}
