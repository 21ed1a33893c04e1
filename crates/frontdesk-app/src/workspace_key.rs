//! Keys that every workspace has one of for each use, made when they are needed first: random bytes in base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::WorkspaceId;
use frontdesk_store::workspace_key::{self, KeyKind};
use secrecy::SecretString;

use crate::secret::Column;
use crate::{App, AppError, Result};

/// Bytes of a key.
pub(crate) const LENGTH: usize = 32;

/// The workspace's key; made when there is none yet.
pub(crate) async fn of(app: &App, workspace: WorkspaceId, kind: KeyKind) -> Result<SecretString> {
    let found = workspace_key::find(app.store.reader(), Scope::system(workspace), kind).await?;
    let sealed = match found {
        Some(sealed) => sealed,
        None => make(app, workspace, kind).await?,
    };
    Ok(app.vault.unseal(workspace, Column::Key(kind), &sealed)?)
}

/// A new key for the workspace, which nothing knows of yet, and the same sealed.
pub(crate) fn fresh(app: &App, workspace: WorkspaceId, kind: KeyKind) -> Result<(SecretString, String)> {
    let mut bytes = [0_u8; LENGTH];
    app.random.fill(&mut bytes);
    let encoded = STANDARD.encode(bytes);
    let sealed = app.vault.seal(workspace, Column::Key(kind), &encoded, app.random.as_ref())?;
    Ok((SecretString::from(encoded), sealed))
}

async fn make(app: &App, workspace: WorkspaceId, kind: KeyKind) -> Result<String> {
    let (_, sealed) = fresh(app, workspace, kind)?;
    let tx = app.store.begin(&app.system(workspace, "workspace-key")).await?;
    workspace_key::insert(&tx, tx.scope(), kind, &sealed).await?;
    // Another process may have been faster; its key is the one.
    let kept = workspace_key::find(&tx, tx.scope(), kind).await?;
    tx.commit().await?;
    kept.ok_or_else(|| AppError::Internal(format!("a key of kind {kind:?} that was stored is not there")))
}
