//! English.

use super::Add;
use super::en_holidays::HOLIDAYS;
use crate::natural_time::ast::{Half, Pod, Unit};
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
        if let Some(full) = spellings.split('|').next() {
            add(&format!("{full}s"), Weekdays(index as i8 + 1));
        }
    }
    for (index, spellings) in MONTHS.iter().enumerate() {
        add(spellings, Month(index as i8 + 1));
    }
    numbers(add);
}

const WEEKDAYS: [&str; 7] = [
    "monday|mon|moday|munday",
    "tuesday|tue|tues|tuseday|tusday|tuesady|teusday|tueday",
    "wednesday|wed|weds|wednes|wednsday|wendsday|wensday|wedensday|wednesady",
    "thursday|thu|thur|thurs|thrusday|thursay|thurday|thirsday",
    "friday|fri|firday|fryday|fridya",
    "saturday|sat|satuday|saterday|satarday|satureday",
    "sunday|sun|sundy|suday",
];

const MONTHS: [&str; 12] = [
    "january|jan|janury|januray",
    "february|feb|febuary|feburary|febrary",
    "march|mar",
    "april|apr",
    "may",
    "june|jun",
    "july|jul",
    "august|aug|agust|auguest",
    "september|sept|sep|setpember|septmber|septemeber",
    "october|oct|octobre|ocotber",
    "november|nov|novemeber|novmber",
    "december|dec|decemeber|decmber",
];

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty|fourty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINALS: [&str; 20] = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];

fn numbers(add: Add<'_>) {
    for value in 0..100_i32 {
        for word in spelled(value) {
            add(&word, Number(value));
        }
    }
    for hundreds in 1..10_i32 {
        for word in spelled(hundreds) {
            add(&format!("{word} hundred"), Number(hundreds * 100));
        }
    }
    add("a hundred", Number(100));
    for value in 1..=31_i16 {
        let (tens, ones) = ((value / 10) as usize, (value % 10) as usize);
        if value < 20 {
            add(ORDINALS.get(value as usize).unwrap_or(&""), Ordinal(value));
        } else if ones == 0 {
            add(if tens == 2 { "twentieth" } else { "thirtieth" }, Ordinal(value));
        } else if let (Some(tens), Some(ones)) = (TENS.get(tens), ORDINALS.get(ones)) {
            add(&format!("{tens} {ones}"), Ordinal(value));
        }
    }
    years(add);
}

fn spelled(value: i32) -> Vec<String> {
    let (tens, ones) = ((value / 10) as usize, (value % 10) as usize);
    if value < 20 {
        return vec![(*ONES.get(value as usize).unwrap_or(&"")).to_owned()];
    }
    let tens = TENS.get(tens).unwrap_or(&"").split('|');
    if ones == 0 {
        return tens.map(str::to_owned).collect();
    }
    let ones = ONES.get(ones).unwrap_or(&"");
    tens.flat_map(|tens| [format!("{tens} {ones}"), format!("{tens}{ones}")]).collect()
}

fn years(add: Add<'_>) {
    for value in 0..100_i32 {
        for rest in spelled(value) {
            if value == 0 {
                add("two thousand", Number(2000));
                continue;
            }
            add(&format!("two thousand {rest}|two thousand and {rest}"), Number(2000 + value));
            if value >= 10 {
                add(&format!("twenty {rest}"), Number(2000 + value));
                add(&format!("nineteen {rest}"), Number(1900 + value));
                add(&format!("eighteen {rest}"), Number(1800 + value));
            } else {
                add(&format!("twenty oh {rest}"), Number(2000 + value));
                add(&format!("nineteen oh {rest}"), Number(1900 + value));
            }
        }
    }
}

