//! Something they want that nobody has answered (P3).

use crate::advocates::{Answered, Facts, Found, Rule, Side};
use crate::base::plural;
use crate::deals::Phase;

pub(super) const RULE: Rule = Rule {
    code: "want_without_answer",
    side: Side::Client,
    principle: "P3",
    explanation: "We propose, and something they said they want is not answered: it is what they need, something else serves them better, or it is left out, each with the reason.",
    answered: Answered::Beside,
    look,
};

/// The wants that are named.
const NAMED_MAX: usize = 3;

fn look(facts: &Facts) -> Option<Found> {
    let wants = &facts.wants_unanswered;
    if !facts.is_open() || matches!(facts.deal.phase, Phase::Hear | Phase::Diagnose) || wants.is_empty() {
        return None;
    }
    let named: Vec<String> = wants.iter().take(NAMED_MAX).map(|want| format!("“{want}”")).collect();
    let more = match i64::try_from(wants.len().saturating_sub(NAMED_MAX)) {
        Ok(more) if more > 0 => format!(", and {}", plural(more, "other want", "other wants")),
        _ => String::new(),
    };
    let evidence = format!("They wait for an answer to {}{more}.", named.join(", "));
    Some(Found::new(wants.join("\n"), evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::facts;

    #[test]
    fn a_want_that_nobody_answered_is_said_once_we_propose() {
        let mut facts = facts();
        facts.wants_unanswered = ["An app", "A till", "A bell", "A cart"].map(str::to_owned).to_vec();
        assert_eq!(look(&facts), None, "while we diagnose there is time");
        facts.deal.phase = Phase::Propose;
        let found = look(&facts).unwrap();
        assert_eq!(
            found.evidence,
            "They wait for an answer to “An app”, “A till”, “A bell”, and 1 other want."
        );
        facts.wants_unanswered.pop();
        assert_ne!(look(&facts).unwrap().mark, found.mark, "with other wants it is another finding");
        facts.wants_unanswered.clear();
        assert_eq!(look(&facts), None);
    }
}
