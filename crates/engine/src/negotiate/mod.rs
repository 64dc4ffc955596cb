//! What else could be in the deal? Packages that are better for both, and what to offer next.
//!
//! A deal is a set of issues (price, term, training …), each with options that are worth something to the
//! company and something to the client. Utilities add up over the issues. The answer holds the exact Pareto
//! frontier, the classic bargaining solutions on it, and advice: packages better for both than the present
//! one, what to ask in return for what the client wishes, and several offers that are equal for us, so that
//! the client's pick tells what it values. The method, its sources and its limits: `docs/method/negotiate.md`.

mod client;
mod frontier;
pub mod genius;
mod offers;
mod report;

use crate::exact::{self, Product, Unit, Worth, leximin};
use crate::{Error, Estimate};
use client::Client;
use frontier::{Choice, Found, Kept, Search};
pub(crate) use report::figure;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// The most issues a negotiation may have.
pub const ISSUES_MAX: usize = 64;
/// The most options an issue may have.
pub const OPTIONS_MAX: usize = 1_000;
/// The most options all issues together may have.
pub const OPTIONS_TOTAL_MAX: usize = 10_000;
/// The most packages of the frontier that can be asked for.
pub const FRONTIER_LIMIT_MAX: usize = 100_000;
/// The most offers that can be asked for, and the most that can have been on the table in one choice.
pub const OFFERS_MAX: usize = 20;
/// The most past choices that are learned from.
pub const CHOICES_MAX: usize = 100;
/// At most so many improvements and so many returns are told.
pub const ADVICE_MAX: usize = 20;

/// Utilities lie within ± this, so that sums and gains stay finite.
const UTILITY_MAX: f64 = 1e300;
/// At most so many points of the frontier are kept; past it the frontier is an ε-frontier.
const FRONTIER_POINTS_MAX: usize = 1 << 19;
/// At most so many points are kept while looking for improvements, and, for each number of changes, for returns.
const IMPROVEMENT_POINTS_MAX: usize = 1 << 17;
const RETURN_POINTS_MAX: usize = 1 << 13;

/// A negotiation.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// What is negotiated: 1 to [`ISSUES_MAX`] issues with different names.
    pub issues: Vec<Issue>,
    /// The utility below which the company is better off without the deal.
    #[serde(default)]
    pub company_reservation: f64,
    /// The utility below which the client is better off without the deal.
    #[serde(default)]
    pub client_reservation: f64,
    /// The package as it stands: an option of every issue.
    #[serde(default)]
    pub current: Option<Package>,
    /// The changes to `current` that the client asks for.
    #[serde(default)]
    pub requested: Option<Package>,
    /// What the client picked when several offers were on the table.
    #[serde(default)]
    pub choices: Vec<Picked>,
    /// At most so many packages of the frontier are listed.
    #[serde(default = "frontier_limit")]
    pub frontier_limit: usize,
    /// How many offers to make.
    #[serde(default = "offer_count")]
    pub offer_count: usize,
}

fn frontier_limit() -> usize {
    1_000
}

fn offer_count() -> usize {
    3
}

/// Something that is negotiated.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// Its name.
    pub name: String,
    /// What can be agreed on it: 1 to [`OPTIONS_MAX`] options with different names.
    pub options: Vec<Choosable>,
}

/// An option of an issue.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choosable {
    /// Its name.
    pub name: String,
    /// What it is worth to the company.
    pub company: f64,
    /// What it is worth to the client, as far as is known; `None` (`null`) where nothing is. A range counts
    /// with its mean.
    #[serde(deserialize_with = "required")]
    pub client: Option<Estimate>,
}

/// Makes a field that may be `null` one that may not be missing.
fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Estimate>, D::Error> {
    Option::deserialize(deserializer)
}

/// A choice of the client among several offers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picked {
    /// The packages that were on the table, each with an option of every issue.
    pub offered: Vec<Package>,
    /// Which of them it picked, counted from 0.
    pub picked: usize,
}

/// Options by issue: `{"Price": "90", "Term": "24 months"}`, in the order of the issues when the engine writes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Package(pub Vec<(Arc<str>, Arc<str>)>);

