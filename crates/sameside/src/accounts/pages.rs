//! The way in: sign-in, set-up, one-time links; and the way out.

mod account;
mod choices;
mod members;
mod teams;
mod workspace;

use crate::accounts::actions::{self, Brought, From, Refusal, SetUp};
use crate::accounts::{Member, Purpose, Token, Workspace, password, store};
use crate::app::App;
use crate::base::{Currency, Fields, Locale};
use crate::error::{Error, Result};
use crate::records::Kept;
use crate::web::layout::{Flash, Front, Tone};
use crate::web::{
    Form, Input, PageError, Read, Routes, Visitor, no_session_cookie, page, page_as, session_cookie,
};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use std::collections::BTreeMap;

/// The routes of accounts.
pub fn routes() -> Routes {
    Routes::new()
        .open(Method::GET, "/sign-in", sign_in_page)
        .open(Method::POST, "/sign-in", sign_in)
        .open(Method::POST, "/sign-out", sign_out)
        .open(Method::GET, "/set-up", set_up_page)
        .open(Method::POST, "/set-up", set_up)
        .open(Method::GET, "/pass/{token}", pass_page)
        .open(Method::POST, "/pass/{token}", pass)
        .open(Method::GET, "/password", forgotten)
        .and(account::routes())
        .and(workspace::routes())
        .and(members::routes())
        .and(teams::routes())
}

#[derive(Template)]
#[template(path = "accounts/templates/sign_in.html")]
struct SignInPage {
    front: Front,
    form: Form,
    next: String,
    refusal: String,
}

async fn sign_in_page(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    if !store::any_workspace(&mut app.read().await?).await? {
        return Ok(Redirect::to("/set-up").into_response());
    }
    let next = local(query.get("next").map_or("", String::as_str)).unwrap_or_default();
    page(&SignInPage { front: visitor.front(), form: Form::default(), next, refusal: String::new() })
}

