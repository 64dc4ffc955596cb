//! What a product is.

use crate::accounts::Right;
use crate::base::{Currency, Fields, Money, fold};
use crate::records::{About, Kind, Other, record};

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
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}
