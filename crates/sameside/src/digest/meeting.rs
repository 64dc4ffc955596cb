//! What was said in the weekly review. Pure.

use crate::base::{Date, Fields};
use crate::digest::choice::monday;
use crate::records::{About, Kind, record};

record! {
    /// Notes of the team's meeting about a week: one sheet for everybody.
    pub struct Meeting in "meeting", Kind::Meeting => {
        /// The Monday of the week.
        pub week: Date,
        /// What was said and decided.
        pub note: String,
    }
    derived {}
}

impl About for Meeting {
    fn title(&self) -> String {
        format!("Week of {}", self.week)
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.note.is_empty() {
            fields.add("note", "what was said or decided");
        }
        if monday(self.week) != self.week {
            fields.add("week", "the Monday of a week");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}
