//! Somebody else says yes while I am away.

use crate::accounts::Member;
use crate::base::{Date, Fields, Id};
use crate::records::{About, Kind, Reference, record};

/// The longest time somebody stands in for another, in days.
const DAYS_MAX: i64 = 366;

record! {
    /// Who says yes for whom, from a day to a day.
    pub struct Delegation in "delegation", Kind::Delegation => {
        /// Who is away.
        pub owner_id: Id<Member>,
        /// Who stands in.
        pub to_id: Id<Member>,
        /// From this day on.
        pub from_on: Date,
        /// Until the end of this one.
        pub until_on: Date,
    }
    derived {}
}

impl Delegation {
    /// Whether it holds on a day.
    pub fn holds(&self, today: Date) -> bool {
        self.from_on <= today && today <= self.until_on
    }
}

impl About for Delegation {
    fn title(&self) -> String {
        "Stands in".into()
    }

    fn references(&self) -> Vec<Reference> {
        let to = Reference::to("to_id", Kind::Member, Some(self.to_id));
        to.into_iter().chain(Reference::to("owner_id", Kind::Member, Some(self.owner_id))).collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.owner_id == self.to_id {
            fields.add("to_id", "somebody else");
        }
        if self.until_on < self.from_on {
            fields.add("until_on", "a day on or after the first");
        } else if self.until_on.days_since(self.from_on) > DAYS_MAX {
            fields.add("until_on", "a day within a year");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_stands_in_from_a_day_to_a_day() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let it = Delegation {
            owner_id: Id::of(uuid::Uuid::from_u128(1)),
            to_id: Id::of(uuid::Uuid::from_u128(2)),
            from_on: day("2026-11-22"),
            until_on: day("2026-11-29"),
        };
        assert!(it.check().is_ok());
        assert!(it.holds(day("2026-11-22")) && it.holds(day("2026-11-29")));
        assert!(!it.holds(day("2026-11-21")) && !it.holds(day("2026-11-30")));
        assert!(Delegation { to_id: it.owner_id, ..it.clone() }.check().is_err());
        assert!(Delegation { until_on: day("2026-11-01"), ..it }.check().is_err());
    }
}
