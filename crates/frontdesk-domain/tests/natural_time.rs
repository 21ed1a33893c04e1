//! Natural-language time against corpora of phrases, random text, and every time zone's clock changes.
//!
//! A corpus line is `kind grain start [end] :: phrase | phrase`, dates without their zero time; `#` lines set the
//! scene. To add a phrase, add it to a file in `data/`.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests unwrap, and say how much they read")]

use frontdesk_domain::natural_time::{Kind, Locale, Match, Request, read};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use proptest::prelude::*;

struct Scene {
    now: Timestamp,
    zone: TimeZone,
    locale: Locale,
    business_hours: Option<(u8, u8)>,
    previous: Option<Timestamp>,
}

impl Scene {
    fn new(now: &str, zone: &str, locale: &str) -> Self {
        let zone = TimeZone::get(zone).unwrap();
        let at = |text: &str| {
            text.parse::<jiff::civil::DateTime>().unwrap().to_zoned(zone.clone()).unwrap().timestamp()
        };
        Self {
            now: at(now),
            locale: Locale::parse(locale),
            business_hours: None,
            previous: None,
            zone: zone.clone(),
        }
    }

    fn read(&self, text: &str) -> Vec<Match> {
        read(&Request {
            text,
            now: self.now,
            zone: &self.zone,
            locale: self.locale.clone(),
            business_hours: self.business_hours,
            previous: self.previous,
        })
    }

    /// `# now=2027-03-10T09:30 zone=America/Chicago locale=en-US business-hours=9-17 previous=2027-03-11T14:00`
    fn set(&mut self, line: &str) {
        let at = |text: &str, zone: &TimeZone| {
            text.parse::<jiff::civil::DateTime>().unwrap().to_zoned(zone.clone()).unwrap().timestamp()
        };
        self.business_hours = None;
        self.previous = None;
        let options =
            line.trim_start_matches('#').split_whitespace().filter_map(|option| option.split_once('='));
        for (key, value) in options {
            match key {
                "zone" => {}
                "locale" => self.locale = Locale::parse(value),
                "now" => self.now = at(value, &self.zone),
                "previous" => self.previous = Some(at(value, &self.zone)),
                "business-hours" => {
                    let (from, to) = value.split_once('-').unwrap();
                    self.business_hours = Some((from.parse().unwrap(), to.parse().unwrap()));
                }
                other => panic!("no such option: {other}"),
            }
        }
    }
}

fn short(instant: Option<&Zoned>) -> String {
    let Some(instant) = instant else { return "..".to_owned() };
    let (hour, minute, second) = (instant.hour(), instant.minute(), instant.second());
    let day = instant.strftime("%Y-%m-%d");
    match (hour, minute, second) {
        (0, 0, 0) => day.to_string(),
        (_, 0, 0) => format!("{day}T{hour:02}"),
        (_, _, 0) => format!("{day}T{hour:02}:{minute:02}"),
        _ => format!("{day}T{hour:02}:{minute:02}:{second:02}"),
    }
}

fn told(found: &Match) -> String {
    let grain = format!("{:?}", found.grain).to_lowercase();
    match found.kind {
        Kind::Instant => format!("instant {grain} {}", short(found.start.as_ref())),
        Kind::Range => format!("range {grain} {} {}", short(found.start.as_ref()), short(found.end.as_ref())),
        Kind::Duration => format!("duration {}", found.duration.as_deref().unwrap_or_default()),
        Kind::Set => {
            let end = found.end.as_ref().map(|end| format!(" {}", short(Some(end)))).unwrap_or_default();
            format!(
                "set {grain} {}{end} {}",
                short(found.start.as_ref()),
                found.rrule.as_deref().unwrap_or_default()
            )
        }
    }
}

