//! What a product is.

use crate::accounts::Right;
use crate::base::{Currency, Fields, Money, fold};
use crate::records::{About, Kind, Other, record};

/// The longest promise to somebody who has a product, in working hours.
const PROMISED_HOURS_MAX: f64 = 2_000.0;

record! {
    /// What we offer. Its profile are the figures that refer to it.
    pub struct Product in "product", Kind::Product => {
        /// What it is called.
        pub name: String,
        /// The family it belongs to.
        pub family: Option<String>,
        /// Its list price, in minor units.
        pub price_minor: Option<i64>,
        /// Of this currency.
        pub currency: Currency,
        /// What it is, what it is not for.
        pub note: Option<String>,
        /// What an import brought that no field takes.
        pub other: Other,
        /// Within how many working hours somebody who has it is answered first, if not as usual.
        pub answer_hours: Option<f64>,
        /// Within how many their requests are resolved.
        pub resolve_hours: Option<f64>,
    }
    derived { name_folded = |product| fold(&product.name) }
}

impl Product {
    /// A product of which only the name is known.
    pub fn named(name: impl Into<String>, currency: Currency) -> Self {
        Self {
            name: name.into(),
            family: None,
            price_minor: None,
            currency,
            note: None,
            other: Other::default(),
            answer_hours: None,
            resolve_hours: None,
        }
    }

    /// Its list price.
    pub fn price(&self) -> Option<Money> {
        self.price_minor.map(|minor| Money { minor, currency: self.currency })
    }
}

impl About for Product {
    fn title(&self) -> String {
        self.name.clone()
    }

    fn right() -> Right {
        Right::Manage
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.name.is_empty() {
            fields.add("name", "a name");
        }
        if self.price_minor.is_some_and(|price| price < 0) {
            fields.add("price", "a price from 0 on");
        }
        for (field, hours) in [("answer_hours", self.answer_hours), ("resolve_hours", self.resolve_hours)] {
            if hours.is_some_and(|hours| !(hours > 0.0 && hours <= PROMISED_HOURS_MAX)) {
                fields.add(field, format!("working hours above 0, {PROMISED_HOURS_MAX} at most"));
            }
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}
