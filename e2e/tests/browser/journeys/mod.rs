//! The journeys, one file a subject.

mod coming_in;
