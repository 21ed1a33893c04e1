//! The runner as a worker: woken by commits, drained at shutdown.

use std::sync::Arc;

use async_trait::async_trait;
use frontdesk_queue::{ClaimedJob, Failure, Handler};
use frontdesk_store::{JobRequest, job};
use frontdesk_testkit::on_both;
use serde_json::json;
use tokio::sync::{Semaphore, mpsc, watch};

use crate::kit::{enqueue, registry, runner};

/// Tells that it has begun, then waits to be let go.
struct Gated {
    begun: mpsc::UnboundedSender<u64>,
    gate: Arc<Semaphore>,
}

#[async_trait]
impl Handler for Gated {
    async fn run(&self, job: &ClaimedJob) -> Result<(), Failure> {
        self.begun.send(job.payload.as_u64().unwrap()).unwrap();
        self.gate.acquire().await.unwrap().forget();
        Ok(())
    }
}

on_both! {
    async fn a_worker_wakes_for_new_jobs_and_finishes_what_it_began_before_it_stops(t: TestStore) {
        let (begun, mut begins) = mpsc::unbounded_channel();
        let gate = Arc::new(Semaphore::new(0));
        let handler = Arc::new(Gated { begun, gate: Arc::clone(&gate) });
        let worker = Arc::new(runner(&t, registry("gated", handler)));
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(worker.run(stopped));

        enqueue(&t, t.workspace, [JobRequest::new("gated", json!(1))]).await;
        assert_eq!(begins.recv().await, Some(1));
        enqueue(&t, t.workspace, [JobRequest::new("gated", json!(2))]).await;
        assert_eq!(begins.recv().await, Some(2));

        stop.send(true).unwrap();
        assert!(!running.is_finished());
        gate.add_permits(2);
        running.await.unwrap();
        assert!(job::counts_everywhere(t.store.reader()).await.unwrap().is_empty(), "both were done");

        enqueue(&t, t.workspace, [JobRequest::new("gated", json!(3))]).await;
        assert!(begins.try_recv().is_err(), "a stopped worker begins nothing");
    }
}
