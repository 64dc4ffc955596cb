//! The statements that every record shares, built from its table and columns.

use crate::accounts::{Member, Scope, Workspace};
use crate::base::{Currency, Id, When};
use crate::records::{Kept, Kind, Record};
use db::{Conn, FromRow, Reader, Result, Sql, Tx, Value, sql};

/// Rows put into one `insert`.
const ROWS_PER_INSERT: usize = 50;
/// Ids asked for in one `select`.
const IDS_PER_SELECT: usize = 500;

const HEAD: &str = "id, version, created_at, changed_at, removed_at";

/// `select …` of everything [`Kept`] reads, from its table under the alias `r`, without `where`.
pub(crate) fn select<T: Record>() -> String {
    let mut text = String::from("select r.id, r.version, r.created_at, r.changed_at, r.removed_at");
    for column in T::COLUMNS {
        text.push_str(", r.");
        text.push_str(column);
    }
    text.push_str(" from ");
    text.push_str(T::TABLE);
    text.push_str(" r");
    text
}

/// One record of a workspace, removed or not.
///
/// # Errors
/// What the database says.
pub async fn by_id<T: Record>(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    id: Id<T>,
) -> Result<Option<Kept<T>>> {
    let sql = format!("{} where r.id = $1 and r.workspace_id = $2", select::<T>());
    conn.first(Sql::built(sql), vec![id.into(), workspace.into()]).await
}

/// The records of a workspace with these ids, in no order; those that are not there are left out.
///
/// # Errors
/// What the database says.
pub async fn by_ids<T: Record>(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    ids: &[Id<T>],
) -> Result<Vec<Kept<T>>> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(IDS_PER_SELECT) {
        let sql = format!(
            "{} where (r.workspace_id = $1) is true and r.id in ({})",
            select::<T>(),
            Sql::placeholders(2, some.len())
        );
        let values = std::iter::once(workspace.into()).chain(some.iter().map(|id| (*id).into())).collect();
        found.extend(conn.all::<Kept<T>>(Sql::built(sql), values).await?);
    }
    Ok(found)
}

/// The live records of a workspace whose `column` has one of these values: id and value, in the order they were made. `column` is one
/// of the record's own, or derived.
///
/// # Errors
/// What the database says.
pub async fn find_by<T: Record>(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    column: &'static str,
    values: &[String],
) -> Result<Vec<(Id<T>, String)>> {
    let mut found = Vec::new();
    for some in values.chunks(IDS_PER_SELECT) {
        let sql = format!(
            "select id, {column} from {} where workspace_id = $1 and removed_at is null and {column} in ({}) order by id",
            T::TABLE,
            Sql::placeholders(2, some.len())
        );
        let values = std::iter::once(workspace.into()).chain(some.iter().map(Into::into)).collect();
        found.extend(conn.all::<(Id<T>, String)>(Sql::built(sql), values).await?);
    }
    Ok(found)
}

/// The texts in a column of a workspace's live records, `limit` at most and in the order they were made.
///
/// # Errors
/// What the database says.
pub async fn texts_of<T: Record>(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    column: &'static str,
    limit: i64,
) -> Result<Vec<String>> {
    let sql = format!(
        "select {column} from {} where workspace_id = $1 and removed_at is null and {column} is not null order by id limit $2",
        T::TABLE
    );
    let rows = conn.all::<(String,)>(Sql::built(sql), vec![workspace.into(), limit.into()]).await?;
    Ok(rows.into_iter().map(|(text,)| text).collect())
}

/// Marks many records as removed.
pub(super) async fn set_removed_many<T: Record>(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    ids: &[Id<T>],
    now: When,
) -> Result<()> {
    for some in ids.chunks(IDS_PER_SELECT) {
        let sql = format!(
            "update {} set removed_at = $2, changed_at = $2, version = version + 1 where (workspace_id = $1) is true and id in ({})",
            T::TABLE,
            Sql::placeholders(3, some.len())
        );
        let values =
            [workspace.into(), now.into()].into_iter().chain(some.iter().map(|id| (*id).into())).collect();
        tx.run(Sql::built(sql), values).await?;
    }
    Ok(())
}

