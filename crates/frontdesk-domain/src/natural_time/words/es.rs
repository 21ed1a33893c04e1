//! Spanish.

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
        add(spellings, Weekday(index as i8 + 1));
    }
    add("los lunes|todos los lunes", Weekdays(1));
    add("los martes|todos los martes", Weekdays(2));
    add("los miercoles|todos los miercoles", Weekdays(3));
    add("los jueves|todos los jueves", Weekdays(4));
    add("los viernes|todos los viernes", Weekdays(5));
    add("los sabados|todos los sabados|sabados", Weekdays(6));
    add("los domingos|todos los domingos|domingos", Weekdays(7));
    for (index, spellings) in MONTHS.iter().enumerate() {
        add(spellings, Month(index as i8 + 1));
    }
    numbers(add);
}

const WEEKDAYS: [&str; 7] = [
    "lunes|lun|lu",
    "martes|mar|ma",
    "miercoles|mie|mier|mi|mx",
    "jueves|jue|jeu|ju",
    "viernes|vie|vi",
    "sabado|sab|sa",
    "domingo|dom|do",
];

const MONTHS: [&str; 12] = [
    "enero|ene",
    "febrero|feb",
    "marzo|mar",
    "abril|abr",
    "mayo|may",
    "junio|jun",
    "julio|jul",
    "agosto|ago",
    "septiembre|setiembre|sept|sep|set",
    "octubre|oct",
    "noviembre|nov",
    "diciembre|dic",
];

