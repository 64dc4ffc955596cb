//! Service on pages: the queue, one request with what was said in it, its form, and what the page of a deal, a company
//! or a person shows of it.

use crate::accounts::{Member, Right};
use crate::base::{Calendar, Currency, Id, Locale, When, plural};
use crate::commitments::{self, Commitment};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::history::{self, Moment};
use crate::records::list::{self, Only, Sort};
use crate::records::{self, Kept, Kind, names_of, pages as records_pages};
use crate::search::lookup;
use crate::service::actions::{self, Wish};
use crate::service::store::{self, Of, Whose};
use crate::service::{Blanks, Channel, Message, Next, Request, Shown, Side, Turn, settings_pages};
use crate::tasks::Task;
use crate::web::conflict::{self, Settled};
use crate::web::layout::{Place, Shell};
use crate::web::picture::{self, Hue, Meter};
use crate::web::{Asked, Form, Input, ListQuery, PageError, Read, Routes, Visit, is_own_path, page, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::Conn;
use std::collections::HashMap;

/// Requests on one page of the queue.
const ROWS: usize = 50;
/// Requests of the queue shown on Today.
const TODAY_ROWS: usize = 5;
/// Moments of its history on the page of a request.
const MOMENTS: usize = 15;

const BY_RESOLVED: Sort =
    Sort { code: "-resolved", column: "resolved_at", is_text: false, is_descending: true };
const BY_THEIRS: Sort = Sort { code: "theirs", column: "theirs_since", is_text: false, is_descending: false };

/// The fields of the form, and what people call them.
const LABELS: &[(&str, &str)] = &[
    ("title", "What they need"),
    ("said", "What they said"),
    ("contact_id", "Who asks"),
    ("company_id", "Company"),
    ("deal_id", "Deal"),
    ("task_id", "Task"),
    ("owner_id", "Who answers"),
    ("opened_at", "Asked"),
    ("answer_hours", "First answer within"),
    ("resolve_hours", "Resolved within"),
];

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/service", Right::Look, queue)
        .get("/service/new", Right::Sell, blank)
        .post("/service", Right::Sell, create)
        .get("/service/{id}", Right::Look, show)
        .post("/service/{id}", Right::Sell, change)
        .get("/service/{id}/edit", Right::Sell, edit)
        .post("/service/{id}/answers", Right::Sell, answer)
        .post("/service/{id}/notes", Right::Sell, note)
        .post("/service/{id}/words", Right::Sell, hear)
        .post("/service/{id}/resolution/removal", Right::Sell, reopen)
        .post("/service/{id}/owner", Right::Sell, hand)
        .post("/service/{id}/commitment", Right::Sell, tie)
        .post("/service/{id}/promise", Right::Sell, promise)
        .post("/service/{id}/removal", Right::Sell, remove)
        .post("/service/{id}/restoration", Right::Sell, restore)
        .and(settings_pages::routes())
}

/// Working time as people say it: `25 min`, `3.5 h`.
pub(crate) fn time(minutes: f64, locale: Locale) -> String {
    let minutes = minutes.max(0.0).round();
    if minutes < 90.0 {
        return format!("{} min", locale.number(minutes, 0));
    }
    let hours = (minutes / 6.0).round() / 10.0;
    format!("{} h", locale.number(hours, usize::from(hours < 10.0 && hours.fract() > 0.0)))
}

/// One request as lists show it.
#[derive(Debug)]
pub struct Line {
    /// Its page.
    pub href: String,
    /// What it is about.
    pub title: String,
    /// Whose it is: address and name of person and company.
    pub whose: Vec<(String, String)>,
    /// Who of us answers; empty if nobody does yet.
    pub owner: String,
    /// How long it has waited, and against what: `Waits 3 h of the 4 h promised for a first answer`.
    pub waits: String,
    /// How far beyond what was promised: `2 h beyond what we promised`; empty if it is not.
    pub late: String,
    /// What of the promise is used up.
    pub meter: Option<Meter>,
    /// What they said.
    pub said: String,
    /// Whether it waits for us.
    pub is_ours: bool,
    /// Whether it is resolved.
    pub is_resolved: bool,
    /// Whether it is the reader's.
    pub is_mine: bool,
}

/// The names behind what requests refer to.
async fn names(conn: &mut Conn, visit: &Visit, found: &[&Request]) -> Result<HashMap<uuid::Uuid, String>> {
    let mut wanted: HashMap<Kind, Vec<uuid::Uuid>> = HashMap::new();
    for it in found {
        wanted.entry(Kind::Member).or_default().extend(it.owner_id.map(Id::uuid));
        wanted.entry(Kind::Company).or_default().extend(it.company_id.map(Id::uuid));
        wanted.entry(Kind::Contact).or_default().extend(it.contact_id.map(Id::uuid));
        wanted.entry(Kind::Deal).or_default().extend(it.deal_id.map(Id::uuid));
        wanted.entry(Kind::Task).or_default().extend(it.task_id.map(Id::uuid));
    }
    names_of(conn, visit.scope(), wanted).await
}

