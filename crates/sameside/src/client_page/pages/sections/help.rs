//! What they ask us to help with, how that stands, and what was said: nothing that we noted for ourselves (P18, P19).

use crate::base::Id;
use crate::client_page::Words;
use crate::client_page::pages::guest::{Done, Guest};
use crate::client_page::pages::sections::{Part, Reader};
use crate::error::{Error, Result};
use crate::service::actions::Wish;
use crate::service::{self, Channel, Request, Side};
use crate::web::{Input, Read, Routes};
use axum::http::Method;
use axum::response::Response;
use db::Conn;

/// What can be done here.
pub(super) fn routes() -> Routes {
    Routes::new().open(Method::POST, "/c/{token}/help", ask).open(Method::POST, "/c/{token}/help/words", more)
}

#[derive(askama::Template)]
#[template(path = "client_page/templates/help.html")]
struct Help {
    w: Words,
    path: String,
    may_act: bool,
    all: Vec<Asked>,
}

/// Something they asked, as they read it.
struct Asked {
    id: String,
    title: String,
    state: String,
    said: Vec<Said>,
}

/// Something either side said.
struct Said {
    who: String,
    day: String,
    text: String,
}

pub(super) async fn part(conn: &mut Conn, it: &Reader) -> Result<Option<Part>> {
    let requests = service::store::of(conn, &it.scope(), service::Of::Deal(it.deal.id)).await?;
    let mut all = Vec::with_capacity(requests.len());
    for request in &requests {
        let said = service::store::said(conn, it.workspace.id, request.id).await?;
        let first = request.said.clone().map(|text| Said {
            who: it.words.say("help-you"),
            day: it.day(request.opened_at.day(&it.workspace.zone())),
            text,
        });
        let rest = said.iter().map(|one| Said {
            who: it.words.say(if one.side == Side::Client { "help-you" } else { "help-we" }),
            day: it.day(one.said_at.day(&it.workspace.zone())),
            text: one.text.clone(),
        });
        all.push(Asked {
            id: request.id.to_string(),
            title: request.title.clone(),
            state: state(it, request),
            said: first.into_iter().chain(rest).collect(),
        });
    }
    if all.is_empty() && !it.may_act {
        return Ok(None);
    }
    let help = Help { w: it.words, path: it.path.clone(), may_act: it.may_act, all };
    Part::new("help", &help).map(Some)
}

/// How it stands: by when we answer, whose turn it is, that it is resolved.
fn state(it: &Reader, request: &Request) -> String {
    let moment = |at: crate::base::When| at.show(&it.workspace.zone(), it.words.locale);
    match (request.resolved_at, request.theirs_since, request.first_answered_at) {
        (Some(at), _, _) => it.words.with("help-resolved", "day", it.day(at.day(&it.workspace.zone()))),
        (None, Some(_), _) => it.words.say("help-yours"),
        (None, None, Some(_)) => it.words.with("help-by", "day", moment(request.resolve_by)),
        (None, None, None) => it.words.with("help-answer-by", "day", moment(request.answer_by)),
    }
}

/// They ask for help with something.
async fn ask(guest: Guest, input: Input) -> Response {
    let mut read = Read::new(&input);
    let (title, said) = (read.needed("title", "what they need"), read.note("said"));
    let title = match read.done(title) {
        Ok(title) => title,
        Err(error) => return guest.refused(&error, "help"),
    };
    let (deal, contact, owner) = (guest.reader.deal.id, guest.link.contact_id, guest.reader.deal.owner_id);
    let written = guest
        .write(move |tx, act| {
            Box::pin(async move {
                let what = format!("asks for help: “{title}”");
                let wish = Wish {
                    said,
                    deal_id: Some(deal),
                    contact_id: contact,
                    owner_id: owner,
                    ..Wish::of(title, Channel::Page, act.now)
                };
                service::actions::open(tx, act, wish).await?;
                Ok(Done::new(what, "#service"))
            })
        })
        .await;
    guest.after(&written, "said-help", "help")
}

/// They say something more to what they asked.
async fn more(guest: Guest, input: Input) -> Response {
    let mut read = Read::new(&input);
    let text = read.note("text").ok_or_else(|| Error::field("text", "what they say"));
    let text = match text.and_then(|text| read.done(text)) {
        Ok(text) => text,
        Err(error) => return guest.refused(&error, "help"),
    };
    let (deal, contact) = (guest.reader.deal.id, guest.link.contact_id);
    let named = input.get("request").parse::<Id<Request>>().ok();
    let scope = guest.reader.scope();
    let written = guest
        .write(move |tx, act| {
            Box::pin(async move {
                // Among what belongs to this deal, and nowhere else.
                let all = service::store::of(tx, &scope, service::Of::Deal(deal)).await?;
                let request = all.iter().find(|it| Some(it.id) == named).ok_or(Error::NotFound)?;
                let what = format!("wrote again about “{}”", request.title);
                service::actions::hear(tx, act, request.id, text, contact).await?;
                Ok(Done::new(what, "#service"))
            })
        })
        .await;
    guest.after(&written, "said-help", "help")
}
