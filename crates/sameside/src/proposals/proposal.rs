//! What a proposal is, and a story. Pure.

use crate::accounts::Member;
use crate::base::{Date, Fields, Id};
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::negotiation::Offering;
use crate::proposals::Content;
use crate::records::{About, Doc, Kind, Reference, record};
use crate::tasks::Task;
use serde::{Deserialize, Serialize};

/// The most lines of one part.
pub const LINES_MAX: usize = 12;
/// The longest of them, in characters.
pub const LINE_CHARS_MAX: usize = 200;

/// What a person writes on it; the rest is of the record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    /// How both see that it worked: from where, to where, by when.
    pub measure: Vec<String>,
    /// What happens when.
    pub plan: Vec<String>,
    /// The tasks of the deal that are in the plan.
    pub tasks: Vec<Id<Task>>,
    /// What we promise.
    pub we: Vec<String>,
    /// What they promise.
    pub they: Vec<String>,
    /// What we will not do.
    pub will_not: Vec<String>,
    /// Until when it holds.
    pub until: Option<Date>,
}

record! {
    /// A version of a proposal.
    pub struct Proposal in "proposal", Kind::Proposal => {
        /// Of which deal.
        pub deal_id: Id<Deal>,
        /// Who of us wrote or issued it.
        pub owner_id: Option<Id<Member>>,
        /// Which version, counted from 1.
        pub number: i64,
        /// What a person wrote.
        pub lines: Doc<Lines>,
        /// Why it differs from the one before.
        pub because: Option<String>,
        /// The whole page as it was issued.
        pub content: Doc<Option<Content>>,
        /// The offers on it, which they may choose from.
        pub offering_id: Option<Id<Offering>>,
        /// When it was issued; a draft was not.
        pub issued_on: Option<Date>,
        /// The result that is promised, in whole units a month: for our eyes.
        pub promised: Option<f64>,
        /// The chance that it is reached, as it was seen when it was issued: for our eyes.
        pub reach: Option<f64>,
    }
    derived {}
}

impl Proposal {
    /// Freezes it as it is seen now.
    ///
    /// # Errors
    /// `Refused` when it was issued; `Invalid` for a later version without saying why it changed.
    pub fn issue(&mut self, content: Content, because: Option<String>, today: Date) -> Result<()> {
        if self.issued_on.is_some() {
            return Err(Error::Refused(format!(
                "Version {} is issued. Change it: that begins the next.",
                self.number
            )));
        }
        if self.number > 1 && because.is_none() {
            return Err(Error::field("because", "why it changed, in a sentence the client may read"));
        }
        self.because = because;
        self.content = Doc(Some(content));
        self.issued_on = Some(today);
        Ok(())
    }
}

impl About for Proposal {
    fn title(&self) -> String {
        format!("Proposal, version {}", self.number)
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        let all = [
            Reference::to("deal_id", Kind::Deal, Some(self.deal_id)),
            Reference::to("owner_id", Kind::Member, self.owner_id),
        ];
        all.into_iter().flatten().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        let Lines { measure, plan, we, they, will_not, .. } = &self.lines.0;
        for (field, lines) in
            [("measure", measure), ("plan", plan), ("we", we), ("they", they), ("will_not", will_not)]
        {
            if lines.len() > LINES_MAX {
                fields.add(field, format!("at most {LINES_MAX} lines: it is one page"));
            } else if lines.iter().any(|line| line.chars().count() > LINE_CHARS_MAX) {
                fields.add(field, format!("lines of at most {LINE_CHARS_MAX} characters"));
            }
        }
        if self.promised.is_some_and(|sum| !(0.0..=1e12).contains(&sum)) {
            fields.add("promised", "a sum from 0 on");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

record! {
    /// What a client allowed us to tell of what they reached.
    pub struct Story in "story", Kind::Story => {
        /// The verified deal.
        pub deal_id: Id<Deal>,
        /// Who of us asked them.
        pub owner_id: Option<Id<Member>>,
        /// The sentence they allowed.
        pub told: String,
    }
    derived {}
}

impl About for Story {
    fn title(&self) -> String {
        "A story we may tell".to_owned()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        let all = [
            Reference::to("deal_id", Kind::Deal, Some(self.deal_id)),
            Reference::to("owner_id", Kind::Member, self.owner_id),
        ];
        all.into_iter().flatten().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        if self.told.is_empty() {
            Err(Fields::one("told", "the sentence they allowed us to tell"))
        } else {
            Ok(())
        }
    }
}
