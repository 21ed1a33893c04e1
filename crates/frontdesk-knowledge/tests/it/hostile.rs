//! Files made to break a parser: each ends in an error a person understands, never in a panic.

use crate::make;
use frontdesk_knowledge::chunk::{Size, chunk};
use frontdesk_knowledge::parse::{Format, Limits, ParseError, parse};
use pdf_extract::{Document as Pdf, EncryptionState, EncryptionVersion, Object, Permissions, StringFormat};
use proptest::prelude::*;

fn fails(format: Format, bytes: &[u8]) -> ParseError {
    parse(format, bytes, &Limits::default()).unwrap_err()
}

fn handbook() -> Vec<u8> {
    make::pdf(&[vec!["Our office opens at nine every weekday and closes at five.".to_owned()]])
}

fn encrypted(user_password: &str) -> Vec<u8> {
    let mut pdf = Pdf::load_mem(&handbook()).unwrap();
    let id = Object::String(b"0123456789abcdef".to_vec(), StringFormat::Literal);
    pdf.trailer.set("ID", Object::Array(vec![id.clone(), id]));
    let version = EncryptionVersion::V2 {
        document: &pdf,
        owner_password: "owner",
        user_password,
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    pdf.encrypt(&state).unwrap();
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_pdf_with_a_password_is_named_as_such() {
    assert_eq!(fails(Format::Pdf, &encrypted("secret")), ParseError::PasswordProtected);
    let open = parse(Format::Pdf, &encrypted(""), &Limits::default()).unwrap();
    assert!(open.blocks[0].text.contains("nine every weekday"));
}

#[test]
fn a_pdf_of_ten_thousand_pages_is_refused_by_its_count() {
    let bytes = make::pdf(&vec![vec!["x".to_owned()]; 10_000]);
    assert_eq!(fails(Format::Pdf, &bytes), ParseError::TooManyPages { pages: 10_000, limit: 2_000 });
}

#[test]
fn damaged_pdfs_are_named_as_such() {
    let good = handbook();
    assert_eq!(fails(Format::Pdf, &good[..good.len() / 3]).code(), "damaged");
    let text = String::from_utf8(good.clone()).unwrap();
    let broken = text.replace("startxref\n", "startxref\n99999");
    match parse(Format::Pdf, broken.as_bytes(), &Limits::default()) {
        Ok(document) => assert!(document.blocks[0].text.contains("nine every weekday")),
        Err(error) => assert_eq!(error.code(), "damaged"),
    }
    let no_pages = text.replace("/Kids [4 0 R ]", "/Kids []");
    assert_eq!(fails(Format::Pdf, no_pages.as_bytes()).code(), "damaged");
    let no_box = text.replace("/MediaBox [0 0 612 792]", "");
    assert_eq!(fails(Format::Pdf, no_box.as_bytes()).code(), "damaged");
}

#[test]
fn a_pdf_whose_page_tree_is_a_circle_ends() {
    let text = String::from_utf8(handbook()).unwrap();
    let circle = text.replace("/Kids [4 0 R ]", "/Kids [2 0 R ]");
    assert_eq!(fails(Format::Pdf, circle.as_bytes()).code(), "damaged");
}

#[test]
fn a_scanned_pdf_asks_for_text_recognition() {
    let scan = "q 612 0 0 792 0 0 cm /Im1 Do Q".to_owned();
    let bytes = make::pdf_with_contents(std::slice::from_ref(&scan), "");
    assert_eq!(fails(Format::Pdf, &bytes), ParseError::NeedsOcr);
    let stamped = format!("{scan} BT /F1 9 Tf 10 10 Td (Scan 17) Tj ET");
    let bytes = make::pdf_with_contents(&[stamped], "/XObject << /Im1 6 0 R >>");
    let picture = "6 0 obj\n<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\nx\nendstream\nendobj\n";
    let text = String::from_utf8(bytes).unwrap();
    let (objects, table) = text.split_at(text.rfind("xref\n0").unwrap());
    let offset = objects.len();
    let table = table
        .replace("xref\n0 6", "xref\n0 7")
        .replace("trailer", &format!("{offset:010} 00000 n \ntrailer"))
        .replace("/Size 6", "/Size 7");
    let table =
        table.replace(&format!("startxref\n{offset}"), &format!("startxref\n{}", offset + picture.len()));
    let bytes = format!("{objects}{picture}{table}");
    assert_eq!(fails(Format::Pdf, bytes.as_bytes()), ParseError::NeedsOcr);
}

#[test]
fn an_archive_bomb_stops_at_the_limit() {
    let bomb = make::archive(&[("word/document.xml", vec![b' '; 8 * 1024 * 1024])]);
    assert!(bomb.len() < 64 * 1024);
    let limits = Limits { unpacked_bytes: 1024 * 1024, ..Limits::default() };
    assert_eq!(parse(Format::Docx, &bomb, &limits).unwrap_err().code(), "too_large");
    let limits = Limits { expansion: 10, ..Limits::default() };
    assert_eq!(parse(Format::Docx, &bomb, &limits).unwrap_err().code(), "too_large");
}

#[test]
fn an_archive_of_very_many_files_is_refused() {
    let names: Vec<String> = (0..300).map(|n| format!("f{n}")).collect();
    let files: Vec<(&str, Vec<u8>)> = names.iter().map(|name| (name.as_str(), Vec::new())).collect();
    let limits = Limits { entries: 200, ..Limits::default() };
    assert_eq!(parse(Format::Docx, &make::archive(&files), &limits).unwrap_err().code(), "too_large");
}

#[test]
fn word_files_that_are_not_are_told_apart() {
    let other = make::archive(&[("xl/workbook.xml", b"<x/>".to_vec())]);
    assert_eq!(fails(Format::Docx, &other).code(), "wrong_format");
    let good = make::docx(&make::paragraph(None, "Hello there."), None);
    assert_eq!(fails(Format::Docx, &good[..good.len() / 2]).code(), "damaged");
    assert_eq!(fails(Format::Docx, &make::docx("<w:p><w:r><w:t>cut", None)).code(), "damaged");
    assert_eq!(fails(Format::Docx, &make::docx("", None)), ParseError::Empty);
    let deep = make::docx(&format!("{}{}", "<w:p>".repeat(5_000), "</w:p>".repeat(5_000)), None);
    assert_eq!(fails(Format::Docx, &deep).code(), "too_large");
    let entities = make::docx("<w:p><w:r><w:t>&lol; &#x41;</w:t></w:r></w:p>", None);
    assert_eq!(parse(Format::Docx, &entities, &Limits::default()).unwrap().blocks[0].text, "A");
}

#[test]
fn deeply_nested_markup_is_refused_before_a_tree_is_built() {
    let page = format!("<html><body>{}hi{}", "<div>".repeat(200_000), "</div>".repeat(200_000));
    assert_eq!(fails(Format::Html, page.as_bytes()).code(), "too_large");
    let page = "<p>".repeat(100_000) + "words";
    assert!(parse(Format::Html, page.as_bytes(), &Limits::default()).is_ok());
    let quotes = "> ".repeat(3_000) + "hi";
    match parse(Format::Markdown, quotes.as_bytes(), &Limits::default()) {
        Ok(document) => assert!(!document.blocks.is_empty()),
        Err(error) => assert_eq!(error.code(), "too_large"),
    }
}

#[test]
fn a_gigantic_csv_field_points_at_the_missing_quotation_mark() {
    let csv = format!("name,price\nsoap,\"3\n{}", "comb,5\n".repeat(60_000));
    let error = fails(Format::Csv, csv.as_bytes());
    assert!(error.to_string().contains("quotation mark"), "{error}");
}

#[test]
fn too_much_text_is_refused() {
    let limits = Limits { text_chars: 1_000, ..Limits::default() };
    let text = "word ".repeat(1_000);
    for format in [Format::Text, Format::Markdown, Format::Html, Format::Csv] {
        assert_eq!(parse(format, text.as_bytes(), &limits).unwrap_err().code(), "too_large", "{format:?}");
    }
    let limits = Limits { bytes: 10, ..Limits::default() };
    assert_eq!(parse(Format::Text, text.as_bytes(), &limits).unwrap_err().code(), "too_large");
}

#[test]
fn every_message_says_what_to_do() {
    let errors = [
        ParseError::PasswordProtected,
        fails(Format::Pdf, b"%PDF-1.4 nonsense"),
        ParseError::NeedsOcr,
        ParseError::TooManyPages { pages: 3, limit: 2 },
        ParseError::Unsupported,
        ParseError::Empty,
        ParseError::Crashed,
        ParseError::TimedOut { seconds: 60 },
    ];
    for error in errors {
        let text = error.to_string();
        assert!(
            ["Save", "save", "Run", "Split", "Upload", "Check"].iter().any(|verb| text.contains(verb)),
            "{text}"
        );
    }
}

const FORMATS: [Format; 6] =
    [Format::Text, Format::Markdown, Format::Html, Format::Pdf, Format::Docx, Format::Csv];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_make_a_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for format in FORMATS {
            let _ = parse(format, &bytes, &Limits::default());
        }
        let _ = Format::detect(Some("x.pdf"), None, &bytes);
    }

    #[test]
    fn no_markup_makes_a_parser_panic(text in "([<>/&#|*_`\"';:,.!?\\[\\]() \\n\\t-]|[a-cA-CäßéQq0-9]|<(p|table|tr|td|h1|li|dt|dd|summary|main)>|\\|---|```|# |- |1\\. ){0,120}") {
        for format in [Format::Text, Format::Markdown, Format::Html, Format::Csv] {
            if let Ok(document) = parse(format, text.as_bytes(), &Limits::default()) {
                let _ = chunk(&document, Size { words: 10, overlap: 3 });
            }
        }
    }

    #[test]
    fn no_damage_makes_the_pdf_or_word_parser_panic(at in 0.0..1.0_f64, length in 1..40_usize, byte in any::<u8>(), cut in any::<bool>()) {
        let files = [(Format::Pdf, handbook()), (Format::Docx, make::docx(&make::paragraph(Some("Heading1"), "Hello there."), Some("<w:styles/>")))];
        for (format, mut bytes) in files {
            let start = (at * bytes.len() as f64) as usize;
            let end = (start + length).min(bytes.len());
            if cut { bytes.drain(start..end); } else { bytes[start..end].fill(byte); }
            let _ = parse(format, &bytes, &Limits::default());
        }
    }
}
