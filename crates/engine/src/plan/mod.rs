//! Where should this week's hours go? The actions that are worth most, promises first, nobody left out.
//!
//! Each member has so many hours; each action takes some of one member's and is worth something; of a group at
//! most one action is taken; every client named by a `care` action should get at least one. The answer comes with
//! a bound that no plan can exceed and with what one more hour of each member would be worth. The method, its
//! sources and its limits: `docs/method/plan.md`.

mod report;
mod solve;

use crate::Error;
use crate::exact::Unit;
use serde::{Deserialize, Serialize, Serializer};
use solve::{Choice, Problem};
use std::collections::{BTreeMap, BTreeSet};

/// The most members a plan may have.
pub const MEMBERS_MAX: usize = 1_000;
/// The most actions a plan may choose from.
pub const ACTIONS_MAX: usize = 100_000;
/// The most hours a member has or an action takes.
pub const HOURS_MAX: f64 = 1e6;
/// Values lie within ± this.
pub const VALUE_MAX: f64 = 1e100;
/// Up to so many actions the plan is searched until it is proved to be the best, promises included.
const SMALL: usize = 30;
/// At most so many ways to keep as many promises as possible are compared.
const WAYS_MAX: usize = 300;

/// What there is to plan.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Who works.
    pub members: Vec<Member>,
    /// What can be done.
    pub actions: Vec<Action>,
    /// What it is worth that every client is cared for.
    #[serde(default)]
    pub care_floor: CareFloor,
}

/// Somebody who works.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The name.
    pub name: String,
    /// The hours there are, 0 or more.
    pub hours: f64,
}

/// Something that can be done.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What it is called in the answer; different for every action.
    pub id: String,
    /// The name of the member who would do it.
    pub member: String,
    /// At most one action of a group is taken, such as levels of effort for one client.
    #[serde(default)]
    pub group: Option<String>,
    /// The hours it takes, 0 or more.
    pub hours: f64,
    /// What it is worth.
    pub value: f64,
    /// Whether it was promised: promises come before everything else.
    #[serde(default)]
    pub must: bool,
    /// The client that is cared for by it.
    #[serde(default)]
    pub care: Option<String>,
}

/// What it is worth that every client is cared for.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CareFloor {
    /// What a client that is not cared for costs, in value; 0 or more.
    #[serde(default = "weight")]
    pub weight: f64,
}

fn weight() -> f64 {
    1000.0
}

impl Default for CareFloor {
    fn default() -> Self {
        Self { weight: weight() }
    }
}

/// The plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What each member does, in the order of the members.
    pub chosen: Vec<Week>,
    /// The sum of the values of what is done.
    pub value: f64,
    /// The clients that are not cared for though some action would.
    pub uncared: Vec<String>,
    /// The promises that do not fit.
    pub broken_promises: Vec<String>,
    /// What one more hour of each member would be worth: the shadow price of its hours.
    #[serde(serialize_with = "by_member")]
    pub hour_value: Vec<(String, f64)>,
    /// `value` less what the clients not cared for cost: what is made as great as possible.
    pub objective: f64,
    /// No plan that keeps the same promises has a greater objective.
    pub upper_bound: f64,
    /// How far the objective may be from the best, as a share of the bound. 0: this is the best plan.
    pub gap: f64,
    /// What the care floor costs in value: the value of the best plan found without it, less this one's.
    pub price_of_care: f64,
}

fn by_member<S: Serializer>(values: &[(String, f64)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(values.iter().map(|(name, value)| (name, value)))
}

/// What a member does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Week {
    /// The member.
    pub member: String,
    /// The hours it takes.
    pub hours: f64,
    /// The actions, in the order they were given.
    pub actions: Vec<String>,
}

