use super::*;
use crate::parse::Place;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn source(number: u128, language: Language, texts: &[&str]) -> Change {
    let chunks = texts.iter().enumerate().map(|(ordinal, text)| IndexedChunk {
        id: id(number * 1_000_000 + ordinal as u128),
        chunk: Chunk {
            ordinal: ordinal as u32,
            text: (*text).to_owned(),
            context: format!("Source {number}"),
            place: Place::default(),
            question: None,
        },
        vector: None,
    });
    let source = SourceRef { id: id(number), title: format!("Source {number}"), language };
    Change::Upsert { source, chunks: chunks.collect() }
}

fn texts(index: &Index, query: &str) -> Vec<String> {
    index.search(&Query::new(query)).hits.into_iter().map(|hit| hit.text).collect()
}

#[test]
fn finds_the_passage_whose_rare_words_match() {
    let index = Index::new(None);
    index.apply(vec![source(
        1,
        Language::English,
        &[
            "We are open on Mondays and Tuesdays.",
            "Parking is free behind the building.",
            "Our team of Monday people is friendly.",
        ],
    )]);
    assert_eq!(texts(&index, "where can I park?")[0], "Parking is free behind the building.");
    assert_eq!(texts(&index, "opening on monday")[0], "We are open on Mondays and Tuesdays.");
    assert!(texts(&index, "helicopter").is_empty());
    assert!(texts(&index, "").is_empty());
}

#[test]
fn a_source_is_replaced_whole_and_removed_whole() {
    let index = Index::new(None);
    index.apply(vec![
        source(1, Language::English, &["blue paint", "red paint"]),
        source(2, Language::English, &["green paint"]),
    ]);
    index.apply(vec![source(1, Language::English, &["yellow paint"])]);
    let mut found = texts(&index, "paint");
    found.sort();
    assert_eq!(found, ["green paint", "yellow paint"]);
    assert!(texts(&index, "blue").is_empty());
    index.apply(vec![Change::Remove { source: id(1) }]);
    assert_eq!(texts(&index, "paint"), ["green paint"]);
    index.apply(vec![Change::Remove { source: id(2) }]);
    assert_eq!(index.size(), IndexSize::default());
    assert!(texts(&index, "paint").is_empty());
}

#[test]
fn of_two_changes_to_a_source_in_one_batch_the_last_counts() {
    let index = Index::new(None);
    index.apply(vec![source(1, Language::English, &["old"]), source(1, Language::English, &["fresh"])]);
    assert_eq!(index.size(), IndexSize { sources: 1, chunks: 1, segments: 1 });
    index.apply(vec![source(1, Language::English, &["newest"]), Change::Remove { source: id(1) }]);
    assert_eq!(index.size().chunks, 0);
}

#[test]
fn results_do_not_depend_on_how_sources_arrived() {
    let words = ["apple", "pear", "plum", "fig", "date", "lime", "kiwi", "melon"];
    let text = |n: usize| format!("{} {} {}", words[n % 8], words[(n / 2) % 8], words[(n / 5) % 8]);
    let changes: Vec<Change> =
        (0..200).map(|n| source(n as u128 + 1, Language::English, &[&text(n)])).collect();
    let at_once = Index::new(None);
    at_once.apply(changes.clone());
    let one_by_one = Index::new(None);
    for change in changes {
        one_by_one.apply(vec![change]);
    }
    assert!(one_by_one.size().segments <= 10, "{:?}", one_by_one.size());
    for query in ["apple pear", "fig lime kiwi", "melon"] {
        let (left, right) = (at_once.search(&Query::new(query)), one_by_one.search(&Query::new(query)));
        let ids = |found: &Found| found.hits.iter().map(|hit| (hit.chunk_id, hit.score)).collect::<Vec<_>>();
        assert_eq!(ids(&left), ids(&right));
    }
}

