//! What every insight is made of: what it is asked for, what it answers, and how figures are said.

use crate::accounts::{Member, Team, store as accounts};
use crate::assessment;
use crate::base::{Currency, Date, Id, Money};
use crate::commitments::Side;
use crate::deals::{self, Phase, Pipeline, Standing};
use crate::error::Result;
use crate::insights::store::{self, List, Row};
use crate::insights::{CASES_MIN, wilson};
use crate::outcomes::{Felt, Reached};
use crate::products::Product;
use crate::records::Kept;
use crate::tallies::{self, Month, Name, Wish, store::Told};
use crate::web::encode;
use crate::web::picture::{Column, Rod};
use crate::web::{Input, Visit};
use db::Conn;
use std::collections::HashMap;

/// Months that are drawn one by one; more are put together by quarters, then by years.
const MONTHS_MAX: i32 = 24;
/// Quarters that are drawn one by one.
const QUARTERS_MAX: i32 = 72;

type Choice = (String, String);

/// What an insight is asked for; all of it is in the address.
pub(super) struct Filter {
    /// `12` months, `year`, `all`.
    pub(super) period: String,
    /// `member:ID`, `team:ID`, or empty for everybody's.
    pub(super) who: String,
    pub(super) product: String,
    pub(super) pipeline: String,
    pub(super) from: Option<Month>,
    pub(super) to: Month,
    owners: Option<Vec<Id<Member>>>,
    pub(super) people: Vec<Choice>,
    pub(super) products: Vec<Choice>,
    pub(super) pipelines: Vec<Choice>,
    pub(super) has_period: bool,
    members: Vec<Kept<Member>>,
}

/// The periods, the usual one in the middle.
const PERIODS: [(&str, &str); 6] = [
    ("3", "Last 3 months"),
    ("6", "Last 6 months"),
    ("12", "Last 12 months"),
    ("24", "Last 24 months"),
    ("year", "This year"),
    ("all", "All the time"),
];

impl Filter {
    pub(super) async fn read(
        conn: &mut Conn,
        visit: &Visit,
        asked: &Input,
        has_period: bool,
    ) -> Result<Self> {
        let scope = visit.scope();
        let members = accounts::members(conn, scope.workspace()).await?;
        let members: Vec<_> = members.into_iter().filter(|member| scope.may_see(Some(member.id))).collect();
        let teams: Vec<Kept<Team>> = if scope.owners().is_none() {
            accounts::teams(conn, scope.workspace()).await?
        } else {
            Vec::new()
        };
        let products: Vec<Kept<Product>> = assessment::store::products(conn, scope.workspace()).await?;
        let pipelines: Vec<Kept<Pipeline>> = deals::store::pipelines(conn, scope.workspace()).await?;
        let to = Month::of(visit.today());
        // What stands open now is of no time.
        let period = if has_period { asked.get("period") } else { "all" };
        let period = PERIODS.iter().find(|(code, _)| *code == period).map_or("12", |(code, _)| code);
        let from = match period {
            "all" => None,
            "year" => Month::parse(&format!("{}-01", visit.today().civil().year())),
            months => months.parse().ok().map(|months: i32| to.plus(1 - months)),
        };
        let who = asked.get("who");
        let owners = match who.split_once(':') {
            Some(("member", id)) => id.parse().ok().map(|id| vec![id]),
            Some(("team", id)) => {
                let team: Option<Id<Team>> = id.parse().ok();
                let of_team =
                    members.iter().filter(|member| member.team_id.is_some() && member.team_id == team);
                team.map(|_| of_team.map(|member| member.id).collect())
            }
            _ => None,
        };
        let people = teams.iter().map(|team| (format!("team:{}", team.id), format!("Team {}", team.name)));
        let people =
            people.chain(members.iter().map(|member| (format!("member:{}", member.id), member.name.clone())));
        let there = |asked: &str, all: &[Choice]| {
            all.iter().find(|(id, _)| id == asked).map_or_else(String::new, |(id, _)| id.clone())
        };
        let people: Vec<Choice> = people.collect();
        let products: Vec<Choice> =
            products.iter().map(|product| (product.id.to_string(), product.name.clone())).collect();
        let pipelines: Vec<Choice> =
            pipelines.iter().map(|pipeline| (pipeline.id.to_string(), pipeline.name.clone())).collect();
        let who = there(who, &people);
        Ok(Self {
            period: period.to_owned(),
            owners: owners.filter(|_| !who.is_empty()),
            who,
            product: there(asked.get("product"), &products),
            pipeline: there(asked.get("pipeline"), &pipelines),
            from,
            to,
            people,
            products,
            pipelines,
            has_period,
            members,
        })
    }

