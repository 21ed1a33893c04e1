//! French.

use super::Add;
use crate::natural_time::ast::{Half, Pod, Unit};
use crate::natural_time::holiday::Holiday::{
    Easter, FathersDay, Fixed, LabourDay, MothersDay, NationalDay, Nth,
};
#[cfg_attr(
    not(test),
    expect(clippy::enum_glob_use, reason = "a table of meanings; Clippy passes over tests")
)]
use crate::natural_time::lexicon::Lex::{self, *};

/// Every word.
pub(in crate::natural_time) fn table(add: Add<'_>) {
    for &(spellings, lex) in WORDS.iter().chain(PARTS).chain(HOLIDAYS) {
        add(spellings, lex);
    }
    for (index, spellings) in WEEKDAYS.iter().enumerate() {
        let weekday = index as i8 + 1;
        add(spellings, Weekday(weekday));
        if let Some(full) = spellings.split('|').next() {
            add(&format!("{full}s|les {full}s|tous les {full}s|chaque {full}"), Weekdays(weekday));
        }
    }
    for (index, spellings) in MONTHS.iter().enumerate() {
        add(spellings, Month(index as i8 + 1));
    }
    numbers(add);
}

const WEEKDAYS: [&str; 7] =
    ["lundi|lun", "mardi", "mercredi|mer", "jeudi|jeu", "vendredi|ven", "samedi|sam", "dimanche|dim"];

const MONTHS: [&str; 12] = [
    "janvier|janv|jan",
    "fevrier|fevr|fev",
    "mars",
    "avril|avr",
    "mai",
    "juin",
    "juillet|juil",
    "aout",
    "septembre|sept|sep",
    "octobre|oct",
    "novembre|nov",
    "decembre|dec",
];

const ONES: [&str; 20] = [
    "zero", "un|une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "treize", "quatorze", "quinze", "seize", "dix sept", "dix huit", "dix neuf",
];
const TENS: [&str; 10] = [
    "",
    "",
    "vingt",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "soixante",
    "quatre vingt",
    "quatre vingt",
];

fn numbers(add: Add<'_>) {
    for value in 0..100_i32 {
        for word in spelled(value) {
            add(&word, Number(value));
            if value > 0 {
                add(&format!("deux mille {word}"), Number(2000 + value));
            }
            if (2..=31).contains(&value) {
                let stem = word.strip_suffix('e').unwrap_or(&word);
                add(&format!("{stem}ieme"), Ordinal(value as i16));
            }
        }
    }
    add("deux mille", Number(2000));
    add("cent", Number(100));
    add("premier|premiere|1 er|1 ere|1 re", Ordinal(1));
    add("deuxieme|second|seconde", Ordinal(2));
    add("cinquieme", Ordinal(5));
    add("neuvieme", Ordinal(9));
    for value in 1..=31_i16 {
        add(&format!("{value} e|{value} eme|{value} ieme|{value} nd|{value} nde"), Ordinal(value));
    }
}

fn spelled(value: i32) -> Vec<String> {
    let (tens, ones) = ((value / 10) as usize, (value % 10) as usize);
    let small = |n: usize| ONES.get(n).unwrap_or(&"").split('|').map(str::to_owned).collect::<Vec<_>>();
    if value < 20 {
        return small(value as usize);
    }
    let ten = TENS.get(tens).unwrap_or(&"");
    let rest = if tens == 7 || tens == 9 { ones + 10 } else { ones };
    match rest {
        0 if tens == 8 => vec![(*ten).to_owned(), format!("{ten}s")],
        0 => vec![(*ten).to_owned()],
        1 | 11 if tens < 8 => small(rest).into_iter().map(|one| format!("{ten} et {one}")).collect(),
        _ => small(rest).into_iter().map(|one| format!("{ten} {one}")).collect(),
    }
}

