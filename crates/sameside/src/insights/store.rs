//! The records behind a figure.

use crate::accounts::Scope;
use crate::base::{Currency, Date, Id, When};
use crate::commitments::Side;
use crate::deals::Deal;
use crate::records::store as records;
use crate::tallies::{Month, Wish};
use db::{Conn, FromRow, Reader, Result, Sql, Value};
use jiff::tz::TimeZone;

/// Records of one page.
pub const ROWS_MAX: i64 = 100;
/// The most currencies that sums are told in.
const CURRENCIES_MAX: i64 = 100;
/// The most people whose promises of a month are counted.
const PEOPLE_MAX: i64 = 20_000;

/// Which records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Results, by the day they were measured: what they gained, what we gained.
    Results,
    /// Sales that were wrong (P15): what they gained, what we gained, what was thought.
    MisSales,
    /// Deals we walked away from: hours saved.
    WalkedAway,
    /// Deals that ended.
    Ended,
    /// Open deals, by the day they began: price.
    Open,
    /// Concessions, by the moment they were given: what they cost us, what they are worth to them.
    Concessions,
    /// What clients said of how gladly they pay.
    Gladness,
    /// What we learnt, in words.
    Learnt,
    /// Promises of both sides that came due, by the day they were promised for: whose, when it was done, what.
    Promises,
}

/// How a list is asked for.
struct Parts {
    /// From which tables; `r` is the deal.
    tables: &'static str,
    /// The row among others of its day.
    key: &'static str,
    /// By which day, or which moment.
    day: &'static str,
    /// Whether it is a moment.
    is_moment: bool,
    /// Under which condition.
    only: &'static str,
    /// Two figures and words.
    figures: &'static str,
}

impl List {
    const fn parts(self) -> Parts {
        let deals = Parts {
            tables: "deal r",
            key: "r.id",
            day: "r.closed_on",
            is_moment: false,
            only: "r.closed_on is not null",
            figures: "null, null, r.standing",
        };
        match self {
            Self::Results => Parts {
                tables: "outcome p join deal r on r.id = p.deal_id",
                key: "p.id",
                day: "p.measured_on",
                only: "p.removed_at is null",
                figures: "p.client_gain, p.company_gain, p.reached",
                ..deals
            },
            Self::MisSales => Parts {
                tables: "deal r left join outcome p on p.deal_id = r.id and p.removed_at is null",
                day: "coalesce(p.measured_on, r.closed_on, r.agreed_on)",
                only: "r.id in (select o.deal_id from outcome o where o.workspace_id = $1 and o.client_gain < 0 and o.removed_at is null
                 union select g.deal_id from gladness g where g.workspace_id = $1 and g.felt = 'would_not_again'
                 and g.whose = 'client' and g.removed_at is null)",
                figures: "p.client_gain, p.company_gain, p.thought",
                ..deals
            },
            Self::WalkedAway => Parts {
                tables: "deal r left join departure p on p.id = (select l.id from departure l where l.deal_id = r.id and l.removed_at is null
                 order by l.created_at desc, l.id desc limit 1)",
                only: "r.standing = 'walked_away'",
                figures: "p.hours_saved, null, r.reason",
                ..deals
            },
            Self::Ended => deals,
            Self::Open => Parts {
                day: "r.opened_on",
                only: "r.standing = 'open'",
                figures: "null, null, r.phase",
                ..deals
            },
            Self::Concessions => Parts {
                tables: "concession p join deal r on r.id = p.deal_id",
                key: "p.id",
                day: "coalesce(p.decided_at, p.created_at)",
                is_moment: true,
                only: "p.removed_at is null and p.state = 'granted'",
                figures: "p.cost_likely, p.worth_likely, p.title || ': ' || coalesce(p.came_back, p.nothing_because, '')",
            },
            Self::Gladness => Parts {
                tables: "gladness p join deal r on r.id = p.deal_id",
                key: "p.id",
                day: "p.said_on",
                only: "p.removed_at is null and p.whose = 'client'",
                figures: "null, null, p.felt || ' ' || coalesce(p.because, '')",
                ..deals
            },
            Self::Learnt => Parts {
                tables: "(select o.id, o.deal_id, o.measured_on as on_day, o.learnt from outcome o
                 where o.workspace_id = $1 and o.learnt is not null and o.removed_at is null
                 union all select l.id, l.deal_id, d.closed_on, l.learnt from departure l join deal d on d.id = l.deal_id
                 where l.workspace_id = $1 and l.learnt is not null and l.removed_at is null) p join deal r on r.id = p.deal_id",
                key: "p.id",
                day: "p.on_day",
                only: "1 = 1",
                figures: "null, null, p.learnt",
                ..deals
            },
            Self::Promises => Parts {
                tables: "commitment p join deal r on r.id = p.deal_id",
                key: "p.id",
                day: "p.promised_on",
                only: "p.removed_at is null and p.promised_on is not null and (p.done_on is not null or (p.promised_on < $2
                 and (r.standing not in ('walked_away', 'declined') or r.closed_on is null or p.promised_on < r.closed_on)))",
                figures: "null, null, p.side || ' ' || coalesce(p.done_on, '-') || ' ' || p.title",
                ..deals
            },
        }
    }
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its deal.
    pub deal: Id<Deal>,
    /// What the deal is called.
    pub title: String,
    /// With whom.
    pub company: Option<String>,
    /// Where the next page begins, if it ends with this one.
    pub cursor: String,
    /// On which day, where the workspace is.
    pub day: Option<Date>,
    /// In which currency its sums are.
    pub currency: Currency,
    /// The first figure.
    pub first: Option<f64>,
    /// The second.
    pub second: Option<f64>,
    /// A word or a sentence.
    pub words: Option<String>,
}

