//! Templates that a channel's vendor must approve: written, handed in, kept in step with the vendor, deleted.
//!
//! [`chosen`] is a template filled for one message; [`sync`] keeps the table in step, by a job and by the vendor's calls.
//! To support another vendor, give it its own branch in `vendor.rs`.

pub mod chosen;
pub mod sync;
mod vendor;

use frontdesk_domain::access::Permission;
use frontdesk_domain::channel_template::{
    ApprovalStatus, ChannelTemplate, ChannelTemplateButton, ChannelTemplateText, TemplateCategory,
    TemplateSync,
};
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ChannelTemplateId, ConnectionId};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::{Tx, channel_template};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

pub use sync::{JOB, SYNC_ALL_JOB};
pub(crate) use vendor::client_of;

use crate::{App, AppError, Result};

/// Most characters of what is written, beside what the vendor allows: keeps a row small.
const MAX_EXAMPLE: usize = 200;

/// A template to write. It can be handed in at once.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChannelTemplate {
    /// The connection whose account it is for; the first that has templates when absent.
    pub connection_id: Option<ConnectionId>,
    /// Small letters, digits and underscores.
    #[schema(min_length = 1, max_length = 512)]
    pub name: String,
    /// Its language with the vendor, such as `en_US`.
    #[schema(min_length = 2, max_length = 20)]
    pub language: String,
    /// What it is for: `marketing` or `utility`.
    pub category: TemplateCategory,
    /// The line over the words.
    #[schema(max_length = 60)]
    pub header: Option<String>,
    /// The words, with `{{1}}`, `{{2}}`, ... for what is filled in.
    #[schema(min_length = 1, max_length = 1024)]
    pub body: String,
    /// The line under the words.
    #[schema(max_length = 60)]
    pub footer: Option<String>,
    /// What can be tapped.
    #[serde(default)]
    pub buttons: Vec<ChannelTemplateButton>,
    /// For each place an example, which the vendor's reviewers see.
    #[serde(default)]
    pub examples: Vec<String>,
    /// Whether it is handed in at once; otherwise it is a draft.
    #[serde(default)]
    pub submit: bool,
}

/// A workspace's templates, and how they were last brought up to date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChannelTemplates {
    /// The templates, by name and language.
    pub items: Vec<ChannelTemplate>,
    /// For each connection that has templates.
    pub connections: Vec<TemplateConnection>,
}

/// A connection that has templates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TemplateConnection {
    /// The connection.
    pub connection_id: ConnectionId,
    /// Its name.
    pub name: String,
    /// How they were last brought up to date.
    #[serde(flatten)]
    pub sync: TemplateSync,
}

/// A workspace's templates.
pub async fn list(app: &App, ctx: &Context) -> Result<ChannelTemplates> {
    ctx.require(Permission::TemplatesRead)?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let syncs = channel_template::syncs(db, scope).await?;
    let connections = vendor::all(app, scope).await?;
    let of = |id| syncs.iter().find(|(known, _)| *known == id).map(|(_, sync)| sync.clone());
    Ok(ChannelTemplates {
        items: channel_template::list(db, scope, None).await?,
        connections: connections
            .into_iter()
            .map(|usable| TemplateConnection {
                connection_id: usable.connection.id,
                name: usable.connection.name,
                sync: of(usable.connection.id).unwrap_or_default(),
            })
            .collect(),
    })
}

/// One template.
pub async fn get(app: &App, ctx: &Context, id: ChannelTemplateId) -> Result<ChannelTemplate> {
    ctx.require(Permission::TemplatesRead)?;
    Ok(channel_template::get(app.store.reader(), ctx.scope(), id).await?)
}

/// Writes a template, and hands it in when asked to.
///
/// # Errors
/// [`AppError::Invalid`] for what the vendor's rules are known to refuse; [`AppError::Conflict`] when the name is taken in
/// that language, nothing is connected that has templates, or the vendor refuses it.
pub async fn create(app: &App, ctx: &Context, new: NewChannelTemplate) -> Result<ChannelTemplate> {
    ctx.require(Permission::TemplatesWrite)?;
    let client = vendor::client(app, ctx.scope(), new.connection_id).await?;
    let submit = new.submit;
    let draft = drafted(new, &client, ChannelTemplateId::new(ctx.now(), app.random.as_ref()), ctx.now())?;
    let tx = app.store.begin(ctx).await?;
    refuse_taken(&tx, &draft).await?;
    if channel_template::count(&tx, tx.scope(), draft.connection_id).await? >= channel_template::MAX {
        return Err(AppError::Conflict("there are too many templates; delete some first".to_owned()));
    }
    channel_template::put(&tx, tx.scope(), &draft).await?;
    told(&tx, "channel_template.create", &draft);
    tx.commit().await?;
    kept(app, ctx, &client, draft, submit).await
}

/// Words a draft anew, all of it, and hands it in when asked to.
///
/// # Errors
/// As [`create`]; [`AppError::Conflict`] too when it was handed in already.
pub async fn update(
    app: &App,
    ctx: &Context,
    id: ChannelTemplateId,
    new: NewChannelTemplate,
) -> Result<ChannelTemplate> {
    ctx.require(Permission::TemplatesWrite)?;
    let known = channel_template::get(app.store.reader(), ctx.scope(), id).await?;
    let connection = new.connection_id.unwrap_or(known.connection_id);
    let client = vendor::client(app, ctx.scope(), Some(connection)).await?;
    let submit = new.submit;
    let mut draft = drafted(new, &client, id, ctx.now())?;
    draft.created_at = known.created_at;
    let tx = app.store.begin(ctx).await?;
    let named = (known.name.as_str(), known.language.as_str());
    let now = channel_template::find_for_update(&tx, tx.scope(), known.connection_id, named).await?;
    if now.is_none_or(|now| now.id != id || now.status != ApprovalStatus::Draft) {
        return Err(AppError::Conflict(
            "this template was handed in already and its words are WhatsApp's to judge; write another one"
                .to_owned(),
        ));
    }
    // Its name may be another one now, by which it would be kept.
    channel_template::delete(&tx, tx.scope(), id).await?;
    refuse_taken(&tx, &draft).await?;
    channel_template::put(&tx, tx.scope(), &draft).await?;
    told(&tx, "channel_template.update", &draft);
    tx.commit().await?;
    kept(app, ctx, &client, draft, submit).await
}

