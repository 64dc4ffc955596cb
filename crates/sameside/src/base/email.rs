//! An e-mail address.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest address, in bytes (RFC 5321).
const BYTES_MAX: usize = 254;

/// An e-mail address, in lower case: that is how people and servers compare them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// Reads an address.
    ///
    /// # Errors
    /// A sentence saying what would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim().to_lowercase();
        let parts = text.rsplit_once('@').filter(|(name, host)| {
            let plain = |c: char| {
                !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | ',' | ';' | '"' | '@')
            };
            !name.is_empty()
                && name.chars().all(plain)
                && host.contains('.')
                && host
                    .split('.')
                    .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'))
        });
        match parts {
            Some(_) if text.len() <= BYTES_MAX => Ok(Self(text)),
            _ => Err("an e-mail address such as ada@example.com".into()),
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for Email {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}
impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}
impl db::Parameter for Email {
    fn value(self) -> db::Value {
        self.0.value()
    }
    fn missing() -> db::Value {
        String::missing()
    }
}
impl db::Column for Email {
    fn column(row: &db::Row, index: usize) -> db::Result<Self> {
        let text = String::column(row, index)?;
        Self::parse(&text).map_err(|_| db::Error::Shape(format!("{text:?} is not an e-mail address")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_or_refused() {
        for text in ["Ada@Example.com", "o'hara+x@sub.example.co", "ü@müller.de"] {
            assert!(Email::parse(text).is_ok(), "{text}");
        }
        for text in ["", "ada", "@example.com", "a b@example.com", "a@b", "a@b..c", "a@@b.c", "Ada <a@b.c>"] {
            assert!(Email::parse(text).is_err(), "{text}");
        }
    }
}
