//! What members are told of in the app: something a client did, a yes that is asked or given, something that became
//! theirs, a promise that is due, a condition that came, work that failed. Serves P14 and P18: nobody waits because nobody
//! saw.
//!
//! One line inside the transaction of what happens tells somebody: [`tell`]. It is on their page of notices, counted at
//! the bell, and pops up on the pages they have open. In quiet hours it is kept, and shown after. What is due, and so looked
//! at again and again, is told once: [`tell_once`], by a mark that says what and for when.
//!
//! Invariants: nobody is told of what they did themselves; a notice belongs to one member and is read by nobody else;
//! the newest [`KEPT_MAX`] are kept.

mod pages;
mod quiet;
pub(crate) mod store;

pub use pages::{Line, from_clients, routes};
pub use quiet::Quiet;

use crate::accounts::{Act, Member, Right, Workspace};
use crate::app::App;
use crate::base::{Id, codes};
use crate::error::Result;
use db::{Conn, Tx};

/// How many notices of a member are kept, the newest.
pub const KEPT_MAX: i64 = 500;
/// How long it is remembered what was told once, in days: longer than anything is looked back for.
const MARKS_DAYS: i64 = 120;
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
        /// What was promised comes near, or has passed.
        Due = "due", "Promised";
        /// Something feels or looks otherwise than before.
        Changed = "changed", "Look again";
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

/// Something to tell once: to whom, by which mark, what.
pub type Once = (Id<Member>, String, News);

/// Tells a member, unless it was told them by this mark before, or it is who acts.
///
/// # Errors
/// What the database says.
pub async fn tell_once(tx: &mut Tx, act: &Act, (member, mark, news): Once) -> Result<()> {
    if act.scope.member() != Some(member) && store::mark_told(tx, member, &mark, act.now).await? {
        tell(tx, act, member, news).await?;
    }
    Ok(())
}

/// Tells all of it that was not told before; answers with how much that was. For work that looks again and again: it writes
/// only where there is something new.
///
/// # Errors
/// What the database says.
pub async fn tell_all_once(app: &App, act: &Act, all: Vec<Once>) -> Result<usize> {
    let mut conn = app.read().await?;
    let mut fresh = Vec::new();
    for one in all {
        if !store::is_told(&mut conn, one.0, &one.1).await? {
            fresh.push(one);
        }
    }
    drop(conn);
    let (count, act) = (fresh.len(), act.clone());
    if count > 0 {
        app.write(move |tx| {
            Box::pin(async move {
                // Both live as long as the transaction: they are moved into this future.
                let (act, fresh) = (act, fresh);
                store::forget_told(tx, act.now.plus_days(-MARKS_DAYS)).await?;
                for one in fresh {
                    tell_once(tx, &act, one).await?;
                }
                Ok(())
            })
        })
        .await?;
    }
    Ok(count)
}

/// Everybody with a right who can come in; the first twenty.
///
/// # Errors
/// What the database says.
pub async fn who_may(conn: &mut Conn, workspace: Id<Workspace>, right: Right) -> Result<Vec<Id<Member>>> {
    let all = store::active(conn, workspace, ADMINS_MAX).await?;
    Ok(all.into_iter().filter(|(_, role)| role.has(right)).map(|(member, _)| member).collect())
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
    for member in who_may(tx, act.scope.workspace(), right).await? {
        tell(tx, act, member, news.clone()).await?;
    }
    Ok(())
}
