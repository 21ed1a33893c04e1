//! Importing files of contacts: upload, look at the columns, say what they are, and have a job read the rows.
//!
//! A file is streamed to disk ([`Upload`]) and made into UTF-8 text once ([`file`]). [`start`] fixes the plan; the job
//! ([`run()`]) reads batches of rows, each stored in one unit of work with the place where reading goes on, so that a crash
//! repeats and loses nothing. Rows that cannot be read go to a file with the reason beside them. [`undo()`] takes back what
//! nobody touched since. To read one more thing of a row, add a `ColumnUse` and its line in [`row`] and [`guess`].

mod file;
mod guess;
mod row;
mod run;
mod spreadsheet;
mod undo;
mod upload;
mod value;

use std::path::PathBuf;

use frontdesk_domain::access::Permission;
use frontdesk_domain::contact_import::{ColumnUse, Import, ImportColumn, ImportPlan, ImportState};
use frontdesk_domain::contact_list::FieldKind;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ImportId, WorkspaceId};
use frontdesk_domain::text;
use frontdesk_store::contact::{field as fields, import};
use frontdesk_store::{JobRequest, Tx};
use serde_json::json;

use super::field;
use crate::validate::Validator;
use crate::{App, AppError, Result};

pub use run::{IMPORT_JOB, run};
pub use undo::{UNDO_JOB, undo, undo_job};
pub use upload::{MAX_BYTES, Upload};

/// Tries of the job: it goes on where it stopped, so a long import may survive many restarts.
const ATTEMPTS: u16 = 50;

/// Where the files of an import are.
#[derive(Debug, Clone)]
struct Files {
    folder: PathBuf,
}

impl Files {
    fn of(app: &App, workspace: WorkspaceId, id: ImportId) -> Self {
        let folder = app.settings.data_dir.join("imports").join(workspace.to_string()).join(id.to_string());
        Self { folder }
    }

    /// What was uploaded.
    fn original(&self) -> PathBuf {
        self.folder.join("original")
    }

    /// The same as UTF-8 text of comma or otherwise separated values.
    fn text(&self) -> PathBuf {
        self.folder.join("text.csv")
    }

    /// Rows that were refused, each with its reason.
    fn rejects(&self) -> PathBuf {
        self.folder.join("rejected.csv")
    }
}

/// The newest imports.
pub async fn list(app: &App, ctx: &Context) -> Result<Vec<Import>> {
    ctx.require(Permission::ContactsRead)?;
    let newest = import::newest(app.store.reader(), ctx.scope()).await?;
    Ok(newest.into_iter().map(|stored| stored.import).collect())
}

/// An import, as far as it has come.
pub async fn get(app: &App, ctx: &Context, id: ImportId) -> Result<Import> {
    ctx.require(Permission::ContactsRead)?;
    Ok(import::get(app.store.reader(), ctx.scope(), id).await?.import)
}

