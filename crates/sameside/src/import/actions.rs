//! What is done with imports: prepared, corrected, run in batches, looked at without saving, undone.
//!
//! Each batch is one transaction that also says how far the import is, so that an import that was cut off goes on where it was, and
//! never saves half a row.

use super::bring::{Memory, Row, Work};
use super::build::Setting;
use super::field::Kind;
use super::intake::{Intake, Taken, Understood};
use super::near::Names;
use super::record::{ExternalKey, Reference};
use super::run::{Glimpse, Look, Plan, Report, Run, State, Undone};
use super::store::{self, Refused};
use super::table::{Refusal, Stop, Upload};
use crate::accounts::{Act, Member, Right, Scope, Via, Workspace};
use crate::app::App;
use crate::base::{Id, Locale};
use crate::companies::Company;
use crate::error::{Error, Result};
use crate::history::{self, Verb};
use crate::jobs::{self, Job};
use crate::products::Product;
use crate::records;
use db::{Conn, Tx};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::sync::mpsc;

/// Rows saved in one transaction.
const BATCH_ROWS: usize = 4_000;
/// Batches read ahead of the one being saved.
const BATCHES_AHEAD: usize = 2;
/// Rows up to which a dry run of the command line goes through everything and takes it back; above, only keys are compared.
pub const DRY_RUN_ROWS_MAX: u64 = 100_000;
/// The same for a page, where others wait for their turn to write.
const LOOK_ROWS_MAX: u64 = 20_000;
/// Rows of each table shown before the import.
const GLIMPSES: usize = 5;
/// Refused rows shown before the import.
const REFUSALS_SHOWN: usize = 20;
/// An import that has not moved on for so long was cut off, in seconds.
const CUT_OFF_SECONDS: i64 = 120;
/// Names of one kind in the workspace that are compared with those of the files.
const NAMES_MAX: i64 = 3_000;
/// Events taken back in one transaction.
const UNDO_EVENTS: usize = 1_000;

/// Rows of one table, in the order of the file.
struct Batch {
    /// The table, by its place in the intake.
    table: usize,
    rows: Vec<Taken>,
}

/// Opens the files and guesses how to read them, also by the names the workspace has already.
///
/// # Errors
/// What the database says.
pub async fn open(app: &App, workspace: Id<Workspace>, uploads: Vec<Upload>) -> Result<Intake> {
    let mut intake = away(move || Intake::open(&uploads)).await?;
    let mut conn = app.read().await?;
    let existing = vec![
        names::<Company>(&mut conn, workspace, Kind::Company).await?,
        names::<Product>(&mut conn, workspace, Kind::Product).await?,
        names::<Member>(&mut conn, workspace, Kind::Member).await?,
    ];
    drop(conn);
    away(move || {
        intake.compare_names(&existing);
        intake
    })
    .await
}

async fn names<T: records::Record>(conn: &mut Conn, workspace: Id<Workspace>, kind: Kind) -> Result<Names> {
    let mut names = Names::new(kind);
    let list = records::texts_of::<T>(conn, workspace, "name", NAMES_MAX).await?;
    list.iter().for_each(|name| names.add(name));
    Ok(names)
}

/// Does what takes the processor for long on a thread of its own.
async fn away<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Internal(format!("reading files: {error}")))
}

/// Keeps an import as a draft: what was brought and how it will be read. `files` are the uploads as they are kept on disk.
///
/// # Errors
/// `Forbidden`.
pub async fn draft(
    tx: &mut Tx,
    act: &Act,
    id: Id<Run>,
    intake: &Intake,
    files: Vec<(String, String)>,
) -> Result<Run> {
    act.scope.require(Right::Administer)?;
    let rows: u64 = intake.rows().values().sum();
    let title: String = title(&files, intake).chars().take(200).collect();
    let mut left_aside = intake.left_aside.clone();
    left_aside.extend(intake.refusals.iter().cloned());
    let report = Report { left_aside, near_names: intake.near_names.clone(), ..Report::default() };
    let run = Run {
        id,
        member: act.scope.member(),
        state: State::Draft,
        title,
        created_at: act.now,
        changed_at: act.now,
        finished_at: None,
        undone_at: None,
        rows_total: i64::try_from(rows).unwrap_or(i64::MAX),
        rows_done: 0,
        plan: Plan {
            files,
            mappings: intake.tables.iter().map(|understood| understood.mapping.clone()).collect(),
            near_names: intake.near_names.clone(),
            looks: intake
                .tables
                .iter()
                .map(|understood| Look { rows: understood.survey.rows, first: Vec::new() })
                .collect(),
            ..Plan::default()
        },
        report,
    };
    store::insert_run(tx, act, &run).await?;
    Ok(run)
}

