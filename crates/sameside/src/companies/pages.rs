//! Companies on pages: the list, one company with its people first (P14), the form.

use crate::accounts::{Member, Right};
use crate::activities::{self, Entry};
use crate::base::{Currency, Id, initials};
use crate::books;
use crate::care;
use crate::commitments;
use crate::companies::Company;
use crate::companies::actions::{self, Draft};
use crate::contacts::{self, Contact};
use crate::departures;
use crate::desk::{self, Card};
use crate::error::{Error, Result};
use crate::history::{self, Moment};
use crate::pulse;
use crate::records::list::{self, Sort};
use crate::records::{self, Kept, Kind, pages as records_pages};
use crate::search::lookup;
use crate::service;
use crate::tasks;
use crate::web::conflict::{self, Settled};
use crate::web::layout::{Place, Shell};
use crate::web::{Asked, Form, Input, ListQuery, PageError, Read, Routes, Visit, page};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::Conn;
use std::collections::HashMap;

/// Moments shown on a company's page.
const MOMENTS: usize = 15;

const BY_NAME: Sort = Sort { code: "name", column: "name_folded", is_text: true, is_descending: false };
const BY_CHANGE: Sort = Sort { code: "-changed", column: "changed_at", is_text: false, is_descending: true };
const SORTS: &[Sort] = &[
    BY_NAME,
    Sort { code: "-name", is_descending: true, ..BY_NAME },
    BY_CHANGE,
    Sort { code: "changed", is_descending: false, ..BY_CHANGE },
];

/// The fields of the form, and what people call them.
const LABELS: &[(&str, &str)] = &[
    ("name", "Name"),
    ("owner_id", "Cared for by"),
    ("parent_id", "Part of"),
    ("matters", "What matters to them"),
    ("industry", "Industry"),
    ("employees", "People"),
    ("revenue", "Revenue a year"),
    ("currency", "Currency"),
    ("founded_year", "Founded"),
    ("domain", "Website"),
    ("phone", "Telephone"),
    ("address", "Address"),
    ("city", "City"),
    ("country", "Country"),
    ("note", "Note"),
];

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/companies", Right::Look, index)
        .get("/companies/new", Right::Sell, blank)
        .post("/companies", Right::Sell, create)
        .get("/companies/{id}", Right::Look, show)
        .post("/companies/{id}", Right::Sell, change)
        .get("/companies/{id}/edit", Right::Sell, edit)
        .post("/companies/{id}/removal", Right::Sell, remove)
        .post("/companies/{id}/restoration", Right::Sell, restore)
}

/// One company in the list.
struct Row {
    href: String,
    name: String,
    place: String,
    industry: String,
    owner: String,
    changed: String,
}

#[derive(Template)]
#[template(path = "companies/templates/list.html")]
struct ListPage {
    shell: Shell,
    list: ListQuery,
    rows: Vec<Row>,
    owners: Vec<(String, String)>,
    extent: String,
    previous: String,
    next: String,
}

async fn index(visit: Visit, Asked(asked): Asked) -> Result<Response, PageError> {
    let list = ListQuery::read("/companies", &asked, SORTS, BY_NAME);
    let mut conn = visit.read().await?;
    let found =
        list::page::<Company>(&mut conn, visit.scope(), &list.wish(visit.scope(), Some("name_folded")))
            .await?;
    let owners = found.rows.iter().filter_map(|row| row.owner_id);
    let owners = records::names(&mut conn, visit.scope(), Kind::Member, owners).await?;
    let rows = found.rows.iter().map(|row| Row {
        href: format!("/companies/{}", row.id),
        name: row.name.clone(),
        place: place(row),
        industry: row.industry.clone().unwrap_or_default(),
        owner: named(&owners, row.owner_id),
        changed: row.changed_at.day(&visit.zone()).show(visit.locale()),
    });
    page(&ListPage {
        shell: visit.shell(Place::Companies),
        rows: rows.collect(),
        owners: owner_filter(lookup::members(&mut conn, visit.scope(), None).await?),
        extent: list.extent(&found, "company", "companies"),
        previous: list.previous(&found),
        next: list.next(&found),
        list,
    })
}

