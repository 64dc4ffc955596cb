//! The pages of insights: all of them, one of them, its data, the records behind.

mod calibration;
mod concessions;
mod fairness;
mod frame;
mod gladness;
mod hours;
mod impact;
mod learnt;
mod missales;
mod outcomes;
mod pipeline;
mod promises;
mod value;
mod walkaways;

use crate::accounts::Right;
use crate::error::{Error, Result};
use crate::insights::store::{self, List, ROWS_MAX};
use crate::web::layout::{Place, Shell};
use crate::web::{Asked, Input, PageError, Routes, Visit, page};
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use db::Conn;
use frame::{Answer, Filter, Ground, Table};

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/insights", Right::Look, index)
        .get("/insights/{name}", Right::Look, show)
        .get("/insights/{name}/data", Right::Look, data)
        .get("/insights/{name}/records", Right::Look, records)
}

/// A question that is answered.
struct Question {
    /// Its name in the address.
    name: &'static str,
    /// What it is called.
    title: &'static str,
    /// The question.
    asks: &'static str,
    /// What the method says of it.
    method: &'static str,
    /// The records behind it.
    list: Option<List>,
    /// Whether a period can be chosen.
    has_period: bool,
    /// Whether it is of the whole workspace at once, so that nothing can be chosen.
    is_whole: bool,
}

/// What most of them are.
const USUAL: Question =
    Question { name: "", title: "", asks: "", method: "", list: None, has_period: true, is_whole: false };

/// All of them, in the order in which they are read.
const QUESTIONS: &[Question] = &[
    Question {
        name: "value",
        title: "Mutual value",
        asks: "What did clients gain, and what did we?",
        method: "A satisfied client is the result of running the company well (P21). Both sides' books are kept after the fact: what was promised, and what came of it, our hours taken off.",
        list: Some(List::Results),
        ..USUAL
    },
    Question {
        name: "outcomes",
        title: "Verified outcomes",
        asks: "Do clients have what they wanted?",
        method: "A deal is done when its result is known (P17, P21), by the measure that was agreed, or by what they say. Where nobody looked nothing is claimed.",
        list: Some(List::Results),
        ..USUAL
    },
    Question {
        name: "impact",
        title: "Impact",
        asks: "What changed most for clients, from where they stood?",
        method: "Impact, not size (P17): wins are put in order by what changed for the client relative to where it stood, so that the smallest sale can lead.",
        list: Some(List::Results),
        ..USUAL
    },
    Question {
        name: "mis-sales",
        title: "Mis-sales",
        asks: "Which sales were wrong, and what did we know then?",
        method: "The right sale, not any sale (P15): one that left the client worse off is counted as a mis-sale, whatever it brought us. What we knew then stands beside it, so that the next one is asked better.",
        list: Some(List::MisSales),
        ..USUAL
    },
    Question {
        name: "walk-aways",
        title: "Walk-aways",
        asks: "What did we walk away from, and which hours did that save?",
        method: "Walking away honestly and kindly is as good an end as any (P7). The hours that were still ahead are free for clients whom we can help.",
        list: Some(List::WalkedAway),
        ..USUAL
    },
    Question {
        name: "concessions",
        title: "Concessions",
        asks: "What did we give beyond offers, what came back, and what did precedents cost?",
        method: "An exchange is equal when a concession has its return (P9), and what was given once is asked for again (P10).",
        list: Some(List::Concessions),
        ..USUAL
    },
    Question {
        name: "gladness",
        title: "Gladness",
        asks: "How gladly do clients pay?",
        method: "They are asked at the agreement and when the result is looked at: gladly, fairly, grudgingly, would not again (P20). It is never guessed from money, and our own reading stands apart.",
        list: Some(List::Gladness),
        ..USUAL
    },
    Question {
        name: "promises",
        title: "Promises",
        asks: "Were promises kept, on both sides?",
        method: "A day is promised when it can be kept, else another is offered (P12); both sides promise, and both are measured alike (P14). It is told who kept what, so that the next plan is one that holds.",
        list: Some(List::Promises),
        ..USUAL
    },
    Question {
        name: "fairness",
        title: "Fairness",
        asks: "Do the small wait like the large?",
        method: "Same care for the small (P19): how long clients wait is measured by their size, so that nobody has to believe it.",
        has_period: false,
        is_whole: true,
        ..USUAL
    },
    Question {
        name: "calibration",
        title: "Our estimates",
        asks: "How good are our estimates?",
        method: "What was estimated is kept as it stood, and laid beside what it really was (P11, P21). A chance is right when so many of a hundred come; a range, when it holds in eight of ten.",
        list: Some(List::Results),
        ..USUAL
    },
    Question {
        name: "hours",
        title: "Where the hours went",
        asks: "Where did our hours go, and what was an hour worth?",
        method: "Our time goes where it returns (P4). What is spent is shown and never argued with; what an hour brought is told from results that were measured.",
        list: Some(List::Ended),
        ..USUAL
    },
    Question {
        name: "pipeline",
        title: "Pipeline",
        asks: "What is under way, and what comes of it by when?",
        method: "Ages and stages are told as they are, and sums with a day by which, from what became of deals like these (P6). No points, no weights.",
        list: Some(List::Open),
        has_period: false,
        ..USUAL
    },
    Question {
        name: "learnt",
        title: "What we learnt",
        asks: "What did we learn?",
        method: "Estimates are corrected by what such ones turned out to be (P11); what was learnt in words helps who comes next (P21).",
        list: Some(List::Learnt),
        ..USUAL
    },
];

