//! When can we really deliver? Which date may be offered without breaking a promise already made.
//!
//! Work is done in order of due dates, which keeps all promises if any order can (Jackson, 1955; Horn, 1974), at the
//! pace of the weekly capacity, spread evenly over Monday to Friday. Hours are sampled; a promise is kept if its work and
//! all work due before it fit into the capacity up to the end of its day. Invariant: more capacity never makes a date
//! later. Serves P12; `docs/method/timeline.md` has an example by hand.

#![expect(
    clippy::indexing_slicing,
    reason = "a numeric kernel: samples and places in the order are counted by construction"
)]

use crate::date::Date;
use crate::random::Random;
use crate::{Error, Estimate};
use serde::{Deserialize, Serialize};

/// The most promises already made that are weighed.
const COMMITTED_MAX: usize = 1_000;
const SAMPLES_MAX: usize = 65_536;
const SAMPLES_MIN: usize = 100;
/// Samples times promises: what is kept in memory at once.
const CELLS_MAX: usize = 20_000_000;
/// How far ahead is looked.
const WEEKS_MAX: i32 = 520;
/// How much less likely a promise already made may become.
const TOLERANCE: f64 = 0.01;
/// How sure a date must be to be promised.
const SURE: f64 = 0.8;

/// The document that [`timeline`] answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The first day on which work is done.
    pub start: Date,
    /// Hours of work a week.
    pub capacity: f64,
    /// Weeks with other hours.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
    /// Promises already made.
    #[serde(default)]
    pub committed: Vec<Committed>,
    /// What is asked for now.
    #[serde(default)]
    pub request: Option<Request>,
    /// How many futures are drawn.
    #[serde(default = "samples")]
    pub samples: usize,
    /// Where the draws start.
    #[serde(default = "seed")]
    pub seed: u64,
}

fn samples() -> usize {
    4_096
}

fn seed() -> u64 {
    1
}

/// A week with hours of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Any day of the week.
    pub week: Date,
    /// Its hours of work.
    pub hours: f64,
}

/// Work already promised.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Committed {
    /// What it is.
    pub name: String,
    /// Hours that remain.
    pub hours: Estimate,
    /// The day by whose end it is promised.
    pub due: Date,
}

/// Work asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// What it is.
    #[serde(default = "request_name")]
    pub name: String,
    /// Hours it takes.
    pub hours: Estimate,
    /// The day by whose end it is wished.
    #[serde(default)]
    pub wished: Option<Date>,
}

fn request_name() -> String {
    "request".into()
}

/// The answer of [`timeline`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Timeline {
    /// Promises already made, in the order given.
    pub committed: Vec<Kept>,
    /// What may be said of the request; null without one.
    pub request: Option<Offer>,
    /// How many futures were drawn.
    pub samples: usize,
    /// Where the draws started.
    pub seed: u64,
}

/// How likely a promise already made is kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kept {
    /// What it is.
    pub name: String,
    /// Its day.
    pub due: Date,
    /// Chance that it is kept without the request.
    pub without: f64,
    /// Chance that it is kept if the request is promised for its wished date (without one: for its P80 date); null where
    /// there is no request, or no such date.
    pub with: Option<f64>,
}

/// What may be said of the request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Offer {
    /// What it is.
    pub name: String,
    /// The wished date.
    pub wished: Option<Date>,
    /// Chance that it is done by the wished date, were that promised.
    pub kept: Option<f64>,
    /// The earliest dates that keep every promise already made.
    pub earliest: Earliest,
    /// Where the wished date misses P80: the share of the work that fits by it; null where the date can be promised or
    /// none is wished.
    pub share_that_fits: Option<f64>,
    /// Promises already made before which there is no room.
    pub waits_for: Vec<String>,
}

/// The earliest dates kept so often; null where there is none within ten years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Earliest {
    /// Half of the time.
    pub p50: Option<Date>,
    /// Four times in five.
    pub p80: Option<Date>,
    /// Nine times in ten.
    pub p90: Option<Date>,
}

