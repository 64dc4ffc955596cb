//! The product is not for this, and somebody said so (P7).

use crate::advocates::{Answered, Facts, Found, Rule, Side};

pub(super) const RULE: Rule = Rule {
    code: "contraindication",
    side: Side::Client,
    principle: "P7",
    explanation: "One of the sentences that say when the product does not help is so here. Then the honest answer is no, and who could help instead.",
    answered: Answered::Beside,
    look,
};

fn look(facts: &Facts) -> Option<Found> {
    if !facts.is_open() || facts.contraindications.is_empty() {
        return None;
    }
    let said: Vec<String> = facts
        .contraindications
        .iter()
        .map(|sentence| format!("“{}”", sentence.trim_end_matches('.')))
        .collect();
    Some(Found::new(facts.contraindications.join("\n"), format!("We cannot help here: {}.", said.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::facts;

    #[test]
    fn where_the_product_does_not_help_the_client_hears_it() {
        let mut facts = facts();
        assert_eq!(look(&facts), None);
        facts.contraindications = vec!["They drive by night.".into()];
        assert_eq!(look(&facts).unwrap().evidence, "We cannot help here: “They drive by night”.");
        facts.deal.standing = crate::deals::Standing::WalkedAway;
        assert_eq!(look(&facts), None);
    }
}
