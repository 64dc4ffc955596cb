//! The journeys, one file a subject.

mod bargain;
mod coming_in;
mod deals;
mod demo;
mod departure;
mod import;
mod keyboard;
mod two_people;
mod without_scripts;
