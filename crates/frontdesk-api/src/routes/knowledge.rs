//! Knowledge sources, and questions to them.

use axum::Json;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::StatusCode;
use frontdesk_app::AppError;
use frontdesk_app::knowledge::{
    self, ContextPassages, NewSource, Question, QuestionAnswer, SourceChunk, SourceContent, SourceFilter,
    SourcePatch, Upload,
};
use frontdesk_domain::id::SourceId;
use frontdesk_domain::knowledge::{Source, SourceKind, SourceStatus};
use frontdesk_domain::page::{Page, PageRequest};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, PageParams, Params, Segments, check_limit};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// Most bytes of a JSON body here: a text of 1 MB or a thousand pairs, escaped.
const MAX_SOURCE: usize = 8 * 1024 * 1024;
/// Most bytes of a field beside the file.
const MAX_FIELD: usize = 4 * 1024;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, update, delete))
        .routes(routes!(content))
        .routes(routes!(chunks))
        .routes(routes!(sync))
        // Counted while it is read, see `upload`.
        .merge(OpenApiRouter::new().routes(routes!(upload)).layer(DefaultBodyLimit::disable()))
        .routes(routes!(query))
        .routes(routes!(context))
}

/// Which sources are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// In this status.
    status: Option<SourceStatus>,
    /// Of this kind.
    kind: Option<SourceKind>,
    /// Whose title, address or file name contains this.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Where the previous page ended; opaque.
    #[param(max_length = 400)]
    cursor: Option<String>,
    /// How many rows, 1 to 250; 50 when absent.
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

/// Sources, newest first.
#[utoipa::path(get, path = "/knowledge/sources", tag = "knowledge", operation_id = "list_sources",
    params(ListParams), responses((status = 200, body = Page<Source>), Failures))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<ListParams>,
) -> Result<Json<Page<Source>>, Problem> {
    check_limit(params.limit)?;
    let page = PageRequest { cursor: params.cursor, limit: params.limit };
    let filter = SourceFilter { status: params.status, kind: params.kind, text: params.q };
    Ok(Json(knowledge::list(&state.app, &caller.ctx, filter, &page).await?))
}

/// Add a text, question and answer pairs, a web page or a small site. It is read in the background: watch its status.
#[utoipa::path(post, path = "/knowledge/sources", tag = "knowledge", operation_id = "create_source",
    request_body = NewSource, responses((status = 201, body = Source), Failures))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Body(input): Body<NewSource, MAX_SOURCE>,
) -> Result<(StatusCode, Json<Source>), Problem> {
    Ok((StatusCode::CREATED, Json(knowledge::create(&state.app, &caller.ctx, input).await?)))
}

/// A file with its title.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; the form is read field by field")]
struct UploadForm {
    /// A PDF, Word (.docx), Markdown, HTML, CSV or plain text file, at most 20 MB unless configured otherwise.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// The title shown in citations; the file's name when absent, or empty as a form sends what was not filled in.
    #[schema(max_length = 200)]
    title: Option<String>,
}

/// Add a file. It is read in the background: watch its status.
#[utoipa::path(post, path = "/knowledge/files", tag = "knowledge", operation_id = "upload_source",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Source), Failures))]
async fn upload(
    State(state): State<ApiState>,
    caller: Caller,
    request: Request,
) -> Result<(StatusCode, Json<Source>), Problem> {
    // Before anything is read: who may not upload sends nothing, and many at once wait for their turn.
    let _permit = knowledge::upload_permit(&state.app, &caller.ctx).await?;
    let form = Multipart::from_request(request, &()).await;
    let form = form.map_err(|_| Problem::malformed("send the file as multipart/form-data"))?;
    let upload = read_form(form, state.app.library.settings().max_file_bytes).await?;
    Ok((StatusCode::CREATED, Json(knowledge::upload(&state.app, &caller.ctx, upload).await?)))
}

async fn read_form(mut form: Multipart, most: usize) -> Result<Upload, Problem> {
    let (mut file, mut title) = (None, None);
    while let Some(field) = form.next_field().await.map_err(|error| unreadable(&error))? {
        match field.name().unwrap_or_default() {
            "file" if file.is_none() => {
                let name = field.file_name().unwrap_or_default().to_owned();
                file = Some((name, read_field(field, most).await?));
            }
            "title" if title.is_none() => {
                let text = String::from_utf8(read_field(field, MAX_FIELD).await?);
                title = Some(text.map_err(|_| AppError::invalid("/title", "is not text"))?);
            }
            name @ ("file" | "title") => {
                return Err(AppError::invalid(format!("/{name}"), "was sent twice").into());
            }
            other => {
                let shown: String = other.chars().take(64).collect();
                return Err(
                    AppError::invalid(format!("/{shown}"), "is not a field that is known here").into()
                );
            }
        }
    }
    let (file_name, bytes) = file.ok_or_else(|| AppError::invalid("/file", "is missing"))?;
    Ok(Upload { title: title.filter(|title| !title.is_empty()), file_name, bytes })
}

