//! People, sign-ins, workspaces, teams, keys, connections, rate windows and compliance decisions.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, string, string_null, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in people().into_iter().chain(teams()).chain(keys()).chain(ledgers()) {
            manager.create_table(table).await?;
        }
        for (table, unique, columns) in INDEXES {
            let mut index = Index::create();
            index.name(format!("{table}_{}", columns.join("_"))).table(*table);
            for column in *columns {
                index.col(*column);
            }
            if *unique {
                index.unique();
            }
            manager.create_index(index.take()).await?;
        }
        Ok(())
    }
}

/// Table, whether unique, columns.
const INDEXES: &[(&str, bool, &[&str])] = &[
    ("user", true, &["email"]),
    ("login", false, &["user_id"]),
    ("login", false, &["expires_at"]),
    ("login_token", false, &["login_id"]),
    ("login_token", false, &["expires_at"]),
    ("reset_token", false, &["user_id"]),
    ("workspace", true, &["slug"]),
    ("member", true, &["workspace_id", "user_id"]),
    ("member", false, &["user_id"]),
    ("invitation", true, &["workspace_id", "email"]),
    ("invitation", true, &["token_hash"]),
    ("api_key", true, &["secret_hash"]),
    ("api_key", false, &["workspace_id", "id"]),
    ("widget_key", true, &["key"]),
    ("widget_key", false, &["workspace_id", "id"]),
    ("connection", false, &["workspace_id", "id"]),
    ("rate_window", false, &["ends_at"]),
    ("compliance_decision", false, &["workspace_id", "id"]),
];

fn people() -> [TableCreateStatement; 4] {
    [
        Table::create()
            .table("user")
            .col(uuid("id").primary_key())
            .col(string("email"))
            .col(text("name"))
            .col(text("password_hash"))
            .col(string("language"))
            .col(string("scheme"))
            .col(big_integer("created_at"))
            .col(big_integer("updated_at"))
            .to_owned(),
        Table::create()
            .table("login")
            .col(uuid("id").primary_key())
            .col(uuid("user_id"))
            .col(big_integer("created_at"))
            .col(big_integer("expires_at"))
            .col(big_integer_null("revoked_at"))
            .col(text_null("ip"))
            .col(text_null("agent"))
            .to_owned(),
        Table::create()
            .table("login_token")
            .col(string("hash").primary_key())
            .col(uuid("login_id"))
            .col(string("kind"))
            .col(big_integer("expires_at"))
            .col(big_integer_null("used_at"))
            .to_owned(),
        Table::create()
            .table("reset_token")
            .col(string("hash").primary_key())
            .col(uuid("user_id"))
            .col(big_integer("expires_at"))
            .to_owned(),
    ]
}

fn teams() -> [TableCreateStatement; 3] {
    [
        Table::create()
            .table("workspace")
            .col(uuid("id").primary_key())
            .col(text("name"))
            .col(string("slug"))
            .col(string("zone"))
            .col(string("country"))
            .col(string("language"))
            .col(text("facts"))
            .col(text("hours"))
            .col(text("theme"))
            .col(text("onboarding"))
            .col(big_integer("created_at"))
            .col(big_integer_null("deleted_at"))
            .to_owned(),
        Table::create()
            .table("member")
            .col(uuid("id").primary_key())
            .col(uuid("workspace_id"))
            .col(uuid("user_id"))
            .col(string("role"))
            .col(big_integer("created_at"))
            .to_owned(),
        Table::create()
            .table("invitation")
            .col(uuid("id").primary_key())
            .col(uuid("workspace_id"))
            .col(string("email"))
            .col(string("role"))
            .col(string("token_hash"))
            .col(uuid("invited_by"))
            .col(big_integer("created_at"))
            .col(big_integer("expires_at"))
            .to_owned(),
    ]
}

fn keys() -> [TableCreateStatement; 3] {
    [
        Table::create()
            .table("api_key")
            .col(uuid("id").primary_key())
            .col(uuid("workspace_id"))
            .col(text("name"))
            .col(string("hint"))
            .col(string("secret_hash"))
            .col(text("scopes"))
            .col(big_integer("created_at"))
            .col(big_integer_null("last_used_at"))
            .col(big_integer_null("expires_at"))
            .col(big_integer_null("revoked_at"))
            .to_owned(),
        Table::create()
            .table("widget_key")
            .col(uuid("id").primary_key())
            .col(uuid("workspace_id"))
            .col(text("name"))
            .col(string("key"))
            .col(text("origins"))
            .col(uuid_null("agent_id"))
            .col(big_integer("created_at"))
            .col(big_integer_null("revoked_at"))
            .to_owned(),
        Table::create()
            .table("connection")
            .col(uuid("id").primary_key())
            .col(uuid("workspace_id"))
            .col(string("vendor"))
            .col(string("category"))
            .col(text("name"))
            .col(text("settings"))
            .col(text_null("secret"))
            .col(boolean("enabled"))
            .col(text_null("last_test"))
            .col(big_integer("created_at"))
            .col(big_integer("updated_at"))
            .to_owned(),
    ]
}

fn ledgers() -> [TableCreateStatement; 2] {
    [
        Table::create()
            .table("rate_window")
            .col(string("key").primary_key())
            .col(big_integer("ends_at"))
            .col(integer("count"))
            .to_owned(),
        Table::create()
            .table("compliance_decision")
            .col(uuid("id").primary_key())
            .col(uuid("workspace_id"))
            .col(big_integer("at"))
            .col(uuid_null("contact_id"))
            .col(uuid_null("message_id"))
            .col(string("channel"))
            .col(string("purpose"))
            .col(string("verdict"))
            .col(string_null("rule"))
            .col(text("detail"))
            .to_owned(),
    ]
}
