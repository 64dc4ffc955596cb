//! Serving them costs more than was assumed (P21).

use crate::advocates::{Answered, Facts, Found, Rule, Side};
use crate::diagnosis::Parameter;

pub(super) const RULE: Rule = Rule {
    code: "cost_to_serve",
    side: Side::Company,
    principle: "P21",
    explanation: "Since it was agreed, our hours alone cost more than delivering and serving were thought to cost at most.",
    answered: Answered::Beside,
    look,
};

/// Days of a month.
const MONTH_DAYS: f64 = 30.44;

fn look(facts: &Facts) -> Option<Found> {
    if !facts.is_open() || facts.deal.phase.is_before_agreement() {
        return None;
    }
    let agreed = facts.deal.agreed_on?;
    let at_most = |parameter| facts.figures.now(parameter).map(|line| line.range.high());
    let delivery = at_most(Parameter::Delivery)?;
    let service = at_most(Parameter::Service).unwrap_or(0.0);
    #[expect(clippy::cast_precision_loss, reason = "days and minutes of one deal")]
    let (months, hours) =
        (facts.today.days_since(agreed).max(0) as f64 / MONTH_DAYS, facts.minutes_since_agreed as f64 / 60.0);
    let (cost, thought) = (hours * facts.hour_value, delivery + service * months);
    if cost <= thought {
        return None;
    }
    let evidence = format!(
        "Our hours since it was agreed cost {}; delivering and serving were thought to cost {} at most until now.",
        facts.words.money(cost),
        facts.words.money(thought)
    );
    // An answer holds until it costs a quarter more again.
    Some(Found::new(format!("{:.0}", (cost / thought.max(1.0)).ln().max(0.0) / 0.223), evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::{facts, line};
    use crate::base::Source;
    use crate::deals::Phase;

    #[test]
    fn hours_that_cost_more_than_was_thought_are_found() {
        let mut facts = facts();
        facts.deal.phase = Phase::Deliver;
        facts.deal.agreed_on = Some(facts.today.plus_days(-61));
        facts.figures.deal = vec![
            line(Parameter::Delivery, [500.0, 800.0, 1_000.0], Source::OurEstimate),
            line(Parameter::Service, [10.0, 20.0, 50.0], Source::OurEstimate),
        ];
        facts.hour_value = 100.0;
        facts.minutes_since_agreed = 10 * 60;
        assert_eq!(look(&facts), None, "1,000 is within 1,000 and two months of service");
        facts.minutes_since_agreed = 12 * 60;
        assert!(look(&facts).unwrap().evidence.contains("€1,200"));
    }
}
