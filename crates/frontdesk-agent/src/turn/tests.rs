//! The turn against scripted models: guard, receipts, fallback, deadlines.

use futures_util::{FutureExt, StreamExt};
use serde_json::json;

use crate::event::TurnEvent;
use crate::session::ReceiptKind;
use crate::testing::{RecordingTools, ScriptedModel, Step, brain, finish, play, session, start};
use crate::tools;
use std::sync::Arc;

const LIES: &str = include_str!("../../data/guard/lies.txt");

fn lead() -> Step {
    Step::Call(tools::CAPTURE_LEAD, json!({ "name": "Ann", "email": "ann@example.com" }))
}

#[tokio::test]
async fn a_lie_is_replaced_and_the_rest_of_the_reply_stays() {
    let (played, tools) = play(
        "Book me in",
        vec![vec![Step::Say("Sure. I've booked you in for Tuesday at 3 pm. We are at 12 Main Street.")]],
    )
    .await;
    assert_eq!(
        played.outcome.reply,
        "Sure. I can't confirm that myself yet. Shall I ask a colleague to do it? We are at 12 Main Street."
    );
    assert_eq!(played.outcome.guarded, 1);
    assert_eq!(tools.names(), Vec::<String>::new());
}

#[tokio::test]
async fn a_model_that_lies_in_every_way_never_gets_through() {
    let mut through = Vec::new();
    let lies: Vec<&'static str> = LIES.lines().filter(|line| !line.starts_with('#')).collect();
    for lie in &lies {
        let (played, _) = play("Please", vec![vec![Step::Say(lie)]]).await;
        if played.outcome.guarded == 0 {
            through.push(*lie);
        }
    }
    assert!(through.len() * 100 <= lies.len() * 3, "{through:#?}");
}

#[tokio::test]
async fn a_receipt_makes_the_same_sentence_true() {
    let (played, _) =
        play("ann@example.com", vec![vec![lead()], vec![Step::Say("Thanks Ann, I've saved your details.")]])
            .await;
    assert_eq!(played.outcome.reply, "Thanks Ann, I've saved your details.");
    assert_eq!(played.outcome.guarded, 0);
    let (played, _) =
        play("ann@example.com", vec![vec![lead()], vec![Step::Say("I've booked you in.")]]).await;
    assert_eq!(played.outcome.guarded, 1, "a lead is no booking");
}

#[tokio::test]
async fn a_claim_before_the_call_waits_for_its_receipt() {
    let handoff = Step::Call(tools::HANDOFF, json!({ "reason": "asked" }));
    let (played, _) = play(
        "A person please",
        vec![
            vec![Step::Say("One moment. I'm passing you on to a colleague."), handoff],
            vec![Step::Say("They will see our chat.")],
        ],
    )
    .await;
    assert_eq!(
        played.outcome.reply,
        "One moment. I'm passing you on to a colleague. They will see our chat."
    );
    assert_eq!(played.outcome.guarded, 0);
}

#[tokio::test]
async fn a_sentence_is_shown_as_soon_as_it_is_whole() {
    let tools = Arc::new(RecordingTools::default());
    let model = ScriptedModel::new(vec![vec![Step::Say("We open at nine. And then"), Step::Stall]]);
    let mut stream = start(session(), "When?", vec![brain(&model)], &tools);
    let Some(TurnEvent::Text(text)) = stream.next().await else { panic!("text first") };
    assert_eq!(text, "We open at nine. ");
}

