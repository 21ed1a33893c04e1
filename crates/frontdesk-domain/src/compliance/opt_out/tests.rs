//! Keywords one by one, sentences by measured precision and recall.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

fn is_keyword(heard: Heard) -> bool {
    matches!(heard, Heard::OptOut { how: How::Keyword, ambiguous_cancel: false, .. })
}

#[test]
fn the_data_files_are_whole() {
    let file: File = toml::from_str(include_str!("words.toml")).unwrap();
    for (kind, groups) in [
        ("harmless", &file.harmless),
        ("sure", &file.sure),
        ("likely", &file.likely),
        ("elsewhere", &file.elsewhere),
    ] {
        for (language, patterns) in groups {
            for pattern in patterns {
                let source = between_blanks(&expand(pattern, language, &file.classes));
                assert!(!source.contains("?:{"), "{kind}.{language}: unknown class in {pattern}");
                one_of(&source).unwrap_or_else(|error| panic!("{kind}.{language}: {pattern}: {error}"));
            }
        }
    }
    let words = Words::get();
    assert!(!words.sure.is_empty() && !words.likely.is_empty() && !words.elsewhere.is_empty());
}

#[test]
fn the_keywords_of_the_law_opt_out_however_they_are_typed() {
    for word in ["stop", "stopall", "unsubscribe", "end", "quit", "revoke", "opt out", "optout"] {
        let title = word[..1].to_uppercase() + &word[1..];
        for typed in [
            word.to_owned(),
            word.to_uppercase(),
            format!("{title}."),
            format!("{title}!!"),
            format!("\"{word}\""),
            format!("  {word}\n"),
            format!("🛑 {word} 🙏"),
            format!("{word} please"),
            format!("Please {}", word.to_uppercase()),
            format!("{word}\n\nJane Smith\nAcme Ltd."),
            format!("{word}\nSent from my iPhone"),
            format!("{word}\n--\nJane Smith, head of things to be done by tomorrow"),
        ] {
            assert!(is_keyword(classify(&typed, None)), "{typed:?}");
            assert!(is_keyword(classify(&typed, Some(Language::De))), "{typed:?}");
        }
    }
    for word in [
        "ALTO",
        "Parar",
        "BAJA",
        "STOPP",
        "Abmelden!",
        "ARRET",
        "Arrêt",
        "stop svp",
        "SAIR",
        "Stop stop STOP",
    ] {
        assert!(is_keyword(classify(word, None)), "{word}");
    }
}

#[test]
fn cancel_alone_is_an_opt_out_that_may_be_about_an_appointment() {
    for word in ["CANCEL", "cancel.", "Cancel please", "CANCELAR"] {
        let heard = classify(word, None);
        assert!(matches!(heard, Heard::OptOut { ambiguous_cancel: true, how: How::Keyword, .. }), "{word}");
    }
    for text in ["cancel my appointment", "Cancel it and rebook", "cancelar mi cita"] {
        assert_eq!(classify(text, None), Heard::Nothing, "{text}");
    }
}

#[test]
fn only_a_keyword_or_a_yes_to_the_question_opts_in() {
    for word in ["START", "unstop", "Start!", "subscribe"] {
        assert_eq!(classify(word, None), Heard::OptIn, "{word}");
    }
    for word in ["yes", "Sí", "OK!", "ja", "oui"] {
        assert_eq!(classify(word, None), Heard::Nothing, "{word}");
        assert_eq!(classify_answer(word, None), Heard::OptIn, "{word}");
    }
    assert_eq!(classify_answer("no", None), Heard::Nothing);
    assert!(classify_answer("STOP", None).is_opt_out());
    for text in ["start at 9", "can we start over", "please add me back", "text me again tomorrow"] {
        assert_eq!(classify(text, None), Heard::Nothing, "{text}");
    }
}

#[test]
fn help_is_a_keyword_too() {
    for word in ["HELP", "info", "Ayuda", "Hilfe!", "AIDE"] {
        assert_eq!(classify(word, None), Heard::Help, "{word}");
    }
    for text in ["help me book", "info on prices", "🙂", "", "   "] {
        assert_eq!(classify(text, None), Heard::Nothing, "{text}");
    }
}

#[test]
fn a_keyword_may_be_a_sentence_of_its_own() {
    for text in [
        "STOP. I already told you.",
        "nope, stop",
        "Why do you write to me? Stop!",
        "Falsch verbunden. Stopp.",
    ] {
        assert!(classify(text, None).is_opt_out(), "{text}");
    }
    for text in [
        "stop, I meant Tuesday",
        "should I stop?",
        "Stop? No, go on.",
        "I quit. Mornings work now.",
        "That's it, the end.",
    ] {
        assert_eq!(classify(text, None), Heard::Nothing, "{text}");
    }
}

