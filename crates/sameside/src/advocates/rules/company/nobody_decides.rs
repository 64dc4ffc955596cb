//! Nobody who decides is known (P6).

use crate::advocates::{Answered, Facts, Found, Rule, Side};
use crate::deals::Phase;

pub(super) const RULE: Rule = Rule {
    code: "nobody_decides",
    side: Side::Company,
    principle: "P6",
    explanation: "We propose, and nobody is written down who on their side decides or signs. A path nobody knows has no end.",
    answered: Answered::Beside,
    look,
};

fn look(facts: &Facts) -> Option<Found> {
    if !facts.is_open() || !matches!(facts.deal.phase, Phase::Propose | Phase::Agree) || facts.deciders > 0 {
        return None;
    }
    let phase = facts.deal.phase;
    Some(Found::new(phase.code(), "We are proposing, and nobody is known who decides or signs on their side."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::facts;

    #[test]
    fn proposing_to_nobody_is_found() {
        let mut facts = facts();
        (facts.deal.phase, facts.deciders) = (Phase::Propose, 0);
        assert!(look(&facts).is_some());
        facts.deciders = 1;
        assert_eq!(look(&facts), None);
        (facts.deal.phase, facts.deciders) = (Phase::Hear, 0);
        assert_eq!(look(&facts), None, "while we hear, it is early");
    }
}
