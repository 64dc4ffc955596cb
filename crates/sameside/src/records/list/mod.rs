//! Lists of records that stay as fast at a million rows as at a thousand: sorted by an indexed column, paged by
//! key instead of by number, filtered and limited to what the person may see in the database itself.
//!
//! A page says where it begins by the key and id of a row ([`Cursor`]), so nothing is skipped or shown twice when
//! records are added meanwhile. Rows are never counted.

pub(crate) mod store;

use crate::accounts::{Member, Scope};
use crate::base::Id;
use crate::records::{Kept, Record};
use db::{Conn, Value};
use std::fmt;

/// Rows of a page.
pub const ROWS_PER_PAGE: usize = 50;

/// What a list is sorted by: an indexed column that is never null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// Its name in an address: `?sort=name`.
    pub code: &'static str,
    /// The column.
    pub column: &'static str,
    /// Whether the column holds text; else whole numbers.
    pub is_text: bool,
    /// Whether the greatest comes first.
    pub is_descending: bool,
}

/// A row of a list, by which the next or previous page is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    key: String,
    id: uuid::Uuid,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.id.simple(), self.key)
    }
}

impl Cursor {
    /// Reads what `Display` wrote; nothing else is a cursor.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, key) = text.split_once('.')?;
        Some(Self { key: key.to_owned(), id: uuid::Uuid::try_parse(id).ok()? })
    }
}

/// Where a page begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Begin {
    /// At the first row.
    #[default]
    First,
    /// After this row.
    After(Cursor),
    /// So that it ends before this row.
    Before(Cursor),
}

impl Begin {
    /// From `?after=` and `?before=`; what is neither begins at the first row.
    pub fn parse(after: &str, before: &str) -> Self {
        match (Cursor::parse(after), Cursor::parse(before)) {
            (Some(cursor), _) => Self::After(cursor),
            (None, Some(cursor)) => Self::Before(cursor),
            (None, None) => Self::First,
        }
    }
}

/// A condition on a column. The column is a name of ours, never what a person typed.
#[derive(Debug, Clone)]
pub enum Only {
    /// It is this.
    Is(&'static str, Value),
    /// It is empty.
    Missing(&'static str),
    /// It is not empty.
    There(&'static str),
    /// It begins with this, already folded.
    Begins(&'static str, String),
    /// It is less than this.
    Below(&'static str, Value),
}

/// Whose records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's whom the person may see.
    #[default]
    Anybody,
    /// Those nobody cares for yet.
    Nobody,
    /// One member's.
    Member(Id<Member>),
}

/// Which rows of a kind, in which order.
#[derive(Debug, Clone)]
pub struct Wish {
    /// In which order.
    pub sort: Sort,
    /// Under which conditions.
    pub only: Vec<Only>,
    /// Whose.
    pub whose: Whose,
    /// The removed ones, last removed first, instead of the live ones.
    pub removed: bool,
    /// From where on.
    pub begin: Begin,
    /// How many at most.
    pub rows: usize,
}

impl Wish {
    /// The first page of everything that may be seen.
    pub const fn new(sort: Sort) -> Self {
        Self {
            sort,
            only: Vec::new(),
            whose: Whose::Anybody,
            removed: false,
            begin: Begin::First,
            rows: ROWS_PER_PAGE,
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// Its rows.
    pub rows: Vec<Kept<T>>,
    /// The row before which the previous page ends, if there is one.
    pub previous: Option<Cursor>,
    /// The row after which the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// One page of the records that this person may see.
///
/// # Errors
/// What the database says.
pub async fn page<T: Record>(conn: &mut Conn, scope: &Scope, wish: &Wish) -> db::Result<Page<T>> {
    let is_back = matches!(wish.begin, Begin::Before(_));
    let mut found = store::rows::<T>(conn, scope, wish).await?;
    let has_more = found.len() > wish.rows;
    found.truncate(wish.rows);
    if is_back {
        found.reverse();
    }
    let cursor = |row: Option<&store::Keyed<T>>| {
        row.map(|row| Cursor { key: row.key.clone(), id: row.kept.id.uuid() })
    };
    let has_previous = if is_back { has_more } else { wish.begin != Begin::First };
    let has_next = is_back || has_more;
    Ok(Page {
        previous: cursor(found.first()).filter(|_| has_previous),
        next: cursor(found.last()).filter(|_| has_next),
        rows: found.into_iter().map(|row| row.kept).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_whatever_the_name() {
        let cursor = Cursor { key: "aster & co. ü".into(), id: uuid::Uuid::from_u128(7) };
        assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        assert_eq!(Cursor::parse("nonsense.x"), None);
        assert_eq!(Begin::parse("", "garbage"), Begin::First);
    }
}
