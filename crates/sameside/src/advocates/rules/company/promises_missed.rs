//! They promised, and repeatedly did not keep it (P12).

use crate::advocates::{Answered, Facts, Found, Rule, Side};

pub(super) const RULE: Rule = Rule {
    code: "promises_missed",
    side: Side::Company,
    principle: "P12",
    explanation: "What they promised came late, or not, more than once. The plan rests on it: ask what stands in their way before we put in more.",
    answered: Answered::Beside,
    look,
};

/// From so many missed promises on it is no accident.
const MISSED_MIN: usize = 2;
/// Of their promises in other deals so many are enough to speak of a habit.
const DUE_MIN: i64 = 4;

fn look(facts: &Facts) -> Option<Found> {
    if !facts.is_open() {
        return None;
    }
    let missed = facts.their_missed.len();
    let all = facts.their_promises;
    if missed >= MISSED_MIN {
        let (title, day) = facts.their_missed.last()?;
        let day = day.show(facts.words.locale);
        return Some(Found::new(
            format!("{missed}:{}", all.missed()),
            format!("They missed {missed} promises in this deal, last “{title}”, promised for {day}."),
        ));
    }
    // One here is enough where it is their way.
    (missed > 0 && all.due >= DUE_MIN && all.kept * 2 < all.due).then(|| {
        Found::new(
            format!("{missed}:{}", all.missed()),
            format!("They missed a promise here, and kept {} of {} in all deals with them.", all.kept, all.due),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::facts;
    use crate::commitments::Count;

    #[test]
    fn one_promise_missed_is_an_accident_and_two_are_found() {
        let mut facts = facts();
        facts.their_missed = vec![("Send the list".into(), facts.today.plus_days(-9))];
        assert_eq!(look(&facts), None);
        facts.their_missed.push(("Name who decides".into(), facts.today.plus_days(-2)));
        let found = look(&facts).unwrap();
        assert!(found.evidence.contains("missed 2") && found.evidence.contains("Name who decides"), "{found:?}");
    }

    #[test]
    fn one_is_enough_where_they_keep_fewer_than_half_in_all_deals() {
        let mut facts = facts();
        facts.their_missed = vec![("Send the list".into(), facts.today.plus_days(-9))];
        facts.their_promises = Count { due: 4, kept: 2 };
        assert_eq!(look(&facts), None, "half are kept");
        facts.their_promises = Count { due: 5, kept: 2 };
        assert!(look(&facts).unwrap().evidence.contains("2 of 5"));
        facts.their_missed.clear();
        assert_eq!(look(&facts), None, "what was long ago is not this deal's");
    }
}
