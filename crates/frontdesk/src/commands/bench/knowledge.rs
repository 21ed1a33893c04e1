//! How fast a warm search is, over 10,000 and 100,000 passages, by words alone and with embeddings.
//!
//! The passages are made up but shaped like real ones: sentences of common words with a long tail of rare ones (Zipf's
//! law), headings, prices and times. A question is six words of one of the passages, so that every search finds
//! something. Vectors are random: what they say does not change how long comparing them takes.

use std::time::Instant;

use frontdesk_domain::id::uuid_v7;
use frontdesk_domain::random::{Random, SeededRandom};
use frontdesk_domain::time::Timestamp;
use frontdesk_knowledge::answer;
use frontdesk_knowledge::chunk::Chunk;
use frontdesk_knowledge::index::{Change, EmbedderInfo, Index, IndexedChunk, Query, SourceRef};
use frontdesk_knowledge::language::Language;
use frontdesk_knowledge::parse::Place;

/// Name, value, unit, goal, `lower` or `higher`, how it was measured.
pub type Figure = (String, f64, &'static str, Option<f64>, &'static str, String);

/// Passages of one source.
const PER_SOURCE: usize = 50;
/// Words of a passage.
const WORDS: usize = 90;
/// Words there are.
const VOCABULARY: f64 = 30_000.0;
/// Length of a vector, that of all-MiniLM-L6-v2.
const DIMENSIONS: usize = 384;
/// Questions asked.
const QUESTIONS: usize = 1_000;

/// Common words stand first; the rest of the vocabulary is made of syllables.
const COMMON: &[&str] = &[
    "appointment",
    "open",
    "price",
    "room",
    "guest",
    "booking",
    "free",
    "hour",
    "staff",
    "service",
    "card",
    "payment",
    "parking",
    "treatment",
    "cancel",
    "change",
    "phone",
    "address",
    "day",
    "weekend",
    "morning",
    "evening",
    "visit",
    "family",
    "child",
    "discount",
    "member",
    "order",
    "delivery",
    "return",
    "form",
    "insurance",
    "doctor",
    "cleaning",
];

/// Measures searches; takes about a minute.
pub fn bench() -> Vec<Figure> {
    let mut figures = Vec::new();
    for (size, label, goal) in [(10_000, "10k", 3.0), (100_000, "100k", 20.0)] {
        for vectors in [false, true] {
            measure(size, label, goal, vectors, &mut figures);
        }
    }
    figures
}

fn measure(size: usize, label: &str, goal: f64, vectors: bool, figures: &mut Vec<Figure>) {
    let mut writer = Writer::new();
    let (index, seconds) = fill(&mut writer, size, vectors);
    let questions: Vec<Query> = (0..QUESTIONS)
        .map(|_| Query { vector: vectors.then(|| writer.vector()), ..Query::new(writer.question()) })
        .collect();
    // Warm: every page of memory has been touched, the tables of languages are read.
    for question in questions.iter().take(50) {
        answer::ask(&index, question.clone());
    }
    let search = times(&questions, |question| {
        std::hint::black_box(index.search(&question));
    });
    let answering = times(&questions, |question| {
        std::hint::black_box(answer::ask(&index, question));
    });
    let kind = if vectors { "words and vectors" } else { "words" };
    let part = if vectors { "hybrid" } else { "words" };
    let note = format!("{size} passages, {kind}, {QUESTIONS} questions, one thread");
    let mut add = |name: &str, value: f64, unit, goal, note: &str| {
        figures.push((
            format!("knowledge.{name}.{part}.{label}"),
            value,
            unit,
            goal,
            "lower",
            note.to_owned(),
        ));
    };
    add("search.p50", percentile(&search, 50), "ms", None, &note);
    add("search.p99", percentile(&search, 99), "ms", Some(goal), &note);
    add("answer.p99", percentile(&answering, 99), "ms", None, &format!("search and answer; {note}"));
    add("index.build", seconds, "s", None, &format!("{size} passages, {kind}"));
}