#[tokio::test(start_paused = true)]
async fn a_model_that_fails_before_it_said_anything_is_replaced() {
    for steps in [
        vec![Step::Fail],
        vec![Step::Stall],
        vec![Step::Break],
        vec![Step::Say("  \n")],
        vec![],
        vec![Step::Say("{\"a\": 1}")],
    ] {
        let (played, _) = play("Hi", vec![steps.clone()]).await;
        assert_eq!(played.outcome.reply, "How can I help?", "{steps:?}");
        assert_eq!(played.outcome.brain, "builtin");
        assert!(
            played.outcome.fallback_reason.as_deref().is_some_and(|why| why.starts_with("scripted:model: ")),
            "{steps:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_model_that_breaks_off_in_mid_answer_is_closed_with_honest_words() {
    let long = "Our practice is at 12 Main Street in Springfield, right across from the town hall. You can park behind the house. And then";
    let (played, _) = play("Where?", vec![vec![Step::Say(long), Step::Fail]]).await;
    assert!(played.outcome.reply.ends_with("You can park behind the house. Sorry, I lost my thread there. Is there anything you would like me to go over again?"), "{}", played.outcome.reply);
    assert_eq!(played.outcome.brain, "scripted:model");
    assert!(played.outcome.fallback_reason.is_some());
}

#[tokio::test(start_paused = true)]
async fn what_one_brain_did_the_next_one_does_not_do_again() {
    let handoff = Step::Call(tools::HANDOFF, json!({ "reason": "the customer wants a person" }));
    let (played, tools) =
        play("A person please", vec![vec![Step::Say("One moment."), handoff], vec![Step::Fail]]).await;
    assert_eq!(tools.names(), ["handoff"]);
    assert_eq!(played.runs.len(), 1);
    assert_eq!(played.outcome.reply, "One moment. How can I help?");
}

#[tokio::test(start_paused = true)]
async fn a_second_model_comes_before_the_built_in_brain() {
    let tools = Arc::new(RecordingTools::default());
    let (first, second) =
        (ScriptedModel::new(vec![vec![Step::Stall]]), ScriptedModel::new(vec![vec![Step::Say("Hello.")]]));
    let played = finish(start(session(), "Hi", vec![brain(&first), brain(&second)], &tools)).await;
    assert_eq!(played.outcome.reply, "Hello.");
    assert_eq!(
        played.outcome.fallback_reason.as_deref(),
        Some("scripted:model: it said nothing for 2000 ms")
    );
}

#[tokio::test(start_paused = true)]
async fn a_tool_that_hangs_is_given_up() {
    let tools =
        Arc::new(RecordingTools { stuck: vec![tools::SEARCH_KNOWLEDGE], ..RecordingTools::default() });
    let search = Step::Call(tools::SEARCH_KNOWLEDGE, json!({ "question": "Price?" }));
    let model = ScriptedModel::new(vec![vec![search], vec![Step::Say("I do not know.")]]);
    let played = finish(start(session(), "Price?", vec![brain(&model)], &tools)).await;
    assert_eq!(played.outcome.reply, "I do not know.");
    assert!(!played.runs[0].outcome.ok);
    assert_eq!(played.runs[0].latency_ms, 10_000);
}

#[tokio::test]
async fn dropping_the_stream_ends_the_turn() {
    let tools = Arc::new(RecordingTools { stuck: vec![tools::HANDOFF], ..RecordingTools::default() });
    let handoff = Step::Call(tools::HANDOFF, json!({ "reason": "x" }));
    let model = ScriptedModel::new(vec![vec![Step::Say("One moment. "), handoff]]);
    let mut stream = start(session(), "Hi", vec![brain(&model)], &tools);
    assert!(stream.next().await.is_some());
    assert!(stream.next().now_or_never().is_none(), "the tool hangs");
    drop(stream);
    assert_eq!(
        (Arc::strong_count(&tools), Arc::strong_count(&model)),
        (1, 1),
        "nothing holds on to the turn"
    );
}

#[tokio::test]
async fn receipts_of_earlier_turns_count() {
    let tools = Arc::new(RecordingTools::default());
    let model = ScriptedModel::new(vec![vec![Step::Say("Yes, I've passed your message on to the team.")]]);
    let mut earlier = session();
    earlier.receipts.push(crate::session::Receipt { kind: ReceiptKind::HandedOff, id: "h".to_owned() });
    let played = finish(start(earlier, "Did you?", vec![brain(&model)], &tools)).await;
    assert_eq!(played.outcome.guarded, 0);
}

#[tokio::test]
async fn no_reply_is_longer_than_a_message() {
    let long = "All our services are listed on the web site. ".repeat(200);
    let (played, _) = play("Tell me", vec![vec![Step::Own(long)]]).await;
    assert!(played.outcome.reply.chars().count() <= 4_000);
}

/// Prints what a turn costs beside its model; run with `--run-ignored all --no-capture`.
#[tokio::test]
#[ignore = "a measurement, not a check"]
async fn overhead() {
    let answer = "We are open from 9 to 5. A check-up takes half an hour and costs $95. Shall I ask a colleague to call you?";
    let mut times = Vec::new();
    for _ in 0..500 {
        let started = tokio::time::Instant::now();
        let (played, _) = play("What does a check-up cost?", vec![vec![Step::Say(answer)]]).await;
        times.push(started.elapsed());
        assert_eq!(played.outcome.reply, answer);
    }
    times.sort();
    println!("a turn: median {:?}, p99 {:?}, first {:?}", times[250], times[494], times[499]);
}
