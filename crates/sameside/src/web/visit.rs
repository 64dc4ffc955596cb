//! A request by a signed-in member, and how it is answered.

use crate::accounts::actions::Seat;
use crate::accounts::{Act, Right, Scope, Token, Via};
use crate::app::App;
use crate::base::{Currency, Date, Locale, Money, When};
use crate::error::{Error, Result};
use crate::web::error::{PRIVATE, PageError};
use crate::web::layout::{Flash, Front, Place, Shell, Tone};
use crate::{notices, service, tasks};
use askama::Template;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use db::{Conn, Tx};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::sync::Arc;

/// The cookie of a session where browsers come in plainly; see [`session_cookie`].
const SESSION: &str = "sameside";
/// The same where they come in encrypted: bound to this host by its name.
const SESSION_BOUND: &str = "__Host-sameside";
/// The cookie of what is said once on the next page.
const FLASH: &str = "sameside_flash";

/// A request by a signed-in member.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The running program.
    pub app: App,
    /// Who they are.
    pub seat: Arc<Seat>,
    /// The moment of the request.
    pub now: When,
    /// Whether a script asks for a fragment.
    pub wants_part: bool,
    path: String,
    flash: Option<Flash>,
    tasks_due: u32,
    service_late: u32,
    unread: i64,
}

impl FromRequestParts<App> for Visit {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let seat = parts.extensions.get::<Arc<Seat>>().cloned().ok_or(Error::NotFound)?;
        let jar = CookieJar::from_headers(&parts.headers);
        let wants_part = parts.headers.contains_key("hx-request")
            && parts.headers.get("hx-request-type").is_none_or(|kind| kind != "full");
        let mut visit = Self {
            now: app.now(),
            app: app.clone(),
            seat,
            wants_part,
            tasks_due: 0,
            service_late: 0,
            unread: 0,
            path: parts.uri.path_and_query().map_or_else(String::new, |path| path.as_str().to_owned()),
            flash: jar.get(FLASH).and_then(|cookie| read_flash(cookie.value())),
        };
        if let (&Method::GET, false, Some(member)) = (&parts.method, wants_part, visit.scope().member()) {
            let mut conn = visit.read().await?;
            let due = tasks::store::count_due(&mut conn, visit.scope(), member, visit.today()).await;
            visit.tasks_due = due.ok().and_then(|count| u32::try_from(count).ok()).unwrap_or(0);
            let late = service::store::count_late(&mut conn, visit.scope(), visit.now).await;
            let quiet = notices::store::quiet(&mut conn, member).await.unwrap_or_default();
            let since = quiet.since(visit.now, &visit.zone());
            visit.unread = notices::store::count_unread(&mut conn, member, since).await.unwrap_or(0);
            visit.service_late = late.ok().and_then(|count| u32::try_from(count).ok()).unwrap_or(0);
        }
        Ok(visit)
    }
}

impl Visit {
    /// What they see and may do.
    pub fn scope(&self) -> &Scope {
        &self.seat.scope
    }

