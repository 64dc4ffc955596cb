//! What would bring a deal back: a day, a figure that passes its break-even, or a change of what we offer. Pure.

use crate::assessment::Words;
use crate::base::{Date, Money};
use crate::diagnosis::{Figure, Parameter};
use crate::products::Product;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The conditions under which to look again; any one is enough.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Watch {
    /// On this day.
    pub on: Option<Date>,
    /// When a figure rises (or falls) to a value.
    pub figure: Option<(Parameter, f64, bool)>,
    /// When what we offer is not what it was.
    pub product: Option<Profile>,
}

/// What a product is like: its price and its profile.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// What it is called.
    pub name: String,
    /// Its price, in minor units.
    pub price_minor: Option<i64>,
    /// Low, likely, high by the code of the parameter.
    pub figures: BTreeMap<String, [f64; 3]>,
}

impl Profile {
    /// What a product is like now.
    pub fn of(product: &Product, figures: &[Figure]) -> Self {
        let three =
            |figure: &Figure| (figure.parameter.code().to_owned(), [figure.low, figure.likely, figure.high]);
        Self {
            name: product.name.clone(),
            price_minor: product.price_minor,
            // The newest comes first; of two figures of one parameter the first is kept.
            figures: figures.iter().rev().map(three).collect(),
        }
    }

    /// What differs from how it was, in words: `What delivering costs us: €9,000 before, €7,000 now`.
    fn since(&self, before: &Self, words: Words) -> Vec<String> {
        let mut said = Vec::new();
        if before.price_minor != self.price_minor {
            let show = |minor: Option<i64>| {
                let money = minor.map(|minor| Money { minor, currency: words.currency });
                money.map_or_else(|| "none".to_owned(), |money| money.show(words.locale))
            };
            said.push(format!("Price: {} before, {} now", show(before.price_minor), show(self.price_minor)));
        }
        for parameter in Parameter::ALL.iter().copied() {
            let (was, is) = (before.figures.get(parameter.code()), self.figures.get(parameter.code()));
            if was == is {
                continue;
            }
            let show = |three: Option<&[f64; 3]>| {
                three.map_or_else(
                    || "not known".to_owned(),
                    |[_, likely, _]| parameter.unit().show(*likely, words.currency, words.locale),
                )
            };
            let (was, is) = (show(was), show(is));
            if was == is {
                said.push(format!("{}: likely {is} still, but its range is another", parameter.label()));
            } else {
                said.push(format!("{}: {was} before, {is} now", parameter.label()));
            }
        }
        said
    }
}

impl db::Parameter for Profile {
    fn value(self) -> db::Value {
        serde_json::to_string(&self).unwrap_or_default().value()
    }
    fn missing() -> db::Value {
        String::missing()
    }
}

impl db::Column for Profile {
    fn column(row: &db::Row, index: usize) -> db::Result<Self> {
        let text = String::column(row, index)?;
        serde_json::from_str(&text).map_err(|error| db::Error::Shape(format!("column {index}: {error}")))
    }
}

/// What is the case now.
#[derive(Debug, Clone, Copy)]
pub struct Now<'n> {
    /// The day.
    pub today: Date,
    /// What the watched figure likely is.
    pub figure: Option<f64>,
    /// What the product is like.
    pub product: Option<&'n Profile>,
}

impl Watch {
    /// Whether there is nothing to wait for.
    pub fn is_empty(&self) -> bool {
        self.on.is_none() && self.figure.is_none() && self.product.is_none()
    }

