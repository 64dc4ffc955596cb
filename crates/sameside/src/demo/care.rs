//! What clients ask for, how it is answered, how it felt: a year of it, and some weeks written by hand.

use crate::demo::cast::Us;
use crate::demo::plan::{Pen, What, With};
use crate::outcomes::Whose;
use crate::pulse::Mood;
use crate::service::Next;
use engine::random::Random;

/// How many requests the year has, beside those written by hand.
const ASKED: usize = 90;

const TITLES: &[(&str, &str)] = &[
    ("The confirmation comes twice", "It was the mail server; each comes once now."),
    ("A colleague cannot sign in", "She has a new link and is in."),
    ("The price list has last year's prices", "The new list is in place since noon."),
    ("How do we add a second location?", "Under settings, locations. We did it together on the telephone."),
    ("The printout is cut off", "The margin was set for another printer; it fits now."),
    ("Two bookings at one time", "Both were moved; it cannot happen again since the update of this morning."),
    ("Could the report come on Mondays?", "It comes on Mondays at seven from now on."),
    ("The import stopped at row 40", "Row 40 had a date from 1900. All 312 rows are in."),
];

/// A word after a contact that went well, or not.
const GLAD: &[&str] = &["Quick and kind.", "Everything was explained.", "You remembered us.", ""];
const NOT_GLAD: &[&str] = &["I had to ask twice.", "It took too long.", ""];

/// Writes all of it, with dice of its own, so that the rest of the story stays as it is.
pub(super) fn write(pen: &mut Pen, seed: u64) {
    let dice = std::mem::replace(&mut pen.dice, Random::seeded(seed ^ 0x5e71_11ce));
    for number in 0..ASKED {
        ask(pen, number);
    }
    by_hand(pen);
    pen.dice = dice;
}

/// How long ago a client was first spoken of, in days.
fn known_for(pen: &Pen, client: usize) -> i64 {
    let first = pen.story.deals.iter().filter(|deal| deal.client == client).map(|deal| deal.opened_on).min();
    first.map_or(0, |first| pen.today.days_since(first))
}

fn ask(pen: &mut Pen, number: usize) {
    let client = pen.dice.below(pen.story.clients.len());
    let most = known_for(pen, client).min(330);
    if most < 12 {
        return;
    }
    let days = pen.between(10, most);
    let (title, answer) = TITLES.get(pen.dice.below(TITLES.len())).copied().unwrap_or_default();
    let by = pen.story.clients.get(client).map_or(Us::Ada, |it| it.carer);
    let contact = pen.decides(client);
    let with = With { deal: None, client, contact: Some(contact) };
    let hour = pen.between(8, 12);
    let at = pen.ago(days, hour);
    pen.add(at, by, What::Asked { number, with, title, said: "" });
    // Whatever their size: an hour or two as a rule, a day now and then.
    let minutes = if pen.happens(0.08) { 26 * 60 } else { pen.between(15, 200) };
    let answered = at.plus_seconds(minutes * 60);
    let next = if pen.happens(0.6) { Next::Nothing } else { Next::Us };
    pen.add(answered, by, What::Answered { number, text: answer, next });
    if next == Next::Us {
        let later = pen.ago(days - 2, 14).max(answered.plus_seconds(3_600));
        pen.add(
            later,
            by,
            What::Answered { number, text: "It is done, and looked over once more.", next: Next::Nothing },
        );
    }
    if pen.happens(0.45) {
        let is_glad = minutes < 300 && pen.happens(0.85);
        let mood = match (is_glad, pen.happens(0.5)) {
            (true, true) => Mood::VeryGood,
            (true, false) => Mood::Good,
            (false, true) => Mood::SoSo,
            (false, false) => Mood::NotGood,
        };
        let word = pen.one(if is_glad { GLAD } else { NOT_GLAD });
        let felt = answered.plus_seconds(5_400);
        pen.add(felt, by, What::Felt { with, whose: Whose::Client, mood, word });
    }
}

