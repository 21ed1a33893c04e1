use proptest::prelude::*;
use rrule::{RRuleSet, Tz};

use super::*;
use crate::schedule::RecurringKind;

fn rule(rrule: &str, except: &[&str], extra: &[&str]) -> RecurringRule {
    let read = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    RecurringRule {
        kind: RecurringKind::Open,
        start: "2026-03-02T18:00:00".parse().unwrap(),
        minutes: 120,
        rrule: rrule.to_owned(),
        except: read(except),
        extra: read(extra),
        reason: String::new(),
    }
}

fn day(text: &str) -> i64 {
    day_number(text.parse().unwrap())
}

fn days(rule: &RecurringRule, from: &str, to: &str) -> Vec<String> {
    let mut found = expand(rule, day(from), day(to));
    found.sort_unstable();
    found.into_iter().map(|hours| date_of(hours.from.div_euclid(DAY)).to_string()).collect()
}

#[test]
fn the_first_monday_of_a_month_with_one_left_out_and_one_added() {
    let rule = rule("FREQ=MONTHLY;BYDAY=1MO", &["2026-05-04T18:00:00"], &["2026-05-05T18:00:00"]);
    let wanted = ["2026-03-02", "2026-04-06", "2026-05-05", "2026-06-01"];
    assert_eq!(days(&rule, "2026-03-01", "2026-06-30"), wanted);
}

#[test]
fn a_rule_for_ever_is_read_far_ahead() {
    let every_other = rule("rrule:freq=weekly;interval=2", &[], &[]);
    assert_eq!(days(&every_other, "2036-03-01", "2036-03-31"), ["2036-03-03", "2036-03-17", "2036-03-31"]);
    let last_working_day = rule("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", &[], &[]);
    assert_eq!(days(&last_working_day, "2026-05-01", "2026-06-30"), ["2026-05-29", "2026-06-30"]);
}

#[test]
fn until_is_local_and_takes_its_day_along() {
    for until in ["20260304", "20260304T180000", "20260304T180000Z"] {
        let rule = rule(&format!("FREQ=DAILY;UNTIL={until}"), &[], &[]);
        assert_eq!(
            days(&rule, "2026-03-01", "2026-03-31"),
            ["2026-03-02", "2026-03-03", "2026-03-04"],
            "{until}"
        );
    }
}

#[test]
fn what_is_no_rule_is_refused_with_the_reason() {
    for text in [
        "",
        "every Monday",
        "FREQ=SECONDLY",
        "freq=minutely",
        "FREQ=DAILY;BYSECOND=0,1,2",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=99999999999999999999",
        "FREQ=DAILY;COUNT=2;UNTIL=20260304",
        "FREQ=DAILY;COUNT=2;COUNT=3",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=ÄÖ",
        "FREQ=MONTHLY;BYDAY=",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=YEARLY;BYSETPOS=1",
        "FREQ=YEARLY;UNTIL=soon",
        "FREQ=YEARLY;X=1",
    ] {
        let refused = check(&rule(text, &[], &[])).unwrap_err().to_string();
        assert!(refused.starts_with("is not a recurrence rule (RFC 5545): "), "{text}: {refused}");
    }
    assert_eq!(check(&rule("FREQ=DAILY;COUNT=5", &[], &[])), Ok(()));
}

#[test]
fn the_worst_of_rules_is_laid_out_within_bounds() {
    let every = |end: i64| (0..end).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let bomb = rule(&format!("FREQ=HOURLY;BYMINUTE={}", every(60)), &[], &[]);
    assert_eq!(expand(&bomb, day("2026-03-02"), day("2028-03-02")).len(), MOST);
    let never = rule("FREQ=DAILY;COUNT=1;BYMONTH=2;BYMONTHDAY=30", &[], &[]);
    assert!(expand(&never, day("2999-03-02"), day("3000-03-02")).is_empty());
    let mut picky = rule(
        &format!("FREQ=YEARLY;COUNT=9;BYSETPOS=1;BYDAY=MO,TU;BYHOUR={};BYMINUTE={}", every(24), every(60)),
        &[],
        &[],
    );
    picky.start = "0001-01-01T00:00:00".parse().unwrap();
    assert!(expand(&picky, day("2027-03-02"), day("2028-03-02")).is_empty());
    let yearly = format!("FREQ=YEARLY;INTERVAL=1000;BYHOUR={};BYMINUTE={};BYMONTH=1,2", every(24), every(60));
    assert!(expand(&rule(&yearly, &[], &[]), day("2027-03-02"), day("2028-03-02")).is_empty());
}

