//! What the engine says, in sentences with their units: it counts in plain numbers, people in their currency.

use crate::base::{Currency, Locale, Range};
use crate::diagnosis::{Parameter, Unit};
use engine::assess::{Adjustment, AdjustmentKind, Reason, ReasonCode, Turn};

/// How a member reads sums of a deal.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// The deal's currency.
    pub currency: Currency,
    /// The member's way to write numbers.
    pub locale: Locale,
}

impl Words {
    /// A sum without its cents.
    pub fn money(self, units: f64) -> String {
        Unit::Money.show(units, self.currency, self.locale)
    }

    /// What a parameter or term is called.
    pub fn name(self, parameter: &str) -> String {
        match parameter {
            "terms.price" => "Price".into(),
            "terms.horizon_months" => "Horizon".into(),
            "terms.refund_share" => "Share given back if it does not work".into(),
            other if step_of(other).is_some() => match step_of(other) {
                Some((n, true)) => format!("Chance to pass step {} of their path", n + 1),
                _ => format!("Our hours for step {} of their path", step_of(other).map_or(1, |(n, _)| n + 1)),
            },
            other => Parameter::parse(other)
                .map_or_else(|| other.to_owned(), |parameter| parameter.label().to_owned()),
        }
    }

    /// A value of a parameter or term, in its unit.
    pub fn value(self, parameter: &str, value: f64) -> String {
        match (parameter, Parameter::parse(parameter)) {
            ("terms.horizon_months", _) => Unit::Months.show(value.round(), self.currency, self.locale),
            (step, _) if step_of(step).is_some() => {
                let unit = if step.ends_with("pass") { Unit::Share } else { Unit::Hours };
                unit.show(value, self.currency, self.locale)
            }
            ("terms.refund_share", _) => format!("{}%", self.locale.number(value * 100.0, 0)),
            (_, Some(parameter)) => parameter.unit().show(value, self.currency, self.locale),
            (_, None) => self.money(value),
        }
    }

    /// A range in its unit, which is said once.
    pub fn range(self, parameter: Parameter, range: Range) -> String {
        let three = [range.low(), range.likely(), range.high()];
        parameter.unit().show_range(three, self.currency, self.locale)
    }

    /// A reason in a sentence.
    pub fn reason(self, reason: &Reason) -> String {
        match (reason.code, reason.value, reason.threshold) {
            (ReasonCode::WorthAsking, Some(net), _) => {
                let question =
                    reason.parameter.as_deref().and_then(Parameter::parse).map(Parameter::question);
                let ask = question.map_or_else(
                    || "Ask the best question first.".to_owned(),
                    |question| format!("“{question}”"),
                );
                format!(
                    "{ask} Knowing it is worth {} to us, after the time it takes to ask.",
                    self.money(net)
                )
            }
            (ReasonCode::ValuePositive, Some(value), _) => {
                format!("Going on is worth {} to us on average.", self.money(value))
            }
            (ReasonCode::ValueNotPositive, Some(value), _) => {
                format!("Going on would cost us {} more than it brings, on average.", self.money(-value))
            }
            (ReasonCode::NoFairPrice, Some(floor), Some(ceiling)) => format!(
                "No price serves both: we need {} at least, they {} at most.",
                self.money(floor),
                self.money(ceiling)
            ),
            (ReasonCode::TermsWouldHelp, ..) => "Other terms would help both.".into(),
            _ => reason.text.clone(),
        }
    }

    /// Other terms in a sentence.
    pub fn adjustment(self, adjustment: &Adjustment) -> String {
        let give_back = format!(
            "give back {}% if it does not work",
            self.locale.number(adjustment.refund_share * 100.0, 0)
        );
        let price = self.money(adjustment.price);
        match adjustment.kind {
            AdjustmentKind::Price => format!("A price of {price} would help both."),
            AdjustmentKind::RefundShare => format!("At the same price, {give_back}: that would help both."),
            AdjustmentKind::Both => format!("A price of {price}, and {give_back}: that would help both."),
        }
    }

    /// What would change the answer, in a sentence.
    pub fn turn(self, turn: &Turn) -> String {
        format!(
            "{}: at {} it would be right to go ahead.",
            self.name(&turn.parameter),
            self.value(&turn.parameter, turn.value)
        )
    }
}

/// Which step of a path a parameter is of, from 0 on, and whether it is the chance to pass it: `company.path[2].pass`.
fn step_of(parameter: &str) -> Option<(usize, bool)> {
    let (n, what) = parameter.strip_prefix("company.path[")?.split_once("].")?;
    Some((n.parse().ok()?, what == "pass"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_and_figures_are_said_in_their_units() {
        let words = Words { currency: Currency::EUR, locale: Locale::EnGb };
        for (parameter, value, said) in [
            ("client.benefit_per_month", 1_222.3, "€1,222 a month"),
            ("client.success", 0.684, "6.8 of 10"),
            ("terms.price", 28_263.4, "€28,263"),
            ("terms.refund_share", 0.3, "30%"),
            ("company.path[1].pass", 0.8, "8 of 10"),
            ("company.path[0].hours", 3.0, "3 hours"),
            ("terms.horizon_months", 19.2, "19 months"),
        ] {
            assert_eq!(words.value(parameter, value), said);
        }
    }
}
