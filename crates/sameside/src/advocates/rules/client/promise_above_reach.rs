//! A promise above what such clients reached (P11).

use crate::advocates::{Answered, Facts, Found, Rule, Side};
use crate::base::Source;
use crate::diagnosis::Parameter;

pub(super) const RULE: Rule = Rule {
    code: "promise_above_reach",
    side: Side::Client,
    principle: "P11",
    explanation: "We count with a result that nine of ten such clients did not reach, as the profile of the product tells it.",
    answered: Answered::Beside,
    look,
};

/// What is promised, and when more of it is better for them.
const PROMISED: [(Parameter, bool); 3] =
    [(Parameter::Success, true), (Parameter::Benefit, true), (Parameter::Delay, false)];

/// A difference smaller than this share is within what anybody means by a figure.
const MEANT: f64 = 0.05;

fn look(facts: &Facts) -> Option<Found> {
    if !facts.is_open() {
        return None;
    }
    let mut found = Vec::new();
    for (parameter, more_is_better) in PROMISED {
        let (Some(deal), Some(reached)) = (facts.figures.of_deal(parameter), facts.figures.of_product(parameter)) else {
            continue;
        };
        // What the client itself counted is no promise of ours, and an assumption is no record.
        if deal.evidence.source == Source::ClientSaid || reached.evidence.source == Source::Assumed {
            continue;
        }
        let likely = deal.range.likely();
        let limit = if more_is_better { reached.range.high() } else { reached.range.low() };
        let beyond = if more_is_better { likely > limit * (1.0 + MEANT) } else { likely < limit * (1.0 - MEANT) };
        if beyond {
            let show = |value| facts.words.value(parameter.code(), value);
            let text = format!("{}: {} here; nine of ten reached at most {}", parameter.label(), show(likely), show(limit));
            let text = if more_is_better { text } else { text.replace("reached at most", "took at least") };
            found.push((format!("{}:{likely:.3}:{limit:.3}", parameter.code()), text));
        }
    }
    // What they wish is a promise once we count with it: nobody has said that it is too much.
    if let Some((measure, Some((top, n)))) = &facts.measure
        && *top < 1.0 - MEANT
    {
        let show = |value: f64| measure.show(value, facts.words.locale);
        let text = format!(
            "{}: {} is wished; nine of ten such clients came no further than {} ({n} results)",
            measure.title,
            show(measure.wished),
            show(measure.at(*top))
        );
        found.push((format!("measure:{}:{}", measure.wished, measure.baseline), text));
    }
    let (marks, texts): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    (!texts.is_empty()).then(|| Found::new(marks.join(","), format!("{}.", texts.join(". "))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::{facts, line};

    #[test]
    fn a_promise_above_nine_of_ten_is_found() {
        let mut facts = facts();
        facts.figures.product = vec![line(Parameter::Success, [0.5, 0.7, 0.85], Source::Measured)];
        facts.figures.deal = vec![line(Parameter::Success, [0.8, 0.9, 0.95], Source::OurEstimate)];
        let found = look(&facts).unwrap();
        assert!(found.evidence.contains("9 of 10 here; nine of ten reached at most 8.5 of 10"), "{}", found.evidence);
        facts.figures.deal = vec![line(Parameter::Success, [0.7, 0.8, 0.95], Source::OurEstimate)];
        assert_eq!(look(&facts), None);
    }

    #[test]
    fn sooner_than_anybody_felt_it_is_a_promise_too() {
        let mut facts = facts();
        facts.figures.product = vec![line(Parameter::Delay, [2.0, 3.0, 5.0], Source::Measured)];
        facts.figures.deal = vec![line(Parameter::Delay, [0.5, 1.0, 2.0], Source::OurEstimate)];
        assert!(look(&facts).unwrap().evidence.contains("1 month here; nine of ten took at least 2 months"));
    }

    #[test]
    fn a_wish_beyond_what_such_clients_reached_is_found() {
        let mut facts = facts();
        let measure = crate::outcomes::Measure {
            deal_id: crate::base::Id::of(uuid::Uuid::from_u128(1)),
            title: "At the phone".into(),
            unit: "hours a week".into(),
            baseline: 12.0,
            wished: 4.0,
            by_on: None,
            source: Source::ClientSaid,
            said_by: None,
            said_on: None,
            note: None,
        };
        facts.measure = Some((measure.clone(), Some((0.75, 12))));
        let evidence = look(&facts).unwrap().evidence;
        assert!(evidence.contains("no further than 6 hours a week (12 results)"), "{evidence}");
        facts.measure = Some((measure, Some((1.1, 12))));
        assert_eq!(look(&facts), None);
    }

    #[test]
    fn a_breath_more_than_nine_of_ten_is_no_promise_beyond_them() {
        let mut facts = facts();
        facts.figures.product = vec![line(Parameter::Success, [0.5, 0.7, 0.88], Source::Measured)];
        facts.figures.deal = vec![line(Parameter::Success, [0.8, 0.9, 0.95], Source::OurEstimate)];
        assert_eq!(look(&facts), None);
    }

    #[test]
    fn what_the_client_counted_is_not_our_promise() {
        let mut facts = facts();
        facts.figures.product = vec![line(Parameter::Benefit, [100.0, 200.0, 300.0], Source::Measured)];
        facts.figures.deal = vec![line(Parameter::Benefit, [800.0, 900.0, 990.0], Source::ClientSaid)];
        assert_eq!(look(&facts), None);
    }
}
