//! The verbs of service: write a request down, answer it, hear more, resolve it, open it again, hand it on.

use crate::accounts::{self, Act, Member, Right, Scope, Workspace};
use crate::app::App;
use crate::base::{Id, When};
use crate::commitments::{self, Commitment};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::jobs;
use crate::notices::{self, News, Source};
use crate::records::{self, Kept};
use crate::service::{Channel, Message, Next, Request, Shown, Side, Turn, store};
use crate::tasks::Task;
use db::{Conn, Tx};

/// How long before its time a promise is said to come near, in seconds.
const NEAR_SECONDS: i64 = 3_600;
/// What passed longer ago than this, in days, is not told any more.
const PASSED_DAYS: i64 = 14;

/// What somebody asks.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What it is about.
    pub title: String,
    /// What they said.
    pub said: Option<String>,
    /// Of which company.
    pub company_id: Option<Id<Company>>,
    /// Who asks.
    pub contact_id: Option<Id<Contact>>,
    /// In which deal.
    pub deal_id: Option<Id<Deal>>,
    /// What of the list does it.
    pub task_id: Option<Id<Task>>,
    /// Who of us answers.
    pub owner_id: Option<Id<Member>>,
    /// How it came.
    pub channel: Channel,
    /// When they asked.
    pub opened_at: When,
    /// Within how many working hours a first answer is promised, if not as usual.
    pub answer_hours: Option<f64>,
    /// Within how many it is promised to be resolved, if not as usual.
    pub resolve_hours: Option<f64>,
}

impl Wish {
    /// Something asked now, of which only this is known.
    pub fn of(title: impl Into<String>, channel: Channel, now: When) -> Self {
        Self {
            title: title.into(),
            said: None,
            company_id: None,
            contact_id: None,
            deal_id: None,
            task_id: None,
            owner_id: None,
            channel,
            opened_at: now,
            answer_hours: None,
            resolve_hours: None,
        }
    }
}

/// The workspace of whoever acts.
async fn here(conn: &mut Conn, act: &Act) -> Result<Workspace> {
    accounts::store::workspace(conn, act.scope.workspace()).await?.ok_or(Error::NotFound)
}

/// Writes a request down. What is promised is what the request says, or its product, or the workspace; in a deal it is
/// also of the deal's company and person.
///
/// # Errors
/// `Forbidden`, `Invalid`.
pub async fn open(tx: &mut Tx, act: &Act, mut wish: Wish) -> Result<Kept<Request>> {
    let workspace = here(tx, act).await?;
    let mut promised = (None, None);
    if let Some(deal) = wish.deal_id {
        let deal = records::get(tx, &act.scope, deal).await?;
        wish.company_id = wish.company_id.or(deal.company_id);
        wish.contact_id = wish.contact_id.or(deal.contact_id);
        if let Some(product) = deal.product_id {
            let product = records::by_id(tx, workspace.id, product).await?;
            promised = product.map_or((None, None), |it| (it.answer_hours, it.resolve_hours));
        }
    }
    if let (Some(contact), None) = (wish.contact_id, wish.company_id) {
        wish.company_id = records::get(tx, &act.scope, contact).await?.company_id;
    }
    let settings = &workspace.settings;
    let answer_hours = wish.answer_hours.or(promised.0).unwrap_or(settings.answer_hours);
    // Whoever promises an answer later than usual does not promise the end before it.
    let usual = promised.1.unwrap_or(settings.resolve_hours).max(answer_hours);
    let mut request = Request {
        title: wish.title,
        said: wish.said,
        company_id: wish.company_id,
        contact_id: wish.contact_id,
        deal_id: wish.deal_id,
        task_id: wish.task_id,
        commitment_id: None,
        owner_id: wish.owner_id,
        channel: wish.channel,
        opened_at: wish.opened_at,
        answer_hours,
        resolve_hours: wish.resolve_hours.unwrap_or(usual),
        answer_by: wish.opened_at,
        resolve_by: wish.opened_at,
        first_answered_at: None,
        answer_minutes: None,
        last_word_at: wish.opened_at,
        turn: Turn::Us,
        theirs_since: None,
        theirs_minutes: 0.0,
        resolved_at: None,
        resolved_how: None,
        resolve_minutes: None,
        reopened: 0,
    };
    request.promise(&workspace.calendar());
    let kept = records::create(tx, act, request).await?;
    look_later(tx, act, &kept).await?;
    Ok(kept)
}

