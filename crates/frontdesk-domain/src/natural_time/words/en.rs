//! English.

use super::Add;
use crate::natural_time::ast::{Half, Pod, Unit};
use crate::natural_time::holiday::Holiday::{
    Advent, Diwali, Easter, FathersDay, Fixed, Hanukkah, Islamic, LabourDay, LunarNewYear, MemorialDay,
    MothersDay, NationalDay, NearestWorkday, Nth, OnOrBefore, OrthodoxEaster, Passover, RoshHashanah,
    ThanksgivingDay,
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
    "monday|mon",
    "tuesday|tue|tues",
    "wednesday|wed|weds|wednes",
    "thursday|thu|thur|thurs",
    "friday|fri",
    "saturday|sat",
    "sunday|sun",
];

const MONTHS: [&str; 12] = [
    "january|jan",
    "february|feb|febuary",
    "march|mar",
    "april|apr",
    "may",
    "june|jun",
    "july|jul",
    "august|aug",
    "september|sept|sep",
    "october|oct",
    "november|nov",
    "december|dec",
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
    ("late last night", DayPod(-1, Pod::LateNight)),
    ("late tonight|late tonite", DayPod(0, Pod::LateNight)),
    ("noon|midday|mid day|noontime|12 noon|twelve noon|high noon|noonish|middayish", Noon),
    ("midnight|mid night|12 midnight|twelve midnight", Midnight),
    ("this|current|the current|this current|this present", This),
    ("next|following|the following|this following|nxt|the next", Next),
    ("last|past|previous|prior|the past|the last|this past|the previous|preceding", Last),
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
        "from|starting|starting from|beginning|starting at|begins at|starts at|from about|from around|starting on|beginning on|as of|as from|effective",
        From,
    ),
    (
        "to|til|till|thru|through|until|untill|up to|up until|up till|till about|and until|ending at|to about|to around|right through to|right up to",
        To,
    ),
    ("until|till|til|untill|up until|up to|up till|not after|no later than|not later than", Until),
    ("through|thru|throughout", Through),
    ("between|in between|any time between|anytime between|sometime between|somewhere between", Between),
    (
        "before|earlier than|prior to|sooner than|ahead of|any time before|anytime before|sometime before|sometimes before",
        Before,
    ),
    (
        "after|later than|following|past|any time after|anytime after|sometime after|not before|no earlier than|no sooner than|after about",
        After,
    ),
    ("by|no later than|not later than|at the latest by|by about|latest by", By),
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
    ("earlier|before that|sooner|before|earlier than that|before this", Earlier),
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
    ("any|any of the|some|whichever|one of the", Any),
    ("sometime|some time|anytime|any time|at some point|whenever|at any time|sometimes", Glue),
    ("please|instead|preferably|ideally|maybe|perhaps|possibly|or so", Glue),
    ("beginning|the beginning|start|the start|first part|beginnings|top", Begin),
    ("middle|mid|the middle|mid part", Middle),
    ("end|the end|close|ending|tail end|back end|the tail end", End),
    ("early|earlier in|early in|early on|early on in", Early),
    ("late|later in|late in|later on in|later", Late),
    ("rest of|the rest of|remainder of|the remainder of|balance of", Rest),
    ("all|whole|the whole|the entire|entire|full|whole of|the whole of|all of", Whole),
    ("weekend|weekends|week end|wkend|wknd|wkend s", Weekend),
    ("weekends|week ends", Weekends),
    ("weekday|workday|working day|business day|week day|work day", Workday),
    ("weekdays|workdays|working days|business days|week days|work days", Workdays),
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
    ("eow", EndOf(Unit::Week)),
    ("eom", EndOf(Unit::Month)),
    ("eoq", EndOf(Unit::Quarter)),
    ("eoy", EndOf(Unit::Year)),
    ("bom", BeginOf(Unit::Month)),
    ("boy", BeginOf(Unit::Year)),
    ("more|additional|extra|further", More),
    ("closest|nearest", Closest),
    ("once", Once),
    ("twice", Twice),
    ("good|happy|merry", Good),
    ("couple|couple of|a couple of|a couple|pair of|a pair of|a pair|coupla|a coupla", Number(2)),
    ("few|a few|several|a handful of", Number(3)),
    ("dozen|a dozen", Number(12)),
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
    ("hourly", Daily(Unit::Hour)),
    ("daily|every day|everyday|day in day out|nightly", Daily(Unit::Day)),
    ("weekly", Daily(Unit::Week)),
    ("biweekly|fortnightly|bi weekly", EveryTwoWeeks),
    ("monthly", Daily(Unit::Month)),
    ("quarterly", Daily(Unit::Quarter)),
    ("yearly|annually|annual", Daily(Unit::Year)),
    ("dawn|daybreak|sunrise|crack of dawn", Pod(Pod::Dawn)),
    ("morning|morn|mornin|morningish|am hours", Pod(Pod::Morning)),
    ("mornings", Pods(Pod::Morning)),
    (
        "early morning|early in the morning|early hours of the morning|early hours|wee hours|small hours|earlier in the morning|bright and early",
        Pod(Pod::EarlyMorning),
    ),
    ("first thing|first thing in the morning|first thing in the day", Pod(Pod::FirstThing)),
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
    ("early evening|early in the evening", Pod(Pod::EarlyEvening)),
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

