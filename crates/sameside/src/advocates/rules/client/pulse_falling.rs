//! It felt worse to them than before (P16).

use crate::advocates::{Answered, Facts, Found, Rule, Side};

/// How many words of theirs before the last one it is compared with.
const BEFORE: usize = 3;

pub(super) const RULE: Rule = Rule {
    code: "pulse_falling",
    side: Side::Client,
    principle: "P16",
    explanation: "They said that our last contact felt at least a step worse than those before it. Something went wrong that nobody may have noticed.",
    answered: Answered::Beside,
    look,
};

fn look(facts: &Facts) -> Option<Found> {
    let ((day, mood, word), before) = facts.felt.split_last()?;
    let before = before.get(before.len().saturating_sub(BEFORE)..).filter(|before| !before.is_empty())?;
    let sum: i64 = before.iter().map(|(_, mood, _)| mood.step()).sum();
    let count = i64::try_from(before.len()).ok()?;
    // A whole step below the mean of those before, in whole numbers.
    if (mood.step() + 1) * count > sum {
        return None;
    }
    let were: Vec<String> = before.iter().map(|(_, mood, _)| mood.label().to_lowercase()).collect();
    let word = word.as_ref().map_or_else(String::new, |word| format!(": “{word}”"));
    let on = day.show(facts.words.locale);
    let evidence =
        format!("Before, they said: {}. On {on}: {}{word}.", were.join(", "), mood.label().to_lowercase());
    Some(Found::new(format!("{day}:{}", mood.code()), evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advocates::facts::examples::facts;
    use crate::pulse::Mood;

    #[test]
    fn a_step_down_is_found_with_their_words_and_one_word_alone_is_not() {
        let mut facts = facts();
        let said = |days: i64, mood: Mood| (facts.today.plus_days(days), mood, Some("It took too long".to_owned()));
        let all = [said(-30, Mood::VeryGood), said(-20, Mood::Good), said(-5, Mood::SoSo)];
        facts.felt = all.to_vec();
        let found = look(&facts).unwrap();
        assert_eq!(
            found.evidence,
            "Before, they said: very good, good. On 17 Nov 2026: so-so: “It took too long”."
        );
        facts.felt = vec![all[0].clone(), all[1].clone()];
        assert!(look(&facts).is_some(), "a whole step below the one before");
        facts.felt = vec![all[1].clone(), all[0].clone(), all[1].clone()];
        assert_eq!(look(&facts), None, "half a step");
        facts.felt.truncate(1);
        assert_eq!(look(&facts), None);
    }
}