/// Answers a request, and says what follows. Without words it was answered by other means, which counts as well.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` once it is resolved.
pub async fn answer(
    tx: &mut Tx,
    act: &Act,
    id: Id<Request>,
    text: Option<String>,
    next: Next,
) -> Result<Kept<Request>> {
    let calendar = here(tx, act).await?.calendar();
    let (now, me) = (act.now, act.scope.member());
    let how = text.clone().filter(|_| next == Next::Nothing);
    let kept = records::change(tx, act, id, None, |request: &mut Request| {
        request.answered(next, &calendar, now)?;
        // Who answers what was nobody's takes it on.
        request.owner_id = request.owner_id.or(me);
        request.resolved_how = how.or_else(|| request.resolved_how.take());
        Ok(())
    })
    .await?;
    if let Some(text) = text {
        say(tx, act, id, Side::Company, Shown::Both, text, None).await?;
    }
    look_later(tx, act, &kept).await?;
    Ok(kept)
}

/// Writes down for ourselves what the client does not see.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` without words.
pub async fn note(tx: &mut Tx, act: &Act, id: Id<Request>, text: String) -> Result<Kept<Message>> {
    records::get(tx, &act.scope, id).await?;
    say(tx, act, id, Side::Company, Shown::Inner, text, None).await
}

/// The client said something more: it is our turn again.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` without words.
pub async fn hear(
    tx: &mut Tx,
    act: &Act,
    id: Id<Request>,
    text: String,
    contact: Option<Id<Contact>>,
) -> Result<Kept<Request>> {
    let calendar = here(tx, act).await?.calendar();
    let now = act.now;
    let kept = records::change(tx, act, id, None, |request: &mut Request| {
        request.heard(&calendar, now);
        Ok(())
    })
    .await?;
    say(tx, act, id, Side::Client, Shown::Both, text, contact.or(kept.contact_id)).await?;
    look_later(tx, act, &kept).await?;
    Ok(kept)
}

/// It is not resolved after all.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn reopen(tx: &mut Tx, act: &Act, id: Id<Request>) -> Result<Kept<Request>> {
    let calendar = here(tx, act).await?.calendar();
    let now = act.now;
    let kept = records::change(tx, act, id, None, |request: &mut Request| {
        request.open_again(&calendar, now);
        Ok(())
    })
    .await?;
    look_later(tx, act, &kept).await?;
    Ok(kept)
}

/// Hands a request to somebody, or to nobody.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`.
pub async fn hand(tx: &mut Tx, act: &Act, id: Id<Request>, to: Option<Id<Member>>) -> Result<Kept<Request>> {
    records::change(tx, act, id, None, |request: &mut Request| {
        request.owner_id = to;
        Ok(())
    })
    .await
}

/// Ties a request to the promise of its deal's plan that answers it, or to none.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` for what is not in that plan.
pub async fn tie(
    tx: &mut Tx,
    act: &Act,
    id: Id<Request>,
    to: Option<Id<Commitment>>,
) -> Result<Kept<Request>> {
    let kept = records::get(tx, &act.scope, id).await?;
    if let Some(to) = to {
        let deal = commitments::actions::get(tx, act, to).await.ok().map(|it| it.deal_id);
        if deal.is_none() || deal != kept.deal_id {
            return Err(Error::field("commitment_id", "a promise of this deal's plan"));
        }
    }
    records::change(tx, act, id, None, |request: &mut Request| {
        request.commitment_id = to;
        Ok(())
    })
    .await
}