/// Answers when the request can be delivered, and what it does to the promises already made.
///
/// # Errors
/// A capacity below zero or not finite, two exceptions for one week, or a number out of its limits.
pub fn timeline(input: &Input) -> Result<Timeline, Error> {
    check(input)?;
    let calendar = Calendar::of(input)?;
    let work = Work::draw(input);
    let places: Vec<Place> = work
        .order
        .iter()
        .enumerate()
        .map(|(at, &which)| Place::of(&work, at, calendar.until(input.committed[which].due)))
        .collect();
    let mut committed: Vec<Kept> = input
        .committed
        .iter()
        .map(|promise| Kept { name: promise.name.clone(), due: promise.due, without: 0.0, with: None })
        .collect();
    for (place, &which) in places.iter().zip(&work.order) {
        committed[which].without = place.kept();
    }
    let request = input.request.as_ref().map(|request| {
        let plan = Plan { input, calendar: &calendar, work: &work, places: &places };
        let (offer, promised) = plan.offer(request);
        if let Some(day) = promised {
            for (at, &which) in work.order.iter().enumerate() {
                let behind = input.committed[which].due > day;
                committed[which].with =
                    Some(if behind { plan.kept_behind(at, 1.0) } else { places[at].kept() });
            }
        }
        offer
    });
    Ok(Timeline { committed, request, samples: input.samples, seed: input.seed })
}

fn check(input: &Input) -> Result<(), Error> {
    let hours = |place: String, hours: f64| {
        if hours.is_finite() && (0.0..=1e6).contains(&hours) {
            Ok(())
        } else {
            Err(Error::at(place, format!("hours of a week lie between 0 and 1000000, not {hours}")))
        }
    };
    hours("capacity".into(), input.capacity)?;
    for (at, exception) in input.exceptions.iter().enumerate() {
        hours(format!("exceptions[{at}].hours"), exception.hours)?;
        if input.exceptions.iter().take(at).any(|other| other.week.monday() == exception.week.monday()) {
            return Err(Error::at(
                format!("exceptions[{at}].week"),
                format!("the week of {} has two exceptions", exception.week),
            ));
        }
    }
    if input.exceptions.len() > WEEKS_MAX as usize {
        return Err(Error::at(
            "exceptions",
            format!("at most {WEEKS_MAX} weeks can have hours of their own"),
        ));
    }
    if input.committed.len() > COMMITTED_MAX {
        return Err(Error::at(
            "committed",
            format!("at most {COMMITTED_MAX} promises can be weighed, not {}", input.committed.len()),
        ));
    }
    if !(SAMPLES_MIN..=SAMPLES_MAX).contains(&input.samples) {
        return Err(Error::at(
            "samples",
            format!("samples lie between {SAMPLES_MIN} and {SAMPLES_MAX}, not {}", input.samples),
        ));
    }
    if input.samples * (input.committed.len() + 1) > CELLS_MAX {
        return Err(Error::at(
            "samples",
            format!("samples times promises must stay below {CELLS_MAX}: draw fewer"),
        ));
    }
    Ok(())
}

/// Hours of capacity from the start up to the end of each day.
struct Calendar {
    start: Date,
    hours: Vec<f64>,
}

impl Calendar {
    fn of(input: &Input) -> Result<Self, Error> {
        if !(-700_000..2_800_000).contains(&input.start.days()) {
            return Err(Error::at("start", "the day lies too far from today"));
        }
        let mut hours = Vec::with_capacity(7 * WEEKS_MAX as usize);
        let mut sum = 0.0;
        let mut week = input.capacity;
        for ahead in 0..7 * WEEKS_MAX {
            let day = input.start.plus(ahead);
            if ahead == 0 || day.weekday() == 0 {
                let own = input.exceptions.iter().find(|exception| exception.week.monday() == day.monday());
                week = own.map_or(input.capacity, |exception| exception.hours);
            }
            if day.weekday() < 5 {
                sum += week / 5.0;
            }
            hours.push(sum);
        }
        Ok(Self { start: input.start, hours })
    }

    fn until(&self, day: Date) -> f64 {
        let ahead = usize::try_from(day.since(self.start));
        ahead.map_or(0.0, |ahead| self.hours[ahead.min(self.hours.len() - 1)])
    }

    /// The first day by whose end so many hours are there, and how many whole days that is ahead.
    fn day_of(&self, hours: f64) -> Option<Date> {
        // A hair is forgiven: a week of 40 hours in fifths adds up to 40 only nearly.
        let ahead = self.hours.partition_point(|sum| *sum < hours - 1e-9 * hours.max(1.0));
        (ahead < self.hours.len()).then(|| self.start.plus(i32::try_from(ahead).unwrap_or(i32::MAX)))
    }
}

