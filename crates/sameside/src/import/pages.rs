//! Importing on pages: files are dropped, how they are read is shown and corrected, what will happen is said, and after it what became
//! of every row.

use super::actions;
use super::field::{Field, Kind, Meaning, Shape};
use super::mapping::{Column, Confidence, Mapping, Question};
use super::run::{Counts, Glimpse, Plan, Report, Run, State};
use super::store;
use super::table::{OUR_COLUMNS, Refusal, Upload, quote};
use super::values::{DateOrder, DecimalMark};
use crate::accounts::Right;
use crate::base::{Currency, Id, plural};
use crate::error::{Error, Result};
use crate::records;
use crate::web::layout::{Flash, Place, Shell, Tone};
use crate::web::{Input, PageError, Routes, Visit, encode, page};
use askama::Template;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Query, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::Path as Folder;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;

/// Files of one upload.
const FILES_MAX: usize = 50;
/// Refused rows shown on a page; the file has them all.
const REFUSALS_SHOWN: usize = 20;
/// Days after which a draft nobody started is thrown away.
const DRAFT_DAYS: i64 = 7;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/import", Right::Administer, index)
        .post("/import", Right::Administer, upload)
        .get("/import/{id}", Right::Administer, show)
        .post("/import/{id}", Right::Administer, correct)
        .post("/import/{id}/run", Right::Administer, start)
        .post("/import/{id}/undo", Right::Administer, undo)
        .post("/import/{id}/removal", Right::Administer, discard)
        .get("/import/{id}/refusals.csv", Right::Administer, refusals)
}

/// An import in the list of earlier ones.
struct Earlier {
    href: String,
    title: String,
    note: String,
    badge: &'static str,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "import/templates/index.html")]
struct IndexPage {
    shell: Shell,
    earlier: Vec<Earlier>,
    error: String,
    unread: Vec<Refusal>,
    megabytes: usize,
}

async fn index(visit: Visit) -> Result<Response, PageError> {
    index_page(&visit, String::new(), Vec::new()).await
}

async fn index_page(visit: &Visit, error: String, unread: Vec<Refusal>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let runs = actions::list(&mut conn, visit.scope()).await?;
    let members = runs.iter().filter_map(|run| run.member);
    let names = records::names(&mut conn, visit.scope(), records::Kind::Member, members).await?;
    let earlier = runs.into_iter().map(|run| {
        let who = run
            .member
            .and_then(|member| names.get(&member.uuid()))
            .map(|name| format!("{name}, "))
            .unwrap_or_default();
        let when = run.created_at.show(&visit.zone(), visit.locale());
        let rows = plural_of(visit, run.rows_total, "row", "rows");
        Earlier {
            href: format!("/import/{}", run.id),
            title: run.title,
            note: format!("{who}{when} · {rows}"),
            badge: badge(run.state),
            state: run.state.label(),
        }
    });
    let megabytes = visit.app.config().upload_bytes_max >> 20;
    page(&IndexPage {
        shell: visit.shell(Place::Import),
        earlier: earlier.collect(),
        error,
        unread,
        megabytes,
    })
}

fn badge(state: State) -> &'static str {
    match state {
        State::Draft | State::Waiting | State::Running | State::Undoing => " badge--mutual",
        State::Failed => " badge--broken",
        State::Finished | State::Undone => "",
    }
}

/// `8,800 rows`, as this person writes numbers.
fn plural_of(visit: &Visit, count: i64, one: &str, many: &str) -> String {
    let word = plural(count, one, many);
    let word = word.split_once(' ').map_or("", |(_, word)| word);
    format!("{} {word}", number(visit, count))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn number(visit: &Visit, count: i64) -> String {
    visit.locale().number(count as f64, 0)
}

/// Takes files, keeps them on disk, and makes a draft of them.
async fn upload(visit: Visit, mut request: Request) -> Result<Response, PageError> {
    throw_old_drafts_away(&visit).await?;
    DefaultBodyLimit::max(visit.app.config().upload_bytes_max).apply(&mut request);
    let id: Id<Run> = Id::new(visit.now);
    let folder = actions::folder(&visit.app, id);
    match take(&visit, id, &folder, request).await {
        Ok(response) => Ok(response),
        Err(refused) => {
            // A folder that stays behind is a nuisance, not a failure.
            let _ = std::fs::remove_dir_all(&folder);
            let (error, unread) = refused?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, index_page(&visit, error, unread).await?).into_response())
        }
    }
}

