//! Sharing a page, as who runs the deal does it: make a link, copy it once, see what was done with it, take it back, look
//! at the page as the client sees it.

use crate::accounts::{Right, Token};
use crate::base::Id;
use crate::client_page::actions::{self, Ask, Wish};
use crate::client_page::link::State;
use crate::client_page::pages::ClientPage;
use crate::client_page::pages::guest::answer;
use crate::client_page::store::{self, Deed};
use crate::client_page::{ASKABLE, ClientLink, ClientQuestion, DAYS_USUAL, Reader, Tongue, Words};
use crate::contacts::{self, Contact};
use crate::deals::Deal;
use crate::diagnosis::{self, Parameter};
use crate::error::{Error, Result};
use crate::history;
use crate::questions;
use crate::records::{self, Kept};
use crate::web::layout::{Place, Shell};
use crate::web::{Asked, Form, Input, PageError, Read, Routes, Visit, address, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use db::Conn;

/// The routes of who shares.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/deals/{id}/client-page", Right::Look, show)
        .post("/deals/{id}/client-page", Right::Sell, make)
        .get("/deals/{id}/client-page/preview", Right::Look, preview)
        .post("/deals/{id}/client-questions", Right::Sell, ask)
        .post("/client-questions/{id}/removal", Right::Sell, ask_no_more)
        .post("/client-links/{id}/revocation", Right::Sell, revoke)
}

#[derive(Template)]
#[template(path = "client_page/templates/links.html")]
struct LinksPage {
    shell: Shell,
    deal: Kept<Deal>,
    path: String,
    may_write: bool,
    form: Form,
    contacts: Vec<(String, String)>,
    languages: Vec<(&'static str, &'static str)>,
    /// The link that was just made: shown now and never again.
    fresh: String,
    links: Vec<Link>,
    /// What can be asked: the code and the question.
    askable: Vec<(String, String)>,
    asked: Vec<Question>,
}

/// Something they are asked.
struct Question {
    id: String,
    question: String,
    said: String,
}

/// What a deal's page shows of the page of the client.
#[derive(Debug)]
pub struct Card {
    /// Where links are made.
    pub path: String,
    /// How many links are open.
    pub open: usize,
    /// What was done last, and when; empty for nothing.
    pub last: String,
    /// What they report of the result; empty for nothing.
    pub reported: String,
    /// Whether this person may share.
    pub may_write: bool,
}

/// What a deal's page shows of the page of the client.
///
/// # Errors
/// What the database says.
pub async fn card(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>) -> Result<Card> {
    let workspace = visit.scope().workspace();
    let links = store::links(conn, workspace, deal.id).await?;
    let last = store::last_of_deal(conn, workspace, deal.id).await?;
    let reported = store::report(conn, workspace, deal.id).await?;
    Ok(Card {
        path: format!("/deals/{}/client-page", deal.id),
        open: links.iter().filter(|link| link.state(visit.now) == State::Holds).count(),
        last: last.map_or_else(String::new, |(title, deed)| {
            format!("{title}: {}, {}", deed.what, deed.at.show(&visit.zone(), visit.locale()))
        }),
        reported: reported.map_or_else(String::new, |report| {
            format!("{}, {}", report.reached.label(), report.said_on.show(visit.locale()))
        }),
        may_write: visit.scope().may(Right::Sell) && deal.removed_at.is_none(),
    })
}

/// A link as who made it sees it.
struct Link {
    id: String,
    title: String,
    state: &'static str,
    holds: bool,
    about: String,
    deeds: Vec<(String, String, String)>,
}

async fn show(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    let form = Form::of([("days", DAYS_USUAL.to_string())], None);
    render(&visit, id, form, String::new()).await
}

