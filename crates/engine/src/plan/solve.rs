//! A knapsack for every member, with groups of which one choice is taken and clients who should be cared for.
//!
//! The bound is the Lagrangian dual: hours get a price λ per member, care gets a reward μ per client, and every
//! group takes what is best at these prices. Any λ ≥ 0 and 0 ≤ μ ≤ weight bound the best plan from above; the
//! prices are improved one at a time, each exactly. A plan is then as good as the bound less its losses (choices
//! that are not the best at the prices, hours left over at λ, care given twice at μ or not at all at weight − μ),
//! so a search that looks at choices in the order of their loss and stops at the best known total is exact
//! (a core algorithm: Balas and Zemel 1980, Pisinger 1997). Members are searched one by one while the others
//! stand, and once more with shared clients and groups priced, which gives the final bound.
#![expect(
    clippy::indexing_slicing,
    reason = "a numeric kernel: indices come from the problem they point into"
)]

use std::collections::BTreeMap;

/// Prices are improved at most so many rounds …
const ROUNDS: usize = 8;
/// … until a round gains less than this share of the bound.
const GAIN: f64 = 1e-5;
/// Halvings of the interval of a price.
const HALVINGS: usize = 40;
/// States looked at in the searches of single members together …
const STATES: usize = 300_000;
/// … of which each gets its part, at least and at most so many.
const MEMBER_STATES_MIN: usize = 200;
const MEMBER_STATES_MAX: usize = 50_000;
/// States looked at in the search of a whole problem with few choices.
const WHOLE_STATES: usize = 3_000_000;
/// A problem with at most so many choices is searched whole.
const WHOLE_CHOICES: usize = 120;
/// The prices of a problem with at most so many choices, whose members are tied together, are polished …
const POLISHED_CHOICES: usize = 3_000;
/// … in so many steps.
const POLISHING: usize = 400;
/// Members are improved in turn at most so often.
const PASSES: usize = 2;
/// Members tied to each other are improved so many at a time …
const TOGETHER: [usize; 2] = [2, 3];
/// … in problems with at most so many choices, each time within so many states, and all times within so many by the number
/// of choices.
const TOGETHER_CHOICES: usize = 1_000;
const TOGETHER_STATES: usize = 20_000;
const TOGETHER_STATES_BY_CHOICES: usize = 450_000_000;
const TOGETHER_STATES_ALL: usize = 1_500_000;
/// The bound with shared groups and clients priced is tightened in problems with at most so many choices …
const TIGHTENED_CHOICES: usize = 400;
/// … in so many steps.
const TIGHTENING: usize = 120;
/// So many plans that come of it are improved in their turn.
const STARTS: usize = 6;
/// So many teams are tried at most, those with most ties.
const TEAMS_MAX: usize = 400;
/// Members beyond these of a group or client do not make a tie.
const SHARED_BY_MAX: usize = 30;
/// Prices of those that are improved together are polished in so many steps.
const TOGETHER_POLISHING: usize = 60;

/// One way to take a group: whose hours, how many, what it is worth, who is cared for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Choice {
    pub(super) member: usize,
    pub(super) hours: i64,
    pub(super) value: f64,
    pub(super) client: Option<usize>,
}

/// At most one choice of each group, within each member's hours; a client nobody cares for costs its weight.
#[derive(Debug, Clone, Default)]
pub(super) struct Problem {
    pub(super) capacity: Vec<i64>,
    pub(super) groups: Vec<Vec<Choice>>,
    pub(super) weights: Vec<f64>,
}

/// A plan, and how good any plan can be.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// The choice taken of each group.
    pub(super) picks: Vec<Option<usize>>,
    /// No plan is worth more.
    pub(super) bound: f64,
    /// Whether no plan is better than this one.
    pub(super) proved: bool,
    /// What one more unit of each member's time would be worth.
    pub(super) hour_values: Vec<f64>,
}

/// Solves a problem: exactly where it is small, closely and with a bound where it is large.
pub(super) fn solve(problem: &Problem) -> Answer {
    let problem = &tightened(problem);
    let dual = Dual::of(problem);
    let links = Links::of(problem);
    let mut picks = problem.repaired(dual.picks(problem));
    let members = problem.capacity.len();
    let states = (STATES / members.max(1)).clamp(MEMBER_STATES_MIN, MEMBER_STATES_MAX);
    let mut bounds = vec![None; members];
    improve_in_turn(problem, &links, &mut picks, &mut bounds, states);
    let mut objective = problem.objective(&picks);
    let close = |objective: f64, bound: f64| bound - objective <= 1e-9 * bound.abs().max(objective.abs());
    let choices: usize = problem.groups.iter().map(Vec::len).sum();
    let priced = |dual: &Dual| links.priced_bound(problem, dual, &mut bounds.clone(), states).min(dual.bound);
    let mut bound = priced(&dual);
    let hour_values = dual.hours.clone();
    let mut dual = dual;
    if !close(objective, bound) && choices <= POLISHED_CHOICES && links.coupled.contains(&true) {
        dual = dual.polished(problem, objective, POLISHING);
        bound = bound.min(priced(&dual));
        let mut others = problem.repaired(dual.picks(problem));
        improve_in_turn(problem, &links, &mut others, &mut bounds.clone(), states);
        if problem.objective(&others) > objective {
            picks = others;
        }
        if choices <= TOGETHER_CHOICES {
            improve_together(problem, &links, &mut picks, bound, choices);
        }
        objective = problem.objective(&picks);
        if choices <= TIGHTENED_CHOICES {
            let (tightened, starts) = links.tightened_bound(problem, &dual, objective, bound);
            bound = bound.min(tightened);
            for start in starts {
                if close(objective, bound) {
                    break;
                }
                let mut others = problem.repaired(start);
                improve_in_turn(problem, &links, &mut others, &mut bounds.clone(), states);
                improve_together(problem, &links, &mut others, bound, choices);
                if problem.objective(&others) > objective {
                    objective = problem.objective(&others);
                    picks = others;
                }
            }
        }
    }
    let mut answer = Answer { hour_values, picks, bound, proved: false };
    if !close(objective, bound) && choices <= WHOLE_CHOICES {
        let found = search(problem, &dual, answer.picks.clone(), WHOLE_STATES);
        objective = problem.objective(&found.picks);
        answer.picks = found.picks;
        answer.proved = found.proved;
    }
    answer.proved |= close(objective, bound);
    answer.bound = if answer.proved { objective } else { bound };
    answer
}

