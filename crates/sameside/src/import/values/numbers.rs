//! Numbers and money, exactly: never through floating point.

use super::Sniffed;
use iso_currency::Currency;
use serde::{Deserialize, Serialize};

/// Digits a number may have.
const MAX_DIGITS: usize = 30;

/// Which mark stands before the fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    /// 1,234.50
    Point,
    /// 1.234,50
    Comma,
}

/// A decimal number: `units` divided by ten to the power of `scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    units: i128,
    scale: u32,
}

/// An amount in the smallest unit of its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// Cents, pence, yen.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// A number as it was written, with what stood beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// The number; for `12%` it is 12.
    pub decimal: Decimal,
    /// A currency's code or sign beside it.
    pub currency: Option<CurrencyMark>,
    /// Whether a percent sign stood behind it.
    pub percent: bool,
}

/// What a currency sign says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CurrencyMark {
    /// One currency.
    Clear(Currency),
    /// `$`: one of the dollars or pesos.
    Dollar,
    /// `kr`: one of the crowns of the north.
    Crown,
    /// `¥`: yen or yuan.
    Yen,
}

impl CurrencyMark {
    /// The currency meant where the workspace uses `usual`.
    pub fn resolve(self, usual: Currency) -> Currency {
        let among = |list: &[Currency], otherwise| if list.contains(&usual) { usual } else { otherwise };
        match self {
            CurrencyMark::Clear(currency) => currency,
            CurrencyMark::Dollar => among(
                &[
                    Currency::CAD,
                    Currency::AUD,
                    Currency::NZD,
                    Currency::SGD,
                    Currency::HKD,
                    Currency::TWD,
                    Currency::MXN,
                    Currency::ARS,
                    Currency::CLP,
                    Currency::COP,
                ],
                Currency::USD,
            ),
            CurrencyMark::Crown => among(&[Currency::NOK, Currency::DKK, Currency::ISK], Currency::SEK),
            CurrencyMark::Yen => among(&[Currency::CNY], Currency::JPY),
        }
    }
}

impl Decimal {
    /// A whole number.
    pub fn whole(units: i64) -> Decimal {
        Decimal { units: i128::from(units), scale: 0 }
    }

    /// The number multiplied by `factor` (a column of millions); nothing if that leaves the range.
    pub fn times(self, factor: u32) -> Option<Decimal> {
        Some(Decimal { units: self.units.checked_mul(i128::from(factor))?, scale: self.scale })
    }

    /// The nearest floating-point number.
    pub fn to_f64(self) -> f64 {
        self.units as f64 / 10_f64.powi(self.scale.cast_signed())
    }

    /// The number if it is whole.
    pub fn to_whole(self) -> Option<i64> {
        let unit = 10_i128.checked_pow(self.scale)?;
        (self.units % unit == 0).then(|| i64::try_from(self.units / unit).ok()).flatten()
    }

    /// The amount in minor units of `currency`, halves rounded away from zero; nothing if it is out of range.
    pub fn money(self, currency: Currency) -> Option<Money> {
        let exponent = u32::from(currency.exponent().unwrap_or(2));
        let minor = if self.scale <= exponent {
            self.units.checked_mul(10_i128.checked_pow(exponent - self.scale)?)?
        } else {
            let unit = 10_i128.checked_pow(self.scale - exponent)?;
            let half = unit / 2 * self.units.signum();
            self.units.checked_add(half)? / unit
        };
        Some(Money { minor: i64::try_from(minor).ok()?, currency })
    }
}

/// Reads a currency's code or sign.
pub fn currency(text: &str) -> Option<CurrencyMark> {
    let text = text.trim().trim_end_matches('.');
    let clear = |currency| Some(CurrencyMark::Clear(currency));
    match text {
        "$" => return Some(CurrencyMark::Dollar),
        "kr" | "Kr" | "kr." => return Some(CurrencyMark::Crown),
        "¥" | "￥" => return Some(CurrencyMark::Yen),
        "€" | "Euro" | "euro" | "EURO" => return clear(Currency::EUR),
        "£" => return clear(Currency::GBP),
        "US$" | "$US" | "U$S" => return clear(Currency::USD),
        "C$" | "CA$" => return clear(Currency::CAD),
        "A$" | "AU$" => return clear(Currency::AUD),
        "NZ$" => return clear(Currency::NZD),
        "S$" => return clear(Currency::SGD),
        "HK$" => return clear(Currency::HKD),
        "R$" => return clear(Currency::BRL),
        "MX$" => return clear(Currency::MXN),
        "₹" | "Rs" => return clear(Currency::INR),
        "₽" => return clear(Currency::RUB),
        "₩" => return clear(Currency::KRW),
        "₪" => return clear(Currency::ILS),
        "₺" | "TL" => return clear(Currency::TRY),
        "₴" => return clear(Currency::UAH),
        "₫" => return clear(Currency::VND),
        "฿" => return clear(Currency::THB),
        "₦" => return clear(Currency::NGN),
        "₱" => return clear(Currency::PHP),
        "zł" | "zl" => return clear(Currency::PLN),
        "Kč" => return clear(Currency::CZK),
        "Ft" => return clear(Currency::HUF),
        "lei" => return clear(Currency::RON),
        "Fr" | "SFr" | "sFr" => return clear(Currency::CHF),
        _ => {}
    }
    if text.len() != 3 || !text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    Currency::from_code(&text.to_ascii_uppercase()).map(CurrencyMark::Clear)
}

