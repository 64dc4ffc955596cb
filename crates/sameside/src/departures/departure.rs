//! What a departure is. Pure.

use crate::accounts::Member;
use crate::base::{Date, Fields, Id, When, codes};
use crate::deals::{Deal, Standing};
use crate::departures::{Profile, Watch};
use crate::diagnosis::Parameter;
use crate::error::{Error, Result};
use crate::records::{About, Kind, Reference, record};

codes! {
    /// Who left.
    pub enum Way {
        /// We did.
        WalkedAway = "walked_away", "We walk away";
        /// They did.
        Declined = "declined", "They declined";
    }
}

impl Way {
    /// How the deal stands then.
    pub const fn standing(self) -> Standing {
        match self {
            Self::WalkedAway => Standing::WalkedAway,
            Self::Declined => Standing::Declined,
        }
    }

    /// The way that leads to a standing, if one does.
    pub const fn to(standing: Standing) -> Option<Self> {
        match standing {
            Standing::WalkedAway => Some(Self::WalkedAway),
            Standing::Declined => Some(Self::Declined),
            _ => None,
        }
    }
}

codes! {
    /// Which side would not gain.
    pub enum Short {
        /// They would not.
        Client = "client", "They would not gain";
        /// We would not.
        Company = "company", "We would not gain";
        /// Neither would.
        Both = "both", "Neither would gain";
    }
}

record! {
    /// How and why a deal was left.
    pub struct Departure in "departure", Kind::Departure => {
        /// Which deal.
        pub deal_id: Id<Deal>,
        /// Who of us wrote it down.
        pub owner_id: Option<Id<Member>>,
        /// Who left.
        pub way: Way,
        /// Which side would not gain, as we see it.
        pub side: Option<Short>,
        /// Why; of a deal they declined, what they said.
        pub reason: String,
        /// What we learnt.
        pub learnt: Option<String>,
        /// The words for it, for a person to copy.
        pub message: Option<String>,
        /// Who may serve them better.
        pub referral: Option<String>,
        /// The hours of ours that were still ahead.
        pub hours_saved: f64,
        /// Come back on this day.
        pub watch_on: Option<Date>,
        /// Come back when this figure passes a value.
        pub watch_parameter: Option<Parameter>,
        /// The value it would have to rise to.
        pub watch_above: Option<f64>,
        /// Or fall to.
        pub watch_below: Option<f64>,
        /// Come back when what we offer changes: what it was like.
        pub watch_product: Option<Profile>,
        /// When a condition was found to hold.
        pub noticed_at: Option<When>,
        /// Which, in words.
        pub noticed: Option<String>,
        /// When it was settled: the deal came back, or was left be.
        pub settled_at: Option<When>,
        /// Why it was left be.
        pub settled_because: Option<String>,
    }
    derived {}
}

impl Departure {
    /// What would bring the deal back.
    pub fn watch(&self) -> Watch {
        Watch {
            on: self.watch_on,
            figure: self.watch_parameter.and_then(|parameter| {
                let turn = self.watch_above.map(|value| (value, true));
                let (value, rises) = turn.or(self.watch_below.map(|value| (value, false)))?;
                Some((parameter, value, rises))
            }),
            product: self.watch_product.clone(),
        }
    }

    /// Notes what would bring the deal back.
    pub fn set_watch(&mut self, watch: Watch) {
        self.watch_on = watch.on;
        self.watch_parameter = watch.figure.map(|(parameter, ..)| parameter);
        self.watch_above = watch.figure.filter(|(.., rises)| *rises).map(|(_, value, _)| value);
        self.watch_below = watch.figure.filter(|(.., rises)| !*rises).map(|(_, value, _)| value);
        self.watch_product = watch.product;
    }

    /// A condition holds.
    pub fn notice(&mut self, what: String, now: When) {
        if self.noticed_at.is_none() && self.settled_at.is_none() {
            self.noticed_at = Some(now);
            self.noticed = Some(what);
        }
    }

    /// The deal came back.
    pub fn come_back(&mut self, now: When) {
        self.settled_at = self.settled_at.or(Some(now));
    }

    /// The deal is left be, though a condition holds.
    ///
    /// # Errors
    /// `Invalid` without a reason; `Refused` when it is settled already.
    pub fn let_be(&mut self, because: Option<String>, now: When) -> Result<()> {
        if self.settled_at.is_some() {
            return Err(Error::Refused("This was settled already.".into()));
        }
        let because =
            because.ok_or_else(|| Error::field("let_be", "why it is right to leave it, in a sentence"))?;
        self.settled_at = Some(now);
        self.settled_because = Some(because);
        Ok(())
    }
}

impl About for Departure {
    fn title(&self) -> String {
        self.reason.clone()
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
        if self.reason.is_empty() {
            fields.add("reason", "why, in a sentence");
        }
        if self.watch_parameter.is_some() == (self.watch_above.is_none() && self.watch_below.is_none()) {
            fields.add("watch_parameter", "a figure with the value that would change the answer");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}
