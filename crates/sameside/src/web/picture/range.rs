//! A range as a range: a line from low to high with a dot where it is likeliest.

use askama::Template;

use super::{Hue, Scale, short};

/// The picture; write it into a template as `{{ range }}`.
#[derive(Debug, Template)]
#[template(path = "web/picture/range.html")]
pub struct RangePicture {
    hue: Hue,
    low: String,
    width: String,
    likely: String,
    text: String,
}

impl askama::filters::HtmlSafe for RangePicture {}

/// Draws low, likely and high (P10, P50, P90) on a scale from `from` to `to`, so that ranges beneath each other can
/// be compared. `say` says a figure with its unit.
pub fn range(
    [low, likely, high]: [f64; 3],
    [from, to]: [f64; 2],
    hue: Hue,
    say: &dyn Fn(f64) -> String,
) -> RangePicture {
    let scale = Scale::new(from, to);
    RangePicture {
        hue,
        low: short(scale.at(low)),
        width: short((scale.at(high) - scale.at(low)).max(0.0)),
        likely: short(scale.at(likely)),
        text: if low == high {
            say(likely)
        } else {
            format!("{} to {}, likely {}", say(low), say(high), say(likely))
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::picture::money;

    #[test]
    fn a_range_lies_where_its_figures_say() {
        let drawn = range([800.0, 2_000.0, 5_000.0], [0.0, 10_000.0], Hue::Client, &money("€"));
        assert_eq!((drawn.low.as_str(), drawn.width.as_str(), drawn.likely.as_str()), ("8", "42", "20"));
        assert_eq!(drawn.text, "€800 to €5,000, likely €2,000");
    }

    #[test]
    fn a_figure_known_exactly_is_said_once() {
        assert_eq!(range([5.0; 3], [0.0, 10.0], Hue::Client, &money("€")).text, "€5");
    }
}
