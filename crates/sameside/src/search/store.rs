//! Looking records up by name.

use crate::accounts::{Scope, Workspace};
use crate::base::{Id, When};
use crate::records::store::brief_select;
use crate::records::{Brief, Kind};
use db::{Conn, Result, Sql, Tx, Value, sql};

/// The most records of one name that are told apart.
pub const NAMESAKES_MAX: i64 = 20;

/// The column in which a kind keeps its folded name, and what else its index begins with.
const fn folded(kind: Kind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        Kind::Company | Kind::Contact | Kind::Product | Kind::Member => ("name_folded", ""),
        Kind::Deal => (
            "title_folded",
            " and standing in ('open', 'paused', 'agreed', 'verified', 'walked_away', 'declined')",
        ),
        _ => return None,
    })
}

/// The live records with exactly this name; the caller asks the scope about each.
///
/// # Errors
/// What the database says.
pub async fn named(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    kind: Kind,
    name_folded: &str,
) -> Result<Vec<Brief>> {
    let Some((column, also)) = folded(kind) else { return Ok(Vec::new()) };
    let sql = format!(
        "{} where workspace_id = $1{also} and {column} = $2 and removed_at is null order by id limit $3",
        brief_select(kind)
    );
    conn.all(Sql::built(sql), vec![workspace.into(), name_folded.into(), NAMESAKES_MAX.into()]).await
}

/// Live records whose name begins so, as far as this person may see them; by name.
///
/// # Errors
/// What the database says.
pub async fn beginning(
    conn: &mut Conn,
    scope: &Scope,
    kind: Kind,
    start_folded: &str,
    limit: i64,
) -> Result<Vec<Brief>> {
    let Some((column, also)) = folded(kind) else { return Ok(Vec::new()) };
    let mut values: Vec<Value> = vec![
        scope.workspace().into(),
        start_folded.into(),
        format!("{start_folded}\u{10ffff}").into(),
        limit.into(),
    ];
    let mut whose = String::new();
    let has_owner = matches!(kind, Kind::Company | Kind::Contact | Kind::Deal);
    if let Some(owners) = scope.owners().filter(|_| has_owner) {
        whose = format!(
            " and (owner_id is null or owner_id in ({}))",
            if owners.is_empty() {
                "null".to_owned()
            } else {
                Sql::placeholders(values.len() + 1, owners.len())
            }
        );
        values.extend(owners.iter().map(|owner| Value::from(*owner)));
    }
    // Deals lie in the index by how they stand: sorting all that begin so would read them all.
    let order = if kind == Kind::Deal { String::new() } else { format!(" order by {column}") };
    let sql = format!(
        "{} where workspace_id = $1{also} and {column} >= $2 and {column} < $3 and removed_at is null{whose}{order} limit $4",
        brief_select(kind)
    );
    conn.all(Sql::built(sql), values).await
}

/// An event as the index of words reads it: place, workspace, kind, record.
pub type Seen = (i64, Id<Workspace>, String, uuid::Uuid);

/// Up to which event words were taken in, and by which rules.
///
/// # Errors
/// What the database says.
pub async fn place(conn: &mut Conn) -> Result<Option<(i64, i64)>> {
    conn.first(sql!("select rules, seq from search_place where name = 'words'"), vec![]).await
}

/// Forgets every word and begins again at the first event.
///
/// # Errors
/// What the database says.
pub async fn begin_again(tx: &mut Tx, rules: i64) -> Result<()> {
    tx.run(sql!("delete from search_word"), vec![]).await?;
    tx.run(sql!("delete from search_place"), vec![]).await?;
    tx.run(sql!("insert into search_place (name, rules, seq) values ('words', $1, 0)"), vec![rules.into()])
        .await
        .map(drop)
}

/// Moves the place on; false if somebody else did meanwhile.
///
/// # Errors
/// What the database says.
pub async fn move_on(tx: &mut Tx, from: i64, to: i64) -> Result<bool> {
    let sql = sql!("update search_place set seq = $2 where name = 'words' and seq = $1");
    Ok(tx.run(sql, vec![from.into(), to.into()]).await? == 1)
}

/// The events after a place that happened until a moment, oldest first.
///
/// # Errors
/// What the database says.
pub async fn events_after(conn: &mut Conn, seq: i64, until: When, limit: i64) -> Result<Vec<Seen>> {
    conn.all(
        sql!("select seq, workspace_id, kind, subject_id from history where seq > $1 and at <= $2 order by seq limit $3"),
        vec![seq.into(), until.into(), limit.into()],
    )
    .await
}

/// What a kind is found by, beside its name.
const fn found_by(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Company => "name, domain, city",
        Kind::Contact => "name, email, job_title",
        Kind::Product => "name, family, null",
        Kind::Request => "title, said, null",
        Kind::Deal | Kind::Activity | Kind::Task => "title, null, null",
        _ => return None,
    })
}

