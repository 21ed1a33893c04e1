//! Bounded text: every string from outside passes one of these checks.

/// Why a text was refused; worded for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// Longer than allowed.
    #[error("is too long: at most {max} characters")]
    TooLong {
        /// The most characters allowed.
        max: usize,
    },
    /// Control characters that no one types.
    #[error("contains control characters")]
    Control,
    /// Not an e-mail address.
    #[error("is not an e-mail address")]
    Email,
}

/// A single line: trimmed, not empty, at most `max` characters, no control characters.
pub fn line(text: &str, max: usize) -> Result<String, TextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    bounded(text, max)?;
    if text.chars().any(char::is_control) {
        return Err(TextError::Control);
    }
    Ok(text.to_owned())
}

/// Several lines: trimmed, may be empty, at most `max` characters; only tabs and line ends as control characters.
pub fn lines(text: &str, max: usize) -> Result<String, TextError> {
    let text = text.trim();
    bounded(text, max)?;
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(TextError::Control);
    }
    Ok(text.to_owned())
}

/// An e-mail address in lower case, checked for the shape RFC 5321 allows in practice (one `@`, a dotted domain, at
/// most 254 characters); whether it exists only mail can tell.
pub fn email(text: &str) -> Result<String, TextError> {
    let text = text.trim().to_lowercase();
    let ok = text.len() <= 254
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && local.len() <= 64
                && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c))
                && !local.starts_with('.')
                && !local.ends_with('.')
                && !local.contains("..")
                && domain.contains('.')
                && domain.split('.').all(|label| {
                    !label.is_empty()
                        && label.len() <= 63
                        && !label.starts_with('-')
                        && !label.ends_with('-')
                        && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                })
        });
    if ok { Ok(text) } else { Err(TextError::Email) }
}

/// An e-mail address of which only the first letter and the domain are shown, for logs and roles without permission.
pub fn mask_email(address: &str) -> String {
    match address.split_once('@') {
        Some((local, domain)) => format!("{}•••@{domain}", local.chars().take(1).collect::<String>()),
        None => "•••".to_owned(),
    }
}

/// A name of which only the initials are shown.
pub fn mask_name(name: &str) -> String {
    let initials: Vec<String> =
        name.split_whitespace().filter_map(|word| word.chars().next()).map(|c| format!("{c}.")).collect();
    initials.join(" ")
}

fn bounded(text: &str, max: usize) -> Result<(), TextError> {
    // Bytes first: counting characters of a hostile megabyte is not free.
    if text.len() > max.saturating_mul(4) || text.chars().count() > max {
        return Err(TextError::TooLong { max });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_lowered_and_nonsense_is_refused() {
        assert_eq!(email(" Ana.Diaz@Example.COM ").unwrap(), "ana.diaz@example.com");
        for bad in ["", "ana", "ana@", "@example.com", "ana@example", "a b@example.com", "a..b@example.com"] {
            assert_eq!(email(bad), Err(TextError::Email), "{bad}");
        }
    }

    #[test]
    fn masked_details_can_be_told_apart_and_not_used() {
        assert_eq!(mask_email("ana.diaz@example.com"), "a•••@example.com");
        assert_eq!(mask_email("nothing"), "•••");
        assert_eq!(mask_name("Ana Diaz"), "A. D.");
    }

    #[test]
    fn a_line_is_trimmed_and_bounded() {
        assert_eq!(line("  Ana  ", 10).unwrap(), "Ana");
        assert_eq!(line("   ", 10), Err(TextError::Empty));
        assert_eq!(line("abcdef", 5), Err(TextError::TooLong { max: 5 }));
        assert_eq!(line("a\u{0}b", 5), Err(TextError::Control));
    }
}
