//! The frame around every page, and the components that pages are made of (P14: people first).
//!
//! A page's template begins with `{% extends "web/layout/base.html" %}` and its struct has a field
//! `shell: Shell`; a page for somebody not signed in extends `web/layout/public.html` and has a
//! `front: Front`. Components are macros: `{% import "web/layout/components.html" as ui %}`.
//!
//! Invariants: no inline style or script anywhere (the content policy refuses them); every page works without
//! JavaScript; what is red is a broken promise or refused input, nothing else.

pub mod icons;

use askama::Template;

/// What the frame of a signed-in page needs to know.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    /// The member's name as people say it, for example `Ada Lind`.
    pub member: String,
    /// One or two letters for the member's face, see [`crate::base::initials`].
    pub initials: String,
    /// The workspace's name.
    pub workspace: String,
    /// Whether the member may create and change records: viewers see no New menu.
    pub can_write: bool,
    /// Whether the member may open the settings: of the workspace (owner, admin) or of its pipelines (manager).
    pub can_manage: bool,
    /// Whether they may open all of the settings (owner, admin).
    pub can_administer: bool,
    /// The entry of the navigation this page belongs to.
    pub here: Place,
    /// What was just done, said once.
    pub flashes: Vec<Flash>,
    /// The path and query of this page, to come back to after signing in or choosing something.
    pub path: String,
    /// How many tasks of this member are due today or late; shown in the navigation when above 0.
    pub tasks_due: u32,
    /// How many requests wait beyond what was promised.
    pub service_late: u32,
    /// How many notices they have not read; 100 stands for more.
    pub unread: i64,
    /// The stream that tells an open page what is new.
    pub live: String,
    /// Whether htmx and sortable are in this build ([`assets::has_scripts`]).
    pub has_scripts: bool,
}

impl Shell {
    /// The count at the bell.
    pub fn bell(&self) -> String {
        if self.unread > 99 { "99+".to_owned() } else { self.unread.to_string() }
    }

    /// The page is about a deal, of which it knows the history up to a place: what a client does is shown on it at once.
    pub fn about_deal(mut self, deal: impl std::fmt::Display, seen: i64) -> Self {
        self.live = format!("{}&deal={deal}&since={seen}", self.live);
        self
    }

    /// The current-page mark of a navigation link.
    pub fn current(&self, place: Place) -> &'static str {
        if self.here == place { " aria-current=\"page\"" } else { "" }
    }

    /// Whether this page lies behind "More" on a phone.
    pub fn here_in_more(&self) -> bool {
        matches!(
            self.here,
            Place::Contacts | Place::Products | Place::Insights | Place::Import | Place::Settings
        )
    }

    /// What a browser loads with the page.
    pub fn head(&self) -> impl std::fmt::Display + use<'_> {
        Head { shell: self }
    }

    /// The navigation.
    pub fn side(&self) -> impl std::fmt::Display + use<'_> {
        Side { shell: self }
    }

    /// What was just done.
    pub fn said(&self) -> impl std::fmt::Display + use<'_> {
        Said { flashes: &self.flashes }
    }

    /// What lies behind every page: the palette and the list of keys.
    pub fn foot(&self) -> impl std::fmt::Display + use<'_> {
        Foot { shell: self }
    }
}

// The parts of the frame are templates of their own, so that they are compiled once and not again in every page.

#[derive(Template)]
#[template(path = "web/layout/scripts.html")]
struct Head<'a> {
    shell: &'a Shell,
}

#[derive(Template)]
#[template(path = "web/layout/side.html")]
struct Side<'a> {
    shell: &'a Shell,
}

#[derive(Template)]
#[template(path = "web/layout/said.html")]
struct Said<'a> {
    flashes: &'a [Flash],
}

#[derive(Template)]
#[template(path = "web/layout/foot.html")]
struct Foot<'a> {
    shell: &'a Shell,
}

/// The frame of a page for somebody who is not signed in: sign-in, set-up, invitation, password.
#[derive(Debug, Clone, Default)]
pub struct Front {
    /// What was just done or refused, said once.
    pub flashes: Vec<Flash>,
    /// Whether htmx and sortable are in this build.
    pub has_scripts: bool,
}

