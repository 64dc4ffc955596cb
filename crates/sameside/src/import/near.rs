//! Names that are nearly another: `GTXPro` is `GTX Pro`, and `Acme Corparation` most likely `Acme Corporation`.
//!
//! A name that differs only in case, space, accents or punctuation is the same. One that differs by a slip of the pen is offered; for people
//! it is never applied by itself, since `Mark Smith` and `Mary Smith` are two. Numbers in names always have to be equal.

use super::field::Kind;
use super::fold::key;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Shorter names are too near to each other to be taken for slips.
const MIN_LETTERS_FOR_SLIPS: usize = 5;
/// With more names than this of one kind, slips are not looked for: it would cost too much memory, and among so many names too many
/// are near each other.
const MAX_NAMES_FOR_SLIPS: usize = 3_000;
/// From this length on two slips are allowed.
const MIN_LETTERS_FOR_TWO: usize = 10;

/// What makes two names near.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nearness {
    /// Case, space, accents or punctuation.
    Spacing,
    /// A letter or two.
    Spelling,
}

/// A name in a file that most likely means another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearName {
    /// What is named.
    pub kind: Kind,
    /// What the file says.
    pub said: String,
    /// What is meant.
    pub meant: String,
    /// Rows that say it.
    pub rows: u64,
    /// Why they are near.
    pub nearness: Nearness,
    /// Whether it is read as `meant` unless a person objects.
    pub applied: bool,
}

/// Names of one kind that exist: in the workspace or in the tables of the import.
#[derive(Clone, Debug)]
pub struct Names {
    kind: Kind,
    exact: HashSet<String>,
    by_key: HashMap<String, String>,
    /// Hashes of keys with one or two letters left out, to find slips without comparing with every name.
    shortened: HashMap<u64, Vec<String>>,
}

impl Names {
    /// No names yet.
    pub fn new(kind: Kind) -> Names {
        Names { kind, exact: HashSet::new(), by_key: HashMap::new(), shortened: HashMap::new() }
    }

    /// Whether these are names of `kind`.
    pub fn is_of(&self, kind: Kind) -> bool {
        self.kind == kind
    }

    /// Adds a name. The first of several that are the same but for spacing is the one meant.
    pub fn add(&mut self, name: &str) {
        if !self.exact.insert(name.to_owned()) {
            return;
        }
        let key = key(name);
        if key.is_empty() || self.by_key.contains_key(&key) {
            return;
        }
        if self.by_key.len() < MAX_NAMES_FOR_SLIPS {
            for short in shortened(&key) {
                self.shortened.entry(short).or_default().push(key.clone());
            }
        } else {
            self.shortened = HashMap::new();
        }
        self.by_key.insert(key, name.to_owned());
    }

    /// Whether this very name exists.
    pub fn has(&self, name: &str) -> bool {
        self.exact.contains(name)
    }

    /// The name most likely meant by one that does not exist itself; nothing if there is none or if it could be several.
    pub fn near(&self, said: &str, rows: u64) -> Option<NearName> {
        if self.has(said) {
            return None;
        }
        let said_key = key(said);
        let found = |meant: &str, nearness| NearName {
            kind: self.kind,
            said: said.to_owned(),
            meant: meant.to_owned(),
            rows,
            nearness,
            applied: nearness == Nearness::Spacing || matches!(self.kind, Kind::Product | Kind::Company),
        };
        if let Some(meant) = self.by_key.get(&said_key) {
            return Some(found(meant, Nearness::Spacing));
        }
        let mut candidates: HashSet<&str> = HashSet::new();
        for short in shortened(&said_key) {
            candidates.extend(self.shortened.get(&short).into_iter().flatten().map(String::as_str));
        }
        let allowed = allowed_slips(&said_key);
        let mut near: Vec<(usize, &str)> = candidates
            .into_iter()
            .filter(|candidate| digits(candidate).eq(digits(&said_key)))
            .filter_map(|candidate| {
                Some((slips(&said_key, candidate, allowed.min(allowed_slips(candidate)))?, candidate))
            })
            .collect();
        near.sort_unstable();
        match near.as_slice() {
            [(_, only)] => self.by_key.get(*only).map(|meant| found(meant, Nearness::Spelling)),
            [(first, only), (second, _), ..] if first < second => {
                self.by_key.get(*only).map(|meant| found(meant, Nearness::Spelling))
            }
            _ => None,
        }
    }
}

fn digits(key: &str) -> impl Iterator<Item = char> + '_ {
    key.chars().filter(char::is_ascii_digit)
}

