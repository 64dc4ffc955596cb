//! The tables `pulse` and `pulse_ask`.

use crate::accounts::Workspace;
use crate::activities::Activity;
use crate::base::{Id, When};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::outcomes::Whose;
use crate::pulse::{Ask, Mood, Pulse};
use crate::records::{Kept, store as records};
use db::{Conn, FromRow, Reader, Result, Sql, Tx, Value, sql};
use std::collections::HashMap;

/// The most pulses of a record that are drawn: the last.
pub const PULSES_MAX: i64 = 60;
/// The most pulses of some deals that rules look at.
const READINGS_MAX: i64 = 4_000;

/// What a client said of how it felt: when, how, in which words.
pub type Felt = (When, Mood, Option<String>);

/// Whose pulses.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// In a deal.
    Deal(Id<Deal>),
    /// Of a company.
    Company(Id<Company>),
    /// Of a person.
    Contact(Id<Contact>),
}

/// The last pulses of a record, oldest first; the record is one that this person sees.
///
/// # Errors
/// What the database says.
pub async fn of(conn: &mut Conn, workspace: Id<Workspace>, of: Of) -> Result<Vec<Kept<Pulse>>> {
    let (column, id) = match of {
        Of::Deal(id) => ("deal_id", Value::from(id)),
        Of::Company(id) => ("company_id", id.into()),
        Of::Contact(id) => ("contact_id", id.into()),
    };
    let sql = format!(
        "{} where r.{column} = $1 and r.workspace_id = $2 and r.removed_at is null order by r.felt_at desc, r.id desc limit $3",
        records::select::<Pulse>()
    );
    let mut found: Vec<Kept<Pulse>> =
        conn.all(Sql::built(sql), vec![id, workspace.into(), PULSES_MAX.into()]).await?;
    found.reverse();
    Ok(found)
}

/// What one side said after an activity.
///
/// # Errors
/// What the database says.
pub async fn after(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    activity: Id<Activity>,
    whose: Whose,
) -> Result<Option<Kept<Pulse>>> {
    let sql = format!(
        "{} where r.activity_id = $1 and r.whose = $2 and r.workspace_id = $3 and r.removed_at is null order by r.felt_at desc, r.id desc limit 1",
        records::select::<Pulse>()
    );
    conn.first(Sql::built(sql), vec![activity.into(), whose.code().into(), workspace.into()]).await
}

/// What a person of a client said last of a deal since a moment; of a deal whose page is for nobody alone, what anybody did.
///
/// # Errors
/// What the database says.
pub async fn said_since(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
    contact: Option<Id<Contact>>,
    since: When,
) -> Result<Option<Kept<Pulse>>> {
    let mut values: Vec<Value> = vec![deal.into(), workspace.into(), since.into()];
    let mut also = String::new();
    if let Some(contact) = contact {
        values.push(contact.into());
        also.push_str(" and r.contact_id = $4");
    }
    let sql = format!(
        "{} where r.deal_id = $1 and r.workspace_id = $2 and r.felt_at >= $3 and r.whose = 'client' and r.activity_id is null
         and r.removed_at is null{also} order by r.felt_at desc, r.id desc limit 1",
        records::select::<Pulse>()
    );
    conn.first(Sql::built(sql), values).await
}

/// What the client of a pulse said the time before it: the same person, or in the same deal, or of the same company.
///
/// # Errors
/// What the database says.
pub async fn before(conn: &mut Conn, workspace: Id<Workspace>, it: &Kept<Pulse>) -> Result<Option<Mood>> {
    let (column, id) = match (it.contact_id, it.deal_id, it.company_id) {
        (Some(id), ..) => ("contact_id", id.uuid()),
        (None, Some(id), _) => ("deal_id", id.uuid()),
        (None, None, Some(id)) => ("company_id", id.uuid()),
        (None, None, None) => return Ok(None),
    };
    let sql = format!(
        "select mood from pulse where {column} = $1 and workspace_id = $2 and whose = 'client' and removed_at is null
         and felt_at < $3 and id <> $4 order by felt_at desc, id desc limit 1"
    );
    let row: Option<(Mood,)> = conn
        .first(Sql::built(sql), vec![id.into(), workspace.into(), it.felt_at.into(), it.id.into()])
        .await?;
    Ok(row.map(|(mood,)| mood))
}

/// What the clients of some deals said of how it felt, oldest first: the deal, when, how, in which words.
///
/// # Errors
/// What the database says.
pub async fn said(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, Vec<Felt>>> {
    let mut all: HashMap<Id<Deal>, Vec<Felt>> = HashMap::new();
    if deals.is_empty() {
        return Ok(all);
    }
    let mut values: Vec<Value> = vec![workspace.into(), READINGS_MAX.into()];
    values.extend(deals.iter().map(|deal| Value::from(*deal)));
    let sql = format!(
        "select deal_id, felt_at, mood, word from pulse where (workspace_id = $1) is true and removed_at is null and whose = 'client'
         and deal_id in ({}) order by felt_at, id limit $2",
        Sql::placeholders(3, deals.len())
    );
    let rows = conn.all::<(Id<Deal>, When, Mood, Option<String>)>(Sql::built(sql), values).await?;
    for (deal, at, mood, word) in rows {
        all.entry(deal).or_default().push((at, mood, word));
    }
    Ok(all)
}

impl FromRow for Ask {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            workspace: row.take()?,
            contact_id: row.take()?,
            company_id: row.take()?,
            deal_id: row.take()?,
            activity_id: row.take()?,
            asked_by_id: row.take()?,
            ends_at: row.take()?,
            pulse_id: row.take()?,
        })
    }
}

/// What a link asks, by the hash of its secret.
///
/// # Errors
/// What the database says.
pub async fn ask(conn: &mut Conn, hash: &[u8]) -> Result<Option<Ask>> {
    conn.first(
        sql!(
            "select workspace_id, contact_id, company_id, deal_id, activity_id, asked_by_id, ends_at, pulse_id
             from pulse_ask where token_hash = $1"
        ),
        vec![hash.to_vec().into()],
    )
    .await
}

/// Keeps a link.
///
/// # Errors
/// What the database says.
pub async fn save_ask(tx: &mut Tx, hash: &[u8], ask: &Ask, now: When) -> Result<()> {
    tx.run(
        sql!(
            "insert into pulse_ask (token_hash, workspace_id, contact_id, company_id, deal_id, activity_id, asked_by_id, asked_at, ends_at, pulse_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        vec![
            hash.to_vec().into(),
            ask.workspace.into(),
            ask.contact_id.into(),
            ask.company_id.into(),
            ask.deal_id.into(),
            ask.activity_id.into(),
            ask.asked_by_id.into(),
            now.into(),
            ask.ends_at.into(),
            ask.pulse_id.into(),
        ],
    )
    .await
    .map(drop)
}

/// Says what a link was answered with.
///
/// # Errors
/// What the database says.
pub async fn answered(tx: &mut Tx, hash: &[u8], pulse: Id<Pulse>) -> Result<()> {
    tx.run(
        sql!("update pulse_ask set pulse_id = $2 where token_hash = $1"),
        vec![hash.to_vec().into(), pulse.into()],
    )
    .await
    .map(drop)
}