/// Improves members one by one while the others stand; of those tied to no other, `bounds` gets the bound.
fn improve_in_turn(
    problem: &Problem,
    links: &Links,
    picks: &mut [Option<usize>],
    bounds: &mut [Option<f64>],
    states: usize,
) {
    let mut carers = problem.carers(picks);
    for pass in 0..PASSES {
        let mut changed = false;
        for (member, bound) in bounds.iter_mut().enumerate() {
            if pass > 0 && !links.coupled[member] {
                continue;
            }
            let part = Part::beside(problem, links, &[member], picks, &mut carers);
            let found = part.solve(states);
            if !links.coupled[member] {
                *bound = Some(found.bound);
            }
            if found.objective > part.objective(picks) {
                part.apply(&found.picks, picks);
                changed = true;
            }
            links.count_carers(problem, &[member], picks, &mut carers, 1);
        }
        if !changed {
            break;
        }
    }
}

/// Improves two members at a time, then three, while the others stand: what neither can better alone, such as handing a
/// client or a group from one to the other. Stops at the bound.
fn improve_together(
    problem: &Problem,
    links: &Links,
    picks: &mut [Option<usize>],
    bound: f64,
    choices: usize,
) {
    let mut carers = problem.carers(picks);
    let ties = links.ties(problem);
    let mut left = (TOGETHER_STATES_BY_CHOICES / choices.max(1)).min(TOGETHER_STATES_ALL);
    let mut objective = problem.objective(picks);
    for count in TOGETHER {
        let teams = teams(&ties, count);
        // A team that was tried need not be tried again before one of it or of those tied to it has changed.
        let mut changed_at = vec![1_usize; problem.capacity.len()];
        let mut tried_at = vec![0_usize; teams.len()];
        let mut now = 1;
        loop {
            let mut changed = false;
            for (number, team) in teams.iter().enumerate() {
                let latest = team
                    .iter()
                    .flat_map(|&member| ties[member].iter().map(|(other, _)| *other).chain([member]))
                    .map(|member| changed_at[member])
                    .max();
                if latest.is_none_or(|latest| latest <= tried_at[number]) {
                    continue;
                }
                if left == 0 || bound - objective <= 1e-9 * bound.abs() {
                    return;
                }
                tried_at[number] = now;
                let part = Part::beside(problem, links, team, picks, &mut carers);
                let (found, used) = part.improved(picks, TOGETHER_STATES.min(left));
                left -= used.min(left);
                let (before, after) = (part.objective(picks), part.problem.objective(&found));
                if after - before > 1e-9 * before.abs().max(after.abs()) {
                    part.apply(&found, picks);
                    objective += after - before;
                    now += 1;
                    team.iter().for_each(|&member| changed_at[member] = now);
                    tried_at[number] = now;
                    changed = true;
                }
                links.count_carers(problem, team, picks, &mut carers, 1);
            }
            if !changed {
                break;
            }
        }
    }
}

/// Teams of so many members of whom each is tied to one before; those with most ties first.
fn teams(ties: &[Vec<(usize, usize)>], count: usize) -> Vec<Vec<usize>> {
    let mut teams: Vec<(usize, Vec<usize>)> = (0..ties.len()).map(|member| (0, vec![member])).collect();
    for _ in 1..count {
        let mut larger: Vec<(usize, Vec<usize>)> = Vec::new();
        for (strength, team) in &teams {
            let joining = team.iter().flat_map(|&member| &ties[member]);
            let mut joining: Vec<usize> =
                joining.map(|(other, _)| *other).filter(|other| !team.contains(other)).collect();
            joining.sort_unstable();
            joining.dedup();
            for other in joining {
                let mut with = team.clone();
                with.push(other);
                with.sort_unstable();
                let to_team = ties[other].iter().filter(|(member, _)| team.contains(member));
                larger.push((strength + to_team.map(|(_, count)| count).sum::<usize>(), with));
            }
        }
        larger.sort_by(|a, b| a.1.cmp(&b.1));
        larger.dedup_by(|a, b| a.1 == b.1);
        teams = larger;
    }
    teams.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    teams.truncate(TEAMS_MAX);
    teams.into_iter().map(|(_, team)| team).collect()
}

