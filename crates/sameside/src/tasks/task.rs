//! What a task is.

use crate::accounts::Member;
use crate::base::{Date, Fields, Id, Range, When};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::records::{About, Kind, Reference, record};

record! {
    /// Something to be done.
    pub struct Task in "task", Kind::Task => {
        /// What.
        pub title: String,
        /// How, why.
        pub note: Option<String>,
        /// For this deal.
        pub deal_id: Option<Id<Deal>>,
        /// For this company.
        pub company_id: Option<Id<Company>>,
        /// For this person.
        pub contact_id: Option<Id<Contact>>,
        /// Who does it.
        pub owner_id: Option<Id<Member>>,
        /// Until which day.
        pub due_on: Option<Date>,
        /// When it was done.
        pub done_at: Option<When>,
        /// How many hours it takes at least: the 10th percentile of what we think.
        pub hours_low: Option<f64>,
        /// How many it likely takes.
        pub hours_likely: Option<f64>,
        /// How many it takes at most: the 90th percentile.
        pub hours_high: Option<f64>,
        /// How many it really took.
        pub hours_taken: Option<f64>,
    }
    derived { due_key = |task| due_key(task.due_on) }
}

/// The most hours a task takes.
pub const HOURS_MAX: f64 = 10_000.0;

impl Task {
    /// How many hours it takes, as far as somebody said.
    pub fn estimate(&self) -> Option<Range> {
        Range::new(self.hours_low?, self.hours_likely?, self.hours_high?).ok()
    }

    /// Says how many hours it takes.
    pub fn set_estimate(&mut self, hours: Option<Range>) {
        self.hours_low = hours.map(Range::low);
        self.hours_likely = hours.map(Range::likely);
        self.hours_high = hours.map(Range::high);
    }
}

/// Reads hours as people write them: `3`, `2 to 6`, `2 - 6`, `2, 3, 6`. Of two, the likely one lies between them at the same
/// factor from either.
///
/// # Errors
/// A sentence saying what would be right.
pub fn parse_hours(text: &str) -> Result<Range, String> {
    const RIGHT: &str = "hours, such as 3, or a range, such as 2 to 6";
    let plain =
        text.replace("to", " ").replace(['–', '—', '-', ';', '/'], " ").replace(", ", " ").replace('h', " ");
    let numbers: Result<Vec<f64>, _> =
        plain.split_whitespace().map(|number| number.replace(',', ".").parse::<f64>()).collect();
    let numbers = numbers.map_err(|_| RIGHT.to_owned())?;
    let (low, likely, high) = match numbers.as_slice() {
        [hours] => (*hours, *hours, *hours),
        [low, high] => (*low, (low * high).sqrt().clamp(*low, low.max(*high)), *high),
        [low, likely, high] => (*low, *likely, *high),
        _ => return Err(RIGHT.to_owned()),
    };
    if ![low, likely, high].iter().all(|hours| hours.is_finite() && (0.0..=HOURS_MAX).contains(hours)) {
        return Err(format!("hours from 0 to {HOURS_MAX}"));
    }
    Range::new(low, likely, high)
}

/// What orders tasks: the day they are due; after every such day, those without one.
fn due_key(due_on: Option<Date>) -> String {
    due_on.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string())
}

impl About for Task {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn owner(&self) -> Option<Id<Member>> {
        self.owner_id
    }

    fn about(&self) -> Option<uuid::Uuid> {
        self.deal_id.map(Id::uuid).or(self.company_id.map(Id::uuid)).or(self.contact_id.map(Id::uuid))
    }

    fn references(&self) -> Vec<Reference> {
        let all = [
            Reference::to("deal_id", Kind::Deal, self.deal_id),
            Reference::to("company_id", Kind::Company, self.company_id),
            Reference::to("contact_id", Kind::Contact, self.contact_id),
            Reference::to("owner_id", Kind::Member, self.owner_id),
        ];
        all.into_iter().flatten().collect()
    }

    fn check(&self) -> Result<(), Fields> {
        let mut fields = Fields::default();
        if self.title.is_empty() {
            fields.add("title", "what is to be done");
        }
        let hours = [self.hours_low, self.hours_likely, self.hours_high];
        if hours.iter().any(Option::is_some) && self.estimate().is_none() {
            fields.add("hours", "hours, the lowest first");
        }
        let all = hours.into_iter().chain([self.hours_taken]).flatten();
        if all.into_iter().any(|hours| !(0.0..=HOURS_MAX).contains(&hours)) {
            fields.add("hours", format!("hours from 0 to {HOURS_MAX}"));
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (text, want) in [
            ("3", [3.0, 3.0, 3.0]),
            ("1,5 h", [1.5, 1.5, 1.5]),
            ("2 to 8", [2.0, 4.0, 8.0]),
            ("2-8", [2.0, 4.0, 8.0]),
            ("2, 3, 6", [2.0, 3.0, 6.0]),
            ("0–4", [0.0, 0.0, 4.0]),
        ] {
            let range = parse_hours(text).unwrap();
            assert_eq!([range.low(), range.likely(), range.high()], want, "{text}");
        }
        for text in ["", "soon", "1 2 3 4", "6 to 2", "99999", "nan", "inf"] {
            assert!(parse_hours(text).is_err(), "{text}");
        }
    }
}
