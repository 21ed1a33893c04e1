//! Lists of contacts: filters, orders and totals say the same whichever way the list is gone through, and no way reads a
//! whole table.

use std::time::Duration;

use frontdesk_domain::contact::{Contact, ContactStatus, Tag, TagColor};
use frontdesk_domain::contact_list::{FieldComparison, TotalKind};
use frontdesk_domain::id::{ContactId, ImportId};
use frontdesk_store::contact::field::searched;
use frontdesk_store::contact::{FieldTerm, Filter, Order, Place, Sort, Span, import, list};
use frontdesk_store::{contact, erasure};
use frontdesk_testkit::{Recorder, TestStore, on_both};
use serde_json::{Value, json};

fn tag(name: &str) -> Tag {
    Tag { name: name.to_owned(), color: TagColor::Gray }
}

/// People whose number says everything about them.
fn people(t: &TestStore, count: u64) -> Vec<Contact> {
    let mut all = Vec::new();
    for n in 0..count {
        t.clock.advance(Duration::from_secs(1));
        let mut one = Contact::new(ContactId::new(t.now(), t.random.as_ref()), "import".to_owned(), t.now());
        one.name = format!("{} Number{}", if n % 7 == 0 { "Ana" } else { "Bob" }, n % 11);
        one.email = Some(format!("person{n}@example.com"));
        one.phone = Some(format!("+1415555{n:04}"));
        one.external_id = Some(format!("x{n}"));
        one.status = ContactStatus::ALL[(n % 3) as usize];
        one.follow_ups = (n % 4) as u32;
        one.last_contacted_at = (n % 2 == 0).then(|| t.now());
        one.last_seen_at = (n % 5 == 0).then(|| t.now());
        if n % 10 == 0 {
            one.tags.push(tag("VIP"));
        }
        one.fields = [
            ("Plan".to_owned(), json!(if n % 6 == 0 { "Gold" } else { "Silver" })),
            ("Size".to_owned(), json!(n)),
        ]
        .into();
        if n % 9 == 0 {
            one.fields.insert("Since".to_owned(), json!("2026-01-01"));
        }
        all.push(one);
    }
    all
}

async fn store(t: &TestStore, contacts: &[Contact]) -> ImportId {
    let id = ImportId::new(t.now(), t.random.as_ref());
    let tx = t.store.begin(&t.context()).await.unwrap();
    let stored = import::insert(&tx, t.scope(), Some(id), contacts).await.unwrap();
    assert!(stored.iter().all(|stored| *stored));
    tx.commit().await.unwrap();
    id
}

/// As if the workspace had so many contacts: with many, lists are planned for many.
async fn pretend(t: &TestStore, contacts: u64) {
    let tx = t.store.begin(&t.context()).await.unwrap();
    let sql = format!("UPDATE contact_count SET contacts = {contacts}");
    sea_orm::ConnectionTrait::execute_unprepared(&tx, &sql).await.unwrap();
    tx.commit().await.unwrap();
}

fn field(key: &str, test: FieldComparison, value: &Value) -> FieldTerm {
    FieldTerm { key: key.to_owned(), test, value: searched(value) }
}

type Test = fn(usize, &Contact) -> bool;

