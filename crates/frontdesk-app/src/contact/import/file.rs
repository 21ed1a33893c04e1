//! The files of an import: which encoding and delimiter the upload has, its text as UTF-8, and reading rows from a place.
//!
//! Text that is not UTF-8 is taken for UTF-16 when it says so, else for Windows-1252, which is what office programs of the
//! Americas and Western Europe write.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use sha2::{Digest, Sha256};

use super::{Files, spreadsheet};
use crate::{AppError, Result};

/// How much of a file tells its delimiter.
const HEAD: u64 = 256 * 1024;
/// Most columns of a file.
const MAX_COLUMNS: usize = 200;
/// Longest header and sample shown, in characters.
const SHOWN: usize = 100;
/// How many rows are shown.
const PREVIEW: usize = 5;
/// Longest row, in bytes: a quote that is never closed must not draw the file into memory.
pub(super) const MAX_ROW: u64 = 1024 * 1024;

/// What a look at a file finds.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) headers: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    pub(super) encoding: &'static str,
    pub(super) delimiter: u8,
    /// The byte of the text at which the first row after the headers begins.
    pub(super) first_row: u64,
    /// The length of the text.
    pub(super) bytes: u64,
}

/// A failure of the disk.
pub(super) fn io(error: &std::io::Error) -> AppError {
    AppError::Internal(format!("files of an import: {error}"))
}

/// A name for a set of headers, whatever their case: 64 hexadecimal digits.
pub(super) fn headers_key<'a>(headers: impl Iterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for header in headers {
        hash.update(header.trim().to_lowercase().as_bytes());
        hash.update([0x1f]);
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        use std::fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Makes the text of an upload and looks at its beginning.
pub(super) fn look(files: &Files) -> Result<Look> {
    let mut start = [0_u8; 4];
    let read = File::open(files.original())
        .and_then(|mut file| file.read(&mut start))
        .map_err(|error| io(&error))?;
    let start = start.get(..read).unwrap_or_default();
    let encoding = if start.starts_with(b"PK\x03\x04") {
        spreadsheet::to_text(files)?;
        "XLSX"
    } else {
        to_utf8(files, start).map_err(|error| io(&error))?
    };
    let mut head = String::new();
    let text = File::open(files.text()).map_err(|error| io(&error))?;
    let bytes = text.metadata().map_err(|error| io(&error))?.len();
    let mut piece = Vec::new();
    text.take(HEAD).read_to_end(&mut piece).map_err(|error| io(&error))?;
    head.push_str(&String::from_utf8_lossy(&piece));
    if head.contains('\0') {
        return Err(AppError::invalid(
            "/file",
            "is neither text nor an Excel workbook; save it as CSV or XLSX",
        ));
    }
    let delimiter = if encoding == "XLSX" { b',' } else { delimiter(&head) };
    let mut rows = Rows::open(files, delimiter, 0)?;
    let mut record = csv::StringRecord::new();
    if !rows.read(&mut record).map_err(refused)? {
        return Err(AppError::invalid("/file", "is empty"));
    }
    let headers: Vec<String> = record.iter().map(shown).collect();
    if headers.len() > MAX_COLUMNS {
        return Err(AppError::invalid("/file", "has too many columns: at most 200"));
    }
    let first_row = rows.byte();
    let mut shown_rows = Vec::new();
    while shown_rows.len() < PREVIEW && rows.read(&mut record).map_err(refused)? {
        shown_rows.push(record.iter().map(shown).collect());
    }
    if shown_rows.is_empty() {
        return Err(AppError::invalid("/file", "has no rows below its headers"));
    }
    Ok(Look { headers, rows: shown_rows, encoding, delimiter, first_row, bytes })
}

fn refused(reason: String) -> AppError {
    AppError::invalid("/file", reason)
}

fn shown(text: &str) -> String {
    text.trim().chars().take(SHOWN).collect()
}

/// The upload as UTF-8 without a byte order mark; says which encoding it had.
fn to_utf8(files: &Files, start: &[u8]) -> std::io::Result<&'static str> {
    let encoding = if start.starts_with(&[0xff, 0xfe]) {
        encoding_rs::UTF_16LE
    } else if start.starts_with(&[0xfe, 0xff]) {
        encoding_rs::UTF_16BE
    } else if is_utf8(files)? {
        if start.starts_with(&[0xef, 0xbb, 0xbf]) {
            encoding_rs::UTF_8
        } else {
            std::fs::rename(files.original(), files.text())?;
            return Ok("UTF-8");
        }
    } else {
        encoding_rs::WINDOWS_1252
    };
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut from = BufReader::with_capacity(1 << 16, File::open(files.original())?);
    let mut to = BufWriter::with_capacity(1 << 16, File::create(files.text())?);
    let (mut piece, mut text) = (vec![0_u8; 1 << 16], String::with_capacity(1 << 18));
    loop {
        let read = from.read(&mut piece)?;
        text.clear();
        let _ = decoder.decode_to_string(piece.get(..read).unwrap_or_default(), &mut text, read == 0);
        to.write_all(text.as_bytes())?;
        if read == 0 {
            break;
        }
    }
    to.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    std::fs::remove_file(files.original())?;
    Ok(encoding.name())
}

fn is_utf8(files: &Files) -> std::io::Result<bool> {
    let mut from = File::open(files.original())?;
    let mut piece = vec![0_u8; 1 << 18];
    let mut kept = 0;
    loop {
        let read = from.read(piece.get_mut(kept..).unwrap_or_default())?;
        let filled = kept + read;
        match std::str::from_utf8(piece.get(..filled).unwrap_or_default()) {
            Ok(_) => kept = 0,
            // A character that goes on in the next piece.
            Err(error) if error.error_len().is_none() && read > 0 => {
                piece.copy_within(error.valid_up_to()..filled, 0);
                kept = filled - error.valid_up_to();
            }
            Err(_) => return Ok(false),
        }
        if read == 0 {
            return Ok(kept == 0);
        }
    }
}

