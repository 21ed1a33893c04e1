//! Values in CSV files that spreadsheet programs open.

/// A value that no spreadsheet program takes for a formula (OWASP, "CSV Injection"). Phone numbers keep their plus: digits
/// alone compute nothing.
pub(crate) fn harmless(value: &str) -> String {
    let begins = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = value.len() > 1
        && value.starts_with(['+', '-'])
        && value.chars().skip(1).all(|c| c.is_ascii_digit() || c == '.');
    if begins && !number { format!("'{value}") } else { value.to_owned() }
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
