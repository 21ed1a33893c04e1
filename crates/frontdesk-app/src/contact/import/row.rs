//! A row of a file as a contact, or the reason why it is none.

use std::collections::HashMap;

use frontdesk_domain::contact::{Contact, ContactStatus, Tag, TagColor};
use frontdesk_domain::contact_import::{ColumnUse, ImportConsent, ImportPlan};
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::ContactId;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::{phone, text};
use serde_json::Value;

use super::super::{MAX_FIELD, MAX_FIELDS, MAX_NAME, MAX_TAGS, check_country, check_language};
use super::value::value_of;

/// How rows are read.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) plan: ImportPlan,
    /// The country in which numbers without a prefix are read.
    pub(super) country: String,
    pub(super) file_name: String,
}

/// A row that is a contact.
#[derive(Debug, Clone)]
pub(super) struct Read {
    pub(super) contact: Contact,
    pub(super) consent: Option<ImportConsent>,
}

/// Time zones seen before in the file: each is looked up once.
pub(super) type Zones = HashMap<String, bool>;

impl Reading {
    /// The contact a row tells of.
    pub(super) fn read(
        &self,
        record: &csv::StringRecord,
        id: ContactId,
        now: Timestamp,
        zones: &mut Zones,
    ) -> Result<Read, String> {
        let mut contact = Contact::new(id, "import".to_owned(), now);
        contact.tags.clone_from(&self.plan.tags);
        let mut names: [Option<&str>; 3] = [None; 3];
        let mut consent = self.plan.consent.clone().unwrap_or_default();
        for (column, value) in self.plan.columns.iter().zip(record) {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            let line = |what: &str, max: usize| {
                text::line(value, max).map_err(|error| format!("the {what} {error}"))
            };
            match column {
                ColumnUse::Ignore => {}
                ColumnUse::Name => names[0] = Some(value),
                ColumnUse::FirstName => names[1] = Some(value),
                ColumnUse::LastName => names[2] = Some(value),
                ColumnUse::Email => {
                    let email = text::email(value)
                        .map_err(|_| format!("`{}` is not an e-mail address", short(value)))?;
                    contact.email = Some(email);
                }
                ColumnUse::Phone => contact.phone = Some(self.phone(value)?),
                ColumnUse::Company => contact.company = Some(line("company", MAX_NAME)?),
                ColumnUse::Language => {
                    let language = check_language(value).map_err(|error| format!("the language {error}"))?;
                    contact.language = Some(language);
                }
                ColumnUse::Tags => add_tags(&mut contact.tags, value)?,
                ColumnUse::Status => contact.status = status(value)?,
                ColumnUse::ExternalId => contact.external_id = Some(line("external id", MAX_NAME)?),
                ColumnUse::Zone => contact.zone = Some(zone(value, zones)?),
                ColumnUse::Region => contact.region = Some(line("region", 60)?),
                ColumnUse::PostalCode => contact.postal_code = Some(line("postal code", 20)?),
                ColumnUse::Country => {
                    contact.country =
                        Some(check_country(value).map_err(|error| format!("the country {error}"))?);
                }
                ColumnUse::OptedOut => contact.opted_out = yes(value)?,
                ColumnUse::ConsentSource => consent.source = line("source of the consent", 200)?,
                ColumnUse::ConsentText => {
                    consent.text = text::lines(value, 2_000)
                        .map_err(|error| format!("the text of the consent {error}"))?;
                }
                ColumnUse::ConsentChannel => {
                    consent.channel = line("channel of the consent", 20)?.to_lowercase();
                }
                ColumnUse::Field { key, kind } => {
                    let value = value_of(*kind, value).ok_or_else(|| {
                        format!("`{}` under {key} is not what this field holds", short(value))
                    })?;
                    if value.as_str().is_some_and(|text| text.chars().count() > MAX_FIELD) {
                        return Err(format!(
                            "the text under {key} is too long: at most {MAX_FIELD} characters"
                        ));
                    }
                    contact.fields.insert(key.clone(), value);
                }
            }
        }
        contact.name = name(names)?;
        if contact.opted_out {
            contact.status = ContactStatus::OptedOut;
        }
        if contact.fields.len() > MAX_FIELDS {
            return Err(format!("has too many custom fields: at most {MAX_FIELDS}"));
        }
        let known = !contact.name.is_empty()
            || contact.email.is_some()
            || contact.phone.is_some()
            || contact.external_id.is_some();
        if !known {
            return Err("has neither a name nor an e-mail address nor a phone number".to_owned());
        }
        channels(&consent.channel)?;
        Ok(Read { contact, consent: self.consent(consent) })
    }