/// Adds records.
pub(super) async fn insert<T: Record>(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    records: &[Kept<T>],
) -> Result<()> {
    let width = 6 + T::COLUMNS.len() + T::DERIVED.len();
    for some in records.chunks(ROWS_PER_INSERT) {
        let mut sql = format!("insert into {} ({HEAD}, workspace_id", T::TABLE);
        for column in T::COLUMNS.iter().chain(T::DERIVED) {
            sql.push_str(", ");
            sql.push_str(column);
        }
        sql.push_str(") values ");
        let mut values: Vec<Value> = Vec::with_capacity(width * some.len());
        for (n, kept) in some.iter().enumerate() {
            if n > 0 {
                sql.push_str(", ");
            }
            sql.push('(');
            sql.push_str(&Sql::placeholders(n * width + 1, width));
            sql.push(')');
            values.extend([
                kept.id.into(),
                kept.version.into(),
                kept.created_at.into(),
                kept.changed_at.into(),
                kept.removed_at.into(),
                workspace.into(),
            ]);
            values.extend(kept.it.values());
        }
        tx.run(Sql::built(sql), values).await?;
    }
    Ok(())
}

/// Saves a changed record over version `from`; false if that is not its version any more.
pub(super) async fn update<T: Record>(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    kept: &Kept<T>,
    from: i64,
) -> Result<bool> {
    let mut sql = format!("update {} set version = $4, changed_at = $5", T::TABLE);
    for (n, column) in T::COLUMNS.iter().chain(T::DERIVED).enumerate() {
        sql.push_str(&format!(", {column} = ${}", n + 6));
    }
    sql.push_str(" where id = $1 and workspace_id = $2 and version = $3");
    let mut values: Vec<Value> =
        vec![kept.id.into(), workspace.into(), from.into(), kept.version.into(), kept.changed_at.into()];
    values.extend(kept.it.values());
    Ok(tx.run(Sql::built(sql), values).await? == 1)
}

/// Marks a record as removed, or takes the mark away.
pub(super) async fn set_removed<T: Record>(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    id: Id<T>,
    removed_at: Option<When>,
    now: When,
) -> Result<bool> {
    let sql = format!(
        "update {} set removed_at = $3, changed_at = $4, version = version + 1 where id = $1 and workspace_id = $2",
        T::TABLE
    );
    Ok(tx.run(Sql::built(sql), vec![id.into(), workspace.into(), removed_at.into(), now.into()]).await? == 1)
}

