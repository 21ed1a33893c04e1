//! A new password by e-mail, for those who forgot the old one.

use std::time::Duration;

use frontdesk_domain::context::Context;
use frontdesk_domain::text;
use frontdesk_store::{login, rate_window, user};
use serde::Deserialize;
use utoipa::ToSchema;

use super::lockout;
use crate::account_mail::{self, AccountMail};
use crate::validate::Validator;
use crate::{App, AppError, Result, password, token};

/// How long a reset link works.
pub const LIFETIME: Duration = Duration::from_hours(1);
/// Mails to one address within [`LIFETIME`]; more are not sent, so that nobody's mailbox is flooded.
const MAX_MAILS: u32 = 5;

/// Who forgot their password.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgotInput {
    /// The address.
    #[schema(format = Email, max_length = 254)]
    pub email: String,
}

/// A new password, and the token from the mail.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetInput {
    /// The token from the mail's link.
    #[schema(max_length = 128)]
    pub token: String,
    /// The new password.
    #[schema(format = Password, min_length = 10, max_length = 1024)]
    pub password: String,
}

/// Sends a link to choose a new password, if the address has an account. The answer is the same if it has none.
pub async fn forgot(app: &App, ctx: &Context, input: ForgotInput) -> Result<()> {
    let email = text::email(&input.email).map_err(|error| AppError::invalid("/email", error.to_string()))?;
    let known = user::find_by_email_everywhere(app.store.reader(), &email).await?;
    let token = token::generate(token::RESET, app.random.as_ref());
    let sealed = account_mail::seal_token(app, &token)?;
    let mut tx = app.store.begin(ctx).await?;
    let now = tx.now();
    // Counted for unknown addresses too, so that both take the same path to the same commit.
    let key = token::hash(&format!("reset:{email}"));
    let window = rate_window::add(&tx, &key, 1, now, now.plus(LIFETIME)).await?;
    if let Some(known) = known.filter(|_| window.count <= MAX_MAILS) {
        let user_id = known.user.id;
        login::insert_reset_everywhere(&tx, user_id, &token::hash(&token), now.plus(LIFETIME)).await?;
        tx.enqueue(AccountMail::PasswordReset { user_id, token: sealed }.job()?);
        super::audit_account(&mut tx, user_id, "account.password_forgot", serde_json::json!({})).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Sets a new password by the token from the mail. It works once, and every sign-in of the person ends.
pub async fn reset(app: &App, ctx: &Context, input: ResetInput) -> Result<()> {
    let lapsed = || AppError::invalid("/token", "does not work any more; ask for a new link");
    let hash = token::hash(&input.token);
    let db = app.store.reader();
    let Some(id) = login::find_reset_everywhere(db, &hash, ctx.now()).await? else { return Err(lapsed()) };
    let person = user::get_everywhere(db, id).await?.user;
    let mut check = Validator::new();
    let password = check.take("/password", password::check(&input.password, &person.email));
    check.finish()?;
    let password_hash = app.passwords.hash(&password, app.random.as_ref()).await?;

    let mut tx = app.store.begin(&super::acting(ctx, id)).await?;
    login::spend_reset_everywhere(&tx, &hash).await.map_err(|_| lapsed())?;
    user::set_password_everywhere(&tx, id, &password_hash, tx.now()).await?;
    login::revoke_all_everywhere(&tx, id, None, tx.now()).await?;
    lockout::forgive(&tx, ctx, &person.email).await?;
    super::audit_account(&mut tx, id, "account.password_reset", serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(())
}
