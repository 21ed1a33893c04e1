//! The SMTP side (RFC 5321, AUTH per RFC 4954), as much as a submitting client needs; no TLS.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use super::{MailSim, message};
use crate::Running;

/// Largest message, in bytes; announced with SIZE.
const MAX_MESSAGE: usize = 10 * 1024 * 1024;

/// Longest command line; RFC 5321 §4.5.3.1.4 asks for 512, AUTH needs more.
const MAX_LINE: usize = 12 * 1024;

/// Most recipients of one message (§4.5.3.1.8).
const MAX_RECIPIENTS: usize = 100;

/// A client that says nothing for this long is cut off (§4.5.3.2.7).
const IDLE: Duration = Duration::from_mins(5);

/// Listens for SMTP clients.
pub(super) async fn listen(address: SocketAddr, sim: MailSim) -> std::io::Result<Running> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let sim = sim.clone();
            tokio::spawn(async move {
                if let Err(error) = Session::new(stream, sim).run().await {
                    tracing::debug!(%error, "mail client left");
                }
            });
        }
    });
    Ok(Running::new("smtp", address, task))
}

struct Session {
    sim: MailSim,
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    greeted: bool,
    user: Option<String>,
    from: Option<String>,
    to: Vec<String>,
}

/// Whether the session goes on.
enum Next {
    Command,
    End,
}

impl Session {
    fn new(stream: TcpStream, sim: MailSim) -> Self {
        let (reader, writer) = stream.into_split();
        Self {
            sim,
            reader: BufReader::new(reader),
            writer,
            greeted: false,
            user: None,
            from: None,
            to: Vec::new(),
        }
    }

