//! Learning from the deals that ended, and saying what they tell of one that is open.

use crate::accounts::{self, Act, Member, Sees, Team, Workspace};
use crate::app::App;
use crate::base::{Currency, Date, Id};
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::forecast::seen::{self, Beside, Sheet, short};
use crate::forecast::store::{self, Kept};
use crate::forecast::{Chance, Outlook, Skill};
use crate::questions::{self, Question};
use db::Conn;
use engine::forecast::{
    EvaluateOptions, FitOptions, Model, PipelineOptions, Predictor, evaluate, fit, pipeline,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Fewer deals that ended than this tell nothing of the next.
pub const ENDED_MIN: i64 = 30;
/// A model is fitted again when so many more deals, or so many fewer, have ended,
const CHANGED_MIN: i64 = 10;
/// or this share of those it knows, if that is more,
const CHANGED_SHARE: f64 = 0.05;
/// but not before so long, in seconds: a day on which hundreds of deals are closed one by one asks for it once an hour.
const PAUSE_SECONDS: i64 = 3_600;
/// After so long it is fitted again in any case, in days: what is known of deals changes, too.
const OLD_DAYS: i64 = 7;
/// Deals that ended on which a model is judged at most, the newest.
const JUDGED_MAX: usize = 20_000;
/// What a model must gain at least over saying the average, as a share of the average's squared error: less is of no use to
/// anybody, however sure it is.
const GAIN_SHARE_MIN: f64 = 0.01;
/// How often the judging is repeated; once, where there are many deals.
const REPEATS: usize = 3;
const MANY: usize = 2_000;

/// What was learned, ready to be asked.
#[derive(Debug, Clone)]
pub struct Learned {
    /// The engine's model.
    model: Model,
    /// As of which day.
    as_of: Date,
    is_better: bool,
}

/// What the workspace learned, if anything.
///
/// # Errors
/// What the database says.
pub async fn learned(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Option<Learned>> {
    let Some(kept) = store::kept(conn, workspace).await? else { return Ok(None) };
    let Some((_, text)) = store::model(conn, workspace).await? else { return Ok(None) };
    // A model of another version of this program is made anew in the morning.
    let model = Model::read(text.as_bytes()).ok();
    Ok(model.map(|model| Learned { model, as_of: kept.as_of, is_better: kept.is_better }))
}

/// What is said of some open deals. Those of which nothing can be said are not among the answers.
///
/// # Errors
/// What the database says.
pub async fn chances(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    learned: &Learned,
    ids: &[Id<Deal>],
    currency: Currency,
    today: Date,
) -> Result<HashMap<Id<Deal>, Chance>> {
    let deals = store::deals(conn, workspace, ids).await?;
    let companies: Vec<_> = deals.iter().filter_map(|deal| deal.company).collect();
    let beside = beside(conn, workspace, Some((ids, &companies))).await?;
    let columns = beside.columns();
    let predictor = Predictor::new(&learned.model);
    let mut all = HashMap::new();
    for deal in deals.iter().filter(|deal| !deal.is_decided()) {
        let cells = deal.cells(&beside, currency, today);
        let answer = |name: &str| cell(&columns, &cells, name);
        let new = predictor.predict(answer);
        let age = deal.age_days(today);
        let aged = age.and_then(|age| learned.model.aged(&new, age));
        let [low, likely, high] =
            aged.map_or([new.low, new.probability, new.high], |aged| [aged.low, aged.ever, aged.high]);
        let chance = Chance {
            likely,
            low,
            high,
            is_better: learned.is_better,
            age_days: age.filter(|_| aged.is_some()),
            counts_as: aged.map(|aged| aged.counts_as),
            within_30: aged.map(|at| at.within_30),
            within_90: aged.map(|at| at.within_90),
            n: i64::try_from(learned.model.n).unwrap_or(i64::MAX),
            as_of: learned.as_of,
        };
        all.insert(deal.id, chance);
    }
    Ok(all)
}

/// What a deal says in a column.
fn cell<'c>(columns: &[String], cells: &'c [String], name: &str) -> Option<&'c str> {
    let at = columns.iter().position(|column| column == name)?;
    cells.get(at).map(String::as_str)
}

