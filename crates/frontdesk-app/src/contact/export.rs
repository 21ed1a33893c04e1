//! Contacts as CSV, and values that spreadsheet programs may open.

use frontdesk_domain::contact::Contact;
use serde_json::Value;

/// A value that no spreadsheet program takes for a formula (OWASP, "CSV Injection"). Phone numbers keep their plus: digits
/// alone compute nothing.
pub(crate) fn harmless(value: &str) -> String {
    let begins = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = value.len() > 1
        && value.starts_with(['+', '-'])
        && value.chars().skip(1).all(|c| c.is_ascii_digit() || c == '.');
    if begins && !number { format!("'{value}") } else { value.to_owned() }
}

/// The columns before the custom fields.
const COLUMNS: [&str; 17] = [
    "id",
    "name",
    "email",
    "phone",
    "company",
    "language",
    "tags",
    "status",
    "opted out",
    "external id",
    "time zone",
    "region",
    "postal code",
    "country",
    "added",
    "last seen",
    "last contacted",
];

/// The first line: the columns, then the custom fields' keys.
pub(crate) fn headers(fields: &[String]) -> Vec<String> {
    COLUMNS
        .iter()
        .map(|column| (*column).to_owned())
        .chain(fields.iter().cloned())
        .map(|it| harmless(&it))
        .collect()
}

/// A contact's line.
pub(crate) fn line(contact: &Contact, fields: &[String]) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let tags: Vec<&str> = contact.tags.iter().map(|tag| tag.name.as_str()).collect();
    let at = |at: Option<frontdesk_domain::time::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let mut values = vec![
        contact.id.to_string(),
        contact.name.clone(),
        text(&contact.email),
        text(&contact.phone),
        text(&contact.company),
        text(&contact.language),
        tags.join("; "),
        contact.status.word().to_owned(),
        if contact.opted_out { "yes" } else { "no" }.to_owned(),
        text(&contact.external_id),
        text(&contact.zone),
        text(&contact.region),
        text(&contact.postal_code),
        text(&contact.country),
        contact.created_at.to_string(),
        at(contact.last_seen_at),
        at(contact.last_contacted_at),
    ];
    values.extend(fields.iter().map(|key| match contact.fields.get(key) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }));
    values.into_iter().map(|value| harmless(&value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_a_formula() {
        assert_eq!(harmless("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
        assert_eq!(harmless("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(harmless("-2+3"), "'-2+3");
        assert_eq!(harmless("+14155552671"), "+14155552671");
        assert_eq!(harmless("Ana"), "Ana");
    }
}
