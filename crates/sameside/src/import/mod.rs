//! Bringing a pipeline in: other systems' exports and anybody's spreadsheets become members, companies, products, contacts,
//! deals, activities and tasks.
//!
//! Invariants: nothing of a row is lost (what no field takes is kept under its header); the counts of a report equal the rows of the
//! files; the same file brought twice changes nothing.

pub mod actions;
pub mod assemble;
mod bring;
mod build;
mod merge;
pub mod field;
pub mod fold;
mod header;
pub mod intake;
pub mod mapping;
pub mod near;
mod pages;
pub mod recognise;
pub mod record;
pub mod run;
mod sources;
pub(crate) mod store;
pub mod survey;
pub mod table;
pub mod values;

pub use self::pages::routes;

#[cfg(test)]
mod tests;
