//! The documents that were shared on purpose, each to be taken along as a file.

use crate::base::Id;
use crate::client_page::Words;
use crate::client_page::pages::guest::{Guest, closed, failed, nothing_here, strict};
use crate::client_page::pages::sections::{Part, Reader};
use crate::error::{Error, Result};
use crate::files::{self, Attachment, actions};
use crate::records::Kept;
use crate::web::{Routes, Visitor};
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use db::Conn;

/// What can be taken along.
pub(super) fn routes() -> Routes {
    Routes::new().open(Method::GET, "/c/{token}/files/{id}", take)
}

#[derive(askama::Template)]
#[template(path = "client_page/templates/files.html")]
struct Files {
    w: Words,
    path: String,
    all: Vec<File>,
    may_act: bool,
}

/// A document, as they read of it.
struct File {
    id: String,
    title: String,
    what: String,
    day: String,
}

pub(super) async fn part(conn: &mut Conn, it: &Reader) -> Result<Option<Part>> {
    let shared = files::store::shared(conn, it.workspace.id, it.deal.id).await?;
    if shared.is_empty() {
        return Ok(None);
    }
    let zone = it.workspace.zone();
    let all = shared.into_iter().map(|file| File {
        id: file.id.to_string(),
        what: file.shown(it.words.locale),
        day: file.shared_at.map_or_else(String::new, |at| it.day(at.day(&zone))),
        title: file.it.title,
    });
    let files = Files { w: it.words, path: it.path.clone(), all: all.collect(), may_act: it.may_act };
    Part::new("files", &files).map(Some)
}

/// Whatever keeps a document from them, they are told what is said of a link that opens nothing.
async fn take(
    guest: Guest,
    State(app): State<crate::app::App>,
    visitor: Visitor,
    Path((_, named)): Path<(String, String)>,
) -> Response {
    let Ok(id) = named.parse::<Id<Attachment>>() else { return nothing_here(&app, &visitor) };
    match taken(&guest, id).await {
        Ok(response) => strict(response),
        Err(Error::NotFound) => nothing_here(&app, &visitor),
        // The words of a refusal were written for us, who can mend it.
        Err(Error::Refused(_)) => {
            let w = guest.reader.words;
            let text = w.with("file-lost-text", "from", guest.reader.workspace.name.clone());
            closed(w, StatusCode::NOT_FOUND, w.say("file-lost-title"), text)
        }
        Err(error) => failed(guest.reader.words, &error),
    }
}

async fn taken(guest: &Guest, id: Id<Attachment>) -> Result<Response> {
    let (it, workspace) = (&guest.reader, guest.reader.workspace.id);
    let file: Kept<Attachment> =
        actions::read_by_client(&mut guest.app.read().await?, &it.scope(), it.deal.id, id).await?;
    let response = files::send(&guest.app, workspace, &file).await?;
    let (noting, what) = (guest.clone(), format!("took along “{}”", file.title));
    guest.app.write(move |tx| Box::pin(async move { noting.note(tx, &what).await })).await?;
    Ok(response)
}