async fn sign_in(State(app): State<App>, visitor: Visitor, input: Input) -> Result<Response, PageError> {
    let next = local(input.get("next"));
    let done =
        actions::sign_in(&app, input.get("email"), input.get("password").to_owned(), &from(&visitor)).await;
    let (status, seconds, refusal) = match done {
        Ok(token) => return come_in(&app, &visitor, &token, next.as_deref().unwrap_or("/"), None).await,
        Err(Refusal::Failed(error)) => return Err(error.into()),
        Err(Refusal::Wrong) => {
            let text = "This address and password do not belong together. Look at both once more.";
            (StatusCode::UNPROCESSABLE_ENTITY, None, text.to_owned())
        }
        Err(Refusal::TooOften { seconds }) => {
            let text = format!(
                "That was tried many times. To keep your account safe, wait {} and try again.",
                actions::duration(seconds)
            );
            (StatusCode::TOO_MANY_REQUESTS, Some(seconds), text)
        }
    };
    let form = Form::again(&input, Fields::default());
    let next = next.unwrap_or_default();
    let mut response = page_as(status, &SignInPage { front: visitor.front(), form, next, refusal })?;
    if let Some(seconds) = seconds {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}

/// Gives the browser its session; the one it had ends.
async fn come_in(
    app: &App,
    visitor: &Visitor,
    token: &Token,
    to: &str,
    said: Option<&str>,
) -> Result<Response, PageError> {
    leave(app, visitor).await?;
    let jar = CookieJar::new().add(session_cookie(token, app.config().is_encrypted()));
    let said = said.map(|text| Flash { tone: Tone::Done, text: text.to_owned(), undo: None });
    Ok(match said {
        Some(flash) => (jar, visitor.go(to, flash)).into_response(),
        None => (jar, Redirect::to(to)).into_response(),
    })
}

/// Ends the session of this browser, if it has one.
async fn leave(app: &App, visitor: &Visitor) -> Result<()> {
    let Some(token) = &visitor.session else { return Ok(()) };
    let hash = token.hash();
    app.write(move |tx| Box::pin(async move { actions::leave(tx, &hash).await })).await?;
    app.forget_seats();
    Ok(())
}

async fn sign_out(State(app): State<App>, visitor: Visitor) -> Result<Response, PageError> {
    leave(&app, &visitor).await?;
    let jar = CookieJar::new().add(no_session_cookie(app.config().is_encrypted()));
    let flash = Flash { tone: Tone::Done, text: "You are signed out.".into(), undo: None };
    Ok((jar, visitor.go("/sign-in", flash)).into_response())
}

fn from(visitor: &Visitor) -> From {
    From { agent: visitor.agent.clone(), address: visitor.address.clone() }
}

/// A path of this site to go on to; nothing that a browser could read as the address of another.
fn local(next: &str) -> Option<String> {
    let is_local = next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && next.len() <= 2_000;
    is_local.then(|| next.to_owned())
}

#[derive(Template)]
#[template(path = "accounts/templates/set_up.html")]
struct SetUpPage {
    front: Front,
    form: Form,
    currencies: Vec<(&'static str, String)>,
    zones: Vec<(String, String)>,
    languages: Vec<(&'static str, &'static str)>,
}

impl SetUpPage {
    fn new(visitor: &Visitor, form: Form) -> Self {
        Self {
            front: visitor.front(),
            form,
            currencies: choices::currencies(),
            zones: choices::zones(),
            languages: choices::languages(),
        }
    }
}

async fn set_up_page(State(app): State<App>, visitor: Visitor) -> Result<Response, PageError> {
    if store::any_workspace(&mut app.read().await?).await? {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let locale = choices::preferred(&visitor.languages);
    let currency = if locale == Locale::EnUs { "USD" } else { "EUR" };
    let form = Form::of(
        [("currency", currency.into()), ("time_zone", "UTC".into()), ("locale", locale.code().into())],
        None,
    );
    page(&SetUpPage::new(&visitor, form))
}

async fn set_up(State(app): State<App>, visitor: Visitor, input: Input) -> Result<Response, PageError> {
    let done = match read_set_up(&input) {
        Ok(it) => actions::set_up_first(&app, it, input.get("password").to_owned(), &from(&visitor)).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(token) => come_in(&app, &visitor, &token, "/", Some("Welcome. Your workspace is ready.")).await,
        Err(Error::Invalid(fields)) => {
            let again = SetUpPage::new(&visitor, Form::again(&input, fields));
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(Error::Refused(text)) => {
            Ok(visitor.go("/sign-in", Flash { tone: Tone::Refused, text, undo: None }))
        }
        Err(error) => Err(error.into()),
    }
}

fn read_set_up(input: &Input) -> Result<SetUp> {
    let mut read = Read::new(input);
    let workspace = read.needed("workspace", "what your company is called");
    let name = read.needed("name", "what you are called");
    let email = read.email("email");
    if email.is_none() && read.fields.at("email").is_none() {
        read.fields.add("email", "the address you sign in with");
    }
    read.fields.take("password", password::check(input.get("password")));
    let currency = read.code("currency", Currency::parse).unwrap_or(Currency::EUR);
    let locale = read.code("locale", Locale::parse).unwrap_or(Locale::EnGb);
    let time_zone = read.needed("time_zone", "a time zone such as Europe/Lisbon");
    // Without an address something is wrong already, and `done` says so.
    let Some(email) = email else { return read.done(()).and(Err(Error::field("email", "an address"))) };
    read.done(SetUp { workspace, name, email, password_hash: None, currency, time_zone, locale })
}

#[derive(Template)]
#[template(path = "accounts/templates/pass.html")]
struct PassPage {
    front: Front,
    form: Form,
    purpose: Purpose,
    workspace: String,
    member: Kept<Member>,
}

impl PassPage {
    fn email(&self) -> &str {
        self.member.email.as_ref().map_or("", |email| email.as_str())
    }

    fn title(&self) -> String {
        match self.purpose {
            Purpose::Invitation => format!("Welcome to {}", self.workspace),
            Purpose::Reset => "Choose a new password".into(),
            Purpose::SignIn => format!("Come in, {}", self.member.name),
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/templates/no_pass.html")]
struct NoPassPage {
    front: Front,
}

fn no_pass(visitor: &Visitor) -> Result<Response, PageError> {
    page_as(StatusCode::NOT_FOUND, &NoPassPage { front: visitor.front() })
}

/// Whom a link is for, and in which workspace.
async fn look(app: &App, token: &str) -> Result<Option<(Token, Workspace, Kept<Member>, Purpose)>> {
    let Some(token) = Token::parse(token) else { return Ok(None) };
    let mut conn = app.read().await?;
    let (workspace, member, purpose) = match actions::look_at_pass(&mut conn, &token, app.now()).await {
        Ok(found) => found,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let workspace = store::workspace(&mut conn, workspace).await?;
    Ok(workspace.map(|workspace| (token, workspace, member, purpose)))
}

/// Shows what a link is for; opening it uses nothing up, because mail programs and chats open links to preview
/// them. A sign-in link is the exception: it is printed on the terminal of whoever runs this server, where nothing
/// previews it, and one click must do; so it comes in at once, unless a browser only looks ahead.
async fn pass_page(
    State(app): State<App>,
    visitor: Visitor,
    method: Method,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let Some((token, workspace, member, purpose)) = look(&app, &token).await? else {
        return no_pass(&visitor);
    };
    let looks_ahead =
        method == Method::HEAD || headers.contains_key("sec-purpose") || headers.contains_key("purpose");
    if purpose == Purpose::SignIn && !looks_ahead {
        return use_pass(&app, &visitor, &token, Brought::default(), None).await;
    }
    let form = Form::of([("name", member.name.clone())], None);
    page(&PassPage { front: visitor.front(), form, purpose, workspace: workspace.name, member })
}

async fn pass(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    input: Input,
) -> Result<Response, PageError> {
    let Some((token, workspace, member, purpose)) = look(&app, &token).await? else {
        return no_pass(&visitor);
    };
    let mut read = Read::new(&input);
    let name = (purpose == Purpose::Invitation).then(|| read.needed("name", "what your colleagues call you"));
    if purpose != Purpose::SignIn {
        read.fields.take("password", password::check(input.get("password")));
    }
    match read.done(name) {
        Ok(name) => {
            let password_hash = match purpose {
                Purpose::SignIn => None,
                Purpose::Invitation | Purpose::Reset => {
                    Some(password::hash(input.get("password").to_owned()).await?)
                }
            };
            let said = match purpose {
                Purpose::Invitation => Some("Welcome. You are in."),
                Purpose::Reset => Some("Your new password holds. You are signed out everywhere else."),
                Purpose::SignIn => None,
            };
            use_pass(&app, &visitor, &token, Brought { name, password_hash }, said).await
        }
        Err(Error::Invalid(fields)) => {
            let (front, form) = (visitor.front(), Form::again(&input, fields));
            let again = PassPage { front, form, purpose, workspace: workspace.name, member };
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(error) => Err(error.into()),
    }
}

async fn use_pass(
    app: &App,
    visitor: &Visitor,
    token: &Token,
    it: Brought,
    said: Option<&'static str>,
) -> Result<Response, PageError> {
    let (now, token, from) = (app.now(), token.clone(), from(visitor));
    let used = app
        .write(move |tx| Box::pin(async move { actions::use_pass(tx, &token, it, &from, now).await }))
        .await;
    app.forget_seats();
    match used {
        Ok(session) => come_in(app, visitor, &session, "/", said).await,
        Err(Error::NotFound) => no_pass(visitor),
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "accounts/templates/forgotten.html")]
struct ForgottenPage {
    front: Front,
}

/// Without mail a link has to come from a person: says from whom.
async fn forgotten(visitor: Visitor) -> Result<Response, PageError> {
    page(&ForgottenPage { front: visitor.front() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_this_site_is_gone_on_to() {
        for good in ["/", "/deals?stage=hear&after=1", "/deals/7#notes"] {
            assert_eq!(local(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "deals",
            "//elsewhere.example",
            "/\\elsewhere.example",
            "https://elsewhere.example",
            "/\t/elsewhere.example",
            "/a\r\nset-cookie: x",
            "javascript:alert(1)",
        ] {
            assert_eq!(local(bad), None, "{bad:?}");
        }
    }
}
