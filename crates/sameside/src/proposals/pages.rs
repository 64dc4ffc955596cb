//! Proposals on pages: the sheet, its versions, what changed; and what may be expected.

use crate::accounts::{Act, Right};
use crate::base::{Date, Id, Source};
use crate::deals::{Deal, Standing};
use crate::desk::view::of_100;
use crate::diagnosis::{self, Figure, Parameter};
use crate::error::{Error, Result};
use crate::negotiation::{self, State};
use crate::outcomes;
use crate::proposals::actions::{self, Reader, Words};
use crate::proposals::content::Change;
use crate::proposals::{Content, Lines, Proposal, store};
use crate::records::{self, Kept, pages as records_pages};
use crate::tasks;
use crate::web::layout::{Place, Shell};
use crate::web::{Asked, Form, Input, PageError, Read, Routes, Visit, page, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::Conn;

/// The parts of the form that are lines.
const PARTS: [&str; 5] = ["measure", "plan", "we", "they", "will_not"];
/// What is promised, of which the profile of a product tells what such clients reached.
const PROMISED: [Parameter; 3] = [Parameter::Success, Parameter::Benefit, Parameter::Delay];

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/deals/{id}/proposal", Right::Look, show)
        .post("/deals/{id}/proposal", Right::Sell, write)
        .post("/deals/{id}/proposal/issue", Right::Sell, issue)
        .get("/deals/{id}/proposal/sheet", Right::Look, sheet)
        .post("/deals/{id}/story", Right::Sell, tell)
}

/// What may be expected: what such clients reached, and what some of them allowed us to tell.
#[derive(Debug)]
pub struct Expected {
    /// The deal's page.
    pub path: String,
    /// What, how much in 8 of 10 cases, how we know it: its code and words.
    pub lines: Vec<(String, String, String, String)>,
    /// How many deals with the product were verified.
    pub verified: i64,
    /// What it is about.
    pub product: String,
    /// Stories: the page of the deal, the sentence.
    pub stories: Vec<(String, String)>,
    /// What this deal's own client allowed, if it is verified.
    pub own: Option<String>,
    /// What was promised and how likely it is reached; empty if nothing was.
    pub promised: String,
    /// Where the proposal stands.
    pub proposal: String,
}

/// What may be expected of a deal.
///
/// # Errors
/// What the database says.
pub async fn expected(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>) -> Result<Expected> {
    let (scope, workspace, locale) = (visit.scope(), visit.scope().workspace(), visit.locale());
    let (mut lines, mut stories, mut verified, mut product) = (Vec::new(), Vec::new(), 0, String::new());
    if let Some(id) = deal.product_id {
        product = records::get_any(conn, scope, id).await.map(|it| it.it.name).unwrap_or_default();
        let profile = diagnosis::store::of_product(conn, workspace, id).await?;
        let line = |parameter: &Parameter| {
            let figure: &Figure = &profile.iter().find(|figure| figure.parameter == *parameter)?.it;
            let range = [figure.low, figure.likely, figure.high];
            let note =
                figure.source.note(figure.said_by.as_deref(), figure.said_on.map(|day| day.show(locale)));
            let text = parameter.unit().show_range(range, deal.currency, locale);
            Some((parameter.label().to_owned(), text, figure.source.code().to_owned(), note))
        };
        lines = PROMISED.iter().filter_map(line).collect();
        if let Some(told) = outcomes::store::lessons(conn, workspace).await?.reached(Some(id)) {
            let percent = |share: f64| format!("{}%", locale.number(share * 100.0, 0));
            let text =
                format!("{} to {}, likely {}", percent(told.p10), percent(told.p90), percent(told.p50));
            let from = match told.n_class {
                0 => format!("{} results with other products", told.n),
                own => format!("measured, {own} results with it, {} in all", told.n),
            };
            lines.insert(
                0,
                ("Of the change they wished".to_owned(), text, Source::Measured.code().to_owned(), from),
            );
        }
        verified = store::count_verified(conn, workspace, id).await?;
        let told = store::stories(conn, scope, id, deal.id).await?;
        stories = told.into_iter().map(|(deal, told)| (format!("/deals/{deal}"), told)).collect();
    }
    let own = match deal.standing {
        Standing::Verified => Some(
            store::story_of(conn, workspace, deal.id).await?.map(|story| story.it.told).unwrap_or_default(),
        ),
        _ => None,
    };
    let versions = store::versions(conn, workspace, deal.id).await?;
    let promised = versions.iter().find(|it| it.reach.is_some()).map(|it| promise(it, deal, visit));
    let proposal = match versions.first() {
        None => String::new(),
        Some(last) => match last.issued_on {
            Some(day) => format!("Version {} issued on {}", last.number, day.show(locale)),
            None => format!("Version {} is a draft", last.number),
        },
    };
    Ok(Expected {
        path: format!("/deals/{}", deal.id),
        lines,
        verified,
        product,
        stories,
        own,
        promised: promised.unwrap_or_default(),
        proposal,
    })
}

