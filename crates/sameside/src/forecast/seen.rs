//! What of a deal is known before it ends, as the columns of the engine's table. Pure.

use crate::base::{Currency, Date, Id};
use crate::deals::{Deal, Standing};
use crate::diagnosis::Parameter;
use crate::questions::{Question, Turn};
use crate::records::Other;
use engine::forecast::{DealColumns, Evaluation, Horizon, Measure, Model};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// What people call the column of an import that says where a deal came from, folded.
const WHENCE: &[&str] = &[
    "source",
    "lead source",
    "deal source",
    "opportunity source",
    "original source",
    "original source type",
    "lead_source",
    "source channel",
    "campaign",
];

/// The answers of clients that are looked at.
const ANSWERS: [Parameter; 5] =
    [Parameter::Benefit, Parameter::Success, Parameter::Delay, Parameter::Adoption, Parameter::Alternative];

/// The columns of the table: outcome and days, what is only for the outlook, and what is learned from.
pub(super) const COLUMNS: [&str; 19] = [
    "outcome",
    "opened",
    "closed",
    "value",
    "product",
    "pipeline",
    "owner",
    "team",
    "price",
    "industry",
    "people",
    "country",
    "source",
    "goal",
    "benefit",
    "success",
    "delay",
    "adoption",
    "alternative",
];

/// What people call a column that is learned from.
pub(super) fn label(column: &str) -> &str {
    match column {
        "product" => "the product",
        "pipeline" => "the pipeline",
        "owner" => "who runs it",
        "team" => "their team",
        "price" => "the size of the price",
        "industry" => "what the client does",
        "people" => "how many people the client has",
        "country" => "the country",
        "source" => "where the deal came from",
        "goal" => "whether they said what they want to do",
        "benefit" => "what the problem costs them",
        "success" => "the chance that it works for them",
        "delay" => "how soon they feel it",
        "adoption" => "what the change costs them",
        "alternative" => "what else they could do",
        "before" => "whether they agreed to something within a year before",
        other => other,
    }
}

/// The column of whether a client agreed to something of late; it comes after [`COLUMNS`], and before the questions.
pub(super) const BEFORE: &str = "before";

/// The column of a question of the workspace's own: by its id, so that it stays the same when it is asked in other
/// words, and is none of [`COLUMNS`].
pub(super) fn column_of(question: Id<Question>) -> String {
    format!("q{}", short(Some(question.uuid())))
}

/// How the engine reads the table.
pub(super) fn deal_columns() -> DealColumns {
    DealColumns {
        outcome: "outcome".into(),
        won: "won".into(),
        lost: Some("lost".into()),
        opened: Some("opened".into()),
        closed: Some("closed".into()),
        ..DealColumns::default()
    }
}

/// A deal as the forecast sees it, before it is looked at on a day.
#[derive(Debug, Clone)]
pub struct Known {
    /// The deal.
    pub id: Id<Deal>,
    /// What it is called: its day is drawn by it.
    pub title: String,
    /// How it stands.
    pub standing: Standing,
    /// When it began.
    pub opened_on: Option<Date>,
    /// When it was agreed.
    pub agreed_on: Option<Date>,
    /// When it ended.
    pub closed_on: Option<Date>,
    /// About what.
    pub product: Option<Uuid>,
    /// Through which pipeline.
    pub pipeline: Uuid,
    /// Whose.
    pub owner: Option<Uuid>,
    /// Of which team.
    pub team: Option<Uuid>,
    /// Its price, else that of its product, in minor units.
    pub price_minor: Option<i64>,
    /// Its own price, in minor units.
    pub value_minor: Option<i64>,
    /// Of this currency.
    pub currency: Currency,
    /// Over how many months.
    pub horizon_months: i64,
    /// How well the goal is known, and since when.
    pub goal: Option<(String, Option<Date>)>,
    /// With whom.
    pub company: Option<Uuid>,
    /// What they do.
    pub industry: Option<String>,
    /// How many they are.
    pub employees: Option<i64>,
    /// Where.
    pub country: Option<String>,
    /// What an import brought besides.
    pub other: Other,
}

/// An answer of a deal: of which parameter, how much, and since which day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said {
    pub(super) parameter: Parameter,
    pub(super) likely: f64,
    pub(super) on: Date,
}

/// A question, and what a deal said to it since when.
type Told = (Id<Question>, Vec<Turn>);