/// Filters, and what they must let through.
fn filters(everyone: &[Contact], import: ImportId) -> Vec<(&'static str, Filter, Test)> {
    let none = Filter::default;
    let middle = everyone[60].created_at;
    vec![
        ("nothing", none(), |_, _| true),
        ("tag", Filter { tags: vec!["vip".to_owned()], ..none() }, |n, _| n % 10 == 0),
        ("status", Filter { statuses: vec![ContactStatus::Contacted], ..none() }, |n, _| n % 3 == 1),
        (
            "two states",
            Filter { statuses: vec![ContactStatus::Contacted, ContactStatus::Pending], ..none() },
            |n, _| n % 3 < 2,
        ),
        ("name", Filter { text: Some("ana".to_owned()), ..none() }, |n, _| n % 7 == 0),
        ("last name", Filter { text: Some("Number10".to_owned()), ..none() }, |n, _| n % 11 == 10),
        ("address", Filter { text: Some("person11".to_owned()), ..none() }, |n, _| n == 11 || n / 10 == 11),
        (
            "number",
            Filter { text: Some("(415) 555-011".to_owned()), calling_code: Some("1".to_owned()), ..none() },
            |n, _| n / 10 == 11,
        ),
        ("since", Filter { created: Span { from: Some(middle), to: None }, ..none() }, |n, _| n >= 60),
        ("until", Filter { created: Span { from: None, to: Some(middle) }, ..none() }, |n, _| n < 60),
        ("seen", Filter { seen: Span { from: None, to: Some(middle) }, ..none() }, |n, _| {
            n < 60 && n % 5 == 0
        }),
        ("not contacted", Filter { contacted_before: Some(middle), ..none() }, |n, _| n < 60 || n % 2 == 1),
        ("followed up", Filter { follow_ups_from: Some(2), follow_ups_to: Some(2), ..none() }, |n, _| {
            n % 4 == 2
        }),
        ("hardly followed up", Filter { follow_ups_to: Some(1), ..none() }, |n, _| n % 4 < 2),
        ("import", Filter { import: Some(import), ..none() }, |_, _| true),
        (
            "is",
            Filter { fields: vec![field("plan", FieldComparison::Is, &json!("GOLD"))], ..none() },
            |n, _| n % 6 == 0,
        ),
        (
            "begins",
            Filter { fields: vec![field("Plan", FieldComparison::Begins, &json!("si"))], ..none() },
            |n, _| n % 6 != 0,
        ),
        (
            "below",
            Filter { fields: vec![field("Size", FieldComparison::Below, &json!(5))], ..none() },
            |n, _| n < 5,
        ),
        (
            "above",
            Filter { fields: vec![field("Size", FieldComparison::Above, &json!(99.5))], ..none() },
            |n, _| n > 99,
        ),
        (
            "day",
            Filter { fields: vec![field("Since", FieldComparison::Is, &json!("2026-01-01"))], ..none() },
            |n, _| n % 9 == 0,
        ),
        (
            "set",
            Filter { fields: vec![field("Since", FieldComparison::Set, &json!(""))], ..none() },
            |n, _| n % 9 == 0,
        ),
        (
            "all at once",
            Filter {
                tags: vec!["vip".to_owned()],
                statuses: vec![ContactStatus::Pending],
                follow_ups_to: Some(2),
                fields: vec![field("Plan", FieldComparison::Is, &json!("gold"))],
                ..none()
            },
            |n, _| n % 30 == 0 && n % 4 <= 2,
        ),
    ]
}

