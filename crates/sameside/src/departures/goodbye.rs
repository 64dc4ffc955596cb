//! What it is not to serve a client any longer. Pure.

use crate::accounts::Member;
use crate::base::{Date, Fields, Id, When};
use crate::companies::Company;
use crate::departures::{Short, Way};
use crate::error::{Error, Result};
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
        /// When the day had come.
        pub noticed_at: Option<When>,
        /// Why it was left be when the day came.
        pub settled_because: Option<String>,
        /// When we began to serve them again.
        pub ended_at: Option<When>,
    }
    derived {}
}

impl Goodbye {
    /// Whether the day came on which we wanted to look again, and nobody has answered it.
    pub fn asks(&self) -> bool {
        self.noticed_at.is_some() && self.settled_because.is_none() && self.ended_at.is_none()
    }

    /// Says it otherwise. Another day is waited for anew.
    pub fn say_anew(&mut self, said: Self) {
        if self.watch_on != said.watch_on {
            self.noticed_at = None;
            self.settled_because = None;
        }
        let (company_id, owner_id, way, hours_saved) =
            (self.company_id, self.owner_id, self.way, self.hours_saved);
        let (noticed_at, settled_because) = (self.noticed_at, self.settled_because.take());
        *self = Self {
            company_id,
            owner_id,
            way,
            hours_saved,
            noticed_at,
            settled_because,
            ended_at: None,
            ..said
        };
    }

    /// The day has come.
    pub fn notice(&mut self, now: When) {
        if self.noticed_at.is_none() && self.ended_at.is_none() {
            self.noticed_at = Some(now);
        }
    }

    /// It stays as it is, though the day has come.
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
        let company = Reference::to("company_id", Kind::Company, Some(self.company_id));
        company.into_iter().chain(Reference::to("owner_id", Kind::Member, self.owner_id)).collect()
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
            noticed_at: None,
            settled_because: None,
            ended_at: None,
        }
    }

    #[test]
    fn a_day_that_came_asks_until_somebody_answers() {
        let mut it = goodbye();
        let now = When::from_micros(1_800_000_000_000_000);
        assert!(it.let_be(Some("Not yet".into())).is_err(), "nothing asks before the day");
        it.notice(now);
        assert!(it.asks());
        assert!(it.let_be(None).is_err(), "why is part of the answer");
        it.let_be(Some("Nothing has changed with them".into())).unwrap();
        assert!(!it.asks());
        let later = Goodbye { watch_on: "2027-05-01".parse().ok(), ..goodbye() };
        it.say_anew(later);
        assert!(it.noticed_at.is_none() && it.settled_because.is_none(), "another day is waited for anew");
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
