//! What was shared on purpose: the proposal as it was issued, to read and to print.

use crate::client_page::Words;
use crate::client_page::pages::guest::{Guest, answer, failed};
use crate::client_page::pages::sections::{Part, Reader};
use crate::error::Result;
use crate::proposals::{self, Content};
use crate::web::Routes;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use db::Conn;

/// What can be read here.
pub(super) fn routes() -> Routes {
    Routes::new().open(Method::GET, "/c/{token}/proposal", show)
}

#[derive(askama::Template)]
#[template(path = "client_page/templates/shared.html")]
struct Shared {
    w: Words,
    path: String,
    title: String,
    may_act: bool,
}

#[derive(askama::Template)]
#[template(path = "client_page/templates/proposal.html")]
struct ProposalPage {
    w: Words,
    path: String,
    issued: String,
    it: Content,
}

/// The newest version that was issued: what it says, and when.
async fn issued(conn: &mut Conn, it: &Reader) -> Result<Option<(Content, String)>> {
    let versions = proposals::store::versions(conn, it.workspace.id, it.deal.id).await?;
    let newest = versions.into_iter().find(|version| version.issued_on.is_some());
    let Some(newest) = newest else { return Ok(None) };
    let day = newest.issued_on.map_or_else(String::new, |day| it.day(day));
    let issued = it.words.with_all("issued", &[("n", &newest.number.to_string()), ("day", &day)]);
    Ok(newest.it.content.0.map(|content| (content, issued)))
}

pub(super) async fn part(conn: &mut Conn, it: &Reader) -> Result<Option<Part>> {
    let Some((_, title)) = issued(conn, it).await? else { return Ok(None) };
    let shared = Shared { w: it.words, path: it.path.clone(), title, may_act: it.may_act };
    Part::new("shared", &shared).map(Some)
}

async fn show(guest: Guest) -> Response {
    let w = guest.reader.words;
    let found = match guest.app.read().await {
        Ok(mut conn) => issued(&mut conn, &guest.reader).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(Some((it, issued))) => {
            let page = ProposalPage { w, path: guest.reader.path.clone(), issued, it };
            answer(StatusCode::OK, &page)
        }
        Ok(None) => guest.refused(&crate::error::Error::NotFound, "shared"),
        Err(error) => failed(w, &error),
    }
}
