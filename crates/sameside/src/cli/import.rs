//! `sameside import`: brings files in, says what became of every row, takes it back.

use super::{Failure, Outcome, Place, say, tell};
use crate::accounts::{Act, Scope, Via, Workspace};
use crate::app::App;
use crate::base::{Currency, Id};
use crate::import::actions;
use crate::import::field::Kind;
use crate::import::intake::Intake;
use crate::import::mapping::Question;
use crate::import::run::{Report, Run, State};
use crate::import::table::{Refusal, Upload};
use crate::import::values::{DateOrder, DecimalMark};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Map, Value as Json, json};
use std::path::PathBuf;

/// Refusals printed for people; `--json` prints them all.
const SHOWN: usize = 20;
/// The kinds that a report always names.
const ALWAYS: [Kind; 5] = [Kind::Deal, Kind::Company, Kind::Contact, Kind::Product, Kind::Member];

/// Bring in files of other systems or spreadsheets: CSV, XLSX, or zips of them, in any order
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Import {
    #[command(flatten)]
    place: Place,
    /// The workspace to bring them into, where there are several
    #[arg(long, value_name = "NAME")]
    workspace: Option<String>,
    /// Say what happened as JSON
    #[arg(long)]
    json: bool,
    /// Only say what would happen
    #[arg(long)]
    dry_run: bool,
    /// Which comes first in dates such as 3/4/2026, where the files leave it open
    #[arg(long, value_name = "ORDER")]
    dates: Option<Dates>,
    /// Which mark stands before the fraction in numbers such as 1,234, where the files leave it open
    #[arg(long, value_name = "MARK")]
    decimals: Option<Decimals>,
    /// The currency of amounts that name none; otherwise the workspace's
    #[arg(long, value_name = "CODE")]
    currency: Option<Currency>,
    /// What the rows of a file are, where it is not seen: list.csv=deal
    #[arg(long, value_name = "FILE=KIND")]
    kind: Vec<String>,
    /// The files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Take a whole import back: what it made and what it changed
    Undo(Undo),
}

