//! Working time: the hours of each weekday, the days off, and how much of it lies between two moments. Pure.
//!
//! Days begin where the workspace says; a day on which clocks change is as long as it is, so no hour is counted twice
//! or lost.

use crate::base::{Date, When};
use jiff::{civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// The most spans of one day: a morning, an afternoon, and some more.
const SPANS_MAX: usize = 4;
/// The most days that are looked through for working time: twenty years.
const DAYS_MAX: usize = 7_305;
/// The last minute of a day.
const DAY_MINUTES: u16 = 24 * 60;

/// The weekdays, as people read them, from Monday.
pub const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A span of a day: minutes since it began, from and until.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    from: u16,
    until: u16,
}

/// The working hours of each weekday from Monday, kept as people write them: `09:00 to 17:00`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Week([Vec<Span>; 7]);

impl Default for Week {
    fn default() -> Self {
        let day = vec![Span { from: 9 * 60, until: 17 * 60 }];
        Self([day.clone(), day.clone(), day.clone(), day.clone(), day, Vec::new(), Vec::new()])
    }
}

impl Week {
    /// Reads the seven days from Monday, each as people write it: `9 to 17`, `09:00 to 12:30, 13:30 to 18:00`; empty
    /// for a day off.
    ///
    /// # Errors
    /// What would be right, with the number of the day, from 0.
    pub fn parse<'t>(days: impl IntoIterator<Item = &'t str>) -> Result<Self, (usize, String)> {
        let mut week: [Vec<Span>; 7] = Default::default();
        for (n, (day, text)) in week.iter_mut().zip(days).enumerate() {
            *day = spans(text).map_err(|right| (n, right))?;
        }
        Ok(Self(week))
    }

    /// Each day from Monday as people write it; empty for a day off.
    pub fn shown(&self) -> [String; 7] {
        std::array::from_fn(|n| {
            let spans = self.0.get(n).map_or(&[][..], Vec::as_slice);
            let all: Vec<String> =
                spans.iter().map(|it| format!("{} to {}", clock(it.from), clock(it.until))).collect();
            all.join(", ")
        })
    }

    /// Whether nobody ever works.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    fn of(&self, day: Date) -> &[Span] {
        let n = usize::try_from(day.civil().weekday().to_monday_zero_offset()).unwrap_or(0);
        self.0.get(n).map_or(&[], Vec::as_slice)
    }
}

impl TryFrom<Vec<String>> for Week {
    type Error = String;

    fn try_from(days: Vec<String>) -> Result<Self, String> {
        Self::parse(days.iter().map(String::as_str)).map_err(|(_, right)| right)
    }
}

impl From<Week> for Vec<String> {
    fn from(week: Week) -> Self {
        week.shown().to_vec()
    }
}

/// Reads the spans of a day.
fn spans(text: &str) -> Result<Vec<Span>, String> {
    const RIGHT: &str = "hours such as 09:00 to 17:00, or 9 to 12:30, 13:30 to 18; empty on a day off";
    let mut found: Vec<Span> = Vec::new();
    for part in text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
        let part = part.replace(['–', '—', '-'], " to ");
        let (from, until) = part.split_once(" to ").ok_or(RIGHT)?;
        let span = Span { from: minute(from).ok_or(RIGHT)?, until: minute(until).ok_or(RIGHT)? };
        if span.until <= span.from {
            return Err(format!("an end after the beginning, not {}", part.trim()));
        }
        if found.last().is_some_and(|last| span.from < last.until) {
            return Err("hours one after the other, the earliest first".into());
        }
        found.push(span);
    }
    if found.len() > SPANS_MAX {
        return Err(format!("at most {SPANS_MAX} spans a day"));
    }
    Ok(found)
}

/// `9`, `09:00`, `17.30`, `24:00` as minutes of a day.
fn minute(text: &str) -> Option<u16> {
    let text = text.trim().replace(['.', 'h'], ":");
    let (hour, minute) = text.split_once(':').unwrap_or((text.as_str(), "0"));
    let (hour, minute): (u16, u16) = (hour.trim().parse().ok()?, minute.trim().parse().ok()?);
    let all = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && all <= DAY_MINUTES).then_some(all)
}

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Working time somewhere: hours, days off, and where days begin.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    week: Week,
    days_off: Vec<Date>,
}

