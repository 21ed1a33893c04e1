//! What runs by the clock runs once, however many runners there are.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_domain::id::WorkspaceId;
use frontdesk_queue::{Registry, RunnerSettings, Schedule};
use frontdesk_testkit::on_both;

use crate::kit::{Scripted, runner_on};

fn tick(handler: &Arc<Scripted>, expression: &str) -> Registry {
    let mut registry = Registry::default();
    registry.handle("tick", handler.clone());
    registry.schedule(Schedule::new("tick", expression).unwrap());
    registry
}

on_both! {
    async fn two_runners_run_a_schedule_once_each_time(t: TestStore) {
        let handler = Scripted::succeeding();
        // On PostgreSQL two nodes; SQLite has one process, so two runners share its store.
        let other = if t.is_postgres() { t.another().await } else { t.store.clone() };
        let one = runner_on(&t, t.store.clone(), tick(&handler, "*/5 * * * *"), RunnerSettings::default());
        let two = runner_on(&t, other.clone(), tick(&handler, "*/5 * * * *"), RunnerSettings::default());
        one.plan_schedules().await.unwrap();
        two.plan_schedules().await.unwrap();
        for round in 1..=3 {
            t.clock.advance(Duration::from_mins(5));
            let (first, second) = tokio::join!(one.run_due(), two.run_due());
            first.unwrap();
            second.unwrap();
            // A job that one enqueued while the other had just looked.
            one.run_due().await.unwrap();
            assert_eq!(handler.runs().len(), round);
        }
        assert_eq!(handler.runs()[0].workspace, WorkspaceId::INSTALLATION);
    }

    async fn instants_missed_while_stopped_are_made_up_for_once(t: TestStore) {
        let handler = Scripted::succeeding();
        let runner = runner_on(&t, t.store.clone(), tick(&handler, "0 * * * *"), RunnerSettings::default());
        runner.plan_schedules().await.unwrap();
        t.clock.advance(Duration::from_hours(50));
        runner.run_due().await.unwrap();
        assert_eq!(handler.runs().len(), 1);
        runner.plan_schedules().await.unwrap();
        runner.run_due().await.unwrap();
        assert_eq!(handler.runs().len(), 1, "planning again at start must not run it again");
    }

    async fn a_changed_expression_takes_effect(t: TestStore) {
        let handler = Scripted::succeeding();
        let daily = runner_on(&t, t.store.clone(), tick(&handler, "0 0 * * *"), RunnerSettings::default());
        daily.plan_schedules().await.unwrap();
        let frequent = runner_on(&t, t.store.clone(), tick(&handler, "*/5 * * * *"), RunnerSettings::default());
        frequent.plan_schedules().await.unwrap();
        t.clock.advance(Duration::from_mins(6));
        frequent.run_due().await.unwrap();
        assert_eq!(handler.runs().len(), 1);
    }
}
