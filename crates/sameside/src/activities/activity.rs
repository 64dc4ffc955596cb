//! What an activity is.

use crate::accounts::Member;
use crate::base::{Fields, Id, When, codes};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::records::{About, Kind, Reference, record};

/// The longest activity, in minutes: a whole week.
const MINUTES_MAX: i64 = 7 * 24 * 60;

codes! {
    /// By what means.
    pub enum Means {
        /// A call.
        Call = "call", "Call";
        /// A meeting.
        Meeting = "meeting", "Meeting";
        /// An e-mail.
        Email = "email", "E-mail";
        /// A note of ours.
        Note = "note", "Note";
    }
}

record! {
    /// Something that was done with a client, or noted about them.
    pub struct Activity in "activity", Kind::Activity => {
        /// By what means.
        pub kind: Means,
        /// What it was about.
        pub title: String,
        /// What was said.
        pub note: Option<String>,
        /// For this deal.
        pub deal_id: Option<Id<Deal>>,
        /// With this company.
        pub company_id: Option<Id<Company>>,
        /// With this person.
        pub contact_id: Option<Id<Contact>>,
        /// By whom of us.
        pub owner_id: Option<Id<Member>>,
        /// When.
        pub happened_at: When,
        /// How many minutes of ours it took.
        pub minutes: Option<i64>,
    }
    derived {}
}

impl About for Activity {
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
        let mut fields = Fields::default();
        if self.title.is_empty() {
            fields.add("title", "what it was about");
        }
        if self.minutes.is_some_and(|minutes| !(0..=MINUTES_MAX).contains(&minutes)) {
            fields.add("minutes", "minutes from 0 to a week");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}
