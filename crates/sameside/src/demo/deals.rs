//! The deals that go on: those of Ada, written by hand, and those of everybody else.

use crate::base::Source;
use crate::deals::{Phase, Standing};
use crate::demo::cast::{PRODUCTS, Us};
use crate::demo::plan::{Engagement, Pen, Said, What, With};
use crate::demo::words::{self, WORDS};
use crate::demo::{hand, past};
use crate::diagnosis::{Parameter, Part};

/// How many deals of the others go on.
const OPEN: usize = 27;
/// How many of the others wait.
const PAUSED: usize = 6;

/// What is known of a deal, and so what the engine says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Well known, and good for both.
    Good,
    /// One answer would decide it.
    Open,
    /// Good for both at another price.
    Priced,
    /// Good for neither.
    Poor,
}

/// Writes all of them.
pub(super) fn write(pen: &mut Pen) {
    past::write(pen);
    for n in 0..OPEN + PAUSED {
        another(pen, n);
    }
    hand::write(pen);
}

/// The phases before and at one.
fn way_to(phase: Phase) -> impl Iterator<Item = Phase> {
    Phase::ALL.iter().copied().skip(1).take_while(move |step| *step <= phase)
}

/// How one deal differs from another like it, each from 0 to 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Own {
    /// How much the problem costs them.
    pub(super) need: f64,
    /// How surely it works for them.
    pub(super) fit: f64,
    /// How much of the price our work takes.
    pub(super) work: f64,
}

impl Own {
    /// Drawn for one deal.
    pub(super) fn draw(pen: &mut Pen) -> Self {
        let mut draw = || pen.dice.uniform();
        Self { need: draw(), fit: draw(), work: draw() }
    }
}

/// The figures of a deal of this price over this many months, by how well it is known.
pub(super) fn figures(known: Known, own: Own, price: f64, months: f64, by: &str, us: &str) -> Vec<Said> {
    let said = |parameter, range: [f64; 3], source, note: &str| Said {
        parameter,
        range,
        source,
        by: if source == Source::ClientSaid { by.to_owned() } else { us.to_owned() },
        note: Some(note.to_owned()),
    };
    let between = |low: f64, high: f64, place: f64| low + (high - low) * place;
    let money =
        |share: f64, low: f64, high: f64| [share * low, share, share * high].map(|x| past::tens(x * price));
    let month = |share: f64, low: f64, high: f64| {
        [share * low, share, share * high].map(|x| past::tens(x * price / (months - 1.0).max(1.0)))
    };
    let hours = |share: f64| [0.6, 1.0, 1.7].map(|x| (x * share * price / 96.0).max(1.0).round());
    let about = |likely: f64, less: f64, more: f64| {
        [likely - less, likely, (likely + more).min(0.98)].map(|x| (x * 100.0).round() / 100.0)
    };
    match known {
        Known::Good => vec![
            said(
                Parameter::Benefit,
                month(between(2.0, 3.2, own.need), 0.75, 1.3),
                Source::ClientSaid,
                "counted over two weeks",
            ),
            said(
                Parameter::Success,
                about(between(0.82, 0.94, own.fit), 0.07, 0.04),
                Source::Measured,
                "clients like them",
            ),
            said(
                Parameter::Delivery,
                money(between(0.5, 0.72, own.work), 0.82, 1.3),
                Source::OurEstimate,
                "from the last five like it",
            ),
            said(Parameter::Hours, hours(0.03), Source::OurEstimate, "what is still to be done"),
        ],
        Known::Open => vec![
            said(
                Parameter::Benefit,
                month(between(1.6, 1.9, own.need), 0.3, 2.0),
                Source::Assumed,
                "nobody has asked them yet",
            ),
            said(
                Parameter::Success,
                about(between(0.8, 0.88, own.fit), 0.13, 0.08),
                Source::OurEstimate,
                "a little unlike the others",
            ),
            said(
                Parameter::Delivery,
                money(between(0.42, 0.62, own.work), 0.75, 1.4),
                Source::OurEstimate,
                "a guess before we have seen it",
            ),
            said(Parameter::Delay, [0.8, 1.0, 1.2], Source::OurEstimate, "from the last five like it"),
        ],
        Known::Priced => vec![
            said(
                Parameter::Benefit,
                month(between(1.0, 1.1, own.need), 0.93, 1.08),
                Source::ClientSaid,
                "from their books",
            ),
            said(Parameter::Success, [0.88, 0.92, 0.95], Source::Measured, "clients like them"),
            said(
                Parameter::Delivery,
                money(between(0.36, 0.5, own.work), 0.85, 1.2),
                Source::OurEstimate,
                "counted with the team",
            ),
            said(Parameter::Adoption, money(0.04, 0.8, 1.3), Source::ClientSaid, "two mornings of theirs"),
            said(Parameter::Hours, hours(0.03), Source::OurEstimate, "what is still to be done"),
            said(Parameter::Delay, [0.8, 1.0, 1.2], Source::OurEstimate, "from the last five like it"),
        ],
        Known::Poor => vec![
            said(
                Parameter::Benefit,
                month(between(0.5, 1.5, own.need), 0.7, 1.4),
                Source::ClientSaid,
                "they counted it themselves",
            ),
            said(
                Parameter::Success,
                about(between(0.3, 0.5, own.fit), 0.1, 0.12),
                Source::OurEstimate,
                "it is not what ours is made for",
            ),
            said(
                Parameter::Delivery,
                money(between(0.66, 0.85, own.work), 0.85, 1.3),
                Source::OurEstimate,
                "counted with the team",
            ),
            said(Parameter::Hours, hours(0.12), Source::OurEstimate, "many would have to be convinced"),
        ],
    }
}

