//! The parse worker: hostile files are read in a process that can be killed.
//!
//! The application starts its own program again with a hidden command whose only work is [`serve`]: it reads one
//! request from standard input, parses, writes one answer to standard output and ends. [`ParseWorker`] is the other
//! side: it starts the process with a memory bound, feeds it, and kills it when time is up or the caller goes away.
//!
//! Request: length of a JSON header (u32, big endian), the header, length of the file (u64, big endian), the file.
//! Answer: [`ANSWER_MARK`], length of a JSON result (u32, big endian), the result. The mark exists because libraries
//! may print to standard output while they read; whatever stands before the last mark is ignored.

use crate::parse::{Document, Format, Limits, ParseError, parse};
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

/// Stands before the answer; JSON cannot contain it, because it escapes control characters.
pub const ANSWER_MARK: &[u8; 12] = b"\x00\x01parsed\x01\x00\x1e\n";

/// Largest header accepted, in bytes.
const LARGEST_HEADER: u32 = 64 * 1024;

/// What to parse; the file itself follows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The format to read it as.
    pub format: Format,
    /// The file's name, for messages.
    pub file_name: Option<String>,
    /// The limits to keep.
    pub limits: Limits,
}

type Answer = Result<Document, ParseError>;

/// Why the worker's side of the conversation failed.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Standard input or output broke.
    #[error("parse worker input or output failed: {0}")]
    Io(#[from] std::io::Error),
    /// The request did not follow the protocol.
    #[error("parse worker request not understood: {0}")]
    Request(String),
}

/// The worker's whole life: one request from `input`, one answer to `output`.
pub fn serve(mut input: impl Read, mut output: impl Write) -> Result<(), ServeError> {
    let mut length = [0_u8; 4];
    input.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length);
    if length > LARGEST_HEADER {
        return Err(ServeError::Request(format!("header of {length} bytes")));
    }
    let mut header = vec![0_u8; length as usize];
    input.read_exact(&mut header)?;
    let request: Request =
        serde_json::from_slice(&header).map_err(|error| ServeError::Request(error.to_string()))?;
    let mut size = [0_u8; 8];
    input.read_exact(&mut size)?;
    let size = u64::from_be_bytes(size);
    // One byte more than allowed is enough for the parser to say "too large".
    let mut bytes = Vec::new();
    input.take(size.min(request.limits.bytes as u64 + 1)).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < size.min(request.limits.bytes as u64 + 1) {
        return Err(ServeError::Request("the file ends early".to_owned()));
    }
    let answer: Answer = parse(request.format, &bytes, &request.limits);
    let json = serde_json::to_vec(&answer).map_err(|error| ServeError::Request(error.to_string()))?;
    output.write_all(ANSWER_MARK)?;
    output.write_all(&(json.len() as u32).to_be_bytes())?;
    output.write_all(&json)?;
    output.flush()?;
    Ok(())
}

/// How documents are parsed: in a process of their own, or here.
#[derive(Debug, Clone)]
pub enum ParseWorker {
    /// In a process that is killed when it takes too long or too much.
    Process(WorkerProcess),
    /// In this process, on a blocking thread. For tests and trusted files: nothing bounds time and memory here.
    InProcess,
}

/// The process to start.
#[derive(Debug, Clone)]
pub struct WorkerProcess {
    /// The program, usually this one.
    pub program: PathBuf,
    /// Its arguments, such as `parse-worker`.
    pub args: Vec<String>,
    /// How long it may take.
    pub timeout: Duration,
    /// Address space it may use, in bytes, where the system has a POSIX shell to set it.
    pub memory_bytes: u64,
}

impl WorkerProcess {
    /// A worker with the shipped bounds: 60 seconds and 1 GiB.
    pub fn new(program: PathBuf, args: Vec<String>) -> Self {
        Self { program, args, timeout: Duration::from_mins(1), memory_bytes: 1024 * 1024 * 1024 }
    }
}