/// What is known besides the deals' own rows: of all, or of some deals and their clients.
async fn beside(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    of: Option<(&[Id<Deal>], &[Uuid])>,
) -> Result<Beside> {
    let mut beside = Beside::default();
    store::each_answer(conn, workspace, of.map(|(deals, _)| deals), |deal, said| {
        beside.said.entry(deal).or_default().push(said);
    })
    .await?;
    store::each_agreement(conn, workspace, of.map(|(_, companies)| companies), |company, day| {
        beside.agreed.entry(company).or_default().push(day);
    })
    .await?;
    let questions = questions::store::questions(conn, workspace).await?;
    beside.questions = questions.iter().map(|question| question.id).collect();
    if !beside.questions.is_empty() {
        store::each_told(conn, workspace, of.map(|(deals, _)| deals), |deal, question, trail| {
            beside.told.entry(deal).or_default().push((question, trail));
        })
        .await?;
    }
    Ok(beside)
}

/// The questions of the workspace's own that an open deal has not answered and whose answers would sharpen its forecast,
/// that which would sharpen it most first. None where the forecast is no better than the average.
///
/// # Errors
/// What the database says.
pub async fn ask_next(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    id: Id<Deal>,
    currency: Currency,
    today: Date,
) -> Result<Vec<Id<Question>>> {
    let Some(learned) = learned(conn, workspace).await?.filter(|learned| learned.is_better) else {
        return Ok(Vec::new());
    };
    let Some(deal) = store::deals(conn, workspace, &[id]).await?.pop().filter(|deal| !deal.is_decided())
    else {
        return Ok(Vec::new());
    };
    let companies: Vec<Uuid> = deal.company.into_iter().collect();
    let beside = beside(conn, workspace, Some((&[id], &companies))).await?;
    let (columns, cells) = (beside.columns(), deal.cells(&beside, currency, today));
    let worth = learned.model.ask_next(|name| cell(&columns, &cells, name));
    let own = |column: &str| beside.questions.iter().find(|id| seen::column_of(**id) == column).copied();
    Ok(worth.iter().filter(|one| one.fall > 0.0).filter_map(|one| own(&one.question)).collect())
}

/// Which part of the pipeline somebody sees: the key under which it is kept.
pub fn view_of(id: Option<Id<Member>>, sees: Sees, team: Option<Id<Team>>) -> String {
    match (sees, team, id) {
        (Sees::All, ..) | (_, _, None) => String::new(),
        (Sees::Team, Some(team), _) => format!("team:{team}"),
        (_, _, Some(id)) => format!("member:{id}"),
    }
}

/// Whether so many more or fewer deals have ended that a model is to be fitted again.
fn has_changed(kept: Option<&Kept>, ended: i64, act: &Act) -> bool {
    let Some(kept) = kept else { return ended >= ENDED_MIN };
    #[expect(clippy::cast_precision_loss, reason = "counts of deals are far below 2^53")]
    let enough = (kept.n as f64 * CHANGED_SHARE).max(CHANGED_MIN as f64);
    let seconds = act.now.seconds_since(kept.fitted_at);
    #[expect(clippy::cast_precision_loss, reason = "counts of deals are far below 2^53")]
    let changed = (ended - kept.n).abs() as f64 >= enough;
    (changed && seconds >= PAUSE_SECONDS) || seconds >= OLD_DAYS * 86_400
}

/// Learns from the deals that ended, if enough of them are new since it was last done; `ended` is how many there are.
///
/// # Errors
/// What the database says.
pub async fn learn(app: &App, act: &Act, ended: i64) -> Result<()> {
    let kept = store::kept(&mut app.read().await?, act.scope.workspace()).await?;
    if has_changed(kept.as_ref(), ended, act) { again(app, act).await } else { Ok(()) }
}

