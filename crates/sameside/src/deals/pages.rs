//! The settings of pipelines and their stages.

use crate::accounts::Right;
use crate::base::Id;
use crate::deals::pipelines::{self, Way};
use crate::deals::{Phase, Pipeline, Stage, store};
use crate::error::{Error, Result};
use crate::records::{self, Kept};
use crate::web::layout::{Flash, Place, Shell, Tone};
use crate::web::{Form, Input, PageError, Read, Routes, Visit, page, page_as};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use std::collections::BTreeMap;

const ALL: &str = "/settings/pipelines";

/// The routes of these settings.
pub fn routes() -> Routes {
    Routes::new()
        .get("/settings/pipelines", Right::Manage, list)
        .post("/settings/pipelines", Right::Manage, add)
        .get("/settings/pipelines/{id}", Right::Manage, show)
        .post("/settings/pipelines/{id}", Right::Manage, rename)
        .post("/settings/pipelines/{id}/place", Right::Manage, place)
        .post("/settings/pipelines/{id}/removal", Right::Manage, remove)
        .post("/settings/pipelines/{id}/restoration", Right::Manage, restore)
        .post("/settings/pipelines/{id}/stages", Right::Manage, add_stage)
        .get("/settings/stages/{id}", Right::Manage, show_stage)
        .post("/settings/stages/{id}", Right::Manage, change_stage)
        .post("/settings/stages/{id}/place", Right::Manage, place_stage)
        .post("/settings/stages/{id}/removal", Right::Manage, remove_stage)
        .post("/settings/stages/{id}/restoration", Right::Manage, restore_stage)
}

