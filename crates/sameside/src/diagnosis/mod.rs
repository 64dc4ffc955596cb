//! Diagnosis: what is known of a deal (P1, P2, P3, P5). Figures with evidence; the same figures, said of a product, are its
//! profile; a figure that nobody gave is assumed, and says so. What they want and what they need, what else they could do,
//! and whether we can help at all.
//!
//! Invariants: a want is answered by exactly one of need, replacement or drop, or not yet; a need that answers a want is
//! there. One alternative of a deal at most is the best, and what it leaves them is the figure. A contraindication of the
//! deal's product that is so reaches the engine as it stands. Steps ahead that have both figures are the path the engine walks.

pub mod actions;
mod alternative;
mod complete;
mod contraindication;
mod cost;
mod figure;
pub(crate) mod form;
mod path;
pub mod said;
pub mod statement;
pub(crate) mod store;
pub mod sum;
mod want;

pub use alternative::Alternative;
pub use complete::{Early, Pieces, early, is_said};
pub use contraindication::{Bearing, Bears, Contraindication};
pub use cost::{CostPart, together as cost_together};
pub use figure::{Figure, Parameter, Unit};
pub use path::{Part, REACHED, Step, Voice, together as path_together};
pub use store::{needs, wants};
pub use want::{Answered, Need, Want};
