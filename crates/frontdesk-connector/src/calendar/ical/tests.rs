//! Files as calendar programs write them.

use super::*;
use crate::calendar::wire::zone;

fn window(from: &str, to: &str) -> Window {
    let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().into();
    Window { from: at(from), to: at(to) }
}

fn spring() -> Window {
    window("2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z")
}

fn file(events: &str) -> String {
    let text = format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{events}\nEND:VCALENDAR\n");
    text.replace('\n', "\r\n")
}

fn read(events: &str, window: Window) -> Vec<Instance> {
    instances(&file(events), window, &zone("Europe/Berlin"), &["me@example.com".to_owned()]).unwrap()
}

fn starts(events: &str, window: Window) -> Vec<String> {
    read(events, window).iter().map(|instance| instance.start.to_string().replace(":00.000Z", "")).collect()
}

#[test]
fn nine_on_the_wall_stays_nine_when_the_clocks_change() {
    let event = "BEGIN:VEVENT\nUID:a\nDTSTART;TZID=Europe/Berlin:20260316T090000\nDTEND;TZID=Europe/Berlin:20260316T100000\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT";
    assert_eq!(starts(event, spring()), ["2026-03-16T08:00", "2026-03-23T08:00", "2026-03-30T07:00"]);
}

#[test]
fn windows_names_of_zones_are_known() {
    let event =
        "BEGIN:VEVENT\nUID:a\nDTSTART;TZID=Eastern Standard Time:20260316T090000\nDURATION:PT30M\nEND:VEVENT";
    let found = read(event, spring());
    assert_eq!(found[0].start.to_string(), "2026-03-16T13:00:00.000Z");
    assert_eq!(found[0].end.to_string(), "2026-03-16T13:30:00.000Z");
    let german = "BEGIN:VEVENT\nUID:a\nDTSTART;TZID=\"W. Europe Standard Time\":20260416T090000\nDURATION:PT30M\nEND:VEVENT";
    assert_eq!(starts(german, spring()), ["2026-04-16T07:00"]);
}

#[test]
fn a_zone_the_file_defines_itself_is_followed_to_its_place() {
    let text = "BEGIN:VTIMEZONE\nTZID:/custom/1\nX-LIC-LOCATION:America/New_York\nBEGIN:STANDARD\nDTSTART:19701101T020000\nTZOFFSETFROM:-0400\nTZOFFSETTO:-0500\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:a\nDTSTART;TZID=/custom/1:20260416T090000\nDURATION:PT30M\nEND:VEVENT";
    assert_eq!(starts(text, spring()), ["2026-04-16T13:00"]);
}

#[test]
fn exceptions_leave_out_move_and_cancel_whatever_their_sequence() {
    let events = "BEGIN:VEVENT\nUID:a\nSEQUENCE:0\nDTSTART;TZID=Europe/Berlin:20260302T090000\nDTEND;TZID=Europe/Berlin:20260302T100000\nRRULE:FREQ=WEEKLY;COUNT=5\nEXDATE;TZID=Europe/Berlin:20260309T090000\nSUMMARY:Jour fixe\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\nSEQUENCE:4\nRECURRENCE-ID;TZID=Europe/Berlin:20260316T090000\nDTSTART;TZID=Europe/Berlin:20260317T140000\nDTEND;TZID=Europe/Berlin:20260317T150000\nSUMMARY:Moved\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20260323T080000Z\nDTSTART;TZID=Europe/Berlin:20260323T090000\nSTATUS:CANCELLED\nEND:VEVENT";
    assert_eq!(starts(events, spring()), ["2026-03-02T08:00", "2026-03-17T13:00", "2026-03-30T07:00"]);
    assert_eq!(read(events, spring())[1].summary, "Moved");
}

#[test]
fn an_exception_is_found_where_it_was_moved_to_even_from_outside_the_window() {
    let events = "BEGIN:VEVENT\nUID:a\nDTSTART:20260105T090000Z\nDTEND:20260105T100000Z\nRRULE:FREQ=MONTHLY;COUNT=2\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20260205T090000Z\nDTSTART:20260303T090000Z\nDTEND:20260303T100000Z\nEND:VEVENT";
    assert_eq!(starts(events, spring()), ["2026-03-03T09:00"]);
}

#[test]
fn this_and_all_after_moves_the_rest_of_the_series() {
    let events = "BEGIN:VEVENT\nUID:a\nDTSTART:20260302T090000Z\nDTEND:20260302T100000Z\nRRULE:FREQ=WEEKLY;COUNT=4\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260316T090000Z\nDTSTART:20260316T110000Z\nDTEND:20260316T113000Z\nEND:VEVENT";
    assert_eq!(
        starts(events, spring()),
        ["2026-03-02T09:00", "2026-03-09T09:00", "2026-03-16T11:00", "2026-03-23T11:00"]
    );
}

