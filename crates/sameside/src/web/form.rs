//! Forms: what a person typed, read field by field, and shown again with what needs mending.

use crate::base::{Currency, Date, Email, Fields, Id, Money, Range, line, note};
use crate::error::{Error, Result};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::str::FromStr;

/// The largest form, in bytes.
const FORM_BYTES_MAX: usize = 1 << 20;
/// The longest text somebody looks for, in characters.
const WORDS_CHARS_MAX: usize = 200;
/// The most fields of a form.
const FORM_FIELDS_MAX: usize = 2_000;

/// What a person typed, by field; a field that is sent more than once has all its values.
#[derive(Debug, Clone, Default)]
pub struct Input(BTreeMap<String, Vec<String>>);

impl<S: Send + Sync> FromRequest<S> for Input {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let bytes = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        if bytes.len() > FORM_BYTES_MAX {
            return Err((StatusCode::PAYLOAD_TOO_LARGE, "A form of at most one megabyte.").into_response());
        }
        Ok(Self::parse(&bytes))
    }
}

/// What an address asks for after its `?`, by field.
#[derive(Debug, Clone, Default)]
pub struct Asked(pub Input);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Input::parse(parts.uri.query().unwrap_or_default().as_bytes())))
    }
}

impl Input {
    /// Reads `name=value&…` as browsers send it.
    fn parse(bytes: &[u8]) -> Self {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).take(FORM_FIELDS_MAX) {
            let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
                Some(at) => (pair.get(..at).unwrap_or_default(), pair.get(at + 1..).unwrap_or_default()),
                None => (pair, &[][..]),
            };
            fields.entry(decoded(name)).or_default().push(decoded(value));
        }
        Self(fields)
    }
}

fn decoded(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digits: Vec<u8> = rest.clone().take(2).copied().collect();
                match std::str::from_utf8(&digits)
                    .ok()
                    .filter(|text| text.len() == 2)
                    .and_then(|text| u8::from_str_radix(text, 16).ok())
                {
                    Some(value) => {
                        out.push(value);
                        rest.next();
                        rest.next();
                    }
                    None => out.push(b'%'),
                }
            }
            other => out.push(*other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

impl Input {
    /// The values of a query or of a test.
    pub fn of<'p>(pairs: impl IntoIterator<Item = (&'p str, &'p str)>) -> Self {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            fields.entry(name.to_owned()).or_default().push(value.to_owned());
        }
        Self(fields)
    }

    /// The first value of a field; empty when it was not sent.
    pub fn get(&self, field: &str) -> &str {
        self.0.get(field).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// What somebody looks for: one line without control characters, [`WORDS_CHARS_MAX`] at most.
    pub fn words(&self, field: &str) -> String {
        let text = self.get(field).chars().map(|c| if c.is_control() { ' ' } else { c });
        text.take(WORDS_CHARS_MAX).collect::<String>().trim().to_owned()
    }

    /// Whether a field was sent at all.
    pub fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// Sets a field to one value.
    pub fn set(&mut self, field: &str, value: impl Into<String>) {
        self.0.insert(field.to_owned(), vec![value.into()]);
    }

    /// Every value of a field.
    pub fn all(&self, field: &str) -> &[String] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }

    /// The names of the fields that were sent.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The version of the record that the person saw, if the form carries one.
    pub fn version(&self) -> Option<i64> {
        self.get("version").parse().ok()
    }
}

/// Reads fields one after the other and notes what is wrong with each.
#[derive(Debug)]
pub struct Read<'i> {
    input: &'i Input,
    /// What is wrong so far.
    pub fields: Fields,
}

impl<'i> Read<'i> {
    /// Begins with a form.
    pub fn new(input: &'i Input) -> Self {
        Self { input, fields: Fields::default() }
    }

    /// One line of text, if there is any.
    pub fn line(&mut self, field: &str) -> Option<String> {
        self.fields.take(field, line(self.input.get(field))).flatten()
    }

    /// One line of text that must be there; `right` says what would be right.
    pub fn needed(&mut self, field: &str, right: &str) -> String {
        let before = self.fields.at(field).is_some();
        let text = self.line(field);
        if text.is_none() && !before && self.fields.at(field).is_none() {
            self.fields.add(field, right);
        }
        text.unwrap_or_default()
    }

    /// Text of many lines, if there is any.
    pub fn note(&mut self, field: &str) -> Option<String> {
        self.fields.take(field, note(self.input.get(field))).flatten()
    }

    /// An e-mail address, if there is one.
    pub fn email(&mut self, field: &str) -> Option<Email> {
        let text = self.line(field)?;
        self.fields.take(field, Email::parse(&text))
    }