/// Hours that no sum of actions can fill do not count.
fn tightened(problem: &Problem) -> Problem {
    let mut common = vec![0_i64; problem.capacity.len()];
    for choice in problem.groups.iter().flatten() {
        let (mut a, mut b) = (common[choice.member], choice.hours);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        common[choice.member] = a;
    }
    let mut problem = problem.clone();
    for (hours, common) in problem.capacity.iter_mut().zip(common) {
        *hours = if common > 0 { *hours - *hours % common } else { 0 };
    }
    problem
}

impl Problem {
    /// What a plan is worth: values less the weights of clients nobody cares for.
    fn objective(&self, picks: &[Option<usize>]) -> f64 {
        let mut cared = vec![false; self.weights.len()];
        let mut value = 0.0;
        for choice in self.taken(picks) {
            value += choice.value;
            if let Some(client) = choice.client {
                cared[client] = true;
            }
        }
        value
            - self
                .weights
                .iter()
                .zip(cared)
                .filter(|(_, cared)| !cared)
                .map(|(weight, _)| weight)
                .sum::<f64>()
    }

    /// How many of the choices taken care for each client.
    fn carers(&self, picks: &[Option<usize>]) -> Vec<u32> {
        let mut carers = vec![0; self.weights.len()];
        for client in self.taken(picks).filter_map(|choice| choice.client) {
            carers[client] += 1;
        }
        carers
    }

    fn taken(&self, picks: &[Option<usize>]) -> impl Iterator<Item = &Choice> {
        self.groups.iter().zip(picks).filter_map(|(group, pick)| group.get((*pick)?))
    }

    /// The plan without the choices that are worth least for their hours, where hours do not suffice.
    fn repaired(&self, mut picks: Vec<Option<usize>>) -> Vec<Option<usize>> {
        let mut left = self.capacity.clone();
        for choice in self.taken(&picks) {
            left[choice.member] -= choice.hours;
        }
        #[expect(clippy::cast_precision_loss, reason = "an order of preference")]
        let density = |choice: &Choice| {
            let care = choice.client.map_or(0.0, |client| self.weights[client]);
            (choice.value + care) / choice.hours.max(1) as f64
        };
        let mut taken: Vec<(usize, Choice)> = picks
            .iter()
            .enumerate()
            .filter_map(|(group, pick)| Some((group, self.groups[group][(*pick)?])))
            .collect();
        taken.sort_by(|(_, a), (_, b)| density(a).total_cmp(&density(b)));
        for (group, choice) in taken {
            if left[choice.member] < 0 && choice.hours > 0 {
                left[choice.member] += choice.hours;
                picks[group] = None;
            }
        }
        picks
    }
}

/// Prices of hours and rewards of care, and the bound they give.
#[derive(Debug, Clone)]
struct Dual {
    hours: Vec<f64>,
    care: Vec<f64>,
    bound: f64,
}

impl Dual {
    fn of(problem: &Problem) -> Self {
        let mut dual = Self {
            hours: vec![0.0; problem.capacity.len()],
            care: vec![0.0; problem.weights.len()],
            bound: f64::INFINITY,
        };
        let mut of_member: Vec<Vec<usize>> = vec![Vec::new(); problem.capacity.len()];
        let mut of_client: Vec<Vec<usize>> = vec![Vec::new(); problem.weights.len()];
        for (number, group) in problem.groups.iter().enumerate() {
            for choice in group {
                let lists =
                    [Some(&mut of_member[choice.member]), choice.client.map(|client| &mut of_client[client])];
                for list in lists.into_iter().flatten() {
                    if list.last() != Some(&number) {
                        list.push(number);
                    }
                }
            }
        }
        let mut best = dual.clone();
        for round in 0..ROUNDS {
            for (client, groups) in of_client.iter().enumerate() {
                dual.care[client] = dual.reward(problem, client, groups, round);
            }
            for (member, groups) in of_member.iter().enumerate() {
                dual.hours[member] = dual.price(problem, member, groups);
            }
            dual.bound = dual.value(problem);
            let gain = best.bound - dual.bound;
            if gain > 0.0 {
                best = dual.clone();
            }
            if problem.weights.is_empty() && problem.capacity.len() == 1 || gain <= GAIN * dual.bound.abs() {
                break;
            }
        }
        best
    }

