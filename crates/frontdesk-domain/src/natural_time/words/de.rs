//! German.

use super::Add;
use crate::natural_time::ast::{Half, Pod, Unit};
use crate::natural_time::holiday::Holiday::{
    Advent, Easter, FathersDay, Fixed, LabourDay, MothersDay, NationalDay, Nth,
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
            add(&format!("{full}s"), Weekdays(weekday));
            add(&format!("den {full}"), Weekday(weekday));
            for &(part, pod) in COMPOUND {
                // "Montagmorgen" is a word of its own.
                add(&format!("{full}{part}"), WeekdayPod(weekday, pod));
            }
        }
    }
    for (index, spellings) in MONTHS.iter().enumerate() {
        add(spellings, Month(index as i8 + 1));
    }
    numbers(add);
}

const COMPOUND: &[(&str, Pod)] = &[
    ("morgen", Pod::Morning),
    ("vormittag", Pod::Morning),
    ("mittag", Pod::Lunch),
    ("nachmittag", Pod::Afternoon),
    ("abend", Pod::Evening),
    ("nacht", Pod::Night),
    ("fruh", Pod::Morning),
    ("spatnachmittag", Pod::LateAfternoon),
];

const WEEKDAYS: [&str; 7] = [
    "montag|mo|mon",
    "dienstag|di|die",
    "mittwoch|mi|mit|mitwoch",
    "donnerstag|do|don|donn",
    "freitag|fr",
    "samstag|sa|sam|sonnabend",
    "sonntag|so|son",
];

const MONTHS: [&str; 12] = [
    "januar|jan|janner|jaenner",
    "februar|feb|feber",
    "marz|maerz|mrz|mar",
    "april|apr",
    "mai",
    "juni|jun|juno",
    "juli|jul",
    "august|aug",
    "september|sept|sep",
    "oktober|okt|oct",
    "november|nov",
    "dezember|dez|dec",
];

const ONES: [&str; 20] = [
    "null",
    "eins|ein|eine|einen|einem|einer|eines",
    "zwei|zwo",
    "drei",
    "vier",
    "funf|fuenf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwolf|zwoelf",
    "dreizehn",
    "vierzehn",
    "funfzehn|fuenfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
];
const TENS: [&str; 10] = [
    "",
    "",
    "zwanzig",
    "dreissig|dreisig",
    "vierzig",
    "funfzig|fuenfzig",
    "sechzig",
    "siebzig",
    "achtzig",
    "neunzig",
];
const ORDINALS: [&str; 20] = [
    "",
    "erst",
    "zweit",
    "dritt",
    "viert",
    "funft|fuenft",
    "sechst",
    "siebt|siebent",
    "acht",
    "neunt",
    "zehnt",
    "elft",
    "zwolft|zwoelft",
    "dreizehnt",
    "vierzehnt",
    "funfzehnt|fuenfzehnt",
    "sechzehnt",
    "siebzehnt",
    "achtzehnt",
    "neunzehnt",
];

fn numbers(add: Add<'_>) {
    for value in 0..100_i32 {
        for word in spelled(value) {
            add(&word, Number(value));
            if (20..=31).contains(&value) {
                inflected(add, &format!("{word}st"), value as i16);
            }
            if value > 0 {
                add(&format!("zweitausend{word}|zweitausendund{word}"), Number(2000 + value));
            }
        }
    }
    add("zweitausend", Number(2000));
    add("hundert|einhundert", Number(100));
    for (value, stems) in ORDINALS.iter().enumerate().skip(1) {
        for stem in stems.split('|') {
            inflected(add, stem, value as i16);
        }
    }
    for ending in ["te", "ten", "ter", "tes", "ste", "sten", "ster"] {
        for value in 1..=31_i16 {
            add(&format!("{value} {ending}"), Ordinal(value));
        }
    }
}