#[derive(Template)]
#[template(path = "deals/templates/pipelines.html")]
struct ListPage {
    shell: Shell,
    pipelines: Vec<PipelineCard>,
    phases: Vec<(&'static str, String)>,
    /// The form of a new pipeline.
    form: Form,
}

struct PipelineCard {
    id: String,
    name: String,
    moves: Moves,
    stages: Vec<StageRow>,
    /// The form of a new stage in it.
    form: Form,
}

struct StageRow {
    id: String,
    name: String,
    note: String,
    moves: Moves,
}

/// The two buttons that move a thing in its order: which can be pressed, and which was, so that pressing it again
/// is one key.
#[derive(Default)]
pub(crate) struct Moves {
    pub(crate) can_up: bool,
    pub(crate) can_down: bool,
    pub(crate) focus: &'static str,
}

impl Moves {
    pub(crate) fn of(n: usize, all: usize, pressed: Option<Way>) -> Self {
        let (can_up, can_down) = (n > 0, n + 1 < all);
        let focus = match pressed {
            Some(Way::Up) if can_up => "up",
            Some(Way::Down) if can_down => "down",
            Some(_) if can_up => "up",
            Some(_) if can_down => "down",
            _ => "",
        };
        Self { can_up, can_down, focus }
    }
}

fn phases() -> Vec<(&'static str, String)> {
    let meaning = |phase: &Phase| match phase {
        Phase::Hear => "what they want to do",
        Phase::Diagnose => "what is the matter",
        Phase::Propose => "what we would do, and for what",
        Phase::Agree => "settle it",
        Phase::Deliver => "do it",
        Phase::Verify => "see whether it did what they wanted",
    };
    Phase::ALL.iter().map(|phase| (phase.code(), format!("{}: {}", phase.label(), meaning(phase)))).collect()
}

/// What was typed into one of the forms of the list page, and in which: a pipeline's id, or none for a new one.
#[derive(Default)]
struct Typed {
    at: Option<Id<Pipeline>>,
    form: Form,
}

async fn list_page(visit: &Visit, typed: Typed, pressed: Option<(String, Way)>) -> Result<ListPage> {
    let workspace = visit.scope().workspace();
    let mut conn = visit.read().await?;
    let all = store::pipelines(&mut conn, workspace).await?;
    let stages = store::stages(&mut conn, workspace).await?;
    let way_of = |id: &str| pressed.as_ref().filter(|(moved, _)| moved == id).map(|(_, way)| *way);
    let fresh = || Form::of([("phase", Phase::Hear.code().to_owned())], None);
    let mut cards = Vec::with_capacity(all.len());
    for (n, pipeline) in all.iter().enumerate() {
        let inside: Vec<&Kept<Stage>> =
            stages.iter().filter(|stage| stage.pipeline_id == pipeline.id).collect();
        let mut rows = Vec::with_capacity(inside.len());
        for (n, stage) in inside.iter().enumerate() {
            let deals = store::count_standing(&mut conn, workspace, stage.id).await?;
            let id = stage.id.to_string();
            let meaning = if stage.name == stage.phase.label() {
                String::new()
            } else {
                format!("means {} · ", stage.phase.label())
            };
            let deals = if deals == 0 { "no deals".to_owned() } else { store::counted(deals) };
            let moves = Moves::of(n, inside.len(), way_of(&id));
            rows.push(StageRow { id, name: stage.name.clone(), note: format!("{meaning}{deals}"), moves });
        }
        let id = pipeline.id.to_string();
        let form = if typed.at == Some(pipeline.id) { typed.form.clone() } else { fresh() };
        let moves = Moves::of(n, all.len(), way_of(&id));
        cards.push(PipelineCard { id, name: pipeline.name.clone(), moves, stages: rows, form });
    }
    Ok(ListPage {
        shell: visit.shell(Place::Settings),
        pipelines: cards,
        phases: phases(),
        form: if typed.at.is_none() { typed.form } else { Form::default() },
    })
}

async fn list(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, PageError> {
    let way = query.get("way").and_then(|way| Way::parse(way));
    let pressed = query.get("moved").cloned().zip(way);
    page(&list_page(&visit, Typed::default(), pressed).await?)
}

fn name_of(input: &Input, right: &str) -> Result<String> {
    let mut read = Read::new(input);
    let name = read.needed("name", right);
    read.done(name)
}

async fn add(visit: Visit, input: Input) -> Result<Response, PageError> {
    let done = match name_of(&input, "a name, such as New clients or Renewals") {
        Ok(name) => {
            visit.write(move |tx, act| Box::pin(async move { pipelines::add(tx, act, name).await })).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(pipeline) => {
            let undo = format!("{ALL}/{}/removal", pipeline.id);
            Ok(visit.done(ALL, "The pipeline is there, with a stage for each phase.", Some(undo)))
        }
        Err(Error::Invalid(fields)) => {
            let typed = Typed { at: None, form: Form::again(&input, fields) };
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &list_page(&visit, typed, None).await?)
        }
        Err(error) => refused(&visit, ALL, error),
    }
}

async fn add_stage(visit: Visit, Path(id): Path<Id<Pipeline>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let done = match read_stage(&input) {
        Ok((name, phase)) => {
            visit
                .write(move |tx, act| {
                    Box::pin(async move { pipelines::add_stage(tx, act, id, name, phase).await })
                })
                .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(stage) => {
            let undo = format!("/settings/stages/{}/removal", stage.id);
            Ok(visit.done(ALL, "The stage is there.", Some(undo)))
        }
        Err(Error::Invalid(fields)) => {
            let typed = Typed { at: Some(id), form: Form::again(&input, fields) };
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &list_page(&visit, typed, None).await?)
        }
        Err(error) => refused(&visit, ALL, error),
    }
}

fn read_stage(input: &Input) -> Result<(String, Phase)> {
    let mut read = Read::new(input);
    let name = read.needed("name", "what this step is called, such as First call");
    let phase = read.code("phase", Phase::parse);
    if phase.is_none() && read.fields.at("phase").is_none() {
        read.fields.add("phase", "what it means");
    }
    read.done((name, phase.unwrap_or(Phase::Hear)))
}

/// What the rules of the product say no to is told where the person was.
fn refused(visit: &Visit, to: &str, error: Error) -> Result<Response, PageError> {
    match error {
        Error::Refused(text) => Ok(visit.go(to, Flash { tone: Tone::Refused, text, undo: None })),
        error => Err(error.into()),
    }
}

async fn place(visit: Visit, Path(id): Path<Id<Pipeline>>, input: Input) -> Result<Response, PageError> {
    let way = Way::parse(input.get("way"));
    visit.write(move |tx, act| Box::pin(async move { pipelines::place(tx, act, id, way).await })).await?;
    Ok(moved(id.uuid(), way))
}

async fn place_stage(visit: Visit, Path(id): Path<Id<Stage>>, input: Input) -> Result<Response, PageError> {
    let way = Way::parse(input.get("way"));
    visit
        .write(move |tx, act| Box::pin(async move { pipelines::place_stage(tx, act, id, way).await }))
        .await?;
    Ok(moved(id.uuid(), way))
}

/// Back to the list, with the focus on the button that was pressed.
fn moved(id: uuid::Uuid, way: Option<Way>) -> Response {
    Redirect::to(&format!("{ALL}?moved={id}&way={}", way.map_or("", Way::code))).into_response()
}

#[derive(Template)]
#[template(path = "deals/templates/pipeline.html")]
struct PipelinePage {
    shell: Shell,
    pipeline: Kept<Pipeline>,
    form: Form,
    removal: Form,
    /// What goes through it, in words; empty if nothing does.
    deals: String,
    others: Vec<(String, String)>,
}

async fn pipeline_page(visit: &Visit, id: Id<Pipeline>, form: Option<Form>) -> Result<PipelinePage> {
    let workspace = visit.scope().workspace();
    let mut conn = visit.read().await?;
    let pipeline = records::get(&mut conn, visit.scope(), id).await?;
    let mut others = store::pipelines(&mut conn, workspace).await?;
    others.retain(|other| other.id != id);
    let mut standing = 0;
    for stage in store::stages(&mut conn, workspace).await?.iter().filter(|stage| stage.pipeline_id == id) {
        standing += store::count_standing(&mut conn, workspace, stage.id).await?;
    }
    Ok(PipelinePage {
        shell: visit.shell(Place::Settings),
        form: form.unwrap_or_else(|| Form::of([("name", pipeline.name.clone())], Some(pipeline.version))),
        pipeline,
        removal: Form::default(),
        deals: if standing == 0 { String::new() } else { store::counted(standing) },
        others: others.into_iter().map(|other| (other.id.to_string(), other.it.name)).collect(),
    })
}

async fn show(visit: Visit, Path(id): Path<Id<Pipeline>>) -> Result<Response, PageError> {
    page(&pipeline_page(&visit, id, None).await?)
}

async fn rename(visit: Visit, Path(id): Path<Id<Pipeline>>, input: Input) -> Result<Response, PageError> {
    let version = input.version();
    let done = match name_of(&input, "a name, such as New clients or Renewals") {
        Ok(name) => {
            visit
                .write(move |tx, act| {
                    Box::pin(async move { pipelines::rename(tx, act, id, version, name).await })
                })
                .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(visit.done(ALL, "Saved.", None)),
        Err(Error::Invalid(fields)) => {
            let again = pipeline_page(&visit, id, Some(Form::again(&input, fields))).await?;
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(Error::Conflict { .. }) => {
            let now = pipeline_page(&visit, id, None).await?;
            let form = Form::clashing(&input, &now.form, &[("name", "Name")]);
            page_as(StatusCode::CONFLICT, &PipelinePage { form, ..now })
        }
        Err(error) => Err(error.into()),
    }
}

async fn remove(visit: Visit, Path(id): Path<Id<Pipeline>>, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let to = read.id("to");
    let done = match read.done(to) {
        Ok(to) => {
            visit
                .write(move |tx, act| Box::pin(async move { pipelines::remove(tx, act, id, to).await }))
                .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(pipeline) => {
            let text = format!("{} is removed.", pipeline.name);
            Ok(visit.done(ALL, &text, Some(format!("{ALL}/{id}/restoration"))))
        }
        Err(Error::Invalid(fields)) => {
            let removal = Form::again(&input, fields);
            let again = PipelinePage { removal, ..pipeline_page(&visit, id, None).await? };
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(error) => refused(&visit, &format!("{ALL}/{id}"), error),
    }
}

async fn restore(visit: Visit, Path(id): Path<Id<Pipeline>>) -> Result<Response, PageError> {
    visit.write(move |tx, act| Box::pin(async move { pipelines::restore(tx, act, id).await })).await?;
    Ok(visit.done(ALL, "The pipeline is back.", None))
}

#[derive(Template)]
#[template(path = "deals/templates/stage.html")]
struct StagePage {
    shell: Shell,
    stage: Kept<Stage>,
    pipeline: String,
    form: Form,
    removal: Form,
    phases: Vec<(&'static str, String)>,
    /// What stands in it, in words; empty if nothing does.
    deals: String,
    others: Vec<(String, String)>,
    is_last: bool,
}

async fn stage_page(visit: &Visit, id: Id<Stage>, form: Option<Form>) -> Result<StagePage> {
    let workspace = visit.scope().workspace();
    let mut conn = visit.read().await?;
    let stage = records::get(&mut conn, visit.scope(), id).await?;
    let pipelines = store::pipelines(&mut conn, workspace).await?;
    let stages = store::stages(&mut conn, workspace).await?;
    let standing = store::count_standing(&mut conn, workspace, id).await?;
    // Its own pipeline's stages come first: deals mostly go to a neighbour.
    let own = pipelines.iter().filter(|pipeline| pipeline.id == stage.pipeline_id);
    let others = own.clone().chain(pipelines.iter().filter(|pipeline| pipeline.id != stage.pipeline_id));
    let mut choices = Vec::new();
    for pipeline in others {
        for other in stages.iter().filter(|other| other.pipeline_id == pipeline.id && other.id != id) {
            let name = match pipeline.id == stage.pipeline_id {
                true => other.name.clone(),
                false => format!("{} · {}", pipeline.name, other.name),
            };
            choices.push((other.id.to_string(), name));
        }
    }
    let kept = || {
        let values = [("name", stage.name.clone()), ("phase", stage.phase.code().to_owned())];
        Form::of(values, Some(stage.version))
    };
    Ok(StagePage {
        shell: visit.shell(Place::Settings),
        pipeline: own.clone().next().map_or_else(String::new, |pipeline| pipeline.name.clone()),
        form: form.unwrap_or_else(kept),
        removal: Form::default(),
        phases: phases(),
        deals: if standing == 0 { String::new() } else { store::counted(standing) },
        others: choices,
        is_last: stages.iter().filter(|other| other.pipeline_id == stage.pipeline_id).count() == 1,
        stage,
    })
}

async fn show_stage(visit: Visit, Path(id): Path<Id<Stage>>) -> Result<Response, PageError> {
    page(&stage_page(&visit, id, None).await?)
}

async fn change_stage(visit: Visit, Path(id): Path<Id<Stage>>, input: Input) -> Result<Response, PageError> {
    let version = input.version();
    let done = match read_stage(&input) {
        Ok(it) => {
            visit
                .write(move |tx, act| {
                    Box::pin(async move { pipelines::change_stage(tx, act, id, version, it).await })
                })
                .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(visit.done(ALL, "Saved.", None)),
        Err(Error::Invalid(fields)) => {
            let again = stage_page(&visit, id, Some(Form::again(&input, fields))).await?;
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(Error::Conflict { .. }) => {
            let now = stage_page(&visit, id, None).await?;
            let form = Form::clashing(&input, &now.form, &[("name", "Name"), ("phase", "Means")]);
            page_as(StatusCode::CONFLICT, &StagePage { form, ..now })
        }
        Err(error) => refused(&visit, &format!("/settings/stages/{id}"), error),
    }
}

async fn remove_stage(visit: Visit, Path(id): Path<Id<Stage>>, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let to = read.id("to");
    let done = match read.done(to) {
        Ok(to) => {
            visit
                .write(move |tx, act| Box::pin(async move { pipelines::remove_stage(tx, act, id, to).await }))
                .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(stage) => {
            let text = format!("{} is removed.", stage.name);
            Ok(visit.done(ALL, &text, Some(format!("/settings/stages/{id}/restoration"))))
        }
        Err(Error::Invalid(fields)) => {
            let removal = Form::again(&input, fields);
            let again = StagePage { removal, ..stage_page(&visit, id, None).await? };
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(error) => refused(&visit, &format!("/settings/stages/{id}"), error),
    }
}

async fn restore_stage(visit: Visit, Path(id): Path<Id<Stage>>) -> Result<Response, PageError> {
    let done = visit
        .write(move |tx, act| Box::pin(async move { pipelines::restore_stage(tx, act, id).await }))
        .await;
    match done {
        Ok(()) => Ok(visit.done(ALL, "The stage is back.", None)),
        Err(error) => refused(&visit, ALL, error),
    }
}
