//! Pursuing past the budget (P4).

use crate::advocates::{Answered, Facts, Found, Rule, Side};
use crate::pursuit::Point;

pub(super) const RULE: Rule = Rule {
    code: "past_budget",
    side: Side::Company,
    principle: "P4",
    explanation: "As many hours went into the deal as may. What is spent is spent; the question is whether the hours ahead are worth it.",
    answered: Answered::ByDecision,
    look,
};

fn look(facts: &Facts) -> Option<Found> {
    let open = facts.pursuit.open();
    let point = open.iter().find(|point| matches!(point, Point::Budget { .. }))?;
    Some(Found::new(facts.pursuit.mark(point), point.text(facts.words)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::facts;

    #[test]
    fn a_used_budget_is_found() {
        let mut facts = facts();
        assert_eq!(look(&facts), None);
        facts.pursuit.spent.minutes = 40 * 60;
        assert!(look(&facts).unwrap().evidence.contains("40 h went into it"));
    }
}
