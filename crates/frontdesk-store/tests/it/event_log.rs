//! The event log: numbered without gaps, in the order of commits.

use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ContactId, WorkspaceId};
use frontdesk_store::event;
use frontdesk_testkit::on_both;
use futures_util::future::join_all;

on_both! {
    async fn numbers_have_no_gaps_under_concurrent_writers(t: TestStore) {
        let workspaces: Vec<WorkspaceId> = (0..4).map(|_| t.another_workspace()).collect();
        let writers = (0..120_usize).map(|n| {
            let (store, ctx) = (t.store.clone(), t.context_in(workspaces[n % workspaces.len()]));
            tokio::spawn(async move {
                let tx = store.begin(&ctx).await.unwrap();
                for _ in 0..=(n % 3) {
                    tx.emit(Event::WorkspaceUpdated);
                }
                // Every seventh gives up: its numbers must not be missing.
                if n % 7 == 0 { drop(tx) } else { tx.commit().await.unwrap() }
            })
        });
        for writer in join_all(writers).await {
            writer.unwrap();
        }
        let mut total = 0;
        for workspace in workspaces {
            let scope = t.context_in(workspace).scope();
            let log = event::list_after(t.store.reader(), scope, 0, 1_000).await.unwrap();
            let numbers: Vec<u64> = log.iter().map(|entry| entry.seq).collect();
            assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
            assert_eq!(event::last_seq(t.store.reader(), scope).await.unwrap(), numbers.len() as u64);
            total += numbers.len();
        }
        let expected: usize = (0..120).filter(|n| n % 7 != 0).map(|n| n % 3 + 1).sum();
        assert_eq!(total, expected);
    }

    async fn a_reader_that_has_seen_a_number_never_finds_an_earlier_one_later(t: TestStore) {
        let writers = (0..60).map(|_| {
            let (store, ctx) = (t.store.clone(), t.context());
            tokio::spawn(async move {
                let tx = store.begin(&ctx).await.unwrap();
                tx.emit(Event::WorkspaceUpdated);
                tx.commit().await.unwrap();
            })
        });
        let writers: Vec<_> = writers.collect();
        let mut seen = Vec::new();
        while seen.len() < 60 {
            let after = seen.last().copied().unwrap_or(0);
            for entry in event::list_after(t.store.reader(), t.scope(), after, 100).await.unwrap() {
                seen.push(entry.seq);
            }
            tokio::task::yield_now().await;
        }
        assert_eq!(seen, (1..=60).collect::<Vec<u64>>());
        for writer in writers {
            writer.await.unwrap();
        }
    }

    async fn events_keep_the_order_in_which_their_unit_told_them(t: TestStore) {
        let contacts: Vec<ContactId> =
            (0..5).map(|_| ContactId::new(t.now(), t.random.as_ref())).collect();
        let tx = t.store.begin(&t.context()).await.unwrap();
        for contact_id in &contacts {
            tx.emit(Event::ContactUpdated { contact_id: *contact_id });
        }
        tx.emit(Event::WorkspaceUpdated);
        tx.commit().await.unwrap();
        let log = event::list_after(t.store.reader(), t.scope(), 0, 10).await.unwrap();
        let told: Vec<Event> = log.into_iter().map(|entry| entry.event).collect();
        let expected: Vec<Event> = contacts
            .into_iter()
            .map(|contact_id| Event::ContactUpdated { contact_id })
            .chain([Event::WorkspaceUpdated])
            .collect();
        assert_eq!(told, expected);
        let newest = event::list_newest(t.store.reader(), t.scope(), &["workspace.updated"], 5).await.unwrap();
        assert_eq!(newest.len(), 1);
        assert_eq!(newest[0].seq, 6);
    }

    async fn another_workspaces_log_is_not_seen(t: TestStore) {
        let tx = t.store.begin(&t.context()).await.unwrap();
        tx.emit(Event::WorkspaceUpdated);
        tx.commit().await.unwrap();
        let other = t.context_in(t.another_workspace()).scope();
        assert!(event::list_after(t.store.reader(), other, 0, 10).await.unwrap().is_empty());
        assert_eq!(event::last_seq(t.store.reader(), other).await.unwrap(), 0);
    }
}
