//! Invitations: a mail with a link that joins the team once.

use std::time::Duration;

use frontdesk_domain::access::{Permission, Role};
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{InvitationId, MemberId};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::text;
use frontdesk_domain::user::{Me, User};
use frontdesk_domain::workspace::Invitation;
use frontdesk_store::{StoreError, Tx, invitation, member, user, workspace};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::account::{self, NewUser, Session, begin_login, me_id};
use crate::account_mail::{self, AccountMail};
use crate::validate::{Validator, cursor};
use crate::{App, AppError, Result, password, token};

/// How long an invitation can be accepted.
pub const LIFETIME: Duration = Duration::from_hours(7 * 24);
/// Most open invitations of a workspace.
const MAX_OPEN: u64 = 500;

/// Whom to invite.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// Their address.
    #[schema(format = Email, max_length = 254)]
    pub email: String,
    /// What they will be; not `owner`.
    pub role: Role,
}

/// What an invitation's link shows before it is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InvitationPreview {
    /// The workspace's name.
    pub workspace: String,
    /// The invited address.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// Whether the address has an account: then its password is asked, otherwise a name and a new one.
    pub has_account: bool,
}

/// What accepting asks of somebody who is not signed in.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptInput {
    /// Their name, if they have no account yet.
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// A new password, or that of their account.
    #[schema(format = Password, max_length = 1024)]
    pub password: Option<String>,
}

/// Open invitations, lapsed ones included.
pub async fn list(app: &App, ctx: &Context, page: &PageRequest) -> Result<Page<Invitation>> {
    ctx.require(Permission::TeamRead)?;
    Ok(invitation::list(app.store.reader(), ctx.scope(), cursor(page)?, page.size()).await?)
}

/// Invites somebody by mail.
pub async fn create(app: &App, ctx: &Context, input: NewInvitation) -> Result<Invitation> {
    ctx.require(Permission::TeamWrite)?;
    let invited_by = me_id(ctx)?;
    let mut check = Validator::new();
    let email = check.take("/email", text::email(&input.email));
    check.ensure(
        "/role",
        input.role != Role::Owner,
        "cannot be owner; transfer ownership once they have joined",
    );
    check.finish()?;
    let (secret, sealed) = new_token(app)?;
    let tx = app.store.begin(ctx).await?;
    if let Some(known) = user::find_by_email_everywhere(&tx, &email).await?
        && member::role_of(&tx, ctx.scope(), known.user.id).await?.is_some()
    {
        return Err(AppError::Conflict("this person is in the team already".to_owned()));
    }
    match invitation::find_by_email(&tx, ctx.scope(), &email).await? {
        Some(open) if open.expires_at > tx.now() => {
            return Err(AppError::Conflict(
                "this person is invited already; send it again instead".to_owned(),
            ));
        }
        Some(lapsed) => invitation::delete(&tx, ctx.scope(), lapsed.id).await?,
        None => {}
    }
    if invitation::count(&tx, ctx.scope()).await? >= MAX_OPEN {
        return Err(AppError::Conflict(format!("{MAX_OPEN} invitations are open; revoke some first")));
    }
    let new = Invitation {
        id: InvitationId::new(tx.now(), tx.random()),
        email,
        role: input.role,
        invited_by,
        created_at: tx.now(),
        expires_at: tx.now().plus(LIFETIME),
    };
    invitation::insert(&tx, ctx.scope(), &new, &token::hash(&secret)).await?;
    send(&tx, &new, sealed)?;
    tx.audit("invitation.create", Some(new.id.to_string()), json!({ "email": new.email, "role": new.role }));
    tx.emit(Event::TeamUpdated { user_id: invited_by });
    tx.commit().await?;
    Ok(new)
}

/// Sends an invitation again, with a new link; the old one stops working.
pub async fn send_again(app: &App, ctx: &Context, id: InvitationId) -> Result<Invitation> {
    ctx.require(Permission::TeamWrite)?;
    let (secret, sealed) = new_token(app)?;
    let tx = app.store.begin(ctx).await?;
    let mut open = invitation::get(&tx, ctx.scope(), id).await?;
    open.expires_at = tx.now().plus(LIFETIME);
    invitation::renew(&tx, ctx.scope(), id, &token::hash(&secret), open.expires_at).await?;
    send(&tx, &open, sealed)?;
    tx.audit("invitation.resend", Some(id.to_string()), json!({ "email": open.email }));
    tx.commit().await?;
    Ok(open)
}

fn new_token(app: &App) -> Result<(String, String)> {
    let secret = token::generate(token::INVITATION, app.random.as_ref());
    let sealed = account_mail::seal_token(app, &secret)?;
    Ok((secret, sealed))
}

fn send(tx: &Tx, invitation: &Invitation, token: String) -> Result<()> {
    let workspace_id = tx.scope().workspace();
    tx.enqueue(AccountMail::Invitation { workspace_id, invitation_id: invitation.id, token }.job()?);
    Ok(())
}

