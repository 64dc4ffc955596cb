//! What an assessment rests on: every parameter with its figure, where it comes from, and how well it is founded.
//! Pure.
//!
//! A parameter is taken from the deal itself; else from its product's profile; the chance to agree from how such
//! deals went; else it is assumed. The assumptions are wide on purpose: they say that we do not know, so that the
//! first thing to do with a deal nobody asked about is to ask.

use crate::accounts::Member;
use crate::accounts::Settings;
use crate::base::{Currency, Date, Evidence, Id, Locale, Money, Range, Source};
use crate::deals::{Deal, Phase};
use crate::diagnosis::{Figure, Parameter, Step, Unit, path_together};
use crate::forecast::Chance;
use crate::forecast::actions::Learned;
use crate::outcomes::{Lessons, Whence, about};
use crate::products::Product;
use engine::{Estimate, Rate, assess};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// Cases played through. A quarter of what the engine takes by itself: the low-discrepancy sample keeps the figures
/// within a hundredth, and ten thousand deals can be looked at again within a minute.
pub const SAMPLES: u32 = 4_096;
/// Assumed benefit over the whole horizon, as a multiple of the price.
const BENEFIT_OF_PRICE: [f64; 3] = [0.4, 1.5, 4.0];
/// Assumed months until it is felt.
const DELAY_MONTHS: [f64; 3] = [0.0, 1.0, 3.0];
/// Assumed cost to the client besides the price, as a share of the price.
const ADOPTION_OF_PRICE: [f64; 3] = [0.0, 0.05, 0.2];
/// Assumed cost of delivering, as a share of the price.
const DELIVERY_OF_PRICE: [f64; 3] = [0.2, 0.4, 0.6];
/// Assumed cost of serving a month, as a share of the price.
const SERVICE_OF_PRICE: [f64; 3] = [0.0, 0.002, 0.01];
/// Assumed effort until they decide, as a share of the price we may expect (price times chance to agree); divided
/// by the value of an hour.
const EFFORT_OF_EXPECTED: [f64; 3] = [0.02, 0.06, 0.16];
/// What asking takes, in hours; less for a small deal, of whose price it is this share at most.
const ASK_HOURS: f64 = 0.25;
const ASK_OF_PRICE: f64 = 0.005;
/// How many past deals a product's own win rate is pulled towards everybody's with.
const SHRINK_DEALS: f64 = 10.0;
/// How many past deals a win rate counts for at most: the next deal is never quite like those before.
const TRIALS_MAX: f64 = 40.0;

/// Where a figure was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Somebody said it of this deal.
    Deal,
    /// It is in the profile of the product.
    Product,
    /// It was counted from deals that ended.
    Past,
    /// Nobody said it.
    Assumption,
}

/// One parameter with its figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// What it is.
    pub parameter: Parameter,
    /// Low, likely, high, in the unit of the parameter.
    pub range: Range,
    /// Where it was found.
    pub origin: Origin,
    /// How well it is founded.
    pub evidence: Evidence,
    /// The lesson of past results that corrected it, if one did: see [`crate::outcomes::about`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<String>,
}

/// How deals went so far: of one product, or of all.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct TrackRecord {
    /// Deals that came to an agreement.
    pub agreed: i64,
    /// Deals that ended, agreed or not.
    pub ended: i64,
    /// Days from beginning to end, of those that ended: P10, P50, P90.
    pub days: [i64; 3],
}

/// What an hour of somebody is worth, in whole units of the workspace's currency, and where that comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HourValue {
    /// The figure.
    pub value: f64,
    /// Where it comes from.
    pub evidence: Evidence,
}

impl HourValue {
    /// What the workspace says of every hour.
    pub fn of_settings(settings: &Settings) -> Self {
        let evidence = Evidence {
            source: Source::OurEstimate,
            by: None,
            on: None,
            note: Some("what the settings say of an hour of ours".into()),
        };
        Self { value: settings.hour_value, evidence }
    }

