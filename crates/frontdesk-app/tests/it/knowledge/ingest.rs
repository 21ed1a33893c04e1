//! Reading sources: swapped in whole, failures explained, nothing forgotten.

use frontdesk_app::AppError;
use frontdesk_app::knowledge::{self, SourcePatch, Upload};
use frontdesk_domain::knowledge::{SourceKind, SourceStatus};
use frontdesk_domain::locale::Language;
use frontdesk_domain::page::PageRequest;
use frontdesk_store::{event, job};
use frontdesk_testkit::{TestStore, on_both};

use super::kit::{Broken, Gate, Kit, Setup};

const HOURS: &str = "We are open on weekdays from nine to six. On Saturdays we close at two.";

fn patch(text: &str) -> SourcePatch {
    SourcePatch { text: Some(text.to_owned()), ..SourcePatch::default() }
}

fn file(name: &str, bytes: impl Into<Vec<u8>>) -> Upload {
    Upload { title: None, file_name: name.to_owned(), bytes: bytes.into() }
}

on_both! {
    async fn a_source_is_searchable_once_it_is_read_and_a_change_replaces_it_whole(t: TestStore) {
        let kit = Kit::new(t).await;
        let id = kit.add_text("Opening hours", HOURS).await;
        assert_eq!(kit.source(id).await.status, SourceStatus::Queued);
        assert!(kit.ask("When are you open?").await.passages.is_empty());
        kit.work().await;
        let ready = kit.source(id).await;
        assert_eq!((ready.status, ready.progress, ready.error), (SourceStatus::Ready, 100, None));
        assert!(ready.chunks > 0 && ready.synced_at.is_some());
        assert_eq!(ready.language, Some(Language::En));
        assert!(kit.found("open on Saturdays").await.contains("close at two"));

        let changed = knowledge::update(&kit.app, &kit.ctx(), id, patch("We are open around the clock.")).await.unwrap();
        assert_eq!(changed.status, SourceStatus::Queued);
        assert!(kit.found("open on Saturdays").await.contains("close at two"), "the old text answers until the new one is read");
        kit.work().await;
        let found = kit.found("when are you open").await;
        assert!(found.contains("around the clock") && !found.contains("close at two"), "{found}");
        let chunks = knowledge::chunks(&kit.app, &kit.ctx(), id, &PageRequest::default()).await.unwrap();
        assert_eq!(chunks.total, Some(chunks.items.len() as u64));
        assert!(chunks.items.iter().all(|chunk| !chunk.text.contains("Saturdays")));
    }

    async fn a_change_made_while_a_source_is_read_is_read_too(t: TestStore) {
        let gate = Gate::new("gate", 0);
        let kit = Kit::with(t, Setup { embedder: Some(gate.clone()), ..Setup::default() }).await;
        let id = kit.add_text("Opening hours", HOURS).await;
        let meanwhile = async {
            gate.reached.notified().await;
            knowledge::update(&kit.app, &kit.ctx(), id, patch("We are open around the clock.")).await.unwrap();
            gate.open.add_permits(100);
        };
        tokio::join!(kit.work(), meanwhile);
        kit.work().await;
        assert_eq!(kit.source(id).await.status, SourceStatus::Ready);
        let found = kit.found("when are you open").await;
        assert!(found.contains("around the clock") && !found.contains("Saturdays"), "{found}");
    }

    async fn a_source_deleted_while_it_is_read_leaves_nothing(t: TestStore) {
        let gate = Gate::new("gate", 0);
        let kit = Kit::with(t, Setup { embedder: Some(gate.clone()), ..Setup::default() }).await;
        let id = kit.add_text("Opening hours", HOURS).await;
        let meanwhile = async {
            gate.reached.notified().await;
            knowledge::delete(&kit.app, &kit.ctx(), id).await.unwrap();
            gate.open.add_permits(100);
        };
        tokio::join!(kit.work(), meanwhile);
        kit.work_all().await;
        assert!(kit.ask("when are you open").await.passages.is_empty());
        let left = job::counts_everywhere(kit.app.store.reader()).await.unwrap();
        assert!(left.is_empty(), "{left:?}");
    }

    async fn a_worker_that_dies_leaves_the_old_searchable_and_the_next_one_starts_over(t: TestStore) {
        let gate = Gate::new("gate", 1);
        let kit = Kit::with(t, Setup { embedder: Some(gate.clone()), ..Setup::default() }).await;
        let id = kit.add_text("Opening hours", HOURS).await;
        kit.work().await;
        // More than one batch, so that it dies with some of the new passages stored.
        let long = (0..200).map(|n| format!("## Room {n}\n\nRoom {n} has a kettle.\n\n")).collect::<Vec<_>>().concat();
        let upload = file("rooms.md", long.clone());
        let rooms = knowledge::upload(&kit.app, &kit.ctx(), upload).await.unwrap().id;
        gate.open.add_permits(1);
        let dies = async {
            gate.reached.notified().await;
            gate.reached.notified().await;
        };
        let runner = kit.runner();
        tokio::select! {
            ran = runner.run_due() => panic!("it was to die in between, but ended: {ran:?}"),
            () = dies => {}
        }
        assert_eq!(kit.source(rooms).await.status, SourceStatus::Processing);
        assert!(!kit.found("kettle in room 3").await.contains("kettle"), "half of it must not be searchable");
        assert!(kit.found("open on Saturdays").await.contains("close at two"));

        gate.open.add_permits(100);
        // Its lease lapses.
        kit.t.clock.advance(std::time::Duration::from_mins(2));
        kit.work().await;
        let ready = kit.source(rooms).await;
        assert_eq!(ready.status, SourceStatus::Ready);
        let page = PageRequest { limit: Some(250), cursor: None };
        let chunks = knowledge::chunks(&kit.app, &kit.ctx(), rooms, &page).await.unwrap();
        let ordinals: Vec<u32> = chunks.items.iter().map(|chunk| chunk.ordinal).collect();
        assert_eq!(ordinals, (0..ready.chunks).collect::<Vec<_>>());
        assert_eq!(kit.source(id).await.status, SourceStatus::Ready);
    }

    async fn a_file_that_cannot_be_read_is_explained_and_not_tried_again(t: TestStore) {
        let kit = Kit::new(t).await;
        let cases = [
            ("broken.pdf", b"%PDF-1.4 nonsense".to_vec(), "damaged"),
            ("broken.docx", b"PK\x03\x04 nonsense".to_vec(), "damaged"),
            ("blank.txt", b"   \n  ".to_vec(), "no text"),
        ];
        for (name, bytes, words) in cases {
            let id = knowledge::upload(&kit.app, &kit.ctx(), file(name, bytes)).await.unwrap().id;
            kit.work().await;
            let failed = kit.source(id).await;
            assert_eq!(failed.status, SourceStatus::Failed, "{name}");
            let error = failed.error.unwrap_or_default();
            assert!(error.contains(words), "{name}: {error}");
        }
        let left = job::counts_everywhere(kit.app.store.reader()).await.unwrap();
        assert!(left.is_empty(), "{left:?}");
    }

    async fn progress_is_told_as_it_happens(t: TestStore) {
        let kit = Kit::new(t).await;
        let id = kit.add_text("Opening hours", HOURS).await;
        kit.work().await;
        let events = event::list_after(kit.app.store.reader(), kit.t.scope(), 0, 100).await.unwrap();
        let about = events.iter().filter(|logged| {
            logged.event == frontdesk_domain::event::Event::KnowledgeUpdated { source_id: id }
        });
        assert!(about.count() >= 3, "{events:?}");
    }

    async fn a_model_that_does_not_answer_leaves_passages_to_be_found_by_their_words(t: TestStore) {
        let kit = Kit::with(t, Setup { embedder: Some(std::sync::Arc::new(Broken)), ..Setup::default() }).await;
        let id = kit.add_text("Opening hours", HOURS).await;
        kit.work().await;
        let waiting = kit.source(id).await;
        assert_eq!(waiting.status, SourceStatus::Processing);
        assert!(waiting.stage.contains("tried again"), "{}", waiting.stage);
        kit.work_all().await;
        assert_eq!(kit.source(id).await.status, SourceStatus::Ready);
        assert!(kit.found("open on Saturdays").await.contains("close at two"));
    }

    async fn a_workspace_holds_no_more_passages_than_it_may(t: TestStore) {
        let kit = Kit::with(t, Setup { max_chunks: Some(1), ..Setup::default() }).await;
        let first = kit.add_text("Opening hours", HOURS).await;
        kit.work().await;
        let second = kit.add_text("Parking", "Parking is free for guests.").await;
        kit.work().await;
        assert_eq!(kit.source(first).await.status, SourceStatus::Ready);
        let refused = kit.source(second).await;
        assert_eq!(refused.status, SourceStatus::Failed);
        assert!(refused.error.unwrap().contains("Remove sources"));
        // Reading the first one anew takes no more room.
        knowledge::sync(&kit.app, &kit.ctx(), first).await.unwrap();
        kit.work().await;
        assert_eq!(kit.source(first).await.status, SourceStatus::Ready);
    }
}

