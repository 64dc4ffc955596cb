//! Errors as people see them: a page that says what happened and where to go from there.

use crate::error::Error;
use crate::web::layout::{Flash, Front, Tone};
use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

/// An error on its way to a person.
#[derive(Debug)]
pub struct PageError(pub Error);

impl<E: Into<Error>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

#[derive(Template)]
#[template(path = "web/error.html")]
struct ErrorPage<'a> {
    front: Front,
    title: &'a str,
    text: &'a str,
    number: Option<String>,
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let text = self.0.to_string();
        match self.0 {
            Error::NotFound => answer(
                StatusCode::NOT_FOUND,
                "Not here",
                "There is nothing at this address, or it is not yours to see. It may have been removed.",
            ),
            Error::Forbidden(_) => answer(StatusCode::FORBIDDEN, "Not with your role", &text),
            Error::Invalid(_) => answer(StatusCode::UNPROCESSABLE_ENTITY, "Something needs mending", &text),
            Error::Conflict { .. } | Error::Store(db::Error::Unique(_)) => answer(
                StatusCode::CONFLICT,
                "Somebody was quicker",
                "Somebody changed this while you were at it. Go back and look again; nothing of theirs was lost.",
            ),
            Error::Refused(_) => answer(StatusCode::CONFLICT, "That is not possible now", &text),
            Error::Internal(_) | Error::Store(_) => {
                let number = uuid::Uuid::new_v4().simple().to_string();
                let number: String = number.chars().take(8).collect();
                tracing::error!(number, error = text, "a request failed");
                let page = ErrorPage {
                    front: Front { flashes: Vec::new(), has_scripts: assets::has_scripts() },
                    title: "That was our fault",
                    text: "It did not work, and nothing of it was saved. Please try again.",
                    number: Some(number),
                };
                respond(StatusCode::INTERNAL_SERVER_ERROR, &page)
            }
        }
    }
}

fn answer(status: StatusCode, title: &str, text: &str) -> Response {
    let front = Front { flashes: Vec::new(), has_scripts: assets::has_scripts() };
    respond(status, &ErrorPage { front, title, text, number: None })
}

fn respond(status: StatusCode, page: &ErrorPage<'_>) -> Response {
    // A fragment that was asked for by a script must not put this page into the middle of another.
    let whole = [(HeaderName::from_static("hx-retarget"), HeaderValue::from_static("body"))];
    match page.render() {
        Ok(html) => (status, whole, Html(html)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// Nothing is at this address.
pub(super) fn not_found() -> Response {
    PageError(Error::NotFound).into_response()
}

/// To the sign-in page, and back here afterwards.
pub(super) fn sign_in_first(request: &Request) -> Response {
    let is_page = request.method() == Method::GET && !request.headers().contains_key("hx-request");
    if !is_page {
        let flash =
            Flash { tone: Tone::Refused, text: "Your session has ended. Sign in again.".into(), undo: None };
        let page = ErrorPage {
            front: Front { flashes: vec![flash], has_scripts: assets::has_scripts() },
            title: "Sign in first",
            text: "What you typed was not saved. Sign in, go back in your browser, and send it again.",
            number: None,
        };
        return respond(StatusCode::UNAUTHORIZED, &page);
    }
    let here = request.uri().path_and_query().map_or("/", |path| path.as_str());
    if here == "/" {
        return Redirect::to("/sign-in").into_response();
    }
    Redirect::to(&format!("/sign-in?next={}", encode(here))).into_response()
}

/// The member's role is not enough.
pub(super) fn not_allowed(request: &Request) -> Response {
    let text = if request.method() == Method::GET {
        "Your role does not open this page. Ask an admin of your workspace."
    } else {
        "Your role can look at this, but not change it. Ask an admin of your workspace."
    };
    PageError(Error::Forbidden(text.into())).into_response()
}

/// A text as part of a query.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Pages of members are theirs alone and always fresh.
pub(super) const PRIVATE: (HeaderName, HeaderValue) =
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