/// What a version promised, and how likely that was.
fn promise(it: &Proposal, deal: &Deal, visit: &Visit) -> String {
    let (Some(promised), Some(reach)) = (it.promised, it.reach) else { return String::new() };
    format!(
        "Version {} promises {}: reached in {} of 100 cases, as it was seen then.",
        it.number,
        diagnosis::Unit::MoneyAMonth.show(promised, deal.currency, visit.locale()),
        of_100(reach)
    )
}

/// One version in the list.
struct VersionView {
    number: i64,
    when: String,
    because: String,
    promised: String,
    is_shown: bool,
    changes: Vec<Change>,
}

#[derive(Template)]
#[template(path = "proposals/templates/proposal.html")]
struct ProposalPage {
    shell: Shell,
    deal: String,
    path: String,
    may_write: bool,
    content: Content,
    number: i64,
    issued: String,
    is_draft: bool,
    is_newest: bool,
    versions: Vec<VersionView>,
    draft_changes: Vec<Change>,
    tasks: Vec<(String, String, bool)>,
    answer: Option<(String, i64, usize)>,
    expected: Expected,
    reach: String,
    currency: String,
    form: Form,
}

impl ProposalPage {
    fn next(&self) -> i64 {
        if self.is_draft { self.number } else { self.number + 1 }
    }

    fn part(&self, name: &str) -> &str {
        self.form.value(name)
    }
}

#[derive(Template)]
#[template(path = "proposals/templates/sheet.html")]
struct SheetPage {
    shell: Shell,
    content: Content,
    number: i64,
    issued: String,
}

fn reader(visit: &Visit) -> Reader {
    let workspace = &visit.seat.workspace;
    Reader { workspace: workspace.clone(), locale: visit.locale(), today: visit.today() }
}

/// A draft of which nothing is kept yet.
fn blank(deal: &Kept<Deal>) -> Proposal {
    Proposal {
        deal_id: deal.id,
        owner_id: None,
        number: 1,
        lines: records::Doc(Lines::default()),
        because: None,
        content: records::Doc(None),
        offering_id: None,
        issued_on: None,
        promised: None,
        reach: None,
    }
}

/// The version that is looked at: its page, its number, its day; and the chance of what it promises.
async fn seen(
    conn: &mut Conn,
    visit: &Visit,
    act: &Act,
    deal: &Kept<Deal>,
    versions: &[Kept<Proposal>],
    wanted: &str,
) -> Result<(Content, i64, Option<Date>, Option<f64>)> {
    let wanted: Option<i64> = wanted.parse().ok();
    let version = versions.iter().find(|it| Some(it.number) == wanted).or_else(|| versions.first());
    if let Some(version) = version
        && let Some(content) = &version.content.0
    {
        return Ok((content.clone(), version.number, version.issued_on, version.reach));
    }
    let draft = version.map_or_else(|| blank(deal), |version| version.it.clone());
    let composed = actions::compose(conn, act, deal, &draft, &reader(visit)).await?;
    Ok((composed.content, draft.number, None, composed.reach))
}

