//! What was counted before and after, behind the results that [`super::words`] tells.

use crate::accounts::Act;
use crate::base::{Date, Evidence, Id, Source};
use crate::deals::Deal;
use crate::demo::plan::Engagement;
use crate::desk::verify::{Came, verify};
use crate::diagnosis::Parameter;
use crate::error::Result;
use crate::outcomes::actions::{Feeling, Measured, feel, measure};
use crate::outcomes::{Felt, Occasion, Reached, Whose};
use db::Tx;
use engine::random::Random;

/// A result as it was counted: how its sentence begins, what and in what, before, after, and what was wished.
struct Counted(&'static str, &'static str, &'static str, [f64; 3]);

const COUNTED: &[Counted] = &[
    Counted("Thrown away", "Thrown away", "loaves a day", [31.0, 12.0, 10.0]),
    Counted("Phone orders", "Orders by phone", "a day", [46.0, 17.0, 15.0]),
    Counted("Orders known", "Orders known the evening before", "of 10", [4.0, 8.0, 9.0]),
    Counted("Orders without", "Orders without a call", "of 100", [0.0, 61.0, 60.0]),
    Counted("Missed appointments", "Missed appointments", "a week", [14.0, 5.0, 6.0]),
    Counted("Calls at reception", "Calls at reception", "a day", [62.0, 29.0, 30.0]),
    Counted("Gaps filled", "Gaps filled", "of 10", [2.0, 6.0, 7.0]),
    Counted("Courses finished", "Courses finished", "of 100", [58.0, 79.0, 75.0]),
    Counted("Letters answered", "Letters answered within a week", "of 100", [30.0, 92.0, 100.0]),
    Counted("Longest wait", "Longest wait", "days", [23.0, 4.0, 3.0]),
    Counted("Hours of answering", "Answering letters", "hours a week", [19.0, 8.0, 10.0]),
    Counted("Records kept twice", "Records kept twice", "records", [410.0, 35.0, 0.0]),
    Counted("Absences known", "Absences known by nine", "of 10 days", [5.0, 10.0, 10.0]),
    Counted("Days to hand", "To hand a class over", "days", [9.0, 2.0, 2.0]),
    Counted("Lookups", "Lookups that ended at the shelf", "a day", [35.0, 9.0, 10.0]),
    Counted("Labels printed", "Labels printed twice", "a week", [120.0, 14.0, 20.0]),
    Counted("Evenings", "Evenings for a stocktake", "evenings", [3.0, 1.0, 1.0]),
    Counted("Articles sold", "Articles sold out", "a month", [28.0, 11.0, 8.0]),
    Counted("Arrivals", "Arrivals within the hour", "of 100", [61.0, 84.0, 90.0]),
    Counted("Hours on the road", "On the road", "hours a day", [8.4, 7.5, 7.4]),
];

/// Writes a result down as it was counted, with what it really cost and brought: near what was thought, seldom as thought.
pub(super) async fn write_down(
    tx: &mut Tx,
    act: &Act,
    (id, deal, number): (Id<Deal>, &Engagement, usize),
    (reason, decider): (&str, &str),
    today: Date,
) -> Result<()> {
    let Some(Counted(_, title, unit, [before, after, wished])) =
        COUNTED.iter().find(|Counted(begins, ..)| reason.starts_with(begins))
    else {
        return Ok(());
    };
    let evidence = |note: &str| Evidence {
        source: Source::Measured,
        by: Some(decider.to_owned()),
        on: Some(today),
        note: Some(note.to_owned()),
    };
    let said = Measured {
        title: (*title).to_owned(),
        unit: (*unit).to_owned(),
        baseline: *before,
        wished: *wished,
        by_on: None,
        evidence: evidence("Counted for two weeks, before and after."),
    };
    measure(tx, act, id, None, said).await?;
    // Dice of its own: the rest of the story stays as it is.
    let mut dice = Random::seeded(9_000 + u64::try_from(number).unwrap_or(0));
    let profile = super::cast::PRODUCTS.get(deal.product).map_or(&[][..], |offer| offer.profile);
    let mut real = Vec::new();
    for (parameter, [_, likely, _], ..) in profile {
        // Stock and labels was thought easier to deliver than it is.
        let middle = if *parameter == Parameter::Delivery && deal.product == 4 { 1.3 } else { 1.0 };
        let times = middle * (0.75 + 0.5 * dice.uniform());
        let unit = if matches!(parameter, Parameter::Delay) { 2.0 } else { 0.1 };
        if matches!(
            parameter,
            Parameter::Delivery
                | Parameter::Hours
                | Parameter::Delay
                | Parameter::Service
                | Parameter::Adoption
        ) {
            real.push((*parameter, (likely * times * unit).round() / unit));
        }
    }
    let has_all = (after - before) / (wished - before) >= 1.0;
    let came = Came {
        version: None,
        measured_on: today,
        reached: if has_all { Reached::Fully } else { Reached::Partly },
        achieved: Some(*after),
        real,
        evidence: evidence(reason),
        learnt: None,
    };
    verify(tx, act, id, came, today).await?;
    let feeling = Feeling {
        moment: Occasion::Verification,
        whose: Whose::Client,
        felt: if reason.contains("Gladly") { Felt::Gladly } else { Felt::Fairly },
        because: None,
        said_by: Some(decider.to_owned()),
    };
    feel(tx, act, id, feeling, today).await.map(drop)
}
