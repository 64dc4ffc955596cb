//! Figures as forms show and read them: of a deal, and of a product's profile.

use crate::base::{Currency, Money};
use crate::diagnosis::{Figure, Unit};
use crate::web::Form;

/// Puts a figure with its evidence and its version into a form, under `key`.
pub fn fill(form: &mut Form, key: &str, figure: &Figure, version: i64, currency: Currency) {
    let say = |value: f64| match figure.parameter.unit() {
        Unit::Money | Unit::MoneyAMonth => Money::of_units(value, currency).plain(),
        Unit::Months | Unit::Hours => plain(value),
        Unit::Share => plain(value * 10.0),
    };
    if figure.low < figure.high {
        form.set(&format!("{key}_low"), say(figure.low));
        form.set(&format!("{key}_high"), say(figure.high));
    }
    form.set(&format!("{key}_likely"), say(figure.likely));
    form.set(&format!("{key}_evidence"), figure.source.code());
    form.set(&format!("{key}_by"), figure.said_by.clone().unwrap_or_default());
    form.set(&format!("{key}_on"), figure.said_on.map(|day| day.to_string()).unwrap_or_default());
    form.set(&format!("{key}_note"), figure.note.clone().unwrap_or_default());
    form.set(&format!("{key}_version"), version.to_string());
}

/// A number as people write it, with a point or a comma.
///
/// # Errors
/// What would be right.
pub fn number(text: &str) -> Result<f64, String> {
    let read = text.trim().replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite());
    read.ok_or_else(|| format!("a number, not {text:?}"))
}

/// A number without needless digits.
fn plain(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
