//! What a task is.

use crate::accounts::Member;
use crate::base::{Date, Fields, Id, When};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::records::{About, Kind, Reference, record};

record! {
    /// Something to be done.
    pub struct Task in "task", Kind::Task => {
        /// What.
        pub title: String,
        /// How, why.
        pub note: Option<String>,
        /// For this deal.
        pub deal_id: Option<Id<Deal>>,
        /// For this company.
        pub company_id: Option<Id<Company>>,
        /// For this person.
        pub contact_id: Option<Id<Contact>>,
        /// Who does it.
        pub owner_id: Option<Id<Member>>,
        /// Until which day.
        pub due_on: Option<Date>,
        /// When it was done.
        pub done_at: Option<When>,
    }
    derived { due_key = |task| due_key(task.due_on) }
}

/// What orders tasks: the day they are due; after every such day, those without one.
fn due_key(due_on: Option<Date>) -> String {
    due_on.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string())
}

impl About for Task {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn owner(&self) -> Option<Id<Member>> {
        self.owner_id
    }

    fn about(&self) -> Option<uuid::Uuid> {
        self.deal_id.map(Id::uuid).or(self.company_id.map(Id::uuid)).or(self.contact_id.map(Id::uuid))
    }

    fn references(&self) -> Vec<Reference> {
        let all = [
            Reference::to("deal_id", Kind::Deal, self.deal_id),
            Reference::to("company_id", Kind::Company, self.company_id),
            Reference::to("contact_id", Kind::Contact, self.contact_id),
            Reference::to("owner_id", Kind::Member, self.owner_id),
        ];
        all.into_iter().flatten().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        if self.title.is_empty() { Err(Fields::one("title", "what is to be done")) } else { Ok(()) }
    }
}
