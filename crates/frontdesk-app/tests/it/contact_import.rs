//! Importing files of contacts: every row is told of once, whatever dies in between, and what was done can be undone.

use std::fmt::Write as _;

use frontdesk_app::contact::import::{self, Upload};
use frontdesk_app::contact::{self, list};
use frontdesk_domain::contact::ContactStatus;
use frontdesk_domain::contact_import::{ColumnUse, Import, ImportPlan, ImportState, OnKnown};
use frontdesk_domain::contact_list::{ContactFilter, FieldComparison, FieldKind, FieldTest, TotalKind};
use frontdesk_domain::context::Context;
use frontdesk_testkit::TestApp;
use serde_json::json;

async fn upload(app: &TestApp, ctx: &Context, text: &str) -> Import {
    let mut upload = Upload::begin(&app.app, ctx, "list.csv").await.unwrap();
    for piece in text.as_bytes().chunks(1_000) {
        upload.write(piece).await.unwrap();
    }
    upload.finish().await.unwrap()
}

fn plan(of: &Import) -> ImportPlan {
    let columns = of.columns.iter().map(|column| column.suggestion.clone()).collect();
    ImportPlan { columns, ..ImportPlan::default() }
}

async fn total(app: &TestApp, ctx: &Context, filter: ContactFilter) -> u64 {
    let counted = list::count(&app.app, ctx, &filter).await.unwrap();
    assert_eq!(counted.kind, TotalKind::Exact);
    counted.total
}

async fn workspace(app: &TestApp) -> Context {
    let ana = app.signed_up("Ana").await;
    app.system(ana.workspace_id().await)
}

#[tokio::test]
async fn a_file_becomes_contacts_with_custom_fields_and_its_bad_rows_a_file_of_their_own() {
    let app = TestApp::open().await;
    let ctx = workspace(&app).await;
    let text = "Name;Email;Phone;Plan;Since\n\
                Ana;ana@example.com;(415) 555-2671;Gold;2024-01-31\n\
                Bob;bob@;;Silver;\n\
                Cid;cid@example.com;;Gold;yesterday\n\
                =Dan();dan@example.com;12;Gold;\n\
                ;;;Gold;\n\
                Eve;EVE@example.com;+14155552672;Silver;2025-02-28\n\
                Eve twice;eve@example.com;;Silver;\n";
    let up = upload(&app, &ctx, text).await;
    assert_eq!((up.delimiter.as_str(), up.encoding.as_str()), (";", "UTF-8"));
    let since = ColumnUse::Field { key: "Since".to_owned(), kind: FieldKind::Date };
    let mut plan = plan(&up);
    plan.columns[4] = since;
    let before = import::get(&app.app, &ctx, up.id).await.unwrap();
    assert_eq!((before.state, before.counts.read), (ImportState::Uploaded, 0));
    import::start(&app.app, &ctx, up.id, plan.clone()).await.unwrap();
    assert!(import::start(&app.app, &ctx, up.id, plan).await.is_err(), "a file is read once");
    app.run_jobs().await;

    let done = import::get(&app.app, &ctx, up.id).await.unwrap();
    let counts = done.counts;
    assert_eq!((done.state, done.percent), (ImportState::Done, 100));
    assert_eq!((counts.read, counts.created, counts.skipped, counts.rejected), (7, 2, 1, 4));
    assert_eq!(counts.created + counts.updated + counts.skipped + counts.rejected, counts.read);
    let (name, path) = import::rejects(&app.app, &ctx, up.id).await.unwrap().unwrap();
    assert_eq!(name, "list refused.csv");
    let refused = std::fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = refused.lines().collect();
    assert_eq!(lines.len(), 5, "{refused}");
    assert!(lines[0].starts_with("line,reason,Name,Email"), "{refused}");
    assert!(lines[1].starts_with("3,`bob@` is not an e-mail address"), "{refused}");
    assert!(refused.contains("'=Dan()"), "{refused}");
    let test =
        FieldTest { key: "since".to_owned(), test: FieldComparison::Above, value: Some(json!("2025-01-01")) };
    assert_eq!(total(&app, &ctx, ContactFilter { fields: vec![test], ..ContactFilter::default() }).await, 1);
    assert_eq!(
        total(&app, &ctx, ContactFilter { import_id: Some(up.id), ..ContactFilter::default() }).await,
        2
    );

    // The same headers are mapped as they were the last time.
    let again = upload(&app, &ctx, text).await;
    let since = ColumnUse::Field { key: "Since".to_owned(), kind: FieldKind::Date };
    assert_eq!(again.columns[4].suggestion, since);
}

