//! How glad they are to pay (P20). Pure.

use crate::base::{Date, Fields, Id, codes};
use crate::deals::Deal;
use crate::records::{About, Kind, Reference, record};

codes! {
    /// When it was asked.
    pub enum Occasion {
        /// As it was agreed.
        Agreement = "agreement", "At the agreement";
        /// As the result was looked at.
        Verification = "verification", "When the result was measured";
    }
}

codes! {
    /// Who says so.
    pub enum Whose {
        /// They did.
        Client = "client", "They said so";
        /// We think so.
        Company = "company", "Our reading";
    }
}

codes! {
    /// How it is to pay this.
    pub enum Felt {
        /// Gladly.
        Gladly = "gladly", "Gladly";
        /// It is fair.
        Fairly = "fairly", "It is fair";
        /// Not gladly.
        Grudgingly = "grudgingly", "Grudgingly";
        /// They would not do it again.
        NotAgain = "would_not_again", "Would not again";
    }
}

impl Felt {
    /// How far it is from gladly, in steps.
    pub fn steps_down(self) -> usize {
        Self::ALL.iter().position(|one| *one == self).unwrap_or(0)
    }
}

record! {
    /// How glad they were to pay, as they said it, or as we read it.
    pub struct Gladness in "gladness", Kind::Gladness => {
        /// For which deal.
        pub deal_id: Id<Deal>,
        /// When it was asked.
        pub moment: Occasion,
        /// Who says so.
        pub whose: Whose,
        /// How glad.
        pub felt: Felt,
        /// Why.
        pub because: Option<String>,
        /// Who of them.
        pub said_by: Option<String>,
        /// On which day.
        pub said_on: Date,
    }
    derived {}
}

impl About for Gladness {
    fn title(&self) -> String {
        self.felt.label().to_owned()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("deal_id", Kind::Deal, Some(self.deal_id)).into_iter().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        Ok(())
    }
}
