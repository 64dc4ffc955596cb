//! How good are our estimates? (P11)

use super::frame::{Answer, Cell, Ground, Missing, Table, drawn, of_100, sum};
use crate::diagnosis::Parameter;
use crate::error::Result;
use crate::forecast;
use crate::insights::{CASES_MIN, wilson};
use crate::outcomes::{REAL, Whence};
use crate::tallies::Name;
use crate::web::picture::{self, Hue, Point, Share};

/// Of ranges said as 8 of 10, so many should hold.
const MEANT: f64 = 0.8;

pub(super) async fn answer(ground: &mut Ground<'_>) -> Result<Answer> {
    let told = ground.told(&[Name::Chance, Name::ChanceSaid, Name::Estimate]).await?;
    let when = ground.filter.when();
    let said = sum(&told, |it| it.name == Name::ChanceSaid);
    let came = sum(&told, |it| it.name == Name::Chance);
    let of = |parameter: Option<Parameter>, place: Option<&'static str>| {
        sum(&told, move |it| {
            let mut parts = it.detail.split(':');
            it.name == Name::Estimate
                && parts.next() != Some(Whence::Theirs.code())
                && parts.next().is_some_and(|code| parameter.is_none_or(|parameter| parameter.code() == code))
                && parts.next().is_some_and(|code| place.is_none_or(|place| place == code))
        })
        .n
    };
    let (within, all) = (of(None, Some("within")), of(None, None));
    let fitted = forecast::store::kept(ground.conn, ground.visit.scope().workspace()).await?;
    if said.n == 0 && all == 0 && fitted.is_none() {
        return Ok(Answer::nothing(
            format!("{when} no estimate was looked at afterwards."),
            Missing {
                title: "Nothing to compare yet",
                text: "What was estimated is kept with a deal's result, beside what it really was. The forecast is judged by the deals that ended.".into(),
                href: "/deals?standing=agreed",
                link: "Deals without a result",
            },
        ));
    }
    let mut sentence = String::new();
    if said.n > 0 {
        sentence = format!(
            "{when} {} looked at: on average we said it works in {} of 100 cases, and {} of 100 came.",
            ground.some(said.n, "result was", "results were"),
            of_100(said),
            of_100(came)
        );
    }
    if all > 0 {
        sentence.push_str(&format!(
            "{}{} of {} of ours held what it really was, {}; 80 of 100 were meant to.",
            if sentence.is_empty() { "" } else { " " },
            ground.number(within),
            ground.some(all, "range", "ranges"),
            ground.share(within, all)
        ));
    }
    if sentence.is_empty() {
        sentence = format!("{when} no result was looked at; only the forecast of agreements can be judged.");
    }
    let mut notes = Vec::new();
    if let Some([low, _, high]) = wilson(within, all).filter(|_| all >= CASES_MIN) {
        notes.push(if high < MEANT {
            "Our ranges are too narrow: reality lies outside them more often than we say.".into()
        } else if low > MEANT {
            "Our ranges are wider than they need be.".into()
        } else {
            "That fits what was meant, as far as so many cases can tell.".to_owned()
        });
    }
    notes.push("Estimates of ours and profiles count; what clients said or what was measured does not. A part of what they wanted counts as its share.".into());
    let mut pictures = Vec::new();
    let mut tables = Vec::new();
    let mut points = Vec::new();
    let mut chances = Table::new(
        "Chances that it works: said and came",
        &[
            ("Said", false),
            ("Results", true),
            ("Mean said, of 100", true),
            ("Came, of 100", true),
            ("Low", true),
            ("High", true),
        ],
    );
    for tenth in 0..10_u32 {
        let at = |name: Name| sum(&told, |it| it.name == name && it.detail == tenth.to_string());
        let (said, came) = (at(Name::ChanceSaid), at(Name::Chance));
        #[expect(clippy::cast_precision_loss, reason = "counts and millionths are far below 2^53")]
        let (n, said_mean) = (said.n as f64, said.total as f64 / 1e6 / (said.n.max(1)) as f64);
        let hits = (came.total + 500_000) / 1_000_000;
        let Some([low, _, high]) = wilson(hits, said.n) else { continue };
        #[expect(clippy::cast_precision_loss, reason = "counts and millionths are far below 2^53")]
        let share = came.total as f64 / 1e6 / (said.n.max(1)) as f64;
        points.push(Point { said: said_mean, came: [low.min(share), share, high.max(share)], n });
        let whole = |share: f64| Cell::plain(format!("{:.0}", share * 100.0));
        chances.rows.push(vec![
            Cell::plain(format!("{} to {}", tenth * 10, tenth * 10 + 10)),
            Cell::of(ground.number(said.n), said.n),
            whole(said_mean),
            whole(share),
            whole(low),
            whole(high),
        ]);
    }
    if !points.is_empty() {
        let text = format!(
            "Said {} of 100 on average, {} of 100 came, from {} results.",
            of_100(said),
            of_100(came),
            said.n
        );
        pictures.push((
            "Chances that it works: said, and came".to_owned(),
            drawn(&picture::reliability(&points, &text))?,
        ));
        tables.push(chances);
    }
    let mut ranges = Table::new(
        "Where the real figure lay",
        &[
            ("Estimate", false),
            ("Looked at", true),
            ("Below", true),
            ("Within", true),
            ("Above", true),
            ("Within, of 100", true),
        ],
    );
    let mut rows = Vec::new();
    for parameter in REAL {
        let n = of(Some(parameter), None);
        if n == 0 {
            continue;
        }
        let place = |place| of(Some(parameter), Some(place));
        let hits = place("within");
        let text = if n < CASES_MIN { format!("too few: {n}") } else { format!("{hits} of {n}") };
        let at = wilson(hits, n).filter(|_| n >= CASES_MIN);
        rows.push(Share { label: parameter.label().into(), at, text, hue: Hue::Mutual });
        let number = |n: i64| Cell::of(ground.number(n), n);
        ranges.rows.push(vec![
            Cell::plain(parameter.label()),
            number(n),
            number(place("below")),
            number(hits),
            number(place("above")),
            Cell::plain((hits * 100 / n).to_string()),
        ]);
    }
    if !rows.is_empty() {
        let say = |share: f64| format!("{:.0}", share * 100.0);
        let note = "Of 100 ranges, so many held what it really was; the line is at 80, which is what a range means. The band is where the true share lies in 95 of 100 such samples.";
        pictures.push((
            "Ranges: how often they held".to_owned(),
            drawn(&picture::shares(&rows, [0.0, 1.0], Some(MEANT), note, &say))?,
        ));
        tables.push(ranges);
    }
    if let Some(fitted) = fitted {
        let points: Vec<Point> = fitted
            .skill
            .reliability
            .iter()
            .filter(|it| it.n >= 1.0)
            .filter_map(|it| {
                #[expect(clippy::cast_possible_truncation, reason = "counts of deals")]
                let [low, _, high] = wilson((it.came * it.n).round() as i64, it.n.round() as i64)?;
                Some(Point { said: it.said, came: [low.min(it.came), it.came, high.max(it.came)], n: it.n })
            })
            .collect();
        if !points.is_empty() {
            let text = format!(
                "Chances that a deal is agreed, judged on {} deals the forecast had not seen.",
                fitted.skill.n
            );
            notes.push(format!(
                "The forecast of agreements is the whole workspace's, as of {}, whatever is chosen above.",
                fitted.as_of.show(ground.visit.locale())
            ));
            pictures.push((
                "Chances that it is agreed: said, and came".to_owned(),
                drawn(&picture::reliability(&points, &text))?,
            ));
        }
    }
    Ok(Answer { sentence, notes, pictures, tables, missing: None, verb: None })
}
