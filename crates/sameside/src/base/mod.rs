//! Words that belong to no slice: ids, moments, money, ranges, evidence, e-mail addresses, text.

mod code;
mod email;
mod evidence;
mod fields;
mod hours;
mod id;
mod locale;
mod money;
mod range;
mod text;
mod when;

pub(crate) use code::codes;
pub use email::Email;
pub use evidence::{Evidence, Source};
pub use fields::Fields;
pub use hours::{Calendar, WEEKDAYS, Week};
pub use id::Id;
pub use locale::Locale;
pub use money::{Currency, Money};
pub use range::{Figure, Range};
pub use text::{LINE_CHARS_MAX, NOTE_CHARS_MAX, fold, initials, line, note, plural};
pub use when::{Date, When};