/// The delimiter under which most of the first rows have as many columns as the headers.
fn delimiter(head: &str) -> u8 {
    let score = |delimiter: u8| {
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(head.as_bytes());
        let widths: Vec<usize> = reader
            .into_byte_records()
            .take(20)
            .map_while(|record| record.ok().map(|record| record.len()))
            .collect();
        let first = widths.first().copied().unwrap_or(0);
        if first < 2 {
            return (0, 0);
        }
        (widths.iter().filter(|width| **width == first).count(), first)
    };
    [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

/// Rows of a text from a place in it.
pub(super) struct Rows {
    reader: csv::Reader<Bounded>,
    start: u64,
}

/// Reads a file, but not more for one row than it may be long.
struct Bounded {
    file: File,
    left: std::sync::Arc<std::sync::atomic::AtomicU64>,
}

impl Read for Bounded {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        use std::sync::atomic::Ordering;
        if self.left.load(Ordering::Relaxed) == 0 {
            return Err(std::io::Error::other("too long"));
        }
        let read = self.file.read(into)?;
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            Some(left.saturating_sub(read as u64))
        });
        Ok(read)
    }
}

impl Rows {
    pub(super) fn open(files: &Files, delimiter: u8, from: u64) -> Result<Self> {
        let mut file = File::open(files.text()).map_err(|error| io(&error))?;
        file.seek(SeekFrom::Start(from)).map_err(|error| io(&error))?;
        let left = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(MAX_ROW));
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 16)
            .from_reader(Bounded { file, left });
        Ok(Self { reader, start: from })
    }

    /// The byte at which the next row begins.
    pub(super) fn byte(&self) -> u64 {
        self.start + self.reader.position().byte()
    }

    /// Reads the next row; false at the end.
    ///
    /// # Errors
    /// Says why the file cannot be read on, in words for the person who sent it.
    pub(super) fn read(&mut self, into: &mut csv::StringRecord) -> std::result::Result<bool, String> {
        self.reader.get_ref().left.store(MAX_ROW, std::sync::atomic::Ordering::Relaxed);
        self.reader.read_record(into).map_err(|error| {
            format!(
                "cannot be read on after byte {}: a row is longer than 1 MB, probably because a quotation mark is never closed ({error})",
                self.byte()
            )
        })
    }
}

/// Removes what was uploaded; the refused rows stay.
pub(super) async fn forget_text(files: &Files) {
    for path in [files.text(), files.original()] {
        let _ = tokio::fs::remove_file(path).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(content: &[u8]) -> (tempfile::TempDir, Files) {
        let folder = tempfile::tempdir().unwrap();
        let files = Files { folder: folder.path().to_owned() };
        std::fs::write(files.original(), content).unwrap();
        (folder, files)
    }

    #[test]
    fn encodings_and_delimiters_are_found_out() {
        let latin = b"Nombre;Tel\xe9fono;Ciudad\nJos\xe9;1,5;Le\xf3n\n";
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("Name\tCity\nJosé\tLeón\n".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let cases: [(&[u8], &str, u8, &str); 4] = [
            (latin, "windows-1252", b';', "José"),
            (&utf16, "UTF-16LE", b'\t', "José"),
            ("\u{feff}Name,City\nJosé,León\n".as_bytes(), "UTF-8", b',', "José"),
            ("Name|City\n\"Jo|sé\"|León\n".as_bytes(), "UTF-8", b'|', "Jo|sé"),
        ];
        for (content, encoding, delimiter, first) in cases {
            let (_folder, files) = files(content);
            let look = look(&files).unwrap();
            assert_eq!((look.encoding, look.delimiter), (encoding, delimiter));
            assert_eq!(look.rows[0][0], first);
            assert!(look.headers[0].starts_with('N'), "{:?}", look.headers);
        }
    }

    #[test]
    fn reading_goes_on_at_the_byte_where_it_stopped() {
        let (_folder, files) = files("Name,Note\nAna,\"two\nlines\"\nBob,\"é\"\nCid,x\n".as_bytes());
        let look = look(&files).unwrap();
        let mut record = csv::StringRecord::new();
        let mut rows = Rows::open(&files, b',', look.first_row).unwrap();
        assert!(rows.read(&mut record).unwrap());
        assert_eq!(record.get(1), Some("two\nlines"));
        let mut rows = Rows::open(&files, b',', rows.byte()).unwrap();
        assert!(rows.read(&mut record).unwrap());
        assert_eq!(record.iter().collect::<Vec<_>>(), ["Bob", "é"]);
        assert!(rows.read(&mut record).unwrap());
        assert!(!rows.read(&mut record).unwrap());
        assert_eq!(rows.byte(), look.bytes);
    }

    #[test]
    fn a_quote_that_is_never_closed_does_not_draw_the_file_into_memory() {
        let mut content = b"Name,Note\nAna,\"open".to_vec();
        content.resize(5 * 1024 * 1024, b'x');
        let (_folder, files) = files(&content);
        let refused = look(&files).unwrap_err().to_string();
        assert!(refused.contains("quotation mark"), "{refused}");
    }

    #[test]
    fn a_picture_is_no_list_of_contacts() {
        let (_folder, files) = files(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0");
        assert!(look(&files).unwrap_err().to_string().contains("CSV or XLSX"));
    }
}
