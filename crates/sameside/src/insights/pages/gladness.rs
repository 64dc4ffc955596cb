//! How gladly do clients pay? (P20)

use super::frame::{Answer, Cell, Ground, Missing, Table, drawn, sum};
use crate::error::Result;
use crate::insights::{CASES_MIN, wilson};
use crate::outcomes::{Felt, Occasion, Whose};
use crate::tallies::Name;
use crate::web::picture::{self, Hue, Shade, Share, StackRow};

/// A net figure of fewer answers would swing with every one of them.
const NET_MIN: i64 = 30;

const KEYS: [(Shade, &str); 4] = [
    (Shade::Client, "gladly"),
    (Shade::ClientFaint, "it is fair"),
    (Shade::Track, "grudgingly"),
    (Shade::Ink, "would not again"),
];

pub(super) async fn answer(ground: &mut Ground<'_>) -> Result<Answer> {
    let told = ground.told(&[Name::Glad, Name::Result]).await?;
    let when = ground.filter.when();
    let of = |moment: Option<Occasion>, whose: Whose, felt: Option<Felt>| {
        sum(&told, move |it| {
            let mut parts = it.detail.split(':');
            it.name == Name::Glad
                && parts.next().is_some_and(|code| moment.is_none_or(|moment| moment.code() == code))
                && parts.next() == Some(whose.code())
                && parts.next().is_some_and(|code| felt.is_none_or(|felt| felt.code() == code))
        })
        .n
    };
    let all = of(None, Whose::Client, None);
    let results = sum(&told, |it| it.name == Name::Result).n;
    if all == 0 {
        return Ok(Answer::nothing(
            format!("{when} no client said how gladly it pays."),
            Missing {
                title: "Nobody was asked yet",
                text: "How glad they are is asked when a deal is agreed and when its result is looked at, on the deal's page of its result. It is never guessed from what they pay.".into(),
                href: "/deals?standing=verified",
                link: "Deals with a result",
            },
        ));
    }
    let glad = of(None, Whose::Client, Some(Felt::Gladly));
    let sentence = if all == 1 {
        let not = if glad == 1 { "" } else { "not " };
        format!("{when} one client said how gladly it pays: {not}gladly. That is too few to say more.")
    } else if all < CASES_MIN {
        format!(
            "{when} {} how gladly they pay, {} of them gladly: too few to say more.",
            ground.some(all, "answer of a client says", "answers of clients say"),
            ground.number(glad)
        )
    } else {
        format!(
            "{when} {} of {} of clients {} that they pay gladly: {}.",
            ground.number(glad),
            ground.some(all, "answer", "answers"),
            if glad == 1 { "says" } else { "say" },
            ground.share(glad, all)
        )
    };
    let below =
        of(None, Whose::Client, Some(Felt::Grudgingly)) + of(None, Whose::Client, Some(Felt::NotAgain));
    let mut notes = vec![if all < NET_MIN {
        format!("No net figure is made of fewer than {NET_MIN} answers: one more or less would swing it.")
    } else {
        format!(
            "Gladly less grudgingly and would-not-again: {} of 100, from {} answers.",
            (glad - below) * 100 / all,
            ground.number(all)
        )
    }];
    if below > 0 {
        notes.push(format!(
            "{} grudgingly, or would not again. Grumbling is a finding: it says what to mend.",
            ground.some(below, "pays", "pay")
        ));
    }
    let at_result = of(Some(Occasion::Verification), Whose::Client, None);
    if at_result < results {
        notes.push(format!(
            "Of {} measured, {} came with no word of the client on how gladly it pays.",
            ground.some(results, "result", "results"),
            ground.number(results - at_result)
        ));
    }
    let rows: Vec<(Occasion, Whose)> = Occasion::ALL
        .iter()
        .flat_map(|moment| Whose::ALL.iter().map(move |whose| (*moment, *whose)))
        .collect();
    let name = |moment: Occasion, whose: Whose| match whose {
        Whose::Client => moment.label().to_owned(),
        Whose::Company => format!("{}, as we read it", moment.label()),
    };
    let count = |moment, whose, felt| of(Some(moment), whose, felt);
    let stacked: Vec<StackRow> = rows
        .iter()
        .filter(|(moment, whose)| count(*moment, *whose, None) > 0)
        .map(|(moment, whose)| StackRow {
            label: name(*moment, *whose),
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
            parts: Felt::ALL.iter().map(|felt| count(*moment, *whose, Some(*felt)) as f64).collect(),
            text: ground.some(count(*moment, *whose, None), "answer", "answers"),
        })
        .collect();
    let shares: Vec<Share> = Occasion::ALL
        .iter()
        .map(|moment| {
            let (hits, n) =
                (count(*moment, Whose::Client, Some(Felt::Gladly)), count(*moment, Whose::Client, None));
            let text = match n {
                0 => "nobody asked".to_owned(),
                n if n < CASES_MIN => format!("too few: {n}"),
                n => format!("{} of {}", ground.number(hits), ground.number(n)),
            };
            Share {
                label: moment.label().into(),
                at: wilson(hits, n).filter(|_| n >= CASES_MIN),
                text,
                hue: Hue::Client,
            }
        })
        .collect();
    let say = |share: f64| format!("{:.0} of 100", share * 100.0);
    let note = "The band is where the true share lies in 95 of 100 such samples.";
    let pictures = vec![
        (
            "What clients say, and apart from it what we thought".to_owned(),
            drawn(&picture::stack(&KEYS, &stacked, true))?,
        ),
        (
            "Gladly, with how far that can be trusted".to_owned(),
            drawn(&picture::shares(&shares, [0.0, 1.0], None, note, &say))?,
        ),
    ];
    let mut table = Table::new(
        "Answers",
        &[
            ("Asked", false),
            ("Who says so", false),
            ("Gladly", true),
            ("It is fair", true),
            ("Grudgingly", true),
            ("Would not again", true),
        ],
    );
    for (moment, whose) in rows {
        let mut row = vec![Cell::plain(moment.label()), Cell::plain(whose.label())];
        row.extend(Felt::ALL.iter().map(|felt| {
            let n = count(moment, whose, Some(*felt));
            Cell::of(ground.number(n), n)
        }));
        table.rows.push(row);
    }
    Ok(Answer { sentence, notes, pictures, tables: vec![table], missing: None, verb: None })
}
