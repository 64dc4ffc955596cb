//! No agreed next step (P6).

use crate::advocates::{Answered, Facts, Found, Rule, Side};

pub(super) const RULE: Rule = Rule {
    code: "no_next_step",
    side: Side::Company,
    principle: "P6",
    explanation: "Nothing is on the list for this deal: neither we nor they know what happens next, and when.",
    answered: Answered::Beside,
    look,
};

/// A deal may breathe for so many days before a next step is asked for.
const BREATH_DAYS: i64 = 3;

fn look(facts: &Facts) -> Option<Found> {
    if !facts.pursuit.is_pursued() || facts.steps_open > 0 {
        return None;
    }
    let last = facts.spoken_on.max(facts.deal.opened_on)?;
    let days = facts.today.days_since(last);
    (days >= BREATH_DAYS)
        .then(|| Found::new(last.to_string(), format!("No next step is agreed, {days} days after the last word.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::facts;

    #[test]
    fn a_deal_without_a_next_step_is_found_after_a_breath() {
        let mut facts = facts();
        facts.steps_open = 0;
        facts.spoken_on = Some(facts.today.plus_days(-2));
        assert_eq!(look(&facts), None);
        facts.spoken_on = Some(facts.today.plus_days(-3));
        assert!(look(&facts).unwrap().evidence.contains("3 days after the last word"));
        facts.steps_open = 1;
        assert_eq!(look(&facts), None);
    }
}