    pub(super) fn periods(&self) -> &'static [(&'static str, &'static str)] {
        &PERIODS
    }

    /// What is asked of the counters.
    pub(super) fn wish(&self, names: &[Name]) -> Wish {
        Wish {
            names: names.to_vec(),
            from: self.from,
            // What is dated ahead of us counts in the month it will be.
            to: self.from.map(|_| self.to),
            owners: self.owners.clone(),
            product: self.product.parse().ok(),
            pipeline: self.pipeline.parse().ok(),
        }
    }

    /// An address with everything that is chosen.
    pub(super) fn address(&self, path: &str) -> String {
        let usual = if self.period == "12" || !self.has_period { "" } else { &self.period };
        let pairs =
            [("period", usual), ("who", &self.who), ("product", &self.product), ("pipeline", &self.pipeline)];
        let query: Vec<String> = pairs
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
    }

    /// `In the last 12 months`, at the beginning of a sentence.
    pub(super) fn when(&self) -> String {
        match self.period.as_str() {
            "all" => "So far".into(),
            "year" => "This year".into(),
            months => format!("In the last {months} months"),
        }
    }

    /// Whether anything but the period is chosen.
    pub(super) fn is_narrow(&self) -> bool {
        self.owners.is_some() || !self.product.is_empty() || !self.pipeline.is_empty()
    }
}

/// What an insight answers.
pub(super) struct Answer {
    /// The sentence.
    pub(super) sentence: String,
    /// What is to be known about it: how few they are, what is not in it.
    pub(super) notes: Vec<String>,
    /// The pictures, each with its heading.
    pub(super) pictures: Vec<(String, String)>,
    pub(super) tables: Vec<Table>,
    /// Where nothing is there yet: what would fill it, and where that is done.
    pub(super) missing: Option<Missing>,
    /// What can be done about it: a button, and where its form goes.
    pub(super) verb: Option<(&'static str, &'static str)>,
}

/// Why there is nothing to show, and what to do.
pub(super) struct Missing {
    pub(super) title: &'static str,
    pub(super) text: String,
    pub(super) href: &'static str,
    pub(super) link: &'static str,
}

impl Answer {
    /// Whether a share is told with its interval.
    pub(super) fn has_interval(&self) -> bool {
        self.sentence.contains("likely between")
            || self.notes.iter().any(|note| note.contains("likely between"))
    }

    /// Nothing to say yet.
    pub(super) fn nothing(sentence: impl Into<String>, missing: Missing) -> Self {
        Self {
            sentence: sentence.into(),
            notes: Vec::new(),
            pictures: Vec::new(),
            tables: Vec::new(),
            missing: Some(missing),
            verb: None,
        }
    }
}

/// A table; the last of its rows may be the whole.
pub(super) struct Table {
    pub(super) caption: String,
    /// Names of columns, and whether they hold figures.
    pub(super) head: Vec<(String, bool)>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(super) fn new(caption: impl Into<String>, head: &[(&str, bool)]) -> Self {
        let head = head.iter().map(|(name, is_figure)| ((*name).to_owned(), *is_figure)).collect();
        Self { caption: caption.into(), head, rows: Vec::new() }
    }

    pub(super) fn is_figure(&self, place: &usize) -> bool {
        self.head.get(*place).is_some_and(|(_, is_figure)| *is_figure)
    }
}

