//! The journeys, one file a subject.

mod bargain;
mod client_page;
mod coming_in;
mod deals;
mod demo;
mod departure;
mod import;
mod keyboard;
mod service;
mod two_people;
mod without_scripts;
