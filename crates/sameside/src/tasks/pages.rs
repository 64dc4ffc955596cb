//! Tasks on pages: the lines and the quick entry on the page of a record, the list, one task, its form.

use crate::accounts::{Act, Member, Right};
use crate::base::{Currency, Date, Id, Range};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::history::{self, Moment};
use crate::records::list::{self, Only, Sort, Whose};
use crate::records::{self, Kept, Kind, names_of, pages as records_pages};
use crate::search::lookup;
use crate::tasks::store::{self, Of};
use crate::tasks::{Task, actions, parse_hours};
use crate::web::conflict::{self, Settled};
use crate::web::layout::{Place, Shell};
use crate::web::{Asked, Form, Input, ListQuery, PageError, Read, Routes, Visit, is_own_path, page};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::{Conn, Tx};
use std::collections::HashMap;

const BY_DUE: Sort = Sort { code: "due", column: "due_key", is_text: true, is_descending: false };
const BY_DONE: Sort = Sort { code: "done", column: "done_at", is_text: false, is_descending: true };
const SORTS: &[Sort] = &[BY_DUE];

/// Days that are soon.
const SOON_DAYS: i64 = 7;

/// The fields of the form, and what people call them.
const LABELS: &[(&str, &str)] = &[
    ("title", "What"),
    ("note", "How, why"),
    ("due_on", "Due"),
    ("hours", "Hours"),
    ("hours_taken", "Hours it took"),
    ("owner_id", "Who does it"),
    ("deal_id", "Deal"),
    ("company_id", "Company"),
    ("contact_id", "For whom"),
];

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/tasks", Right::Look, index)
        .get("/tasks/new", Right::Sell, blank)
        .post("/tasks", Right::Sell, create)
        .get("/tasks/{id}", Right::Look, show)
        .post("/tasks/{id}", Right::Sell, change)
        .get("/tasks/{id}/edit", Right::Sell, edit)
        .post("/tasks/{id}/completion", Right::Sell, complete)
        .post("/tasks/{id}/completion/removal", Right::Sell, reopen)
        .post("/tasks/{id}/removal", Right::Sell, remove)
        .post("/tasks/{id}/restoration", Right::Sell, restore)
}

/// The quick entry of a task.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The page to come back to.
    pub back: String,
    /// The record's field and id: `deal_id`, `company_id`, `contact_id`.
    pub about: Vec<(&'static str, String)>,
    /// Whether the title has the caret when the page opens.
    pub focus: bool,
}

impl Entry {
    /// An entry that comes back to this page.
    pub fn new(_visit: &Visit, back: &str) -> Self {
        Self { back: back.to_owned(), about: Vec::new(), focus: false }
    }

    /// For a deal.
    pub fn deal(mut self, id: Id<Deal>) -> Self {
        self.about.push(("deal_id", id.to_string()));
        self
    }

    /// For a company.
    pub fn company(mut self, id: Id<Company>) -> Self {
        self.about.push(("company_id", id.to_string()));
        self
    }

    /// For a person.
    pub fn contact(mut self, id: Id<Contact>) -> Self {
        self.about.push(("contact_id", id.to_string()));
        self
    }
}

/// One task as lists show it.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its page.
    pub href: String,
    /// What.
    pub title: String,
    /// When it is due, in words: `today`, `late: 20 Nov 2026`, `24 Nov 2026`; when it was done, if it was.
    pub due: String,
    /// Whether its day is past.
    pub is_late: bool,
    /// Whether it is done.
    pub is_done: bool,
    /// Whether it was removed.
    pub is_removed: bool,
    /// The hours it takes or took, in words; empty if nobody said.
    pub hours: String,
    /// Who does it.
    pub owner: String,
    /// For what and whom: address and name.
    pub about: Vec<(String, String)>,
}

/// What is to be done for a record, as lines for its page.
///
/// # Errors
/// What the database says.
pub async fn lines(conn: &mut Conn, visit: &Visit, of: Of) -> Result<Vec<Line>> {
    let found = store::of(conn, visit.scope(), of).await?;
    let here = match of {
        Of::Deal(id) => id.uuid(),
        Of::Company(id) => id.uuid(),
        Of::Contact(id) => id.uuid(),
    };
    as_lines(conn, visit, &found, Some(here)).await
}

