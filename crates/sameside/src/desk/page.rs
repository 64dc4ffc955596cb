//! A deal's own page: for them, what next, for us; the balance; the diagnosis that is answered in place.

use crate::accounts::Right;
use crate::activities;
use crate::advocates::{self, Speech};
use crate::assessment::{self, Document, Origin, Words};
use crate::base::{Date, Fields, Id, Locale, Money, Source};
use crate::client_page;
use crate::commitments;
use crate::companies::Company;
use crate::concessions;
use crate::contacts::Contact;
use crate::conversation;
use crate::deals::{Deal, Phase, Standing};
use crate::departures::{self, Farewell};
use crate::desk::actions::{Answers, Goal, answer as write_down};
use crate::desk::view::{hours, of_100};
use crate::diagnosis::form::{self as figures_form, key, said_by};
use crate::diagnosis::{self, Figure, Parameter, Unit};
use crate::error::{Error, Result};
use crate::files;
use crate::forecast::Chance;
use crate::history::{self, Moment};
use crate::negotiation;
use crate::outcomes;
use crate::proposals;
use crate::pulse;
use crate::pursuit;
use crate::records::{self, Kept};
use crate::service;
use crate::tasks;
use crate::web::layout::{Place, Shell};
use crate::web::picture::{self, Balance, FairPrice, Hue, RangePicture, Shape, Size, Surplus};
use crate::web::{Form, Input, PageError, Read, Visit, page};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::assess::Verdict;

/// The drivers that are shown.
const DRIVERS_SHOWN: usize = 5;
/// The questions that are shown.
const QUESTIONS_SHOWN: usize = 4;
/// What happened, in moments.
const MOMENTS: usize = 8;

/// The parameters that are asked first: with the goal and the price these are the four answers.
const FIRST: [Parameter; 2] = [Parameter::Benefit, Parameter::Success];
/// The ones that follow, theirs and ours.
const FURTHER: [Parameter; 8] = [
    Parameter::Delay,
    Parameter::Adoption,
    Parameter::Alternative,
    Parameter::Delivery,
    Parameter::Service,
    Parameter::Strategic,
    Parameter::Hours,
    Parameter::Spend,
];

#[derive(Template)]
#[template(path = "desk/templates/deal.html")]
struct DealPage {
    shell: Shell,
    deal: Kept<Deal>,
    form: Form,
    company: Option<Kept<Company>>,
    contact: Option<Kept<Contact>>,
    owner: Option<String>,
    product: Option<(String, String)>,
    stage: String,
    price: String,
    currency: String,
    told: Option<Told>,
    first: Vec<Field>,
    further: Vec<Field>,
    pursuit: pursuit::Panel,
    farewell: Option<Farewell>,
    speech: Speech,
    given: concessions::Card,
    bargain: negotiation::Card,
    expected: proposals::Expected,
    result: outcomes::Card,
    shared: commitments::Card,
    client: client_page::Card,
    files: files::Card,
    dates: Vec<(&'static str, String)>,
    other: Vec<(String, String)>,
    path: String,
    sheet: String,
    asks: Vec<String>,
    willing: String,
    activities: Vec<activities::Line>,
    entry: activities::Entry,
    tasks: Vec<tasks::Line>,
    service: service::Card,
    pulse: pulse::Card,
    task: tasks::Entry,
    moments: Vec<Moment>,
}

/// One parameter of the form, with what is taken for it now.
struct Field {
    key: &'static str,
    label: &'static str,
    unit: String,
    hint: String,
    code: &'static str,
}

/// What the engine says, in the member's words.
struct Told {
    verdict: String,
    word: &'static str,
    reasons: Vec<String>,
    client: u32,
    ours: u32,
    client_words: String,
    our_words: String,
    balance: Balance,
    fair: FairPrice,
    ask: Option<(String, String)>,
    questions: Vec<Question>,
    lines: Vec<FigureLine>,
    drivers: Vec<Driver>,
    break_evens: Vec<(String, String)>,
    adjustments: Vec<String>,
    turns: Vec<String>,
    cases: String,
    answered: usize,
    assumed: usize,
    price_is_assumed: bool,
    chance: Option<ChanceView>,
    path: Vec<(String, String)>,
    stop_at: String,
}

/// A figure the assessment rests on, and one click to where it comes from.
struct FigureLine {
    name: String,
    text: String,
    source: &'static str,
    note: String,
    /// Where it comes from.
    href: String,
    /// The results it was corrected by; empty for none.
    lesson: String,
}

/// Whether it will be agreed, by deals like it.
struct ChanceView {
    of_100: u32,
    picture: RangePicture,
    sentence: String,
    soon: String,
    is_better: bool,
    from: String,
}

/// A question whose answer is worth more than the time it takes to ask.
struct Question {
    worth: String,
    ask: String,
    now: String,
    source: &'static str,
}

/// A figure that matters: what going on is worth when it turns out low, and when it turns out high.
struct Driver {
    name: String,
    picture: RangePicture,
    text: String,
}

impl DealPage {
    fn phases(&self) -> Vec<(&'static str, &'static str)> {
        let now = Phase::ALL.iter().position(|phase| *phase == self.deal.phase).unwrap_or(0);
        let state = |n: usize| match n.cmp(&now) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "now",
            std::cmp::Ordering::Greater => "",
        };
        Phase::ALL.iter().enumerate().map(|(n, phase)| (phase.label(), state(n))).collect()
    }