    /// Them, doing something on a page now.
    pub fn act(&self) -> Act {
        Act::new(self.seat.scope.clone(), self.now, Via::Page)
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// None was free in time.
    pub async fn read(&self) -> Result<Conn> {
        self.app.read().await
    }

    /// What a member sees without a request: what is written for them in the background.
    pub(crate) fn in_background(app: &App, seat: Seat, now: When) -> Self {
        Self {
            app: app.clone(),
            seat: Arc::new(seat),
            now,
            wants_part: false,
            path: "/".into(),
            flash: None,
            tasks_due: 0,
            service_late: 0,
            unread: 0,
        }
    }

    /// Does `work` in one transaction, as this member, now.
    ///
    /// # Errors
    /// What `work` answers with, or the database.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: for<'t> FnOnce(&'t mut Tx, &'t Act) -> db::Writing<'t, T, Error> + Clone + Send + 'static,
        T: Send + 'static,
    {
        let act = self.act();
        self.app
            .write(move |tx| {
                Box::pin(async move {
                    // The act lives as long as the transaction: it is moved into this future.
                    let act = act;
                    work(tx, &act).await
                })
            })
            .await
    }

    /// The same visit with the member and the workspace as they are kept now: after a conflict.
    ///
    /// # Errors
    /// `NotFound` when the session has ended meanwhile.
    pub async fn afresh(&self) -> Result<Self> {
        let mut conn = self.app.read().await?;
        let seat = crate::accounts::actions::seat_of(&mut conn, self.seat.session.clone(), self.now).await?;
        let seat = seat.map(Arc::new).ok_or(Error::NotFound)?;
        Ok(Self { seat, ..self.clone() })
    }

    /// Their time zone.
    pub fn zone(&self) -> TimeZone {
        self.seat.zone()
    }

    /// How dates and numbers are written for them.
    pub fn locale(&self) -> Locale {
        self.seat.locale()
    }

    /// The workspace's currency.
    pub fn currency(&self) -> Currency {
        self.seat.workspace.currency
    }

    /// The day it is for them.
    pub fn today(&self) -> Date {
        self.now.day(&self.zone())
    }

    /// A sum as they read it.
    pub fn money(&self, money: Money) -> String {
        money.show(self.locale())
    }

    /// The path and query of this request.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The frame of a page.
    pub fn shell(&self, here: Place) -> Shell {
        let name = &self.seat.member.name;
        Shell {
            member: name.clone(),
            initials: crate::base::initials(name),
            workspace: self.seat.workspace.name.clone(),
            can_write: self.scope().may(Right::Sell),
            can_manage: self.scope().may(Right::Manage),
            can_administer: self.scope().may(Right::Administer),
            here,
            flashes: self.flash.clone().into_iter().collect(),
            path: self.path.clone(),
            tasks_due: self.tasks_due,
            service_late: self.service_late,
            unread: self.unread,
            live: format!("/live?unread={}", self.unread),
            has_scripts: assets::has_scripts(),
        }
    }

    /// To another page, which says once that something is done; with the address that undoes it, if there is one.
    pub fn done(&self, to: &str, text: &str, undo: Option<String>) -> Response {
        self.go(to, Flash { tone: Tone::Done, text: text.to_owned(), undo })
    }

    /// To another page, which says once what there is to know.
    pub fn go(&self, to: &str, flash: Flash) -> Response {
        let cookie = flash_cookie(&flash);
        (CookieJar::new().add(cookie), Redirect::to(to)).into_response()
    }
}

/// The address people reach this server at: as configured, else as this browser reached it.
pub(crate) fn address(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    match host.filter(|_| app.config().address.is_none()) {
        Some(host) => format!("http://{host}"),
        None => app.config().address(),
    }
}

/// A page as an answer: fresh, and for this member alone.
///
/// # Errors
/// The template could not be rendered.
pub fn page(template: &impl Template) -> Result<Response, PageError> {
    let html = template.render().map_err(|error| Error::Internal(format!("rendering a page: {error}")))?;
    Ok(([PRIVATE], Html(html)).into_response())
}

/// A page as an answer that says how it went: a refused form, a conflict.
///
/// # Errors
/// The template could not be rendered.
pub fn page_as(status: StatusCode, template: &impl Template) -> Result<Response, PageError> {
    let mut response = page(template)?;
    *response.status_mut() = status;
    Ok(response)
}

/// Where a visitor comes from, signed in or not.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// What their browser calls itself.
    pub agent: String,
    /// Their network address; that of the nearest proxy that is ours, if there are any.
    pub address: String,
    /// The token of their session, if they have one.
    pub session: Option<Token>,
    /// The languages their browser asks for.
    pub languages: String,
    flash: Option<Flash>,
}

impl Visitor {
    /// The frame of a page for somebody who is not signed in.
    pub fn front(&self) -> Front {
        Front { flashes: self.flash.clone().into_iter().collect(), has_scripts: assets::has_scripts() }
    }

