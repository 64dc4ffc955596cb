//! Moments and days.

use crate::base::Locale;
use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A moment, to the microsecond. Columns hold microseconds since 1970 (UTC): text of it would not sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct When(Timestamp);

impl When {
    /// The moment of a timestamp.
    pub const fn of(timestamp: Timestamp) -> Self {
        Self(timestamp)
    }

    /// Microseconds since 1970 (UTC); a number beyond the calendar is taken to its nearest end.
    pub fn from_micros(micros: i64) -> Self {
        let end = if micros < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Self(Timestamp::from_microsecond(micros).unwrap_or(end))
    }

    /// Microseconds since 1970 (UTC).
    pub fn micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// So many seconds later; the end of the calendar at the latest.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_micros(self.micros().saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// So many days of 24 hours later.
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// Seconds from `earlier` to this, negative if it is later.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        (self.micros() - earlier.micros()) / 1_000_000
    }

    /// The day it is in a time zone.
    pub fn day(self, zone: &TimeZone) -> Date {
        Date(self.0.to_zoned(zone.clone()).date())
    }

    /// Day and time of day, for people: `22 Nov 2026, 14:05`.
    pub fn show(self, zone: &TimeZone, locale: Locale) -> String {
        let zoned = self.0.to_zoned(zone.clone());
        format!("{}, {:02}:{:02}", locale.date(zoned.date()), zoned.hour(), zoned.minute())
    }

    /// RFC 3339 in UTC, for machines and `<time datetime>`.
    pub fn iso(self) -> String {
        self.0.to_string()
    }

    /// The timestamp.
    pub const fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl db::Parameter for When {
    fn value(self) -> db::Value {
        self.micros().value()
    }
    fn missing() -> db::Value {
        i64::missing()
    }
}
impl db::Column for When {
    fn column(row: &db::Row, index: usize) -> db::Result<Self> {
        i64::column(row, index).map(Self::from_micros)
    }
}

/// A day of the calendar, without a time zone. Columns hold `YYYY-MM-DD`, which sorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Date(civil::Date);

impl Date {
    /// The day of a calendar date.
    pub const fn of(date: civil::Date) -> Self {
        Self(date)
    }

    /// The calendar date.
    pub const fn civil(self) -> civil::Date {
        self.0
    }

    /// So many days later (earlier, if negative); the end of the calendar at most.
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().try_days(days).unwrap_or_default()))
    }

    /// Days from `earlier` to this, negative if it is later.
    pub fn days_since(self, earlier: Self) -> i64 {
        let span = self.0.since((jiff::Unit::Day, earlier.0));
        span.map_or(0, |span| i64::from(span.get_days()))
    }

    /// For people: `22 Nov 2026`.
    pub fn show(self, locale: Locale) -> String {
        locale.date(self.0)
    }

    /// As people read it beside today: without the year if it is this one, `22 Nov`.
    pub fn show_near(self, today: Self, locale: Locale) -> String {
        locale.near_date(self.0, today.0)
    }

    /// The moment the day begins in a time zone.
    pub fn start(self, zone: &TimeZone) -> When {
        self.0.to_zoned(zone.clone()).map_or(When::from_micros(0), |zoned| When(zoned.timestamp()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl FromStr for Date {
    type Err = jiff::Error;
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.trim().parse().map(Self)
    }
}
impl db::Parameter for Date {
    fn value(self) -> db::Value {
        self.to_string().value()
    }
    fn missing() -> db::Value {
        String::missing()
    }
}
impl db::Column for Date {
    fn column(row: &db::Row, index: usize) -> db::Result<Self> {
        let text = String::column(row, index)?;
        text.parse().map_err(|_| db::Error::Shape(format!("{text:?} is not a date")))
    }
}