    /// What the plan of a week said of a member's hours.
    pub fn of_plan(value: f64, week: Date, settings: &Settings) -> Self {
        let note = format!(
            "from the plan of the week of {}: what one more hour would bring, drawn towards what was taken before; the settings say {}",
            week.show(Locale::EnGb),
            Locale::EnGb.number(settings.hour_value, 0)
        );
        let evidence = Evidence { source: Source::Measured, by: None, on: Some(week), note: Some(note) };
        Self { value, evidence }
    }
}

/// What a workspace knows before it looks at a deal.
#[derive(Debug, Clone)]
pub struct Ground {
    /// What the engine needs to know of the workspace.
    pub settings: Settings,
    /// Its currency: the one in which the value of an hour is.
    pub currency: Currency,
    /// Where its days begin.
    pub zone: jiff::tz::TimeZone,
    /// Its products with their profiles.
    pub products: HashMap<Id<Product>, (Product, Vec<Figure>)>,
    /// How deals went, by product.
    pub past: HashMap<Id<Product>, TrackRecord>,
    /// How all deals went.
    pub past_all: TrackRecord,
    /// What was learned from them, where there are enough.
    pub learned: Option<Arc<Learned>>,
    /// What the plan of the week says an hour of a member is worth.
    pub hour_values: HashMap<Id<Member>, HourValue>,
    /// What estimates turned out to be.
    pub lessons: Arc<Lessons>,
}

/// What was said of a deal, besides its own row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// Figures.
    pub figures: Vec<Figure>,
    /// Sentences of its product that are so, and why we cannot help.
    pub contraindications: Vec<String>,
    /// Steps until they decide, in order.
    pub steps: Vec<Step>,
}

impl From<Vec<Figure>> for Known {
    fn from(figures: Vec<Figure>) -> Self {
        Self { figures, ..Self::default() }
    }
}

/// What an assessment rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// The price it is made for, and whether that is the deal's own.
    pub price: Money,
    /// Whether the price is only the usual one.
    pub price_is_assumed: bool,
    /// Every parameter, the client's first.
    pub lines: Vec<Line>,
    /// What deals like it tell of whether it is agreed, and when.
    #[serde(default)]
    pub chance: Option<Chance>,
    /// What an hour of whoever runs it is worth.
    #[serde(default)]
    pub hour_value: Option<HourValue>,
    /// Why we cannot help.
    #[serde(default)]
    pub contraindications: Vec<String>,
    /// The steps ahead until they decide; where there are any, chance and hours are theirs.
    #[serde(default)]
    pub path: Vec<assess::Step>,
}

impl Basis {
    /// Gathers what is known of a deal. `None` when there is no price to start from: neither the deal's nor its
    /// product's.
    pub fn gather(deal: &Deal, known: &Known, ground: &Ground, chance: Option<&Chance>) -> Option<Self> {
        let figures = known.figures.as_slice();
        let product = deal.product_id.and_then(|id| ground.products.get(&id));
        let profile = product.map_or(&[][..], |(_, figures)| figures.as_slice());
        let usual = || {
            let figure = profile.iter().find(|figure| figure.parameter == Parameter::Price);
            let price = figure.map(|figure| Money::of_units(figure.likely, deal.currency));
            price.or_else(|| product.and_then(|(product, _)| product.price()))
        };
        let (price, price_is_assumed) = match deal.price() {
            Some(price) => (price, false),
            None => (usual()?, true),
        };
        let planned = deal.owner_id.and_then(|owner| ground.hour_values.get(&owner)).cloned();
        let of_hour = planned.unwrap_or_else(|| HourValue::of_settings(&ground.settings));
        let hour_value = of_hour.value.max(f64::MIN_POSITIVE);
        let before_agreement = deal.phase.is_before_agreement();
        let win = said(Parameter::Win, figures, Origin::Deal)
            .or_else(|| of_like(deal, ground, chance))
            .map_or(0.5, |line| line.range.likely());
        let path: Vec<assess::Step> =
            if before_agreement { known.steps.iter().filter_map(Step::ahead).collect() } else { Vec::new() };
        let along = path_together(&known.steps).filter(|_| !path.is_empty());
        let mut lines = Vec::new();
        for parameter in Parameter::ALL.iter().copied().filter(|parameter| parameter.is_weighed()) {
            let of_profile =
                || said(parameter, profile, Origin::Product).map(|line| corrected(line, deal, ground));
            let line = said(parameter, figures, Origin::Deal)
                .map(|line| corrected(line, deal, ground))
                .or_else(|| of_profile().map(|line| ahead(line, deal.phase)))
                .or_else(|| (parameter == Parameter::Win).then(|| of_like(deal, ground, chance)).flatten())
                .or_else(|| assumed(parameter, price.units(), win, deal, hour_value));
            let line = match parameter {
                // What is agreed needs no more deciding: the hours until then are behind us, and they said yes.
                Parameter::Win if !before_agreement => Some(Line {
                    parameter,
                    range: Range::exactly(1.0),
                    origin: Origin::Past,
                    evidence: Evidence { note: Some("it is agreed".into()), ..measured() },
                    lesson: None,
                }),
                Parameter::Hours | Parameter::Spend if !before_agreement => None,
                Parameter::Win | Parameter::Hours if along.is_some() => along.map(|(win, hours)| Line {
                    parameter,
                    range: if parameter == Parameter::Win { win } else { hours },
                    origin: Origin::Deal,
                    evidence: of_steps(&known.steps),
                    lesson: None,
                }),
                _ => line,
            };
            lines.extend(line);
        }
        let chance = chance.copied().filter(|_| before_agreement);
        let contraindications = known.contraindications.clone();
        Some(Self {
            price,
            price_is_assumed,
            lines,
            chance,
            hour_value: Some(of_hour),
            contraindications,
            path,
        })
    }