    /// Better prices, by subgradient steps: prices improved one at a time can get stuck where only two moved
    /// together would help. The length of a step follows the distance to a plan that is known (Polyak 1969).
    #[expect(clippy::cast_precision_loss, reason = "hours are below 2^53 units")]
    fn polished(&self, problem: &Problem, objective: f64, steps: usize) -> Self {
        let count = problem.groups.iter().map(Vec::len).sum::<usize>().max(1) as f64;
        // Hours are counted in those of a usual choice, so that they weigh about as much as care does.
        let usual = (problem.groups.iter().flatten().map(|c| c.hours as f64).sum::<f64>() / count).max(1.0);
        let mut best = self.clone();
        let mut dual = self.clone();
        let mut pace = 1.0;
        let mut idle = 0;
        for _ in 0..steps {
            let mut hours: Vec<f64> = problem.capacity.iter().map(|hours| *hours as f64 / usual).collect();
            let mut care = vec![-1.0; problem.weights.len()];
            for choice in problem.taken(&dual.picks(problem)) {
                hours[choice.member] -= choice.hours as f64 / usual;
                if let Some(client) = choice.client {
                    care[client] += 1.0;
                }
            }
            let length: f64 = hours.iter().chain(&care).map(|slope| slope * slope).sum();
            let step = pace * (dual.bound - objective) / length;
            if !(step > 0.0 && step.is_finite()) {
                break;
            }
            for (price, slope) in dual.hours.iter_mut().zip(&hours) {
                *price = (*price - step * slope / usual).max(0.0);
            }
            for ((reward, slope), weight) in dual.care.iter_mut().zip(&care).zip(&problem.weights) {
                *reward = (*reward - step * slope).clamp(0.0, *weight);
            }
            dual.bound = dual.value(problem);
            if dual.bound < best.bound {
                best = dual.clone();
                idle = 0;
            } else {
                idle += 1;
                if idle == 20 {
                    (dual, pace, idle) = (best.clone(), pace * 0.5, 0);
                }
            }
        }
        best
    }

    /// What a choice is worth at the prices.
    #[expect(clippy::cast_precision_loss, reason = "hours are below 2^53 units")]
    fn worth(&self, choice: &Choice) -> f64 {
        choice.value + choice.client.map_or(0.0, |client| self.care[client])
            - self.hours[choice.member] * choice.hours as f64
    }

    fn best_worth(&self, group: &[Choice]) -> f64 {
        group.iter().map(|choice| self.worth(choice)).fold(0.0, f64::max)
    }

    /// No plan is worth more than this.
    #[expect(clippy::cast_precision_loss, reason = "hours are below 2^53 units")]
    fn value(&self, problem: &Problem) -> f64 {
        let hours: f64 =
            self.hours.iter().zip(&problem.capacity).map(|(price, hours)| price * *hours as f64).sum();
        let groups: f64 = problem.groups.iter().map(|group| self.best_worth(group)).sum();
        hours + groups - self.care.iter().sum::<f64>()
    }

    /// The reward at which exactly one group would care for the client, within its weight.
    fn reward(&self, problem: &Problem, client: usize, groups: &[usize], round: usize) -> f64 {
        let weight = problem.weights[client];
        let (mut first, mut second) = (f64::INFINITY, f64::INFINITY);
        for &group in groups {
            let (mut with, mut without) = (f64::NEG_INFINITY, 0.0_f64);
            for choice in &problem.groups[group] {
                let worth = self.worth(choice);
                if choice.client == Some(client) {
                    with = with.max(worth - self.care[client]);
                } else {
                    without = without.max(worth);
                }
            }
            let needed = without - with;
            if needed < first {
                (first, second) = (needed, first);
            } else {
                second = second.min(needed);
            }
        }
        let (low, high) = (first.clamp(0.0, weight), second.clamp(0.0, weight));
        // Anything between is as good for now; the middle leaves the hours' prices room to move, later rounds
        // come closer to the least reward that does.
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let share = 0.5 / (1 + round) as f64;
        low + share * (high - low)
    }

    /// The least price at which the choices that are best at it fit into the member's hours.
    #[expect(clippy::cast_precision_loss, reason = "hours are below 2^53 units")]
    fn price(&self, problem: &Problem, member: usize, groups: &[usize]) -> f64 {
        // For each group: what it is worth without this member, and the member's choices.
        let mut lines: Vec<(f64, f64)> = Vec::with_capacity(groups.len());
        let mut open: Vec<Open> = Vec::with_capacity(groups.len());
        let mut highest = 0.0_f64;
        for &group in groups {
            let mut without = 0.0_f64;
            let start = lines.len();
            for choice in &problem.groups[group] {
                if choice.member == member {
                    let value = choice.value + choice.client.map_or(0.0, |client| self.care[client]);
                    let hours = choice.hours as f64;
                    lines.push((value, hours));
                    if hours > 0.0 {
                        highest = highest.max(value / hours);
                    }
                } else {
                    without = without.max(self.worth(choice));
                }
            }
            open.push(Open {
                without,
                start,
                end: lines.len(),
                low: (0.0, 0.0),
                high: (0.0, 0.0),
                middle: (0.0, 0.0),
            });
        }
        let capacity = problem.capacity[member] as f64;
        let mut used = 0.0;
        for group in &mut open {
            group.low = group.best(0.0, &lines);
            group.high = group.best(highest, &lines);
            used += group.low.1;
        }
        if used <= capacity {
            return 0.0;
        }
        let (mut low, mut high) = (0.0, highest);
        // The hours of the groups that choose the same at both ends, and so in between.
        let mut settled = 0.0;
        for _ in 0..HALVINGS {
            open.retain(|group| {
                let same = group.low == group.high;
                settled += if same { group.low.1 } else { 0.0 };
                !same
            });
            let middle = 0.5 * (low + high);
            let mut used = settled;
            for group in &mut open {
                group.middle = group.best(middle, &lines);
                used += group.middle.1;
            }
            if used <= capacity {
                high = middle;
                open.iter_mut().for_each(|group| group.high = group.middle);
            } else {
                low = middle;
                open.iter_mut().for_each(|group| group.low = group.middle);
            }
        }
        // The price is where a group's choice changes: that quotient is exact, the interval is not.
        let change = open.iter().find(|group| group.low.1 > group.high.1);
        let exact = change.map_or(high, |g| (g.low.0 - g.high.0) / (g.low.1 - g.high.1));
        if (exact - high).abs() <= 1e-9 * high { exact } else { high }
    }

