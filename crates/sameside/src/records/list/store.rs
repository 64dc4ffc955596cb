//! The statement of a list, built from names of our own.

use super::{Begin, Only, Whose, Wish};
use crate::accounts::Scope;
use crate::records::{Kept, Record};
use db::{Conn, FromRow, Reader, Result, Sql, Value};

/// Up to so many rows of an owner are fetched and sorted; of more, enough are met soon in the order of the list.
const SPARSE_ROWS_MAX: i64 = 2_000;

/// A row with the value it is sorted by.
pub struct Keyed<T> {
    pub kept: Kept<T>,
    pub key: String,
}

/// The same with the key as text or as a number, as the column has it.
struct WithText<T>(Keyed<T>);
struct WithInt<T>(Keyed<T>);

impl<T: Record> FromRow for WithText<T> {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self(Keyed { kept: Kept::from_row(row)?, key: row.take()? }))
    }
}

impl<T: Record> FromRow for WithInt<T> {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self(Keyed { kept: Kept::from_row(row)?, key: row.take::<i64>()?.to_string() }))
    }
}

/// Text with its parameters, numbered as they come.
#[derive(Default)]
struct Building {
    text: String,
    values: Vec<Value>,
}

impl Building {
    fn add(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn value(&mut self, value: impl Into<Value>) {
        self.values.push(value.into());
        self.text.push_str(&format!("${}", self.values.len()));
    }

    /// `owner_id` is one of those whose records may be seen, or empty.
    fn whose(&mut self, scope: &Scope, whose: Whose) {
        match (whose, scope.owners()) {
            (Whose::Anybody, None) => {}
            (Whose::Anybody, Some(owners)) => {
                self.add(" and (r.owner_id is null");
                if !owners.is_empty() {
                    self.add(" or r.owner_id in (");
                    for (n, owner) in owners.iter().enumerate() {
                        self.add(if n > 0 { ", " } else { "" });
                        self.value(*owner);
                    }
                    self.add(")");
                }
                self.add(")");
            }
            (Whose::Nobody, _) => self.add(" and r.owner_id is null"),
            (Whose::Member(member), _) if scope.may_see(Some(member)) => {
                self.add(" and r.owner_id = ");
                self.value(member);
            }
            (Whose::Member(_), _) => self.add(" and 1 = 0"),
        }
    }

    /// The rows of the owners alone, found by their index: without owner, and each owner's.
    /// The conditions that partial indexes ask for come along.
    fn owners_rows(&mut self, scope: &Scope, table: &str, wish: &Wish) {
        let whose = wish.whose;
        let mut also = String::from(" and r.removed_at is null");
        for only in &wish.only {
            match only {
                Only::Missing(column) => also.push_str(&format!(" and r.{column} is null")),
                Only::There(column) => also.push_str(&format!(" and r.{column} is not null")),
                Only::Is(..) | Only::Begins(..) | Only::Below(..) => {}
            }
        }
        let owners = match whose {
            Whose::Anybody => scope.owners().unwrap_or_default().to_vec(),
            Whose::Nobody => Vec::new(),
            Whose::Member(member) => vec![member],
        };
        self.add("(");
        if !matches!(whose, Whose::Member(_)) {
            self.add(&format!("select r.* from {table} r where r.owner_id is null and r.workspace_id = "));
            self.value(scope.workspace());
            self.add(&also);
        }
        if !owners.is_empty() {
            self.add(if matches!(whose, Whose::Member(_)) { "" } else { " union all " });
            self.add(&format!("select r.* from {table} r where r.workspace_id = "));
            self.value(scope.workspace());
            self.add(&also);
            self.add(" and r.owner_id in (");
            for (n, owner) in owners.iter().enumerate() {
                self.add(if n > 0 { ", " } else { "" });
                self.value(*owner);
            }
            self.add(")");
        }
        self.add(")");
    }
}

/// One row more than asked for, so that one knows whether more follow; towards the beginning when paging back.
pub(super) async fn rows<T: Record>(conn: &mut Conn, scope: &Scope, wish: &Wish) -> Result<Vec<Keyed<T>>> {
    let has_owner = T::COLUMNS.contains(&"owner_id");
    let is_narrowed = has_owner && (scope.owners().is_some() || wish.whose != Whose::Anybody);
    let is_sparse = is_narrowed
        && !wish.removed
        && !matches!(wish.whose, Whose::Member(member) if !scope.may_see(Some(member)))
        && is_sparse::<T>(conn, scope, wish).await?;
    let (column, is_text, is_descending) = if wish.removed {
        ("removed_at", false, true)
    } else {
        (wish.sort.column, wish.sort.is_text, wish.sort.is_descending)
    };
    let mut sql = Building::default();
    sql.add("select r.id, r.version, r.created_at, r.changed_at, r.removed_at");
    for name in T::COLUMNS {
        sql.add(", r.");
        sql.add(name);
    }
    sql.add(&format!(", r.{column} from "));
    if is_sparse {
        sql.owners_rows(scope, T::TABLE, wish);
    } else {
        sql.add(T::TABLE);
    }
    sql.add(" r where r.workspace_id = ");
    sql.value(scope.workspace());
    sql.add(if wish.removed { " and r.removed_at is not null" } else { " and r.removed_at is null" });
    if has_owner && !is_sparse {
        sql.whose(scope, wish.whose);
    }
    for only in &wish.only {
        condition(&mut sql, only);
    }
    let is_back = matches!(wish.begin, Begin::Before(_));
    let comes_down = is_descending != is_back;
    if let Begin::After(cursor) | Begin::Before(cursor) = &wish.begin {
        sql.add(&format!(" and (r.{column}, r.id) {} (", if comes_down { "<" } else { ">" }));
        if is_text {
            sql.value(cursor.key.clone());
        } else {
            sql.value(cursor.key.parse::<i64>().unwrap_or(0));
        }
        sql.add(", ");
        sql.value(cursor.id);
        sql.add(")");
    }
    // Few rows are sorted after they are found by owner: the sum hides the column from its index.
    let shown = match (is_sparse, is_text) {
        (false, _) => format!("r.{column}"),
        (true, true) => format!("r.{column} || ''"),
        (true, false) => format!("r.{column} + 0"),
    };
    let way = if comes_down { "desc" } else { "asc" };
    sql.add(&format!(" order by {shown} {way}, r.id {way} limit "));
    sql.value(i64::try_from(wish.rows).unwrap_or(0) + 1);
    let (text, values) = (Sql::built(sql.text), sql.values);
    Ok(if is_text {
        conn.all::<WithText<T>>(text, values).await?.into_iter().map(|row| row.0).collect()
    } else {
        conn.all::<WithInt<T>>(text, values).await?.into_iter().map(|row| row.0).collect()
    })
}

fn condition(sql: &mut Building, only: &Only) {
    match only {
        Only::Is(column, value) => {
            sql.add(&format!(" and r.{column} = "));
            sql.value(value.clone());
        }
        Only::Below(column, value) => {
            sql.add(&format!(" and r.{column} < "));
            sql.value(value.clone());
        }
        Only::Missing(column) => sql.add(&format!(" and r.{column} is null")),
        Only::There(column) => sql.add(&format!(" and r.{column} is not null")),
        Only::Begins(column, start) => {
            sql.add(&format!(" and r.{column} >= "));
            sql.value(start.clone());
            sql.add(&format!(" and r.{column} < "));
            sql.value(format!("{start}\u{10ffff}"));
        }
    }
}

/// Whether so few rows belong to these owners that it is quicker to fetch them all.
async fn is_sparse<T: Record>(conn: &mut Conn, scope: &Scope, wish: &Wish) -> Result<bool> {
    let mut sql = Building::default();
    sql.add("select count(*) from (select 1 as one from ");
    sql.owners_rows(scope, T::TABLE, wish);
    sql.add(" r limit ");
    sql.value(SPARSE_ROWS_MAX + 1);
    sql.add(") few");
    let row = conn.first::<(i64,)>(Sql::built(sql.text), sql.values).await?;
    Ok(row.is_some_and(|(count,)| count <= SPARSE_ROWS_MAX))
}