/// Whether a live record of a kind is there, with its owner where it has one.
pub(super) async fn owner_of(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    kind: Kind,
    id: uuid::Uuid,
) -> Result<Option<Option<uuid::Uuid>>> {
    let (table, owner) = match kind {
        Kind::Company => ("company", "owner_id"),
        Kind::Contact => ("contact", "owner_id"),
        Kind::Deal => ("deal", "owner_id"),
        Kind::Activity => ("activity", "owner_id"),
        Kind::Task => ("task", "owner_id"),
        Kind::Request => ("request", "owner_id"),
        Kind::Message => ("message", "null"),
        Kind::Pulse => ("pulse", "null"),
        Kind::Cadence => ("cadence", "null"),
        Kind::Template => ("template", "null"),
        Kind::Product => ("product", "null"),
        Kind::Figure => ("figure", "null"),
        Kind::Want => ("want", "null"),
        Kind::Need => ("need", "null"),
        Kind::Alternative => ("alternative", "null"),
        Kind::Contraindication => ("contraindication", "null"),
        Kind::Bearing => ("bearing", "null"),
        Kind::CostPart => ("cost_part", "null"),
        Kind::Voice => ("voice", "null"),
        Kind::Early => ("early", "null"),
        Kind::Step => ("step", "null"),
        Kind::Question => ("question", "null"),
        Kind::Level => ("level", "null"),
        Kind::Answer => ("answer", "null"),
        Kind::Commitment => ("commitment", "null"),
        Kind::PlanStep => ("plan_step", "null"),
        Kind::Effort => ("effort", "null"),
        Kind::Budget => ("budget", "null"),
        Kind::Decision => ("decision", "null"),
        Kind::Departure => ("departure", "null"),
        Kind::Goodbye => ("goodbye", "null"),
        Kind::Reply => ("reply", "null"),
        Kind::Concession => ("concession", "null"),
        Kind::Measure => ("measure", "null"),
        Kind::Outcome => ("outcome", "null"),
        Kind::Gladness => ("gladness", "null"),
        Kind::Meeting => ("meeting", "null"),
        Kind::Delegation => ("delegation", "null"),
        Kind::Negotiation => ("negotiation", "null"),
        Kind::Offering => ("offering", "null"),
        Kind::Proposal => ("proposal", "null"),
        Kind::Story => ("story", "null"),
        Kind::ClientLink => ("client_link", "null"),
        Kind::ClientQuestion => ("client_question", "null"),
        Kind::ClientReport => ("client_report", "null"),
        Kind::Attachment => ("attachment", "null"),
        Kind::Pipeline => ("pipeline", "null"),
        Kind::Stage => ("stage", "null"),
        Kind::Member => ("member", "null"),
        Kind::Team => ("team", "null"),
        Kind::Workspace => return Ok(None),
    };
    let owner = if owner == "null" { "workspace_id" } else { owner };
    let sql =
        format!("select {owner} from {table} where id = $1 and workspace_id = $2 and removed_at is null");
    let row = conn.first::<(Option<uuid::Uuid>,)>(Sql::built(sql), vec![id.into(), workspace.into()]).await?;
    Ok(row.map(|(owner,)| owner.filter(|owner| *owner != workspace.uuid())))
}

/// A record without most of it: what it is called, whose it is, in what its sums are.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    /// What it is.
    pub kind: Kind,
    /// Its id.
    pub id: uuid::Uuid,
    /// What people call it.
    pub title: String,
    /// Whose it is.
    pub owner: Option<Id<Member>>,
    /// The currency of its sums, where it has any.
    pub currency: Option<Currency>,
    /// When it was removed, if it was.
    pub removed_at: Option<When>,
    /// The deal, product, request or client it is a part of.
    pub part_of: Option<uuid::Uuid>,
}

impl FromRow for Brief {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let kind =
            Kind::parse(&row.take::<String>()?).ok_or_else(|| db::Error::Shape("a kind of record".into()))?;
        let (id, title, owner, currency, removed_at) =
            (row.take()?, row.take()?, row.take()?, row.take()?, row.take()?);
        let (deal, product) = (row.take::<Option<uuid::Uuid>>()?, row.take::<Option<uuid::Uuid>>()?);
        Ok(Self { kind, id, title, owner, currency, removed_at, part_of: deal.or(product) })
    }
}

/// The records of a kind with these ids, in no order, removed ones too; those of other workspaces are left out.
/// Whoever shows them asks the scope about the owner first.
///
/// # Errors
/// What the database says.
pub async fn briefs(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    kind: Kind,
    ids: &[uuid::Uuid],
) -> Result<Vec<Brief>> {
    if kind == Kind::Workspace {
        // It is the one that everything else is of.
        let sql = sql!(
            "select 'workspace', id, name, null, currency, null, null, null from workspace where id = $1"
        );
        return conn.all(sql, vec![workspace.into()]).await;
    }
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(IDS_PER_SELECT) {
        let sql = format!(
            "{} where (workspace_id = $1) is true and id in ({})",
            brief_select(kind),
            Sql::placeholders(2, some.len())
        );
        let values = std::iter::once(workspace.into()).chain(some.iter().map(|id| (*id).into())).collect();
        found.extend(conn.all::<Brief>(Sql::built(sql), values).await?);
    }
    Ok(found)
}