impl<S: AsRef<str>, T: AsRef<str>> FromIterator<(S, T)> for Package {
    fn from_iter<I: IntoIterator<Item = (S, T)>>(pairs: I) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(issue, option)| (issue.as_ref().into(), option.as_ref().into()))
                .collect(),
        )
    }
}

impl Serialize for Package {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(issue, option)| (&**issue, &**option)))
    }
}

impl<'de> Deserialize<'de> for Package {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Options;

        impl<'de> Visitor<'de> for Options {
            type Value = Package;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of issues and their options, such as {\"Price\": \"90\"}")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Package, A::Error> {
                let mut pairs: Vec<(Arc<str>, Arc<str>)> = Vec::new();
                while let Some((issue, option)) = map.next_entry::<String, String>()? {
                    if pairs.len() == ISSUES_MAX {
                        return Err(de::Error::custom(format!(
                            "a package names at most {ISSUES_MAX} issues"
                        )));
                    }
                    if pairs.iter().any(|(known, _)| **known == *issue) {
                        return Err(de::Error::custom(format!("the issue \"{issue}\" is named twice")));
                    }
                    pairs.push((issue.into(), option.into()));
                }
                Ok(Package(pairs))
            }
        }

        deserializer.deserialize_map(Options)
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// How many packages there are, exactly, in decimal.
    pub outcomes: String,
    /// The Pareto frontier, best for the company first; past `frontier_limit` evenly thinned, both ends kept. Of
    /// packages worth the same to both, the one with the earlier options stands for all.
    pub frontier: Vec<Deal>,
    /// How many different points the frontier has.
    pub frontier_size: usize,
    /// 0: the frontier is exact. Otherwise it was too large to keep, and no package is better for the company by
    /// this much, in its utility, than one on the frontier that is at least as good for the client.
    pub epsilon: f64,
    /// Whether some package is at or above both reservations. If not: walk away.
    pub agreement_possible: bool,
    /// Where no agreement is possible: the package that comes nearest to one.
    pub nearest_miss: Option<NearestMiss>,
    /// The greatest product of the gains over the reservations.
    pub nash: Option<Solution>,
    /// The greatest least share of the ideal gain.
    pub kalai_smorodinsky: Option<Solution>,
    /// The greatest least gain.
    pub egalitarian: Option<Solution>,
    /// The greatest sum of utilities.
    pub utilitarian: Option<Solution>,
    /// What the current package is worth.
    pub current: Option<Deal>,
    /// Whether some package is at least as good for both as the current one, and better for one.
    pub dominated: Option<bool>,
    /// Such packages, best joint gain first.
    pub improvements: Option<Vec<Improvement>>,
    /// Packages that grant the request, leave us no worse and the client better; fewest other changes first.
    pub returns: Option<Vec<Return>>,
    /// The company's utility that the offers keep to.
    pub band: Option<Band>,
    /// Offers that are equal for us, chosen so that the best of them is worth most to the client.
    pub offers: Vec<Offer>,
    /// What was learned from the choices: the client's values as they are now seen.
    pub learned: Option<Vec<LearnedIssue>>,
    /// What else is to be known about the answer, each a sentence.
    pub notes: Vec<String>,
}

/// A package and what it is worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Deal {
    /// The option of each issue.
    pub package: Package,
    /// Its worth to the company.
    pub company: f64,
    /// Its worth to the client, as far as is known.
    pub client: f64,
}

/// A bargaining solution.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Solution {
    /// The package.
    #[serde(flatten)]
    pub deal: Deal,
    /// The value that it makes greatest.
    pub value: f64,
}

/// The package that comes nearest to an agreement, by the sum of what is missing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearestMiss {
    /// The package.
    #[serde(flatten)]
    pub deal: Deal,
    /// What the company is short of its reservation.
    pub company_short: f64,
    /// What the client is short of its reservation.
    pub client_short: f64,
}

/// A package better for both than the current one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Improvement {
    /// The package.
    #[serde(flatten)]
    pub deal: Deal,
    /// What both gain together.
    pub joint_gain: f64,
}

/// A package that grants the request and gives us something in return.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Return {
    /// The package.
    #[serde(flatten)]
    pub deal: Deal,
    /// How many issues change beside those the client asked about.
    pub changes: usize,
}