/// A number's digits and marks, and what stood around them.
struct Written<'a> {
    body: &'a str,
    negative: bool,
    currency: Option<CurrencyMark>,
    percent: bool,
    power: u32,
}

fn written(text: &str) -> Option<Written<'_>> {
    let mut text = text.trim();
    if text.is_empty() || text.len() > 80 {
        return None;
    }
    let mut negative = false;
    if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        negative = true;
        text = inner.trim();
    }
    let minus = |c: char| matches!(c, '-' | '−' | '–');
    let (mut currency_mark, mut percent, mut power) = (None, false, 0);
    // Signs and marks in front, in any order: -$5, $-5, + 5, EUR 5.
    loop {
        if let Some(rest) = text.strip_prefix(minus) {
            if negative {
                return None;
            }
            negative = true;
            text = rest.trim_start();
        } else if let Some(rest) = text.strip_prefix('+') {
            text = rest.trim_start();
        } else {
            let length = text
                .find(|c: char| c.is_ascii_digit() || minus(c) || c.is_whitespace() || matches!(c, ',' | '('))
                .unwrap_or(text.len());
            // `.5` begins with its mark, `Fr.5` does not.
            let length = if length == 1 && text.starts_with('.') { 0 } else { length };
            if length == 0 {
                break;
            }
            currency_mark = Some(currency(text.get(..length)?)?);
            text = text.get(length..)?.trim_start();
        }
    }
    // And behind: 5 %, 5 EUR, 5-, 1.2 Mio. €
    while let Some(last) = text.chars().next_back().filter(|c| !c.is_ascii_digit()) {
        if last == '%' {
            percent = true;
            text = text.get(..text.len() - 1)?.trim_end();
        } else if minus(last) {
            let rest = text.get(..text.len() - last.len_utf8())?;
            // `5,-` is how whole amounts are written in some countries; `5-` is negative.
            if rest.ends_with([',', '.']) {
                text = rest.get(..rest.len() - 1)?;
            } else {
                negative = true;
                text = rest.trim_end();
            }
        } else if last == '.'
            && text.len() > 1
            && text.as_bytes().get(text.len() - 2).is_some_and(u8::is_ascii_digit)
        {
            text = text.get(..text.len() - 1)?;
        } else {
            let start = text.rfind(|c: char| c.is_ascii_digit() || c.is_whitespace()).map_or(0, |at| {
                at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
            });
            let word = text.get(start..)?;
            if let Some(found) = power_named(word).filter(|_| power == 0) {
                power = found;
            } else if currency_mark.is_none() {
                currency_mark = Some(currency(word)?);
            } else {
                return None;
            }
            text = text.get(..start)?.trim_end();
        }
    }
    (!text.is_empty()).then_some(Written { body: text, negative, currency: currency_mark, percent, power })
}

fn power_named(word: &str) -> Option<u32> {
    match word.trim_end_matches('.') {
        "k" | "K" | "Tsd" | "tsd" => Some(3),
        "m" | "M" | "mn" | "mm" | "MM" | "Mio" | "mio" | "million" | "Million" => Some(6),
        "bn" | "B" | "b" | "Mrd" | "mrd" | "billion" => Some(9),
        _ => None,
    }
}

fn is_space_mark(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\'' | '’' | '_' | '\u{202F}')
}

