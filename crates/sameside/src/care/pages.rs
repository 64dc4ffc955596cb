//! Care on pages: whom nobody has spoken to, and the card of a client. Whether the small wait like the large stands among
//! the insights.

use crate::accounts::{Member, Right};
use crate::base::{Id, When, plural};
use crate::care::store::{self, Neglected};
use crate::care::{Client, actions};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::error::{Error, Result};
use crate::records::{Kind, names_of, pages as records_pages};
use crate::web::layout::{Place, Shell};
use crate::web::{Asked, Form, Input, PageError, Read, Routes, Visit, is_own_path, page, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use db::Conn;
use std::collections::HashMap;

/// Clients on one page.
const ROWS: i64 = 50;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/care", Right::Look, index)
        .get("/service/fairness", Right::Look, fairness)
        .post("/service/fairness", Right::Sell, count)
        .post("/companies/{id}/cadence", Right::Sell, company_cadence)
        .post("/contacts/{id}/cadence", Right::Sell, contact_cadence)
}

/// One client whom nobody has spoken to.
struct Line {
    href: String,
    name: String,
    /// The field that names it in a form, and its id.
    field: &'static str,
    id: String,
    since: String,
    cadence: String,
    owner: String,
    task: String,
    today: String,
}

#[derive(Template)]
#[template(path = "care/templates/care.html")]
struct CarePage {
    shell: Shell,
    is_mine: bool,
    lines: Vec<Line>,
    usual: String,
    previous: String,
    next: String,
    extent: String,
}

async fn index(visit: Visit, Asked(asked): Asked) -> Result<Response, PageError> {
    let is_mine = asked.get("show") == "mine";
    let owner: Option<Id<Member>> = if is_mine { visit.scope().member() } else { None };
    let number = asked.get("page").parse::<i64>().unwrap_or(1).clamp(1, store::NEGLECTED_MAX / ROWS);
    let mut conn = visit.read().await?;
    let skip = (number - 1) * ROWS;
    let mut found = store::neglected(&mut conn, visit.scope(), owner, visit.now, (ROWS + 1, skip)).await?;
    let has_more = i64::try_from(found.len()).unwrap_or(0) > ROWS;
    found.truncate(usize::try_from(ROWS).unwrap_or(0));
    // What was written down a moment ago counts at once.
    let clients: Vec<Client> = found.iter().map(|it| it.client).collect();
    let heard = store::heard(&mut conn, visit.scope().workspace(), &clients).await?;
    let is_due = |it: &Neglected| {
        let last = heard.iter().find(|heard| heard.id == it.client.uuid()).map(|heard| heard.last);
        last.is_some_and(|last| last.is_none_or(|last| last.plus_days(it.days) <= visit.now))
    };
    found.retain(is_due);
    let wanted = HashMap::from([
        (Kind::Company, ids(&found, Kind::Company)),
        (Kind::Contact, ids(&found, Kind::Contact)),
        (Kind::Member, found.iter().filter_map(|it| it.owner.map(Id::uuid)).collect()),
    ]);
    let names = names_of(&mut conn, visit.scope(), wanted).await?;
    let lines: Vec<Line> = found.iter().filter_map(|it| line(it, &names, &visit)).collect();
    let also = if is_mine { "show=mine&" } else { "" };
    let to = |number: i64| format!("/care?{also}page={number}");
    let count = i64::try_from(lines.len()).unwrap_or(0);
    page(&CarePage {
        shell: visit.shell(Place::Service),
        is_mine,
        usual: plural(visit.seat.workspace.settings.care_days, "day", "days"),
        previous: if number > 1 { to(number - 1) } else { String::new() },
        next: if has_more { to(number + 1) } else { String::new() },
        extent: plural(count, "client", "clients"),
        lines,
    })
}

fn ids(found: &[Neglected], kind: Kind) -> Vec<uuid::Uuid> {
    found.iter().filter(|it| it.client.kind() == kind).map(|it| it.client.uuid()).collect()
}

fn line(it: &Neglected, names: &HashMap<uuid::Uuid, String>, visit: &Visit) -> Option<Line> {
    let name = names.get(&it.client.uuid())?.clone();
    let days = |at: When| visit.today().days_since(at.day(&visit.zone()));
    Some(Line {
        href: it.client.kind().page(it.client.uuid())?,
        field: match it.client {
            Client::Company(_) => "company_id",
            Client::Contact(_) => "contact_id",
        },
        id: it.client.uuid().to_string(),
        since: it.last.map_or_else(
            || "Nobody has noted a word with them yet".to_owned(),
            |last| format!("Nobody has spoken to them for {}", plural(days(last), "day", "days")),
        ),
        cadence: format!("every {} was meant", plural(it.days, "day", "days")),
        owner: it.owner.and_then(|id| names.get(&id.uuid())).cloned().unwrap_or_default(),
        task: format!("Speak to {name}"),
        today: visit.today().to_string(),
        name,
    })
}