#[test]
fn words_of_one_language_count_only_in_it() {
    assert!(classify("Ende", Some(Language::De)).is_opt_out());
    assert!(!classify("Ende", Some(Language::En)).is_opt_out());
    assert!(!classify("fin", None).is_opt_out());
}

#[test]
fn another_channel_may_stay_open() {
    let scope = |text: &str| match classify(text, None) {
        Heard::OptOut { scope, .. } => Some(scope),
        _ => None,
    };
    assert_eq!(scope("stop texting me"), Some(Scope::Everything));
    assert_eq!(scope("stop texting me, email me instead"), Some(Scope::ThisChannel));
    assert_eq!(scope("no more texts please, e-mail is fine"), Some(Scope::ThisChannel));
    assert_eq!(scope("keine SMS mehr bitte, lieber per Mail"), Some(Scope::ThisChannel));
}

#[derive(Debug, Deserialize)]
struct Labelled {
    opt_out: Vec<String>,
    other: Vec<String>,
}

/// Right opt-outs, wrong opt-outs, missed opt-outs.
fn measure(set: &str, groups: &BTreeMap<String, Labelled>) -> (usize, usize, usize) {
    let mut total = (0, 0, 0);
    for (language, labelled) in groups {
        let hint = Language::of_tag(language);
        let missed: Vec<&String> =
            labelled.opt_out.iter().filter(|text| !classify(text, hint).is_opt_out()).collect();
        let wrong: Vec<&String> =
            labelled.other.iter().filter(|text| classify(text, hint).is_opt_out()).collect();
        println!("{set}.{language}: missed {missed:#?}, wrong {wrong:#?}");
        total.0 += labelled.opt_out.len() - missed.len();
        total.1 += wrong.len();
        total.2 += missed.len();
    }
    let (right, wrong, missed) = total;
    let share = |of: usize| right as f64 / of as f64;
    println!("{set}: precision {:.3}, recall {:.3}", share(right + wrong), share(right + missed));
    total
}

/// Floors: on sentences nobody tuned for, 95 of 100 taken for an opt-out are one, and three quarters are found.
/// Measured when `blind` was written: precision 1.00, recall 0.79 of 38 and 38 sentences.
#[test]
fn sentences_are_told_apart() {
    let sets: BTreeMap<String, BTreeMap<String, Labelled>> =
        toml::from_str(include_str!("labelled.toml")).unwrap();
    let count = |of: fn(&Labelled) -> usize| sets.values().flat_map(BTreeMap::values).map(of).sum::<usize>();
    assert!(count(|labelled| labelled.opt_out.len()) >= 200);
    assert!(count(|labelled| labelled.other.len()) >= 200);
    for (set, most) in [("dev", 0), ("unseen", 1), ("fresh", 0)] {
        let (right, wrong, missed) = measure(set, &sets[set]);
        assert!(wrong == 0 && missed <= most, "{set}: {right} right, {wrong} wrong, {missed} missed");
    }
    for (set, found) in [("held_out", 95), ("blind", 75)] {
        let (right, wrong, missed) = measure(set, &sets[set]);
        assert!(right * 100 >= (right + wrong) * 95, "{set}: {right} right, {wrong} wrong");
        assert!(right * 100 >= (right + missed) * found, "{set}: {right} right, {missed} missed");
    }
}

#[test]
#[ignore = "prints figures"]
fn how_long_it_takes() {
    let start = std::time::Instant::now();
    classify("", None);
    println!("ready after {:?}", start.elapsed());
    let texts = [
        "Can I come on Tuesday at 3, please? My tooth hurts since yesterday.",
        "please stop texting me",
        "STOP",
    ];
    for text in texts {
        classify(text, None);
        let start = std::time::Instant::now();
        for _ in 0..1_000 {
            classify(text, None);
        }
        println!("{:?} each: {text}", start.elapsed() / 1_000);
    }
    let long = "word and another ".repeat(60);
    let start = std::time::Instant::now();
    classify(&long, None);
    println!("{:?}: a long one", start.elapsed());
}

proptest! {
    #[test]
    fn no_text_upsets_it(text in "\\PC{0,200}", tail in "[ .!?🙏]{0,5}") {
        classify(&text, None);
        let stop = format!("sToP{tail}");
        prop_assert!(is_keyword(classify(&stop, None)));
    }
}
