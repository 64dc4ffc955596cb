//! The balance: both sides' surplus about one zero line, the client above, the company below. The signature of
//! the product (P8, P14): nobody sees one side's gain without the other's.
//!
//! What lies left of zero, where a side would be worse off, is lighter. Heights compare within a side only: each
//! is drawn to its own peak, for a sure gain is not a greater one.

use std::fmt::Write as _;

use askama::Template;

use super::{Scale, Tick, of_100, short, signed};

/// The points a curve is drawn through, on a page and on a card.
const POINTS: usize = 120;
const POINTS_SMALL: usize = 60;

/// One side's surplus, in plain units of the workspace's currency.
#[derive(Debug, Clone, Copy)]
pub struct Surplus<'a> {
    /// Who it is: `Aster Bakery`, `Us`.
    pub name: &'a str,
    /// The 10th percentile.
    pub p10: f64,
    /// The median.
    pub p50: f64,
    /// The 90th percentile.
    pub p90: f64,
    /// The share of cases above zero, 0 to 1.
    pub positive: f64,
    /// How it is spread.
    pub shape: Shape<'a>,
}

/// How a surplus is spread.
#[derive(Debug, Clone, Copy)]
pub enum Shape<'a> {
    /// A smooth curve with these three percentiles.
    Percentiles,
    /// The sampled cases themselves, in any order; at least two, else the percentiles serve.
    Cases(&'a [f64]),
    /// A density as points `(value, density)` with values ascending; at least two, else the percentiles serve.
    Curve(&'a [(f32, f32)]),
}

/// How much room the picture has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// A page: with an axis and both sides' figures in words.
    Full,
    /// A card: the shapes alone; the words are read out, not shown.
    Small,
}

/// The picture; write it into a template as `{{ balance }}`.
#[derive(Debug, Template)]
#[template(path = "web/picture/balance.html")]
pub struct Balance {
    size: Size,
    zero: String,
    ticks: Vec<Tick>,
    client: Half,
    company: Half,
}

impl askama::filters::HtmlSafe for Balance {}

impl Balance {
    /// Both sides' figures in two sentences.
    pub fn text(&self) -> String {
        format!(
            "Both sides' surplus about one zero line. {}: {}. {}: {}.",
            self.client.name, self.client.sentence, self.company.name, self.company.sentence
        )
    }

    fn is_full(&self) -> bool {
        self.size == Size::Full
    }
}

#[derive(Debug)]
struct Half {
    name: String,
    sentence: String,
    cases: u32,
    median: String,
    below: String,
    above: String,
}

/// Draws both surpluses on one axis that always shows zero. `say` says an amount with its currency.
pub fn balance(
    client: Surplus<'_>,
    company: Surplus<'_>,
    size: Size,
    say: &dyn Fn(f64) -> String,
) -> Balance {
    let scale = axis(&client, &company);
    let ticks = labelled(&scale, say);
    Balance {
        size,
        zero: short(scale.at(0.0)),
        ticks,
        client: half(&client, &scale, Upright::Up, size, say),
        company: half(&company, &scale, Upright::Down, size, say),
    }
}

/// Zero and round amounts, none so near an edge that its words would hang over it.
fn labelled(scale: &Scale, say: &dyn Fn(f64) -> String) -> Vec<Tick> {
    /// More letters than this, and neighbours would touch on a phone.
    const LETTERS_MAX: usize = 7;
    let inside = |tick: &f64| *tick == 0.0 || (6.0..=94.0).contains(&scale.at(*tick));
    let amounts: Vec<f64> = scale.ticks(5).into_iter().filter(inside).collect();
    let mut ticks: Vec<Tick> = amounts.iter().map(|tick| Tick::new(scale, *tick, say(*tick))).collect();
    if ticks.iter().any(|tick| tick.text.chars().count() > LETTERS_MAX) {
        let zero = ticks.iter().position(|tick| tick.is_zero).unwrap_or(0);
        for (place, tick) in ticks.iter_mut().enumerate() {
            tick.is_between = place.abs_diff(zero) % 2 == 1;
        }
    }
    ticks
}