const WORDS: &[(&str, Lex)] = &[
    (
        "now|right now|just now|at the moment|atm|at this moment|immediately|right away|straight away|currently",
        Now,
    ),
    ("asap|as soon as possible|as soon as you can|at your earliest convenience", Asap),
    ("today|todays|today s|tod|the same day today", Day(0)),
    (
        "tomorrow|tomorrows|tomorrow s|tmrw|tmr|tmrow|tomorow|tommorow|tommorrow|tomorrrow|tomoz|the morrow|2moro|2morrow",
        Day(1),
    ),
    ("yesterday|yesterdays|yesterday s|yday", Day(-1)),
    ("day after tomorrow|day after tmrw|overmorrow", Day(2)),
    ("day before yesterday", Day(-2)),
    ("tonight|tonite|2nite|tonights|tonight s", DayPod(0, Pod::Evening)),
    ("last night|yesterday night", DayPod(-1, Pod::Evening)),
    ("the night before last|night before last", DayPod(-2, Pod::Evening)),
    ("late last night", DayPod(-1, Pod::LateNight)),
    ("late tonight|late tonite", DayPod(0, Pod::LateNight)),
    ("noon|midday|mid day|noontime|12 noon|twelve noon|high noon|noonish|middayish", Noon),
    ("midnight|mid night|12 midnight|twelve midnight", Midnight),
    ("this|current|the current|this current|this present", This),
    ("next|following|the following|this following|nxt|the next", Next),
    ("last|past|previous|prior|trailing|the past|the last|this past|the previous|preceding", Last),
    ("coming|upcoming|this coming|this upcoming|the coming|the upcoming|the nearest|the closest", Coming),
    ("after next|after the next", AfterNext),
    ("in", In),
    (
        "at|at about|at around|at approximately|at roughly|about|around|round about|roughly|approx|approximately|circa|close to|near|towards|toward|at exactly|exactly at|exactly|sharp at|at like|like around|round",
        At,
    ),
    ("on", On),
    ("of|s|in|from|for|within", Of),
    ("the|that", The),
    ("a|an", A),
    ("and|plus|n", And),
    (
        "from|starting|starting from|beginning|starting at|begins at|starts at|from about|from around|starting on|beginning on|as of|as from|effective|on or after|at or after|not until|not till|not before|no earlier than|no sooner than|not earlier than",
        From,
    ),
    (
        "to|til|till|thru|through|until|untill|up to|up until|up till|till about|and until|ending at|to about|to around|right through to|right up to",
        To,
    ),
    ("until|till|til|untill|up until|up to|up till|not after|no later than|not later than", Until),
    ("through|thru|throughout|until and including|up to and including|till and including", Through),
    ("between|in between|any time between|anytime between|sometime between|somewhere between", Between),
    (
        "before|preceding|earlier than|prior to|sooner than|ahead of|any time before|anytime before|sometime before|sometimes before|just before|shortly before|right before|a bit before|a little before",
        Before,
    ),
    (
        "after|later than|following|past|any time after|anytime after|sometime after|after about|just after|shortly after|soon after|right after|a bit after|a little after|some time after",
        After,
    ),
    (
        "by|on or before|at or before|before or on|no later than|not later than|at the latest by|by about|latest by",
        By,
    ),
    ("since|ever since", Since),
    (
        "within|within the next|in the next|inside of|in less than|within about|over the next|inside|in under|during the next|for the next",
        Within,
    ),
    ("during|throughout|over|all through|in the course of|all|for", During),
    (
        "for|lasting|for about|for around|for roughly|for at least|for up to|lasting about|for like|for approximately",
        For,
    ),
    ("ago|back|before now|before today", Ago),
    ("from now|hence|from this moment|from here|time|s time|out from now|away", Hence),
    ("later|after that|afterwards|afterward|after|later than that|after this", Later),
    ("earlier|before that|sooner|before|earlier than that|before this|prior", Earlier),
    ("past|after", Past),
    ("to|til|till|before|of|until", ToHour),
    ("half", Half),
    ("quarter|a quarter|1 4", Quarter),
    ("three quarters|three quarter|3 4", ThreeQuarters),
    ("one and a half|1 and a half", OneAndHalf),
    ("and a half|and an half|and half|1 2", AndHalf),
    ("o clock|oclock|o clocks|hundred hours|hundred|hours|hrs|hr", OClock),
    ("am|a m|in the am|a m in the morning|ante meridiem", Meridiem(Half::Am)),
    ("pm|p m|in the pm|post meridiem", Meridiem(Half::Pm)),
    ("a", Meridiem(Half::Am)),
    ("p", Meridiem(Half::Pm)),
    (
        "about|around|roughly|approximately|approx|nearly|almost|some|like|circa|just over|just under|at least|at most|only|just|another|exactly|probably",
        About,
    ),
    (
        "ish|or so|or thereabouts|approximately|sharp|on the dot|exactly|thereabouts|or something|or around|around|ish or so|on the nose|precisely|prompt",
        Ish,
    ),
    ("every|each|each and every|every single|all", Every),
    ("other|second|alternate|alternating", Other),
    ("any|any of the|some|whichever|one of the|one", Any),
    ("sometime|some time|anytime|any time|at some point|whenever|at any time|sometimes", Glue),
    ("please|instead|preferably|ideally|maybe|perhaps|possibly|or so", Glue),
    ("beginning|the beginning|start|the start|first part|beginnings|top", Begin),
    ("middle|mid|the middle|mid part", Middle),
    ("end|the end|close|tail end|back end|the tail end", End),
    ("early|earlier in|early in|early on|early on in", Early),
    ("late|later in|late in|later on in|later", Late),
    ("rest of|the rest of|remainder of|the remainder of|balance of", Rest),
    ("all|whole|the whole|the entire|entire|full|whole of|the whole of|all of", Whole),
    ("weekend|weekends|week end|wkend|wknd|wkend s", Weekend),
    ("weekends|week ends", Weekends),
    ("weekday|workday|working day|business day|week day|work day", Workday),
    ("weekdays|workdays|working days|business days|week days|work days|m f|m thru f", Workdays),
    ("weeknights|week nights|weeknight|weekday nights|weekday evenings", Weeknights),
    (
        "same time|the same time|that time|that same time|at the same time|at that time|same hour|the same hour|at this time|this time",
        SameTime,
    ),
    ("same day|the same day|that day|that same day|on the same day|on that day", SameDay),
    (
        "a bit|a little|a little bit|slightly|somewhat|something|anything|a tad|a while|somewhere|some time|a touch|much|way|even|any",
        Bit,
    ),
    ("fortnight|fortnights", Fortnight),
    (
        "eod|end of day|the end of the day|end of the day|cob|close of business|end of business|close of day|the end of day|end of play|end of the business day",
        EndOf(Unit::Day),
    ),
    ("eow|week s end|weeks end", EndOf(Unit::Week)),
    ("eom|month end|month s end|months end", EndOf(Unit::Month)),
    ("eoq|quarter end|quarter s end", EndOf(Unit::Quarter)),
    ("eoy|year end|year s end|years end", EndOf(Unit::Year)),
    ("bom", BeginOf(Unit::Month)),
    ("boy", BeginOf(Unit::Year)),
    ("more|additional|extra|further", More),
    ("closest|nearest", Closest),
    ("so far|until now|till now|up to now|to date", SoFar),
    ("year to date|ytd", ToDate(Unit::Year)),
    ("month to date|mtd", ToDate(Unit::Month)),
    ("quarter to date|qtd", ToDate(Unit::Quarter)),
    ("week to date|wtd", ToDate(Unit::Week)),
    ("once", Once),
    ("times|time|x|occurrences|occurrence|occasions|instances|repetitions|sessions", Times),
    (
        "except|except for|excepting|but not|excluding|other than|apart from|aside from|besides|save for|unless",
        Except,
    ),
    ("twice", Twice),
    ("good|happy|merry|nice|great|lovely|wonderful|fantastic|relaxing", Good),
    ("couple|couple of|a couple of|a couple|pair of|a pair of|a pair|coupla|a coupla", Number(2)),
    ("few|a few|several|a handful of", Number(3)),
    ("dozen|a dozen", Number(12)),
    ("half dozen|half a dozen|a half dozen", Number(6)),
    ("last but one|penultimate|second to last|next to last|second last|2 nd last|2nd last", Ordinal(-2)),
    ("third to last|third last|3 rd last|antepenultimate", Ordinal(-3)),
    ("fourth last|4 th last|fourth to last", Ordinal(-4)),
    ("fifth last|5 th last|fifth to last", Ordinal(-5)),
    ("final|very last|last", Ordinal(-1)),
    ("very first", Ordinal(1)),
    ("st|nd|rd|th", Follows),
];