/// Tasks as lines; `here` is the record on whose page they are.
pub(crate) async fn as_lines(
    conn: &mut Conn,
    visit: &Visit,
    found: &[Kept<Task>],
    here: Option<uuid::Uuid>,
) -> Result<Vec<Line>> {
    let mut wanted: HashMap<Kind, Vec<uuid::Uuid>> = HashMap::new();
    for it in found {
        wanted.entry(Kind::Member).or_default().extend(it.owner_id.map(Id::uuid));
        wanted.entry(Kind::Deal).or_default().extend(it.deal_id.map(Id::uuid));
        wanted.entry(Kind::Company).or_default().extend(it.company_id.map(Id::uuid));
        wanted.entry(Kind::Contact).or_default().extend(it.contact_id.map(Id::uuid));
    }
    let names = names_of(conn, visit.scope(), wanted).await?;
    let link = |kind: Kind, id: Option<uuid::Uuid>| {
        let id = id.filter(|id| Some(*id) != here)?;
        Some((kind.page(id)?, names.get(&id)?.clone()))
    };
    Ok(found
        .iter()
        .map(|it| {
            let links = [
                link(Kind::Deal, it.deal_id.map(Id::uuid)),
                link(Kind::Company, it.company_id.map(Id::uuid)),
                link(Kind::Contact, it.contact_id.map(Id::uuid)),
            ];
            let (due, is_late) = due_words(visit, it);
            Line {
                href: format!("/tasks/{}", it.id),
                title: it.title.clone(),
                due,
                is_late,
                hours: hours_words(it),
                is_done: it.done_at.is_some(),
                is_removed: it.removed_at.is_some(),
                owner: it.owner_id.and_then(|id| names.get(&id.uuid())).cloned().unwrap_or_default(),
                about: links.into_iter().flatten().collect(),
            }
        })
        .collect())
}

/// The hours it takes, or took.
fn hours_words(task: &Task) -> String {
    match (task.estimate(), task.hours_taken) {
        (Some(said), Some(taken)) => format!("{} h said, {} h taken", hours_text(said), taken),
        (Some(said), None) => format!("{} h", hours_text(said)),
        (None, Some(taken)) => format!("{taken} h taken"),
        (None, None) => String::new(),
    }
}

/// When it is due in the member's own day, and whether that is past.
fn due_words(visit: &Visit, task: &Task) -> (String, bool) {
    if let Some(done) = task.done_at {
        return (format!("done {}", done.day(&visit.zone()).show(visit.locale())), false);
    }
    let Some(due) = task.due_on else { return (String::new(), false) };
    let shown = due.show(visit.locale());
    match due.days_since(visit.today()) {
        0 => ("today".to_owned(), false),
        1 => ("tomorrow".to_owned(), false),
        -1 => ("since yesterday".to_owned(), true),
        days if days < 0 => (format!("since {shown}"), true),
        _ => (shown, false),
    }
}

#[derive(Template)]
#[template(path = "tasks/templates/list.html")]
struct ListPage {
    shell: Shell,
    list: ListQuery,
    show: String,
    due: String,
    owners: Vec<(String, String)>,
    lines: Vec<Line>,
    entry: Entry,
    extent: String,
    previous: String,
    next: String,
}

