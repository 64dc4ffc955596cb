//! A deal that would more likely than allowed not help them (P15).

use crate::advocates::{Answered, Facts, Found, Rule, Side};
use crate::diagnosis::Parameter;

pub(super) const RULE: Rule = Rule {
    code: "chance_below_floor",
    side: Side::Client,
    principle: "P15",
    explanation: "What we know says that they would be better off in fewer cases than we ask of a deal. What is merely assumed does not count here.",
    answered: Answered::Beside,
    look,
};

fn look(facts: &Facts) -> Option<Found> {
    let chance = facts.client_chance.filter(|_| facts.is_open())?;
    let is_known = !facts.figures.is_assumed(Parameter::Benefit) && !facts.figures.is_assumed(Parameter::Success);
    let [of_100, floor] = [chance, facts.client_floor].map(|share| (share * 100.0).round());
    if !is_known || of_100 >= floor {
        return None;
    }
    let evidence =
        format!("They would be better off in {of_100:.0} of 100 cases; we ask for {floor:.0} of 100.");
    // An answer holds for about this chance: to the next tenth.
    Some(Found::new(format!("{:.0}:{floor:.0}", (chance * 10.0).floor()), evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::{facts, said};

    #[test]
    fn a_low_chance_counts_when_it_is_known() {
        let mut facts = facts();
        facts.client_chance = Some(0.42);
        assert_eq!(look(&facts), None, "what is only assumed is no evidence against the deal");
        facts.figures = said(&[Parameter::Benefit, Parameter::Success]);
        let found = look(&facts).unwrap();
        assert!(found.evidence.contains("42 of 100 cases; we ask for 70"), "{}", found.evidence);
        facts.client_chance = Some(0.44);
        assert_eq!(look(&facts).unwrap().mark, found.mark, "a breath of difference asks nothing new");
        facts.client_chance = Some(0.7);
        assert_eq!(look(&facts), None);
    }
}