#[tokio::test]
async fn pairs_in_a_csv_file_become_questions_and_answers() {
    let kit = Kit::new(TestStore::sqlite().await).await;
    let csv = "question,answer\nDo you take cards?,\"Yes, all major cards.\"\nIs there parking?,Behind the house.\n";
    let id = knowledge::upload(&kit.app, &kit.ctx(), file("faq.csv", csv)).await.unwrap().id;
    kit.work().await;
    let chunks = knowledge::chunks(&kit.app, &kit.ctx(), id, &PageRequest::default()).await.unwrap();
    let questions: Vec<_> = chunks.items.into_iter().filter_map(|chunk| chunk.question).collect();
    assert_eq!(questions, ["Do you take cards?", "Is there parking?"]);
    assert_eq!(kit.ask("Do you take cards?").await.answer.text, "Yes, all major cards.");
}

#[tokio::test]
async fn uploads_are_checked_before_they_are_kept() {
    let kit = Kit::new(TestStore::sqlite().await).await;
    let fields = |error: AppError| match error {
        AppError::Invalid(errors) => errors.into_iter().map(|error| error.field).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    for (name, bytes) in [("photo.png", &b"\x89PNG\r\n\x1a\n0000"[..]), ("empty.txt", b""), ("", b"text")] {
        let error = knowledge::upload(&kit.app, &kit.ctx(), file(name, bytes)).await.unwrap_err();
        assert_eq!(fields(error), ["/file"], "{name}");
    }
    let large = vec![b'x'; kit.app.library.settings().max_file_bytes + 1];
    let error = knowledge::upload(&kit.app, &kit.ctx(), file("large.txt", large)).await.unwrap_err();
    assert!(matches!(error, AppError::TooLarge(_)), "{error:?}");
    let kept =
        knowledge::upload(&kit.app, &kit.ctx(), file("C:\\docs\\Price list.md", "# Prices")).await.unwrap();
    assert_eq!((kept.title.as_str(), kept.file_name.as_deref()), ("Price list", Some("Price list.md")));
    assert_eq!(kept.kind, SourceKind::File);
}

#[tokio::test]
async fn what_was_typed_in_can_be_read_back_and_only_its_own_kind_changed() {
    let kit = Kit::new(TestStore::sqlite().await).await;
    let text = kit.add_text("Opening hours", HOURS).await;
    let faq = kit.add_faq(&[("Do you take cards?", "Yes.")]).await;
    let content = knowledge::content(&kit.app, &kit.ctx(), text).await.unwrap();
    assert_eq!((content.text.as_deref(), content.pairs), (Some(HOURS), None));
    let content = knowledge::content(&kit.app, &kit.ctx(), faq).await.unwrap();
    assert_eq!(content.pairs.unwrap().len(), 1);
    let error = knowledge::update(&kit.app, &kit.ctx(), faq, patch("text")).await.unwrap_err();
    assert!(matches!(&error, AppError::Invalid(errors) if errors[0].field == "/text"), "{error:?}");
}
