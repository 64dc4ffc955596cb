//! The table of a deal: issues, options, packages. Pure.

use crate::base::{Date, Fields, Figure, Id, codes};
use crate::deals::Deal;
use crate::products::Product;
use crate::records::{About, Doc, Kind, Reference, record};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// The most issues of a table.
pub const ISSUES_MAX: usize = 24;
/// The most options of an issue.
pub const OPTIONS_MAX: usize = 24;
/// The longest name of an issue or an option, in characters.
pub const NAME_CHARS_MAX: usize = 80;
/// The largest sum on either side, in whole units.
const UNITS_MAX: f64 = 1e12;

codes! {
    /// Which of the deal's terms the options of an issue set when they are agreed.
    pub enum Sets {
        /// None: training, scope, support.
        Nothing = "nothing", "None of the deal's terms";
        /// Its price.
        Price = "price", "The price";
        /// The share given back when it does not work.
        Refund = "refund", "What is given back if it does not work";
        /// Over how many months it goes.
        Months = "months", "Over how many months it goes";
    }
}

/// Something that can be agreed on an issue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choosable {
    /// What packages call it; it stays when the name changes.
    pub key: u32,
    /// Its name.
    pub name: String,
    /// What it sets the deal's term to: whole units, a share, months; none where the issue sets nothing.
    pub value: Option<f64>,
    /// What it is worth to us beside the base of the table, in whole units.
    pub ours: f64,
    /// How we know: which costs.
    pub ours_because: Option<String>,
    /// What it is worth to them, in whole units; none where nobody knows.
    pub theirs: Option<Figure>,
}

/// Something that is negotiated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// What packages call it; it stays when the name changes.
    pub key: u32,
    /// Its name.
    pub name: String,
    /// Which of the deal's terms it sets.
    pub sets: Sets,
    /// What can be agreed.
    pub options: Vec<Choosable>,
}

impl Issue {
    /// The option with a key.
    pub fn option(&self, key: u32) -> Option<&Choosable> {
        self.options.iter().find(|option| option.key == key)
    }
}

/// An option for each of some issues, by their keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Package(pub BTreeMap<u32, u32>);

impl Package {
    /// As addresses and forms carry it: `1.2_3.4`.
    pub fn code(&self) -> String {
        let parts: Vec<String> = self.0.iter().map(|(issue, option)| format!("{issue}.{option}")).collect();
        parts.join("_")
    }

    /// Reads what [`Package::code`] wrote.
    pub fn parse(code: &str) -> Option<Self> {
        if code.is_empty() || code.len() > 2_000 {
            return None;
        }
        let pair = |part: &str| {
            let (issue, option) = part.split_once('.')?;
            Some((issue.parse().ok()?, option.parse().ok()?))
        };
        code.split('_').map(pair).collect::<Option<_>>().map(Self)
    }

    /// This package with the options of another in place of its own.
    pub fn with(&self, changes: &Self) -> Self {
        let mut all = self.0.clone();
        all.extend(changes.0.iter().map(|(issue, option)| (*issue, *option)));
        Self(all)
    }
}

record! {
    /// The table of a deal, or the one a product keeps for its deals.
    pub struct Negotiation in "negotiation", Kind::Negotiation => {
        /// The deal it is of.
        pub deal_id: Option<Id<Deal>>,
        /// Or the product.
        pub product_id: Option<Id<Product>>,
        /// What is negotiated.
        pub issues: Doc<Vec<Issue>>,
        /// The last key that was given to an issue or an option; no key is given twice.
        pub last_key: i64,
        /// Below this sum over the base we are better off without the deal, in whole units.
        pub our_least: f64,
        /// Why.
        pub our_least_because: Option<String>,
        /// Below this sum over the base they are better off without it.
        pub their_least: f64,
        /// How we know.
        pub their_least_because: Option<String>,
        /// What is on the table now.
        pub current_package: Doc<Option<Package>>,
        /// What they ask to have otherwise.
        pub requested_package: Doc<Option<Package>>,
        /// What was agreed.
        pub agreed_package: Doc<Option<Package>>,
        /// On which day.
        pub agreed_on: Option<Date>,
    }
    derived {}
}

impl Negotiation {
    /// A table with nothing on it.
    pub fn empty(deal_id: Option<Id<Deal>>, product_id: Option<Id<Product>>) -> Self {
        Self {
            deal_id,
            product_id,
            issues: Doc(Vec::new()),
            last_key: 0,
            our_least: 0.0,
            our_least_because: None,
            their_least: 0.0,
            their_least_because: None,
            current_package: Doc(None),
            requested_package: Doc(None),
            agreed_package: Doc(None),
            agreed_on: None,
        }
    }

    /// A key that nothing on this table had before.
    pub fn new_key(&mut self) -> u32 {
        self.last_key += 1;
        u32::try_from(self.last_key).unwrap_or(u32::MAX)
    }