/// Reads the corpus; gives how many phrases it has, and those read differently.
fn run(corpus: &str) -> (usize, Vec<String>) {
    let mut scene = Scene::new("2027-03-10T09:30", "America/Chicago", "en-US");
    let (mut count, mut wrong) = (0, Vec::new());
    for line in corpus.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
        if line.starts_with('#') {
            scene.set(line);
            continue;
        }
        let (want, phrases) = line.split_once("::").unwrap_or_else(|| panic!("no '::' in: {line}"));
        let want = want.split_whitespace().collect::<Vec<_>>().join(" ");
        for phrase in phrases.split('|').map(str::trim) {
            count += 1;
            let got = scene.read(phrase).iter().map(told).collect::<Vec<_>>().join(" + ");
            let got = if got.is_empty() { "none".to_owned() } else { got };
            if got != want {
                wrong.push(format!("{phrase}\n    want {want}\n    got  {got}"));
            }
        }
    }
    (count, wrong)
}

fn check(name: &str, corpus: &str, at_least: usize) {
    let (count, wrong) = run(corpus);
    println!("{name}: {} of {count} right", count - wrong.len());
    assert!(count >= at_least, "{name} has only {count} phrases");
    assert!(wrong.is_empty(), "{name}: {} of {count} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn english_is_read() {
    check("English", include_str!("data/natural_time_en.txt"), 400);
}

#[test]
fn spanish_is_read() {
    check("Spanish", include_str!("data/natural_time_es.txt"), 80);
}

#[test]
fn german_is_read() {
    check("German", include_str!("data/natural_time_de.txt"), 80);
}

#[test]
fn french_is_read() {
    check("French", include_str!("data/natural_time_fr.txt"), 80);
}

#[test]
fn whether_a_time_of_day_was_said_is_told() {
    let scene = Scene::new("2027-03-10T09:30", "America/Chicago", "en-US");
    for (text, says_time) in [
        ("in three days", false),
        ("next week", false),
        ("by Friday", false),
        ("in three hours", true),
        ("in three days at 10", true),
        ("tomorrow afternoon", true),
        ("Monday from 2 to 4", true),
        ("every Monday", false),
    ] {
        assert_eq!(scene.read(text)[0].says_time, says_time, "{text}");
    }
}

#[test]
fn places_are_characters_of_the_text() {
    let scene = Scene::new("2027-03-10T09:30", "Europe/Berlin", "en-GB");
    let text = "Héllo — tomorrow at 3pm, or «Friday»?";
    let found = scene.read(text);
    let places: Vec<(usize, &str)> = found.iter().map(|found| (found.offset, found.text.as_str())).collect();
    assert_eq!(places, [(8, "tomorrow at 3pm"), (29, "Friday")]);
}

#[test]
fn the_wire_form_is_that_of_the_command() {
    let scene = Scene::new("2027-03-10T09:30", "America/Chicago", "en-US");
    let found = scene.read("tomorrow at 3");
    let json = serde_json::to_value(&found).unwrap();
    let want = serde_json::json!([{
        "text": "tomorrow at 3", "offset": 0, "kind": "instant",
        "start": "2027-03-11T15:00:00-06:00", "end": null, "grain": "hour",
        "alternatives": [{"start": "2027-03-11T03:00:00-06:00", "end": null}],
    }]);
    assert_eq!(json, want);
}

#[test]
fn a_skipped_hour_moves_on_and_a_repeated_one_has_both_readings() {
    let scene = Scene::new("2027-03-13T12:00", "America/Chicago", "en-US");
    let found = scene.read("tomorrow at 2:30am");
    assert_eq!(short(found[0].start.as_ref()), "2027-03-14T03:30");
    let scene = Scene::new("2027-11-06T12:00", "America/Chicago", "en-US");
    let found = scene.read("tomorrow at 1:30am");
    let instants: Vec<String> = found[0]
        .start
        .iter()
        .chain(found[0].alternatives[0].start.iter())
        .map(|z| z.timestamp().to_string())
        .collect();
    assert_eq!(instants, ["2027-11-07T06:30:00Z", "2027-11-07T07:30:00Z"]);
}

const WORDS: &str = "at on in the next last this monday fri may march 3 15 2027 3rd first second of to from until - / : . , \
    pm am o'clock half past quarter two three weeks days hours ago later every other end beginning tomorrow tonight noon \
    christmas between and before after by since for a morning weekend q3 '27 31 12:30 1/2 2027-02-30 99999999 hour and a \
    half rest same time within couple lundi prochain la semaine en huit halb vier uhr nächsten pasado mañana y cuarto menos";

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_harm(text in "\\PC{0,80}", language in 0_usize..4) {
        let scene = Scene::new("2028-02-29T23:59", "Asia/Kathmandu", ["en-US", "es", "de", "fr"][language]);
        let length = text.chars().count();
        let mut last = 0;
        for found in scene.read(&text) {
            prop_assert!(found.offset >= last);
            last = found.offset + found.text.chars().count();
            prop_assert!(last <= length);
        }
    }

    #[test]
    fn any_row_of_words_is_read_without_harm(
        picks in prop::collection::vec(0_usize..120, 1..24),
        language in 0_usize..4,
        second in -60_000_000_000_i64..200_000_000_000,
    ) {
        let words: Vec<&str> = WORDS.split_whitespace().collect();
        let text = picks.iter().map(|&pick| words[pick % words.len()]).collect::<Vec<_>>().join(" ");
        let mut scene = Scene::new("2028-02-29T23:59", "Pacific/Apia", ["en-GB", "es-MX", "de-AT", "fr-CA"][language]);
        scene.now = Timestamp::from_second(second).unwrap();
        scene.business_hours = Some((9, 17));
        scene.previous = Some(scene.now);
        for found in scene.read(&text) {
            if let (Some(start), Some(end)) = (&found.start, &found.end) {
                prop_assert!(start <= end, "{} in {text}", found.text);
            }
            prop_assert!(found.alternatives.len() <= 5);
        }
    }
}

