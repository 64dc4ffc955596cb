//! Whole tables, read and written as values: what backups and the way from one database to the other are made of.
//!
//! The catalogue comes from the database itself, so a table that a later migration adds is not forgotten. Tables
//! come in the order in which they can be filled: a table after those it refers to. A reference of a table to itself
//! (`company.parent_id`) cannot be filled in any order, so it is left out of the rows and set afterwards by
//! [`link`].

use crate::{Column as _, Conn, Dialect, Error, Result, Row, Sql, Tx, Value, sql};
use std::collections::{BTreeMap, BTreeSet};

/// Values put into one `insert`; the drivers allow 32,766 at least.
const VALUES_PER_INSERT: usize = 8_000;

/// A table as the database describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
    /// The columns of its primary key.
    pub key: Vec<String>,
    /// The tables it refers to, itself apart.
    after: BTreeSet<String>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it refers to a row of its own table.
    pub is_link: bool,
    /// Whether the database numbers it.
    is_numbered: bool,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers.
    Int,
    /// Reals.
    Real,
    /// Text.
    Text,
    /// Bytes. SQLite keeps ids as such, too.
    Bytes,
    /// Ids.
    Id,
}

impl Kind {
    /// What is written of it: ids are bytes to whoever reads a copy.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Real => "real",
            Self::Text => "text",
            Self::Bytes | Self::Id => "bytes",
        }
    }

    fn read(self, row: &Row, index: usize) -> Result<Value> {
        Ok(match self {
            Self::Int => Value::Int(Option::column(row, index)?),
            Self::Real => Value::Real(Option::column(row, index)?),
            Self::Text => Value::Text(Option::column(row, index)?),
            Self::Bytes => Value::Bytes(Option::column(row, index)?),
            Self::Id => Value::Id(Option::column(row, index)?),
        })
    }
}

impl Table {
    /// Its columns but those that refer to itself.
    pub fn plain(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| !column.is_link)
    }

    /// The columns that refer to itself.
    pub fn links(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.is_link)
    }

    /// The columns of its primary key.
    pub fn keys(&self) -> impl Iterator<Item = &Column> {
        self.key.iter().filter_map(|key| self.columns.iter().find(|column| column.name == *key))
    }
}

/// The tables of the database, each after those it refers to.
///
/// # Errors
/// What the database says; tables that refer to each other in a circle.
pub async fn tables(conn: &mut Conn) -> Result<Vec<Table>> {
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    let dialect = conn.dialect();
    for (table, column, kind, numbered) in
        conn.all::<(String, String, String, i64)>(columns_of(dialect), vec![]).await?
    {
        let kind = match kind.to_lowercase().as_str() {
            "integer" | "bigint" => Kind::Int,
            "real" | "double precision" => Kind::Real,
            "text" => Kind::Text,
            "blob" | "bytea" => Kind::Bytes,
            "uuid" => Kind::Id,
            other => return Err(Error::Shape(format!("{table}.{column} is {other}, which nobody can copy"))),
        };
        let table = tables.entry(table.clone()).or_insert_with(|| Table {
            name: table,
            columns: Vec::new(),
            key: Vec::new(),
            after: BTreeSet::new(),
        });
        table.columns.push(Column { name: column, kind, is_link: false, is_numbered: numbered == 1 });
    }
    for (table, column) in conn.all::<(String, String)>(keys_of(dialect), vec![]).await? {
        if let Some(table) = tables.get_mut(&table) {
            table.key.push(column);
        }
    }
    for (table, column, to) in conn.all::<(String, String, String)>(references_of(dialect), vec![]).await? {
        let Some(table) = tables.get_mut(&table) else { continue };
        if table.name != to {
            table.after.insert(to);
        } else if let Some(column) = table.columns.iter_mut().find(|known| known.name == column) {
            column.is_link = true;
        }
    }
    in_order(tables)
}

