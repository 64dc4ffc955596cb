//! The forecast: what the open deals will bring, and how far to trust that.

use crate::accounts::Right;
use crate::base::{Date, Money};
use crate::error::Result;
use crate::forecast::actions::{ENDED_MIN, view_of};
use crate::forecast::store::{self, Kept};
use crate::forecast::{Outlook, Within};
use crate::web::layout::{Place, Shell};
use crate::web::picture::{self, Hue, RangePicture};
use crate::web::{PageError, Routes, Visit, page};
use askama::Template;
use axum::response::Response;

/// Of deals with like chances fewer than this are not shown apart: a share of a handful says nothing.
const TENTH_MIN: f64 = 5.0;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new().get("/deals/forecast", Right::Look, show)
}

#[derive(Template)]
#[template(path = "forecast/templates/forecast.html")]
struct ForecastPage {
    shell: Shell,
    horizons: Vec<HorizonView>,
    as_of: String,
    open: String,
    decided: String,
    left_out: Vec<String>,
    trust: Option<Trust>,
    ended_min: i64,
    whose: &'static str,
}

struct HorizonView {
    title: String,
    likely: String,
    low: String,
    high: String,
    deals: String,
    picture: RangePicture,
}

/// How good the model is.
struct Trust {
    is_better: bool,
    n: String,
    average: String,
    fitted: String,
    judged: String,
    brier: String,
    base: String,
    gain: String,
    gain_is_sure: bool,
    tenths: Vec<TenthView>,
    uses: Vec<String>,
    left_out: Vec<(String, String)>,
}

struct TenthView {
    said: String,
    came: String,
    n: String,
    picture: RangePicture,
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let workspace = visit.scope().workspace();
    let member = &visit.seat.member;
    let view = view_of(Some(member.id), member.sees, member.team_id);
    let mut conn = visit.read().await?;
    let kept = store::kept(&mut conn, workspace).await?;
    let told = store::outlook(&mut conn, workspace, &view).await?;
    drop(conn);
    let (as_of, outlook) = told.map_or((None, None), |(as_of, outlook)| (Some(as_of), Some(outlook)));
    let locale = visit.locale();
    let count = |n: usize| locale.number(f64::from(u32::try_from(n).unwrap_or(u32::MAX)), 0);
    let page_of = ForecastPage {
        shell: visit.shell(Place::Deals),
        horizons: outlook.as_ref().map_or_else(Vec::new, |outlook| horizons(&visit, outlook)),
        as_of: as_of.map_or_else(String::new, |day: Date| day.show(locale)),
        open: outlook.as_ref().map_or_else(String::new, |outlook| count(outlook.open)),
        decided: outlook.as_ref().map_or_else(String::new, |outlook| count(outlook.decided)),
        left_out: outlook.as_ref().map_or_else(Vec::new, |outlook| not_counted(outlook, &count)),
        trust: kept.map(|kept| trust(&visit, &kept)),
        ended_min: ENDED_MIN,
        whose: match view.split(':').next() {
            Some("team") => "your team's",
            Some("member") => "your",
            _ => "everybody's",
        },
    };
    page(&page_of)
}

fn not_counted(outlook: &Outlook, count: &impl Fn(usize) -> String) -> Vec<String> {
    let mut said = Vec::new();
    if outlook.silent > 0 {
        said.push(format!(
            "{} open deals of the workspace count for nothing here: they have no first day, or are older than any deal that ended.",
            count(outlook.silent)
        ));
    }
    if outlook.foreign > 0 {
        said.push(format!(
            "{} open deals in other currencies are not counted: no rate is known.",
            count(outlook.foreign)
        ));
    }
    said
}

fn horizons(visit: &Visit, outlook: &Outlook) -> Vec<HorizonView> {
    let money = |value: f64| visit.money(Money::of_units(sensible(value), visit.currency()));
    let most = outlook.horizons.iter().map(|within| within.p90).fold(1.0, f64::max);
    let view = |within: &Within| HorizonView {
        title: format!("Within {} days", within.days),
        likely: money(within.p50),
        low: money(within.p10),
        high: money(within.p90),
        deals: visit.locale().number(within.deals, usize::from(within.deals < 10.0)),
        picture: picture::range([within.p10, within.p50, within.p90], [0.0, most], Hue::Company, &money),
    };
    outlook.horizons.iter().map(view).collect()
}

/// Two digits: more would say that we know more.
fn sensible(value: f64) -> f64 {
    if value < 100.0 {
        return value.round();
    }
    let step = 10_f64.powf(value.log10().floor() - 1.0);
    (value / step).round() * step
}

fn trust(visit: &Visit, kept: &Kept) -> Trust {
    let locale = visit.locale();
    #[expect(clippy::cast_precision_loss, reason = "counts of deals are far below 2^53")]
    let (n, won) = (kept.n as f64, kept.n_won as f64);
    let of_100 = |share: f64| locale.number((share * 100.0).round(), 0);
    let skill = &kept.skill;
    let three = |value: f64| locale.number(value, 3);
    let tenth = |it: &crate::forecast::Tenth| {
        let spread = (it.came * (1.0 - it.came) / it.n.max(1.0)).sqrt() * engine::normal::Z90;
        let (low, high) = ((it.came - spread).max(0.0), (it.came + spread).min(1.0));
        TenthView {
            said: of_100(it.said),
            came: of_100(it.came),
            n: locale.number(it.n.round(), 0),
            picture: picture::range([low, it.came, high], [0.0, 1.0], Hue::Company, &|share| {
                format!("{} of 100", of_100(share))
            }),
        }
    };
    Trust {
        is_better: kept.is_better,
        n: locale.number(n, 0),
        average: of_100(won / n.max(1.0)),
        fitted: kept.as_of.show(locale),
        judged: locale.number(f64::from(u32::try_from(skill.n).unwrap_or(u32::MAX)), 0),
        brier: skill.brier.map_or_else(String::new, |it| three(it.value)),
        base: skill.brier.map_or_else(String::new, |it| three(it.base)),
        gain: skill.gain.map_or_else(String::new, |it| {
            format!(
                "{} lower ({} to {} in 95 of 100 such samples)",
                three(it.value),
                three(it.low),
                three(it.high)
            )
        }),
        gain_is_sure: skill.gain.is_some_and(|it| it.low > 0.0),
        tenths: skill.reliability.iter().filter(|it| it.n >= TENTH_MIN).map(tenth).collect(),
        uses: skill.uses.clone(),
        left_out: skill.left_out.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_to_come_has_two_digits() {
        for (value, told) in [(0.4, 0.0), (87.3, 87.0), (123_456.0, 120_000.0), (98_765.0, 99_000.0)] {
            assert!((sensible(value) - told).abs() < 1e-6, "{value}");
        }
    }
}
