//! The settings of service: when somebody is there, what is promised, the texts to answer with.

use crate::accounts::{self, Right, Workspace};
use crate::base::{Date, Id, WEEKDAYS, Week, line};
use crate::error::{Error, Result};
use crate::records::{self, Kept, pages as records_pages};
use crate::service::{Template as Text, store};
use crate::web::layout::{Place, Shell};
use crate::web::{Form, Input, PageError, Read, Routes, Visit, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

const ALL: &str = "/settings/service";
const DAYS: [&str; 7] = ["open_0", "open_1", "open_2", "open_3", "open_4", "open_5", "open_6"];
/// The fields of the form, and what people call them.
const LABELS: &[(&str, &str)] = &[
    ("open_0", "Monday"),
    ("open_1", "Tuesday"),
    ("open_2", "Wednesday"),
    ("open_3", "Thursday"),
    ("open_4", "Friday"),
    ("open_5", "Saturday"),
    ("open_6", "Sunday"),
    ("days_off", "Days off"),
    ("answer_hours", "First answer within"),
    ("resolve_hours", "Resolved within"),
];

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/settings/service", Right::Manage, show)
        .post("/settings/service", Right::Administer, change)
        .post("/settings/templates", Right::Manage, add)
        .post("/settings/templates/{id}", Right::Manage, reword)
        .post("/settings/templates/{id}/removal", Right::Manage, remove)
        .post("/settings/templates/{id}/restoration", Right::Manage, restore)
}

/// A text to answer with, as the page shows it.
struct TextRow {
    path: String,
    name: String,
    text: String,
}

#[derive(Template)]
#[template(path = "service/templates/settings.html")]
struct SettingsPage {
    shell: Shell,
    form: Form,
    days: Vec<(&'static str, &'static str)>,
    zone: String,
    texts: Vec<TextRow>,
    text: Form,
}

