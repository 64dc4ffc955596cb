//! Planning the week of everybody.

use crate::accounts::{self, Act, Member, Right, Role, Via, Workspace};
use crate::app::App;
use crate::assessment;
use crate::base::{Date, Id};
use crate::care;
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::jobs::{self, Job};
use crate::notices::{self, News, Source};
use crate::records::{self, Kept};
use crate::week::plan::{Week, drawn, week_of};
use crate::week::{Care, Doing, MemberHours, Plan, store};
use db::{Conn, Tx};
use std::collections::HashMap;

/// How many clients without a word come into the week of one member: the longest neglected.
const CARE_MAX: usize = 10;

/// The week that is planned now, by its first day.
pub fn week(today: Date) -> Date {
    week_of(today).0
}

/// Tells who runs a deal what was promised in it and has no room in this week's plan, each once. Answers with how many were
/// told.
///
/// # Errors
/// What the database says.
pub async fn warn(app: &App, act: &Act) -> Result<usize> {
    let mut conn = app.read().await?;
    let id = act.scope.workspace();
    let workspace = accounts::store::workspace(&mut conn, id).await?.ok_or(Error::NotFound)?;
    let today = act.now.day(&workspace.zone());
    let found = store::no_room(&mut conn, id, week(today)).await?;
    let deals: Vec<Id<Deal>> = found.iter().map(|(deal, ..)| *deal).collect();
    let deals: Vec<Kept<Deal>> = records::by_ids(&mut conn, id, &deals).await?;
    drop(conn);
    let told = found.into_iter().filter_map(|(deal, title, due)| {
        let deal = deals.iter().find(|it| it.id == deal)?;
        let day = due.map_or_else(String::new, |day| {
            format!(", promised for {}", day.show_near(today, workspace.locale))
        });
        let words = format!("“{title}” in {}{day}: this week has no room for it", deal.title);
        let news = News {
            about: Some(deal.id.uuid()),
            ..News::new(Source::Due, words, format!("/deals/{}", deal.id))
        };
        let mark =
            format!("room.{}.{title}.{}", deal.id, due.map_or_else(String::new, |day| day.to_string()));
        Some((deal.owner_id?, mark, news))
    });
    notices::tell_all_once(app, act, told.collect()).await
}

/// Asks for the week to be planned anew.
///
/// # Errors
/// `Forbidden`.
pub async fn plan_later(tx: &mut Tx, act: &Act) -> Result<()> {
    act.scope.require(Right::Sell)?;
    jobs::later(tx, act, jobs::PLAN_WEEK, "", "{}").await
}

/// The job [`crate::jobs::PLAN_WEEK`]: plans what is left of the week; the first time in a week, also says what an hour is
/// worth from now on.
///
/// # Errors
/// What the database says.
pub async fn plan_week(app: &App, job: &Job) -> Result<()> {
    let act = app.act_for(job.workspace, Via::Job);
    let workspace = job.workspace;
    let mut conn = app.read().await?;
    let it = accounts::store::workspace(&mut conn, workspace).await?.ok_or(Error::NotFound)?;
    let today = act.now.day(&it.zone());
    let (monday, share) = week_of(today);
    let week = gather(&mut conn, &it, &act, today, share).await?;
    let known = assessment::store::hour_values(&mut conn, workspace).await?;
    drop(conn);
    let settings = it.settings.hour_value;
    let plans = tokio::task::spawn_blocking(move || week.plan())
        .await
        .map_err(|error| Error::Internal(error.to_string()))??;
    let hour_values = hour_values(&plans, &known, monday, settings);
    let now = act.now;
    app.write(move |tx| {
        Box::pin(async move {
            let before = store::no_room(tx, workspace, monday).await?;
            store::save(tx, workspace, monday, &plans, now).await?;
            let after = store::no_room(tx, workspace, monday).await?;
            let changed = before.iter().filter(|it| !after.contains(it));
            for (deal, ..) in changed.chain(after.iter().filter(|it| !before.contains(it))) {
                jobs::later(tx, &act, jobs::LOOK_AT_DEAL, &deal.to_string(), "{}").await?;
            }
            assessment::store::save_hour_values(tx, workspace, monday, &hour_values).await?;
            if !hour_values.is_empty() {
                // Deals are weighed with it from now on; the plan itself stays.
                jobs::later(tx, &act, jobs::ASSESS_ALL, "", "{}").await?;
            }
            Ok(())
        })
    })
    .await
}

/// What an hour of each member is worth from now on; nothing for those of whom this week said it already.
fn hour_values(
    plans: &[(Id<Member>, Plan)],
    known: &[(Id<Member>, Date, f64)],
    week: Date,
    settings: f64,
) -> Vec<(Id<Member>, f64)> {
    let known: HashMap<_, _> = known.iter().map(|(member, week, value)| (*member, (*week, *value))).collect();
    // Where the settings say that an hour is worth nothing, or no deal asks for one, nothing is made of it.
    let asked =
        |plan: &Plan| plan.items.iter().chain(&plan.left).any(|item| matches!(item.doing, Doing::Deal(_)));
    let planned = plans.iter().filter(|(_, plan)| settings > 0.0 && plan.hours > 0.0 && asked(plan));
    planned
        .filter(|(member, _)| known.get(member).is_none_or(|(of, _)| *of < week))
        .map(|(member, plan)| {
            let before = known.get(member).map_or(settings, |(_, value)| *value);
            (*member, drawn(before, plan.hour_value, settings))
        })
        .collect()
}

async fn gather(conn: &mut Conn, it: &Workspace, act: &Act, today: Date, share: f64) -> Result<Week> {
    let members = accounts::store::members(conn, it.id).await?;
    let working = members.iter().filter(|member| {
        member.email.is_some() && member.disabled_at.is_none() && member.role != Role::Viewer
    });
    let hours = |member: &Member| it.settings.hours_of(member) * share;
    let members: Vec<MemberHours> =
        working.map(|member| MemberHours { member: member.id, hours: hours(&member.it) }).collect();
    let monday = week_of(today).0;
    let mut neglected: HashMap<Id<Member>, Vec<Care>> = HashMap::new();
    for (company, member, last) in care::store::to_speak_to(conn, it.id, act.now).await? {
        let days = last.map(|last| today.days_since(last.day(&it.zone())));
        neglected.entry(member).or_default().push(Care { company, member, days });
    }
    // Nobody ever, then the longest: never by how much they pay.
    for of_member in neglected.values_mut() {
        of_member.sort_by_key(|care| std::cmp::Reverse(care.days.unwrap_or(i64::MAX)));
        of_member.truncate(CARE_MAX);
    }
    let hour_values = assessment::store::hour_values(conn, it.id).await?;
    Ok(Week {
        deals: store::deals(conn, it.id, it.currency).await?,
        due: store::due(conn, it.id, monday.plus_days(6)).await?,
        care: {
            let mut all: Vec<Care> = neglected.into_values().flatten().collect();
            all.sort_by_key(|care| care.company);
            all
        },
        members,
        today: Some(today),
        hour_values: hour_values.into_iter().map(|(member, _, value)| (member, value)).collect(),
        hour_value: it.settings.hour_value,
    })
}
