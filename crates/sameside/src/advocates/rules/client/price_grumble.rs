//! They pay, and not gladly (P20).

use crate::advocates::{Answered, Facts, Found, Rule, Side};
use crate::outcomes::Felt;

pub(super) const RULE: Rule = Rule {
    code: "price_grumble",
    side: Side::Client,
    principle: "P20",
    explanation: "They said that they do not pay this gladly. A grumble is worth hearing: the price, or what it buys, may not be right for them.",
    answered: Answered::Beside,
    look,
};

fn look(facts: &Facts) -> Option<Found> {
    let (moment, felt, because) = facts.glad.last()?;
    if !facts.is_open() || !matches!(felt, Felt::Grudgingly | Felt::NotAgain) {
        return None;
    }
    let because = because.as_ref().map_or_else(String::new, |because| format!(": “{because}”"));
    let evidence = format!("{}, they said: {}{because}.", moment.label(), felt.label().to_lowercase());
    Some(Found::new(format!("{}:{}", moment.code(), felt.code()), evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::facts;
    use crate::outcomes::Occasion;

    #[test]
    fn a_grumble_is_found_until_they_say_otherwise() {
        let mut facts = facts();
        facts.glad = vec![(Occasion::Agreement, Felt::Grudgingly, Some("Dear, for a small shop".into()))];
        assert!(look(&facts).unwrap().evidence.contains("grudgingly: “Dear, for a small shop”"));
        facts.glad.push((Occasion::Verification, Felt::Fairly, None));
        assert_eq!(look(&facts), None);
    }
}
