//! What is under way, and what will come of it by when? (P6)

use super::frame::{Answer, Cell, Ground, Missing, Table, drawn, sum};
use crate::base::Money;
use crate::deals;
use crate::error::Result;
use crate::forecast::{actions::view_of, store as forecast};
use crate::tallies::{Month, Name, store::Told};
use crate::web::picture::{self, Hue, Share};

/// Ages in months: from, to.
const AGES: [(i32, i32, &str); 5] = [
    (0, 1, "this month and the last"),
    (2, 3, "2 to 3 months ago"),
    (4, 6, "4 to 6 months ago"),
    (7, 12, "7 to 12 months ago"),
    (13, i32::MAX, "longer ago"),
];

pub(super) async fn answer(ground: &mut Ground<'_>) -> Result<Answer> {
    let told = ground.told(&[Name::Open]).await?;
    let all = sum(&told, |_| true);
    let locale = ground.visit.locale();
    if all.n == 0 {
        return Ok(Answer::nothing(
            "No deal is open.",
            Missing {
                title: "Nothing under way",
                text: "A deal begins with a name. What comes of deals like it is told from those that ended."
                    .into(),
                href: "/deals",
                link: "Deals",
            },
        ));
    }
    let now = Month::of(ground.visit.today());
    let old = sum(&told, |it| it.month.is_some_and(|month| now.since(month) > 6)).n;
    let stages = deals::store::stages(ground.conn, ground.visit.scope().workspace()).await?;
    // A deal of one product or pipeline has no forecast of its own: then only how many there are is told.
    let member = &ground.visit.seat.member;
    let own = view_of(Some(member.id), member.sees, member.team_id);
    let filter = ground.filter;
    let view = if filter.product.is_empty() && filter.pipeline.is_empty() {
        Some(if filter.who.is_empty() { own } else { filter.who.clone() })
    } else {
        None
    };
    let outlook = match view {
        Some(view) => forecast::outlook(ground.conn, ground.visit.scope().workspace(), &view).await?,
        None => None,
    };
    let currency = ground.visit.currency();
    let say = |value: f64| ground.visit.money(Money::of_units(sensible(value), currency));
    let mut sentence = String::new();
    let mut notes = Vec::new();
    let mut pictures = Vec::new();
    let mut tables = Vec::new();
    if let Some((as_of, outlook)) = &outlook {
        if let Some(within) = outlook.horizons.iter().find(|it| it.days == 90).or(outlook.horizons.last()) {
            sentence = if within.deals < 0.05 {
                format!("Within {} days likely none of the open deals is agreed. ", within.days)
            } else {
                let deals = within.deals.max(0.1);
                format!(
                    "Within {} days likely {} is agreed, in 8 of 10 cases {} to {}, from about {} of the open deals. ",
                    within.days,
                    say(within.p50),
                    say(within.p10),
                    say(within.p90),
                    locale.number(deals, usize::from(deals < 10.0))
                )
            };
        }
        let most = outlook.horizons.iter().map(|it| it.p90).fold(1.0, f64::max);
        let mut table = Table::new(
            "What is agreed by when",
            &[
                ("Within", false),
                ("Exceeded in 9 of 10", true),
                ("Likely", true),
                ("Exceeded in 1 of 10", true),
                ("Deals", true),
            ],
        );
        let mut rows = Vec::new();
        for it in &outlook.horizons {
            let cell = |value: f64| Cell::of(say(value), value.round());
            table.rows.push(vec![
                Cell::of(format!("{} days", it.days), it.days),
                cell(it.p10),
                cell(it.p50),
                cell(it.p90),
                Cell::of(locale.number(it.deals, 1), it.deals),
            ]);
            rows.push(Share {
                label: format!("Within {} days", it.days),
                at: Some([it.p10, it.p50, it.p90]),
                text: say(it.p50),
                hue: Hue::Company,
            });
        }
        let note = "The dot is as likely exceeded as not; the band holds 8 of 10 cases. Whole prices, agreed, not yet paid.";
        pictures.push((
            "What is agreed by when".to_owned(),
            drawn(&picture::shares(&rows, [0.0, most], None, note, &say))?,
        ));
        tables.push(table);
        notes.push(format!(
            "As of {}, learnt from {} that ended. A pipeline weighted by stages is not shown: without a day by which, it is off several times over.",
            as_of.show(locale),
            ground.some(i64::try_from(outlook.decided).unwrap_or(i64::MAX), "deal", "deals")
        ));
    } else if filter.product.is_empty() && filter.pipeline.is_empty() {
        notes.push("Too few deals have ended to say what will come of these, and by when.".into());
    } else {
        notes.push(
            "What will come of a part is not told: choose any product and any pipeline for the forecast."
                .into(),
        );
    }
    sentence.push_str(&format!(
        "{} open, {} of them for more than six months.",
        ground.some(all.n, "deal is", "deals are"),
        if old == 0 { "none".to_owned() } else { ground.number(old) }
    ));
    let currencies = ground.currencies(&told);
    notes.extend(ground.apart(&currencies));
    let main = currencies.first().copied().unwrap_or(currency);
    let mut by_stage = Table::new(
        "By stage",
        &[("Stage", false), ("Deals", true), ("Currency", false), ("Their prices", true)],
    );
    let mut rows = Vec::new();
    let many_pipelines = filter.pipelines.len() > 1 && filter.pipeline.is_empty();
    for stage in &stages {
        let id = stage.id.to_string();
        let in_stage = sum(&told, |it: &Told| it.detail == id);
        if in_stage.n == 0 {
            continue;
        }
        let pipeline = filter.pipelines.iter().find(|(id, _)| *id == stage.pipeline_id.to_string());
        let name = match pipeline.filter(|_| many_pipelines) {
            Some((_, pipeline)) => format!("{pipeline}: {}", stage.name),
            None => stage.name.clone(),
        };
        for currency in &currencies {
            let it = sum(&told, |it: &Told| it.detail == id && it.currency == Some(*currency));
            if it.n == 0 {
                continue;
            }
            let mut title = Cell::plain(name.clone());
            title.href = format!("/deals?stage={id}");
            by_stage.rows.push(vec![
                title,
                Cell::of(ground.number(it.n), it.n),
                Cell::plain(currency.code()),
                Cell::of(
                    ground.money(it.total, *currency),
                    Money { minor: it.total, currency: *currency }.units(),
                ),
            ]);
        }
        let priced = sum(&told, |it: &Told| it.detail == id && it.currency == Some(main));
        rows.push((name, in_stage.n, ground.money(priced.total, main)));
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let bars = |rows: &[(String, i64, String)]| {
        let all: Vec<picture::Bar<'_>> = rows
            .iter()
            .map(|(label, n, text)| picture::Bar { label, from: 0.0, to: *n as f64, hue: Hue::Company, text })
            .collect();
        drawn(&picture::bars(&all))
    };
    let texts: Vec<_> = rows
        .into_iter()
        .map(|(name, n, price)| (name, n, format!("{}, {price}", ground.number(n))))
        .collect();
    pictures.push(("By stage: how many, and their prices".to_owned(), bars(&texts)?));
    let mut by_age = Table::new("By when they began", &[("Began", false), ("Deals", true)]);
    let mut ages = Vec::new();
    for (from, to, name) in AGES {
        let n =
            sum(&told, |it| it.month.is_some_and(|month| (from..=to).contains(&now.since(month).max(0)))).n;
        ages.push((name.to_owned(), n, ground.number(n)));
        by_age.rows.push(vec![Cell::plain(name), Cell::of(ground.number(n), n)]);
    }
    let unknown = sum(&told, |it| it.month.is_none()).n;
    if unknown > 0 {
        ages.push(("nobody knows when".into(), unknown, ground.number(unknown)));
        by_age.rows.push(vec![Cell::plain("nobody knows when"), Cell::of(ground.number(unknown), unknown)]);
    }
    pictures.push(("By when they began".to_owned(), bars(&ages)?));
    tables.extend([by_stage, by_age]);
    Ok(Answer { sentence, notes, pictures, tables, missing: None, verb: None })
}

/// Two digits: more would say that we know more.
fn sensible(value: f64) -> f64 {
    if value < 100.0 {
        return value.round();
    }
    let step = 10_f64.powf(value.log10().floor() - 1.0);
    (value / step).round() * step
}
