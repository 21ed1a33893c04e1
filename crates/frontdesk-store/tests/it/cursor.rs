//! Subscribers' places in the log.

use frontdesk_domain::event::Event;
use frontdesk_store::event;
use frontdesk_testkit::{TestStore, on_both};

async fn emit(t: &TestStore, count: usize) {
    let tx = t.store.begin(&t.context()).await.unwrap();
    (0..count).for_each(|_| tx.emit(Event::WorkspaceUpdated));
    tx.commit().await.unwrap();
}

async fn advance(t: &TestStore, seq: u64) {
    let tx = t.store.begin(&t.context()).await.unwrap();
    event::advance(&tx, t.scope(), "mail", seq).await.unwrap();
    tx.commit().await.unwrap();
}

on_both! {
    async fn a_place_never_moves_back(t: TestStore) {
        emit(&t, 5).await;
        assert_eq!(event::behind_everywhere(t.store.reader(), "mail").await.unwrap(), [(t.workspace, 0)]);
        advance(&t, 4).await;
        advance(&t, 2).await;
        assert_eq!(event::behind_everywhere(t.store.reader(), "mail").await.unwrap(), [(t.workspace, 4)]);
        advance(&t, 5).await;
        assert!(event::behind_everywhere(t.store.reader(), "mail").await.unwrap().is_empty());
        assert_eq!(event::behind_everywhere(t.store.reader(), "other").await.unwrap(), [(t.workspace, 0)]);
    }

    async fn a_place_moves_with_the_unit_of_work_or_not_at_all(t: TestStore) {
        emit(&t, 1).await;
        let tx = t.store.begin(&t.context()).await.unwrap();
        event::advance(&tx, t.scope(), "mail", 1).await.unwrap();
        drop(tx);
        assert_eq!(event::behind_everywhere(t.store.reader(), "mail").await.unwrap(), [(t.workspace, 0)]);
    }
}
