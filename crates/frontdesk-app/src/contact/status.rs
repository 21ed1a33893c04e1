//! How far along a contact is, as messages move them.

use frontdesk_domain::contact::ContactStatus;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::ContactId;
use frontdesk_store::{Tx, contact};

use crate::Result;

/// They wrote: whoever was only waited for is talked with now, and follow-ups begin anew.
pub(crate) async fn heard(tx: &Tx, id: ContactId) -> Result<()> {
    let Some(known) = contact::find(tx, tx.scope(), id).await? else { return Ok(()) };
    let waits = matches!(
        known.status,
        ContactStatus::Pending | ContactStatus::Contacted | ContactStatus::Unresponsive
    );
    if !waits && known.follow_ups == 0 {
        return Ok(());
    }
    let mut known = contact::get_for_update(tx, tx.scope(), known.id).await?;
    if waits {
        known.status = ContactStatus::InConversation;
    }
    known.follow_ups = 0;
    known.updated_at = tx.now();
    contact::update(tx, tx.scope(), &known).await?;
    tx.emit(Event::ContactUpdated { contact_id: known.id });
    Ok(())
}

/// They were written to, and not in answer.
pub(crate) async fn written_to(tx: &Tx, id: ContactId) -> Result<()> {
    let Some(known) = contact::find(tx, tx.scope(), id).await? else { return Ok(()) };
    let mut known = contact::get_for_update(tx, tx.scope(), known.id).await?;
    if known.status == ContactStatus::Pending {
        known.status = ContactStatus::Contacted;
    }
    known.last_contacted_at = Some(tx.now());
    known.updated_at = tx.now();
    contact::update(tx, tx.scope(), &known).await?;
    tx.emit(Event::ContactUpdated { contact_id: known.id });
    Ok(())
}
