//! Activities on pages: the lines and the quick entry on the page of a record, the list, one activity, its form.

use crate::accounts::{Member, Right};
use crate::activities::store::{self, Of};
use crate::activities::{Activity, Means, actions};
use crate::base::{Id, When};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::history::{self, Moment};
use crate::outcomes::Whose;
use crate::pulse::{self, Mood, Saying};
use crate::pursuit::minutes_of;
use crate::records::list::{self, Only, Sort};
use crate::records::{self, Kept, Kind, names_of, pages as records_pages};
use crate::search::lookup;
use crate::web::conflict::{self, Settled};
use crate::web::layout::{Place, Shell};
use crate::web::{Asked, Form, Input, ListQuery, PageError, Read, Routes, Visit, is_own_path, page};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::Conn;
use std::collections::HashMap;

const BY_DAY: Sort = Sort { code: "-when", column: "happened_at", is_text: false, is_descending: true };
const SORTS: &[Sort] = &[BY_DAY, Sort { code: "when", is_descending: false, ..BY_DAY }];

/// The fields of the form, and what people call them.
const LABELS: &[(&str, &str)] = &[
    ("kind", "By what means"),
    ("title", "About"),
    ("note", "What was said"),
    ("happened_at", "When"),
    ("minutes", "Minutes"),
    ("owner_id", "By"),
    ("deal_id", "Deal"),
    ("company_id", "Company"),
    ("contact_id", "With"),
];

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/activities", Right::Look, index)
        .get("/activities/new", Right::Sell, blank)
        .post("/activities", Right::Sell, create)
        .get("/activities/{id}", Right::Look, show)
        .post("/activities/{id}", Right::Sell, change)
        .get("/activities/{id}/edit", Right::Sell, edit)
        .post("/activities/{id}/minutes", Right::Sell, took)
        .post("/activities/{id}/removal", Right::Sell, remove)
        .post("/activities/{id}/restoration", Right::Sell, restore)
}

/// The quick entry on the page of a record: a line of what was done, by a form of one row.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The page to come back to.
    pub back: String,
    /// The record's field and id: `deal_id`, `company_id`, `contact_id`.
    pub about: Vec<(&'static str, String)>,
    /// The means to choose from.
    pub means: Vec<(&'static str, &'static str)>,
    /// How it may have seemed, to choose from.
    pub moods: Vec<(&'static str, &'static str)>,
}

impl Entry {
    /// An entry that comes back to this page.
    pub fn new(_visit: &Visit, back: &str) -> Self {
        Self { back: back.to_owned(), about: Vec::new(), means: means(), moods: pulse::moods() }
    }

    /// For a deal.
    pub fn deal(mut self, id: Id<Deal>) -> Self {
        self.about.push(("deal_id", id.to_string()));
        self
    }

    /// With a company.
    pub fn company(mut self, id: Id<Company>) -> Self {
        self.about.push(("company_id", id.to_string()));
        self
    }

    /// With a person.
    pub fn contact(mut self, id: Id<Contact>) -> Self {
        self.about.push(("contact_id", id.to_string()));
        self
    }
}

fn means() -> Vec<(&'static str, &'static str)> {
    Means::ALL.iter().map(|means| (means.code(), means.label())).collect()
}

/// One activity as lists show it.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its page.
    pub href: String,
    /// The icon of its means.
    pub picture: &'static str,
    /// By what means.
    pub means: &'static str,
    /// What it was about.
    pub title: String,
    /// What was said.
    pub note: String,
    /// With whom, for which deal, by whom of ours, how long: what there is of it.
    pub with: Vec<(String, String)>,
    /// By whom of ours and how long.
    pub by: String,
    /// Whether it is known how long.
    pub is_timed: bool,
    /// When, for machines.
    pub at: String,
    /// When, for people.
    pub when: String,
}

/// The last activities of a record, as lines for its page.
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

async fn as_lines(
    conn: &mut Conn,
    visit: &Visit,
    found: &[Kept<Activity>],
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
                link(Kind::Contact, it.contact_id.map(Id::uuid)),
                link(Kind::Company, it.company_id.map(Id::uuid)),
                link(Kind::Deal, it.deal_id.map(Id::uuid)),
            ];
            let owner = it.owner_id.and_then(|id| names.get(&id.uuid())).cloned();
            let minutes = it.minutes.map(|minutes| format!("{minutes} min"));
            Line {
                href: format!("/activities/{}", it.id),
                picture: picture(it.kind),
                means: it.kind.label(),
                title: it.title.clone(),
                note: it.note.clone().unwrap_or_default(),
                with: links.into_iter().flatten().collect(),
                by: [owner, minutes].into_iter().flatten().collect::<Vec<_>>().join(", "),
                is_timed: it.minutes.is_some(),
                at: it.happened_at.iso(),
                when: it.happened_at.show(&visit.zone(), visit.locale()),
            }
        })
        .collect())
}

