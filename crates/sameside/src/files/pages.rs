//! Documents on pages: what a deal's page shows, the page with all of them, adding one, and taking one along.

use crate::accounts::{Member, Right};
use crate::base::{Fields, Id};
use crate::client_page::{self, State};
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::files::receive::receive;
use crate::files::{Attachment, FILE_BYTES_MAX, FILES_MAX, Media, actions, size_shown, store};
use crate::history;
use crate::records::{self, Kept, Kind, pages as records_pages};
use crate::web::conflict::{self, Settled};
use crate::web::layout::{Place, Shell};
use crate::web::{Form, Input, PageError, Read, Routes, Visit, page_as};
use askama::Template;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::Response;
use db::Conn;
use std::collections::{HashMap, HashSet};

pub(super) mod send;

/// How many documents a deal's page shows, the newest.
const SHOWN: usize = 5;
/// How many of those who have a link are named.
const NAMED: usize = 3;
/// The fields of a document, as a conflict names them.
const LABELS: &[(&str, &str)] = &[("title", "What it is called")];

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/deals/{id}/files", Right::Look, show)
        .post("/deals/{id}/files", Right::Sell, add)
        .get("/files/{id}", Right::Look, download)
        .post("/files/{id}", Right::Sell, rename)
        .post("/files/{id}/sharing", Right::Sell, share)
        .post("/files/{id}/sharing-end", Right::Sell, stop_sharing)
        .post("/files/{id}/removal", Right::Sell, remove)
        .post("/files/{id}/restoration", Right::Sell, restore)
}

/// One document as pages show it.
#[derive(Debug, Clone)]
pub struct Line {
    /// Where it is, and below that its verbs.
    pub path: String,
    /// What it is called.
    pub title: String,
    /// What it is called when it is saved, where that says something else.
    pub name: String,
    /// What it is, how large.
    pub what: String,
    /// Who added it, when.
    pub added: String,
    /// Since when the client reads it; empty while it is ours alone.
    pub shared: String,
    /// The version a change is made from.
    pub version: i64,
    /// Its id, for the fields of its forms.
    pub key: String,
}

/// What a deal's page shows of its documents.
#[derive(Debug)]
pub struct Card {
    /// Where all of them are.
    pub path: String,
    /// The newest.
    pub lines: Vec<Line>,
    /// How many there are besides.
    pub more: usize,
    /// Whether this person may add one.
    pub may_write: bool,
}

/// What a deal's page shows of its documents.
///
/// # Errors
/// What the database says.
pub async fn card(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>) -> Result<Card> {
    let mut all = store::of_deal(conn, visit.scope().workspace(), deal.id).await?;
    let more = all.len().saturating_sub(SHOWN);
    all.truncate(SHOWN);
    Ok(Card {
        path: format!("/deals/{}/files", deal.id),
        lines: lines(conn, visit, all).await?,
        more,
        may_write: visit.scope().may(Right::Sell) && deal.removed_at.is_none(),
    })
}

async fn lines(conn: &mut Conn, visit: &Visit, all: Vec<Kept<Attachment>>) -> Result<Vec<Line>> {
    let members = all.iter().filter_map(|it| it.owner_id);
    let names = records::names::<Member>(conn, visit.scope(), Kind::Member, members).await?;
    Ok(all.into_iter().map(|it| line(visit, it, &names)).collect())
}

