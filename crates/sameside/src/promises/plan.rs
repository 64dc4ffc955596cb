//! Planning the promises of a deal backwards from the day of its result, with the chance of keeping each of ours.

use crate::accounts::{Member, Workspace};
use crate::base::{Date, Range};
use crate::commitments::{self, Backwards, Commitment, Side, Wanted, backwards};
use crate::deals::Deal;
use crate::error::Result;
use crate::outcomes;
use crate::promises::actions;
use crate::records::Kept;
use db::Conn;

/// What a plan is made of where its product says nothing: side, what, working days.
const USUAL: [(Side, &str, i64); 6] = [
    (Side::Client, "Name who works with us, and give us what we need", 3),
    (Side::Company, "Set it up with you", 5),
    (Side::Client, "Try it with real work, and tell us what is missing", 5),
    (Side::Company, "Mend what you found", 3),
    (Side::Client, "Work with it", 20),
    (Side::Company, "Look at the result together", 1),
];

/// A plan that nobody has promised yet.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The steps with their days.
    pub plan: Backwards,
    /// The promises they would become, in the same order.
    pub promises: Vec<Commitment>,
    /// Whether the steps are those of the product, and not the usual ones.
    pub is_of_product: bool,
}

/// Plans backwards from a day. Our steps take the days their hours come to in four cases of five, of the hours whoever does
/// them has a week; never fewer than the step says.
///
/// # Errors
/// What the database or the engine says.
pub async fn draft(
    conn: &mut Conn,
    workspace: &Workspace,
    deal: &Kept<Deal>,
    by: &Kept<Member>,
    end: Date,
    today: Date,
) -> Result<Draft> {
    let own = match deal.product_id {
        Some(product) => commitments::store::steps(conn, workspace.id, product).await?,
        None => Vec::new(),
    };
    let is_of_product = !own.is_empty();
    let steps: Vec<(Side, String, i64, Option<Range>)> = if is_of_product {
        own.iter().map(|step| (step.side, step.title.clone(), step.days, step.estimate())).collect()
    } else {
        USUAL.iter().map(|(side, title, days)| (*side, (*title).to_owned(), *days, None)).collect()
    };
    let model = actions::model(conn, workspace.id).await?;
    let work = actions::work_of(conn, workspace.id, deal, by).await?;
    let capacity = workspace.settings.hours_of(by);
    let wanted: Vec<Wanted> = steps
        .iter()
        .map(|(side, title, days, hours)| {
            let needed = hours
                .map_or(0, |hours| actions::days_of(actions::p80(hours, &work, model.as_ref()), capacity));
            Wanted { side: *side, title: title.clone(), days: (*days).max(needed) }
        })
        .collect();
    let plan = backwards(&wanted, end, today, &workspace.calendar());
    let mut promises: Vec<Commitment> = Vec::with_capacity(steps.len());
    for ((side, title, _, hours), planned) in steps.into_iter().zip(&plan.steps) {
        let mut it = Commitment::blank(deal.id, side, title);
        it.due_on = Some(planned.due_on);
        it.promised_on = it.due_on;
        match side {
            Side::Company => it.owner_id = Some(by.id),
            Side::Client => it.contact_id = deal.contact_id,
        }
        it.set_estimate(hours);
        promises.push(it);
    }
    // The last of the usual steps is the day on which the result is looked at, as soon as there is something to look at.
    let measure = outcomes::store::measure(conn, workspace.id, deal.id).await?;
    if let Some(last) = promises.last_mut().filter(|_| !is_of_product) {
        last.measure_id = measure.map(|measure| measure.id);
    }
    let ours: Vec<(Range, Date)> = promises.iter().filter_map(|it| it.estimate().zip(it.due_on)).collect();
    let mut chances = actions::chances(conn, workspace, deal, by, &ours, None, today).await?.into_iter();
    for it in promises.iter_mut().filter(|it| it.hours_likely.is_some()) {
        it.chance = chances.next().flatten();
    }
    Ok(Draft { plan, promises, is_of_product })
}