const WORDS: &[(&str, Lex)] = &[
    ("maintenant|tout de suite|immediatement|a l instant|des maintenant|la maintenant", Now),
    ("des que possible|le plus tot possible|au plus vite|au plus tot", Asap),
    ("aujourd hui|aujourdhui|ce jour|dans la journee|en ce moment|ajd|auj|la journee", Day(0)),
    ("demain|le lendemain|le jour suivant|jour suivant", Day(1)),
    ("hier|la veille|le jour precedent", Day(-1)),
    ("apres demain|le surlendemain", Day(2)),
    ("avant hier|l avant veille", Day(-2)),
    ("ce soir", DayPod(0, Pod::Evening)),
    ("hier soir|la veille au soir", DayPod(-1, Pod::Evening)),
    ("cette nuit", DayPod(0, Pod::Night)),
    ("la nuit derniere", DayPod(-1, Pod::Night)),
    ("midi|a midi", Noon),
    ("minuit", Midnight),
    ("ce|cet|cette|ces|le present|en cours", This),
    (
        "prochain|prochaine|prochains|prochaines|qui vient|qui viennent|suivant|suivante|suivants|suivantes|d apres|qui suit|a venir",
        Next,
    ),
    (
        "dernier|derniere|derniers|dernieres|passe|passee|passes|passees|precedent|precedente|precedents|precedentes",
        Last,
    ),
    ("en huit|en 8", WeeksOn(1)),
    ("en quinze|en 15", WeeksOn(2)),
    ("dans|dans environ|dans a peu pres|en", In),
    (
        "a|vers|aux alentours de|autour de|vers les|a environ|environ a|plutot vers|aux environs de|sur les coups de|des|vers environ|plutot a|environ",
        At,
    ),
    ("le|au|du|en|pour le|sur|pour|les", On),
    (
        "de|du|d|de la|de l|des|en|dans|au|le|la|l|dans la|dans l|pour|a|en debut de|pendant|dans le|par|mais|par exemple|plutot",
        Of,
    ),
    ("le|la|les|l|du|au", The),
    ("un|une", A),
    ("et|plus", And),
    ("de|du|depuis|des|a partir de|a partir du|a compter du|a compter de|des le|des la", From),
    ("a|au|jusqu a|jusqu au|et le|et|jusque|jusqu", To),
    ("jusqu a|jusqu au|jusque|jusqu en", Until),
    ("entre|entre le|entre les", Between),
    ("avant|avant le|avant la|avant les|plus tot que|n importe quand avant", Before),
    ("apres|apres le|apres la|apres les|plus tard que|n importe quand apres", After),
    ("d ici|d ici le|d ici a|au plus tard|au plus tard le|pour|d ici au|avant", By),
    ("depuis|depuis le|depuis la", Since),
    ("d ici|dans les|dans les prochains|dans les prochaines|en moins de|sous", Within),
    ("pendant|durant|au cours de|pendant le|pendant la|pendant l|au cours du", During),
    ("pendant|durant|pour|pendant environ", For),
    ("il y a|il y a environ|y a|ca fait", Before),
    ("plus tard|apres|ensuite|plus tard que ca|en plus", Later),
    ("plus tot|avant|auparavant", Earlier),
    ("et demi|et demie", AndHalf),
    ("demi|demie|une demi|une demie|1 2", Half),
    ("et quart|quart|un quart|et un quart", Quarter),
    ("trois quarts|trois quart|et trois quarts|3 4", ThreeQuarters),
    ("moins|moins le", ToHour),
    ("passe de|et", Past),
    ("heures|heure|h|heures pile|hrs", OClock),
    ("du matin|du mat|le matin|am|a m|ce matin", Meridiem(Half::Am)),
    ("du soir|de l apres midi|pm|p m|l apres midi|de la soiree|dans la soiree", Meridiem(Half::Pm)),
    ("environ|a peu pres|presque|quelque|vers", About),
    ("pile|environ|precises|a peu pres|ou dans ces eaux la", Ish),
    ("chaque|tous les|toutes les|tout", Every),
    ("deux", Other),
    ("n importe quel|n importe quelle|un quelconque", Any),
    ("par exemple|s il vous plait|plutot|peut etre|mais|eventuellement|a n importe quel moment", Glue),
    ("debut|le debut|au debut|en debut|courant debut|des le debut", Begin),
    ("mi|milieu|au milieu|en milieu|le milieu", Middle),
    ("fin|la fin|a la fin|en fin|vers la fin", End),
    ("tot|tres tot", Early),
    ("tard", Late),
    ("le reste de|le reste du|reste de|reste du|le reste", Rest),
    ("tout le|toute la|tout|toute", Whole),
    ("week end|weekend|wk|we|fin de semaine prochaine weekend", Weekend),
    ("les week ends|tous les week ends|les weekends|tous les weekends|week ends", Weekends),
    ("jour ouvre|jour ouvrable|jour de semaine", Workday),
    ("jours ouvres|jours ouvrables|en semaine|jours de semaine", Workdays),
    ("meme heure|a la meme heure|la meme heure|a cette heure la", SameTime),
    ("meme jour|le meme jour|ce jour la", SameDay),
    ("un peu|un petit peu|quelque chose de", Bit),
    ("quinzaine|quinze jours", Fortnight),
    ("fin de journee", EndOf(Unit::Day)),
    ("supplementaires|de plus", More),
    ("quelques|plusieurs", Number(3)),
    ("une paire de", Number(2)),
    ("avant dernier|avant derniere", Ordinal(-2)),
    ("premiers|premieres", Ordinal(1)),
    ("derniers|dernieres", Ordinal(-1)),
    ("fois|seances|occurrences", Times),
    ("sauf|excepte|hormis|a l exception de|a l exception du", Except),
    ("jusqu ici|jusqu a present|jusqu a maintenant", SoFar),
    ("dernier|derniere", Ordinal(-1)),
    ("bon|bonne|joyeux", Good),
];

