//! What a deal is, and what can become of it. Pure.

use crate::accounts::Member;
use crate::base::{Currency, Date, Evidence, Fields, Id, Money, Source, When, codes, fold};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::{Pipeline, Stage};
use crate::error::{Error, Result};
use crate::products::Product;
use crate::records::{About, Kept, Kind, Other, Reference, record};

/// The longest horizon, in months.
pub const HORIZON_MONTHS_MAX: i64 = 120;

codes! {
    /// What a stage means, whatever it is called.
    pub enum Phase {
        /// Hear what they want to do.
        Hear = "hear", "Hear";
        /// Find out what is the matter.
        Diagnose = "diagnose", "Diagnose";
        /// Say what we would do, and for what.
        Propose = "propose", "Propose";
        /// Settle it.
        Agree = "agree", "Agree";
        /// Do it.
        Deliver = "deliver", "Deliver";
        /// See whether it did what they wanted.
        Verify = "verify", "Verify";
    }
}

impl Phase {
    /// Whether nothing is agreed yet: then the question is whether to go on at all.
    pub const fn is_before_agreement(self) -> bool {
        matches!(self, Self::Hear | Self::Diagnose | Self::Propose | Self::Agree)
    }
}

codes! {
    /// How a deal stands.
    pub enum Standing {
        /// It goes on.
        Open = "open", "Open";
        /// It waits, until a day or until something changes.
        Paused = "paused", "Paused";
        /// It was agreed and is done; its result was not measured.
        Agreed = "agreed", "Agreed, result not measured";
        /// It was agreed and its result was measured.
        Verified = "verified", "Verified";
        /// We walked away, and said why.
        WalkedAway = "walked_away", "Walked away";
        /// They declined.
        Declined = "declined", "Declined by them";
    }
}

impl Standing {
    /// Whether it has ended.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Agreed | Self::Verified | Self::WalkedAway | Self::Declined)
    }
}

record! {
    /// An engagement with a client.
    pub struct Deal in "deal", Kind::Deal => {
        /// What it is called.
        pub title: String,
        /// With whom.
        pub company_id: Option<Id<Company>>,
        /// With whom there.
        pub contact_id: Option<Id<Contact>>,
        /// About what of ours.
        pub product_id: Option<Id<Product>>,
        /// Who of us runs it.
        pub owner_id: Option<Id<Member>>,
        /// The pipeline it goes through.
        pub pipeline_id: Id<Pipeline>,
        /// Where in it.
        pub stage_id: Id<Stage>,
        /// What that stage means.
        pub phase: Phase,
        /// How it stands.
        pub standing: Standing,
        /// The whole price over the horizon, in minor units.
        pub price_minor: Option<i64>,
        /// Of this currency.
        pub currency: Currency,
        /// Over how many months benefit, price and service are counted.
        pub horizon_months: i64,
        /// The share of the price given back when the client's outcome is not reached.
        pub refund_share: f64,
        /// When it began.
        pub opened_on: Option<Date>,
        /// When they will likely decide.
        pub expected_on: Option<Date>,
        /// When it was agreed.
        pub agreed_on: Option<Date>,
        /// When it ended.
        pub closed_on: Option<Date>,
        /// When to look at it again, if it waits.
        pub revisit_on: Option<Date>,
        /// Why it ended or waits.
        pub reason: Option<String>,
        /// When it came into its stage.
        pub moved_at: When,
        /// What they want to do, in their words (P2).
        pub goal: Option<String>,
        /// How well we know that.
        pub goal_source: Option<Source>,
        /// Who said it.
        pub goal_by: Option<String>,
        /// On which day.
        pub goal_on: Option<Date>,
        /// What an import brought that no field takes.
        pub other: Other,
    }
    derived {
        title_folded = |deal| fold(&deal.title),
        price_sort = |deal| deal.price_minor.unwrap_or(-1),
        expected_sort = |deal| deal.expected_on.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string()),
    }
}

impl Deal {
    /// A deal of which only the name is known, at the beginning of a pipeline.
    pub fn named(
        title: impl Into<String>,
        stage: &Kept<Stage>,
        currency: Currency,
        now: When,
        today: Date,
    ) -> Self {
        Self {
            title: title.into(),
            company_id: None,
            contact_id: None,
            product_id: None,
            owner_id: None,
            pipeline_id: stage.pipeline_id,
            stage_id: stage.id,
            phase: stage.phase,
            standing: Standing::Open,
            price_minor: None,
            currency,
            horizon_months: 12,
            refund_share: 0.0,
            opened_on: Some(today),
            expected_on: None,
            agreed_on: None,
            closed_on: None,
            revisit_on: None,
            reason: None,
            moved_at: now,
            goal: None,
            goal_source: None,
            goal_by: None,
            goal_on: None,
            other: Other::default(),
        }
    }

