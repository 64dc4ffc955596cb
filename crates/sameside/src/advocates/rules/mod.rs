//! Every rule of both advocates.

pub mod client;
pub mod company;

use crate::advocates::Facts;
use crate::base::codes;

codes! {
    /// For whom an advocate speaks.
    pub enum Side {
        /// For them.
        Client = "client", "For them";
        /// For us.
        Company = "company", "For us";
    }
}

/// How a finding is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// Beside it: mended, accepted with a reason, disputed with a reason.
    Beside,
    /// By the decision whether to go on, which the deal's page asks for.
    ByDecision,
}

/// What an advocate looks for.
#[derive(Debug)]
pub struct Rule {
    /// Its name in documents; it never changes.
    pub code: &'static str,
    /// For whom it speaks.
    pub side: Side,
    /// The principle it serves: `P9`.
    pub principle: &'static str,
    /// What it looks for and why, for a person.
    pub explanation: &'static str,
    /// How it is answered.
    pub answered: Answered,
    /// Looks at a deal.
    pub look: fn(&Facts) -> Option<Found>,
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The evidence, in a sentence.
    pub evidence: String,
    /// What an answer holds for: while the facts are these.
    pub mark: String,
}

impl Found {
    /// A finding with its evidence; `mark` says which facts it rests on.
    pub fn new(mark: impl Into<String>, evidence: impl Into<String>) -> Self {
        Self { evidence: evidence.into(), mark: mark.into() }
    }
}

/// Every rule: theirs first.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    client::ALL.iter().chain(company::ALL).copied()
}

/// The rule with a code.
pub fn by_code(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code == code)
}

/// Declares the rules of one side: each a file beside the list, with a `RULE`.
macro_rules! rules {
    ($(mod $name:ident;)+) => {
        $(mod $name;)+
        /// Every rule of this side, in the order in which people read them.
        pub static ALL: &[&$crate::advocates::Rule] = &[$(&$name::RULE),+];
    };
}

pub(crate) use rules;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_own_name_its_side_a_principle_and_words_for_people() {
        let codes: std::collections::BTreeSet<_> = all().map(|rule| rule.code).collect();
        assert_eq!(codes.len(), all().count(), "two rules have one name");
        assert!(client::ALL.iter().all(|rule| rule.side == Side::Client));
        assert!(company::ALL.iter().all(|rule| rule.side == Side::Company));
        for rule in all() {
            let number: u8 = rule.principle.strip_prefix('P').unwrap().parse().unwrap();
            assert!((1..=21).contains(&number), "{}", rule.code);
            assert!(rule.explanation.ends_with('.') && rule.explanation.len() > 40, "{}", rule.code);
            assert!(rule.code.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", rule.code);
        }
    }
}
