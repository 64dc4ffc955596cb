//! The table as a question for the engine, and its answer in the table's own keys. Pure.

use crate::error::{Error, Result};
use crate::negotiation::{Negotiation, Package};
use engine::negotiate::{self, Choosable, Deal, Input, Issue, Picked, negotiate};
use engine::random::Random;
use std::collections::HashMap;

/// At most so many packages of the frontier are asked for: what a picture can show.
const FRONTIER_SHOWN: usize = 120;
/// At most so many packages are drawn; of more a sample is.
const DOTS_MAX: usize = 1_500;
/// How many offers are made at once.
pub const OFFERS: usize = 3;
/// The most offerings whose choices are learned from, the newest.
pub const CHOICES_MAX: usize = 50;

/// A package with what it is worth to both, in whole units over the base of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Worth {
    /// The package.
    pub package: Package,
    /// To us.
    pub ours: f64,
    /// To them, as far as is known.
    pub theirs: f64,
}

/// What the engine says of a table.
#[derive(Debug, Clone)]
pub struct Bargain {
    /// How many packages there are, in decimal.
    pub outcomes: String,
    /// Those that cannot be bettered for one side without cost to the other, best for us first; thinned when many.
    pub frontier: Vec<Worth>,
    /// How many there are in all.
    pub frontier_size: usize,
    /// Whether some package leaves both at or above where they would be without it.
    pub is_possible: bool,
    /// Where none does: the nearest, what we are short of and what they are.
    pub nearest_miss: Option<(Worth, f64, f64)>,
    /// The greatest product of both gains.
    pub nash: Option<Worth>,
    /// The greatest equal share of what each could gain.
    pub kalai_smorodinsky: Option<Worth>,
    /// The greatest least gain.
    pub egalitarian: Option<Worth>,
    /// What is on the table.
    pub current: Option<Worth>,
    /// What is on the table, with what they ask for.
    pub requested: Option<Worth>,
    /// Better for both than what is on the table, with what both gain together.
    pub improvements: Vec<(Worth, f64)>,
    /// What grants their wish and leaves us no worse, with how much else changes.
    pub returns: Vec<(Worth, usize)>,
    /// Offers that are equal to us.
    pub offers: Vec<Worth>,
    /// Whether anything was learned from what they chose.
    pub is_learned: bool,
    /// How many of their choices count; those of options that are gone do not.
    pub choices: usize,
    /// What each option is worth, to us and to them, as it was counted.
    values: HashMap<(u32, u32), (f64, f64)>,
    /// What the sums of `values` for the client are short of what the engine counts.
    offset: f64,
    /// Packages as points, to us and to them.
    pub dots: Vec<(f64, f64)>,
    /// Whether the points are only some of all packages.
    pub is_sampled: bool,
    /// What else is to be known, each a sentence.
    pub notes: Vec<String>,
}

impl Bargain {
    /// Asks the engine. `choices`: what was offered at once and which of it they picked, newest first. Takes
    /// milliseconds for a usual table; for a very large one it is work for a thread of its own.
    ///
    /// # Errors
    /// `Refused` without an issue; `Invalid` when a figure is beyond what the engine takes.
    pub fn of(table: &Negotiation, choices: &[(Vec<Package>, usize)]) -> Result<Self> {
        if table.issues.0.is_empty() {
            return Err(Error::Refused("There is nothing on the table yet.".into()));
        }
        let said = |package: &Package| -> negotiate::Package { table.words(package).into_iter().collect() };
        let picked: Vec<Picked> = choices
            .iter()
            .filter(|(offered, picked)| {
                offered.len() > 1 && *picked < offered.len() && offered.iter().all(|it| table.is_whole(it))
            })
            .take(CHOICES_MAX)
            .map(|(offered, picked)| Picked { offered: offered.iter().map(said).collect(), picked: *picked })
            .collect();
        let count = picked.len();
        let input = Input {
            issues: table.issues.0.iter().map(issue).collect(),
            company_reservation: table.our_least,
            client_reservation: table.their_least,
            current: table.current_package.0.as_ref().map(said),
            requested: table
                .requested_package
                .0
                .as_ref()
                .filter(|_| table.current_package.0.is_some())
                .map(said),
            choices: picked,
            frontier_limit: FRONTIER_SHOWN,
            offer_count: OFFERS,
        };
        let answer = negotiate(&input)?;
        let keys = Keys::of(table);
        let worth = |deal: &Deal| Worth {
            package: keys.back(&deal.package),
            ours: deal.company,
            theirs: deal.client,
        };
        let mut it = Self {
            frontier: answer.frontier.iter().map(worth).collect(),
            frontier_size: answer.frontier_size,
            is_possible: answer.agreement_possible,
            nearest_miss: answer
                .nearest_miss
                .as_ref()
                .map(|miss| (worth(&miss.deal), miss.company_short, miss.client_short)),
            nash: answer.nash.as_ref().map(|it| worth(&it.deal)),
            kalai_smorodinsky: answer.kalai_smorodinsky.as_ref().map(|it| worth(&it.deal)),
            egalitarian: answer.egalitarian.as_ref().map(|it| worth(&it.deal)),
            current: answer.current.as_ref().map(worth),
            requested: None,
            improvements: answer
                .improvements
                .iter()
                .flatten()
                .map(|it| (worth(&it.deal), it.joint_gain))
                .collect(),
            returns: answer.returns.iter().flatten().map(|it| (worth(&it.deal), it.changes)).collect(),
            offers: answer.offers.iter().map(|it| worth(&it.deal)).collect(),
            is_learned: answer.learned.is_some(),
            choices: count,
            values: values(table, answer.learned.as_deref(), &keys),
            offset: 0.0,
            dots: Vec::new(),
            is_sampled: false,
            notes: answer.notes,
            outcomes: answer.outcomes,
        };
        it.settle(table);
        Ok(it)
    }

