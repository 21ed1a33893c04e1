//! Taking in a file: streamed to disk, bounded, then looked at.

use frontdesk_domain::access::Permission;
use frontdesk_domain::contact_import::{ColumnUse, Import, ImportColumn, ImportCounts, ImportState};
use frontdesk_domain::context::{Actor, Context};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::ImportId;
use frontdesk_domain::text;
use frontdesk_store::contact::import::{self, Stored};
use serde_json::json;
use tokio::io::AsyncWriteExt;

use super::file::{self, Look};
use super::{Files, guess};
use crate::validate::Validator;
use crate::{App, AppError, Result};

/// Most bytes of a file of contacts.
pub const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// A file that is being sent. Dropped before [`Upload::finish`], it leaves nothing.
#[derive(Debug)]
pub struct Upload<'a> {
    app: &'a App,
    ctx: &'a Context,
    id: ImportId,
    name: String,
    files: Files,
    file: tokio::fs::File,
    bytes: u64,
    finished: bool,
}

impl<'a> Upload<'a> {
    /// Makes room for a file of this name.
    pub async fn begin(app: &'a App, ctx: &'a Context, file_name: &str) -> Result<Self> {
        ctx.require(Permission::ContactsWrite)?;
        let mut check = Validator::new();
        // Some browsers send a path.
        let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name =
            check.take("/file", text::line(name, 200).map_err(|error| format!("has a name that {error}")));
        check.finish()?;
        let id = ImportId::new(ctx.now(), ctx.random.as_ref());
        let files = Files::of(app, ctx.workspace, id);
        tokio::fs::create_dir_all(&files.folder).await.map_err(|error| file::io(&error))?;
        let opened = tokio::fs::File::create(files.original()).await.map_err(|error| file::io(&error))?;
        Ok(Self { app, ctx, id, name, files, file: opened, bytes: 0, finished: false })
    }

    /// Takes the next piece.
    pub async fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.bytes += piece.len() as u64;
        if self.bytes > MAX_BYTES {
            return Err(AppError::TooLarge(format!(
                "this file is larger than {} MB; split it",
                MAX_BYTES / (1024 * 1024)
            )));
        }
        self.file.write_all(piece).await.map_err(|error| file::io(&error))
    }

    /// Looks at the whole file: its encoding, its columns and what they probably are.
    ///
    /// # Errors
    /// When it is empty, or neither text nor a spreadsheet.
    pub async fn finish(mut self) -> Result<Import> {
        self.file.sync_all().await.map_err(|error| file::io(&error))?;
        if self.bytes == 0 {
            return Err(AppError::invalid("/file", "is empty"));
        }
        let files = self.files.clone();
        let looked = tokio::task::spawn_blocking(move || file::look(&files)).await;
        let look = looked
            .map_err(|error| AppError::Internal(format!("looking at a file of contacts: {error}")))??;
        let remembered = self.remembered(&look).await?;
        let import = self.import(&look, remembered);
        let tx = self.app.store.begin(self.ctx).await?;
        let stored = Stored {
            import,
            next_byte: look.first_row,
            next_line: 2,
            reject_bytes: 0,
            text_bytes: look.bytes,
        };
        import::put(&tx, self.ctx.scope(), &stored).await?;
        tx.emit(Event::ContactsChanged { import_id: Some(self.id), bulk_id: None });
        tx.audit("contact_import.upload", Some(self.id.to_string()), json!({ "bytes": self.bytes }));
        tx.commit().await?;
        self.finished = true;
        Ok(stored.import)
    }

    async fn remembered(&self, look: &Look) -> Result<Option<Vec<ColumnUse>>> {
        let key = file::headers_key(look.headers.iter().map(String::as_str));
        let remembered = import::remembered(self.app.store.reader(), self.ctx.scope(), &key).await?;
        Ok(remembered.filter(|columns| columns.len() == look.headers.len()))
    }

    fn import(&self, look: &Look, remembered: Option<Vec<ColumnUse>>) -> Import {
        let samples =
            |n: usize| -> Vec<String> { look.rows.iter().filter_map(|row| row.get(n)).cloned().collect() };
        let guessed = remembered.unwrap_or_else(|| {
            let columns: Vec<(&str, Vec<String>)> =
                look.headers.iter().enumerate().map(|(n, header)| (header.as_str(), samples(n))).collect();
            guess::columns(&columns)
        });
        let columns = look
            .headers
            .iter()
            .zip(guessed)
            .enumerate()
            .map(|(n, (header, suggestion))| ImportColumn {
                header: header.clone(),
                samples: samples(n),
                suggestion,
            })
            .collect();
        let owner = match self.ctx.actor {
            Actor::User(user) => Some(user),
            _ => None,
        };
        Import {
            id: self.id,
            file_name: self.name.clone(),
            bytes: self.bytes,
            state: ImportState::Uploaded,
            columns,
            encoding: look.encoding.to_owned(),
            delimiter: char::from(look.delimiter).to_string(),
            plan: None,
            counts: ImportCounts::default(),
            percent: 0,
            error: None,
            owner,
            created_at: self.ctx.now(),
            finished_at: None,
        }
    }
}

impl Drop for Upload<'_> {
    fn drop(&mut self) {
        if !self.finished {
            let _ = std::fs::remove_dir_all(&self.files.folder);
        }
    }
}
