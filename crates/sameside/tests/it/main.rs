//! What the product does, through its real router on a real database: SQLite, or the PostgreSQL server that
//! `SAMESIDE_TEST_DATABASE` names (one schema a test).

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on stops here"
)]

mod world;

mod activities;
mod advocates;
mod backup;
mod care;
mod cli;
mod client_page;
mod closed_doors;
mod commitments;
mod concessions;
mod companies;
mod contacts;
mod conversation;
mod crowd;
mod deals;
mod demo;
mod departures;
mod files;
mod forecast;
mod import;
mod insights;
mod live;
mod members;
mod negotiation;
mod notices;
mod outcomes;
mod products;
mod promises;
mod proposals;
mod pulse;
mod pursuit;
mod questions;
mod records;
mod search;
mod service;
mod settings;
mod sign_in;
mod statements;
mod tasks;
mod tidy;
mod timeline;
mod week;
