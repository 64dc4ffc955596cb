//! Were promises kept, on both sides, and by whom? (P12, P14)

use super::frame::{Answer, Cell, Ground, Missing, Stretch, Table, drawn, sum};
use crate::commitments::{Count, Side};
use crate::error::Result;
use crate::insights::CASES_MIN;
use crate::insights::store;
use crate::records::{Kind, names_of};
use crate::tallies::{self, Became, Name, store::Told};
use crate::web::picture::{self, Hue, Rod, Shade, StackRow};
use std::collections::HashMap;

/// People whom the page tells apart, for each side.
const PEOPLE_SHOWN: usize = 25;

/// What became of promises that came due.
#[derive(Debug, Clone, Copy, Default)]
struct Came {
    kept: i64,
    late: i64,
    undone: i64,
}

impl Came {
    const fn due(self) -> i64 {
        self.kept + self.late + self.undone
    }

    const fn count(self) -> Count {
        Count { due: self.due(), kept: self.kept }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    fn parts(self) -> Vec<f64> {
        vec![self.kept as f64, self.late as f64, self.undone as f64]
    }

    fn cells(self, ground: &Ground<'_>) -> [Cell; 4] {
        [self.due(), self.kept, self.late, self.undone].map(|n| Cell::of(ground.number(n), n))
    }
}

const KEYS: [[(Shade, &str); 3]; 2] = [
    [(Shade::Company, "kept"), (Shade::CompanyFaint, "later than promised"), (Shade::Track, "not done")],
    [(Shade::Client, "kept"), (Shade::ClientFaint, "later than promised"), (Shade::Track, "not done")],
];

pub(super) async fn answer(ground: &mut Ground<'_>) -> Result<Answer> {
    let scope = ground.visit.scope();
    let wish = ground.filter.wish(&[Name::Promise]);
    let by_owner = tallies::store::told_by_owner(ground.conn, scope, &wish).await?;
    let ours_by = ground.told(&[Name::PromiseOurs]).await?;
    let mut told: Vec<Told> = Vec::new();
    // They come in the order of all but the owner.
    for (one, _) in &by_owner {
        match told.last_mut().filter(|last| last.is_same(one)) {
            Some(last) => {
                last.sum.n += one.sum.n;
                last.sum.total += one.sum.total;
            }
            None => told.push(one.clone()),
        }
    }
    let when = ground.filter.when();
    let this_month = ground.filter.to;
    // What is open of this month is due or not by its day, which no counter knows: those are few, and asked for.
    let today = ground.visit.today();
    let open = match this_month.first() {
        Some(first) => {
            store::undone(ground.conn, ground.visit.scope(), &ground.filter.wish(&[]), (first, today)).await?
        }
        None => Vec::new(),
    };
    let open_of = |side: Side| open.iter().filter(|it| it.0 == side).map(|it| it.2).sum::<i64>();
    let came = |side: Side, within: Option<&Stretch>| {
        let of = |became: Became| {
            let detail = format!("{}:{}", side.code(), became.code());
            sum(&told, |it: &Told| {
                it.detail == detail
                    && within.is_none_or(|stretch| stretch.has(it.month))
                    && (became != Became::Open || it.month.is_some_and(|month| month < this_month))
            })
            .n
        };
        let now = within.is_none_or(|stretch| stretch.has(Some(this_month)));
        Came {
            kept: of(Became::Kept),
            late: of(Became::Late),
            undone: of(Became::Open) + if now { open_of(side) } else { 0 },
        }
    };
    let (ours, theirs) = (came(Side::Company, None), came(Side::Client, None));
    if ours.due() + theirs.due() == 0 {
        return Ok(Answer::nothing(
            format!("{when} no promise came due, ours or theirs."),
            Missing {
                title: "Nothing was promised with a day",
                text: "The plan of a deal says who does what until when, on both sides, back from the day of the result. When such a day has come it is told here whether it was kept.".into(),
                href: "/deals",
                link: "Deals",
            },
        ));
    }
    let said: Vec<String> = [
        ours.count().said("we").unwrap_or_else(|| "none of our promises came due".into()),
        theirs.count().said("clients").unwrap_or_else(|| "none of theirs came due".into()),
    ]
    .into();
    let sentence = format!("{when} {}.", said.join("; "));
    let mut notes = Vec::new();
    let shares: Vec<String> = [("Of ours", ours), ("Of theirs", theirs)]
        .into_iter()
        .filter(|(_, it)| it.due() >= CASES_MIN)
        .map(|(whose, it)| format!("{whose} {}", ground.share(it.kept, it.due())))
        .collect();
    if !shares.is_empty() {
        notes.push(format!("{}.", shares.join("; ")));
    }
    for (side, it, whose) in [(Side::Company, ours, "What we did"), (Side::Client, theirs, "What they did")] {
        let detail = format!("{}:{}", side.code(), Became::Late.code());
        let late = sum(&told, |it: &Told| it.detail == detail);
        if it.late > 0 {
            let days = (late.total + late.n / 2) / late.n.max(1);
            notes.push(format!(
                "{whose} later than promised came {} late, on average.",
                ground.some(days, "day", "days")
            ));
        }
    }
    notes.push("A promise counts in the month it was promised for. Its day moves along when the other side asks for another, or when what comes before it moved; whoever puts off their own is measured by the first day. What a deal that was left still had ahead is nobody's broken promise, and tasks of ours are promises to nobody until they stand in a plan.".into());
    let stretches = ground.stretches(&told);
    // Ours by who of us has them; theirs by who of us runs the deal: of one client's person there are too few to say anything.
    let our_counters = ours_by.iter().filter_map(|told| {
        let (who, became) = told.detail.split_once(':')?;
        Some((who.parse().unwrap_or_default(), became, told))
    });
    let our_people = by_person(ground, Side::Company, &open, our_counters).await?;
    let theirs_by = by_owner.iter().filter_map(|(told, owner)| {
        let (side, became) = told.detail.split_once(':')?;
        (side == Side::Client.code()).then_some((*owner, became, told))
    });
    let their_people = by_person(ground, Side::Client, &open, theirs_by).await?;
    let mut pictures = Vec::new();
    for (side, whole, people, keys, heading) in [
        (Side::Company, ours, &our_people, KEYS[0], "What became of what we promised"),
        (Side::Client, theirs, &their_people, KEYS[1], "What became of what they promised"),
    ] {
        if whole.due() == 0 {
            continue;
        }
        let mut rows = vec![StackRow {
            label: if side == Side::Company { "All of us" } else { "All of them" }.into(),
            parts: whole.parts(),
            text: of_all(ground, whole),
        }];
        rows.extend(people.iter().filter(|_| people.len() > 1).map(|(name, it)| StackRow {
            label: name.clone(),
            parts: it.parts(),
            text: of_all(ground, *it),
        }));
        pictures.push((heading.to_owned(), drawn(&picture::stack(&keys, &rows, true))?));
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let groups = Ground::columns(&stretches, |stretch| {
        let rod = |side, hue| {
            let it = came(side, Some(stretch));
            Rod { value: it.kept as f64, hoped: (it.due() > 0).then_some(it.due() as f64), hue }
        };
        vec![rod(Side::Company, Hue::Company), rod(Side::Client, Hue::Client)]
    });
    let legend = [
        (Hue::Company, false, "We kept"),
        (Hue::Company, true, "came due of ours"),
        (Hue::Client, false, "They kept"),
        (Hue::Client, true, "came due of theirs"),
    ];
    // There is no half a promise.
    let say = |value: f64| if value.fract() == 0.0 { format!("{value:.0}") } else { String::new() };
    let columns = picture::columns(&groups, &legend, &sentence, &say);
    pictures.push(("By the month they were promised for".to_owned(), drawn(&columns)?));
    let mut by_month = Table::new(
        "Promises by month",
        &[
            ("Promised for", false),
            ("Whose", false),
            ("Came due", true),
            ("Kept", true),
            ("Later than promised", true),
            ("Not done", true),
        ],
    );
    for stretch in stretches.iter().rev() {
        for side in [Side::Company, Side::Client] {
            let it = came(side, Some(stretch));
            if it.due() > 0 {
                let mut row = vec![
                    Cell::of(ground.stretch_name(stretch), stretch.from),
                    Cell::of(whose(side), side.code()),
                ];
                row.extend(it.cells(ground));
                by_month.rows.push(row);
            }
        }
    }
    let mut by_whom = Table::new(
        "Promises by who of us has them, or runs the deal",
        &[
            ("Who", false),
            ("Whose", false),
            ("Came due", true),
            ("Kept", true),
            ("Later than promised", true),
            ("Not done", true),
        ],
    );
    for (side, people) in [(Side::Company, our_people), (Side::Client, their_people)] {
        for (name, it) in people {
            let mut row = vec![Cell::plain(name), Cell::of(whose(side), side.code())];
            row.extend(it.cells(ground));
            by_whom.rows.push(row);
        }
    }
    Ok(Answer { sentence, notes, pictures, tables: vec![by_month, by_whom], missing: None, verb: None })
}

const fn whose(side: Side) -> &'static str {
    match side {
        Side::Company => "Ours",
        Side::Client => "Theirs",
    }
}

/// `3 of 4 kept`.
fn of_all(ground: &Ground<'_>, it: Came) -> String {
    format!("{} of {} kept", ground.number(it.kept), ground.number(it.due()))
}

/// What became of promises by who of us has them, or runs their deal; those with most promises first, never those who kept fewest.
/// Each counter comes with its person, the nil id for nobody, and what became of the promises.
async fn by_person<'t>(
    ground: &mut Ground<'_>,
    side: Side,
    open: &[(Side, Option<uuid::Uuid>, i64)],
    counters: impl Iterator<Item = (uuid::Uuid, &'t str, &'t Told)>,
) -> Result<Vec<(String, Came)>> {
    let this_month = ground.filter.to;
    let mut all: HashMap<uuid::Uuid, Came> = HashMap::new();
    for (who, became, told) in counters {
        let came = all.entry(who).or_default();
        match Became::parse(became) {
            Some(Became::Kept) => came.kept += told.sum.n,
            Some(Became::Late) => came.late += told.sum.n,
            Some(Became::Open) if told.month.is_some_and(|month| month < this_month) => {
                came.undone += told.sum.n;
            }
            _ => {}
        }
    }
    for (_, who, n) in open.iter().filter(|it| it.0 == side) {
        all.entry(who.unwrap_or_default()).or_default().undone += n;
    }
    all.retain(|_, it| it.due() > 0);
    let mut most: Vec<(uuid::Uuid, Came)> = all.into_iter().collect();
    most.sort_by_key(|(who, it)| (-it.due(), *who));
    most.truncate(PEOPLE_SHOWN);
    let ids: Vec<uuid::Uuid> = most.iter().map(|(who, _)| *who).filter(|id| !id.is_nil()).collect();
    let scope = ground.visit.scope();
    let names = names_of(ground.conn, scope, HashMap::from([(Kind::Member, ids)])).await?;
    let nobody = if side == Side::Company { "Nobody of us" } else { "Deals of nobody" };
    let mut people: Vec<(String, Came)> = most
        .into_iter()
        .map(|(id, it)| {
            let name = if id.is_nil() { Some(nobody) } else { names.get(&id).map(String::as_str) };
            let name = name.unwrap_or("Somebody");
            (
                if side == Side::Client && !id.is_nil() {
                    format!("Clients of {name}")
                } else {
                    name.to_owned()
                },
                it,
            )
        })
        .collect();
    people.sort_by(|one, other| other.1.due().cmp(&one.1.due()).then_with(|| one.0.cmp(&other.0)));
    Ok(people)
}
