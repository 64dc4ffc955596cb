//! Figures as forms show and read them: of a deal, and of a product's profile.

use crate::base::{Currency, Evidence, Money, Source};
use crate::diagnosis::actions::Answer;
use crate::diagnosis::{Figure, Parameter, Unit};
use crate::error::Result as Outcome;
use crate::web::{Form, Input, Read, Visit};

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

/// The name of a parameter in forms: `benefit_per_month`.
pub fn key(parameter: Parameter) -> &'static str {
    parameter.code().split_once('.').map_or(parameter.code(), |(_, key)| key)
}

/// Reads one figure under the name of its parameter, with its evidence and the version that was seen; notes what is wrong.
pub fn read_one(
    visit: &Visit,
    read: &mut Read<'_>,
    input: &Input,
    parameter: Parameter,
    currency: Currency,
) -> Answer {
    let key = key(parameter);
    let range = match parameter.unit() {
        Unit::Money | Unit::MoneyAMonth => read.range(key, |text| Ok(Money::parse(text, currency)?.units())),
        Unit::Months | Unit::Hours => read.range(key, number),
        Unit::Share => read.range(key, |text| number(text).and_then(share_of_10)),
    };
    let source = read.code(&format!("{key}_evidence"), Source::parse).unwrap_or(Source::OurEstimate);
    let evidence = Evidence {
        source,
        by: read.line(&format!("{key}_by")).or_else(|| said_by(visit, Some(source))),
        on: read.date(&format!("{key}_on")).or(Some(visit.today())),
        note: read.note(&format!("{key}_note")),
    };
    let version = input.get(&format!("{key}_version")).parse().ok();
    Answer { parameter, said: range.map(|range| (range, evidence)), version }
}

/// Reads a form of one figure.
///
/// # Errors
/// `Invalid`.
pub fn read(visit: &Visit, input: &Input, parameter: Parameter, currency: Currency) -> Outcome<Answer> {
    let mut read = Read::new(input);
    let answer = read_one(visit, &mut read, input, parameter, currency);
    read.done(answer)
}

/// Who stands behind a figure when nothing is said: for an estimate of ours, the member.
pub fn said_by(visit: &Visit, source: Option<Source>) -> Option<String> {
    (source == Some(Source::OurEstimate)).then(|| visit.seat.member.name.clone())
}

fn share_of_10(cases: f64) -> Result<f64, String> {
    if (0.0..=10.0).contains(&cases) {
        Ok(cases / 10.0)
    } else {
        Err("numbers from 0 to 10: in how many of 10 cases".into())
    }
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
