//! Personas: how agents sound.

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::PersonaId;
use frontdesk_domain::persona::{Persona, PersonaVoice};
use frontdesk_domain::text;
use frontdesk_store::{agent, persona};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::validate::Validator;
use crate::{App, AppError, Result};

/// A persona to keep.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPersona {
    /// Its name.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// How it sounds.
    #[serde(default)]
    pub voice: PersonaVoice,
}

fn check(new: &NewPersona) -> Result<String> {
    let mut errors = Validator::new();
    let name = errors.take("/name", text::line(&new.name, 80));
    errors.take("/voice/style", text::lines(&new.voice.style, 2_000));
    let lists = [("dos", &new.voice.dos), ("donts", &new.voice.donts), ("examples", &new.voice.examples)];
    for (field, list) in lists {
        errors.ensure(&format!("/voice/{field}"), list.len() <= 20, "may hold at most 20 entries");
        for (index, entry) in list.iter().enumerate().take(20) {
            errors.take(&format!("/voice/{field}/{index}"), text::line(entry, 300));
        }
    }
    errors.finish()?;
    Ok(name)
}

/// The workspace's personas, oldest first.
pub async fn list(app: &App, ctx: &Context) -> Result<Vec<Persona>> {
    ctx.require(Permission::AgentsRead)?;
    Ok(persona::list(app.store.reader(), ctx.scope()).await?)
}

/// One persona.
pub async fn get(app: &App, ctx: &Context, id: PersonaId) -> Result<Persona> {
    ctx.require(Permission::AgentsRead)?;
    Ok(persona::get(app.store.reader(), ctx.scope(), id).await?)
}

/// Makes a persona.
pub async fn create(app: &App, ctx: &Context, new: NewPersona) -> Result<Persona> {
    ctx.require(Permission::AgentsWrite)?;
    let name = check(&new)?;
    let tx = app.store.begin(ctx).await?;
    if persona::list(&tx, tx.scope()).await?.len() as u64 >= persona::MAX {
        return Err(AppError::Conflict("200 personas are the most; delete one first".to_owned()));
    }
    let created = Persona {
        id: PersonaId::new(tx.now(), tx.random()),
        name,
        voice: new.voice,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    persona::insert(&tx, tx.scope(), &created).await?;
    tx.emit(Event::WorkspaceUpdated);
    tx.audit("persona.create", Some(created.id.to_string()), json!({ "name": created.name }));
    tx.commit().await?;
    Ok(created)
}

/// Changes a persona. Agents that use it sound so from their next publication on.
pub async fn update(app: &App, ctx: &Context, id: PersonaId, change: NewPersona) -> Result<Persona> {
    ctx.require(Permission::AgentsWrite)?;
    let name = check(&change)?;
    let tx = app.store.begin(ctx).await?;
    let mut changed = persona::get(&tx, tx.scope(), id).await?;
    changed.name = name;
    changed.voice = change.voice;
    changed.updated_at = tx.now();
    persona::update(&tx, tx.scope(), &changed).await?;
    tx.emit(Event::WorkspaceUpdated);
    tx.audit("persona.update", Some(id.to_string()), json!({ "name": changed.name }));
    tx.commit().await?;
    Ok(changed)
}

/// Deletes a persona no draft uses.
pub async fn delete(app: &App, ctx: &Context, id: PersonaId) -> Result<()> {
    ctx.require(Permission::AgentsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let agents = agent::list(&tx, tx.scope(), true).await?;
    if let Some(user) = agents.iter().find(|agent| agent.draft.persona_id == Some(id)) {
        return Err(AppError::Conflict(format!(
            "the agent “{}” uses this persona; give it another one first",
            user.name
        )));
    }
    persona::delete(&tx, tx.scope(), id).await?;
    tx.emit(Event::WorkspaceUpdated);
    tx.audit("persona.delete", Some(id.to_string()), json!({}));
    tx.commit().await?;
    Ok(())
}
