//! What a member wants to be told. Pure.

use crate::base::{Date, codes};

codes! {
    /// How often.
    pub enum Choice {
        /// Every morning, and the week on its first.
        Daily = "daily", "Every day, and the week on Mondays";
        /// On the first day of the week.
        Weekly = "weekly", "Only the week, on Mondays";
        /// Not at all.
        Never = "never", "None is kept";
    }
}

codes! {
    /// What a digest is of.
    pub enum Span {
        /// A day.
        Day = "day", "Day";
        /// A week, called by its Monday.
        Week = "week", "Week";
    }
}

impl Choice {
    /// What is to be kept on a day.
    pub fn due(self, today: Date) -> Vec<Span> {
        let is_monday = monday(today) == today;
        match self {
            Self::Daily if is_monday => vec![Span::Day, Span::Week],
            Self::Daily => vec![Span::Day],
            Self::Weekly if is_monday => vec![Span::Week],
            Self::Weekly | Self::Never => Vec::new(),
        }
    }
}

impl Span {
    /// How many days it looks back.
    pub const fn days(self) -> i64 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
        }
    }
}

/// The Monday of a day's week.
pub fn monday(day: Date) -> Date {
    day.plus_days(-i64::from(day.civil().weekday().to_monday_zero_offset()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wants_the_week_is_told_on_mondays_alone() {
        let sunday: Date = "2026-11-22".parse().unwrap();
        assert_eq!(monday(sunday).to_string(), "2026-11-16");
        assert_eq!(Choice::Daily.due(sunday), [Span::Day]);
        assert_eq!(Choice::Weekly.due(sunday), []);
        let monday = sunday.plus_days(1);
        assert_eq!(Choice::Daily.due(monday), [Span::Day, Span::Week]);
        assert_eq!(Choice::Weekly.due(monday), [Span::Week]);
        assert_eq!(Choice::Never.due(monday), []);
    }
}
