//! What a deal and its parts come to: the rules of counting. Pure. Who changes them adds one to `RULES`.

use crate::accounts::Member;
use crate::activities::Activity;
use crate::base::{Currency, Date, Id, Money, codes};
use crate::commitments::{Commitment, Side};
use crate::concessions::{Concession, State};
use crate::deals::{Deal, Standing};
use crate::departures::Departure;
use crate::diagnosis::Parameter;
use crate::outcomes::{Felt, Gladness, Outcome, REAL, Reached, Whence, Whose};
use crate::pursuit::Effort;
use crate::records::Kept;
use crate::tallies::{Key, Month, Name, Sums};
use jiff::tz::TimeZone;

/// Hours or money that went into a deal: an entry, or an activity that took time.
#[derive(Debug, Clone, PartialEq)]
pub struct Effortful {
    /// Which record.
    pub id: uuid::Uuid,
    /// Into which deal; none for what was done for a client beside its deals.
    pub deal: Option<Id<Deal>>,
    /// Whose hours.
    pub who: Option<Id<Member>>,
    /// On which day, where the workspace is.
    pub day: Date,
    /// How long.
    pub minutes: i64,
    /// What it cost.
    pub spent: Option<Money>,
}

impl Effortful {
    /// An entry.
    pub fn of_effort(kept: &Kept<Effort>) -> Self {
        Self {
            id: kept.id.uuid(),
            deal: Some(kept.deal_id),
            who: kept.owner_id,
            day: kept.worked_on,
            minutes: kept.minutes.unwrap_or(0),
            spent: kept.spent(),
        }
    }

    /// An activity.
    pub fn of_activity(kept: &Kept<Activity>, zone: &TimeZone) -> Self {
        Self {
            id: kept.id.uuid(),
            deal: kept.deal_id,
            who: kept.owner_id,
            day: kept.happened_at.day(zone),
            minutes: kept.minutes.unwrap_or(0),
            spent: None,
        }
    }
}

/// The live parts of a deal that are counted.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// Hours and money.
    pub efforts: Vec<Effortful>,
    /// Its results: the last one counts.
    pub outcomes: Vec<Kept<Outcome>>,
    /// How glad they are.
    pub gladness: Vec<Kept<Gladness>>,
    /// How it was left: the last one counts.
    pub departures: Vec<Kept<Departure>>,
    /// What was given.
    pub concessions: Vec<Kept<Concession>>,
    /// What both sides promised.
    pub commitments: Vec<Kept<Commitment>>,
}

codes! {
    /// What became of a promise that has a day.
    pub enum Became {
        /// It was done by the day it was promised for.
        Kept = "kept", "kept";
        /// It was done after that day.
        Late = "late", "later than promised";
        /// It is not done: not kept, once its day is past.
        Open = "open", "not done";
    }
}

impl Became {
    /// What became of one, and how many days late it was; nothing for one without a day, and for one whose day had not come when
    /// its deal was left.
    pub fn of(it: &Commitment, deal: &Deal) -> Option<(Self, i64)> {
        let promised = it.promised_on?;
        match it.done_on {
            Some(done) if done > promised => Some((Self::Late, done.days_since(promised))),
            Some(_) => Some((Self::Kept, 0)),
            None => (!it.is_let_go(deal)).then_some((Self::Open, 0)),
        }
    }
}

/// Whether a sale was a mis-sale (P15), as a code: it left them worse off, they would not make it again, or both.
pub fn is_missale<'g>(
    outcome: Option<&Outcome>,
    gladness: impl IntoIterator<Item = &'g Gladness>,
) -> Option<&'static str> {
    let worse = outcome.is_some_and(Outcome::is_worse_off);
    let mut said = gladness.into_iter().filter(|it| it.whose == Whose::Client);
    let never = said.any(|it| it.felt == Felt::NotAgain);
    match (worse, never) {
        (true, true) => Some("both"),
        (true, false) => Some("worse_off"),
        (false, true) => Some("would_not_again"),
        (false, false) => None,
    }
}

