//! The pages of deals: board, table, form, moving and leaving. A deal's own page is in [`super::page`].

use crate::accounts::{Member, Right, Scope, store::members};
use crate::base::{Currency, Id, Locale};
use crate::deals::{self, Deal, Stage, Standing};
use crate::desk::actions::{self, Draft, Whom};
use crate::desk::store::{self, After, Filter, Sort};
use crate::desk::view::Card;
use crate::error::{Error, Result};
use crate::records::{self, Kept};
use crate::web::layout::{Place, Shell};
use crate::web::{Form, Input, PageError, Read, Routes, Visit, page};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::Conn;
use serde::Deserialize;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/deals", Right::Look, list)
        .get("/deals/board", Right::Look, board)
        .get("/deals/new", Right::Sell, new)
        .post("/deals", Right::Sell, create)
        .get("/deals/{id}", Right::Look, super::page::show)
        .post("/deals/{id}/answers", Right::Sell, super::page::answer)
        .get("/deals/{id}/edit", Right::Sell, edit)
        .post("/deals/{id}", Right::Sell, change)
        .post("/deals/{id}/stage", Right::Sell, move_to)
        .get("/deals/{id}/proposal/early", Right::Sell, proposal)
        .post("/deals/{id}/return", Right::Sell, reopen)
        .post("/deals/{id}/removal", Right::Sell, remove)
        .post("/deals/{id}/restoration", Right::Sell, restore)
}

type Choice = (String, String);

/// What a list is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    standing: String,
    sort: String,
    stage: String,
    owner: String,
    product: String,
    verdict: String,
    q: String,
    after: String,
    after_id: String,
}

#[derive(Template)]
#[template(path = "desk/templates/list.html")]
struct ListPage {
    shell: Shell,
    cards: Vec<Card>,
    asked: Asked,
    owners: Vec<Choice>,
    stages: Vec<Choice>,
    products: Vec<Choice>,
    next: String,
}

impl ListPage {
    fn standings(&self) -> Vec<Choice> {
        Standing::ALL.iter().map(|one| (one.code().to_owned(), one.label().to_owned())).collect()
    }

    fn verdicts(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("go_ahead", "Go ahead"),
            ("ask_first", "Ask first"),
            ("rebalance", "Rebalance"),
            ("walk_away", "Walk away"),
        ]
    }

    /// The address of this list sorted otherwise.
    fn sorted(&self, sort: &str) -> String {
        let Asked { standing, stage, owner, product, verdict, q, .. } = &self.asked;
        query(&[
            ("sort", sort),
            ("standing", standing),
            ("stage", stage),
            ("owner", owner),
            ("product", product),
            ("verdict", verdict),
            ("q", q),
        ])
    }

    fn direction(&self, sort: &str) -> &'static str {
        match (self.asked.sort.as_str(), sort) {
            (now, sort) if now != sort => "",
            (_, "recent" | "price" | "value") => "descending",
            _ => "ascending",
        }
    }

    fn is_filtered(&self) -> bool {
        let Asked { standing, stage, owner, product, verdict, q, .. } = &self.asked;
        standing != "open" || [stage, owner, product, verdict, q].iter().any(|asked| !asked.is_empty())
    }
}

fn query(pairs: &[(&str, &str)]) -> String {
    let some = pairs.iter().filter(|(_, value)| !value.is_empty());
    let all: Vec<String> =
        some.map(|(name, value)| format!("{name}={}", crate::web::encode(value))).collect();
    format!("/deals?{}", all.join("&"))
}

async fn list(visit: Visit, Query(mut asked): Query<Asked>) -> Result<Response, PageError> {
    let sort = Sort::parse(&asked.sort).unwrap_or(Sort::Recent);
    let standing = Standing::parse(&asked.standing).unwrap_or(Standing::Open);
    sort.code().clone_into(&mut asked.sort);
    standing.code().clone_into(&mut asked.standing);
    let starts = crate::base::fold(&asked.q);
    let filter = Filter {
        standing,
        sort,
        stage: asked.stage.parse().ok(),
        owner: asked.owner.parse().ok(),
        product: asked.product.parse().ok(),
        verdict: Some(asked.verdict.clone()).filter(|verdict| !verdict.is_empty()),
        starts: Some(starts).filter(|starts| !starts.is_empty()),
        after: asked.after_id.parse().ok().map(|id| After { value: asked.after.clone(), id }),
    };
    let mut conn = visit.read().await?;
    let mut rows = store::page(&mut conn, visit.scope(), &filter).await?;
    let has_more = i64::try_from(rows.len()).unwrap_or(0) > store::PAGE_ROWS;
    rows.truncate(usize::try_from(store::PAGE_ROWS).unwrap_or(50));
    let next = match rows.last().filter(|_| has_more) {
        Some(row) => {
            let after = store::place_of(row, sort);
            let Asked { standing, sort, stage, owner, product, verdict, q, .. } = &asked;
            let id = after.id.to_string();
            query(&[
                ("sort", sort),
                ("standing", standing),
                ("stage", stage),
                ("owner", owner),
                ("product", product),
                ("verdict", verdict),
                ("q", q),
                ("after", &after.value),
                ("after_id", &id),
            ])
        }
        None => String::new(),
    };
    let workspace = visit.scope().workspace();
    let list = ListPage {
        shell: visit.shell(Place::Deals),
        cards: rows.into_iter().map(|row| Card::of(row, &visit)).collect(),
        asked,
        owners: owner_choices(&mut conn, visit.scope()).await?,
        stages: stage_choices(&deals::store::stages(&mut conn, workspace).await?),
        products: store::product_names(&mut conn, workspace)
            .await?
            .into_iter()
            .map(|(id, name)| (id.to_string(), name))
            .collect(),
        next,
    };
    page(&list)
}

