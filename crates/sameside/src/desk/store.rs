//! Deals as lists, boards and Today read them: with what the engine says of each.

use crate::accounts::{Member, Scope, Workspace};
use crate::assessment::Summary;
use crate::base::{Currency, Date, Id, Money, When, codes};
use crate::companies::Company;
use crate::deals::store::COUNT_MAX;
use crate::deals::{Deal, Phase, Stage, Standing};
use crate::products::Product;
use db::{Conn, FromRow, Reader, Result, Sql, Value, sql};
use std::collections::{HashMap, HashSet};

/// Deals on one page of the table.
pub const PAGE_ROWS: i64 = 50;
/// The most deals that are read by their ids at once.
pub const BY_IDS_MAX: usize = 500;
/// Cards in one column of the board.
pub const COLUMN_CARDS: i64 = 20;

codes! {
    /// By what the table is sorted. Each has an index of its own.
    pub enum Sort {
        /// Last changed first.
        Recent = "recent", "Last changed";
        /// By name.
        Title = "title", "Name";
        /// The highest price first.
        Price = "price", "Price";
        /// The earliest decision first.
        Expected = "expected", "Decision expected";
        /// The client's chance, lowest first.
        Client = "client", "Their chance";
        /// Our chance, lowest first.
        Company = "company", "Our chance";
        /// What going on is worth, most first.
        Value = "value", "Worth";
    }
}

impl Sort {
    /// The column it sorts by, whether it descends, and whether that column is the assessment's.
    const fn column(self) -> (&'static str, bool, bool) {
        match self {
            Self::Recent => ("d.changed_at", true, false),
            Self::Title => ("d.title_folded", false, false),
            Self::Price => ("d.price_sort", true, false),
            Self::Expected => ("d.expected_sort", false, false),
            Self::Client => ("a.client_chance", false, true),
            Self::Company => ("a.company_chance", false, true),
            Self::Value => ("a.decision_value", true, true),
        }
    }
}

/// Which deals a list shows.
#[derive(Debug, Clone)]
pub struct Filter {
    /// How they stand.
    pub standing: Standing,
    /// By what they are sorted.
    pub sort: Sort,
    /// Only in this stage.
    pub stage: Option<Id<Stage>>,
    /// Only this member's.
    pub owner: Option<Id<Member>>,
    /// Only about this product.
    pub product: Option<Id<Product>>,
    /// Only with this verdict.
    pub verdict: Option<String>,
    /// Only those whose name begins so, folded.
    pub starts: Option<String>,
    /// Only those after this place of the order.
    pub after: Option<After>,
}

/// A place in the order of a list: the value sorted by, and the id.
#[derive(Debug, Clone)]
pub struct After {
    /// The value sorted by, as text.
    pub value: String,
    /// The deal.
    pub id: Id<Deal>,
}

/// A deal as lists, boards and Today show it.
#[derive(Debug, Clone)]
pub struct Row {
    /// The deal.
    pub id: Id<Deal>,
    /// Its version, for moving it.
    pub version: i64,
    /// What it is called.
    pub title: String,
    /// How it stands.
    pub standing: Standing,
    /// What its stage means.
    pub phase: Phase,
    /// Its stage.
    pub stage: Id<Stage>,
    /// The name of its stage.
    pub stage_name: String,
    /// Its price.
    pub price: Option<Money>,
    /// When they will likely decide.
    pub expected_on: Option<Date>,
    /// When it was last changed.
    pub changed_at: When,
    /// With whom.
    pub company: Option<Id<Company>>,
    /// Their name.
    pub company_name: Option<String>,
    /// Whose it is.
    pub owner: Option<Id<Member>>,
    /// Their name.
    pub owner_name: Option<String>,
    /// About what.
    pub product: Option<Id<Product>>,
    /// Its name.
    pub product_name: Option<String>,
    /// What the engine says of it.
    pub summary: Option<Summary>,
}