/// `select …` of what [`Brief`] reads, from the table of a kind, without `where`.
pub(crate) fn brief_select(kind: Kind) -> String {
    let columns = match kind {
        Kind::Company => "name, owner_id, currency, removed_at, null, null",
        Kind::Contact => "name, owner_id, null, removed_at, null, null",
        Kind::Product => "name, null, currency, removed_at, null, null",
        Kind::Deal => "title, owner_id, currency, removed_at, null, null",
        Kind::Activity | Kind::Task | Kind::Request => "title, owner_id, null, removed_at, null, null",
        Kind::Pulse => "mood, null, null, removed_at, coalesce(deal_id, company_id, contact_id), null",
        Kind::Cadence => "because, null, null, removed_at, coalesce(company_id, contact_id), null",
        Kind::Message => "text, null, null, removed_at, request_id, null",
        Kind::Figure => "parameter, null, null, removed_at, deal_id, product_id",
        Kind::Want
        | Kind::Need
        | Kind::Alternative
        | Kind::Bearing
        | Kind::CostPart
        | Kind::Early
        | Kind::Voice
        | Kind::Answer
        | Kind::Step => "title, null, null, removed_at, deal_id, null",
        Kind::Question => "title, null, null, removed_at, null, null",
        Kind::Contraindication => "title, null, null, removed_at, null, product_id",
        Kind::Commitment => "title, null, null, removed_at, deal_id, null",
        Kind::PlanStep => "title, null, null, removed_at, null, product_id",
        Kind::Effort => "title, null, currency, removed_at, deal_id, null",
        Kind::Budget => "reason, null, null, removed_at, deal_id, null",
        Kind::Decision | Kind::Departure => "reason, null, null, removed_at, deal_id, null",
        Kind::Goodbye => "reason, null, null, removed_at, company_id, null",
        Kind::Concession => "title, null, null, removed_at, deal_id, null",
        Kind::ClientReport => "'What they report', null, null, removed_at, deal_id, null",
        Kind::Measure | Kind::ClientLink | Kind::ClientQuestion | Kind::Attachment => {
            "title, null, null, removed_at, deal_id, null"
        }
        Kind::Outcome => "measured_on, null, null, removed_at, deal_id, null",
        Kind::Gladness => "felt, null, null, removed_at, deal_id, null",
        Kind::Delegation => "from_on, null, null, removed_at, null, null",
        Kind::Meeting => "week, null, null, removed_at, null, null",
        Kind::Negotiation => "'What could be in it', null, null, removed_at, deal_id, product_id",
        Kind::Offering => "'Offers', null, null, removed_at, deal_id, null",
        Kind::Proposal => "'Proposal', null, null, removed_at, deal_id, null",
        Kind::Story => "told, null, null, removed_at, deal_id, null",
        Kind::Reply => "evidence, null, null, removed_at, deal_id, null",
        _ => "name, null, null, removed_at, null, null",
    };
    let table = kind.code();
    format!("select '{table}', id, {columns} from {table}")
}

/// The live records that belong to a deal, newest first.
///
/// # Errors
/// What the database says.
pub async fn of_deal<T: Record>(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: uuid::Uuid,
    limit: i64,
) -> Result<Vec<Kept<T>>> {
    let sql = format!(
        "{} where r.deal_id = $1 and r.workspace_id = $2 and r.removed_at is null order by r.created_at desc, r.id desc limit $3",
        select::<T>()
    );
    conn.all(Sql::built(sql), vec![deal.into(), workspace.into(), limit.into()]).await
}

/// The newest live record that belongs to a deal.
///
/// # Errors
/// What the database says.
pub async fn last_of_deal<T: Record>(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: uuid::Uuid,
) -> Result<Option<Kept<T>>> {
    Ok(of_deal(conn, workspace, deal, 1).await?.pop())
}

/// ` and (owner or nobody)` for a table under the alias `r`, empty for who sees everything; its values are added.
pub(crate) fn visible(scope: &Scope, values: &mut Vec<Value>) -> String {
    let Some(owners) = scope.owners() else { return String::new() };
    if owners.is_empty() {
        return " and r.owner_id is null".to_owned();
    }
    let text = format!(
        " and (r.owner_id is null or r.owner_id in ({}))",
        Sql::placeholders(values.len() + 1, owners.len())
    );
    values.extend(owners.iter().map(|owner| Value::from(*owner)));
    text
}
