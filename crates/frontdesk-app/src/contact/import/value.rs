//! Texts of a file as the values of custom fields.

use frontdesk_domain::contact_list::FieldKind;
use serde_json::Value;

/// A text as the value of a field of this kind; `None` when it cannot be one.
pub(super) fn value_of(kind: FieldKind, text: &str) -> Option<Value> {
    let text = text.trim();
    match kind {
        FieldKind::Text | FieldKind::Choice => Some(Value::from(text)),
        FieldKind::Number => number_of(text),
        FieldKind::Date => day(text).map(Value::from),
        FieldKind::Bool => match text.to_lowercase().as_str() {
            "true" | "yes" | "y" | "1" | "si" | "sí" | "x" => Some(Value::from(true)),
            "false" | "no" | "n" | "0" => Some(Value::from(false)),
            _ => None,
        },
    }
}

/// `1234.5`, `1,234.5` or `1234,5`; a currency's sign before it is left out.
fn number_of(text: &str) -> Option<Value> {
    let text = text.trim_start_matches(['$', '€', '£', ' ']).replace([' ', '\u{a0}', '\''], "");
    let plain = match (text.rfind(','), text.rfind('.')) {
        (Some(comma), Some(dot)) if comma < dot => text.replace(',', ""),
        (Some(_), Some(_)) => text.replace('.', "").replace(',', "."),
        // Three digits after a lone comma are thousands.
        (Some(comma), None) if text.len() - comma == 4 => text.replace(',', ""),
        (Some(_), None) => text.replace(',', "."),
        _ => text,
    };
    if let Ok(whole) = plain.parse::<i64>() {
        return Some(Value::from(whole));
    }
    plain.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from)
}

/// A day as `2026-11-21`; also what spreadsheets write: `11/21/2026` (month first) and `21.11.2026` (day first).
fn day(text: &str) -> Option<String> {
    let text = text.split(['T', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let (year, month, day) = if first.len() == 4 {
        (first, second, third)
    } else if text.contains('.') {
        (third, second, first)
    } else {
        (third, first, second)
    };
    if year.len() != 4 {
        return None;
    }
    let date = jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some(date.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_and_days_are_read_as_people_write_them() {
        for (text, number) in [
            ("1234", json!(1234)),
            ("$1,234.50", json!(1234.5)),
            ("1.234,5", json!(1234.5)),
            ("12,000", json!(12000)),
        ] {
            assert_eq!(value_of(FieldKind::Number, text), Some(number), "{text}");
        }
        assert_eq!(value_of(FieldKind::Number, "many"), None);
        for text in ["2026-11-21", "11/21/2026", "21.11.2026", "2026-11-21T10:00:00"] {
            assert_eq!(value_of(FieldKind::Date, text), Some(json!("2026-11-21")), "{text}");
        }
        assert_eq!(value_of(FieldKind::Date, "31.02.2026"), None);
        assert_eq!(value_of(FieldKind::Bool, "Yes"), Some(json!(true)));
    }
}
