//! The conversation one question at a time: the next one, why we ask it, how; answering leads on.

use super::{cost_people, fill_whence, own};
use crate::assessment::{self, Document, Words};
use crate::base::{Evidence, Fields, Id, Source};
use crate::conversation::actions;
use crate::conversation::ask::{Ask, order};
use crate::deals::Deal;
use crate::desk::actions::Goal;
use crate::diagnosis::actions::Answer;
use crate::diagnosis::form::{self as figures_form, key};
use crate::diagnosis::{Figure, Parameter, Part, Unit, is_said, store};
use crate::error::{Error, Result};
use crate::records::{self, Kept};
use crate::web::layout::{Place, Shell};
use crate::web::{Asked, Form, Input, PageError, Read, Visit, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use db::Conn;

/// What is written down when they were asked, and did not know.
const NOT_KNOWN: &str = "asked; they do not know";
/// The questions of one walk, at most.
const PAST_MAX: usize = 64;

#[derive(Template)]
#[template(path = "conversation/templates/next.html")]
struct NextPage {
    shell: Shell,
    deal: Kept<Deal>,
    path: String,
    may_write: bool,
    ask: Option<Ask>,
    /// The question, why we ask it, how to ask it.
    words: [String; 3],
    /// Whether its answer would sharpen the forecast.
    sharpens: bool,
    /// What can be answered to a question of our own.
    choices: Vec<(String, String)>,
    key: &'static str,
    unit: String,
    worth: String,
    now: String,
    past: String,
    skip: String,
    back: String,
    left: usize,
    people: Vec<(String, String)>,
    form: Form,
}

impl NextPage {
    fn parts(&self) -> Vec<(&'static str, &'static str)> {
        Part::ALL.iter().map(|part| (part.code(), part.label())).collect()
    }

    fn is_figure(&self) -> bool {
        matches!(self.ask, Some(Ask::Figure(_)))
    }

    fn is_own(&self) -> bool {
        matches!(self.ask, Some(Ask::Own(_)))
    }

    fn code(&self) -> String {
        self.ask.map_or_else(String::new, Ask::code)
    }
}

/// The questions gone past: asked, answered or skipped.
fn past_of(input: &Input) -> Vec<Ask> {
    input.get("past").split(',').filter_map(Ask::parse).take(PAST_MAX).collect()
}

fn written(past: &[Ask]) -> String {
    past.iter().map(|ask| ask.code()).collect::<Vec<_>>().join(",")
}

pub(super) async fn show(
    visit: Visit,
    Path(id): Path<Id<Deal>>,
    Asked(asked): Asked,
) -> Result<Response, PageError> {
    render(&visit, id, &asked, None, StatusCode::OK).await
}

async fn render(
    visit: &Visit,
    id: Id<Deal>,
    asked: &Input,
    typed: Option<Form>,
    status: StatusCode,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let (workspace, locale) = (visit.scope().workspace(), visit.locale());
    let deal = records::get_any(&mut conn, visit.scope(), id).await?;
    let figures = store::of_deal(&mut conn, workspace, id).await?;
    let document = assessment::actions::of_deal(&mut conn, workspace, &deal, visit.now).await?;
    let past = past_of(asked);
    let asking = own::asking(&mut conn, visit, &deal).await?;
    let order = questions(&mut conn, visit, &deal, &figures, (document.as_ref(), &asking)).await?;
    let at = Ask::parse(asked.get("at"))
        .filter(|ask| !matches!(ask, Ask::Own(id) if asking.question(*id).is_none()));
    let ask = at.or_else(|| order.iter().find(|ask| !past.contains(ask)).copied());
    let left = order.iter().filter(|one| !past.contains(one) && Some(**one) != ask).count();
    let path = format!("/deals/{id}");
    let mut on = past.clone();
    on.extend(ask);
    let back = past
        .split_last()
        .map(|(last, before)| format!("{path}/diagnosis/next?at={}&past={}", last.code(), written(before)));
    let parameter = match ask {
        Some(Ask::Figure(parameter)) => Some(parameter),
        _ => None,
    };
    let words = Words { currency: deal.currency, locale };
    let line = parameter.and_then(|one| document.as_ref()?.basis.line(one));
    let net = parameter.and_then(|one| {
        let questions = &document.as_ref()?.answer.questions;
        questions.iter().find(|question| question.parameter == one.code()).map(|question| question.net)
    });
    let mut form = Form::of([("goal", deal.goal.clone().unwrap_or_default())], Some(deal.version));
    if let Some(kept) = figures.iter().find(|figure| Some(figure.parameter) == parameter) {
        figures_form::fill(&mut form, key(kept.parameter), kept, kept.version, deal.currency);
    }
    fill_whence(&mut form, Source::ClientSaid, None, None, None);
    let question = match ask {
        Some(Ask::Own(id)) => asking.question(id),
        _ => None,
    };
    if let Some(question) = question {
        asking.fill(&mut form, question.id);
    }
    let people = cost_people(&mut conn, visit, &deal).await?;
    let it = NextPage {
        shell: visit.shell(Place::Deals),
        may_write: visit.scope().may(crate::accounts::Right::Sell) && deal.removed_at.is_none(),
        key: parameter.map_or("", key),
        unit: parameter.map_or_else(String::new, |one| match one.unit() {
            Unit::Money => deal.currency.prefix(),
            Unit::MoneyAMonth => format!("{} a month", deal.currency.prefix()),
            Unit::Months => "months".into(),
            Unit::Hours => "hours".into(),
            Unit::Share => "of 10 clients like this one".into(),
        }),
        worth: net.filter(|net| *net >= 1.0).map_or_else(String::new, |net| words.money(net)),
        now: line.map_or_else(String::new, |line| words.range(line.parameter, line.range)),
        skip: format!("{path}/diagnosis/next?past={}", written(&on)),
        back: back.unwrap_or_default(),
        past: written(&past),
        form: typed.unwrap_or(form),
        words: match (ask, question) {
            (Some(ask), Some(own)) => [
                own.title.clone(),
                own.why.clone().unwrap_or_else(|| ask.why().into()),
                own.how.clone().unwrap_or_else(|| ask.how().into()),
            ],
            (Some(ask), None) => [ask.question(), ask.why(), ask.how()].map(str::to_owned),
            (None, _) => Default::default(),
        },
        sharpens: question.is_some_and(|question| asking.worth.contains(&question.id)),
        choices: question.map_or_else(Vec::new, |question| asking.choices(question.id, false)),
        ask,
        left,
        people,
        path,
        deal,
    };
    page_as(status, &it)
}

/// The questions of a deal in the order in which they are worth asking.
async fn questions(
    conn: &mut Conn,
    visit: &Visit,
    deal: &Kept<Deal>,
    figures: &[Kept<Figure>],
    (document, asking): (Option<&Document>, &own::Asking),
) -> Result<Vec<Ask>> {
    let pieces = store::pieces(conn, visit.scope().workspace(), deal).await?;
    let worth: Vec<Parameter> = document
        .iter()
        .flat_map(|document| &document.answer.questions)
        .filter(|question| question.net > 0.0)
        .filter_map(|question| Parameter::parse(&question.parameter))
        .collect();
    let said: Vec<Figure> = figures.iter().map(|figure| figure.it.clone()).collect();
    let is_open = |ask: Ask| match ask {
        Ask::Goal => !pieces.goal,
        Ask::Decider => !pieces.decider,
        Ask::Wants => !pieces.wants,
        Ask::Limits => !pieces.limits,
        Ask::Own(id) => asking.answer(id).is_none_or(|answer| answer.level_id.is_none()),
        Ask::Figure(Parameter::Alternative) => !pieces.alternative,
        Ask::Figure(parameter) => !is_said(&said, parameter),
    };
    let not_known = |ask: Ask| match ask {
        Ask::Own(id) => asking.answer(id).is_some_and(|answer| answer.not_known_at.is_some()),
        Ask::Figure(parameter) => said
            .iter()
            .any(|figure| figure.parameter == parameter && figure.note.as_deref() == Some(NOT_KNOWN)),
        _ => false,
    };
    Ok(order(&worth, &asking.order(), is_open, not_known))
}

/// Takes an answer and leads to the next question.
pub(super) async fn answer(
    visit: Visit,
    Path(id): Path<Id<Deal>>,
    input: Input,
) -> Result<Response, PageError> {
    let deal = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let ask = Ask::parse(input.get("at"));
    let done = match ask {
        Some(Ask::Goal) => goal(&visit, &deal, &input).await,
        Some(Ask::Figure(parameter)) => figure(&visit, &deal, parameter, &input).await,
        Some(Ask::Decider) => decider(&visit, id, &input).await,
        Some(Ask::Own(question)) => own::write(&visit, id, question, &input).await.map(drop),
        // They are answered on the sheet; here one only goes on.
        Some(Ask::Wants | Ask::Limits) => Ok(()),
        None => Err(Error::field("at", "one of the questions")),
    };
    match done {
        Ok(()) => {
            let mut past = past_of(&input);
            past.extend(ask);
            let to = format!("/deals/{id}/diagnosis/next?past={}", written(&past));
            Ok(Redirect::to(&to).into_response())
        }
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&input, fields);
            render(&visit, id, &input, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Error::Conflict { version }) => {
            let mut form = Form::again(&input, Fields::one("version", super::CHANGED));
            form.version = Some(version);
            if let Some(Ask::Figure(parameter)) = ask {
                form.set(&format!("{}_version", key(parameter)), version.to_string());
            }
            render(&visit, id, &input, Some(form), StatusCode::CONFLICT).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn goal(visit: &Visit, deal: &Kept<Deal>, input: &Input) -> Result<()> {
    let mut read = Read::new(input);
    let text = read.note("goal");
    if text.is_none() {
        read.fields.add("goal", "what they want to do, in their words; or skip it");
    }
    let source = read.code("said_evidence", Source::parse).unwrap_or(Source::ClientSaid);
    let by = read.line("said_by");
    let on = read.date("said_on").or(Some(visit.today()));
    let goal = read.done(Goal { text, source: Some(source), by, on })?;
    let (id, version) = (deal.id, input.version());
    visit.write(move |tx, act| Box::pin(actions::goal(tx, act, id, version, goal))).await
}

async fn figure(visit: &Visit, deal: &Kept<Deal>, parameter: Parameter, input: &Input) -> Result<()> {
    let id = deal.id;
    let mut answer = figures_form::read(visit, input, parameter, deal.currency)?;
    if input.get("unknown") == "yes" {
        // What is taken now stays, as an assumption that says that they were asked.
        let document = assessment::actions::of_deal(
            &mut visit.read().await?,
            visit.scope().workspace(),
            deal,
            visit.now,
        )
        .await?;
        let taken = document.and_then(|document| document.basis.line(parameter).map(|line| line.range));
        let range = taken.ok_or_else(|| {
            Error::field(
                key(parameter),
                "a price first: without one there is nothing to take meanwhile. Or skip it",
            )
        })?;
        let (by, on) = (answer.said.take().and_then(|(_, evidence)| evidence.by), Some(visit.today()));
        let evidence = Evidence { source: Source::Assumed, by, on, note: Some(NOT_KNOWN.into()) };
        answer = Answer { said: Some((range, evidence)), ..answer };
    } else if answer.said.is_none() {
        return Err(Error::field(
            key(parameter),
            "one number, or three; or that they do not know; or skip it",
        ));
    }
    visit.write(move |tx, act| Box::pin(actions::figure(tx, act, id, answer))).await
}

async fn decider(visit: &Visit, id: Id<Deal>, input: &Input) -> Result<()> {
    let mut read = Read::new(input);
    let (contact, part) = (read.id("contact"), read.code("part", Part::parse));
    let note = read.note("note");
    if contact.is_none() && read.fields.at("contact").is_none() {
        read.fields.add("contact", "who it is; or skip it");
    }
    let part = part.unwrap_or(Part::Decides);
    match read.done(contact)? {
        Some(contact) => {
            let say = crate::diagnosis::said::voice;
            visit.write(move |tx, act| Box::pin(say(tx, act, id, contact, part, note))).await.map(drop)
        }
        None => Err(Error::field("contact", "who it is; or skip it")),
    }
}
