//! Which kind of file it is: by name, declared type and first bytes.

use super::ParseError;
use serde::{Deserialize, Serialize};

/// A kind of document that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// A web page.
    Html,
    /// PDF.
    Pdf,
    /// Word (Office Open XML).
    Docx,
    /// Comma-, semicolon- or tab-separated values.
    Csv,
}

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Magic {
    Pdf,
    Zip,
    OldOffice,
    Picture,
    Rtf,
    Binary,
    Html,
    Text,
}

impl Format {
    /// The format of a file from its name, its declared media type and its content, or `None` when it cannot be read.
    ///
    /// The content decides between binary formats; among text formats, which content cannot tell apart, the name
    /// decides first and then the media type.
    pub fn detect(file_name: Option<&str>, media_type: Option<&str>, bytes: &[u8]) -> Option<Self> {
        let named =
            file_name.and_then(Self::from_name).or_else(|| media_type.and_then(Self::from_media_type));
        match magic(bytes) {
            Magic::Pdf => Some(Self::Pdf),
            Magic::Zip => (named == Some(Self::Docx) || has_word_part(bytes)).then_some(Self::Docx),
            // An encrypted Word file is an old-Office container: the parser answers "password protected".
            Magic::OldOffice => (named == Some(Self::Docx)).then_some(Self::Docx),
            Magic::Picture | Magic::Rtf | Magic::Binary => named.filter(|format| format.is_binary()),
            Magic::Html => Some(
                named.filter(|format| !format.is_binary() && *format != Self::Text).unwrap_or(Self::Html),
            ),
            Magic::Text => match named {
                Some(format) => Some(format),
                None if file_name.is_some_and(|name| name.contains('.')) && media_type.is_none() => None,
                None => Some(Self::Text),
            },
        }
    }

    /// The format a file name's ending stands for.
    pub fn from_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "txt" | "text" | "log" => Some(Self::Text),
            "md" | "markdown" | "mdown" | "mkd" => Some(Self::Markdown),
            "html" | "htm" | "xhtml" => Some(Self::Html),
            "pdf" => Some(Self::Pdf),
            "docx" | "docm" | "dotx" => Some(Self::Docx),
            "csv" | "tsv" => Some(Self::Csv),
            _ => None,
        }
    }

    /// The format a media type (RFC 9110 §8.3.1) stands for; parameters are ignored.
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        match media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "text/plain" => Some(Self::Text),
            "text/markdown" | "text/x-markdown" => Some(Self::Markdown),
            "text/html" | "application/xhtml+xml" => Some(Self::Html),
            "application/pdf" | "application/x-pdf" => Some(Self::Pdf),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => Some(Self::Docx),
            "text/csv" | "text/tab-separated-values" => Some(Self::Csv),
            _ => None,
        }
    }

    /// The format's name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Text => "a text file",
            Self::Markdown => "a Markdown file",
            Self::Html => "a web page",
            Self::Pdf => "a PDF",
            Self::Docx => "a Word file (.docx)",
            Self::Csv => "a CSV file",
        }
    }

    fn is_binary(self) -> bool {
        matches!(self, Self::Pdf | Self::Docx)
    }

    /// Refuses content that is plainly of another kind.
    pub(super) fn check_content(self, bytes: &[u8]) -> Result<(), ParseError> {
        let found = match (magic(bytes), self) {
            (Magic::Pdf, Self::Pdf) | (Magic::Zip, Self::Docx) => return Ok(()),
            (Magic::OldOffice, Self::Docx) => {
                return Err(if is_encrypted_package(bytes) {
                    ParseError::PasswordProtected
                } else {
                    ParseError::WrongFormat {
                        expected: self.label().to_owned(),
                        found: "an old Office file (.doc)".to_owned(),
                    }
                });
            }
            (Magic::Text | Magic::Html, format) if !format.is_binary() => return Ok(()),
            (Magic::Pdf, _) => "a PDF",
            (Magic::Zip, _) => "a ZIP archive or Office file",
            (Magic::OldOffice, _) => "an old Office file (.doc, .xls or .ppt)",
            (Magic::Picture, _) => "a picture",
            (Magic::Rtf, _) => "a rich text file (.rtf)",
            (Magic::Html, _) => "a web page",
            // A PDF that lost its first line, or a Word file that is no archive: say damaged rather than "text".
            (Magic::Text | Magic::Binary, Self::Pdf) => {
                return Err(ParseError::damaged("it does not start like a PDF"));
            }
            (Magic::Text | Magic::Binary, Self::Docx) => {
                return Err(ParseError::damaged("it does not start like a Word file"));
            }
            (Magic::Text | Magic::Binary, _) => "binary data",
        };
        Err(ParseError::WrongFormat { expected: self.label().to_owned(), found: found.to_owned() })
    }
}