fn spelled(value: i32) -> Vec<String> {
    let (tens, ones) = ((value / 10) as usize, (value % 10) as usize);
    if value < 20 {
        return ONES.get(value as usize).unwrap_or(&"").split('|').map(str::to_owned).collect();
    }
    let tens = TENS.get(tens).unwrap_or(&"").split('|');
    if ones == 0 {
        return tens.map(str::to_owned).collect();
    }
    let ones: Vec<&str> =
        if ones == 1 { vec!["ein"] } else { ONES.get(ones).unwrap_or(&"").split('|').collect() };
    tens.flat_map(|tens| ones.iter().map(move |one| format!("{one}und{tens}"))).collect()
}

fn inflected(add: Add<'_>, stem: &str, value: i16) {
    for ending in ["e", "en", "er", "es", "em"] {
        add(&format!("{stem}{ending}"), Ordinal(value));
    }
}

const WORDS: &[(&str, Lex)] = &[
    (
        "jetzt|gerade|genau jetzt|gerade eben|sofort|im moment|gerade jetzt|jetzt gleich|momentan|gleich jetzt",
        Now,
    ),
    ("so bald wie moglich|so schnell wie moglich|moglichst bald|schnellstmoglich|asap", Asap),
    ("heute|heut|zu dieser zeit|am heutigen tag", Day(0)),
    ("morgen|am nachsten tag|tags darauf", Day(1)),
    ("gestern", Day(-1)),
    ("ubermorgen|uebermorgen", Day(2)),
    ("vorgestern", Day(-2)),
    ("vorvorgestern", Day(-3)),
    ("uberubermorgen|ueberuebermorgen", Day(3)),
    ("heute abend|heut abend|heute nacht", DayPod(0, Pod::Evening)),
    ("heute fruh|heute morgen|heut morgen|heute frueh", DayPod(0, Pod::Morning)),
    ("morgen fruh|morgen frueh", DayPod(1, Pod::Morning)),
    ("gestern nacht|letzte nacht|vergangene nacht", DayPod(-1, Pod::Evening)),
    ("mittags|zwolf uhr mittags|12 uhr mittags", Noon),
    ("mitternacht|mitternachts", Midnight),
    (
        "diese|diesen|dieser|dieses|diesem|dies|der aktuelle|die aktuelle|aktuelle|aktuellen|aktueller|laufende|laufenden",
        This,
    ),
    (
        "nachste|nachsten|nachster|nachstes|nachstem|naechste|naechsten|naechster|naechstes|naechstem|folgende|folgenden|folgender",
        Next,
    ),
    (
        "letzte|letzten|letzter|letztes|letztem|vergangene|vergangenen|vergangener|vergangenes|vorige|vorigen|voriger|voriges|vorherige|vorherigen|vorangegangene|verganener",
        Last,
    ),
    ("kommende|kommenden|kommender|kommendes|kommendem", Coming),
    (
        "ubernachste|ubernachsten|ubernachster|ubernachstes|uebernaechste|uebernaechsten|uebernaechster|uebernaechstes|nach dem nachsten|nach der nachsten",
        AfterNext,
    ),
    ("in|im", In),
    (
        "um|gegen|so um|um ca|um circa|um ungefahr|um etwa|um zirka|ca|circa|zirka|ungefahr|etwa|ungefahr um|etwa um|ca um|punktlich um|genau um|so gegen",
        At,
    ),
    ("am|an|den|dem|der|an dem|an einem|zum|auf den|fur den|zu|des", On),
    ("im|in|der|des|vom|von|in der|in dem|in diesem|am|den|in den|an|auf", Of),
    ("der|die|das|den|dem|des", The),
    ("ein|eine|einen|einem|einer|eines", A),
    ("und|plus", And),
    (
        "von|vom|ab|beginnend|beginnend am|von dem|ab dem|fruhestens|fruhstens|fruhestens um|fruehestens|fruhestens am",
        From,
    ),
    (
        "bis|bis zum|bis zu|bis um|auf den|auf|und|bis zur|bis etwa|bis gegen|bis ca|bis den|bis einschliesslich",
        To,
    ),
    ("bis|bis zum|bis zur|bis um|bis spatestens", Until),
    ("zwischen|zwischen dem|irgendwann zwischen", Between),
    ("vor|vor dem|vor der|fruher als|eher als|noch vor", Before),
    ("nach|nach dem|nach der|spater als", After),
    ("spatestens|bis spatestens|spatestens um|spatestens am|spaetestens|bis zum|bis zur", By),
    ("seit|seit dem|seit der|seit letztem", Since),
    (
        "innerhalb von|innerhalb|binnen|innerhalb der nachsten|in den nachsten|wahrend der nachsten|im laufe der nachsten|innert",
        Within,
    ),
    ("wahrend|wahrend des|waehrend|uber|im laufe", During),
    ("fur|fuer|fur etwa|fur ca|fur ungefahr|lang", For),
    ("spater|danach|nachher|hinterher|drauf|darauf|spaeter", Later),
    ("fruher|eher|vorher|davor|zuvor|frueher", Earlier),
    ("her", Ago),
    ("von jetzt an|ab jetzt|von heute an|ab heute", Hence),
    ("nach", Past),
    ("vor", ToHour),
    ("halb", HalfBefore),
    ("halbe|halben|halbes|halber|1 2", Half),
    ("viertel", Quarter),
    ("dreiviertel|drei viertel|3 4", ThreeQuarters),
    ("anderthalb|eineinhalb|ein einhalb|ein und ein halb|einundeinhalb", OneAndHalf),
    ("einhalb|ein halb|und ein halb|ein halbe", AndHalf),
    ("uhr|h", OClock),
    (
        "fruh|morgens|vormittags|am morgen|am vormittag|in der fruh|in der fruhe|frueh|vormittag|am fruhen morgen",
        Meridiem(Half::Am),
    ),
    ("abends|nachmittags|am abend|am nachmittag|nachmittag|abend", Meridiem(Half::Pm)),
    ("etwa|ungefahr|ca|circa|zirka|fast|knapp|rund|gut|so|noch", About),
    ("genau|etwa|punkt|ungefahr|rum|herum|oder so|circa", Ish),
    ("jeden|jede|jedes|jeder|jedem|alle|aller", Every),
    ("zweite|zweiten|zweiter|zweites|andere|anderen", Other),
    ("irgendein|irgendeinen|irgendeine|beliebiger|ein beliebiger|irgendwelche", Any),
    ("irgendwann|zum beispiel|bitte|vielleicht|eventuell|lieber|am besten|gerne|aber|so", Glue),
    ("anfang|beginn|zu beginn|am anfang|anfangs", Begin),
    ("mitte", Middle),
    ("ende|am ende|zum ende|gegen ende|ausgang", End),
    ("fruh|fruhen|fruher|fruhe", Early),
    ("spat|spaten|spater", Late),
    ("rest|der rest|den rest|rest der|den rest der|rest des|den rest des", Rest),
    ("ganze|ganzen|der ganze|die ganze|den ganzen|das ganze|gesamte", Whole),
    ("wochenende|we|wochenend|wochenendes", Weekend),
    ("wochenenden|am wochenende immer|wochenends", Weekends),
    ("werktag|arbeitstag|wochentag", Workday),
    ("werktage|werktags|arbeitstage|wochentags|unter der woche|wochentage|werktagen|arbeitstagen", Workdays),
    (
        "gleiche zeit|zur gleichen zeit|gleiche uhrzeit|zur selben zeit|selbe zeit|um die gleiche zeit|um dieselbe zeit|dieselbe zeit|dieselbe uhrzeit|die gleiche uhrzeit|die gleiche zeit|zur gleichen uhrzeit",
        SameTime,
    ),
    ("am gleichen tag|am selben tag|gleicher tag|an dem tag|an diesem tag", SameDay),
    ("etwas|ein bisschen|ein wenig|bisschen|ein weilchen", Bit),
    ("viertelstunde", Lasting(15)),
    ("dreiviertelstunde", Lasting(45)),
    ("halbstunde", Lasting(30)),
    ("ende des tages|tagesende|feierabend|dienstschluss|geschaftsschluss", EndOf(Unit::Day)),
    ("weitere|weiteren|mehr", More),
    ("paar|ein paar", Number(2)),
    ("einige|einigen|mehrere|mehreren|wenige|wenigen", Number(3)),
    ("vorletzte|vorletzten|vorletzter|vorletztes", Ordinal(-2)),
    ("letzte|letzten|letzter|letztes|letztem", Ordinal(-1)),
    ("guten|gute|gutes|frohe|schonen", Good),
];

