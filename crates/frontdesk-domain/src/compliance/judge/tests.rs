//! Verdicts at the edges of rules, and what holds of every verdict.

use std::sync::Arc;

use proptest::prelude::*;

use super::super::rules::Hours;
use super::super::settings::{OwnCap, RuleChange, RuleSettings, UnknownRegion};
use super::super::{DncHit, Home, Rulebook, Sent};
use super::*;
use crate::conversation::Channel;
use crate::workspace::WeeklyHours;

fn at(text: &str) -> Timestamp {
    text.parse::<jiff::Timestamp>().unwrap().into()
}

fn hours(lines: &[&str]) -> Hours {
    Hours::try_from(lines.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()).unwrap()
}

fn written() -> ConsentStatus {
    ConsentStatus::Given {
        level: ConsentLevel::ExpressWritten,
        since: at("2020-01-01T00:00:00Z"),
        until: None,
    }
}

/// A text to a number, with everything in order.
fn text(number: &str, now: &str) -> Facts {
    Facts {
        channel: Some(Channel::Sms),
        now: Some(at(now)),
        consent: written(),
        number: Some(number.to_owned()),
        unsubscribe: true,
        postal_address: true,
        ..Facts::default()
    }
}

fn rules(settings: &RuleSettings) -> Arc<Rulebook> {
    Arc::new(Rulebook::new(settings, &Home::default()).unwrap())
}

fn market(facts: &Facts) -> String {
    match judge(Purpose::Marketing, facts) {
        Verdict::Allow => "allow".to_owned(),
        Verdict::Defer { until, rule } => format!("{} {rule}", until.to_jiff()),
        Verdict::Deny { rule, .. } => rule,
    }
}

#[test]
fn an_opt_out_stops_everything_but_the_open_conversation() {
    let opted_out = Facts { opted_out: true, customer_initiated: true, ..Facts::default() };
    assert_eq!(judge(Purpose::Reply, &opted_out), Verdict::Allow);
    assert!(matches!(judge(Purpose::Marketing, &opted_out), Verdict::Deny { .. }));
    assert!(matches!(judge(Purpose::Transactional, opted_out), Verdict::Deny { .. }));
    let here = Facts { channel_opted_out: true, ..Facts::default() };
    let Verdict::Deny { rule, .. } = judge(Purpose::Transactional, here) else { panic!("allowed") };
    assert_eq!(rule, "opt-out-channel/1");
}

#[test]
fn a_dead_address_gets_nothing_unless_its_owner_asks() {
    let dead = Facts { came_back: Some(Timestamp::from_millis(1_774_000_000_000)), ..Facts::default() };
    let Verdict::Deny { rule, reason } = judge(Purpose::Transactional, &dead) else { panic!("allowed") };
    assert_eq!(rule, "bounce/1");
    assert!(reason.contains("came back on 2026-03-20"), "{reason}");
    let asks = Facts { customer_initiated: true, ..dead };
    assert_eq!(judge(Purpose::Transactional, asks), Verdict::Allow);
}

#[test]
fn who_reports_mail_as_unwanted_still_hears_of_their_bookings() {
    let complained = Facts { complained: true, ..text("+12125550100", "2026-03-18T16:00:00Z") };
    assert_eq!(judge(Purpose::Transactional, &complained), Verdict::Allow);
    assert_eq!(market(&complained), "complaint/1");
}

#[test]
fn lists_stop_what_they_are_about() {
    let on = |list| Facts {
        dnc: Some(DncHit { list, name: "our own".to_owned() }),
        ..text("+12125550100", "2026-03-18T16:00:00Z")
    };
    assert_eq!(market(&on(DncList::Internal)), "dnc/1");
    assert!(matches!(judge(Purpose::Transactional, on(DncList::Internal)), Verdict::Deny { .. }));
    let asks = Facts { customer_initiated: true, ..on(DncList::Internal) };
    assert_eq!(judge(Purpose::Reply, asks), Verdict::Allow);
    assert_eq!(market(&on(DncList::Imported)), "dnc/1");
    assert_eq!(judge(Purpose::Transactional, on(DncList::Imported)), Verdict::Allow);
    // A written consent of one's own goes before the public registry.
    assert_eq!(market(&on(DncList::Registry)), "allow");
    let unknown = Facts { consent: ConsentStatus::Unknown, ..on(DncList::Registry) };
    assert_eq!(market(&unknown), "dnc/1");
}