/// What is known besides the deals' own rows.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// The answers of each deal.
    pub(super) said: HashMap<Uuid, Vec<Said>>,
    /// The days on which each client agreed to something.
    pub(super) agreed: HashMap<Uuid, Vec<Date>>,
    /// The questions of the workspace's own.
    pub(super) questions: Vec<Id<Question>>,
    /// What each deal said to them since when.
    pub(super) told: HashMap<Uuid, Vec<Told>>,
}

impl Beside {
    /// The columns of the table, in the order of [`Known::cells`].
    pub(super) fn columns(&self) -> Vec<String> {
        let own = COLUMNS.iter().chain(&[BEFORE]).map(|column| (*column).to_owned());
        own.chain(self.questions.iter().map(|id| column_of(*id))).collect()
    }
}

/// What an answer said on a day, as a cell: its level, by its id so that its name may change.
fn told(trail: &[Turn], seen_on: Option<Date>) -> String {
    let turn = seen_on.and_then(|day| Turn::on(trail, day)).filter(|turn| !turn.is_unknown());
    match turn {
        Some(Turn { level: Some(level), .. }) => format!("l{}", short(Some(level.uuid()))),
        Some(_) => "asked in vain".into(),
        None => "Unknown".into(),
    }
}

impl Known {
    /// When it was decided, if it was.
    fn decided_on(&self) -> Option<Date> {
        self.agreed_on.or(self.closed_on.filter(|_| self.standing.is_ended()))
    }

    /// Whether it was decided: agreed, or ended without.
    pub(super) fn is_decided(&self) -> bool {
        self.agreed_on.is_some() || self.standing.is_ended()
    }

    /// Whether it came to an agreement.
    pub(super) fn is_won(&self) -> bool {
        self.agreed_on.is_some() || matches!(self.standing, Standing::Agreed | Standing::Verified)
    }

    /// The day as of which it is looked at: today for an open deal; for one that was decided a day drawn from its life
    /// by its name, so that it looks as an open deal does, and the day it was decided is never among them.
    fn seen_on(&self, today: Date) -> Option<Date> {
        if !self.is_decided() {
            return Some(today);
        }
        let (opened, decided) = (self.opened_on?, self.decided_on()?);
        let days = decided.days_since(opened).max(1).unsigned_abs();
        Some(opened.plus_days(i64::try_from(draw(&self.title, opened) % days).unwrap_or(0)))
    }

    /// The cells of its row, in the order of [`Beside::columns`].
    pub(super) fn cells(&self, beside: &Beside, currency: Currency, today: Date) -> Vec<String> {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let seen_on = self.seen_on(today);
        let own = self.currency == currency;
        let price = self.price_minor.filter(|price| own && *price > 0);
        let outcome = match (self.is_decided(), self.is_won()) {
            (false, _) => "",
            (true, true) => "won",
            (true, false) => "lost",
        };
        let value = self.value_minor.filter(|_| own).map(|minor| currency_units(minor, currency));
        let goal = match &self.goal {
            Some((source, Some(on))) if seen_on.is_some_and(|day| *on <= day) => source.clone(),
            _ => "Unknown".into(),
        };
        let mut cells = vec![
            outcome.to_owned(),
            day(self.opened_on),
            day(self.decided_on()),
            value.map(|value| value.to_string()).unwrap_or_default(),
            short(self.product),
            short(Some(self.pipeline)),
            short(self.owner),
            short(self.team),
            price.map(|minor| tenths(currency_units(minor, currency))).unwrap_or_default(),
            self.industry.clone().unwrap_or_default(),
            self.employees.filter(|n| *n > 0).map(|n| tenths(n as f64)).unwrap_or_default(),
            self.country.clone().unwrap_or_default(),
            self.whence(),
            goal,
        ];
        let said = beside.said.get(&self.id.uuid()).map_or(&[][..], Vec::as_slice);
        let price = price.map(|minor| currency_units(minor, currency));
        for parameter in ANSWERS {
            let answer = said
                .iter()
                .find(|said| said.parameter == parameter && seen_on.is_some_and(|day| said.on <= day));
            cells.push(answer.map_or("Unknown", |said| self.level(*said, price)).to_owned());
        }
        let before = self.company.zip(self.opened_on).map(|(company, opened)| {
            let days = beside.agreed.get(&company).map_or(&[][..], Vec::as_slice);
            // Within a year: how far back the records go must not look like how often a client agreed.
            let of_late = |day: &&Date| **day < opened && opened.days_since(**day) <= 365;
            if days.iter().any(|day| of_late(&day)) { "of late" } else { "not of late" }
        });
        cells.push(before.unwrap_or_default().to_owned());
        let trails = beside.told.get(&self.id.uuid()).map_or(&[][..], Vec::as_slice);
        for question in &beside.questions {
            let trail = trails.iter().find(|(id, _)| id == question);
            cells.push(told(trail.map_or(&[][..], |(_, trail)| trail.as_slice()), seen_on));
        }
        cells
    }