async fn index(visit: Visit, Asked(asked): Asked) -> Result<Response, PageError> {
    let show = match asked.get("show") {
        known @ ("done" | "removed") => known.to_owned(),
        _ => String::new(),
    };
    let due = match asked.get("due") {
        known @ ("today" | "week") if show.is_empty() => known.to_owned(),
        _ => String::new(),
    };
    let usual = if show == "done" { BY_DONE } else { BY_DUE };
    let mut list = ListQuery::read("/tasks", &asked, SORTS, usual);
    list.sort = usual;
    list.removed = false;
    list.keep("show", &show);
    list.keep("due", &due);
    let mut wish = list.wish(visit.scope(), None);
    match list.owner.as_str() {
        "" => wish.whose = visit.scope().member().map_or(Whose::Anybody, Whose::Member),
        "all" => wish.whose = Whose::Anybody,
        _ => {}
    }
    wish.removed = show == "removed";
    match show.as_str() {
        "done" => wish.only.push(Only::There("done_at")),
        "removed" => {}
        _ => wish.only.push(Only::Missing("done_at")),
    }
    let before = |days: i64| Only::Below("due_key", visit.today().plus_days(days).to_string().into());
    match due.as_str() {
        "today" => wish.only.push(before(1)),
        "week" => wish.only.push(before(SOON_DAYS + 1)),
        _ => {}
    }
    let mut conn = visit.read().await?;
    let found = list::page::<Task>(&mut conn, visit.scope(), &wish).await?;
    let mut owners =
        vec![("all".to_owned(), "Everybody".to_owned()), ("none".to_owned(), "Nobody yet".to_owned())];
    owners.extend(lookup::members(&mut conn, visit.scope(), None).await?);
    page(&ListPage {
        shell: visit.shell(Place::Tasks),
        lines: as_lines(&mut conn, &visit, &found.rows, None).await?,
        entry: Entry::new(&visit, visit.path()),
        extent: list.extent(&found, "task", "tasks"),
        previous: list.previous(&found),
        next: list.next(&found),
        show,
        due,
        owners,
        list,
    })
}

#[derive(Template)]
#[template(path = "tasks/templates/show.html")]
struct ShowPage {
    shell: Shell,
    path: String,
    removed: String,
    line: Line,
    note: String,
    moments: Vec<Moment>,
}

async fn show(visit: Visit, Path(id): Path<Id<Task>>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get_any(&mut conn, visit.scope(), id).await?;
    let removed = records_pages::removed_on(&visit, &kept);
    let note = kept.note.clone().unwrap_or_default();
    let line = as_lines(&mut conn, &visit, &[kept], None).await?.into_iter().next().ok_or(Error::NotFound)?;
    let told = history::timeline(&mut conn, &visit.eyes(), id.uuid(), None, 30).await?;
    let path = format!("/tasks/{id}");
    page(&ShowPage { shell: visit.shell(Place::Tasks), path, removed, line, note, moments: told.moments })
}

#[derive(Template)]
#[template(path = "tasks/templates/form.html")]
struct FormPage {
    shell: Shell,
    title: String,
    action: String,
    back: String,
    form: Form,
    owners: Vec<(String, String)>,
}

async fn answer(
    visit: &Visit,
    status: StatusCode,
    title: &str,
    action: &str,
    form: Form,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let back = form.value("back").to_owned();
    let back = if is_own_path(&back) { back } else { "/tasks".to_owned() };
    let it = FormPage {
        shell: visit.shell(Place::Tasks),
        title: title.to_owned(),
        action: action.to_owned(),
        back,
        owners: lookup::members(&mut conn, visit.scope(), form.value("owner_id").parse().ok()).await?,
        form,
    };
    Ok((status, page(&it)?).into_response())
}

fn empty(visit: &Visit) -> Task {
    Task {
        title: String::new(),
        note: None,
        deal_id: None,
        company_id: None,
        contact_id: None,
        owner_id: visit.scope().member(),
        due_on: None,
        done_at: None,
        hours_low: None,
        hours_likely: None,
        hours_high: None,
        hours_taken: None,
    }
}

async fn blank(visit: Visit, Asked(asked): Asked) -> Result<Response, PageError> {
    let task = Task {
        deal_id: asked.get("deal").parse().ok(),
        company_id: asked.get("company").parse().ok(),
        contact_id: asked.get("contact").parse().ok(),
        ..empty(&visit)
    };
    let mut form = form_of(&mut visit.read().await?, &visit, &task, None).await?;
    form.set("back", asked.get("back"));
    answer(&visit, StatusCode::OK, "New task", "/tasks", form).await
}

/// Hours as one writes them.
pub fn hours_text(range: Range) -> String {
    if range.low() >= range.high() {
        return range.likely().to_string();
    }
    let plain = |hours: f64| ((hours * 10.0).round() / 10.0).to_string();
    let middle = (range.low() * range.high()).sqrt();
    if (middle - range.likely()).abs() < 0.05 {
        format!("{} to {}", plain(range.low()), plain(range.high()))
    } else {
        format!("{}, {}, {}", plain(range.low()), plain(range.likely()), plain(range.high()))
    }
}