/// What an import is called: its file, both of them, or the one with the most rows and how many more.
fn title(files: &[(String, String)], intake: &Intake) -> String {
    let rows = |name: &str| {
        let of_file = intake.tables.iter().filter(|understood| understood.table.file.starts_with(name));
        of_file.map(|understood| understood.survey.rows).sum::<u64>()
    };
    let most = files.iter().map(|(name, _)| name.as_str()).max_by_key(|name| rows(name)).unwrap_or_default();
    match files {
        [] => "Files".to_owned(),
        [(only, _)] => only.clone(),
        [(one, _), (other, _)] => format!("{one} and {other}"),
        _ => format!("{most} and {} more files", files.len() - 1),
    }
}

/// One import.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn get(conn: &mut Conn, scope: &Scope, id: Id<Run>) -> Result<Run> {
    scope.require(Right::Administer)?;
    store::run(conn, scope.workspace(), id).await?.ok_or(Error::NotFound)
}

/// The newest imports, [`store::RUNS_MAX`] at most.
///
/// # Errors
/// `Forbidden`.
pub async fn list(conn: &mut Conn, scope: &Scope) -> Result<Vec<Run>> {
    scope.require(Right::Administer)?;
    Ok(store::runs(conn, scope.workspace()).await?)
}

/// The refused rows of an import after a place, of one file or of all: place, refusal, and the row as it stands in the file.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn refusals(
    conn: &mut Conn,
    scope: &Scope,
    id: Id<Run>,
    file: Option<&str>,
    after: i64,
) -> Result<Vec<(i64, Refusal, String)>> {
    get(conn, scope, id).await?;
    let page = store::refusals(conn, id, file, after).await?;
    Ok(page.into_iter().map(|refused| (refused.place, refused.refusal, refused.row)).collect())
}

/// The files of which rows were refused, and how many.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn refused_files(conn: &mut Conn, scope: &Scope, id: Id<Run>) -> Result<Vec<(String, i64)>> {
    get(conn, scope, id).await?;
    Ok(store::refused_files(conn, id).await?)
}

/// Saves a corrected plan.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused` when it runs already.
pub async fn correct(tx: &mut Tx, act: &Act, id: Id<Run>, plan: Plan) -> Result<()> {
    let mut run = get(tx, &act.scope, id).await?;
    let read = plan.mappings.iter().zip(&plan.looks).filter(|(mapping, _)| mapping.kind.is_some());
    let rows: u64 = read.map(|(_, look)| look.rows).sum();
    run.rows_total = i64::try_from(rows).unwrap_or(i64::MAX);
    run.plan = plan;
    run.changed_at = act.now;
    save(tx, act, &run, State::Draft).await
}

/// Throws a draft away.
///
/// # Errors
/// `Forbidden`, `Refused` when it is no draft any more.
pub async fn discard(tx: &mut Tx, act: &Act, id: Id<Run>) -> Result<()> {
    act.scope.require(Right::Administer)?;
    if store::delete_draft(tx, act.scope.workspace(), id).await? {
        return Ok(());
    }
    Err(Error::Refused("This import was started already; it can be undone.".into()))
}

/// Looks anew at what a plan would do: the first rows of each table as they will be understood and, once everything that must be
/// known is known, what would become of all rows. `locale` is how the person reads dates and numbers.
///
/// # Errors
/// What the database says.
pub async fn look(app: &App, scope: &Scope, id: Id<Run>, mut plan: Plan, locale: Locale) -> Result<Plan> {
    let uploads = uploads(app, id, &plan);
    let setting = setting(app, scope.workspace()).await?;
    let (mappings, near_names, usual) = (plan.mappings.clone(), plan.near_names.clone(), iso(&setting));
    let rows: Vec<u64> = plan.looks.iter().map(|look| look.rows).collect();
    let (intake, first) = away(move || {
        let mut intake = Intake::planned(&uploads, &mappings, near_names);
        for understood in &mut intake.tables {
            let at = mappings.iter().position(|mapping| mapping.file == understood.mapping.file);
            understood.survey.rows = at.and_then(|at| rows.get(at)).copied().unwrap_or(0);
        }
        let glimpses = |mapping: &super::mapping::Mapping| {
            let table = intake.tables.iter().find(|understood| understood.mapping.file == mapping.file);
            table.map(|understood| glimpses(understood, usual, &intake, locale)).unwrap_or_default()
        };
        let first: Vec<Vec<Glimpse>> = mappings.iter().map(glimpses).collect();
        (intake, first)
    })
    .await?;
    for (look, first) in plan.looks.iter_mut().zip(first) {
        look.first = first;
    }
    (plan.expected, plan.refusals) = (None, Vec::new());
    if ready(&plan).is_ok() {
        let (report, mut refusals) = dry_run(app, scope, Via::Import, intake, LOOK_ROWS_MAX).await?;
        refusals.truncate(REFUSALS_SHOWN);
        (plan.expected, plan.refusals) = (Some(report), refusals);
    }
    Ok(plan)
}

