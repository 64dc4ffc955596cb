//! What a column can hold.

use uuid::Uuid;

/// One parameter of a statement. A missing value keeps its type, which PostgreSQL needs to know.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A whole number: counts, versions, minor units of money, microseconds since 1970 (UTC).
    Int(Option<i64>),
    /// A real number.
    Real(Option<f64>),
    /// Text: names, ISO dates, codes of enums, JSON documents.
    Text(Option<String>),
    /// Bytes: hashes.
    Bytes(Option<Vec<u8>>),
    /// The id of a row.
    Id(Option<Uuid>),
}

macro_rules! into_value {
    ($($type:ty => $variant:ident, $from:expr;)*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(Some(($from)(value)))
            }
        }
        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map($from))
            }
        }
    )*};
}

into_value! {
    i64 => Int, |v| v;
    i32 => Int, i64::from;
    u32 => Int, i64::from;
    bool => Int, i64::from;
    f64 => Real, |v| v;
    String => Text, |v| v;
    &str => Text, str::to_owned;
    &String => Text, |v: &String| v.clone();
    Vec<u8> => Bytes, |v| v;
    &[u8] => Bytes, <[u8]>::to_vec;
    Uuid => Id, |v| v;
}
