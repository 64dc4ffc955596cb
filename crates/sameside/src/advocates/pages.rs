//! The advocates on pages: beside both sides of a deal, on the page of all they said, and in Today.

use crate::accounts::{Member, Right};
use crate::advocates::actions::{self, answer};
use crate::advocates::{Answered, Found, Reply, Rule, Side, Verdict, rules, store};
use crate::base::Id;
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::records::{self, Kept, Kind, names_of, pages as records_pages};
use crate::web::layout::{Place, Shell};
use crate::web::{Form, Input, PageError, Read, Routes, Visit, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::Conn;
use std::collections::HashMap;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/deals/{id}/findings", Right::Look, show)
        .post("/deals/{id}/findings", Right::Sell, reply)
        .post("/replies/{id}/removal", Right::Sell, take_back)
}

/// A finding as a deal's page shows it.
#[derive(Debug, Clone)]
pub struct FindingLine {
    /// What the rule is called.
    pub rule: &'static str,
    /// The evidence.
    pub evidence: String,
    /// What the rule looks for and why.
    pub explanation: &'static str,
    /// The principle.
    pub principle: &'static str,
}

/// What both advocates say of a deal and nobody has answered.
#[derive(Debug)]
pub struct Speech {
    /// The deal's page.
    pub path: String,
    /// Whether this person may answer.
    pub may_write: bool,
    /// For them.
    pub client: Vec<FindingLine>,
    /// For us.
    pub company: Vec<FindingLine>,
    /// How many answered ones there are.
    pub answered: usize,
}

impl Speech {
    /// Whether nobody says anything.
    pub fn is_empty(&self) -> bool {
        self.client.is_empty() && self.company.is_empty()
    }

    /// The answers there are.
    pub fn answers(&self) -> Vec<(&'static str, &'static str)> {
        answers()
    }
}

fn answers() -> Vec<(&'static str, &'static str)> {
    vec![
        (Verdict::Mended.code(), "It is mended"),
        (Verdict::Accepted.code(), "It is so, because …"),
        (Verdict::Disputed.code(), "It is not so, because …"),
    ]
}

/// What both advocates say of a deal.
///
/// # Errors
/// What the database says.
pub async fn speech(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>) -> Result<Speech> {
    let (found, replies) = actions::of_deal(conn, visit.scope().workspace(), deal, visit.now).await?;
    let mut speech = Speech {
        path: format!("/deals/{}", deal.id),
        may_write: visit.scope().may(Right::Sell) && deal.removed_at.is_none(),
        client: Vec::new(),
        company: Vec::new(),
        answered: replies.len(),
    };
    for (rule, found) in found {
        if rule.answered == Answered::ByDecision || answer(rule, &found, &replies).is_some() {
            continue;
        }
        let side = match rule.side {
            Side::Client => &mut speech.client,
            Side::Company => &mut speech.company,
        };
        side.push(line(rule, found));
    }
    Ok(speech)
}

fn line(rule: &'static Rule, found: Found) -> FindingLine {
    FindingLine {
        rule: rule.code,
        evidence: found.evidence,
        explanation: rule.explanation,
        principle: rule.principle,
    }
}