/// The first rows of a table, as they will be understood.
fn glimpses(
    understood: &Understood,
    usual: iso_currency::Currency,
    intake: &Intake,
    locale: Locale,
) -> Vec<Glimpse> {
    let mut glimpses = Vec::new();
    let broken = intake.read_one(understood, usual, |taken| {
        glimpses.push(match taken {
            Taken::Entry { entry, .. } => entry.glimpse(locale),
            Taken::Refused { refusal, .. } => {
                Glimpse { line: refusal.line.unwrap_or(0), title: String::new(), text: refusal.reason }
            }
        });
        if glimpses.len() < GLIMPSES { ControlFlow::Continue(()) } else { ControlFlow::Break(Stop) }
    });
    if let Some(refusal) = broken {
        glimpses.push(Glimpse { line: 0, title: String::new(), text: refusal.reason });
    }
    glimpses
}

/// The files of a plan, where they are kept.
fn uploads(app: &App, id: Id<Run>, plan: &Plan) -> Vec<Upload> {
    let folder = folder(app, id);
    plan.files.iter().map(|(name, file)| Upload::named(name, &folder.join(file))).collect()
}

/// What the rows of a table are, and its columns guessed anew, as a person said. Nothing leaves the table out.
///
/// # Errors
/// `NotFound` when there is no such table.
pub async fn take_for(
    app: &App,
    id: Id<Run>,
    plan: &mut Plan,
    table: usize,
    kind: Option<Kind>,
) -> Result<()> {
    let uploads = uploads(app, id, plan);
    let mapping = plan.mappings.get_mut(table).ok_or(Error::NotFound)?;
    let Some(kind) = kind else {
        mapping.kind = None;
        return Ok(());
    };
    let current = mapping.clone();
    *mapping = away(move || {
        let mut intake = Intake::planned(&uploads, std::slice::from_ref(&current), Vec::new());
        let Some(understood) = intake.tables.first_mut() else { return current };
        understood.survey_anew();
        understood.take_for(kind);
        understood.mapping.clone()
    })
    .await?;
    Ok(())
}

async fn save(tx: &mut Tx, act: &Act, run: &Run, from: State) -> Result<()> {
    if store::update_run(tx, act.scope.workspace(), run, from).await? {
        return Ok(());
    }
    Err(Error::Refused("This import has moved on meanwhile. Look at it again.".into()))
}

/// Starts a draft: it is run in the background.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused` when questions are open or nothing can be read.
pub async fn start_later(tx: &mut Tx, act: &Act, id: Id<Run>) -> Result<()> {
    let mut run = get(tx, &act.scope, id).await?;
    ready(&run.plan)?;
    run.state = State::Waiting;
    run.changed_at = act.now;
    save(tx, act, &run, State::Draft).await?;
    jobs::later(tx, act, jobs::IMPORT, &id.to_string(), "{}").await
}

/// Asks for an import to be undone in the background.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused` when there is nothing to undo.
pub async fn undo_later(tx: &mut Tx, act: &Act, id: Id<Run>) -> Result<()> {
    begin_undo(tx, act, id).await?;
    jobs::later(tx, act, jobs::IMPORT, &id.to_string(), "{}").await
}

/// Whether everything that must be known is known.
///
/// # Errors
/// `Refused`, with the first open question.
pub fn ready(plan: &Plan) -> Result<()> {
    let mut any = false;
    for mapping in plan.mappings.iter().filter(|mapping| mapping.kind.is_some()) {
        any = true;
        if let Some(question) = mapping.questions().iter().find(|question| question.must_be_answered()) {
            return Err(Error::Refused(question.to_string()));
        }
    }
    if any { Ok(()) } else { Err(Error::Refused("Say of at least one table what its rows are.".into())) }
}

