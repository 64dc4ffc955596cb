//! The tables `tally` and `tally_place`, and what is read of others to count.

use crate::accounts::{Member, Scope, Workspace};
use crate::base::{Currency, Date, Id, Money, When};
use crate::commitments::Commitment;
use crate::concessions::Concession;
use crate::deals::{Deal, Pipeline};
use crate::departures::Departure;
use crate::outcomes::{Gladness, Outcome};
use crate::products::Product;
use crate::records::{Kept, Record, store as records};
use crate::tallies::{Effortful, Key, Month, Name, Parts, RULES, Sum, Sums};
use db::{Conn, FromRow, Reader, Result, Sql, Tx, Value, sql};
use jiff::tz::TimeZone;
use std::collections::HashMap;

/// Counters put into one `insert`.
const ROWS_PER_INSERT: usize = 40;
/// Deals asked for in one `select`.
const DEALS_PER_SELECT: usize = 500;
/// The most parts of one kind that some deals have.
const PARTS_MAX: i64 = 2_000_000;
/// The most counters of one answer.
const ANSWER_MAX: i64 = 200_000;

/// How far counting has come in a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// By which rules.
    pub(super) rules: i64,
    /// Deals up to this one are counted,
    pub(super) deal: Option<uuid::Uuid>,
    /// and activities of no deal up to this one.
    pub(super) activity: Option<uuid::Uuid>,
    /// Or everything is.
    pub(super) is_done: bool,
    /// In which time zone days are counted, by its name.
    pub(super) zone: String,
}

impl Place {
    /// Nothing is counted yet.
    pub(super) const fn begun(zone: String) -> Self {
        Self { rules: RULES, deal: None, activity: None, is_done: false, zone }
    }

    /// Whether what is counted so far is counted by the rules of now, in this zone.
    pub(super) fn is_of(&self, zone: &str) -> bool {
        self.rules == RULES && self.zone == zone
    }
}

impl FromRow for Place {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let (rules, deal, activity) = (row.take()?, row.take()?, row.take()?);
        Ok(Self { rules, deal, activity, is_done: row.take::<i64>()? != 0, zone: row.take()? })
    }
}

/// How far counting has come. What is written waits for a round of counting that is under way, so that nothing is counted
/// twice or never.
pub(super) async fn place(tx: &mut Tx, workspace: Id<Workspace>, rules: i64) -> Result<Option<Place>> {
    const PLACE: &str =
        "select rules, deal_id, activity_id, is_done, zone from tally_place where workspace_id = $1";
    let seen: Option<Place> = tx.first(Sql::built(PLACE.to_owned()), vec![workspace.into()]).await?;
    if seen.as_ref().is_some_and(|place| place.is_done && place.rules == rules) {
        return Ok(seen);
    }
    let held = format!("{PLACE}{}", tx.dialect().share());
    tx.first(Sql::built(held), vec![workspace.into()]).await
}