/// Takes an invitation back.
pub async fn delete(app: &App, ctx: &Context, id: InvitationId) -> Result<()> {
    ctx.require(Permission::TeamWrite)?;
    let tx = app.store.begin(ctx).await?;
    let open = invitation::get(&tx, ctx.scope(), id).await?;
    invitation::delete(&tx, ctx.scope(), id).await?;
    tx.audit("invitation.delete", Some(id.to_string()), json!({ "email": open.email }));
    tx.emit(Event::TeamUpdated { user_id: open.invited_by });
    tx.commit().await?;
    Ok(())
}

async fn open(app: &App, ctx: &Context, token: &str) -> Result<(Scope, Invitation)> {
    let found =
        invitation::find_by_token_everywhere(app.store.reader(), &token::hash(token), ctx.now()).await?;
    let (home, open) = found.ok_or(AppError::NotFound("invitation"))?;
    Ok((Scope::system(home), open))
}

/// What an invitation's link shows. The token is the permission.
pub async fn preview(app: &App, ctx: &Context, token: &str) -> Result<InvitationPreview> {
    let (scope, open) = open(app, ctx, token).await?;
    let db = app.store.reader();
    let home = workspace::find(db, scope).await?.ok_or(AppError::NotFound("invitation"))?;
    let has_account = user::find_by_email_everywhere(db, &open.email).await?.is_some();
    Ok(InvitationPreview { workspace: home.name, email: open.email, role: open.role, has_account })
}

/// Who joins, once the input was checked.
enum Joiner {
    /// Somebody with an account, who showed that it is theirs.
    Known(User),
    /// Somebody new, with their password's hash.
    New(NewUser, String),
}

/// Joins the team. Somebody who is signed in as the invited address just joins; others give their password, or a name
/// and a new password. Answers with a sign-in unless the caller has one.
pub async fn accept(
    app: &App,
    ctx: &Context,
    token: &str,
    input: AcceptInput,
    agent: Option<&str>,
) -> Result<(Me, Option<Session>)> {
    let (scope, open) = open(app, ctx, token).await?;
    let home = workspace::find(app.store.reader(), scope).await?.ok_or(AppError::NotFound("invitation"))?;
    let joiner = identify(app, ctx, &open, input, home.language).await?;

    let mut tx = app.store.begin(ctx).await?;
    let person = match joiner {
        Joiner::Known(person) => person,
        Joiner::New(new, hash) => new.insert(&tx, &hash).await?,
    };
    tx.enter(scope.workspace());
    invitation::delete(&tx, scope, open.id).await?;
    let place = MemberId::new(tx.now(), tx.random());
    match member::insert(&tx, scope, place, person.id, open.role, tx.now()).await {
        Err(StoreError::Duplicate(_)) => {
            return Err(AppError::Conflict("you are in this team already".to_owned()));
        }
        other => other?,
    }
    let detail = json!({ "user": person.id, "email": person.email, "role": open.role });
    tx.audit("invitation.accept", Some(open.id.to_string()), detail);
    tx.emit(Event::TeamUpdated { user_id: person.id });
    let begun = match ctx.user() {
        Some(_) => None,
        None => Some(begin_login(&tx, person.id, ctx.ip.as_deref(), agent).await?),
    };
    let me = account::describe(&tx, person).await?;
    tx.commit().await?;
    let session = begun.map(|(login, tokens)| Session { me: me.clone(), tokens, login });
    Ok((me, session))
}

async fn identify(
    app: &App,
    ctx: &Context,
    open: &Invitation,
    input: AcceptInput,
    language: frontdesk_domain::locale::Language,
) -> Result<Joiner> {
    let db = app.store.reader();
    if let Some(id) = ctx.user() {
        let person = user::get_everywhere(db, id).await?.user;
        if person.email != open.email {
            return Err(AppError::Refused(format!(
                "this invitation is for {}; sign out, then open its link again",
                open.email
            )));
        }
        return Ok(Joiner::Known(person));
    }
    let mut check = Validator::new();
    let given = input.password.unwrap_or_default();
    if let Some(known) = user::find_by_email_everywhere(db, &open.email).await? {
        check.ensure("/password", !given.is_empty(), "is needed: this address has an account");
        check.finish()?;
        account::count_attempt(app, ctx, &open.email).await?;
        if !app.passwords.verify(&given, Some(&known.password_hash)).await? {
            return Err(AppError::invalid("/password", "is not the password of this account"));
        }
        return Ok(Joiner::Known(known.user));
    }
    let name = check.take("/name", text::line(&input.name.unwrap_or_default(), 120));
    let chosen = check.take("/password", password::check(&given, &open.email));
    check.finish()?;
    let hash = app.passwords.hash(&chosen, app.random.as_ref()).await?;
    Ok(Joiner::New(NewUser { email: open.email.clone(), name, language }, hash))
}