    /// The issue with a key.
    pub fn issue(&self, key: u32) -> Option<&Issue> {
        self.issues.0.iter().find(|issue| issue.key == key)
    }

    /// Whether a package has one option of every issue, and nothing else.
    pub fn is_whole(&self, package: &Package) -> bool {
        package.0.len() == self.issues.0.len() && self.is_part(package)
    }

    /// Whether a package names only issues and options of this table.
    pub fn is_part(&self, package: &Package) -> bool {
        let known = |(issue, option): (&u32, &u32)| {
            self.issue(*issue).is_some_and(|issue| issue.option(*option).is_some())
        };
        package.0.iter().all(known)
    }

    /// The first option of every issue.
    pub fn first_package(&self) -> Package {
        let first = |issue: &Issue| Some((issue.key, issue.options.first()?.key));
        Package(self.issues.0.iter().filter_map(first).collect())
    }

    /// What a package says, issue by issue in the order of the table.
    pub fn words(&self, package: &Package) -> Vec<(String, String)> {
        let of = |issue: &Issue| {
            let option = issue.option(*package.0.get(&issue.key)?)?;
            Some((issue.name.clone(), option.name.clone()))
        };
        self.issues.0.iter().filter_map(of).collect()
    }

    /// What a package sets a term of the deal to.
    pub fn sets(&self, package: &Package, sets: Sets) -> Option<f64> {
        let issue = self.issues.0.iter().find(|issue| issue.sets == sets)?;
        issue.option(*package.0.get(&issue.key)?)?.value
    }

    /// Keeps the packages true to the table: a new issue joins them with its first option, one that went leaves them.
    pub fn settle(&mut self) {
        let first = self.first_package();
        let issues = self.issues.0.clone();
        let known =
            |issue: u32, option: u32| issues.iter().any(|it| it.key == issue && it.option(option).is_some());
        for package in [&mut self.current_package.0, &mut self.agreed_package.0].into_iter().flatten() {
            package.0.retain(|issue, option| known(*issue, *option));
            for (issue, option) in &first.0 {
                package.0.entry(*issue).or_insert(*option);
            }
        }
        if let Some(wish) = &mut self.requested_package.0 {
            wish.0.retain(|issue, option| known(*issue, *option));
        }
        self.requested_package.0 = self.requested_package.0.take().filter(|wish| !wish.0.is_empty());
        if self.current_package.0.is_none() && !first.0.is_empty() {
            self.current_package.0 = Some(first);
        }
        if self.issues.0.is_empty() {
            self.current_package.0 = None;
            self.agreed_package.0 = None;
        }
    }
}

impl About for Negotiation {
    fn title(&self) -> String {
        "What could be in it".to_owned()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        self.deal_id.map(Id::uuid).or(self.product_id.map(Id::uuid))
    }

