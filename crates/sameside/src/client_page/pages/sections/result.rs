//! How glad they are to pay, and what became of it, in their own words (P15, P17, P20). What we add to the result and what
//! it was worth to us is not here.

use crate::base::Locale;
use crate::client_page::pages::guest::{Done, Guest};
use crate::client_page::pages::sections::goal::measured;
use crate::client_page::pages::sections::{Part, Reader};
use crate::client_page::{ClientReport, Words, store};
use crate::commitments;
use crate::deals::{Phase, Standing};
use crate::error::{Error, Result};
use crate::outcomes::actions::{self, Feeling};
use crate::outcomes::{self, Felt, Occasion, Reached, Whose};
use crate::records;
use crate::web::{Input, Read, Routes};
use axum::http::Method;
use axum::response::Response;
use db::Conn;

/// What can be done here.
pub(super) fn routes() -> Routes {
    Routes::new().open(Method::POST, "/c/{token}/gladness", feel).open(
        Method::POST,
        "/c/{token}/result",
        report,
    )
}

#[derive(askama::Template)]
#[template(path = "client_page/templates/result.html")]
struct ResultPart {
    w: Words,
    path: String,
    may_act: bool,
    /// On which day it was to be looked at, when that has come and nobody said anything; empty otherwise.
    due: String,
    measure: String,
    unit: String,
    /// What they reported; empty for nothing yet.
    reported: String,
    reported_note: String,
    /// What both wrote down; empty for nothing yet.
    written: String,
}

#[derive(askama::Template)]
#[template(path = "client_page/templates/glad.html")]
struct GladPart {
    w: Words,
    path: String,
    may_act: bool,
    question: String,
    /// The code of what they said; empty for nothing yet.
    felt: &'static str,
}

