//! Shares with how far they can be trusted: a dot in its interval, a line at what was to be.

use askama::Template;

use super::{Hue, Scale, Tick, short};

/// The most rows a picture shows.
const ROWS_MAX: usize = 40;

/// One row.
#[derive(Debug, Clone)]
pub struct Share {
    /// Of what.
    pub label: String,
    /// Low end, value, high end; none where too few are known to say.
    pub at: Option<[f64; 3]>,
    /// What is written at its end: the figure with its n, or that there are too few.
    pub text: String,
    /// Its hue.
    pub hue: Hue,
}

/// The picture; write it into a template as `{{ shares }}`.
#[derive(Debug, Template)]
#[template(path = "web/picture/shares.html")]
pub struct Shares {
    rows: Vec<Row>,
    mark: Option<String>,
    ticks: Vec<Tick>,
    note: String,
}

impl askama::filters::HtmlSafe for Shares {}

#[derive(Debug)]
struct Row {
    label: String,
    hue: Hue,
    at: Option<(String, String, String)>,
    text: String,
}

/// Draws rows over the scale `bounds`; `mark` is where a line stands in all of them, `note` says what the pictures mean.
pub fn shares(
    rows: &[Share],
    bounds: [f64; 2],
    mark: Option<f64>,
    note: &str,
    say: &dyn Fn(f64) -> String,
) -> Shares {
    let scale = Scale::new(bounds[0], bounds[1]);
    let drawn = rows.iter().take(ROWS_MAX).map(|row| Row {
        label: row.label.clone(),
        hue: row.hue,
        at: row.at.filter(|at| at.iter().all(|value| value.is_finite())).map(|[low, value, high]| {
            let (low, high) = (scale.at(low), scale.at(high));
            (short(low), short(high - low), short(scale.at(value)))
        }),
        text: row.text.clone(),
    });
    Shares {
        rows: drawn.collect(),
        mark: mark.map(|mark| short(scale.at(mark))),
        ticks: scale.ticks(4).into_iter().map(|tick| Tick::new(&scale, tick, say(tick))).collect(),
        note: note.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_dot_in_its_interval_and_too_few_draw_none() {
        let known = Share {
            label: "Benefit".into(),
            at: Some([0.5, 0.6, 0.9]),
            text: "60 of 100, n = 20".into(),
            hue: Hue::Client,
        };
        let few = Share { at: None, text: "too few: 2".into(), ..known.clone() };
        let picture = shares(&[known, few], [0.0, 1.0], Some(0.8), "The line is what was to be.", &|share| {
            format!("{share}")
        });
        let html = picture.render().unwrap();
        assert_eq!(html.matches("<circle").count(), 1, "{html}");
        assert!(html.contains("cx=\"60%\"") && html.contains("too few: 2") && html.contains("x1=\"80%\""));
    }
}