fn kept(it: &Workspace) -> Form {
    let hours = |hours: f64| {
        let text = format!("{hours:.2}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let settings = &it.settings;
    let days_off: Vec<String> = settings.days_off.iter().map(ToString::to_string).collect();
    let mut form = Form::of(
        [
            ("days_off", days_off.join("\n")),
            ("answer_hours", hours(settings.answer_hours)),
            ("resolve_hours", hours(settings.resolve_hours)),
        ],
        Some(it.version),
    );
    for (field, text) in DAYS.into_iter().zip(settings.open_hours.shown()) {
        form.set(field, text);
    }
    form
}

async fn render(visit: &Visit, form: Form, text: Form, status: StatusCode) -> Result<Response, PageError> {
    let texts = store::templates(&mut visit.read().await?, visit.scope().workspace()).await?;
    let row = |it: Kept<Text>| TextRow {
        path: format!("/settings/templates/{}", it.id),
        name: it.it.name,
        text: it.it.text,
    };
    let it = SettingsPage {
        shell: visit.shell(Place::Settings),
        form,
        days: DAYS.into_iter().zip(WEEKDAYS).collect(),
        zone: visit.seat.workspace.time_zone.clone(),
        texts: texts.into_iter().map(row).collect(),
        text,
    };
    page_as(status, &it)
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let form = kept(&visit.afresh().await?.seat.workspace);
    render(&visit, form, Form::default(), StatusCode::OK).await
}

/// What the form says: hours, days off, promises.
#[derive(Clone)]
struct Said {
    open_hours: Week,
    days_off: Vec<Date>,
    answer_hours: f64,
    resolve_hours: f64,
}

fn read(input: &Input, before: &Workspace) -> Result<Said> {
    let mut read = Read::new(input);
    let open_hours = match Week::parse(DAYS.iter().map(|field| input.get(field))) {
        Ok(week) => week,
        Err((n, right)) => {
            read.fields.add(DAYS.get(n).copied().unwrap_or("open_0"), right);
            Week::default()
        }
    };
    let mut days_off = Vec::new();
    for text in input.get("days_off").lines().filter_map(|text| line(text).ok().flatten()) {
        // What stands behind the day, such as its name, is for people.
        let day = text.split_whitespace().next().unwrap_or_default();
        match day.parse::<Date>() {
            Ok(day) => days_off.push(day),
            Err(_) if read.fields.at("days_off").is_none() => {
                read.fields.add("days_off", format!("a day a line, such as 2026-12-25, not {text:?}"));
            }
            Err(_) => {}
        }
    }
    days_off.sort_unstable();
    days_off.dedup();
    let settings = &before.settings;
    let said = Said {
        open_hours,
        days_off,
        answer_hours: read.number("answer_hours").unwrap_or(settings.answer_hours),
        resolve_hours: read.number("resolve_hours").unwrap_or(settings.resolve_hours),
    };
    read.done(said)
}

async fn change(visit: Visit, input: Input) -> Result<Response, PageError> {
    let version = input.version();
    let done = match read(&input, &visit.seat.workspace) {
        Ok(said) => {
            visit
                .write(move |tx, act| {
                    Box::pin(async move {
                        let edit = |workspace: &mut Workspace| {
                            let settings = &mut workspace.settings;
                            settings.open_hours = said.open_hours;
                            settings.days_off = said.days_off;
                            settings.answer_hours = said.answer_hours;
                            settings.resolve_hours = said.resolve_hours;
                        };
                        accounts::actions::change_workspace(tx, act, version, edit).await
                    })
                })
                .await
        }
        Err(error) => Err(error),
    };
    visit.app.forget_seats();
    match done {
        Ok(_) => Ok(visit.done(ALL, "Saved. What is promised already stays as it was promised.", None)),
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&input, fields);
            render(&visit, form, Form::default(), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Error::Conflict { .. }) => {
            let visit = visit.afresh().await?;
            let form = Form::clashing(&input, &kept(&visit.seat.workspace), LABELS);
            render(&visit, form, Form::default(), StatusCode::CONFLICT).await
        }
        Err(error) => Err(error.into()),
    }
}

fn text_of(input: &Input) -> Result<Text> {
    let mut read = Read::new(input);
    let name = read.needed("name", "what it is called");
    let text = read.note("text").unwrap_or_default();
    if text.is_empty() && read.fields.at("text").is_none() {
        read.fields.add("text", "what it says");
    }
    read.done(Text { name, text })
}

async fn add(visit: Visit, input: Input) -> Result<Response, PageError> {
    let done = match text_of(&input) {
        Ok(text) => visit.write(move |tx, act| Box::pin(records::create(tx, act, text))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(it) => {
            let undo = records_pages::undo_of(&visit, it.id).await?;
            Ok(visit.done(ALL, "Everybody can answer with it now.", undo))
        }
        Err(Error::Invalid(fields)) => {
            let form = kept(&visit.afresh().await?.seat.workspace);
            render(&visit, form, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn reword(visit: Visit, Path(id): Path<Id<Text>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let done = match text_of(&input) {
        Ok(text) => {
            let edit = |kept: &mut Text| {
                *kept = text;
                Ok(())
            };
            visit.write(move |tx, act| Box::pin(records::change(tx, act, id, None, edit))).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => {
            let undo = records_pages::undo_of(&visit, id).await?;
            Ok(visit.done(ALL, "Saved.", undo))
        }
        Err(Error::Invalid(fields)) => {
            let form = kept(&visit.afresh().await?.seat.workspace);
            render(&visit, form, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn remove(visit: Visit, Path(id): Path<Id<Text>>) -> Result<Response, PageError> {
    records_pages::remove(&visit, id, ALL).await
}

async fn restore(visit: Visit, Path(id): Path<Id<Text>>) -> Result<Response, PageError> {
    records_pages::restore(&visit, id, ALL).await
}
