//! A figure of a deal or of a product's profile.

use crate::base::{Currency, Date, Evidence, Fields, Id, Locale, Money, Range, Source, codes};
use crate::deals::Deal;
use crate::products::Product;
use crate::records::{About, Kind, Reference, record};

codes! {
    /// What a figure is of. The codes are the engine's names for its parameters.
    pub enum Parameter {
        /// What the problem costs them a month, and so what solving it is worth.
        Benefit = "client.benefit_per_month", "What the problem costs them a month";
        /// How likely it works for them.
        Success = "client.success", "Chance that it works for them";
        /// How long until they feel it.
        Delay = "client.months_to_benefit", "Months until they feel it";
        /// What it costs them besides the price.
        Adoption = "client.adoption_cost", "What it costs them besides the price";
        /// What their best alternative is worth to them.
        Alternative = "client.alternative_value", "What their best alternative is worth";
        /// What they would pay if it works: said beside the fair price, no part of the engine's sum.
        Willing = "client.willing_to_pay", "What they would pay for it";
        /// What delivering costs us.
        Delivery = "company.delivery_cost", "What delivering costs us";
        /// What serving them costs us a month.
        Service = "company.service_cost_per_month", "What serving them costs us a month";
        /// What the deal brings us besides its price.
        Strategic = "company.strategic_value", "What it brings us besides the price";
        /// How many hours until they decide.
        Hours = "company.hours_to_close", "Our hours until they decide";
        /// What we spend until they decide, hours apart.
        Spend = "company.spend_to_close", "What we spend until they decide";
        /// How likely they agree.
        Win = "company.win", "Chance that we agree";
        /// What is usually asked for it: of products only.
        Price = "terms.price", "Usual price";
    }
}

/// What a parameter is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// The deal's or product's currency, in whole units.
    Money,
    /// The same, a month.
    MoneyAMonth,
    /// Months.
    Months,
    /// Hours.
    Hours,
    /// A share between 0 and 1.
    Share,
}

impl Unit {
    /// A figure with its unit: `€1,200 a month`, `8.5 of 10`, `6 months`.
    pub fn show(self, value: f64, currency: Currency, locale: Locale) -> String {
        format!("{}{}", self.number(value, currency, locale), self.after(value))
    }

    /// Low, likely and high, with the unit said once: `€800 to €2,600 a month, likely €1,600`; one figure if it is
    /// known exactly.
    pub fn show_range(self, [low, likely, high]: [f64; 3], currency: Currency, locale: Locale) -> String {
        if low >= high {
            return self.show(likely, currency, locale);
        }
        let say = |value| self.number(value, currency, locale);
        format!("{} to {}{}, likely {}", say(low), say(high), self.after(high), say(likely))
    }

    fn number(self, value: f64, currency: Currency, locale: Locale) -> String {
        let tenths = |value: f64| {
            let value = (value * 10.0).round() / 10.0;
            locale.number(value, usize::from(value.fract() != 0.0))
        };
        match self {
            Self::Money | Self::MoneyAMonth => {
                let units = if value.abs() >= 10.0 { value.round() } else { value };
                Money::of_units(units, currency).show(locale)
            }
            Self::Share => tenths(value * 10.0),
            Self::Hours if value >= 10.0 => locale.number(value, 0),
            Self::Months | Self::Hours => tenths(value),
        }
    }

    fn after(self, value: f64) -> &'static str {
        let is_one = (value - 1.0).abs() < 0.05;
        match self {
            Self::Money => "",
            Self::MoneyAMonth => " a month",
            Self::Share => " of 10",
            Self::Months if is_one => " month",
            Self::Months => " months",
            Self::Hours if is_one => " hour",
            Self::Hours => " hours",
        }
    }
}

impl Parameter {
    /// What it is counted in.
    pub const fn unit(self) -> Unit {
        match self {
            Self::Benefit | Self::Service => Unit::MoneyAMonth,
            Self::Adoption
            | Self::Alternative
            | Self::Willing
            | Self::Delivery
            | Self::Strategic
            | Self::Spend
            | Self::Price => Unit::Money,
            Self::Delay => Unit::Months,
            Self::Hours => Unit::Hours,
            Self::Success | Self::Win => Unit::Share,
        }
    }

    /// Whether it is of the client's side.
    pub fn is_clients(self) -> bool {
        self.code().starts_with("client.")
    }

    /// Whether the engine counts with it; the usual price and what they would pay stand beside its answer.
    pub const fn is_weighed(self) -> bool {
        !matches!(self, Self::Price | Self::Willing)
    }