/// A range of the company's utility.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Band {
    /// The least.
    pub from: f64,
    /// The most: 3% of the company's whole range above the least.
    pub to: f64,
}

/// A package to offer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Offer {
    /// The package.
    #[serde(flatten)]
    pub deal: Deal,
    /// The chance that it is the one of the offers that suits the client best.
    pub chance: f64,
}

/// An issue, and what its options are now thought to be worth to the client.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LearnedIssue {
    /// The issue.
    pub name: String,
    /// Its options.
    pub options: Vec<LearnedOption>,
}

/// An option, and what it is now thought to be worth to the client.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LearnedOption {
    /// The option.
    pub name: String,
    /// Its mean worth to the client, given what it picked.
    pub client: f64,
}

/// Answers a negotiation.
///
/// # Errors
/// An input out of its limits, with the place in the document.
pub fn negotiate(input: &Input) -> Result<Output, Error> {
    answer(input, None)
}

/// Utilities that are known more exactly than an [`Input`] can say them.
#[derive(Debug, Clone, PartialEq)]
struct Ledger {
    issues: Vec<Vec<Worth>>,
    reservation: Worth,
    unit: Unit,
}

/// The issues of a checked input, in exact numbers.
struct Space {
    names: Vec<Named>,
    ledger: Ledger,
}

fn answer(input: &Input, ledger: Option<&Ledger>) -> Result<Output, Error> {
    check(input)?;
    let names = names(input);
    let current =
        input.current.as_ref().map(|package| whole_package(&names, package, "current")).transpose()?;
    let requested =
        input.requested.as_ref().map(|package| options_of(&names, package, "requested")).transpose()?;
    if requested.is_some() && current.is_none() {
        return Err(Error::at("requested", "a request changes the current package: give \"current\" too"));
    }
    let choices = choices(input, &names)?;

    let client = Client::known_by(input, &choices);
    let mut notes = client.notes(input);
    let ledger = ledger.cloned().map_or_else(|| Ledger::of(input, client.means()), Ok)?;
    let space = Space { names, ledger };

    let all: Vec<Vec<Choice>> = space.choices(|_, _| Some(0));
    let kept = frontier::search(&all, &Search { depth: 1, floor: None, limit: FRONTIER_POINTS_MAX });
    let epsilon = space.number(kept.slack);
    if kept.slack > 0 {
        notes.push(format!(
            "The frontier is too large to keep whole: no package is better for the company by {epsilon} or more than one \
             told here that is at least as good for the client."
        ));
    }
    let solutions = Solutions::of(&space, &kept);
    let standing = current.as_ref().map(|options| space.worth(options));
    let improvements = standing.map(|worth| space.improvements(worth, &all, &kept, &mut notes));
    let returns = match (&current, &requested, standing) {
        (Some(current), Some(requested), Some(worth)) => {
            Some(space.returns(current, requested, worth, &mut notes))
        }
        _ => None,
    };
    let offering = offers::Offering { space: &space, client: &client, frontier: &kept, nash: solutions.nash };
    let (band, offers) = match current.as_ref().zip(standing) {
        Some((options, worth)) => offering.offers(input.offer_count, worth.company, Some(options)),
        None if !solutions.possible => (None, Vec::new()),
        None => offering.offers(input.offer_count, offering.usual_share(), None),
    };

    Ok(Output {
        outcomes: exact::product_in_decimal(input.issues.iter().map(|issue| issue.options.len())),
        frontier: space.thinned(&kept, input.frontier_limit),
        frontier_size: kept.len(),
        epsilon,
        agreement_possible: solutions.possible,
        nearest_miss: solutions.nearest_miss(&space, &kept),
        nash: solutions.nash.map(|point| space.nash(&kept, point)),
        kalai_smorodinsky: solutions
            .kalai_smorodinsky
            .map(|(point, value)| space.solution(&kept, point, value)),
        egalitarian: solutions.egalitarian.map(|point| space.egalitarian(&kept, point)),
        utilitarian: solutions.utilitarian.map(|point| space.utilitarian(&kept, point)),
        current: current.as_ref().map(|options| space.deal(options)),
        dominated: improvements.as_ref().map(|improvements| !improvements.is_empty()),
        improvements,
        returns,
        band,
        offers,
        learned: (!choices.is_empty()).then(|| space.learned(&client)),
        notes,
    })
}