const HOLIDAYS: &[(&str, Lex)] = &[
    (
        "chinese new year|lunar new year|chinese lunar new year|chinese new years|chinese new year s day|lunar new year s day|chinese lunar new year s day|spring festival|tet",
        Holiday(LunarNewYear),
    ),
    ("rosh hashanah|rosh hashana|rosh ha shanah|jewish new year|yom teruah", Holiday(RoshHashanah(0))),
    ("yom kippur|day of atonement", Holiday(RoshHashanah(9))),
    ("sukkot|sukkos|feast of tabernacles|feast of booths", Holiday(RoshHashanah(14))),
    ("simchat torah|simhat torah", Holiday(RoshHashanah(22))),
    ("shemini atzeret", Holiday(RoshHashanah(21))),
    ("hanukkah|chanukah|hanukah|hannukah|chanukkah|first day of hanukkah", Holiday(Hanukkah(0))),
    ("purim", Holiday(Passover(-30))),
    ("passover|pesach|passover day", Holiday(Passover(0))),
    ("shavuot|feast of weeks", Holiday(Passover(50))),
    ("lag baomer|lag b omer", Holiday(Passover(32))),
    ("tisha b av", Holiday(Passover(112))),
    ("ramadan|ramazan|ramzan|start of ramadan", Holiday(Islamic(9, 1))),
    ("eid|eid al fitr|eid ul fitr|eid alfitr|eid el fitr|end of ramadan", Holiday(Islamic(10, 1))),
    (
        "eid al adha|eid ul adha|eid el adha|feast of the sacrifice|bakrid|id ul adha|bakr id|sacrifice feast",
        Holiday(Islamic(12, 10)),
    ),
    ("ashura|day of ashura", Holiday(Islamic(1, 10))),
    ("islamic new year|hijri new year", Holiday(Islamic(1, 1))),
    ("mawlid|mawlid al nabawi|milad un nabi", Holiday(Islamic(3, 12))),
    ("laylat al qadr|night of power", Holiday(Islamic(9, 27))),
    ("isra and mi raj|isra and miraj|night journey", Holiday(Islamic(7, 27))),
    ("vaisakhi|baisakhi", Holiday(Fixed(4, 14))),
    ("diwali|deepavali|divali|festival of lights", Holiday(Diwali(0))),
    ("dhanteras", Holiday(Diwali(-2))),
    ("bhai dooj", Holiday(Diwali(2))),
    ("christmas|xmas|christmas day|xmas day|x mas|christmastime", Holiday(Fixed(12, 25))),
    ("christmas eve|xmas eve", Holiday(Fixed(12, 24))),
    ("boxing day|st stephens day|saint stephens day|st stephen s day", Holiday(Fixed(12, 26))),
    ("new year s eve|new years eve|new year eve|nye|silvester|hogmanay", Holiday(Fixed(12, 31))),
    ("new year s day|new years day|new year s|new years|new year day|new year", Holiday(Fixed(1, 1))),
    ("epiphany|three kings day|twelfth night", Holiday(Fixed(1, 6))),
    (
        "valentine s day|valentines day|valentine day|valentine s|valentines|saint valentine s day|st valentine s day",
        Holiday(Fixed(2, 14)),
    ),
    ("groundhog day|ground hog day", Holiday(Fixed(2, 2))),
    (
        "st patrick s day|st patricks day|saint patrick s day|saint patricks day|st paddy s day|st paddys day|saint paddy s day|paddy s day|st pattys day|st patrick day",
        Holiday(Fixed(3, 17)),
    ),
    (
        "april fools|april fools day|april fool s day|april fool day|april fool s|all fools day",
        Holiday(Fixed(4, 1)),
    ),
    ("earth day", Holiday(Fixed(4, 22))),
    ("may day|mayday|workers day|international workers day", Holiday(Fixed(5, 1))),
    ("cinco de mayo", Holiday(Fixed(5, 5))),
    ("star wars day", Holiday(Fixed(5, 4))),
    ("juneteenth|emancipation day", Holiday(Fixed(6, 19))),
    ("canada day", Holiday(Fixed(7, 1))),
    ("independence day|fourth of july|us independence day", Holiday(NationalDay)),
    ("bastille day", Holiday(Fixed(7, 14))),
    ("halloween|hallowe en|halloween day|halloween night", Holiday(Fixed(10, 31))),
    ("all saints day|all saints|all hallows|all saints s day|world vegan day", Holiday(Fixed(11, 1))),
    ("all souls day|all souls|day of the dead", Holiday(Fixed(11, 2))),
    ("guy fawkes|guy fawkes night|guy fawkes day|bonfire night|fireworks night", Holiday(Fixed(11, 5))),
    ("veterans day|veteran s day|armistice day|remembrance day|veteran day", Holiday(Fixed(11, 11))),
    ("pi day", Holiday(Fixed(3, 14))),
    ("international women s day|women s day|womens day", Holiday(Fixed(3, 8))),
    ("st george s day|st georges day", Holiday(Fixed(4, 23))),
    ("st andrew s day|st andrews day", Holiday(Fixed(11, 30))),
    ("st david s day|st davids day", Holiday(Fixed(3, 1))),
    ("anzac day", Holiday(Fixed(4, 25))),
    ("australia day", Holiday(Fixed(1, 26))),
    ("tax day", Holiday(Fixed(4, 15))),
    ("flag day", Holiday(Fixed(6, 14))),
    ("kwanzaa", Holiday(Fixed(12, 26))),
    ("ides of march|the ides of march", Holiday(Fixed(3, 15))),
    (
        "mlk day|mlk|martin luther king day|martin luther king s day|martin luther king jr day|martin luther kings day|mlk jr day|mlk jr|civil rights day|martin luther king",
        Holiday(Nth { n: 3, weekday: 1, month: 1, plus: 0 }),
    ),
    (
        "presidents day|president s day|presidents s day|washington s birthday|washingtons birthday",
        Holiday(Nth { n: 3, weekday: 1, month: 2, plus: 0 }),
    ),
    ("memorial day|decoration day", Holiday(MemorialDay)),
    ("labor day|labour day", Holiday(LabourDay)),
    (
        "columbus day|indigenous peoples day|indigenous people s day",
        Holiday(Nth { n: 2, weekday: 1, month: 10, plus: 0 }),
    ),
    ("thanksgiving|thanksgiving day|turkey day", Holiday(ThanksgivingDay)),
    ("black friday", Holiday(Nth { n: 4, weekday: 4, month: 11, plus: 1 })),
    ("small business saturday", Holiday(Nth { n: 4, weekday: 4, month: 11, plus: 2 })),
    ("cyber monday", Holiday(Nth { n: 4, weekday: 4, month: 11, plus: 4 })),
    ("giving tuesday", Holiday(Nth { n: 4, weekday: 4, month: 11, plus: 5 })),
    ("super bowl sunday|superbowl sunday|super bowl", Holiday(Nth { n: 2, weekday: 7, month: 2, plus: 0 })),
    ("election day", Holiday(Nth { n: 1, weekday: 1, month: 11, plus: 1 })),
    ("mother s day|mothers day|mother day|mothering sunday", Holiday(MothersDay)),
    ("father s day|fathers day|father day", Holiday(FathersDay)),
    ("parents day|parent s day", Holiday(Nth { n: 4, weekday: 7, month: 7, plus: 0 })),
    ("grandparents day|grandparent s day", Holiday(Nth { n: 1, weekday: 1, month: 9, plus: 6 })),
    ("boss s day|boss day|bosses day|boss s", Holiday(NearestWorkday(10, 16))),
    (
        "administrative professionals day|secretaries day|admin day|secretary s day",
        Holiday(Nth { n: -1, weekday: 6, month: 4, plus: -3 }),
    ),
    ("victoria day", Holiday(OnOrBefore { weekday: 1, month: 5, day: 24 })),
    ("mardi gras|shrove tuesday|pancake day|pancake tuesday|fat tuesday", Holiday(Easter(-47))),
    ("ash wednesday", Holiday(Easter(-46))),
    ("palm sunday|branch sunday", Holiday(Easter(-7))),
    (
        "maundy thursday|holy thursday|covenant thursday|covenant thu|thursday of mysteries|thu of mysteries",
        Holiday(Easter(-3)),
    ),
    ("good friday|holy friday", Holiday(Easter(-2))),
    ("holy saturday|black saturday|easter saturday", Holiday(Easter(-1))),
    ("easter|easter sunday|easter day", Holiday(Easter(0))),
    ("easter monday|easter mon", Holiday(Easter(1))),
    ("ascension day|ascension thursday|ascension", Holiday(Easter(39))),
    ("pentecost|whitsun|whit sunday|white sunday|whitsunday", Holiday(Easter(49))),
    ("whit monday|pentecost monday|monday of the holy spirit", Holiday(Easter(50))),
    ("trinity sunday", Holiday(Easter(56))),
    ("corpus christi|feast of corpus christi", Holiday(Easter(60))),
    ("orthodox easter|orthodox easter sunday", Holiday(OrthodoxEaster(0))),
    ("orthodox good friday|orthodox great friday", Holiday(OrthodoxEaster(-2))),
    ("orthodox easter monday", Holiday(OrthodoxEaster(1))),
    ("clean monday|orthodox shrove monday|ash monday", Holiday(OrthodoxEaster(-48))),
    ("lazarus saturday", Holiday(OrthodoxEaster(-8))),
    ("advent|first advent|advent sunday|first sunday of advent", Holiday(Advent(0))),
    ("bank holiday monday", Holiday(Nth { n: -1, weekday: 1, month: 8, plus: 0 })),
    ("king s day|kings day|koningsdag", Holiday(Fixed(4, 27))),
    ("stress awareness day|st jean baptiste day", Holiday(Fixed(6, 24))),
];
