//! A client on their page: who comes with a link, and how they are answered.
//!
//! Every refusal is made here, in words that say nothing of whether a link ever was; what is answered carries the headers
//! that keep its address to whom it was given.

use crate::accounts::{self, Act, Scope, Token, Via};
use crate::app::App;
use crate::client_page::actions::{self, From};
use crate::client_page::link::State;
use crate::client_page::pages::sections::Reader;
use crate::client_page::store::{self, Deed, Key};
use crate::client_page::{ClientLink, Tongue, Words};
use crate::contacts::Contact;
use crate::error::{Error, Result};
use crate::records::{self, Kept};
use crate::web::Visitor;
use askama::Template;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use db::Tx;

/// What every answer carries: kept by nobody, found by no search, its address told to nobody.
const HEADERS: [(HeaderName, &str); 3] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow, noarchive"),
];

/// Somebody who came with a link that holds, and said its passcode if it has one.
#[derive(Debug, Clone)]
pub struct Guest {
    /// The running program.
    pub app: App,
    /// Their link.
    pub link: Kept<ClientLink>,
    /// What they may read, and how.
    pub reader: Reader,
    /// From where they come, shortened.
    pub address: String,
    /// With what.
    pub agent: String,
}

/// Somebody who came with a link that holds, before its passcode.
pub(super) struct Knock {
    pub guest: Guest,
    pub key: Key,
    /// Whether they may come in: no passcode is asked, or they said it.
    pub is_in: bool,
}

/// A refusal, in the language of the browser or the link.
#[derive(Template)]
#[template(path = "client_page/templates/closed.html")]
struct ClosedPage {
    w: Words,
    title: String,
    text: String,
}

/// The page on which the passcode is said.
#[derive(Template)]
#[template(path = "client_page/templates/passcode.html")]
struct PasscodePage {
    w: Words,
    path: String,
    from: String,
    error: String,
}