    /// What any package is worth: the sum of its options, as the engine counts them.
    pub fn worth(&self, package: &Package) -> Worth {
        let all = package.0.iter().filter_map(|(issue, option)| self.values.get(&(*issue, *option)));
        let (ours, theirs) = all.fold((0.0, self.offset), |(ours, theirs), it| (ours + it.0, theirs + it.1));
        Worth { package: package.clone(), ours, theirs }
    }

    /// What an option is worth to us and to them.
    pub fn value(&self, issue: u32, option: u32) -> Option<(f64, f64)> {
        self.values.get(&(issue, option)).copied()
    }

    /// What follows from the values: the same zero as the engine's, the wish, the points of the picture.
    fn settle(&mut self, table: &Negotiation) {
        // Options of which nothing is known count alike; what the engine takes for them shows in any package it tells.
        if let Some(told) = self.frontier.first().cloned() {
            self.offset = told.theirs - self.worth(&told.package).theirs;
        }
        let (current, wish) = (&table.current_package.0, &table.requested_package.0);
        self.requested =
            current.as_ref().zip(wish.as_ref()).map(|(current, wish)| self.worth(&current.with(wish)));
        let issues: Vec<Vec<(f64, f64)>> = table
            .issues
            .0
            .iter()
            .map(|issue| {
                issue.options.iter().filter_map(|option| self.value(issue.key, option.key)).collect()
            })
            .collect();
        let count = issues.iter().try_fold(1_usize, |count, options| count.checked_mul(options.len()));
        self.is_sampled = count.is_none_or(|count| count > DOTS_MAX);
        let offset = self.offset;
        let point = |places: &mut dyn FnMut(usize) -> usize| {
            let options = issues.iter().filter_map(|options| options.get(places(options.len())));
            options.fold((0.0, offset), |(ours, theirs), it| (ours + it.0, theirs + it.1))
        };
        self.dots = if self.is_sampled {
            let mut random = Random::seeded(1);
            (0..DOTS_MAX).map(|_| point(&mut |n| random.below(n))).collect()
        } else {
            let all = (0..count.unwrap_or(0)).map(|number| {
                let mut rest = number;
                point(&mut |n| {
                    let place = rest % n.max(1);
                    rest /= n.max(1);
                    place
                })
            });
            all.collect()
        };
    }
}

fn issue(issue: &crate::negotiation::Issue) -> Issue {
    let options = issue.options.iter().map(|option| Choosable {
        name: option.name.clone(),
        company: option.ours,
        client: option.theirs.as_ref().map(|figure| figure.range.estimate()),
    });
    Issue { name: issue.name.clone(), options: options.collect() }
}

/// The keys behind names.
struct Keys<'t>(HashMap<&'t str, (u32, HashMap<&'t str, u32>)>);

impl<'t> Keys<'t> {
    fn of(table: &'t Negotiation) -> Self {
        let issue = |issue: &'t crate::negotiation::Issue| {
            let options = issue.options.iter().map(|option| (option.name.as_str(), option.key)).collect();
            (issue.name.as_str(), (issue.key, options))
        };
        Self(table.issues.0.iter().map(issue).collect())
    }

    fn key(&self, issue: &str, option: &str) -> Option<(u32, u32)> {
        let (issue, options) = self.0.get(issue)?;
        Some((*issue, *options.get(option)?))
    }

    fn back(&self, package: &negotiate::Package) -> Package {
        Package(package.0.iter().filter_map(|(issue, option)| self.key(issue, option)).collect())
    }
}