/// How far counting has come, for whoever only looks.
///
/// # Errors
/// What the database says.
pub(super) async fn place_seen(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Option<Place>> {
    conn.first(
        sql!("select rules, deal_id, activity_id, is_done, zone from tally_place where workspace_id = $1"),
        vec![workspace.into()],
    )
    .await
}

/// Notes how far counting has come.
pub(super) async fn save_place(tx: &mut Tx, workspace: Id<Workspace>, place: &Place) -> Result<()> {
    tx.run(
        sql!(
            "insert into tally_place (workspace_id, rules, deal_id, activity_id, is_done, zone) values ($1, $2, $3, $4, $5, $6)
             on conflict (workspace_id) do update set rules = excluded.rules, deal_id = excluded.deal_id,
               activity_id = excluded.activity_id, is_done = excluded.is_done, zone = excluded.zone"
        ),
        vec![
            workspace.into(),
            place.rules.into(),
            place.deal.into(),
            place.activity.into(),
            i64::from(place.is_done).into(),
            place.zone.clone().into(),
        ],
    )
    .await
    .map(drop)
}

/// Forgets every counter of a workspace.
pub(super) async fn forget(tx: &mut Tx, workspace: Id<Workspace>) -> Result<()> {
    tx.run(sql!("delete from tally where workspace_id = $1"), vec![workspace.into()]).await.map(drop)
}

fn text<T>(id: Option<Id<T>>) -> String {
    id.map_or_else(String::new, |id| id.to_string())
}

/// Adds to the counters.
pub(super) async fn add(tx: &mut Tx, workspace: Id<Workspace>, sums: &Sums) -> Result<()> {
    const WIDTH: usize = 10;
    // In the order of their keys, so that two writers never wait for each other crosswise.
    let all: Vec<(&Key, &Sum)> = sums.iter().collect();
    for some in all.chunks(ROWS_PER_INSERT) {
        let rows: Vec<String> =
            (0..some.len()).map(|n| format!("({})", Sql::placeholders(n * WIDTH + 1, WIDTH))).collect();
        let sql = format!(
            "insert into tally (workspace_id, name, month, owner_key, product_key, pipeline_key, currency, detail, n, total)
             values {} on conflict (workspace_id, name, month, owner_key, product_key, pipeline_key, currency, detail)
             do update set n = tally.n + excluded.n, total = tally.total + excluded.total",
            rows.join(", ")
        );
        let mut values: Vec<Value> = Vec::with_capacity(WIDTH * some.len());
        for (key, sum) in some {
            values.extend([
                workspace.into(),
                key.name.into(),
                key.month.map_or_else(String::new, |month| month.to_string()).into(),
                text(key.owner).into(),
                text(key.product).into(),
                text(key.pipeline).into(),
                key.currency.map_or("", Currency::code).into(),
                key.detail.clone().into(),
                sum.n.into(),
                sum.total.into(),
            ]);
        }
        tx.run(Sql::built(sql), values).await?;
    }
    Ok(())
}

/// What is asked of the counters.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Which.
    pub names: Vec<Name>,
    /// From this month on.
    pub from: Option<Month>,
    /// To this one.
    pub to: Option<Month>,
    /// Of these owners' deals alone.
    pub owners: Option<Vec<Id<Member>>>,
    /// About this product alone.
    pub product: Option<Id<Product>>,
    /// In this pipeline alone.
    pub pipeline: Option<Id<Pipeline>>,
}

/// A counter as it is asked for: owners, products and pipelines added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What is counted.
    pub name: Name,
    /// Of which month; none for what has no day.
    pub month: Option<Month>,
    /// In which currency.
    pub currency: Option<Currency>,
    /// What the name says.
    pub detail: String,
    /// How many, and how much.
    pub sum: Sum,
}

impl Told {
    /// Whether both count the same, of whichever owners.
    pub fn is_same(&self, other: &Self) -> bool {
        (self.name, self.month, self.currency, &self.detail)
            == (other.name, other.month, other.currency, &other.detail)
    }
}

impl FromRow for Told {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let (month, currency) = (row.take::<String>()?, row.take::<String>()?);
        Ok(Self {
            month: Month::parse(&month),
            currency: Currency::parse(&currency),
            name: row.take()?,
            detail: row.take()?,
            sum: Sum { n: row.take()?, total: row.take()? },
        })
    }
}

/// The same of one owner.
struct ToldBy(Told, uuid::Uuid);

impl FromRow for ToldBy {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let told = Told::from_row(row)?;
        Ok(Self(told, row.take::<String>()?.parse().unwrap_or_default()))
    }
}

/// What the counters hold for this person, by name, month, currency and detail. What has no month is told when no first month
/// is asked for.
///
/// # Errors
/// What the database says.
pub async fn told(conn: &mut Conn, scope: &Scope, wish: &Wish) -> Result<Vec<Told>> {
    let (only, mut values) = asked_for(scope, wish);
    values.push(ANSWER_MAX.into());
    let sql = format!(
        "select month, currency, name, detail, cast(sum(n) as bigint), cast(sum(total) as bigint) from tally where {only}
         group by name, month, currency, detail order by name, month, currency, detail limit ${}",
        values.len()
    );
    let mut all: Vec<Told> = conn.all(Sql::built(sql), values).await?;
    all.retain(|told| told.sum != Sum::default());
    Ok(all)
}

/// What the counters of one name hold for this person by month, detail and owner; the nil id is nobody.
///
/// # Errors
/// What the database says.
pub async fn told_by_owner(conn: &mut Conn, scope: &Scope, wish: &Wish) -> Result<Vec<(Told, uuid::Uuid)>> {
    let (only, mut values) = asked_for(scope, wish);
    values.push(ANSWER_MAX.into());
    // In the order of the primary key, so that nothing is sorted.
    let sql = format!(
        "select month, currency, name, detail, cast(sum(n) as bigint), cast(sum(total) as bigint), owner_key from tally where {only}
         group by name, month, currency, detail, owner_key order by name, month, currency, detail, owner_key limit ${}",
        values.len()
    );
    let mut all: Vec<ToldBy> = conn.all(Sql::built(sql), values).await?;
    all.retain(|ToldBy(told, _)| told.sum != Sum::default());
    Ok(all.into_iter().map(|ToldBy(told, owner)| (told, owner)).collect())
}

