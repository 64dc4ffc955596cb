//! How deals end as they age: competing risks, open deals censored.
//!
//! Aalen–Johansen: with `n` deals open just before age `t`, of which `w` are won and `l` lost at `t`, the share still
//! open falls by the factor `1 − (w + l)/n`, and the share won so far rises by `S(t−)·w/n` (Aalen and Johansen, 1978).

use super::cases::{Cases, Outcome};
use super::logistic;
use crate::Error;
use crate::date::Date;
use serde::{Deserialize, Serialize};

/// What becomes of deals, by their age in days; one entry for each age at which some deal ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ages {
    /// Deals that were followed, and how many of them were won, and lost, while followed.
    pub n: usize,
    /// Of them won.
    pub n_won: usize,
    /// Of them lost.
    pub n_lost: usize,
    /// Ages in days, rising.
    pub days: Vec<u32>,
    /// Deals still followed just before that age.
    pub at_risk: Vec<u32>,
    /// Share still open after that age.
    pub open: Vec<f32>,
    /// Share won up to that age.
    pub won: Vec<f32>,
    /// Share lost up to that age.
    pub lost: Vec<f32>,
}

/// How one deal was followed: to which age, and what happened then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It was won.
    Won,
    /// It was lost.
    Lost,
    /// It was still open when last seen.
    Open,
}

impl Ages {
    /// The estimate from deals followed to some age; none without any that ended.
    pub fn of(followed: &[(u32, Ending)]) -> Option<Self> {
        let mut sorted: Vec<(u32, Ending, f64)> =
            followed.iter().map(|&(age, ending)| (age, ending, 1.0)).collect();
        sorted.sort_by_key(|(age, ..)| *age);
        Self::of_sorted(&sorted)
    }

    /// The same from deals in order of age, each counted so many times.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts fit, shares keep seven digits"
    )]
    pub(super) fn of_sorted(sorted: &[(u32, Ending, f64)]) -> Option<Self> {
        let count = |of: Ending| {
            sorted.iter().filter(|(_, ending, _)| *ending == of).map(|(.., times)| times).sum::<f64>()
                as usize
        };
        let mut at_risk: f64 = sorted.iter().map(|(.., times)| times).sum();
        let (n_won, n_lost) = (count(Ending::Won), count(Ending::Lost));
        let mut ages = Self {
            n: at_risk as usize,
            n_won,
            n_lost,
            days: vec![],
            at_risk: vec![],
            open: vec![],
            won: vec![],
            lost: vec![],
        };
        let (mut open, mut won, mut lost) = (1.0, 0.0, 0.0);
        for same in sorted.chunk_by(|a, b| a.0 == b.0) {
            let at = |of: Ending| {
                same.iter().filter(|(_, ending, _)| *ending == of).map(|(.., times)| times).sum::<f64>()
            };
            let (w, l) = (at(Ending::Won), at(Ending::Lost));
            if w + l > 0.0 {
                won += open * w / at_risk;
                lost += open * l / at_risk;
                open *= 1.0 - (w + l) / at_risk;
                ages.days.push(same.first().map_or(0, |first| first.0));
                ages.at_risk.push(at_risk as u32);
                ages.open.push(open as f32);
                ages.won.push(won as f32);
                ages.lost.push(lost as f32);
            }
            at_risk -= same.iter().map(|(.., times)| times).sum::<f64>();
        }
        (!ages.days.is_empty()).then_some(ages)
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        let n = self.days.len();
        let rising = self.days.is_sorted();
        let shares = [&self.open, &self.won, &self.lost];
        if n == 0
            || !rising
            || self.at_risk.len() != n
            || shares
                .iter()
                .any(|share| share.len() != n || share.iter().any(|s| !(-1e-3..=1.001).contains(s)))
        {
            return Err(Error::at("ages", "the numbers do not fit together: the model is damaged"));
        }
        Ok(())
    }

    /// Shares open and won just after an age.
    fn at(&self, age: u32) -> (f64, f64) {
        let passed = self.days.partition_point(|day| *day <= age);
        let last = |shares: &[f32], none: f64| {
            passed.checked_sub(1).and_then(|at| shares.get(at)).map_or(none, |share| f64::from(*share))
        };
        (last(&self.open, 1.0), last(&self.won, 0.0))
    }

    /// The greatest age at which a deal was seen to end.
    pub fn last_day(&self) -> u32 {
        self.days.last().copied().unwrap_or(0)
    }

    /// The chance that a deal still open at `age` days is won in the end (as far as deals were followed): `(W(∞) −
    /// W(age)) / S(age)`, its log odds moved by `shift` for what else is known of the deal. None where no deal was
    /// followed so long.
    pub fn won_if_open(&self, age: u32, shift: f64) -> Option<f64> {
        let (open, won) = self.at(age);
        let (_, at_last) = self.at(u32::MAX);
        if age > self.last_day() || open <= 1e-6 {
            return None;
        }
        Some(shifted(((at_last - won) / open).clamp(0.0, 1.0), shift))
    }

    /// The chance that a deal still open at `age` days is won within `horizon` days.
    pub fn won_within(&self, age: u32, horizon: u32, shift: f64) -> Option<f64> {
        let ever = self.won_if_open(age, 0.0)?;
        let (open, won) = self.at(age);
        let (_, then) = self.at(age.saturating_add(horizon));
        let within = ((then - won) / open).clamp(0.0, 1.0);
        if ever <= 0.0 {
            return Some(0.0);
        }
        // What is known of the deal moves whether it is won, not how soon.
        Some(within / ever * shifted(ever, shift))
    }

    pub(super) fn report(&self) -> String {
        use std::fmt::Write as _;
        let mut text = format!(
            "Ages: {} deals followed, {} won and {} lost while followed.\n",
            self.n, self.n_won, self.n_lost
        );
        for age in [0, 30, 90, 180] {
            if let (Some(ever), Some(soon)) = (self.won_if_open(age, 0.0), self.won_within(age, 30, 0.0)) {
                let _ = writeln!(
                    text,
                    "  still open after {age:>3} days: {:.0}% are won, {:.0}% within the next 30 days.",
                    ever * 100.0,
                    soon * 100.0
                );
            }
        }
        text
    }
}

