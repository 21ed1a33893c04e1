//! CSV: one block per row, column names kept; two columns named question and answer give FAQ pairs.

use super::{Builder, Document, Limits, ParseError, table};

const QUESTION_NAMES: [&str; 5] = ["question", "frage", "pregunta", "q", "faq"];
const ANSWER_NAMES: [&str; 6] = ["answer", "antwort", "respuesta", "réponse", "reponse", "a"];

/// Reads separated values; the separator is found from the first lines.
pub(super) fn parse(text: &str, limits: &Limits) -> Result<Document, ParseError> {
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(separator(text))
        .has_headers(false)
        .flexible(true)
        .trim(::csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut builder = Builder::new(limits);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| ParseError::damaged(error.to_string()))?;
        let line = record.position().map_or(0, ::csv::Position::line);
        for field in &record {
            if field.len() > limits.field_bytes {
                return Err(ParseError::damaged(format!(
                    "the row at line {line} holds a field of more than {} kB; a quotation mark may be missing there",
                    limits.field_bytes / 1024
                )));
            }
        }
        if record.iter().any(|field| !field.is_empty()) {
            rows.push(record.iter().map(str::to_owned).collect());
        }
        if rows.len() > limits.blocks {
            return Err(ParseError::too_large("the number of its rows", limits.blocks.to_string()));
        }
    }
    match pair_columns(&rows) {
        Some((question, answer)) => add_pairs(&mut builder, &rows, question, answer),
        None => table::add(&mut builder, &rows, (rows.len() == 1).then_some(0)),
    }
    builder.finish(None)
}

fn separator(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(10).collect();
    let score = |separator: char| {
        let counts = lines.iter().map(|line| line.matches(separator).count());
        let fewest = counts.clone().min().unwrap_or_default();
        // A separator that every line has beats one that is merely frequent.
        (fewest, counts.sum::<usize>())
    };
    [(',', b','), (';', b';'), ('\t', b'\t'), ('|', b'|')]
        .into_iter()
        .rev()
        .max_by_key(|(separator, _)| score(*separator))
        .map_or(b',', |(_, byte)| byte)
}

fn pair_columns(rows: &[Vec<String>]) -> Option<(usize, usize)> {
    let header = rows.first()?;
    let find =
        |names: &[&str]| header.iter().position(|cell| names.contains(&cell.trim().to_lowercase().as_str()));
    Some((find(&QUESTION_NAMES)?, find(&ANSWER_NAMES)?))
}

fn add_pairs(builder: &mut Builder<'_>, rows: &[Vec<String>], question: usize, answer: usize) {
    for (index, row) in rows.iter().skip(1).enumerate() {
        let cell = |column: usize| row.get(column).map(String::as_str).unwrap_or_default();
        builder.faq(cell(question), cell(answer), Some(index as u32 + 1));
    }
}
