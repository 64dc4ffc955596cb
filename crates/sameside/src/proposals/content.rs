//! The page itself: everything a client reads, as words, and what changed between two of them. Pure.
//!
//! It has no field for our costs, our margin, our chances or our notes, so that they cannot come to be on it.

use serde::{Deserialize, Serialize};

/// A package as the client reads it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// What it is called: `Offer 1`.
    pub name: String,
    /// What is in it, issue by issue.
    pub words: Vec<(String, String)>,
    /// What it costs.
    pub price: String,
    /// What that is a month, for how long, and what is given back.
    pub terms: String,
}

/// A step of the plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// On which day; empty where the words say it.
    pub day: String,
    /// What.
    pub what: String,
}

/// The page as a client reads it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// What it is about.
    pub title: String,
    /// For which company.
    pub client: String,
    /// For whom there.
    pub contact: String,
    /// From which company.
    pub from: String,
    /// From whom there.
    pub by: String,
    /// What they want to do, in their words.
    pub goal: String,
    /// Who said it.
    pub goal_by: String,
    /// What they want, and how each wish is answered.
    pub answers: Vec<(String, String)>,
    /// How both see that it worked.
    pub measure: Vec<String>,
    /// What it brings them, in sentences with where each comes from.
    pub result: Vec<String>,
    /// What they may choose from.
    pub offers: Vec<Offer>,
    /// What happens when.
    pub plan: Vec<Step>,
    /// What we promise.
    pub we: Vec<String>,
    /// What they promise.
    pub they: Vec<String>,
    /// What we will not do.
    pub will_not: Vec<String>,
    /// What others reached, as they allowed us to tell it.
    pub stories: Vec<String>,
    /// Until when it holds.
    pub until: String,
}

/// What changed in a part of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which part.
    pub part: String,
    /// The line as it was; empty for a new one.
    pub before: String,
    /// The line as it is; empty for one that went.
    pub after: String,
}

impl Content {
    /// Every line with the part it is in.
    fn lines(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Vec::new();
        let mut add = |part: &str, lines: Vec<String>| {
            all.extend(lines.into_iter().filter(|line| !line.is_empty()).map(|line| (part.to_owned(), line)));
        };
        add("What you want to do", vec![self.goal.clone()]);
        add(
            "What you asked for",
            self.answers.iter().map(|(want, answer)| format!("{want}: {answer}")).collect(),
        );
        add("How we will both see it", self.measure.clone());
        add("What it brings", self.result.clone());
        for offer in &self.offers {
            add(&offer.name, vec![offer.price.clone(), offer.terms.clone()]);
            add(
                &offer.name,
                offer.words.iter().map(|(issue, option)| format!("{issue}: {option}")).collect(),
            );
        }
        let step = |step: &Step| {
            if step.day.is_empty() { step.what.clone() } else { format!("{}: {}", step.day, step.what) }
        };
        add("The plan", self.plan.iter().map(step).collect());
        add("We promise", self.we.clone());
        add("You promise", self.they.clone());
        add("What we will not do", self.will_not.clone());
        add("What others reached", self.stories.clone());
        add("Good until", vec![self.until.clone()]);
        all
    }

    /// What is another on this page than on the one before, line by line; a line that took another's place in its part
    /// stands beside it.
    pub fn changes_since(&self, before: &Self) -> Vec<Change> {
        let (old, new) = (before.lines(), self.lines());
        let only = |these: &[(String, String)], those: &[(String, String)]| -> Vec<(String, String)> {
            these.iter().filter(|line| !those.contains(line)).cloned().collect()
        };
        let (mut gone, come) = (only(&old, &new), only(&new, &old));
        let mut changes = Vec::new();
        for (part, after) in come {
            let place = gone.iter().position(|(other, _)| *other == part);
            let before = place.map_or_else(String::new, |place| gone.remove(place).1);
            changes.push(Change { part, before, after });
        }
        changes.extend(gone.into_iter().map(|(part, before)| Change { part, before, after: String::new() }));
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_said_line_by_line() {
        let offer = |price: &str| Offer {
            name: "Offer 1".into(),
            words: vec![("Training".into(), "a day".into())],
            price: price.into(),
            terms: "over 12 months".into(),
        };
        let before = Content {
            offers: vec![offer("€10,000")],
            we: vec!["We start on 1 December".into(), "A person answers".into()],
            ..Content::default()
        };
        let after = Content {
            offers: vec![offer("€9,500")],
            we: vec!["A person answers".into()],
            they: vec!["You tell two others".into()],
            ..before.clone()
        };
        let change = |part: &str, before: &str, after: &str| Change {
            part: part.into(),
            before: before.into(),
            after: after.into(),
        };
        assert_eq!(
            after.changes_since(&before),
            [
                change("Offer 1", "€10,000", "€9,500"),
                change("You promise", "", "You tell two others"),
                change("We promise", "We start on 1 December", ""),
            ]
        );
        assert_eq!(before.changes_since(&before), []);
    }
}
