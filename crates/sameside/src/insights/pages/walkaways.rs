//! What did we walk away from, and which hours did that save? (P7)

use super::frame::{Answer, Cell, Ground, Missing, Stretch, Table, drawn, hours, sum};
use crate::base::Money;
use crate::deals::Standing;
use crate::error::Result;
use crate::tallies::{Name, store::Told};
use crate::web::picture::{self, Hue, Rod};

pub(super) async fn answer(ground: &mut Ground<'_>) -> Result<Answer> {
    let told = ground.told(&[Name::Ended, Name::Saved, Name::HoursEnded]).await?;
    let when = ground.filter.when();
    let walked = |it: &Told| it.detail == Standing::WalkedAway.code();
    let ended = sum(&told, |it| it.name == Name::Ended);
    let left = sum(&told, |it| it.name == Name::Ended && walked(it));
    let saved = sum(&told, |it| it.name == Name::Saved);
    let spent = sum(&told, |it| it.name == Name::HoursEnded && walked(it));
    if left.n == 0 {
        let of = match ended.n {
            0 => "no deal ended".to_owned(),
            n => format!(
                "we walked away from none of {}",
                ground.some(n, "deal that ended", "deals that ended")
            ),
        };
        return Ok(Answer::nothing(
            format!("{when} {of}."),
            Missing {
                title: "We walked away from nothing",
                text: "That can be good. If a deal would not help them, or us, its page has “Walk away kindly”: why, an honest message, and what would bring it back.".into(),
                href: "/deals?verdict=walk_away",
                link: "Deals that may be worth leaving",
            },
        ));
    }
    let hour = ground.visit.seat.workspace.settings.hour_value;
    let worth = Money::of_units((hours(saved.total) * hour).round(), ground.visit.currency());
    let mut sentence = format!(
        "{when} we walked away from {} of {}, {}.",
        ground.number(left.n),
        ground.some(ended.n, "deal that ended", "deals that ended"),
        ground.share(left.n, ended.n)
    );
    if saved.n > 0 {
        sentence.push_str(&format!(
            " For {} of them the hours still ahead are known: {}, which at {} an hour come to {}.",
            ground.number(saved.n),
            ground.hours(saved.total),
            ground.visit.money(Money::of_units(hour, ground.visit.currency())),
            ground.visit.money(worth)
        ));
    }
    let mut notes = Vec::new();
    if saved.n < left.n {
        notes.push(format!(
            "Of {} for nothing.",
            ground.some(
                left.n - saved.n,
                "deal nobody wrote down how many hours were ahead; it counts",
                "deals nobody wrote down how many hours were ahead; they count"
            )
        ));
    }
    notes.push(format!(
        "Before we left, {} had gone into them. That is behind us; it did not decide.",
        ground.hours(spent.total)
    ));
    let stretches = ground.stretches(&told);
    let at = |stretch: &Stretch, which: &dyn Fn(&Told) -> bool| {
        sum(&told, |it| which(it) && stretch.has(it.month))
    };
    let saved_in = |stretch: &Stretch| at(stretch, &|it| it.name == Name::Saved);
    let spent_in = |stretch: &Stretch| at(stretch, &|it| it.name == Name::HoursEnded && walked(it));
    let groups = Ground::columns(&stretches, |stretch| {
        vec![
            Rod { value: hours(spent_in(stretch).total), hoped: None, hue: Hue::Company },
            Rod { value: hours(saved_in(stretch).total), hoped: None, hue: Hue::Mutual },
        ]
    });
    let legend = [(Hue::Company, false, "Hours spent before"), (Hue::Mutual, false, "Hours saved")];
    let locale = ground.visit.locale();
    let say = |value: f64| format!("{} h", locale.number(value, 0));
    let columns = picture::columns(&groups, &legend, &sentence, &say);
    let mut table = Table::new(
        "Walk-aways by month",
        &[
            ("Month", false),
            ("Deals that ended", true),
            ("Walked away", true),
            ("Hours known for", true),
            ("Hours saved", true),
            ("Hours spent before", true),
        ],
    );
    for stretch in stretches.iter().rev() {
        let ended = at(stretch, &|it| it.name == Name::Ended);
        if ended.n == 0 {
            continue;
        }
        let left = at(stretch, &|it| it.name == Name::Ended && walked(it));
        let (saved, spent) = (saved_in(stretch), spent_in(stretch));
        table.rows.push(vec![
            Cell::of(ground.stretch_name(stretch), stretch.from),
            Cell::of(ground.number(ended.n), ended.n),
            Cell::of(ground.number(left.n), left.n),
            Cell::of(ground.number(saved.n), saved.n),
            Cell::of(ground.hours(saved.total), hours(saved.total)),
            Cell::of(ground.hours(spent.total), hours(spent.total)),
        ]);
    }
    let pictures =
        vec![("Hours saved by walking away, beside those spent before".to_owned(), drawn(&columns)?)];
    Ok(Answer { sentence, notes, pictures, tables: vec![table], missing: None, verb: None })
}
