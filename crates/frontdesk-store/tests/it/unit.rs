//! Units of work: all or nothing, whoever else commits at the same time.

use std::sync::Arc;

use frontdesk_domain::event::Event;
use frontdesk_store::{JobRequest, event, job};
use frontdesk_testkit::on_both;
use futures_util::future::join_all;

/// Polls once.
async fn is_ready<F: Future>(mut work: std::pin::Pin<&mut F>) -> bool {
    std::future::poll_fn(|waker| std::task::Poll::Ready(work.as_mut().poll(waker).is_ready())).await
}

on_both! {
    async fn a_unit_dropped_between_others_leaves_nothing(t: TestStore) {
        let ctx = t.context();
        let units = (0..30).map(|n| {
            let (store, ctx) = (t.store.clone(), ctx.clone());
            tokio::spawn(async move {
                let tx = store.begin(&ctx).await.unwrap();
                tx.emit(Event::WorkspaceUpdated);
                tx.audit("test.unit", Some(format!("unit {n}")), serde_json::json!({}));
                event::advance(&tx, ctx.scope(), &format!("subscriber {n}"), 1).await.unwrap();
                if n % 3 == 0 {
                    drop(tx);
                } else {
                    tx.commit().await.unwrap();
                }
            })
        });
        for unit in join_all(units).await {
            unit.unwrap();
        }
        let log = event::list_after(t.store.reader(), t.scope(), 0, 100).await.unwrap();
        assert_eq!(log.len(), 20);
        let audit = event::list_audit(t.store.reader(), t.scope(), &event::AuditFilter::default(), 100).await.unwrap();
        let mut kept: Vec<usize> =
            audit.iter().map(|entry| entry.target.as_deref().unwrap()[5..].parse().unwrap()).collect();
        kept.sort_unstable();
        assert_eq!(kept, (0..30).filter(|n| n % 3 != 0).collect::<Vec<_>>());
        for n in 0..30 {
            let behind = event::behind_everywhere(t.store.reader(), &format!("subscriber {n}")).await.unwrap();
            assert_eq!(behind[0].1, u64::from(n % 3 != 0), "the place of subscriber {n}");
        }
    }

    async fn a_unit_that_fails_takes_no_other_with_it(t: TestStore) {
        let ctx = t.context();
        let units = (0..20).map(|n| {
            let (store, ctx) = (t.store.clone(), ctx.clone());
            tokio::spawn(async move {
                let tx = store.begin(&ctx).await.unwrap();
                tx.emit(Event::WorkspaceUpdated);
                if n % 4 == 0 {
                    // A statement the database refuses.
                    sea_orm::ConnectionTrait::execute_unprepared(&tx, "INSERT INTO job (id) VALUES (NULL)")
                        .await
                        .unwrap_err();
                    drop(tx);
                    return false;
                }
                tx.commit().await.unwrap();
                true
            })
        });
        let committed = join_all(units).await.into_iter().filter(|unit| *unit.as_ref().unwrap()).count();
        assert_eq!(committed, 15);
        assert_eq!(event::last_seq(t.store.reader(), t.scope()).await.unwrap(), 15);
    }

    async fn giving_up_at_any_point_neither_blocks_nor_leaks(t: TestStore) {
        let ctx = t.context();
        // Each round polls a unit of work a given number of times, then drops it wherever it is, while others commit.
        for polls in 0..60 {
            let unit = async {
                let tx = t.store.begin(&ctx).await.unwrap();
                tx.emit(Event::WorkspaceUpdated);
                event::advance(&tx, t.scope(), "given up", 1).await.unwrap();
                event::last_seq(&tx, t.scope()).await.unwrap();
                // Never commits: whatever is found later was leaked.
                drop(tx);
            };
            let mut unit = Box::pin(unit);
            for _ in 0..polls {
                if is_ready(unit.as_mut()).await {
                    break;
                }
                tokio::task::yield_now().await;
            }
            drop(unit);
            let tx = t.store.begin(&ctx).await.unwrap();
            tx.audit("test.round", None, serde_json::json!({ "polls": polls }));
            tx.commit().await.unwrap();
        }
        assert_eq!(event::last_seq(t.store.reader(), t.scope()).await.unwrap(), 0);
        let audit = event::list_audit(t.store.reader(), t.scope(), &event::AuditFilter::default(), 100).await.unwrap();
        assert_eq!(audit.len(), 60);
    }

    async fn a_caller_that_stops_waiting_for_commit_gets_all_or_nothing(t: TestStore) {
        let ctx = t.context();
        for polls in 0..40 {
            let tx = t.store.begin(&ctx).await.unwrap();
            tx.emit(Event::WorkspaceUpdated);
            tx.audit("test.commit", None, serde_json::json!({}));
            let mut commit = Box::pin(tx.commit());
            for _ in 0..polls {
                if is_ready(commit.as_mut()).await {
                    break;
                }
                tokio::task::yield_now().await;
            }
            drop(commit);
        }
        // Waits behind whatever is still under way.
        let tx = t.store.begin(&ctx).await.unwrap();
        tx.emit(Event::WorkspaceUpdated);
        tx.audit("test.commit", None, serde_json::json!({}));
        tx.commit().await.unwrap();
        let last = event::last_seq(t.store.reader(), t.scope()).await.unwrap();
        let log = event::list_after(t.store.reader(), t.scope(), 0, 100).await.unwrap();
        let audit = event::list_audit(t.store.reader(), t.scope(), &event::AuditFilter::default(), 100).await.unwrap();
        assert_eq!(log.iter().map(|entry| entry.seq).collect::<Vec<_>>(), (1..=last).collect::<Vec<_>>());
        assert_eq!(audit.len(), log.len());
    }

    async fn two_hundred_units_at_once_all_commit(t: TestStore) {
        let store = Arc::new(t.store.clone());
        let units = (0..200).map(|n| {
            let (store, ctx) = (Arc::clone(&store), t.context());
            tokio::spawn(async move {
                let tx = store.begin(&ctx).await.unwrap();
                tx.emit(Event::WorkspaceUpdated);
                tx.enqueue(JobRequest::new("test.job", serde_json::json!({ "n": n })));
                tx.commit().await.unwrap();
            })
        });
        for unit in join_all(units).await {
            unit.unwrap();
        }
        assert_eq!(event::last_seq(t.store.reader(), t.scope()).await.unwrap(), 200);
        let counts = job::counts_everywhere(t.store.reader()).await.unwrap();
        assert_eq!(counts, [("ready".to_owned(), 200)]);
    }

    async fn one_unit_may_hold_thousands_of_rows(t: TestStore) {
        let tx = t.store.begin(&t.context()).await.unwrap();
        for n in 0..7_000 {
            tx.emit(Event::WorkspaceUpdated);
            tx.audit("test.row", None, serde_json::json!({}));
            tx.enqueue(JobRequest::new("test.job", serde_json::json!({ "n": n })));
        }
        tx.commit().await.unwrap();
        assert_eq!(event::last_seq(t.store.reader(), t.scope()).await.unwrap(), 7_000);
        assert_eq!(job::counts_everywhere(t.store.reader()).await.unwrap(), [("ready".to_owned(), 7_000)]);
    }

    async fn what_was_acknowledged_is_there_when_opened_again(t: TestStore) {
        let tx = t.store.begin(&t.context()).await.unwrap();
        tx.emit(Event::WorkspaceUpdated);
        tx.commit().await.unwrap();
        let second = t.another().await;
        assert_eq!(event::last_seq(second.reader(), t.scope()).await.unwrap(), 1);
        second.close().await;
    }

    async fn a_closed_store_refuses_new_units(t: TestStore) {
        let second = t.another().await;
        second.close().await;
        assert!(second.begin(&t.context()).await.is_err());
    }
}
