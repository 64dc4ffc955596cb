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

/// What can be given as a parameter; a missing one too.
pub trait Parameter {
    /// As a value.
    fn value(self) -> Value;
    /// A missing one, of this type.
    fn missing() -> Value;
}

impl<T: Parameter> From<T> for Value {
    fn from(parameter: T) -> Self {
        parameter.value()
    }
}

impl<T: Parameter> Parameter for Option<T> {
    fn value(self) -> Value {
        self.map_or_else(T::missing, T::value)
    }
    fn missing() -> Value {
        T::missing()
    }
}

macro_rules! parameter {
    ($($type:ty => $variant:ident, $from:expr;)*) => {$(
        impl Parameter for $type {
            fn value(self) -> Value {
                Value::$variant(Some(($from)(self)))
            }
            fn missing() -> Value {
                Value::$variant(None)
            }
        }
    )*};
}

parameter! {
    i64 => Int, |v| v;
    i32 => Int, i64::from;
    u32 => Int, i64::from;
    bool => Int, i64::from;
    f64 => Real, |v| v;
    String => Text, |v| v;
    &str => Text, str::to_owned;
    &String => Text, str::to_owned;
    Vec<u8> => Bytes, |v| v;
    &[u8] => Bytes, <[u8]>::to_vec;
    Uuid => Id, |v| v;
}
