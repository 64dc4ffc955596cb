//! How a member reads dates and numbers.

use crate::base::code::codes;
use jiff::civil;

codes! {
    /// Language and country, as far as they change how dates and numbers are written.
    pub enum Locale {
        /// 22 Nov 2026 · 1,234.5
        EnGb = "en-GB", "English (22 Nov 2026 · 1,234.5)";
        /// Nov 22, 2026 · 1,234.5
        EnUs = "en-US", "English, US (Nov 22, 2026 · 1,234.5)";
        /// 22. Nov. 2026 · 1.234,5
        De = "de", "Deutsch (22. Nov. 2026 · 1.234,5)";
        /// 22 nov. 2026 · 1 234,5
        Fr = "fr", "Français (22 nov. 2026 · 1 234,5)";
        /// 22 nov 2026 · 1.234,5
        Es = "es", "Español (22 nov 2026 · 1.234,5)";
        /// 22 nov 2026 · 1.234,5
        Pt = "pt", "Português (22 nov 2026 · 1.234,5)";
        /// 22 nov 2026 · 1.234,5
        It = "it", "Italiano (22 nov 2026 · 1.234,5)";
        /// 22 nov 2026 · 1.234,5
        Nl = "nl", "Nederlands (22 nov 2026 · 1.234,5)";
    }
}

impl Locale {
    fn months(self) -> [&'static str; 12] {
        match self {
            Self::EnGb | Self::EnUs => {
                ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            }
            Self::De => [
                "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.",
                "Dez.",
            ],
            Self::Fr => [
                "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
                "déc.",
            ],
            Self::Es => ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"],
            Self::Pt => ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"],
            Self::It => ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"],
            Self::Nl => ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
        }
    }

    /// A day: `22 Nov 2026`.
    pub fn date(self, date: civil::Date) -> String {
        let month = self
            .months()
            .get(usize::from(date.month().unsigned_abs()).saturating_sub(1))
            .copied()
            .unwrap_or("");
        let (day, year) = (date.day(), date.year());
        match self {
            Self::EnUs => format!("{month} {day}, {year}"),
            Self::De => format!("{day}. {month} {year}"),
            _ => format!("{day} {month} {year}"),
        }
    }

    /// A day, without its year if it is that of `today`: `22 Nov`, `3 Feb 2027`.
    pub fn near_date(self, date: civil::Date, today: civil::Date) -> String {
        let whole = self.date(date);
        if date.year() != today.year() {
            return whole;
        }
        let without = whole.trim_end_matches(|c: char| c.is_ascii_digit());
        without.trim_end_matches([' ', ',']).to_owned()
    }

    /// The sign before decimals, and the one between thousands.
    pub const fn separators(self) -> (char, char) {
        match self {
            Self::EnGb | Self::EnUs => ('.', ','),
            Self::Fr => (',', '\u{202f}'),
            _ => (',', '.'),
        }
    }

    /// A number with so many decimals: `1,234.50`; the minus sign is a real one.
    pub fn number(self, value: f64, decimals: usize) -> String {
        let (point, thousands) = self.separators();
        let plain = plain(value.abs(), decimals);
        let (whole, rest) =
            plain.split_once('.').map_or((plain.as_str(), None), |(whole, rest)| (whole, Some(rest)));
        let is_zero = plain.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        let mut text = String::with_capacity(plain.len() + 6);
        if value < 0.0 && !is_zero {
            text.push('−');
        }
        for (n, digit) in whole.chars().enumerate() {
            if n > 0 && (whole.len() - n) % 3 == 0 {
                text.push(thousands);
            }
            text.push(digit);
        }
        if let Some(rest) = rest {
            text.push(point);
            text.push_str(rest);
        }
        text
    }
}

/// A number that is not negative, with so many decimals. Most numbers on pages have none, and those are written as whole ones, which
/// takes a tenth of the time.
fn plain(value: f64, decimals: usize) -> String {
    const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;
    if decimals > 0 || value.is_nan() || value > WHOLE_MAX {
        return format!("{value:.decimals$}");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 2^53")]
    let whole = value.round_ties_even() as u64;
    whole.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_read_them() {
        assert_eq!(Locale::EnGb.number(1_234_567.5, 2), "1,234,567.50");
        assert_eq!(Locale::De.number(-1_234.0, 0), "−1.234");
        assert_eq!(Locale::EnUs.number(-0.2, 0), "0");
        assert_eq!(Locale::Fr.number(999.0, 0), "999");
        for value in [0.5, 1.5, 2.5, 1e15, 1e16, 1e300, f64::INFINITY] {
            assert_eq!(plain(value, 0), format!("{value:.0}"), "{value}");
        }
    }

    #[test]
    fn dates_follow_the_language() {
        let date = civil::date(2026, 3, 5);
        assert_eq!(Locale::EnGb.date(date), "5 Mar 2026");
        assert_eq!(Locale::EnUs.date(date), "Mar 5, 2026");
        assert_eq!(Locale::De.date(date), "5. März 2026");
        let today = civil::date(2026, 11, 22);
        assert_eq!(Locale::EnGb.near_date(date, today), "5 Mar");
        assert_eq!(Locale::EnUs.near_date(date, today), "Mar 5");
        assert_eq!(Locale::EnUs.near_date(date, civil::date(2027, 1, 2)), "Mar 5, 2026");
    }
}
