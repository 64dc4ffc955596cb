//! What the problem costs in parts, and what they would pay, on the sheet.

use super::{Typed, answered, fill_whence, money_range, whence};
use crate::base::{Currency, Id, Money, Range, Source};
use crate::conversation::actions;
use crate::deals::Deal;
use crate::diagnosis::form::{fill, number};
use crate::diagnosis::{CostPart, Parameter, Unit, cost_together, store};
use crate::error::Result;
use crate::records::{self, Kept, pages as records_pages};
use crate::web::{Form, Input, PageError, Read, Visit};
use axum::extract::Path;
use axum::response::Response;
use db::Conn;

/// The part of the sheet.
pub(super) struct Section {
    pub(super) lines: Vec<CostLine>,
    pub(super) new: Form,
    /// What the parts cost together.
    pub(super) sum: String,
    /// What is taken now, where that is not the sum.
    pub(super) differs: String,
    /// What they would pay, and how we know.
    pub(super) willing: Option<(String, Source, String)>,
    pub(super) willing_form: Form,
}

pub(super) struct CostLine {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) source: Source,
    pub(super) evidence: String,
    pub(super) note: String,
    pub(super) form: Form,
    pub(super) is_open: bool,
}

pub(super) async fn section(
    conn: &mut Conn,
    visit: &Visit,
    deal: &Kept<Deal>,
    typed: &Typed,
) -> Result<Section> {
    let workspace = visit.scope().workspace();
    let (currency, locale) = (deal.currency, visit.locale());
    let parts = store::cost_parts(conn, workspace, deal.id).await?;
    let figures = store::of_deal(conn, workspace, deal.id).await?;
    let show = |range: Range| {
        Unit::MoneyAMonth.show_range([range.low(), range.likely(), range.high()], currency, locale)
    };
    let sum = cost_together(parts.iter().map(|part| &part.it)).map(|(range, _)| show(range));
    let taken = figures.iter().find(|figure| figure.parameter == Parameter::Benefit);
    let taken = taken.map(|figure| show(figure.range()));
    let differs = match (&sum, taken) {
        (Some(sum), Some(taken)) if *sum != taken => taken,
        (Some(_), None) => "nothing".to_owned(),
        _ => String::new(),
    };
    let willing = figures.iter().find(|figure| figure.parameter == Parameter::Willing);
    let mut willing_form = Form::default();
    if let Some(figure) = willing {
        fill(&mut willing_form, "willing_to_pay", figure, figure.version, currency);
    }
    let lines = parts.iter().map(|it| {
        let id = it.id.to_string();
        let again = typed.form(&format!("cost-{id}"));
        let times = it.times();
        let often = if times.low() < times.high() {
            format!(
                "{} to {} times a month",
                locale.number(times.low(), digits(times.low())),
                locale.number(times.high(), digits(times.high()))
            )
        } else {
            format!("{} times a month", locale.number(times.likely(), digits(times.likely())))
        };
        let day = it.said_on.map(|day| day.show(locale));
        CostLine {
            title: it.title.clone(),
            text: format!(
                "{often}, {} each: {}",
                money_range(it.each(), currency, locale),
                show(it.a_month())
            ),
            source: it.source,
            evidence: it.source.note(it.said_by.as_deref(), day),
            note: it.note.clone().unwrap_or_default(),
            is_open: again.is_some(),
            form: again.unwrap_or_else(|| kept_form(it, currency)),
            id,
        }
    });
    Ok(Section {
        lines: lines.collect(),
        new: typed.form("cost").unwrap_or_default(),
        sum: sum.unwrap_or_default(),
        differs,
        willing: willing.map(|figure| {
            let day = figure.said_on.map(|day| day.show(locale));
            let note = figure.source.note(figure.said_by.as_deref(), day);
            (money_range(figure.range(), currency, locale), figure.source, note)
        }),
        willing_form: typed.form("willing").unwrap_or(willing_form),
    })
}

fn digits(value: f64) -> usize {
    usize::from((value - value.round()).abs() > 0.05)
}

fn kept_form(it: &Kept<CostPart>, currency: Currency) -> Form {
    let mut form = Form::of([("title", it.title.clone())], Some(it.version));
    let money = |value: f64| Money::of_units(value, currency).plain();
    let plain = |value: f64| format!("{}", (value * 100.0).round() / 100.0);
    form.set_range("times", it.times(), plain);
    form.set_range("each", it.each(), money);
    fill_whence(&mut form, it.source, it.said_by.as_deref(), it.said_on, it.note.as_deref());
    form
}

fn read_form(visit: &Visit, deal: &Kept<Deal>, input: &Input) -> Result<CostPart> {
    let mut read = Read::new(input);
    let title = read.needed("title", "what happens, in a few words");
    let times = read.range("times", number);
    let each = read.range("each", |text| Ok(Money::parse(text, deal.currency)?.units()));
    for (field, range, right) in
        [("times", times, "how often a month"), ("each", each, "what it costs each time")]
    {
        if range.is_none() && read.fields.at(field).is_none() {
            read.fields.add(field, right);
        }
    }
    let (times, each) = (times.unwrap_or(Range::exactly(0.0)), each.unwrap_or(Range::exactly(0.0)));
    let from = whence(visit, &mut read);
    read.done(CostPart {
        deal_id: deal.id,
        title,
        times_low: times.low(),
        times_likely: times.likely(),
        times_high: times.high(),
        each_low: each.low(),
        each_likely: each.likely(),
        each_high: each.high(),
        source: from.source,
        said_by: from.by,
        said_on: from.on,
        note: from.note,
    })
}

pub(super) async fn count(
    visit: Visit,
    Path(id): Path<Id<Deal>>,
    input: Input,
) -> Result<Response, PageError> {
    let deal = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let done = match read_form(&visit, &deal, &input) {
        Ok(it) => visit.write(move |tx, act| Box::pin(actions::count(tx, act, it))).await,
        Err(error) => Err(error),
    };
    answered(&visit, id, ("cost", &input), ("cost", "Counted in."), done).await
}

pub(super) async fn count_again(
    visit: Visit,
    Path(id): Path<Id<CostPart>>,
    input: Input,
) -> Result<Response, PageError> {
    let kept = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let deal = records::get(&mut visit.read().await?, visit.scope(), kept.deal_id).await?;
    let version = input.version();
    let done = match read_form(&visit, &deal, &input) {
        Ok(it) => visit.write(move |tx, act| Box::pin(actions::count_again(tx, act, id, version, it))).await,
        Err(error) => Err(error),
    };
    answered(&visit, deal.id, (&format!("cost-{id}"), &input), ("cost", "Counted in."), done).await
}

pub(super) async fn forget(visit: Visit, Path(id): Path<Id<CostPart>>) -> Result<Response, PageError> {
    let deal = visit.write(move |tx, act| Box::pin(actions::forget_cost(tx, act, id))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done(&format!("/deals/{deal}/diagnosis#cost"), "It is taken off.", undo))
}

pub(super) async fn sum_up(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    visit.write(move |tx, act| Box::pin(actions::sum_up(tx, act, id))).await?;
    Ok(visit.done(&format!("/deals/{id}/diagnosis#cost"), "The deal counts with the sum of the parts.", None))
}