/// Take a whole import back.
#[derive(Debug, Args)]
struct Undo {
    #[command(flatten)]
    place: Place,
    /// The workspace it is in, where there are several
    #[arg(long, value_name = "NAME")]
    workspace: Option<String>,
    /// Say what happened as JSON
    #[arg(long)]
    json: bool,
    /// The import, as its report named it
    #[arg(value_name = "ID")]
    id: Id<Run>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Dates {
    DayFirst,
    MonthFirst,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Decimals {
    Point,
    Comma,
}

impl Import {
    pub(super) async fn run(self) -> Outcome {
        match self.verb {
            Some(Verb::Undo(undo)) => undo.run().await,
            None => self.bring().await,
        }
    }

    async fn bring(self) -> Outcome {
        for file in &self.files {
            if file.is_dir() {
                return Err(Failure::input(format!("{}: this is a folder", file.display()))
                    .hint("name the files in it, or zip them"));
            }
            if !file.exists() {
                return Err(Failure::input(format!("{}: there is no such file", file.display())));
            }
            if !file.is_file() {
                return Err(Failure::input(format!("{}: this is not a file", file.display()))
                    .hint("files are read more than once: save it to a file first"));
            }
        }
        let app = self.place.open().await?;
        let workspace = workspace(&app, self.workspace.as_deref()).await?;
        let done = self.bring_into(&app, &workspace).await;
        app.db().close().await;
        done
    }

    async fn bring_into(&self, app: &App, workspace: &Workspace) -> Outcome {
        let uploads: Vec<Upload> = self.files.iter().map(|file| Upload::path(file)).collect();
        let mut intake = actions::open(app, workspace.id, uploads.clone()).await?;
        self.answer(&mut intake)?;
        let unread = unread(&intake);
        let scope = Scope::of_workspace(workspace.id);
        if self.dry_run {
            let (report, refusals) =
                actions::dry_run(app, &scope, Via::Cli, intake, actions::DRY_RUN_ROWS_MAX).await?;
            return self.tell(&report, &unread, None, refusals);
        }
        let files = self
            .files
            .iter()
            .zip(&uploads)
            .map(|(path, upload)| (upload.name.to_string(), path.display().to_string()));
        let files: Vec<(String, String)> = files.collect();
        let (act, intake) = (Act::new(scope.clone(), app.now(), Via::Cli), std::sync::Arc::new(intake));
        let run = app
            .write(move |tx| {
                Box::pin(async move { actions::draft(tx, &act, Id::new(act.now), &intake, files).await })
            })
            .await?;
        let run = actions::run(app, &scope, Via::Import, run.id, uploads).await?;
        let (mut refusals, mut after) = (Vec::new(), -1);
        let mut conn = app.read().await?;
        loop {
            let page = actions::refusals(&mut conn, &scope, run.id, None, after).await?;
            let Some((last, ..)) = page.last() else { break };
            after = *last;
            refusals.extend(page.into_iter().map(|(_, refusal, _)| refusal));
            if !self.json && refusals.len() > SHOWN {
                break;
            }
        }
        self.tell(&run.report, &unread, Some(run.id), refusals)
    }

    /// Answers open questions from the command line, or says which are open.
    fn answer(&self, intake: &mut Intake) -> Outcome {
        for said in &self.kind {
            let right = || Failure::input(format!("--kind: FILE=KIND such as list.csv=deal, not {said:?}"));
            let (file, kind) = said.rsplit_once('=').ok_or_else(right)?;
            let kind = Kind::ALL.into_iter().find(|one| one.word() == kind).ok_or_else(right)?;
            let mut any = false;
            for table in intake.tables.iter_mut().filter(|table| *table.table.file == *file) {
                table.take_for(kind);
                any = true;
            }
            if !any {
                return Err(Failure::input(format!("--kind: there is no table {file:?} among the files")));
            }
        }
        for mapping in intake.tables.iter_mut().map(|table| &mut table.mapping) {
            for question in mapping.questions() {
                match (question, self.dates, self.decimals) {
                    (Question::DateOrder { column, .. }, Some(dates), _) => {
                        let order = if matches!(dates, Dates::DayFirst) {
                            DateOrder::DayFirst
                        } else {
                            DateOrder::MonthFirst
                        };
                        mapping.say_dates(Some(&column), order);
                    }
                    (Question::DecimalMark { column, .. }, _, Some(decimals)) => {
                        let mark = if matches!(decimals, Decimals::Comma) {
                            DecimalMark::Comma
                        } else {
                            DecimalMark::Point
                        };
                        mapping.say_mark(Some(&column), mark);
                    }
                    _ => {}
                }
            }
            if mapping.currency.is_none() {
                mapping.currency = self.currency.map(|currency| currency.code().to_owned());
            }
        }
        let open = intake
            .questions()
            .into_iter()
            .find(|question| question.must_be_answered() && !matches!(question, Question::Kind { .. }));
        match open {
            Some(question @ Question::DateOrder { .. }) => {
                Err(Failure::input(question.to_string())
                    .hint("pass --dates day-first or --dates month-first"))
            }
            Some(question) => {
                Err(Failure::input(question.to_string()).hint("pass --decimals point or --decimals comma"))
            }
            None if intake.tables.iter().all(|table| table.mapping.kind.is_none()) => {
                let unread = unread(intake);
                let first = unread.first().or(intake.left_aside.first());
                let told = first.map(|refusal| format!("{}: {}", refusal.file, refusal.reason));
                Err(Failure::input(
                    told.unwrap_or_else(|| "there is nothing to read in these files".to_owned()),
                ))
            }
            None => Ok(()),
        }
    }

    fn tell(
        &self,
        report: &Report,
        unread: &[Refusal],
        import: Option<Id<Run>>,
        mut refusals: Vec<Refusal>,
    ) -> Outcome {
        refusals.splice(0..0, unread.iter().cloned());
        if self.json {
            say(document(report, import, &refusals));
            return Ok(());
        }
        say(format_args!(
            "{:<18}{:>10}{:>10}{:>10}{:>11}{:>10}",
            "", "rows", "created", "updated", "unchanged", "refused"
        ));
        for (kind, counts) in report.kinds.iter().filter(|(_, counts)| counts.rows > 0) {
            say(format_args!(
                "{:<18}{:>10}{:>10}{:>10}{:>11}{:>10}",
                kind.label(),
                counts.rows,
                counts.created,
                counts.updated,
                counts.unchanged,
                counts.refused
            ));
        }
        for (kind, count) in &report.implied {
            tell(format_args!("{count} {} were made because rows name them.", kind.label().to_lowercase()));
        }
        for near in report.near_names.iter().filter(|near| near.applied) {
            tell(format_args!("{:?} was read as {:?} in {} rows.", near.said, near.meant, near.rows));
        }
        for refusal in refusals.iter().take(SHOWN) {
            match refusal.line {
                Some(line) => tell(format_args!("{}, line {line}: {}", refusal.file, refusal.reason)),
                None => tell(format_args!("{}: {}", refusal.file, refusal.reason)),
            }
        }
        if refusals.len() > SHOWN {
            tell("… and more; --json lists them all.");
        }
        let total = report.total();
        if total.rows == 0 {
            tell("There are no rows in these files.");
        }
        match import {
            None => tell("Nothing was saved: this was a dry run."),
            Some(_) if total.rows > 0 && total.unchanged == total.rows => {
                tell("Nothing changed: all of this was known.")
            }
            Some(_) => {}
        }
        if let Some(id) = import {
            tell(format_args!("To take it all back: sameside import undo {id}"));
        }
        Ok(())
    }
}

/// What `--json` prints.
fn document(report: &Report, import: Option<Id<Run>>, refusals: &[Refusal]) -> Json {
    let mut kinds = Map::new();
    for kind in Kind::ALL {
        let counts = report.kinds.get(&kind).copied().unwrap_or_default();
        if counts.rows > 0 || ALWAYS.contains(&kind) {
            kinds.insert(kind.word().to_owned(), json!(counts));
        }
    }
    let implied: Map<String, Json> =
        report.implied.iter().map(|(kind, count)| (kind.word().to_owned(), json!(count))).collect();
    json!({
        "kinds": kinds,
        "refusals": refusals,
        "import": import.map(|id| id.to_string()),
        "implied": implied,
        "near_names": report.near_names,
    })
}

/// Files and tables that are not read at all.
fn unread(intake: &Intake) -> Vec<Refusal> {
    let unknown = intake.tables.iter().filter(|table| table.mapping.kind.is_none()).map(|table| {
        let file = table.table.file.to_string();
        let reason = format!("it is not seen what its rows are: say so with --kind {file:?}=deal, company, contact, product, member, activity or task");
        Refusal { file, line: None, reason }
    });
    intake.refusals.iter().cloned().chain(unknown).collect()
}

/// The workspace of this name, or the only one.
async fn workspace(app: &App, name: Option<&str>) -> Outcome<Workspace> {
    let all = crate::accounts::store::workspaces(&mut app.read().await?)
        .await
        .map_err(crate::error::Error::from)?;
    let names = || all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
    match (name, all.as_slice()) {
        (_, []) => Err(Failure::input("nobody has set this instance up").hint("begin with: sameside init")),
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(Failure::input("there are several workspaces")
            .hint(format!("pass --workspace with one of: {}", names()))),
        (Some(name), _) => match all.iter().find(|one| one.name.eq_ignore_ascii_case(name)) {
            Some(one) => Ok(one.clone()),
            None => Err(Failure::input(format!("there is no workspace {name:?}"))
                .hint(format!("there are: {}", names()))),
        },
    }
}

impl Undo {
    async fn run(self) -> Outcome {
        let app = self.place.open().await?;
        let workspace = workspace(&app, self.workspace.as_deref()).await?;
        let done = actions::undo(&app, &Scope::of_workspace(workspace.id), Via::Cli, self.id).await;
        app.db().close().await;
        let run = match done {
            Ok(run) => run,
            Err(crate::error::Error::NotFound) => {
                return Err(Failure::input(format!("there is no import {}", self.id)));
            }
            Err(error) => return Err(error.into()),
        };
        let undone = run.report.undone.unwrap_or_default();
        if self.json {
            let state = if run.state == State::Undone { "undone" } else { run.state.code() };
            say(
                json!({ "import": run.id.to_string(), "state": state, "removed": undone.removed, "restored": undone.restored, "left": undone.left }),
            );
            return Ok(());
        }
        say(format_args!("{} records removed, {} changes taken back.", undone.removed, undone.restored));
        if undone.left > 0 {
            tell(format_args!("{} changes were left: somebody changed the same fields since.", undone.left));
        }
        Ok(())
    }
}