    fn references(&self) -> Vec<Reference> {
        let deal = Reference::to("deal_id", Kind::Deal, self.deal_id);
        deal.into_iter().chain(Reference::to("product_id", Kind::Product, self.product_id)).collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.deal_id.is_some() == self.product_id.is_some() {
            fields.add("deal_id", "a table of either a deal or a product");
        }
        let issues = &self.issues.0;
        if issues.len() > ISSUES_MAX {
            fields.add("name", format!("at most {ISSUES_MAX} issues"));
        }
        let (mut names, mut terms) = (HashSet::new(), HashSet::new());
        for issue in issues {
            if !names.insert(crate::base::fold(&issue.name)) {
                fields.add("name", format!("another name: there is an issue “{}” already", issue.name));
            }
            if issue.sets != Sets::Nothing && !terms.insert(issue.sets) {
                fields.add("sets", format!("another: an issue sets “{}” already", issue.sets.label()));
            }
            if let Err((field, message)) = check_issue(issue) {
                fields.add(&field, message);
            }
        }
        if !is_sum(self.our_least) {
            fields.add("our_least", "a sum");
        }
        if !is_sum(self.their_least) {
            fields.add("their_least", "a sum");
        }
        let whole = [&self.current_package.0, &self.agreed_package.0].into_iter().flatten();
        if !whole.into_iter().all(|package| self.is_whole(package)) {
            fields.add("package", "one option of every issue");
        }
        if self.requested_package.0.as_ref().is_some_and(|wish| !self.is_part(wish)) {
            fields.add("package", "options of this table");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

/// Whether this is a sum that is taken: a number, and not beyond all measure.
fn is_sum(units: f64) -> bool {
    (-UNITS_MAX..=UNITS_MAX).contains(&units)
}

/// What must be true of an issue.
fn check_issue(issue: &Issue) -> Result<(), (String, String)> {
    let say = |field: &str, message: &str| Err((field.to_owned(), message.to_owned()));
    if issue.name.is_empty() || issue.name.chars().count() > NAME_CHARS_MAX {
        return say("name", "what is negotiated, in a few words: training, term, support");
    }
    if issue.options.is_empty() || issue.options.len() > OPTIONS_MAX {
        return Err(("options".to_owned(), format!("1 to {OPTIONS_MAX} options")));
    }
    let mut names = HashSet::new();
    for (n, option) in issue.options.iter().enumerate() {
        let field = |part: &str| format!("o{n}_{part}");
        if option.name.is_empty() || option.name.chars().count() > NAME_CHARS_MAX {
            return Err((field("name"), format!("a name of at most {NAME_CHARS_MAX} characters")));
        }
        if !names.insert(crate::base::fold(&option.name)) {
            return Err((field("name"), "another name: this one is there already".to_owned()));
        }
        let theirs = option.theirs.as_ref().map(|figure| figure.range);
        let sums = [Some(option.ours), theirs.map(|it| it.low()), theirs.map(|it| it.high())];
        if sums.into_iter().flatten().any(|sum| !is_sum(sum)) {
            return Err((field("ours"), "a sum".to_owned()));
        }
        let right = match (issue.sets, option.value) {
            (Sets::Nothing, _) => None,
            (Sets::Price, Some(price)) if (0.0..=UNITS_MAX).contains(&price) => None,
            (Sets::Refund, Some(share)) if (0.0..=1.0).contains(&share) => None,
            (Sets::Months, Some(months)) if (1.0..=120.0).contains(&months) && months.fract() == 0.0 => None,
            (Sets::Price, _) => Some("the price that this option sets, from 0 on"),
            (Sets::Refund, _) => Some("the share that this option sets, from 0 to 100%"),
            (Sets::Months, _) => Some("the months that this option sets, from 1 to 120"),
        };
        if let Some(right) = right {
            return Err((field("value"), right.to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::base::{Evidence, Range, Source};

    pub fn option(key: u32, name: &str, ours: f64, theirs: Option<f64>) -> Choosable {
        let theirs = theirs.map(|sum| Figure {
            range: Range::exactly(sum),
            evidence: Evidence { source: Source::ClientSaid, by: None, on: None, note: None },
        });
        Choosable { key, name: name.into(), value: None, ours, ours_because: None, theirs }
    }

    /// The example of the method's page: a price and training.
    pub fn table() -> Negotiation {
        let mut it = Negotiation::empty(Some(Id::of(uuid::Uuid::from_u128(1))), None);
        let price = [("100", 30.0, 0.0), ("90", 20.0, 4.0), ("80", 10.0, 8.0)];
        let training = [("none", 6.0, 0.0), ("a day", 4.0, 10.0), ("a week", 0.0, 12.0)];
        for (name, options) in [("Price", price), ("Training", training)] {
            let key = it.new_key();
            let options = options.map(|(name, ours, theirs)| option(it.new_key(), name, ours, Some(theirs)));
            let options = options.into_iter().collect();
            it.issues.0.push(Issue { key, name: name.into(), sets: Sets::Nothing, options });
        }
        (it.our_least, it.their_least) = (5.0, 2.0);
        it.current_package = Doc(Package::parse("1.3_5.6"));
        it
    }

    #[test]
    fn a_package_comes_back_from_its_code() {
        let package = Package::parse("1.3_5.6").unwrap();
        assert_eq!(package.code(), "1.3_5.6");
        for wrong in ["", "1", "1.x", "1.2__3.4", "-1.2"] {
            assert_eq!(Package::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_new_issue_joins_what_is_on_the_table_and_one_that_went_leaves_it() {
        let mut it = table();
        assert!(it.check().is_ok());
        let key = it.new_key();
        let options = vec![option(it.new_key(), "12 months", 0.0, None)];
        it.issues.0.push(Issue { key, name: "Term".into(), sets: Sets::Nothing, options });
        it.requested_package = Doc(Package::parse("5.7"));
        it.settle();
        assert_eq!(it.current_package.0.as_ref().unwrap().code(), "1.3_5.6_9.10");
        it.issues.0.retain(|issue| issue.key != 5);
        it.settle();
        assert_eq!(it.current_package.0.as_ref().unwrap().code(), "1.3_9.10");
        assert_eq!(it.requested_package.0, None);
        assert!(it.check().is_ok());
    }

    #[test]
    fn a_name_twice_and_a_term_out_of_its_bounds_are_said() {
        let mut it = table();
        it.issues.0[1].name = "price".into();
        assert!(it.check().unwrap_err().at("name").unwrap().contains("already"));
        let mut it = table();
        it.issues.0[0].sets = Sets::Refund;
        assert!(it.check().unwrap_err().at("o0_value").unwrap().contains("0 to 100%"));
        it.issues.0[0].options.iter_mut().for_each(|option| option.value = Some(0.5));
        assert!(it.check().is_ok());
    }
}
