//! How far a diagnosis has come, and what a proposal before its end needs (P1). Pure.

use crate::accounts::Member;
use crate::base::{Fields, Id, Source};
use crate::deals::{Deal, Phase};
use crate::diagnosis::{Figure, Parameter};
use crate::records::{About, Kind, Reference, record};

/// What is known of a deal, piece by piece.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pieces {
    /// They said what they want to do.
    pub goal: bool,
    /// Somebody asked what the problem costs.
    pub benefit: bool,
    /// Somebody asked whether it would work.
    pub success: bool,
    /// Somebody asked what else they could do.
    pub alternative: bool,
    /// Somebody who decides or signs is known.
    pub decider: bool,
    /// Every want is answered.
    pub wants: bool,
    /// It is known of each limit of the product whether it is so.
    pub limits: bool,
}

impl Pieces {
    /// Each piece in words that follow “nobody has asked”, and whether it is there.
    fn all(self) -> [(bool, &'static str); 7] {
        [
            (self.goal, "what they want to do"),
            (self.benefit, "what the problem costs them"),
            (self.success, "whether it would work for them"),
            (self.alternative, "what else they could do"),
            (self.decider, "who decides"),
            (self.wants, "for the answer to each of their wants"),
            (self.limits, "whether we can help at all"),
        ]
    }

    /// How many pieces are there, of how many.
    pub fn done(self) -> (usize, usize) {
        let all = self.all();
        (all.iter().filter(|(done, _)| *done).count(), all.len())
    }

    /// How far it has come, in a sentence that does not nag.
    pub fn sentence(self) -> String {
        let (done, of) = self.done();
        let open = self.all().into_iter().filter(|(done, _)| !done).map(|(_, words)| words);
        match open.collect::<Vec<_>>().as_slice() {
            [] => "The diagnosis is complete.".into(),
            [one] => format!("{done} of {of} pieces are there. What is left to ask: {one}."),
            [first, second] => {
                format!("{done} of {of} pieces are there. What is left to ask: {first}, and {second}.")
            }
            [first, rest @ ..] => {
                format!("{done} of {of} pieces are there. Next: {first}; {} more can wait.", rest.len())
            }
        }
    }

    /// What must have been asked before anything is proposed, and was not.
    pub fn missing(self) -> Vec<&'static str> {
        self.all().into_iter().take(3).filter(|(done, _)| !done).map(|(_, words)| words).collect()
    }
}

/// Whether somebody said this of the deal: what is only assumed nobody did.
pub fn is_said(figures: &[Figure], parameter: Parameter) -> bool {
    figures.iter().any(|figure| figure.parameter == parameter && figure.source != Source::Assumed)
}

/// What is to be told when a deal comes to a phase: nothing, where nothing is proposed with it, or enough is known.
pub fn early(from: Phase, to: Phase, pieces: Pieces) -> Option<String> {
    let proposes =
        matches!(to, Phase::Propose | Phase::Agree) && matches!(from, Phase::Hear | Phase::Diagnose);
    let missing = pieces.missing();
    (proposes && !missing.is_empty()).then(|| missing.join(", nor "))
}

record! {
    /// Why something was proposed before the diagnosis was complete.
    pub struct Early in "early", Kind::Early => {
        /// In which deal.
        pub deal_id: Id<Deal>,
        /// Who proposed.
        pub owner_id: Option<Id<Member>>,
        /// Why.
        pub title: String,
        /// What nobody had asked then.
        pub missing: String,
    }
    derived {}
}

impl About for Early {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        let deal = Reference::to("deal_id", Kind::Deal, Some(self.deal_id));
        deal.into_iter().chain(Reference::to("owner_id", Kind::Member, self.owner_id)).collect()
    }

    fn check(&self) -> Result<(), Fields> {
        if self.title.is_empty() { Err(Fields::one("early_reason", "why, in a sentence")) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_before_the_three_first_answers_needs_a_reason() {
        let mut pieces = Pieces::default();
        assert_eq!(
            early(Phase::Diagnose, Phase::Propose, pieces).unwrap(),
            "what they want to do, nor what the problem costs them, nor whether it would work for them"
        );
        assert_eq!(early(Phase::Hear, Phase::Diagnose, pieces), None);
        assert_eq!(early(Phase::Propose, Phase::Agree, pieces), None, "it was asked when it was proposed");
        assert_eq!(early(Phase::Hear, Phase::Deliver, pieces), None, "what is agreed is proposed no more");
        (pieces.goal, pieces.benefit, pieces.success) = (true, true, true);
        assert_eq!(early(Phase::Hear, Phase::Agree, pieces), None);
    }

    #[test]
    fn how_far_it_has_come_is_said_without_nagging() {
        let mut pieces = Pieces {
            goal: true,
            benefit: true,
            success: true,
            limits: true,
            wants: true,
            ..Pieces::default()
        };
        assert_eq!(
            pieces.sentence(),
            "5 of 7 pieces are there. What is left to ask: what else they could do, and who decides."
        );
        (pieces.alternative, pieces.decider) = (true, true);
        assert_eq!(pieces.sentence(), "The diagnosis is complete.");
        assert!(Pieces::default().sentence().contains("Next: what they want to do; 6 more can wait."));
    }
}
