//! Outcomes on pages: what is to change, what became of it beside what was thought, how glad they are.

use crate::accounts::Right;
use crate::advocates;
use crate::assessment::Words;
use crate::base::{Date, Evidence, Id, Money, Source};
use crate::client_page::{self, ClientReport};
use crate::deals::{Deal, Phase, Standing};
use crate::desk;
use crate::desk::verify::{self, Came, hoped};
use crate::diagnosis::{self, Parameter, Unit};
use crate::error::{Error, Result};
use crate::outcomes::actions::{self, Feeling, Measured};
use crate::outcomes::{
    Felt, Gladness, MEASURE, Measure, Occasion, Outcome, REAL, Reached, Whence, Whose, about, change_said,
    estimates_pages, key, path_of, store,
};
use crate::products::Product;
use crate::pursuit;
use crate::records::{self, Kept, pages as records_pages};
use crate::web::layout::{Place, Shell};
use crate::web::{Form, Input, PageError, Read, Routes, Visit, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::Conn;
use engine::promise::Expected;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/deals/{id}/outcome", Right::Look, show)
        .post("/deals/{id}/outcome", Right::Sell, write)
        .post("/deals/{id}/measure", Right::Sell, measure)
        .post("/deals/{id}/gladness", Right::Sell, feel)
        .get("/estimates/{about}", Right::Look, estimates_pages::show)
}