/// Whom of theirs a link can be for: who takes part in the deal, then who works there.
async fn people(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>) -> Result<Vec<(String, String)>> {
    let scope = visit.scope();
    let mut ids: Vec<Id<Contact>> = deal.contact_id.into_iter().collect();
    let voices = diagnosis::store::voices(conn, scope.workspace(), deal.id).await?;
    ids.extend(voices.iter().map(|voice| voice.contact_id));
    let mut all: Vec<(String, String)> = Vec::new();
    for id in ids {
        if let Ok(contact) = records::get(conn, scope, id).await {
            all.push((id.to_string(), contact.it.name));
        }
    }
    if let Some(company) = deal.company_id {
        let there = contacts::store::of_company(conn, scope, company).await?;
        all.extend(there.into_iter().map(|contact| (contact.id.to_string(), contact.it.name)));
    }
    let mut seen = std::collections::HashSet::new();
    all.retain(|(id, _)| seen.insert(id.clone()));
    Ok(all)
}

async fn render(visit: &Visit, id: Id<Deal>, mut form: Form, fresh: String) -> Result<Response, PageError> {
    let scope = visit.scope();
    let mut conn = visit.read().await?;
    let seen = history::last_seq(&mut conn).await?;
    let deal = records::get(&mut conn, scope, id).await?;
    let contacts = people(&mut conn, visit, &deal).await?;
    if form.value("contact").is_empty()
        && form.errors().is_empty()
        && let Some(contact) = deal.contact_id
    {
        form.set("contact", contact.to_string());
    }
    let with_passcode = store::with_passcode(&mut conn, scope.workspace(), id).await?;
    let mut links = Vec::new();
    for kept in store::links(&mut conn, scope.workspace(), id).await? {
        let deeds = store::visits(&mut conn, scope.workspace(), kept.id).await?;
        let passcode = with_passcode.iter().find(|(id, _)| *id == kept.id).map(|(_, tries)| *tries);
        links.push(link(visit, kept, passcode, &deeds));
    }
    let asked = store::questions(&mut conn, scope.workspace(), id).await?;
    let questions = questions::store::questions(&mut conn, scope.workspace()).await?;
    let own = questions.iter().map(|it| (Some(it.id), None, format!("q.{}", it.id), it.title.clone()));
    let figures =
        ASKABLE.iter().map(|it| (None, Some(*it), format!("f.{}", it.code()), it.question().to_owned()));
    let askable = own
        .chain(figures)
        .filter(|(question, figure, ..)| {
            !asked.iter().any(|one| one.question_id == *question && one.parameter == *figure)
        })
        .map(|(_, _, code, text)| (code, text))
        .collect();
    let asked = asked.into_iter().map(|one| Question {
        id: one.id.to_string(),
        said: match one.said.as_deref() {
            Some("?") => "They do not know".to_owned(),
            Some(said) => said.to_owned(),
            None => String::new(),
        },
        question: one.it.title,
    });
    let status = if form.errors().is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let it = LinksPage {
        shell: visit.shell(Place::Deals).about_deal(id, seen),
        path: format!("/deals/{id}"),
        may_write: scope.may(Right::Sell),
        form,
        contacts,
        languages: Tongue::ALL.iter().map(|it| (it.code(), it.label())).collect(),
        fresh,
        links,
        askable,
        asked: asked.collect(),
        deal,
    };
    page_as(status, &it)
}

fn link(visit: &Visit, kept: Kept<ClientLink>, passcode: Option<i64>, deeds: &[Deed]) -> Link {
    let (zone, locale) = (visit.zone(), visit.locale());
    let state = kept.state(visit.now);
    let language = kept.language.map_or("the language of their browser", Tongue::label);
    let passcode = match passcode {
        None => "",
        Some(tries) if actions::is_locked(tries) => {
            ", with a passcode that was said wrong too often: nobody comes in any more"
        }
        Some(_) => ", with a passcode",
    };
    let ends = match kept.revoked_at {
        Some(at) => format!("taken back {}", at.show(&zone, locale)),
        None => format!("until {}", kept.expires_at.show(&zone, locale)),
    };
    Link {
        id: kept.id.to_string(),
        state: match state {
            State::Holds => "Open",
            State::Expired => "Ended",
            State::Revoked => "Taken back",
        },
        holds: state == State::Holds,
        about: format!("{ends}; in {language}{passcode}"),
        deeds: deeds
            .iter()
            .map(|deed| {
                (deed.at.show(&zone, locale), deed.what.clone(), format!("{}, {}", deed.agent, deed.address))
            })
            .collect(),
        title: kept.it.title,
    }
}

