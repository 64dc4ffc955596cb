//! A pattern of one-sided concessions to one client (P10).

use crate::advocates::{Answered, Facts, Found, Rule, Side};

pub(super) const RULE: Rule = Rule {
    code: "one_sided",
    side: Side::Company,
    principle: "P10",
    explanation: "This client was given something again and again, in this deal or others, and mostly nothing came back. That becomes the precedent.",
    answered: Answered::Beside,
    look,
};

/// From so many concessions on it is a pattern.
const PATTERN_MIN: i64 = 3;

fn look(facts: &Facts) -> Option<Found> {
    let (count, without) = facts.client_given;
    // Two of three without a return.
    if !facts.is_open() || count < PATTERN_MIN || without * 3 < count * 2 {
        return None;
    }
    let evidence = format!("They were given something {count} times; nothing came back {without} times.");
    Some(Found::new(format!("{count}:{without}"), evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::facts;

    #[test]
    fn three_times_for_nothing_is_a_pattern_and_twice_is_not() {
        for (given, is_found) in [((2, 2), false), ((3, 1), false), ((3, 2), true), ((6, 3), false), ((6, 4), true)] {
            assert_eq!(look(&Facts { client_given: given, ..facts() }).is_some(), is_found, "{given:?}");
        }
    }
}
