//! The plan in plain words.

use super::Output;
use crate::negotiate::figure;
use std::fmt;

/// How many names of a list the report shows.
const SHOWN: usize = 12;

impl Output {
    /// The plan as a short text to read.
    pub fn report(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (week, (_, hour)) in self.chosen.iter().zip(&self.hour_value) {
            let actions = if week.actions.is_empty() { "nothing".to_owned() } else { listed(&week.actions) };
            writeln!(f, "{}, {} hours: {actions}", week.member, figure(week.hours))?;
            if *hour > 0.0 {
                writeln!(f, "  one more hour would be worth {}", figure(*hour))?;
            }
        }
        write!(f, "\nThe plan is worth {}", figure(self.value))?;
        if self.gap > 0.0 {
            writeln!(f, "; no plan is more than {}% better.", figure((self.gap * 1e4).ceil() / 1e2))?;
        } else {
            writeln!(f, "; no plan is better.")?;
        }
        if self.price_of_care > 0.0 {
            writeln!(f, "That everybody is cared for costs {} of that.", figure(self.price_of_care))?;
        }
        if !self.uncared.is_empty() {
            writeln!(f, "Nobody has time for: {}.", listed(&self.uncared))?;
        }
        if !self.broken_promises.is_empty() {
            writeln!(
                f,
                "Promises that do not fit, talk to the client now: {}.",
                listed(&self.broken_promises)
            )?;
        }
        Ok(())
    }
}

fn listed(names: &[String]) -> String {
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(SHOWN);
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}