const fn picture(means: Means) -> &'static str {
    match means {
        Means::Call => "call",
        Means::Meeting => "meeting",
        Means::Email => "mail",
        Means::Note => "note",
    }
}

#[derive(Template)]
#[template(path = "activities/templates/list.html")]
struct ListPage {
    shell: Shell,
    list: ListQuery,
    kind: String,
    kinds: Vec<(&'static str, &'static str)>,
    lines: Vec<Line>,
    owners: Vec<(String, String)>,
    extent: String,
    previous: String,
    next: String,
}

async fn index(visit: Visit, Asked(asked): Asked) -> Result<Response, PageError> {
    let mut list = ListQuery::read("/activities", &asked, SORTS, BY_DAY);
    let kind = Means::parse(asked.get("kind"));
    list.keep("kind", kind.map_or("", Means::code));
    let mut wish = list.wish(visit.scope(), None);
    if let Some(kind) = kind {
        wish.only.push(Only::Is("kind", kind.into()));
    }
    let mut conn = visit.read().await?;
    let found = list::page::<Activity>(&mut conn, visit.scope(), &wish).await?;
    let members = lookup::members(&mut conn, visit.scope(), None).await?;
    page(&ListPage {
        shell: visit.shell(Place::Elsewhere),
        kind: kind.map_or("", Means::code).to_owned(),
        kinds: means(),
        lines: as_lines(&mut conn, &visit, &found.rows, None).await?,
        owners: crate::companies::owner_filter(members),
        extent: list.extent(&found, "activity", "activities"),
        previous: list.previous(&found),
        next: list.next(&found),
        list,
    })
}

#[derive(Template)]
#[template(path = "activities/templates/show.html")]
struct ShowPage {
    shell: Shell,
    path: String,
    id: String,
    /// How it seemed to whoever noted it, and how it may have; nothing for a note of ours.
    felt: String,
    moods: Vec<(&'static str, &'static str)>,
    /// Whom a link asks, if anybody.
    contact: String,
    removed: String,
    line: Line,
    moments: Vec<Moment>,
}

async fn show(visit: Visit, Path(id): Path<Id<Activity>>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get_any(&mut conn, visit.scope(), id).await?;
    let removed = records_pages::removed_on(&visit, &kept);
    let workspace = visit.scope().workspace();
    let ours = pulse::store::after(&mut conn, workspace, id, Whose::Company).await?;
    let theirs = pulse::store::after(&mut conn, workspace, id, Whose::Client).await?;
    let said = [theirs.map(|it| ("They said", it)), ours.map(|it| ("We read", it))];
    let said =
        said.into_iter().flatten().map(|(who, it)| format!("{who}: {}", it.mood.label().to_lowercase()));
    let felt = said.collect::<Vec<_>>().join(". ");
    let moods = if kept.kind == Means::Note { Vec::new() } else { pulse::moods() };
    let contact = kept.contact_id.map(|id| id.to_string()).unwrap_or_default();
    let lines = as_lines(&mut conn, &visit, &[kept], None).await?;
    let line = lines.into_iter().next().ok_or(Error::NotFound)?;
    let told = history::timeline(&mut conn, &visit.eyes(), id.uuid(), None, 30).await?;
    let path = format!("/activities/{id}");
    page(&ShowPage {
        shell: visit.shell(Place::Elsewhere),
        path,
        id: id.to_string(),
        felt,
        moods,
        contact,
        removed,
        line,
        moments: told.moments,
    })
}

#[derive(Template)]
#[template(path = "activities/templates/form.html")]
struct FormPage {
    shell: Shell,
    title: String,
    action: String,
    back: String,
    form: Form,
    means: Vec<(&'static str, &'static str)>,
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
    let back = if is_own_path(&back) { back } else { "/activities".to_owned() };
    let it = FormPage {
        shell: visit.shell(Place::Elsewhere),
        title: title.to_owned(),
        action: action.to_owned(),
        back,
        means: means(),
        owners: lookup::members(&mut conn, visit.scope(), form.value("owner_id").parse().ok()).await?,
        form,
    };
    Ok((status, page(&it)?).into_response())
}

fn empty(visit: &Visit) -> Activity {
    Activity {
        kind: Means::Note,
        title: String::new(),
        note: None,
        deal_id: None,
        company_id: None,
        contact_id: None,
        owner_id: visit.scope().member(),
        happened_at: visit.now,
        minutes: None,
    }
}

