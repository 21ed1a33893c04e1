//! The job table: unique keys, claims, leases.

use std::time::Duration;

use frontdesk_domain::id::WorkspaceId;
use frontdesk_store::{JobRequest, job};
use frontdesk_testkit::{TestStore, on_both};
use futures_util::future::join_all;
use serde_json::json;

async fn enqueue(t: &TestStore, jobs: Vec<JobRequest>) {
    let tx = t.store.begin(&t.context()).await.unwrap();
    for job in jobs {
        tx.enqueue(job);
    }
    tx.commit().await.unwrap();
}

async fn claim(t: &TestStore, limit: usize) -> Vec<job::ClaimedJob> {
    let tx = t.store.begin(&t.context()).await.unwrap();
    let until = t.now().plus(Duration::from_mins(1));
    let claimed = job::claim(&tx, t.scope(), t.now(), until, limit).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

async fn ready(t: &TestStore) -> u64 {
    let counts = job::counts_everywhere(t.store.reader()).await.unwrap();
    counts.into_iter().find(|(state, _)| state == "ready").map_or(0, |(_, count)| count)
}

on_both! {
    async fn a_unique_key_holds_while_its_job_waits_or_runs_and_no_longer(t: TestStore) {
        let job = || JobRequest::new("sync", json!({})).unique("source 1");
        enqueue(&t, vec![job(), job(), JobRequest::new("sync", json!({})).unique("source 2")]).await;
        enqueue(&t, vec![job()]).await;
        assert_eq!(ready(&t).await, 2);
        let claimed = claim(&t, 10).await;
        assert_eq!(claimed.len(), 2);
        enqueue(&t, vec![job()]).await;
        assert_eq!(ready(&t).await, 0, "its job still runs");
        let tx = t.store.begin(&t.context()).await.unwrap();
        for done in &claimed {
            assert!(job::complete(&tx, t.scope(), done.id).await.unwrap());
        }
        tx.commit().await.unwrap();
        enqueue(&t, vec![job()]).await;
        assert_eq!(ready(&t).await, 1);
    }

    async fn a_taken_key_leaves_the_other_jobs_of_its_unit_alone(t: TestStore) {
        enqueue(&t, vec![JobRequest::new("a", json!({})).unique("k")]).await;
        let more = vec![
            JobRequest::new("a", json!({})).unique("k"),
            JobRequest::new("b", json!({})).unique("k"),
            JobRequest::new("a", json!({})),
        ];
        enqueue(&t, more).await;
        assert_eq!(ready(&t).await, 3);
    }

    async fn jobs_are_claimed_once_oldest_first(t: TestStore) {
        for n in 0..3_u64 {
            enqueue(&t, vec![JobRequest::new("n", json!(n)).at(t.now().plus(Duration::from_secs(3 - n)))]).await;
        }
        assert!(claim(&t, 10).await.is_empty(), "none is due yet");
        t.clock.advance(Duration::from_secs(10));
        let order: Vec<_> = claim(&t, 10).await.into_iter().map(|job| job.payload).collect();
        assert_eq!(order, [json!(2), json!(1), json!(0)]);
        assert!(claim(&t, 10).await.is_empty());
    }

    async fn concurrent_claimers_never_share_a_job(t: TestStore) {
        enqueue(&t, (0..200).map(|n| JobRequest::new("n", json!(n))).collect()).await;
        let claimers = (0..8).map(|_| {
            let (store, ctx, now) = (t.store.clone(), t.context(), t.now());
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let tx = store.begin(&ctx).await.unwrap();
                    let until = now.plus(Duration::from_mins(1));
                    let claimed = job::claim(&tx, ctx.scope(), now, until, 7).await.unwrap();
                    tx.commit().await.unwrap();
                    if claimed.is_empty() {
                        return mine;
                    }
                    mine.extend(claimed.into_iter().map(|job| job.payload.as_u64().unwrap()));
                }
            })
        });
        let mut all: Vec<u64> = join_all(claimers).await.into_iter().flat_map(|mine| mine.unwrap()).collect();
        all.sort_unstable();
        assert_eq!(all, (0..200).collect::<Vec<u64>>());
    }

    async fn a_worker_that_lost_its_job_cannot_end_its_successors_run(t: TestStore) {
        enqueue(&t, vec![JobRequest::new("slow", json!({}))]).await;
        let first = claim(&t, 1).await.remove(0);
        t.clock.advance(Duration::from_mins(2));
        let tx = t.store.begin(&t.context()).await.unwrap();
        assert_eq!(job::expire_leases_everywhere(&tx, t.now()).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let second = claim(&t, 1).await.remove(0);
        assert_eq!((second.id, second.attempt), (first.id, 2));
        let tx = t.store.begin(&t.context()).await.unwrap();
        job::retry(&tx, &first, t.now(), "late").await.unwrap();
        job::bury(&tx, &first, "late").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(job::counts_everywhere(t.store.reader()).await.unwrap(), [("running".to_owned(), 1)]);
    }

    async fn a_job_whose_worker_died_on_its_last_try_is_buried(t: TestStore) {
        enqueue(&t, vec![JobRequest::new("once", json!({})).attempts(1)]).await;
        claim(&t, 1).await;
        t.clock.advance(Duration::from_mins(2));
        assert!(job::any_lapsed_everywhere(t.store.reader(), t.now()).await.unwrap());
        let tx = t.store.begin(&t.context()).await.unwrap();
        job::expire_leases_everywhere(&tx, t.now()).await.unwrap();
        tx.commit().await.unwrap();
        let dead = job::list_dead(t.store.reader(), t.scope(), 10).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert!(dead[0].last_error.as_deref().unwrap().contains("stopped"));
    }

    async fn another_workspace_can_neither_claim_nor_end_a_job(t: TestStore) {
        enqueue(&t, vec![JobRequest::new("mine", json!({}))]).await;
        let other = t.context_in(t.another_workspace());
        let tx = t.store.begin(&other).await.unwrap();
        let until = t.now().plus(Duration::from_mins(1));
        assert!(job::claim(&tx, other.scope(), t.now(), until, 5).await.unwrap().is_empty());
        drop(tx);
        let mine = claim(&t, 1).await.remove(0);
        let tx = t.store.begin(&other).await.unwrap();
        assert!(!job::complete(&tx, other.scope(), mine.id).await.unwrap());
        drop(tx);
    }

    async fn workspaces_take_turns_from_the_last_one_on(t: TestStore) {
        let mut workspaces: Vec<WorkspaceId> = (0..5).map(|_| t.another_workspace()).collect();
        for workspace in &workspaces {
            let tx = t.store.begin(&t.context_in(*workspace)).await.unwrap();
            tx.enqueue(JobRequest::new("n", json!({})));
            tx.commit().await.unwrap();
        }
        workspaces.sort_unstable();
        let due = job::workspaces_due_everywhere(t.store.reader(), t.now(), workspaces[2], 3).await.unwrap();
        assert_eq!(due, [workspaces[3], workspaces[4], workspaces[0]]);
    }
}