    fn removal(&self) -> String {
        format!("/deals/{}/removal", self.deal.id)
    }

    fn is_open(&self) -> bool {
        self.deal.standing == Standing::Open
    }

    /// Whether what was waited for has come: then it is opened again from there.
    fn has_come(&self) -> bool {
        self.farewell.as_ref().is_some_and(|farewell| !farewell.noticed.is_empty())
    }

    fn may_write(&self) -> bool {
        self.shell.can_write && self.deal.removed_at.is_none()
    }

    fn goal_source(&self) -> &str {
        match self.form.value("goal_evidence") {
            "" => Source::ClientSaid.code(),
            code => code,
        }
    }

    fn ways_to_leave(&self) -> Vec<(&'static str, &'static str)> {
        let end = if self.deal.phase.is_before_agreement() {
            Vec::new()
        } else {
            vec![
                ("verified", "Done, and the result is measured"),
                ("agreed", "Done, the result is not measured"),
            ]
        };
        std::iter::once(("paused", "It waits until a day")).chain(end).collect()
    }
}

/// The page of a deal.
pub(super) async fn show(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    let deal = records::get_any(&mut visit.read().await?, visit.scope(), id).await?;
    let figures = diagnosis::store::of_deal(&mut visit.read().await?, visit.scope().workspace(), id).await?;
    let form = kept_form(&deal, &figures);
    render(&visit, deal, form, StatusCode::OK).await
}

