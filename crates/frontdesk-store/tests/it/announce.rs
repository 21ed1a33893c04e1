//! Announcements: nothing that was not committed, nothing committed left out, on every node.

use std::collections::BTreeSet;

use frontdesk_domain::event::Event;
use frontdesk_store::{Ephemeral, JobRequest, event};
use frontdesk_testkit::{TestStore, block_on, on_both};
use futures_util::future::join_all;

on_both! {
    async fn committed_events_are_announced_and_dropped_ones_are_not(t: TestStore) {
        let mut heard = t.store.committed();
        let units = (0..40).map(|n| {
            let (store, ctx) = (t.store.clone(), t.context());
            tokio::spawn(async move {
                let tx = store.begin(&ctx).await.unwrap();
                tx.emit(Event::WorkspaceUpdated);
                if n % 4 == 0 { drop(tx) } else { tx.commit().await.unwrap() }
            })
        });
        for unit in join_all(units).await {
            unit.unwrap();
        }
        let mut announced = Vec::new();
        while announced.len() < 30 {
            let committed = heard.recv().await.unwrap();
            assert_eq!(committed.workspace, t.workspace);
            announced.extend(committed.events.iter().map(|entry| entry.seq));
        }
        assert!(heard.try_recv().is_err());
        if !t.is_postgres() {
            assert!(announced.is_sorted(), "SQLite announces in the order of commits");
        }
        assert_eq!(announced.into_iter().collect::<BTreeSet<_>>(), (1..=30).collect::<BTreeSet<_>>());
    }

    async fn an_event_is_in_the_log_when_it_is_announced(t: TestStore) {
        let mut heard = t.store.committed();
        for n in 1..=20 {
            let tx = t.store.begin(&t.context()).await.unwrap();
            tx.emit(Event::WorkspaceUpdated);
            tx.commit().await.unwrap();
            let committed = heard.recv().await.unwrap();
            assert_eq!(committed.last_seq, n);
            assert!(event::last_seq(t.store.reader(), t.scope()).await.unwrap() >= n);
        }
    }

    async fn a_new_job_wakes_whoever_waits_for_jobs(t: TestStore) {
        let ready = t.store.jobs_ready();
        let woken = ready.notified();
        let tx = t.store.begin(&t.context()).await.unwrap();
        tx.enqueue(JobRequest::new("test.job", serde_json::json!({})));
        tx.commit().await.unwrap();
        woken.await;
    }
}

async fn two_nodes() -> (TestStore, frontdesk_store::Store) {
    let t = TestStore::postgres().await;
    let other = t.another().await;
    (t, other)
}

#[test]
fn another_node_hears_of_events_jobs_and_what_is_not_kept() {
    block_on(async {
        let (t, other) = two_nodes().await;
        let mut heard = other.committed();
        let mut shown = other.ephemeral();
        let ready = other.jobs_ready();
        let woken = ready.notified();

        let tx = t.store.begin(&t.context()).await.unwrap();
        tx.emit(Event::WorkspaceUpdated);
        tx.emit(Event::WorkspaceUpdated);
        tx.enqueue(JobRequest::new("test.job", serde_json::json!({})));
        tx.commit().await.unwrap();
        let committed = heard.recv().await.unwrap();
        assert_eq!((committed.workspace, committed.last_seq), (t.workspace, 2));
        woken.await;

        let typing = Ephemeral { workspace: t.workspace, body: serde_json::json!({ "type": "typing" }) };
        t.store.announce(&typing).await;
        assert_eq!(*shown.recv().await.unwrap(), typing);
        other.close().await;
    });
}

#[test]
fn a_node_hears_its_own_news_once() {
    block_on(async {
        let (t, other) = two_nodes().await;
        let mut own = t.store.committed();
        let mut theirs = other.committed();
        for _ in 0..3 {
            let tx = t.store.begin(&t.context()).await.unwrap();
            tx.emit(Event::WorkspaceUpdated);
            tx.commit().await.unwrap();
        }
        // Notifications arrive in order, so the other node's answer proves that ours had the time to arrive.
        for _ in 0..3 {
            theirs.recv().await.unwrap();
        }
        let tx = other.begin(&t.context()).await.unwrap();
        tx.emit(Event::WorkspaceUpdated);
        tx.commit().await.unwrap();
        let mut numbers = Vec::new();
        while numbers.last() != Some(&4) {
            numbers.push(own.recv().await.unwrap().last_seq);
        }
        assert_eq!(numbers, [1, 2, 3, 4]);
        other.close().await;
    });
}

#[test]
fn news_missed_while_the_line_was_down_is_made_up_for() {
    block_on(async {
        let (t, other) = two_nodes().await;
        let mut heard = other.committed();
        let tx = t.store.begin(&t.context()).await.unwrap();
        tx.emit(Event::WorkspaceUpdated);
        tx.commit().await.unwrap();
        assert_eq!(heard.recv().await.unwrap().last_seq, 1);
        // The server hangs up on every listener; the log is announced anew, whatever happened meanwhile.
        sea_orm::ConnectionTrait::execute_unprepared(
            t.store.reader(),
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%LISTEN%'",
        )
        .await
        .unwrap();
        assert_eq!(heard.recv().await.unwrap().last_seq, 1);
        let tx = t.store.begin(&t.context()).await.unwrap();
        tx.emit(Event::WorkspaceUpdated);
        tx.commit().await.unwrap();
        while heard.recv().await.unwrap().last_seq != 2 {}
        other.close().await;
    });
}
