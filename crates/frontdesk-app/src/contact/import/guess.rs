//! What a column probably is: judged by its header, in English and Spanish, else by what is in it. To know one more word,
//! add it to [`WORDS`].

use frontdesk_domain::contact_import::ColumnUse;
use frontdesk_domain::contact_list::FieldKind;

use super::value::value_of;

/// Headers as people write them: lower case, only letters and digits.
const WORDS: &[(&[&str], ColumnUse)] = &[
    (
        &["name", "fullname", "contactname", "contact", "nombre", "nombrecompleto", "cliente", "customer"],
        ColumnUse::Name,
    ),
    (&["firstname", "givenname", "first", "primernombre", "nombres"], ColumnUse::FirstName),
    (&["lastname", "surname", "familyname", "last", "apellido", "apellidos"], ColumnUse::LastName),
    (&["email", "emailaddress", "mail", "correo", "correoelectronico", "eaddress"], ColumnUse::Email),
    (
        &[
            "phone",
            "phonenumber",
            "mobile",
            "mobilephone",
            "cell",
            "cellphone",
            "telephone",
            "tel",
            "telefono",
            "movil",
            "celular",
        ],
        ColumnUse::Phone,
    ),
    (
        &["company", "companyname", "organization", "organisation", "business", "empresa", "compania"],
        ColumnUse::Company,
    ),
    (&["language", "lang", "locale", "idioma"], ColumnUse::Language),
    (&["tag", "tags", "label", "labels", "etiqueta", "etiquetas", "group", "groups"], ColumnUse::Tags),
    (&["status", "estado", "stage"], ColumnUse::Status),
    (
        &["externalid", "id", "contactid", "customerid", "crmid", "recordid", "idexterno"],
        ColumnUse::ExternalId,
    ),
    (&["timezone", "zone", "tz", "zonahoraria"], ColumnUse::Zone),
    (&["state", "region", "province", "provincia"], ColumnUse::Region),
    (&["zip", "zipcode", "postalcode", "postcode", "codigopostal", "cp"], ColumnUse::PostalCode),
    (&["country", "countrycode", "pais"], ColumnUse::Country),
    (&["optedout", "optout", "unsubscribed", "donotcontact", "dnc", "baja"], ColumnUse::OptedOut),
    (&["consentsource", "optinsource", "origenconsentimiento"], ColumnUse::ConsentSource),
    (&["consenttext", "consent", "optintext", "consentimiento"], ColumnUse::ConsentText),
    (&["consentchannel", "optinchannel", "canalconsentimiento"], ColumnUse::ConsentChannel),
];

/// What each column probably is; nothing twice.
pub(super) fn columns(columns: &[(&str, Vec<String>)]) -> Vec<ColumnUse> {
    let mut found: Vec<ColumnUse> = columns.iter().map(|(header, _)| by_header(header)).collect();
    for n in 0..found.len() {
        let Some(this) = found.get(n).cloned() else { continue };
        let again = this != ColumnUse::Ignore && found.iter().take(n).any(|earlier| *earlier == this);
        if let Some(place) = found.get_mut(n).filter(|_| again) {
            *place = ColumnUse::Ignore;
        }
    }
    for (n, (header, samples)) in columns.iter().enumerate() {
        if found.get(n) != Some(&ColumnUse::Ignore) {
            continue;
        }
        let better = by_values(header, samples, &found);
        if let Some(place) = found.get_mut(n) {
            *place = better;
        }
    }
    // An address's two letters are a country; a whole word needs a person to look.
    found
}

fn by_header(header: &str) -> ColumnUse {
    let word: String = plain(header);
    WORDS
        .iter()
        .find(|(words, _)| words.contains(&word.as_str()))
        .map_or(ColumnUse::Ignore, |(_, column)| column.clone())
}

/// Lower case letters and digits without accents.
fn plain(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfd().flat_map(char::to_lowercase).filter(char::is_ascii_alphanumeric).collect()
}

fn by_values(header: &str, samples: &[String], taken: &[ColumnUse]) -> ColumnUse {
    let filled: Vec<&str> =
        samples.iter().map(|sample| sample.trim()).filter(|sample| !sample.is_empty()).collect();
    if filled.is_empty() {
        return ColumnUse::Ignore;
    }
    let all = |test: fn(&str) -> bool| filled.iter().all(|sample| test(sample));
    if all(|sample| frontdesk_domain::text::email(sample).is_ok()) && !taken.contains(&ColumnUse::Email) {
        return ColumnUse::Email;
    }
    let key: String = header.trim().chars().take(60).collect();
    if key.is_empty() {
        return ColumnUse::Ignore;
    }
    let kind = [FieldKind::Date, FieldKind::Number]
        .into_iter()
        .find(|kind| filled.iter().all(|sample| value_of(*kind, sample).is_some()))
        .or_else(|| {
            let words = |sample: &str| {
                matches!(sample.to_lowercase().as_str(), "true" | "false" | "yes" | "no" | "sí" | "si")
            };
            all(|sample| !sample.is_empty())
                .then_some(FieldKind::Bool)
                .filter(|_| filled.iter().all(|sample| words(sample)))
        });
    ColumnUse::Field { key, kind: kind.unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_values_tell_what_a_column_is() {
        let sample = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let found = columns(&[
            ("First Name", sample(&["Ana"])),
            ("Apellidos", sample(&["Díaz"])),
            ("Contacto", sample(&["ana@example.com"])),
            ("Teléfono", sample(&["555"])),
            ("Mobile", sample(&["555"])),
            ("Insurance since", sample(&["2020-01-31", ""])),
            ("Size", sample(&["42", "1,000"])),
            ("Plan", sample(&["Gold"])),
            ("Empty", sample(&[""])),
        ]);
        let field = |key: &str, kind| ColumnUse::Field { key: key.to_owned(), kind };
        let expected = [
            ColumnUse::FirstName,
            ColumnUse::LastName,
            ColumnUse::Email,
            ColumnUse::Phone,
            field("Mobile", FieldKind::Number),
            field("Insurance since", FieldKind::Date),
            field("Size", FieldKind::Number),
            field("Plan", FieldKind::Text),
            ColumnUse::Ignore,
        ];
        assert_eq!(found, expected);
    }
}