#[test]
fn marketing_keeps_to_the_hours_where_the_customer_is() {
    // 20:30 in New York: federal hours allow it, Florida does not.
    assert_eq!(market(&text("+12125550100", "2026-03-18T00:30:00Z")), "allow");
    assert_eq!(
        market(&text("+13055550100", "2026-03-18T00:30:00Z")),
        "2026-03-18T12:00:00Z us-fl-hours/2021-07"
    );
    // Rhode Island keeps no Sunday and no holiday: Saturday 17:30, before Monday the 25th, Memorial Day.
    assert_eq!(
        market(&text("+14015550100", "2026-05-23T21:30:00Z")),
        "2026-05-26T13:00:00Z us-ri-hours/1994-01"
    );
    // Florida's panhandle is an hour behind: both clocks have to agree.
    assert_eq!(
        market(&text("+18505550100", "2026-03-18T00:30:00Z")),
        "2026-03-18T13:00:00Z us-fl-hours/2021-07"
    );
    // The clocks go forward in the night.
    assert_eq!(
        market(&text("+12125550100", "2026-03-08T03:00:00Z")),
        "2026-03-08T12:00:00Z us-tcpa-hours/1992-12"
    );
    // Transactional messages are exempt, answers too.
    let night = text("+13055550100", "2026-03-18T05:00:00Z");
    assert_eq!(judge(Purpose::Transactional, &night), Verdict::Allow);
    assert_eq!(judge(Purpose::Reply, night), Verdict::Allow);
}

#[test]
fn the_strictest_of_zone_address_and_number_counts() {
    // A Florida number, an address in Rhode Island, and the customer says Los Angeles.
    let facts = Facts {
        stated_zone: Some("America/Los_Angeles".to_owned()),
        country: Some("US".to_owned()),
        region: Some("Rhode Island".to_owned()),
        ..text("+13055550100", "2026-03-18T13:30:00Z")
    };
    // 9:00 in Los Angeles is noon in the east.
    assert_eq!(market(&facts), "2026-03-18T16:00:00Z us-ri-hours/1994-01");
    let by_zip = Facts { region: None, postal: Some("02903".to_owned()), ..facts };
    assert_eq!(market(&by_zip), "2026-03-18T16:00:00Z us-ri-hours/1994-01");
    // Nonsense names no zone.
    let nonsense =
        Facts { stated_zone: Some("Mars/Base".to_owned()), ..text("+12125550100", "2026-03-18T13:30:00Z") };
    assert_eq!(market(&nonsense), "allow");
}

#[test]
fn an_unknown_zone_still_gets_an_hour_that_is_right_everywhere() {
    // 8:00 in Hawaii is 18:00 UTC and in Adak 17:00; 14:00 in New York.
    assert_eq!(
        market(&text("+18005550100", "2026-03-18T13:00:00Z")),
        "2026-03-18T18:00:00Z us-tcpa-hours/1992-12"
    );
    // A stated zone of the country settles it.
    let stated = Facts {
        stated_zone: Some("America/Detroit".to_owned()),
        ..text("+18005550100", "2026-03-18T13:00:00Z")
    };
    assert_eq!(market(&stated), "allow");
    // Nothing known at all: as for the business's own country.
    let nothing = Facts { number: None, ..text("", "2026-03-18T13:00:00Z") };
    assert_eq!(market(&nothing), "2026-03-18T18:00:00Z us-tcpa-hours/1992-12");
    // With the rules of every state at once there is still a time.
    let settings = RuleSettings { unknown_region: UnknownRegion::Strictest, ..RuleSettings::default() };
    let strictest = Facts { rules: Some(rules(&settings)), ..nothing };
    let Verdict::Defer { until, .. } = judge(Purpose::Marketing, &strictest) else { panic!("no time") };
    assert_eq!(until.to_string(), "2026-03-18T20:00:00.000Z");
}

