//! A counter's name and place. Pure.

use crate::accounts::Member;
use crate::base::{Currency, Date, Id, Locale, codes};
use crate::deals::Pipeline;
use crate::products::Product;
use std::collections::BTreeMap;
use std::fmt;

/// The version of what is counted: whoever changes `counted.rs` adds one, and all is counted anew.
pub const RULES: i64 = 3;

/// The greatest amount one record adds, so that no sum can overflow.
const AMOUNT_MAX: i64 = 100_000_000_000_000;

codes! {
    /// What is counted. Sums of money are in minor units, shares in millionths, times in minutes.
    pub enum Name {
        /// Deals by the month of their agreement, with their prices.
        Agreed = "agreed", "Agreed";
        /// Deals by the month of their end, with their prices; the detail is how they stand.
        Ended = "ended", "Ended";
        /// Open deals by the month they began, with their prices; the detail is their stage.
        Open = "open", "Open";
        /// Results by the month they were measured, with the shares reached; the detail is whether they have what they wanted.
        Result = "result", "Results";
        /// What clients really gained, by the month it was measured.
        ClientGain = "client_gain", "They gained";
        /// What we really gained.
        CompanyGain = "company_gain", "We gained";
        /// What the same clients were thought to gain.
        ClientHope = "client_hope", "They were to gain";
        /// What we were thought to gain from the same deals.
        CompanyHope = "company_hope", "We were to gain";
        /// Minutes until they decided and what those brought, our hours not taken off: `n` minutes, by the month it was measured.
        Worth = "worth", "What an hour was worth";
        /// Sales that left a client worse off, or that it would not make again; the detail is which.
        MisSale = "mis_sale", "Mis-sales";
        /// Minutes still ahead of us when we walked away, by the month we did.
        Saved = "saved", "Hours saved";
        /// How glad they are, by the month they said so; the detail is when it was asked, who says so, how glad.
        Glad = "glad", "Gladness";
        /// Minutes that went into deals by the month; the detail is whose.
        Hours = "hours", "Hours";
        /// The same by the month the deal ended; the detail is how it stands.
        HoursEnded = "hours_ended", "Hours by end";
        /// Minutes with clients for no deal; the detail is whose.
        HoursLoose = "hours_loose", "Hours for no deal";
        /// Money that went into deals.
        Spent = "spent", "Spent";
        /// What concessions cost, by the month they were given; the detail is whether something came back.
        Given = "given", "Concessions";
        /// What they were worth to the clients, where that is known.
        GivenWorth = "given_worth", "Worth to them";
        /// Estimates by where the real figure lay; the detail is whose, of what, and where.
        Estimate = "estimate", "Estimates";
        /// Results by the chance that was said, in tenths, with the shares reached.
        Chance = "chance", "Chances";
        /// The same with the chances that were said.
        ChanceSaid = "chance_said", "Chances said";
        /// Promises by the month they were promised for, with the days that those done late came late; the detail is which side's,
        /// and what became of them.
        Promise = "promise", "Promises";
        /// The same of ours; the detail is who of us has it, and what became of it.
        PromiseOurs = "promise_ours", "Our promises";
    }
}

/// A month of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// The month of a day.
    pub fn of(day: Date) -> Self {
        Self(i32::from(day.civil().year()) * 12 + i32::from(day.civil().month()) - 1)
    }

    /// From `2026-11`.
    pub fn parse(text: &str) -> Option<Self> {
        format!("{text}-01").parse().ok().map(Self::of)
    }

    /// So many months later, earlier if negative.
    pub const fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    /// Months from `earlier` to this.
    pub const fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// Its first day; none beyond the calendar.
    pub fn first(self) -> Option<Date> {
        self.to_string().parse::<Month>().ok()?;
        format!("{self}-01").parse().ok()
    }

    /// For people: `Nov 2026`.
    pub fn show(self, locale: Locale) -> String {
        let Some(first) = self.first() else { return self.to_string() };
        let day = first.show(locale);
        match locale {
            Locale::EnUs => day.replace(" 1,", ""),
            _ => day.split_once(' ').map_or(day.clone(), |(_, month)| month.to_owned()),
        }
    }
}

impl std::str::FromStr for Month {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::parse(text).ok_or(())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

/// The place of a counter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What is counted.
    pub name: Name,
    /// Of which month; none for what has no day yet.
    pub month: Option<Month>,
    /// Whose deals.
    pub owner: Option<Id<Member>>,
    /// About what.
    pub product: Option<Id<Product>>,
    /// In which pipeline; none for what is of no deal.
    pub pipeline: Option<Id<Pipeline>>,
    /// In which currency; none for what is no money.
    pub currency: Option<Currency>,
    /// What the name says.
    pub detail: String,
}

/// How many, and how much altogether.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub n: i64,
    /// How much.
    pub total: i64,
}

/// Counters with what they hold, or what is to be added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums(BTreeMap<Key, Sum>);

impl Sums {
    /// Adds so many with so much.
    pub fn add(&mut self, key: Key, n: i64, total: i64) {
        let total = total.clamp(-AMOUNT_MAX, AMOUNT_MAX);
        self.put(key, Sum { n, total });
    }

    fn put(&mut self, key: Key, sum: Sum) {
        let held = self.0.entry(key).or_default();
        held.n += sum.n;
        held.total += sum.total;
    }

    /// Adds what other counters hold.
    pub fn plus(&mut self, other: Self) {
        for (key, sum) in other.0 {
            self.put(key, sum);
        }
    }

    /// Takes away what other counters hold.
    pub fn minus(&mut self, other: Self) {
        for (key, sum) in other.0 {
            self.put(key, Sum { n: -sum.n, total: -sum.total });
        }
    }

    /// Those that hold something, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &Sum)> {
        self.0.iter().filter(|(_, sum)| **sum != Sum::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_each_other_over_the_year() {
        let month = Month::parse("2026-11").unwrap();
        assert_eq!(month.plus(2).to_string(), "2027-01");
        assert_eq!(month.plus(-11).to_string(), "2025-12");
        assert_eq!(month.plus(2).since(month), 2);
        assert_eq!(month.show(Locale::EnGb), "Nov 2026");
        assert_eq!(month.show(Locale::EnUs), "Nov 2026");
        assert_eq!(month.show(Locale::De), "Nov. 2026");
        assert_eq!(Month::parse("soon"), None);
    }
}
