//! Departures on pages: the form with which a deal is left well, what a deal's page says of it, what Today shows when
//! its condition holds.

use crate::accounts::{Member, Right};
use crate::assessment::{Document, Words};
use crate::base::{Id, Source};
use crate::contacts::Contact;
use crate::deals::{Deal, Standing};
use crate::departures::actions::{self, Parting, turns};
use crate::departures::watch::{Profile, turn};
use crate::departures::{Departure, Letter, Short, Watch, Way, goodbye_pages, store};
use crate::desk;
use crate::desk::actions::Leaving;
use crate::diagnosis::Parameter;
use crate::error::{Error, Result};
use crate::pursuit::hours;
use crate::records::{self, Kept, pages as records_pages};
use crate::web::layout::{Place, Shell};
use crate::web::{Asked, Form, Input, PageError, Read, Routes, Visit, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::Conn;

/// The figures that can be waited for, at most.
const TURNS_SHOWN: usize = 6;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/deals/{id}/departure", Right::Sell, show)
        .post("/deals/{id}/departure", Right::Sell, leave)
        .post("/deals/{id}/departure/settlement", Right::Sell, settle)
        .and(goodbye_pages::routes())
}

/// What a deal's page says of how it was left.
#[derive(Debug)]
pub struct Farewell {
    /// The deal's page.
    pub path: String,
    /// Facts: name and text.
    pub facts: Vec<(&'static str, String)>,
    /// The words for it; empty for none.
    pub message: String,
    /// What holds of what was waited for; empty while nothing does.
    pub noticed: String,
    /// What is wrong with leaving it be.
    pub error: String,
}

/// What a deal's page says of how it was left; nothing, if it was not.
///
/// # Errors
/// What the database says.
pub async fn farewell(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>) -> Result<Option<Farewell>> {
    let Some(way) = Way::to(deal.standing) else { return Ok(None) };
    let last = store::last(conn, visit.scope().workspace(), deal.id).await?;
    let Some(it) = last.filter(|departure| departure.way == way) else { return Ok(None) };
    let words = Words { currency: deal.currency, locale: visit.locale() };
    let saved = if it.hours_saved >= 0.05 {
        format!("{} that were still ahead", hours(it.hours_saved, visit.locale()))
    } else {
        String::new()
    };
    let waits = it.watch().said(words);
    let waits = if it.settled_at.is_some() || waits.is_empty() {
        String::new()
    } else {
        sentence(&waits.join(", or "))
    };
    let facts = [
        ("As we see it", it.side.map_or_else(String::new, |side| side.label().to_owned())),
        ("What we learnt", it.learnt.clone().unwrap_or_default()),
        ("Who may serve them better", it.referral.clone().unwrap_or_default()),
        ("Hours saved", saved),
        ("We look again", waits),
        ("Left be, because", it.settled_because.clone().unwrap_or_default()),
    ];
    Ok(Some(Farewell {
        path: format!("/deals/{}", deal.id),
        facts: facts.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
        message: it.message.clone().unwrap_or_default(),
        noticed: it.noticed.clone().filter(|_| it.settled_at.is_none()).unwrap_or_default(),
        error: String::new(),
    }))
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A deal whose condition holds, for Today.
#[derive(Debug)]
pub struct Comeback {
    /// Its page.
    pub href: String,
    /// What it is called.
    pub title: String,
    /// With whom; empty for nobody.
    pub company: String,
    /// What changed.
    pub why: String,
}

/// The deals that were left and whose condition holds, the newest first; after them the clients to look at again.
///
/// # Errors
/// What the database says.
pub async fn comebacks(
    conn: &mut Conn,
    visit: &Visit,
    owner: Option<Id<Member>>,
    limit: i64,
) -> Result<Vec<Comeback>> {
    let rows = store::noticed(conn, visit.scope(), owner, limit).await?;
    let line = |(id, title, company, why): (Id<Deal>, String, Option<String>, String)| Comeback {
        href: format!("/deals/{id}"),
        title,
        company: company.unwrap_or_default(),
        why,
    };
    let mut lines: Vec<Comeback> = rows.into_iter().map(line).collect();
    let clients = store::goodbyes_asking(conn, visit.scope(), owner, limit).await?;
    lines.extend(clients.into_iter().map(|(id, name, reason, came)| Comeback {
        href: format!("/companies/{id}"),
        title: name,
        company: came.unwrap_or_default(),
        why: format!("We left because: {reason}"),
    }));
    Ok(lines)
}

#[derive(Template)]
#[template(path = "departures/templates/form.html")]
struct FormPage {
    shell: Shell,
    deal: String,
    path: String,
    form: Form,
    way: Way,
    is_left: bool,
    turns: Vec<(&'static str, String)>,
    product: String,
    saved: String,
}

impl FormPage {
    fn heading(&self) -> &'static str {
        match (self.is_left, self.way) {
            (true, _) => "How we left it",
            (false, Way::WalkedAway) => "Walk away kindly",
            (false, Way::Declined) => "They declined",
        }
    }

    fn below(&self) -> &'static str {
        match self.way {
            Way::WalkedAway => "An honest no is worth more to them than a sale that would not help",
            Way::Declined => "Their no is theirs to give; what we learn from it is ours to keep",
        }
    }

    fn product_changes(&self) -> String {
        format!("{} changes: its price, or what it costs, takes or brings", self.product)
    }

    fn sides(&self) -> Vec<(&'static str, &'static str)> {
        Short::ALL.iter().map(|side| (side.code(), side.label())).collect()
    }

    fn why(&self) -> (&'static str, &'static str) {
        match self.way {
            Way::WalkedAway => {
                ("Why is it right to stop?", "In a sentence they could read; the draft below uses it")
            }
            Way::Declined => ("What did they say?", "In their words, without our answer to it"),
        }
    }
}

async fn show(visit: Visit, Path(id): Path<Id<Deal>>, Asked(asked): Asked) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let deal = records::get(&mut conn, visit.scope(), id).await?;
    let left = left(&mut conn, &visit, &deal).await?;
    let form = match &left {
        Some(departure) => kept(departure),
        None => {
            let way = Way::parse(asked.get("way")).unwrap_or(Way::WalkedAway);
            let document = actions::as_if_open(&mut conn, visit.scope().workspace(), &deal).await?;
            let side = document.as_ref().and_then(|it| actions::short_of(it, &visit.seat.workspace));
            let side = side.filter(|_| way == Way::WalkedAway);
            let mut form = Form::of(
                [
                    ("standing", way.code().to_owned()),
                    ("side", side.map_or("", Short::code).to_owned()),
                    ("reason", asked.words("reason")),
                ],
                Some(deal.version),
            );
            let message = draft(&mut conn, &visit, &deal, document.as_ref(), &form).await?;
            form.set("message", message);
            form
        }
    };
    render(&visit, conn, &deal, left.as_ref(), form, StatusCode::OK).await
}

