//! What changed most for clients, from where they stood? (P17)

use super::frame::{Answer, Cell, Ground, Missing, Table, drawn};
use crate::base::Locale;
use crate::error::Result;
use crate::insights::store::{self, IMPACTS_MAX, Impact};
use crate::outcomes;
use crate::tallies::Name;
use crate::web::picture::{self, Bar, Hue};

/// Results that the picture shows.
const DRAWN: usize = 12;

pub(super) async fn answer(ground: &mut Ground<'_>) -> Result<Answer> {
    let when = ground.filter.when();
    let wish = ground.filter.wish(&[]);
    let results: i64 = ground.told(&[Name::Result]).await?.iter().map(|it| it.sum.n).sum();
    let all = store::impacts(ground.conn, ground.visit.scope(), &wish).await?;
    let locale = ground.visit.locale();
    let percent = |share: f64| locale.number((share * 100.0).round(), 0);
    let Some(first) = all.first() else {
        return Ok(Answer::nothing(
            format!("{when} no result was better, by its measure, than where the client stood."),
            Missing {
                title: "Nothing to put in order yet",
                text: "A deal whose measure says where the client stands now, and whose result says where it stands afterwards, is told here by how much that changed: not by what anybody paid.".into(),
                href: "/deals?standing=agreed",
                link: "Deals without a result",
            },
        ));
    };
    let way = |it: &Impact| {
        format!(
            "{}, {} to {} {}",
            it.measured.to_lowercase(),
            locale.number(it.baseline, decimals(it.baseline)),
            locale.number(it.achieved, decimals(it.achieved)),
            it.unit
        )
    };
    let sentence = format!(
        "{when} it changed most for {}: {}, {}.",
        it_is_for(first),
        way(first),
        better(first, "where it stood", locale)
    );
    let count = i64::try_from(all.len()).unwrap_or(0);
    let mut notes = vec!["In order of what changed for the client relative to where it stood; the smallest sale can lead. What anybody paid is not asked.".to_owned()];
    if results > count {
        notes.push(format!(
            "Of {} measured in the same time, {} here: the others have no measure that began above nothing, or did not get better, or the sale was wrong.",
            ground.some(results, "result", "results"),
            ground.some(count.min(IMPACTS_MAX), "stands", "stand")
        ));
    }
    let texts: Vec<(String, String)> =
        all.iter().take(DRAWN).map(|it| (it_is_for(it), better(it, "", locale))).collect();
    let bars: Vec<Bar<'_>> = all
        .iter()
        .zip(&texts)
        .map(|(it, (label, text))| Bar { label, from: 0.0, to: it.impact, hue: Hue::Client, text })
        .collect();
    let pictures = vec![("How much better than where they stood".to_owned(), drawn(&picture::bars(&bars))?)];
    let mut table = Table::new(
        "Results, by what changed for the client",
        &[
            ("Client", false),
            ("Deal", false),
            ("What is measured", false),
            ("Before", true),
            ("Now", true),
            ("Change", true),
            ("Of the wish, of 100", true),
            ("Looked at", false),
        ],
    );
    for it in &all {
        let mut title = Cell::plain(it.title.clone());
        title.href = format!("/deals/{}/outcome", it.deal);
        let figure = |value: f64| Cell::of(locale.number(value, decimals(value)), value);
        let wished = it.wished - it.baseline;
        let share = if wished == 0.0 { 0.0 } else { (it.achieved - it.baseline) / wished };
        table.rows.push(vec![
            Cell::plain(it.company.clone().unwrap_or_else(|| "–".into())),
            title,
            Cell::plain(format!("{}, {}", it.measured, it.unit)),
            figure(it.baseline),
            figure(it.achieved),
            Cell::of(better(it, "", locale), (it.impact * 100.0).round()),
            Cell::of(percent(share), (share * 100.0).round()),
            Cell::of(it.on.show(locale), it.on),
        ]);
    }
    Ok(Answer { sentence, notes, pictures, tables: vec![table], missing: None, verb: None })
}

/// `45% better`, `3.1 times as much`.
fn better(it: &Impact, than: &str, locale: Locale) -> String {
    outcomes::change_said((it.baseline, it.wished), it.impact, than, locale)
}

fn it_is_for(it: &Impact) -> String {
    it.company.clone().unwrap_or_else(|| it.title.clone())
}

/// As many decimals as it takes to tell a figure from its neighbours, two at most.
fn decimals(value: f64) -> usize {
    let hundredths = (value * 100.0).round();
    if hundredths % 100.0 == 0.0 {
        0
    } else if hundredths % 10.0 == 0.0 {
        1
    } else {
        2
    }
}
