//! Message templates: reading, writing, versions, preview and a test to oneself.
//!
//! What a message says is in `shipped.rs` until the business writes its own; what it may say is in `variables.rs`; how it
//! becomes text and HTML is in `render.rs` and `markup.rs`. To whom and when it goes is `notice`'s.

pub mod markup;
pub mod render;
mod sample;
pub mod shipped;
pub mod variables;

use frontdesk_channel::{Mail, MailError};
use frontdesk_domain::access::Permission;
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{BookingId, TemplateId, uuid_v7};
use frontdesk_domain::locale::Language;
use frontdesk_domain::template::{
    Template, TemplateChannel, TemplateKind, TemplateVariable, TemplateVersion,
};
use frontdesk_domain::workspace::Workspace;
use frontdesk_store::template;
use frontdesk_store::{Db, user, workspace};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

pub use frontdesk_store::template::Place;

use crate::validate::Validator;
use crate::{App, AppError, Result, notice, token};
use render::{House, MAX_BODY, MAX_SUBJECT, Rendered, Values};

/// Most characters of a short message's text, before its variables are filled in.
const MAX_TEXT: usize = 1_000;

/// A text to keep.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateText {
    /// The subject, one line; left out of short messages.
    #[serde(default)]
    #[schema(max_length = 300)]
    pub subject: String,
    /// The text.
    #[schema(min_length = 1, max_length = 20000)]
    pub body: String,
}

/// A message to look at, or to send to oneself.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateDraft {
    /// What it is for.
    pub kind: TemplateKind,
    /// Through what it goes.
    pub channel: TemplateChannel,
    /// In which language.
    pub language: Language,
    /// The subject; the one in use when absent.
    #[schema(min_length = 1, max_length = 300)]
    pub subject: Option<String>,
    /// The text; the one in use when absent.
    #[schema(min_length = 1, max_length = 20000)]
    pub body: Option<String>,
    /// With the values of this booking; with samples, said as this business would say them, when absent.
    pub booking_id: Option<BookingId>,
}

/// A message as its reader would see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TemplatePreview {
    /// The subject.
    pub subject: String,
    /// The HTML document.
    pub html: String,
    /// The plain text.
    pub text: String,
}

/// Where a test went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TemplateTest {
    /// The address.
    pub to: String,
}

fn shipped_template(place: Place) -> Result<Template> {
    let source =
        shipped::find(place.kind, place.channel, place.language).ok_or(AppError::NotFound("template"))?;
    Ok(Template {
        kind: place.kind,
        channel: place.channel,
        language: place.language,
        subject: source.subject.clone(),
        body: source.body.clone(),
        customised: false,
        version: 0,
        updated_at: None,
    })
}

/// The text in use in a place: the business's own, or the shipped one.
pub(crate) async fn in_use(db: &impl Db, scope: Scope, place: Place) -> Result<Template> {
    let shipped = shipped_template(place)?;
    Ok(match template::find(db, scope, place).await? {
        Some(own) if own.template.customised => own.template,
        Some(own) => {
            Template { version: own.template.version, updated_at: own.template.updated_at, ..shipped }
        }
        None => shipped,
    })
}

/// Every template, by kind, then language.
pub async fn list(app: &App, ctx: &Context) -> Result<Vec<Template>> {
    ctx.require(Permission::TemplatesRead)?;
    let own = template::list(app.store.reader(), ctx.scope()).await?;
    let mut all = Vec::new();
    for kind in TemplateKind::ALL {
        for channel in TemplateChannel::ALL {
            for language in Language::ALL.iter().copied() {
                let place = Place { kind, channel, language };
                // Not every kind goes through every channel.
                let Ok(shipped) = shipped_template(place) else { continue };
                let here = |it: &Template| (it.kind, it.channel, it.language) == (kind, channel, language);
                all.push(match own.iter().map(|own| &own.template).find(|own| here(own)) {
                    Some(own) if own.customised => own.clone(),
                    Some(own) => Template { version: own.version, updated_at: own.updated_at, ..shipped },
                    None => shipped,
                });
            }
        }
    }
    Ok(all)
}