/// Why an upload was not taken: a sentence for the person, or an error that is not theirs.
type NotTaken = Result<(String, Vec<Refusal>), PageError>;

async fn take(visit: &Visit, id: Id<Run>, folder: &Folder, request: Request) -> Result<Response, NotTaken> {
    let ours = |error: Error| -> NotTaken { Err(PageError(error)) };
    let files = receive(folder, request).await?;
    let uploads: Vec<Upload> =
        files.iter().map(|(name, file)| Upload::named(name, &folder.join(file))).collect();
    let intake = actions::open(&visit.app, visit.scope().workspace(), uploads).await.map_err(ours)?;
    if intake.tables.is_empty() {
        let unread = intake.refusals.into_iter().chain(intake.left_aside).collect();
        return Err(Ok(("There is nothing to read in these files.".to_owned(), unread)));
    }
    let intake = Arc::new(intake);
    let drafted = Arc::clone(&intake);
    let run = visit
        .write(move |tx, act| Box::pin(async move { actions::draft(tx, act, id, &drafted, files).await }))
        .await
        .map_err(ours)?;
    drop(intake);
    let plan = actions::look(&visit.app, visit.scope(), id, run.plan, visit.locale()).await.map_err(ours)?;
    visit
        .write(move |tx, act| Box::pin(async move { actions::correct(tx, act, id, plan).await }))
        .await
        .map_err(ours)?;
    let flash =
        Flash { tone: Tone::Note, text: "Look at how your files are read, then start.".into(), undo: None };
    Ok(visit.go(&format!("/import/{id}"), flash))
}

/// Writes the files of a form to disk; answers with the name people know and the name on disk of each.
async fn receive(folder: &Folder, request: Request) -> Result<Vec<(String, String)>, NotTaken> {
    let broken = |error: axum::extract::multipart::MultipartError| -> NotTaken {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Ok(("These files are too large to be sent at once. Zip them, or bring them with the command line.".to_owned(), Vec::new()));
        }
        Ok(("The files did not arrive whole. Please send them again.".to_owned(), Vec::new()))
    };
    let disk = |error: std::io::Error| -> NotTaken {
        Err(PageError(Error::Internal(format!("keeping an upload: {error}"))))
    };
    let mut form = match Multipart::from_request(request, &()).await {
        Ok(form) => form,
        Err(_) => return Err(Ok(("Choose one file or several.".to_owned(), Vec::new()))),
    };
    tokio::fs::create_dir_all(folder).await.map_err(disk)?;
    let mut files: Vec<(String, String)> = Vec::new();
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let Some(name) = field
            .file_name()
            .map(|name| name.rsplit(['/', '\\']).next().unwrap_or(name))
            .filter(|name| !name.is_empty())
        else {
            continue;
        };
        if files.len() >= FILES_MAX {
            return Err(Ok((
                format!("At most {FILES_MAX} files at once. Zip them to bring more."),
                Vec::new(),
            )));
        }
        let name: String = name.chars().filter(|letter| !letter.is_control()).take(150).collect();
        let on_disk = files.len().to_string();
        let mut file = tokio::fs::File::create(folder.join(&on_disk)).await.map_err(disk)?;
        while let Some(bytes) = field.chunk().await.map_err(broken)? {
            file.write_all(&bytes).await.map_err(disk)?;
        }
        file.flush().await.map_err(disk)?;
        files.push((name, on_disk));
    }
    if files.is_empty() {
        return Err(Ok(("Choose one file or several.".to_owned(), Vec::new())));
    }
    Ok(files)
}

