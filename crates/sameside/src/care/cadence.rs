//! How often a client is to be heard from. Pure.

use crate::base::{Fields, Id};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::records::{About, Kind, Reference, record};

/// The longest cadence, in days.
const DAYS_MAX: i64 = 3_650;

/// A client: a company, or a person without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Client {
    /// A company.
    Company(Id<Company>),
    /// A person without one.
    Contact(Id<Contact>),
}

impl Client {
    /// Its id.
    pub fn uuid(self) -> uuid::Uuid {
        match self {
            Self::Company(id) => id.uuid(),
            Self::Contact(id) => id.uuid(),
        }
    }

    /// What it is.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Company(_) => Kind::Company,
            Self::Contact(_) => Kind::Contact,
        }
    }
}

record! {
    /// How often one client is to be heard from, where that is not as often as every other.
    pub struct Cadence in "cadence", Kind::Cadence => {
        /// Which company.
        pub company_id: Option<Id<Company>>,
        /// Or which person without one.
        pub contact_id: Option<Id<Contact>>,
        /// At least every so many days.
        pub days: i64,
        /// Why; what they pay is no reason.
        pub because: String,
    }
    derived {}
}

impl About for Cadence {
    fn title(&self) -> String {
        format!("every {} days", self.days)
    }

    fn about(&self) -> Option<uuid::Uuid> {
        self.company_id.map(Id::uuid).or(self.contact_id.map(Id::uuid))
    }

    fn references(&self) -> Vec<Reference> {
        let company = Reference::to("company_id", Kind::Company, self.company_id);
        company.into_iter().chain(Reference::to("contact_id", Kind::Contact, self.contact_id)).collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if !(1..=DAYS_MAX).contains(&self.days) {
            fields.add("days", format!("days from 1 to {DAYS_MAX}"));
        }
        if self.because.is_empty() {
            fields.add("because", "why, in a sentence: what they asked for, what they are going through");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}
