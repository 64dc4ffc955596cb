//! The map of the site: every slice's routes, and what surrounds them all.

use crate::app::App;
use crate::web::{Door, Routes, error, live, log, visit};
use crate::{deals, desk, today};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

/// The largest body of a request that is not an upload, in bytes.
const BODY_BYTES_MAX: usize = 2 << 20;
/// How long a request may take, in seconds.
const REQUEST_SECONDS_MAX: u64 = 60;
/// How long files may take to arrive and to be looked through, in seconds.
const UPLOAD_SECONDS_MAX: u64 = 1_800;

/// What a browser may load and do: only what comes from here, nothing inline.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

/// Every route of the site.
fn routes() -> Routes {
    Routes::new()
        .open(Method::GET, "/healthz", health)
        .open(Method::GET, "/assets/{hash}/{name}", asset)
        .open(Method::GET, "/favicon.ico", favicon)
        .and(crate::accounts::routes())
        .and(crate::jobs::routes())
        .and(today::routes())
        .and(deals::routes())
        .and(desk::routes())
        .and(crate::conversation::routes())
        .and(crate::questions::routes())
        .and(crate::forecast::routes())
        .and(crate::commitments::routes())
        .and(crate::promises::routes())
        .and(crate::help::routes())
        .and(crate::history::routes())
        .and(crate::search::routes())
        .and(crate::companies::routes())
        .and(crate::contacts::routes())
        .and(crate::products::routes())
        .and(crate::activities::routes())
        .and(crate::tasks::routes())
        .and(crate::pursuit::routes())
        .and(crate::departures::routes())
        .and(crate::advocates::routes())
        .and(crate::concessions::routes())
        .and(crate::files::routes())
        .and(crate::negotiation::routes())
        .and(crate::proposals::routes())
        .and(crate::outcomes::routes())
        .and(crate::pulse::routes())
        .and(crate::service::routes())
        .and(crate::care::routes())
        .and(crate::client_page::routes())
        .and(crate::insights::routes())
        .and(crate::books::routes())
        .and(crate::digest::routes())
        .and(crate::notices::routes())
        .and(live::routes())
        .and(crate::import::routes())
}

/// Every door of the site, for the test that tries them all.
pub fn doors() -> Vec<Door> {
    routes().doors().to_vec()
}

/// The site.
pub fn router(app: App) -> Router {
    let csrf = CsrfLayer::new();
    let csrf = match &app.config().address {
        Some(address) => {
            csrf.add_trusted_origin(address.trim_end_matches('/')).unwrap_or_else(|_| CsrfLayer::new())
        }
        None => csrf,
    };
    routes()
        .into_router()
        .fallback(|| async { error::not_found() })
        .layer(middleware::from_fn_with_state(app.clone(), visit::seated))
        .layer(csrf)
        .layer(middleware::from_fn(said_by_the_secret))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn(protected))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(in_time))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn(log::noted))
        .with_state(app)
}

/// Gives up on a request that takes too long; files may take longer to arrive than anything else.
async fn in_time(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_document = path.starts_with("/deals/") && path.ends_with("/files");
    let is_upload = request.method() == Method::POST && (path == "/import" || is_document);
    let seconds = if is_upload { UPLOAD_SECONDS_MAX } else { REQUEST_SECONDS_MAX };
    match tokio::time::timeout(Duration::from_secs(seconds), next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// A page that tells nobody its address says `Origin: null` with its forms too, and a browser from before 2023, or one that
/// comes in plainly, sends nothing else by which the next layer could know where they come from. On the page of a client
/// the secret in the address is the proof, so there such an origin is taken for none; what says that it comes from
/// another site is refused as everywhere.
async fn said_by_the_secret(mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_untold = headers.get(header::ORIGIN).is_some_and(|origin| origin == "null")
        && !headers.contains_key("sec-fetch-site");
    if is_untold && request.uri().path().starts_with("/c/") {
        request.headers_mut().remove(header::ORIGIN);
    }
    next.run(request).await
}

/// Adds to every answer what keeps a browser safe.
async fn protected(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // A document that is sent as a file has a stricter policy of its own.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CONTENT_POLICY));
    for (name, value) in [(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (header::X_FRAME_OPTIONS, "DENY")] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // The page of a client sends nobody anywhere, so that its address stays with whom it was given to.
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    headers.entry("cross-origin-opener-policy").or_insert(HeaderValue::from_static("same-origin"));
    response
}

/// Whether this server can do its work: the database answers, and its schema is this program's own.
async fn health(State(app): State<App>) -> Response {
    match db::migrate::state(app.db(), crate::app::MIGRATIONS).await {
        Ok(db::migrate::State::Current) => "true".into_response(),
        Ok(state) => {
            tracing::error!(?state, "the schema is not this program's own");
            (StatusCode::SERVICE_UNAVAILABLE, "false").into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "false").into_response()
        }
    }
}

/// A script, a style, a picture: named by its content, so kept by browsers for ever.
async fn asset(Path((hash, name)): Path<(String, String)>, request: Request) -> Response {
    let Some(asset) = assets::get(&hash, &name) else { return StatusCode::NOT_FOUND.into_response() };
    let takes_gzip = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|accepted| accepted.to_str().ok())
        .is_some_and(|accepted| accepted.contains("gzip"));
    let mut response = if takes_gzip { asset.gzip.into_response() } else { asset.bytes.into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.mime));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if takes_gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

async fn favicon() -> Response {
    axum::response::Redirect::permanent(assets::url("favicon.svg")).into_response()
}