async fn throw_old_drafts_away(visit: &Visit) -> Result<(), PageError> {
    let before = visit.now.plus_days(-DRAFT_DAYS);
    let gone = visit
        .write(move |tx, act| {
            Box::pin(async move { Ok(store::delete_drafts(tx, act.scope.workspace(), before).await?) })
        })
        .await?;
    for id in gone {
        // A folder that stays behind is a nuisance, not a failure.
        let _ = std::fs::remove_dir_all(actions::folder(&visit.app, id));
    }
    Ok(())
}

/// One line of the truth table.
struct Line {
    label: String,
    /// In the files, new, changed, unchanged, refused.
    cells: [String; 5],
    is_total: bool,
}

fn line(visit: &Visit, label: &str, counts: Counts, is_total: bool) -> Line {
    let cells = [counts.rows, counts.created, counts.updated, counts.unchanged, counts.refused];
    let cells = cells.map(|count| number(visit, i64::try_from(count).unwrap_or(i64::MAX)));
    Line { label: label.to_owned(), cells, is_total }
}

fn lines(visit: &Visit, report: &Report) -> Vec<Line> {
    let kinds = report.kinds.iter().filter(|(_, counts)| counts.rows > 0);
    let mut lines: Vec<Line> =
        kinds.map(|(kind, counts)| line(visit, kind.label(), *counts, false)).collect();
    if lines.len() > 1 {
        lines.push(line(visit, "All", report.total(), true));
    }
    lines
}

/// Sentences about what a report says besides its counts.
fn sentences(visit: &Visit, report: &Report, happened: bool) -> Vec<String> {
    let mut sentences = Vec::new();
    for (kind, count) in &report.implied {
        let count = plural_of(
            visit,
            i64::try_from(*count).unwrap_or(i64::MAX),
            &singular(*kind),
            &kind.label().to_lowercase(),
        );
        let verb = if happened { "were made" } else { "will be made" };
        sentences.push(format!("{count} {verb} because rows name them."));
    }
    if report.duplicates_count > 0 {
        let count = i64::try_from(report.duplicates_count).unwrap_or(i64::MAX);
        let rows = plural_of(visit, count, "row is", "rows are");
        sentences.push(format!("{rows} about what is here already: only what is empty here is filled in."));
    }
    if report.notes_count > 0 {
        let count = i64::try_from(report.notes_count).unwrap_or(i64::MAX);
        sentences.push(format!(
            "{} could not be read as their column asks and are kept beside the record.",
            plural_of(visit, count, "value", "values")
        ));
    }
    sentences
}

fn singular(kind: Kind) -> String {
    kind.word().replace('_', " ")
}

/// A column of a table, and where it goes.
struct ColumnView {
    name: String,
    header: String,
    samples: String,
    chosen: String,
    sure: &'static str,
    dates: Option<(String, String)>,
    mark: Option<(String, String)>,
}

struct StageView {
    name: String,
    label: String,
    rows: String,
    chosen: String,
    is_open: bool,
}

/// A table of a draft.
struct TableView {
    at: usize,
    file: String,
    source: String,
    rows: String,
    kind: String,
    fields: Vec<(String, String)>,
    taken: Vec<ColumnView>,
    kept: Vec<ColumnView>,
    stages: Vec<StageView>,
    asks_currency: bool,
    currency: String,
    first: Vec<Glimpse>,
    is_sure: bool,
    told: String,
}

impl TableView {
    fn name(&self, part: &str) -> String {
        format!("t{}_{part}", self.at)
    }
}

struct NearView {
    name: String,
    said: String,
    meant: String,
    rows: String,
    applied: bool,
}