/// What was written, as a draft that breaks no rule that is known.
fn drafted(
    new: NewChannelTemplate,
    client: &vendor::Templates,
    id: ChannelTemplateId,
    now: Timestamp,
) -> Result<ChannelTemplate> {
    let text = ChannelTemplateText {
        header: new.header.filter(|line| !line.is_empty()),
        body: new.body.trim().to_owned(),
        footer: new.footer.filter(|line| !line.is_empty()),
        buttons: new.buttons,
        examples: new.examples,
    };
    if text.examples.iter().any(|example| example.chars().count() > MAX_EXAMPLE) {
        return Err(AppError::invalid("/examples", format!("have at most {MAX_EXAMPLE} characters each")));
    }
    let draft = ChannelTemplate {
        id,
        connection_id: client.connection,
        vendor_id: None,
        name: new.name,
        language: new.language,
        category: new.category,
        status: ApprovalStatus::Draft,
        quality: None,
        places: text.places(),
        text,
        rejected_reason: None,
        has_other_places: false,
        unusable_because: None,
        synced_at: None,
        created_at: now,
        updated_at: now,
    };
    vendor::check(&draft).map_err(|(field, why)| AppError::invalid(field, why))?;
    Ok(draft)
}

async fn refuse_taken(tx: &Tx, draft: &ChannelTemplate) -> Result<()> {
    let named = (draft.name.as_str(), draft.language.as_str());
    match channel_template::find(tx, tx.scope(), draft.connection_id, named).await? {
        None => Ok(()),
        Some(_) => Err(AppError::Conflict(format!(
            "there is a template {} in {} already; choose another name",
            draft.name, draft.language
        ))),
    }
}

/// A draft that was just written, handed in when that is wanted.
async fn kept(
    app: &App,
    ctx: &Context,
    client: &vendor::Templates,
    mut draft: ChannelTemplate,
    submit: bool,
) -> Result<ChannelTemplate> {
    if submit {
        return hand_in(app, ctx, client, draft).await;
    }
    draft.unusable_because = draft.unusable().map(str::to_owned);
    Ok(draft)
}

/// Hands a draft in for approval.
///
/// # Errors
/// [`AppError::Conflict`] when it was handed in already, or the vendor refuses it; then it stays a draft.
pub async fn submit(app: &App, ctx: &Context, id: ChannelTemplateId) -> Result<ChannelTemplate> {
    ctx.require(Permission::TemplatesWrite)?;
    let draft = channel_template::get(app.store.reader(), ctx.scope(), id).await?;
    if draft.status != ApprovalStatus::Draft {
        return Err(AppError::Conflict("this template was handed in already".to_owned()));
    }
    let client = vendor::client(app, ctx.scope(), Some(draft.connection_id)).await?;
    hand_in(app, ctx, &client, draft).await
}

async fn hand_in(
    app: &App,
    ctx: &Context,
    client: &vendor::Templates,
    draft: ChannelTemplate,
) -> Result<ChannelTemplate> {
    let seen = client.create(&draft).await?;
    let mut held = vendor::adopted(seen, &draft, ctx.now());
    // The vendor's reviewers see the examples; it does not tell them again.
    held.text.examples.clone_from(&draft.text.examples);
    let tx = app.store.begin(ctx).await?;
    channel_template::put(&tx, tx.scope(), &held).await?;
    sync::ask_again(&tx, client, held.status);
    told(&tx, "channel_template.submit", &held);
    tx.commit().await?;
    Ok(held)
}

/// Deletes a template, at the vendor too unless it is a draft. Its name cannot be used again at the vendor for 30 days.
///
/// # Errors
/// [`AppError::Conflict`] when the vendor refuses; then it stays.
pub async fn delete(app: &App, ctx: &Context, id: ChannelTemplateId) -> Result<()> {
    ctx.require(Permission::TemplatesWrite)?;
    let known = channel_template::get(app.store.reader(), ctx.scope(), id).await?;
    if let Some(vendor_id) = &known.vendor_id {
        let client = vendor::client(app, ctx.scope(), Some(known.connection_id)).await?;
        client.delete(&known.name, vendor_id).await?;
    }
    let tx = app.store.begin(ctx).await?;
    channel_template::delete(&tx, tx.scope(), id).await?;
    told(&tx, "channel_template.delete", &known);
    tx.commit().await?;
    Ok(())
}

/// Brings the templates of every connection up to date now.
pub async fn sync_now(app: &App, ctx: &Context) -> Result<ChannelTemplates> {
    ctx.require(Permission::TemplatesWrite)?;
    for usable in vendor::all(app, ctx.scope()).await? {
        sync::sync(app, ctx.workspace, usable.connection.id).await?;
    }
    list(app, ctx).await
}

fn told(tx: &Tx, action: &'static str, template: &ChannelTemplate) {
    tx.emit(Event::ChannelTemplatesUpdated);
    let named = json!({ "name": template.name, "language": template.language });
    tx.audit(action, Some(template.id.to_string()), named);
}
