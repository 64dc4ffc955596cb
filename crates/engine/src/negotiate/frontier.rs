//! The Pareto frontier of a sum of independent issues, built issue by issue.
//!
//! If a part of a package is dominated, every package with that part is dominated by the same package with
//! the better part. So the frontier of the first i+1 issues lies in the Minkowski sum of the frontier of the
//! first i and the options of the next, and dominated parts can be dropped at once. The same holds for "is
//! dominated by fewer than k others" (the k-skyband), which is what the best k packages of any order that
//! agrees with dominance lie in; the frontier is the case k = 1.
#![expect(clippy::indexing_slicing, reason = "a numeric kernel: indices come from the loops beside them")]

use crate::exact::Worth;
use std::ops::{Add, Sub};

/// At most so many combinations of kept points and options are looked at for an issue.
const WORK_MAX: usize = 1 << 24;

/// An integer wide enough for the sums at hand.
pub(super) trait Count: Copy + Ord + Add<Output = Self> + Sub<Output = Self> {
    const LEAST: Self;
    const ONE: Self;
    fn times(self, n: usize) -> Self;
    fn parts(self, n: usize) -> Self;
    fn wide(self) -> i128;
}

macro_rules! count {
    ($type:ty) => {
        impl Count for $type {
            const LEAST: Self = <$type>::MIN;
            const ONE: Self = 1;
            fn times(self, n: usize) -> Self {
                self * n as $type
            }
            fn parts(self, n: usize) -> Self {
                self / n as $type
            }
            fn wide(self) -> i128 {
                self.into()
            }
        }
    };
}
count!(i64);
count!(i128);

/// Where a point came from: a point of the step before and an option of this step's issue.
#[derive(Debug, Clone, Copy)]
struct Origin {
    point: u32,
    layer: u16,
    option: u16,
}

/// The points kept after one issue, and where each came from. Sorted: best for the company first, among
/// equals best for the client first.
#[derive(Debug)]
struct Layer<K> {
    points: Vec<Worth<K>>,
    origins: Vec<Origin>,
}

impl<K> Default for Layer<K> {
    fn default() -> Self {
        Self { points: Vec::new(), origins: Vec::new() }
    }
}

/// A list of points of the step before, all shifted by one option.
struct Shifted<'a, K> {
    points: &'a [Worth<K>],
    by: Worth<K>,
    layer: u16,
    option: u16,
    next: usize,
}

/// What a search keeps.
#[derive(Debug, Clone)]
pub(super) struct Search {
    /// Points dominated by this many others are dropped; 1 keeps the frontier, each point once.
    pub(super) depth: usize,
    /// Packages must be worth at least this much to both.
    pub(super) floor: Option<Worth>,
    /// At most so many points are kept for a set of issues and a number of changes.
    pub(super) limit: usize,
}

/// What an option of an issue is: its worth, its number in the issue, and how many changes it counts as.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    pub(super) worth: Worth,
    pub(super) option: u16,
    pub(super) changes: usize,
}

/// A package that was found: what it is worth, what it changes, and the option of each issue.
#[derive(Debug, Clone)]
pub(super) struct Found<'a> {
    pub(super) worth: Worth,
    pub(super) changes: usize,
    steps: &'a [Vec<Vec<Origin>>],
    layer: usize,
    point: usize,
}

impl Found<'_> {
    /// The option of each issue.
    pub(super) fn options(&self) -> Vec<u16> {
        let (mut layer, mut point) = (self.layer, self.point);
        // The steps run from the last issue to the first, so walking back gives the issues in order.
        let mut options = Vec::with_capacity(self.steps.len());
        for step in self.steps.iter().rev() {
            let origin = step[layer][point];
            options.push(origin.option);
            (layer, point) = (origin.layer.into(), origin.point as usize);
        }
        options
    }
}

/// The packages that were kept.
#[derive(Debug)]
pub(super) struct Kept {
    layers: Vec<Vec<Worth>>,
    steps: Vec<Vec<Vec<Origin>>>,
    /// How much better for the company a dropped package may be than one that is at least as good for the
    /// client and was kept: 0 where nothing was dropped but the dominated.
    pub(super) slack: i128,
}

impl Kept {
    /// How many packages there are.
    pub(super) fn len(&self) -> usize {
        self.layers.iter().map(Vec::len).sum()
    }

    /// The worths of the packages that change nothing that counts.
    pub(super) fn worths(&self) -> &[Worth] {
        self.layers.first().map_or(&[], Vec::as_slice)
    }

