//! Measures answers on the calibration set: seven invented businesses, half of the questions not answerable.
//!
//! The threshold was chosen on the first three. Garage and gym, then restaurant and law firm, were first measured
//! untouched (see `answer`); their misses have since been looked at, so a fresh claim needs fresh businesses.

use frontdesk_knowledge::answer::{self, THRESHOLD};
use frontdesk_knowledge::chunk::{Size, chunk};
use frontdesk_knowledge::index::{Change, Index, IndexedChunk, Query, SourceRef};
use frontdesk_knowledge::parse::{Format, Limits, parse};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(Debug, Deserialize)]
struct Case {
    business: String,
    question: String,
    /// Words that a right answer contains; `None` when the documents hold no answer.
    quote: Option<String>,
}

const QUESTIONS: &str = include_str!("../data/answers.jsonl");

fn business(name: &str) -> Index {
    let text = match name {
        "dental" => include_str!("../data/dental.md"),
        "hotel" => include_str!("../data/hotel.md"),
        "salon" => include_str!("../data/salon.md"),
        "garage" => include_str!("../data/garage.md"),
        "gym" => include_str!("../data/gym.md"),
        "trattoria" => include_str!("../data/trattoria.md"),
        "law" => include_str!("../data/law.md"),
        other => panic!("no such business: {other}"),
    };
    index_of(text)
}

fn index_of(markdown: &str) -> Index {
    let document = parse(Format::Markdown, markdown.as_bytes(), &Limits::default()).unwrap();
    let chunks = chunk(&document, Size::default()).into_iter().enumerate();
    let chunks =
        chunks.map(|(n, chunk)| IndexedChunk { id: Uuid::from_u128(n as u128 + 1), chunk, vector: None });
    let title = document.title.clone().unwrap();
    let source = SourceRef { id: Uuid::from_u128(1 << 100), title, language: document.language };
    let index = Index::new(None);
    index.apply(vec![Change::Upsert { source, chunks: chunks.collect() }]);
    index
}

/// Counts over a set of cases at one threshold.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    right: u32,
    wrong: u32,
    missed: u32,
    refused: u32,
    invented: u32,
}

impl Tally {
    /// Of the answers given, the share that is right.
    fn precision(self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.wrong + self.invented).max(1))
    }

    /// Of the answerable questions, the share answered rightly.
    fn recall(self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.wrong + self.missed).max(1))
    }

    /// Of the unanswerable questions, the share refused.
    fn honesty(self) -> f64 {
        f64::from(self.refused) / f64::from((self.refused + self.invented).max(1))
    }
}

struct Judged {
    case: Case,
    text: String,
    confidence: f32,
}

fn judge_all(wanted: &[&str]) -> Vec<Judged> {
    let mut indexes: HashMap<String, Index> = HashMap::new();
    QUESTIONS
        .lines()
        .map(|line| serde_json::from_str::<Case>(line).unwrap())
        .filter(|case| wanted.contains(&case.business.as_str()))
        .map(|case| {
            let index = indexes.entry(case.business.clone()).or_insert_with(|| business(&case.business));
            let (found, _) = answer::ask(index, Query { limit: 12, ..Query::new(case.question.clone()) });
            let best = answer::best_answer(&case.question, None, &found);
            let (text, confidence) = best.map(|best| (best.text, best.confidence)).unwrap_or_default();
            Judged { case, text, confidence }
        })
        .collect()
}

fn tally(judged: &[Judged], threshold: f32) -> Tally {
    let mut tally = Tally::default();
    for one in judged {
        let given = one.confidence >= threshold;
        match &one.case.quote {
            Some(quote) if given && one.text.contains(quote.as_str()) => tally.right += 1,
            Some(_) if given => tally.wrong += 1,
            Some(_) => tally.missed += 1,
            None if given => tally.invented += 1,
            None => tally.refused += 1,
        }
    }
    tally
}

fn show(name: &str, judged: &[Judged]) {
    for one in judged {
        let given = one.confidence >= THRESHOLD;
        let right = one.case.quote.as_ref().map(|quote| one.text.contains(quote.as_str()));
        let bad = match right {
            Some(right) => !given || !right,
            None => given,
        };
        if bad {
            println!(
                "{name}: {:.2} {:?} -> {:?} (want {:?})",
                one.confidence, one.case.question, one.text, one.case.quote
            );
        }
    }
    for threshold in [0.5, 0.55, 0.58, 0.6, THRESHOLD, 0.65, 0.68, 0.7, 0.75] {
        let tally = tally(judged, threshold);
        println!(
            "{name} at {threshold:.2}: precision {:.3} recall {:.3} honesty {:.3} {tally:?}",
            tally.precision(),
            tally.recall(),
            tally.honesty()
        );
    }
}

#[test]
fn answers_are_right_and_silence_is_honest_on_the_businesses_it_was_tuned_on() {
    let judged = judge_all(&["dental", "hotel", "salon", "garage", "gym"]);
    show("tuned", &judged);
    let tally = tally(&judged, THRESHOLD);
    assert!(tally.precision() >= 0.98 && tally.recall() >= 0.95 && tally.honesty() >= 0.98, "{tally:?}");
}

