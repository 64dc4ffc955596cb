//! What went wrong in the background: which work, why, and trying it again.

use crate::accounts::Right;
use crate::base::{Id, plural};
use crate::jobs::store::{self, Failure};
use crate::jobs::{self, Job};
use crate::web::layout::{Place, Shell};
use crate::web::{PageError, Routes, Visit, page};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;

const HERE: &str = "/settings/jobs";

/// The routes of failed jobs.
pub fn routes() -> Routes {
    Routes::new()
        .get("/settings/jobs", Right::Administer, list)
        .post("/settings/jobs/attempts", Right::Administer, try_all)
        .post("/settings/jobs/{id}/attempt", Right::Administer, try_one)
        .post("/settings/jobs/{id}/removal", Right::Administer, let_go)
}

#[derive(Template)]
#[template(path = "jobs/templates/failed.html")]
struct FailedPage {
    shell: Shell,
    failed: Vec<Row>,
}

/// A failed job as people read it.
struct Row {
    id: String,
    what: &'static str,
    /// The page of what it is about; empty if that has none.
    href: String,
    name: String,
    why: String,
    at: String,
}

impl Row {
    fn of(job: Failure, visit: &Visit) -> Self {
        let (what, href) = match job.name.as_str() {
            jobs::ASSESS_DEAL => ("Assess a deal", format!("/deals/{}", job.key)),
            jobs::ASSESS_AROUND => ("Assess the deals that a figure is about", String::new()),
            jobs::ASSESS_ALL | jobs::WEIGH_OPEN => ("Assess every open deal", String::new()),
            jobs::LOOK_AT_DEAL => ("See what a deal asks of us", format!("/deals/{}", job.key)),
            jobs::MORNING => ("What every morning asks for", String::new()),
            jobs::PLAN_WEEK => ("Plan the week", String::new()),
            jobs::IMPORT => ("Run an import", format!("/import/{}", job.key)),
            _ => ("Work that this version does not know", String::new()),
        };
        Self {
            id: job.id.to_string(),
            what,
            href,
            name: job.name,
            why: job.error.unwrap_or_else(|| "It did not say why.".into()),
            at: job.at.map_or_else(String::new, |at| at.show(&visit.zone(), visit.locale())),
        }
    }
}

async fn list(visit: Visit) -> Result<Response, PageError> {
    let failed = store::failures(&mut visit.read().await?, visit.scope().workspace()).await?;
    let failed = failed.into_iter().map(|job| Row::of(job, &visit)).collect();
    page(&FailedPage { shell: visit.shell(Place::Settings), failed })
}

async fn try_all(visit: Visit) -> Result<Response, PageError> {
    let again = visit.write(|tx, act| Box::pin(async move { jobs::try_again(tx, act, None).await })).await?;
    let count = plural(i64::try_from(again).unwrap_or(i64::MAX), "job is", "jobs are");
    Ok(visit.done(HERE, &format!("{count} tried again."), None))
}

async fn try_one(visit: Visit, Path(id): Path<Id<Job>>) -> Result<Response, PageError> {
    visit.write(move |tx, act| Box::pin(async move { jobs::try_again(tx, act, Some(id)).await })).await?;
    Ok(visit.done(HERE, "It is tried again.", None))
}

async fn let_go(visit: Visit, Path(id): Path<Id<Job>>) -> Result<Response, PageError> {
    visit.write(move |tx, act| Box::pin(async move { jobs::let_go(tx, act, id).await })).await?;
    Ok(visit.done(HERE, "It is let go.", None))
}