/// Begins to run a draft or one that waits. One import at a time runs in a workspace; one that was cut off gives way.
async fn begin(tx: &mut Tx, act: &Act, id: Id<Run>) -> Result<Run> {
    let mut run = get(tx, &act.scope, id).await?;
    for mut other in store::runs(tx, act.scope.workspace()).await? {
        if other.id == id || !matches!(other.state, State::Running | State::Undoing) {
            continue;
        }
        if act.now.seconds_since(other.changed_at) < CUT_OFF_SECONDS {
            return Err(Error::Refused(format!(
                "Another import is at work ({}). This one can begin when it is done.",
                other.title
            )));
        }
        let from = other.state;
        other.state = State::Failed;
        other.changed_at = act.now;
        other.report.failure = Some("It was cut off.".to_owned());
        store::update_run(tx, act.scope.workspace(), &other, from).await?;
    }
    match run.state {
        State::Running if act.now.seconds_since(run.changed_at) >= CUT_OFF_SECONDS => Ok(run),
        State::Running => Err(Error::Refused("This import is at work already.".into())),
        State::Draft | State::Waiting => {
            let from = run.state;
            run.state = State::Running;
            // What was only looked at before is not needed any more.
            (run.plan.expected, run.plan.refusals) = (None, Vec::new());
            run.plan.looks.iter_mut().for_each(|look| look.first.clear());
            run.report.near_names.clone_from(&run.plan.near_names);
            run.report.failure = None;
            run.changed_at = act.now;
            save(tx, act, &run, from).await?;
            Ok(run)
        }
        _ => Err(Error::Refused("This import is over.".into())),
    }
}

/// Runs an import to its end, from where it is. `uploads` are the files of its plan.
///
/// # Errors
/// `Refused` when it cannot begin, or what the database says; then the import says why it could not go on, and what it did can be
/// undone.
pub async fn run(app: &App, scope: &Scope, via: Via, id: Id<Run>, uploads: Vec<Upload>) -> Result<Run> {
    let act = Act { import: Some(id.uuid()), ..Act::new(scope.clone(), app.now(), via) };
    let beginning = act.clone();
    let run = app.write(move |tx| Box::pin(async move { begin(tx, &beginning, id).await })).await?;
    match run_batches(app, &act, run, uploads).await {
        Ok(run) => Ok(run),
        Err(error) => {
            let told = error.to_string();
            let now = app.now();
            app.write(move |tx| {
                Box::pin(async move {
                    let mut run = get(tx, &act.scope, id).await?;
                    run.state = State::Failed;
                    run.changed_at = now;
                    run.report.failure = Some(told);
                    save(tx, &act, &run, State::Running).await
                })
            })
            .await?;
            Err(error)
        }
    }
}

async fn run_batches(app: &App, act: &Act, run: Run, uploads: Vec<Upload>) -> Result<Run> {
    let setting = Arc::new(setting(app, act.scope.workspace()).await?);
    let memory = Arc::new(RwLock::new(Memory::of(&mut app.read().await?, act).await?));
    let plan = run.plan.clone();
    let intake = Arc::new(away(move || Intake::planned(&uploads, &plan.mappings, plan.near_names)).await?);
    // A file that is gone must not look like one without rows.
    for mapping in run.plan.mappings.iter().filter(|mapping| mapping.kind.is_some()) {
        if !intake.tables.iter().any(|understood| understood.mapping.file == mapping.file) {
            let told = intake.refusals.iter().find(|refusal| mapping.file.starts_with(&refusal.file));
            let why = told.map_or("it is not there any more", |refusal| refusal.reason.as_str());
            return Err(Error::Refused(format!("{}: {why}", mapping.file)));
        }
    }
    let (mut batches, reader) = read(&intake, &setting);
    let (id, skip) = (run.id, usize::try_from(run.rows_done).unwrap_or(0));
    let (mut report, mut done, mut seen) = (run.report, skip, 0_usize);
    let mut children: Vec<(ExternalKey, Reference)> = Vec::new();
    while let Some(mut batch) = batches.recv().await {
        // What was saved before the import was cut off is passed over.
        let known = done.saturating_sub(seen).min(batch.rows.len());
        seen += batch.rows.len();
        children.extend(batch.rows.drain(..known).filter_map(|taken| parent_of(&taken)));
        if batch.rows.is_empty() {
            continue;
        }
        let place = done;
        done += batch.rows.len();
        let batch = Arc::new(batch);
        let (intake, setting, memory_here) = (Arc::clone(&intake), Arc::clone(&setting), Arc::clone(&memory));
        let (act, before) = (Act { now: app.now(), ..act.clone() }, report.clone());
        let outcome = app
            .write(move |tx| {
                Box::pin(async move {
                    let outcome =
                        bring(tx, &act, &intake, &setting, &memory_here, &batch, place, before).await?;
                    store::insert_refusals(tx, id, &outcome.refused).await?;
                    let rows_done = i64::try_from(place + batch.rows.len()).unwrap_or(i64::MAX);
                    let from = i64::try_from(place).unwrap_or(i64::MAX);
                    let moved = store::progress(tx, &act, id, from, rows_done, &outcome.report).await?;
                    if moved { Ok(outcome) } else { Err(Error::Refused("The import was stopped.".into())) }
                })
            })
            .await?;
        report = outcome.report;
        children.extend(outcome.children);
        memory.write().unwrap_or_else(PoisonError::into_inner).learn(outcome.learnt);
    }
    let broken = reader.await.map_err(|error| Error::Internal(format!("reading files: {error}")))?;
    parents(app, act, &setting, &memory, children).await?;
    finish(app, act, id, broken).await
}

