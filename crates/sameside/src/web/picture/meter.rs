//! How much of something is used or reached: hours of a budget, a client's way to its goal.

use askama::Template;

use super::{Hue, Scale, short};

/// The picture; write it into a template as `{{ meter }}`.
#[derive(Debug, Template)]
#[template(path = "web/picture/meter.html")]
pub struct Meter {
    hue: Hue,
    filled: String,
    limit: Option<String>,
    text: String,
}

impl askama::filters::HtmlSafe for Meter {}

/// Draws `value` of `whole`, and says `text` beneath. Past the whole, the bar is full and a mark shows where the
/// whole was.
pub fn meter(value: f64, whole: f64, hue: Hue, text: &str) -> Meter {
    let past = value > whole;
    let scale = Scale::new(0.0, value.max(whole));
    Meter {
        hue,
        filled: short(if value > 0.0 { scale.at(value) } else { 0.0 }),
        limit: past.then(|| short(scale.at(whole))),
        text: text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn past_the_whole_a_mark_shows_where_it_was() {
        let within = meter(8.0, 30.0, Hue::Mutual, "8 of 30 hours");
        assert_eq!((within.filled.as_str(), within.limit.as_deref()), ("26.67", None));
        let past = meter(40.0, 30.0, Hue::Mutual, "40 of 30 hours");
        assert_eq!((past.filled.as_str(), past.limit.as_deref()), ("100", Some("75")));
    }

    #[test]
    fn nothing_yet_is_drawn_empty() {
        assert_eq!(meter(0.0, 30.0, Hue::Client, "").filled, "0");
        assert_eq!(meter(0.0, 0.0, Hue::Client, "").filled, "0");
    }
}
