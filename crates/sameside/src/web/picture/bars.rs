//! Labelled bars on one axis: counts by stage, or what moves a decision (each bar from one value to another).

use askama::Template;

use super::{Hue, Scale, short};

/// The most rows a picture shows; a longer list belongs into a table.
const ROWS_MAX: usize = 40;

/// One bar.
#[derive(Debug, Clone, Copy)]
pub struct Bar<'a> {
    /// What it is.
    pub label: &'a str,
    /// Where it begins; 0 for a plain bar.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Its hue.
    pub hue: Hue,
    /// What is written at its end, figures with their unit.
    pub text: &'a str,
}

/// The picture; write it into a template as `{{ bars }}`.
#[derive(Debug, Template)]
#[template(path = "web/picture/bars.html")]
pub struct Bars {
    zero: Option<String>,
    rows: Vec<Row>,
}

impl askama::filters::HtmlSafe for Bars {}

#[derive(Debug)]
struct Row {
    label: String,
    hue: Hue,
    at: String,
    width: String,
    text: String,
}

/// Draws at most forty bars in the given order. Zero is on the axis, and has a line when bars reach below it.
pub fn bars(bars: &[Bar<'_>]) -> Bars {
    let ends = || bars.iter().take(ROWS_MAX).flat_map(|bar| [bar.from, bar.to]).filter(|end| end.is_finite());
    let (least, most) = (ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
    let scale = Scale::new(least, most);
    let rows = bars.iter().take(ROWS_MAX).map(|bar| {
        let (start, end) = (scale.at(bar.from.min(bar.to)), scale.at(bar.from.max(bar.to)));
        Row {
            label: bar.label.to_owned(),
            hue: bar.hue,
            at: short(start),
            width: short(end - start),
            text: bar.text.to_owned(),
        }
    });
    Bars { zero: (least < 0.0).then(|| short(scale.at(0.0))), rows: rows.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(from: f64, to: f64) -> Bar<'static> {
        Bar { label: "Hear", from, to, hue: Hue::Mutual, text: "4 deals" }
    }

    #[test]
    fn the_longest_bar_fills_the_width_and_the_others_compare_to_it() {
        let drawn = bars(&[bar(0.0, 40.0), bar(0.0, 10.0)]);
        let widths: Vec<_> = drawn.rows.iter().map(|row| row.width.as_str()).collect();
        assert_eq!(widths, ["100", "25"]);
        assert!(drawn.zero.is_none());
    }

    #[test]
    fn bars_on_both_sides_share_a_zero_line() {
        let drawn = bars(&[bar(-10.0, 30.0)]);
        assert_eq!(drawn.zero.as_deref(), Some("25"));
        assert_eq!((drawn.rows[0].at.as_str(), drawn.rows[0].width.as_str()), ("0", "100"));
    }

    #[test]
    fn a_long_list_is_cut_and_an_empty_one_draws_nothing() {
        assert_eq!(bars(&vec![bar(0.0, 1.0); 99]).rows.len(), ROWS_MAX);
        assert!(!bars(&[]).render().unwrap().contains("<rect"));
    }
}