    /// The best choice of each group at the prices, that with the fewest hours among equals.
    fn picks(&self, problem: &Problem) -> Vec<Option<usize>> {
        let most = problem.groups.iter().flatten().map(|c| c.value.abs()).fold(0.0, f64::max);
        let tie = 1e-12 * most;
        let pick = |group: &Vec<Choice>| {
            let best = self.best_worth(group);
            let equal = |choice: &Choice| self.worth(choice) >= best - tie;
            if best <= tie && !group.iter().any(|choice| equal(choice) && choice.hours == 0) {
                return None;
            }
            let equals = group.iter().enumerate().filter(|(_, choice)| equal(choice));
            equals.min_by_key(|(_, choice)| choice.hours).map(|(number, _)| number)
        };
        problem.groups.iter().map(pick).collect()
    }
}

/// A group whose choice a price decides: the lines of its choices, and the value and hours of the best at the
/// ends and in the middle of the interval that the price lies in.
struct Open {
    without: f64,
    start: usize,
    end: usize,
    low: (f64, f64),
    high: (f64, f64),
    middle: (f64, f64),
}

impl Open {
    /// The value and hours of the best choice at a price, that with the fewest hours among equals.
    fn best(&self, price: f64, lines: &[(f64, f64)]) -> (f64, f64) {
        let mut best = (self.without, (self.without, 0.0));
        for &(value, hours) in &lines[self.start..self.end] {
            let worth = value - price * hours;
            if worth > best.0 || (worth == best.0 && hours < best.1.1) {
                best = (worth, (value, hours));
            }
        }
        best.1
    }
}

/// Another way to take a group than the best at the prices, and what that loses.
#[derive(Debug, Clone, Copy)]
struct Detour {
    loss: f64,
    pick: Option<usize>,
}

/// Searches for a plan with the least total loss: by number of states at most `states`. The start must fit.
fn search(problem: &Problem, dual: &Dual, start: Vec<Option<usize>>, states: usize) -> Searched {
    let mut search = Search::new(problem, dual, start);
    let mut used = 0;
    // Small losses first, so that a good plan is known when large ones are looked at.
    let mut share = 1.0 / 64.0;
    loop {
        let limit = if share >= 1.0 { f64::INFINITY } else { search.least * share };
        search.left = states;
        search.limit = limit;
        search.detours(0, 0.0);
        used += states - search.left;
        if search.left == 0 || search.least <= limit {
            return Searched { proved: search.left > 0, picks: search.best, used };
        }
        share *= 2.0;
    }
}

/// What a search found, whether no plan is better, and how many states it looked at.
struct Searched {
    picks: Vec<Option<usize>>,
    proved: bool,
    used: usize,
}

struct Search<'a> {
    problem: &'a Problem,
    dual: &'a Dual,
    /// Groups with their detours, least loss first; the groups by their least loss.
    groups: Vec<(usize, Vec<Detour>)>,
    picks: Vec<Option<usize>>,
    hours_left: Vec<i64>,
    overfull: usize,
    slack_loss: f64,
    carers: Vec<u32>,
    care_loss: f64,
    best: Vec<Option<usize>>,
    least: f64,
    limit: f64,
    left: usize,
    tie: f64,
}

impl<'a> Search<'a> {
    fn new(problem: &'a Problem, dual: &'a Dual, start: Vec<Option<usize>>) -> Self {
        let picks = dual.picks(problem);
        let mut groups: Vec<(usize, Vec<Detour>)> = Vec::with_capacity(problem.groups.len());
        for (number, group) in problem.groups.iter().enumerate() {
            let best = dual.best_worth(group);
            let others = (0..group.len()).map(Some).chain([None]).filter(|pick| *pick != picks[number]);
            let worth = |pick: Option<usize>| pick.map_or(0.0, |pick| dual.worth(&group[pick]));
            let mut detours: Vec<Detour> =
                others.map(|pick| Detour { loss: (best - worth(pick)).max(0.0), pick }).collect();
            detours.sort_by(|a, b| a.loss.total_cmp(&b.loss));
            groups.push((number, detours));
        }
        groups.sort_by(|a, b| a.1[0].loss.total_cmp(&b.1[0].loss));
        let bound = dual.value(problem);
        let mut search = Self {
            least: bound - problem.objective(&start),
            best: start,
            hours_left: problem.capacity.clone(),
            carers: vec![0; problem.weights.len()],
            overfull: 0,
            #[expect(clippy::cast_precision_loss, reason = "hours are below 2^53 units")]
            slack_loss: dual
                .hours
                .iter()
                .zip(&problem.capacity)
                .map(|(price, hours)| price * *hours as f64)
                .sum(),
            care_loss: problem.weights.iter().zip(&dual.care).map(|(weight, reward)| weight - reward).sum(),
            picks: vec![None; problem.groups.len()],
            limit: f64::INFINITY,
            left: 0,
            tie: 1e-12 * bound.abs(),
            problem,
            dual,
            groups,
        };
        for (group, pick) in picks.into_iter().enumerate() {
            search.put(group, pick);
        }
        search.visit(0.0);
        search
    }

