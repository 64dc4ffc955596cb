//! The plans that the story's deals share with their clients: what both promised, what was kept, what moved.

use crate::accounts::{Act, Scope, Via};
use crate::base::{Date, Evidence, Id, Range, Source};
use crate::client_page::actions::{self as links, Ask, From, Wish};
use crate::client_page::{DAYS_USUAL, Done};
use crate::commitments::actions::{self, Day, StepSaid};
use crate::commitments::{self, Commitment, Side};
use crate::deals::Deal;
use crate::desk;
use crate::diagnosis::{self, Parameter};
use crate::error::Result;
use crate::outcomes::actions::Measured;
use crate::products::Product;
use crate::pulse::{self, Mood};
use crate::records::{self, Kept};
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
            Promise(
                Side::Company,
                "Bring that practice's calendar over",
                12,
                Some([6.0, 9.0, 14.0]),
                Became::Ahead,
            ),
            Promise(Side::Client, "Book a week of that practice both ways", 20, None, Became::Ahead),
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

/// What a client does with their link: how many days ago, and what.
enum Deed {
    Opens,
    Confirms(&'static str),
    Answers(f64),
    Feels(Mood, &'static str),
}

/// The deal whose client was on their page.
pub(super) const LINKED: &str = "Bookings for four practices";
const DEEDS: &[(i64, Deed)] = &[
    (-8, Deed::Opens),
    (-3, Deed::Opens),
    (-3, Deed::Confirms("Bring that practice's calendar over")),
    (-2, Deed::Opens),
    (-2, Deed::Answers(1.0)),
    (-2, Deed::Feels(Mood::Good, "You asked before you promised.")),
];

/// Tells what the client of [`LINKED`] did on their page, on the way home and in the evening.
pub(super) async fn deeds(tx: &mut Tx, ada: &Act, deals: &[Kept<Deal>]) -> Result<()> {
    let Some(deal) = deals.iter().find(|deal| deal.title == LINKED) else { return Ok(()) };
    let begun = Act { now: ada.now.plus_days(-9), ..ada.clone() };
    let wish = Wish { days: DAYS_USUAL, contact: deal.contact_id, ..Wish::default() };
    let (link, _) = links::make(tx, &begun, deal.id, wish, None).await?;
    let asked = links::ask(tx, &begun, deal.id, Ask::Figure(Parameter::Delay)).await?;
    let name = match deal.contact_id {
        Some(id) => Some(records::get(tx, &ada.scope, id).await?.it.name),
        None => None,
    };
    let zone = jiff::tz::TimeZone::get(super::ZONE).unwrap_or(jiff::tz::TimeZone::UTC);
    let from = From { address: "203.0.113.…".into(), agent: "Safari on a phone".into() };
    for (n, (days, deed)) in (0..).zip(DEEDS) {
        let scope = Scope::of_client(ada.scope.workspace());
        let at = ada.now.plus_days(*days).plus_seconds(n * 90);
        let act = Act { contact: deal.contact_id.map(Id::uuid), ..Act::new(scope, at, Via::Client) };
        let today = at.day(&zone);
        let done = match deed {
            Deed::Opens => {
                links::note(tx, &act, &link, "opened the page", &from).await?;
                continue;
            }
            Deed::Confirms(title) => {
                let all = commitments::store::of_deal(tx, act.scope.workspace(), deal.id).await?;
                let Some(it) = all.iter().find(|it| it.title == *title) else { continue };
                actions::confirm(tx, &act, it.id, today).await?;
                Done::new(format!("confirmed “{title}”"), "/plan")
            }
            Deed::Answers(value) => {
                let evidence =
                    Evidence { source: Source::ClientSaid, by: name.clone(), on: Some(today), note: None };
                let said = Some((Range::exactly(*value), evidence));
                let answer = diagnosis::actions::Answer { parameter: Parameter::Delay, said, version: None };
                diagnosis::actions::answer(tx, &act, deal.id, vec![answer]).await?;
                links::answered(tx, &act, asked.id, value.to_string()).await?;
                Done::new(format!("answered “{}”: {value}", asked.title), "/diagnosis")
            }
            Deed::Feels(mood, word) => {
                let since = today.start(&zone);
                let said = (*mood, Some((*word).to_owned()));
                pulse::actions::say_of_deal(tx, &act, deal.id, deal.contact_id, said, since).await?;
                let mood = mood.label().to_lowercase();
                Done::new(format!("said how it felt: {mood}: “{word}”"), "#felt")
            }
        };
        links::did(tx, &act, &link, &done, &from).await?;
    }
    Ok(())
}

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
        let mut it: Commitment = Commitment::blank(deal, *side, (*title).to_owned());
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

/// What is measured where something is being delivered: where it stands, where they want it, by how many days from today.
const MEASURED: &[(f64, f64, i64)] = &[(9.0, 3.0, 2), (14.0, 5.0, 23), (6.0, 2.0, 47)];

/// Says what is measured of a deal that was agreed, and by when, so that its plan has a day on which the result is looked at; false
/// when enough were told.
pub(super) async fn measured(
    tx: &mut Tx,
    act: &Act,
    deal: Id<Deal>,
    number: usize,
    today: Date,
) -> Result<bool> {
    let Some((baseline, wished, days)) = MEASURED.get(number) else { return Ok(false) };
    let said = Measured {
        title: "What it takes them".into(),
        unit: "hours a week".into(),
        baseline: *baseline,
        wished: *wished,
        by_on: Some(today.plus_days(*days)),
        evidence: Evidence {
            source: Source::ClientSaid,
            by: None,
            on: Some(today.plus_days(-2)),
            note: Some("Written down for two weeks before we began.".into()),
        },
    };
    desk::actions::measure(tx, act, deal, None, said).await?;
    Ok(true)
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