#[derive(Template)]
#[template(path = "import/templates/draft.html")]
struct DraftPage {
    shell: Shell,
    id: Id<Run>,
    title: String,
    below: String,
    failure: String,
    open: Vec<String>,
    expected: Vec<Line>,
    sentences: Vec<String>,
    duplicates: Vec<(String, String, String)>,
    refusals: Vec<Refusal>,
    tables: Vec<TableView>,
    near: Vec<NearView>,
    left_aside: Vec<Refusal>,
    kinds: Vec<(String, String)>,
    orders: [(&'static str, &'static str); 2],
    marks: [(&'static str, &'static str); 2],
    meanings: [(&'static str, &'static str); 6],
    currencies: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "import/templates/run.html")]
struct RunPage {
    shell: Shell,
    id: Id<Run>,
    title: String,
    below: String,
    is_moving: bool,
    told: String,
    done: i64,
    total: i64,
    state: &'static str,
    badge: &'static str,
    failure: String,
    lines: Vec<Line>,
    adds_up: String,
    sentences: Vec<String>,
    duplicates: Vec<(String, String, String)>,
    near: Vec<NearView>,
    notes: Vec<Refusal>,
    refusals: Vec<Refusal>,
    /// The files with refused rows, and the address of each one's refused rows.
    downloads: Vec<(String, String)>,
    refused: String,
    left_aside: Vec<Refusal>,
    can_undo: bool,
    undone: String,
}

impl RunPage {
    fn undo_href(&self) -> String {
        format!("/import/{}/undo", self.id)
    }

    fn here(&self) -> String {
        format!("/import/{}", self.id)
    }

    fn poll(&self) -> String {
        if self.is_moving { format!("/import/{}", self.id) } else { String::new() }
    }
}

impl DraftPage {
    fn removal_href(&self) -> String {
        format!("/import/{}/removal", self.id)
    }
}

async fn show(visit: Visit, Path(id): Path<Id<Run>>) -> Result<Response, PageError> {
    let run = actions::get(&mut visit.read().await?, visit.scope(), id).await?;
    if run.state == State::Draft { draft_page(&visit, run) } else { run_page(&visit, run).await }
}

fn draft_page(visit: &Visit, run: Run) -> Result<Response, PageError> {
    let plan = run.plan;
    let rows = plural_of(visit, run.rows_total, "row", "rows");
    let tables = plural_of(visit, i64::try_from(plan.mappings.len()).unwrap_or(i64::MAX), "table", "tables");
    let open = plan.mappings.iter().filter(|mapping| mapping.kind.is_some()).flat_map(Mapping::questions);
    let open = open.filter(Question::must_be_answered).map(|question| question.to_string()).collect();
    let expected = plan.expected.clone().unwrap_or_default();
    let views = plan.mappings.iter().enumerate().map(|(at, mapping)| table_view(visit, at, mapping, &plan));
    let mut kinds: Vec<(String, String)> =
        Kind::ALL.iter().map(|kind| (kind.word().to_owned(), kind.label().to_owned())).collect();
    kinds.insert(0, (String::new(), "Leave this table out".to_owned()));
    let currencies = Currency::all()
        .map(|currency| (currency.code().to_owned(), format!("{} · {}", currency.code(), currency.name())));
    page(&DraftPage {
        shell: visit.shell(Place::Import),
        id: run.id,
        title: run.title,
        below: format!("{rows} in {tables}. Nothing changes before you start."),
        failure: run.report.failure.unwrap_or_default(),
        open,
        expected: lines(visit, &expected),
        sentences: sentences(visit, &expected, false),
        duplicates: duplicates(&expected),
        refusals: plan.refusals.clone(),
        tables: views.collect(),
        near: near_views(visit, &plan.near_names),
        left_aside: run.report.left_aside,
        kinds,
        orders: [("day_first", "Day first: 3/4 is 3 April"), ("month_first", "Month first: 3/4 is 4 March")],
        marks: [("point", "Point: 1,234.50"), ("comma", "Comma: 1.234,50")],
        meanings: [
            ("hear", "Open · hear"),
            ("diagnose", "Open · diagnose"),
            ("propose", "Open · propose"),
            ("agree", "Open · agree"),
            ("won", "They said yes"),
            ("lost", "Ended without a yes"),
        ],
        currencies: currencies.collect(),
    })
}

