//! The books on pages: of one client, and of all.

use crate::accounts::Right;
use crate::base::{Currency, Id, Money, plural};
use crate::books::store::{self, CLIENTS_MAX, Came, Entry};
use crate::companies::Company;
use crate::deals::Deal;
use crate::error::Result;
use crate::outcomes::{self, Felt};
use crate::pursuit;
use crate::records;
use crate::web::layout::{Place, Shell};
use crate::web::picture::{self, Bar, Bars, Hue};
use crate::web::{Asked, PageError, Routes, Visit, encode, page};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use db::Conn;
use std::collections::{HashMap, HashSet};

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new().get("/companies/{id}/books", Right::Look, of_client).get(
        "/insights/books",
        Right::Look,
        of_all,
    )
}

/// What a client's page shows of its books.
#[derive(Debug)]
pub struct Card {
    /// Where the books are.
    pub href: String,
    /// What they say.
    pub sentence: String,
}

/// What a client's page shows of its books; nothing before a deal was agreed.
///
/// # Errors
/// What the database says.
pub async fn card(conn: &mut Conn, visit: &Visit, id: Id<Company>) -> Result<Option<Card>> {
    let entries = store::of_company(conn, visit.scope(), id).await?;
    let entries: Vec<Entry> =
        entries.into_iter().filter(|it| it.agreed_on.is_some() || it.result.is_some()).collect();
    if entries.is_empty() {
        return Ok(None);
    }
    let sums = Sum::all(&entries);
    let sentence = if sums.is_empty() {
        "Agreed, and no result is measured yet.".to_owned()
    } else {
        sums.iter().map(|sum| sum.sentence(visit)).collect::<Vec<_>>().join(" ")
    };
    Ok(Some(Card { href: format!("/companies/{id}/books"), sentence }))
}

/// What both gained in one currency.
struct Sum {
    currency: Currency,
    n: usize,
    client: f64,
    company: f64,
    hoped: Option<(f64, f64)>,
}

impl Sum {
    /// One for each currency in which something was measured.
    fn all(entries: &[Entry]) -> Vec<Self> {
        let mut sums: Vec<Self> = Vec::new();
        for (entry, came) in entries.iter().filter_map(|entry| Some((entry, entry.result.as_ref()?))) {
            let place = sums.iter().position(|sum| sum.currency == entry.currency);
            match place.and_then(|place| sums.get_mut(place)) {
                Some(sum) => sum.add(came),
                None => {
                    let zero = Some((0.0, 0.0));
                    let mut sum =
                        Self { currency: entry.currency, n: 0, client: 0.0, company: 0.0, hoped: zero };
                    sum.add(came);
                    sums.push(sum);
                }
            }
        }
        sums
    }

    fn add(&mut self, came: &Came) {
        self.n += 1;
        self.client += came.client;
        self.company += came.company;
        // Where one promise is not known, the sum of promises is not either.
        self.hoped = self.hoped.zip(came.hoped).map(|(sum, one)| (sum.0 + one.0, sum.1 + one.1));
    }

    fn sentence(&self, visit: &Visit) -> String {
        let money = |units: f64| visit.money(Money::of_units(units.round(), self.currency));
        let n = plural(i64::try_from(self.n).unwrap_or(0), "result", "results");
        match self.hoped {
            Some((client, company)) => format!(
                "{n}: they gained {} of {} promised, we gained {} of {} hoped for.",
                money(self.client),
                money(client),
                money(self.company),
                money(company)
            ),
            None => format!("{n}: they gained {}, we gained {}.", money(self.client), money(self.company)),
        }
    }
}

/// A deal as a line of the books.
struct Line {
    href: String,
    title: String,
    standing: &'static str,
    agreed: String,
    hours: String,
    gains: Option<Gains>,
    wrong: String,
}

/// What both gained from it.
struct Gains {
    client: String,
    client_hope: String,
    company: String,
    company_hope: String,
    reached: &'static str,
    source: &'static str,
    measured: String,
}

#[derive(Template)]
#[template(path = "books/templates/client.html")]
struct ClientPage {
    shell: Shell,
    path: String,
    name: String,
    sentences: Vec<String>,
    picture: Option<Bars>,
    hours: String,
    lines: Vec<Line>,
    is_cut: bool,
}