    fn phone(&self, value: &str) -> Result<String, String> {
        phone::to_e164(value, &self.country)
            .ok_or_else(|| format!("`{}` is not a phone number in {}", short(value), self.country))
    }

    /// The consent of a row that tells of one; where it came from is at least the file.
    fn consent(&self, mut consent: ImportConsent) -> Option<ImportConsent> {
        if consent == ImportConsent::default() {
            return None;
        }
        if consent.source.is_empty() {
            consent.source.clone_from(&self.file_name);
        }
        Some(consent)
    }
}

/// The channels that a consent's word stands for.
pub(super) fn channels(word: &str) -> Result<&'static [Channel], String> {
    match word {
        "" => Ok(&[Channel::Sms, Channel::Email]),
        "sms" | "text" => Ok(&[Channel::Sms]),
        "whatsapp" => Ok(&[Channel::Whatsapp]),
        "email" | "e-mail" | "mail" => Ok(&[Channel::Email]),
        other => {
            Err(format!("`{}` is not a channel of consent; there are sms, whatsapp and email", short(other)))
        }
    }
}

fn name([whole, first, last]: [Option<&str>; 3]) -> Result<String, String> {
    let name = match (whole, first, last) {
        (Some(whole), ..) => whole.to_owned(),
        (None, Some(first), Some(last)) => format!("{first} {last}"),
        (None, one, other) => one.or(other).unwrap_or_default().to_owned(),
    };
    if name.is_empty() {
        return Ok(name);
    }
    text::line(&name, MAX_NAME).map_err(|error| format!("the name {error}"))
}

fn add_tags(tags: &mut Vec<Tag>, value: &str) -> Result<(), String> {
    for name in value.split([',', ';', '|']).map(str::trim).filter(|name| !name.is_empty()) {
        let name = text::line(name, 40).map_err(|error| format!("the tag `{}` {error}", short(name)))?;
        let key = name.to_lowercase();
        if tags.iter().all(|known| known.name.to_lowercase() != key) {
            tags.push(Tag { name, color: TagColor::Gray });
        }
    }
    if tags.len() > MAX_TAGS {
        return Err(format!("has too many tags: at most {MAX_TAGS}"));
    }
    Ok(())
}

fn status(value: &str) -> Result<ContactStatus, String> {
    let word = value.to_lowercase().replace([' ', '-'], "_");
    ContactStatus::ALL.into_iter().find(|status| status.word() == word).ok_or_else(|| {
        let words: Vec<&str> = ContactStatus::ALL.iter().map(|status| status.word()).collect();
        format!("`{}` is not a status; there are {}", short(value), words.join(", "))
    })
}

fn zone(value: &str, zones: &mut Zones) -> Result<String, String> {
    let known = if let Some(known) = zones.get(value) {
        *known
    } else {
        let known = jiff::tz::TimeZone::get(value).is_ok();
        // Nobody lives in thousands of zones: what is not one is not remembered without end.
        if zones.len() < 1_000 {
            zones.insert(value.to_owned(), known);
        }
        known
    };
    if known {
        Ok(value.to_owned())
    } else {
        Err(format!("`{}` is not a time zone such as America/New_York", short(value)))
    }
}

