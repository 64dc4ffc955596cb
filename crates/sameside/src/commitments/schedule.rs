//! Planning backwards from the day on which the result is to be there. Pure.

use crate::base::Date;
use crate::commitments::Side;
use jiff::civil::Weekday;

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

/// The day so many working days later; of a Saturday or Sunday the next working day first. Fewer than none go back.
pub fn after_workdays(day: Date, days: i64) -> Date {
    let is_free = |day: Date| matches!(day.civil().weekday(), Weekday::Saturday | Weekday::Sunday);
    let step = if days < 0 { -1 } else { 1 };
    let mut day = day;
    while is_free(day) {
        day = day.plus_days(step);
    }
    for _ in 0..days.unsigned_abs() {
        day = day.plus_days(step);
        while is_free(day) {
            day = day.plus_days(step);
        }
    }
    day
}

/// Working days from one day to another; none where the other is not later.
fn workdays_between(from: Date, to: Date) -> i64 {
    let mut count = 0;
    let mut day = from;
    while day < to {
        day = after_workdays(day, 1);
        count += 1;
    }
    count
}

/// Gives every step its day, the last one the wished day, each one the days it takes before what follows. Where that begins
/// before today, it is planned from today on instead, and told how much is missing.
pub fn backwards(steps: &[Wanted], end: Date, today: Date) -> Backwards {
    let total: i64 = steps.iter().map(|step| step.days).sum();
    let earliest = after_workdays(today, total);
    let last = {
        // A wish for a Sunday is met on the Friday before.
        let friday = after_workdays(end, 0);
        if friday > end { after_workdays(end.plus_days(-2), 0).min(end) } else { friday }
    };
    let missing_days = workdays_between(last, earliest);
    let mut due = if missing_days > 0 { earliest } else { last };
    let mut planned = Vec::with_capacity(steps.len());
    for step in steps.iter().rev() {
        let from = after_workdays(due, -step.days);
        planned.push(Planned { step: step.clone(), from_on: from, due_on: due });
        due = from;
    }
    planned.reverse();
    Backwards { steps: planned, missing_days, earliest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn step(days: i64) -> Wanted {
        Wanted { side: Side::Company, title: "Set it up".into(), days }
    }

    #[test]
    fn a_plan_ends_on_the_wished_day_and_each_step_has_its_days() {
        // Thursday 24 December 2026; weekends are nobody's working days.
        let plan = backwards(&[step(3), step(5), step(2)], day("2026-12-24"), day("2026-11-23"));
        let due: Vec<String> = plan.steps.iter().map(|it| it.due_on.to_string()).collect();
        assert_eq!(due, ["2026-12-15", "2026-12-22", "2026-12-24"]);
        assert_eq!(plan.missing_days, 0);
        assert_eq!(plan.steps.first().map(|it| it.from_on), Some(day("2026-12-10")));
    }

    #[test]
    fn what_does_not_fit_is_planned_from_today_and_says_how_much_is_missing() {
        let plan = backwards(&[step(5), step(5)], day("2026-11-27"), day("2026-11-23"));
        assert_eq!(plan.earliest, day("2026-12-07"));
        assert_eq!(plan.missing_days, 6);
        assert_eq!(plan.steps.last().map(|it| it.due_on), Some(day("2026-12-07")));
        assert_eq!(plan.steps.first().map(|it| it.from_on), Some(day("2026-11-23")));
    }

    #[test]
    fn a_wish_for_a_weekend_is_met_on_the_friday() {
        let plan = backwards(&[step(1)], day("2026-11-29"), day("2026-11-16"));
        assert_eq!(plan.steps.last().map(|it| it.due_on), Some(day("2026-11-27")));
    }

    proptest! {
        #[test]
        fn steps_never_overlap_and_never_begin_before_today(
            days in proptest::collection::vec(0_i64..30, 1..8), start in 0_i64..400, ahead in 0_i64..400,
        ) {
            let today = day("2026-01-01").plus_days(start);
            let steps: Vec<Wanted> = days.iter().map(|days| step(*days)).collect();
            let plan = backwards(&steps, today.plus_days(ahead), today);
            let begin = after_workdays(today, 0);
            prop_assert!(plan.steps.iter().all(|it| it.from_on <= it.due_on));
            let room = plan.missing_days > 0 || begin <= plan.steps[0].from_on || today.plus_days(ahead) < begin;
            prop_assert!(room, "{plan:?}");
            for pair in plan.steps.windows(2) {
                prop_assert_eq!(pair[0].due_on, pair[1].from_on);
                prop_assert_eq!(workdays_between(pair[1].from_on, pair[1].due_on), pair[1].step.days);
            }
        }
    }
}
