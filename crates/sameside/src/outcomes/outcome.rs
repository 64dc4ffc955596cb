//! What became of it, beside what was thought. Pure.

use crate::base::{Date, Fields, Id, Range, Source, codes};
use crate::deals::Deal;
use crate::diagnosis::Parameter;
use crate::records::{About, Kind, Reference, record};
use serde::{Deserialize, Serialize};

/// The parameters whose real value is asked for, theirs first.
pub const REAL: [Parameter; 6] = [
    Parameter::Benefit,
    Parameter::Delay,
    Parameter::Adoption,
    Parameter::Delivery,
    Parameter::Service,
    Parameter::Hours,
];

codes! {
    /// How far it came to what they wanted.
    pub enum Reached {
        /// They have what they wanted.
        Fully = "fully", "Yes";
        /// They have some of it.
        Partly = "partly", "Partly";
        /// It did not do it.
        NotAtAll = "not_at_all", "No";
    }
}

codes! {
    /// Whose estimate it was.
    pub enum Whence {
        /// Somebody of ours estimated it for the deal.
        Ours = "ours", "our estimate";
        /// The client said it, or it was measured.
        Theirs = "theirs", "said or measured";
        /// It came from the profile of the product.
        Profile = "profile", "from the profile";
        /// Nobody had said it.
        Assumed = "assumed", "assumed";
    }
}

/// What was thought of one parameter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ThoughtLine {
    /// Of what.
    pub parameter: Parameter,
    /// Low, likely, high, in the unit of the parameter.
    pub range: Range,
    /// Whose estimate.
    pub whence: Whence,
}

/// Everything that was thought, as it stood when the result was written down.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Thought {
    /// Line by line.
    pub lines: Vec<ThoughtLine>,
    /// What an hour of ours was worth.
    pub hour_value: f64,
    /// The price it was thought with, in whole units: the usual one, where the deal had none of its own.
    pub price: f64,
    /// What they and we were thought to gain, as it was told then; none of results written down before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hoped: Option<(f64, f64)>,
}

impl Thought {
    /// What was thought of a parameter.
    pub fn of(&self, parameter: Parameter) -> Option<&ThoughtLine> {
        self.lines.iter().find(|line| line.parameter == parameter)
    }
}

impl db::Parameter for Thought {
    fn value(self) -> db::Value {
        serde_json::to_string(&self).unwrap_or_default().value()
    }
    fn missing() -> db::Value {
        String::missing()
    }
}

impl db::Column for Thought {
    fn column(row: &db::Row, index: usize) -> db::Result<Self> {
        let text = String::column(row, index)?;
        serde_json::from_str(&text).map_err(|error| db::Error::Shape(format!("column {index}: {error}")))
    }
}

record! {
    /// The result of a deal. Sums are in whole units of the deal's currency.
    pub struct Outcome in "outcome", Kind::Outcome => {
        /// Of which deal.
        pub deal_id: Id<Deal>,
        /// When it was measured or asked.
        pub measured_on: Date,
        /// Whether they have what they wanted.
        pub reached: Reached,
        /// Where their measure stands, in its unit.
        pub achieved: Option<f64>,
        /// How far it came, from 0 to 1: by the measure, or by what they say.
        pub share: f64,
        /// Which share of the wished change it is, above 1 and below 0 too; by the measure only.
        pub change_share: Option<f64>,
        /// What it really brings them, a month.
        pub benefit: Option<f64>,
        /// After how many months they felt it.
        pub delay: Option<f64>,
        /// What it cost them besides the price.
        pub adoption: Option<f64>,
        /// What delivering cost us.
        pub delivery: Option<f64>,
        /// What serving them costs us, a month.
        pub service: Option<f64>,
        /// Our hours until they decided.
        pub hours: Option<f64>,
        /// What they gained over the horizon, the price paid.
        pub client_gain: f64,
        /// What we gained, our hours paid.
        pub company_gain: f64,
        /// What was thought.
        pub thought: Thought,
        /// How well the result is founded.
        pub source: Source,
        /// Who said or counted it.
        pub said_by: Option<String>,
        /// What was said, or how it was counted.
        pub note: Option<String>,
        /// What we learnt.
        pub learnt: Option<String>,
    }
    derived {}
}

impl Outcome {
    /// What a parameter really was.
    pub fn real(&self, parameter: Parameter) -> Option<f64> {
        match parameter {
            Parameter::Success => Some(self.share),
            Parameter::Benefit => self.benefit,
            Parameter::Delay => self.delay,
            Parameter::Adoption => self.adoption,
            Parameter::Delivery => self.delivery,
            Parameter::Service => self.service,
            Parameter::Hours => self.hours,
            _ => None,
        }
    }

    /// Whether the sale left them worse off (P15).
    pub fn is_worse_off(&self) -> bool {
        self.client_gain < 0.0
    }
}

/// How far it came, from 0 to 1, without a measure.
pub const fn share_of(reached: Reached) -> f64 {
    match reached {
        Reached::Fully => 1.0,
        Reached::Partly => 0.5,
        Reached::NotAtAll => 0.0,
    }
}

impl About for Outcome {
    fn title(&self) -> String {
        "The result".into()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.deal_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("deal_id", Kind::Deal, Some(self.deal_id)).into_iter().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        for parameter in REAL {
            if let Some(value) = self.real(parameter)
                && !(0.0..=1e12).contains(&value)
            {
                fields.add(key(parameter), "a number from 0 on");
            }
        }
        if self.achieved.is_some_and(|value| !value.is_finite() || value.abs() > 1e12) {
            fields.add("achieved", "a number");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

/// The name of a real value in the form: `benefit_per_month`.
pub fn key(parameter: Parameter) -> &'static str {
    parameter.code().split_once('.').map_or(parameter.code(), |(_, key)| key)
}
