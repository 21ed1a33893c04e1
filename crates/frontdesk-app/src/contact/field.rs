//! Custom fields of contacts: what they are called and what they hold.

use frontdesk_domain::access::Permission;
use frontdesk_domain::contact_list::{CustomField, FieldKind};
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::FieldId;
use frontdesk_domain::text;
use frontdesk_store::contact::field;
use frontdesk_store::{StoreError, Tx};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::validate::Validator;
use crate::{App, AppError, Result};

/// Most custom fields of a workspace.
pub(crate) const MAX_DEFINED: usize = 200;

/// A custom field to make.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCustomField {
    /// The key its values stand under; the label when absent.
    #[schema(max_length = 60)]
    pub key: Option<String>,
    /// What people call it.
    #[schema(min_length = 1, max_length = 60)]
    pub label: String,
    /// What it holds. It cannot be changed later.
    #[serde(default)]
    pub kind: FieldKind,
    /// What can be chosen, for a choice.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub options: Vec<String>,
}

/// What to change of a custom field; absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomFieldPatch {
    /// What people call it.
    #[schema(min_length = 1, max_length = 60)]
    pub label: Option<String>,
    /// All that can be chosen, for a choice.
    #[schema(max_items = 100)]
    pub options: Option<Vec<String>>,
}

/// The workspace's custom fields, by label.
pub async fn list(app: &App, ctx: &Context) -> Result<Vec<CustomField>> {
    ctx.require(Permission::ContactsRead)?;
    Ok(field::list(app.store.reader(), ctx.scope()).await?)
}

/// Makes a custom field.
pub async fn create(app: &App, ctx: &Context, input: NewCustomField) -> Result<CustomField> {
    ctx.require(Permission::ContactsWrite)?;
    let mut check = Validator::new();
    let label = check.take("/label", text::line(&input.label, 60));
    let key = check.take("/key", text::line(input.key.as_deref().unwrap_or(&input.label), 60));
    let options = check_options(&mut check, input.kind, input.options);
    check.finish()?;
    let tx = app.store.begin(ctx).await?;
    let known = field::list(&tx, ctx.scope()).await?.len();
    if known >= MAX_DEFINED {
        return Err(AppError::Conflict(format!(
            "there are {MAX_DEFINED} custom fields already; delete one first"
        )));
    }
    let new = define(&tx, &key, &label, input.kind, options).await?;
    tx.emit(Event::WorkspaceUpdated);
    tx.audit("contact_field.create", Some(new.id.to_string()), json!({ "key": new.key }));
    tx.commit().await?;
    Ok(new)
}

/// Stores a custom field that was checked.
pub(super) async fn define(
    tx: &Tx,
    key: &str,
    label: &str,
    kind: FieldKind,
    options: Vec<String>,
) -> Result<CustomField> {
    let new = CustomField {
        id: FieldId::new(tx.now(), tx.random()),
        key: key.to_owned(),
        label: label.to_owned(),
        kind,
        options,
        created_at: tx.now(),
    };
    field::insert(tx, tx.scope(), &new).await.map_err(|error| match error {
        StoreError::Duplicate(_) => AppError::Conflict(format!("there is a custom field `{key}` already")),
        other => other.into(),
    })?;
    Ok(new)
}

/// Changes what a custom field is called and what can be chosen.
pub async fn update(app: &App, ctx: &Context, id: FieldId, patch: CustomFieldPatch) -> Result<CustomField> {
    ctx.require(Permission::ContactsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut changed = field::get(&tx, ctx.scope(), id).await?;
    let mut check = Validator::new();
    if let Some(label) = patch.label {
        changed.label = check.take("/label", text::line(&label, 60));
    }
    if let Some(options) = patch.options {
        changed.options = check_options(&mut check, changed.kind, options);
    }
    check.finish()?;
    field::update(&tx, ctx.scope(), &changed).await?;
    tx.emit(Event::WorkspaceUpdated);
    tx.audit("contact_field.update", Some(id.to_string()), json!({}));
    tx.commit().await?;
    Ok(changed)
}

/// Forgets a custom field. What contacts have under its key stays.
pub async fn delete(app: &App, ctx: &Context, id: FieldId) -> Result<()> {
    ctx.require(Permission::ContactsWrite)?;
    let tx = app.store.begin(ctx).await?;
    field::delete(&tx, ctx.scope(), id).await?;
    tx.emit(Event::WorkspaceUpdated);
    tx.audit("contact_field.delete", Some(id.to_string()), json!({}));
    tx.commit().await?;
    Ok(())
}

fn check_options(check: &mut Validator, kind: FieldKind, options: Vec<String>) -> Vec<String> {
    check.ensure("/options", options.len() <= 100, "has too many: at most 100");
    check.ensure("/options", kind == FieldKind::Choice || options.is_empty(), "belongs to a choice only");
    check.ensure(
        "/options",
        kind != FieldKind::Choice || !options.is_empty(),
        "must name what can be chosen",
    );
    let mut checked: Vec<String> = Vec::new();
    for (n, option) in options.into_iter().take(100).enumerate() {
        let option = check.take(&format!("/options/{n}"), text::line(&option, 100));
        if !checked.contains(&option) {
            checked.push(option);
        }
    }
    checked
}