/// What every morning asks for: learns where that is due, and tells what the open deals will bring as of today.
///
/// # Errors
/// What the database says.
pub async fn every_morning(app: &App, act: &Act, ended: i64) -> Result<()> {
    let workspace = act.scope.workspace();
    let kept = store::kept(&mut app.read().await?, workspace).await?;
    if has_changed(kept.as_ref(), ended, act) {
        return again(app, act).await;
    }
    let Some(kept) = kept else { return Ok(()) };
    let ground = read(app, act).await?;
    let computed = tokio::task::spawn_blocking(move || {
        outlooks(&ground, kept.is_better).map(|told| (ground.today, told))
    });
    let (today, told) = computed.await.map_err(|error| Error::Internal(error.to_string()))??;
    app.write(move |tx| Box::pin(async move { Ok(store::save_outlooks(tx, workspace, today, &told).await?) }))
        .await
}

/// Everything that is learned from.
struct Ground {
    sheet: Sheet,
    today: Date,
    /// The columns of the questions of the workspace's own, with what they ask.
    titles: HashMap<String, String>,
    /// Which members each view shows the deals of.
    views: Vec<(String, Vec<String>)>,
}

async fn read(app: &App, act: &Act) -> Result<Ground> {
    let workspace = act.scope.workspace();
    let mut conn = app.read().await?;
    let it = accounts::store::workspace(&mut conn, workspace).await?.ok_or(Error::NotFound)?;
    let (currency, today) = (it.currency, act.now.day(&it.zone()));
    let members = accounts::store::members(&mut conn, workspace).await?;
    let cell = |id: Id<Member>| short(Some(id.uuid()));
    let mut views: Vec<(String, Vec<String>)> = Vec::new();
    for member in &members {
        views.push((view_of(Some(member.id), Sees::Own, None), vec![String::new(), cell(member.id)]));
        let Some(team) = member.team_id else { continue };
        let key = view_of(Some(member.id), Sees::Team, Some(team));
        match views.iter_mut().find(|(known, _)| *known == key) {
            Some((_, cells)) => cells.push(cell(member.id)),
            None => views.push((key, vec![String::new(), cell(member.id)])),
        }
    }
    views.truncate(engine::forecast::PARTS_MAX);
    let beside = beside(&mut conn, workspace, None).await?;
    let asked = questions::store::questions(&mut conn, workspace).await?;
    let titles = asked.into_iter().map(|one| (seen::column_of(one.id), one.it.title)).collect();
    let mut sheet = Sheet::new(JUDGED_MAX, &beside.columns());
    store::each_deal(&mut conn, workspace, |deal| sheet.add(&deal, &beside, currency, today)).await?;
    Ok(Ground { sheet, today, titles, views })
}

async fn again(app: &App, act: &Act) -> Result<()> {
    let (workspace, now) = (act.scope.workspace(), act.now);
    let ground = read(app, act).await?;
    let both = ground.sheet.won > 0 && ground.sheet.won < ground.sheet.decided;
    if i64::try_from(ground.sheet.decided).unwrap_or(i64::MAX) < ENDED_MIN || !both {
        return app.write(move |tx| Box::pin(async move { Ok(store::forget(tx, workspace).await?) })).await;
    }
    let computed = tokio::task::spawn_blocking(move || {
        let (model, skill) = model(&ground)?;
        let told = outlooks(&ground, model.note.is_none())?;
        Ok::<_, Error>((model, skill, told, ground.today))
    });
    let (model, skill, told, today) =
        computed.await.map_err(|error| Error::Internal(error.to_string()))??;
    let kept = Kept {
        fitted_at: now,
        as_of: today,
        n: i64::try_from(model.n).unwrap_or(i64::MAX),
        n_won: i64::try_from(model.n_won).unwrap_or(i64::MAX),
        is_better: model.note.is_none(),
        skill,
    };
    tracing::info!(%workspace, n = kept.n, is_better = kept.is_better, "learned from the deals that ended");
    let text = model.to_json();
    app.write(move |tx| {
        Box::pin(async move {
            store::save(tx, workspace, &kept, &text).await?;
            Ok(store::save_outlooks(tx, workspace, today, &told).await?)
        })
    })
    .await
}