fn duplicates(report: &Report) -> Vec<(String, String, String)> {
    let path = |duplicate: &super::run::Duplicate| match duplicate.kind {
        Kind::Company => format!("/companies/{}", duplicate.record),
        Kind::Contact => format!("/contacts/{}", duplicate.record),
        Kind::Product => format!("/products/{}", duplicate.record),
        _ => format!("/settings/members/{}", duplicate.record),
    };
    let place = |duplicate: &super::run::Duplicate| format!("{}, line {}", duplicate.file, duplicate.line);
    report
        .duplicates
        .iter()
        .map(|duplicate| (duplicate.name.clone(), path(duplicate), place(duplicate)))
        .collect()
}

fn near_views(visit: &Visit, near: &[super::near::NearName]) -> Vec<NearView> {
    let view = |(n, near): (usize, &super::near::NearName)| NearView {
        name: format!("near{n}"),
        said: near.said.clone(),
        meant: near.meant.clone(),
        rows: plural_of(visit, i64::try_from(near.rows).unwrap_or(i64::MAX), "row", "rows"),
        applied: near.applied,
    };
    near.iter().enumerate().map(view).collect()
}

fn table_view(visit: &Visit, at: usize, mapping: &Mapping, plan: &Plan) -> TableView {
    let unlooked = super::run::Look::default();
    let look = plan.looks.get(at).unwrap_or(&unlooked);
    let mut fields: Vec<(String, String)> = Field::ALL
        .iter()
        .filter(|field| mapping.kind.is_some_and(|kind| field.of(kind)))
        .map(|field| (code(field), field.label().to_owned()))
        .collect();
    fields.insert(0, (String::new(), "Kept beside the record".to_owned()));
    let columns = mapping
        .columns
        .iter()
        .enumerate()
        .map(|(n, column)| (column.field.is_some(), column_view(at, n, column)));
    let (taken, kept): (Vec<_>, Vec<_>) = columns.partition(|(has_field, _)| *has_field);
    let told = match (taken.len(), kept.len()) {
        (taken, 0) => format!("{} understood", plural(to_i64(taken), "column", "columns")),
        (taken, kept) => {
            format!("{} understood, {kept} kept beside", plural(to_i64(taken), "column", "columns"))
        }
    };
    let is_sure = mapping.stages.iter().all(|stage| stage.settled)
        && mapping.questions().iter().all(|question| matches!(question, Question::Currency { .. }))
        && taken.iter().all(|(_, column): &(bool, ColumnView)| column.sure.is_empty());
    let stages = mapping.stages.iter().enumerate().map(|(n, stage)| StageView {
        name: format!("t{at}_s{n}"),
        label: stage.name.clone(),
        rows: plural_of(visit, i64::try_from(stage.rows).unwrap_or(i64::MAX), "row", "rows"),
        chosen: code(&stage.meaning),
        is_open: !stage.settled,
    });
    let has_money =
        mapping.columns.iter().any(|column| column.field.is_some_and(|field| field.shape() == Shape::Money));
    TableView {
        at,
        file: mapping.file.clone(),
        source: mapping.source.label().to_owned(),
        rows: plural_of(visit, i64::try_from(look.rows).unwrap_or(i64::MAX), "row", "rows"),
        kind: mapping.kind.map(|kind| kind.word().to_owned()).unwrap_or_default(),
        fields,
        taken: taken.into_iter().map(|(_, column)| column).collect(),
        kept: kept.into_iter().map(|(_, column)| column).collect(),
        stages: stages.collect(),
        asks_currency: has_money && mapping.columns_of(Field::Currency).is_empty(),
        currency: mapping.currency.clone().unwrap_or_else(|| visit.currency().code().to_owned()),
        first: look.first.clone(),
        is_sure,
        told,
    }
}