    /// To another page, which says once what there is to know.
    pub fn go(&self, to: &str, flash: Flash) -> Response {
        (CookieJar::new().add(flash_cookie(&flash)), Redirect::to(to)).into_response()
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let connection =
            parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
        let forwarded = forwarded_for(&parts.headers, app.config().proxies);
        let said = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let jar = CookieJar::from_headers(&parts.headers);
        Ok(Self {
            agent: said(header::USER_AGENT).unwrap_or("unknown").to_owned(),
            address: forwarded.or(connection).unwrap_or_else(|| "unknown".into()),
            session: session_token(&jar, app.config().is_encrypted()),
            languages: said(header::ACCEPT_LANGUAGE).unwrap_or_default().to_owned(),
            flash: jar.get(FLASH).and_then(|cookie| read_flash(cookie.value())),
        })
    }
}

/// The address that the outermost of our proxies saw.
fn forwarded_for(headers: &HeaderMap, proxies: usize) -> Option<String> {
    if proxies == 0 {
        return None;
    }
    let all: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    all.len().checked_sub(proxies).and_then(|n| all.get(n)).map(|address| (*address).to_owned())
}

/// Puts the member behind the session cookie, if there is one, beside the request; takes the flash away once shown.
pub(super) async fn seated(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let jar = CookieJar::from_headers(request.headers());
    let token = session_token(&jar, app.config().is_encrypted());
    if let Some(token) = token {
        match app.seat(&token).await {
            Ok(Some(seat)) => {
                request.extensions_mut().insert(seat);
            }
            Ok(None) => {}
            Err(error) => return PageError(error).into_response(),
        }
    }
    let had_flash = jar.get(FLASH).is_some();
    let mut response = next.run(request).await;
    let shows = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if had_flash && shows && response.status().is_success() {
        let gone = Cookie::build((FLASH, "")).path("/").removal().build();
        if let Ok(value) = HeaderValue::from_str(&gone.to_string()) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

/// The token of the session cookie.
pub(crate) fn session_token(jar: &CookieJar, is_encrypted: bool) -> Option<Token> {
    let name = if is_encrypted { SESSION_BOUND } else { SESSION };
    jar.get(name).and_then(|cookie| Token::parse(cookie.value()))
}

/// The cookie that carries a session: unreadable to scripts, not sent by other sites' forms, and where the
/// address is encrypted bound to this host (`__Host-`).
pub(crate) fn session_cookie(token: &Token, is_encrypted: bool) -> Cookie<'static> {
    let name = if is_encrypted { SESSION_BOUND } else { SESSION };
    Cookie::build((name, token.text().to_owned()))
        .path("/")
        .http_only(true)
        .secure(is_encrypted)
        .same_site(SameSite::Lax)
        .permanent()
        .build()
}

/// Takes the session cookie away.
pub(crate) fn no_session_cookie(is_encrypted: bool) -> Cookie<'static> {
    let name = if is_encrypted { SESSION_BOUND } else { SESSION };
    Cookie::build((name, "")).path("/").http_only(true).secure(is_encrypted).removal().build()
}

#[derive(Serialize, Deserialize)]
struct Said {
    tone: u8,
    text: String,
    undo: Option<String>,
}

fn flash_cookie(flash: &Flash) -> Cookie<'static> {
    let tone = match flash.tone {
        Tone::Done => 0,
        Tone::Note => 1,
        Tone::Refused => 2,
    };
    let said = Said { tone, text: flash.text.clone(), undo: flash.undo.clone() };
    let text = serde_json::to_string(&said).map(|json| crate::web::error::encode(&json)).unwrap_or_default();
    Cookie::build((FLASH, text)).path("/").http_only(true).same_site(SameSite::Lax).build()
}

fn read_flash(text: &str) -> Option<Flash> {
    let json = decode(text)?;
    let said: Said = serde_json::from_str(&json).ok()?;
    let tone = match said.tone {
        0 => Tone::Done,
        1 => Tone::Note,
        _ => Tone::Refused,
    };
    // The cookie is the browser's: an address of another site is not taken from it.
    let undo = said.undo.filter(|undo| undo.starts_with('/') && !undo.starts_with("//"));
    Some(Flash { tone, text: said.text, undo })
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
