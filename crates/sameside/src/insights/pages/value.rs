//! What did clients gain, and what did we? Promised and real (P21).

use super::frame::{Answer, Cell, Ground, Missing, Table, drawn, sum};
use crate::error::Result;
use crate::tallies::{Name, store::Told};
use crate::web::picture::{self, Hue, Rod};

pub(super) async fn answer(ground: &mut Ground<'_>) -> Result<Answer> {
    use Name::{Agreed, ClientGain, ClientHope, CompanyGain, CompanyHope};
    let told = ground.told(&[ClientGain, CompanyGain, ClientHope, CompanyHope]).await?;
    let agreed = sum(&ground.told(&[Agreed]).await?, |_| true).n;
    let when = ground.filter.when();
    let currencies = ground.currencies(&told);
    let Some(main) = currencies.first().copied() else {
        let agreed = match agreed {
            0 => "No deal was agreed".to_owned(),
            n => format!("{} agreed", ground.some(n, "deal was", "deals were")),
        };
        return Ok(Answer::nothing(
            format!("{when} no result was measured. {agreed}."),
            Missing {
                title: "No result yet",
                text: "When a deal is delivered, its page asks what changed for them. Two figures are enough: what they have now, and what it took us.".into(),
                href: "/deals?standing=agreed",
                link: "Deals without a result",
            },
        ));
    };
    let of = |name: Name, currency| sum(&told, move |it| it.name == name && it.currency == Some(currency));
    let (client, company) = (of(ClientGain, main), of(CompanyGain, main));
    let (client_hope, company_hope) = (of(ClientHope, main), of(CompanyHope, main));
    let mut sentence = format!(
        "{when} {} measured: clients gained {} beyond what they paid, and we gained {}, our hours paid.",
        ground.some(client.n, "result was", "results were"),
        ground.money(client.total, main),
        ground.money(company.total, main),
    );
    if client_hope.n > 0 {
        let known = if client_hope.n == client.n { "" } else { "Where it was kept, " };
        let text = format!(
            "{known}they were promised {}, and we hoped for {}.",
            ground.money(client_hope.total, main),
            ground.money(company_hope.total, main)
        );
        let begins = text.chars().next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        sentence.push_str(&format!(" {begins}{}", text.get(1..).unwrap_or_default()));
    }
    let mut notes = Vec::new();
    if client_hope.n < client.n {
        notes.push(format!(
            "Of {} written down before it was kept.",
            ground.some(
                client.n - client_hope.n,
                "result what was promised is not known: it was",
                "results what was promised is not known: they were"
            )
        ));
    }
    notes.push(format!(
        "{} agreed in the same time. What is agreed and not measured yet is in neither sum.",
        match agreed {
            0 => "No deal was".to_owned(),
            n => ground.some(n, "deal was", "deals were"),
        }
    ));
    notes.extend(ground.apart(&currencies));
    let stretches = ground.stretches(&told);
    let units = |minor: i64| crate::base::Money { minor, currency: main }.units();
    let at = |stretch: &super::frame::Stretch, name: Name| {
        sum(&told, |it: &Told| it.name == name && it.currency == Some(main) && stretch.has(it.month))
    };
    let groups = Ground::columns(&stretches, |stretch| {
        let hope = |name| Some(at(stretch, name)).filter(|sum| sum.n > 0).map(|sum| units(sum.total));
        vec![
            Rod { value: units(at(stretch, ClientGain).total), hoped: hope(ClientHope), hue: Hue::Client },
            Rod { value: units(at(stretch, CompanyGain).total), hoped: hope(CompanyHope), hue: Hue::Company },
        ]
    });
    let legend = [
        (Hue::Client, false, "They gained"),
        (Hue::Client, true, "promised to them"),
        (Hue::Company, false, "We gained"),
        (Hue::Company, true, "hoped for us"),
    ];
    let prefix = main.prefix();
    let say = picture::money(&prefix);
    let columns = picture::columns(&groups, &legend, &sentence, &say);
    let mut table = Table::new(
        "What both gained, by month",
        &[
            ("Measured", false),
            ("Currency", false),
            ("Results", true),
            ("They gained", true),
            ("Promised to them", true),
            ("We gained", true),
            ("Hoped for us", true),
        ],
    );
    for currency in &currencies {
        for stretch in stretches.iter().rev() {
            let at = |name: Name| {
                sum(&told, |it: &Told| {
                    it.name == name && it.currency == Some(*currency) && stretch.has(it.month)
                })
            };
            let results = at(ClientGain);
            if results.n == 0 {
                continue;
            }
            let cell = |sum: crate::tallies::Sum| match sum.n {
                0 => Cell::none(),
                _ => Cell::of(
                    ground.gain(sum.total, *currency),
                    crate::base::Money { minor: sum.total, currency: *currency }.units(),
                ),
            };
            table.rows.push(vec![
                Cell::of(ground.stretch_name(stretch), stretch.from),
                Cell::plain(currency.code()),
                Cell::of(ground.number(results.n), results.n),
                cell(results),
                cell(at(ClientHope)),
                cell(at(CompanyGain)),
                cell(at(CompanyHope)),
            ]);
        }
    }
    let pictures = vec![("Both sides' gains by the month they were measured".to_owned(), drawn(&columns)?)];
    Ok(Answer { sentence, notes, pictures, tables: vec![table], missing: None, verb: None })
}