/// The range that shows nearly all of both, and zero with room on either side.
fn axis(client: &Surplus<'_>, company: &Surplus<'_>) -> Scale {
    let mut from: f64 = 0.0;
    let mut to: f64 = 0.0;
    for side in [client, company] {
        from = from.min(side.p50 - 1.75 * (side.p50 - side.p10));
        to = to.max(side.p50 + 1.75 * (side.p90 - side.p50));
    }
    let room = 0.07 * (to - from);
    Scale::new(from - room, to + room)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Upright {
    Up,
    Down,
}

fn half(
    side: &Surplus<'_>,
    scale: &Scale,
    upright: Upright,
    size: Size,
    say: &dyn Fn(f64) -> String,
) -> Half {
    let points = if size == Size::Full { POINTS } else { POINTS_SMALL };
    let heights = match side.shape {
        Shape::Cases(cases) if cases.len() > 1 => heights_of_cases(cases, scale, points),
        Shape::Curve(curve) if curve.len() > 1 => heights_of_curve(curve, scale, points),
        _ => heights_of_percentiles(side, scale, points),
    };
    let zero = scale.at(0.0);
    let (mut below, mut above) = (Vec::new(), Vec::new());
    for (place, height) in heights.iter().enumerate() {
        let x = 100.0 * place as f64 / (points - 1) as f64;
        if x < zero { below.push((x, *height)) } else { above.push((x, *height)) }
    }
    // Both parts end on the zero line at the height between them, so that no gap shows.
    let at_zero = match (below.last(), above.first()) {
        (Some((x0, y0)), Some((x1, y1))) if x1 > x0 => y0 + (y1 - y0) * (zero - x0) / (x1 - x0),
        (Some((_, y)), _) | (_, Some((_, y))) => *y,
        _ => 0.0,
    };
    below.push((zero, at_zero));
    above.insert(0, (zero, at_zero));
    Half {
        name: side.name.to_owned(),
        sentence: sentence(side, say),
        cases: of_100(side.positive),
        median: short(scale.at(side.p50)),
        below: path(&below, upright),
        above: path(&above, upright),
    }
}

fn sentence(side: &Surplus<'_>, say: &dyn Fn(f64) -> String) -> String {
    let [low, likely, high] = [side.p10, side.p50, side.p90].map(|amount| signed(amount, say));
    if low == high { format!("{likely} for sure") } else { format!("likely {likely}, from {low} to {high}") }
}

/// The density of the smooth distribution that has exactly these three percentiles: the metalog of three terms
/// (Keelin 2016), Q(u) = p50 + (s + k·(u − ½))·ln(u ÷ (1 − u)). A lopsidedness it cannot have is brought to the
/// most it can.
fn heights_of_percentiles(side: &Surplus<'_>, scale: &Scale, points: usize) -> Vec<f64> {
    const STEPS: usize = 160;
    const SKEW_MAX: f64 = 1.6;
    let ln_9 = 9_f64.ln();
    // A side known exactly is still drawn, as a needle as wide as an eye can see.
    let spread = ((side.p90 - side.p10) / (2.0 * ln_9)).max((scale.to - scale.from) / 400.0);
    let skew = (side.p90 - 2.0 * side.p50 + side.p10) / (0.8 * ln_9);
    let skew = skew.clamp(-SKEW_MAX * spread, SKEW_MAX * spread);
    let curve = (0..STEPS).map(|step| {
        let u = (step as f64 + 0.5) / STEPS as f64;
        let log_odds = (u / (1.0 - u)).ln();
        let x = side.p50 + (spread + skew * (u - 0.5)) * log_odds;
        let slope = (spread + skew * (u - 0.5)) / (u * (1.0 - u)) + skew * log_odds;
        (x, 1.0 / slope)
    });
    let curve: Vec<(f64, f64)> = curve.collect();
    let heights = (0..points).map(|place| {
        let x = scale.from + (scale.to - scale.from) * place as f64 / (points - 1) as f64;
        let right = curve.partition_point(|(at, _)| *at < x);
        match (right.checked_sub(1).and_then(|left| curve.get(left)), curve.get(right)) {
            (Some((x0, y0)), Some((x1, y1))) if x1 > x0 => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
            _ => 0.0,
        }
    });
    to_own_peak(smooth(&heights.collect::<Vec<_>>(), 1.0))
}

/// A histogram, smoothed enough to be one shape and not so much that two heaps become one.
fn heights_of_cases(cases: &[f64], scale: &Scale, points: usize) -> Vec<f64> {
    let mut counts = vec![0.0; points];
    for case in cases {
        let share = (case - scale.from) / (scale.to - scale.from);
        if (0.0..=1.0).contains(&share)
            && let Some(count) = counts.get_mut((share * (points - 1) as f64).round() as usize)
        {
            *count += 1.0;
        }
    }
    to_own_peak(smooth(&counts, points as f64 / 60.0))
}

/// A Gaussian blur, `width` points wide.
fn smooth(heights: &[f64], width: f64) -> Vec<f64> {
    let reach = (3.0 * width).ceil() as isize;
    let weights: Vec<f64> =
        (-reach..=reach).map(|step| (-0.5 * (step as f64 / width).powi(2)).exp()).collect();
    let blurred = (0..heights.len() as isize).map(|place| {
        let around = (-reach..=reach).zip(&weights);
        around
            .filter_map(|(step, weight)| Some(weight * heights.get(usize::try_from(place + step).ok()?)?))
            .sum()
    });
    blurred.collect()
}

/// The points of a density, joined by straight lines; nothing beyond its ends.
fn heights_of_curve(curve: &[(f32, f32)], scale: &Scale, points: usize) -> Vec<f64> {
    let mut rest = curve.windows(2).peekable();
    let heights = (0..points).map(|place| {
        let x = scale.from + (scale.to - scale.from) * place as f64 / (points - 1) as f64;
        while rest.next_if(|pair| matches!(pair, [_, (end, _)] if f64::from(*end) < x)).is_some() {}
        match rest.peek() {
            Some([(x0, y0), (x1, y1)]) if f64::from(*x0) <= x && x1 > x0 => {
                let share = (x - f64::from(*x0)) / f64::from(x1 - x0);
                f64::from(*y0) + share * f64::from(y1 - y0)
            }
            _ => 0.0,
        }
    });
    to_own_peak(heights.collect())
}

fn to_own_peak(heights: Vec<f64>) -> Vec<f64> {
    let peak = heights.iter().copied().fold(0.0, f64::max);
    heights.into_iter().map(|height| if peak > 0.0 { height / peak } else { 0.0 }).collect()
}

/// A closed area over the zero line, in a box 1000 wide and 100 high on either side of y = 0.
fn path(points: &[(f64, f64)], upright: Upright) -> String {
    let (Some((first, _)), Some((last, _))) = (points.first(), points.last()) else { return String::new() };
    let mut text = format!("M{} 0", short(first * 10.0));
    for (x, height) in points {
        let y = if upright == Upright::Up { -100.0 * height } else { 100.0 * height };
        // Writing to a String cannot fail.
        let _ = write!(text, "L{} {}", short(x * 10.0), short(y));
    }
    let _ = write!(text, "L{} 0Z", short(last * 10.0));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::picture::money;

    fn bakery() -> Surplus<'static> {
        Surplus {
            name: "Aster Bakery",
            p10: -4_300.0,
            p50: 12_300.0,
            p90: 36_600.0,
            positive: 0.78,
            shape: Shape::Percentiles,
        }
    }

    fn us() -> Surplus<'static> {
        Surplus {
            name: "Us",
            p10: 900.0,
            p50: 4_600.0,
            p90: 7_700.0,
            positive: 0.92,
            shape: Shape::Percentiles,
        }
    }

    fn drawn(client: Surplus<'_>, company: Surplus<'_>) -> Balance {
        balance(client, company, Size::Full, &money("€"))
    }

    /// The corners of a path, as drawn.
    fn corners(path: &str) -> Vec<(f64, f64)> {
        let corners = path.trim_end_matches('Z').split(['M', 'L']).skip(1);
        corners
            .map(|corner| {
                let (x, y) = corner.split_once(' ').unwrap();
                (x.parse().unwrap(), y.parse().unwrap())
            })
            .collect()
    }

    #[test]
    fn the_text_says_every_figure_the_picture_shows() {
        let text = drawn(bakery(), us()).text();
        assert_eq!(
            text,
            "Both sides' surplus about one zero line. Aster Bakery: likely +€12,300, from −€4,300 to +€36,600. \
             Us: likely +€4,600, from +€900 to +€7,700."
        );
    }

    #[test]
    fn the_client_is_above_the_line_and_the_company_below() {
        let picture = drawn(bakery(), us());
        assert!(corners(&picture.client.above).iter().all(|(_, y)| *y <= 0.0));
        assert!(corners(&picture.company.above).iter().all(|(_, y)| *y >= 0.0));
    }

    #[test]
    fn what_is_left_of_zero_is_a_shape_of_its_own_that_meets_the_other_on_the_line() {
        let picture = drawn(bakery(), us());
        let zero: f64 = picture.zero.parse::<f64>().unwrap() * 10.0;
        assert!(corners(&picture.client.below).iter().all(|(x, _)| *x <= zero + 0.06));
        assert!(corners(&picture.client.above).iter().all(|(x, _)| *x >= zero - 0.06));
        let (below, above) = (corners(&picture.client.below), corners(&picture.client.above));
        assert_eq!(below[below.len() - 2], above[1], "same height on the line");
    }

    #[test]
    fn the_highest_point_of_a_side_lies_by_its_median() {
        let picture = drawn(us(), us());
        let (peak, _) =
            corners(&picture.client.above).into_iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        let median: f64 = picture.client.median.parse().unwrap();
        assert!((peak / 10.0 - median).abs() < 4.0, "{peak} is not at {median}");
    }

    #[test]
    fn zero_is_always_on_the_axis_with_room_on_both_sides() {
        for (low, likely, high) in [(5.0, 6.0, 7.0), (-9.0, -8.0, -7.0), (0.0, 0.0, 0.0), (1e9, 2e9, 5e9)] {
            let side = Surplus { p10: low, p50: likely, p90: high, ..us() };
            let zero: f64 = drawn(side, side).zero.parse().unwrap();
            assert!((3.0..=97.0).contains(&zero), "{low}, {likely}, {high}: zero at {zero}%");
        }
    }

    #[test]
    fn long_amounts_leave_every_other_tick_to_wide_pictures() {
        let rich = Surplus { p10: -4e6, p50: 12e6, p90: 36e6, ..bakery() };
        let html = drawn(rich, us()).render().unwrap();
        assert!(html.contains("wide-only") && html.contains("€20,000,000"));
        let modest = Surplus { p10: -40.0, p50: 120.0, p90: 360.0, ..bakery() };
        assert!(!drawn(modest, modest).render().unwrap().contains("wide-only"));
    }

    #[test]
    fn two_heaps_of_cases_stay_two() {
        let mut cases = vec![-10_000.0; 400];
        cases.extend(vec![20_000.0; 600]);
        let side =
            Surplus { p10: -10_000.0, p50: 20_000.0, p90: 20_000.0, shape: Shape::Cases(&cases), ..bakery() };
        let picture = drawn(side, us());
        let lowest = |path: &str| corners(path).into_iter().map(|(_, y)| y).fold(0.0, f64::min);
        assert!((lowest(&picture.client.below) + 66.7).abs() < 1.0, "{}", lowest(&picture.client.below));
        assert!((lowest(&picture.client.above) + 100.0).abs() < 0.01);
    }

    #[test]
    fn a_sure_surplus_is_a_needle_and_says_so() {
        let sure = Surplus { p10: 500.0, p50: 500.0, p90: 500.0, ..us() };
        let picture = drawn(bakery(), sure);
        assert!(picture.text().ends_with("Us: +€500 for sure."));
        assert!(corners(&picture.company.above).iter().any(|(_, y)| *y > 90.0));
    }

    #[test]
    fn figures_nobody_can_draw_break_nothing() {
        let odd = Surplus { p10: f64::NAN, p50: f64::INFINITY, p90: -1.0, ..us() };
        let html = drawn(odd, us()).render().unwrap();
        assert!(!html.contains("NaN\"") && !html.contains("LNaN") && !html.contains("inf "));
    }

    #[test]
    fn letters_are_outside_the_part_that_stretches() {
        let html = drawn(bakery(), us()).render().unwrap();
        let stretched =
            html.split("preserveAspectRatio=\"none\"").nth(1).unwrap().split("</svg>").next().unwrap();
        assert!(!stretched.contains("<text"));
        assert!(html.contains("role=\"img\"") && !html.contains("style="));
        let small = balance(bakery(), us(), Size::Small, &money("€")).render().unwrap();
        assert!(!small.contains("<text") && small.contains("likely +€12,300"));
    }

    #[test]
    fn a_name_is_text_and_never_markup() {
        let html = drawn(Surplus { name: "<b>\"Bob\" & Sons", ..bakery() }, us()).render().unwrap();
        assert!(!html.contains("<b>\"Bob\""));
    }
}
