//! The stops: when the question whether to go on is put again. Pure.
//!
//! What is spent has no weight in the answer; it only says when to ask. Each point carries a mark made of its facts: an
//! answer holds for the marks that were asked, so a point comes back when its facts have changed.

use crate::base::{Date, Id, Money};
use crate::deals::{Phase, Stage, Standing};
use crate::pursuit::{Budget, Decision};
use crate::records::Kept;

/// The least budget, in hours: enough to ask whether it is worth more.
pub const HOURS_TO_ASK: f64 = 2.0;
/// From so many stays on, what such deals take is known well enough to speak of.
pub const STAYS_MIN: i64 = 8;
/// A deal takes too long when it takes this many times what nine of ten such deals took; a little longer is nothing.
const TOO_LONG: f64 = 1.5;
/// What going on is worth has changed a lot when it differs by more than this share of what it was.
const WORTH_CHANGED: f64 = 0.5;
/// A late promise is late from this many days on.
const LATE_DAYS: i64 = 1;

/// What went into a deal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spent {
    /// Minutes of ours, those of calls and meetings included.
    pub minutes: i64,
    /// Sums, one of each currency.
    pub sums: Vec<Money>,
}

impl Spent {
    /// In hours.
    #[expect(clippy::cast_precision_loss, reason = "minutes of one deal")]
    pub fn hours(&self) -> f64 {
        self.minutes as f64 / 60.0
    }
}

/// How long deals stayed in a stage so far, or were under way before they ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// How many were counted.
    pub count: i64,
    /// The days of the middle one.
    pub days_p50: i64,
    /// The days that 9 of 10 did not exceed.
    pub days_p90: i64,
}

/// A promise whose day is past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// Which task or commitment of ours.
    pub promise: uuid::Uuid,
    /// What was to be done.
    pub title: String,
    /// Until which day.
    pub due_on: Date,
}

/// What is known of the pursuit of one deal.
#[derive(Debug, Clone)]
pub struct Facts {
    /// How the deal stands.
    pub standing: Standing,
    /// In which phase.
    pub phase: Phase,
    /// In which stage.
    pub stage: Id<Stage>,
    /// Since how many days.
    pub days_in_stage: i64,
    /// How long such deals stay there, if enough were counted.
    pub stay: Option<Stay>,
    /// For how many days it is under way.
    pub days_open: i64,
    /// How long such deals are under way until they end, if enough were counted.
    pub course: Option<Stay>,
    /// What went into it.
    pub spent: Spent,
    /// The hours we expect until they decide.
    pub hours_ahead: f64,
    /// What going on is worth, in whole units of the deal's currency, after the hours ahead.
    pub worth: Option<f64>,
    /// What the engine says.
    pub verdict: Option<String>,
    /// What an hour is worth, in the same units.
    pub hour_value: f64,
    /// The share of a deal's worth that may go into getting it.
    pub share: f64,
    /// The budget somebody set.
    pub set: Option<Kept<Budget>>,
    /// Promises that are late.
    pub late: Vec<Late>,
    /// What was decided at earlier stops, newest first.
    pub decisions: Vec<Kept<Decision>>,
    /// The day it is.
    pub today: Date,
}

/// One reason to think it over.
#[derive(Debug, Clone, PartialEq)]
pub enum Point {
    /// As many hours went into it as may.
    Budget {
        /// Spent.
        spent: f64,
        /// Of so many.
        hours: f64,
    },
    /// It is much longer in its stage than nine of ten such deals.
    Stage {
        /// Days in it.
        days: i64,
        /// What such deals took.
        stay: Stay,
    },
    /// It is under way much longer than nine of ten such deals.
    Course {
        /// Days under way.
        days: i64,
        /// What such deals took.
        course: Stay,
    },
    /// A promise is late.
    Promise(Vec<Late>),
    /// What it is worth changed a lot since the last decision.
    Worth {
        /// Worth then, in whole units.
        then: f64,
        /// Worth now.
        now: f64,
    },
    /// The engine says something else than at the last decision.
    Verdict {
        /// What it said.
        then: String,
        /// What it says.
        now: String,
    },
}

impl Facts {
    /// The hours that may go into it: those somebody set, or else such a part of what the deal is worth before our
    /// hours, at the value of an hour. Never less than it takes to ask. Nothing, when nothing is known of its worth.
    pub fn budget(&self) -> Option<f64> {
        if let Some(set) = &self.set {
            return Some(set.hours);
        }
        let before_hours = self.worth_before_hours()?;
        if self.hour_value <= 0.0 {
            return None;
        }
        Some((self.share * before_hours / self.hour_value).max(HOURS_TO_ASK).round())
    }

    /// What going on is worth before the hours it still takes.
    fn worth_before_hours(&self) -> Option<f64> {
        Some(self.worth? + self.hours_ahead * self.hour_value)
    }

    /// Whether the question is one to put: nothing is agreed yet, and it goes on.
    pub fn is_pursued(&self) -> bool {
        self.standing == Standing::Open && self.phase.is_before_agreement()
    }