    /// The line of a parameter.
    pub fn line(&self, parameter: Parameter) -> Option<&Line> {
        self.lines.iter().find(|line| line.parameter == parameter)
    }

    /// How many parameters that could be asked about are only assumed.
    pub fn assumed(&self) -> usize {
        self.lines
            .iter()
            .filter(|line| line.evidence.source == Source::Assumed && line.range.low() < line.range.high())
            .count()
    }

    /// The document for the engine.
    pub fn input(&self, deal: &Deal, settings: &Settings) -> assess::Input {
        let rate = |parameter| self.line(parameter).map_or(Rate::UNKNOWN, |line| rate_of(line.range));
        let hour_value = self.hour_value.as_ref().map_or(settings.hour_value, |hour| hour.value);
        let mut input = sums(deal, self.price.units(), hour_value, settings, |parameter| {
            self.line(parameter).map(|line| line.range)
        });
        input.client.success = rate(Parameter::Success);
        if self.path.is_empty() {
            input.company.win = Some(rate(Parameter::Win));
        } else {
            input.company.hours_to_close = None;
            input.company.path = Some(self.path.clone());
        }
        input.contraindications.clone_from(&self.contraindications);
        input.policy.client_floor = settings.client_floor;
        input.policy.company_floor = settings.company_floor;
        input.questions = Some(self.questions(hour_value));
        input
    }

    /// What could be asked: every parameter that is not known and that somebody can answer.
    fn questions(&self, hour_value: f64) -> Vec<assess::Question> {
        let hours = if hour_value > 0.0 {
            ASK_HOURS.min(ASK_OF_PRICE * self.price.units() / hour_value)
        } else {
            ASK_HOURS
        };
        self.lines
            .iter()
            .filter(|line| line.parameter != Parameter::Win && is_uncertain(line))
            .filter(|line| line.parameter != Parameter::Hours || self.path.is_empty())
            .map(|line| assess::Question {
                parameter: line.parameter.code().to_owned(),
                ask: Some(line.parameter.question().to_owned()),
                hours,
            })
            .collect()
    }
}