const PARTS: &[(&str, Lex)] = &[
    ("seconde|secondes|sec|s", Unit(Unit::Second)),
    ("minute|minutes|min|mn|mins", Unit(Unit::Minute)),
    ("heure|heures|h", Unit(Unit::Hour)),
    ("jour|jours|journee|journees|j|nuits", Unit(Unit::Day)),
    ("semaine|semaines|sem", Unit(Unit::Week)),
    ("mois", Unit(Unit::Month)),
    ("trimestre|trimestres", Unit(Unit::Quarter)),
    ("an|ans|annee|annees", Unit(Unit::Year)),
    ("decennie|decennies", Unit(Unit::Decade)),
    ("siecle|siecles", Unit(Unit::Century)),
    ("quotidiennement|quotidien", Daily(Unit::Day)),
    ("hebdomadaire|hebdomadairement", Daily(Unit::Week)),
    ("mensuellement|mensuel", Daily(Unit::Month)),
    ("annuellement|annuel", Daily(Unit::Year)),
    ("aube|l aube|lever du soleil", Pod(Pod::Dawn)),
    ("matin|matinee|mat|dans la matinee|le matin|la matinee|des le matin|des la matinee", Pod(Pod::Morning)),
    ("matins", Pods(Pod::Morning)),
    (
        "debut de matinee|en debut de matinee|tot le matin|tres tot le matin|le matin tot|le matin tres tot|de bonne heure|au petit matin|petit matin|matin tot|premiere heure|a la premiere heure|des la premiere heure",
        Pod(Pod::EarlyMorning),
    ),
    (
        "milieu de matinee|en milieu de matinee|milieu de la matinee|au milieu de la matinee",
        Pod(Pod::MidMorning),
    ),
    ("fin de matinee|en fin de matinee|fin de la matinee|a la fin de la matinee", Pod(Pod::LateMorning)),
    (
        "dejeuner|heure du dejeuner|l heure du dejeuner|a l heure du dejeuner|au moment de dejeuner|pendant le dejeuner|le dejeuner|moment du dejeuner|midi et deux|pause dejeuner",
        Pod(Pod::Lunch),
    ),
    ("avant dejeuner|avant le dejeuner", Pod(Pod::LateMorning)),
    ("apres dejeuner|apres le dejeuner|apres manger", Pod(Pod::AfterLunch)),
    ("apres midi|aprem|aprem midi|aprm|l apres midi|dans l apres midi", Pod(Pod::Afternoon)),
    ("apres midis", Pods(Pod::Afternoon)),
    (
        "debut d apres midi|en debut d apres midi|debut de l apres midi|au debut de l apres midi",
        Pod(Pod::EarlyAfternoon),
    ),
    (
        "milieu d apres midi|en milieu d apres midi|milieu de l apres midi|au milieu de l apres midi",
        Pod(Pod::MidAfternoon),
    ),
    (
        "fin d apres midi|en fin d apres midi|fin de l apres midi|a la fin de l apres midi",
        Pod(Pod::LateAfternoon),
    ),
    ("apres le travail|apres le boulot|apres l ecole", Pod(Pod::AfterWork)),
    ("soir|soiree|le soir|dans la soiree|en soiree|la soiree|au soir", Pod(Pod::Evening)),
    ("soirs", Pods(Pod::Evening)),
    ("debut de soiree|en debut de soiree|debut de la soiree|au debut de la soiree", Pod(Pod::EarlyEvening)),
    (
        "fin de soiree|en fin de soiree|fin de la soiree|a la fin de la soiree|tard le soir",
        Pod(Pod::LateEvening),
    ),
    ("nuit|la nuit|dans la nuit", Pod(Pod::Night)),
    ("petit dejeuner", Pod(Pod::Breakfast)),
    ("diner", Pod(Pod::Dinner)),
    ("debut de journee|en debut de journee|debut de la journee|au debut de la journee", Pod(Pod::EarlyDay)),
    ("milieu de journee|en milieu de journee|milieu de la journee|au milieu de la journee", Pod(Pod::MidDay)),
    ("fin de journee|en fin de journee|fin de la journee|a la fin de la journee", Pod(Pod::EndOfDay)),
    ("printemps", Season(0)),
    ("ete|l ete", Season(1)),
    ("automne|l automne", Season(2)),
    ("hiver|l hiver", Season(3)),
    ("est|serait|me|si|ou|ca|je|vous|merci|c", Follows),
];