#[test]
fn each_language_is_stemmed_in_its_own_way_in_one_index() {
    let index = Index::new(None);
    index.apply(vec![
        source(1, Language::English, &["Appointments can be cancelled one day before."]),
        source(
            2,
            Language::Spanish,
            &["Las citas se pueden cancelar un día antes. La depilación cuesta 20 euros."],
        ),
        source(
            3,
            Language::German,
            &["Termine können einen Tag vorher abgesagt werden. Die Parkplätze sind kostenlos."],
        ),
        source(
            4,
            Language::French,
            &["Les rendez-vous peuvent être annulés la veille. Les horaires changent en été."],
        ),
    ]);
    let first = |query: &str| index.search(&Query::new(query)).hits.first().map(|hit| hit.source_id);
    assert_eq!(first("cancel my appointment"), Some(id(1)));
    assert_eq!(first("¿Puedo cancelar mi cita?"), Some(id(2)));
    assert_eq!(first("depilacion precio"), Some(id(2)));
    assert_eq!(first("Gibt es einen Parkplatz?"), Some(id(3)));
    assert_eq!(first("quel est l'horaire d'été"), Some(id(4)));
}

#[test]
fn a_typing_slip_still_finds_the_word() {
    let index = Index::new(None);
    index.apply(vec![source(1, Language::English, &["We offer whitening.", "We sell toothbrushes."])]);
    let found = index.search(&Query::new("wihtening"));
    assert_eq!(found.hits[0].text, "We offer whitening.");
    assert!(found.terms[0].guessed);
}

#[test]
fn a_filter_shows_only_the_sources_asked_for() {
    let index = Index::new(None);
    index.apply(vec![
        source(1, Language::English, &["free coffee"]),
        source(2, Language::English, &["free tea"]),
    ]);
    let query = Query { sources: Some(HashSet::from([id(2)])), ..Query::new("free") };
    let hits = index.search(&query).hits;
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].source_id, id(2));
}

#[test]
fn vectors_find_what_words_do_not_and_words_break_ties() {
    let index = Index::new(Some(EmbedderInfo { name: "test".into(), dimensions: 3 }));
    let mut change =
        source(1, Language::English, &["Dogs are welcome.", "Cats sleep a lot.", "Cars are fast."]);
    if let Change::Upsert { chunks, .. } = &mut change {
        for (chunk, vector) in chunks.iter_mut().zip([[1.0, 0.1, 0.0], [0.8, 0.6, 0.0], [0.0, 0.0, 1.0]]) {
            chunk.vector = Some(vector.to_vec());
        }
    }
    index.apply(vec![change]);
    let query = Query { vector: Some(vec![1.0, 0.0, 0.0]), ..Query::new("canine policy") };
    let found = index.search(&query);
    assert_eq!(found.hits[0].text, "Dogs are welcome.");
    assert_eq!(found.hits[0].vector_rank, Some(1));
    assert_eq!(found.hits[0].lexical_rank, None);
    let query = Query { vector: Some(vec![0.9, 0.35, 0.0]), ..Query::new("cats") };
    assert_eq!(index.search(&query).hits[0].text, "Cats sleep a lot.");
}

#[test]
fn whole_documents_are_ranked_by_all_their_chunks() {
    let index = Index::new(None);
    index.apply(vec![
        source(
            1,
            Language::English,
            &["gene expression in yeast", "regulation of transcription in yeast cells"],
        ),
        source(2, Language::English, &["gene therapy for children", "clinical outcomes of surgery"]),
    ]);
    let hits = index.search_documents(&Query::new("gene transcription"));
    assert_eq!(hits[0].source_id, id(1));
    assert_eq!(hits.len(), 2);
}

#[test]
fn searchers_see_a_source_old_or_new_but_never_half() {
    let index = Arc::new(Index::new(None));
    let version = |n: usize| {
        let text = format!("common version{n}");
        source(1, Language::English, &[&text, &text, &text])
    };
    index.apply(vec![version(0)]);
    let reader = {
        let index = Arc::clone(&index);
        std::thread::spawn(move || {
            for _ in 0..2_000 {
                let hits = index.search(&Query::new("common")).hits;
                assert_eq!(hits.len(), 3);
                assert!(hits.iter().all(|hit| hit.text == hits[0].text));
            }
        })
    };
    for n in 1..300 {
        index.apply(vec![version(n), source(2 + (n as u128 % 7), Language::English, &["filler text"])]);
    }
    reader.join().unwrap();
}