/// The conditions under which counters are asked for, with their values; the first is the workspace.
fn asked_for(scope: &Scope, wish: &Wish) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = vec![scope.workspace().into()];
    let place = |value: Value, values: &mut Vec<Value>| {
        values.push(value);
        format!("${}", values.len())
    };
    let names: Vec<String> = wish.names.iter().map(|name| place((*name).into(), &mut values)).collect();
    let mut only = format!("workspace_id = $1 and name in ({})", names.join(", "));
    if let Some(from) = wish.from {
        only.push_str(&format!(" and month >= {}", place(from.to_string().into(), &mut values)));
    }
    if let Some(to) = wish.to {
        only.push_str(&format!(" and month <= {}", place(to.to_string().into(), &mut values)));
    }
    // A deal of nobody is everybody's, but it is none of the one who is asked for.
    for (owners, nobody) in [(scope.owners(), true), (wish.owners.as_deref(), false)] {
        let Some(owners) = owners else { continue };
        let mut marks: Vec<String> =
            owners.iter().map(|owner| place(owner.to_string().into(), &mut values)).collect();
        if nobody || marks.is_empty() {
            marks.push(place((if nobody { "" } else { "nobody" }).to_owned().into(), &mut values));
        }
        only.push_str(&format!(" and owner_key in ({})", marks.join(", ")));
    }
    if let Some(product) = wish.product {
        only.push_str(&format!(" and product_key = {}", place(product.to_string().into(), &mut values)));
    }
    if let Some(pipeline) = wish.pipeline {
        only.push_str(&format!(" and pipeline_key = {}", place(pipeline.to_string().into(), &mut values)));
    }
    (only, values)
}

/// Every counter of a workspace that holds something.
///
/// # Errors
/// What the database says.
pub(super) async fn every(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Sums> {
    let mut sums = Sums::default();
    let sql = sql!(
        "select name, month, owner_key, product_key, pipeline_key, currency, detail, n, total from tally where workspace_id = $1"
    );
    conn.each(sql, vec![workspace.into()], |row| {
        let mut row = row.reader();
        let key = Key {
            name: row.take()?,
            month: Month::parse(&row.take::<String>()?),
            owner: row.take::<String>()?.parse().ok(),
            product: row.take::<String>()?.parse().ok(),
            pipeline: row.take::<String>()?.parse().ok(),
            currency: Currency::parse(&row.take::<String>()?),
            detail: row.take()?,
        };
        let (n, total) = (row.take()?, row.take()?);
        sums.add(key, n, total);
        Ok(())
    })
    .await?;
    Ok(sums)
}

/// Some deals, removed or not. On a server they are held until the transaction ends, so that a deal cannot change hands while a
/// part of it is counted.
pub(super) async fn deals(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    ids: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, Kept<Deal>>> {
    let mut found = HashMap::with_capacity(ids.len());
    for some in ids.chunks(DEALS_PER_SELECT) {
        let sql = format!(
            "{} where (r.workspace_id = $1) is true and r.id in ({}) order by r.id{}",
            records::select::<Deal>(),
            Sql::placeholders(2, some.len()),
            tx.dialect().share()
        );
        let values = std::iter::once(workspace.into()).chain(some.iter().map(|id| (*id).into())).collect();
        found.extend(tx.all::<Kept<Deal>>(Sql::built(sql), values).await?.into_iter().map(|it| (it.id, it)));
    }
    Ok(found)
}

/// The deals after one, in the order of their ids.
pub(super) async fn deals_after(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    after: Option<uuid::Uuid>,
    limit: i64,
) -> Result<Vec<Kept<Deal>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.id > $2 order by r.id limit $3",
        records::select::<Deal>()
    );
    let after = after.unwrap_or(uuid::Uuid::nil());
    conn.all(Sql::built(sql), vec![workspace.into(), after.into(), limit.into()]).await
}

