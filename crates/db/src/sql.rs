//! A statement.

use std::borrow::Cow;

/// The text of one statement, with parameters `$1`, `$2` … Only two ways lead to it: [`sql!`](crate::sql!)
/// for fixed text, which a test prepares on both databases, and [`Sql::built`].
#[derive(Debug, Clone)]
pub struct Sql(Cow<'static, str>);

impl Sql {
    /// A fixed statement; written as `sql!("…")`, so that the test that prepares every statement finds it.
    pub const fn fixed(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// A statement put together from parts of our own. Never from what a person typed: that is a parameter.
    pub const fn built(text: String) -> Self {
        Self(Cow::Owned(text))
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The greatest `n` of its parameters `$n`.
    pub(crate) fn parameters(&self) -> usize {
        let mut greatest = 0;
        for after in self.0.split('$').skip(1) {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            greatest = greatest.max(after.get(..digits).and_then(|n| n.parse().ok()).unwrap_or(0));
        }
        greatest
    }

    /// The statement with `?n` for `$n`, which SQLite numbers as it is written; `$n` it would take for a name.
    pub(crate) fn numbered(&self) -> String {
        let mut text = String::with_capacity(self.0.len());
        // Every second part is inside quotes.
        for (n, part) in self.0.split('\'').enumerate() {
            if n > 0 {
                text.push('\'');
            }
            let is_quoted = n % 2 == 1;
            text.extend(part.chars().map(|c| if c == '$' && !is_quoted { '?' } else { c }));
        }
        text
    }

    /// `$from, $from+1 …`, `count` of them: for `in (…)` and rows of values.
    pub fn placeholders(from: usize, count: usize) -> String {
        let mut text = String::with_capacity(count * 5);
        for n in from..from + count {
            if n > from {
                text.push_str(", ");
            }
            text.push('$');
            text.push_str(&n.to_string());
        }
        text
    }
}

/// A fixed statement: `sql!("select name from company where id = $1")`.
#[macro_export]
macro_rules! sql {
    ($text:literal) => {
        $crate::Sql::fixed($text)
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted_by_the_greatest() {
        assert_eq!(sql!("select $2, $1, $12, '$'").parameters(), 12);
        assert_eq!(sql!("select 1").parameters(), 0);
        assert_eq!(Sql::placeholders(3, 3), "$3, $4, $5");
    }

    #[test]
    fn sqlite_gets_numbers_where_postgresql_has_them_and_quotes_stay() {
        assert_eq!(
            sql!("select '$1', $2, 'it''s $3' where a = $1").numbered(),
            "select '$1', ?2, 'it''s $3' where a = ?1"
        );
    }
}
