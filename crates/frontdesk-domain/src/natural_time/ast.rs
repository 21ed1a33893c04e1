//! What a phrase says, before it is known when "now" is.
//!
//! A [`Moment`] has slots (a weekday, a month, a time of day…) which the grammar fills from left to right; whatever
//! wants a slot that is taken ends the phrase. Nested phrases ("the last day of next month") are moments in anchors.

use super::holiday::Holiday;
pub(super) use super::rule::Recurring;

/// A step of the calendar or the clock, ordered from fine to coarse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

/// Which one of those that recur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Which {
    /// Nothing said: the nearest to come.
    #[default]
    Bare,
    /// "this"
    This,
    /// "next"
    Next,
    /// "last"
    Last,
    /// "coming": the nearest to come, whatever the week.
    Coming,
    /// "after next": this many weeks, months, years after the nearest to come.
    Plus(i8),
    /// "Friday week", "lundi en huit": the coming one, or today, and so many weeks.
    Weeks(i8),
}

/// A part of the day, or of what is done then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pod {
    Dawn,
    EarlyMorning,
    FirstThing,
    Breakfast,
    Morning,
    MidMorning,
    LateMorning,
    Lunch,
    AfterLunch,
    EarlyAfternoon,
    Afternoon,
    MidAfternoon,
    LateAfternoon,
    AfterSchool,
    AfterWork,
    Dinner,
    EarlyEvening,
    Evening,
    LateEvening,
    Night,
    LateNight,
    BusinessHours,
    EarlyDay,
    MidDay,
    EndOfDay,
}

/// Before or after noon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Am,
    Pm,
}

/// A time on the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    /// 0 to 24 (24 being midnight at the end of the day).
    pub hour: i8,
    pub minute: i8,
    pub second: i8,
    /// Second, minute or hour.
    pub grain: Unit,
    /// Said with it.
    pub half: Option<Half>,
    /// 1 to 12 may mean either half of the day.
    pub ambiguous: bool,
    /// Written as the 24-hour clock is, so the other half is the less likely.
    pub literal: bool,
    /// Noon or midnight: the hour is certain.
    pub named: bool,
}

impl Clock {
    pub const fn hour(hour: i8) -> Self {
        Self {
            hour,
            minute: 0,
            second: 0,
            grain: Unit::Hour,
            half: None,
            ambiguous: hour >= 1 && hour <= 12,
            literal: false,
            named: false,
        }
    }

    pub const fn minutes(hour: i8, minute: i8) -> Self {
        Self { minute, grain: Unit::Minute, ..Self::hour(hour) }
    }

    pub const fn named(hour: i8) -> Self {
        Self { ambiguous: false, named: true, ..Self::hour(hour) }
    }
}

/// What is said of the time of day.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Time {
    At(Clock),
    Between(Clock, Clock),
    After(Clock),
    Before(Clock),
    /// The same as now, or as proposed before.
    Same,
}

/// How much, of which unit; several are added up.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Length {
    pub years: i64,
    pub months: i64,
    pub weeks: i64,
    pub days: i64,
    pub seconds: i64,
    /// The finest unit said.
    pub grain: Option<Unit>,
}

impl Length {
    /// `thousandths` of a unit: 1500 is one and a half.
    pub fn of(unit: Unit, thousandths: i64) -> Self {
        let mut length = Self { grain: Some(unit), ..Self::default() };
        let whole = thousandths / 1000;
        let part = thousandths % 1000;
        match unit {
            Unit::Second => length.seconds = whole,
            Unit::Minute => length.seconds = thousandths * 60 / 1000,
            Unit::Hour => length.seconds = thousandths * 3600 / 1000,
            Unit::Day => {
                length.days = whole;
                length.seconds = part * 86_400 / 1000;
            }
            Unit::Week => {
                length.weeks = whole;
                length.days = (part * 7 + 500) / 1000;
            }
            Unit::Month => {
                length.months = whole;
                length.days = (part * 30 + 500) / 1000;
            }
            Unit::Quarter => length.months = thousandths * 3 / 1000,
            Unit::Year => {
                length.years = whole;
                length.months = (part * 12 + 500) / 1000;
            }
            Unit::Decade => length.years = thousandths * 10 / 1000,
            Unit::Century => length.years = thousandths * 100 / 1000,
        }
        if part != 0 {
            length.grain = Some(match unit {
                Unit::Minute | Unit::Second => Unit::Second,
                Unit::Hour => Unit::Minute,
                Unit::Day => Unit::Hour,
                Unit::Week | Unit::Month => Unit::Day,
                _ => Unit::Month,
            });
        }
        length
    }

    pub fn plus(mut self, other: &Self) -> Self {
        self.years = self.years.saturating_add(other.years);
        self.months = self.months.saturating_add(other.months);
        self.weeks = self.weeks.saturating_add(other.weeks);
        self.days = self.days.saturating_add(other.days);
        self.seconds = self.seconds.saturating_add(other.seconds);
        self.grain = match (self.grain, other.grain) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self
    }

    pub fn times(&self, n: i64) -> Self {
        Self {
            years: self.years.saturating_mul(n),
            months: self.months.saturating_mul(n),
            weeks: self.weeks.saturating_mul(n),
            days: self.days.saturating_mul(n),
            seconds: self.seconds.saturating_mul(n),
            grain: self.grain,
        }
    }

    /// Nothing finer than days is in it.
    pub const fn is_calendar(&self) -> bool {
        self.seconds == 0
    }
}

/// From where a shift counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Base {
    /// Now.
    Now,
    /// What was proposed before, else now.
    Previous,
    /// Something said.
    Moment(Box<Moment>),
}