/// A row by its day.
struct OnDay(Row);
/// A row by its moment.
struct AtMoment(Row);

fn row_of(
    row: &mut Reader<'_>,
    day: impl FnOnce(&mut Reader<'_>) -> Result<(Option<Date>, String)>,
) -> Result<Row> {
    let (deal, title, company, key) = (row.take()?, row.take()?, row.take()?, row.take::<uuid::Uuid>()?);
    let (day, place) = day(row)?;
    Ok(Row {
        deal,
        title,
        company,
        cursor: format!("{place}.{key}"),
        day,
        currency: row.take()?,
        first: row.take()?,
        second: row.take()?,
        words: row.take()?,
    })
}

impl FromRow for OnDay {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        row_of(row, |row| {
            let day: Option<Date> = row.take()?;
            Ok((day, day.map_or_else(String::new, |day| day.to_string())))
        })
        .map(Self)
    }
}

impl FromRow for AtMoment {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        row_of(row, |row| {
            let at: When = row.take()?;
            // On which day that was is not the database's to say.
            Ok((None, at.micros().to_string()))
        })
        .map(Self)
    }
}

/// The records behind a figure, the last first, [`ROWS_MAX`] and one more, after the row with this cursor. Days are those of
/// `zone`, in which it is `today`.
///
/// # Errors
/// What the database says.
pub async fn behind(
    conn: &mut Conn,
    scope: &Scope,
    (list, wish): (List, &Wish),
    after: &str,
    (today, zone): (Date, &TimeZone),
) -> Result<Vec<Row>> {
    let Parts { tables, key, day, is_moment, only, figures } = list.parts();
    let mut values: Vec<Value> = vec![scope.workspace().into()];
    if list == List::Promises {
        values.push(today.into());
    }
    let mut sql = format!(
        "select r.id, r.title, c.name, {key}, {day}, r.currency, {figures} from {tables} left join company c on c.id = r.company_id
         where r.workspace_id = $1 and r.removed_at is null and {only}"
    );
    narrow(&mut sql, &mut values, scope, wish, day, is_moment.then_some(zone));
    let after = after.rsplit_once('.').and_then(|(place, id)| {
        let id: uuid::Uuid = id.parse().ok()?;
        let place: Value =
            if is_moment { place.parse::<i64>().ok()?.into() } else { place.parse::<Date>().ok()?.into() };
        Some((place, id))
    });
    if let Some((place, id)) = after {
        values.push(place);
        values.push(id.into());
        let (on, id) = (values.len() - 1, values.len());
        sql.push_str(&format!(" and ({day} < ${on} or ({day} = ${on} and {key} < ${id}))"));
    }
    values.push((ROWS_MAX + 1).into());
    sql.push_str(&format!(" order by {day} desc nulls last, {key} desc limit ${}", values.len()));
    if is_moment {
        let on_day = |AtMoment(mut row): AtMoment| {
            let moment = row.cursor.split_once('.').and_then(|(micros, _)| micros.parse().ok());
            row.day = moment.map(|micros| When::from_micros(micros).day(zone));
            row
        };
        return Ok(conn.all::<AtMoment>(Sql::built(sql), values).await?.into_iter().map(on_day).collect());
    }
    Ok(conn.all::<OnDay>(Sql::built(sql), values).await?.into_iter().map(|row| row.0).collect())
}

