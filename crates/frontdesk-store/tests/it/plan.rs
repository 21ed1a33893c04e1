//! Hot paths are served by indexes: the plans of the very statements the store runs.

use frontdesk_domain::id::WorkspaceId;
use frontdesk_store::{JobRequest, event, job};
use frontdesk_testkit::{Recorder, on_both};
use serde_json::json;

on_both! {
    async fn the_queue_and_the_log_read_no_whole_table(t: TestStore) {
        let tx = t.store.begin(&t.context()).await.unwrap();
        for n in 0..50 {
            tx.enqueue(JobRequest::new("n", json!(n)));
            tx.emit(frontdesk_domain::event::Event::WorkspaceUpdated);
        }
        tx.commit().await.unwrap();

        let db = Recorder::new(&t.store);
        job::workspaces_due_everywhere(&db, t.now(), WorkspaceId::INSTALLATION, 5).await.unwrap();
        job::claim(&db, t.scope(), t.now(), t.now(), 1).await.unwrap();
        job::any_lapsed_everywhere(&db, t.now()).await.unwrap();
        job::expire_leases_everywhere(&db, t.now()).await.unwrap();
        job::next_due_everywhere(&db).await.unwrap();
        job::list_dead(&db, t.scope(), 10).await.unwrap();
        event::list_after(&db, t.scope(), 10, 10).await.unwrap();
        event::list_newest(&db, t.scope(), &["workspace.updated"], 10).await.unwrap();
        event::last_seq(&db, t.scope()).await.unwrap();
        event::first_seq(&db, t.scope()).await.unwrap();
        event::advance(&db, t.scope(), "mail", 1).await.unwrap();
        event::list_audit(&db, t.scope(), &event::AuditFilter::default(), 10).await.unwrap();
        assert!(db.count() >= 12);
        assert_eq!(db.table_scans(&t.store).await, Vec::<String>::new());
    }

    async fn a_plan_that_reads_a_whole_table_is_noticed(t: TestStore) {
        let db = Recorder::new(&t.store);
        let sql = sea_orm::Statement::from_string(
            sea_orm::ConnectionTrait::get_database_backend(&db),
            "SELECT id FROM job WHERE last_error = 'x'",
        );
        sea_orm::ConnectionTrait::query_all_raw(&db, sql).await.unwrap();
        assert_eq!(db.table_scans(&t.store).await.len(), 1);
    }
}
