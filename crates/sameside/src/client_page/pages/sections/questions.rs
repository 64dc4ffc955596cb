//! What we ask them on purpose; their answer is evidence: the client said it (P1, P5).

use crate::base::{Evidence, Id, Range, Source};
use crate::client_page::actions;
use crate::client_page::pages::guest::{Done, Guest};
use crate::client_page::pages::sections::{Part, Reader};
use crate::client_page::{ClientQuestion, Words, store};
use crate::diagnosis::{self, Parameter, Unit};
use crate::error::{Error, Result};
use crate::questions::actions::Said;
use crate::questions::{self, Level};
use crate::records::Kept;
use crate::web::{Input, Read, Routes};
use axum::http::Method;
use axum::response::Response;
use db::Conn;

/// What can be done here.
pub(super) fn routes() -> Routes {
    Routes::new().open(Method::POST, "/c/{token}/answers", answer)
}

#[derive(askama::Template)]
#[template(path = "client_page/templates/questions.html")]
struct Questions {
    w: Words,
    path: String,
    may_act: bool,
    all: Vec<Asked>,
}

/// One question as the client reads it.
struct Asked {
    id: String,
    question: String,
    /// What they answered; empty for nothing yet.
    said: String,
    /// What they may choose from; none for a figure.
    levels: Vec<(String, String)>,
    /// What a figure is counted in.
    before: String,
    after: String,
}

pub(super) async fn part(conn: &mut Conn, it: &Reader) -> Result<Option<Part>> {
    let asked = store::questions(conn, it.workspace.id, it.deal.id).await?;
    if asked.is_empty() {
        return Ok(None);
    }
    let levels = questions::store::levels(conn, it.workspace.id).await?;
    let mut all = Vec::new();
    for kept in asked {
        let own: Vec<_> = levels
            .iter()
            .filter(|level| Some(level.question_id) == kept.question_id)
            .map(|level| (level.id.to_string(), level.name.clone()))
            .collect();
        // A question that was taken away meanwhile is not asked any more.
        if kept.question_id.is_some() && own.is_empty() {
            continue;
        }
        let (before, after) = kept.parameter.map_or_else(Default::default, |parameter| unit(it, parameter));
        all.push(Asked {
            id: kept.id.to_string(),
            question: question(it, &kept),
            said: said(it, &kept, &before, &after),
            levels: own,
            before,
            after,
        });
    }
    if all.is_empty() {
        return Ok(None);
    }
    let questions = Questions { w: it.words, path: it.path.clone(), may_act: it.may_act, all };
    Part::new("questions", &questions).map(Some)
}

/// How it is asked in their language; a question of the workspace is in its own.
fn question(it: &Reader, kept: &ClientQuestion) -> String {
    match kept.parameter {
        Some(Parameter::Benefit) => it.words.say("ask-benefit"),
        Some(Parameter::Delay) => it.words.say("ask-delay"),
        Some(Parameter::Adoption) => it.words.say("ask-adoption"),
        Some(Parameter::Alternative) => it.words.say("ask-alternative"),
        _ => kept.title.clone(),
    }
}

/// What stands before and after a figure.
fn unit(it: &Reader, parameter: Parameter) -> (String, String) {
    let sign = it.deal.currency.prefix().trim().to_owned();
    match parameter.unit() {
        Unit::MoneyAMonth => (sign, it.words.say("a-month")),
        Unit::Money => (sign, String::new()),
        Unit::Months => (String::new(), it.words.say("in-months")),
        Unit::Hours | Unit::Share => (String::new(), String::new()),
    }
}

fn said(it: &Reader, kept: &ClientQuestion, before: &str, after: &str) -> String {
    let Some(said) = &kept.said else { return String::new() };
    if said == UNKNOWN {
        return it.words.say("we-do-not-know");
    }
    match (kept.parameter, said.parse::<f64>()) {
        (Some(_), Ok(value)) => {
            let number = it.words.locale.number(value, usize::from(value.fract() != 0.0));
            [before, &number, after]
                .iter()
                .filter(|text| !text.is_empty())
                .copied()
                .collect::<Vec<_>>()
                .join(" ")
        }
        _ => said.clone(),
    }
}

/// What is kept when they say that they do not know.
const UNKNOWN: &str = "?";

async fn answer(guest: Guest, input: Input) -> Response {
    let id = input.get("question").parse::<Id<ClientQuestion>>().ok();
    let mut read = Read::new(&input);
    let (level, value, note) =
        (read.line("level"), read.number("value"), read.note("note").map(|note| clipped(&note)));
    if let Err(error) = read.done(()) {
        return guest.refused(&error, "questions");
    }
    let (reader, name) = (guest.reader.clone(), guest.name());
    let done = guest
        .write(move |tx, act| {
            Box::pin(async move {
                let (workspace, deal) = (reader.workspace.id, reader.deal.id);
                let asked = store::questions(tx, workspace, deal).await?;
                let asked = asked.into_iter().find(|one| Some(one.id) == id).ok_or(Error::NotFound)?;
                let evidence =
                    Evidence { source: Source::ClientSaid, by: name, on: Some(reader.today()), note };
                let said = match (asked.parameter, asked.question_id) {
                    (Some(parameter), _) => {
                        let value = value.ok_or_else(|| Error::field("value", "a number"))?;
                        if value < 0.0 && !parameter.may_be_negative() {
                            return Err(Error::field("value", "a number from 0 on"));
                        }
                        let said = Some((Range::exactly(value), evidence));
                        let answer = diagnosis::actions::Answer { parameter, said, version: None };
                        diagnosis::actions::answer(tx, act, deal, vec![answer]).await?;
                        value.to_string()
                    }
                    (None, Some(question)) => {
                        let (said, words) = chosen(tx, &reader, level.as_deref(), question).await?;
                        questions::actions::answer(tx, act, deal, (question, None), said, evidence).await?;
                        words
                    }
                    (None, None) => return Err(Error::NotFound),
                };
                let words = said.clone();
                let kept = actions::answered(tx, act, asked.id, said).await?;
                let words = if words == UNKNOWN { "they do not know".to_owned() } else { words };
                Ok(Done::new(format!("answered “{}”: {words}", kept.title), "/diagnosis"))
            })
        })
        .await;
    guest.after(&done, "said-answered", "questions")
}

/// A note as long as the evidence keeps.
fn clipped(note: &str) -> String {
    note.chars().take(500).collect()
}

/// The level they chose of a question, and its words.
async fn chosen(
    conn: &mut Conn,
    it: &Reader,
    level: Option<&str>,
    question: Id<questions::Question>,
) -> Result<(Said, String)> {
    if level == Some(UNKNOWN) {
        return Ok((Said::NotKnown, UNKNOWN.to_owned()));
    }
    let id = level.and_then(|level| level.parse::<Id<Level>>().ok());
    let levels: Vec<Kept<Level>> = questions::store::levels(conn, it.workspace.id).await?;
    let own = levels.into_iter().find(|one| Some(one.id) == id && one.question_id == question);
    let own = own.ok_or_else(|| Error::field("level", "one of the answers"))?;
    Ok((Said::Level(own.id), own.it.name))
}
