//! Nobody spoke to them for longer than we allow ourselves (P19).

use crate::advocates::{Answered, Facts, Found, Rule, Side};

pub(super) const RULE: Rule = Rule {
    code: "not_spoken_to",
    side: Side::Client,
    principle: "P19",
    explanation: "Nobody has called, met or written to them for longer than their cadence, or the workspace's where they have none of their own, whatever their size.",
    answered: Answered::Beside,
    look,
};

fn look(facts: &Facts) -> Option<Found> {
    if !facts.is_open() {
        return None;
    }
    let since = facts.spoken_on.or(facts.deal.opened_on)?;
    let days = facts.today.days_since(since);
    if days <= facts.cadence_days {
        return None;
    }
    let evidence = match facts.spoken_on {
        Some(_) => format!("Nobody has spoken to them for {days} days; we said every {}.", facts.cadence_days),
        None => format!("Nobody has spoken to them since it began {days} days ago; we said every {}.", facts.cadence_days),
    };
    // An answer holds for one cadence more.
    Some(Found::new(format!("{since}:{}", days / facts.cadence_days.max(1)), evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::facts;

    #[test]
    fn silence_beyond_the_cadence_is_found_and_an_answer_holds_for_one_more() {
        let mut facts = facts();
        facts.cadence_days = 30;
        facts.spoken_on = Some(facts.today.plus_days(-30));
        assert_eq!(look(&facts), None);
        facts.spoken_on = Some(facts.today.plus_days(-31));
        let found = look(&facts).unwrap();
        assert!(found.evidence.contains("for 31 days; we said every 30"));
        facts.today = facts.today.plus_days(28);
        assert_eq!(look(&facts).unwrap().mark, found.mark);
        facts.today = facts.today.plus_days(1);
        assert_ne!(look(&facts).unwrap().mark, found.mark);
    }
}