/// What each option counts with: a range with its mean, what nobody said with what was learned; before that the
/// options of an issue of which nothing is known count alike, and one unknown among known ones with their middle.
fn values(
    table: &Negotiation,
    learned: Option<&[negotiate::LearnedIssue]>,
    keys: &Keys<'_>,
) -> HashMap<(u32, u32), (f64, f64)> {
    let mut learnt = HashMap::new();
    for issue in learned.unwrap_or_default() {
        for option in &issue.options {
            if let Some(key) = keys.key(&issue.name, &option.name) {
                learnt.insert(key, option.client);
            }
        }
    }
    let mut values = HashMap::new();
    for issue in &table.issues.0 {
        let known =
            issue.options.iter().filter_map(|option| Some(option.theirs.as_ref()?.range.estimate().mean()));
        let (low, high) =
            known.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), it| (low.min(it), high.max(it)));
        let middle = if low <= high { (low + high) / 2.0 } else { 0.0 };
        for option in &issue.options {
            let key = (issue.key, option.key);
            let theirs = match &option.theirs {
                Some(figure) => figure.range.estimate().mean(),
                None => learnt.get(&key).copied().unwrap_or(middle),
            };
            values.insert(key, (option.ours, theirs));
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::negotiation::table::tests::{option, table};
    use crate::negotiation::{Issue, Sets};

    #[test]
    fn the_example_of_the_method_comes_back_in_the_keys_of_the_table() {
        let table = table();
        let said = |worth: &Option<Worth>| {
            let it = worth.as_ref().unwrap();
            let words: Vec<String> = table.words(&it.package).into_iter().map(|(_, option)| option).collect();
            (words.join(" "), it.ours, it.theirs)
        };
        let it = Bargain::of(&table, &[]).unwrap();
        assert_eq!(
            (it.outcomes.as_str(), it.frontier_size, it.dots.len(), it.is_sampled),
            ("9", 7, 9, false)
        );
        assert_eq!(said(&it.nash), ("100 a week".into(), 30.0, 12.0));
        assert_eq!(said(&it.kalai_smorodinsky), ("90 a day".into(), 24.0, 14.0));
        assert_eq!(said(&it.egalitarian), ("90 a week".into(), 20.0, 16.0));
        assert_eq!(said(&it.current), ("90 none".into(), 26.0, 4.0));
        let gains: Vec<f64> = it.improvements.iter().map(|(_, gain)| *gain).collect();
        assert_eq!(gains, [14.0, 12.0]);
        assert_eq!(it.worth(&Package::parse("1.2_5.7").unwrap()), it.improvements[0].0);
    }

    #[test]
    fn asked_for_a_day_of_training_the_answer_is_yes_at_a_hundred() {
        let mut table = table();
        table.requested_package.0 = Package::parse("5.7");
        let it = Bargain::of(&table, &[]).unwrap();
        assert_eq!(it.requested.as_ref().map(|it| (it.ours, it.theirs)), Some((24.0, 14.0)));
        let (first, changes) = &it.returns[0];
        assert_eq!((first.package.code().as_str(), first.ours, *changes), ("1.2_5.7", 34.0, 1));
    }

    /// The same with a third issue of which nobody knows what it is worth to them.
    fn with_unknown() -> Negotiation {
        let mut table = table();
        let key = table.new_key();
        let options = ["Fridays", "Mondays"].map(|name| option(table.new_key(), name, 0.0, None));
        table.issues.0.push(Issue {
            key,
            name: "Visits".into(),
            sets: Sets::Nothing,
            options: options.into(),
        });
        table.settle();
        table
    }

    #[test]
    fn sums_agree_with_the_engine_where_something_is_unknown() {
        let table = with_unknown();
        let it = Bargain::of(&table, &[]).unwrap();
        for told in it.frontier.iter().chain(it.current.iter()).chain(it.nash.iter()) {
            let own = it.worth(&told.package);
            assert!(
                (own.theirs - told.theirs).abs() < 1e-9 && (own.ours - told.ours).abs() < 1e-9,
                "{own:?} {told:?}"
            );
        }
        assert!(it.notes.iter().any(|note| note.contains("Visits")), "{:?}", it.notes);
    }

    #[test]
    fn what_they_choose_is_learnt_and_choices_among_what_is_gone_do_not_count() {
        let table = with_unknown();
        let offered = ["1.2_5.7_9.10", "1.2_5.7_9.11"].map(|code| Package::parse(code).unwrap()).to_vec();
        let gone = ["1.2_5.7_9.10", "1.2_5.7_9.99"].map(|code| Package::parse(code).unwrap()).to_vec();
        let it = Bargain::of(&table, &[(offered, 1), (gone, 0)]).unwrap();
        assert_eq!((it.choices, it.is_learned), (1, true));
        let [fridays, mondays] = [10, 11].map(|key| it.value(9, key).unwrap().1);
        assert!(mondays > fridays, "they took Mondays: {mondays} {fridays}");
        for told in &it.frontier {
            assert!((it.worth(&told.package).theirs - told.theirs).abs() < 1e-9);
        }
    }

    #[test]
    fn of_very_many_packages_a_sample_is_drawn_always_the_same() {
        let mut table = table();
        for n in 0..10 {
            let key = table.new_key();
            let options = (0..4)
                .map(|k| option(table.new_key(), &format!("{k}"), f64::from(k), Some(f64::from(3 - k))));
            let options = options.collect::<Vec<_>>();
            table.issues.0.push(Issue { key, name: format!("Issue {n}"), sets: Sets::Nothing, options });
        }
        table.settle();
        let (one, again) = (Bargain::of(&table, &[]).unwrap(), Bargain::of(&table, &[]).unwrap());
        assert!(one.is_sampled && one.dots.len() == DOTS_MAX);
        assert_eq!(one.dots, again.dots);
    }
}
