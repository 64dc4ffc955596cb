//! What Fieldwork asks of every deal in its own words, and what some said; and a client it parted with.

use crate::accounts::Act;
use crate::base::{Evidence, Id, Source};
use crate::companies::Company;
use crate::deals::Deal;
use crate::demo::day_of;
use crate::departures::{Goodbye, Short, Way};
use crate::desk;
use crate::error::{Error, Result};
use crate::questions::actions::{self, Said, Words};
use crate::questions::{Question, store};
use db::Tx;

/// A question, why it is asked, how, and its answers in their order.
struct Asked(&'static str, &'static str, &'static str, &'static [&'static str]);

const QUESTIONS: &[Asked] = &[
    Asked(
        "Who will do this every morning?",
        "What nobody does every day does not change anything, however good it is.",
        "“Who opens it at eight, when you are not there?”",
        &["Nobody is named", "Somebody is named", "They have tried it themselves"],
    ),
    Asked(
        "What happens if it stays as it is?",
        "Where waiting costs nothing, waiting is the honest advice.",
        "“And if we did nothing until next summer?”",
        &["Nothing much", "It goes on costing", "Something breaks on a day they know"],
    ),
];

/// What a deal said: its name, the question, the answer, who said it, how many days ago.
const ANSWERS: &[(&str, usize, usize, &str, i64)] = &[
    ("Online ordering for three shops", 0, 1, "Maria Oliveira", 11),
    ("Online ordering for three shops", 1, 1, "Maria Oliveira", 11),
    ("Pupil records for 640 children", 1, 2, "the school's office", 20),
    ("Bookings for four practices", 0, 2, "the reception", 6),
];

/// Writes the questions down.
pub(super) async fn questions(tx: &mut Tx, act: &Act) -> Result<()> {
    for Asked(title, why, how, levels) in QUESTIONS {
        let words =
            Words { title: (*title).to_owned(), why: Some((*why).to_owned()), how: Some((*how).to_owned()) };
        actions::add(tx, act, words, levels.iter().map(|&level| level.to_owned()).collect()).await?;
    }
    Ok(())
}

/// Writes down what a deal said to them; `act` is how many days from today.
pub(super) async fn answers(
    tx: &mut Tx,
    act: impl Fn(i64) -> Act,
    (name, deal): (&str, Id<Deal>),
) -> Result<()> {
    for (_, asked, said, by, days_ago) in ANSWERS.iter().filter(|(known, ..)| *known == name) {
        let act = act(-days_ago);
        let questions = store::questions(tx, act.scope.workspace()).await?;
        let question: Id<Question> = questions.get(*asked).ok_or(Error::NotFound)?.id;
        let mut levels = store::levels(tx, act.scope.workspace()).await?;
        levels.retain(|level| level.question_id == question);
        let level = levels.get(*said).ok_or(Error::NotFound)?.id;
        let evidence = Evidence {
            source: Source::ClientSaid,
            by: Some((*by).to_owned()),
            on: Some(day_of(act.now)),
            note: None,
        };
        actions::answer(tx, &act, deal, (question, None), Said::Level(level), evidence).await?;
    }
    Ok(())
}

/// The client Fieldwork parted with.
pub(super) const PARTED: &str = "Paper Moon Stationery";

/// Parts with it: neither side gained, and both know why.
pub(super) async fn part(tx: &mut Tx, act: &Act, company: Id<Company>) -> Result<()> {
    let today = day_of(act.now);
    let said = Goodbye {
        company_id: company,
        owner_id: act.scope.member(),
        way: Way::WalkedAway,
        side: Some(Short::Both),
        reason: "Most of what they sell is written on paper in the shop; our programs made that slower, and cost us more than they paid.".into(),
        learnt: Some("Ask to stand behind the counter for an hour before anything is offered.".into()),
        message: Some("Dear all,\n\nthank you for the trust of working with us. We have counted together what changed: your counter became slower, not faster. You should not pay for that. What we have promised you, we will do, and your data is yours in any form you like.\n\nIn autumn we will have something made for small counters. If I may, I will ask then whether a look is worth your hour.\n\nDavit".into()),
        referral: Some("The order book of their wholesaler".into()),
        hours_saved: 0.0,
        watch_on: Some(today.plus_days(120)),
        product_id: None,
        watch_product: None,
        noticed_at: None,
        noticed: None,
        settled_because: None,
        ended_at: None,
    };
    desk::actions::say_goodbye(tx, act, company, said, today).await.map(drop)
}