/// The sums of both sides of a deal at `price`, for the engine: what `range` says of each parameter, nothing where it says nothing.
/// Chances, limits and questions are for the caller to add.
pub fn sums(
    deal: &Deal,
    price: f64,
    hour_value: f64,
    settings: &Settings,
    range: impl Fn(Parameter) -> Option<Range>,
) -> assess::Input {
    let estimate = |parameter| range(parameter).map_or(Estimate::ZERO, |range| range.estimate());
    let mut input = assess::Input::new(estimate(Parameter::Benefit), price);
    input.client.months_to_benefit = estimate(Parameter::Delay);
    input.client.adoption_cost = estimate(Parameter::Adoption);
    input.client.alternative_value = estimate(Parameter::Alternative);
    input.company.delivery_cost = estimate(Parameter::Delivery);
    input.company.service_cost_per_month = estimate(Parameter::Service);
    input.company.strategic_value = estimate(Parameter::Strategic);
    input.company.spend_to_close = estimate(Parameter::Spend);
    input.company.hours_to_close = Some(estimate(Parameter::Hours));
    input.company.hour_value = hour_value;
    #[expect(clippy::cast_precision_loss, reason = "a horizon is at most 120 months")]
    {
        input.terms.horizon_months = deal.horizon_months as f64;
    }
    input.terms.refund_share = deal.refund_share;
    input.policy.client_weight = settings.client_weight;
    input.samples = SAMPLES;
    input
}

fn is_uncertain(line: &Line) -> bool {
    if line.parameter.unit() == Unit::Share {
        rate_of(line.range).is_uncertain()
    } else {
        line.range.low() < line.range.high()
    }
}

fn measured() -> Evidence {
    Evidence { source: Source::Measured, by: None, on: None, note: None }
}

/// Where the chance and the hours of a path come from: as well founded as the weakest of its steps ahead.
fn of_steps(steps: &[Step]) -> Evidence {
    let ahead: Vec<&Step> = steps.iter().filter(|step| step.ahead().is_some()).collect();
    let source = ahead.iter().map(|step| step.source).min().unwrap_or(crate::base::Source::Assumed);
    let count = i64::try_from(ahead.len()).unwrap_or(i64::MAX);
    let note = format!("from the {} ahead on their path", crate::base::plural(count, "step", "steps"));
    Evidence { source, by: None, on: ahead.iter().filter_map(|step| step.said_on).max(), note: Some(note) }
}

/// What somebody said of a parameter.
fn said(parameter: Parameter, figures: &[Figure], origin: Origin) -> Option<Line> {
    let figure = figures.iter().find(|figure| figure.parameter == parameter)?;
    Some(Line { parameter, range: figure.range(), origin, evidence: figure.evidence(), lesson: None })
}

/// An estimate of ours, or a profile's, as such ones turned out to be (P21); what the client said and what was measured stays.
fn corrected(line: Line, deal: &Deal, ground: &Ground) -> Line {
    let (whence, whose) = match (line.origin, line.evidence.source) {
        (Origin::Deal, Source::OurEstimate) => (Whence::Ours, "such estimates"),
        (Origin::Product, _) => (Whence::Profile, "such deals"),
        _ => return line,
    };
    let Some(real) = ground.lessons.correct(whence, line.parameter, deal.product_id, line.range) else {
        return line;
    };
    let said = line.parameter.unit().show(line.range.likely(), deal.currency, Locale::EnGb);
    let note = format!(
        "{said} was said; {} {whose} turned out {} times that",
        if whence == Whence::Profile { real.n_product } else { real.n },
        Locale::EnGb.number(real.factor, 2)
    );
    let note = match &line.evidence.note {
        Some(before) => format!("{before}; {note}"),
        None => note,
    };
    let lesson = Some(about(whence, line.parameter));
    Line { range: real.range, evidence: Evidence { note: Some(note), ..line.evidence }, lesson, ..line }
}

/// The hours of a profile are for a whole deal; of one that has come further, only those still ahead count (P4:
/// what is spent is spent).
fn ahead(line: Line, phase: Phase) -> Line {
    if !matches!(line.parameter, Parameter::Hours | Parameter::Spend) {
        return line;
    }
    let range = line.range.times(still_ahead(phase));
    Line { range, ..line }
}

/// The share of the work until they decide that is still ahead in a phase.
const fn still_ahead(phase: Phase) -> f64 {
    match phase {
        Phase::Hear => 1.0,
        Phase::Diagnose => 0.8,
        Phase::Propose => 0.5,
        Phase::Agree => 0.25,
        Phase::Deliver | Phase::Verify => 0.0,
    }
}