#[tokio::test]
async fn known_contacts_are_left_alone_or_filled_in() {
    let app = TestApp::open().await;
    let ctx = workspace(&app).await;
    let first =
        upload(&app, &ctx, "Id,Name,Email,Phone\n7,Ana,ana@example.com,\n8,Bob,,+14155552671\n").await;
    import::start(&app.app, &ctx, first.id, plan(&first)).await.unwrap();
    app.run_jobs().await;
    let text = "Id,Name,Email,Phone\n7,Ana Díaz,new@example.com,\n9,Both,new@example.com,+14155552671\n,Bobby,,(415) 555-2671\n";
    for (on_known, expected) in [(OnKnown::Skip, (0, 0, 3, 0)), (OnKnown::Update, (0, 2, 0, 1))] {
        let up = upload(&app, &ctx, text).await;
        import::start(&app.app, &ctx, up.id, ImportPlan { on_known, ..plan(&up) }).await.unwrap();
        app.run_jobs().await;
        let done = import::get(&app.app, &ctx, up.id).await.unwrap().counts;
        assert_eq!((done.created, done.updated, done.skipped, done.rejected), expected, "{on_known:?}");
    }
}

#[tokio::test]
async fn an_import_goes_on_where_it_died_and_undo_takes_back_what_nobody_touched() {
    let app = TestApp::open().await;
    let ctx = workspace(&app).await;
    let mut text = "Name,Email\n".to_owned();
    for n in 0..9_000 {
        let at = if n % 100 == 99 { "" } else { "@example.com" };
        writeln!(text, "Person {n},p{n}{at}").unwrap();
    }
    let up = upload(&app, &ctx, &text).await;
    import::start(&app.app, &ctx, up.id, plan(&up)).await.unwrap();
    // Dies at some moment while it works: the future is dropped after the first batch was stored.
    {
        let mut news = app.app.store.committed();
        let job = frontdesk_queue::ClaimedJob {
            id: frontdesk_domain::id::JobId::new(ctx.now(), ctx.random.as_ref()),
            workspace: ctx.workspace,
            name: import::IMPORT_JOB.to_owned(),
            payload: json!({ "import": up.id }),
            attempt: 1,
            max_attempts: 2,
        };
        tokio::select! {
            _ = import::run(&app.app, &job) => panic!("it was to die"),
            told = news.recv() => assert!(told.is_ok()),
        }
    }
    let part = import::get(&app.app, &ctx, up.id).await.unwrap();
    assert_eq!((part.state, part.counts.read), (ImportState::Running, 4_000));
    app.run_jobs().await;
    let done = import::get(&app.app, &ctx, up.id).await.unwrap();
    assert_eq!(
        (done.state, done.counts.read, done.counts.created, done.counts.rejected),
        (ImportState::Done, 9_000, 8_910, 90)
    );
    let (_, path) = import::rejects(&app.app, &ctx, up.id).await.unwrap().unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap().lines().count(), 91);
    assert_eq!(total(&app, &ctx, ContactFilter::default()).await, 8_910);

    let ask = list::Ask {
        filter: ContactFilter { q: Some("p17@".to_owned()), ..ContactFilter::default() },
        size: 5,
        ..list::Ask::default()
    };
    let touched = list::list(&app.app, &ctx, ask).await.unwrap().items.remove(0);
    app.clock.advance(std::time::Duration::from_secs(1));
    let patch =
        contact::ContactPatch { status: Some(ContactStatus::Qualified), ..contact::ContactPatch::default() };
    let ctx = app.system(ctx.workspace);
    contact::update(&app.app, &ctx, touched.id, patch).await.unwrap();
    import::undo(&app.app, &ctx, up.id).await.unwrap();
    app.run_jobs().await;
    let undone = import::get(&app.app, &ctx, up.id).await.unwrap();
    assert_eq!((undone.state, undone.counts.undone, undone.counts.kept), (ImportState::Undone, 8_909, 1));
    assert_eq!(total(&app, &ctx, ContactFilter::default()).await, 1);
}

#[tokio::test]
async fn a_stopped_import_reads_no_further() {
    let app = TestApp::open().await;
    let ctx = workspace(&app).await;
    let up = upload(&app, &ctx, "Name\nAna\n").await;
    import::start(&app.app, &ctx, up.id, plan(&up)).await.unwrap();
    import::cancel(&app.app, &ctx, up.id).await.unwrap();
    app.run_jobs().await;
    assert_eq!(total(&app, &ctx, ContactFilter::default()).await, 0);
    assert!(import::cancel(&app.app, &ctx, up.id).await.is_err());
}
