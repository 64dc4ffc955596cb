//! A connection that reads, and a transaction that writes.

use crate::{Dialect, Error, FromRow, Result, Row, Sql, Value};
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::{StreamExt, TryStreamExt};
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Postgres, SqlSafeStr, Sqlite, Transaction};
use std::ops::{Deref, DerefMut};

/// A connection to read with. On SQLite it cannot write at all.
pub struct Conn(pub(crate) Inner);

pub(crate) enum Inner {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteWrite(Transaction<'static, Sqlite>),
    PostgresRead(PoolConnection<Postgres>),
    PostgresWrite(Transaction<'static, Postgres>),
}

/// A transaction that writes; also reads, and sees what it wrote. Only [`crate::Db::write`] gives one.
pub struct Tx(pub(crate) Conn);

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

enum Either<'c> {
    Sqlite(&'c mut sqlx::SqliteConnection),
    Postgres(&'c mut sqlx::PgConnection),
}

/// Both databases bind the same values.
macro_rules! bound {
    (Sqlite, $sql:expr, $values:expr) => {{
        bound!(@ Sqlite, $sql.unnumbered().unwrap_or_else(|| $sql.text().to_owned()), $values)
    }};
    (Postgres, $sql:expr, $values:expr) => {{ bound!(@ Postgres, $sql.text().to_owned(), $values) }};
    (@ $driver:ty, $text:expr, $values:expr) => {{
        let mut query = sqlx::query::<$driver>(AssertSqlSafe($text).into_sql_str());
        for value in $values {
            query = match value {
                Value::Int(v) => query.bind(v),
                Value::Real(v) => query.bind(v),
                Value::Text(v) => query.bind(v),
                Value::Bytes(v) => query.bind(v),
                Value::Id(v) => query.bind(v),
            };
        }
        query
    }};
}

// What awaits the drivers is boxed: their futures are deep, and everything above would carry them in its own type and
// be checked and compiled with them anew.
impl Conn {
    /// Which database answers.
    pub const fn dialect(&self) -> Dialect {
        match self.0 {
            Inner::SqliteRead(_) | Inner::SqliteWrite(_) => Dialect::Sqlite,
            Inner::PostgresRead(_) | Inner::PostgresWrite(_) => Dialect::Postgres,
        }
    }

    fn either(&mut self) -> Either<'_> {
        match &mut self.0 {
            Inner::SqliteRead(conn) => Either::Sqlite(conn),
            Inner::SqliteWrite(tx) => Either::Sqlite(tx),
            Inner::PostgresRead(conn) => Either::Postgres(conn),
            Inner::PostgresWrite(tx) => Either::Postgres(tx),
        }
    }

    /// Every row of the answer; statements that may answer with many carry a `limit`.
    ///
    /// # Errors
    /// What the database or the shape of a row says.
    pub async fn all<T: FromRow>(&mut self, sql: Sql, values: Vec<Value>) -> Result<Vec<T>> {
        let rows = self.rows(sql, values).await?;
        rows.into_iter().map(|row| T::from_row(&mut row.reader())).collect()
    }

    fn rows(&mut self, sql: Sql, values: Vec<Value>) -> BoxFuture<'_, Result<Vec<Row>>> {
        async move {
            count(&sql, &values)?;
            Ok(match self.either() {
                Either::Sqlite(conn) => {
                    let rows = bound!(Sqlite, sql, values).fetch_all(conn).await?;
                    rows.into_iter().map(Row::Sqlite).collect()
                }
                Either::Postgres(conn) => {
                    let rows = bound!(Postgres, sql, values).fetch_all(conn).await?;
                    rows.into_iter().map(Row::Postgres).collect()
                }
            })
        }
        .boxed()
    }

    /// The first row of the answer, if there is one.
    ///
    /// # Errors
    /// What the database or the shape of the row says.
    pub async fn first<T: FromRow>(&mut self, sql: Sql, values: Vec<Value>) -> Result<Option<T>> {
        let row = self.row(sql, values).await?;
        row.map(|row| T::from_row(&mut row.reader())).transpose()
    }

    fn row(&mut self, sql: Sql, values: Vec<Value>) -> BoxFuture<'_, Result<Option<Row>>> {
        async move {
            count(&sql, &values)?;
            Ok(match self.either() {
                Either::Sqlite(conn) => {
                    bound!(Sqlite, sql, values).fetch_optional(conn).await?.map(Row::Sqlite)
                }
                Either::Postgres(conn) => {
                    bound!(Postgres, sql, values).fetch_optional(conn).await?.map(Row::Postgres)
                }
            })
        }
        .boxed()
    }