async fn show(visit: Visit, Path(id): Path<Id<Deal>>, Asked(input): Asked) -> Result<Response, PageError> {
    render(&visit, id, input.get("version"), None, StatusCode::OK).await
}

async fn render(
    visit: &Visit,
    id: Id<Deal>,
    wanted: &str,
    form: Option<Form>,
    status: StatusCode,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let (act, workspace, locale) = (visit.act(), visit.scope().workspace(), visit.locale());
    let deal = records::get(&mut conn, visit.scope(), id).await?;
    let versions = store::versions(&mut conn, workspace, id).await?;
    let (content, number, issued_on, reach) = seen(&mut conn, visit, &act, &deal, &versions, wanted).await?;
    let expected = expected(&mut conn, visit, &deal).await?;
    let to_do = tasks::store::of(&mut conn, visit.scope(), tasks::store::Of::Deal(id)).await?;
    let offerings = negotiation::store::offerings(&mut conn, workspace, id).await?;
    drop(conn);
    let newest = versions.first();
    let is_draft = issued_on.is_none();
    let last_issued = versions.iter().find_map(|it| it.content.0.as_ref());
    let draft_changes =
        last_issued.filter(|_| is_draft).map(|before| content.changes_since(before)).unwrap_or_default();
    let lines = newest.map(|it| it.lines.0.clone()).unwrap_or_default();
    let shown = to_do.iter().map(|task| {
        let day = task.due_on.map_or_else(String::new, |day| format!("{}: ", day.show(locale)));
        (task.id.to_string(), format!("{day}{}", task.title), lines.tasks.contains(&task.id))
    });
    let answer = offerings
        .first()
        .filter(|it| it.state == State::Made)
        .map(|it| (format!("/offerings/{}/answer", it.id), it.version, it.offers.0.len()));
    let list = versions.iter().enumerate().filter(|(_, it)| it.issued_on.is_some()).map(|(n, it)| {
        let before = versions.iter().skip(n + 1).find_map(|other| other.content.0.as_ref());
        let changes = before.zip(it.content.0.as_ref()).map(|(before, after)| after.changes_since(before));
        VersionView {
            number: it.number,
            when: it.issued_on.map_or_else(String::new, |day| day.show(locale)),
            because: it.because.clone().unwrap_or_default(),
            promised: promise(it, &deal, visit),
            is_shown: it.number == number,
            changes: changes.unwrap_or_default(),
        }
    });
    let it = ProposalPage {
        shell: visit.shell(Place::Deals),
        deal: deal.title.clone(),
        path: format!("/deals/{id}"),
        may_write: visit.scope().may(Right::Sell),
        issued: issued_on.map_or_else(String::new, |day| day.show(locale)),
        is_draft,
        is_newest: newest.is_none_or(|it| it.number == number),
        versions: list.collect(),
        draft_changes,
        tasks: shown.collect(),
        answer,
        expected,
        reach: reach.map_or_else(String::new, |reach| of_100(reach).to_string()),
        currency: deal.currency.prefix(),
        form: form.unwrap_or_else(|| kept_form(newest, &lines, deal.currency)),
        content,
        number,
    };
    page_as(status, &it)
}

fn kept_form(newest: Option<&Kept<Proposal>>, lines: &Lines, currency: crate::base::Currency) -> Form {
    let draft = newest.filter(|it| it.issued_on.is_none());
    let mut form = Form::of([], draft.map(|it| it.version));
    let all = [&lines.measure, &lines.plan, &lines.we, &lines.they, &lines.will_not];
    for (part, lines) in PARTS.iter().zip(all) {
        form.set(part, lines.join("\n"));
    }
    form.set("until", lines.until.map(|day| day.to_string()).unwrap_or_default());
    let promised = newest.and_then(|it| it.promised);
    form.set(
        "promised",
        promised.map(|units| crate::base::Money::of_units(units, currency).plain()).unwrap_or_default(),
    );
    form
}

