//! When can we promise it? A question on a deal's page, with its answer.

use crate::accounts::Right;
use crate::base::{Date, Fields, Id, plural};
use crate::deals::Deal;
use crate::error::Result;
use crate::promises::actions;
use crate::promises::{Asked, Told};
use crate::records::{self, Kept};
use crate::tasks::parse_hours;
use crate::web::layout::{Place, Shell};
use crate::web::{Asked as Query, Form, PageError, Routes, Visit, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

/// A promise already made whose chance falls by more than this is told.
const FALLS: f64 = 0.01;
/// Promises that are told.
const SHOWN: usize = 12;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new().get("/deals/{id}/promise", Right::Look, show)
}

#[derive(Template)]
#[template(path = "promises/templates/promise.html")]
struct PromisePage {
    shell: Shell,
    deal: Kept<Deal>,
    form: Form,
    by: String,
    answer: Option<Answer>,
}

/// The answer in words.
struct Answer {
    dates: Vec<(&'static str, String, String)>,
    hours: String,
    from: String,
    wished: String,
    wished_is_safe: bool,
    others: Vec<(String, String, String)>,
    waits_for: Vec<String>,
    weighed: String,
    task_due: String,
    task_hours: String,
    task_said: String,
}

async fn show(visit: Visit, Path(id): Path<Id<Deal>>, Query(input): Query) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let deal = records::get(&mut conn, visit.scope(), id).await?;
    let workspace = &visit.seat.workspace;
    let by = actions::doer(&mut conn, workspace.id, &deal, visit.seat.member.id).await?;
    let values = [("hours", input.get("hours").to_owned()), ("wished", input.get("wished").to_owned())];
    let mut form = Form::of(values, None);
    let (mut status, mut answer) = (StatusCode::OK, None);
    if input.has("hours") {
        match read(&input, visit.today()) {
            Ok(asked) => {
                let told = actions::when(&mut conn, workspace, &deal, &by, asked, visit.today()).await?;
                answer = Some(words(&visit, &told, asked, &by.name));
            }
            Err(fields) => {
                status = StatusCode::UNPROCESSABLE_ENTITY;
                form = Form::again(&input, fields);
            }
        }
    }
    drop(conn);
    let by = by.it.name;
    page_as(status, &PromisePage { shell: visit.shell(Place::Deals), deal, form, by, answer })
}

fn read(input: &crate::web::Input, today: Date) -> Result<Asked, Fields> {
    let mut fields = Fields::default();
    let hours = match parse_hours(input.get("hours")) {
        Ok(hours) if hours.high() > 0.0 => Some(hours),
        Ok(_) => {
            fields.add("hours", "hours, more than 0");
            None
        }
        Err(right) => {
            fields.add("hours", right);
            None
        }
    };
    let wished = match input.get("wished") {
        "" => None,
        text => match text.parse::<Date>() {
            Ok(day) if day >= today => Some(day),
            _ => {
                fields.add("wished", "a day from today on");
                None
            }
        },
    };
    match hours {
        Some(hours) if fields.is_empty() => Ok(Asked { hours, wished }),
        _ => Err(fields),
    }
}

fn words(visit: &Visit, told: &Told, asked: Asked, by: &str) -> Answer {
    let locale = visit.locale();
    let number = |hours: f64| locale.number((hours * 10.0).round() / 10.0, usize::from(hours < 10.0));
    let day = |day: engine::date::Date| {
        day.to_string().parse::<Date>().map_or_else(|_| day.to_string(), |day| day.show(locale))
    };
    let of_100 = |share: f64| locale.number((share * 100.0).round(), 0);
    let [_, likely, p80, p90] = told.hours;
    let offer = told.timeline.request.as_ref();
    let earliest = offer.map(|offer| offer.earliest);
    let never = || "not within ten years".to_owned();
    let at = |pick: fn(&engine::timeline::Earliest) -> Option<engine::date::Date>| {
        earliest.as_ref().and_then(pick).map_or_else(never, day)
    };
    let dates = vec![
        ("Kept 1 time in 2", at(|it| it.p50), format!("{} h", number(likely))),
        ("Kept 4 times in 5", at(|it| it.p80), format!("{} h", number(p80))),
        ("Kept 9 times in 10", at(|it| it.p90), format!("{} h", number(p90))),
    ];
    let from = match &told.class {
        Some((class, n)) => format!("What such estimates meant comes from {n} tasks: {class}."),
        None => "Too few tasks are done with what was said and what they took: thirty are needed. Until then your own hours count, and a number alone is taken to be off by some.".to_owned(),
    };
    let wished = match (asked.wished, offer.and_then(|offer| offer.kept)) {
        (Some(wished), Some(kept)) => {
            let fits = offer.and_then(|offer| offer.share_that_fits);
            let fits = fits.map_or_else(String::new, |share| match of_100(share).as_str() {
                "0" | "1" | "2" | "3" | "4" => " Hardly any of it would fit by then.".to_owned(),
                share => format!(" About {share}% of the work would fit by then: offer that part for the day, and the rest later."),
            });
            format!("By {} it is done in {} of 100 cases.{fits}", wished.show(locale), of_100(kept))
        }
        _ => String::new(),
    };
    let others = told
        .timeline
        .committed
        .iter()
        .filter_map(|it| {
            let with = it.with?;
            let (before, after) = (of_100(it.without), of_100(with));
            (it.without - with > FALLS)
                .then(|| (it.name.clone(), day(it.due), format!("{before} of 100 now, {after} with this")))
        })
        .take(SHOWN)
        .collect();
    let unsaid = match told.unsaid {
        0 => String::new(),
        n => format!(
            "; of {} nobody said what they take, half an hour is likely",
            plural(i64::try_from(n).unwrap_or(i64::MAX), "one", "them").trim_start_matches("1 ")
        ),
    };
    let p80 = earliest.and_then(|it| it.p80);
    Answer {
        dates,
        hours: format!(
            "{} h, in 8 of 10 such cases {} to {} h",
            number(likely),
            number(told.hours[0]),
            number(p90)
        ),
        from,
        wished_is_safe: offer.is_some_and(|offer| offer.share_that_fits.is_none()),
        wished,
        others,
        waits_for: offer.map_or_else(Vec::new, |offer| offer.waits_for.iter().take(SHOWN).cloned().collect()),
        weighed: format!(
            "{by} has {} hours a week for deals and clients, and {} with a day{unsaid}.",
            number(told.capacity),
            plural(i64::try_from(told.promised).unwrap_or(i64::MAX), "promise", "promises"),
        ),
        task_due: p80.map_or_else(String::new, |day| day.to_string()),
        task_hours: {
            let hours = asked.hours;
            if hours.low() < hours.high() {
                format!("{}, {}, {}", hours.low(), hours.likely(), hours.high())
            } else {
                hours.likely().to_string()
            }
        },
        task_said: p80.map_or_else(String::new, day),
    }
}
