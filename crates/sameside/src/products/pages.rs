//! Products on pages: the list, one product with its profile as ranges, the forms of both.

use crate::accounts::Right;
use crate::base::{Currency, Evidence, Id, Money, Source};
use crate::diagnosis::actions::{Answer, profile};
use crate::diagnosis::form::{self as figures_form, number};
use crate::diagnosis::{self, Figure, Parameter, Unit};
use crate::error::{Error, Result};
use crate::history::{self, Moment};
use crate::outcomes;
use crate::products::Product;
use crate::records::list::{self, Sort};
use crate::records::{self, Kept, pages as records_pages};
use crate::web::conflict::{self, Settled};
use crate::web::layout::{Place, Shell};
use crate::web::picture::{Hue, RangePicture, range};
use crate::web::{Asked, Form, Input, ListQuery, PageError, Read, Routes, Visit, page};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Moments shown on a product's page.
const MOMENTS: usize = 15;

const BY_NAME: Sort = Sort { code: "name", column: "name_folded", is_text: true, is_descending: false };
const SORTS: &[Sort] = &[BY_NAME, Sort { code: "-name", is_descending: true, ..BY_NAME }];

/// The fields of the form, and what people call them.
const LABELS: &[(&str, &str)] = &[
    ("name", "Name"),
    ("family", "Family"),
    ("price", "List price"),
    ("answer_hours", "A first answer within"),
    ("resolve_hours", "Resolved within"),
    ("currency", "Currency"),
    ("note", "Note"),
];

/// What a profile is made of, theirs first.
const PROFILE: [Parameter; 9] = [
    Parameter::Benefit,
    Parameter::Success,
    Parameter::Delay,
    Parameter::Adoption,
    Parameter::Price,
    Parameter::Delivery,
    Parameter::Service,
    Parameter::Hours,
    Parameter::Spend,
];

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/products", Right::Look, index)
        .get("/products/new", Right::Manage, blank)
        .post("/products", Right::Manage, create)
        .get("/products/{id}", Right::Look, show)
        .post("/products/{id}", Right::Manage, change)
        .get("/products/{id}/edit", Right::Manage, edit)
        .get("/products/{id}/profile", Right::Manage, edit_profile)
        .post("/products/{id}/profile", Right::Manage, change_profile)
        .post("/products/{id}/removal", Right::Manage, remove)
        .post("/products/{id}/restoration", Right::Manage, restore)
}

/// One product in the list.
struct Row {
    href: String,
    name: String,
    family: String,
    price: String,
}

#[derive(Template)]
#[template(path = "products/templates/list.html")]
struct ListPage {
    shell: Shell,
    may_manage: bool,
    list: ListQuery,
    rows: Vec<Row>,
    extent: String,
    previous: String,
    next: String,
}

async fn index(visit: Visit, Asked(asked): Asked) -> Result<Response, PageError> {
    let list = ListQuery::read("/products", &asked, SORTS, BY_NAME);
    let mut conn = visit.read().await?;
    let wish = list.wish(visit.scope(), Some("name_folded"));
    let found = list::page::<Product>(&mut conn, visit.scope(), &wish).await?;
    let rows = found.rows.iter().map(|row| Row {
        href: format!("/products/{}", row.id),
        name: row.name.clone(),
        family: row.family.clone().unwrap_or_default(),
        price: row.price().map(|price| visit.money(price)).unwrap_or_default(),
    });
    page(&ListPage {
        shell: visit.shell(Place::Products),
        may_manage: visit.scope().may(Right::Manage),
        rows: rows.collect(),
        extent: list.extent(&found, "product", "products"),
        previous: list.previous(&found),
        next: list.next(&found),
        list,
    })
}

/// One figure of a profile as its page shows it.
struct Line {
    code: &'static str,
    label: &'static str,
    /// Everything that was ever said of it; empty while nothing was.
    href: String,
    range: Option<RangePicture>,
    text: String,
    source: &'static str,
    evidence: String,
    note: String,
}

