//! Products: what we offer, each with a profile: what such work usually costs, takes and brings, as figures with
//! evidence. A deal starts from its product's profile until somebody knows better.

mod pages;
mod product;

pub use pages::routes;
pub use product::Product;