impl ResultPart {
    fn choices(&self) -> [(&'static str, String); 3] {
        [
            (Reached::Fully.code(), self.w.say("reached-fully")),
            (Reached::Partly.code(), self.w.say("reached-partly")),
            (Reached::NotAtAll.code(), self.w.say("reached-not")),
        ]
    }
}

impl GladPart {
    fn choices(&self) -> [(&'static str, String); 4] {
        [
            (Felt::Gladly.code(), self.w.say("felt-gladly")),
            (Felt::Fairly.code(), self.w.say("felt-fairly")),
            (Felt::Grudgingly.code(), self.w.say("felt-grudgingly")),
            (Felt::NotAgain.code(), self.w.say("felt-not-again")),
        ]
    }
}

/// Whether there may be a result by now.
fn is_agreed(it: &Reader) -> bool {
    it.deal.agreed_on.is_some() && !matches!(it.deal.standing, Standing::WalkedAway | Standing::Declined)
}

/// When it is asked how glad they are.
fn occasion(it: &Reader) -> Occasion {
    let is_looked_at = it.deal.standing == Standing::Verified || it.deal.phase == Phase::Verify;
    if is_looked_at { Occasion::Verification } else { Occasion::Agreement }
}

pub(super) async fn result(conn: &mut Conn, it: &Reader) -> Result<Option<Part>> {
    if !is_agreed(it) {
        return Ok(None);
    }
    let (workspace, deal, locale) = (it.workspace.id, it.deal.id, it.words.locale);
    let measure = outcomes::store::measure(conn, workspace, deal).await?;
    let reported = store::report(conn, workspace, deal).await?;
    let outcome = outcomes::store::outcome(conn, workspace, deal).await?;
    let looked_at = commitments::store::verification(conn, workspace, deal).await?;
    let today = it.today();
    let due = looked_at.filter(|one| one.removed_at.is_none() && one.is_result_due(today));
    let due = due.and_then(|one| one.due_on).filter(|_| reported.is_none() && outcome.is_none());
    let show = |reached: Reached, achieved: Option<f64>, day: crate::base::Date| {
        let has = has(it.words, reached);
        let stands = measure.as_ref().zip(achieved).map(|(measure, now)| measure.show(now, locale));
        let parts = [Some(has), stands, Some(it.day(day))];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let part = ResultPart {
        w: it.words,
        path: it.path.clone(),
        may_act: it.may_act,
        due: due.map_or_else(String::new, |day| it.day(day)),
        measure: measure.as_ref().map_or_else(String::new, |measure| measured(it, measure)),
        unit: measure.as_ref().map_or_else(String::new, |measure| measure.unit.clone()),
        reported: reported
            .as_ref()
            .map_or_else(String::new, |report| show(report.reached, report.achieved, report.said_on)),
        reported_note: reported.as_ref().and_then(|report| report.note.clone()).unwrap_or_default(),
        written: outcome
            .as_ref()
            .map_or_else(String::new, |it| show(it.reached, it.achieved, it.measured_on)),
    };
    Part::new("result", &part).map(Some)
}

fn has(w: Words, reached: Reached) -> String {
    match reached {
        Reached::Fully => w.say("reached-fully"),
        Reached::Partly => w.say("reached-partly"),
        Reached::NotAtAll => w.say("reached-not"),
    }
}

pub(super) async fn glad(conn: &mut Conn, it: &Reader) -> Result<Option<Part>> {
    if !is_agreed(it) {
        return Ok(None);
    }
    let moment = occasion(it);
    let said = outcomes::store::gladness(conn, it.workspace.id, it.deal.id).await?;
    // Our own reading of them is not theirs to see.
    let felt = said.iter().find(|kept| kept.moment == moment && kept.whose == Whose::Client);
    let question = match moment {
        Occasion::Agreement => it.words.say("glad-agreement"),
        Occasion::Verification => it.words.say("glad-verification"),
    };
    let part = GladPart {
        w: it.words,
        path: it.path.clone(),
        may_act: it.may_act,
        question,
        felt: felt.map_or("", |kept| kept.felt.code()),
    };
    Part::new("glad", &part).map(Some)
}

async fn feel(guest: Guest, input: Input) -> Response {
    let mut read = Read::new(&input);
    let (felt, because) = (read.code("felt", Felt::parse), read.note("because"));
    let felt = match read.done(felt) {
        Ok(Some(felt)) if is_agreed(&guest.reader) => felt,
        Ok(Some(_)) => return guest.refused(&Error::NotFound, "glad"),
        Ok(None) => return guest.refused(&Error::field("felt", "how glad"), "glad"),
        Err(error) => return guest.refused(&error, "glad"),
    };
    let (deal, today) = (guest.reader.deal.id, guest.reader.today());
    let feeling = Feeling {
        moment: occasion(&guest.reader),
        whose: Whose::Client,
        felt,
        because,
        said_by: guest.name(),
    };
    let done = guest
        .write(move |tx, act| {
            Box::pin(async move {
                let words = match felt {
                    Felt::Gladly => "pays gladly",
                    Felt::Fairly => "finds it fair to pay",
                    Felt::Grudgingly => "pays grudgingly",
                    Felt::NotAgain => "would not do it again",
                };
                let because = feeling.because.as_ref().map_or_else(String::new, |why| format!(": “{why}”"));
                actions::feel(tx, act, deal, feeling, today).await?;
                Ok(Done::new(format!("{words}{because}"), "/outcome"))
            })
        })
        .await;
    guest.after(&done, "said-glad", "glad")
}

async fn report(guest: Guest, input: Input) -> Response {
    let mut read = Read::new(&input);
    let (reached, achieved, note) =
        (read.code("reached", Reached::parse), read.number("achieved"), read.note("note"));
    let reached = match read.done(reached) {
        Ok(Some(reached)) if is_agreed(&guest.reader) => reached,
        Ok(Some(_)) => return guest.refused(&Error::NotFound, "result"),
        Ok(None) => return guest.refused(&Error::field("reached", "whether they have it"), "result"),
        Err(error) => return guest.refused(&error, "result"),
    };
    let (reader, said_by) = (guest.reader.clone(), guest.name());
    let done = guest
        .write(move |tx, act| {
            Box::pin(async move {
                let (workspace, deal) = (reader.workspace.id, reader.deal.id);
                let measure = outcomes::store::measure(tx, workspace, deal).await?;
                let stands = measure.as_ref().zip(achieved);
                let words = match reached {
                    Reached::Fully => "has what they wanted",
                    Reached::Partly => "has some of what they wanted",
                    Reached::NotAtAll => "does not have what they wanted",
                };
                let figure =
                    stands.map_or_else(String::new, |(it, now)| format!(", {}", it.show(now, Locale::EnGb)));
                let said = note.as_ref().map_or_else(String::new, |note| format!(": “{note}”"));
                let report = ClientReport {
                    deal_id: deal,
                    reached,
                    achieved: achieved.filter(|_| measure.is_some()),
                    said_by,
                    said_on: reader.today(),
                    note,
                };
                match store::report(tx, workspace, deal).await? {
                    None => drop(records::create(tx, act, report).await?),
                    Some(kept) => {
                        let edit = |it: &mut ClientReport| {
                            *it = report;
                            Ok(())
                        };
                        records::change(tx, act, kept.id, None, edit).await?;
                    }
                }
                Ok(Done::new(format!("reports that their side {words}{figure}{said}"), "/outcome"))
            })
        })
        .await;
    guest.after(&done, "said-result", "result")
}