    /// How much an answer says, in a word.
    fn level(&self, said: Said, price: Option<f64>) -> &'static str {
        let level = |value: f64, [low, high]: [f64; 2]| {
            if value < low {
                "low"
            } else if value < high {
                "middle"
            } else {
                "high"
            }
        };
        let months = self.horizon_months.max(1) as f64;
        match (said.parameter, price) {
            (Parameter::Benefit, Some(price)) => level(said.likely * months / price, [1.0, 2.0]),
            (Parameter::Adoption, Some(price)) => level(said.likely / price, [0.05, 0.2]),
            (Parameter::Alternative, Some(price)) => level(said.likely / price, [0.01, 0.5]),
            (Parameter::Success, _) => level(said.likely, [0.5, 0.8]),
            (Parameter::Delay, _) => level(said.likely, [1.5, 4.0]),
            _ => "said",
        }
    }

    fn whence(&self) -> String {
        let found = self.other.0.iter().find(|(name, text)| {
            !text.trim().is_empty() && WHENCE.contains(&crate::base::fold(name).as_str())
        });
        found.map(|(_, text)| text.trim().to_owned()).unwrap_or_default()
    }

    /// How many days it has been open.
    pub(super) fn age_days(&self, today: Date) -> Option<u32> {
        self.opened_on.and_then(|opened| u32::try_from(today.days_since(opened)).ok())
    }
}

fn currency_units(minor: i64, currency: Currency) -> f64 {
    crate::base::Money { minor, currency }.units()
}

/// The order of magnitude, in tenths: as fine as it is told apart.
fn tenths(value: f64) -> String {
    format!("{:.1}", value.log10())
}

/// The random end of an id: short, and different for each.
pub(super) fn short(id: Option<Uuid>) -> String {
    let Some(id) = id else { return String::new() };
    let text = id.simple().to_string();
    text.get(20..).unwrap_or(&text).to_owned()
}

/// A number by a name and a day: the same for the same (FNV-1a, Fowler, Noll and Vo).
fn draw(title: &str, opened: Date) -> u64 {
    let bytes = title.bytes().chain(opened.to_string().into_bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    hash >> 11
}

/// The table for the engine, written row by row.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) bytes: Vec<u8>,
    /// Where the rows end among which there are so many decided ones as are judged.
    judged_end: Option<usize>,
    judged_max: usize,
    pub(super) decided: usize,
    pub(super) won: usize,
    pub(super) open: usize,
    /// Open deals in another currency than the workspace's, which are not counted.
    pub(super) foreign: usize,
}

impl Sheet {
    pub(super) fn new(judged_max: usize, columns: &[String]) -> Self {
        let mut header = columns.join(",");
        header.push('\n');
        Self {
            bytes: header.into_bytes(),
            judged_end: None,
            judged_max,
            decided: 0,
            won: 0,
            open: 0,
            foreign: 0,
        }
    }

    pub(super) fn add(&mut self, deal: &Known, beside: &Beside, currency: Currency, today: Date) {
        if deal.is_decided() {
            self.decided += 1;
            self.won += usize::from(deal.is_won());
        } else if deal.currency != currency {
            self.foreign += 1;
            return;
        } else {
            self.open += 1;
        }
        for (n, cell) in deal.cells(beside, currency, today).iter().enumerate() {
            if n > 0 {
                self.bytes.push(b',');
            }
            if cell.contains([',', '"', '\n', '\r']) {
                self.bytes.push(b'"');
                self.bytes.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
                self.bytes.push(b'"');
            } else {
                self.bytes.extend_from_slice(cell.as_bytes());
            }
        }
        self.bytes.push(b'\n');
        if self.decided == self.judged_max && self.judged_end.is_none() {
            self.judged_end = Some(self.bytes.len());
        }
    }

    /// The rows that the model is judged on, the newest.
    pub(super) fn judged(&self) -> &[u8] {
        self.bytes.get(..self.judged_end.unwrap_or(self.bytes.len())).unwrap_or(&self.bytes)
    }
}

