//! A result that should have come, and that nobody measured (P15).

use crate::advocates::{Answered, Facts, Found, Rule, Side};
use crate::diagnosis::Parameter;

pub(super) const RULE: Rule = Rule {
    code: "result_not_verified",
    side: Side::Client,
    principle: "P15",
    explanation: "By now they should feel the result. Nobody has measured whether they do, so nobody knows whether the sale was right.",
    answered: Answered::Beside,
    look,
};

/// How long after the result should have come it is asked for, in days.
const GRACE_DAYS: i64 = 30;
/// Days of a month.
const MONTH_DAYS: f64 = 30.44;

fn look(facts: &Facts) -> Option<Found> {
    if !facts.is_open() || facts.deal.phase.is_before_agreement() {
        return None;
    }
    let agreed = facts.deal.agreed_on?;
    let months = facts.figures.now(Parameter::Delay).map_or(3.0, |line| line.range.high());
    #[expect(clippy::cast_possible_truncation, reason = "a delay of at most some years")]
    let felt = agreed.plus_days((months * MONTH_DAYS).round() as i64);
    if facts.today.days_since(felt) < GRACE_DAYS {
        return None;
    }
    let evidence = format!(
        "Agreed on {}; they should have felt it by {}. Nobody has measured it.",
        agreed.show(facts.words.locale),
        felt.show(facts.words.locale)
    );
    Some(Found::new(felt.to_string(), evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::{facts, line};
    use crate::base::Source;
    use crate::deals::Phase;

    #[test]
    fn a_result_that_should_have_come_is_asked_for() {
        let mut facts = facts();
        facts.deal.phase = Phase::Deliver;
        facts.figures.deal = vec![line(Parameter::Delay, [1.0, 2.0, 3.0], Source::OurEstimate)];
        facts.deal.agreed_on = Some(facts.today.plus_days(-91 - 29));
        assert_eq!(look(&facts), None);
        facts.deal.agreed_on = Some(facts.today.plus_days(-91 - 30));
        assert!(look(&facts).unwrap().evidence.contains("Nobody has measured it"));
        facts.deal.phase = Phase::Agree;
        assert_eq!(look(&facts), None, "what is not agreed has no result");
    }
}
