//! Contacts on pages: the list, one person with what matters to them first (P14), the form.

use crate::accounts::{Member, Right};
use crate::activities::{self, Entry};
use crate::base::{Id, initials};
use crate::care;
use crate::companies::{Company, named, owner_filter};
use crate::contacts::Contact;
use crate::contacts::actions::{self, Draft};
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

/// Moments shown on a contact's page.
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
    ("company_id", "Works at"),
    ("job_title", "What they do there"),
    ("matters", "What matters to them"),
    ("manner", "How they like to be spoken to"),
    ("email", "E-mail"),
    ("phone", "Telephone"),
    ("owner_id", "Cared for by"),
    ("note", "Note"),
];

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/contacts", Right::Look, index)
        .get("/contacts/new", Right::Sell, blank)
        .post("/contacts", Right::Sell, create)
        .get("/contacts/{id}", Right::Look, show)
        .post("/contacts/{id}", Right::Sell, change)
        .get("/contacts/{id}/edit", Right::Sell, edit)
        .post("/contacts/{id}/removal", Right::Sell, remove)
        .post("/contacts/{id}/restoration", Right::Sell, restore)
}

/// One person in the list.
struct Row {
    href: String,
    initials: String,
    name: String,
    job: String,
    company: String,
    company_href: String,
    email: String,
    owner: String,
    changed: String,
}

#[derive(Template)]
#[template(path = "contacts/templates/list.html")]
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
    let list = ListQuery::read("/contacts", &asked, SORTS, BY_NAME);
    let mut conn = visit.read().await?;
    let wish = list.wish(visit.scope(), Some("name_folded"));
    let found = list::page::<Contact>(&mut conn, visit.scope(), &wish).await?;
    let owners = found.rows.iter().filter_map(|row| row.owner_id);
    let owners = records::names(&mut conn, visit.scope(), Kind::Member, owners).await?;
    let companies = found.rows.iter().filter_map(|row| row.company_id);
    let companies = records::names(&mut conn, visit.scope(), Kind::Company, companies).await?;
    let rows = found.rows.iter().map(|row| Row {
        href: format!("/contacts/{}", row.id),
        initials: initials(&row.name),
        name: row.name.clone(),
        job: row.job_title.clone().unwrap_or_default(),
        company: named(&companies, row.company_id),
        company_href: row.company_id.map(|id| format!("/companies/{id}")).unwrap_or_default(),
        email: row.email.as_ref().map(ToString::to_string).unwrap_or_default(),
        owner: named(&owners, row.owner_id),
        changed: row.changed_at.day(&visit.zone()).show(visit.locale()),
    });
    page(&ListPage {
        shell: visit.shell(Place::Contacts),
        rows: rows.collect(),
        owners: owner_filter(lookup::members(&mut conn, visit.scope(), None).await?),
        extent: list.extent(&found, "person", "people"),
        previous: list.previous(&found),
        next: list.next(&found),
        list,
    })
}

#[derive(Template)]
#[template(path = "contacts/templates/show.html")]
struct ShowPage {
    shell: Shell,
    path: String,
    contact: Kept<Contact>,
    initials: String,
    email: String,
    removed: String,
    owner: String,
    company: Option<(String, String)>,
    deals: Vec<Card>,
    activities: Vec<activities::Line>,
    tasks: Vec<tasks::Line>,
    service: service::Card,
    care: Option<care::Card>,
    pulse: pulse::Card,
    moments: Vec<Moment>,
    entry: Entry,
    task: tasks::Entry,
    other: Vec<(String, String)>,
}

impl ShowPage {
    /// What they do, where.
    fn below(&self) -> String {
        self.contact.job_title.clone().unwrap_or_default()
    }
}

async fn show(visit: Visit, Path(id): Path<Id<Contact>>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let contact = records::get_any(&mut conn, visit.scope(), id).await?;
    let path = format!("/contacts/{id}");
    let owners = records::names(&mut conn, visit.scope(), Kind::Member, contact.owner_id).await?;
    let companies = records::names(&mut conn, visit.scope(), Kind::Company, contact.company_id).await?;
    let company = contact
        .company_id
        .and_then(|id| Some((format!("/companies/{id}"), companies.get(&id.uuid())?.clone())));
    let deals = desk::store::of_contact(&mut conn, visit.scope(), id).await?;
    let activities = activities::lines(&mut conn, &visit, activities::Of::Contact(id)).await?;
    let tasks = tasks::lines(&mut conn, &visit, tasks::Of::Contact(id)).await?;
    let told = history::timeline(&mut conn, &visit.eyes(), id.uuid(), None, MOMENTS).await?;
    page(&ShowPage {
        shell: visit.shell(Place::Contacts),
        initials: initials(&contact.name),
        email: contact.email.as_ref().map(ToString::to_string).unwrap_or_default(),
        removed: records_pages::removed_on(&visit, &contact),
        owner: named(&owners, contact.owner_id),
        company,
        deals: deals.into_iter().map(|row| Card::of(row, &visit)).collect(),
        activities,
        tasks,
        care: match contact.company_id {
            None => care::card(&mut conn, &visit, care::Client::Contact(id)).await?,
            Some(_) => None,
        },
        pulse: pulse::card(&mut conn, &visit, pulse::Of::Contact(id), Some(id), &path).await?,
        service: service::card(&mut conn, &visit, service::Of::Contact(id), &path).await?,
        moments: told.moments,
        entry: Entry::new(&visit, &path).contact(id),
        task: tasks::Entry::new(&visit, &path).contact(id),
        other: contact.other.shown(),
        contact,
        path,
    })
}