fn to_i64(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn column_view(at: usize, n: usize, column: &Column) -> ColumnView {
    let shape = column.field.map(Field::shape);
    // What nobody has said yet is chosen by nobody: otherwise starting would say it unseen.
    let asks = |is: bool, example: &Option<String>, part: &str, chosen: String, settled: bool| {
        let chosen = if settled { chosen } else { String::new() };
        (is && example.is_some()).then(|| (format!("t{at}_{part}{n}"), chosen))
    };
    let is_number = matches!(shape, Some(Shape::Money | Shape::Number));
    ColumnView {
        name: format!("t{at}_c{n}"),
        header: column.header.clone(),
        samples: column.samples.join(" · ").chars().take(90).collect(),
        chosen: column.field.map(|field| code(&field)).unwrap_or_default(),
        sure: match (column.field, column.confidence) {
            (None, _) | (_, Confidence::Said | Confidence::Certain | Confidence::Likely) => "",
            (Some(_), Confidence::Guess) => "guessed",
        },
        dates: asks(
            shape == Some(Shape::Date),
            &column.dates.example,
            "d",
            code(&column.dates.value),
            column.dates.settled,
        ),
        mark: asks(is_number, &column.mark.example, "m", code(&column.mark.value), column.mark.settled),
    }
}

/// The code of a choice, as it is stored.
fn code<T: Serialize>(choice: &T) -> String {
    match serde_json::to_value(choice) {
        Ok(serde_json::Value::String(code)) => code,
        _ => String::new(),
    }
}

fn choice<T: DeserializeOwned>(code: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(code.to_owned())).ok()
}

async fn correct(visit: Visit, Path(id): Path<Id<Run>>, input: Input) -> Result<Response, PageError> {
    corrected(&visit, id, &input).await?;
    let flash = Flash { tone: Tone::Done, text: "Read anew as you said.".into(), undo: None };
    Ok(visit.go(&format!("/import/{id}"), flash))
}

/// Takes over what a person said of a draft, and looks anew at what it would do.
async fn corrected(visit: &Visit, id: Id<Run>, input: &Input) -> Result<(), PageError> {
    let run = actions::get(&mut visit.read().await?, visit.scope(), id).await?;
    if run.state != State::Draft {
        return Err(PageError(Error::Refused("This import was started already.".into())));
    }
    let mut plan = run.plan;
    for at in 0..plan.mappings.len() {
        let kind = match input.has(&format!("t{at}_kind")) {
            true => Kind::ALL.into_iter().find(|kind| kind.word() == input.get(&format!("t{at}_kind"))),
            false => continue,
        };
        if plan.mappings.get(at).is_some_and(|mapping| mapping.kind != kind) {
            actions::take_for(&visit.app, id, &mut plan, at, kind).await?;
        } else if let Some(mapping) = plan.mappings.get_mut(at) {
            say(mapping, at, input);
        }
    }
    if input.has("near") {
        for (n, near) in plan.near_names.iter_mut().enumerate() {
            near.applied = input.has(&format!("near{n}"));
        }
    }
    let plan = actions::look(&visit.app, visit.scope(), id, plan, visit.locale()).await?;
    visit.write(move |tx, act| Box::pin(async move { actions::correct(tx, act, id, plan).await })).await?;
    Ok(())
}

/// Takes over what a person said of one table.
fn say(mapping: &mut Mapping, at: usize, input: &Input) {
    let headers: Vec<String> = mapping.columns.iter().map(|column| column.header.clone()).collect();
    for (n, header) in headers.iter().enumerate() {
        let name = format!("t{at}_c{n}");
        let field: Option<Field> = choice(input.get(&name));
        let is_other = mapping.columns.get(n).is_some_and(|column| column.field != field);
        if input.has(&name) && is_other {
            // A field the kind does not have was not offered; what was not offered is not taken.
            let _ = mapping.say_field(header, field);
        }
        if let Some(order) = choice::<DateOrder>(input.get(&format!("t{at}_d{n}"))) {
            mapping.say_dates(Some(header), order);
        }
        if let Some(mark) = choice::<DecimalMark>(input.get(&format!("t{at}_m{n}"))) {
            mapping.say_mark(Some(header), mark);
        }
    }
    let names: Vec<String> = mapping.stages.iter().map(|stage| stage.name.clone()).collect();
    for (n, name) in names.iter().enumerate() {
        if let Some(meaning) = choice::<Meaning>(input.get(&format!("t{at}_s{n}"))) {
            mapping.say_stage(name, meaning);
        }
    }
    if let Some(currency) = Currency::parse(input.get(&format!("t{at}_currency"))) {
        mapping.currency = Some(currency.code().to_owned());
    }
}

