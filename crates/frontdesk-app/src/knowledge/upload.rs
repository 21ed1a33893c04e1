//! Uploading a file as a source.

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::knowledge::{Source, SourceKind};
use frontdesk_domain::text;
use frontdesk_knowledge::parse::{Format, ParseError};
use tokio::sync::SemaphorePermit;

use super::source::{Draft, add};
use crate::validate::Validator;
use crate::{App, AppError, Result};

/// Longest file name, in characters.
const MAX_NAME: usize = 200;

/// A file that was sent.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The title shown in citations; the file's name when absent.
    pub title: Option<String>,
    /// The file's name; its ending and the content tell its kind.
    pub file_name: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// The right to send a file: a permission, and a place among the few that are held in memory at once.
pub async fn upload_permit<'a>(app: &'a App, ctx: &Context) -> Result<SemaphorePermit<'a>> {
    ctx.require(Permission::KnowledgeWrite)?;
    app.library.upload_permit().await
}

/// Adds a file; a job reads it.
pub async fn upload(app: &App, ctx: &Context, upload: Upload) -> Result<Source> {
    ctx.require(Permission::KnowledgeWrite)?;
    let most = app.library.settings().max_file_bytes;
    if upload.bytes.len() > most {
        return Err(AppError::TooLarge(too_large(most)));
    }
    let mut check = Validator::new();
    // Some browsers send a path.
    let name = upload.file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name =
        check.take("/file", text::line(name, MAX_NAME).map_err(|error| format!("has a name that {error}")));
    let title = check.take_some("/title", upload.title, |title| text::line(&title, MAX_NAME));
    if upload.bytes.is_empty() {
        check.refuse("/file", "is empty");
    } else if Format::detect(Some(&name), None, &upload.bytes).is_none() {
        check.refuse("/file", format!("was not accepted. {}", ParseError::Unsupported));
    }
    check.finish()?;
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let title = title.unwrap_or_else(|| if stem.is_empty() { name.clone() } else { stem.to_owned() });
    let draft = Draft {
        kind: SourceKind::File,
        title,
        url: None,
        file_name: Some(name),
        max_pages: 1,
        content: Some(upload.bytes),
    };
    add(app, ctx, draft).await
}

/// What is said of a file over the limit.
pub fn too_large(most: usize) -> String {
    format!("this file is larger than {} MB; split it or save it smaller", most / (1024 * 1024))
}
