//! Tables of any format: finds the heading row and adds one block per row.

use super::Builder;
use crate::text;

/// Adds `rows` to `builder`. `header_rows` is how many of them the format marks as headings, when it marks any.
pub(super) fn add(builder: &mut Builder<'_>, rows: &[Vec<String>], header_rows: Option<usize>) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    if columns == 1 {
        for cell in rows.iter().flatten() {
            builder.paragraph(cell);
        }
        return;
    }
    let header_count = header_rows.unwrap_or_else(|| usize::from(first_row_is_header(rows)));
    let header: Vec<String> = match rows.get(..header_count) {
        Some(heads) if header_count > 0 => (0..columns).map(|column| column_name(heads, column)).collect(),
        _ => Vec::new(),
    };
    for (index, cells) in rows.iter().skip(header_count).enumerate() {
        if builder.is_full() {
            return;
        }
        let row = index as u32 + 1;
        match cells.as_slice() {
            // Without headings, "Monday | 9 to 5" reads best as "Monday: 9 to 5".
            [name, value] if header.is_empty() && !name.trim().is_empty() && !value.trim().is_empty() => {
                let joined =
                    format!("{}: {}", text::squeeze(name).trim_end_matches(':'), text::squeeze(value));
                builder.row(&[], &[joined], row);
            }
            _ => builder.row(&header, cells, row),
        }
    }
}

fn column_name(heads: &[Vec<String>], column: usize) -> String {
    let parts: Vec<String> = heads
        .iter()
        .filter_map(|row| row.get(column))
        .map(|cell| text::squeeze(cell))
        .filter(|cell| !cell.is_empty())
        .collect();
    parts.join(" ").trim_end_matches(':').to_owned()
}

/// A first row of short, distinct words above rows that hold numbers or longer text.
pub(super) fn first_row_is_header(rows: &[Vec<String>]) -> bool {
    let Some((first, rest)) = rows.split_first() else { return false };
    let named = first.iter().filter(|cell| !cell.trim().is_empty()).count();
    let plain = first.iter().all(|cell| {
        let cell = cell.trim();
        cell.chars().count() <= 60 && !cell.chars().any(|c| c.is_ascii_digit()) && !cell.ends_with(['.', '!'])
    });
    let mut seen = std::collections::HashSet::new();
    let distinct = first.iter().all(|cell| cell.trim().is_empty() || seen.insert(cell.trim().to_lowercase()));
    if rest.is_empty() || named < 2 || named + 1 < first.len() || !plain || !distinct {
        return false;
    }
    let values = |row: &[String]| {
        row.iter().any(|cell| cell.chars().any(|c| c.is_ascii_digit()) || cell.chars().count() > 30)
    };
    first.len() > 2 || rest.iter().filter(|row| values(row)).count() * 2 >= rest.len()
}