/// The departure of a deal that is left.
async fn left(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>) -> Result<Option<Kept<Departure>>> {
    if Way::to(deal.standing).is_none() {
        return Ok(None);
    }
    actions::current(conn, visit.scope().workspace(), deal.id).await
}

fn kept(departure: &Kept<Departure>) -> Form {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let values = [
        ("standing", departure.way.code().to_owned()),
        ("side", departure.side.map_or("", Short::code).to_owned()),
        ("reason", departure.reason.clone()),
        ("learnt", text(&departure.learnt)),
        ("message", text(&departure.message)),
        ("referral", text(&departure.referral)),
        ("watch_on", departure.watch_on.map_or_else(String::new, |day| day.to_string())),
        ("watch_figure", departure.watch_parameter.map_or("", Parameter::code).to_owned()),
        ("watch_product", departure.watch_product.as_ref().map_or("", |_| "true").to_owned()),
    ];
    Form::of(values, Some(departure.version))
}

async fn render(
    visit: &Visit,
    mut conn: Conn,
    deal: &Kept<Deal>,
    left: Option<&Kept<Departure>>,
    form: Form,
    status: StatusCode,
) -> Result<Response, PageError> {
    let words = Words { currency: deal.currency, locale: visit.locale() };
    let document = actions::as_if_open(&mut conn, visit.scope().workspace(), deal).await?;
    let mut turning: Vec<_> = document
        .as_ref()
        .map(|document| turns(document, deal, &visit.seat.workspace.settings))
        .unwrap_or_default();
    if let Some(figure) = left.and_then(|departure| departure.watch().figure) {
        turning.retain(|(parameter, ..)| *parameter != figure.0);
        turning.insert(0, figure);
    }
    let turning = turning.into_iter().take(TURNS_SHOWN);
    let product = match deal.product_id {
        Some(id) => {
            records::get_any(&mut conn, visit.scope(), id).await.map(|it| it.it.name).unwrap_or_default()
        }
        None => String::new(),
    };
    let saved = match (left, &document) {
        (Some(departure), _) => departure.hours_saved,
        (None, Some(document)) => document.summary().hours_ahead,
        (None, None) => 0.0,
    };
    let it = FormPage {
        shell: visit.shell(Place::Deals),
        deal: deal.title.clone(),
        path: format!("/deals/{}", deal.id),
        way: Way::parse(form.value("standing")).unwrap_or(Way::WalkedAway),
        is_left: left.is_some(),
        turns: turning
            .map(|(parameter, value, rises)| {
                (parameter.code(), sentence(&turn(parameter, value, rises, words)))
            })
            .collect(),
        product,
        saved: if saved >= 0.05 { hours(saved, visit.locale()) } else { String::new() },
        form,
    };
    page_as(status, &it)
}