/// A cell: what people read, what a file says, where it leads.
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) raw: String,
    pub(super) href: String,
}

impl Cell {
    /// The same for people and files.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { raw: text.clone(), text, href: String::new() }
    }

    /// For people one way, for files another.
    pub(super) fn of(text: impl Into<String>, raw: impl ToString) -> Self {
        Self { text: text.into(), raw: raw.to_string(), href: String::new() }
    }

    /// Nothing is known.
    pub(super) fn none() -> Self {
        Self::of("–", "")
    }
}

/// Where an answer comes from, and how it is said.
pub(super) struct Ground<'a> {
    pub(super) conn: &'a mut Conn,
    pub(super) visit: &'a Visit,
    pub(super) filter: &'a Filter,
}

/// A stretch of time that is one column: its first and last month, and what stands under it.
pub(super) struct Stretch {
    pub(super) from: Month,
    pub(super) to: Month,
    pub(super) label: String,
    pub(super) under: String,
}

impl Stretch {
    pub(super) fn has(&self, month: Option<Month>) -> bool {
        month.is_some_and(|month| (self.from..=self.to).contains(&month))
    }
}

impl<'a> Ground<'a> {
    pub(super) fn new(conn: &'a mut Conn, visit: &'a Visit, filter: &'a Filter) -> Self {
        Self { conn, visit, filter }
    }

    /// What the counters hold.
    pub(super) async fn told(&mut self, names: &[Name]) -> Result<Vec<Told>> {
        Ok(tallies::store::told(self.conn, self.visit.scope(), &self.filter.wish(names)).await?)
    }

    pub(super) fn money(&self, minor: i64, currency: Currency) -> String {
        let units = Money { minor, currency }.units().round();
        self.visit.money(Money::of_units(units, currency))
    }

    /// With a plus before gains.
    pub(super) fn gain(&self, minor: i64, currency: Currency) -> String {
        let text = self.money(minor, currency);
        if minor > 0 { format!("+{text}") } else { text }
    }

    pub(super) fn number(&self, n: i64) -> String {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        self.visit.locale().number(n as f64, 0)
    }

    /// `1 deal`, `1,200 deals`: the one way in which insights say how many.
    pub(super) fn some(&self, n: i64, one: &str, many: &str) -> String {
        format!("{} {}", self.number(n), if n == 1 { one } else { many })
    }

    /// Where the workspace is: the counters' days are those of this zone.
    pub(super) fn zone(&self) -> jiff::tz::TimeZone {
        self.visit.seat.workspace.zone()
    }

    /// The records behind, the last first.
    pub(super) async fn behind(&mut self, list: List, wish: &Wish) -> Result<Vec<Row>> {
        let today = (self.visit.today(), &self.zone());
        Ok(store::behind(self.conn, self.visit.scope(), (list, wish), "", today).await?)
    }

    /// Minutes as hours: `12 h`, below ten with a half.
    pub(super) fn hours(&self, minutes: i64) -> String {
        let hours = hours(minutes);
        let decimals = usize::from(hours.abs() < 9.95 && hours.fract().abs() > 0.05);
        format!("{} h", self.visit.locale().number(hours, decimals))
    }

    /// A share with its interval, or that there are too few: `62 of 100, likely between 48 and 74`.
    pub(super) fn share(&self, hits: i64, n: i64) -> String {
        let Some([low, share, high]) = wilson(hits, n) else { return "none yet".into() };
        let of_100 = |share: f64| self.visit.locale().number((share * 100.0).round(), 0);
        if n < CASES_MIN {
            return format!("{} of {}, too few to say more", self.number(hits), self.number(n));
        }
        format!("{} of 100, likely between {} and {}", of_100(share), of_100(low), of_100(high))
    }

    /// The name of a member; empty ids are nobody's.
    pub(super) fn member(&self, id: &str) -> String {
        let known = self.filter.members.iter().find(|member| member.id.to_string() == id);
        known.map_or_else(
            || if id.is_empty() { "Nobody" } else { "Somebody else" }.to_owned(),
            |member| member.name.clone(),
        )
    }