fn in_order(mut waiting: BTreeMap<String, Table>) -> Result<Vec<Table>> {
    let mut ordered: Vec<Table> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let ready: Vec<String> = waiting
            .values()
            .filter(|table| table.after.iter().all(|before| !waiting.contains_key(before)))
            .map(|table| table.name.clone())
            .collect();
        if ready.is_empty() {
            let circle: Vec<&str> = waiting.keys().map(String::as_str).collect();
            return Err(Error::Shape(format!(
                "tables refer to each other in a circle: {}",
                circle.join(", ")
            )));
        }
        ordered.extend(ready.iter().filter_map(|name| waiting.remove(name)));
    }
    Ok(ordered)
}

/// Hands every row of a table to `take`, in the order of its key, as the values of `columns`; with `linked` only
/// the rows that refer to another of the table.
///
/// # Errors
/// What the database says, or the first error of `take`.
pub async fn rows(
    conn: &mut Conn,
    table: &Table,
    columns: &[&Column],
    linked: bool,
    mut take: impl FnMut(Vec<Value>) -> Result<()> + Send,
) -> Result<()> {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let mut text = format!("select {} from {}", names.join(", "), table.name);
    if linked {
        let some: Vec<String> = table.links().map(|column| format!("{} is not null", column.name)).collect();
        text.push_str(&format!(" where {}", some.join(" or ")));
    }
    if !table.key.is_empty() {
        text.push_str(&format!(" order by {}", table.key.join(", ")));
    }
    conn.each(Sql::built(text), vec![], |row| {
        let values = columns.iter().enumerate().map(|(n, column)| column.kind.read(row, n));
        take(values.collect::<Result<_>>()?)
    })
    .await
}

/// Keeps every other writer out until the end of the transaction; readers go on reading what was.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &mut Tx, tables: &[Table]) -> Result<()> {
    // An SQLite transaction that writes is alone with it from its first word.
    if tx.dialect() == Dialect::Postgres && !tables.is_empty() {
        let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
        tx.run(Sql::built(format!("lock table {} in exclusive mode", names.join(", "))), vec![]).await?;
    }
    Ok(())
}

/// Empties tables, the last first.
///
/// # Errors
/// What the database says.
pub async fn clear(tx: &mut Tx, tables: &[Table]) -> Result<()> {
    for table in tables.iter().rev() {
        tx.run(Sql::built(format!("delete from {}", table.name)), vec![]).await?;
    }
    Ok(())
}

/// How many rows one [`insert`] of these columns takes.
pub fn rows_per_insert(columns: &[&Column]) -> usize {
    (VALUES_PER_INSERT / columns.len().max(1)).clamp(1, 500)
}

/// Adds rows, each with the values of `columns`; bytes become ids where the column holds ids.
///
/// # Errors
/// What the database says; a value that does not fit its column.
pub async fn insert(tx: &mut Tx, table: &Table, columns: &[&Column], rows: Vec<Vec<Value>>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let own = match tx.dialect() {
        Dialect::Postgres if columns.iter().any(|column| column.is_numbered) => " overriding system value",
        Dialect::Postgres | Dialect::Sqlite => "",
    };
    let mut text = format!("insert into {} ({}){own} values ", table.name, names.join(", "));
    for n in 0..rows.len() {
        if n > 0 {
            text.push_str(", ");
        }
        text.push_str(&format!("({})", Sql::placeholders(n * columns.len() + 1, columns.len())));
    }
    let mut values = Vec::with_capacity(rows.len() * columns.len());
    for row in rows {
        for (value, column) in row.into_iter().zip(columns) {
            values.push(fitting(value, column, table)?);
        }
    }
    tx.run(Sql::built(text), values).await.map(drop)
}

/// Sets the references of one row to others of its table: the values of `links`, then of the key.
///
/// # Errors
/// What the database says; a value that does not fit its column.
pub async fn link(tx: &mut Tx, table: &Table, values: Vec<Value>) -> Result<()> {
    let columns: Vec<&Column> = table.links().chain(table.keys()).collect();
    let (count, mut sets, mut wheres) = (table.links().count(), Vec::new(), Vec::new());
    for (n, column) in columns.iter().enumerate() {
        let term = format!("{} = ${}", column.name, n + 1);
        if n < count { sets.push(term) } else { wheres.push(term) }
    }
    let text = format!("update {} set {} where {}", table.name, sets.join(", "), wheres.join(" and "));
    let values = values.into_iter().zip(columns).map(|(value, column)| fitting(value, column, table));
    tx.run(Sql::built(text), values.collect::<Result<_>>()?).await.map(drop)
}

