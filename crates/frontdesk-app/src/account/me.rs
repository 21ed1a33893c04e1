//! The signed-in person about themselves.

use frontdesk_domain::context::Context;
use frontdesk_domain::id::{LoginId, UserId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::text;
use frontdesk_domain::user::Me;
use frontdesk_domain::workspace::ColorScheme;
use frontdesk_store::{login, user};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{lockout, session};
use crate::validate::Validator;
use crate::{App, AppError, Result, password};

/// What a person may change about themselves; absent fields stay.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MePatch {
    /// Their name.
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// The language of their dashboard.
    pub language: Option<Language>,
    /// Light, dark or as the system says.
    pub scheme: Option<ColorScheme>,
    /// A new password; needs the current one.
    #[schema(format = Password, min_length = 10, max_length = 1024)]
    pub password: Option<String>,
    /// The current password.
    #[schema(format = Password, max_length = 1024)]
    pub current_password: Option<String>,
}

/// The person behind the request; programs have no account.
pub(crate) fn person(ctx: &Context) -> Result<UserId> {
    ctx.user()
        .ok_or_else(|| AppError::Refused("this needs a person who is signed in, not an API key".to_owned()))
}

/// The signed-in person and where they belong.
pub async fn get(app: &App, ctx: &Context) -> Result<Me> {
    let db = app.store.reader();
    let known = user::get_everywhere(db, person(ctx)?).await?;
    session::describe(db, known.user).await
}

/// Changes the signed-in person. A new password ends their other sign-ins; `login` is the one that stays.
pub async fn update(app: &App, ctx: &Context, login: Option<LoginId>, patch: MePatch) -> Result<Me> {
    let id = person(ctx)?;
    let known = user::get_everywhere(app.store.reader(), id).await?;
    let mut changed = known.user.clone();
    let mut check = Validator::new();
    let mut fields = Vec::new();
    if let Some(name) = patch.name {
        changed.name = check.take("/name", text::line(&name, 120));
        fields.push("name");
    }
    if let Some(language) = patch.language {
        changed.language = language;
        fields.push("language");
    }
    if let Some(scheme) = patch.scheme {
        changed.scheme = scheme;
        fields.push("scheme");
    }
    let new_password = check
        .take_some("/password", patch.password, |password| password::check(&password, &known.user.email));
    let current = patch.current_password.unwrap_or_default();
    check.ensure(
        "/current_password",
        current.chars().count() <= 1024,
        "is too long: at most 1024 characters",
    );
    if new_password.is_some() {
        check.ensure("/current_password", !current.is_empty(), "is needed to choose a new password");
    }
    check.finish()?;
    let new_hash = match new_password {
        Some(password) => {
            lockout::count(app, ctx, &known.user.email).await?;
            if !app.passwords.verify(&current, Some(&known.password_hash)).await? {
                return Err(AppError::invalid("/current_password", "is not your password"));
            }
            fields.push("password");
            Some(app.passwords.hash(&password, app.random.as_ref()).await?)
        }
        None => None,
    };

    let mut tx = app.store.begin(&super::acting(ctx, id)).await?;
    user::update_everywhere(&tx, &changed, tx.now()).await?;
    if let Some(hash) = new_hash {
        lockout::forgive(&tx, ctx, &known.user.email).await?;
        user::set_password_everywhere(&tx, id, &hash, tx.now()).await?;
        login::revoke_all_everywhere(&tx, id, login, tx.now()).await?;
    }
    super::audit_account(&mut tx, id, "account.update", serde_json::json!({ "fields": fields })).await?;
    let me = session::describe(&tx, changed).await?;
    tx.commit().await?;
    Ok(me)
}