    /// Takes another choice of a group, and answers which it was.
    fn put(&mut self, group: usize, pick: Option<usize>) -> Option<usize> {
        let before = std::mem::replace(&mut self.picks[group], pick);
        if let Some(before) = before {
            self.count(&self.problem.groups[group][before].clone(), -1);
        }
        if let Some(pick) = pick {
            self.count(&self.problem.groups[group][pick].clone(), 1);
        }
        before
    }

    #[expect(clippy::cast_precision_loss, reason = "hours are below 2^53 units")]
    fn count(&mut self, choice: &Choice, times: i64) {
        let left = &mut self.hours_left[choice.member];
        let was_over = *left < 0;
        *left -= times * choice.hours;
        self.slack_loss -= self.dual.hours[choice.member] * (times * choice.hours) as f64;
        match (was_over, *left < 0) {
            (false, true) => self.overfull += 1,
            (true, false) => self.overfull -= 1,
            _ => {}
        }
        if let Some(client) = choice.client {
            let (weight, reward) = (self.problem.weights[client], self.dual.care[client]);
            let loss =
                |carers: u32| if carers == 0 { weight - reward } else { reward * f64::from(carers - 1) };
            let before = self.carers[client];
            let after = if times > 0 { before + 1 } else { before - 1 };
            self.carers[client] = after;
            self.care_loss += loss(after) - loss(before);
        }
    }

    /// Compares the plan as it stands with the best.
    fn visit(&mut self, loss: f64) {
        if self.overfull == 0 && loss + self.slack_loss + self.care_loss < self.least - self.tie {
            self.least = loss + self.slack_loss + self.care_loss;
            self.best.clone_from(&self.picks);
        }
    }

    fn detours(&mut self, from: usize, loss: f64) {
        for place in from..self.groups.len() {
            let group = self.groups[place].0;
            for number in 0..self.groups[place].1.len() {
                let detour = self.groups[place].1[number];
                let with = loss + detour.loss;
                if with >= self.least - self.tie || with > self.limit {
                    if number == 0 {
                        return;
                    }
                    break;
                }
                if self.left == 0 {
                    return;
                }
                self.left -= 1;
                let before = self.put(group, detour.pick);
                self.visit(with);
                self.detours(place + 1, with);
                self.put(group, before);
            }
        }
    }
}

/// What ties members together.
struct Links {
    /// Whether the member shares a client or a group with another.
    coupled: Vec<bool>,
    /// Whether the client can be cared for by several members, or by none.
    shared_clients: Vec<bool>,
    /// The groups that a member has choices of.
    of_member: Vec<Vec<usize>>,
}

impl Links {
    fn of(problem: &Problem) -> Self {
        let mut coupled = vec![false; problem.capacity.len()];
        let mut only: Vec<Option<usize>> = vec![None; problem.weights.len()];
        let mut shared_clients = vec![false; problem.weights.len()];
        let mut of_member: Vec<Vec<usize>> = vec![Vec::new(); problem.capacity.len()];
        for (number, group) in problem.groups.iter().enumerate() {
            for choice in group {
                let list = &mut of_member[choice.member];
                if list.last() != Some(&number) {
                    list.push(number);
                }
                coupled[choice.member] |= group.iter().any(|other| other.member != choice.member);
                if let Some(client) = choice.client {
                    shared_clients[client] |= *only[client].get_or_insert(choice.member) != choice.member;
                }
            }
        }
        for (client, shared) in shared_clients.iter_mut().enumerate() {
            *shared |= only[client].is_none();
        }
        for choice in problem.groups.iter().flatten() {
            coupled[choice.member] |= choice.client.is_some_and(|client| shared_clients[client]);
        }
        Self { coupled, shared_clients, of_member }
    }

    /// Adds so much to the number of those who care for each client, for every action of these members that is taken.
    fn count_carers(
        &self,
        problem: &Problem,
        members: &[usize],
        picks: &[Option<usize>],
        carers: &mut [u32],
        times: i32,
    ) {
        for &member in members {
            let mine =
                self.of_member[member].iter().filter_map(|&group| problem.groups[group].get(picks[group]?));
            for client in mine.filter(|choice| choice.member == member).filter_map(|choice| choice.client) {
                carers[client] = carers[client].saturating_add_signed(times);
            }
        }
    }

    /// With whom each member shares groups and clients, and how many.
    fn ties(&self, problem: &Problem) -> Vec<Vec<(usize, usize)>> {
        let mut shared: Vec<Vec<usize>> = Vec::with_capacity(problem.groups.len() + problem.weights.len());
        let mut of_client: Vec<Vec<usize>> = vec![Vec::new(); problem.weights.len()];
        for group in &problem.groups {
            shared.push(group.iter().map(|choice| choice.member).collect());
            for choice in group {
                if let Some(client) = choice.client {
                    of_client[client].push(choice.member);
                }
            }
        }
        shared.extend(of_client);
        let mut pairs: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for mut members in shared {
            members.sort_unstable();
            members.dedup();
            // What very many share ties nobody closely.
            for (at, &one) in members.iter().enumerate().take(SHARED_BY_MAX) {
                for &other in members.iter().take(SHARED_BY_MAX).skip(at + 1) {
                    *pairs.entry((one, other)).or_default() += 1;
                }
            }
        }
        let mut ties = vec![Vec::new(); problem.capacity.len()];
        for ((one, other), count) in pairs {
            ties[one].push((other, count));
            ties[other].push((one, count));
        }
        ties
    }