/// The parent that a company's row names.
fn parent_of(taken: &Taken) -> Option<(ExternalKey, Reference)> {
    let Taken::Entry { entry, .. } = taken else { return None };
    let super::record::Record::Company(company) = &entry.record else { return None };
    Some((entry.key.clone(), company.parent.clone()?))
}

async fn setting(app: &App, workspace: Id<Workspace>) -> Result<Setting> {
    let workspace =
        crate::accounts::store::workspace(&mut app.read().await?, workspace).await?.ok_or(Error::NotFound)?;
    Ok(Setting { currency: workspace.currency, zone: workspace.zone() })
}

/// Reads all rows on a thread of its own, a few batches ahead. Answers in the end with the files that broke off.
fn read(
    intake: &Arc<Intake>,
    setting: &Arc<Setting>,
) -> (mpsc::Receiver<Batch>, tokio::task::JoinHandle<Vec<Refusal>>) {
    let (send, receive) = mpsc::channel(BATCHES_AHEAD);
    let (intake, usual) = (Arc::clone(intake), iso(setting));
    let reader = tokio::task::spawn_blocking(move || {
        let mut batch = Batch { table: 0, rows: Vec::new() };
        let flush = |batch: &mut Batch, table: usize| {
            let full = std::mem::replace(batch, Batch { table, rows: Vec::with_capacity(BATCH_ROWS) });
            if full.rows.is_empty() || send.blocking_send(full).is_ok() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(Stop)
            }
        };
        let broken = intake.read(usual, |taken| {
            let table = match &taken {
                Taken::Entry { table, .. } | Taken::Refused { table, .. } => *table,
            };
            if (table != batch.table || batch.rows.len() >= BATCH_ROWS) && flush(&mut batch, table).is_break()
            {
                return ControlFlow::Break(Stop);
            }
            batch.table = table;
            batch.rows.push(taken);
            ControlFlow::Continue(())
        });
        // Nobody listening any more means that the import has stopped: then there is nothing left to say.
        let _ = flush(&mut batch, 0);
        broken
    });
    (receive, reader)
}

fn iso(setting: &Setting) -> iso_currency::Currency {
    iso_currency::Currency::from_code(setting.currency.code()).unwrap_or(iso_currency::Currency::EUR)
}

/// What became of a batch.
struct Outcome {
    report: Report,
    refused: Vec<Refused>,
    learnt: Memory,
    children: Vec<(ExternalKey, Reference)>,
}

#[expect(
    clippy::too_many_arguments,
    reason = "everything one batch stands on; a struct for one call would only rename it"
)]
async fn bring(
    tx: &mut Tx,
    act: &Act,
    intake: &Intake,
    setting: &Setting,
    memory: &RwLock<Memory>,
    batch: &Batch,
    place: usize,
    mut report: Report,
) -> Result<Outcome> {
    let table =
        intake.tables.get(batch.table).ok_or_else(|| Error::Internal("a batch of no table".into()))?;
    let place_of = |n: usize| i64::try_from(place + n).unwrap_or(i64::MAX);
    let (mut rows, mut refused) = (Vec::with_capacity(batch.rows.len()), Vec::new());
    for (n, taken) in batch.rows.iter().enumerate() {
        match taken {
            Taken::Entry { entry, row, .. } => rows.push(Row { place: place_of(n), entry, text: row }),
            Taken::Refused { refusal, row, .. } => {
                let counts = report.of(table.mapping.kind.unwrap_or(Kind::Deal));
                counts.rows += 1;
                counts.refused += 1;
                refused.push(Refused { place: place_of(n), refusal: refusal.clone(), row: row.clone() });
            }
        }
    }
    let mut work = Work {
        tx,
        act,
        setting,
        memory,
        source: table.mapping.source,
        learnt: Memory::default(),
        report,
        refused,
        children: Vec::new(),
    };
    work.bring(&rows).await?;
    let Work { report, mut refused, learnt, children, .. } = work;
    refused.sort_by_key(|refused| refused.place);
    Ok(Outcome { report, refused, learnt, children })
}

