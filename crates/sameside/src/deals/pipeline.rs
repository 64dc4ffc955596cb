//! Pipelines and their stages.

use crate::accounts::Right;
use crate::base::{Fields, Id};
use crate::deals::Phase;
use crate::records::{About, Kind, Reference, record};

record! {
    /// An order of stages.
    pub struct Pipeline in "pipeline", Kind::Pipeline => {
        /// What it is called.
        pub name: String,
        /// Its place among the others.
        pub position: i64,
    }
    derived {}
}

impl About for Pipeline {
    fn title(&self) -> String {
        self.name.clone()
    }

    fn right() -> Right {
        Right::Manage
    }

    fn check(&self) -> Result<(), Fields> {
        if self.name.is_empty() { Err(Fields::one("name", "a name")) } else { Ok(()) }
    }
}

record! {
    /// A step of a pipeline. Its name is yours; its phase says what it means.
    pub struct Stage in "stage", Kind::Stage => {
        /// The pipeline it is of.
        pub pipeline_id: Id<Pipeline>,
        /// What it is called.
        pub name: String,
        /// What it means.
        pub phase: Phase,
        /// Its place in the pipeline.
        pub position: i64,
    }
    derived {}
}

impl About for Stage {
    fn title(&self) -> String {
        self.name.clone()
    }

    fn about(&self) -> Option<uuid::Uuid> {
        Some(self.pipeline_id.uuid())
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("pipeline_id", Kind::Pipeline, Some(self.pipeline_id)).into_iter().collect()
    }

    fn right() -> Right {
        Right::Manage
    }

    fn check(&self) -> Result<(), Fields> {
        if self.name.is_empty() { Err(Fields::one("name", "a name")) } else { Ok(()) }
    }
}