/// Whom nobody has spoken to for longest, against their own cadence: address, name, since when.
///
/// # Errors
/// What the database says.
pub async fn silent(conn: &mut Conn, visit: &Visit, limit: i64) -> Result<Vec<(String, String, String)>> {
    let found = store::neglected(conn, visit.scope(), None, visit.now, (limit, 0)).await?;
    let wanted = HashMap::from([
        (Kind::Company, ids(&found, Kind::Company)),
        (Kind::Contact, ids(&found, Kind::Contact)),
        (Kind::Member, found.iter().filter_map(|it| it.owner.map(Id::uuid)).collect()),
    ]);
    let names = names_of(conn, visit.scope(), wanted).await?;
    let said = |it: Line| {
        let whose = if it.owner.is_empty() { String::new() } else { format!(" · {}", it.owner) };
        (it.href, it.name, format!("{}; {}{whose}", it.since, it.cadence))
    };
    Ok(found.iter().filter_map(|it| line(it, &names, visit)).map(said).collect())
}

/// What the page of a client shows of care.
#[derive(Debug)]
pub struct Card {
    /// When somebody last spoke to them.
    pub last: String,
    /// How often somebody is to.
    pub cadence: String,
    /// Why, where that is not as usual.
    pub because: String,
    /// By when somebody should again.
    pub next: String,
    /// Whether that is past.
    pub is_due: bool,
    /// The days of their own cadence, for the form.
    pub days: String,
    /// Where the form goes.
    pub action: String,
    /// Whether this person may write.
    pub may_write: bool,
}

/// What the page of a client shows of care; nothing for a person who is of a company.
///
/// # Errors
/// What the database says.
pub async fn card(conn: &mut Conn, visit: &Visit, client: Client) -> Result<Option<Card>> {
    let workspace = visit.scope().workspace();
    let Some(heard) = store::heard(conn, workspace, &[client]).await?.pop() else { return Ok(None) };
    let own = store::cadence(conn, workspace, client).await?;
    let usual = visit.seat.workspace.settings.care_days;
    let days = own.as_ref().map_or(usual, |own| own.days);
    let show = |at: When| at.day(&visit.zone()).show_near(visit.today(), visit.locale());
    let next = heard.last.map(|last| last.plus_days(days));
    let is_due = heard.is_client && next.is_none_or(|next| next <= visit.now);
    Ok(Some(Card {
        last: heard.last.map_or_else(|| "Nobody has noted a word yet".to_owned(), show),
        cadence: format!(
            "every {}{}",
            plural(days, "day", "days"),
            if own.is_some() { "" } else { ", like everybody" }
        ),
        because: own.as_ref().map(|own| own.because.clone()).unwrap_or_default(),
        next: match next {
            _ if !heard.is_client => String::new(),
            Some(next) => show(next),
            None => "now".into(),
        },
        is_due,
        days: own.as_ref().map(|own| own.days.to_string()).unwrap_or_default(),
        action: format!("{}/cadence", client.kind().page(client.uuid()).unwrap_or_default()),
        may_write: visit.scope().may(Right::Sell),
    }))
}

async fn company_cadence(
    visit: Visit,
    Path(id): Path<Id<Company>>,
    input: Input,
) -> Result<Response, PageError> {
    cadence(&visit, Client::Company(id), &input).await
}

async fn contact_cadence(
    visit: Visit,
    Path(id): Path<Id<Contact>>,
    input: Input,
) -> Result<Response, PageError> {
    cadence(&visit, Client::Contact(id), &input).await
}

#[derive(Template)]
#[template(path = "care/templates/cadence.html")]
struct CadencePage {
    shell: Shell,
    action: String,
    back: String,
    form: Form,
}

/// Gives a client a cadence of its own; without days it is as usual again.
async fn cadence(visit: &Visit, client: Client, input: &Input) -> Result<Response, PageError> {
    let back = client.kind().page(client.uuid()).unwrap_or_default();
    let mut read = Read::new(input);
    let (days, because) = (read.whole("days"), read.note("because").unwrap_or_default());
    let done = match read.done(days) {
        Ok(None) => {
            visit.write(move |tx, act| Box::pin(actions::as_usual(tx, act, client))).await.map(|()| None)
        }
        Ok(Some(days)) => visit
            .write(move |tx, act| Box::pin(actions::set(tx, act, client, days, because)))
            .await
            .map(|kept| Some(kept.id)),
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => {
            let undo = match id {
                Some(id) => records_pages::undo_of(visit, id).await?,
                None => None,
            };
            let text =
                if id.is_some() { "They have a cadence of their own." } else { "As often as everybody." };
            Ok(visit.done(&back, text, undo))
        }
        Err(Error::Invalid(fields)) => {
            let form = Form::again(input, fields);
            let action = format!("{back}/cadence");
            let it = CadencePage { shell: visit.shell(Place::Companies), action, back, form };
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &it)
        }
        Err(error) => Err(error.into()),
    }
}

/// The question stands among the insights.
async fn fairness() -> Redirect {
    Redirect::permanent("/insights/fairness")
}

/// Asks for it to be counted anew.
async fn count(visit: Visit, input: Input) -> Result<Response, PageError> {
    visit
        .write(|tx, act| {
            Box::pin(async move { crate::jobs::later(tx, act, crate::jobs::FAIRNESS, "", "{}").await })
        })
        .await?;
    let back = input.get("back");
    let to = if is_own_path(back) { back } else { "/insights/fairness" };
    Ok(visit.done(to, "It is being counted anew. Look again in a moment.", None))
}
