//! Money: whole minor units and a currency.

use crate::base::Locale;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The greatest sum that is taken, in minor units: beyond it sums could overflow.
const MINOR_MAX: i64 = 1_000_000_000_000_000;

/// A currency of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Currency {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.code().cmp(other.code())
    }
}

impl Currency {
    /// The euro, where nobody chose.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);

    /// The currency with this code, in any case: `EUR`, `usd`.
    pub fn parse(code: &str) -> Option<Self> {
        iso_currency::Currency::from_code(&code.trim().to_ascii_uppercase()).map(Self)
    }

    /// Its code: `EUR`.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Its name in English.
    pub fn name(self) -> String {
        self.0.name().to_owned()
    }

    /// How many digits its minor unit has: 2 for cents, 0 for yen.
    pub fn digits(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or(0))
    }

    /// How many minor units make one.
    pub fn unit(self) -> i64 {
        10_i64.pow(self.digits())
    }

    /// `€`, `$`, `£` where a reader cannot mistake it, else the code with a space.
    pub fn prefix(self) -> String {
        match self.code() {
            "EUR" => "€".into(),
            "USD" => "$".into(),
            "GBP" => "£".into(),
            "JPY" => "¥".into(),
            code => format!("{code}\u{a0}"),
        }
    }

    /// Every currency in use, for a choice.
    pub fn all() -> impl Iterator<Item = Self> {
        use iso_currency::IntoEnumIterator;
        iso_currency::Currency::iter().filter(|one| one.exponent().is_some() && !one.is_special()).map(Self)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&code)
            .ok_or_else(|| serde::de::Error::custom(format!("{code:?} is not a currency of ISO 4217")))
    }
}
impl db::Parameter for Currency {
    fn value(self) -> db::Value {
        self.code().value()
    }
    fn missing() -> db::Value {
        <&str>::missing()
    }
}
impl db::Column for Currency {
    fn column(row: &db::Row, index: usize) -> db::Result<Self> {
        let code = String::column(row, index)?;
        Self::parse(&code).ok_or_else(|| db::Error::Shape(format!("{code:?} is not a currency")))
    }
}

/// A sum of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: cents.
    pub minor: i64,
    /// Of this currency.
    pub currency: Currency,
}

impl Money {
    /// So many units (not minor units), rounded to the minor unit.
    #[expect(clippy::cast_possible_truncation, reason = "clamped to what is taken")]
    #[expect(clippy::cast_precision_loss, reason = "sums are far below 2^53")]
    pub fn of_units(units: f64, currency: Currency) -> Self {
        let minor = (units * currency.unit() as f64).round().clamp(-(MINOR_MAX as f64), MINOR_MAX as f64);
        Self { minor: minor as i64, currency }
    }

    /// In units, as the engine takes it.
    #[expect(clippy::cast_precision_loss, reason = "sums are far below 2^53")]
    pub fn units(self) -> f64 {
        self.minor as f64 / self.currency.unit() as f64
    }