#[test]
fn whatsapp_takes_free_words_only_while_its_window_is_open() {
    let facts = Facts {
        channel: Some(Channel::Whatsapp),
        customer_initiated: true,
        last_customer_message: Some(at("2026-03-17T16:00:00Z")),
        ..text("+12125550100", "2026-03-18T15:59:59Z")
    };
    assert_eq!(judge(Purpose::Reply, &facts), Verdict::Allow);
    let late = Facts { now: Some(at("2026-03-18T16:00:00Z")), ..facts };
    for purpose in [Purpose::Reply, Purpose::Transactional, Purpose::Marketing] {
        let Verdict::Deny { rule, reason } = judge(purpose, &late) else { panic!("{purpose:?}") };
        assert_eq!(rule, "whatsapp-window/2022-02");
        assert!(reason.contains("template"), "{reason}");
    }
    let template = Facts { approved_template: true, ..late.clone() };
    assert_eq!(judge(Purpose::Transactional, template), Verdict::Allow);
    let never = Facts { last_customer_message: None, ..late };
    assert!(matches!(judge(Purpose::Reply, never), Verdict::Deny { .. }));
    // By the morning the window will have closed: denied now rather than deferred into nothing.
    let evening = Facts {
        channel: Some(Channel::Whatsapp),
        last_customer_message: Some(at("2026-03-17T10:00:00Z")),
        ..text("+12125550100", "2026-03-18T02:00:00Z")
    };
    assert_eq!(market(&evening), "whatsapp-window/2022-02");
}

#[test]
fn marketing_needs_the_consent_of_the_country() {
    let with = |number: &str, channel: Channel, consent: ConsentStatus| Facts {
        channel: Some(channel),
        consent,
        ..text(number, "2026-03-18T16:00:00Z")
    };
    let given = |level, until: Option<&str>| ConsentStatus::Given {
        level,
        since: at("2026-01-01T00:00:00Z"),
        until: until.map(at),
    };
    let express = given(ConsentLevel::Express, None);
    assert_eq!(
        market(&with("+12125550100", Channel::Sms, ConsentStatus::Unknown)),
        "us-tcpa-consent/2013-10"
    );
    assert_eq!(market(&with("+12125550100", Channel::Sms, express)), "us-tcpa-consent/2013-10");
    assert_eq!(market(&with("+12125550100", Channel::Email, ConsentStatus::Unknown)), "allow");
    assert_eq!(market(&with("+4930123456", Channel::Email, ConsentStatus::Unknown)), "eu-consent/2018-05");
    assert_eq!(market(&with("+4930123456", Channel::Sms, express)), "allow");
    let implied = given(ConsentLevel::Implied, Some("2026-03-18T17:00:00Z"));
    assert_eq!(market(&with("+14165550100", Channel::Sms, implied)), "allow");
    let ran_out =
        Facts { now: Some(at("2026-03-18T17:00:00Z")), ..with("+14165550100", Channel::Sms, implied) };
    assert_eq!(market(&ran_out), "ca-casl-consent/2014-07");
    assert_eq!(market(&with("+97125550100", Channel::Sms, implied)), "elsewhere-consent/2026-01");
    let revoked = ConsentStatus::Revoked { at: at("2026-03-01T00:00:00Z") };
    assert_eq!(market(&with("+14165550100", Channel::Sms, revoked)), "consent-revoked/1");
    let Verdict::Deny { rule, .. } =
        judge(Purpose::Transactional, with("+14165550100", Channel::Sms, revoked))
    else {
        panic!("allowed")
    };
    assert_eq!(rule, "consent-revoked/1");
}