fn engine_day(day: Date) -> Option<engine::date::Date> {
    engine::date::Date::iso(&day.to_string())
}

/// The columns that are not learned from: the value is what is to come, and of what tells nothing only ages are kept.
fn ignored(ground: &Ground, is_better: bool) -> Vec<String> {
    let told = seen::COLUMNS.iter().skip(4).chain(&[seen::BEFORE]).copied();
    let told = told.chain(ground.titles.keys().map(String::as_str)).filter(|_| !is_better);
    std::iter::once("value").chain(told).map(str::to_owned).collect()
}

/// Fits the model and judges it. It counts as better than the average only if it is so on deals it had not seen, beyond
/// what chance gives 19 times in 20; else it is fitted without what is known of the deals.
fn model(ground: &Ground) -> Result<(Model, Skill)> {
    let ignore = ignored(ground, true);
    let mut options = FitOptions {
        deals: seen::deal_columns(),
        ignore: ignore.clone(),
        as_of: engine_day(ground.today),
        ..FitOptions::default()
    };
    let mut model = fit(&ground.sheet.bytes, &options)?;
    let repeats = if ground.sheet.decided > MANY { 1 } else { REPEATS };
    let judging =
        EvaluateOptions { deals: seen::deal_columns(), ignore, repeats, ..EvaluateOptions::default() };
    let evaluation = evaluate(ground.sheet.judged(), &judging)
        .inspect_err(|error| tracing::info!(%error, "the forecast cannot be judged"))
        .ok();
    let is_sure = evaluation
        .as_ref()
        .is_some_and(|it| it.brier_gain.low > 0.0 && it.brier_gain.value >= GAIN_SHARE_MIN * it.brier.base);
    let mut skill = Skill::of(&model, evaluation.as_ref(), &ground.titles);
    if model.note.is_none() && !is_sure {
        options.ignore = ignored(ground, false);
        model = fit(&ground.sheet.bytes, &options)?;
        skill.uses.clear();
    }
    Ok((model, skill))
}

/// What the open deals will bring: all of them, and what each member and team sees.
fn outlooks(ground: &Ground, is_better: bool) -> Result<Vec<(String, Outlook)>> {
    if ground.sheet.open == 0 {
        return Ok(Vec::new());
    }
    let options = PipelineOptions {
        deals: seen::deal_columns(),
        value: "value".into(),
        like: Some("product".into()),
        as_of: engine_day(ground.today),
        // The engine leaves the value out by itself.
        ignore: ignored(ground, is_better).split_off(1),
        by: Some("owner".into()),
        parts: ground.views.iter().map(|(_, cells)| cells.clone()).collect(),
        ..PipelineOptions::default()
    };
    let told = match pipeline(&ground.sheet.bytes, &options) {
        Ok(told) => told,
        // Nothing was decided on a known day yet, or nothing that was won has a price: there is no horizon to tell.
        Err(error) => {
            tracing::info!(%error, "the pipeline cannot be told");
            return Ok(Vec::new());
        }
    };
    let outlook = |open, horizons: &[engine::forecast::Horizon]| Outlook {
        open,
        decided: told.n_decided,
        silent: told.n_silent,
        foreign: ground.sheet.foreign,
        horizons: horizons.iter().map(Into::into).collect(),
    };
    let mut all = vec![(String::new(), outlook(told.n_open, &told.horizons))];
    for ((view, _), part) in ground.views.iter().zip(&told.parts) {
        all.push((view.clone(), outlook(part.n_open, &part.horizons)));
    }
    Ok(all)
}