const ROW: &str = "d.id, d.version, d.title, d.standing, d.phase, d.stage_id, d.price_minor, d.currency, d.expected_on, \
     d.changed_at, d.company_id, c.name, d.owner_id, d.product_id, a.verdict, a.reason, a.client_chance, a.company_chance, \
     a.decision_value, a.hours_ahead, a.hours_wasted, a.assumed, a.ask_value, a.ask_hours";

const JOINS: &str = "left join company c on c.id = d.company_id";

impl FromRow for Row {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let (id, version, title, standing, phase, stage) =
            (row.take()?, row.take()?, row.take()?, row.take()?, row.take()?, row.take()?);
        let (minor, currency) = (row.take::<Option<i64>>()?, row.take::<Currency>()?);
        let (expected_on, changed_at, company, company_name, owner, product) =
            (row.take()?, row.take()?, row.take()?, row.take()?, row.take()?, row.take()?);
        let summary = match row.take::<Option<String>>()? {
            None => None,
            Some(verdict) => Some(Summary {
                verdict,
                reason: row.take()?,
                client_chance: row.take()?,
                company_chance: row.take()?,
                decision_value: row.take()?,
                hours_ahead: row.take()?,
                hours_wasted: row.take()?,
                assumed: row.take()?,
                ask_value: row.take()?,
                ask_hours: row.take()?,
            }),
        };
        let price = minor.map(|minor| Money { minor, currency });
        Ok(Self {
            id,
            version,
            title,
            standing,
            phase,
            stage,
            stage_name: String::new(),
            price,
            expected_on,
            changed_at,
            company,
            company_name,
            owner,
            owner_name: None,
            product,
            product_name: None,
            summary,
        })
    }
}

/// The rows of a statement, with the names of what there is little of: they are read once for all rows, since looking each up in
/// each row is most of a list's time.
async fn rows(conn: &mut Conn, sql: String, values: Vec<Value>) -> Result<Vec<Row>> {
    let mut rows: Vec<Row> = conn.all(Sql::built(sql), values).await?;
    let stages = names(conn, "stage", rows.iter().map(|row| row.stage)).await?;
    let owners = names(conn, "member", rows.iter().filter_map(|row| row.owner)).await?;
    let products = names(conn, "product", rows.iter().filter_map(|row| row.product)).await?;
    for row in &mut rows {
        row.stage_name = stages.get(&row.stage).cloned().unwrap_or_default();
        row.owner_name = row.owner.and_then(|id| owners.get(&id).cloned());
        row.product_name = row.product.and_then(|id| products.get(&id).cloned());
    }
    Ok(rows)
}

/// What some records of a table are called.
async fn names<T: Send>(
    conn: &mut Conn,
    table: &str,
    ids: impl Iterator<Item = Id<T>>,
) -> Result<HashMap<Id<T>, String>> {
    let ids: HashSet<Id<T>> = ids.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let marks = Sql::placeholders(1, ids.len());
    let sql = format!("select id, name from {table} where id in ({marks})");
    let all = conn.all::<(Id<T>, String)>(Sql::built(sql), ids.into_iter().map(Into::into).collect()).await?;
    Ok(all.into_iter().collect())
}

/// Conditions that are put together, each with its values.
struct Conditions {
    text: String,
    values: Vec<Value>,
}

impl Conditions {
    fn new() -> Self {
        Self { text: String::new(), values: Vec::new() }
    }

    /// Adds a condition in which `?` stands for the next value.
    fn add(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.text.push_str(if self.text.is_empty() { " where " } else { " and " });
        let mut values = values.into_iter();
        for (n, part) in condition.split('?').enumerate() {
            if n > 0 {
                self.values.extend(values.next());
                self.text.push('$');
                self.text.push_str(&self.values.len().to_string());
            }
            self.text.push_str(part);
        }
    }

    /// The open deals of a stage, of one member or of everybody one sees.
    fn open_in(scope: &Scope, stage: Id<Stage>, owner: Option<Id<Member>>) -> Self {
        let mut only = Self::new();
        only.add("d.stage_id = ?", [stage.into()]);
        only.add("d.standing = ?", [Standing::Open.into()]);
        only.add("d.workspace_id = ?", [scope.workspace().into()]);
        only.add("d.removed_at is null", []);
        only.visible(scope);
        if let Some(owner) = owner {
            only.add("d.owner_id = ?", [owner.into()]);
        }
        only
    }

