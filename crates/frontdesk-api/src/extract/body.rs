//! JSON bodies: bounded, typed, refused with the place of what is wrong.

use axum::body::to_bytes;
use axum::extract::{FromRequest, OptionalFromRequest, Request};
use axum::http::{StatusCode, header};
use frontdesk_app::FieldError;
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

use crate::problem::Problem;

/// Most bytes of a JSON body, unless the endpoint takes more.
pub const MAX_BODY: usize = 512 * 1024;

/// A JSON body. Text that is not JSON is a 400; JSON that does not fit is a 422 that names the field.
#[derive(Debug, Clone, Copy)]
pub struct Body<T, const MAX: usize = MAX_BODY>(pub T);

impl<T: DeserializeOwned, S: Send + Sync, const MAX: usize> FromRequest<S> for Body<T, MAX> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        // Also a guard: a cross-site form cannot send this type without asking first.
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        if !is_json {
            return Err(Problem::malformed("send JSON, with the header Content-Type: application/json"));
        }
        let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        if declared.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > MAX) {
            return Err(too_large(MAX));
        }
        let bytes = to_bytes(request.into_body(), MAX).await.map_err(|_| too_large(MAX))?;
        parse(&bytes).map(Self)
    }
}

/// No body at all is fine.
impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        if !request.headers().contains_key(header::CONTENT_TYPE) {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

fn too_large(most: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
        "Too large",
        format!("the body is larger than {} kB", most / 1024),
    )
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // Every body is an object; serde would take a list for an object's fields in order.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(Problem::validation(vec![explain("", "invalid type: a list, expected an object")]));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let place = pointer(error.path());
        let inner = error.into_inner();
        if inner.is_data() {
            Problem::validation(vec![explain(&place, &inner.to_string())])
        } else {
            Problem::malformed(format!("the body is not JSON: {inner}"))
        }
    })?;
    json.end().map_err(|error| Problem::malformed(format!("the body is not JSON: {error}")))?;
    Ok(value)
}

/// RFC 6901.
pub(super) fn pointer(path: &Path) -> String {
    path.iter().fold(String::new(), |mut pointer, segment| {
        match segment {
            Segment::Seq { index } => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
            Segment::Map { key } | Segment::Enum { variant: key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Unknown => {}
        }
        pointer
    })
}

/// Serde's words as a field and what is wrong with it.
pub(super) fn explain(place: &str, words: &str) -> FieldError {
    let words = words.split(" at line ").next().unwrap_or(words);
    let named = |start: &str| words.strip_prefix(start).and_then(|rest| rest.split('`').next());
    if let Some(name) = named("unknown field `") {
        // The place of an unknown field may or may not end in its name already.
        let suffix = format!("/{name}");
        let field = if place.ends_with(&suffix) { place.to_owned() } else { format!("{place}{suffix}") };
        return FieldError { field, message: "is not a field that is known here".to_owned() };
    }
    if let Some(name) = named("missing field `") {
        return FieldError { field: format!("{place}/{name}"), message: "is missing".to_owned() };
    }
    let message = words
        .strip_prefix("invalid type: ")
        .map_or_else(|| words.to_owned(), |rest| format!("has the wrong type: {rest}"));
    let field = if place.is_empty() { "/".to_owned() } else { place.to_owned() };
    FieldError { field, message }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only its type is tested")]
        count: u8,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only its type is tested")]
        items: Vec<Inner>,
    }

    fn refused(text: &str) -> (u16, Vec<String>) {
        let problem = parse::<Outer>(text.as_bytes()).unwrap_err();
        (
            problem.status,
            problem.errors.iter().map(|error| format!("{} {}", error.field, error.message)).collect(),
        )
    }

    #[test]
    fn each_error_names_its_place() {
        assert_eq!(refused("{}"), (422, vec!["/items is missing".to_owned()]));
        assert_eq!(
            refused(r#"{"items":[{"count":1,"x":2}]}"#).1,
            ["/items/0/x is not a field that is known here"]
        );
        assert_eq!(refused(r#"{"items":[{"count":1},{}]}"#).1, ["/items/1/count is missing"]);
        assert_eq!(
            refused(r#"{"items":[{"count":"a"}]}"#).1,
            ["/items/0/count has the wrong type: string \"a\", expected u8"]
        );
        assert_eq!(refused(r#"{"nope":1}"#).1, ["/nope is not a field that is known here"]);
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        for text in ["", "{", "{}x", "nul"] {
            assert_eq!(refused(text).0, if text == "{}x" { 422 } else { 400 }, "{text}");
        }
    }
}
