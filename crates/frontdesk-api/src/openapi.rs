//! Parts of the OpenAPI document that every operation shares: the ways to sign in, and how things go wrong.

use std::collections::BTreeMap;

use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, Schema};
use utoipa::{IntoResponses, Modify};

use crate::extract::ACCESS_COOKIE;

/// Adds the ways to sign in.
#[derive(Debug)]
pub struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API key (`fd_sk_...`) or an access token (`fd_at_...`)."))
            .build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let visitor = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The token of a widget session (`fd_vt_...`)."))
            .build();
        components.add_security_scheme("visitor", SecurityScheme::Http(visitor));
        let cookie = ApiKeyValue::with_description(
            ACCESS_COOKIE,
            "Set by signing in. Requests that change something also need the header `X-Frontdesk-Request: 1`.",
        );
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// How an operation can go wrong; the same for all.
#[derive(Debug)]
pub struct Failures;

const FAILURES: &[(&str, &str)] = &[
    ("400", "The request could not be read."),
    ("401", "Nobody is signed in, or the credentials do not hold."),
    ("403", "Not allowed: a permission is missing, or the request came from another web site."),
    ("404", "No such thing in this workspace."),
    ("409", "It does not fit what is there."),
    ("413", "More than is accepted."),
    ("422", "Some values were not accepted; each is named."),
    ("429", "Too often; `Retry-After` says when to try again."),
    ("500", "Our fault."),
    ("503", "Something Frontdesk needs does not answer."),
];

/// The name of a failure among the document's shared responses.
fn shared_name(status: &str) -> String {
    format!("Failure{status}")
}

impl IntoResponses for Failures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let refer = |status: &str| RefOr::Ref(Ref::from_response_name(shared_name(status)));
        FAILURES.iter().map(|(status, _)| ((*status).to_owned(), refer(status))).collect()
    }
}

impl Modify for Failures {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        for (status, description) in FAILURES {
            let content =
                ContentBuilder::new().schema(Some(RefOr::Ref(Ref::from_schema_name("Problem")))).build();
            let response = ResponseBuilder::new()
                .description(*description)
                .content("application/problem+json", content)
                .build();
            components.responses.insert(shared_name(status), RefOr::T(response));
        }
    }
}

/// Writes out the fields of settings where something holds them beside its own: settings refuse unknown fields when they are
/// sent, and by the rules of `allOf` they would refuse the fields beside them, too.
pub fn flatten(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    let open = |(name, schema): (&String, &RefOr<Schema>)| {
        let RefOr::T(Schema::Object(object)) = schema else { return None };
        let is_closed =
            matches!(object.additional_properties.as_deref(), Some(AdditionalProperties::FreeForm(false)));
        let mut open = object.clone();
        open.additional_properties = None;
        is_closed.then(|| (format!("#/components/schemas/{name}"), RefOr::T(Schema::Object(open))))
    };
    let opened: BTreeMap<String, RefOr<Schema>> = components.schemas.iter().filter_map(open).collect();
    for schema in components.schemas.values_mut() {
        let RefOr::T(Schema::AllOf(whole)) = schema else { continue };
        for part in &mut whole.items {
            if let RefOr::Ref(link) = part
                && let Some(open) = opened.get(&link.ref_location)
            {
                *part = open.clone();
            }
        }
    }
}
