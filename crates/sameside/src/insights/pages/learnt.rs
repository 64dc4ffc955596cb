//! What did we learn? (P11, P21)

use super::frame::{Answer, Cell, Ground, Missing, Table, drawn};
use crate::diagnosis::Parameter;
use crate::error::Result;
use crate::insights::store::List;
use crate::outcomes::{self, CASES_MIN, Whence};
use crate::web::picture::{self, Hue, Share};
use engine::promise::Expected;

/// What was learnt in words, as far as the table shows it.
const SHOWN: usize = 20;

pub(super) async fn answer(ground: &mut Ground<'_>) -> Result<Answer> {
    let workspace = ground.visit.scope().workspace();
    let lessons = outcomes::store::lessons(ground.conn, workspace).await?;
    let wish = ground.filter.wish(&[]);
    let words = ground.behind(List::Learnt, &wish).await?;
    let mut known: Vec<(String, Expected, String)> = lessons
        .iter()
        .map(|(about, told)| (name_of(about), told.expect("", 1.0), outcomes::path_of(about, None)))
        .filter(|(name, ..)| !name.is_empty())
        .collect();
    known.sort_by(|one, other| one.0.cmp(&other.0));
    if known.is_empty() && words.is_empty() {
        return Ok(Answer::nothing(
            "Nothing was learnt from results yet.",
            Missing {
                title: "Results teach",
                text: "With five results that were looked at, estimates of ours are corrected by what such ones turned out to be. A sentence on what we learnt helps from the first.".into(),
                href: "/deals?standing=agreed",
                link: "Deals without a result",
            },
        ));
    }
    let enough: Vec<&(String, Expected, String)> =
        known.iter().filter(|(_, told, _)| told.n >= CASES_MIN).collect();
    let mut by_far: Vec<&&(String, Expected, String)> = enough.iter().collect();
    by_far.sort_by(|one, other| (other.1.p50 - 1.0).abs().total_cmp(&(one.1.p50 - 1.0).abs()));
    let locale = ground.visit.locale();
    let times = |factor: f64| locale.number(factor, 2);
    let mut sentence = match enough.len() {
        0 => "No kind of estimate was looked at often enough to be corrected: that takes five results."
            .to_owned(),
        n => format!(
            "{} corrected by what such ones turned out to be.",
            ground.some(i64::try_from(n).unwrap_or(0), "kind of estimate is", "kinds of estimates are")
        ),
    };
    if let Some((name, told, _)) = by_far.first() {
        sentence.push_str(&format!(
            " Farthest off is “{name}”: it came to {} times what was thought, in 8 of 10 cases {} to {}, from {} results.",
            times(told.p50),
            times(told.p10),
            times(told.p90),
            told.n
        ));
    }
    let notes = vec!["Corrections are the whole workspace's, from all its results. They enter the next assessment, which says so and from how many cases; what a client said or what was measured is never corrected.".to_owned()];
    let rows: Vec<Share> = known
        .iter()
        .map(|(name, told, _)| Share {
            label: name.clone(),
            at: (told.n >= CASES_MIN).then_some([told.p10, told.p50, told.p90]),
            text: if told.n < CASES_MIN {
                format!("too few: {}", told.n)
            } else {
                format!("× {}, n = {}", times(told.p50), told.n)
            },
            hue: Hue::Mutual,
        })
        .collect();
    let most = known
        .iter()
        .filter(|(_, told, _)| told.n >= CASES_MIN)
        .map(|(_, told, _)| told.p90)
        .fold(1.5, f64::max)
        .min(4.0);
    let say = |value: f64| format!("× {}", locale.number(value, usize::from(value.fract() != 0.0)));
    let note = "What it really was, as a multiple of what was thought. On the line, the estimate was right; the band holds 8 of 10 results.";
    let mut pictures = Vec::new();
    if !rows.is_empty() {
        pictures.push((
            "Estimates beside what came".to_owned(),
            drawn(&picture::shares(&rows, [0.0, most], Some(1.0), note, &say))?,
        ));
    }
    let mut table = Table::new(
        "Estimates and what they came to, as multiples of what was thought",
        &[
            ("Estimate", false),
            ("Results", true),
            ("Low", true),
            ("Likely", true),
            ("High", true),
            ("Used", false),
        ],
    );
    for (name, told, href) in &known {
        let cell = |value: f64| Cell::of(times(value), (value * 1000.0).round() / 1000.0);
        table.rows.push(vec![
            Cell { href: href.clone(), ..Cell::plain(name.clone()) },
            Cell::plain(told.n.to_string()),
            cell(told.p10),
            cell(told.p50),
            cell(told.p90),
            Cell::plain(if told.n >= CASES_MIN {
                "corrects the next estimate"
            } else {
                "not yet: five are needed"
            }),
        ]);
    }
    let mut said = Table::new(
        "In our own words",
        &[("Deal", false), ("Client", false), ("On", false), ("What we learnt", false)],
    );
    for row in words.into_iter().take(SHOWN) {
        let mut title = Cell::plain(row.title);
        title.href = format!("/deals/{}", row.deal);
        said.rows.push(vec![
            title,
            Cell::plain(row.company.unwrap_or_default()),
            row.day.map_or_else(Cell::none, |day| Cell::of(day.show(locale), day)),
            Cell::plain(row.words.unwrap_or_default()),
        ]);
    }
    Ok(Answer { sentence, notes, pictures, tables: vec![table, said], missing: None, verb: None })
}

/// What a lesson is about, in words; empty for one that is of no use here.
fn name_of(subject: &str) -> String {
    if subject == "measure" {
        return "The change they wished for".into();
    }
    let Some((whence, parameter)) = subject.split_once(' ') else { return String::new() };
    let Some(parameter) = Parameter::parse(parameter) else { return String::new() };
    match Whence::parse(whence) {
        Some(Whence::Ours) => format!("{}, our estimates", parameter.label()),
        Some(Whence::Profile) => format!("{}, from profiles", parameter.label()),
        _ => String::new(),
    }
}
