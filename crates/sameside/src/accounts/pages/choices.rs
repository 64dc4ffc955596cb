//! What people choose from: currencies, time zones, languages.

use crate::base::{Currency, Locale};

/// Currencies by code, with their names.
pub(super) fn currencies() -> Vec<(&'static str, String)> {
    let mut all: Vec<_> =
        Currency::all().map(|one| (one.code(), format!("{} · {}", one.code(), one.name()))).collect();
    all.sort();
    all
}

/// The time zones people speak of, by continent and city.
pub(super) fn zones() -> Vec<(String, String)> {
    const CONTINENTS: [&str; 10] = [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ];
    let mut names: Vec<String> = jiff::tz::db()
        .available()
        .map(|name| name.as_str().to_owned())
        .filter(|name| name.split_once('/').is_some_and(|(head, _)| CONTINENTS.contains(&head)))
        .collect();
    names.sort();
    names.dedup();
    names.insert(0, "UTC".into());
    names.into_iter().map(|name| (name.clone(), name.replace('_', " ").replace('/', " / "))).collect()
}

/// Languages, each as it calls itself.
pub(super) fn languages() -> Vec<(&'static str, &'static str)> {
    Locale::ALL.iter().map(|one| (one.code(), one.label())).collect()
}

/// The first language of an `Accept-Language` header that we know.
pub(super) fn preferred(header: &str) -> Locale {
    header
        .split(',')
        .filter_map(|item| item.split(';').next())
        .find_map(|tag| {
            let tag = tag.trim();
            let language = tag.split('-').next().unwrap_or_default();
            let is_english = language.eq_ignore_ascii_case("en");
            match tag {
                _ if tag.eq_ignore_ascii_case("en-us") => Some(Locale::EnUs),
                _ if is_english => Some(Locale::EnGb),
                _ => Locale::parse(&language.to_ascii_lowercase()),
            }
        })
        .unwrap_or(Locale::EnGb)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_answered_in_the_first_language_we_know() {
        assert_eq!(preferred("sv-SE,sv;q=0.9,de-AT;q=0.8,en;q=0.7"), Locale::De);
        assert_eq!(preferred("en-US,en"), Locale::EnUs);
        assert_eq!(preferred("en-AU"), Locale::EnGb);
        assert_eq!(preferred(""), Locale::EnGb);
    }

    #[test]
    fn every_zone_that_is_offered_is_known() {
        let zones = zones();
        assert!(zones.len() > 300, "{}", zones.len());
        assert!(zones.iter().any(|(name, text)| name == "America/New_York" && text == "America / New York"));
        for (name, _) in zones {
            assert!(jiff::tz::TimeZone::get(&name).is_ok(), "{name}");
        }
    }
}
