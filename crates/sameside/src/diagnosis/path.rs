//! Who decides and how (P6): the voices on their side, and the steps until they decide. Pure.

use crate::base::{Date, Evidence, Fields, Id, Range, Source, When, codes};
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::records::{About, Kind, Reference, record};
use engine::{Estimate, Rate};

/// Of how many that came to a step it is said how many went on.
pub const REACHED: f64 = 10.0;

codes! {
    /// What somebody has to say in a decision.
    pub enum Part {
        /// Says yes or no.
        Decides = "decides", "Decides";
        /// Puts the name under it.
        Signs = "signs", "Signs";
        /// Is listened to.
        Influences = "influences", "Is listened to";
        /// Will work with it.
        Uses = "uses", "Will use it";
        /// Could stop it.
        Blocks = "blocks", "Could stop it";
    }
}

record! {
    /// Somebody on their side, and what they have to say.
    pub struct Voice in "voice", Kind::Voice => {
        /// In which deal.
        pub deal_id: Id<Deal>,
        /// Who.
        pub contact_id: Id<Contact>,
        /// What they were called then.
        pub title: String,
        /// What they have to say.
        pub part: Part,
        /// What matters to them in this.
        pub note: Option<String>,
    }
    derived {}
}

record! {
    /// A step on the way to their decision.
    pub struct Step in "step", Kind::Step => {
        /// In which deal.
        pub deal_id: Id<Deal>,
        /// What has to happen.
        pub title: String,
        /// Its place in the order.
        pub position: i64,
        /// Our hours for it at least.
        pub hours_low: Option<f64>,
        /// Our hours, likely.
        pub hours_likely: Option<f64>,
        /// Our hours at most.
        pub hours_high: Option<f64>,
        /// Of 10 that came to it, how many went on.
        pub went_on: Option<f64>,
        /// How we know.
        pub source: Source,
        /// Who said so.
        pub said_by: Option<String>,
        /// On which day.
        pub said_on: Option<Date>,
        /// What was said.
        pub note: Option<String>,
        /// When this deal passed it, if it did.
        pub passed_at: Option<When>,
    }
    derived {}
}

impl Step {
    /// Our hours for it, if somebody said.
    pub fn hours(&self) -> Option<Range> {
        let (low, likely, high) = (self.hours_low?, self.hours_likely?, self.hours_high?);
        Some(Range::new(low, likely, high).unwrap_or(Range::exactly(likely)))
    }

    /// How likely one goes on from it, if somebody said: so many of [`REACHED`], so that it stays uncertain.
    pub fn pass(&self) -> Option<Rate> {
        Rate::counted(self.went_on?, REACHED).ok()
    }

    /// As the engine takes it: a step that is ahead and has both figures.
    pub fn ahead(&self) -> Option<engine::assess::Step> {
        if self.passed_at.is_some() {
            return None;
        }
        let hours: Estimate = self.hours()?.estimate();
        Some(engine::assess::Step { name: self.title.clone(), hours, pass: self.pass()? })
    }

    /// Where its figures come from.
    pub fn evidence(&self) -> Evidence {
        Evidence { source: self.source, by: self.said_by.clone(), on: self.said_on, note: self.note.clone() }
    }
}

/// The mean and the mean square of a rate that was counted in [`Step::pass`]: moments of Beta(1+s, 1+n−s).
fn moments(went_on: f64) -> [f64; 2] {
    let (a, all) = (1.0 + went_on, REACHED + 2.0);
    [a / all, a * (a + 1.0) / (all * (all + 1.0))]
}

/// What the steps ahead say together: the chance to pass them all, P10 to P90 of its normal approximation, and our expected
/// hours, each step's as far as it is reached. Nothing, where no step ahead has its figures.
pub fn together(steps: &[Step]) -> Option<(Range, Range)> {
    let ahead: Vec<(Range, f64)> = steps
        .iter()
        .filter(|step| step.passed_at.is_none())
        .filter_map(|step| step.hours().zip(step.went_on))
        .collect();
    if ahead.is_empty() {
        return None;
    }
    let (mut mean, mut square) = (1.0, 1.0);
    let mut terms = Vec::with_capacity(ahead.len());
    for (hours, went_on) in ahead {
        terms.push(crate::diagnosis::sum::Term::times(Range::exactly(mean), hours));
        let [first, second] = moments(went_on);
        mean *= first;
        square *= second;
    }
    let spread = (square - mean * mean).max(0.0).sqrt() * engine::normal::Z90;
    let win = Range::new((mean - spread).max(0.0), mean, (mean + spread).min(1.0));
    Some((win.unwrap_or(Range::exactly(mean)), crate::diagnosis::sum::sum(&terms)))
}

impl About for Voice {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        let deal = Reference::to("deal_id", Kind::Deal, Some(self.deal_id));
        deal.into_iter().chain(Reference::to("contact_id", Kind::Contact, Some(self.contact_id))).collect()
    }
}

impl About for Step {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("deal_id", Kind::Deal, Some(self.deal_id)).into_iter().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.title.is_empty() {
            fields.add("title", "what has to happen, in a few words");
        }
        if self.went_on.is_some_and(|went_on| !(0.0..=REACHED).contains(&went_on)) {
            fields.add("went_on", "a number from 0 to 10");
        }
        if self.hours().is_some_and(|hours| hours.low() < 0.0) {
            fields.add("hours", "hours from 0 on");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(hours: f64, went_on: Option<f64>) -> Step {
        Step {
            deal_id: Id::of(uuid::Uuid::from_u128(1)),
            title: "The council meets".into(),
            position: 1,
            hours_low: Some(hours),
            hours_likely: Some(hours),
            hours_high: Some(hours),
            went_on,
            source: Source::OurEstimate,
            said_by: None,
            said_on: None,
            note: None,
            passed_at: None,
        }
    }

    #[test]
    fn hours_count_as_far_as_their_step_is_reached() {
        // Of ten seven went on: Beta(8, 4), whose mean is two thirds.
        let (win, hours) = together(&[step(3.0, Some(7.0)), step(6.0, Some(10.0))]).unwrap();
        assert!((win.likely() - 8.0 / 12.0 * 11.0 / 12.0).abs() < 1e-12);
        assert!((hours.likely() - (3.0 + 6.0 * 8.0 / 12.0)).abs() < 1e-9);
        assert!(win.low() > 0.3 && win.high() < 0.9, "few cases leave it uncertain: {win:?}");
    }

    #[test]
    fn what_is_behind_us_and_what_nobody_gave_a_figure_for_do_not_count() {
        let mut passed = step(3.0, Some(2.0));
        passed.passed_at = Some(When::from_micros(0));
        assert!(passed.ahead().is_none());
        assert_eq!(together(&[passed.clone(), step(6.0, None)]), None);
        let (win, _) = together(&[passed, step(6.0, Some(10.0))]).unwrap();
        assert!((win.likely() - 11.0 / 12.0).abs() < 1e-12);
    }
}