/// Plans the hours.
///
/// # Errors
/// An input out of its limits, with the place in the document.
pub fn plan(input: &Input) -> Result<Output, Error> {
    check(input)?;
    let table = Table::of(input)?;
    let kept = table.promises_kept(input.care_floor.weight);
    let rest = table.rest(&kept, input.care_floor.weight);
    let answer = solve::solve(&rest.problem);
    let taken: BTreeSet<usize> = kept.iter().copied().chain(rest.taken(&answer.picks)).collect();
    let value_of = |taken: &BTreeSet<usize>| {
        taken.iter().filter_map(|&a| input.actions.get(a)).map(|a| a.value).sum::<f64>()
    };
    let value = value_of(&taken);

    let cared: BTreeSet<&str> = taken.iter().filter_map(|&a| input.actions.get(a)?.care.as_deref()).collect();
    let mut uncared: Vec<String> = Vec::new();
    let mut named = BTreeSet::new();
    for client in input.actions.iter().filter_map(|action| action.care.as_deref()) {
        if named.insert(client) && !cared.contains(client) {
            uncared.push(client.to_owned());
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of clients")]
    let objective = value - input.care_floor.weight * uncared.len() as f64;
    let kept_value: f64 = kept.iter().filter_map(|&a| input.actions.get(a)).map(|a| a.value).sum();
    // Sums in another order may differ in the last digits; the bound is not to fall below what it bounds.
    let noise = 1e-12 * (objective.abs() + kept_value.abs() + answer.bound.abs());
    let upper_bound =
        if answer.proved { objective } else { (answer.bound + kept_value + noise).max(objective) };
    let gap = if upper_bound > objective {
        (upper_bound - objective) / upper_bound.abs().max(f64::MIN_POSITIVE)
    } else {
        0.0
    };

    let price_of_care = if input.care_floor.weight == 0.0 || named.is_empty() {
        0.0
    } else {
        let free = table.rest(&kept, 0.0);
        let without: BTreeSet<usize> =
            kept.iter().copied().chain(free.taken(&solve::solve(&free.problem).picks)).collect();
        (value_of(&without) - value).max(0.0)
    };
    let broken =
        |(a, action): (usize, &Action)| (action.must && !kept.contains(&a)).then(|| action.id.clone());
    Ok(Output {
        chosen: table.weeks(input, &taken),
        value,
        uncared,
        broken_promises: input.actions.iter().enumerate().filter_map(broken).collect(),
        hour_value: input
            .members
            .iter()
            .zip(&answer.hour_values)
            .map(|(m, &v)| (m.name.clone(), v * table.units_per_hour))
            .collect(),
        objective,
        upper_bound,
        gap,
        price_of_care,
    })
}

fn check(input: &Input) -> Result<(), Error> {
    let count = input.members.len();
    if count == 0 || count > MEMBERS_MAX {
        return Err(Error::at("members", format!("1 to {MEMBERS_MAX} members are needed, not {count}")));
    }
    if input.actions.len() > ACTIONS_MAX {
        return Err(Error::at(
            "actions",
            format!("at most {ACTIONS_MAX} actions, not {}", input.actions.len()),
        ));
    }
    let hours = |hours: f64, place: String| {
        let right = (0.0..=HOURS_MAX).contains(&hours);
        if right {
            Ok(())
        } else {
            Err(Error::at(place, format!("must lie between 0 and {HOURS_MAX}, not {hours}")))
        }
    };
    let mut names = BTreeSet::new();
    for (i, member) in input.members.iter().enumerate() {
        if !names.insert(member.name.as_str()) {
            let message = format!("there are two members named \"{}\"", member.name);
            return Err(Error::at(format!("members[{i}].name"), message));
        }
        hours(member.hours, format!("members[{i}].hours"))?;
    }
    let mut ids = BTreeSet::new();
    for (i, action) in input.actions.iter().enumerate() {
        if !ids.insert(action.id.as_str()) {
            let message = format!("there are two actions with the id \"{}\"", action.id);
            return Err(Error::at(format!("actions[{i}].id"), message));
        }
        if !names.contains(action.member.as_str()) {
            let message = format!("there is no member named \"{}\"", action.member);
            return Err(Error::at(format!("actions[{i}].member"), message));
        }
        hours(action.hours, format!("actions[{i}].hours"))?;
        if !(-VALUE_MAX..=VALUE_MAX).contains(&action.value) {
            let message = format!("must lie within ±1e100, not {}", action.value);
            return Err(Error::at(format!("actions[{i}].value"), message));
        }
    }
    let weight = input.care_floor.weight;
    if !(0.0..=VALUE_MAX).contains(&weight) {
        return Err(Error::at("care_floor.weight", format!("must lie between 0 and 1e100, not {weight}")));
    }
    Ok(())
}

/// An action in numbers: hours are whole multiples of a unit, so that what fits is exact.
#[derive(Debug, Clone)]
struct Row {
    member: usize,
    group: Option<usize>,
    hours: i64,
    value: f64,
    must: bool,
    client: Option<usize>,
}

struct Table {
    rows: Vec<Row>,
    capacity: Vec<i64>,
    groups: usize,
    clients: usize,
    units_per_hour: f64,
    unit: Unit,
}

/// A problem that is left when promises are kept, and which action each of its choices is.
struct Rest {
    problem: Problem,
    actions: Vec<Vec<usize>>,
}

impl Rest {
    fn taken(&self, picks: &[Option<usize>]) -> Vec<usize> {
        let action = |(actions, pick): (&Vec<usize>, &Option<usize>)| actions.get((*pick)?).copied();
        self.actions.iter().zip(picks).filter_map(action).collect()
    }
}

/// Numbers names in the order they come.
#[derive(Default)]
struct Numbers<'a>(BTreeMap<&'a str, usize>);

impl<'a> Numbers<'a> {
    fn of(&mut self, name: &'a str) -> usize {
        let next = self.0.len();
        *self.0.entry(name).or_insert(next)
    }
}

impl Table {
    fn of(input: &Input) -> Result<Self, Error> {
        let hours = input.members.iter().map(|m| m.hours).chain(input.actions.iter().map(|a| a.hours));
        // Millionths of an hour are fine enough, and sums of them stay within 64 bits.
        let unit = Unit::of(hours, 1).at_least(-6);
        let whole = |hours: f64, round_up: bool| -> i64 {
            let count = unit.count(hours).unwrap_or(i128::MAX);
            // Where an action's hours are finer than the unit, they count as a little more, never as less.
            let short = round_up && unit.number(count) < hours;
            let long = !round_up && unit.number(count) > hours;
            i64::try_from(count + i128::from(short) - i128::from(long)).unwrap_or(i64::MAX)
        };
        let (mut members, mut groups, mut clients) =
            (Numbers::default(), Numbers::default(), Numbers::default());
        for member in &input.members {
            members.of(&member.name);
        }
        let row = |action| {
            let Action { member, group, hours, value, must, care, .. }: &Action = action;
            Row {
                member: members.of(member),
                group: group.as_deref().map(|group| groups.of(group)),
                hours: whole(*hours, true),
                value: *value,
                must: *must,
                client: care.as_deref().map(|client| clients.of(client)),
            }
        };
        let rows = input.actions.iter().map(row).collect();
        Ok(Self {
            rows,
            capacity: input.members.iter().map(|member| whole(member.hours, false)).collect(),
            groups: groups.0.len(),
            clients: clients.0.len(),
            units_per_hour: 1.0 / unit.number(1),
            unit,
        })
    }

    /// The promises that are kept: as many as can be, the shortest first, of equally long ones the more valuable.
    /// Where there are few actions and not all promises fit, the as many that leave the best plan.
    fn promises_kept(&self, weight: f64) -> Vec<usize> {
        let mut promises: Vec<usize> = (0..self.rows.len()).filter(|&place| self.row(place).must).collect();
        promises.sort_by(|&a, &b| {
            let (a, b) = (self.row(a), self.row(b));
            a.hours.cmp(&b.hours).then(b.value.total_cmp(&a.value))
        });
        let mut kept = Vec::new();
        for &promise in &promises {
            if self.fits(&kept, promise) {
                kept.push(promise);
            }
        }
        if kept.len() == promises.len() || self.rows.len() > SMALL {
            return kept;
        }
        let mut ways: Vec<Vec<usize>> = Vec::new();
        let mut most = kept.len();
        self.ways(&promises, &mut Vec::new(), &mut most, &mut ways);
        let value = |way: &Vec<usize>| {
            let rest = self.rest(way, weight);
            let answer = solve::solve(&rest.problem);
            let taken: BTreeSet<usize> = way.iter().copied().chain(rest.taken(&answer.picks)).collect();
            let cared: BTreeSet<usize> = taken.iter().filter_map(|&place| self.row(place).client).collect();
            #[expect(clippy::cast_precision_loss, reason = "a count of clients")]
            let care = weight * cared.len() as f64;
            taken.iter().map(|&place| self.row(place).value).sum::<f64>() + care
        };
        let best =
            ways.into_iter().map(|way| (value(&way), way)).reduce(|a, b| if b.0 > a.0 { b } else { a });
        best.map_or(kept, |(_, way)| way)
    }

    fn fits(&self, kept: &[usize], promise: usize) -> bool {
        let row = self.row(promise);
        let with = |other: &&Row| other.member == row.member;
        let used: i64 = kept.iter().map(|&place| self.row(place)).filter(with).map(|other| other.hours).sum();
        let free = row.group.is_none() || kept.iter().all(|&place| self.row(place).group != row.group);
        free && self.capacity.get(row.member).is_some_and(|hours| used + row.hours <= *hours)
    }

    /// All ways to keep as many of the promises as can be kept, up to a limit.
    fn ways(&self, promises: &[usize], kept: &mut Vec<usize>, most: &mut usize, ways: &mut Vec<Vec<usize>>) {
        if kept.len() + promises.len() < *most || ways.len() == WAYS_MAX {
            return;
        }
        let Some((&promise, rest)) = promises.split_first() else {
            if kept.len() > *most {
                ways.clear();
                *most = kept.len();
            }
            ways.push(kept.clone());
            return;
        };
        if self.fits(kept, promise) {
            kept.push(promise);
            self.ways(rest, kept, most, ways);
            kept.pop();
        }
        self.ways(rest, kept, most, ways);
    }

    /// What can still be done when these promises are kept.
    fn rest(&self, kept: &[usize], weight: f64) -> Rest {
        let mut capacity = self.capacity.clone();
        let mut closed = vec![false; self.groups];
        let mut cared = vec![false; self.clients];
        for row in kept.iter().filter_map(|&place| self.rows.get(place)) {
            if let Some(left) = capacity.get_mut(row.member) {
                *left -= row.hours;
            }
            if let Some(closed) = row.group.and_then(|group| closed.get_mut(group)) {
                *closed = true;
            }
            if let Some(cared) = row.client.and_then(|client| cared.get_mut(client)) {
                *cared = true;
            }
        }
        let mut groups: Vec<Vec<Choice>> = Vec::new();
        let mut actions: Vec<Vec<usize>> = Vec::new();
        let mut number: Vec<Option<usize>> = vec![None; self.groups];
        for (place, row) in self.rows.iter().enumerate().filter(|(_, row)| !row.must) {
            if row.group.and_then(|group| closed.get(group)) == Some(&true) {
                continue;
            }
            let open = |client: &usize| weight > 0.0 && cared.get(*client) == Some(&false);
            let choice = Choice {
                member: row.member,
                hours: row.hours,
                value: row.value,
                client: row.client.filter(open),
            };
            let fits = capacity.get(row.member).is_some_and(|left| row.hours <= *left);
            if !fits || (row.value <= 0.0 && choice.client.is_none()) {
                continue;
            }
            let slot = row.group.and_then(|group| number.get_mut(group));
            match slot {
                Some(Some(known)) => {
                    if let Some((choices, places)) = groups.get_mut(*known).zip(actions.get_mut(*known)) {
                        choices.push(choice);
                        places.push(place);
                    }
                }
                slot => {
                    if let Some(slot) = slot {
                        *slot = Some(groups.len());
                    }
                    groups.push(vec![choice]);
                    actions.push(vec![place]);
                }
            }
        }
        let open = |client: usize| weight > 0.0 && cared.get(client) == Some(&false);
        let weights = (0..self.clients).map(|client| if open(client) { weight } else { 0.0 }).collect();
        Rest { problem: Problem { capacity, groups, weights }, actions }
    }

    #[expect(clippy::indexing_slicing, reason = "places are those of the rows")]
    fn row(&self, place: usize) -> &Row {
        &self.rows[place]
    }

    fn weeks(&self, input: &Input, taken: &BTreeSet<usize>) -> Vec<Week> {
        let mut weeks: Vec<(Week, i128)> = input
            .members
            .iter()
            .map(|member| (Week { member: member.name.clone(), hours: 0.0, actions: Vec::new() }, 0))
            .collect();
        for &place in taken {
            if let Some((row, action)) = self.rows.get(place).zip(input.actions.get(place))
                && let Some((week, hours)) = weeks.get_mut(row.member)
            {
                week.actions.push(action.id.clone());
                *hours += i128::from(row.hours);
            }
        }
        weeks.into_iter().map(|(week, hours)| Week { hours: self.unit.number(hours), ..week }).collect()
    }
}

#[cfg(test)]
mod tests;