    /// The share of the budget that is used; more than 1 beyond it.
    pub fn used(&self) -> Option<f64> {
        self.budget().filter(|hours| *hours > 0.0).map(|hours| self.spent.hours() / hours)
    }

    /// Everything that asks to be thought over, answered or not.
    pub fn points(&self) -> Vec<Point> {
        if !self.is_pursued() {
            return Vec::new();
        }
        let mut points = Vec::new();
        let spent = self.spent.hours();
        // Where nothing is to be gained as it stands the verdict says so; the hours are not what is the matter.
        let may_ask = self.set.is_some() || self.worth_before_hours().is_some_and(|worth| worth > 0.0);
        if let Some(hours) = self.budget().filter(|hours| may_ask && spent > 0.0 && spent >= *hours) {
            points.push(Point::Budget { spent, hours });
        }
        let known = |stay: &Stay| stay.count >= STAYS_MIN;
        match (self.stay.filter(known), self.course.filter(known)) {
            (Some(stay), _) if is_too_long(self.days_in_stage, stay) => {
                points.push(Point::Stage { days: self.days_in_stage, stay });
            }
            (_, Some(course)) if is_too_long(self.days_open, course) => {
                points.push(Point::Course { days: self.days_open, course });
            }
            _ => {}
        }
        let late: Vec<Late> = self
            .late
            .iter()
            .filter(|late| self.today.days_since(late.due_on) >= LATE_DAYS)
            .cloned()
            .collect();
        if !late.is_empty() {
            points.push(Point::Promise(late));
        }
        points.extend(self.changed());
        points
    }

    /// What changed since the last decision.
    fn changed(&self) -> Option<Point> {
        let last = self.decisions.first()?;
        if let (Some(then), Some(now)) = (&last.verdict, &self.verdict)
            && then != now
        {
            return Some(Point::Verdict { then: then.clone(), now: now.clone() });
        }
        let (then, now) = (last.worth?, self.worth?);
        // Below what asking takes it is noise.
        let least = HOURS_TO_ASK * self.hour_value;
        ((now - then).abs() > (WORTH_CHANGED * then.abs()).max(least)).then_some(Point::Worth { then, now })
    }

    /// What asks to be thought over and was not answered yet.
    pub fn open(&self) -> Vec<Point> {
        let answered: std::collections::HashSet<&str> =
            self.decisions.iter().flat_map(|decision| decision.marks()).collect();
        let mut open = self.points();
        open.retain(|point| !answered.contains(self.mark(point).as_str()));
        open
    }