impl Front {
    /// What was just done or refused.
    pub fn said(&self) -> impl std::fmt::Display + use<'_> {
        Said { flashes: &self.flashes }
    }
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
    /// What clients ask us to help with, and whom nobody has spoken to.
    Service,
    /// What we learn.
    Insights,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Template)]
    #[template(
        ext = "html",
        source = "{% extends \"web/layout/base.html\" %}{% block title %}Deals{% endblock %}{% block main %}<h1>Deals</h1>{% endblock %}"
    )]
    struct Page {
        shell: Shell,
    }

    /// Components of every kind, as a page calls them.
    #[derive(Template)]
    #[template(
        ext = "html",
        source = r#"{% import "web/layout/components.html" as ui %}
{{ ui::field("name", "Name", value = name, hint = "As they call it", error = error, required = true) }}
{{ ui::area("goal", "Goal", value = name) }}
{{ ui::money_field("price", "Price", currency = "€", value = name, error = error) }}
{% call ui::range_field("cost", "What it costs them", low = "1", likely = "2", high = "3", unit = "€ a month", error = error) %}{{ ui::evidence_select("cost", chosen = "client_said") }}{% endcall %}
{{ ui::select("stage", "Stage", stages, chosen = "b", empty = "Any") }}
{{ ui::select("owner", "Owner", owners, chosen = owner) }}
{{ ui::choices("mood", "How did it feel?", stages, chosen = "a") }}
{{ ui::check("mine", "Only mine", checked = true) }}
{{ ui::evidence("client_said", note = "Maria said") }}{{ ui::evidence("measured") }}
{{ ui::verdict("ask_first") }}{{ ui::chance(78, 92) }}
{{ ui::person("MO", "Maria Oliveira", note = "owner", side = "client") }}
{% call ui::empty("No deals yet", "A deal begins with a name.") %}<a class="btn btn--main" href="/deals/new">New deal</a>{% endcall %}
{{ ui::pagination("1 to 50 of 120", next = "?after=50") }}
{% call ui::confirm("Delete", "Delete it? You can restore it for 30 days.", "/deals/1/deletion", "Delete") %}{{ ui::version(3) }}{% endcall %}
{{ ui::move_menu("/deals/1/stage", stages, "a", 3, name) }}
{{ ui::conflict_field("name", "Name", name, "", "Ada wrote") }}
{{ ui::dropzone("file", "Drop files here", multiple = true) }}{{ ui::progress("run", "12 of 30 rows", 12, 30, poll = "/import/1") }}
{{ ui::sort_header("Name", "?sort=name", direction = "ascending") }}{{ ui::result("deals", name, "", "/deals/1", "Deal") }}"#
    )]
    struct Parts {
        name: &'static str,
        error: &'static str,
        stages: [(&'static str, &'static str); 2],
        owners: Vec<(String, String)>,
        owner: String,
    }

    fn parts(error: &'static str) -> String {
        let stages = [("a", "Hear"), ("b", "Diagnose")];
        let owners = vec![("7".to_owned(), "Ada Lind".to_owned())];
        Parts { name: "Aster \"<Bakery>\"", error, stages, owners, owner: "7".to_owned() }.render().unwrap()
    }

    fn page(shell: Shell) -> String {
        Page { shell }.render().unwrap()
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
    fn what_people_wrote_is_escaped_in_every_component() {
        let html = parts("");
        assert!(!html.contains("<Bakery>"));
        assert!(!html.contains(" style="));
    }

    #[test]
    fn a_refused_field_says_so_at_the_field_and_to_a_screen_reader() {
        let sentence = "Name it, so that others find it.";
        let html = parts(sentence);
        assert!(!parts("").contains("aria-invalid"));
        assert!(html.contains(sentence));
        assert!(html.contains("aria-invalid=\"true\" aria-describedby=\"name-error name-hint\""));
        assert!(html.contains("id=\"name-error\"") && html.contains("id=\"name-hint\""));
        assert_eq!(html.matches("aria-describedby=\"cost-error\"").count(), 3, "each part of a range");
    }

    #[test]
    fn every_label_names_a_control_of_its_own() {
        let html = parts("");
        for label in html.split("for=\"").skip(1) {
            let id = label.split('"').next().unwrap();
            assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
        }
    }

    #[test]
    fn what_was_chosen_stays_chosen() {
        let html = parts("");
        assert!(html.contains("<option value=\"b\" selected>"));
        assert!(html.contains("<option value=\"7\" selected>"));
        assert!(html.contains("<option value=\"client_said\" selected>"));
        assert!(html.contains("value=\"a\" checked>"));
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