    /// The columns of the period. Without a first month it begins with the first that is known.
    pub(super) fn stretches(&self, told: &[Told]) -> Vec<Stretch> {
        let first = told.iter().filter_map(|it| it.month).min();
        let last = told.iter().filter_map(|it| it.month).max().unwrap_or(self.filter.to).max(self.filter.to);
        let to = if self.filter.from.is_some() { self.filter.to } else { last };
        let from = self.filter.from.or(first).unwrap_or(to).min(to);
        let months = to.since(from) + 1;
        let step = if months <= MONTHS_MAX {
            1
        } else if months <= QUARTERS_MAX {
            3
        } else {
            12
        };
        // Quarters and years begin where those of the calendar do.
        let into = from.first().map_or(0, |day| (i32::from(day.civil().month()) - 1) % step);
        let mut at = from.plus(-into);
        let mut all = Vec::new();
        let locale = self.visit.locale();
        while at <= to && all.len() < 60 {
            let end = at.plus(step - 1);
            let (name, year) = words_of(&at.show(locale));
            let label = match step {
                1 => name.clone(),
                3 => format!("{name}–{}", words_of(&end.show(locale)).0),
                _ => year.clone(),
            };
            let is_new = all.is_empty() || at.first().is_some_and(|day| day.civil().month() == 1);
            let under = if step < 12 && is_new { year } else { String::new() };
            all.push(Stretch { from: at, to: end, label, under });
            at = at.plus(step);
        }
        all
    }

    /// The name of a column in a table.
    pub(super) fn stretch_name(&self, stretch: &Stretch) -> String {
        let (name, year) = words_of(&stretch.from.show(self.visit.locale()));
        match stretch.to.since(stretch.from) {
            0 => format!("{name} {year}"),
            2 => format!("{} {year}", stretch.label),
            _ => stretch.label.clone(),
        }
    }

    /// A picture's columns: for each stretch what `rods` draws.
    pub(super) fn columns(stretches: &[Stretch], rods: impl Fn(&Stretch) -> Vec<Rod>) -> Vec<Column> {
        let column = |stretch: &Stretch| Column {
            label: stretch.label.clone(),
            under: stretch.under.clone(),
            rods: rods(stretch),
        };
        stretches.iter().map(column).collect()
    }

    /// The currencies of what is told, that of the workspace first, then those with most.
    pub(super) fn currencies(&self, told: &[Told]) -> Vec<Currency> {
        let mut all: HashMap<Currency, i64> = HashMap::new();
        for it in told {
            if let Some(currency) = it.currency {
                *all.entry(currency).or_default() += it.sum.n;
            }
        }
        let own = self.visit.currency();
        let mut all: Vec<(Currency, i64)> = all.into_iter().collect();
        all.sort_by_key(|(currency, n)| (*currency != own, -n, *currency));
        all.into_iter().map(|(currency, _)| currency).collect()
    }

    /// What is said of sums in other currencies.
    pub(super) fn apart(&self, currencies: &[Currency]) -> Option<String> {
        let others: Vec<&str> = currencies.iter().skip(1).map(|currency| currency.code()).collect();
        let main = currencies.first()?;
        (!others.is_empty()).then(|| {
            format!(
                "The sentence and the picture are of {}. Sums in {} stand apart in the table: no rate is known, so they are not added.",
                main.code(),
                others.join(", ")
            )
        })
    }
}

/// `Nov 2026` in two.
fn words_of(month: &str) -> (String, String) {
    month
        .rsplit_once(' ')
        .map_or((month.to_owned(), String::new()), |(name, year)| (name.to_owned(), year.to_owned()))
}

/// Minutes as hours.
#[expect(clippy::cast_precision_loss, reason = "minutes are far below 2^53")]
pub(super) fn hours(minutes: i64) -> f64 {
    minutes as f64 / 60.0
}