impl ParseWorker {
    /// Parses `bytes`. Dropping the future kills the process.
    pub async fn parse(&self, request: &Request, bytes: Vec<u8>) -> Result<Document, ParseError> {
        if bytes.len() > request.limits.bytes {
            return Err(ParseError::too_large(
                "its size",
                format!("{} MB", request.limits.bytes / (1024 * 1024)),
            ));
        }
        match self {
            Self::InProcess => {
                let request = request.clone();
                let parsed =
                    tokio::task::spawn_blocking(move || parse(request.format, &bytes, &request.limits)).await;
                parsed.unwrap_or(Err(ParseError::Crashed))
            }
            Self::Process(process) => process.parse(request, &bytes).await,
        }
    }
}

impl WorkerProcess {
    async fn parse(&self, request: &Request, bytes: &[u8]) -> Result<Document, ParseError> {
        let mut child = self.spawn()?;
        let conversation = converse(&mut child, request, bytes);
        let outcome = tokio::time::timeout(self.timeout, conversation).await;
        // However it ended, the process must be gone and reaped before the next file.
        if let Err(error) = child.kill().await {
            tracing::debug!(%error, "parse worker was already gone");
        }
        match outcome {
            Ok(answer) => answer,
            Err(_) => Err(ParseError::TimedOut { seconds: self.timeout.as_secs() }),
        }
    }

    fn spawn(&self) -> Result<Child, ParseError> {
        let shell = std::path::Path::new("/bin/sh");
        let mut command = if cfg!(unix) && shell.exists() {
            // The bounds are set by the shell because setting them here needs unsafe code. Processor time is bounded
            // too, so that a worker whose parent died does not spin for ever.
            let kilobytes = self.memory_bytes / 1024;
            let seconds = self.timeout.as_secs().max(1) + 5;
            let script = format!(
                "ulimit -v {kilobytes} 2>/dev/null; ulimit -t {seconds} 2>/dev/null; ulimit -c 0 2>/dev/null; exec \"$0\" \"$@\""
            );
            let mut command = Command::new(shell);
            command.arg("-c").arg(script).arg(&self.program);
            command
        } else {
            Command::new(&self.program)
        };
        command
            .args(&self.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // glibc reserves an address range per thread arena, which the memory bound would count.
            .env("MALLOC_ARENA_MAX", "2")
            .kill_on_drop(true);
        command.spawn().map_err(|error| ParseError::Unavailable { reason: error.to_string() })
    }
}

async fn converse(child: &mut Child, request: &Request, bytes: &[u8]) -> Answer {
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(ParseError::Unavailable { reason: "its input and output are not connected".to_owned() });
    };
    let header =
        serde_json::to_vec(request).map_err(|error| ParseError::Unavailable { reason: error.to_string() })?;
    let send = async {
        input.write_all(&(header.len() as u32).to_be_bytes()).await?;
        input.write_all(&header).await?;
        input.write_all(&(bytes.len() as u64).to_be_bytes()).await?;
        input.write_all(bytes).await?;
        input.shutdown().await?;
        drop(input);
        std::io::Result::Ok(())
    };
    // JSON of text: escaping at most doubles it, places and kinds add some.
    let most = (request.limits.text_chars as u64)
        .saturating_mul(8)
        .saturating_add(request.limits.blocks as u64 * 512);
    let mut written = Vec::new();
    let mut output = output.take(most);
    let receive = output.read_to_end(&mut written);
    let (sent, received) = tokio::join!(send, receive);
    if let Err(error) = received {
        return Err(ParseError::Unavailable { reason: error.to_string() });
    }
    if let Some(answer) = read_answer(&written) {
        return answer;
    }
    let status = child.wait().await.ok();
    tracing::warn!(?status, sent = sent.is_ok(), "parse worker ended without an answer");
    // The shell's codes for "not executable" and "not found" (POSIX 2.8.2): the file is not at fault.
    match status.and_then(|status| status.code()) {
        Some(126 | 127) => Err(ParseError::Unavailable { reason: "its program cannot be run".to_owned() }),
        _ => Err(ParseError::Crashed),
    }
}

fn read_answer(written: &[u8]) -> Option<Answer> {
    let at = written.windows(ANSWER_MARK.len()).rposition(|window| window == ANSWER_MARK)?;
    let rest = written.get(at + ANSWER_MARK.len()..)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let json = rest.get(..u32::from_be_bytes(*length) as usize)?;
    serde_json::from_slice(json).ok()
}