/// A task as its form says it.
async fn form_of(conn: &mut Conn, visit: &Visit, it: &Task, version: Option<i64>) -> Result<Form> {
    let scope = visit.scope();
    Ok(Form::of(
        [
            ("title", it.title.clone()),
            ("note", it.note.clone().unwrap_or_default()),
            ("due_on", it.due_on.map(|day| day.to_string()).unwrap_or_default()),
            ("hours", it.estimate().map(hours_text).unwrap_or_default()),
            ("hours_taken", it.hours_taken.map(|hours| hours.to_string()).unwrap_or_default()),
            ("owner_id", it.owner_id.map(|id| id.to_string()).unwrap_or_default()),
            ("deal_id", lookup::shown(conn, scope, Kind::Deal, it.deal_id.map(Id::uuid)).await?),
            ("company_id", lookup::shown(conn, scope, Kind::Company, it.company_id.map(Id::uuid)).await?),
            ("contact_id", lookup::shown(conn, scope, Kind::Contact, it.contact_id.map(Id::uuid)).await?),
        ],
        version,
    ))
}

/// A task and the names of the records it is about.
#[derive(Debug, Clone)]
struct Draft {
    task: Task,
    deal: Option<String>,
    company: Option<String>,
    contact: Option<String>,
}

impl Draft {
    fn read(visit: &Visit, input: &Input, mut task: Task) -> Result<Self> {
        let mut read = Read::new(input);
        task.title = read.needed("title", "what is to be done");
        task.note = read.note("note");
        task.due_on = match input.get("due") {
            "today" => Some(visit.today()),
            "tomorrow" => Some(visit.today().plus_days(1)),
            "week" => Some(visit.today().plus_days(SOON_DAYS)),
            _ => read.date("due_on"),
        };
        if input.has("hours") {
            let text = read.line("hours");
            match text.as_deref().map(parse_hours).transpose() {
                Ok(hours) => task.set_estimate(hours),
                Err(right) => read.fields.add("hours", right),
            }
        }
        if input.has("hours_taken") {
            task.hours_taken = read.number("hours_taken");
        }
        if input.has("owner_id") {
            task.owner_id = read.id::<Member>("owner_id");
        }
        let [deal, company, contact] = ["deal_id", "company_id", "contact_id"].map(|field| read.line(field));
        read.done(Self { task, deal, company, contact })
    }

    /// The task with the records it is about: each by its id, from a quick entry, or by its name.
    async fn settled(self, tx: &mut Tx, act: &Act, currency: Currency) -> Result<Task> {
        let Self { mut task, deal, company, contact } = self;
        let scope = &act.scope;
        task.deal_id = match deal.as_deref().map(str::parse::<Id<Deal>>) {
            Some(Ok(id)) => Some(id),
            _ => lookup::deal(tx, scope, "deal_id", deal.as_deref(), task.deal_id).await?.map(|it| it.id),
        };
        task.company_id = match company.as_deref().map(str::parse::<Id<Company>>) {
            Some(Ok(id)) => Some(id),
            _ => {
                let was = task.company_id;
                lookup::company(tx, act, "company_id", company.as_deref(), was, currency)
                    .await?
                    .map(|it| it.id)
            }
        };
        task.contact_id = match contact.as_deref().map(str::parse::<Id<Contact>>) {
            Some(Ok(id)) => Some(id),
            _ => {
                let (was, at) = (task.contact_id, task.company_id);
                lookup::contact(tx, act, "contact_id", contact.as_deref(), was, at).await?.map(|it| it.id)
            }
        };
        Ok(task)
    }
}