async fn start(visit: Visit, Path(id): Path<Id<Run>>, input: Input) -> Result<Response, PageError> {
    corrected(&visit, id, &input).await?;
    let started =
        visit.write(move |tx, act| Box::pin(async move { actions::start_later(tx, act, id).await })).await;
    let here = format!("/import/{id}");
    match started {
        Ok(()) => {
            Ok(visit.go(&here, Flash { tone: Tone::Done, text: "The import has begun.".into(), undo: None }))
        }
        Err(Error::Refused(text)) => Ok(visit.go(&here, Flash { tone: Tone::Refused, text, undo: None })),
        Err(error) => Err(error.into()),
    }
}

async fn undo(visit: Visit, Path(id): Path<Id<Run>>) -> Result<Response, PageError> {
    let asked =
        visit.write(move |tx, act| Box::pin(async move { actions::undo_later(tx, act, id).await })).await;
    let here = format!("/import/{id}");
    match asked {
        Ok(()) => Ok(visit.go(
            &here,
            Flash { tone: Tone::Done, text: "The import is being taken back.".into(), undo: None },
        )),
        Err(Error::Refused(text)) => Ok(visit.go(&here, Flash { tone: Tone::Refused, text, undo: None })),
        Err(error) => Err(error.into()),
    }
}

async fn discard(visit: Visit, Path(id): Path<Id<Run>>) -> Result<Response, PageError> {
    // Somebody else's import is not there, rather than not a draft.
    actions::get(&mut visit.read().await?, visit.scope(), id).await?;
    let gone = visit.write(move |tx, act| Box::pin(async move { actions::discard(tx, act, id).await })).await;
    match gone {
        Ok(()) => {
            // A folder that stays behind is a nuisance, not a failure.
            let _ = std::fs::remove_dir_all(actions::folder(&visit.app, id));
            Ok(visit.done("/import", "The files were thrown away. Nothing had changed.", None))
        }
        Err(Error::Refused(text)) => {
            Ok(visit.go(&format!("/import/{id}"), Flash { tone: Tone::Refused, text, undo: None }))
        }
        Err(error) => Err(error.into()),
    }
}

