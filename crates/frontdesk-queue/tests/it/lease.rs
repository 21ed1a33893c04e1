//! Jobs of workers that died.

use std::time::Duration;

use frontdesk_store::{JobRequest, job};
use frontdesk_testkit::on_both;
use serde_json::json;

use crate::kit::{Scripted, enqueue, registry, runner};

on_both! {
    async fn a_job_whose_worker_died_runs_again_after_its_lease_and_not_before(t: TestStore) {
        enqueue(&t, t.workspace, [JobRequest::new("work", json!({}))]).await;
        // A worker that claims and is never heard of again.
        let tx = t.store.begin(&t.context()).await.unwrap();
        let until = t.now().plus(Duration::from_mins(1));
        assert_eq!(job::claim(&tx, t.scope(), t.now(), until, 1).await.unwrap().len(), 1);
        tx.commit().await.unwrap();

        let handler = Scripted::succeeding();
        let runner = runner(&t, registry("work", handler.clone()));
        t.clock.advance(Duration::from_secs(59));
        assert_eq!(runner.run_due().await.unwrap(), 0);
        t.clock.advance(Duration::from_secs(2));
        assert_eq!(runner.run_due().await.unwrap(), 1);
        assert_eq!(handler.runs()[0].attempt, 2);
    }
}
