//! Dates in the ways programs and people write them.

use super::Sniffed;
use crate::import::fold::key;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Years a business date can be in. Outside, it is a slip of the pen (`0204-05-06`) or no date.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;
/// Serial numbers of a spreadsheet taken as dates: 1927 to 2119.
const SERIALS: std::ops::Range<f64> = 10_000.0..80_000.0;

/// Which of the first two numbers of `3/4/2024` is the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 3/4/2024 is the third of April.
    DayFirst,
    /// 3/4/2024 is the fourth of March.
    MonthFirst,
}

/// A day, or a moment of it; with the offset from UTC if the text says it. A day alone belongs to no time zone and is never shifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The time of day, if written.
    pub time: Option<Time>,
    /// The offset from UTC, if written.
    pub offset: Option<Offset>,
}

impl Moment {
    /// The day alone.
    pub fn day(date: Date) -> Moment {
        Moment { date, time: None, offset: None }
    }
}

/// What the dates of a column tell about their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DateEvidence {
    /// Values that are dates, whatever their order.
    pub dates: u64,
    /// Values that are no dates.
    pub others: u64,
    /// Numbers that may be serial dates of a spreadsheet; among `others` too.
    pub serials: u64,
    day_first: u64,
    month_first: u64,
    either: u64,
    /// A value that can be read both ways.
    pub example: Option<String>,
}

impl DateEvidence {
    /// Takes one more value into account.
    pub fn see(&mut self, text: &str) {
        match parse(text) {
            Some(Parsed::Clear(_)) => self.dates += 1,
            Some(Parsed::Serial(_)) => {
                self.serials += 1;
                self.others += 1;
            }
            Some(Parsed::Ordered(ordered)) => {
                match (ordered.moment(DateOrder::DayFirst), ordered.moment(DateOrder::MonthFirst)) {
                    (Some(day_first), Some(month_first)) => {
                        self.dates += 1;
                        if day_first != month_first {
                            self.either += 1;
                            self.example.get_or_insert_with(|| text.to_owned());
                        }
                    }
                    (Some(_), None) => {
                        self.dates += 1;
                        self.day_first += 1;
                    }
                    (None, Some(_)) => {
                        self.dates += 1;
                        self.month_first += 1;
                    }
                    (None, None) => self.others += 1,
                }
            }
            None => self.others += 1,
        }
    }

    /// What is to be thought of the column.
    pub fn order(&self) -> Sniffed<DateOrder> {
        match (self.day_first, self.month_first, self.either) {
            (0, 0, 0) => Sniffed::Nothing,
            (0, 0, _) => Sniffed::Ambiguous,
            (_, 0, _) => Sniffed::Certain(DateOrder::DayFirst),
            (0, _, _) => Sniffed::Certain(DateOrder::MonthFirst),
            (day, month, _) if day >= month => Sniffed::Mixed(DateOrder::DayFirst),
            _ => Sniffed::Mixed(DateOrder::MonthFirst),
        }
    }
}

/// Reads a date, with a time or without. Serial numbers of a spreadsheet are taken too: call this for columns of dates only.
pub fn date(text: &str, order: DateOrder) -> Option<Moment> {
    match parse(text)? {
        Parsed::Clear(moment) | Parsed::Serial(moment) => Some(moment),
        Parsed::Ordered(ordered) => ordered.moment(order),
    }
}

enum Parsed {
    Clear(Moment),
    Serial(Moment),
    Ordered(Ordered),
}

/// Two numbers whose order is open, and the rest.
struct Ordered {
    first: u32,
    second: u32,
    year: i32,
    time: Option<Time>,
    offset: Option<Offset>,
}

impl Ordered {
    fn moment(&self, order: DateOrder) -> Option<Moment> {
        let (day, month) = match order {
            DateOrder::DayFirst => (self.first, self.second),
            DateOrder::MonthFirst => (self.second, self.first),
        };
        Some(Moment { date: calendar(self.year, month, day)?, time: self.time, offset: self.offset })
    }
}

