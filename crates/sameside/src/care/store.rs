//! The tables `cadence`, `care` and `fairness`, and what they read of others.

use crate::accounts::{Member, Scope, Workspace};
use crate::base::{Currency, Id, When};
use crate::care::{Cadence, Client, Fairness};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::records::{Kept, store as records};
use db::{Conn, FromRow, Reader, Result, Sql, Tx, Value, sql};
use std::collections::HashMap;

/// Clients looked at in one go.
pub const CLIENTS_AT_ONCE: usize = 400;
/// The most neglected clients that are paged through.
pub const NEGLECTED_MAX: i64 = 10_000;
/// The most clients of a plan.
const CLIENTS_MAX: i64 = 20_000;
/// The most clients and requests that fairness is counted over.
const COUNTED_MAX: i64 = 200_000;

/// What is known of a client's care, as the records say it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// The client's id.
    pub id: uuid::Uuid,
    /// Who cares for it.
    pub owner: Option<Id<Member>>,
    /// When somebody last spoke to it, or it to us.
    pub last: Option<When>,
    /// Its own cadence, in days.
    pub days: Option<i64>,
    /// Whether anything was ever agreed with it, or it asked for help: else it is no client yet.
    pub is_client: bool,
}

impl FromRow for Heard {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let (id, owner) = (row.take()?, row.take()?);
        let all: [Option<When>; 5] = [row.take()?, row.take()?, row.take()?, row.take()?, row.take()?];
        let days = row.take()?;
        let (deals, asked): (i64, i64) = (row.take()?, row.take()?);
        let last = all.into_iter().flatten().max();
        Ok(Self { id, owner, last, days, is_client: deals + asked > 0 || days.is_some() })
    }
}

/// The statement that reads [`Heard`] of some clients: of companies, or of people without one.
fn heard_sql(kind: &Client, which: &str) -> String {
    let (table, column, also) = match kind {
        Client::Company(_) => ("company", "company_id", ""),
        Client::Contact(_) => ("contact", "contact_id", " and c.company_id is null"),
    };
    // Nobody is asked to speak in their cadence with clients we said goodbye to.
    let left = match kind {
        Client::Company(_) => {
            " and not exists (select 1 from goodbye g where g.company_id = c.id and g.ended_at is null and g.removed_at is null)"
        }
        Client::Contact(_) => "",
    };
    format!(
        "select c.id, c.owner_id,
           (select max(a.happened_at) from activity a where a.{column} = c.id and a.removed_at is null and a.kind <> 'note'),
           (select max(q.last_word_at) from request q where q.{column} = c.id and q.removed_at is null),
           (select max(p.felt_at) from pulse p where p.{column} = c.id and p.removed_at is null and p.whose = 'client'),
           (select max(q.opened_at) from request q where q.{column} = c.id and q.removed_at is null),
           (select max(h.at) from client_heard h join deal d on d.id = h.deal_id where d.{column} = c.id and d.removed_at is null),
           (select min(k.days) from cadence k where k.{column} = c.id and k.removed_at is null),
           cast(case when exists (select 1 from deal d where d.{column} = c.id and d.agreed_on is not null and d.removed_at is null) then 1 else 0 end as bigint),
           cast(case when exists (select 1 from request q where q.{column} = c.id and q.removed_at is null) then 1 else 0 end as bigint)
         from {table} c where c.workspace_id = $1 and c.removed_at is null{also}{left} and {which}"
    )
}

/// What is known of some clients of one kind; at most [`CLIENTS_AT_ONCE`] are asked for at once.
///
/// # Errors
/// What the database says.
pub async fn heard(conn: &mut Conn, workspace: Id<Workspace>, clients: &[Client]) -> Result<Vec<Heard>> {
    let mut all = Vec::with_capacity(clients.len());
    let (companies, people): (Vec<Client>, Vec<Client>) =
        clients.iter().partition(|client| matches!(client, Client::Company(_)));
    for some in companies.chunks(CLIENTS_AT_ONCE).chain(people.chunks(CLIENTS_AT_ONCE)) {
        let Some(first) = some.first() else { continue };
        let sql = heard_sql(first, &format!("c.id in ({})", Sql::placeholders(2, some.len())));
        let values: Vec<Value> =
            std::iter::once(workspace.into()).chain(some.iter().map(|it| it.uuid().into())).collect();
        all.extend(conn.all::<Heard>(Sql::built(sql), values).await?);
    }
    Ok(all)
}

