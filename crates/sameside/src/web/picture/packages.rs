//! What could be in a deal: every package as a point, to us from left to right, to them from below upwards; the
//! frontier, the zone in which both are better off, and the packages that have a name.

use std::fmt::Write as _;

use askama::Template;

use super::{Scale, Tick, short};

/// How high the picture is, without what stands beneath it.
const HIGH: f64 = 320.0;
/// Room at each edge, as a share of the scale.
const EDGE: f64 = 0.06;
/// A point can be pressed when no other within so many pixels can, on a picture as narrow as a phone's.
const APART: f64 = 26.0;
/// A least further below all points than this share of their scale is left out of it.
const FAR: f64 = 0.5;
/// As wide as a picture is on a phone, in pixels.
const NARROW: f64 = 290.0;

/// A package that can be pressed.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The letter at it; empty for one that is only on the frontier.
    pub letter: &'static str,
    /// What it is worth to us.
    pub ours: f64,
    /// What it is worth to them.
    pub theirs: f64,
    /// What it is, in words.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Whether it is what is on the table.
    pub is_current: bool,
}

/// One mark as it is drawn.
#[derive(Debug)]
struct Drawn {
    letter: &'static str,
    x: String,
    y: String,
    text: String,
    href: String,
    is_current: bool,
    is_pressed: bool,
}

/// The picture; write it into a template as `{{ packages }}`.
#[derive(Debug, Template)]
#[template(path = "web/picture/packages.html")]
pub struct Packages {
    client_dots: String,
    company_dots: String,
    mutual_dots: String,
    other_dots: String,
    frontier: Vec<[String; 4]>,
    zone: Option<[String; 4]>,
    least_x: String,
    least_y: String,
    marks: Vec<Drawn>,
    x_ticks: Vec<Tick>,
    y_ticks: Vec<Tick>,
    text: String,
}

impl askama::filters::HtmlSafe for Packages {}

/// Draws packages. `dots` and `frontier` are points (to us, to them), the frontier best for us first; `least` is below
/// what each side is better off without; the first of two marks at one place can be pressed. `say` says a sum.
pub fn packages(
    dots: &[(f64, f64)],
    frontier: &[(f64, f64)],
    least: (f64, f64),
    marks: Vec<Mark>,
    text: String,
    say: &dyn Fn(f64) -> String,
) -> Packages {
    let points =
        || dots.iter().chain(frontier).copied().chain(marks.iter().map(|mark| (mark.ours, mark.theirs)));
    let x = scale(points().map(|point| point.0), least.0);
    let y = scale(points().map(|point| point.1), least.1);
    let high = |value: f64| (100.0 - y.at(value)) * HIGH / 100.0;
    let mut paths: [String; 4] = Default::default();
    for (ours, theirs) in dots {
        let helps = (usize::from(*theirs >= least.1) << 1) | usize::from(*ours >= least.0);
        if let Some(path) = paths.get_mut(helps) {
            // Writing to a String cannot fail.
            let _ =
                write!(path, "M{} {}h0", short(x.at(*ours) * 10.0), short((100.0 - y.at(*theirs)) * 10.0));
        }
    }
    let [other_dots, company_dots, client_dots, mutual_dots] = paths;
    let lines = frontier.windows(2).filter_map(|pair| match pair {
        [one, next] => {
            Some([short(x.at(one.0)), short(high(one.1)), short(x.at(next.0)), short(high(next.1))])
        }
        _ => None,
    });
    let best = (frontier.first().map(|point| point.0), frontier.last().map(|point| point.1));
    let has_zone = matches!(best, (Some(ours), Some(theirs)) if ours >= least.0 && theirs >= least.1);
    let zone = has_zone.then(|| {
        let (left, below) = (x.at(least.0), high(least.1));
        [short(left), "0".to_owned(), short(100.0 - left), short(below)]
    });
    let mut pressed: Vec<(f64, f64)> = Vec::new();
    let drawn = marks.into_iter().map(|mark| {
        let place = (x.at(mark.ours) / 100.0 * NARROW, high(mark.theirs));
        let is_near =
            |other: &(f64, f64)| (place.0 - other.0).abs() < APART && (place.1 - other.1).abs() < APART;
        let is_pressed = !pressed.iter().any(is_near);
        if is_pressed {
            pressed.push(place);
        }
        Drawn {
            letter: mark.letter,
            x: short(x.at(mark.ours)),
            y: short(place.1),
            text: mark.text,
            href: mark.href,
            is_current: mark.is_current,
            is_pressed,
        }
    });
    let marks = drawn.collect();
    let tick = |scale: &Scale, value: f64| Tick::new(scale, value, say(value));
    let mut x_ticks: Vec<Tick> = x.ticks(4).into_iter().map(|value| tick(&x, value)).collect();
    for (n, one) in x_ticks.iter_mut().enumerate() {
        one.is_between = n % 2 == 1;
    }
    let y_ticks = y.ticks(4).into_iter().map(|value| Tick { at: short(high(value)), ..tick(&y, value) });
    Packages {
        client_dots,
        company_dots,
        mutual_dots,
        other_dots,
        frontier: lines.collect(),
        zone,
        least_x: short(x.at(least.0)),
        least_y: short(high(least.1)),
        marks,
        y_ticks: y_ticks.collect(),
        x_ticks,
        text,
    }
}

