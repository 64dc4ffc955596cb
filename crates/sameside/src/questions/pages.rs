//! The settings of the questions.

use crate::accounts::Right;
use crate::base::Id;
use crate::deals::Moves;
use crate::deals::pipelines::Way;
use crate::error::{Error, Result};
use crate::questions::actions::{self, Words};
use crate::questions::store::{self, LEVELS_MAX, QUESTIONS_MAX};
use crate::questions::{Level, Question};
use crate::records::{self, Kept, pages as records_pages};
use crate::web::layout::{Flash, Place, Shell, Tone};
use crate::web::{Asked, Form, Input, PageError, Read, Routes, Visit, page, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

const ALL: &str = "/settings/questions";

/// The routes of these settings.
pub fn routes() -> Routes {
    Routes::new()
        .get("/settings/questions", Right::Manage, list)
        .post("/settings/questions", Right::Manage, add)
        .get("/settings/questions/{id}", Right::Manage, show)
        .post("/settings/questions/{id}", Right::Manage, reword)
        .post("/settings/questions/{id}/place", Right::Manage, place)
        .post("/settings/questions/{id}/removal", Right::Manage, remove)
        .post("/settings/questions/{id}/restoration", Right::Manage, restore)
        .post("/settings/questions/{id}/levels", Right::Manage, add_level)
        .post("/settings/levels/{id}", Right::Manage, rename_level)
        .post("/settings/levels/{id}/place", Right::Manage, place_level)
        .post("/settings/levels/{id}/removal", Right::Manage, remove_level)
        .post("/settings/levels/{id}/restoration", Right::Manage, restore_level)
}

#[derive(Template)]
#[template(path = "questions/templates/questions.html")]
struct ListPage {
    shell: Shell,
    questions: Vec<QuestionRow>,
    removed: Vec<(String, String)>,
    has_room: bool,
    questions_max: usize,
    levels_max: usize,
    form: Form,
}

struct QuestionRow {
    id: String,
    title: String,
    levels: String,
    answered: String,
    moves: Moves,
}

/// What was moved in its order last, and which way.
fn pressed(asked: &Input) -> (String, Option<Way>) {
    (asked.get("moved").to_owned(), Way::parse(asked.get("way")))
}

async fn list_page(visit: &Visit, form: Form, asked: &Input) -> Result<ListPage> {
    let workspace = visit.scope().workspace();
    let mut conn = visit.read().await?;
    let all = store::questions(&mut conn, workspace).await?;
    let levels = store::levels(&mut conn, workspace).await?;
    let answered = store::answered(&mut conn, workspace).await?;
    let removed = store::removed(&mut conn, workspace).await?;
    let (moved, way) = pressed(asked);
    let row = |(n, question): (usize, &Kept<Question>)| {
        let own = levels.iter().filter(|level| level.question_id == question.id);
        let mut names: Vec<&str> = own.map(|level| level.name.as_str()).collect();
        names.push(super::question::UNKNOWN);
        let id = question.id.to_string();
        let count = answered.get(&question.id).copied().unwrap_or(0);
        QuestionRow {
            moves: Moves::of(n, all.len(), way.filter(|_| moved == id)),
            title: question.title.clone(),
            levels: names.join(" · "),
            answered: match count {
                0 => "not answered yet".into(),
                count => format!("answered of {}", crate::base::plural(count, "deal", "deals")),
            },
            id,
        }
    };
    Ok(ListPage {
        shell: visit.shell(Place::Settings),
        questions: all.iter().enumerate().map(row).collect(),
        removed: removed.into_iter().map(|one| (one.id.to_string(), one.it.title)).collect(),
        has_room: all.len() < QUESTIONS_MAX,
        questions_max: QUESTIONS_MAX,
        levels_max: LEVELS_MAX,
        form,
    })
}

async fn list(visit: Visit, Asked(asked): Asked) -> Result<Response, PageError> {
    page(&list_page(&visit, Form::default(), &asked).await?)
}

fn words(read: &mut Read<'_>) -> Words {
    Words {
        title: read.needed("title", "the question, as you say it"),
        why: read.note("why"),
        how: read.note("how"),
    }
}

async fn add(visit: Visit, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let words = words(&mut read);
    let levels: Vec<String> =
        input.get("levels").lines().filter_map(|text| crate::base::line(text).ok().flatten()).collect();
    let done = match read.done((words, levels)) {
        Ok((words, levels)) => {
            visit.write(move |tx, act| Box::pin(actions::add(tx, act, words, levels))).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(question) => {
            let undo = records_pages::undo_of(&visit, question.id).await?;
            Ok(visit.done(ALL, "It is asked of every deal from now on.", undo))
        }
        Err(Error::Invalid(fields)) => {
            let again = list_page(&visit, Form::again(&input, fields), &Input::default()).await?;
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(error) => refused(&visit, ALL, error),
    }
}

/// What the rules say no to is told where the person was.
fn refused(visit: &Visit, to: &str, error: Error) -> Result<Response, PageError> {
    match error {
        Error::Refused(text) => Ok(visit.go(to, Flash { tone: Tone::Refused, text, undo: None })),
        error => Err(error.into()),
    }
}

async fn place(visit: Visit, Path(id): Path<Id<Question>>, input: Input) -> Result<Response, PageError> {
    let way = Way::parse(input.get("way"));
    visit.write(move |tx, act| Box::pin(actions::place(tx, act, id, way))).await?;
    Ok(back(ALL, id.uuid(), way))
}

async fn place_level(visit: Visit, Path(id): Path<Id<Level>>, input: Input) -> Result<Response, PageError> {
    let way = Way::parse(input.get("way"));
    let question = visit.write(move |tx, act| Box::pin(actions::place_level(tx, act, id, way))).await?;
    Ok(back(&format!("{ALL}/{question}"), id.uuid(), way))
}

/// Back to where it was, with the focus on the button that was pressed.
fn back(to: &str, id: uuid::Uuid, way: Option<Way>) -> Response {
    Redirect::to(&format!("{to}?moved={id}&way={}", way.map_or("", Way::code))).into_response()
}

#[derive(Template)]
#[template(path = "questions/templates/question.html")]
struct QuestionPage {
    shell: Shell,
    question: Kept<Question>,
    levels: Vec<LevelRow>,
    removed: Vec<(String, String)>,
    has_room: bool,
    levels_max: usize,
    form: Form,
    new_level: Form,
}

struct LevelRow {
    id: String,
    name: String,
    moves: Moves,
    form: Form,
}

/// What was typed into one of the forms of a question's page, and into which: `question`, `new`, or a level's id.
#[derive(Default)]
struct Typed {
    at: String,
    form: Form,
}

async fn question_page(
    visit: &Visit,
    id: Id<Question>,
    typed: &Typed,
    asked: &Input,
) -> Result<QuestionPage> {
    let workspace = visit.scope().workspace();
    let mut conn = visit.read().await?;
    let question = records::get(&mut conn, visit.scope(), id).await?;
    let mut levels = store::levels(&mut conn, workspace).await?;
    levels.retain(|level| level.question_id == id);
    let removed = store::levels_removed(&mut conn, workspace, id).await?;
    let (moved, way) = pressed(asked);
    let given = |at: &str| (typed.at == at).then(|| typed.form.clone());
    let row = |(n, level): (usize, &Kept<Level>)| {
        let own = level.id.to_string();
        LevelRow {
            moves: Moves::of(n, levels.len(), way.filter(|_| moved == own)),
            form: given(&own)
                .unwrap_or_else(|| Form::of([("name", level.name.clone())], Some(level.version))),
            name: level.name.clone(),
            id: own,
        }
    };
    let kept = || {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let values =
            [("title", question.title.clone()), ("why", text(&question.why)), ("how", text(&question.how))];
        Form::of(values, Some(question.version))
    };
    Ok(QuestionPage {
        shell: visit.shell(Place::Settings),
        levels: levels.iter().enumerate().map(row).collect(),
        removed: removed.into_iter().map(|one| (one.id.to_string(), one.it.name)).collect(),
        has_room: levels.len() < LEVELS_MAX,
        levels_max: LEVELS_MAX,
        form: given("question").unwrap_or_else(kept),
        new_level: given("new").unwrap_or_default(),
        question,
    })
}

async fn show(
    visit: Visit,
    Path(id): Path<Id<Question>>,
    Asked(asked): Asked,
) -> Result<Response, PageError> {
    page(&question_page(&visit, id, &Typed::default(), &asked).await?)
}

/// The page of a question again, with what needs mending.
async fn again(
    visit: &Visit,
    id: Id<Question>,
    at: &str,
    form: Form,
    status: StatusCode,
) -> Result<Response, PageError> {
    let typed = Typed { at: at.to_owned(), form };
    page_as(status, &question_page(visit, id, &typed, &Input::default()).await?)
}

async fn reword(visit: Visit, Path(id): Path<Id<Question>>, input: Input) -> Result<Response, PageError> {
    let version = input.version();
    let mut read = Read::new(&input);
    let words = words(&mut read);
    let done = match read.done(words) {
        Ok(words) => visit.write(move |tx, act| Box::pin(actions::reword(tx, act, id, version, words))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => {
            let undo = records_pages::undo_of(&visit, id).await?;
            Ok(visit.done(ALL, "Saved.", undo))
        }
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&input, fields);
            again(&visit, id, "question", form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Error::Conflict { .. }) => {
            let now = question_page(&visit, id, &Typed::default(), &Input::default()).await?;
            let labels = [("title", "The question"), ("why", "Why we ask"), ("how", "How to ask it")];
            let form = Form::clashing(&input, &now.form, &labels);
            page_as(StatusCode::CONFLICT, &QuestionPage { form, ..now })
        }
        Err(error) => refused(&visit, ALL, error),
    }
}

async fn remove(visit: Visit, Path(id): Path<Id<Question>>) -> Result<Response, PageError> {
    let kept = visit.write(move |tx, act| Box::pin(actions::remove(tx, act, id))).await?;
    let text = format!("“{}” is not asked any more. Its answers are kept.", kept.title);
    Ok(visit.done(ALL, &text, Some(format!("{ALL}/{id}/restoration"))))
}

async fn restore(visit: Visit, Path(id): Path<Id<Question>>) -> Result<Response, PageError> {
    match visit.write(move |tx, act| Box::pin(actions::restore(tx, act, id))).await {
        Ok(()) => Ok(visit.done(ALL, "The question is back, with its answers.", None)),
        Err(error) => refused(&visit, ALL, error),
    }
}

fn name_of(input: &Input) -> Result<String> {
    let mut read = Read::new(input);
    let name = read.needed("name", "an answer, such as: Somebody, not yet");
    read.done(name)
}

async fn add_level(visit: Visit, Path(id): Path<Id<Question>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let done = match name_of(&input) {
        Ok(name) => visit.write(move |tx, act| Box::pin(actions::add_level(tx, act, id, name))).await,
        Err(error) => Err(error),
    };
    let to = format!("{ALL}/{id}");
    match done {
        Ok(level) => {
            let undo = records_pages::undo_of(&visit, level.id).await?;
            Ok(visit.done(&to, "The answer can be chosen.", undo))
        }
        Err(Error::Invalid(fields)) => {
            again(&visit, id, "new", Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => refused(&visit, &to, error),
    }
}

async fn rename_level(visit: Visit, Path(id): Path<Id<Level>>, input: Input) -> Result<Response, PageError> {
    let before = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let (question, version) = (before.question_id, input.version());
    let done = match name_of(&input) {
        Ok(name) => {
            visit.write(move |tx, act| Box::pin(actions::rename_level(tx, act, id, version, name))).await
        }
        Err(error) => Err(error),
    };
    let to = format!("{ALL}/{question}");
    match done {
        Ok(_) => {
            let undo = records_pages::undo_of(&visit, id).await?;
            Ok(visit.done(&to, "Saved. Every answer that said so says it in the new words.", undo))
        }
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&input, fields);
            again(&visit, question, &id.to_string(), form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Error::Conflict { version }) => {
            let text = format!("a second look: meanwhile somebody called it “{}”", before.name);
            let mut form = Form::again(&input, crate::base::Fields::one("name", text));
            form.version = Some(version);
            again(&visit, question, &id.to_string(), form, StatusCode::CONFLICT).await
        }
        Err(error) => refused(&visit, &to, error),
    }
}

async fn remove_level(visit: Visit, Path(id): Path<Id<Level>>) -> Result<Response, PageError> {
    let kept = visit.write(move |tx, act| Box::pin(actions::remove_level(tx, act, id))).await?;
    let text = format!("“{}” cannot be chosen any more. Answers that say it stay.", kept.name);
    let undo = Some(format!("/settings/levels/{id}/restoration"));
    Ok(visit.done(&format!("{ALL}/{}", kept.question_id), &text, undo))
}

async fn restore_level(visit: Visit, Path(id): Path<Id<Level>>) -> Result<Response, PageError> {
    let before = records::get_any(&mut visit.read().await?, visit.scope(), id).await?;
    let to = format!("{ALL}/{}", before.question_id);
    match visit.write(move |tx, act| Box::pin(actions::restore_level(tx, act, id))).await {
        Ok(_) => Ok(visit.done(&to, "It can be chosen again.", None)),
        Err(error) => refused(&visit, &to, error),
    }
}