/// What a live deal and its parts come to; what is removed comes to nothing. Moments count on the day it was in `zone`.
pub fn tallies(deal: &Kept<Deal>, parts: &Parts, zone: &TimeZone) -> Sums {
    let mut sums = Sums::default();
    if deal.removed_at.is_some() {
        return sums;
    }
    let book = Book { deal: &deal.it, zone };
    book.deal(&mut sums);
    for effort in &parts.efforts {
        book.effort(effort, &mut sums);
    }
    let outcome = parts.outcomes.iter().max_by_key(|kept| (kept.created_at, kept.id));
    if let Some(outcome) = outcome {
        book.outcome(outcome, &mut sums);
    }
    for it in &parts.gladness {
        let detail = format!("{}:{}:{}", it.moment.code(), it.whose.code(), it.felt.code());
        sums.add(book.key(Name::Glad, Some(it.said_on), None, &detail), 1, 0);
    }
    if let Some(which) = is_missale(outcome.map(|kept| &kept.it), parts.gladness.iter().map(|kept| &kept.it))
    {
        let said = parts.gladness.iter().map(|it| it.said_on).max();
        let day = outcome.map(|kept| kept.measured_on).or(said);
        sums.add(book.key(Name::MisSale, day, None, which), 1, 0);
    }
    let departure = parts.departures.iter().max_by_key(|kept| (kept.created_at, kept.id));
    if let Some(departure) = departure.filter(|_| deal.standing == Standing::WalkedAway) {
        let minutes = whole(departure.hours_saved * 60.0);
        sums.add(book.key(Name::Saved, deal.closed_on, None, ""), 1, minutes);
    }
    for it in parts.concessions.iter().filter(|it| it.state == State::Granted) {
        book.concession(it, &mut sums);
    }
    for it in &parts.commitments {
        book.commitment(it, &mut sums);
    }
    sums
}

/// What hours with a client beside its deals come to.
pub fn loose(it: &Effortful) -> Sums {
    let mut sums = Sums::default();
    let detail = it.who.map_or_else(String::new, |who| who.to_string());
    let month = Some(Month::of(it.day));
    let key = Key {
        name: Name::HoursLoose,
        month,
        owner: it.who,
        product: None,
        pipeline: None,
        currency: None,
        detail,
    };
    if it.minutes > 0 {
        sums.add(key, 1, it.minutes);
    }
    sums
}

/// A whole number, as near as can be.
#[expect(clippy::cast_possible_truncation, reason = "rounded, and clamped where it is added")]
fn whole(value: f64) -> i64 {
    if value.is_finite() { value.round() as i64 } else { 0 }
}

/// A share in millionths.
fn millionths(share: f64) -> i64 {
    whole(share * 1_000_000.0)
}

struct Book<'a> {
    deal: &'a Deal,
    zone: &'a TimeZone,
}

