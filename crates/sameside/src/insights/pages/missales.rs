//! Which sales were not right, and what did we know then? (P15)

use super::frame::{Answer, Cell, Ground, Missing, Table, drawn, sum};
use crate::base::Money;
use crate::diagnosis::Parameter;
use crate::error::Result;
use crate::insights::store::List;
use crate::insights::{CASES_MIN, wilson};
use crate::outcomes::{Thought, Whence};
use crate::tallies::Name;
use crate::web::picture::{self, Hue, Share};

/// Mis-sales that the table shows; the rest is behind the link.
const SHOWN: usize = 25;

pub(super) async fn answer(ground: &mut Ground<'_>) -> Result<Answer> {
    let told = ground.told(&[Name::MisSale, Name::Result]).await?;
    let when = ground.filter.when();
    let results = sum(&told, |it| it.name == Name::Result).n;
    let of = |which: &'static str| sum(&told, move |it| it.name == Name::MisSale && it.detail == which).n;
    let (worse, never, both) = (of("worse_off"), of("would_not_again"), of("both"));
    let all = worse + never + both;
    if all == 0 && results == 0 {
        return Ok(Answer::nothing(
            format!("{when} no result was measured, so nobody knows whether a sale was wrong."),
            Missing {
                title: "Nobody has looked yet",
                text: "A sale that left a client worse off, or that it would not make again, is told here with what we knew then. That needs results, and the question how gladly they pay.".into(),
                href: "/deals?standing=agreed",
                link: "Deals without a result",
            },
        ));
    }
    let sentence = if all == 0 {
        format!(
            "{when} none of {} is known to have left a client worse off, and none of them said it would not buy again.",
            ground.some(results, "result", "results")
        )
    } else {
        format!(
            "{when} {} known to be wrong: {}.",
            ground.some(all, "sale is", "sales are"),
            [
                (worse, ["left the client worse off"; 2]),
                (never, ["the client would not make again"; 2]),
                (both, ["was both", "were both"])
            ]
            .iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, [one, many])| ground.some(*n, one, many))
            .collect::<Vec<_>>()
            .join(", ")
        )
    };
    let mut notes = vec![if results > 0 {
        format!(
            "Beside {} measured: {}.",
            ground.some(results, "result that was", "results that were"),
            ground.share(all.min(results), results)
        )
    } else {
        "No result was measured in this time; these were said by clients.".to_owned()
    }];
    notes.push("Each counts, whatever it brought us. A mis-sale is nobody's defeat: it shows which question to ask earlier.".into());
    let mut pictures = Vec::new();
    if let Some(at) = wilson(all.min(results), results).filter(|_| results >= CASES_MIN) {
        let row = Share {
            label: "Mis-sales among results".into(),
            at: Some(at),
            text: format!("{} of {}", ground.number(all.min(results)), ground.number(results)),
            hue: Hue::Client,
        };
        let top = (at[2] * 1.3).clamp(0.1, 1.0);
        let say = |share: f64| format!("{:.0} of 100", share * 100.0);
        let note = "The band is where the true share lies in 95 of 100 such samples.";
        pictures.push((
            "How many were wrong".to_owned(),
            drawn(&picture::shares(&[row], [0.0, top], None, note, &say))?,
        ));
    }
    let wish = ground.filter.wish(&[]);
    let rows = ground.behind(List::MisSales, &wish).await?;
    let mut table = Table::new(
        "What we knew then",
        &[
            ("Deal", false),
            ("Client", false),
            ("Looked at", false),
            ("They gained", true),
            ("We told them", true),
            ("What we knew then", false),
        ],
    );
    for row in rows.into_iter().take(SHOWN) {
        let thought: Thought =
            row.words.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let sum_of = |units: f64| {
            Cell::of(ground.gain(Money::of_units(units, row.currency).minor, row.currency), units)
        };
        let mut title = Cell::plain(row.title);
        title.href = format!("/deals/{}/outcome", row.deal);
        table.rows.push(vec![
            title,
            Cell::plain(row.company.unwrap_or_default()),
            row.day.map_or_else(Cell::none, |day| Cell::of(day.show(ground.visit.locale()), day)),
            row.first.map_or_else(Cell::none, sum_of),
            thought.hoped.map_or_else(Cell::none, |(client, _)| sum_of(client)),
            Cell::plain(knew(&thought)),
        ]);
    }
    Ok(Answer { sentence, notes, pictures, tables: vec![table], missing: None, verb: None })
}

/// What was known when it was sold: the chance, and how much of it was assumed.
fn knew(thought: &Thought) -> String {
    let mut said = Vec::new();
    if let Some(line) = thought.of(Parameter::Success) {
        said.push(format!("works in {:.0} of 100, {}", line.range.likely() * 100.0, line.whence.label()));
    }
    let assumed = thought.lines.iter().filter(|line| line.whence == Whence::Assumed).count();
    let theirs = thought.lines.iter().filter(|line| line.whence == Whence::Theirs).count();
    if !thought.lines.is_empty() {
        said.push(format!(
            "of {} figures {theirs} were said or measured, {assumed} assumed",
            thought.lines.len()
        ));
    }
    if said.is_empty() { "nothing was written down".into() } else { said.join("; ") }
}
