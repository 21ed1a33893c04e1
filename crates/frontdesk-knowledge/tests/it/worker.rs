//! The parse worker as a process: answers, crashes, hangs, limits.
//!
//! The real worker is this test program started again with the ignored test `child`; the others are shell scripts.

use crate::make;
use frontdesk_knowledge::parse::{Format, Limits, ParseError};
use frontdesk_knowledge::worker::{ParseWorker, Request, WorkerProcess, serve};
use std::path::PathBuf;
use std::time::Duration;

fn request(format: Format) -> Request {
    Request { format, file_name: Some("file".into()), limits: Limits::default() }
}

/// Not a test: the worker process of the tests below. The test runner prints before it, as libraries may.
#[test]
#[ignore = "started by other tests as their worker process"]
fn child() {
    serve(std::io::stdin(), std::io::stdout()).unwrap();
}

fn this_program() -> WorkerProcess {
    let args = ["--exact", "worker::child", "--ignored", "--nocapture"].map(str::to_owned).to_vec();
    WorkerProcess::new(std::env::current_exe().unwrap(), args)
}

fn script(text: &str) -> WorkerProcess {
    WorkerProcess::new(PathBuf::from("/bin/sh"), vec!["-c".to_owned(), text.to_owned()])
}

async fn run(process: WorkerProcess, format: Format, bytes: &[u8]) -> Result<Vec<String>, ParseError> {
    let document = ParseWorker::Process(process).parse(&request(format), bytes.to_vec()).await?;
    Ok(document.blocks.into_iter().map(|block| block.text).collect())
}

#[tokio::test]
async fn a_file_is_parsed_in_another_process() {
    let pdf = make::pdf(&[vec!["Our office opens at nine every weekday.".to_owned()]]);
    let here = ParseWorker::InProcess.parse(&request(Format::Pdf), pdf.clone()).await.unwrap();
    let there = ParseWorker::Process(this_program()).parse(&request(Format::Pdf), pdf).await.unwrap();
    assert_eq!(here, there);
}

#[tokio::test]
async fn its_errors_come_back_as_they_are() {
    let error = run(this_program(), Format::Pdf, b"%PDF-1.4 nonsense").await.unwrap_err();
    assert_eq!(error.code(), "damaged");
    let large = vec![b'x'; Limits::default().bytes + 1];
    assert_eq!(run(this_program(), Format::Text, &large).await.unwrap_err().code(), "too_large");
}

#[tokio::test]
async fn a_large_file_passes_while_the_answer_is_read() {
    let text = "All rooms have a kettle. ".repeat(100_000);
    let blocks = run(this_program(), Format::Text, text.as_bytes()).await.unwrap();
    assert_eq!(blocks.concat().len(), text.trim_end().len());
}

#[tokio::test]
async fn a_worker_that_hangs_is_killed_and_said_to_have_timed_out() {
    let hanging =
        WorkerProcess { timeout: Duration::from_millis(300), ..script("cat >/dev/null; exec sleep 600") };
    assert_eq!(run(hanging, Format::Text, b"hello").await, Err(ParseError::TimedOut { seconds: 0 }));
    let deaf = WorkerProcess { timeout: Duration::from_millis(300), ..script("exec sleep 600") };
    let large = vec![b'x'; 4 * 1024 * 1024];
    assert_eq!(run(deaf, Format::Text, &large).await, Err(ParseError::TimedOut { seconds: 0 }));
}

#[tokio::test]
async fn a_worker_that_dies_is_a_file_that_could_not_be_read() {
    assert_eq!(run(script("kill -9 $$"), Format::Text, b"hello").await, Err(ParseError::Crashed));
    assert_eq!(
        run(script("cat >/dev/null; echo nonsense"), Format::Text, b"hello").await,
        Err(ParseError::Crashed)
    );
}

#[tokio::test]
async fn a_program_that_cannot_be_started_is_not_the_files_fault() {
    let missing = WorkerProcess::new(PathBuf::from("/nowhere/frontdesk"), vec![]);
    let error = run(missing, Format::Text, b"hello").await.unwrap_err();
    assert_eq!(error.code(), "unavailable");
    assert!(error.is_temporary());
}

#[tokio::test]
async fn its_memory_is_bounded() {
    let telling = r#"cat >/dev/null; j='{"Err":{"code":"unavailable","reason":"'$(ulimit -v)'"}}'
        printf '\000\001parsed\001\000\036\n\000\000\000'; printf "$(printf '\\%03o' ${#j})"; printf %s "$j""#;
    let process = WorkerProcess { memory_bytes: 300 * 1024 * 1024, ..script(telling) };
    let error = run(process, Format::Text, b"hello").await.unwrap_err();
    assert_eq!(error, ParseError::Unavailable { reason: (300 * 1024).to_string() });
}

#[test]
fn a_request_cut_short_is_refused() {
    let header = serde_json::to_vec(&request(Format::Text)).unwrap();
    let mut input = (header.len() as u32).to_be_bytes().to_vec();
    input.extend(&header);
    input.extend(100_u64.to_be_bytes());
    input.extend(b"only this");
    let mut output = Vec::new();
    assert!(serve(input.as_slice(), &mut output).is_err());
    assert!(output.is_empty());
    assert!(serve([0xff; 8].as_slice(), &mut output).is_err());
}