#[test]
fn marketing_mail_says_how_to_end_it_and_who_writes() {
    let mail = Facts { channel: Some(Channel::Email), ..text("+12125550100", "2026-03-18T05:00:00Z") };
    assert_eq!(market(&mail), "allow");
    assert_eq!(market(&Facts { unsubscribe: false, ..mail.clone() }), "us-can-spam-unsubscribe/2004-01");
    assert_eq!(market(&Facts { postal_address: false, ..mail }), "us-can-spam-address/2004-01");
}

#[test]
fn nobody_hears_from_us_too_often() {
    let sent = |hours: &[&str]| {
        let sends =
            hours.iter().map(|it| Sent { at: at(it), channel: Channel::Sms, purpose: Purpose::Marketing });
        Facts { sends: sends.collect(), ..text("+12125550100", "2026-03-18T16:00:00Z") }
    };
    assert_eq!(market(&sent(&["2026-03-18T13:00:00Z"])), "allow");
    // The first of the two leaves the day at 14:00.
    let twice = sent(&["2026-03-18T13:00:00Z", "2026-03-17T18:00:00Z"]);
    assert_eq!(market(&twice), "2026-03-18T18:00:00Z house-cap-day/2026-01");
    assert_eq!(judge(Purpose::Transactional, &twice), Verdict::Allow);
    // What does not count, does not count.
    let reminders = Facts {
        sends: twice.sends.iter().map(|it| Sent { purpose: Purpose::Transactional, ..*it }).collect(),
        ..twice
    };
    assert_eq!(market(&reminders), "allow");
    let days =
        ["2026-03-17T10:00:00Z", "2026-03-16T10:00:00Z", "2026-03-15T10:00:00Z", "2026-03-14T10:00:00Z"];
    let five = sent(&[&days[..], &["2026-03-13T10:00:00Z"]].concat());
    // Room is there from 10:00 UTC on the 20th, which is before dawn.
    assert_eq!(market(&five), "2026-03-20T12:00:00Z us-tcpa-hours/1992-12");
}

#[test]
fn marketing_keeps_to_the_business_hours() {
    let home = |hours: &[&str]| Home {
        zone: "America/Los_Angeles".to_owned(),
        hours: self::hours(hours).0,
        ..Home::default()
    };
    let book = |settings: &RuleSettings, hours: &[&str]| {
        Some(Arc::new(Rulebook::new(settings, &home(hours)).unwrap()))
    };
    let standard = RuleSettings::default();
    let facts = Facts {
        rules: book(&standard, &["mon-fri 09:00-17:00"]),
        ..text("+12125550100", "2026-03-18T14:00:00Z")
    };
    assert_eq!(market(&facts), "2026-03-18T16:00:00Z business-hours/1");
    let any = RuleSettings { outside_business_hours: true, ..RuleSettings::default() };
    assert_eq!(market(&Facts { rules: book(&any, &["mon-fri 09:00-17:00"]), ..facts.clone() }), "allow");
    // Open only when customers in New York sleep: there is no such time, and it says so.
    let never = Facts { rules: book(&standard, &["mon-sun 19:00-23:00"]), ..facts };
    let Verdict::Deny { rule, reason } = judge(Purpose::Marketing, never) else { panic!("allowed") };
    assert_eq!(rule, "business-hours/1");
    assert!(reason.contains("14 days"), "{reason}");
}