/// The message, from what the form says now.
async fn draft(
    conn: &mut Conn,
    visit: &Visit,
    deal: &Kept<Deal>,
    document: Option<&Document>,
    form: &Form,
) -> Result<String> {
    let some =
        |field: &str| Some(form.value(field).trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    let contact: Option<Kept<Contact>> = match deal.contact_id {
        Some(id) => records::get_any(conn, visit.scope(), id).await.ok(),
        None => None,
    };
    let product = some("watch_product").and(deal.product_id);
    let product = match product {
        Some(id) => records::get_any(conn, visit.scope(), id).await.ok(),
        None => None,
    };
    let on = form.value("watch_on").parse().ok();
    let figure = Parameter::parse(form.value("watch_figure")).map(|parameter| (parameter, 0.0, true));
    let product = product.map(|product| Profile::of(&product, &[]));
    let watch = Watch { on, figure, product };
    let known = |parameter| {
        let line = document.and_then(|document| document.basis.line(parameter));
        line.is_some_and(|line| line.evidence.source != Source::Assumed)
    };
    let is_known = known(Parameter::Benefit) && known(Parameter::Success);
    let chance = document.filter(|_| is_known).map(|it| desk::of_100(it.answer.client.positive));
    let (reason, referral) = (some("reason"), some("referral"));
    let letter = Letter {
        to: contact.as_ref().map(|contact| contact.name.as_str()),
        from: &visit.seat.member.name,
        ours: &visit.seat.workspace.name,
        about: &deal.title,
        is_client: false,
        goal: deal.goal.as_deref(),
        way: Way::parse(form.value("standing")).unwrap_or(Way::WalkedAway),
        side: Short::parse(form.value("side")),
        chance,
        reason: reason.as_deref(),
        referral: referral.as_deref(),
        watch: &watch,
        day: on.map(|day| day.show(visit.locale())),
    };
    Ok(letter.draft())
}

async fn leave(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let deal = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let standing = Standing::parse(input.get("standing"));
    let Some(way) = standing.and_then(Way::to) else { return pause_or_end(&visit, id, &input).await };
    let mut conn = visit.read().await?;
    let left = left(&mut conn, &visit, &deal).await?;
    if input.has("draft") {
        let mut form = Form::again(&input, crate::base::Fields::default());
        let document = actions::as_if_open(&mut conn, visit.scope().workspace(), &deal).await?;
        let message = draft(&mut conn, &visit, &deal, document.as_ref(), &form).await?;
        form.set("message", message);
        return render(&visit, conn, &deal, left.as_ref(), form, StatusCode::OK).await;
    }
    drop(conn);
    let mut read = Read::new(&input);
    let reason = read.note("reason");
    let parting = Parting {
        way,
        side: read.code("side", Short::parse),
        reason: reason.clone().unwrap_or_default(),
        learnt: read.note("learnt"),
        message: read.note("message"),
        referral: read.line("referral"),
        watch_on: read.date("watch_on"),
        watch_figure: read.code("watch_figure", Parameter::parse),
        watch_product: input.has("watch_product"),
    };
    let (version, today) = (input.version(), visit.today());
    let is_left = left.is_some();
    let done = match read.done(parting) {
        Ok(parting) if is_left => {
            let deal = deal.clone();
            visit
                .write(move |tx, act| {
                    Box::pin(async move { actions::change(tx, act, &deal, version, parting).await.map(drop) })
                })
                .await
        }
        Ok(parting) => {
            let it = Leaving { standing: way.standing(), reason, revisit_on: None, parting: Some(parting) };
            visit
                .write(move |tx, act| {
                    Box::pin(
                        async move { desk::actions::leave(tx, act, id, version, it, today).await.map(drop) },
                    )
                })
                .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let text = match (is_left, way) {
                (true, _) => "Saved.",
                (false, Way::WalkedAway) => {
                    "You walked away, and said why. If what you wait for comes, Today says so."
                }
                (false, Way::Declined) => "They declined. What you learnt is kept with the deal.",
            };
            let undo = (!is_left).then(|| format!("/deals/{id}/return"));
            Ok(visit.done(&format!("/deals/{id}"), text, undo))
        }
        Err(Error::Invalid(fields)) => {
            let conn = visit.read().await?;
            let form = Form::again(&input, fields);
            render(&visit, conn, &deal, left.as_ref(), form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A deal that waits, or has ended well.
async fn pause_or_end(visit: &Visit, id: Id<Deal>, input: &Input) -> Result<Response, PageError> {
    let mut read = Read::new(input);
    let standing = read.code("standing", Standing::parse);
    let (reason, revisit_on) = (read.note("reason"), read.date("revisit_on"));
    let standing = standing.ok_or_else(|| Error::field("standing", "one of the ways to leave"))?;
    let it = read.done(Leaving { standing, reason, revisit_on, parting: None })?;
    let (version, today) = (input.version(), visit.today());
    let left =
        visit.write(move |tx, act| Box::pin(desk::actions::leave(tx, act, id, version, it, today))).await;
    match left {
        Ok(deal) => {
            let text = match deal.standing {
                Standing::Paused => "The deal waits. Today shows it again on its day.",
                _ => "The deal has ended.",
            };
            Ok(visit.done(&format!("/deals/{id}"), text, Some(format!("/deals/{id}/return"))))
        }
        Err(Error::Invalid(fields)) => desk::again(visit, id, input, fields).await,
        Err(error) => Err(error.into()),
    }
}

async fn settle(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let mut read = Read::new(&input);
    let because = read.note("let_be");
    let done = match read.done(()) {
        Ok(()) => visit.write(move |tx, act| Box::pin(actions::let_be(tx, act, id, because))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(departure) => {
            let undo = records_pages::undo_of(&visit, departure).await?;
            Ok(visit.done(&format!("/deals/{id}"), "Left be, and why is written down.", undo))
        }
        Err(Error::Invalid(fields)) => desk::again(&visit, id, &input, fields).await,
        Err(error) => Err(error.into()),
    }
}
