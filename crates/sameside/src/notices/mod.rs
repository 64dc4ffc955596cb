//! What members are told of in the app: something a client did, a yes that is asked or given, something that became
//! theirs, a condition that came, work that failed. Serves P14 and P18: nobody waits because nobody saw.
//!
//! One line inside the transaction of what happens tells somebody: [`tell`]. It is on their page of notices, counted at
//! the bell, and pops up on the pages they have open. In quiet hours it is kept, and shown after.
//!
//! Invariants: nobody is told of what they did themselves; a notice belongs to one member and is read by nobody else;
//! the newest [`KEPT_MAX`] are kept.

mod pages;
mod quiet;
pub(crate) mod store;

pub use pages::{Line, from_clients, routes};
pub use quiet::Quiet;

use crate::accounts::{Act, Member, Right, Workspace};
use crate::base::{Id, codes};
use crate::error::Result;
use db::Tx;

/// How many notices of a member are kept, the newest.
pub const KEPT_MAX: i64 = 500;
/// How many admins are told of what failed.
const ADMINS_MAX: i64 = 20;
/// The longest notice, in characters.
const WORDS_CHARS_MAX: usize = 400;

codes! {
    /// Where a notice comes from.
    pub enum Source {
        /// A client did something on their page.
        Client = "client", "A client";
        /// Somebody asks for a yes.
        Asked = "asked", "Waits for your yes";
        /// Somebody answered what was asked.
        Answered = "answered", "Answered";
        /// Something became theirs.
        Given = "given", "Yours now";
        /// What was waited for has come.
        Come = "come", "It has come";
        /// Something did not work.
        Failed = "failed", "Did not work";
    }
}

/// What somebody is told.
#[derive(Debug, Clone)]
pub struct News {
    /// Where it comes from.
    pub source: Source,
    /// In a sentence without its full stop: `Maria Oliveira chose offer 2 in Saturday orders`.
    pub words: String,
    /// Where it can be seen.
    pub path: String,
    /// The deal or other record it is about.
    pub about: Option<uuid::Uuid>,
}

impl News {
    /// Something to tell.
    pub fn new(source: Source, words: impl Into<String>, path: impl Into<String>) -> Self {
        Self { source, words: words.into(), path: path.into(), about: None }
    }
}

/// Tells a member, unless it is who acts.
///
/// # Errors
/// What the database says.
pub async fn tell(tx: &mut Tx, act: &Act, member: Id<Member>, mut news: News) -> Result<()> {
    if act.scope.member() == Some(member) {
        return Ok(());
    }
    news.words = news.words.chars().take(WORDS_CHARS_MAX).collect();
    Ok(store::insert(tx, act.scope.workspace(), member, act.now, &news).await?)
}

/// Tells every admin of a workspace who can come in, but who acts.
///
/// # Errors
/// What the database says.
pub async fn tell_admins(tx: &mut Tx, act: &Act, news: News) -> Result<()> {
    tell_who_may(tx, act, Right::Administer, news).await
}

/// Tells everybody with a right who can come in, but who acts; the first twenty.
///
/// # Errors
/// What the database says.
pub async fn tell_who_may(tx: &mut Tx, act: &Act, right: Right, news: News) -> Result<()> {
    let workspace: Id<Workspace> = act.scope.workspace();
    for (member, role) in store::active(tx, workspace, ADMINS_MAX).await? {
        if role.has(right) {
            tell(tx, act, member, news.clone()).await?;
        }
    }
    Ok(())
}
