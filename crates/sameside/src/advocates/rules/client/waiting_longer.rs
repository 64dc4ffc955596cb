//! They wait longer for an answer than larger clients did (P19).

use crate::advocates::{Answered, Facts, Found, Rule, Side};
use std::cmp::Ordering;

pub(super) const RULE: Rule = Rule {
    code: "waiting_longer",
    side: Side::Client,
    principle: "P19",
    explanation: "They asked for help, and wait longer for a first answer than clients larger than they are usually did. Nobody waits because they are small.",
    answered: Answered::Beside,
    look,
};

fn look(facts: &Facts) -> Option<Found> {
    let (request, title, hours, larger) = facts.waits.as_ref()?;
    if hours.partial_cmp(&larger.median_hours) != Some(Ordering::Greater) {
        return None;
    }
    let say = |hours: f64| facts.words.locale.number((hours * 10.0).round() / 10.0, 1);
    let evidence = format!(
        "“{title}” has waited {} working hours for a first answer; half of the requests of larger clients were answered within {} ({} of them counted).",
        say(*hours),
        say(larger.median_hours),
        larger.requests
    );
    // An answer holds for this request.
    Some(Found::new(request.to_string(), evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::facts;
    use crate::care::Larger;

    #[test]
    fn a_wait_beyond_that_of_larger_clients_is_found_and_one_within_it_is_not() {
        let mut facts = facts();
        let larger = Larger { median_hours: 2.0, requests: 14 };
        let id = uuid::Uuid::from_u128(9);
        facts.waits = Some((id, "Labels print twice".into(), 9.04, larger));
        let found = look(&facts).unwrap();
        assert!(found.evidence.contains("“Labels print twice” has waited 9.0 working hours"), "{found:?}");
        assert!(found.evidence.contains("within 2.0 (14 of them counted)") && found.mark == id.to_string());
        facts.waits = Some((id, "Labels print twice".into(), 2.0, larger));
        assert_eq!(look(&facts), None);
        facts.waits = None;
        assert_eq!(look(&facts), None);
    }
}