/// Adds what is chosen, and what the person may see, to the conditions of a statement whose deal is `r`.
fn narrow(
    sql: &mut String,
    values: &mut Vec<Value>,
    scope: &Scope,
    wish: &Wish,
    day: &str,
    moments_in: Option<&TimeZone>,
) {
    sql.push_str(&records::visible(scope, values));
    let mut with = |condition: &str, value: Value| {
        values.push(value);
        sql.push_str(&condition.replace('?', &format!("${}", values.len())));
    };
    let bound = |date: Date| moments_in.map_or_else(|| Value::from(date), |zone| date.start(zone).into());
    if let Some(first) = wish.from.and_then(Month::first) {
        with(&format!(" and {day} >= ?"), bound(first));
    }
    if let Some(end) = wish.to.and_then(|month| month.plus(1).first()) {
        with(&format!(" and {day} < ?"), bound(end));
    }
    if let Some(product) = wish.product {
        with(" and r.product_id = ?", product.into());
    }
    if let Some(pipeline) = wish.pipeline {
        with(" and r.pipeline_id = ?", pipeline.into());
    }
    if let Some(owners) = &wish.owners {
        let marks = Sql::placeholders(values.len() + 1, owners.len());
        let marks = if owners.is_empty() { "null".to_owned() } else { marks };
        values.extend(owners.iter().map(|owner| Value::from(*owner)));
        sql.push_str(&format!(" and r.owner_id in ({marks})"));
    }
}

/// Of what was given: how many went to clients who had been given something before, and what they likely cost in whole units,
/// by currency.
///
/// # Errors
/// What the database says.
pub async fn precedents(
    conn: &mut Conn,
    scope: &Scope,
    wish: &Wish,
    zone: &TimeZone,
) -> Result<Vec<(Currency, i64, f64)>> {
    let mut values: Vec<Value> = vec![scope.workspace().into()];
    let mut sql = "select r.currency, count(*), sum(p.cost_likely) from concession p join deal r on r.id = p.deal_id
         where r.workspace_id = $1 and r.removed_at is null and p.removed_at is null and p.state = 'granted' and exists (
           select 1 from deal d join concession e on e.deal_id = d.id where d.company_id = r.company_id and d.removed_at is null
           and e.removed_at is null and e.state = 'granted' and e.created_at < p.created_at)"
        .to_owned();
    narrow(&mut sql, &mut values, scope, wish, "coalesce(p.decided_at, p.created_at)", Some(zone));
    values.push(CURRENCIES_MAX.into());
    sql.push_str(&format!(" group by r.currency order by 2 desc limit ${}", values.len()));
    conn.all(Sql::built(sql), values).await
}

