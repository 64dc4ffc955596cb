//! Days of the calendar, and the ways people write them.
//!
//! No clock and no time zones: a [`Date`] is a day, a [`Moment`] a minute. A whole column is read at once, so
//! that `3/4/2026` is settled by its neighbours, and how it was read is told.

use crate::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// A day of the (proleptic) Gregorian calendar, kept as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The day that lies `days` after 1970-01-01.
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// The day `year-month-day`, if the calendar has it (years 1 to 9999).
    pub fn of(year: i32, month: i32, day: i32) -> Option<Self> {
        let longest = match month {
            2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        if !(1..=9999).contains(&year) || !(1..=longest).contains(&day) {
            return None;
        }
        // Days from civil (H. Hinnant): years that start in March have their leap day at the end.
        let from_march = if month <= 2 { year - 1 } else { year };
        let era = from_march.div_euclid(400);
        let year_of_era = from_march - era * 400;
        let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Self(era * 146_097 + day_of_era - 719_468))
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The day `days` later.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Days from `earlier` to this day.
    pub const fn since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// 0 for Monday to 6 for Sunday.
    pub const fn weekday(self) -> i32 {
        (self.0 as i64 + 3).rem_euclid(7) as i32
    }

    /// The Monday of its week.
    #[must_use]
    pub const fn monday(self) -> Self {
        self.plus(-self.weekday())
    }

    /// Reads `2026-03-14`.
    pub fn iso(text: &str) -> Option<Self> {
        match parts(text)? {
            Parts::Known(date) if text.get(4..5) == Some("-") => Some(date),
            _ => None,
        }
    }

    fn civil(self) -> (i32, i32, i32) {
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z - era * 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month, day_of_year - (153 * from_march + 2) / 5 + 1)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::iso(text.trim())
            .ok_or_else(|| de::Error::custom(format!("`{text}` is not a day such as \"2026-03-14\"")))
    }
}

/// A minute of a day, without time zone unless the text gave one (then it is UTC); kept as minutes since
/// 1970-01-01. Read from `2026-03-14`, `2026-03-14T09:30`, with seconds, fractions, `Z` or an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i64);

impl Moment {
    /// Hours from `earlier` to this moment.
    #[expect(clippy::cast_precision_loss, reason = "minutes of ten thousand years are exact in f64")]
    pub fn hours_since(self, earlier: Self) -> f64 {
        (self.0 - earlier.0) as f64 / 60.0
    }

    /// Whole days from `earlier` to this moment.
    pub fn days_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).div_euclid(24 * 60)
    }

    /// The end of `date`: the first minute of the next day.
    pub const fn end_of(date: Date) -> Self {
        Self((date.days() as i64 + 1) * 24 * 60)
    }

    /// Reads one moment.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let date = Date::iso(text.get(..10)?)?;
        let midnight = i64::from(date.days()) * 24 * 60;
        let rest = text.get(10..)?;
        if rest.is_empty() {
            return Some(Self(midnight));
        }
        let rest = rest.strip_prefix(['T', 't', ' '])?;
        let zone_at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
        let (clock, zone) = (rest.get(..zone_at)?, rest.get(zone_at..)?);
        let mut fields = clock.trim_end().split(':');
        let (hour, minute) = (number(fields.next()?)?, number(fields.next()?)?);
        let second = fields.next().map_or(Some(0.0), |text| text.parse().ok())?;
        if fields.next().is_some() || hour > 24 || minute > 59 || !(0.0..61.0).contains(&second) {
            return None;
        }
        let offset = match zone {
            "" | "Z" | "z" => 0,
            _ => {
                let (sign, digits) = zone.split_at(1);
                let digits = digits.replace(':', "");
                let (hours, minutes) = match digits.len() {
                    2 => (number(&digits)?, 0),
                    4 => (number(digits.get(..2)?)?, number(digits.get(2..)?)?),
                    _ => return None,
                };
                (hours * 60 + minutes) * if sign == "-" { -1 } else { 1 }
            }
        };
        Some(Self(midnight + i64::from(hour * 60 + minute - offset)))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text).ok_or_else(|| {
            de::Error::custom(format!(
                "`{text}` is not a day or a time such as \"2026-03-14\" or \"2026-03-14T09:30:00Z\""
            ))
        })
    }
}

/// Which number comes first in a date written with slashes, dots or dashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// Settled by the column: some date has a number above twelve; month first where none has.
    #[default]
    Detect,
    /// `3/14/2026`.
    MonthFirst,
    /// `14.3.2026`.
    DayFirst,
}

/// How a column of dates was read, told to whoever gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatesRead {
    /// The column.
    pub column: String,
    /// `year-month-day`, `month/day/year` or `day/month/year`.
    pub read_as: String,
    /// Whether the column leaves no doubt about it.
    pub certain: bool,
}

/// A column of days; empty cells are `None`.
pub(crate) type Days = Vec<Option<Date>>;

