//! The library: answers with citations, honest silence, one workspace's own, current on every node.

use frontdesk_app::AppError;
use frontdesk_app::knowledge::{self, Question, SourcePatch};
use frontdesk_domain::access::{Grants, Role};
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::locale::Language;
use frontdesk_domain::page::PageRequest;
use frontdesk_store::knowledge::list_chunks;
use frontdesk_testkit::{TestStore, on_both};

use super::kit::{Gate, Kit, Setup};

const HOURS: &str = "We are open on weekdays from nine to six. On Saturdays we close at two.";

fn question(text: &str) -> Question {
    Question { question: text.to_owned(), limit: None, sources: None }
}

on_both! {
    async fn an_answer_cites_its_source_and_silence_is_admitted(t: TestStore) {
        let kit = Kit::new(t).await;
        let hours = kit.add_text("Opening hours", HOURS).await;
        kit.add_faq(&[("Do you take cards?", "Yes, all major cards."), ("Is there parking?", "Behind the house.")]).await;
        kit.work().await;
        let asked = kit.ask("When do you close on Saturdays?").await;
        assert!(asked.answer.answered, "{asked:?}");
        let citation = &asked.answer.citations[0];
        assert_eq!((citation.source_id, citation.title.as_str()), (hours, "Opening hours"));
        assert!(citation.quote.contains("close at two"));
        assert!(asked.passages.iter().any(|passage| passage.chunk_id == citation.chunk_id));
        let card = kit.ask("Can I pay by card?").await;
        assert!(card.passages[0].text.starts_with("Do you take cards?\n"), "{card:?}");

        let silent = kit.ask("Do you sell helicopter insurance?").await.answer;
        assert!(!silent.answered && silent.citations.is_empty());
        assert_eq!(silent.text, "The documents do not say.");
        let (store, scope) = (&kit.app.store, kit.t.scope());
        let spanish = kit.app.library.answer(store, scope, "¿Hay seguro de helicóptero?", Some(Language::Es), None).await.unwrap();
        assert_eq!(spanish.text, "Los documentos no lo dicen.");
    }

    async fn another_workspace_sees_nothing_of_it(t: TestStore) {
        let kit = Kit::new(t).await;
        let id = kit.add_text("Opening hours", HOURS).await;
        kit.work().await;
        let stranger = kit.t.context_in(kit.t.another_workspace());
        let asked = knowledge::query(&kit.app, &stranger, question("When are you open?")).await.unwrap();
        assert!(!asked.answer.answered && asked.passages.is_empty());
        let named = Question { sources: Some(vec![id]), ..question("When are you open?") };
        assert!(knowledge::context(&kit.app, &stranger, named).await.unwrap().passages.is_empty());
        let missing = |error: AppError| assert!(matches!(error, AppError::NotFound(_)), "{error:?}");
        missing(knowledge::get(&kit.app, &stranger, id).await.unwrap_err());
        missing(knowledge::content(&kit.app, &stranger, id).await.unwrap_err());
        missing(knowledge::chunks(&kit.app, &stranger, id, &PageRequest::default()).await.unwrap_err());
        missing(knowledge::sync(&kit.app, &stranger, id).await.unwrap_err());
        missing(knowledge::update(&kit.app, &stranger, id, SourcePatch::default()).await.unwrap_err());
        missing(knowledge::delete(&kit.app, &stranger, id).await.unwrap_err());
        assert!(kit.found("open on Saturdays").await.contains("close at two"));
    }

    async fn a_deleted_source_answers_no_more_and_a_new_title_is_cited_at_once(t: TestStore) {
        let kit = Kit::new(t).await;
        let hours = kit.add_text("Opening hours", HOURS).await;
        let cards = kit.add_faq(&[("Do you take cards?", "Yes, all major cards.")]).await;
        kit.work().await;
        assert!(kit.ask("Do you take cards?").await.answer.answered);
        knowledge::delete(&kit.app, &kit.ctx(), cards).await.unwrap();
        assert!(!kit.ask("Do you take cards?").await.answer.answered);
        let patch = SourcePatch { title: Some("When we are there".to_owned()), ..SourcePatch::default() };
        knowledge::update(&kit.app, &kit.ctx(), hours, patch).await.unwrap();
        let asked = kit.ask("When do you close on Saturdays?").await;
        assert_eq!(asked.answer.citations[0].title, "When we are there");
    }

    async fn a_question_can_be_limited_to_sources(t: TestStore) {
        let kit = Kit::new(t).await;
        let hours = kit.add_text("Opening hours", HOURS).await;
        let other = kit.add_text("Parking", "The car park is open on Saturdays too.").await;
        kit.work().await;
        let asked = Question { sources: Some(vec![other]), ..question("open on Saturdays") };
        let found = knowledge::context(&kit.app, &kit.ctx(), asked).await.unwrap().passages;
        assert!(!found.is_empty() && found.iter().all(|passage| passage.source_id == other), "{found:?}");
        assert_ne!(hours, other);
    }

    async fn a_new_model_embeds_everything_anew_and_a_removed_one_leaves_words(t: TestStore) {
        let kit = Kit::new(t).await;
        let id = kit.add_text("Opening hours", HOURS).await;
        kit.work().await;
        let embedders = async |kit: &Kit| {
            let chunks = list_chunks(kit.app.store.reader(), kit.t.scope(), id, 0, 100).await.unwrap();
            chunks.into_iter().map(|chunk| chunk.vector.map(|(name, _)| name)).collect::<Vec<_>>()
        };
        assert_eq!(embedders(&kit).await, [None]);
        // The same database, opened by a process that was given a model.
        let kit = Kit::with(kit.t, Setup { embedder: Some(Gate::new("first", 100)), ..Setup::default() }).await;
        assert!(kit.found("open on Saturdays").await.contains("close at two"));
        knowledge::plan_reembedding(&kit.app).await.unwrap();
        kit.work().await;
        assert_eq!(embedders(&kit).await, [Some("first".to_owned())]);
        assert!(kit.found("open on Saturdays").await.contains("close at two"));
        let kit = Kit::with(kit.t, Setup { embedder: Some(Gate::new("second", 100)), ..Setup::default() }).await;
        knowledge::plan_reembedding(&kit.app).await.unwrap();
        kit.work().await;
        assert_eq!(embedders(&kit).await, [Some("second".to_owned())]);
        let kit = Kit::new(kit.t).await;
        assert!(kit.found("open on Saturdays").await.contains("close at two"));
    }
}