fn line(visit: &Visit, it: Kept<Attachment>, names: &HashMap<uuid::Uuid, String>) -> Line {
    let (zone, locale) = (visit.zone(), visit.locale());
    let kind = match it.media {
        Media::Other if it.sign().is_empty() => Media::Other.label().to_owned(),
        Media::Other => format!("{}, {}", Media::Other.label(), it.sign()),
        media => media.label().to_owned(),
    };
    let day = |at: crate::base::When| at.day(&zone).show_near(visit.today(), locale);
    let who = it.owner_id.and_then(|id| names.get(&id.uuid()));
    Line {
        path: format!("/files/{}", it.id),
        what: format!("{kind}, {}", size_shown(it.size, locale)),
        added: match who {
            Some(who) => format!("{who}, {}", day(it.created_at)),
            None => day(it.created_at),
        },
        shared: it.shared_at.map(day).unwrap_or_default(),
        version: it.version,
        key: format!("f{}-", it.id),
        name: if it.name == it.title { String::new() } else { it.it.name },
        title: it.it.title,
    }
}

#[derive(Template)]
#[template(path = "files/templates/files.html")]
struct FilesPage {
    shell: Shell,
    deal: String,
    path: String,
    lines: Vec<Line>,
    may_write: bool,
    has_room: bool,
    form: Form,
    /// Who reads what is shared, in a sentence.
    readers: String,
    links: Vec<String>,
}

impl FilesPage {
    fn limit(&self) -> String {
        format!("Up to {} MB. It is ours alone until you share it", FILE_BYTES_MAX / 1_000_000)
    }

    /// What is wrong with the new name of a document, if that was typed.
    fn title_error(&self, line: &Line) -> &str {
        self.form.error(&format!("{}title", line.key))
    }
}

async fn show(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    render(&visit, id, Form::default()).await
}

async fn render(visit: &Visit, id: Id<Deal>, form: Form) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let seen = history::last_seq(&mut conn).await?;
    let deal = records::get(&mut conn, visit.scope(), id).await?;
    let workspace = visit.scope().workspace();
    let all = store::of_deal(&mut conn, workspace, id).await?;
    let has_room = i64::try_from(all.len()).is_ok_and(|count| count < FILES_MAX);
    let lines = lines(&mut conn, visit, all).await?;
    let open = client_page::store::links(&mut conn, workspace, id).await?;
    let open = open.into_iter().filter(|link| link.state(visit.now) == State::Holds);
    let mut links: Vec<String> = open.map(|link| link.it.title).collect();
    // Somebody who has two links is one reader.
    let mut named = HashSet::new();
    links.retain(|link| named.insert(link.clone()));
    let status = if form.errors().is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let it = FilesPage {
        shell: visit.shell(Place::Deals).about_deal(id, seen),
        path: format!("/deals/{id}"),
        deal: deal.it.title,
        lines,
        may_write: visit.scope().may(Right::Sell),
        has_room,
        form,
        readers: readers(&links),
        links,
    };
    page_as(status, &it)
}

/// Who will read what is shared, said before it is.
fn readers(links: &[String]) -> String {
    let named: Vec<&str> = links.iter().take(NAMED).map(String::as_str).collect();
    let named = named.join("”, “");
    match links.len() {
        0 => "Nobody has a link to the client page yet. Whoever gets one will see it there.".into(),
        1 => format!(
            "Whoever has the link “{named}” will see it on the client page, and whoever gets one later."
        ),
        n if n <= NAMED => {
            format!(
                "Whoever has one of the links “{named}” will see it on the client page, and whoever gets one later."
            )
        }
        n => format!(
            "Whoever has one of the {n} open links, such as “{named}”, will see it on the client page, and whoever gets one later."
        ),
    }
}

