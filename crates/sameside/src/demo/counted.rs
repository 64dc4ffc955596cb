//! What was counted before and after, behind the results that [`super::words`] tells.

use crate::accounts::Act;
use crate::base::{Date, Evidence, Id, Range, Source};
use crate::concessions;
use crate::deals::Deal;
use crate::demo::plan::Engagement;
use crate::departures::{Departure, Short, Way};
use crate::desk::verify::{Came, verify};
use crate::diagnosis::Parameter;
use crate::error::Result;
use crate::outcomes::actions::{Feeling, Measured, feel, measure};
use crate::outcomes::{Felt, Occasion, Reached, Whose};
use crate::records;
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
    // Now and then the count was right and the sale was not: what it took of them was more than what it brought.
    let is_wrong = number % 23 == 5;
    if is_wrong {
        real.retain(|(parameter, _)| *parameter != Parameter::Adoption);
        real.push((Parameter::Adoption, (deal_price(deal) * 1.6).round()));
        real.push((Parameter::Benefit, (deal_price(deal) / 20.0).round()));
    }
    let learnt = if is_wrong {
        Some(
            "Asked too late who would have to learn it: two of their people left over it, and training took a month.",
        )
    } else if number % 11 == 2 {
        Some("Their own list was better than ours. Ask for it before the first plan.")
    } else {
        None
    };
    let came = Came {
        version: None,
        measured_on: today,
        reached: if has_all { Reached::Fully } else { Reached::Partly },
        achieved: Some(*after),
        real,
        evidence: evidence(reason),
        learnt: learnt.map(str::to_owned),
    };
    verify(tx, act, id, came, today).await?;
    let felt = match (is_wrong, reason.contains("Gladly")) {
        (true, _) if number % 3 == 2 => Felt::NotAgain,
        (true, _) => Felt::Grudgingly,
        (_, true) => Felt::Gladly,
        _ if number % 13 == 1 => Felt::Grudgingly,
        _ => Felt::Fairly,
    };
    let say = |moment, whose, felt, because: Option<&str>| Feeling {
        moment,
        whose,
        felt,
        because: because.map(str::to_owned),
        said_by: Some(decider.to_owned()),
    };
    if number.is_multiple_of(3) {
        let felt = if number % 2 == 0 { Felt::Gladly } else { Felt::Fairly };
        feel(tx, act, id, say(Occasion::Agreement, Whose::Client, felt, None), today).await?;
    }
    if number % 4 == 1 {
        // We think a little better of it than they do.
        feel(tx, act, id, say(Occasion::Verification, Whose::Company, Felt::Gladly, None), today).await?;
    }
    let because = is_wrong.then_some("It works. It was not worth what it took us.");
    feel(tx, act, id, say(Occasion::Verification, Whose::Client, felt, because), today).await.map(drop)
}

/// What a deal is asked for.
fn deal_price(deal: &Engagement) -> f64 {
    deal.price.unwrap_or_else(|| super::cast::PRODUCTS.get(deal.product).map_or(5_000.0, |offer| offer.price))
}

/// Something small that was given before a deal was settled, in one of seven.
pub(super) async fn give(tx: &mut Tx, act: &Act, id: Id<Deal>, number: usize, today: Date) -> Result<()> {
    if number % 7 != 3 {
        return Ok(());
    }
    let mut dice = Random::seeded(17_000 + u64::try_from(number).unwrap_or(0));
    let cost = 60.0 + (140.0 * dice.uniform()).round();
    let comes_back = dice.uniform() < 0.6;
    let wish = concessions::Wish {
        title: ["A morning of training", "The first month free", "Their data brought over"]
            .get(number % 3)
            .map_or_else(String::new, |title| (*title).to_owned()),
        cost: Range::exactly(cost),
        cost_source: Source::OurEstimate,
        worth: Some((Range::exactly((cost * (1.2 + dice.uniform())).round()), Source::OurEstimate)),
        came_back: comes_back.then(|| "We may name them, and they take a call a year".to_owned()),
        nothing_because: (!comes_back).then(|| "They were new to all of this".to_owned()),
    };
    concessions::actions::give(tx, act, id, wish, today).await.map(drop)
}

/// How a deal was left that ended before the story of our own begins: why, and the hours that were still ahead.
pub(super) async fn part(tx: &mut Tx, act: &Act, id: Id<Deal>, number: usize, reason: &str) -> Result<()> {
    // One in five nobody wrote anything down of.
    if number % 5 == 2 {
        return Ok(());
    }
    let mut dice = Random::seeded(23_000 + u64::try_from(number).unwrap_or(0));
    let departure = Departure {
        deal_id: id,
        owner_id: act.scope.member(),
        way: Way::WalkedAway,
        side: Some(if number.is_multiple_of(3) { Short::Both } else { Short::Client }),
        reason: reason.to_owned(),
        learnt: (number % 4 == 1).then(|| "Ask on the first call who does this by hand today.".to_owned()),
        message: None,
        referral: None,
        hours_saved: (6.0 + 34.0 * dice.uniform()).round(),
        watch_on: None,
        watch_parameter: None,
        watch_above: None,
        watch_below: None,
        watch_product: None,
        noticed_at: None,
        noticed: None,
        settled_at: None,
        settled_because: None,
    };
    records::create(tx, act, departure).await.map(drop)
}
