//! What happens to jobs that fail.

use std::time::Duration;

use frontdesk_domain::time::Clock;
use frontdesk_queue::Failure;
use frontdesk_store::{JobRequest, job};
use frontdesk_testkit::{START, on_both};
use serde_json::json;

use crate::kit::{Scripted, enqueue, registry, runner};

on_both! {
    async fn a_failed_job_comes_back_later_each_time_and_then_is_dead(t: TestStore) {
        let handler = Scripted::new(|_| Err(Failure::Retry("no answer".to_owned())));
        let runner = runner(&t, registry("call", handler.clone()));
        enqueue(&t, t.workspace, [JobRequest::new("call", json!({ "to": 1 })).attempts(4)]).await;
        let mut waits = Vec::new();
        for attempt in 1..=3 {
            assert_eq!(runner.run_due().await.unwrap(), 1);
            assert_eq!(handler.runs().len(), attempt);
            assert_eq!(runner.run_due().await.unwrap(), 0, "not before its time");
            let due = job::next_due_everywhere(t.store.reader()).await.unwrap().unwrap();
            waits.push(due.since(t.clock.now()));
            t.clock.set(due);
        }
        for (n, wait) in waits.iter().enumerate() {
            let full = Duration::from_secs(2 << n);
            assert!(*wait >= full / 2 && *wait <= full, "wait {n} is {wait:?}");
        }
        assert_eq!(runner.run_due().await.unwrap(), 1);
        let dead = job::list_dead(t.store.reader(), t.scope(), 10).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert_eq!((dead[0].attempts, dead[0].last_error.as_deref()), (4, Some("no answer")));
        assert_eq!(job::next_due_everywhere(t.store.reader()).await.unwrap(), None);
    }

    async fn a_permanent_failure_is_dead_at_once_and_can_be_edited_and_retried(t: TestStore) {
        let handler = Scripted::new(|job| match job.payload["to"].as_str() {
            Some(_) => Ok(()),
            None => Err(Failure::Permanent("no address".to_owned())),
        });
        let runner = runner(&t, registry("mail", handler.clone()));
        enqueue(&t, t.workspace, [JobRequest::new("mail", json!({}))]).await;
        runner.run_due().await.unwrap();
        let dead = job::list_dead(t.store.reader(), t.scope(), 10).await.unwrap();
        assert_eq!(dead.len(), 1);

        let tx = t.store.begin(&t.context()).await.unwrap();
        let edited = json!({ "to": "ana@example.com" });
        job::revive(&tx, t.scope(), dead[0].id, t.now(), Some(&edited)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(runner.run_due().await.unwrap(), 1);
        assert_eq!(handler.runs().last().unwrap().attempt, 1);
        assert!(job::counts_everywhere(t.store.reader()).await.unwrap().is_empty(), "done jobs leave no row");
    }

    async fn a_provider_that_names_a_time_is_not_bothered_before(t: TestStore) {
        let later = START.plus(Duration::from_mins(30));
        let handler = Scripted::new(move |job| match job.attempt {
            1 => Err(Failure::RetryAt { reason: "429".to_owned(), at: later }),
            _ => Ok(()),
        });
        let runner = runner(&t, registry("send", handler.clone()));
        enqueue(&t, t.workspace, [JobRequest::new("send", json!({}))]).await;
        runner.run_due().await.unwrap();
        t.clock.set(later.minus(Duration::from_millis(1)));
        assert_eq!(runner.run_due().await.unwrap(), 0);
        t.clock.set(later);
        assert_eq!(runner.run_due().await.unwrap(), 1);
        assert_eq!(handler.runs().len(), 2);
    }

    async fn a_panic_is_a_failure_like_any_other(t: TestStore) {
        let handler = Scripted::new(|job| {
            assert_ne!(job.attempt, 1, "the first try panics");
            Ok(())
        });
        let runner = runner(&t, registry("odd", handler.clone()));
        enqueue(&t, t.workspace, [JobRequest::new("odd", json!({}))]).await;
        runner.run_due().await.unwrap();
        t.clock.advance(Duration::from_mins(1));
        assert_eq!(runner.run_due().await.unwrap(), 1);
        assert!(job::counts_everywhere(t.store.reader()).await.unwrap().is_empty());
    }

    async fn a_job_nobody_knows_is_dead_and_says_so(t: TestStore) {
        let runner = runner(&t, registry("known", Scripted::succeeding()));
        enqueue(&t, t.workspace, [JobRequest::new("unknown", json!({}))]).await;
        runner.run_due().await.unwrap();
        let dead = job::list_dead(t.store.reader(), t.scope(), 10).await.unwrap();
        assert!(dead[0].last_error.as_deref().unwrap().contains("unknown"));
    }
}