/// Hours drawn for every promise and the request, and their sums in order of due dates.
struct Work {
    /// Positions in the document, by due date.
    order: Vec<usize>,
    /// For each place in the order, the hours of all work up to it, per sample.
    sums: Vec<Vec<f64>>,
    /// Hours of the request, per sample.
    request: Vec<f64>,
}

impl Work {
    fn draw(input: &Input) -> Self {
        let mut order: Vec<usize> = (0..input.committed.len()).collect();
        order.sort_by_key(|&which| input.committed[which].due);
        // Every promise has a stream of its own, drawn in the order of the document.
        let drawn: Vec<Vec<f64>> = input
            .committed
            .iter()
            .zip(1..)
            .map(|(promise, stream)| hours(promise.hours, input, stream))
            .collect();
        let mut sum = vec![0.0; input.samples];
        let sums = order
            .iter()
            .map(|&which| {
                sum.iter_mut().zip(&drawn[which]).for_each(|(sum, hours)| *sum += hours);
                sum.clone()
            })
            .collect();
        let request = input
            .request
            .as_ref()
            .map_or_else(|| vec![0.0; input.samples], |request| hours(request.hours, input, 0));
        Self { order, sums, request }
    }

    /// Hours of all work before the place and a share of the request.
    fn with_request(&self, places_before: usize, share: f64) -> Vec<f64> {
        match places_before.checked_sub(1) {
            Some(last) => {
                self.sums[last].iter().zip(&self.request).map(|(sum, hours)| sum + share * hours).collect()
            }
            None => self.request.iter().map(|hours| share * hours).collect(),
        }
    }
}

/// One draw from each of equally likely slices, in random order (a Latin hypercube: McKay and others, 1979).
fn hours(estimate: Estimate, input: &Input, stream: u64) -> Vec<f64> {
    if !estimate.is_uncertain() {
        return vec![estimate.likely().max(0.0); input.samples];
    }
    let mut random = Random::seeded(input.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(stream));
    let slices = input.samples as f64;
    let mut drawn: Vec<f64> = (0..input.samples)
        .map(|slice| estimate.quantile((slice as f64 + random.uniform()) / slices).max(0.0))
        .collect();
    random.shuffle(&mut drawn);
    drawn
}

/// A promise in its place in the order.
struct Place {
    /// Capacity up to its day.
    capacity: f64,
    /// Hours of all work up to it, sorted.
    sorted: Vec<f64>,
}

impl Place {
    fn of(work: &Work, at: usize, capacity: f64) -> Self {
        let mut sorted = work.sums[at].clone();
        sorted.sort_by(f64::total_cmp);
        Self { capacity, sorted }
    }

    fn kept(&self) -> f64 {
        below(&self.sorted, self.capacity)
    }
}

/// The share of sorted hours that fit into a capacity, a hair forgiven.
fn below(sorted: &[f64], capacity: f64) -> f64 {
    let limit = capacity + 1e-9 * capacity.max(1.0);
    sorted.partition_point(|hours| *hours <= limit) as f64 / sorted.len() as f64
}

struct Plan<'p> {
    input: &'p Input,
    calendar: &'p Calendar,
    work: &'p Work,
    places: &'p [Place],
}