/// Requests as lines; `here` is the record on whose page they are.
async fn lines(
    conn: &mut Conn,
    visit: &Visit,
    found: &[Kept<Request>],
    here: Option<uuid::Uuid>,
) -> Result<Vec<Line>> {
    let all: Vec<&Request> = found.iter().map(|kept| &kept.it).collect();
    let names = names(conn, visit, &all).await?;
    let calendar = visit.seat.workspace.calendar();
    Ok(found.iter().map(|it| line(it, visit, &calendar, &names, here)).collect())
}

fn line(
    it: &Kept<Request>,
    visit: &Visit,
    calendar: &Calendar,
    names: &HashMap<uuid::Uuid, String>,
    here: Option<uuid::Uuid>,
) -> Line {
    let (now, locale) = (visit.now, visit.locale());
    let link = |kind: Kind, id: Option<uuid::Uuid>| {
        let id = id.filter(|id| Some(*id) != here)?;
        Some((kind.page(id)?, names.get(&id)?.clone()))
    };
    let whose =
        [link(Kind::Contact, it.contact_id.map(Id::uuid)), link(Kind::Company, it.company_id.map(Id::uuid))];
    let waited = it.waited_minutes(calendar, now);
    let (hours, what) = if it.first_answered_at.is_none() {
        (it.answer_hours, "for a first answer")
    } else {
        (it.resolve_hours, "until it is resolved")
    };
    let promised = hours * 60.0;
    let share = it.share_used(calendar, now);
    let waits = match (it.resolved_at, it.theirs_since) {
        (Some(at), _) => {
            let after = it.resolve_minutes.map(|minutes| format!(", after {}", time(minutes, locale)));
            format!("Resolved on {}{}", at.day(&visit.zone()).show(locale), after.unwrap_or_default())
        }
        (None, Some(since)) => {
            format!("Their turn since {}", since.day(&visit.zone()).show_near(visit.today(), locale))
        }
        (None, None) => {
            format!("Waits {} of the {} promised {what}", time(waited, locale), time(promised, locale))
        }
    };
    let is_late = share.is_some_and(|share| share > 1.0);
    Line {
        href: format!("/service/{}", it.id),
        title: it.title.clone(),
        whose: whose.into_iter().flatten().collect(),
        owner: it.owner_id.and_then(|id| names.get(&id.uuid())).cloned().unwrap_or_default(),
        late: if is_late {
            format!("{} beyond what we promised", time(waited - promised, locale))
        } else {
            String::new()
        },
        meter: share.map(|share| {
            let text = format!("{}%", locale.number((share * 100.0).round(), 0));
            picture::meter(share, 1.0, Hue::Company, &text)
        }),
        waits,
        said: it.said.clone().unwrap_or_default(),
        is_ours: it.waits_for_us(),
        is_resolved: it.resolved_at.is_some(),
        is_mine: it.owner_id.is_some() && it.owner_id == visit.scope().member(),
    }
}

/// Who waits longest against what was promised comes first; who is alike, by when they asked. What anybody pays is not
/// looked at.
fn in_order(found: &mut [Kept<Request>], calendar: &Calendar, now: When) {
    let key = |it: &Kept<Request>| it.share_used(calendar, now).unwrap_or(0.0);
    let mut keyed: Vec<(f64, When, Id<Request>)> =
        found.iter().map(|it| (key(it), it.opened_at, it.id)).collect();
    keyed.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let place: HashMap<Id<Request>, usize> =
        keyed.into_iter().enumerate().map(|(n, (_, _, id))| (id, n)).collect();
    found.sort_by_key(|it| place.get(&it.id).copied());
}

/// What waits for us first, for Today: of one member and of nobody, or of everybody one sees; and whether there is more.
///
/// # Errors
/// What the database says.
pub async fn waiting(conn: &mut Conn, visit: &Visit, owner: Option<Id<Member>>) -> Result<(Vec<Line>, bool)> {
    let mut found = match owner {
        Some(owner) => {
            let mut found = store::waiting(conn, visit.scope(), Whose::Member(owner)).await?;
            found.extend(store::waiting(conn, visit.scope(), Whose::Nobody).await?);
            found
        }
        None => store::waiting(conn, visit.scope(), Whose::All).await?,
    };
    in_order(&mut found, &visit.seat.workspace.calendar(), visit.now);
    let has_more = found.len() > TODAY_ROWS;
    found.truncate(TODAY_ROWS);
    Ok((lines(conn, visit, &found, None).await?, has_more))
}

