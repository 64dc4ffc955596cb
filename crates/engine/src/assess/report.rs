//! The answer in plain sentences.

use super::input::Parameter;
use super::{Assessment, Surplus, Verdict};
use std::fmt::{self, Display, Formatter};

/// A figure for reading: thousands apart, no more digits than anyone would say.
pub(super) fn figure(value: f64) -> String {
    if value.abs() >= 1e15 {
        return format!("{value:.3e}");
    }
    let text = if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") };
    let text = match text.split_once('.') {
        Some((_, fraction)) if fraction.bytes().all(|digit| digit == b'0') => {
            text.split('.').next().unwrap_or_default()
        }
        _ => &text,
    };
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) =
        digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let mut apart = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    let sign = if digits == "0" { "" } else { sign };
    fraction.map_or_else(|| format!("{sign}{apart}"), |fraction| format!("{sign}{apart}.{fraction}"))
}

/// A probability in words.
pub(super) fn chance(share: f64) -> String {
    let of_100 = (100.0 * share).round();
    match of_100 {
        0.0 if share > 0.0 => "fewer than 1 of 100".into(),
        100.0 if share < 1.0 => "more than 99 of 100".into(),
        _ => format!("{of_100:.0} of 100"),
    }
}

/// A value of a parameter with its unit.
pub(super) fn value_in_words(parameter: Parameter, value: f64) -> String {
    match parameter {
        Parameter::Delay => format!("{} months", figure(value)),
        Parameter::Hours | Parameter::StepHours(_) => format!("{} hours", figure(value)),
        _ if parameter.is_rate() => format!("{}%", figure(100.0 * value)),
        _ => figure(value),
    }
}

impl Verdict {
    /// The verdict in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::GoAhead => "Go ahead",
            Self::AskFirst => "Ask first",
            Self::Rebalance => "Rebalance",
            Self::WalkAway => "Walk away",
        }
    }
}

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

impl Display for Assessment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.verdict)?;
        for reason in &self.reasons {
            writeln!(f, "  {}", reason.text)?;
        }

        writeln!(f, "\nWhere both sides stand")?;
        side(f, "For them", &self.client, "the outcome, less price, adoption and their best alternative")?;
        side(f, "The deal", &self.margin, "the price, less what it costs us, once agreed")?;
        side(f, "For us", &self.company, "the same times the chance to agree, less hours and spend ahead")?;
        writeln!(
            f,
            "  Decision value: {}, on average, harm to them counted.",
            figure(self.decision_value.mean)
        )?;

        writeln!(f, "\nPrice")?;
        match (self.fair_price.floor, self.fair_price.ceiling) {
            (Some(floor), Some(ceiling)) if floor <= ceiling => {
                writeln!(f, "  Fair between {} and {}.", figure(floor), figure(ceiling))?;
            }
            (Some(floor), Some(ceiling)) => {
                let (floor, ceiling) = (figure(floor), figure(ceiling));
                writeln!(f, "  None is fair: we need {floor}, they should not pay more than {ceiling}.")?;
            }
            (floor, ceiling) => {
                let or_none = |end: Option<f64>| end.map_or_else(|| "none".into(), figure);
                writeln!(
                    f,
                    "  Lowest that serves us: {}. Highest that serves them: {}.",
                    or_none(floor),
                    or_none(ceiling)
                )?;
            }
        }

        if let Some(path) = self.path.as_ref().filter(|path| !path.steps.is_empty()) {
            writeln!(f, "\nThe way to an agreement")?;
            for step in &path.steps {
                write!(f, "  {}: going on is worth {}", step.name, figure(step.value))?;
                match step.break_even_pass {
                    Some(rate) => writeln!(f, ", as long as it is passed in {} cases.", chance(rate))?,
                    None => writeln!(f, "; no chance of passing it would pay for its hours.")?,
                }
            }
        }

        let worth = || self.questions.iter().filter(|question| question.evppi >= 0.005);
        if worth().next().is_some() {
            writeln!(f, "\nWhat to ask (knowing everything would be worth {})", figure(self.evpi))?;
            for question in worth().take(5) {
                writeln!(
                    f,
                    "  {} Worth {}, costs {}.",
                    question.ask,
                    figure(question.evppi),
                    figure(question.cost)
                )?;
            }
        }

        if !self.drivers.is_empty() {
            writeln!(f, "\nWhat it hangs on (decision value when it turns out low, and high)")?;
            for driver in self.drivers.iter().take(5) {
                writeln!(f, "  {}: {} … {}", driver.parameter, figure(driver.at_p10), figure(driver.at_p90))?;
            }
        }
        let turns = || self.break_even.iter().filter_map(|turn| Some((&turn.parameter, turn.value?)));
        if turns().next().is_some() {
            writeln!(f, "\nWhere it turns (decision value zero, the rest as it is)")?;
            for (parameter, value) in turns() {
                writeln!(f, "  {parameter}: {}", figure(value))?;
            }
        }

        if !self.adjustments.is_empty() {
            writeln!(f, "\nTerms that would help both")?;
            for adjustment in &self.adjustments {
                let (them, us) = (chance(adjustment.client_positive), chance(adjustment.margin_positive));
                writeln!(f, "  {} Then it helps them in {them} cases, and us in {us}.", adjustment.text)?;
            }
        }
        if !self.would_change_if.is_empty() {
            writeln!(f, "\nWhat would change this")?;
            for turn in &self.would_change_if {
                writeln!(f, "  {}", turn.text)?;
            }
        }
        Ok(())
    }
}

fn side(f: &mut Formatter<'_>, who: &str, surplus: &Surplus, what: &str) -> fmt::Result {
    let Surplus { mean, p10, p90, positive, .. } = *surplus;
    writeln!(
        f,
        "  {who}: {} on average, mostly {} to {}, above zero in {} cases ({what}).",
        figure(mean),
        figure(p10),
        figure(p90),
        chance(positive)
    )
}