/// Goes on numbering after the greatest number there is, or was: a number is never given twice.
///
/// # Errors
/// What the database says.
pub async fn renumber(tx: &mut Tx, table: &Table) -> Result<()> {
    // SQLite remembers by itself.
    if tx.dialect() == Dialect::Postgres {
        for column in table.columns.iter().filter(|column| column.is_numbered) {
            let (name, column) = (&table.name, &column.name);
            let text = format!(
                "select setval(s.name, greatest(nextval(s.name), (select coalesce(max({column}), 0) from {name})))
                 from (select pg_get_serial_sequence('{name}', '{column}') as name) s"
            );
            tx.first::<(i64,)>(Sql::built(text), vec![]).await?;
        }
    }
    Ok(())
}

fn fitting(value: Value, column: &Column, table: &Table) -> Result<Value> {
    let misfit = || Error::Shape(format!("{}.{} holds {}", table.name, column.name, column.kind.word()));
    Ok(match (column.kind, value) {
        (Kind::Id, Value::Bytes(bytes)) => {
            Value::Id(bytes.map(|bytes| crate::Uuid::from_slice(&bytes)).transpose().map_err(|_| misfit())?)
        }
        (Kind::Bytes, Value::Id(id)) => Value::Bytes(id.map(|id| id.as_bytes().to_vec())),
        (Kind::Int, value @ Value::Int(_))
        | (Kind::Real, value @ Value::Real(_))
        | (Kind::Text, value @ Value::Text(_))
        | (Kind::Bytes, value @ Value::Bytes(_))
        | (Kind::Id, value @ Value::Id(_)) => value,
        _ => return Err(misfit()),
    })
}

/// Table, column, type, whether it is numbered; both spellings.
fn columns_of(dialect: Dialect) -> Sql {
    match dialect {
        Dialect::Sqlite => sql!(
            "select m.name, c.name, c.type, 0 from sqlite_master m join pragma_table_info(m.name) c
             where m.type = 'table' and m.name not like 'sqlite\\_%' escape '\\' and m.name <> 'migration'
             order by m.name, c.cid limit 10000"
        ),
        Dialect::Postgres => sql!(
            "select cast(c.table_name as text), cast(c.column_name as text), cast(c.data_type as text),
               cast(case when c.is_identity = 'YES' then 1 else 0 end as bigint)
             from information_schema.columns c
             join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
             where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.table_name <> 'migration'
             order by c.table_name, c.ordinal_position limit 10000"
        ),
    }
}

/// Table and column of primary keys, in their order; both spellings.
fn keys_of(dialect: Dialect) -> Sql {
    match dialect {
        Dialect::Sqlite => sql!(
            "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c
             where m.type = 'table' and c.pk > 0 order by m.name, c.pk limit 10000"
        ),
        Dialect::Postgres => sql!(
            "select cast(k.table_name as text), cast(k.column_name as text)
             from information_schema.key_column_usage k
             join information_schema.table_constraints c
               on c.constraint_schema = k.constraint_schema and c.constraint_name = k.constraint_name
             where k.table_schema = current_schema() and c.constraint_type = 'PRIMARY KEY'
             order by k.table_name, k.ordinal_position limit 10000"
        ),
    }
}

/// Table, column, and the table referred to; both spellings.
fn references_of(dialect: Dialect) -> Sql {
    match dialect {
        Dialect::Sqlite => sql!(
            "select m.name, f.\"from\", f.\"table\" from sqlite_master m join pragma_foreign_key_list(m.name) f
             where m.type = 'table' order by m.name, f.id limit 10000"
        ),
        Dialect::Postgres => sql!(
            "select cast(own.relname as text), cast(a.attname as text), cast(other.relname as text)
             from pg_constraint k
             join pg_class own on own.oid = k.conrelid
             join pg_namespace n on n.oid = own.relnamespace
             join pg_class other on other.oid = k.confrelid
             join pg_attribute a on a.attrelid = own.oid and a.attnum = k.conkey[1]
             where k.contype = 'f' and n.nspname = current_schema()
             order by own.relname, a.attname limit 10000"
        ),
    }
}
