//! An answer to a finding.

use crate::accounts::Member;
use crate::base::{Fields, Id, codes};
use crate::deals::Deal;
use crate::records::{About, Kind, Reference, record};

codes! {
    /// How a finding was answered.
    pub enum Verdict {
        /// It was put right.
        Mended = "mended", "Mended";
        /// It is so, and why that is right here.
        Accepted = "accepted", "Accepted";
        /// It is not so, and why.
        Disputed = "disputed", "Disputed";
    }
}

record! {
    /// An answer to a finding: it holds while the finding rests on the same facts.
    pub struct Reply in "reply", Kind::Reply => {
        /// Of which deal.
        pub deal_id: Id<Deal>,
        /// Who answered.
        pub owner_id: Option<Id<Member>>,
        /// What the rule is called.
        pub rule: String,
        /// The facts it was answered for.
        pub mark: String,
        /// What the advocate had said.
        pub evidence: String,
        /// How.
        pub choice: Verdict,
        /// Why.
        pub reason: Option<String>,
    }
    derived {}
}

impl About for Reply {
    fn title(&self) -> String {
        self.evidence.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        let deal = Reference::to("deal_id", Kind::Deal, Some(self.deal_id));
        deal.into_iter().chain(Reference::to("owner_id", Kind::Member, self.owner_id)).collect()
    }

    fn check(&self) -> Result<(), Fields> {
        if self.choice != Verdict::Mended && self.reason.is_none() {
            let why = match self.choice {
                Verdict::Accepted => "why it is right here, in a sentence",
                _ => "why it is not so, in a sentence",
            };
            return Err(Fields::one("reply_reason", why));
        }
        Ok(())
    }
}
