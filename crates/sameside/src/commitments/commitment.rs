//! What a commitment is, and how it moves. Pure.

use crate::accounts::{Member, Right};
use crate::base::{Calendar, Date, Fields, Id, Range, codes};
use crate::commitments::after_workdays;
use crate::contacts::Contact;
use crate::deals::{self, Deal};
use crate::outcomes::Measure;
use crate::products::Product;
use crate::records::{About, Kept, Kind, Reference, record};
use crate::tasks::HOURS_MAX;
use std::collections::HashSet;

/// The most working days a step of a plan takes.
pub const STEP_DAYS_MAX: i64 = 1_000;

codes! {
    /// Which side promises.
    pub enum Side {
        /// We do.
        Company = "company", "We";
        /// They do.
        Client = "client", "They";
    }
}

impl Side {
    /// The other side.
    pub const fn other(self) -> Self {
        match self {
            Self::Company => Self::Client,
            Self::Client => Self::Company,
        }
    }
}

record! {
    /// A dated promise of either side.
    pub struct Commitment in "commitment", Kind::Commitment => {
        /// In which deal.
        pub deal_id: Id<Deal>,
        /// Whose promise.
        pub side: Side,
        /// What.
        pub title: String,
        /// How, where, with what.
        pub note: Option<String>,
        /// Who of us has it.
        pub owner_id: Option<Id<Member>>,
        /// Who of them has it.
        pub contact_id: Option<Id<Contact>>,
        /// Until which day.
        pub due_on: Option<Date>,
        /// The day by which it is read whether it was kept.
        pub promised_on: Option<Date>,
        /// Another day that the other side asks for.
        pub asked_on: Option<Date>,
        /// Why it asks.
        pub asked_because: Option<String>,
        /// Why the day moved last.
        pub moved_because: Option<String>,
        /// What has to be done before.
        pub after_id: Option<Id<Commitment>>,
        /// How many hours of ours it takes at least: the 10th percentile of what we think.
        pub hours_low: Option<f64>,
        /// How many it likely takes.
        pub hours_likely: Option<f64>,
        /// How many it takes at most: the 90th percentile.
        pub hours_high: Option<f64>,
        /// The chance of keeping it, as it stood when it was promised or moved.
        pub chance: Option<f64>,
        /// When the other side said yes to it as it is.
        pub confirmed_on: Option<Date>,
        /// When it was done.
        pub done_on: Option<Date>,
        /// How one sees that it is done.
        pub done_note: Option<String>,
        /// The measure whose result is looked at with it: it is the day of the verification.
        pub measure_id: Option<Id<Measure>>,
    }
    derived {}
}

/// How a promise stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It has no day yet.
    Undated,
    /// Its day is still to come.
    Ahead,
    /// Its day is past, and it is not done.
    Late,
    /// It was done by the day it was promised for.
    Kept,
    /// It was done, but after that day.
    DoneLate,
}

impl Standing {
    /// Whether its day came without it: it counts as not kept.
    pub const fn is_missed(self) -> bool {
        matches!(self, Self::Late | Self::DoneLate)
    }
}

impl Commitment {
    /// A promise of which nothing is said but whose and what.
    pub const fn blank(deal: Id<Deal>, side: Side, title: String) -> Self {
        Self {
            deal_id: deal,
            side,
            title,
            note: None,
            owner_id: None,
            contact_id: None,
            due_on: None,
            promised_on: None,
            asked_on: None,
            asked_because: None,
            moved_because: None,
            after_id: None,
            hours_low: None,
            hours_likely: None,
            hours_high: None,
            chance: None,
            confirmed_on: None,
            done_on: None,
            done_note: None,
            measure_id: None,
        }
    }

    /// Whether it is looking at the result together, and the day for that has come.
    pub fn is_result_due(&self, today: Date) -> bool {
        self.measure_id.is_some() && self.done_on.is_none() && self.due_on.is_some_and(|day| day <= today)
    }

    /// How it stands on a day.
    pub fn standing(&self, today: Date) -> Standing {
        let promised = self.promised_on.or(self.due_on);
        match (self.done_on, promised) {
            (Some(done), Some(promised)) if done > promised => Standing::DoneLate,
            (Some(_), _) => Standing::Kept,
            (None, None) => Standing::Undated,
            (None, Some(promised)) if promised < today => Standing::Late,
            (None, Some(_)) => Standing::Ahead,
        }
    }

    /// Who has it, on the side that promised.
    pub fn who(&self) -> Option<uuid::Uuid> {
        match self.side {
            Side::Company => self.owner_id.map(Id::uuid),
            Side::Client => self.contact_id.map(Id::uuid),
        }
    }

    /// Whether it went with its deal: not done, and the deal was left before its day came.
    pub fn is_let_go(&self, deal: &Deal) -> bool {
        use deals::Standing::{Declined, WalkedAway};
        let left_on = deal.closed_on.filter(|_| matches!(deal.standing, WalkedAway | Declined));
        let was_ahead = |left: Date| self.promised_on.or(self.due_on).is_none_or(|promised| promised >= left);
        self.done_on.is_none() && left_on.is_some_and(was_ahead)
    }