#[test]
fn a_workspace_tightens_and_overrides() {
    let fl = text("+13055550100", "2026-03-18T00:30:00Z");
    let off = RuleChange {
        rule: "us-fl".to_owned(),
        off: true,
        loosens: true,
        reason: "our counsel looked at it".to_owned(),
        ..RuleChange::default()
    };
    let settings = RuleSettings { changes: vec![off.clone()], ..RuleSettings::default() };
    assert_eq!(market(&Facts { rules: Some(rules(&settings)), ..fl.clone() }), "allow");
    let until_six = RuleChange {
        off: false,
        rule: "us-fl-hours".to_owned(),
        hours: Some(hours(&["mon-sun 10:00-18:00"])),
        ..off
    };
    let settings = RuleSettings { changes: vec![until_six], ..RuleSettings::default() };
    assert_eq!(
        market(&Facts { rules: Some(rules(&settings)), ..fl.clone() }),
        "2026-03-18T14:00:00Z us-fl-hours/2021-07+own"
    );
    let own = RuleSettings {
        hours: Some(hours(&["mon-fri 11:00-16:00"])),
        caps: vec![OwnCap {
            max: 0,
            hours: 1,
            purposes: vec![Purpose::Transactional],
            channels: vec![Channel::Sms],
        }],
        ..RuleSettings::default()
    };
    let facts = Facts { rules: Some(rules(&own)), ..fl.clone() };
    assert_eq!(market(&facts), "2026-03-18T15:00:00Z own-hours/1");
    let Verdict::Deny { rule, .. } = judge(Purpose::Transactional, facts) else { panic!("allowed") };
    assert_eq!(rule, "own-cap-1/1");
    let quiet = RuleSettings { quiet_transactional: true, ..RuleSettings::default() };
    let verdict = judge(Purpose::Transactional, Facts { rules: Some(rules(&quiet)), ..fl });
    assert!(matches!(verdict, Verdict::Defer { .. }), "{verdict:?}");
}

#[test]
fn a_number_here_and_an_address_there_bring_the_rules_of_both() {
    let facts = Facts {
        country: Some("DE".to_owned()),
        consent: ConsentStatus::Given {
            level: ConsentLevel::Express,
            since: at("2026-01-01T00:00:00Z"),
            until: None,
        },
        ..text("+13055550100", "2026-03-18T16:00:00Z")
    };
    // Enough for Germany, not for the United States.
    assert_eq!(market(&facts), "us-tcpa-consent/2013-10");
    let findings = explain(Purpose::Marketing, Facts { consent: written(), ..facts });
    for rule in ["eu-consent/2018-05", "eu-hours/2026-01", "us-fl-hours/2021-07", "house-cap-day/2026-01"] {
        assert!(findings.iter().any(|it| it.rule == rule), "{rule}");
    }
}

#[test]
fn rules_hold_from_their_day() {
    // Texas hours bind texts from September 2025 on: a Sunday morning before and after.
    assert_eq!(market(&text("+15125550100", "2025-08-24T15:00:00Z")), "allow");
    assert_eq!(
        market(&text("+15125550100", "2025-09-07T15:00:00Z")),
        "2025-09-07T17:00:00Z us-tx-hours/2025-09"
    );
}

#[test]
fn everybody_with_consent_can_be_reached_within_two_weeks() {
    let numbers =
        include_str!("../area/nanp.txt").lines().chain(include_str!("../area/countries.txt").lines());
    let codes = numbers.filter(|line| !line.starts_with('#')).filter_map(|line| {
        let code = line.split_whitespace().find(|word| word.bytes().all(|byte| byte.is_ascii_digit()))?;
        Some(if line.starts_with(code) { code.to_owned() } else { format!("1{code}") })
    });
    for code in codes {
        for now in ["2026-03-07T23:00:00Z", "2026-12-24T20:00:00Z"] {
            let facts = text(&format!("+{code}5550100"), now);
            let verdict = judge(Purpose::Marketing, &facts);
            assert!(!matches!(verdict, Verdict::Deny { .. }), "+{code}: {verdict:?}");
        }
    }
}

