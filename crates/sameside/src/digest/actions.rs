//! The verbs of digests: keep them in the morning, choose how often, write down what was said in the review.

use crate::accounts::{Act, Workspace};
use crate::app::App;
use crate::base::{Date, Id};
use crate::digest::{Choice, Meeting, Span, pages, store};
use crate::error::{Error, Result};
use crate::records::{self, Kept};
use db::Tx;

/// How long a digest can be read again, in days.
const KEPT_DAYS: i64 = 400;

/// Keeps the digests of a morning, each as its member would see it now.
///
/// # Errors
/// What the database says.
pub async fn keep_all(app: &App, workspace: Id<Workspace>) -> Result<()> {
    let all = store::choices(&mut app.read().await?, workspace).await?;
    let now = app.now();
    for (member, choice) in all {
        let seat = crate::accounts::actions::seat_for(&mut app.read().await?, workspace, member).await?;
        let Some(seat) = seat else { continue };
        let today = now.day(&seat.zone());
        let mut made = Vec::new();
        for span in choice.unwrap_or(Choice::Daily).due(today) {
            if store::kept(&mut app.read().await?, member, span, today).await?.is_none() {
                made.push(span);
            }
        }
        if made.is_empty() {
            continue;
        }
        let documents = pages::made(app, seat, now, &made).await?;
        app.write(move |tx| {
            Box::pin(async move {
                for (span, document) in documents {
                    store::keep(tx, workspace, member, (span, today), document, now).await?;
                }
                Ok(())
            })
        })
        .await?;
    }
    let before = now.day(&jiff::tz::TimeZone::UTC).plus_days(-KEPT_DAYS);
    app.write(move |tx| Box::pin(async move { Ok(store::let_go(tx, workspace, before).await?) })).await
}

/// A member chooses how often.
///
/// # Errors
/// What the database says.
pub async fn choose(tx: &mut Tx, act: &Act, choice: Choice) -> Result<()> {
    let member = act.scope.member().ok_or(Error::NotFound)?;
    Ok(store::choose(tx, act.scope.workspace(), member, choice, act.now).await?)
}

/// Writes down what was said about a week; nothing takes the sheet away.
///
/// # Errors
/// `Forbidden`, `Invalid`, `Conflict`.
pub async fn note(
    tx: &mut Tx,
    act: &Act,
    week: Date,
    version: Option<i64>,
    note: String,
) -> Result<Option<Kept<Meeting>>> {
    let kept = store::meeting(tx, act.scope.workspace(), week).await?;
    match (kept, note.is_empty()) {
        (None, true) => Ok(None),
        (None, false) => records::create(tx, act, Meeting { week, note }).await.map(Some),
        (Some(kept), true) => records::remove::<Meeting>(tx, act, kept.id).await.map(|()| None),
        (Some(kept), false) => {
            let edit = |meeting: &mut Meeting| {
                meeting.note = note;
                Ok(())
            };
            // A sheet that somebody began meanwhile is not written over by one that was empty.
            let version = version.or(Some(0));
            records::change(tx, act, kept.id, version, edit).await.map(Some)
        }
    }
}

impl Span {
    /// The day a digest of this span is called by.
    pub fn begin(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => crate::digest::choice::monday(day),
        }
    }
}
