//! Offers that were made at once, and what they said to them. Pure.

use crate::accounts::Member;
use crate::base::{Fields, Id, When, codes};
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::negotiation::Package;
use crate::records::{About, Doc, Kind, Reference, record};
use serde::{Deserialize, Serialize};

codes! {
    /// What became of offers.
    pub enum State {
        /// They have not answered.
        Made = "made", "Waits for their choice";
        /// They chose one.
        Chosen = "chosen", "They chose";
        /// They asked for a change of one.
        ChangeAsked = "change_asked", "They asked for a change";
        /// They want none of them.
        Declined = "declined", "None of them";
    }
}

/// One package as it was offered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offered {
    /// Its options by their keys.
    pub package: Package,
    /// What it said, issue by issue.
    pub words: Vec<(String, String)>,
    /// What it was worth to us, in whole units: for our eyes alone.
    pub ours: f64,
    /// What we thought it worth to them.
    pub theirs: f64,
    /// The price it sets, in minor units.
    pub price_minor: Option<i64>,
    /// The share it gives back when it does not work.
    pub refund_share: Option<f64>,
    /// Over how many months it goes.
    pub horizon_months: Option<i64>,
}

record! {
    /// Offers that were made at once: equal to us, so that what they choose tells what they value.
    pub struct Offering in "offering", Kind::Offering => {
        /// In which deal.
        pub deal_id: Id<Deal>,
        /// Who of us made them.
        pub owner_id: Option<Id<Member>>,
        /// The packages.
        pub offers: Doc<Vec<Offered>>,
        /// What became of them.
        pub state: State,
        /// Which they chose, or asked to change, counted from 0.
        pub picked: Option<i64>,
        /// What they said.
        pub said: Option<String>,
        /// When.
        pub answered_at: Option<When>,
    }
    derived {}
}

impl Offering {
    /// Writes down what they said.
    ///
    /// # Errors
    /// `Invalid` when the offer is not there, or a change is asked for without saying which.
    pub fn answer(
        &mut self,
        state: State,
        picked: Option<i64>,
        said: Option<String>,
        now: When,
    ) -> Result<()> {
        let there = picked.and_then(|n| usize::try_from(n).ok()).and_then(|n| self.offers.0.get(n)).is_some();
        if matches!(state, State::Chosen | State::ChangeAsked) && !there {
            return Err(Error::field("picked", "which of the offers"));
        }
        if state == State::ChangeAsked && said.is_none() {
            return Err(Error::field("said", "what they would have otherwise, in their words"));
        }
        let is_answered = state != State::Made;
        self.state = state;
        self.picked = picked.filter(|_| matches!(state, State::Chosen | State::ChangeAsked));
        self.said = said.filter(|_| is_answered);
        self.answered_at = is_answered.then_some(now);
        Ok(())
    }

    /// The offer they chose.
    pub fn chosen(&self) -> Option<&Offered> {
        let picked = self.picked.filter(|_| self.state == State::Chosen)?;
        self.offers.0.get(usize::try_from(picked).ok()?)
    }
}

impl About for Offering {
    fn title(&self) -> String {
        match self.offers.0.len() {
            1 => "One offer".to_owned(),
            2 => "Two equal offers".to_owned(),
            3 => "Three equal offers".to_owned(),
            n => format!("{n} equal offers"),
        }
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        let deal = Reference::to("deal_id", Kind::Deal, Some(self.deal_id));
        deal.into_iter().chain(Reference::to("owner_id", Kind::Member, self.owner_id)).collect()
    }

    fn check(&self) -> Result<(), Fields> {
        if self.offers.0.is_empty() {
            return Err(Fields::one("offers", "at least one offer"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_names_an_offer_and_a_change_says_which() {
        let offer = Offered {
            package: Package::parse("1.2").unwrap(),
            words: vec![("Price".into(), "90".into())],
            ours: 20.0,
            theirs: 4.0,
            price_minor: None,
            refund_share: None,
            horizon_months: None,
        };
        let mut it = Offering {
            deal_id: Id::of(uuid::Uuid::from_u128(1)),
            owner_id: None,
            offers: Doc(vec![offer]),
            state: State::Made,
            picked: None,
            said: None,
            answered_at: None,
        };
        let now = When::from_micros(5);
        assert!(it.answer(State::Chosen, Some(1), None, now).is_err());
        assert!(it.answer(State::ChangeAsked, Some(0), None, now).is_err());
        it.answer(State::Chosen, Some(0), None, now).unwrap();
        assert_eq!((it.chosen().unwrap().ours, it.answered_at), (20.0, Some(now)));
        it.answer(State::Declined, Some(0), Some("Too soon".into()), now).unwrap();
        assert_eq!((it.picked, it.chosen().is_none()), (None, true));
    }
}
