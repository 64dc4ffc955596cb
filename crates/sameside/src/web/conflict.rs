//! Two people changed one record: what only one of them touched is kept from both; for the rest they choose,
//! field by field. Nothing anybody wrote is lost.

use crate::error::Result;
use crate::history;
use crate::records::{Kept, Record};
use crate::web::form::Clash;
use crate::web::layout::{Place, Shell};
use crate::web::{Form, Input, PageError, Visit};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use db::Conn;

/// What becomes of a form that was made from some version of a record.
#[derive(Debug)]
pub enum Settled {
    /// It can be saved over the newest version.
    Save(Input),
    /// The person chooses first: the form carries the clashes.
    Choose(Form),
}

/// Sets what a person typed against what is there `now`; `base` is the record as they saw it, if that is known.
/// `labels` names the fields that are compared. The choices of an earlier answer (`keep_NAME`) are followed.
pub fn settle(
    input: Input,
    base: Option<&Form>,
    now: &Form,
    labels: &[(&'static str, &'static str)],
) -> Settled {
    let mut input = input;
    for (name, _) in labels {
        if input.get(&format!("keep_{name}")) == "theirs" {
            input.set(name, now.value(name));
        }
    }
    if input.version().is_none() || input.version() == now.version {
        return Settled::Save(input);
    }
    let mut clashes = Vec::new();
    for (name, label) in labels.iter().filter(|(name, _)| input.has(name)).collect::<Vec<_>>() {
        let (yours, theirs) = (input.get(name).trim().replace("\r\n", "\n"), now.value(name));
        let before = base.map(|base| base.value(name));
        if yours == theirs || before == Some(theirs) {
            continue;
        }
        if before == Some(yours.as_str()) {
            input.set(name, theirs);
            continue;
        }
        let (name, label) = ((*name).to_owned(), (*label).to_owned());
        clashes.push(Clash { name, label, yours, theirs: theirs.to_owned() });
    }
    input.set("version", now.version.unwrap_or_default().to_string());
    if clashes.is_empty() {
        return Settled::Save(input);
    }
    let mut form = Form::again(&input, crate::base::Fields::default());
    form.clashes = clashes;
    Settled::Choose(form)
}

/// [`settle`] over a record whose form needs no look elsewhere: what the person saw is read from the history.
///
/// # Errors
/// What the database says.
pub async fn settle_over<T: Record>(
    conn: &mut Conn,
    visit: &Visit,
    kept: &Kept<T>,
    input: Input,
    form_of: impl Fn(&T, i64) -> Form,
    labels: &[(&'static str, &'static str)],
) -> Result<Settled> {
    let seen = input.version().unwrap_or(kept.version);
    let base = history::actions::as_of(conn, visit.scope(), kept, seen).await?;
    let base = base.map(|base| form_of(&base, seen));
    Ok(settle(input, base.as_ref(), &form_of(kept, kept.version), labels))
}

#[derive(Template)]
#[template(path = "web/conflict.html")]
struct ConflictPage<'f> {
    shell: Shell,
    title: String,
    action: String,
    back: String,
    form: &'f Form,
}

/// The page on which somebody chooses, status 409. `labelled` says of a value what people read (a name for an id).
///
/// # Errors
/// The template could not be rendered.
pub fn choose(
    visit: &Visit,
    here: Place,
    title: &str,
    action: String,
    back: String,
    form: &Form,
    labelled: impl Fn(&str, &str) -> String,
) -> Result<Response, PageError> {
    let mut shown = form.clone();
    for clash in &mut shown.clashes {
        clash.yours = labelled(&clash.name, &clash.yours);
        clash.theirs = labelled(&clash.name, &clash.theirs);
    }
    let it = ConflictPage { shell: visit.shell(here), title: title.to_owned(), action, back, form: &shown };
    let html = it.render().map_err(|error| crate::error::Error::Internal(error.to_string()))?;
    Ok((StatusCode::CONFLICT, Html(html)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: &[(&str, &str)] = &[("name", "Name"), ("city", "City")];

    fn form(name: &str, city: &str, version: i64) -> Form {
        Form::of([("name", name.to_owned()), ("city", city.to_owned())], Some(version))
    }

    #[test]
    fn what_only_one_of_two_touched_is_kept_from_both() {
        let typed = Input::of([("name", "Aster Bakeries"), ("city", "Lisbon"), ("version", "3")]);
        let settled = settle(typed, Some(&form("Aster", "Lisbon", 3)), &form("Aster", "Porto", 4), LABELS);
        let Settled::Save(input) = settled else { unreachable!("they touched different fields") };
        assert_eq!(
            (input.get("name"), input.get("city"), input.version()),
            ("Aster Bakeries", "Porto", Some(4))
        );
    }

    #[test]
    fn what_both_touched_is_chosen_and_the_choice_is_followed() {
        let typed = [("name", "Mine"), ("city", "Lisbon"), ("version", "3")];
        let (base, now) = (form("Aster", "Lisbon", 3), form("Theirs", "Lisbon", 4));
        let Settled::Choose(asked) = settle(Input::of(typed), Some(&base), &now, LABELS) else {
            unreachable!("both changed the name")
        };
        assert_eq!(asked.clashes.len(), 1);
        assert_eq!(asked.version, Some(4));
        let answer = [("name", "Mine"), ("city", "Lisbon"), ("version", "4"), ("keep_name", "theirs")];
        let Settled::Save(input) = settle(Input::of(answer), None, &now, LABELS) else {
            unreachable!("they chose")
        };
        assert_eq!(input.get("name"), "Theirs");
    }
}
