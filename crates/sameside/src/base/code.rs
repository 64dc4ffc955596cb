//! Enums that are kept as a short code: in a column, in a document, in a form.

/// Declares an enum with a code and a label each: `codes! { pub enum Role { Owner = "owner", "Owner"; … } }`.
///
/// Gives `ALL`, `code()`, `label()`, `parse(code)`, and reading and writing as a column and in JSON.
macro_rules! codes {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$vmeta:meta])* $variant:ident = $code:literal, $label:literal; )+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $( $(#[$vmeta])* $variant, )+ }

        impl $name {
            /// Every one, in the order in which people meet them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code in columns, documents and forms; it never changes.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// What people read.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            /// The one with this code.
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.label())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&code).ok_or_else(|| {
                    let known: Vec<&str> = Self::ALL.iter().map(|one| one.code()).collect();
                    serde::de::Error::custom(format!("{code:?} is none of {}", known.join(", ")))
                })
            }
        }

        impl db::Parameter for $name {
            fn value(self) -> db::Value {
                db::Parameter::value(self.code())
            }
            fn missing() -> db::Value {
                <&str as db::Parameter>::missing()
            }
        }

        impl db::Column for $name {
            fn column(row: &db::Row, index: usize) -> db::Result<Self> {
                let code = <String as db::Column>::column(row, index)?;
                Self::parse(&code)
                    .ok_or_else(|| db::Error::Shape(format!("{code:?} is not a {}", stringify!($name))))
            }
        }

    };
}

pub(crate) use codes;
