//! The page.

use crate::accounts::{Member, Right, Sees};
use crate::advocates::{self, FoundLine};
use crate::base::{Id, Money, plural};
use crate::commitments;
use crate::companies::Company;
use crate::concessions::{self, Waiting};
use crate::departures::{self, Comeback};
use crate::desk::Card;
use crate::desk::store::{self, Row};
use crate::desk::view::hours as some_hours;
use crate::error::Result;
use crate::notices;
use crate::pursuit::{self, StopLine};
use crate::records::{self, Kind};
use crate::service;
use crate::tasks::{self, Task};
use crate::web::layout::{Place, Shell};
use crate::web::picture::{self, Hue, Meter};
use crate::web::{PageError, Routes, Visit, page};
use crate::week::{self, Doing, Item, Step};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use db::Conn;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// Deals shown of each kind that the plan does not name; the rest is one click away.
const SHOWN: usize = 6;
/// Deals of the plan shown of each kind.
const PLANNED_SHOWN: usize = 12;
/// What did not fit, as far as it is shown.
const LEFT_SHOWN: usize = 8;
/// Deals shown of which an advocate says something.
const FOUND_SHOWN: usize = 5;
/// Tasks shown; the rest is one click away.
const TASKS_SHOWN: i64 = 8;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new().get("/", Right::Look, today).post("/week", Right::Sell, plan_again)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    whose: String,
}

/// A deal with the hours it gets this week, and why.
struct Next {
    card: Card,
    hours: String,
    why: String,
}

/// A group of deals with the same next step.
struct Group {
    code: &'static str,
    title: &'static str,
    why: &'static str,
    deals: Vec<Next>,
    more: bool,
}

/// The plan of a week.
struct WeekView {
    title: &'static str,
    meter: Meter,
    sentence: String,
    hour: String,
    broken: Vec<tasks::Line>,
    broken_promises: Vec<commitments::Promised>,
    care: Vec<(String, String, String)>,
    uncared: Vec<(String, String)>,
    left: Vec<Next>,
    left_more: usize,
    made: String,
}

#[derive(Template)]
#[template(path = "today/templates/today.html")]
struct TodayPage {
    shell: Shell,
    greeting: String,
    date: String,
    news: Vec<notices::Line>,
    comebacks: Vec<Comeback>,
    stops: Vec<StopLine>,
    found: Vec<FoundLine>,
    yes: Vec<Waiting>,
    asked: Vec<service::Line>,
    more_asked: bool,
    week: Option<WeekView>,
    groups: Vec<Group>,
    unpriced: Vec<Card>,
    waiting: Vec<Card>,
    promises: Vec<commitments::Promised>,
    tasks: Vec<tasks::Line>,
    more_tasks: bool,
    is_mine: bool,
    is_empty: bool,
    hour_value: String,
}

/// A deal with its item of the plan.
type Planned<'a> = (Id<crate::deals::Deal>, &'a Item);

/// The plans that are shown together.
#[derive(Default)]
struct Plans {
    kept: Vec<week::store::Kept>,
}

impl Plans {
    fn items(&self) -> impl Iterator<Item = &Item> {
        self.kept.iter().flat_map(|kept| &kept.plan.items)
    }

    /// The deals of the plan, and of what did not fit, with the item of each.
    fn deals(&self) -> (Vec<Planned<'_>>, Vec<Planned<'_>>) {
        let deal = |item| match item {
            &Item { doing: Doing::Deal(id), .. } => Some((Id::of(id), item)),
            _ => None,
        };
        let mut left: Vec<_> = self.kept.iter().flat_map(|kept| &kept.plan.left).filter_map(deal).collect();
        left.truncate(LEFT_SHOWN * 4);
        let mut planned: Vec<_> = self.items().filter_map(deal).collect();
        planned.truncate(store::BY_IDS_MAX - left.len());
        (planned, left)
    }
}

async fn today(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    // Who sees only their own has nothing else to look at; others begin with their own and may look at all.
    page(&gather(&visit, asked.whose != "all").await?)
}