fn check(input: &Input) -> Result<(), Error> {
    let count = input.issues.len();
    if count == 0 || count > ISSUES_MAX {
        return Err(Error::at("issues", format!("1 to {ISSUES_MAX} issues are needed, not {count}")));
    }
    let total: usize = input.issues.iter().map(|issue| issue.options.len()).sum();
    if total > OPTIONS_TOTAL_MAX {
        return Err(Error::at(
            "issues",
            format!("at most {OPTIONS_TOTAL_MAX} options together, not {total}"),
        ));
    }
    let mut names = std::collections::BTreeSet::new();
    for (i, issue) in input.issues.iter().enumerate() {
        if !names.insert(&issue.name) {
            return Err(Error::at(
                format!("issues[{i}].name"),
                format!("there are two issues named \"{}\"", issue.name),
            ));
        }
        let count = issue.options.len();
        if count == 0 || count > OPTIONS_MAX {
            let message = format!("an issue has 1 to {OPTIONS_MAX} options, \"{}\" has {count}", issue.name);
            return Err(Error::at(format!("issues[{i}].options"), message));
        }
        let mut names = std::collections::BTreeSet::new();
        for (j, option) in issue.options.iter().enumerate() {
            let place = |field: &str| format!("issues[{i}].options[{j}].{field}");
            if !names.insert(&option.name) {
                return Err(Error::at(
                    place("name"),
                    format!("\"{}\" has two options named \"{}\"", issue.name, option.name),
                ));
            }
            utility(option.company, place("company"))?;
            for number in option.client.iter().flat_map(|e| [e.low(), e.high()]) {
                utility(number, place("client"))?;
            }
        }
    }
    utility(input.company_reservation, "company_reservation".into())?;
    utility(input.client_reservation, "client_reservation".into())?;
    let limit = input.frontier_limit;
    if limit == 0 || limit > FRONTIER_LIMIT_MAX {
        return Err(Error::at(
            "frontier_limit",
            format!("must lie between 1 and {FRONTIER_LIMIT_MAX}, not {limit}"),
        ));
    }
    if input.offer_count > OFFERS_MAX {
        return Err(Error::at(
            "offer_count",
            format!("at most {OFFERS_MAX} offers, not {}", input.offer_count),
        ));
    }
    Ok(())
}

fn utility(number: f64, place: String) -> Result<(), Error> {
    if number.abs() <= UTILITY_MAX {
        Ok(())
    } else {
        Err(Error::at(place, format!("must lie within ±1e300, not {number}")))
    }
}

fn names(input: &Input) -> Vec<Named> {
    let options = |issue: &Issue| issue.options.iter().map(|option| option.name.as_str().into()).collect();
    input.issues.iter().map(|issue| (issue.name.as_str().into(), options(issue))).collect()
}

/// The name of an issue, and those of its options.
type Named = (Arc<str>, Vec<Arc<str>>);
type Names = [Named];

/// The options that a package names, by issue; `None` for issues it does not name.
fn options_of(names: &Names, package: &Package, place: &str) -> Result<Vec<Option<u16>>, Error> {
    let mut options = vec![None; names.len()];
    for (issue, option) in &package.0 {
        let named = names.iter().zip(&mut options).find(|((name, _), _)| name == issue);
        let Some(((_, known), slot)) = named else {
            let all: Vec<&str> = names.iter().map(|(name, _)| &**name).collect();
            return Err(Error::at(
                place,
                format!("there is no issue \"{issue}\"; there is {}", listed(&all)),
            ));
        };
        let Some(number) = known.iter().position(|name| name == option) else {
            let all: Vec<&str> = known.iter().map(|name| &**name).collect();
            let message = format!("there is no option \"{option}\"; there is {}", listed(&all));
            return Err(Error::at(format!("{place}.{issue}"), message));
        };
        *slot = u16::try_from(number).ok();
    }
    Ok(options)
}