#[test]
fn whole_days_begin_and_end_at_midnight_of_the_owner() {
    let event = "BEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260330\nEND:VEVENT";
    let found = read(event, spring());
    assert!(found[0].all_day);
    assert_eq!(found[0].start.to_string(), "2026-03-27T23:00:00.000Z");
    // The clocks went forward in between.
    assert_eq!(found[0].end.to_string(), "2026-03-29T22:00:00.000Z");
    let yearly =
        "BEGIN:VEVENT\nUID:b\nDTSTART;VALUE=DATE:19800414\nRRULE:FREQ=YEARLY\nTRANSP:TRANSPARENT\nEND:VEVENT";
    let found = read(yearly, spring());
    assert_eq!((found.len(), found[0].busy), (1, false));
    assert_eq!(found[0].start.to_string(), "2026-04-13T22:00:00.000Z");
}

#[test]
fn floating_times_are_the_owners() {
    let event = "BEGIN:VEVENT\nUID:a\nDTSTART:20260316T090000\nDTEND:20260316T100000\nEND:VEVENT";
    assert_eq!(starts(event, spring()), ["2026-03-16T08:00"]);
}

#[test]
fn a_rule_for_ever_costs_what_the_window_holds() {
    let event =
        "BEGIN:VEVENT\nUID:a\nDTSTART:20100101T090000Z\nDTEND:20100101T093000Z\nRRULE:FREQ=DAILY\nEND:VEVENT";
    let found = starts(event, window("2026-03-01T00:00:00Z", "2026-03-04T00:00:00Z"));
    assert_eq!(found, ["2026-03-01T09:00", "2026-03-02T09:00", "2026-03-03T09:00"]);
    for bomb in [
        "FREQ=SECONDLY",
        "FREQ=HOURLY;BYSECOND=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15;BYMINUTE=0,1,2,3,4,5,6,7,8,9",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    ] {
        let event = format!(
            "BEGIN:VEVENT\nUID:a\nDTSTART:20260310T090000Z\nDTEND:20260310T090001Z\nRRULE:{bomb}\nEND:VEVENT"
        );
        assert!(read(&event, spring()).len() <= 1, "{bomb}");
    }
    let hourly =
        "BEGIN:VEVENT\nUID:a\nDTSTART:20240101T090000Z\nDURATION:PT5M\nRRULE:FREQ=HOURLY\nEND:VEVENT";
    assert_eq!(read(hourly, window("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")).len(), 24);
}

#[test]
fn an_end_by_date_includes_its_day_and_one_by_instant_its_instant() {
    let by = |until: &str| {
        format!(
            "BEGIN:VEVENT\nUID:a\nDTSTART;TZID=America/New_York:20260302T200000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL={until}\nEND:VEVENT"
        )
    };
    assert_eq!(starts(&by("20260304"), spring()).len(), 3);
    // 20:00 in New York is 01:00 the next day in UTC.
    assert_eq!(starts(&by("20260305T010000Z"), spring()).len(), 3);
    assert_eq!(starts(&by("20260305T005959Z"), spring()).len(), 2);
}

#[test]
fn declined_by_me_is_free_and_declined_by_others_is_not() {
    let by = |who: &str| {
        format!(
            "BEGIN:VEVENT\nUID:a\nDTSTART:20260316T090000Z\nDURATION:PT1H\nATTENDEE;PARTSTAT=DECLINED:mailto:{who}\nEND:VEVENT"
        )
    };
    assert!(!read(&by("ME@example.com"), spring())[0].busy);
    assert!(read(&by("you@example.com"), spring())[0].busy);
}

#[test]
fn nonsense_is_refused_or_left_out_and_never_panics() {
    let home = zone("UTC");
    assert!(instances("hello", spring(), &home, &[]).is_err());
    let whole = file(
        "BEGIN:VEVENT\nUID:a\nDTSTART:20260316T090000Z\nDTEND:20260316T080000Z\nRRULE:FREQ=NEVER;INTERVAL=0\nEND:VEVENT\nBEGIN:VEVENT\nUID:b\nDTSTART:99999999T999999\nEND:VEVENT",
    );
    for end in 0..whole.len() {
        let _ = instances(&whole[..end], spring(), &home, &[]);
    }
    let found = instances(&whole, spring(), &home, &[]).unwrap();
    assert!(found.iter().all(|instance| instance.end >= instance.start));
}

#[test]
fn what_we_write_can_be_read_back() {
    let event = crate::calendar::OutgoingEvent {
        id: ClientId::new("abcdef0123").unwrap(),
        summary: format!("Cut, wash; \"dry\" \\ {}", "ü".repeat(60)),
        description: "One\nTwo\u{7}".into(),
        location: String::new(),
        start: "2026-03-16T09:00:00Z".parse::<jiff::Timestamp>().unwrap().into(),
        end: "2026-03-16T09:45:00Z".parse::<jiff::Timestamp>().unwrap().into(),
        zone: "Europe/Berlin".into(),
        attendees: vec![crate::calendar::Attendee {
            name: "Ann, B.".into(),
            email: "ann@example.com".into(),
        }],
        sequence: 3,
        updated_at: Timestamp::default(),
    };
    let text = write(&event);
    assert!(text.lines().all(|line| line.len() <= 75), "{text}");
    let found = instances(&text, spring(), &zone("UTC"), &[]).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].summary, event.summary);
    assert_eq!(found[0].ours, Some(event.id));
    assert_eq!((found[0].start, found[0].end), (event.start, event.end));
}