#[test]
fn what_is_not_known_denies_marketing() {
    assert_eq!(market(&Facts::default()), "facts/1");
    assert_eq!(market(&Facts { opted_out: true, ..Facts::default() }), "opt-out/1");
    assert_eq!(judge(Purpose::Transactional, Facts::default()), Verdict::Allow);
    let mut broken = Rulebook::default();
    broken.broken = Some("rules of us.toml: no".to_owned());
    let facts = Facts { rules: Some(Arc::new(broken)), ..text("+12125550100", "2026-03-18T16:00:00Z") };
    assert_eq!(market(&facts), "rules/1");
    assert_eq!(judge(Purpose::Reply, facts), Verdict::Allow);
}

#[test]
fn it_is_explained_rule_by_rule() {
    let findings = explain(Purpose::Marketing, text("+13055550100", "2026-03-18T00:30:00Z"));
    let outcome = |rule: &str| &findings.iter().find(|it| it.rule == rule).unwrap().outcome;
    assert_eq!(outcome("opt-out/1"), &Outcome::Passes);
    assert_eq!(outcome("us-tcpa-hours/1992-12"), &Outcome::Passes);
    assert_eq!(outcome("us-fl-hours/2021-07"), &Outcome::Defers { until: at("2026-03-18T12:00:00Z") });
    assert_eq!(outcome("us-can-spam-unsubscribe/2004-01"), &Outcome::NotConcerned);
    // Other states are not looked at.
    assert!(!findings.iter().any(|it| it.rule.starts_with("us-ri")));
    let json = serde_json::to_value(&findings).unwrap();
    assert_eq!(json[0]["outcome"], "passes");
}

fn zone_name() -> impl Strategy<Value = String> {
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    prop::sample::select(names)
}

fn number() -> impl Strategy<Value = String> {
    let codes = [
        "1212", "1305", "1401", "1850", "1605", "1800", "1808", "1416", "1902", "49", "33", "44", "61", "7",
        "971", "999",
    ];
    prop::sample::select(codes.to_vec()).prop_map(|code| format!("+{code}5550100"))
}

fn week() -> impl Strategy<Value = Hours> {
    let day = (0u16..20, 1u16..8);
    prop::collection::vec(day, 7).prop_map(|days| {
        let stretch = |(from, length): (u16, u16)| {
            vec![crate::workspace::Stretch { from: from * 60, to: ((from + length) * 60).min(1440) }]
        };
        Hours(WeeklyHours(
            crate::workspace::Weekday::ALL.into_iter().zip(days.into_iter().map(stretch)).collect(),
        ))
    })
}

prop_compose! {
    /// Anything; the level of consent and the content are mostly in order, so that time decides.
    fn facts()(
        channel in prop::sample::select(vec![Channel::Sms, Channel::Sms, Channel::Whatsapp, Channel::Email, Channel::Telegram]),
        minute in 29_000_000i64..30_500_000,
        flags in prop::array::uniform6(prop::bool::weighted(0.08)),
        stated_zone in prop::option::weighted(0.5, zone_name()),
        address in prop::option::weighted(0.5, prop::sample::select(vec![
            ("US", "FL"), ("US", "RI"), ("US", "KY"), ("US", ""), ("CA", "ON"), ("DE", ""), ("AE", ""), ("US", "TX"),
        ])),
        number in prop::option::weighted(0.8, number()),
        sends in prop::collection::vec((0i64..200, prop::bool::ANY), 0..8),
        own in prop::option::weighted(0.3, week()),
        open in prop::option::weighted(0.3, week()),
        strictest in prop::bool::weighted(0.1),
    ) -> Facts {
        let now = Timestamp::from_millis(minute * 60_000);
        let settings = RuleSettings {
            hours: own,
            unknown_region: if strictest { UnknownRegion::Strictest } else { UnknownRegion::CountryOnly },
            ..RuleSettings::default()
        };
        let home = Home { hours: open.map(|it| it.0).unwrap_or_default(), ..Home::default() };
        let [opted_out, channel_opted_out, no_unsubscribe, no_consent, dnc, wrote] = flags;
        Facts {
            channel: Some(channel),
            now: Some(now),
            opted_out,
            channel_opted_out,
            dnc: dnc.then(|| DncHit { list: DncList::Imported, name: "x".to_owned() }),
            consent: if no_consent { ConsentStatus::Unknown } else { written() },
            customer_initiated: wrote,
            last_customer_message: wrote.then(|| now.minus(Duration::from_hours(20))),
            approved_template: !wrote,
            stated_zone,
            country: address.map(|(country, _)| country.to_owned()),
            region: address.map(|(_, region)| region.to_owned()),
            number,
            sends: sends.into_iter().map(|(hours, marketing)| Sent {
                at: now.minus(Duration::from_hours(hours.unsigned_abs())),
                channel,
                purpose: if marketing { Purpose::Marketing } else { Purpose::Transactional },
            }).collect(),
            unsubscribe: !no_unsubscribe,
            postal_address: true,
            rules: Some(Arc::new(Rulebook::new(&settings, &home).unwrap())),
            ..Facts::default()
        }
    }
}