    async fn run(mut self) -> std::io::Result<()> {
        self.reply("220 frontdesk-sim ESMTP").await?;
        while let Some(line) = self.line(MAX_LINE).await? {
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            let rest = rest.trim();
            let next = match verb.to_ascii_uppercase().as_str() {
                "EHLO" => {
                    self.greeted = true;
                    self.reset();
                    self.reply("250-frontdesk-sim").await?;
                    self.reply(&format!("250-SIZE {MAX_MESSAGE}")).await?;
                    self.reply("250-8BITMIME").await?;
                    self.reply("250-SMTPUTF8").await?;
                    self.reply("250 AUTH PLAIN LOGIN").await?;
                    Next::Command
                }
                "HELO" => {
                    self.greeted = true;
                    self.answer("250 frontdesk-sim").await?
                }
                "AUTH" => self.auth(rest).await?,
                "MAIL" => self.mail(rest).await?,
                "RCPT" => self.recipient(rest).await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    self.reset();
                    self.answer("250 forgotten").await?
                }
                "NOOP" => self.answer("250 ok").await?,
                "VRFY" => self.answer("252 cannot verify, send anyway").await?,
                "QUIT" => {
                    self.reply("221 bye").await?;
                    Next::End
                }
                _ => self.answer("502 command not known").await?,
            };
            if matches!(next, Next::End) {
                break;
            }
        }
        Ok(())
    }

    async fn auth(&mut self, rest: &str) -> std::io::Result<Next> {
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        let user = match mechanism.to_ascii_uppercase().as_str() {
            "PLAIN" => {
                let answer = if initial.is_empty() { self.ask("334 ").await? } else { initial.to_owned() };
                // authorisation id, user, password, parted by zero bytes (RFC 4616)
                decode(&answer).and_then(|text| text.split('\0').nth(1).map(str::to_owned))
            }
            "LOGIN" => {
                let answer =
                    if initial.is_empty() { self.ask("334 VXNlcm5hbWU6").await? } else { initial.to_owned() };
                let password = self.ask("334 UGFzc3dvcmQ6").await?;
                decode(&password).and_then(|_| decode(&answer))
            }
            _ => return self.answer("504 mechanism not known").await,
        };
        match user {
            Some(user) if !user.is_empty() && !self.sim.faults().refuse_login => {
                self.user = Some(user);
                self.answer("235 signed in").await
            }
            Some(_) => self.answer("535 user or password wrong").await,
            None => self.answer("501 not base64").await,
        }
    }

    async fn mail(&mut self, rest: &str) -> std::io::Result<Next> {
        if !self.greeted {
            return self.answer("503 say EHLO first").await;
        }
        if self.from.is_some() {
            return self.answer("503 a message is already begun").await;
        }
        let Some((from, parameters)) = path(rest, "FROM:") else {
            return self.answer("501 MAIL FROM:<address>").await;
        };
        let size = parameters
            .split_whitespace()
            .find_map(|word| word.to_ascii_uppercase().strip_prefix("SIZE=")?.parse::<usize>().ok());
        if size.is_some_and(|size| size > MAX_MESSAGE) {
            return self.answer("552 message too large").await;
        }
        self.from = Some(from);
        self.answer("250 ok").await
    }

    async fn recipient(&mut self, rest: &str) -> std::io::Result<Next> {
        if self.from.is_none() {
            return self.answer("503 MAIL first").await;
        }
        let Some((to, _)) = path(rest, "TO:").filter(|(to, _)| to.contains('@')) else {
            return self.answer("501 RCPT TO:<address>").await;
        };
        let faults = self.sim.faults();
        let named = |list: &[String]| list.iter().any(|entry| entry.eq_ignore_ascii_case(&to));
        if named(&faults.reject) {
            return self.answer("550 5.1.1 no such mailbox").await;
        }
        if named(&faults.defer) {
            return self.answer("451 4.3.0 try again later").await;
        }
        if self.to.len() >= MAX_RECIPIENTS {
            return self.answer("452 too many recipients").await;
        }
        self.to.push(to);
        self.answer("250 ok").await
    }

    async fn data(&mut self) -> std::io::Result<Next> {
        if self.to.is_empty() {
            return self.answer("503 RCPT first").await;
        }
        self.reply("354 end with a line holding only a dot").await?;
        let (mut raw, mut too_large) = (String::new(), false);
        loop {
            let Some(line) = self.line(MAX_MESSAGE).await? else {
                return Ok(Next::End);
            };
            if line == "." {
                break;
            }
            // Dot-unstuffing, §4.5.2.
            let line = line.strip_prefix('.').unwrap_or(&line);
            too_large |= raw.len() + line.len() > MAX_MESSAGE;
            if !too_large {
                raw.push_str(line);
                raw.push_str("\r\n");
            }
        }
        let (from, to) = (self.from.take().unwrap_or_default(), std::mem::take(&mut self.to));
        if too_large {
            return self.answer("552 message too large").await;
        }
        if self.sim.takes_drop() {
            return Ok(Next::End);
        }
        self.sim.store(message::read(from, to, raw, self.user.clone()));
        self.answer("250 stored").await
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }

    async fn ask(&mut self, prompt: &str) -> std::io::Result<String> {
        self.reply(prompt).await?;
        Ok(self.line(MAX_LINE).await?.unwrap_or_default())
    }

    async fn answer(&mut self, text: &str) -> std::io::Result<Next> {
        self.reply(text).await?;
        Ok(Next::Command)
    }

    async fn reply(&mut self, text: &str) -> std::io::Result<()> {
        self.writer.write_all(text.as_bytes()).await?;
        self.writer.write_all(b"\r\n").await
    }

    /// The next line without its end; nothing at the end of the connection. A longer line ends the connection.
    async fn line(&mut self, limit: usize) -> std::io::Result<Option<String>> {
        let mut bytes = Vec::new();
        let mut limited = (&mut self.reader).take(limit as u64 + 2);
        let read = tokio::time::timeout(IDLE, limited.read_until(b'\n', &mut bytes))
            .await
            .map_err(|_| std::io::Error::other("idle for too long"))??;
        if read == 0 {
            return Ok(None);
        }
        if !bytes.ends_with(b"\n") {
            return Err(std::io::Error::other("line too long or cut off"));
        }
        let text = String::from_utf8_lossy(&bytes);
        Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

/// The address between the angle brackets, and what follows.
fn path(rest: &str, keyword: &str) -> Option<(String, String)> {
    let head = rest.get(..keyword.len())?;
    if !head.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let rest = rest.get(keyword.len()..)?.trim_start().strip_prefix('<')?;
    let (address, parameters) = rest.split_once('>')?;
    Some((address.to_owned(), parameters.to_owned()))
}

fn decode(text: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()
}
