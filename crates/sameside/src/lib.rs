//! Sameside.

pub mod import;
