//! The fallback chain: over simulated vendors, and, where time matters, over models that run on a paused clock.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use frontdesk_http::{BreakerSettings, BreakerState};
use frontdesk_llm::chat::{ChatDelta, ChatError, ChatModel, ChatRequest, ChatStream, EndReason};
use frontdesk_llm::fallback::{FallbackModel, FallbackSettings};
use frontdesk_sim::model::{Script, Step};
use futures_util::StreamExt;

use crate::chat_contract::{Bench, bench, request, text_of};
use crate::clock;

/// No test over the network waits for a deadline; these only end one that hangs.
fn settings() -> FallbackSettings {
    FallbackSettings {
        first_token: Duration::from_secs(20),
        between_tokens: Duration::from_secs(20),
        whole_answer: Duration::from_mins(1),
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
        vec![],
        vec![Step::say(" \n")],
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
    for fault in [Step::Close, Step::Garbage] {
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

/// A model that waits before each delta, and for ever after the last.
struct Paced {
    name: &'static str,
    deltas: Vec<(u64, ChatDelta)>,
}

#[async_trait]
impl ChatModel for Paced {
    fn name(&self) -> &str {
        self.name
    }

    async fn stream(&self, _: ChatRequest) -> Result<ChatStream, ChatError> {
        let paced = futures_util::stream::iter(self.deltas.clone()).then(|(wait_ms, delta)| async move {
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
            Ok(delta)
        });
        Ok(paced.chain(futures_util::stream::pending()).boxed())
    }
}

fn text(text: &str) -> ChatDelta {
    ChatDelta::Text(text.into())
}

fn paced(name: &'static str, deltas: Vec<(u64, ChatDelta)>) -> Arc<dyn ChatModel> {
    Arc::new(Paced { name, deltas })
}

/// A chain of this model and one that answers at once, with deadlines of 1 s, 2 s and 10 s.
fn hurried(first: Vec<(u64, ChatDelta)>) -> FallbackModel {
    let second = paced("second", vec![(0, text("Second.")), (0, ChatDelta::End(EndReason::Stop))]);
    let settings = FallbackSettings {
        first_token: Duration::from_secs(1),
        between_tokens: Duration::from_secs(2),
        whole_answer: Duration::from_secs(10),
        ..settings()
    };
    FallbackModel::new(vec![paced("first", first), second], settings, clock())
}

#[tokio::test(start_paused = true)]
async fn a_model_without_a_useful_token_in_time_is_passed_over() {
    let started = tokio::time::Instant::now();
    for deltas in [
        vec![],
        vec![(1001, text("too late")), (0, ChatDelta::End(EndReason::Stop))],
        vec![(0, text(" \n")), (10, ChatDelta::Usage(frontdesk_llm::chat::Usage::default()))],
    ] {
        let (model, deltas, failure) = read(&hurried(deltas)).await.unwrap();
        assert_eq!((model.as_str(), text_of(&deltas).as_str()), ("second", "Second."));
        assert!(failure.is_none());
    }
    assert_eq!(started.elapsed().as_secs(), 3, "each was waited for one second");
}

#[tokio::test(start_paused = true)]
async fn a_model_busy_with_a_tool_call_is_given_more_time() {
    let call = frontdesk_llm::chat::ToolCall { id: "c".into(), name: "t".into(), arguments: "{}".into() };
    let chain = hurried(vec![
        (900, text("")),
        (1900, text("")),
        (1900, ChatDelta::ToolCall(call)),
        (0, ChatDelta::End(EndReason::ToolCalls)),
    ]);
    let (model, deltas, failure) = read(&chain).await.unwrap();
    assert_eq!((model.as_str(), deltas.len()), ("first", 2));
    assert!(failure.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_stall_after_the_first_token_ends_the_answer_and_counts_as_failure() {
    let chain = hurried(vec![(500, text("We ")), (1500, text("open "))]);
    for _ in 0..2 {
        let (model, deltas, failure) = read(&chain).await.unwrap();
        assert_eq!((model.as_str(), text_of(&deltas).as_str()), ("first", "We open "));
        assert!(matches!(failure, Some(ChatError::Stalled(2000))), "{failure:?}");
    }
    assert_eq!(read(&chain).await.unwrap().0, "second", "two failures open the breaker");
}

#[tokio::test(start_paused = true)]
async fn the_whole_answer_has_a_deadline_however_lively_the_model() {
    let started = tokio::time::Instant::now();
    let chain = hurried((0..100).map(|_| (300, text("and "))).collect());
    let (_, deltas, failure) = read(&chain).await.unwrap();
    assert_eq!(text_of(&deltas).len(), "and ".len() * 33);
    assert!(matches!(failure, Some(ChatError::Stalled(_))), "{failure:?}");
    assert_eq!(started.elapsed().as_secs(), 10);
}
