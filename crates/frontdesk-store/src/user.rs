//! People who sign in. They belong to the installation, not to a workspace: every call here crosses workspaces.

use frontdesk_domain::id::UserId;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::user::User;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use crate::column::{from_word, to_word};
use crate::entity::user::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError};

/// A person with the hash of their password.
#[derive(Clone)]
pub struct UserWithPassword {
    /// The person.
    pub user: User,
    /// The password's PHC string.
    pub password_hash: String,
}

fn read(row: Model) -> Result<UserWithPassword> {
    Ok(UserWithPassword {
        user: User {
            id: UserId::from_uuid(row.id),
            email: row.email,
            name: row.name,
            language: from_word("user", &row.language)?,
            scheme: from_word("user", &row.scheme)?,
            created_at: Timestamp::from_millis(row.created_at),
        },
        password_hash: row.password_hash,
    })
}

/// The person with this id.
pub async fn find_everywhere(db: &impl Db, id: UserId) -> Result<Option<UserWithPassword>> {
    Entity::find_by_id(id.uuid()).one(db).await?.map(read).transpose()
}

/// The person with this id, who must exist.
pub async fn get_everywhere(db: &impl Db, id: UserId) -> Result<UserWithPassword> {
    find_everywhere(db, id).await?.ok_or(StoreError::NotFound("user"))
}

/// The person with this address (lower case).
pub async fn find_by_email_everywhere(db: &impl Db, email: &str) -> Result<Option<UserWithPassword>> {
    Entity::find().filter(Column::Email.eq(email)).one(db).await?.map(read).transpose()
}

/// Names of these people, at most 250; unknown ids are left out.
pub async fn names_everywhere(db: &impl Db, ids: &[UserId]) -> Result<Vec<(UserId, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(uuid::Uuid, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Name])
        .filter(Column::Id.is_in(ids.iter().take(250).map(|id| id.uuid())))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, name)| (UserId::from_uuid(id), name)).collect())
}

/// Whether anybody has signed up.
pub async fn any_everywhere(db: &impl Db) -> Result<bool> {
    Ok(Entity::find().limit(1).one(db).await?.is_some())
}

/// Stores a new person.
///
/// # Errors
/// [`StoreError::Duplicate`] when the address is taken.
pub async fn insert_everywhere(db: &impl Db, user: &User, password_hash: &str) -> Result<()> {
    let row = ActiveModel {
        id: Set(user.id.uuid()),
        email: Set(user.email.clone()),
        name: Set(user.name.clone()),
        password_hash: Set(password_hash.to_owned()),
        language: Set(to_word("user", &user.language)?),
        scheme: Set(to_word("user", &user.scheme)?),
        created_at: Set(user.created_at.as_millis()),
        updated_at: Set(user.created_at.as_millis()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Stores a person's changed name, language and scheme.
pub async fn update_everywhere(db: &impl Db, user: &User, now: Timestamp) -> Result<()> {
    let changes = ActiveModel {
        name: Set(user.name.clone()),
        language: Set(to_word("user", &user.language)?),
        scheme: Set(to_word("user", &user.scheme)?),
        updated_at: Set(now.as_millis()),
        ..Default::default()
    };
    change(db, user.id, changes).await
}

/// Stores a new password's hash.
pub async fn set_password_everywhere(db: &impl Db, id: UserId, hash: &str, now: Timestamp) -> Result<()> {
    let changes = ActiveModel {
        password_hash: Set(hash.to_owned()),
        updated_at: Set(now.as_millis()),
        ..Default::default()
    };
    change(db, id, changes).await
}

async fn change(db: &impl Db, id: UserId, changes: ActiveModel) -> Result<()> {
    let done = Entity::update_many().set(changes).filter(Column::Id.eq(id.uuid())).exec(db).await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("user")) } else { Ok(()) }
}