on_both! {
    async fn filters_find_the_same_in_small_and_in_large_workspaces_in_every_order(t: TestStore) {
        let everyone = people(&t, 120);
        let import = store(&t, &everyone).await;
        let filters = filters(&everyone, import);
        for all in [120, 1_000_000] {
            pretend(&t, all).await;
            let db = Recorder::new(&t.store);
            for (name, filter, test) in &filters {
                let mut expected: Vec<ContactId> =
                    everyone.iter().enumerate().filter(|(n, one)| test(*n, one)).map(|(_, one)| one.id).collect();
                expected.sort_unstable();
                for by in [Order::Name, Order::Created, Order::Seen, Order::Contacted, Order::Status] {
                    let mut found = Vec::new();
                    let mut cursor: Option<String> = None;
                    loop {
                        let place = Place { cursor: cursor.as_deref(), skip: 0 };
                        let page = contact::list(&db, t.scope(), filter, by, place, 50).await.unwrap();
                        if page.counted.kind == TotalKind::Exact && *name != "nothing" {
                            assert_eq!(page.counted.total, expected.len() as u64, "{name} of {all} by {by:?}");
                        }
                        found.extend(page.items.iter().map(|one| one.id));
                        cursor = page.next;
                        if cursor.is_none() {
                            break;
                        }
                    }
                    found.sort_unstable();
                    assert_eq!(found, expected, "{name} of {all} by {by:?}");
                }
                let mut walked = Vec::new();
                let until = everyone[119].id;
                while let Some(last) = {
                    let some = list::walk(&db, t.scope(), filter, walked.last().copied(), until, 7).await.unwrap();
                    walked.extend(some.iter().map(|one| one.id));
                    some.last().map(|one| one.id)
                } {
                    assert_eq!(walked.last(), Some(&last));
                }
                assert_eq!(walked, expected, "{name} walked");
            }
            assert_eq!(db.table_scans(&t.store).await, Vec::<String>::new());
        }
    }

    async fn a_jump_lands_where_paging_would(t: TestStore) {
        let everyone = people(&t, 57);
        store(&t, &everyone).await;
        let db = t.store.reader();
        let vip = Filter { follow_ups_to: Some(2), ..Filter::default() };
        for filter in [Filter::default(), vip] {
            for sort in [Sort::from(Order::Name), Sort { by: Order::Seen, descending: false }, Order::Created.into()] {
                let whole = contact::list(db, t.scope(), &filter, sort, Place::default(), 100).await.unwrap();
                let ids: Vec<ContactId> = whole.items.iter().map(|one| one.id).collect();
                for page in 0..7 {
                    let place = Place { cursor: None, skip: page * 10 };
                    let part = contact::list(db, t.scope(), &filter, sort, place, 10).await.unwrap();
                    let found: Vec<ContactId> = part.items.iter().map(|one| one.id).collect();
                    let expected: Vec<ContactId> = ids.iter().skip(page as usize * 10).take(10).copied().collect();
                    assert_eq!(found, expected, "{sort:?} page {page}");
                    assert_eq!(part.next.is_some(), ids.len() as u64 > (page + 1) * 10, "{sort:?} page {page}");
                }
            }
        }
    }

    async fn what_is_searched_follows_every_change(t: TestStore) {
        let mut everyone = people(&t, 12);
        store(&t, &everyone).await;
        let gold = Filter { fields: vec![field("plan", FieldComparison::Is, &json!("gold"))], ..Filter::default() };
        let of = async |filter: &Filter| contact::count(t.store.reader(), t.scope(), filter).await.unwrap().total;
        assert_eq!((of(&gold).await, of(&Filter::default()).await), (2, 12));
        everyone[0].fields.insert("Plan".to_owned(), json!("Silver"));
        let tx = t.store.begin(&t.context()).await.unwrap();
        contact::update(&tx, t.scope(), &everyone[0]).await.unwrap();
        erasure::erase_contact(&tx, t.scope(), everyone[6].id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((of(&gold).await, of(&Filter::default()).await), (0, 11));
    }

    async fn a_row_whose_contact_is_known_is_left_out_and_told(t: TestStore) {
        let everyone = people(&t, 4);
        store(&t, &everyone[..2]).await;
        let mut twin = everyone[3].clone();
        twin.external_id.clone_from(&everyone[0].external_id);
        let tx = t.store.begin(&t.context()).await.unwrap();
        let batch = [everyone[2].clone(), twin, everyone[3].clone()];
        assert_eq!(import::insert(&tx, t.scope(), None, &batch[..2]).await.unwrap(), [true, false]);
        let known = import::known(&tx, t.scope(), &batch[1]).await.unwrap();
        assert_eq!(known.map(|known| known.id), Some(everyone[0].id));
        assert_eq!(import::insert(&tx, t.scope(), None, &batch[2..]).await.unwrap(), [true]);
        tx.commit().await.unwrap();
        assert_eq!(contact::count(t.store.reader(), t.scope(), &Filter::default()).await.unwrap().total, 4);
    }

    async fn only_what_nobody_touched_is_taken_back(t: TestStore) {
        let mut everyone = people(&t, 4);
        for one in &mut everyone {
            (one.last_seen_at, one.last_contacted_at, one.follow_ups) = (None, None, 0);
        }
        let id = store(&t, &everyone).await;
        let tx = t.store.begin(&t.context()).await.unwrap();
        contact::touch(&tx, t.scope(), everyone[1].id, t.now()).await.unwrap();
        let (ids, looked_at, last) = import::untouched(&tx, t.scope(), id, None, 3).await.unwrap();
        assert_eq!((ids, looked_at, last), (vec![everyone[0].id, everyone[2].id], 3, Some(everyone[2].id)));
        import::delete_contacts(&tx, t.scope(), &[everyone[0].id, everyone[2].id]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(contact::count(t.store.reader(), t.scope(), &Filter::default()).await.unwrap().total, 2);
    }
}
