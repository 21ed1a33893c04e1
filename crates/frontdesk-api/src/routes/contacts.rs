//! Contacts: the people the business talks to, their timeline, notes and memory.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use frontdesk_app::AppError;
use frontdesk_app::contact::list::{self as contacts, Ask, Direction, Sort};
use frontdesk_app::contact::memory::{self, NewFact};
use frontdesk_app::contact::merge::{self, MergeContacts};
use frontdesk_app::contact::note::{self, NewContactNote};
use frontdesk_app::contact::unmerge::{self, ContactMerge, PartedContacts};
use frontdesk_app::contact::{self, ContactPatch, NewContact, timeline};
use frontdesk_app::conversation::list as conversations;
use frontdesk_domain::contact::{Contact, ContactNote, Fact, Memory, TimelineEntry};
use frontdesk_domain::contact_list::{ContactFilter, ContactPage};
use frontdesk_domain::conversation::Conversation;
use frontdesk_domain::id::{ContactId, FactId, MergeId, NoteId};
use frontdesk_domain::page::{DEFAULT_PAGE, Page};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, PageParams, Params, Segments, check_limit};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, update, delete))
        .routes(routes!(merge_with))
        .routes(routes!(merges))
        .routes(routes!(undo_merge))
        .routes(routes!(show_timeline))
        .routes(routes!(list_notes, add_note))
        .routes(routes!(delete_note))
        .routes(routes!(get_memory, erase_memory))
        .routes(routes!(put_fact))
        .routes(routes!(delete_fact))
        .routes(routes!(list_conversations))
}

/// What a list of contacts asks for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// Part of a name, e-mail address, phone number or company; where they begin, with more than 10,000 contacts.
    #[param(max_length = 200)]
    q: Option<String>,
    /// With this tag, whatever its case.
    #[param(max_length = 40)]
    tag: Option<String>,
    /// A whole `ContactFilter` as JSON; `q` and `tag` come on top.
    #[param(max_length = 8000)]
    filter: Option<String>,
    /// The order; `created_at` when absent.
    #[param(inline)]
    sort: Option<Sort>,
    /// Which way: names and states go up, times go down when absent.
    #[param(inline)]
    direction: Option<Direction>,
    /// Where the previous page ended; opaque.
    #[param(max_length = 400)]
    cursor: Option<String>,
    /// The page to jump to, from 1, instead of a cursor.
    #[param(minimum = 1)]
    page: Option<u64>,
    /// How many rows, 1 to 250; 50 when absent.
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

/// Contacts, with their number in all. With a filter on, a number over 10,000 is a lower bound or an estimate, which
/// `total_kind` says; and a page may hold fewer than asked for although there is a next one.
#[utoipa::path(get, path = "/contacts", tag = "contacts", operation_id = "list_contacts",
    params(ListParams), responses((status = 200, body = ContactPage), Failures))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<ListParams>,
) -> Result<Json<ContactPage>, Problem> {
    check_limit(params.limit)?;
    let mut filter = match &params.filter {
        None => ContactFilter::default(),
        Some(text) => serde_json::from_str(text)
            .map_err(|error| AppError::invalid("/filter", format!("is not a filter of contacts: {error}")))?,
    };
    filter.q = params.q.or(filter.q);
    filter.tags.extend(params.tag);
    let ask = Ask {
        filter,
        sort: params.sort.unwrap_or_default(),
        direction: params.direction,
        cursor: params.cursor,
        page: params.page,
        size: params.limit.unwrap_or(DEFAULT_PAGE),
    };
    Ok(Json(contacts::list(&state.app, &caller.ctx, ask).await?))
}

/// Add a contact. A conflict names the contact that has the e-mail address or phone number already.
#[utoipa::path(post, path = "/contacts", tag = "contacts", operation_id = "create_contact",
    request_body = NewContact, responses((status = 201, body = Contact), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewContact>,
) -> Result<(StatusCode, Json<Contact>), Problem> {
    Ok((StatusCode::CREATED, Json(contact::create(&state.app, &caller.ctx, new).await?)))
}