impl Line {
    fn of(visit: &Visit, product: &Product, parameter: Parameter, kept: Option<&Kept<Figure>>) -> Self {
        let say = |value: f64| parameter.unit().show(value, product.currency, visit.locale());
        let Some(kept) = kept else {
            let (label, text) = (parameter.label(), String::new());
            return Self {
                code: parameter.code(),
                label,
                href: String::new(),
                range: None,
                text,
                source: "assumed",
                evidence: String::new(),
                note: String::new(),
            };
        };
        let (low, likely, high) = (kept.low, kept.likely, kept.high);
        let end = match parameter.unit() {
            Unit::Share => 1.0,
            _ => high.max(1.0) * 1.1,
        };
        let hue = if parameter.is_clients() { Hue::Client } else { Hue::Company };
        let day = kept.said_on.map(|day| day.show(visit.locale()));
        Self {
            code: parameter.code(),
            label: parameter.label(),
            href: format!("/history?of=figure.{}", kept.id),
            range: Some(range([low, likely, high], [low.min(0.0), end], hue, &say)),
            text: parameter.unit().show_range([low, likely, high], product.currency, visit.locale()),
            source: kept.source.code(),
            evidence: kept.source.note(kept.said_by.as_deref(), day),
            note: kept.note.clone().unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "products/templates/show.html")]
struct ShowPage {
    shell: Shell,
    path: String,
    may_manage: bool,
    product: Kept<Product>,
    price: String,
    removed: String,
    theirs: Vec<Line>,
    ours: Vec<Line>,
    limits: Vec<(String, String)>,
    moments: Vec<Moment>,
    other: Vec<(String, String)>,
    real: Vec<(String, String, String)>,
}

impl ShowPage {
    /// The family it belongs to.
    fn below(&self) -> String {
        self.product.family.clone().unwrap_or_default()
    }
}

async fn show(visit: Visit, Path(id): Path<Id<Product>>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let product = records::get_any(&mut conn, visit.scope(), id).await?;
    let figures = diagnosis::store::of_product(&mut conn, visit.scope().workspace(), id).await?;
    let limits = diagnosis::store::contraindications(&mut conn, visit.scope().workspace(), id).await?;
    let told = history::timeline(&mut conn, &visit.eyes(), id.uuid(), None, MOMENTS).await?;
    let line = |parameter: &Parameter| {
        let kept = figures.iter().find(|figure| figure.parameter == *parameter);
        Line::of(&visit, &product, *parameter, kept)
    };
    let (theirs, ours): (Vec<_>, Vec<_>) = PROFILE.iter().partition(|parameter| parameter.is_clients());
    page(&ShowPage {
        shell: visit.shell(Place::Products),
        path: format!("/products/{id}"),
        may_manage: visit.scope().may(Right::Manage),
        price: product.price().map(|price| visit.money(price)).unwrap_or_default(),
        removed: records_pages::removed_on(&visit, &product),
        theirs: theirs.into_iter().map(line).collect(),
        ours: ours.into_iter().map(line).collect(),
        limits: limits.into_iter().map(|it| (it.id.to_string(), it.it.title)).collect(),
        moments: told.moments,
        other: product.other.shown(),
        real: outcomes::of_product(&mut conn, &visit, &product).await?,
        product,
    })
}

#[derive(Template)]
#[template(path = "products/templates/form.html")]
struct FormPage {
    shell: Shell,
    title: String,
    action: String,
    form: Form,
    currencies: Vec<(String, String)>,
}

fn answer(
    visit: &Visit,
    status: StatusCode,
    title: &str,
    action: String,
    form: Form,
) -> Result<Response, PageError> {
    let currencies =
        Currency::all().map(|one| (one.code().to_owned(), format!("{} {}", one.code(), one.name())));
    let it = FormPage {
        shell: visit.shell(Place::Products),
        title: title.to_owned(),
        action,
        form,
        currencies: currencies.collect(),
    };
    Ok((status, page(&it)?).into_response())
}

async fn blank(visit: Visit) -> Result<Response, PageError> {
    let form = form_of(&Product::named("", visit.currency()), None);
    answer(&visit, StatusCode::OK, "New product", "/products".into(), form)
}

/// A product as its form says it.
fn form_of(product: &Product, version: Option<i64>) -> Form {
    Form::of(
        [
            ("name", product.name.clone()),
            ("family", product.family.clone().unwrap_or_default()),
            ("price", product.price().map(Money::plain).unwrap_or_default()),
            ("currency", product.currency.code().to_owned()),
            ("note", product.note.clone().unwrap_or_default()),
            ("answer_hours", product.answer_hours.map(|hours| hours.to_string()).unwrap_or_default()),
            ("resolve_hours", product.resolve_hours.map(|hours| hours.to_string()).unwrap_or_default()),
        ],
        version,
    )
}

/// Reads the form over what is kept; what it does not ask about stays.
fn read(input: &Input, mut product: Product) -> Result<Product> {
    let mut read = Read::new(input);
    product.name = read.needed("name", "a name");
    product.family = read.line("family");
    if let Some(currency) = read.code("currency", Currency::parse) {
        product.currency = currency;
    }
    product.price_minor = read.money("price", product.currency).map(|price| price.minor);
    product.note = read.note("note");
    product.answer_hours = read.number("answer_hours");
    product.resolve_hours = read.number("resolve_hours");
    read.done(product)
}

async fn create(visit: Visit, input: Input) -> Result<Response, PageError> {
    let made = match read(&input, Product::named("", visit.currency())) {
        Ok(product) => {
            visit.write(move |tx, act| Box::pin(async move { records::create(tx, act, product).await })).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            let said = format!("{} is added. Its profile makes first assessments better.", kept.name);
            Ok(visit.done(&format!("/products/{}", kept.id), &said, undo))
        }
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&input, fields);
            answer(&visit, StatusCode::UNPROCESSABLE_ENTITY, "New product", "/products".into(), form)
        }
        Err(error) => Err(error.into()),
    }
}

