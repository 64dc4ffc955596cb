//! How a contact felt (P16). Pure.

use crate::accounts::Member;
use crate::activities::Activity;
use crate::base::{Id, When, codes};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::outcomes::Whose;
use crate::records::{About, Kind, Reference, record};

codes! {
    /// How it felt, in five steps.
    pub enum Mood {
        /// Very good.
        VeryGood = "very_good", "Very good";
        /// Good.
        Good = "good", "Good";
        /// Neither.
        SoSo = "so_so", "So-so";
        /// Not good.
        NotGood = "not_good", "Not good";
        /// Bad.
        Bad = "bad", "Bad";
    }
}

impl Mood {
    /// From 1, bad, to 5, very good.
    pub fn step(self) -> i64 {
        let down = Self::ALL.iter().position(|one| *one == self).unwrap_or(0);
        5 - i64::try_from(down).unwrap_or(0)
    }

    /// Whether it felt good.
    pub const fn is_good(self) -> bool {
        matches!(self, Self::VeryGood | Self::Good)
    }

    /// Whether it feels so much less good than before that somebody of ours should look: two steps, or one to the middle.
    pub fn has_fallen(self, before: Self) -> bool {
        let down = before.step() - self.step();
        down >= 2 || (down == 1 && self.step() <= Self::SoSo.step())
    }

    /// Whether somebody of ours should call.
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::NotGood | Self::Bad)
    }
}

record! {
    /// How a contact felt: as they say it, or as we read it. The two are never mixed.
    pub struct Pulse in "pulse", Kind::Pulse => {
        /// In which deal.
        pub deal_id: Option<Id<Deal>>,
        /// Of which company.
        pub company_id: Option<Id<Company>>,
        /// Who of them.
        pub contact_id: Option<Id<Contact>>,
        /// After which contact.
        pub activity_id: Option<Id<Activity>>,
        /// Who says so.
        pub whose: Whose,
        /// Who of us read it, or wrote it down.
        pub owner_id: Option<Id<Member>>,
        /// How it felt.
        pub mood: Mood,
        /// In their own words.
        pub word: Option<String>,
        /// When.
        pub felt_at: When,
    }
    derived {}
}

impl About for Pulse {
    fn title(&self) -> String {
        self.mood.label().to_owned()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        self.deal_id.map(Id::uuid).or(self.company_id.map(Id::uuid)).or(self.contact_id.map(Id::uuid))
    }

    fn references(&self) -> Vec<Reference> {
        let all = [
            Reference::to("deal_id", Kind::Deal, self.deal_id),
            Reference::to("company_id", Kind::Company, self.company_id),
            Reference::to("contact_id", Kind::Contact, self.contact_id),
            Reference::to("activity_id", Kind::Activity, self.activity_id),
        ];
        all.into_iter().flatten().collect()
    }
}

/// The fewest answers of which a share is said with its range; of fewer, each is told by itself.
pub const SAID_MIN: usize = 5;
/// How far apart a reading of ours and a word of theirs may lie and still be about the same, in days.
const SAME_DAYS: i64 = 7;

/// Between what the share of all such contacts that felt good lies, with 95% confidence, when `good` of `all` did
/// (Wilson, 1927).
pub fn wilson(good: usize, all: usize) -> (f64, f64) {
    if all == 0 {
        return (0.0, 1.0);
    }
    const Z: f64 = 1.959_963_984_540_054;
    #[expect(clippy::cast_precision_loss, reason = "answers, not atoms")]
    let (good, all) = (good as f64, all as f64);
    let share = good / all;
    let middle = share + Z * Z / (2.0 * all);
    let half = Z * (share * (1.0 - share) / all + Z * Z / (4.0 * all * all)).sqrt();
    let whole = 1.0 + Z * Z / all;
    (((middle - half) / whole).max(0.0), ((middle + half) / whole).min(1.0))
}

/// Where what they said and what we read differ: their pulse, our reading nearest to it, and by how many steps ours is
/// higher. Of the same contact, or within a week.
pub fn differences(all: &[Pulse]) -> Vec<(&Pulse, &Pulse, i64)> {
    let (theirs, ours): (Vec<&Pulse>, Vec<&Pulse>) = all.iter().partition(|it| it.whose == Whose::Client);
    let mut found = Vec::new();
    for said in theirs {
        let same = ours.iter().find(|it| it.activity_id.is_some() && it.activity_id == said.activity_id);
        let near = || {
            let apart = |it: &Pulse| it.felt_at.seconds_since(said.felt_at).abs();
            ours.iter().filter(|it| apart(it) <= SAME_DAYS * 86_400).min_by_key(|it| apart(it))
        };
        if let Some(read) = same.or_else(near) {
            let higher = read.mood.step() - said.mood.step();
            if higher != 0 {
                found.push((said, *read, higher));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pulse(whose: Whose, mood: Mood, day: i64) -> Pulse {
        Pulse {
            deal_id: None,
            company_id: None,
            contact_id: None,
            activity_id: None,
            whose,
            owner_id: None,
            mood,
            word: None,
            felt_at: When::from_micros(0).plus_days(day),
        }
    }

    #[test]
    fn the_range_is_wilsons_and_wide_where_little_is_known() {
        let (low, high) = wilson(8, 10);
        assert!((low - 0.490_162).abs() < 1e-6 && (high - 0.943_318).abs() < 1e-6, "{low} {high}");
        let (low, high) = wilson(3, 3);
        assert!((low - 0.438_503).abs() < 1e-6 && (high - 1.0).abs() < 1e-12, "{low} {high}");
        assert_eq!(wilson(0, 0), (0.0, 1.0));
    }

    #[test]
    fn five_steps_from_bad_to_very_good() {
        assert_eq!(Mood::ALL.iter().map(|mood| mood.step()).collect::<Vec<_>>(), [5, 4, 3, 2, 1]);
    }

    #[test]
    fn ours_and_theirs_are_compared_and_never_mixed() {
        let all = [
            pulse(Whose::Client, Mood::NotGood, 1),
            pulse(Whose::Company, Mood::Good, 2),
            pulse(Whose::Client, Mood::Good, 40),
            pulse(Whose::Company, Mood::Bad, 60),
            pulse(Whose::Client, Mood::Good, 62),
            pulse(Whose::Company, Mood::Good, 63),
        ];
        let told: Vec<_> = differences(&all).iter().map(|(_, _, higher)| *higher).collect();
        assert_eq!(told, [2], "read two steps too well; the rest is alike, or too far apart");
    }
}
