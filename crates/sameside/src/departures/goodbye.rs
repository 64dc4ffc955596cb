//! What it is not to serve a client any longer. Pure.

use crate::accounts::Member;
use crate::base::{Date, Fields, Id, When};
use crate::companies::Company;
use crate::departures::{Profile, Short, Watch, Way};
use crate::error::{Error, Result};
use crate::products::Product;
use crate::records::{About, Kind, Reference, record};

record! {
    /// A client that we do not serve any longer, or that left us. While it is not ended, nobody is asked to speak with them
    /// in their cadence; what was promised to them stays promised.
    pub struct Goodbye in "goodbye", Kind::Goodbye => {
        /// To whom.
        pub company_id: Id<Company>,
        /// Who of us wrote it down.
        pub owner_id: Option<Id<Member>>,
        /// Who left.
        pub way: Way,
        /// Which side would not gain any longer, as we see it.
        pub side: Option<Short>,
        /// Why; of a client that left us, what they said.
        pub reason: String,
        /// What we learnt.
        pub learnt: Option<String>,
        /// The words for it, for a person to copy.
        pub message: Option<String>,
        /// Who may serve them better.
        pub referral: Option<String>,
        /// The hours of ours that were still ahead in the deals left with it.
        pub hours_saved: f64,
        /// Look again on this day.
        pub watch_on: Option<Date>,
        /// Look again when this product changes,
        pub product_id: Option<Id<Product>>,
        /// which was like this.
        pub watch_product: Option<Profile>,
        /// When one of them had come.
        pub noticed_at: Option<When>,
        /// Which, in words.
        pub noticed: Option<String>,
        /// Why it was left be then.
        pub settled_because: Option<String>,
        /// When we began to serve them again.
        pub ended_at: Option<When>,
    }
    derived {}
}

impl Goodbye {
    /// What we wait for, to look again.
    pub fn watch(&self) -> Watch {
        Watch { on: self.watch_on, figure: None, product: self.watch_product.clone() }
    }

    /// Whether what we waited for has come, and nobody has answered it.
    pub fn asks(&self) -> bool {
        self.noticed_at.is_some() && self.settled_because.is_none() && self.ended_at.is_none()
    }

    /// Says it otherwise. Another day, or another product, is waited for anew; the same product is compared with what it was like.
    pub fn say_anew(&mut self, said: Self) {
        let is_same_product = self.product_id == said.product_id;
        if self.watch_on != said.watch_on || !is_same_product {
            self.noticed_at = None;
            self.noticed = None;
            self.settled_because = None;
        }
        let watch_product =
            if is_same_product { self.watch_product.take() } else { said.watch_product.clone() };
        let (company_id, owner_id, way, hours_saved) =
            (self.company_id, self.owner_id, self.way, self.hours_saved);
        let (noticed_at, noticed) = (self.noticed_at, self.noticed.take());
        let settled_because = self.settled_because.take();
        *self = Self {
            company_id,
            owner_id,
            way,
            hours_saved,
            watch_product,
            noticed_at,
            noticed,
            settled_because,
            ended_at: None,
            ..said
        };
    }

    /// What we waited for has come.
    pub fn notice(&mut self, what: String, now: When) {
        if self.noticed_at.is_none() && self.ended_at.is_none() {
            self.noticed_at = Some(now);
            self.noticed = Some(what);
        }
    }

    /// It stays as it is, though what we waited for has come.
    ///
    /// # Errors
    /// `Invalid` without a reason; `Refused` when nothing asks.
    pub fn let_be(&mut self, because: Option<String>) -> Result<()> {
        if !self.asks() {
            return Err(Error::Refused("This was settled already.".into()));
        }
        let because =
            because.ok_or_else(|| Error::field("let_be", "why it is right to leave it, in a sentence"))?;
        self.settled_because = Some(because);
        Ok(())
    }

    /// We serve them again.
    ///
    /// # Errors
    /// `Refused` when we do already.
    pub fn end(&mut self, now: When) -> Result<()> {
        if self.ended_at.is_some() {
            return Err(Error::Refused("They are served again already.".into()));
        }
        self.ended_at = Some(now);
        Ok(())
    }
}

impl About for Goodbye {
    fn title(&self) -> String {
        self.reason.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.company_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        let all = [
            Reference::to("company_id", Kind::Company, Some(self.company_id)),
            Reference::to("owner_id", Kind::Member, self.owner_id),
            Reference::to("product_id", Kind::Product, self.product_id),
        ];
        all.into_iter().flatten().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.reason.is_empty() {
            fields.add("reason", "why, in a sentence");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goodbye() -> Goodbye {
        Goodbye {
            company_id: Id::of(uuid::Uuid::from_u128(1)),
            owner_id: None,
            way: Way::WalkedAway,
            side: Some(Short::Company),
            reason: "Their nights are not ours".into(),
            learnt: None,
            message: None,
            referral: None,
            hours_saved: 4.0,
            watch_on: "2026-11-20".parse().ok(),
            product_id: None,
            watch_product: None,
            noticed_at: None,
            noticed: None,
            settled_because: None,
            ended_at: None,
        }
    }

    #[test]
    fn a_day_that_came_asks_until_somebody_answers() {
        let mut it = goodbye();
        let now = When::from_micros(1_800_000_000_000_000);
        assert!(it.let_be(Some("Not yet".into())).is_err(), "nothing asks before the day");
        it.notice("The day has come.".into(), now);
        assert!(it.asks());
        assert!(it.let_be(None).is_err(), "why is part of the answer");
        it.let_be(Some("Nothing has changed with them".into())).unwrap();
        assert!(!it.asks());
        let later = Goodbye { watch_on: "2027-05-01".parse().ok(), ..goodbye() };
        it.say_anew(later);
        assert!(it.noticed_at.is_none() && it.settled_because.is_none(), "another day is waited for anew");
        assert!(it.noticed.is_none());
    }

    #[test]
    fn a_product_is_compared_with_what_it_was_when_it_was_first_waited_for() {
        let like =
            |price| Some(Profile { name: "Nights".into(), price_minor: Some(price), ..Profile::default() });
        let nights = Some(Id::of(uuid::Uuid::from_u128(7)));
        let mut it = Goodbye { product_id: nights, watch_product: like(900), ..goodbye() };
        it.say_anew(Goodbye { product_id: nights, watch_product: like(700), ..goodbye() });
        assert_eq!(it.watch_product, like(900), "the same product stays as it was");
        let days = Some(Id::of(uuid::Uuid::from_u128(8)));
        it.say_anew(Goodbye { product_id: days, watch_product: like(400), ..goodbye() });
        assert_eq!(it.watch().product, like(400));
        it.say_anew(goodbye());
        assert!(it.watch().product.is_none());
    }

    #[test]
    fn what_was_saved_and_who_left_stay_when_it_is_said_otherwise() {
        let mut it = goodbye();
        it.say_anew(Goodbye {
            reason: "Other words".into(),
            hours_saved: 0.0,
            way: Way::Declined,
            ..goodbye()
        });
        assert_eq!((it.reason.as_str(), it.way), ("Other words", Way::WalkedAway));
        assert!((it.hours_saved - 4.0).abs() < 1e-9);
        let now = When::from_micros(1_800_000_000_000_000);
        it.end(now).unwrap();
        assert!(it.end(now).is_err());
    }
}