/// Reads columns of dates that were written by the same hand; empty cells are `None`.
///
/// `columns` are the names and, per column, the cells with the number of their line.
///
/// # Errors
/// A cell that is no date, or dates that can only be month first beside others that can only be day first.
pub(crate) fn read_columns<'a>(
    columns: &[(&str, Vec<(u64, &'a str)>)],
    order: DateOrder,
) -> Result<(Vec<Days>, Vec<DatesRead>), Error> {
    let mut month_first: Option<(&str, u64, &'a str)> = None;
    let mut day_first: Option<(&str, u64, &'a str)> = None;
    let mut found = Vec::with_capacity(columns.len());
    for (name, cells) in columns {
        let mut read = Vec::with_capacity(cells.len());
        for &(line, text) in cells {
            if is_missing(text) {
                read.push(None);
                continue;
            }
            let part = parts(text).ok_or_else(|| {
                Error::at(
                    format!("line {line}, column `{name}`"),
                    format!("`{text}` is not a date such as 2026-03-14, 3/14/2026 or 14.3.2026"),
                )
            })?;
            if let Parts::Either { first, second, .. } = part {
                if second > 12 {
                    month_first.get_or_insert((name, line, text));
                }
                if first > 12 {
                    day_first.get_or_insert((name, line, text));
                }
            }
            read.push(Some((line, text, part)));
        }
        found.push((*name, read));
    }
    let by_day = match (order, month_first, day_first) {
        (DateOrder::MonthFirst, _, Some((name, line, text))) => {
            return Err(Error::at(
                format!("line {line}, column `{name}`"),
                format!("`{text}` cannot be month/day/year"),
            ));
        }
        (DateOrder::DayFirst, Some((name, line, text)), _) => {
            return Err(Error::at(
                format!("line {line}, column `{name}`"),
                format!("`{text}` cannot be day/month/year"),
            ));
        }
        (DateOrder::Detect, Some((_, _, month)), Some((name, line, day))) => {
            return Err(Error::at(
                format!("line {line}, column `{name}`"),
                format!(
                    "`{day}` has its day first but `{month}` has its month first: write them one way, best as 2026-03-14"
                ),
            ));
        }
        (DateOrder::DayFirst, ..) | (DateOrder::Detect, None, Some(_)) => true,
        (DateOrder::MonthFirst, ..) | (DateOrder::Detect, ..) => false,
    };
    let settled = order != DateOrder::Detect || month_first.is_some() || day_first.is_some();
    let mut dates = Vec::with_capacity(found.len());
    let mut told = Vec::with_capacity(found.len());
    for (name, cells) in found {
        let mut column = Vec::with_capacity(cells.len());
        let (mut slashed, mut open) = (false, false);
        for cell in cells {
            let Some((line, text, part)) = cell else {
                column.push(None);
                continue;
            };
            let date = match part {
                Parts::Known(date) => date,
                Parts::Either { first, second, year } => {
                    slashed = true;
                    open |= first != second;
                    let (month, day) = if by_day { (second, first) } else { (first, second) };
                    Date::of(year, month, day).ok_or_else(|| {
                        Error::at(
                            format!("line {line}, column `{name}`"),
                            format!("`{text}` is not a day of the calendar"),
                        )
                    })?
                }
            };
            column.push(Some(date));
        }
        let read_as = match (slashed, by_day) {
            (false, _) => "year-month-day",
            (true, false) => "month/day/year",
            (true, true) => "day/month/year",
        };
        told.push(DatesRead {
            column: name.to_owned(),
            read_as: read_as.to_owned(),
            certain: settled || !open,
        });
        dates.push(column);
    }
    Ok((dates, told))
}

/// Whether every filled cell could be a date, and some cell is one.
pub(crate) fn all_dates<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let mut some = false;
    for text in cells {
        if is_missing(text) {
            continue;
        }
        if parts(text).is_none() {
            return false;
        }
        some = true;
    }
    some
}

/// Whether the cell says nothing: empty, or what exports write for it.
pub(crate) fn is_missing(text: &str) -> bool {
    // Most cells are numbers: they are let through at once.
    if text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    matches!(text, "" | "-")
        || (text.len() <= 4
            && ["null", "none", "n/a", "na", "nan", "#n/a"]
                .iter()
                .any(|word| text.eq_ignore_ascii_case(word)))
}

enum Parts {
    Known(Date),
    Either { first: i32, second: i32, year: i32 },
}

fn parts(text: &str) -> Option<Parts> {
    let text = text.trim();
    let first_byte = *text.as_bytes().first()?;
    if !first_byte.is_ascii_alphanumeric() || !text.is_ascii() {
        return None;
    }
    if let Some(date) = with_month_name(text) {
        return Some(Parts::Known(date));
    }
    // A time of day after the date is cut off: only the day counts.
    let day = text.split(['T', ' ']).next()?;
    if let Some(rest) = text.get(day.len() + 1..)
        && !rest.bytes().all(|b| {
            b.is_ascii_digit()
                || matches!(
                    b,
                    b':' | b'.' | b'+' | b'-' | b'Z' | b' ' | b'A' | b'P' | b'M' | b'a' | b'p' | b'm'
                )
        })
    {
        return None;
    }
    let separator = *day.as_bytes().iter().find(|b| !b.is_ascii_digit())? as char;
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let mut fields = day.split(separator);
    let (a, b, c) = (fields.next()?, fields.next()?, fields.next()?);
    if fields.next().is_some() {
        return None;
    }
    let (x, y, z) = (number(a)?, number(b)?, number(c)?);
    if a.len() == 4 {
        return Date::of(x, y, z).map(Parts::Known);
    }
    let year = match c.len() {
        4 => z,
        2 if z < 70 => 2000 + z,
        2 => 1900 + z,
        _ => return None,
    };
    // A date with dots has its day first wherever it is written.
    if separator == '.' {
        return Date::of(year, y, x).map(Parts::Known);
    }
    let possible = (1..=31).contains(&x) && (1..=31).contains(&y) && (x <= 12 || y <= 12);
    possible.then_some(Parts::Either { first: x, second: y, year })
}

/// `14 Mar 2026`, `14-Mar-2026`, `Mar 14, 2026`, `14 March 2026`.
fn with_month_name(text: &str) -> Option<Date> {
    if !text.bytes().any(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let mut fields = text.split([' ', '-', ',']).filter(|field| !field.is_empty());
    let (a, b, c) = (fields.next()?, fields.next()?, fields.next()?);
    if fields.next().is_some() || c.len() != 4 {
        return None;
    }
    let year = number(c)?;
    match (month_named(a), month_named(b)) {
        (Some(month), None) => Date::of(year, month, number(b)?),
        (None, Some(month)) => Date::of(year, month, number(a)?),
        _ => None,
    }
}

fn month_named(text: &str) -> Option<i32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.trim_end_matches('.').to_ascii_lowercase();
    let at = NAMES
        .iter()
        .position(|name| text == *name || (text.len() >= 3 && text.len() <= 4 && name.starts_with(&text)))?;
    i32::try_from(at).ok().map(|at| at + 1)
}

fn number(text: &str) -> Option<i32> {
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(cells: &[&str]) -> Result<(Vec<Option<Date>>, DatesRead), Error> {
        let cells = cells.iter().enumerate().map(|(i, text)| (i as u64 + 2, *text)).collect();
        let (mut dates, mut told) = read_columns(&[("when", cells)], DateOrder::Detect)?;
        Ok((dates.remove(0), told.remove(0)))
    }

    #[test]
    fn american_and_european_dates_are_told_apart_by_the_column() {
        let (dates, told) = read(&["3/4/2017", "10/20/2016", ""]).unwrap();
        assert_eq!(dates, [Date::of(2017, 3, 4), Date::of(2016, 10, 20), None]);
        assert_eq!((told.read_as.as_str(), told.certain), ("month/day/year", true));
        let (dates, told) = read(&["3/4/2017", "20/10/2016"]).unwrap();
        assert_eq!(dates, [Date::of(2017, 4, 3), Date::of(2016, 10, 20)]);
        assert_eq!((told.read_as.as_str(), told.certain), ("day/month/year", true));
        let (_, told) = read(&["3/4/2017"]).unwrap();
        assert!(!told.certain);
        assert!(
            read(&["13/4/2017", "4/13/2017"]).unwrap_err().to_string().starts_with("line 2, column `when`: ")
        );
    }

    #[test]
    fn other_ways_of_writing_a_day_are_read() {
        for text in [
            "2026-03-14",
            "2026/3/14",
            "14.3.2026",
            "14 Mar 2026",
            "Mar 14, 2026",
            "14-March-2026",
            "2026-03-14T09:30:00Z",
            "14.03.26",
        ] {
            assert_eq!(read(&[text]).unwrap().0, [Date::of(2026, 3, 14)], "{text}");
        }
        for text in ["2026-02-30", "soon", "14", "1/2", "32.1.2026", "2026-13-01", "13/13/2026", "é"] {
            assert!(read(&[text]).is_err(), "{text}");
        }
    }

    #[test]
    fn a_moment_knows_its_offset() {
        let noon = Moment::read("2026-03-14T12:00:00Z").unwrap();
        assert_eq!(Moment::read("2026-03-14T14:00+02:00"), Some(noon));
        assert_eq!(Moment::read("2026-03-14 07:00:00.5-0500"), Some(noon));
        assert!((noon.hours_since(Moment::read("2026-03-14").unwrap()) - 12.0).abs() < 1e-12);
        for text in ["2026-03-14T", "2026-03-14T25:00", "2026-3-14", "", "2026-03-14T12:00:00X"] {
            assert_eq!(Moment::read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_day_written_is_the_day_read(days in -700_000..2_900_000) {
            let date = Date::from_days(days);
            prop_assert_eq!(Date::iso(&date.to_string()), Some(date));
            prop_assert_eq!(date.monday().weekday(), 0);
        }

        #[test]
        fn no_text_is_too_odd_to_answer(text in "\\PC{0,12}|[0-9./: TZ+-]{0,20}") {
            let _ = read(&[&text]);
            let _ = Moment::read(&text);
        }
    }
}