/// The beginning, the middle or the end of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Begin,
    Middle,
    End,
}

/// What an ordinal counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Unit(Unit),
    Weekday(i8),
    Weekend,
    Workday,
}

/// What gives a moment its days by itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Anchor {
    Now,
    /// Days from today.
    Day(i32),
    /// This (0), next (1), last (-1) week, month…
    Cycle {
        unit: Unit,
        offset: i32,
    },
    /// The next or last so many.
    Count {
        unit: Unit,
        count: i32,
        workdays: bool,
    },
    /// A length before or after something.
    Shift {
        length: Length,
        sign: i8,
        base: Base,
    },
    /// The nth of something within something; negative counts from the end.
    Nth {
        n: i16,
        counted: Counted,
        within: Option<Box<Moment>>,
    },
    /// The nth of something after (or, negative, before) something.
    NthFrom {
        n: i16,
        counted: Counted,
        from: Box<Moment>,
    },
    Edge {
        edge: Edge,
        of: Box<Moment>,
    },
    /// The first or second half of something.
    HalfOf {
        first: bool,
        of: Box<Moment>,
    },
    /// The first so many units of something; negative counts from its end.
    Run {
        count: i32,
        unit: Unit,
        within: Box<Moment>,
    },
    /// Something of a year that counts from this one: "Q1 next year", "next summer's", "end of March last year".
    InYear {
        of: Box<Anchor>,
        year: Box<Moment>,
    },
    Weekend(Which),
    /// The free days around a day: "Easter weekend", "the weekend of June 5".
    WeekendOf(Box<Moment>),
    /// From the beginning of this unit up to today.
    SoFar(Unit),
    Season {
        season: u8,
        which: Which,
    },
    Quarter(u8),
    HalfYear(u8),
    Decade(i32),
    Century(i32),
    /// The week (or other unit) which something is in.
    UnitOf {
        unit: Unit,
        of: Box<Moment>,
    },
    /// From now to the end of this unit.
    Rest(Unit),
    /// A numbered week of the year (ISO 8601).
    IsoWeek(u8),
    /// Monday to Friday of a week.
    Workweek(i32),
    /// The day proposed before, and so many units from it.
    FromPrevious {
        unit: Unit,
        offset: i32,
    },
    /// Later today, or later in general (after what was proposed).
    Later {
        sign: i8,
        today: bool,
    },
    /// The day nearest to something.
    Closest {
        n: i8,
        weekday: i8,
        to: Box<Moment>,
    },
}

/// A zone said in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    /// Minutes east of UTC.
    Offset(i16),
    /// An IANA name.
    Named(&'static str),
}

/// What is said of one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Moment {
    pub anchor: Option<Anchor>,
    pub weekday: Option<(i8, Which)>,
    pub day: Option<i8>,
    pub month: Option<(i8, Which)>,
    pub year: Option<i32>,
    pub holiday: Option<(Holiday, Which)>,
    pub time: Option<Time>,
    pub pod: Option<Pod>,
    pub zone: Option<Zone>,
    /// "any evening after the 12th": the one and those that follow.
    pub any: bool,
    /// How sure the words are; the grammar decides on 0 alone, and prefers more.
    pub weight: i32,
    /// Means something only in company or alone in the text.
    pub latent: bool,
    /// Both halves of a number date fit: 3/4 may be the other way around.
    pub swapped: Option<(i8, i8)>,
}

impl Moment {
    /// Says something of the day.
    pub const fn has_date(&self) -> bool {
        self.anchor.is_some()
            || self.weekday.is_some()
            || self.day.is_some()
            || self.month.is_some()
            || self.year.is_some()
            || self.holiday.is_some()
    }

    /// Says something of the time of day.
    pub const fn has_time(&self) -> bool {
        self.time.is_some() || self.pod.is_some()
    }

    /// Says when of the day, if only by hours from now.
    fn says_time(&self) -> bool {
        self.has_time()
            || match &self.anchor {
                Some(Anchor::Now | Anchor::Later { .. }) => true,
                Some(Anchor::Cycle { unit, .. } | Anchor::Count { unit, .. } | Anchor::Rest(unit)) => {
                    *unit < Unit::Day
                }
                Some(Anchor::Shift { length, base, .. }) => {
                    !length.is_calendar()
                        || match base {
                            Base::Now => false,
                            Base::Previous => true,
                            Base::Moment(moment) => moment.says_time(),
                        }
                }
                _ => false,
            }
    }
}

/// A whole phrase.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phrase {
    Moment(Moment),
    Range {
        from: Moment,
        to: Moment,
    },
    After(Moment),
    /// From then on, with no end.
    Starting(Moment),
    Since(Moment),
    Before(Moment),
    Until(Moment),
    By(Moment),
    /// From now on, for at most this long.
    Within(Length),
    /// So long, from then.
    For {
        length: Length,
        from: Moment,
    },
    Length(Length),
    Recurring(Recurring),
}

impl Phrase {
    /// Says when of the day, not only which day.
    pub fn says_time(&self) -> bool {
        match self {
            Self::Moment(moment)
            | Self::After(moment)
            | Self::Starting(moment)
            | Self::Since(moment)
            | Self::Before(moment)
            | Self::Until(moment)
            | Self::By(moment) => moment.says_time(),
            Self::Range { from, to } => from.says_time() || to.says_time(),
            Self::Within(length) => !length.is_calendar(),
            Self::For { length, from } => !length.is_calendar() || from.says_time(),
            Self::Length(_) => false,
            Self::Recurring(rule) => rule.time.has_time(),
        }
    }
}
