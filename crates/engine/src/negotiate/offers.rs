//! Several offers that are equal for us, chosen so that the best of them is worth most to the client.
//!
//! Multiple equivalent simultaneous offers (Medvec and Galinsky 2005; Leonardelli, Gu, McRuer, Medvec and
//! Galinsky 2019): a client who may choose takes what suits it, feels less pressed, and tells by its pick what
//! it values. Which offers? Those that make the expected value of the best of them greatest over the clients
//! that may be sitting there. For a fixed split of those clients among the offers, the best offer for a group
//! is simply the best package for the group's mean values, because values add up; so offers and groups are
//! improved in turn, as in k-means (Lloyd 1982), from a greedy start, and by exchanging single offers.
#![expect(
    clippy::indexing_slicing,
    reason = "a numeric kernel over tables of one shape, checked when they are made"
)]

use super::client::Client;
use super::frontier::{self, Kept, Search};
use super::{Band, Offer, Space};
use crate::exact::Worth;
use std::collections::BTreeSet;

/// Up to so many packages are listed to find those of the band; past it they are searched in cells.
const LISTED_MAX: u128 = 1 << 16;
/// The cells of the company's range, where the packages are too many to list.
const CELLS: usize = 1024;
/// So many clients' own favourites are candidates to begin with.
const FAVOURITES: usize = 40;
/// Offers and groups are improved in turn at most so often.
const ROUNDS: usize = 12;
/// Packages of the frontier in the band that are candidates beside.
const FRONTIER_CANDIDATES: usize = 16;
/// So many clients are drawn to find a usual agreement where their values are not known.
const USUAL_CLIENTS: usize = 15;
/// Points kept in finding it.
const USUAL_POINTS_MAX: usize = 1 << 14;

/// What offers are made of.
pub(super) struct Offering<'a> {
    pub(super) space: &'a Space,
    pub(super) client: &'a Client,
    pub(super) frontier: &'a Kept,
    pub(super) nash: Option<usize>,
}

impl Offering<'_> {
    /// The company's utility at the Nash solution; where the client's values are not known, the median over
    /// the clients that may be.
    pub(super) fn usual_share(&self) -> i128 {
        let nash = self
            .nash
            .map_or(self.space.ledger.reservation.company, |point| self.frontier.at(point).worth.company);
        if !self.client.is_unknown() {
            return nash;
        }
        // Only comparisons of products matter, so the client's side may have a unit of its own.
        let fine = self
            .client
            .draws()
            .iter()
            .flatten()
            .flatten()
            .fold(1e-300, |most: f64, value| most.max(value.abs()))
            * 1e-9;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "within 10⁹, but for a reservation, which saturates"
        )]
        let count = |value: f64| ((value / fine).clamp(-1e15, 1e15)) as i128;
        let company = self.space.ledger.reservation.company;
        let reservation =
            Worth { company, client: count(self.space.number(self.space.ledger.reservation.client)) };
        let share = |values: &Vec<Vec<f64>>| {
            let issue = |(worths, values): (&Vec<Worth>, &Vec<f64>)| {
                worths
                    .iter()
                    .zip(values)
                    .map(|(worth, &value)| Worth { client: count(value), ..*worth })
                    .collect()
            };
            let issues = self.space.ledger.issues.iter().zip(values).map(issue).collect();
            let ledger = super::Ledger { issues, reservation, unit: self.space.ledger.unit };
            let space = Space { names: Vec::new(), ledger };
            let search = Search { depth: 1, floor: Some(reservation), limit: USUAL_POINTS_MAX };
            let kept = frontier::search(&space.choices(|_, _| Some(0)), &search);
            super::Solutions::of(&space, &kept).nash.map_or(nash, |point| kept.at(point).worth.company)
        };
        let mut shares: Vec<i128> = self.client.draws().iter().take(USUAL_CLIENTS).map(share).collect();
        shares.sort_unstable();
        shares.get(shares.len() / 2).copied().unwrap_or(nash)
    }

    /// The band from this utility of the company, and offers of it. `current` is a package of the band.
    pub(super) fn offers(
        &self,
        count: usize,
        from: i128,
        current: Option<&[u16]>,
    ) -> (Option<Band>, Vec<Offer>) {
        let band = Scope::of(self.space, from);
        let told = Band { from: self.space.number(band.from), to: self.space.number(band.to) };
        if count == 0 {
            return (Some(told), Vec::new());
        }
        let mut pool =
            Pool { client: self.client, seen: BTreeSet::new(), packages: Vec::new(), values: Vec::new() };
        let means = self.client.learned();
        for package in band.best(&means, count) {
            pool.add(package);
        }
        let worths = self.frontier.worths();
        let (start, end) = (
            worths.partition_point(|w| w.company > band.to),
            worths.partition_point(|w| w.company >= band.from),
        );
        for point in (start..end).rev().step_by(((end - start) / FRONTIER_CANDIDATES).max(1)) {
            pool.add(self.frontier.at(point).options());
        }
        if let Some(current) = current {
            pool.add(current.to_vec());
        }
        if self.client.draws().len() > 1 {
            for draw in self.client.draws().iter().take(FAVOURITES) {
                for package in band.best(draw, 1) {
                    pool.add(package);
                }
            }
        }
        let chosen = pool.choose(count, &band);
        let chances = pool.chances(&chosen);
        let mut offers: Vec<Offer> = chosen
            .iter()
            .zip(chances)
            .map(|(&place, chance)| Offer { deal: self.space.deal(&pool.packages[place]), chance })
            .collect();
        offers.sort_by(|a, b| b.chance.total_cmp(&a.chance).then(b.deal.client.total_cmp(&a.deal.client)));
        (Some(told), offers)
    }
}

