//! What holds for any message and any state.

use frontdesk_domain::locale::Language;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::desk::{Setup, Talk, session};
use crate::builtin::Builtin;
use crate::builtin::summary::{MAX_SUMMARY, Material, summarize};
use crate::session::DialogueState;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

fn states() -> impl Strategy<Value = DialogueState> {
    let values = prop_oneof![
        Just(json!({"form": "lead", "asking": ["name", "email"], "need": "x"})),
        Just(
            json!({"form": "lead", "done": true, "phone": "+14155552671", "saved": {"phone": "+1"}, "told": true})
        ),
        Just(json!({"form": "record", "open": ["a"], "answered": []})),
        Just(json!({"pending": "info_or_lead", "about": "x"})),
        Just(json!({"pending": "handoff", "reason": ""})),
        Just(json!({"pending": "lead", "need": null})),
        Just(json!(["?", 1])),
        Just(Value::Null),
    ];
    (
        prop::collection::vec(values.clone(), 0..4),
        prop::option::of(values),
        any::<u8>(),
        any::<u32>(),
        prop::option::of(".{0,40}"),
    )
        .prop_map(|(agenda, pending, misses, variation, topic)| DialogueState {
            agenda,
            pending,
            misses,
            variation,
            topic,
            language: Some(Language::En),
            ..DialogueState::default()
        })
}

fn messages() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "hi",
        "no",
        "yes",
        "my name is",
        "call me",
        "@",
        "415 555 2671",
        "ana@x.com",
        "ends in 7",
        "stop",
        "never mind",
        "how much",
        "is that",
        "?",
        "!",
        "\n",
        "ñ",
        "ß",
        "İ",
        "👍",
        "at",
        "dot",
        "com",
        "and",
        "i meant",
        "human",
        "sunday",
        "at 25",
        "1e9",
        "the second one",
        "\u{301}",
        "...",
        "{name}",
        "quote",
        "appointment",
        "wrong email",
        "-",
        "(",
        "+",
        "repeat that",
    ]);
    prop_oneof![
        3 => prop::collection::vec(words, 0..14).prop_map(|words| words.join(" ")),
        2 => ".{0,80}",
        1 => "\\PC{0,400}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn any_text_in_any_state_gets_a_reply(message in messages(), next in messages(), state in states(), seed in any::<u64>(), away in any::<bool>()) {
        let brain = builtin();
        let mut start = session();
        start.state = state;
        start.seed = seed;
        let mut talk = Talk::new(&brain, start, Setup { away, ..Setup::default() });
        runtime().block_on(async {
            for input in [&message, &next] {
                let said = talk.hear(input).await;
                assert!(!said.reply.trim().is_empty(), "{input:?}");
                assert_eq!(said.outcome.fallback_reason, None, "{input:?}");
                assert!(!said.reply.contains("{name}"), "{input:?}: {}", said.reply);
                assert!(said.tools.iter().all(|run| run.arguments.is_object()), "{input:?}: {:?}", said.tools);
                let material = Material { lines: &talk.session.history, state: &talk.session.state, customer: &talk.session.customer, receipts: &talk.session.receipts };
                assert!(summarize(material).chars().count() <= MAX_SUMMARY);
            }
        });
    }

    #[test]
    fn the_same_seed_gives_the_same_conversation(message in messages(), next in messages(), seed in any::<u64>()) {
        let brain = builtin();
        let twice: Vec<Vec<String>> = (0..2)
            .map(|_| {
                let mut start = session();
                start.seed = seed;
                let mut talk = Talk::new(&brain, start, Setup::default());
                runtime().block_on(async { vec![talk.hear(&message).await.reply, talk.hear(&next).await.reply, format!("{:?}", talk.session.state)] })
            })
            .collect();
        assert_eq!(twice.first(), twice.last());
    }
}

/// One brain for all cases: preparing it is the slow part.
fn builtin() -> Builtin {
    static BRAIN: std::sync::LazyLock<Builtin> = std::sync::LazyLock::new(|| Builtin::new().unwrap());
    BRAIN.clone()
}

#[tokio::test]
async fn replies_differ_between_seeds_and_do_not_repeat_at_once() {
    let brain = builtin();
    let mut openings = std::collections::BTreeSet::new();
    for seed in 0..40 {
        let mut start = session();
        start.seed = seed;
        let mut talk = Talk::new(&brain, start, Setup::default());
        openings.insert(talk.hear("hello").await.reply);
        let (first, second) =
            (talk.hear("asdkjh qwlekj").await.reply, talk.hear("qwlekj asdkjh").await.reply);
        assert_ne!(first, second);
    }
    assert!(openings.len() >= 3, "{openings:?}");
}

#[tokio::test]
async fn a_customers_words_are_never_said_back() {
    let brain = builtin();
    for marker in [
        "zebrafink",
        "<b>zebrafink</b>",
        "my name is zebrafink <script>alert(1)</script>",
        "quote for zebrafink",
        "do you sell zebrafink?",
    ] {
        let mut talk = Talk::new(&brain, session(), Setup::default());
        for input in [marker, "yes", marker, "no"] {
            let reply = talk.hear(input).await.reply.to_lowercase();
            assert!(!reply.contains("script") && !reply.contains("<b>"), "{reply}");
            if !marker.contains("my name is") {
                assert!(!reply.contains("zebrafink"), "{reply}");
            }
        }
    }
}

#[tokio::test]
async fn a_workspace_extends_the_examples() {
    let extra =
        "[human]\nexamples = [\"bring me the captain\"]\npatterns = [\"(fetch|bring) me the captain\"]\n";
    let brain = Builtin::with_examples(&[(Language::En, extra)]).unwrap();
    let mut talk = Talk::new(&brain, session(), Setup::default());
    let said = talk.hear("oi, fetch me the captain").await;
    assert_eq!(said.tools.first().map(|run| run.tool.as_str()), Some("handoff"));
    assert!(Builtin::with_examples(&[(Language::En, "[nonsense]\nexamples = []")]).is_err());
}

/// One shared brain serves many conversations; what a turn takes is printed, never asserted (a busy machine would fail it).
#[tokio::test]
async fn one_brain_serves_many_conversations() {
    let started = tokio::time::Instant::now();
    let brain = Builtin::new().unwrap();
    println!("prepared in {:?}", started.elapsed());
    let mut took = Vec::new();
    for _ in 0..40 {
        let mut talk = Talk::new(&brain, session(), Setup::default());
        for input in [
            "Hi, how much is a cleaning and can someone call me at 415 555 2671?",
            "Ana Diaz, ana@example.com",
            "and on sunday?",
            "no, I meant monday",
            "do you sell bicycles?",
            "human please",
        ] {
            let started = tokio::time::Instant::now();
            let said = talk.hear(input).await;
            took.push(started.elapsed());
            assert_eq!(said.outcome.fallback_reason, None);
        }
        assert_eq!(talk.session.receipts.len(), 3, "{:?}", talk.session.receipts);
    }
    took.sort();
    let at = |share: f64| took.get((took.len() as f64 * share) as usize).copied();
    println!("{} turns: p50 {:?}, p99 {:?}", took.len(), at(0.5), at(0.99));
}
