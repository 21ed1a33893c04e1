//! The job that reads a file of contacts, batch by batch.
//!
//! One thread reads and checks rows while the database stores the batch before; at most two batches wait in between. A batch
//! is one unit of work: contacts, counts, and the place where reading goes on. The file of refused rows is written first and
//! cut back to its noted length when the job begins again, so that it tells each row once.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::sync::Arc;

use frontdesk_domain::contact::{Contact, ContactStatus};
use frontdesk_domain::contact_import::{ImportConsent, ImportCounts, ImportState, OnKnown};
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ContactId, ImportId, uuid_v7};
use frontdesk_domain::random::Random;
use frontdesk_domain::time::Clock;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::contact::import::{self, Given, Stored};
use frontdesk_store::{Tx, contact, workspace};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;

use super::super::export::harmless;
use super::Files;
use super::file::{self, Rows};
use super::row::{Reading, Zones, channels, fill_in};
use crate::{App, AppError, Result, jobs};

/// The job's constant name.
pub const IMPORT_JOB: &str = "contact.import";
/// Rows of a batch: enough that a commit costs little per row, few enough that others need not wait long for the writer.
const BATCH: usize = 4_000;

#[derive(Deserialize)]
pub(super) struct Payload {
    pub(super) import: ImportId,
}

/// Rows that were read.
#[derive(Default)]
struct Batch {
    contacts: Vec<Contact>,
    /// The consents, by the place of their contact.
    consents: Vec<(usize, ImportConsent)>,
    /// The rows as they stood in the file, for those that are refused later.
    records: Vec<(u64, csv::StringRecord)>,
    rejects: Vec<Reject>,
    rows: u64,
    /// Where reading goes on.
    next_byte: u64,
    next_line: u64,
    end: bool,
}

struct Reject {
    line: u64,
    reason: String,
    record: csv::StringRecord,
}

/// What comes from the reading thread: a batch, or why the file cannot be read on.
type Piece = std::result::Result<Batch, String>;

/// The job.
pub async fn run(app: &Arc<App>, job: &ClaimedJob) -> std::result::Result<(), Failure> {
    let payload = Payload::deserialize(&job.payload)
        .map_err(|error| Failure::Permanent(format!("{IMPORT_JOB} cannot be read: {error}")))?;
    let ctx = app.system(job.workspace, IMPORT_JOB);
    read_all(app, &ctx, payload.import).await.map_err(|error| jobs::failure(&error))
}

async fn read_all(app: &App, ctx: &Context, id: ImportId) -> Result<()> {
    let stored = import::get(app.store.reader(), ctx.scope(), id).await?;
    let (ImportState::Running, Some(plan)) = (stored.import.state, stored.import.plan.clone()) else {
        return Ok(());
    };
    let files = Files::of(app, ctx.workspace, id);
    if !tokio::fs::try_exists(files.text()).await.unwrap_or(false) {
        let reason = "the uploaded file is not on this machine; upload it again";
        return finish(app, ctx, id, ImportState::Failed, Some(reason.to_owned())).await;
    }
    let country = workspace::get(app.store.reader(), ctx.scope()).await?.country;
    let reading = Reading { plan, country, file_name: stored.import.file_name.clone() };
    let mut rejects = Rejects::open(&files, &stored).map_err(|error| file::io(&error))?;
    let on_known = reading.plan.on_known;
    let (send, mut receive) = mpsc::channel(1);
    let from = (stored.next_byte, stored.next_line);
    let delimiter = stored.import.delimiter.bytes().next().unwrap_or(b',');
    let (clock, random) = (Arc::clone(&ctx.clock), Arc::clone(&ctx.random));
    let reader = tokio::task::spawn_blocking(move || {
        produce(&files, delimiter, from, &reading, clock.as_ref(), random.as_ref(), &send);
    });
    let outcome = loop {
        match receive.recv().await {
            Some(Ok(batch)) => {
                let end = batch.end;
                if !store(app, ctx, id, on_known, batch, &mut rejects).await? {
                    break None;
                }
                if end {
                    break Some((ImportState::Done, None));
                }
            }
            Some(Err(reason)) => break Some((ImportState::Failed, Some(format!("the file {reason}")))),
            None => return Err(AppError::Internal("reading a file of contacts stopped".to_owned())),
        }
    };
    drop(receive);
    let _ = reader.await;
    match outcome {
        Some((state, error)) => finish(app, ctx, id, state, error).await,
        None => Ok(()),
    }
}