/// Whose records a list can be narrowed to.
pub(crate) fn owner_filter(members: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut all = vec![("me".to_owned(), "Mine".to_owned()), ("none".to_owned(), "Nobody's yet".to_owned())];
    all.extend(members);
    all
}

/// The name behind an id; empty if there is none.
pub(crate) fn named<T>(names: &HashMap<uuid::Uuid, String>, id: Option<Id<T>>) -> String {
    id.and_then(|id| names.get(&id.uuid())).cloned().unwrap_or_default()
}

fn place(company: &Company) -> String {
    let parts = [company.city.as_deref(), company.country.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Somebody who works there.
struct Person {
    href: String,
    initials: String,
    name: String,
    job: String,
    matters: String,
    manner: String,
}

impl Person {
    fn of(contact: &Kept<Contact>) -> Self {
        Self {
            href: format!("/contacts/{}", contact.id),
            initials: initials(&contact.name),
            name: contact.name.clone(),
            job: contact.job_title.clone().unwrap_or_default(),
            matters: contact.matters.clone().unwrap_or_default(),
            manner: contact.manner.clone().unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "companies/templates/show.html")]
struct ShowPage {
    shell: Shell,
    path: String,
    company: Kept<Company>,
    below: String,
    removed: String,
    owner: String,
    parent: Option<(String, String)>,
    employees: String,
    revenue: String,
    founded: String,
    website: String,
    people: Vec<Person>,
    deals: Vec<Card>,
    activities: Vec<activities::Line>,
    tasks: Vec<tasks::Line>,
    service: service::Card,
    care: Option<care::Card>,
    goodbye: Option<departures::Card>,
    pulse: pulse::Card,
    promises: String,
    moments: Vec<Moment>,
    entry: Entry,
    task: tasks::Entry,
    other: Vec<(String, String)>,
    books: Option<books::Card>,
}

async fn show(visit: Visit, Path(id): Path<Id<Company>>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let company = records::get_any(&mut conn, visit.scope(), id).await?;
    let path = format!("/companies/{id}");
    let owner = named(
        &records::names(&mut conn, visit.scope(), Kind::Member, company.owner_id).await?,
        company.owner_id,
    );
    let parent = named(
        &records::names(&mut conn, visit.scope(), Kind::Company, company.parent_id).await?,
        company.parent_id,
    );
    let parent =
        company.parent_id.filter(|_| !parent.is_empty()).map(|id| (format!("/companies/{id}"), parent));
    let people = contacts::store::of_company(&mut conn, visit.scope(), id).await?;
    let deals = desk::store::of_company(&mut conn, visit.scope(), id).await?;
    let activities = activities::lines(&mut conn, &visit, activities::Of::Company(id)).await?;
    let books = books::card(&mut conn, &visit, id).await?;
    let goodbye = departures::card(&mut conn, &visit, id).await?;
    let tasks = tasks::lines(&mut conn, &visit, tasks::Of::Company(id)).await?;
    let promises = commitments::kept_with(&mut conn, &visit, id).await?;
    let told = history::timeline(&mut conn, &visit.eyes(), id.uuid(), None, MOMENTS).await?;
    let locale = visit.locale();
    let whole = |number: i64| {
        #[expect(clippy::cast_precision_loss, reason = "people, not atoms")]
        locale.number(number as f64, 0)
    };
    let revenue = company.revenue_minor.map(|minor| crate::base::Money { minor, currency: company.currency });
    page(&ShowPage {
        shell: visit.shell(Place::Companies),
        below: [company.industry.clone().unwrap_or_default(), place(&company)]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        removed: records_pages::removed_on(&visit, &company),
        owner,
        parent,
        employees: company.employees.map(whole).unwrap_or_default(),
        revenue: revenue.map(|money| visit.money(money)).unwrap_or_default(),
        founded: company.founded_year.map(|year| year.to_string()).unwrap_or_default(),
        website: company.domain.as_deref().map(website).unwrap_or_default(),
        people: people.iter().map(Person::of).collect(),
        deals: deals.into_iter().map(|row| Card::of(row, &visit)).collect(),
        activities,
        tasks,
        // Nobody is asked to speak with them in a cadence while we do not serve them.
        care: if goodbye.is_none() {
            care::card(&mut conn, &visit, care::Client::Company(id)).await?
        } else {
            None
        },
        goodbye,
        pulse: pulse::card(
            &mut conn,
            &visit,
            pulse::Of::Company(id),
            people.first().map(|person| person.id),
            &path,
        )
        .await?,
        service: service::card(&mut conn, &visit, service::Of::Company(id), &path).await?,
        promises,
        moments: told.moments,
        entry: Entry::new(&visit, &path).company(id),
        task: tasks::Entry::new(&visit, &path).company(id),
        other: company.other.shown(),
        books,
        company,
        path,
    })
}

/// The address behind a domain; nothing for what is not one.
fn website(domain: &str) -> String {
    let bare = domain.trim_start_matches("https://").trim_start_matches("http://");
    let is_domain = bare.contains('.') && !bare.contains(|c: char| c.is_whitespace() || c == '"' || c == '<');
    if is_domain { format!("https://{bare}") } else { String::new() }
}

#[derive(Template)]
#[template(path = "companies/templates/form.html")]
struct FormPage {
    shell: Shell,
    title: String,
    action: String,
    back: String,
    form: Form,
    owners: Vec<(String, String)>,
    currencies: Vec<(String, String)>,
}

async fn answer(
    visit: &Visit,
    status: StatusCode,
    title: &str,
    action: String,
    form: Form,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let chosen = form.value("owner_id").parse().ok();
    let back = if action == "/companies" { "/companies".to_owned() } else { action.clone() };
    let it = FormPage {
        shell: visit.shell(Place::Companies),
        title: title.to_owned(),
        action,
        back,
        owners: lookup::members(&mut conn, visit.scope(), chosen).await?,
        currencies: currencies(),
        form,
    };
    Ok((status, page(&it)?).into_response())
}

/// Every currency, by code.
pub(crate) fn currencies() -> Vec<(String, String)> {
    Currency::all().map(|one| (one.code().to_owned(), format!("{} {}", one.code(), one.name()))).collect()
}

async fn blank(visit: Visit, Asked(asked): Asked) -> Result<Response, PageError> {
    let mut company = Company::named(asked.get("name"), visit.currency());
    company.owner_id = visit.scope().member();
    let form = form_of(&mut visit.read().await?, &visit, &company, None).await?;
    answer(&visit, StatusCode::OK, "New company", "/companies".into(), form).await
}

/// A company as its form says it.
async fn form_of(conn: &mut Conn, visit: &Visit, company: &Company, version: Option<i64>) -> Result<Form> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let parent = company.parent_id.map(Id::uuid);
    let revenue = company.revenue_minor.map(|minor| crate::base::Money { minor, currency: company.currency });
    Ok(Form::of(
        [
            ("name", company.name.clone()),
            ("owner_id", company.owner_id.map(|id| id.to_string()).unwrap_or_default()),
            ("parent_id", lookup::shown(conn, visit.scope(), Kind::Company, parent).await?),
            ("domain", text(&company.domain)),
            ("phone", text(&company.phone)),
            ("address", text(&company.address)),
            ("city", text(&company.city)),
            ("country", text(&company.country)),
            ("industry", text(&company.industry)),
            ("employees", number(company.employees)),
            ("revenue", revenue.map(crate::base::Money::plain).unwrap_or_default()),
            ("currency", company.currency.code().to_owned()),
            ("founded_year", number(company.founded_year)),
            ("matters", text(&company.matters)),
            ("note", text(&company.note)),
        ],
        version,
    ))
}

/// Reads the form over what is kept; what it does not ask about stays.
fn read(input: &Input, mut company: Company) -> Result<Draft> {
    let mut read = Read::new(input);
    company.name = read.needed("name", "a name");
    company.owner_id = read.id::<Member>("owner_id");
    let parent = read.line("parent_id");
    company.domain = read.line("domain");
    company.phone = read.line("phone");
    company.address = read.note("address");
    company.city = read.line("city");
    company.country = read.line("country");
    company.industry = read.line("industry");
    company.employees = read.whole("employees");
    if let Some(currency) = read.code("currency", Currency::parse) {
        company.currency = currency;
    }
    company.revenue_minor = read.money("revenue", company.currency).map(|money| money.minor);
    company.founded_year = read.whole("founded_year");
    company.matters = read.note("matters");
    company.note = read.note("note");
    read.done(Draft { company, parent })
}

async fn create(visit: Visit, input: Input) -> Result<Response, PageError> {
    let made = match read(&input, Company::named("", visit.currency())) {
        Ok(draft) => {
            visit.write(move |tx, act| Box::pin(async move { actions::create(tx, act, draft).await })).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            Ok(visit.done(&format!("/companies/{}", kept.id), &format!("{} is added.", kept.name), undo))
        }
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&input, fields);
            answer(&visit, StatusCode::UNPROCESSABLE_ENTITY, "New company", "/companies".into(), form).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn edit(visit: Visit, Path(id): Path<Id<Company>>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get(&mut conn, visit.scope(), id).await?;
    let form = form_of(&mut conn, &visit, &kept, Some(kept.version)).await?;
    drop(conn);
    answer(&visit, StatusCode::OK, &kept.name, format!("/companies/{id}"), form).await
}

async fn change(visit: Visit, Path(id): Path<Id<Company>>, input: Input) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get(&mut conn, visit.scope(), id).await?;
    let now = form_of(&mut conn, &visit, &kept, Some(kept.version)).await?;
    let seen = input.version().unwrap_or(kept.version);
    let base = match history::actions::as_of(&mut conn, visit.scope(), &kept, seen).await? {
        Some(base) => Some(form_of(&mut conn, &visit, &base, Some(seen)).await?),
        None => None,
    };
    let path = format!("/companies/{id}");
    let input = match conflict::settle(input, base.as_ref(), &now, LABELS) {
        Settled::Save(input) => input,
        Settled::Choose(form) => {
            let members: HashMap<_, _> =
                lookup::members(&mut conn, visit.scope(), None).await?.into_iter().collect();
            let labelled = |field: &str, value: &str| match field {
                "owner_id" => members.get(value).cloned().unwrap_or_else(|| value.to_owned()),
                _ => value.to_owned(),
            };
            return conflict::choose(
                &visit,
                Place::Companies,
                &kept.name,
                path.clone(),
                path,
                &form,
                labelled,
            );
        }
    };
    drop(conn);
    let saved = match read(&input, kept.it.clone()) {
        Ok(draft) => {
            let version = input.version();
            visit
                .write(move |tx, act| {
                    Box::pin(async move { actions::change(tx, act, id, version, draft).await })
                })
                .await
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            Ok(visit.done(&path, "Saved.", undo))
        }
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&input, fields);
            answer(&visit, StatusCode::UNPROCESSABLE_ENTITY, &kept.name, path, form).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn remove(visit: Visit, Path(id): Path<Id<Company>>, input: Input) -> Result<Response, PageError> {
    records_pages::remove(&visit, id, input.get("back")).await
}

async fn restore(visit: Visit, Path(id): Path<Id<Company>>, input: Input) -> Result<Response, PageError> {
    records_pages::restore(&visit, id, input.get("back")).await
}
