//! How they will know that it worked: a figure, where it stands and where they want it. Pure.

use crate::base::{Date, Evidence, Fields, Id, Locale, Source};
use crate::deals::Deal;
use crate::records::{About, Kind, Reference, record};

record! {
    /// What is measured: `Hours at the phone, 12 to 4 hours a week, by March`.
    pub struct Measure in "measure", Kind::Measure => {
        /// Of which deal.
        pub deal_id: Id<Deal>,
        /// What is counted.
        pub title: String,
        /// In what: `hours a week`.
        pub unit: String,
        /// Where it stands before.
        pub baseline: f64,
        /// Where they want it.
        pub wished: f64,
        /// By when.
        pub by_on: Option<Date>,
        /// How well the baseline is founded.
        pub source: Source,
        /// Who said or counted it.
        pub said_by: Option<String>,
        /// On which day.
        pub said_on: Option<Date>,
        /// What was said, or how it was counted.
        pub note: Option<String>,
    }
    derived {}
}

/// How much better or worse it is, as people say it: `45% better than before`, from twice on `3.1 times as much as before`. The
/// first two are where it stood and where they wanted it; nothing is compared by name when `than` is empty.
pub fn change_said((baseline, wished): (f64, f64), impact: f64, than: &str, locale: Locale) -> String {
    let with = |word: &str| if than.is_empty() { String::new() } else { format!(" {word} {than}") };
    if impact >= 1.0 && baseline > 0.0 && wished > baseline {
        return format!("{} times as much{}", locale.number(1.0 + impact, 1), with("as"));
    }
    let which = if impact >= 0.0 { "better" } else { "worse" };
    format!("{}% {which}{}", locale.number(impact.abs() * 100.0, 0), with("than"))
}

impl Measure {
    /// Which share of the wished change a figure is: 1 where they wanted it, negative where it got worse.
    pub fn share(&self, now: f64) -> f64 {
        (now - self.baseline) / (self.wished - self.baseline)
    }

    /// The figure at which so much of the wished change has come.
    pub fn at(&self, share: f64) -> f64 {
        self.baseline + share * (self.wished - self.baseline)
    }

    /// What changed for them relative to where they stood (P17); none from nothing.
    pub fn impact(&self, now: f64) -> Option<f64> {
        let change = (now - self.baseline) * (self.wished - self.baseline).signum();
        (self.baseline != 0.0).then(|| change / self.baseline.abs())
    }

    /// A figure with its unit.
    pub fn show(&self, value: f64, locale: Locale) -> String {
        format!("{} {}", plain(value, locale), self.unit)
    }

    /// From where to where: `12 to 4 hours a week`.
    pub fn way(&self, locale: Locale) -> String {
        format!("{} to {}", plain(self.baseline, locale), self.show(self.wished, locale))
    }

    /// Where the baseline comes from.
    pub fn evidence(&self) -> Evidence {
        Evidence { source: self.source, by: self.said_by.clone(), on: self.said_on, note: self.note.clone() }
    }
}

/// A number with as many decimals as it takes to tell it from its neighbours, two at most.
fn plain(value: f64, locale: Locale) -> String {
    let hundredths = (value * 100.0).round();
    let decimals = if hundredths % 100.0 == 0.0 {
        0
    } else if hundredths % 10.0 == 0.0 {
        1
    } else {
        2
    };
    locale.number(value, decimals)
}

impl About for Measure {
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
            fields.add("measured", "what is counted, such as: hours at the phone");
        }
        if self.unit.is_empty() {
            fields.add("unit", "what it is counted in, such as: hours a week");
        }
        for (name, value) in [("baseline", self.baseline), ("wished", self.wished)] {
            if !value.is_finite() || value.abs() > 1e12 {
                fields.add(name, "a number");
            }
        }
        if self.baseline == self.wished {
            fields.add("wished", "another number than where it stands now: what is to change");
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn phone() -> Measure {
        Measure {
            deal_id: Id::of(uuid::Uuid::from_u128(1)),
            title: "At the phone".into(),
            unit: "hours a week".into(),
            baseline: 12.0,
            wished: 4.0,
            by_on: None,
            source: Source::ClientSaid,
            said_by: Some("Maria".into()),
            said_on: None,
            note: None,
        }
    }

    #[test]
    fn less_can_be_what_they_want() {
        let measure = phone();
        assert_eq!(measure.share(4.0), 1.0);
        assert_eq!(measure.share(8.0), 0.5);
        assert_eq!(measure.share(14.0), -0.25);
        assert_eq!(measure.impact(6.0), Some(0.5));
        assert_eq!(measure.at(0.5), 8.0);
        assert_eq!(measure.way(Locale::EnGb), "12 to 4 hours a week");
    }

    #[test]
    fn from_nothing_there_is_no_relative_change() {
        let measure = Measure { baseline: 0.0, wished: 50.0, ..phone() };
        assert_eq!(measure.impact(20.0), None);
        assert_eq!(measure.share(20.0), 0.4);
    }

    #[test]
    fn a_measure_that_changes_nothing_is_none() {
        let fields = Measure { wished: 12.0, ..phone() }.check().unwrap_err();
        assert!(fields.at("wished").is_some());
    }
}
