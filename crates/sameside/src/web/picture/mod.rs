//! Pictures: plain numbers in, SVG with its text out. They look the same on a card, a page and a printout.
//!
//! Each is a struct that a template writes as `{{ picture }}`. Shapes stretch with the page, letters never do:
//! positions are per cents of the width, and what has to be read stands beside the shape as HTML or in unscaled
//! SVG text. Colours come by class, so that light, dark and print need nothing here. Every picture carries its
//! own text equivalent, which says the same figures in a sentence.
//!
//! How a figure is said is the caller's: `say: &dyn Fn(f64) -> String`; [`money`] makes the usual one.

mod balance;
mod bars;
mod chances;
mod columns;
mod fair_price;
mod line;
mod meter;
mod packages;
mod plan;
mod range;
mod reliability;
mod shares;
mod stack;

pub use balance::{Balance, Shape, Size, Surplus, balance};
pub use bars::{Bar, Bars, bars};
pub use chances::{Chances, chances};
pub use columns::{Column, Columns, Rod, columns};
pub use fair_price::{FairPrice, fair_price};
pub use line::{Line, line};
pub use meter::{Meter, meter};
pub use packages::{Mark, Packages, packages};
pub use plan::{PlanPicture, Stop, plan};
pub use range::{RangePicture, range};
pub use reliability::{Point, Reliability, reliability};
pub use shares::{Share, Shares, shares};
pub use stack::{Shade, Stack, StackRow, stack};

/// Whose hue a shape has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hue {
    /// The client's.
    Client,
    /// The company's: ours.
    Company,
    /// What both share.
    Mutual,
}

impl Hue {
    /// The class suffix of this hue.
    pub fn class(self) -> &'static str {
        match self {
            Hue::Client => "client",
            Hue::Company => "company",
            Hue::Mutual => "mutual",
        }
    }
}

/// Says an amount of money without its cents: `€12,300`, `−€4,300`.
pub fn money(symbol: &str) -> impl Fn(f64) -> String + '_ {
    move |amount| {
        let rounded = amount.round();
        let sign = if rounded < 0.0 { "−" } else { "" };
        format!("{sign}{symbol}{}", grouped(rounded.abs()))
    }
}

/// The same with a plus before gains: `+€12,300`.
fn signed(amount: f64, say: &dyn Fn(f64) -> String) -> String {
    if amount > 0.0 && say(amount) != say(0.0) { format!("+{}", say(amount)) } else { say(amount) }
}

/// Digits in groups of three.
fn grouped(amount: f64) -> String {
    let digits = format!("{amount:.0}");
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// From values to per cents of a picture's width.
#[derive(Debug, Clone, Copy)]
struct Scale {
    from: f64,
    to: f64,
}

impl Scale {
    /// A scale over finite bounds in order; anything else becomes a harmless one around what is known.
    fn new(from: f64, to: f64) -> Self {
        match (from.is_finite(), to.is_finite()) {
            (true, true) if from < to => Scale { from, to },
            (true, _) => Scale { from: from - 1.0, to: from + 1.0 },
            _ => Scale { from: -1.0, to: 1.0 },
        }
    }

    /// Where a value lies, in per cent of the width, never outside it.
    fn at(&self, value: f64) -> f64 {
        let share = (value - self.from) / (self.to - self.from);
        if share.is_finite() { (share * 100.0).clamp(0.0, 100.0) } else { 0.0 }
    }

    /// Round values inside the scale, at most `count_max` of them.
    fn ticks(&self, count_max: usize) -> Vec<f64> {
        let span = self.to - self.from;
        let rough = span / count_max.max(1) as f64;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .map(|times| times * power)
            .find(|step| *step >= rough)
            .unwrap_or(span);
        let first = (self.from / step).ceil();
        let fits = |tick: &f64| *tick <= self.to + step * 1e-9;
        (0..=count_max).map(|place| (first + place as f64) * step).take_while(fits).collect()
    }
}

/// A place on an axis: where it is in per cent, what is written there, and how the writing hangs on it.
#[derive(Debug, Clone)]
struct Tick {
    at: String,
    text: String,
    anchor: &'static str,
    is_zero: bool,
    /// Whether a narrow picture leaves its words out, for its neighbours' sake.
    is_between: bool,
}

impl Tick {
    fn new(scale: &Scale, value: f64, text: String) -> Self {
        let at = scale.at(value);
        let anchor = if at < 5.0 {
            "start"
        } else if at > 95.0 {
            "end"
        } else {
            "middle"
        };
        Tick { at: short(at), text, anchor, is_zero: value == 0.0, is_between: false }
    }
}

/// A coordinate with as many digits as an eye can see.
fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// Of 100 cases, how many: 0 and 100 only when it is all or none of them.
fn of_100(share: f64) -> u32 {
    if !share.is_finite() || share <= 0.0 {
        0
    } else if share >= 1.0 {
        100
    } else {
        ((share * 100.0).round() as u32).clamp(1, 99)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_said_with_its_sign_before_the_currency() {
        let say = money("€");
        assert_eq!(say(12_345.6), "€12,346");
        assert_eq!(say(-4_300.0), "−€4,300");
        assert_eq!(say(0.4), "€0");
        assert_eq!(say(-0.4), "€0");
        assert_eq!(say(1_000_000.0), "€1,000,000");
        assert_eq!(signed(5.0, &say), "+€5");
        assert_eq!(signed(0.2, &say), "€0");
    }

    #[test]
    fn ticks_are_round_inside_the_scale_and_not_too_many() {
        assert_eq!(Scale::new(-26_000.0, 61_000.0).ticks(5), [-20_000.0, 0.0, 20_000.0, 40_000.0, 60_000.0]);
        assert_eq!(Scale::new(0.0, 1.0).ticks(4), [0.0, 0.25, 0.5, 0.75, 1.0]);
        for (from, to) in [(-1.0, 1e9), (3.0, 3.1), (-7e-4, 2e-4), (-5.0, -4.0)] {
            let ticks = Scale::new(from, to).ticks(5);
            assert!((1..=6).contains(&ticks.len()), "{from} to {to}: {ticks:?}");
            assert!(ticks.iter().all(|tick| *tick >= from - 1e-9 && *tick <= to + 1e-9), "{ticks:?}");
        }
    }

    #[test]
    fn a_scale_of_nothing_still_places_its_value() {
        assert_eq!(Scale::new(5.0, 5.0).at(5.0), 50.0);
        assert_eq!(Scale::new(f64::NAN, f64::INFINITY).at(0.0), 50.0);
        assert_eq!(Scale::new(0.0, 10.0).at(99.0), 100.0);
        assert_eq!(Scale::new(0.0, 10.0).at(f64::NAN), 0.0);
    }

    #[test]
    fn hardly_ever_is_not_never() {
        assert_eq!([0.0, 0.001, 0.5, 0.999, 1.0, f64::NAN].map(of_100), [0, 1, 50, 99, 100, 0]);
    }
}