fn shifted(share: f64, shift: f64) -> f64 {
    if shift == 0.0 || share <= 0.0 || share >= 1.0 {
        share
    } else {
        logistic::share(logistic::odds(share) + shift)
    }
}

/// The deals of a table as they were followed up to a day, and sentences on those that could not be.
pub(super) fn followed(cases: &Cases, as_of: Date) -> (Vec<(u32, Ending)>, Vec<String>) {
    let (mut followed, mut undated, mut backwards) = (Vec::new(), 0, 0);
    for (row, outcome) in cases.outcomes.iter().enumerate() {
        let (until, ending) = match outcome {
            Outcome::Won => (cases.closed_on(row), Ending::Won),
            Outcome::Lost => (cases.closed_on(row), Ending::Lost),
            Outcome::Open => (Some(as_of), Ending::Open),
            Outcome::NotYet => continue,
        };
        match (cases.opened_on(row), until) {
            (Some(opened), Some(until)) => match u32::try_from(until.since(opened)) {
                Ok(age) => followed.push((age, ending)),
                Err(_) => backwards += 1,
            },
            _ => undated += 1,
        }
    }
    let mut notes = Vec::new();
    if undated > 0 {
        notes.push(format!("{undated} deals without the dates for it are not counted in the ages"));
    }
    if backwards > 0 {
        notes.push(format!(
            "{backwards} deals that ended before they were opened are not counted in the ages"
        ));
    }
    (followed, notes)
}

pub(super) fn of_cases(cases: &Cases, as_of: Option<Date>) -> (Option<Ages>, Vec<String>) {
    if cases.opened.is_none() || cases.closed.is_none() {
        return (None, vec![]);
    }
    let Some(last) = as_of.or_else(|| cases.latest()) else {
        return (None, vec!["no row has a date: ages are not known".into()]);
    };
    let (followed, mut notes) = followed(cases, last);
    if as_of.is_none() {
        notes.push(format!(
            "open deals were followed to {last}, the last day in the table: say another with --as-of"
        ));
    }
    (Ages::of(&followed), notes)
}
