//! Signing up: a person, their first workspace, their first sign-in.

use frontdesk_domain::context::Context;
use frontdesk_domain::id::UserId;
use frontdesk_domain::locale::Language;
use frontdesk_domain::text;
use frontdesk_domain::user::User;
use frontdesk_domain::workspace::ColorScheme;
use frontdesk_store::{Tx, user};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Session, session};
use crate::validate::Validator;
use crate::workspace::{self, NewWorkspace};
use crate::{App, AppError, Result, password};

/// What sign-up asks.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignupInput {
    /// The address to sign in with.
    #[schema(format = Email, max_length = 254)]
    pub email: String,
    /// At least ten characters.
    #[schema(format = Password, min_length = 10, max_length = 1024)]
    pub password: String,
    /// The person's name.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// The business's name; made from the person's when absent.
    #[schema(max_length = 120)]
    pub business: Option<String>,
    /// IANA time zone of the business; UTC when absent.
    #[schema(max_length = 64)]
    pub zone: Option<String>,
}

/// A checked person to be.
pub(crate) struct NewUser {
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) language: Language,
}

impl NewUser {
    /// Stores the person; their password is hashed before the unit of work begins.
    pub(crate) async fn insert(self, tx: &Tx, password_hash: &str) -> Result<User> {
        let new = User {
            id: UserId::new(tx.now(), tx.random()),
            email: self.email,
            name: self.name,
            language: self.language,
            scheme: ColorScheme::Auto,
            created_at: tx.now(),
        };
        user::insert_everywhere(tx, &new, password_hash).await.map_err(|error| match error {
            frontdesk_store::StoreError::Duplicate(_) => taken(),
            other => other.into(),
        })?;
        Ok(new)
    }
}

fn taken() -> AppError {
    AppError::Conflict("this address has an account already; sign in, or ask for a new password".to_owned())
}

/// Signs a person up. Closed installations take the first person only; the others are invited.
pub async fn signup(app: &App, ctx: &Context, input: SignupInput, agent: Option<&str>) -> Result<Session> {
    let mut check = Validator::new();
    let email = check.take("/email", text::email(&input.email));
    let password = check.take("/password", password::check(&input.password, &email));
    let name = check.take("/name", text::line(&input.name, 120));
    let business = check.take_some("/business", input.business, |business| text::line(&business, 120));
    let zone = check.take_some("/zone", input.zone, |zone| workspace::check_zone(&zone));
    check.finish()?;
    let db = app.store.reader();
    if !app.settings.open_signup && user::any_everywhere(db).await? {
        return Err(AppError::Refused("sign-up is closed here; ask a team member to invite you".to_owned()));
    }
    if user::find_by_email_everywhere(db, &email).await?.is_some() {
        return Err(taken());
    }
    let password_hash = app.passwords.hash(&password, app.random.as_ref()).await?;

    let mut tx = app.store.begin(ctx).await?;
    let business = business.unwrap_or_else(|| name.clone());
    let new = NewUser { email, name, language: Language::En };
    let person = new.insert(&tx, &password_hash).await?;
    let new_workspace = NewWorkspace { name: business, zone, country: None, language: None };
    workspace::insert(&mut tx, new_workspace, person.id).await?;
    let (login, tokens) = session::begin_login(&tx, person.id, ctx.ip.as_deref(), agent).await?;
    tx.audit("account.signup", Some(person.id.to_string()), serde_json::json!({}));
    let me = session::describe(&tx, person).await?;
    tx.commit().await?;
    Ok(Session { me, tokens, login })
}