/// A figure with its 95% interval beside that of saying the average.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The figure.
    pub value: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The figure of saying the average.
    pub base: f64,
}

impl From<&Measure> for Measured {
    fn from(it: &Measure) -> Self {
        Self { value: it.value, low: it.low, high: it.high, base: it.base }
    }
}

/// Deals with like chances: what was said and what came.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tenth {
    /// Chances from here,
    pub from: f64,
    /// up to here.
    pub to: f64,
    /// How many deals.
    pub n: f64,
    /// The mean chance said.
    pub said: f64,
    /// The share that agreed.
    pub came: f64,
}

/// How good the model is, on deals it had not seen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Skill {
    /// Deals it was judged on.
    pub n: usize,
    /// Mean squared error of the chance; lower is better.
    pub brier: Option<Measured>,
    /// How much lower than that of the average.
    pub gain: Option<Measured>,
    /// Chances said and shares that came.
    pub reliability: Vec<Tenth>,
    /// What it uses, in words.
    pub uses: Vec<String>,
    /// What was left out, and why.
    pub left_out: Vec<(String, String)>,
}

impl Skill {
    /// What is kept of the engine's answer.
    pub(super) fn of(
        model: &Model,
        evaluation: Option<&Evaluation>,
        titles: &HashMap<String, String>,
    ) -> Self {
        let label = |column: &str| titles.get(column).map_or_else(|| label(column).to_owned(), Clone::clone);
        Self {
            n: evaluation.map_or(0, |it| it.n),
            brier: evaluation.map(|it| (&it.brier).into()),
            gain: evaluation.map(|it| (&it.brier_gain).into()),
            reliability: evaluation.map_or_else(Vec::new, |it| {
                let tenth = |bin: &engine::forecast::Bin| Tenth {
                    from: bin.from,
                    to: bin.to,
                    n: bin.n,
                    said: bin.predicted,
                    came: bin.won,
                };
                it.reliability.iter().map(tenth).collect()
            }),
            uses: model.questions().map(label).collect(),
            left_out: model
                .left_out
                .iter()
                .filter(|left| left.column != "value")
                .map(|left| (label(&left.column), left.why.clone()))
                .collect(),
        }
    }
}

/// What is said of one open deal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Chance {
    /// The chance that it is agreed in the end.
    pub likely: f64,
    /// The lower end of its 80% interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Whether what is known of the deal is better than the average; else this is the average at its age.
    pub is_better: bool,
    /// Whether its age entered.
    pub age_days: Option<u32>,
    /// The age it counts as: its own, or the oldest at which enough deals were still open.
    #[serde(default)]
    pub counts_as: Option<u32>,
    /// The chance that it is agreed within 30 days, where ages are known.
    pub within_30: Option<f64>,
    /// The same within 90 days.
    pub within_90: Option<f64>,
    /// Of how many deals that ended it was learned.
    pub n: i64,
    /// As of which day.
    pub as_of: Date,
}

/// Won value within so many days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Within {
    /// Days from the day it is told as of.
    pub days: u32,
    /// Exceeded nine times in ten.
    pub p10: f64,
    /// As often exceeded as not.
    pub p50: f64,
    /// Exceeded once in ten.
    pub p90: f64,
    /// Deals expected to be agreed.
    pub deals: f64,
}

impl From<&Horizon> for Within {
    fn from(it: &Horizon) -> Self {
        Self { days: it.days, p10: it.p10, p50: it.p50, p90: it.p90, deals: it.deals }
    }
}