    /// The package at a place of [`Self::worths`].
    pub(super) fn at(&self, point: usize) -> Found<'_> {
        Found { worth: self.layers[0][point], changes: 0, steps: &self.steps, layer: 0, point }
    }

    /// All packages, those with the fewest changes first.
    pub(super) fn iter(&self) -> impl Iterator<Item = Found<'_>> {
        self.layers.iter().enumerate().flat_map(move |(layer, worths)| {
            worths.iter().enumerate().map(move |(point, &worth)| Found {
                worth,
                changes: layer,
                steps: &self.steps,
                layer,
                point,
            })
        })
    }
}

/// Searches all packages of the issues. Of packages worth the same to both, the one with the earlier options
/// is kept.
pub(super) fn search(issues: &[Vec<Choice>], search: &Search) -> Kept {
    let sum: u128 =
        issues.iter().map(|choices| choices.iter().map(|c| reach(c.worth)).max().unwrap_or(0)).sum();
    if sum.max(search.floor.map_or(0, reach)) < 1 << 61 {
        #[expect(clippy::cast_possible_truncation, reason = "checked above")]
        run(issues, search, |n| n as i64)
    } else {
        run(issues, search, |n| n)
    }
}

fn reach(worth: Worth) -> u128 {
    worth.company.unsigned_abs().max(worth.client.unsigned_abs())
}

fn run<K: Count>(issues: &[Vec<Choice>], search: &Search, narrow: impl Fn(i128) -> K) -> Kept {
    let narrow = |worth: Worth| Worth { company: narrow(worth.company), client: narrow(worth.client) };
    let zero = narrow(Worth::default());
    let floor = search.floor.map(narrow);
    // The most that the issues not yet joined can add: what falls short of the floor even so is dropped.
    let mut still: Vec<Worth<K>> = vec![zero];
    for choices in issues {
        let most = |side: fn(Worth<K>) -> K| {
            choices.iter().map(|c| side(narrow(c.worth))).max().unwrap_or(side(zero))
        };
        let last = still[still.len() - 1];
        still.push(last + Worth { company: most(|w| w.company), client: most(|w| w.client) });
    }
    let mut layers: Vec<Vec<Worth<K>>> = vec![vec![zero]];
    let mut steps = Vec::with_capacity(issues.len());
    let mut slack = zero.company;
    for (choices, &rest) in issues.iter().zip(&still).rev() {
        let changes = choices.iter().map(|c| c.changes).max().unwrap_or(0);
        let mut next = Vec::with_capacity(layers.len() + changes);
        let mut step_slack = zero.company;
        for layer in 0..layers.len() + changes {
            let mut shifted: Vec<Shifted<'_, K>> = Vec::new();
            for choice in choices {
                let from = layer.checked_sub(choice.changes);
                if let Some((from, points)) = from.and_then(|from| Some((from, layers.get(from)?))) {
                    shifted.push(Shifted {
                        points,
                        by: narrow(choice.worth),
                        layer: u16::try_from(from).unwrap_or(u16::MAX),
                        option: choice.option,
                        next: 0,
                    });
                }
            }
            let wanted = floor.map(|floor| Worth {
                company: floor.company - rest.company,
                client: floor.client - rest.client,
            });
            let (joined, coarse) = join(shifted, search, wanted);
            step_slack = step_slack.max(coarse.unwrap_or(zero.company));
            next.push(joined);
        }
        slack = slack + step_slack;
        let (points, origins): (Vec<_>, Vec<_>) =
            next.into_iter().map(|layer| (layer.points, layer.origins)).unzip();
        layers = points;
        steps.push(origins);
    }
    let widen = |w: &Worth<K>| Worth { company: w.company.wide(), client: w.client.wide() };
    let layers = layers.iter().map(|points| points.iter().map(widen).collect()).collect();
    Kept { layers, steps, slack: slack.wide() }
}

/// Joins the lists into one, keeping what fewer than `depth` others dominate. Where that is too much to keep,
/// the best for the client of each cell of the company's range is kept, and the width of a cell is returned.
fn join<K: Count>(
    mut lists: Vec<Shifted<'_, K>>,
    search: &Search,
    floor: Option<Worth<K>>,
) -> (Layer<K>, Option<K>) {
    lists.retain(|list| !list.points.is_empty());
    drop_dominated_lists(&mut lists, search.depth);
    let limit = search.limit.min(WORK_MAX / lists.len().max(1));
    match join_exactly(&mut lists, search.depth, floor, limit) {
        Some(layer) => (layer, None),
        None => join_in_cells(&mut lists, floor, limit),
    }
}