/// What there is to see today: of one's own, or of all one may see.
async fn gather(visit: &Visit, is_mine: bool) -> Result<TodayPage> {
    let mut conn = visit.read().await?;
    let scope = visit.scope();
    let owner: Option<Id<Member>> = if is_mine { scope.member() } else { None };
    let monday = week::actions::week(visit.today());
    let plans = Plans { kept: week::store::plans(&mut conn, scope, monday, owner).await? };
    let (planned, left) = plans.deals();
    let ids: Vec<_> = planned.iter().chain(&left).map(|(id, _)| *id).collect();
    let mut rows: HashMap<_, Row> =
        store::by_ids(&mut conn, scope, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    rows.retain(|_, row| row.standing == crate::deals::Standing::Open && row.phase.is_before_agreement());
    let known: HashSet<_> = ids.iter().copied().collect();
    let mut by_verdict: HashMap<String, Vec<Next>> = HashMap::new();
    for (id, item) in planned {
        let Some(row) = rows.remove(&id) else { continue };
        let verdict = row.summary.as_ref().map(|summary| summary.verdict.clone()).unwrap_or_default();
        by_verdict.entry(verdict).or_default().push(planned_deal(row, item, visit));
    }
    let left: Vec<Next> = left
        .into_iter()
        .filter_map(|(id, item)| Some(planned_deal(rows.remove(&id)?, item, visit)))
        .take(LEFT_SHOWN)
        .collect();
    let mut groups = Vec::new();
    for (code, title, why) in [
        ("ask_first", "Ask first", "One answer is worth more than the time it takes"),
        ("go_ahead", "Go ahead", "It likely helps both sides"),
        ("rebalance", "Rebalance", "Other terms would help both sides"),
        ("walk_away", "Walk away kindly", "It would not help both sides, and no terms would change that"),
    ] {
        let mut deals = by_verdict.remove(code).unwrap_or_default();
        let limit = i64::try_from(SHOWN + known.len().min(PLANNED_SHOWN) + 1).unwrap_or(i64::MAX);
        let others = store::with_verdict(&mut conn, scope, code, owner, limit).await?;
        let mut more = deals.len() > PLANNED_SHOWN;
        deals.truncate(PLANNED_SHOWN);
        let has_plan = !plans.kept.is_empty();
        for row in others.into_iter().filter(|row| !known.contains(&row.id)) {
            if deals.len() >= SHOWN {
                more = true;
                break;
            }
            deals.push(other_deal(row, has_plan, visit));
        }
        groups.push(Group { code, title, why, deals, more });
    }
    let shown = i64::try_from(SHOWN).unwrap_or(0);
    let comebacks = departures::comebacks(&mut conn, visit, owner, shown).await?;
    let news = notices::from_clients(&mut conn, visit, SHOWN).await?;
    let yes = concessions::waiting(&mut conn, visit).await?;
    let found = advocates::found(&mut conn, visit, owner, FOUND_SHOWN).await?;
    let stops = pursuit::stops(&mut conn, visit, owner, shown).await?;
    let (asked, more_asked) = service::waiting(&mut conn, visit, owner).await?;
    let unpriced = cards(store::without_answer(&mut conn, scope, owner, shown).await?, visit);
    let waiting = cards(store::to_revisit(&mut conn, scope, visit.today()).await?, visit);
    let mut due = tasks::store::due(&mut conn, scope, owner, visit.today(), TASKS_SHOWN + 1).await?;
    let more_tasks = due.len() > usize::try_from(TASKS_SHOWN).unwrap_or(0);
    due.truncate(usize::try_from(TASKS_SHOWN).unwrap_or(0));
    let tasks = tasks::as_lines(&mut conn, visit, &due, None).await?;
    let promises = commitments::promised(&mut conn, visit, owner).await?;
    let decisions: usize = groups.iter().map(|group| group.deals.len()).sum();
    let week = week_view(&mut conn, visit, &plans, left).await?;
    let is_idle = week.is_none() || plans.kept.iter().all(|kept| kept.plan.is_idle());
    let count = news.len()
        + decisions
        + stops.len()
        + comebacks.len()
        + found.len()
        + yes.len()
        + asked.len()
        + unpriced.len()
        + waiting.len()
        + tasks.len()
        + promises.len();
    drop(conn);
    let name = visit.seat.member.name.split_whitespace().next().unwrap_or_default().to_owned();
    let hour = visit.now.timestamp().to_zoned(visit.zone()).hour();
    let hello = match hour {
        4..12 => "Good morning",
        12..18 => "Good afternoon",
        _ => "Good evening",
    };
    let settings = &visit.seat.workspace.settings;
    Ok(TodayPage {
        shell: visit.shell(Place::Today),
        greeting: format!("{hello}, {name}."),
        date: visit.today().show(visit.locale()),
        is_empty: count == 0 && is_idle,
        news,
        comebacks,
        stops,
        found,
        yes,
        asked,
        more_asked,
        week,
        groups,
        unpriced,
        waiting,
        promises,
        tasks,
        more_tasks,
        is_mine: is_mine && visit.seat.member.sees != Sees::Own,
        hour_value: Money::of_units(settings.hour_value, visit.currency()).show(visit.locale()),
    })
}

/// What Today says, in its order, as plain lines: for a digest, which keeps it as it stood.
///
/// # Errors
/// What the database says.
pub async fn told(visit: &Visit, is_mine: bool) -> Result<Vec<Told>> {
    Ok(gather(visit, is_mine).await?.told())
}

/// A part of Today in plain lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What it is called.
    pub title: String,
    /// Its lines: where each leads, what it is about, what is said of it.
    pub lines: Vec<(String, String, String)>,
}