/// One template.
pub async fn get(app: &App, ctx: &Context, place: Place) -> Result<Template> {
    ctx.require(Permission::TemplatesRead)?;
    in_use(app.store.reader(), ctx.scope(), place).await
}

/// What was saved in a place, newest first.
pub async fn versions(app: &App, ctx: &Context, place: Place) -> Result<Vec<TemplateVersion>> {
    ctx.require(Permission::TemplatesRead)?;
    let db = app.store.reader();
    match template::find(db, ctx.scope(), place).await? {
        Some(own) => Ok(template::list_versions(db, ctx.scope(), own.id).await?),
        None => Ok(Vec::new()),
    }
}

/// What a kind of message may say.
pub fn list_variables(ctx: &Context, kind: TemplateKind) -> Result<Vec<TemplateVariable>> {
    ctx.require(Permission::TemplatesRead)?;
    Ok(variables::of(kind).map(variables::Variable::shown).collect())
}

/// Checks a text, noting each flaw with its line.
fn check(errors: &mut Validator, place: Place, subject: &str, body: &str) {
    let kind = place.kind;
    let (subject_too, longest) = match place.channel {
        TemplateChannel::Email => (true, MAX_BODY),
        TemplateChannel::Text => (false, MAX_TEXT),
    };
    if !subject_too && !subject.trim().is_empty() {
        errors.refuse("/subject", "is not used in short messages; leave it out");
    }
    for (field, text, most) in [("/subject", subject, MAX_SUBJECT), ("/body", body, longest)] {
        if field == "/subject" && !subject_too {
            continue;
        }
        if text.trim().is_empty() {
            errors.refuse(field, "must not be empty");
        } else if text.chars().count() > most {
            errors.refuse(field, format!("is too long: at most {most} characters"));
        } else if let Err(flaws) = render::check(kind, text) {
            for flaw in flaws {
                errors.refuse(field, flaw.to_string());
            }
        }
    }
    errors.ensure("/subject", !subject.trim().contains('\n'), "must be one line");
}

/// Saves a text as the next version.
pub async fn put(app: &App, ctx: &Context, place: Place, text: TemplateText) -> Result<Template> {
    ctx.require(Permission::TemplatesWrite)?;
    let mut errors = Validator::new();
    shipped_template(place)?;
    check(&mut errors, place, &text.subject, &text.body);
    errors.finish()?;
    let tx = app.store.begin(ctx).await?;
    let before = template::find(&tx, tx.scope(), place).await?;
    let saved = Template {
        kind: place.kind,
        channel: place.channel,
        language: place.language,
        subject: text.subject.trim().to_owned(),
        body: text.body.replace("\r\n", "\n"),
        customised: true,
        version: before.as_ref().map_or(0, |before| before.template.version) + 1,
        updated_at: Some(tx.now()),
    };
    let id = before.map_or_else(|| TemplateId::new(tx.now(), tx.random()), |before| before.id);
    let author = match ctx.user() {
        Some(user) => user::names_everywhere(&tx, &[user]).await?.into_iter().next().map(|(_, name)| name),
        None => None,
    };
    let version = uuid_v7(tx.now(), tx.random());
    template::save(&tx, tx.scope(), (id, version), &saved, &author.unwrap_or_default(), tx.now()).await?;
    tx.emit(Event::TemplateUpdated { template_id: id });
    let detail = json!({ "kind": place.kind, "language": place.language, "version": saved.version });
    tx.audit("template.update", Some(id.to_string()), detail);
    tx.commit().await?;
    Ok(saved)
}

/// Goes back to the shipped text; what was saved stays among the versions.
pub async fn reset(app: &App, ctx: &Context, place: Place) -> Result<Template> {
    ctx.require(Permission::TemplatesWrite)?;
    let tx = app.store.begin(ctx).await?;
    if template::reset(&tx, tx.scope(), place, tx.now()).await?
        && let Some(own) = template::find(&tx, tx.scope(), place).await?
    {
        tx.emit(Event::TemplateUpdated { template_id: own.id });
        let detail = json!({ "kind": place.kind, "language": place.language });
        tx.audit("template.reset", Some(own.id.to_string()), detail);
    }
    let now_used = in_use(&tx, tx.scope(), place).await?;
    tx.commit().await?;
    Ok(now_used)
}

