//! Everything a browser fetches besides pages: made by `build.rs`, embedded in the binary, addressed by content.
//!
//! An address holds the hash of what it names, so an answer may be cached for ever, and a changed file has
//! another address. Nothing here comes from another server: the pages' content policy forbids it.

/// One file as it is served.
#[derive(Debug)]
pub struct Asset {
    /// The name at the end of its address, for example `app.css`.
    pub name: &'static str,
    /// The first 16 hexadecimal digits of the SHA-256 of `bytes`.
    pub hash: &'static str,
    /// Its address: `/assets/<hash>/<name>`.
    pub url: &'static str,
    /// The value of the `content-type` header.
    pub mime: &'static str,
    /// The file itself.
    pub bytes: &'static [u8],
    /// The same, compressed with gzip.
    pub gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// The address of the asset called `name`, or an empty text when this build has none of that name (the scripts
/// of packages are missing in a build without npm: ask [`has_scripts`] first).
///
/// Names: `app.css`, `client.css`, `app.js`, `theme.js`, `htmx.js`, `sortable.js`, `logo.svg`, `favicon.svg`.
pub fn url(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| asset.url)
}

/// The asset at `/assets/<hash>/<name>`; `None` when the name is unknown or the hash is not today's.
pub fn get(hash: &str, name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name && asset.hash == hash)
}

/// Every asset of this build.
pub fn all() -> &'static [Asset] {
    ASSETS
}

/// Whether htmx and sortable are in this build. Without them every page still works: forms and links load whole
/// pages, and cards move by their menu instead of by dragging.
pub fn has_scripts() -> bool {
    HAS_SCRIPTS
}

/// The licences of the embedded packages, each under the package's name.
pub fn licences() -> &'static str {
    include_str!(concat!(env!("OUT_DIR"), "/licences.txt"))
}

/// The sheets that make up `app.css` and `client.css`, in cascade order, relative to `crates/sameside/src`.
pub fn sheets() -> &'static [&'static str] {
    SHEETS
}
