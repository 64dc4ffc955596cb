//! What goes into a deal, how much may, and what was decided at a stop.

use crate::accounts::Member;
use crate::base::{Currency, Date, Fields, Id, Money, codes};
use crate::deals::Deal;
use crate::records::{About, Kind, Reference, record};

/// The most minutes of one entry: a week of days and nights.
pub const MINUTES_MAX: i64 = 7 * 24 * 60;
/// The most hours of a budget.
pub const BUDGET_HOURS_MAX: f64 = 10_000.0;

record! {
    /// Hours, money or both that went into a deal beside its calls and meetings.
    pub struct Effort in "effort", Kind::Effort => {
        /// Into which deal.
        pub deal_id: Id<Deal>,
        /// Whose hours.
        pub owner_id: Option<Id<Member>>,
        /// For what: preparing an offer, a train ticket.
        pub title: String,
        /// On which day.
        pub worked_on: Date,
        /// How many minutes of ours.
        pub minutes: Option<i64>,
        /// What it cost, in minor units.
        pub spent_minor: Option<i64>,
        /// Of this currency.
        pub currency: Currency,
    }
    derived {}
}

impl Effort {
    /// What it cost.
    pub fn spent(&self) -> Option<Money> {
        self.spent_minor.map(|minor| Money { minor, currency: self.currency })
    }
}

impl About for Effort {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        let deal = Reference::to("deal_id", Kind::Deal, Some(self.deal_id));
        deal.into_iter().chain(Reference::to("owner_id", Kind::Member, self.owner_id)).collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.title.is_empty() {
            fields.add("effort", "what it was for, in a few words");
        }
        if self.minutes.is_some_and(|minutes| !(1..=MINUTES_MAX).contains(&minutes)) {
            fields.add("hours", "a time from a minute to a week, such as 1:30");
        }
        if self.spent_minor.is_some_and(|minor| minor <= 0) {
            fields.add("spent", "an amount above 0");
        }
        if self.minutes.is_none() && self.spent_minor.is_none() {
            fields.add("hours", "a time such as 1:30, or what was spent");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

record! {
    /// The hours that may go into a deal, set by a person.
    pub struct Budget in "budget", Kind::Budget => {
        /// Into which deal.
        pub deal_id: Id<Deal>,
        /// How many hours altogether, those already spent included.
        pub hours: f64,
        /// Why so many.
        pub reason: String,
    }
    derived {}
}

impl About for Budget {
    fn title(&self) -> String {
        "Hours that may go into it".into()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("deal_id", Kind::Deal, Some(self.deal_id)).into_iter().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if !(0.0..=BUDGET_HOURS_MAX).contains(&self.hours) {
            fields.add("budget", "hours from 0 on");
        }
        if self.reason.is_empty() {
            fields.add("budget_reason", "why so many, in a sentence");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

codes! {
    /// What was decided at a stop.
    pub enum Choice {
        /// Going on is right, and why.
        Continue = "continue", "Go on";
        /// Other terms first.
        Rebalance = "rebalance", "Rebalance";
        /// It would not help both.
        WalkAway = "walk_away", "Walk away";
    }
}

record! {
    /// The answer to a stop.
    pub struct Decision in "decision", Kind::Decision => {
        /// Of which deal.
        pub deal_id: Id<Deal>,
        /// Who decided.
        pub owner_id: Option<Id<Member>>,
        /// What.
        pub choice: Choice,
        /// Why.
        pub reason: String,
        /// What was asked: the marks of the points, with a blank between them.
        pub asked: String,
        /// The hours that were behind it then; for the record, not for the decision.
        pub hours_spent: f64,
        /// What going on was worth then, in whole units of the deal's currency.
        pub worth: Option<f64>,
        /// What the engine said then.
        pub verdict: Option<String>,
    }
    derived {}
}

impl Decision {
    /// The marks of the points that it answers.
    pub fn marks(&self) -> impl Iterator<Item = &str> {
        self.asked.split_whitespace()
    }
}

impl About for Decision {
    fn title(&self) -> String {
        format!("{}: {}", self.choice.label(), self.reason)
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        let deal = Reference::to("deal_id", Kind::Deal, Some(self.deal_id));
        deal.into_iter().chain(Reference::to("owner_id", Kind::Member, self.owner_id)).collect()
    }

    fn check(&self) -> Result<(), Fields> {
        if self.reason.is_empty() {
            return Err(Fields::one("because", "why this is right now, in a sentence"));
        }
        Ok(())
    }
}

/// Minutes of a time as people write it: `1:30`, `1.5`, `1,5`, `1.5 h`, `1 h 30`, `90 min`; a bare number is hours.
///
/// # Errors
/// What would be right.
pub fn minutes_of(text: &str) -> Result<i64, String> {
    let right = || format!("a time such as 1:30, 1.5 or 90 min, not {text:?}");
    let plain = text.trim().to_lowercase().replace(',', ".").replace("hours", "h").replace("hour", "h");
    let number =
        |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    let minutes = if let Some(minutes) =
        ["minutes", "min", "m"].iter().find_map(|end| plain.strip_suffix(end))
        && !minutes.contains('h')
    {
        number(minutes)
    } else if let Some((hours, minutes)) = plain.split_once(':').or_else(|| plain.split_once('h')) {
        let minutes = minutes.trim().trim_end_matches("min").trim_end_matches('m').trim();
        let minutes = if minutes.is_empty() { Some(0.0) } else { number(minutes) };
        number(hours).zip(minutes.filter(|minutes| *minutes < 60.0)).map(|(h, m)| h * 60.0 + m)
    } else {
        number(&plain).map(|hours| hours * 60.0)
    };
    let minutes = minutes.map(f64::round).filter(|minutes| *minutes >= 1.0);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "at most a week of minutes"
    )]
    minutes.filter(|minutes| *minutes <= MINUTES_MAX as f64).map(|minutes| minutes as i64).ok_or_else(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_people_write_it() {
        for (text, minutes) in [
            ("1:30", 90),
            ("1.5", 90),
            ("1,5 h", 90),
            ("1 h 30", 90),
            ("1h30min", 90),
            ("90 min", 90),
            ("0:05", 5),
            ("2", 120),
            ("¼", 0),
            ("-1", 0),
            ("1:75", 0),
            ("a while", 0),
            ("", 0),
            ("0", 0),
            ("1000", 0),
        ] {
            assert_eq!(minutes_of(text).ok(), Some(minutes).filter(|minutes| *minutes > 0), "{text:?}");
        }
        assert!(minutes_of("soon").unwrap_err().contains("1:30"));
    }

    #[test]
    fn an_entry_without_time_or_money_is_nothing() {
        let effort = Effort {
            deal_id: Id::of(uuid::Uuid::from_u128(1)),
            owner_id: None,
            title: "Train".into(),
            worked_on: "2026-11-22".parse().unwrap(),
            minutes: None,
            spent_minor: None,
            currency: Currency::EUR,
        };
        assert!(effort.check().is_err());
        assert!(Effort { spent_minor: Some(4_200), ..effort }.check().is_ok());
    }
}
