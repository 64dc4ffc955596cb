//! How it felt over time: theirs beside ours, five steps.

use crate::base::When;
use askama::Template;

/// The picture; write it into a template as `{{ picture }}`.
#[derive(Debug, Template)]
#[template(path = "pulse/templates/picture.html")]
pub struct Picture {
    theirs: Vec<(f64, f64)>,
    ours: Vec<(f64, f64)>,
    theirs_path: String,
    ours_path: String,
    first: String,
    last: String,
    text: String,
}

impl askama::filters::HtmlSafe for Picture {}

/// Where the lowest and the highest step lie, from the top.
const TOP: f64 = 10.0;
const STEP: f64 = 17.0;

/// Draws two lines of moments and steps (1 to 5), oldest first. `first` and `last` are the days at the ends in words,
/// `text` says what there is to see.
pub fn picture(
    theirs: &[(When, i64)],
    ours: &[(When, i64)],
    (first, last): (String, String),
    text: String,
) -> Picture {
    let all = || theirs.iter().chain(ours).map(|(at, _)| at.micros());
    let (from, to) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
    #[expect(clippy::cast_precision_loss, reason = "a place on a line")]
    let place = |(at, step): &(When, i64)| {
        let share = if to > from { (at.micros() - from) as f64 / (to - from) as f64 } else { 0.5 };
        let x = (12.0 + share * 276.0).round();
        (x, TOP + STEP * (5 - step) as f64)
    };
    let theirs: Vec<(f64, f64)> = theirs.iter().map(place).collect();
    let ours: Vec<(f64, f64)> = ours.iter().map(place).collect();
    let path = |all: &[(f64, f64)]| {
        let points: Vec<String> = all.iter().map(|(x, y)| format!("{x} {y}")).collect();
        if points.len() > 1 { format!("M{}", points.join("L")) } else { String::new() }
    };
    Picture { theirs_path: path(&theirs), ours_path: path(&ours), theirs, ours, first, last, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lines_share_one_time_and_the_best_lies_highest() {
        let at = |day: i64| When::from_micros(0).plus_days(day);
        let drawn =
            picture(&[(at(0), 5), (at(10), 1)], &[(at(5), 3)], (String::new(), String::new()), String::new());
        assert_eq!(drawn.theirs, [(12.0, 10.0), (288.0, 78.0)]);
        assert_eq!(drawn.ours, [(150.0, 44.0)]);
        assert_eq!((drawn.theirs_path.as_str(), drawn.ours_path.as_str()), ("M12 10L288 78", ""));
    }
}