/// What the open deals will bring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// Open deals that are counted.
    pub open: usize,
    /// Deals decided before, of the whole workspace.
    pub decided: usize,
    /// Open deals of the whole workspace that are too old to say anything of, or without a day.
    pub silent: usize,
    /// Open deals of the whole workspace in other currencies, which are not counted.
    pub foreign: usize,
    /// Within 30 and 90 days, in whole units of the workspace's currency.
    pub horizons: Vec<Within>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(title: &str) -> Known {
        Known {
            id: Id::of(Uuid::nil()),
            title: title.into(),
            standing: Standing::Open,
            opened_on: "2026-01-01".parse().ok(),
            agreed_on: None,
            closed_on: None,
            product: None,
            pipeline: Uuid::nil(),
            owner: None,
            team: None,
            price_minor: Some(1_000_000),
            value_minor: Some(1_000_000),
            currency: Currency::EUR,
            horizon_months: 12,
            goal: None,
            company: None,
            industry: None,
            employees: None,
            country: None,
            other: Other::default(),
        }
    }

    fn today() -> Date {
        "2026-11-22".parse().unwrap()
    }

    #[test]
    fn an_answer_given_only_when_a_deal_ended_is_not_among_what_is_learned() {
        let benefit = |on: &str| Beside {
            said: HashMap::from([(
                Uuid::nil(),
                vec![Said { parameter: Parameter::Benefit, likely: 2_000.0, on: on.parse().unwrap() }],
            )]),
            ..Beside::default()
        };
        let at = COLUMNS.iter().position(|column| *column == "benefit").unwrap();
        let mut early = 0;
        for n in 0..200 {
            let mut deal = known(&format!("Deal {n}"));
            (deal.standing, deal.closed_on) = (Standing::Declined, "2026-03-02".parse().ok());
            let cell = |on| deal.cells(&benefit(on), Currency::EUR, today())[at].clone();
            assert_eq!(cell("2026-03-02"), "Unknown", "written down on the day it ended");
            assert_eq!(cell("2026-04-20"), "Unknown", "written down later");
            assert_eq!(cell("2026-01-01"), "high", "known from the start");
            early += usize::from(cell("2026-01-31") == "high");
        }
        assert!((70..130).contains(&early), "half of the deals are looked at after half their life: {early}");
    }

    #[test]
    fn an_answer_to_a_question_counts_as_it_stood_on_the_day_the_deal_is_looked_at() {
        let question: Id<Question> = Id::of(Uuid::from_u128(7));
        let turn = |on: &str, level: u128| Turn {
            on: on.parse().unwrap(),
            level: (level > 0).then(|| Id::of(Uuid::from_u128(level))),
            is_not_known: false,
        };
        let beside = |trail: &[Turn]| Beside {
            questions: vec![question],
            told: HashMap::from([(Uuid::nil(), vec![(question, trail.to_vec())])]),
            ..Beside::default()
        };
        let cell = |deal: &Known, trail: &[Turn]| {
            deal.cells(&beside(trail), Currency::EUR, today()).last().unwrap().clone()
        };
        let [first, second] = [turn("2026-01-01", 1), turn("2026-03-02", 2)];
        let (mut early, mut late) = (0, 0);
        for n in 0..200 {
            let mut deal = known(&format!("Deal {n}"));
            assert_eq!(
                cell(&deal, &[first, second]),
                cell(&deal, &[second]),
                "an open deal is as it is today"
            );
            (deal.standing, deal.closed_on) = (Standing::Declined, "2026-03-02".parse().ok());
            assert_eq!(cell(&deal, &[second]), "Unknown", "written down on the day it ended");
            assert_eq!(cell(&deal, &[first, second]), cell(&deal, &[first]), "said otherwise when it ended");
            let between = cell(&deal, &[first, turn("2026-01-31", 2)]);
            early += usize::from(between == cell(&deal, &[first]));
            late += usize::from(between == cell(&known("Open"), &[second]));
        }
        assert!(early + late == 200 && (70..130).contains(&early), "{early} and {late}");
        let none = turn("2026-01-02", 0);
        assert_eq!(cell(&known("Open"), &[first, none]), "Unknown", "taken back");
        assert_ne!(cell(&known("Open"), &[Turn { is_not_known: true, ..none }]), "Unknown");
    }

    #[test]
    fn a_row_has_a_cell_for_every_column_and_commas_do_not_break_it() {
        let mut deal = known("One");
        deal.industry = Some("Bakery, \"the\" best".into());
        deal.other = Other([("Lead Source".to_owned(), "Fair".to_owned())].into());
        let mut sheet = Sheet::new(10, &Beside::default().columns());
        sheet.add(&deal, &Beside::default(), Currency::EUR, today());
        let text = String::from_utf8(sheet.bytes.clone()).unwrap();
        assert_eq!(deal.cells(&Beside::default(), Currency::EUR, today()).len(), COLUMNS.len() + 1);
        assert!(text.contains("\"Bakery, \"\"the\"\" best\"") && text.contains(",Fair,"), "{text}");
        deal.currency = Currency::parse("USD").unwrap();
        sheet.add(&deal, &Beside::default(), Currency::EUR, today());
        assert_eq!((sheet.open, sheet.foreign), (1, 1));
    }
}
