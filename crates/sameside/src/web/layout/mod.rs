//! The frame around every page, and the components that pages are made of (P14: people first).
//!
//! A page's template begins with `{% extends "web/layout/base.html" %}` and its struct has a field
//! `shell: Shell`; a page for somebody not signed in extends `web/layout/public.html` and has a
//! `front: Front`. Components are macros: `{% import "web/layout/components.html" as ui %}`.
//!
//! Invariants: no inline style or script anywhere (the content policy refuses them); every page works without
//! JavaScript; what is red is a broken promise or refused input, nothing else.

/// What the frame of a signed-in page needs to know.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    /// The member's name as people say it, for example `Ada Lind`.
    pub member: String,
    /// One or two letters for the member's face, see [`initials`].
    pub initials: String,
    /// The workspace's name.
    pub workspace: String,
    /// Whether the member may create and change records: viewers see no New menu.
    pub can_write: bool,
    /// Whether the member may open the workspace's settings (owner, admin).
    pub can_manage: bool,
    /// The entry of the navigation this page belongs to.
    pub here: Place,
    /// What was just done, said once.
    pub flashes: Vec<Flash>,
    /// The path and query of this page, to come back to after signing in or choosing something.
    pub path: String,
    /// How many tasks of this member are due today or late; shown in the navigation when above 0.
    pub tasks_due: u32,
    /// Whether htmx and sortable are in this build ([`assets::has_scripts`]).
    pub has_scripts: bool,
}

impl Shell {
    /// The current-page mark of a navigation link.
    pub fn current(&self, place: Place) -> &'static str {
        if self.here == place { " aria-current=\"page\"" } else { "" }
    }

    /// Whether this page lies behind "More" on a phone.
    pub fn here_in_more(&self) -> bool {
        matches!(self.here, Place::Contacts | Place::Products | Place::Import | Place::Settings)
    }
}

/// The frame of a page for somebody who is not signed in: sign-in, set-up, invitation, password.
#[derive(Debug, Clone, Default)]
pub struct Front {
    /// What was just done or refused, said once.
    pub flashes: Vec<Flash>,
    /// Whether htmx and sortable are in this build.
    pub has_scripts: bool,
}

/// An entry of the navigation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Place {
    /// The week's plan.
    Today,
    /// Deals: board, table, one deal.
    Deals,
    /// Companies.
    Companies,
    /// Contacts.
    Contacts,
    /// Products and their profiles.
    Products,
    /// Tasks.
    Tasks,
    /// Import of files.
    Import,
    /// Settings of the workspace.
    Settings,
    /// A page that belongs to no entry: search, one's own account, help.
    #[default]
    Elsewhere,
}

/// A sentence about what was just done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// Good news or a refusal.
    pub tone: Tone,
    /// One sentence a person would say.
    pub text: String,
    /// Where to `POST` to undo it, if it can be undone.
    pub undo: Option<String>,
}

/// The tone of a [`Flash`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It is done.
    Done,
    /// Something to know; nothing is wrong.
    Note,
    /// It was not done, and the text says what would make it possible.
    Refused,
}

impl Tone {
    /// The class suffix of the notice.
    pub fn class(&self) -> &'static str {
        match self {
            Tone::Done => "good",
            Tone::Note => "plain",
            Tone::Refused => "broken",
        }
    }

    /// The picture beside it.
    pub fn icon(&self) -> &'static str {
        match self {
            Tone::Done => "check",
            Tone::Note => "note",
            Tone::Refused => "alert",
        }
    }
}

/// One or two capital letters of a name: of its first and last word (`Ada Lind` → `AL`); `?` for an empty name.
pub fn initials(name: &str) -> String {
    let first = |word: &str| word.chars().find(|letter| letter.is_alphanumeric());
    let mut letters = name.split_whitespace().filter_map(first);
    let Some(start) = letters.next() else { return "?".into() };
    let text: String = std::iter::once(start).chain(letters.next_back()).collect();
    text.to_uppercase()
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::*;

    #[derive(Template)]
    #[template(
        ext = "html",
        source = "{% extends \"web/layout/base.html\" %}{% block title %}Deals{% endblock %}{% block main %}<h1>Deals</h1>{% endblock %}"
    )]
    struct Page {
        shell: Shell,
    }

    fn page(shell: Shell) -> String {
        Page { shell }.render().unwrap()
    }

    #[test]
    fn a_face_shows_the_letters_of_first_and_last_name() {
        for (name, letters) in [
            ("Ada Lind", "AL"),
            ("maria da silva oliveira", "MO"),
            ("Teo", "T"),
            ("  ", "?"),
            ("(Ö) Å.", "ÖÅ"),
        ] {
            assert_eq!(initials(name), letters, "{name}");
        }
    }

    #[test]
    fn the_navigation_marks_where_one_is_and_nothing_else() {
        let html = page(Shell { here: Place::Deals, ..Shell::default() });
        assert_eq!(html.matches("aria-current=\"page\"").count(), 1);
        assert!(html.contains("href=\"/deals\" aria-current=\"page\""));
        assert!(!page(Shell::default()).contains("aria-current"));
    }

    #[test]
    fn who_may_only_read_is_offered_nothing_new() {
        assert!(!page(Shell::default()).contains("/deals/new"));
        assert!(page(Shell { can_write: true, ..Shell::default() }).contains("/deals/new"));
    }

    #[test]
    fn a_page_obeys_the_content_policy() {
        let flash =
            Flash { tone: Tone::Done, text: "Saved <b>".into(), undo: Some("/history/1/undo".into()) };
        let html =
            page(Shell { flashes: vec![flash], can_write: true, has_scripts: true, ..Shell::default() });
        assert!(!html.contains(" style="), "no inline style");
        assert!(!html.contains("<style"), "no inline sheet");
        assert!(!html.contains("onclick"), "no inline handler");
        assert!(!html.contains("Saved <b>"), "what people wrote is escaped");
        for script in html.split("<script").skip(1) {
            assert!(script.trim_start().starts_with("src="), "no inline script: {script}");
        }
    }
}