const PARTS: &[(&str, Lex)] = &[
    ("second|seconds|sec|secs|s", Unit(Unit::Second)),
    ("minute|minutes|min|mins|m|minuets", Unit(Unit::Minute)),
    ("hour|hours|hr|hrs|h", Unit(Unit::Hour)),
    ("day|days|calendar day|calendar days|night|nights|d", Unit(Unit::Day)),
    ("week|weeks|wk|wks|week s|weeks s|w", Unit(Unit::Week)),
    ("month|months|mth|mths|mo|mos|month s|calendar month", Unit(Unit::Month)),
    ("quarter|quarters|qtr|qtrs|q", Unit(Unit::Quarter)),
    ("year|years|yr|yrs|year s|y|calendar year|twelvemonth", Unit(Unit::Year)),
    ("decade|decades", Unit(Unit::Decade)),
    ("century|centuries", Unit(Unit::Century)),
    ("noughties|two thousands", Decade(2000)),
    ("nineties|nineteen nineties", Decade(1990)),
    ("eighties|nineteen eighties", Decade(1980)),
    ("seventies|nineteen seventies", Decade(1970)),
    ("sixties|nineteen sixties", Decade(1960)),
    ("fifties|nineteen fifties", Decade(1950)),
    ("forties|nineteen forties", Decade(1940)),
    ("thirties|nineteen thirties", Decade(1930)),
    ("twenties|nineteen twenties|roaring twenties", Decade(1920)),
    ("hourly", Daily(Unit::Hour)),
    ("daily|every day|everyday|day in day out|nightly", Daily(Unit::Day)),
    ("weekly", Daily(Unit::Week)),
    ("biweekly|fortnightly|bi weekly", EveryTwoWeeks),
    ("bimonthly|bi monthly", Periodic(Unit::Month, 2)),
    (
        "semiannually|semi annually|semiannual|semi annual|biannually|bi annually|biannual|half yearly|six monthly",
        Periodic(Unit::Month, 6),
    ),
    ("biennially|biennial|bi yearly|biyearly", Periodic(Unit::Year, 2)),
    ("monthly", Daily(Unit::Month)),
    ("quarterly", Daily(Unit::Quarter)),
    ("yearly|annually|annual", Daily(Unit::Year)),
    ("dawn|daybreak|sunrise|crack of dawn", Pod(Pod::Dawn)),
    ("morning|morn|mornin|morningish|am hours|forenoon", Pod(Pod::Morning)),
    ("mornings", Pods(Pod::Morning)),
    (
        "early morning|early in the morning|early hours of the morning|early hours|wee hours|small hours|earlier in the morning|bright and early",
        Pod(Pod::EarlyMorning),
    ),
    (
        "first thing|first thing in the morning|first thing in the day|start of business|beginning of business|start of the business day",
        Pod(Pod::FirstThing),
    ),
    ("breakfast|breakfast time|breakfasttime", Pod(Pod::Breakfast)),
    ("mid morning|midmorning|middle of the morning|brunch|brunch time", Pod(Pod::MidMorning)),
    ("late morning|late in the morning|later in the morning|end of the morning", Pod(Pod::LateMorning)),
    ("lunch|lunchtime|lunch time|lunch hour|lunchish|over lunch", Pod(Pod::Lunch)),
    ("after lunch|after lunchtime", Pod(Pod::AfterLunch)),
    ("early afternoon|early in the afternoon|start of the afternoon", Pod(Pod::EarlyAfternoon)),
    ("afternoon|afternoonish|arvo|aft|after noon", Pod(Pod::Afternoon)),
    ("afternoons", Pods(Pod::Afternoon)),
    ("mid afternoon|midafternoon|middle of the afternoon|tea time|teatime", Pod(Pod::MidAfternoon)),
    (
        "late afternoon|late in the afternoon|later in the afternoon|end of the afternoon",
        Pod(Pod::LateAfternoon),
    ),
    ("after school", Pod(Pod::AfterSchool)),
    ("after work|after office hours|after hours", Pod(Pod::AfterWork)),
    ("dinner|dinnertime|dinner time|supper|suppertime|supper time", Pod(Pod::Dinner)),
    ("early evening|early in the evening|dusk|sunset|sundown|nightfall|twilight", Pod(Pod::EarlyEvening)),
    ("evening|evenin|eveningish", Pod(Pod::Evening)),
    ("evenings", Pods(Pod::Evening)),
    ("late evening|late in the evening", Pod(Pod::LateEvening)),
    ("night|nighttime|night time|nite", Pod(Pod::Night)),
    ("nights", Pods(Pod::Night)),
    ("late night|late at night|late in the night|late nite", Pod(Pod::LateNight)),
    ("business hours|working hours|office hours|opening hours", Pod(Pod::BusinessHours)),
    ("spring|springtime|spring time", Season(0)),
    ("summer|summertime|summer time", Season(1)),
    ("autumn|fall", Season(2)),
    ("winter|wintertime|winter time", Season(3)),
    (
        "is|are|was|works|would|will|if|please|or|but|if possible|if that|could|can|sounds|suits|looks|should|might|then|instead|about|sometime|anytime|too|also|either|has|does|when|since|because|so|thanks|thank|pls|work|works|good|great|fine|ok|okay|for",
        Follows,
    ),
];