/// What deals like it tell: by all that is known of it, where that is better than the average; else how often such
/// deals came to an agreement.
fn of_like(deal: &Deal, ground: &Ground, chance: Option<&Chance>) -> Option<Line> {
    let Some(chance) = chance else { return past(deal, ground) };
    let from = format!(
        "from {} of your ended deals, as of {}",
        Locale::EnGb.number(count(chance.n), 0),
        chance.as_of.show(Locale::EnGb)
    );
    if !chance.is_better {
        let mut line = past(deal, ground)?;
        line.evidence.note = line.evidence.note.map(|note| {
            format!("{note}; what else is known of it tells no more: {from}, no better than your average")
        });
        return Some(line);
    }
    let range = Range::new(chance.low, chance.likely, chance.high).ok()?;
    let note = match chance.age_days {
        Some(1) => format!("{from}, for one that has been open for a day"),
        Some(days) => format!("{from}, for one that has been open for {days} days"),
        None => from,
    };
    let evidence = Evidence { note: Some(note), ..measured() };
    Some(Line { parameter: Parameter::Win, range, origin: Origin::Past, evidence, lesson: None })
}

#[expect(clippy::cast_precision_loss, reason = "counts of deals are far below 2^53")]
fn count(n: i64) -> f64 {
    n as f64
}

/// How often such deals came to an agreement: the product's own rate, pulled towards everybody's.
fn past(deal: &Deal, ground: &Ground) -> Option<Line> {
    let all = ground.past_all;
    if all.ended == 0 {
        return None;
    }
    let own = deal.product_id.and_then(|id| ground.past.get(&id)).copied().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "counts of deals are far below 2^53")]
    let [agreed, ended, all_agreed, all_ended] =
        [own.agreed as f64, own.ended as f64, all.agreed as f64, all.ended as f64];
    let rate = (agreed + SHRINK_DEALS * all_agreed / all_ended) / (ended + SHRINK_DEALS);
    let trials = (ended + SHRINK_DEALS.min(all_ended)).min(TRIALS_MAX);
    let range = share_range(rate, trials);
    let whose = if own.ended > 0 { own } else { all };
    let note = format!("{} of {} such deals that ended were agreed", whose.agreed, whose.ended);
    Some(Line {
        parameter: Parameter::Win,
        range,
        origin: Origin::Past,
        evidence: Evidence { note: Some(note), ..measured() },
        lesson: None,
    })
}

/// What is taken until somebody says otherwise.
fn assumed(parameter: Parameter, price: f64, win: f64, deal: &Deal, hour_value: f64) -> Option<Line> {
    #[expect(clippy::cast_precision_loss, reason = "a horizon is at most 120 months")]
    let months = deal.horizon_months.max(1) as f64;
    let of_price = |shares: [f64; 3], over: f64| shares.map(|share| share * price / over);
    let (figures, note) = match parameter {
        Parameter::Benefit => (
            of_price(BENEFIT_OF_PRICE, months),
            "nobody has asked yet: from two fifths of the price to four times it, over the horizon",
        ),
        Parameter::Success => {
            ([0.1, 0.5, 0.9], "nobody has asked yet: anything from hardly ever to nearly always")
        }
        Parameter::Delay => (DELAY_MONTHS, "felt within three months"),
        Parameter::Adoption => {
            (of_price(ADOPTION_OF_PRICE, 1.0), "a little time and training: up to a fifth of the price")
        }
        Parameter::Alternative => ([0.0; 3], "without us they would leave things as they are"),
        Parameter::Delivery => (of_price(DELIVERY_OF_PRICE, 1.0), "about two fifths of the price"),
        Parameter::Service => (of_price(SERVICE_OF_PRICE, 1.0), "at most a hundredth of the price a month"),
        Parameter::Hours => (
            of_price(EFFORT_OF_EXPECTED, hour_value).map(|hours| hours * win * still_ahead(deal.phase)),
            "about a sixteenth of the price we may expect, in hours, less what this phase has behind it",
        ),
        Parameter::Win => ([0.1, 0.5, 0.9], "no deal has ended yet"),
        Parameter::Strategic | Parameter::Spend | Parameter::Price | Parameter::Willing => return None,
    };
    let [low, likely, high] = figures;
    let range = Range::new(low, likely, high).unwrap_or(Range::exactly(likely));
    Some(Line {
        parameter,
        range,
        origin: Origin::Assumption,
        evidence: Evidence::assumed(note),
        lesson: None,
    })
}

