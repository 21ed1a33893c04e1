//! The demo business: Brightsmile Dental, with documents, a team, agents, contacts and two weeks of conversations.
//!
//! `frontdesk serve --demo` calls [`open`]. The first time, one unit of work writes everything down with instants
//! relative to now, so that every page has something to show; later it finds the business and leaves it alone. Other
//! workspaces of the installation are never touched. It is not a fixture for tests and holds no rule of its own: what is
//! told here is data under `data/` and `files/`. To add a document, a contact or a conversation, add it there.

mod business;
mod documents;
mod history;
mod lines;
mod moment;
mod schedule;
mod workflows;

use std::sync::Arc;

use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::id::{WidgetKeyId, WorkspaceId};
use frontdesk_store::{Tx, event, user, widget_key, workspace};
use serde::de::DeserializeOwned;

use crate::key::check_origin;
use crate::{App, AppError, Result, subscribers};

pub use lines::{Line, connect};

/// Who signs in to the demo.
const EMAIL: &str = "demo@brightsmile.example";
/// Their password; published, because the demo holds nothing of value.
const PASSWORD: &str = "brightsmile-demo";
/// The widget key in the demo's web page, `crates/frontdesk-api/src/demo/index.html`.
pub const WIDGET_KEY: &str = "pk_demo_brightsmile_dental";

/// The demo business, ready to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its name.
    pub business: String,
    /// The address to sign in with.
    pub email: String,
    /// The password.
    pub password: String,
}

/// Opens the demo business; makes it when it is not there.
pub async fn open(app: &Arc<App>) -> Result<Opened> {
    let business = match find(app).await? {
        Some(workspace) => {
            let scope = Scope::system(workspace);
            admit_own_page(app, workspace).await?;
            workspace::get(app.store.reader(), scope).await?.name
        }
        None => make(app).await?,
    };
    Ok(Opened { business, email: EMAIL.to_owned(), password: PASSWORD.to_owned() })
}

/// A context with every permission in the demo business.
///
/// # Errors
/// [`AppError::NotFound`] before it was opened.
pub async fn context(app: &App) -> Result<Context> {
    Ok(app.system(find(app).await?.ok_or(AppError::NotFound("demo"))?, "demo"))
}

/// The demo's workspace: the one its owner is in.
async fn find(app: &App) -> Result<Option<WorkspaceId>> {
    let db = app.store.reader();
    let Some(owner) = user::find_by_email_everywhere(db, EMAIL).await? else { return Ok(None) };
    let places = workspace::memberships_everywhere(db, owner.user.id).await?;
    Ok(places.first().map(|place| place.id))
}

/// Writes everything down, or nothing.
async fn make(app: &App) -> Result<String> {
    let passwords = business::Hashes {
        owner: app.passwords.hash(PASSWORD, app.random.as_ref()).await?,
        // Nobody knows this one: the rest of the team cannot sign in.
        others: app.passwords.hash(&format!("{:032x}", app.random.next_u64()), app.random.as_ref()).await?,
    };
    let now = app.clock.now();
    let mut tx = app.store.begin(&app.system(WorkspaceId::INSTALLATION, "demo")).await?;
    let made = business::write(&mut tx, now, &passwords).await?;
    let sources = documents::write(&mut tx, now).await?;
    let agent = business::write_agents(&mut tx, now, made.owner).await?;
    let key = frontdesk_domain::apikey::WidgetKey {
        id: WidgetKeyId::new(tx.now(), tx.random()),
        name: "Web site".to_owned(),
        key: WIDGET_KEY.to_owned(),
        origins: own_origins(app),
        agent_id: Some(agent.id),
        created_at: tx.now(),
        revoked_at: None,
    };
    widget_key::insert(&tx, tx.scope(), &key).await?;
    let people = history::write(&mut tx, now, &made, &agent, &sources).await?;
    schedule::write(&mut tx, now, &made, &people).await?;
    tx.at(now);
    workflows::write(&tx).await?;
    skip_subscribers(&tx).await?;
    tx.commit().await?;
    Ok(made.name)
}

/// What is told of the past is nobody's news: no mail goes out for it.
async fn skip_subscribers(tx: &Tx) -> Result<()> {
    for subscriber in subscribers::ALL {
        event::advance(tx, tx.scope(), subscriber.name, tx.emitted()).await?;
    }
    Ok(())
}

/// The origins the demo's own page may be opened under.
fn own_origins(app: &App) -> Vec<String> {
    let url = &app.settings.public_url;
    let mut origins: Vec<String> = check_origin(url).into_iter().collect();
    for (here, there) in [("//127.0.0.1", "//localhost"), ("//localhost", "//127.0.0.1")] {
        if url.contains(here) {
            origins.extend(check_origin(&url.replacen(here, there, 1)));
        }
    }
    origins
}

/// The server may listen elsewhere than last time: its page must go on working. Nothing else changes.
async fn admit_own_page(app: &App, workspace: WorkspaceId) -> Result<()> {
    let Some((owner, mut key)) = widget_key::find_usable_everywhere(app.store.reader(), WIDGET_KEY).await?
    else {
        return Ok(());
    };
    let before = key.origins.len();
    for origin in own_origins(app) {
        if !key.origins.contains(&origin) {
            key.origins.push(origin);
        }
    }
    if owner != workspace || key.origins.len() == before {
        return Ok(());
    }
    let tx = app.store.begin(&app.system(workspace, "demo")).await?;
    widget_key::update(&tx, tx.scope(), &key).await?;
    tx.commit().await?;
    Ok(())
}

/// Reads a data file of this folder.
fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| AppError::Internal(format!("the demo's {name}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_the_demo_uses_the_key_of_the_demo() {
        let page = include_str!("../../../frontdesk-api/src/demo/index.html");
        assert!(page.contains(&format!("data-key=\"{WIDGET_KEY}\"")));
    }
}