async fn of_client(visit: Visit, Path(id): Path<Id<Company>>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let company = records::get(&mut conn, visit.scope(), id).await?;
    let entries = store::of_company(&mut conn, visit.scope(), id).await?;
    let (minutes, wrong) = beside(&mut conn, &visit, &entries).await?;
    drop(conn);
    let sums = Sum::all(&entries);
    let main = sums.first();
    let texts: Vec<(&str, f64, Hue, String)> = main
        .map(|sum| {
            let money = |units: f64| visit.money(Money::of_units(units.round(), sum.currency));
            let mut all = vec![("They gained", sum.client, Hue::Client, money(sum.client))];
            all.extend(sum.hoped.map(|(hope, _)| ("Promised to them", hope, Hue::Client, money(hope))));
            all.push(("We gained", sum.company, Hue::Company, money(sum.company)));
            all.extend(sum.hoped.map(|(_, hope)| ("Hoped for us", hope, Hue::Company, money(hope))));
            all
        })
        .unwrap_or_default();
    let bars: Vec<Bar<'_>> = texts
        .iter()
        .map(|(label, to, hue, text)| Bar { label, from: 0.0, to: *to, hue: *hue, text })
        .collect();
    let lines = entries.iter().map(|entry| {
        let money = |units: f64| {
            let text = visit.money(Money::of_units(units.round(), entry.currency));
            if units >= 0.5 { format!("+{text}") } else { text }
        };
        Line {
            href: match entry.result {
                Some(_) => format!("/deals/{}/outcome", entry.deal),
                None => format!("/deals/{}", entry.deal),
            },
            title: entry.title.clone(),
            standing: entry.standing.label(),
            agreed: entry.agreed_on.map_or_else(String::new, |day| day.show(visit.locale())),
            hours: hours(&visit, minutes.get(&entry.deal).copied().unwrap_or(0)),
            gains: entry.result.as_ref().map(|came| Gains {
                client: money(came.client),
                client_hope: came.hoped.map_or_else(|| "–".into(), |(hope, _)| money(hope)),
                company: money(came.company),
                company_hope: came.hoped.map_or_else(|| "–".into(), |(_, hope)| money(hope)),
                reached: came.reached.label(),
                source: came.source.label(),
                measured: came.measured_on.show(visit.locale()),
            }),
            wrong: wrong_words(entry, &wrong),
        }
    });
    let lines: Vec<Line> = lines.collect();
    let is_cut = i64::try_from(entries.len()).unwrap_or(0) >= store::DEALS_MAX;
    page(&ClientPage {
        shell: visit.shell(Place::Companies),
        path: format!("/companies/{id}"),
        name: company.name.clone(),
        sentences: sums.iter().map(|sum| sum.sentence(&visit)).collect(),
        picture: (!bars.is_empty()).then(|| picture::bars(&bars)),
        hours: hours(&visit, minutes.values().sum()),
        lines,
        is_cut,
    })
}

/// Minutes of ours in these deals, and those whose client would not do it again.
async fn beside(
    conn: &mut Conn,
    visit: &Visit,
    entries: &[Entry],
) -> Result<(HashMap<Id<Deal>, i64>, HashSet<Id<Deal>>)> {
    let (mut minutes, mut never) = (HashMap::new(), HashSet::new());
    let ids: Vec<Id<Deal>> = entries.iter().map(|entry| entry.deal).collect();
    let workspace = visit.scope().workspace();
    for some in ids.chunks(200) {
        let spent = pursuit::store::spent(conn, workspace, some).await?;
        minutes.extend(spent.into_iter().map(|(deal, spent)| (deal, spent.minutes)));
        let said = outcomes::store::said_glad(conn, workspace, some).await?;
        never.extend(said.into_iter().filter(|it| it.2 == Felt::NotAgain).map(|it| it.0));
    }
    Ok((minutes, never))
}

fn wrong_words(entry: &Entry, never: &HashSet<Id<Deal>>) -> String {
    let worse = entry.result.as_ref().is_some_and(|came| came.client < 0.0);
    match (worse, never.contains(&entry.deal)) {
        (true, true) => "Left them worse off; they would not do it again".into(),
        (true, false) => "Left them worse off".into(),
        (false, true) => "They would not do it again".into(),
        (false, false) => String::new(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "minutes are far below 2^53")]
fn hours(visit: &Visit, minutes: i64) -> String {
    let hours = minutes as f64 / 60.0;
    format!("{} h", visit.locale().number(hours, usize::from(hours < 9.95 && hours.fract() > 0.05)))
}

/// A client as a line of the books of all.
struct ClientLine {
    href: String,
    name: String,
    sums: Vec<ClientSum>,
    hours: String,
    wrong: usize,
}

struct ClientSum {
    n: usize,
    client: String,
    client_hope: String,
    company: String,
    company_hope: String,
}

#[derive(Template)]
#[template(path = "books/templates/all.html")]
struct AllPage {
    shell: Shell,
    lines: Vec<ClientLine>,
    next: String,
}

async fn of_all(visit: Visit, Asked(asked): Asked) -> Result<Response, PageError> {
    let after = asked.get("after").split_once('.');
    let after = after.and_then(|(id, name)| Some((name.to_owned(), id.parse().ok()?)));
    let mut conn = visit.read().await?;
    let mut clients = store::clients(&mut conn, visit.scope(), after).await?;
    let most = usize::try_from(CLIENTS_MAX).unwrap_or(0);
    let has_more = clients.len() > most;
    clients.truncate(most);
    let next = clients.last().filter(|_| has_more).map_or_else(String::new, |(id, _, folded)| {
        format!("/insights/books?after={}", encode(&format!("{id}.{folded}")))
    });
    let ids: Vec<Id<Company>> = clients.iter().map(|(id, ..)| *id).collect();
    let entries = store::results_of(&mut conn, visit.scope(), &ids).await?;
    let (minutes, never) = beside(&mut conn, &visit, &entries).await?;
    drop(conn);
    let lines = clients.into_iter().map(|(id, name, _)| {
        let own: Vec<Entry> = entries.iter().filter(|entry| entry.company == Some(id)).cloned().collect();
        let sums = Sum::all(&own).into_iter().map(|sum| {
            let money = |units: f64| visit.money(Money::of_units(units.round(), sum.currency));
            ClientSum {
                n: sum.n,
                client: money(sum.client),
                client_hope: sum.hoped.map_or_else(|| "–".into(), |(hope, _)| money(hope)),
                company: money(sum.company),
                company_hope: sum.hoped.map_or_else(|| "–".into(), |(_, hope)| money(hope)),
            }
        });
        ClientLine {
            href: format!("/companies/{id}/books"),
            name,
            sums: sums.collect(),
            hours: hours(&visit, own.iter().filter_map(|entry| minutes.get(&entry.deal)).sum()),
            wrong: own.iter().filter(|entry| !wrong_words(entry, &never).is_empty()).count(),
        }
    });
    let lines = lines.collect();
    page(&AllPage { shell: visit.shell(Place::Insights), lines, next })
}