fn calendar(year: i32, month: u32, day: u32) -> Option<Date> {
    if !YEARS.contains(&year) {
        return None;
    }
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn parse(text: &str) -> Option<Parsed> {
    let text = text.trim();
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    if let Some(date) = iso_day(text) {
        return Some(Parsed::Clear(Moment::day(date)));
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && text.bytes().filter(|byte| *byte == b'.').count() < 2
    {
        return bare_number(text);
    }
    let (day, time, offset) = part_time(text)?;
    let mut numbers: [(u32, usize); 3] = [(0, 0); 3];
    let (mut count, mut month, mut month_at, mut dotted) = (0, None, 0, false);
    let mut rest = day;
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            *numbers.get_mut(count)? = (rest.get(..length)?.parse().ok()?, length);
            count += 1;
            rest = rest.get(length..)?;
            dotted |= count < 3 && rest.starts_with('.');
            // 1st, 2nd, 3rd, 4th, 1er
            for ordinal in ["st", "nd", "rd", "th", "er", "º", "ª"] {
                rest = rest.strip_prefix(ordinal).unwrap_or(rest);
            }
        } else if first.is_alphabetic() && !matches!(first, '年' | '月' | '日') {
            let length = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            let (word, after) = rest.split_at(length);
            match month_named(word) {
                Some(number) if month.is_none() => {
                    month = Some(number);
                    month_at = count;
                }
                // Names of weekdays, and "of", "de", "at": but not every word makes a date.
                _ if is_filler(word) => {}
                _ => return None,
            }
            rest = after;
        } else if first.is_whitespace()
            || matches!(first, '-' | '/' | '.' | ',' | '年' | '月' | '日' | '–' | '\'')
        {
            rest = rest.get(first.len_utf8()..)?;
        } else {
            return None;
        }
    }
    let clear = |date: Date| Parsed::Clear(Moment { date, time, offset });
    let [(a, a_long), (b, b_long), (c, c_long)] = numbers;
    match (count, month) {
        (3, None) if a_long == 4 => calendar(i32::try_from(a).ok()?, b, c).map(clear),
        (3, None) => {
            if a_long > 2 || b_long > 2 {
                return None;
            }
            let year = whole_year(c, c_long)?;
            if dotted {
                // Points are written between day and month only where the day comes first.
                return calendar(year, b, a).map(clear);
            }
            Some(Parsed::Ordered(Ordered { first: a, second: b, year, time, offset }))
        }
        (2, Some(month)) if a_long == 4 && month_at >= 1 => {
            calendar(i32::try_from(a).ok()?, month, b).map(clear)
        }
        (2, Some(month)) => calendar(whole_year(b, b_long)?, month, a).map(clear),
        _ => None,
    }
}

/// `2024-01-15`, the commonest of all.
fn iso_day(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    calendar(text.get(..4)?.parse().ok()?, text.get(5..7)?.parse().ok()?, text.get(8..)?.parse().ok()?)
}