/// Shows a message as its reader would see it.
pub async fn preview(app: &App, ctx: &Context, draft: &TemplateDraft) -> Result<TemplatePreview> {
    ctx.require(Permission::TemplatesRead)?;
    let done = rendered(app, ctx, draft).await?;
    Ok(TemplatePreview { subject: done.subject, html: done.html, text: done.text })
}

/// Sends a message to whoever asks, to try it out. It goes to people who sign in alone, as account mail does.
pub async fn test(app: &App, ctx: &Context, draft: &TemplateDraft) -> Result<TemplateTest> {
    ctx.require(Permission::TemplatesWrite)?;
    let Some(reader) = ctx.user() else {
        return Err(AppError::Refused(
            "a test goes to the person who asks for it; sign in to the dashboard to send one".to_owned(),
        ));
    };
    if draft.channel != TemplateChannel::Email {
        return Err(AppError::Refused(
            "a test goes by e-mail; look at the preview of a short message, or write one to yourself"
                .to_owned(),
        ));
    }
    let done = rendered(app, ctx, draft).await?;
    let reader = user::get_everywhere(app.store.reader(), reader).await?;
    let mail = Mail {
        id: token::generate_short("test_", app.random.as_ref()),
        date: app.clock.now(),
        to: reader.user.email.clone(),
        subject: done.subject,
        text: done.text,
        html: done.html,
    };
    app.mailer.send(&mail).await.map_err(|error| match error {
        MailError::Refused(reason) => AppError::Conflict(format!("the mail server refused it: {reason}")),
        MailError::Unavailable(reason) => {
            AppError::Unavailable(format!("the mail server did not answer: {reason}"))
        }
    })?;
    Ok(TemplateTest { to: reader.user.email })
}

async fn rendered(app: &App, ctx: &Context, draft: &TemplateDraft) -> Result<Rendered> {
    let db = app.store.reader();
    let place = Place { kind: draft.kind, channel: draft.channel, language: draft.language };
    let used = in_use(db, ctx.scope(), place).await?;
    let subject = draft.subject.clone().unwrap_or(used.subject);
    let body = draft.body.clone().unwrap_or(used.body);
    let mut errors = Validator::new();
    check(&mut errors, place, &subject, &body);
    errors.finish()?;
    let home = workspace::find(db, ctx.scope()).await?.ok_or(AppError::NotFound("workspace"))?;
    let values = match draft.booking_id {
        Some(id) => {
            ctx.require(Permission::BookingsRead)?;
            let known = notice::values_of(app, ctx.scope(), id, draft.language).await?;
            completed(draft.kind, known)
        }
        None => sample::of(draft.kind, (&home.name, &home.zone), &home.facts, draft.language),
    };
    if draft.channel == TemplateChannel::Text {
        let text = render::render_text(&body, &values)
            .map_err(|flaw| AppError::invalid("/body", flaw.to_string()))?;
        let text = text.trim().to_owned();
        return Ok(Rendered { subject: String::new(), html: String::new(), text });
    }
    render::render((&subject, &body), &values, &house(&home), draft.language.code())
        .map_err(|flaw| AppError::invalid("/body", flaw.to_string()))
}

/// What a booking cannot know of itself, such as a code, is shown as its sample.
fn completed(kind: TemplateKind, mut known: Values) -> Values {
    for variable in variables::of(kind).filter(|variable| !variable.optional) {
        known.entry(variable.name).or_insert_with(|| variable.sample.to_owned());
    }
    known
}

/// What surrounds every message of a business.
pub(crate) fn house(home: &Workspace) -> House {
    House {
        name: home.name.clone(),
        accent: home.theme.accent.clone(),
        address: home.facts.address.clone(),
        phone: home.facts.phone.clone(),
    }
}
