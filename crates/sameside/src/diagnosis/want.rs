//! What the client says it wants, what it needs, and how each want is answered (P3). Pure.

use crate::base::{Date, Fields, Id, codes};
use crate::deals::Deal;
use crate::records::{About, Kind, Reference, record};

codes! {
    /// How a want is answered. A want without an answer is a state too, and a kind one: nobody has thought it through yet.
    pub enum Answered {
        /// What they want is what they need.
        IsNeed = "is_need", "It is what they need";
        /// Something else does what they want it for.
        Replaced = "replaced", "Something else serves them better";
        /// It is left out.
        Dropped = "dropped", "It is left out";
    }
}

record! {
    /// Something the client wants, in its own words.
    pub struct Want in "want", Kind::Want => {
        /// In which deal.
        pub deal_id: Id<Deal>,
        /// In their words.
        pub title: String,
        /// Who said it.
        pub said_by: Option<String>,
        /// When.
        pub said_on: Option<Date>,
        /// How it is answered, if it is.
        pub answered: Option<Answered>,
        /// By which need.
        pub need_id: Option<Id<Need>>,
        /// Why it is replaced or left out.
        pub because: Option<String>,
    }
    derived {}
}

record! {
    /// Something the client needs to do what it wants to do.
    pub struct Need in "need", Kind::Need => {
        /// In which deal.
        pub deal_id: Id<Deal>,
        /// What.
        pub title: String,
        /// Why they need it, or how we know.
        pub note: Option<String>,
    }
    derived {}
}

impl About for Want {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        let deal = Reference::to("deal_id", Kind::Deal, Some(self.deal_id));
        deal.into_iter().chain(Reference::to("need_id", Kind::Need, self.need_id)).collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.title.is_empty() {
            fields.add("title", "what they want, in their words");
        }
        let (needs, why) = match self.answered {
            None => (false, false),
            Some(Answered::IsNeed) => (true, false),
            Some(Answered::Replaced) => (true, true),
            Some(Answered::Dropped) => (false, true),
        };
        if needs && self.need_id.is_none() {
            fields.add("need", "the need that answers it: one of those there, or a new one");
        }
        if !needs && self.need_id.is_some() {
            fields.add("need", "no need, where the want is left out or not answered");
        }
        if why && self.because.is_none() {
            fields.add("because", "why, in a sentence the client may read");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

impl About for Need {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("deal_id", Kind::Deal, Some(self.deal_id)).into_iter().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        if self.title.is_empty() {
            Err(Fields::one("title", "what they need, in a few words"))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_want_is_answered_by_exactly_one_of_three() {
        let need = Some(Id::of(uuid::Uuid::from_u128(2)));
        let because = Some("Nobody installs an app for bread.".to_owned());
        let want = |answered, need_id, because| Want {
            deal_id: Id::of(uuid::Uuid::from_u128(1)),
            title: "An app".into(),
            said_by: None,
            said_on: None,
            answered,
            need_id,
            because,
        };
        for (answered, need_id, because, is_right) in [
            (None, None, None, true),
            (None, need, None, false),
            (Some(Answered::IsNeed), need, None, true),
            (Some(Answered::IsNeed), None, None, false),
            (Some(Answered::Replaced), need, because.clone(), true),
            (Some(Answered::Replaced), need, None, false),
            (Some(Answered::Replaced), None, because.clone(), false),
            (Some(Answered::Dropped), None, because.clone(), true),
            (Some(Answered::Dropped), None, None, false),
            (Some(Answered::Dropped), need, because.clone(), false),
        ] {
            let it = want(answered, need_id, because);
            assert_eq!(it.check().is_ok(), is_right, "{it:?}");
        }
    }
}