async fn blank(visit: Visit, Asked(asked): Asked) -> Result<Response, PageError> {
    let activity = Activity {
        kind: Means::parse(asked.get("kind")).unwrap_or(Means::Note),
        deal_id: asked.get("deal").parse().ok(),
        company_id: asked.get("company").parse().ok(),
        contact_id: asked.get("contact").parse().ok(),
        ..empty(&visit)
    };
    let mut form = form_of(&mut visit.read().await?, &visit, &activity, None).await?;
    form.set("back", asked.get("back"));
    answer(&visit, StatusCode::OK, "Note an activity", "/activities", form).await
}

/// An activity as its form says it.
async fn form_of(conn: &mut Conn, visit: &Visit, it: &Activity, version: Option<i64>) -> Result<Form> {
    let scope = visit.scope();
    let moment = it.happened_at.timestamp().to_zoned(visit.zone()).datetime();
    Ok(Form::of(
        [
            ("kind", it.kind.code().to_owned()),
            ("title", it.title.clone()),
            ("note", it.note.clone().unwrap_or_default()),
            ("happened_at", moment.strftime("%Y-%m-%dT%H:%M").to_string()),
            ("minutes", it.minutes.map(|minutes| minutes.to_string()).unwrap_or_default()),
            ("owner_id", it.owner_id.map(|id| id.to_string()).unwrap_or_default()),
            ("deal_id", lookup::shown(conn, scope, Kind::Deal, it.deal_id.map(Id::uuid)).await?),
            ("company_id", lookup::shown(conn, scope, Kind::Company, it.company_id.map(Id::uuid)).await?),
            ("contact_id", lookup::shown(conn, scope, Kind::Contact, it.contact_id.map(Id::uuid)).await?),
        ],
        version,
    ))
}

/// An activity and the names of the records it is about.
#[derive(Debug, Clone)]
struct Draft {
    activity: Activity,
    deal: Option<String>,
    company: Option<String>,
    contact: Option<String>,
}

impl Draft {
    fn read(visit: &Visit, input: &Input, mut activity: Activity) -> Result<Self> {
        let mut read = Read::new(input);
        if let Some(kind) = read.code("kind", Means::parse) {
            activity.kind = kind;
        }
        activity.note = read.note("note");
        // A line is enough: without one, the first words of the note are what it was about.
        let title = read.line("title");
        let from_note = activity.note.as_deref().map(|note| note.lines().next().unwrap_or_default());
        activity.title =
            title.or_else(|| from_note.map(|line| line.chars().take(80).collect())).unwrap_or_default();
        if activity.title.is_empty() {
            read.fields.add("title", "what it was about");
        }
        activity.minutes = read.whole("minutes");
        if input.has("owner_id") {
            activity.owner_id = read.id::<Member>("owner_id");
        }
        if let Some(text) = read.line("happened_at") {
            let moment = text.parse::<jiff::civil::DateTime>().ok();
            let moment = moment.and_then(|moment| moment.to_zoned(visit.zone()).ok());
            match moment {
                Some(moment) if unchanged(visit, &activity, &text) => drop(moment),
                Some(moment) => activity.happened_at = When::of(moment.timestamp()),
                None => read.fields.add("happened_at", "a day and a time such as 2026-11-22T14:30"),
            }
        }
        let names = ["deal_id", "company_id", "contact_id"].map(|field| read.line(field));
        let [deal, company, contact] = names;
        read.done(Self { activity, deal, company, contact })
    }

    /// The activity with the records it is about: each by its id, from a quick entry, or by its name.
    async fn settled(
        self,
        tx: &mut db::Tx,
        act: &crate::accounts::Act,
        currency: crate::base::Currency,
    ) -> Result<Activity> {
        let Self { mut activity, deal, company, contact } = self;
        let scope = &act.scope;
        activity.deal_id = match deal.as_deref().map(str::parse::<Id<Deal>>) {
            Some(Ok(id)) => Some(id),
            _ => lookup::deal(tx, scope, "deal_id", deal.as_deref(), activity.deal_id).await?.map(|it| it.id),
        };
        activity.company_id = match company.as_deref().map(str::parse::<Id<Company>>) {
            Some(Ok(id)) => Some(id),
            _ => {
                let was = activity.company_id;
                lookup::company(tx, act, "company_id", company.as_deref(), was, currency)
                    .await?
                    .map(|it| it.id)
            }
        };
        activity.contact_id = match contact.as_deref().map(str::parse::<Id<Contact>>) {
            Some(Ok(id)) => Some(id),
            _ => {
                let (was, at) = (activity.contact_id, activity.company_id);
                lookup::contact(tx, act, "contact_id", contact.as_deref(), was, at).await?.map(|it| it.id)
            }
        };
        Ok(activity)
    }
}

/// Whether the moment in the form, which knows no seconds, is the one that is kept.
fn unchanged(visit: &Visit, activity: &Activity, text: &str) -> bool {
    let kept = activity.happened_at.timestamp().to_zoned(visit.zone()).datetime();
    kept.strftime("%Y-%m-%dT%H:%M").to_string() == text
}