    /// The bound with shared clients and shared groups priced, so that each member is a problem of its own.
    fn priced_bound(&self, problem: &Problem, dual: &Dual, bounds: &mut [Option<f64>], states: usize) -> f64 {
        let mut total = 0.0;
        for (client, reward) in dual.care.iter().enumerate() {
            if self.shared_clients[client] {
                total -= reward;
            }
        }
        let prices = Self::prices_of_groups(problem, dual);
        total += prices.iter().sum::<f64>();
        for (member, bound) in bounds.iter_mut().enumerate() {
            total += *bound.get_or_insert_with(|| {
                Part::priced(problem, self, member, dual, &prices).solve(states).bound
            });
        }
        total
    }

    /// A place in a shared group costs what it is worth to the second best member.
    fn prices_of_groups(problem: &Problem, dual: &Dual) -> Vec<f64> {
        let price = |group: &Vec<Choice>| {
            let mut best: Option<(usize, f64)> = None;
            for choice in group {
                let worth = dual.worth(choice);
                if best.is_none_or(|(_, best)| worth > best) {
                    best = Some((choice.member, worth));
                }
            }
            let others =
                group.iter().filter(|choice| best.is_some_and(|(member, _)| member != choice.member));
            others.map(|choice| dual.worth(choice)).fold(0.0, f64::max)
        };
        problem.groups.iter().map(price).collect()
    }

    /// The priced bound with prices of shared groups and rewards of shared clients improved together by subgradient steps,
    /// each member solved exactly at them (Lagrangian decomposition: Guignard and Kim 1987). Also what the members would do at
    /// the best prices, those last found first: plans to start from, once hours are kept.
    fn tightened_bound(
        &self,
        problem: &Problem,
        dual: &Dual,
        objective: f64,
        bound: f64,
    ) -> (f64, Vec<Vec<Option<usize>>>) {
        let shared_group = |group: &[Choice]| {
            group.iter().any(|choice| group.iter().any(|other| other.member != choice.member))
        };
        let shared: Vec<bool> = problem.groups.iter().map(|group| shared_group(group)).collect();
        let mut prices = Self::prices_of_groups(problem, dual);
        let mut dual = dual.clone();
        let mut best = (bound, prices.clone(), dual.care.clone());
        let mut starts: Vec<Vec<Option<usize>>> = Vec::new();
        let (mut pace, mut idle) = (1.0, 0);
        for _ in 0..TIGHTENING {
            let mut plan: Vec<Option<usize>> = vec![None; problem.groups.len()];
            // How often each shared group is taken, and each shared client cared for, at the prices.
            let mut total: f64 = prices.iter().sum();
            let mut groups: Vec<f64> = vec![1.0; problem.groups.len()];
            let mut care: Vec<f64> = vec![-1.0; problem.weights.len()];
            total -= dual
                .care
                .iter()
                .zip(&self.shared_clients)
                .map(|(reward, shared)| if *shared { *reward } else { 0.0 })
                .sum::<f64>();
            for member in 0..problem.capacity.len() {
                let part = Part::priced(problem, self, member, &dual, &prices);
                let found = part.solve(MEMBER_STATES_MAX);
                total += found.bound;
                for ((group, numbers), pick) in part.groups.iter().zip(&found.picks) {
                    if let Some(pick) = pick {
                        groups[*group] -= 1.0;
                        // Where several members take a group, the one to whom it is worth most has it.
                        let worth = |pick: usize| dual.worth(&problem.groups[*group][pick]);
                        if plan[*group].is_none_or(|other| worth(numbers[*pick]) > worth(other)) {
                            plan[*group] = Some(numbers[*pick]);
                        }
                        if let Some(client) = problem.groups[*group][numbers[*pick]].client {
                            care[client] += 1.0;
                        }
                    }
                }
            }
            if total < best.0 - 1e-12 * total.abs() {
                best = (total, prices.clone(), dual.care.clone());
                starts.push(plan);
                idle = 0;
            } else {
                idle += 1;
                if idle == 8 {
                    prices.clone_from(&best.1);
                    dual.care.clone_from(&best.2);
                    (pace, idle) = (pace * 0.5, 0);
                    continue;
                }
            }
            for (slope, shared) in groups.iter_mut().zip(&shared) {
                *slope = if *shared { *slope } else { 0.0 };
            }
            for (slope, shared) in care.iter_mut().zip(&self.shared_clients) {
                *slope = if *shared { *slope } else { 0.0 };
            }
            // A price at its limit that would pass it does not count in the length of the step.
            let mut length = 0.0;
            for (slope, price) in groups.iter().zip(&prices) {
                length += if *slope > 0.0 && *price <= 0.0 { 0.0 } else { slope * slope };
            }
            for ((slope, reward), weight) in care.iter().zip(&dual.care).zip(&problem.weights) {
                let stuck = (*slope > 0.0 && *reward <= 0.0) || (*slope < 0.0 && reward >= weight);
                length += if stuck { 0.0 } else { slope * slope };
            }
            let step = pace * (total - objective) / length;
            if !(step > 0.0 && step.is_finite()) {
                break;
            }
            for (price, slope) in prices.iter_mut().zip(&groups) {
                *price = (*price - step * slope).max(0.0);
            }
            for ((reward, slope), weight) in dual.care.iter_mut().zip(&care).zip(&problem.weights) {
                *reward = (*reward - step * slope).clamp(0.0, *weight);
            }
        }
        starts.reverse();
        starts.truncate(STARTS);
        (best.0, starts)
    }
}

