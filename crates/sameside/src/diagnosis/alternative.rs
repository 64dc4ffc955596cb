//! What else the client could do, doing nothing included (P5). Pure.

use crate::base::{Date, Evidence, Fields, Id, Range, Source, When};
use crate::deals::Deal;
use crate::diagnosis::sum::{self, Term};
use crate::records::{About, Kind, Reference, record};

record! {
    /// Something the client could do instead.
    pub struct Alternative in "alternative", Kind::Alternative => {
        /// In which deal.
        pub deal_id: Id<Deal>,
        /// What they would do.
        pub title: String,
        /// What it would bring them over the horizon at least, in whole units of the deal's currency.
        pub worth_low: f64,
        /// What it would likely bring.
        pub worth_likely: f64,
        /// What it would bring at most.
        pub worth_high: f64,
        /// What it would cost them at least.
        pub cost_low: f64,
        /// What it would likely cost.
        pub cost_likely: f64,
        /// What it would cost at most.
        pub cost_high: f64,
        /// How we know.
        pub source: Source,
        /// Who said so.
        pub said_by: Option<String>,
        /// On which day.
        pub said_on: Option<Date>,
        /// What was said.
        pub note: Option<String>,
        /// Since when it counts as the best they could do; one of a deal at most.
        pub best_at: Option<When>,
    }
    derived {}
}

impl Alternative {
    /// What it would bring them.
    pub fn worth(&self) -> Range {
        Range::new(self.worth_low, self.worth_likely, self.worth_high)
            .unwrap_or(Range::exactly(self.worth_likely))
    }

    /// What it would cost them.
    pub fn cost(&self) -> Range {
        Range::new(self.cost_low, self.cost_likely, self.cost_high)
            .unwrap_or(Range::exactly(self.cost_likely))
    }

    /// What is left of what it brings after what it costs; the two are taken as independent.
    pub fn net(&self) -> Range {
        sum::sum(&[Term::plus(self.worth()), Term::minus(self.cost())])
    }

    /// The evidence of the figure it becomes when it is the best.
    pub fn evidence(&self) -> Evidence {
        let note = match &self.note {
            Some(note) => format!("{}: {note}", self.title),
            None => self.title.clone(),
        };
        Evidence { source: self.source, by: self.said_by.clone(), on: self.said_on, note: Some(note) }
    }
}

impl About for Alternative {
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
            fields.add("title", "what they would do, in a few words");
        }
        if let Err(message) = Range::new(self.worth_low, self.worth_likely, self.worth_high) {
            fields.add("worth", message);
        }
        match Range::new(self.cost_low, self.cost_likely, self.cost_high) {
            Err(message) => fields.add("cost", message),
            Ok(range) if range.low() < 0.0 => fields.add("cost", "amounts from 0 on"),
            Ok(_) => {}
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}
