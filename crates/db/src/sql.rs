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

    /// The statement with `?` for each parameter, if it has many and they stand in order, each once: a named parameter is looked for
    /// among all others whenever SQLite prepares or binds it, which makes a statement with thousands of them slow. Nothing for others.
    pub(crate) fn unnumbered(&self) -> Option<String> {
        const FEW: usize = 24;
        if self.0.len() < FEW * 4 || self.0.contains(['\'', '?']) {
            return None;
        }
        let mut parts = self.0.split('$');
        let mut text = String::with_capacity(self.0.len());
        text.push_str(parts.next()?);
        let mut count = 0;
        for after in parts {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = after.split_at_checked(digits)?;
            count += 1;
            if number.parse() != Ok(count) {
                return None;
            }
            text.push('?');
            text.push_str(rest);
        }
        (count > FEW).then_some(text)
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
    fn many_parameters_in_order_lose_their_numbers_and_others_keep_them() {
        let many = Sql::built(format!("insert into t values ({})", Sql::placeholders(1, 30)));
        let text = many.unnumbered().unwrap();
        assert_eq!((text.matches('?').count(), text.contains('$')), (30, false));
        let twice = Sql::built(format!("{} where a = $1", many.text()));
        let text = Sql::built(format!("select '$1', {}", Sql::placeholders(2, 30)));
        assert!(twice.unnumbered().is_none() && text.unnumbered().is_none());
        assert!(sql!("select $1, $2").unnumbered().is_none());
    }
}
