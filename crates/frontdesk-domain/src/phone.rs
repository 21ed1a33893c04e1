//! Phone numbers: parsed once, kept as E.164 (ITU-T), found in free text.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

/// The E.164 form of a number typed by a person, read in `country` (ISO 3166-1 alpha-2) when it has no prefix.
///
/// `None` when it is not a valid number there.
pub fn to_e164(text: &str, country: &str) -> Option<String> {
    if text.len() > 64 {
        return None;
    }
    let region = Region::from_code(&country.to_uppercase()).ok();
    let number = PHONE_NUMBER_UTIL.parse(text, region).ok()?;
    if !PHONE_NUMBER_UTIL.is_valid_number(&number) {
        return None;
    }
    Some(PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
}

/// The number as people write it, with spaces; the input when it is not E.164.
pub fn to_international(e164: &str) -> String {
    let Ok(number) = PHONE_NUMBER_UTIL.parse(e164, None) else {
        return e164.to_owned();
    };
    PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::International).into_owned()
}

/// The calling code of a country (ISO 3166-1 alpha-2), such as `44` of `GB`.
pub fn calling_code(country: &str) -> Option<String> {
    let region = Region::from_code(&country.to_uppercase()).ok()?;
    PHONE_NUMBER_UTIL.get_country_code_for_region(region).map(|code| code.to_string())
}

/// All but the last four digits hidden, for logs and roles without permission.
pub fn mask(e164: &str) -> String {
    let digits = e164.chars().count();
    e164.chars().enumerate().map(|(i, c)| if i == 0 || i + 4 >= digits { c } else { '•' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_in_the_workspaces_country() {
        assert_eq!(to_e164("(415) 555-2671", "us").as_deref(), Some("+14155552671"));
        assert_eq!(to_e164("+44 20 7946 0958", "US").as_deref(), Some("+442079460958"));
        assert_eq!(to_e164("030 123456", "DE").as_deref(), Some("+4930123456"));
        assert_eq!(to_e164("12", "US"), None);
        assert_eq!(to_e164("not a number", "US"), None);
    }

    #[test]
    fn a_masked_number_shows_only_its_end() {
        assert_eq!(mask("+14155552671"), "+•••••••2671");
    }
}