async fn run_page(visit: &Visit, run: Run) -> Result<Response, PageError> {
    let is_moving = !actions::is_over(run.state);
    let report = run.report;
    let total = report.total();
    let (mut refusals, mut downloads) = (Vec::new(), Vec::new());
    if !is_moving && total.refused > 0 {
        let mut conn = visit.read().await?;
        let page = actions::refusals(&mut conn, visit.scope(), run.id, None, -1).await?;
        refusals = page.into_iter().take(REFUSALS_SHOWN).map(|(_, refusal, _)| refusal).collect();
        let files = actions::refused_files(&mut conn, visit.scope(), run.id).await?;
        downloads = files
            .into_iter()
            .map(|(file, rows)| {
                let asked = format!("file={}", encode(&file));
                let text = format!("{file} ({})", number(visit, rows));
                (text, format!("/import/{}/refusals.csv?{asked}", run.id))
            })
            .collect();
    }
    let told = match run.state {
        State::Waiting => "It begins in a moment.".to_owned(),
        State::Undoing => "What it did is being taken back.".to_owned(),
        _ => {
            format!("{} of {}", number(visit, run.rows_done), plural_of(visit, run.rows_total, "row", "rows"))
        }
    };
    let undone = report.undone.map(|undone| {
        let show = |count: u64, one: &str, many: &str| {
            plural_of(visit, i64::try_from(count).unwrap_or(i64::MAX), one, many)
        };
        let mut text = format!(
            "{} removed, {} taken back.",
            show(undone.removed, "record was", "records were"),
            show(undone.restored, "change was", "changes were")
        );
        if undone.left > 0 {
            text.push_str(&format!(
                " {} left, because somebody changed the same fields since.",
                show(undone.left, "change was", "changes were")
            ));
        }
        text
    });
    let adds_up = match (run.state, total.unchanged == total.rows && total.rows > 0) {
        (State::Finished, true) => "Nothing changed: all of this was known.".to_owned(),
        (State::Finished, false) => {
            format!("Every one of the {} is accounted for.", plural_of(visit, run.rows_done, "row", "rows"))
        }
        _ => String::new(),
    };
    page(&RunPage {
        shell: visit.shell(Place::Import),
        id: run.id,
        title: run.title,
        below: run.finished_at.unwrap_or(run.created_at).show(&visit.zone(), visit.locale()),
        is_moving,
        told,
        done: run.rows_done,
        total: run.rows_total.max(1),
        state: run.state.label(),
        badge: badge(run.state),
        failure: report.failure.clone().unwrap_or_default(),
        lines: lines(visit, &report),
        adds_up,
        sentences: sentences(visit, &report, true),
        duplicates: duplicates(&report),
        near: near_views(visit, &report.near_names).into_iter().filter(|near| near.applied).collect(),
        notes: report.notes.iter().take(REFUSALS_SHOWN).cloned().collect(),
        refusals,
        downloads,
        refused: plural_of(visit, i64::try_from(total.refused).unwrap_or(i64::MAX), "row", "rows"),
        left_aside: report.left_aside.clone(),
        can_undo: matches!(run.state, State::Finished | State::Failed),
        undone: undone.unwrap_or_default(),
    })
}

/// Which file's refused rows.
#[derive(serde::Deserialize)]
struct Of {
    #[serde(default)]
    file: String,
}

/// The refused rows of a file as CSV: why, which line, then the row as it stood under the file's own headers. Mended, it can be brought
/// as it is.
async fn refusals(
    visit: Visit,
    Path(id): Path<Id<Run>>,
    Query(Of { file }): Query<Of>,
) -> Result<Response, PageError> {
    let run = actions::get(&mut visit.read().await?, visit.scope(), id).await?;
    let mapping = run.plan.mappings.into_iter().find(|mapping| mapping.file == file);
    let mut head = format!("\u{FEFF}{OUR_COLUMNS}why,{OUR_COLUMNS}line");
    for column in mapping.iter().flat_map(|mapping| &mapping.columns) {
        head.push(',');
        quote(&column.header, &mut head);
    }
    head.push_str("\r\n");
    let ending = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = ending.chars().filter(|letter| letter.is_ascii_alphanumeric() || "-_. ".contains(*letter));
    let name: String = plain.take(80).collect();
    let name = name.trim_end_matches(".csv").replace(".xlsx", "");
    let pages = stream::try_unfold((head, Some(-1)), move |(mut text, after)| {
        let (visit, file) = (visit.clone(), file.clone());
        async move {
            let Some(after) = after else { return Ok::<_, std::io::Error>(None) };
            let read = async {
                let mut conn = visit.read().await?;
                actions::refusals(&mut conn, visit.scope(), id, Some(&file), after).await
            };
            let page = read.await.map_err(std::io::Error::other)?;
            for (_, refusal, row) in &page {
                quote(&refusal.reason, &mut text);
                text.push(',');
                text.push_str(&refusal.line.map(|line| line.to_string()).unwrap_or_default());
                text.push(',');
                text.push_str(row);
                text.push_str("\r\n");
            }
            let next = page.last().map(|(place, ..)| *place);
            let over = next.is_none() && text.is_empty();
            Ok((!over).then_some((text, (String::new(), next))))
        }
    });
    let name = format!("attachment; filename=\"{name} refused.csv\"");
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(pages)).into_response())
}
