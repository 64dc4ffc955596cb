//! Who does what until the result is there, on both sides: confirm, ask for another day, mark one's own as done (P12, P14).

use crate::accounts::Member;
use crate::base::{Date, Id};
use crate::client_page::pages::guest::{Done, Guest};
use crate::client_page::pages::sections::{Part, Reader};
use crate::client_page::{Words, store};
use crate::commitments::{self, Commitment, Side, Standing, actions};
use crate::contacts::Contact;
use crate::error::{Error, Result};
use crate::records::{self, Kept, Kind};
use crate::web::{Input, Read, Routes};
use axum::http::Method;
use axum::response::Response;
use db::{Conn, Tx};

/// What can be done here.
pub(super) fn routes() -> Routes {
    Routes::new().open(Method::POST, "/c/{token}/plan", answer)
}

#[derive(askama::Template)]
#[template(path = "client_page/templates/plan.html")]
struct Plan {
    w: Words,
    path: String,
    may_act: bool,
    steps: Vec<Step>,
}

/// A promise as the client reads it.
struct Step {
    id: String,
    title: String,
    who: String,
    day: String,
    /// The day as a form takes it.
    on: String,
    /// Another day that was asked for; empty for none.
    asked: String,
    is_theirs: bool,
    is_done: bool,
    is_late: bool,
    is_confirmed: bool,
    /// Whether it is looking at the result together,
    is_result: bool,
    /// and its day has come, and they have not said yet how it stands.
    asks_result: bool,
}

pub(super) async fn part(conn: &mut Conn, it: &Reader) -> Result<Option<Part>> {
    let all = commitments::store::of_deal(conn, it.workspace.id, it.deal.id).await?;
    if all.is_empty() {
        return Ok(None);
    }
    let scope = it.scope();
    let ours: Vec<Id<Member>> = all.iter().filter_map(|one| one.owner_id).collect();
    let theirs: Vec<Id<Contact>> = all.iter().filter_map(|one| one.contact_id).collect();
    let members = records::names(conn, &scope, Kind::Member, ours).await?;
    let contacts = records::names(conn, &scope, Kind::Contact, theirs).await?;
    let today = it.today();
    let is_said = store::report(conn, it.workspace.id, it.deal.id).await?.is_some();
    let steps = all.iter().map(|one| {
        let named = match one.side {
            Side::Company => one.owner_id.and_then(|id| members.get(&id.uuid())),
            Side::Client => one.contact_id.and_then(|id| contacts.get(&id.uuid())),
        };
        let side = match one.side {
            Side::Company => it.workspace.name.clone(),
            Side::Client => it.words.say("your-side"),
        };
        Step {
            id: one.id.to_string(),
            title: one.title.clone(),
            who: named.cloned().unwrap_or(side),
            day: one.due_on.map_or_else(String::new, |day| it.day(day)),
            on: one.due_on.map_or_else(String::new, |day| day.to_string()),
            asked: one.asked_on.map_or_else(String::new, |day| it.day(day)),
            is_theirs: one.side == Side::Client,
            is_done: one.done_on.is_some(),
            is_late: one.standing(today) == Standing::Late,
            is_confirmed: one.confirmed_on.is_some(),
            is_result: one.measure_id.is_some(),
            asks_result: one.is_result_due(today) && !is_said,
        }
    });
    let plan = Plan { w: it.words, path: it.path.clone(), may_act: it.may_act, steps: steps.collect() };
    Part::new("plan", &plan).map(Some)
}

/// What they do with a promise.
#[derive(Debug, Clone)]
enum Move {
    Confirm,
    Finish(Option<String>),
    Another(Date, Option<String>),
}

async fn answer(guest: Guest, input: Input) -> Response {
    let id = input.get("step").parse::<Id<Commitment>>().ok();
    let mut read = Read::new(&input);
    let (day, note) = (read.date("day"), read.note("because"));
    let (said, text) = match (input.get("do"), day) {
        ("confirm", _) => (Move::Confirm, "said-confirmed"),
        ("finish", _) => (Move::Finish(note), "said-finished"),
        ("another", Some(day)) => (Move::Another(day, note), "said-another"),
        _ => return guest.refused(&Error::field("day", "another day"), "plan"),
    };
    let said = match read.done(said) {
        Ok(said) => said,
        Err(error) => return guest.refused(&error, "plan"),
    };
    let reader = guest.reader.clone();
    let done = guest
        .write(move |tx, act| {
            Box::pin(async move {
                let one = of_the_deal(tx, &reader, id).await?;
                let (title, today) = (one.title.clone(), reader.today());
                let words = match said {
                    Move::Confirm => {
                        actions::confirm(tx, act, one.id, today).await?;
                        format!("confirmed “{title}”")
                    }
                    // What we promised is ours to call done.
                    Move::Finish(_) if one.side != Side::Client => return Err(Error::NotFound),
                    Move::Finish(note) => {
                        actions::complete(tx, act, one.id, note, today).await?;
                        format!("has done “{title}”")
                    }
                    Move::Another(day, because) => {
                        let why = because.as_ref().map_or_else(String::new, |why| format!(": “{why}”"));
                        actions::ask_day(tx, act, one.id, day, because).await?;
                        format!("asks for {} for “{title}”{why}", day.show(crate::base::Locale::EnGb))
                    }
                };
                Ok(Done::new(words, "/plan"))
            })
        })
        .await;
    guest.after(&done, text, "plan")
}

/// A promise of the link's deal.
async fn of_the_deal(tx: &mut Tx, it: &Reader, id: Option<Id<Commitment>>) -> Result<Kept<Commitment>> {
    let all = commitments::store::of_deal(tx, it.workspace.id, it.deal.id).await?;
    all.into_iter().find(|one| Some(one.id) == id).ok_or(Error::NotFound)
}
