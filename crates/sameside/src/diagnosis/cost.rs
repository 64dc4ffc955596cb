//! What the problem costs, in parts: how often, and how much each time (P5). Pure.

use crate::base::{Date, Evidence, Fields, Id, Range, Source};
use crate::deals::Deal;
use crate::diagnosis::sum::{self, Term};
use crate::records::{About, Kind, Reference, record};

/// The names that stand behind a sum, at most.
const NAMES_MAX: usize = 4;

record! {
    /// A part of what the problem costs them a month.
    pub struct CostPart in "cost_part", Kind::CostPart => {
        /// In which deal.
        pub deal_id: Id<Deal>,
        /// What happens.
        pub title: String,
        /// How often a month at least.
        pub times_low: f64,
        /// How often a month, likely.
        pub times_likely: f64,
        /// How often a month at most.
        pub times_high: f64,
        /// What it costs each time at least, in whole units of the deal's currency.
        pub each_low: f64,
        /// What it likely costs each time.
        pub each_likely: f64,
        /// What it costs each time at most.
        pub each_high: f64,
        /// How we know.
        pub source: Source,
        /// Who said so.
        pub said_by: Option<String>,
        /// On which day.
        pub said_on: Option<Date>,
        /// What was said.
        pub note: Option<String>,
    }
    derived {}
}

impl CostPart {
    /// How often a month.
    pub fn times(&self) -> Range {
        Range::new(self.times_low, self.times_likely, self.times_high)
            .unwrap_or(Range::exactly(self.times_likely))
    }

    /// What it costs each time.
    pub fn each(&self) -> Range {
        Range::new(self.each_low, self.each_likely, self.each_high)
            .unwrap_or(Range::exactly(self.each_likely))
    }

    /// What it costs a month.
    pub fn a_month(&self) -> Range {
        sum::sum(&[self.term()])
    }

    fn term(&self) -> Term {
        Term::times(self.times(), self.each())
    }
}

/// What several parts cost a month together, as a sum of independent estimates, with the evidence of the weakest of them;
/// nothing where there are none.
pub fn together<'p>(parts: impl IntoIterator<Item = &'p CostPart>) -> Option<(Range, Evidence)> {
    let parts: Vec<&CostPart> = parts.into_iter().collect();
    let source = parts.iter().map(|part| part.source).min()?;
    let terms: Vec<Term> = parts.iter().map(|part| part.term()).collect();
    let mut names: Vec<&str> = Vec::new();
    for name in parts.iter().filter_map(|part| part.said_by.as_deref()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(NAMES_MAX);
    let titles: Vec<&str> = parts.iter().map(|part| part.title.as_str()).collect();
    let note = match titles.as_slice() {
        [one] => format!("how often times how much each: {one}"),
        many => format!("the sum of {} parts: {}", many.len(), many.join("; ")),
    };
    let evidence = Evidence {
        source,
        by: (!names.is_empty()).then(|| names.join(", ")),
        on: parts.iter().filter_map(|part| part.said_on).max(),
        note: Some(note),
    };
    Some((sum::sum(&terms), evidence))
}

impl About for CostPart {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("deal_id", Kind::Deal, Some(self.deal_id)).into_iter().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.title.is_empty() {
            fields.add("title", "what happens, in a few words");
        }
        let ranges = [
            ("times", self.times_low, self.times_likely, self.times_high),
            ("each", self.each_low, self.each_likely, self.each_high),
        ];
        for (field, low, likely, high) in ranges {
            match Range::new(low, likely, high) {
                Err(message) => fields.add(field, message),
                Ok(range) if range.low() < 0.0 => fields.add(field, "numbers from 0 on"),
                Ok(_) => {}
            }
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(title: &str, times: f64, each: f64, source: Source, by: &str) -> CostPart {
        CostPart {
            deal_id: Id::of(uuid::Uuid::from_u128(1)),
            title: title.into(),
            times_low: times,
            times_likely: times,
            times_high: times,
            each_low: each,
            each_likely: each,
            each_high: each,
            source,
            said_by: Some(by.into()),
            said_on: None,
            note: None,
        }
    }

    #[test]
    fn parts_add_up_and_the_sum_is_as_well_founded_as_the_weakest() {
        let parts = [
            part("Lunches that walk away", 40.0, 11.0, Source::Measured, "till"),
            part("A second till on Fridays", 4.0, 75.0, Source::ClientSaid, "Rosa"),
        ];
        let (range, evidence) = together(&parts).unwrap();
        assert_eq!(range, Range::exactly(740.0));
        assert_eq!((evidence.source, evidence.by.as_deref()), (Source::ClientSaid, Some("till, Rosa")));
        assert!(evidence.note.unwrap().contains("2 parts: Lunches that walk away; A second till"));
        assert_eq!(together(&[]), None);
    }
}