impl Plan<'_> {
    /// The answer, and the day whose effect on the other promises is told.
    fn offer(&self, request: &Request) -> (Offer, Option<Date>) {
        let blocked: Vec<bool> = (0..self.places.len()).map(|at| !self.may_wait(at, 1.0)).collect();
        let places_free = blocked.iter().rposition(|blocked| *blocked).map_or(0, |last| last + 1);
        let due = |at: usize| self.input.committed[self.work.order[at]].due;
        // Before one of two promises of the same day there is no place of its own: the later ones count.
        let earliest = |share: f64| self.earliest(places_free, share);
        let earliest = Earliest { p50: earliest(0.5), p80: earliest(SURE), p90: earliest(0.9) };
        let kept = request.wished.map(|wished| self.done_by(wished, 1.0));
        let misses = request.wished.is_some_and(|wished| earliest.p80.is_none_or(|day| day > wished));
        let share_that_fits = request.wished.filter(|_| misses).map(|wished| self.share_that_fits(wished));
        let mut waits_for: Vec<(Date, String)> = blocked
            .iter()
            .enumerate()
            .filter(|(_, blocked)| **blocked)
            .map(|(at, _)| (due(at), self.input.committed[self.work.order[at]].name.clone()))
            .collect();
        waits_for.sort();
        let offer = Offer {
            name: request.name.clone(),
            wished: request.wished,
            kept,
            earliest,
            share_that_fits,
            waits_for: waits_for.into_iter().map(|(_, name)| name).collect(),
        };
        (offer, request.wished.or(earliest.p80))
    }

    /// The earliest day, behind so many promises, by which the request is done so often.
    fn earliest(&self, places_free: usize, share: f64) -> Option<Date> {
        let due = |at: usize| self.input.committed[self.work.order[at]].due;
        for before in places_free..=self.places.len() {
            // Promises due on the same day come first.
            if before > 0 && before < self.places.len() && due(before) == due(before - 1) {
                continue;
            }
            let mut hours = self.work.with_request(before, 1.0);
            hours.sort_by(f64::total_cmp);
            let needed = libm::ceil(share * hours.len() as f64 - 1e-9) as usize;
            let Some(day) = self.calendar.day_of(hours[needed.max(1) - 1]) else { continue };
            let from = before.checked_sub(1).map_or(self.input.start, due).max(self.input.start);
            let day = day.max(from);
            if before == self.places.len() || day < due(before) {
                return Some(day);
            }
        }
        None
    }

    /// How many promises come before a request due on that day.
    fn places_before(&self, day: Date) -> usize {
        self.work.order.partition_point(|&which| self.input.committed[which].due <= day)
    }

    fn done_by(&self, day: Date, share: f64) -> f64 {
        let mut hours = self.work.with_request(self.places_before(day), share);
        hours.sort_by(f64::total_cmp);
        below(&hours, self.calendar.until(day))
    }

    /// The chance that a promise is kept with a share of the request before it.
    fn kept_behind(&self, at: usize, share: f64) -> f64 {
        let mut hours = self.work.with_request(at + 1, share);
        hours.sort_by(f64::total_cmp);
        below(&hours, self.places[at].capacity)
    }

    /// Whether a share of the request may go before a promise: it stays as likely, within a point, at its capacity and at
    /// any greater one. Without the latter a promise that is already lost would be free to be pushed aside, and more
    /// capacity, by making it worth keeping again, could make a date later.
    fn may_wait(&self, at: usize, share: f64) -> bool {
        let place = &self.places[at];
        let mut delayed = self.work.with_request(at + 1, share);
        delayed.sort_by(f64::total_cmp);
        let harm = |capacity: f64| below(&place.sorted, capacity) - below(&delayed, capacity);
        let first = place.sorted.partition_point(|hours| *hours <= place.capacity);
        let most = place.sorted[first..]
            .iter()
            .fold(harm(place.capacity), |most, &capacity| most.max(harm(capacity)));
        most <= TOLERANCE + 1e-12
    }

    /// The greatest share of the request that can be promised for a day.
    fn share_that_fits(&self, day: Date) -> f64 {
        let before = self.places_before(day);
        let fits = |share: f64| {
            self.done_by(day, share) >= SURE - 1e-12
                && (before..self.places.len()).all(|at| self.may_wait(at, share))
        };
        if !fits(0.0) {
            return 0.0;
        }
        let (mut fitting, mut too_much) = (0_u32, 1_000_u32);
        if fits(1.0) {
            return 1.0;
        }
        while too_much - fitting > 1 {
            let middle = u32::midpoint(fitting, too_much);
            if fits(f64::from(middle) / 1_000.0) { fitting = middle } else { too_much = middle }
        }
        f64::from(fitting) / 1_000.0
    }
}

