//! What the advocates do: look at deals, and take answers.

use crate::accounts::{self, Act, Workspace};
use crate::advocates::store::{self, Open};
use crate::advocates::{Answered, Facts, Figures, Found, Reply, Rule, Verdict, rules};
use crate::app::App;
use crate::assessment::{self, Line, Origin, Words};
use crate::base::{Id, When};
use crate::care;
use crate::commitments;
use crate::concessions;
use crate::deals::{Deal, Standing};
use crate::diagnosis::{self, Figure};
use crate::error::{Error, Result};
use crate::notices::{self, News, Source};
use crate::outcomes;
use crate::products::Product;
use crate::pulse;
use crate::pursuit;
use crate::records::{self, Kept};
use crate::week;
use db::{Conn, Tx};
use std::collections::HashMap;

/// Whether anybody argues a deal: one that has ended is not argued any more.
fn is_argued(deal: &Kept<Deal>) -> bool {
    deal.removed_at.is_none() && deal.standing == Standing::Open
}

fn lines<'f>(figures: impl IntoIterator<Item = &'f Figure>, origin: Origin) -> Vec<Line> {
    let line = |figure: &Figure| Line {
        parameter: figure.parameter,
        range: figure.range(),
        origin,
        evidence: figure.evidence(),
        lesson: None,
    };
    figures.into_iter().map(line).collect()
}

