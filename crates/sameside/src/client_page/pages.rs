//! The page itself, and saying its passcode.

use crate::app::App;
use crate::client_page::actions::{self, Passed};
use crate::client_page::pages::guest::{Guest, Knock, answer, ask_passcode, cookie_name, failed, strict};
use crate::client_page::pages::sections::{Part, Reader};
use crate::client_page::{Words, deal_pages};
use crate::error::Result;
use crate::records;
use crate::web::{Asked, Input, Routes};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{Redirect, Response};
use axum_extra::extract::cookie::{Cookie, SameSite};
use db::Conn;

pub(super) mod guest;
mod live;
pub(super) mod sections;

/// The routes of this slice: the client's, and those of who shares.
pub fn routes() -> Routes {
    Routes::new()
        .open(Method::GET, "/c/{token}", show)
        .open(Method::POST, "/c/{token}/passcode", pass)
        .and(live::routes())
        .and(sections::routes())
        .and(deal_pages::routes())
}

/// What may be said once after something was done: the address names one of these, and nothing else is shown.
const SAID: [&str; 14] = [
    "said-chosen",
    "said-change",
    "said-declined",
    "changed-meanwhile",
    "needs-mending",
    "not-possible-now",
    "said-confirmed",
    "said-finished",
    "said-another",
    "said-answered",
    "said-glad",
    "said-result",
    "said-felt",
    "said-help",
];
/// Those of them that say that it was not done.
const REFUSED: [&str; 3] = ["changed-meanwhile", "needs-mending", "not-possible-now"];

/// The page of a client.
#[derive(Template)]
#[template(path = "client_page/templates/page.html")]
pub(super) struct ClientPage {
    w: Words,
    title: String,
    company: String,
    by: String,
    whom: String,
    said: String,
    is_refused: bool,
    is_preview: bool,
    until: String,
    parts: Vec<Part>,
    /// The stream of the page; empty where there is none.
    live: String,
}

impl ClientPage {
    /// The page as a reader sees it; `said` is what the address says was done, `until` when the link ends.
    pub(super) async fn of(conn: &mut Conn, it: &Reader, said: &str, until: String) -> Result<Self> {
        let said = SAID.iter().find(|known| **known == said).copied().unwrap_or_default();
        let by = match it.deal.owner_id {
            Some(id) => records::get::<crate::accounts::Member>(conn, &it.scope(), id).await.ok(),
            None => None,
        };
        let parts = sections::all(conn, it).await?;
        let mark = live::mark(&it.deal.title, &parts);
        Ok(Self {
            live: if it.may_act { format!("{}/live?since={mark}", it.path) } else { String::new() },
            w: it.words,
            title: it.deal.title.clone(),
            company: it.workspace.name.clone(),
            by: by.map(|member| member.it.name).unwrap_or_default(),
            whom: it.contact.as_ref().map(|contact| contact.name.clone()).unwrap_or_default(),
            is_refused: REFUSED.contains(&said),
            said: if said.is_empty() { String::new() } else { it.words.say(said) },
            is_preview: !it.may_act,
            until,
            parts,
        })
    }

    /// From whom, and for whom.
    fn between(&self) -> String {
        match (self.by.is_empty(), self.whom.is_empty()) {
            (true, true) => self.company.clone(),
            (false, true) => self.w.with_all("by-at", &[("by", &self.by), ("company", &self.company)]),
            (true, false) => self.w.with_all("for-whom", &[("by", &self.company), ("whom", &self.whom)]),
            (false, false) => {
                let by = self.w.with_all("by-at", &[("by", &self.by), ("company", &self.company)]);
                self.w.with_all("for-whom", &[("by", &by), ("whom", &self.whom)])
            }
        }
    }

    fn initials(&self) -> String {
        crate::base::initials(if self.by.is_empty() { &self.company } else { &self.by })
    }
}

async fn show(guest: Guest, Asked(asked): Asked) -> Response {
    match made(&guest, asked.get("said")).await {
        Ok(page) => answer(StatusCode::OK, &page),
        Err(error) => failed(guest.reader.words, &error),
    }
}

async fn made(guest: &Guest, said: &str) -> Result<ClientPage> {
    guest.note_opening().await?;
    let reader = &guest.reader;
    let until = reader.day(guest.link.expires_at.day(&reader.workspace.zone()));
    let mut conn = guest.app.read().await?;
    ClientPage::of(&mut conn, reader, said, until).await
}

/// Says the passcode.
async fn pass(State(app): State<App>, knock: Knock, input: Input) -> Response {
    let Knock { guest, key, is_in } = knock;
    let back = || strict(Redirect::to(&guest.reader.path));
    if is_in {
        return back();
    }
    let w = guest.reader.words;
    if actions::is_locked(key.tries) {
        return ask_passcode(&guest, w.say("passcode-locked"));
    }
    match actions::pass(&app, &guest, &key, input.get("passcode").to_owned()).await {
        Ok(Passed::In(token)) => {
            let cookie = Cookie::build((cookie_name(&guest.link), token.text().to_owned()))
                .path("/c")
                .http_only(true)
                .secure(app.config().is_encrypted())
                .same_site(SameSite::Lax)
                .build();
            let mut response = back();
            if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
            response
        }
        Ok(Passed::Wrong) => ask_passcode(&guest, w.say("passcode-wrong")),
        Ok(Passed::Locked) => ask_passcode(&guest, w.say("passcode-locked")),
        Err(error) => failed(w, &error),
    }
}