async fn add(visit: Visit, Path(id): Path<Id<Deal>>, request: Request) -> Result<Response, PageError> {
    let workspace = visit.scope().workspace();
    let mut conn = visit.read().await?;
    records::get(&mut conn, visit.scope(), id).await?;
    let has_room = actions::has_room(&mut conn, workspace, id).await;
    drop(conn);
    let mut title = String::new();
    let arrived = receive(&visit.app, workspace, visit.now, request, &mut title).await;
    let done = match (has_room, arrived) {
        (Ok(()), Ok(it)) => {
            let stored = it.stored_id;
            let done = visit.write(move |tx, act| Box::pin(actions::add(tx, act, id, it))).await;
            if done.is_err() {
                actions::forget(&visit.app, workspace, stored).await;
            }
            done
        }
        (Err(error), arrived) => {
            if let Ok(it) = arrived {
                actions::forget(&visit.app, workspace, it.stored_id).await;
            }
            Err(error)
        }
        (Ok(()), Err(error)) => Err(error),
    };
    match done {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            let text = format!("“{}” is here. It is ours alone until you share it.", kept.title);
            Ok(visit.done(&format!("/deals/{id}/files"), &text, undo))
        }
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&Input::of([("title", title.as_str())]), fields);
            render(&visit, id, form).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn download(visit: Visit, Path(id): Path<Id<Attachment>>) -> Result<Response, PageError> {
    let it = actions::read(&mut visit.read().await?, visit.scope(), id).await?;
    Ok(send::send(&visit.app, visit.scope().workspace(), &it).await?)
}

fn form_of(it: &Attachment, version: i64) -> Form {
    Form::of([("title", it.title.clone())], Some(version))
}

async fn rename(visit: Visit, Path(id): Path<Id<Attachment>>, input: Input) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = actions::read(&mut conn, visit.scope(), id).await?;
    let settled = conflict::settle_over(&mut conn, &visit, &kept, input, form_of, LABELS).await?;
    drop(conn);
    let (path, back) = (format!("/files/{id}"), format!("/deals/{}/files", kept.deal_id));
    let input = match settled {
        Settled::Save(input) => input,
        Settled::Choose(form) => {
            let labelled = |_: &str, value: &str| value.to_owned();
            return conflict::choose(&visit, Place::Deals, &kept.title, path, back, &form, labelled);
        }
    };
    let version = input.version();
    let mut read = Read::new(&input);
    let title = read.needed("title", "what it is, in a few words");
    let done = match read.done(title) {
        Ok(title) => visit.write(move |tx, act| Box::pin(actions::rename(tx, act, id, version, title))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => {
            let undo = records_pages::undo_of(&visit, id).await?;
            Ok(visit.done(&back, "Saved.", undo))
        }
        Err(Error::Invalid(fields)) => {
            // The form of each document has its own fields: the message stands at the one it is about.
            let mut own = Fields::default();
            for (field, message) in fields.iter() {
                own.add(format!("f{id}-{field}"), message);
            }
            render(&visit, kept.deal_id, Form::again(&Input::default(), own)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn share(visit: Visit, Path(id): Path<Id<Attachment>>) -> Result<Response, PageError> {
    let kept = visit.write(move |tx, act| Box::pin(actions::share(tx, act, id))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    let text = format!("“{}” is shared with the client.", kept.title);
    Ok(visit.done(&format!("/deals/{}/files", kept.deal_id), &text, undo))
}

async fn stop_sharing(visit: Visit, Path(id): Path<Id<Attachment>>) -> Result<Response, PageError> {
    let kept = visit.write(move |tx, act| Box::pin(actions::stop_sharing(tx, act, id))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    let text = format!("“{}” is ours alone again. What they have saved stays with them.", kept.title);
    Ok(visit.done(&format!("/deals/{}/files", kept.deal_id), &text, undo))
}

async fn remove(visit: Visit, Path(id): Path<Id<Attachment>>) -> Result<Response, PageError> {
    let deal = visit.write(move |tx, act| Box::pin(actions::remove(tx, act, id))).await?;
    let restore = format!("/files/{id}/restoration");
    Ok(visit.done(&format!("/deals/{deal}/files"), "The document is removed.", Some(restore)))
}

async fn restore(visit: Visit, Path(id): Path<Id<Attachment>>) -> Result<Response, PageError> {
    let deal = visit.write(move |tx, act| Box::pin(actions::restore(tx, act, id))).await?;
    Ok(visit.done(&format!("/deals/{deal}/files"), "The document is back, as it was.", None))
}
