//! Just enough HTTP/1.1 and WebSocket to measure a server on this machine without a client library in the way.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

/// No answer on loopback takes longer than this.
const PATIENCE: Duration = Duration::from_secs(20);
/// The largest frame and body that is read, in bytes.
const LARGEST: usize = 8 * 1024 * 1024;

/// Sends one request and reads the answer's status and JSON body (null when it has none). It speaks HTTP/1.0, to which a
/// server answers in one piece and then hangs up.
pub fn request(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Result<(u16, Value)> {
    let mut stream = connect(port)?;
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut head = format!("{method} {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
    for &(name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    if !body.is_empty() {
        let length = body.len().to_string();
        head.extend(["Content-Type: application/json\r\nContent-Length: ", &length, "\r\n"]);
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes()).context("sending a request")?;

    let mut reader = BufReader::new(stream);
    let (status, length) = read_head(&mut reader)?;
    let mut bytes = Vec::new();
    reader.take(length.unwrap_or(LARGEST) as u64).read_to_end(&mut bytes).context("reading an answer")?;
    Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
}

/// As [`request`], but an answer other than 2xx is an error that shows it.
pub fn request_ok(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Result<Value> {
    let (status, answer) = request(port, method, path, headers, body)?;
    ensure!((200..300).contains(&status), "{method} {path} answered {status}: {answer}");
    Ok(answer)
}

/// An open WebSocket.
#[derive(Debug)]
pub struct Socket {
    reader: BufReader<TcpStream>,
}

impl Socket {
    /// Opens a WebSocket at `path` as a page of `origin` would.
    pub fn open(port: u16, path: &str, origin: &str) -> Result<Self> {
        let mut stream = connect(port)?;
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: {origin}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).context("asking for a WebSocket")?;
        let mut reader = BufReader::new(stream);
        let (status, _) = read_head(&mut reader)?;
        ensure!(status == 101, "{path} answered {status} instead of opening a WebSocket");
        Ok(Self { reader })
    }

    /// Sends a text frame of less than 64 KiB. The mask is all zeros: there is no proxy here to protect.
    pub fn send(&mut self, frame: &Value) -> Result<()> {
        let text = frame.to_string();
        let bytes = encode(text.as_bytes())?;
        self.reader.get_mut().write_all(&bytes).context("sending a frame")
    }

    /// Reads frames until a text frame comes, and returns it as JSON.
    pub fn receive(&mut self) -> Result<Value> {
        loop {
            let [first, second] = self.read_bytes::<2>()?;
            let length = match second & 0x7f {
                126 => usize::from(u16::from_be_bytes(self.read_bytes()?)),
                127 => usize::try_from(u64::from_be_bytes(self.read_bytes()?))?,
                short => usize::from(short),
            };
            ensure!(length <= LARGEST, "a frame of {length} bytes");
            let mut payload = vec![0; length];
            self.reader.read_exact(&mut payload).context("reading a frame")?;
            match first & 0x0f {
                1 => return serde_json::from_slice(&payload).context("a frame that is not JSON"),
                8 => bail!(
                    "the server closed the WebSocket: {}",
                    String::from_utf8_lossy(payload.get(2..).unwrap_or_default())
                ),
                _ => {}
            }
        }
    }

    fn read_bytes<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes).context("reading a frame")?;
        Ok(bytes)
    }
}

fn connect(port: u16) -> Result<TcpStream> {
    let stream =
        TcpStream::connect(("127.0.0.1", port)).with_context(|| format!("connecting to port {port}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Reads status line and headers; returns the status and the Content-Length.
fn read_head(reader: &mut BufReader<TcpStream>) -> Result<(u16, Option<usize>)> {
    let mut line = String::new();
    reader.read_line(&mut line).context("reading a status line")?;
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .with_context(|| format!("not HTTP: {line:?}"))?;
    let mut length = None;
    loop {
        line.clear();
        if reader.read_line(&mut line).context("reading a header")? == 0 || line.trim().is_empty() {
            return Ok((status, length));
        }
        if let Some((name, value)) = line.split_once(':') {
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().ok();
            }
            ensure!(
                !(name.eq_ignore_ascii_case("transfer-encoding")),
                "an answer in chunks, which is not expected here"
            );
        }
    }
}

/// A masked text frame (RFC 6455 section 5.2).
fn encode(payload: &[u8]) -> Result<Vec<u8>> {
    let mut frame = vec![0x81];
    match u8::try_from(payload.len()) {
        Ok(length) if length < 126 => frame.push(0x80 | length),
        _ => {
            frame.push(0xfe);
            frame.extend(u16::try_from(payload.len()).context("a frame over 64 KiB")?.to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    Ok(frame)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// Serves one connection with a canned answer and returns what was asked.
    fn answer_once(answer: &'static [u8]) -> (u16, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = vec![0; 4096];
            let read = stream.read(&mut asked).unwrap();
            stream.write_all(answer).unwrap();
            String::from_utf8_lossy(asked.get(..read).unwrap()).into_owned()
        });
        (port, server)
    }

    #[test]
    fn a_request_carries_its_body_and_reads_the_answer() {
        let (port, server) =
            answer_once(b"HTTP/1.1 201 Created\r\ncontent-length: 8\r\n\r\n{\"a\": 1}trailing");
        let body = serde_json::json!({"b": 2});
        let (status, answer) = request(port, "POST", "/x", &[("X-A", "1")], Some(&body)).unwrap();
        assert_eq!((status, answer), (201, serde_json::json!({"a": 1})));
        let asked = server.join().unwrap();
        assert!(asked.starts_with("POST /x HTTP/1.0\r\n"), "{asked}");
        assert!(asked.contains("X-A: 1\r\n") && asked.ends_with("\r\n\r\n{\"b\":2}"), "{asked}");
    }

    #[test]
    fn an_error_answer_is_shown() {
        let (port, _server) = answer_once(b"HTTP/1.1 422 No\r\ncontent-length: 2\r\n\r\n{}");
        let error = request_ok(port, "GET", "/x", &[], None).unwrap_err().to_string();
        assert!(error.contains("422"), "{error}");
    }

    #[test]
    fn frames_are_read_past_pings() {
        let (port, _server) =
            answer_once(b"HTTP/1.1 101 Switching\r\n\r\n\x89\x00\x81\x07{\"a\":1}\x88\x05\x03\xe8bye");
        let mut socket = Socket::open(port, "/s", "http://example.com").unwrap();
        assert_eq!(socket.receive().unwrap(), serde_json::json!({"a": 1}));
        assert!(socket.receive().unwrap_err().to_string().contains("bye"));
    }

    #[test]
    fn long_frames_have_a_long_length() {
        assert_eq!(encode(b"ab").unwrap(), [0x81, 0x82, 0, 0, 0, 0, b'a', b'b']);
        assert_eq!(encode(&[0; 300]).unwrap().get(..4).unwrap(), [0x81, 0xfe, 1, 44]);
        assert!(encode(&vec![0; 70_000]).is_err());
    }
}