impl Question {
    /// What is chosen, as far as anything can be.
    async fn filter(&self, conn: &mut Conn, visit: &Visit, asked: &Input) -> Result<Filter> {
        let nothing = Input::default();
        let asked = if self.is_whole { &nothing } else { asked };
        Filter::read(conn, visit, asked, self.has_period).await
    }
}

fn question(name: &str) -> Result<&'static Question> {
    QUESTIONS.iter().find(|question| question.name == name).ok_or(Error::NotFound)
}

async fn answered(question: &Question, ground: &mut Ground<'_>) -> Result<Answer> {
    match question.name {
        "value" => value::answer(ground).await,
        "outcomes" => outcomes::answer(ground).await,
        "impact" => impact::answer(ground).await,
        "promises" => promises::answer(ground).await,
        "fairness" => fairness::answer(ground).await,
        "mis-sales" => missales::answer(ground).await,
        "walk-aways" => walkaways::answer(ground).await,
        "concessions" => concessions::answer(ground).await,
        "gladness" => gladness::answer(ground).await,
        "calibration" => calibration::answer(ground).await,
        "pipeline" => pipeline::answer(ground).await,
        "learnt" => learnt::answer(ground).await,
        "hours" => hours::answer(ground).await,
        _ => Err(Error::NotFound),
    }
}

#[derive(Template)]
#[template(path = "insights/templates/index.html")]
struct IndexPage {
    shell: Shell,
    lines: Vec<Line>,
}

struct Line {
    href: String,
    title: &'static str,
    asks: &'static str,
    sentence: String,
}

async fn index(visit: Visit) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let filter = Filter::read(&mut conn, &visit, &Input::default(), true).await?;
    let timeless = Filter::read(&mut conn, &visit, &Input::default(), false).await?;
    let mut lines = Vec::new();
    for question in QUESTIONS {
        let filter = if question.has_period { &filter } else { &timeless };
        let answer = answered(question, &mut Ground::new(&mut conn, &visit, filter)).await?;
        lines.push(Line {
            href: format!("/insights/{}", question.name),
            title: question.title,
            asks: question.asks,
            sentence: answer.sentence,
        });
    }
    drop(conn);
    page(&IndexPage { shell: visit.shell(Place::Insights), lines })
}

#[derive(Template)]
#[template(path = "insights/templates/insight.html")]
struct InsightPage {
    shell: Shell,
    question: &'static Question,
    answer: Answer,
    filter: Filter,
    others: Vec<(&'static str, &'static str)>,
}