fn whole_package(names: &Names, package: &Package, place: &str) -> Result<Vec<u16>, Error> {
    let options = options_of(names, package, place)?;
    let missing = || Error::at(place, "an option of every issue is needed");
    names
        .iter()
        .zip(options)
        .map(|((issue, _), option)| {
            option.ok_or_else(|| Error {
                message: format!("the option of \"{issue}\" is missing"),
                ..missing()
            })
        })
        .collect()
}

/// The first few of a list, in words.
fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("\"{name}\"")).collect();
    let more = names.len().saturating_sub(SHOWN);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

/// A checked choice: the options of each package that was offered, and which was picked.
struct Choices {
    offered: Vec<Vec<u16>>,
    picked: usize,
}

fn choices(input: &Input, names: &Names) -> Result<Vec<Choices>, Error> {
    if input.choices.len() > CHOICES_MAX {
        let message = format!("at most {CHOICES_MAX} choices are learned from, not {}", input.choices.len());
        return Err(Error::at("choices", message));
    }
    let read = |(i, choice): (usize, &Picked)| {
        let count = choice.offered.len();
        if count == 0 || count > OFFERS_MAX {
            let message = format!("1 to {OFFERS_MAX} packages are needed, not {count}");
            return Err(Error::at(format!("choices[{i}].offered"), message));
        }
        if choice.picked >= count {
            let message =
                format!("counts from 0 and must be below {count}, the number offered, not {}", choice.picked);
            return Err(Error::at(format!("choices[{i}].picked"), message));
        }
        let package = |(j, package)| whole_package(names, package, &format!("choices[{i}].offered[{j}]"));
        let offered = choice.offered.iter().enumerate().map(package).collect::<Result<_, _>>()?;
        Ok(Choices { offered, picked: choice.picked })
    };
    input.choices.iter().enumerate().map(read).collect()
}

impl Ledger {
    /// The utilities of an input; `means` are the client's, option by option.
    fn of(input: &Input, means: &[Vec<f64>]) -> Result<Self, Error> {
        let company = input.issues.iter().flat_map(|issue| &issue.options).map(|option| option.company);
        let numbers = company
            .chain(means.iter().flatten().copied())
            .chain([input.company_reservation, input.client_reservation]);
        let unit = Unit::of(numbers, input.issues.len() + 1);
        let too_large = || Error::at("issues", "the utilities are too large to be added");
        let worth = |company: f64, client: f64| {
            Some(Worth { company: unit.count(company)?, client: unit.count(client)? })
        };
        let issue = |(issue, means): (&Issue, &Vec<f64>)| {
            issue.options.iter().zip(means).map(|(option, &mean)| worth(option.company, mean)).collect()
        };
        Ok(Self {
            issues: input.issues.iter().zip(means).map(issue).collect::<Option<_>>().ok_or_else(too_large)?,
            reservation: worth(input.company_reservation, input.client_reservation).ok_or_else(too_large)?,
            unit,
        })
    }
}

/// Which points of the frontier solve the bargaining problem.
struct Solutions {
    possible: bool,
    nash: Option<usize>,
    kalai_smorodinsky: Option<(usize, f64)>,
    egalitarian: Option<usize>,
    utilitarian: Option<usize>,
}