async fn owner_choices(conn: &mut Conn, scope: &Scope) -> Result<Vec<Choice>> {
    let all = members(conn, scope.workspace()).await?;
    let seen = all.into_iter().filter(|member| scope.may_see(Some(member.id)));
    Ok(seen.map(|member| (member.id.to_string(), member.it.name)).collect())
}

fn stage_choices(stages: &[Kept<Stage>]) -> Vec<Choice> {
    stages.iter().map(|stage| (stage.id.to_string(), stage.name.clone())).collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BoardAsked {
    owner: String,
    pipeline: String,
}

struct Column {
    id: String,
    name: String,
    phase: &'static str,
    count: String,
    more: Option<String>,
    cards: Vec<Card>,
}

#[derive(Template)]
#[template(path = "desk/templates/board.html")]
struct BoardPage {
    shell: Shell,
    asked: BoardAsked,
    columns: Vec<Column>,
    owners: Vec<Choice>,
    pipelines: Vec<Choice>,
    stages: Vec<Choice>,
}

impl BoardPage {
    fn is_empty(&self) -> bool {
        self.columns.iter().all(|column| column.cards.is_empty()) && self.asked.owner.is_empty()
    }
}

async fn board(visit: Visit, Query(asked): Query<BoardAsked>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let (scope, workspace) = (visit.scope(), visit.scope().workspace());
    let pipelines = deals::store::pipelines(&mut conn, workspace).await?;
    let chosen = pipelines
        .iter()
        .find(|pipeline| pipeline.id.to_string() == asked.pipeline)
        .or_else(|| pipelines.first())
        .map(|pipeline| pipeline.id);
    let stages: Vec<Kept<Stage>> = deals::store::stages(&mut conn, workspace)
        .await?
        .into_iter()
        .filter(|stage| Some(stage.pipeline_id) == chosen)
        .collect();
    let owner: Option<Id<Member>> = asked.owner.parse().ok();
    let mut columns = Vec::with_capacity(stages.len());
    for stage in &stages {
        let rows = store::column(&mut conn, scope, stage.id, owner).await?;
        let shown = i64::try_from(rows.len()).unwrap_or(0);
        let count = if shown < store::COLUMN_CARDS {
            shown
        } else {
            store::count_of_stage(&mut conn, scope, stage.id, owner).await?
        };
        let count_text = if count > deals::store::COUNT_MAX {
            format!("{}+", deals::store::COUNT_MAX)
        } else {
            count.to_string()
        };
        let owner_id = owner.map(|id| id.to_string()).unwrap_or_default();
        columns.push(Column {
            id: stage.id.to_string(),
            name: stage.name.clone(),
            phase: stage.phase.label(),
            count: count_text,
            more: (count > shown).then(|| query(&[("stage", &stage.id.to_string()), ("owner", &owner_id)])),
            cards: rows.into_iter().map(|row| Card::of(row, &visit)).collect(),
        });
    }
    let board = BoardPage {
        shell: visit.shell(Place::Deals),
        asked: BoardAsked { pipeline: chosen.map(|id| id.to_string()).unwrap_or_default(), ..asked },
        columns,
        owners: owner_choices(&mut conn, visit.scope()).await?,
        pipelines: pipelines
            .iter()
            .map(|pipeline| (pipeline.id.to_string(), pipeline.name.clone()))
            .collect(),
        stages: stage_choices(&stages),
    };
    page(&board)
}

/// The fields of the form that are compared in a conflict.
const LABELS: &[(&str, &str)] = &[
    ("title", "Name"),
    ("company", "Company"),
    ("product", "Product"),
    ("owner", "Who runs it"),
    ("price", "Price"),
    ("horizon_months", "Horizon"),
    ("refund_share", "Given back if it does not work"),
    ("expected_on", "Decision expected"),
    ("stage", "Stage"),
];

#[derive(Template)]
#[template(path = "desk/templates/form.html")]
struct FormPage {
    shell: Shell,
    form: Form,
    title: String,
    action: String,
    cancel: String,
    currency: String,
    products: Vec<Choice>,
    owners: Vec<Choice>,
    stages: Vec<Choice>,
    contacts: Vec<Choice>,
}

async fn form_page(
    visit: &Visit,
    form: Form,
    deal: Option<&Kept<Deal>>,
    status: StatusCode,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let workspace = visit.scope().workspace();
    let contacts = match deal.and_then(|deal| deal.company_id) {
        Some(company) => store::contacts_of(&mut conn, workspace, company).await?,
        None => Vec::new(),
    };
    let form_page = FormPage {
        shell: visit.shell(Place::Deals),
        title: deal.map_or_else(|| "New deal".to_owned(), |deal| format!("Change {}", deal.title)),
        action: deal.map_or_else(|| "/deals".to_owned(), |deal| format!("/deals/{}", deal.id)),
        cancel: deal.map_or_else(|| "/deals".to_owned(), |deal| format!("/deals/{}", deal.id)),
        currency: deal.map_or(visit.currency(), |deal| deal.currency).prefix(),
        products: store::product_names(&mut conn, workspace)
            .await?
            .into_iter()
            .map(|(id, name)| (id.to_string(), name))
            .collect(),
        owners: owner_choices(&mut conn, visit.scope()).await?,
        stages: stage_choices(&deals::store::stages(&mut conn, workspace).await?),
        contacts: contacts.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        form,
    };
    Ok((status, page(&form_page)?).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewAsked {
    company: String,
    stage: String,
    title: String,
}

async fn new(visit: Visit, Query(asked): Query<NewAsked>) -> Result<Response, PageError> {
    let mut form =
        Form::of([("horizon_months", "12".to_owned()), ("title", asked.title), ("stage", asked.stage)], None);
    form.set("owner", visit.scope().member().map(|id| id.to_string()).unwrap_or_default());
    if let Ok(company) = asked.company.parse() {
        let company =
            records::get::<crate::companies::Company>(&mut visit.read().await?, visit.scope(), company)
                .await?;
        form.set("company", company.name.clone());
    }
    form_page(&visit, form, None, StatusCode::OK).await
}

/// What the form says, before names are looked up.
async fn draft(visit: &Visit, input: &Input, currency: Currency) -> Result<Draft> {
    let mut read = Read::new(input);
    let title = read.needed("title", "what this deal is about, in a few words");
    let company = read.line("company");
    let price = read.money("price", currency);
    let draft = Draft {
        title,
        company: Whom::Nobody,
        contact: read.id("contact"),
        product: read.id("product"),
        owner: read.id("owner"),
        stage: read.id("stage"),
        price_minor: price.map(|price| price.minor),
        currency,
        horizon_months: read.whole("horizon_months").unwrap_or(12),
        refund_share: read.number("refund_share").map_or(0.0, |share| share / 100.0),
        expected_on: read.date("expected_on"),
        early: read.note(actions::EARLY),
    };
    let mut draft = read.done(draft)?;
    if let Some(name) = company {
        let there = store::company_named(&mut visit.read().await?, visit.scope(), &name).await?;
        draft.company = there.map_or(Whom::New(name), Whom::There);
    }
    Ok(draft)
}

async fn create(visit: Visit, input: Input) -> Result<Response, PageError> {
    let today = visit.today();
    let made = match draft(&visit, &input, visit.currency()).await {
        Ok(draft) => visit.write(move |tx, act| Box::pin(actions::create(tx, act, draft, today))).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(deal) => Ok(visit.done(
            &format!("/deals/{}", deal.id),
            "The deal is there. Four answers make its first assessment better.",
            None,
        )),
        Err(Error::Invalid(fields)) => {
            form_page(&visit, Form::again(&input, fields), None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn kept_form(visit: &Visit, deal: &Kept<Deal>) -> Result<Form> {
    let company = match deal.company_id {
        Some(id) => records::get_any(&mut visit.read().await?, visit.scope(), id)
            .await
            .map(|company| company.name.clone())
            .unwrap_or_default(),
        None => String::new(),
    };
    let id = |id: Option<String>| id.unwrap_or_default();
    let values = [
        ("title", deal.title.clone()),
        ("company", company),
        ("contact", id(deal.contact_id.map(|id| id.to_string()))),
        ("product", id(deal.product_id.map(|id| id.to_string()))),
        ("owner", id(deal.owner_id.map(|id| id.to_string()))),
        ("stage", deal.stage_id.to_string()),
        ("price", deal.price().map_or_else(String::new, |price| price.plain())),
        ("horizon_months", deal.horizon_months.to_string()),
        ("refund_share", Locale::EnGb.number(deal.refund_share * 100.0, 0)),
        ("expected_on", deal.expected_on.map_or_else(String::new, |day| day.to_string())),
    ];
    Ok(Form::of(values, Some(deal.version)))
}

async fn edit(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    let deal = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let form = kept_form(&visit, &deal).await?;
    form_page(&visit, form, Some(&deal), StatusCode::OK).await
}

async fn change(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let deal = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let (version, today) = (input.version(), visit.today());
    let done = match draft(&visit, &input, deal.currency).await {
        Ok(draft) => {
            visit.write(move |tx, act| Box::pin(actions::change(tx, act, id, version, draft, today))).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(visit.done(&format!("/deals/{id}"), "Saved.", None)),
        Err(Error::Invalid(fields)) => {
            form_page(&visit, Form::again(&input, fields), Some(&deal), StatusCode::UNPROCESSABLE_ENTITY)
                .await
        }
        Err(Error::Conflict { .. }) => {
            let now = records::get(&mut visit.read().await?, visit.scope(), id).await?;
            let form = Form::clashing(&input, &kept_form(&visit, &now).await?, LABELS);
            form_page(&visit, form, Some(&now), StatusCode::CONFLICT).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Where a form asks to be led back to, if that is a page of ours.
fn back(input: &Input, otherwise: String) -> String {
    let back = input.get("back");
    if back.starts_with('/') && !back.starts_with("//") { back.to_owned() } else { otherwise }
}

async fn move_to(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let (version, today) = (input.version(), visit.today());
    let stage: Id<Stage> =
        input.get("stage").parse().map_err(|_| Error::field("stage", "one of the stages"))?;
    let early = Read::new(&input).note(actions::EARLY);
    let moved = visit
        .write(move |tx, act| Box::pin(actions::move_to(tx, act, id, version, stage, early, today)))
        .await;
    let deal = match moved {
        Err(Error::Invalid(fields)) if fields.at(actions::EARLY).is_some() => {
            // Dragging, the menu and the page all come here: the reason is asked for on a page of its own.
            let to = crate::web::encode(&back(&input, String::new()));
            let to = format!("/deals/{id}/proposal/early?stage={stage}&back={to}");
            return Ok(axum::response::Redirect::to(&to).into_response());
        }
        moved => moved?,
    };
    let to = back(&input, format!("/deals/board?pipeline={}", deal.pipeline_id));
    Ok(axum::response::Redirect::to(&to).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ProposalAsked {
    stage: String,
    back: String,
}

#[derive(Template)]
#[template(path = "desk/templates/proposal.html")]
struct ProposalPage {
    shell: Shell,
    deal: String,
    path: String,
    stage: String,
    version: i64,
    back: String,
    missing: String,
}

/// Asks why something is proposed before the diagnosis is complete.
async fn proposal(
    visit: Visit,
    Path(id): Path<Id<Deal>>,
    Query(asked): Query<ProposalAsked>,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let deal = records::get(&mut conn, visit.scope(), id).await?;
    let pieces = crate::diagnosis::store::pieces(&mut conn, visit.scope().workspace(), &deal).await?;
    let missing = pieces.missing();
    if missing.is_empty() {
        return Ok(axum::response::Redirect::to(&format!("/deals/{id}")).into_response());
    }
    page(&ProposalPage {
        shell: visit.shell(Place::Deals),
        path: format!("/deals/{id}"),
        stage: asked.stage,
        version: deal.version,
        back: asked.back,
        missing: format!("Nobody has asked {}.", missing.join(", nor ")),
        deal: deal.it.title,
    })
}

async fn reopen(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let version = input.version();
    visit.write(move |tx, act| Box::pin(actions::reopen(tx, act, id, version))).await?;
    Ok(visit.done(&format!("/deals/{id}"), "The deal is open again.", None))
}

async fn remove(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    visit.write(move |tx, act| Box::pin(actions::remove(tx, act, id))).await?;
    Ok(visit.done("/deals", "The deal is removed.", Some(format!("/deals/{id}/restoration"))))
}

async fn restore(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    visit.write(move |tx, act| Box::pin(actions::restore(tx, act, id))).await?;
    Ok(visit.done(&format!("/deals/{id}"), "The deal is back.", None))
}