async fn read_field(mut field: Field<'_>, most: usize) -> Result<Vec<u8>, Problem> {
    let mut read = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|error| unreadable(&error))? {
        if read.len() + piece.len() > most {
            return Err(AppError::TooLarge(knowledge::too_large(most)).into());
        }
        read.extend_from_slice(&piece);
    }
    Ok(read)
}

fn unreadable(error: &MultipartError) -> Problem {
    Problem::malformed(format!("the form could not be read: {}", error.body_text()))
}

/// One source.
#[utoipa::path(get, path = "/knowledge/sources/{id}", tag = "knowledge", operation_id = "get_source",
    params(("id" = SourceId, Path)), responses((status = 200, body = Source), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<SourceId>,
) -> Result<Json<Source>, Problem> {
    Ok(Json(knowledge::get(&state.app, &caller.ctx, id).await?))
}

/// The text or pairs that were typed in, to be changed; empty for files, pages and sites.
#[utoipa::path(get, path = "/knowledge/sources/{id}/content", tag = "knowledge",
    operation_id = "get_source_content", params(("id" = SourceId, Path)),
    responses((status = 200, body = SourceContent), Failures))]
async fn content(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<SourceId>,
) -> Result<Json<SourceContent>, Problem> {
    Ok(Json(knowledge::content(&state.app, &caller.ctx, id).await?))
}

/// Change a source. A changed text is read anew; until then the old one answers.
#[utoipa::path(patch, path = "/knowledge/sources/{id}", tag = "knowledge", operation_id = "update_source",
    params(("id" = SourceId, Path)), request_body = SourcePatch,
    responses((status = 200, body = Source), Failures))]
async fn update(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<SourceId>,
    Body(input): Body<SourcePatch, MAX_SOURCE>,
) -> Result<Json<Source>, Problem> {
    Ok(Json(knowledge::update(&state.app, &caller.ctx, id, input).await?))
}

/// Remove a source: from now on nothing is answered from it.
#[utoipa::path(delete, path = "/knowledge/sources/{id}", tag = "knowledge", operation_id = "delete_source",
    params(("id" = SourceId, Path)), responses((status = 204, description = "Removed."), Failures))]
async fn delete(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<SourceId>,
) -> Result<StatusCode, Problem> {
    knowledge::delete(&state.app, &caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The searchable pieces of a source, in order.
#[utoipa::path(get, path = "/knowledge/sources/{id}/chunks", tag = "knowledge",
    operation_id = "list_source_chunks", params(("id" = SourceId, Path), PageParams),
    responses((status = 200, body = Page<SourceChunk>), Failures))]
async fn chunks(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<SourceId>,
    Params(params): Params<PageParams>,
) -> Result<Json<Page<SourceChunk>>, Problem> {
    Ok(Json(knowledge::chunks(&state.app, &caller.ctx, id, &params.page()?).await?))
}

/// Read a source anew: a page or site is fetched again.
#[utoipa::path(post, path = "/knowledge/sources/{id}/sync", tag = "knowledge", operation_id = "sync_source",
    params(("id" = SourceId, Path)), responses((status = 200, body = Source), Failures))]
async fn sync(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<SourceId>,
) -> Result<Json<Source>, Problem> {
    Ok(Json(knowledge::sync(&state.app, &caller.ctx, id).await?))
}

/// Ask the documents: an answer with citations or an honest lack of one, and the passages it was looked for in.
#[utoipa::path(post, path = "/knowledge/query", tag = "knowledge", operation_id = "query_knowledge",
    request_body = Question, responses((status = 200, body = QuestionAnswer), Failures))]
async fn query(
    State(state): State<ApiState>,
    caller: Caller,
    Body(input): Body<Question>,
) -> Result<Json<QuestionAnswer>, Problem> {
    Ok(Json(knowledge::query(&state.app, &caller.ctx, input).await?))
}

/// The passages that fit a question best, for a model to read.
#[utoipa::path(post, path = "/knowledge/context", tag = "knowledge", operation_id = "knowledge_context",
    request_body = Question, responses((status = 200, body = ContextPassages), Failures))]
async fn context(
    State(state): State<ApiState>,
    caller: Caller,
    Body(input): Body<Question>,
) -> Result<Json<ContextPassages>, Problem> {
    Ok(Json(knowledge::context(&state.app, &caller.ctx, input).await?))
}
