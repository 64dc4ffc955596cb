//! Stalled past what such deals take (P4).

use crate::advocates::{Answered, Facts, Found, Rule, Side};
use crate::pursuit::Point;

pub(super) const RULE: Rule = Rule {
    code: "stalled",
    side: Side::Company,
    principle: "P4",
    explanation: "The deal is in its stage, or under way, much longer than nine of ten such deals were.",
    answered: Answered::ByDecision,
    look,
};

fn look(facts: &Facts) -> Option<Found> {
    let open = facts.pursuit.open();
    let point = open.iter().find(|point| matches!(point, Point::Stage { .. } | Point::Course { .. }))?;
    Some(Found::new(facts.pursuit.mark(point), point.text(facts.words)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::facts;

    #[test]
    fn a_stage_that_never_ends_is_found() {
        let mut facts = facts();
        assert_eq!(look(&facts), None);
        facts.pursuit.days_in_stage = 100;
        assert!(look(&facts).unwrap().evidence.contains("100 days in this stage"));
    }
}