impl Calendar {
    /// The working time of a place. A week in which nobody works counts every hour, so that nothing waits for ever
    /// uncounted.
    pub fn new(zone: TimeZone, week: Week, days_off: impl IntoIterator<Item = Date>) -> Self {
        let mut days_off: Vec<Date> = days_off.into_iter().collect();
        days_off.sort_unstable();
        let always = || vec![Span { from: 0, until: DAY_MINUTES }];
        let week = if week.is_empty() { Week(std::array::from_fn(|_| always())) } else { week };
        Self { zone, week, days_off }
    }

    /// Whether anybody works on a day.
    pub fn works_on(&self, day: Date) -> bool {
        self.days_off.binary_search(&day).is_err() && !self.week.of(day).is_empty()
    }

    /// Minutes of working time from a moment to another, parts of a minute included; 0 when the second is earlier.
    pub fn minutes_between(&self, from: When, to: When) -> f64 {
        if to <= from {
            return 0.0;
        }
        let last = to.day(&self.zone);
        let mut day = from.day(&self.zone);
        let mut micros = 0;
        for _ in 0..DAYS_MAX {
            for (opens, closes) in self.open_on(day) {
                micros += (closes.min(to).micros() - opens.max(from).micros()).max(0);
            }
            if day >= last {
                break;
            }
            day = day.plus_days(1);
        }
        #[expect(clippy::cast_precision_loss, reason = "minutes of twenty years, not atoms")]
        let minutes = micros as f64 / 60e6;
        minutes
    }

    /// The moment at which so many minutes of working time have passed since another.
    pub fn after(&self, from: When, minutes: f64) -> When {
        #[expect(clippy::cast_possible_truncation, reason = "minutes are limited by who promises them")]
        let mut left = (minutes.max(0.0) * 60e6).round() as i64;
        if left == 0 {
            return from;
        }
        let mut day = from.day(&self.zone);
        for _ in 0..DAYS_MAX {
            for (opens, closes) in self.open_on(day) {
                let opens = opens.max(from);
                let here = closes.micros() - opens.micros();
                if here >= left {
                    return When::from_micros(opens.micros() + left);
                }
                left -= here.max(0);
            }
            day = day.plus_days(1);
        }
        day.start(&self.zone)
    }