/// The packages whose worth to the company lies in a band.
struct Scope<'a> {
    space: &'a Space,
    from: i128,
    to: i128,
    listed: Option<Vec<u16>>,
}

impl<'a> Scope<'a> {
    fn of(space: &'a Space, from: i128) -> Self {
        let issues = &space.ledger.issues;
        let (least, most) =
            issues.iter().map(|worths| range(worths)).fold((0, 0), |(l, m), (a, b)| (l + a, m + b));
        let to = from + (most - least) / 100 * 3 + (most - least) % 100 * 3 / 100;
        let outcomes = issues.iter().fold(1_u128, |n, worths| n.saturating_mul(worths.len() as u128));
        let mut scope = Self { space, from, to, listed: None };
        if outcomes <= LISTED_MAX {
            scope.listed = Some(scope.list());
        }
        scope
    }

    fn contains(&self, company: i128) -> bool {
        (self.from..=self.to).contains(&company)
    }

    /// All packages of the band, one after the other.
    fn list(&self) -> Vec<u16> {
        let issues = &self.space.ledger.issues;
        // What the issues from each on can add at least and at most.
        let mut rest = vec![(0, 0); issues.len() + 1];
        for issue in (0..issues.len()).rev() {
            let (least, most) = range(&issues[issue]);
            rest[issue] = (rest[issue + 1].0 + least, rest[issue + 1].1 + most);
        }
        let mut listed = Vec::new();
        let mut options = vec![0_u16; issues.len()];
        let mut sums = vec![0_i128; issues.len() + 1];
        let mut issue = 0;
        loop {
            let option = usize::from(options[issue]);
            if option < issues[issue].len() {
                let sum = sums[issue] + issues[issue][option].company;
                let (least, most) = rest[issue + 1];
                if sum + most >= self.from && sum + least <= self.to {
                    if issue + 1 == issues.len() {
                        listed.extend_from_slice(&options);
                    } else {
                        issue += 1;
                        sums[issue] = sum;
                        options[issue] = 0;
                        continue;
                    }
                }
                options[issue] += 1;
            } else if issue == 0 {
                return listed;
            } else {
                issue -= 1;
                options[issue] += 1;
            }
        }
    }

    /// The packages of the band worth most by these values, best first.
    fn best(&self, values: &[Vec<f64>], count: usize) -> Vec<Vec<u16>> {
        match &self.listed {
            Some(listed) => self.best_listed(listed, values, count),
            None => self.best_in_cells(values, count),
        }
    }

    fn best_listed(&self, listed: &[u16], values: &[Vec<f64>], count: usize) -> Vec<Vec<u16>> {
        let mut best: Vec<(f64, &[u16])> = Vec::with_capacity(count + 1);
        for package in listed.chunks_exact(values.len()) {
            let value = worth(package, values);
            if best.len() < count || best.last().is_some_and(|last| value > last.0) {
                best.insert(best.partition_point(|other| other.0 >= value), (value, package));
                best.truncate(count);
            }
        }
        best.into_iter().map(|(_, package)| package.to_vec()).collect()
    }