/// What a deal's page shows of what is to change, and what did.
#[derive(Debug)]
pub struct Card {
    /// The page of the result.
    pub path: String,
    /// Whether this person may write.
    pub may_write: bool,
    /// Whether there is a result to ask for.
    pub is_agreed: bool,
    /// What is measured, from where to where, by when; empty for nothing.
    pub measured: String,
    /// How we know where it stands: the code and the words.
    pub evidence: (&'static str, String),
    /// What such clients reached; empty where nobody knows.
    pub reached: String,
    /// Where the results are that tell so.
    pub reached_path: String,
    /// The result, in a sentence; empty for none.
    pub result: String,
    /// What both gained beside what was thought.
    pub gains: Vec<String>,
    /// How glad they are, newest first.
    pub glad: Vec<String>,
}

/// What a deal's page shows of what is to change, and what did.
///
/// # Errors
/// What the database says.
pub async fn card(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>) -> Result<Card> {
    let workspace = visit.scope().workspace();
    let measure = store::measure(conn, workspace, deal.id).await?;
    let outcome = store::outcome(conn, workspace, deal.id).await?;
    let glad = store::gladness(conn, workspace, deal.id).await?;
    let reached = match &measure {
        Some(measure) => store::lessons(conn, workspace)
            .await?
            .reached(deal.product_id)
            .map_or_else(String::new, |told| reached(measure, &told, visit)),
        None => String::new(),
    };
    let evidence = measure.as_ref().map(|measure| measure.evidence());
    Ok(Card {
        path: format!("/deals/{}/outcome", deal.id),
        may_write: visit.scope().may(Right::Sell) && deal.removed_at.is_none(),
        is_agreed: deal.agreed_on.is_some(),
        measured: measure.as_ref().map_or_else(String::new, |measure| measured(measure, visit)),
        evidence: evidence.map_or(("", String::new()), |it| (it.source.code(), from_where(&it, visit))),
        reached: if outcome.is_some() { String::new() } else { reached },
        reached_path: path_of(MEASURE, None),
        result: outcome
            .as_ref()
            .map_or_else(String::new, |outcome| result(outcome, measure.as_deref(), visit)),
        gains: match &outcome {
            Some(outcome) => gains(deal, outcome, visit),
            None => Vec::new(),
        },
        glad: glad.iter().map(|it| said_glad(it, visit)).collect(),
    })
}

/// How we know, who said so and when.
fn from_where(evidence: &Evidence, visit: &Visit) -> String {
    let day = evidence.on.map(|day| day.show(visit.locale()));
    let parts = [Some(evidence.source.label().to_lowercase()), evidence.by.clone(), day];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn measured(measure: &Measure, visit: &Visit) -> String {
    let by = measure.by_on.map_or_else(String::new, |day| format!(", by {}", day.show(visit.locale())));
    format!("{}: {}{by}", measure.title, measure.way(visit.locale()))
}

/// What such clients reached of what they wished, in the measure's own unit (P11).
fn reached(measure: &Measure, told: &Expected, visit: &Visit) -> String {
    let locale = visit.locale();
    let percent = |share: f64| format!("{}%", locale.number(share * 100.0, 0));
    let whose = if told.n_class > 0 {
        format!("{} results with this product, {} in all", told.n_class, told.n)
    } else {
        format!("{} results, none with this product yet", told.n)
    };
    let said = format!(
        "Such clients reached {} to {} of what they wished, likely {} ({whose}): here {}, likely {}.",
        percent(told.p10),
        percent(told.p90),
        percent(told.p50),
        format_args!(
            "{} to {}",
            locale.number(measure.at(told.p10), 1),
            measure.show(measure.at(told.p90), locale)
        ),
        measure.show(measure.at(told.p50), locale),
    );
    if told.p90 < 1.0 {
        format!("{said} Nine of ten reached less than is wished here: say so before it is promised.")
    } else {
        said
    }
}

fn result(outcome: &Outcome, measure: Option<&Measure>, visit: &Visit) -> String {
    let locale = visit.locale();
    let day = outcome.measured_on.show(locale);
    let has = match outcome.reached {
        Reached::Fully => "They have what they wanted",
        Reached::Partly => "They have some of what they wanted",
        Reached::NotAtAll => "They do not have what they wanted",
    };
    let Some((measure, now)) = measure.zip(outcome.achieved) else { return format!("{has} ({day}).") };
    let impact = measure.impact(now).map_or_else(String::new, |impact| {
        format!(", {}", change_said((measure.baseline, measure.wished), impact, "before", locale))
    });
    format!("{has}: {}{impact} ({day}).", measure.show(now, locale))
}

/// What both sides gained, beside what was thought.
fn gains(deal: &Deal, outcome: &Outcome, visit: &Visit) -> Vec<String> {
    let words = Words { currency: deal.currency, locale: visit.locale() };
    let hoped = hoped(deal, &visit.seat.workspace.settings, &outcome.thought).ok();
    let line = |who: &str, gain: f64, thought: Option<f64>| {
        let said = if gain < 0.0 {
            format!("{who} are {} worse off", words.money(-gain))
        } else {
            format!("{who} gained {}", words.money(gain))
        };
        match thought {
            Some(thought) => format!("{said}; {} was thought.", words.money(thought)),
            None => format!("{said}."),
        }
    };
    vec![
        line("They", outcome.client_gain, hoped.map(|(client, _)| client)),
        line("We", outcome.company_gain, hoped.map(|(_, company)| company)),
    ]
}

fn said_glad(it: &Gladness, visit: &Visit) -> String {
    let who = match (it.whose, &it.said_by) {
        (Whose::Client, Some(name)) => name.clone(),
        (Whose::Client, None) => "they said".into(),
        (Whose::Company, _) => "our reading".into(),
    };
    let because = it.because.as_ref().map_or_else(String::new, |because| format!(": {because}"));
    format!(
        "{}, {} ({who}, {}){because}",
        it.felt.label(),
        it.moment.label().to_lowercase(),
        it.said_on.show(visit.locale())
    )
}

/// What a product's page shows of what deals with it really were.
///
/// Each with its name, its sentence, and where the results are that tell so.
///
/// # Errors
/// What the database says.
pub async fn of_product(
    conn: &mut Conn,
    visit: &Visit,
    product: &Kept<Product>,
) -> Result<Vec<(String, String, String)>> {
    let workspace = visit.scope().workspace();
    let lessons = store::lessons(conn, workspace).await?;
    let profile = diagnosis::store::of_product(conn, workspace, product.id).await?;
    let locale = visit.locale();
    let mut lines = Vec::new();
    for figure in &profile {
        let whence = Whence::Profile;
        if let Some(real) = lessons.correct(whence, figure.parameter, Some(product.id), figure.range()) {
            let unit = figure.parameter.unit();
            let three = [real.range.low(), real.range.likely(), real.range.high()];
            lines.push((
                figure.parameter.label().to_owned(),
                format!(
                    "{} in {} deals, {} times what the profile says; new deals are weighed with it",
                    unit.show_range(three, product.currency, locale),
                    real.n_product,
                    locale.number(real.factor, 2)
                ),
                path_of(&about(whence, figure.parameter), Some(product.id)),
            ));
        }
    }
    if let Some(told) = lessons.reached(Some(product.id)).filter(|told| told.n_class > 0) {
        let percent = |share: f64| format!("{}%", locale.number(share * 100.0, 0));
        lines.push((
            "Of the change they wished".into(),
            format!(
                "clients reached {} to {}, likely {} ({} results)",
                percent(told.p10),
                percent(told.p90),
                percent(told.p50),
                told.n_class
            ),
            path_of(MEASURE, Some(product.id)),
        ));
    }
    Ok(lines)
}

/// One figure beside the other.
struct Pair {
    name: &'static str,
    /// How such estimates turned out; empty where nothing is learnt from it.
    href: String,
    thought: String,
    whence: &'static str,
    real: String,
    /// Whether it lies within what was thought: `as thought`, `more`, `less`; empty where nobody counted.
    verdict: &'static str,
}

fn pairs(deal: &Deal, outcome: &Outcome, visit: &Visit) -> Vec<Pair> {
    let pair = |parameter: Parameter| {
        let show = |value: f64| parameter.unit().show(value, deal.currency, visit.locale());
        let thought = outcome.thought.of(parameter)?;
        let three = [thought.range.low(), thought.range.likely(), thought.range.high()];
        let real = outcome.real(parameter);
        let verdict = match real {
            None => "",
            Some(real) if real > thought.range.high() => "more",
            Some(real) if real < thought.range.low() => "less",
            Some(_) => "as thought",
        };
        Some(Pair {
            name: parameter.label(),
            href: match thought.whence {
                whence @ (Whence::Ours | Whence::Profile) => path_of(&about(whence, parameter), None),
                _ => String::new(),
            },
            thought: parameter.unit().show_range(three, deal.currency, visit.locale()),
            whence: thought.whence.label(),
            real: real.map_or_else(|| "nobody counted".to_owned(), show),
            verdict,
        })
    };
    REAL.into_iter().filter_map(pair).collect()
}

#[derive(Template)]
#[template(path = "outcomes/templates/outcome.html")]
struct OutcomePage {
    shell: Shell,
    deal: Kept<Deal>,
    path: String,
    card: Card,
    measure: Option<Kept<Measure>>,
    pairs: Vec<Pair>,
    learnt: String,
    /// Which form was refused: its errors stand beside it.
    form: Form,
    of_measure: Form,
    of_result: Form,
    of_gladness: Form,
    fields: Vec<Field>,
    ours_so_far: String,
    is_worse_off: bool,
}

/// A real value that is asked for.
struct Field {
    key: &'static str,
    label: String,
    before: String,
    after: &'static str,
}

impl OutcomePage {
    fn reached(&self) -> Vec<(&'static str, &'static str)> {
        Reached::ALL.iter().map(|it| (it.code(), it.label())).collect()
    }

    fn felt(&self) -> Vec<(&'static str, &'static str)> {
        Felt::ALL.iter().map(|it| (it.code(), it.label())).collect()
    }

    fn whose(&self) -> Vec<(&'static str, &'static str)> {
        Whose::ALL.iter().map(|it| (it.code(), it.label())).collect()
    }

    fn moments(&self) -> Vec<(&'static str, &'static str)> {
        Occasion::ALL.iter().map(|it| (it.code(), it.label())).collect()
    }
}

/// Which form of the page is shown again.
enum Again {
    Nothing,
    Measure(Form),
    Result(Form),
    Gladness(Form),
}

async fn show(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    render(&visit, id, Again::Nothing).await
}

async fn render(visit: &Visit, id: Id<Deal>, again: Again) -> Result<Response, PageError> {
    let (scope, workspace) = (visit.scope(), visit.scope().workspace());
    let mut conn = visit.read().await?;
    let deal = records::get(&mut conn, scope, id).await?;
    let card = card(&mut conn, visit, &deal).await?;
    let measure = store::measure(&mut conn, workspace, id).await?;
    let outcome = store::outcome(&mut conn, workspace, id).await?;
    let report = client_page::store::report(&mut conn, workspace, id).await?;
    let (before, since) = hours_around(&mut conn, visit, &deal).await?;
    let words = Words { currency: deal.currency, locale: visit.locale() };
    let status =
        if matches!(again, Again::Nothing) { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (mut of_measure, mut of_result, mut of_gladness) = (
        kept_measure(measure.as_ref()),
        kept_result(&deal, outcome.as_ref(), report.as_deref(), before, visit),
        kept_gladness(&deal),
    );
    let mut form = Form::default();
    match again {
        Again::Nothing => {}
        Again::Measure(it) => (form, of_measure) = (it.clone(), it),
        Again::Result(it) => (form, of_result) = (it.clone(), it),
        Again::Gladness(it) => (form, of_gladness) = (it.clone(), it),
    }
    let hour_value = visit.seat.workspace.settings.hour_value;
    let ours_so_far = if since >= 0.05 {
        format!(
            "{} of ours since it was agreed: {}",
            pursuit::hours(since, visit.locale()),
            words.money(since * hour_value)
        )
    } else {
        String::new()
    };
    let fields = verify::fields().map(|(parameter, key)| {
        let (is_money, after) = match parameter.unit() {
            Unit::Money => (true, ""),
            Unit::MoneyAMonth => (true, "a month"),
            Unit::Months => (false, "months"),
            Unit::Hours => (false, "hours"),
            Unit::Share => (false, "of 10"),
        };
        let before = if is_money { deal.currency.prefix() } else { String::new() };
        Field { key, label: asked(parameter).to_owned(), before, after }
    });
    let it = OutcomePage {
        shell: visit.shell(Place::Deals),
        path: format!("/deals/{id}"),
        pairs: outcome.as_ref().map(|outcome| pairs(&deal, outcome, visit)).unwrap_or_default(),
        learnt: outcome.as_ref().and_then(|outcome| outcome.learnt.clone()).unwrap_or_default(),
        is_worse_off: outcome.as_ref().is_some_and(|outcome| outcome.is_worse_off()),
        fields: fields.collect(),
        card,
        measure,
        form,
        of_measure,
        of_result,
        of_gladness,
        ours_so_far,
        deal,
    };
    page_as(status, &it)
}

/// How a real value is asked for.
const fn asked(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::Benefit => "What it really brings them",
        Parameter::Delay => "When they felt it, after",
        Parameter::Adoption => "What it cost them besides the price",
        Parameter::Delivery => "What delivering cost us",
        Parameter::Service => "What serving them costs us",
        Parameter::Hours => "Our hours until they decided",
        _ => parameter.label(),
    }
}

fn kept_measure(measure: Option<&Kept<Measure>>) -> Form {
    let Some(it) = measure else {
        return Form::of([("baseline_evidence", Source::ClientSaid.code().to_owned())], None);
    };
    Form::of(
        [
            ("measured", it.title.clone()),
            ("unit", it.unit.clone()),
            ("baseline", it.baseline.to_string()),
            ("wished", it.wished.to_string()),
            ("by_on", it.by_on.map_or_else(String::new, |day| day.to_string())),
            ("baseline_evidence", it.source.code().to_owned()),
            ("said_by", it.said_by.clone().unwrap_or_default()),
            ("note", it.note.clone().unwrap_or_default()),
        ],
        Some(it.version),
    )
}

fn plain(parameter: Parameter, value: f64, deal: &Deal) -> String {
    match parameter.unit() {
        Unit::Money | Unit::MoneyAMonth => Money::of_units(value, deal.currency).plain(),
        _ => ((value * 100.0).round() / 100.0).to_string(),
    }
}

fn kept_result(
    deal: &Kept<Deal>,
    outcome: Option<&Kept<Outcome>>,
    report: Option<&ClientReport>,
    before: f64,
    visit: &Visit,
) -> Form {
    let Some(it) = outcome else {
        let mut form = Form::of(
            [
                ("measured_on", visit.today().to_string()),
                ("result_evidence", Source::ClientSaid.code().to_owned()),
            ],
            None,
        );
        if before >= 0.05 {
            form.set(key(Parameter::Hours), plain(Parameter::Hours, before, deal));
        }
        // What they reported on their page is there to be confirmed, and what only we know to be added.
        if let Some(report) = report {
            form.set("measured_on", report.said_on.to_string());
            form.set("reached", report.reached.code());
            form.set("achieved", report.achieved.map_or_else(String::new, |value| value.to_string()));
            form.set("said_by", report.said_by.clone().unwrap_or_default());
            form.set("note", report.note.clone().unwrap_or_default());
        }
        return form;
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut form = Form::of(
        [
            ("measured_on", it.measured_on.to_string()),
            ("reached", it.reached.code().to_owned()),
            ("achieved", it.achieved.map_or_else(String::new, |value| value.to_string())),
            ("result_evidence", it.source.code().to_owned()),
            ("said_by", text(&it.said_by)),
            ("note", text(&it.note)),
            ("learnt", text(&it.learnt)),
        ],
        Some(it.version),
    );
    for parameter in REAL {
        if let Some(value) = it.real(parameter) {
            form.set(key(parameter), plain(parameter, value, deal));
        }
    }
    form
}

fn kept_gladness(deal: &Kept<Deal>) -> Form {
    let is_looked_at = deal.standing == Standing::Verified || deal.phase == Phase::Verify;
    let moment = if is_looked_at { Occasion::Verification } else { Occasion::Agreement };
    Form::of([("moment", moment.code().to_owned()), ("whose", Whose::Client.code().to_owned())], None)
}

async fn measure(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let said = Measured {
        title: read.needed("measured", "what is counted, such as: hours at the phone"),
        unit: read.needed("unit", "what it is counted in, such as: hours a week"),
        baseline: read.needed_number("baseline", "a number: where it stands now"),
        wished: read.needed_number("wished", "a number: where they want it"),
        by_on: read.date("by_on"),
        evidence: evidence(&mut read, "baseline_evidence", &visit),
    };
    let version = input.version();
    let done = match read.done(said) {
        Ok(said) => {
            visit
                .write(move |tx, act| {
                    Box::pin(async move { desk::actions::measure(tx, act, id, version, said).await })
                })
                .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => saved(&visit, id, kept, "Saved. The deal has a measure now.").await,
        Err(Error::Invalid(fields)) => render(&visit, id, Again::Measure(Form::again(&input, fields))).await,
        Err(error) => Err(error.into()),
    }
}

fn evidence(read: &mut Read<'_>, field: &str, visit: &Visit) -> Evidence {
    let source = read.code(field, Source::parse).unwrap_or(Source::OurEstimate);
    let ours = || (source == Source::OurEstimate).then(|| visit.seat.member.name.clone());
    Evidence {
        source,
        by: read.line("said_by").or_else(ours),
        on: Some(visit.today()),
        note: read.note("note"),
    }
}

/// Our hours until it was agreed, and since.
async fn hours_around(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>) -> Result<(f64, f64)> {
    let workspace = visit.scope().workspace();
    let spent = pursuit::store::spent(conn, workspace, &[deal.id]).await?;
    let all = spent.get(&deal.id).map_or(0, |spent| spent.minutes);
    let since = match deal.agreed_on {
        Some(day) => {
            let from = (day.start(&visit.zone()), day);
            advocates::store::minutes_since(conn, workspace, deal.id, from).await?
        }
        None => 0,
    };
    #[expect(clippy::cast_precision_loss, reason = "minutes of one deal")]
    let hours = |minutes: i64| minutes as f64 / 60.0;
    Ok((hours(all - since), hours(since)))
}

async fn saved<T: records::Record>(
    visit: &Visit,
    id: Id<Deal>,
    kept: Kept<T>,
    text: &str,
) -> Result<Response, PageError> {
    let undo = records_pages::undo_of(visit, kept.id).await?;
    Ok(visit.done(&format!("/deals/{id}/outcome"), text, undo))
}

async fn write(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let deal = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let mut read = Read::new(&input);
    let measured_on = read.date("measured_on");
    let reached = read.code("reached", Reached::parse);
    let achieved = read.number("achieved");
    let mut real = Vec::new();
    for (parameter, key) in verify::fields() {
        let value = match parameter.unit() {
            Unit::Money | Unit::MoneyAMonth => read.money(key, deal.currency).map(Money::units),
            _ => read.number(key),
        };
        real.extend(value.map(|value| (parameter, value)));
    }
    let evidence = evidence(&mut read, "result_evidence", &visit);
    let learnt = read.note("learnt");
    if reached.is_none() && read.fields.at("reached").is_none() {
        read.fields.add("reached", "whether they have what they wanted");
    }
    let came = Came {
        version: input.version(),
        measured_on: measured_on.unwrap_or_else(|| visit.today()),
        reached: reached.unwrap_or(Reached::Partly),
        achieved,
        real,
        evidence,
        learnt,
    };
    let came = read.done(came);
    let today: Date = visit.today();
    let done = match came {
        Ok(came) => {
            visit
                .write(move |tx, act| Box::pin(async move { verify::verify(tx, act, id, came, today).await }))
                .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => {
            saved(
                &visit,
                id,
                kept,
                "Written down. The deal is verified, and the next estimates learn from it.",
            )
            .await
        }
        Err(Error::Invalid(fields)) => render(&visit, id, Again::Result(Form::again(&input, fields))).await,
        Err(error) => Err(error.into()),
    }
}

async fn feel(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let felt = read.code("felt", Felt::parse);
    let moment = read.code("moment", Occasion::parse).unwrap_or(Occasion::Agreement);
    let whose = read.code("whose", Whose::parse).unwrap_or(Whose::Company);
    let (because, said_by) = (read.note("because"), read.line("glad_by"));
    if felt.is_none() && read.fields.at("felt").is_none() {
        read.fields.add("felt", "how glad they are to pay");
    }
    let feeling = Feeling { moment, whose, felt: felt.unwrap_or(Felt::Fairly), because, said_by };
    let feeling = read.done(feeling);
    let today = visit.today();
    let done = match feeling {
        Ok(feeling) => {
            visit
                .write(move |tx, act| {
                    Box::pin(async move { actions::feel(tx, act, id, feeling, today).await })
                })
                .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => saved(&visit, id, kept, "Written down.").await,
        Err(Error::Invalid(fields)) => render(&visit, id, Again::Gladness(Form::again(&input, fields))).await,
        Err(error) => Err(error.into()),
    }
}