/// An open finding, for Today.
#[derive(Debug)]
pub struct FoundLine {
    /// The deal's page.
    pub href: String,
    /// What the deal is called.
    pub title: String,
    /// With whom; empty for nobody.
    pub company: String,
    /// What was found, for whom: the code of the side, and the evidence.
    pub said: Vec<(&'static str, String)>,
}

/// The deals with open findings, those with the longest open first, `limit` deals at most.
///
/// # Errors
/// What the database says.
pub async fn found(
    conn: &mut Conn,
    visit: &Visit,
    owner: Option<Id<Member>>,
    limit: usize,
) -> Result<Vec<FoundLine>> {
    const PER_DEAL: i64 = 6;
    let rows = store::open(conn, visit.scope(), owner, i64::try_from(limit).unwrap_or(6) * PER_DEAL).await?;
    let mut lines: Vec<FoundLine> = Vec::new();
    for (id, title, company, side, evidence) in rows {
        let href = format!("/deals/{id}");
        let has_room = lines.len() < limit;
        match lines.iter_mut().find(|line| line.href == href) {
            Some(line) => line.said.push((side.code(), evidence)),
            None if has_room => lines.push(FoundLine {
                href,
                title,
                company: company.unwrap_or_default(),
                said: vec![(side.code(), evidence)],
            }),
            None => {}
        }
    }
    Ok(lines)
}

/// An answer, as the page of all findings shows it.
struct Answer {
    side: &'static str,
    evidence: String,
    answer: String,
    reason: String,
    who: String,
    holds: bool,
    removal: String,
}

#[derive(Template)]
#[template(path = "advocates/templates/page.html")]
struct FindingsPage {
    shell: Shell,
    deal: String,
    speech: Speech,
    stops: Vec<FindingLine>,
    answers: Vec<Answer>,
    form: Form,
}

async fn show(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    render(&visit, id, Form::default(), StatusCode::OK).await
}

async fn render(visit: &Visit, id: Id<Deal>, form: Form, status: StatusCode) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let deal = records::get_any(&mut conn, visit.scope(), id).await?;
    let (found, replies) = actions::of_deal(&mut conn, visit.scope().workspace(), &deal, visit.now).await?;
    let members = replies.iter().filter_map(|reply| reply.owner_id).map(Id::uuid).collect();
    let names = names_of(&mut conn, visit.scope(), [(Kind::Member, members)].into()).await?;
    let answers = replies.iter().map(|reply| answered(visit, reply, &found, &names)).collect();
    let stops = found.iter().filter(|(rule, _)| rule.answered == Answered::ByDecision);
    let stops = stops.map(|(rule, found)| line(rule, found.clone())).collect();
    let speech = speech(&mut conn, visit, &deal).await?;
    let it = FindingsPage {
        shell: visit.shell(Place::Deals),
        deal: deal.title.clone(),
        speech,
        stops,
        answers,
        form,
    };
    page_as(status, &it)
}

fn answered(
    visit: &Visit,
    reply: &Kept<Reply>,
    found: &[(&'static Rule, Found)],
    names: &HashMap<uuid::Uuid, String>,
) -> Answer {
    let who = reply.owner_id.and_then(|id| names.get(&id.uuid())).map_or("Somebody", String::as_str);
    let day = reply.created_at.day(&visit.zone()).show_near(visit.today(), visit.locale());
    let holds = found.iter().any(|(rule, found)| rule.code == reply.rule && found.mark == reply.mark);
    Answer {
        side: rules::by_code(&reply.rule).map_or("", |rule| rule.side.code()),
        evidence: reply.evidence.clone(),
        answer: reply.choice.label().to_owned(),
        reason: reply.reason.clone().unwrap_or_default(),
        who: format!("{who}, {day}"),
        holds,
        removal: format!("/replies/{}/removal", reply.id),
    }
}

async fn reply(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let mut read = Read::new(&input);
    let choice = read.code("answer", Verdict::parse);
    if choice.is_none() {
        read.fields.add("answer", "one of the three");
    }
    let (rule, reason) = (input.get("rule").to_owned(), read.note("reply_reason"));
    let done = match read.done(choice.unwrap_or(Verdict::Mended)) {
        Ok(choice) => {
            visit
                .write(move |tx, act| {
                    Box::pin(async move { actions::reply(tx, act, id, &rule, choice, reason).await })
                })
                .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            Ok(visit.done(
                &format!("/deals/{id}"),
                "Answered. It is said again only if its facts change.",
                undo,
            ))
        }
        Err(Error::Invalid(fields)) => {
            render(&visit, id, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn take_back(visit: Visit, Path(id): Path<Id<Reply>>) -> Result<Response, PageError> {
    let deal = visit
        .write(move |tx, act| {
            Box::pin(async move {
                let kept = records::get_any(tx, &act.scope, id).await?;
                let deal = records::get(tx, &act.scope, kept.deal_id).await?.id;
                records::remove(tx, act, id).await?;
                actions::refresh(tx, act, deal).await?;
                Ok(deal)
            })
        })
        .await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done(&format!("/deals/{deal}/findings"), "The answer is taken back.", undo))
}