    /// Whether it may be negative.
    pub const fn may_be_negative(self) -> bool {
        matches!(self, Self::Alternative | Self::Strategic)
    }

    /// How to ask for it.
    pub const fn question(self) -> &'static str {
        match self {
            Self::Benefit => "What does the problem cost you in a usual month?",
            Self::Success => "Of 10 clients like this one, for how many would it work?",
            Self::Delay => "How many months until you would feel the difference?",
            Self::Adoption => "What will the change cost you besides the price: time, training, moving?",
            Self::Alternative => "What would you do without us, and what would that be worth to you?",
            Self::Willing => "If it does what you want, what would you pay for it?",
            Self::Delivery => "What will it cost us to deliver?",
            Self::Service => "What will it cost us to serve them, a month?",
            Self::Strategic => "What does this deal bring us besides its price?",
            Self::Hours => "How many hours will it take us until they decide?",
            Self::Spend => "What will we spend until they decide, hours apart?",
            Self::Win => "Of 10 deals that stood like this one, how many agreed?",
            Self::Price => "What do clients usually pay for it?",
        }
    }
}

record! {
    /// A figure of a deal, or of a product's profile: three percentiles and where they come from.
    pub struct Figure in "figure", Kind::Figure => {
        /// The deal it is of.
        pub deal_id: Option<Id<Deal>>,
        /// Or the product.
        pub product_id: Option<Id<Product>>,
        /// What it is.
        pub parameter: Parameter,
        /// The 10th percentile, in the unit of the parameter.
        pub low: f64,
        /// The 50th percentile.
        pub likely: f64,
        /// The 90th percentile.
        pub high: f64,
        /// How well it is founded.
        pub source: Source,
        /// Who said or measured it.
        pub said_by: Option<String>,
        /// On which day.
        pub said_on: Option<Date>,
        /// What was said, or how it was measured.
        pub note: Option<String>,
    }
    derived {}
}

impl Figure {
    /// The three percentiles.
    pub fn range(&self) -> Range {
        Range::new(self.low, self.likely, self.high).unwrap_or(Range::exactly(self.likely))
    }

    /// Where they come from.
    pub fn evidence(&self) -> Evidence {
        Evidence { source: self.source, by: self.said_by.clone(), on: self.said_on, note: self.note.clone() }
    }
}

impl About for Figure {
    fn title(&self) -> String {
        self.parameter.label().to_owned()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        self.deal_id.map(Id::uuid).or(self.product_id.map(Id::uuid))
    }

    fn references(&self) -> Vec<Reference> {
        let deal = Reference::to("deal_id", Kind::Deal, self.deal_id);
        deal.into_iter().chain(Reference::to("product_id", Kind::Product, self.product_id)).collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        let name = self.parameter.code();
        if self.deal_id.is_some() == self.product_id.is_some() {
            fields.add(name, "a figure of either a deal or a product");
        }
        match Range::new(self.low, self.likely, self.high) {
            Err(message) => fields.add(name, message),
            Ok(range)
                if self.parameter.unit() == Unit::Share && !(range.low() >= 0.0 && range.high() <= 1.0) =>
            {
                fields.add(name, "shares between 0 and 100%");
            }
            Ok(range) if range.low() < 0.0 && !self.parameter.may_be_negative() => {
                fields.add(name, "numbers from 0 on")
            }
            Ok(_) => {}
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_said_in_their_units() {
        let say = |value, unit: Unit| unit.show(value, Currency::EUR, Locale::EnGb);
        for (value, unit, said) in [
            (1_222.3, Unit::MoneyAMonth, "€1,222 a month"),
            (28_263.4, Unit::Money, "€28,263"),
            (0.684, Unit::Share, "6.8 of 10"),
            (0.5, Unit::Share, "5 of 10"),
            (4.6, Unit::Months, "4.6 months"),
            (25.2, Unit::Hours, "25 hours"),
            (1.0, Unit::Hours, "1 hour"),
        ] {
            assert_eq!(say(value, unit), said);
        }
    }

    #[test]
    fn a_range_says_its_unit_once() {
        let say = |three, unit: Unit| unit.show_range(three, Currency::EUR, Locale::EnGb);
        let said = say([800.0, 1_600.0, 2_600.0], Unit::MoneyAMonth);
        assert_eq!(said, "€800 to €2,600 a month, likely €1,600");
        assert_eq!(say([0.5, 1.0, 2.0], Unit::Months), "0.5 to 2 months, likely 1");
        assert_eq!(say([1.0; 3], Unit::Months), "1 month");
    }
}