/// One contact. The id of one that was merged away gives the one it was merged into.
#[utoipa::path(get, path = "/contacts/{id}", tag = "contacts", operation_id = "get_contact",
    params(("id" = ContactId, Path)), responses((status = 200, body = Contact), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
) -> Result<Json<Contact>, Problem> {
    Ok(Json(contact::get(&state.app, &caller.ctx, id).await?))
}

/// Change a contact. Absent fields stay, null clears.
#[utoipa::path(patch, path = "/contacts/{id}", tag = "contacts", operation_id = "update_contact",
    params(("id" = ContactId, Path)), request_body = ContactPatch,
    responses((status = 200, body = Contact), Failures))]
async fn update(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
    Body(patch): Body<ContactPatch>,
) -> Result<Json<Contact>, Problem> {
    Ok(Json(contact::update(&state.app, &caller.ctx, id, patch).await?))
}

/// Erase a contact: notes, memory and leads are deleted and the words of their conversations are blanked. Cannot be
/// undone.
#[utoipa::path(delete, path = "/contacts/{id}", tag = "contacts", operation_id = "delete_contact",
    params(("id" = ContactId, Path)), responses((status = 204, description = "Erased."), Failures))]
async fn delete(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
) -> Result<StatusCode, Problem> {
    contact::delete(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Merge another contact into one person with this one. The older id stays.
#[utoipa::path(post, path = "/contacts/{id}/merge", tag = "contacts", operation_id = "merge_contacts",
    params(("id" = ContactId, Path)), request_body = MergeContacts, responses((status = 200, body = Contact), Failures))]
async fn merge_with(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
    Body(other): Body<MergeContacts>,
) -> Result<Json<Contact>, Problem> {
    Ok(Json(merge::merge(&state.app, &caller.ctx, id, other).await?))
}

/// Contacts that were merged into this one, newest first, and what speaks against taking that back.
#[utoipa::path(get, path = "/contacts/{id}/merges", tag = "contacts", operation_id = "list_contact_merges",
    params(("id" = ContactId, Path)), responses((status = 200, body = [ContactMerge]), Failures))]
async fn merges(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
) -> Result<Json<Vec<ContactMerge>>, Problem> {
    Ok(Json(unmerge::list(&state.app, &caller.ctx, id).await?))
}

/// Take a merge back: both contacts get again what they had. What came since stays with this one.
#[utoipa::path(post, path = "/contacts/{id}/merges/{merge}/undo", tag = "contacts", operation_id = "undo_contact_merge",
    params(("id" = ContactId, Path), ("merge" = MergeId, Path)),
    responses((status = 200, body = PartedContacts), Failures))]
async fn undo_merge(
    State(state): State<ApiState>,
    caller: Caller,
    Segments((id, merge)): Segments<(ContactId, MergeId)>,
) -> Result<Json<PartedContacts>, Problem> {
    Ok(Json(unmerge::undo(&state.app, &caller.ctx, id, merge).await?))
}

/// What happened with a contact over all channels, newest first.
#[utoipa::path(get, path = "/contacts/{id}/timeline", tag = "contacts", operation_id = "get_contact_timeline",
    params(("id" = ContactId, Path), PageParams), responses((status = 200, body = Page<TimelineEntry>), Failures))]
async fn show_timeline(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
    Params(page): Params<PageParams>,
) -> Result<Json<Page<TimelineEntry>>, Problem> {
    Ok(Json(timeline::list(&state.app, &caller.ctx, id, &page.page()?).await?))
}

/// The team's notes on a contact, newest first.
#[utoipa::path(get, path = "/contacts/{id}/notes", tag = "contacts", operation_id = "list_contact_notes",
    params(("id" = ContactId, Path), PageParams), responses((status = 200, body = Page<ContactNote>), Failures))]
