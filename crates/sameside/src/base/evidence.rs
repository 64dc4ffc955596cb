//! Where a figure comes from. No figure is shown without it.

use crate::base::Date;
use crate::base::code::codes;
use serde::{Deserialize, Serialize};

codes! {
    /// How well a figure is founded, weakest first.
    pub enum Source {
        /// Nobody said so; it is what we take until somebody does.
        Assumed = "assumed", "assumed";
        /// One of us judged it.
        OurEstimate = "our_estimate", "our estimate";
        /// The client told us.
        ClientSaid = "client_said", "client said";
        /// It was counted or measured.
        Measured = "measured", "measured";
    }
}

impl Source {
    /// A figure's evidence in a few words: `Maria said, 12 Nov 2026`.
    pub fn note(self, by: Option<&str>, on: Option<String>) -> String {
        let who = match (self, by) {
            (Self::ClientSaid, Some(by)) => format!("{by} said"),
            (Self::OurEstimate, Some(by)) => format!("{by} estimates"),
            (Self::Measured, Some(by)) => format!("measured: {by}"),
            (source, _) => source.label().to_owned(),
        };
        match on {
            Some(on) if self != Self::Assumed => format!("{who}, {on}"),
            _ => who,
        }
    }
}

/// Where a figure comes from: how, from whom, when, and what was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// How well it is founded.
    pub source: Source,
    /// Who said or measured it, in words: `Maria Oliveira`, `till data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// On which day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// What was said, or how it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Evidence {
    /// What we take until somebody says otherwise, and why.
    pub fn assumed(note: impl Into<String>) -> Self {
        Self { source: Source::Assumed, by: None, on: None, note: Some(note.into()) }
    }
}
