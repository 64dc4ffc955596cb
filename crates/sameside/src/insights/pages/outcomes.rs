//! How many results are verified, and do clients have what they wanted? (P15, P21)

use super::frame::{Answer, Cell, Ground, Missing, Stretch, Table, drawn, mean_share, sum};
use crate::error::Result;
use crate::outcomes::Reached;
use crate::tallies::{Name, store::Told};
use crate::web::picture::{self, Shade, StackRow};

pub(super) async fn answer(ground: &mut Ground<'_>) -> Result<Answer> {
    let told = ground.told(&[Name::Result]).await?;
    let agreed = sum(&ground.told(&[Name::Agreed]).await?, |_| true).n;
    let when = ground.filter.when();
    let all = sum(&told, |_| true);
    if all.n == 0 {
        return Ok(Answer::nothing(
            format!("{when} no result was verified."),
            Missing {
                title: "No result yet",
                text: "A deal's page asks for the result once it is agreed: whether they have what they wanted, and how we know.".into(),
                href: "/deals?standing=agreed",
                link: "Deals without a result",
            },
        ));
    }
    let of = |reached: Reached| sum(&told, move |it| it.detail == reached.code());
    let (fully, partly, none) = (of(Reached::Fully), of(Reached::Partly), of(Reached::NotAtAll));
    let sentence = format!(
        "{when} {} verified. {} what they wanted, {}; {} some of it, {} not.",
        ground.some(all.n, "result was", "results were"),
        ground.some(fully.n, "has", "have"),
        ground.share(fully.n, all.n),
        ground.some(partly.n, "has", "have"),
        ground.some(none.n, "has", "have"),
    );
    let mut notes = vec![format!(
        "On average {} of 100 of what they wanted came, by their measure where there is one, else by what they say.",
        mean_share(all)
    )];
    notes.push(match agreed {
        0 => "No deal was agreed in the same time.".to_owned(),
        n => format!(
            "{} agreed in the same time. Where nobody looks, nothing is known: those are in no figure here.",
            ground.some(n, "deal was", "deals were")
        ),
    });
    let stretches = ground.stretches(&told);
    let at = |stretch: &Stretch, reached: Option<Reached>| {
        sum(&told, |it: &Told| {
            stretch.has(it.month) && reached.is_none_or(|reached| it.detail == reached.code())
        })
    };
    let keys = [(Shade::Client, "they have it"), (Shade::ClientFaint, "some of it"), (Shade::Track, "not")];
    let parts =
        |of: &dyn Fn(Reached) -> i64| Reached::ALL.iter().map(|it| whole(of(*it))).collect::<Vec<_>>();
    let rows = [StackRow {
        label: "All of them".into(),
        parts: parts(&|reached| of(reached).n),
        text: ground.some(all.n, "result", "results"),
    }];
    let by_month: Vec<StackRow> = stretches
        .iter()
        .filter(|stretch| at(stretch, None).n > 0)
        .map(|stretch| StackRow {
            label: ground.stretch_name(stretch),
            parts: parts(&|reached| at(stretch, Some(reached)).n),
            text: ground.number(at(stretch, None).n),
        })
        .collect();
    let mut table = Table::new(
        "Results by month",
        &[
            ("Measured", false),
            ("Results", true),
            ("They have it", true),
            ("Some of it", true),
            ("Not", true),
            ("Of what they wanted, of 100", true),
        ],
    );
    for stretch in stretches.iter().rev() {
        let results = at(stretch, None);
        if results.n == 0 {
            continue;
        }
        let mut row = vec![
            Cell::of(ground.stretch_name(stretch), stretch.from),
            Cell::of(ground.number(results.n), results.n),
        ];
        row.extend(Reached::ALL.iter().map(|reached| {
            let n = at(stretch, Some(*reached)).n;
            Cell::of(ground.number(n), n)
        }));
        row.push(Cell::plain(mean_share(results)));
        table.rows.push(row);
    }
    let pictures = vec![
        ("Do they have what they wanted?".to_owned(), drawn(&picture::stack(&keys, &rows, true))?),
        ("By the month they were measured".to_owned(), drawn(&picture::stack(&keys, &by_month, false))?),
    ];
    Ok(Answer { sentence, notes, pictures, tables: vec![table], missing: None, verb: None })
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
const fn whole(n: i64) -> f64 {
    n as f64
}
