//! Something was given and nothing came back (P9).

use crate::advocates::{Answered, Facts, Found, Rule, Side};

pub(super) const RULE: Rule = Rule {
    code: "concession_without_return",
    side: Side::Company,
    principle: "P9",
    explanation: "Something was given beyond the offer, and nothing came back for it. An exchange that is equal is one both can stand by.",
    answered: Answered::Beside,
    look,
};

fn look(facts: &Facts) -> Option<Found> {
    if !facts.is_open() {
        return None;
    }
    let nothing: Vec<_> = facts.given.iter().filter(|it| it.came_back.is_none()).collect();
    let marks: Vec<String> = nothing.iter().map(|it| it.id.to_string()).collect();
    let names: Vec<String> = nothing.iter().map(|it| format!("“{}”", it.title)).collect();
    let of = |share: f64| facts.words.locale.number(share * 100.0, 0);
    let share: f64 = nothing.iter().map(|it| it.share).sum();
    (!marks.is_empty()).then(|| {
        let evidence = format!("Nothing came back for {}: {}% of the price.", names.join(" and "), of(share));
        Found::new(marks.join(","), evidence)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::{facts, given};

    #[test]
    fn what_nothing_came_back_for_is_named() {
        let mut facts = facts();
        facts.given = vec![given("Training", Some("Two visits"))];
        assert_eq!(look(&facts), None);
        facts.given.push(given("A fourth calendar", None));
        assert_eq!(
            look(&facts).unwrap().evidence,
            "Nothing came back for “A fourth calendar”: 5% of the price."
        );
    }
}