/// Reads a number whose fraction, if it has one, is behind `mark`. Other marks may only part thousands.
pub fn number(text: &str, mark: DecimalMark) -> Option<Number> {
    let written = written(text)?;
    let (mark, other) = match mark {
        DecimalMark::Point => ('.', ','),
        DecimalMark::Comma => (',', '.'),
    };
    let (whole, fraction) = written.body.split_once(mark).unwrap_or((written.body, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || !grouped(whole, other) {
        return None;
    }
    let mut units: i128 = 0;
    let mut digits = 0;
    for digit in whole.bytes().chain(fraction.bytes()).filter(u8::is_ascii_digit) {
        digits += 1;
        units = units.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
    }
    if digits == 0 || digits > MAX_DIGITS {
        return None;
    }
    let scale = u32::try_from(fraction.len()).ok()?;
    let (scale, lift) =
        if scale >= written.power { (scale - written.power, 0) } else { (0, written.power - scale) };
    units = units.checked_mul(10_i128.checked_pow(lift)?)?;
    let decimal = Decimal { units: if written.negative { -units } else { units }, scale };
    Some(Number { decimal, currency: written.currency, percent: written.percent })
}

/// Whether the digits before the fraction are in groups of thousands (or not grouped at all). Indian groups of two are taken.
fn grouped(whole: &str, mark: char) -> bool {
    if whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let used = whole.chars().find(|c| !c.is_ascii_digit());
    let Some(used) = used.filter(|c| *c == mark || is_space_mark(*c)) else { return false };
    let groups: Vec<&str> = whole.split(used).collect();
    let Some(((first, last), middle)) = groups.split_first().and_then(|(first, rest)| {
        let (last, middle) = rest.split_last()?;
        Some(((first, last), middle))
    }) else {
        return false;
    };
    let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    groups.iter().all(digits)
        && (1..=3).contains(&first.len())
        && last.len() == 3
        && (middle.iter().all(|group| group.len() == 3)
            || (used == ',' && first.len() < 3 && middle.iter().all(|group| group.len() == 2)))
}

/// What the numbers of a column tell about their decimal mark.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberEvidence {
    /// Values that are numbers, whatever their mark.
    pub numbers: u64,
    /// Values that are not.
    pub others: u64,
    /// Numbers with a currency beside them.
    pub with_currency: u64,
    /// Numbers that are not whole in either reading, or have a currency: measures rather than counts.
    point: u64,
    comma: u64,
    either: u64,
    /// A value that can be read both ways.
    pub example: Option<String>,
    /// The first currency seen beside a number.
    pub currency: Option<CurrencyMark>,
}

impl NumberEvidence {
    /// Takes one more value into account.
    pub fn see(&mut self, text: &str) {
        // Most cells of most columns are no numbers at all: say so cheaply.
        if !text.bytes().any(|byte| byte.is_ascii_digit()) || text.len() > 80 {
            self.others += 1;
            return;
        }
        if text.len() < 19 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            self.numbers += 1;
            return;
        }
        let (point, comma) = (number(text, DecimalMark::Point), number(text, DecimalMark::Comma));
        let Some(seen) = point.or(comma) else {
            self.others += 1;
            return;
        };
        self.numbers += 1;
        if let Some(mark) = seen.currency {
            self.with_currency += 1;
            self.currency.get_or_insert(mark);
        }
        match (point, comma) {
            (Some(point), Some(comma)) if point == comma => {}
            (Some(point), Some(comma)) if self.leans(text, &point, &comma) => {}
            (Some(_), Some(_)) => {
                self.either += 1;
                self.example.get_or_insert_with(|| text.to_owned());
            }
            (Some(_), None) => self.point += 1,
            (None, _) => self.comma += 1,
        }
    }

    /// `0.125` and `0,125` can be thousands by the rules, but nobody writes thousands after a zero.
    fn leans(&mut self, text: &str, point: &Number, comma: &Number) -> bool {
        let first = text.chars().find(char::is_ascii_digit);
        if first != Some('0') {
            return false;
        }
        if point.decimal.scale > comma.decimal.scale {
            self.point += 1;
        } else {
            self.comma += 1;
        }
        true
    }

    /// What is to be thought of the column.
    pub fn mark(&self) -> Sniffed<DecimalMark> {
        match (self.point, self.comma, self.either) {
            (0, 0, 0) => Sniffed::Nothing,
            (0, 0, _) => Sniffed::Ambiguous,
            (_, 0, _) => Sniffed::Certain(DecimalMark::Point),
            (0, _, _) => Sniffed::Certain(DecimalMark::Comma),
            (point, comma, _) if point >= comma => Sniffed::Mixed(DecimalMark::Point),
            _ => Sniffed::Mixed(DecimalMark::Comma),
        }
    }
}
