//! Erasing a person: what they said and what is known of them disappears, that something was said does not.
//!
//! Conversations keep their place, times and costs, so that figures stay true and nothing dangles; every word, name and
//! address in them goes. To hold personal data in one more table, add its statement here.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::ContactId;
use sea_orm::Statement;

use crate::tx::Db;
use crate::{Result, booking, contact, dialect, lead};

const OF_CONTACT: &str =
    "conversation_id IN (SELECT id FROM conversation WHERE workspace_id = ? AND contact_id = ?)";

/// What stands where words were.
pub const ERASED: &str = "[erased]";

/// Erases a contact with leads, notes and facts, and the words of their conversations.
///
/// # Errors
/// [`crate::StoreError::NotFound`] when it is not in the workspace.
pub async fn erase_contact(db: &impl Db, scope: Scope, id: ContactId) -> Result<()> {
    let backend = db.get_database_backend();
    let statements = [
        format!(
            "UPDATE message SET text = '{ERASED}', author_name = NULL, citations = '[]', client_id = NULL \
                 WHERE author <> 'system' AND {OF_CONTACT}"
        ),
        format!("UPDATE turn SET unanswered = NULL WHERE {OF_CONTACT}"),
        format!("UPDATE tool_call SET arguments = '{{}}', result = '{{}}' WHERE {OF_CONTACT}"),
        format!("DELETE FROM channel_thread WHERE {OF_CONTACT}"),
        format!("DELETE FROM mail_thread WHERE {OF_CONTACT}"),
        format!("DELETE FROM mail_reference WHERE {OF_CONTACT}"),
        format!("DELETE FROM message_file WHERE {OF_CONTACT}"),
        "DELETE FROM short_link_click WHERE workspace_id = ? AND link_id IN (SELECT link.id FROM short_link link \
         JOIN outbox ON outbox.id = link.message_id WHERE outbox.contact_id = ?)"
            .to_owned(),
        "DELETE FROM short_link WHERE workspace_id = ? AND message_id IN (SELECT id FROM outbox WHERE contact_id = ?)"
            .to_owned(),
        // Merges into the contact, and into those that were merged into it: their records hold what was known.
        "DELETE FROM contact_join WHERE workspace_id = ? AND kept_id = ?".to_owned(),
        "DELETE FROM contact_join WHERE workspace_id = ? AND kept_id IN \
         (SELECT merged_id FROM contact_merge WHERE contact_id = ?)"
            .to_owned(),
        format!(
            "UPDATE outbox SET contact_name = 'Erased visitor', contact_id = NULL, recipient = '{ERASED}', \
             content = '{{\"text\":\"{ERASED}\"}}', reason = NULL WHERE workspace_id = ? AND contact_id = ?"
        ),
        // That an address opted out is kept, so that it stays so; what was agreed to goes with the person.
        "DELETE FROM consent WHERE workspace_id = ? AND contact_id = ?".to_owned(),
        // The visitor's token: their browser must not find the conversation again.
        format!("DELETE FROM visitor WHERE {OF_CONTACT}"),
        format!("DELETE FROM identity_code WHERE {OF_CONTACT}"),
        format!("DELETE FROM identity_proof WHERE {OF_CONTACT}"),
        format!(
            "UPDATE conversation SET contact_id = NULL, contact_name = 'Erased visitor', preview = '{ERASED}', \
             page_url = NULL, rating_comment = NULL, summary = NULL, handoff_reason = NULL, dialogue = '{{}}', \
             receipts = '[]' WHERE workspace_id = ? AND contact_id = ?"
        ),
        "DELETE FROM mail_bounce WHERE workspace_id = ? AND address IN (SELECT email FROM contact WHERE id = ?)"
            .to_owned(),
        "DELETE FROM mail_bounce WHERE workspace_id = ? AND address IN (SELECT email FROM waiting_entry WHERE contact_id = ?)"
            .to_owned(),
        "DELETE FROM number_lookup WHERE workspace_id = ? AND number IN (SELECT phone FROM contact WHERE id = ?)"
            .to_owned(),
        // What a mail server said about an address may repeat it.
        "DELETE FROM booking_notice WHERE workspace_id = ? AND booking_id IN (SELECT id FROM booking WHERE contact_id = ?)"
            .to_owned(),
        "DELETE FROM waiting_offer WHERE workspace_id = ? AND waiting_id IN (SELECT id FROM waiting_entry WHERE contact_id = ?)"
            .to_owned(),
        "DELETE FROM enrolment_log WHERE workspace_id = ? AND enrolment_id IN (SELECT id FROM enrolment WHERE contact_id = ?)"
            .to_owned(),
        "DELETE FROM enrolment WHERE workspace_id = ? AND contact_id = ?".to_owned(),
        "DELETE FROM task WHERE workspace_id = ? AND contact_id = ?".to_owned(),
        "DELETE FROM contact_bulk_item WHERE workspace_id = ? AND contact_id = ?".to_owned(),
        "DELETE FROM waiting_entry WHERE workspace_id = ? AND contact_id = ?".to_owned(),
        "UPDATE compliance_decision SET contact_id = NULL WHERE workspace_id = ? AND contact_id = ?"
            .to_owned(),
    ];
    for sql in statements {
        let values = [scope.workspace().uuid().into(), id.uuid().into()];
        db.execute_raw(Statement::from_sql_and_values(backend, dialect::sql(backend, &sql), values)).await?;
    }
    lead::delete_of_contact(db, scope, id).await?;
    booking::erase_of_contact(db, scope, id, ERASED).await?;
    contact::delete(db, scope, id).await
}
