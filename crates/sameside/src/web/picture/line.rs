//! Something over time: one line with its axis, its last value in words.

use std::fmt::Write as _;

use askama::Template;

use super::{Hue, Scale, Tick, short};

/// The most points a line is drawn through.
const POINTS_MAX: usize = 400;

/// The picture; write it into a template as `{{ line }}`.
#[derive(Debug, Template)]
#[template(path = "web/picture/line.html")]
pub struct Line {
    hue: Hue,
    path: String,
    ticks: Vec<Tick>,
    first: String,
    last: String,
    text: String,
}

impl askama::filters::HtmlSafe for Line {}

/// Draws equally spaced values from `first` to `last` (the words at the ends of the axis); `None` leaves a gap. The
/// axis begins at zero. `say` says a value with its unit.
pub fn line(
    values: &[Option<f64>],
    first: &str,
    last: &str,
    hue: Hue,
    text: &str,
    say: &dyn Fn(f64) -> String,
) -> Line {
    let values = values.get(values.len().saturating_sub(POINTS_MAX)..).unwrap_or_default();
    let known = || values.iter().flatten().copied().filter(|value| value.is_finite());
    let scale = Scale::new(known().fold(0.0, f64::min), known().fold(0.0, f64::max));
    let mut path = String::new();
    let mut drawing = false;
    for (place, value) in values.iter().enumerate() {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            drawing = false;
            continue;
        };
        let x = 1000.0 * place as f64 / (values.len().max(2) - 1) as f64;
        let pen = if drawing { 'L' } else { 'M' };
        // Writing to a String cannot fail.
        let _ = write!(path, "{pen}{} {}", short(x), short(100.0 - scale.at(value)));
        drawing = true;
    }
    let ticks = scale.ticks(3).into_iter().map(|tick| {
        let at = short((100.0 - scale.at(tick)) * 1.2 + 8.0);
        Tick { at, text: say(tick), anchor: "start", is_zero: tick == 0.0, is_between: false }
    });
    Line {
        hue,
        path,
        ticks: ticks.collect(),
        first: first.to_owned(),
        last: last.to_owned(),
        text: text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(values: &[Option<f64>]) -> Line {
        line(values, "May", "November", Hue::Mutual, "From 2 to 4 verified outcomes a month.", &|value| {
            value.to_string()
        })
    }

    #[test]
    fn a_gap_lifts_the_pen() {
        let drawn = drawn(&[Some(2.0), None, Some(4.0), Some(1.0)]);
        assert_eq!(drawn.path, "M0 50M666.67 0L1000 75");
    }

    #[test]
    fn a_line_begins_its_axis_at_zero_and_says_itself() {
        let html = drawn(&[Some(90.0), Some(100.0)]).render().unwrap();
        assert!(html.contains(">0</text>") && html.contains("From 2 to 4 verified outcomes a month."));
    }

    #[test]
    fn nothing_to_draw_draws_nothing() {
        assert_eq!(drawn(&[]).path, "");
        assert_eq!(drawn(&[None, Some(f64::NAN)]).path, "");
    }
}