fn fill(writer: &mut Writer, size: usize, vectors: bool) -> (Index, f64) {
    let index =
        Index::new(vectors.then(|| EmbedderInfo { name: "random".to_owned(), dimensions: DIMENSIONS }));
    let changes: Vec<Change> = (0..size / PER_SOURCE).map(|_| writer.source(vectors)).collect();
    let began = Instant::now();
    index.apply(changes);
    (index, began.elapsed().as_secs_f64())
}

fn times(questions: &[Query], ask: impl Fn(Query)) -> Vec<f64> {
    let mut times: Vec<f64> = questions
        .iter()
        .map(|question| {
            let question = question.clone();
            let began = Instant::now();
            ask(question);
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

/// The nearest-rank percentile.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

/// Writes passages, the same ones in every run.
struct Writer {
    random: SeededRandom,
    /// Words of passages, to be asked for.
    written: Vec<String>,
}

impl Writer {
    fn new() -> Self {
        Self { random: SeededRandom::new(7), written: Vec::new() }
    }

    /// A number from 0 up to 1.
    fn roll(&self) -> f64 {
        (self.random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A word of rank r is about r times rarer than the first.
    fn word(&self) -> String {
        const SYLLABLES: &[&str] = &[
            "ba", "cor", "den", "fi", "gal", "hon", "jus", "ker", "lim", "mo", "nar", "pel", "qui", "ras",
            "ten", "vol",
        ];
        let rank = VOCABULARY.powf(self.roll()) as usize - 1;
        if let Some(common) = COMMON.get(rank) {
            return (*common).to_owned();
        }
        let mut word = String::new();
        let mut rest = rank;
        while rest > 0 {
            word.push_str(SYLLABLES.get(rest % SYLLABLES.len()).unwrap_or(&"a"));
            rest /= SYLLABLES.len();
        }
        word
    }

    fn passage(&mut self) -> String {
        const SMALL: &[&str] =
            &["the", "of", "and", "to", "is", "in", "for", "you", "we", "with", "our", "your"];
        let mut text = String::new();
        for at in 0..WORDS {
            // Running text is about four tenths small words.
            let word = if self.roll() < 0.4 {
                SMALL.get((self.roll() * SMALL.len() as f64) as usize).copied().unwrap_or("the").to_owned()
            } else {
                let word = self.word();
                if self.roll() < 0.02 {
                    self.written.push(word.clone());
                }
                word
            };
            text.push_str(&word);
            text.push_str(if at % 14 == 13 { ". " } else { " " });
        }
        let (dollars, hour) = ((self.roll() * 200.0) as u32, (self.roll() * 12.0) as u32);
        text + &format!("It costs {dollars} dollars at {hour} o'clock.")
    }

    fn question(&self) -> String {
        let pick = || {
            self.written
                .get((self.roll() * self.written.len() as f64) as usize)
                .map_or("price", String::as_str)
        };
        let words: Vec<&str> = (0..6).map(|_| pick()).collect();
        format!("what is {}", words.join(" "))
    }

    fn vector(&self) -> Vec<f32> {
        let raw: Vec<f32> = (0..DIMENSIONS).map(|_| self.roll() as f32 - 0.5).collect();
        let length = raw.iter().map(|value| value * value).sum::<f32>().sqrt();
        raw.iter().map(|value| value / length).collect()
    }

    fn source(&mut self, vectors: bool) -> Change {
        let id = |random: &SeededRandom| uuid_v7(Timestamp::from_millis(1), random);
        let title = format!("{} {}", self.word(), self.word());
        let mut chunks = Vec::with_capacity(PER_SOURCE);
        for ordinal in 0..PER_SOURCE {
            let heading = format!("{} {}", self.word(), self.word());
            let chunk = Chunk {
                ordinal: ordinal as u32,
                text: self.passage(),
                context: format!("{title} › {heading}"),
                place: Place { heading_path: vec![heading], ..Place::default() },
                question: None,
            };
            let vector = vectors.then(|| self.vector());
            chunks.push(IndexedChunk { id: id(&self.random), chunk, vector });
        }
        let source = SourceRef { id: id(&self.random), title, language: Language::English };
        Change::Upsert { source, chunks }
    }
}
