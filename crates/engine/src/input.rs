//! Reading a document: strict, limited, and with one clear sentence when it cannot be read.

use serde::de::DeserializeOwned;
use std::fmt;

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
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let place = match error.path().to_string().as_str() {
            "." => String::new(),
            path => path.to_owned(),
        };
        Error { place, message: error.into_inner().to_string() }
    })?;
    json.end().map_err(|error| Error::at("", error.to_string()))?;
    Ok(value)
}