/// Gathers the facts of some deals, each once.
///
/// # Errors
/// What the database says.
pub async fn gather(
    conn: &mut Conn,
    workspace: &Workspace,
    deals: &[Kept<Deal>],
    now: When,
) -> Result<HashMap<Id<Deal>, Facts>> {
    let (id, zone) = (workspace.id, workspace.zone());
    let ids: Vec<Id<Deal>> = deals.iter().map(|deal| deal.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut pursuits = pursuit::actions::gather(conn, workspace, deals, now).await?;
    let mut said: HashMap<Id<Deal>, Vec<Figure>> = HashMap::new();
    for figure in assessment::store::figures_of_deals(conn, id, &ids).await? {
        if let Some(deal) = figure.deal_id {
            said.entry(deal).or_default().push(figure.it);
        }
    }
    let mut profiles: HashMap<Id<Product>, Vec<Line>> = HashMap::new();
    for product in deals.iter().filter_map(|deal| deal.product_id) {
        if let std::collections::hash_map::Entry::Vacant(new) = profiles.entry(product) {
            let figures = diagnosis::store::of_product(conn, id, product).await?;
            new.insert(lines(figures.iter().map(|figure| &figure.it), Origin::Product));
        }
    }
    let mut given = concessions::store::of_deals(conn, id, &ids).await?;
    let clients: std::collections::HashSet<_> = deals.iter().filter_map(|deal| deal.company_id).collect();
    let clients: Vec<_> = clients.into_iter().collect();
    let client_given = concessions::store::of_clients(conn, id, &clients).await?;
    let deciders = diagnosis::store::deciders(conn, id, &ids).await?;
    let early = diagnosis::store::early(conn, id, &ids).await?;
    let mut wants = diagnosis::store::unanswered(conn, id, &ids).await?;
    let mut applying = diagnosis::store::applying(conn, id, &ids).await?;
    let today = now.day(&zone);
    let mut their_missed =
        commitments::store::missed(conn, id, &ids, commitments::Side::Client, today).await?;
    let their_promises = commitments::store::kept_by_clients(conn, id, &clients, today).await?;
    let spoken = store::spoken(conn, id, &ids).await?;
    let cared: Vec<care::Client> = clients.iter().map(|id| care::Client::Company(*id)).collect();
    let heard: HashMap<uuid::Uuid, _> =
        care::store::heard(conn, id, &cared).await?.into_iter().map(|it| (it.id, it)).collect();
    let heard_of = |deal: &Kept<Deal>| deal.company_id.and_then(|id| heard.get(&id.uuid()));
    let mut felt = pulse::store::said(conn, id, &ids).await?;
    let asked = care::store::unanswered(conn, id, &clients).await?;
    let waiting: Vec<_> = asked.keys().copied().collect();
    let revenues = care::store::revenues_of(conn, id, workspace.currency, &waiting).await?;
    let fairness = if asked.is_empty() { None } else { care::store::fairness(conn, id).await? };
    let calendar = workspace.calendar();
    let steps = store::steps(conn, id, &ids).await?;
    let chances = store::chances(conn, id, &ids).await?;
    let no_room = week::store::no_room(conn, id, week::actions::week(now.day(&zone))).await?;
    let glad = outcomes::store::said_glad(conn, id, &ids).await?;
    let mut measures = outcomes::store::measures(conn, id, &ids).await?;
    let lessons = outcomes::store::lessons(conn, id).await?;
    let mut all = HashMap::with_capacity(deals.len());
    for deal in deals {
        let Some(pursuit) = pursuits.remove(&deal.id) else { continue };
        let minutes_since_agreed = match deal.agreed_on.filter(|_| !deal.phase.is_before_agreement()) {
            Some(day) => store::minutes_since(conn, id, deal.id, (day.start(&zone), day)).await?,
            None => 0,
        };
        let own = said.remove(&deal.id).unwrap_or_default();
        let figures = Figures {
            deal: lines(&own, Origin::Deal),
            product: deal.product_id.and_then(|product| profiles.get(&product)).cloned().unwrap_or_default(),
        };
        let facts = Facts {
            deal: deal.it.clone(),
            today: now.day(&zone),
            words: Words { currency: deal.currency, locale: workspace.locale },
            pursuit,
            figures,
            client_chance: chances.get(&deal.id).copied(),
            client_floor: workspace.settings.client_floor,
            hour_value: workspace.settings.hour_value,
            early: early.get(&deal.id).and_then(|all| all.first()).map(|it| it.title.clone()),
            wants_unanswered: wants.remove(&deal.id).unwrap_or_default(),
            contraindications: applying.remove(&deal.id).unwrap_or_default(),
            spoken_on: spoken
                .get(&deal.id)
                .copied()
                .max(heard_of(deal).and_then(|it| it.last))
                .map(|at| at.day(&zone)),
            cadence_days: heard_of(deal).and_then(|it| it.days).unwrap_or(workspace.settings.care_days),
            felt: felt
                .remove(&deal.id)
                .unwrap_or_default()
                .into_iter()
                .map(|(at, mood, word)| (at.day(&zone), mood, word))
                .collect(),
            waits: deal.company_id.and_then(|company| {
                let (request, title, since) = asked.get(&company)?;
                let larger =
                    fairness.as_ref()?.1.larger_than(revenues.get(&company).copied().unwrap_or(0))?;
                let hours = calendar.minutes_between(*since, now) / 60.0;
                Some((*request, title.clone(), hours, larger))
            }),
            steps_open: steps.get(&deal.id).copied().unwrap_or(0),
            deciders: deciders.get(&deal.id).copied().unwrap_or(0),
            given: given.remove(&deal.id).unwrap_or_default(),
            client_given: deal.company_id.and_then(|id| client_given.get(&id)).copied().unwrap_or_default(),
            their_missed: their_missed.remove(&deal.id).unwrap_or_default(),
            their_promises: deal
                .company_id
                .and_then(|id| their_promises.get(&id))
                .copied()
                .unwrap_or_default(),
            minutes_since_agreed,
            no_room: no_room
                .iter()
                .filter(|(of, ..)| *of == deal.id)
                .map(|(_, title, due)| (title.clone(), *due))
                .collect(),
            glad: glad
                .iter()
                .filter(|(of, ..)| *of == deal.id)
                .map(|(_, moment, felt, because)| (*moment, *felt, because.clone()))
                .collect(),
            measure: measures.remove(&deal.id).map(|measure| {
                let reached = lessons.reached(deal.product_id);
                (measure, reached.filter(|it| it.n >= outcomes::CASES_MIN).map(|it| (it.p90, it.n)))
            }),
        };
        all.insert(deal.id, facts);
    }
    Ok(all)
}

/// What both advocates find, answered or not.
pub fn look(facts: &Facts) -> Vec<(&'static Rule, Found)> {
    rules::all().filter_map(|rule| Some((rule, (rule.look)(facts)?))).collect()
}

/// The answer that holds for a finding: the newest for its facts.
pub fn answer<'r>(rule: &Rule, found: &Found, replies: &'r [Kept<Reply>]) -> Option<&'r Kept<Reply>> {
    replies.iter().find(|reply| reply.rule == rule.code && reply.mark == found.mark)
}

/// What is open: found, not answered for these facts, and answered beside the finding at all.
fn open(facts: &Facts, replies: &[Kept<Reply>]) -> Vec<Open> {
    let found = look(facts).into_iter();
    let open = found
        .filter(|(rule, found)| rule.answered == Answered::Beside && answer(rule, found, replies).is_none());
    let mut open: Vec<Open> = open
        .map(|(rule, found)| Open {
            rule: rule.code.to_owned(),
            side: rule.side,
            evidence: found.evidence,
            mark: found.mark,
        })
        .collect();
    open.sort_by(|one, other| one.rule.cmp(&other.rule));
    open
}