/// Gives companies their parents.
async fn parents(
    app: &App,
    act: &Act,
    setting: &Arc<Setting>,
    memory: &Arc<RwLock<Memory>>,
    children: Vec<(ExternalKey, Reference)>,
) -> Result<()> {
    for some in children.chunks(BATCH_ROWS) {
        let some = some.to_vec();
        let (act, setting, memory) =
            (Act { now: app.now(), ..act.clone() }, Arc::clone(setting), Arc::clone(memory));
        app.write(move |tx| {
            Box::pin(async move { parents_of(tx, &act, &setting, &memory, &some).await.map(drop) })
        })
        .await?;
    }
    Ok(())
}

async fn parents_of(
    tx: &mut Tx,
    act: &Act,
    setting: &Setting,
    memory: &RwLock<Memory>,
    children: &[(ExternalKey, Reference)],
) -> Result<Report> {
    let mut by_source: HashMap<super::field::Source, Vec<(ExternalKey, Reference)>> = HashMap::new();
    for child in children {
        by_source.entry(child.0.source).or_default().push(child.clone());
    }
    let mut report = Report::default();
    for (source, children) in by_source {
        let mut work = Work {
            tx: &mut *tx,
            act,
            setting,
            memory,
            source,
            learnt: Memory::default(),
            report,
            refused: Vec::new(),
            children: Vec::new(),
        };
        work.set_parents(&children).await?;
        report = work.report;
    }
    Ok(report)
}

async fn finish(app: &App, act: &Act, id: Id<Run>, broken: Vec<Refusal>) -> Result<Run> {
    let act = Act { now: app.now(), ..act.clone() };
    app.write(move |tx| {
        Box::pin(async move {
            let mut run = get(tx, &act.scope, id).await?;
            let places = (run.rows_done..).zip(&broken);
            let refused: Vec<Refused> = places
                .map(|(place, refusal)| Refused { place, refusal: refusal.clone(), row: String::new() })
                .collect();
            store::insert_refusals(tx, id, &refused).await?;
            run.state = State::Finished;
            run.changed_at = act.now;
            run.finished_at = Some(act.now);
            run.rows_total = run.rows_done;
            save(tx, &act, &run, State::Running).await?;
            look_again(tx, &act).await?;
            Ok(run)
        })
    })
    .await
}

/// Many records changed at once: how deals went is learned anew, and so is whom nobody has spoken to and the week's plan.
async fn look_again(tx: &mut Tx, act: &Act) -> Result<()> {
    jobs::later(tx, act, jobs::ASSESS_ALL, "", "{}").await?;
    jobs::later(tx, act, jobs::PLAN_WEEK, "", "{}").await
}

/// What a dry run says: what would become of the rows, and which are refused.
pub type Said = (Report, Vec<Refusal>);

/// Says what an import would do, without doing it. Up to `exact_up_to` rows everything is done in one transaction that is then
/// taken back, so that the answer is exact; of more rows only their keys are looked up.
///
/// # Errors
/// What the database says.
pub async fn dry_run(app: &App, scope: &Scope, via: Via, intake: Intake, exact_up_to: u64) -> Result<Said> {
    scope.require(Right::Administer)?;
    let setting = Arc::new(setting(app, scope.workspace()).await?);
    let act = Act { import: Some(uuid::Uuid::nil()), ..Act::new(scope.clone(), app.now(), via) };
    let exact = intake.rows().values().sum::<u64>() <= exact_up_to;
    let intake = Arc::new(intake);
    if !exact {
        return compare_keys(app, &act, &intake, &setting).await;
    }
    let answer: Arc<Mutex<Option<Said>>> = Arc::default();
    let inside = Arc::clone(&answer);
    let taken_back = app
        .write::<(), _>(move |tx| {
            Box::pin(async move {
                let memory = RwLock::new(Memory::of(tx, &act).await?);
                let (mut batches, reader) = read(&intake, &setting);
                let mut report = Report { near_names: intake.near_names.clone(), ..Report::default() };
                let (mut refusals, mut place, mut children) = (Vec::new(), 0, Vec::new());
                while let Some(batch) = batches.recv().await {
                    let outcome = bring(tx, &act, &intake, &setting, &memory, &batch, place, report).await?;
                    place += batch.rows.len();
                    report = outcome.report;
                    refusals.extend(outcome.refused.into_iter().map(|refused| refused.refusal));
                    children.extend(outcome.children);
                    memory.write().unwrap_or_else(PoisonError::into_inner).learn(outcome.learnt);
                }
                refusals.extend(
                    reader.await.map_err(|error| Error::Internal(format!("reading files: {error}")))?,
                );
                parents_of(tx, &act, &setting, &memory, &children).await?;
                *inside.lock().unwrap_or_else(PoisonError::into_inner) = Some((report, refusals));
                Err(Error::Refused("a dry run is taken back".into()))
            })
        })
        .await;
    let said = answer.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (said, taken_back) {
        (Some(said), _) => Ok(said),
        (None, Err(error)) => Err(error),
        (None, Ok(())) => Err(Error::Internal("a dry run said nothing".into())),
    }
}