async fn edit(visit: Visit, Path(id): Path<Id<Product>>) -> Result<Response, PageError> {
    let kept = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    answer(&visit, StatusCode::OK, &kept.name, format!("/products/{id}"), form_of(&kept, Some(kept.version)))
}

async fn change(visit: Visit, Path(id): Path<Id<Product>>, input: Input) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get(&mut conn, visit.scope(), id).await?;
    let path = format!("/products/{id}");
    let form_at = |product: &Product, version| form_of(product, Some(version));
    let settled = conflict::settle_over(&mut conn, &visit, &kept, input, form_at, LABELS).await?;
    drop(conn);
    let input = match settled {
        Settled::Save(input) => input,
        Settled::Choose(form) => {
            let as_is = |_: &str, value: &str| value.to_owned();
            return conflict::choose(&visit, Place::Products, &kept.name, path.clone(), path, &form, as_is);
        }
    };
    let saved = match read(&input, kept.it.clone()) {
        Ok(product) => {
            let version = input.version();
            visit
                .write(move |tx, act| {
                    Box::pin(async move {
                        let edit = |kept: &mut Product| {
                            *kept = product;
                            Ok(())
                        };
                        records::change(tx, act, id, version, edit).await
                    })
                })
                .await
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(_) => Ok(visit.done(&path, "Saved.", records_pages::undo_of(&visit, id).await?)),
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&input, fields);
            answer(&visit, StatusCode::UNPROCESSABLE_ENTITY, &kept.name, path, form)
        }
        Err(error) => Err(error.into()),
    }
}

/// One figure of the profile's form.
struct Field {
    key: &'static str,
    label: &'static str,
    unit: String,
    hint: String,
    code: &'static str,
}

#[derive(Template)]
#[template(path = "products/templates/profile.html")]
struct ProfilePage {
    shell: Shell,
    path: String,
    name: String,
    form: Form,
    theirs: Vec<Field>,
    ours: Vec<Field>,
}

/// The name of a parameter in the form: `delivery_cost`.
fn key(parameter: Parameter) -> &'static str {
    parameter.code().split_once('.').map_or(parameter.code(), |(_, key)| key)
}

fn field(parameter: Parameter, product: &Product) -> Field {
    let unit = match parameter.unit() {
        Unit::Money => product.currency.prefix(),
        Unit::MoneyAMonth => format!("{} a month", product.currency.prefix()),
        Unit::Months => "months".into(),
        Unit::Hours => "hours".into(),
        Unit::Share => "of 10 clients".into(),
    };
    let (key, hint) = (key(parameter), parameter.question().to_owned());
    Field { key, label: parameter.label(), unit, hint, code: parameter.code() }
}

fn profile_page(
    visit: &Visit,
    status: StatusCode,
    product: &Kept<Product>,
    form: Form,
) -> Result<Response, PageError> {
    let (theirs, ours): (Vec<_>, Vec<_>) = PROFILE.iter().partition(|parameter| parameter.is_clients());
    let fields = |all: Vec<&Parameter>| all.into_iter().map(|parameter| field(*parameter, product)).collect();
    let it = ProfilePage {
        shell: visit.shell(Place::Products),
        path: format!("/products/{}", product.id),
        name: product.name.clone(),
        form,
        theirs: fields(theirs),
        ours: fields(ours),
    };
    Ok((status, page(&it)?).into_response())
}