/// Ends the import, unless somebody did.
async fn finish(
    app: &App,
    ctx: &Context,
    id: ImportId,
    state: ImportState,
    error: Option<String>,
) -> Result<()> {
    let tx = app.store.begin(ctx).await?;
    let mut stored = import::get(&tx, ctx.scope(), id).await?;
    if stored.import.state != ImportState::Running {
        return Ok(());
    }
    stored.import.state = state;
    stored.import.error = error;
    stored.import.finished_at = Some(tx.now());
    import::put(&tx, ctx.scope(), &stored).await?;
    tx.emit(Event::ContactsChanged { import_id: Some(id), bulk_id: None });
    tx.audit("contact_import.finish", Some(id.to_string()), json!({ "counts": stored.import.counts }));
    tx.commit().await?;
    file::forget_text(&Files::of(app, ctx.workspace, id)).await;
    Ok(())
}

/// Reads and checks rows until the file ends or nobody wants more.
fn produce(
    files: &Files,
    delimiter: u8,
    (byte, line): (u64, u64),
    reading: &Reading,
    clock: &dyn Clock,
    random: &dyn Random,
    send: &mpsc::Sender<Piece>,
) {
    let mut rows = match Rows::open(files, delimiter, byte) {
        Ok(rows) => rows,
        Err(error) => {
            let _ = send.blocking_send(Err(format!("cannot be opened: {error}")));
            return;
        }
    };
    let mut zones = Zones::new();
    let mut next_line = line;
    loop {
        let batch = read_batch(&mut rows, next_line, reading, clock, random, &mut zones);
        let (end, line) = match &batch {
            Ok(batch) => (batch.end, batch.next_line),
            Err(_) => (true, next_line),
        };
        next_line = line;
        if send.blocking_send(batch).is_err() || end {
            return;
        }
    }
}

fn read_batch(
    rows: &mut Rows,
    first_line: u64,
    reading: &Reading,
    clock: &dyn Clock,
    random: &dyn Random,
    zones: &mut Zones,
) -> Piece {
    let now = clock.now();
    // In order, so that the rows of a file are neighbours in every index of the database that goes by id; the last row
    // first, as lists show what came last first.
    let mut ids: Vec<ContactId> = (0..BATCH).map(|_| ContactId::new(now, random)).collect();
    ids.sort_unstable();
    let mut batch = Batch { next_line: first_line, ..Batch::default() };
    let mut record = csv::StringRecord::new();
    for id in ids {
        if !rows.read(&mut record)? {
            batch.end = true;
            break;
        }
        let line = batch.next_line;
        batch.next_line += 1;
        batch.rows += 1;
        if record.iter().all(|value| value.trim().is_empty()) {
            continue;
        }
        match reading.read(&record, id, now, zones) {
            Ok(read) => {
                if let Some(consent) = read.consent {
                    batch.consents.push((batch.contacts.len(), consent));
                }
                batch.contacts.push(read.contact);
                batch.records.push((line, record.clone()));
            }
            Err(reason) => batch.rejects.push(Reject { line, reason, record: record.clone() }),
        }
    }
    batch.next_byte = rows.byte();
    Ok(batch)
}

/// Stores a batch; false when the import was stopped meanwhile.
async fn store(
    app: &App,
    ctx: &Context,
    id: ImportId,
    on_known: OnKnown,
    batch: Batch,
    rejects: &mut Rejects,
) -> Result<bool> {
    let Batch { mut contacts, consents, records, rejects: mut refused, rows, next_byte, next_line, .. } =
        batch;
    let tx = app.store.begin(ctx).await?;
    let mut stored = import::get(&tx, ctx.scope(), id).await?;
    if stored.import.state != ImportState::Running || stored.next_byte > next_byte {
        return Ok(false);
    }
    let listed = mark_suppressed(&tx, &mut contacts).await?;
    stored.import.counts.suppressed += listed.len() as u64;
    let is_new = import::insert(&tx, ctx.scope(), Some(id), &contacts).await?;
    let counts = &mut stored.import.counts;
    counts.read += rows;
    let mut stood_for: Vec<ContactId> = contacts.iter().map(|contact| contact.id).collect();
    for (n, (row, is_new)) in contacts.iter().zip(&is_new).enumerate() {
        if *is_new {
            counts.created += 1;
            continue;
        }
        let known = change_known(&tx, row, on_known, counts).await?;
        match known {
            Ok(known) => {
                if let Some(place) = stood_for.get_mut(n) {
                    *place = known;
                }
            }
            Err(reason) => {
                if let Some((line, record)) = records.get(n) {
                    refused.push(Reject { line: *line, reason, record: record.clone() });
                }
            }
        }
    }
    let mut given = Vec::new();
    for (n, consent) in consents.into_iter().filter(|(n, _)| !listed.contains(n)) {
        let (Some(row), Some(contact)) = (contacts.get(n), stood_for.get(n)) else { continue };
        for channel in channels(&consent.channel).unwrap_or_default() {
            let address = if *channel == Channel::Email { &row.email } else { &row.phone };
            let Some(address) = address.clone() else { continue };
            let id = uuid_v7(tx.now(), tx.random());
            given.push(Given { id, contact: *contact, channel: *channel, address, consent: consent.clone() });
        }
    }
    import::insert_consents(&tx, ctx.scope(), id, &given, tx.now()).await?;
    stored.import.counts.rejected += refused.len() as u64;
    refused.sort_by_key(|reject| reject.line);
    rejects.write(&refused).map_err(|error| file::io(&error))?;
    stored.reject_bytes = rejects.bytes;
    stored.next_byte = next_byte;
    stored.next_line = next_line;
    import::put(&tx, ctx.scope(), &stored).await?;
    tx.emit(Event::ContactsChanged { import_id: Some(id), bulk_id: None });
    tx.commit().await?;
    Ok(true)
}

