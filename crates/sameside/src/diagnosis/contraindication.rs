//! When we cannot help (P1, P7): the product's own list of sentences, and what is known of each in a deal. Pure.

use crate::accounts::Right;
use crate::base::{Date, Fields, Id, Source, codes};
use crate::deals::Deal;
use crate::products::Product;
use crate::records::{About, Kind, Reference, record};

/// The longest sentence.
const SENTENCE_CHARS_MAX: usize = 300;

codes! {
    /// Whether a contraindication bears on a deal.
    pub enum Bears {
        /// It is not so here.
        Not = "does_not_apply", "Not so here";
        /// It is so: we cannot help.
        Applies = "applies", "It is so";
        /// It was asked, and nobody knows.
        Unknown = "unknown", "Asked; nobody knows";
    }
}

record! {
    /// A sentence that, where it is true, means that the product does not help.
    pub struct Contraindication in "contraindication", Kind::Contraindication => {
        /// Of which product.
        pub product_id: Id<Product>,
        /// The sentence.
        pub title: String,
    }
    derived {}
}

record! {
    /// Whether a contraindication bears on a deal, and how we know.
    pub struct Bearing in "bearing", Kind::Bearing => {
        /// Which.
        pub contraindication_id: Id<Contraindication>,
        /// On which deal.
        pub deal_id: Id<Deal>,
        /// The sentence as it was then.
        pub title: String,
        /// Whether it does.
        pub bears: Bears,
        /// How we know.
        pub source: Source,
        /// Who said so.
        pub said_by: Option<String>,
        /// On which day.
        pub said_on: Option<Date>,
        /// What was said.
        pub note: Option<String>,
    }
    derived {}
}

impl About for Contraindication {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.product_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("product_id", Kind::Product, Some(self.product_id)).into_iter().collect()
    }

    fn right() -> Right {
        Right::Manage
    }

    fn check(&self) -> Result<(), Fields> {
        let length = self.title.chars().count();
        if length == 0 || length > SENTENCE_CHARS_MAX {
            let right =
                format!("one sentence of at most {SENTENCE_CHARS_MAX} characters: when it does not help");
            return Err(Fields::one("sentence", right));
        }
        Ok(())
    }
}

impl About for Bearing {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        let deal = Reference::to("deal_id", Kind::Deal, Some(self.deal_id));
        let of = Reference::to("contraindication_id", Kind::Contraindication, Some(self.contraindication_id));
        deal.into_iter().chain(of).collect()
    }
}