/// The weeks everybody sees: a small client that waits too long, a large one that came later, one whose turn it is, one
/// that feels worse than before, and one that is quietly left alone.
fn by_hand(pen: &mut Pen) {
    let with = |pen: &Pen, name: &str, in_deal: bool| {
        let client = pen.client(name);
        let deal = pen.story.deals.iter().rposition(|deal| deal.client == client).filter(|_| in_deal);
        With { deal, client, contact: Some(pen.decides(client)) }
    };
    let books = with(pen, "Ferry Lane Books", false);
    let group = with(pen, "Meridian Group", false);
    let bakery = with(pen, "Aster Bakery", true);
    let physio = with(pen, "Linden Physio", false);
    let dental = with(pen, "Northlight Dental", true);
    let at = pen.ago(40, 9);
    pen.add(at, Us::Ada, What::Texts);
    let at = pen.ago(4, 9);
    let (title, said) = (
        "Two prices for one book",
        "The shelf says 12 and the till says 14. People ask, and I do not know which is right.",
    );
    pen.add(at, Us::Ada, What::Asked { number: 1_000, with: books, title, said });
    let at = pen.ago(2, 15);
    let (title, said) =
        ("One menu for eleven houses", "Can the kitchens change it themselves, or do we ask you?");
    pen.add(at, Us::Ada, What::Asked { number: 1_001, with: group, title, said });
    let at = pen.ago(3, 10);
    let (title, said) =
        ("Saturday orders come twice", "Since the update. We bake for people who do not exist.");
    pen.add(at, Us::Ada, What::Asked { number: 1_002, with: bakery, title, said });
    let at = at.plus_seconds(5_400);
    let text =
        "Thank you for telling us at once. We have stopped the second copy by hand and look for the cause.";
    pen.add(at, Us::Ada, What::Answered { number: 1_002, text, next: Next::Us });
    let text = "The second copy comes from our own retry. Ben mends it on Monday; nothing to promise before.";
    pen.add(at.plus_seconds(600), Us::Ada, What::Inner { number: 1_002, text });
    let at = pen.ago(8, 11);
    let title = "Reminders for the second course";
    pen.add(
        at,
        Us::Ada,
        What::Asked { number: 1_003, with: physio, title, said: "Some of them forget to come back." },
    );
    let text = "Gladly. Should they come by message, or by a call from you? Both can be set.";
    pen.add(at.plus_seconds(4_000), Us::Ada, What::Answered { number: 1_003, text, next: Next::Them });
    let at = pen.ago(21, 9);
    let title = "A chair is free that is not shown";
    pen.add(
        at,
        Us::Ada,
        What::Asked { number: 1_004, with: dental, title, said: "The third one, on Thursdays." },
    );
    let text = "It was closed for cleaning until the 30th by mistake. It is open again.";
    pen.add(at.plus_seconds(3_300), Us::Ada, What::Answered { number: 1_004, text, next: Next::Nothing });
    for (days, whose, mood, word) in [
        (34, Whose::Client, Mood::VeryGood, "You knew our ovens by name."),
        (33, Whose::Company, Mood::VeryGood, ""),
        (19, Whose::Client, Mood::Good, ""),
        (19, Whose::Company, Mood::Good, ""),
        (2, Whose::Client, Mood::SoSo, "Friendly, but we baked forty loaves too many."),
        (2, Whose::Company, Mood::Good, ""),
    ] {
        let at = pen.ago(days, 16);
        pen.add(at, Us::Ada, What::Felt { with: bakery, whose, mood, word });
    }
    let at = pen.ago(50, 9);
    let because = "Jo asked for it: they are moving house this winter.";
    pen.add(at, Us::Ada, What::Often { client: physio.client, days: 21, because });
    let at = pen.ago(45, 9);
    let because = "Teo works alone and says he never knows whom to ask.";
    pen.add(at, Us::Ada, What::Often { client: books.client, days: 30, because });
}
