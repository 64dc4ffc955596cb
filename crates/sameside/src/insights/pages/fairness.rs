//! Do the small wait like the large? (P19)

use super::frame::{Answer, Cell, Ground, Missing, Table, drawn};
use crate::care::fairness::DAYS;
use crate::care::{self, Fairness};
use crate::error::Result;
use crate::service;
use crate::web::picture::{self, Hue, Share};

const QUARTERS: [&str; 4] = ["The smallest", "The smaller", "The larger", "The largest"];

pub(super) async fn answer(ground: &mut Ground<'_>) -> Result<Answer> {
    let workspace = ground.visit.scope().workspace();
    let verb = ground.visit.scope().may(crate::accounts::Right::Sell);
    let verb = verb.then_some(("Count anew", "/service/fairness"));
    let Some((at, told)) = care::store::fairness(ground.conn, workspace).await? else {
        let nothing = Answer::nothing(
            "Nobody has counted yet how long clients wait, by their size.",
            Missing {
                title: "Not counted yet",
                text: "Every morning it is counted how long clients waited for a first answer, by what they agreed to.".into(),
                href: "/service",
                link: "The queue",
            },
        );
        return Ok(Answer { verb, ..nothing });
    };
    let locale = ground.visit.locale();
    let say = |hours: f64| service::time(hours * 60.0, locale);
    let most = told.quarters.iter().filter_map(|it| it.p90_hours).fold(1.0, f64::max);
    let rows: Vec<Share> = QUARTERS
        .into_iter()
        .zip(&told.quarters)
        .map(|(name, it)| Share {
            label: name.into(),
            at: it.median_hours.zip(it.p90_hours).map(|(median, p90)| [0.0, median, p90]),
            text: it.median_hours.map_or_else(|| "too few to say".into(), &say),
            hue: Hue::Client,
        })
        .collect();
    let note = "Working hours until the first answer. The dot is where half are answered, the end of the band where nine of ten are.";
    let picture = picture::shares(&rows, [0.0, most], None, note, &say);
    let mut table = Table::new(
        "Waiting for a first answer, by what clients agreed to",
        &[
            ("A quarter of the clients", false),
            ("Half within", true),
            ("Nine of ten within", true),
            ("Half resolved within", true),
            ("Requests", true),
            ("Clients", true),
        ],
    );
    let hours = |hours: Option<f64>| match hours {
        Some(hours) => Cell::of(say(hours), format!("{hours:.2}")),
        None => Cell::of("too few", ""),
    };
    for (name, it) in QUARTERS.into_iter().zip(&told.quarters) {
        table.rows.push(vec![
            Cell::plain(name),
            hours(it.median_hours),
            hours(it.p90_hours),
            hours(it.resolved_median_hours),
            Cell::plain(it.requests.to_string()),
            Cell::plain(it.clients.to_string()),
        ]);
    }
    let pictures = vec![("How long clients wait for a first answer".to_owned(), drawn(&picture)?)];
    let made = at.show(&ground.visit.zone(), locale);
    let notes = notes(ground, &told, &made);
    Ok(Answer { sentence: told.sentence(), notes, pictures, tables: vec![table], missing: None, verb })
}

fn notes(ground: &Ground<'_>, told: &Fairness, made: &str) -> Vec<String> {
    let mut notes = Vec::new();
    if told.waiting > 0 {
        notes.push(format!(
            "{} for a first answer; their waits so far are counted.",
            ground.some(
                i64::try_from(told.waiting).unwrap_or(0),
                "request still waits",
                "requests still wait"
            )
        ));
    }
    notes.push(format!(
        "Requests of the last {} months, in working hours. Size is what a client agreed to so far; it is read for this page alone, and clients of one size are in one quarter. How often so strong a link comes up by chance is counted by dealing the sizes out at random. Counted on {made}.",
        DAYS / 30
    ));
    notes
}
