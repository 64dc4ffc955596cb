//! Teams: members who share what they see.

use crate::accounts::{Member, Right, Team, actions, store};
use crate::base::{Id, plural};
use crate::error::{Error, Result};
use crate::records::{self, Kept};
use crate::web::layout::{Flash, Place, Shell, Tone};
use crate::web::{Form, Input, PageError, Read, Routes, Visit, page, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/settings/teams", Right::Administer, list)
        .post("/settings/teams", Right::Administer, add)
        .get("/settings/teams/{id}", Right::Administer, show)
        .post("/settings/teams/{id}", Right::Administer, rename)
        .post("/settings/teams/{id}/removal", Right::Administer, remove)
        .post("/settings/teams/{id}/restoration", Right::Administer, restore)
}

#[derive(Template)]
#[template(path = "accounts/templates/teams.html")]
struct TeamsPage {
    shell: Shell,
    form: Form,
    teams: Vec<TeamRow>,
}

struct TeamRow {
    href: String,
    name: String,
    note: String,
}

async fn teams(visit: &Visit, form: Form) -> Result<TeamsPage> {
    let mut conn = visit.read().await?;
    let members = store::members(&mut conn, visit.scope().workspace()).await?;
    let teams = store::teams(&mut conn, visit.scope().workspace()).await?;
    let row = |team: &Kept<Team>| {
        let names: Vec<&str> = members
            .iter()
            .filter(|member| member.team_id == Some(team.id))
            .map(|member| member.name.as_str())
            .collect();
        let note = match names.len() {
            0 => "Nobody yet".to_owned(),
            1..=4 => names.join(", "),
            more => format!(
                "{} and {}",
                names.get(..3).unwrap_or_default().join(", "),
                plural(i64::try_from(more - 3).unwrap_or(i64::MAX), "other", "others")
            ),
        };
        TeamRow { href: format!("/settings/teams/{}", team.id), name: team.name.clone(), note }
    };
    Ok(TeamsPage { shell: visit.shell(Place::Settings), form, teams: teams.iter().map(row).collect() })
}

async fn list(visit: Visit) -> Result<Response, PageError> {
    page(&teams(&visit, Form::default()).await?)
}

fn name_of(input: &Input) -> Result<String> {
    let mut read = Read::new(input);
    let name = read.needed("name", "a name, such as North or Service");
    read.done(name)
}

async fn add(visit: Visit, input: Input) -> Result<Response, PageError> {
    let done = match name_of(&input) {
        Ok(name) => {
            visit.write(move |tx, act| Box::pin(async move { actions::add_team(tx, act, name).await })).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(team) => Ok(visit.done(
            &format!("/settings/teams/{}", team.id),
            "The team is there. Choose it for its members on their pages.",
            Some(format!("/settings/teams/{}/removal", team.id)),
        )),
        Err(Error::Invalid(fields)) => {
            let again = teams(&visit, Form::again(&input, fields)).await?;
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "accounts/templates/team.html")]
struct TeamPage {
    shell: Shell,
    form: Form,
    team: Kept<Team>,
    members: Vec<Kept<Member>>,
}

impl TeamPage {
    fn removal(&self) -> String {
        format!("/settings/teams/{}/removal", self.team.id)
    }

    #[expect(clippy::unused_self, reason = "a template asks its page")]
    fn page_of(&self, member: &Kept<Member>) -> String {
        format!("/settings/members/{}", member.id)
    }
}

async fn team_page(visit: &Visit, id: Id<Team>, form: Option<Form>) -> Result<TeamPage> {
    let mut conn = visit.read().await?;
    let team = records::get(&mut conn, visit.scope(), id).await?;
    let mut members = store::members(&mut conn, visit.scope().workspace()).await?;
    members.retain(|member| member.team_id == Some(id));
    let form = form.unwrap_or_else(|| Form::of([("name", team.name.clone())], Some(team.version)));
    Ok(TeamPage { shell: visit.shell(Place::Settings), form, team, members })
}

async fn show(visit: Visit, Path(id): Path<Id<Team>>) -> Result<Response, PageError> {
    page(&team_page(&visit, id, None).await?)
}

async fn rename(visit: Visit, Path(id): Path<Id<Team>>, input: Input) -> Result<Response, PageError> {
    let version = input.version();
    let done = match name_of(&input) {
        Ok(name) => {
            visit
                .write(move |tx, act| {
                    Box::pin(async move { actions::rename_team(tx, act, id, version, name).await })
                })
                .await
        }
        Err(error) => Err(error),
    };
    visit.app.forget_seats();
    match done {
        Ok(_) => Ok(visit.done("/settings/teams", "Saved.", None)),
        Err(Error::Invalid(fields)) => {
            let again = team_page(&visit, id, Some(Form::again(&input, fields))).await?;
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(Error::Conflict { .. }) => {
            let now = team_page(&visit, id, None).await?;
            let form = Form::clashing(&input, &now.form, &[("name", "Name")]);
            page_as(StatusCode::CONFLICT, &TeamPage { form, ..now })
        }
        Err(error) => Err(error.into()),
    }
}

async fn remove(visit: Visit, Path(id): Path<Id<Team>>) -> Result<Response, PageError> {
    let done =
        visit.write(move |tx, act| Box::pin(async move { actions::remove_team(tx, act, id).await })).await;
    visit.app.forget_seats();
    match done {
        Ok(()) => {
            let undo = format!("/settings/teams/{id}/restoration");
            Ok(visit.done("/settings/teams", "The team is removed.", Some(undo)))
        }
        Err(Error::Refused(text)) => {
            let to = format!("/settings/teams/{id}");
            Ok(visit.go(&to, Flash { tone: Tone::Refused, text, undo: None }))
        }
        Err(error) => Err(error.into()),
    }
}

async fn restore(visit: Visit, Path(id): Path<Id<Team>>) -> Result<Response, PageError> {
    visit.write(move |tx, act| Box::pin(async move { records::restore::<Team>(tx, act, id).await })).await?;
    visit.app.forget_seats();
    Ok(visit.done("/settings/teams", "The team is back.", None))
}
