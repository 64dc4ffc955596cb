//! The plans that the story's deals share with their clients: what both promised, what was kept, what moved.

use crate::accounts::Act;
use crate::base::{Date, Id, Range};
use crate::commitments::actions::{self, Day, StepSaid};
use crate::commitments::{Commitment, Side};
use crate::deals::Deal;
use crate::error::Result;
use crate::products::Product;
use crate::promises::blank;
use db::Tx;

/// What became of a promise: days from today, before or after.
enum Became {
    /// It is ahead.
    Ahead,
    /// They said yes to it.
    Agreed,
    /// Done on that day, and how one sees it.
    Done(i64, &'static str),
    /// The other side asks for another day, and why.
    Asked(i64, &'static str),
    /// Whoever promised put it off to that day, and why.
    PutOff(i64, &'static str),
}

/// A promise: whose, what, due how many days from today, hours of ours, what became of it.
struct Promise(Side, &'static str, i64, Option<[f64; 3]>, Became);

/// The plans, by the name of their deal; each promise comes after the one before.
const PLANS: &[(&str, &[Promise])] = &[
    (
        "Online ordering for three shops",
        &[
            Promise(
                Side::Client,
                "Count the calls nobody answers, for a week",
                -12,
                None,
                Became::Done(-13, "41 calls in the week of the market"),
            ),
            Promise(
                Side::Company,
                "Show a menu as their customers would see it",
                -4,
                Some([3.0, 5.0, 8.0]),
                Became::Done(-5, "Seen together on Maria's telephone"),
            ),
            Promise(Side::Client, "Say who may change prices in the shops", 3, None, Became::Agreed),
            Promise(
                Side::Company,
                "Menus and prices of all three shops",
                17,
                Some([14.0, 20.0, 32.0]),
                Became::Asked(24, "Christmas orders come first that week; a week later suits us better."),
            ),
            Promise(Side::Client, "Take a Saturday's orders both ways", 31, None, Became::Ahead),
            Promise(Side::Company, "Mend what the Saturday shows", 45, Some([4.0, 8.0, 16.0]), Became::Ahead),
        ],
    ),
    (
        "Pupil records for 640 children",
        &[
            Promise(
                Side::Client,
                "Ask the board whether records may leave the house",
                -24,
                None,
                Became::PutOff(-9, "The board met later"),
            ),
            Promise(Side::Client, "Send one class as it is kept now", -10, None, Became::Ahead),
            Promise(
                Side::Company,
                "Bring that class over, to look at",
                12,
                Some([5.0, 8.0, 12.0]),
                Became::Ahead,
            ),
        ],
    ),
    (
        "Bookings for four practices",
        &[
            Promise(
                Side::Company,
                "A calendar of one practice to try",
                -8,
                Some([3.0, 4.0, 6.0]),
                Became::Done(-6, "Sent to the reception on Monday"),
            ),
            Promise(Side::Client, "Name a practice that begins", 1, None, Became::Agreed),
        ],
    ),
];

/// The usual plan about online ordering: whose, what, working days, hours of ours.
const STEPS: &[(Side, &str, i64, Option<[f64; 3]>)] = &[
    (Side::Client, "The menu with prices, and who may change them", 5, None),
    (Side::Company, "Set up the shop and its pages", 4, Some([10.0, 16.0, 26.0])),
    (Side::Client, "Take orders both ways for a week", 5, None),
    (Side::Company, "Mend what the week shows", 3, Some([3.0, 6.0, 12.0])),
    (Side::Client, "Orders by the page alone", 20, None),
    (Side::Company, "Count together what changed", 1, Some([1.0, 1.5, 3.0])),
];

/// The names of the deals that have a plan.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    PLANS.iter().map(|(name, _)| *name)
}

/// Tells the plan of a deal, each promise as it was made and as it went.
pub(super) async fn plan(
    tx: &mut Tx,
    act: impl Fn(i64) -> Act,
    (name, deal): (&str, Id<Deal>),
    today: Date,
) -> Result<()> {
    let Some((_, promises)) = PLANS.iter().find(|(known, _)| *known == name) else { return Ok(()) };
    let mut before = None;
    for Promise(side, title, due, hours, became) in *promises {
        let mut it: Commitment = blank(deal, *side, (*title).to_owned());
        it.due_on = Some(today.plus_days(*due));
        it.after_id = before;
        it.set_estimate(hours.and_then(|[low, likely, high]| Range::new(low, likely, high).ok()));
        it.chance = hours.map(|_| 0.86);
        let id = actions::promise(tx, &act(-26), it).await?.id;
        before = Some(id);
        match became {
            Became::Ahead => {}
            Became::Agreed => drop(actions::confirm(tx, &act(-3), id, today.plus_days(-3)).await?),
            Became::Done(day, seen) => {
                let day_done = today.plus_days(*day);
                actions::complete(tx, &act(*day), id, Some((*seen).to_owned()), day_done).await?;
            }
            Became::Asked(day, why) => {
                let day = today.plus_days(*day);
                actions::ask_day(tx, &act(-1), id, day, Some((*why).to_owned())).await?;
            }
            Became::PutOff(day, why) => {
                let wish = Day {
                    on: today.plus_days(*day),
                    because: Some((*why).to_owned()),
                    by: *side,
                    chance: None,
                };
                actions::move_to(tx, &act(due - 1), id, None, wish, today.plus_days(due - 1)).await?;
            }
        }
    }
    Ok(())
}

/// The usual plan of a product.
pub(super) async fn steps(tx: &mut Tx, act: &Act, product: Id<Product>) -> Result<()> {
    for (side, title, days, hours) in STEPS {
        let hours = hours.and_then(|[low, likely, high]| Range::new(low, likely, high).ok());
        let said = StepSaid { side: *side, title: (*title).to_owned(), days: *days, hours };
        actions::add_step(tx, act, product, said).await?;
    }
    Ok(())
}