/// In every zone, around every clock change of some years: the clock shows what was said, or, where that hour is
/// skipped, as much later as was skipped; and a length is as long as it says.
#[test]
fn every_clock_change_of_every_zone_is_read_right() {
    let since: Timestamp = "2025-01-01T00:00:00Z".parse().unwrap();
    let until: Timestamp = "2028-01-01T00:00:00Z".parse().unwrap();
    let mut seen = 0;
    for name in jiff::tz::db().available() {
        let zone = TimeZone::get(name.as_str()).unwrap();
        for change in zone.following(since).take_while(|change| change.timestamp() < until) {
            seen += 1;
            let after = change.timestamp().to_zoned(zone.clone());
            let Ok(noon_before) = after.date().yesterday().unwrap().at(12, 0, 0, 0).to_zoned(zone.clone())
            else {
                continue;
            };
            let scene = Scene {
                now: noon_before.timestamp(),
                zone: zone.clone(),
                locale: Locale::parse("en-US"),
                business_hours: None,
                previous: None,
            };
            for (text, hour, minute) in [
                ("tomorrow at 12:30am", 0, 30),
                ("tomorrow at 1:30am", 1, 30),
                ("tomorrow at 2:30am", 2, 30),
                ("tomorrow at 3:00am", 3, 0),
            ] {
                let found = scene.read(text);
                let start = found[0].start.clone().unwrap();
                let wanted = noon_before.date().tomorrow().unwrap().at(hour, minute, 0, 0);
                let skipped = zone.to_ambiguous_zoned(wanted).is_ambiguous() && start.datetime() != wanted;
                assert!(
                    start.datetime() == wanted || skipped && start.datetime() > wanted,
                    "{text} in {name}: {start}"
                );
            }
            let later = scene.read("in 24 hours")[0].start.clone().unwrap();
            assert_eq!(later.timestamp().as_second() - scene.now.as_second(), 86_400, "in {name}");
            let day = scene.read("tomorrow")[0].start.clone().unwrap();
            assert_eq!(day, day.start_of_day().unwrap(), "in {name}");
        }
    }
    assert!(seen > 500, "only {seen} clock changes were seen");
}

#[test]
fn long_text_takes_bounded_work() {
    let scene = Scene::new("2027-03-10T09:30", "UTC", "en-US");
    let text =
        "the 3rd of next month at half past the first monday of the week of the last day of ".repeat(400);
    assert!(scene.read(&text).len() <= 64);
    let text = "from to between and the of in on at ".repeat(1_000);
    assert!(scene.read(&text).is_empty());
}