    /// A sum, if there is one.
    pub fn money(&mut self, field: &str, currency: Currency) -> Option<Money> {
        let text = self.line(field)?;
        self.fields.take(field, Money::parse(&text, currency))
    }

    /// A day, if there is one.
    pub fn date(&mut self, field: &str) -> Option<Date> {
        let text = self.line(field)?;
        self.fields.take(field, text.parse().map_err(|_| "a day such as 2026-11-22".to_owned()))
    }

    /// A number, if there is one; a comma is taken for a point.
    pub fn number(&mut self, field: &str) -> Option<f64> {
        let text = self.line(field)?;
        let read =
            text.replace(' ', "").replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite());
        self.fields.take(field, read.ok_or_else(|| format!("a number, not {text:?}")))
    }

    /// A number that must be there; `right` says what would be right.
    pub fn needed_number(&mut self, field: &str, right: &str) -> f64 {
        let number = self.number(field);
        if number.is_none() && self.fields.at(field).is_none() {
            self.fields.add(field, right);
        }
        number.unwrap_or_default()
    }

    /// A whole number, if there is one.
    pub fn whole(&mut self, field: &str) -> Option<i64> {
        let text = self.line(field)?;
        let read = text.replace([' ', ',', '.'], "").parse::<i64>();
        self.fields.take(field, read.map_err(|_| format!("a whole number, not {text:?}")))
    }

    /// The id of a record, if one was chosen.
    pub fn id<T>(&mut self, field: &str) -> Option<Id<T>> {
        let text = self.line(field)?;
        self.fields.take(field, Id::from_str(&text).map_err(|_| "one of the choices".to_owned()))
    }

    /// One of a list of codes, if one was chosen.
    pub fn code<T>(&mut self, field: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.line(field)?;
        self.fields.take(field, parse(&text).ok_or_else(|| "one of the choices".to_owned()))
    }

    /// A range from `field_low`, `field_likely` and `field_high`, in the unit that `read` reads. One number alone,
    /// the likely one, is a figure that is known; none is no range.
    pub fn range(&mut self, field: &str, read: impl Fn(&str) -> Result<f64, String>) -> Option<Range> {
        let [low, likely, high] = ["low", "likely", "high"]
            .map(|part| self.input.get(&format!("{field}_{part}")).trim().to_owned());
        if low.is_empty() && likely.is_empty() && high.is_empty() {
            return None;
        }
        let range = if low.is_empty() && high.is_empty() {
            read(&likely).map(Range::exactly)
        } else if low.is_empty() || likely.is_empty() || high.is_empty() {
            Err("all three: the lowest, the likely, the highest; or the likely one alone".into())
        } else {
            read(&low)
                .and_then(|low| Ok((low, read(&likely)?, read(&high)?)))
                .and_then(|(low, likely, high)| Range::new(low, likely, high))
        };
        self.fields.take(field, range)
    }

    /// The value, or everything that is wrong.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn done<T>(self, value: T) -> Result<T> {
        if self.fields.is_empty() { Ok(value) } else { Err(Error::Invalid(self.fields)) }
    }
}

/// A form as a page shows it: values, messages, and what somebody else wrote meanwhile.
#[derive(Debug, Clone, Default)]
pub struct Form {
    values: BTreeMap<String, String>,
    errors: Fields,
    /// The version of the record that the person is changing.
    pub version: Option<i64>,
    /// Fields that somebody else changed meanwhile.
    pub clashes: Vec<Clash>,
}

/// A field that two people changed.
#[derive(Debug, Clone)]
pub struct Clash {
    /// Its name in the form.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What this person wrote.
    pub yours: String,
    /// What is kept now.
    pub theirs: String,
}

impl Clash {
    /// The name of the choice between the two.
    pub fn choice(&self) -> String {
        format!("keep_{}", self.name)
    }
}