#[test]
fn answers_are_right_and_silence_is_honest_on_businesses_kept_aside() {
    let judged = judge_all(&["trattoria", "law"]);
    show("aside", &judged);
    let tally = tally(&judged, THRESHOLD);
    assert!(tally.precision() >= 0.95 && tally.recall() >= 0.85 && tally.honesty() >= 0.95, "{tally:?}");
}

/// Small texts in the other languages: each with questions and the words of the right answer, or nothing.
type Foreign = (&'static str, &'static [(&'static str, Option<&'static str>)]);

const FOREIGN: [Foreign; 3] = [
    (
        "# Zahnarztpraxis Lindner\n\n## Öffnungszeiten\n\nMontag bis Donnerstag von 8 bis 17 Uhr, Freitag von 8 bis 13 Uhr. Am Wochenende ist die Praxis geschlossen.\n\n## Preise\n\nEine professionelle Zahnreinigung kostet 95 Euro. Bleaching kostet 320 Euro.\n\n## Anfahrt\n\nSie finden uns in der Gartenstraße 12 in Bremen. Parkplätze gibt es kostenlos im Hof.\n\n## Termine\n\nTermine können bis 24 Stunden vorher abgesagt werden, danach berechnen wir 40 Euro.\n",
        &[
            ("Was kostet eine Zahnreinigung?", Some("95 Euro")),
            ("Wann haben Sie am Freitag geöffnet?", Some("8 bis 13 Uhr")),
            ("Wo ist die Praxis?", Some("Gartenstraße 12")),
            ("Gibt es einen Parkplatz?", Some("kostenlos im Hof")),
            ("Kann ich meinen Termin absagen?", Some("24 Stunden")),
            ("Bieten Sie Implantate an?", None),
            ("Behandeln Sie auch Hunde?", None),
            ("Was kostet eine Zahnspange?", None),
        ],
    ),
    (
        "# Peluquería Luna\n\n## Horario\n\nAbrimos de martes a sábado de 10:00 a 20:00. Los lunes cerramos.\n\n## Precios\n\nEl corte de mujer cuesta 35 euros y el de hombre 20 euros. La depilación de cejas cuesta 8 euros.\n\n## Dirección\n\nEstamos en la calle Mayor 14 de Sevilla, junto al teatro.\n\n## Citas\n\nPuede cancelar su cita hasta doce horas antes sin coste.\n",
        &[
            ("¿Cuánto cuesta el corte de mujer?", Some("35 euros")),
            ("¿A qué hora abren el sábado?", Some("10:00 a 20:00")),
            ("¿Dónde están?", Some("calle Mayor 14")),
            ("¿Puedo cancelar mi cita?", Some("doce horas")),
            ("cuanto vale la depilacion de cejas", Some("8 euros")),
            ("¿Hacen manicura?", None),
            ("¿Tienen aparcamiento?", None),
            ("¿Venden pelucas?", None),
        ],
    ),
    (
        "# Garage Morel\n\n## Horaires\n\nLe garage est ouvert du lundi au vendredi de 8h à 18h. Il est fermé le samedi et le dimanche.\n\n## Tarifs\n\nLa vidange coûte 89 euros. Le contrôle des freins est gratuit.\n\n## Adresse\n\nNous sommes situés 5 rue des Lilas à Nantes.\n\n## Paiement\n\nNous acceptons les cartes bancaires et les espèces, mais pas les chèques.\n",
        &[
            ("Combien coûte une vidange ?", Some("89 euros")),
            ("Êtes-vous ouverts le samedi ?", Some("fermé le samedi")),
            ("Quelle est votre adresse ?", Some("rue des Lilas")),
            ("Acceptez-vous les chèques ?", Some("pas les chèques")),
            ("Réparez-vous les motos ?", None),
            ("Vendez-vous des pneus neige ?", None),
        ],
    ),
];

#[test]
fn answers_work_in_german_spanish_and_french() {
    let mut tally = Tally::default();
    for (text, cases) in FOREIGN {
        let index = index_of(text);
        for (asked, quote) in cases {
            let answer = answer::ask(&index, Query::new(*asked)).1;
            match (quote, &answer) {
                (Some(quote), Some(answer)) if answer.text.contains(quote) => tally.right += 1,
                (Some(_), Some(_)) => tally.wrong += 1,
                (Some(_), None) => tally.missed += 1,
                (None, Some(_)) => tally.invented += 1,
                (None, None) => tally.refused += 1,
            }
            println!("{asked} -> {:?} (want {quote:?})", answer.map(|answer| answer.text));
        }
    }
    assert!(tally.precision() >= 0.9 && tally.recall() >= 0.85 && tally.honesty() >= 0.85, "{tally:?}");
}

#[test]
fn an_answer_quotes_its_source_word_for_word() {
    let index = business("hotel");
    let answer = answer::ask(&index, Query::new("How much is the Lake Room?")).1.unwrap();
    let citation = &answer.citations[0];
    assert_eq!(citation.title, "Hotel Larkspur");
    assert_eq!(citation.place.heading_path, ["Hotel Larkspur", "Rooms"]);
    assert!(include_str!("../data/hotel.md").contains(&citation.quote), "{}", citation.quote);
    assert!(answer.confidence >= THRESHOLD);
}

#[test]
fn small_talk_is_not_answered_from_the_documents() {
    let index = business("salon");
    for asked in ["hello", "thanks", "", "???", "how are you", "who are you"] {
        assert_eq!(answer::ask(&index, Query::new(asked)).1, None, "{asked}");
    }
}
