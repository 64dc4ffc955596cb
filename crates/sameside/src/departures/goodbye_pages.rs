//! Not serving a client any longer, on pages: the form with which we part well, and what the client's page says of it.

use crate::accounts::Right;
use crate::assessment::{self, Words};
use crate::base::{Fields, Id, plural};
use crate::companies::Company;
use crate::contacts;
use crate::departures::actions;
use crate::departures::{Goodbye, Letter, Profile, Short, Watch, Way, store};
use crate::desk;
use crate::error::{Error, Result};
use crate::products::Product;
use crate::pursuit::hours;
use crate::records::{self, Kept, pages as records_pages};
use crate::web::conflict::{self, Settled};
use crate::web::layout::{Place, Shell};
use crate::web::{Asked, Form, Input, PageError, Read, Routes, Visit, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::Conn;

/// The routes of clients we part with.
pub fn routes() -> Routes {
    Routes::new()
        .get("/companies/{id}/goodbye", Right::Sell, show)
        .post("/companies/{id}/goodbye", Right::Sell, say)
        .post("/companies/{id}/goodbye/settlement", Right::Sell, settle)
        .post("/companies/{id}/goodbye/end", Right::Sell, end)
        .post("/companies/{id}/goodbye/removal", Right::Sell, take_back)
}

/// What a client's page says of a goodbye.
#[derive(Debug)]
pub struct Card {
    /// The address of its verbs.
    pub path: String,
    /// Who left, on which day, in a sentence.
    pub said: String,
    /// Why.
    pub reason: String,
    /// Facts: name and text.
    pub facts: Vec<(&'static str, String)>,
    /// The words for it; empty for none.
    pub message: String,
    /// What has come that we waited for; empty while nothing has, or when it was answered.
    pub noticed: String,
}

/// What a client's page says of a goodbye; nothing while we serve them.
///
/// # Errors
/// What the database says.
pub async fn card(conn: &mut Conn, visit: &Visit, company: Id<Company>) -> Result<Option<Card>> {
    let workspace = visit.scope().workspace();
    let Some(it) = store::goodbye(conn, workspace, company).await? else { return Ok(None) };
    let owed = owed(conn, visit, company).await?;
    let locale = visit.locale();
    let since = it.created_at.day(&visit.zone()).show(locale);
    let words = Words { currency: visit.currency(), locale };
    let again = if it.noticed_at.is_none() { it.watch().said(words).join(", or ") } else { String::new() };
    let facts = [
        ("As we see it", it.side.map_or_else(String::new, |side| side.label().to_owned())),
        ("What we learnt", it.learnt.clone().unwrap_or_default()),
        ("Who may serve them better", it.referral.clone().unwrap_or_default()),
        ("Hours saved", if it.hours_saved >= 0.05 { hours(it.hours_saved, locale) } else { String::new() }),
        ("What we still owe them", owed),
        ("We look again", again),
        ("Left be, because", it.settled_because.clone().unwrap_or_default()),
    ];
    Ok(Some(Card {
        path: format!("/companies/{company}/goodbye"),
        said: match it.way {
            Way::WalkedAway => format!("We do not serve them any longer, since {since}."),
            Way::Declined => format!("They do not work with us any longer, since {since}."),
        },
        reason: it.reason.clone(),
        facts: facts.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
        message: it.message.clone().unwrap_or_default(),
        noticed: it.noticed.clone().filter(|_| it.asks()).unwrap_or_default(),
    }))
}

/// What we still owe a client, in words; empty for nothing.
async fn owed(conn: &mut Conn, visit: &Visit, company: Id<Company>) -> Result<String> {
    let (promises, requests) = store::owed(conn, visit.scope().workspace(), company).await?;
    let mut said = Vec::new();
    if promises > 0 {
        said.push(plural(promises, "promise", "promises"));
    }
    if requests > 0 {
        said.push(plural(requests, "request for help", "requests for help"));
    }
    Ok(said.join(" and "))
}

#[derive(Template)]
#[template(path = "departures/templates/goodbye.html")]
struct FormPage {
    shell: Shell,
    client: String,
    back: String,
    form: Form,
    way: Way,
    is_said: bool,
    open: Vec<(String, String)>,
    owed: String,
    sides: Vec<(&'static str, &'static str)>,
    products: Vec<(String, String)>,
}

impl FormPage {
    fn heading(&self) -> &'static str {
        match (self.is_said, self.way) {
            (true, _) => "How we parted",
            (false, Way::WalkedAway) => "Part kindly",
            (false, Way::Declined) => "They left us",
        }
    }

    fn why(&self) -> (&'static str, &'static str) {
        match self.way {
            Way::WalkedAway => {
                ("Why is it right not to go on?", "In a sentence they could read; the draft below uses it")
            }
            Way::Declined => ("What did they say?", "In their words, without our answer to it"),
        }
    }
}

/// The fields of a goodbye, as a conflict names them.
const LABELS: &[(&str, &str)] = &[
    ("reason", "Why"),
    ("side", "As far as we can see"),
    ("learnt", "What we learnt"),
    ("referral", "Who may serve them better"),
    ("watch_on", "We look again on"),
    ("product_id", "We look again when it changes"),
    ("message", "The words for it"),
];

fn form_of(it: &Goodbye, version: i64) -> Form {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let values = [
        ("way", it.way.code().to_owned()),
        ("side", it.side.map_or("", Short::code).to_owned()),
        ("reason", it.reason.clone()),
        ("learnt", text(&it.learnt)),
        ("message", text(&it.message)),
        ("referral", text(&it.referral)),
        ("watch_on", it.watch_on.map_or_else(String::new, |day| day.to_string())),
        ("product_id", it.product_id.map_or_else(String::new, |id| id.to_string())),
    ];
    Form::of(values, Some(version))
}

async fn show(visit: Visit, Path(id): Path<Id<Company>>, Asked(asked): Asked) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let company = records::get(&mut conn, visit.scope(), id).await?;
    let form = match store::goodbye(&mut conn, visit.scope().workspace(), id).await? {
        Some(it) => form_of(&it, it.version),
        None => {
            let way = Way::parse(asked.get("way")).unwrap_or(Way::WalkedAway);
            let mut form = Form::of([("way", way.code().to_owned())], None);
            form.set("message", draft(&mut conn, &visit, &company, &form).await?);
            form
        }
    };
    drop(conn);
    render(&visit, &company, form, StatusCode::OK).await
}