/// The range of a share of which so many trials are known: P10 to P90 of its normal approximation, inside 0 to 1.
fn share_range(share: f64, trials: f64) -> Range {
    let half = engine::normal::Z90 * (share * (1.0 - share) / (trials + 1.0)).sqrt();
    Range::new((share - half).max(0.0), share, (share + half).min(1.0)).unwrap_or(Range::exactly(share))
}

/// The counted rate whose mean and spread are those of a range of shares: `n + 3 = m(1−m)/σ²` with
/// `σ = (high − low)/2z`, the moments of the beta distribution. A range without width is known.
pub(super) fn rate_of(range: Range) -> Rate {
    let (mean, spread) =
        (range.likely().clamp(0.0, 1.0), (range.high() - range.low()) / (2.0 * engine::normal::Z90));
    if spread <= 0.0 {
        return Rate::known(mean).unwrap_or(Rate::UNKNOWN);
    }
    let mean = mean.clamp(0.01, 0.99);
    let trials = (mean * (1.0 - mean) / (spread * spread) - 3.0).clamp(0.0, 10_000.0);
    let successes = (mean * (trials + 2.0) - 1.0).clamp(0.0, trials);
    Rate::counted(successes, trials).unwrap_or(Rate::UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deals::{Pipeline, Stage};
    use crate::records::Kept;
    use engine::assess::Verdict;

    fn ground(agreed: i64, ended: i64) -> Ground {
        Ground {
            settings: Settings::default(),
            currency: Currency::EUR,
            zone: jiff::tz::TimeZone::UTC,
            products: HashMap::new(),
            past: HashMap::new(),
            past_all: TrackRecord { agreed, ended, days: [10, 60, 120] },
            learned: None,
            hour_values: HashMap::new(),
            lessons: Arc::default(),
        }
    }

    fn deal(price: Option<i64>) -> Deal {
        let now = crate::base::When::from_micros(1_800_000_000_000_000);
        let stage = Kept {
            id: Id::new(now),
            version: 1,
            created_at: now,
            changed_at: now,
            removed_at: None,
            it: Stage {
                pipeline_id: Id::<Pipeline>::new(now),
                name: "Hear".into(),
                phase: Phase::Hear,
                position: 1,
            },
        };
        let mut deal =
            Deal::named("Online ordering", &stage, Currency::EUR, now, "2026-11-22".parse().unwrap());
        deal.price_minor = price;
        deal
    }

    fn figure(parameter: Parameter, [low, likely, high]: [f64; 3]) -> Figure {
        Figure {
            deal_id: None,
            product_id: None,
            parameter,
            low,
            likely,
            high,
            source: Source::ClientSaid,
            said_by: Some("Maria".into()),
            said_on: None,
            note: None,
        }
    }

    #[test]
    fn a_deal_nobody_asked_about_is_asked_about_whatever_its_size() {
        for price in [5_500, 120_000, 1_800_000, 2_700_000_000] {
            for (agreed, ended) in [(0, 0), (63, 100), (30, 100)] {
                let (deal, ground) = (deal(Some(price)), ground(agreed, ended));
                let basis = Basis::gather(&deal, &Known::default(), &ground, None).unwrap();
                assert!(basis.assumed() >= 6);
                let answer = assess::assess(&basis.input(&deal, &ground.settings)).unwrap();
                assert_eq!(answer.verdict, Verdict::AskFirst, "price {price}, {agreed} of {ended}");
            }
        }
    }

    #[test]
    fn four_good_answers_are_enough_to_go_ahead() {
        let (deal, ground) = (deal(Some(1_800_000)), ground(60, 100));
        let figures = [
            figure(Parameter::Benefit, [3_000.0, 4_000.0, 5_000.0]),
            figure(Parameter::Success, [0.85, 0.9, 0.95]),
            figure(Parameter::Delivery, [7_000.0, 8_000.0, 9_500.0]),
        ];
        let basis = Basis::gather(&deal, &Known::from(figures.to_vec()), &ground, None).unwrap();
        assert_eq!(basis.line(Parameter::Benefit).unwrap().origin, Origin::Deal);
        assert_eq!(basis.line(Parameter::Win).unwrap().origin, Origin::Past);
        let answer = assess::assess(&basis.input(&deal, &ground.settings)).unwrap();
        assert_eq!(answer.verdict, Verdict::GoAhead, "{:?}", answer.reasons);
    }

    #[test]
    fn where_we_cannot_help_the_answer_is_to_walk_away_however_good_the_figures() {
        let (deal, ground) = (deal(Some(1_800_000)), ground(60, 100));
        let known = Known {
            figures: vec![figure(Parameter::Benefit, [9_000.0; 3]), figure(Parameter::Success, [0.95; 3])],
            contraindications: vec!["They drive by night.".into()],
            ..Known::default()
        };
        let basis = Basis::gather(&deal, &known, &ground, None).unwrap();
        let answer = assess::assess(&basis.input(&deal, &ground.settings)).unwrap();
        assert_eq!(answer.verdict, Verdict::WalkAway);
        assert!(answer.reasons[0].text.contains("They drive by night"), "{:?}", answer.reasons);
    }

    #[test]
    fn the_steps_until_they_decide_are_the_path_the_engine_walks() {
        let (mut deal, ground) = (deal(Some(1_800_000)), ground(60, 100));
        let step = |title: &str, went_on: Option<f64>| Step {
            deal_id: Id::of(uuid::Uuid::from_u128(1)),
            title: title.into(),
            position: 1,
            hours_low: Some(2.0),
            hours_likely: Some(3.0),
            hours_high: Some(5.0),
            went_on,
            source: Source::OurEstimate,
            said_by: None,
            said_on: None,
            note: None,
            passed_at: None,
        };
        let known = Known {
            figures: vec![figure(Parameter::Hours, [90.0; 3]), figure(Parameter::Win, [0.9; 3])],
            steps: vec![step("Rui agrees", Some(8.0)), step("The bank", None), step("Signature", Some(9.0))],
            ..Known::default()
        };
        let basis = Basis::gather(&deal, &known, &ground, None).unwrap();
        assert_eq!(basis.path.len(), 2, "a step without figures is shown, not counted");
        assert!(
            basis.line(Parameter::Hours).unwrap().range.likely() < 7.0,
            "the path's hours, not the figure's"
        );
        assert!(
            basis.line(Parameter::Win).unwrap().evidence.note.as_deref().unwrap().contains("2 steps ahead")
        );
        let input = basis.input(&deal, &ground.settings);
        assert!(input.company.win.is_none() && input.company.hours_to_close.is_none());
        let answer = assess::assess(&input).unwrap();
        assert_eq!(answer.path.unwrap().steps.len(), 2);
        deal.phase = Phase::Deliver;
        let basis = Basis::gather(&deal, &known, &ground, None).unwrap();
        assert!(basis.path.is_empty(), "what is agreed has no path left");
    }

    #[test]
    fn without_any_price_there_is_nothing_to_say() {
        assert!(Basis::gather(&deal(None), &Known::default(), &ground(1, 2), None).is_none());
    }

    #[test]
    fn a_range_of_shares_becomes_the_counts_that_spread_alike() {
        let Rate::Counted { successes, trials } = rate_of(Range::new(0.55, 0.7, 0.85).unwrap()) else {
            panic!("counted")
        };
        let mean = (1.0 + successes) / (2.0 + trials);
        let spread = (mean * (1.0 - mean) / (trials + 3.0)).sqrt();
        assert!((mean - 0.7).abs() < 1e-9 && (spread - 0.15 / engine::normal::Z90).abs() < 1e-9);
        assert_eq!(rate_of(Range::exactly(0.7)), Rate::Known(0.7));
    }

    #[test]
    fn a_products_own_rate_is_pulled_towards_everybodys() {
        let mut ground = ground(60, 100);
        let mut deal = deal(Some(100_000));
        let product: Id<Product> = Id::new(crate::base::When::from_micros(0));
        deal.product_id = Some(product);
        ground.past.insert(product, TrackRecord { agreed: 0, ended: 2, days: [1, 2, 3] });
        let line = past(&deal, &ground).unwrap();
        assert!((line.range.likely() - 6.0 / 12.0).abs() < 1e-12);
        assert!(line.evidence.note.unwrap().starts_with("0 of 2"));
    }
}
