//! The question and the answer. Pure.

use crate::base::{Date, Range};
use engine::Estimate;
use engine::promise::Model;
use engine::timeline::{Committed, Input, Request, Timeline};

/// What a task may take of which nobody said it, in hours.
const UNSAID: [f64; 3] = [0.25, 0.5, 2.0];
/// How far a number may be off that stands alone, while nobody wrote down what work took.
const ALONE: [f64; 3] = [0.8, 1.0, 1.6];

/// What somebody asks.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The hours of work.
    pub hours: Range,
    /// The day that is wished.
    pub wished: Option<Date>,
}

/// What kind of work: for which product, and by whom.
#[derive(Debug, Clone, Default)]
pub(super) struct Work {
    pub(super) product: String,
    pub(super) by: String,
}

/// Work that is promised already.
#[derive(Debug, Clone)]
pub(super) struct Promised {
    pub(super) title: String,
    pub(super) work: Work,
    pub(super) hours: Option<Range>,
    pub(super) due_on: Date,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Told {
    /// The hours it takes: once in ten less, as often as not, four times in five no more, nine times in ten no more.
    pub hours: [f64; 4],
    /// Which tasks that comes from, and how many there are; none while too few are known.
    pub class: Option<(String, usize)>,
    /// The hours a week of whoever does it.
    pub capacity: f64,
    /// How many promises already made were weighed, and of how many nobody said what they take.
    pub promised: usize,
    /// Of how many of them nobody said what they take.
    pub unsaid: usize,
    /// What the engine says.
    pub timeline: Timeline,
}

/// What hours mean, by what became of such estimates.
pub(super) fn meant(
    hours: Range,
    work: &Work,
    model: Option<&Model>,
) -> (Estimate, [f64; 4], Option<(String, usize)>) {
    let promise = model.and_then(|model| model.promise(hours.likely(), &[&work.product, &work.by]));
    let (range, p80, class) = match promise {
        Some(promise) => {
            ([promise.p10, promise.p50, promise.p90], promise.p80, Some((words(&promise.class), promise.n)))
        }
        None if hours.low() < hours.high() => {
            let estimate = hours.estimate();
            ([hours.low(), hours.likely(), hours.high()], estimate.quantile(0.8), None)
        }
        None => {
            let range = ALONE.map(|times| times * hours.likely());
            (range, hours.times(1.0).likely() * 1.4, None)
        }
    };
    let [low, likely, high] = range;
    let estimate = Estimate::range(low, likely, high).unwrap_or(Estimate::exactly(likely));
    (estimate, [low, likely, p80, high], class)
}

/// The engine's words for a class in ours.
fn words(class: &str) -> String {
    match class {
        "all" => "all tasks that are done".to_owned(),
        class => class
            .replace("work = ", "work for ")
            .replace("by = ", "by ")
            .replace("hours above", "of more than"),
    }
}

/// The question for the engine.
pub(super) fn question(
    asked: Asked,
    work: &Work,
    promised: &[Promised],
    capacity: f64,
    start: engine::date::Date,
    day: impl Fn(Date) -> Option<engine::date::Date>,
    model: Option<&Model>,
) -> (Input, [f64; 4], Option<(String, usize)>) {
    let (estimate, hours, class) = meant(asked.hours, work, model);
    let request = Request { name: "this".into(), hours: estimate, wished: asked.wished.and_then(&day) };
    let committed = committed(promised, &day, model);
    (input(start, capacity, committed, Some(request)), hours, class)
}

fn committed(
    promised: &[Promised],
    day: &impl Fn(Date) -> Option<engine::date::Date>,
    model: Option<&Model>,
) -> Vec<Committed> {
    let unsaid = Estimate::range(UNSAID[0], UNSAID[1], UNSAID[2]).unwrap_or(Estimate::ZERO);
    let one = |it: &Promised| {
        let hours = it.hours.map_or(unsaid, |hours| meant(hours, &it.work, model).0);
        Some(Committed { name: it.title.clone(), hours, due: day(it.due_on)? })
    };
    promised.iter().filter_map(one).collect()
}

fn input(
    start: engine::date::Date,
    capacity: f64,
    committed: Vec<Committed>,
    request: Option<Request>,
) -> Input {
    Input { start, capacity, exceptions: Vec::new(), committed, request, samples: 4_096, seed: 1 }
}

/// What the engine calls the promise asked about at a place: no title of anybody is like it.
pub(super) fn name(n: usize) -> String {
    format!("\u{1}{n}")
}

/// The question about several promises made together.
pub(super) fn together(
    asked: &[(Range, Date)],
    work: &Work,
    promised: &[Promised],
    capacity: f64,
    start: engine::date::Date,
    day: impl Fn(Date) -> Option<engine::date::Date>,
    model: Option<&Model>,
) -> Input {
    let mut all = committed(promised, &day, model);
    all.extend(asked.iter().enumerate().filter_map(|(n, (hours, due))| {
        Some(Committed { name: name(n), hours: meant(*hours, work, model).0, due: day(*due)? })
    }));
    input(start, capacity, all, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_alone_is_taken_as_sure_by_nobody() {
        let (estimate, [low, likely, p80, high], class) = meant(Range::exactly(10.0), &Work::default(), None);
        assert!(estimate.is_uncertain() && class.is_none());
        assert!(low < likely && likely < p80 && p80 < high);
    }

    #[test]
    fn what_such_work_took_before_decides_what_hours_mean() {
        let mut table = "work,by,hours,took,done\n".to_owned();
        for n in 0..60 {
            let (work, took) = if n % 2 == 0 { ("Shop", 20.0) } else { ("School", 10.0) };
            table.push_str(&format!("{work},Ada,10,{},2026-01-{:02}\n", took + f64::from(n % 5), n % 28 + 1));
        }
        let options = engine::promise::FitOptions {
            estimate: "hours".into(),
            actual: "took".into(),
            class: vec!["work".into(), "by".into()],
            ..engine::promise::FitOptions::default()
        };
        let model = engine::promise::fit(table.as_bytes(), &options).unwrap();
        let of = |product: &str| Work { product: product.into(), by: "Ada".into() };
        let (_, shop, class) = meant(Range::exactly(10.0), &of("Shop"), Some(&model));
        assert!(shop[1] >= 20.0, "{shop:?}");
        let (class, n) = class.unwrap();
        assert!(class.starts_with("work for Shop, by Ada") && n == 30, "{class}");
        let (_, _, class) = meant(Range::exactly(10.0), &of("Night routes"), Some(&model));
        let (class, n) = class.unwrap();
        assert!(n == 60 && class.starts_with("of more than"), "widened to all of that size: {class}, {n}");
    }
}
