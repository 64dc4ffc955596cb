//! One's own account: name, language, time zone, password, sessions.

use super::choices;
use crate::accounts::{Right, Session, actions, store, token};
use crate::base::Locale;
use crate::error::{Error, Result};
use crate::notices;
use crate::web::layout::{Place, Shell};
use crate::web::{Form, Input, PageError, Read, Routes, Visit, page, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/account", Right::Look, show)
        .post("/account", Right::Look, change)
        .post("/account/password", Right::Look, change_password)
        .post("/account/sessions/removal", Right::Look, end_others)
        .post("/account/sessions/{session}/removal", Right::Look, end_one)
}

#[derive(Template)]
#[template(path = "accounts/templates/account.html")]
struct AccountPage {
    shell: Shell,
    form: Form,
    password: Form,
    has_password: bool,
    email: String,
    role: &'static str,
    sees: &'static str,
    zones: Vec<(String, String)>,
    zone_default: String,
    languages: Vec<(&'static str, &'static str)>,
    language_default: String,
    sessions: Vec<SessionRow>,
    /// When nothing pops up, in a sentence.
    quiet: String,
}

/// A session as its member sees it.
struct SessionRow {
    key: String,
    browser: String,
    address: String,
    since: String,
    seen: String,
    is_this: bool,
}

impl SessionRow {
    fn of(session: &Session, visit: &Visit) -> Self {
        let show = |when: crate::base::When| when.show(&visit.zone(), visit.locale());
        Self {
            key: token::hex(&session.token_hash),
            browser: browser(&session.agent),
            address: session.address.clone(),
            since: show(session.created_at),
            seen: show(session.seen_at),
            is_this: session.token_hash == visit.seat.session,
        }
    }
}

/// What a browser is called by people, from what it calls itself.
fn browser(agent: &str) -> String {
    let first = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let program = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(program), None) => program.to_owned(),
        (None, _) => agent.split(['/', ' ']).next().unwrap_or_default().to_owned(),
    }
}

fn own(visit: &Visit) -> Form {
    let member = &visit.seat.member;
    Form::of(
        [
            ("name", member.name.clone()),
            ("time_zone", member.time_zone.clone().unwrap_or_default()),
            ("locale", member.locale.map_or("", Locale::code).to_owned()),
        ],
        Some(member.version),
    )
}

const LABELS: &[(&str, &str)] =
    &[("name", "Name"), ("time_zone", "Time zone"), ("locale", "Dates and numbers")];

async fn account(visit: &Visit, form: Form, password: Form) -> Result<AccountPage> {
    let (member, workspace) = (&visit.seat.member, &visit.seat.workspace);
    let mut conn = visit.read().await?;
    let sessions = store::sessions(&mut conn, member.id, visit.now).await?;
    Ok(AccountPage {
        shell: visit.shell(Place::Elsewhere),
        form,
        password,
        has_password: store::password_hash(&mut conn, member.id).await?.is_some(),
        email: member.email.as_ref().map_or_else(String::new, ToString::to_string),
        role: member.role.label(),
        sees: member.sees.label(),
        zones: choices::zones(),
        zone_default: format!("As the workspace: {}", workspace.time_zone.replace('_', " ")),
        languages: choices::languages(),
        language_default: format!("As the workspace: {}", workspace.locale.label()),
        sessions: sessions.iter().map(|session| SessionRow::of(session, visit)).collect(),
        quiet: notices::store::quiet(&mut conn, member.id).await?.sentence(),
    })
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    page(&account(&visit, own(&visit), Form::default()).await?)
}

async fn change(visit: Visit, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let name = read.needed("name", "what your colleagues call you");
    let time_zone = read.line("time_zone");
    let locale = read.code("locale", Locale::parse);
    let (version, done) = (input.version(), read.done((name, time_zone, locale)));
    let done = match done {
        Ok((name, zone, locale)) => {
            visit
                .write(move |tx, act| {
                    Box::pin(
                        async move { actions::change_oneself(tx, act, version, name, zone, locale).await },
                    )
                })
                .await
        }
        Err(error) => Err(error),
    };
    visit.app.forget_seats();
    match done {
        Ok(_) => Ok(visit.done("/account", "Saved.", None)),
        Err(Error::Invalid(fields)) => {
            let again = account(&visit, Form::again(&input, fields), Form::default()).await?;
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(Error::Conflict { .. }) => {
            let now = own(&visit.afresh().await?);
            let again = account(&visit, Form::clashing(&input, &now, LABELS), Form::default()).await?;
            page_as(StatusCode::CONFLICT, &again)
        }
        Err(error) => Err(error.into()),
    }
}

async fn change_password(visit: Visit, input: Input) -> Result<Response, PageError> {
    let (old, new) = (input.get("old").to_owned(), input.get("new").to_owned());
    match actions::change_password(&visit.app, &visit.seat, old, new).await {
        Ok(()) => {
            Ok(visit.done("/account", "Your new password holds. You are signed out everywhere else.", None))
        }
        Err(Error::Invalid(fields)) => {
            let again = account(&visit, own(&visit), Form::again(&Input::default(), fields)).await?;
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(error) => Err(error.into()),
    }
}

async fn end_others(visit: Visit) -> Result<Response, PageError> {
    let (id, but) = (visit.seat.member.id, visit.seat.session.clone());
    let ended = visit
        .write(move |tx, _| Box::pin(async move { actions::end_other_sessions(tx, id, &but).await }))
        .await?;
    visit.app.forget_seats();
    let text = match ended {
        0 => "You were signed in nowhere else.",
        _ => "You are signed out everywhere else.",
    };
    Ok(visit.done("/account", text, None))
}

async fn end_one(visit: Visit, Path(key): Path<String>) -> Result<Response, PageError> {
    let hash = token::unhex(&key).ok_or(Error::NotFound)?;
    let (id, is_this) = (visit.seat.member.id, hash == visit.seat.session);
    visit.write(move |tx, _| Box::pin(async move { actions::end_session(tx, id, &hash).await })).await?;
    visit.app.forget_seats();
    Ok(match is_this {
        true => visit.done("/sign-in", "You are signed out.", None),
        false => visit.done("/account", "That browser is signed out.", None),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_what_people_call_it() {
        for (agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            ("curl/8.5.0", "curl"),
            ("", ""),
        ] {
            assert_eq!(browser(agent), name, "{agent}");
        }
    }
}
