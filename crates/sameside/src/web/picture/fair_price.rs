//! The fair price: from where we would lose to where they would, and where today's price stands (P9, P13).

use askama::Template;

use super::{Scale, short};

/// The picture; write it into a template as `{{ fair_price }}`.
#[derive(Debug, Template)]
#[template(path = "web/picture/fair_price.html")]
pub struct FairPrice {
    zone: Option<(String, String)>,
    floor: Option<Mark>,
    ceiling: Option<Mark>,
    price: Mark,
    sentence: String,
}

impl askama::filters::HtmlSafe for FairPrice {}

impl FairPrice {
    /// What the picture shows, in one or two sentences.
    pub fn text(&self) -> &str {
        &self.sentence
    }
}

#[derive(Debug)]
struct Mark {
    at: String,
    text: String,
    anchor: &'static str,
}

/// Draws the zone between `floor` (below it we lose) and `ceiling` (above it they do), and today's `price` in it.
/// `None` where there is no such price. `say` says an amount with its currency.
pub fn fair_price(
    floor: Option<f64>,
    ceiling: Option<f64>,
    price: f64,
    say: &dyn Fn(f64) -> String,
) -> FairPrice {
    let known = [floor, ceiling, Some(price)].into_iter().flatten().filter(|amount| amount.is_finite());
    let (least, most) = known.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), amount| {
        (least.min(amount), most.max(amount))
    });
    // Half of the span on either side: every label then has room, however narrow the picture.
    let room = ((most - least) / 2.0).max(most.abs() * 0.05);
    let scale = Scale::new(least - room, most + room);
    // Close neighbours hang outwards, so that they never run into each other.
    let close = matches!((floor, ceiling), (Some(floor), Some(ceiling)) if scale.at(ceiling) - scale.at(floor) < 34.0);
    let mark = |amount: f64, anchor| Mark { at: short(scale.at(amount)), text: say(amount), anchor };
    let zone = match (floor, ceiling) {
        (Some(floor), Some(ceiling)) if floor <= ceiling => {
            Some((short(scale.at(floor)), short(scale.at(ceiling) - scale.at(floor))))
        }
        _ => None,
    };
    FairPrice {
        zone,
        floor: floor.map(|amount| mark(amount, if close { "end" } else { "middle" })),
        ceiling: ceiling.map(|amount| mark(amount, if close { "start" } else { "middle" })),
        price: mark(price, "middle"),
        sentence: sentence(floor, ceiling, price, say),
    }
}

fn sentence(floor: Option<f64>, ceiling: Option<f64>, price: f64, say: &dyn Fn(f64) -> String) -> String {
    let today = say(price);
    match (floor, ceiling) {
        (Some(floor), Some(ceiling)) if floor > ceiling => format!(
            "No price is fair to both: we need {} and they gain only up to {}. Today it is {today}.",
            say(floor),
            say(ceiling)
        ),
        (Some(floor), Some(ceiling)) => {
            let stands = if price < floor {
                "below it: we would lose"
            } else if price > ceiling {
                "above it: they would lose"
            } else {
                "inside"
            };
            format!("Fair from {} to {}. Today's {today} lies {stands}.", say(floor), say(ceiling))
        }
        (Some(floor), None) => {
            format!("We need {}; no price leaves them better off. Today it is {today}.", say(floor))
        }
        (None, Some(ceiling)) => {
            format!("They gain up to {}; no price pays for our work. Today it is {today}.", say(ceiling))
        }
        (None, None) => format!("No price is fair to either side. Today it is {today}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::picture::money;

    fn drawn(floor: Option<f64>, ceiling: Option<f64>, price: f64) -> FairPrice {
        fair_price(floor, ceiling, price, &money("€"))
    }

    #[test]
    fn the_sentence_says_where_the_price_stands() {
        for (floor, ceiling, price, sentence) in [
            (
                Some(12_700.0),
                Some(19_800.0),
                18_000.0,
                "Fair from €12,700 to €19,800. Today's €18,000 lies inside.",
            ),
            (Some(10.0), Some(20.0), 5.0, "Fair from €10 to €20. Today's €5 lies below it: we would lose."),
            (
                Some(10.0),
                Some(20.0),
                25.0,
                "Fair from €10 to €20. Today's €25 lies above it: they would lose.",
            ),
            (
                Some(20.0),
                Some(10.0),
                15.0,
                "No price is fair to both: we need €20 and they gain only up to €10. Today it is €15.",
            ),
            (Some(20.0), None, 15.0, "We need €20; no price leaves them better off. Today it is €15."),
            (None, Some(20.0), 15.0, "They gain up to €20; no price pays for our work. Today it is €15."),
            (None, None, 15.0, "No price is fair to either side. Today it is €15."),
        ] {
            assert_eq!(drawn(floor, ceiling, price).text(), sentence);
        }
    }

    #[test]
    fn there_is_a_zone_only_where_both_sides_meet() {
        assert!(drawn(Some(10.0), Some(20.0), 15.0).zone.is_some());
        assert!(drawn(Some(20.0), Some(10.0), 15.0).zone.is_none());
        assert!(drawn(Some(20.0), None, 15.0).zone.is_none());
    }

    #[test]
    fn every_mark_keeps_a_quarter_of_the_width_from_the_edge() {
        for (floor, ceiling, price) in
            [(10.0, 20.0, 15.0), (10.0, 10.5, 900.0), (1e6, 2e6, 3.0), (7.0, 7.0, 7.0)]
        {
            let picture = drawn(Some(floor), Some(ceiling), price);
            for mark in
                [picture.floor.as_ref(), picture.ceiling.as_ref(), Some(&picture.price)].into_iter().flatten()
            {
                let at: f64 = mark.at.parse().unwrap();
                assert!((24.9..=75.1).contains(&at), "{floor}, {ceiling}, {price}: {at}%");
            }
        }
    }

    #[test]
    fn close_neighbours_hang_outwards() {
        let picture = drawn(Some(10.0), Some(11.0), 40.0);
        assert_eq!(picture.floor.unwrap().anchor, "end");
        assert_eq!(picture.ceiling.unwrap().anchor, "start");
    }
}
