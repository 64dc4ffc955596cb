//! The page stays true while it is open: its stream says when what the client may read is another than what they have.
//!
//! What is said is the mark of the page, made of the very words on it, and nothing else: not what happened, nor that
//! something did which is ours alone. It ends when the link does.

use crate::accounts::hex;
use crate::app::App;
use crate::base::Id;
use crate::client_page::ClientLink;
use crate::client_page::link::State;
use crate::client_page::pages::guest::{Guest, failed, strict};
use crate::client_page::pages::sections::{self, Part, Reader};
use crate::error::{Error, Result};
use crate::live::{Seated, Told, Topic};
use crate::records;
use crate::web::live::{RETRY, SEE_EVERY, answer, full, heard_last};
use crate::web::{Asked, Routes};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use axum::response::sse::Event;
use futures_util::stream::unfold;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::convert::Infallible;
use tokio::sync::watch;

/// The stream.
pub(super) fn routes() -> Routes {
    Routes::new().open(Method::GET, "/c/{token}/live", stream)
}

/// The mark of what is on a page: the same while it says the same.
pub(super) fn mark(title: &str, parts: &[Part]) -> String {
    let mut hash = Sha256::new();
    hash.update(title.as_bytes());
    for part in parts {
        hash.update(part.id.as_bytes());
        hash.update(part.html.as_bytes());
    }
    hex(&hash.finalize()).chars().take(16).collect()
}

/// A client's page that is open.
struct Listening {
    app: App,
    link: Id<ClientLink>,
    reader: Reader,
    told: watch::Receiver<Told>,
    closing: watch::Receiver<bool>,
    mark: String,
    events: VecDeque<Event>,
    has_ended: bool,
    _seat: Seated,
}

/// `?since=MARK`: what the page said.
async fn stream(guest: Guest, headers: HeaderMap, Asked(asked): Asked) -> Response {
    let live = guest.app.live();
    let Some(seat) = live.seat(guest.link.id.uuid()) else { return strict(full()) };
    let mut listening = Listening {
        told: live.listen(Topic::Deal(guest.reader.deal.id.uuid())),
        closing: live.closing(),
        mark: heard_last(&headers).unwrap_or_else(|| asked.get("since").to_owned()),
        events: VecDeque::from([Event::default().retry(RETRY)]),
        has_ended: false,
        _seat: seat,
        link: guest.link.id,
        app: guest.app.clone(),
        reader: guest.reader.clone(),
    };
    match listening.look().await {
        Ok(()) => strict(answer(unfold(listening, Listening::next))),
        Err(error) => failed(guest.reader.words, &error),
    }
}

impl Listening {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some((Ok(event), self));
            }
            if self.has_ended {
                return None;
            }
            let looks = tokio::select! {
                _ = self.closing.changed() => return None,
                heard = self.told.changed() => heard.map(|()| true).ok()?,
                () = tokio::time::sleep(SEE_EVERY) => false,
            };
            let seen = if looks { self.look().await } else { self.see().await.map(drop) };
            if let Err(error) = seen {
                tracing::warn!(%error, "the stream of a client page ends");
                return None;
            }
        }
    }

    /// Whether the link still holds; its end is said, so that the page shows it.
    async fn see(&mut self) -> Result<bool> {
        let now = self.app.now();
        let mut conn = self.app.read().await?;
        let link = records::get(&mut conn, &self.reader.scope(), self.link).await;
        let deal = records::get(&mut conn, &self.reader.scope(), self.reader.deal.id).await;
        match (link, deal) {
            (Ok(link), Ok(deal)) if link.state(now) == State::Holds => {
                (self.reader.deal, self.reader.now) = (deal, now);
                Ok(true)
            }
            (Err(error), _) | (_, Err(error)) if !matches!(error, Error::NotFound) => Err(error),
            _ => {
                self.has_ended = true;
                self.events.push_back(Event::default().event("ended").data("ended"));
                Ok(false)
            }
        }
    }

    /// Whether the page says something else by now.
    async fn look(&mut self) -> Result<()> {
        self.told.borrow_and_update();
        if !self.see().await? {
            return Ok(());
        }
        let mut conn = self.app.read().await?;
        let parts = sections::all(&mut conn, &self.reader).await?;
        drop(conn);
        let mark = mark(&self.reader.deal.title, &parts);
        if mark != self.mark {
            self.mark.clone_from(&mark);
            self.events.push_back(Event::default().event("changed").id(mark).data("page"));
        }
        Ok(())
    }
}
