//! A connection that reads, and a transaction that writes.

use crate::sqlite::{Lent, in_place};
use crate::{Dialect, Error, FromRow, Result, Row, Sql, Value};
use futures_util::TryStreamExt;
use futures_util::future::{BoxFuture, FutureExt};
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, SqlSafeStr, Transaction};
use std::ops::{Deref, DerefMut};

/// A connection to read with. On SQLite it cannot write at all.
pub struct Conn(pub(crate) Inner);

pub(crate) enum Inner {
    /// A reader, or the writer within its transaction; the loan's end is the transaction's.
    Sqlite(Lent),
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
    Sqlite(&'c Lent),
    Postgres(&'c mut PgConnection),
}

macro_rules! bound {
    ($sql:expr, $values:expr) => {{
        let mut query = sqlx::query::<Postgres>(AssertSqlSafe($sql.text().to_owned()).into_sql_str());
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

/// Takes a row of an answer; `false` ends it.
type Take<'t> = dyn FnMut(&Row<'_>) -> Result<bool> + Send + 't;

impl Conn {
    /// Which database answers.
    pub const fn dialect(&self) -> Dialect {
        match self.0 {
            Inner::Sqlite(_) => Dialect::Sqlite,
            Inner::PostgresRead(_) | Inner::PostgresWrite(_) => Dialect::Postgres,
        }
    }

    fn either(&mut self) -> Either<'_> {
        match &mut self.0 {
            Inner::Sqlite(conn) => Either::Sqlite(conn),
            Inner::PostgresRead(conn) => Either::Postgres(conn),
            Inner::PostgresWrite(tx) => Either::Postgres(tx),
        }
    }

    /// Every row of the answer; statements that may answer with many carry a `limit`.
    ///
    /// # Errors
    /// What the database or the shape of a row says.
    pub async fn all<T: FromRow + Send>(&mut self, sql: Sql, values: Vec<Value>) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.visit(sql, values, &mut |row| {
            rows.push(T::from_row(&mut row.reader())?);
            Ok(true)
        })
        .await?;
        Ok(rows)
    }

    /// The first row of the answer, if there is one.
    ///
    /// # Errors
    /// What the database or the shape of the row says.
    pub async fn first<T: FromRow + Send>(&mut self, sql: Sql, values: Vec<Value>) -> Result<Option<T>> {
        let mut first = None;
        self.visit(sql, values, &mut |row| {
            first = Some(T::from_row(&mut row.reader())?);
            Ok(false)
        })
        .await?;
        Ok(first)
    }

    /// Hands each row to `take` as it arrives: for answers too large to hold.
    ///
    /// # Errors
    /// What the database says, or the first error of `take`, which ends the reading.
    pub async fn each(
        &mut self,
        sql: Sql,
        values: Vec<Value>,
        mut take: impl FnMut(&Row<'_>) -> Result<()> + Send,
    ) -> Result<()> {
        let mut take = |row: &Row<'_>| take(row).map(|()| true);
        match &self.0 {
            Inner::Sqlite(conn) => {
                count(&sql, &values)?;
                in_place(|| conn.rows(&sql, &values, &mut take))
            }
            _ => self.visit(sql, values, &mut take).await,
        }
    }

    /// Boxed, since the driver's futures are deep: everything above would carry them in its own type and be checked
    /// and compiled with them anew.
    fn visit<'c>(
        &'c mut self,
        sql: Sql,
        values: Vec<Value>,
        take: &'c mut Take<'_>,
    ) -> BoxFuture<'c, Result<()>> {
        async move {
            count(&sql, &values)?;
            match self.either() {
                Either::Sqlite(conn) => conn.rows(&sql, &values, take),
                Either::Postgres(conn) => {
                    let mut rows = bound!(sql, values).fetch(conn);
                    while let Some(row) = rows.try_next().await? {
                        if !take(&Row::Postgres(&row))? {
                            break;
                        }
                    }
                    Ok(())
                }
            }
        }
        .boxed()
    }

    /// Only prepares the statement: how a test proves that both databases understand it.
    ///
    /// # Errors
    /// What the database says of it.
    pub async fn prepare(&mut self, sql: Sql) -> Result<()> {
        use sqlx::Executor;
        match self.either() {
            Either::Sqlite(conn) => conn.prepare(&sql)?,
            Either::Postgres(conn) => {
                drop(conn.prepare(AssertSqlSafe(sql.text().to_owned()).into_sql_str()).await?);
            }
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
            match self.either() {
                Either::Sqlite(conn) => conn.run(&sql, &values),
                Either::Postgres(conn) => Ok(bound!(sql, values).execute(conn).await?.rows_affected()),
            }
        }
        .boxed()
    }

    /// Runs several statements in one text without parameters: migrations.
    pub(crate) async fn script(&mut self, text: String) -> Result<()> {
        use sqlx::Executor;
        match self.either() {
            Either::Sqlite(conn) => conn.script(&text),
            Either::Postgres(conn) => {
                let text = AssertSqlSafe(text).into_sql_str();
                Ok(conn.execute(sqlx::raw_sql(text)).await.map(drop)?)
            }
        }
    }

    pub(crate) fn commit(self) -> BoxFuture<'static, Result<()>> {
        async move {
            match self.0.0 {
                Inner::Sqlite(conn) => conn.script("commit"),
                Inner::PostgresWrite(tx) => Ok(tx.commit().await?),
                Inner::PostgresRead(_) => Ok(()),
            }
        }
        .boxed()
    }

    pub(crate) fn rollback(self) -> BoxFuture<'static, Result<()>> {
        async move {
            match self.0.0 {
                Inner::Sqlite(conn) => conn.script("rollback"),
                Inner::PostgresWrite(tx) => Ok(tx.rollback().await?),
                Inner::PostgresRead(_) => Ok(()),
            }
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