fn whole_year(year: u32, digits: usize) -> Option<i32> {
    let year = i32::try_from(year).ok()?;
    match digits {
        4 => Some(year),
        2 if year < 70 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

/// `20240115`, seconds or milliseconds since 1970, or a spreadsheet's serial number.
fn bare_number(text: &str) -> Option<Parsed> {
    let instant = |instant: Timestamp| {
        let moment = Offset::UTC.to_datetime(instant);
        YEARS.contains(&i32::from(moment.year())).then(|| {
            Parsed::Clear(Moment {
                date: moment.date(),
                time: Some(moment.time()),
                offset: Some(Offset::UTC),
            })
        })
    };
    match text.len() {
        8 if !text.contains('.') => {
            let date = calendar(
                text.get(..4)?.parse().ok()?,
                text.get(4..6)?.parse().ok()?,
                text.get(6..)?.parse().ok()?,
            )?;
            Some(Parsed::Clear(Moment::day(date)))
        }
        10 if !text.contains('.') => instant(Timestamp::from_second(text.parse().ok()?).ok()?),
        13 if !text.contains('.') => instant(Timestamp::from_millisecond(text.parse().ok()?).ok()?),
        _ => serial(text.parse().ok()?).map(Parsed::Serial),
    }
}

/// Days since the end of 1899, as spreadsheets count.
fn serial(number: f64) -> Option<Moment> {
    if !SERIALS.contains(&number) {
        return None;
    }
    let start = Date::new(1899, 12, 30).ok()?;
    let date = start.checked_add(SignedDuration::from_hours(24 * number.trunc() as i64)).ok()?;
    let seconds = (number.fract() * 86_400.0).round() as i64;
    let time = Time::midnight().checked_add(SignedDuration::from_secs(seconds)).ok().filter(|_| seconds > 0);
    Some(Moment { date, time, offset: None })
}

/// Parts the day from the time of day and the offset.
fn part_time(text: &str) -> Option<(&str, Option<Time>, Option<Offset>)> {
    let Some(colon) = text.find(':') else { return Some((text, None, None)) };
    let before = text.get(..colon)?;
    let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 2 {
        return None;
    }
    let day = before.get(..colon - digits)?;
    // The `T` of ISO 8601, and the word in "15 March 2024 at 10:30".
    let day = day.trim_end().trim_end_matches(['T', 't', ',']).trim_end();
    let mut hour: i8 = before.get(colon - digits..)?.parse().ok()?;
    let rest = text.get(colon + 1..)?;
    let (minute, rest) = two_digits(rest)?;
    let (second, nano, rest) = match rest.strip_prefix(':') {
        None => (0, 0, rest),
        Some(rest) => {
            let (second, rest) = two_digits(rest)?;
            match rest.strip_prefix(['.', ',']) {
                None => (second, 0, rest),
                Some(rest) => {
                    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
                    let fraction: String =
                        rest.get(..length)?.chars().chain("000000000".chars()).take(9).collect();
                    (second, fraction.parse().ok()?, rest.get(length..)?)
                }
            }
        }
    };
    let mut rest = rest.trim();
    let word: String = rest.chars().take_while(|c| c.is_alphabetic() || *c == '.').collect();
    match key(&word).as_str() {
        "am" | "a" | "pm" | "p" => {
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + if key(&word).starts_with('p') { 12 } else { 0 };
            rest = rest.get(word.len()..)?.trim();
        }
        _ => {}
    }
    let offset = offset(rest)?;
    // A leap second is the last one of its minute.
    Some((day, Some(Time::new(hour, minute, second.min(59), nano).ok()?), offset))
}

fn two_digits(text: &str) -> Option<(i8, &str)> {
    let digits = text.get(..2)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((digits.parse().ok()?, text.get(2..)?))
}

/// The offset at the end of a time: nothing, `Z`, `UTC`, `+01:00`, `-0500`, `GMT+2`. Other words make it no time.
fn offset(text: &str) -> Option<Option<Offset>> {
    let text = text.trim_start_matches('(').trim_end_matches(')');
    if text.is_empty() {
        return Some(None);
    }
    let named = ["UTC", "GMT", "Z", "utc", "gmt", "z"].iter().find_map(|name| text.strip_prefix(name));
    let numeric = named.unwrap_or(text).trim();
    if numeric.is_empty() {
        return Some(Some(Offset::UTC));
    }
    let (sign, digits) = match numeric.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    let (hours, minutes): (i32, i32) = match digits.len() {
        1 | 2 => (digits.parse().ok()?, 0),
        4 => (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?),
        _ => return None,
    };
    if minutes > 59 || hours > 15 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok().map(Some)
}

/// Names of months, written out or cut short, in the languages the exports come in.
const MONTHS: [&str; 12] = [
    "january januar janvier enero gennaio januari janeiro styczen stycznia jan janv ene gen sty tammikuu",
    "february februar fevrier febrero febbraio februari fevereiro luty lutego feb fevr fev lut helmikuu",
    "march marz mars marzo maart marco marzec marca mar mrz mrt maaliskuu",
    "april avril abril aprile kwiecien kwietnia apr avr abr kwi huhtikuu",
    "may mai mayo maggio mei maio maj maja may mag toukokuu",
    "june juni juin junio giugno junho czerwiec czerwca jun giu cze kesakuu",
    "july juli juillet julio luglio julho lipiec lipca jul juil lug lip heinakuu",
    "august aout agosto augustus augusti sierpien sierpnia aug aou ago sie elokuu",
    "september septembre septiembre settembre setembro wrzesien wrzesnia sep sept set wrz syyskuu",
    "october oktober octobre octubre ottobre outubro pazdziernik pazdziernika oct okt ott out paz lokakuu",
    "november novembre noviembre novembro listopad listopada nov lis marraskuu",
    "december dezember decembre diciembre dicembre dezembro grudzien grudnia dec dez dic gru joulukuu",
];

fn month_named(word: &str) -> Option<u32> {
    let word = key(word);
    let at = MONTHS.iter().position(|names| names.split(' ').any(|name| name == word))?;
    u32::try_from(at + 1).ok()
}

fn is_filler(word: &str) -> bool {
    const FILLERS: &str = "mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday \
        montag dienstag mittwoch donnerstag freitag samstag sonntag mo di mi do fr sa so lundi mardi mercredi jeudi vendredi samedi dimanche \
        lunes martes miercoles jueves viernes sabado domingo at um le el de del of the den den a den";
    let word = key(word);
    FILLERS.split_whitespace().any(|filler| filler == word)
}
