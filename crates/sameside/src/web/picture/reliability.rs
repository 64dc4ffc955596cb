//! What was said beside what came: a dot for each group, on the line when both are the same.

use askama::Template;

use super::{Scale, short};

/// The height of the plot, in pixels.
const HEIGHT: f64 = 220.0;

/// A group of like estimates.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    /// The chance that was said, 0 to 1.
    pub said: f64,
    /// The share that came, with its interval: low, share, high.
    pub came: [f64; 3],
    /// How many they are.
    pub n: f64,
}

/// The picture; write it into a template as `{{ reliability }}`.
#[derive(Debug, Template)]
#[template(path = "web/picture/reliability.html")]
pub struct Reliability {
    text: String,
    points: Vec<Drawn>,
    grid: Vec<(String, String, &'static str)>,
}

impl askama::filters::HtmlSafe for Reliability {}

#[derive(Debug)]
struct Drawn {
    x: String,
    y: String,
    low: String,
    high: String,
    radius: String,
    n: String,
}

/// Draws groups over chances from 0 to 1; `text` says the picture in a sentence. A dot is the larger the more it stands for.
pub fn reliability(points: &[Point], text: &str) -> Reliability {
    let scale = Scale::new(0.0, 1.0);
    let y = |share: f64| short(12.0 + (100.0 - scale.at(share)) / 100.0 * HEIGHT);
    let most = points.iter().map(|point| point.n).fold(1.0, f64::max);
    let drawn = points.iter().map(|point| {
        let [low, came, high] = point.came;
        let radius = 3.5 + 4.5 * (point.n / most).sqrt();
        let (x, n) = (short(scale.at(point.said)), short(point.n));
        Drawn { x, y: y(came), low: y(low), high: y(high), radius: short(radius), n }
    });
    let grid = [0.0, 0.25, 0.5, 0.75, 1.0].map(|tick| {
        let anchor = if tick == 0.0 {
            "start"
        } else if tick == 1.0 {
            "end"
        } else {
            "middle"
        };
        (short(tick * 100.0), y(tick), anchor)
    });
    Reliability { text: text.to_owned(), points: drawn.collect(), grid: grid.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_as_said_lies_on_the_line() {
        let html =
            reliability(&[Point { said: 0.5, came: [0.25, 0.5, 0.75], n: 8.0 }], "Half of them.").render();
        let html = html.unwrap();
        assert!(html.contains("cx=\"50%\" cy=\"122\"") && html.contains("Half of them."), "{html}");
    }
}