/// The quick entry of a request.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The page to come back to.
    pub back: String,
    /// The record's field and id: `deal_id`, `company_id`, `contact_id`.
    pub about: Vec<(&'static str, String)>,
}

/// What the page of a deal, a company or a person shows of service.
#[derive(Debug)]
pub struct Card {
    /// Those that are open, and the last that are not.
    pub lines: Vec<Line>,
    /// The quick entry, for who may write.
    pub entry: Option<Entry>,
}

/// What the page of a record shows of service.
///
/// # Errors
/// What the database says.
pub async fn card(conn: &mut Conn, visit: &Visit, of: Of, back: &str) -> Result<Card> {
    let found = store::of(conn, visit.scope(), of).await?;
    let (field, here) = match of {
        Of::Deal(id) => ("deal_id", id.uuid()),
        Of::Company(id) => ("company_id", id.uuid()),
        Of::Contact(id) => ("contact_id", id.uuid()),
    };
    let entry = visit
        .scope()
        .may(Right::Sell)
        .then(|| Entry { back: back.to_owned(), about: vec![(field, here.to_string())] });
    Ok(Card { lines: lines(conn, visit, &found, Some(here)).await?, entry })
}

#[derive(Template)]
#[template(path = "service/templates/queue.html")]
struct QueuePage {
    shell: Shell,
    show: String,
    tabs: Vec<(&'static str, String, bool)>,
    lines: Vec<Line>,
    extent: String,
    previous: String,
    next: String,
}

const SHOWS: [(&str, &str); 5] = [
    ("", "Waits for us"),
    ("mine", "Mine"),
    ("nobody", "Nobody's yet"),
    ("theirs", "Waits for them"),
    ("resolved", "Resolved"),
];

/// What may follow an answer.
fn nexts() -> Vec<(&'static str, &'static str)> {
    Next::ALL.iter().map(|next| (next.code(), next.label())).collect()
}

async fn queue(visit: Visit, Asked(asked): Asked) -> Result<Response, PageError> {
    let show = SHOWS.iter().find(|(code, _)| *code == asked.get("show")).map_or("", |(code, _)| *code);
    let mut conn = visit.read().await?;
    let (found, extent, previous, next) = match show {
        "theirs" | "resolved" => {
            let sort = if show == "theirs" { BY_THEIRS } else { BY_RESOLVED };
            let mut list = ListQuery::read("/service", &asked, &[], sort);
            list.keep("show", show);
            let mut wish = list.wish(visit.scope(), None);
            wish.only.push(Only::There(sort.column));
            let found = list::page::<Request>(&mut conn, visit.scope(), &wish).await?;
            let extent = list.extent(&found, "request", "requests");
            let (previous, next) = (list.previous(&found), list.next(&found));
            (found.rows, extent, previous, next)
        }
        _ => {
            let whose = match (show, visit.scope().member()) {
                ("mine", Some(me)) => Whose::Member(me),
                ("nobody", _) => Whose::Nobody,
                _ => Whose::All,
            };
            let mut found = store::waiting(&mut conn, visit.scope(), whose).await?;
            in_order(&mut found, &visit.seat.workspace.calendar(), visit.now);
            paged(found, &asked, show)
        }
    };
    let tab = |(code, label): &(&'static str, &'static str)| {
        let href = if code.is_empty() { "/service".to_owned() } else { format!("/service?show={code}") };
        (*label, href, *code == show)
    };
    let it = QueuePage {
        shell: visit.shell(Place::Service),
        show: show.to_owned(),
        tabs: SHOWS.iter().map(tab).collect(),
        lines: lines(&mut conn, &visit, &found, None).await?,
        extent,
        previous,
        next,
    };
    page(&it)
}

/// One page of what was put in order, what it is, and the ways to the others.
fn paged(
    mut found: Vec<Kept<Request>>,
    asked: &Input,
    show: &str,
) -> (Vec<Kept<Request>>, String, String, String) {
    let most = usize::try_from(store::QUEUE_MAX).unwrap_or(usize::MAX);
    let is_more = found.len() > most;
    found.truncate(most);
    let all = found.len();
    let pages = all.div_ceil(ROWS).max(1);
    let number = asked.get("page").parse::<usize>().unwrap_or(1).clamp(1, pages);
    let from = (number - 1) * ROWS;
    let rows: Vec<_> = found.into_iter().skip(from).take(ROWS).collect();
    let extent = match (all, is_more) {
        (0, _) => String::new(),
        (_, true) => format!("{} to {} of more than {most}", from + 1, from + rows.len()),
        (all, false) if pages == 1 => plural(i64::try_from(all).unwrap_or(0), "request", "requests"),
        (all, false) => format!("{} to {} of {all} requests", from + 1, from + rows.len()),
    };
    let also = if show.is_empty() { String::new() } else { format!("show={show}&") };
    let to = |number: usize| format!("/service?{also}page={number}");
    let previous = if number > 1 { to(number - 1) } else { String::new() };
    let next = if number < pages { to(number + 1) } else { String::new() };
    (rows, extent, previous, next)
}

/// Something that was said, as the page of a request shows it.
struct Word {
    who: String,
    at: String,
    when: String,
    text: String,
    side: &'static str,
    picture: &'static str,
    is_inner: bool,
}

#[derive(Template)]
#[template(path = "service/templates/show.html")]
struct ShowPage {
    shell: Shell,
    path: String,
    removed: String,
    line: Line,
    asker: String,
    channel: &'static str,
    opened: (String, String),
    words: Vec<Word>,
    facts: Vec<(&'static str, String)>,
    links: Vec<(&'static str, String, String)>,
    nexts: Vec<(&'static str, &'static str)>,
    templates: Vec<(String, String)>,
    members: Vec<(String, String)>,
    owner_id: String,
    /// The deal's plan, where it is in one.
    plan: Option<InPlan>,
    form: Form,
    moments: Vec<Moment>,
}

/// The plan of the deal a request is in, and what of it answers the request.
struct InPlan {
    href: String,
    chosen: String,
    title: String,
    about: String,
    promises: Vec<(String, String)>,
}

impl InPlan {
    async fn of(conn: &mut Conn, visit: &Visit, it: &Request) -> Result<Option<Self>> {
        let Some(deal) = it.deal_id else { return Ok(None) };
        if records::get(conn, visit.scope(), deal).await.is_err() {
            return Ok(None);
        }
        let all = commitments::store::of_deal(conn, visit.scope().workspace(), deal).await?;
        let chosen = all.iter().find(|one| Some(one.id) == it.commitment_id);
        let day = |one: &Commitment| one.due_on.map(|day| day.show_near(visit.today(), visit.locale()));
        let open = all.iter().filter(|one| one.done_on.is_none() || Some(one.id) == it.commitment_id);
        Ok(Some(Self {
            href: format!("/deals/{deal}/plan"),
            chosen: chosen.map(|one| one.id.to_string()).unwrap_or_default(),
            title: chosen.map(|one| one.title.clone()).unwrap_or_default(),
            about: chosen.map_or_else(String::new, |one| match (one.done_on, day(one)) {
                (Some(done), _) => format!("done {}", done.show(visit.locale())),
                (None, Some(day)) => format!("due {day}"),
                (None, None) => "no day yet".to_owned(),
            }),
            promises: open
                .map(|one| {
                    let day = day(one).map_or_else(String::new, |day| format!(" · {day}"));
                    (one.id.to_string(), format!("{}: {}{day}", one.side.label(), one.title))
                })
                .collect(),
        }))
    }
}

async fn show(visit: Visit, Path(id): Path<Id<Request>>, Asked(asked): Asked) -> Result<Response, PageError> {
    let mut form = Form::default();
    if let Ok(template) = asked.get("template").parse() {
        form.set("text", filled(&visit, id, template).await?);
        form.set("template", asked.get("template"));
    }
    render(&visit, id, form, StatusCode::OK).await
}

/// A text to answer with, filled in for a request.
async fn filled(visit: &Visit, id: Id<Request>, template: Id<crate::service::Template>) -> Result<String> {
    let mut conn = visit.read().await?;
    let request = records::get(&mut conn, visit.scope(), id).await?;
    let template = records::get(&mut conn, visit.scope(), template).await?;
    let names = names(&mut conn, visit, &[&request.it]).await?;
    let named = |id: Option<uuid::Uuid>| id.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
    let name = named(request.contact_id.map(Id::uuid));
    let blanks = Blanks {
        first_name: name.split_whitespace().next().unwrap_or_default().to_owned(),
        name,
        company: named(request.company_id.map(Id::uuid)),
        request: request.title.clone(),
        me: visit.seat.member.name.clone(),
    };
    Ok(template.filled(&blanks))
}

async fn render(
    visit: &Visit,
    id: Id<Request>,
    form: Form,
    status: StatusCode,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get_any(&mut conn, visit.scope(), id).await?;
    let (zone, locale) = (visit.zone(), visit.locale());
    let mut names = names(&mut conn, visit, &[&kept.it]).await?;
    let said = store::messages(&mut conn, visit.scope().workspace(), id).await?;
    let wanted = HashMap::from([
        (Kind::Member, said.iter().filter_map(|it| it.owner_id.map(Id::uuid)).collect()),
        (Kind::Contact, said.iter().filter_map(|it| it.contact_id.map(Id::uuid)).collect()),
    ]);
    names.extend(names_of(&mut conn, visit.scope(), wanted).await?);
    let named = |id: Option<uuid::Uuid>| id.and_then(|id| names.get(&id)).cloned();
    let moment = |at: When| at.show(&zone, locale);
    let company = named(kept.company_id.map(Id::uuid));
    let asker = named(kept.contact_id.map(Id::uuid)).or_else(|| company.clone());
    let link = |label, kind: Kind, id: Option<uuid::Uuid>| {
        let id = id?;
        Some((label, kind.page(id)?, names.get(&id)?.clone()))
    };
    let links = [
        link("Who asks", Kind::Contact, kept.contact_id.map(Id::uuid)),
        link("Company", Kind::Company, kept.company_id.map(Id::uuid)),
        link("Deal", Kind::Deal, kept.deal_id.map(Id::uuid)),
        link("Task", Kind::Task, kept.task_id.map(Id::uuid)),
    ];
    let mut facts = Vec::new();
    match (kept.first_answered_at, kept.answer_minutes) {
        (Some(at), Some(minutes)) => facts.push((
            "First answer",
            format!(
                "{}, after {} of the {} promised",
                moment(at),
                time(minutes, locale),
                time(kept.answer_hours * 60.0, locale)
            ),
        )),
        _ => facts.push(("First answer by", moment(kept.answer_by))),
    }
    match (kept.resolved_at, kept.resolve_minutes) {
        (Some(at), Some(minutes)) => facts.push((
            "Resolved",
            format!(
                "{}, after {} of the {} promised",
                moment(at),
                time(minutes, locale),
                time(kept.resolve_hours * 60.0, locale)
            ),
        )),
        _ => facts.push(("Resolved by", moment(kept.resolve_by))),
    }
    if kept.theirs_minutes > 0.0 {
        facts.push(("Was their turn for", time(kept.theirs_minutes, locale)));
    }
    if kept.reopened > 0 {
        facts.push(("Opened again", plural(kept.reopened, "time", "times")));
    }
    let words = said.iter().map(|it| word(it, &names, asker.as_deref(), &zone, locale)).collect();
    let all: Vec<Line> = lines(&mut conn, visit, std::slice::from_ref(&kept), None).await?;
    let told = history::timeline(&mut conn, &visit.eyes(), id.uuid(), None, MOMENTS).await?;
    let templates = store::templates(&mut conn, visit.scope().workspace()).await?;
    let it = ShowPage {
        shell: visit.shell(Place::Service),
        path: format!("/service/{id}"),
        removed: records_pages::removed_on(visit, &kept),
        line: all.into_iter().next().ok_or(Error::NotFound)?,
        asker: asker.unwrap_or_else(|| "They".into()),
        channel: kept.channel.label(),
        opened: (kept.opened_at.iso(), moment(kept.opened_at)),
        words,
        facts,
        links: links.into_iter().flatten().collect(),
        nexts: nexts(),
        templates: templates.iter().map(|it| (it.id.to_string(), it.name.clone())).collect(),
        members: lookup::members(&mut conn, visit.scope(), kept.owner_id).await?,
        owner_id: kept.owner_id.map(|id| id.to_string()).unwrap_or_default(),
        plan: InPlan::of(&mut conn, visit, &kept).await?,
        form,
        moments: told.moments,
    };
    page_as(status, &it)
}

fn word(
    it: &Kept<Message>,
    names: &HashMap<uuid::Uuid, String>,
    asker: Option<&str>,
    zone: &jiff::tz::TimeZone,
    locale: Locale,
) -> Word {
    let named = |id: Option<uuid::Uuid>| id.and_then(|id| names.get(&id)).cloned();
    let who = match it.side {
        Side::Client => named(it.contact_id.map(Id::uuid))
            .or_else(|| asker.map(str::to_owned))
            .unwrap_or_else(|| "They".into()),
        Side::Company => named(it.owner_id.map(Id::uuid)).unwrap_or_else(|| "Somebody of ours".into()),
    };
    Word {
        who,
        at: it.said_at.iso(),
        when: it.said_at.show(zone, locale),
        text: it.text.clone(),
        side: it.side.code(),
        picture: match (it.shown, it.side) {
            (Shown::Inner, _) => "note",
            (Shown::Both, Side::Client) => "person",
            (Shown::Both, Side::Company) => "mail",
        },
        is_inner: it.shown == Shown::Inner,
    }
}

#[derive(Template)]
#[template(path = "service/templates/form.html")]
struct FormPage {
    shell: Shell,
    title: String,
    action: String,
    back: String,
    form: Form,
    owners: Vec<(String, String)>,
    usual: (String, String),
}

async fn form_page(
    visit: &Visit,
    status: StatusCode,
    title: &str,
    action: &str,
    form: Form,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let back = form.value("back").to_owned();
    let back = if is_own_path(&back) { back } else { "/service".to_owned() };
    let (locale, settings) = (visit.locale(), &visit.seat.workspace.settings);
    let it = FormPage {
        shell: visit.shell(Place::Service),
        title: title.to_owned(),
        action: action.to_owned(),
        back,
        owners: lookup::members(&mut conn, visit.scope(), form.value("owner_id").parse().ok()).await?,
        usual: (time(settings.answer_hours * 60.0, locale), time(settings.resolve_hours * 60.0, locale)),
        form,
    };
    page_as(status, &it)
}

async fn blank(visit: Visit, Asked(asked): Asked) -> Result<Response, PageError> {
    let form = ids_of(&visit, &asked).await?;
    form_page(&visit, StatusCode::OK, "Somebody asks for help", "/service", form).await
}

/// An empty form with the names of the records that an address or a quick entry names by id.
async fn ids_of(visit: &Visit, asked: &Input) -> Result<Form> {
    let mut conn = visit.read().await?;
    let mut form = Form::default();
    let all = [("company_id", Kind::Company), ("contact_id", Kind::Contact), ("deal_id", Kind::Deal)];
    for (field, kind) in all {
        let id = asked.get(field).parse().ok();
        form.set(field, lookup::shown(&mut conn, visit.scope(), kind, id).await?);
    }
    if is_own_path(asked.get("back")) {
        form.set("back", asked.get("back"));
    }
    Ok(form)
}

/// A moment for a form.
fn local(visit: &Visit, at: When) -> String {
    at.timestamp().to_zoned(visit.zone()).datetime().strftime("%Y-%m-%dT%H:%M").to_string()
}

async fn form_of(conn: &mut Conn, visit: &Visit, it: &Request, version: i64) -> Result<Form> {
    let scope = visit.scope();
    let hours = |hours: f64| {
        let text = format!("{hours:.2}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let task = it.task_id.map(Id::uuid);
    let values = [
        ("title", it.title.clone()),
        ("said", it.said.clone().unwrap_or_default()),
        ("contact_id", lookup::shown(conn, scope, Kind::Contact, it.contact_id.map(Id::uuid)).await?),
        ("company_id", lookup::shown(conn, scope, Kind::Company, it.company_id.map(Id::uuid)).await?),
        ("deal_id", lookup::shown(conn, scope, Kind::Deal, it.deal_id.map(Id::uuid)).await?),
        ("task_id", task.map(|id| id.to_string()).unwrap_or_default()),
        ("owner_id", it.owner_id.map(|id| id.to_string()).unwrap_or_default()),
        ("opened_at", local(visit, it.opened_at)),
        ("answer_hours", hours(it.answer_hours)),
        ("resolve_hours", hours(it.resolve_hours)),
    ];
    Ok(Form::of(values, Some(version)))
}

/// A form as it was read: what it says, and the names of what it is about.
#[derive(Clone)]
struct Draft {
    wish: Wish,
    names: [Option<String>; 3],
    was: Option<Request>,
}

impl Draft {
    fn read(visit: &Visit, input: &Input, was: Option<Request>) -> Result<Self> {
        let mut read = Read::new(input);
        let title = read.needed("title", "what they need, in a few words");
        let mut wish = Wish::of(title, Channel::Hand, visit.now);
        wish.said = read.note("said");
        wish.owner_id = read.id::<Member>("owner_id");
        wish.task_id = read.id::<Task>("task_id");
        wish.answer_hours = read.number("answer_hours");
        wish.resolve_hours = read.number("resolve_hours");
        let kept = was.as_ref().map(|it| it.opened_at);
        wish.opened_at = kept.unwrap_or(visit.now);
        if let Some(text) =
            read.line("opened_at").filter(|text| kept.map(|at| local(visit, at)) != Some(text.clone()))
        {
            let read_at = text.parse::<jiff::civil::DateTime>().ok();
            let at = read_at.and_then(|at| at.to_zoned(visit.zone()).ok()).map(|at| When::of(at.timestamp()));
            match at.filter(|at| *at <= visit.now) {
                Some(at) => wish.opened_at = at,
                None => read.fields.add("opened_at", "a moment that has come, such as 2026-11-22 14:05"),
            }
        }
        let names = ["deal_id", "company_id", "contact_id"].map(|field| read.line(field));
        read.done(Self { wish, names, was })
    }

    /// What is asked with the records it is about: each by its id, from a quick entry, or by its name.
    async fn settled(
        self,
        tx: &mut db::Tx,
        act: &crate::accounts::Act,
        currency: Currency,
    ) -> Result<(Wish, Option<Request>)> {
        let Self { mut wish, names: [deal, company, contact], was } = self;
        let scope = &act.scope;
        let (of_deal, of_company, of_contact) =
            was.as_ref().map_or((None, None, None), |it| (it.deal_id, it.company_id, it.contact_id));
        wish.deal_id = match deal.as_deref().map(str::parse::<Id<Deal>>) {
            Some(Ok(id)) => Some(id),
            _ => lookup::deal(tx, scope, "deal_id", deal.as_deref(), of_deal).await?.map(|it| it.id),
        };
        wish.company_id = match company.as_deref().map(str::parse::<Id<Company>>) {
            Some(Ok(id)) => Some(id),
            _ => lookup::company(tx, act, "company_id", company.as_deref(), of_company, currency)
                .await?
                .map(|it| it.id),
        };
        wish.contact_id = match contact.as_deref().map(str::parse::<Id<Contact>>) {
            Some(Ok(id)) => Some(id),
            _ => lookup::contact(tx, act, "contact_id", contact.as_deref(), of_contact, wish.company_id)
                .await?
                .map(|it| it.id),
        };
        Ok((wish, was))
    }
}

async fn create(visit: Visit, input: Input) -> Result<Response, PageError> {
    let currency = visit.currency();
    let made = match Draft::read(&visit, &input, None) {
        Ok(draft) => {
            visit
                .write(move |tx, act| {
                    Box::pin(async move {
                        let (wish, _) = draft.settled(tx, act, currency).await?;
                        actions::open(tx, act, wish).await
                    })
                })
                .await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            let by = kept.answer_by.show(&visit.zone(), visit.locale());
            let back = input.get("back");
            let own = format!("/service/{}", kept.id);
            let to = if is_own_path(back) { back } else { &own };
            Ok(visit.done(to, &format!("It is in the queue; a first answer is promised by {by}."), undo))
        }
        Err(Error::Invalid(fields)) => {
            // A quick entry knows ids; the whole form asks for names.
            let names = ids_of(&visit, &input).await?;
            let mut form = Form::again(&input, fields);
            for field in ["deal_id", "company_id", "contact_id"] {
                if form.value(field).parse::<uuid::Uuid>().is_ok() {
                    form.set(field, names.value(field));
                }
            }
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            form_page(&visit, status, "Somebody asks for help", "/service", form).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn edit(visit: Visit, Path(id): Path<Id<Request>>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get(&mut conn, visit.scope(), id).await?;
    let mut form = form_of(&mut conn, &visit, &kept, kept.version).await?;
    drop(conn);
    form.set("back", format!("/service/{id}"));
    form_page(&visit, StatusCode::OK, &kept.title, &format!("/service/{id}"), form).await
}

async fn change(visit: Visit, Path(id): Path<Id<Request>>, input: Input) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get(&mut conn, visit.scope(), id).await?;
    let now = form_of(&mut conn, &visit, &kept, kept.version).await?;
    let seen = input.version().unwrap_or(kept.version);
    let base = match history::actions::as_of(&mut conn, visit.scope(), &kept, seen).await? {
        Some(base) => Some(form_of(&mut conn, &visit, &base, seen).await?),
        None => None,
    };
    let path = format!("/service/{id}");
    let input = match conflict::settle(input, base.as_ref(), &now, LABELS) {
        Settled::Save(input) => input,
        Settled::Choose(form) => {
            let members: HashMap<_, _> =
                lookup::members(&mut conn, visit.scope(), None).await?.into_iter().collect();
            let labelled = |field: &str, value: &str| match field {
                "owner_id" => members.get(value).cloned().unwrap_or_else(|| value.to_owned()),
                _ => value.to_owned(),
            };
            let place = Place::Service;
            return conflict::choose(&visit, place, &kept.title, path.clone(), path, &form, labelled);
        }
    };
    drop(conn);
    let currency = visit.currency();
    let saved = match Draft::read(&visit, &input, Some(kept.it.clone())) {
        Ok(draft) => {
            let version = input.version();
            visit
                .write(move |tx, act| {
                    Box::pin(async move {
                        let (wish, was) = draft.settled(tx, act, currency).await?;
                        let was = was.ok_or(Error::NotFound)?;
                        let said = Request {
                            title: wish.title,
                            said: wish.said,
                            company_id: wish.company_id,
                            contact_id: wish.contact_id,
                            deal_id: wish.deal_id,
                            task_id: wish.task_id,
                            owner_id: wish.owner_id,
                            opened_at: wish.opened_at,
                            answer_hours: wish.answer_hours.unwrap_or(was.answer_hours),
                            resolve_hours: wish.resolve_hours.unwrap_or(was.resolve_hours),
                            ..was
                        };
                        actions::change(tx, act, id, version, said).await
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
            form_page(&visit, StatusCode::UNPROCESSABLE_ENTITY, &kept.title, &path, form).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn answer(visit: Visit, Path(id): Path<Id<Request>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let mut read = Read::new(&input);
    let (text, next) = (read.note("text"), read.code("next", Next::parse).unwrap_or(Next::Us));
    let done = match read.done(()) {
        Ok(()) => visit.write(move |tx, act| Box::pin(actions::answer(tx, act, id, text, next))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, id).await?;
            let text = match (kept.resolved_at, kept.turn) {
                (Some(_), _) => format!("Resolved: {}", kept.title),
                (None, Turn::Them) => format!("Answered; it is their turn: {}", kept.title),
                (None, Turn::Us) => format!("Answered: {}", kept.title),
            };
            Ok(visit.done(&to(&input, id), &text, undo))
        }
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&input, fields);
            render(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The page to come back to.
fn to(input: &Input, id: Id<Request>) -> String {
    let back = input.get("back");
    if is_own_path(back) { back.to_owned() } else { format!("/service/{id}") }
}

/// A text that must be there, or the page again.
fn text_of(input: &Input, right: &str) -> Result<String> {
    let mut read = Read::new(input);
    let text = read.note("text").unwrap_or_default();
    if text.is_empty() && read.fields.at("text").is_none() {
        read.fields.add("text", right);
    }
    read.done(text)
}

async fn note(visit: Visit, Path(id): Path<Id<Request>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let done = match text_of(&input, "what we should remember") {
        Ok(text) => visit.write(move |tx, act| Box::pin(actions::note(tx, act, id, text))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            Ok(visit.done(&to(&input, id), "Noted, for us alone.", undo))
        }
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&input, fields);
            render(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn hear(visit: Visit, Path(id): Path<Id<Request>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let done = match text_of(&input, "what they said") {
        Ok(text) => visit.write(move |tx, act| Box::pin(actions::hear(tx, act, id, text, None))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => {
            let undo = records_pages::undo_of(&visit, id).await?;
            Ok(visit.done(&to(&input, id), "Written down; it is our turn.", undo))
        }
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&input, fields);
            render(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn reopen(visit: Visit, Path(id): Path<Id<Request>>, input: Input) -> Result<Response, PageError> {
    let kept = visit.write(move |tx, act| Box::pin(actions::reopen(tx, act, id))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done(&to(&input, id), &format!("Open again: {}", kept.title), undo))
}

/// Hands it to a member, to whoever asks (`me`), or to nobody.
async fn hand(visit: Visit, Path(id): Path<Id<Request>>, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let owner = match input.get("owner_id") {
        "me" => visit.scope().member(),
        _ => read.id::<Member>("owner_id"),
    };
    let owner = read.done(owner)?;
    visit.write(move |tx, act| Box::pin(actions::hand(tx, act, id, owner))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    let text = match owner {
        Some(owner) if Some(owner) == visit.scope().member() => "It is yours.",
        Some(_) => "It is in other hands.",
        None => "It is nobody's now.",
    };
    // Who sees only their own may not see it any more.
    let sees = records::get(&mut visit.read().await?, visit.scope(), id).await.is_ok();
    Ok(visit.done(if sees { to(&input, id) } else { "/service".into() }.as_str(), text, undo))
}

/// Ties it to a promise of the deal's plan, or to none.
async fn tie(visit: Visit, Path(id): Path<Id<Request>>, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let to = read.id::<Commitment>("commitment_id");
    let to = read.done(to)?;
    visit.write(move |tx, act| Box::pin(actions::tie(tx, act, id, to))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    let text = if to.is_some() { "It is in the plan." } else { "It is not in the plan any more." };
    Ok(visit.done(&format!("/service/{id}"), text, undo))
}

/// Makes it a promise of the deal's plan.
async fn promise(visit: Visit, Path(id): Path<Id<Request>>) -> Result<Response, PageError> {
    visit.write(move |tx, act| Box::pin(actions::promise(tx, act, id))).await?;
    Ok(visit.done(&format!("/service/{id}"), "It is a promise of the plan now, which they see, too.", None))
}

async fn remove(visit: Visit, Path(id): Path<Id<Request>>, input: Input) -> Result<Response, PageError> {
    records_pages::remove(&visit, id, input.get("back")).await
}

async fn restore(visit: Visit, Path(id): Path<Id<Request>>, input: Input) -> Result<Response, PageError> {
    records_pages::restore(&visit, id, input.get("back")).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_time_is_said_as_people_say_it() {
        let said = [0.4, 25.0, 89.6, 90.0, 150.0, 599.0, 601.0, 2_880.0];
        let shown = said.map(|minutes| time(minutes, Locale::EnGb));
        assert_eq!(shown, ["0 min", "25 min", "1.5 h", "1.5 h", "2.5 h", "10 h", "10 h", "48 h"]);
    }
}