impl TodayPage {
    fn told(self) -> Vec<Told> {
        // Every part is named, so that a new one is either told or left out on purpose.
        let Self {
            shell: _,
            greeting: _,
            date: _,
            news,
            comebacks,
            stops,
            found,
            yes,
            asked,
            more_asked: _,
            week,
            groups,
            unpriced,
            waiting,
            promises,
            tasks,
            more_tasks: _,
            is_mine: _,
            is_empty: _,
            hour_value: _,
        } = self;
        let about = |company: &str, text: &str| {
            let parts = [company, text];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        };
        let mut all = Vec::new();
        let mut tell = |title: &str, lines: Vec<(String, String, String)>| {
            if !lines.is_empty() {
                all.push(Told { title: title.to_owned(), lines });
            }
        };
        let line = |href, title, note| (href, title, note);
        tell("What clients did", news.into_iter().map(|it| line(it.href, it.words, it.note)).collect());
        tell(
            "What you waited for has come",
            comebacks.into_iter().map(|it| line(it.href, it.title, about(&it.company, &it.why))).collect(),
        );
        tell(
            "Is it right to go on?",
            stops.into_iter().map(|it| line(it.href, it.title, about(&it.company, &it.why))).collect(),
        );
        for group in groups {
            let lines = group.deals.into_iter().map(|next| {
                let card = next.card;
                let note = about(&card.company, &card.reason);
                let hours =
                    if next.hours.is_empty() { note.clone() } else { format!("{}: {note}", next.hours) };
                line(card.href, card.title, hours)
            });
            tell(group.title, lines.collect());
        }
        if let Some(week) = week {
            let late = week.broken.into_iter().map(|it| line(it.href, it.title, it.due));
            let promised = week.broken_promises.into_iter().map(|it| line(it.href, it.title, it.day));
            tell("Promised, and no room for it", late.chain(promised).collect());
            tell("Who has not been heard from", week.care);
        }
        let promises = promises.into_iter().map(|it| {
            let who = if it.side == "client" { "They" } else { "We" };
            let note = about(who, &about(&it.day, &about(&it.about, &it.asked)));
            line(it.href, it.title, note)
        });
        tell("Promised", promises.collect());
        tell("To do today", tasks.into_iter().map(|it| line(it.href, it.title, it.due)).collect());
        tell(
            "Waits for our answer",
            asked.into_iter().map(|it| line(it.href, it.title, about(&it.waits, &it.late))).collect(),
        );
        tell(
            "Waits for your yes",
            yes.into_iter().map(|it| line("/concessions".to_owned(), it.title, it.note)).collect(),
        );
        let found = found.into_iter().map(|it| {
            let said: Vec<String> = it.said.into_iter().map(|(_, evidence)| evidence).collect();
            line(it.href, it.title, about(&it.company, &said.join(" ")))
        });
        tell("What the advocates say", found.collect());
        let cards = |cards: Vec<Card>| {
            cards.into_iter().map(|card| line(card.href, card.title, card.company)).collect()
        };
        tell("Give it a price", cards(unpriced));
        tell("Look again", cards(waiting));
        all
    }
}

/// Asks for the week to be planned anew.
async fn plan_again(visit: Visit) -> Result<Response, PageError> {
    visit.write(|tx, act| Box::pin(async move { week::actions::plan_later(tx, act).await })).await?;
    Ok(visit.done("/", "The week is being planned anew. Look again in a moment.", None))
}

/// A deal of the plan, with the hours it gets and why.
fn planned_deal(row: Row, item: &Item, visit: &Visit) -> Next {
    let card = Card::of(row, visit);
    let locale = visit.locale();
    let worth = visit.money(Money::of_units(item.value.round(), visit.currency()));
    let hours = some_hours(item.hours, locale);
    let all = some_hours(card.hours_ahead, locale);
    let why = match item.step.filter(|step| step.verdict() == card.verdict) {
        Some(Step::Ask) => {
            let an_hour = Money::of_units((item.value / item.hours.max(0.25)).round(), visit.currency());
            format!("{} for an hour of asking", visit.money(an_hour))
        }
        Some(Step::Go) if all != hours => format!("{hours} of the {all} ahead, worth {worth}"),
        Some(Step::Go | Step::GoAll) => format!("worth {worth} before the hours"),
        Some(Step::Rebalance | Step::Leave) => format!("settling it saves {worth} of our time"),
        None => "it stands otherwise than when the week was planned".to_owned(),
    };
    Next { hours, why, card }
}

