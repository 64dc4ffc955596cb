//! What did we give beyond the offer, what came back, and what did precedents cost? (P9, P10)

use super::frame::{Answer, Cell, Ground, Missing, Stretch, Table, drawn, sum};
use crate::base::Money;
use crate::error::Result;
use crate::insights::store;
use crate::tallies::{Name, store::Told};
use crate::web::picture::{self, Hue, Rod};

pub(super) async fn answer(ground: &mut Ground<'_>) -> Result<Answer> {
    let told = ground.told(&[Name::Given, Name::GivenWorth]).await?;
    let when = ground.filter.when();
    let currencies = ground.currencies(&told);
    let Some(main) = currencies.first().copied() else {
        return Ok(Answer::nothing(
            format!("{when} nothing was given beyond an offer."),
            Missing {
                title: "No concession yet",
                text: "When a client asks for something more, a deal's page writes down what it costs us, what it is worth to them, and what comes back.".into(),
                href: "/concessions",
                link: "Concessions",
            },
        ));
    };
    let of = |name: Name, which: Option<&'static str>| {
        sum(&told, move |it| {
            it.name == name && it.currency == Some(main) && which.is_none_or(|which| it.detail == which)
        })
    };
    let all = of(Name::Given, None);
    let (back, nothing) = (of(Name::Given, Some("returned")), of(Name::Given, Some("unreturned")));
    let worth = of(Name::GivenWorth, None);
    let mut sentence = format!(
        "{when} {} given, for about {} of ours. For {} something came back; {} went without, for {}.",
        ground.some(all.n, "concession was", "concessions were"),
        ground.money(all.total, main),
        ground.number(back.n),
        ground.number(nothing.n),
        ground.money(nothing.total, main),
    );
    if worth.n > 0 {
        sentence.push_str(&format!(
            " To the clients {} worth about {}.",
            ground.some(worth.n, "of them was", "of them were"),
            ground.money(worth.total, main)
        ));
    }
    let mut notes = Vec::new();
    let wish = ground.filter.wish(&[]);
    let again = {
        let zone = ground.zone();
        store::precedents(ground.conn, ground.visit.scope(), &wish, &zone).await?
    };
    notes.push(match again.iter().find(|it| it.0 == main) {
        Some((_, n, cost)) => format!(
            "What precedents cost: {} who had been given something before, for about {}.",
            ground.some(*n, "of them went to a client", "of them went to clients"),
            ground.money(Money::of_units(*cost, main).minor, main)
        ),
        None => "None of them went to a client who had been given something before.".into(),
    });
    notes.push("Costs are what they were likely to be when they were given; what something was worth to them is known where somebody asked.".into());
    notes.extend(ground.apart(&currencies));
    let stretches = ground.stretches(&told);
    let at = |stretch: &Stretch, currency, name: Name, which: &str| {
        sum(&told, |it: &Told| {
            it.name == name && it.currency == Some(currency) && it.detail == which && stretch.has(it.month)
        })
    };
    let units = |minor: i64| Money { minor, currency: main }.units();
    let groups = Ground::columns(&stretches, |stretch| {
        let rod =
            |which, hue| Rod { value: units(at(stretch, main, Name::Given, which).total), hoped: None, hue };
        vec![rod("returned", Hue::Mutual), rod("unreturned", Hue::Company)]
    });
    let legend = [(Hue::Mutual, false, "Something came back"), (Hue::Company, false, "Nothing did")];
    let prefix = main.prefix();
    let columns = picture::columns(&groups, &legend, &sentence, &picture::money(&prefix));
    let mut table = Table::new(
        "Concessions by month",
        &[
            ("Given", false),
            ("Currency", false),
            ("With a return", true),
            ("Their cost", true),
            ("Without one", true),
            ("Their cost", true),
        ],
    );
    for currency in &currencies {
        for stretch in stretches.iter().rev() {
            let (back, nothing) = (
                at(stretch, *currency, Name::Given, "returned"),
                at(stretch, *currency, Name::Given, "unreturned"),
            );
            if back.n + nothing.n == 0 {
                continue;
            }
            let cost = |sum: crate::tallies::Sum| {
                Cell::of(
                    ground.money(sum.total, *currency),
                    Money { minor: sum.total, currency: *currency }.units(),
                )
            };
            table.rows.push(vec![
                Cell::of(ground.stretch_name(stretch), stretch.from),
                Cell::plain(currency.code()),
                Cell::of(ground.number(back.n), back.n),
                cost(back),
                Cell::of(ground.number(nothing.n), nothing.n),
                cost(nothing),
            ]);
        }
    }
    let pictures =
        vec![("What concessions cost us, by the month they were given".to_owned(), drawn(&columns)?)];
    Ok(Answer { sentence, notes, pictures, tables: vec![table], missing: None, verb: None })
}
