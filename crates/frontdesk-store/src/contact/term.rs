//! What a filter of contacts becomes: for each thing it asks, a test of one contact and, where an index helps, the ids of
//! all that pass.

use frontdesk_domain::contact::ContactStatus;
use frontdesk_domain::contact_list::FieldComparison;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ImportId, WorkflowId};
use frontdesk_domain::time::Timestamp;
use sea_orm::{DbBackend, Value};
use uuid::Uuid;

use super::field::{Searched, key_of};
use super::search_pattern;
use crate::dialect;

/// In a workspace of more contacts than this, a text is looked for where names, addresses and numbers begin.
pub const SMALL: u64 = 10_000;

/// Instants from one, before another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// At or after this.
    pub from: Option<Timestamp>,
    /// Before this.
    pub to: Option<Timestamp>,
}

/// What a custom field must say.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldTerm {
    /// The field's key.
    pub key: String,
    /// How it is compared.
    pub test: FieldComparison,
    /// What with; not looked at for [`FieldComparison::Set`].
    pub value: Option<Searched>,
}

/// Which contacts are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Whose name, e-mail address, phone number or company has this.
    pub text: Option<String>,
    /// The text counts in names and companies alone.
    pub names_only: bool,
    /// The calling code, such as `1`, of numbers that are typed without one.
    pub calling_code: Option<String>,
    /// With all these tags, whatever their case.
    pub tags: Vec<String>,
    /// In one of these states.
    pub statuses: Vec<ContactStatus>,
    /// First seen then.
    pub created: Span,
    /// Last seen then.
    pub seen: Span,
    /// Last contacted before this, or never.
    pub contacted_before: Option<Timestamp>,
    /// Followed up at least so often.
    pub follow_ups_from: Option<u32>,
    /// Followed up at most so often.
    pub follow_ups_to: Option<u32>,
    /// Made by this import.
    pub import: Option<ImportId>,
    /// In this workflow now.
    pub workflow: Option<WorkflowId>,
    /// Never in this workflow.
    pub not_in: Option<WorkflowId>,
    /// What custom fields say.
    pub fields: Vec<FieldTerm>,
}

/// A piece of a statement with its values.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

impl Piece {
    fn new(sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Self {
        Self { sql: sql.into(), values: values.into_iter().collect() }
    }
}

/// One thing a filter asks.
#[derive(Debug)]
pub(super) struct Term {
    /// A query of the ids of all that pass, by an index.
    pub(super) ids: Option<Piece>,
    /// Whether the index gives the ids in order.
    pub(super) ordered: bool,
    /// A condition on the row `c`.
    pub(super) test: Piece,
    /// The columns of `c` that the condition reads.
    pub(super) columns: &'static [&'static str],
}

impl Filter {
    pub(super) fn terms(&self, backend: DbBackend, scope: Scope, all: u64) -> Vec<Term> {
        let on = On { backend, workspace: scope.workspace().uuid() };
        let mut terms = Vec::new();
        if let Some(text) = self.text.as_deref().filter(|text| !text.trim().is_empty()) {
            terms.push(if all <= SMALL {
                on.contains(text)
            } else {
                on.begins(text, self.calling_code.as_deref())
            });
            if self.names_only {
                terms.push(names(text));
            }
        }
        terms.extend(self.tags.iter().map(|tag| on.tag(tag)));
        if !self.statuses.is_empty() {
            terms.push(on.statuses(&self.statuses));
        }
        terms.extend(on.created(self.created));
        terms.extend(on.seen(self.seen));
        terms.extend(self.contacted_before.map(|before| on.contacted_before(before)));
        terms.extend(on.follow_ups(self.follow_ups_from, self.follow_ups_to));
        if let Some(import) = self.import {
            let ids = format!(
                "SELECT id FROM contact {} WHERE import_id = ? AND workspace_id = ?",
                on.by("contact_of_import")
            );
            terms.push(Term {
                ids: Some(Piece::new(ids, [import.uuid().into(), on.workspace.into()])),
                ordered: true,
                test: Piece::new("c.import_id = ?", [import.uuid().into()]),
                columns: &["import_id"],
            });
        }
        terms.extend(self.workflow.map(|workflow| on.in_workflow(workflow)));
        terms.extend(self.not_in.map(|workflow| on.never_in(workflow)));
        terms.extend(self.fields.iter().filter_map(|field| on.field(field)));
        terms
    }
}