/// A deal that the plan does not name.
fn other_deal(row: Row, has_plan: bool, visit: &Visit) -> Next {
    let card = Card::of(row, visit);
    let why = match (has_plan, card.owner.is_empty()) {
        (true, true) => "nobody runs it".to_owned(),
        (true, false) => "not in the plan of this week".to_owned(),
        (false, _) => String::new(),
    };
    // Beside hours of the plan, all the hours of the way would look like this week's.
    let hours = if has_plan { String::new() } else { card.hours.clone() };
    Next { hours, why, card }
}

async fn week_view(
    conn: &mut Conn,
    visit: &Visit,
    plans: &Plans,
    left: Vec<Next>,
) -> Result<Option<WeekView>> {
    let Some(first) = plans.kept.first() else { return Ok(None) };
    let (locale, scope) = (visit.locale(), visit.scope());
    let all = || plans.kept.iter().map(|kept| &kept.plan);
    let hours: f64 = all().map(|plan| plan.hours).sum();
    let used: f64 = all().map(|plan| plan.planned).sum();
    let uncared: Vec<Id<Company>> = all().flat_map(|plan| &plan.uncared).map(|id| Id::of(*id)).collect();
    let care: Vec<(Id<Company>, Option<i64>)> = plans
        .items()
        .filter_map(|item| match item.doing {
            Doing::Client(id) => Some((Id::of(id), item.days)),
            _ => None,
        })
        .take(store::BY_IDS_MAX)
        .collect();
    let wanted: Vec<_> = care.iter().map(|(id, _)| *id).chain(uncared.iter().copied()).collect();
    let names = records::names(conn, scope, Kind::Company, wanted).await?;
    let named = |id: Id<Company>| Some((format!("/companies/{id}"), names.get(&id.uuid())?.clone()));
    let care: Vec<_> = care
        .into_iter()
        .filter_map(|(id, days)| {
            let (href, name) = named(id)?;
            let since = days.map_or_else(
                || "nobody has noted a word with them yet".to_owned(),
                |days| format!("nobody has spoken to them for {}", plural(days, "day", "days")),
            );
            Some((href, name, since))
        })
        .collect();
    let broken: Vec<uuid::Uuid> = all().flat_map(|plan| &plan.broken).copied().take(SHOWN).collect();
    let broken_promises = commitments::promised_of(conn, visit, &broken).await?;
    let broken: Vec<Id<Task>> = broken.into_iter().map(Id::of).collect();
    let broken: Vec<_> = records::by_ids::<Task>(conn, scope.workspace(), &broken)
        .await?
        .into_iter()
        .filter(|task| task.done_at.is_none() && task.removed_at.is_none() && scope.may_see(task.owner_id))
        .collect();
    let broken = tasks::as_lines(conn, visit, &broken, None).await?;
    let (mut promises, mut deals, mut clients) = (0, 0, 0);
    for item in plans.items() {
        match item.doing {
            Doing::Task(_) => promises += 1,
            Doing::Deal(_) => deals += 1,
            Doing::Client(_) => clients += 1,
        }
    }
    let whole = |hours: f64| {
        locale.number((hours * 2.0).round() / 2.0, usize::from((hours * 2.0).round() % 2.0 != 0.0))
    };
    let shadow = all().map(|plan| plan.hour_value).fold(0.0, f64::max);
    let hour = if plans.kept.len() == 1 && shadow >= 1.0 {
        format!(
            "One more hour would bring about {}.",
            visit.money(Money::of_units(shadow.round(), visit.currency()))
        )
    } else if plans.kept.len() == 1 {
        "Everything that is worth an hour has one.".to_owned()
    } else {
        String::new()
    };
    let left_count: usize = all().map(|plan| plan.left_count).sum();
    let text = format!("{} of {} hours", whole(used), whole(hours));
    Ok(Some(WeekView {
        title: if first.week > visit.today() { "The coming week" } else { "This week" },
        meter: picture::meter(used, hours.max(f64::MIN_POSITIVE), Hue::Company, &text),
        sentence: format!(
            "{}, {} and {} to speak to.",
            plural(promises, "promise", "promises"),
            plural(deals, "deal", "deals"),
            plural(clients, "client", "clients")
        ),
        hour,
        broken,
        broken_promises,
        uncared: uncared.into_iter().filter_map(named).take(LEFT_SHOWN).collect(),
        care,
        left_more: left_count.saturating_sub(left.len()),
        left,
        made: first.made_at.show(&visit.zone(), locale),
    }))
}

fn cards(rows: Vec<Row>, visit: &Visit) -> Vec<Card> {
    rows.into_iter().map(|row| Card::of(row, visit)).collect()
}