/// What keys alone say: a known key with the same row is unchanged, with another row it is updated; an unknown one is created.
async fn compare_keys(
    app: &App,
    act: &Act,
    intake: &Arc<Intake>,
    setting: &Arc<Setting>,
) -> Result<(Report, Vec<Refusal>)> {
    /// Refusals that a dry run of very many rows lists.
    const MAX_REFUSALS: usize = 10_000;
    let (mut batches, reader) = read(intake, setting);
    let mut report = Report { near_names: intake.near_names.clone(), ..Report::default() };
    let mut refusals = Vec::new();
    let mut conn = app.read().await?;
    while let Some(batch) = batches.recv().await {
        let Some(table) = intake.tables.get(batch.table) else { continue };
        let mut by_kind: HashMap<Kind, Vec<(&str, i64)>> = HashMap::new();
        for taken in &batch.rows {
            match taken {
                Taken::Entry { entry, .. } => {
                    by_kind
                        .entry(entry.record.kind())
                        .or_default()
                        .push((entry.key.id.as_str(), entry.digest()));
                }
                Taken::Refused { refusal, .. } => {
                    let counts = report.of(table.mapping.kind.unwrap_or(Kind::Deal));
                    counts.rows += 1;
                    counts.refused += 1;
                    if refusals.len() < MAX_REFUSALS {
                        refusals.push(refusal.clone());
                    }
                }
            }
        }
        for (kind, rows) in by_kind {
            let ids: Vec<&str> = rows.iter().map(|(id, _)| *id).collect();
            let source = table.mapping.source.word();
            let known = store::keys(&mut conn, act.scope.workspace(), kind.word(), source, &ids).await?;
            let counts = report.of(kind);
            for (id, digest) in rows {
                counts.rows += 1;
                match known.get(id) {
                    Some(known) if known.digest == digest => counts.unchanged += 1,
                    Some(_) => counts.updated += 1,
                    None => counts.created += 1,
                }
            }
        }
    }
    refusals.extend(reader.await.map_err(|error| Error::Internal(format!("reading files: {error}")))?);
    Ok((report, refusals))
}

async fn begin_undo(tx: &mut Tx, act: &Act, id: Id<Run>) -> Result<Run> {
    let mut run = get(tx, &act.scope, id).await?;
    let from = run.state;
    let stands_still = act.now.seconds_since(run.changed_at) >= CUT_OFF_SECONDS;
    match from {
        State::Finished | State::Failed => {}
        State::Running | State::Undoing if stands_still => {}
        State::Undone => return Err(Error::Refused("This import was undone already.".into())),
        State::Undoing => return Err(Error::Refused("This import is being undone already.".into())),
        State::Draft => {
            return Err(Error::Refused("This import was never started: there is nothing to undo.".into()));
        }
        State::Waiting | State::Running => {
            return Err(Error::Refused("This import is at work. It can be undone when it is done.".into()));
        }
    }
    run.state = State::Undoing;
    run.changed_at = act.now;
    save(tx, act, &run, from).await?;
    Ok(run)
}

/// Undoes a whole import now: records it made are removed (they can be restored one by one), changes are taken back unless somebody
/// changed the same fields since.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused` when there is nothing to undo.
pub async fn undo(app: &App, scope: &Scope, via: Via, id: Id<Run>) -> Result<Run> {
    let act = Act::new(scope.clone(), app.now(), via);
    app.write(move |tx| Box::pin(async move { begin_undo(tx, &act, id).await })).await?;
    finish_undo(app, scope, via, id).await
}

