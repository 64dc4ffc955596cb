//! Migrations: written once, run in order, each in one transaction with the row that says it was done.
//!
//! The table `migration` has one row for each that ran: its name and the hash of its text. A database that
//! carries a migration this program does not know, or another text under a known name, is not its own and is
//! refused. A row is written before the work and completed with it, so a migration cut in the middle (by a
//! database that commits each statement of a schema by itself) is seen at the next start and refused too.

use crate::{Conn, Db, Dialect, Error, Result, Tx, sql};

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// The file's name, such as `0001_accounts`; names sort in the order in which they run.
    pub name: &'static str,
    /// Its statements, with the neutral type words of [`crate::Dialect`].
    pub sql: &'static str,
}

impl Migration {
    /// The hash by which its text is known again.
    pub fn hash(&self) -> String {
        fingerprint(self.sql)
    }
}

/// A migration that ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// Its name.
    pub name: String,
    /// The hash of its text.
    pub hash: String,
    /// False if it was cut in the middle.
    pub is_done: bool,
}

/// The migrations that ran, in order; none in an empty database.
///
/// # Errors
/// What the database says.
pub async fn ran(conn: &mut Conn) -> Result<Vec<Ran>> {
    let known = match conn.dialect() {
        Dialect::Sqlite => {
            sql!("select count(*) from sqlite_master where type = 'table' and name = 'migration'")
        }
        Dialect::Postgres => sql!(
            "select count(*) from information_schema.tables
             where table_schema = current_schema() and table_name = 'migration'"
        ),
    };
    if conn.first::<(i64,)>(known, vec![]).await?.is_none_or(|(count,)| count == 0) {
        return Ok(Vec::new());
    }
    let list = sql!("select name, hash, done from migration order by name limit 10000");
    let rows = conn.all::<(String, String, i64)>(list, vec![]).await?;
    Ok(rows.into_iter().map(|(name, hash, done)| Ran { name, hash, is_done: done == 1 }).collect())
}

/// How the database stands to a list of migrations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing ran yet.
    Empty,
    /// Exactly these ran.
    Current,
    /// Some of these are still to run.
    Behind,
    /// Something else ran, or something was cut in the middle: the sentence says what.
    Foreign(String),
}

/// Compares the database with `migrations`.
///
/// # Errors
/// What the database says.
pub async fn state(db: &Db, migrations: &[Migration]) -> Result<State> {
    let ran = ran(&mut db.read().await?).await?;
    if ran.is_empty() {
        return Ok(State::Empty);
    }
    for (n, Ran { name, hash, is_done }) in ran.iter().enumerate() {
        if !is_done {
            return Ok(State::Foreign(format!(
                "migration {name} was cut in the middle: restore the backup made before it"
            )));
        }
        match migrations.get(n) {
            None => {
                return Ok(State::Foreign(format!(
                    "migration {name} is newer than this program: use the newer program"
                )));
            }
            Some(own) if own.name != name || own.hash() != *hash => {
                return Ok(State::Foreign(format!("migration {name} is not this program's {}", own.name)));
            }
            Some(_) => {}
        }
    }
    Ok(if ran.len() == migrations.len() { State::Current } else { State::Behind })
}

/// Brings the database up to date.
///
/// # Errors
/// [`Error::Schema`] when it is not this program's own; what the database says of a statement, and then the
/// schema is as it was before that migration.
pub async fn run(db: &Db, migrations: &'static [Migration]) -> Result<()> {
    match state(db, migrations).await? {
        State::Current => return Ok(()),
        State::Foreign(why) => return Err(Error::Schema(why)),
        State::Empty => {
            write(db, |tx| {
                Box::pin(async move {
                    let table = "create table if not exists migration (name {text} primary key, hash {text} not null, done {int} not null) {table};";
                    tx.script(tx.dialect().translate(table)).await
                })
            })
            .await?;
        }
        State::Behind => {}
    }
    let done = ran(&mut db.read().await?).await?.len();
    for migration in migrations.iter().skip(done) {
        let (name, text) = (migration.name, migration.sql);
        write(db, move |tx| {
            Box::pin(async move {
                let row = vec![name.into(), fingerprint(text).into()];
                tx.run(sql!("insert into migration (name, hash, done) values ($1, $2, 0)"), row)
                    .await
                    .map(drop)
            })
        })
        .await?;
        let done = write(db, move |tx| {
            Box::pin(async move {
                tx.script(tx.dialect().translate(text)).await?;
                tx.run(sql!("update migration set done = 1 where name = $1"), vec![name.into()])
                    .await
                    .map(drop)
            })
        })
        .await;
        if let Err(error) = done {
            // The work was rolled back whole, so the mark is taken back: the schema is as it was.
            write(db, move |tx| {
                Box::pin(async move {
                    tx.run(sql!("delete from migration where name = $1 and done = 0"), vec![name.into()])
                        .await
                        .map(drop)
                })
            })
            .await?;
            return Err(Error::Schema(format!("migration {name} did not run: {error}")));
        }
        tracing::info!(name, "migrated");
    }
    Ok(())
}

async fn write<F>(db: &Db, work: F) -> Result<()>
where
    F: for<'t> FnOnce(&'t mut Tx) -> crate::Writing<'t, (), Error> + Clone + Send + 'static,
{
    db.write(work).await
}

/// FNV-1a over the text: enough to see that a migration was edited after it ran.
fn fingerprint(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
