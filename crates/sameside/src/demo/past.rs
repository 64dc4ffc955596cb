//! Deals that have ended: two years of them, with how they went.

use crate::activities::Means;
use crate::base::Source;
use crate::deals::{Phase, Standing};
use crate::demo::cast::{PRODUCTS, Us};
use crate::demo::plan::{DAYS, Engagement, Pen, Said, Talk, Trade, What, With};
use crate::demo::words::{self, WORDS};
use crate::diagnosis::Parameter;

/// How many deals have ended.
pub(super) const ENDED: usize = 214;

/// What a client of this trade talks about, the likeliest first.
pub(super) const fn products_of(trade: Trade) -> &'static [usize] {
    match trade {
        Trade::Food => &[0, 0, 0, 4, 4, 5, 2],
        Trade::Care => &[1, 1, 1, 1, 2, 2],
        Trade::School => &[3, 3, 2, 2, 1],
        Trade::Shop => &[4, 4, 0, 0, 2],
        Trade::Craft => &[5, 4, 4, 1, 2],
        Trade::Large => &[1, 1, 0, 3, 5, 4],
    }
}

/// What a client of this size pays, as a multiple of the usual price.
pub(super) fn size(employees: i64) -> f64 {
    match employees {
        ..8 => 0.55,
        8..20 => 0.85,
        20..60 => 1.3,
        60..300 => 2.6,
        300..1_000 => 6.0,
        _ => 11.0,
    }
}

/// A price as people write it.
pub(super) fn rounded(price: f64) -> f64 {
    let step = if price < 5_000.0 { 50.0 } else { 500.0 };
    (price / step).round() * step
}

/// A title no deal of this client has yet.
pub(super) fn title(pen: &mut Pen, client: usize, product: usize) -> String {
    let titles = WORDS.get(product).map_or(&[][..], |words| words.titles);
    let taken: Vec<String> =
        pen.story.deals.iter().filter(|deal| deal.client == client).map(|deal| deal.title.clone()).collect();
    for _ in 0..12 {
        let title = pen.one(titles);
        if !taken.iter().any(|taken| taken == title) {
            return title.to_owned();
        }
    }
    format!("{}, once more", pen.one(titles))
}

/// Who of us runs a deal of a client that began so many days ago.
pub(super) fn owner(pen: &mut Pen, client: usize, days: i64) -> Us {
    let carer = pen.story.clients.get(client).map_or(Us::Ada, |client| client.carer);
    // Ines left ten months ago; her clients are in other hands since.
    let was_ines = days > 480 && matches!(carer, Us::Davit | Us::Carla);
    if was_ines && pen.happens(0.45) { Us::Ines } else { carer }
}

/// Writes all of them.
pub(super) fn write(pen: &mut Pen) {
    let clients = pen.story.clients.len();
    for n in 0..ENDED {
        // Everybody has had a deal or two before anybody has many.
        let client = if n < clients * 2 { n % clients } else { pen.dice.below(clients) };
        one(pen, client);
    }
}