/// What is known of the next clients of a kind after one, by their ids.
///
/// # Errors
/// What the database says.
pub async fn heard_after(conn: &mut Conn, workspace: Id<Workspace>, after: Client) -> Result<Vec<Heard>> {
    let sql = format!("{} order by c.id limit {CLIENTS_AT_ONCE}", heard_sql(&after, "c.id > $2"));
    conn.all(Sql::built(sql), vec![workspace.into(), after.uuid().into()]).await
}

/// Forgets what was kept of some clients, and keeps this instead: the client, when last heard of, its cadence, by when.
///
/// # Errors
/// What the database says.
pub async fn keep(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    forget: &[Client],
    rows: &[(Client, &Heard, i64, When)],
) -> Result<()> {
    for some in forget.chunks(CLIENTS_AT_ONCE) {
        let sql = format!(
            "delete from care where workspace_id = $1 and client_id in ({})",
            Sql::placeholders(2, some.len())
        );
        let values =
            std::iter::once(workspace.into()).chain(some.iter().map(|it| it.uuid().into())).collect();
        tx.run(Sql::built(sql), values).await?;
    }
    for (client, heard, days, due) in rows {
        tx.run(
            sql!(
                "insert into care (client_id, workspace_id, kind, owner_id, last_at, cadence_days, due_at)
                 values ($1, $2, $3, $4, $5, $6, $7)"
            ),
            vec![
                client.uuid().into(),
                workspace.into(),
                client.kind().code().into(),
                heard.owner.into(),
                heard.last.into(),
                (*days).into(),
                (*due).into(),
            ],
        )
        .await?;
    }
    Ok(())
}

/// Forgets what was kept of every client of a kind.
///
/// # Errors
/// What the database says.
pub async fn forget_all(tx: &mut Tx, workspace: Id<Workspace>) -> Result<()> {
    tx.run(sql!("delete from care where workspace_id = $1"), vec![workspace.into()]).await.map(drop)
}

/// Remembers that the client of a deal did something on their page.
///
/// # Errors
/// What the database says.
pub async fn heard_on_page(tx: &mut Tx, workspace: Id<Workspace>, deal: Id<Deal>, now: When) -> Result<()> {
    tx.run(
        sql!(
            "insert into client_heard (deal_id, workspace_id, at) values ($1, $2, $3)
             on conflict (deal_id) do update set at = excluded.at"
        ),
        vec![deal.into(), workspace.into(), now.into()],
    )
    .await
    .map(drop)
}

/// A client that should have been heard from.
#[derive(Debug, Clone, PartialEq)]
pub struct Neglected {
    /// Which.
    pub client: Client,
    /// Who cares for it.
    pub owner: Option<Id<Member>>,
    /// When somebody last spoke to it.
    pub last: Option<When>,
    /// How often somebody should, in days.
    pub days: i64,
    /// By when somebody should have.
    pub due: When,
}

impl FromRow for Neglected {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let (id, kind) = (row.take::<uuid::Uuid>()?, row.take::<String>()?);
        let client =
            if kind == "contact" { Client::Contact(Id::of(id)) } else { Client::Company(Id::of(id)) };
        Ok(Self { client, owner: row.take()?, last: row.take()?, days: row.take()?, due: row.take()? })
    }
}

