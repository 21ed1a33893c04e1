//! Speed of the index at 10,000 and 100,000 chunks. Not a test: it prints, and asserts nothing about time.

use frontdesk_knowledge::chunk::Chunk;
use frontdesk_knowledge::index::{Change, EmbedderInfo, Index, IndexedChunk, Query, SourceRef};
use frontdesk_knowledge::language::Language;
use frontdesk_knowledge::parse::Place;
use std::time::Instant;
use uuid::Uuid;

/// A small deterministic generator (PCG-like), enough for word choice.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A word of a Zipf-like vocabulary of 20,000.
    fn word(&mut self) -> String {
        format!("w{}", self.letters())
    }

    fn letters(&mut self) -> String {
        let mut rank = 20_000_f64.powf(self.roll()) as u32;
        let mut letters = String::new();
        while rank > 0 {
            letters.push(char::from(b'a' + (rank % 26) as u8));
            rank /= 26;
        }
        letters
    }

    fn vector(&mut self) -> Vec<f32> {
        (0..384).map(|_| (self.roll() - 0.5) as f32).collect()
    }
}

fn measure(chunks: usize, with_vectors: bool) {
    let mut dice = Dice(7);
    let embedder = with_vectors.then(|| EmbedderInfo { name: "random".into(), dimensions: 384 });
    let index = Index::new(embedder);
    let mut changes = Vec::new();
    for number in 0..chunks / 100 {
        let chunks = (0..100).map(|ordinal| IndexedChunk {
            id: Uuid::from_u128((number * 100 + ordinal) as u128 + 1),
            chunk: Chunk {
                ordinal: ordinal as u32,
                text: (0..100).map(|_| dice.word()).collect::<Vec<_>>().join(" "),
                context: String::new(),
                place: Place::default(),
                question: None,
            },
            vector: with_vectors.then(|| dice.vector()),
        });
        let chunks = chunks.collect();
        let source = SourceRef {
            id: Uuid::from_u128((number as u128 + 1) << 64),
            title: String::new(),
            language: Language::English,
        };
        changes.push(Change::Upsert { source, chunks });
    }
    let before = Instant::now();
    index.apply(changes);
    println!("{chunks} chunks, vectors {with_vectors}: indexed in {:.2?}", before.elapsed());
    let mut times: Vec<f64> = (0..500)
        .map(|_| {
            let text = (0..6).map(|_| dice.word()).collect::<Vec<_>>().join(" ");
            let query = Query { vector: with_vectors.then(|| dice.vector()), ..Query::new(text) };
            // The best of three: the machine does other work too.
            let once = || {
                let before = Instant::now();
                let found = index.search(&query);
                assert!(!found.hits.is_empty());
                before.elapsed().as_secs_f64() * 1e3
            };
            once().min(once()).min(once())
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("  search p50 {:.2} ms, p99 {:.2} ms", times[250], times[495]);
    let change = Change::Upsert {
        source: SourceRef { id: Uuid::from_u128(1 << 64), title: String::new(), language: Language::English },
        chunks: Vec::new(),
    };
    let before = Instant::now();
    index.apply(vec![change]);
    println!("  one small change in {:.2?}", before.elapsed());
}

#[test]
#[ignore = "prints times; run with --ignored --nocapture and optimisation"]
fn print_search_times() {
    for chunks in [10_000, 100_000] {
        for with_vectors in [false, true] {
            measure(chunks, with_vectors);
        }
    }
}
