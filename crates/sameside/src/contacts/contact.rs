//! What a contact is.

use crate::accounts::Member;
use crate::base::{Email, Fields, Id, fold};
use crate::companies::Company;
use crate::records::{About, Kind, Other, Reference, record};

record! {
    /// A person we work with.
    pub struct Contact in "contact", Kind::Contact => {
        /// What they are called.
        pub name: String,
        /// Where they work.
        pub company_id: Option<Id<Company>>,
        /// Who of us cares for them.
        pub owner_id: Option<Id<Member>>,
        /// Their address for mail.
        pub email: Option<Email>,
        /// Their telephone number.
        pub phone: Option<String>,
        /// What they do there.
        pub job_title: Option<String>,
        /// What matters to them.
        pub matters: Option<String>,
        /// How they like to be spoken to.
        pub manner: Option<String>,
        /// What else is good to know.
        pub note: Option<String>,
        /// What an import brought that no field takes.
        pub other: Other,
    }
    derived { name_folded = |contact| fold(&contact.name) }
}

impl Contact {
    /// A person of whom only the name is known.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            company_id: None,
            owner_id: None,
            email: None,
            phone: None,
            job_title: None,
            matters: None,
            manner: None,
            note: None,
            other: Other::default(),
        }
    }
}

impl About for Contact {
    fn title(&self) -> String {
        self.name.clone()
    }

    fn owner(&self) -> Option<Id<Member>> {
        self.owner_id
    }

    fn about(&self) -> Option<uuid::Uuid> {
        self.company_id.map(Id::uuid)
    }

    fn references(&self) -> Vec<Reference> {
        let owner = Reference::to("owner_id", Kind::Member, self.owner_id);
        owner.into_iter().chain(Reference::to("company_id", Kind::Company, self.company_id)).collect()
    }

    fn check(&self) -> Result<(), Fields> {
        if self.name.is_empty() { Err(Fields::one("name", "a name")) } else { Ok(()) }
    }
}
