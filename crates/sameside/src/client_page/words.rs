//! The page in the language of the client: Project Fluent files in `words/`, one a language, with the same messages.

use crate::base::{Locale, codes};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::sync::LazyLock;

codes! {
    /// A language of the page.
    pub enum Tongue {
        /// English.
        En = "en", "English";
        /// German.
        De = "de", "Deutsch";
        /// French.
        Fr = "fr", "Français";
        /// Spanish.
        Es = "es", "Español";
    }
}

impl Tongue {
    const fn source(self) -> &'static str {
        match self {
            Self::En => include_str!("words/en.ftl"),
            Self::De => include_str!("words/de.ftl"),
            Self::Fr => include_str!("words/fr.ftl"),
            Self::Es => include_str!("words/es.ftl"),
        }
    }

    /// The language that a browser wants most of those there are, by its `Accept-Language`; English, if none.
    pub fn wished(accepted: &str) -> Self {
        let mut best = (0.0, Self::En);
        for one in accepted.split(',').take(16) {
            let mut parts = one.trim().split(';');
            let name = parts.next().unwrap_or_default().split('-').next().unwrap_or_default();
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(Ok(1.0), str::parse);
            if let (Some(tongue), Ok(weight)) = (Self::parse(&name.to_ascii_lowercase()), weight)
                && weight > best.0
            {
                best = (weight, tongue);
            }
        }
        best.1
    }

    /// How dates and numbers are written in it; `ours` where that is English too, so that nobody mistakes a date.
    pub const fn locale(self, ours: Locale) -> Locale {
        match (self, ours) {
            (Self::En, Locale::EnUs) => Locale::EnUs,
            (Self::En, _) => Locale::EnGb,
            (Self::De, _) => Locale::De,
            (Self::Fr, _) => Locale::Fr,
            (Self::Es, _) => Locale::Es,
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<Vec<Bundle>> = LazyLock::new(|| Tongue::ALL.iter().map(|it| bundle(*it)).collect());

fn bundle(tongue: Tongue) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![tongue.code().parse().unwrap_or_default()]);
    bundle.set_use_isolating(false);
    // What cannot be read of a file is left out; a test sees to it that nothing is.
    let resource = FluentResource::try_new(tongue.source().to_owned()).unwrap_or_else(|(read, _)| read);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The words of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// Which.
    pub tongue: Tongue,
    /// How dates and numbers are written.
    pub locale: Locale,
}

impl Words {
    /// The words of a language for a client of a workspace that writes numbers like `ours`.
    pub const fn of(tongue: Tongue, ours: Locale) -> Self {
        Self { tongue, locale: tongue.locale(ours) }
    }

    /// The code of the language, for `lang`.
    pub const fn code(&self) -> &'static str {
        self.tongue.code()
    }

    /// A text.
    pub fn say(&self, key: &str) -> String {
        self.told(key, None)
    }

    /// A text with something in it.
    pub fn with<'v>(&self, key: &str, name: &'static str, value: impl Into<FluentValue<'v>>) -> String {
        let mut args = FluentArgs::new();
        args.set(name, value);
        self.told(key, Some(&args))
    }

    /// A text with several things in it.
    pub fn with_all(&self, key: &str, values: &[(&'static str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, *value);
        }
        self.told(key, Some(&args))
    }

    fn told(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let spoken = Tongue::ALL.iter().position(|it| *it == self.tongue).unwrap_or(0);
        // What one language lacks is said in English rather than not at all.
        for n in [spoken, 0] {
            let Some(bundle) = BUNDLES.get(n) else { continue };
            let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { continue };
            return bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned();
        }
        key.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// Every message of a language with the variables it takes.
    fn messages(tongue: Tongue) -> BTreeMap<String, BTreeSet<String>> {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut key = String::new();
        for line in tongue.source().lines() {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                key = line.split('=').next().unwrap().trim().to_owned();
                assert!(all.insert(key.clone(), BTreeSet::new()).is_none(), "{tongue}: {key} is there twice");
            }
            for after in line.split('$').skip(1) {
                let name: String =
                    after.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                all.get_mut(&key).unwrap().insert(name);
            }
        }
        all
    }

    #[test]
    fn every_language_has_every_text() {
        let english = messages(Tongue::En);
        assert!(english.len() > 40, "only {} texts were found", english.len());
        for tongue in Tongue::ALL {
            FluentResource::try_new(tongue.source().to_owned())
                .unwrap_or_else(|(_, errors)| panic!("{tongue}: {errors:?}"));
            let own = messages(*tongue);
            let (ours, theirs): (BTreeSet<_>, BTreeSet<_>) = (english.keys().collect(), own.keys().collect());
            assert_eq!(ours, theirs, "{tongue}: the texts differ");
            for (key, variables) in &english {
                assert_eq!(own.get(key), Some(variables), "{tongue}: {key} takes other variables");
            }
        }
    }

    #[test]
    fn every_text_that_is_asked_for_is_there_and_every_text_is_asked_for() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/client_page");
        let (mut sources, mut folders) = (String::new(), vec![folder]);
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|it| it == "rs" || it == "html") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    sources.push_str(text.split("#[cfg(test)]").next().unwrap());
                }
            }
        }
        let english = messages(Tongue::En);
        for call in [".say(\"", ".with(\"", ".with_all(\""] {
            for after in sources.split(call).skip(1) {
                let key = after.split('"').next().unwrap();
                assert!(english.contains_key(key), "{key} is in no language");
            }
        }
        for key in english.keys() {
            assert!(sources.contains(&format!("\"{key}\"")), "nothing asks for {key}");
        }
    }

    #[test]
    fn the_browser_says_which_language() {
        for (accepted, tongue) in [
            ("", Tongue::En),
            ("de-AT,de;q=0.9,en;q=0.8", Tongue::De),
            ("pt-PT,pt;q=0.9,fr;q=0.7,en;q=0.5", Tongue::Fr),
            ("ja, ko", Tongue::En),
            ("en;q=0.2, ES;q=0.9", Tongue::Es),
            ("de;q=nonsense, es;q=0.1", Tongue::Es),
        ] {
            assert_eq!(Tongue::wished(accepted), tongue, "{accepted}");
        }
    }

    #[test]
    fn what_is_put_into_a_text_stands_there_as_it_is() {
        let words = Words::of(Tongue::De, Locale::EnGb);
        assert_eq!(words.locale, Locale::De);
        assert_eq!(words.with("offer-name", "n", 2), "Angebot 2");
        assert_eq!(words.with("months", "n", 1), "1 Monat");
        assert_eq!(Words::of(Tongue::Es, Locale::EnGb).with("months", "n", 12), "12 meses");
    }
}