    /// What an answer to a point holds for: while its facts are these.
    pub fn mark(&self, point: &Point) -> String {
        let times = |value: f64, of: f64| (value / of.max(1.0)).floor().max(1.0);
        #[expect(clippy::cast_precision_loss, reason = "days of one deal")]
        match point {
            // Answered, it comes back when the budget is another, or as much again is spent.
            Point::Budget { spent, hours } => format!("budget:{hours:.1}:{:.0}", times(*spent, *hours)),
            Point::Stage { days, stay } => {
                format!("stage:{}:{:.0}", self.stage, times(*days as f64, stay.days_p90 as f64))
            }
            Point::Course { days, course } => {
                format!("course:{:.0}", times(*days as f64, course.days_p90 as f64))
            }
            Point::Promise(late) => {
                let mut marks: Vec<String> =
                    late.iter().map(|late| format!("{}@{}", late.promise, late.due_on)).collect();
                marks.sort();
                format!("promise:{}", marks.join(","))
            }
            // Decided upon, what is then known is what it is compared with; a change asks anew.
            Point::Worth { .. } | Point::Verdict { .. } => {
                let last = self.decisions.first().map_or_else(String::new, |last| last.id.to_string());
                format!("facts:{last}")
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "days of one deal")]
fn is_too_long(days: i64, stay: Stay) -> bool {
    days as f64 > TOO_LONG * stay.days_p90.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::When;
    use crate::pursuit::Choice;

    fn facts() -> Facts {
        Facts {
            standing: Standing::Open,
            phase: Phase::Propose,
            stage: Id::of(uuid::Uuid::from_u128(3)),
            days_in_stage: 10,
            stay: Some(Stay { count: 40, days_p50: 9, days_p90: 30 }),
            days_open: 60,
            course: Some(Stay { count: 90, days_p50: 50, days_p90: 120 }),
            spent: Spent { minutes: 5 * 60, sums: vec![] },
            hours_ahead: 10.0,
            worth: Some(3_000.0),
            verdict: Some("go_ahead".into()),
            hour_value: 100.0,
            share: 0.5,
            set: None,
            late: vec![],
            decisions: vec![],
            today: "2026-11-22".parse().unwrap(),
        }
    }

    fn kept<T>(it: T) -> Kept<T> {
        let now = When::from_micros(1_800_000_000_000_000);
        Kept {
            id: Id::of(uuid::Uuid::from_u128(9)),
            version: 1,
            created_at: now,
            changed_at: now,
            removed_at: None,
            it,
        }
    }

    fn decided(facts: &Facts) -> Kept<Decision> {
        let asked: Vec<String> = facts.points().iter().map(|point| facts.mark(point)).collect();
        kept(Decision {
            deal_id: Id::of(uuid::Uuid::from_u128(1)),
            owner_id: None,
            choice: Choice::Continue,
            reason: "They moved house; it is still right.".into(),
            asked: asked.join(" "),
            hours_spent: facts.spent.hours(),
            worth: facts.worth,
            verdict: facts.verdict.clone(),
        })
    }

    #[test]
    fn the_budget_follows_from_the_worth_before_our_hours() {
        // 3,000 after ten hours of 100 each: 4,000 before them; half of it is twenty hours.
        assert_eq!(facts().budget(), Some(20.0));
        assert_eq!(Facts { worth: Some(-5_000.0), ..facts() }.budget(), Some(HOURS_TO_ASK));
        assert_eq!(Facts { worth: None, ..facts() }.budget(), None);
        assert_eq!(Facts { hour_value: 0.0, ..facts() }.budget(), None);
    }

    #[test]
    fn what_is_spent_says_when_to_ask_and_changes_nothing_else() {
        let more = Facts { spent: Spent { minutes: 19 * 60, sums: vec![] }, ..facts() };
        assert_eq!(more.budget(), facts().budget(), "the budget does not grow with what went into it");
        assert!(more.points().is_empty());
        let used = Facts { spent: Spent { minutes: 20 * 60, sums: vec![] }, ..facts() };
        assert_eq!(used.points(), [Point::Budget { spent: 20.0, hours: 20.0 }]);
    }

    #[test]
    fn where_nothing_is_gained_as_it_stands_the_hours_are_not_the_matter() {
        let poor = Facts { worth: Some(-5_000.0), spent: Spent { minutes: 5 * 60, sums: vec![] }, ..facts() };
        assert!(poor.points().is_empty());
    }

    #[test]
    fn an_answer_holds_until_as_much_again_is_spent() {
        let mut facts = Facts { spent: Spent { minutes: 21 * 60, sums: vec![] }, ..facts() };
        facts.decisions = vec![decided(&facts)];
        assert!(facts.open().is_empty());
        facts.spent.minutes = 39 * 60;
        assert!(facts.open().is_empty());
        facts.spent.minutes = 40 * 60;
        assert_eq!(facts.open().len(), 1);
    }

    #[test]
    fn too_long_in_a_stage_is_told_by_what_such_deals_took() {
        let long = Facts { days_in_stage: 46, ..facts() };
        assert!(matches!(long.points().as_slice(), [Point::Stage { days: 46, .. }]));
        assert!(Facts { days_in_stage: 45, ..facts() }.points().is_empty(), "a little longer is nothing");
        let unknown = Facts { stay: Some(Stay { count: 7, ..facts().stay.unwrap() }), ..long };
        assert!(unknown.points().is_empty(), "seven stays are too few to speak of");
        let whole = Facts { days_open: 181, ..unknown };
        assert!(matches!(whole.points().as_slice(), [Point::Course { days: 181, .. }]));
    }

    #[test]
    fn a_late_promise_asks_once_for_each_promise() {
        let late = |id, due: &str| Late {
            promise: uuid::Uuid::from_u128(id),
            title: "Send the plan".into(),
            due_on: due.parse().unwrap(),
        };
        let mut facts = Facts { late: vec![late(1, "2026-11-20")], ..facts() };
        facts.decisions = vec![decided(&facts)];
        assert!(facts.open().is_empty());
        facts.late.push(late(2, "2026-11-21"));
        assert!(matches!(facts.open().as_slice(), [Point::Promise(late)] if late.len() == 2));
        let today = Facts { late: vec![late(1, "2026-11-22")], decisions: vec![], ..facts };
        assert!(today.points().is_empty(), "what is due today is not late");
    }

    #[test]
    fn what_changed_since_the_last_decision_is_asked_about() {
        let mut facts = facts();
        facts.decisions = vec![decided(&facts)];
        facts.worth = Some(2_000.0);
        assert!(facts.open().is_empty(), "a third less is within what estimates do");
        facts.worth = Some(1_400.0);
        assert_eq!(facts.open(), [Point::Worth { then: 3_000.0, now: 1_400.0 }]);
        facts.verdict = Some("walk_away".into());
        assert!(matches!(facts.open().as_slice(), [Point::Verdict { .. }]));
        let again = decided(&facts);
        facts.decisions.insert(0, Kept { id: Id::of(uuid::Uuid::from_u128(10)), ..again });
        assert!(facts.open().is_empty());
    }

    #[test]
    fn what_is_agreed_or_ended_is_not_asked_about() {
        let used = Facts { spent: Spent { minutes: 90 * 60, sums: vec![] }, ..facts() };
        assert_eq!(used.points().len(), 1);
        assert!(Facts { phase: Phase::Deliver, ..used.clone() }.points().is_empty());
        assert!(Facts { standing: Standing::Paused, ..used }.points().is_empty());
    }
}