    /// Only what a person may see.
    fn visible(&mut self, scope: &Scope) {
        if let Some(owners) = scope.owners() {
            let marks = vec!["?"; owners.len()].join(", ");
            self.add(
                &format!("(d.owner_id is null or d.owner_id in ({marks}))"),
                owners.iter().map(|id| (*id).into()),
            );
        }
    }
}

/// One page of deals, [`PAGE_ROWS`] and one more, which says that there are further ones.
///
/// # Errors
/// What the database says.
pub async fn page(conn: &mut Conn, scope: &Scope, filter: &Filter) -> Result<Vec<Row>> {
    let (column, descending, by_assessment) = filter.sort.column();
    let mut only = Conditions::new();
    if by_assessment {
        only.add("a.workspace_id = ?", [scope.workspace().into()]);
    }
    only.add("d.workspace_id = ?", [scope.workspace().into()]);
    only.add("d.standing = ?", [filter.standing.into()]);
    only.add("d.removed_at is null", []);
    only.visible(scope);
    if let Some(stage) = filter.stage {
        only.add("d.stage_id = ?", [stage.into()]);
    }
    if let Some(owner) = filter.owner {
        only.add("d.owner_id = ?", [owner.into()]);
    }
    if let Some(product) = filter.product {
        only.add("d.product_id = ?", [product.into()]);
    }
    if let Some(verdict) = &filter.verdict {
        only.add("a.verdict = ?", [verdict.into()]);
    }
    if let Some(starts) = &filter.starts {
        only.add("d.title_folded >= ?", [starts.into()]);
        only.add("d.title_folded < ?", [format!("{starts}\u{10ffff}").into()]);
    }
    if let Some(after) = &filter.after {
        let value: Value = match filter.sort {
            Sort::Recent | Sort::Price => after.value.parse::<i64>().unwrap_or(0).into(),
            Sort::Title | Sort::Expected => (&after.value).into(),
            Sort::Client | Sort::Company | Sort::Value => after.value.parse::<f64>().unwrap_or(0.0).into(),
        };
        let beyond = if descending { "<" } else { ">" };
        only.add(
            &format!(
                "({column}, {id}) {beyond} (?, ?)",
                id = if by_assessment { "a.deal_id" } else { "d.id" }
            ),
            [value, after.id.into()],
        );
    }
    let way = if descending { "desc" } else { "asc" };
    let (from, id) = if by_assessment {
        ("assessment a join deal d on d.id = a.deal_id", "a.deal_id")
    } else {
        ("deal d", "d.id")
    };
    let assessment = if by_assessment { "" } else { "left join assessment a on a.deal_id = d.id" };
    let limit = only.values.len() + 1;
    let sql = format!(
        "select {ROW} from {from} {JOINS} {assessment}{} order by {column} {way}, {id} {way} limit ${limit}",
        only.text
    );
    only.values.push((PAGE_ROWS + 1).into());
    rows(conn, sql, only.values).await
}

/// Where a list goes on after a row.
pub fn place_of(row: &Row, sort: Sort) -> After {
    let summary = row.summary.as_ref();
    let value = match sort {
        Sort::Recent => row.changed_at.micros().to_string(),
        Sort::Title => crate::base::fold(&row.title),
        Sort::Price => row.price.map_or(-1, |price| price.minor).to_string(),
        Sort::Expected => row.expected_on.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string()),
        Sort::Client => summary.map_or(0.0, |summary| summary.client_chance).to_string(),
        Sort::Company => summary.map_or(0.0, |summary| summary.company_chance).to_string(),
        Sort::Value => summary.map_or(0.0, |summary| summary.decision_value).to_string(),
    };
    After { value, id: row.id }
}

