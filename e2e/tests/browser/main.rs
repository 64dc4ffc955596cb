//! Journeys through Sameside in a real browser: what only a browser can show. Everything else is proved faster in
//! `crates/sameside/tests/it`.
//!
//! They need Chromium and its driver on the path, npm for the accessibility check, and the program beside them
//! (`cargo build`). `bin/test` sees to all of it. Pictures of every page, wide and narrow, light and dark, are in
//! `target/screenshots`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a journey that cannot go on stops here"
)]

mod browser;
mod journeys;
mod site;