    /// Reads what a person types: `1200`, `1,200.50`, `1.200,50`, `€ 1 200`. A single sign followed by exactly
    /// three digits separates thousands.
    ///
    /// # Errors
    /// A sentence saying what would be right.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, String> {
        let wrong = || format!("an amount such as 1200 or 1,200.50, not {:?}", text.trim());
        let kept: String =
            text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '−')).collect();
        let foreign =
            |c: char| !(c.is_ascii_digit() || c.is_whitespace() || matches!(c, '.' | ',' | '-' | '−' | '\''));
        let letters: String = text.chars().filter(|c| foreign(*c)).collect();
        if !letters.is_empty()
            && letters.trim() != currency.prefix().trim()
            && !letters.eq_ignore_ascii_case(currency.code())
        {
            return Err(wrong());
        }
        let (negative, digits) = match kept.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, kept.as_str()),
        };
        let decimal_at = digits.rfind(['.', ',']).filter(|at| {
            let sign = digits.get(*at..=*at).unwrap_or_default();
            let after = digits.len() - at - 1;
            let others = digits.contains(['.', ',']) && digits.matches(['.', ',']).any(|other| other != sign);
            others || (after != 3 && digits.matches(sign).count() == 1)
        });
        let (whole, rest) = decimal_at.map_or((digits, ""), |at| {
            (digits.get(..at).unwrap_or_default(), digits.get(at + 1..).unwrap_or_default())
        });
        let groups: Vec<&str> = whole.split(['.', ',']).collect();
        let one_sign = !(whole.contains('.') && whole.contains(','));
        let in_threes = groups.iter().skip(1).all(|group| group.len() == 3)
            && groups.first().is_some_and(|first| first.len() <= 3);
        if groups.len() > 1 && !(one_sign && in_threes) {
            return Err(wrong());
        }
        let whole = groups.concat();
        if whole.is_empty() && rest.is_empty() || rest.contains(|c: char| !c.is_ascii_digit()) {
            return Err(wrong());
        }
        let places = usize::try_from(currency.digits()).unwrap_or(0);
        if rest.trim_end_matches('0').len() > places {
            return Err(format!("{currency} has {places} decimals at most"));
        }
        let minor: i64 = format!("{whole}{rest:0<places$.places$}").parse().map_err(|_| wrong())?;
        if minor > MINOR_MAX {
            return Err("a smaller amount".into());
        }
        Ok(Self { minor: if negative { -minor } else { minor }, currency })
    }

    /// For people, whole units from 100 on: `€12,300`, `€9.50`, `−$40`.
    pub fn show(self, locale: Locale) -> String {
        let whole = self.minor % self.currency.unit() == 0 || self.units().abs() >= 10_000.0;
        let decimals = if whole { 0 } else { usize::try_from(self.currency.digits()).unwrap_or(0) };
        let text = locale.number(self.units(), decimals);
        match text.strip_prefix('−') {
            Some(rest) => format!("−{}{rest}", self.currency.prefix()),
            None => format!("{}{text}", self.currency.prefix()),
        }
    }

    /// For a form: `1200` or `1200.50`.
    pub fn plain(self) -> String {
        let unit = self.currency.unit();
        let (whole, rest) = (self.minor / unit, (self.minor % unit).abs());
        let sign = if self.minor < 0 && whole == 0 { "-" } else { "" };
        if rest == 0 {
            return format!("{sign}{whole}");
        }
        let places = usize::try_from(self.currency.digits()).unwrap_or(0);
        format!("{sign}{whole}.{rest:0>places$}")
    }
}

impl FromStr for Currency {
    type Err = String;
    fn from_str(code: &str) -> Result<Self, String> {
        Self::parse(code).ok_or_else(|| format!("a currency code such as EUR, not {code:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(text: &str) -> Option<i64> {
        Money::parse(text, Currency::EUR).ok().map(|money| money.minor)
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, want) in [
            ("1200", 120_000),
            ("1,200", 120_000),
            ("1.200", 120_000),
            ("1,200.5", 120_050),
            ("1.200,50", 120_050),
            ("€ 1 200", 120_000),
            ("12.5", 1_250),
            ("-3,25", -325),
            ("1,000,000", 100_000_000),
            (".5", 50),
            ("7 EUR", 700),
        ] {
            assert_eq!(minor(text), Some(want), "{text}");
        }
        for text in ["", "twelve", "1.2.3,4,5", "$5", "1.234,567", "99999999999999999"] {
            assert_eq!(minor(text), None, "{text}");
        }
    }

    #[test]
    fn amounts_are_shown_short_and_kept_exact() {
        let money = |minor| Money { minor, currency: Currency::EUR };
        assert_eq!(money(1_230_000).show(Locale::EnGb), "€12,300");
        assert_eq!(money(-950).show(Locale::EnGb), "−€9.50");
        assert_eq!(money(-50).plain(), "-0.50");
        assert_eq!(money(120_005).plain(), "1200.05");
    }
}