impl Solutions {
    /// Each solution is on the frontier: a package that dominates another has at least its product, its shares,
    /// its least gain and its sum. What is left of a tie after the greater least gain goes to the client.
    #[expect(clippy::cast_precision_loss, reason = "a share is told to 16 digits")]
    fn of(space: &Space, kept: &Kept) -> Self {
        let gains = |point: usize| space.gains(kept.at(point).worth);
        let worths = kept.worths();
        let reservation = space.ledger.reservation;
        // Sorted by falling company and rising client: the rational ones stand together.
        let end = worths.partition_point(|worth| worth.company >= reservation.company);
        let start = worths.partition_point(|worth| worth.client < reservation.client);
        let rational = start..end;
        let best = |order: &dyn Fn((i128, i128), (i128, i128)) -> Ordering| {
            rational.clone().max_by(|&a, &b| order(gains(a), gains(b)))
        };
        let product = |(a, b)| Product::of(a, b);
        let nash = best(&|a, b| product(a).cmp(&product(b)).then_with(|| leximin(a, b)));
        let (ideal_company, ideal_client) = rational.clone().fold((0, 0), |(company, client), point| {
            let (a, b) = gains(point);
            (a.max(company), b.max(client))
        });
        // A side with nothing to gain has its whole ideal anywhere.
        let shares = |(a, b)| {
            let a = if ideal_company == 0 { 1 } else { a };
            let b = if ideal_client == 0 { 1 } else { b };
            (Product::of(a, ideal_client.max(1)), Product::of(b, ideal_company.max(1)))
        };
        let kalai_smorodinsky = best(&|a, b| leximin(shares(a), shares(b))).map(|point| {
            let (a, b) = gains(point);
            let share = |gain: i128, ideal: i128| if ideal == 0 { 1.0 } else { gain as f64 / ideal as f64 };
            (point, share(a, ideal_company).min(share(b, ideal_client)))
        });
        Self {
            possible: !rational.is_empty(),
            nash,
            kalai_smorodinsky,
            egalitarian: best(&leximin),
            utilitarian: best(&|a, b| (a.0 + a.1).cmp(&(b.0 + b.1)).then_with(|| leximin(a, b))),
        }
    }

    fn nearest_miss(&self, space: &Space, kept: &Kept) -> Option<NearestMiss> {
        if self.possible {
            return None;
        }
        let short = |point: usize| {
            let (company, client) = space.gains(kept.at(point).worth);
            ((-company).max(0), (-client).max(0))
        };
        let nearest = (0..kept.worths().len()).min_by_key(|&point| {
            let (company, client) = short(point);
            (company + client, company.max(client))
        })?;
        let (company, client) = short(nearest);
        Some(NearestMiss {
            deal: space.deal(&kept.at(nearest).options()),
            company_short: space.number(company),
            client_short: space.number(client),
        })
    }
}

impl Space {
    fn number(&self, count: i128) -> f64 {
        self.ledger.unit.number(count)
    }

    fn worth(&self, options: &[u16]) -> Worth {
        let worths = self
            .ledger
            .issues
            .iter()
            .zip(options)
            .filter_map(|(worths, &option)| worths.get(usize::from(option)));
        worths.fold(Worth::default(), |sum, &worth| sum + worth)
    }

    fn gains(&self, worth: Worth) -> (i128, i128) {
        let Worth { company, client } = self.ledger.reservation;
        (worth.company - company, worth.client - client)
    }

    fn package(&self, options: &[u16]) -> Package {
        let pair = |((issue, names), &option): (&Named, &u16)| {
            (issue.clone(), names.get(usize::from(option)).cloned().unwrap_or_default())
        };
        Package(self.names.iter().zip(options).map(pair).collect())
    }

    fn deal(&self, options: &[u16]) -> Deal {
        let Worth { company, client } = self.worth(options);
        Deal { package: self.package(options), company: self.number(company), client: self.number(client) }
    }

    fn solution(&self, kept: &Kept, point: usize, value: f64) -> Solution {
        Solution { deal: self.deal(&kept.at(point).options()), value }
    }

    fn nash(&self, kept: &Kept, point: usize) -> Solution {
        let (company, client) = self.gains(kept.at(point).worth);
        self.solution(kept, point, self.number(company) * self.number(client))
    }

    fn egalitarian(&self, kept: &Kept, point: usize) -> Solution {
        let (company, client) = self.gains(kept.at(point).worth);
        self.solution(kept, point, self.number(company.min(client)))
    }

    fn utilitarian(&self, kept: &Kept, point: usize) -> Solution {
        let Worth { company, client } = kept.at(point).worth;
        self.solution(kept, point, self.number(company + client))
    }

    /// The choices of every issue; `changes` says what an option counts as, `None` that it is not open.
    fn choices(&self, changes: impl Fn(usize, u16) -> Option<usize>) -> Vec<Vec<Choice>> {
        let choice = |issue, option: usize, worth: Worth| {
            let option = u16::try_from(option).ok()?;
            Some(Choice { worth, option, changes: changes(issue, option)? })
        };
        let issue = |(issue, worths): (usize, &Vec<Worth>)| {
            worths.iter().enumerate().filter_map(|(option, &worth)| choice(issue, option, worth)).collect()
        };
        self.ledger.issues.iter().enumerate().map(issue).collect()
    }

