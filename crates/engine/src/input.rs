//! Reading a document: strict, limited, and with one clear sentence when it cannot be read.

mod strict;

use serde::de::DeserializeOwned;
use std::fmt;
use strict::Strict;

/// The largest JSON document that is read, in bytes.
pub const INPUT_BYTES_MAX: usize = 64 << 20;

/// Why an input cannot be used: the place in the document and what would be right there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The path in the document, such as `client.benefit_per_month` or `issues[2].options[0].name`; empty
    /// when the whole document is meant.
    pub place: String,
    /// One sentence in plain words, without the place.
    pub message: String,
}

impl Error {
    /// An error at `place` of the document.
    pub fn at(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.place, self.message)
        }
    }
}

impl std::error::Error for Error {}

/// Reads one JSON document of type `T`.
///
/// # Errors
/// An empty or too large document, malformed JSON, an unknown or missing field, a wrong type, or a value its
/// type refuses; the error names the place.
pub fn read<T: DeserializeOwned>(document: &[u8]) -> Result<T, Error> {
    if document.len() > INPUT_BYTES_MAX {
        let limit_mib = INPUT_BYTES_MAX >> 20;
        return Err(Error::at(
            "",
            format!("the input is larger than {limit_mib} MiB: split it or leave out what is not needed"),
        ));
    }
    let document = document.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(document);
    if document.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::at("", "the input is empty: a JSON document is needed"));
    }
    let mut json = serde_json::Deserializer::from_slice(document);
    let value = serde_path_to_error::deserialize(Strict(&mut json)).map_err(|error| {
        // A question mark stands for what was cut off before its name was known.
        let place = match error.path().to_string().as_str() {
            "." | "?" => String::new(),
            path => path.trim_end_matches(".?").to_owned(),
        };
        Error { place, message: in_words(&error.into_inner().to_string()) }
    })?;
    json.end().map_err(|error| Error::at("", in_words(&error.to_string())))?;
    Ok(value)
}

/// What the reader says, without the words of the program.
fn in_words(message: &str) -> String {
    let (before, after) = match message.split_once("expected struct ") {
        Some((before, after)) => (before, after.split_once(' ').map_or("", |(_, rest)| rest)),
        None => return message.to_owned(),
    };
    let space = if after.is_empty() { "" } else { " " };
    format!("{before}expected an object{space}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        inner: Inner,
        #[serde(default)]
        list: Vec<Inner>,
        #[serde(default)]
        perhaps: Option<Inner>,
    }

    #[derive(Debug, PartialEq, Default, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Inner {
        figure: f64,
    }

    #[test]
    fn a_list_is_not_taken_for_an_object() {
        assert!(read::<Outer>(br#"{"inner": {"figure": 1}, "list": [{}], "perhaps": {}}"#).is_ok());
        for (document, place) in [
            ("[]", "invalid type: sequence"),
            ("[[1]]", "invalid type: sequence"),
            (r#"{"inner": []}"#, "inner: "),
            (r#"{"inner": [1]}"#, "inner: "),
            (r#"{"inner": {}, "list": [[1]]}"#, "list[0]: "),
            (r#"{"inner": {}, "perhaps": [1]}"#, "perhaps: "),
        ] {
            let error = read::<Outer>(document.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(place) && error.contains("sequence, expected an object"), "{error}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place_and_without_our_words() {
        for (document, says) in [
            ("", "the input is empty"),
            ("{", "EOF while parsing an object at line 1 column 1"),
            ("7", "invalid type: integer `7`, expected an object at line 1 column 1"),
            (r#"{"inner": {"figure": NaN}}"#, "inner.figure: expected value"),
            (r#"{"inner": {"figure": 1e999}}"#, "inner.figure: number out of range"),
            (r#"{"inner": {}, "other": 1}"#, "other: unknown field `other`"),
            (r#"{"inner": {}, "inner": {}}"#, "duplicate field `inner`"),
        ] {
            let error = read::<Outer>(document.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(says), "{error}");
        }
    }
}
