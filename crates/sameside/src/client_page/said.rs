//! What a client is asked on their page, and what they report of the result. Pure.

use crate::accounts::Member;
use crate::base::{Date, Fields, Id, When};
use crate::deals::Deal;
use crate::diagnosis::Parameter;
use crate::outcomes::Reached;
use crate::questions::Question;
use crate::records::{About, Kind, Reference, record};

/// The figures a client can be asked for: those that only they know.
pub const ASKABLE: [Parameter; 4] =
    [Parameter::Benefit, Parameter::Delay, Parameter::Adoption, Parameter::Alternative];

record! {
    /// Something the client is asked on purpose: a question of the workspace, or a figure.
    pub struct ClientQuestion in "client_question", Kind::ClientQuestion => {
        /// In which deal.
        pub deal_id: Id<Deal>,
        /// Who of us asks.
        pub owner_id: Option<Id<Member>>,
        /// The question as it was then.
        pub title: String,
        /// The question of the workspace.
        pub question_id: Option<Id<Question>>,
        /// Or the figure.
        pub parameter: Option<Parameter>,
        /// What they answered, as they read it again.
        pub said: Option<String>,
        /// When.
        pub answered_at: Option<When>,
    }
    derived {}
}

record! {
    /// What they say became of it: we look at it, add what only we know, and write the result down.
    pub struct ClientReport in "client_report", Kind::ClientReport => {
        /// Of which deal.
        pub deal_id: Id<Deal>,
        /// Whether they have what they wanted.
        pub reached: Reached,
        /// Where their measure stands, in its unit.
        pub achieved: Option<f64>,
        /// Who of them says so.
        pub said_by: Option<String>,
        /// On which day.
        pub said_on: Date,
        /// What they say to it.
        pub note: Option<String>,
    }
    derived {}
}

impl About for ClientQuestion {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    // The question may be removed meanwhile: what was asked stays.
    fn references(&self) -> Vec<Reference> {
        Reference::to("deal_id", Kind::Deal, Some(self.deal_id)).into_iter().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        if self.question_id.is_some() == self.parameter.is_some() {
            return Err(Fields::one("question", "one question, or one figure"));
        }
        Ok(())
    }
}

impl About for ClientReport {
    fn title(&self) -> String {
        "What they report".to_owned()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("deal_id", Kind::Deal, Some(self.deal_id)).into_iter().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        if self.achieved.is_some_and(|value| !value.is_finite() || value.abs() > 1e12) {
            return Err(Fields::one("achieved", "a number"));
        }
        Ok(())
    }
}
