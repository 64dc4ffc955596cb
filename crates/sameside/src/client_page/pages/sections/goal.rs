//! What they want to do, how both see that it worked, what they asked for and how it is answered (P2, P3, P11).

use crate::base::Locale;
use crate::client_page::Words;
use crate::client_page::pages::sections::{Part, Reader};
use crate::diagnosis::{self, Answered};
use crate::error::Result;
use crate::outcomes::{self, Measure};
use db::Conn;

/// The fewest results from which it is told what others reached.
const TOLD_MIN: usize = 3;

#[derive(askama::Template)]
#[template(path = "client_page/templates/goal.html")]
struct Goal {
    w: Words,
    goal: String,
    goal_by: String,
    /// What is measured, from where to where, by when; empty for nothing.
    measure: String,
    /// What such clients reached; empty where too few did.
    reached: String,
    asked: Vec<Asked>,
}

/// One thing they asked for.
struct Asked {
    want: String,
    answer: String,
    because: String,
}

pub(super) async fn part(conn: &mut Conn, it: &Reader) -> Result<Option<Part>> {
    let (w, deal, workspace) = (it.words, &it.deal, it.workspace.id);
    let measure = outcomes::store::measure(conn, workspace, deal.id).await?;
    let asked = asked(conn, it).await?;
    if deal.goal.is_none() && measure.is_none() && asked.is_empty() {
        return Ok(None);
    }
    let reached = match &measure {
        Some(_) => reached(conn, it).await?,
        None => String::new(),
    };
    let goal = Goal {
        w,
        goal: deal.goal.clone().unwrap_or_default(),
        goal_by: deal.goal_by.clone().unwrap_or_default(),
        measure: measure.as_ref().map_or_else(String::new, |measure| measured(it, measure)),
        reached,
        asked,
    };
    Part::new("goal", &goal).map(Some)
}

/// What is measured: `Saturday orders: from 120 to 200 a week, by 30 Jun 2027`.
pub(super) fn measured(it: &Reader, measure: &Measure) -> String {
    let locale: Locale = it.words.locale;
    let from = plain(measure.baseline, locale);
    let to = measure.show(measure.wished, locale);
    let by = measure.by_on.map_or_else(String::new, |day| it.words.with("by-day", "day", it.day(day)));
    it.words.with_all(
        "measure-way",
        &[("what", measure.title.as_str()), ("from", &from), ("to", &to), ("by", &by)],
    )
}

/// A number with two decimals at most.
fn plain(value: f64, locale: Locale) -> String {
    let is_whole = (value - value.round()).abs() < 0.005;
    locale.number(value, if is_whole { 0 } else { 2 })
}

async fn reached(conn: &mut Conn, it: &Reader) -> Result<String> {
    let lessons = outcomes::store::lessons(conn, it.workspace.id).await?;
    let Some(told) = lessons.reached(it.deal.product_id).filter(|told| told.n >= TOLD_MIN) else {
        return Ok(String::new());
    };
    let percent = |share: f64| it.words.locale.number((share * 100.0).clamp(0.0, 999.0), 0);
    Ok(it.words.with_all(
        "others-reached",
        &[("low", percent(told.p10).as_str()), ("high", &percent(told.p90)), ("n", &told.n.to_string())],
    ))
}

async fn asked(conn: &mut Conn, it: &Reader) -> Result<Vec<Asked>> {
    let wants = diagnosis::store::wants(conn, it.workspace.id, it.deal.id).await?;
    let needs = diagnosis::store::needs(conn, it.workspace.id, it.deal.id).await?;
    let all = wants.iter().map(|want| {
        let need = needs.iter().find(|need| want.need_id == Some(need.id)).map(|need| need.title.clone());
        let answer = match (want.answered, need) {
            (None, _) => it.words.say("want-open"),
            (Some(Answered::IsNeed | Answered::Replaced), Some(need)) => need,
            (Some(Answered::IsNeed | Answered::Replaced), None) => it.words.say("want-yes"),
            (Some(Answered::Dropped), _) => it.words.say("want-dropped"),
        };
        let because = want.because.clone().filter(|_| want.answered.is_some()).unwrap_or_default();
        Asked { want: want.title.clone(), answer, because }
    });
    Ok(all.collect())
}