/// An option that `depth` others dominate adds nothing that they do not, if they shift the same points.
fn drop_dominated_lists<K: Count>(lists: &mut Vec<Shifted<'_, K>>, depth: usize) {
    let all: Vec<(u16, Worth<K>)> = lists.iter().map(|list| (list.layer, list.by)).collect();
    let mut place = 0;
    lists.retain(|list| {
        let here = place;
        place += 1;
        let better = |(other, &(layer, by)): (usize, &(u16, Worth<K>))| {
            layer == list.layer
                && by.company >= list.by.company
                && by.client >= list.by.client
                && (by != list.by || other < here)
        };
        all.iter().enumerate().filter(|&candidate| better(candidate)).count() < depth
    });
}

fn join_exactly<K: Count>(
    lists: &mut [Shifted<'_, K>],
    depth: usize,
    floor: Option<Worth<K>>,
    limit: usize,
) -> Option<Layer<K>> {
    let mut layer = Layer::default();
    // The best `depth` values for the client so far, best first: what is not above the last is dominated by
    // `depth` points, for they are all at least as good for the company.
    let mut best: Vec<K> = Vec::with_capacity(depth + 1);
    let mut bar = K::LEAST;
    if let Some(floor) = floor {
        for list in &mut *lists {
            // Sorted by what the company gets: the tail below the floor is cut off.
            let end = list.points.partition_point(|p| p.company + list.by.company >= floor.company);
            list.points = &list.points[..end];
        }
    }
    let lowest = floor.map(|floor| floor.client);
    loop {
        let mut top: Option<(Worth<K>, usize)> = None;
        for (number, list) in lists.iter_mut().enumerate() {
            let head = loop {
                let Some(&point) = list.points.get(list.next) else { break None };
                let point = point + list.by;
                let above = best.len() < depth || point.client > bar;
                if above && lowest.is_none_or(|lowest| point.client >= lowest) {
                    break Some(point);
                }
                list.next += 1;
            };
            let Some(head) = head else { continue };
            if top.is_none_or(|(top, _)| (head.company, head.client) > (top.company, top.client)) {
                top = Some((head, number));
            }
        }
        let Some((point, number)) = top else { break };
        let list = &mut lists[number];
        if layer.points.len() == limit {
            return None;
        }
        layer.push(point, list);
        list.next += 1;
        let place = best.partition_point(|b| *b >= point.client);
        best.insert(place, point.client);
        best.truncate(depth);
        if best.len() == depth {
            bar = best[depth - 1];
        }
    }
    Some(layer)
}

fn join_in_cells<K: Count>(
    lists: &mut [Shifted<'_, K>],
    floor: Option<Worth<K>>,
    limit: usize,
) -> (Layer<K>, Option<K>) {
    let mut layer = Layer::default();
    let most = lists.iter().map(|list| list.points[0].company + list.by.company).max();
    let least = lists.iter().filter_map(|list| list.points.last().map(|p| p.company + list.by.company)).min();
    let (Some(most), Some(least)) = (most, least) else { return (layer, None) };
    let width = (most - least).parts(limit) + K::ONE;
    for list in &mut *lists {
        list.next = 0;
    }
    let mut bar: Option<K> = None;
    for cell in 0..limit {
        let bottom = most - width.times(cell + 1);
        let mut top: Option<(Worth<K>, usize, usize)> = None;
        for (number, list) in lists.iter_mut().enumerate() {
            while let Some(&point) = list.points.get(list.next) {
                let point = point + list.by;
                if point.company <= bottom {
                    break;
                }
                let wanted = floor.is_none_or(|f| point.company >= f.company && point.client >= f.client);
                let better =
                    top.is_none_or(|(top, ..)| (point.client, point.company) > (top.client, top.company));
                if wanted && better && bar.is_none_or(|bar| point.client > bar) {
                    top = Some((point, number, list.next));
                }
                list.next += 1;
            }
        }
        if let Some((point, number, at)) = top {
            let Shifted { layer: from, option, .. } = lists[number];
            layer.points.push(point);
            layer.origins.push(Origin { point: index(at), layer: from, option });
            bar = Some(point.client);
        }
    }
    (layer, Some(width))
}

impl<K: Count> Layer<K> {
    fn push(&mut self, point: Worth<K>, list: &Shifted<'_, K>) {
        self.points.push(point);
        self.origins.push(Origin { point: index(list.next), layer: list.layer, option: list.option });
    }
}

fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