/// A scale with some room around all of it.
fn scale(values: impl Iterator<Item = f64>, least: f64) -> Scale {
    let known = values.filter(|value| value.is_finite());
    let ends = (f64::INFINITY, f64::NEG_INFINITY);
    let (from, to) = known.fold(ends, |(from, to), it| (from.min(it), to.max(it)));
    // A least that is far below every package is not what the picture is about: its line then lies at the edge.
    let is_far = least < from - (to - from) * FAR;
    let (from, to) = if is_far { (from, to) } else { (from.min(least), to.max(least)) };
    let room = ((to - from) * EDGE).max(f64::MIN_POSITIVE);
    if from.is_finite() && to.is_finite() { Scale::new(from - room, to + room) } else { Scale::new(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::picture::money;

    fn mark(letter: &'static str, ours: f64, theirs: f64) -> Mark {
        Mark { letter, ours, theirs, text: format!("{letter}."), href: "?".into(), is_current: false }
    }

    fn drawn(least: (f64, f64)) -> Packages {
        let dots = [(36.0, 0.0), (26.0, 4.0), (10.0, 20.0), (16.0, 8.0)];
        let frontier = [(36.0, 0.0), (24.0, 14.0), (10.0, 20.0)];
        let marks = vec![mark("A", 26.0, 4.0), mark("B", 26.2, 4.1), mark("", 36.0, 0.0)];
        packages(&dots, &frontier, least, marks, "Four packages.".into(), &money("€"))
    }

    #[test]
    fn each_point_has_the_hue_of_whom_it_helps() {
        let it = drawn((12.0, 3.0));
        assert_eq!(it.mutual_dots.matches('M').count(), 2);
        assert_eq!((it.company_dots.matches('M').count(), it.client_dots.matches('M').count()), (1, 1));
        assert!(it.other_dots.is_empty());
        assert!(it.zone.is_some() && drawn((40.0, 3.0)).zone.is_none());
    }

    #[test]
    fn of_two_points_at_one_place_the_first_can_be_pressed() {
        let it = drawn((0.0, 0.0));
        assert_eq!(it.marks.iter().map(|mark| mark.is_pressed).collect::<Vec<_>>(), [true, false, true]);
        let html = it.render().unwrap();
        assert!(
            html.contains("aria-label=\"A.\"")
                && !html.contains("aria-label=\"B.\"")
                && html.contains(">B</text>")
        );
    }

    #[test]
    fn nothing_to_draw_is_drawn_without_harm() {
        let it = packages(&[], &[], (0.0, 0.0), vec![], String::new(), &money("€"));
        assert!(it.frontier.is_empty() && it.zone.is_none());
    }
}