/// The page again, with what needs mending.
pub(crate) async fn again(
    visit: &Visit,
    id: Id<Deal>,
    input: &Input,
    fields: Fields,
) -> Result<Response, PageError> {
    let deal = records::get_any(&mut visit.read().await?, visit.scope(), id).await?;
    let figures = diagnosis::store::of_deal(&mut visit.read().await?, visit.scope().workspace(), id).await?;
    let mut form = Form::again(input, fields);
    let kept = kept_form(&deal, &figures);
    if !input.has("goal") {
        // Another form of the page was refused: the answers stay as they are kept.
        let (names, version): (Vec<String>, _) = (kept.names().map(str::to_owned).collect(), kept.version);
        for name in names {
            let value = kept.value(&name).to_owned();
            form.set(&name, value);
        }
        form.version = version;
    }
    render(visit, deal, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// Writes down the answers.
pub(super) async fn answer(
    visit: Visit,
    Path(id): Path<Id<Deal>>,
    input: Input,
) -> Result<Response, PageError> {
    let deal = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let done = match answers(&visit, &deal, &input) {
        Ok(answers) => visit.write(move |tx, act| Box::pin(write_down(tx, act, id, answers))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/deals/{id}")).into_response()),
        Err(Error::Invalid(fields)) => again(&visit, id, &input, fields).await,
        Err(Error::Conflict { .. }) => {
            let deal = records::get(&mut visit.read().await?, visit.scope(), id).await?;
            let figures =
                diagnosis::store::of_deal(&mut visit.read().await?, visit.scope().workspace(), id).await?;
            let now = kept_form(&deal, &figures);
            let mut form =
                Form::clashing(&input, &now, &[("goal", "What they want to do"), ("price", "Price")]);
            for parameter in FIRST.iter().chain(&FURTHER) {
                form.set(
                    &format!("{}_version", key(*parameter)),
                    now.value(&format!("{}_version", key(*parameter))),
                );
                for part in ["low", "likely", "high"] {
                    form.clash(
                        &now,
                        &input,
                        &format!("{}_{part}", key(*parameter)),
                        &format!("{}, {part}", parameter.label()),
                    );
                }
            }
            render(&visit, deal, form, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Reads the diagnosis form.
fn answers(visit: &Visit, deal: &Kept<Deal>, input: &Input) -> Result<Answers> {
    let mut read = Read::new(input);
    let goal = read.note("goal");
    let source = read.code("goal_evidence", Source::parse);
    let by = read.line("goal_by");
    let (by, on) = match (&goal, &deal.goal) {
        (Some(_), kept) if kept != &goal => (by.or_else(|| said_by(visit, source)), Some(visit.today())),
        _ => (by.or_else(|| deal.goal_by.clone()), deal.goal_on),
    };
    let goal = Goal {
        source: source.filter(|_| goal.is_some()),
        by: by.filter(|_| goal.is_some()),
        on: on.filter(|_| goal.is_some()),
        text: goal,
    };
    let price = read.money("price", deal.currency);
    let mut figures = Vec::new();
    for parameter in FIRST.iter().chain(&FURTHER).copied() {
        figures.push(figures_form::read_one(visit, &mut read, input, parameter, deal.currency));
    }
    read.done(Answers {
        version: input.version(),
        goal,
        price_minor: price.map(|price| price.minor),
        figures,
    })
}

/// What is kept, as the form shows it.
fn kept_form(deal: &Kept<Deal>, figures: &[Kept<Figure>]) -> Form {
    let price = deal.price().map_or_else(String::new, |price| price.plain());
    let mut form =
        Form::of([("goal", deal.goal.clone().unwrap_or_default()), ("price", price)], Some(deal.version));
    form.set("goal_evidence", deal.goal_source.map_or("", Source::code));
    form.set("goal_by", deal.goal_by.clone().unwrap_or_default());
    for parameter in FIRST.iter().chain(&FURTHER).copied() {
        let Some(figure) = figures.iter().find(|figure| figure.parameter == parameter) else { continue };
        let key = key(parameter);
        figures_form::fill(&mut form, key, figure, figure.version, deal.currency);
    }
    form
}

async fn render(
    visit: &Visit,
    deal: Kept<Deal>,
    form: Form,
    status: StatusCode,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let (scope, workspace, locale) = (visit.scope(), visit.scope().workspace(), visit.locale());
    let seen = history::last_seq(&mut conn).await?;
    let client = client_page::card(&mut conn, visit, &deal).await?;
    let files = files::card(&mut conn, visit, &deal).await?;
    let company = match deal.company_id {
        Some(id) => records::get_any(&mut conn, scope, id).await.ok(),
        None => None,
    };
    let contact = match deal.contact_id {
        Some(id) => records::get_any(&mut conn, scope, id).await.ok(),
        None => None,
    };
    let owner = match deal.owner_id {
        Some(id) => records::get_any(&mut conn, scope, id).await.ok().map(|member| member.it.name),
        None => None,
    };
    let product = match deal.product_id {
        Some(id) => records::get_any(&mut conn, scope, id)
            .await
            .ok()
            .map(|product| (product.it.name, format!("/products/{id}"))),
        None => None,
    };
    let stage = records::get_any(&mut conn, scope, deal.stage_id)
        .await
        .map(|stage| stage.it.name)
        .unwrap_or_default();
    let document = assessment::actions::of_deal(&mut conn, workspace, &deal, visit.now).await?;
    let pursuit = pursuit::panel(&mut conn, visit, &deal, Form::default()).await?;
    let mut farewell = departures::farewell(&mut conn, visit, &deal).await?;
    if let Some(farewell) = &mut farewell {
        form.error("let_be").clone_into(&mut farewell.error);
    }
    let speech = advocates::speech(&mut conn, visit, &deal).await?;
    let given = concessions::card(&mut conn, visit, &deal).await?;
    let willing = diagnosis::store::of_deal(&mut conn, workspace, deal.id).await?;
    let willing = willing.iter().find(|figure| figure.parameter == Parameter::Willing).map(|figure| {
        let words = Words { currency: deal.currency, locale };
        let day = figure.said_on.map(|day| day.show(locale));
        let note = figure.source.note(figure.said_by.as_deref(), day);
        format!("They would pay {} ({note}).", words.range(Parameter::Willing, figure.range()))
    });
    let sheet = diagnosis::store::pieces(&mut conn, workspace, &deal).await?.sentence();
    let asks = conversation::asks(&mut conn, visit, &deal).await?;
    let bargain = negotiation::card(&mut conn, visit, &deal).await?;
    let expected = proposals::expected(&mut conn, visit, &deal).await?;
    let result = outcomes::card(&mut conn, visit, &deal).await?;
    let shared = commitments::card(&mut conn, visit, &deal).await?;
    let activities = activities::lines(&mut conn, visit, activities::Of::Deal(deal.id)).await?;
    let tasks = tasks::lines(&mut conn, visit, tasks::Of::Deal(deal.id)).await?;
    let service =
        service::card(&mut conn, visit, service::Of::Deal(deal.id), &format!("/deals/{}", deal.id)).await?;
    let pulse = pulse::card(
        &mut conn,
        visit,
        pulse::Of::Deal(deal.id),
        deal.contact_id,
        &format!("/deals/{}", deal.id),
    )
    .await?;
    let told = history::timeline(&mut conn, &visit.eyes(), deal.id.uuid(), None, MOMENTS).await?;
    drop(conn);
    let path = format!("/deals/{}", deal.id);
    let (mut entry, mut task) =
        (activities::Entry::new(visit, &path).deal(deal.id), tasks::Entry::new(visit, &path).deal(deal.id));
    if let Some(company) = deal.company_id {
        (entry, task) = (entry.company(company), task.company(company));
    }
    if let Some(contact) = deal.contact_id {
        (entry, task) = (entry.contact(contact), task.contact(contact));
    }
    let moments = told.moments;
    let currency = deal.currency.prefix();
    let their_name = company
        .as_ref()
        .map(|company| company.name.clone())
        .or_else(|| contact.as_ref().map(|contact| contact.name.clone()));
    let their_name = their_name.unwrap_or_else(|| "Them".into());
    let told = document.as_ref().map(|document| tell(document, &deal, &their_name, visit));
    let field = |parameter: Parameter| field(parameter, document.as_ref(), &deal, locale);
    let date = |label, day: Option<Date>| day.map(|day| (label, day.show(locale)));
    let dates = [
        date("Began", deal.opened_on),
        date("Decision expected", deal.expected_on.filter(|_| !deal.standing.is_ended())),
        date("Agreed", deal.agreed_on),
        date("Look again", deal.revisit_on),
        date("Ended", deal.closed_on),
    ];
    let deal_page = DealPage {
        shell: visit.shell(Place::Deals).about_deal(deal.id, seen),
        client,
        files,
        company,
        contact,
        owner,
        product,
        stage,
        price: deal.price().map_or_else(String::new, |price| price.show(locale)),
        currency,
        told,
        first: FIRST.map(field).into_iter().collect(),
        further: FURTHER.map(field).into_iter().collect(),
        pursuit,
        farewell,
        speech,
        given,
        bargain,
        expected,
        result,
        shared,
        dates: dates.into_iter().flatten().collect(),
        other: deal.other.shown(),
        path,
        willing: willing.unwrap_or_default(),
        sheet,
        asks,
        activities,
        entry,
        tasks,
        service,
        pulse,
        task,
        moments,
        deal,
        form,
    };
    Ok((status, page(&deal_page)?).into_response())
}

fn field(parameter: Parameter, document: Option<&Document>, deal: &Deal, locale: Locale) -> Field {
    let line = document.and_then(|document| document.basis.line(parameter));
    let words = Words { currency: deal.currency, locale };
    let hint = match line {
        Some(line) if line.origin != Origin::Deal => {
            let whence = match line.origin {
                Origin::Product => "from the product's profile",
                Origin::Past => "from past deals",
                Origin::Deal | Origin::Assumption => "assumed",
            };
            format!("{} We take {}, {whence}.", parameter.question(), words.range(parameter, line.range))
        }
        _ => parameter.question().to_owned(),
    };
    let unit = match parameter.unit() {
        Unit::Money => deal.currency.prefix(),
        Unit::MoneyAMonth => format!("{} a month", deal.currency.prefix()),
        Unit::Months => "months".into(),
        Unit::Hours => "hours".into(),
        Unit::Share => "of 10 clients like this one".into(),
    };
    Field { key: key(parameter), label: parameter.label(), unit, hint, code: parameter.code() }
}

/// The engine's answer in the member's words.
fn tell(document: &Document, deal: &Kept<Deal>, their_name: &str, visit: &Visit) -> Told {
    let locale = visit.locale();
    let path = format!("/deals/{}", deal.id);
    let answer = &document.answer;
    let words = Words { currency: deal.currency, locale };
    let whole = |value: f64| Money::of_units(value.round(), deal.currency).show(locale);
    let word = match answer.verdict {
        Verdict::GoAhead => "Go ahead",
        Verdict::AskFirst => "Ask first",
        Verdict::Rebalance => "Rebalance",
        Verdict::WalkAway => "Walk away",
    };
    let summary = document.summary();
    let months = deal.horizon_months;
    let client_words = if answer.client.p50 >= 0.0 {
        format!("Likely gain {} over {months} months, after price and effort.", whole(answer.client.p50))
    } else {
        format!("Likely loss {} over {months} months, after price and effort.", whole(-answer.client.p50))
    };
    let ahead = hours(summary.hours_ahead, locale);
    let our_words = if ahead.is_empty() {
        format!("Worth {} to us.", whole(answer.company.mean))
    } else {
        format!("Worth {} now, with {ahead} still ahead.", whole(answer.company.mean))
    };
    let surplus = |name, side: &engine::assess::Surplus, curve| -> Surplus<'_> {
        Surplus {
            name,
            p10: side.p10,
            p50: side.p50,
            p90: side.p90,
            positive: side.positive,
            shape: Shape::Curve(curve),
        }
    };
    let balance = picture::balance(
        surplus(their_name, &answer.client, &document.client_curve),
        surplus("Us", &answer.margin, &document.margin_curve),
        Size::Full,
        &whole,
    );
    let fair = picture::fair_price(
        answer.fair_price.floor,
        answer.fair_price.ceiling,
        document.basis.price.units(),
        &whole,
    );
    let worthwhile = |question: &&engine::assess::Answer| question.net > 0.0;
    let ask = answer
        .questions
        .first()
        .filter(worthwhile)
        .map(|question| (question.ask.clone(), whole(question.net)));
    let source_of = |parameter: &str| {
        let line = Parameter::parse(parameter).and_then(|parameter| document.basis.line(parameter));
        line.map_or(Source::Assumed, |line| line.evidence.source)
    };
    let questions = answer.questions.iter().filter(|question| question.net >= 1.0).take(QUESTIONS_SHOWN).map(
        |question| {
            let now = Parameter::parse(&question.parameter)
                .and_then(|parameter| document.basis.line(parameter).map(|line| (parameter, line.range)))
                .map_or_else(String::new, |(parameter, range)| words.range(parameter, range));
            Question {
                worth: whole(question.net),
                ask: question.ask.clone(),
                now,
                source: source_of(&question.parameter).code(),
            }
        },
    );
    let lines = document.basis.lines.iter().map(|line| {
        let note = line
            .evidence
            .source
            .note(line.evidence.by.as_deref(), line.evidence.on.map(|day| day.show(locale)));
        let of_product = deal.product_id.filter(|_| line.origin == Origin::Product);
        FigureLine {
            name: line.parameter.label().to_owned(),
            text: words.range(line.parameter, line.range),
            source: line.evidence.source.code(),
            note: detail(line, note),
            href: whence(&path, line, deal, document),
            lesson: line
                .lesson
                .as_ref()
                .map_or_else(String::new, |about| outcomes::path_of(about, of_product)),
        }
    });
    let lines = lines.chain(document.basis.hour_value.as_ref().map(|hour| FigureLine {
        name: "An hour of ours".to_owned(),
        text: format!("{} an hour", whole(hour.value)),
        source: hour.evidence.source.code(),
        note: hour.evidence.note.clone().unwrap_or_default(),
        href: match hour.evidence.on {
            Some(_) => "/#week".into(),
            None if visit.scope().may(Right::Manage) => "/settings".into(),
            None => String::new(),
        },
        lesson: String::new(),
    }));
    let mean = answer.decision_value.mean;
    let shown = answer.drivers.iter().take(DRIVERS_SHOWN);
    let ends = shown.clone().flat_map(|driver| [driver.at_p10, driver.at_p90]).chain([mean, 0.0]);
    let (least, most) =
        ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), end| (least.min(end), most.max(end)));
    let drivers = shown.map(|driver| {
        let hue = match Parameter::parse(&driver.parameter) {
            Some(parameter) if parameter.is_clients() => Hue::Client,
            _ => Hue::Company,
        };
        let (low, high) = (driver.at_p10.min(driver.at_p90), driver.at_p10.max(driver.at_p90));
        Driver {
            name: words.name(&driver.parameter),
            picture: picture::range([low, mean.clamp(low, high), high], [least, most], hue, &whole),
            text: format!("{} if low, {} if high", whole(driver.at_p10), whole(driver.at_p90)),
        }
    });
    let break_evens = answer
        .break_even
        .iter()
        .filter_map(|turn| Some((words.name(&turn.parameter), words.value(&turn.parameter, turn.value?))));
    Told {
        verdict: summary.verdict.clone(),
        word,
        reasons: answer.reasons.iter().map(|reason| words.reason(reason)).collect(),
        client: of_100(answer.client.positive),
        ours: of_100(answer.margin.positive),
        client_words,
        our_words,
        balance,
        fair,
        ask,
        questions: questions.collect(),
        lines: lines.collect(),
        drivers: drivers.collect(),
        break_evens: break_evens.collect(),
        adjustments: answer.adjustments.iter().map(|adjustment| words.adjustment(adjustment)).collect(),
        turns: answer.would_change_if.iter().map(|turn| words.turn(turn)).collect(),
        cases: locale.number(f64::from(assessment::SAMPLES), 0),
        answered: document.basis.lines.iter().filter(|line| line.evidence.source != Source::Assumed).count(),
        assumed: document.basis.assumed(),
        price_is_assumed: document.basis.price_is_assumed,
        chance: document.basis.chance.as_ref().and_then(|chance| chance_view(chance, document, locale)),
        path: path_view(document, words),
        stop_at: answer.path.as_ref().and_then(|path| path.stop_at.clone()).unwrap_or_default(),
    }
}

/// What deals like it tell of whether it is agreed: by all that is known of it where that tells more than the average,
/// else the figure that is taken for the chance.
fn chance_view(chance: &Chance, document: &Document, locale: Locale) -> Option<ChanceView> {
    let taken = document.basis.line(Parameter::Win)?;
    let [low, likely, high] = [taken.range.low(), taken.range.likely(), taken.range.high()];
    let say = |share: f64| format!("{} of 100", of_100(share));
    #[expect(clippy::cast_precision_loss, reason = "counts of deals are far below 2^53")]
    let n = locale.number(chance.n as f64, 0);
    let sentence = if taken.origin == Origin::Deal {
        format!(
            "{} of 100, as somebody said of this deal. Deals like it: {}.",
            of_100(likely),
            say(chance.likely)
        )
    } else {
        format!(
            "{} of 100 such deals were agreed in the end; in 8 of 10 cases the true figure lies between {} and {}.",
            of_100(likely),
            of_100(low),
            of_100(high)
        )
    };
    let soon = match (chance.age_days, chance.within_30, chance.within_90) {
        (Some(days), Some(within_30), Some(within_90)) => {
            let counts =
                chance.counts_as.filter(|counts| *counts < days).map_or_else(String::new, |counts| {
                    format!("; so few were open that long that it counts as {counts}")
                });
            format!(
                "Open for {}{counts}: {} within 30 days, {} within 90.",
                crate::base::plural(days.into(), "day", "days"),
                say(within_30),
                say(within_90)
            )
        }
        _ => "Too few deals that ended have the days they began and ended for its age to tell anything."
            .to_owned(),
    };
    Some(ChanceView {
        of_100: of_100(likely),
        picture: picture::range([low, likely, high], [0.0, 1.0], Hue::Company, &say),
        sentence,
        soon,
        is_better: chance.is_better,
        from: format!("From {n} of your ended deals, as of {}", chance.as_of.show(locale)),
    })
}

/// The steps until they decide, each with what going on from it is worth.
fn path_view(document: &Document, words: Words) -> Vec<(String, String)> {
    let steps = document.answer.path.iter().flat_map(|path| &path.steps);
    steps.map(|step| (step.name.clone(), words.money(step.value))).collect()
}

/// The place a figure comes from: what was said of the deal, its product's profile, deals before it; for what is only assumed,
/// where it is asked.
fn whence(path: &str, line: &assessment::Line, deal: &Deal, document: &Document) -> String {
    let code = line.parameter.code();
    let is_of_path =
        matches!(line.parameter, Parameter::Win | Parameter::Hours) && !document.basis.path.is_empty();
    match (line.origin, deal.product_id) {
        (Origin::Deal, _) if is_of_path => format!("{path}/diagnosis#path"),
        (Origin::Deal, _) => format!("{path}/evidence#{code}"),
        (Origin::Product, Some(product)) => format!("/products/{product}#{code}"),
        (Origin::Past, _) if deal.agreed_on.is_some() => format!("{path}#happened"),
        (Origin::Past, _) => "/deals/forecast#trust".into(),
        (Origin::Assumption | Origin::Product, _) => format!("{path}/diagnosis/next?at={code}"),
    }
}

/// Where a figure comes from, and what was said.
fn detail(line: &assessment::Line, note: String) -> String {
    let origin = match line.origin {
        Origin::Deal => String::new(),
        Origin::Product => "product's profile".into(),
        Origin::Past => "past deals".into(),
        Origin::Assumption => String::new(),
    };
    let parts = [origin, note, line.evidence.note.clone().unwrap_or_default()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
}
