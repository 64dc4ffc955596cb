//! The decision engine: pure functions from one document to another.
//!
//! What is absent here is the point: no clock, no input or output, no database, no threads, no randomness
//! that is not seeded. The same input gives the same output, bit for bit, on every machine (transcendental
//! functions come from `libm`, never from the platform). One file answers one question; the page, the API
//! and the command line call these functions and none repeats a formula.
//!
//! Every question has the same three parts: an `Input` read with [`read`], a function, and an output that
//! serialises to the document described in `docs/method/`.

pub mod assess;
pub mod attention;
pub mod beta;
pub mod date;
mod estimate;
mod exact;
pub mod forecast;
mod input;
pub mod negotiate;
pub mod normal;
pub mod plan;
pub mod promise;
mod quick;
pub mod random;
mod rate;
mod table;
pub mod timeline;

pub use estimate::Estimate;
pub use input::{Error, INPUT_BYTES_MAX, read};
pub use rate::Rate;
pub use table::{COLUMNS_MAX, TABLE_BYTES_MAX};

/// A file of the shared folder of real data, where that exists beside the repository; says so where it does not.
#[cfg(test)]
fn shared_data(path: &str) -> Option<Vec<u8>> {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = here.ancestors().find_map(|folder| std::fs::read(folder.join("shared/data").join(path)).ok());
    if found.is_none() {
        println!("skipped: no shared/data/{path} beside the repository");
    }
    found
}