fn allowed_slips(key: &str) -> usize {
    match key.chars().count() {
        0..MIN_LETTERS_FOR_SLIPS => 0,
        MIN_LETTERS_FOR_SLIPS..MIN_LETTERS_FOR_TWO => 1,
        _ => 2,
    }
}

/// The key itself and all it can become by leaving out as many letters as slips are allowed (of very long ones only one): two names that
/// near share at least one of these.
fn shortened(key: &str) -> Vec<u64> {
    let letters: Vec<char> = key.chars().take(64).collect();
    let without = |left_out: [usize; 2]| {
        let mut hasher = DefaultHasher::new();
        letters
            .iter()
            .enumerate()
            .filter(|(at, _)| !left_out.contains(at))
            .for_each(|(_, letter)| letter.hash(&mut hasher));
        hasher.finish()
    };
    let depth = allowed_slips(key);
    let none = usize::MAX;
    let mut keys = vec![without([none, none])];
    if depth > 0 {
        keys.extend((0..letters.len()).map(|first| without([first, none])));
    }
    if depth > 1 && letters.len() <= 24 {
        keys.extend(
            (0..letters.len())
                .flat_map(|first| (first + 1..letters.len()).map(move |second| [first, second]))
                .map(without),
        );
    }
    keys
}

/// Letters put in, left out, changed or swapped with their neighbour to get from one key to the other, if not more than `most`.
fn slips(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if most == 0 || a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (row, letter) in a.iter().enumerate() {
        let mut this = vec![row + 1];
        for (column, other) in b.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX - 1);
            let mut cost = (at(&last, column) + usize::from(letter != other))
                .min(at(&last, column + 1) + 1)
                .min(at(&this, column) + 1);
            let swapped =
                row > 0 && column > 0 && a.get(row - 1) == Some(other) && b.get(column - 1) == Some(letter);
            if swapped {
                cost = cost.min(at(&before, column - 1) + 1);
            }
            this.push(cost);
        }
        before = std::mem::replace(&mut last, this);
    }
    last.last().copied().filter(|slips| *slips <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(kind: Kind, list: &[&str]) -> Names {
        let mut names = Names::new(kind);
        list.iter().for_each(|name| names.add(name));
        names
    }

    #[test]
    fn a_name_written_without_its_space_is_the_same() {
        let products = names(
            Kind::Product,
            &[
                "GTX Basic",
                "GTX Pro",
                "GTX Plus Basic",
                "GTX Plus Pro",
                "GTK 500",
                "MG Special",
                "MG Advanced",
            ],
        );
        let near = products.near("GTXPro", 1480).unwrap();
        assert_eq!((near.meant.as_str(), near.nearness, near.applied), ("GTX Pro", Nearness::Spacing, true));
        assert_eq!(products.near("GTX Pro", 1), None);
        assert_eq!(products.near("GTX Ultra", 1), None);
        assert_eq!(products.near("GTK 501", 1), None);
        assert_eq!(products.near("MG Advnaced", 3).unwrap().meant, "MG Advanced");
    }

    #[test]
    fn a_slip_in_a_persons_name_is_offered_but_not_applied() {
        let people = names(Kind::Member, &["Mary Smith", "Darcel Schlecht"]);
        assert!(!people.near("Mark Smith", 2).unwrap().applied);
        assert!(people.near("darcel  schlecht", 2).unwrap().applied);
    }

    #[test]
    fn a_name_near_to_two_others_is_left_alone() {
        let companies = names(Kind::Company, &["Betacom", "Betacor", "Acme Corporation"]);
        assert_eq!(companies.near("Betacox", 1), None);
        assert_eq!(companies.near("Acme Corparaton", 1).unwrap().meant, "Acme Corporation");
        assert_eq!(companies.near("Acme", 1), None);
    }

    proptest! {
        #[test]
        fn one_slip_is_always_found(name in "[a-z]{6,9}", at in 0_usize..6, letter in "[a-z]") {
            let names = names(Kind::Product, &[&name]);
            let mut changed = name.clone();
            changed.replace_range(at..=at, &letter);
            prop_assert_eq!(names.near(&changed, 1).map(|near| near.meant), (changed != name).then_some(name));
        }

        #[test]
        fn two_slips_in_a_long_name_are_always_found(name in "[a-z]{12,20}", one in 0_usize..12, two in 0_usize..12) {
            let names = names(Kind::Product, &[&name]);
            let mut changed = name.clone();
            changed.remove(one.max(two));
            changed.insert(one.min(two), 'q');
            if changed != name {
                prop_assert_eq!(names.near(&changed, 1).map(|near| near.meant), Some(name));
            }
        }
    }
}
