//! What a company is.

use crate::accounts::Member;
use crate::base::{Currency, Fields, Id, fold};
use crate::records::{About, Kind, Other, Reference, record};

record! {
    /// A client that is an organisation.
    pub struct Company in "company", Kind::Company => {
        /// What it is called.
        pub name: String,
        /// Who of us cares for it.
        pub owner_id: Option<Id<Member>>,
        /// The organisation it belongs to.
        pub parent_id: Option<Id<Company>>,
        /// Its internet domain.
        pub domain: Option<String>,
        /// Its telephone number.
        pub phone: Option<String>,
        /// Street and number, in as many lines as it takes.
        pub address: Option<String>,
        /// Its town.
        pub city: Option<String>,
        /// Its country.
        pub country: Option<String>,
        /// What it does.
        pub industry: Option<String>,
        /// How many people work there.
        pub employees: Option<i64>,
        /// Its revenue a year, in minor units: read by the fairness check alone.
        pub revenue_minor: Option<i64>,
        /// Of this currency.
        pub currency: Currency,
        /// Since when it is there.
        pub founded_year: Option<i64>,
        /// What matters to them, in their words.
        pub matters: Option<String>,
        /// What else is good to know.
        pub note: Option<String>,
        /// What an import brought that no field takes.
        pub other: Other,
    }
    derived { name_folded = |company| fold(&company.name) }
}

impl Company {
    /// A company of which only the name is known.
    pub fn named(name: impl Into<String>, currency: Currency) -> Self {
        Self {
            name: name.into(),
            owner_id: None,
            parent_id: None,
            domain: None,
            phone: None,
            address: None,
            city: None,
            country: None,
            industry: None,
            employees: None,
            revenue_minor: None,
            currency,
            founded_year: None,
            matters: None,
            note: None,
            other: Other::default(),
        }
    }
}

impl About for Company {
    fn title(&self) -> String {
        self.name.clone()
    }

    fn owner(&self) -> Option<Id<Member>> {
        self.owner_id
    }

    fn references(&self) -> Vec<Reference> {
        let owner = Reference::to("owner_id", Kind::Member, self.owner_id);
        owner.into_iter().chain(Reference::to("parent_id", Kind::Company, self.parent_id)).collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.name.is_empty() {
            fields.add("name", "a name");
        }
        if self.employees.is_some_and(|count| count < 0) {
            fields.add("employees", "a number from 0 on");
        }
        if self.founded_year.is_some_and(|year| !(1..=9_999).contains(&year)) {
            fields.add("founded_year", "a year such as 1998");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}