impl InsightPage {
    fn here(&self) -> String {
        format!("/insights/{}", self.question.name)
    }

    fn address(&self, of: &str) -> String {
        self.filter.address(&format!("/insights/{}/{of}", self.question.name))
    }

    fn part(&self, of: &str, place: &usize) -> String {
        let address = self.address(of);
        let join = if address.contains('?') { '&' } else { '?' };
        format!("{address}{join}table={place}")
    }
}

async fn show(visit: Visit, Path(name): Path<String>, Asked(asked): Asked) -> Result<Response, PageError> {
    let question = question(&name)?;
    let mut conn = visit.read().await?;
    let filter = question.filter(&mut conn, &visit, &asked).await?;
    let answer = answered(question, &mut Ground::new(&mut conn, &visit, &filter)).await?;
    drop(conn);
    let others = QUESTIONS.iter().map(|question| (question.name, question.title)).collect();
    page(&InsightPage { shell: visit.shell(Place::Insights), question, answer, filter, others })
}

async fn data(visit: Visit, Path(name): Path<String>, Asked(asked): Asked) -> Result<Response, PageError> {
    let question = question(&name)?;
    let mut conn = visit.read().await?;
    let filter = question.filter(&mut conn, &visit, &asked).await?;
    let answer = answered(question, &mut Ground::new(&mut conn, &visit, &filter)).await?;
    drop(conn);
    let place: usize = asked.get("table").parse().unwrap_or(0);
    let name = format!("sameside-{}-{place}", question.name);
    // Where nothing is there yet, the file says so.
    let nothing = Table::new("", &[("Nothing yet", false)]);
    let table = match answer.tables.get(place) {
        Some(table) => table,
        None if answer.tables.is_empty() && place == 0 => &nothing,
        None => return Err(Error::NotFound.into()),
    };
    Ok(csv_of(table, &name)?)
}

/// A table as a file for a spreadsheet.
fn csv_of(table: &Table, name: &str) -> Result<Response> {
    let wrong = |error: csv::Error| Error::Internal(format!("writing a table: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(table.head.iter().map(|(name, _)| name.as_str())).map_err(wrong)?;
    for row in &table.rows {
        writer.write_record(row.iter().map(|cell| cell.raw.as_str())).map_err(wrong)?;
    }
    let bytes = writer.into_inner().map_err(|error| Error::Internal(format!("writing a table: {error}")))?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.csv\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

#[derive(Template)]
#[template(path = "insights/templates/records.html")]
struct RecordsPage {
    shell: Shell,
    question: &'static Question,
    filter: Filter,
    rows: Vec<RecordLine>,
    next: String,
}

impl RecordsPage {
    fn back(&self) -> String {
        self.filter.address(&format!("/insights/{}", self.question.name))
    }
}

struct RecordLine {
    href: String,
    title: String,
    company: String,
    day: String,
    said: String,
}

async fn records(visit: Visit, Path(name): Path<String>, Asked(asked): Asked) -> Result<Response, PageError> {
    let question = question(&name)?;
    let list = question.list.ok_or(Error::NotFound)?;
    let mut conn = visit.read().await?;
    let filter = question.filter(&mut conn, &visit, &asked).await?;
    let wish = filter.wish(&[]);
    let today = (visit.today(), &visit.seat.workspace.zone());
    let mut rows = store::behind(&mut conn, visit.scope(), (list, &wish), asked.get("after"), today).await?;
    drop(conn);
    let most = usize::try_from(ROWS_MAX).unwrap_or(0);
    let has_more = rows.len() > most;
    rows.truncate(most);
    let last = rows.last().filter(|row| has_more && row.day.is_some());
    let next = last.map_or_else(String::new, |row| {
        let address = filter.address(&format!("/insights/{}/records", question.name));
        let join = if address.contains('?') { '&' } else { '?' };
        format!("{address}{join}after={}", row.cursor)
    });
    let lines = rows.into_iter().map(|row| frame::line(&visit, list, row)).collect();
    page(&RecordsPage { shell: visit.shell(Place::Insights), question, filter, rows: lines, next })
}
