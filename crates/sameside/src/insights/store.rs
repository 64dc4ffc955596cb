//! The records behind a figure.

use crate::accounts::Scope;
use crate::base::{Currency, Date, Id, When};
use crate::deals::Deal;
use crate::records::store as records;
use crate::tallies::{Month, Wish};
use db::{Conn, FromRow, Reader, Result, Sql, Value};
use jiff::tz::TimeZone;

/// Records of one page.
pub const ROWS_MAX: i64 = 100;
/// The most currencies that sums are told in.
const CURRENCIES_MAX: i64 = 100;

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
    /// On which day, in UTC where it is kept as a moment.
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
            Ok((Some(at.day(&TimeZone::UTC)), at.micros().to_string()))
        })
        .map(Self)
    }
}

/// The records behind a figure, the last first, [`ROWS_MAX`] and one more, after the row with this cursor.
///
/// # Errors
/// What the database says.
pub async fn behind(
    conn: &mut Conn,
    scope: &Scope,
    list: List,
    wish: &Wish,
    after: &str,
) -> Result<Vec<Row>> {
    let Parts { tables, key, day, is_moment, only, figures } = list.parts();
    let mut values: Vec<Value> = vec![scope.workspace().into()];
    let mut sql = format!(
        "select r.id, r.title, c.name, {key}, {day}, r.currency, {figures} from {tables} left join company c on c.id = r.company_id
         where r.workspace_id = $1 and r.removed_at is null and {only}"
    );
    narrow(&mut sql, &mut values, scope, wish, day, is_moment);
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
        return Ok(conn
            .all::<AtMoment>(Sql::built(sql), values)
            .await?
            .into_iter()
            .map(|row| row.0)
            .collect());
    }
    Ok(conn.all::<OnDay>(Sql::built(sql), values).await?.into_iter().map(|row| row.0).collect())
}

/// Adds what is chosen, and what the person may see, to the conditions of a statement whose deal is `r`.
fn narrow(sql: &mut String, values: &mut Vec<Value>, scope: &Scope, wish: &Wish, day: &str, is_moment: bool) {
    sql.push_str(&records::visible(scope, values));
    let mut with = |condition: &str, value: Value| {
        values.push(value);
        sql.push_str(&condition.replace('?', &format!("${}", values.len())));
    };
    let bound =
        |date: Date| -> Value { if is_moment { date.start(&TimeZone::UTC).into() } else { date.into() } };
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
pub async fn precedents(conn: &mut Conn, scope: &Scope, wish: &Wish) -> Result<Vec<(Currency, i64, f64)>> {
    let mut values: Vec<Value> = vec![scope.workspace().into()];
    let mut sql = "select r.currency, count(*), sum(p.cost_likely) from concession p join deal r on r.id = p.deal_id
         where r.workspace_id = $1 and r.removed_at is null and p.removed_at is null and p.state = 'granted' and exists (
           select 1 from deal d join concession e on e.deal_id = d.id where d.company_id = r.company_id and d.removed_at is null
           and e.removed_at is null and e.state = 'granted' and e.created_at < p.created_at)"
        .to_owned();
    narrow(&mut sql, &mut values, scope, wish, "coalesce(p.decided_at, p.created_at)", true);
    values.push(CURRENCIES_MAX.into());
    sql.push_str(&format!(" group by r.currency order by 2 desc limit ${}", values.len()));
    conn.all(Sql::built(sql), values).await
}