fn yes(value: &str) -> Result<bool, String> {
    match value_of(frontdesk_domain::contact_list::FieldKind::Bool, value) {
        Some(Value::Bool(yes)) => Ok(yes),
        _ => Err(format!("`{}` is neither yes nor no", short(value))),
    }
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Fills in what a row says of a contact that is known; what it leaves empty stays. Says whether anything changed.
pub(super) fn fill_in(known: &mut Contact, row: &Contact) -> bool {
    let before = known.clone();
    if !row.name.is_empty() {
        known.name.clone_from(&row.name);
    }
    let places = [
        (&mut known.email, &row.email),
        (&mut known.phone, &row.phone),
        (&mut known.company, &row.company),
        (&mut known.language, &row.language),
        (&mut known.external_id, &row.external_id),
        (&mut known.zone, &row.zone),
        (&mut known.region, &row.region),
        (&mut known.postal_code, &row.postal_code),
        (&mut known.country, &row.country),
    ];
    for (place, value) in places {
        if value.is_some() {
            place.clone_from(value);
        }
    }
    for tag in &row.tags {
        if known.tags.len() < MAX_TAGS
            && known.tags.iter().all(|it| it.name.to_lowercase() != tag.name.to_lowercase())
        {
            known.tags.push(tag.clone());
        }
    }
    for (key, value) in &row.fields {
        if known.fields.len() < MAX_FIELDS || known.fields.contains_key(key) {
            known.fields.insert(key.clone(), value.clone());
        }
    }
    // A list never makes an opt-out undone.
    known.opted_out |= row.opted_out;
    if known.opted_out {
        known.status = ContactStatus::OptedOut;
    } else if row.status != ContactStatus::Pending {
        known.status = row.status;
    }
    *known != before
}

#[cfg(test)]
mod tests {
    use frontdesk_domain::contact_list::FieldKind;
    use frontdesk_domain::random::SeededRandom;

    use super::*;

    fn reading(columns: &[ColumnUse]) -> Reading {
        let plan = ImportPlan { columns: columns.to_vec(), ..ImportPlan::default() };
        Reading { plan, country: "US".to_owned(), file_name: "list.csv".to_owned() }
    }

    fn read(columns: &[ColumnUse], row: &[&str]) -> Result<Read, String> {
        let now = Timestamp::from_millis(1_774_000_000_000);
        let id = ContactId::new(now, &SeededRandom::new(1));
        reading(columns).read(&csv::StringRecord::from(row), id, now, &mut Zones::new())
    }

    #[test]
    fn a_row_becomes_a_contact() {
        use ColumnUse as C;
        let size = C::Field { key: "Size".to_owned(), kind: FieldKind::Number };
        let columns = [
            C::FirstName,
            C::LastName,
            C::Email,
            C::Phone,
            C::Tags,
            C::Status,
            C::Zone,
            C::Country,
            C::ConsentText,
            size,
        ];
        let row = [
            "Ana",
            "Díaz",
            "ANA@Example.com ",
            "(415) 555-2671",
            "VIP; new,vip",
            "In conversation",
            "America/New_York",
            "us",
            "Text me",
            "1,000",
        ];
        let read = read(&columns, &row).unwrap();
        let it = read.contact;
        assert_eq!((it.name.as_str(), it.email.as_deref()), ("Ana Díaz", Some("ana@example.com")));
        assert_eq!((it.phone.as_deref(), it.country.as_deref()), (Some("+14155552671"), Some("US")));
        assert_eq!(it.tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["VIP", "new"]);
        assert_eq!((it.status, it.fields["Size"].as_i64()), (ContactStatus::InConversation, Some(1000)));
        let consent = read.consent.unwrap();
        assert_eq!((consent.source.as_str(), consent.text.as_str()), ("list.csv", "Text me"));
    }

    #[test]
    fn a_row_that_cannot_be_read_says_why() {
        use ColumnUse as C;
        let size = C::Field { key: "Size".to_owned(), kind: FieldKind::Number };
        for (column, value, reason) in [
            (C::Email, "ana@", "e-mail"),
            (C::Phone, "12", "phone number"),
            (C::Status, "unknown", "status"),
            (C::Zone, "Mars/Base", "time zone"),
            (C::OptedOut, "perhaps", "yes nor no"),
            (size, "big", "Size"),
            (C::Name, "  ", "neither"),
        ] {
            let said = read(std::slice::from_ref(&column), &[value]).unwrap_err();
            assert!(said.contains(reason), "{column:?}: {said}");
        }
    }

    #[test]
    fn a_list_does_not_undo_an_opt_out() {
        let mut known = read(&[ColumnUse::Name, ColumnUse::OptedOut], &["Ana", "yes"]).unwrap().contact;
        let columns = [ColumnUse::Email, ColumnUse::OptedOut, ColumnUse::Company];
        let row = read(&columns, &["ana@example.com", "no", "Acme"]).unwrap().contact;
        assert!(fill_in(&mut known, &row));
        assert_eq!((known.name.as_str(), known.company.as_deref()), ("Ana", Some("Acme")));
        assert_eq!((known.opted_out, known.status), (true, ContactStatus::OptedOut));
        assert!(!fill_in(&mut known, &row));
    }
}