const PARTS: &[(&str, Lex)] = &[
    ("sekunde|sekunden|sek|s", Unit(Unit::Second)),
    ("minute|minuten|min|m", Unit(Unit::Minute)),
    ("stunde|stunden|std|h|stdn", Unit(Unit::Hour)),
    ("tag|tage|tagen|tages|nachte|nachten", Unit(Unit::Day)),
    ("woche|wochen|kw|kalenderwoche|kalenderwochen", Unit(Unit::Week)),
    ("monat|monate|monaten|monats", Unit(Unit::Month)),
    ("quartal|quartale|quartalen|quartals", Unit(Unit::Quarter)),
    ("jahr|jahre|jahren|jahres", Unit(Unit::Year)),
    ("jahrzehnt|jahrzehnte", Unit(Unit::Decade)),
    ("jahrhundert|jahrhunderte", Unit(Unit::Century)),
    ("stundlich", Daily(Unit::Hour)),
    ("taglich|taeglich", Daily(Unit::Day)),
    ("wochentlich|woechentlich", Daily(Unit::Week)),
    ("zweiwochentlich|vierzehntaglich|14 taglich", EveryTwoWeeks),
    ("monatlich", Daily(Unit::Month)),
    ("vierteljahrlich|quartalsweise", Daily(Unit::Quarter)),
    ("jahrlich|jaehrlich", Daily(Unit::Year)),
    ("morgengrauen|sonnenaufgang", Pod(Pod::Dawn)),
    ("morgen|morgens|fruh|frueh|in der fruh|in der fruhe", Pod(Pod::Morning)),
    (
        "fruher morgen|fruhen morgen|am fruhen morgen|fruhmorgens|fruh am morgen|fruh morgens",
        Pod(Pod::EarlyMorning),
    ),
    ("als erstes|gleich fruh|gleich morgens|gleich in der fruh|ganz fruh", Pod(Pod::FirstThing)),
    ("vormittag|vormittags|vormittage", Pod(Pod::Morning)),
    ("spater vormittag|spaten vormittag|am spaten vormittag", Pod(Pod::LateMorning)),
    ("mittag|mittagszeit|zu mittag|uber mittag|zur mittagszeit|mittagspause", Pod(Pod::Lunch)),
    ("nach dem mittagessen|nach dem mittag|nach der mittagspause", Pod(Pod::AfterLunch)),
    ("nachmittag|nachmittags", Pod(Pod::Afternoon)),
    ("fruher nachmittag|fruhen nachmittag|am fruhen nachmittag", Pod(Pod::EarlyAfternoon)),
    (
        "spater nachmittag|spaten nachmittag|am spaten nachmittag|spatnachmittag|spatnachmittags|am spatnachmittag|spat nachmittags|spat am nachmittag",
        Pod(Pod::LateAfternoon),
    ),
    ("spat abends|spatabends|spat am abend|spatabend|am spatabend|spater abend", Pod(Pod::LateEvening)),
    ("mal|male|termine|terminen", Times),
    ("ausser|ausgenommen|bis auf", Except),
    ("bis jetzt|bisher|bislang", SoFar),
    ("zweieinhalb", Halves(5)),
    ("dreieinhalb", Halves(7)),
    ("viereinhalb", Halves(9)),
    ("funfeinhalb", Halves(11)),
    ("sechseinhalb", Halves(13)),
    ("nach der arbeit|nach feierabend|nach der schule", Pod(Pod::AfterWork)),
    ("abend|abends", Pod(Pod::Evening)),
    ("fruher abend|fruhen abend|am fruhen abend", Pod(Pod::EarlyEvening)),
    ("spater abend|spaten abend|am spaten abend|spatabends", Pod(Pod::LateEvening)),
    ("nacht|nachts", Pod(Pod::Night)),
    ("fruhstuck", Pod(Pod::Breakfast)),
    ("abendessen", Pod(Pod::Dinner)),
    ("fruhling|fruhjahr|fruehling|fruehjahr", Season(0)),
    ("sommer", Season(1)),
    ("herbst", Season(2)),
    ("winter", Season(3)),
    ("ist|ware|geht|passt|oder|bitte|habe|hatte|ginge|kann|konnte|um|wurde", Follows),
];

