//! Sameside: the sales system that sits on both sides of the table.
//!
//! The modules, in reading order. `ARCHITECTURE.md` has the map.

pub mod base;
pub mod error;
pub mod config;
pub mod backup;
pub mod live;
pub mod app;

pub mod jobs;
pub mod history;
pub mod records;

pub mod accounts;
pub mod notices;
pub mod companies;
pub mod contacts;
pub mod products;
pub mod deals;
pub mod diagnosis;
pub mod outcomes;
pub mod questions;
pub mod activities;
pub mod tasks;
pub mod pulse;
pub mod commitments;
pub mod service;
pub mod care;
pub mod forecast;
pub mod assessment;
pub mod pursuit;
pub mod departures;
pub mod concessions;
pub mod files;
pub mod tallies;
pub mod week;
pub mod advocates;
pub mod desk;
pub mod conversation;
pub mod promises;
pub mod negotiation;
pub mod proposals;
pub mod client_page;
pub mod today;
pub mod insights;
pub mod books;
pub mod digest;
pub mod help;
pub mod search;
pub mod import;

pub mod web;
pub mod work;
pub mod demo;
pub mod cli;