/// A profile as its form says it.
fn profile_form(product: &Product, figures: &[Kept<Figure>]) -> Form {
    let mut form = Form::default();
    for figure in figures.iter().filter(|figure| PROFILE.contains(&figure.parameter)) {
        let key = key(figure.parameter);
        figures_form::fill(&mut form, key, figure, figure.version, product.currency);
    }
    form
}

/// Reads the profile's form: every parameter, given or not.
fn read_profile(visit: &Visit, product: &Product, input: &Input) -> Result<Vec<Answer>> {
    let mut read = Read::new(input);
    let mut answers = Vec::new();
    for parameter in PROFILE {
        let key = key(parameter);
        let range = match parameter.unit() {
            Unit::Money | Unit::MoneyAMonth => {
                read.range(key, |text| Ok(Money::parse(text, product.currency)?.units()))
            }
            Unit::Months | Unit::Hours => read.range(key, number),
            Unit::Share => read.range(key, |text| match number(text)? {
                cases if (0.0..=10.0).contains(&cases) => Ok(cases / 10.0),
                _ => Err("numbers from 0 to 10: for how many of 10 clients".into()),
            }),
        };
        let source = read.code(&format!("{key}_evidence"), Source::parse).unwrap_or(Source::OurEstimate);
        let us = || (source == Source::OurEstimate).then(|| visit.seat.member.name.clone());
        let evidence = Evidence {
            source,
            by: read.line(&format!("{key}_by")).or_else(us),
            on: read.date(&format!("{key}_on")).or(Some(visit.today())),
            note: read.note(&format!("{key}_note")),
        };
        let version = input.get(&format!("{key}_version")).parse().ok();
        answers.push(Answer { parameter, said: range.map(|range| (range, evidence)), version });
    }
    read.done(answers)
}

async fn edit_profile(visit: Visit, Path(id): Path<Id<Product>>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let product = records::get(&mut conn, visit.scope(), id).await?;
    let figures = diagnosis::store::of_product(&mut conn, visit.scope().workspace(), id).await?;
    profile_page(&visit, StatusCode::OK, &product, profile_form(&product, &figures))
}

async fn change_profile(
    visit: Visit,
    Path(id): Path<Id<Product>>,
    input: Input,
) -> Result<Response, PageError> {
    let product = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let saved = match read_profile(&visit, &product, &input) {
        Ok(answers) => {
            visit.write(move |tx, act| Box::pin(async move { profile(tx, act, id, answers).await })).await
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => {
            let said = "Saved. The open deals with it are looked at again.";
            Ok(visit.done(&format!("/products/{id}"), said, None))
        }
        Err(Error::Invalid(fields)) => {
            profile_page(&visit, StatusCode::UNPROCESSABLE_ENTITY, &product, Form::again(&input, fields))
        }
        Err(Error::Conflict { .. }) => {
            let mut conn = visit.read().await?;
            let figures = diagnosis::store::of_product(&mut conn, visit.scope().workspace(), id).await?;
            profile_page(&visit, StatusCode::CONFLICT, &product, clashing(&product, &figures, &input))
        }
        Err(error) => Err(error.into()),
    }
}

/// The profile's form after somebody else changed a figure of it: what this person typed, over the newest versions,
/// with a message at each figure that says what it is now. Saving once more keeps this person's.
fn clashing(product: &Product, figures: &[Kept<Figure>], input: &Input) -> Form {
    let now = profile_form(product, figures);
    let (mut fields, mut input) = (crate::base::Fields::default(), input.clone());
    for parameter in PROFILE {
        let key = key(parameter);
        let name = format!("{key}_version");
        if input.get(&name) == now.value(&name) {
            continue;
        }
        let value = |part: &str| now.value(&format!("{key}_{part}")).to_owned();
        let kept = [value("low"), value("likely"), value("high")].join(" / ");
        let kept = kept.trim_matches([' ', '/']).to_owned();
        let kept = if kept.is_empty() { "taken away".to_owned() } else { kept };
        fields.add(
            key,
            format!(
                "yours or theirs: somebody changed it meanwhile, it is now {kept}. Save again to keep yours"
            ),
        );
        input.set(&name, now.value(&name));
    }
    Form::again(&input, fields)
}

async fn remove(visit: Visit, Path(id): Path<Id<Product>>, input: Input) -> Result<Response, PageError> {
    records_pages::remove(&visit, id, input.get("back")).await
}

async fn restore(visit: Visit, Path(id): Path<Id<Product>>, input: Input) -> Result<Response, PageError> {
    records_pages::restore(&visit, id, input.get("back")).await
}