    /// How many hours of ours it takes, as far as somebody said.
    pub fn estimate(&self) -> Option<Range> {
        Range::new(self.hours_low?, self.hours_likely?, self.hours_high?).ok()
    }

    /// Says how many hours of ours it takes.
    pub fn set_estimate(&mut self, hours: Option<Range>) {
        self.hours_low = hours.map(Range::low);
        self.hours_likely = hours.map(Range::likely);
        self.hours_high = hours.map(Range::high);
    }

    /// Gives it another day. `by` is the side that wishes it: who puts off what they promised is measured by the day it was
    /// promised for; who does the other side a favour is not. Whoever had said yes to the day before has not to this one,
    /// unless they asked for it.
    pub fn move_to(&mut self, day: Date, because: Option<String>, by: Side, today: Date) {
        let was_asked = self.asked_on == Some(day);
        if by != self.side
            || was_asked
            || self.promised_on.is_none()
            || self.due_on.is_none_or(|due| day < due)
        {
            self.promised_on = Some(day);
        }
        self.due_on = Some(day);
        self.moved_because = because;
        self.confirmed_on = (by != self.side || was_asked).then_some(today);
        self.asked_on = None;
        self.asked_because = None;
    }

    /// It follows something that moved: nobody's fault, and nobody has said yes to the new day. From a working day it
    /// comes to one.
    pub fn follow(&mut self, days: i64, because: &str, calendar: &Calendar) {
        // Who chose a Saturday keeps a Saturday.
        let later = |day: Option<Date>| {
            day.map(|day| match calendar.works_on(day) {
                true => after_workdays(day.plus_days(days), 0, calendar),
                false => day.plus_days(days),
            })
        };
        self.due_on = later(self.due_on);
        self.promised_on = later(self.promised_on);
        self.moved_because = Some(because.to_owned());
        self.confirmed_on = None;
        self.asked_on = None;
        self.asked_because = None;
    }

    /// They say yes to it as it is; asking for another day is then settled.
    pub fn confirm(&mut self, today: Date) {
        self.confirmed_on = self.confirmed_on.or(Some(today));
        self.asked_on = None;
        self.asked_because = None;
    }

    /// It is done; done once stays done as it was.
    pub fn complete(&mut self, note: Option<String>, today: Date) {
        self.done_on = self.done_on.or(Some(today));
        self.done_note = note.or_else(|| self.done_note.take());
        self.asked_on = None;
        self.asked_because = None;
    }
}

/// Of the commitments of a deal those that come after one, near or far, that are not done and have a day; in the order of
/// their chain. A ring ends where it began.
pub fn followers(all: &[Kept<Commitment>], first: Id<Commitment>) -> Vec<&Kept<Commitment>> {
    let mut seen = HashSet::from([first]);
    let (mut found, mut next) = (Vec::new(), vec![first]);
    while let Some(id) = next.pop() {
        for it in all.iter().filter(|it| it.after_id == Some(id)) {
            if seen.insert(it.id) {
                next.push(it.id);
                if it.done_on.is_none() && it.due_on.is_some() {
                    found.push(it);
                }
            }
        }
    }
    found
}