const ONES: [&str; 30] = [
    "cero",
    "uno|un|una",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciseis|diez y seis",
    "diecisiete|diez y siete",
    "dieciocho|diez y ocho",
    "diecinueve|diez y nueve",
    "veinte",
    "veintiuno|veintiun|veintiuna|veinte y uno",
    "veintidos|veinte y dos",
    "veintitres|veinte y tres",
    "veinticuatro|veinte y cuatro",
    "veinticinco|veinte y cinco",
    "veintiseis|veinte y seis",
    "veintisiete|veinte y siete",
    "veintiocho|veinte y ocho",
    "veintinueve|veinte y nueve",
];
const TENS: [&str; 10] =
    ["", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"];

fn numbers(add: Add<'_>) {
    for value in 0..100_i32 {
        let (tens, ones) = ((value / 10) as usize, (value % 10) as usize);
        if let Some(words) = ONES.get(value as usize) {
            add(words, Number(value));
        } else if let (Some(tens), Some(words)) = (TENS.get(tens), ONES.get(ones)) {
            if ones == 0 {
                add(tens, Number(value));
            } else {
                for one in words.split('|') {
                    add(&format!("{tens} y {one}"), Number(value));
                }
            }
        }
    }
    add("cien|ciento", Number(100));
    for (rest, words) in ONES.iter().enumerate() {
        for word in words.split('|') {
            if rest == 0 {
                add("dos mil", Number(2000));
            } else {
                add(&format!("dos mil {word}"), Number(2000 + rest as i32));
            }
        }
    }
    let ordinals = [
        "primero|primer|primera|1 ro|1 er|1 o|1 ra",
        "segundo|segunda|2 o|2 da|2 do",
        "tercero|tercer|tercera|3 o|3 er",
        "cuarto|cuarta|4 o|4 to",
        "quinto|quinta|5 o",
        "sexto|sexta",
        "septimo|septima",
        "octavo|octava",
        "noveno|novena",
        "decimo|decima",
    ];
    for (index, words) in ordinals.iter().enumerate() {
        add(words, Ordinal(index as i16 + 1));
    }
}

const WORDS: &[(&str, Lex)] = &[
    ("ahora|ahorita|ya|ahora mismo|ya mismo|en este momento|inmediatamente|enseguida|ahora ya", Now),
    ("cuanto antes|lo antes posible|lo mas pronto posible|tan pronto como sea posible", Asap),
    ("hoy|hoy dia|el dia de hoy|hoy mismo", Day(0)),
    ("manana|el dia de manana|el dia siguiente", Day(1)),
    ("ayer", Day(-1)),
    ("pasado manana|pasadomanana", Day(2)),
    ("anteayer|antier|antes de ayer|antes de anoche", Day(-2)),
    ("anoche|ayer noche|ayer por la noche", DayPod(-1, Pod::Night)),
    ("esta noche", DayPod(0, Pod::Night)),
    ("mediodia|medio dia|el mediodia|al mediodia|a mediodia|las doce del mediodia", Noon),
    ("medianoche|media noche|la medianoche|a medianoche", Midnight),
    ("este|esta|estos|estas|el presente|la presente|el actual|este mismo|actual", This),
    (
        "proximo|proxima|proximos|proximas|que viene|que vienen|siguiente|siguientes|entrante|que entra|que sigue|viene",
        Next,
    ),
    (
        "pasado|pasada|pasados|pasadas|ultimo|ultima|ultimos|ultimas|anterior|anteriores|previo|previa|previos|previas",
        Last,
    ),
    ("dentro de|de aqui a|de aca a|en|de hoy en", In),
    (
        "a las|a la|a|sobre las|sobre la|hacia las|hacia la|las|la|como a las|a eso de las|a eso de la|alrededor de las|alrededor de la|cerca de las|mas o menos a las|aproximadamente a las|tipo|para las|desde las",
        At,
    ),
    ("el|el dia|los|para el|en el|en la|en", On),
    ("de|del|de la|de los|de este|de las|en|en el|a|para|de el", Of),
    ("el|la|los|las|el dia|lo", The),
    ("un|una|unos|unas", A),
    ("y|e|mas", And),
    (
        "de|desde|del|desde el|desde las|desde la|de las|de la|a partir de|a partir del|a partir de las|comenzando|empezando",
        From,
    ),
    ("a|al|hasta|hasta el|hasta las|hasta la|a las|a la|y las|y el", To),
    ("hasta|hasta el|hasta las|hasta la|hasta los", Until),
    ("entre|entre el|entre las|entre la|entre los", Between),
    ("antes de|antes del|antes de las|antes de la|antes de los", Before),
    (
        "despues de|despues del|despues de las|despues de la|tras|tras el|pasado el|pasadas las|mas tarde de las|luego de|luego del|luego de las",
        After,
    ),
    ("para antes de|para|antes de|no mas tarde de|a mas tardar|a mas tardar el|como muy tarde", By),
    ("desde|desde el|desde la|desde las", Since),
    ("en menos de|en los proximos|en las proximas|en el plazo de|durante los proximos", Within),
    ("durante|durante el|durante la|todo|por|a lo largo de", During),
    ("durante|por|por unos|por unas|de duracion", For),
    ("atras", Ago),
    ("hace|hace unos|hace unas|hace como", Lex::Before),
    ("despues|mas tarde|luego|mas adelante", Later),
    ("antes|mas temprano|mas pronto", Earlier),
    ("y media", AndHalf),
    ("media|medio", Half),
    ("y cuarto|cuarto|un cuarto", Quarter),
    ("tres cuartos|3 4", ThreeQuarters),
    ("hora y media|una hora y media", OneAndHalf),
    ("menos", ToHour),
    ("horas|hrs|hs|hora|h|en punto", OClock),
    ("am|a m|de la manana|en la manana|por la manana|de la madrugada", Meridiem(Half::Am)),
    (
        "pm|p m|de la tarde|de la noche|en la tarde|por la tarde|por la noche|en la noche|del mediodia",
        Meridiem(Half::Pm),
    ),
    ("aproximadamente|mas o menos|unos|unas|casi|como|alrededor de|sobre|cerca de", About),
    ("en punto|aproximadamente|mas o menos|o asi|y pico", Ish),
    ("cada|todos los|todas las|todo|toda", Every),
    ("por medio", Other),
    ("cualquier|alguna|algun|cualquiera de los", Any),
    ("por ejemplo|quizas|tal vez|por favor|mejor|en algun momento|a cualquier hora|digamos", Glue),
    (
        "principios|principio|inicios|inicio|comienzo|comienzos|a principios|al principio|a principio|a inicios|al inicio|a comienzos|al comienzo|primeros",
        Begin,
    ),
    ("mediados|a mediados|a mitad|mitad", Middle),
    ("finales|final|fin|fines|a finales|al final|a fin|a fines|ultimos", End),
    ("temprano", Early),
    ("tarde", Late),
    ("resto de|el resto de|lo que queda de|resto del|el resto del|lo que queda del", Rest),
    ("todo el|toda la|todo|toda", Whole),
    ("fin de semana|finde|fin de sem|fines de semana|weekend|el finde", Weekend),
    ("los fines de semana|todos los fines de semana", Weekends),
    ("dia laborable|dia habil|dia de semana|dia laboral", Workday),
    ("entre semana|dias laborables|dias habiles|dias de semana", Workdays),
    ("misma hora|a la misma hora|la misma hora|mismo horario|a esa hora|esa hora", SameTime),
    ("mismo dia|el mismo dia|ese dia|ese mismo dia", SameDay),
    ("un poco|un poquito|algo|un rato", Bit),
    ("quincena|quince dias", Fortnight),
    ("primeros|primeras", Ordinal(1)),
    ("ultimos|ultimas", Ordinal(-1)),
    ("veces|vez|sesiones", Times),
    ("excepto|menos|salvo|a excepcion de", Except),
    ("hasta ahora|hasta el momento", SoFar),
    ("fin del dia|final del dia|cierre del dia", EndOf(Unit::Day)),
    ("mas", More),
    ("un par de|par de|unos cuantos|unas cuantas", Number(2)),
    ("unos pocos|unas pocas|pocos|pocas|algunos|algunas|varios|varias", Number(3)),
    ("penultimo|penultima", Ordinal(-2)),
    ("ultimo|ultima", Ordinal(-1)),
    ("buenos|buenas|feliz", Good),
];

const PARTS: &[(&str, Lex)] = &[
    ("segundo|segundos|seg|segs|s", Unit(Unit::Second)),
    ("minuto|minutos|min|mins|m", Unit(Unit::Minute)),
    ("hora|horas|h|hs|hrs", Unit(Unit::Hour)),
    ("dia|dias|noche|noches", Unit(Unit::Day)),
    ("semana|semanas|sem", Unit(Unit::Week)),
    ("mes|meses", Unit(Unit::Month)),
    ("trimestre|trimestres", Unit(Unit::Quarter)),
    ("ano|anos", Unit(Unit::Year)),
    ("decada|decadas", Unit(Unit::Decade)),
    ("siglo|siglos", Unit(Unit::Century)),
    ("diariamente|a diario|diario", Daily(Unit::Day)),
    ("semanalmente|semanal", Daily(Unit::Week)),
    ("quincenal|quincenalmente", EveryTwoWeeks),
    ("mensualmente|mensual", Daily(Unit::Month)),
    ("anualmente|anual", Daily(Unit::Year)),
    ("madrugada|la madrugada", Pod(Pod::Dawn)),
    ("manana|mananita", Pod(Pod::Morning)),
    ("mananas", Pods(Pod::Morning)),
    (
        "primera hora|a primera hora|primera hora de la manana|a primera hora de la manana",
        Pod(Pod::FirstThing),
    ),
    ("temprano|temprano por la manana|temprano en la manana|muy temprano", Pod(Pod::EarlyMorning)),
    ("media manana", Pod(Pod::MidMorning)),
    ("almuerzo|la hora de comer|hora de comer|comida|hora del almuerzo", Pod(Pod::Lunch)),
    ("despues de comer|despues del almuerzo", Pod(Pod::AfterLunch)),
    ("despues del trabajo", Pod(Pod::AfterWork)),
    ("tarde|tardecita", Pod(Pod::Afternoon)),
    ("tardes", Pods(Pod::Afternoon)),
    ("media tarde", Pod(Pod::MidAfternoon)),
    ("ultima hora de la tarde|a ultima hora de la tarde|final de la tarde", Pod(Pod::LateAfternoon)),
    ("desayuno", Pod(Pod::Breakfast)),
    ("cena", Pod(Pod::Dinner)),
    ("noche|nochecita", Pod(Pod::Night)),
    ("noches", Pods(Pod::Night)),
    ("primavera", Season(0)),
    ("verano", Season(1)),
    ("otono", Season(2)),
    ("invierno", Season(3)),
    ("me|nos|podria|puede|es|seria|esta|si|o|pero|entonces|va|viene", Follows),
];

const HOLIDAYS: &[(&str, Lex)] = &[
    ("navidad|navidades|dia de navidad|la navidad", Holiday(Fixed(12, 25))),
    ("nochebuena|noche buena", Holiday(Fixed(12, 24))),
    ("nochevieja|noche vieja|fin de ano|ano viejo", Holiday(Fixed(12, 31))),
    ("ano nuevo|dia de ano nuevo|primero de ano", Holiday(Fixed(1, 1))),
    ("reyes|dia de reyes|reyes magos|epifania|dia de los reyes magos", Holiday(Fixed(1, 6))),
    ("san valentin|dia de san valentin|dia de los enamorados", Holiday(Fixed(2, 14))),
    ("dia de la mujer", Holiday(Fixed(3, 8))),
    ("san jose", Holiday(Fixed(3, 19))),
    ("sant jordi", Holiday(Fixed(4, 23))),
    ("san juan|noche de san juan", Holiday(Fixed(6, 24))),
    ("dia del trabajo|dia del trabajador|dia de los trabajadores|primero de mayo", Holiday(LabourDay)),
    ("cinco de mayo", Holiday(Fixed(5, 5))),
    ("asuncion|la asuncion", Holiday(Fixed(8, 15))),
    ("fiesta nacional|dia de la hispanidad|dia del pilar|el pilar", Holiday(NationalDay)),
    ("halloween", Holiday(Fixed(10, 31))),
    ("todos los santos|dia de todos los santos", Holiday(Fixed(11, 1))),
    ("dia de muertos|dia de los muertos|dia de los difuntos", Holiday(Fixed(11, 2))),
    ("dia de la constitucion", Holiday(Fixed(12, 6))),
    ("inmaculada|la inmaculada|inmaculada concepcion", Holiday(Fixed(12, 8))),
    ("santos inocentes|dia de los inocentes|dia de los santos inocentes", Holiday(Fixed(12, 28))),
    ("viernes negro|black friday", Holiday(Nth { n: 4, weekday: 4, month: 11, plus: 1 })),
    ("cyber monday", Holiday(Nth { n: 4, weekday: 4, month: 11, plus: 4 })),
    ("dia de accion de gracias|accion de gracias", Holiday(Nth { n: 4, weekday: 4, month: 11, plus: 0 })),
    ("dia de la madre", Holiday(MothersDay)),
    ("dia del padre", Holiday(FathersDay)),
    ("martes de carnaval|carnaval", Holiday(Easter(-47))),
    ("miercoles de ceniza", Holiday(Easter(-46))),
    ("domingo de ramos", Holiday(Easter(-7))),
    ("jueves santo", Holiday(Easter(-3))),
    ("viernes santo", Holiday(Easter(-2))),
    ("sabado santo", Holiday(Easter(-1))),
    ("pascua|domingo de pascua|domingo de resurreccion|domingo de gloria", Holiday(Easter(0))),
    ("lunes de pascua", Holiday(Easter(1))),
    ("pentecostes", Holiday(Easter(49))),
    ("corpus christi|corpus", Holiday(Easter(60))),
];
