//! Sameside: the sales system that sits on both sides of the table.
//!
//! The slices, in reading order: each uses those above it. `ARCHITECTURE.md` has the map.

pub mod base;
pub mod error;

pub mod jobs;
pub mod history;
pub mod records;

pub mod accounts;
pub mod companies;
pub mod contacts;
pub mod products;
pub mod deals;
pub mod diagnosis;
pub mod activities;
pub mod tasks;
pub mod import;

pub mod config;
pub mod app;
pub mod web;
pub mod cli;
