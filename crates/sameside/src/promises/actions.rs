//! Learning what estimates mean, and saying when something can be promised.

use crate::accounts::{self, Member, Via, Workspace};
use crate::app::App;
use crate::base::{Date, Id, Range};
use crate::commitments::Commitment;
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::jobs::Job;
use crate::products::Product;
use crate::promises::asked::{self, Asked, Told, Work};
use crate::promises::store;
use crate::records::Kept;
use db::Conn;
use engine::promise::{CASES_MIN, FitOptions, Model, fit};
use engine::timeline::{Input, Timeline, timeline};

/// It is learned again when so many more tasks are done, or fewer.
const CHANGED_MIN: i64 = 10;

fn day(day: Date) -> Option<engine::date::Date> {
    engine::date::Date::iso(&day.to_string())
}

/// What every morning asks for: learns what estimates meant, if enough more is done.
///
/// # Errors
/// What the database says.
pub async fn learn(app: &App, job: &Job) -> Result<()> {
    let act = app.act_for(job.workspace, Via::Job);
    let workspace = job.workspace;
    let mut conn = app.read().await?;
    let it = accounts::store::workspace(&mut conn, workspace).await?.ok_or(Error::NotFound)?;
    let count = store::count_done(&mut conn, workspace).await?;
    let known = store::kept(&mut conn, workspace).await?.map_or(0, |(_, n, _)| n);
    if count < i64::try_from(CASES_MIN).unwrap_or(i64::MAX) || (count - known).abs() < CHANGED_MIN {
        return Ok(());
    }
    let mut table = String::from("work,by,hours,took,done\n");
    let (zone, mut n) = (it.zone(), 0);
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    store::each_done(&mut conn, workspace, |done| {
        n += 1;
        table.push_str(&format!(
            "{},{},{},{},{}\n",
            cell(&done.work.product),
            cell(&done.work.by),
            done.said,
            done.took,
            done.at.day(&zone)
        ));
    })
    .await?;
    drop(conn);
    let fitted = tokio::task::spawn_blocking(move || {
        let options = FitOptions {
            estimate: "hours".into(),
            actual: "took".into(),
            class: vec!["work".into(), "by".into()],
            date: Some("done".into()),
            ..FitOptions::default()
        };
        fit(table.as_bytes(), &options)
    });
    let model = fitted.await.map_err(|error| Error::Internal(error.to_string()))??;
    let (when, text) = ((act.now, act.now.day(&it.zone())), model.to_json());
    app.write(move |tx| Box::pin(async move { Ok(store::save(tx, workspace, when, n, &text).await?) })).await
}

/// When work for a deal can be promised, by who runs the deal, or else by who asks; none if nobody would do it.
///
/// # Errors
/// `Invalid` if the figures are beyond what the engine takes; what the database says.
pub async fn when(
    conn: &mut Conn,
    workspace: &Workspace,
    deal: &Kept<Deal>,
    by: &Kept<Member>,
    asked: Asked,
    today: Date,
) -> Result<Told> {
    let work = work_of(conn, workspace.id, deal, by).await?;
    let promised = store::promised(conn, workspace.id, by.id, None).await?;
    let model = model(conn, workspace.id).await?;
    let capacity = workspace.settings.hours_of(by);
    let start = day(today).ok_or_else(|| Error::Internal("today is no day".into()))?;
    let (input, hours, class) =
        asked::question(asked, &work, &promised, capacity, start, day, model.as_ref());
    let told = weighed(input).await?;
    Ok(Told {
        hours,
        class,
        capacity,
        promised: promised.len(),
        unsaid: promised.iter().filter(|it| it.hours.is_none()).count(),
        timeline: told,
    })
}

async fn weighed(input: Input) -> Result<Timeline> {
    tokio::task::spawn_blocking(move || timeline(&input))
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
        .map_err(Error::from)
}

/// What was learned of estimates, if enough is known.
///
/// # Errors
/// What the database says.
pub(super) async fn model(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Option<Model>> {
    let model = store::kept(conn, workspace).await?;
    Ok(model.and_then(|(_, _, text)| Model::read(text.as_bytes()).ok()))
}

/// What kind of work a deal asks of somebody.
///
/// # Errors
/// What the database says.
pub(super) async fn work_of(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: &Deal,
    by: &Kept<Member>,
) -> Result<Work> {
    let product = match deal.product_id {
        Some(id) => crate::records::by_id::<Product>(conn, workspace, id).await?,
        None => None,
    };
    Ok(Work { product: product.map_or_else(String::new, |it| it.it.name), by: by.name.clone() })
}

/// The hours that such work takes at most in four cases of five.
pub(super) fn p80(hours: Range, work: &Work, model: Option<&Model>) -> f64 {
    let (_, [_, _, p80, _], _) = asked::meant(hours, work, model);
    p80
}

/// The working days that hours come to, of so many hours a week.
#[expect(clippy::cast_possible_truncation, reason = "held within the days of a step")]
pub(super) fn days_of(hours: f64, capacity: f64) -> i64 {
    let a_day = (capacity / 5.0).max(0.1);
    (hours / a_day).ceil().clamp(0.0, 1_000.0) as i64
}

/// The chance that promises of somebody of ours would be kept, each with its hours and its day, all of them made together and
/// beside what is promised already; `but` is one that is weighed anew. None for what nothing can be said of.
///
/// # Errors
/// `Invalid` if the figures are beyond what the engine takes; what the database says.
pub async fn chances(
    conn: &mut Conn,
    workspace: &Workspace,
    deal: &Kept<Deal>,
    by: &Kept<Member>,
    asked: &[(Range, Date)],
    but: Option<Id<Commitment>>,
    today: Date,
) -> Result<Vec<Option<f64>>> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let work = work_of(conn, workspace.id, deal, by).await?;
    let promised = store::promised(conn, workspace.id, by.id, but).await?;
    let model = model(conn, workspace.id).await?;
    let start = day(today).ok_or_else(|| Error::Internal("today is no day".into()))?;
    let capacity = workspace.settings.hours_of(by);
    let input = asked::together(asked, &work, &promised, capacity, start, day, model.as_ref());
    let told = weighed(input).await?;
    let chance = |n: usize| told.committed.iter().find(|it| it.name == asked::name(n)).map(|it| it.without);
    Ok((0..asked.len()).map(chance).collect())
}

/// Who would do work for a deal: who runs it, else who asks.
///
/// # Errors
/// What the database says.
pub async fn doer(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: &Deal,
    asks: Id<Member>,
) -> Result<Kept<Member>> {
    crate::records::by_id(conn, workspace, deal.owner_id.unwrap_or(asks)).await?.ok_or(Error::NotFound)
}
