//! A plan over time: what each side promised in a lane of its own, numbered as in the list beside it; today, and the day
//! the result is to be there.

use askama::Template;

use super::{Hue, Scale, Tick, short};

/// How high a row of a lane is, in pixels.
const ROW: f64 = 28.0;
/// Where the first lane begins.
const TOP: f64 = 22.0;
/// Room between the lanes.
const BETWEEN: f64 = 26.0;
/// Two marks nearer than this share of the width stand in rows of their own.
const APART: f64 = 8.0;
/// Room at each edge, as a share of the time shown.
const EDGE: f64 = 0.05;

/// One promise of a plan.
#[derive(Debug, Clone)]
pub struct Stop {
    /// Its number in the list.
    pub number: usize,
    /// Whose hue it has.
    pub hue: Hue,
    /// Its day, counted in days from any day.
    pub day: f64,
    /// Whether it is done.
    pub is_done: bool,
    /// Whether its day is past, and it is not done.
    pub is_late: bool,
    /// The number of what it comes after.
    pub after: Option<usize>,
    /// What it is, in words.
    pub text: String,
}

#[derive(Debug)]
struct Drawn {
    number: usize,
    x: String,
    y: String,
    class: &'static str,
    text: String,
}

/// The picture; write it into a template as `{{ plan }}`.
#[derive(Debug, Template)]
#[template(path = "web/picture/plan.html")]
pub struct PlanPicture {
    marks: Vec<Drawn>,
    links: Vec<[String; 4]>,
    ticks: Vec<Tick>,
    today: Option<String>,
    end: Option<Tick>,
    lanes: Vec<(&'static str, &'static str, String)>,
    height: String,
    base: String,
    text: String,
}

impl askama::filters::HtmlSafe for PlanPicture {}

/// Draws a plan. `today` and `end` count days as the points do; `say` says such a day.
pub fn plan(
    points: &[Stop],
    today: f64,
    end: Option<f64>,
    text: String,
    say: &dyn Fn(f64) -> String,
) -> PlanPicture {
    let days = || points.iter().map(|point| point.day).chain(end).chain([today]);
    let (first, last) = (days().fold(f64::INFINITY, f64::min), days().fold(f64::NEG_INFINITY, f64::max));
    let edge = ((last - first) * EDGE).max(1.0);
    let scale = Scale::new(first - edge, last + edge);
    let mut placed: Vec<(usize, f64, f64)> = Vec::with_capacity(points.len());
    let mut marks = Vec::with_capacity(points.len());
    let mut lanes = Vec::new();
    let mut top = TOP;
    for (hue, name) in [(Hue::Client, "They promise"), (Hue::Company, "We promise")] {
        lanes.push((hue.class(), name, short(top)));
        // Where each row of this lane is taken up to, from the left.
        let mut rows: Vec<f64> = Vec::new();
        let mut own: Vec<&Stop> = points.iter().filter(|point| point.hue == hue).collect();
        own.sort_by(|a, b| a.day.total_cmp(&b.day));
        for point in own {
            let x = scale.at(point.day);
            let row = rows.iter().position(|taken| x - taken >= APART).unwrap_or_else(|| {
                rows.push(f64::NEG_INFINITY);
                rows.len() - 1
            });
            if let Some(taken) = rows.get_mut(row) {
                *taken = x;
            }
            let y = top + ROW * (row as f64 + 0.9);
            placed.push((point.number, x, y));
            let class = match (point.is_done, point.is_late, hue) {
                (true, ..) => "p-stop p-stop--done",
                (false, true, _) => "p-stop p-stop--late",
                (false, false, Hue::Client) => "p-stop p-stop--client",
                (false, false, _) => "p-stop p-stop--company",
            };
            marks.push(Drawn {
                number: point.number,
                x: short(x),
                y: short(y),
                class,
                text: point.text.clone(),
            });
        }
        top += ROW * (rows.len().max(1) as f64) + BETWEEN;
    }
    let at = |number: usize| placed.iter().find(|(other, ..)| *other == number);
    let links = points.iter().filter_map(|point| {
        let (_, x1, y1) = at(point.after?)?;
        let (_, x2, y2) = at(point.number)?;
        Some([short(*x1), short(*y1), short(*x2), short(*y2)])
    });
    let tick = |day: f64| Tick::new(&scale, day, say(day));
    let end_at = end.map(|day| scale.at(day));
    let ticks = scale.ticks(4).into_iter().map(|day| tick(day.round()));
    PlanPicture {
        links: links.collect(),
        marks,
        ticks: ticks.collect(),
        today: Some(short(scale.at(today))),
        end: end.zip(end_at).map(|(day, _)| tick(day)),
        lanes,
        height: short(top + 2.0),
        base: short(top - BETWEEN / 2.0 - 2.0),
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(number: usize, hue: Hue, day: f64, after: Option<usize>) -> Stop {
        Stop { number, hue, day, is_done: false, is_late: false, after, text: format!("number {number}") }
    }

    #[test]
    fn promises_of_one_day_stand_in_rows_of_their_own_and_all_are_drawn() {
        let points = [
            point(1, Hue::Client, 0.0, None),
            point(2, Hue::Client, 0.0, None),
            point(3, Hue::Company, 30.0, Some(1)),
        ];
        let picture = plan(&points, 5.0, Some(40.0), "Three promises".into(), &|day| format!("day {day}"));
        assert_eq!(picture.marks.len(), 3);
        assert_ne!(picture.marks[0].y, picture.marks[1].y);
        assert_eq!(picture.links.len(), 1);
        let html = picture.render().unwrap();
        assert!(html.contains("aria-label=\"Three promises\"") && html.contains("number 3"), "{html}");
    }

    #[test]
    fn a_plan_of_a_single_day_is_drawn() {
        let picture =
            plan(&[point(1, Hue::Company, 3.0, None)], 3.0, None, String::new(), &|_| String::new());
        assert_eq!(picture.marks.len(), 1);
    }
}
