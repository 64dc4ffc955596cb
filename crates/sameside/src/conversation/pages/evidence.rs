//! Where every figure of a deal comes from: all that was ever said of it, who contradicts whom, and what has grown old.

use crate::base::{Evidence, Id, plural};
use crate::conversation::actions;
use crate::deals::Deal;
use crate::diagnosis::actions::Answer;
use crate::diagnosis::{Figure, Parameter, statement, store};
use crate::error::{Error, Result};
use crate::history;
use crate::records::{self, Kept, Kind, names_of};
use crate::web::layout::{Place, Shell};
use crate::web::{Input, PageError, Visit, page};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use db::Conn;

#[derive(Template)]
#[template(path = "conversation/templates/evidence.html")]
struct EvidencePage {
    shell: Shell,
    deal: Kept<Deal>,
    path: String,
    may_write: bool,
    figures: Vec<FigureView>,
}

/// One figure with everything that was said of it.
struct FigureView {
    code: &'static str,
    label: &'static str,
    now: String,
    source: &'static str,
    evidence: String,
    note: String,
    stale: String,
    conflict: String,
    said: Vec<Said>,
}

struct Said {
    text: String,
    source: &'static str,
    evidence: String,
    note: String,
    written: String,
    is_taken_back: bool,
}

/// What of a deal's figures asks for a look: in sentences, nothing where nothing does.
///
/// # Errors
/// What the database says.
pub async fn asks(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>) -> Result<Vec<String>> {
    let views = views(conn, visit, deal).await?;
    let stale = views.iter().filter(|view| !view.stale.is_empty()).count();
    let conflicts = views.iter().filter(|view| !view.conflict.is_empty());
    let mut all: Vec<String> = conflicts.map(|view| format!("{}: {}", view.label, view.conflict)).collect();
    if stale > 0 {
        let count = i64::try_from(stale).unwrap_or(i64::MAX);
        all.push(format!(
            "{} not looked at for longer than {} days.",
            plural(count, "figure of ours was", "figures of ours were"),
            visit.seat.workspace.settings.shelf_days
        ));
    }
    Ok(all)
}

async fn views(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>) -> Result<Vec<FigureView>> {
    let (scope, locale, zone, today) = (visit.scope(), visit.locale(), visit.zone(), visit.today());
    let figures = store::of_deal(conn, scope.workspace(), deal.id).await?;
    let (events, undone) = history::of_part(conn, scope, Kind::Figure, deal.id.uuid()).await?;
    let all = statement::statements(&events, &undone);
    let members = all.iter().filter_map(|said| said.actor.map(Id::uuid)).collect();
    let names = names_of(conn, scope, [(Kind::Member, members)].into()).await?;
    let shelf = visit.seat.workspace.settings.shelf_days;
    let view = |figure: &Kept<Figure>| {
        let parameter = figure.parameter;
        let show = |range: crate::base::Range| {
            parameter.unit().show_range([range.low(), range.likely(), range.high()], deal.currency, locale)
        };
        let whence = |evidence: &Evidence| {
            evidence.source.note(evidence.by.as_deref(), evidence.on.map(|day| day.show(locale)))
        };
        let held = statement::holding(&all, parameter);
        let conflict = statement::conflict(&held).map(|(one, other)| {
            let say =
                |said: &statement::Statement| format!("{} ({})", show(said.range), whence(&said.evidence));
            format!("{} and {} cannot both be so.", say(one), say(other))
        });
        let stale =
            statement::stale_days(figure.source, figure.said_on, figure.changed_at.day(&zone), today, shelf);
        let said = all.iter().rev().filter(|said| said.parameter == parameter).map(|said| {
            let who = said.actor.and_then(|id| names.get(&id.uuid()).cloned());
            let day = said.at.day(&zone).show(locale);
            Said {
                text: show(said.range),
                source: said.evidence.source.code(),
                evidence: whence(&said.evidence),
                note: said.evidence.note.clone().unwrap_or_default(),
                written: format!("written down by {}, {day}", who.unwrap_or_else(|| "Sameside".into())),
                is_taken_back: said.is_taken_back,
            }
        });
        FigureView {
            code: parameter.code(),
            label: parameter.label(),
            now: show(figure.range()),
            source: figure.source.code(),
            evidence: whence(&figure.evidence()),
            note: figure.note.clone().unwrap_or_default(),
            stale: stale.map_or_else(String::new, |days| format!("Nobody has looked at it for {days} days.")),
            conflict: conflict.unwrap_or_default(),
            said: said.collect(),
        }
    };
    let mut views: Vec<FigureView> = Vec::with_capacity(figures.len());
    for parameter in Parameter::ALL {
        views.extend(figures.iter().find(|figure| figure.parameter == *parameter).map(view));
    }
    Ok(views)
}

pub(super) async fn show(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let deal = records::get_any(&mut conn, visit.scope(), id).await?;
    let figures = views(&mut conn, &visit, &deal).await?;
    page(&EvidencePage {
        shell: visit.shell(Place::Deals),
        path: format!("/deals/{id}"),
        may_write: visit.scope().may(crate::accounts::Right::Sell) && deal.removed_at.is_none(),
        figures,
        deal,
    })
}

/// Somebody looked at a figure of ours, and it is still so: it is said again, today.
pub(super) async fn confirm(
    visit: Visit,
    Path(id): Path<Id<Deal>>,
    input: Input,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    records::get(&mut conn, visit.scope(), id).await?;
    let parameter = Parameter::parse(input.get("of"));
    let figures = store::of_deal(&mut conn, visit.scope().workspace(), id).await?;
    drop(conn);
    let kept = figures.iter().find(|figure| Some(figure.parameter) == parameter);
    let kept = kept.ok_or_else(|| Error::field("of", "one of the deal's figures"))?;
    let evidence = Evidence { on: Some(visit.today()), ..kept.evidence() };
    let answer = Answer {
        parameter: kept.parameter,
        said: Some((kept.range(), evidence)),
        version: input.version().or(Some(kept.version)),
    };
    let text = format!("{}: still so, as of today.", kept.parameter.label());
    let to = format!("/deals/{id}/evidence#{}", kept.parameter.code());
    visit.write(move |tx, act| Box::pin(actions::figure(tx, act, id, answer))).await?;
    Ok(visit.done(&to, &text, None))
}