async fn finish_undo(app: &App, scope: &Scope, via: Via, id: Id<Run>) -> Result<Run> {
    let (mut before, mut undone) = (None, Undone::default());
    loop {
        let act = Act::new(scope.clone(), app.now(), via);
        let (next, some) =
            app.write(move |tx| Box::pin(async move { undo_some(tx, &act, id, before).await })).await?;
        undone.removed += some.removed;
        undone.restored += some.restored;
        undone.left += some.left;
        match next {
            Some(seq) => before = Some(seq),
            None => break,
        }
    }
    let act = Act::new(scope.clone(), app.now(), via);
    app.write(move |tx| {
        Box::pin(async move {
            let mut run = get(tx, &act.scope, id).await?;
            store::forget_keys(tx, act.scope.workspace(), id).await?;
            run.state = State::Undone;
            run.changed_at = act.now;
            run.undone_at = Some(act.now);
            run.report.undone = Some(undone);
            save(tx, &act, &run, State::Undoing).await?;
            look_again(tx, &act).await?;
            Ok(run)
        })
    })
    .await
}

/// Takes back some events of an import, newest first; answers with where to go on.
async fn undo_some(
    tx: &mut Tx,
    act: &Act,
    id: Id<Run>,
    before: Option<i64>,
) -> Result<(Option<i64>, Undone)> {
    let workspace = act.scope.workspace();
    let mut events = Vec::new();
    let mut next = before;
    while events.len() < UNDO_EVENTS {
        let page = history::store::of_import(tx, workspace, id.uuid(), next).await?;
        let Some(last) = page.last() else {
            next = None;
            break;
        };
        next = Some(last.seq);
        events.extend(page);
    }
    let mut undone = Undone::default();
    let mut made: HashMap<records::Kind, Vec<(uuid::Uuid, i64)>> = HashMap::new();
    let mut touched: Vec<uuid::Uuid> = Vec::new();
    for event in events {
        match event.verb {
            Verb::Created => made.entry(event.kind).or_default().push((event.subject, event.seq)),
            _ => {
                touched.push(event.subject);
                match records::undo(tx, act, event.seq).await {
                    Ok(_) => undone.restored += 1,
                    Err(Error::Refused(_) | Error::NotFound | Error::Invalid(_)) => undone.left += 1,
                    Err(error) => return Err(error),
                }
            }
        }
    }
    for (kind, made) in made {
        undone.removed += records::remove_made(tx, act, kind, &made).await? as u64;
    }
    store::forget_digests(tx, workspace, &touched).await?;
    let mut run = get(tx, &act.scope, id).await?;
    run.changed_at = act.now;
    save(tx, act, &run, State::Undoing).await?;
    Ok((next, undone))
}

/// Does what the background is asked to do for an import: runs it, or undoes it.
///
/// # Errors
/// What the import says, or the database.
pub async fn in_background(app: &App, job: &Job) -> Result<()> {
    let id: Id<Run> = job.key.parse().map_err(|_| Error::NotFound)?;
    let system = Scope::of_workspace(job.workspace);
    let run = get(&mut app.read().await?, &system, id).await?;
    let scope = system.by(run.member);
    match run.state {
        State::Waiting | State::Running => {
            let folder = folder(app, id);
            let done = self::run(app, &scope, Via::Import, id, uploads(app, id, &run.plan)).await;
            if let (State::Waiting, Err(Error::Refused(why))) = (run.state, &done)
                && wait_again(app, &scope, id, why).await?
            {
                return Ok(());
            }
            // Once it is over nobody needs the files any more: what was refused is kept row by row. One that was cut off goes on with
            // them later. A folder that stays is a nuisance, not a failure.
            if is_over(get(&mut app.read().await?, &scope, id).await?.state) {
                let _ = std::fs::remove_dir_all(&folder);
            }
            done.map(drop)
        }
        State::Undoing => finish_undo(app, &scope, Via::Import, id).await.map(drop),
        _ => Ok(()),
    }
}

/// An import that could not begin is a draft again and says why; false if it began.
async fn wait_again(app: &App, scope: &Scope, id: Id<Run>, why: &str) -> Result<bool> {
    let (act, why) = (Act::new(scope.clone(), app.now(), Via::Import), why.to_owned());
    app.write(move |tx| {
        Box::pin(async move {
            let mut run = get(tx, &act.scope, id).await?;
            if run.state != State::Waiting {
                return Ok(false);
            }
            run.state = State::Draft;
            run.changed_at = act.now;
            run.report.failure = Some(why);
            save(tx, &act, &run, State::Waiting).await?;
            Ok(true)
        })
    })
    .await
}

/// Where the files of an import are kept until it is finished.
pub fn folder(app: &App, id: Id<Run>) -> std::path::PathBuf {
    app.config().data.join("imports").join(id.to_string())
}

/// Whether nothing more happens by itself.
pub fn is_over(state: State) -> bool {
    matches!(state, State::Finished | State::Failed | State::Undone)
}