    /// The whole price over the horizon.
    pub fn price(&self) -> Option<Money> {
        self.price_minor.map(|minor| Money { minor, currency: self.currency })
    }

    /// Where the goal comes from.
    pub fn goal_evidence(&self) -> Option<Evidence> {
        let source = self.goal_source?;
        Some(Evidence { source, by: self.goal_by.clone(), on: self.goal_on, note: None })
    }

    /// Moves it to a stage. The day it is agreed is the day it first comes past agreement.
    ///
    /// # Errors
    /// `Refused` when it has ended.
    pub fn move_to(&mut self, stage: &Kept<Stage>, now: When, today: Date) -> Result<()> {
        if self.standing.is_ended() {
            return Err(Error::Refused("This deal has ended. Open it again first.".into()));
        }
        if self.stage_id != stage.id {
            self.moved_at = now;
        }
        self.pipeline_id = stage.pipeline_id;
        self.stage_id = stage.id;
        self.phase = stage.phase;
        if stage.phase.is_before_agreement() {
            self.agreed_on = None;
        } else if self.agreed_on.is_none() {
            self.agreed_on = Some(today);
        }
        Ok(())
    }

    /// Ends or pauses it, with the reason.
    ///
    /// # Errors
    /// `Invalid` without a reason where one is needed; `Refused` when it has ended already.
    pub fn leave(
        &mut self,
        standing: Standing,
        reason: Option<String>,
        revisit_on: Option<Date>,
        today: Date,
    ) -> Result<()> {
        if self.standing.is_ended() {
            return Err(Error::Refused("This deal has ended already.".into()));
        }
        let why = match standing {
            Standing::Open => return self.reopen(),
            Standing::WalkedAway => Some("why going on would not help them, or us"),
            Standing::Declined => Some("what they said, and what we learnt"),
            Standing::Paused => Some("what it waits for"),
            Standing::Agreed | Standing::Verified => None,
        };
        if let Some(why) = why.filter(|_| reason.is_none()) {
            return Err(Error::field("reason", why));
        }
        if standing == Standing::Paused && revisit_on.is_none() {
            return Err(Error::field("revisit_on", "the day on which to look at it again"));
        }
        self.standing = standing;
        self.reason = reason;
        self.revisit_on = revisit_on;
        self.closed_on = standing.is_ended().then_some(today);
        if matches!(standing, Standing::Agreed | Standing::Verified) && self.agreed_on.is_none() {
            self.agreed_on = Some(today);
        }
        Ok(())
    }

    /// Its result is measured.
    ///
    /// # Errors
    /// `Refused` when nothing was agreed, or it was left.
    pub fn verify(&mut self, today: Date) -> Result<()> {
        if self.agreed_on.is_none() || matches!(self.standing, Standing::WalkedAway | Standing::Declined) {
            return Err(Error::Refused("Nothing is agreed, so there is no result to measure.".into()));
        }
        if !self.standing.is_ended() {
            self.reason = None;
        }
        self.standing = Standing::Verified;
        self.revisit_on = None;
        self.closed_on = self.closed_on.or(Some(today));
        Ok(())
    }

    /// Opens it again.
    ///
    /// # Errors
    /// Never; a deal that is open stays so.
    pub fn reopen(&mut self) -> Result<()> {
        self.standing = Standing::Open;
        self.reason = None;
        self.revisit_on = None;
        self.closed_on = None;
        if self.phase.is_before_agreement() {
            self.agreed_on = None;
        }
        Ok(())
    }
}

impl About for Deal {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn owner(&self) -> Option<Id<Member>> {
        self.owner_id
    }

    fn about(&self) -> Option<uuid::Uuid> {
        self.company_id.map(Id::uuid).or(self.contact_id.map(Id::uuid))
    }

    fn references(&self) -> Vec<Reference> {
        let all = [
            Reference::to("company_id", Kind::Company, self.company_id),
            Reference::to("contact_id", Kind::Contact, self.contact_id),
            Reference::to("product_id", Kind::Product, self.product_id),
            Reference::to("owner_id", Kind::Member, self.owner_id),
            Reference::to("stage_id", Kind::Stage, Some(self.stage_id)),
        ];
        all.into_iter().flatten().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.title.is_empty() {
            fields.add("title", "what this deal is about");
        }
        if self.price_minor.is_some_and(|price| price < 0) {
            fields.add("price", "a price from 0 on");
        }
        if !(1..=HORIZON_MONTHS_MAX).contains(&self.horizon_months) {
            fields.add("horizon_months", format!("months from 1 to {HORIZON_MONTHS_MAX}"));
        }
        if !(0.0..=1.0).contains(&self.refund_share) {
            fields.add("refund_share", "a share from 0 to 100%");
        }
        if self.standing == Standing::WalkedAway && self.reason.is_none() {
            fields.add("reason", "why going on would not help them, or us");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}