impl About for Commitment {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        let all = [
            Reference::to("deal_id", Kind::Deal, Some(self.deal_id)),
            Reference::to("owner_id", Kind::Member, self.owner_id),
            Reference::to("contact_id", Kind::Contact, self.contact_id),
            Reference::to("after_id", Kind::Commitment, self.after_id),
            Reference::to("measure_id", Kind::Measure, self.measure_id),
        ];
        all.into_iter().flatten().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.title.is_empty() {
            fields.add("title", "what is promised");
        }
        if self.side == Side::Company && self.contact_id.is_some() {
            fields.add("contact_id", "nobody of theirs for what we promise");
        }
        if self.side == Side::Client && self.owner_id.is_some() {
            fields.add("owner_id", "nobody of ours for what they promise");
        }
        if self.side == Side::Client && self.hours_likely.is_some() {
            fields.add("hours", "no hours: they are not ours");
        }
        let hours = [self.hours_low, self.hours_likely, self.hours_high];
        if hours.iter().any(Option::is_some) && self.estimate().is_none() {
            fields.add("hours", "hours, the lowest first");
        }
        if hours.into_iter().flatten().any(|hours| !(0.0..=HOURS_MAX).contains(&hours)) {
            fields.add("hours", format!("hours from 0 to {HOURS_MAX}"));
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

record! {
    /// A step that plans about a product begin with.
    pub struct PlanStep in "plan_step", Kind::PlanStep => {
        /// About which product.
        pub product_id: Id<Product>,
        /// Whose promise it becomes.
        pub side: Side,
        /// What.
        pub title: String,
        /// Where it stands among them, from 1.
        pub place: i64,
        /// The working days it takes once what is before it is done.
        pub days: i64,
        /// The hours of ours it takes at least.
        pub hours_low: Option<f64>,
        /// Likely.
        pub hours_likely: Option<f64>,
        /// At most.
        pub hours_high: Option<f64>,
    }
    derived {}
}

impl PlanStep {
    /// How many hours of ours it takes, as far as somebody said.
    pub fn estimate(&self) -> Option<Range> {
        Range::new(self.hours_low?, self.hours_likely?, self.hours_high?).ok()
    }
}

impl About for PlanStep {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn right() -> Right {
        Right::Manage
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.product_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("product_id", Kind::Product, Some(self.product_id)).into_iter().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.title.is_empty() {
            fields.add("title", "what is to be done");
        }
        if !(0..=STEP_DAYS_MAX).contains(&self.days) {
            fields.add("days", format!("working days from 0 to {STEP_DAYS_MAX}"));
        }
        if self.side == Side::Client && self.hours_likely.is_some() {
            fields.add("hours", "no hours: they are not ours");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::base::When;

    pub fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    pub fn commitment(side: Side, due: &str) -> Commitment {
        Commitment {
            deal_id: Id::of(uuid::Uuid::from_u128(1)),
            side,
            title: "Send the list".into(),
            note: None,
            owner_id: None,
            contact_id: None,
            due_on: Some(day(due)),
            promised_on: Some(day(due)),
            asked_on: None,
            asked_because: None,
            moved_because: None,
            after_id: None,
            hours_low: None,
            hours_likely: None,
            hours_high: None,
            chance: None,
            confirmed_on: None,
            done_on: None,
            done_note: None,
            measure_id: None,
        }
    }

    pub fn kept(n: u128, after: Option<u128>, it: Commitment) -> Kept<Commitment> {
        let now = When::from_micros(1_800_000_000_000_000);
        let id = |n: u128| Id::of(uuid::Uuid::from_u128(n));
        let it = Commitment { after_id: after.map(id), ..it };
        Kept { id: id(n), version: 1, created_at: now, changed_at: now, removed_at: None, it }
    }

    #[test]
    fn who_puts_off_a_promise_is_measured_by_the_day_it_was_promised_for() {
        let mut ours = commitment(Side::Company, "2026-12-01");
        ours.move_to(day("2026-12-08"), Some("Ben is ill".into()), Side::Company, day("2026-11-30"));
        assert_eq!(ours.due_on, Some(day("2026-12-08")));
        assert_eq!(ours.standing(day("2026-12-02")), Standing::Late);
        ours.complete(None, day("2026-12-05"));
        assert_eq!(ours.standing(day("2026-12-20")), Standing::DoneLate);
    }

    #[test]
    fn a_day_the_other_side_asked_for_breaks_no_promise() {
        let mut ours = commitment(Side::Company, "2026-12-01");
        ours.move_to(day("2026-12-08"), None, Side::Client, day("2026-11-30"));
        assert_eq!(ours.standing(day("2026-12-02")), Standing::Ahead);
        assert_eq!(ours.confirmed_on, Some(day("2026-11-30")), "they asked for it, so they said yes");
        let mut theirs = commitment(Side::Client, "2026-12-01");
        theirs.asked_on = Some(day("2026-12-03"));
        theirs.move_to(day("2026-12-03"), None, Side::Client, day("2026-11-30"));
        assert_eq!(theirs.standing(day("2026-12-03")), Standing::Ahead);
        assert_eq!(theirs.asked_on, None);
    }

    #[test]
    fn a_promise_brought_forward_counts_by_the_earlier_day() {
        let mut ours = commitment(Side::Company, "2026-12-10");
        ours.move_to(day("2026-12-01"), None, Side::Company, day("2026-11-20"));
        assert_eq!(ours.standing(day("2026-12-02")), Standing::Late);
    }

    #[test]
    fn what_follows_moves_along_and_asks_for_a_new_yes() {
        let mut it = commitment(Side::Client, "2026-12-01");
        it.confirm(day("2026-11-20"));
        let calendar = Calendar::new(jiff::tz::TimeZone::UTC, crate::base::Week::default(), []);
        it.follow(7, "The list came later", &calendar);
        // A Tuesday four days later would be a Saturday: it is the Monday.
        let mut near = commitment(Side::Company, "2026-12-01");
        near.follow(4, "The list came later", &calendar);
        assert_eq!(near.due_on, Some(day("2026-12-07")));
        assert_eq!(it.due_on, Some(day("2026-12-08")));
        assert_eq!(it.standing(day("2026-12-05")), Standing::Ahead);
        assert_eq!(it.confirmed_on, None);
    }

    #[test]
    fn followers_are_found_along_the_chain_and_a_ring_ends() {
        let base = || commitment(Side::Company, "2026-12-01");
        let mut done = base();
        done.complete(None, day("2026-11-01"));
        let all = [
            kept(1, Some(4), base()),
            kept(2, Some(1), base()),
            kept(3, Some(2), done),
            kept(4, Some(3), base()),
            kept(5, None, base()),
        ];
        let found: Vec<u128> = followers(&all, Id::of(uuid::Uuid::from_u128(1)))
            .iter()
            .map(|it| it.id.uuid().as_u128())
            .collect();
        assert_eq!(found, [2, 4], "not itself, not what is done, not what stands apart");
    }
}