#[test]
fn what_another_node_publishes_answers_here() {
    frontdesk_testkit::block_on(async {
        let kit = Kit::new(TestStore::postgres().await).await;
        let id = kit.add_text("Opening hours", HOURS).await;
        kit.work().await;
        // The other node asks, then this node changes what it was told.
        let other = kit.t.another().await;
        let library = frontdesk_app::knowledge::Library::new(kit.app.library.settings().clone());
        let scope = kit.t.scope();
        let before = library.passages(&other, scope, "open on Saturdays", None, None, 5).await.unwrap();
        assert!(before[0].text.contains("close at two"));
        let mut heard = other.committed();
        let text = Some("We are open on Saturdays until midnight.".to_owned());
        let patch = SourcePatch { text, ..SourcePatch::default() };
        knowledge::update(&kit.app, &kit.ctx(), id, patch).await.unwrap();
        kit.work().await;
        let last = frontdesk_store::event::last_seq(other.reader(), scope).await.unwrap();
        while heard.recv().await.unwrap().last_seq < last {}
        let after = library.passages(&other, scope, "open on Saturdays", None, None, 5).await.unwrap();
        assert!(after[0].text.contains("until midnight"), "{after:?}");
    });
}

#[tokio::test]
async fn the_workspace_asked_longest_ago_is_forgotten_first_and_read_again_when_asked() {
    let kit =
        Kit::with(TestStore::sqlite().await, Setup { max_chunks_in_memory: Some(2), ..Setup::default() })
            .await;
    let mut workspaces = Vec::new();
    for _ in 0..3 {
        let ctx = kit.t.context_in(kit.t.another_workspace());
        let text =
            frontdesk_app::knowledge::NewSource::Text { title: "Hours".to_owned(), text: HOURS.to_owned() };
        knowledge::create(&kit.app, &ctx, text).await.unwrap();
        workspaces.push(ctx.workspace);
    }
    kit.work().await;
    let ask = async |workspace| {
        let (library, scope) = (&kit.app.library, Scope::system(workspace));
        library.passages(&kit.app.store, scope, "open on Saturdays", None, None, 5).await.unwrap()
    };
    for workspace in workspaces.iter().chain(&workspaces) {
        assert_eq!(ask(*workspace).await.len(), 1);
        let shown = format!("{:?}", kit.app.library);
        assert!(!shown.contains("workspaces: 3"), "{shown}");
    }
}

#[tokio::test]
async fn only_those_who_may_change_knowledge_do() {
    let kit = Kit::new(TestStore::sqlite().await).await;
    let id = kit.add_text("Opening hours", HOURS).await;
    let viewer = Context { grants: Grants::Role(Role::Viewer), ..kit.ctx() };
    knowledge::get(&kit.app, &viewer, id).await.unwrap();
    knowledge::query(&kit.app, &viewer, question("When are you open?")).await.unwrap();
    let forbidden = |error: AppError| assert!(matches!(error, AppError::Forbidden(_)), "{error:?}");
    let text = frontdesk_app::knowledge::NewSource::Text { title: "x".to_owned(), text: "y".to_owned() };
    forbidden(knowledge::create(&kit.app, &viewer, text).await.unwrap_err());
    forbidden(knowledge::update(&kit.app, &viewer, id, SourcePatch::default()).await.unwrap_err());
    forbidden(knowledge::sync(&kit.app, &viewer, id).await.unwrap_err());
    forbidden(knowledge::delete(&kit.app, &viewer, id).await.unwrap_err());
    assert!(knowledge::upload_permit(&kit.app, &viewer).await.is_err());
}