/// Where the terms are for.
struct On {
    backend: DbBackend,
    workspace: Uuid,
}

impl On {
    fn by(&self, index: &str) -> String {
        dialect::by_index(self.backend, index)
    }

    fn contains(&self, text: &str) -> Term {
        let _ = self;
        Term {
            ids: None,
            ordered: false,
            test: Piece::new("c.search LIKE ? ESCAPE '\\'", [search_pattern(text).into()]),
            columns: &["search"],
        }
    }

    /// Names, last names, addresses or numbers that begin so.
    fn begins(&self, text: &str, calling_code: Option<&str>) -> Term {
        let text = text.trim().to_lowercase();
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let is_number = digits.len() >= 3 && text.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c));
        let columns: Vec<(&str, &str, String)> = if is_number {
            let whole = ("phone", "contact_phone", format!("+{digits}"));
            let local = calling_code
                .filter(|_| !text.starts_with('+'))
                .map(|code| ("phone", "contact_phone", format!("+{code}{}", digits.trim_start_matches('0'))));
            std::iter::once(whole).chain(local).collect()
        } else {
            vec![
                ("name_key", "contact_by_name", text.clone()),
                ("surname_key", "contact_by_surname", text.clone()),
                ("email", "contact_email", text.clone()),
            ]
        };
        let (mut ids, mut tests, mut id_values, mut test_values) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (column, index, start) in columns {
            // The partial index on last names has no empty ones.
            let filled = if column == "surname_key" { " AND surname_key <> ''" } else { "" };
            ids.push(format!(
                "SELECT id FROM (SELECT id FROM contact {} WHERE workspace_id = ?{filled} AND {} LIMIT 10001) {column}_begins",
                self.by(index),
                begins(column)
            ));
            tests.push(begins(&format!("c.{column}")));
            let range = [Value::from(start.clone()), dialect::beyond(&start).into()];
            id_values.push(self.workspace.into());
            id_values.extend(range.iter().cloned());
            test_values.extend(range);
        }
        Term {
            ids: Some(Piece::new(ids.join(" UNION "), id_values)),
            ordered: false,
            test: Piece::new(format!("({})", tests.join(" OR ")), test_values),
            columns: if is_number { &["phone"] } else { &["name_key", "surname_key", "email"] },
        }
    }

    fn tag(&self, name: &str) -> Term {
        let key: Value = name.trim().to_lowercase().into();
        let ids = format!(
            "SELECT contact_id AS id FROM contact_tag {} WHERE workspace_id = ? AND name_key = ?",
            self.by("contact_tag_of_name")
        );
        let test = "EXISTS (SELECT 1 FROM contact_tag t WHERE t.contact_id = c.id AND t.name_key = ?)";
        Term {
            ids: Some(Piece::new(ids, [self.workspace.into(), key.clone()])),
            ordered: true,
            test: Piece::new(test, [key]),
            columns: &[],
        }
    }

    fn statuses(&self, statuses: &[ContactStatus]) -> Term {
        let words: Vec<Value> = statuses.iter().map(|status| status.word().into()).collect();
        let marks = vec!["?"; words.len()].join(", ");
        let ids = format!(
            "SELECT id FROM contact {} WHERE workspace_id = ? AND status IN ({marks})",
            self.by("contact_by_status")
        );
        let mut values = vec![self.workspace.into()];
        values.extend(words.iter().cloned());
        Term {
            ids: Some(Piece::new(ids, values)),
            ordered: words.len() == 1,
            test: Piece::new(format!("c.status IN ({marks})"), words),
            columns: &["status"],
        }
    }

    fn in_workflow(&self, workflow: WorkflowId) -> Term {
        let id: Value = workflow.uuid().into();
        let ids = format!(
            "SELECT contact_id AS id FROM enrolment {} WHERE workflow_id = ? AND state = 'active' AND workspace_id = ?",
            self.by("enrolment_of_workflow")
        );
        let test = "EXISTS (SELECT 1 FROM enrolment e WHERE e.contact_id = c.id AND e.workflow_id = ? AND e.state = 'active')";
        Term {
            ids: Some(Piece::new(ids, [id.clone(), self.workspace.into()])),
            ordered: false,
            test: Piece::new(test, [id]),
            columns: &[],
        }
    }

    fn never_in(&self, workflow: WorkflowId) -> Term {
        let _ = self;
        let test = "NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.contact_id = c.id AND e.workflow_id = ?)";
        Term { ids: None, ordered: false, test: Piece::new(test, [workflow.uuid().into()]), columns: &[] }
    }

    fn range(
        &self,
        column: &'static str,
        index: &str,
        span: &[(&str, Value)],
        columns: &'static [&'static str],
    ) -> Option<Term> {
        if span.is_empty() {
            return None;
        }
        let tests = |table: &str| {
            let parts: Vec<String> = span.iter().map(|(way, _)| format!("{table}{column} {way} ?")).collect();
            parts.join(" AND ")
        };
        let values: Vec<Value> = span.iter().map(|(_, value)| value.clone()).collect();
        let mut id_values = vec![self.workspace.into()];
        id_values.extend(values.iter().cloned());
        let ids =
            format!("SELECT id FROM contact {} WHERE workspace_id = ? AND {}", self.by(index), tests(""));
        Some(Term {
            ids: Some(Piece::new(ids, id_values)),
            ordered: column == "id",
            test: Piece::new(tests("c."), values),
            columns,
        })
    }

    /// Ids tell when they were made.
    fn created(&self, span: Span) -> Option<Term> {
        let first = |at: Timestamp| {
            let millis = u128::from(at.as_millis().max(0).unsigned_abs());
            Value::from(Uuid::from_u128(millis << 80))
        };
        let bounds = [span.from.map(|from| (">=", first(from))), span.to.map(|to| ("<", first(to)))];
        self.range("id", "contact_of_workspace", &bounds.into_iter().flatten().collect::<Vec<_>>(), &[])
    }

    fn seen(&self, span: Span) -> Option<Term> {
        let from = span.from.map(Timestamp::as_millis).or(span.to.map(|_| 1));
        let bounds =
            [from.map(|from| (">=", from.max(1).into())), span.to.map(|to| ("<", to.as_millis().into()))];
        self.range(
            "seen_key",
            "contact_by_visit",
            &bounds.into_iter().flatten().collect::<Vec<_>>(),
            &["seen_key"],
        )
    }

    fn contacted_before(&self, before: Timestamp) -> Term {
        let value: Value = before.as_millis().into();
        let ids = format!(
            "SELECT id FROM contact {} WHERE workspace_id = ? AND contacted_key < ?",
            self.by("contact_by_contact")
        );
        Term {
            ids: Some(Piece::new(ids, [self.workspace.into(), value.clone()])),
            ordered: false,
            test: Piece::new("c.contacted_key < ?", [value]),
            columns: &["contacted_key"],
        }
    }

    fn follow_ups(&self, from: Option<u32>, to: Option<u32>) -> Option<Term> {
        let number = |number: u32| Value::from(i64::from(number));
        let from = from.filter(|from| *from > 0);
        let bounds: Vec<(&str, Value)> =
            [from.map(|from| (">=", number(from))), to.map(|to| ("<=", number(to)))]
                .into_iter()
                .flatten()
                .collect();
        let term = self.range("follow_ups", "contact_by_follow_ups", &bounds, &["follow_ups"])?;
        // The index has those who were followed up at all.
        let ids = term
            .ids
            .filter(|_| from.is_some())
            .map(|ids| Piece { sql: format!("{} AND follow_ups > 0", ids.sql), ..ids });
        Some(Term { ids, ..term })
    }

    fn field(&self, field: &FieldTerm) -> Option<Term> {
        let key: Value = key_of(&field.key).into();
        let (column, index, condition, values): (_, _, String, Vec<Value>) = match (
            field.test,
            field.value.as_ref(),
        ) {
            (FieldComparison::Set, _) => {
                let ids = format!(
                    "SELECT contact_id AS id FROM contact_field_value {} WHERE workspace_id = ? AND field_key = ? AND text_key IS NOT NULL \
                     UNION ALL SELECT contact_id AS id FROM contact_field_value {} WHERE workspace_id = ? AND field_key = ? AND number_value IS NOT NULL",
                    self.by("contact_field_by_text"),
                    self.by("contact_field_by_number")
                );
                let test = "EXISTS (SELECT 1 FROM contact_field_value v WHERE v.contact_id = c.id AND v.field_key = ?)";
                let workspace: Value = self.workspace.into();
                return Some(Term {
                    ids: Some(Piece::new(ids, [workspace.clone(), key.clone(), workspace, key.clone()])),
                    ordered: false,
                    test: Piece::new(test, [key]),
                    columns: &[],
                });
            }
            (_, None) => return None,
            (FieldComparison::Begins, Some(Searched::Text(text))) => {
                let condition = begins("text_key");
                (
                    "text_key",
                    "contact_field_by_text",
                    condition,
                    vec![text.clone().into(), dialect::beyond(text).into()],
                )
            }
            (test, Some(Searched::Text(text))) => {
                let condition = format!("text_key {} ?", comparison(test));
                ("text_key", "contact_field_by_text", condition, vec![text.clone().into()])
            }
            (test, Some(Searched::Number(number))) => {
                let condition = format!("number_value {} ?", comparison(test));
                ("number_value", "contact_field_by_number", condition, vec![(*number).into()])
            }
        };
        let ids = format!(
            "SELECT contact_id AS id FROM contact_field_value {} \
             WHERE workspace_id = ? AND field_key = ? AND {column} IS NOT NULL AND {condition}",
            self.by(index)
        );
        let test = format!(
            "EXISTS (SELECT 1 FROM contact_field_value v WHERE v.contact_id = c.id AND v.field_key = ? AND {condition})"
        );
        let mut id_values = vec![self.workspace.into(), key.clone()];
        id_values.extend(values.iter().cloned());
        let mut test_values = vec![key];
        test_values.extend(values);
        Some(Term {
            ids: Some(Piece::new(ids, id_values)),
            ordered: field.test == FieldComparison::Is,
            test: Piece::new(test, test_values),
            columns: &[],
        })
    }
}

/// A condition that a column begins with a text; its two values are the text and [`dialect::beyond`] it.
fn begins(column: &str) -> String {
    format!("{column} >= ? AND {column} < ?")
}

const fn comparison(test: FieldComparison) -> &'static str {
    match test {
        FieldComparison::Below => "<",
        FieldComparison::Above => ">",
        // A number or a day begins with nothing but itself.
        FieldComparison::Is | FieldComparison::Begins | FieldComparison::Set => "=",
    }
}

/// Beside another term: not found by an address or a number.
fn names(text: &str) -> Term {
    let pattern = dialect::contains(&text.trim().to_lowercase());
    Term {
        ids: None,
        ordered: false,
        test: Piece::new(
            "(c.name_key LIKE ? ESCAPE '\\' OR lower(c.company) LIKE ? ESCAPE '\\')",
            [pattern.clone().into(), pattern.into()],
        ),
        columns: &["name_key", "company"],
    }
}
