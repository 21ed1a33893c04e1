//! Actions on many contacts: they reach all that match and no others, and what can be taken back is.

use frontdesk_app::contact::bulk::{self, NewBulk};
use frontdesk_app::contact::{self, NewContact, list};
use frontdesk_domain::contact::{ContactStatus, Tag, TagColor};
use frontdesk_domain::contact_import::{Bulk, BulkAction, BulkSelection, BulkState};
use frontdesk_domain::contact_list::ContactFilter;
use frontdesk_domain::context::Context;
use frontdesk_testkit::TestApp;

const CUSTOMERS: usize = 1_203;

async fn people(app: &TestApp) -> Context {
    let ana = app.signed_up("Ana").await;
    let ctx = app.system(ana.workspace_id().await);
    for n in 0..CUSTOMERS {
        let tags = if n % 3 == 0 { vec![tag("Third")] } else { Vec::new() };
        let new = NewContact { name: format!("=Person {n}"), tags, ..NewContact::default() };
        contact::create(&app.app, &ctx, new).await.unwrap();
    }
    app.clock.advance(std::time::Duration::from_secs(1));
    app.system(ctx.workspace)
}

fn tag(name: &str) -> Tag {
    Tag { name: name.to_owned(), color: TagColor::Blue }
}

fn tagged(name: &str) -> ContactFilter {
    ContactFilter { tags: vec![name.to_owned()], ..ContactFilter::default() }
}

async fn count(app: &TestApp, ctx: &Context, filter: ContactFilter) -> u64 {
    list::count(&app.app, ctx, &filter).await.unwrap().total
}

async fn run(app: &TestApp, ctx: &Context, action: BulkAction, selection: BulkSelection) -> Bulk {
    let started = bulk::start(&app.app, ctx, NewBulk { action, selection }).await.unwrap();
    assert_eq!(started.state, BulkState::Running);
    app.run_jobs().await;
    bulk::get(&app.app, ctx, started.id).await.unwrap()
}

#[tokio::test]
async fn all_that_match_are_changed_and_changed_back() {
    let app = TestApp::open().await;
    let ctx = people(&app).await;
    let all = || BulkSelection::Filter { filter: ContactFilter::default() };
    let added = run(&app, &ctx, BulkAction::Tag { tags: vec![tag("third"), tag("New")] }, all()).await;
    assert_eq!((added.state, added.done, added.changed), (BulkState::Done, 1_203, 1_203));
    assert_eq!(
        (count(&app, &ctx, tagged("third")).await, count(&app, &ctx, tagged("new")).await),
        (1_203, 1_203)
    );
    bulk::undo(&app.app, &ctx, added.id).await.unwrap();
    app.run_jobs().await;
    assert_eq!(bulk::get(&app.app, &ctx, added.id).await.unwrap().state, BulkState::Undone);
    assert_eq!((count(&app, &ctx, tagged("third")).await, count(&app, &ctx, tagged("new")).await), (401, 0));

    // What an action changes may be what it selects by.
    let selection = BulkSelection::Filter { filter: tagged("third") };
    let gone = run(&app, &ctx, BulkAction::Untag { names: vec!["THIRD".to_owned()] }, selection).await;
    assert_eq!((gone.total, gone.changed, count(&app, &ctx, tagged("third")).await), (Some(401), 401, 0));
    bulk::undo(&app.app, &ctx, gone.id).await.unwrap();
    app.run_jobs().await;
    assert_eq!(count(&app, &ctx, tagged("third")).await, 401);
}

#[tokio::test]
async fn some_are_erased_and_the_rest_exported_without_formulas() {
    let app = TestApp::open().await;
    let ctx = people(&app).await;
    let ask = list::Ask { filter: tagged("third"), size: 3, ..list::Ask::default() };
    let ids = list::list(&app.app, &ctx, ask).await.unwrap().items.iter().map(|one| one.id).collect();
    let booked = ContactFilter { statuses: vec![ContactStatus::Booked], ..ContactFilter::default() };
    let ids = BulkSelection::Ids { ids };
    let set = run(&app, &ctx, BulkAction::SetStatus { status: ContactStatus::Booked }, ids.clone()).await;
    assert_eq!((set.changed, count(&app, &ctx, booked.clone()).await), (3, 3));
    let erased = run(&app, &ctx, BulkAction::Delete, BulkSelection::Filter { filter: booked }).await;
    assert_eq!(erased.changed, 3);
    assert!(bulk::undo(&app.app, &ctx, erased.id).await.is_err());
    let export =
        run(&app, &ctx, BulkAction::Export, BulkSelection::Filter { filter: ContactFilter::default() }).await;
    let text = std::fs::read_to_string(bulk::file(&app.app, &ctx, export.id).await.unwrap()).unwrap();
    assert_eq!(text.lines().count(), CUSTOMERS - 3 + 1);
    assert!(text.lines().skip(1).all(|line| line.contains(",'=Person ")));
}