/// Marks those whose address is on a list of addresses that must not be written to; says which they are.
async fn mark_suppressed(tx: &Tx, contacts: &mut [Contact]) -> Result<HashSet<usize>> {
    let addresses: Vec<&str> =
        contacts.iter().flat_map(|it| [it.email.as_deref(), it.phone.as_deref()]).flatten().collect();
    let listed = import::suppressed(tx, tx.scope(), &addresses).await?;
    let mut marked = HashSet::new();
    if listed.is_empty() {
        return Ok(marked);
    }
    for (n, contact) in contacts.iter_mut().enumerate() {
        if [&contact.email, &contact.phone].into_iter().flatten().any(|address| listed.contains(address)) {
            contact.opted_out = true;
            contact.status = ContactStatus::OptedOut;
            marked.insert(n);
        }
    }
    Ok(marked)
}

/// What becomes of a row whose contact is known: the contact's id, or why the row is refused.
async fn change_known(
    tx: &Tx,
    row: &Contact,
    on_known: OnKnown,
    counts: &mut ImportCounts,
) -> Result<std::result::Result<ContactId, String>> {
    let Some(mut known) = import::known(tx, tx.scope(), row).await? else {
        // Gone since: nothing in the batch can tell of them any more.
        counts.skipped += 1;
        return Ok(Ok(row.id));
    };
    if on_known == OnKnown::Skip || !fill_in(&mut known, row) {
        counts.skipped += 1;
        return Ok(Ok(known.id));
    }
    for (email, phone, what) in
        [(known.email.as_deref(), None, "e-mail address"), (None, known.phone.as_deref(), "phone number")]
    {
        let other = contact::find_by_address(tx, tx.scope(), email, phone).await?;
        if let Some(other) = other.filter(|other| other.id != known.id) {
            return Ok(Err(format!("tells of two contacts: the {what} belongs to {}", other.name)));
        }
    }
    known.updated_at = tx.now();
    contact::update(tx, tx.scope(), &known).await?;
    counts.updated += 1;
    Ok(Ok(known.id))
}

/// The file of refused rows.
struct Rejects {
    file: File,
    headers: Vec<String>,
    bytes: u64,
}

impl Rejects {
    /// Opens it as long as it was when the last batch was stored.
    fn open(files: &Files, stored: &Stored) -> std::io::Result<Self> {
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(files.rejects())?;
        file.set_len(stored.reject_bytes)?;
        file.seek(SeekFrom::Start(stored.reject_bytes))?;
        let headers = stored.import.columns.iter().map(|column| column.header.clone()).collect();
        Ok(Self { file, headers, bytes: stored.reject_bytes })
    }

    fn write(&mut self, rejects: &[Reject]) -> std::io::Result<()> {
        if rejects.is_empty() {
            return Ok(());
        }
        let mut out = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        if self.bytes == 0 {
            let headers = ["line", "reason"].into_iter().chain(self.headers.iter().map(String::as_str));
            out.write_record(headers.map(harmless))?;
        }
        for reject in rejects {
            let line = reject.line.to_string();
            let values = [line.as_str(), reject.reason.as_str()].into_iter().chain(&reject.record);
            out.write_record(values.map(harmless))?;
        }
        let text = out.into_inner().map_err(|error| std::io::Error::other(error.to_string()))?;
        self.file.write_all(&text)?;
        self.file.sync_data()?;
        self.bytes += text.len() as u64;
        Ok(())
    }
}
