//! Taking the words of changed records in, a batch of events at a time.

use crate::accounts::Workspace;
use crate::app::App;
use crate::base::{Id, When};
use crate::error::Result;
use crate::records::Kind;
use crate::search::store::{self, Seen};
use crate::search::words::words;
use db::{Dialect, Tx};
use std::collections::{BTreeMap, BTreeSet};

/// The rules by which words are made. Another number makes them all anew.
const RULES: i64 = 1;
/// Events of one batch.
const EVENTS_MAX: i64 = 400;
/// Transactions of PostgreSQL may commit in another order than they took their numbers in; so long we wait for
/// those before, in seconds.
const SETTLES_SECONDS: i64 = 10;

/// Takes in the words of records that changed since the last time, one batch; answers with how many events that
/// were. Begins again at the first event when nothing is there or the rules are others.
///
/// # Errors
/// What the database says.
pub async fn follow(app: &App) -> Result<usize> {
    let mut conn = app.read().await?;
    let seq = match store::place(&mut conn).await? {
        Some((RULES, seq)) => seq,
        _ => {
            app.write(|tx| Box::pin(async move { Ok(store::begin_again(tx, RULES).await?) })).await?;
            0
        }
    };
    let until = match conn.dialect() {
        Dialect::Sqlite => When::from_micros(i64::MAX),
        Dialect::Postgres => app.now().plus_seconds(-SETTLES_SECONDS),
    };
    let events = store::events_after(&mut conn, seq, until, EVENTS_MAX).await?;
    let Some((last, ..)) = events.last().cloned() else { return Ok(0) };
    let count = events.len();
    let changed = changed(events);
    let mut known = Vec::new();
    for ((workspace, kind), ids) in changed {
        let texts = store::texts(&mut conn, workspace, kind, &ids).await?;
        let words: Vec<_> = texts
            .into_iter()
            .flat_map(|(id, text)| words(&text).into_iter().map(move |word| (id, word)))
            .collect();
        known.push(Known { workspace, kind, ids, words });
    }
    drop(conn);
    app.write(move |tx| {
        Box::pin(async move {
            if store::move_on(tx, seq, last).await? {
                for some in &known {
                    take_in(tx, some).await?;
                }
            }
            Ok(())
        })
    })
    .await?;
    Ok(count)
}

/// The records of one kind that changed, and the words they have now.
#[derive(Clone)]
struct Known {
    workspace: Id<Workspace>,
    kind: Kind,
    ids: Vec<uuid::Uuid>,
    words: Vec<(uuid::Uuid, String)>,
}

async fn take_in(tx: &mut Tx, known: &Known) -> Result<()> {
    store::forget(tx, &known.ids).await?;
    Ok(store::remember(tx, known.workspace, known.kind, &known.words).await?)
}

/// Which records the events are about, each once, of the kinds that are searched.
fn changed(events: Vec<Seen>) -> BTreeMap<(Id<Workspace>, Kind), Vec<uuid::Uuid>> {
    let mut all: BTreeMap<(Id<Workspace>, Kind), BTreeSet<uuid::Uuid>> = BTreeMap::new();
    for (_, workspace, kind, id) in events {
        if let Some(kind) = Kind::parse(&kind).filter(|kind| super::find::KINDS.contains(kind)) {
            all.entry((workspace, kind)).or_default().insert(id);
        }
    }
    all.into_iter().map(|(key, ids)| (key, ids.into_iter().collect())).collect()
}

/// Takes everything in: tests and the command line wait for it.
///
/// # Errors
/// What the database says.
pub async fn catch_up(app: &App) -> Result<()> {
    while follow(app).await? > 0 {}
    Ok(())
}
