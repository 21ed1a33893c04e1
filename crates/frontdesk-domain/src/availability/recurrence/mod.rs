//! Hours that recur by an RFC 5545 rule, in local time.
//!
//! A rule is read into a [`Recurrence`] (`rule.rs`) and laid out period by period, beginning near the days asked about;
//! only a rule with COUNT is laid out from its start. Work is bounded whatever the rule: so many periods, so many starts
//! found, so many laid out to choose from. The start of the hours counts only where the rule says so itself, as in most calendars.

mod rule;

use jiff::civil::{Date, Weekday, date};

use super::interval::Interval;
use super::zone::{DAY, MINUTE, date_of, day_number};
use crate::schedule::RecurringRule;
pub use rule::BadRule;
use rule::{Freq, Recurrence};

/// The most starts of one rule in one question.
const MOST: usize = 5_000;
/// The most periods laid out: a century of days. A rule with COUNT is over after them.
const MOST_PERIODS: i64 = 40_000;
/// The most starts laid out, kept or not.
const MOST_LAID_OUT: usize = 1_000_000;

/// Refuses a rule that cannot be read, or that recurs more often than every hour.
pub fn check(rule: &RecurringRule) -> Result<(), BadRule> {
    rule.rrule.parse::<Recurrence>().map(drop)
}

/// The rule's hours that touch the local days from `first` to `last`, in local milliseconds. A rule that cannot be read
/// has only its added starts.
pub fn expand(rule: &RecurringRule, first: i64, last: i64) -> Vec<Interval> {
    let long = i64::from(rule.minutes) * MINUTE;
    let window = Interval::new(first * DAY, (last + 1) * DAY);
    let by_rule = rule.rrule.parse::<Recurrence>().map_or_else(
        |_| Vec::new(),
        |read| starts(&read, local_of(rule.start), Interval::new(window.from - long + 1, window.to)),
    );
    let except: Vec<i64> = rule.except.iter().map(|at| local_of(*at)).collect();
    by_rule
        .into_iter()
        .filter(|start| !except.contains(start))
        .chain(rule.extra.iter().map(|at| local_of(*at)))
        .map(|start| Interval::new(start, start + long))
        .filter(|interval| interval.meets(window))
        .collect()
}

/// The starts within the window, in order.
fn starts(rule: &Recurrence, start: i64, window: Interval) -> Vec<i64> {
    let layout = Layout { rule, start, first_day: start.div_euclid(DAY) };
    let mut period = if rule.count.is_some() { 0 } else { layout.period_before(window.from.div_euclid(DAY)) };
    let end = period + MOST_PERIODS;
    let (mut found, mut counted, mut laid_out) = (Vec::new(), 0, 0);
    while period < end && found.len() < MOST && laid_out < MOST_LAID_OUT {
        let Some((from, starts)) = layout.period(period) else { break };
        if from >= window.to {
            break;
        }
        laid_out += starts.len();
        let starts = layout.positions(starts);
        for at in starts.into_iter().filter(|at| *at >= start) {
            let over = rule.until.is_some_and(|until| at > until)
                || rule.count.is_some_and(|count| counted >= count);
            if over || at >= window.to {
                return found;
            }
            counted += 1;
            if at >= window.from {
                found.push(at);
            }
        }
        period += 1;
    }
    found.truncate(MOST);
    found
}

/// A rule with its start.
struct Layout<'a> {
    rule: &'a Recurrence,
    start: i64,
    first_day: i64,
}

