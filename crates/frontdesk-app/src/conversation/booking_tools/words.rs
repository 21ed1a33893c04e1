//! What the booking tools say to customers, in each language.

use frontdesk_domain::availability::ObstacleKind;
use frontdesk_domain::availability::slot::LimitSpan;
use frontdesk_domain::booking_type::Location;
use frontdesk_domain::locale::Language;
use frontdesk_domain::written;

const fn pick(language: Language, [en, es, de, fr]: [&'static str; 4]) -> &'static str {
    match language {
        Language::En => en,
        Language::Es => es,
        Language::De => de,
        Language::Fr => fr,
    }
}

/// Where a booking without an address takes place.
pub(super) const fn place(location: &Location, language: Language) -> &'static str {
    match location {
        Location::Phone => pick(language, ["by phone", "por teléfono", "am Telefon", "par téléphone"]),
        Location::Video { .. } => {
            pick(language, ["by video call", "por videollamada", "per Videoanruf", "en visioconférence"])
        }
        _ => pick(language, ["at your address", "en su domicilio", "bei Ihnen", "chez vous"]),
    }
}

/// What asks where the business is to come.
pub(super) const fn address_question(language: Language) -> &'static str {
    pick(
        language,
        [
            "The address we should come to",
            "La dirección a la que debemos ir",
            "Die Adresse, zu der wir kommen sollen",
            "L'adresse où nous devons venir",
        ],
    )
}

/// The answers to a question of yes or no.
pub(super) const fn yes_and_no(language: Language) -> [&'static str; 2] {
    [pick(language, ["yes", "sí", "ja", "oui"]), pick(language, ["no", "no", "nein", "non"])]
}

/// Whether an answer means yes or no, in any of the languages.
pub(super) fn is_yes(said: &str) -> Option<bool> {
    match said.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "sí" | "si" | "ja" | "oui" => Some(true),
        "no" | "n" | "false" | "nein" | "non" => Some(false),
        _ => None,
    }
}

/// Why there is no time, the reason that explains most first; at most three.
pub(super) fn why(obstacles: &[ObstacleKind], zone: &str, language: Language) -> Vec<String> {
    let mut ranked: Vec<(u8, String)> =
        obstacles.iter().map(|kind| (rank(kind), obstacle(kind, zone, language))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    // One way of being full is enough: of a full day, that single hours are taken says less.
    ranked.dedup_by(|one, other| one.1 == other.1 || (is_full(one.0) && is_full(other.0)));
    // That most of a day is outside working hours explains nothing when there is more to say.
    let telling = ranked.iter().filter(|(rank, _)| *rank < 8).count();
    ranked.into_iter().map(|(_, words)| words).take(telling.clamp(1, 3)).collect()
}

const fn is_full(rank: u8) -> bool {
    matches!(rank, 2..=4)
}

const fn rank(kind: &ObstacleKind) -> u8 {
    match kind {
        ObstacleKind::Inactive | ObstacleKind::NoStaff => 0,
        ObstacleKind::Duration => 1,
        ObstacleKind::Full => 2,
        ObstacleKind::Limit { .. } => 3,
        ObstacleKind::Booked { .. } | ObstacleKind::Busy { .. } | ObstacleKind::Resource { .. } => 4,
        ObstacleKind::Holiday { .. } => 5,
        ObstacleKind::Notice { .. } | ObstacleKind::Horizon { .. } => 6,
        ObstacleKind::Blocked { .. } => 7,
        ObstacleKind::Past => 8,
        ObstacleKind::Hours => 9,
        ObstacleKind::Step { .. } => 10,
    }
}

fn obstacle(kind: &ObstacleKind, zone: &str, language: Language) -> String {
    let plain = |words| pick(language, words).to_owned();
    match kind {
        ObstacleKind::Inactive => plain([
            "it cannot be booked at the moment",
            "no se puede reservar en este momento",
            "das kann im Moment nicht gebucht werden",
            "il n'est pas réservable pour le moment",
        ]),
        ObstacleKind::NoStaff => plain([
            "nobody who does this is available",
            "no hay nadie disponible para ello",
            "niemand ist dafür da",
            "personne n'est disponible pour cela",
        ]),
        ObstacleKind::Duration => plain([
            "that length is not offered",
            "esa duración no se ofrece",
            "diese Dauer wird nicht angeboten",
            "cette durée n'est pas proposée",
        ]),
        ObstacleKind::Full => plain([
            "every place is taken",
            "todas las plazas están ocupadas",
            "alle Plätze sind vergeben",
            "toutes les places sont prises",
        ]),
        ObstacleKind::Limit { per: LimitSpan::Day } => plain([
            "that day is fully booked",
            "ese día está completo",
            "dieser Tag ist ausgebucht",
            "cette journée est complète",
        ]),
        ObstacleKind::Limit { per: LimitSpan::Week } => plain([
            "that week is fully booked",
            "esa semana está completa",
            "diese Woche ist ausgebucht",
            "cette semaine est complète",
        ]),
        ObstacleKind::Booked { .. } | ObstacleKind::Busy { .. } | ObstacleKind::Resource { .. } => plain([
            "everything is already booked then",
            "ya está todo reservado",
            "da ist schon alles vergeben",
            "tout est déjà réservé",
        ]),
        ObstacleKind::Holiday { name } => match language {
            Language::En => format!("we are closed for {name}"),
            Language::Es => format!("cerramos por {name}"),
            Language::De => format!("wegen {name} geschlossen"),
            Language::Fr => format!("nous sommes fermés pour {name}"),
        },
        ObstacleKind::Notice { earliest } => {
            let when = written::moment(*earliest, zone, language);
            match language {
                Language::En => format!("that is too soon; the earliest is {when}"),
                Language::Es => format!("es demasiado pronto; lo antes posible es {when}"),
                Language::De => format!("das ist zu kurzfristig; frühestens {when}"),
                Language::Fr => format!("c'est trop tôt ; au plus tôt {when}"),
            }
        }
        ObstacleKind::Horizon { latest } => {
            let when = written::date(*latest, zone, language);
            match language {
                Language::En => format!("that is too far ahead; the latest is {when}"),
                Language::Es => format!("es demasiado lejos; como máximo {when}"),
                Language::De => format!("das ist zu weit voraus; spätestens {when}"),
                Language::Fr => format!("c'est trop loin ; au plus tard {when}"),
            }
        }
        ObstacleKind::Blocked { .. } => plain([
            "we take no appointments then",
            "entonces no damos citas",
            "da nehmen wir keine Termine an",
            "nous ne prenons pas de rendez-vous à ce moment-là",
        ]),
        ObstacleKind::Past => plain([
            "that time is in the past",
            "esa hora ya ha pasado",
            "diese Zeit ist schon vorbei",
            "ce moment est déjà passé",
        ]),
        ObstacleKind::Hours | ObstacleKind::Step { .. } => plain([
            "we are closed then",
            "entonces está cerrado",
            "da ist geschlossen",
            "c'est fermé à ce moment-là",
        ]),
    }
}
