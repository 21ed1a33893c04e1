//! The fallback chain over simulated vendors.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_http::{BreakerSettings, BreakerState};
use frontdesk_llm::chat::{ChatDelta, ChatError, ChatModel, EndReason};
use frontdesk_llm::fallback::{FallbackModel, FallbackSettings};
use frontdesk_sim::model::{Script, Step};
use futures_util::StreamExt;

use crate::chat_contract::{Bench, bench, request, text_of};
use crate::clock;

/// Long enough for a loaded machine to answer, short enough to wait for.
const PATIENCE: Duration = Duration::from_millis(400);

fn settings() -> FallbackSettings {
    FallbackSettings {
        first_token: PATIENCE,
        between_tokens: PATIENCE,
        whole_answer: Duration::from_secs(30),
        breaker: BreakerSettings {
            failures: 2,
            cool_down: Duration::from_secs(30),
            max_cool_down: Duration::from_mins(10),
        },
    }
}

async fn two() -> (Bench, Bench) {
    (bench("openai").await, bench("anthropic").await)
}

async fn read(chain: &FallbackModel) -> Result<(String, Vec<ChatDelta>, Option<ChatError>), ChatError> {
    let mut answer = chain.answer(request("Hi")).await?;
    let (mut deltas, mut failure) = (Vec::new(), None);
    while let Some(next) = answer.stream.next().await {
        match next {
            Ok(delta) => deltas.push(delta),
            Err(error) => failure = Some(error),
        }
    }
    Ok((answer.model, deltas, failure))
}

#[tokio::test]
async fn whatever_goes_wrong_before_the_first_token_the_next_model_answers() {
    for fault in [
        vec![Step::Stall],
        vec![Step::Slow { ms: 60_000 }, Step::say("too late")],
        vec![Step::say(" \n"), Step::Stall],
        vec![],
        vec![Step::Close],
        vec![Step::Garbage],
        vec![Step::status(500)],
        vec![Step::status(401)],
        vec![Step::rate_limited(1)],
        vec![Step::ErrorEvent { message: "overloaded".into() }],
    ] {
        let (first, second) = two().await;
        first.sim.then(fault.clone());
        second.sim.then(Step::say("Second."));
        let chain = FallbackModel::new(vec![first.model, second.model], settings(), clock());
        let (model, deltas, failure) = read(&chain).await.unwrap();
        assert_eq!((model.as_str(), text_of(&deltas).as_str()), ("anthropic:m-1", "Second."), "{fault:?}");
        assert!(failure.is_none());
        assert_eq!(deltas.last(), Some(&ChatDelta::End(EndReason::Stop)));
    }
}

#[tokio::test]
async fn after_the_first_token_the_chain_does_not_switch() {
    for fault in [Step::Close, Step::Stall, Step::Garbage] {
        let (first, second) = two().await;
        first.sim.then(vec![Step::say("We open "), fault.clone()]);
        let chain = FallbackModel::new(vec![first.model, second.model], settings(), clock());
        let (model, deltas, failure) = read(&chain).await.unwrap();
        assert_eq!((model.as_str(), text_of(&deltas).as_str()), ("openai:m-1", "We open "));
        assert!(failure.is_some(), "{fault:?}");
        assert!(second.sim.requests().is_empty(), "{fault:?}: the second model was asked too");
    }
}

#[tokio::test]
async fn a_failing_model_is_left_alone_then_probed_once_and_used_again() {
    let (first, second) = two().await;
    let clock = clock();
    first.sim.play(Script::always(Step::status(500)));
    second.sim.play(Script::always(Step::say("Second.")));
    let chain = FallbackModel::new(vec![first.model, second.model], settings(), clock.clone());
    for _ in 0..4 {
        assert_eq!(read(&chain).await.unwrap().0, "anthropic:m-1");
    }
    assert_eq!(first.sim.requests().len(), 2, "the breaker opens after two failures");
    assert_eq!(chain.states()[0], ("openai:m-1".to_owned(), BreakerState::Open(30_000)));
    first.sim.play(Script::always(Step::say("First.")));
    assert_eq!(read(&chain).await.unwrap().0, "anthropic:m-1", "still cooling down");
    clock.advance(Duration::from_secs(30));
    // While the probe's answer is not finished, others go to the second model.
    let probe = chain.answer(request("Hi")).await.unwrap();
    assert_eq!(probe.model, "openai:m-1");
    assert_eq!(read(&chain).await.unwrap().0, "anthropic:m-1");
    probe.stream.collect::<Vec<_>>().await;
    assert_eq!(chain.states()[0].1, BreakerState::Closed);
    assert_eq!(read(&chain).await.unwrap().0, "openai:m-1");
}

#[tokio::test]
async fn a_rate_limited_model_rests_for_as_long_as_it_asked() {
    let (first, second) = two().await;
    first.sim.then(Step::rate_limited(90));
    second.sim.play(Script::always(Step::say("Second.")));
    let chain = FallbackModel::new(vec![first.model, second.model], settings(), clock());
    assert_eq!(read(&chain).await.unwrap().0, "anthropic:m-1");
    assert_eq!(chain.states()[0].1, BreakerState::Open(90_000));
}

#[tokio::test]
async fn a_refusal_is_an_answer() {
    let (first, second) = two().await;
    first.sim.then(Step::Refuse { text: String::new() });
    let chain = FallbackModel::new(vec![first.model, second.model], settings(), clock());
    let (model, deltas, _) = read(&chain).await.unwrap();
    assert_eq!((model.as_str(), deltas.last()), ("openai:m-1", Some(&ChatDelta::End(EndReason::Refused))));
    assert_eq!(chain.states()[0].1, BreakerState::Closed);
}

#[tokio::test]
async fn when_every_model_fails_the_last_reason_is_told() {
    let (first, second) = two().await;
    first.sim.then(Step::status(500));
    second.sim.then(Step::Garbage);
    let chain = FallbackModel::new(vec![first.model, second.model], settings(), clock());
    assert!(matches!(read(&chain).await, Err(ChatError::Garbage(_))));
    let empty: Vec<Arc<dyn ChatModel>> = Vec::new();
    let none = FallbackModel::new(empty, settings(), clock());
    assert!(matches!(read(&none).await, Err(ChatError::Unavailable(_))));
}

#[tokio::test]
async fn the_whole_answer_has_a_deadline_however_lively_the_model() {
    let (first, _second) = two().await;
    let endless: Vec<Step> = (0..200).flat_map(|_| [Step::say("and "), Step::Slow { ms: 20 }]).collect();
    first.sim.then(endless);
    let settings = FallbackSettings { whole_answer: Duration::from_millis(600), ..settings() };
    let chain = FallbackModel::new(vec![first.model], settings, clock());
    let (_, deltas, failure) = read(&chain).await.unwrap();
    assert!(text_of(&deltas).starts_with("and "));
    assert!(matches!(failure, Some(ChatError::Stalled(_))), "{failure:?}");
}