/// The open deals of a stage that moved last, [`COLUMN_CARDS`] at most.
///
/// # Errors
/// What the database says.
pub async fn column(
    conn: &mut Conn,
    scope: &Scope,
    stage: Id<Stage>,
    owner: Option<Id<Member>>,
) -> Result<Vec<Row>> {
    let mut only = Conditions::open_in(scope, stage, owner);
    let limit = only.values.len() + 1;
    let sql = format!(
        "select {ROW} from deal d {JOINS} left join assessment a on a.deal_id = d.id{} order by d.moved_at desc, d.id desc limit ${limit}",
        only.text
    );
    only.values.push(COLUMN_CARDS.into());
    rows(conn, sql, only.values).await
}

/// How many open deals a stage has, counted up to [`COUNT_MAX`] and one.
///
/// # Errors
/// What the database says.
pub async fn count_of_stage(
    conn: &mut Conn,
    scope: &Scope,
    stage: Id<Stage>,
    owner: Option<Id<Member>>,
) -> Result<i64> {
    let mut only = Conditions::open_in(scope, stage, owner);
    let limit = only.values.len() + 1;
    let sql = format!("select count(*) from (select 1 from deal d{} limit ${limit}) x", only.text);
    only.values.push((COUNT_MAX + 1).into());
    Ok(conn.first::<(i64,)>(Sql::built(sql), only.values).await?.map_or(0, |(count,)| count))
}

/// The deals of a company, newest change first, 100 at most.
///
/// # Errors
/// What the database says.
pub async fn of_company(conn: &mut Conn, scope: &Scope, company: Id<Company>) -> Result<Vec<Row>> {
    of(conn, scope, "d.company_id = ?", company.into()).await
}

/// The deals with a contact, newest change first, 100 at most.
///
/// # Errors
/// What the database says.
pub async fn of_contact(
    conn: &mut Conn,
    scope: &Scope,
    contact: Id<crate::contacts::Contact>,
) -> Result<Vec<Row>> {
    of(conn, scope, "d.contact_id = ?", contact.into()).await
}

async fn of(conn: &mut Conn, scope: &Scope, condition: &str, value: Value) -> Result<Vec<Row>> {
    let mut only = Conditions::new();
    only.add(condition, [value]);
    only.add("d.workspace_id = ?", [scope.workspace().into()]);
    only.add("d.removed_at is null", []);
    only.visible(scope);
    let sql = format!(
        "select {ROW} from deal d {JOINS} left join assessment a on a.deal_id = d.id{} order by d.changed_at desc, d.id desc limit 100",
        only.text
    );
    rows(conn, sql, only.values).await
}

/// Some deals, in no order; those one may not see are not among them.
///
/// # Errors
/// What the database says.
pub async fn by_ids(conn: &mut Conn, scope: &Scope, ids: &[Id<Deal>]) -> Result<Vec<Row>> {
    let ids = ids.get(..ids.len().min(BY_IDS_MAX)).unwrap_or(ids);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut only = Conditions::new();
    only.add("d.workspace_id = ?", [scope.workspace().into()]);
    let marks = vec!["?"; ids.len()].join(", ");
    only.add(&format!("d.id in ({marks})"), ids.iter().map(|id| (*id).into()));
    only.add("d.removed_at is null", []);
    only.visible(scope);
    let sql =
        format!("select {ROW} from deal d {JOINS} left join assessment a on a.deal_id = d.id{}", only.text);
    rows(conn, sql, only.values).await
}

