//! A proposal before anybody knows what is the matter (P1).

use crate::advocates::{Answered, Facts, Found, Rule, Side};
use crate::deals::Phase;
use crate::diagnosis::Parameter;

pub(super) const RULE: Rule = Rule {
    code: "proposing_before_diagnosis",
    side: Side::Client,
    principle: "P1",
    explanation: "We propose, though nobody has asked what they want to do, what the problem costs them, or whether it would work.",
    answered: Answered::Beside,
    look,
};

fn look(facts: &Facts) -> Option<Found> {
    if !facts.is_open() || !matches!(facts.deal.phase, Phase::Propose | Phase::Agree) {
        return None;
    }
    let missing = [
        (facts.deal.goal.is_none(), "goal", "what they want to do"),
        (facts.figures.is_assumed(Parameter::Benefit), "benefit", "what the problem costs them"),
        (facts.figures.is_assumed(Parameter::Success), "success", "whether it would work for them"),
    ];
    let missing: Vec<_> = missing.into_iter().filter(|(is_missing, ..)| *is_missing).collect();
    let (marks, words): (Vec<_>, Vec<_>) = missing.into_iter().map(|(_, mark, words)| (mark, words)).unzip();
    let because =
        facts.early.as_ref().map_or_else(String::new, |why| format!(" The reason given: “{}”", why.trim()));
    (!words.is_empty()).then(|| {
        let evidence = format!("We are proposing, and nobody has asked {}.{because}", words.join(", nor "));
        Found::new(marks.join(","), evidence)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::{facts, said};

    #[test]
    fn a_proposal_without_a_diagnosis_is_found() {
        let mut facts = facts();
        facts.deal.phase = Phase::Propose;
        let found = look(&facts).unwrap();
        assert!(
            found.evidence.contains("what they want to do, nor what the problem costs them, nor whether")
        );
        facts.early = Some("They asked for three lines by tonight.".into());
        assert!(
            look(&facts)
                .unwrap()
                .evidence
                .ends_with("The reason given: “They asked for three lines by tonight.”")
        );
        facts.deal.goal = Some("Stop losing orders".into());
        facts.figures = said(&[Parameter::Benefit]);
        assert_eq!(look(&facts).unwrap().mark, "success");
        facts.figures = said(&[Parameter::Benefit, Parameter::Success]);
        assert_eq!(look(&facts), None);
    }

    #[test]
    fn while_one_still_asks_nothing_is_proposed() {
        let mut facts = facts();
        facts.deal.phase = Phase::Diagnose;
        assert_eq!(look(&facts), None);
    }
}