async fn list_notes(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
    Params(page): Params<PageParams>,
) -> Result<Json<Page<ContactNote>>, Problem> {
    Ok(Json(note::list(&state.app, &caller.ctx, id, &page.page()?).await?))
}

/// Write a note on a contact. The customer never sees it.
#[utoipa::path(post, path = "/contacts/{id}/notes", tag = "contacts", operation_id = "create_contact_note",
    params(("id" = ContactId, Path)), request_body = NewContactNote,
    responses((status = 201, body = ContactNote), Failures))]
async fn add_note(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
    Body(new): Body<NewContactNote>,
) -> Result<(StatusCode, Json<ContactNote>), Problem> {
    Ok((StatusCode::CREATED, Json(note::create(&state.app, &caller.ctx, id, new).await?)))
}

/// Delete a note on a contact.
#[utoipa::path(delete, path = "/contacts/{id}/notes/{note}", tag = "contacts", operation_id = "delete_contact_note",
    params(("id" = ContactId, Path), ("note" = NoteId, Path)),
    responses((status = 204, description = "Deleted."), Failures))]
async fn delete_note(
    State(state): State<ApiState>,
    caller: Caller,
    Segments((id, note_id)): Segments<(ContactId, NoteId)>,
) -> Result<StatusCode, Problem> {
    note::delete(&state.app, &caller.ctx, id, note_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What agents remember of a contact.
#[utoipa::path(get, path = "/contacts/{id}/memory", tag = "contacts", operation_id = "get_contact_memory",
    params(("id" = ContactId, Path)), responses((status = 200, body = Memory), Failures))]
async fn get_memory(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
) -> Result<Json<Memory>, Problem> {
    Ok(Json(memory::get(&state.app, &caller.ctx, id).await?))
}

/// Forget everything about a contact: facts and summaries of conversations.
#[utoipa::path(delete, path = "/contacts/{id}/memory", tag = "contacts", operation_id = "erase_contact_memory",
    params(("id" = ContactId, Path)), responses((status = 204, description = "Forgotten."), Failures))]
async fn erase_memory(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
) -> Result<StatusCode, Problem> {
    memory::erase(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remember a fact, or correct the one with the same key.
#[utoipa::path(put, path = "/contacts/{id}/memory/facts", tag = "contacts", operation_id = "put_contact_fact",
    params(("id" = ContactId, Path)), request_body = NewFact, responses((status = 200, body = Fact), Failures))]
async fn put_fact(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
    Body(new): Body<NewFact>,
) -> Result<Json<Fact>, Problem> {
    Ok(Json(memory::put(&state.app, &caller.ctx, id, new).await?))
}

/// Forget one fact.
#[utoipa::path(delete, path = "/contacts/{id}/memory/facts/{fact}", tag = "contacts",
    operation_id = "delete_contact_fact", params(("id" = ContactId, Path), ("fact" = FactId, Path)),
    responses((status = 204, description = "Forgotten."), Failures))]
async fn delete_fact(
    State(state): State<ApiState>,
    caller: Caller,
    Segments((id, fact_id)): Segments<(ContactId, FactId)>,
) -> Result<StatusCode, Problem> {
    memory::forget(&state.app, &caller.ctx, id, fact_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A contact's conversations, newest message first.
#[utoipa::path(get, path = "/contacts/{id}/conversations", tag = "contacts",
    operation_id = "list_contact_conversations", params(("id" = ContactId, Path), PageParams),
    responses((status = 200, body = Page<Conversation>), Failures))]
async fn list_conversations(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ContactId>,
    Params(page): Params<PageParams>,
) -> Result<Json<Page<Conversation>>, Problem> {
    let known = contact::get(&state.app, &caller.ctx, id).await?;
    let ask = conversations::Ask { contact: Some(known.id), ..conversations::Ask::default() };
    Ok(Json(conversations::list(&state.app, &caller.ctx, &ask, &page.page()?).await?))
}