    /// Issue by issue, the best value for each cell of the company's sum is kept. Within a cell the sums differ a
    /// little, so a package at the very edge of the band may be missed; none outside it is answered.
    #[expect(
        clippy::cast_precision_loss,
        reason = "cells are approximate; what is answered is checked exactly"
    )]
    fn best_in_cells(&self, values: &[Vec<f64>], count: usize) -> Vec<Vec<u16>> {
        let issues = &self.space.ledger.issues;
        let (least, most) =
            issues.iter().map(|worths| range(worths)).fold((0, 0), |(l, m), (a, b)| (l + a, m + b));
        let width = ((most - least) as f64 / CELLS as f64).max(f64::MIN_POSITIVE);
        let (bottom, top) = ((self.from - least) as f64 - width, (self.to - least) as f64 + width);
        let mut rest: f64 = (most - least) as f64;
        // For each cell the best value, the company's sum with it, and where it came from.
        let mut cells: Vec<Option<(f64, f64)>> = vec![None; CELLS + 1];
        cells[0] = Some((0.0, 0.0));
        let mut steps: Vec<Vec<(u16, u16)>> = Vec::with_capacity(issues.len());
        for (worths, values) in issues.iter().zip(values) {
            let (low, high) = range(worths);
            rest -= (high - low) as f64;
            let mut next: Vec<Option<(f64, f64)>> = vec![None; CELLS + 1];
            let mut origins = vec![(0_u16, 0_u16); CELLS + 1];
            let options: Vec<(f64, f64)> =
                worths.iter().zip(values).map(|(w, &value)| ((w.company - low) as f64, value)).collect();
            for (from, &(value, sum)) in
                cells.iter().enumerate().filter_map(|(n, cell)| Some((n, cell.as_ref()?)))
            {
                for (option, (more, worth)) in options.iter().enumerate() {
                    let sum = sum + more;
                    if sum > top || sum + rest < bottom {
                        continue;
                    }
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to CELLS")]
                    let cell = ((sum / width) as usize).min(CELLS);
                    let value = value + worth;
                    if next[cell].is_none_or(|(best, _)| value > best) {
                        next[cell] = Some((value, sum));
                        origins[cell] =
                            (u16::try_from(from).unwrap_or(0), u16::try_from(option).unwrap_or(0));
                    }
                }
            }
            cells = next;
            steps.push(origins);
        }
        let mut ends: Vec<(f64, usize)> =
            cells.iter().enumerate().filter_map(|(n, cell)| Some((cell.as_ref()?.0, n))).collect();
        ends.sort_by(|a, b| b.0.total_cmp(&a.0));
        let package = |(_, end): (f64, usize)| {
            let mut cell = end;
            let mut options: Vec<u16> = steps
                .iter()
                .rev()
                .map(|origins| {
                    let (from, option) = origins[cell];
                    cell = usize::from(from);
                    option
                })
                .collect();
            options.reverse();
            options
        };
        ends.into_iter()
            .map(package)
            .filter(|options| self.contains(self.space.worth(options).company))
            .take(count)
            .collect()
    }
}

fn range(worths: &[Worth]) -> (i128, i128) {
    let company = || worths.iter().map(|worth| worth.company);
    (company().min().unwrap_or(0), company().max().unwrap_or(0))
}

fn worth(package: &[u16], values: &[Vec<f64>]) -> f64 {
    package.iter().zip(values).map(|(&option, values)| values[usize::from(option)]).sum()
}

/// Packages that may be offered, and what each is worth to each client that may be.
struct Pool<'a> {
    client: &'a Client,
    seen: BTreeSet<Vec<u16>>,
    packages: Vec<Vec<u16>>,
    values: Vec<Vec<f64>>,
}

