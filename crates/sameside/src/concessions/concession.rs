//! What a concession is. Pure.

use crate::accounts::{Member, Role, Settings};
use crate::base::{Fields, Id, Money, Range, Source, When, codes};
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::records::{About, Kind, Reference, record};

codes! {
    /// Where a concession stands.
    pub enum State {
        /// Somebody who may has to say yes.
        Asked = "asked", "Waits for a yes";
        /// It is given.
        Granted = "granted", "Given";
        /// It is not given.
        Refused = "refused", "Not given";
        /// It was not needed.
        Withdrawn = "withdrawn", "Not needed";
    }
}

record! {
    /// Something given beyond the offer.
    pub struct Concession in "concession", Kind::Concession => {
        /// In which deal.
        pub deal_id: Id<Deal>,
        /// Who of us gives it, or asks to.
        pub owner_id: Option<Id<Member>>,
        /// What.
        pub title: String,
        /// What it costs us at least, in whole units of the deal's currency.
        pub cost_low: f64,
        /// What it likely costs us.
        pub cost_likely: f64,
        /// What it costs us at most.
        pub cost_high: f64,
        /// How we know.
        pub cost_source: Source,
        /// What it is worth to them at least.
        pub worth_low: Option<f64>,
        /// What it is likely worth to them.
        pub worth_likely: Option<f64>,
        /// What it is worth to them at most.
        pub worth_high: Option<f64>,
        /// How we know.
        pub worth_source: Option<Source>,
        /// What came back for it.
        pub came_back: Option<String>,
        /// Or why nothing did.
        pub nothing_because: Option<String>,
        /// What it costs us, as a share of the price.
        pub share: f64,
        /// Where it stands.
        pub state: State,
        /// Who said yes or no.
        pub decided_by_id: Option<Id<Member>>,
        /// When.
        pub decided_at: Option<When>,
        /// Why.
        pub decided_because: Option<String>,
    }
    derived {}
}

/// What somebody wants to give.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What.
    pub title: String,
    /// What it costs us, in whole units of the deal's currency.
    pub cost: Range,
    /// How we know.
    pub cost_source: Source,
    /// What it is worth to them.
    pub worth: Option<(Range, Source)>,
    /// What comes back.
    pub came_back: Option<String>,
    /// Or why nothing does.
    pub nothing_because: Option<String>,
}

impl Wish {
    /// What it takes of a price. Of a deal without a price everything is the whole of it: somebody who may has to look.
    pub fn share_of(&self, price: Option<Money>) -> f64 {
        match price.map(Money::units) {
            Some(price) if price > 0.0 => self.cost.likely() / price,
            _ if self.cost.likely() <= 0.0 => 0.0,
            _ => 1.0,
        }
    }
}

impl Concession {
    /// What it costs us.
    pub fn cost(&self) -> Range {
        Range::new(self.cost_low, self.cost_likely, self.cost_high)
            .unwrap_or(Range::exactly(self.cost_likely))
    }

    /// What it is worth to them, if anybody knows.
    pub fn worth(&self) -> Option<Range> {
        let (low, likely, high) = (self.worth_low?, self.worth_likely?, self.worth_high?);
        Some(Range::new(low, likely, high).unwrap_or(Range::exactly(likely)))
    }

    /// What is given is said anew, before it was refused or withdrawn. `share` is what it takes of the price now, `may_give`
    /// what whoever writes may give. A yes that was said stays for what takes no more than it covered; for more it waits
    /// for a new one, unless whoever writes may give that much. What waits goes on waiting, unless its asker has become
    /// able to give it.
    ///
    /// # Errors
    /// `Refused` when it was answered with no, or is not needed any more.
    pub fn say_anew(
        &mut self,
        wish: Wish,
        share: f64,
        by: Option<Id<Member>>,
        may_give: f64,
        now: When,
    ) -> Result<()> {
        let covered = self.state == State::Granted && share <= self.share;
        let own = self.state == State::Granted || self.owner_id == by;
        match self.state {
            State::Asked | State::Granted => {}
            State::Refused | State::Withdrawn => {
                return Err(Error::Refused(format!(
                    "This is over: {}. Ask for it anew instead.",
                    self.state.label().to_lowercase()
                )));
            }
        }
        self.write(wish, share);
        if covered {
            return Ok(());
        }
        let granted = own && share <= may_give;
        self.state = if granted { State::Granted } else { State::Asked };
        self.decided_by_id = granted.then_some(by).flatten();
        self.decided_at = granted.then_some(now);
        self.decided_because = None;
        Ok(())
    }

    /// Writes down what somebody wants to give.
    fn write(&mut self, wish: Wish, share: f64) {
        self.title = wish.title;
        (self.cost_low, self.cost_likely, self.cost_high) =
            (wish.cost.low(), wish.cost.likely(), wish.cost.high());
        self.cost_source = wish.cost_source;
        self.worth_low = wish.worth.map(|(range, _)| range.low());
        self.worth_likely = wish.worth.map(|(range, _)| range.likely());
        self.worth_high = wish.worth.map(|(range, _)| range.high());
        self.worth_source = wish.worth.map(|(_, source)| source);
        self.nothing_because = wish.nothing_because.filter(|_| wish.came_back.is_none());
        self.came_back = wish.came_back;
        self.share = share;
    }

