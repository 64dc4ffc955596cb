//! A document on its way to somebody: as a file to keep, whatever is in it.

use crate::accounts::Workspace;
use crate::app::App;
use crate::base::Id;
use crate::error::{Error, Result};
use crate::files::{Attachment, Shelf};
use crate::web::encode;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// What a browser may do with it, should it show it after all: nothing.
const POLICY: &str =
    "default-src 'none'; sandbox; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The bytes of a document as an answer.
///
/// # Errors
/// `Refused`, in words for people, when they are missing or are not those that arrived.
pub async fn send(app: &App, workspace: Id<Workspace>, it: &Attachment) -> Result<Response> {
    let bytes = Shelf::of(app.config())?.read(workspace, it).await?;
    let mut response = Response::new(Body::from_stream(bytes));
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, it.media.code()),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(it.size));
    let disposition = HeaderValue::from_str(&disposition(&it.name))
        .map_err(|error| Error::Internal(format!("the name of a document: {error}")))?;
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// `attachment` with the name, as RFC 6266 has it: plainly for old programs, and in UTF-8 (RFC 5987) for all others.
fn disposition(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || " ._-()+,=@&'!#$^~[]{}".contains(c);
    let plainly: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    format!("attachment; filename=\"{plainly}\"; filename*=UTF-8''{}", encode(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_header_stays_a_name() {
        assert_eq!(
            disposition("Prices 2026.pdf"),
            "attachment; filename=\"Prices 2026.pdf\"; filename*=UTF-8''Prices%202026.pdf"
        );
        assert_eq!(
            disposition("Öl; \"x\"\r\nset-cookie: a=b\\.txt"),
            "attachment; filename=\"_l_ _x___set-cookie_ a=b_.txt\"; \
             filename*=UTF-8''%C3%96l%3B%20%22x%22%0D%0Aset-cookie%3A%20a%3Db%5C.txt"
        );
    }
}
