//! Visitors, conversations, messages, turns, tool calls and canned replies.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, double_null, integer, integer_null, string, string_null, text,
    text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        visitors(manager).await?;
        conversations(manager).await?;
        messages(manager).await?;
        turns(manager).await?;
        canned_replies(manager).await
    }
}

async fn visitors(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("visitor")
                .col(uuid("id").primary_key())
                .col(uuid("workspace_id"))
                .col(string("token_hash"))
                .col(uuid("widget_key_id"))
                .col(uuid("conversation_id"))
                .col(big_integer("created_at"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("visitor_by_token", "visitor", &["token_hash"]).unique().to_owned()).await
}

async fn conversations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("conversation")
                .col(uuid("id").primary_key())
                .col(uuid("workspace_id"))
                .col(string("channel"))
                .col(uuid_null("contact_id"))
                .col(boolean("contact_claimed"))
                .col(text("contact_name"))
                .col(uuid_null("agent_id"))
                .col(string("state"))
                .col(string("floor"))
                .col(uuid_null("floor_user"))
                .col(big_integer("epoch"))
                .col(text_null("handoff_reason"))
                .col(big_integer_null("waiting_since"))
                .col(uuid_null("assignee"))
                .col(string("language"))
                .col(text_null("page_url"))
                .col(text("preview"))
                .col(integer("unread"))
                .col(integer_null("rating"))
                .col(text_null("rating_comment"))
                .col(text_null("summary"))
                .col(big_integer("cost_micros"))
                .col(big_integer("message_seq"))
                .col(big_integer("customer_seq"))
                .col(big_integer("answered_seq"))
                .col(text("dialogue"))
                .col(text("receipts"))
                .col(big_integer("created_at"))
                .col(big_integer("last_message_at"))
                .col(big_integer_null("closed_at"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index(
            "conversation_newest",
            "conversation",
            &["workspace_id", "last_message_at", "id"],
        ))
        .await?;
    manager
        .create_index(index("conversation_of_contact", "conversation", &["workspace_id", "contact_id"]))
        .await?;
    let db = manager.get_connection();
    db.execute_unprepared(
        "CREATE INDEX conversation_waiting ON conversation (workspace_id, waiting_since) \
         WHERE waiting_since IS NOT NULL",
    )
    .await?;
    Ok(())
}

async fn messages(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("message")
                .col(uuid("id").primary_key())
                .col(uuid("workspace_id"))
                .col(uuid("conversation_id"))
                .col(big_integer("seq"))
                .col(string("author"))
                .col(uuid_null("user_id"))
                .col(text_null("author_name"))
                .col(text("text"))
                .col(text("citations"))
                .col(boolean("cut"))
                .col(uuid_null("turn_id"))
                .col(string_null("client_id"))
                .col(big_integer("created_at"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("message_in_order", "message", &["conversation_id", "seq"]).unique().to_owned())
        .await?;
    manager.create_index(index("message_by_time", "message", &["workspace_id", "created_at"])).await?;
    manager
        .get_connection()
        .execute_unprepared(
            "CREATE UNIQUE INDEX message_once ON message (conversation_id, client_id) WHERE client_id IS NOT NULL",
        )
        .await?;
    Ok(())
}

async fn turns(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("turn")
                .col(uuid("id").primary_key())
                .col(uuid("workspace_id"))
                .col(uuid("conversation_id"))
                .col(text("brain"))
                .col(string_null("intent"))
                .col(double_null("confidence"))
                .col(big_integer("input_tokens"))
                .col(big_integer("output_tokens"))
                .col(big_integer("cost_micros"))
                .col(integer_null("first_word_ms"))
                .col(integer("total_ms"))
                .col(integer("guarded"))
                .col(text_null("fallback_reason"))
                .col(text_null("unanswered"))
                .col(big_integer("created_at"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("turn_of_conversation", "turn", &["conversation_id", "id"])).await?;
    manager
        .get_connection()
        .execute_unprepared(
            "CREATE INDEX turn_unanswered ON turn (workspace_id, id) WHERE unanswered IS NOT NULL",
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("tool_call")
                .col(uuid("id").primary_key())
                .col(uuid("workspace_id"))
                .col(uuid("conversation_id"))
                .col(uuid("turn_id"))
                .col(string("tool"))
                .col(text("arguments"))
                .col(boolean("ok"))
                .col(text("result"))
                .col(text_null("receipt"))
                .col(integer("latency_ms"))
                .col(big_integer("created_at"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("tool_call_of_conversation", "tool_call", &["conversation_id", "id"])).await
}

async fn canned_replies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("canned_reply")
                .col(uuid("id").primary_key())
                .col(uuid("workspace_id"))
                .col(string("shortcut"))
                .col(text("text"))
                .col(big_integer("updated_at"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            index("canned_reply_once", "canned_reply", &["workspace_id", "shortcut"]).unique().to_owned(),
        )
        .await
}

fn index(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut statement = Index::create();
    statement.name(name).table(table);
    for column in columns {
        statement.col(*column);
    }
    statement
}
