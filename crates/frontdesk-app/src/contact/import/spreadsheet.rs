//! Excel workbooks: the first sheet as comma separated text, cell by cell.
//!
//! A workbook is a ZIP of XML, and its shared texts are held in memory while it is read: what unpacks to more than
//! [`MAX_UNPACKED`] is refused before it is.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read};

use calamine::{Data, DataRef, Reader, Xlsx};

use super::Files;
use super::file::io;
use crate::{AppError, Result};

/// Most bytes of a workbook, packed.
const MAX_PACKED: u64 = 100 * 1024 * 1024;
/// Most bytes of a workbook, unpacked, and of its shared texts.
const MAX_UNPACKED: u64 = 2 * 1024 * 1024 * 1024;
const MAX_SHARED: u64 = 192 * 1024 * 1024;
/// Most columns that are read.
const MAX_COLUMNS: usize = 500;

fn damaged(error: impl std::fmt::Display) -> AppError {
    AppError::invalid("/file", format!("is an Excel workbook that cannot be read ({error}); save it as CSV"))
}

/// Writes the first sheet as text.
pub(super) fn to_text(files: &Files) -> Result<()> {
    check_size(files)?;
    let file = File::open(files.original()).map_err(|error| io(&error))?;
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(damaged)?;
    let sheet = book.sheet_names().first().cloned().ok_or_else(|| damaged("it has no sheet"))?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(damaged)?;
    let out = BufWriter::new(File::create(files.text()).map_err(|error| io(&error))?);
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(out);
    let (mut row, mut at): (Vec<String>, Option<u32>) = (Vec::new(), None);
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (line, column) = cell.get_position();
        if at.is_some_and(|at| at != line) {
            out.write_record(&row).map_err(damaged)?;
            row.clear();
        }
        at = Some(line);
        let column = column as usize;
        if column >= MAX_COLUMNS {
            return Err(AppError::invalid("/file", "has too many columns: at most 200"));
        }
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        if let Some(place) = row.get_mut(column) {
            *place = text(cell.get_value());
        }
    }
    if !row.is_empty() {
        out.write_record(&row).map_err(damaged)?;
    }
    out.flush().map_err(|error| io(&error))?;
    drop(cells);
    drop(book);
    std::fs::remove_file(files.original()).map_err(|error| io(&error))
}

/// Unpacks everything once without keeping it: what a ZIP says of its sizes need not be true.
fn check_size(files: &Files) -> Result<()> {
    let file = File::open(files.original()).map_err(|error| io(&error))?;
    if file.metadata().map_err(|error| io(&error))?.len() > MAX_PACKED {
        return Err(AppError::invalid("/file", "is an Excel workbook of more than 100 MB; save it as CSV"));
    }
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    let mut left = MAX_UNPACKED;
    for n in 0..archive.len() {
        let entry = archive.by_index(n).map_err(damaged)?;
        let shared = entry.name().map_err(damaged)?.to_lowercase().contains("sharedstrings");
        let most = if shared { left.min(MAX_SHARED) } else { left };
        let read = std::io::copy(&mut entry.take(most + 1), &mut std::io::sink()).map_err(damaged)?;
        if read > most {
            return Err(AppError::invalid(
                "/file",
                "is an Excel workbook that is too large to be read; save it as CSV",
            ));
        }
        left -= read;
    }
    Ok(())
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::DateTime(at) if at.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            if (hour, minute, second) == (0, 0, 0) {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
            }
        }
        // A phone number typed as a number is one: not 4.15E9.
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Error(_) | DataRef::Empty => String::new(),
        other => Data::from(other.clone()).to_string(),
    }
}