/// An answer with the headers every answer carries.
pub(super) fn strict(response: impl IntoResponse) -> Response {
    let mut response = response.into_response();
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A page as an answer; one that cannot be made says so without a word of why.
pub(in crate::client_page) fn answer(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => strict((status, Html(html))),
        Err(error) => {
            tracing::error!(%error, "the page of a client could not be made");
            strict(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// A page that says why there is nothing to read.
pub(super) fn closed(w: Words, status: StatusCode, title: String, text: String) -> Response {
    answer(status, &ClosedPage { w, title, text })
}

/// There is nothing behind this link: it never was, was taken back, or its deal is gone.
fn nothing(w: Words) -> Response {
    closed(w, StatusCode::NOT_FOUND, w.say("closed-title"), w.say("closed-text"))
}

/// How a link that opens nothing is answered, and whatever must look like one: in the language of the browser, and counted.
pub(super) fn nothing_here(app: &App, visitor: &Visitor) -> Response {
    let words = words_of(visitor);
    match app.attempts().note_wrong(&visitor.address) {
        Ok(()) => nothing(words),
        Err(seconds) => too_often(words, seconds),
    }
}

/// The words for somebody of whom nothing is known but their browser.
fn words_of(visitor: &Visitor) -> Words {
    Words::of(Tongue::wished(&visitor.languages), crate::base::Locale::EnGb)
}

fn too_often(w: Words, seconds: i64) -> Response {
    let mut response =
        closed(w, StatusCode::TOO_MANY_REQUESTS, w.say("too-often-title"), w.say("too-often-text"));
    if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// What went wrong on our side, told without a word of what.
pub(super) fn failed(w: Words, error: &Error) -> Response {
    let number: String = uuid::Uuid::new_v4().simple().to_string().chars().take(8).collect();
    tracing::error!(number, %error, "a request of a client failed");
    closed(w, StatusCode::INTERNAL_SERVER_ERROR, w.say("fault-title"), w.with("fault-text", "n", number))
}

impl Knock {
    async fn of(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Ok(visitor) = Visitor::from_request_parts(parts, app).await;
        let params = RawPathParams::from_request_parts(parts, app).await;
        let named = params.ok().and_then(|params| {
            params.iter().find(|(name, _)| *name == "token").map(|(_, value)| value.to_owned())
        });
        match Self::found(&parts.headers, app, &visitor, named.as_deref().unwrap_or_default()).await {
            Ok(Some(knock)) => {
                let id = knock.guest.link.id.to_string();
                match app.attempts().note_page(&id, &visitor.address) {
                    Ok(()) => Ok(knock),
                    Err(seconds) => Err(too_often(knock.guest.reader.words, seconds)),
                }
            }
            Ok(None) => Err(nothing_here(app, &visitor)),
            Err(error) => Err(failed(words_of(&visitor), &error)),
        }
    }

    /// Who comes with this secret, if it opens or opened something.
    async fn found(headers: &HeaderMap, app: &App, visitor: &Visitor, named: &str) -> Result<Option<Self>> {
        let Some(token) = Token::parse(named) else { return Ok(None) };
        let now = app.now();
        let mut conn = app.read().await?;
        let Some(key) = store::key(&mut conn, &token.hash()).await? else { return Ok(None) };
        let scope = Scope::of_client(key.workspace);
        let link = match records::get(&mut conn, &scope, key.link).await {
            Ok(link) if link.state(now) != State::Revoked => link,
            Ok(_) | Err(Error::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        let deal = match records::get(&mut conn, &scope, link.deal_id).await {
            Ok(deal) => deal,
            Err(Error::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        let Some(workspace) = accounts::store::workspace(&mut conn, key.workspace).await? else {
            return Ok(None);
        };
        let contact: Option<Kept<Contact>> = match link.contact_id {
            Some(id) => records::get_any(&mut conn, &scope, id).await.ok(),
            None => None,
        };
        let tongue = link.language.unwrap_or_else(|| Tongue::wished(&visitor.languages));
        let jar = CookieJar::from_headers(headers);
        let entry = jar.get(&cookie_name(&link)).and_then(|cookie| Token::parse(cookie.value()));
        let is_in = match (&key.passcode_hash, entry) {
            (None, _) => true,
            (Some(_), Some(entry)) => store::has_entered(&mut conn, link.id, &entry.hash(), now).await?,
            (Some(_), None) => false,
        };
        let reader = Reader {
            words: Words::of(tongue, workspace.locale),
            path: format!("/c/{}", token.text()),
            workspace,
            deal,
            contact,
            now,
            may_act: true,
        };
        let guest = Guest {
            app: app.clone(),
            link,
            reader,
            address: shortened(&visitor.address),
            agent: visitor.agent.clone(),
        };
        Ok(Some(Self { guest, key, is_in }))
    }
}

/// The cookie of who said the passcode of a link.
pub(super) fn cookie_name(link: &Kept<ClientLink>) -> String {
    format!("sameside_page_{}", link.id)
}

/// The page that asks for the passcode.
pub(super) fn ask_passcode(guest: &Guest, error: String) -> Response {
    let (w, from) = (guest.reader.words, guest.reader.workspace.name.clone());
    let page = PasscodePage { w, path: guest.reader.path.clone(), from, error };
    answer(
        if page.error.is_empty() { StatusCode::UNAUTHORIZED } else { StatusCode::UNPROCESSABLE_ENTITY },
        &page,
    )
}

impl FromRequestParts<App> for Knock {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let knock = Self::of(parts, app).await?;
        if knock.guest.link.state(knock.guest.reader.now) == State::Expired {
            let w = knock.guest.reader.words;
            let text = w.with("expired-text", "from", knock.guest.reader.workspace.name.clone());
            return Err(closed(w, StatusCode::GONE, w.say("expired-title"), text));
        }
        Ok(knock)
    }
}

impl FromRequestParts<App> for Guest {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let knock = Knock::from_request_parts(parts, app).await?;
        if !knock.is_in {
            return Err(ask_passcode(&knock.guest, String::new()));
        }
        Ok(knock.guest)
    }
}

impl Guest {
    /// Them, doing something on their page now.
    pub fn act(&self) -> Act {
        let scope = Scope::of_client(self.reader.workspace.id);
        let contact = self.link.contact_id.map(crate::base::Id::uuid);
        Act { contact, ..Act::new(scope, self.reader.now, Via::Client) }
    }

    /// What they are called in what is written down: the contact's name, if the link is for one.
    pub fn name(&self) -> Option<String> {
        self.reader.contact.as_ref().map(|contact| contact.name.clone())
    }

    /// Does `work` in one transaction, as this client, now; notes with the link what they did, and tells who runs the
    /// deal. `work` answers with what that is, as a colleague would say it.
    ///
    /// # Errors
    /// What `work` answers with, or the database.
    pub async fn write<F>(&self, work: F) -> Result<()>
    where
        F: for<'t> FnOnce(&'t mut Tx, &'t Act) -> db::Writing<'t, Done, Error> + Clone + Send + 'static,
    {
        let (act, guest) = (self.act(), self.clone());
        self.app
            .write(move |tx| {
                Box::pin(async move {
                    // Both live as long as the transaction: they are moved into this future.
                    let (act, guest) = (act, guest);
                    let done = work(tx, &act).await?;
                    actions::did(tx, &act, &guest.link, &done, &guest.from()).await
                })
            })
            .await
    }

    /// Writes into the log of the link.
    pub(in crate::client_page) async fn note(&self, tx: &mut Tx, what: &str) -> Result<()> {
        actions::note(tx, &self.act(), &self.link, what, &self.from()).await
    }

    fn from(&self) -> From {
        From { address: self.address.clone(), agent: with_what(&self.agent).to_owned() }
    }

    /// Back to the page, to the part `part`, which says the text `said` once.
    pub fn done(&self, said: &'static str, part: &'static str) -> Response {
        strict(Redirect::to(&format!("{}?said={said}#{part}", self.reader.path)))
    }

    /// How a refusal is told: in the client's words, and none that were written for us.
    pub fn refused(&self, error: &Error, part: &'static str) -> Response {
        let said = match error {
            Error::Conflict { .. } | Error::Store(db::Error::Unique(_)) => "changed-meanwhile",
            Error::Invalid(_) => "needs-mending",
            Error::NotFound | Error::Forbidden(_) | Error::Refused(_) => "not-possible-now",
            Error::Internal(_) | Error::Store(_) => return failed(self.reader.words, error),
        };
        self.done(said, part)
    }

    /// The answer after something was done, or was not.
    pub fn after(&self, done: &Result<()>, said: &'static str, part: &'static str) -> Response {
        match done {
            Ok(()) => self.done(said, part),
            Err(error) => self.refused(error, part),
        }
    }

    /// When the page is opened it is noted, once in a while.
    pub(super) async fn note_opening(&self) -> Result<()> {
        let last = store::last(&mut self.app.read().await?, self.link.id).await?;
        let is_same = |deed: &Deed| {
            deed.address == self.address && self.reader.now.seconds_since(deed.at) < OPENED_EVERY_SECONDS
        };
        if last.as_ref().is_some_and(is_same) {
            return Ok(());
        }
        let guest = self.clone();
        self.app.write(move |tx| Box::pin(async move { guest.note(tx, OPENED).await })).await
    }
}

/// What was done, as who runs the deal reads it after the client's name: `chose offer 2`.
#[derive(Debug, Clone)]
pub struct Done {
    /// What.
    pub what: String,
    /// Where that is, below the deal's own page: `/negotiation`.
    pub at: &'static str,
}

impl Done {
    /// What was done, and where that is.
    pub fn new(what: impl Into<String>, at: &'static str) -> Self {
        Self { what: what.into(), at }
    }
}

/// What the log says of somebody who came.
pub(super) const OPENED: &str = "opened the page";
/// An opening is noted this often at most, in seconds.
const OPENED_EVERY_SECONDS: i64 = 600;

/// A network address without the part that tells one household from the next: `203.0.113.…`, `2001:db8:12::…`.
fn shortened(address: &str) -> String {
    match address.parse::<std::net::IpAddr>().map(|address| address.to_canonical()) {
        Ok(std::net::IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.…")
        }
        Ok(std::net::IpAddr::V6(address)) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}::…")
        }
        Err(_) => "unknown".to_owned(),
    }
}

/// A browser by its make and machine, which is all that is kept of it.
fn with_what(agent: &str) -> &'static str {
    let has = |word: &str| agent.contains(word);
    let is_phone = has("Mobile") || has("Android") || has("iPhone");
    match () {
        () if has("bot") || has("Bot") || has("crawler") || has("preview") => "a program",
        () if has("Firefox") || has("FxiOS") => {
            if is_phone {
                "Firefox on a phone"
            } else {
                "Firefox"
            }
        }
        () if has("Edg/") || has("EdgA") => {
            if is_phone {
                "Edge on a phone"
            } else {
                "Edge"
            }
        }
        () if has("Chrome") || has("CriOS") => {
            if is_phone {
                "Chrome on a phone"
            } else {
                "Chrome"
            }
        }
        () if has("Safari") => {
            if is_phone {
                "Safari on a phone"
            } else {
                "Safari"
            }
        }
        () => "another program",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_without_what_tells_one_household_from_the_next() {
        for (whole, kept) in [
            ("203.0.113.77", "203.0.113.…"),
            ("::ffff:203.0.113.77", "203.0.113.…"),
            ("2001:db8:12:34::1", "2001:db8:12::…"),
            ("nonsense", "unknown"),
        ] {
            assert_eq!(shortened(whole), kept);
        }
    }

    #[test]
    fn of_a_browser_its_make_is_kept() {
        let chrome = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36";
        assert_eq!(with_what(chrome), "Chrome on a phone");
        assert_eq!(with_what("Mozilla/5.0 (Windows NT 10.0) Gecko Firefox/140.0"), "Firefox");
        assert_eq!(with_what("Slackbot-LinkExpanding 1.0"), "a program");
    }
}
