//! Who acts, and what they may see and do.

use crate::accounts::{Member, Role, Sees, Workspace};
use crate::base::{Id, When, codes};
use crate::error::{Error, Result};
use std::sync::Arc;

codes! {
    /// What an action asks of a member.
    pub enum Right {
        /// To see.
        Look = "look", "look";
        /// To make and change clients, deals, activities, tasks.
        Sell = "sell", "sell";
        /// To change products and pipelines.
        Manage = "manage", "manage";
        /// To change members and settings, to import.
        Administer = "administer", "administer";
        /// To give the workspace away.
        Own = "own", "own";
    }
}

codes! {
    /// Through which door somebody acts.
    pub enum Via {
        /// A page.
        Page = "page", "on a page";
        /// The command line.
        Cli = "cli", "on the command line";
        /// The interface for programs.
        Api = "api", "through the API";
        /// Work in the background.
        Job = "job", "in the background";
        /// An import.
        Import = "import", "by an import";
        /// The story of the demonstration.
        Demo = "demo", "in the demo";
        /// A client on the page that was shared with them.
        Client = "client", "on their page";
    }
}

impl Role {
    /// Whether members of this role have a right.
    pub fn has(self, right: Right) -> bool {
        let least = match right {
            Right::Look => Self::Viewer,
            Right::Sell => Self::Seller,
            Right::Manage => Self::Manager,
            Right::Administer => Self::Admin,
            Right::Own => Self::Owner,
        };
        self <= least
    }
}

/// A workspace as one person sees it. Only authentication gives one; store functions take it.
#[derive(Debug, Clone)]
pub struct Scope {
    workspace: Id<Workspace>,
    member: Option<Id<Member>>,
    role: Role,
    /// The members whose records are visible; everybody's, if there is no list.
    owners: Option<Arc<[Id<Member>]>>,
}

impl Scope {
    /// What a member sees: `team` are the members of their team.
    pub(crate) fn of_member(
        workspace: Id<Workspace>,
        id: Id<Member>,
        member: &Member,
        team: Vec<Id<Member>>,
    ) -> Self {
        let owners = match member.sees {
            Sees::All => None,
            Sees::Own => Some(vec![id]),
            Sees::Team => Some(if team.is_empty() { vec![id] } else { team }),
        };
        Self { workspace, member: Some(id), role: member.role, owners: owners.map(Into::into) }
    }

    /// The software itself, working for a workspace: background jobs and the command line.
    pub(crate) const fn of_workspace(workspace: Id<Workspace>) -> Self {
        Self { workspace, member: None, role: Role::Owner, owners: None }
    }

    /// A client behind a link: the verbs of their page alone are theirs, each on the one deal the link is for.
    pub(crate) const fn of_client(workspace: Id<Workspace>) -> Self {
        Self { workspace, member: None, role: Role::Seller, owners: None }
    }

    /// A member at their own account: nobody's role keeps them from their own name and password.
    pub(super) const fn of_oneself(workspace: Id<Workspace>, member: Id<Member>) -> Self {
        Self { workspace, member: Some(member), role: Role::Owner, owners: None }
    }

    /// The same, said of somebody: work in the background that a member asked for is in the history under their name.
    pub(crate) const fn by(mut self, member: Option<Id<Member>>) -> Self {
        self.member = member;
        self
    }

    /// Which workspace.
    pub const fn workspace(&self) -> Id<Workspace> {
        self.workspace
    }

    /// Who, if it is a person.
    pub const fn member(&self) -> Option<Id<Member>> {
        self.member
    }

    /// Their role.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Whether they have a right.
    pub fn may(&self, right: Right) -> bool {
        self.role.has(right)
    }

    /// Whether they may see what `owner` owns.
    pub fn may_see(&self, owner: Option<Id<Member>>) -> bool {
        match (&self.owners, owner) {
            (None, _) | (_, None) => true,
            (Some(owners), Some(owner)) => owners.contains(&owner),
        }
    }

    /// The members whose records they see; everybody's, if there is no list.
    pub fn owners(&self) -> Option<&[Id<Member>]> {
        self.owners.as_deref()
    }

    /// Refuses who has not this right.
    ///
    /// # Errors
    /// `Forbidden`, with the role that would do.
    pub fn require(&self, right: Right) -> Result<()> {
        if self.may(right) {
            return Ok(());
        }
        let who = match right {
            Right::Look | Right::Sell => "a seller",
            Right::Manage => "a manager",
            Right::Administer => "an admin",
            Right::Own => "the owner",
        };
        Err(Error::Forbidden(format!("Your role can look at this, but only {who} may change it.")))
    }
}

/// Somebody doing something at a moment, through a door.
#[derive(Debug, Clone)]
pub struct Act {
    /// Who.
    pub scope: Scope,
    /// When.
    pub now: When,
    /// Through which door.
    pub via: Via,
    /// As part of which import.
    pub import: Option<uuid::Uuid>,
    /// As which contact, where a client acts whose link is for one.
    pub contact: Option<uuid::Uuid>,
}

impl Act {
    /// Somebody doing something.
    pub const fn new(scope: Scope, now: When, via: Via) -> Self {
        Self { scope, now, via, import: None, contact: None }
    }
}