/// The clients one sees whom nobody has spoken to in their cadence, the longest neglected first: never by what they pay.
///
/// # Errors
/// What the database says.
pub async fn neglected(
    conn: &mut Conn,
    scope: &Scope,
    owner: Option<Id<Member>>,
    now: When,
    (limit, skip): (i64, i64),
) -> Result<Vec<Neglected>> {
    let mut values: Vec<Value> =
        vec![scope.workspace().into(), now.into(), limit.into(), skip.clamp(0, NEGLECTED_MAX).into()];
    let mut whose = records::visible(scope, &mut values);
    if let Some(owner) = owner {
        values.push(owner.into());
        whose.push_str(&format!(" and r.owner_id = ${}", values.len()));
    }
    let sql = format!(
        "select r.client_id, r.kind, r.owner_id, r.last_at, r.cadence_days, r.due_at from care r
         where r.workspace_id = $1 and r.due_at <= $2{whose}
         order by case when r.last_at is null then 0 else 1 end, r.last_at, r.client_id limit $3 offset $4"
    );
    conn.all(Sql::built(sql), values).await
}

/// The companies, by whom they are cared for, whom nobody has spoken to in their cadence: for the week's plan.
///
/// # Errors
/// What the database says.
pub async fn to_speak_to(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    now: When,
) -> Result<Vec<(Id<Company>, Id<Member>, Option<When>)>> {
    conn.all(
        sql!(
            "select client_id, owner_id, last_at from care where workspace_id = $1 and kind = 'company' and owner_id is not null
             and due_at <= $2 order by client_id limit $3"
        ),
        vec![workspace.into(), now.into(), CLIENTS_MAX.into()],
    )
    .await
}

/// The cadence of its own that a client has.
///
/// # Errors
/// What the database says.
pub async fn cadence(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    client: Client,
) -> Result<Option<Kept<Cadence>>> {
    let column = match client {
        Client::Company(_) => "company_id",
        Client::Contact(_) => "contact_id",
    };
    let sql = format!(
        "{} where r.{column} = $1 and r.workspace_id = $2 and r.removed_at is null order by r.created_at limit 1",
        records::select::<Cadence>()
    );
    conn.first(Sql::built(sql), vec![client.uuid().into(), workspace.into()]).await
}

/// The company and the person of a deal.
type OfDeal = (Option<Id<Company>>, Option<Id<Contact>>);

/// The company behind a deal or a person, as far as there is one: what a change of either concerns.
///
/// # Errors
/// What the database says.
pub async fn clients_of(conn: &mut Conn, workspace: Id<Workspace>, id: uuid::Uuid) -> Result<Vec<Client>> {
    let mut found = Vec::new();
    let company: Option<(Id<Company>,)> = conn
        .first(
            sql!("select id from company where id = $1 and workspace_id = $2"),
            vec![id.into(), workspace.into()],
        )
        .await?;
    if let Some((company,)) = company {
        return Ok(vec![Client::Company(company)]);
    }
    let contact: Option<(Id<Contact>, Option<Id<Company>>)> = conn
        .first(
            sql!("select id, company_id from contact where id = $1 and workspace_id = $2"),
            vec![id.into(), workspace.into()],
        )
        .await?;
    if let Some((contact, company)) = contact {
        found.push(company.map_or(Client::Contact(contact), Client::Company));
        return Ok(found);
    }
    let deal: Option<OfDeal> = conn
        .first(
            sql!("select company_id, contact_id from deal where id = $1 and workspace_id = $2"),
            vec![id.into(), workspace.into()],
        )
        .await?;
    if let Some((company, contact)) = deal {
        found.extend(company.map(Client::Company));
        found.extend(contact.filter(|_| company.is_none()).map(Client::Contact));
    }
    Ok(found)
}

/// What every company agreed to, in whole units of a currency: read by fairness alone.
///
/// # Errors
/// What the database says.
pub async fn revenues(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    currency: Currency,
) -> Result<HashMap<Id<Company>, i64>> {
    let rows: Vec<(Id<Company>, i64)> = conn
        .all(
            sql!(
                "select company_id, cast(sum(price_minor) as bigint) from deal
                 where workspace_id = $1 and removed_at is null and company_id is not null and agreed_on is not null
                   and price_minor is not null and currency = $2
                 group by company_id order by company_id limit $3"
            ),
            vec![workspace.into(), currency.into(), COUNTED_MAX.into()],
        )
        .await?;
    Ok(rows.into_iter().collect())
}

