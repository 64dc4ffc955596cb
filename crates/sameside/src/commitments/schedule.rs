//! Planning backwards from the day on which the result is to be there. Pure.

use crate::base::{Calendar, Date};
use crate::commitments::Side;

/// A step that wants a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Whose promise.
    pub side: Side,
    /// What.
    pub title: String,
    /// The working days it takes once what is before it is done.
    pub days: i64,
}

/// A step with its day.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The step.
    pub step: Wanted,
    /// It can begin on this day.
    pub from_on: Date,
    /// It is done by this one.
    pub due_on: Date,
}

/// A plan from its last day back.
#[derive(Debug, Clone, PartialEq)]
pub struct Backwards {
    /// The steps in their order, each with its day.
    pub steps: Vec<Planned>,
    /// How many working days are missing before the wished day; 0 where it fits.
    pub missing_days: i64,
    /// The first day by which it would all be done, begun today.
    pub earliest: Date,
}

/// The most free days in a row that are stepped over: a workspace that never works is planned as if it always did.
const FREE_DAYS_MAX: usize = 400;

/// The next working day in steps of `step` days, this one if it is one.
fn working(day: Date, step: i64, calendar: &Calendar) -> Date {
    let mut days = (0..).take(FREE_DAYS_MAX).map(|n| day.plus_days(n * step));
    days.find(|day| calendar.works_on(*day)).unwrap_or(day)
}

/// The day so many working days later; of a free day the next working day first. Fewer than none go back.
pub fn after_workdays(day: Date, days: i64, calendar: &Calendar) -> Date {
    let step = if days < 0 { -1 } else { 1 };
    (0..days.unsigned_abs())
        .fold(working(day, step, calendar), |day, _| working(day.plus_days(step), step, calendar))
}

/// Working days from one day to another; none where the other is not later.
fn workdays_between(from: Date, to: Date, calendar: &Calendar) -> i64 {
    let mut count = 0;
    let mut day = from;
    while day < to {
        day = after_workdays(day, 1, calendar);
        count += 1;
    }
    count
}

/// Gives every step its day, the last one the wished day or the working day before, each one the days it takes before what follows. Where that begins
/// before today, it is planned from today on instead, and told how much is missing.
pub fn backwards(steps: &[Wanted], end: Date, today: Date, calendar: &Calendar) -> Backwards {
    let total: i64 = steps.iter().map(|step| step.days).sum();
    let earliest = after_workdays(today, total, calendar);
    let last = working(end, -1, calendar);
    let missing_days = workdays_between(last, earliest, calendar);
    let mut due = if missing_days > 0 { earliest } else { last };
    let mut planned = Vec::with_capacity(steps.len());
    for step in steps.iter().rev() {
        let from = after_workdays(due, -step.days, calendar);
        planned.push(Planned { step: step.clone(), from_on: from, due_on: due });
        due = from;
    }
    planned.reverse();
    Backwards { steps: planned, missing_days, earliest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Week;
    use proptest::prelude::*;

    fn weekdays(days_off: &[&str]) -> Calendar {
        Calendar::new(jiff::tz::TimeZone::UTC, Week::default(), days_off.iter().map(|text| day(text)))
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn step(days: i64) -> Wanted {
        Wanted { side: Side::Company, title: "Set it up".into(), days }
    }

    #[test]
    fn a_plan_ends_on_the_wished_day_and_each_step_has_its_days() {
        // Thursday 24 December 2026; weekends are nobody's working days.
        let plan =
            backwards(&[step(3), step(5), step(2)], day("2026-12-24"), day("2026-11-23"), &weekdays(&[]));
        let due: Vec<String> = plan.steps.iter().map(|it| it.due_on.to_string()).collect();
        assert_eq!(due, ["2026-12-15", "2026-12-22", "2026-12-24"]);
        assert_eq!(plan.missing_days, 0);
        assert_eq!(plan.steps.first().map(|it| it.from_on), Some(day("2026-12-10")));
    }

    #[test]
    fn what_does_not_fit_is_planned_from_today_and_says_how_much_is_missing() {
        let plan = backwards(&[step(5), step(5)], day("2026-11-27"), day("2026-11-23"), &weekdays(&[]));
        assert_eq!(plan.earliest, day("2026-12-07"));
        assert_eq!(plan.missing_days, 6);
        assert_eq!(plan.steps.last().map(|it| it.due_on), Some(day("2026-12-07")));
        assert_eq!(plan.steps.first().map(|it| it.from_on), Some(day("2026-11-23")));
    }

    #[test]
    fn a_wish_for_a_weekend_is_met_on_the_friday() {
        for weekend in ["2026-11-28", "2026-11-29"] {
            let plan = backwards(&[step(1)], day(weekend), day("2026-11-16"), &weekdays(&[]));
            assert_eq!(plan.steps.last().map(|it| it.due_on), Some(day("2026-11-27")), "{weekend}");
        }
    }

    #[test]
    fn nobody_works_on_the_days_off_of_the_workspace() {
        // The Friday and the Monday around a weekend are off.
        let calendar = weekdays(&["2026-11-27", "2026-11-30"]);
        let plan = backwards(&[step(1), step(2)], day("2026-11-30"), day("2026-11-16"), &calendar);
        let due: Vec<String> = plan.steps.iter().map(|it| it.due_on.to_string()).collect();
        assert_eq!(due, ["2026-11-24", "2026-11-26"]);
        assert_eq!(after_workdays(day("2026-11-26"), 1, &calendar), day("2026-12-01"));
        assert_eq!(after_workdays(day("2026-11-27"), 0, &calendar), day("2026-12-01"));
    }

    proptest! {
        #[test]
        fn steps_never_overlap_and_never_begin_before_today(
            days in proptest::collection::vec(0_i64..30, 1..8), start in 0_i64..400, ahead in 0_i64..400,
        ) {
            let today = day("2026-01-01").plus_days(start);
            let steps: Vec<Wanted> = days.iter().map(|days| step(*days)).collect();
            let calendar = weekdays(&["2026-05-01", "2026-12-24", "2026-12-25"]);
            let plan = backwards(&steps, today.plus_days(ahead), today, &calendar);
            let begin = after_workdays(today, 0, &calendar);
            prop_assert!(plan.steps.iter().all(|it| it.from_on <= it.due_on));
            let room = plan.missing_days > 0 || begin <= plan.steps[0].from_on || today.plus_days(ahead) < begin;
            prop_assert!(room, "{plan:?}");
            for pair in plan.steps.windows(2) {
                prop_assert_eq!(pair[0].due_on, pair[1].from_on);
                prop_assert_eq!(workdays_between(pair[1].from_on, pair[1].due_on, &calendar), pair[1].step.days);
            }
        }
    }
}