/// The open deals before agreement with a verdict, those first in which most hours would be spent in vain.
///
/// # Errors
/// What the database says.
pub async fn with_verdict(
    conn: &mut Conn,
    scope: &Scope,
    verdict: &str,
    owner: Option<Id<Member>>,
    limit: i64,
) -> Result<Vec<Row>> {
    let mut only = Conditions::new();
    only.add("a.workspace_id = ?", [scope.workspace().into()]);
    only.add("a.verdict = ?", [verdict.into()]);
    only.add("d.standing = ?", [Standing::Open.into()]);
    only.add("d.removed_at is null", []);
    only.add("d.phase in ('hear', 'diagnose', 'propose', 'agree')", []);
    only.visible(scope);
    if let Some(owner) = owner {
        only.add("d.owner_id = ?", [owner.into()]);
    }
    let end = only.values.len() + 1;
    let sql = format!(
        "select {ROW} from assessment a join deal d on d.id = a.deal_id {JOINS}{} order by a.hours_wasted desc, a.deal_id desc limit ${end}",
        only.text
    );
    only.values.push(limit.into());
    rows(conn, sql, only.values).await
}

/// Open deals before agreement of which nothing can be said: no price, no product. Last changed first.
///
/// # Errors
/// What the database says.
pub async fn without_answer(
    conn: &mut Conn,
    scope: &Scope,
    owner: Option<Id<Member>>,
    limit: i64,
) -> Result<Vec<Row>> {
    let mut only = Conditions::new();
    only.add("d.workspace_id = ?", [scope.workspace().into()]);
    only.add("d.standing = ?", [Standing::Open.into()]);
    only.add("d.price_sort = ?", [(-1_i64).into()]);
    only.add("d.removed_at is null", []);
    only.add("d.phase in ('hear', 'diagnose', 'propose', 'agree')", []);
    only.add("a.deal_id is null", []);
    only.visible(scope);
    if let Some(owner) = owner {
        only.add("d.owner_id = ?", [owner.into()]);
    }
    let end = only.values.len() + 1;
    let sql = format!(
        "select {ROW} from deal d {JOINS} left join assessment a on a.deal_id = d.id{} order by d.id desc limit ${end}",
        only.text
    );
    only.values.push(limit.into());
    rows(conn, sql, only.values).await
}

/// Paused deals that are to be looked at again by a day, earliest first, 50 at most.
///
/// # Errors
/// What the database says.
pub async fn to_revisit(conn: &mut Conn, scope: &Scope, today: Date) -> Result<Vec<Row>> {
    let mut only = Conditions::new();
    only.add("d.workspace_id = ?", [scope.workspace().into()]);
    only.add("d.standing = ?", [Standing::Paused.into()]);
    only.add("d.revisit_on <= ?", [today.into()]);
    only.add("d.removed_at is null", []);
    only.visible(scope);
    let sql = format!(
        "select {ROW} from deal d {JOINS} left join assessment a on a.deal_id = d.id{} order by d.revisit_on, d.id limit 50",
        only.text
    );
    rows(conn, sql, only.values).await
}

/// A company by its name, folded; the one that changed last, if there are several.
///
/// # Errors
/// What the database says.
pub async fn company_named(conn: &mut Conn, scope: &Scope, name: &str) -> Result<Option<Id<Company>>> {
    let rows = conn
        .all::<(Id<Company>, Option<Id<Member>>)>(
            sql!(
                "select id, owner_id from company where workspace_id = $1 and name_folded = $2 and removed_at is null
                 order by changed_at desc limit 20"
            ),
            vec![scope.workspace().into(), crate::base::fold(name).into()],
        )
        .await?;
    Ok(rows.into_iter().find(|(_, owner)| scope.may_see(*owner)).map(|(id, _)| id))
}

/// The contacts of a company by name, 200 at most: id and name.
///
/// # Errors
/// What the database says.
pub async fn contacts_of(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    company: Id<Company>,
) -> Result<Vec<(Id<crate::contacts::Contact>, String)>> {
    conn.all(
        sql!(
            "select id, name from contact where company_id = $1 and workspace_id = $2 and removed_at is null order by name_folded limit 200"
        ),
        vec![company.into(), workspace.into()],
    )
    .await
}

/// The products of a workspace by name, 500 at most: id and name.
///
/// # Errors
/// What the database says.
pub async fn product_names(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<(Id<Product>, String)>> {
    conn.all(
        sql!("select id, name from product where workspace_id = $1 and removed_at is null order by name_folded limit 500"),
        vec![workspace.into()],
    )
    .await
}