fn one(pen: &mut Pen, client: usize) {
    let Some(it) = pen.story.clients.get(client).cloned() else { return };
    let offers = products_of(it.trade);
    let product = offers.get(pen.dice.below(offers.len())).copied().unwrap_or(0);
    let usual = PRODUCTS.get(product).map_or(5_000.0, |offer| offer.price);
    let price = rounded(usual * size(it.employees) * (0.75 + 0.5 * pen.dice.uniform()));
    let began = pen.between(75, DAYS);
    let (title, owner) = (title(pen, client, product), owner(pen, client, began));
    let contact = pen.decides(client);
    let deal = pen.story.deals.len();
    let (opened_on, shared) = (pen.workday(began), pen.happens(0.15));
    pen.story.deals.push(Engagement {
        title,
        client,
        contact,
        product,
        owner,
        price: None,
        horizon_months: if product == 3 { 24 } else { 12 },
        refund_share: if shared { 0.3 } else { 0.0 },
        opened_on,
        expected_on: None,
    });
    let agrees = agrees(it.trade, client);
    let roll = pen.dice.uniform();
    let end = if roll < 0.58 * agrees {
        Standing::Verified
    } else if roll < agrees {
        Standing::Agreed
    } else if roll < agrees + 0.58 * (1.0 - agrees) {
        Standing::Declined
    } else {
        Standing::WalkedAway
    };
    let with = With { deal: Some(deal), client, contact: Some(contact) };
    let at = pen.ago(began, 9);
    pen.add(at, owner, What::Deal(deal));
    // How far it came, and in how many days.
    let steps: &[Phase] = match end {
        Standing::Verified | Standing::Agreed => {
            &[Phase::Diagnose, Phase::Propose, Phase::Agree, Phase::Deliver, Phase::Verify]
        }
        Standing::Declined => &[Phase::Diagnose, Phase::Propose],
        _ => &[Phase::Diagnose],
    };
    let steps = if end == Standing::Agreed { steps.get(..4).unwrap_or(steps) } else { steps };
    let lasts = pen.between(14, if steps.len() > 3 { 70 } else { 45 });
    let each = lasts / i64::try_from(steps.len() + 1).unwrap_or(2);
    let mut days = began - 1;
    talk(pen, owner, with, days, words::FIRST_TALKS);
    let goals = WORDS.get(product).map_or(&[][..], |words| words.goals);
    let goal = goals.get(pen.dice.below(goals.len())).copied().unwrap_or_default();
    let decider = pen.name_of(contact);
    for phase in steps {
        days -= each.max(2);
        let at = pen.ago(days, 11);
        pen.add(at, owner, What::Moved { deal, phase: *phase });
        match phase {
            Phase::Diagnose => {
                pen.add(
                    at.plus_seconds(600),
                    owner,
                    What::Goal { deal, text: goal.0.into(), by: decider.clone() },
                );
                let benefit = price / 12.0 * (1.2 + 1.4 * pen.dice.uniform());
                let said = Said {
                    parameter: Parameter::Benefit,
                    range: [tens(benefit * 0.7), tens(benefit), tens(benefit * 1.35)],
                    source: Source::ClientSaid,
                    by: decider.clone(),
                    note: None,
                };
                pen.add(at.plus_seconds(900), owner, What::Figure { deal, said });
                talk(pen, owner, with, days, words::DIAGNOSES);
            }
            Phase::Propose => {
                pen.add(at.plus_seconds(300), owner, What::Priced { deal, price });
                talk(pen, owner, with, days, words::PROPOSALS);
                task(pen, owner, with, days);
            }
            Phase::Deliver | Phase::Verify => talk(pen, owner, with, days - 1, words::DELIVERIES),
            Phase::Hear | Phase::Agree => {}
        }
    }
    let reason = match end {
        Standing::Verified => format!("{} {}", goal.1, pen.one(words::GLAD)),
        Standing::Agreed => pen.one(words::AGREED).to_owned(),
        Standing::Declined => pen.one(words::DECLINED).to_owned(),
        _ => pen.one(words::WALKED).to_owned(),
    };
    let at = pen.ago((days - each.max(2)).max(1), 15);
    pen.add(at, owner, What::Left { deal, standing: end, reason, revisit_on: None });
}

/// The chance that a client agrees: ours are made for kitchens, practices and schools; the large ask many, and decide
/// seldom; and some simply like us.
fn agrees(trade: Trade, client: usize) -> f64 {
    let trade = match trade {
        Trade::School => 1.3,
        Trade::Care => 0.8,
        Trade::Food => 0.6,
        Trade::Shop => -0.3,
        Trade::Craft => -0.9,
        Trade::Large => -1.8,
    };
    #[expect(clippy::cast_precision_loss, reason = "a number below 16")]
    let liking = (client * 7 % 16) as f64 / 15.0 - 0.5;
    1.0 / (1.0 + (-(trade + 2.2 * liking)).exp())
}

/// A sum as people say it.
pub(super) fn tens(sum: f64) -> f64 {
    (sum / 10.0).round() * 10.0
}

/// One of the talks, at least a day after `days` began.
pub(super) fn talk(pen: &mut Pen, by: Us, with: With, days: i64, of: &[(&'static str, &'static str)]) {
    let (title, note) = of.get(pen.dice.below(of.len())).copied().unwrap_or_default();
    let (means, minutes) = match pen.dice.below(10) {
        0..4 => (Means::Call, pen.between(2, 9) * 5),
        4..7 => (Means::Meeting, pen.between(3, 8) * 15),
        7..9 => (Means::Email, pen.between(1, 5) * 5),
        _ => (Means::Note, 10),
    };
    let at = pen.ago(days.max(0), 13);
    let talk = Talk { means, title: title.into(), note: note.into(), minutes };
    pen.add(at, by, What::Talked { with, talk });
}

/// A task that was done a few days later.
fn task(pen: &mut Pen, by: Us, with: With, days: i64) {
    let (title, took) = (pen.one(words::TASKS), pen.between(1, 6));
    let at = pen.ago(days, 12);
    let done = pen.ago((days - took).max(0), 16);
    let due = pen.workday((days - 4).max(1));
    pen.task(at, by, with, title.into(), due, Some(done));
}