    /// What holds now, in words; nothing, if nothing does.
    pub fn holds(&self, now: Now<'_>, words: Words) -> Option<String> {
        let mut said = Vec::new();
        if let Some(on) = self.on.filter(|on| *on <= now.today) {
            said.push(format!("The day has come: {}.", on.show(words.locale)));
        }
        if let (Some((parameter, value, rises)), Some(is)) = (self.figure, now.figure)
            && (if rises { is >= value } else { is <= value })
        {
            let show = |value| parameter.unit().show(value, words.currency, words.locale);
            said.push(format!(
                "{}: {} now; from {} on the answer is another.",
                parameter.label(),
                show(is),
                show(value)
            ));
        }
        if let (Some(before), Some(is)) = (&self.product, now.product) {
            let changes = is.since(before, words);
            if !changes.is_empty() {
                said.push(format!("{} has changed. {}.", is.name, changes.join("; ")));
            }
        }
        (!said.is_empty()).then(|| said.join(" "))
    }

    /// What is waited for, each in words.
    pub fn said(&self, words: Words) -> Vec<String> {
        let mut said = Vec::new();
        if let Some(on) = self.on {
            said.push(format!("on {}", on.show(words.locale)));
        }
        if let Some((parameter, value, rises)) = self.figure {
            said.push(turn(parameter, value, rises, words));
        }
        if let Some(product) = &self.product {
            said.push(format!("when {} changes", product.name));
        }
        said
    }
}

/// A figure that passes a value, in words.
pub fn turn(parameter: Parameter, value: f64, rises: bool, words: Words) -> String {
    let name = parameter.label();
    let mut letters = name.chars();
    let name: String =
        letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default();
    let value = parameter.unit().show(value, words.currency, words.locale);
    format!("when {name} {} {value}", if rises { "rises to" } else { "falls to" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Currency, Locale};

    const WORDS: Words = Words { currency: Currency::EUR, locale: Locale::EnGb };

    fn now(day: &str) -> Now<'static> {
        Now { today: day.parse().unwrap(), figure: None, product: None }
    }

    #[test]
    fn a_day_holds_from_its_morning_on() {
        let watch = Watch { on: Some("2026-11-22".parse().unwrap()), ..Watch::default() };
        assert_eq!(watch.holds(now("2026-11-21"), WORDS), None);
        assert!(watch.holds(now("2026-11-22"), WORDS).unwrap().contains("22 Nov 2026"));
    }

    #[test]
    fn a_figure_holds_on_the_other_side_of_its_break_even() {
        let watch = Watch { figure: Some((Parameter::Success, 0.45, true)), ..Watch::default() };
        let at = |likely| watch.holds(Now { figure: Some(likely), ..now("2026-11-22") }, WORDS);
        assert_eq!(at(0.44), None);
        assert!(at(0.45).unwrap().contains("4.5 of 10"));
        let watch = Watch { figure: Some((Parameter::Delivery, 9_000.0, false)), ..Watch::default() };
        let at = |likely| watch.holds(Now { figure: Some(likely), ..now("2026-11-22") }, WORDS);
        assert_eq!(at(9_500.0), None);
        assert!(at(8_000.0).unwrap().contains("€8,000 now; from €9,000"));
    }

    #[test]
    fn a_product_holds_when_it_is_not_what_it_was() {
        let mut is =
            Profile { name: "Day routes".into(), price_minor: Some(900_000), figures: BTreeMap::new() };
        is.figures.insert(Parameter::Delivery.code().into(), [8_000.0, 9_000.0, 10_000.0]);
        let watch = Watch { product: Some(is.clone()), ..Watch::default() };
        assert_eq!(watch.holds(Now { product: Some(&is), ..now("2026-11-22") }, WORDS), None);
        is.figures.insert(Parameter::Delivery.code().into(), [6_000.0, 7_000.0, 8_000.0]);
        let said = watch.holds(Now { product: Some(&is), ..now("2026-11-22") }, WORDS).unwrap();
        assert!(
            said.contains("Day routes has changed. What delivering costs us: €9,000 before, €7,000 now."),
            "{said}"
        );
    }

    #[test]
    fn nothing_watched_never_holds() {
        let watch = Watch::default();
        assert!(watch.is_empty() && watch.holds(now("2999-01-01"), WORDS).is_none());
        assert_eq!(
            turn(Parameter::Delivery, 9_000.0, false, WORDS),
            "when what delivering costs us falls to €9,000"
        );
    }
}