/// Of the promises for a day from `first` on, before `today`: those not done, by whose they are; ours by who has them, theirs by who
/// of us runs the deal. A month of them at most is asked for: what is older is in the counters.
///
/// # Errors
/// What the database says.
pub async fn undone(
    conn: &mut Conn,
    scope: &Scope,
    wish: &Wish,
    (first, today): (Date, Date),
) -> Result<Vec<(Side, Option<uuid::Uuid>, i64)>> {
    let mut values: Vec<Value> = vec![scope.workspace().into(), first.into(), today.into()];
    let mut sql = "select p.side, case when p.side = 'company' then p.owner_id else r.owner_id end, count(*) from commitment p join deal r on r.id = p.deal_id
         where p.workspace_id = $1 and p.done_on is null and p.removed_at is null and r.removed_at is null
           and p.promised_on >= $2 and p.promised_on < $3
           and (r.standing not in ('walked_away', 'declined') or r.closed_on is null or p.promised_on < r.closed_on)"
        .to_owned();
    let any_time = Wish { from: None, to: None, ..wish.clone() };
    narrow(&mut sql, &mut values, scope, &any_time, "p.promised_on", None);
    values.push(PEOPLE_MAX.into());
    sql.push_str(&format!(" group by 1, 2 order by 3 desc limit ${}", values.len()));
    conn.all(Sql::built(sql), values).await
}

/// The most results that are put in order by what changed.
pub const IMPACTS_MAX: i64 = 100;

/// What changed for a client, by the measure of its deal.
#[derive(Debug, Clone)]
pub struct Impact {
    /// Which deal.
    pub deal: Id<Deal>,
    /// What it is called.
    pub title: String,
    /// With whom.
    pub company: Option<String>,
    /// What is measured.
    pub measured: String,
    /// In what.
    pub unit: String,
    /// Where it stood.
    pub baseline: f64,
    /// Where they wanted it.
    pub wished: f64,
    /// Where it stands.
    pub achieved: f64,
    /// When that was looked at.
    pub on: Date,
    /// How much better it is, as a share of where it stood.
    pub impact: f64,
}

impl FromRow for Impact {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            deal: row.take()?,
            title: row.take()?,
            company: row.take()?,
            measured: row.take()?,
            unit: row.take()?,
            baseline: row.take()?,
            wished: row.take()?,
            achieved: row.take()?,
            on: row.take()?,
            impact: row.take()?,
        })
    }
}

/// The results that left a client better off by their measure, the greatest change relative to where it stood first, at most
/// [`IMPACTS_MAX`]. A sale that was wrong is no win, whatever its measure says.
///
/// # Errors
/// What the database says.
pub async fn impacts(conn: &mut Conn, scope: &Scope, wish: &Wish) -> Result<Vec<Impact>> {
    const CHANGE: &str = "(case when m.wished < m.baseline then m.baseline - p.achieved else p.achieved - m.baseline end) / abs(m.baseline)";
    let mut values: Vec<Value> = vec![scope.workspace().into()];
    let mut sql = format!(
        "select r.id, r.title, c.name, m.title, m.unit, m.baseline, m.wished, p.achieved, p.measured_on, {CHANGE}
         from outcome p join deal r on r.id = p.deal_id join measure m on m.deal_id = p.deal_id and m.removed_at is null
         left join company c on c.id = r.company_id
         where p.workspace_id = $1 and p.removed_at is null and r.removed_at is null and p.achieved is not null
           and p.client_gain >= 0 and m.baseline <> 0 and {CHANGE} > 0
           and not exists (select 1 from gladness g where g.deal_id = p.deal_id and g.felt = 'would_not_again'
             and g.whose = 'client' and g.removed_at is null)"
    );
    narrow(&mut sql, &mut values, scope, wish, "p.measured_on", None);
    values.push(IMPACTS_MAX.into());
    sql.push_str(&format!(" order by {CHANGE} desc, p.measured_on desc, p.id limit ${}", values.len()));
    conn.all(Sql::built(sql), values).await
}