    /// A new concession: given, or waiting for a yes when it takes more than `may_give`.
    pub fn new(
        deal_id: Id<Deal>,
        wish: Wish,
        share: f64,
        by: Option<Id<Member>>,
        may_give: f64,
        now: When,
    ) -> Self {
        let granted = share <= may_give;
        let mut it = Self {
            deal_id,
            owner_id: by,
            title: String::new(),
            cost_low: 0.0,
            cost_likely: 0.0,
            cost_high: 0.0,
            cost_source: wish.cost_source,
            worth_low: None,
            worth_likely: None,
            worth_high: None,
            worth_source: None,
            came_back: None,
            nothing_because: None,
            share,
            state: if granted { State::Granted } else { State::Asked },
            decided_by_id: granted.then_some(by).flatten(),
            decided_at: granted.then_some(now),
            decided_because: None,
        };
        it.write(wish, share);
        it
    }

    /// Somebody who may give this much says yes or no.
    ///
    /// # Errors
    /// `Refused` when it does not wait; `Forbidden` when it is more than `may_give`; `Invalid` for a no without a reason.
    pub fn decide(
        &mut self,
        granted: bool,
        by: Option<Id<Member>>,
        may_give: f64,
        because: Option<String>,
        now: When,
    ) -> Result<()> {
        if self.state != State::Asked {
            return Err(Error::Refused(format!(
                "This does not wait any more: {}.",
                self.state.label().to_lowercase()
            )));
        }
        if self.share > may_give {
            return Err(Error::Forbidden(format!(
                "This takes {:.0}% of the price; you may say yes up to {:.0}%.",
                self.share * 100.0,
                may_give * 100.0
            )));
        }
        if !granted && because.is_none() {
            return Err(Error::field("because", "why not, in a sentence they can pass on"));
        }
        self.state = if granted { State::Granted } else { State::Refused };
        self.decided_by_id = by;
        self.decided_at = Some(now);
        self.decided_because = because;
        Ok(())
    }

    /// It is not needed after all.
    ///
    /// # Errors
    /// `Refused` when it does not wait.
    pub fn withdraw(&mut self) -> Result<()> {
        if self.state != State::Asked {
            return Err(Error::Refused("This does not wait any more.".into()));
        }
        self.state = State::Withdrawn;
        Ok(())
    }
}

/// The share of the price that somebody of this role may give by themselves.
pub fn may_give(role: Role, settings: &Settings) -> f64 {
    match role {
        Role::Owner => f64::INFINITY,
        Role::Admin => settings.admin_may_give,
        Role::Manager => settings.manager_may_give,
        Role::Seller => settings.seller_may_give,
        Role::Viewer => 0.0,
    }
}

impl About for Concession {
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
            Reference::to("decided_by_id", Kind::Member, self.decided_by_id),
        ];
        all.into_iter().flatten().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.title.is_empty() {
            fields.add("title", "what they get, in a few words");
        }
        if self.cost_low < 0.0 {
            fields.add("cost", "amounts from 0 on");
        }
        if self.came_back.is_none() && self.nothing_because.is_none() {
            fields.add("came_back", "what comes back for it; or below, why nothing does");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concession() -> Concession {
        Concession {
            deal_id: Id::of(uuid::Uuid::from_u128(1)),
            owner_id: None,
            title: "Training for a fourth team".into(),
            cost_low: 300.0,
            cost_likely: 480.0,
            cost_high: 600.0,
            cost_source: Source::OurEstimate,
            worth_low: None,
            worth_likely: None,
            worth_high: None,
            worth_source: None,
            came_back: None,
            nothing_because: None,
            share: 0.15,
            state: State::Asked,
            decided_by_id: None,
            decided_at: None,
            decided_because: None,
        }
    }

    #[test]
    fn each_role_may_give_so_much_by_itself() {
        let settings = Settings::default();
        let all = [Role::Viewer, Role::Seller, Role::Manager, Role::Admin, Role::Owner];
        assert_eq!(all.map(|role| may_give(role, &settings)), [0.0, 0.1, 0.2, 0.3, f64::INFINITY]);
    }

    #[test]
    fn what_comes_back_is_said_or_why_nothing_does() {
        assert!(concession().check().unwrap_err().at("came_back").is_some());
        assert!(Concession { came_back: Some("Two visits".into()), ..concession() }.check().is_ok());
        assert!(Concession { nothing_because: Some("Our mistake".into()), ..concession() }.check().is_ok());
    }

    #[test]
    fn nobody_says_yes_to_more_than_they_may_and_a_no_has_a_reason() {
        let now = When::from_micros(0);
        let mut it = concession();
        assert!(
            matches!(it.decide(true, None, 0.1, None, now), Err(Error::Forbidden(why)) if why.contains("15%"))
        );
        assert!(matches!(it.decide(false, None, 0.2, None, now), Err(Error::Invalid(_))));
        it.decide(true, None, 0.2, None, now).unwrap();
        assert_eq!((it.state, it.decided_at), (State::Granted, Some(now)));
        assert!(
            matches!(it.decide(true, None, 1.0, None, now), Err(Error::Refused(_))),
            "it is decided once"
        );
        assert!(it.withdraw().is_err());
    }
}
