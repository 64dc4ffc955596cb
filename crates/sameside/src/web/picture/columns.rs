//! Columns over time, one group a month: what was, in front of what was promised.

use askama::Template;

use super::{Hue, Scale, short};

/// The most columns a picture shows; longer times are put together before.
const COLUMNS_MAX: usize = 40;
/// The height of the plot, in pixels.
const HEIGHT: f64 = 168.0;
/// What a group takes of its place.
const GROUP_SHARE: f64 = 0.7;

/// One column of a group.
#[derive(Debug, Clone, Copy)]
pub struct Rod {
    /// How high; below zero it hangs.
    pub value: f64,
    /// What was promised, drawn behind it.
    pub hoped: Option<f64>,
    /// Its hue.
    pub hue: Hue,
}

/// A group of columns.
#[derive(Debug, Clone)]
pub struct Column {
    /// What stands under it: `Nov`.
    pub label: String,
    /// What stands below that, where it changes: `2026`.
    pub under: String,
    /// Its columns.
    pub rods: Vec<Rod>,
}

/// The picture; write it into a template as `{{ columns }}`.
#[derive(Debug, Template)]
#[template(path = "web/picture/columns.html")]
pub struct Columns {
    text: String,
    ticks: Vec<(String, String)>,
    zero: String,
    rods: Vec<Drawn>,
    labels: Vec<Label>,
    legend: Vec<(Hue, bool, String)>,
}

impl askama::filters::HtmlSafe for Columns {}

#[derive(Debug)]
struct Drawn {
    class: String,
    x: String,
    y: String,
    width: String,
    height: String,
}

#[derive(Debug)]
struct Label {
    at: String,
    text: String,
    under: String,
    is_between: bool,
}

/// Draws groups of columns about one zero line. `text` says the picture in a sentence; the legend names each hue, and whether it is
/// what was promised.
pub fn columns(
    groups: &[Column],
    legend: &[(Hue, bool, &str)],
    text: &str,
    say: &dyn Fn(f64) -> String,
) -> Columns {
    let groups = groups.get(groups.len().saturating_sub(COLUMNS_MAX)..).unwrap_or_default();
    let ends = || {
        let all = groups.iter().flat_map(|group| &group.rods);
        all.flat_map(|rod| [Some(rod.value), rod.hoped]).flatten().filter(|end| end.is_finite())
    };
    let (least, most) = (ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
    // A picture of nothing still has an axis.
    let scale = Scale::new(least, if most > least { most } else { least + 1.0 });
    let y = |value: f64| (100.0 - scale.at(value)) / 100.0 * HEIGHT;
    let has_hopes = groups.iter().flat_map(|group| &group.rods).any(|rod| rod.hoped.is_some());
    let place = 100.0 / groups.len().max(1) as f64;
    let mut rods = Vec::new();
    for (n, group) in groups.iter().enumerate() {
        let width = place * GROUP_SHARE / group.rods.len().max(1) as f64;
        let start = place * (n as f64 + (1.0 - GROUP_SHARE) / 2.0);
        for (k, rod) in group.rods.iter().enumerate() {
            let left = start + width * k as f64;
            let mut draw = |value: f64, class: String, left: f64, width: f64| {
                let (top, foot) = (y(value.max(0.0)), y(value.min(0.0)));
                if value.is_finite() && foot - top > 0.05 {
                    let height = (foot - top).max(1.0);
                    let (x, width) = (short(left), short(width));
                    rods.push(Drawn { class, x, y: short(top), width, height: short(height) });
                }
            };
            let hue = rod.hue.class();
            if let Some(hoped) = rod.hoped {
                draw(hoped, format!("p-{hue}-faint"), left, width * 0.94);
            }
            // What was stands slimmer before what was promised.
            let slim = if has_hopes { 0.46 } else { 0.94 };
            draw(rod.value, format!("p-{hue}"), left + width * (0.94 - slim) / 2.0, width * slim);
        }
    }
    let every = groups.len().div_ceil(13).max(1);
    let labels =
        groups.iter().enumerate().filter(|(n, _)| n % every == 0).enumerate().map(|(shown, (n, group))| {
            Label {
                at: short(place * (n as f64 + 0.5)),
                text: group.label.clone(),
                under: group.under.clone(),
                is_between: groups.len() > 6 && shown % 2 == 1,
            }
        });
    Columns {
        text: text.to_owned(),
        ticks: scale.ticks(4).into_iter().map(|tick| (short(y(tick) + 12.0), say(tick))).collect(),
        zero: short(y(0.0) + 12.0),
        labels: labels.collect(),
        legend: legend.iter().map(|(hue, is_hope, name)| (*hue, *is_hope, (*name).to_owned())).collect(),
        rods: rods
            .into_iter()
            .map(|rod| Drawn { y: short(rod.y.parse::<f64>().unwrap_or(0.0) + 12.0), ..rod })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(value: f64, hoped: Option<f64>) -> Column {
        Column {
            label: "Nov".into(),
            under: String::new(),
            rods: vec![Rod { value, hoped, hue: Hue::Client }],
        }
    }

    fn drawn(groups: &[Column]) -> Columns {
        columns(groups, &[(Hue::Client, false, "They gained")], "They gained €4.", &|value| {
            value.to_string()
        })
    }

    #[test]
    fn the_greatest_fills_the_height_and_what_was_lost_hangs() {
        let picture = drawn(&[group(40.0, None), group(-40.0, None)]);
        let heights: Vec<_> = picture.rods.iter().map(|rod| rod.height.as_str()).collect();
        assert_eq!(heights, ["84", "84"]);
        assert_eq!((picture.rods[0].y.as_str(), picture.rods[1].y.as_str()), ("12", "96"));
        assert_eq!(picture.zero, "96");
    }

    #[test]
    fn what_was_stands_in_front_of_what_was_promised() {
        let picture = drawn(&[group(20.0, Some(40.0))]);
        let classes: Vec<_> = picture.rods.iter().map(|rod| rod.class.as_str()).collect();
        assert_eq!(classes, ["p-client-faint", "p-client"]);
    }

    #[test]
    fn nothing_is_drawn_as_nothing() {
        let html = drawn(&[group(0.0, None)]).render().unwrap();
        assert!(!html.contains("p-client\" x"), "{html}");
        assert!(drawn(&[]).render().unwrap().contains("They gained €4."));
    }
}