/// The texts by which live records are found. A kind that is not searched has none.
///
/// # Errors
/// What the database says.
pub async fn texts(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    kind: Kind,
    ids: &[uuid::Uuid],
) -> Result<Vec<(uuid::Uuid, String)>> {
    let Some(columns) = found_by(kind) else { return Ok(Vec::new()) };
    let sql = format!(
        "select id, {columns} from {} where (workspace_id = $1) is true and removed_at is null and id in ({})",
        kind.code(),
        Sql::placeholders(2, ids.len())
    );
    let values = std::iter::once(workspace.into()).chain(ids.iter().map(|id| (*id).into())).collect();
    let rows =
        conn.all::<(uuid::Uuid, String, Option<String>, Option<String>)>(Sql::built(sql), values).await?;
    let joined = |name: String, more: [Option<String>; 2]| {
        more.into_iter().flatten().fold(name, |text, more| format!("{text} {more}"))
    };
    Ok(rows.into_iter().map(|(id, name, b, c)| (id, joined(name, [b, c]))).collect())
}

/// Rows put into one `insert`.
const WORDS_PER_INSERT: usize = 200;

/// Forgets the words of these records.
///
/// # Errors
/// What the database says.
pub async fn forget(tx: &mut Tx, ids: &[uuid::Uuid]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let sql = format!("delete from search_word where record_id in ({})", Sql::placeholders(1, ids.len()));
    tx.run(Sql::built(sql), ids.iter().map(|id| Value::from(*id)).collect()).await.map(drop)
}

/// Remembers words of records.
///
/// # Errors
/// What the database says.
pub async fn remember(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    kind: Kind,
    words: &[(uuid::Uuid, String)],
) -> Result<()> {
    for some in words.chunks(WORDS_PER_INSERT) {
        let rows: Vec<String> =
            (0..some.len()).map(|n| format!("($1, $2, ${}, ${})", n * 2 + 3, n * 2 + 4)).collect();
        let sql = format!(
            "insert into search_word (workspace_id, kind, record_id, word) values {}",
            rows.join(", ")
        );
        let mut values: Vec<Value> = vec![workspace.into(), kind.into()];
        for (id, word) in some {
            values.extend([(*id).into(), word.clone().into()]);
        }
        tx.run(Sql::built(sql), values).await?;
    }
    Ok(())
}

/// Rows looked at for the first of several words.
const LOOKED_AT_MAX: i64 = 5_000;

/// The records that have, for each of these, a word that begins so (or is exactly so); `limit` of a kind at most.
///
/// # Errors
/// What the database says.
pub async fn with_words(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    kind: Kind,
    words: &[(String, bool)],
    limit: i64,
) -> Result<Vec<uuid::Uuid>> {
    let Some((first, others)) = words.split_first() else { return Ok(Vec::new()) };
    let mut values: Vec<Value> = vec![
        workspace.into(),
        kind.into(),
        first.0.clone().into(),
        last_of(first).into(),
        LOOKED_AT_MAX.into(),
        limit.into(),
    ];
    let mut also = String::new();
    for (n, word) in others.iter().enumerate() {
        let at = values.len() + 1;
        values.extend([word.0.clone().into(), last_of(word).into()]);
        also.push_str(&format!(
            "{} exists (select 1 from search_word w where w.record_id = a.record_id and w.word >= ${at} and w.word <= ${})",
            if n == 0 { " where" } else { " and" },
            at + 1
        ));
    }
    let sql = format!(
        "select distinct a.record_id from (select record_id from search_word where workspace_id = $1 and word >= $3 and word <= $4
           and kind = $2 order by word limit $5) a{also} limit $6"
    );
    let rows = conn.all::<(uuid::Uuid,)>(Sql::built(sql), values).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The greatest word that is meant: itself, or whatever begins so.
fn last_of((word, is_whole): &(String, bool)) -> String {
    if *is_whole { word.clone() } else { format!("{word}\u{10ffff}") }
}

/// Different words that begin so, each looked up once however many records have it.
///
/// # Errors
/// What the database says.
pub async fn vocabulary(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    start: &str,
    limit: i64,
) -> Result<Vec<String>> {
    let rows = conn
        .all::<(String,)>(
            sql!(
                "with recursive known (word) as (
                   select min(word) from search_word where workspace_id = $1 and word >= $2 and word < $3
                   union all
                   select (select min(s.word) from search_word s where s.workspace_id = $1 and s.word > k.word and s.word < $3)
                   from known k where k.word is not null
                 ) select word from known where word is not null limit $4"
            ),
            vec![workspace.into(), start.into(), format!("{start}\u{10ffff}").into(), limit.into()],
        )
        .await?;
    Ok(rows.into_iter().map(|(word,)| word).collect())
}
