//! The page.

use crate::accounts::{Member, Right, Sees};
use crate::base::Id;
use crate::desk::Card;
use crate::desk::store::{self, Row};
use crate::error::Result;
use crate::pursuit::{self, StopLine};
use crate::tasks;
use crate::web::layout::{Place, Shell};
use crate::web::{PageError, Routes, Visit, page};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

/// Deals shown of each kind; the rest is one click away.
const SHOWN: i64 = 6;
/// Tasks shown; the rest is one click away.
const TASKS_SHOWN: i64 = 8;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new().get("/", Right::Look, today)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    whose: String,
}

/// A group of deals with the same next step.
struct Group {
    code: &'static str,
    title: &'static str,
    why: &'static str,
    cards: Vec<Card>,
    more: bool,
}

#[derive(Template)]
#[template(path = "today/templates/today.html")]
struct TodayPage {
    shell: Shell,
    greeting: String,
    date: String,
    stops: Vec<StopLine>,
    groups: Vec<Group>,
    unpriced: Vec<Card>,
    waiting: Vec<Card>,
    tasks: Vec<tasks::Line>,
    more_tasks: bool,
    is_mine: bool,
    is_empty: bool,
    hour_value: String,
}

async fn today(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let scope = visit.scope();
    // Who sees only their own has nothing else to look at; others begin with their own and may look at all.
    let is_mine = asked.whose != "all";
    let owner: Option<Id<Member>> = if is_mine { scope.member() } else { None };
    let mut groups = Vec::new();
    for (code, title, why) in [
        ("ask_first", "Ask first", "One answer is worth more than the time it takes"),
        ("go_ahead", "Go ahead", "It likely helps both sides"),
        ("rebalance", "Rebalance", "Other terms would help both sides"),
        ("walk_away", "Walk away kindly", "It would not help both sides, and no terms would change that"),
    ] {
        let mut rows = store::with_verdict(&mut conn, scope, code, owner, SHOWN + 1).await?;
        let more = rows.len() > usize::try_from(SHOWN).unwrap_or(0);
        rows.truncate(usize::try_from(SHOWN).unwrap_or(0));
        groups.push(Group { code, title, why, cards: cards(rows, &visit), more });
    }
    let stops = pursuit::stops(&mut conn, &visit, owner, SHOWN).await?;
    let unpriced = cards(store::without_answer(&mut conn, scope, owner, SHOWN).await?, &visit);
    let waiting = cards(store::to_revisit(&mut conn, scope, visit.today()).await?, &visit);
    let mut due = tasks::store::due(&mut conn, scope, owner, visit.today(), TASKS_SHOWN + 1).await?;
    let more_tasks = due.len() > usize::try_from(TASKS_SHOWN).unwrap_or(0);
    due.truncate(usize::try_from(TASKS_SHOWN).unwrap_or(0));
    let tasks = tasks::as_lines(&mut conn, &visit, &due, None).await?;
    let decisions: usize = groups.iter().map(|group| group.cards.len()).sum();
    let count = decisions + stops.len() + unpriced.len() + waiting.len() + tasks.len();
    drop(conn);
    let name = visit.seat.member.name.split_whitespace().next().unwrap_or_default().to_owned();
    let hour = visit.now.timestamp().to_zoned(visit.zone()).hour();
    let hello = match hour {
        4..12 => "Good morning",
        12..18 => "Good afternoon",
        _ => "Good evening",
    };
    let settings = &visit.seat.workspace.settings;
    let today_page = TodayPage {
        shell: visit.shell(Place::Today),
        greeting: format!("{hello}, {name}."),
        date: visit.today().show(visit.locale()),
        is_empty: count == 0,
        stops,
        groups,
        unpriced,
        waiting,
        tasks,
        more_tasks,
        is_mine: is_mine && visit.seat.member.sees != Sees::Own,
        hour_value: crate::base::Money::of_units(settings.hour_value, visit.currency()).show(visit.locale()),
    };
    page(&today_page)
}

fn cards(rows: Vec<Row>, visit: &Visit) -> Vec<Card> {
    rows.into_iter().map(|row| Card::of(row, visit)).collect()
}