    /// Hands each row to `take` as it arrives: for answers too large to hold.
    ///
    /// # Errors
    /// What the database says, or the first error of `take`, which ends the reading.
    pub async fn each(
        &mut self,
        sql: Sql,
        values: Vec<Value>,
        mut take: impl FnMut(&Row) -> Result<()> + Send,
    ) -> Result<()> {
        self.stream(sql, values, &mut take).await
    }

    fn stream<'c>(
        &'c mut self,
        sql: Sql,
        values: Vec<Value>,
        take: &'c mut (dyn FnMut(&Row) -> Result<()> + Send),
    ) -> BoxFuture<'c, Result<()>> {
        async move {
            count(&sql, &values)?;
            match self.either() {
                Either::Sqlite(conn) => {
                    let mut rows = bound!(Sqlite, sql, values).fetch(conn).map(|row| row.map(Row::Sqlite));
                    while let Some(row) = rows.try_next().await? {
                        take(&row)?;
                    }
                }
                Either::Postgres(conn) => {
                    let mut rows =
                        bound!(Postgres, sql, values).fetch(conn).map(|row| row.map(Row::Postgres));
                    while let Some(row) = rows.try_next().await? {
                        take(&row)?;
                    }
                }
            }
            Ok(())
        }
        .boxed()
    }

    /// Only prepares the statement: how a test proves that both databases understand it.
    ///
    /// # Errors
    /// What the database says of it.
    pub async fn prepare(&mut self, sql: Sql) -> Result<()> {
        use sqlx::Executor;
        let text = AssertSqlSafe(sql.text().to_owned()).into_sql_str();
        match self.either() {
            Either::Sqlite(conn) => drop(conn.prepare(text).await?),
            Either::Postgres(conn) => drop(conn.prepare(text).await?),
        }
        Ok(())
    }
}

impl Tx {
    /// Runs a statement that changes something; answers with how many rows it touched.
    ///
    /// # Errors
    /// What the database says; a broken uniqueness is [`Error::Unique`].
    pub fn run(&mut self, sql: Sql, values: Vec<Value>) -> BoxFuture<'_, Result<u64>> {
        async move {
            count(&sql, &values)?;
            Ok(match self.either() {
                Either::Sqlite(conn) => bound!(Sqlite, sql, values).execute(conn).await?.rows_affected(),
                Either::Postgres(conn) => bound!(Postgres, sql, values).execute(conn).await?.rows_affected(),
            })
        }
        .boxed()
    }

    /// Runs several statements in one text without parameters: migrations.
    pub(crate) async fn script(&mut self, text: String) -> Result<()> {
        use sqlx::Executor;
        let text = AssertSqlSafe(text).into_sql_str();
        match self.either() {
            Either::Sqlite(conn) => conn.execute(sqlx::raw_sql(text)).await.map(|_| ())?,
            Either::Postgres(conn) => conn.execute(sqlx::raw_sql(text)).await.map(|_| ())?,
        }
        Ok(())
    }

    pub(crate) fn commit(self) -> BoxFuture<'static, Result<()>> {
        async move {
            match self.0.0 {
                Inner::SqliteWrite(tx) => tx.commit().await?,
                Inner::PostgresWrite(tx) => tx.commit().await?,
                Inner::SqliteRead(_) | Inner::PostgresRead(_) => {}
            }
            Ok(())
        }
        .boxed()
    }

    pub(crate) fn rollback(self) -> BoxFuture<'static, Result<()>> {
        async move {
            match self.0.0 {
                Inner::SqliteWrite(tx) => tx.rollback().await?,
                Inner::PostgresWrite(tx) => tx.rollback().await?,
                Inner::SqliteRead(_) | Inner::PostgresRead(_) => {}
            }
            Ok(())
        }
        .boxed()
    }
}

fn count(sql: &Sql, values: &[Value]) -> Result<()> {
    let wanted = sql.parameters();
    if wanted == values.len() {
        return Ok(());
    }
    Err(Error::Shape(format!("{wanted} parameters, {} values: {}", values.len(), sql.text())))
}
