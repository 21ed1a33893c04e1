//! How far along a contact is, as messages move them.

use frontdesk_domain::event::Event;
use frontdesk_domain::id::ContactId;
use frontdesk_store::{Tx, contact};

use crate::Result;

/// They wrote: whoever was only waited for is talked with now, and follow-ups begin anew.
pub(crate) async fn heard(tx: &Tx, ids: &[ContactId]) -> Result<()> {
    for contact_id in contact::set_heard(tx, tx.scope(), ids, tx.now()).await? {
        tx.emit(Event::ContactUpdated { contact_id });
    }
    Ok(())
}

/// They were written to, and not in answer.
pub(crate) async fn written_to(tx: &Tx, id: ContactId) -> Result<()> {
    if contact::set_written_to(tx, tx.scope(), id, tx.now()).await? {
        tx.emit(Event::ContactUpdated { contact_id: id });
    }
    Ok(())
}
