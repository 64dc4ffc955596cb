//! When a member wants to be left in peace. Pure.

use crate::base::{Fields, When};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};

/// Minutes of a day.
const DAY_MINUTES: i64 = 24 * 60;
/// How many ends of quiet times are looked back over: more than a week has.
const STEPS_MAX: usize = 32;

/// The hours of a member in which nothing pops up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quiet {
    /// From and until which minute of the day; over midnight, if the first is later.
    pub hours: Option<(i64, i64)>,
    /// Whether Saturdays and Sundays are quiet altogether.
    pub weekends: bool,
}

impl Quiet {
    /// What must be true of it.
    ///
    /// # Errors
    /// What would be right, field by field.
    pub fn check(&self) -> Result<(), Fields> {
        match self.hours {
            Some((from, until)) if from == until => {
                Err(Fields::one("quiet_until", "another time than the first, or neither"))
            }
            Some((from, until)) if ![from, until].iter().all(|it| (0..DAY_MINUTES).contains(it)) => {
                Err(Fields::one("quiet_from", "a time of day such as 18:00"))
            }
            _ => Ok(()),
        }
    }

    /// When it is quiet, in a sentence.
    pub fn sentence(&self) -> String {
        let clock = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        let hours = self.hours.map(|(from, until)| format!("from {} to {}", clock(from), clock(until)));
        match (hours, self.weekends) {
            (Some(hours), true) => format!("Quiet {hours}, and all weekend."),
            (Some(hours), false) => format!("Quiet {hours}."),
            (None, true) => "Quiet all weekend.".to_owned(),
            (None, false) => "You hear of everything at once, at any hour.".to_owned(),
        }
    }

    /// Whether it is quiet at a moment.
    pub fn holds(&self, now: When, zone: &TimeZone) -> bool {
        self.at(&now.timestamp().to_zoned(zone.clone()))
    }

    fn at(&self, moment: &Zoned) -> bool {
        if self.weekends && matches!(moment.weekday(), Weekday::Saturday | Weekday::Sunday) {
            return true;
        }
        let minute = i64::from(moment.hour()) * 60 + i64::from(moment.minute());
        self.hours.is_some_and(|(from, until)| {
            if from < until { (from..until).contains(&minute) } else { minute >= from || minute < until }
        })
    }

    /// Since when it has been quiet, if it is: what was told later is shown after.
    pub fn since(&self, now: When, zone: &TimeZone) -> Option<When> {
        let mut moment = now.timestamp().to_zoned(zone.clone());
        if !self.at(&moment) {
            return None;
        }
        for _ in 0..STEPS_MAX {
            let Some(turn) = self.turn_at_or_before(&moment) else { break };
            let Ok(before) = turn.checked_sub(1.minute()) else { break };
            if !self.at(&before) {
                return Some(When::of(turn.timestamp()));
            }
            moment = before;
        }
        Some(When::of(moment.timestamp()))
    }

    /// The last moment at which quiet may have begun: a midnight, or the beginning of the hours.
    fn turn_at_or_before(&self, moment: &Zoned) -> Option<Zoned> {
        let midnight = moment.start_of_day().ok()?;
        let begins = self.hours.and_then(|(from, _)| {
            let begins = moment.date().at(0, 0, 0, 0).checked_add(from.minutes()).ok()?;
            begins.to_zoned(moment.time_zone().clone()).ok()
        });
        Some(begins.filter(|begins| begins <= moment).unwrap_or(midnight))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> When {
        When::of(text.parse().unwrap())
    }

    #[test]
    fn nights_are_quiet_over_midnight_and_weekends_altogether() {
        let zone = TimeZone::get("Europe/Lisbon").unwrap();
        let quiet = Quiet { hours: Some((18 * 60, 8 * 60)), weekends: true };
        // A Friday, then the Saturday, then the Monday.
        for (moment, since) in [
            ("2026-11-20T17:59:00Z", None),
            ("2026-11-20T18:00:00Z", Some("2026-11-20T18:00:00Z")),
            ("2026-11-21T03:00:00Z", Some("2026-11-20T18:00:00Z")),
            ("2026-11-22T12:00:00Z", Some("2026-11-20T18:00:00Z")),
            ("2026-11-23T07:59:00Z", Some("2026-11-20T18:00:00Z")),
            ("2026-11-23T08:00:00Z", None),
        ] {
            assert_eq!(quiet.since(at(moment), &zone), since.map(at), "{moment}");
            assert_eq!(quiet.holds(at(moment), &zone), since.is_some(), "{moment}");
        }
        let days = Quiet { hours: Some((12 * 60, 14 * 60)), weekends: false };
        assert_eq!(days.since(at("2026-11-22T13:30:00Z"), &zone), Some(at("2026-11-22T12:00:00Z")));
        assert_eq!(days.since(at("2026-11-22T14:00:00Z"), &zone), None);
        let weekends = Quiet { hours: None, weekends: true };
        assert_eq!(weekends.since(at("2026-11-22T13:30:00Z"), &zone), Some(at("2026-11-21T00:00:00Z")));
        assert_eq!(Quiet::default().since(at("2026-11-22T13:30:00Z"), &zone), None);
    }

    #[test]
    fn what_is_quiet_is_said_in_a_sentence() {
        for (hours, weekends, said) in [
            (Some((18 * 60 + 30, 8 * 60)), true, "Quiet from 18:30 to 08:00, and all weekend."),
            (Some((720, 840)), false, "Quiet from 12:00 to 14:00."),
            (None, true, "Quiet all weekend."),
            (None, false, "You hear of everything at once, at any hour."),
        ] {
            assert_eq!(Quiet { hours, weekends }.sentence(), said);
        }
    }

    #[test]
    fn hours_that_begin_as_they_end_are_none() {
        assert!(Quiet { hours: Some((60, 60)), weekends: false }.check().is_err());
        assert!(Quiet { hours: Some((60, 59)), weekends: false }.check().is_ok());
    }
}