/// Of those told, how many and how much `which` are.
pub(super) fn sum(told: &[Told], which: impl Fn(&Told) -> bool) -> tallies::Sum {
    let mut all = tallies::Sum::default();
    for it in told.iter().filter(|it| which(it)) {
        all.n += it.sum.n;
        all.total += it.sum.total;
    }
    all
}

/// A picture as text for the page.
pub(super) fn drawn(picture: &impl askama::Template) -> Result<String> {
    picture.render().map_err(|error| crate::error::Error::Internal(format!("drawing: {error}")))
}

/// A sum of shares in millionths, of 100 on average.
pub(super) fn of_100(sum: tallies::Sum) -> i64 {
    if sum.n == 0 { 0 } else { (sum.total * 100 / sum.n + 500_000) / 1_000_000 }
}

/// The same, for a sentence.
pub(super) fn mean_share(sum: tallies::Sum) -> String {
    of_100(sum).to_string()
}

/// What both gained.
fn gains(client: Option<f64>, company: Option<f64>, money: &dyn Fn(f64) -> String) -> String {
    match (client, company) {
        (Some(client), Some(company)) => {
            format!("They gained {}, we gained {}", money(client), money(company))
        }
        _ => "Nobody measured what they gained".into(),
    }
}

/// `We promised “Send the list”: done 3 Nov, as promised`, of what the store says of a promise.
fn promise_said(visit: &Visit, words: &str, promised: Option<Date>) -> String {
    let (side, rest) = words.split_once(' ').unwrap_or((words, ""));
    let (done, title) = rest.split_once(' ').unwrap_or((rest, ""));
    let who = Side::parse(side).map_or("", Side::label);
    let became = match done.parse::<Date>().ok() {
        None => "not done".to_owned(),
        Some(done) if promised.is_some_and(|promised| done > promised) => {
            format!("done {}, later than promised", done.show(visit.locale()))
        }
        Some(done) => format!("done {}, as promised", done.show(visit.locale())),
    };
    format!("{who} promised “{title}”: {became}")
}

/// A record behind a figure, as a line.
pub(super) fn line(visit: &Visit, list: List, row: Row) -> super::RecordLine {
    let money = |value: f64| {
        let text = visit.money(Money::of_units(value.round(), row.currency));
        if value >= 0.5 { format!("+{text}") } else { text }
    };
    let words = row.words.unwrap_or_default();
    let said = match list {
        List::Results => {
            let reached = Reached::parse(&words).map_or("", Reached::label);
            format!("What they wanted: {}. {}", reached.to_lowercase(), gains(row.first, row.second, &money))
        }
        List::MisSales => gains(row.first, row.second, &money),
        List::WalkedAway => match row.first {
            Some(hours) => {
                let ahead = if hours.round() == 1.0 { "hour was" } else { "hours were" };
                format!("{words} {} {ahead} still ahead.", visit.locale().number(hours.round(), 0))
            }
            None => words,
        },
        List::Ended => Standing::parse(&words).map_or("", Standing::label).to_owned(),
        List::Open => Phase::parse(&words).map_or("", Phase::label).to_owned(),
        List::Concessions => {
            let cost = row.first.map(|cost| visit.money(Money::of_units(cost.round(), row.currency)));
            format!("{words} (likely cost {})", cost.unwrap_or_default())
        }
        List::Gladness => {
            let (felt, because) = words.split_once(' ').unwrap_or((&words, ""));
            let felt = Felt::parse(felt).map_or("", Felt::label);
            if because.is_empty() { felt.to_owned() } else { format!("{felt}: “{because}”") }
        }
        List::Learnt => words,
        List::Promises => promise_said(visit, &words, row.day),
    };
    let href = match list {
        List::Promises => format!("/deals/{}/plan", row.deal),
        List::Results | List::MisSales | List::Gladness => format!("/deals/{}/outcome", row.deal),
        _ => format!("/deals/{}", row.deal),
    };
    super::RecordLine {
        href,
        title: row.title,
        company: row.company.unwrap_or_default(),
        day: row.day.map_or_else(String::new, |day| day.show(visit.locale())),
        said,
    }
}