/// The problem of some members.
struct Part {
    problem: Problem,
    /// Which group of the whole each group is, and which choice each choice.
    groups: Vec<(usize, Vec<usize>)>,
}

struct Found {
    picks: Vec<Option<usize>>,
    objective: f64,
    bound: f64,
}

impl Part {
    /// The members' problem while the others do as they do. `carers` counts who cares for each client; these members are taken
    /// out of it.
    fn beside(
        problem: &Problem,
        links: &Links,
        members: &[usize],
        picks: &[Option<usize>],
        carers: &mut [u32],
    ) -> Self {
        links.count_carers(problem, members, picks, carers, -1);
        Self::of(problem, links, members, |group, choice| {
            let elsewhere =
                picks[group].is_some_and(|pick| !members.contains(&problem.groups[group][pick].member));
            let open = |client: &usize| carers[*client] == 0;
            (!elsewhere).then(|| Choice { client: choice.client.filter(open), ..*choice })
        })
    }

    /// The member's problem with shared clients and groups at their prices.
    fn priced(problem: &Problem, links: &Links, member: usize, dual: &Dual, prices: &[f64]) -> Self {
        Self::of(problem, links, &[member], |group, choice| {
            let shared = choice.client.filter(|client| links.shared_clients[*client]);
            let reward = shared.map_or(0.0, |client| dual.care[client]);
            let client = choice.client.filter(|_| shared.is_none());
            Some(Choice { value: choice.value + reward - prices[group], client, ..*choice })
        })
    }

    fn of(
        problem: &Problem,
        links: &Links,
        members: &[usize],
        seen: impl Fn(usize, &Choice) -> Option<Choice>,
    ) -> Self {
        let capacity = members.iter().map(|&member| problem.capacity[member]).collect();
        let mut part = Problem { capacity, ..Problem::default() };
        let mut groups = Vec::new();
        let mut clients: Vec<usize> = Vec::new();
        let mut numbers_of: Vec<usize> =
            members.iter().flat_map(|&member| links.of_member[member].iter().copied()).collect();
        if members.len() > 1 {
            numbers_of.sort_unstable();
            numbers_of.dedup();
        }
        for group in numbers_of {
            let mut choices = Vec::new();
            let mut numbers = Vec::new();
            for (number, choice) in problem.groups[group].iter().enumerate() {
                let Some(member) = members.iter().position(|member| *member == choice.member) else {
                    continue;
                };
                if let Some(choice) = seen(group, choice).filter(|c| c.value > 0.0 || c.client.is_some()) {
                    clients.extend(choice.client);
                    choices.push(Choice { member, ..choice });
                    numbers.push(number);
                }
            }
            if !choices.is_empty() {
                part.groups.push(choices);
                groups.push((group, numbers));
            }
        }
        clients.sort_unstable();
        clients.dedup();
        for choice in part.groups.iter_mut().flatten() {
            choice.client = choice.client.and_then(|client| clients.binary_search(&client).ok());
        }
        part.weights = clients.iter().map(|&client| problem.weights[client]).collect();
        Self { problem: part, groups }
    }

    /// A plan of this part that is at least as good as that of a whole plan, and how many states were looked at.
    fn improved(&self, picks: &[Option<usize>], states: usize) -> (Vec<Option<usize>>, usize) {
        let now = self.own(picks);
        let dual =
            Dual::of(&self.problem).polished(&self.problem, self.problem.objective(&now), TOGETHER_POLISHING);
        let found = search(&self.problem, &dual, now, states);
        (found.picks, found.used)
    }

    fn solve(&self, states: usize) -> Found {
        let dual = Dual::of(&self.problem);
        let start = self.problem.repaired(dual.picks(&self.problem));
        let Searched { picks, proved, .. } = search(&self.problem, &dual, start, states);
        let objective = self.problem.objective(&picks);
        Found { picks, objective, bound: if proved { objective } else { dual.bound } }
    }

    /// What this part of a whole plan is worth.
    fn objective(&self, picks: &[Option<usize>]) -> f64 {
        self.problem.objective(&self.own(picks))
    }

    /// This part of a whole plan.
    fn own(&self, picks: &[Option<usize>]) -> Vec<Option<usize>> {
        let local = |(group, numbers): &(usize, Vec<usize>)| {
            numbers.iter().position(|number| Some(*number) == picks[*group])
        };
        self.groups.iter().map(local).collect()
    }

    /// Writes a plan of this part into the whole.
    fn apply(&self, found: &[Option<usize>], picks: &mut [Option<usize>]) {
        for ((group, numbers), pick) in self.groups.iter().zip(found) {
            picks[*group] = pick.map(|pick| numbers[pick]);
        }
    }
}