impl Layout<'_> {
    /// A period no later than the one that holds the day, and not before the first.
    fn period_before(&self, day: i64) -> i64 {
        let days = (day - self.first_day).max(0);
        let periods = match self.rule.freq {
            Freq::Yearly => days / 366,
            Freq::Monthly => days / 31,
            Freq::Weekly => days / 7,
            Freq::Daily => days,
            Freq::Hourly => days * 24 - 24,
        };
        (periods / self.rule.interval - 1).max(0)
    }

    /// The beginning of the n-th period and the starts in it, in order; `None` beyond the calendar.
    fn period(&self, number: i64) -> Option<(i64, Vec<i64>)> {
        let rule = self.rule;
        let step = number.checked_mul(rule.interval)?;
        let first = date_of(self.first_day);
        Some(match rule.freq {
            Freq::Yearly => {
                let year = i16::try_from(i64::from(first.year()) + step).ok()?;
                let begin = Date::new(year, 1, 1).ok()?;
                let days = i64::from(begin.days_in_year());
                (day_number(begin) * DAY, self.days(day_number(begin), days))
            }
            Freq::Monthly => {
                let month = i64::from(first.month()) - 1 + step;
                let year = i16::try_from(i64::from(first.year()) + month.div_euclid(12)).ok()?;
                let begin = Date::new(year, (month.rem_euclid(12) + 1) as i8, 1).ok()?;
                (day_number(begin) * DAY, self.days(day_number(begin), i64::from(begin.days_in_month())))
            }
            Freq::Weekly => {
                let begin = week_start(self.first_day, rule.week_start) + step * 7;
                (begin * DAY, self.days(begin, 7))
            }
            Freq::Daily => {
                let day = self.first_day + step;
                (day * DAY, self.days(day, 1))
            }
            Freq::Hourly => {
                let hour = self.start.div_euclid(HOUR) + step;
                (hour * HOUR, self.of_hour(hour))
            }
        })
    }

    /// Those of a period's starts that BYSETPOS picks.
    fn positions(&self, starts: Vec<i64>) -> Vec<i64> {
        if self.rule.by_set_pos.is_empty() {
            return starts;
        }
        let count = starts.len() as i64;
        let indices = self
            .rule
            .by_set_pos
            .iter()
            .map(|position| if *position > 0 { position - 1 } else { count + position });
        let mut kept: Vec<i64> = indices
            .filter_map(|index| usize::try_from(index).ok().and_then(|index| starts.get(index)).copied())
            .collect();
        kept.sort_unstable();
        kept.dedup();
        kept
    }

    /// The starts on so many days from one on.
    fn days(&self, from: i64, count: i64) -> Vec<i64> {
        let clock = self.start.rem_euclid(DAY);
        let (hour, minute) = (clock / HOUR, clock / MINUTE % 60);
        let or = |list: &Vec<i64>, default: i64| if list.is_empty() { vec![default] } else { list.clone() };
        let (hours, minutes) = (or(&self.rule.by_hour, hour), or(&self.rule.by_minute, minute));
        let seconds = clock % MINUTE;
        let mut found = Vec::new();
        for day in (from..from + count).filter(|day| self.is_on(*day)) {
            for hour in &hours {
                found
                    .extend(minutes.iter().map(|minute| day * DAY + hour * HOUR + minute * MINUTE + seconds));
            }
        }
        found
    }

    fn of_hour(&self, hour: i64) -> Vec<i64> {
        let rule = self.rule;
        if !self.is_on(hour.div_euclid(24)) || !allows(&rule.by_hour, hour.rem_euclid(24)) {
            return Vec::new();
        }
        if rule.by_minute.is_empty() {
            return vec![hour * HOUR + self.start.rem_euclid(HOUR)];
        }
        rule.by_minute
            .iter()
            .map(|minute| hour * HOUR + minute * MINUTE + self.start.rem_euclid(MINUTE))
            .collect()
    }

    /// Whether the rule says yes to a day of one of its periods (the table in RFC 5545, section 3.3.10).
    fn is_on(&self, number: i64) -> bool {
        let (rule, day, first) = (self.rule, date_of(number), date_of(self.first_day));
        let (month, in_month) = (i64::from(day.month()), i64::from(day.day()));
        let picks_days = !(rule.by_month_day.is_empty()
            && rule.by_year_day.is_empty()
            && rule.by_week_no.is_empty()
            && rule.by_day.is_empty());
        if !picks_days {
            // What is not said follows from the start.
            let same = match rule.freq {
                Freq::Yearly => {
                    day.day() == first.day() && (!rule.by_month.is_empty() || day.month() == first.month())
                }
                Freq::Monthly => day.day() == first.day(),
                Freq::Weekly => day.weekday() == first.weekday(),
                Freq::Daily | Freq::Hourly => true,
            };
            return same && allows(&rule.by_month, month);
        }
        allows(&rule.by_month, month)
            && counts(&rule.by_month_day, in_month, i64::from(day.days_in_month()))
            && counts(&rule.by_year_day, i64::from(day.day_of_year()), i64::from(day.days_in_year()))
            && (rule.by_week_no.is_empty() || self.is_in_week(number))
            && (rule.by_day.is_empty() || self.is_weekday(day))
    }

    fn is_weekday(&self, day: Date) -> bool {
        let by_year = self.rule.freq == Freq::Yearly && self.rule.by_month.is_empty();
        let (place, length) = if by_year {
            (i64::from(day.day_of_year()), i64::from(day.days_in_year()))
        } else {
            (i64::from(day.day()), i64::from(day.days_in_month()))
        };
        self.rule.by_day.iter().any(|(nth, weekday)| {
            *weekday == day.weekday()
                && (*nth == 0 || *nth == (place - 1) / 7 + 1 || *nth == -((length - place) / 7 + 1))
        })
    }

    /// Weeks of a year are numbered as in ISO 8601, but from the rule's first day of the week.
    fn is_in_week(&self, day: i64) -> bool {
        let middle = |day: i64| date_of(week_start(day, self.rule.week_start) + 3);
        let number = (i64::from(middle(day).day_of_year()) - 1) / 7 + 1;
        let last = middle(day_number(date(middle(day).year(), 12, 28)));
        counts(&self.rule.by_week_no, number, (i64::from(last.day_of_year()) - 1) / 7 + 1)
    }
}

const HOUR: i64 = 60 * MINUTE;

/// The day on which the week of a day begins.
fn week_start(day: i64, begins: Weekday) -> i64 {
    day - i64::from(date_of(day).weekday().since(begins))
}

/// No list allows everything.
fn allows(list: &[i64], value: i64) -> bool {
    list.is_empty() || list.contains(&value)
}

/// As [`allows`], with negative numbers counted from the end.
fn counts(list: &[i64], value: i64, length: i64) -> bool {
    list.is_empty() || list.contains(&value) || list.contains(&(value - length - 1))
}

/// Local milliseconds of a civil time.
fn local_of(at: jiff::civil::DateTime) -> i64 {
    let time = at.time();
    let minutes = i64::from(time.hour()) * 60 + i64::from(time.minute());
    day_number(at.date()) * DAY + minutes * MINUTE + i64::from(time.second()) * 1000
}

#[cfg(test)]
mod tests;
