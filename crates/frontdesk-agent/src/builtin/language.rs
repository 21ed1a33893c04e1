//! Which language a message is in, also when it is short.
//!
//! Common words vote; letters that only one language uses vote too. Without a clear winner the language in use stays.

use frontdesk_domain::locale::Language;

use super::text;

const EN: &str = "a the and you your is are am im my it its this that what whats how where when who why which can could would will do does did have has i we me for with from about please thanks thank hello hi hey bye yes yeah sure not dont want need like much many open on at today tomorrow someone call book price cost good morning know there any be just to of an get tell send sorry want number name email phone appointment help person";
const ES: &str = "a el la los las un una y o que como cuanto cuando donde quien cual es son soy estoy esta estan tengo tiene tienen hay puedo puede pueden quiero quisiera necesito me mi su sus por para con de del al en hola buenos buenas dias tardes noches gracias adios favor si hoy manana cita precio cuesta horario correo telefono numero llamo nombre pero muy mas tambien ustedes usted abren cierran alguien hablar persona ayuda vale claro perdon lo les se una gustaria pregunta duele quieren hablo";
const DE: &str = "der die das und ist sind ich sie du wir ein eine einen nicht mit fur auf von zu wie was wann wo wer warum kann konnen mochte brauche haben hat hallo guten tag morgen danke bitte ja nein heute termin preis kostet offnungszeiten offen sprechen jemand mein meine name heisse gibt es mir uns auch aber oder im am um den dem konnte hatte gern gerne tschuss kosten wieviel geoffnet deutsch";
const FR: &str = "le la les un une des et est sont je vous nous tu il elle ne pas avec pour sur de du au aux comment combien quand ou qui pourquoi quel quelle peux pouvez puis voudrais besoin ai avez a bonjour salut merci oui non aujourdhui demain rendez rdv prix coute horaires ouvert parler quelquun mon ma nom mappelle sil plait bonsoir cest jai etes ce cette aussi mais dans heures fermez ouvrez francais";

/// How the message's language is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detected {
    /// The language.
    pub language: Language,
    /// How far it is ahead, in votes.
    pub lead: f32,
}

/// The words of each language, prepared once.
#[derive(Debug)]
pub struct Detector {
    lists: Vec<(Language, Vec<&'static str>)>,
}

impl Default for Detector {
    fn default() -> Self {
        let list = |words: &'static str| {
            let mut words: Vec<&str> = words.split(' ').collect();
            words.sort_unstable();
            words
        };
        Self {
            lists: vec![
                (Language::En, list(EN)),
                (Language::Es, list(ES)),
                (Language::De, list(DE)),
                (Language::Fr, list(FR)),
            ],
        }
    }
}

impl Detector {
    /// The language with the most votes, if any.
    pub fn detect(&self, message: &str) -> Option<Detected> {
        let words = text::words(message);
        let mut votes: Vec<(Language, f32)> = Vec::new();
        for (language, list) in &self.lists {
            let mut vote: f32 = words
                .iter()
                .take(80)
                .filter(|word| list.binary_search(&word.as_str()).is_ok())
                // A word that several languages share says less.
                .map(|word| {
                    1.0 / self.lists.iter().filter(|(_, l)| l.binary_search(&word.as_str()).is_ok()).count()
                        as f32
                })
                .sum();
            vote +=
                message.chars().take(400).filter(|c| letters(*language).contains(*c)).count().min(3) as f32;
            votes.push((*language, vote));
        }
        votes.sort_by(|a, b| b.1.total_cmp(&a.1));
        match votes.as_slice() {
            [first, second, ..] if first.1 > second.1 => {
                Some(Detected { language: first.0, lead: first.1 - second.1 })
            }
            _ => None,
        }
    }

    /// The language to go on in: a change needs a clear sign.
    pub fn next(&self, message: &str, current: Language) -> Language {
        let words = text::words(message).len();
        match self.detect(message) {
            Some(found)
                if found.language != current && (found.lead >= 1.5 || (words <= 3 && found.lead >= 0.9)) =>
            {
                found.language
            }
            _ => current,
        }
    }
}

/// Letters that point to one language.
const fn letters(language: Language) -> &'static str {
    match language {
        Language::En => "",
        Language::Es => "ñ¿¡",
        Language::De => "äöß",
        Language::Fr => "çèêœàù",
    }
}

/// The language a message asks for by name ("in Spanish please"), and whether it is one we speak.
pub fn asked(message: &str) -> Option<Result<Language, ()>> {
    text::words(message).iter().rev().find_map(|word| {
        Some(match word.as_str() {
            "english" | "ingles" | "englisch" | "anglais" => Ok(Language::En),
            "spanish" | "espanol" | "castellano" | "spanisch" | "espagnol" => Ok(Language::Es),
            "german" | "aleman" | "deutsch" | "allemand" => Ok(Language::De),
            "french" | "frances" | "franzosisch" | "francais" => Ok(Language::Fr),
            "italian" | "italiano" | "portuguese" | "portugues" | "chinese" | "mandarin" | "arabic"
            | "russian" | "japanese" | "korean" | "hindi" | "polish" | "dutch" | "turkish" | "vietnamese"
            | "tagalog" | "ukrainian" | "chino" | "arabe" | "ruso" => Err(()),
            _ => return None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_messages_are_told_apart() {
        let detector = Detector::default();
        for (text, language) in [
            ("hello", Language::En),
            ("how much is it", Language::En),
            ("hola", Language::Es),
            ("gracias", Language::Es),
            ("¿Cuánto cuesta una limpieza?", Language::Es),
            ("me llamo Ana", Language::Es),
            ("Guten Tag, haben Sie heute offen?", Language::De),
            ("bonjour", Language::Fr),
            ("Je voudrais parler à quelqu'un", Language::Fr),
            ("quiero hablar con una persona", Language::Es),
            ("Was kostet das?", Language::De),
        ] {
            assert_eq!(detector.detect(text).map(|d| d.language), Some(language), "{text}");
        }
    }

    #[test]
    fn the_language_in_use_stays_without_a_clear_sign() {
        let detector = Detector::default();
        assert_eq!(detector.next("ok", Language::Es), Language::Es);
        assert_eq!(detector.next("Ana Diaz", Language::En), Language::En);
        assert_eq!(detector.next("no", Language::Es), Language::Es);
        assert_eq!(detector.next("ana@example.com", Language::Es), Language::Es);
        assert_eq!(detector.next("hola, ¿cuánto cuesta?", Language::En), Language::Es);
    }
}