/// What the advocates find in one deal, with the answers.
///
/// # Errors
/// What the database says.
pub async fn of_deal(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: &Kept<Deal>,
    now: When,
) -> Result<(Vec<(&'static Rule, Found)>, Vec<Kept<Reply>>)> {
    let replies = store::replies(conn, workspace, &[deal.id]).await?.remove(&deal.id).unwrap_or_default();
    if !is_argued(deal) {
        return Ok((Vec::new(), replies));
    }
    let workspace = accounts::store::workspace(conn, workspace).await?.ok_or(Error::NotFound)?;
    let facts = gather(conn, &workspace, std::slice::from_ref(deal), now).await?;
    Ok((facts.get(&deal.id).map(look).unwrap_or_default(), replies))
}

/// Answers a finding: it is not said again until its facts change.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` without a reason where one is needed; `Refused` when nothing is found any more.
pub async fn reply(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    rule: &str,
    choice: Verdict,
    reason: Option<String>,
) -> Result<Kept<Reply>> {
    let deal = records::get(tx, &act.scope, id).await?;
    let (found, _) = of_deal(tx, act.scope.workspace(), &deal, act.now).await?;
    let found = found.into_iter().find(|(known, _)| known.code == rule && known.answered == Answered::Beside);
    let Some((rule, found)) = found else {
        return Err(Error::Refused("Nobody says that any more: its facts have changed.".into()));
    };
    let reply = Reply {
        deal_id: deal.id,
        owner_id: act.scope.member(),
        rule: rule.code.to_owned(),
        mark: found.mark,
        evidence: found.evidence,
        choice,
        reason,
    };
    let kept = records::create(tx, act, reply).await?;
    refresh(tx, act, deal.id).await?;
    Ok(kept)
}

/// Looks at a deal again, in the transaction of the change that calls for it.
///
/// # Errors
/// What the database says.
pub async fn refresh(tx: &mut Tx, act: &Act, id: Id<Deal>) -> Result<()> {
    let deal = records::get_any(tx, &act.scope, id).await?;
    let workspace = accounts::store::workspace(tx, act.scope.workspace()).await?.ok_or(Error::NotFound)?;
    let open = if is_argued(&deal) {
        let facts = gather(tx, &workspace, std::slice::from_ref(&deal), act.now).await?;
        let replies = store::replies(tx, workspace.id, &[id]).await?.remove(&id).unwrap_or_default();
        facts.get(&id).map(|facts| open(facts, &replies)).unwrap_or_default()
    } else {
        Vec::new()
    };
    Ok(store::keep(tx, workspace.id, id, &open, act.now).await?)
}

/// Looks at some deals again; those that are no deals are left out. For background work: writes only what changed.
///
/// # Errors
/// What the database says.
pub async fn look_again(app: &App, act: &Act, ids: &[Id<Deal>]) -> Result<()> {
    let mut conn = app.read().await?;
    let id = act.scope.workspace();
    let workspace = accounts::store::workspace(&mut conn, id).await?.ok_or(Error::NotFound)?;
    let deals: Vec<Kept<Deal>> = records::by_ids(&mut conn, id, ids).await?;
    if deals.is_empty() {
        return Ok(());
    }
    let argued: Vec<Kept<Deal>> = deals.iter().filter(|deal| is_argued(deal)).cloned().collect();
    let facts = gather(&mut conn, &workspace, &argued, act.now).await?;
    let replies = store::replies(&mut conn, id, ids).await?;
    let known = store::kept(&mut conn, id, ids).await?;
    drop(conn);
    let (mut changed, mut again) = (Vec::new(), Vec::new());
    for deal in &deals {
        let replies = replies.get(&deal.id).map_or(&[][..], Vec::as_slice);
        let open = facts.get(&deal.id).map(|facts| open(facts, replies)).unwrap_or_default();
        if known.get(&deal.id).map_or(&[][..], Vec::as_slice) != open.as_slice() {
            // Answered once, and found again for other facts: whoever runs the deal should look.
            let known = known.get(&deal.id).map_or(&[][..], Vec::as_slice);
            for it in open.iter().filter(|it| !known.iter().any(|one| one.rule == it.rule)) {
                if let Some(owner) = deal.owner_id.filter(|_| replies.iter().any(|one| one.rule == it.rule)) {
                    let words =
                        format!("What you answered in {} stands otherwise now: {}", deal.title, it.evidence);
                    let path = format!("/deals/{}/findings", deal.id);
                    let news =
                        News { about: Some(deal.id.uuid()), ..News::new(Source::Changed, words, path) };
                    again.push((owner, format!("finding.{}.{}.{}", deal.id, it.rule, it.mark), news));
                }
            }
            changed.push((deal.id, open));
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    let now = act.now;
    app.write(move |tx| {
        Box::pin(async move {
            for (deal, open) in &changed {
                store::keep(tx, id, *deal, open, now).await?;
            }
            Ok(())
        })
    })
    .await?;
    notices::tell_all_once(app, act, again).await.map(drop)
}
