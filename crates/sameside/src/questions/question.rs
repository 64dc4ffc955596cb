//! A question, its levels, and an answer. Pure.

use crate::accounts::Right;
use crate::base::{Date, Evidence, Fields, Id, Source, When, fold};
use crate::deals::Deal;
use crate::records::{About, Doc, Kind, Reference, record};
use serde::{Deserialize, Serialize};

/// The longest question, in characters.
pub(super) const TITLE_CHARS_MAX: usize = 160;
/// The longest name of a level.
pub(super) const LEVEL_CHARS_MAX: usize = 80;
/// What an answer said before is kept so many times; what was said still earlier is in its history alone.
const TURNS_MAX: usize = 60;

/// What belongs to every question.
pub(crate) const UNKNOWN: &str = "Unknown";
/// The answer of those who were asked and do not know.
pub(crate) const NOT_KNOWN: &str = "They do not know";

record! {
    /// What we ask of every deal.
    pub struct Question in "question", Kind::Question => {
        /// The question, as one says it.
        pub title: String,
        /// Why we ask.
        pub why: Option<String>,
        /// How to ask it.
        pub how: Option<String>,
        /// Its place among the others.
        pub position: i64,
    }
    derived {}
}

record! {
    /// One of the answers that a question has.
    pub struct Level in "level", Kind::Level => {
        /// Of which question.
        pub question_id: Id<Question>,
        /// In words.
        pub name: String,
        /// Its place in the order.
        pub position: i64,
    }
    derived {}
}

record! {
    /// What a deal says to a question. Without a level it is unknown to us, or also to them.
    pub struct Answer in "answer", Kind::Answer => {
        /// Which deal.
        pub deal_id: Id<Deal>,
        /// To which question.
        pub question_id: Id<Question>,
        /// The question as it was then.
        pub title: String,
        /// The answer.
        pub level_id: Option<Id<Level>>,
        /// When they said that they do not know.
        pub not_known_at: Option<When>,
        /// How we know.
        pub source: Source,
        /// Who said so.
        pub said_by: Option<String>,
        /// On which day.
        pub said_on: Option<Date>,
        /// What was said.
        pub note: Option<String>,
        /// What it said since when, the oldest first.
        pub trail: Doc<Vec<Turn>>,
    }
    derived {}
}

/// What an answer said from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// From this day on, the one on which it was written down.
    pub on: Date,
    /// The level.
    pub level: Option<Id<Level>>,
    /// Without one: whether they do not know.
    pub is_not_known: bool,
}

impl Turn {
    /// Whether there is nothing: neither a level, nor that they do not know.
    pub fn is_unknown(&self) -> bool {
        self.level.is_none() && !self.is_not_known
    }

    /// What the answer with these turns said on a day.
    pub fn on(trail: &[Self], day: Date) -> Option<Self> {
        trail.iter().rev().find(|turn| turn.on <= day).copied()
    }
}

impl Answer {
    /// Says something from a day on. What was said earlier the same day is gone.
    pub(super) fn say(&mut self, level: Option<Id<Level>>, not_known_at: Option<When>, today: Date) {
        let is_not_known = level.is_none() && not_known_at.is_some();
        if self.level_id == level && self.not_known_at.is_some() == is_not_known && !self.trail.0.is_empty() {
            return;
        }
        (self.level_id, self.not_known_at) = (level, not_known_at.filter(|_| is_not_known));
        self.trail.0.retain(|turn| turn.on < today);
        self.trail.0.push(Turn { on: today, level, is_not_known });
        let beyond = self.trail.0.len().saturating_sub(TURNS_MAX);
        self.trail.0.drain(..beyond);
    }

    /// Whether it says nothing.
    pub fn is_unknown(&self) -> bool {
        self.level_id.is_none() && self.not_known_at.is_none()
    }

    /// Where it comes from.
    pub fn evidence(&self) -> Evidence {
        Evidence { source: self.source, by: self.said_by.clone(), on: self.said_on, note: self.note.clone() }
    }
}

impl About for Question {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn right() -> Right {
        Right::Manage
    }

    fn check(&self) -> Result<(), Fields> {
        let length = self.title.chars().count();
        if length == 0 || length > TITLE_CHARS_MAX {
            let right = format!("the question, as you say it, in at most {TITLE_CHARS_MAX} characters");
            return Err(Fields::one("title", right));
        }
        Ok(())
    }
}

impl About for Level {
    fn title(&self) -> String {
        self.name.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.question_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("question_id", Kind::Question, Some(self.question_id)).into_iter().collect()
    }

    fn right() -> Right {
        Right::Manage
    }

    fn check(&self) -> Result<(), Fields> {
        let length = self.name.chars().count();
        if length == 0 || length > LEVEL_CHARS_MAX {
            let right =
                format!("an answer in at most {LEVEL_CHARS_MAX} characters, such as: Somebody, not yet");
            return Err(Fields::one("name", right));
        }
        if [UNKNOWN, NOT_KNOWN].iter().any(|own| fold(own) == fold(&self.name)) {
            return Err(Fields::one("name", "another answer: this one belongs to every question already"));
        }
        Ok(())
    }
}

impl About for Answer {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    // The question and the level may be removed meanwhile: the answer stays.
    fn references(&self) -> Vec<Reference> {
        Reference::to("deal_id", Kind::Deal, Some(self.deal_id)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn an_answer_says_on_each_day_what_was_known_then() {
        let [none, some] = [1, 2].map(|n| Some(Id::of(uuid::Uuid::from_u128(n))));
        let mut answer = Answer {
            deal_id: Id::of(uuid::Uuid::from_u128(1)),
            question_id: Id::of(uuid::Uuid::from_u128(1)),
            title: "Who pays?".into(),
            level_id: None,
            not_known_at: None,
            source: Source::ClientSaid,
            said_by: None,
            said_on: None,
            note: None,
            trail: Doc(Vec::new()),
        };
        answer.say(none, None, day("2026-03-01"));
        answer.say(some, None, day("2026-03-05"));
        answer.say(none, None, day("2026-03-09"));
        answer.say(some, None, day("2026-03-09"));
        let then = |answer: &Answer, on: &str| Turn::on(&answer.trail.0, day(on)).and_then(|turn| turn.level);
        for (on, level) in
            [("2026-02-28", None), ("2026-03-04", none), ("2026-03-05", some), ("2026-03-20", some)]
        {
            assert_eq!(then(&answer, on), level, "{on}");
        }
        answer.say(None, Some(When::from_micros(0)), day("2026-03-30"));
        assert!(!answer.is_unknown() && answer.trail.0.last().unwrap().is_not_known);
        answer.say(None, None, day("2026-03-31"));
        assert!(answer.is_unknown() && answer.trail.0.last().unwrap().is_unknown());
        let all = answer.trail.0.len();
        answer.say(None, None, day("2026-04-30"));
        assert_eq!(answer.trail.0.len(), all, "what is said again changes nothing");
    }

    #[test]
    fn what_belongs_to_every_question_is_no_level_of_one() {
        let level = |name: &str| Level {
            question_id: Id::of(uuid::Uuid::from_u128(1)),
            name: name.into(),
            position: 1,
        };
        for name in ["", "unknown", " They do not KNOW"] {
            assert!(level(name.trim()).check().is_err(), "{name}");
        }
        assert!(level("Nobody").check().is_ok());
    }
}