/// A rule of parts that go together.
fn rules() -> impl Strategy<Value = String> {
    let weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let some_days = prop::sample::subsequence(weekdays.to_vec(), 1..4).prop_map(|days| days.join(","));
    let nth_day = (prop::sample::select(vec![-2, -1, 1, 2, 5]), prop::sample::select(weekdays.to_vec()))
        .prop_map(|(nth, day)| format!("{nth}{day}"));
    let list = |least: i64, most: i64| {
        prop::collection::btree_set((least..=most).prop_filter("not 0", move |n| least >= 0 || *n != 0), 1..4)
            .prop_map(|numbers| numbers.into_iter().map(|n| n.to_string()).collect::<Vec<_>>().join(","))
    };
    let freq = prop::sample::select(vec!["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]);
    let end = prop_oneof![
        3 => Just(String::new()),
        1 => (1..60).prop_map(|count| format!(";COUNT={count}")),
        1 => (10_u32..30, 1..13, 1..29)
            .prop_map(|(year, month, day)| format!(";UNTIL=20{year}{month:02}{day:02}T120000Z")),
    ];
    let parts = (
        prop::option::weighted(0.3, list(1, 12)),
        prop::option::weighted(0.3, list(-31, 31)),
        prop::option::weighted(0.1, list(-366, 366)),
        prop::option::weighted(0.2, list(-53, 53)),
        prop::option::weighted(0.4, prop_oneof![some_days, nth_day]),
        prop::option::weighted(0.2, list(0, 23)),
        prop::option::weighted(0.2, list(0, 59)),
        prop::option::weighted(0.2, list(-3, 3)),
    );
    (freq, 1..5, end, parts, prop::sample::select(weekdays.to_vec())).prop_map(
        |(freq, interval, end, (month, month_day, year_day, week_no, day, hour, minute, position), wkst)| {
            let mut text = format!("FREQ={freq};INTERVAL={interval};WKST={wkst}{end}");
            let mut add = |key: &str, value: Option<String>| {
                if let Some(value) = value {
                    text.extend([";", key, "=", &value]);
                }
            };
            add("BYMONTH", month);
            add("BYMONTHDAY", month_day);
            add("BYYEARDAY", year_day);
            add("BYWEEKNO", week_no);
            add("BYDAY", day);
            add("BYHOUR", hour);
            add("BYMINUTE", minute);
            add("BYSETPOS", position);
            text
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn starts_are_those_the_rrule_crate_finds(
        text in rules(), start_day in 14_000_i64..21_000, minute in 0_i64..1440, ahead in 0_i64..3_000
    ) {
        let Ok(read) = text.parse::<Recurrence>() else { return Ok(()) };
        let start = start_day * DAY + minute * MINUTE;
        let instant = |at: i64| chrono::DateTime::from_timestamp_millis(at).unwrap().with_timezone(&Tz::UTC);
        let Ok(theirs) = text.parse::<rrule::RRule<rrule::Unvalidated>>() else { return Ok(()) };
        let Ok(theirs) = theirs.validate(instant(start)) else { return Ok(()) };
        let from = (start_day + ahead) * DAY;
        let window = Interval::new(from, from + 100 * DAY);
        let set = RRuleSet::new(instant(start)).rrule(theirs);
        let wanted = set.after(instant(window.from)).before(instant(window.to - 1)).all(60_000);
        prop_assume!(!wanted.limited);
        let wanted: Vec<i64> = wanted.dates.iter().map(chrono::DateTime::timestamp_millis).collect();
        let found = starts(&read, start, window);
        if wanted.len() < MOST {
            prop_assert_eq!(found, wanted, "{}", text);
        }
    }
}

#[test]
fn no_text_makes_it_stumble() {
    proptest!(|(text in "(FREQ=(YEARLY|WEEKLY|HOURLY);)?(BYDAY=|COUNT=|UNTIL=|BY)?[-0-9A-Z,;=äT]{0,30}")| {
        let _ = check(&rule(&text, &[], &[]));
        let _ = expand(&rule(&text, &[], &[]), day("2026-03-02"), day("2026-03-09"));
    });
}