/// What some companies agreed to, in minor units of a currency: read by fairness alone.
///
/// # Errors
/// What the database says.
pub async fn revenues_of(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    currency: Currency,
    companies: &[Id<Company>],
) -> Result<HashMap<Id<Company>, i64>> {
    let mut all = HashMap::new();
    for some in companies.chunks(CLIENTS_AT_ONCE) {
        let mut values: Vec<Value> = vec![workspace.into(), currency.into()];
        values.extend(some.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "select company_id, cast(sum(price_minor) as bigint) from deal where workspace_id = $1 and removed_at is null
             and agreed_on is not null and price_minor is not null and currency = $2 and company_id in ({}) group by company_id",
            Sql::placeholders(3, some.len())
        );
        all.extend(conn.all::<(Id<Company>, i64)>(Sql::built(sql), values).await?);
    }
    Ok(all)
}

/// What was asked since a moment: whose, when, first answered when, resolved when.
pub type Asked = (Option<Id<Company>>, When, Option<When>, Option<When>);

/// What companies asked since a moment, the latest first.
///
/// # Errors
/// What the database says.
pub async fn asked(conn: &mut Conn, workspace: Id<Workspace>, since: When) -> Result<Vec<Asked>> {
    conn.all(
        sql!(
            "select company_id, opened_at, first_answered_at, resolved_at from request
             where workspace_id = $1 and opened_at >= $2 and removed_at is null and company_id is not null
             order by opened_at desc limit $3"
        ),
        vec![workspace.into(), since.into(), COUNTED_MAX.into()],
    )
    .await
}

/// What each of some companies has asked and nobody has answered yet, the oldest of each: its title, since when.
///
/// # Errors
/// What the database says.
pub async fn unanswered(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    companies: &[Id<Company>],
) -> Result<HashMap<Id<Company>, (uuid::Uuid, String, When)>> {
    let mut all: HashMap<Id<Company>, (uuid::Uuid, String, When)> = HashMap::new();
    for some in companies.chunks(CLIENTS_AT_ONCE) {
        let mut values: Vec<Value> = vec![workspace.into()];
        values.extend(some.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "select company_id, id, title, opened_at from request where workspace_id = $1 and due_at is not null
             and first_answered_at is null and removed_at is null and company_id in ({}) order by opened_at limit {COUNTED_MAX}",
            Sql::placeholders(2, some.len())
        );
        let rows = conn.all::<(Id<Company>, uuid::Uuid, String, When)>(Sql::built(sql), values).await?;
        for (company, id, title, at) in rows {
            all.entry(company).or_insert((id, title, at));
        }
    }
    Ok(all)
}

/// What was counted last of how long clients wait, and when; nothing before the first time.
///
/// # Errors
/// What the database says.
pub async fn fairness(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Option<(When, Fairness)>> {
    let row: Option<(When, String)> = conn
        .first(sql!("select made_at, document from fairness where workspace_id = $1"), vec![workspace.into()])
        .await?;
    // One of another version of this program is counted anew in the morning.
    Ok(row.and_then(|(at, text)| Some((at, serde_json::from_str(&text).ok()?))))
}

/// Keeps what was counted in place of what was before.
///
/// # Errors
/// What the database says.
pub async fn save_fairness(tx: &mut Tx, workspace: Id<Workspace>, it: &Fairness, now: When) -> Result<()> {
    tx.run(sql!("delete from fairness where workspace_id = $1"), vec![workspace.into()]).await?;
    tx.run(
        sql!("insert into fairness (workspace_id, made_at, document) values ($1, $2, $3)"),
        vec![workspace.into(), now.into(), serde_json::to_string(it).unwrap_or_default().into()],
    )
    .await
    .map(drop)
}

/// The deals of some companies that go on: those whose advocates look at how long their client waits.
///
/// # Errors
/// What the database says.
pub async fn open_deals(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    company: Id<Company>,
) -> Result<Vec<Id<Deal>>> {
    let rows: Vec<(Id<Deal>,)> = conn
        .all(
            sql!(
                "select id from deal where workspace_id = $1 and company_id = $2 and standing = 'open' and removed_at is null
                 order by id limit 50"
            ),
            vec![workspace.into(), company.into()],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