async fn render(
    visit: &Visit,
    company: &Kept<Company>,
    form: Form,
    status: StatusCode,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let is_said = store::goodbye(&mut conn, visit.scope().workspace(), company.id).await?.is_some();
    let open = if is_said {
        Vec::new()
    } else {
        store::open_with(&mut conn, visit.scope(), company.id, desk::actions::LEFT_AT_ONCE).await?
    };
    let products = assessment::store::products(&mut conn, visit.scope().workspace()).await?;
    let it = FormPage {
        shell: visit.shell(Place::Companies),
        products: products.into_iter().map(|it| (it.id.to_string(), it.it.name)).collect(),
        client: company.name.clone(),
        back: format!("/companies/{}", company.id),
        way: Way::parse(form.value("way")).unwrap_or(Way::WalkedAway),
        is_said,
        open: open.into_iter().map(|(id, title)| (format!("/deals/{id}"), title)).collect(),
        owed: owed(&mut conn, visit, company.id).await?,
        sides: Short::ALL.iter().map(|side| (side.code(), side.label())).collect(),
        form,
    };
    page_as(status, &it)
}

/// The message, from what the form says now.
async fn draft(conn: &mut Conn, visit: &Visit, company: &Kept<Company>, form: &Form) -> Result<String> {
    let some =
        |field: &str| Some(form.value(field).trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    let people = contacts::store::of_company(conn, visit.scope(), company.id).await?;
    let on = form.value("watch_on").parse().ok();
    let product = match form.value("product_id").parse().ok() {
        Some(id) => records::by_id::<Product>(conn, visit.scope().workspace(), id).await?,
        None => None,
    };
    let product = product.map(|product| Profile::of(&product, &[]));
    let watch = Watch { on, product, ..Watch::default() };
    let (reason, referral) = (some("reason"), some("referral"));
    let letter = Letter {
        to: people.first().map(|contact| contact.name.as_str()),
        from: &visit.seat.member.name,
        ours: &visit.seat.workspace.name,
        about: &company.name,
        is_client: true,
        goal: None,
        way: Way::parse(form.value("way")).unwrap_or(Way::WalkedAway),
        side: Short::parse(form.value("side")).or(Some(Short::Company)),
        chance: None,
        reason: reason.as_deref(),
        referral: referral.as_deref(),
        watch: &watch,
        day: on.map(|day| day.show(visit.locale())),
    };
    Ok(letter.draft())
}

/// Reads the form of a goodbye.
fn read(input: &Input, company_id: Id<Company>, visit: &Visit) -> Result<Goodbye> {
    let mut read = Read::new(input);
    let said = Goodbye {
        company_id,
        owner_id: visit.scope().member(),
        way: read.code("way", Way::parse).unwrap_or(Way::WalkedAway),
        side: read.code("side", Short::parse),
        reason: read.note("reason").unwrap_or_default(),
        learnt: read.note("learnt"),
        message: read.note("message"),
        referral: read.line("referral"),
        hours_saved: 0.0,
        watch_on: read.date("watch_on"),
        product_id: input.get("product_id").parse().ok(),
        watch_product: None,
        noticed_at: None,
        noticed: None,
        settled_because: None,
        ended_at: None,
    };
    if said.reason.is_empty() && read.fields.at("reason").is_none() {
        read.fields.add("reason", "why, in a sentence");
    }
    read.done(said)
}

async fn say(visit: Visit, Path(id): Path<Id<Company>>, input: Input) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let company = records::get(&mut conn, visit.scope(), id).await?;
    if input.has("draft") {
        let mut form = Form::again(&input, Fields::default());
        form.set("message", draft(&mut conn, &visit, &company, &form).await?);
        drop(conn);
        return render(&visit, &company, form, StatusCode::OK).await;
    }
    let known = store::goodbye(&mut conn, visit.scope().workspace(), id).await?;
    let back = format!("/companies/{id}");
    let Some(known) = known else {
        drop(conn);
        let today = visit.today();
        let done = match read(&input, id, &visit) {
            Ok(said) => {
                visit
                    .write(move |tx, act| Box::pin(desk::actions::say_goodbye(tx, act, id, said, today)))
                    .await
            }
            Err(error) => Err(error),
        };
        return match done {
            Ok((kept, left)) => {
                let left = i64::try_from(left).unwrap_or(i64::MAX);
                let text = match (kept.way, left) {
                    (Way::WalkedAway, 0) => {
                        "You parted, and said why. What was promised stays promised.".to_owned()
                    }
                    (Way::Declined, 0) => "They left. What you learnt is kept with them.".to_owned(),
                    (_, left) => {
                        format!(
                            "Written down; {} left with it.",
                            plural(left, "open deal was", "open deals were")
                        )
                    }
                };
                Ok(visit.done(&back, &text, Some(format!("/companies/{id}/goodbye/removal"))))
            }
            Err(Error::Invalid(fields)) => {
                render(&visit, &company, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
            }
            Err(error) => Err(error.into()),
        };
    };
    let settled = conflict::settle_over(&mut conn, &visit, &known, input, form_of, LABELS).await?;
    drop(conn);
    let input = match settled {
        Settled::Save(input) => input,
        Settled::Choose(form) => {
            let labelled = |field: &str, value: &str| match field {
                "side" => Short::parse(value).map_or_else(String::new, |side| side.label().to_owned()),
                _ => value.to_owned(),
            };
            let path = format!("/companies/{id}/goodbye");
            return conflict::choose(&visit, Place::Companies, &company.name, path, back, &form, labelled);
        }
    };
    let version = input.version();
    let done = match read(&input, id, &visit) {
        Ok(said) => {
            visit.write(move |tx, act| Box::pin(actions::change_goodbye(tx, act, id, version, said))).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => Ok(visit.done(&back, "Saved.", records_pages::undo_of(&visit, kept.id).await?)),
        Err(Error::Invalid(fields)) => {
            render(&visit, &company, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn settle(visit: Visit, Path(id): Path<Id<Company>>, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let because = read.note("let_be");
    read.done(())?;
    let kept = visit.write(move |tx, act| Box::pin(actions::let_goodbye_be(tx, act, id, because))).await?;
    let undo = records_pages::undo_of(&visit, kept.id).await?;
    Ok(visit.done(&format!("/companies/{id}"), "Left be, and why is written down.", undo))
}

async fn take_back(visit: Visit, Path(id): Path<Id<Company>>) -> Result<Response, PageError> {
    let open = visit.write(move |tx, act| Box::pin(desk::actions::take_goodbye_back(tx, act, id))).await?;
    let text = match i64::try_from(open).unwrap_or(i64::MAX) {
        0 => "Taken back: they are served as before.".to_owned(),
        n => format!(
            "Taken back: they are served as before, and {} open again.",
            plural(n, "deal is", "deals are")
        ),
    };
    Ok(visit.done(&format!("/companies/{id}"), &text, None))
}

async fn end(visit: Visit, Path(id): Path<Id<Company>>) -> Result<Response, PageError> {
    let kept = visit.write(move |tx, act| Box::pin(actions::serve_again(tx, act, id))).await?;
    let undo = records_pages::undo_of(&visit, kept.id).await?;
    let text = "They are served again. Deals that were left stay left until you open them.";
    Ok(visit.done(&format!("/companies/{id}"), text, undo))
}