    /// Evenly spread points of the frontier, its ends among them.
    fn thinned(&self, kept: &Kept, limit: usize) -> Vec<Deal> {
        let size = kept.worths().len();
        let deal = |point| self.deal(&kept.at(point).options());
        if size <= limit {
            return (0..size).map(deal).collect();
        }
        let gaps = (limit - 1).max(1);
        (0..limit).map(|i| deal((i * (size - 1) + gaps / 2) / gaps)).collect()
    }

    /// Packages dropped by the search are dominated by as many others as are told, all of them improvements too.
    fn improvements(
        &self,
        current: Worth,
        all: &[Vec<Choice>],
        frontier: &Kept,
        notes: &mut Vec<String>,
    ) -> Vec<Improvement> {
        let search = Search { depth: ADVICE_MAX, floor: Some(current), limit: IMPROVEMENT_POINTS_MAX };
        let kept = frontier::search(all, &search);
        let better = |found: &Found<'_>| {
            let Worth { company, client } = found.worth;
            company >= current.company && client >= current.client && found.worth != current
        };
        let mut found: Vec<Found<'_>> = kept.iter().filter(better).collect();
        if kept.slack > 0 {
            notes.push("There are too many better packages to look at all: the improvements are good ones, not surely the best.".into());
            found.extend(frontier.iter().filter(better));
        }
        found.sort_by(|a, b| self.by_joint_gain(current, a.worth, b.worth));
        let improvement = |found: &Found<'_>| Improvement {
            deal: self.deal(&found.options()),
            joint_gain: self.number(joint(found.worth) - joint(current)),
        };
        let mut told: Vec<Improvement> = found.iter().take(2 * ADVICE_MAX).map(improvement).collect();
        told.dedup_by(|a, b| a.deal.package == b.deal.package);
        told.truncate(ADVICE_MAX);
        told
    }

    fn returns(
        &self,
        current: &[u16],
        requested: &[Option<u16>],
        worth: Worth,
        notes: &mut Vec<String>,
    ) -> Vec<Return> {
        let granted = self.choices(|issue, option| {
            match (requested.get(issue).copied().flatten(), current.get(issue)) {
                (Some(wish), _) => (wish == option).then_some(0),
                (None, now) => Some(usize::from(now != Some(&option))),
            }
        });
        let floor = Worth { client: worth.client + 1, ..worth };
        let kept = frontier::search(
            &granted,
            &Search { depth: ADVICE_MAX, floor: Some(floor), limit: RETURN_POINTS_MAX },
        );
        if kept.slack > 0 {
            notes.push("There are too many packages that grant the request to look at all: the returns are good ones, not surely the best.".into());
        }
        let mut found: Vec<Found<'_>> = kept.iter().collect();
        found.sort_by(|a, b| {
            a.changes.cmp(&b.changes).then_with(|| self.by_joint_gain(worth, a.worth, b.worth))
        });
        let told = found.iter().take(ADVICE_MAX);
        told.map(|found| Return { deal: self.deal(&found.options()), changes: found.changes }).collect()
    }

    /// The greater joint gain first, then the greater least gain.
    fn by_joint_gain(&self, from: Worth, a: Worth, b: Worth) -> Ordering {
        let gains = |worth: Worth| (worth.company - from.company, worth.client - from.client);
        joint(b).cmp(&joint(a)).then_with(|| leximin(gains(b), gains(a)))
    }

    fn learned(&self, client: &Client) -> Vec<LearnedIssue> {
        let option = |(name, &client): (&Arc<str>, &f64)| LearnedOption { name: name.to_string(), client };
        let issue = |((name, names), values): (&Named, &Vec<f64>)| LearnedIssue {
            name: name.to_string(),
            options: names.iter().zip(values).map(option).collect(),
        };
        self.names.iter().zip(&client.learned()).map(issue).collect()
    }
}

fn joint(worth: Worth) -> i128 {
    worth.company + worth.client
}

#[cfg(test)]
mod shared_tests;
#[cfg(test)]
mod tests;
