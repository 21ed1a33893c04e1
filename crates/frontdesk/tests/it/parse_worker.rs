//! The parse worker as the real binary: it reads hostile files in a process that can be killed.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use frontdesk_knowledge::parse::{Format, Limits, ParseError};
use frontdesk_knowledge::worker::{ParseWorker, Request, WorkerProcess};

fn worker() -> WorkerProcess {
    WorkerProcess::new(PathBuf::from(env!("CARGO_BIN_EXE_frontdesk")), vec!["parse-worker".to_owned()])
}

async fn parse(process: WorkerProcess, format: Format, bytes: Vec<u8>) -> Result<Vec<String>, ParseError> {
    let request = Request { format, file_name: None, limits: Limits::default() };
    let document = ParseWorker::Process(process).parse(&request, bytes).await?;
    Ok(document.blocks.into_iter().map(|block| block.text).collect())
}

#[tokio::test]
async fn a_document_comes_back() {
    let blocks = parse(worker(), Format::Markdown, b"# Hours\n\nWe open at nine.".to_vec()).await;
    assert_eq!(blocks, Ok(vec!["Hours".to_owned(), "We open at nine.".to_owned()]));
}

#[tokio::test]
async fn what_is_wrong_with_a_file_comes_back() {
    let error = parse(worker(), Format::Pdf, b"%PDF-1.4 nonsense".to_vec()).await.unwrap_err();
    assert_eq!(error.code(), "damaged");
}

#[tokio::test]
async fn a_file_that_takes_too_long_is_given_up() {
    // A hundred thousand lines of drawn text take far longer than that.
    let hurried = WorkerProcess { timeout: Duration::from_millis(50), ..worker() };
    let error = parse(hurried, Format::Pdf, long_pdf(1_000)).await.unwrap_err();
    assert_eq!(error.code(), "timed_out");
}

#[tokio::test]
async fn a_file_that_takes_too_much_memory_ends_its_own_process_only() {
    // Too little for the program to do its work, whatever the file.
    let poor = WorkerProcess { memory_bytes: 24 * 1024 * 1024, ..worker() };
    let error = parse(poor, Format::Pdf, long_pdf(200)).await.unwrap_err();
    assert!(matches!(error.code(), "crashed" | "unavailable"), "{error:?}");
    // And the next file is read.
    assert!(parse(worker(), Format::Text, b"We open at nine.".to_vec()).await.is_ok());
}

/// A PDF of this many pages with a hundred lines each.
fn long_pdf(pages: usize) -> Vec<u8> {
    let mut line = String::from("BT /F1 8 Tf 9 TL 40 780 Td\n");
    for n in 0..100 {
        let _ =
            writeln!(line, "(Line {n} of a very long file that says nothing at all, again and again) Tj T*");
    }
    line.push_str("ET");
    let kids = (0..pages).map(|n| format!("{} 0 R", 4 + n * 2)).collect::<Vec<_>>().join(" ");
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Count {pages} /Kids [{kids}] >>"),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    for n in 0..pages {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
            5 + n * 2
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{line}\nendstream", line.len()));
    }
    let mut file = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", n + 1);
    }
    let start = file.len();
    let _ = write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        let _ = writeln!(file, "{offset:010} 00000 n ");
    }
    let _ =
        write!(file, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    file.into_bytes()
}