const HOLIDAYS: &[(&str, Lex)] = &[
    ("noel|jour de noel|le jour de noel", Holiday(Fixed(12, 25))),
    ("reveillon de noel|veille de noel|la veille de noel", Holiday(Fixed(12, 24))),
    (
        "saint sylvestre|la saint sylvestre|reveillon du nouvel an|st sylvestre|reveillon",
        Holiday(Fixed(12, 31)),
    ),
    ("jour de l an|nouvel an|le jour de l an|le nouvel an|premier de l an", Holiday(Fixed(1, 1))),
    ("epiphanie|l epiphanie|les rois|galette des rois", Holiday(Fixed(1, 6))),
    ("chandeleur|la chandeleur", Holiday(Fixed(2, 2))),
    ("saint valentin|la saint valentin|st valentin", Holiday(Fixed(2, 14))),
    ("journee de la femme", Holiday(Fixed(3, 8))),
    ("saint patrick", Holiday(Fixed(3, 17))),
    ("fete du travail|la fete du travail", Holiday(LabourDay)),
    ("victoire 1945|huit mai|armistice 1945", Holiday(Fixed(5, 8))),
    ("fete de la musique", Holiday(Fixed(6, 21))),
    ("fete nationale|la fete nationale|quatorze juillet", Holiday(NationalDay)),
    ("assomption|l assomption", Holiday(Fixed(8, 15))),
    ("halloween", Holiday(Fixed(10, 31))),
    (
        "toussaint|la toussaint|le jour de la toussaint|la journee de la toussaint|jour de la toussaint|le jour des morts|jour des morts",
        Holiday(Fixed(11, 1)),
    ),
    ("armistice|l armistice", Holiday(Fixed(11, 11))),
    ("saint nicolas", Holiday(Fixed(12, 6))),
    ("black friday|vendredi noir", Holiday(Nth { n: 4, weekday: 4, month: 11, plus: 1 })),
    ("fete des meres|la fete des meres", Holiday(MothersDay)),
    ("fete des peres|la fete des peres", Holiday(FathersDay)),
    ("mardi gras", Holiday(Easter(-47))),
    ("mercredi des cendres", Holiday(Easter(-46))),
    ("dimanche des rameaux|les rameaux|rameaux", Holiday(Easter(-7))),
    ("jeudi saint", Holiday(Easter(-3))),
    ("vendredi saint", Holiday(Easter(-2))),
    ("samedi saint", Holiday(Easter(-1))),
    ("paques|dimanche de paques", Holiday(Easter(0))),
    ("lundi de paques", Holiday(Easter(1))),
    ("ascension|l ascension|jeudi de l ascension", Holiday(Easter(39))),
    ("pentecote|la pentecote|dimanche de pentecote", Holiday(Easter(49))),
    ("lundi de pentecote", Holiday(Easter(50))),
    ("fete dieu", Holiday(Easter(60))),
];
