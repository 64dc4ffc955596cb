//! Where did our hours go, and what was an hour worth? (P4)

use super::frame::{Answer, Cell, Ground, Missing, Table, drawn, hours, sum};
use crate::base::Money;
use crate::deals::Standing;
use crate::error::Result;
use crate::tallies::{Name, store::Told};
use crate::web::picture::{self, Shade, StackRow};
use std::collections::BTreeMap;

/// How deals stand, in the order of the picture.
const ENDS: [(Standing, Shade, &str); 4] = [
    (Standing::Verified, Shade::Mutual, "agreed, result measured"),
    (Standing::Agreed, Shade::MutualFaint, "agreed, not measured"),
    (Standing::Declined, Shade::Track, "declined by them"),
    (Standing::WalkedAway, Shade::CompanyFaint, "walked away"),
];

pub(super) async fn answer(ground: &mut Ground<'_>) -> Result<Answer> {
    let told =
        ground.told(&[Name::Hours, Name::HoursLoose, Name::HoursEnded, Name::Worth, Name::Spent]).await?;
    let when = ground.filter.when();
    let went = sum(&told, |it| it.name == Name::Hours);
    let loose = sum(&told, |it| it.name == Name::HoursLoose);
    if went.total + loose.total == 0 {
        return Ok(Answer::nothing(
            format!("{when} no hours were noted."),
            Missing {
                title: "No hours yet",
                text: "Hours are noted with a call or a meeting, by a timer on a deal's page, or by hand. Only then can be told what one was worth.".into(),
                href: "/deals",
                link: "Deals",
            },
        ));
    }
    let of_end = |standing: Standing| {
        move |it: &Told| it.name == Name::HoursEnded && it.month.is_some() && it.detail == standing.code()
    };
    let ended = sum(&told, |it| it.name == Name::HoursEnded && it.month.is_some());
    let mut sentence = format!("{when} {} went into deals", ground.hours(went.total));
    if loose.total > 0 {
        sentence.push_str(&format!(", and {} to clients beside them", ground.hours(loose.total)));
    }
    sentence.push('.');
    if ended.total > 0 {
        let good = sum(&told, of_end(Standing::Verified)).total + sum(&told, of_end(Standing::Agreed)).total;
        sentence.push_str(&format!(
            " Of the {} in deals that ended, {} of 100 were in those agreed.",
            ground.hours(ended.total),
            good * 100 / ended.total
        ));
    }
    let currencies =
        ground.currencies(&told.iter().filter(|it| it.name == Name::Worth).cloned().collect::<Vec<_>>());
    let mut notes = Vec::new();
    let usual = Money::of_units(ground.visit.seat.workspace.settings.hour_value, ground.visit.currency());
    for currency in currencies.iter().take(3) {
        let worth = sum(&told, |it| it.name == Name::Worth && it.currency == Some(*currency));
        let an_hour = Money { minor: worth.total, currency: *currency }.units() / hours(worth.n).max(0.01);
        let an_hour = ground.visit.money(Money::of_units(an_hour.round(), *currency));
        sentence.push_str(&format!(
            " Where results were measured, an hour until they decided brought {an_hour}, over {}.",
            ground.hours(worth.n)
        ));
    }
    notes.push(if currencies.is_empty() {
        format!(
            "What an hour was worth is told from measured results, and there is none in this time. Until then it counts {}.",
            ground.visit.money(usual)
        )
    } else {
        format!(
            "What came in less what delivering and serving cost, over the hours until they decided. The plan of the week counts an hour {} where nothing better is known.",
            ground.visit.money(usual)
        )
    });
    notes.push("Hours count in the month they were worked; a deal's end counts in the month it ended, with all its hours. Only what was noted is known.".into());
    let mut pictures = Vec::new();
    if ended.total > 0 {
        let keys: Vec<_> = ENDS.iter().map(|(_, shade, name)| (*shade, *name)).collect();
        let parts = ENDS.iter().map(|(standing, ..)| hours(sum(&told, of_end(*standing)).total)).collect();
        let row = StackRow { label: "Deals that ended".into(), parts, text: ground.hours(ended.total) };
        let heading = "What became of the deals the hours went into".to_owned();
        pictures.push((heading, drawn(&picture::stack(&keys, &[row], true))?));
    }
    let mut people: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for it in &told {
        match it.name {
            Name::Hours => people.entry(it.detail.clone()).or_default().0 += it.sum.total,
            Name::HoursLoose => people.entry(it.detail.clone()).or_default().1 += it.sum.total,
            _ => {}
        }
    }
    let mut people: Vec<(String, i64, i64)> =
        people.into_iter().map(|(who, (deals, beside))| (ground.member(&who), deals, beside)).collect();
    people.sort();
    let rows: Vec<StackRow> = people
        .iter()
        .map(|(name, deals, beside)| StackRow {
            label: name.clone(),
            parts: vec![hours(*deals), hours(*beside)],
            text: ground.hours(deals + beside),
        })
        .collect();
    let keys = [(Shade::Company, "in deals"), (Shade::CompanyFaint, "with clients beside them")];
    pictures.push(("Whose hours".to_owned(), drawn(&picture::stack(&keys, &rows, false))?));
    let mut by_end = Table::new(
        "Hours in deals that ended, by how they stand",
        &[("Deals", false), ("Hours", true), ("Of 100", true), ("Entries", true)],
    );
    for (standing, _, name) in ENDS {
        let it = sum(&told, of_end(standing));
        let share = if ended.total > 0 { it.total * 100 / ended.total } else { 0 };
        by_end.rows.push(vec![
            Cell::plain(name),
            Cell::of(ground.hours(it.total), hours(it.total)),
            Cell::plain(share.to_string()),
            Cell::of(ground.number(it.n), it.n),
        ]);
    }
    let mut by_member = Table::new(
        "Hours by whose they are",
        &[("Who", false), ("In deals", true), ("With clients beside them", true)],
    );
    for (name, deals, beside) in &people {
        by_member.rows.push(vec![
            Cell::plain(name.clone()),
            Cell::of(ground.hours(*deals), hours(*deals)),
            Cell::of(ground.hours(*beside), hours(*beside)),
        ]);
    }
    let spent: Vec<String> = ground
        .currencies(&told.iter().filter(|it| it.name == Name::Spent).cloned().collect::<Vec<_>>())
        .into_iter()
        .map(|currency| {
            let it = sum(&told, |it| it.name == Name::Spent && it.currency == Some(currency));
            format!("{} in {}", ground.money(it.total, currency), ground.some(it.n, "entry", "entries"))
        })
        .collect();
    if !spent.is_empty() {
        notes.push(format!("Beside the hours, money went into deals: {}.", spent.join(", ")));
    }
    Ok(Answer { sentence, notes, pictures, tables: vec![by_end, by_member], missing: None, verb: None })
}
