//! What the books are made of.

use crate::accounts::Scope;
use crate::base::{Currency, Date, Id, Source};
use crate::companies::Company;
use crate::deals::{Deal, Standing};
use crate::outcomes::{Reached, Thought};
use crate::records::store as records;
use db::{Conn, FromRow, Reader, Result, Sql, Value};

/// The most deals of a client in its books, the latest first.
pub const DEALS_MAX: i64 = 200;
/// Clients of one page.
pub const CLIENTS_MAX: i64 = 50;
/// The most results of the clients of one page.
const RESULTS_MAX: i64 = 5_000;

/// A deal in the books.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Which.
    pub deal: Id<Deal>,
    /// What it is called.
    pub title: String,
    /// How it stands.
    pub standing: Standing,
    /// With whom.
    pub company: Option<Id<Company>>,
    /// When it was agreed.
    pub agreed_on: Option<Date>,
    /// In which currency its sums are.
    pub currency: Currency,
    /// Its result, if it was measured.
    pub result: Option<Came>,
}

/// A result in the books. Sums are in whole units.
#[derive(Debug, Clone)]
pub struct Came {
    /// When it was measured.
    pub measured_on: Date,
    /// Whether they have what they wanted.
    pub reached: Reached,
    /// What they gained.
    pub client: f64,
    /// What we gained, our hours paid.
    pub company: f64,
    /// What both were to gain, where that was kept.
    pub hoped: Option<(f64, f64)>,
    /// How we know.
    pub source: Source,
}

impl FromRow for Entry {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let (deal, title, standing, company) = (row.take()?, row.take()?, row.take()?, row.take()?);
        let (agreed_on, currency) = (row.take()?, row.take()?);
        let (measured_on, reached) = (row.take::<Option<Date>>()?, row.take::<Option<Reached>>()?);
        let (client, ours) = (row.take::<Option<f64>>()?, row.take::<Option<f64>>()?);
        let (thought, source) = (row.take::<Option<Thought>>()?, row.take::<Option<Source>>()?);
        let result = match (measured_on, reached, client, ours, source) {
            (Some(measured_on), Some(reached), Some(client), Some(company), Some(source)) => {
                let hoped = thought.and_then(|thought| thought.hoped);
                Some(Came { measured_on, reached, client, company, hoped, source })
            }
            _ => None,
        };
        Ok(Self { deal, title, standing, company, agreed_on, currency, result })
    }
}

const ENTRY: &str = "select r.id, r.title, r.standing, r.company_id, r.agreed_on, r.currency, o.measured_on, o.reached, o.client_gain,
     o.company_gain, o.thought, o.source";

/// The deals with a client, the latest first.
///
/// # Errors
/// What the database says.
pub async fn of_company(conn: &mut Conn, scope: &Scope, company: Id<Company>) -> Result<Vec<Entry>> {
    let mut values: Vec<Value> = vec![scope.workspace().into(), company.into()];
    let seen = records::visible(scope, &mut values);
    values.push(DEALS_MAX.into());
    let sql = format!(
        "{ENTRY} from deal r left join outcome o on o.deal_id = r.id and o.removed_at is null
         where r.workspace_id = $1 and r.company_id = $2 and r.removed_at is null{seen}
         order by r.agreed_on desc nulls last, r.id desc limit ${}",
        values.len()
    );
    conn.all(Sql::built(sql), values).await
}

/// Clients with a result, by name, after one of them: its folded name and id.
///
/// # Errors
/// What the database says.
pub async fn clients(
    conn: &mut Conn,
    scope: &Scope,
    after: Option<(String, Id<Company>)>,
) -> Result<Vec<(Id<Company>, String, String)>> {
    let mut values: Vec<Value> = vec![scope.workspace().into()];
    let mut only = records::visible(scope, &mut values);
    if let Some((name, id)) = after {
        values.push(name.into());
        values.push(id.into());
        let (name, id) = (values.len() - 1, values.len());
        only.push_str(&format!(
            " and (c.name_folded > ${name} or (c.name_folded = ${name} and c.id > ${id}))"
        ));
    }
    values.push((CLIENTS_MAX + 1).into());
    let sql = format!(
        "select distinct c.id, c.name, c.name_folded from outcome o join deal r on r.id = o.deal_id join company c on c.id = r.company_id
         where o.workspace_id = $1 and o.removed_at is null and r.removed_at is null and c.removed_at is null{only}
         order by c.name_folded, c.id limit ${}",
        values.len()
    );
    conn.all(Sql::built(sql), values).await
}

/// The deals with a result of some clients.
///
/// # Errors
/// What the database says.
pub async fn results_of(conn: &mut Conn, scope: &Scope, companies: &[Id<Company>]) -> Result<Vec<Entry>> {
    if companies.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![scope.workspace().into()];
    let marks = Sql::placeholders(2, companies.len());
    values.extend(companies.iter().map(|id| Value::from(*id)));
    let seen = records::visible(scope, &mut values);
    values.push(RESULTS_MAX.into());
    let sql = format!(
        "{ENTRY} from deal r join outcome o on o.deal_id = r.id and o.removed_at is null
         where r.workspace_id = $1 and r.company_id in ({marks}) and r.removed_at is null{seen}
         order by o.measured_on desc, r.id desc limit ${}",
        values.len()
    );
    conn.all(Sql::built(sql), values).await
}
