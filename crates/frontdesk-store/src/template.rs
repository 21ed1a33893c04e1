//! Message templates that a business wrote, with every version of them. Shipped texts are the app's.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::TemplateId;
use frontdesk_domain::locale::Language;
use frontdesk_domain::template::{Template, TemplateChannel, TemplateKind, TemplateVersion};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use crate::column::{from_word, to_word};
use crate::entity::template::{ActiveModel, Column, Entity, Model};
use crate::entity::template_version;
use crate::tx::Db;
use crate::{Result, StoreError};

const TABLE: &str = "template";

/// Most versions that are listed.
const MAX_VERSIONS: u64 = 100;

/// Which template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// What it is for.
    pub kind: TemplateKind,
    /// Through what it goes.
    pub channel: TemplateChannel,
    /// In which language.
    pub language: Language,
}

/// A template with its row's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: TemplateId,
    /// The template.
    pub template: Template,
}

fn read(row: Model) -> Result<Stored> {
    Ok(Stored {
        id: TemplateId::from_uuid(row.id),
        template: Template {
            kind: from_word(TABLE, &row.kind)?,
            channel: from_word(TABLE, &row.channel)?,
            language: from_word(TABLE, &row.language)?,
            subject: row.subject,
            body: row.body,
            customised: row.active,
            version: row.version.unsigned_abs(),
            updated_at: Some(Timestamp::from_millis(row.updated_at)),
        },
    })
}

fn at(scope: Scope, place: Place) -> Result<Condition> {
    Ok(Condition::all()
        .add(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .add(Column::Kind.eq(place.kind.as_str()))
        .add(Column::Channel.eq(to_word(TABLE, &place.channel)?))
        .add(Column::Language.eq(place.language.code())))
}

/// All that a workspace ever wrote; those put back to the shipped text are not `customised`.
pub async fn list(db: &impl Db, scope: Scope) -> Result<Vec<Stored>> {
    let rows = Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid())).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// The one in this place, if the workspace ever wrote it.
pub async fn find(db: &impl Db, scope: Scope, place: Place) -> Result<Option<Stored>> {
    Entity::find().filter(at(scope, place)?).one(db).await?.map(read).transpose()
}

/// Stores a text as the next version and makes it the one in use.
pub async fn save(
    db: &impl Db,
    scope: Scope,
    (id, version_id): (TemplateId, Uuid),
    template: &Template,
    author_name: &str,
    now: Timestamp,
) -> Result<()> {
    let place = Place { kind: template.kind, channel: template.channel, language: template.language };
    let number = i32::try_from(template.version).map_err(|error| StoreError::damaged(TABLE, error))?;
    let done = Entity::update_many()
        .col_expr(Column::Active, Expr::value(true))
        .col_expr(Column::Version, Expr::value(number))
        .col_expr(Column::Subject, Expr::value(template.subject.as_str()))
        .col_expr(Column::Body, Expr::value(template.body.as_str()))
        .col_expr(Column::UpdatedAt, Expr::value(now.as_millis()))
        .filter(at(scope, place)?)
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 {
        let row = ActiveModel {
            id: Set(id.uuid()),
            workspace_id: Set(scope.workspace().uuid()),
            kind: Set(place.kind.as_str().to_owned()),
            channel: Set(to_word(TABLE, &place.channel)?),
            language: Set(place.language.code().to_owned()),
            active: Set(true),
            version: Set(number),
            subject: Set(template.subject.clone()),
            body: Set(template.body.clone()),
            updated_at: Set(now.as_millis()),
        };
        Entity::insert(row).exec_without_returning(db).await?;
    }
    let row = template_version::ActiveModel {
        id: Set(version_id),
        workspace_id: Set(scope.workspace().uuid()),
        template_id: Set(id.uuid()),
        number: Set(number),
        subject: Set(template.subject.clone()),
        body: Set(template.body.clone()),
        author_name: Set(author_name.to_owned()),
        created_at: Set(now.as_millis()),
    };
    template_version::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Puts one back to the shipped text; its versions stay. False when the shipped text was in use already.
pub async fn reset(db: &impl Db, scope: Scope, place: Place, now: Timestamp) -> Result<bool> {
    let done = Entity::update_many()
        .col_expr(Column::Active, Expr::value(false))
        .col_expr(Column::UpdatedAt, Expr::value(now.as_millis()))
        .filter(at(scope, place)?)
        .filter(Column::Active.eq(true))
        .exec(db)
        .await?;
    Ok(done.rows_affected > 0)
}

/// The versions, newest first, at most 100.
pub async fn list_versions(db: &impl Db, scope: Scope, id: TemplateId) -> Result<Vec<TemplateVersion>> {
    let rows = template_version::Entity::find()
        .filter(template_version::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(template_version::Column::TemplateId.eq(id.uuid()))
        .order_by_desc(template_version::Column::Number)
        .limit(MAX_VERSIONS)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| TemplateVersion {
            number: row.number.unsigned_abs(),
            subject: row.subject,
            body: row.body,
            author_name: row.author_name,
            created_at: Timestamp::from_millis(row.created_at),
        })
        .collect())
}