    /// The working hours of a day, as moments, none twice: none on a day off.
    fn open_on(&self, day: Date) -> impl Iterator<Item = (When, When)> + '_ {
        let spans = if self.days_off.binary_search(&day).is_ok() { &[][..] } else { self.week.of(day) };
        let mut since = When::from_micros(i64::MIN);
        spans.iter().map(move |span| {
            let opens = self.moment(day, span.from).max(since);
            since = self.moment(day, span.until).max(opens);
            (opens, since)
        })
    }

    fn moment(&self, day: Date, minutes: u16) -> When {
        if minutes >= DAY_MINUTES {
            return day.plus_days(1).start(&self.zone);
        }
        let hour = i8::try_from(minutes / 60).unwrap_or(0);
        let minute = i8::try_from(minutes % 60).unwrap_or(0);
        let time = civil::Time::new(hour, minute, 0, 0).unwrap_or(civil::Time::MIN);
        // A time that clocks leave out comes as much later as they jump; one that comes twice is the first.
        let zoned = day.civil().to_datetime(time).to_zoned(self.zone.clone());
        zoned.map_or_else(|_| day.start(&self.zone), |zoned| When::of(zoned.timestamp()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> When {
        When::of(text.parse().unwrap())
    }

    fn lisbon(week: Week, days_off: &[&str]) -> Calendar {
        let days_off = days_off.iter().map(|day| day.parse().unwrap());
        Calendar::new(TimeZone::get("Europe/Lisbon").unwrap(), week, days_off)
    }

    #[test]
    fn hours_are_read_as_people_write_them_and_shown_alike() {
        let text = ["9-17", "09:00 to 12:30, 13.30 to 18", "8h30 to 24", "", "", "", " "];
        let week = Week::parse(text).unwrap();
        assert_eq!(week.shown()[..3], ["09:00 to 17:00", "09:00 to 12:30, 13:30 to 18:00", "08:30 to 24:00"]);
        assert_eq!(Week::parse(week.shown().iter().map(String::as_str)).unwrap(), week);
        let kept = serde_json::to_string(&week).unwrap();
        assert_eq!(serde_json::from_str::<Week>(&kept).unwrap(), week);
        for text in ["soon", "17 to 9", "9 to 25", "9:61 to 10", "9 to 12, 11 to 13", "9"] {
            assert!(Week::parse([text]).is_err(), "{text}");
        }
    }

    #[test]
    fn nights_weekends_and_days_off_do_not_count() {
        let calendar = lisbon(Week::default(), &["2026-11-24"]);
        // Friday 16:00 to Monday 10:00: one hour each.
        assert_eq!(calendar.minutes_between(at("2026-11-20T16:00Z"), at("2026-11-23T10:00Z")), 120.0);
        // Tuesday is off: Monday 16:00 to Wednesday 10:00.
        assert_eq!(calendar.minutes_between(at("2026-11-23T16:00Z"), at("2026-11-25T10:00Z")), 120.0);
        assert_eq!(calendar.after(at("2026-11-23T16:00Z"), 120.0), at("2026-11-25T10:00Z"));
        // Asked on a Sunday, promised within four hours: Monday at one.
        assert_eq!(calendar.after(at("2026-11-22T12:00Z"), 240.0), at("2026-11-23T13:00Z"));
        assert_eq!(calendar.minutes_between(at("2026-11-23T10:00Z"), at("2026-11-20T10:00Z")), 0.0);
    }

    #[test]
    fn a_day_on_which_clocks_change_is_as_long_as_it_is() {
        let always = lisbon(Week::parse(["0 to 24"; 7]).unwrap(), &[]);
        let zone = TimeZone::get("Europe/Lisbon").unwrap();
        for (day, hours) in [("2026-03-29", 23.0), ("2026-10-25", 25.0), ("2026-07-01", 24.0)] {
            let day: Date = day.parse().unwrap();
            let (from, to) = (day.start(&zone), day.plus_days(1).start(&zone));
            assert_eq!(always.minutes_between(from, to), hours * 60.0, "{day}");
        }
        // Nine in the morning is eight in UTC from that Sunday on.
        let office = lisbon(Week::default(), &[]);
        assert_eq!(office.after(at("2026-03-27T16:30Z"), 60.0), at("2026-03-30T08:30Z"));
        // Nights in which an hour is left out, or comes twice.
        let nights = lisbon(Week::parse(["0 to 6"; 7]).unwrap(), &[]);
        let spring = nights.minutes_between(at("2026-03-29T00:00Z"), at("2026-03-29T12:00Z"));
        let autumn = nights.minutes_between(at("2026-10-24T23:00Z"), at("2026-10-25T12:00Z"));
        assert_eq!((spring, autumn), (300.0, 420.0));
    }

    #[test]
    fn where_nobody_works_every_hour_counts() {
        let nobody = lisbon(Week::parse([""; 7]).unwrap(), &[]);
        assert_eq!(nobody.minutes_between(at("2026-11-21T00:00Z"), at("2026-11-22T00:00Z")), 1_440.0);
    }

    fn weeks() -> impl Strategy<Value = Week> {
        let day = prop_oneof![
            Just(String::new()),
            (0_u16..20, 1_u16..4).prop_map(|(from, long)| format!("{from} to {}", from + long)),
            Just("08:15 to 12:00, 13:00 to 17:45".to_owned()),
            Just("0 to 24".to_owned()),
        ];
        proptest::collection::vec(day, 7)
            .prop_map(|days| Week::parse(days.iter().map(String::as_str)).unwrap())
    }

    /// Moments of a year around both changes of the clock, to the second.
    fn moments() -> impl Strategy<Value = When> {
        (0_i64..370 * 86_400).prop_map(|seconds| at("2026-01-01T00:00Z").plus_seconds(seconds))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn what_is_promised_is_used_up_exactly_when_its_moment_comes(
            week in weeks(), from in moments(), minutes in 1_u32..6_000
        ) {
            let calendar = lisbon(week, &["2026-04-03", "2026-12-25"]);
            let due = calendar.after(from, f64::from(minutes));
            prop_assert!(due > from);
            prop_assert!((calendar.minutes_between(from, due) - f64::from(minutes)).abs() < 1e-6);
        }

        #[test]
        fn time_adds_up_and_never_runs_back(week in weeks(), mut three in proptest::array::uniform3(moments())) {
            three.sort();
            let [one, two, three] = three;
            let calendar = lisbon(week, &["2026-08-15"]);
            let (first, second) = (calendar.minutes_between(one, two), calendar.minutes_between(two, three));
            let whole = calendar.minutes_between(one, three);
            prop_assert!((first + second - whole).abs() < 1e-6);
            #[expect(clippy::cast_precision_loss, reason = "seconds of a year")]
            let passed = three.seconds_since(one) as f64 / 60.0;
            prop_assert!(first >= 0.0 && whole <= passed + 1e-6);
        }
    }
}
