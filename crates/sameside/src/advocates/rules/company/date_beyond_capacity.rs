//! A promised day for which there is no room (P12).

use crate::advocates::{Answered, Facts, Found, Rule, Side};

pub(super) const RULE: Rule = Rule {
    code: "date_beyond_capacity",
    side: Side::Company,
    principle: "P12",
    explanation: "This week's plan has no room for something that is promised. Say so before its day, offer the part that fits, or let somebody else do it.",
    answered: Answered::Beside,
    look,
};

/// How many are named.
const NAMED: usize = 3;

fn look(facts: &Facts) -> Option<Found> {
    if !facts.is_open() || facts.no_room.is_empty() {
        return None;
    }
    let day = |(title, due): &(String, Option<crate::base::Date>)| match due {
        Some(due) => format!("“{title}” for {}", due.show(facts.words.locale)),
        None => format!("“{title}”"),
    };
    let named: Vec<String> = facts.no_room.iter().take(NAMED).map(day).collect();
    let more = match facts.no_room.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let mark: Vec<String> = facts.no_room.iter().map(day).collect();
    Some(Found::new(
        mark.join("|"),
        format!("Promised, and no room for it in the week's plan: {}{more}.", named.join(", ")),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::facts;

    #[test]
    fn a_promise_without_room_is_found_and_named_with_its_day() {
        let mut facts = facts();
        facts.no_room = vec![("Move the archive".into(), Some("2026-11-26".parse().unwrap()))];
        let evidence = look(&facts).unwrap().evidence;
        assert!(evidence.contains("“Move the archive” for 26 Nov 2026"), "{evidence}");
        facts.no_room.clear();
        assert_eq!(look(&facts), None);
    }
}
