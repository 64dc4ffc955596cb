//! What a link is. Pure.

use crate::accounts::Member;
use crate::base::{Fields, Id, When};
use crate::client_page::Tongue;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::records::{About, Kind, Reference, record};

/// How many days a link holds if nobody says otherwise.
pub const DAYS_USUAL: i64 = 60;
/// The longest time a link holds, in days.
pub const DAYS_MAX: i64 = 730;

record! {
    /// A link to the page of a client. Its secret is not part of it.
    pub struct ClientLink in "client_link", Kind::ClientLink => {
        /// For which deal.
        pub deal_id: Id<Deal>,
        /// For whom of theirs; for anybody there, if nobody is named.
        pub contact_id: Option<Id<Contact>>,
        /// Who of us made it.
        pub owner_id: Option<Id<Member>>,
        /// What it is called: `Page for Maria Oliveira`.
        pub title: String,
        /// In which language; in that of the browser, if none is chosen.
        pub language: Option<Tongue>,
        /// Until when it holds.
        pub expires_at: When,
        /// Since when it holds no more, whatever its end.
        pub revoked_at: Option<When>,
    }
    derived {}
}

/// Whether a link opens the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It does.
    Holds,
    /// Its time is over.
    Expired,
    /// Somebody of ours took it back.
    Revoked,
}

impl ClientLink {
    /// Whether it opens the page now.
    pub fn state(&self, now: When) -> State {
        if self.revoked_at.is_some() {
            State::Revoked
        } else if now >= self.expires_at {
            State::Expired
        } else {
            State::Holds
        }
    }

    /// Takes it back.
    ///
    /// # Errors
    /// `Refused` when it was taken back before.
    pub fn revoke(&mut self, now: When) -> Result<()> {
        if self.revoked_at.is_some() {
            return Err(Error::Refused("This link was taken back already.".into()));
        }
        self.revoked_at = Some(now);
        Ok(())
    }
}

impl About for ClientLink {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        let all = [
            Reference::to("deal_id", Kind::Deal, Some(self.deal_id)),
            Reference::to("contact_id", Kind::Contact, self.contact_id),
            Reference::to("owner_id", Kind::Member, self.owner_id),
        ];
        all.into_iter().flatten().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        if self.title.is_empty() { Err(Fields::one("title", "whom it is for")) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_holds_until_its_end_unless_it_is_taken_back() {
        let mut link = ClientLink {
            deal_id: Id::of(uuid::Uuid::from_u128(1)),
            contact_id: None,
            owner_id: None,
            title: "Page for everybody there".into(),
            language: None,
            expires_at: When::from_micros(100),
            revoked_at: None,
        };
        assert_eq!(link.state(When::from_micros(99)), State::Holds);
        assert_eq!(link.state(When::from_micros(100)), State::Expired);
        link.revoke(When::from_micros(5)).unwrap();
        assert_eq!(link.state(When::from_micros(6)), State::Revoked);
        assert!(link.revoke(When::from_micros(7)).is_err());
    }
}