impl Pool<'_> {
    /// Takes a package in, and says whether it is new.
    fn add(&mut self, package: Vec<u16>) -> bool {
        if !self.seen.insert(package.clone()) {
            return false;
        }
        self.values.push(self.client.draws().iter().map(|draw| worth(&package, draw)).collect());
        self.packages.push(package);
        true
    }

    /// The sum over the clients of the best of what they have and a package.
    fn with(&self, have: &[f64], place: usize) -> f64 {
        have.iter().zip(&self.values[place]).map(|(have, value)| have.max(*value)).sum()
    }

    fn best_of(&self, chosen: &[usize]) -> Vec<f64> {
        let best = |client: usize| {
            chosen.iter().map(|&place| self.values[place][client]).fold(f64::NEG_INFINITY, f64::max)
        };
        (0..self.client.draws().len()).map(best).collect()
    }

    fn total(&self, chosen: &[usize]) -> f64 {
        self.best_of(chosen).iter().sum()
    }

    /// The places of the offers.
    fn choose(&mut self, count: usize, band: &Scope<'_>) -> Vec<usize> {
        let mut chosen = self.greedy(count);
        if self.client.draws().len() == 1 || chosen.is_empty() {
            return chosen;
        }
        let mut total = self.total(&chosen);
        for _ in 0..ROUNDS {
            let before = total;
            self.regroup(&mut chosen, &mut total, band);
            self.exchange(&mut chosen, &mut total);
            if total <= before {
                break;
            }
        }
        chosen
    }

    /// One after the other, the package that adds most; where none adds anything, the one worth most by itself.
    fn greedy(&self, count: usize) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::new();
        while chosen.len() < count.min(self.packages.len()) {
            let have = self.best_of(&chosen);
            let left = (0..self.packages.len()).filter(|place| !chosen.contains(place));
            let key = |place: usize| (self.with(&have, place), self.values[place].iter().sum::<f64>());
            let better = |a: (usize, (f64, f64)), b: (usize, (f64, f64))| {
                if b.1.0.total_cmp(&a.1.0).then(b.1.1.total_cmp(&a.1.1)).is_gt() { b } else { a }
            };
            let Some((place, _)) = left.map(|place| (place, key(place))).reduce(better) else { break };
            chosen.push(place);
        }
        chosen
    }

    /// Gives each group of clients, those whom one offer suits best, the best package for its mean values.
    fn regroup(&mut self, chosen: &mut [usize], total: &mut f64, band: &Scope<'_>) {
        for slot in 0..chosen.len() {
            let favourite = self.favourites(chosen);
            let group: Vec<&Vec<Vec<f64>>> = self
                .client
                .draws()
                .iter()
                .zip(&favourite)
                .filter(|(_, best)| **best == slot)
                .map(|(draw, _)| draw)
                .collect();
            let Some(first) = group.first() else { continue };
            let sum = |issue: usize, option: usize| group.iter().map(|draw| draw[issue][option]).sum::<f64>();
            let sums: Vec<Vec<f64>> = first
                .iter()
                .enumerate()
                .map(|(issue, values)| (0..values.len()).map(|option| sum(issue, option)).collect())
                .collect();
            for package in band.best(&sums, 1) {
                if self.add(package) {
                    let mut other = chosen.to_vec();
                    other[slot] = self.packages.len() - 1;
                    let better = self.total(&other);
                    if better > *total {
                        *total = better;
                        chosen.copy_from_slice(&other);
                    }
                }
            }
        }
    }

    /// Exchanges single offers for candidates while that is better.
    fn exchange(&self, chosen: &mut [usize], total: &mut f64) {
        for slot in 0..chosen.len() {
            let others: Vec<usize> =
                chosen.iter().enumerate().filter(|(n, _)| *n != slot).map(|(_, place)| *place).collect();
            let have = self.best_of(&others);
            for place in (0..self.packages.len()).filter(|place| !others.contains(place)) {
                let with = self.with(&have, place);
                if with > *total {
                    *total = with;
                    chosen[slot] = place;
                }
            }
        }
    }

    /// For each client that may be, which of the offers suits it best.
    fn favourites(&self, chosen: &[usize]) -> Vec<usize> {
        let best = |client: usize| {
            let value = |slot: usize| self.values[chosen[slot]][client];
            (1..chosen.len()).fold(0, |best, slot| if value(slot) > value(best) { slot } else { best })
        };
        (0..self.client.draws().len()).map(best).collect()
    }

    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    fn chances(&self, chosen: &[usize]) -> Vec<f64> {
        let favourites = self.favourites(chosen);
        let share =
            |slot| favourites.iter().filter(|best| **best == slot).count() as f64 / favourites.len() as f64;
        (0..chosen.len()).map(share).collect()
    }
}