impl Book<'_> {
    fn key(&self, name: Name, day: Option<Date>, currency: Option<Currency>, detail: &str) -> Key {
        Key {
            name,
            month: day.map(Month::of),
            owner: self.deal.owner_id,
            product: self.deal.product_id,
            pipeline: Some(self.deal.pipeline_id),
            currency,
            detail: detail.to_owned(),
        }
    }

    /// So many units of the deal's currency, in minor units.
    fn minor(&self, units: f64) -> i64 {
        if units.is_finite() { Money::of_units(units, self.deal.currency).minor } else { 0 }
    }

    fn deal(&self, sums: &mut Sums) {
        let deal = self.deal;
        let (price, currency) = (deal.price_minor.unwrap_or(0), Some(deal.currency));
        let is_left = matches!(deal.standing, Standing::WalkedAway | Standing::Declined);
        if let Some(day) = deal.agreed_on.filter(|_| !is_left) {
            sums.add(self.key(Name::Agreed, Some(day), currency, ""), 1, price);
        }
        if deal.standing.is_ended() {
            sums.add(self.key(Name::Ended, deal.closed_on, currency, deal.standing.code()), 1, price);
        }
        if deal.standing == Standing::Open {
            sums.add(self.key(Name::Open, deal.opened_on, currency, &deal.stage_id.to_string()), 1, price);
        }
    }

    fn effort(&self, it: &Effortful, sums: &mut Sums) {
        let deal = self.deal;
        if it.minutes > 0 {
            let who = it.who.map_or_else(String::new, |who| who.to_string());
            sums.add(self.key(Name::Hours, Some(it.day), None, &who), 1, it.minutes);
            let end = deal.closed_on.filter(|_| deal.standing.is_ended());
            sums.add(self.key(Name::HoursEnded, end, None, deal.standing.code()), 1, it.minutes);
        }
        if let Some(spent) = it.spent {
            sums.add(self.key(Name::Spent, Some(it.day), Some(spent.currency), ""), 1, spent.minor);
        }
    }

    fn outcome(&self, it: &Outcome, sums: &mut Sums) {
        let (day, currency) = (Some(it.measured_on), Some(self.deal.currency));
        let share = millionths(it.share);
        sums.add(self.key(Name::Result, day, None, it.reached.code()), 1, share);
        sums.add(self.key(Name::ClientGain, day, currency, ""), 1, self.minor(it.client_gain));
        sums.add(self.key(Name::CompanyGain, day, currency, ""), 1, self.minor(it.company_gain));
        if let Some((client, company)) = it.thought.hoped {
            sums.add(self.key(Name::ClientHope, day, currency, ""), 1, self.minor(client));
            sums.add(self.key(Name::CompanyHope, day, currency, ""), 1, self.minor(company));
        }
        let likely = |parameter| it.thought.of(parameter).map(|line| line.range.likely());
        if let Some(hours) = it.hours.or(likely(Parameter::Hours)).filter(|hours| *hours > 0.0) {
            let brought = it.company_gain + hours * it.thought.hour_value;
            let minutes = whole(hours * 60.0).max(1);
            sums.add(self.key(Name::Worth, day, currency, ""), minutes, self.minor(brought));
        }
        for parameter in REAL {
            let line = it.thought.of(parameter).filter(|line| line.whence != Whence::Assumed);
            let Some((line, real)) = line.zip(it.real(parameter)) else { continue };
            let place = match line.range {
                range if real < range.low() => "below",
                range if real > range.high() => "above",
                _ => "within",
            };
            let detail = format!("{}:{}:{place}", line.whence.code(), parameter.code());
            sums.add(self.key(Name::Estimate, day, None, &detail), 1, 0);
        }
        if let Some(said) = likely(Parameter::Success) {
            let tenth = whole((said * 10.0).floor()).clamp(0, 9).to_string();
            // What came of it is whether they have what they wanted; a part of it counts as its share.
            let came = if it.reached == Reached::Fully { 1_000_000 } else { share };
            sums.add(self.key(Name::Chance, day, None, &tenth), 1, came);
            sums.add(self.key(Name::ChanceSaid, day, None, &tenth), 1, millionths(said));
        }
    }

    fn concession(&self, it: &Kept<Concession>, sums: &mut Sums) {
        let at = it.decided_at.unwrap_or(it.created_at);
        let (day, currency) = (Some(at.day(self.zone)), Some(self.deal.currency));
        let detail = if it.came_back.is_some() { "returned" } else { "unreturned" };
        sums.add(self.key(Name::Given, day, currency, detail), 1, self.minor(it.cost_likely));
        if let Some(worth) = it.worth_likely {
            sums.add(self.key(Name::GivenWorth, day, currency, detail), 1, self.minor(worth));
        }
    }

    fn commitment(&self, it: &Commitment, sums: &mut Sums) {
        let Some((became, days)) = Became::of(it, self.deal) else { return };
        let all = format!("{}:{}", it.side.code(), became.code());
        sums.add(self.key(Name::Promise, it.promised_on, None, &all), 1, days);
        if it.side == Side::Company {
            let by = format!("{}:{}", it.who().unwrap_or_default(), became.code());
            sums.add(self.key(Name::PromiseOurs, it.promised_on, None, &by), 1, days);
        }
    }
}