/// Hours with clients for no deal, after an activity, in the order of their ids: removed ones and those without time, too,
/// which come to nothing.
pub(super) async fn loose_after(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    (after, limit): (Option<uuid::Uuid>, i64),
    zone: &TimeZone,
) -> Result<Vec<Effortful>> {
    let after = after.unwrap_or(uuid::Uuid::nil());
    let rows: Vec<Spent> = conn
        .all(
            sql!(
                "select id, null, owner_id, happened_at, case when removed_at is null and deal_id is null then minutes else 0 end
                 from activity where workspace_id = $1 and id > $2 order by id limit $3"
            ),
            vec![workspace.into(), after.into(), limit.into()],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.on(zone)).collect())
}

/// An activity that took time.
struct Spent {
    id: uuid::Uuid,
    deal: Option<Id<Deal>>,
    who: Option<Id<Member>>,
    at: When,
    minutes: i64,
}

impl FromRow for Spent {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let (id, deal, who, at) = (row.take()?, row.take()?, row.take()?, row.take()?);
        Ok(Self { id, deal, who, at, minutes: row.take::<Option<i64>>()?.unwrap_or(0) })
    }
}

impl Spent {
    /// On the day it was there.
    fn on(self, zone: &TimeZone) -> Effortful {
        let Self { id, deal, who, at, minutes } = self;
        Effortful { id, deal, who, day: at.day(zone), minutes, spent: None }
    }
}

/// An entry.
struct Entered(Effortful);

impl FromRow for Entered {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let (id, deal, who) = (row.take()?, row.take()?, row.take()?);
        let (day, minutes) = (row.take::<Date>()?, row.take::<Option<i64>>()?.unwrap_or(0));
        let (minor, currency) = (row.take::<Option<i64>>()?, row.take::<Currency>()?);
        let spent = minor.map(|minor| Money { minor, currency });
        Ok(Self(Effortful { id, deal, who, day, minutes, spent }))
    }
}

/// Which parts of deals are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of them.
    All,
    /// Those that bear on each other: everything but hours and promises.
    Few,
}

/// The live parts of some deals.
pub(super) async fn parts(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
    (wanted, zone): (Wanted, &TimeZone),
) -> Result<HashMap<Id<Deal>, Parts>> {
    let mut all: HashMap<Id<Deal>, Parts> = HashMap::new();
    for some in deals.chunks(DEALS_PER_SELECT) {
        let marks = Sql::placeholders(2, some.len());
        let mut values: Vec<Value> = vec![workspace.into()];
        values.extend(some.iter().map(|id| Value::from(*id)));
        values.push(PARTS_MAX.into());
        let only = format!(
            "where (workspace_id = $1) is true and removed_at is null and deal_id in ({marks}) order by id limit ${}",
            some.len() + 2
        );
        if wanted == Wanted::All {
            let sql = format!("select id, deal_id, owner_id, happened_at, minutes from activity {only}");
            for it in conn.all::<Spent>(Sql::built(sql), values.clone()).await? {
                if let Some(deal) = it.deal {
                    all.entry(deal).or_default().efforts.push(it.on(zone));
                }
            }
            let sql = format!(
                "select id, deal_id, owner_id, worked_on, minutes, spent_minor, currency from effort {only}"
            );
            for Entered(it) in conn.all(Sql::built(sql), values.clone()).await? {
                if let Some(deal) = it.deal {
                    all.entry(deal).or_default().efforts.push(it);
                }
            }
        }
        if wanted == Wanted::All {
            for it in of_deals::<Commitment>(conn, &only, &values).await? {
                all.entry(it.deal_id).or_default().commitments.push(it);
            }
        }
        for it in of_deals::<Outcome>(conn, &only, &values).await? {
            all.entry(it.deal_id).or_default().outcomes.push(it);
        }
        for it in of_deals::<Gladness>(conn, &only, &values).await? {
            all.entry(it.deal_id).or_default().gladness.push(it);
        }
        for it in of_deals::<Departure>(conn, &only, &values).await? {
            all.entry(it.deal_id).or_default().departures.push(it);
        }
        for it in of_deals::<Concession>(conn, &only, &values).await? {
            all.entry(it.deal_id).or_default().concessions.push(it);
        }
    }
    Ok(all)
}

async fn of_deals<T: Record>(conn: &mut Conn, only: &str, values: &[Value]) -> Result<Vec<Kept<T>>> {
    conn.all(Sql::built(format!("{} {only}", records::select::<T>())), values.to_vec()).await
}
