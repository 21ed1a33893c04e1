//! Finds question and answer pairs in running text: "Q: ... A: ..." paragraphs, and headings that are questions.

use super::{Block, BlockKind};

/// Longest question, in characters, that is taken for one.
const LONGEST_QUESTION: usize = 250;

/// Rewrites the pairs found in `blocks` as [`BlockKind::Faq`]; every other block stays as it is.
pub(super) fn recognise(blocks: Vec<Block>) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::with_capacity(blocks.len());
    let mut open: Option<Open> = None;
    for block in blocks {
        if let Some((question, rest)) = labelled_question(&block) {
            close(&mut found, open.take());
            open = Some(Open::new(&block, question, true));
            if let Some(answer) = rest {
                extend(&mut open, &answer, &block);
            }
            continue;
        }
        if let BlockKind::Heading { .. } = block.kind {
            close(&mut found, open.take());
            if is_question(&block.text) {
                open = Some(Open::new(&block, block.text.clone(), false));
            } else {
                found.push(block);
            }
            continue;
        }
        let belongs = match (&open, &block.kind) {
            (Some(open), BlockKind::Paragraph | BlockKind::ListItem) => {
                let labelled = strip_label(&block.text, &ANSWER_LABELS).is_some();
                if open.labelled {
                    // After a labelled answer, an unlabelled paragraph starts something else.
                    labelled || open.answer.is_empty()
                } else {
                    block.place.heading_path.contains(&open.heading)
                }
            }
            _ => false,
        };
        if belongs {
            let answer = strip_label(&block.text, &ANSWER_LABELS).unwrap_or(&block.text).to_owned();
            extend(&mut open, &answer, &block);
        } else {
            close(&mut found, open.take());
            found.push(block);
        }
    }
    close(&mut found, open);
    found
}

/// A question whose answer is being collected.
struct Open {
    source: Block,
    question: String,
    labelled: bool,
    /// The question as headings carry it.
    heading: String,
    answer: String,
}

impl Open {
    fn new(source: &Block, question: String, labelled: bool) -> Self {
        let heading = question.chars().take(200).collect();
        Self { source: source.clone(), question, labelled, heading, answer: String::new() }
    }
}

fn extend(open: &mut Option<Open>, answer: &str, from: &Block) {
    if let Some(open) = open {
        if !open.answer.is_empty() {
            open.answer.push(if from.kind == BlockKind::ListItem { '\n' } else { ' ' });
        }
        open.answer.push_str(answer);
    }
}

fn close(found: &mut Vec<Block>, open: Option<Open>) {
    let Some(Open { mut source, question, answer, .. }) = open else { return };
    if answer.is_empty() {
        found.push(source);
        return;
    }
    source.place.heading_path.retain(|heading| *heading != question);
    found.push(Block { kind: BlockKind::Faq { question }, text: answer, place: source.place });
}

const QUESTION_LABELS: [&str; 6] = ["q:", "q.", "question:", "frage:", "pregunta:", "f:"];
const ANSWER_LABELS: [&str; 7] = ["a:", "a.", "answer:", "antwort:", "respuesta:", "réponse:", "r:"];

fn strip_label<'a>(text: &'a str, labels: &[&str]) -> Option<&'a str> {
    labels.iter().find_map(|label| {
        let head = text.get(..label.len())?;
        let rest = text.get(label.len()..)?;
        (head.to_lowercase() == *label && rest.starts_with(' ')).then(|| rest.trim_start())
    })
}

/// "Q: When are you open? A: Always." gives the question and the answer, when that is on the same line.
fn labelled_question(block: &Block) -> Option<(String, Option<String>)> {
    if !matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Heading { .. }) {
        return None;
    }
    let rest = strip_label(&block.text, &QUESTION_LABELS)?;
    let answer_at = [" A: ", " Answer: ", " Antwort: ", " Respuesta: ", " Réponse: ", " R: "]
        .iter()
        .filter_map(|label| rest.find(label).map(|at| (at, at + label.len())))
        .min();
    let (question, answer) = match answer_at {
        Some((end, start)) => (rest.get(..end)?, rest.get(start..).map(str::to_owned)),
        None => (rest, None),
    };
    (question.chars().count() <= LONGEST_QUESTION).then(|| (question.trim().to_owned(), answer))
}

fn is_question(text: &str) -> bool {
    text.ends_with(['?', '？']) && text.chars().count() <= LONGEST_QUESTION && text.contains(' ')
}