async fn create(visit: Visit, input: Input) -> Result<Response, PageError> {
    let (currency, mood) = (visit.currency(), Mood::parse(input.get("mood")));
    let made = match Draft::read(&visit, &input, empty(&visit)) {
        Ok(draft) => {
            visit
                .write(move |tx, act| {
                    Box::pin(async move {
                        let activity = draft.settled(tx, act, currency).await?;
                        let kept = actions::create(tx, act, activity).await?;
                        // How it seemed is our reading of it (P16).
                        if let Some(mood) = mood {
                            let reading = Saying::of(Whose::Company, mood);
                            let saying = Saying { activity_id: Some(kept.id), ..reading };
                            pulse::actions::say(tx, act, saying).await?;
                        }
                        Ok(kept)
                    })
                })
                .await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(kept) => {
            let back = input.get("back");
            let own = format!("/activities/{}", kept.id);
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            Ok(visit.done(if is_own_path(back) { back } else { &own }, "Noted.", undo))
        }
        Err(Error::Invalid(fields)) => {
            // A quick entry knows ids; the whole form asks for names.
            let ids = |field: &str| input.get(field).parse().ok();
            let about = Activity {
                deal_id: ids("deal_id").map(Id::of),
                company_id: ids("company_id").map(Id::of),
                contact_id: ids("contact_id").map(Id::of),
                ..empty(&visit)
            };
            let names = form_of(&mut visit.read().await?, &visit, &about, None).await?;
            let mut form = Form::again(&input, fields);
            for field in ["deal_id", "company_id", "contact_id", "happened_at", "owner_id"] {
                if !names.value(field).is_empty()
                    && (form.value(field).is_empty() || form.value(field).parse::<uuid::Uuid>().is_ok())
                {
                    form.set(field, names.value(field));
                }
            }
            answer(&visit, StatusCode::UNPROCESSABLE_ENTITY, "Note an activity", "/activities", form).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn edit(visit: Visit, Path(id): Path<Id<Activity>>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get(&mut conn, visit.scope(), id).await?;
    let mut form = form_of(&mut conn, &visit, &kept, Some(kept.version)).await?;
    drop(conn);
    form.set("back", format!("/activities/{id}"));
    answer(&visit, StatusCode::OK, &kept.title, &format!("/activities/{id}"), form).await
}

async fn change(visit: Visit, Path(id): Path<Id<Activity>>, input: Input) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get(&mut conn, visit.scope(), id).await?;
    let now = form_of(&mut conn, &visit, &kept, Some(kept.version)).await?;
    let seen = input.version().unwrap_or(kept.version);
    let base = match history::actions::as_of(&mut conn, visit.scope(), &kept, seen).await? {
        Some(base) => Some(form_of(&mut conn, &visit, &base, Some(seen)).await?),
        None => None,
    };
    let path = format!("/activities/{id}");
    let input = match conflict::settle(input, base.as_ref(), &now, LABELS) {
        Settled::Save(input) => input,
        Settled::Choose(form) => {
            let members: HashMap<_, _> =
                lookup::members(&mut conn, visit.scope(), None).await?.into_iter().collect();
            let labelled = |field: &str, value: &str| match field {
                "owner_id" => members.get(value).cloned().unwrap_or_else(|| value.to_owned()),
                "kind" => {
                    Means::parse(value).map_or_else(|| value.to_owned(), |means| means.label().to_owned())
                }
                _ => value.to_owned(),
            };
            return conflict::choose(
                &visit,
                Place::Elsewhere,
                &kept.title,
                path.clone(),
                path,
                &form,
                labelled,
            );
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
                        let activity = draft.settled(tx, act, currency).await?;
                        records::change(tx, act, id, version, |kept: &mut Activity| {
                            *kept = activity;
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

/// How long it took, said afterwards: one field on its page.
async fn took(visit: Visit, Path(id): Path<Id<Activity>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let minutes = minutes_of(input.get("took")).map_err(|right| Error::field("took", right))?;
    let edit = move |activity: &mut Activity| {
        activity.minutes = Some(minutes);
        Ok(())
    };
    visit
        .write(move |tx, act| Box::pin(async move { records::change(tx, act, id, None, edit).await }))
        .await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done(&format!("/activities/{id}"), "Noted.", undo))
}

async fn remove(visit: Visit, Path(id): Path<Id<Activity>>, input: Input) -> Result<Response, PageError> {
    records_pages::remove(&visit, id, input.get("back")).await
}

async fn restore(visit: Visit, Path(id): Path<Id<Activity>>, input: Input) -> Result<Response, PageError> {
    records_pages::restore(&visit, id, input.get("back")).await
}