/// Makes a request a promise of ours in its deal's plan, due when it is promised to be resolved.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` where it is in no deal, or in the plan already.
pub async fn promise(tx: &mut Tx, act: &Act, id: Id<Request>) -> Result<Kept<Request>> {
    let kept = records::get(tx, &act.scope, id).await?;
    let Some(deal) = kept.deal_id else {
        return Err(Error::Refused("It belongs to no deal, so there is no plan to put it in.".into()));
    };
    if kept.commitment_id.is_some() {
        return Err(Error::Refused("It is in the plan already.".into()));
    }
    let zone = here(tx, act).await?.zone();
    let it = Commitment {
        owner_id: kept.owner_id,
        due_on: Some(kept.resolve_by.max(act.now).day(&zone)),
        ..Commitment::blank(deal, commitments::Side::Company, kept.title.clone())
    };
    let it = commitments::actions::promise(tx, act, it).await?;
    tie(tx, act, id, Some(it.id)).await
}

/// Tells who answers which promises of an answer come near or have passed, each once; where nobody does, everybody who may.
/// Answers with how many were told.
///
/// # Errors
/// What the database says.
pub async fn warn(app: &App, act: &Act) -> Result<usize> {
    let mut conn = app.read().await?;
    let workspace = here(&mut conn, act).await?;
    let between = (act.now.plus_days(-PASSED_DAYS), act.now.plus_seconds(NEAR_SECONDS));
    let mut all = Vec::new();
    for it in store::due_between(&mut conn, workspace.id, between).await? {
        let Some(due) = it.due_at() else { continue };
        let when = due.show(&workspace.zone(), workspace.locale);
        let what = if it.first_answered_at.is_none() { "to be answered" } else { "to be resolved" };
        let (words, mark) = if due <= act.now {
            (format!("{} waits longer than we promised: it was {what} by {when}", it.title), "past")
        } else {
            (format!("{} is promised {what} by {when}", it.title), "near")
        };
        let whom = match it.owner_id {
            Some(owner) => vec![owner],
            None => notices::who_may(&mut conn, workspace.id, Right::Sell).await?,
        };
        let news = News {
            about: Some(it.id.uuid()),
            ..News::new(Source::Due, words, format!("/service/{}", it.id))
        };
        let mark = format!("request.{}.{}.{mark}", it.id, due.micros());
        all.extend(whom.into_iter().map(|member| (member, mark.clone(), news.clone())));
    }
    drop(conn);
    notices::tell_all_once(app, act, all).await
}

/// Changes what a request says over the version the person saw, and says anew by when it is promised.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn change(
    tx: &mut Tx,
    act: &Act,
    id: Id<Request>,
    version: Option<i64>,
    said: Request,
) -> Result<Kept<Request>> {
    let calendar = here(tx, act).await?.calendar();
    let kept = records::change(tx, act, id, version, |request: &mut Request| {
        let is_promised = (request.answer_hours, request.resolve_hours, request.opened_at)
            == (said.answer_hours, said.resolve_hours, said.opened_at);
        // A promise of another deal's plan answers nothing here.
        let commitment_id = request.commitment_id.filter(|_| request.deal_id == said.deal_id);
        *request = Request { commitment_id, ..said };
        if !is_promised {
            request.promise(&calendar);
        }
        Ok(())
    })
    .await?;
    look_later(tx, act, &kept).await?;
    Ok(kept)
}

/// What was said in a request that its client may read: no inner note is among it.
///
/// # Errors
/// `NotFound`.
pub async fn said(conn: &mut Conn, scope: &Scope, id: Id<Request>) -> Result<Vec<Kept<Message>>> {
    records::get(conn, scope, id).await?;
    Ok(store::said(conn, scope.workspace(), id).await?)
}

async fn say(
    tx: &mut Tx,
    act: &Act,
    request_id: Id<Request>,
    side: Side,
    shown: Shown,
    text: String,
    contact_id: Option<Id<Contact>>,
) -> Result<Kept<Message>> {
    let owner_id = act.scope.member();
    let message = Message { request_id, side, shown, owner_id, contact_id, text, said_at: act.now };
    records::create(tx, act, message).await
}

/// Asks for the deal, the company and the person to be looked at again: every answer is a contact.
async fn look_later(tx: &mut Tx, act: &Act, request: &Request) -> Result<()> {
    let all =
        [request.deal_id.map(Id::uuid), request.company_id.map(Id::uuid), request.contact_id.map(Id::uuid)];
    for id in all.into_iter().flatten() {
        jobs::later(tx, act, jobs::LOOK_AT_DEAL, &id.to_string(), "{}").await?;
    }
    Ok(())
}
