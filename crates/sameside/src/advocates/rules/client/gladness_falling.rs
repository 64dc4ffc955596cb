//! They were gladder when they signed (P16, P20).

use crate::advocates::{Answered, Facts, Found, Rule, Side};

pub(super) const RULE: Rule = Rule {
    code: "gladness_falling",
    side: Side::Client,
    principle: "P20",
    explanation: "They said at first that they pay gladly, and say so less now. Something they counted on has not come.",
    answered: Answered::Beside,
    look,
};

fn look(facts: &Facts) -> Option<Found> {
    let ((_, first, _), (_, now, because)) = (facts.glad.first()?, facts.glad.last()?);
    if now.steps_down() <= first.steps_down() {
        return None;
    }
    let because = because.as_ref().map_or_else(String::new, |because| format!(": “{because}”"));
    let [first_word, now_word] = [first, now].map(|felt| felt.label().to_lowercase());
    let evidence = format!("At first they said: {first_word}. Now: {now_word}{because}.");
    Some(Found::new(format!("{}:{}", first.code(), now.code()), evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::facts;
    use crate::outcomes::{Felt, Occasion};

    #[test]
    fn less_glad_than_at_first_is_found_and_gladder_is_not() {
        let mut facts = facts();
        facts.glad = vec![(Occasion::Agreement, Felt::Gladly, None), (Occasion::Verification, Felt::Fairly, None)];
        assert!(look(&facts).unwrap().evidence.contains("At first they said: gladly. Now: it is fair"));
        facts.glad.reverse();
        assert_eq!(look(&facts), None);
    }
}
