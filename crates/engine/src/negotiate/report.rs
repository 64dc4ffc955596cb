//! The answer in plain words.

use super::{Deal, Output, Package};
use std::fmt;

/// How many packages of a list the report shows.
const SHOWN: usize = 5;

impl Output {
    /// The answer as a short text to read.
    pub fn report(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let packages = if self.outcomes == "1" { "package is" } else { "packages are" };
        let (outcomes, size) = (grouped(&self.outcomes), grouped(&self.frontier_size.to_string()));
        writeln!(
            f,
            "{outcomes} {packages} possible; {size} of them cannot be bettered for one side without cost to the other."
        )?;
        if let Some(miss) = &self.nearest_miss {
            writeln!(f, "\nNo package is good enough for both: walk away, kindly.")?;
            writeln!(
                f,
                "The nearest to an agreement leaves us {} and the client {} short:",
                figure(miss.company_short),
                figure(miss.client_short)
            )?;
            deal(f, &miss.deal)?;
        }
        if let Some(current) = &self.current {
            writeln!(f, "\nAs it stands:")?;
            deal(f, current)?;
        }
        let solutions = [
            ("The fair middle (Nash: greatest product of both gains)", &self.nash),
            ("Equal shares of what each could hope for (Kalai-Smorodinsky)", &self.kalai_smorodinsky),
            ("Best for whoever gains least (egalitarian)", &self.egalitarian),
            ("Most value together (utilitarian)", &self.utilitarian),
        ];
        let mut told: Vec<(&Package, String)> = Vec::new();
        for (name, solution) in
            solutions.iter().filter_map(|(name, solution)| Some((name, solution.as_ref()?)))
        {
            match told.iter_mut().find(|(package, _)| **package == solution.deal.package) {
                Some((_, names)) => *names = format!("{names}; {name}"),
                None => told.push((&solution.deal.package, (*name).to_owned())),
            }
        }
        for (package, names) in told {
            writeln!(f, "\n{names}:")?;
            let found = solutions.iter().filter_map(|(_, s)| s.as_ref()).find(|s| s.deal.package == *package);
            if let Some(solution) = found {
                deal(f, &solution.deal)?;
            }
        }
        if let Some(improvements) = &self.improvements {
            if improvements.is_empty() {
                writeln!(f, "\nNothing is better for both than what stands.")?;
            } else {
                writeln!(f, "\nBetter for both than what stands ({} told):", improvements.len())?;
                improvements.iter().take(SHOWN).try_for_each(|improvement| deal(f, &improvement.deal))?;
            }
        }
        if let Some(returns) = &self.returns {
            if returns.is_empty() {
                writeln!(
                    f,
                    "\nThe request cannot be granted so that we are no worse and the client is better."
                )?;
            } else {
                writeln!(f, "\nWays to grant the request, with what to ask for in return:")?;
                returns.iter().take(SHOWN).try_for_each(|found| deal(f, &found.deal))?;
            }
        }
        if !self.offers.is_empty() {
            writeln!(f, "\nOffers that are the same to us; let the client choose:")?;
            self.offers.iter().try_for_each(|offer| deal(f, &offer.deal))?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "\nNote: {note}"))
    }
}

fn deal(f: &mut fmt::Formatter<'_>, deal: &Deal) -> fmt::Result {
    let options: Vec<String> =
        deal.package.0.iter().map(|(issue, option)| format!("{issue}: {option}")).collect();
    writeln!(f, "  {}  (us {}, the client {})", options.join(", "), figure(deal.company), figure(deal.client))
}

/// A figure to four digits after the point, without idle zeros.
pub(crate) fn figure(number: f64) -> String {
    if number.abs() >= 1e15 {
        return format!("{number:e}");
    }
    let text = format!("{number:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) =
        digits.split_once('.').map_or((digits, String::new()), |(w, f)| (w, format!(".{f}")));
    if whole == "0" && fraction.is_empty() {
        "0".into()
    } else {
        format!("{sign}{}{fraction}", grouped(whole))
    }
}

/// A whole number with its digits in groups of three.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