async fn create(visit: Visit, input: Input) -> Result<Response, PageError> {
    let currency = visit.currency();
    let made = match Draft::read(&visit, &input, empty(&visit)) {
        Ok(draft) => {
            visit
                .write(move |tx, act| {
                    Box::pin(async move {
                        let task = draft.settled(tx, act, currency).await?;
                        actions::create(tx, act, task).await
                    })
                })
                .await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            let back = input.get("back");
            Ok(visit.done(if is_own_path(back) { back } else { "/tasks" }, "It is on the list.", undo))
        }
        Err(Error::Invalid(fields)) => {
            // A quick entry knows ids; the whole form asks for names.
            let ids = |field: &str| input.get(field).parse().ok();
            let about = Task {
                deal_id: ids("deal_id").map(Id::of),
                company_id: ids("company_id").map(Id::of),
                contact_id: ids("contact_id").map(Id::of),
                ..empty(&visit)
            };
            let names = form_of(&mut visit.read().await?, &visit, &about, None).await?;
            let mut form = Form::again(&input, fields);
            for field in ["deal_id", "company_id", "contact_id", "owner_id"] {
                let is_id = form.value(field).parse::<uuid::Uuid>().is_ok() && field != "owner_id";
                if is_id || (!input.has(field) && !names.value(field).is_empty()) {
                    form.set(field, names.value(field));
                }
            }
            answer(&visit, StatusCode::UNPROCESSABLE_ENTITY, "New task", "/tasks", form).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn edit(visit: Visit, Path(id): Path<Id<Task>>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get(&mut conn, visit.scope(), id).await?;
    let mut form = form_of(&mut conn, &visit, &kept, Some(kept.version)).await?;
    drop(conn);
    form.set("back", format!("/tasks/{id}"));
    answer(&visit, StatusCode::OK, &kept.title, &format!("/tasks/{id}"), form).await
}

async fn change(visit: Visit, Path(id): Path<Id<Task>>, input: Input) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get(&mut conn, visit.scope(), id).await?;
    let now = form_of(&mut conn, &visit, &kept, Some(kept.version)).await?;
    let seen = input.version().unwrap_or(kept.version);
    let base = match history::actions::as_of(&mut conn, visit.scope(), &kept, seen).await? {
        Some(base) => Some(form_of(&mut conn, &visit, &base, Some(seen)).await?),
        None => None,
    };
    let path = format!("/tasks/{id}");
    let input = match conflict::settle(input, base.as_ref(), &now, LABELS) {
        Settled::Save(input) => input,
        Settled::Choose(form) => {
            let members: HashMap<_, _> =
                lookup::members(&mut conn, visit.scope(), None).await?.into_iter().collect();
            let labelled = |field: &str, value: &str| match field {
                "owner_id" => members.get(value).cloned().unwrap_or_else(|| value.to_owned()),
                "due_on" => {
                    value.parse::<Date>().map_or_else(|_| value.to_owned(), |day| day.show(visit.locale()))
                }
                _ => value.to_owned(),
            };
            return conflict::choose(&visit, Place::Tasks, &kept.title, path.clone(), path, &form, labelled);
        }
    };
    drop(conn);
    let currency = visit.currency();
    let saved = match Draft::read(&visit, &input, kept.it.clone()) {
        Ok(draft) => {
            let version = input.version();
            visit
                .write(move |tx, act| {
                    Box::pin(async move {
                        let task = draft.settled(tx, act, currency).await?;
                        records::change(tx, act, id, version, |kept: &mut Task| {
                            *kept = task;
                            Ok(())
                        })
                        .await
                    })
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
            answer(&visit, StatusCode::UNPROCESSABLE_ENTITY, &kept.title, &path, form).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn complete(visit: Visit, Path(id): Path<Id<Task>>, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let taken = read.number("hours_taken");
    let taken = read.done(taken)?;
    let kept = visit
        .write(move |tx, act| Box::pin(async move { actions::complete(tx, act, id, taken).await }))
        .await?;
    let back = input.get("back").to_owned();
    let to = if is_own_path(&back) { back } else { "/tasks".to_owned() };
    Ok(visit.done(&to, &format!("Done: {}", kept.title), Some(format!("/tasks/{id}/completion/removal"))))
}

async fn reopen(visit: Visit, Path(id): Path<Id<Task>>, input: Input) -> Result<Response, PageError> {
    let kept =
        visit.write(move |tx, act| Box::pin(async move { actions::reopen(tx, act, id).await })).await?;
    let back = input.get("back").to_owned();
    let to = if is_own_path(&back) { back } else { "/tasks".to_owned() };
    Ok(visit.done(&to, &format!("Back on the list: {}", kept.title), None))
}

async fn remove(visit: Visit, Path(id): Path<Id<Task>>, input: Input) -> Result<Response, PageError> {
    records_pages::remove(&visit, id, input.get("back")).await
}

async fn restore(visit: Visit, Path(id): Path<Id<Task>>, input: Input) -> Result<Response, PageError> {
    records_pages::restore(&visit, id, input.get("back")).await
}