#[derive(Template)]
#[template(path = "contacts/templates/form.html")]
struct FormPage {
    shell: Shell,
    title: String,
    action: String,
    form: Form,
    owners: Vec<(String, String)>,
}

async fn answer(
    visit: &Visit,
    status: StatusCode,
    title: &str,
    action: String,
    form: Form,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let it = FormPage {
        shell: visit.shell(Place::Contacts),
        title: title.to_owned(),
        action,
        owners: lookup::members(&mut conn, visit.scope(), form.value("owner_id").parse().ok()).await?,
        form,
    };
    Ok((status, page(&it)?).into_response())
}

async fn blank(visit: Visit, Asked(asked): Asked) -> Result<Response, PageError> {
    let mut contact = Contact::named(asked.get("name"));
    contact.owner_id = visit.scope().member();
    let mut conn = visit.read().await?;
    if let Ok(company) = asked.get("company").parse::<Id<Company>>() {
        contact.company_id = records::get(&mut conn, visit.scope(), company).await.ok().map(|it| it.id);
    }
    let form = form_of(&mut conn, &visit, &contact, None).await?;
    drop(conn);
    answer(&visit, StatusCode::OK, "New contact", "/contacts".into(), form).await
}

/// A contact as its form says it.
async fn form_of(conn: &mut Conn, visit: &Visit, contact: &Contact, version: Option<i64>) -> Result<Form> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let company = contact.company_id.map(Id::uuid);
    Ok(Form::of(
        [
            ("name", contact.name.clone()),
            ("company_id", lookup::shown(conn, visit.scope(), Kind::Company, company).await?),
            ("owner_id", contact.owner_id.map(|id| id.to_string()).unwrap_or_default()),
            ("email", contact.email.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("phone", text(&contact.phone)),
            ("job_title", text(&contact.job_title)),
            ("matters", text(&contact.matters)),
            ("manner", text(&contact.manner)),
            ("note", text(&contact.note)),
        ],
        version,
    ))
}

/// Reads the form over what is kept; what it does not ask about stays.
fn read(visit: &Visit, input: &Input, mut contact: Contact) -> Result<Draft> {
    let mut read = Read::new(input);
    contact.name = read.needed("name", "a name");
    contact.owner_id = read.id::<Member>("owner_id");
    let company = read.line("company_id");
    contact.email = read.email("email");
    contact.phone = read.line("phone");
    contact.job_title = read.line("job_title");
    contact.matters = read.note("matters");
    contact.manner = read.note("manner");
    contact.note = read.note("note");
    read.done(Draft { contact, company, currency: visit.currency() })
}

async fn create(visit: Visit, input: Input) -> Result<Response, PageError> {
    let made = match read(&visit, &input, Contact::named("")) {
        Ok(draft) => {
            visit.write(move |tx, act| Box::pin(async move { actions::create(tx, act, draft).await })).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            Ok(visit.done(&format!("/contacts/{}", kept.id), &format!("{} is added.", kept.name), undo))
        }
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&input, fields);
            answer(&visit, StatusCode::UNPROCESSABLE_ENTITY, "New contact", "/contacts".into(), form).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn edit(visit: Visit, Path(id): Path<Id<Contact>>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get(&mut conn, visit.scope(), id).await?;
    let form = form_of(&mut conn, &visit, &kept, Some(kept.version)).await?;
    drop(conn);
    answer(&visit, StatusCode::OK, &kept.name, format!("/contacts/{id}"), form).await
}

async fn change(visit: Visit, Path(id): Path<Id<Contact>>, input: Input) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get(&mut conn, visit.scope(), id).await?;
    let now = form_of(&mut conn, &visit, &kept, Some(kept.version)).await?;
    let seen = input.version().unwrap_or(kept.version);
    let base = match history::actions::as_of(&mut conn, visit.scope(), &kept, seen).await? {
        Some(base) => Some(form_of(&mut conn, &visit, &base, Some(seen)).await?),
        None => None,
    };
    let path = format!("/contacts/{id}");
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
                Place::Contacts,
                &kept.name,
                path.clone(),
                path,
                &form,
                labelled,
            );
        }
    };
    drop(conn);
    let saved = match read(&visit, &input, kept.it.clone()) {
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
        Ok(_) => {
            let undo = records_pages::undo_of(&visit, id).await?;
            Ok(visit.done(&path, "Saved.", undo))
        }
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&input, fields);
            answer(&visit, StatusCode::UNPROCESSABLE_ENTITY, &kept.name, path, form).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn remove(visit: Visit, Path(id): Path<Id<Contact>>, input: Input) -> Result<Response, PageError> {
    records_pages::remove(&visit, id, input.get("back")).await
}

async fn restore(visit: Visit, Path(id): Path<Id<Contact>>, input: Input) -> Result<Response, PageError> {
    records_pages::restore(&visit, id, input.get("back")).await
}