const HOLIDAYS: &[(&str, Lex)] = &[
    (
        "weihnachten|weihnachtstag|erster weihnachtstag|ersten weihnachtstag|1 weihnachtstag|weihnachtsfeiertag|erster weihnachtsfeiertag|xmas",
        Holiday(Fixed(12, 25)),
    ),
    (
        "zweiter weihnachtstag|zweiten weihnachtstag|2 weihnachtstag|zweiter weihnachtsfeiertag|zweiten weihnachtsfeiertag|stephanstag",
        Holiday(Fixed(12, 26)),
    ),
    ("heiligabend|heiliger abend|weihnachtsabend|heilig abend", Holiday(Fixed(12, 24))),
    ("silvester|sylvester|silvesterabend", Holiday(Fixed(12, 31))),
    ("neujahr|neujahrstag", Holiday(Fixed(1, 1))),
    ("heilige drei konige|dreikonigstag|dreikonige", Holiday(Fixed(1, 6))),
    ("valentinstag", Holiday(Fixed(2, 14))),
    ("frauentag|weltfrauentag", Holiday(Fixed(3, 8))),
    ("tag der arbeit|maifeiertag|erster mai", Holiday(LabourDay)),
    ("maria himmelfahrt|mariae himmelfahrt", Holiday(Fixed(8, 15))),
    ("tag der deutschen einheit|einheitstag", Holiday(NationalDay)),
    ("osterreichischer nationalfeiertag", Holiday(Fixed(10, 26))),
    ("schweizer bundesfeiertag|bundesfeiertag", Holiday(Fixed(8, 1))),
    ("reformationstag", Holiday(Fixed(10, 31))),
    ("halloween", Holiday(Fixed(10, 31))),
    ("allerheiligen", Holiday(Fixed(11, 1))),
    ("allerseelen", Holiday(Fixed(11, 2))),
    ("martinstag|sankt martin", Holiday(Fixed(11, 11))),
    ("nikolaus|nikolaustag|nikolausabend", Holiday(Fixed(12, 6))),
    ("black friday|schwarzer freitag", Holiday(Nth { n: 4, weekday: 4, month: 11, plus: 1 })),
    ("cyber monday", Holiday(Nth { n: 4, weekday: 4, month: 11, plus: 4 })),
    ("muttertag", Holiday(MothersDay)),
    ("vatertag", Holiday(FathersDay)),
    ("rosenmontag", Holiday(Easter(-48))),
    ("fastnacht|faschingsdienstag|fasching|fastnachtsdienstag", Holiday(Easter(-47))),
    ("aschermittwoch", Holiday(Easter(-46))),
    ("palmsonntag", Holiday(Easter(-7))),
    ("grundonnerstag|gruendonnerstag", Holiday(Easter(-3))),
    ("karfreitag", Holiday(Easter(-2))),
    ("karsamstag|ostersamstag", Holiday(Easter(-1))),
    ("ostern|ostersonntag", Holiday(Easter(0))),
    ("ostermontag", Holiday(Easter(1))),
    ("christi himmelfahrt|himmelfahrt", Holiday(Easter(39))),
    ("pfingsten|pfingstsonntag", Holiday(Easter(49))),
    ("pfingstmontag", Holiday(Easter(50))),
    ("fronleichnam", Holiday(Easter(60))),
    ("erster advent|1 advent|ersten advent", Holiday(Advent(0))),
    ("zweiter advent|2 advent|zweiten advent", Holiday(Advent(7))),
    ("dritter advent|3 advent|dritten advent", Holiday(Advent(14))),
    ("vierter advent|4 advent|vierten advent", Holiday(Advent(21))),
    ("buss und bettag", Holiday(Advent(-11))),
    ("totensonntag", Holiday(Advent(-7))),
    ("volkstrauertag", Holiday(Advent(-14))),
];