fn magic(bytes: &[u8]) -> Magic {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    // Readers accept up to 1024 bytes before the PDF header (ISO 32000-1, annex H.3).
    if find(head.get(..head.len().min(1029)).unwrap_or_default(), b"%PDF-").is_some() {
        return Magic::Pdf;
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Magic::Zip;
    }
    if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return Magic::OldOffice;
    }
    let pictures: [&[u8]; 5] = [b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*"];
    if pictures.iter().any(|start| head.starts_with(start))
        || (head.starts_with(b"RIFF") && find(head, b"WEBP").is_some())
    {
        return Magic::Picture;
    }
    if head.starts_with(b"{\\rtf") {
        return Magic::Rtf;
    }
    let wide = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    if !wide {
        let controls = head
            .iter()
            .filter(|byte| **byte < 32 && !matches!(**byte, b'\t' | b'\n' | b'\r' | 12 | 27))
            .count();
        if controls * 20 > head.len() || (head.contains(&0) && super::encoding::sniff_wide(head).is_none()) {
            return if super::encoding::sniff_wide(head).is_some() { Magic::Text } else { Magic::Binary };
        }
    }
    let start: Vec<u8> =
        head.iter().copied().skip_while(|byte| !byte.is_ascii_graphic()).take(1024).collect();
    let start = start.to_ascii_lowercase();
    if start.starts_with(b"<!doctype html")
        || start.starts_with(b"<html")
        || (start.starts_with(b"<") && find(&start, b"<html").is_some())
    {
        return Magic::Html;
    }
    Magic::Text
}

/// Position of `needle` in `bytes`.
pub(super) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

fn has_word_part(bytes: &[u8]) -> bool {
    find(bytes, b"word/document.xml").is_some()
}

/// An encrypted Office file is a compound file with the stream `EncryptedPackage` ([MS-OFFCRYPTO] 2.3.4), its name in
/// UTF-16.
fn is_encrypted_package(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    find(bytes, &name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_between_binary_formats() {
        assert_eq!(Format::detect(Some("menu.txt"), None, b"%PDF-1.7\n"), Some(Format::Pdf));
        assert_eq!(Format::detect(Some("menu.docx"), None, b"PK\x03\x04rest"), Some(Format::Docx));
        assert_eq!(Format::detect(Some("archive.zip"), None, b"PK\x03\x04rest"), None);
        assert_eq!(Format::detect(None, None, b"\x89PNG\r\n"), None);
    }

    #[test]
    fn the_name_decides_between_text_formats() {
        assert_eq!(Format::detect(Some("a.md"), Some("text/plain"), b"# Hi"), Some(Format::Markdown));
        assert_eq!(Format::detect(Some("a.CSV"), None, b"a,b"), Some(Format::Csv));
        assert_eq!(Format::detect(None, Some("text/html; charset=utf-8"), b"<p>hi"), Some(Format::Html));
        assert_eq!(Format::detect(None, None, b"<!DOCTYPE html><p>hi"), Some(Format::Html));
        assert_eq!(Format::detect(Some("notes"), None, b"hello"), Some(Format::Text));
        assert_eq!(Format::detect(Some("data.xyz"), None, b"hello"), None);
    }

    #[test]
    fn a_file_that_is_not_what_it_says_is_named() {
        let error = Format::Docx.check_content(b"%PDF-1.4").unwrap_err();
        assert!(error.to_string().contains("its content is a PDF"), "{error}");
        let mut locked = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(Format::Docx.check_content(&locked), Err(ParseError::PasswordProtected));
        assert_eq!(Format::Pdf.check_content(b"hello").unwrap_err().code(), "damaged");
        assert_eq!(Format::Text.check_content(&[0, 1, 2, 3, 0, 9, 1]).unwrap_err().code(), "wrong_format");
    }
}
