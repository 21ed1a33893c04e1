//! Importing files of contacts.

use axum::Json;
use axum::body::Body as Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use frontdesk_app::AppError;
use frontdesk_app::contact::import::{self, Upload};
use frontdesk_domain::contact_import::{Import, ImportPlan};
use frontdesk_domain::id::ImportId;
use tokio_util::io::ReaderStream;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Caller, Segments};
use crate::openapi::Failures;
use crate::problem::Problem;
use crate::state::ApiState;

/// The routes.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        // Counted while it is read, see `upload`.
        .merge(OpenApiRouter::new().routes(routes!(upload)).layer(DefaultBodyLimit::disable()))
        .routes(routes!(get))
        .routes(routes!(start))
        .routes(routes!(cancel))
        .routes(routes!(undo))
        .routes(routes!(rejects))
}

/// The newest imports.
#[utoipa::path(get, path = "/contact-imports", tag = "contacts", operation_id = "list_contact_imports",
    responses((status = 200, body = Vec<Import>), Failures))]
async fn list(State(state): State<ApiState>, caller: Caller) -> Result<Json<Vec<Import>>, Problem> {
    Ok(Json(import::list(&state.app, &caller.ctx).await?))
}

/// A file of contacts.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; the form is read field by field")]
struct ImportForm {
    /// A CSV file in whatever encoding, or an Excel workbook (.xlsx); at most 512 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Send a file of contacts. The answer shows its columns, their first values and what they probably are; nothing is
/// imported before it is started.
#[utoipa::path(post, path = "/contact-imports", tag = "contacts", operation_id = "upload_contact_import",
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Import), Failures))]
async fn upload(
    State(state): State<ApiState>,
    caller: Caller,
    request: Request,
) -> Result<(StatusCode, Json<Import>), Problem> {
    caller.ctx.require(frontdesk_domain::access::Permission::ContactsWrite).map_err(AppError::from)?;
    let unreadable = |error: axum::extract::multipart::MultipartError| {
        Problem::malformed(format!("the form could not be read: {}", error.body_text()))
    };
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|_| Problem::malformed("send the file as multipart/form-data"))?;
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or("contacts.csv").to_owned();
        let mut upload = Upload::begin(&state.app, &caller.ctx, &name).await?;
        while let Some(piece) = field.chunk().await.map_err(unreadable)? {
            upload.write(&piece).await?;
        }
        return Ok((StatusCode::CREATED, Json(upload.finish().await?)));
    }
    Err(AppError::invalid("/file", "is missing").into())
}

/// An import, as far as it has come.
#[utoipa::path(get, path = "/contact-imports/{id}", tag = "contacts", operation_id = "get_contact_import",
    params(("id" = ImportId, Path)), responses((status = 200, body = Import), Failures))]
async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ImportId>,
) -> Result<Json<Import>, Problem> {
    Ok(Json(import::get(&state.app, &caller.ctx, id).await?))
}

/// Say what each column is and begin. Custom fields that do not exist are made.
#[utoipa::path(post, path = "/contact-imports/{id}/start", tag = "contacts", operation_id = "start_contact_import",
    params(("id" = ImportId, Path)), request_body = ImportPlan, responses((status = 200, body = Import), Failures))]
async fn start(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ImportId>,
    Body(plan): Body<ImportPlan>,
) -> Result<Json<Import>, Problem> {
    Ok(Json(import::start(&state.app, &caller.ctx, id, plan).await?))
}

/// Stop an import. What was read stays, and can be taken back.
#[utoipa::path(post, path = "/contact-imports/{id}/cancel", tag = "contacts", operation_id = "cancel_contact_import",
    params(("id" = ImportId, Path)), responses((status = 200, body = Import), Failures))]
async fn cancel(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ImportId>,
) -> Result<Json<Import>, Problem> {
    Ok(Json(import::cancel(&state.app, &caller.ctx, id).await?))
}

/// Take an import back: contacts it made that nobody touched since are deleted.
#[utoipa::path(post, path = "/contact-imports/{id}/undo", tag = "contacts", operation_id = "undo_contact_import",
    params(("id" = ImportId, Path)), responses((status = 200, body = Import), Failures))]
async fn undo(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ImportId>,
) -> Result<Json<Import>, Problem> {
    Ok(Json(import::undo(&state.app, &caller.ctx, id).await?))
}

/// The rows that were refused, as CSV with line and reason beside what stood in the file.
#[utoipa::path(get, path = "/contact-imports/{id}/rejects", tag = "contacts", operation_id = "get_contact_import_rejects",
    params(("id" = ImportId, Path)),
    responses((status = 200, description = "The rows.", body = String, content_type = "text/csv"), Failures))]
async fn rejects(
    State(state): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<ImportId>,
) -> Result<Response, Problem> {
    let Some((name, path)) = import::rejects(&state.app, &caller.ctx, id).await? else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    send_csv(&name, &path).await
}

/// A file on disk, sent piece by piece.
pub(super) async fn send_csv(name: &str, path: &std::path::Path) -> Result<Response, Problem> {
    let file = tokio::fs::File::open(path)
        .await
        .map_err(|error| AppError::Internal(format!("opening {}: {error}", path.display())))?;
    // RFC 6266: what is not plain is written as RFC 5987 says.
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || " .-_".contains(c) { c } else { '_' }).collect();
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{plain}\"")),
    ];
    Ok((headers, Bytes::from_stream(ReaderStream::new(file))).into_response())
}
