//! One line in the log for every request: method, path, status, milliseconds, and a number that the answer and every
//! line written meanwhile carry too.
//!
//! Invariant: no secret is in the log. The query is left out, and where a part of the path opens a door
//! (`/pass/{token}`) only its name is written.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;
use tracing::Instrument;

/// The header that carries the number of a request.
const NUMBER: HeaderName = HeaderName::from_static("x-request-id");
/// Parts of paths that open doors.
const SECRETS: [&str; 1] = ["{token}"];
/// Requests that machines make all the time: heard only when everything is.
const HUM: [&str; 3] = ["/healthz", "/assets/{hash}/{name}", "/favicon.ico"];

/// Notes a request and its answer.
pub(super) async fn noted(request: Request, next: Next) -> Response {
    let since = Instant::now();
    let number = uuid::Uuid::new_v4().simple().to_string();
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let path = shown(&route, request.uri().path());
    let method = request.method().clone();
    let span = tracing::info_span!("request", number);
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, ms) = (response.status().as_u16(), since.elapsed().as_secs_f64() * 1e3);
    let ms = (ms * 10.0).round() / 10.0;
    span.in_scope(|| {
        if HUM.contains(&route.as_str()) && status < 500 {
            tracing::debug!(%method, path, status, ms, "answered");
        } else {
            tracing::info!(%method, path, status, ms, "answered");
        }
    });
    if let Ok(value) = HeaderValue::from_str(&number) {
        response.headers_mut().insert(NUMBER, value);
    }
    response
}

/// A path as it may be written down.
fn shown(route: &str, path: &str) -> String {
    if SECRETS.iter().any(|secret| route.contains(secret)) {
        return route.to_owned();
    }
    // What no route knows may be anything, a mistyped link with a secret too.
    if route.is_empty() { "(no such page)".to_owned() } else { path.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_opens_a_door_is_not_written_down() {
        assert_eq!(shown("/pass/{token}", "/pass/4f2a"), "/pass/{token}");
        assert_eq!(shown("/companies/{id}", "/companies/0199"), "/companies/0199");
        assert_eq!(shown("", "/pas/4f2a"), "(no such page)");
    }
}