/// A deal of somebody else that goes on, or waits.
fn another(pen: &mut Pen, n: usize) {
    let clients = pen.story.clients.len();
    let mut client = (n * 11 + 16) % clients;
    while pen.story.clients.get(client).is_some_and(|client| client.carer == Us::Ada) {
        client = (client + 1) % clients;
    }
    let Some(it) = pen.story.clients.get(client).cloned() else { return };
    let offers = past::products_of(it.trade);
    let product = offers.get(pen.dice.below(offers.len())).copied().unwrap_or(0);
    let usual = PRODUCTS.get(product).map_or(5_000.0, |offer| offer.price);
    let price = past::rounded(usual * past::size(it.employees) * (0.8 + 0.4 * pen.dice.uniform()));
    let phase = match n % 9 {
        0 | 1 => Phase::Hear,
        2..=4 => Phase::Diagnose,
        5 | 6 => Phase::Propose,
        7 => Phase::Agree,
        _ if n.is_multiple_of(2) => Phase::Deliver,
        _ => Phase::Verify,
    };
    let known = match n % 7 {
        0 | 3 | 5 => Known::Good,
        1 | 4 => Known::Open,
        2 => Known::Priced,
        _ => Known::Poor,
    };
    // What is agreed is well known.
    let known = if phase > Phase::Agree { Known::Good } else { known };
    let began = match phase {
        Phase::Hear => pen.between(2, 15),
        Phase::Diagnose => pen.between(10, 40),
        Phase::Propose | Phase::Agree => pen.between(25, 65),
        Phase::Deliver | Phase::Verify => pen.between(60, 120),
    };
    let expects = pen.between(8, 80);
    let engagement = Engagement {
        title: past::title(pen, client, product),
        client,
        contact: pen.decides(client),
        product,
        owner: it.carer,
        price: Some(price),
        horizon_months: if product == 3 { 24 } else { 12 },
        refund_share: 0.0,
        opened_on: pen.workday(began),
        expected_on: (phase <= Phase::Agree).then(|| pen.coming(expects)),
    };
    let deal = begin(pen, engagement, phase, began, Some(known), None);
    if n >= OPEN {
        let ago = pen.between(4, 40).min(began - 1).max(1);
        let back = pen.between(-4, 90);
        let reason = pen.one(&[
            "They move to a new house first and have no head for it now.",
            "The council decides about money in spring.",
            "The owner is ill. We sent flowers and no questions.",
            "They wait for the result of the first shop.",
        ]);
        let (at, back) = (pen.ago(ago, 16), pen.coming(back));
        let what =
            What::Left { deal, standing: Standing::Paused, reason: reason.into(), revisit_on: Some(back) };
        pen.add(at, it.carer, what);
    }
    let with = With { deal: Some(deal), client, contact: Some(pen.decides(client)) };
    if pen.happens(0.6) {
        let (title, due) = (pen.one(words::TASKS), pen.between(-3, 9));
        let at = pen.ago(2.min(began), 10);
        let due = pen.today.plus_days(due);
        pen.task(at, it.carer, with, title.into(), due, None);
    }
}

/// Lets a deal begin and come to a phase, with what was said on the way. Answers with its number.
pub(super) fn begin(
    pen: &mut Pen,
    engagement: Engagement,
    phase: Phase,
    began: i64,
    known: Option<Known>,
    goal: Option<&str>,
) -> usize {
    let deal = pen.story.deals.len();
    let (owner, client, contact, product) =
        (engagement.owner, engagement.client, engagement.contact, engagement.product);
    let (price, months) = (engagement.price.unwrap_or(0.0), engagement.horizon_months);
    pen.story.deals.push(engagement);
    let with = With { deal: Some(deal), client, contact: Some(contact) };
    let at = pen.ago(began, 9);
    pen.add(at, owner, What::Deal(deal));
    past::talk(pen, owner, with, began - 1, words::FIRST_TALKS);
    let decider = pen.name_of(contact);
    let goals = WORDS.get(product).map_or(&[][..], |words| words.goals);
    let usual = goals.get(pen.dice.below(goals.len())).map_or("", |(goal, _)| *goal);
    if phase > Phase::Hear || goal.is_some() {
        let (at, text) = (pen.ago(began - 1, 14), goal.unwrap_or(usual).to_owned());
        pen.add(at, owner, What::Goal { deal, text, by: decider.clone() });
        if phase > Phase::Hear {
            let what = What::Voiced { deal, person: contact, part: Part::Decides, note: "" };
            pen.add(at.plus_seconds(60), owner, what);
        }
    }
    let steps = i64::try_from(way_to(phase).count()).unwrap_or(0) + 1;
    for (step, phase) in (1..).zip(way_to(phase)) {
        let days = (began - began * step / steps).clamp(1, began);
        let at = pen.ago(days, 11);
        pen.add(at, owner, What::Moved { deal, phase });
        let of = match phase {
            Phase::Hear | Phase::Diagnose => words::DIAGNOSES,
            Phase::Propose | Phase::Agree => words::PROPOSALS,
            Phase::Deliver | Phase::Verify => words::DELIVERIES,
        };
        past::talk(pen, owner, with, days - 1, of);
    }
    let Some(known) = known else { return deal };
    let own = Own::draw(pen);
    #[expect(clippy::cast_precision_loss, reason = "a horizon is at most 120 months")]
    let said = figures(known, own, price, months as f64, &decider, owner.name());
    let days = (began * 2 / 3).max(1);
    let at = pen.ago(days, 15);
    for (n, said) in (0..).zip(said) {
        pen.add(at.plus_seconds(n * 60), owner, What::Figure { deal, said });
    }
    deal
}