/// Whether the clock on the wall of every zone the message may arrive in shows an hour of every rule that holds; by
/// another way than the product's: the local date and time as jiff prints it.
fn walls_agree(case: &Case<'_>, channel: Channel, now: Timestamp) -> bool {
    let mut hours = case.facts.book().about(&case.places).filter_map(|entry| match &entry.ask {
        Ask::Hours { week, .. } if entry.is_about(case.purpose, channel) && entry.holds_at(now) => {
            Some((week, case.days_off(entry)))
        }
        _ => None,
    });
    hours.all(|(week, off)| {
        case.zones.iter().all(|zone| {
            let local = now.to_jiff().to_zoned(zone.clone());
            let naive: Timestamp = local.datetime().to_zoned(TimeZone::UTC).unwrap().timestamp().into();
            super::super::quiet::is_open(&TimeZone::UTC, week, &off, naive)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn what_is_allowed_is_allowed_on_every_wall_and_what_waits_waits_no_longer_than_needed(facts in facts()) {
        let purpose = Purpose::Marketing;
        let now = facts.now.unwrap();
        let channel = facts.channel.unwrap();
        let verdict = judge(purpose, &facts);
        prop_assert_eq!(&verdict, &judge(purpose, &facts));
        let findings = explain(purpose, &facts);
        let clean = findings.iter().all(|it| matches!(it.outcome, Outcome::Passes | Outcome::NotConcerned));
        prop_assert_eq!(verdict == Verdict::Allow, clean);
        match verdict {
            Verdict::Allow => {
                let case = Case::new(purpose, &facts);
                prop_assert!(!case.zones.is_empty());
                prop_assert!(walls_agree(&case, channel, now));
            }
            Verdict::Defer { until, rule } => {
                prop_assert!(until > now && until <= now.plus(HORIZON));
                prop_assert!(findings.iter().any(|it| it.rule == rule));
                let later = |now: Timestamp| judge(purpose, Facts { now: Some(now), ..facts.clone() });
                prop_assert_eq!(later(until), Verdict::Allow);
                let minutes = until.since(now).as_millis() as i64 / 60_000;
                let step = (minutes / 600).max(1) as usize;
                for minute in (0..minutes).step_by(step).chain((minutes - 20).max(0)..minutes) {
                    let at = Timestamp::from_millis(now.as_millis() + minute * 60_000);
                    prop_assert_ne!(later(at), Verdict::Allow, "{}", at);
                }
            }
            Verdict::Deny { .. } => {}
        }
    }

    #[test]
    fn an_opt_out_denies_whatever_else_holds(facts in facts(), channel_only in any::<bool>()) {
        let facts = Facts { opted_out: !channel_only, channel_opted_out: true, ..facts };
        for purpose in [Purpose::Transactional, Purpose::Marketing] {
            let denied = matches!(judge(purpose, &facts), Verdict::Deny { rule, .. } if rule.starts_with("opt-out"));
            prop_assert!(denied);
        }
    }
}
