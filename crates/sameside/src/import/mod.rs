//! Bringing a pipeline in: other systems' exports and anybody's spreadsheets become members, companies, products, contacts,
//! deals, activities and tasks.
//!
//! Invariants: nothing of a row is lost (what no field takes is kept under its header); the counts of a report equal the rows of the
//! files; the same file brought twice changes nothing.

pub mod fold;
pub mod table;
pub mod values;