async fn make(
    visit: Visit,
    Path(id): Path<Id<Deal>>,
    headers: HeaderMap,
    input: Input,
) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let wish = Wish {
        days: read.whole("days").unwrap_or(DAYS_USUAL),
        contact: read.id("contact"),
        language: read.code("language", Tongue::parse),
        passcode: None,
    };
    let passcode = read.line("passcode");
    let made = match read.done(wish) {
        Ok(wish) => match actions::hashed(passcode.as_deref()).await {
            Ok(hash) => {
                visit
                    .write(move |tx, act| {
                        Box::pin(async move { actions::make(tx, act, id, wish, hash).await })
                    })
                    .await
            }
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    match made {
        Ok((_, token)) => {
            let link = url(&address(&visit.app, &headers), &token);
            let form = Form::of([("days", DAYS_USUAL.to_string())], None);
            render(&visit, id, form, link).await
        }
        Err(Error::Invalid(fields)) => {
            records::get(&mut visit.read().await?, visit.scope(), id).await?;
            render(&visit, id, Form::again(&input, fields), String::new()).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The address of a client's page.
pub(crate) fn url(address: &str, token: &Token) -> String {
    format!("{address}/c/{}", token.text())
}

async fn revoke(visit: Visit, Path(id): Path<Id<ClientLink>>) -> Result<Response, PageError> {
    let link =
        visit.write(move |tx, act| Box::pin(async move { actions::revoke(tx, act, id).await })).await?;
    let to = format!("/deals/{}/client-page", link.deal_id);
    Ok(visit.done(&to, "Taken back. The link opens nothing any more.", None))
}

/// Asks them something: `q.ID` for a question of the workspace, `f.CODE` for a figure.
async fn ask(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let named = input.get("ask").split_once('.');
    let ask = match named {
        Some(("q", id)) => id.parse().ok().map(Ask::Question),
        Some(("f", code)) => Parameter::parse(code).map(Ask::Figure),
        _ => None,
    };
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let ask = ask.ok_or_else(|| Error::field("ask", "one of the questions"))?;
    visit.write(move |tx, act| Box::pin(async move { actions::ask(tx, act, id, ask).await })).await?;
    Ok(visit.done(&format!("/deals/{id}/client-page#asked"), "It is on their page now.", None))
}

async fn ask_no_more(visit: Visit, Path(id): Path<Id<ClientQuestion>>) -> Result<Response, PageError> {
    let deal =
        visit.write(move |tx, act| Box::pin(async move { actions::ask_no_more(tx, act, id).await })).await?;
    Ok(visit.done(&format!("/deals/{deal}/client-page#asked"), "It is not asked any more.", None))
}

/// The page as the client sees it, without anything that can be done.
async fn preview(visit: Visit, Path(id): Path<Id<Deal>>, Asked(asked): Asked) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let deal = records::get(&mut conn, visit.scope(), id).await?;
    let contact = match deal.contact_id {
        Some(contact) => records::get(&mut conn, visit.scope(), contact).await.ok(),
        None => None,
    };
    let workspace = visit.seat.workspace.clone();
    let tongue = Tongue::parse(asked.get("language")).unwrap_or(Tongue::En);
    let reader = Reader {
        words: Words::of(tongue, workspace.locale),
        path: String::new(),
        workspace,
        deal,
        contact,
        now: visit.now,
        may_act: false,
    };
    let page = ClientPage::of(&mut conn, &reader, "", String::new()).await?;
    Ok(answer(StatusCode::OK, &page))
}