impl Form {
    /// A form that begins with these values.
    pub fn of(values: impl IntoIterator<Item = (&'static str, String)>, version: Option<i64>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { values, version, ..Self::default() }
    }

    /// The form again with what the person typed and what needs mending.
    pub fn again(input: &Input, errors: Fields) -> Self {
        let values = input.names().map(|name| (name.to_owned(), input.get(name).to_owned())).collect();
        Self { values, errors, version: input.version(), clashes: Vec::new() }
    }

    /// The form again after a conflict: what the person typed, over the newest version, with every field in which
    /// it differs from `now`. `labels` names the fields that are compared.
    pub fn clashing(input: &Input, now: &Self, labels: &[(&'static str, &'static str)]) -> Self {
        let mut form = Self::again(input, Fields::default());
        form.version = now.version;
        for (name, label) in labels {
            let (yours, theirs) = (input.get(name).trim().replace("\r\n", "\n"), now.value(name).to_owned());
            if input.has(name) && yours != theirs {
                form.clashes.push(Clash {
                    name: (*name).to_owned(),
                    label: (*label).to_owned(),
                    yours,
                    theirs,
                });
            }
        }
        form
    }

    /// Notes one more field in which what the person typed differs from what is kept now.
    pub fn clash(&mut self, now: &Self, input: &Input, name: &str, label: &str) {
        let (yours, theirs) = (input.get(name).trim().to_owned(), now.value(name).to_owned());
        if input.has(name) && yours != theirs {
            self.clashes.push(Clash { name: name.to_owned(), label: label.to_owned(), yours, theirs });
        }
    }

    /// The names of its fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// The value of a field; empty if it has none.
    pub fn value(&self, field: &(impl AsRef<str> + ?Sized)) -> &str {
        self.values.get(field.as_ref()).map_or("", String::as_str)
    }

    /// The value of a field, or another where it has none.
    pub fn value_or<'v>(&'v self, field: &str, otherwise: &'v str) -> &'v str {
        match self.value(field) {
            "" => otherwise,
            value => value,
        }
    }

    /// What is wrong with a figure: with the field as it was typed, or with the parameter it became.
    pub fn figure_error(&self, field: &str, parameter: &str) -> &str {
        self.errors.at(field).or_else(|| self.errors.at(parameter)).unwrap_or("")
    }

    /// What is wrong with a field; empty if nothing is.
    pub fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or("")
    }

    /// Whether a box is ticked.
    pub fn ticked(&self, field: &str) -> bool {
        !self.value(field).is_empty()
    }

    /// Every value but the version's earlier choices: what a form that asks only about clashes carries along.
    pub fn kept(&self) -> Vec<(&str, &str)> {
        let values = self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        values.filter(|(name, _)| !name.starts_with("keep_")).collect()
    }

    /// Everything that is wrong, for the notice above the form.
    pub fn errors(&self) -> Vec<(&str, &str)> {
        self.errors.iter().collect()
    }

    /// Sets a value.
    pub fn set(&mut self, field: &str, value: impl Into<String>) {
        self.values.insert(field.to_owned(), value.into());
    }

    /// Sets a range as [`Read::range`] reads it: one value alone when low and high are the same.
    pub fn set_range(&mut self, field: &str, range: Range, say: impl Fn(f64) -> String) {
        self.set(&format!("{field}_likely"), say(range.likely()));
        if range.low() < range.high() {
            self.set(&format!("{field}_low"), say(range.low()));
            self.set(&format!("{field}_high"), say(range.high()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_field_by_field_and_tells_all_that_is_wrong() {
        let input = Input::of([("title", " Online  ordering "), ("price", "twelve"), ("due", "22.11.2026")]);
        let mut read = Read::new(&input);
        assert_eq!(read.needed("title", "a title"), "Online ordering");
        assert_eq!(read.money("price", Currency::EUR), None);
        assert_eq!(read.date("due"), None);
        let Err(Error::Invalid(fields)) = read.done(()) else { unreachable!("two fields are wrong") };
        assert!(fields.at("price").unwrap().contains("1200"));
        assert!(fields.at("due").unwrap().contains("2026-11-22"));
    }

    #[test]
    fn one_number_alone_is_a_figure_that_is_known() {
        let number = |text: &str| text.parse::<f64>().map_err(|_| "a number".to_owned());
        let input = Input::of([
            ("cost_likely", "5"),
            ("loss_low", "1"),
            ("loss_likely", "2"),
            ("gain_low", "3"),
            ("gain_likely", "2"),
            ("gain_high", "9"),
        ]);
        let mut read = Read::new(&input);
        assert_eq!(read.range("cost", number), Some(Range::exactly(5.0)));
        assert_eq!(read.range("none", number), None);
        assert_eq!(read.range("loss", number), None);
        assert_eq!(read.range("gain", number), None);
        assert!(read.fields.at("loss").unwrap().contains("all three"));
        assert!(read.fields.at("gain").unwrap().contains("lowest first"));
    }

    #[test]
    fn what_a_browser_sends_is_decoded() {
        assert_eq!(decoded(b"a+b%20c%C3%A9%zz%4"), "a b cé%zz%4");
    }

    #[test]
    fn a_conflict_shows_only_fields_in_which_the_two_differ() {
        let now = Form::of([("name", "Aster Bakery".to_owned()), ("city", "Lisbon".to_owned())], Some(4));
        let typed = Input::of([("name", "Aster Bakeries"), ("city", "Lisbon"), ("version", "3")]);
        let form = Form::clashing(&typed, &now, &[("name", "Name"), ("city", "City")]);
        assert_eq!(form.version, Some(4));
        assert_eq!(form.clashes.iter().map(|clash| clash.name.as_str()).collect::<Vec<_>>(), ["name"]);
    }
}
