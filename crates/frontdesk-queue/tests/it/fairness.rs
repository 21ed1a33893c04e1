//! One workspace's backlog delays no other workspace.

use frontdesk_queue::RunnerSettings;
use frontdesk_store::JobRequest;
use frontdesk_testkit::on_both;
use serde_json::json;

use crate::kit::{Scripted, enqueue, registry, runner_on};

on_both! {
    async fn five_thousand_jobs_of_one_workspace_do_not_delay_anothers_only_job(t: TestStore) {
        enqueue(&t, t.workspace, (0..5_000).map(|n| JobRequest::new("n", json!(n)))).await;
        let small = t.another_workspace();
        enqueue(&t, small, [JobRequest::new("n", json!("small"))]).await;

        let handler = Scripted::succeeding();
        let settings = RunnerSettings { concurrency: 4, turn: 2, ..RunnerSettings::default() };
        let runner = runner_on(&t, t.store.clone(), registry("n", handler.clone()), settings);
        runner.run_due_at_most(12).await.unwrap();
        let runs = handler.runs();
        let place = runs.iter().position(|job| job.workspace == small).expect("the small workspace had its turn");
        assert!(place < 4, "it ran as number {}", place + 1);
        assert!(runs.iter().filter(|job| job.workspace == t.workspace).count() >= 8);
    }

    async fn many_workspaces_all_get_their_turns(t: TestStore) {
        let workspaces: Vec<_> = (0..12).map(|_| t.another_workspace()).collect();
        for workspace in &workspaces {
            enqueue(&t, *workspace, (0..30).map(|n| JobRequest::new("n", json!(n)))).await;
        }
        let handler = Scripted::succeeding();
        let settings = RunnerSettings { concurrency: 4, turn: 1, ..RunnerSettings::default() };
        let runner = runner_on(&t, t.store.clone(), registry("n", handler.clone()), settings);
        runner.run_due_at_most(24).await.unwrap();
        for workspace in workspaces {
            let turns = handler.runs().iter().filter(|job| job.workspace == workspace).count();
            assert_eq!(turns, 2, "of 24 runs, 12 workspaces get two each");
        }
    }
}