impl Timeline {
    /// The answer in a few lines a seller understands.
    pub fn report(&self) -> String {
        use std::fmt::Write as _;
        let mut text = String::new();
        let percent = |share: f64| format!("{:.0}%", share * 100.0);
        if let Some(request) = &self.request {
            let day =
                |day: Option<Date>| day.map_or_else(|| "not within ten years".into(), |day| day.to_string());
            let _ = writeln!(
                text,
                "The earliest dates for {} that keep every promise already made: {} (kept half of the time), {} (four times in five), {} (nine times in ten).",
                request.name,
                day(request.earliest.p50),
                day(request.earliest.p80),
                day(request.earliest.p90)
            );
            if let (Some(wished), Some(kept)) = (request.wished, request.kept) {
                let _ = writeln!(
                    text,
                    "By the wished {wished} it would be done with a chance of {}.",
                    percent(kept)
                );
            }
            if let Some(share) = request.share_that_fits {
                let _ = writeln!(text, "{} of the work can be promised by then.", percent(share));
            }
            if !request.waits_for.is_empty() {
                let _ = writeln!(text, "It has to wait for: {}.", request.waits_for.join(", "));
            }
        }
        if !self.committed.is_empty() {
            let _ = writeln!(text, "Promises already made, and the chance that they are kept:");
        }
        for kept in &self.committed {
            let with =
                kept.with.map_or_else(String::new, |with| format!(", {} with the request", percent(with)));
            let _ = writeln!(text, "  {} by {}: {}{with}", kept.name, kept.due, percent(kept.without));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answer(json: &str) -> Timeline {
        timeline(&crate::read(json.as_bytes()).unwrap()).unwrap()
    }

    fn day(text: &str) -> Option<Date> {
        Date::iso(text)
    }

    /// 40 hours a week from Monday 5 January 2026. A takes 40 hours by Friday 16 January (80 hours of capacity), B 30
    /// hours by Friday 23 January (120). 40 hours are free before A's day, 50 before B's.
    #[test]
    fn the_date_by_hand() {
        let world = r#"{"start": "2026-01-05", "capacity": 40,
            "committed": [{"name": "B", "hours": 30, "due": "2026-01-23"}, {"name": "A", "hours": 40, "due": "2026-01-16"}],
            "request": {"hours": HOURS, "wished": "2026-01-09"}}"#;
        // 20 hours fit before both: done on the third day (24 hours).
        let told = answer(&world.replace("HOURS", "20"));
        let offer = told.request.unwrap();
        assert_eq!(
            offer.earliest,
            Earliest { p50: day("2026-01-07"), p80: day("2026-01-07"), p90: day("2026-01-07") }
        );
        assert_eq!((offer.kept, offer.share_that_fits, offer.waits_for.len()), (Some(1.0), None, 0));
        assert!(told.committed.iter().all(|kept| kept.without == 1.0 && kept.with == Some(1.0)));
        // 45 hours would break A but not B: after A, at 85 hours: the first day past 80, Monday 19 January.
        let told = answer(&world.replace("HOURS", "45"));
        let offer = told.request.unwrap();
        assert_eq!(offer.earliest.p80, day("2026-01-19"));
        assert_eq!(offer.waits_for, ["A"]);
        assert_eq!(
            (offer.kept, told.committed[1].with, told.committed[0].with),
            (Some(0.0), Some(0.0), Some(1.0))
        );
        // 40 of the 45 hours fit by 9 January.
        assert_eq!(offer.share_that_fits, Some(0.888));
        // 60 hours wait for both: 40 + 30 + 60 = 130, on the second day of the fourth week.
        let offer = answer(&world.replace("HOURS", "60")).request.unwrap();
        assert_eq!(
            (offer.earliest.p80, offer.waits_for),
            (day("2026-01-27"), vec!["A".to_owned(), "B".to_owned()])
        );
    }

    #[test]
    fn an_uncertain_request_alone_ends_at_its_percentiles() {
        let told = answer(
            r#"{"start": "2026-01-05", "capacity": 35, "request": {"hours": {"low": 20, "likely": 40, "high": 70}}}"#,
        );
        let offer = told.request.unwrap();
        // Seven hours a day: 40 hours on the 6th working day, P80 = 40 + 30·0.8416/1.2816 = 59.7 on the 9th, 70 on the 10th.
        assert_eq!(
            offer.earliest,
            Earliest { p50: day("2026-01-12"), p80: day("2026-01-15"), p90: day("2026-01-16") }
        );
    }

    #[test]
    fn a_week_off_moves_the_date_and_no_capacity_gives_none() {
        let world = r#"{"start": "2026-01-07", "capacity": 40, "exceptions": [{"week": "2026-01-14", "hours": 0}], "request": {"hours": 32}}"#;
        // Wednesday to Friday give 24 hours, the next week none, then Monday.
        assert_eq!(answer(world).request.unwrap().earliest.p50, day("2026-01-19"));
        let none = answer(
            r#"{"start": "2026-01-07", "capacity": 0, "request": {"hours": 1, "wished": "2026-02-01"}}"#,
        )
        .request
        .unwrap();
        assert_eq!((none.earliest.p50, none.share_that_fits), (None, Some(0.0)));
    }

    #[test]
    fn without_a_request_promises_are_weighed_alone() {
        let told = answer(
            r#"{"start": "2026-01-05", "capacity": 10, "committed": [{"name": "A", "hours": {"low": 5, "likely": 10, "high": 15}, "due": "2026-01-11"}]}"#,
        );
        assert!((told.committed[0].without - 0.5).abs() < 0.001 && told.committed[0].with.is_none());
        assert!(told.report().contains("A by 2026-01-11: 50%"));
    }

    #[test]
    fn bad_input_is_named() {
        for (json, words) in [
            (r#"{"start": "2026-01-05"}"#, "missing field `capacity`"),
            (r#"{"start": "soon", "capacity": 1}"#, "start: `soon` is not a day"),
            (r#"{"start": "2026-01-05", "capacity": 1, "speed": 2}"#, "unknown field `speed`"),
            (r#"{"start": "2026-01-05", "capacity": -1}"#, "capacity: hours of a week"),
            (r#"{"start": "2026-01-05", "capacity": 1, "samples": 1}"#, "samples: samples lie between"),
            (
                r#"{"start": "2026-01-05", "capacity": 1, "exceptions": [{"week": "2026-01-05", "hours": 1}, {"week": "2026-01-06", "hours": 1}]}"#,
                "exceptions[1].week: the week of 2026-01-06 has two",
            ),
            (
                r#"{"start": "2026-01-05", "capacity": 1, "committed": [{"name": "A", "hours": {"low": 3, "likely": 1, "high": 2}, "due": "2026-01-05"}]}"#,
                "committed[0].hours: ",
            ),
        ] {
            let error = crate::read::<Input>(json.as_bytes())
                .and_then(|input| timeline(&input))
                .unwrap_err()
                .to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    fn work() -> impl Strategy<Value = Estimate> {
        (0.0..60.0, 0.0..30.0, 0.0..60.0)
            .prop_map(|(low, up, more)| Estimate::range(low, low + up, low + up + more).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn more_capacity_never_makes_a_date_later(
            capacity in 0.0..60.0, more in 0.0..40.0, off in 0..8, off_hours in 0.0..40.0,
            committed in proptest::collection::vec((work(), 0..40), 0..5), hours in work(), wished in 0..40,
        ) {
            let start = Date::of(2026, 1, 5).unwrap();
            let mut input = Input {
                start, capacity, samples: 200, seed: 3,
                exceptions: vec![Exception { week: start.plus(7 * off), hours: off_hours }],
                committed: committed.into_iter().map(|(hours, due)| Committed { name: "A".into(), hours, due: start.plus(due) }).collect(),
                request: Some(Request { name: "R".into(), hours, wished: Some(start.plus(wished)) }),
            };
            let before = timeline(&input).unwrap();
            input.capacity += more;
            input.exceptions[0].hours += more / 2.0;
            let after = timeline(&input).unwrap();
            let (offer, better) = (before.request.unwrap(), after.request.unwrap());
            for (a, b) in [(offer.earliest.p50, better.earliest.p50), (offer.earliest.p80, better.earliest.p80), (offer.earliest.p90, better.earliest.p90)] {
                if let Some(a) = a {
                    prop_assert!(b.is_some_and(|b| b <= a), "{a:?} became {b:?}");
                }
            }
            prop_assert!(better.kept >= offer.kept);
            prop_assert!(offer.earliest.p50 <= offer.earliest.p80 || offer.earliest.p80.is_none());
            if let (Some(a), Some(b)) = (offer.share_that_fits, better.share_that_fits) {
                prop_assert!(b >= a);
            }
            for (a, b) in before.committed.iter().zip(&after.committed) {
                prop_assert!(b.without >= a.without);
            }
            // Promised for its P80 date, the request harms nobody.
            if let Some(day) = better.earliest.p80 {
                input.request = Some(Request { name: "R".into(), hours, wished: Some(day) });
                let there = timeline(&input).unwrap();
                prop_assert!(there.request.unwrap().kept.unwrap() >= 0.8 - 1e-9);
                for kept in &there.committed {
                    prop_assert!(kept.with.unwrap() >= kept.without - 0.01 - 1e-9, "{kept:?}");
                }
            }
        }
    }
}
