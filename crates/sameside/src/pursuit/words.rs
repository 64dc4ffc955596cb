//! The stops in plain words.

use crate::assessment::Words;
use crate::base::{Locale, plural};
use crate::pursuit::Point;

/// Hours as people say them: `¼ h`, `1½ h`, `14 h`.
pub fn hours(hours: f64, locale: Locale) -> String {
    let quarters = (hours * 4.0).round() / 4.0;
    if quarters >= 10.0 {
        return format!("{} h", locale.number(hours.round(), 0));
    }
    let (whole, part) = (quarters.floor(), quarters.fract());
    let part = match part {
        part if part < 0.125 => "",
        part if part < 0.375 => "¼",
        part if part < 0.625 => "½",
        _ => "¾",
    };
    match (whole > 0.0, part) {
        (false, "") if hours > 0.0 => "a few minutes".into(),
        (false, "") => "0 h".into(),
        (false, part) => format!("{part} h"),
        (true, part) => format!("{}{part} h", locale.number(whole, 0)),
    }
}

/// Minutes as a clock shows them: `0:05`, `12:30`.
pub fn time(minutes: i64) -> String {
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

impl Point {
    /// The reason to think it over, in a sentence.
    pub fn text(&self, words: Words) -> String {
        match self {
            Self::Budget { spent, hours: of } => format!(
                "{} went into it; {} was the budget.",
                hours(*spent, words.locale),
                hours(*of, words.locale)
            ),
            Self::Stage { days, stay } => format!(
                "{} in this stage. Of 10 deals that were here, 9 moved on within {} ({} counted).",
                plural(*days, "day", "days"),
                plural(stay.days_p90, "day", "days"),
                stay.count
            ),
            Self::Course { days, course } => format!(
                "{} under way. Of 10 such deals, 9 had ended within {} ({} counted).",
                plural(*days, "day", "days"),
                plural(course.days_p90, "day", "days"),
                course.count
            ),
            Self::Promise(late) => {
                let named: Vec<String> = late
                    .iter()
                    .take(2)
                    .map(|late| format!("“{}” ({})", late.title, late.due_on.show(words.locale)))
                    .collect();
                let more =
                    if late.len() > 2 { format!(" and {} more", late.len() - 2) } else { String::new() };
                let is = if late.len() == 1 { "A promise is late" } else { "Promises are late" };
                format!("{is}: {}{more}.", named.join(", "))
            }
            Self::Worth { then, now } => format!(
                "Going on was worth {} when you last decided; now it is {}.",
                words.money(*then),
                words.money(*now)
            ),
            Self::Verdict { then, now } => format!(
                "When you last decided the answer was “{}”; now it is “{}”.",
                verdict(then),
                verdict(now)
            ),
        }
    }
}

fn verdict(code: &str) -> &'static str {
    match code {
        "go_ahead" => "Go ahead",
        "ask_first" => "Ask first",
        "rebalance" => "Rebalance",
        "walk_away" => "Walk away",
        _ => "Not assessed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_said_as_people_say_them() {
        let say = |value| hours(value, Locale::EnGb);
        for (value, said) in [
            (0.0, "0 h"),
            (0.05, "a few minutes"),
            (0.25, "¼ h"),
            (1.5, "1½ h"),
            (2.98, "3 h"),
            (14.2, "14 h"),
        ] {
            assert_eq!(say(value), said);
        }
        assert_eq!((time(5), time(750)), ("0:05".to_owned(), "12:30".to_owned()));
    }
}
