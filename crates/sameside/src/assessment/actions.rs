//! Assessing: one deal at once, when somebody changed it; all of them in the background.

use crate::accounts::{self, Act, Workspace};
use crate::app::App;
use crate::assessment::store::{self, Made};
use crate::assessment::{Basis, Document, Ground, HourValue, Known, TrackRecord};
use crate::base::{Date, Id, When};
use crate::deals::{Deal, Standing};
use crate::diagnosis;
use crate::error::{Error, Result};
use crate::forecast::{self, Chance};
use crate::jobs::Job;
use crate::outcomes;
use crate::records::{self, Kept};
use db::{Conn, Tx};
use std::collections::HashMap;
use std::sync::Arc;

/// How many durations are kept for percentiles, by product; beyond it every so-manieth is.
const DURATIONS_MAX: usize = 10_000;

/// What a workspace knows before it looks at a deal.
///
/// # Errors
/// What the database says.
pub async fn ground(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Ground> {
    let kept = accounts::store::workspace(conn, workspace).await?.ok_or(Error::NotFound)?;
    let mut products: HashMap<_, _> = store::products(conn, workspace)
        .await?
        .into_iter()
        .map(|product| (product.id, (product.it, Vec::new())))
        .collect();
    for figure in store::profiles(conn, workspace).await? {
        if let Some((_, figures)) = figure.product_id.and_then(|id| products.get_mut(&id)) {
            figures.push(figure.it);
        }
    }
    let mut past = HashMap::new();
    let mut past_all = TrackRecord::default();
    for (key, record) in store::track_records(conn, workspace).await? {
        match key.parse() {
            Ok(product) => drop(past.insert(product, record)),
            Err(_) => past_all = record,
        }
    }
    let learned = forecast::actions::learned(conn, workspace).await?.map(Arc::new);
    let zone = kept.zone();
    let (settings, currency) = (kept.settings, kept.currency);
    let hour_values = store::hour_values(conn, workspace)
        .await?
        .into_iter()
        .map(|(member, week, value)| (member, HourValue::of_plan(value, week, &settings)))
        .collect();
    let lessons = Arc::new(outcomes::store::lessons(conn, workspace).await?);
    Ok(Ground { settings, currency, zone, products, past, past_all, learned, hour_values, lessons })
}

/// Whether a deal is one to ask the question about.
fn is_asked(deal: &Kept<Deal>) -> bool {
    deal.removed_at.is_none() && matches!(deal.standing, Standing::Open | Standing::Paused)
}

/// What the workspace's own deals tell of some that are open.
async fn chances(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    ground: &Ground,
    ids: &[Id<Deal>],
    now: When,
) -> Result<HashMap<Id<Deal>, Chance>> {
    let Some(learned) = &ground.learned else { return Ok(HashMap::new()) };
    let today = now.day(&ground.zone);
    forecast::actions::chances(conn, workspace, learned, ids, ground.currency, today).await
}

/// What was said of some deals; those of which nothing was said are left out.
///
/// # Errors
/// What the database says.
pub async fn known(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    ids: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, Known>> {
    let mut all: HashMap<Id<Deal>, Known> = HashMap::new();
    for figure in store::figures_of_deals(conn, workspace, ids).await? {
        if let Some(deal) = figure.deal_id {
            all.entry(deal).or_default().figures.push(figure.it);
        }
    }
    for (deal, sentences) in diagnosis::store::applying(conn, workspace, ids).await? {
        all.entry(deal).or_default().contraindications = sentences;
    }
    for (deal, steps) in diagnosis::store::steps(conn, workspace, ids).await? {
        all.entry(deal).or_default().steps = steps.into_iter().map(|step| step.it).collect();
    }
    Ok(all)
}

/// Assesses one deal. Nothing, if it has ended or there is no price to start from.
///
/// # Errors
/// `Invalid` if a figure is beyond what the engine takes.
pub fn assess(
    deal: &Kept<Deal>,
    known: &Known,
    ground: &Ground,
    chance: Option<&Chance>,
) -> Result<Option<Document>> {
    if !is_asked(deal) {
        return Ok(None);
    }
    Basis::gather(deal, known, ground, chance)
        .map(|basis| Document::make(basis, deal, &ground.settings))
        .transpose()
}

fn made(deal: &Kept<Deal>, document: &Document) -> Result<Made> {
    let text = serde_json::to_string(document).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(Made {
        deal: deal.id,
        owner: deal.owner_id,
        deal_version: deal.version,
        summary: document.summary(),
        document: text,
    })
}

/// Assesses a deal and keeps the answer, in the transaction of the change that asks for it.
///
/// # Errors
/// `NotFound`, `Invalid`.
pub async fn refresh(tx: &mut Tx, act: &Act, id: Id<Deal>) -> Result<Option<Document>> {
    let workspace = act.scope.workspace();
    let deal = records::get_any(tx, &act.scope, id).await?;
    if !is_asked(&deal) {
        store::forget(tx, workspace, id).await?;
        return Ok(None);
    }
    let known = known(tx, workspace, &[id]).await?.remove(&id).unwrap_or_default();
    let ground = ground(tx, workspace).await?;
    let chances = chances(tx, workspace, &ground, &[id], act.now).await?;
    let document = assess(&deal, &known, &ground, chances.get(&id))?;
    match &document {
        Some(document) => store::save(tx, workspace, &[made(&deal, document)?], act.now).await?,
        None => store::forget(tx, workspace, id).await?,
    }
    Ok(document)
}

/// The kept answer for a deal; made on the spot when it is missing or older than the deal.
///
/// # Errors
/// `NotFound`, `Invalid`.
pub async fn of_deal(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: &Kept<Deal>,
    now: When,
) -> Result<Option<Document>> {
    if !is_asked(deal) {
        return Ok(None);
    }
    if let Some((version, _, Some(document))) = store::of_deal(conn, workspace, deal.id).await?
        && version == deal.version
    {
        return Ok(Some(document));
    }
    let known = known(conn, workspace, &[deal.id]).await?.remove(&deal.id).unwrap_or_default();
    let ground = ground(conn, workspace).await?;
    let chances = chances(conn, workspace, &ground, &[deal.id], now).await?;
    assess(deal, &known, &ground, chances.get(&deal.id))
}

/// The jobs [`crate::jobs::ASSESS_DEAL`] of one workspace, together.
///
/// # Errors
/// What the database says; `Refused` if one is about no deal.
pub async fn assess_deals(app: &App, jobs: &[Job]) -> Result<()> {
    let Some(first) = jobs.first() else { return Ok(()) };
    let parsed = jobs
        .iter()
        .map(|job| job.key.parse().map_err(|_| Error::Refused(format!("{:?} is no deal", job.key))));
    let ids: Vec<Id<Deal>> = parsed.collect::<Result<_>>()?;
    let act = app.act_for(first.workspace, accounts::Via::Job);
    match assess_some(app, &act, &ids, None).await {
        Err(Error::NotFound) => Ok(()),
        done => done,
    }
}

/// The job [`crate::jobs::ASSESS_AROUND`], of the deal that it may be about; those with the product follow in rounds.
///
/// # Errors
/// What the database says.
pub async fn assess_around(app: &App, job: &Job) -> Result<()> {
    let key: db::Uuid = job.key.parse().map_err(|_| Error::Refused(format!("{:?} is no record", job.key)))?;
    let act = app.act_for(job.workspace, accounts::Via::Job);
    assess_some(app, &act, &[Id::of(key)], None).await
}

/// The job [`crate::jobs::ASSESS_ALL`]: counts how deals went, and learns from them where enough is new. The open ones
/// follow in rounds.
///
/// # Errors
/// What the database says.
pub async fn learn(app: &App, job: &Job) -> Result<()> {
    let act = app.act_for(job.workspace, accounts::Via::Job);
    let ended = count_past(app, &act).await?;
    learn_from_results(app, &act).await?;
    forecast::actions::learn(app, &act, ended).await
}

/// The job [`crate::jobs::MORNING`]: the same with today's outlook, whether anything ended or not.
///
/// # Errors
/// What the database says.
pub async fn learn_in_the_morning(app: &App, job: &Job) -> Result<()> {
    let act = app.act_for(job.workspace, accounts::Via::Job);
    let ended = count_past(app, &act).await?;
    learn_from_results(app, &act).await?;
    forecast::actions::every_morning(app, &act, ended).await
}

async fn learn_from_results(app: &App, act: &Act) -> Result<()> {
    let act = act.clone();
    app.write(move |tx| Box::pin(async move { outcomes::actions::learn(tx, &act).await })).await
}

/// Assesses some deals: read on a reader, computed off the threads that answer requests, written at once.
///
/// # Errors
/// What the database says.
pub async fn assess_some(app: &App, act: &Act, ids: &[Id<Deal>], known: Option<&Ground>) -> Result<()> {
    let workspace = act.scope.workspace();
    let mut conn = app.read().await?;
    let ground = match known {
        Some(ground) => ground.clone(),
        None => ground(&mut conn, workspace).await?,
    };
    let deals: Vec<Kept<Deal>> = records::by_ids(&mut conn, workspace, ids).await?;
    let said = self::known(&mut conn, workspace, ids).await?;
    let chances = chances(&mut conn, workspace, &ground, ids, act.now).await?;
    drop(conn);
    let computed = tokio::task::spawn_blocking(move || {
        let mut all = Vec::with_capacity(deals.len());
        let mut gone = Vec::new();
        let nothing = Known::default();
        for deal in &deals {
            match assess(deal, said.get(&deal.id).unwrap_or(&nothing), &ground, chances.get(&deal.id)) {
                Ok(Some(document)) => all.push(made(deal, &document)?),
                Ok(None) => gone.push(deal.id),
                Err(error) => {
                    tracing::warn!(deal = %deal.id, %error, "a deal cannot be assessed");
                    gone.push(deal.id);
                }
            }
        }
        Ok::<_, Error>((all, gone))
    });
    let (all, gone) = computed.await.map_err(|error| Error::Internal(error.to_string()))??;
    let now = act.now;
    app.write(move |tx| {
        Box::pin(async move {
            store::save(tx, workspace, &all, now).await?;
            for deal in gone {
                store::forget(tx, workspace, deal).await?;
            }
            Ok(())
        })
    })
    .await
}

#[derive(Default)]
struct Count {
    agreed: i64,
    ended: i64,
    seen: usize,
    days: Vec<i64>,
}

impl Count {
    fn add(&mut self, agreed: bool, days: Option<i64>) {
        self.ended += 1;
        self.agreed += i64::from(agreed);
        if let Some(days) = days {
            self.seen += 1;
            if self.days.len() < DURATIONS_MAX {
                self.days.push(days);
            } else if let Some(place) = self.days.get_mut(self.seen * 7_919 % DURATIONS_MAX) {
                *place = days;
            }
        }
    }

    fn record(mut self) -> TrackRecord {
        self.days.sort_unstable();
        let at = |share: usize| {
            self.days.get(self.days.len().saturating_sub(1) * share / 100).copied().unwrap_or(0)
        };
        TrackRecord { agreed: self.agreed, ended: self.ended, days: [at(10), at(50), at(90)] }
    }
}

/// Counts how deals went so far; answers with how many ended.
///
/// # Errors
/// What the database says.
pub async fn count_past(app: &App, act: &Act) -> Result<i64> {
    let workspace = act.scope.workspace();
    let mut counts: HashMap<String, Count> = HashMap::new();
    store::each_ended(&mut app.read().await?, workspace, |product, agreed, opened, ended| {
        let day = |text: Option<String>| text.and_then(|text| text.parse::<Date>().ok());
        let days = day(opened).zip(day(ended)).map(|(opened, ended)| ended.days_since(opened));
        counts.entry(String::new()).or_default().add(agreed, days);
        if let Some(product) = product {
            counts.entry(product.to_string()).or_default().add(agreed, days);
        }
    })
    .await?;
    let now = act.now;
    let ended = counts.get("").map_or(0, |count| count.ended);
    let records: Vec<(String, TrackRecord)> =
        counts.into_iter().map(|(key, count)| (key, count.record())).collect();
    app.write(move |tx| {
        Box::pin(async move { Ok(store::save_track_records(tx, workspace, &records, now).await?) })
    })
    .await?;
    Ok(ended)
}