/// The page alone, as the client gets it: to print, or to keep as PDF.
async fn sheet(visit: Visit, Path(id): Path<Id<Deal>>, Asked(input): Asked) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let deal = records::get(&mut conn, visit.scope(), id).await?;
    let versions = store::versions(&mut conn, visit.scope().workspace(), id).await?;
    let (content, number, issued_on, _) =
        seen(&mut conn, &visit, &visit.act(), &deal, &versions, input.get("version")).await?;
    drop(conn);
    let issued = issued_on.map_or_else(String::new, |day| day.show(visit.locale()));
    page(&SheetPage { shell: visit.shell(Place::Deals), content, number, issued })
}

async fn write(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let deal = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let mut read = Read::new(&input);
    let lines = |read: &mut Read<'_>, field| -> Vec<String> {
        let text = read.note(field).unwrap_or_default();
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let written = Lines {
        measure: lines(&mut read, "measure"),
        plan: lines(&mut read, "plan"),
        tasks: input.all("task").iter().take(50).filter_map(|id| id.parse().ok()).collect(),
        we: lines(&mut read, "we"),
        they: lines(&mut read, "they"),
        will_not: lines(&mut read, "will_not"),
        until: read.date("until"),
    };
    let promised = read.money("promised", deal.currency).map(crate::base::Money::units);
    let version = input.version();
    let done = match read.done(Words { lines: written, promised }) {
        Ok(words) => visit.write(move |tx, act| Box::pin(actions::write(tx, act, id, version, words))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            Ok(visit.done(&format!("/deals/{id}/proposal"), "The draft says so now.", undo))
        }
        Err(error) => again(&visit, id, &input, error).await,
    }
}

async fn issue(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let mut read = Read::new(&input);
    let (because, version, reader) = (read.note("because"), input.version(), reader(&visit));
    let done = match read.done(()) {
        Ok(()) => {
            visit.write(move |tx, act| Box::pin(actions::issue(tx, act, id, version, because, reader))).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            let text =
                format!("Version {} is issued and stays as it is. Print it, or keep it as PDF.", kept.number);
            Ok(visit.done(&format!("/deals/{id}/proposal"), &text, undo))
        }
        Err(error) => again(&visit, id, &input, error).await,
    }
}

async fn again(visit: &Visit, id: Id<Deal>, input: &Input, error: Error) -> Result<Response, PageError> {
    match error {
        Error::Invalid(fields) => {
            let mut form = Form::again(input, fields);
            if !input.has("we") {
                // The reason was refused: the lines stay as they are kept.
                let mut conn = visit.read().await?;
                let deal = records::get(&mut conn, visit.scope(), id).await?;
                let versions = store::versions(&mut conn, visit.scope().workspace(), id).await?;
                let lines = versions.first().map(|it| it.lines.0.clone()).unwrap_or_default();
                let kept = kept_form(versions.first(), &lines, deal.currency);
                for name in kept.names() {
                    form.set(name, kept.value(name));
                }
                form.version = kept.version;
            }
            render(visit, id, "", Some(form), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        error => Err(error.into()),
    }
}

async fn tell(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let mut read = Read::new(&input);
    let told = read.line("told");
    let is_told = told.is_some();
    let told = read.done(told)?;
    let story = visit.write(move |tx, act| Box::pin(actions::tell(tx, act, id, told))).await?;
    let undo = match story {
        Some(story) => records_pages::undo_of(&visit, story).await?,
        None => None,
    };
    let text = if is_told { "We may tell it." } else { "It is told to nobody." };
    Ok(visit.done(&format!("/deals/{id}"), text, undo))
}
