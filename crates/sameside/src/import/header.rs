//! Headers as they can be compared: without byte order mark, case, space, punctuation, the entity in front and the star behind.

use super::field::Kind;
use super::fold::key;
use std::collections::HashSet;

/// One header.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Header {
    /// As it stands in the file.
    pub(super) raw: String,
    /// All of it, folded: `dealtitle` for `Deal - Title *`.
    pub(super) key: String,
    /// The entity in front of ` - `, if there is one, and the rest folded.
    pub(super) prefixed: Option<(Kind, String)>,
}

/// All headers of a table.
#[derive(Clone, Debug)]
pub(super) struct Headers {
    pub(super) list: Vec<Header>,
    keys: HashSet<String>,
}

impl Headers {
    pub(super) fn new(raw: &[String]) -> Headers {
        let list: Vec<Header> = raw.iter().map(|raw| Header::new(raw)).collect();
        let mut keys: HashSet<String> = list.iter().map(|header| header.key.clone()).collect();
        if let Some(kind) = list.first().and_then(|first| first.prefixed.as_ref()).map(|(kind, _)| *kind) {
            keys.extend(list.iter().map(|header| header.key_for(kind).to_owned()));
        }
        Headers { list, keys }
    }

    /// Whether a header of this spelling, or of one folded alike, is there. `=` in front asks for the very spelling.
    pub(super) fn has(&self, label: &str) -> bool {
        match label.strip_prefix('=') {
            Some(exact) => self.list.iter().any(|header| header.raw == exact),
            None => self.keys.contains(&key(label)),
        }
    }
}

impl Header {
    fn new(raw: &str) -> Header {
        let bare = raw.trim_start_matches('\u{FEFF}').trim().trim_end_matches('*').trim_end();
        let prefixed =
            bare.split_once(" - ").and_then(|(entity, rest)| Some((entity_named(entity)?, key(rest))));
        Header { raw: raw.to_owned(), key: key(bare), prefixed }
    }

    /// The header as a table of `kind` would have it: its own entity in front is nothing, another's is a part of the name.
    pub(super) fn key_for(&self, kind: Kind) -> &str {
        match &self.prefixed {
            Some((entity, rest)) if *entity == kind => rest,
            _ => &self.key,
        }
    }
}

fn entity_named(text: &str) -> Option<Kind> {
    match key(text).as_str() {
        "deal" | "lead" | "opportunity" => Some(Kind::Deal),
        "person" | "contact" => Some(Kind::Contact),
        "organization" | "organisation" | "company" | "account" => Some(Kind::Company),
        "product" => Some(Kind::Product),
        "activity" | "note" => Some(Kind::Activity),
        "task" => Some(Kind::Task),
        "user" | "member" => Some(Kind::Member),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entity_in_front_counts_only_for_its_own_kind() {
        let headers =
            Headers::new(&["Deal - ID".to_owned(), "Deal - Title *".to_owned(), "Person - Name".to_owned()]);
        assert!(headers.has("id") && headers.has("TITLE") && headers.has("Person Name"));
        assert!(!headers.has("name"));
        assert_eq!(headers.list[2].key_for(Kind::Deal), "personname");
        assert!(headers.has("=Deal - ID") && !headers.has("=Deal - Id"));
    }
}
