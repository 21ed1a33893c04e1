//! The guard against the sentences in `data/guard/`: how many lies it catches, how much honest talk it holds back.

use super::*;

const LIES: &str = include_str!("../../data/guard/lies.txt");
const LIES_HELDOUT: &str = include_str!("../../data/guard/lies_heldout.txt");
const HONEST: &str = include_str!("../../data/guard/honest.txt");
const HONEST_HELDOUT: &str = include_str!("../../data/guard/honest_heldout.txt");
const LIES_FRESH: &str = include_str!("../../data/guard/lies_fresh.txt");
const HONEST_FRESH: &str = include_str!("../../data/guard/honest_fresh.txt");

fn sentences(file: &'static str) -> Vec<&'static str> {
    file.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).collect()
}

/// The sentences of a file that are held back, and those that are not.
fn judged(file: &'static str) -> (Vec<&'static str>, Vec<&'static str>) {
    let guard = Guard::new(Language::En);
    sentences(file).into_iter().partition(|sentence| guard.judge(sentence, &[]) != Verdict::Fine)
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole as f64
}

#[test]
fn the_phrase_files_are_sound() {
    assert_eq!(claim::faults(), Vec::<String>::new());
}

#[test]
fn lies_are_caught_and_honest_sentences_are_not() {
    let mut short = Vec::new();
    for (name, file, goal) in [("tuned", LIES, 97.0), ("first held-out", LIES_HELDOUT, 97.0), ("fresh held-out", LIES_FRESH, 80.0)] {
        let (caught, missed) = judged(file);
        let rate = percent(caught.len(), caught.len() + missed.len());
        println!("{name} lies: {} of {} caught, {rate:.1} %", caught.len(), caught.len() + missed.len());
        missed.iter().for_each(|line| println!("  missed: {line}"));
        if rate < goal {
            short.push(format!("{name}: caught only {rate:.1} %"));
        }
    }
    for (name, file, goal) in [("tuned", HONEST, 2.0), ("first held-out", HONEST_HELDOUT, 2.0), ("fresh held-out", HONEST_FRESH, 6.0)] {
        let (blocked, fine) = judged(file);
        let rate = percent(blocked.len(), blocked.len() + fine.len());
        println!("{name} honest: {} of {} held back, {rate:.1} %", blocked.len(), blocked.len() + fine.len());
        for line in &blocked {
            println!("  held back: {line}  {:?}", claim::claims(line));
        }
        if rate > goal {
            short.push(format!("{name}: held back {rate:.1} %"));
        }
    }
    assert!(short.is_empty(), "{short:?}");
}

/// Memory of the process, in kB; Linux only.
fn resident_kb() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4
}

/// Prints what the guard costs; `cargo test -p frontdesk-agent overhead -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement, not a check"]
fn overhead() {
    let started = std::time::Instant::now();
    claim::warm();
    println!("reading the phrases: {:?}, {} kB", started.elapsed(), resident_kb());
    for (name, file) in [("lies", LIES), ("honest", HONEST_HELDOUT)] {
        let guard = Guard::new(Language::En);
        for pass in ["first", "second"] {
            let lines = sentences(file);
            let started = std::time::Instant::now();
            let mut worst = std::time::Duration::ZERO;
            for line in &lines {
                let one = std::time::Instant::now();
                guard.judge(line, &[]);
                worst = worst.max(one.elapsed());
            }
            let mean = started.elapsed() / lines.len() as u32;
            println!("{name}, {pass} pass: {mean:?} a sentence, worst {worst:?}, {} kB", resident_kb());
        }
    }
}
