//! The weekly review: one page for the team's meeting.

use crate::accounts::Right;
use crate::base::{Date, Money, note};
use crate::care;
use crate::commitments;
use crate::concessions;
use crate::digest::choice::monday;
use crate::digest::pages::line;
use crate::digest::store::{self, Happened, Which};
use crate::digest::{Meeting, actions};
use crate::error::{Error, Result};
use crate::outcomes;
use crate::outcomes::Reached;
use crate::pursuit;
use crate::records::Kept;
use crate::service;
use crate::today::Told;
use crate::web::layout::{Place, Shell};
use crate::web::{Form, Input, PageError, Routes, Visit, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use std::collections::HashMap;

/// How far back the weeks are leafed through; whoever wants an older one asks for it by its address.
const BACK_DAYS: i64 = 3_650;
/// Lines of what asks for a decision.
const DECISIONS_SHOWN: i64 = 10;
/// Promises of both sides that come up, and clients nobody has spoken to.
const AHEAD_SHOWN: i64 = 15;

/// The fields of the sheet.
const LABELS: &[(&str, &str)] = &[("note", "Notes of the meeting")];

/// The routes of the review.
pub fn routes() -> Routes {
    Routes::new().get("/review", Right::Look, this_week).get("/review/{week}", Right::Look, show).post(
        "/review/{week}",
        Right::Sell,
        write,
    )
}

async fn this_week(visit: Visit) -> Redirect {
    Redirect::to(&format!("/review/{}", monday(visit.today())))
}

/// A win: what changed for the client.
struct Win {
    href: String,
    title: String,
    company: String,
    change: String,
    share: String,
}

#[derive(Template)]
#[template(path = "digest/templates/review.html")]
struct ReviewPage {
    shell: Shell,
    path: String,
    days: String,
    wins: Vec<Win>,
    parts: Vec<Told>,
    form: Form,
    noted: String,
    history: String,
    previous: String,
    next: String,
    may_write: bool,
}

fn week_of(text: &str) -> Result<Date> {
    let day: Date = text.parse().map_err(|_| Error::NotFound)?;
    if monday(day) == day { Ok(day) } else { Err(Error::NotFound) }
}

async fn show(visit: Visit, Path(week): Path<String>) -> Result<Response, PageError> {
    let week = week_of(&week)?;
    let kept = store::meeting(&mut visit.read().await?, visit.scope().workspace(), week).await?;
    let form = form_of(kept.as_ref());
    answer(&visit, StatusCode::OK, week, kept.as_ref(), form).await
}

fn form_of(kept: Option<&Kept<Meeting>>) -> Form {
    match kept {
        Some(kept) => Form::of([("note", kept.note.clone())], Some(kept.version)),
        None => Form::default(),
    }
}

async fn answer(
    visit: &Visit,
    status: StatusCode,
    week: Date,
    kept: Option<&Kept<Meeting>>,
    form: Form,
) -> Result<Response, PageError> {
    let zone = visit.zone();
    let between = (week.start(&zone), week.plus_days(7).start(&zone));
    let mut conn = visit.read().await?;
    let scope = visit.scope();
    let results = store::happened(&mut conn, scope, Which::Results, between, (None, &zone)).await?;
    let ids: Vec<_> = results.iter().map(|it| it.deal).collect();
    let measures = outcomes::store::measures(&mut conn, scope.workspace(), &ids).await?;
    let said = outcomes::store::said_glad(&mut conn, scope.workspace(), &ids).await?;
    let never: HashMap<_, _> =
        said.into_iter().filter(|it| it.2 == outcomes::Felt::NotAgain).map(|it| (it.0, ())).collect();
    let is_wrong = |it: &Happened| {
        let [client, ..] = it.figures;
        client.is_some_and(|gain| gain < 0.0) || never.contains_key(&it.deal)
    };
    let mut wins: Vec<(Option<f64>, Win)> = Vec::new();
    for it in results.iter().filter(|it| !is_wrong(it) && it.word != Reached::NotAtAll.code()) {
        let [client, _, achieved, share] = it.figures;
        let measure = measures.get(&it.deal);
        let impact = measure.zip(achieved).and_then(|(measure, now)| measure.impact(now));
        let percent = |share: f64| visit.locale().number((share * 100.0).round(), 0);
        let change = match (measure, achieved, impact) {
            (Some(measure), Some(now), Some(impact)) => format!(
                "{}: {} to {}, {}",
                measure.title,
                visit.locale().number(measure.baseline, 0),
                measure.show(now, visit.locale()),
                outcomes::change_said(
                    (measure.baseline, measure.wished),
                    impact,
                    "where it stood",
                    visit.locale()
                )
            ),
            _ => client.map_or_else(String::new, |gain| {
                format!("They gained {}", visit.money(Money::of_units(gain.round(), it.currency)))
            }),
        };
        let reached = Reached::parse(&it.word).map_or("", Reached::label).to_lowercase();
        wins.push((
            impact,
            Win {
                href: format!("/deals/{}/outcome", it.deal),
                title: it.title.clone(),
                company: it.company.clone().unwrap_or_default(),
                change,
                share: share.map_or_else(String::new, |share| {
                    format!("What they wanted: {reached}, {} of 100", percent(share))
                }),
            },
        ));
    }
    // By what changed for them relative to where they stood; what was not counted comes after, by name. Never by price.
    wins.sort_by(|one, other| {
        let rank = |impact: Option<f64>| impact.unwrap_or(f64::NEG_INFINITY);
        rank(other.0).total_cmp(&rank(one.0)).then_with(|| one.1.title.cmp(&other.1.title))
    });
    let mut parts = Vec::new();
    let mut tell = |title: &str, lines: Vec<(String, String, String)>| {
        if !lines.is_empty() {
            parts.push(Told { title: title.to_owned(), lines });
        }
    };
    let left = store::happened(&mut conn, scope, Which::Left, between, (None, &zone)).await?;
    let by_us = |it: &&Happened| it.word == "walked_away";
    tell("Walked away, kindly", left.iter().filter(by_us).map(|it| line(visit, Which::Left, it)).collect());
    tell(
        "They declined",
        left.iter().filter(|it| !by_us(it)).map(|it| line(visit, Which::Left, it)).collect(),
    );
    let wrong = results.iter().filter(|it| is_wrong(it)).map(|it| {
        let (href, title, said) = line(visit, Which::Results, it);
        let learnt = it.words.as_ref().map_or_else(String::new, |words| format!(" Learnt: {words}"));
        (href, title, format!("{said}.{learnt}"))
    });
    tell("Sales that were wrong, and what we learnt", wrong.collect());
    let missed = results.iter().filter(|it| !is_wrong(it) && it.word == Reached::NotAtAll.code());
    tell("Measured, and not reached", missed.map(|it| line(visit, Which::Results, it)).collect());
    let agreed = store::happened(&mut conn, scope, Which::Agreed, between, (None, &zone)).await?;
    tell("Agreed", agreed.iter().map(|it| line(visit, Which::Agreed, it)).collect());
    let is_this = week == monday(visit.today());
    if is_this {
        let stops = pursuit::stops(&mut conn, visit, None, DECISIONS_SHOWN).await?;
        tell(
            "Is it right to go on? Somebody has to decide",
            stops.into_iter().map(|it| (it.href.clone(), it.title.clone(), it.said())).collect(),
        );
        let yes = concessions::waiting(&mut conn, visit).await?;
        tell(
            "Waits for a yes",
            yes.into_iter().map(|it| ("/concessions".to_owned(), it.title, it.note)).collect(),
        );
        // What comes up until the next meeting is over, and what was to be done before.
        let ahead = commitments::coming(&mut conn, visit, week.plus_days(13), AHEAD_SHOWN).await?;
        let promised = |it: commitments::Promised| {
            let who = if it.side == "client" { "They" } else { "We" };
            let all = [who.to_owned(), it.day, it.about, it.asked];
            let said: Vec<String> = all.into_iter().filter(|text| !text.is_empty()).collect();
            (it.href, it.title, said.join(" · "))
        };
        tell("Promised by the end of next week", ahead.into_iter().map(promised).collect());
        let (waiting, more) = service::waiting(&mut conn, visit, None).await?;
        let mut lines: Vec<_> = waiting
            .into_iter()
            .map(|it| {
                let whose: Vec<String> = it.whose.into_iter().map(|(_, name)| name).collect();
                let all = [whose.join(", "), it.waits, it.late];
                let said: Vec<String> = all.into_iter().filter(|text| !text.is_empty()).collect();
                (it.href, it.title, said.join(" · "))
            })
            .collect();
        if more {
            lines.push(("/service".to_owned(), "And more in the queue".to_owned(), String::new()));
        }
        tell("Waits for us, by what of the promise is used up", lines);
        tell("Nobody has spoken to them", care::silent(&mut conn, visit, AHEAD_SHOWN).await?);
    }
    drop(conn);
    let review = ReviewPage {
        shell: visit.shell(Place::Insights),
        path: format!("/review/{week}"),
        days: format!(
            "{} to {}",
            week.show_near(visit.today(), visit.locale()),
            week.plus_days(6).show(visit.locale())
        ),
        wins: wins.into_iter().map(|(_, win)| win).collect(),
        parts,
        noted: kept.map_or_else(String::new, |kept| kept.note.clone()),
        history: kept.map_or_else(String::new, |kept| format!("/history?of=meeting.{}", kept.id)),
        form,
        previous: if week > visit.today().plus_days(-BACK_DAYS) {
            format!("/review/{}", week.plus_days(-7))
        } else {
            String::new()
        },
        next: if is_this { String::new() } else { format!("/review/{}", week.plus_days(7)) },
        may_write: visit.scope().may(Right::Sell),
    };
    page_as(status, &review)
}

async fn write(visit: Visit, Path(week): Path<String>, input: Input) -> Result<Response, PageError> {
    let week = week_of(&week)?;
    let text = note(input.get("note")).map_err(|right| Error::field("note", right));
    let version = input.version();
    let done = match text {
        Ok(text) => {
            let noted = text.unwrap_or_default();
            visit
                .write(move |tx, act| {
                    Box::pin(async move { actions::note(tx, act, week, version, noted).await })
                })
                .await
        }
        Err(error) => Err(error),
    };
    let kept = store::meeting(&mut visit.read().await?, visit.scope().workspace(), week).await?;
    match done {
        Ok(_) => Ok(visit.done(&format!("/review/{week}#notes"), "Saved.", None)),
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&input, fields);
            answer(&visit, StatusCode::UNPROCESSABLE_ENTITY, week, kept.as_ref(), form).await
        }
        Err(Error::Conflict { .. }) => {
            let now = form_of(kept.as_ref());
            let form = Form::clashing(&input, &now, LABELS);
            answer(&visit, StatusCode::CONFLICT, week, kept.as_ref(), form).await
        }
        Err(error) => Err(error.into()),
    }
}
