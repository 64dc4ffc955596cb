//! Lists as addresses: what is looked for, in which order, which page; and the links to the others.

use crate::accounts::Scope;
use crate::base::{Id, fold};
use crate::records::Record;
use crate::records::list::{Begin, Only, Page, Sort, Whose, Wish};
use crate::web::Input;
use crate::web::error::encode;

/// What somebody asked a list for.
#[derive(Debug, Clone)]
pub struct ListQuery {
    path: String,
    /// What names begin with, as typed.
    pub q: String,
    /// `me`, `none`, a member's id, or empty for everybody's.
    pub owner: String,
    /// Whether the removed ones are shown.
    pub removed: bool,
    /// By what it is sorted.
    pub sort: Sort,
    sorts: &'static [Sort],
    begin: Begin,
    others: Vec<(&'static str, String)>,
}

impl ListQuery {
    /// Reads `?q=&owner=&removed=&sort=&after=&before=`; the first of `sorts` is the usual order.
    pub fn read(path: impl Into<String>, asked: &Input, sorts: &'static [Sort], usual: Sort) -> Self {
        let sort = sorts.iter().find(|sort| sort.code == asked.get("sort")).copied().unwrap_or(usual);
        Self {
            path: path.into(),
            q: asked.words("q"),
            owner: asked.get("owner").to_owned(),
            removed: !asked.get("removed").is_empty(),
            sort,
            sorts,
            begin: Begin::parse(asked.get("after"), asked.get("before")),
            others: Vec::new(),
        }
    }

    /// Keeps a parameter of the list's own in every link.
    pub fn keep(&mut self, name: &'static str, value: &str) {
        if !value.is_empty() {
            self.others.push((name, value.to_owned()));
        }
    }

    /// Which rows that is; `folded` is the column that `q` is the beginning of.
    pub fn wish(&self, scope: &Scope, folded: Option<&'static str>) -> Wish {
        let whose = match self.owner.as_str() {
            "" => Whose::Anybody,
            "none" => Whose::Nobody,
            "me" => scope.member().map_or(Whose::Nobody, Whose::Member),
            id => id.parse::<Id<_>>().map_or(Whose::Anybody, Whose::Member),
        };
        let mut wish =
            Wish { whose, removed: self.removed, begin: self.begin.clone(), ..Wish::new(self.sort) };
        if let Some(folded) = folded.filter(|_| !self.q.is_empty()) {
            wish.only.push(Only::Begins(folded, fold(&self.q)));
        }
        wish
    }

    /// `true` when the removed ones are shown.
    pub fn shown(&self) -> &'static str {
        if self.removed { "true" } else { "" }
    }

    /// Whether nothing narrows the list.
    pub fn is_plain(&self) -> bool {
        self.q.is_empty() && self.owner.is_empty() && !self.removed && self.others.is_empty()
    }

    fn address(&self, sort: &str, page: Option<(&str, String)>) -> String {
        let mut pairs = vec![("q", self.q.clone()), ("owner", self.owner.clone()), ("sort", sort.to_owned())];
        pairs.push(("removed", if self.removed { "true" } else { "" }.to_owned()));
        pairs.extend(self.others.iter().cloned());
        pairs.extend(page);
        let mut address = self.path.clone();
        let mut mark = '?';
        for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            address.push(mark);
            address.push_str(&format!("{name}={}", encode(value)));
            mark = '&';
        }
        address
    }

    /// The address of the list sorted by a column, the other way round if it is sorted by it already.
    pub fn sort_href(&self, column: &str) -> String {
        let mut of_column = self.sorts.iter().filter(|sort| sort.column == column);
        let next = of_column.clone().find(|sort| self.sort.column == column && sort.code != self.sort.code);
        let code = next.or_else(|| of_column.next()).map_or("", |sort| sort.code);
        self.address(code, None)
    }

    /// `ascending` or `descending` for the column it is sorted by.
    pub fn direction(&self, column: &str) -> &'static str {
        match (self.sort.column == column && !self.removed, self.sort.is_descending) {
            (false, _) => "",
            (true, true) => "descending",
            (true, false) => "ascending",
        }
    }

    /// The address of the page before, empty at the beginning.
    pub fn previous<T: Record>(&self, page: &Page<T>) -> String {
        let before = page.previous.as_ref();
        before.map(|row| self.address(self.sort.code, Some(("before", row.to_string())))).unwrap_or_default()
    }

    /// The address of the page after, empty at the end.
    pub fn next<T: Record>(&self, page: &Page<T>) -> String {
        let after = page.next.as_ref();
        after.map(|row| self.address(self.sort.code, Some(("after", row.to_string())))).unwrap_or_default()
    }

    /// How much of the list this is, without counting it: `12 companies`, `50 companies, more follow`.
    pub fn extent<T: Record>(&self, page: &Page<T>, one: &str, many: &str) -> String {
        let count = i64::try_from(page.rows.len()).unwrap_or(0);
        let shown = crate::base::plural(count, one, many);
        match (page.previous.is_some(), page.next.is_some()) {
            (false, false) => shown,
            (false, true) => format!("The first {shown}"),
            (true, true) => format!("{shown} in between"),
            (true, false) => format!("The last {shown}"),
        }
    }
}
