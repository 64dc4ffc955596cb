//! What else they could do, on the sheet.

use super::{Typed, answered, fill_whence, money_range, whence};
use crate::base::{Currency, Id, Money, Range, Source};
use crate::conversation::actions;
use crate::deals::Deal;
use crate::diagnosis::{self, Alternative, Parameter, said, store};
use crate::error::Result;
use crate::records::{self, Kept, pages as records_pages};
use crate::web::{Form, Input, PageError, Read, Visit};
use axum::extract::Path;
use axum::response::Response;
use db::Conn;

/// The part of the sheet.
pub(super) struct Section {
    pub(super) lines: Vec<AlternativeLine>,
    pub(super) new: Form,
    /// What is taken for the best now, where that is not what the best alternative leaves.
    pub(super) differs: Option<(String, String)>,
    /// Whether doing nothing is among them.
    pub(super) has_nothing: bool,
}

pub(super) struct AlternativeLine {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) worth: String,
    pub(super) cost: String,
    pub(super) net: String,
    pub(super) is_best: bool,
    pub(super) source: Source,
    pub(super) evidence: String,
    pub(super) note: String,
    pub(super) form: Form,
    pub(super) is_open: bool,
}

/// What doing nothing is called.
const NOTHING: &str = "Do nothing";

pub(super) async fn section(
    conn: &mut Conn,
    visit: &Visit,
    deal: &Kept<Deal>,
    typed: &Typed,
) -> Result<Section> {
    let workspace = visit.scope().workspace();
    let (currency, locale) = (deal.currency, visit.locale());
    let all = store::alternatives(conn, workspace, deal.id).await?;
    let figures = store::of_deal(conn, workspace, deal.id).await?;
    let taken = figures.iter().find(|figure| figure.parameter == Parameter::Alternative);
    let best = all.iter().find(|it| it.best_at.is_some());
    let differs = best.zip(taken).and_then(|(best, taken)| {
        let figure = money_range(taken.range(), currency, locale);
        (figure != money_range(best.net(), currency, locale)).then(|| (figure, best.id.to_string()))
    });
    let lines: Vec<AlternativeLine> = all
        .iter()
        .map(|it| {
            let id = it.id.to_string();
            let again = typed.form(&format!("alternative-{id}"));
            let day = it.said_on.map(|day| day.show(locale));
            AlternativeLine {
                title: it.title.clone(),
                worth: money_range(it.worth(), currency, locale),
                cost: money_range(it.cost(), currency, locale),
                net: money_range(it.net(), currency, locale),
                is_best: it.best_at.is_some(),
                source: it.source,
                evidence: it.source.note(it.said_by.as_deref(), day),
                note: it.note.clone().unwrap_or_default(),
                is_open: again.is_some(),
                form: again.unwrap_or_else(|| kept_form(it, currency)),
                id,
            }
        })
        .collect();
    Ok(Section {
        has_nothing: lines.iter().any(|line| line.title == NOTHING),
        lines,
        new: typed.form("alternative").unwrap_or_default(),
        differs,
    })
}

fn kept_form(it: &Kept<Alternative>, currency: Currency) -> Form {
    let mut form = Form::of([("title", it.title.clone())], Some(it.version));
    for (name, range) in [("worth", it.worth()), ("cost", it.cost())] {
        form.set_range(name, range, |value| Money::of_units(value, currency).plain());
    }
    fill_whence(&mut form, it.source, it.said_by.as_deref(), it.said_on, it.note.as_deref());
    form
}

fn read_form(visit: &Visit, deal: &Kept<Deal>, input: &Input) -> Result<Alternative> {
    let mut read = Read::new(input);
    let money = |text: &str| Ok(Money::parse(text, deal.currency)?.units());
    let title = read.needed("title", "what they would do, in a few words");
    let worth = read.range("worth", money).unwrap_or(Range::exactly(0.0));
    let cost = read.range("cost", money).unwrap_or(Range::exactly(0.0));
    let from = whence(visit, &mut read);
    read.done(Alternative {
        deal_id: deal.id,
        title,
        worth_low: worth.low(),
        worth_likely: worth.likely(),
        worth_high: worth.high(),
        cost_low: cost.low(),
        cost_likely: cost.likely(),
        cost_high: cost.high(),
        source: from.source,
        said_by: from.by,
        said_on: from.on,
        note: from.note,
        best_at: None,
    })
}

pub(super) async fn weigh(
    visit: Visit,
    Path(id): Path<Id<Deal>>,
    input: Input,
) -> Result<Response, PageError> {
    let deal = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let done = match read_form(&visit, &deal, &input) {
        Ok(it) => visit.write(move |tx, act| Box::pin(said::weigh(tx, act, it))).await,
        Err(error) => Err(error),
    };
    answered(&visit, id, ("alternative", &input), ("alternatives", "Written down."), done).await
}

pub(super) async fn weigh_again(
    visit: Visit,
    Path(id): Path<Id<Alternative>>,
    input: Input,
) -> Result<Response, PageError> {
    let kept = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let deal = records::get(&mut visit.read().await?, visit.scope(), kept.deal_id).await?;
    let version = input.version();
    let done = match read_form(&visit, &deal, &input) {
        Ok(it) => visit.write(move |tx, act| Box::pin(actions::weigh_again(tx, act, id, version, it))).await,
        Err(error) => Err(error),
    };
    let at = format!("alternative-{id}");
    answered(&visit, deal.id, (&at, &input), ("alternatives", "Written down."), done).await
}

pub(super) async fn best(visit: Visit, Path(id): Path<Id<Alternative>>) -> Result<Response, PageError> {
    let kept = visit.write(move |tx, act| Box::pin(actions::best(tx, act, id))).await?;
    let text = "It counts as the best they could do without us.";
    Ok(visit.done(&format!("/deals/{}/diagnosis#alternatives", kept.deal_id), text, None))
}

pub(super) async fn forget(visit: Visit, Path(id): Path<Id<Alternative>>) -> Result<Response, PageError> {
    let deal = visit.write(move |tx, act| Box::pin(diagnosis::said::forget_alternative(tx, act, id))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done(&format!("/deals/{deal}/diagnosis#alternatives"), "It is taken off.", undo))
}