/// Begins to read a file whose columns are known now.
///
/// # Errors
/// Names every column and option that cannot be meant; a conflict when it was begun before.
pub async fn start(app: &App, ctx: &Context, id: ImportId, plan: ImportPlan) -> Result<Import> {
    ctx.require(Permission::ContactsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut stored = import::get(&tx, ctx.scope(), id).await?;
    if stored.import.state != ImportState::Uploaded {
        return Err(AppError::Conflict(
            "this import was started already; upload the file again to repeat it".to_owned(),
        ));
    }
    let plan = check(plan, &stored.import.columns)?;
    let plan = with_fields(&tx, plan, &stored.import.columns).await?;
    let key = file::headers_key(stored.import.columns.iter().map(|column| column.header.as_str()));
    import::remember(&tx, ctx.scope(), &key, &plan.columns, tx.now()).await?;
    stored.import.plan = Some(plan);
    stored.import.state = ImportState::Running;
    import::put(&tx, ctx.scope(), &stored).await?;
    tx.enqueue(
        JobRequest::new(IMPORT_JOB, json!({ "import": id })).unique(id.to_string()).attempts(ATTEMPTS),
    );
    tx.emit(Event::ContactsChanged { import_id: Some(id), bulk_id: None });
    tx.audit("contact_import.start", Some(id.to_string()), json!({ "file": stored.import.file_name }));
    tx.commit().await?;
    Ok(stored.import)
}

/// Stops an import after the batch it is at. What was read stays.
pub async fn cancel(app: &App, ctx: &Context, id: ImportId) -> Result<Import> {
    ctx.require(Permission::ContactsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut stored = import::get(&tx, ctx.scope(), id).await?;
    if !matches!(stored.import.state, ImportState::Uploaded | ImportState::Running) {
        return Err(AppError::Conflict("this import is over; there is nothing to stop".to_owned()));
    }
    stored.import.state = ImportState::Cancelled;
    stored.import.finished_at = Some(tx.now());
    import::put(&tx, ctx.scope(), &stored).await?;
    tx.emit(Event::ContactsChanged { import_id: Some(id), bulk_id: None });
    tx.audit("contact_import.cancel", Some(id.to_string()), json!({}));
    tx.commit().await?;
    file::forget_text(&Files::of(app, ctx.workspace, id)).await;
    Ok(stored.import)
}

/// The file of refused rows, to be sent; `None` when no row was refused.
pub async fn rejects(app: &App, ctx: &Context, id: ImportId) -> Result<Option<(String, PathBuf)>> {
    ctx.require(Permission::ContactsWrite)?;
    let stored = import::get(app.store.reader(), ctx.scope(), id).await?;
    let path = Files::of(app, ctx.workspace, id).rejects();
    if stored.reject_bytes == 0 || !tokio::fs::try_exists(&path).await.unwrap_or(false) {
        return Ok(None);
    }
    let stem =
        stored.import.file_name.rsplit_once('.').map_or(stored.import.file_name.as_str(), |(stem, _)| stem);
    Ok(Some((format!("{stem} refused.csv"), path)))
}

/// Checks a plan against the columns of the file.
fn check(mut plan: ImportPlan, columns: &[ImportColumn]) -> Result<ImportPlan> {
    let mut check = Validator::new();
    check.ensure(
        "/columns",
        plan.columns.len() == columns.len(),
        "must say something of each column of the file",
    );
    for (n, column) in plan.columns.iter_mut().enumerate() {
        if let ColumnUse::Field { key, .. } = column {
            *key = check.take(&format!("/columns/{n}/key"), text::line(key, 60));
        }
    }
    for (n, column) in plan.columns.iter().enumerate() {
        let again = plan.columns.iter().take(n).any(|earlier| same(earlier, column));
        check.ensure(&format!("/columns/{n}"), !again, "is what another column is already");
    }
    let tells = |column: &ColumnUse| {
        matches!(
            column,
            ColumnUse::Name
                | ColumnUse::FirstName
                | ColumnUse::LastName
                | ColumnUse::Email
                | ColumnUse::Phone
                | ColumnUse::ExternalId
        )
    };
    check.ensure(
        "/columns",
        plan.columns.iter().any(tells),
        "must hold a name, an e-mail address, a phone number or an id of another system",
    );
    plan.tags = super::check_tags(&mut check, plan.tags);
    check.ensure("/tags", plan.tags.len() <= 10, "holds too many tags: at most 10");
    if let Some(consent) = &mut plan.consent {
        consent.source = check.take("/consent/source", text::line(&consent.source, 200));
        consent.text = check.take("/consent/text", text::lines(&consent.text, 2_000));
        consent.channel = consent.channel.trim().to_lowercase();
        if let Err(reason) = row::channels(&consent.channel) {
            check.refuse("/consent/channel", reason);
        }
    }
    check.finish()?;
    Ok(plan)
}

/// Whether two columns would be put in the same place. Several may hold tags.
fn same(one: &ColumnUse, other: &ColumnUse) -> bool {
    match (one, other) {
        (ColumnUse::Ignore | ColumnUse::Tags, _) => false,
        (ColumnUse::Field { key: one, .. }, ColumnUse::Field { key: other, .. }) => {
            one.to_lowercase() == other.to_lowercase()
        }
        _ => one == other,
    }
}

/// Makes the custom fields that do not exist, and takes what the others hold from their definitions.
async fn with_fields(tx: &Tx, mut plan: ImportPlan, columns: &[ImportColumn]) -> Result<ImportPlan> {
    let mut known = fields::list(tx, tx.scope()).await?;
    for (use_of, column) in plan.columns.iter_mut().zip(columns) {
        let ColumnUse::Field { key, kind } = use_of else { continue };
        if let Some(field) = known.iter().find(|field| field.key.to_lowercase() == key.to_lowercase()) {
            field.key.clone_into(key);
            *kind = field.kind;
            continue;
        }
        if known.len() >= field::MAX_DEFINED {
            return Err(AppError::Conflict(
                "the file needs more custom fields than there may be: at most 200".to_owned(),
            ));
        }
        // What can be chosen is not known from a file.
        if *kind == FieldKind::Choice {
            *kind = FieldKind::Text;
        }
        let label = text::line(&column.header, 60).unwrap_or_else(|_| key.clone());
        known.push(field::define(tx, key, &label, *kind, Vec::new()).await?);
    }
    Ok(plan)
}
