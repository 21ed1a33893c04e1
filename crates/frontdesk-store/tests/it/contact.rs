//! Contacts, notes, memory, leads: what the database guarantees about a person.

use std::time::Duration;

use frontdesk_domain::contact::{Contact, ContactNote, Fact, Tag, TagColor};
use frontdesk_domain::conversation::{Channel, Conversation, ConversationState, Floor};
use frontdesk_domain::id::{ContactId, ConversationId, FactId, LeadId, NoteId};
use frontdesk_domain::lead::{Lead, LeadStatus};
use frontdesk_store::contact::{Filter, Order, Place};
use frontdesk_store::{StoreError, contact, conversation, erasure, fact, lead, note, timeline};
use frontdesk_testkit::{Recorder, TestStore, on_both};

fn person(t: &TestStore, name: &str) -> Contact {
    let new = Contact::new(ContactId::new(t.now(), t.random.as_ref()), "web".to_owned(), t.now());
    Contact { name: name.to_owned(), ..new }
}

async fn store(t: &TestStore, contacts: &[Contact]) {
    let tx = t.store.begin(&t.context()).await.unwrap();
    for contact in contacts {
        contact::insert(&tx, t.scope(), contact).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn talk(t: &TestStore, contact: &Contact, summary: Option<&str>) -> Conversation {
    Conversation {
        id: ConversationId::new(t.now(), t.random.as_ref()),
        channel: Channel::Web,
        contact_id: Some(contact.id),
        contact_name: contact.name.clone(),
        agent_id: None,
        state: ConversationState::Open,
        floor: Floor::Ai,
        epoch: 0,
        handoff_reason: None,
        waiting_since: None,
        assignee: None,
        language: frontdesk_domain::locale::Language::En,
        page_url: None,
        preview: "My secret question".to_owned(),
        unread: 0,
        rating: None,
        rating_comment: None,
        summary: summary.map(str::to_owned),
        cost_micros: 0,
        created_at: t.now(),
        last_message_at: t.now(),
        closed_at: None,
    }
}

fn wish(t: &TestStore, contact: &Contact, need: &str) -> Lead {
    Lead {
        id: LeadId::new(t.now(), t.random.as_ref()),
        contact_id: contact.id,
        name: contact.name.clone(),
        email: contact.email.clone(),
        phone: contact.phone.clone(),
        need: need.to_owned(),
        status: LeadStatus::New,
        score: 40,
        score_reasons: vec!["left a name".to_owned()],
        conversation_id: None,
        assignee: None,
        consent_text: "We may call you back.".to_owned(),
        consent_at: Some(t.now()),
        created_at: t.now(),
        updated_at: t.now(),
    }
}

fn learned(t: &TestStore, key: &str, value: &str) -> Fact {
    Fact {
        id: FactId::new(t.now(), t.random.as_ref()),
        key: key.to_owned(),
        value: value.to_owned(),
        conversation_id: None,
        updated_at: t.now(),
    }
}

on_both! {
    async fn a_contact_comes_back_as_it_was_stored(t: TestStore) {
        let mut ana = person(&t, "Ana Díaz");
        ana.email = Some("ana@example.com".to_owned());
        ana.phone = Some("+14155552671".to_owned());
        ana.tags = vec![Tag { name: "VIP".to_owned(), color: TagColor::Violet }];
        ana.fields = [("size".to_owned(), serde_json::json!(42)), ("ok".to_owned(), serde_json::json!(true))].into();
        ana.last_seen_at = Some(t.now());
        store(&t, std::slice::from_ref(&ana)).await;
        let db = t.store.reader();
        assert_eq!(contact::get(db, t.scope(), ana.id).await.unwrap(), ana);
        "Ana".clone_into(&mut ana.name);
        ana.tags.clear();
        ana.opted_out = true;
        let tx = t.store.begin(&t.context()).await.unwrap();
        contact::update(&tx, t.scope(), &ana).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(contact::get(db, t.scope(), ana.id).await.unwrap(), ana);
        let tagged = Filter { tags: vec!["vip".to_owned()], ..Filter::default() };
        assert_eq!(contact::count(db, t.scope(), &tagged).await.unwrap().total, 0);
    }

    async fn one_address_belongs_to_one_person_of_a_workspace(t: TestStore) {
        let mut ana = person(&t, "Ana");
        ana.email = Some("ana@example.com".to_owned());
        store(&t, std::slice::from_ref(&ana)).await;
        let mut twin = person(&t, "Twin");
        twin.email.clone_from(&ana.email);
        let tx = t.store.begin(&t.context()).await.unwrap();
        let refused = contact::insert(&tx, t.scope(), &twin).await.unwrap_err();
        assert!(matches!(refused, StoreError::Duplicate(_)), "{refused}");
        drop(tx);
        let elsewhere = t.context_in(t.another_workspace());
        let tx = t.store.begin(&elsewhere).await.unwrap();
        contact::insert(&tx, elsewhere.scope(), &twin).await.unwrap();
        tx.commit().await.unwrap();
        let found =
            contact::find_by_address(t.store.reader(), t.scope(), Some("ana@example.com"), None).await.unwrap();
        assert_eq!(found.unwrap().id, ana.id);
    }

    async fn another_workspaces_contact_does_not_exist(t: TestStore) {
        let ana = person(&t, "Ana");
        store(&t, std::slice::from_ref(&ana)).await;
        let other = t.context_in(t.another_workspace());
        assert!(contact::find(t.store.reader(), other.scope(), ana.id).await.unwrap().is_none());
        let tx = t.store.begin(&other).await.unwrap();
        assert!(contact::update(&tx, other.scope(), &ana).await.is_err());
        assert!(contact::delete(&tx, other.scope(), ana.id).await.is_err());
        assert!(erasure::erase_contact(&tx, other.scope(), ana.id).await.is_err());
        drop(tx);
        assert!(contact::find(t.store.reader(), t.scope(), ana.id).await.unwrap().is_some());
    }

    async fn every_order_pages_through_all_contacts_once(t: TestStore) {
        let mut everyone = Vec::new();
        for n in 0..25_u64 {
            // Ties in every key: names repeat, times repeat, some were never seen.
            let mut one = person(&t, &format!("Name {}", n % 4));
            one.last_seen_at = (n % 3 > 0).then(|| t.now());
            everyone.push(one);
            if n % 5 == 0 {
                t.clock.advance(Duration::from_secs(1));
            }
        }
        store(&t, &everyone).await;
        for order in [Order::Name, Order::Created, Order::Seen, Order::Contacted, Order::Status] {
            let mut seen = Vec::new();
            let mut cursor: Option<String> = None;
            loop {
                let place = Place { cursor: cursor.as_deref(), skip: 0 };
                let page =
                    contact::list(t.store.reader(), t.scope(), &Filter::default(), order, place, 4)
                        .await
                        .unwrap();
                seen.extend(page.items);
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            let sorted = match order {
                Order::Name => seen.is_sorted_by_key(|contact| contact.name.clone()),
                Order::Created => seen.is_sorted_by_key(|contact| std::cmp::Reverse(contact.created_at)),
                Order::Seen => seen.is_sorted_by_key(|contact| std::cmp::Reverse(contact.last_seen_at)),
                Order::Contacted => seen.is_sorted_by_key(|contact| std::cmp::Reverse(contact.last_contacted_at)),
                Order::Status => seen.is_sorted_by_key(|contact| contact.status.word()),
            };
            assert!(sorted, "{order:?}");
            let mut ids: Vec<_> = seen.iter().map(|contact| contact.id).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!((ids.len(), seen.len()), (25, 25), "{order:?}");
        }
    }

    async fn contacts_are_found_by_name_number_and_address_whatever_the_case(t: TestStore) {
        let mut ana = person(&t, "Ana DÍAZ");
        ana.phone = Some("+14155552671".to_owned());
        let mut bob = person(&t, "Bob");
        bob.email = Some("bob_100%@example.com".to_owned());
        bob.tags = vec![Tag { name: "Übergabe".to_owned(), color: TagColor::Blue }];
        store(&t, &[ana, bob]).await;
        let cases = [
            ("díaz", 1), ("ANA", 1), ("(415) 555", 1), ("0415-555-26", 1), ("100%", 1), ("b_1", 1), ("b%e", 0),
            ("nobody", 0), ("", 2),
        ];
        for (text, expected) in cases {
            let filter = Filter { text: Some(text.to_owned()), ..Filter::default() };
            assert_eq!(contact::count(t.store.reader(), t.scope(), &filter).await.unwrap().total, expected, "{text}");
        }
        let tagged = Filter { tags: vec!["ÜBERGABE".to_owned()], ..Filter::default() };
        let page = contact::list(t.store.reader(), t.scope(), &tagged, Order::Name, Place::default(), 10).await.unwrap();
        assert_eq!(page.items.len(), 1);
    }

    async fn memory_is_loaded_in_one_round_trip_and_corrected_in_place(t: TestStore) {
        let ana = person(&t, "Ana");
        store(&t, std::slice::from_ref(&ana)).await;
        let tx = t.store.begin(&t.context()).await.unwrap();
        let first = fact::put(&tx, t.scope(), ana.id, &learned(&t, "preferred_time", "mornings")).await.unwrap();
        conversation::insert(&tx, t.scope(), &talk(&t, &ana, Some("Asked for prices."))).await.unwrap();
        t.clock.advance(Duration::from_secs(5));
        fact::put(&tx, t.scope(), ana.id, &learned(&t, "pet", "a cat")).await.unwrap();
        conversation::insert(&tx, t.scope(), &talk(&t, &ana, Some("Booked a visit."))).await.unwrap();
        conversation::insert(&tx, t.scope(), &talk(&t, &ana, None)).await.unwrap();
        let rehearsal = Conversation { channel: Channel::Sandbox, ..talk(&t, &ana, Some("A rehearsal.")) };
        conversation::insert(&tx, t.scope(), &rehearsal).await.unwrap();
        t.clock.advance(Duration::from_secs(5));
        let corrected = fact::put(&tx, t.scope(), ana.id, &learned(&t, "preferred_time", "evenings")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(corrected.id, first.id);

        let db = Recorder::new(&t.store);
        let memory = contact::memory(&db, t.scope(), ana.id).await.unwrap();
        assert_eq!(db.count(), 1);
        assert_eq!(db.table_scans(&t.store).await, Vec::<String>::new());
        let facts: Vec<_> = memory.facts.iter().map(|fact| (fact.key.as_str(), fact.value.as_str())).collect();
        assert_eq!(facts, [("preferred_time", "evenings"), ("pet", "a cat")]);
        assert_eq!(memory.last_summary.as_deref(), Some("Booked a visit."));
        assert_eq!(memory.conversations, 3);
        assert!(memory.last_conversation_at.is_some());

        let tx = t.store.begin(&t.context()).await.unwrap();
        assert_eq!(fact::erase(&tx, t.scope(), ana.id).await.unwrap(), 2);
        tx.commit().await.unwrap();
        let memory = contact::memory(t.store.reader(), t.scope(), ana.id).await.unwrap();
        assert_eq!((memory.facts.len(), memory.last_summary), (0, None));
    }

    async fn a_stranger_has_an_empty_memory(t: TestStore) {
        let nobody = ContactId::new(t.now(), t.random.as_ref());
        let memory = contact::memory(t.store.reader(), t.scope(), nobody).await.unwrap();
        assert_eq!(memory, frontdesk_domain::contact::Memory::default());
    }

    async fn merging_makes_one_person_of_two(t: TestStore) {
        let (mut kept, gone) = (person(&t, "Ana"), person(&t, "A. Diaz"));
        store(&t, &[kept.clone(), gone.clone()]).await;
        let tx = t.store.begin(&t.context()).await.unwrap();
        conversation::insert(&tx, t.scope(), &talk(&t, &gone, None)).await.unwrap();
        lead::insert(&tx, t.scope(), &wish(&t, &gone, "a crown")).await.unwrap();
        lead::insert(&tx, t.scope(), &wish(&t, &kept, "a check-up")).await.unwrap();
        let text = "called back".to_owned();
        let id = NoteId::new(t.now(), t.random.as_ref());
        let written =
            ContactNote { id, contact_id: gone.id, text, author: None, author_name: None, created_at: t.now() };
        note::insert(&tx, t.scope(), &written).await.unwrap();
        fact::put(&tx, t.scope(), kept.id, &learned(&t, "pet", "a dog")).await.unwrap();
        fact::put(&tx, t.scope(), gone.id, &learned(&t, "city", "Lima")).await.unwrap();
        t.clock.advance(Duration::from_secs(1));
        fact::put(&tx, t.scope(), gone.id, &learned(&t, "pet", "a cat")).await.unwrap();
        tx.commit().await.unwrap();

        kept.email = Some("ana@example.com".to_owned());
        let tx = t.store.begin(&t.context()).await.unwrap();
        contact::merge(&tx, t.scope(), &kept, gone.id, t.now()).await.unwrap();
        tx.commit().await.unwrap();

        let db = t.store.reader();
        assert_eq!(contact::get(db, t.scope(), gone.id).await.unwrap(), kept, "the old id leads to the one person");
        assert_eq!(contact::merged_ids(db, t.scope(), kept.id).await.unwrap(), [gone.id]);
        let memory = contact::memory(db, t.scope(), kept.id).await.unwrap();
        let mut facts: Vec<_> = memory.facts.iter().map(|fact| (fact.key.as_str(), fact.value.as_str())).collect();
        facts.sort_unstable();
        assert_eq!(facts, [("city", "Lima"), ("pet", "a cat")]);
        assert_eq!(memory.conversations, 1);
        assert_eq!(note::list(db, t.scope(), kept.id, None, 10).await.unwrap().items.len(), 1);
        let leads = lead::list_of_contact(db, t.scope(), kept.id).await.unwrap();
        let mut states: Vec<_> = leads.iter().map(|lead| (lead.need.as_str(), lead.status)).collect();
        states.sort_unstable_by_key(|(need, _)| *need);
        assert_eq!(states, [("a check-up", LeadStatus::New), ("a crown", LeadStatus::Lost)]);

        // A second merge keeps the first one's id alive.
        let last = person(&t, "Ana D.");
        store(&t, std::slice::from_ref(&last)).await;
        let tx = t.store.begin(&t.context()).await.unwrap();
        contact::merge(&tx, t.scope(), &last, kept.id, t.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(contact::get(db, t.scope(), gone.id).await.unwrap().id, last.id);
    }

    async fn a_contact_has_one_open_lead(t: TestStore) {
        let ana = person(&t, "Ana");
        store(&t, std::slice::from_ref(&ana)).await;
        let mut first = wish(&t, &ana, "a crown");
        let tx = t.store.begin(&t.context()).await.unwrap();
        lead::insert(&tx, t.scope(), &first).await.unwrap();
        tx.commit().await.unwrap();
        let tx = t.store.begin(&t.context()).await.unwrap();
        let refused = lead::insert(&tx, t.scope(), &wish(&t, &ana, "again")).await.unwrap_err();
        assert!(matches!(refused, StoreError::Duplicate(_)), "{refused}");
        drop(tx);
        assert_eq!(lead::find_open(t.store.reader(), t.scope(), ana.id).await.unwrap(), Some(first.clone()));
        first.status = LeadStatus::Won;
        let tx = t.store.begin(&t.context()).await.unwrap();
        lead::update(&tx, t.scope(), &first).await.unwrap();
        lead::insert(&tx, t.scope(), &wish(&t, &ana, "again")).await.unwrap();
        tx.commit().await.unwrap();
        let won = lead::Filter { status: Some(LeadStatus::Won), ..lead::Filter::default() };
        assert_eq!(lead::count(t.store.reader(), t.scope(), &won).await.unwrap(), 1);
        let crown = lead::Filter { text: Some("CROWN".to_owned()), ..lead::Filter::default() };
        assert_eq!(lead::list(t.store.reader(), t.scope(), &crown, None, 10).await.unwrap().items, [first]);
    }

    async fn the_timeline_tells_everything_once_newest_first(t: TestStore) {
        let ana = person(&t, "Ana");
        store(&t, std::slice::from_ref(&ana)).await;
        for n in 0..6 {
            let tx = t.store.begin(&t.context()).await.unwrap();
            conversation::insert(&tx, t.scope(), &talk(&t, &ana, None)).await.unwrap();
            let id = NoteId::new(t.now(), t.random.as_ref());
            let text = format!("note {n}");
            let written =
                ContactNote { id, contact_id: ana.id, text, author: None, author_name: None, created_at: t.now() };
            note::insert(&tx, t.scope(), &written).await.unwrap();
            if n == 3 {
                lead::insert(&tx, t.scope(), &wish(&t, &ana, "a crown")).await.unwrap();
            }
            tx.commit().await.unwrap();
            t.clock.advance(Duration::from_mins(n));
        }
        let mut all = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page =
                timeline::list(t.store.reader(), t.scope(), ana.id, cursor.as_deref(), 3).await.unwrap();
            all.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert!(all.is_sorted_by_key(|entry| std::cmp::Reverse(entry.at)));
        let count = |kind: &str| all.iter().filter(|entry| entry.kind == kind).count();
        assert_eq!(count("conversation.started"), 6);
        assert_eq!(count("contact.note"), 6);
        assert_eq!(count("lead.created"), 1);
        assert_eq!(count("contact.created"), 1);
        assert_eq!(all.len(), 14);
    }

    async fn erasing_a_person_leaves_nothing_of_them(t: TestStore) {
        let mut ana = person(&t, "Ana Unforgettable");
        ana.email = Some("ana@example.com".to_owned());
        store(&t, std::slice::from_ref(&ana)).await;
        let open = talk(&t, &ana, Some("Asked about Unforgettable things."));
        let tx = t.store.begin(&t.context()).await.unwrap();
        conversation::insert(&tx, t.scope(), &open).await.unwrap();
        lead::insert(&tx, t.scope(), &wish(&t, &ana, "a crown")).await.unwrap();
        fact::put(&tx, t.scope(), ana.id, &learned(&t, "pet", "a cat")).await.unwrap();
        erasure::erase_contact(&tx, t.scope(), ana.id).await.unwrap();
        tx.commit().await.unwrap();
        let db = t.store.reader();
        assert!(contact::find(db, t.scope(), ana.id).await.unwrap().is_none());
        assert_eq!(lead::count(db, t.scope(), &lead::Filter::default()).await.unwrap(), 0);
        assert_eq!(contact::memory(db, t.scope(), ana.id).await.unwrap().facts.len(), 0);
        let left = serde_json::to_string(&conversation::get(db, t.scope(), open.id).await.unwrap()).unwrap();
        assert!(!left.contains("Unforgettable") && !left.contains("secret"), "{left}");
    }

    async fn lists_of_people_read_no_whole_table(t: TestStore) {
        let ana = person(&t, "Ana");
        store(&t, std::slice::from_ref(&ana)).await;
        let db = Recorder::new(&t.store);
        for order in [Order::Name, Order::Created, Order::Seen, Order::Contacted, Order::Status] {
            contact::list(&db, t.scope(), &Filter::default(), order, Place::default(), 50).await.unwrap();
        }
        let tagged = Filter { tags: vec!["vip".to_owned()], ..Filter::default() };
        contact::list(&db, t.scope(), &tagged, Order::Created, Place::default(), 50).await.unwrap();
        contact::find(&db, t.scope(), ana.id).await.unwrap();
        contact::find_by_address(&db, t.scope(), Some("a@b.example"), Some("+1")).await.unwrap();
        lead::list(&db, t.scope(), &lead::Filter::default(), None, 50).await.unwrap();
        lead::find_open(&db, t.scope(), ana.id).await.unwrap();
        note::list(&db, t.scope(), ana.id, None, 50).await.unwrap();
        timeline::list(&db, t.scope(), ana.id, None, 50).await.unwrap();
        frontdesk_store::home::conversations_since(&db, t.scope(), t.now()).await.unwrap();
        frontdesk_store::home::messages_since(&db, t.scope(), t.now()).await.unwrap();
        let bounds = [t.now(), t.now().plus(Duration::from_hours(24)), t.now().plus(Duration::from_hours(48))];
        let days = frontdesk_store::home::counts_between(&db, t.scope(), &bounds).await.unwrap();
        assert_eq!(days, [(0, 0), (0, 0)]);
        assert_eq!(db.table_scans(&t.store).await, Vec::<String>::new());
    }
}
